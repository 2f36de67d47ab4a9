"""The files of a folder: told apart by what they hold, found by a name that is nearly theirs."""

from __future__ import annotations

import shutil
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from deposits import BOOK, FEC, places, read, tables, write

from analysis.depot.dossier import Depot
from analysis.depot.ecrits.modele import write_workbook
from analysis.depot.ecrits.rapport import write_report
from analysis.depot.formes.constats import Constat
from analysis.depot.lecteurs.fichiers import Nature, nature, near_paths
from analysis.depot.referentiel import Referentiel


@pytest.fixture
def folder(referentiel: Referentiel, tmp_path: Path) -> Path:
    return write(tmp_path / "val", referentiel)


def sheet(path: Path, *rows: list[object]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        for line, cells in enumerate(rows):
            page.write_row(line, 0, cells)
    return path


BALANCE: tuple[list[object], ...] = (["Compte", "Débit", "Crédit"], [411000, 1234.5, 0], [706000, 0, 1234.5])


def told(deposit: Depot) -> list[tuple[str, str, str]]:
    return [(c.regle, c.fichier, c.trouve) for c in deposit.constats]


def kept(deposit: Depot) -> int:
    return len(deposit.lectures["personnes"].frame) if "personnes" in deposit.lectures else 0


def test_each_workbook_is_what_it_holds(folder: Path, referentiel: Referentiel) -> None:
    blank = folder / "vierge.xlsx"
    write_workbook(blank, referentiel, "val")
    answer = folder / "Copie de constats.xlsx"
    deposit = Depot(
        "val", "", "", "", (), {}, read(folder, referentiel).textes, (Constat("forme", "a", "b", "c"),)
    )
    write_report(answer, deposit, referentiel, today=datetime(2026, 11, 28))
    survey = sheet(
        folder / "results-survey.xlsx", ["id", "submitdate", "lastpage", "token", "consent"], [1, 2]
    )
    assert [nature(path, referentiel) for path in (folder / BOOK, blank, answer, survey)] == [
        Nature.MODELE,
        Nature.MODELE_VIERGE,
        Nature.CONSTATS,
        Nature.ENQUETE,
    ]
    assert nature(sheet(folder / "b.xlsx", *BALANCE), referentiel) is Nature.BALANCE
    assert nature(folder / FEC, referentiel) is Nature.FEC
    assert nature(sheet(folder / "c.xlsx", ["Nom", "Adresse"]), referentiel) is Nature.AUTRE


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda path, _: sheet(path, *BALANCE), "une balance générale"),
        (lambda path, _: sheet(path, ["id", "submitdate", "token"], [1, 2, 3]), "un export d'enquête"),
        (
            lambda path, referentiel: write_workbook(path, referentiel, "val"),
            "un exemplaire vierge du modèle",
        ),
        (lambda path, _: sheet(path, ["Notes"]), "un fichier que le classeur ne nomme pas"),
        (lambda path, _: path.write_bytes(b"?"), "un classeur qui ne s'ouvre pas"),
    ],
)
def test_a_second_workbook_is_told_for_what_it_is_and_the_rest_is_checked(
    folder: Path, referentiel: Referentiel, make: object, found: str
) -> None:
    make(folder / "autre.xlsx", referentiel)  # type: ignore[operator]
    deposit = read(folder, referentiel)
    assert told(deposit) == [("fichier_inattendu", "autre.xlsx", found)]
    assert kept(deposit) == 3


def test_of_two_filled_models_none_is_kept_and_the_likelier_is_checked(
    folder: Path, referentiel: Referentiel
) -> None:
    rows = tables()
    rows["etp"][0]["etp_ppde"] = "?"
    write_workbook(folder / BOOK, referentiel, "val", rows)
    write_workbook(folder / "a.xlsx", referentiel, "val", tables())
    deposit = read(folder, referentiel)
    assert places(deposit.constats)[:2] == [("classeur_multiple", "val", ""), ("forme", "ETP", "C5")]
    assert f"ceux de « {BOOK} »" in deposit.constats[0].remede and deposit.est_refuse(referentiel)


