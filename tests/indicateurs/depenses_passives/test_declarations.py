"""The declared tables: what contradicts itself is refused, what is dated is read at its date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis.indicateurs.depenses_passives.declarations import Declarations
from analysis.noyau.errors import BilanError, InvalidData

Row = dict[str, str]


def changed(declarations: Declarations, table: str, change: Callable[[list[Row]], None]) -> Declarations:
    rows = [dict(row) for row in declarations.tables[table]]
    change(rows)
    return replace(declarations, tables={**declarations.tables, table: tuple(rows)})


def test_an_unknown_assumption_is_refused(declarations: Declarations) -> None:
    with pytest.raises(InvalidData, match="« effet_magique »"):
        changed(declarations, "hypotheses", lambda rows: rows[0].update(hypothese="effet_magique"))


def test_bounds_out_of_order_are_refused(declarations: Declarations) -> None:
    with pytest.raises(InvalidData, match="basse ≤ centrale ≤ haute"):
        changed(declarations, "hypotheses", lambda rows: rows[0].update(basse="0.9"))


def test_the_central_scenario_says_everything(declarations: Declarations) -> None:
    with pytest.raises(InvalidData, match="central sans part_rsa"):
        changed(declarations, "hypotheses", lambda rows: rows.pop(0))


def test_the_weights_of_a_resource_make_a_whole(declarations: Declarations) -> None:
    with pytest.raises(InvalidData, match="poids 1.25"):
        changed(declarations, "cas_types", lambda rows: rows[0].update(poids="0.75"))


def test_no_month_of_a_line_is_left_to_nobody(declarations: Declarations) -> None:
    def shorten(rows: list[Row]) -> None:
        next(r for r in rows if r["ligne"] == "csg_crds" and r["payeur"] == "unedic").update(part="0.1")

    with pytest.raises(InvalidData, match="csg_crds en 2019-01"):
        changed(declarations, "affectations", shorten)


def test_a_scenario_has_the_central_values_that_it_does_not_change(declarations: Declarations) -> None:
    scenario = declarations.scenarios["comite-2021"]
    values = {h.hypothese: h.centrale for h in scenario.hypotheses}
    central = {h.hypothese: h.centrale for h in declarations.scenarios["central"].hypotheses}
    assert values == {**central, "effet_emploi": 0.44}


def test_borrowed_effects_say_so(declarations: Declarations) -> None:
    for code in ("central", "comite-2021"):
        told = next(h for h in declarations.scenarios[code].hypotheses if h.hypothese == "effet_emploi")
        assert told.statut == "transpose" and told.source


def test_constant_euros_follow_the_index(declarations: Declarations) -> None:
    """1,000 euros of 2015 in the euros of 2019: 1,000 × 104.2 / 100."""
    assert declarations.euros_constants(1000, 2015, 2019) == pytest.approx(1042)
    assert declarations.euros_constants(1000, 2027, 2025) == 1000  # no later index
    with pytest.raises(BilanError, match="Aucun indice des prix pour 2003"):
        declarations.euros_constants(1000, 2003, 2019)


def test_the_shares_of_a_scenario_make_a_whole(declarations: Declarations) -> None:
    def double(rows: list[Row]) -> None:
        next(r for r in rows if r["scenario"] == "igas-igf-2019" and r["hypothese"] == "part_rsa").update(
            centrale="0.4"
        )

    with pytest.raises(InvalidData, match="igas-igf-2019 : parts de somme 1.13"):
        changed(declarations, "hypotheses", double)
