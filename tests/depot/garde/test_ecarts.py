"""What changed from one deposit to the next, in words, whatever the version that each was received in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from deposits import FEC, Rows, read, tables, write
from versions import rewrite, second_version

from analysis.depot.formes.cle import CLE_DEMONSTRATION
from analysis.depot.garde.ecarts import difference
from analysis.depot.garde.ledger import Ledger, Recu
from analysis.depot.referentiel import Referentiel, load_referentiel
from analysis.noyau.paths import Project


def received(project: Project, folder: Path, referentiel: Referentiel) -> Recu:
    deposit = read(folder, referentiel)
    return Ledger(project).add(deposit, referentiel, CLE_DEMONSTRATION, today=date(2026, 11, 23))


def changes(project: Project, before: Recu, after: Recu, referentiel: Referentiel) -> list[str]:
    ledger = Ledger(project)
    return difference(ledger.tables(before), ledger.tables(after), referentiel, "val")


@pytest.fixture
def first(small: Project, referentiel: Referentiel, tmp_path: Path) -> Recu:
    return received(small, write(tmp_path / "premier", referentiel), referentiel)


def changed_rows() -> Rows:
    rows = tables()
    rows["personnes"][0]["diplome"] = "Bac + 2"
    return rows


def test_a_value_that_comes_or_goes_is_a_change_and_two_blanks_are_not(
    small: Project, referentiel: Referentiel, first: Recu, tmp_path: Path
) -> None:
    rows = tables()
    rows["depenses"][0]["beneficiaires"] = 12
    rows["personnes"][0]["date_rencontre"] = None
    second = received(small, write(tmp_path / "second", referentiel, rows), referentiel)
    assert changes(small, first, second, referentiel) == [
        "Personnes : 1 ligne modifiée (« Rencontrée le » 1 fois).",
        "Dépenses : 1 ligne modifiée (« Bénéficiaires » 1 fois).",
    ]


def test_the_order_of_rows_is_no_change(
    small: Project, referentiel: Referentiel, first: Recu, tmp_path: Path
) -> None:
    rows = {table: list(reversed(of_table)) for table, of_table in tables().items()}
    second = received(small, write(tmp_path / "second", referentiel, rows), referentiel)
    assert changes(small, first, second, referentiel) == []


def test_accounts_are_told_by_their_lines_then_by_their_values(
    small: Project, referentiel: Referentiel, first: Recu, tmp_path: Path
) -> None:
    name = "Écritures, Essai 58, clôture du 31 décembre 2018"
    folder = write(tmp_path / "second", referentiel)
    accounts = (folder / FEC).read_text(encoding="utf-8")
    (folder / FEC).write_text(accounts.replace("20180930", "20180929"), encoding="utf-8")
    second = received(small, folder, referentiel)
    assert changes(small, first, second, referentiel) == [
        f"{name} : autant de lignes, des valeurs différentes."
    ]
    (folder / FEC).write_text("\n".join(accounts.split("\n")[:3]), encoding="utf-8")
    third = received(small, folder, referentiel)
    assert changes(small, first, third, referentiel) == [f"{name} : 4 lignes, puis 2."]
    (folder / FEC).unlink()
    assert changes(small, first, received(small, folder, referentiel), referentiel) == [
        "Exercices : 1 ligne retirée.",
        f"{name} : table retirée.",
    ]


def test_two_deposits_of_the_version_before_are_told_by_their_own_headers(
    small: Project, referentiel: Referentiel, first: Recu, tmp_path: Path
) -> None:
    second = received(small, write(tmp_path / "second", referentiel, changed_rows()), referentiel)
    second_version(small)
    assert changes(small, first, second, load_referentiel(small)) == [
        "Personnes : 1 ligne modifiée (« Diplôme » 1 fois)."
    ]


def test_a_deposit_of_each_version_is_compared_on_what_both_have(
    small: Project, referentiel: Referentiel, first: Recu, tmp_path: Path
) -> None:
    rows = changed_rows()
    rows["personnes"][1]["enfants"] = 2
    folder = write(tmp_path / "second", referentiel, rows)
    second_version(small)
    newer = load_referentiel(small)
    second = received(small, folder, newer)
    assert changes(small, first, second, newer) == [
        "Personnes : 1 ligne modifiée (« Enfants à charge » 1 fois).",
        "Visites : table ajoutée.",
    ]


def test_a_sheet_whose_key_changed_its_name_is_compared_by_its_rows_in_their_order(
    small: Project, referentiel: Referentiel, first: Recu, tmp_path: Path
) -> None:
    write(tmp_path / "second", referentiel)
    rows = tables()
    rows["depenses"][0]["montant"] = 1
    write(tmp_path / "troisieme", referentiel, rows)
    second_version(small)
    key = "collectivite annee depense"
    rewrite(
        small,
        "depot_feuilles",
        (f"2027-1,depenses,Dépenses,3,{key}", "2027-1,depenses,Dépenses,3,payeur annee depense"),
    )
    rewrite(small, "depot_colonnes", ("2027-1,depenses,collectivite,", "2027-1,depenses,payeur,"))
    rewrite(small, "champs", ("depenses,collectivite,", "depenses,payeur,"))
    rewrite(small, "depot_migrations", added="2026-1,2027-1,depenses,renommer,collectivite,,payeur\n")
    newer = load_referentiel(small)
    second = received(small, tmp_path / "second", newer)
    assert changes(small, first, second, newer) == ["Visites : table ajoutée."]
    third = received(small, tmp_path / "troisieme", newer)
    assert changes(small, first, third, newer) == [
        "Dépenses : autant de lignes, des valeurs différentes.",
        "Visites : table ajoutée.",
    ]
