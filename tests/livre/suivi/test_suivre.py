"""What is written is seen in the browser at the same place; what is to be mended, over the version that stays."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect
from small import write_buildable, write_notebooks

from analysis.noyau.files.locks import NAME
from analysis.noyau.paths import Project

PATIENCE = 240_000
"""Milliseconds that a build may take on a machine that does much else; it takes seconds."""

SHOWN = (
    "\nfrom analysis.presentation.published.territoire import texte\n"
    "Block(ancres + ('<h2>Regard</h2>' + texte(chapitre).html if chapitre.territoire else ''))"
)
LETTERS = [f"{first}{second}" for first in "abcde" for second in "abcdefgh"]
PROSE = "\n\n".join(f"Paragraphe {name} du chapitre, qui fait défiler la page." for name in LETTERS)


def write_text(project: Project, sentence: str) -> None:
    body = "\n\n".join(f"Ligne {name} du texte, que rien ne change." for name in LETTERS)
    project.texts.mkdir(exist_ok=True)
    (project.texts / "val.md").write_text(
        f"auteur: Une équipe\ndate: 2020-01-01\n\n### Ce que l'on sait {{#sait}}\n\n{body}\n\n{sentence}\n",
        encoding="utf-8",
    )


@dataclass(frozen=True)
class Followed:
    """A project that is followed: its files, the command that follows them, its address."""

    project: Project
    command: subprocess.Popen[str]
    address: str


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followed]:
    project = write_buildable(tmp_path / "projet")
    write_notebooks(project, prose=PROSE, after=SHOWN)
    write_text(project, "Une première phrase.")
    command = subprocess.Popen(
        [sys.executable, "-m", "analysis.cli", "serve", "--suivre", "--port", str(free_port())],
        stdout=subprocess.PIPE,
        env={**os.environ, "BILAN_RACINE": str(project.root), "PYTHONIOENCODING": "utf-8"},
        encoding="utf-8",
        start_new_session=True,
        preexec_fn=lambda: signal.signal(
            signal.SIGINT, signal.SIG_DFL
        ),  # a suite run behind a shell ignores it
    )
    try:
        assert command.stdout is not None
        yield Followed(project, command, command.stdout.readline().split()[0])
    finally:
        command.terminate()
        command.wait(60)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.mark.lent
def test_what_is_written_is_seen_at_the_same_place(browser: Browser, followed: Followed) -> None:
    project, address = followed.project, followed.address
    page = browser.new_page(viewport={"width": 1280, "height": 700})
    page.set_default_timeout(PATIENCE)
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto(f"{address}val.html")
    expect(page.locator("body")).to_contain_text("Une première phrase.", timeout=PATIENCE)
    expect(page.locator("#suivi .cours")).to_have_count(0, timeout=PATIENCE)

    page.get_by_text("Une première phrase.").scroll_into_view_if_needed()
    at = place(page, "Ligne eg du texte")
    assert page.evaluate("scrollY") > 300
    write_text(project, "Une phrase relue.")
    expect(page.locator("body")).to_contain_text("Une phrase relue.", timeout=PATIENCE)
    page.wait_for_function("sessionStorage.getItem('bilan-suivi') === null")
    assert place(page, "Ligne eg du texte") == pytest.approx(at, abs=2)

    write_text(project, "Une phrase qui cite {effectif_perdu@2018}.")
    panel = page.locator("#suivi section")
    expect(panel).to_contain_text("val.md", timeout=PATIENCE)
    assert re.search(r"ligne \d+", panel.inner_text()) and "effectif_perdu" in panel.inner_text()
    expect(page.locator("main")).to_contain_text("Une phrase relue.")
    assert place(page, "Ligne eg du texte") == pytest.approx(at, abs=2)

    write_text(project, "Une phrase relue.")
    expect(panel).to_have_count(0, timeout=PATIENCE)

    write_notebooks(project, prose=PROSE, more="absent\n", after=SHOWN)
    expect(panel).to_contain_text(re.compile(r"ÉCHEC val : cellule 3, ligne 1 : NameError"), timeout=PATIENCE)
    expect(page.locator("main")).to_contain_text("Une phrase relue.")
    write_notebooks(project, prose=PROSE.replace("Paragraphe aa", "Paragraphe tout neuf"), after=SHOWN)
    expect(page.locator("main")).to_contain_text("Paragraphe tout neuf", timeout=PATIENCE)
    expect(panel).to_have_count(0, timeout=PATIENCE)
    page.close()
    assert [text for text in wrong if "Content Security" in text] == []

    served = [p.read_text(encoding="utf-8") for p in project.html.glob("*.html")]
    assert served and not any("/.suivi/" in html or "connect-src" in html for html in served)


@pytest.mark.lent
def test_ctrl_c_ends_it_and_what_it_began(followed: Followed) -> None:
    command, started = psutil.Process(followed.command.pid), time.monotonic()
    while not (followed.project.stations / NAME).exists():  # a build has begun
        assert time.monotonic() - started < PATIENCE / 1000
        time.sleep(0.05)
    children = command.children(recursive=True)
    followed.command.send_signal(signal.SIGINT)
    assert followed.command.wait(60) == 0
    assert children
    _, left = psutil.wait_procs(children, timeout=60)
    assert left == []


def place(page: Page, words: str) -> float:
    """How far below the top of the screen the words stand."""
    return float(page.get_by_text(words).evaluate("element => element.getBoundingClientRect().top"))
