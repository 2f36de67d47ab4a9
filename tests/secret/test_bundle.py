"""What crosses the gate: released objects only, and the same ones after a trip as bytes."""

from __future__ import annotations

import pytest

from analysis.secret.bundle import Bundle
from analysis.secret.release import Released, release_published


def test_a_bundle_is_the_same_after_a_trip_as_bytes(val: Bundle) -> None:
    content = val.to_bytes()
    assert Bundle.from_bytes(content) == val
    assert Bundle.from_bytes(content).to_bytes() == content


def test_a_territory_gets_its_own_figures_and_its_zones_series(val: Bundle, vide: Bundle) -> None:
    assert [r.content.numero for r in val.chiffres] == [1, 2, 3, 4, 5]
    assert [r.content.zone for r in val.series] == ["58001", "0060"]
    assert vide.chiffres == () and vide.series == ()


def test_the_synthesis_gets_every_figure(synthese: Bundle) -> None:
    assert [r.content.numero for r in synthese.chiffres] == [1, 2, 3, 4, 5, 6]
    assert [r.content.numero for r in synthese.of("effectif_ebe", place="national")] == [6]


def test_every_figure_of_a_bundle_is_released_with_its_rule(val: Bundle) -> None:
    assert all(isinstance(r, Released) and r.rule == "deja-publie" for r in val.chiffres + val.series)


def test_what_was_not_published_is_not_released() -> None:
    with pytest.raises(TypeError, match="n'est pas un chiffre publié"):
        release_published(42)  # type: ignore[type-var]
