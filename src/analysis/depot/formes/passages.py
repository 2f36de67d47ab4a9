"""Every text of a file that someone sent, wherever it stands: cells, notes, recorded changes, caches, members.

Nothing is trusted: an archive is unpacked member by member within limits that all of them share, its XML is
parsed without entities, and what cannot be opened is told with its reason, never passed over in silence.
"""

from __future__ import annotations

import codecs
import html
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from pathlib import Path
from typing import Final
from xml.parsers import expat

from analysis.depot.formes.coffre import LARGEST_FILE, LARGEST_UNPACKED, MOST_ENTRIES, MOST_MARKS
from analysis.noyau.files.scratch import read_within

LARGEST_TEXT = 64 * 2**20
LARGEST_RATIO = 200
MEASURED = 2**20
DEEPEST = 4
"""Bytes of a text; how many times its size a member may become, once it has ``MEASURED`` bytes; archives inside
one another."""

CELL, NOTE = "une cellule", "une note de cellule"
CHANGES = "les modifications enregistrées"
LINK = "la copie d'un autre fichier, gardée par une liaison"
PIVOT = "les lignes gardées par un tableau croisé"
PROPERTIES, AUTHOR = "les propriétés du fichier", "l'auteur du fichier"
DRAWING, HEADER = "une zone de texte ou un dessin", "un en-tête ou un pied de page"
TEXT = "le texte"
NAME = "son nom"
"""Where a text stands, in words that end « qui se lit dans… »."""

_PLACES: Final[tuple[tuple[str, str], ...]] = (
    (r"xl/(comments|threadedComments|persons)", NOTE),
    (r"xl/revisions/", CHANGES),
    (r"xl/externalLinks/", LINK),
    (r"xl/pivotCache/", PIVOT),
    (r"xl/(worksheets/|sharedStrings)", CELL),
    (r"xl/workbook\.xml", "un nom de feuille ou de plage"),
    (r"(xl|word|ppt)/(drawings|diagrams)/", DRAWING),
    (r"(xl|word|ppt)/charts/", "un graphique"),
    (r"docProps/|customXml/|meta\.xml|_rels/", PROPERTIES),
    (r"word/comments", "un commentaire"),
    (r"word/(header|footer)|styles\.xml", HEADER),
    (r"word/(footnotes|endnotes)", "une note de bas de page"),
)
_INSIDE: Final = {
    "annotation": NOTE,
    "tracked-changes": CHANGES,
    "del": CHANGES,
    "ins": CHANGES,
    "header": HEADER,
    "footer": HEADER,
    "headerFooter": HEADER,
    "dataValidation": "un message de saisie",
    "text-box": DRAWING,
    "custom-shape": DRAWING,
    **dict.fromkeys(
        ("creator", "lastModifiedBy", "initial-creator", "printed-by", "Manager", "Company"), AUTHOR
    ),
}
"""Elements whose text is of another place than the part that they stand in."""

_TECHNICAL_PARTS = re.compile(
    r"\[Content_Types\]\.xml|mimetype|META-INF/(?!manifest).*|Configurations2/.*|settings\.xml|manifest\.rdf"
    r"|(xl|word|ppt)/(styles|stylesWithEffects|theme/.*|settings|webSettings|fontTable|numbering|calcChain|metadata"
    r"|viewProps|presProps|tableStyles)(\.xml)?"
    r"|(.*/)?(media|Pictures|Thumbnails|[Ff]onts|printerSettings|ObjectReplacements)/.*|docProps/thumbnail\.\w+|layout-cache"
)
"""Members of an office file that hold nobody's words: layout, and the pictures, which are told in the guide."""

_SPOKEN = frozenset(
    "string-value v val value name title descr desc text author userName displayName caption alias tooltip "
    "display initials content prompt promptTitle".split()
)
"""Attributes that hold words; the others hold references, such as « P18 », that look like an identifier."""

_MUTE = frozenset(
    "f formula formula1 formula2 oldFormula sqref Anchor Row Column i4 TotalTime Pages Words Characters "
    "CharactersWithSpaces Lines Paragraphs Slides revision editing-cycles editing-duration date created modified".split()
)
"""Elements whose text is a reference, a count or a date: of a formula, only the quoted words are kept."""

_FORMULAS = frozenset(("f", "formula", "formula1", "formula2", "oldFormula", "expression"))
_BLOCKS = frozenset(
    "p h si is v c cell comment text table-cell covered-table-cell change-track-table-cell annotation tc li td tr "
    "nc oc row title definedName pt lpstr".split()
)
"""Elements that end a phrase: between the others a word may be cut, as Word cuts it."""

