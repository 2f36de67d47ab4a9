"""From contracts to stays: what joins two contracts, what ends a stay, and the days that it covers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from essai import contrat, depot

from analysis.indicateurs.episodes import Sejour, sejours


def stays_of(contrats: Iterable[dict[str, Any]]) -> list[Sejour]:
    return sejours(depot(contrats=contrats).arrays("contrats"))


def of(*contrats: dict[str, Any]) -> list[tuple[str, int, str, str | None, str | None]]:
    """The stays of these contracts, as text; None for a day or a reason that is missing."""
    return [
        (
            s.personne,
            s.rang,
            f"{s.debut}",
            f"{s.fin}" if s.fin else None,
            None if pd.isna(s.motif) else s.motif,
        )
        for s in stays_of(contrats)
    ]


def test_no_contract_gives_no_stay() -> None:
    assert stays_of([]) == []


def test_the_next_day_is_the_same_stay_and_the_day_after_is_another() -> None:
    first = contrat("p1", "2018-01-01", "2018-05-31", "avenant")
    assert of(first, contrat("p1", "2018-06-01")) == [("p1", 1, "2018-01-01", None, None)]
    assert of(first, contrat("p1", "2018-06-02")) == [
        ("p1", 1, "2018-01-01", "2018-05-31", "avenant"),
        ("p1", 2, "2018-06-02", None, None),
    ]


def test_a_short_contract_within_a_long_one_neither_ends_the_stay_nor_gives_its_reason() -> None:
    found = of(
        contrat("p1", "2018-01-01", "2018-12-31", "retraite", quotite=0.5),
        contrat("p1", "2018-02-01", "2018-03-31", "demission", quotite=0.5),
        contrat("p1", "2019-01-01", "2019-01-31", "autre_emploi"),
    )
    assert found == [("p1", 1, "2018-01-01", "2019-01-31", "autre_emploi")]


def test_a_contract_that_runs_absorbs_all_that_begins_after_it() -> None:
    found = of(
        contrat("p1", "2018-01-01", quotite=0.5),
        contrat("p1", "2018-02-01", "2018-03-31", "demission", quotite=0.5),
    )
    assert found == [("p1", 1, "2018-01-01", None, None)]


def test_of_contracts_that_end_together_the_last_begun_gives_the_reason() -> None:
    found = of(
        contrat("p1", "2018-03-01", "2018-12-31", "retraite", quotite=0.5),
        contrat("p1", "2018-01-01", "2018-12-31", "inaptitude", quotite=0.5),
    )
    assert found == [("p1", 1, "2018-01-01", "2018-12-31", "retraite")]


def test_the_stays_of_two_people_do_not_join() -> None:
    found = of(
        contrat("p2", "2018-06-01"),
        contrat("p1", "2018-01-01", "2018-05-31", "deces"),
        contrat("p2", "2017-01-01", "2017-01-01", "fin_essai"),
    )
    assert found == [
        ("p1", 1, "2018-01-01", "2018-05-31", "deces"),
        ("p2", 1, "2017-01-01", "2017-01-01", "fin_essai"),
        ("p2", 2, "2018-06-01", None, None),
    ]


@pytest.mark.parametrize("debut", ["2018-06-02", None])
def test_a_contract_that_ends_before_it_begins_or_never_begins_is_an_error(debut: str) -> None:
    with pytest.raises(ValueError, match="before it begins"):
        of(contrat("p1", debut, "2018-06-01", "demission"))


LAST = date(2018, 12, 31)


def drawn(rng: np.random.Generator, people: int = 6) -> list[dict[str, Any]]:
    """Short contracts of a year, many of which touch, overlap or leave a day between them."""
    found = []
    for person in range(people):
        for _ in range(int(rng.integers(0, 5))):
            debut = date(2018, 1, 1) + timedelta(days=int(rng.integers(0, 60)))
            fin = debut + timedelta(days=int(rng.integers(0, 15)))
            runs = rng.random() < 0.1
            found.append(
                contrat(
                    f"p{person}",
                    debut.isoformat(),
                    None if runs else fin.isoformat(),
                    None if runs else "demission",
                    ebe=f"ebe-{rng.integers(2)}",
                )
            )
    return found


def runs_of_days(contrats: list[dict[str, Any]]) -> list[tuple[str, date, date]]:
    """The longest runs of days under contract, from the set of those days; one that runs stops at LAST."""
    days: dict[str, set[date]] = {}
    for row in contrats:
        first = date.fromisoformat(row["date_debut"])
        last = date.fromisoformat(row["date_fin"]) if row["date_fin"] else LAST
        days.setdefault(row["personne"], set()).update(
            first + timedelta(days=k) for k in range((last - first).days + 1)
        )
    one = timedelta(days=1)
    found = []
    for person, worked in days.items():
        for day in sorted(worked):
            if day - one not in worked:
                end = day
                while end + one in worked:
                    end += one
                found.append((person, day, end))
    return sorted(found)


@pytest.mark.parametrize("seed", range(30))
def test_stays_are_the_runs_of_days_under_contract_in_any_order_of_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    contrats = drawn(rng)
    assert [(s.personne, s.debut, s.fin or LAST) for s in stays_of(contrats)] == runs_of_days(contrats)
    mixed = [contrats[i] for i in rng.permutation(len(contrats))]
    assert of(*mixed) == of(*contrats)
