"""What people, contracts and months of a deposit must say together. Each function is one rule."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from heapq import heappop, heappush
from typing import Any

from analysis.depot.controles.contexte import Contexte, day, months_between
from analysis.depot.formes.cle import forme
from analysis.depot.formes.constats import Constat
from analysis.noyau.french import decimal
from analysis.noyau.periods import Period, long_date

ETP_TOLERANCE, ETP_SHARE = 0.5, 0.05
"""How far a month's ETP may stand from its contracts: half an ETP, or one twentieth (rounding, absences)."""

_TABLES_WITH_DAYS = (
    "personnes",
    "contrats",
    "etp",
    "exercices",
    "activites",
    "instances",
    "estimations",
    "enquetes",
    "mesures_locales",
)


def reference_personne(deposit: Contexte) -> Iterator[Constat]:
    """A contract's person is in the sheet of people, and is valid there."""
    people = deposit.feuilles["personnes"]
    valid = set(people.frame["personne"])
    refused = {forme(row["personne"]): line for line, row in deposit.refused("personnes")}
    sheet = people.raw.feuille
    for line, row in deposit.rows("contrats"):
        if row["personne"] in valid:
            continue
        if row["personne"] in refused:
            found = f"une personne refusée (feuille « {sheet} », ligne {refused[row['personne']]})"
            yield deposit.feuilles["contrats"].constat(
                "reference_refusee",
                line,
                "personne",
                found,
                "une personne valide",
                "Corrigez d'abord cette ligne-là.",
            )
        else:
            yield deposit.feuilles["contrats"].constat(
                "contrat_sans_personne",
                line,
                "personne",
                "un identifiant inconnu",
                f"un identifiant de la feuille « {sheet} »",
                "Ajoutez la personne, ou corrigez l'identifiant.",
            )


def fin_apres_debut(deposit: Contexte) -> Iterator[Constat]:
    """A contract or an exercice does not end before it starts."""
    for table, start, end in (
        ("contrats", "date_debut", "date_fin"),
        ("exercices", "date_ouverture", "date_cloture"),
    ):
        for line, row in deposit.rows(table):
            if row[end] and row[end] < row[start]:
                found = "une fin qui précède le début"
                yield deposit.feuilles[table].constat(
                    "fin_avant_debut", line, end, found, "une fin égale ou postérieure"
                )


def fin_et_motif(deposit: Contexte) -> Iterator[Constat]:
    """The end of a contract and its reason come together."""
    for line, row in deposit.rows("contrats"):
        if bool(row["date_fin"]) != bool(row["motif_fin"]):
            missing = "motif_fin" if row["date_fin"] else "date_fin"
            told = "une date de fin sans motif" if row["date_fin"] else "un motif de fin sans date"
            yield deposit.feuilles["contrats"].constat(
                "fin_sans_motif", line, missing, told, "les deux, ou aucun des deux"
            )


def contrats_cumules(deposit: Contexte) -> Iterator[Constat]:
    """The contracts of a person at one time do not exceed a full time."""
    for contracts in _by_person(deposit).values():
        running: list[tuple[date, float]] = []  # a heap: the first to end comes first
        total = 0.0
        for line, start, end, quotite in sorted(contracts, key=lambda contract: contract[1]):
            while running and running[0][0] < start:
                total -= heappop(running)[1]
            total += quotite
            if total > 1.0001:
                found = "plus d'un ETP à son début, avec les autres contrats de la personne"
                remedy = (
                    "Vérifiez les dates et les quotités ; un avenant ferme la ligne précédente la veille."
                )
                yield deposit.feuilles["contrats"].constat(
                    "contrats_cumules", line, "quotite", found, "1 ETP au plus", remedy
                )
            heappush(running, (end, quotite))


def dates_et_arrete(deposit: Contexte) -> Iterator[Constat]:
    """Nothing is later than the day at which the deposit's data stop."""
    stop = deposit.arrete.isoformat()
    for table in _TABLES_WITH_DAYS:
        for line, row in deposit.rows(table):
            for champ, value in row.items():
                if champ.startswith(("date", "mois")) and isinstance(value, str) and value > stop:
                    expected = f"une date au plus égale au {long_date(deposit.arrete)}, la date d'arrêté"
                    yield deposit.feuilles[table].constat(
                        "posterieur_arrete", line, champ, "une date postérieure", expected
                    )


def arrete_passe(deposit: Contexte) -> Iterator[Constat]:
    """The day at which the deposit's data stop is not to come: what is counted has been."""
    for line, row in deposit.rows("depot"):
        if row["date_arrete"] > date.today().isoformat():
            remedy = (
                "Tapez le jour auquel les données ont été arrêtées, ou confirmez que le dépôt est en avance."
            )
            yield deposit.feuilles["depot"].constat(
                "arrete_a_venir", line, "date_arrete", "une date à venir", "une date passée", remedy
            )


