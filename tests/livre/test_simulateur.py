"""The simulator: one file of cases through the Python engine, the page's script and the workbook's formulas."""

from __future__ import annotations

import io
import json
import math
import shutil
import subprocess
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pikepdf
import pytest
from navigateur import CHROMIUM
from playwright.sync_api import Browser, Page

from analysis.indicateurs.depenses_passives.resultats import AUJOURDHUI, Etude
from analysis.indicateurs.depenses_passives.scenarios import (
    evaluer,
    normalisees,
    selected,
    weights_of_variants,
)
from analysis.livre.article.articles import article_of_html
from analysis.livre.article.dataset import datasets
from analysis.livre.pages import render
from analysis.livre.simulateur import (
    BUDGET,
    CLASSEUR,
    POUR,
    QR,
    SCRIPT,
    TABLE,
    classeur,
    contexte,
    fichiers,
    legislation,
    taux,
)
from analysis.noyau.arrondi import arrondi
from analysis.noyau.french import typography
from analysis.noyau.paths import Project

CAS = json.loads(Path(__file__).with_name("simulateur_cas.json").read_text(encoding="utf-8"))
NAMES = [cas["nom"] for cas in CAS]

with_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: chromium)")


@pytest.fixture(scope="module")
def coefficients(etude: Etude) -> pd.DataFrame:
    """The table as it is released, and not as it was computed."""
    return pd.DataFrame([row.__dict__ for row in etude.coefficients])


