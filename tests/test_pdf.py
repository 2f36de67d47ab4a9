"""The PDF is tagged, kept with its data, and looks as it did: page by page, against stored pictures."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import nbformat
import openpyxl
import pdfua
import pikepdf
import pypdfium2
import pytest
import textstat
from bs4 import BeautifulSoup
from pages import measured
from PIL import Image
from pixelmatch.contrib.PIL import pixelmatch
from sample import write_sample

from analysis.livre.imprime.balises import elements
from analysis.livre.imprime.mise_en_page import compiler_version
from analysis.livre.imprime.typst_markup import string
from analysis.livre.nbconvert_pdf import BilanPdfExporter
from analysis.livre.structure import ANNEXES, PARTIES
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project

REFERENCES = Path(__file__).with_name("references")
DPI = 60


@pytest.fixture(scope="module")
def book(invented: Project) -> Path:
    return invented.pdf / "bilan.pdf"


def test_the_book_is_tagged_in_french_and_titled(book: Path) -> None:
    with pikepdf.open(book) as pdf:
        root = pdf.Root
        assert str(root.Lang).startswith("fr") and bool(root.MarkInfo.Marked)
        assert "/StructTreeRoot" in root and bool(root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1" and metadata["pdfaid:part"] == "3"
            assert metadata["dc:title"] == "Bilan de démonstration"
        with pdf.open_outline() as outline:
            titles = [str(item.title) for item in outline.root]
    assert any(title.split()[-1] == "Glossaire" for title in titles) and len(titles) > 10


def test_every_picture_has_words_and_every_table_heads(book: Path) -> None:
    with pikepdf.open(book) as pdf:
        kinds: dict[str, int] = {}
        for element in elements(pdf.Root.StructTreeRoot):
            kind = str(element.get("/S", ""))
            kinds[kind] = kinds.get(kind, 0) + 1
            if kind == "/Figure":
                assert len(str(element.get("/Alt", ""))) > 40
    assert kinds["/Figure"] > 10 and kinds["/TH"] > 50 and kinds["/H1"] > 10 and kinds["/Link"] > 50


def test_rows_have_heads_as_they_have_on_the_site(book: Path) -> None:
    with pikepdf.open(book) as pdf:
        heads = [element for element in elements(pdf.Root.StructTreeRoot) if str(element.S) == "/TH"]
        scopes = Counter(str(one.Scope) for head in heads for one in head.A if "/Scope" in one)
        foreign = {str(element.Lang) for element in elements(pdf.Root.StructTreeRoot) if "/Lang" in element}
    assert set(scopes) == {"/Column", "/Row"} and scopes["/Row"] > 100
    assert "en-FR" not in foreign, "code is not English, and nothing is English of France"


EVALUATED = {
    *("UA-01-002", "UA-01-003", "UA-01-005", "UA-06-001", "UA-07-001", "UA-07-002"),
    *("UA-13-004", "UA-15-003", "UA-18-001", "UA-18-005", "UA-28-004"),
}
"""The rules that pdfua 0.1.3 evaluates on our files."""

NOT_EVALUATED = {"UA-14-001"}
"""Empty headings: an exception inside the rule, on any heading whose content is an array, and the report says
PASS all the same. ``test_headings_are_those_of_the_outline`` looks at headings another way."""


def test_a_checker_finds_nothing_to_say_and_every_rule_is_accounted_for(invented: Project) -> None:
    for path in sorted(invented.pdf.rglob("*.pdf")):
        report = pdfua.validate(path)
        assert [finding.message for finding in report.findings] == [], path.name
        skipped = {outcome.rule_id for outcome in report.skipped}
        evaluated = {outcome.rule_id for outcome in report.outcomes} - skipped
        assert skipped <= NOT_EVALUATED, f"{path.name}: {report.skipped}"
        assert evaluated | NOT_EVALUATED == EVALUATED | NOT_EVALUATED, path.name


def test_headings_are_those_of_the_outline(invented: Project) -> None:
    """No empty heading, no level skipped, and the outline says the same, in the same order and depth."""
    for path in sorted(invented.pdf.rglob("*.pdf")):
        with pikepdf.open(path) as pdf:
            found = list(headings(pdf))
            with pdf.open_outline() as outline:
                told = list(outlined(outline.root, 1))
        assert all(title.strip() for _, title in found), path.name
        levels = [level for level, _ in found]
        assert levels[0] == 1 and all(b - a <= 1 for a, b in pairwise(levels)), path.name
        written = [one for one in found if one[1] != "Sommaire" and one[1] not in CONTENTS]
        assert told == written, path.name


CONTENTS = {*PARTIES.values(), ANNEXES}
"""The headings of the contents, which the outline leaves out; no chapter has these names at their level."""


def headings(pdf: pikepdf.Pdf) -> Iterator[tuple[int, str]]:
    """Each heading of the structure tree: its level and its words."""
    for element in elements(pdf.Root.StructTreeRoot):
        if re.fullmatch("/H[1-6]", str(element.S)):
            yield int(str(element.S)[2:]), " ".join(str(element.get("/T", "")).split())


def outlined(items: list[pikepdf.OutlineItem], level: int) -> Iterator[tuple[int, str]]:
    for item in items:
        yield level, " ".join(str(item.title).split())
        yield from outlined(list(item.children), level + 1)


def test_no_page_is_nearly_empty_and_nothing_is_parted(invented: Project) -> None:
    for path in sorted(invented.pdf.rglob("*.pdf")):
        pages = measured(path)
        assert [page.number for page in pages if page.is_nearly_empty] == [], path.name
        assert [(page.number, page.parted) for page in pages if page.parted] == [], path.name


def test_the_data_of_every_table_are_attached(invented: Project, book: Path) -> None:
    with pikepdf.open(book) as pdf:
        (name,) = pdf.attachments
        content = pdf.attachments[name].get_file().read_bytes()
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    about = {str(row[0].value): str(row[1].value) for row in workbook["À lire"]}
    numbered = BeautifulSoup((invented.html / "figures-et-tableaux.html").read_text(encoding="utf-8"), "lxml")
    listed = len(numbered.select(".liste-figures li"))
    consulted = [BeautifulSoup((invented.html / f"{page}.html").read_text("utf-8"), "lxml") for page in CARDS]
    cards = sum(bool(page.select("dl.fiches dt")) for page in consulted)
    assert name == "donnees.xlsx" and listed + cards == len(workbook.sheetnames) - 1 and cards
    assert "inventés" in about["Avertissement"] and "Feuille 001" in about


CARDS = ("definitions", "sources")
"""The pages of the site that are lists, too long for paper: a sheet each of the attached workbook."""


def test_a_booklet_is_the_chapter_and_not_the_book(invented: Project) -> None:
    """Its cover is the territory's name; the sources of the book, its other chapters are not in it."""
    for path in sorted((invented.pdf / "livrets").glob("*.pdf")):
        if path.stem.endswith("-deux-pages"):
            continue
        with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
            titles = [str(item.title) for item in outline.root]
            assert str(pdf.docinfo["/Title"]).endswith(", livret du territoire")
        assert len(titles) == 3 and titles[1].endswith("Glossaire") and titles[2] == "À propos de ce livret"


