"""The bilan of invented territories: a real build from real files, marked everywhere, apart from the real one."""

from __future__ import annotations

import csv
import re
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from bs4 import BeautifulSoup
from small import Handed

from analysis.chapitres.banc.export import exporter
from analysis.chapitres.catalogue import make_bundle, measures_for
from analysis.demonstration.etapes.ecrits import prepare
from analysis.demonstration.etapes.envois import RECEPTION, deposit, receive
from analysis.demonstration.lieux import territoires
from analysis.depot.commandes_depot import effacer
from analysis.depot.formes.constats import DepotError
from analysis.depot.garde.ledger import Ledger
from analysis.depot.referentiel import load_referentiel
from analysis.indicateurs.calcul import calculer
from analysis.indicateurs.territoires_suivis.declares import load_suivis
from analysis.livre.editions.apercu import apercu
from analysis.noyau.errors import BilanError, UnknownName
from analysis.noyau.french import typography
from analysis.noyau.paths import Project
from analysis.presentation.parts.mentions import APERCU_MARK, ATELIER_MARK, DEMONSTRATION_MARK
from analysis.secret.bundle import Bundle, bundle_territoire
from analysis.secret.regles import MOTIFS
from analysis.sources.register import Register, load_register


@pytest.fixture(scope="module")
def real(invented: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project that the demonstration stands in, to be erased from."""
    return Project(shutil.copytree(invented.checkout, tmp_path_factory.mktemp("effacement") / "projet"))


@pytest.fixture(scope="module")
def built(real: Project) -> Project:
    """The demonstration of three territories, built."""
    return real.demonstration


@pytest.fixture(scope="module")
def own(built: Project) -> Path:
    """The preview of a territory of three people, written once for the tests that read it or erase it."""
    return apercu(built, "orbesson")


def test_every_page_table_and_figure_of_the_demonstration_says_so(built: Project) -> None:
    pages = sorted(built.html.glob("*.html"))
    assert {"index.html", "synthese.html", "orbesson.html"} <= {page.name for page in pages}
    captions = images = 0
    for page in pages:
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "lxml")
        assert soup.select_one("body > .demonstration").get_text() == typography(DEMONSTRATION_MARK)  # type: ignore[union-attr]
        assert soup.title is not None and soup.title.get_text().startswith("Démonstration")
        for caption in soup.find_all(["caption", "figcaption"]):
            assert caption.get_text().startswith("Démonstration")
            captions += 1
        for image in soup.find_all("img"):
            assert image.parent is not None and image.parent.source is not None
            for address in (image["src"], image.parent.source["srcset"]):
                assert "DÉMONSTRATION" in (built.html / str(address)).read_text(encoding="utf-8")
            images += 1
    assert captions > 60 and images > 20


def test_what_a_chapter_shows_is_what_the_accounts_and_the_months_say(built: Project) -> None:
    """Sums made here from the very files that the territory « sent »."""
    folder = built.depots / "valcourbe-sur-lisse"
    (account,) = folder.glob("comptes-*-2019.txt")
    header, *lines = [line.split("\t") for line in account.read_text(encoding="utf-8").splitlines()]
    places = {name: header.index(name) for name in ("CompteNum", "Debit", "Credit")}
    sales = 0
    for cells in lines:
        if cells[places["CompteNum"]].startswith("70"):
            for name, sign in (("Credit", 1), ("Debit", -1)):
                sales += sign * round(100 * float(cells[places[name]].replace(",", ".") or 0))
    (of_2019,) = (
        m
        for m in calculer(built, ["valcourbe-sur-lisse"]).mesures
        if m.mesure == "ventes" and m.lieu == "valcourbe-sur-lisse" and m.periode.endswith("2019-12-31")
    )
    assert of_2019.valeur == pytest.approx(sales / 100)
    page = (built.html / "valcourbe-sur-lisse.html").read_text(encoding="utf-8")
    digits = re.sub(r"\s", "", BeautifulSoup(page, "lxml").get_text())
    assert f"{sales / 100:.0f}" in digits


def test_the_pdf_stands_beside(built: Project) -> None:
    assert (built.html / "bilan.pdf").read_bytes().startswith(b"%PDF")


def test_a_refused_invented_deposit_stops_with_its_findings(
    real: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    invented = Project(tmp_path, "demonstration")
    lieux = territoires(3)
    prepare(real, invented, lieux)
    referentiel = load_referentiel(invented)
    folder = deposit(invented, referentiel, lieux[2])
    (folder / f"depot-{lieux[2].code}.xlsx").write_bytes(b"PK")
    with pytest.raises(DepotError, match=r"(?s)orbesson.*trouvé"):
        receive(invented, referentiel, "orbesson")
    assert Ledger(invented).deposits("orbesson") == []


def test_a_real_territory_s_bundle_never_carries_a_deposit(published: Register, handed: Handed) -> None:
    bundle = handed(Project.here(), published, "thiers")
    assert bundle.depots == () and bundle.nature == "reel"
    assert bundle_territoire(published, "thiers", texte=None).depots == ()


def test_the_demonstration_has_no_published_figure_and_no_real_territory(
    built: Project, published: Register
) -> None:
    register = load_register(built)
    assert register.chiffres == () and register.series == ()
    real_names = {name for t in published.territoires for name in (t.code, t.nom, *(e.nom for e in t.ebe))}
    invented_names = {name for t in register.territoires for name in (t.code, t.nom, *(e.nom for e in t.ebe))}
    assert not real_names & invented_names


def text_of(path: Path) -> str:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml").get_text(" ")


def test_each_decision_of_the_gate_is_recorded_without_a_number(built: Project) -> None:
    with (built.runs / "decisions.csv").open(encoding="utf-8", newline="") as file:
        decisions = list(csv.DictReader(file))
    assert {"diffusable", "seuil-effectif", "difference"} <= {row["regle"] for row in decisions}
    assert set(decisions[0]) == {
        "mesure",
        "lieu",
        "ebe",
        "modalite",
        "periode",
        "nature",
        "etat",
        "regle",
        "motif",
    }
    assert all((row["etat"] == "masquee") == (row["motif"] in MOTIFS.values()) for row in decisions)


def test_what_is_published_of_three_people_is_secret_and_their_territory_reads_it(
    built: Project, own: Path
) -> None:
    published, private = text_of(built.html / "orbesson.html"), text_of(own)
    mark = typography(APERCU_MARK)
    assert "secret" in published and mark not in published
    assert mark in private and re.search(r"Personnes rencontrées.*?\b3\b", private, re.S)
    assert own.is_relative_to(built.depots) and not own.is_relative_to(built.html)


def test_a_preview_needs_no_other_file_and_is_marked_everywhere(built: Project) -> None:
    soup = BeautifulSoup(apercu(built, "valcourbe-sur-lisse").read_text(encoding="utf-8"), "lxml")
    assert not soup.find_all(["link", "script"])
    assert not [a for a in soup.find_all("a", href=True) if not str(a["href"]).startswith(("#", "http"))]
    assert all(i["src"].startswith("data:image/svg+xml;base64,") for i in soup.find_all("img"))
    for caption in soup.find_all(["caption", "figcaption"]):
        assert caption.get_text().startswith("Non publiable")
    assert [path.name for path in built.prive.iterdir() if path.name.startswith(".")] == []


def test_a_preview_without_a_deposit_says_what_to_do(real: Project, tmp_path: Path) -> None:
    invented = Project(tmp_path, "demonstration")
    prepare(real, invented, territoires(3))
    with pytest.raises(BilanError, match="aucun dépôt en vigueur.*bilan depot recevoir"):
        apercu(invented, "orbesson")
    with pytest.raises(UnknownName):
        apercu(invented, "orbeson")


def atelier(built: Project, code: str) -> Bundle:
    register = load_register(built)
    resultats = calculer(built, [territoire.code for territoire in register.territoires])
    mesures = measures_for("atelier", resultats)
    return make_bundle(
        built, register, code, resultats=resultats, mesures=mesures, etude=None, mode="atelier"
    )


def test_the_export_of_the_atelier_is_marked_and_stays_with_the_deposits(
    built: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILAN_RACINE", str(tmp_path))
    chapitre = atelier(built, "valcourbe-sur-lisse")
    path = exporter(chapitre)
    assert path == tmp_path / "data" / "depot" / "prive" / "valcourbe-sur-lisse-non-publiable.xlsx"
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Mesures", "Définitions"]
    for sheet in book:
        assert str(sheet["A1"].value).startswith(ATELIER_MARK)
        assert ATELIER_MARK in sheet.oddHeader.center.text
    rows = list(book["Mesures"].iter_rows(min_row=3, values_only=True))
    assert len(rows) == len(chapitre.mesures)
    assert not [row for row in rows if "secret" in str(row[12])]
    with pytest.raises(BilanError, match="atelier"):
        exporter(replace(chapitre, mode="publication", mesures=()))


def test_an_erasure_takes_previews_and_exports_away(
    built: Project, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert own.exists()
    assert effacer(built, "orbesson", personne=None, tous=True, confirmer=False, today=RECEPTION) == 0
    assert built.prive.exists()
    assert effacer(built, "orbesson", personne=None, tous=True, confirmer=True, today=RECEPTION) == 0
    assert not built.prive.exists()
    assert "Aperçus, exports de l'atelier et mesures gardées effacés" in capsys.readouterr().out


def test_every_followed_territory_may_have_a_deposit(tmp_path: Path) -> None:
    many = Project(tmp_path)
    prepare(Project.here(), many, territoires(41))
    declared = load_suivis(many)
    assert declared is not None
    assert declared.territoires == () and declared.silences == ()
    assert len(declared.regles) == 6
