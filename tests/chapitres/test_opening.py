"""A chapter opened in the atelier: an error of ours is its sentence, and the demonstration opens too."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from IPython.core.interactiveshell import InteractiveShell

from analysis.chapitres.opening import ouvrir
from analysis.noyau.paths import Project
from analysis.presentation.parts.marks import heading


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def test_an_error_of_ours_is_one_sentence(
    shell: InteractiveShell,
    small: Project,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("BILAN_RACINE", str(small.root))
    result = shell.run_cell("from analysis import ouvrir; ouvrir('vall')")
    assert result.error_in_exec is not None
    told = capsys.readouterr().out.strip().splitlines()
    assert len(told) == 1
    assert "« vall »" in told[0] and "Vouliez-vous dire « val »" in told[0]


def test_the_demonstration_opens_with_its_deposits(ten: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILAN_RACINE", str(ten.root))
    assert Project.here() == ten
    code = next(path.name for path in (ten.depots / "recus").iterdir())
    chapitre = ouvrir(code)
    assert chapitre.mode == "atelier" and chapitre.nature == "demonstration" and chapitre.mesures
    assert "Atelier : non publiable. Démonstration" in heading(chapitre, "Titre").html


def test_opening_a_released_bundle_reads_no_deposit_and_checks_no_table() -> None:
    """What a chapter's process imports is paid by each of them."""
    told = "import sys; import analysis.chapitres.opening; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, encoding="utf-8", check=True)
    loaded = set(done.stdout.split())
    assert "analysis.secret.bundle" in loaded
    assert not loaded & {"pandas", "analysis.indicateurs.donnees", "analysis.depot.dossier"}
