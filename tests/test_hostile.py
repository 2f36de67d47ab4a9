"""What people write may be hostile: it stays text in a page, in a PDF and in a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from io import BytesIO
from pathlib import Path
from random import Random

import openpyxl
import pypdfium2
import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample import PUBLISHER

from analysis.indicateurs.participation.demandes import IndicateurLocal, QuestionLocale
from analysis.livre.article.articles import Article, article_of_html
from analysis.livre.article.dataset import datasets
from analysis.livre.article.downloads import workbook_bytes
from analysis.livre.article.typesetting import typeset
from analysis.livre.imprime.pdf import set_article
from analysis.livre.pages import Site
from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.definitions import load_definitions
from analysis.noyau.paths import Project
from analysis.presentation.deposits.participation.demandes import questions
from analysis.presentation.deposits.participation.verbatims import verbatims
from analysis.presentation.published import parole as parole_block
from analysis.secret.bundle import LISTES, Bundle
from analysis.secret.release import Citation, Parole, Released, release_parole
from analysis.sources.commentaires import LONGEST_COMMENT, Commentaire, visible

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
    body = parole_block.du_territoire(bundle).html + parole_block.desaccords(bundle).html
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


def test_a_sign_that_no_font_draws_stops_no_book(synthese: Bundle, val: Bundle, tmp_path: Path) -> None:
    words = "Bravo 👍 Спасибо 谢谢 ﷽ e\u0301te\u0301 \U0010ffff"
    body = shown(synthese, val, dict.fromkeys(FIELDS, words))
    article = article_of_html(f'<h1 id="titre">Hostile</h1>{body}', name="hostile", numero="1")
    content = set_article("hostile", article, Site("Essai", PUBLISHER, date(2026, 11, 26), ()), tmp_path)
    with pypdfium2.PdfDocument(content) as pdf:
        text = flat("".join(page.get_textpage().get_text_range() for page in pdf))
    assert "Bravo‹U+1F44D›‹U+0421›" in text and "‹U+8C22›‹U+8C22›‹U+FDFD›été‹U+10FFFF›" in text


def test_a_workbook_holds_them_as_text(article: Article) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(datasets("hostile", article), {})))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert any("=cmd|" in str(cell.value) for cell in cells)


PIECES = (
    *(
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "</section>",
        "<!--",
        "-->",
        "]]>",
        "<svg/onload=1>",
    ),
    *(
        "[^note]",
        "[^note]: x",
        "[@code]",
        "![](x.png)",
        "[a](javascript:alert(1))",
        "{{ 7*7 }}",
        "{% raw %}",
        "{#12}",
    ),
    *(
        "{effectif_ebe}",
        "${x}",
        '#import "x.typ"',
        "#sys.inputs",
        "$x^2$",
        "<label>",
        "@ref",
        "`code`",
        "```",
        "*gras*",
    ),
    *(
        "_it_",
        "# titre",
        "= titre",
        "=1+1",
        "＝cmd",
        "@SUM(A1)",
        "-1",
        "&lt;b&gt;",
        "&amp;",
        "&#0;",
        "%00",
        "\\",
        "\\u{41}",
    ),
    *(
        '"',
        "'",
        "//",
        "/*",
        "~",
        "\u202e",
        "\u2066",
        "data:text/html,x",
        "http://exemple.org",
        "é",
        "mot",
        "12",
    ),
)
"""Pieces of markup of HTML, of Jinja, of Markdown, of Typst, of spreadsheets, and of the book's own."""

TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map(" ".join)
FIELDS = (
    "texte",
    "citation",
    "reponse",
    "changement",
    "intitule",
    "libelle",
    "definition",
    "origine",
    "verbatim",
)
"""What a reader or a sender fills, and a page shows."""


def shown(synthese: Bundle, val: Bundle, written: Mapping[str, str]) -> str:
    """The blocks that show these texts, each in its field."""
    lists = {name: load_nomenclatures(Project.here())[name] for name in LISTES}
    said = replace(
        comment(1, written["texte"]),
        **{name: written[name] for name in ("citation", "reponse", "changement")},
        statut="pris_en_compte",
    )
    local = IndicateurLocal(
        *("I1", "local-val-i1", written["libelle"], written["definition"], written["origine"], "personnes")
    )
    asked = QuestionLocale("val", "Q1", written["intitule"], "elus", "H1", (local,))
    parole = Parole(**{field.name: getattr(said, field.name) for field in fields(Parole)})
    quoted = Citation("val", "salaries_ebe", 2019, "commentaire", "", written["verbatim"])
    definitions = load_definitions(Project.here()).by_name.values()
    of_all = replace(
        synthese, verbatims=(Released(quoted, "consentement"),), listes=lists, definitions=tuple(definitions)
    )
    of_one = replace(
        val,
        paroles=(Released(parole, "consentement"),),
        questions=(Released(asked, "declare"),),
        listes=lists,
    )
    blocks = (parole_block.du_territoire(of_one), questions(of_one), verbatims(of_all))
    return "".join(block.html for block in blocks)


def flat(text: str) -> str:
    """A text without blanks nor what the typography of the page changes, its direction marks shown."""
    told = visible(text).replace("’", "'").replace("\u2026", "...")
    return "".join(sign for sign in told if not sign.isspace() and sign not in "\u200b\u00ad")


def unhyphened(text: str) -> str:
    """A text without its hyphens: a narrow column adds some at the ends of its lines."""
    return "".join(sign for sign in text if sign not in "-\u2010\u0002\ufffe")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=st.fixed_dictionaries(dict.fromkeys(FIELDS, TEXTS)))
def test_any_text_in_any_field_is_shown_as_it_was_written(
    synthese: Bundle, val: Bundle, written: dict[str, str]
) -> None:
    body = shown(synthese, val, written)
    article = article_of_html(f'<h1 id="titre">Hostile</h1>{body}', name="hostile", numero="1")
    soup = BeautifulSoup(typeset(article.html), "lxml")
    told = flat(soup.get_text())
    for field, text in written.items():
        assert flat(text) in told, field
    assert not soup.find_all(["script", "img", "svg", "iframe", "sup"])
    assert not [name for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")]
    assert {str(a["href"])[:1] for a in soup.find_all("a", href=True)} <= {"#", "v"}


@pytest.mark.lent
def test_a_pdf_shows_any_text_of_any_field_as_it_was_written(
    synthese: Bundle, val: Bundle, tmp_path: Path
) -> None:
    """A hundred texts, drawn once for all; Typst runs nothing of them and leads nowhere."""
    rng = Random(23)
    drawn = [" ".join(rng.choices(PIECES, k=rng.randint(1, 6))) for _ in range(len(FIELDS) * 11)]
    rows = [
        dict(zip(FIELDS, drawn[start : start + len(FIELDS)], strict=True))
        for start in range(0, len(drawn), len(FIELDS))
    ]
    site = Site("Essai", PUBLISHER, date(2026, 11, 26), ())
    for rank, written in enumerate(rows):
        article = article_of_html(
            f'<h1 id="titre">Hostile</h1>{shown(synthese, val, written)}', name="hostile", numero="1"
        )
        content = set_article("hostile", article, site, tmp_path / str(rank))
        with pypdfium2.PdfDocument(content) as pdf:
            told = flat("".join(page.get_textpage().get_text_range() for page in pdf))
        for field, text in written.items():
            wanted = unhyphened(flat(text).replace("＝", "‹U+FF1D›"))
            assert wanted in unhyphened(told), (rank, field, text)
        assert b"/JavaScript" not in content and b"/URI (http://exemple" not in content
