"""Open a file that someone sent without trusting it: its size, its form, what hides in its XML.

Nothing is read by the spreadsheet library that was not measured here first: a workbook is unpacked with
limits, its XML is walked once, and only then handed on, repacked. The walk tells what the library
cannot: formulas without a stored value, errors, merged cells, hidden sheets.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from xml.parsers import expat

from analysis.noyau.files.scratch import read_within

LARGEST_FILE = 30 * 2**20
LARGEST_UNPACKED = 96 * 2**20
LARGEST_AREA = 300_000
LARGEST_TEXT = 64 * 2**20
MOST_MARKS = 3_000_000
MOST_ENTRIES = 2000
"""Limits, in bytes, cells, characters, marks of XML (« < » and « = ») and files, for a whole workbook: some
ten times at least what one of four hundred people holds, so that none takes more than a few seconds."""

LARGEST_OLD = 4 * 2**20
"""Bytes of an old .xls, that nothing measures before it is read: a balance has a tenth of it."""

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS_VALUES = ("value-type", "value", "string-value", "date-value", "time-value", "boolean-value")
_ODS_PARTS = ("mimetype", "content.xml", "styles.xml", "META-INF/manifest.xml")
_XLSX = (
    *("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"),
    *("xl/styles.xml", "xl/sharedStrings.xml"),
)
_ERROR = re.compile(
    r"#(?:DIV/0|N/[AD]|NAME|NOM|REF|VALUE|VALEUR|NUM|NOMBRE|NULL?|SPILL|CALC|PROPAGATION)\s?[!?]?|Err(?:eur)?\s?:\s?\d{3}",
    re.IGNORECASE,
)
_LONGEST_ERROR = 16
_HUGE = re.compile(
    rb"<((?:\w+:)?c)((?:\s+(?!t=\"[^n])[\w:]+=\"[^\"]*\")*)\s*>(?=<(?:\w+:)?v>-?(?:\d{12,}(?:\.\d*)?|[\d.]+[eE]\+?(?:1[1-9]|[2-9]\d|\d{3}))<)"
)
_INDENT = re.compile(rb">[ \t\r\n]+(?=</?(?:table|office|style|number|calcext):|<text:p)")
_KEPT = re.compile(
    r"(\[Content_Types\]|_rels/.*|xl/(?!media/|drawings/).*|mimetype|content|styles|META-INF/.*)(\.\w+)?"
)


class Refused(Exception):
    """A file that will not be read: the rule it breaks, what was found, what to do."""

    def __init__(self, rule: str, found: str, expected: str, remedy: str) -> None:
        super().__init__(rule)
        self.rule, self.found, self.expected, self.remedy = rule, found, expected, remedy


@dataclass
class Walk:
    """What the XML of one sheet holds besides its values; rows and columns count from 1.

    ``is_copy`` says that it is no sheet but what the file keeps of another one that its formulas read.
    """

    rows: int = 0
    columns: int = 0
    characters: int = 0
    formulas: list[tuple[int, int]] = field(default_factory=list)
    errors: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    notes: list[tuple[int, int, str]] = field(default_factory=list)
    hidden: bool = False
    is_copy: bool = False

    def fill(self, row: int, column: int, length: int) -> None:
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        self.characters += length
        if self.rows * self.columns > LARGEST_AREA or self.characters > LARGEST_TEXT:
            raise _too_large(f"une feuille de {self.rows} lignes sur {self.columns} colonnes")


@dataclass(frozen=True)
class Coffre:
    """A workbook found safe to read: its bytes, repacked, and the walk of each sheet by name."""

    content: io.BytesIO
    sheets: Mapping[str, Walk]


def open_safely(path: Path, *, is_old_read: bool = False) -> Coffre:
    """The workbook of that path, measured; raises Refused with the rule that it breaks.

    Only the parts that were walked are handed on, with those that hold no cell. An old .xls is no archive and
    cannot be walked: it is refused, or handed on with its size for only measure where it ``is_old_read``.
    """
    head = read_within(path, LARGEST_FILE)
    if head is None:
        raise _too_large(f"{max(path.stat().st_size, LARGEST_FILE) // 2**20} Mo")
    if not head:
        raise _damaged("un fichier vide")
    if head.startswith(_OLE):
        if not is_old_read or len(head) > LARGEST_OLD or _ENCRYPTED in head:
            raise _old_or_locked(head)
        return Coffre(io.BytesIO(head), {})
    content, sheets = _measured(head)
    return Coffre(io.BytesIO(content), sheets)


@lru_cache(maxsize=1)
def _measured(packed: bytes) -> tuple[bytes, Mapping[str, Walk]]:
    """A workbook repacked, and its walks: the last one is kept, which is opened to be recognised, then to be read."""
    try:
        parts = _unpack(io.BytesIO(packed))
        if sum(part.count(b"<") + part.count(b"=") for part in parts.values()) > MOST_MARKS:
            raise _too_large("un contenu qui se déplie sans mesure")
        sheets, walked = _walk_ods(parts) if "content.xml" in parts else _walk_xlsx(parts)
        if sum(walk.rows * walk.columns for walk in sheets.values()) > LARGEST_AREA:
            raise _too_large("des feuilles sans fin")
    except Refused:
        raise
    except Exception as error:  # whatever a damaged archive makes of the standard library
        if "encrypted" in str(error):
            raise _locked() from None
        raise _damaged("un contenu qui n'est pas celui d'un classeur") from None
    return _repack({name: parts[name] for name in walked if name in parts}), sheets


def is_error(text: str) -> bool:
    """Whether a cell shows the error of a formula, as Excel and LibreOffice write it in French or English.

    >>> is_error("#DIV/0!"), is_error("#NOM ?"), is_error("Err:502"), is_error("#1")
    (True, True, True, False)
    """
    return _ERROR.fullmatch(text.strip()) is not None


def _unpack(content: io.BytesIO) -> dict[str, bytes]:
    """The parts that hold cells, unpacked within the limits."""
    parts, total = {}, 0
    with zipfile.ZipFile(content) as archive:
        infos = archive.infolist()
        if len(infos) > MOST_ENTRIES or sum(info.file_size for info in infos) > LARGEST_UNPACKED:
            raise _too_large("un contenu qui se déplie sans mesure")
        names = {info.filename for info in infos}
        if not names & {"content.xml", "xl/workbook.xml"}:
            raise archive_found("un document" if "word/document.xml" in names else "une archive .zip")
        if any(name.endswith("vbaProject.bin") or name.startswith("Basic/") for name in names):
            raise Refused(
                "fichier_macros",
                "un classeur qui contient des macros",
                "un classeur sans macro",
                "Enregistrez-le au format .xlsx ou .ods (« Enregistrer sous… »).",
            )
        for info in infos:
            if _KEPT.fullmatch(info.filename):
                with archive.open(info) as part:
                    parts[info.filename] = part.read(LARGEST_UNPACKED + 1)
                total += len(parts[info.filename])
                if total > LARGEST_UNPACKED:
                    raise _too_large("un contenu qui se déplie sans mesure")
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise _locked()
    return parts


def _repack(parts: dict[str, bytes]) -> bytes:
    """An archive of these very bytes: the library cannot unpack more than was measured."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()


