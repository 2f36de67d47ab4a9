"""The atelier in the real JupyterLab: what a chapter shows there is seen, stored nowhere and kept out of git."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.error import HTTPError as HTTPRefusal
from urllib.request import urlopen

import pytest
from deposits import person, tables
from playwright.sync_api import Error, Page, sync_playwright
from small import write_clone
from tornado.web import HTTPError

from analysis.chapitres.banc.atelier import check_options, keep_cells_alone
from analysis.depot.commandes_depot import recevoir
from analysis.depot.ecrits.modele import write_workbook
from analysis.depot.referentiel import load_referentiel
from analysis.noyau.carnets import with_outputs
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project

CHROMIUM = os.environ.get("BILAN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
NOTEBOOK = "jupyterapp.shell.currentWidget"
IS_IDLE = f"{NOTEBOOK}?.sessionContext?.session?.kernel?.status === 'idle'"
RUN_ALL = "void jupyterapp.commands.execute('notebook:run-all-cells')"
HAS_RUN = f"{IS_IDLE} && {NOTEBOOK}.content.widgets.at(-1).model.executionCount > 0"
IS_SAVED = f"!{NOTEBOOK}.context.model.dirty"
OUTPUTS = f"JSON.stringify({NOTEBOOK}.content.widgets.map((cell) => cell.model.toJSON().outputs ?? []))"
UNMASKED = "(0\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}3)"
"""No offer for three volunteers: what the gate withholds from everyone else."""


def test_a_notebook_that_cannot_be_emptied_is_not_saved() -> None:
    with pytest.raises(HTTPError, match="Carnet non enregistré"):
        keep_cells_alone(model={"type": "notebook", "content": {"cells": [{"outputs": ["1 / 3"]}]}})


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
def test_what_the_atelier_shows_is_stored_nowhere(bench: tuple[Project, str]) -> None:
    project, address = bench
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(240_000)
        open_when_ready(page, address)
        assert page.locator(".lm-MenuBar-itemLabel").first.inner_text() == "Fichier"
        page.wait_for_function(IS_IDLE)
        page.evaluate(RUN_ALL)
        page.wait_for_function(HAS_RUN)
        assert UNMASKED in page.evaluate(OUTPUTS)
        text_stands_on_the_left_and_numbers_on_the_right(page)
        the_number_opens_its_row(project, page)
        the_site_is_for_who_is_logged_in(address)
        page.wait_for_function(IS_SAVED)
        browser.close()
    assert not list(with_outputs(project.notebooks))
    assert git_status(project) == ""


def text_stands_on_the_left_and_numbers_on_the_right(page: Page) -> None:
    aligned = "cells => [...new Set(cells.map(cell => getComputedStyle(cell).textAlign))]"
    cells = ".jp-OutputArea :is(th, td)"
    assert page.locator(f"{cells}:not(.nombre)").evaluate_all(aligned) == ["left"]
    assert page.locator(f"{cells}.nombre").evaluate_all(aligned) == ["right"]


def the_number_opens_its_row(project: Project, page: Page) -> None:
    """A link of a number says how to build the site; once it is there, it opens the row of the register."""
    number = page.locator("a.chiffre").first
    href = number.get_attribute("href") or ""
    assert re.fullmatch(r"/bilan/(registre|series)\.html#[a-z0-9-]+", href)
    with page.expect_popup() as opened:
        number.click()
    assert "Lancez « bilan build »" in opened.value.locator("p").inner_text()
    where, _, anchor = href.removeprefix("/bilan/").partition("#")
    project.html.mkdir(parents=True)
    row = f'<p id="{anchor}">La ligne du chiffre</p>'
    for name in (where, "registre.html"):
        (project.html / name).write_text(f"<!doctype html><meta charset=utf-8>{row}", encoding="utf-8")
    with page.expect_popup() as opened:
        number.click()
    assert opened.value.locator(":target").inner_text() == "La ligne du chiffre"


def the_site_is_for_who_is_logged_in(address: str) -> None:
    server, _, rest = address.partition("/lab/")
    token = rest.partition("?")[2]
    with urlopen(f"{server}/bilan/registre.html") as answer:
        assert "/login" in answer.url and "La ligne du chiffre" not in answer.read().decode("utf-8")
    with urlopen(f"{server}/bilan/registre.html?{token}") as answer:
        assert "La ligne du chiffre" in answer.read().decode("utf-8")
    with pytest.raises(HTTPRefusal, match="403"):
        urlopen(f"{server}/bilan/../../data/publication.toml?{token}")


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Project, str]]:
    """A real territory's deposit of three people, and JupyterLab open on its chapter, which it saves every two seconds."""
    project = write_clone(tmp_path / "mon évaluation")
    monkeypatch.setenv("BILAN_CLE", str(tmp_path / "cle"))
    monkeypatch.setenv("BILAN_RACINE", str(project.root))
    receive_three_people(project)
    settings = tmp_path / "réglages" / "@jupyterlab" / "docmanager-extension"
    settings.mkdir(parents=True)
    (settings / "plugin.jupyterlab-settings").write_text('{"autosaveInterval": 2}', encoding="utf-8")
    for name, folder in (("LAB_SETTINGS", "réglages"), ("LAB_WORKSPACES", "espaces"), ("_CONFIG", "config")):
        monkeypatch.setenv(f"JUPYTER{name}_DIR", str(tmp_path / folder))
    port, token = free_port(), secrets.token_hex(8)
    options = [
        "--no-browser",
        "--allow-root",
        f"--ServerApp.port={port}",
        f"--IdentityProvider.token={token}",
        "--LabApp.expose_app_in_browser=True",
    ]
    with (tmp_path / "journal.txt").open("wb") as journal:
        command = [sys.executable, "-m", "analysis.cli", "lab", *options]
        server = subprocess.Popen(command, stdout=journal, stderr=journal, start_new_session=True)
        try:
            yield project, f"http://127.0.0.1:{port}/lab/tree/notebooks/territoire.ipynb?token={token}"
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(60)


