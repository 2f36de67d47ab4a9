"""The ways out of an edition: each writes a text in one place of a file of it, that a reader or a program opens."""

from __future__ import annotations

import base64
import gzip
import io
import json
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

import docx
import openpyxl
import pikepdf
import typst
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
from PIL import Image

PAGE = "html/val.html"


@dataclass(frozen=True)
class Voie:
    """A way out: the file that it writes or changes, the words of its place, what it does with a text.

    ``seul`` is what is a fault there by itself, whatever is written.
    """

    fichier: str
    lieu: str
    sème: Callable[[Path, str], None]
    seul: str = ""


def _in_page(made: Callable[[str], str], before: str = "</body>") -> Callable[[Path, str], None]:
    def plant(path: Path, text: str) -> None:
        page = path.read_text(encoding="utf-8")
        assert before in page
        path.write_text(page.replace(before, made(text) + before, 1), encoding="utf-8")

    return plant


def _written(made: Callable[[str], str | bytes]) -> Callable[[Path, str], None]:
    def plant(path: Path, text: str) -> None:
        content = made(text)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)

    return plant


def _split(text: str) -> str:
    """The text, a mark in its middle: a reader sees no difference."""
    half = len(text) // 2
    return f"<p>{escape(text[:half])}<b>{escape(text[half:])}</b></p>"


def _coded(text: str) -> str:
    return base64.b64encode(f"Ce que porte cette adresse, codé : {text}".encode()).decode()


def _u(text: str) -> str:
    """Each sign as a script may write it."""
    return "".join(f"\\u{ord(sign):04x}" for sign in text)


def _svg(inside: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inside}<path d="M0 0L9 9"/></svg>'


def _chunk(kind: bytes, part: bytes) -> bytes:
    return struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part))


def _png(kind: bytes, part: Callable[[bytes], bytes]) -> Callable[[str], bytes]:
    def made(text: str) -> bytes:
        out = io.BytesIO()
        Image.new("RGB", (2, 2)).save(out, "PNG")
        plain = out.getvalue()
        return plain[:33] + _chunk(kind, part(text.encode("utf-8"))) + plain[33:]

    return made


def _photo(text: str, *, exif: bool) -> bytes:
    out, picture = io.BytesIO(), Image.new("RGB", (2, 2))
    if exif:
        known = Image.Exif()
        known[0x010E] = text
        picture.save(out, "JPEG", exif=known)
    else:
        picture.save(out, "JPEG", comment=text.encode("utf-8"))
    return out.getvalue()


def _book(change: Callable[[openpyxl.Workbook, str], None]) -> Callable[[str], bytes]:
    def made(text: str) -> bytes:
        book = openpyxl.Workbook()
        book.properties.creator = ""
        book.active.append(["Année", "Nombre"])
        change(book, text)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return made


def _cell(book: openpyxl.Workbook, text: str) -> None:
    book.active["A2"] = text


def _note(book: openpyxl.Workbook, text: str) -> None:
    book.active["A1"].comment = Comment(text, "")


def _hidden(book: openpyxl.Workbook, text: str) -> None:
    sheet = book.create_sheet("Calculs")
    sheet["A1"], sheet.sheet_state = text, "veryHidden"


def _property(book: openpyxl.Workbook, text: str) -> None:
    book.properties.description = text


def _custom(book: openpyxl.Workbook, text: str) -> None:
    book.custom_doc_props.append(StringProperty(name="Suivi", value=text))


def _name(book: openpyxl.Workbook, text: str) -> None:
    quoted = text.replace('"', '""')
    book.defined_names["suivi"] = DefinedName("suivi", attr_text=f'"{quoted}"')


def _linked(text: str) -> bytes:
    part = (
        '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><externalBook><sheetDataSet>'
        f'<sheetData sheetId="0"><row r="1"><cell r="A1" t="str"><v>{escape(text)}</v></cell></row></sheetData>'
        "</sheetDataSet></externalBook></externalLink>"
    )
    return _with(_book(lambda _book, _text: None)(""), "xl/externalLinks/externalLink1.xml", part)


def _with(archive: bytes, name: str, part: str | bytes) -> bytes:
    out = io.BytesIO(archive)
    with zipfile.ZipFile(out, "a") as opened:
        opened.writestr(name, part)
    return out.getvalue()


