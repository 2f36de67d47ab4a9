"""What crosses the gate: released objects only, and the same ones after a trip as bytes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.noyau.definitions import load_definitions
from analysis.noyau.mesures import Cadre, Mesure
from analysis.noyau.paths import Project
from analysis.secret.bundle import Bundle, bundle_ensemble
from analysis.secret.release import Released, release_published
from analysis.sources.register import load_register


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


def test_the_categories_of_a_place_are_those_that_its_rows_tell() -> None:
    """Val tells two ages together in 2019 and apart in 2018, Aval always together, all of them always apart."""
    definitions = load_definitions(Project.here())
    codes = [choix.code for choix in definitions.of("attente_age").modalites]

    def released(lieu: str, day: str, told: list[str]) -> list[Released[Mesure]]:
        cell = Cadre(lieu, "reel", "dépôt", definitions).compte("attente_age", day, 9, modalite=codes[0])
        return [Released(replace(cell, modalite=code), "diffusable") for code in told]

    together = ["moins_45", *codes[2:]]
    mesures = [
        *released("val", "2018-12-31", codes),
        *released("val", "2019-12-31", together),
        *released("aval", "2019-12-31", together),
        *released("ensemble", "2019-12-31", codes),
    ]
    bundle = replace(
        bundle_ensemble(load_register(Project.here()), "synthese", texte=None),
        mesures=tuple(mesures),
        definitions=tuple(definitions.by_name.values()),
    )
    assert [code for code, _ in bundle.categories("attente_age", "ensemble")] == codes
    assert [code for code, _ in bundle.categories("attente_age", "aval")] == together
    assert [code for code, _ in bundle.categories("attente_age", "val")] == [*codes[:2], *together]
    assert dict(bundle.categories("attente_age", "aval"))["moins_45"] == "Moins de 45 ans"
