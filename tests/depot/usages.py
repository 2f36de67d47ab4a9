"""More ways of spoiling a deposit: what programs and people do with one, most of which is received.

They are registered among the families of :mod:`mutations`. A deposit that is received changes what is computed:
these are the ones that reach the chapters.
"""

from __future__ import annotations

import base64
import codecs
import csv
import io
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from mutations import TEXTS, Clean, as_ods, edit_book, flipped, mutation, packed, parts_of, put
from openpyxl.comments import Comment

Table = list[dict[str, str]]

FIRST_ROW, HEADERS = 5, 3
"""Where the rows of people begin in a sheet of the model, and where its headers stand."""


def parsed(content: bytes) -> tuple[Table, str]:
    """The lines of a file of accounts by header, and what cuts them."""
    text = (
        content.decode("utf-8-sig", "replace") if b"\xc3" in content else content.decode("cp1252", "replace")
    )
    head = text.partition("\n")[0]
    cut = next(cut for cut in "\t|;" if cut in head)
    return list(csv.DictReader(io.StringIO(text), delimiter=cut, quoting=csv.QUOTE_NONE)), cut


def written(table: Table, cut: str, end: str = "\r\n", quoting: int = 0) -> str:
    """The lines as text; quotes are those of a CSV where ``quoting`` says so."""
    text = io.StringIO()
    columns = list(table[0]) if table else ["Compte", "Debit", "Credit"]
    if quoting:
        writer = csv.DictWriter(text, columns, delimiter=cut, lineterminator=end, quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(table)
        return text.getvalue()
    lines = [columns, *([row.get(column) or "" for column in columns] for row in table)]
    return end.join(cut.join(cell.replace(cut, " ") for cell in line) for line in lines) + end


def cents(text: str | None) -> int:
    return round(float((text or "0").replace(",", ".") or 0) * 100)


def amounts(table: Table) -> list[str]:
    """The columns that hold amounts."""
    return [
        name for name in table[0] if name and name.lower().startswith(("debit", "crédit", "débit", "credit"))
    ]


# --- accounts that balance: their facts change


def of_accounts(change: Callable[[Random, Table], Table]) -> Callable[[Random, Clean, Path], None]:
    """A mutation that rewrites the lines of one file of accounts, or of all."""

    def mutate(rng: Random, clean: Clean, folder: Path) -> None:
        every = [name for name in clean.files if name.startswith("comptes")]
        for name in every if rng.random() < 0.4 else [rng.choice(every)]:
            table, cut = parsed(clean.files[name])
            (folder / name).write_text(written(change(rng, table), cut), encoding="utf-8")

    mutate.__name__ = change.__name__
    return mutate


def entries(table: Table) -> list[Table]:
    """The lines of each entry; an account is one of a balance."""
    found: dict[tuple[str, ...], Table] = {}
    for line, row in enumerate(table):
        key = (row.get("JournalCode", ""), row.get("EcritureNum", str(line)), row.get("EcritureDate", ""))
        found.setdefault(key, []).append(row)
    return list(found.values())


def balanced(table: Table) -> Table:
    """The lines of a balance, an account added that makes it balance."""
    if not table or "EcritureNum" in table[0]:
        return table
    debit, credit = amounts(table)[:2]
    gap = sum(cents(row[debit]) - cents(row[credit]) for row in table)
    row = dict.fromkeys(table[0], "") | {next(iter(table[0])): "471000"}
    row[debit], row[credit] = (f"{max(-gap, 0) / 100:.2f}", f"{max(gap, 0) / 100:.2f}")
    return [*table, row] if gap else table


def fewer_entries(rng: Random, table: Table) -> Table:
    """A part of the entries, one, or none."""
    every = entries(table)
    kept = rng.choice([0, 1, 2, len(every) // 2, len(every) - 1])
    return balanced([row for entry in every[:kept] for row in entry])


def without_a_class(rng: Random, table: Table) -> Table:
    """The entries that hold no account of a class, or those alone."""
    wanted, reverse = rng.choice("123456789") if rng.random() < 0.5 else rng.choice("67"), rng.random() < 0.3
    number = "CompteNum" if "CompteNum" in table[0] else next(iter(table[0]))
    kept = [e for e in entries(table) if any(row[number].startswith(wanted) for row in e) is reverse]
    return balanced([row for entry in kept for row in entry])


def scaled(rng: Random, table: Table) -> Table:
    """All the amounts times something, zero and minus one among them."""
    factor = rng.choice([0, -1, 0.01, 1000, 1_000_000, 10**12])
    for row in table:
        for name in amounts(table):
            row[name] = f"{cents(row[name]) * factor / 100:.2f}"
    return table


def one_account(rng: Random, table: Table) -> Table:
    """Every account is one of a few: no sales, nothing but sales, no class of management."""
    number = "CompteNum" if "CompteNum" in table[0] else next(iter(table[0]))
    chosen = rng.choice(
        [["706000"], ["411000", "706000"], ["641000", "421000"], ["512000", "102000"], ["891000", "512000"]]
    )
    for rank, row in enumerate(table):
        row[number] = chosen[rank % len(chosen)]
    return table


def sides_exchanged(rng: Random, table: Table) -> Table:
    """Debits for credits, or reversed entries: negative amounts on the other side."""
    debit, credit = amounts(table)[:2]
    sign = rng.choice(["", "-"])
    for row in table:
        row[debit], row[credit] = (
            f"{sign}{row[side]}" if cents(row[side]) else "0,00" for side in (credit, debit)
        )
    return table


def one_day(rng: Random, table: Table) -> Table:
    """All the dates the same, or moved by a year."""
    year = rng.choice([-1, 0, 1])
    for row in table:
        for name in ("EcritureDate", "PieceDate"):
            if row.get(name):
                row[name] = f"{int(row[name][:4]) + year}{row[name][4:]}" if year else f"{row[name][:4]}0630"
    return table


def closed(rng: Random, table: Table) -> Table:
    """An entry that empties the accounts of management, whole or but for one of them."""
    number = "CompteNum" if "CompteNum" in table[0] else next(iter(table[0]))
    debit, credit = amounts(table)[:2]
    left: dict[str, int] = {}
    for row in table:
        if row[number][:1] in "67":
            left[row[number]] = left.get(row[number], 0) + cents(row[debit]) - cents(row[credit])
    day = max((row.get("EcritureDate", "") for row in table), default="")[:4] + "1231"
    head = {"JournalCode": "OD", "EcritureNum": "99999", "EcritureDate": day, "EcritureLib": "Clôture"}
    rows = [*left.items(), (rng.choice(["120000", "129000", "891000"]), -sum(left.values()))]
    for account, gap in rows[: len(rows) - rng.choice([0, 0, 1])]:
        row = dict.fromkeys(table[0], "") | {k: v for k, v in head.items() if k in table[0]}
        row |= {number: account, debit: f"{max(-gap, 0) / 100:.2f}", credit: f"{max(gap, 0) / 100:.2f}"}
        table.append(row)
    return table


def unnumbered(rng: Random, table: Table) -> Table:
    """Entries without a number, of one number, of a number a line; of one journal."""
    action = rng.randrange(4)
    for rank, row in enumerate(table):
        if "EcritureNum" in row and action < 3:
            row["EcritureNum"] = ("", "1", str(rank))[action]
        elif "JournalCode" in row:
            row["JournalCode"] = "OD"
    return table


for _change in (
    *(fewer_entries, without_a_class, scaled, one_account, sides_exchanged, one_day, closed, unnumbered),
):
    mutation("ledgers")(of_accounts(_change))


# --- accounts as programs write them


def thousands(amount: int, blank: str) -> str:
    return f"{amount / 100:,.2f}".replace(",", blank).replace(".", ",")


FORMS: tuple[Callable[[int], str], ...] = (
    lambda amount: f"{amount / 100:.15g}",
    lambda amount: f"{amount / 100:.2f}".replace(".", ","),
    partial(thousands, blank=" "),
    partial(thousands, blank="\u202f"),
    partial(thousands, blank="\u00a0"),
    partial(thousands, blank="."),
    lambda amount: f"{amount / 100:.2f} €" if amount else "-",
    lambda amount: f"{amount / 100:.13f}",
    lambda amount: f"{amount / 100:.2f}" if amount else "",
    lambda amount: f"{amount / 100:e}",
)


@mutation("dialects")
def dialect(rng: Random, clean: Clean, folder: Path) -> None:
    """Another separator, form of amounts and dates, encoding; titles, headers again, totals, marks of end."""
    name = clean.accounts(rng)
    table, _ = parsed(clean.files[name])
    form, dates = (
        rng.choice(FORMS),
        rng.choice(["%Y%m%d", "%d/%m/%Y", "%Y-%m-%d", "%d-%m-%y", "%Y%m%d.0", "%d%m%Y"]),
    )
    for row in table:
        for column in amounts(table):
            row[column] = form(cents(row[column]))
        for column in ("EcritureDate", "PieceDate", "ValidDate"):
            if row.get(column):
                row[column] = datetime.strptime(row[column], "%Y%m%d").strftime(dates)
    text = written(table, rng.choice("\t|;,"), rng.choice(["\r\n", "\n", "\r"]), rng.randrange(2))
    lines = text.splitlines(keepends=True)
    for _ in range(rng.randrange(4)):
        place = rng.randrange(len(lines) + 1)
        added = rng.choice(
            ["\n", lines[0], "Balance générale;;;\n", "TOTAL;;1;1\n", "Total général\n", ";;;;\n"]
        )
        lines.insert(place, added)
    if rng.random() < 0.3:
        place = rng.randrange(1, len(lines))
        lines[place] = lines[place].replace("a", "a\n", 1)
    encoding = rng.choice(["utf-8", "utf-8-sig", "cp1252", "iso-8859-15", "utf-16"])
    end = rng.choice([b"", b"\x1a", b"\0\0", b"\n\n\n"])
    (folder / name).write_bytes("".join(lines).encode(encoding, "ignore") + end)


@mutation("dialects")
def accounts_book(rng: Random, clean: Clean, folder: Path) -> None:
    """The accounts as a workbook, .xlsx or .ods, under the name that the sheet has or another extension."""
    name = clean.accounts(rng)
    table, _ = parsed(clean.files[name])
    book = openpyxl.Workbook()
    page: Any = book.active
    for _ in range(rng.randrange(4)):
        page.append([rng.choice(["Balance", None, "Exercice 2018", "=1+1"])])
    page.append(rng.choice([list(table[0]), ["Compte", "Intitulé", "Débit", "Crédit"]]))
    for row in table[: rng.choice([0, 5, 5000])]:
        cells = [row[k] if k not in amounts(table) else cents(row[k]) / 100 for k in table[0]]
        page.append(
            [rng.choice([cell, cell, cell, cell, None]) if rng.random() < 0.02 else cell for cell in cells]
        )
    if rng.random() < 0.5:
        page.append(["Total", *[None] * rng.randrange(3), *rng.sample([1, 2.5, "x", "=SUM(C1:C9)"], 2)])
    content = io.BytesIO()
    book.save(content)
    body = packed(as_ods(content.getvalue())) if rng.random() < 0.4 else content.getvalue()
    (folder / name).write_bytes(flipped(rng, body, 3) if rng.random() < 0.15 else body)


# --- a workbook whose cells are valid, or written as people write


def columns_of(page: Any) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in page[HEADERS] if cell.value}


def values_of(page: Any, column: int) -> list[Any]:
    return [cell.value for (cell,) in page.iter_rows(FIRST_ROW, page.max_row, column, column)]


@mutation("habits")
def valid_extremes(rng: Random, clean: Clean, folder: Path) -> None:
    """A column that says everywhere the same, nothing, another's value; dates moved; numbers null or huge."""

    def change(book: Any) -> None:
        for _ in range(rng.randint(1, 6)):
            page = book[rng.choice(clean.sheets[1:])]
            column = rng.choice(list(columns_of(page).values()))
            before = [value for value in values_of(page, column) if value is not None]
            if not before:
                continue
            chosen, days, action = (
                rng.choice(before),
                rng.choice([-4000, -365, -1, 1, 31, 365]),
                rng.randrange(5),
            )
            for row in range(FIRST_ROW, page.max_row + 1):
                cell = page.cell(row, column)
                if action == 0:
                    cell.value = chosen
                elif action == 1:
                    cell.value = None
                elif action == 2 and before:
                    cell.value = rng.choice(before)
                elif isinstance(cell.value, datetime):
                    cell.value += timedelta(days=days)
                elif isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                    cell.value = rng.choice([0, 0, 1, cell.value * 1000, -cell.value, cell.value / 7])

    edit_book(clean, folder, change)


@mutation("habits")
def few_rows(rng: Random, clean: Clean, folder: Path) -> None:
    """Sheets of no row, of one, of a few: no contract, nobody eligible, a single month."""

    def change(book: Any) -> None:
        for sheet in rng.sample(clean.sheets[1:], rng.randint(1, 8)):
            page = book[sheet]
            rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=FIRST_ROW)]
            page.delete_rows(FIRST_ROW, page.max_row)
            for row in rng.sample(rows, min(len(rows), rng.choice([0, 0, 1, 2, 5, 11]))):
                page.append(row)

    edit_book(clean, folder, change)