def test_the_book_tells_how_to_cite_it_and_where_the_rest_is(invented: Project, book: Path) -> None:
    with pypdfium2.PdfDocument(book) as pdf:
        contents, front, *pages = [page.get_textpage().get_text_range() for page in pdf][1:]
    assert all(part in contents for part in ("Chapitres thématiques", "Territoires", "Annexes"))
    assert "RSA" in front and "revenu de solidarité active" in front and "Comment citer" in front
    assert "ISBN" not in front and "Dépôt légal" not in front, "nothing is declared of them"
    assert "Définitions" in front and "donnees.xlsx" in front
    colophon = " ".join(pages[-2:])
    assert f"typst {compiler_version()}" in colophon and "empreinte" not in colophon
    with pikepdf.open(book) as written:
        assert str(written.docinfo["/Creator"]) == f"Typst {compiler_version()}"


def test_a_territory_has_two_pages_in_plain_words(invented: Project) -> None:
    textstat.set_lang("fr")
    found = sorted((invented.pdf / "livrets").glob("*-deux-pages.pdf"))
    assert len(found) == 3
    for path in found:
        with pypdfium2.PdfDocument(path) as pdf:
            assert len(pdf) == 2, path.name
            text = " ".join(page.get_textpage().get_text_range() for page in pdf)
        prose = re.sub(r"\s+", " ", text.partition("Ce que l’on ne sait pas")[2])
        assert textstat.flesch_reading_ease(prose) > 60, path.name


