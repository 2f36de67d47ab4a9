"""Ctrl-C, a polite kill and a brutal one: nothing half-written, no kernel left, the next build recovers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import psutil
import pytest

from analysis.chapitres.catalogue import notebooks
from analysis.noyau.paths import Project

SLOW = "import os, pathlib, time\npathlib.Path('noyau.pid').write_text(str(os.getpid()))\ntime.sleep(120)"


def notebook(project: Project, *cells: str) -> None:
    project.notebooks.mkdir(exist_ok=True)
    written = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell('territoire = "val"', metadata={"tags": ["parameters"]})]
        + [nbformat.v4.new_code_cell(cell) for cell in cells],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
    )
    for name in notebooks("reel"):
        nbformat.write(written, project.notebooks / name)


def heed_interruptions() -> None:
    """A shell that runs the tests in the background makes its children deaf to SIGINT."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> bool:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.skipif(os.name == "nt", reason="signals are those of Unix")
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -9)]
)
def test_an_interrupted_build(small: Project, tmp_path: Path, number: int, status: int) -> None:
    notebook(small, SLOW)
    command = [sys.executable, "-m", "analysis.cli", "build", "--territoire", "val"]
    environment = {**os.environ, "BILAN_RACINE": str(small.root)}
    build = subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=heed_interruptions,
    )
    started = tmp_path / "noyau.pid"
    assert wait_for(started.is_file), "the kernel did not start"
    assert wait_for(lambda: started.read_text(encoding="utf-8") != "")
    build.send_signal(number)
    _, told = build.communicate(timeout=30)

    assert build.returncode == status
    assert "Traceback" not in told and (status != 130 or "Interrompu" in told)
    assert wait_for(lambda: not psutil.pid_exists(int(started.read_text(encoding="utf-8"))), 15)
    assert not list(small.runs.glob("*.ipynb")) and not small.html.exists()

    notebook(small, "print(territoire)")
    again = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert "val" in {path.stem for path in small.runs.glob("*.ipynb")}, again.stderr
    assert not list(small.runs.glob(".en-cours-*"))
