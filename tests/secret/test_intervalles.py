"""What the gate leaves to be known of people within less than five, beside programs that the test writes itself."""

from __future__ import annotations

import numpy as np
import pytest
from attaque import each_category_alone
from declarees import DEFINITIONS as DECLARED
from scipy.optimize import milp

from analysis.indicateurs.ensemble import ensemble
from analysis.noyau.mesures import Cadre, Definitions, Mesure
from analysis.secret import intervalles, scene, secondaires
from analysis.secret.intervalles import Groupes, Lecteur, trop_etroites
from analysis.secret.regles import decider
from analysis.secret.sommes import Effectif, Held, Ratio, Redite, Sum, ranks_of

DEFINITIONS = each_category_alone(DECLARED)
DAY = "2021-06-30"
AGES = ("moins_30", "de_30_a_44", "de_45_a_54", "plus_55")


@pytest.fixture(autouse=True)
def nobody_knows_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is withheld from who knows its own number is set apart: intervals alone are looked at."""
    for module in (scene, secondaires):
        monkeypatch.setattr(module, "COALITION", 0)


def waiting(code: str, counts: tuple[int, ...]) -> list[Mesure]:
    """A list of people who wait, by age."""
    cadre = Cadre(code, "reel", "dépôt n° 1", DEFINITIONS)
    ages = [cadre.compte("attente_age", DAY, n, modalite=a) for a, n in zip(AGES, counts, strict=True)]
    return [cadre.compte("liste_attente", DAY, sum(counts)), *ages]


def width(table: np.ndarray, hidden: np.ndarray, row: int, column: int) -> float:
    """How far apart the least and greatest values of a cell are, for whole numbers with the same sums.

    The last line is that of all the places together; every line adds up to the number who wait.
    """
    places, ages = table.shape
    size = places * ages
    sums = np.zeros((places + ages, size))
    for i in range(places):
        sums[i, i * ages : (i + 1) * ages] = 1
    for j in range(ages):
        sums[places + j, j::ages] = [*[1] * (places - 1), -1]
    told = table.ravel().astype(float)
    least, most = np.where(hidden.ravel(), 0, told), np.where(hidden.ravel(), 10_000, told)
    ends = []
    for sign in (1, -1):
        cost = np.zeros(size)
        cost[row * ages + column] = sign
        found = milp(
            cost,
            integrality=np.ones(size),
            bounds=(least, most),
            constraints=(sums, sums @ told, sums @ told),
        )
        ends.append(sign * found.fun)
    return ends[1] - ends[0]


def decided(*places: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray, set[str]]:
    """The counts by place and age with all the places last, what is withheld of them, and by which rules."""
    found = [m for rank, counts in enumerate(places) for m in waiting(f"lieu-{rank}", counts)]
    found += ensemble(found, DEFINITIONS)
    ages = [r for r in decider(found, DEFINITIONS, frozenset()) if r.content.mesure == "attente_age"]
    order = {lieu: rank for rank, lieu in enumerate([*(f"lieu-{r}" for r in range(len(places))), "ensemble"])}
    hidden = np.zeros((len(order), len(AGES)), bool)
    for released in ages:
        m = released.content
        hidden[order[m.lieu], AGES.index(m.modalite)] = m.etat == "masquee"
    table = np.array([*places, np.sum(places, axis=0)])
    return table, hidden, {released.rule for released in ages}


SIX = ((1, 4, 20, 50), (30, 4, 1, 60), (4, 40, 4, 70))
"""Six small counts, two in each place and in each age: each pair makes five at least."""


def test_six_small_counts_that_hold_each_other_are_not_left_within_two_of_each_other() -> None:
    """One more here is one less there, all round: 1 goes from 0 to 2 before another count would be negative.

    No subtraction gives one back, and none is known alone. One more at least is withheld, until each could be
    five more or less.
    """
    table, hidden, rules = decided(*SIX)
    alone = (table > 0) & (table < 5)
    assert alone.sum() == 6
    assert width(table, alone, 0, 0) == 2
    assert "intervalle" in rules
    assert (hidden >= alone).all()
    assert min(width(table, hidden, row, column) for row, column in np.argwhere(alone)) >= 5
    assert hidden.sum() <= 10


def test_what_is_already_unknown_enough_takes_nothing_more() -> None:
    """2 and 20 here, 3 and 30 there: the square of four moves by more than five."""
    _, hidden, rules = decided((2, 20, 50, 90), (3, 30, 60, 80))
    assert rules <= {"diffusable", "seuil-effectif", "addition"}
    assert hidden.sum() == 4


@pytest.mark.parametrize("together", [2, 3, 10])
def test_territories_looked_at_by_groups_leave_no_small_count_within_less_than_five(
    together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seven places of small counts, three of which hold each other: whatever is looked at together, each small
    count could be five more or less for who reads all the places at once."""
    monkeypatch.setattr(intervalles, "TERRITOIRES", together)
    places = (*SIX, (2, 20, 50, 90), (3, 30, 60, 80), (40, 3, 30, 2), (25, 33, 41, 52))
    table, hidden, rules = decided(*places)
    alone = (table > 0) & (table < 5)
    assert min(width(table, hidden, row, column) for row, column in np.argwhere(alone)) >= 5
    assert "sans-protection" not in rules
    assert hidden.sum() <= 22