@mutation("habits")
def by_hand(rng: Random, clean: Clean, folder: Path) -> None:
    """Cells written as people write: dates and numbers as text, blanks, case, synonyms, percentages."""

    def spelled(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.strftime(
                rng.choice(["%d/%m/%Y", "%d.%m.%y", "%Y-%m-%d", "%d %m %Y", "%m/%Y", "%d/%m/0218"])
            )
        if isinstance(value, int | float):
            forms = (
                f"{value:,}".replace(",", " "),
                f"{value} €",
                f"{value} h",
                f"{value} %",
                f"environ {value}",
                "2:30",
            )
            return rng.choice(forms).replace(".", ",")
        text = str(value)
        forms = (
            text.lower(),
            text.upper(),
            f" {text}\u00a0",
            f"{text}.",
            "oui",
            "non",
            "NSP",
            "F",
            "H",
            "?",
            "-",
            "x",
        )
        return rng.choice(forms)

    def change(book: Any) -> None:
        page = book[rng.choice(clean.sheets[1:])]
        share, alone = rng.choice([0.002, 0.05, 1]), rng.choice([0, *columns_of(page).values()])
        for row in page.iter_rows(min_row=FIRST_ROW):
            for cell in row:
                if cell.value is not None and alone in (0, cell.column) and rng.random() < share:
                    put(cell, spelled(cell.value))

    edit_book(clean, folder, change)


@mutation("habits")
def layout_by_hand(rng: Random, clean: Clean, folder: Path) -> None:
    """A sheet renamed, removed, copied, hidden; a header with blanks; columns moved or removed; a total row."""

    def change(book: Any) -> None:
        for _ in range(rng.randint(1, 3)):
            page, action = book[rng.choice(book.sheetnames)], rng.randrange(7)
            if action == 0:
                page.title = rng.choice(
                    [f"{page.title} ", page.title.upper(), f"{page.title} 2018", "Feuil1"]
                )[:31]
            elif action == 1 and len(book.sheetnames) > 1:
                book.remove(page)
            elif action == 2:
                book.copy_worksheet(page)
            elif action == 3:
                page.sheet_state = rng.choice(["hidden", "veryHidden"])
            elif action == 4 and page.max_row >= HEADERS:
                cell = rng.choice(page[HEADERS])
                put(
                    cell,
                    rng.choice(
                        [f" {cell.value} ", str(cell.value).replace(" ", "\n"), str(cell.value).upper()]
                    ),
                )
            elif action == 5:
                page.delete_cols(rng.randint(1, page.max_column))
            else:
                page.append(["Total", *[rng.choice([None, 1, "=SUM(A5:A9)"]) for _ in range(3)]])

    edit_book(clean, folder, change)


# --- answers as LimeSurvey exports them


@mutation("exports")
def export(rng: Random, clean: Clean, folder: Path) -> None:
    """Columns moved, removed, added; answers in words; codes without a hyphen, doubled, unknown; nothing sent."""
    name = clean.survey(rng)
    table = list(csv.DictReader(io.StringIO(clean.files[name].decode("utf-8-sig"))))
    columns = list(table[0])
    keep = rng.choice([0, 1, 2, len(table), len(table), len(table)])
    table = table[:keep] + (rng.sample(table, min(3, len(table))) if rng.random() < 0.3 else [])
    for row in table:
        for column, action in ((c, rng.randrange(30)) for c in columns):
            if action == 0:
                row[column] = ""
            elif column == "token" and rng.random() < 0.5:
                row[column] = rng.choice(
                    [row[column].replace("-", ""), row[column].lower(), "x1", row[column], ""]
                )
            elif action == 1:
                row[column] = rng.choice(
                    ["Oui", "Non", "Tout à fait d’accord", "1", "N/A", "A1", "Y", "1980-01-01 00:00:00"]
                )
    if rng.random() < 0.3:
        same = rng.choice(columns)
        for row in table:
            row[same] = rng.choice(["", row[same]])
    rng.random() < 0.4 and rng.shuffle(columns)
    for column in rng.sample(columns, rng.choice([0, 0, 1, 3])):
        columns.remove(column)
    heads = {
        c: rng.choice([c, c, c, f"{c}. Question ?", c.replace("[", "_").replace("]", "")]) for c in columns
    }
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=rng.choice(",,;\t"), quoting=rng.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
    )
    writer.writerow(
        [heads[c] if rng.random() < 0.9 else c for c in columns] + rng.choice([[], ["ipaddr"], ["refurl"]])
    )
    writer.writerows([row[c] for c in columns] for row in table)
    (folder / name).write_bytes(
        text.getvalue().encode(rng.choice(["utf-8", "utf-8-sig", "utf-16", "cp1252"]), "ignore")
    )


