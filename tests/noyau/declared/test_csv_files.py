"""The reader keeps each line's number and repairs nothing."""

from __future__ import annotations

from pathlib import Path

from analysis.noyau.declared.csv_files import read_csv

COLUMNS = ("code", "texte")


def read(tmp_path: Path, content: str | bytes) -> tuple[dict[int, dict[str, str]], list[str]]:
    path = tmp_path / "t.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    raw, findings = read_csv(path, shown="t.csv", columns=COLUMNS)
    return raw.rows, [str(finding) for finding in findings]


def test_line_numbers_are_those_of_an_editor(tmp_path: Path) -> None:
    rows, findings = read(tmp_path, 'code,texte\na,"deux\nlignes"\n\nb,\n')
    assert findings == []
    assert rows == {2: {"code": "a", "texte": "deux\nlignes"}, 5: {"code": "b", "texte": ""}}


def test_spaces_and_zeros_are_kept(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, "code,texte\n0060, x \n")
    assert rows[2] == {"code": "0060", "texte": " x "}


def test_windows_line_ends_and_byte_order_mark_are_read(tmp_path: Path) -> None:
    rows, findings = read(tmp_path, b"\xef\xbb\xbfcode,texte\r\na,b\r\n")
    assert findings == [] and rows == {2: {"code": "a", "texte": "b"}}


def test_row_with_a_cell_too_many_is_told_and_left_out(tmp_path: Path) -> None:
    rows, findings = read(tmp_path, "code,texte\na,b,c\nd,e\n")
    assert list(rows) == [3]
    assert findings[0].startswith("t.csv, ligne 2 : trouvé 3 cellules ; attendu 2 cellules")


def test_header_tells_what_is_missing_and_unknown(tmp_path: Path) -> None:
    _, findings = read(tmp_path, "code,text\na,b\n")
    assert "sans « texte » et avec « text »" in findings[0]


def test_unclosed_quote_is_told_where_it_opens(tmp_path: Path) -> None:
    rows, findings = read(tmp_path, 'code,texte\na,b\nc,"d\n')
    assert rows == {} and findings[0].startswith("t.csv, ligne 3 : trouvé un guillemet")


def test_a_row_of_commas_is_a_blank_line(tmp_path: Path) -> None:
    """LibreOffice leaves them under a table whose last rows were emptied: one finding, not one a column."""
    rows, findings = read(tmp_path, "code,texte\na,b\n,\n, \nc,d\n")
    assert list(rows) == [2, 5]
    assert findings == [
        f"t.csv, ligne {line} : trouvé une ligne vide ; attendu une ligne remplie, ou pas de ligne. "
        "LibreOffice en laisse à la fin d'un fichier : effacez-la."
        for line in (3, 4)
    ]


def test_a_file_read_again_is_the_callers_own_and_never_an_older_one(tmp_path: Path) -> None:
    """A process keeps what it read by its content: neither a caller's change nor a quick rewriting is lost on it."""
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    first, _ = read_csv(path, shown="t.csv", columns=("a", "b"))
    first.rows[2]["a"] = "changed"
    first.rows[3] = {"a": "added", "b": ""}
    assert read_csv(path, shown="t.csv", columns=("a", "b"))[0].rows == {2: {"a": "1", "b": "2"}}
    path.write_text("a,b\n3,4\n", encoding="utf-8")  # as long as before, in the same instant
    assert read_csv(path, shown="t.csv", columns=("a", "b"))[0].rows == {2: {"a": "3", "b": "4"}}
