"""Hostile deposits: a clean folder, and the seeded ways of spoiling it that the tests and the fuzzing share.

A mutation is a function of a generator of chance, the clean deposit and the folder where its files stand.
Each is repeatable from its name and its seed. ``heavy`` ones write tens of megabytes: only the fuzzing runs
them. To add one, write it under the family that it belongs to; the rest follows.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import struct
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch
from xml.sax.saxutils import escape, quoteattr

import openpyxl
from carnets import check_chapters
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import IllegalCharacterError

from analysis.demonstration.etapes.ecrits import prepare
from analysis.demonstration.etapes.envois import GRAINE
from analysis.demonstration.generator import generer
from analysis.demonstration.lieux import lieux
from analysis.depot import dossier
from analysis.depot.commandes_depot import recevoir
from analysis.depot.ecrits.modele import write_workbook
from analysis.depot.garde.accuser import apercu
from analysis.depot.garde.ledger import Ledger
from analysis.depot.referentiel import Referentiel, load_referentiel
from analysis.indicateurs.calcul import calculer
from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.definitions import load_definitions
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project
from analysis.presentation.drawing import style
from analysis.sources.register import load_register

TODAY = date(2021, 9, 1)
PLACES = ("orbesson", "clairevoie-en-plaine", "roquelande-fontvernay")
"""The invented territories that are spoiled: three people, a trial balance, two EBE."""

MILLION = 1_000_000
LAST_CELL = (1_048_576, "XFD")

TEXTS = (
    *("1 234,5", "1\u00a0234,5", "12/03/2018", "2018-02-30", "31/31/2018", "0000-00-00", "10000-01-01"),
    *("\u00a0", " ", "\t", "\n", "\u200f", "\u202e2018", "\u200bOui", "Oui ", "oui", "OUI", "\ufeffOui"),
    *("a\x07b", "a\x1b[31mb", "\x7f", "\ufffe", "\U0001f600" * 40, "e\u0301" * 30, "\u0130\u0131ß"),
    *("=1+1", "=cmd|' /C calc'!A0", "+33 6 12 34 56 78", "@SUM(A1)", "-5", "--5", "1e5", "1e999", "NaN"),
    *("inf", "-0", "0x10", "\u0662\u0660\u0661\u0668", "\uff12\uff10\uff11\uff18-\uff10\uff11-\uff10\uff11"),
    *("²", "½", "٣", "9" * 400, "0." + "1" * 400, "P-" + "1" * 6, "P-017", "p-017", "Jeanne Martin"),
    *("M. Martin", "1 75 05 63 123 456 89", "a@b.fr", "../../../../etc/passwd", "..", ".", "/", "\\", "CON"),
    *("a/b/c.txt", "x" * 300, "x" * 32_000, "'; DROP TABLE", "<b>x</b>", "]]>", "&amp;", "%s%n{0}", "$(id)"),
    *(
        "None",
        "null",
        "#REF!",
        "VRAI",
        "FAUX",
        "TRUE",
        "2018",
        "2018-09",
        "2018-T3",
        "2016/2018",
        "__class__",
    ),
    *(
        "a" * 30_000,
        "a@" * 15_000,
        "Ab " * 10_000,
        "A" + "b" * 29_000 + " ",
        "0 " * 15_000,
        "Mr" + " " * 29_000,
    ),
)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 3.5, 1e15, 1e16, 1e300, -1e300, 10**20, 0.1 + 0.2, 5e-324, 41_000),
    *(date(1900, 1, 1), date(1904, 1, 1), date(2018, 9, 3), date(9999, 12, 31), datetime(2018, 9, 3, 12, 30)),
    *(time(12, 30), timedelta(days=3), timedelta(hours=-3), datetime(2018, 9, 3, 0, 0, 0, 1)),
)


@dataclass(frozen=True, eq=False)
class Clean:
    """What a territory sends when nothing is wrong."""

    code: str
    book: bytes
    files: dict[str, bytes]
    tables: dict[str, list[dict[str, Any]]]
    sheets: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"depot-{self.code}.xlsx"

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / self.name).write_bytes(self.book)
        for name, content in self.files.items():
            (folder / name).write_bytes(content)

    def accounts(self, rng: Random) -> str:
        return rng.choice([name for name in self.files if name.startswith("comptes")])

    def survey(self, rng: Random) -> str:
        return rng.choice([name for name in self.files if name.startswith("enquete")])


Mutate = Callable[[Random, Clean, Path], None]


@dataclass(frozen=True)
class Mutation:
    """One way of spoiling a deposit."""

    family: str
    mutate: Mutate
    heavy: bool

    @property
    def name(self) -> str:
        return self.mutate.__name__.strip("_")


FAMILIES: dict[str, list[Mutation]] = {}


def mutation(family: str, *, heavy: bool = False) -> Callable[[Mutate], Mutate]:
    """Register a function as a mutation of a family."""

    def register(mutate: Mutate) -> Mutate:
        FAMILIES.setdefault(family, []).append(Mutation(family, mutate, heavy))
        return mutate

    return register


def draw(number: int, *, heavy: bool) -> list[Mutation]:
    """``number`` mutations in turn over the families, then over the mutations of each.

    With ``heavy`` ones, a family that has some gives them one turn in five.
    """
    drawn = []
    for rank in range(number):
        turn, place = divmod(rank, len(FAMILIES))
        members = list(FAMILIES.values())[place]
        light, long = ([m for m in members if m.heavy is kind] for kind in (False, True))
        if heavy and long and turn % 5 == 4:
            drawn.append(long[turn // 5 % len(long)])
        else:
            drawn.append(light[turn % len(light)])
    return drawn


# --- a project, an attempt, its outcome


def project_of(root: Path) -> tuple[Project, list[Clean]]:
    """A throw-away project of invented territories, and the clean deposit of three of them."""
    project = Project(root, "demonstration")
    prepare(Project.here(), project, lieux())
    referentiel = load_referentiel(project)
    return project, [clean_deposit(code, referentiel, root) for code in PLACES]


def clean_deposit(code: str, referentiel: Referentiel, scratch: Path) -> Clean:
    lieu = next(lieu for lieu in lieux() if lieu.code == code)
    sent = generer(lieu, GRAINE)
    path = scratch / "propre.xlsx"
    write_workbook(path, referentiel, code, sent.tables)
    book = path.read_bytes()
    path.unlink()
    sheets = tuple(sheet.feuille for sheet in referentiel.layout.sheets)
    return Clean(code, book, sent.fichiers, sent.tables, sheets)


@dataclass(frozen=True)
class Outcome:
    """What became of one input: ``kind`` is received, refused, told (an error in words) or a fault.

    ``partial`` says what was stored that should not be, or not stored that should; ``stopped`` where a
    computation or a chapter failed on what was received.
    """

    kind: str
    detail: str = ""
    partial: str = ""
    stopped: str = ""


def spoiled(case: Mutation, seed: int, clean: Clean, folder: Path) -> None:
    """Write the clean deposit in ``folder`` and spoil it."""
    clean.write(folder)
    case.mutate(Random(f"{case.name} {seed}"), clean, folder)


def attempt(project: Project, folder: Path) -> Outcome:
    """Receive a folder as the command does; a BaseException that is no message in words is a fault."""
    root = project.depots / "recus"
    before = stored(root)
    told = io.StringIO()
    try:
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told), _vanishing(folder):
            status = recevoir(project, folder, today=TODAY)
    except (BilanError, OSError) as error:
        return Outcome("told", f"{type(error).__name__}: {error}"[:200], _left(before, root))
    except BaseException as error:  # a panic of a parser is one
        return Outcome("fault", _where(error), _left(before, root))
    if status != 0 or "rien ne change" in told.getvalue():
        return Outcome("refused" if status else "received", "", _left(before, root))
    return Outcome("received", "", _unlike_record(project, before, root))


def stopped_by(project: Project, territoire: str) -> str:
    """Where the measures, the gate or a chapter fail on the deposit in force of a territory; empty when nothing does.

    Every call of the chapters on all the territories and of its own is made, as in the real bilan; drawings are made
    and not written.
    """
    told = io.StringIO()
    try:
        with patch.object(style, "to_svg", lambda _figure: b"<svg/>"), contextlib.redirect_stderr(told):
            resultats = calculer(project, (territoire,))
            check_chapters(project, load_register(project), resultats, (territoire,))
    except BaseException as error:  # whatever stops a chapter
        return _where(error)
    return told.getvalue()[:300] if resultats.empeches else ""


def declared_once(project: Project) -> Iterator[tuple[Any, str, Callable[..., Any]]]:
    """The places of this package that read what is declared, with what reads it from this project once for all.

    Every input has a project of its own whose declarations are the same: to read them again is half of the time.
    """
    for load in (load_definitions, load_nomenclatures, load_referentiel, load_register):
        read = partial(_answer, load(project))
        for module in [module for name, module in sys.modules.items() if name.startswith("analysis.")]:
            if getattr(module, load.__name__, None) is load:
                yield module, load.__name__, read
        if load.__name__ in globals():
            yield sys.modules[__name__], load.__name__, read


def _answer(value: Any, *_arguments: Any, **_options: Any) -> Any:
    return value


def stored(root: Path) -> dict[str, str]:
    """The checksum of every file under a folder, empty for a folder."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(root.rglob("*"))
    }