def annee_et_arrete(deposit: Contexte) -> Iterator[Constat]:
    """No expense is of a year later than that of the day at which the deposit's data stop."""
    for line, row in deposit.rows("depenses"):
        if row["annee"] > deposit.arrete.year:
            expected = f"une année au plus égale à {deposit.arrete.year}, celle de la date d'arrêté"
            yield deposit.feuilles["depenses"].constat(
                "posterieur_arrete", line, "annee", f"{row['annee']:.0f}", expected
            )


def information(deposit: Contexte) -> Iterator[Constat]:
    """The people were told what their data are for (RGPD, articles 13 and 14)."""
    for line, row in deposit.rows("depot"):
        if row["information_personnes"] == "non":
            remedy = "Informez-les avant la réception : « docs/donnees-personnelles.md » dit comment."
            yield deposit.feuilles["depot"].constat(
                "personnes_non_informees",
                line,
                "information_personnes",
                "« Non »",
                "des personnes informées",
                remedy,
            )


def etapes(deposit: Contexte) -> Iterator[Constat]:
    """Meeting, volunteering and decision follow one another, volunteering and a first offer too."""
    for line, row in deposit.rows("personnes"):
        for before, after in _steps(row):
            if row[after] < row[before]:
                header = deposit.feuilles["personnes"].raw.places[before][1]
                yield deposit.feuilles["personnes"].constat(
                    "etape_desordonnee",
                    line,
                    after,
                    f"une date antérieure à « {header} »",
                    "des étapes dans l'ordre",
                )


