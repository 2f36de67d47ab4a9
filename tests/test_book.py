"""The bilan from end to end: three chapters and a territory without any figure, as a reader gets them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from navigateur import CHROMIUM, PHONE
from playwright.sync_api import Browser

from analysis.livre.build import build
from analysis.livre.structure import annexes
from analysis.noyau.paths import Project

BUILT = ("premery", "villeurbanne-saint-jean", "neuf", "lodeve", "synthese")
NEW_TERRITORY = (
    "neuf,Neuf-Bourg,neuf,Neuf-Bourg,01001,Neuf-Bourg,01,Ain,200000000,CC du Neuf,8400,Bourg-en-Bresse,"
    "communes,Commune de Neuf-Bourg,2022-06-03,gazette-communes-liste-2016,5.2,46.2,oui\n"
)

LODEVE = (
    "lodeve,Lodève,lodeve,Lodève,34142,Lodève,34,Hérault,,,7615,Clermont-l'Hérault - Lodève,communes,"
    "Commune de Lodève,2022-06-30,gazette-communes-liste-2016,3.3186,43.7317,non\n"
)
"""A territory as the guide says to add one whose commune has no local series."""

LODEVE_EBE = "abondance,lodeve,L'Abondance,2022-09,non,gazette-communes-liste-2016\n"
LODEVE_TEXT = (
    "auteur: Ada\ndate: 2026-11-23\n\n### Une ville du drap {#drap}\n\nAucun chiffre n'est publié.\n"
)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The repository's register with two more territories, built for five chapters."""
    root = tmp_path_factory.mktemp("un bilan accentué")
    here = Project.here()
    for name in ("data", "notebooks", "docs"):
        shutil.copytree(here.root / name, root / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copyfile(here.lock, root / "requirements.lock")
    with (root / "data" / "territoires.csv").open("a", encoding="utf-8", newline="\n") as file:
        file.write(NEW_TERRITORY + LODEVE)
    with (root / "data" / "ebe.csv").open("a", encoding="utf-8", newline="\n") as file:
        file.write(LODEVE_EBE)
    (root / "notebooks" / "textes" / "lodeve.md").write_text(LODEVE_TEXT, encoding="utf-8")
    project = Project(root)
    assert build(project, codes=BUILT, workers=2) == 0
    yield project


@pytest.fixture(scope="module")
def pages(book: Project) -> dict[str, BeautifulSoup]:
    return {
        path.name: BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
        for path in book.html.glob("*.html")
    }


def test_pages_are_there_and_no_other(pages: dict[str, BeautifulSoup]) -> None:
    around = {"index", "recherche", "avant-propos", "essentiel", "presse"}
    around |= {annexe.name for annexe in annexes(Project.here())}
    assert set(pages) == {f"{name}.html" for name in around | set(BUILT)}


def test_nothing_unfinished_is_left_behind(book: Project) -> None:
    assert {path.name for path in (book.root / "outputs").iterdir()} == {"html", "pdf"}
    booklets = {f"{code}{end}.pdf" for code in BUILT if code != "synthese" for end in ("", "-deux-pages")}
    assert {path.name for path in book.pdf.iterdir()} == {"bilan.pdf", "livrets"}
    assert {path.name for path in (book.pdf / "livrets").iterdir()} == booklets
    assert not [path.name for path in book.runs.iterdir() if path.name.startswith(".")]


def test_every_page_is_french_titled_and_asks_no_other_host(pages: dict[str, BeautifulSoup]) -> None:
    for name, soup in pages.items():
        assert soup.html is not None and soup.html["lang"] == "fr", name
        assert len(soup.find_all("h1")) == 1 and soup.title is not None and soup.title.get_text()
        for tag in soup.find_all(["link", "img", "script", "iframe", "source"]):
            assert not urlsplit(str(tag.get("href") or tag.get("src") or tag.get("srcset"))).netloc, name
        policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
        assert policy is not None and str(policy["content"]).startswith("default-src 'none'"), name
        assert not soup.find_all(style=True) and not soup.find_all("style"), name
        told, *scripts = soup.find_all("script")
        assert told["type"] == "application/ld+json" and json.loads(told.get_text())["@context"], name
        assert all(script.get("src") and not script.get_text() for script in scripts), name


def test_no_code_and_no_trace_of_the_machine_is_shown(book: Project, pages: dict[str, BeautifulSoup]) -> None:
    for name, soup in pages.items():
        text = soup.get_text()
        for mark in (
            "import ",
            "ouvrir(",
            "Traceback",
            "Atelier : non publiable",
            str(book.root),
            str(Path.home()),
        ):
            assert mark not in text, (name, mark)


def test_no_two_pages_have_one_title(pages: dict[str, BeautifulSoup]) -> None:
    titles = {name: soup.title.get_text() for name, soup in pages.items() if soup.title}
    assert len(titles) == len(pages) == len(set(titles.values()))


def test_every_page_is_in_the_menu_of_every_page(pages: dict[str, BeautifulSoup]) -> None:
    for name, soup in pages.items():
        menu = [str(link["href"]) for link in soup.select("header nav a")]
        assert sorted(menu) == sorted(pages), name


def test_the_home_page_leads_each_reader_and_types_no_figure(
    book: Project, pages: dict[str, BeautifulSoup]
) -> None:
    main = pages["index.html"].main
    assert main is not None
    text = main.get_text()
    assert text.index("entreprise à but d\u2019emploi") < text.index("EBE"), "explained before it is used"
    led = {str(link["href"]).partition("#")[0] for link in main.find_all("a", href=True)}
    assert {f"{name}.html" for name in ("simulateur", "synthese", "avant-propos", "registre")} <= led
    assert {f"{code}.html" for code in BUILT} <= led
    figures = main.select(".en-bref strong a.chiffre")
    assert figures and [a.get_text() for a in figures] == [
        a.get_text() for a in pages["synthese.html"].select(".en-bref strong a.chiffre")
    ]
    for figure in figures:
        item = figure.find_parent("li")
        assert item is not None and item.select('a[href^="sources.html#"]') and item.select(".precision")


def test_files_to_print_have_their_size_and_a_name_of_their_own(
    book: Project, pages: dict[str, BeautifulSoup]
) -> None:
    links = pages["index.html"].select('main a[href$=".pdf"]')
    assert {str(a["href"]) for a in links} == {
        path.relative_to(book.pdf).as_posix() for path in book.pdf.rglob("*.pdf")
    }
    names = [str(a["aria-label"]) for a in links]
    assert len(set(names)) == len(names)
    for link, name in zip(links, names, strict=True):
        size = (book.html / str(link["href"])).stat().st_size
        assert name.startswith(link.get_text()), "the name begins with the words that are seen"
        assert f"{size / 1e6:.1f}".replace(".", ",") in name or f"{size / 1e3:.0f}" in name


def test_figures_and_tables_are_accessible(pages: dict[str, BeautifulSoup]) -> None:
    for name in (f"{code}.html" for code in BUILT):
        soup = pages[name]
        assert soup.find_all("figure")
        for image in soup.find_all("img"):
            assert len(str(image["alt"])) > 40, name
        for figure in soup.find_all("figure"):
            assert figure.figcaption is not None and figure.find(class_="note") is not None
        for table in soup.find_all("table"):
            assert table.caption is not None and table.caption.get_text()
            assert all(th.get("scope") in ("col", "row") for th in table.find_all("th"))


def test_headings_follow_one_another(pages: dict[str, BeautifulSoup]) -> None:
    for name, soup in pages.items():
        main = soup.main
        assert main is not None
        levels = [int(h.name[1]) for h in main.find_all(["h1", "h2", "h3", "h4"])]
        assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False)), name