def _left(before: dict[str, str], root: Path) -> str:
    changed = {item[0] for item in before.items() ^ stored(root).items()}
    return f"{len(changed)} fichiers" if changed else ""


def _unlike_record(project: Project, before: dict[str, str], root: Path) -> str:
    """What of the last reception is not as its record says: rows of each table, files of before."""
    after = stored(root)
    if any(after.get(name) != checksum for name, checksum in before.items()):
        return "un ancien fichier a changé"
    records = [name for name in after.keys() - before.keys() if name.endswith("depot.json")]
    if len(records) != 1:
        return f"{len(records)} enregistrements"
    territoire = Path(records[0]).parts[0]
    ledger = Ledger(project)
    recu = ledger.deposits(territoire)[-1]
    tables = ledger.tables(recu)
    wrong = [name for name, count in recu.tables.items() if len(tables[name]) != count.gardees]
    record = json.loads((root / records[0]).read_text(encoding="utf-8"))
    wrong += [n for n, c in record["tables"].items() if c["lues"] != c["gardees"] + c["refusees"]]
    if wrong:
        return f"comptes faux : {', '.join(wrong)}"
    return "" if apercu(ledger, load_referentiel(project), territoire) else "rien en vigueur"


def _where(error: BaseException) -> str:
    """The error and the last places of this package that it went through."""
    places, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if "/analysis/" in code.co_filename:
            places.append(f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return f"{type(error).__name__}: {str(error)[:120]} [{' < '.join(places[:-4:-1])}]"


@contextlib.contextmanager
def _vanishing(folder: Path) -> Iterator[None]:
    """Remove, just before the workbook is read, the files that « .a-supprimer » names."""
    orders = folder / ".a-supprimer"
    names = orders.read_text(encoding="utf-8").split() if orders.is_file() else []
    read = dossier.read_classeur

    def remove_then_read(*arguments: Any, **options: Any) -> Any:
        for name in names:
            (folder / name).unlink(missing_ok=True)
        return read(*arguments, **options)

    with patch.object(dossier, "read_classeur", remove_then_read):
        yield


# --- tools


def parts_of(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression, compresslevel=1) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, compression)
    return content.getvalue()


