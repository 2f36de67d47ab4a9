"""The workbook's layout is rows of CSV: a new version, its migration, an old workbook taken in."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from deposits import BOOK, places, read, tables, write
from versions import rewrite, second_version

from analysis.depot.formes.layout import current, load_layouts, load_migrations
from analysis.depot.lecteurs.corrections import Correction
from analysis.depot.referentiel import Referentiel, load_referentiel
from analysis.noyau.declared.dictionary import load_fields
from analysis.noyau.errors import BilanError, InvalidData
from analysis.noyau.paths import Project


def test_the_layout_has_every_field_of_the_dictionary_and_no_other() -> None:
    project = Project.here()
    fields, layout = load_fields(project), current(load_layouts(project))
    for sheet in layout.sheets:
        assert [column.champ for column in sheet.columns] == [field.champ for field in fields[sheet.table]]
        assert set(sheet.cle) <= {field.champ for field in fields[sheet.table] if field.obligatoire}
        assert len({column.entete for column in sheet.columns}) == len(sheet.columns)
    assert load_migrations(project) == ()


def test_units_references_and_examples_of_the_dictionary_exist() -> None:
    """Every example is valid where it is not an invented EBE, so that the model shows what it asks for."""
    referentiel = load_referentiel(Project.here())
    units = {
        line.split(",")[0]
        for line in (Project.here().dictionary / "unites.csv").read_text(encoding="utf-8").splitlines()
    }
    known = referentiel.known("thiers")
    for sheet in referentiel.layout.sheets:
        fields = {field.champ: field for field in referentiel.fields[sheet.table]}
        for column in sheet.columns:
            field = fields[column.champ]
            assert not field.unite or field.unite in units
            if field.type == "liste" and column.exemple and column.champ != "ebe":
                assert column.exemple in known[field.valeurs[0]]


def test_a_workbook_of_an_older_version_is_taken_in_at_its_own_addresses(
    small: Project, referentiel: Referentiel, tmp_path: Path
) -> None:
    rows = tables()
    rows["personnes"][0]["diplome"] = "Bac + 2"
    rows["personnes"][1]["diplome"] = "Doctorat"
    folder = write(tmp_path / "envoi", referentiel, rows)
    second_version(small)
    newer = load_referentiel(small)
    assert newer.layout.version == "2027-1"
    deposit = read(folder, newer)
    assert places(deposit.constats) == [
        ("version_ancienne", "depot-val.xlsx", ""),
        ("valeur_inconnue", "Personnes", "D6"),
        ("reference_refusee", "Contrats", "A6"),
    ]
    people = deposit.lectures["personnes"].frame
    assert list(people["niveau"]) == ["bac", "cap_bep"]
    assert people["nationalite_ue"].isna().all() and "remarque" not in people
    assert deposit.lectures["visites"].lues == 0


def test_a_migration_that_misses_a_field_is_told_to_the_team(
    small: Project, referentiel: Referentiel, tmp_path: Path
) -> None:
    folder = write(tmp_path / "envoi", referentiel)
    second_version(small)
    rewrite(small, "depot_migrations", ("2026-1,2027-1,personnes,ajouter,nationalite_ue,,\n", ""))
    with pytest.raises(BilanError, match="nationalite_ue"):
        read(folder, load_referentiel(small))


def test_a_version_that_is_not_declared_is_refused(
    small: Project, referentiel: Referentiel, tmp_path: Path
) -> None:
    rows = tables()
    rows["depot"][0]["version"] = "1999"
    deposit = read(write(tmp_path / "envoi", referentiel, rows), referentiel)
    assert places(deposit.constats) == [("version_inconnue", "Dépôt", "")]


def test_a_faulty_layout_is_refused_with_its_line(small: Project) -> None:
    rewrite(small, "depot_feuilles", ("2026-1,personnes,Personnes,3,", "2026-1,personnes,Personnes,trois,"))
    with pytest.raises(InvalidData, match=r"depot_feuilles.csv, ligne 3"):
        load_layouts(small)


def test_a_sheet_that_the_new_version_has_no_more_is_left_out(
    small: Project, referentiel: Referentiel, tmp_path: Path
) -> None:
    folder = write(tmp_path / "envoi", referentiel)
    second_version(small)
    for name, gone in (
        ("depot_feuilles", "2027-1,depenses"),
        ("depot_colonnes", "2027-1,depenses"),
        ("champs", "depenses,"),
    ):
        path = small.dictionary / f"{name}.csv"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text(
            "".join(line for line in lines if not line.startswith(gone)), encoding="utf-8", newline="\n"
        )
    deposit = read(folder, load_referentiel(small))
    assert places(deposit.constats) == [("version_ancienne", "depot-val.xlsx", "")]
    assert "depenses" not in deposit.lectures and len(deposit.lectures["financements"].frame) == 1


def test_the_header_of_the_version_may_change_with_it(
    small: Project, referentiel: Referentiel, tmp_path: Path
) -> None:
    folder = write(tmp_path / "envoi", referentiel)
    second_version(small)
    rewrite(
        small, "depot_colonnes", ("2027-1,depot,version,Version du modèle", "2027-1,depot,version,Version")
    )
    deposit = read(folder, load_referentiel(small))
    assert places(deposit.constats) == [("version_ancienne", "depot-val.xlsx", "")]


def test_a_migration_of_a_field_that_was_not_there_is_told_to_the_team(
    small: Project, referentiel: Referentiel, tmp_path: Path
) -> None:
    folder = write(tmp_path / "envoi", referentiel)
    second_version(small)
    rewrite(small, "depot_migrations", ("recoder,niveau,", "recoder,diplome,"))
    with pytest.raises(BilanError, match=r"depot_migrations.csv : « recoder » nomme le champ « diplome »"):
        read(folder, load_referentiel(small))


def test_a_fault_of_form_in_a_renamed_column_is_told_once_and_can_be_corrected(
    small: Project, referentiel: Referentiel, tmp_path: Path
) -> None:
    folder = write(tmp_path / "envoi", referentiel)
    book = openpyxl.load_workbook(folder / BOOK)
    book["Personnes"]["D7"] = "=D6"
    book.save(folder / BOOK)
    second_version(small)
    newer = load_referentiel(small)
    old = ("version_ancienne", "depot-val.xlsx", "")
    assert places(read(folder, newer).constats) == [("formule_sans_valeur", "Personnes", "D7"), old]
    mended = Correction("val", "personnes", "Personnes!D7", "", "Bac + 2", "r", "2026-11-23", "a")
    deposit = read(folder, newer, corrections=[mended])
    assert places(deposit.constats) == [old]
    assert list(deposit.lectures["personnes"].frame["niveau"]) == ["cap_bep", "cap_bep", "bac_2"]