_BLANKS: Final = {"tab": " ", "br": " ", "line-break": " ", "s": " ", "cr": " ", "noBreakHyphen": "-"}
_QUOTED = re.compile(r'"([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_RTF = re.compile(r"\\_|\\'[0-9a-f]{2}|\\[a-z]+-?\d* ?|[{}]")


def place_of(member: str) -> str:
    """Where the texts of a member of an office file stand, in French words; empty for the text itself.

    >>> place_of("xl/comments1.xml"), place_of("docProps/core.xml"), place_of("word/document.xml")
    ('une note de cellule', 'les propriétés du fichier', '')
    """
    return next((place for rule, place in _PLACES if re.match(rule, member)), "")


@dataclass(frozen=True)
class Passage:
    """A text of a file: the place where it stands, in French words, and the member of the archive, if any.

    ``est_attribut`` says that it is the value of an attribute, where a number is most often no word.
    """

    lieu: str
    texte: str
    membre: str = ""
    est_attribut: bool = False


@dataclass(frozen=True)
class Ferme:
    """A file, or a member of one, that cannot be opened: why, as the end of « qui ne s'ouvre pas : … »."""

    raison: str
    membre: str = ""


@dataclass
class _Left:
    """What may still be unpacked of a file, its members together."""

    bytes: int = LARGEST_UNPACKED
    entries: int = MOST_ENTRIES
    marks: int = MOST_MARKS


def passages(path: Path, *, sauf: str = "") -> Iterator[Passage | Ferme]:
    """Every text of a file and what of it cannot be opened, its name first; nothing in it makes this raise.

    ``sauf`` is a pattern of the members that are not looked at. A table that its rows repeat is told once.
    """
    yield Passage(NAME, path.name)
    try:
        content = read_within(path, LARGEST_TEXT)
    except OSError:
        yield Ferme("un fichier qui ne se lit pas")
        return
    if content is None:
        yield Ferme("un fichier trop grand")
        return
    yield from _texts(path.name, content, _Left(), re.compile(sauf) if sauf else None)


def _texts(
    name: str, content: bytes, left: _Left, skipped: re.Pattern[str] | None = None, depth: int = 0
) -> Iterator[Passage | Ferme]:
    """The texts of a content, whatever its name says that it is."""
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        yield from _archive(content, left, skipped, depth)
    elif content.startswith(_OLE):
        yield Passage(TEXT, content.replace(b"\0", b"").decode("latin-1"))
        yield Ferme("un ancien format (.doc, .xls, .msg) ou un fichier protégé par un mot de passe")
    elif content.startswith(b"%PDF"):
        yield Ferme("un PDF")
    elif name.lower().endswith((".eml", ".mht", ".mhtml")):
        yield from _mail(content, left, depth)
    else:
        yield from _flat(content)


def _archive(
    content: bytes, left: _Left, skipped: re.Pattern[str] | None, depth: int
) -> Iterator[Passage | Ferme]:
    """The texts of the members of an archive, an office file being one."""
    if len(content) > LARGEST_FILE or depth >= DEEPEST:
        yield Ferme("une archive trop grande ou trop profonde")
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except Exception:  # whatever a damaged archive makes of the standard library
        yield Ferme("une archive abîmée")
        return
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        left.entries -= len(infos)
        if left.entries < 0:
            yield Ferme("une archive de trop de fichiers")
            return
        names = {info.filename for info in infos}
        is_office = "[Content_Types].xml" in names or "mimetype" in names
        for info in infos:
            if is_office and _TECHNICAL_PARTS.fullmatch(info.filename):
                continue
            if skipped is None or not skipped.match(info.filename):
                yield from _member(archive, info, left, is_office=is_office, depth=depth)


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: _Left, *, is_office: bool, depth: int
) -> Iterator[Passage | Ferme]:
    """The texts of one member, its name among them where people give the names."""
    name = info.filename
    if not is_office:
        yield Passage(f"le nom d'un fichier de l'archive, ou {NAME}", name, name)
    part = _unpacked(archive, info, left)
    if isinstance(part, Ferme):
        yield part
    elif is_office and name == "META-INF/manifest.xml":
        if b"encryption-data" in part:
            yield Ferme("un fichier protégé par un mot de passe", name)
    elif is_office and part.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        left.marks -= part.count(b"<") + part.count(b"=")
        yield from _xml(name, part) if left.marks >= 0 else (Ferme("un contenu sans mesure", name),)
    elif is_office and posixpath.splitext(name)[1] == ".bin" and not part.startswith(_OLE):
        yield Passage(TEXT, part.replace(b"\0", b"").decode("latin-1"), name)
        yield Ferme("un classeur binaire (.xlsb) ou un objet", name)
    else:
        for found in _texts(name, part, left, depth=depth + 1):
            inside = f"{name} › {found.membre}" if found.membre else name
            if isinstance(found, Ferme):
                yield Ferme(found.raison, inside)
            else:
                yield Passage(found.lieu, found.texte, inside, found.est_attribut)


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: _Left) -> bytes | Ferme:
    """The bytes of a member within what is left, or why they are not read."""
    if info.flag_bits & 1:
        return Ferme("un fichier protégé par un mot de passe", info.filename)
    swollen = info.file_size > MEASURED and info.file_size > LARGEST_RATIO * max(info.compress_size, 1)
    if swollen or info.file_size > left.bytes:
        return Ferme("un contenu qui se déplie sans mesure", info.filename)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return Ferme("une compression inhabituelle", info.filename)
    try:
        with archive.open(info) as opened:
            part = opened.read(left.bytes + 1)
    except Exception:  # whatever a damaged archive makes of the standard library
        return Ferme("un fichier abîmé", info.filename)
    left.bytes -= len(part)
    return part if left.bytes >= 0 else Ferme("un contenu qui se déplie sans mesure", info.filename)