# --- besides the cells


WORDS = (
    *(
        "à revoir",
        "Mme Durand, 06 12 34 56 78",
        "P-001",
        "",
        " ",
        "x" * 40_000,
        "<b>",
        "]]>",
        "&amp;",
        "\x07",
    ),
    *("Jeanne Martin", "Nom", "1971", "é" * 300, "\u202e", "a@b.fr", "{0}%s", "DURAND Zoé"),
)


@mutation("beside")
def notes(rng: Random, clean: Clean, folder: Path) -> None:
    """Notes in cells, of any text and size."""

    def change(book: Any) -> None:
        for _ in range(rng.choice([1, 3, 200])):
            page = book[rng.choice(book.sheetnames)]
            text = rng.choice(WORDS).replace("\x07", "")
            page.cell(rng.randint(1, 40), rng.randint(1, 30)).comment = Comment(
                text, rng.choice(["", "accueil"])
            )

    edit_book(clean, folder, change)


@mutation("beside")
def kept_parts(rng: Random, clean: Clean, folder: Path) -> None:
    """Recorded changes, copies of other files, pivot tables, drawings, properties: well formed or not."""
    parts = parts_of(clean.book)
    templates = {
        "xl/revisions/revisionLog1.xml": "<revisions><rcc><nc r='A5'><is><t>{}</t></is></nc></rcc></revisions>",
        "xl/externalLinks/externalLink1.xml": "<externalLink><cell r='A1'><v>{}</v></cell></externalLink>",
        "xl/pivotCache/pivotCacheRecords1.xml": "<pivotCacheRecords><r><s v='{}'/></r></pivotCacheRecords>",
        "xl/drawings/drawing9.xml": "<wsDr><sp><p><r><t>{}</t></r></p></sp></wsDr>",
        "docProps/custom.xml": "<Properties><property name='x'><lpwstr>{}</lpwstr></property></Properties>",
        "xl/comments1.xml": "<comments><comment ref='{}'><text><t>x</t></text></comment></comments>",
        "xl/worksheets/_rels/sheet3.xml.rels": "<Relationships><Relationship Type='x/comments' Target='{}'/></Relationships>",
    }
    for name in rng.sample(sorted(templates), rng.randint(1, 3)):
        text = rng.choice(
            [*WORDS, "A3", "XFD1048576", "../comments1.xml", "/xl/comments1.xml", "../../../x", "/"]
        )
        part = (
            templates[name]
            .format(escape(text.replace("\x07", ""), {"'": "&apos;"}))
            .encode("utf-8", "ignore")
        )
        spoil = rng.randrange(6)
        if spoil == 0:
            part = b'<!DOCTYPE a [<!ENTITY x "y">]>' + part
        elif spoil == 1:
            part = flipped(rng, part, 3)
        elif spoil == 2:
            part = b"<a>" * rng.choice([10, 40_000]) + part
        parts[name] = part
    (folder / clean.name).write_bytes(packed(parts))


