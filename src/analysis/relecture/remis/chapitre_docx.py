"""A chapter as a Word document to comment: the same anchors, as bookmarks; a closed set of elements."""

from __future__ import annotations

import base64
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import docx
import typst
from bs4 import BeautifulSoup, NavigableString, PageElement, Tag
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.text.paragraph import Paragraph
from lxml.etree import SubElement

from analysis.livre.article.articles import Article
from analysis.livre.article.typesetting import typeset
from analysis.livre.imprime.colonnes import column_widths
from analysis.noyau.errors import BilanError
from analysis.noyau.french import typography
from analysis.presentation.drawing.fonts import FONTS
from analysis.relecture.ancres import Version, signets
from analysis.relecture.passages import is_note_of_table
from analysis.relecture.remarques import COLLEGE, COLLEGE_QUESTION, CONSENT, CONSENT_QUESTION, cleaned

MARK = "Version de relecture — ne pas diffuser"

HOW_TO = (
    "Ce document est à vous : dites ce que vous en pensez. Une seule remarque suffit.",
    "Pour commenter, sélectionnez les mots concernés, puis : dans Word, « Révision › Nouveau commentaire » ; "
    "dans LibreOffice, « Insertion › Commentaire ».",
    "Commencez si possible votre commentaire par « Accord : », « Désaccord : », « Précision : » ou "
    "« Témoignage : ».",
    "Vous pouvez aussi corriger le texte lui-même, en mode suivi des modifications.",
    "N'écrivez le nom d'aucune personne. Votre nom n'est pas gardé : seul votre collège l'est.",
    "Enregistrez au format Word (.docx) et renvoyez le fichier à l'équipe d'évaluation.",
)

_DROPPED = {"details", "svg", "script", "style", "nav", "noscript"}
_TRANSPARENT = {"body", "main", "div", "section", "thead", "tbody"}
_FIXED = datetime(2026, 1, 1)
_ZIP_DATE = (2026, 1, 1, 0, 0, 0)
_DOTS = 200.0
_BLANKS = re.compile(r"[ \t\r\n]+")
_FULL_WIDTH_CM, _TALLEST_CM = 16.0, 20.0


@dataclass(frozen=True)
class Look:
    """How the document is set: its font, its sizes in points, the space between lines."""

    font: str
    size: float
    table: float
    spacing: float


ORDINARY = Look("Calibri", 11, 9, 1.15)
LARGE = Look("Arial", 18, 16, 1.5)


@dataclass(frozen=True)
class _Run:
    """How the words of a run look."""

    bold: bool = False
    italic: bool = False
    raised: bool = False
    code: bool = False


def chapitre_docx(article: Article, version: Version, *, mark: str = "", grand: bool = False) -> bytes:
    """The Word document of a chapter: how to comment on its first page, then the article.

    ``mark`` stands in every page's head, after that of a review; ``grand`` makes large print. The same
    article makes the same bytes. Raises BilanError for an element that has no equivalent in Word.
    """
    return _written(article, version, mark).printed(LARGE if grand else ORDINARY)


def chapitres_docx(article: Article, version: Version, *, mark: str = "") -> tuple[bytes, bytes]:
    """The same in ordinary and in large print: written once, dressed twice."""
    writer = _written(article, version, mark)
    return writer.printed(ORDINARY), writer.printed(LARGE)


def _written(article: Article, version: Version, mark: str) -> _Writer:
    """A chapter as a document that is not dressed yet."""
    writer = _Writer(version)
    writer.present(article.title, MARK if not mark else f"{MARK}. {mark}")
    writer.first_page(article.title)
    body = BeautifulSoup(typeset(article.html), "lxml").body
    writer.blocks(body.children if body else ())
    return writer


def png(svg: bytes) -> bytes:
    """The picture of an SVG file, drawn with the project's fonts.

    Raises BilanError with what Typst says.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "figure.svg").write_bytes(svg)
        source = folder / "figure.typ"
        page = '#set page(width: auto, height: auto, margin: 0pt, fill: white)\n#image("figure.svg")\n'
        source.write_text(page, encoding="utf-8")
        try:
            drawn: bytes = typst.compile(
                str(source), format="png", ppi=_DOTS, font_paths=_fonts(), ignore_system_fonts=True
            )
        except typst.TypstError as error:
            raise BilanError(f"Une figure n'a pas pu être dessinée : {error}") from error
    return drawn


@cache
def _fonts() -> typst.Fonts:
    """The fonts of drawings, opened once."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


