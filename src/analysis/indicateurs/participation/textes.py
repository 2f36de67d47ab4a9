"""What people wrote: the themes that two coders gave, how far they agree, the words that may be quoted."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.depot.garde.ledger import texte_id
from analysis.indicateurs.donnees import Donnees
from analysis.indicateurs.participation.accord import accord_codeurs
from analysis.indicateurs.participation.demandes import Verbatim
from analysis.indicateurs.participation.vagues import Vague, vagues
from analysis.noyau.mesures import Cadre, Mesure

THEMES = "themes_"
"""How the name of the measure of a survey's themes begins."""


def mesures(donnees: Donnees) -> Iterator[Mesure]:
    """The written answers of each wave by theme, and the agreement of the two coders on all of them.

    Reads the coding of the deposit (one row a written answer): ``theme`` is the one kept, ``theme_1`` and
    ``theme_2`` those of the coders. The period of the agreement is the year at which the data stop. Nothing
    where nobody coded.
    """
    for vague in vagues(donnees) if len(donnees.codage) else ():
        themes = _de(vague, donnees.codage)["theme"]
        if len(themes):
            yield from donnees.cadre.ventilation(f"{THEMES}{vague.enquete}", vague.periode, themes)
    if len(donnees.codage):
        yield donnees.cadre.compte("textes_codes", str(donnees.arrete.year), len(donnees.codage))
        yield accord(donnees.cadre, str(donnees.arrete.year), donnees.codage)


def accord(cadre: Cadre, periode: str, codage: pd.DataFrame) -> Mesure:
    """The agreement of two coders as a measure; missing where it is undefined."""
    found = accord_codeurs(codage)
    if found.kappa is None:
        return cadre.absente("codage_kappa", periode, "non calculable sur ces réponses")
    return cadre.coefficient("codage_kappa", periode, found.kappa, n=found.n, bas=found.bas, haut=found.haut)


def verbatims(donnees: Donnees) -> Iterator[Verbatim]:
    """The written answers that their authors agreed to see quoted and a coder chose; never whose they are.

    A text is found by the identifier that its coding bears: one that was erased since is quoted no more.
    """
    chosen = donnees.codage[donnees.codage["citer"] == "oui"]
    if chosen.empty:
        return
    said = donnees.textes.astype(str).to_dict("records")
    words = {texte_id({str(name): text for name, text in row.items()}): row["texte"] for row in said}
    for vague in vagues(donnees):
        labels = {question.question: question.libelle for question in donnees.questions[vague.enquete]}
        for row in _de(vague, chosen).to_dict("records"):
            if row["texte_id"] in words:
                yield Verbatim(
                    territoire=donnees.territoire.code,
                    enquete=vague.enquete,
                    annee=vague.jour.year,
                    question=labels[row["question"]],
                    theme=row["theme"],
                    texte=words[row["texte_id"]],
                    repondants=len(vague.repondants),
                )


def _de(vague: Vague, codage: pd.DataFrame) -> pd.DataFrame:
    """The coding of the answers to one wave."""
    return codage[(codage["enquete"] == vague.enquete) & (codage["vague"] == str(vague.vague))]
