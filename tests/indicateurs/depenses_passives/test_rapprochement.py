"""The gap between two evaluations: the steps of Shapley against every order, and against known shares."""

from __future__ import annotations

from itertools import permutations
from statistics import mean

import pandas as pd
import pytest

from analysis.indicateurs.depenses_passives.declarations import Declarations
from analysis.indicateurs.depenses_passives.rapprochement import cascade, shapley
from analysis.indicateurs.depenses_passives.resultats import Cascade


def value(changed: frozenset[str]) -> float:
    """A game with every interaction: nothing in it is additive."""
    a, b, c, d = (name in changed for name in "abcd")
    return 10 * a + 4 * b * (1 + 2 * c) - 3 * a * c * d + 7 * d


def test_the_steps_are_the_mean_over_every_order() -> None:
    found = shapley("abcd", value)
    for name in "abcd":
        gains = []
        for order in permutations("abcd"):
            before = frozenset(order[: order.index(name)])
            gains.append(value(before | {name}) - value(before))
        assert found[name] == pytest.approx(mean(gains))
    assert sum(found.values()) == pytest.approx(value(frozenset("abcd")) - value(frozenset()))


def test_the_order_of_the_factors_is_nothing() -> None:
    assert shapley("abcd", value) == pytest.approx(shapley("dcba", value))


@pytest.mark.verification
def test_the_airport_game_has_its_published_shares() -> None:
    """Littlechild and Owen (1973): costs of 1, 2 and 4 for runways are shared 1/3, 1/3 + 1/2, 1/3 + 1/2 + 2."""
    costs = {"a": 1.0, "b": 2.0, "c": 4.0}
    found = shapley("abc", lambda changed: max((costs[name] for name in changed), default=0.0))
    assert found == pytest.approx({"a": 1 / 3, "b": 5 / 6, "c": 17 / 6})


def test_steps_lead_from_one_result_to_the_other(declarations: Declarations, table: pd.DataFrame) -> None:
    first, second = declarations.scenarios["promoteurs-2015"], declarations.scenarios["comite-2021"]
    there, back = cascade(table, first, second), cascade(table, second, first)
    assert there.depart + sum(v for _, v in there.etapes) == pytest.approx(there.arrivee, abs=0.05)
    assert dict(back.etapes) == pytest.approx({name: -v for name, v in there.etapes}, abs=0.02)
    assert not there.publie and there.non_explique == 0


def test_what_published_figures_differ_by_and_the_engine_does_not_is_not_explained(
    declarations: Declarations, table: pd.DataFrame
) -> None:
    first, second = declarations.scenarios["promoteurs-2015"], declarations.scenarios["hcsp-2025"]
    told = cascade(table, first, second, publies=(16000.0, 12000.0))
    explained = sum(v for _, v in told.etapes)
    assert told.publie and told.non_explique == pytest.approx(-4000 - explained, abs=0.05)


def test_steps_that_lead_elsewhere_are_refused() -> None:
    with pytest.raises(ValueError, match="lead to 15.00, not 20.00"):
        Cascade("a", "b", 10.0, 20.0, (("effet_emploi", 5.0),), 0.0, publie=False)