@pytest.fixture(scope="module")
def engine(browser: Browser, etude: Etude, tmp_path_factory: pytest.TempPathFactory) -> Page:
    """An empty page with the simulator's script and its table, as the site has them."""
    folder = tmp_path_factory.mktemp("simulateur")
    for name, content in fichiers(etude, [], {"adresse": ""}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    scripts = "".join(f'<script src="{name}" defer></script>' for name in (TABLE, SCRIPT))
    (folder / "page.html").write_text(f'<!doctype html><meta charset="utf-8">{scripts}', encoding="utf-8")
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
        assert cell["centimes"] == ours[key], key


@with_browser
@pytest.mark.parametrize("cas", [cas for cas in CAS if "budgets" in cas], ids=lambda cas: str(cas["nom"]))
def test_each_budget_year_follows_its_own_law_to_the_cent(
    engine: Page, etude: Etude, coefficients: pd.DataFrame, cas: dict[str, Any]
) -> None:
    """The rates are those of the case, year by year: 15 % are asked of the department from 2021 on only."""
    values = hypotheses(etude, cas) | {"budget": 2020, "annees": 3, "commune": 0, "etp": 10}
    left = values | {"cde_etat": None, "cde_departement": None, "perimetre": cas["perimetre"]}
    call = "h => [...bilanSimulateur.byYear(bilanSimulateur.yearly(COEFFICIENTS, h), h)]"
    theirs = dict(engine.evaluate(call, left))
    contributions = []
    for index, (budget, rates) in enumerate(cas["budgets"].items()):
        of_year = dict(zip(("cde_etat", "cde_departement"), rates, strict=True))
        assert taux(etude, int(budget)) == of_year
        amounts_of = {"millesime": hire(values, index + 1)}
        found = evaluer(coefficients, values | of_year | amounts_of, cas["perimetre"]).cellules
        cells = found[(found["annee"] == min(index + 1, 2)) & ~((found["ligne"] == "are") & (index > 1))]
        for payeur, years in theirs.items():
            own = cells[cells["payeur"] == payeur]
            is_cde = own["perimetre"] == "cde"
            assert years[index] == {
                "gain": 10 * own.loc[~is_cde, "centimes"].sum(),
                "cde": 10 * own.loc[is_cde, "centimes"].sum(),
            }, (payeur, budget)
        contributions.append([-theirs[payeur][index]["cde"] for payeur in ("etat", "departement")])
    assert contributions[0][1] == 0 < contributions[0][0]
    for state, department in contributions[1:]:
        assert department == pytest.approx(0.15 * state, abs=10)


@with_browser
def test_a_rate_that_is_typed_holds_for_every_year(simulator: Page) -> None:
    set_in(simulator, {"#budget": "2020", "#annees": "3"})
    hints = [simulator.get_attribute(f"#{name}", "placeholder") for name in ("cde_etat", "cde_departement")]
    assert hints == ["95 à 102", "0 à 15"]
    assert simulator.evaluate(_ROOM_LEFT) > 20  # what the arrows of a number field take
    assert "2020 : première phase" in plain(simulator, "#loi")
    assert "2021 et 2022 : l’État verse 102 %" in plain(simulator, "#loi")
    dd = simulator.locator("#hypotheses dd").all_text_contents()
    assert "0 % en 2020, 15 % en 2021 et 2022 (loi)" in [text.replace("\u00a0", " ") for text in dd]
    assert ", 0 € de contribution" not in plain(simulator, "#pour")
    simulator.fill("#cde_departement", "0")
    assert ", 0 € de contribution" in plain(simulator, "#pour")
    assert "» : 0 % pour toutes les années, comme vous l’avez écrit." in plain(simulator, "#loi")
    simulator.fill("#cde_departement", "")
    assert "comme vous" not in plain(simulator, "#loi")


_ROOM_LEFT = """() => {
  const field = document.querySelector("#cde_etat");
  const pen = document.createElement("canvas").getContext("2d");
  const style = getComputedStyle(field);
  pen.font = `${style.fontSize} ${style.fontFamily}`;
  const padding = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
  return field.clientWidth - padding - pen.measureText(field.placeholder).width;
}"""
"""The pixels of a field of the law beside the rates that it shows."""


TYPED_TEXTS = (
    "Qui paie ? « Nous » ; l'État : 11 300 € et 15 % n° 3",
    "d'économies et de recettes, 37,5 ETP ! 1 234 567 km, 3 412 personnes",
    "aujourd'hui\nl'ARE ; 0,35 de 2021 à 2022 (5 000 €)",
)


@with_browser
@pytest.mark.parametrize("text", TYPED_TEXTS)
def test_the_script_sets_a_text_as_the_book_does(engine: Page, text: str) -> None:
    assert engine.evaluate("text => bilanSimulateur.typeset(text)", text) == typography(text) != text


@with_browser
def test_every_text_that_the_page_shows_is_set_as_french_print(simulator: Page) -> None:
    shown = (
        "() => [...document.querySelectorAll('#simulateur :is(p, dt, dd, th, td, text, caption, li, label)')]"
        ".map(one => one.textContent)"
    )
    for changes in ({}, {"#budget": "2020", "#cde_etat": "90"}, {"#etp": "-1"}):
        set_in(simulator, changes)
        texts = [text for text in simulator.evaluate(shown) if text.strip()]
        assert len(texts) > 60
        assert [text for text in texts if typography(text) != text] == []


@with_browser
def test_where_nobody_gains_the_title_says_no_payer(simulator: Page) -> None:
    set_in(simulator, {"#effet_emploi": "0", "#perimetre": "prestations"})
    title = plain(simulator, "#graphe-titre")
    assert not title.startswith("0 ") and title == "Aucun payeur sur 8 n’y gagne"


def test_the_contents_lead_to_no_heading_that_the_screen_hides(etude: Etude) -> None:
    page = article_of_html(render("simulateur", **contexte(etude, {"adresse": ""})), name="simulateur")
    assert "suppose" not in [anchor for anchor, _ in page.contents]
    assert {"annee-par-annee", "legislation"} <= {anchor for anchor, _ in page.contents}


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
    assert bilan.evite_et_recu == 0 and bilan.contribution_nette == bilan.contribution > 17000


DEMIS = [cas for cas in CAS if cas.get("demis")]


@pytest.mark.verification
@pytest.mark.parametrize("cas", DEMIS, ids=lambda cas: str(cas["nom"]))
def test_a_half_cent_goes_away_from_zero_by_exact_arithmetic(
    etude: Etude, coefficients: pd.DataFrame, cas: dict[str, Any]
) -> None:
    """The same sums in decimal fractions, where a half is a half: 12.5 is 13 cents, -12.5 is -13."""
    values = hypotheses(etude, cas)
    weights = {name: Decimal(str(weight)) for name, weight in weights_of_variants(values).items()}
    exact: dict[tuple[int, str, str], Decimal] = {}
    for row in selected(coefficients, values, cas["perimetre"]).itertuples(index=False):
        factors = [Decimal(str(values[name])) for name in row.facteurs.split()]
        key = (row.annee, row.payeur, row.ligne)
        amount = math.prod(factors, start=weights[row.variante] * Decimal(str(row.montant)))
        exact[key] = exact.get(key, Decimal(0)) + amount
    halves = [euros for euros in exact.values() if euros * 100 % 1 in (Decimal("0.5"), Decimal("-0.5"))]
    assert min(halves) < 0 < max(halves) and len(halves) >= 4
    found = evaluer(coefficients, values, cas["perimetre"]).cellules
    for row in found.itertuples(index=False):
        if row.payeur != "etat" or not row.ligne.startswith("compensation_"):
            euros = exact[row.annee, row.payeur, row.ligne]
            assert row.centimes == int((euros * 100).quantize(Decimal(1), ROUND_HALF_UP)), row


@with_browser
def test_the_script_rounds_as_python_does(engine: Page) -> None:
    values = [0.5, 1.5, -0.5, -2.5, 2.4999999, 2.49999999, 0.285 * 100, -0.285 * 100, 1e9 + 0.5]
    assert engine.evaluate("values => values.map(bilanSimulateur.rounded)", values) == [
        arrondi(value) for value in values
    ]


@pytest.mark.verification
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice n'est pas installé")
@pytest.mark.parametrize(
    ("etp", "changed"),
    [(37, {}), (1, {"part_rsa": 0.45, "cde_etat": 0.0}), (37, DEMIS[0]["hypotheses"])],
    ids=["central", "parts-et-etat", "demi-centimes"],
)
def test_the_workbook_that_libreoffice_computes_gives_the_cents_of_the_engine(
    etude: Etude, coefficients: pd.DataFrame, tmp_path: Path, etp: int, changed: dict[str, float]
) -> None:
    """To the cent, times the jobs: at 37 jobs the workbook was 0.36 € away for a payer, as it rounded nothing."""
    central = {h.hypothese: h.centrale for h in etude.scenario(AUJOURDHUI).scenario.hypotheses}
    cells = evaluer(coefficients, normalisees({**central, **changed}), "prelevements").cellules
    book = openpyxl.load_workbook(io.BytesIO(classeur(etude, [("Livre", "essai")])))
    for row in book["Hypothèses"].iter_rows(min_row=2):
        row[2].value = {"etp": etp, **changed}.get(str(row[0].value), row[2].value)
    path, out = tmp_path / "essai.xlsx", tmp_path / "calcule"
    book.save(path)
    profile = f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    results = openpyxl.load_workbook(out / path.name, data_only=True)["Résultats"]
    names = {nom: payeur for payeur, nom in etude.payeurs}
    for name, *amounts in results.iter_rows(min_row=2, values_only=True):
        own = cells[cells["payeur"] == names[str(name)]]
        sums = [
            int(own.loc[(own["annee"] == annee) & ((own["perimetre"] == "cde") == is_cde), "centimes"].sum())
            for annee in (1, 2)
            for is_cde in (False, True)
        ]
        assert amounts == pytest.approx([etp * cents / 100 for cents in sums], abs=1e-6), name


def test_the_workbook_reads_without_being_computed_and_is_the_same_bytes(etude: Etude) -> None:
    content = classeur(etude, [])
    assert content == classeur(etude, [])
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    heads, *rows = book["Résultats"].iter_rows(values_only=True)
    state = next(row for row in rows if row[0] == "État")
    # the Smic of 1 January, 1,820 hours: 12.02 in 2026; then the last that is known, 12.31
    assert state[2] == pytest.approx(-0.95 * 12.02 * 1820, abs=0.005)
    assert state[4] == pytest.approx(-0.95 * 12.31 * 1820, abs=0.005)
    assert heads[2] == "Contribution (CDE), année 1 (€ de 2026)"
    words = {row[0]: row[1] for row in book["À lire"].iter_rows(values_only=True)}
    assert "coefficient × produit des hypothèses" in words["Formule"]


@pytest.fixture
def simulator(browser: Browser, clone: Project) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto((clone.html / "simulateur.html").as_uri())
    yield page
    context.close()


REGLAGES: dict[str, dict[str, str]] = {
    "un département en 2027, comme la page s'ouvre": {},
    "un département en 2019, par convention": {"#budget": "2019", "#annees": "2"},
    "un département de 2020 à 2022": {"#budget": "2020", "#annees": "3"},
    "un département de 2022 qui verse 20 %": {"#budget": "2022", "#cde_departement": "20", "#annees": "6"},
    "l'effet du comité de 2021, sans compensation au département": {
        "#scenario": "comite-2021",
        "#compensation_rsa": "50",
        "#etp": "37.5",
    },
    "une commune qui contribue, tout au plus bas": {
        "#payeur": "commune",
        "#commune": "1250.5",
        "#lignes_declarees": "0",
        "#cumul": "0",
        "#perimetre": "induits",
        "#recours_rsa": "66",
        "#part_aucune": "45",
    },
}
"""What is set in the page, in this order."""


def set_in(page: Page, changes: dict[str, str]) -> None:
    for field, value in changes.items():
        if page.eval_on_selector(field, "field => field.tagName") == "SELECT":
            page.select_option(field, value)
        else:
            page.fill(field, value)


def hire(values: dict[str, Any], year: int) -> int:
    """The hire whose amounts are those of a budget year: its own, then the one of the year before, to 2026."""
    first = int(values["millesime"])
    return max(first, min(first + year - 2, 2026))


def by_year(
    etude: Etude, coefficients: pd.DataFrame, values: dict[str, Any]
) -> dict[tuple[str, int, str], float]:
    """The cents of each payer and budget year by the Python engine, from what the page holds: a rate that is
    left empty is that of the year's law."""
    numbers = {k: float(v) for k, v in values.items() if v is not None and k not in ("perimetre", "payeur")}
    found: dict[tuple[str, int, str], float] = {}
    for year in range(1, int(values["annees"]) + 1):
        asked = taux(etude, int(values["budget"]) + year - 1)
        numbers["millesime"] = hire(values, year)
        cells = evaluer(coefficients, {**asked, **numbers}, values["perimetre"]).cellules
        for cell in cells[cells["annee"] == min(year, 2)].itertuples(index=False):
            if year > 2 and cell.ligne == "are":
                continue
            key = (cell.payeur, year, "cde" if cell.perimetre == "cde" else "gain")
            found[key] = found.get(key, 0.0) + cell.centimes * values["etp"]
        key = ("commune", year, "cde")
        found[key] = found.get(key, 0.0) - arrondi(values["commune"] * 100) * values["etp"]
    return found


@with_browser
@pytest.mark.parametrize("reglage", REGLAGES)
def test_what_is_set_in_the_page_gives_the_cents_of_the_python_engine(
    simulator: Page, etude: Etude, coefficients: pd.DataFrame, reglage: str
) -> None:
    set_in(simulator, REGLAGES[reglage])
    assert simulator.inner_text("#message") == ""
    values = simulator.evaluate("bilanSimulateur.valeurs()")
    ours = by_year(etude, coefficients, values)
    theirs = simulator.evaluate("[...bilanSimulateur.resultat()]")
    assert len(theirs) == 8 and len(ours) >= 9 * values["annees"]
    for payeur, years in theirs:
        assert len(years) == values["annees"]
        for year, amounts in enumerate(years, start=1):
            for kind, cents in amounts.items():
                assert arrondi(cents) == arrondi(ours.get((payeur, year, kind), 0.0)), (payeur, year, kind)


@with_browser
def test_it_opens_for_a_department_in_2027_with_its_fifteen_percent(simulator: Page) -> None:
    """The sign that a department reads must be that of the law: with 15 % it loses, without it gains."""
    held = {name: simulator.input_value(f"#{name}") for name in ("payeur", "budget")}
    assert held == {"payeur": "departement", "budget": "2027"}
    hints = {
        name: simulator.get_attribute(f"#{name}", "placeholder") for name in ("cde_etat", "cde_departement")
    }
    assert hints == {"cde_etat": "95", "cde_departement": "15"}
    assert simulator.input_value("#cde_etat") == simulator.input_value("#cde_departement") == ""
    assert simulator.input_value("#millesime") == "2026"
    assert plain(simulator, "#pour").startswith("Pour le département : une perte de ")
    assert "La législation de 2027 n’est pas connue : celle de 2026 est gardée." in plain(simulator, "#loi")
    simulator.fill("#cde_departement", "0")
    assert plain(simulator, "#pour").startswith("Pour le département : un gain de ")


def plain(page: Page, selector: str) -> str:
    return page.inner_text(selector).replace("\u00a0", " ")


@with_browser
@pytest.mark.parametrize(
    ("budget", "etat", "departement", "millesime"),
    [
        ("2017", "101", "0", "2017"),
        ("2020", "95", "0", "2020"),
        ("2021", "102", "15", "2021"),
        ("2035", "95", "15", "2026"),
    ],
)
def test_the_law_follows_the_budget_year(
    simulator: Page, budget: str, etat: str, departement: str, millesime: str
) -> None:
    set_in(simulator, {"#annees": "1", "#budget": budget})
    hints = [simulator.get_attribute(f"#{name}", "placeholder") for name in ("cde_etat", "cde_departement")]
    assert [*hints, simulator.input_value("#millesime")] == [etat, departement, millesime]
    heads = simulator.locator("#resultats thead th").all_text_contents()
    assert heads[1] == f"{budget} (€)"
    assert plain(simulator, "#resultats caption").endswith(f", en euros de {millesime}")
    is_kept = "aucune hausse n’est supposée" in plain(simulator, "#euros")
    assert is_kept == (int(budget) > 2026)


@with_browser
def test_each_column_has_the_amounts_and_the_euros_of_its_year(simulator: Page) -> None:
    """For one job, the State's contribution: 95 % of 21,203.52 in 2024, the 20,143.34 that the register prints
    (n° 338), whatever the first year; 95 % of 11.88 × 1,820 hours in 2025; of 12.02 in 2026."""
    for first in ("2023", "2024"):
        set_in(simulator, {"#etp": "1", "#annees": "3", "#budget": first})
        rows = dict(simulator.evaluate("[...bilanSimulateur.resultat()]"))
        paid = {int(first) + rank: -year["cde"] for rank, year in enumerate(rows["etat"])}
        assert paid[2024] == 2014334 and paid[2025] == 2054052
    assert paid[2026] == 2078258
    heads = [
        text.replace("\u00a0", " ") for text in simulator.locator("#resultats thead th").all_text_contents()
    ]
    assert heads[1:5] == [
        "2024 (€ de 2024)",
        "2025 (€ de 2025)",
        "2026 (€ de 2026)",
        "Économies et recettes (€ courants)",
    ]
    assert "le total ajoute des euros d’années différentes" in plain(simulator, "#euros")


@with_browser
def test_the_page_follows_what_is_typed_and_says_what_is_wrong(simulator: Page) -> None:
    first = simulator.inner_text("#resume")
    assert first.startswith("Pour 10 emplois à temps plein, en 3 ans, tous payeurs")
    simulator.fill("#etp", "20")
    assert simulator.inner_text("#resume").startswith("Pour 20 emplois")
    simulator.fill("#effet_emploi", "140")
    assert "trouvé « 140 », attendu un nombre de 0 à 100" in plain(simulator, "#message")
    assert simulator.get_attribute("#effet_emploi", "aria-invalid") == "true"
    assert "Corrigez la valeur signalée" in plain(simulator, "#pour")
    simulator.click("#remettre")
    assert simulator.inner_text("#resume") == first and simulator.inner_text("#message") == ""


@with_browser
def test_the_chart_and_its_description_move_with_the_result(simulator: Page) -> None:
    def drawn() -> tuple[str, float]:
        width = simulator.get_attribute("#graphe rect.gain:not([width='0']) >> nth=0", "width")
        return plain(simulator, "#graphe-texte"), float(width or 0)

    before, wide = drawn()
    assert simulator.get_attribute("#graphe", "aria-describedby") == "graphe-texte"
    assert simulator.locator("#graphe rect").count() == 3 * len(POUR)
    assert "Département :" in before and "€ de contribution, une perte de" in before
    simulator.fill("#cde_etat", "53")
    after, wider = drawn()
    assert after != before and wider > wide  # less is paid on the left, so what is gained is drawn larger
    assert "style=" not in simulator.inner_html("#graphe")


@with_browser
def test_it_is_used_with_the_keyboard_alone(simulator: Page) -> None:
    simulator.focus("#etp")
    simulator.keyboard.press("Control+A")
    simulator.keyboard.type("5")
    assert simulator.inner_text("#resume").startswith("Pour 5 emplois")
    reached = []
    for _ in range(30):
        simulator.keyboard.press("Tab")
        reached.append(simulator.evaluate("document.activeElement.id"))
    wanted = {"scenario", "perimetre", "compensee", "part_rsa", "cde_departement", "trace", "imprimer"}
    assert wanted <= set(reached)


@with_browser
def test_a_scenario_fills_the_assumptions_and_leaves_the_law_to_the_year(simulator: Page) -> None:
    simulator.select_option("#scenario", "comite-2021")
    assert simulator.input_value("#effet_emploi") == "44"
    assert simulator.get_attribute("#cde_departement", "placeholder") == "15"
    assert simulator.input_value("#millesime") == "2026"
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


@with_browser
def test_on_a_phone_it_is_one_column_no_word_is_cut_and_the_answer_stays_in_view(
    browser: Browser, clone: Project
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto((clone.html / "simulateur.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    columns = "getComputedStyle(document.querySelector('.reglages')).gridTemplateColumns.split(' ').length"
    assert page.evaluate(columns) == 1
    assert page.evaluate(_CUT_WORDS) == []
    for field in ("#etp", "#part_rsa", "#are_annee_2"):
        page.eval_on_selector(field, "field => field.scrollIntoView({block: 'center'})")
        box = page.locator("#pour").bounding_box()
        assert box is not None and box["y"] >= 0 and box["y"] + box["height"] <= 740, field
    page.close()


_CUT_WORDS = """() => {
  const cut = [];
  const walker = document.createTreeWalker(document.querySelector('#simulateur'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement.checkVisibility() || node.parentElement.closest('svg, select, .horsvue')) continue;
    for (const match of node.data.matchAll(/[\\p{L}\\d]+/gu)) {
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      if (new Set([...range.getClientRects()].map((r) => Math.round(r.top))).size > 1) cut.push(match[0]);
    }
  }
  return cut;
}"""
"""The words of the simulator that stand on two lines."""


@with_browser
def test_it_prints_on_one_page_with_what_is_supposed(simulator: Page, tmp_path: Path) -> None:
    path = tmp_path / "feuille.pdf"
    margin = dict.fromkeys(("top", "bottom", "left", "right"), "1.2cm")
    simulator.pdf(path=path, format="A4", margin=margin)
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 1
    told = dict(
        zip(
            simulator.locator("#hypotheses dt").all_text_contents(),
            simulator.locator("#hypotheses dd").all_text_contents(),
            strict=True,
        )
    )
    assert told["Première année budgétaire"] == "2027"
    assert (
        told["Participation du département, en part de celle de l’État"].replace("\u00a0", " ")
        == "15 % (loi)"
    )


def test_the_printed_page_carries_its_address_where_it_is_established(etude: Etude) -> None:
    for declared in ("", "https://bilan.example"):
        publisher = {"adresse": declared}
        text = render("simulateur", **contexte(etude, publisher))
        assert (QR in fichiers(etude, [], publisher)) == (QR in text) == bool(declared)
        assert ("n'est pas encore établie" in text) == (not declared)
        assert ("https://bilan.example/simulateur.html" in text) == bool(declared)


def test_what_the_script_fills_is_no_figure_and_no_table_of_the_book(etude: Etude) -> None:
    """An empty table would be numbered, listed and offered for download."""
    html = render("simulateur", **contexte(etude, {"adresse": ""}))
    assert datasets("simulateur", article_of_html(html, name="simulateur")) == ()


def test_every_payer_has_its_words_and_the_law_its_rates(etude: Etude) -> None:
    assert set(POUR) == {code for code, _ in etude.payeurs}
    assert taux(etude, BUDGET) == {"cde_etat": 0.95, "cde_departement": 0.15}
    assert taux(etude, 2020)["cde_departement"] == 0 and taux(etude, 2021)["cde_departement"] == 0.15
    with pytest.raises(ValueError, match="no rate"):
        taux(etude, 2015)
    assert "Smic, juin 2026" in legislation(etude)


def test_the_page_asks_for_no_file_but_those_of_the_site(clone: Project) -> None:
    text = (clone.html / "simulateur.html").read_text(encoding="utf-8")
    for name in (TABLE, SCRIPT, CLASSEUR):
        assert name in text and (clone.html / name).is_file()
    script = (clone.html / SCRIPT).read_text(encoding="utf-8")
    assert "http" not in script.replace('"http://www.w3.org/2000/svg"', "")  # a namespace, not a request