def _parse(
    content: bytes, *, start: Callable[..., None], end: Callable[..., None], data: Callable[..., None]
) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    local = _Local()
    parser.StartElementHandler = lambda name, attributes: start(
        local[name], {local[key]: value for key, value in attributes.items()}
    )
    parser.EndElementHandler = lambda name: end(local[name])
    parser.CharacterDataHandler = data
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.Parse(content, True)


class _Local(dict[str, str]):
    """Names of a file without their namespaces, each told once."""

    def __missing__(self, name: str) -> str:
        self[name] = name.rpartition(" ")[2]
        return self[name]


def _no_doctype(*_arguments: object) -> None:
    raise _damaged("un classeur dont l'intérieur déclare des entités")


def _walk_xlsx(parts: dict[str, bytes]) -> tuple[dict[str, Walk], list[str]]:
    """The walk of each sheet, and the parts that the library needs to read these and no other.

    A number of twelve digits or more is handed on as a text: under the format of a date the library fails on it.
    """
    strings = _string_lengths(parts.get("xl/sharedStrings.xml", b""))
    sheets, walked = {}, list(_XLSX)
    for name, part, hidden in _xlsx_sheets(parts):
        walked.append(part)
        walk = _XlsxSheet(strings)
        parts[part] = _HUGE.sub(_as_text, parts[part])
        _parse(parts[part], start=walk.start, end=walk.end, data=walk.data)
        walk.walk.hidden, walk.walk.notes = hidden, _xlsx_notes(parts, part)
        if name in sheets:
            raise _damaged("un classeur dont deux feuilles ont le même nom")
        sheets[name] = walk.walk
    return sheets, walked


def _xlsx_sheets(parts: dict[str, bytes]) -> Iterator[tuple[str, str, bool]]:
    """The name, the part and whether it is hidden, of each worksheet in the workbook's order."""
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str, bool]] = []

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            targets[attributes["Id"]] = posixpath.normpath(posixpath.join("/xl", attributes["Target"]))[1:]

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            sheets.append(
                (
                    attributes["name"],
                    attributes.get("id", ""),
                    "state" in attributes and attributes["state"] != "visible",
                )
            )

    _parse(parts["xl/_rels/workbook.xml.rels"], start=relation, end=_ignore, data=_ignore)
    _parse(parts["xl/workbook.xml"], start=sheet, end=_ignore, data=_ignore)
    for name, identifier, hidden in sheets:
        if identifier in targets:
            yield name, targets[identifier], hidden


