"""A finding says what was found and what was expected, for each kind of field."""

from __future__ import annotations

import pytest

from analysis.noyau.csv_files import RawTable
from analysis.noyau.dictionary import Field
from analysis.noyau.validation import duplicate_findings, validate


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