def _steps(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The pairs of dated steps of a person that follow one another."""
    for steps in (
        ("date_rencontre", "date_volontariat", "date_decision_cle"),
        ("date_volontariat", "date_proposition"),
    ):
        known = [step for step in steps if row[step]]
        yield from zip(known, known[1:], strict=False)


def proposition_et_contrat(deposit: Contexte) -> Iterator[Constat]:
    """A first offer does not come after the first contract."""
    first: dict[str, str] = {}
    for _, row in deposit.read("contrats"):
        person = forme(row["personne"])
        first[person] = min(row["date_debut"], first.get(person, row["date_debut"]))
    for line, row in deposit.rows("personnes"):
        hired = first.get(row["personne"])
        if hired and row["date_proposition"] and row["date_proposition"] > hired:
            yield deposit.feuilles["personnes"].constat(
                "proposition_apres_contrat",
                line,
                "date_proposition",
                "une date postérieure au premier contrat",
                "une date au plus égale au début du premier contrat",
            )


def decisions_datees(deposit: Contexte) -> Iterator[Constat]:
    """A decision or an opinion and its date come together."""
    for table, decision, dated, none in (
        ("personnes", "decision_cle", "date_decision_cle", None),
        ("activites", "avis_cle", "date_avis", "non_demande"),
    ):
        for line, row in deposit.rows(table):
            decided = row[decision] not in (None, none)
            if decided != bool(row[dated]):
                told = "une décision sans date" if decided else "une date sans décision"
                yield deposit.feuilles[table].constat(
                    "decision_sans_date", line, dated, told, "les deux, ou aucune des deux"
                )


def eligibilite(deposit: Contexte) -> Iterator[Constat]:
    """Someone decided eligible has been without a job for a year, and a resident for six months.

    Law of 29 February 2016 (no. 2016-231), article 1: a year at least without a job, residence for six
    months at least. The months told at one date are carried to the decision's date.
    """
    for line, row in deposit.rows("personnes"):
        if row["decision_cle"] != "eligible" or not row["date_decision_cle"]:
            continue
        decided = day(row["date_decision_cle"])
        months = row["mois_sans_emploi"] + months_between(day(row["date_mois_sans_emploi"]), decided)
        if months < 12:
            yield deposit.feuilles["personnes"].constat(
                "moins_d_un_an",
                line,
                "mois_sans_emploi",
                "moins de douze mois sans emploi à la décision",
                "douze mois au moins",
            )
        if months_between(day(row["date_domicile"]), decided) < 6:
            yield deposit.feuilles["personnes"].constat(
                "domicile_recent",
                line,
                "date_domicile",
                "moins de six mois de domicile à la décision",
                "six mois au moins",
            )


def situation_et_contrat(deposit: Contexte) -> Iterator[Constat]:
    """Someone told employed by the EBE has a running contract at the end, and the reverse."""
    stop = deposit.arrete.isoformat()
    employed = {
        forme(row["personne"])
        for _, row in deposit.read("contrats")
        if not row["date_fin"] or row["date_fin"] >= stop
    }
    for line, row in deposit.rows("personnes"):
        told = row["situation"] == "ebe"
        if told != (row["personne"] in employed):
            found = (
                "une personne dite salariée de l'EBE, sans contrat en cours"
                if told
                else ("une personne qui a un contrat en cours, dans une autre situation")
            )
            yield deposit.feuilles["personnes"].constat(
                "situation_sans_contrat",
                line,
                "situation",
                found,
                "une situation que les contrats confirment",
            )


def contrat_et_volontariat(deposit: Contexte) -> Iterator[Constat]:
    """A contract does not start before the person volunteered."""
    volunteered = {row["personne"]: row["date_volontariat"] for _, row in deposit.rows("personnes")}
    for line, row in deposit.rows("contrats"):
        since = volunteered.get(row["personne"])
        if since and row["date_debut"] < since:
            yield deposit.feuilles["contrats"].constat(
                "contrat_avant_volontariat",
                line,
                "date_debut",
                "un début antérieur au volontariat",
                "un début postérieur",
            )


def contrat_et_ouverture(deposit: Contexte) -> Iterator[Constat]:
    """A contract does not start before its EBE opened, as precisely as the opening is known."""
    openings = {ebe.code: ebe.date_ouverture for ebe in deposit.territoire.ebe}
    for line, row in deposit.rows("contrats"):
        opening = openings[row["ebe"]]
        if isinstance(opening, Period) and day(row["date_debut"]) < opening.start:
            expected = f"un début postérieur à l'ouverture de l'EBE ({opening.label})"
            yield deposit.feuilles["contrats"].constat(
                "contrat_avant_ouverture", line, "date_debut", "un début antérieur", expected
            )


def etp_et_contrats(deposit: Contexte) -> Iterator[Constat]:
    """The PPDE ETP of a month are those of the contracts of that month.

    ETP of a month = sum over contracts of quotité × days of the month under contract / days of the
    month. Each refused contract widens the tolerance by one ETP: it may have been part of the month.
    """
    contracts = [
        (row["ebe"], *_span(row, deposit.arrete), row["quotite"]) for _, row in deposit.rows("contrats")
    ]
    margin = ETP_TOLERANCE + sum(1 for _ in deposit.refused("contrats"))
    for line, row in deposit.rows("etp"):
        expected = sum(
            quotite * month_share(start, end, row["mois"])
            for ebe, start, end, quotite in contracts
            if ebe == row["ebe"]
        )
        if abs(row["etp_ppde"] - expected) > max(margin, ETP_SHARE * expected):
            found = f"{decimal(row['etp_ppde'], 2)} ETP"
            told = f"environ {decimal(expected, 2)} ETP d'après la feuille « {deposit.feuilles['contrats'].raw.feuille} »"
            yield deposit.feuilles["etp"].constat("etp_contre_contrats", line, "etp_ppde", found, told)


def month_share(start: date, end: date, month: str) -> float:
    """The part of a month's days between two days, both included.

    >>> month_share(date(2018, 9, 16), date(2019, 1, 1), "2018-09"), month_share(date(2018, 9, 3), date(2018, 9, 4), "2018-10")
    (0.5, 0.0)
    """
    first, last = _bounds(month)
    return max(0, (min(end, last) - max(start, first)).days + 1) / last.day


@cache
def _bounds(month: str) -> tuple[date, date]:
    """The first and last day of a month."""
    year, number = map(int, month.split("-"))
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def mois_suivis(deposit: Contexte) -> Iterator[Constat]:
    """The months of an EBE follow one another."""
    months: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for line, row in deposit.rows("etp"):
        months[row["ebe"]].append((row["mois"], line))
    refused = {(row["ebe"], row["mois"][:7]) for _, row in deposit.refused("etp")}
    names = {ebe.code: ebe.nom for ebe in deposit.territoire.ebe}
    for ebe, rows in months.items():
        rows.sort()
        for (before, _), (after, line) in zip(rows, rows[1:], strict=False):
            missing = _following(before)
            if missing != after and (names[ebe], missing) not in refused:
                found = f"{Period(after).label} après {Period(before).label}"
                yield deposit.feuilles["etp"].constat(
                    "mois_manquant", line, "mois", found, Period(missing).label
                )


def _following(month: str) -> str:
    return (date.fromisoformat(f"{month}-28") + timedelta(days=4)).isoformat()[:7]


def _by_person(deposit: Contexte) -> dict[str, list[tuple[int, date, date, float]]]:
    contracts: dict[str, list[tuple[int, date, date, float]]] = defaultdict(list)
    for line, row in deposit.rows("contrats"):
        contracts[row["personne"]].append((line, *_span(row, deposit.arrete), row["quotite"]))
    return contracts


def _span(row: dict[str, Any], arrete: date) -> tuple[date, date]:
    """First and last day of a contract; one that runs goes on to the end of the data."""
    return day(row["date_debut"]), day(row["date_fin"]) if row["date_fin"] else max(
        arrete, day(row["date_debut"])
    )


REGLES: tuple[Callable[[Contexte], Iterator[Constat]], ...] = (
    fin_apres_debut,
    fin_et_motif,
    contrats_cumules,
    dates_et_arrete,
    arrete_passe,
    annee_et_arrete,
    information,
    etapes,
    decisions_datees,
    eligibilite,
    situation_et_contrat,
    contrat_et_volontariat,
    proposition_et_contrat,
    contrat_et_ouverture,
    etp_et_contrats,
    mois_suivis,
)
"""The rules on people, contracts and months, in the order in which they are told."""
