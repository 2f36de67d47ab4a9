"""What a sum over places remembers of its withheld terms, what is tried and taken back, and what is chosen."""

from __future__ import annotations

import random

from declarees import DEFINITIONS

from analysis.indicateurs.ensemble import ensemble
from analysis.noyau.mesures import ENSEMBLE, Cadre, Mesure
from analysis.secret.categories import Reunies
from analysis.secret.elargissement import Choix
from analysis.secret.scene import Connues
from analysis.secret.secondaires import Liaisons
from analysis.secret.sommes import Held

DAY = "2021-06-30"
AGES = ("moins_30", "de_30_a_44", "de_45_a_54", "plus_55")


def waiting(code: str, counts: tuple[int, ...]) -> list[Mesure]:
    cadre = Cadre(code, "reel", "dépôt n° 1", DEFINITIONS)
    ages = [cadre.compte("attente_age", DAY, n, modalite=a) for a, n in zip(AGES, counts, strict=True)]
    return [cadre.compte("liste_attente", DAY, sum(counts)), *ages]


def bound(*places: tuple[int, ...]) -> Liaisons:
    """What binds those who wait by age in these places and in all of them."""
    found = [m for rank, counts in enumerate(places) for m in waiting(f"lieu-{rank}", counts)]
    return binding(found)


def binding(found: list[Mesure]) -> Liaisons:
    """What binds measures of places and those of all of them."""
    ordered = sorted((*found, *ensemble(found, DEFINITIONS)), key=lambda m: m.cle)
    return Liaisons(Connues.de(ordered, DEFINITIONS, frozenset()).telles(Reunies()))


def age(rank: int, code: str) -> tuple[str, str, str, str, str]:
    return ("attente_age", f"lieu-{rank}", "", code, DAY)


def are_remembered(liaisons: Liaisons, held: Held) -> bool:
    over_places = [one for one in liaisons.scene.sums if one.is_over_places]
    assert len(over_places) >= len(AGES)
    return all(set(liaisons.withheld_terms(one, held)) == held.keys() & set(one.parts) for one in over_places)


def test_what_is_tried_and_taken_back_is_no_withheld_term_of_a_sum_over_places() -> None:
    """Places are looked at before, while and after a term is tried, then withheld for good."""
    liaisons, held = bound((20, 21, 22, 23), (24, 25, 26, 27), (28, 29, 30, 31), (3, 32, 33, 34)), Held()
    held[age(3, "moins_30")] = "seuil-effectif"
    liaisons.settle(held, range(len(liaisons.toutes)))
    settled = dict(held)
    assert are_remembered(liaisons, held)
    shown = [cle for cle in (age(0, "plus_55"), age(1, "plus_55"), age(2, "plus_55")) if cle not in held]
    best = liaisons.cheapest(shown, held)
    assert held == settled and are_remembered(liaisons, held)
    liaisons.withhold(held, iter([(best, "intervalle")]))
    assert held.keys() > settled.keys() and are_remembered(liaisons, held)
    assert are_remembered(liaisons.apart(), held)


def test_a_bond_that_is_not_asked_at_first_would_ask_nothing() -> None:
    """Whole numbers that leave a few others of no age: what is withheld is the same, in the same order."""
    rng = random.Random(4)
    for _ in range(30):
        found: list[Mesure] = []
        for rank in range(4):
            cadre = Cadre(f"lieu-{rank}", "reel", "dépôt n° 1", DEFINITIONS)
            counts = [rng.randrange(1, 30) for _ in AGES]
            ages = [
                cadre.compte("attente_age", DAY, n, modalite=a) for a, n in zip(AGES, counts, strict=True)
            ]
            found += [cadre.compte("liste_attente", DAY, sum(counts) + rng.randrange(8)), *ages]
        liaisons = binding(found)
        held: Held = {
            cle: "seuil-effectif" for cle, m in liaisons.scene.by_cle.items() if (m.valeur or 0) < 5
        }
        known, copy = dict(held), liaisons.apart()
        copy.settle(known, range(len(copy.toutes)))
        ranks = liaisons.asking(held)
        liaisons.settle(held, ranks)
        assert list(held.items()) == list(known.items()) and len(ranks) < len(liaisons.toutes)


def test_who_withholds_more_by_itself_changes_nothing_for_the_others() -> None:
    """Two terms and more of a sum withheld on a copy: it is enough there, and not here."""
    liaisons, held = bound((20, 21, 22, 23), (24, 25, 26, 27), (28, 29, 30, 31), (36, 32, 33, 34)), Held()
    held |= dict.fromkeys((age(0, "moins_30"), age(0, "plus_55")), "edition")
    copy, known = liaisons.apart(), dict(held)
    copy.settle(known, range(len(copy.toutes)))
    liaisons.settle(held, range(len(liaisons.toutes)))
    assert known == held
    assert sum(cle[1] != ENSEMBLE and cle[3] == "moins_30" for cle in held) >= 2


def test_a_category_is_chosen_before_a_total_and_two_where_one_did_not_do() -> None:
    """What would widen a number: the total of a place, which is in the fewest sums, and three ages of others."""
    liaisons, held = bound((20, 21, 22, 23), (24, 25, 26, 27), (28, 29, 30, 31), (36, 32, 33, 34)), Held()
    total = ("liste_attente", "lieu-0", "", "", DAY)
    narrow = {age(3, "moins_30"): (total, age(0, "plus_55"), age(1, "plus_55"), age(2, "plus_55"))}
    choix = Choix(liaisons, held)
    for cle in narrow:
        held[cle] = "seuil-effectif"
    taken = choix.widen(narrow)
    assert choix.decided == [(age(0, "plus_55"), "intervalle")] and taken[0] == age(0, "plus_55")
    for cle in taken:
        del held[cle]
    choix.widen(narrow)
    assert len(choix.decided) == 3 and total not in {cle for cle, _ in choix.decided}
