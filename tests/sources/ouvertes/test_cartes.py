"""Cards of open data: complete, or refused by name; what is there is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from small import write_small_project

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


def test_the_mergers_of_a_territory_are_told_where_the_code_geographique_is_there(tmp_path: Path) -> None:
    project = Project(write_small_project(tmp_path))
    shutil.copytree(Project.here().data / "sources_ouvertes", project.data / "sources_ouvertes")
    assert commandes_ouvertes.fusionnees(project) == []
    path = project.data / "open" / "insee-cog" / "v_mvt_commune_2024.csv"
    path.parent.mkdir(parents=True)
    head = "MOD,DATE_EFF,TYPECOM_AV,COM_AV,TYPECOM_AP,COM_AP\n"
    path.write_text(f"{head}32,2019-01-01,COM,14001,COM,14002\n", encoding="utf-8")
    (told,) = commandes_ouvertes.fusionnees(project)
    assert told.endswith("2 communes changent de contour depuis 2014, aucune d'un territoire.")
    path.write_text(f"{head}32,2019-01-01,COM,58002,COM,58001\n", encoding="utf-8")
    (told,) = commandes_ouvertes.fusionnees(project)
    assert "à déclarer dans les cartes : 58001 (commune nouvelle au 2019-01-01)." in told
