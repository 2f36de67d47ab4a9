"""A finding says what was found and what was expected, for each kind of field."""

from __future__ import annotations

import pytest

from analysis.noyau.declared.csv_files import RawTable
from analysis.noyau.declared.dictionary import Field
from analysis.noyau.declared.validation import duplicate_findings, validate


def field(champ: str, kind: str, *, required: bool = True, values: tuple[str, ...] = ()) -> Field:
    return Field("t", champ, kind, required, values, "", True, f"définition de {champ}")


def findings(kind: str, cell: str, *, required: bool = True, values: tuple[str, ...] = ()) -> list[str]:
    raw = RawTable("t.csv", ("c",), {7: {"c": cell}})
    known = {"sources.source": frozenset({"insee"})}
    return [str(f) for f in validate(raw, (field("c", kind, required=required, values=values),), known)]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("code", "paris-13", "Paris 13"),
        ("codes", "effectif_ebe h1", "effectif_ebe;h1"),
        ("insee", "0060", "60 "),
        ("oui_non", "oui", "Oui"),
        ("entier", "12", "12.0"),
        ("nombre", "-12.5", "12,5"),
        ("nombre", "0", "1 234"),
        ("periode", "2016-T3", "T3 2016"),
        ("url", "https://example.org/a", "example.org"),
        ("texte", "un texte", " un texte"),
        ("texte", "un texte", "un\u202etexte"),
        ("texte", "un texte", "un\x00texte"),
        ("entier", "12", "-1"),
    ],
)
def test_forms(kind: str, good: str, bad: str) -> None:
    assert findings(kind, good) == []
    (message,) = findings(kind, bad)
    assert message.startswith(f"t.csv, ligne 7, colonne « c » : trouvé « {bad} » ; attendu ")


def test_a_required_cell_may_not_be_empty_and_an_optional_one_may() -> None:
    (message,) = findings("code", "")
    assert "trouvé une cellule vide" in message and "définition de c" in message
    assert findings("code", "", required=False) == []


def test_closed_list_names_its_values() -> None:
    (message,) = findings("code", "H4", values=("H1", "H2"))
    assert "« H1 », « H2 »" in message


def test_reference_names_its_table_and_what_to_do() -> None:
    assert findings("code", "insee", values=("sources.source",)) == []
    (message,) = findings("code", "inse", values=("sources.source",))
    assert "un code de la table « sources »" in message and "ajoutez d'abord sa ligne" in message


def test_list_of_references_is_checked_item_by_item() -> None:
    assert findings("codes", "H1 H2", values=("H1", "H2", "H3")) == []
    assert findings("codes", "H1 H9", values=("H1", "H2", "H3"))


def test_duplicate_names_the_first_line() -> None:
    raw = RawTable("t.csv", ("c",), {2: {"c": "a"}, 3: {"c": "b"}, 9: {"c": "a"}})
    (finding,) = duplicate_findings(raw, ("c",))
    assert finding.line == 9 and "déjà ligne 2" in finding.found


def test_a_table_is_checked_again_when_its_cells_its_fields_or_the_lists_change() -> None:
    raw, reference = RawTable("t.csv", ("c",), {2: {"c": "insee"}}), field("c", "code", values=("s.s",))
    known = {"s.s": frozenset({"insee"})}
    assert validate(raw, (reference,), known) == validate(raw, (reference,), known) == []
    (unknown,) = validate(raw, (reference,), {"s.s": frozenset({"dares"})})
    assert "trouvé « insee »" in str(unknown)
    (elsewhere,) = validate(RawTable("u.csv", raw.columns, raw.rows), (reference,), {"s.s": {"dares"}})
    assert str(elsewhere).startswith("u.csv, ligne 2")
    (formed,) = validate(raw, (field("c", "entier"),), known)
    assert "un nombre entier" in str(formed)
    of_a_list = (field("c", "liste", values=("s.s",)),)
    for order, told in ((["a", "b"], "« a », « b »"), (["b", "a"], "« b », « a »")):
        (found,) = validate(raw, of_a_list, {"s.s": order})
        assert told in str(found)


def test_the_findings_of_a_table_that_a_caller_changes_are_not_those_of_the_next_one() -> None:
    raw = RawTable("t.csv", ("c",), {2: {"c": "x"}})
    validate(raw, (field("c", "entier"),), {}).clear()
    assert len(validate(raw, (field("c", "entier"),), {})) == 1


def test_rows_that_share_a_fault_are_told_alike_in_their_order() -> None:
    raw = RawTable("t.csv", ("c",), {line: {"c": "-5"} for line in range(60, 2, -1)})
    found = validate(raw, (field("c", "entier", values=("0..10",)),), {})
    assert {finding.rule for finding in found} == {"forme"}, "no integer at all: its bounds come after"
    assert [finding.line for finding in found] == list(range(3, 61))