def test_a_folder_without_the_model_says_what_its_files_are(tmp_path: Path, referentiel: Referentiel) -> None:
    folder = tmp_path / "envoi"
    folder.mkdir()
    sheet(folder / "balance.xlsx", *BALANCE)
    with zipfile.ZipFile(folder / "envoi.zip", "w") as archive:
        archive.writestr("depot.xlsx", b"x")
    assert told(read(folder, referentiel)) == [
        ("classeur_absent", "envoi", "aucun classeur du modèle"),
        ("fichier_inattendu", "balance.xlsx", "une balance générale"),
        ("fichier_inattendu", "envoi.zip", "une archive"),
    ]


def test_tables_sent_in_the_place_of_the_workbook_are_told_where_their_lines_go(
    tmp_path: Path, referentiel: Referentiel
) -> None:
    folder = tmp_path / "envoi"
    folder.mkdir()
    (folder / "Élus.CSV").write_text("Code;Sexe\nP-1;Femme\n", encoding="cp1252")
    (missing, *_) = read(folder, referentiel).constats
    assert missing.regle == "classeur_absent"
    assert missing.remede.endswith(
        "Un tableau en .csv ne le remplace pas : recopiez ses lignes dans les feuilles du modèle."
    )


def test_an_archive_is_not_opened_and_says_what_to_do(folder: Path, referentiel: Referentiel) -> None:
    rows = tables()
    rows["exercices"][0]["fichier"] = "comptes.zip"
    write_workbook(folder / BOOK, referentiel, "val", rows)
    with zipfile.ZipFile(folder / "comptes.zip", "w") as archive:
        archive.write(folder / FEC, FEC)
    (folder / FEC).rename(folder / "photos.zip")
    constats = read(folder, referentiel).constats
    assert {(c.regle, c.fichier) for c in constats} >= {
        ("comptes_classeur", "comptes.zip"),
        ("fichier_inattendu", "photos.zip"),
    }
    assert all("Extraire tout" in c.remede for c in constats if c.fichier.endswith(".zip"))


def test_what_the_system_leaves_in_a_folder_is_no_part_of_a_deposit(
    folder: Path, referentiel: Referentiel
) -> None:
    for name in ("Thumbs.db", "desktop.ini", ".DS_Store"):
        (folder / name).write_bytes(b"?")
    assert read(folder, referentiel).constats == ()


@pytest.mark.parametrize("end", ["", ".xlsx.xlsx"])
def test_the_workbook_may_have_no_end_or_two(folder: Path, referentiel: Referentiel, end: str) -> None:
    (folder / BOOK).rename(folder / f"depot-val{end}")
    deposit = read(folder, referentiel)
    assert deposit.constats == () and kept(deposit) == 3


@pytest.mark.parametrize("typed", ["comptes-2018", "COMPTES-2018.TXT", "Comptes-2018 ", "comptes-2018.csv"])
def test_a_name_without_its_end_or_in_another_case_is_that_of_the_one_file_that_is_near(
    folder: Path, referentiel: Referentiel, typed: str
) -> None:
    rows = tables()
    rows["exercices"][0]["fichier"] = typed
    write_workbook(folder / BOOK, referentiel, "val", rows)
    deposit = read(folder, referentiel)
    (near,) = (c for c in deposit.constats if c.regle != "classeur_lu")
    assert (near.regle, near.cellule, near.trouve) == ("fichier_proche", "E5", f"« {typed.strip()} »")
    assert near.attendu == "« comptes-2018.txt »" and "Windows masque" in near.remede
    assert deposit.lectures["ecritures/essai-58/2018-12-31"].lues == 4


