"""A file that cannot be trusted: measured before it is read, refused with what to do."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from unittest.mock import patch

import pytest
from deposits import BOOK, read, write

from analysis.depot.formes.coffre import Refused, _unpack, open_safely
from analysis.depot.referentiel import Referentiel

SHEET = "xl/worksheets/sheet3.xml"
"""The part of the sheet « Personnes »."""

ODS_HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
)


@pytest.fixture
def parts(referentiel: Referentiel, tmp_path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(write(tmp_path / "envoi", referentiel) / BOOK) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def refusal(path: Path) -> Refused:
    with pytest.raises(Refused) as refused:
        open_safely(path)
    return refused.value


def with_rows(parts: dict[str, bytes], rows: str, after: str = "") -> dict[str, bytes]:
    sheet = parts[SHEET].decode().replace("</sheetData>", f"{rows}</sheetData>{after}")
    return {**parts, SHEET: sheet.encode()}


def ods(table: str, path: Path, **parts: bytes) -> Path:
    content = f'{ODS_HEAD}<office:body><office:spreadsheet><table:table table:name="A">{table}</table:table></office:spreadsheet></office:body></office:document-content>'
    return packed({"mimetype": b"x", "content.xml": content.encode(), **parts}, path)


def test_a_workbook_that_is_opened_twice_is_measured_once_and_each_reader_has_its_own_bytes(
    parts: dict[str, bytes], tmp_path: Path
) -> None:
    """It is opened to be recognised, then to be read; one changed in between is another one."""
    book = packed(parts, tmp_path / "a.xlsx")
    with patch("analysis.depot.formes.coffre._unpack", wraps=_unpack) as unpacked:
        first, again = open_safely(book), open_safely(book)
        assert unpacked.call_count == 1
        assert first.content.read() == again.content.read() != b"" and first.sheets == again.sheets
        changed = open_safely(packed(with_rows(parts, '<row r="99"><c r="A99"><v>1</v></c></row>'), book))
        assert unpacked.call_count == 2
    assert (first.sheets["Personnes"].rows, changed.sheets["Personnes"].rows) == (7, 99)


@pytest.mark.parametrize(
    ("content", "rule", "found"),
    [
        (b"", "fichier_abime", "un fichier vide"),
        (b"nom;prenom\n", "fichier_abime", "pas celui d'un classeur"),
        (b"PK\x03\x04" + b"\0" * 100, "fichier_abime", "pas celui d'un classeur"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "fichier_abime", "ancien format .xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "fichier_protege",
            "mot de passe",
        ),
    ],
)
def test_what_is_no_workbook_is_named(tmp_path: Path, content: bytes, rule: str, found: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    refused = refusal(path)
    assert refused.rule == rule and found in refused.found and refused.remedy


def test_a_truncated_workbook_is_damaged(referentiel: Referentiel, tmp_path: Path) -> None:
    path = write(tmp_path / "envoi", referentiel) / BOOK
    path.write_bytes(path.read_bytes()[:-200])
    assert refusal(path).rule == "fichier_abime"


def test_macros_are_refused(parts: dict[str, bytes], tmp_path: Path) -> None:
    assert refusal(packed({**parts, "xl/vbaProject.bin": b"x"}, tmp_path / "a.xlsx")).rule == "fichier_macros"
    assert (
        refusal(ods("", tmp_path / "a.ods", **{"Basic/Standard/Module1.xml": b"x"})).rule == "fichier_macros"
    )


def test_an_encrypted_ods_is_told(tmp_path: Path) -> None:
    manifest = b'<manifest:encryption-data manifest:checksum="x"/>'
    assert (
        refusal(ods("", tmp_path / "a.ods", **{"META-INF/manifest.xml": manifest})).rule == "fichier_protege"
    )


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "".join(f'<row r="{n}"><c r="Y{n}"><v>1</v></c></row>' for n in range(100, 90_000)),
    ],
)
def test_a_sheet_without_end_is_too_large(parts: dict[str, bytes], tmp_path: Path, rows: str) -> None:
    assert refusal(packed(with_rows(parts, rows), tmp_path / "a.xlsx")).rule == "fichier_demesure"


def test_rows_that_only_have_a_style_do_not_count(parts: dict[str, bytes], tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(100, 90_000))
    walk = open_safely(packed(with_rows(parts, rows), tmp_path / "a.xlsx")).sheets["Personnes"]
    assert (walk.rows, walk.columns) == (7, 26)


def test_one_long_string_said_many_times_is_too_large(parts: dict[str, bytes], tmp_path: Path) -> None:
    many = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(100, 200))
    strings = b"<sst><si><t>" + b"a" * 1_000_000 + b"</t></si></sst>"
    changed = {**with_rows(parts, many), "xl/sharedStrings.xml": strings}
    assert refusal(packed(changed, tmp_path / "a.xlsx")).rule == "fichier_demesure"


def test_a_zip_bomb_is_not_unpacked(parts: dict[str, bytes], tmp_path: Path) -> None:
    assert (
        refusal(packed({**parts, "xl/styles.xml": b" " * 200_000_000}, tmp_path / "a.xlsx")).rule
        == "fichier_demesure"
    )
    crowd = {f"xl/{n}.xml": b"" for n in range(3000)}
    assert refusal(packed({**parts, **crowd}, tmp_path / "b.xlsx")).rule == "fichier_demesure"


def test_entities_are_not_expanded(parts: dict[str, bytes], tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY x "y">]>' + parts[SHEET].split(b"?>")[-1]
    assert refusal(packed({**parts, SHEET: bomb}, tmp_path / "a.xlsx")).rule == "fichier_abime"


def test_formulas_errors_and_merged_cells_are_noted(parts: dict[str, bytes], tmp_path: Path) -> None:
    rows = (
        '<row r="20"><c r="A20"><f>1+1</f></c><c r="B20"><f>1+1</f><v>2</v></c><c r="C20" t="str"><f>""</f><v></v></c>'
        '<c r="D20" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    merged = '<mergeCells count="1"><mergeCell ref="B5:C6"/></mergeCells>'
    walk = open_safely(packed(with_rows(parts, rows, merged), tmp_path / "a.xlsx")).sheets["Personnes"]
    assert (walk.formulas, walk.errors, walk.merged) == ([(20, 1)], [(20, 4)], [(5, 2, 6, 3)])


def test_an_ods_is_measured_without_unrolling_its_repeats(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="{}"/>'
    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    row = '<table:table-row table:number-rows-repeated="{}">' + cell + "</table:table-row>"
    walk = open_safely(ods(row.format(2, 3) + empty, tmp_path / "a.ods")).sheets["A"]
    assert (walk.rows, walk.columns) == (2, 3)
    assert refusal(ods(empty + row.format(1, 3), tmp_path / "b.ods")).rule == "fichier_demesure"
    assert refusal(ods(row.format(1_000_000, 3), tmp_path / "c.ods")).rule == "fichier_demesure"


def test_an_ods_tells_formulas_errors_merged_cells_and_hidden_sheets(tmp_path: Path) -> None:
    table = (
        '<table:table-row><table:table-cell table:formula="of:=1+1"/>'
        '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/>'
        '<table:table-cell table:number-rows-spanned="2" table:number-columns-spanned="2"><text:p>x</text:p></table:table-cell>'
        "</table:table-row>"
    )
    walk = open_safely(ods(table, tmp_path / "a.ods")).sheets["A"]
    assert (walk.formulas, walk.merged, walk.hidden) == ([(1, 1)], [(1, 3, 2, 4)], False)


def test_the_library_gets_only_what_was_measured(parts: dict[str, bytes], tmp_path: Path) -> None:
    extra = {**parts, "xl/media/image1.png": b"x" * 1000, "autre.bin": b"y"}
    content = open_safely(packed(extra, tmp_path / "a.xlsx")).content
    names = zipfile.ZipFile(io.BytesIO(content.getvalue())).namelist()
    assert SHEET in names and not {"xl/media/image1.png", "autre.bin"} & set(names)


def test_an_error_as_excel_writes_it_in_an_ods_is_no_zero_wherever_it_is_repeated(tmp_path: Path) -> None:
    """Excel stores the number 0 and shows the error; equal neighbours are stored once."""
    cell = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="float" office:value="0"'
        ' table:number-columns-repeated="2"><text:p>{}</text:p></table:table-cell>'
    )
    row = '<table:table-row table:number-rows-repeated="2">' + cell + "</table:table-row>"
    for number, shown in enumerate(("#DIV/0!", "#NOM ?", "#VALEUR!", "#N/D", "Err:502", "Erreur :522")):
        walk = open_safely(ods(row.format(shown), tmp_path / f"{number}.ods")).sheets["A"]
        assert walk.errors == [(1, 1), (1, 2), (2, 1), (2, 2)], shown
    for number, shown in enumerate(("0", "#1", "Erreur", "#DIV/0! et la suite de la phrase")):
        assert open_safely(ods(row.format(shown), tmp_path / f"n{number}.ods")).sheets["A"].errors == []


@pytest.mark.parametrize(
    ("parts", "found"),
    [({"fec-2018.txt": b"a"}, "une archive .zip"), ({"word/document.xml": b"a"}, "un document")],
)
def test_a_zipped_file_that_is_no_workbook_is_named_and_not_looked_into(
    tmp_path: Path, parts: dict[str, bytes], found: str
) -> None:
    refused = refusal(packed(parts, tmp_path / "a.xlsx"))
    assert (refused.rule, refused.found) == ("fichier_abime", found) and "Extraire tout" in refused.remedy


@pytest.mark.parametrize(
    "number", ["1750563123456", "t1750563123456", "-175056312345689.0", "1.750563E+12", "1e300"]
)
def test_a_number_too_large_for_a_date_is_a_text_of_its_cell(
    referentiel: Referentiel, tmp_path: Path, capfd: pytest.CaptureFixture[str], number: str
) -> None:
    path = write(tmp_path / "envoi", referentiel) / BOOK
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    sheet = content[SHEET].decode()
    cell = re.search(r'<c r="F5"( s="\d+")><v>\d+</v></c>', sheet)  # a date: « Habite le territoire depuis »
    assert cell is not None
    kind = ' t="n"' if number.startswith("t") else ""
    content[SHEET] = sheet.replace(
        cell[0], f'<c r="F5"{cell[1]}{kind}><v>{number.lstrip("t")}</v></c>'
    ).encode()
    depot = read(packed(content, path).parent, referentiel)
    assert {c.cellule for c in depot.constats if c.feuille == "Personnes"} == {"F5"}
    assert len(depot.lectures["personnes"].frame) == 2 and "panicked" not in capfd.readouterr().err
