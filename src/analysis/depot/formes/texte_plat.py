"""A flat text of columns, however it was exported: its separator, its header, its lines as cells.

Nearly every line of a large export has as many cells as the others: those go to the reader of columns as
they are. The few others are looked at one by one: cut by a line break in a label, short or long of blank
cells, quoted, a total, a header that comes again. What none of this makes a row of is told as a fault.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:  # what reads a workbook or a reviewed chapter needs the words of this module alone
    import pandas as pd

SEPARATORS = "\t|;,"
FIRST_LINES = 40
"""Where a header may stand: titles come before it in some exports."""

_BLOCK = 25_000
_SLICE = 1 << 22
_HEAD = 1 << 16
_BLANKS_APART = "lignes qui ont en fin plus ou moins de cellules vides que l'en-tête"
_SEP = re.compile(r"sep=(.)", re.IGNORECASE)


@dataclass(frozen=True)
class Entete:
    """The header of a text: its line, what cuts the cells, the cells."""

    ligne: int
    separateur: str
    cellules: tuple[str, ...]


@dataclass
class Lignes:
    """The lines of a text after its header: cells by column in blocks, and what was made of the others.

    ``passees`` counts the lines that hold no row, by what they are; ``formes`` counts what was mended;
    ``fautes`` are the lines that no rule makes a row of, with the number of their cells: all is said once
    every block is read.
    """

    blocs: Iterator[pd.DataFrame] = field(default_factory=lambda: iter(()))
    passees: Counter[str] = field(default_factory=Counter)
    formes: Counter[str] = field(default_factory=Counter)
    fautes: list[tuple[int, int]] = field(default_factory=list)


def plain(header: str) -> str:
    """A header reduced to its letters and digits, without case or accents.

    >>> plain(" N° Compte"), plain("Total Débit")
    ('ncompte', 'totaldebit')
    """
    letters = unicodedata.normalize("NFD", header).lower()
    return "".join(c for c in letters if c.isascii() and c.isalnum())


def normalised(content: bytes) -> tuple[bytes, Counter[str]]:
    """The bytes of a text whose lines end by LF or CR LF, without marks of order or of end, and what was put away.

    A text in UTF-16 that says so becomes UTF-8.
    """
    found: Counter[str] = Counter()
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        content = content.decode("utf-16", "replace").encode("utf-8")
        found["texte en UTF-16"] = 1
    content = content.removeprefix(codecs.BOM_UTF8)
    for mark, name in ((b"\0", "caractères nuls ôtés"), (b"\x1a", "marques de fin de fichier ôtées")):
        if mark in content:
            found[name] = content.count(mark)
            content = content.replace(mark, b"")
    if content.count(b"\r") != content.count(b"\r\n"):
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return content, found


def encoding_of(content: bytes) -> str:
    """UTF-8 when the bytes are, else ISO-8859-15; the text is not held whole."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), _SLICE):
            decoder.decode(content[start : start + _SLICE])
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return "iso-8859-15"
    return "utf-8"


def cells(text: str, separator: str) -> list[str]:
    """The cells of a line; quotes count where they are those of a CSV, and are part of the text elsewhere.

    >>> cells('411;"Dupont; Jean";"100,50"', ";"), cells('PVC 12";5', ";")
    (['411', 'Dupont; Jean', '100,50'], ['PVC 12"', '5'])
    """
    raw = text.split(separator)
    if '"' not in text or text.count('"') % 2:
        return raw
    try:
        return next(csv.reader([text], delimiter=separator, strict=True), raw)
    except csv.Error:
        return raw


def first_lines(content: bytes, encoding: str) -> list[str]:
    """The lines among which the header is looked for."""
    head = content[:_HEAD].decode(encoding, "replace")
    return [line.rstrip("\r") for line in head.split("\n")[:FIRST_LINES]]


def find_header(lines: Sequence[str], known: Callable[[Sequence[str]], int]) -> Entete | None:
    """The first line whose cells have the most known names, at least two, under the separator that gives them."""
    best: tuple[int, Entete | None] = (1, None)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        for separator in SEPARATORS:
            found = tuple(cells(line, separator))
            count = known(found) if len(found) > 1 else 0
            if count > best[0]:
                best = (count, Entete(number, separator, found))
    return best[1]


def all_cells(content: bytes, encoding: str, separator: str) -> list[tuple[int, list[str]]]:
    """Every line of a text that is not blank, with its number and its cells: for small files."""
    rows = []
    for number, line in enumerate(content.decode(encoding, "replace").split("\n"), start=1):
        text = line.rstrip("\r")
        if text.strip() and not (number == 1 and _SEP.fullmatch(text.strip())):
            rows.append((number, cells(text, separator)))
    return rows


