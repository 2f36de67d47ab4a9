"""The simulator: one file of cases through the Python engine, the page's script and the workbook's formulas."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from analysis.indicateurs.depenses_passives.etude import etudier
from analysis.indicateurs.depenses_passives.records import Etude
from analysis.indicateurs.depenses_passives.scenarios import evaluer, normalisees
from analysis.livre.simulateur import CLASSEUR, SCRIPT, TABLE, classeur, fichiers
from analysis.noyau.paths import Project
from analysis.sources.register import Register

CHROMIUM = os.environ.get("BILAN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
CAS = json.loads(Path(__file__).with_name("simulateur_cas.json").read_text(encoding="utf-8"))
NAMES = [cas["nom"] for cas in CAS]

with_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: chromium)")


@pytest.fixture(scope="module")
def etude(published: Register) -> Etude:
    found = etudier(Project.here(), published)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def coefficients(etude: Etude) -> pd.DataFrame:
    """The table as it is released, and not as it was computed."""
    return pd.DataFrame([row.__dict__ for row in etude.coefficients])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def engine(browser: Browser, etude: Etude, tmp_path_factory: pytest.TempPathFactory) -> Page:
    """An empty page with the simulator's script and its table, as the site has them."""
    folder = tmp_path_factory.mktemp("simulateur")
    for name, content in fichiers(etude, []).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    scripts = "".join(f'<script src="{name}" defer></script>' for name in (TABLE, SCRIPT))
    (folder / "page.html").write_text(f"<!doctype html>{scripts}", encoding="utf-8")
    page = browser.new_page()
    page.goto((folder / "page.html").as_uri())
    return page


def hypotheses(etude: Etude, cas: dict[str, Any]) -> dict[str, float]:
    central = {h.hypothese: h.centrale for h in etude.scenario("central").scenario.hypotheses}
    return normalisees({**central, **cas["hypotheses"]})


@with_browser
@pytest.mark.parametrize("cas", CAS, ids=NAMES)
def test_the_script_and_the_engine_give_the_same_cents(
    engine: Page, etude: Etude, coefficients: pd.DataFrame, cas: dict[str, Any]
) -> None:
    values = hypotheses(etude, cas)
    bilan = evaluer(coefficients, values, cas["perimetre"])
    ours = {(r.annee, r.payeur, r.ligne): r.centimes for r in bilan.cellules.itertuples(index=False)}
    call = "([h, p]) => bilanSimulateur.evaluer(COEFFICIENTS, bilanSimulateur.normalised(h), p)"
    theirs = engine.evaluate(call, [values, cas["perimetre"]])
    assert len(theirs) == len(ours) > 10
    for cell in theirs:
        key = (cell["annee"], cell["payeur"], cell["ligne"])
        assert abs(cell["centimes"] - ours[key]) <= 1, key  # a half cent may go either way


def test_a_case_is_made_by_hand(etude: Etude, coefficients: pd.DataFrame) -> None:
    """Everybody on RSA, whole effect: the department's gain is its RSA coefficient, its insertion and its FSL."""
    values = hypotheses(etude, CAS[0])
    rows = coefficients.query(
        "millesime == 2019 and annee == 2 and ressource == 'rsa' and payeur == 'departement'"
    )
    rows = rows[
        rows["variante"].isin(["centrale", "declaree_centrale"])
        & rows["ligne"].isin(["rsa", "insertion", "fsl"])
    ]
    found = evaluer(coefficients, values, "prestations").par_payeur(annee=2)["departement"]
    assert len(rows) == 3 and found == pytest.approx(100 * rows["montant"].sum(), abs=2)


