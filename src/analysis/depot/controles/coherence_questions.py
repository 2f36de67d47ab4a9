"""What the questions, the indicators and the values of a territory's own must say together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from analysis.depot.controles.contexte import Contexte
from analysis.depot.formes.constats import Constat


def question_connue(deposit: Contexte) -> Iterator[Constat]:
    """A local indicator answers a question of the sheet of questions, and that one is valid."""
    yield from _named(
        deposit,
        table="indicateurs_locaux",
        champ="question",
        where="questions_locales",
        rule="question_inconnue",
    )


def indicateur_connu(deposit: Contexte) -> Iterator[Constat]:
    """A local value is of an indicator of the sheet of indicators, and that one is valid."""
    yield from _named(
        deposit,
        table="mesures_locales",
        champ="indicateur",
        where="indicateurs_locaux",
        rule="indicateur_inconnu",
    )


def _named(deposit: Contexte, *, table: str, champ: str, where: str, rule: str) -> Iterator[Constat]:
    valid = {row[champ].upper() for _, row in deposit.rows(where)}
    refused = {row[champ].upper(): line for line, row in deposit.refused(where)}
    sheet = deposit.feuilles[where].raw.feuille
    for line, row in deposit.rows(table):
        code = row[champ].upper()
        if code in valid:
            continue
        if code in refused:
            found = f"une ligne refusée (feuille « {sheet} », ligne {refused[code]})"
            expected, told, remedy = (
                "une ligne valide",
                "reference_refusee",
                "Corrigez d'abord cette ligne-là.",
            )
        else:
            found, told = "un code inconnu", rule
            expected = f"un code de la feuille « {sheet} »"
            remedy = "Ajoutez sa ligne, ou corrigez le code."
        yield deposit.feuilles[table].constat(told, line, champ, found, expected, remedy)


def cible_complete(deposit: Contexte) -> Iterator[Constat]:
    """A target says on which side of it one must be, and when."""
    for line, row in deposit.rows("indicateurs_locaux"):
        told = [not pd.isna(row[champ]) for champ in ("cible", "sens_cible", "date_cible")]
        if any(told) and not all(told):
            found = "une cible à moitié remplie"
            expected = "une cible, son sens et sa date, ou aucun des trois"
            yield deposit.feuilles["indicateurs_locaux"].constat(
                "cible_incomplete", line, "cible", found, expected
            )


def part_en_pourcent(deposit: Contexte) -> Iterator[Constat]:
    """A target or a value of a share is in percent: of « 30 % » a spreadsheet makes 0.3, which would read 0.3 %."""
    kinds = {row["indicateur"].upper(): row["mesure"] for _, row in deposit.rows("indicateurs_locaux")}
    shares = {
        ("indicateurs_locaux", "cible"): ("part_personnes", "pourcent"),
        ("mesures_locales", "valeur"): ("pourcent",),
    }
    for (table, champ), wanted in shares.items():
        for line, row in deposit.rows(table):
            value = row[champ]
            if kinds.get(row["indicateur"].upper()) in wanted and not pd.isna(value) and 0 < abs(value) < 1:
                remedy = "Pour 30 %, tapez 30 ; si c'est bien moins de 1 %, confirmez-le."
                found, expected = "moins de 1 %", "un nombre de pour cent"
                yield deposit.feuilles[table].constat(
                    "part_en_fraction", line, champ, found, expected, remedy
                )


def valeur_selon_mesure(deposit: Contexte) -> Iterator[Constat]:
    """People are whole numbers, and a share of people gives both its sides."""
    kinds = {row["indicateur"].upper(): row["mesure"] for _, row in deposit.rows("indicateurs_locaux")}
    sheet = deposit.feuilles["mesures_locales"]
    for line, row in deposit.rows("mesures_locales"):
        kind, valeur, sur = kinds.get(row["indicateur"].upper()), row["valeur"], row["sur"]
        is_count = valeur >= 0 and valeur == int(valeur)
        if kind in ("personnes", "part_personnes") and not is_count:
            remedy = "Pour une part, donnez le nombre de personnes, pas le pourcentage."
            expected = "un nombre entier de personnes"
            yield sheet.constat(
                "personnes_entieres", line, "valeur", "un nombre à virgule ou négatif", expected, remedy
            )
        elif kind == "part_personnes" and (pd.isna(sur) or valeur > sur):
            found = "une part sans dénominateur" if pd.isna(sur) else "une valeur plus grande que « Sur »"
            expected = "le nombre de personnes observées, au moins égal à la valeur"
            yield sheet.constat("part_sans_base", line, "sur", found, expected)


REGLES: tuple[Callable[[Contexte], Iterator[Constat]], ...] = (
    cible_complete,
    part_en_pourcent,
    valeur_selon_mesure,
)
"""The rules on local questions, in the order in which they are told."""
