"""Fixtures that all tests share; each imports what it makes, as few of the processes of pytest make anything."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from navigateur import CHROMIUM, QUIET
from paliers import group_of, made_once, rank_of, tier_of, workers
from small import Handed, cloned, receive_all, write_clone, write_demonstration_root, write_small_project

from analysis.chapitres.warm.client import can_fork
from analysis.noyau.paths import Project

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from analysis.indicateurs.calcul import Resultats
    from analysis.indicateurs.depenses_passives.resultats import Etude
    from analysis.secret.bundle import Bundle
    from analysis.sources.register import Register

collect_ignore = ["secret/gconfid_juge.py"]
"""What another environment runs, with libraries that this one does not have."""

gc.disable()
"""Until the tests are collected: what is imported stays, and is not looked at again and again for what may go."""

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
"""Compiled modules are kept, as Python does of itself: the workers and the processes of the tests would each compile
the project and the tests anew, a fifth of what they take to begin."""


LONGEST_NAME = 300
"""Characters of a value that the name of a test may hold: one of four megabytes went with each of its reports."""


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A file's bytes are named, not printed: those of an archive hold the time, and workers would disagree."""
    is_long = isinstance(val, str) and len(val) > LONGEST_NAME
    return argname if isinstance(val, bytes) or is_long else None


@pytest.fixture
def small(tmp_path: Path) -> Project:
    """A project of two territories, one without any figure."""
    return Project(write_small_project(tmp_path))


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    """The register of the small project as it is written: read once, frozen."""
    from analysis.sources.register import load_register

    return load_register(Project(write_small_project(tmp_path_factory.mktemp("petit"))))


@pytest.fixture(scope="session")
def val(register: Register) -> Bundle:
    """The bundle of the territory that has figures."""
    from analysis.secret.bundle import bundle_territoire

    return bundle_territoire(register, "val", texte=None)


@pytest.fixture(scope="session")
def vide(register: Register) -> Bundle:
    """The bundle of the territory that has none."""
    from analysis.secret.bundle import bundle_territoire

    return bundle_territoire(register, "vide", texte=None)


@pytest.fixture(scope="session")
def synthese(register: Register) -> Bundle:
    from analysis.secret.bundle import bundle_ensemble

    return bundle_ensemble(register, "synthese", texte=None)


@pytest.fixture
def sketched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts are drawn and not written, for tests that read words: a fraction of the time."""
    from analysis.presentation.drawing import style

    monkeypatch.setattr(style, "to_svg", lambda _figure: b"<svg/>")


@pytest.fixture(scope="session")
def handed() -> Handed:
    from analysis.chapitres.catalogue import make_bundle, measures_for
    from analysis.indicateurs.calcul import calculer
    from analysis.indicateurs.depenses_passives.etude import etudier

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
    from analysis.sources.register import load_register

    return load_register(Project.here())


@pytest.fixture(scope="session")
def etude(published: Register) -> Etude:
    """The study of the real case types on the published figures: made once, read by several rooms."""
    from analysis.indicateurs.depenses_passives.etude import etudier

    found = etudier(Project.here(), published)
    assert found is not None
    return found


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the session, the same for all its workers, where whole projects are made once."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "projets"


@pytest.fixture(scope="session")
def clone(kept: Path) -> Project:
    """The repository's bilan in git, some chapters of it built. To be read: who changes it works on a copy."""
    from analysis.livre.build import build

    def make(folder: Path) -> None:
        assert build(write_clone(folder), codes=cloned(), workers=2) == 0

    return Project(made_once(kept, "édition", make))


@pytest.fixture(scope="session")
def invented(kept: Path) -> Project:
    """The demonstration of three territories, built in a project of its own. To be read, as the clone."""
    from analysis.demonstration.bilan import demonstration

    def make(folder: Path) -> None:
        assert demonstration(write_demonstration_root(folder), nombre=3, workers=2) == 0

    return Project(made_once(kept, "projet", make)).demonstration


@pytest.fixture(scope="session")
def ten(kept: Path) -> Project:
    """Ten invented territories whose deposits are received and coded, one of three people among them. To be read."""
    return Project(
        made_once(kept, "dix", lambda folder: receive_all(write_demonstration_root(folder)))
    ).demonstration


@pytest.fixture(scope="session")
def resultats_of_ten(ten: Project) -> Resultats:
    """What is measured of the ten territories together."""
    from analysis.indicateurs.calcul import calculer
    from analysis.sources.register import load_register

    return calculer(ten, [territoire.code for territoire in load_register(ten).territoires])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a file; each opens a context of its own."""
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: chromium)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


def pytest_configure(config: pytest.Config) -> None:
    """Notebooks run in the kernel that the atelier offers, forked from a process that has imported everything."""
    if can_fork() and not config.option.nbval_kernel_name:
        config.option.nbval_kernel_name = "bilan"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """The first cell of a notebook starts its kernel, which stands among the settings of the atelier."""
    with pytest.MonkeyPatch.context() as patch:
        if item.path.suffix == ".ipynb":
            from analysis.chapitres.banc.atelier import SETTINGS

            patch.setenv("JUPYTER_PATH", str(SETTINGS))
        yield


def pytest_xdist_auto_num_workers() -> int:
    return workers()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each test gets its tier, and the worker that shares what it needs; what takes longest comes first."""
    for item in items:
        item.add_marker(tier_of(item))
        item.add_marker(pytest.mark.xdist_group(group_of(item)))
    items.sort(key=rank_of)


def pytest_collection_finish() -> None:
    """All that was imported is set apart, and what the tests make is looked after as ever."""
    gc.freeze()
    gc.enable()