def receive_three_people(project: Project) -> None:
    """One woman and two men of Prémery, who wait for a job."""
    referentiel = load_referentiel(project)
    folder = project.depots / "premery"
    folder.mkdir(parents=True)
    waiting = {"situation": "Volontaire en attente", "date_situation": date(2018, 4, 3)}
    people = [
        person(code, sexe=sexe, **waiting)
        for code, sexe in (("P-1", "Femme"), ("P-2", "Homme"), ("P-3", "Homme"))
    ]
    heading = [{**tables()["depot"][0], "territoire": "premery"}]
    rows = {"depot": heading, "personnes": people}
    write_workbook(folder / "depot-premery.xlsx", referentiel, "premery", rows)
    assert recevoir(project, folder, today=date(2026, 11, 1)) == 0


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def open_when_ready(page: Page, address: str) -> None:
    """Go to JupyterLab as soon as it answers."""
    end = time.monotonic() + 120
    while True:
        try:
            page.goto(address)
            return
        except Error:
            assert time.monotonic() < end, "JupyterLab ne répond pas"
            time.sleep(0.5)


def git_status(project: Project) -> str:
    command = ["git", "-C", str(project.root), "status", "--porcelain", "--", "notebooks", "data", "docs"]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout


@pytest.mark.parametrize(
    "options",
    [["--ip=0.0.0.0"], ["--ip", "10.0.0.4"], ["--ServerApp.ip=*"], ["--ServerApp.allow_origin=*"]]
    + [["--no-browser", "--ServerApp.allow_remote_access=True"]],
)
def test_the_atelier_is_opened_to_the_network_by_its_word_alone(options: list[str]) -> None:
    with pytest.raises(BilanError, match="ouvre l'atelier au réseau.*« --ouvrir-au-reseau »"):
        check_options(options, is_open=False)
    check_options(options, is_open=True)


@pytest.mark.parametrize(
    "option",
    ["--ServerApp.token=", "--IdentityProvider.token=''", "--ServerApp.token=court", "--config=autre.py"]
    + ["--ServerApp.disable_check_xsrf=True", "--ServerApp.allow_unauthenticated_access=True"],
)
def test_no_word_takes_the_token_of_the_atelier_away(option: str) -> None:
    for is_open in (False, True):
        with pytest.raises(BilanError, match="ôte à l'atelier son jeton"):
            check_options([option], is_open=is_open)
