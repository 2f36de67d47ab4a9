"""Measures that are kept are those that would be computed, and one deposit that moves is computed alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from small import REPOSITORY

from analysis.indicateurs.calcul import Resultats, calculer
from analysis.indicateurs.gardees import Gardees, etude_gardee, gardees
from analysis.noyau.definitions import load_definitions
from analysis.noyau.paths import Project
from analysis.sources.register import load_register

pytestmark = pytest.mark.lent
FAMILIES = {
    "exhaustivite",
    "parcours",
    "vie_associative",
    "economie_ebe",
    "enquetes",
    "textes",
    "locaux",
    "depenses_passives",
}


@pytest.fixture
def two(ten: Project, tmp_path: Path) -> tuple[Project, list[str]]:
    """A project of its own with the deposits of the first two of ten territories."""
    codes = [territoire.code for territoire in load_register(ten).territoires][:2]
    root = tmp_path / "projet"
    ignored = shutil.ignore_patterns("depot", "editions")
    shutil.copytree(Project.here().data, root / "data", ignore=ignored)
    project = Project(root).demonstration
    shutil.copytree(ten.data, project.data, ignore=lambda _, names: {"depot"} & set(names))
    for code in codes:
        shutil.copytree(ten.depots / "recus" / code, project.depots / "recus" / code)
    shutil.copyfile(ten.lock, project.lock)
    return project, codes


def remade(garde: Gardees) -> set[str]:
    return {place.removeprefix("mesures/") for place, v in garde.store.verdicts.items() if not v.is_kept}


def test_what_is_kept_of_the_same_results_has_the_same_bytes() -> None:
    """A set has an order of its own in each process: what follows would be taken for changed."""
    agreed = [("val", f"ebe-{rank}", "2019-12-31") for rank in range(20)]
    results = Resultats(load_definitions(Project(REPOSITORY)), (), frozenset(agreed))
    kept = TypeAdapter(Resultats).dump_python(results, mode="json")["accords"]
    assert [tuple(one) for one in kept] == sorted(agreed)
    assert TypeAdapter(Resultats).validate_json(TypeAdapter(Resultats).dump_json(results)) == results


def test_one_deposit_that_moves_is_computed_alone(two: tuple[Project, list[str]]) -> None:
    project, codes = two
    first, second = codes
    whole = calculer(project, codes)
    before = gardees(project)
    assert before.resultats(codes) == whole
    assert remade(before) == {"toutes", *(f"{code}/{family}" for code in codes for family in FAMILIES)}
    again = gardees(project)
    assert again.resultats(codes) == whole and remade(again) == set()

    table = next((project.depots / "recus" / second).rglob("personnes.csv"))
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(lines[:-1]), encoding="utf-8", newline="\n")
    after = gardees(project)
    moved = after.resultats(codes)
    assert moved == calculer(project, codes) and moved != whole
    assert remade(after) == {"toutes", *(f"{second}/{family}" for family in FAMILIES)}
    assert "le dépôt de " + second in after.store.verdicts["mesures/toutes"].reason
    own = [m for m in moved.mesures if m.lieu == first]
    assert own == [m for m in whole.mesures if m.lieu == first]

    label = project.dictionary / "mesures.csv"
    label.write_text(label.read_text(encoding="utf-8").replace("Durée", "La durée", 1), encoding="utf-8")
    assert gardees(project).resultats(codes) == calculer(project, codes)


def test_what_is_kept_of_deposits_stands_with_them_and_what_is_damaged_is_computed(
    two: tuple[Project, list[str]],
) -> None:
    project, codes = two
    whole = gardees(project).resultats(codes)
    kept = {path for path in project.root.rglob("*") if path.is_file() and "stations" in path.parts}
    assert kept and all(p.is_relative_to(project.prive) or p.name == "modules.json" for p in kept)
    product = project.stations_privees / "mesures" / "toutes"
    product.write_bytes(product.read_bytes()[:-10])
    assert gardees(project).resultats(codes) == whole


def test_the_study_moves_with_the_published_amounts_alone(published: object, tmp_path: Path) -> None:
    project = Project(tmp_path)
    real = Project.here()
    for name in ("data/depenses_passives", "data/dictionary"):
        shutil.copytree(real.root / name, tmp_path / name)
    shutil.copytree(real.published, project.published)
    for name in ("territoires.csv", "ebe.csv", "ensembles.csv", "errata.csv"):
        shutil.copyfile(real.data / name, project.data / name)
    shutil.copyfile(real.lock, project.lock)
    first = etude_gardee(project, load_register(project))
    kept = project.stations / "etude.fiche"
    noted = kept.read_bytes()
    figures = project.published / "chiffres.csv"
    text = figures.read_text(encoding="utf-8")
    figures.write_text(text.replace("Molles-Cizolles", "Molles et Cizolles"), encoding="utf-8")
    assert etude_gardee(project, load_register(project)) == first and kept.read_bytes() == noted
    assumptions = project.depenses_passives / "prix.csv"
    rows = assumptions.read_text(encoding="utf-8")
    assumptions.write_text(rows.replace("\n", "\r\n"), encoding="utf-8", newline="")
    assert etude_gardee(project, load_register(project)) == first and kept.read_bytes() != noted
    invented = project.demonstration
    assert etude_gardee(invented, load_register(project)) == first
    assert not (invented.stations / "etude").exists(), "that of the real bilan is taken"
    kept.unlink()
    assert etude_gardee(invented, load_register(project)) == first
    assert (invented.stations / "etude").exists() and not kept.exists(), "nothing is left to the real bilan"