@mutation("beside")
def kept_by_an_ods(rng: Random, clean: Clean, folder: Path) -> None:
    """The same in an OpenDocument: annotations, tracked changes, the copy of another file."""
    parts = as_ods(clean.book)
    content = parts["content.xml"].decode()
    word = escape(rng.choice(WORDS).replace("\x07", ""))
    copy = f"""<table:table table:name="'file:///x.ods'#A"><table:table-source/><table:table-row><table:table-cell><text:p>{word}</text:p></table:table-cell></table:table-row></table:table>"""
    tracked = f"<table:tracked-changes><table:deletion><text:p>{word}</text:p></table:deletion></table:tracked-changes>"
    note = f"<office:annotation><text:p>{word}</text:p></office:annotation>"
    content = rng.choice(
        [
            content.replace("</office:spreadsheet>", f"{copy}</office:spreadsheet>"),
            content.replace("<office:spreadsheet>", f"<office:spreadsheet>{tracked}"),
            content.replace("<text:p>", f"{note}<text:p>", rng.choice([1, 50])),
            content.replace("</table:table-row>", f"{note}</table:table-row>", 5),
            content.replace("<office:spreadsheet>", f"<office:spreadsheet>{note}{copy}"),
        ]
    )
    (folder / clean.name).unlink()
    path = (folder / clean.name).with_suffix(".ods")
    path.write_bytes(packed({**parts, "content.xml": content.encode("utf-8", "ignore")}))


