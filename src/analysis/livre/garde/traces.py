"""Every text of a published file, wherever it hides: metadata, attachments, comments, archives, pictures.

A file is told by what it holds, not by its name. What it holds is opened in its turn, within limits that all
of a file shares; what cannot be opened is told, never passed over in silence.
"""

from __future__ import annotations

import base64
import binascii
import html
import io
import json
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, unquote_to_bytes

import lxml.html
import pikepdf
import pypdfium2
from lxml import etree

from analysis.depot.formes.passages import place_of
from analysis.livre.garde.trace import (
    ACTIVE,
    AUTHOR,
    CHANGES,
    CLOSED,
    HIDDEN,
    LINK,
    NOTE,
    RAN,
    Trace,
    jpeg,
    png,
    strings,
    text_of,
)

LARGEST = 256 * 2**20
DEEPEST = 8
MOST_MEMBERS = 20_000
"""Bytes that a published file may become once unpacked, containers inside one another, members of all."""


def traces(path: Path) -> Iterator[Trace]:
    """Every text of a file, and what of it cannot be opened; nothing in it makes this raise."""
    yield Trace("son nom", path.name)
    if path.stat().st_size > LARGEST:
        yield Trace("le fichier", "", CLOSED)
        return
    yield from _opened(path.name, path.read_bytes(), _Left(), 0)


@dataclass
class _Left:
    """What may still be unpacked of a file."""

    bytes: int = LARGEST
    members: int = MOST_MEMBERS

    def takes(self, size: int) -> bool:
        self.bytes -= size
        self.members -= 1
        return self.bytes >= 0 and self.members >= 0


def _opened(name: str, content: bytes, left: _Left, depth: int) -> Iterator[Trace]:
    """The texts of a content; one that breaks its reader is told and read as a plain text."""
    if depth > DEEPEST or not left.takes(len(content)):
        yield Trace("le contenu", "", CLOSED)
        return
    try:
        yield from _by_kind(name, content, left, depth)
    except Exception:  # whatever a damaged file makes of a library
        yield Trace("le contenu", "", CLOSED)
        yield from strings(content)


_MUTE_HEADS: Final = (b"GIF8", b"RIFF", b"\0\1\0\0", b"OTTO", b"wOFF", b"wOF2", b"true")
"""How pictures and fonts begin of which the words are read where they stand, without their structure."""

_MARKED: Final = ("svg", "xml", "rels", "vml", "xhtml")


def _by_kind(name: str, content: bytes, left: _Left, depth: int) -> Iterator[Trace]:
    head, suffix = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower(), name.lower().rpartition(".")[2]
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        yield from _zip(content, left, depth)
    elif content.startswith(b"\x1f\x8b"):
        plain = zlib.decompressobj(wbits=31).decompress(content, max(left.bytes, 1))
        yield from _nested(name.removesuffix(".gz"), plain, "l'archive", left, depth)
    elif content[257:262] == b"ustar":
        yield from _tar(content, left, depth)
    elif content.startswith(b"%PDF"):
        yield from _pdf(content, left, depth)
    elif content.startswith(b"\x89PNG"):
        yield from png(content)
    elif content.startswith(b"\xff\xd8\xff"):
        yield from jpeg(content)
    elif content.startswith(_MUTE_HEADS):
        yield from strings(content)
    elif head.startswith((b"<!doctype html", b"<html")) or suffix in ("html", "htm"):
        yield from _html(text_of(content), left, depth)
    elif head.startswith(b"<?xml") or (head.startswith(b"<") and (suffix in _MARKED or b"<svg" in head)):
        yield from _xml(name, content, left, depth)
    elif suffix == "ipynb":
        yield from _notebook(json.loads(text_of(content)), left, depth)
    elif suffix in ("json", "geojson", "webmanifest"):
        yield from _json(json.loads(text_of(content)), "une valeur", left, depth)
        yield from _data_uris(text_of(content), "une valeur", left, depth)
    elif suffix == "ics":
        yield from _calendar(text_of(content))
    elif b"\0" in content[:8192] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield Trace("le contenu", "", CLOSED)
        yield from strings(content)
    else:
        yield from _plain(text_of(content), "une ligne", left, depth)


def _nested(name: str, content: bytes, place: str, left: _Left, depth: int) -> Iterator[Trace]:
    for trace in _opened(name, content, left, depth + 1):
        yield trace.inside(place)


# --- texts


