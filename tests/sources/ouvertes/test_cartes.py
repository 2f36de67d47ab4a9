"""Cards of open data: complete, or refused by name; what is there is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analysis.noyau.errors import BilanError, UnknownName
from analysis.noyau.paths import Project
from analysis.sources.ouvertes import commandes_ouvertes
from analysis.sources.ouvertes.cartes import OPEN_DATA, load_cartes, trouver
from analysis.sources.ouvertes.presence import presences

SIX = {
    *("chomage_localise", "dares_inscrits", "filosofi", "inscrits_anciennete", "recensement"),
    *("urssaf_emploi", "geographie"),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.delenv(OPEN_DATA, raising=False)
    shutil.copytree(Project.here().data / "sources_ouvertes", tmp_path / "data" / "sources_ouvertes")
    return Project(tmp_path)


def test_each_source_has_a_card_that_says_all() -> None:
    cartes = load_cartes(Project.here())
    assert set(cartes) == SIX
    for carte in cartes.values():
        assert carte.page.startswith("https://")
        assert all(len(fichier.sha256) == 64 for fichier in carte.fichiers)
    assert cartes["urssaf_emploi"].licence == "Open Database License (ODbL)"
    assert cartes["urssaf_emploi"].licence_verifiee.startswith("non vérifié")
    assert {
        b.period for b in cartes["urssaf_emploi"].ruptures if b.nature in ("niveau", "champ") and not b.zone
    } == {*(2021, 2023)}


@pytest.mark.parametrize("said", ["licence", "producteur", "page"])
def test_a_card_without_its_licence_is_refused_by_name(project: Project, said: str) -> None:
    path = project.data / "sources_ouvertes" / "filosofi.toml"
    kept = [
        line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(f"{said} =")
    ]
    path.write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(BilanError, match=f"sources_ouvertes/filosofi.toml : « {said} » manque"):
        load_cartes(project)


def test_a_card_that_does_not_read_or_has_a_field_too_many_is_named(project: Project) -> None:
    path = project.data / "sources_ouvertes" / "filosofi.toml"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole + '\n[[fichiers]]\nnom = "x"\ncouleur = "bleu"\n', encoding="utf-8")
    with pytest.raises(BilanError, match=r"filosofi\.toml se contredit"):
        load_cartes(project)
    path.write_text("licence =", encoding="utf-8")
    with pytest.raises(BilanError, match=r"filosofi\.toml ne se lit pas"):
        load_cartes(project)


def test_what_is_there_missing_or_changed_is_told(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nom = "rp2018-comparateur/comparateur_rp2018.csv"
    assert {p.etat for p in presences(project, load_cartes(project))} == {"manquant"}
    own, named = project.data / "open" / nom, tmp_path / "ailleurs" / nom
    own.parent.mkdir(parents=True)
    own.write_text("CODGEO,P13_POP,P18_POP\n", encoding="utf-8")
    assert trouver(project, nom) == own
    named.parent.mkdir(parents=True)
    named.write_text("CODGEO,P13_POP,P18_POP\n", encoding="utf-8")
    monkeypatch.setenv(OPEN_DATA, str(tmp_path / "ailleurs"))
    assert trouver(project, nom) == named
    assert [p.nom for p in presences(project, load_cartes(project)) if p.etat == "changé"] == [nom]
    assert commandes_ouvertes.montrer(project) == 1
    told = capsys.readouterr().out
    assert f"- {nom} : changé" in told
    assert "- filosofi-2016-2019/filosofi_2016_COM.csv : manquant" in told
    assert "Publié à : https://www.insee.fr/fr/statistiques/2521169" in told
    assert "Rupture 2023 : Les apprentis y entrent en juin 2023." in told


def test_a_content_that_a_source_has_not_is_named() -> None:
    with pytest.raises(UnknownName, match="Contenu de la source « recensement » inconnu : « ze »"):
        load_cartes(Project.here())["recensement"].fichier("ze")