def test_the_card_of_a_source_ends_each_of_its_sentences(pages: dict[str, BeautifulSoup]) -> None:
    cards = [" ".join(card.get_text().split()) for card in pages["sources.html"].select("dl.fiches dd")]
    assert cards
    for card in cards:
        before, _, _ = re.sub(
            r"(\d+ valeurs? au registre|Aucune valeur au registre)", r"|\1", card
        ).partition("|")
        assert before.rstrip().endswith("."), card
        assert ".." not in card and "0 valeur " not in card


def test_every_number_leads_to_its_row_and_its_source(pages: dict[str, BeautifulSoup]) -> None:
    followed = 0
    for code in BUILT:
        for link in pages[f"{code}.html"].find_all("a", class_="chiffre"):
            page, _, anchor = str(link["href"]).partition("#")
            row = pages[page].find(id=anchor)
            assert row is not None, link
            holder = row if row.name == "tr" else row.find_previous("p")
            source = holder.find("a", href=lambda href: bool(href and href.startswith("sources.html#")))
            assert source is not None, link
            assert pages["sources.html"].find(id=str(source["href"]).partition("#")[2]) is not None
            followed += 1
    assert followed > 400


def test_premery_shows_its_jump_and_what_it_may_not_mean(pages: dict[str, BeautifulSoup]) -> None:
    text = " ".join(pages["premery.html"].get_text("").split())
    for value in ("260", "341", "386", "+48,5"):
        assert value in text
    for caution in (
        "La commune n’est pas le périmètre",
        "emplois de l’EBE compris",
        "un seul établissement",
    ):
        assert caution in text