def edit_parts(clean: Clean, folder: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    parts = parts_of(clean.book)
    change(parts)
    (folder / clean.name).write_bytes(packed(parts))


def edit_book(clean: Clean, folder: Path, change: Callable[[Any], None]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(clean.book))
    change(book)
    with contextlib.suppress(IndexError, ValueError):  # openpyxl saves no book without a visible sheet
        book.save(folder / clean.name)


def put(cell: Any, value: Any) -> None:
    """Write a value that openpyxl accepts; leave the cell as it was for another."""
    with contextlib.suppress(ValueError, AttributeError, IllegalCharacterError):
        cell.value = value


def part_of(clean: Clean, sheet: str) -> str:
    """The part of a sheet: the guide is the first one."""
    return f"xl/worksheets/sheet{clean.sheets.index(sheet) + 2}.xml"


def any_part(rng: Random, clean: Clean) -> str:
    return part_of(clean, rng.choice(clean.sheets))


def data_cells(rng: Random, book: Any, clean: Clean, most: int) -> Iterator[Any]:
    """Some cells under the headers of any sheets of the model."""
    for _ in range(rng.randint(1, most)):
        page = book[rng.choice(clean.sheets)]
        row = rng.randint(3, max(4, page.max_row + 1))
        yield page.cell(row, rng.randint(1, page.max_column + 1))


def flipped(rng: Random, content: bytes, most: int = 20) -> bytes:
    """The content with random bits, bytes or slices changed."""
    spoilt = bytearray(content)
    for _ in range(rng.randint(1, most)):
        place = rng.randrange(len(spoilt)) if spoilt else 0
        action = rng.randrange(4)
        if action == 0 and spoilt:
            spoilt[place] ^= 1 << rng.randrange(8)
        elif action == 1 and spoilt:
            spoilt[place] = rng.randrange(256)
        elif action == 2:
            del spoilt[place : place + rng.randint(1, 8)]
        else:
            spoilt[place:place] = rng.randbytes(rng.randint(1, 8))
    return bytes(spoilt)


def sheet_xml(rows: str, after: str = "") -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>{after}</worksheet>'.encode()


def in_data(part: bytes, rows: str) -> bytes:
    """A worksheet part with more rows at its end."""
    return part.replace(b"</sheetData>", rows.encode() + b"</sheetData>")


def with_sheets(parts: dict[str, bytes], number: int, content: bytes) -> None:
    """Add sheets of one content to a workbook."""
    names, relations, types = [], [], []
    for rank in range(number):
        part = f"xl/worksheets/sheet{1000 + rank}.xml"
        parts[part] = content
        names.append(f'<sheet name="Plus {rank}" sheetId="{1000 + rank}" r:id="plus{rank}"/>')
        office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
        target = part.removeprefix("xl/")
        relations.append(f'<Relationship Id="plus{rank}" Type="{office}" Target="{target}"/>')
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
        types.append(f'<Override PartName="/{part}" ContentType="{kind}"/>')
    for name, mark, added in (
        ("xl/workbook.xml", b"</sheets>", names),
        ("xl/_rels/workbook.xml.rels", b"</Relationships>", relations),
        ("[Content_Types].xml", b"</Types>", types),
    ):
        parts[name] = parts[name].replace(mark, "".join(added).encode() + mark)


# --- cells


@mutation("cells")
def wrong_types(rng: Random, clean: Clean, folder: Path) -> None:
    def change(book: Any) -> None:
        for cell in data_cells(rng, book, clean, 40):
            put(cell, rng.choice(VALUES))
            if rng.random() < 0.3:
                cell.number_format = rng.choice(["dd/mm/yyyy", "[h]:mm", "0%", "@", "General", "yyyy"])

    edit_book(clean, folder, change)


@mutation("cells")
def wrong_texts(rng: Random, clean: Clean, folder: Path) -> None:
    def change(book: Any) -> None:
        for cell in data_cells(rng, book, clean, 30):
            put(cell, rng.choice(TEXTS))
            cell.data_type = "s"

    edit_book(clean, folder, change)


@mutation("cells")
def raw_texts(rng: Random, clean: Clean, folder: Path) -> None:
    """Texts put in the shared strings, as a spreadsheet would not write them."""

    def change(parts: dict[str, bytes]) -> None:
        strings = re.split(rb"(?=<si>)", parts["xl/sharedStrings.xml"])
        for _ in range(rng.randint(1, 12)):
            text = escape(rng.choice(TEXTS)).encode("utf-8", "ignore")
            strings[rng.randrange(1, len(strings) - 1)] = b"<si><t>" + text + b"</t></si>"
        parts["xl/sharedStrings.xml"] = b"".join(strings)

    edit_parts(clean, folder, change)


@mutation("cells")
def megabyte_in_a_cell(rng: Random, clean: Clean, folder: Path) -> None:
    unit = rng.choice(["a", "a@", "a.b@c.", "Ab ", "0 ", " ", "Mr ", "'", "9", "A", "\u00a0", "-1", "Ab-Cd "])
    text = (unit * (MILLION // len(unit))).encode()

    def change(parts: dict[str, bytes]) -> None:
        cell = f'<row r="900"><c r="{rng.choice("ABCDEFX")}900" t="inlineStr"><is><t xml:space="preserve">'
        part = any_part(rng, clean)
        parts[part] = in_data(parts[part], cell + text.decode() + "</t></is></c></row>")

    edit_parts(clean, folder, change)


@mutation("cells")
def formulas(rng: Random, clean: Clean, folder: Path) -> None:
    """Formulas with a value, without one, with an empty one, and of kinds that are not plain."""
    kinds = ("<f>1+1</f>", '<f t="array" ref="A1:B9">A1</f>', '<f t="shared" si="0"/>', "<f/>")
    values = ("", "<v/>", "<v>7</v>", "<v>x</v>", "<v>1e999</v>", "<v>nan</v>")

    def change(parts: dict[str, bytes]) -> None:
        part = any_part(rng, clean)
        for row in range(900, 900 + rng.randint(1, 9)):
            kind = rng.choice(["", ' t="str"', ' t="n"', ' t="b"', ' t="d"', ' t="e"', ' t="s"', ' t="zz"'])
            cell = f'<c r="{rng.choice("ABCDE")}{row}"{kind}>{rng.choice(kinds)}{rng.choice(values)}</c>'
            parts[part] = in_data(parts[part], f'<row r="{row}">{cell}</row>')

    edit_parts(clean, folder, change)


@mutation("cells")
def errors(rng: Random, clean: Clean, folder: Path) -> None:
    def change(parts: dict[str, bytes]) -> None:
        part = any_part(rng, clean)
        for row in range(900, 900 + rng.randint(1, 20)):
            error = rng.choice(
                ["#REF!", "#N/A", "#DIV/0!", "#NAME?", "#NULL!", "#VALUE!", "#SPILL!", "", "x"]
            )
            cell = f'<c r="{rng.choice("ABCDE")}{row}" t="e"><v>{error}</v></c>'
            parts[part] = in_data(parts[part], f'<row r="{row}">{cell}</row>')

    edit_parts(clean, folder, change)


@mutation("cells")
def mac_dates(rng: Random, clean: Clean, folder: Path) -> None:
    def change(book: Any) -> None:
        book.epoch = CALENDAR_MAC_1904

    edit_book(clean, folder, change)


@mutation("cells")
def extreme_dates(rng: Random, clean: Clean, folder: Path) -> None:
    """Numbers under a date style that no calendar has."""
    extremes = (
        "-1",
        "0",
        "60",
        "2958465",
        "2958466",
        "1e10",
        "1e300",
        "-1e300",
        "0.9999999999",
        "nan",
        "inf",
    )

    def change(parts: dict[str, bytes]) -> None:
        part = part_of(clean, "Personnes")
        dated = re.findall(rb'<c r="[A-Z]+[0-9]+"( s="[0-9]+")><v>4[0-9]{4}</v>', parts[part])
        style = dated[0].decode() if dated else ""
        for row in range(900, 900 + rng.randint(1, 9)):
            kind = rng.choice(["", "", ' t="d"', ' t="str"'])
            cell = f'<c r="F{row}"{style}{kind}><v>{rng.choice(extremes)}</v></c>'
            parts[part] = in_data(parts[part], f'<row r="{row}">{cell}</row>')

    edit_parts(clean, folder, change)


@mutation("cells")
def dates_as_text(rng: Random, clean: Clean, folder: Path) -> None:
    def change(book: Any) -> None:
        form = rng.choice(["%d/%m/%Y", "%Y-%m-%d", "%d.%m.%y", "%Y-%m-%dT%H:%M:%S", "%B %Y"])
        for row in book[rng.choice(clean.sheets)].iter_rows(min_row=4):
            for cell in row:
                if isinstance(cell.value, datetime):
                    cell.value = cell.value.strftime(form)

    edit_book(clean, folder, change)


@mutation("cells")
def merged(rng: Random, clean: Clean, folder: Path) -> None:
    def change(book: Any) -> None:
        for _ in range(rng.randint(1, 6)):
            page = book[rng.choice(clean.sheets)]
            row, column = rng.randint(1, page.max_row), rng.randint(1, page.max_column)
            with contextlib.suppress(ValueError, AttributeError):
                page.merge_cells(
                    start_row=row,
                    start_column=column,
                    end_row=row + rng.choice([0, 1, 5, 5000]),
                    end_column=column + rng.choice([0, 1, 3]),
                )

    edit_book(clean, folder, change)


# --- layout


@mutation("layout")
def headers(rng: Random, clean: Clean, folder: Path) -> None:
    """Headers shifted, deleted, duplicated, renamed, personal, blank, numbers."""

    def change(book: Any) -> None:
        for _ in range(rng.randint(1, 3)):
            page = book[rng.choice(clean.sheets)]
            column = rng.randint(1, page.max_column + 1)
            action = rng.randrange(8)
            if action == 0:
                page.insert_rows(rng.randint(1, 4), rng.choice([1, 2, 40]))
            elif action == 1:
                page.insert_cols(column, rng.randint(1, 3))
            elif action == 2:
                page.delete_cols(column, rng.randint(1, 3))
            elif action == 3:
                page.delete_rows(rng.randint(1, 5), rng.randint(1, 3))
            elif action == 4:
                page.cell(3, column).value = page.cell(3, 1).value
            elif action == 5:
                names = (
                    "Nom",
                    "Prénom",
                    "N° sécu",
                    "Mail",
                    "x",
                    " ",
                    12,
                    None,
                    date(2018, 1, 1),
                    "x" * 30_000,
                )
                page.cell(3, column).value = rng.choice(names)
            elif action == 6:
                text = str(page.cell(3, column).value or "")
                page.cell(3, column).value = rng.choice(
                    [text.upper(), f"{text} ", text[:-1], text + "\u00a0"]
                )
            else:
                page.move_range(
                    f"A3:{get_column_letter(page.max_column)}3", rows=rng.choice([1, -1, 30, 900])
                )

    edit_book(clean, folder, change)


@mutation("layout")
def sheets(rng: Random, clean: Clean, folder: Path) -> None:
    """Sheets hidden, removed, renamed, added, copied, emptied, reordered."""

    def change(book: Any) -> None:
        for _ in range(rng.randint(1, 3)):
            page = book[rng.choice(book.sheetnames)]
            action = rng.randrange(7)
            if action == 0:
                page.sheet_state = rng.choice(["hidden", "veryHidden"])
            elif action == 1 and len(book.sheetnames) > 2:
                book.remove(page)
            elif action == 2:
                page.title = rng.choice([page.title.upper(), f"{page.title} ", "x", "Feuil1", "é" * 31])
            elif action == 3:
                book.create_sheet(rng.choice(["Brouillon", "Noms", "Personnes (2)"])).append(
                    ["Nom", "Prénom"]
                )
            elif action == 4:
                book.copy_worksheet(page)
            elif action == 5:
                page.delete_rows(1, page.max_row)
            else:
                rng.shuffle(book._sheets)

    edit_book(clean, folder, change)


@mutation("layout")
def identity(rng: Random, clean: Clean, folder: Path) -> None:
    """The first sheet says another version, another territory, another day, or two lines."""

    def change(book: Any) -> None:
        page = book["Dépôt"]
        for _ in range(rng.randint(1, 3)):
            value = rng.choice([*TEXTS[:60], *VALUES, *PLACES, "2026-1", "2025-9", date(2001, 1, 1)])
            put(page.cell(rng.choice([4, 4, 4, 5]), rng.randint(1, 5)), value)

    edit_book(clean, folder, change)


@mutation("layout")
def rows(rng: Random, clean: Clean, folder: Path) -> None:
    """Rows deleted, doubled, shuffled, blanked."""

    def change(book: Any) -> None:
        for _ in range(rng.randint(1, 4)):
            page = book[rng.choice(clean.sheets)]
            values = [[cell.value for cell in row] for row in page.iter_rows(min_row=5)]
            action = rng.randrange(4)
            if action == 0:
                rng.shuffle(values)
            elif action == 1:
                values = values[: rng.randrange(len(values) + 1)]
            elif action == 2:
                values = [row for row in values for _ in range(rng.choice([1, 2]))]
            else:
                values = [rng.choice([row, [None] * len(row), [" "] * len(row)]) for row in values]
            page.delete_rows(5, page.max_row)
            for row in values:
                page.append(row)

    edit_book(clean, folder, change)


# --- archive


@mutation("archive")
def flipped_zip(rng: Random, clean: Clean, folder: Path) -> None:
    (folder / clean.name).write_bytes(flipped(rng, clean.book))


@mutation("archive")
def truncated(rng: Random, clean: Clean, folder: Path) -> None:
    size = len(clean.book)
    (folder / clean.name).write_bytes(clean.book[: rng.choice([0, 1, 4, 22, size // 2, size - 1, size - 22])])


@mutation("archive")
def other_content(rng: Random, clean: Clean, folder: Path) -> None:
    """What is not an archive under the name of one, and the old format."""
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    content = rng.choice(
        [
            *(
                b"",
                b"\0" * 100_000,
                rng.randbytes(50_000),
                b"Nom;Prenom\n",
                b"PK\x03\x04",
                b"PK\x05\x06" + b"\0" * 18,
            ),
            *(
                ole + b"\0" * 504 + "Workbook".encode("utf-16-le"),
                ole,
                b"<html><table><tr><td>1</td></tr></table>",
            ),
            *(
                ole + rng.randbytes(600) + "EncryptedPackage".encode("utf-16-le") + rng.randbytes(5000),
                b"%PDF-1.7\n",
            ),
            *(
                gzip.compress(clean.book),
                b"x" * 100 + clean.book,
                clean.book + b"x" * 100_000,
                clean.book * 2,
            ),
            *(
                packed({}),
                packed({"a.txt": b"a"}),
                packed({"content.xml": b"<a/>"}),
                packed({"classeur.xlsx": clean.book}),
            ),
        ]
    )
    (folder / clean.name).write_bytes(content)


@mutation("archive")
def archive_entries(rng: Random, clean: Clean, folder: Path) -> None:
    """Entries doubled, outside the folder, of another method, encrypted, dated before the calendar."""
    parts = parts_of(clean.book)
    content = io.BytesIO()
    action = rng.randrange(6)
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            info = zipfile.ZipInfo(name)
            if action == 0:
                archive.writestr(
                    info, part, rng.choice([zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_STORED])
                )
            elif action == 1 and rng.random() < 0.2:
                archive.writestr(zipfile.ZipInfo(name), flipped(rng, part))
                with warnings.catch_warnings(action="ignore", category=UserWarning):  # two of one name
                    archive.writestr(info, part)
            else:
                archive.writestr(info, part, zipfile.ZIP_DEFLATED)
        if action == 2:
            for name in (
                "../../evil.xml",
                "/etc/evil",
                "xl/../../evil",
                "xl/worksheets/",
                "C:\\evil",
                "xl/\0a",
            ):
                archive.writestr(name, b"<a/>")
        elif action == 3:
            archive.writestr(rng.choice(["xl/vbaProject.bin", "XL/VBAPROJECT.BIN", "Basic/a.xml"]), b"x")
    book = bytearray(content.getvalue())
    if action >= 4:
        _spoil_headers(rng, book)
    (folder / clean.name).write_bytes(book)


def _spoil_headers(rng: Random, book: bytearray) -> None:
    """Another flag, method, checksum or size in the central directory's records."""
    places = [match.start() for match in re.finditer(b"PK\x01\x02", book)]
    for place in rng.sample(places, min(len(places), rng.randint(1, 3))):
        field, size = rng.choice([(8, 2), (10, 2), (16, 4), (20, 4), (24, 4), (28, 2), (42, 4)])
        book[place + field : place + field + size] = rng.choice([b"\0", b"\x01", b"\xff", b"\x63"]) * size


# --- parts


@mutation("parts")
def flipped_part(rng: Random, clean: Clean, folder: Path) -> None:
    def change(parts: dict[str, bytes]) -> None:
        for name in rng.sample(sorted(parts), rng.randint(1, 3)):
            parts[name] = flipped(rng, parts[name], rng.choice([1, 3, 20]))

    edit_parts(clean, folder, change)


@mutation("parts")
def words_of_parts(rng: Random, clean: Clean, folder: Path) -> None:
    """A tag, an attribute or a value of the XML replaced by another of the same part: it stays well formed."""

    def change(parts: dict[str, bytes]) -> None:
        name = rng.choice(
            [any_part(rng, clean), "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]
        )
        words = re.split(rb'("[^"]*"|>[^<]+<)', parts[name])
        places = list(range(1, len(words), 2))
        for place in rng.sample(places, min(len(places), rng.randint(1, 8))):
            first, last = words[place][:1], words[place][-1:]
            other = rng.choice(
                [words[rng.choice(places)][1:-1], b"-1", b"0", b"99999999999", b"", b"A1", b"x"]
            )
            words[place] = first + other.replace(b"<", b"").replace(b'"', b"") + last
        parts[name] = b"".join(words)

    edit_parts(clean, folder, change)


@mutation("parts")
def missing_part(rng: Random, clean: Clean, folder: Path) -> None:
    def change(parts: dict[str, bytes]) -> None:
        for name in rng.sample(sorted(parts), rng.randint(1, 3)):
            if rng.random() < 0.5:
                del parts[name]
            else:
                parts[name] = rng.choice([b"", b"<a/>", b"\xff\xfe", parts[rng.choice(sorted(parts))]])

    edit_parts(clean, folder, change)


@mutation("parts")
def encoded_part(rng: Random, clean: Clean, folder: Path) -> None:
    """A part in another encoding, or in bytes that its encoding does not have."""

    def change(parts: dict[str, bytes]) -> None:
        name = rng.choice([any_part(rng, clean), "xl/workbook.xml", "xl/sharedStrings.xml"])
        text = re.sub(r"<\?xml.*?\?>", "", parts[name].decode("utf-8"))
        encoding = rng.choice(["utf-16", "utf-16-le", "iso-8859-1", "utf-7", "utf-32", "cp1252", "utf-8-sig"])
        declared = rng.choice([encoding, "utf-8", "x-none"])
        parts[name] = f'<?xml version="1.0" encoding="{declared}"?>{text}'.encode(encoding, "ignore")
        if rng.random() < 0.3:
            parts[name] += b"\xff\xc0"

    edit_parts(clean, folder, change)


@mutation("parts")
def doctype(rng: Random, clean: Clean, folder: Path) -> None:
    """Entities that multiply, or that would read another file."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol" * 10}">' for n in range(9))
    declared = rng.choice(
        [
            laughs,
            '<!ENTITY l8 SYSTEM "file:///etc/passwd">',
            '<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;',
        ]
    )

    def change(parts: dict[str, bytes]) -> None:
        name = rng.choice([n for n in sorted(parts) if n.endswith((".xml", ".rels"))])
        head, _, body = parts[name].partition(b"?>")
        body = re.sub(rb">([^<]+)<", b">&l8;<", body, count=1)
        parts[name] = head + b"?><!DOCTYPE a [" + declared.encode() + b"]>" + body

    edit_parts(clean, folder, change)


@mutation("parts")
def strange_cells(rng: Random, clean: Clean, folder: Path) -> None:
    """Addresses, types, strings and styles that do not exist."""
    places = (
        "A0",
        "",
        "ZZZZ1",
        "A99999999999",
        "1A",
        "A-1",
        "$A$5",
        "XFE1048577",
        "a5",
        "A5:B6",
        "\u00c91",
        "B04",
    )

    def change(parts: dict[str, bytes]) -> None:
        part = any_part(rng, clean)
        for _ in range(rng.randint(1, 6)):
            kind = rng.choice(
                ["", ' t="s"', ' t="b"', ' t="inlineStr"', ' t="d"', ' t="str"', ' s="99999"', ' s="-1"']
            )
            place = rng.choice(['r="A950"', f'r="{rng.choice(places)}"', ""])
            row = rng.choice(['r="950"', 'r="0"', 'r="-1"', 'r="4294967296"', 'r="x"', "", 'r="1048577"'])
            value = rng.choice(
                ["<v>99999999</v>", "<v>-1</v>", "<v>x</v>", "<is><t>x</t></is>", "<v>1</v><v>2</v>", ""]
            )
            parts[part] = in_data(parts[part], f"<row {row}><c {place}{kind}>{value}</c></row>")

    edit_parts(clean, folder, change)


@mutation("parts")
def deep_or_wide(rng: Random, clean: Clean, folder: Path) -> None:
    """Elements in elements, attributes by the thousand, names without end."""
    depth = rng.choice([1000, 200_000])
    inner = rng.choice(
        [
            "<a>" * depth + "</a>" * depth,
            "<a " + " ".join(f'b{n}=""' for n in range(depth)) + "/>",
            f"<{'a' * depth}/>",
            f"<!--{'-x' * depth}-->",
            f"<a b={quoteattr('x' * depth)}/>",
            "<?a b?>" * depth,
            f"<row><c><v>{'1' * depth}</v></c></row>",
        ]
    )

    def change(parts: dict[str, bytes]) -> None:
        part = any_part(rng, clean)
        parts[part] = in_data(parts[part], inner)

    edit_parts(clean, folder, change)


@mutation("parts")
def two_targets(rng: Random, clean: Clean, folder: Path) -> None:
    """One identifier or one name for two parts, the second of which is without measure."""
    far = sheet_xml(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )
    mark = b"</Relationships>"
    hostile = rng.choice(["xl/worksheets/far.xml", "xl/Worksheets/Sheet3.xml", "xl/far.xml"])
    kind = rng.choice(["worksheet", "chartsheet", "dialogsheet"])

    def change(parts: dict[str, bytes]) -> None:
        relations = parts["xl/_rels/workbook.xml.rels"]
        identifier = rng.choice(re.findall(rb'Id="([^"]*)"', relations)).decode()
        target = rng.choice([hostile.removeprefix("xl/"), f"/{hostile}", hostile])
        added = f'<Relationship Id="{identifier}" Type="http://x/{kind}" Target="{target}"/>'.encode()
        parts["xl/_rels/workbook.xml.rels"] = relations.replace(mark, added + mark)
        parts[hostile] = far
        if rng.random() < 0.5:
            parts[f"xl/{hostile}"] = sheet_xml("")

    edit_parts(clean, folder, change)


@mutation("parts")
def twin_sheets(rng: Random, clean: Clean, folder: Path) -> None:
    """Two sheets of one name, or names that no sheet has."""

    def change(parts: dict[str, bytes]) -> None:
        names = re.findall(rb'<sheet name="([^"]*)"', parts["xl/workbook.xml"])
        one = rng.choice(names)
        other = rng.choice([rng.choice(names), b"", b"x" * 10_000, b"a/b:c*?[]", b"'", b"\xc2\xa0"])
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'name="' + one, b'name="' + other, 1)

    edit_parts(clean, folder, change)


# --- bombs


@cache
def _zeros() -> bytes:
    content = io.BytesIO()
    with (
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(1024):
            part.write(b"\0" * 2**20)
    return content.getvalue()


@mutation("bombs", heavy=True)
def gigabyte_of_zeros(rng: Random, clean: Clean, folder: Path) -> None:
    """One entry of a gigabyte, told truly or as small as another."""
    book = bytearray(_zeros())
    if rng.random() < 0.6:
        place = book.rfind(b"PK\x01\x02")
        book[place + 24 : place + 28] = struct.pack("<I", rng.choice([0, 1000, 90 * 2**20]))
    (folder / clean.name).write_bytes(book)


@mutation("bombs")
def many_entries(rng: Random, clean: Clean, folder: Path) -> None:
    number = rng.choice([1_900, 2_100, 20_000])
    added = {f"xl/worksheets/x{rank}.xml": b"<a/>" for rank in range(number)}
    edit_parts(clean, folder, lambda parts: parts.update(added))


@mutation("bombs")
def nested_archives(rng: Random, clean: Clean, folder: Path) -> None:
    inner = packed({"xl/a.xml": b"\0" * 20 * 2**20})
    for _ in range(4):
        inner = packed({f"xl/{rank}.xlsx": inner for rank in range(8)})
    edit_parts(clean, folder, lambda parts: parts.update({"xl/embeddings/a.xlsx": inner, "xl/a.bin": inner}))


@mutation("bombs", heavy=True)
def unpacked_to_the_limit(rng: Random, clean: Clean, folder: Path) -> None:
    """As much XML as is let through, made of the smallest elements that mean something."""
    unit, number = rng.choice(
        [
            ("<c/>", 20),
            ("<c><v>1</v></c>", 5),
            ('<c r="A9"><f/></c>', 4),
            ("<row/>", 13),
            ("<a/>", 20),
            ("<v/>", 20),
        ]
    )
    rows = f'<row r="9">{unit * (number * MILLION)}</row>'
    edit_parts(clean, folder, lambda parts: parts.update({any_part(rng, clean): sheet_xml(rows)}))


@mutation("bombs", heavy=True)
def merged_to_the_limit(rng: Random, clean: Clean, folder: Path) -> None:
    unit = rng.choice(['<mergeCell ref="A1"/>', '<mergeCell ref="A1:C900000"/>'])
    part = part_of(clean, "Personnes")

    def change(parts: dict[str, bytes]) -> None:
        merges = "<mergeCells>" + unit * (80 * 2**20 // len(unit)) + "</mergeCells></worksheet>"
        parts[part] = parts[part].replace(b"</worksheet>", merges.encode())

    edit_parts(clean, folder, change)


@mutation("bombs", heavy=True)
def million_rows(rng: Random, clean: Clean, folder: Path) -> None:
    """A million rows of one to sixteen columns, with values or with a style alone."""
    columns, styled = rng.choice([(1, False), (2, False), (16, False), (1, True), (3, True)])
    cell = '<c s="1"/>' if styled else rng.choice(["<c><v>1</v></c>", '<c t="s"><v>7</v></c>'])
    number = min(MILLION, 90 * 2**20 // (len(cell) * columns + 11))
    name = part_of(clean, rng.choice(["Personnes", "ETP"]))

    def change(parts: dict[str, bytes]) -> None:
        parts[name] = in_data(parts[name], f"<row>{cell * columns}</row>" * number)

    edit_parts(clean, folder, change)


@mutation("bombs", heavy=True)
def many_real_rows(rng: Random, clean: Clean, folder: Path) -> None:
    """Many rows copied from a valid one: as much as is let through, or a tenth of it."""
    name = part_of(clean, rng.choice(["Personnes", "Contrats", "Activités"]))
    number = rng.choice([2_000, 10_000, 60_000])

    def change(parts: dict[str, bytes]) -> None:
        rows = re.findall(r"<row .*?</row>", parts[name].decode())
        row = re.sub(r' r="[A-Z]*\d+"', "", rows[-1])
        parts[name] = in_data(parts[name], row * number)

    edit_parts(clean, folder, change)


@mutation("bombs", heavy=True)
def contracts_of_one(rng: Random, clean: Clean, folder: Path) -> None:
    """Thousands of contracts of one person, each from another day, none of which ends."""
    name = part_of(clean, "Contrats")

    def change(parts: dict[str, bytes]) -> None:
        row = re.findall(r"<row .*?</row>", parts[name].decode())[-1]
        head, place, tail = re.split(r'(<c r="C\d+"[^>]*><v>)\d+', row)
        blank = re.sub(r'<c r="[DE]\d+".*?(</c>|/>)', "", tail)
        days = (head + place + str(36_526 + day) + blank for day in range(13_000))
        rows = "".join(
            re.sub(r'(r="[A-Z]*)\d+', rf"\g<1>{1000 + rank}", row) for rank, row in enumerate(days)
        )
        parts[name] = in_data(parts[name], rows)

    edit_parts(clean, folder, change)


@mutation("bombs")
def last_cell(rng: Random, clean: Clean, folder: Path) -> None:
    row, column = rng.choice(
        [LAST_CELL, (LAST_CELL[0], "A"), (5, LAST_CELL[1]), (100_000, "T"), (1_900_000, "A")]
    )
    held = rng.choice(["<v>1</v>", "", "<v></v>", "<is><t/></is>", "<f/>", "<v> </v>"])
    kind = rng.choice(["", ' t="str"', ' t="inlineStr"'])
    cell = f'<row r="{row}"><c r="{column}{row}"{kind}>{held}</c></row>'
    name = any_part(rng, clean)
    edit_parts(clean, folder, lambda parts: parts.update({name: in_data(parts[name], cell)}))


@mutation("bombs")
def shared_strings(rng: Random, clean: Clean, folder: Path) -> None:
    """One long string that many cells show."""
    length, cells = rng.choice([(MILLION, 1000), (32_000, 100_000), (600, 100_000)])

    def change(parts: dict[str, bytes]) -> None:
        strings = parts["xl/sharedStrings.xml"].replace(
            b"</sst>", b"<si><t>" + b"x" * length + b"</t></si></sst>"
        )
        last = strings.count(b"<si>") - 1
        parts["xl/sharedStrings.xml"] = strings
        name = rng.choice([any_part(rng, clean), "xl/worksheets/sheet1.xml"])
        parts[name] = in_data(parts[name], f'<row><c t="s"><v>{last}</v></c></row>' * cells)

    edit_parts(clean, folder, change)


@mutation("bombs", heavy=True)
def tiny_strings(rng: Random, clean: Clean, folder: Path) -> None:
    unit = rng.choice([b"<si/>", b"<si><t>a</t></si>", b"<si><t/></si>"])
    content = b"<sst>" + unit * (80 * 2**20 // len(unit)) + b"</sst>"
    edit_parts(clean, folder, lambda parts: parts.update({"xl/sharedStrings.xml": content}))


@mutation("bombs")
def many_wide_sheets(rng: Random, clean: Clean, folder: Path) -> None:
    """Sheets that are each within the limit, and not together."""
    row = rng.choice([1_000_000, 1_000, 30_000])
    column = get_column_letter(max(1, min(16_000, 1_900_000 // row)))
    cells = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{column}{row}"><v>1</v></c></row>'
    number = rng.choice([5, 40, 400])
    edit_parts(clean, folder, lambda parts: with_sheets(parts, number, sheet_xml(cells)))


# --- OpenDocument


@cache
def as_ods(book: bytes) -> dict[str, bytes]:
    """The parts of the same workbook as an OpenDocument spreadsheet."""
    pages = openpyxl.load_workbook(io.BytesIO(book))
    tables = []
    for page in pages:
        rows = "".join(
            f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"
            for row in page.iter_rows(values_only=True)
        )
        tables.append(f"<table:table table:name={quoteattr(page.title)}>{rows}</table:table>")
    names = ("office", "table", "text", "style")
    declared = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = f'<manifest:manifest xmlns:manifest="urn:x"><manifest:file-entry manifest:media-type="{kind}"/></manifest:manifest>'
    return {
        "mimetype": kind.encode(),
        "content.xml": f"<office:document-content {declared}>{body}</office:document-content>".encode(),
        "META-INF/manifest.xml": manifest.encode(),
    }


def _ods_cell(value: Any) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, datetime):
        kind, text = f'office:value-type="date" office:date-value="{value.date()}"', str(value.date())
    elif isinstance(value, int | float):
        kind, text = f'office:value-type="float" office:value="{value}"', str(value)
    else:
        kind, text = 'office:value-type="string"', str(value)
    return f"<table:table-cell {kind}><text:p>{escape(text)}</text:p></table:table-cell>"


def edit_ods(clean: Clean, folder: Path, change: Callable[[str], str]) -> None:
    parts = dict(as_ods(clean.book))
    parts["content.xml"] = change(parts["content.xml"].decode()).encode("utf-8", "ignore")
    (folder / clean.name).unlink()
    (folder / clean.name).with_suffix(".ods").write_bytes(packed(parts))


def _at_a_row(rng: Random, content: str, added: str) -> str:
    """Something added before a random row's end."""
    places = [match.start() for match in re.finditer("</table:table-row>", content)]
    place = rng.choice(places)
    return content[:place] + added + content[place:]


@mutation("ods")
def plain_ods(rng: Random, clean: Clean, folder: Path) -> None:
    edit_ods(clean, folder, lambda content: content)


@mutation("ods")
def ods_repeats(rng: Random, clean: Clean, folder: Path) -> None:
    """Rows and columns repeated without end, empty or not, with a value that no type announces."""
    repeat = rng.choice(
        ["number-columns-repeated", "number-rows-repeated", "number-columns-spanned", "number-rows-spanned"]
    )
    count = rng.choice([16_384, 1_048_576, 2**31, 2**63, -1, 0, "x", 10**30])
    held = rng.choice(
        ["", 'office:value-type="float" office:value="1"', 'office:value="1"', 'office:string-value="x"']
    )
    text = rng.choice(["", "<text:p>x</text:p>"])
    if repeat == "number-rows-repeated":
        cell = f"<table:table-cell {held}>{text}</table:table-cell>"
        added = f'</table:table-row><table:table-row table:{repeat}="{count}">{cell}'
    else:
        added = f'<table:table-cell {held} table:{repeat}="{count}">{text}</table:table-cell>'
    edit_ods(clean, folder, lambda content: _at_a_row(rng, content, added))


@mutation("ods")
def ods_cells(rng: Random, clean: Clean, folder: Path) -> None:
    """Types, formulas and dates that a spreadsheet does not write."""
    cells = (
        *('<table:table-cell table:formula="of:=1+1"/>', '<table:table-cell office:value-type="error"/>'),
        *(
            '<table:table-cell office:value-type="date" office:date-value="9999999-01-01"/>',
            "<table:covered-table-cell/>",
        ),
        *('<table:table-cell office:value-type="time" office:time-value="PT999999999H"/>', "<table:table/>"),
        *(
            '<table:table-cell office:value-type="float" office:value="1e999"/>',
            "<text:p>x</text:p>",
            "<a><b/></a>",
        ),
        *(
            '<table:table-cell office:value-type="boolean" office:boolean-value="x"/>',
            "<office:annotation>x</office:annotation>",
        ),
        *(
            '<table:table-cell office:value-type="date" office:date-value=""/>',
            '<table:table table:name="Personnes"/>',
        ),
    )

    def change(content: str) -> str:
        for _ in range(rng.randint(1, 6)):
            content = _at_a_row(rng, content, rng.choice(cells))
        return content

    edit_ods(clean, folder, change)


@mutation("ods")
def ods_words(rng: Random, clean: Clean, folder: Path) -> None:
    """Values, names and attributes of the content exchanged."""

    def change(content: str) -> str:
        words = re.split(r'("[^"]*"|>[^<]+<)', content)
        places = list(range(1, len(words), 2))
        for place in rng.sample(places, min(len(places), rng.randint(1, 12))):
            other = rng.choice([words[rng.choice(places)][1:-1], escape(rng.choice(TEXTS)).replace('"', "")])
            words[place] = words[place][0] + other + words[place][-1]
        return "".join(words)

    edit_ods(clean, folder, change)


@mutation("ods")
def ods_archive(rng: Random, clean: Clean, folder: Path) -> None:
    """Bytes changed in the archive or its parts, a password, macros, a missing part."""
    parts = dict(as_ods(clean.book))
    action = rng.randrange(6)
    if action == 0:
        parts["META-INF/manifest.xml"] += b"<manifest:encryption-data/>"
    elif action == 1:
        parts["Basic/Standard/Module1.xml"] = b"<a/>"
    elif action == 2:
        del parts[rng.choice(sorted(parts))]
    elif action == 3:
        parts["content.xml"] = flipped(rng, parts["content.xml"])
    elif action == 4:
        laughs = b'<!DOCTYPE a [<!ENTITY a "' + b"x" * 1000 + b'">]>'
        parts["content.xml"] = laughs + parts["content.xml"].replace(b"Femme", b"&a;" * 1000)
    (folder / clean.name).unlink()
    book = packed(parts)
    (folder / clean.name).with_suffix(".ods").write_bytes(flipped(rng, book) if action == 5 else book)


@mutation("ods", heavy=True)
def ods_to_the_limit(rng: Random, clean: Clean, folder: Path) -> None:
    unit = rng.choice(
        [
            "<table:table-cell/>",
            '<table:table-cell office:value="1" table:number-columns-repeated="99"/>',
            "<table:table-row/>",
            '</table:table><table:table table:name="x">',
        ]
    )
    edit_ods(clean, folder, lambda content: _at_a_row(rng, content, unit * (80 * 2**20 // len(unit))))


# --- accounts


@mutation("accounts")
def accounts_bytes(rng: Random, clean: Clean, folder: Path) -> None:
    name = clean.accounts(rng)
    content = clean.files[name]
    actions = (
        lambda: flipped(rng, content, rng.choice([1, 20, 500])),
        lambda: content[: rng.randrange(len(content))],
        lambda: b"",
        lambda: content.replace(b"\r\n", rng.choice([b"\r", b"\n", b"\n\n", b"\x0b", b"\xc2\x85"])),
        lambda: content + b"\0" * rng.choice([1, 10_000]),
        lambda: rng.randbytes(20_000),
        lambda: codecs.BOM_UTF8 * 2 + content,
        lambda: gzip.compress(content),
        lambda: content.splitlines()[0],
        lambda: content * 3,
        lambda: clean.book,
        lambda: b"<?xml version='1.0'?><comptabilite/>",
    )
    (folder / name).write_bytes(rng.choice(actions)())


@mutation("accounts")
def accounts_encoding(rng: Random, clean: Clean, folder: Path) -> None:
    name = clean.accounts(rng)
    text = clean.files[name].decode("utf-8", "replace")
    encoding = rng.choice(
        ["utf-16", "utf-16-le", "utf-32", "cp1252", "cp500", "mac-roman", "utf-7", "utf-8-sig"]
    )
    (folder / name).write_bytes(text.encode(encoding, "ignore"))


@mutation("accounts")
def accounts_cells(rng: Random, clean: Clean, folder: Path) -> None:
    """Cells, columns and lines exchanged, doubled, removed; another separator."""
    name = clean.accounts(rng)
    lines = clean.files[name].decode("utf-8", "replace").splitlines()
    cut = next(cut for cut in "\t|;" if cut in lines[0])
    table = [line.split(cut) for line in lines]
    for _ in range(rng.randint(1, 40)):
        row = rng.choice(table) if rng.random() < 0.9 else table[0]
        action, place = rng.randrange(6), rng.randrange(max(len(row), 1))
        if action <= 2 and row:
            row[place] = rng.choice(
                [*TEXTS, rng.choice(table)[0], "D", "C", "1e9", "-1,00", "1,005", "٣٣٣٣", "411²"]
            )
        elif action == 3:
            row.insert(place, rng.choice(["", "x"]))
        elif action == 4 and len(row) > 1:
            row.pop(place)
        else:
            table.insert(rng.randrange(len(table)), list(row))
    cut = rng.choice([cut, cut, cut, ",", ";", " ", "\x1f"])
    text = "\r\n".join(cut.join(cell.replace("\n", " ") for cell in row) for row in table)
    (folder / name).write_bytes(text.encode("utf-8", "ignore"))


@mutation("accounts")
def accounts_columns(rng: Random, clean: Clean, folder: Path) -> None:
    """A line of a million columns, at the head or under it."""
    name, cut = clean.accounts(rng), rng.choice(["\t", "|", ";"])
    line = rng.choice(["x" + cut, cut, "Debit" + cut]) * MILLION
    lines = clean.files[name].decode("utf-8", "replace").splitlines()
    lines[rng.choice([0, 1])] = line
    (folder / name).write_text("\n".join(lines), encoding="utf-8")


@mutation("accounts", heavy=True)
def accounts_to_the_limit(rng: Random, clean: Clean, folder: Path) -> None:
    """As many bytes as are let through: short lines, blank ones, one line, one line of separators, valid ones."""
    name, size = clean.accounts(rng), rng.choice([10, 60]) * 2**20
    content = clean.files[name]
    head, _, body = content.partition(b"\n")
    unit = rng.choice([b"1\n", b"\n", b"x", b"\t", b"|", body, b"\t\n", b'"'])
    under = rng.random() < 0.7
    with (folder / name).open("wb") as file:
        file.write(head + b"\n" if under else b"")
        for _ in range(size // (len(unit) * max(1, 2**20 // len(unit)))):
            file.write(unit * max(1, 2**20 // len(unit)))


@mutation("accounts", heavy=True)
def accounts_too_large(rng: Random, clean: Clean, folder: Path) -> None:
    """A file of gigabytes that takes no room on the disk, named in the workbook or not."""
    name = rng.choice([clean.accounts(rng), "autre.bin", clean.name, clean.survey(rng)])
    with (folder / name).open("wb") as file:
        file.truncate(rng.choice([65 * 2**20, 2**30]))


# --- surveys


@mutation("surveys")
def survey_bytes(rng: Random, clean: Clean, folder: Path) -> None:
    name = clean.survey(rng)
    content = clean.files[name]
    actions = (
        lambda: flipped(rng, content, rng.choice([1, 20, 300])),
        lambda: content[: rng.randrange(len(content))],
        lambda: b"",
        lambda: content.splitlines()[0],
        lambda: content.decode("utf-8-sig").encode(rng.choice(["utf-16", "cp1252", "utf-32"]), "ignore"),
        lambda: content.replace(b"\n", rng.choice([b"\r", b"\r\n", b"\x0b", b"\xe2\x80\xa8", b"\0"])),
        lambda: content + b'"' + b"x" * rng.choice([10, 200_000]),
        lambda: content.replace(b'"', rng.choice([b"", b"'", b'""'])),
        lambda: rng.randbytes(20_000),
        lambda: content * 2,
        lambda: clean.book,
    )
    (folder / name).write_bytes(rng.choice(actions)())


@mutation("surveys")
def survey_cells(rng: Random, clean: Clean, folder: Path) -> None:
    name = clean.survey(rng)
    table = list(csv.reader(io.StringIO(clean.files[name].decode("utf-8-sig"))))
    for _ in range(rng.randint(1, 40)):
        row = rng.choice(table)
        place, action = rng.randrange(len(row) or 1), rng.randrange(8)
        if action <= 4 and row:
            row[place] = rng.choice([*TEXTS, "A1", "Y", "N", "11", "5,5", ".", ",", "-", "7.", "N/A"])
        elif action == 5:
            row.insert(place, "x")
        elif action == 6 and row:
            row.pop(place)
        else:
            table.append(list(row))
    text = io.StringIO()
    csv.writer(text, delimiter=rng.choice([",", ",", ";", "\t", " "])).writerows(table)
    (folder / name).write_bytes(text.getvalue().encode("utf-8", "ignore"))


@mutation("surveys", heavy=True)
def survey_to_the_limit(rng: Random, clean: Clean, folder: Path) -> None:
    """As many bytes as are let through: short records, blank ones, one cell, commas, quotes, valid ones."""
    name = clean.survey(rng)
    content = clean.files[name]
    head, _, body = content.partition(b"\n")
    unit = rng.choice([b"1\n", b"\n", b"x", b",", b'"', b'"\n', b",\n", body or b"x"])
    start = head + b"\n" if rng.random() < 0.7 else b""
    (folder / name).write_bytes(start + unit * (rng.choice([1, 4, 29]) * 2**20 // len(unit)))


# --- folder


@mutation("folder")
def other_entries(rng: Random, clean: Clean, folder: Path) -> None:
    """Loops, pipes, folders with the name of a file, hidden files, a lock, a hundred photographs."""
    for _ in range(rng.randint(1, 3)):
        action = rng.randrange(9)
        free = folder / rng.choice(["boucle.xlsx", "boucle", "comptes.txt"])
        with contextlib.suppress(FileExistsError):
            if action == 0:
                free.symlink_to(free)
            elif action == 1:
                free.symlink_to(
                    rng.choice([folder, folder.parent, "/", "/dev/zero", "/proc/self/mem", "nulle-part"])
                )
            elif action == 2:
                free.mkdir()
            elif action == 3:
                os.mkfifo(free)
            elif action == 4:
                (folder / f".~lock.{clean.name}#").write_text("moi", encoding="utf-8")
            elif action == 5:
                (folder / f"~${clean.name}").write_bytes(b"x")
            elif action == 6:
                (folder / rng.choice([".DS_Store", "Thumbs.db", "constats-x.xlsx", "constats-"])).write_bytes(
                    b"x"
                )
            elif action == 7:
                for rank in range(100):
                    (folder / f"photo {rank}.jpg").write_bytes(rng.randbytes(10))
            else:
                (folder / f"constats-{clean.code}.xlsx").mkdir()


@mutation("folder")
def replaced_entry(rng: Random, clean: Clean, folder: Path) -> None:
    """A file of the deposit that is a folder, a pipe, a loop, a link to another, or is not there."""
    path = folder / rng.choice([clean.name, clean.accounts(rng), clean.survey(rng)])
    path.unlink()
    action = rng.randrange(6)
    if action == 0:
        path.mkdir()
    elif action == 1:
        os.mkfifo(path)
    elif action == 2:
        path.symlink_to(path)
    elif action == 3:
        path.symlink_to(rng.choice([clean.survey(rng), clean.accounts(rng), "/dev/null", "/etc/hostname"]))
    elif action == 4:
        path.symlink_to("/dev/zero")


@mutation("folder")
def names(rng: Random, clean: Clean, folder: Path) -> None:
    """Names that are not UTF-8, that hold a line break, a bell, a formula, that are as long as may be."""
    odd = (
        b"comptes-\xff.txt",
        b"a\nb.txt",
        b"a\x1b[2Jb",
        b"=1+1",
        b"a#b'c.txt",
        b"x" * 255,
        "é".encode("utf-16-le")[:1],
    )
    for name in rng.sample(odd, rng.randint(1, 3)):
        (folder / os.fsdecode(name)).write_bytes(b"x")
    if rng.random() < 0.4:
        other = rng.choice(
            [b"d\xe9p\xf4t.xlsx", "dépôt 2.XLSX".encode(), b"a#b'\n.xlsx", b"x" * 250 + b".xlsx"]
        )
        (folder / clean.name).rename(folder / os.fsdecode(other))


@mutation("folder")
def books(rng: Random, clean: Clean, folder: Path) -> None:
    """No workbook, two, or one of another extension."""
    path, action = folder / clean.name, rng.randrange(4)
    if action == 0:
        path.unlink()
    elif action == 1:
        shutil.copy(path, folder / rng.choice(["copie.xlsx", "copie.ods", "copie.xls", "COPIE.XLSX"]))
    else:
        path.rename(path.with_suffix(rng.choice([".xls", ".xlsm", ".ods", ".XLSX", ".csv", ".xlsb", ""])))


@mutation("folder")
def named_files(rng: Random, clean: Clean, folder: Path) -> None:
    """The workbook names files elsewhere, none, itself, or the same one twice."""
    odd = (
        "..",
        ".",
        "/",
        "../../etc/passwd",
        "x" * 5000,
        "a\nb",
        "CON",
        clean.name,
        clean.survey(rng),
        "é/è",
        "\\\\a\\b",
    )

    def change(book: Any) -> None:
        for sheet in ("Exercices", "Enquêtes"):
            page = book[sheet]
            column = next(
                cell.column for cell in page[3] if cell.value == "Fichier" or "ichier" in str(cell.value)
            )
            for row in range(5, page.max_row + 1):
                if rng.random() < 0.6:
                    page.cell(row, column).value = rng.choice([*odd, *clean.files])

    edit_book(clean, folder, change)


@mutation("folder")
def unreadable(rng: Random, clean: Clean, folder: Path) -> None:
    (folder / rng.choice([clean.name, clean.accounts(rng), clean.survey(rng)])).chmod(0)


@mutation("folder")
def vanishing(rng: Random, clean: Clean, folder: Path) -> None:
    """A file that goes away between the listing and the reading."""
    gone = rng.sample([clean.name, *clean.files], rng.randint(1, 2))
    (folder / ".a-supprimer").write_text("\n".join(gone), encoding="utf-8")


@mutation("folder")
def not_writable(rng: Random, clean: Clean, folder: Path) -> None:
    """A folder in which the answer cannot be written."""
    (folder / "en-trop.txt").write_bytes(b"x")
    folder.chmod(0o555)


# --- several at once


@mutation("together")
def together(rng: Random, clean: Clean, folder: Path) -> None:
    """Two to four light mutations, one after the other; those that rewrite the workbook replace it."""
    light = [m for name, members in FAMILIES.items() if name != "together" for m in members if not m.heavy]
    for chosen in rng.sample(light, rng.randint(2, 4)):
        with contextlib.suppress(OSError):
            chosen.mutate(rng, clean, folder)