def test_a_count_that_another_group_alone_protects_is_looked_at_among_its_territories(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A count of the first place and one of the last add up to what is told daily, so cannot be withheld."""
    monkeypatch.setattr(intervalles, "TERRITOIRES", 2)
    near, far = ("m", "lieu-0", "", "", "2017-04"), ("m", "lieu-3", "", "", "2017-04")
    whole = ("m", "ensemble", "", "", "2017-04-30")
    own = {
        **{cle: Effectif(cle, 4, ()) for cle in (near, far)},
        **{(*cle[:1], f"lieu-{i}", *cle[2:]): Effectif(cle, 40, ()) for i, cle in ((1, near), (2, near))},
        whole: Effectif(whole, 8, ()),
    }
    mean = Ratio(("moyenne", *whole[1:]), whole, whole, is_part=False)
    sums = [Sum(whole, (near, far))]
    groupes = Groupes({}, own, sums, ranks_of(sums), {0}, {0}, [mean], [], {})
    held: Held = {near: "seuil-effectif", far: "seuil-effectif"}
    assert len(groupes.tous) == 2
    assert trop_etroites(groupes, held, groupes.tous[0], {near}) == {near: ()}
    assert trop_etroites(groupes, held, groupes.autour(near, held), {near}) == {}
    alone: Held = {near: "seuil-effectif"}
    assert trop_etroites(groupes, alone, groupes.autour(near, alone), {near}) == {near: (far,)}


def test_a_reader_who_is_asked_again_knows_what_a_new_one_does() -> None:
    """Four of nine, then both numbers of a sum of nine: each by zero to nine. Told again as about six, then
    withheld for want of protection, the first bounds the second no more."""
    first, second, whole = (("m", "lieu-0", "", code, "2017") for code in ("a", "b", ""))
    own = {cle: Effectif(cle, people, ()) for cle, people in ((first, 4), (second, 5), (whole, 9))}
    sums = [Sum(whole, (first, second))]
    told = {first: Redite(4, 7, a_bouge=True)}
    for redites, narrow in (({}, [{first}, set(), set()]), (told, [{first}, {first, second}, set()])):
        groupes = Groupes({}, own, sums, ranks_of(sums), {0}, set(), [], [], redites)
        held: Held = {}
        asked_again = Lecteur(groupes, held, groupes.tous[0])
        for more, expected in zip(
            ({first: "seuil-effectif"}, {second: "difference"}, {first: "sans-protection"}),
            narrow,
            strict=True,
        ):
            held |= more
            found = asked_again.etroites(set(held))
            assert found == trop_etroites(groupes, held, groupes.tous[0], set(held))
            assert found.keys() == expected


@pytest.mark.parametrize("definitions", [DEFINITIONS, DECLARED], ids=["apart", "united"])
def test_several_processes_decide_what_one_does(
    definitions: Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Territories are handed to forked processes, categories one by one and bounds group by group."""
    monkeypatch.setattr(intervalles, "TERRITOIRES", 2)
    places = (*SIX, *SIX, (2, 20, 50, 90), (3, 30, 60, 80), *SIX)
    found = [m for rank, counts in enumerate(places) for m in waiting(f"lieu-{rank:02}", counts)]
    found += ensemble(found, definitions)
    decisions = []
    for processors in (1, 2):
        monkeypatch.setattr("os.cpu_count", lambda processors=processors: processors)
        decisions.append(decider(found, definitions, frozenset()))
    assert decisions[0] == decisions[1]
    assert "intervalle" in {released.rule for released in decisions[0]}


def test_the_order_of_the_measures_decides_nothing_of_the_intervals() -> None:
    found = [m for rank, counts in enumerate(SIX) for m in waiting(f"lieu-{rank}", counts)]
    found += ensemble(found, DEFINITIONS)
    both = [
        {r.content.cle: r.rule for r in decider(mesures, DEFINITIONS, frozenset())}
        for mesures in (found, found[::-1])
    ]
    assert both[0] == both[1]
