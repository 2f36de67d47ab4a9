"""Categories told together before any cell is withheld: the way that loses least, on numbers done by hand."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Collection, Iterable
from datetime import date
from pathlib import Path

import pytest
from attaque import given_back
from declarees import DEFINITIONS
from small import write_small_project

from analysis.noyau.definitions import load_definitions
from analysis.noyau.errors import InvalidData
from analysis.noyau.mesures import ENSEMBLE, Cadre, Mesure
from analysis.noyau.paths import Project
from analysis.secret.categories import Forme, Reunies, choisir, formes_dites, pertes, reunir
from analysis.secret.regles import decider, telles_que_dites, unir
from analysis.secret.release import Released
from analysis.secret.sommes import Cle

DAY, BEFORE = "2019-12-31", "2018-12-31"
AGES = ("moins_30", "de_30_a_44", "de_45_a_54", "plus_55")


def place(code: str) -> Cadre:
    return Cadre(code, "reel", "dépôt n° 1", DEFINITIONS)


VAL = place("val")


def ages(*counts: int, day: str = DAY, cadre: Cadre = VAL) -> list[Mesure]:
    return [cadre.compte("attente_age", day, n, modalite=a) for a, n in zip(AGES, counts, strict=True)]


def decided(mesures: Iterable[Mesure]) -> tuple[Released[Mesure], ...]:
    return decider(mesures, DEFINITIONS, frozenset())


def told(mesures: Iterable[Mesure]) -> dict[str, tuple[float | None, str]]:
    """Value and rule of each category of the last date of one territory."""
    return {
        r.content.modalite: (r.content.valeur, r.rule)
        for r in decided(mesures)
        if r.content.mesure == "attente_age" and r.content.periode == DAY and r.content.lieu == "val"
    }


def test_two_young_and_seven_more_are_told_as_nine() -> None:
    """Withheld, they would be anything from 0 to 18 in all, shared in 10 ways for nine; together, 10 ways."""
    assert told(ages(2, 7, 9, 15)) == {
        "moins_45": (9, "regroupement"),
        "de_45_a_54": (9, "diffusable"),
        "plus_55": (15, "diffusable"),
    }


def test_what_each_way_loses_is_counted_in_bits() -> None:
    row = ages(2, 7, 9, 15)
    here = ("", date(2019, 12, 31))
    united = reunir(row, DEFINITIONS, {("attente_age", "val", *here): Forme(1)})
    assert pertes(row, united, ()) == {here: pytest.approx(math.log2(10), abs=1e-6)}
    two = {row[0].cle, row[1].cle}
    withheld = pertes(row, Reunies(), two)[here]
    assert withheld == pytest.approx(math.log2(10) + math.log2(19), abs=1e-6)
    rounded = reunir(row, DEFINITIONS, {("attente_age", "val", *here): Forme(0, est_arrondie=True)})
    assert pertes(row, rounded, ())[here] == pytest.approx(math.log2(3) + 3 * math.log2(5), abs=1e-6)


def test_a_row_that_has_nothing_to_hide_keeps_its_categories() -> None:
    assert [rule for _, rule in told(ages(20, 7, 9, 15)).values()] == ["diffusable"] * 4


@pytest.mark.parametrize(("least", "is_tried"), [(3, False), (0, True), (5, True)])
def test_a_row_with_too_few_people_to_be_told_is_not_tried_rounded(least: int, is_tried: bool) -> None:
    """The first rule would withhold them, and rounding hides nothing beside that."""
    tried: list[Reunies] = []

    def essayer(_: object) -> Callable[[Reunies], Collection[Cle]]:
        def held(united: Reunies) -> Collection[Cle]:
            tried.append(united)
            unions = {m.cle for m in united.mesures}
            return () if united.arrondies else unions | {("attente_age", "val", "", age, DAY) for age in AGES}

        return held

    chosen = choisir(ages(least, 7, 9, 15), DEFINITIONS, essayer)
    assert any(united.arrondies for united in tried) == is_tried
    assert (
        chosen.get(("attente_age", "val", "", date(2019, 12, 31))) == Forme(0, est_arrondie=True)
    ) == is_tried


def test_a_union_of_too_few_is_not_told_either() -> None:
    """Three of the four under 45 would be known of 3: their union is withheld as a category is."""
    found = told([VAL.compte("liste_attente", DAY, 53), *ages(1, 2, 20, 30)])
    assert all(value is None or value >= 5 for value, _ in found.values())
    values = [value for value, _ in found.values()]
    assert 53 - sum(v for v in values if v is not None) not in range(1, 5)


def test_small_moves_of_large_categories_are_told_rounded() -> None:
    """From one year to the next each age moves by 1 to 2: withholding one year loses more than rounding both."""
    both = [*ages(20, 30, 25, 40), *ages(22, 31, 27, 41, day=BEFORE)]
    found = [(r.content.valeur, r.rule) for r in decided(both)]
    assert found == [(value, "arrondi") for value in (20, 30, 25, 40) * 2]


def test_the_national_categories_less_the_others_do_not_give_back_those_told_together() -> None:
    """Of 10 young people in all, 8 are of Aval: the two of Val, told with seven others, would be known."""
    mesures = [
        *ages(2, 7, 9, 15),
        *ages(8, 10, 12, 20, cadre=place("aval")),
        *ages(10, 17, 21, 35, cadre=place(ENSEMBLE)),
    ]
    shown = {(r.content.lieu, r.content.modalite) for r in decided(mesures) if r.content.valeur is not None}
    assert ("val", "moins_45") in shown
    assert not {("aval", "moins_30"), (ENSEMBLE, "moins_30")} <= shown


def test_those_who_answered_are_told_by_the_ages_of_those_who_could() -> None:
    """Two of the six youngest answered: population, respondents and rate have the same categories."""
    counts = {"population": (6, 20, 30, 40), "repondants": (2, 14, 21, 28)}
    mesures = [
        VAL.compte(f"{kind}_age_salaries", "2019", n, modalite=age)
        for kind, row in counts.items()
        for age, n in zip(AGES, row, strict=True)
    ]
    mesures += [
        VAL.ratio("taux_reponse_age_salaries", "2019", part, whole, vide="", modalite=age)
        for age, part, whole in zip(AGES, counts["repondants"], counts["population"], strict=True)
    ]
    found = {(r.content.mesure, r.content.modalite): r.content for r in decided(mesures)}
    assert len(found) == 9
    rate = found["taux_reponse_age_salaries", "moins_45"]
    assert (rate.numerateur, rate.denominateur, rate.valeur) == (16, 26, pytest.approx(61.538462))
    assert found["population_age_salaries", "moins_45"].valeur == 26
    assert found["repondants_age_salaries", "moins_45"].valeur == 16


def test_a_category_that_is_missing_makes_its_union_missing() -> None:
    row = [*ages(2, 7, 9, 15)[1:], VAL.absente("attente_age", DAY, "âge non déposé", modalite="moins_30")]
    (union,) = reunir(row, DEFINITIONS, {("attente_age", "val", "", date(2019, 12, 31)): Forme(1)}).mesures
    assert (union.modalite, union.etat, union.motif) == ("moins_45", "absente", "âge non déposé")


@pytest.mark.parametrize("niveau", [0, 1, 2])
def test_how_a_row_was_told_is_read_in_the_names_of_its_measures(niveau: int) -> None:
    """The second level has a union of the first: both its unions are looked at."""
    moment = ("attente_age", "val", "", date(2019, 12, 31))
    row = ages(2, 7, 9, 15)
    united = reunir(row, DEFINITIONS, {moment: Forme(niveau)})
    told = [m.cle for m in telles_que_dites(row, united)]
    assert len(told) == 4 - niveau
    assert formes_dites(told, DEFINITIONS) == {moment: Forme(niveau)}


def test_a_question_that_was_not_asked_does_not_hide_that_another_was_united() -> None:
    codes = [
        c.code for c in DEFINITIONS.of("choix_reponses").modalites if c.code.startswith("membres_cle-col")
    ]
    row = [VAL.compte("choix_reponses", "2019", 3, modalite=code) for code in codes]
    moment = ("choix_reponses", "val", "", date(2019, 12, 31))
    told = [m.cle for m in telles_que_dites(row, reunir(row, DEFINITIONS, {moment: Forme(1)}))]
    assert len(told) == len(codes) - 3
    assert formes_dites(told, DEFINITIONS) == {moment: Forme(1)}


def test_the_order_of_the_measures_decides_nothing() -> None:
    draw = random.Random(4)
    rows = [ages(*(draw.choice((0, 2, 6, 9, 20)) for _ in AGES), day=f"20{y}-12-31") for y in range(16, 20)]
    flat = [m for row in rows for m in row]
    ways = [
        choisir(
            one, DEFINITIONS, lambda some: lambda united: {m.cle for m in some if 0 < (m.valeur or 0) < 5}
        )
        for one in (flat, flat[::-1])
    ]
    assert ways[0] == ways[1]
    kept = [{(r.content.cle, r.rule) for r in decided(one)} for one in (flat, flat[::-1])]
    assert kept[0] == kept[1]


def test_territories_tried_at_once_are_chosen_for_as_if_each_were_alone() -> None:
    draw = random.Random(7)
    places = [
        [m for day in (BEFORE, DAY) for m in ages(*draw.choices((0, 2, 6, 9, 20), k=4), day=day, cadre=one)]
        for one in map(place, "abcdefg")
    ]
    places.append([*ages(20, 30, 25, 40), *ages(22, 31, 27, 41, day=BEFORE)])  # told rounded
    together = unir(itertools.chain(*places), DEFINITIONS, frozenset())
    alone = [unir(mesures, DEFINITIONS, frozenset()) for mesures in places]
    assert together.parts == {cle: cells for one in alone for cle, cells in one.parts.items()}
    assert together.arrondies == {cle for one in alone for cle in one.arrondies}
    assert together.parts and together.arrondies


def test_who_knows_its_own_number_learns_no_other_from_the_sum_of_all() -> None:
    """Three in Val, 20 in Aval, 30 and 40 elsewhere, 93 in all: Aval, which knows its 20, would know the three."""
    places = {"val": 3, "aval": 20, "mont": 30, "plaine": 40}
    mesures = [place(code).compte("embauchees", DAY, n) for code, n in places.items()]
    mesures.append(place(ENSEMBLE).compte("embauchees", DAY, 93))
    shown = {r.content.lieu: r.content.valeur for r in decided(mesures) if r.content.valeur is not None}
    assert "val" not in shown
    for insider in ("aval", "mont", "plaine"):
        known = {**shown, insider: places[insider]}
        hidden = [code for code in places if code not in known]
        assert ENSEMBLE not in known or len(hidden) > 1


@pytest.mark.parametrize("seed", range(25))
def test_no_subtraction_gives_back_a_small_category_told_with_another(seed: int) -> None:
    """Four territories over three years, some categories told together, others withheld: solved as a reader would."""
    draw = random.Random(seed)
    mesures: list[Mesure] = []
    for year in ("2017-12-31", "2018-12-31", "2019-12-31"):
        national = [0] * 5
        for code in ("a", "b", "c", "d"):
            counts = [draw.choice((0, 1, 2, 3, 6, 9, 20, 45)) for _ in AGES]
            mesures += [place(code).compte("liste_attente", year, sum(counts))]
            mesures += ages(*counts, day=year, cadre=place(code))
            national = [x + y for x, y in zip(national, (sum(counts), *counts), strict=True)]
        mesures += [place(ENSEMBLE).compte("liste_attente", year, national[0])]
        mesures += ages(*national[1:], day=year, cadre=place(ENSEMBLE))
    released = decided(mesures)
    assert all(r.content.valeur in (None, 0) or r.content.valeur >= 5 for r in released)  # type: ignore[operator]
    found = given_back(mesures, [r.content for r in released if r.rule != "arrondi"])
    assert {quantity: value for quantity, value in found.items() if 0 < value < 5} == {}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("classe_age,2,autre,Autre,moins_30 plus_55", "modalites"),
        ("classe_age,2,seule,Seule,plus_55", "modalites"),
        ("classe_age,2,plus_55,Autre,de_45_a_54 plus_55", "code"),
        ("classe_age,4,tous,Tous,moins_30 de_30_a_44 de_45_a_54 plus_55", "niveau"),
        ("classe_age,3,moins_45,Autre,moins_30 de_30_a_44 de_45_a_54", "code"),
        ("classe_age,3,presque,Presque,de_30_a_44 de_45_a_54 plus_55", "modalites"),
        ("classe_age,2,inconnue,Inconnue,moins_30 cent_ans", "modalites"),
    ],
)
def test_unions_that_make_no_ordered_tree_are_refused(tmp_path: Path, row: str, column: str) -> None:
    project = Project(write_small_project(tmp_path))
    path = project.dictionary / "regroupements.csv"
    text = path.read_text(encoding="utf-8")
    if row.startswith("classe_age,2"):
        text = "".join(line for line in text.splitlines(keepends=True) if "classe_age,2" not in line)
    path.write_text(f"{text}{row}\n", encoding="utf-8")
    with pytest.raises(InvalidData) as refused:
        load_definitions(project)
    assert column in {finding.column for finding in refused.value.findings}
