"""Each cell against the dictionary: its type, its bounds at their edge, its key; nothing of a person is quoted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import openpyxl
import pytest
from deposits import AGENDA, EBE, Rows, agenda, person, places, read, tables, write

from analysis.depot.ecrits.rapport import told, write_report
from analysis.depot.formes.cle import CLE_DEMONSTRATION
from analysis.depot.garde.ledger import Ledger
from analysis.depot.referentiel import Referentiel, load_referentiel
from analysis.noyau.paths import Project

Found = Callable[[Callable[[Rows], Any]], list[tuple[str, str, str]]]

DECLARED = load_referentiel(Project.here())
NOT_TO_BE_QUOTED = [
    (sheet.table, column.champ)
    for sheet in DECLARED.layout.sheets
    for column in sheet.columns
    if not next(f for f in DECLARED.fields[sheet.table] if f.champ == column.champ).citable
]


@pytest.mark.parametrize(
    ("table", "champ", "value", "rule"),
    [
        ("instances", "duree", 24, None),
        ("instances", "duree", 24.01, "borne"),
        ("instances", "duree", 0, None),
        ("instances", "duree", -0.5, "borne"),
        ("instances", "duree", "2,5", None),
        ("instances", "duree", "2.5 h", None),
        ("instances", "duree", "+2", None),
        ("instances", "duree", 1e-5, "forme"),  # « 1e-05 »: no one means it
        ("instances", "elus", 2000, None),
        ("instances", "elus", 2001, "borne"),
        ("instances", "elus", 2.5, "forme"),
        ("instances", "elus", "", "valeur_manquante"),
        ("instances", "elus", " ", "valeur_manquante"),
        ("instances", "date", date(2000, 1, 1), None),
        ("instances", "date", date(1999, 12, 31), "borne"),
        ("instances", "date", "2018-06-15", None),
        ("instances", "date", "2018-06", "forme"),
        ("instances", "date", "15/06/18", "forme"),
        ("instances", "date", "15/06/2018", None),
        ("instances", "date", "2018-02-29", "forme"),
        ("instances", "date", "2016-02-29", None),
        ("instances", "instance", "Assemblée d'habitants", None),
        ("instances", "instance", "Assemblée d’habitants", None),
        ("instances", "instance", "assemblée d'habitants", None),
        ("instances", "instance", "cle", None),
        ("instances", "instance", "Comité", "valeur_inconnue"),
        ("depenses", "annee", 2000, None),
        ("depenses", "annee", 1999, "borne"),
        ("depenses", "beneficiaires", None, None),
        ("depenses", "montant", 10_000_000_000, None),
        ("depenses", "montant", 10_000_000_000.01, "borne"),
        ("activites", "activite", "x" * 2000, None),
        ("activites", "activite", " Recyclerie", None),
        ("activites", "activite", "Recy\u200bclerie", "forme"),
        ("activites", "activite", "Recyclerie\nNord", None),
        ("contrats", "quotite", 0.05, None),
        ("contrats", "quotite", 0.04, "borne"),
        ("contrats", "quotite", 1.01, "borne"),
        ("contrats", "salaire_horaire", 60, None),
        ("contrats", "salaire_horaire", 60.5, "borne"),
        ("contrats", "salaire_horaire", 1500, "borne"),
        ("personnes", "annee_naissance", 1930, None),
        ("personnes", "annee_naissance", 1929, "borne"),
        ("personnes", "annee_naissance", "74", "borne"),
        ("personnes", "mois_sans_emploi", 720, None),
        ("personnes", "mois_sans_emploi", 721, "borne"),
        ("personnes", "enfants", 0, None),
        ("personnes", "enfants", 16, "borne"),
        ("personnes", "enfants", "deux", "forme"),
        ("personnes", "remarque", "x" * 2000, None),
        ("personnes", "remarque", "x" * 2001, "forme"),
        ("enquetes", "vague", 0, "borne"),
        ("enquetes", "vague", 21, "borne"),
        ("depot", "date_arrete", None, "valeur_manquante"),
        ("depot", "deposant", "Jeanne", "valeur_inconnue"),
    ],
)
def test_a_cell_is_of_its_type_and_within_its_bounds(
    referentiel: Referentiel, tmp_path: Path, table: str, champ: str, value: object, rule: str | None
) -> None:
    rows = tables()
    rows[table][0][champ] = value
    sheet = referentiel.layout.sheet(table)
    index = [column.champ for column in sheet.columns].index(champ)
    cell = f"{ascii_uppercase[index]}{4 if table == 'depot' else 5}"
    constats = read(write(tmp_path / "envoi", referentiel, rows), referentiel).constats
    form = ("forme", "borne", "valeur_inconnue", "valeur_manquante", "donnee_personnelle")
    of_form = [constat for constat in constats if constat.regle in form]
    assert places(tuple(of_form)) == ([(rule, sheet.feuille, cell)] if rule else [])
    assert all(constat.entete == sheet.columns[index].entete for constat in of_form)


@pytest.mark.parametrize(
    "identifiant", ["P-017", "p-17", "17", "AB12", "ABCD-123456-123456-123456", "P-0", "P1-2", "P 17"]
)
def test_an_identifier_is_a_code_with_a_digit(found: Found, identifiant: str) -> None:
    waiting = {"situation": "Volontaire en attente", "date_situation": date(2018, 4, 3)}
    assert found(lambda rows: rows["personnes"].append(person(identifiant, **waiting))) == []


@pytest.mark.parametrize("identifiant", ["DURAND", "ABCDE1", "P_17", "P-", "É1", "1.5"])
def test_what_may_be_a_name_is_no_identifier(found: Found, identifiant: str) -> None:
    waiting = {"situation": "Volontaire en attente", "date_situation": date(2018, 4, 3)}
    added = found(lambda rows: rows["personnes"].append(person(identifiant, **waiting)))
    assert added == [("forme", "Personnes", "A8")]


@pytest.mark.parametrize(
    ("table", "values", "cell"),
    [
        ("personnes", {"personne": "p-1"}, "A8"),
        ("etp", {"mois": "2018-09"}, "A9"),
        ("enquetes", {"vague": "01"}, "A6"),
        ("depenses", {"annee": "2018"}, "A6"),
        ("exercices", {"fichier": "autres.txt"}, "A6"),
    ],
)
def test_a_key_written_otherwise_is_the_same_key(
    found: Found, table: str, values: dict[str, Any], cell: str
) -> None:
    sheet = DECLARED.layout.sheet(table).feuille
    told_twice = found(lambda rows: rows[table].append({**rows[table][0], **values}))
    assert [found for found in told_twice if found[0] != "classeur_lu"] == [("doublon", sheet, cell)]


def test_of_two_rows_of_one_key_the_refused_one_does_not_count(found: Found) -> None:
    def both(rows: Rows) -> None:
        rows["etp"].append(dict(rows["etp"][0]))
        rows["etp"][0]["etp_ppde"] = "?"

    assert found(both) == [("forme", "ETP", "C5")]


def test_numbers_dates_and_lists_are_kept_as_such(referentiel: Referentiel, tmp_path: Path) -> None:
    deposit = read(write(tmp_path / "envoi", referentiel), referentiel)
    assert deposit.lectures["etp"].frame.loc[5].to_dict() == {
        "ebe": "essai-58",
        "mois": "2018-09",
        "etp_ppde": 1.8,
        "etp_encadrement": 1.0,
    }
    assert deposit.lectures["exercices"].frame.loc[5, "date_cloture"] == "2018-12-31"


def test_the_fields_that_may_not_be_quoted_are_those_about_a_person() -> None:
    assert {table for table, _ in NOT_TO_BE_QUOTED} == {"personnes", "contrats", "calendriers"}
    assert len(NOT_TO_BE_QUOTED) > 30
    assert {(t, c.champ) for t in ("personnes",) for c in DECLARED.layout.sheet(t).columns} <= set(
        NOT_TO_BE_QUOTED
    )


def with_a_calendar(folder: Path) -> Rows:
    """The small deposit, with a calendar in its folder of which a line names meetings by words of their title."""
    folder.mkdir()
    (folder / AGENDA).write_bytes(agenda())
    line = {"fichier": AGENDA, "instance": "Comité local pour l'emploi", "mots": "comité local"}
    return {**tables(), "calendriers": [line]}


@pytest.mark.parametrize(
    "token", ["Zanzibar", "zq7", "48219", date(2019, 7, 13), datetime(2018, 7, 13, 12, 34)]
)
@pytest.mark.parametrize(("table", "champ"), NOT_TO_BE_QUOTED)
def test_what_is_about_a_person_is_in_no_finding_and_no_answer(
    referentiel: Referentiel, tmp_path: Path, table: str, champ: str, token: object
) -> None:
    """Refused or not by its form, each value is looked for in all that a deposit says and sends back."""
    rows = with_a_calendar(tmp_path / "envoi")
    rows[table][0][champ] = token
    deposit = read(write(tmp_path / "envoi", referentiel, rows), referentiel)
    write_report(tmp_path / "r.xlsx", deposit, referentiel, today=datetime(2026, 11, 23))
    cells = [
        str(cell.value)
        for sheet in openpyxl.load_workbook(tmp_path / "r.xlsx")
        for row in sheet.iter_rows()
        for cell in row
    ]
    said = [told(deposit, referentiel), *map(str, deposit.constats), *cells]
    spelled = {
        date(2019, 7, 13): ("2019-07-13", "13 juillet 2019", "13/07/2019"),
        datetime(2018, 7, 13, 12, 34): ("2018-07-13", "13 juillet 2018", "12:34"),
    }
    for form in spelled.get(token, (str(token),)):  # type: ignore[call-overload]
        assert not [text for text in said if form in text]


def test_what_is_refused_of_a_person_is_in_no_file_that_is_kept(
    small: Project, referentiel: Referentiel, tmp_path: Path
) -> None:
    """Every cell about a person holds the same word but the identifiers, which are hashed."""
    rows = with_a_calendar(tmp_path / "envoi")
    for table, champ in NOT_TO_BE_QUOTED:
        if champ not in ("personne", "mots"):  # the words of a calendar are taken, not refused
            rows[table][0][champ] = "Zanzibar"
    deposit = read(write(tmp_path / "envoi", referentiel, rows), referentiel)
    assert (
        len([c for c in deposit.constats if c.trouve == "8 caractères, sans chiffre"])
        == len(NOT_TO_BE_QUOTED) - 4
    )  # two identifiers, the remark and the words of a calendar are of any form
    Ledger(small).add(deposit, referentiel, CLE_DEMONSTRATION, today=date(2026, 11, 23))
    kept = [path for path in (small.depots / "recus").rglob("*") if path.is_file()]
    assert len(kept) == len(deposit.lectures) + 2  # a table each, the texts, the record
    for path in kept:
        text = path.read_text(encoding="utf-8")
        assert "Zanzibar" not in text and "P-1" not in text
    assert EBE not in (small.depots / "recus" / "val" / "0001" / "depot.json").read_text(encoding="utf-8")