_ESCAPED = re.compile(r"\\u\{?([0-9a-fA-F]{4,6})\}?|\\x([0-9a-fA-F]{2})")
_DATA = re.compile(r"data:([\w.+/-]*)((?:;[\w=.+-]+)*),([^\s\"'<>)\\]+)")
_BASE64 = re.compile(
    r"(?<![\w+/])(?:[A-Za-z0-9+/]{4}){12,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?(?![\w+/=])"
)
_LARGEST_URI = 32 * 2**20


def _plain(text: str, place: str, left: _Left, depth: int) -> Iterator[Trace]:
    """A text as it is, with what its escapes stand for, and what it carries coded."""
    yield Trace(place, text)
    plain = _unescaped(text)
    if plain != text:
        yield Trace(place, plain)
    yield from _data_uris(text, place, left, depth)


def _unescaped(text: str) -> str:
    """What the escapes of scripts, of pages and of addresses stand for."""
    if "\\" in text:
        text = _ESCAPED.sub(_sign, text).replace("\\n", "\n").replace("\\t", "\t").replace("\\/", "/")
    if "&" in text:
        text = html.unescape(text)
    return unquote(text) if "%" in text else text


def _sign(found: re.Match[str]) -> str:
    code = int(found[1] or found[2], 16)
    return chr(code) if code < 0x110000 else found[0]


