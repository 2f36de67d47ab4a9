"""The chapters follow the table of territories; a text that names nothing is refused before the run."""

from __future__ import annotations

import pytest
from small import Handed

from analysis.chapitres.catalogue import catalogue, notebooks, selected
from analysis.chapitres.opening import ouvrir
from analysis.noyau.errors import BilanError, InvalidData, UnknownName
from analysis.noyau.paths import Project
from analysis.sources.register import Register


def test_synthesis_then_comparisons_then_one_chapter_a_territory(register: Register) -> None:
    assert [chapter.code for chapter in catalogue(register)] == [
        "synthese",
        "exhaustivite",
        "economie_ebe",
        "depenses_passives",
        "comparaison",
        "impact",
        "participation",
        "vie_associative",
        "territoires_suivis",
        "habilitation",
        "val",
        "vide",
    ]


def test_invented_territories_are_compared_with_nothing_published(register: Register) -> None:
    codes = [chapter.code for chapter in catalogue(register, "demonstration")]
    assert codes == [
        "synthese",
        "exhaustivite",
        "economie_ebe",
        "depenses_passives",
        "impact",
        "participation",
        "vie_associative",
        "territoires_suivis",
        "habilitation-haute-lande",
        "habilitation-rives-du-moulin",
        "val",
        "vide",
    ]
    assert "comparaison.ipynb" in notebooks("reel") and "comparaison.ipynb" not in notebooks("demonstration")


def test_selection_keeps_the_order_of_the_book_and_refuses_the_unknown(register: Register) -> None:
    chapters = catalogue(register)
    assert [c.code for c in selected(chapters, ["vide", "synthese"])] == ["synthese", "vide"]
    with pytest.raises(
        UnknownName, match="Territoire ou chapitre inconnu : « thier ».*habilitation, val, vide"
    ):
        selected(chapters, ["thier"])
    with pytest.raises(UnknownName, match="Vouliez-vous dire « participation »"):
        selected(chapters, ["participatoin"])


def test_text_with_an_unknown_placeholder_is_refused_with_its_file(
    small: Project, register: Register, handed: Handed
) -> None:
    small.texts.mkdir(parents=True)
    (small.texts / "val.md").write_text(
        "auteur: Ada\ndate: 2026-11-23\n\nIl y a {effectif}.\n", encoding="utf-8"
    )
    with pytest.raises(InvalidData, match="notebooks/textes/val.md.*« effectif »"):
        handed(small, register, "val")


def test_opening_in_the_atelier_and_in_the_batch(
    small: Project, register: Register, handed: Handed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILAN_RACINE", str(small.root))
    assert ouvrir("val").mode == "atelier"
    paquet = small.root / "paquet.json"
    paquet.write_bytes(handed(small, register, "val").to_bytes())
    monkeypatch.setenv("BILAN_PAQUET", str(paquet))
    assert ouvrir("val").mode == "publication"
    with pytest.raises(BilanError, match="ouvre « vide » et a reçu le paquet de « val »"):
        ouvrir("vide")