def _mail(content: bytes, left: _Left, depth: int) -> Iterator[Passage | Ferme]:
    """The headers of a message, its texts as they read, its attachments."""
    message = message_from_bytes(content)
    for part in message.walk():
        for header, value in part.items():
            yield Passage("l'en-tête d'un courriel", f"{header}: {_header(value)}")
        if part.is_multipart():
            continue
        body = part.get_payload(decode=True)
        if isinstance(body, bytes) and depth < DEEPEST:
            yield from _texts(part.get_filename() or "message.html", body, left, depth=depth + 1)


def _header(value: object) -> str:
    """A header of a message as it reads."""
    try:
        return str(make_header(decode_header(str(value))))
    except (HeaderParseError, LookupError, ValueError):
        return str(value)


def _flat(content: bytes) -> Iterator[Passage | Ferme]:
    """The text of a content that is one, in whatever encoding it was written."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        content = content.decode("utf-16", "replace").encode("utf-8", "replace")
    bare = content.replace(b"\0", b"")  # UTF-16 without its mark writes one in each letter
    if len(_CONTROLS.findall(bare)) * 100 > len(bare):
        yield Ferme("un format que le programme ne lit pas, image ou autre")
        return
    try:
        text = bare.decode("utf-8")
    except UnicodeDecodeError:
        text = bare.decode("cp1252", "replace")
    yield Passage(TEXT, text)
    if text.startswith("{\\rtf"):
        yield Passage(TEXT, _RTF.sub(lambda found: "-" if found[0] == "\\_" else "", text))
    elif "<" in text or "&" in text:
        yield Passage(TEXT, html.unescape(_TAG.sub("", text)))


def _xml(name: str, part: bytes) -> Iterator[Passage | Ferme]:
    """The texts of a part of an office file; one whose XML is at fault is read as a text, and told."""
    words = _Words(name, place_of(name) or TEXT)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = words.start, words.end
    parser.CharacterDataHandler = words.data
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError, LookupError):
        yield Passage(words.place, html.unescape(_TAG.sub(" ", part.decode("utf-8", "replace"))), name)
        if not name.endswith(".vml"):  # Excel writes there marks of HTML, that XML does not know
            yield Ferme("un contenu abîmé", name)
        return
    words.close()
    yield from words.found


def _no_doctype(*_arguments: object) -> None:
    raise ValueError("entities")


@dataclass
class _Words:
    """The walk of one part: each text apart, and each phrase whole where marks cut it."""

    membre: str
    place: str
    found: list[Passage] = field(default_factory=list)
    _open: list[tuple[str, bool, str]] = field(default_factory=list)
    _piece: list[str] = field(default_factory=list)
    _phrase: list[str] = field(default_factory=list)

    @property
    def _here(self) -> tuple[str, bool, str]:
        """The element that is open, whether its text is mute, and the place of what stands in it."""
        return self._open[-1] if self._open else ("", False, self.place)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = _local(name)
        self._end_piece()
        _, _, place = self._here
        if place in (TEXT, CELL, PROPERTIES):
            place = _INSIDE.get(name, place)
        given = {_local(key): value for key, value in attributes.items()}
        if name == "table" and "'#" in given.get("name", ""):
            place = LINK
        elif name == "table-cell" and place == TEXT:
            place = CELL
        is_mute = name in _MUTE or (name == "c" and given.get("t") == "s") or (self._here[1] and name == "v")
        self._open.append((name, is_mute, place))
        self._phrase.append(_BLANKS.get(name, ""))
        if name == "Relationship" and given.get("TargetMode") == "External":
            self._say(given.get("Target", ""), place)
        if name != "style":  # automatic styles are named P1, P2…
            for key, value in given.items():
                if key in _SPOKEN:
                    self._say(value, place)
                elif key in _FORMULAS:
                    self._say("\n".join(_QUOTED.findall(value)), place)

    def end(self, name: str) -> None:
        self._end_piece()
        if _local(name) in _BLOCKS:
            self._end_phrase()
        self._open.pop()

    def data(self, text: str) -> None:
        name, is_mute, _ = self._here
        if name in _FORMULAS:
            text = "\n".join(_QUOTED.findall(text))
        elif is_mute:
            return
        self._piece.append(text)

    def close(self) -> None:
        """Give the last phrase."""
        self._end_phrase()

    def _say(self, text: str, place: str) -> None:
        if text.strip():
            self.found.append(Passage(place, text, self.membre, True))

    def _end_piece(self) -> None:
        text = "".join(self._piece)
        self._piece.clear()
        if text:
            self._phrase.append(text)
            if text.strip():
                self.found.append(Passage(self._here[2], text, self.membre))

    def _end_phrase(self) -> None:
        pieces = [piece for piece in self._phrase if piece.strip()]
        text = "".join(self._phrase)
        self._phrase.clear()
        if len(pieces) > 1:
            self.found.append(Passage(self._here[2], text, self.membre))


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
