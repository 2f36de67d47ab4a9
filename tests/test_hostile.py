"""What people write may be hostile: it stays text in a page, in a PDF and in a workbook."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from bs4 import BeautifulSoup
from sample import PUBLISHER

from analysis.livre.article.articles import Article, article_of_html
from analysis.livre.article.dataset import datasets
from analysis.livre.article.downloads import workbook_bytes
from analysis.livre.imprime.pdf import set_article
from analysis.livre.pages import Site
from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.paths import Project
from analysis.presentation.published import parole
from analysis.secret.bundle import LISTES, Bundle
from analysis.secret.release import release_parole
from analysis.sources.commentaires import LONGEST_COMMENT, Commentaire

HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\u202eabc\u2066",
    '#import "x.typ"; #sys.inputs $ \\u{202e} *gras* _it_ <label> @ref',
    "![](http://exemple.org/x.png) [lien](javascript:alert(1))",
    '&lt;b&gt; &amp; "guillemets"',
    "a" * LONGEST_COMMENT,
)


def comment(rank: int, text: str) -> Commentaire:
    return Commentaire(
        **{"id": f"val-{rank}", "edition": "copie", "territoire": "val", "chapitre": "val", "ancre": "titre"},
        **{"citation": text[:200], "role": "elus", "date": "2026-11-20", "texte": text, "genre": "desaccord"},
        **{"consentement": "oui", "statut": "desaccord_maintenu", "rattachement": "en_place"},
        **{"reponse": text, "date_reponse": "2026-11-26", "changement": "", "avant": "", "apres": ""},
        origine="feuille",
    )


@pytest.fixture
def article(synthese: Bundle) -> Article:
    """A chapter that shows every hostile text in its sentences and in a table."""
    lists = load_nomenclatures(Project.here())
    bundle = replace(
        synthese,
        paroles=tuple(release_parole(comment(rank, text)) for rank, text in enumerate(HOSTILE)),
        listes={name: lists[name] for name in LISTES},
    )
    body = parole.du_territoire(bundle).html + parole.desaccords(bundle).html
    return article_of_html(f'<h1 id="titre">Hostile</h1>{body}', name="hostile", numero="1")


def test_a_page_shows_them_as_text(article: Article) -> None:
    soup = BeautifulSoup(article.html, "lxml")
    assert not soup.find_all(["script", "img", "b"])
    assert {str(a["href"]) for a in soup.find_all("a", href=True)} <= {"#titre", "val.html"}
    text = soup.get_text()
    assert "<script>alert(1)</script>" in text and "=cmd|' /C calc'!A0" in text
    assert "\u202e" not in text and "‹U+202E›" in text and "a" * LONGEST_COMMENT in text


def test_a_pdf_shows_them_as_text(article: Article, tmp_path: Path) -> None:
    site = Site("Essai", PUBLISHER, date(2026, 11, 26), ())
    content = set_article("hostile", article, site, tmp_path)
    with pypdfium2.PdfDocument(content) as pdf:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
    flat = "".join(text.split())
    assert "<script>alert(1)</script>" in flat and '#import"x.typ"' in flat and "javascript:alert(1)" in flat
    assert (
        "\u202e" not in text and b"/JavaScript" not in content and b"/URI (http://exemple.org" not in content
    )


def test_a_workbook_holds_them_as_text(article: Article) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(datasets("hostile", article), {})))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert any("=cmd|" in str(cell.value) for cell in cells)