def test_villeurbanne_shows_both_counts_of_its_staff(pages: dict[str, BeautifulSoup]) -> None:
    section = pages["villeurbanne-saint-jean.html"].find(id="desaccord-villeurbanne-effectif-2020")
    assert section is not None
    values = {link.get_text().split("\xa0")[0] for link in section.find_all("a", class_="chiffre")}
    assert values == {"40", "80"}


def test_a_territory_without_any_figure_builds_and_says_so(pages: dict[str, BeautifulSoup]) -> None:
    soup = pages["neuf.html"]
    assert soup.h1 is not None and soup.h1.get_text() == "Neuf-Bourg"
    absences = [p.get_text() for p in soup.find_all(class_="absence")]
    assert len(absences) >= 8
    assert any("aucun chiffre publié n’a été trouvé" in text for text in absences)


def test_a_territory_added_by_the_guide_is_whole_to_the_last_page(
    book: Project, pages: dict[str, BeautifulSoup]
) -> None:
    """Its chapter, its booklet, its two pages, the synthesis, the home page; who pays the RSA is said."""
    soup = pages["lodeve.html"]
    assert soup.h1 is not None and soup.h1.get_text() == "Lodève"
    text = " ".join(soup.get_text().split())
    assert "Le RSA y est payé par le département (Hérault)." in text
    assert soup.find(id="drap") is not None and "L’Abondance" in text
    for page in ("index", "synthese"):
        assert "Lodève" in pages[f"{page}.html"].get_text(), page
    for name in ("livrets/lodeve.pdf", "livrets/lodeve-deux-pages.pdf"):
        with pypdfium2.PdfDocument(book.pdf / name) as pdf:
            printed = "\n".join(page.get_textpage().get_text_range() for page in pdf)
        assert "Lodève" in printed and not HOLE.search(printed.replace("\r\n", " ")), name


HOLE = re.compile(
    r" : ?[.;](?!\w)|\(\s*\)|« ?»|,\s*[.,;](?!\w)|\b(?:par|de|des|à|dans|le|la|les|et) \.(?!\w)|\b(?:None|nan)\b"
)
"""Where a sentence lacks the word that it was made for: « payé par : . », « () », « de . »."""

MAY_BE_BLANK = {"Lu comme", "Précision"}
"""The columns of the register that most rows have nothing to say in."""