def test_every_page_of_the_sample_looks_as_it_did(tmp_path: Path) -> None:
    """A cover, contents, prose with notes, a figure, a table over two pages, a wide one turned.

    After a wanted change: ``python tests/sample.py`` writes the references again; look at them.
    """
    with pypdfium2.PdfDocument(write_sample(tmp_path)) as pdf:
        pictures = [page.render(scale=DPI / 72).to_pil().convert("L").convert("RGB") for page in pdf]
    stored = sorted(REFERENCES.glob("*.png"))
    assert len(pictures) == len(stored)
    for picture, path in zip(pictures, stored, strict=True):
        reference = Image.open(path).convert("RGB")
        assert picture.size == reference.size, path.name
        different = pixelmatch(picture, reference, threshold=0.2)
        assert different < 0.002 * picture.width * picture.height, f"{path.name}: {different} pixels"


def test_nbconvert_knows_the_exporter_by_its_name(clone: Project, tmp_path: Path) -> None:
    """What the README tells to type, in a process of its own, on an executed chapter."""
    words = [
        "nbconvert",
        "--to",
        "bilan-pdf",
        str(clone.runs / "premery.ipynb"),
        "--output-dir",
        str(tmp_path),
    ]
    environment = {**os.environ, "BILAN_RACINE": str(clone.root)}
    subprocess.run(
        [sys.executable, "-m", "jupyter", *words], env=environment, check=True, capture_output=True
    )
    with pikepdf.open(tmp_path / "premery.pdf") as pdf, pdf.open_outline() as outline:
        titles = [str(item.title) for item in outline.root]
        assert "donnees.xlsx" in pdf.attachments
    assert "Prémery" in titles


def test_an_exported_chapter_of_invented_territories_says_so(invented: Project, tmp_path: Path) -> None:
    path = next(path for path in sorted(invented.runs.glob("*.ipynb")) if path.stem != "synthese")
    (tmp_path / "chapitre.pdf").write_bytes(exported(path))
    with pypdfium2.PdfDocument(tmp_path / "chapitre.pdf") as pdf:
        texts = [page.get_textpage().get_text_range() for page in pdf]
    assert "inventés" in texts[0] and sum("Démonstration" in text for text in texts) == len(texts)


def test_what_failed_or_was_not_executed_as_a_chapter_is_not_exported(clone: Project, tmp_path: Path) -> None:
    notebook = nbformat.read(clone.runs / "premery.ipynb", as_version=4)
    del notebook.metadata["bilan_nature"]
    nbformat.write(notebook, tmp_path / "ailleurs.ipynb")
    with pytest.raises(BilanError, match="n'a pas été exécuté par « bilan build »"):
        exported(tmp_path / "ailleurs.ipynb")
    notebook.metadata["bilan_nature"] = "reel"
    notebook.cells[-1].outputs = [nbformat.v4.new_output("error", ename="KeyError", evalue="'val'")]
    nbformat.write(notebook, tmp_path / "echec.ipynb")
    with pytest.raises(BilanError, match="KeyError"):
        exported(tmp_path / "echec.ipynb")


def exported(path: Path) -> bytes:
    content, _ = BilanPdfExporter().from_filename(str(path))
    return bytes(content)


def test_a_string_of_typst_cannot_end_early() -> None:
    assert string('a"#b\\') == '"a\\"#b\\\\"'
