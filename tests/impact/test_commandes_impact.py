"""The commands: nothing is accepted that was not computed under the protocol in force, and what moves is told."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from small import write_small_project

from analysis.impact import commandes_impact, resultats
from analysis.impact.calcul import calculer
from analysis.impact.plan import Planificateur
from analysis.impact.protocole import load_protocole
from analysis.impact.records import Estimate, Estimation, Resultats
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project
from analysis.sources.ouvertes.cartes import OPEN_DATA, load_cartes, trouver
from analysis.sources.ouvertes.lecture import Ouvertes
from analysis.sources.register import load_register

ONE = Estimation(
    "premery", "emploi_prive", "2017/2020", Estimate(30.5, "pour_cent", rank=1, placebos=80, method="d")
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.delenv(OPEN_DATA, raising=False)
    made = Project(write_small_project(tmp_path))
    here = Project.here()
    made.impact.mkdir()
    shutil.copy(here.impact / "protocole.toml", made.impact)
    shutil.copytree(here.data / "sources_ouvertes", made.data / "sources_ouvertes")
    return made


def computed(project: Project, effect: float = 30.5) -> Resultats:
    """Results as a run would leave them."""
    frozen = load_protocole(project)
    one = replace(ONE, estimate=replace(ONE.estimate, effect=effect))
    found = Resultats(frozen.empreinte, frozen.date, {"urssaf_emploi": "ab"}, estimations=(one,))
    resultats.write_resultats(found, commandes_impact.calcules(project))
    return found


def test_what_is_computed_is_compared_then_accepted(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    first = computed(project)
    assert commandes_impact.comparer(project) == 1
    assert "Rien n'était accepté : 1 estimation est nouvelle." in capsys.readouterr().out
    assert commandes_impact.accepter(project) == 0
    assert resultats.load_resultats(project) == first
    assert commandes_impact.comparer(project) == 0
    assert "Aucun résultat ne bouge." in capsys.readouterr().out


def test_accepted_results_that_no_longer_read_are_replaced(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    first = computed(project)
    assert commandes_impact.accepter(project) == 0
    (resultats.folder(project) / "estimations.csv").write_text("ancienne\n1\n", encoding="utf-8")
    with pytest.raises(BilanError, match=r"estimations\.csv"):
        commandes_impact.comparer(project)
    assert commandes_impact.accepter(project) == 0
    assert "Les résultats acceptés ne se lisent plus, ils sont remplacés." in capsys.readouterr().out
    assert resultats.load_resultats(project) == first


def test_what_moves_is_told_with_its_cause(project: Project) -> None:
    before = computed(project)
    after = computed(project, 31.0)
    told = commandes_impact.told(before, after)
    assert told.splitlines()[0] == "1 valeur bouge : estimations 1."
    assert "Ni le protocole ni les données n'ont changé" in told
    assert (
        "- estimations, premery / emploi_prive / 2017/2020 / d / aucune / pour_cent : effect 30.5 → 31"
        in told
    )
    other = replace(after, protocole="f" * 64, entrees={"urssaf_emploi": "cd", "filosofi": "ef"})
    told = commandes_impact.told(before, other)
    assert f"Le protocole a changé : {before.protocole[:12]} → ffffffffffff." in told
    assert "Les données ont changé : filosofi, urssaf_emploi." in told


def test_nothing_is_compared_before_it_is_computed_or_under_another_protocol(project: Project) -> None:
    with pytest.raises(BilanError, match="lancez d'abord « bilan impact calculer »"):
        commandes_impact.comparer(project)
    resultats.write_resultats(
        replace(computed(project), protocole="0" * 64), commandes_impact.calcules(project)
    )
    with pytest.raises(BilanError, match="sous le protocole 000000000000, celui d'aujourd'hui est"):
        commandes_impact.accepter(project)


def test_without_open_data_nothing_is_opened_and_the_file_is_named(project: Project) -> None:
    with pytest.raises(BilanError, match="« urssaf-emploi-prive-2014-2024/effectifs_communes.csv » manque"):
        commandes_impact.calculer(project)
    assert not (project.impact / "ouvertures.csv").exists()


def test_the_invented_territories_have_no_impact_of_open_data(project: Project) -> None:
    with pytest.raises(BilanError, match="Les territoires inventés n'ont pas de données ouvertes"):
        commandes_impact.comparer(project.demonstration)


def test_the_accepted_results_are_those_of_the_protocol_in_force() -> None:
    accepted = resultats.load_resultats(Project.here())
    assert accepted is not None
    assert accepted.protocole == load_protocole(Project.here()).empreinte
    assert {c.territoire for c in accepted.comparaisons} == set(load_protocole(Project.here()).territoires)


@pytest.mark.lent
def test_the_open_data_give_the_accepted_results_again_to_the_byte() -> None:
    """Where the open data are: every figure of the impact chapters is made again here."""
    here = Project.here()
    cartes = load_cartes(here)
    if any(trouver(here, f.nom) is None for carte in cartes.values() for f in carte.fichiers):
        pytest.skip("les données ouvertes ne sont pas sur cette machine")
    ouvertes = Ouvertes(here)
    found = calculer(Planificateur(load_protocole(here), ouvertes, load_register(here)), lambda _: None)
    place = resultats.folder(here)
    assert {name: (place / f"{name}.csv").read_text(encoding="utf-8") for name in resultats.TABLES} == (
        resultats.texts(found)
    )
    assert (place / resultats.PROVENANCE).read_text(encoding="utf-8") == resultats.provenance(found)
