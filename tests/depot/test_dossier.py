"""A folder becomes tables: people are hashes, texts apart, counts whole, names nowhere."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import xlsxwriter
from deposits import BOOK, FEC, SURVEY, places, read, tables, write

from analysis.depot.ecrits.rapport import told
from analysis.depot.formes.cle import CLE_DEMONSTRATION
from analysis.depot.formes.constats import DepotError
from analysis.depot.formes.lecture import Lecture
from analysis.depot.referentiel import Referentiel


def test_the_small_deposit_is_valid_whole(referentiel: Referentiel, tmp_path: Path) -> None:
    deposit = read(write(tmp_path / "envoi", referentiel), referentiel)
    assert deposit.constats == ()
    assert (deposit.territoire, deposit.version, deposit.arrete, deposit.deposant) == (
        "val",
        "2026-1",
        "2018-12-31",
        "direction_ebe",
    )
    assert {name: len(lecture.frame) for name, lecture in deposit.lectures.items()} == {
        **dict.fromkeys(
            (
                "depot",
                "exercices",
                "activites",
                "instances",
                "estimations",
                "financements",
                "depenses",
                "enquetes",
            ),
            1,
        ),
        **dict.fromkeys(("questions_locales", "indicateurs_locaux", "mesures_locales"), 0),
        **dict.fromkeys(("calendriers", "decisions", "benevolat"), 0),
        "personnes": 3,
        "contrats": 2,
        "etp": 4,
        "ecritures/essai-58/2018-12-31": 4,
        "reponses/salaries_ebe/1": 2,
    }
    assert [fichier.nom for fichier in deposit.fichiers] == [BOOK, FEC, SURVEY]


def test_cells_have_the_types_of_the_dictionary(referentiel: Referentiel, tmp_path: Path) -> None:
    people = read(write(tmp_path / "envoi", referentiel), referentiel).lectures["personnes"].frame
    first = people.loc[5].to_dict()
    assert first["sexe"] == "femme" and first["diplome"] == "cap_bep" and first["enfants"] is None
    assert first["annee_naissance"] == 1974 and first["date_domicile"] == "2009-09-01"
    assert list(people.index) == [5, 6, 7]


def test_people_are_hashes_the_same_in_every_table(referentiel: Referentiel, tmp_path: Path) -> None:
    deposit = read(write(tmp_path / "envoi", referentiel), referentiel)
    hashed = CLE_DEMONSTRATION.empreinte("val")
    assert list(deposit.lectures["personnes"].frame["personne"]) == [hashed(p) for p in ("P-1", "P-2", "P-3")]
    assert list(deposit.lectures["contrats"].frame["personne"]) == [hashed("P-1"), hashed("P-2")]
    assert list(deposit.lectures["reponses/salaries_ebe/1"].frame["repondant"]) == [
        hashed("P-1"),
        hashed("P-2"),
    ]


def test_free_texts_are_apart(referentiel: Referentiel, tmp_path: Path) -> None:
    deposit = read(write(tmp_path / "envoi", referentiel), referentiel)
    second = CLE_DEMONSTRATION.empreinte("val")("P-2")
    said = sorted(map(tuple, deposit.textes[["personne", "question", "texte"]].to_numpy().tolist()))
    assert said == [(second, "commentaire", "on apprend"), (second, "remarque", "préfère le matin")]
    assert "remarque" not in deposit.lectures["personnes"].frame


def test_no_name_and_no_identifier_leaves_the_reading(referentiel: Referentiel, tmp_path: Path) -> None:
    rows = tables()
    rows["personnes"][0]["remarque"] = "vue par Mme Durand"
    rows["personnes"][1]["diplome"] = "Zanzibar"
    rows["personnes"][2]["annee_naissance"] = "Samarcande"
    deposit = read(write(tmp_path / "envoi", referentiel, rows), referentiel)
    shown = told(deposit, referentiel) + "".join(
        lecture.frame.to_csv() for lecture in deposit.lectures.values()
    )
    for word in ("Durand", "Zanzibar", "Samarcande", "Martin", "P-1", "P-2", "P-3"):
        assert word not in shown


def test_a_refused_person_s_contract_waits_for_its_correction(
    referentiel: Referentiel, tmp_path: Path
) -> None:
    rows = tables()
    rows["personnes"][0]["sexe"] = "?"
    deposit = read(write(tmp_path / "envoi", referentiel, rows), referentiel)
    assert places(deposit.constats) == [
        ("valeur_inconnue", "Personnes", "B5"),
        ("reference_refusee", "Contrats", "A5"),
    ]
    assert (deposit.lectures["contrats"].lues, deposit.lectures["contrats"].refusees) == (2, 1)


def test_a_workbook_alone_is_checked_without_its_files(referentiel: Referentiel, tmp_path: Path) -> None:
    deposit = read(write(tmp_path / "envoi", referentiel) / BOOK, referentiel)
    assert deposit.constats == () and "reponses/salaries_ebe/1" not in deposit.lectures


def test_an_unbalanced_fec_gives_no_table_at_all(referentiel: Referentiel, tmp_path: Path) -> None:
    folder = write(tmp_path / "envoi", referentiel)
    text = (folder / FEC).read_text(encoding="utf-8").replace("\t1000,00\t", "\t1000,02\t", 1)
    (folder / FEC).write_text(text, encoding="utf-8")
    deposit = read(folder, referentiel)
    assert places(deposit.constats) == [("comptes_desequilibre", FEC, "2")]
    lecture = deposit.lectures["ecritures/essai-58/2018-12-31"]
    assert (lecture.lues, len(lecture.frame), lecture.refusees) == (4, 0, 4)


def test_a_refused_line_leaves_its_exercice_without_accounts_and_says_where(
    referentiel: Referentiel, tmp_path: Path
) -> None:
    folder = write(tmp_path / "envoi", referentiel)
    text = (folder / FEC).read_text(encoding="utf-8").replace("\t234,50\t", "\t23x,50\t", 1)
    (folder / FEC).write_text(text, encoding="utf-8")
    deposit = read(folder, referentiel)
    assert places(deposit.constats) == [("comptes_montant", FEC, "4")]
    name = "ecritures/essai-58/2018-12-31"
    lecture = deposit.lectures[name]
    assert (lecture.lues, len(lecture.frame), lecture.refusees) == (4, 0, 4)
    assert deposit.incomplets == {name: "comptes refusés : à corriger à la ligne 4 du fichier"}


def test_the_accounts_may_be_a_second_workbook(referentiel: Referentiel, tmp_path: Path) -> None:
    rows = tables()
    rows["exercices"][0] |= {"nature_comptes": "Balance générale", "fichier": "balance.xlsx"}
    folder = write(tmp_path / "envoi", referentiel, rows)
    (folder / FEC).unlink()
    with xlsxwriter.Workbook(folder / "balance.xlsx") as book:
        page = book.add_worksheet()
        for line, cells in enumerate(
            [["Compte", "Débit", "Crédit"], [411000, 1234.5, 0], [706000, 0, 1234.5]]
        ):
            page.write_row(line, 0, cells)
    deposit = read(folder, referentiel)
    assert deposit.constats == ()
    assert len(deposit.lectures["balances/essai-58/2018-12-31"].frame) == 2


@pytest.mark.parametrize(
    ("books", "rule"),
    [((), "classeur_absent"), (("a.xlsx", "b.ods"), "classeur_multiple"), (("a.xls",), "fichier_abime")],
)
def test_a_folder_has_one_workbook(
    referentiel: Referentiel, tmp_path: Path, books: tuple[str, ...], rule: str
) -> None:
    folder = tmp_path / "envoi"
    folder.mkdir()
    for book in books:
        (folder / book).write_bytes(b"?")
    deposit = read(folder, referentiel)
    assert [constat.regle for constat in deposit.constats] == [rule]
    assert deposit.est_refuse(referentiel)


def test_the_workbook_of_another_territory_is_refused(referentiel: Referentiel, tmp_path: Path) -> None:
    deposit = read(write(tmp_path / "envoi", referentiel), referentiel, attendu="vide")
    assert [constat.regle for constat in deposit.constats] == ["territoire_different"]
    assert deposit.est_refuse(referentiel)


def test_a_findings_workbook_and_hidden_files_are_no_part_of_a_deposit(
    referentiel: Referentiel, tmp_path: Path
) -> None:
    folder = write(tmp_path / "envoi", referentiel)
    for name in ("constats-val.xlsx", ".DS_Store"):
        (folder / name).write_bytes(b"?")
    assert read(folder, referentiel).constats == ()


@pytest.mark.parametrize("lock", [f"~${BOOK}", f".~lock.{BOOK}#"])
def test_an_open_workbook_is_told(referentiel: Referentiel, tmp_path: Path, lock: str) -> None:
    folder = write(tmp_path / "envoi", referentiel)
    (folder / lock).write_bytes(b"?")
    assert [constat.regle for constat in read(folder, referentiel).constats] == ["fichier_ouvert"]


def test_an_erased_person_does_not_come_back(referentiel: Referentiel, tmp_path: Path) -> None:
    gone = CLE_DEMONSTRATION.empreinte("val")("P-3")
    deposit = read(write(tmp_path / "envoi", referentiel), referentiel, effacees=lambda territoire: {gone})
    assert places(deposit.constats) == [("personne_effacee", "Personnes", "A7")]
    assert len(deposit.lectures["personnes"].frame) == 2


def test_an_erased_person_takes_contracts_answers_and_texts_along(
    referentiel: Referentiel, tmp_path: Path
) -> None:
    gone = CLE_DEMONSTRATION.empreinte("val")("P-2")
    deposit = read(write(tmp_path / "envoi", referentiel), referentiel, effacees=lambda territoire: {gone})
    assert [found for found in places(deposit.constats) if found[0] != "etp_contre_contrats"] == [
        ("personne_effacee", "Personnes", "A6"),
        ("reference_refusee", "Contrats", "A6"),
        ("personne_effacee", SURVEY, "3"),
    ]
    assert len(deposit.textes) == 0
    for lecture in deposit.lectures.values():
        assert gone not in lecture.frame.to_csv()
        assert lecture.lues == len(lecture.frame) + lecture.refusees


def test_a_reading_that_loses_a_row_cannot_be_built(referentiel: Referentiel, tmp_path: Path) -> None:
    lecture = read(write(tmp_path / "envoi", referentiel), referentiel).lectures["etp"]
    with pytest.raises(DepotError, match="ne font pas le compte"):
        Lecture("etp", "a.xlsx", "ETP", lecture.frame, 5, 0, ())


@pytest.mark.skipif(sys.platform == "darwin", reason="un Mac ne distingue pas ces deux noms")
def test_a_file_s_accents_may_be_written_as_on_a_mac(referentiel: Referentiel, tmp_path: Path) -> None:
    rows = tables()
    rows["exercices"][0]["fichier"] = "comptes-é.txt"
    folder = write(tmp_path / "envoi", referentiel, rows)
    (folder / FEC).rename(folder / "comptes-e\u0301.txt")
    deposit = read(folder, referentiel)
    assert deposit.constats == () and deposit.lectures["ecritures/essai-58/2018-12-31"].lues == 4


def test_a_file_named_with_its_folder_is_read_and_not_unexpected(
    referentiel: Referentiel, tmp_path: Path
) -> None:
    rows = tables()
    rows["exercices"][0]["fichier"] = f"comptes/{FEC}"
    deposit = read(write(tmp_path / "envoi", referentiel, rows), referentiel)
    assert deposit.constats == () and deposit.lectures["ecritures/essai-58/2018-12-31"].lues == 4


@pytest.mark.parametrize("name", ["..", ".", "/", "comptes\n2018.txt", "a/b/.."])
def test_a_name_that_is_no_file_s_is_told_absent(referentiel: Referentiel, tmp_path: Path, name: str) -> None:
    rows = tables()
    rows["exercices"][0]["fichier"] = name
    constats = read(write(tmp_path / "envoi", referentiel, rows), referentiel).constats
    told = places(tuple(constat for constat in constats if constat.regle != "classeur_lu"))
    assert told[0][0] in ("fichier_absent", "forme") and told[0][2] == "E5"


def test_a_refused_person_leaves_no_contract_behind(referentiel: Referentiel, tmp_path: Path) -> None:
    rows = tables()
    rows["personnes"][1]["date_decision_cle"] = None
    lectures = read(write(tmp_path / "envoi", referentiel, rows), referentiel).lectures
    people, contracts = lectures["personnes"].frame, lectures["contrats"].frame
    assert len(people) == 2 and len(contracts) == 1
    assert set(contracts["personne"]) <= set(people["personne"])