def _document(change: Callable[[docx.document.Document, str], None]) -> Callable[[str], bytes]:
    def made(text: str) -> bytes:
        document = docx.Document()
        for name in ("author", "comments", "title"):
            setattr(document.core_properties, name, "")
        change(document, text)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()

    return made


def _keywords(document: docx.document.Document, text: str) -> None:
    document.core_properties.subject = text[:255]


def _footer(document: docx.document.Document, text: str) -> None:
    document.sections[0].footer.paragraphs[0].text = text


def _deleted(document: docx.document.Document, text: str) -> None:
    paragraph = document.add_paragraph("Ce qui reste.")
    mark = docx.oxml.parse_xml(
        '<w:del xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" w:id="1" w:author="">'
        f"<w:r><w:delText>{escape(text)}</w:delText></w:r></w:del>"
    )
    paragraph._p.append(mark)


def _remarked(document: docx.document.Document, text: str) -> None:
    paragraph = document.add_paragraph("Un passage.")
    document.add_comment(paragraph.runs, text=text, author="", initials="")


def _typeset(text: str) -> bytes:
    return bytes(
        typst.compile(f"#{json.dumps('Un texte.')}\n\n#{json.dumps(text, ensure_ascii=False)}".encode())
    )


def _pdf(change: Callable[[pikepdf.Pdf, str], None]) -> Callable[[str], bytes]:
    def made(text: str) -> bytes:
        with pikepdf.open(io.BytesIO(_typeset("Rien."))) as pdf:
            change(pdf, text)
            out = io.BytesIO()
            pdf.save(out, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()

    return made


def _info(pdf: pikepdf.Pdf, text: str) -> None:
    pdf.docinfo["/Subject"] = text


def _xmp(pdf: pikepdf.Pdf, text: str) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:description"] = text


def _attached(pdf: pikepdf.Pdf, text: str) -> None:
    pdf.attachments["donnees.csv"] = f"annee;note\n2018;{text}\n".encode()


def _attached_book(pdf: pikepdf.Pdf, text: str) -> None:
    pdf.attachments["donnees.xlsx"] = _book(_cell)(text)


def _annotation(pdf: pikepdf.Pdf, text: str) -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents=text
    )
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(note)])


def _stream(pdf: pikepdf.Pdf, text: str) -> None:
    pdf.Root.PieceInfo = pikepdf.Dictionary(Bilan=pdf.make_stream(text.encode("utf-8")))


def _notebook(text: str, *, where: str) -> str:
    cell = {"cell_type": "code", "source": ["1 + 1"], "metadata": {}, "outputs": [], "execution_count": None}
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    if where == "source":
        cell["source"] = [f"# {text}\n", "1 + 1"]
    elif where == "sortie":
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": [text]}]
    else:
        book["metadata"] = {"suivi": {"note": text}}
    return json.dumps(book)


def _zipped(name: str, content: str | bytes) -> bytes:
    return _with(b"PK\x05\x06" + bytes(18), name, content)