def test_no_sentence_has_a_hole_and_no_cell_lacks_its_word(pages: dict[str, BeautifulSoup]) -> None:
    for name, soup in pages.items():
        main = soup.main or soup
        text = " ".join(main.get_text().replace("\u202f", " ").replace("\xa0", " ").split())
        assert not [text[max(0, m.start() - 40) : m.end() + 10] for m in HOLE.finditer(text)], name
        for table in main.find_all("table"):
            heads = [head.get_text(strip=True) for head in table.select("thead th")]
            for row in table.select("tbody tr"):
                for head, cell in zip(heads, row.find_all(["th", "td"], recursive=False), strict=False):
                    assert cell.get_text(strip=True) or cell.find("img") or head in MAY_BE_BLANK, (name, head)


@pytest.mark.parametrize(
    "text", ["payé par : . Ailleurs", "une ville () de", "le prix de . Il", "payé par, . Là"]
)
def test_a_hole_is_seen(text: str) -> None:
    assert HOLE.search(text)
    assert not HOLE.search("un classeur .xlsx ou .ods, du modèle : oui. Il (déduit) dit « oui », par an.")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: chromium)")
def test_a_territory_without_any_figure_and_an_endless_name_stay_on_a_phone(
    book: Project, browser: Browser, tmp_path: Path
) -> None:
    endless = " ".join(["Communauté-de-communes-du-Val-d'Essai", "et", "d'ailleurs"] * 6)[:300]
    site = shutil.copytree(book.html, tmp_path / "site")
    page = site / "neuf.html"
    page.write_text(page.read_text(encoding="utf-8").replace("Neuf-Bourg", endless), encoding="utf-8")
    assert len(endless) == 300 and page.read_text(encoding="utf-8").count(endless) > 5
    tab = browser.new_page(viewport=PHONE)
    for path in (page, site / "index.html"):
        tab.goto(path.as_uri())
        tab.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert tab.evaluate("document.documentElement.scrollWidth") == PHONE["width"], path.name
    tab.close()


def test_chapters_not_built_are_named_not_hidden(pages: dict[str, BeautifulSoup]) -> None:
    missing = {tag.get_text() for tag in pages["index.html"].find_all(class_="manque")}
    assert "Thiers (non construit)" in missing and len(missing) == 17


def test_the_pdf_is_tagged(book: Project) -> None:
    content = (book.pdf / "bilan.pdf").read_bytes()
    assert content.startswith(b"%PDF") and b"pdfuaid:part" in content


def test_a_failed_chapter_keeps_its_page_marked_with_its_date(
    book: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = book.notebooks / "synthese.ipynb"
    good = notebook.read_text(encoding="utf-8")
    try:
        notebook.write_text(
            good.replace("vue.titre(chapitre)", "vue.titre(chapitre.absent)"), encoding="utf-8"
        )
        assert build(book, codes=["synthese"], workers=1) == 1
    finally:
        notebook.write_text(good, encoding="utf-8")
    told = capsys.readouterr().err
    assert "ÉCHEC synthese : cellule 3, ligne 2 : AttributeError" in told
    assert "papermill_runs/synthese.echec.ipynb" in told
    page = BeautifulSoup((book.html / "synthese.html").read_text(encoding="utf-8"), "lxml")
    notice = page.find(class_="avis")
    assert notice is not None and "sa dernière exécution a échoué" in notice.get_text()
    assert page.h1 is not None and page.h1.get_text() == "Synthèse"


def test_a_row_that_is_gone_does_not_stop_a_partial_build(book: Project) -> None:
    """The pages of an earlier date keep the number and lose the link; they say their date."""
    register = book.published / "chiffres.csv"
    rows = register.read_text(encoding="utf-8").splitlines(keepends=True)
    gone = next(row for row in rows if row.startswith("189,premery,effectif_ebe,103"))
    register.write_text("".join(row for row in rows if row != gone), encoding="utf-8", newline="\n")
    try:
        assert build(book, codes=["neuf"], workers=1) == 0
    finally:
        register.write_text("".join(rows), encoding="utf-8", newline="\n")
    page = BeautifulSoup((book.html / "premery.html").read_text(encoding="utf-8"), "lxml")
    notice = page.find(class_="avis")
    assert notice is not None and "ont changé depuis" in notice.get_text()
    assert not page.find_all("a", href="registre.html#chiffre-189") and "103" in page.get_text()
