"""Fixtures that all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from small import (
    CLONED,
    Handed,
    receive_all,
    write_clone,
    write_demonstration_root,
    write_small_project,
)

from analysis.chapitres.catalogue import make_bundle, measures_for
from analysis.demonstration.bilan import demonstration
from analysis.indicateurs.calcul import calculer
from analysis.indicateurs.depenses_passives.etude import etudier
from analysis.livre.build import build
from analysis.noyau.paths import Project
from analysis.secret.bundle import Bundle, bundle_ensemble, bundle_territoire
from analysis.sources.register import Register, load_register


@pytest.fixture
def small(tmp_path: Path) -> Project:
    """A project of two territories, one without any figure."""
    return Project(write_small_project(tmp_path))


@pytest.fixture
def register(small: Project) -> Register:
    return load_register(small)


@pytest.fixture
def val(register: Register) -> Bundle:
    """The bundle of the territory that has figures."""
    return bundle_territoire(register, "val", texte=None)


@pytest.fixture
def vide(register: Register) -> Bundle:
    """The bundle of the territory that has none."""
    return bundle_territoire(register, "vide", texte=None)


@pytest.fixture
def synthese(register: Register) -> Bundle:
    return bundle_ensemble(register, "synthese", texte=None)


@pytest.fixture(scope="session")
def handed() -> Handed:
    def made(project: Project, register: Register, code: str) -> Bundle:
        resultats = calculer(project, [territoire.code for territoire in register.territoires])
        mesures = measures_for("publication", resultats)
        return make_bundle(
            project,
            register,
            code,
            resultats=resultats,
            mesures=mesures,
            etude=etudier(project, register),
            mode="publication",
        )

    return made


@pytest.fixture(scope="session")
def published() -> Register:
    """The repository's own register."""
    return load_register(Project.here())


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The repository's bilan in git, two chapters of it built: what tests read of it they leave as it was."""
    project = write_clone(tmp_path_factory.mktemp("édition"))
    assert build(project, codes=CLONED, workers=2) == 0
    return project


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The demonstration of three territories, built, in a project of its own."""
    project = write_demonstration_root(tmp_path_factory.mktemp("projet"))
    assert demonstration(project, nombre=3, workers=2) == 0
    return project.demonstration


@pytest.fixture(scope="session")
def ten(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Ten invented territories whose deposits are received and coded, one of three people among them."""
    return receive_all(write_demonstration_root(tmp_path_factory.mktemp("dix")))
