"""What exercices, accounts, activities, funding, surveys must say together. Each function is one rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from analysis.depot.controles.contexte import Contexte, day, months_between
from analysis.depot.formes.constats import Constat
from analysis.noyau.french import counted, euros
from analysis.noyau.periods import long_date

SALES_SHARE = 0.01
"""How far the sales of the activities may stand from the accounts: one hundredth (rounding)."""


def exercices_suivis(deposit: Contexte) -> Iterator[Constat]:
    """The exercices of an EBE follow one another day for day, and none lasts more than two years."""
    sheet = deposit.feuilles["exercices"]
    exercices: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for line, row in deposit.rows("exercices"):
        exercices[row["ebe"]].append((row["date_ouverture"], row["date_cloture"], line))
        if months_between(day(row["date_ouverture"]), day(row["date_cloture"])) >= 24:
            yield sheet.constat(
                "exercice_long", line, "date_cloture", "un exercice de plus de deux ans", "deux ans au plus"
            )
    for rows in exercices.values():
        rows.sort()
        for (_, closed, _), (opened, _, line) in zip(rows, rows[1:], strict=False):
            expected = day(closed) + timedelta(days=1)
            found = f"un exercice ouvert le {long_date(day(opened))}"
            if day(opened) > expected:
                remedy = "Ajoutez l'exercice qui manque entre les deux, ou corrigez les dates."
                yield sheet.constat(
                    "exercice_manquant",
                    line,
                    "date_ouverture",
                    found,
                    f"une ouverture le {long_date(expected)}",
                    remedy,
                )
            elif day(opened) < expected:
                told = f"une ouverture après le {long_date(day(closed))}"
                yield sheet.constat("exercice_chevauche", line, "date_ouverture", found, told)


def exercice_connu(deposit: Contexte) -> Iterator[Constat]:
    """An activity or a funding belongs to an exercice of its EBE, and that one is valid."""
    valid = {(row["ebe"], row["date_cloture"]) for _, row in deposit.rows("exercices")}
    names = {ebe.code: ebe.nom for ebe in deposit.territoire.ebe}
    refused = {(row["ebe"], row["date_cloture"]): line for line, row in deposit.refused("exercices")}
    sheet = deposit.feuilles["exercices"].raw.feuille
    for table in ("activites", "financements"):
        for line, row in deposit.rows(table):
            closed = row["date_cloture"]
            if (row["ebe"], closed) in valid:
                continue
            if (names[row["ebe"]], closed) in refused:
                where = refused[names[row["ebe"]], closed]
                found = f"un exercice refusé (feuille « {sheet} », ligne {where})"
                remedy = "Corrigez d'abord cette ligne-là."
                yield deposit.feuilles[table].constat(
                    "reference_refusee", line, "date_cloture", found, "un exercice valide", remedy
                )
            else:
                expected = f"la clôture d'un exercice de cette EBE dans la feuille « {sheet} »"
                found = f"le {long_date(day(closed))}"
                yield deposit.feuilles[table].constat(
                    "exercice_inconnu", line, "date_cloture", found, expected
                )


def verse_et_engage(deposit: Contexte) -> Iterator[Constat]:
    """What was paid does not exceed what was committed."""
    for line, row in deposit.rows("financements"):
        if row["verse"] > row["engage"]:
            found = f"{euros(row['verse'])} versés pour {euros(row['engage'])} engagés"
            yield deposit.feuilles["financements"].constat(
                "verse_sans_engagement", line, "verse", found, "un versement au plus égal à l'engagement"
            )


def ventes_et_comptes(deposit: Contexte, ventes: Mapping[tuple[str, str], float]) -> Iterator[Constat]:
    """The sales of an exercice's activities are those of its accounts.

    ``ventes`` gives the sales of the accounts by EBE and end of exercice, for the exercices whose accounts
    are whole. An exercice with a refused activity is not compared: the sum would be short of it.
    """
    names = {ebe.code: ebe.nom for ebe in deposit.territoire.ebe}
    short = {(row["ebe"], row["date_cloture"]) for _, row in deposit.refused("activites")}
    sums: dict[tuple[str, str], float] = defaultdict(float)
    lines: dict[tuple[str, str], int] = {}
    for line, row in deposit.rows("activites"):
        key = (row["ebe"], row["date_cloture"])
        sums[key] += row["ventes"]
        lines.setdefault(key, line)
    for key, total in sums.items():
        booked = ventes.get(key)
        if booked is None or (names[key[0]], key[1]) in short:
            continue
        if abs(total - booked) > max(1.0, SALES_SHARE * abs(booked)):
            found = f"{euros(total)} de ventes en tout pour l'exercice"
            expected = f"{euros(booked)}, les comptes 70 de l'exercice"
            yield deposit.feuilles["activites"].constat(
                "ventes_contre_comptes", lines[key], "ventes", found, expected
            )


def vagues_par_annee(deposit: Contexte) -> Iterator[Constat]:
    """Two waves of one survey do not end in the same calendar year: measures are told by year."""
    first: dict[tuple[str, int], int] = {}
    for line, row in deposit.rows("enquetes"):
        key = (row["enquete"], day(row["date_collecte"]).year)
        if key in first:
            found = f"une collecte finie en {key[1]}, comme celle de la ligne {first[key]}"
            remedy = "Réunissez les deux vagues dans un seul export, ou corrigez la date."
            yield deposit.feuilles["enquetes"].constat(
                "vagues_meme_annee",
                line,
                "date_collecte",
                found,
                "une vague par année et par enquête",
                remedy,
            )
        else:
            first[key] = line


def reponses_et_invites(deposit: Contexte, reponses: Mapping[tuple[str, float], int]) -> Iterator[Constat]:
    """A wave has no more answers than people invited; ``reponses`` counts those of its file, by survey and wave."""
    for line, row in deposit.rows("enquetes"):
        invited, count = row["invites"], reponses.get((row["enquete"], row["vague"]), 0)
        if invited is not None and count > invited:
            remedy = "Comptez toutes les personnes à qui le questionnaire a été proposé, ou laissez vide."
            yield deposit.feuilles["enquetes"].constat(
                "reponses_sans_invites",
                line,
                "invites",
                f"{counted(count, 'réponse', 'réponses')} dans le fichier pour "
                f"{counted(int(invited), 'personne invitée', 'personnes invitées')}",
                "au moins autant de personnes invitées que de réponses",
                remedy,
            )


REGLES: tuple[Callable[[Contexte], Iterator[Constat]], ...] = (
    exercices_suivis,
    verse_et_engage,
    vagues_par_annee,
)
"""The rules on exercices, funding and surveys, in the order in which they are told."""