def _as_text(cell: re.Match[bytes]) -> bytes:
    """The mark of a cell of text in the place of that of a number."""
    return b'<%s%s t="str">' % (cell[1], cell[2].replace(b' t="n"', b""))


def _xlsx_notes(parts: dict[str, bytes], sheet: str) -> list[tuple[int, int, str]]:
    """The notes of a worksheet: row, column, text."""
    targets: list[str] = []
    notes: list[tuple[int, int, str]] = []
    folder, name = posixpath.split(sheet)

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/comments"):
            targets.append(posixpath.normpath(posixpath.join(f"/{folder}", attributes["Target"]))[1:])

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "comment":
            notes.append((*address(attributes["ref"]), ""))

    def data(text: str) -> None:
        if notes:
            row, column, before = notes[-1]
            notes[-1] = (row, column, before + text)

    _parse(parts.get(f"{folder}/_rels/{name}.rels", b"<none/>"), start=relation, end=_ignore, data=_ignore)
    for target in targets:
        _parse(parts.get(target, b"<none/>"), start=start, end=_ignore, data=data)
    return notes


def _ignore(*_arguments: object) -> None:
    """What a walk does not look at."""


def _string_lengths(content: bytes) -> list[int]:
    """How many characters each shared string has."""
    lengths: list[int] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        if name == "si":
            lengths.append(0)

    def data(text: str) -> None:
        if lengths:
            lengths[-1] += len(text)

    if content:
        _parse(content, start=start, end=_ignore, data=data)
    return lengths


class _XlsxSheet:
    """The walk of one worksheet part."""

    def __init__(self, strings: list[int]) -> None:
        self.walk = Walk()
        self._strings = strings
        self._row = self._column = 0
        self._type = self._text = ""
        self._formula = self._value = False
        self._reads = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif name == "c":
            self._open_cell(attributes)
        elif name == "f":
            self._formula = True
        elif name in ("v", "t"):
            self._reads = True
        elif name == "mergeCell":
            first, _, last = attributes["ref"].partition(":")
            self.walk.merged.append((*address(first), *address(last or first)))

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._reads, self._value = False, True
        elif name == "c":
            self._close_cell()

    def data(self, text: str) -> None:
        if self._reads:
            self._text += text

    def _open_cell(self, attributes: dict[str, str]) -> None:
        self._column += 1
        if "r" in attributes:
            self._row, self._column = address(attributes["r"])
        self._type, self._text = attributes.get("t", ""), ""
        self._formula = self._value = False

    def _close_cell(self) -> None:
        place = (self._row, self._column)
        if self._formula and not self._text and not (self._value and self._type == "str"):
            self.walk.formulas.append(place)
        if self._type == "e":
            self.walk.errors.append(place)
        if self._value or self._formula:
            shared = self._type == "s" and self._text.isdecimal() and int(self._text) < len(self._strings)
            self.walk.fill(*place, self._strings[int(self._text)] if shared else len(self._text))


