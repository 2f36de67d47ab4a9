"""The bands, the precedence of situations, the standardised difference, and what must always hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from essai import DEFINITIONS, contrat, depot, personne, valeurs
from statsmodels.stats.weightstats import DescrStatsW

from analysis.indicateurs.comparaison.ecarts import ecart_standardise
from analysis.indicateurs.donnees import Donnees
from analysis.indicateurs.etapes import etapes, situations
from analysis.indicateurs.exhaustivite import (
    AGES,
    AGES_BORNES,
    DUREES,
    DUREES_BORNES,
    SORTIES,
    caracteristiques,
    classe,
    mesures,
)
from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.errors import UnknownName
from analysis.noyau.paths import Project

LISTES = load_nomenclatures(Project.here())
PROFILS = {"profil_embauchees", "profil_non_embauchees", "ecart_profil"}


def codes(nomenclature: str) -> list[str]:
    return [choix.code for choix in LISTES[nomenclature]]


@pytest.mark.parametrize(
    ("mois", "band"),
    [
        (0, "moins_3_mois"),
        (2.99, "moins_3_mois"),
        (3, "de_3_a_6_mois"),
        (5.99, "de_3_a_6_mois"),
        (6, "de_6_a_12_mois"),
        (11.99, "de_6_a_12_mois"),
        (12, "de_12_a_24_mois"),
        (23.99, "de_12_a_24_mois"),
        (24, "plus_24_mois"),
        (240, "plus_24_mois"),
    ],
)
def test_the_lower_bound_of_a_band_of_waiting_is_in_it(mois: float, band: str) -> None:
    assert classe(mois, bornes=DUREES_BORNES, codes=DUREES) == band


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (29, "moins_30"),
        (30, "de_30_a_44"),
        (44, "de_30_a_44"),
        (45, "de_45_a_54"),
        (54, "de_45_a_54"),
        (55, "plus_55"),
    ],
)
def test_the_lower_bound_of_a_band_of_age_is_in_it(age: float, band: str) -> None:
    assert classe(age, bornes=AGES_BORNES, codes=AGES) == band


def test_a_missing_number_is_in_no_band() -> None:
    with pytest.raises(ValueError, match="missing"):
        classe(float("nan"), bornes=AGES_BORNES, codes=AGES)


def test_bands_and_characteristics_are_those_of_the_lists() -> None:
    assert list(DUREES) == codes("duree_attente") and list(AGES) == codes("classe_age")
    une = depot(personnes=[personne("p1")]).arrays("personnes")
    assert list(caracteristiques(une)) == codes("caracteristique")


@pytest.mark.lent
def test_every_deposited_code_leads_to_a_situation_of_the_list() -> None:
    for situation, motif in product(codes("situation"), codes("motif_fin")):
        for since in ("2017-01-02", "2018-06-01"):
            donnees = depot(
                personnes=[personne("p1", situation=situation, date_situation=since)],
                contrats=[contrat("p1", "2017-03-01", "2018-05-31", motif)],
            )
            (found,) = situations(etapes(donnees), donnees.arrete)
            assert found in {*codes("situation"), "non_etablie"} - {"rencontre"}


@pytest.mark.parametrize(
    ("motif", "expected"),
    [
        ("autre_emploi", "autre_emploi"),
        ("retraite", "retraite"),
        ("deces", "deces"),
        ("demenagement", "demenagement"),
        ("avenant", "non_etablie"),
        *((motif, "autre") for motif in ("demission", "licenciement", "rupture_conventionnelle")),
        *((motif, "autre") for motif in ("fin_essai", "inaptitude", "autre")),
    ],
)
def test_the_reason_of_the_end_speaks_where_no_situation_does(motif: str, expected: str) -> None:
    donnees = depot(personnes=[personne("p1")], contrats=[contrat("p1", "2017-03-01", "2018-05-31", motif)])
    assert list(situations(etapes(donnees), donnees.arrete)) == [expected]


@pytest.mark.parametrize(
    ("since", "expected"),
    [("2018-05-30", "autre_emploi"), ("2018-05-31", "formation"), ("2018-06-01", "formation")],
)
def test_a_situation_of_the_day_of_the_end_already_holds(since: str, expected: str) -> None:
    donnees = depot(
        personnes=[personne("p1", situation="formation", date_situation=since)],
        contrats=[contrat("p1", "2017-03-01", "2018-05-31", "autre_emploi")],
    )
    assert list(situations(etapes(donnees), donnees.arrete)) == [expected]


def test_a_situation_out_of_the_list_is_an_error_and_nobody_is_lost() -> None:
    with pytest.raises(UnknownName):
        mesures(depot(personnes=[personne("p1", situation="en_voyage")]))


def test_a_birth_year_missing_among_those_who_wait_is_an_error() -> None:
    with pytest.raises(ValueError, match="annee_naissance"):
        mesures(depot(personnes=[personne("p1", annee_naissance=None)]))


def test_a_characteristic_of_a_missing_cell_is_not_known() -> None:
    cells = ("sexe", "diplome", "rqth", "inscription", "menage", "rsa_avant")
    vide = dict.fromkeys((*cells, "annee_naissance", "mois_sans_emploi"))
    donnees = depot(personnes=[personne("p1", **vide), personne("p2", **dict.fromkeys(cells, "nr"))])
    found = {
        code: np.isnan(trait).tolist()
        for code, trait in caracteristiques(donnees.arrays("personnes")).items()
    }
    assert all(first for first, _ in found.values())
    known = [code for code, (_, second) in found.items() if not second]
    assert known == ["moins_30_ans", "plus_55_ans", "prives_3_ans"]


def test_the_standardised_difference_is_the_one_computed_by_hand() -> None:
    # (0.8 - 0.5) / sqrt((0.16 + 0.25) / 2) = 0.3 / sqrt(0.205) = 0.3 / 0.4527693
    assert ecart_standardise(0.8, 0.5) == pytest.approx(0.662589, abs=1e-6)
    assert ecart_standardise(0.5, 0.8) == pytest.approx(-0.662589, abs=1e-6)
    assert ecart_standardise(0.4, 0.4) == 0
    # Nothing varies in one group only: 0.5 / sqrt((0 + 0.25) / 2)
    assert ecart_standardise(1.0, 0.5) == pytest.approx(2**0.5)


@pytest.mark.parametrize(("p1", "p0"), [(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)])
def test_without_variation_there_is_no_standardised_difference(p1: float, p0: float) -> None:
    assert ecart_standardise(p1, p0) is None


def test_only_shares_have_a_standardised_difference() -> None:
    with pytest.raises(ValueError, match="not a share"):
        ecart_standardise(50.0, 0.2)


@pytest.mark.parametrize(("x1", "n1", "x0", "n0"), [(3, 7, 10, 40), (1, 11, 0, 5), (60, 61, 1, 300)])
def test_it_is_the_difference_of_means_over_the_root_of_the_mean_variance(
    x1: int, n1: int, x0: int, n0: int
) -> None:
    hired, others = (DescrStatsW(np.repeat([1.0, 0.0], [x, n - x]), ddof=0) for x, n in ((x1, n1), (x0, n0)))
    expected = (hired.mean - others.mean) / np.sqrt((hired.var + others.var) / 2)
    assert ecart_standardise(x1 / n1, x0 / n0) == pytest.approx(expected)


def test_a_tenth_is_a_phi_coefficient_of_five_hundredths() -> None:
    """Austin (2009), abstract: 0.1 is equivalent to phi = 0.05, with groups of one size."""
    size, p0 = 20_000, 0.5
    p1 = next(k / size for k in range(size // 2, size) if (ecart_standardise(k / size, p0) or 0) >= 0.1)
    having = np.concatenate([np.arange(size) < p * size for p in (p1, p0)])
    phi = np.corrcoef(having, np.repeat([1, 0], size))[0, 1]
    assert ecart_standardise(p1, p0) == pytest.approx(0.1, abs=1e-3)
    assert phi == pytest.approx(0.05, abs=1e-3)


def test_it_recovers_the_known_difference_of_two_populations() -> None:
    """Samples drawn from two populations whose shares are known: their mean difference is the true one."""
    rng = np.random.default_rng(20160229)
    p1, p0, size, draws = 0.62, 0.45, 300, 2_000
    found = [
        ecart_standardise(x1 / size, x0 / size)
        for x1, x0 in zip(rng.binomial(size, p1, draws), rng.binomial(size, p0, draws), strict=True)
    ]
    true = (0.62 - 0.45) / ((0.62 * 0.38 + 0.45 * 0.55) / 2) ** 0.5
    # A draw has a standard error of about sqrt(2/300) = 0.082, their mean of 0.0018: five of them.
    assert np.mean(np.array(found, dtype=float)) == pytest.approx(true, abs=0.01)


def hasard(people: int = 150, seed: int = 7) -> Donnees:
    """A deposit drawn at random, incoherent on purpose: any date, any situation, any contracts."""
    rng = np.random.default_rng(seed)

    def jour(missing: float = 0.0) -> Any:
        if rng.random() < missing:
            return None
        return (date(2016, 1, 1) + timedelta(days=int(rng.integers(0, 1460)))).isoformat()

    gens = [
        personne(
            f"p{rang}",
            sexe=rng.choice(codes("sexe")),
            diplome=rng.choice(codes("diplome")),
            annee_naissance=int(rng.integers(1950, 2000)),
            date_rencontre=jour(0.1),
            date_volontariat=jour(0.2),
            decision_cle=rng.choice([*codes("decision_cle"), "eligible", "eligible"]),
            date_decision_cle=jour(0.1),
            date_proposition=jour(0.7),
            situation=rng.choice(codes("situation")),
            date_situation=jour(),
        )
        for rang in range(people)
    ]
    contrats = []
    for _ in range(people):
        debut, fin = sorted((jour(), jour()))
        closed = rng.random() < 0.7
        motif = rng.choice(codes("motif_fin")) if closed else None
        contrats.append(contrat(f"p{rng.integers(0, people)}", debut, fin if closed else None, motif))
    return depot(personnes=gens, contrats=contrats)


def test_the_parts_sum_to_their_whole_at_every_date() -> None:
    donnees = hasard()
    found = mesures(donnees)
    assert len(donnees.dates) == 4
    for jour in (day.isoformat() for day in donnees.dates):
        situation = valeurs(found, "situation_volontaires", jour)
        assert sum(situation.values()) == valeurs(found, "volontaires_eligibles")[jour]
        assert sum(situation[code] for code in SORTIES) == valeurs(found, "sorties_privation")[jour]
        waiting = valeurs(found, "liste_attente")[jour]
        assert situation["attente"] == waiting
        assert sum(valeurs(found, "attente_duree", jour).values()) == waiting
        assert sum(valeurs(found, "attente_age", jour).values()) == waiting


def test_every_measure_of_the_family_is_told_once_at_every_date() -> None:
    for donnees in (hasard(), depot()):
        told: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for mesure in mesures(donnees):
            told[mesure.periode].append((mesure.mesure, mesure.modalite))
        family = DEFINITIONS.of_family("exhaustivite")
        everything = {
            (definition.mesure, code)
            for definition in family
            for code in ([choix.code for choix in definition.modalites] or [""])
        }
        stocks = {named for named in everything if named[0] not in PROFILS}
        assert list(told) == [jour.isoformat() for jour in donnees.dates]
        for jour, named in told.items():
            assert max(Counter(named).values()) == 1
            assert set(named) == (everything if jour == donnees.arrete.isoformat() else stocks)


def test_the_order_of_rows_changes_nothing() -> None:
    donnees = hasard()
    shuffled = {name: frame.sample(frac=1, random_state=3) for name, frame in donnees.tables.items()}
    assert mesures(Donnees(donnees.territoire, donnees.arrete, donnees.cadre, shuffled)) == mesures(donnees)


def one_by_one(donnees: Donnees, jour: date) -> list[str]:
    """The situations again, told person by person."""
    day = pd.Timestamp(jour)
    every = donnees.tables["contrats"].to_dict("records")
    told = []
    for someone in donnees.tables["personnes"].to_dict("records"):
        contracts = [
            row for row in every if row["personne"] == someone["personne"] and row["date_debut"] <= day
        ]
        ended = [row for row in contracts if not pd.isna(row["date_fin"]) and row["date_fin"] < day]
        last = max(ended, key=lambda row: (row["date_fin"], row["date_debut"]), default=None)
        since = someone["date_situation"]
        if len(ended) < len(contracts):
            told.append("ebe")
        elif since <= day and (last is None or since >= last["date_fin"]):
            code = someone["situation"]
            told.append({"rencontre": "attente", "ebe": "non_etablie"}.get(code, code))
        elif last is None:
            told.append("attente")
        elif last["motif_fin"] in ("autre_emploi", "retraite", "demenagement", "deces"):
            told.append(last["motif_fin"])
        else:
            told.append("non_etablie" if last["motif_fin"] == "avenant" else "autre")
    return told


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_second_implementation_finds_the_same_situations(seed: int) -> None:
    donnees = hasard(seed=seed)
    for jour in donnees.dates:
        found = situations(etapes(donnees), jour)
        assert list(found) == one_by_one(donnees, jour)
