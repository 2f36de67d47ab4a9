"""LibreOffice for the tests that need a real one: an office that listens, and what is done in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SYSTEM_PYTHON = "/usr/bin/python3"
HERE = Path(__file__).parent


def has_uno() -> bool:
    try:
        return subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True).returncode == 0
    except OSError:
        return False


needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None or not has_uno(), reason="LibreOffice and its Python bridge are needed"
)


@contextmanager
def office(profile: Path) -> Iterator[Callable[..., None]]:
    """An office with that profile; what it gives runs a script of the tests in it: the script, its arguments."""
    pipe = f"essai{uuid.uuid4().hex}"
    options = ["--headless", "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp;"]
    running = subprocess.Popen(
        ["soffice", f"-env:UserInstallation={profile.as_uri()}", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def act(script: Path, *arguments: object) -> None:
        command = [SYSTEM_PYTHON, script, pipe, *arguments]
        environment = {**os.environ, "PYTHONPATH": str(HERE)}  # the bridge alone: it is not our Python
        subprocess.run([str(part) for part in command], check=True, timeout=300, env=environment)

    try:
        yield act
    finally:
        running.terminate()
        running.wait(60)
