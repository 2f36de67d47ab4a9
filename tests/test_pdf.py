"""The PDF is tagged, kept with its data, and looks as it did: page by page, against stored pictures."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import openpyxl
import pdfua
import pikepdf
import pypdfium2
import pytest
import textstat
from bs4 import BeautifulSoup
from PIL import Image
from pixelmatch.contrib.PIL import pixelmatch
from sample import write_sample

from analysis.livre.exporter import BilanPdfExporter
from analysis.livre.typst_markup import string
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


def test_a_checker_finds_nothing_to_say(invented: Project) -> None:
    for path in sorted(invented.pdf.rglob("*.pdf")):
        report = pdfua.validate(path)
        assert [finding.message for finding in report.findings] == [], path.name


def test_the_data_of_every_table_are_attached(invented: Project, book: Path) -> None:
    with pikepdf.open(book) as pdf:
        (name,) = pdf.attachments
        content = pdf.attachments[name].get_file().read_bytes()
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    about = {str(row[0].value): str(row[1].value) for row in workbook["À lire"]}
    numbered = BeautifulSoup((invented.html / "figures-et-tableaux.html").read_text(encoding="utf-8"), "lxml")
    listed = len(numbered.select(".liste-figures li"))
    assert name == "donnees.xlsx" and listed == len(workbook.sheetnames) - 1
    assert "inventés" in about["Avertissement"] and "Feuille 001" in about


def test_a_territory_has_two_pages_in_plain_words(invented: Project) -> None:
    textstat.set_lang("fr")
    found = sorted((invented.pdf / "livrets").glob("*-deux-pages.pdf"))
    assert len(found) == 3
    for path in found:
        with pypdfium2.PdfDocument(path) as pdf:
            assert len(pdf) == 2, path.name
            text = " ".join(page.get_textpage().get_text_range() for page in pdf)
        prose = re.sub(r"\s+", " ", text.partition("Ce que ces chiffres ne disent pas")[2])
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


def elements(node: pikepdf.Object) -> list[pikepdf.Dictionary]:
    """Every structure element under a node, whatever their depth."""
    found, waiting = [], [node]
    while waiting:
        kids = waiting.pop().get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                found.append(kid)
                waiting.append(kid)
    return found