def likely_separator(lines: Sequence[str]) -> str:
    """What cuts the cells most often in the first lines; a first line « sep=; » says it."""
    declared = _SEP.fullmatch(lines[0].strip()) if lines else None
    if declared is not None:
        return declared[1]
    whole = "\n".join(lines)
    return max(";\t|,", key=whole.count)


def longest_line(content: bytes) -> int:
    """Bytes of the longest line."""
    ends = np.concatenate([_positions(content, b"\n"), [len(content)]])
    return int(np.diff(ends, prepend=-1).max()) - 1


def _positions(content: bytes, byte: bytes) -> np.ndarray:
    """Where a byte stands, looked for slice by slice: a mask of the whole would double the memory."""
    found = [
        np.flatnonzero(np.frombuffer(content[start : start + _SLICE], np.uint8) == byte[0]) + start
        for start in range(0, len(content), _SLICE)
    ]
    return np.concatenate(found) if found else np.empty(0, np.int64)


@dataclass(frozen=True)
class Structure:
    """Where each line after the header ends, and how many separators it has."""

    starts: np.ndarray
    ends: np.ndarray
    counts: np.ndarray
    premiere: int


def structure(content: bytes, entete: Entete) -> Structure:
    """The lines after the header, by the places of their ends and of their separators."""
    ends, counts, before = [], [], 0
    for start in range(0, len(content), _SLICE):
        piece = np.frombuffer(content[start : start + _SLICE], np.uint8)
        stops = np.flatnonzero(piece == 10)
        marks = np.flatnonzero(piece == ord(entete.separateur))
        ends.append(stops + start)
        counts.append(np.searchsorted(marks, stops) + before)
        before += len(marks)
    every = np.concatenate([*ends, [len(content)]]).astype(np.int64)
    totals = np.concatenate([*counts, [before]])
    starts = np.concatenate([[0], every[:-1] + 1])
    is_ended = content.endswith(b"\n")
    rows = slice(entete.ligne, -1 if is_ended else None)
    return Structure(starts[rows], every[rows], np.diff(totals, prepend=0)[rows], entete.ligne + 1)