def test_without_an_effect_nothing_is_avoided(etude: Etude, coefficients: pd.DataFrame) -> None:
    bilan = evaluer(coefficients, hypotheses(etude, CAS[-1]), "prelevements")
    assert bilan.evite_et_recu == 0 and bilan.cout_net == bilan.cout_brut > 17000


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice n'est pas installé")
def test_the_workbook_computes_the_central_scenario_and_follows_its_cells(
    etude: Etude, tmp_path: Path
) -> None:
    """Computed again by LibreOffice, as it is and with ten jobs, the State's contribution at nothing."""
    central = etude.scenario("central")
    expected = {
        nom: sum(
            c.centimes for c in central.cellules if c.payeur == p and c.annee == 2 and c.perimetre != "cde"
        )
        / 100
        for p, nom in etude.payeurs
    }
    for etp, rate, share in ((1, None, 0.35), (10, 0.0, 0.35), (1, None, 0.45)):
        book = openpyxl.load_workbook(io.BytesIO(classeur(etude, [("Livre", "essai")])))
        for row in book["Hypothèses"].iter_rows(min_row=2):
            if row[0].value == "etp":
                row[2].value = etp
            if row[0].value == "cde_etat" and rate is not None:
                row[2].value = rate
            if row[0].value == "part_rsa":
                row[2].value = share
        path = tmp_path / f"essai{etp}-{share}.xlsx"
        book.save(path)
        out = tmp_path / "calcule"
        command = [
            "soffice",
            f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
        ]
        subprocess.run(
            [*command, "--outdir", str(out), str(path)], check=True, capture_output=True, timeout=180
        )
        results = openpyxl.load_workbook(out / path.name, data_only=True)["Résultats"]
        for name, _, _, second, cde in results.iter_rows(min_row=2, values_only=True):
            if share == 0.35:
                assert second == pytest.approx(etp * expected[str(name)], abs=0.03 * etp), name
            elif str(name).startswith(
                "État"
            ):  # the shares are brought back to a whole: the CDE does not move
                assert cde == pytest.approx(-0.95 * 1539.42 * 12, abs=1)
            assert (cde == 0) == (rate is not None or not str(name).startswith("État"))


def test_the_workbook_reads_without_being_computed_and_is_the_same_bytes(etude: Etude) -> None:
    content = classeur(etude, [])
    assert content == classeur(etude, [])
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    state = next(row for row in book["Résultats"].iter_rows(values_only=True) if row[0] == "État")
    assert state[2] == pytest.approx(-0.95 * 1521.22 * 12, abs=1)
    words = {row[0]: row[1] for row in book["À lire"].iter_rows(values_only=True)}
    assert "ETP × coefficient × produit des hypothèses" in words["Formule"]


@pytest.fixture
def simulator(browser: Browser, clone: Project) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.goto((clone.html / "simulateur.html").as_uri())
    yield page
    context.close()


@with_browser
def test_the_page_follows_what_is_typed_and_says_what_is_wrong(simulator: Page) -> None:
    first = simulator.inner_text("#resume")
    assert first.startswith("Pour 10 ETP, en 3 ans : ")
    simulator.fill("#etp", "20")
    assert simulator.inner_text("#resume").startswith("Pour 20 ETP")
    simulator.fill("#effet_emploi", "140")
    assert "trouvé « 140 », attendu un nombre de 0 à 100" in simulator.inner_text("#message")
    assert simulator.get_attribute("#effet_emploi", "aria-invalid") == "true"
    simulator.click("#remettre")
    assert simulator.inner_text("#resume") == first and simulator.inner_text("#message") == ""


@with_browser
def test_it_is_used_with_the_keyboard_alone(simulator: Page) -> None:
    simulator.focus("#etp")
    simulator.keyboard.press("Control+A")
    simulator.keyboard.type("5")
    assert simulator.inner_text("#resume").startswith("Pour 5 ETP")
    reached = []
    for _ in range(30):
        simulator.keyboard.press("Tab")
        reached.append(simulator.evaluate("document.activeElement.id"))
    assert {"scenario", "perimetre", "compensee", "part_rsa", "cde_departement", "trace", "imprimer"} <= set(
        reached
    )


@with_browser
def test_a_scenario_fills_the_fields_and_gross_amounts_leave_the_compensation_out(simulator: Page) -> None:
    simulator.select_option("#scenario", "comite-2021")
    assert simulator.input_value("#effet_emploi") == "44"
    net = simulator.inner_text("#resultats tbody tr:first-child")
    simulator.uncheck("#compensee")
    gross = simulator.inner_text("#resultats tbody tr:first-child")
    assert net.startswith("État") and gross.startswith("État") and net != gross


@with_browser
def test_the_trace_says_every_assumption_and_cell(simulator: Page, tmp_path: Path) -> None:
    with simulator.expect_download() as download:
        simulator.click("#trace")
    download.value.save_as(tmp_path / "trace.csv")
    text = (tmp_path / "trace.csv").read_text(encoding="utf-8-sig")
    assert '"Part au RSA avant l\'embauche";"0,35"' in text
    assert '"Département ou collectivité qui en tient lieu";"RSA";"prestations"' in text
    assert "OpenFisca-France" in text


def test_the_page_asks_for_no_file_but_those_of_the_site(clone: Project) -> None:
    text = (clone.html / "simulateur.html").read_text(encoding="utf-8")
    for name in (TABLE, SCRIPT, CLASSEUR):
        assert name in text and (clone.html / name).is_file()
    assert "http" not in (clone.html / SCRIPT).read_text(encoding="utf-8")