def _data_uris(text: str, place: str, left: _Left, depth: int) -> Iterator[Trace]:
    """What a text carries coded in itself: addresses that hold their own content, runs of base 64."""
    seen: list[tuple[int, int]] = []
    for found in _DATA.finditer(text) if "data:" in text else ():
        seen.append(found.span())
        raw = html.unescape(found[3])[:_LARGEST_URI]
        content = _decoded(unquote(raw)) if ";base64" in found[2] else unquote_to_bytes(raw)
        if content:
            kind = found[1].rpartition("/")[2].partition("+")[0]
            yield from _nested(f"donnee.{kind}", content, f"{place}, une adresse « data: »", left, depth)
    for found in _BASE64.finditer(text):
        if any(start <= found.start() < end for start, end in seen):
            continue
        content = _decoded(found[0])
        if content and (
            _is_text(content) or content.startswith((b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\x1f\x8b"))
        ):
            yield from _nested("donnee", content, f"{place}, un contenu en base 64", left, depth)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=False)
    except (binascii.Error, ValueError):
        return b""


def _is_text(content: bytes) -> bool:
    """Whether decoded bytes are words, not the chance of a checksum."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(sign.isprintable() or sign in "\r\n\t" for sign in text)


# --- pages


_BLOCKS: Final = frozenset(
    "address article aside blockquote body br button caption dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 head header hr html label legend li main nav ol option p pre "
    "section select summary table tbody td template textarea tfoot th thead title tr ul".split()
)
_DRAWN: Final = frozenset(
    "d points transform viewBox viewbox x y x1 x2 y1 y2 cx cy r rx ry width height dx dy offset".split()
)
"""Attributes that hold coordinates, sizes and names of the page's own: their digits are nobody's."""


def _html(text: str, left: _Left, depth: int) -> Iterator[Trace]:
    """The words of a page block by block, its comments, attributes, scripts and styles."""
    if not text.strip():
        return
    root = lxml.html.document_fromstring(
        text.encode("utf-8"), parser=lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    )
    yield from _tree(root, left, depth, blocks=_BLOCKS)


def _xml(name: str, content: bytes, left: _Left, depth: int) -> Iterator[Trace]:
    """The words of a part, its comments, its attributes: of a drawing, or of an office file."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    root = etree.fromstring(content, parser=parser)
    office = place_of(name)
    for trace in _tree(root, left, depth, blocks=None):
        yield replace(trace, lieu=f"{office}, {trace.lieu}") if office else trace
    yield from _office_marks(name, root)


def _tree(root: Any, left: _Left, depth: int, *, blocks: frozenset[str] | None) -> Iterator[Trace]:
    """The texts of a tree of marks; ``blocks`` ends a phrase, None where every element does."""
    phrase: list[str] = []
    anchor = ""
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            yield from _plain(str(node.text or ""), "un commentaire du code", left, depth)
            phrase.append(node.tail or "")
            continue
        tag = _local(node.tag)
        is_block = blocks is None or tag in blocks
        if event == "start":
            if is_block:
                yield from _said(phrase, anchor)
            anchor = node.get("id") or anchor
            yield from _attributes(node, tag, left, depth)
            if tag in ("script", "style"):
                yield from _script(node, tag, left, depth)
            else:
                phrase.append(node.text or "")
        else:
            if is_block:
                yield from _said(phrase, anchor)
            phrase.append(node.tail or "")
    yield from _said(phrase, anchor)


def _said(phrase: list[str], anchor: str) -> Iterator[Trace]:
    text = "".join(phrase)
    phrase.clear()
    if text.strip():
        yield Trace(f"le texte, sous « #{anchor} »" if anchor else "le texte", text)


def _attributes(node: Any, tag: str, left: _Left, depth: int) -> Iterator[Trace]:
    for key, value in node.attrib.items():
        name = _local(key)
        if "data:" in value:
            yield from _data_uris(value, f"l'attribut « {name} » de <{tag}>", left, depth)
        elif name not in _DRAWN and value.strip():
            yield Trace(f"l'attribut « {name} » de <{tag}>", _unescaped(value))
            if tag == "meta" and name == "content" and node.get("name") == "author":
                yield Trace("l'attribut « content » de <meta>", value, AUTHOR)


def _script(node: Any, tag: str, left: _Left, depth: int) -> Iterator[Trace]:
    text = node.text or ""
    place = "une feuille de style" if tag == "style" else "un programme"
    if tag == "script" and str(node.get("type", "")).endswith("json"):
        try:
            yield from _json(json.loads(text), "des données « JSON »", left, depth)
            return
        except ValueError:
            pass
    yield from _plain(text, place, left, depth)


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


# --- office files


_PEOPLE: Final = frozenset(
    ("creator", "lastModifiedBy", "initial-creator", "printed-by", "Manager", "Company")
)


def _office_marks(name: str, root: Any) -> Iterator[Trace]:
    """What an office file may not carry: authors, notes, hidden sheets, links, recorded changes."""
    if re.search(r"docProps/|meta\.xml$", name):
        for node in root.iter():
            if _local(node.tag) in _PEOPLE and (node.text or "").strip():
                yield Trace(f"les propriétés du fichier, <{_local(node.tag)}>", node.text, AUTHOR)
    if re.search(r"(xl|word|ppt)/(comments|threadedComments)", name) and len(root):
        yield Trace(f"le membre « {name} »", "", NOTE)
    if re.search(r"xl/externalLinks/", name):
        yield Trace(f"le membre « {name} »", "", LINK)
    if name.startswith("xl/revisions/"):
        yield Trace(f"le membre « {name} »", "", CHANGES)
    for node in root.iter():
        tag = _local(node.tag)
        if (
            name == "xl/workbook.xml"
            and tag == "sheet"
            and str(node.get("state", "")).lower().endswith("hidden")
        ):
            yield Trace("la liste des feuilles", "", HIDDEN)
        elif name.startswith("word/") and tag in ("del", "ins", "moveFrom", "moveTo"):
            yield Trace("le texte du document", "", CHANGES)
            return


def _zip(content: bytes, left: _Left, depth: int) -> Iterator[Trace]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if archive.comment:
            yield Trace("le commentaire de l'archive", text_of(archive.comment))
        for info in archive.infolist():
            if info.is_dir():
                continue
            place = f"le membre « {info.filename} »"
            yield Trace("un nom de fichier de l'archive", info.filename)
            if info.comment:
                yield Trace(f"{place}, son commentaire", text_of(info.comment))
            if info.flag_bits & 1 or info.file_size > left.bytes:
                yield Trace(place, "", CLOSED)
                continue
            with archive.open(info) as opened:
                part = opened.read(max(left.bytes, 0) + 1)
            yield from _nested(info.filename, part, place, left, depth)


def _tar(content: bytes, left: _Left, depth: int) -> Iterator[Trace]:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for info in archive:
            yield Trace("un nom de fichier de l'archive", info.name)
            yield Trace("le propriétaire d'un fichier de l'archive", info.uname, AUTHOR if info.uname else "")
            opened = archive.extractfile(info) if info.isfile() and info.size <= left.bytes else None
            if opened is not None:
                yield from _nested(info.name, opened.read(), f"le membre « {info.name} »", left, depth)
            elif info.isfile():
                yield Trace(f"le membre « {info.name} »", "", CLOSED)


# --- PDF


_ACTIONS: Final = ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData")
_SILENT_KEYS: Final = ("/ID", "/Parent", "/Kids", "/P")
_MAPS: Final = (pikepdf.Dictionary, pikepdf.Stream)
_SPOKEN_STREAMS: Final = ("/Metadata", "/EmbeddedFile")


def _pdf(content: bytes, left: _Left, depth: int) -> Iterator[Trace]:
    """The words of the pages, every string of the objects, the metadata, the attached files, the pictures."""
    with pypdfium2.PdfDocument(content) as document:
        for number, page in enumerate(document, start=1):
            yield Trace(f"la page {number}", page.get_textpage().get_text_range())
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for key, value in pdf.docinfo.items():
            place = f"la propriété « {str(key)[1:]} »"
            yield Trace(place, str(value), AUTHOR if key == "/Author" else "")
        for thing in pdf.objects:
            yield from _pdf_object(thing, left, depth)


def _pdf_object(thing: Any, left: _Left, depth: int) -> Iterator[Trace]:
    """The strings of one object; of a stream that is no page, its content as well."""
    if isinstance(thing, pikepdf.Stream):
        kind = str(thing.get("/Type", ""))
        if kind in _SPOKEN_STREAMS:
            place = "les métadonnées XMP" if kind == "/Metadata" else "un fichier joint"
            yield from _nested("joint", thing.read_bytes(), place, left, depth)
        elif not kind and "/Length1" not in thing and "/N" not in thing:
            yield from _strings_of_stream(thing, left)
    if isinstance(thing, _MAPS) and (str(thing.get("/S", "")) in _ACTIONS or "/JS" in thing):
        yield Trace("un objet du PDF", "", ACTIVE)
    for place, text in _pdf_strings(thing):
        yield Trace(place, text)


def _strings_of_stream(thing: Any, left: _Left) -> Iterator[Trace]:
    """The words that stand as they are in a stream that nothing says the kind of."""
    try:
        content = thing.read_bytes()
    except pikepdf.PdfError:
        return
    if left.takes(len(content)) and _is_text(content[:4096].rsplit(b"\n", 1)[0]) and b" Tf" not in content:
        yield Trace("un flux du PDF", text_of(content))


def _pdf_strings(thing: Any, place: str = "une chaîne du PDF", depth: int = 0) -> Iterator[tuple[str, str]]:
    """The strings that an object holds itself: those that it refers to are objects of their own."""
    if isinstance(thing, pikepdf.String):
        yield place, str(thing)
    elif depth <= DEEPEST and isinstance(thing, _MAPS):
        for key, value in thing.items():
            if key not in _SILENT_KEYS and not _is_elsewhere(value):
                yield from _pdf_strings(value, f"la chaîne « {key[1:]} » d'un objet du PDF", depth + 1)
    elif depth <= DEEPEST and isinstance(thing, pikepdf.Array):
        for value in thing:
            if not _is_elsewhere(value):
                yield from _pdf_strings(value, place, depth + 1)


def _is_elsewhere(value: Any) -> bool:
    return bool(getattr(value, "is_indirect", False))


# --- notebooks, data, calendars


def _notebook(content: Any, left: _Left, depth: int) -> Iterator[Trace]:
    for number, cell in enumerate(content.get("cells", ()), start=1):
        place = f"la cellule {number}"
        outputs = cell.get("outputs") or ()
        if outputs or cell.get("execution_count"):
            yield Trace(place, "", RAN)
        yield from _plain("".join(cell.get("source", ())), place, left, depth)
        for part, what in ((outputs, "ce qu'elle affiche"), (cell.get("metadata", {}), "ses métadonnées")):
            yield from _json(part, f"{place}, {what}", left, depth)
    rest = {key: value for key, value in content.items() if key != "cells"}
    yield from _json(rest, "les métadonnées du carnet", left, depth)


def _json(value: Any, place: str, left: _Left, depth: int) -> Iterator[Trace]:
    """The words of a structure, its keys among them; the lines of a text that is cut into a list together."""
    waiting: list[Any] = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            waiting.extend(reversed([*here.values(), *here.keys()]))
        elif isinstance(here, list):
            if here and all(isinstance(item, str) for item in here):
                yield from _plain("".join(here), place, left, depth)
            waiting.extend(reversed(here))
        elif isinstance(here, str):
            yield from _plain(here, place, left, depth)
        elif isinstance(here, int) and not isinstance(here, bool):
            yield Trace(place, str(here))


def _calendar(text: str) -> Iterator[Trace]:
    """The lines of a calendar as they read once unfolded, each under its own property."""
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    for line in unfolded.splitlines():
        name = re.split(r"[:;]", line, maxsplit=1)[0]
        yield Trace(f"la propriété « {name} »", line.replace("\\n", "\n").replace("\\,", ","))
        if name.upper() in ("ATTENDEE", "ORGANIZER", "CONTACT"):
            yield Trace(f"la propriété « {name} »", line, AUTHOR)