def test_a_doubled_end_is_found(folder: Path, referentiel: Referentiel) -> None:
    (folder / FEC).rename(folder / f"{FEC}.txt")
    deposit = read(folder, referentiel)
    assert [c.attendu for c in deposit.constats] == [f"« {FEC}.txt »"]
    assert deposit.lectures["ecritures/essai-58/2018-12-31"].lues == 4


def test_of_two_files_that_are_near_none_is_guessed(folder: Path, referentiel: Referentiel) -> None:
    rows = tables()
    rows["exercices"][0]["fichier"] = "comptes-2018"
    write_workbook(folder / BOOK, referentiel, "val", rows)
    shutil.copy(folder / FEC, folder / "comptes-2018.csv")
    (absent,) = (c for c in read(folder, referentiel).constats if c.regle == "fichier_absent")
    assert absent.attendu == "« comptes-2018.csv » et « comptes-2018.txt »"


def test_a_misspelled_name_is_asked_about_and_not_guessed(folder: Path, referentiel: Referentiel) -> None:
    rows = tables()
    rows["exercices"][0]["fichier"] = "compte-2018.txt"
    write_workbook(folder / BOOK, referentiel, "val", rows)
    (absent,) = (c for c in read(folder, referentiel).constats if c.regle == "fichier_absent")
    assert "Le dossier contient « comptes-2018.txt » : si c'est lui" in absent.remede


def test_a_refused_workbook_has_its_accounts_checked_in_the_same_answer(
    folder: Path, referentiel: Referentiel
) -> None:
    book = openpyxl.load_workbook(folder / BOOK)
    book["Contrats"].title = "Contrats 2018"
    book["Dépôt"]["C4"] = None
    book.save(folder / BOOK)
    (folder / FEC).write_text(
        (folder / FEC).read_text(encoding="utf-8").replace("234,50", "234,5x"), encoding="utf-8"
    )
    deposit = read(folder, referentiel)
    rules = {c.regle for c in deposit.constats}
    assert {"feuille_renommee", "valeur_manquante", "comptes_montant"} <= rules
    assert deposit.est_refuse(referentiel) and not deposit.lectures


@pytest.mark.parametrize(
    "name",
    [
        "123456789FEC20181231.txt",
        "fec-20180131.txt",
        "balance 01-01-18-31-12-18.txt",
        "balance_01.01.2018_31.12.2018.txt",
        "export-0120180131.txt",
        "export-0000000123.txt",
        "results-survey1543622400000.csv",
        "12345678900012-20181231.txt",
        "sauvegarde 20181231143055.txt",
    ],
)
def test_dates_counters_and_company_numbers_in_a_file_name_identify_nobody(
    folder: Path, referentiel: Referentiel, name: str
) -> None:
    rows = tables()
    rows["exercices"][0]["fichier"] = name
    write_workbook(folder / BOOK, referentiel, "val", rows)
    (folder / FEC).rename(folder / name)
    assert read(folder, referentiel).constats == ()


@pytest.mark.parametrize(
    "name",
    [
        "fec 06 12 34 56 78.txt",
        "0612345678.txt",
        "06_12_34_56_78.csv",
        "275056312345661.txt",
        "2750563123456.txt",
    ],
)
def test_a_telephone_or_a_social_security_number_in_a_file_name_is_refused(
    folder: Path, referentiel: Referentiel, name: str
) -> None:
    rows = tables()
    rows["exercices"][0]["fichier"] = name
    write_workbook(folder / BOOK, referentiel, "val", rows)
    assert ("donnee_personnelle", "Exercices", "E5") in places(read(folder, referentiel).constats)


def test_a_path_that_is_no_one_s_tells_the_near_one(folder: Path) -> None:
    assert near_paths(folder / "depot-val") == [folder / BOOK]
    assert near_paths(folder / "COMPTES-2018.txt") == [folder / FEC]
    assert near_paths(folder / "autre.txt") == near_paths(folder / "nulle" / "part") == []
