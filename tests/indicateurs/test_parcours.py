"""The family parcours against a second writing, day by day, and what must always hold."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from essai import DEFINITIONS, contrat, depot, personne, une, valeurs

from analysis.indicateurs.donnees import Donnees
from analysis.indicateurs.durees import anniversaire
from analysis.indicateurs.effectifs import QUOTITES, a_declarer, mois_finis, par_mois
from analysis.indicateurs.episodes import Sejour
from analysis.indicateurs.parcours import ATTENTE, DEPARTS, HORIZONS, attentes, mesures
from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.errors import UnknownName
from analysis.noyau.mesures import Mesure
from analysis.noyau.paths import Project
from analysis.noyau.periods import Period

LISTES = load_nomenclatures(Project.here())
ARRETE = date(2019, 12, 31)
ONE = timedelta(days=1)
ROUNDING = 1e-5
"""Measures keep six decimals, and a sum is of a few of them."""


def codes(nomenclature: str) -> list[str]:
    return [choix.code for choix in LISTES[nomenclature]]


def test_lists_are_those_of_the_dictionary() -> None:
    assert list(HORIZONS) == codes("horizon")
    assert list(HORIZONS.values()) == [int(code[1:]) for code in codes("horizon")]
    assert list(QUOTITES) == codes("classe_quotite")
    assert set(codes("motif_sortie")) <= set(codes("motif_fin"))


def test_every_measure_of_the_family_is_told_and_no_other() -> None:
    found = mesures(depot(personnes=[personne("p1")], contrats=[contrat("p1", "2018-03-01")]))
    assert {m.mesure for m in found} == {d.mesure for d in DEFINITIONS.of_family("parcours")}


@pytest.mark.parametrize("situation", codes("situation"))
def test_every_deposited_situation_is_an_event_or_a_wait(situation: str) -> None:
    donnees = depot(personnes=[personne("p1", situation=situation, date_situation="2017-06-01")])
    (found,) = attentes(donnees.arrays("personnes"), [], ARRETE)
    waits = situation in ("attente", "rencontre")
    assert (found.jour is None) == waits
    expected = 2 if situation in ("autre_emploi", "formation") else 3
    assert found.issue == (0 if waits or situation == "ebe" else expected)


COUNTED_AS = {
    "autre_emploi": "autre_emploi",
    "demission": "demission",
    "rupture_conventionnelle": "demission",
    "fin_essai": "demission",
    "licenciement": "licenciement",
    "inaptitude": "licenciement",
    "retraite": "retraite",
    "demenagement": "autre",
    "deces": "autre",
    "avenant": "autre",
    "autre": "autre",
}


@pytest.mark.parametrize("motif", codes("motif_fin"))
def test_every_reason_of_an_end_is_an_exit_of_the_list(motif: str) -> None:
    donnees = depot(personnes=[personne("p1")], contrats=[contrat("p1", "2018-03-01", "2018-08-31", motif)])
    found = valeurs(mesures(donnees), "sorties_ebe", "2018")
    assert list(found) == codes("motif_sortie")
    assert {code for code, value in found.items() if value} == {COUNTED_AS[motif]}


def test_the_year_of_the_arrete_stops_there_and_says_so() -> None:
    donnees = depot(arrete="2019-06-30", personnes=[personne("p1")], contrats=[contrat("p1", "2019-02-01")])
    flows = [m for m in mesures(donnees) if m.mesure == "entrees"]
    assert {m.periode for m in flows} == {"2019-01-01/2019-06-30"}


def test_a_situation_or_a_reason_out_of_its_list_is_an_error() -> None:
    with pytest.raises(UnknownName):
        mesures(depot(personnes=[personne("p1", situation="en_voyage")]))
    with pytest.raises(UnknownName):
        mesures(depot(contrats=[contrat("p1", "2018-03-01", "2018-08-31", "envol")]))
    with pytest.raises(UnknownName):
        mesures(depot(contrats=[contrat("p1", "2018-03-01", "2018-08-31", None)]))


@pytest.mark.parametrize(
    ("situation", "contract", "expected"),
    [
        ("2017-06-01", "2017-06-02", 2),
        ("2017-06-02", "2017-06-02", 1),
        ("2017-06-03", "2017-06-02", 1),
        ("2016-01-01", "2017-01-02", 1),
        ("2016-01-01", "2017-01-03", 2),
    ],
)
def test_what_comes_first_decides_and_a_contract_of_the_same_day_does(
    situation: str, contract: str, expected: int
) -> None:
    donnees = depot(
        personnes=[personne("p1", situation="formation", date_situation=situation)],
        contrats=[contrat("p1", contract, "2018-12-31", "demission")],
    )
    stays = [Sejour("p1", 1, date.fromisoformat(contract), None, None)]
    (found,) = attentes(donnees.arrays("personnes"), stays, ARRETE)
    assert found.issue == expected
    assert found.jour and found.jour >= found.origine


@pytest.mark.parametrize(
    "values",
    [
        {"date_volontariat": None},
        {"date_volontariat": "2020-01-01"},
        {"decision_cle": "ajournee"},
        {"decision_cle": "non_eligible"},
        {"decision_cle": None, "date_decision_cle": None},
        {"date_decision_cle": "2020-01-01"},
    ],
)
def test_only_eligible_volunteers_of_the_arrete_are_followed(values: dict[str, Any]) -> None:
    donnees = depot(personnes=[personne("p1"), personne("p2", **values)])
    assert une(mesures(donnees), "incidence_embauche", "2019-12-31", "m3").denominateur == 1


def ouverte(mois: str) -> dict[str, Period]:
    return {"amont": Period(mois)}


def attendue(contrats: list[dict[str, Any]], mois: list[str], ouvertures: dict[str, Period]) -> object:
    donnees = depot(
        contrats=[{**row, "ebe": "amont"} for row in contrats],
        etp=[{"ebe": "amont", "mois": m, "etp_ppde": 1.0, "etp_encadrement": 1.0} for m in mois],
    )
    return a_declarer(donnees.rows("etp"), donnees.arrays("contrats"), ouvertures).get("amont")


def test_the_months_that_an_ebe_has_to_declare() -> None:
    running, ended = contrat("p1", "2018-05-10"), contrat("p1", "2018-05-10", "2018-09-02", "retraite")
    assert attendue([], [], {}) is None
    assert attendue([], [], ouverte("2018-04-17")) == ("2018-04", "9999-12")
    assert attendue([], [], ouverte("2018")) == ("2018-12", "9999-12")
    assert attendue([ended], [], {}) == ("2018-05", "2018-09")
    assert attendue([ended, running], ["2018-06"], ouverte("2018")) == ("2018-05", "9999-12")
    assert attendue([ended], ["2018-03", "2018-11"], ouverte("2018-04")) == ("2018-03", "2018-11")


def test_a_month_that_nobody_works_has_zeros() -> None:
    found = par_mois(depot().arrays("contrats"), mois_finis(date(2018, 1, 1), date(2018, 2, 28)))
    assert [one.tolist() for one in found] == [[0, 0], [0, 0], [0, 0]]


@cache
def drawn(seed: int) -> Donnees:
    """A territory of thirty people, with stays, amendments, two EBE at once, exits and returns."""
    rng = np.random.default_rng(seed)
    personnes, contrats = [], []
    for i in range(30):
        nom, volontaire = f"p{i}", date(2017, 1, 1) + timedelta(days=int(rng.integers(0, 500)))
        step = volontaire.isoformat()
        steps = dict.fromkeys(("date_rencontre", "date_volontariat", "date_decision_cle"), step)
        rows = _drawn_contracts(rng, nom, volontaire)
        contrats += rows
        running = any(row["date_fin"] is None for row in rows)
        told = ("attente", "autre_emploi", "retraite", "formation")[int(rng.integers(4))]
        since = min(volontaire + timedelta(days=int(rng.integers(0, 900))), ARRETE)
        if rows and not running:
            since = max(since, date.fromisoformat(max(row["date_fin"] for row in rows)))
        situation = {"situation": "ebe" if running else told, "date_situation": since.isoformat()}
        personnes.append(personne(nom, **steps, **situation))
    return depot(personnes=personnes, contrats=contrats, ebe=("essai-58", "essai-59"), ouverture="2017-06")


def _drawn_contracts(rng: np.random.Generator, nom: str, volontaire: date) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    start = max(volontaire, date(2017, 6, 1)) + timedelta(days=int(rng.integers(0, 300)))
    for _ in range(int(rng.integers(0, 4))):
        end = start + timedelta(days=int(rng.integers(0, 400)))
        if start > ARRETE:
            break
        motif = str(rng.choice(["avenant", "autre_emploi", "retraite", "demission"]))
        last = None if end > ARRETE else end.isoformat()
        quotite = float(rng.choice([0.25, 0.4, 0.5]))
        ebe = str(rng.choice(["essai-58", "essai-59"]))
        rows.append(contrat(nom, start.isoformat(), last, motif if last else None, ebe=ebe, quotite=quotite))
        start = end + timedelta(days=int(rng.choice([-30, 0, 1, 1, 2, 90])))
        start = max(start, date.fromisoformat(rows[-1]["date_debut"]))
    return rows


Row = tuple[str, date, date | None, float, str]


def rows_of(donnees: Donnees) -> list[Row]:
    """The contracts as plain values."""
    return [
        (
            row.personne,
            row.date_debut.date(),
            None if pd.isna(row.date_fin) else row.date_fin.date(),
            row.quotite,
            row.motif_fin,
        )
        for row in donnees.tables["contrats"].itertuples()
    ]


def worked(rows: Iterable[Row], day: date) -> dict[str, float]:
    """The quotité of each person under contract on a day."""
    found: dict[str, float] = {}
    for nom, debut, fin, quotite, _ in rows:
        if debut <= day and (fin is None or day <= fin):
            found[nom] = found.get(nom, 0.0) + quotite
    return found


SEEDS = range(4)


@cache
def measured(seed: int) -> tuple[Mesure, ...]:
    """What is measured of a drawn deposit: several tests look at it."""
    return mesures(drawn(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_months_are_those_counted_day_by_day(seed: int) -> None:
    rows, found = rows_of(drawn(seed)), measured(seed)
    effectif, etp = valeurs(found, "effectif_fin_mois"), valeurs(found, "etp_contrats")
    assert len(effectif) == len(etp) > 24
    for mois in effectif:
        year, month = map(int, mois.split("-"))
        days = [date(year, month, d + 1) for d in range(monthrange(year, month)[1])]
        here = [worked(rows, day) for day in days]
        assert effectif[mois] == len(here[-1])
        assert etp[mois] == pytest.approx(sum(sum(day.values()) for day in here) / len(days), abs=ROUNDING)
        assert une(found, "etp_contrats", mois).n == len({nom for day in here for nom in day})


@pytest.mark.parametrize("seed", SEEDS)
def test_flows_are_the_changes_from_one_day_to_the_next(seed: int) -> None:
    rows, found = rows_of(drawn(seed)), measured(seed)
    entrees: Counter[tuple[str, str]] = Counter()
    sorties: Counter[str] = Counter()
    known: set[str] = set()
    before: set[str] = set()
    day = date(2017, 1, 1)
    while day <= ARRETE:
        now = set(worked(rows, day))
        for nom in now - before:
            entrees[(str(day.year), "retour" if nom in known else "premiere")] += 1
        sorties[str(day.year)] += len(before - now)
        known |= now
        before, day = now, day + ONE
    for year in ("2017", "2018", "2019"):
        told = valeurs(found, "entrees", year)
        assert told == {kind: entrees[(year, kind)] for kind in ("premiere", "retour")}
        assert sum(v or 0 for v in valeurs(found, "sorties_ebe", year).values()) == sorties[year]


@pytest.mark.parametrize("seed", SEEDS)
def test_people_at_the_end_of_a_year_are_those_of_the_year_before_and_the_flows(seed: int) -> None:
    found = measured(seed)
    effectif = {"2016-12": 0.0} | {k: v or 0 for k, v in valeurs(found, "effectif_fin_mois").items()}
    for year in (2017, 2018, 2019):
        entered = sum(v or 0 for v in valeurs(found, "entrees", str(year)).values())
        left = sum(v or 0 for v in valeurs(found, "sorties_ebe", str(year)).values())
        assert effectif[f"{year}-12"] == effectif[f"{year - 1}-12"] + entered - left


@pytest.mark.parametrize("seed", SEEDS)
def test_working_time_adds_up_to_the_people_under_contract(seed: int) -> None:
    rows, found = rows_of(drawn(seed)), measured(seed)
    for jour in drawn(seed).dates:
        under = worked(rows, jour)
        classes = valeurs(found, "quotite_effectif", jour.isoformat())
        assert sum(v or 0 for v in classes.values()) == len(under)
        if under:
            moyenne = une(found, "quotite_moyenne", jour.isoformat())
            assert moyenne.valeur == pytest.approx(sum(under.values()) / len(under), abs=ROUNDING)
    debuts = {nom: min(d for who, d, *_ in rows if who == nom) for nom in under}
    first = {nom: worked(rows, debut)[nom] for nom, debut in debuts.items()}
    rises = sum(under[nom] > first[nom] + 1e-9 for nom in under)
    falls = sum(under[nom] < first[nom] - 1e-9 for nom in under)
    expected = {"hausse": rises, "baisse": falls, "aucun": len(under) - rises - falls}
    assert valeurs(found, "quotite_changee", ARRETE.isoformat()) == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_the_issues_of_a_wait_and_of_a_stay_make_a_whole(seed: int) -> None:
    found = measured(seed)
    for horizon in HORIZONS:
        wait = [une(found, name, ARRETE.isoformat(), horizon) for name in ATTENTE]
        stay = [une(found, name, ARRETE.isoformat(), horizon) for name in (*DEPARTS, "maintien")]
        assert len({(m.etat, m.n, m.denominateur) for m in wait}) == 1
        assert len({(m.etat, m.n, m.denominateur) for m in stay}) == 1
        if wait[0].valeur is not None:
            assert sum(m.valeur or 0 for m in wait) <= 100 + ROUNDING
        if stay[0].valeur is not None:
            assert sum(m.valeur or 0 for m in stay) == pytest.approx(100, abs=ROUNDING)
            if stay[2].denominateur is not None:
                assert sum(m.numerateur or 0 for m in stay) == stay[2].denominateur


def first_stays(donnees: Donnees) -> dict[str, tuple[date, date]]:
    """The first day under contract of each person, and the first day after it without a contract."""
    days: dict[str, set[date]] = {}
    for nom, debut, fin, *_ in rows_of(donnees):
        length = ((fin or ARRETE) - debut).days + 1
        days.setdefault(nom, set()).update(debut + timedelta(days=k) for k in range(length))
    found = {}
    for nom, under in days.items():
        out = min(under)
        while out in under:
            out += ONE
        found[nom] = (min(under), out)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_where_all_are_followed_the_staying_is_the_share_of_those_in_their_first_stay(seed: int) -> None:
    # Everybody is hired in 2018 at the latest: a year is seen whole, and nothing is estimated.
    donnees = drawn(seed)
    contrats = donnees.tables["contrats"]
    first = contrats.groupby("personne")["date_debut"].transform("min")
    kept = Donnees(
        donnees.territoire,
        ARRETE,
        donnees.cadre,
        {**donnees.tables, "contrats": contrats[first <= pd.Timestamp("2018-12-31")]},
    )
    stays = first_stays(kept).values()
    found = valeurs(mesures(kept), "maintien", ARRETE.isoformat())
    for horizon in ("m3", "m6", "m12"):
        still = sum(anniversaire(debut, HORIZONS[horizon]) < out for debut, out in stays)
        assert found[horizon] == pytest.approx(100 * still / len(stays), abs=ROUNDING)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    donnees = drawn(seed)
    rng = np.random.default_rng(seed)
    mixed = {name: frame.iloc[rng.permutation(len(frame))] for name, frame in donnees.tables.items()}
    other = Donnees(donnees.territoire, donnees.arrete, donnees.cadre, mixed)
    assert mesures(other) == measured(seed)


def test_no_two_measures_have_one_name() -> None:
    found = measured(0)
    assert len({m.cle for m in found}) == len(found)
    assert all(isinstance(m, Mesure) for m in found)