class Lecteur:
    """The lines of a text made rows of the columns that are asked for.

    ``places`` are the columns, ``last`` the last one that a row must reach, ``is_row`` says whether cells make a row (by these columns), ``is_aside`` takes
    a line that is none and need not be (a header that comes again, a total). A line of as many separators as
    most lines is a row without being looked at.
    """

    def __init__(
        self,
        content: bytes,
        encoding: str,
        entete: Entete,
        places: Sequence[int],
        last: int,
        is_row: Callable[[Sequence[str]], bool],
        is_aside: Callable[[int, Sequence[str]], bool],
    ) -> None:
        self._content, self._encoding, self._entete = content, encoding, entete
        self._places, self._is_row, self._is_aside = sorted(places), is_row, is_aside
        self._lines = structure(content, entete)
        self._needed = last + 1
        self.lignes = Lignes()

    def read(self) -> Lignes:
        """The lines, the ordinary ones by blocks of columns, the others one by one, in the order of the file."""
        usual = self._usual()
        if usual is None:
            regular = np.zeros(len(self._lines.counts), dtype=bool)
        else:
            regular = self._lines.counts == usual
            if usual != len(self._entete.cellules) - 1:
                self.lignes.formes[_BLANKS_APART] += int(regular.sum())
        others = self._others(np.flatnonzero(~regular), usual)
        if regular.any():
            self.lignes.blocs = self._columns(regular, others, int(self._lines.counts[regular][0]))
        elif others:
            self.lignes.blocs = iter([self._frame(others)])
        return self.lignes

    def text(self, line: int) -> str:
        """A line of the file as text, by its number."""
        return self._text(line - self._lines.premiere)

    def _text(self, rank: int) -> str:
        piece = self._content[self._lines.starts[rank] : self._lines.ends[rank]]
        return piece.decode(self._encoding, "replace").rstrip("\r")

    def _usual(self) -> int | None:
        """The separators of most lines, when so many make every column that is asked for."""
        counts = Counter(self._lines.counts[self._lines.counts > 0].tolist())
        width = len(self._entete.cellules) - 1
        enough = {count: times for count, times in counts.items() if self._needed - 1 <= count <= width + 1}
        return max(enough, key=lambda count: (enough[count], count == width)) if enough else None

    def _columns(
        self, regular: np.ndarray, others: Sequence[tuple[int, list[str]]], usual: int
    ) -> Iterator[pd.DataFrame]:
        """The ordinary lines by the reader of columns, the others set in at their place."""
        import pandas as pd

        beyond = [usual] if usual >= len(self._entete.cellules) else []
        numbers = np.flatnonzero(regular) + self._lines.premiere
        body = self._content if regular.all() else self._without(regular)
        skipped = self._entete.ligne if regular.all() else 0
        blocks = pd.read_csv(
            io.BytesIO(body),
            sep=self._entete.separateur,
            header=None,
            skiprows=skipped,
            usecols=[*self._places, *beyond],
            dtype=str,
            quoting=csv.QUOTE_NONE,
            na_filter=False,
            skip_blank_lines=False,
            encoding=self._encoding,
            chunksize=_BLOCK,
        )
        waiting, read = list(others), 0
        for block in blocks:
            block.index = pd.Index(numbers[read : read + len(block)])
            read += len(block)
            if beyond:
                block = self._without_more(block, usual)
            last = int(numbers[read - 1]) if read < len(numbers) else None
            mine = [row for row in waiting if last is None or row[0] < last]
            waiting = waiting[len(mine) :]
            yield pd.concat([block, self._frame(mine)]).sort_index(kind="stable") if mine else block

    def _without_more(self, block: pd.DataFrame, place: int) -> pd.DataFrame:
        """The block without its last column, that the header does not have: what is not blank there is a fault."""
        full = block[place].str.strip() != ""
        self.lignes.fautes += [(int(line), place + 1) for line in block.index[full]]
        return block.loc[~full, self._places]

    def _without(self, regular: np.ndarray) -> bytes:
        """The ordinary lines alone, run by run."""
        edges = np.flatnonzero(np.diff(regular.astype(np.int8), prepend=0, append=0))
        starts, ends = self._lines.starts, self._lines.ends
        runs = ((int(starts[first]), int(ends[last - 1])) for first, last in edges.reshape(-1, 2))
        return b"\n".join(self._content[start:end] for start, end in runs)

    def _frame(self, rows: Sequence[tuple[int, list[str]]]) -> pd.DataFrame:
        import pandas as pd

        kept = [[row[place] if place < len(row) else "" for place in self._places] for _, row in rows]
        index = pd.Index([line for line, _ in rows], dtype="int64")
        return pd.DataFrame(kept, index=index, columns=self._places, dtype=str)

    def _others(self, ranks: np.ndarray, usual: int | None) -> list[tuple[int, list[str]]]:
        """The rows that the other lines make: by themselves, or with those that follow."""
        rows: list[tuple[int, list[str]]] = []
        queue = [int(rank) for rank in ranks]
        at = 0
        while at < len(queue):
            rank = queue[at]
            text = self._text(rank)
            line = rank + self._lines.premiere
            if not text.strip(' \t|;,"\xa0'):
                self.lignes.passees["lignes vides"] += 1
                at += 1
                continue
            alone = cells(text, self._entete.separateur)
            made, taken = self._alone(alone, usual), 1
            if made is None:
                made, taken = self._joined(queue, at, alone, usual)
            if made is None and not self._is_aside(line, alone):
                self.lignes.fautes.append((line, len(alone)))
            elif made is not None:
                rows.append((line, made))
            at += taken
        return rows

    def _alone(self, found: list[str], usual: int | None) -> list[str] | None:
        """A line that is a row by itself: quoted as a CSV, or of which blank cells at the end are missing or too many."""
        width = len(self._entete.cellules) if usual is None else usual + 1
        if len(found) == width:
            return found
        if len(found) > width:
            is_blank = not any(cell.strip() for cell in found[width:])
            if not (is_blank and self._is_row(found[:width])):
                return None
        elif len(found) < self._needed or not self._is_row(found):
            return None
        self.lignes.formes[_BLANKS_APART] += 1
        return found[:width]

    def _joined(
        self, queue: Sequence[int], at: int, found: list[str], usual: int | None
    ) -> tuple[list[str] | None, int]:
        """A row cut by line breaks in a label: a short line, and those that complete it to the usual width."""
        width = len(self._entete.cellules) if usual is None else usual + 1
        text, taken = self._text(queue[at]), 1
        while at + taken < len(queue) and queue[at + taken] == queue[at] + taken and len(found) < width:
            text = f"{text} {self._text(queue[at + taken])}"
            found = cells(text, self._entete.separateur)
            taken += 1
            if self._needed <= len(found) <= width and self._is_row(found):
                self.lignes.formes["lignes coupées par un retour à la ligne, rejointes"] += 1
                return found, taken
        return None, 1