class _Writer:
    """Writes the elements of an article into a Word document, one after the other."""

    def __init__(self, version: Version) -> None:
        self.document: Any = docx.Document()
        self.version = version
        self.names = signets(version.passages)
        self.bookmarks = 0
        self.of_cells = self.document.styles.add_style(_CELL, WD_STYLE_TYPE.PARAGRAPH)
        self.of_cells.base_style = self.document.styles["Normal"]
        form = self.of_cells.paragraph_format
        form.space_before = form.space_after = Pt(_ROOM_OF_CELLS)
        form.line_spacing = 1.0
        self.styles = {style.name: style.style_id for style in self.document.styles}

    def printed(self, look: Look) -> bytes:
        """The file, dressed so."""
        for name, share in _SHARES.items():
            style = self.document.styles[name]
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            fonts.attrib.clear()
            style.font.name, style.font.size = look.font, Pt(round(look.size * share))
            if name != "Normal":
                style.font.color.rgb = RGBColor(0x1D, 0x27, 0x33)
        form = self.document.styles["Normal"].paragraph_format
        form.line_spacing, form.space_after = look.spacing, Pt(look.size * 0.6)
        self.of_cells.font.size = Pt(look.table)
        buffer = io.BytesIO()
        self.document.save(buffer)
        return _repacked(buffer.getvalue())

    def present(self, title: str, mark: str) -> None:
        """The page, its language, what every page repeats, and the properties of the file."""
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        section.top_margin = section.bottom_margin = Cm(2)
        for language in self.document.styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), "fr-FR")
        section.header.paragraphs[0].text = mark
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        foot._p.append(field)
        about = self.document.core_properties
        about.title, about.language, about.author = title, "fr-FR", ""
        about.identifier = about.keywords = self.version.mention
        about.comments, about.revision = "", 1
        about.created = about.modified = about.last_printed = _FIXED

    def first_page(self, title: str) -> None:
        """How to comment, and the two answers that go with the remarks."""
        self.document.add_paragraph("Votre avis sur le chapitre", style="Title")
        self.document.add_paragraph(f"{title} : version {self.version.mention}")
        for line in HOW_TO:
            self.document.add_paragraph(typography(line))
        table = self.document.add_table(rows=2, cols=2, style="Table Grid")
        questions = ((COLLEGE_QUESTION, COLLEGE), (CONSENT_QUESTION, CONSENT))
        for row, (question, name) in zip(table.rows, questions, strict=True):
            row.cells[0].paragraphs[0].add_run(question)
            self._bookmark(row.cells[1].paragraphs[0]._p, name)
        self.document.add_page_break()

    def blocks(self, nodes: Iterable[PageElement]) -> None:
        for node in nodes:
            self.block(node)

    def block(self, node: PageElement) -> None:
        """A block element; text between blocks is only white space."""
        if isinstance(node, NavigableString):
            if node.strip():
                self.words(self.add(), [node], _Run())
            return
        if not isinstance(node, Tag) or node.name in _DROPPED:
            return
        makers: dict[str, Callable[[Tag], None]] = {
            **dict.fromkeys(("h1", "h2", "h3", "h4"), self.heading),
            **dict.fromkeys(("p", "pre"), self.paragraph),
            "figure": self.figure,
            "table": self.table,
            "ul": lambda tag: self.items(tag, "List Bullet"),
            "ol": lambda tag: self.items(tag, "List Number"),
            "dl": self.definitions,
            "blockquote": self.quote,
        }
        if node.name in makers:
            makers[node.name](node)
        elif node.name in _TRANSPARENT:
            self.blocks(node.children)
        else:
            self.words(self.add(), [node], _Run())

    def add(self, style: str = "") -> Any:
        """A new paragraph at the end of the document: its style is that of the text where none is named.

        It is the element itself, as are those of cells: python-docx looks a style up among all of them at
        each paragraph, and writes a run five times slower than its elements are made.
        """
        paragraph = self.document.add_paragraph()._p
        if style:
            _child(paragraph.get_or_add_pPr(), "w:pStyle", {"w:val": self.styles[style]})
        return paragraph

    def heading(self, tag: Tag) -> None:
        paragraph = self.add(f"Heading {tag.name[1]}")
        anchor = str(tag.get("id") or ("titre" if tag.name == "h1" else ""))
        end = self._bookmark(paragraph, self.names.get(anchor, ""), close=False)
        self.words(paragraph, tag.children, _Run())
        end(paragraph)

    def paragraph(self, tag: Tag) -> None:
        if is_note_of_table(tag):  # written with its table
            return
        look = _Run(italic="note" in tag.get_attribute_list("class"), code=tag.name == "pre")
        self.words(self.add(), tag.children, look)

    def quote(self, tag: Tag) -> None:
        for child in tag.find_all("p", recursive=False) or [tag]:
            self.words(self.add("Quote"), child.children, _Run())

    def items(self, tag: Tag, style: str) -> None:
        number = self._new_list() if style == "List Number" else None
        for item in tag.find_all("li", recursive=False):
            paragraph = self.add(style)
            if number is not None:
                properties = paragraph.get_or_add_pPr().get_or_add_numPr()
                properties.get_or_add_numId().val = number
            blocks = [c for c in item.children if isinstance(c, Tag) and c.name in ("ul", "ol", "p")]
            inline = [c for c in item.children if not any(c is block for block in blocks)]
            self.words(paragraph, inline, _Run())
            for block in blocks:
                if block.name == "p" and not "".join(paragraph.itertext()).strip():
                    self.words(paragraph, block.children, _Run())
                else:
                    self.block(block)

    def definitions(self, tag: Tag) -> None:
        for child in tag.find_all(["dt", "dd"], recursive=False):
            self.words(self.add(), child.children, _Run(bold=child.name == "dt"))

    def figure(self, tag: Tag) -> None:
        image, caption = tag.img, tag.figcaption
        if image is None or caption is None:
            raise BilanError("Figure sans image ou sans légende.")
        content = base64.b64decode(str(image["src"]).partition("base64,")[2])
        paragraph = self.add()
        _child(paragraph.get_or_add_pPr(), "w:keepNext")
        end = self._bookmark(paragraph, self.names.get(str(tag.get("id")), ""), close=False)
        drawn = png(content) if "svg" in str(image["src"])[:30] else content
        picture = Paragraph(paragraph, self.document).add_run().add_picture(io.BytesIO(drawn))
        share = min(1.0, Cm(_FULL_WIDTH_CM) / picture.width, Cm(_TALLEST_CM) / picture.height)
        picture.width, picture.height = round(picture.width * share), round(picture.height * share)
        description = tag.find("p", class_="description")
        words = description.get_text() if isinstance(description, Tag) else str(image.get("alt") or "")
        picture._inline.docPr.set("descr", cleaned(words)[0])
        last = self.add("Caption")
        self.words(last, caption.children, _Run())
        for note in tag.find_all("p", recursive=False):
            last = self.add()
            self.words(last, note.children, _Run(italic=True))
        end(last)

    def table(self, tag: Tag) -> None:
        rows = [row.find_all(["th", "td"], recursive=False) for row in tag.find_all("tr")]
        width = len(rows[0]) if rows else 0
        if not width or any(len(row) != width for row in rows):
            raise BilanError("Tableau dont les lignes n'ont pas le même nombre de cellules.")
        place = tag if tag.get("id") else tag.find_parent("div", id=True)
        caption = self.add("Caption")
        _child(caption.get_or_add_pPr(), "w:keepNext")
        name = self.names.get(str(place["id"]), "") if isinstance(place, Tag) else ""
        end = self._bookmark(caption, name, close=False)
        if tag.caption is not None:
            self.words(caption, tag.caption.children, _Run())
        table = self.document.add_table(rows=len(rows), cols=width, style="Table Grid")
        table.autofit = False
        shares = column_widths(tag.find_all("tr"))
        page = self.document.sections[-1]
        room = page.page_width - page.left_margin - page.right_margin
        widths = [str(Emu(int(room * share / sum(shares))).twips) for share in shares]
        for column, wide in zip(table._tbl.tblGrid, widths, strict=True):
            column.set(qn("w:w"), wide)
        for line, (row, cells) in enumerate(zip(table._tbl.tr_lst, rows, strict=True)):
            properties = row.get_or_add_trPr()
            _child(properties, "w:cantSplit")
            if line == 0:
                _child(properties, "w:tblHeader")
            for cell, source, wide in zip(row.tc_lst, cells, widths, strict=True):
                size, paragraph = cell.iter(qn("w:tcW"), qn("w:p"))
                size.set(qn("w:w"), wide)
                self.cell(paragraph, source, bold=line == 0)
        after = self.add()
        note = place.find_next_sibling() if isinstance(place, Tag) else None
        if isinstance(note, Tag) and is_note_of_table(note):
            _child(after.get_or_add_pPr(), "w:spacing", {"w:before": _ABOVE_NOTE})
            self.words(after, note.children, _Run(italic=True))
        end(after)

    def cell(self, paragraph: Any, source: Tag, *, bold: bool) -> None:
        """One cell, to be set smaller than the text."""
        properties = _child(paragraph, "w:pPr")
        _child(properties, "w:pStyle", {"w:val": self.styles[_CELL]})
        if "nombre" in source.get_attribute_list("class"):
            _child(properties, "w:jc", {"w:val": "right"})
        self.words(paragraph, source.children, _Run(bold=bold))

    def words(self, paragraph: Any, nodes: Iterable[PageElement], look: _Run) -> None:
        for node in nodes:
            self.inline(paragraph, node, look)

    def inline(self, paragraph: Any, node: PageElement, look: _Run) -> None:
        """An inline element, or text, at the end of a paragraph."""
        if isinstance(node, NavigableString):
            if type(node) is NavigableString and str(node):
                self._run(paragraph, str(node), look)
            return
        if not isinstance(node, Tag) or node.name in _DROPPED:
            return
        if node.name == "br":
            _child(_child(paragraph, "w:r"), "w:br")
        elif node.name == "a":
            self.link(paragraph, node, look)
        elif node.name in _LOOKS:
            self.words(paragraph, node.children, replace(look, **{_LOOKS[node.name]: True}))
        elif node.name in ("span", "data", "p", "abbr", "time"):
            self.words(paragraph, node.children, look)
        else:
            raise BilanError(f"Élément « {node.name} » sans équivalent dans le document Word.")

    def link(self, paragraph: Any, tag: Tag, look: _Run) -> None:
        """A link to another site or to a place of the chapter; the words alone of any other."""
        if "retour" in tag.get_attribute_list("class"):
            return
        address = str(tag.get("href") or "")
        parts = urlsplit(address)
        link: Any = OxmlElement("w:hyperlink")
        if parts.scheme in ("http", "https", "mailto"):
            part = self.document.part
            link.set(qn("r:id"), part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        elif not parts.path and parts.fragment in self.names:
            link.set(qn("w:anchor"), self.names[parts.fragment])
        else:
            self.words(paragraph, tag.children, look)
            return
        self.words(link, tag.children, look)
        for properties in link.iter(qn("w:r")):
            _child(properties.get_or_add_rPr(), "w:u", {"w:val": "single"})
        paragraph.append(link)

    def _run(self, paragraph: Any, text: str, look: _Run) -> None:
        kept = _BLANKS.sub(" ", cleaned(f"|{text}|")[0][1:-1])
        run = _child(paragraph, "w:r")
        if look != _Run():
            _dress(_child(run, "w:rPr"), look)
        if kept:
            blanks = {"xml:space": "preserve"} if kept.strip() != kept else {}
            _child(run, "w:t", blanks).text = kept

    def _bookmark(self, paragraph: Any, name: str, *, close: bool = True) -> Callable[[Any], None]:
        """Open a bookmark at the end of a paragraph; what closes it at the end of another."""
        if not name:
            return lambda _paragraph: None
        self.bookmarks += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for mark in (start, end):
            mark.set(qn("w:id"), str(self.bookmarks))
        start.set(qn("w:name"), name)
        paragraph.append(start)
        if close:
            paragraph.append(end)
        return lambda last: last.append(end)

    def _new_list(self) -> int:
        """A numbering of its own, from 1, for one ordered list."""
        numbering = self.document.part.numbering_part.numbering_definitions._numbering
        style = self.document.styles["List Number"].element
        base = numbering.num_having_numId(style.pPr.numPr.numId.val)
        fresh = numbering.add_num(base.abstractNumId.val)
        fresh.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(fresh.numId)


def _dress(properties: Any, look: _Run) -> None:
    """Write how a run looks, in the order that the format asks for."""
    if look.code:
        _child(properties, "w:rFonts", {"w:ascii": "Courier New", "w:hAnsi": "Courier New"})
    if look.bold:
        _child(properties, "w:b")
    if look.italic:
        _child(properties, "w:i")
    if look.raised:
        _child(properties, "w:vertAlign", {"w:val": "superscript"})


def _child(parent: Any, name: str, values: Mapping[str, str] = MappingProxyType({})) -> Any:
    """A new element at the end of another."""
    return SubElement(parent, qn(name), {qn(key): value for key, value in values.items()})


_CELL = "Cellule de tableau"
"""The style of what stands in a table: smaller than the text, and clear of its rules."""

_ROOM_OF_CELLS, _ABOVE_NOTE = 1.5, "80"
"""Points above and below what a cell says; twentieths of a point between a table and its note."""

_SHARES = {
    "Normal": 1.0,
    "Title": 1.6,
    "Heading 1": 1.6,
    "Heading 2": 1.35,
    "Heading 3": 1.15,
    "Heading 4": 1.0,
    "Caption": 0.95,
    "Quote": 1.0,
    "List Bullet": 1.0,
    "List Number": 1.0,
    "Header": 0.8,
    "Footer": 0.8,
}
"""The styles that are used, and the size of each as a share of the text's."""

_LOOKS = {
    **dict.fromkeys(("em", "i", "cite"), "italic"),
    **dict.fromkeys(("strong", "b"), "bold"),
    **dict.fromkeys(("sup",), "raised"),
    **dict.fromkeys(("code", "kbd"), "code"),
}


def _repacked(content: bytes) -> bytes:
    """The same archive with fixed dates."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for info in source.infolist():
            entry = zipfile.ZipInfo(info.filename, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(info))
    return packed.getvalue()