def address(reference: str) -> tuple[int, int]:
    """The row and column, from 1, of a cell's reference; raises ValueError for anything else.

    >>> address("C14"), address("AA1")
    ((14, 3), (1, 27))
    """
    match = re.fullmatch(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", reference)
    if match is None:
        raise ValueError(reference)
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - 64
    return int(match[2]), column


def _walk_ods(parts: dict[str, bytes]) -> tuple[dict[str, Walk], tuple[str, ...]]:
    """The walk of each sheet, and the parts that the library needs.

    An indented content is laid out again on one line: what stands between the marks of a table is no text, and
    the library does not open it.
    """
    parts["content.xml"] = _INDENT.sub(b">", parts["content.xml"])
    walker = _OdsContent()
    _parse(parts["content.xml"], start=walker.start, end=walker.end, data=walker.data)
    return walker.sheets, _ODS_PARTS


class _OdsContent:
    """The walk of an OpenDocument spreadsheet: repeated rows and columns are counted, not unrolled."""

    def __init__(self) -> None:
        self.sheets: dict[str, Walk] = {}
        self._walk = Walk()
        self._hidden_styles: set[str] = set()
        self._style = self._name = ""
        self._row = self._column = 0
        self._row_repeat = self._cell_repeat = 1
        self._attributes: dict[str, str] = {}
        self._text = 0
        self._shown = ""
        self._in_cell = False
        self._annotation = 0
        self._note = ""
        self._paragraph = 0
        self._pending: list[tuple[int, int, int]] = []
        self._marks: list[tuple[list[tuple[int, int]], int, int]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "style" and attributes.get("family") == "table":
            self._style = attributes.get("name", "")
        elif name == "table-properties" and attributes.get("display") == "false":
            self._hidden_styles.add(self._style)
        elif name == "table":
            self._name = attributes.get("name", "")
            self._walk = self.sheets.setdefault(self._name, Walk())
            self._walk.hidden = attributes.get("style-name", "") in self._hidden_styles
            self._row = 0
        elif name == "table-row":
            self._row_repeat = int(attributes.get("number-rows-repeated", "1"))
            self._column, self._pending, self._marks = 0, [], []
        elif name in ("table-cell", "covered-table-cell"):
            self._open_cell(attributes)
        elif name == "table-source":
            self._walk.is_copy = "'#" in self._name
        elif name == "annotation":
            self._annotation, self._note = self._annotation + 1, ""
        elif name == "p" and self._annotation:
            self._paragraph, self._note = self._paragraph + 1, f"{self._note}\n"

    def end(self, name: str) -> None:
        if name in ("table-cell", "covered-table-cell"):
            self._close_cell()
        elif name == "table-row":
            self._close_row()
        elif name == "annotation":
            self._annotation -= 1
            self._walk.notes.append((self._row + 1, self._column + 1, self._note))
        elif name == "p" and self._annotation:
            self._paragraph -= 1

    def data(self, text: str) -> None:
        if self._paragraph:
            self._note += text
        if self._in_cell and not self._annotation:
            self._text += len(text)
            if self._text <= _LONGEST_ERROR:
                self._shown += text

    def _open_cell(self, attributes: dict[str, str]) -> None:
        self._attributes, self._text, self._shown, self._in_cell = attributes, 0, "", True
        self._cell_repeat = int(attributes.get("number-columns-repeated", "1"))

    def _close_cell(self) -> None:
        attributes = self._attributes
        if not attributes and not self._text:
            self._column, self._in_cell = self._column + 1, False
            return
        place = (self._row + 1, self._column + 1)
        holds = self._text > 0 or any(key in attributes for key in _ODS_VALUES)
        if "formula" in attributes:
            shown = self._text or any(key.endswith("value") for key in attributes)
            if not shown:
                self._marks.append((self._walk.formulas, place[1], self._cell_repeat))
            holds = True
        is_shown = 0 < self._text <= _LONGEST_ERROR and is_error(self._shown)
        if attributes.get("value-type") == "error" or is_shown:
            self._marks.append((self._walk.errors, place[1], self._cell_repeat))
        spans = [int(attributes.get(f"number-{kind}-spanned", "1")) for kind in ("rows", "columns")]
        if max(spans) > 1:
            self._walk.merged.append((*place, place[0] + spans[0] - 1, place[1] + spans[1] - 1))
        self._column += self._cell_repeat
        if holds:
            self._pending.append((self._column, self._text, self._cell_repeat))
        self._in_cell = False

    def _close_row(self) -> None:
        self._row += self._row_repeat
        for column, length, repeat in self._pending:
            self._walk.fill(self._row, column, max(length, 1) * repeat * self._row_repeat)
        for places, column, repeat in self._marks:
            lines = range(self._row - self._row_repeat + 1, self._row + 1)
            places += [(line, column + rank) for line in lines for rank in range(repeat)]


def _too_large(found: str) -> Refused:
    return Refused(
        "fichier_demesure",
        found,
        "un classeur de moins de 30 Mo, sans données à perte de vue",
        "Recopiez vos lignes dans un classeur vierge du modèle, sans les lignes ni les colonnes vides.",
    )


def _damaged(found: str) -> Refused:
    return Refused(
        "fichier_abime",
        found,
        "un classeur .xlsx ou .ods",
        "Ouvrez-le dans Excel ou LibreOffice, enregistrez-le au format .xlsx ou .ods, et renvoyez-le.",
    )


def archive_found(found: str) -> Refused:
    """What is told of a zipped file that holds no sheet: nothing in it is looked at."""
    return Refused(
        "fichier_abime",
        found,
        "un classeur, ou les fichiers eux-mêmes",
        "Sortez-en les fichiers (clic droit › « Extraire tout »), placez-les dans le dossier et retirez l'archive.",
    )


def _locked() -> Refused:
    return Refused(
        "fichier_protege",
        "un classeur protégé par un mot de passe",
        "un classeur sans mot de passe",
        "Enregistrez-le sans mot de passe (dans Excel : Fichier › Informations › Protéger le classeur).",
    )


def _old_or_locked(content: bytes) -> Refused:
    """An old .xls and an encrypted .xlsx begin alike; the second names its encrypted stream."""
    if _ENCRYPTED in content:
        return _locked()
    return _damaged("un classeur de l'ancien format .xls, quelle que soit son extension")
