"""Deposits of a few people or accounts, written in a test as a reader would tell them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd
from declarees import DEFINITIONS

from analysis.depot.enquetes.questions import load_questions
from analysis.indicateurs.donnees import Donnees
from analysis.noyau.declared.dictionary import load_fields
from analysis.noyau.declared.nomenclatures import load_positions
from analysis.noyau.mesures import Cadre, Mesure
from analysis.noyau.paths import Project
from analysis.noyau.periods import Period
from analysis.noyau.territoires import Commune, Ebe, Site, Territoire

FIELDS = load_fields(Project.here())
QUESTIONS = load_questions(Project.here())
POSITIONS = load_positions(Project.here())
SOURCE = "dépôt d'essai"

_PERSON: dict[str, Any] = {
    "sexe": "femme",
    "annee_naissance": 1975,
    "diplome": "cap_bep",
    "rqth": "non",
    "date_domicile": "2010-01-01",
    "inscription": "inscrite",
    "mois_sans_emploi": 24,
    "date_mois_sans_emploi": "2017-01-02",
    "menage": "seule",
    "enfants": 0,
    "logement": "locataire_social",
    "rsa_avant": "non",
    "ass_avant": "non",
    "are_avant": "non",
    "aah_avant": "non",
    "aide_logement_avant": "non",
    "autre_ressource_avant": "non",
    "situation": "attente",
}
_CONTRACT: dict[str, Any] = {
    "ebe": "essai-58",
    "quotite": 1.0,
    "salaire_horaire": 10.03,
    "fonction": "services",
}


def personne(nom: str, **values: Any) -> dict[str, Any]:
    """A person met, volunteer and eligible on 2 January 2017, waiting, unless said otherwise.

    A step given as None did not happen; ``date_situation`` is by default the day of volunteering.
    """
    steps = {
        "date_rencontre": "2017-01-02",
        "date_volontariat": "2017-01-02",
        "decision_cle": "eligible",
        "date_decision_cle": "2017-01-02",
        "date_proposition": None,
    }
    row = {"personne": nom, **_PERSON, **steps, **values}
    row.setdefault("date_situation", row["date_volontariat"] or row["date_rencontre"])
    return row


def contrat(
    nom: str, debut: str, fin: str | None = None, motif: str | None = None, **values: Any
) -> dict[str, Any]:
    """A full-time contract in the first EBE, unless said otherwise."""
    return {"personne": nom, **_CONTRACT, "date_debut": debut, "date_fin": fin, "motif_fin": motif, **values}


def depot(
    *,
    arrete: str = "2019-12-31",
    ouverture: str | None = "2017-02-01",
    ebe: Iterable[str] = ("essai-58",),
    comptes: Mapping[tuple[str, str], Iterable[tuple[str, float, float]]] | None = None,
    reponses: Mapping[tuple[str, int], Iterable[Mapping[str, Any]]] | None = None,
    lieu: str = "val",
    nature: str = "demonstration",
    **tables: Iterable[Mapping[str, Any]],
) -> Donnees:
    """A deposit of these tables, the others empty; ``reponses`` gives the answers of each (survey, wave).

    ``comptes`` gives (account, debit, credit) for each (EBE, closing day), as a balance. Every EBE opened
    on ``ouverture``, none did when it is None.
    """
    frames = {name: _frame(name, tables.pop(name, ())) for name in _SHEETS}
    assert not tables, f"no such table: {list(tables)}"
    for (code, cloture), rows in (comptes or {}).items():
        frame = pd.DataFrame(list(rows), columns=["compte", "debit", "credit"])
        frames[f"balances/{code}/{cloture}"] = frame.astype({"debit": float, "credit": float})
    for (enquete, vague), rows in (reponses or {}).items():
        frames[f"reponses/{enquete}/{vague}"] = _answers(enquete, list(rows))
    opening = Period(ouverture) if ouverture else None
    commune = Commune("58001", "Essai", "58", "Nièvre", "", "", "0060", "Nevers", 3.3, 47.2, False)
    territoire = Territoire(
        lieu,
        "Val-d'Essai",
        Period("2016-11-24"),
        "gazette",
        (Site(lieu, "Val-d'Essai", "communes", "commune d'Essai", (commune,)),),
        tuple(Ebe(code, code.title(), opening, True, "gazette") for code in ebe) if ouverture else (),
    )
    cadre = Cadre(lieu, nature, SOURCE, DEFINITIONS)  # type: ignore[arg-type]
    return Donnees(territoire, date.fromisoformat(arrete), cadre, frames, QUESTIONS, POSITIONS)


def _answers(enquete: str, rows: list[Mapping[str, Any]]) -> pd.DataFrame:
    """Typed as the reader of exports types them; a question that a row does not name has no answer."""
    closed = [q for q in QUESTIONS[enquete] if q.nature in ("choix", "oui_non", "nombre")]
    columns: dict[str, pd.Series] = {"repondant": pd.Series([row["repondant"] for row in rows], dtype="str")}
    for question in closed:
        told = [row.get(question.question) for row in rows]
        columns[question.question] = pd.Series(
            told, dtype="float64" if question.nature == "nombre" else "str"
        )
    return pd.DataFrame(columns)


_SHEETS = (
    *("estimations", "personnes", "contrats", "etp", "exercices", "activites", "financements", "enquetes"),
    *("questions_locales", "indicateurs_locaux", "mesures_locales"),
    *("instances", "reunions", "decisions", "benevolat"),
)


def _frame(name: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Typed as the reader of the ledger types it."""
    fields = FIELDS.get(name, ())
    columns = {
        field.champ: pd.Series([row.get(field.champ) for row in rows], dtype=_DTYPES.get(field.type, "str"))
        for field in fields
        if field.type != "texte_libre"
    }
    return pd.DataFrame(columns)


_DTYPES = {"jour": "datetime64[us]", "entier": "float64", "nombre": "float64"}


def valeurs(
    mesures: Iterable[Mesure], code: str, periode: str | None = None, **where: str
) -> dict[str, float | None]:
    """The values of a measure by period, or by category at one period; None for a missing one."""
    found = [m for m in mesures if m.mesure == code and all(getattr(m, k) == v for k, v in where.items())]
    if periode is None:
        return {m.periode: m.valeur for m in found}
    return {m.modalite: m.valeur for m in found if m.periode == periode}


def une(mesures: Iterable[Mesure], code: str, periode: str, modalite: str = "", ebe: str = "") -> Mesure:
    """The one measure of that name."""
    (found,) = [
        m for m in mesures if (m.mesure, m.periode, m.modalite, m.ebe) == (code, periode, modalite, ebe)
    ]
    return found