@mutation("beside")
def other_files(rng: Random, clean: Clean, folder: Path) -> None:
    """Documents, archives, mails, pictures beside the deposit, whole or cut, under any name."""
    word = rng.choice([*WORDS, *TEXTS]).encode("utf-8", "ignore")
    docx = packed(
        {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w><p><t>" + word + b"</t></p></w>"}
    )
    locked = bytearray(packed({"a.txt": word}))
    locked[6] |= 1
    deep = packed({"a.txt": word})
    for _ in range(rng.choice([1, 6])):
        deep = packed({"a.zip": deep})
    mail = (
        b"Subject: =?utf-8?q?"
        + word[:50]
        + b"?=\nContent-Transfer-Encoding: base64\nContent-Type: application/zip\n\n"
    )
    contents = (
        *(
            docx,
            bytes(locked),
            deep,
            word,
            word.decode().encode("utf-16"),
            b"\xef\xbb\xbf" + word,
            rng.randbytes(5000),
        ),
        *(
            mail + base64.encodebytes(docx),
            mail + b"\xff\xfe=",
            b"%PDF-1.7 " + word,
            codecs.BOM_UTF16_BE + b"\xd8",
        ),
        *(
            b"{\\rtf1 " + word + b"}",
            packed({f"{n}.txt": b"" for n in range(2100)}),
            packed({"a": b"\0" * 30 * 2**20}),
        ),
        packed({"a.txt": word}, zipfile.ZIP_BZIP2),
    )
    for _ in range(rng.randint(1, 3)):
        content = rng.choice(contents)
        content = rng.choice(
            [content, content, content[: rng.randrange(len(content) + 1)], flipped(rng, content, 5)]
        )
        stem = rng.choice(
            [
                "lettre",
                "06 12 34 56 78",
                "2018-09-03-12",
                "Mme Durand",
                "175056312345689",
                "é" * 80,
                "FEC20181231",
            ]
        )
        suffix = rng.choice(
            [".docx", ".zip", ".eml", ".txt", ".pdf", ".odt", ".rtf", "", ".XLSX", ".msg", ".mht"]
        )
        (folder / f"{stem}{suffix}").write_bytes(content)


@mutation("beside")
def near_names(rng: Random, clean: Clean, folder: Path) -> None:
    """A named file under a near name: another case, no extension, two, accents as two characters, a copy."""
    for name in rng.sample(sorted(clean.files), rng.randint(1, 3)):
        path = folder / name
        other = rng.choice(
            [
                name.upper(),
                path.stem,
                f"{name}.txt",
                f"{path.stem} (1){path.suffix}",
                f"{name} ",
                f"e\u0301{name}",
            ]
        )
        path.replace(folder / other)
        if rng.random() < 0.3:
            (folder / name.title()).write_bytes(clean.files[name])