def _tarred(text: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        content = f"note\n{text}\n".encode()
        info = tarfile.TarInfo("notes.txt")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def _event(text: str) -> str:
    line = "SUMMARY:" + text.replace("\n", "\\n").replace(",", "\\,")
    folded = "\r\n ".join(line[at : at + 20] for at in range(0, len(line), 20))
    return f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{folded}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


_IN_PICTURE = "le bloc « {} » de l'image"

VOIES = {
    "page": Voie(PAGE, "le texte", _in_page(lambda t: f"<p>{escape(t)}</p>")),
    "page, mot coupé": Voie(PAGE, "le texte", _in_page(_split)),
    "page, entités": Voie(
        PAGE, "le texte", _in_page(lambda t: f"<p>{''.join(f'&#{ord(c)};' for c in t)}</p>")
    ),
    "page, commentaire": Voie(PAGE, "un commentaire du code", _in_page(lambda t: f"<!-- {t} -->")),
    "page, alt": Voie(
        PAGE, "l'attribut « alt » de <img>", _in_page(lambda t: f'<img alt={quoteattr(t)} src="x.png">')
    ),
    "page, title": Voie(
        PAGE, "l'attribut « title » de <p>", _in_page(lambda t: f"<p title={quoteattr(t)}>x</p>")
    ),
    "page, data-": Voie(
        PAGE, "l'attribut « data-note » de <p>", _in_page(lambda t: f"<p data-note={quoteattr(t)}>x</p>")
    ),
    "page, meta": Voie(
        PAGE,
        "l'attribut « content » de <meta>",
        _in_page(lambda t: f'<meta name="description" content={quoteattr(t)}>'),
    ),
    "page, adresse": Voie(
        PAGE, "l'attribut « href » de <a>", _in_page(lambda t: f'<a href="x.html?q={quote(t)}">x</a>')
    ),
    "page, JSON-LD": Voie(
        PAGE,
        "des données « JSON »",
        _in_page(
            lambda t: f'<script type="application/ld+json">{json.dumps({"about": [{"name": t}]})}</script>'
        ),
    ),
    "page, programme": Voie(
        PAGE, "un programme", _in_page(lambda t: f'<script>const note = "{_u(t)}";</script>')
    ),
    "page, style": Voie(PAGE, "une feuille de style", _in_page(lambda t: f"<style>/* {t} */</style>")),
    "page, modèle": Voie(PAGE, "le texte", _in_page(lambda t: f"<template><p>{escape(t)}</p></template>")),
    "page, image codée": Voie(
        PAGE,
        "l'attribut « src » de <img>, une adresse « data: »",
        _in_page(lambda t: f'<img alt="" src="data:text/plain;base64,{_coded(t)}">'),
    ),
    "page, dessin codé": Voie(
        PAGE,
        "une feuille de style, une adresse « data: »",
        _in_page(
            lambda t: (
                f"<style>p{{background:url(data:image/svg+xml,{quote(_svg(f'<desc>{escape(t)}</desc>'))})}}</style>"
            )
        ),
    ),
    "page, PDF codé": Voie(
        PAGE,
        "l'attribut « href » de <a>, une adresse « data: »",
        _in_page(
            lambda t: f'<a href="data:application/pdf;base64,{base64.b64encode(_typeset(t)).decode()}">x</a>'
        ),
    ),
    "index de recherche": Voie(
        "html/recherche-index.js", "une ligne", _written(lambda t: f"window.BILAN_INDEX=[[{json.dumps(t)}]];")
    ),
    "programme, base 64": Voie(
        "html/essai.js",
        "une ligne, un contenu en base 64",
        _written(lambda t: f"const donnees = '{_coded(t)}';"),
    ),
    "données du simulateur": Voie(
        "html/simulateur.json", "une valeur", _written(lambda t: json.dumps({"cas": [{"n": t}]}))
    ),
    "dessin, texte": Voie("html/f.svg", "le texte", _written(lambda t: _svg(f"<text>{escape(t)}</text>"))),
    "dessin, description": Voie(
        "html/f.svg", "le texte", _written(lambda t: _svg(f"<desc>{escape(t)}</desc>"))
    ),
    "dessin, métadonnées": Voie(
        "html/f.svg", "le texte", _written(lambda t: _svg(f"<metadata>{escape(t)}</metadata>"))
    ),
    "dessin, étiquette": Voie(
        "html/f.svg",
        "l'attribut « aria-label » de <g>",
        _written(lambda t: _svg(f"<g aria-label={quoteattr(t)}/>")),
    ),
    "dessin, commentaire": Voie(
        "html/f.svg", "un commentaire du code", _written(lambda t: _svg(f"<!-- {t} -->"))
    ),
    "image, tEXt": Voie(
        "html/i.png", _IN_PICTURE.format("tEXt"), _written(_png(b"tEXt", lambda t: b"Comment\0" + t))
    ),
    "image, zTXt": Voie(
        "html/i.png",
        _IN_PICTURE.format("zTXt"),
        _written(_png(b"zTXt", lambda t: b"Comment\0\0" + zlib.compress(t))),
    ),
    "image, iTXt": Voie(
        "html/i.png",
        _IN_PICTURE.format("iTXt"),
        _written(_png(b"iTXt", lambda t: b"Comment\0\1\0fr\0Note\0" + zlib.compress(t))),
    ),
    "image, eXIf": Voie(
        "html/i.png", _IN_PICTURE.format("eXIf"), _written(_png(b"eXIf", lambda t: b"MM\0*" + t))
    ),
    "photographie, EXIF": Voie(
        "html/i.jpg", "les métadonnées de l'image", _written(lambda t: _photo(t, exif=True))
    ),
    "photographie, commentaire": Voie(
        "html/i.jpg", "le commentaire de l'image", _written(lambda t: _photo(t, exif=False))
    ),
    "CSV": Voie("html/donnees/d.csv", "une ligne", _written(lambda t: f"annee;note\r\n2018;{t}\r\n")),
    "CSV de Windows": Voie(
        "html/donnees/d.csv", "une ligne", _written(lambda t: f"année;note\r\n2018;{t}\r\n".encode("cp1252"))
    ),
    "classeur, cellule": Voie("html/d.xlsx", "une cellule", _written(_book(_cell))),
    "classeur, note": Voie(
        "html/d.xlsx", "une note de cellule", _written(_book(_note)), "une note ou un commentaire"
    ),
    "classeur, feuille masquée": Voie(
        "html/d.xlsx", "une cellule", _written(_book(_hidden)), "une feuille masquée"
    ),
    "classeur, propriété": Voie("html/d.xlsx", "les propriétés du fichier", _written(_book(_property))),
    "classeur, propriété à soi": Voie("html/d.xlsx", "les propriétés du fichier", _written(_book(_custom))),
    "classeur, nom": Voie("html/d.xlsx", "un nom de feuille ou de plage", _written(_book(_name))),
    "classeur, liaison": Voie(
        "html/d.xlsx",
        "la copie d'un autre fichier, gardée par une liaison",
        _written(_linked),
        "une liaison vers un autre fichier",
    ),
    "document, texte": Voie("html/d.docx", "le texte", _written(_document(lambda d, t: d.add_paragraph(t)))),
    "document, pied": Voie("html/d.docx", "un en-tête ou un pied de page", _written(_document(_footer))),
    "document, propriété": Voie("html/d.docx", "les propriétés du fichier", _written(_document(_keywords))),
    "document, effacé": Voie(
        "html/d.docx", "le texte", _written(_document(_deleted)), "des modifications enregistrées"
    ),
    "document, commentaire": Voie(
        "html/d.docx", "un commentaire", _written(_document(_remarked)), "une note ou un commentaire"
    ),
    "PDF, page": Voie("pdf/d.pdf", "la page 1", _written(_typeset)),
    "PDF, propriété": Voie("pdf/d.pdf", "la propriété « Subject »", _written(_pdf(_info))),
    "PDF, XMP": Voie("pdf/d.pdf", "les métadonnées XMP", _written(_pdf(_xmp))),
    "PDF, pièce jointe": Voie("pdf/d.pdf", "un fichier joint", _written(_pdf(_attached))),
    "PDF, classeur joint": Voie("pdf/d.pdf", "un fichier joint", _written(_pdf(_attached_book))),
    "PDF, annotation": Voie("pdf/d.pdf", "la chaîne « Contents »", _written(_pdf(_annotation))),
    "PDF, flux": Voie("pdf/d.pdf", "un flux du PDF", _written(_pdf(_stream))),
    "calendrier": Voie("html/e.ics", "la propriété « SUMMARY »", _written(_event)),
    "carnet, source": Voie("html/c.ipynb", "la cellule 1", _written(lambda t: _notebook(t, where="source"))),
    "carnet, sortie": Voie(
        "html/c.ipynb",
        "la cellule 1, ce qu'elle affiche",
        _written(lambda t: _notebook(t, where="sortie")),
        "ce qu'un carnet a affiché",
    ),
    "carnet, métadonnées": Voie(
        "html/c.ipynb", "les métadonnées du carnet", _written(lambda t: _notebook(t, where="metadonnees"))
    ),
    "archive": Voie("html/a.zip", "le membre « note.txt »", _written(lambda t: _zipped("note.txt", t))),
    "archive d'archives": Voie(
        "html/a.zip",
        "le membre « b.zip »",
        _written(lambda t: _zipped("b.zip", _zipped("c.zip", _zipped("d.csv", t)))),
    ),
    "archive, classeur": Voie(
        "html/a.zip", "le membre « d.xlsx »", _written(lambda t: _zipped("d.xlsx", _book(_property)(t)))
    ),
    "gzip": Voie("html/a.csv.gz", "l'archive", _written(lambda t: gzip.compress(f"note\n{t}\n".encode()))),
    "tar": Voie("html/a.tar", "le membre « notes.txt »", _written(_tarred)),
    "tar comprimé": Voie("html/a.tgz", "l'archive", _written(lambda t: gzip.compress(_tarred(t)))),
}
"""Every way out, by its name."""
