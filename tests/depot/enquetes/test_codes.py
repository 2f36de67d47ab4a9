"""Access codes: drawn at random, told to the territory alone, and gone once the answers are joined."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from deposits import BOOK, SURVEY, read, tables, write

from analysis import cli
from analysis.depot.enquetes.codes import (
    ALPHABET,
    LENGTH,
    TableDesCodes,
    load_table,
    read_codes,
    table_path,
    write_codes,
    write_participants,
)
from analysis.depot.formes.cle import CLE_DEMONSTRATION, load_key
from analysis.depot.formes.constats import DepotError
from analysis.depot.garde.ledger import Ledger
from analysis.depot.referentiel import Referentiel
from analysis.noyau.paths import Project

CODES = {"P-1": "CDFGHJKMNP", "P-2": "34679CDFGH", "P-3": "WXYWXYWXYW"}
HEAD = "id,submitdate,lastpage,startlanguage,seed,token,consent,sante,avis[SQ001],avis[SQ002],avis[SQ003],avis[SQ004],temps,satisf,libre,citer"


def survey(*tokens: str) -> str:
    rows = (
        f"{n},2018-11-02 14:04:00,5,fr,{n}000,{token},Y,A2,A1,A1,A2,A2,Y,7,,"
        for n, token in enumerate(tokens, 1)
    )
    return "\n".join([HEAD, *rows]) + "\n"


@pytest.fixture
def folder(small: Project, referentiel: Referentiel, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The deposit of « val » in its folder, its answers under codes, the table beside them."""
    monkeypatch.setenv("BILAN_RACINE", str(small.root))
    monkeypatch.setenv("BILAN_CLE", str(small.root / "cle"))
    path = write(small.depots / "val", referentiel)
    (path / SURVEY).write_text(survey(CODES["P-1"], CODES["P-2"].lower()), encoding="utf-8")
    write_codes(table_path(path, "val"), TableDesCodes(CODES))
    return path


def bilan(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    status = cli.main([*map(str, arguments)])
    out, err = capsys.readouterr()
    assert not any(code in out + err for code in CODES.values())
    return status, out + err


def test_codes_are_of_signs_that_nobody_confuses_and_tell_nothing() -> None:
    table = TableDesCodes({}).completed(f"P-{n:03}" for n in range(500))
    codes = list(table.par_identifiant.values())
    assert len(set(codes)) == 500 and all(len(code) == LENGTH for code in codes)
    assert set("".join(codes)) == set(ALPHABET) and not set(ALPHABET) & set("0OQ1IL2Z5S8BU")
    assert ALPHABET.isalnum() and ALPHABET.isascii()
    again = TableDesCodes({}).completed(f"P-{n:03}" for n in range(500))
    assert not set(codes) & set(again.par_identifiant.values())  # no seed, no identifier behind them
    assert not any(code in repr(table) for code in codes)


def test_who_has_a_code_keeps_it_under_any_spelling() -> None:
    table = TableDesCodes(CODES).completed(["p1", "P 2", "P-4", "P4"])
    assert {name: table.par_identifiant[name] for name in CODES} == CODES
    assert list(table.par_identifiant) == ["P-1", "P-2", "P-3", "P-4"]
    assert table.codes_of("p_1") == [CODES["P-1"]] and table.codes_of("P-9") == []


def test_the_command_writes_the_table_of_the_territory_and_what_limesurvey_imports(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table_path(folder, "val").unlink()
    status, said = bilan(capsys, "enquete", "codes", "--territoire", "val")
    assert status == 0 and "3 codes, dont 3 nouveaux" in said
    table = load_table(folder)
    assert list(table.par_identifiant) == ["P-1", "P-2", "P-3"]
    text = (folder / "participants-val.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sorted(row["token"] for row in rows) == sorted(table.par_identifiant.values())
    # the importer leaves out who has the first name, the last name and the address of another
    assert len({(row["firstname"], row["lastname"], row["email"]) for row in rows}) == 3
    assert "P-" not in text and [row["token"] for row in rows] == sorted(row["token"] for row in rows)
    if os.name == "posix":
        assert all(path.stat().st_mode & 0o777 == 0o600 for path in folder.glob("*-val.csv"))
    status, said = bilan(capsys, "enquete", "codes", "--territoire", "val")
    assert "3 codes, dont 0 nouveau" in said and load_table(folder).par_identifiant == table.par_identifiant


@pytest.mark.parametrize("missing", ["classeur", "dossier"])
def test_without_a_workbook_there_is_nobody_to_give_a_code(
    folder: Path, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    (folder / BOOK).unlink()
    territory = "val" if missing == "classeur" else "vide"
    status, said = bilan(capsys, "enquete", "codes", "--territoire", territory)
    assert status == 1 and "classeur" in said and not (folder / "participants-val.csv").exists()


def test_a_table_that_cannot_be_read_is_not_replaced(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = table_path(folder, "val")
    path.write_text("identifiant;code;nom\nP-1;CDF;Jeanne Martin\n", encoding="utf-8")
    status, said = bilan(capsys, "enquete", "codes", "--territoire", "val")
    assert status == 1 and "n'est pas remplacée" in said and "Martin" not in said
    assert path.read_text(encoding="utf-8").endswith("Jeanne Martin\n")


def test_answers_under_codes_are_joined_and_the_table_is_not_received(
    folder: Path, small: Project, referentiel: Referentiel, capsys: pytest.CaptureFixture[str]
) -> None:
    deposit = read(folder, referentiel)
    people = list(deposit.lectures["personnes"].frame["personne"])
    assert list(deposit.lectures["reponses/salaries_ebe/1"].frame["repondant"]) == people[:2]
    assert [constat.regle for constat in deposit.constats] == ["enquete_codes_traduits"]
    status, said = bilan(capsys, "depot", "recevoir", folder)
    assert status == 0 and "« codes-val.csv »" in said and "rendez-la au territoire" in said
    kept = "".join(p.read_text(encoding="utf-8") for p in (small.depots / "recus").rglob("*") if p.is_file())
    assert "codes-" not in kept and not any(code in kept for code in CODES.values()) and "P-1" not in kept
    (recu,) = Ledger(small).deposits("val")
    assert {fichier.nom for fichier in recu.fichiers} == {path.name for path in folder.iterdir()} - {
        "codes-val.csv",
        "constats-val.xlsx",
    }


def test_without_its_table_an_export_under_codes_joins_nobody_and_says_so(
    folder: Path, referentiel: Referentiel
) -> None:
    table_path(folder, "val").unlink()
    (told,) = read(folder, referentiel).constats
    assert told.regle == "enquete_codes_inconnus" and "2 réponses, aucune" in told.trouve
    assert "codes-" in told.remede


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_table_saved_again_by_a_spreadsheet_is_read(folder: Path, separator: str) -> None:
    lines = [
        separator.join(pair) for pair in (("Code", "Identifiant"), *((c, name) for name, c in CODES.items()))
    ]
    table_path(folder, "val").write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig")
    table, constats = read_codes(folder)
    assert table.par_identifiant == CODES and constats == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"identifiant;code\nP-1\n",
        b"nom;code\nMartin;CDF\n",
        b"identifiant;code;nom\nP-1;CDF;Martin\n",
        b"identifiant;code\nP-1;CDF\nP-2;CDF\n",
        b"identifiant;code\nP-1;CDF\nP1;FDC\n",
    ],
)
def test_a_table_in_which_a_code_may_lead_to_someone_else_leads_to_nobody(
    folder: Path, referentiel: Referentiel, content: bytes
) -> None:
    table_path(folder, "val").write_bytes(content)
    told = {constat.regle: constat for constat in read(folder, referentiel).constats}
    assert set(told) == {"codes_illisibles", "enquete_codes_inconnus"}
    assert "Martin" not in str(told["codes_illisibles"])


def test_two_tables_that_contradict_each_other_lead_to_nobody(folder: Path) -> None:
    write_codes(folder / "codes-val (1).csv", TableDesCodes({"P-9": CODES["P-1"]}))
    table, (constat,) = read_codes(folder)
    assert table.par_identifiant == {} and "une autre table" in constat.trouve


@pytest.mark.parametrize("spelled", ["P-2", "p2", "P 2"])
@pytest.mark.parametrize("has_table", [True, False])
def test_erasing_a_person_finds_her_answers_under_her_code(
    folder: Path, small: Project, capsys: pytest.CaptureFixture[str], spelled: str, has_table: bool
) -> None:
    write_participants(folder / "participants-val.csv", TableDesCodes(CODES))
    bilan(capsys, "depot", "recevoir", folder)
    if not has_table:
        table_path(folder, "val").unlink()
    erase = ("depot", "effacer", "--territoire", "val", "--personne", spelled)
    status, said = bilan(capsys, *erase)
    assert status == 0 and SURVEY in said and ("Table des codes d'accès" in said) is has_table
    assert (folder / SURVEY).exists() and bilan(capsys, *erase, "--confirmer")[0] == 0
    assert not (folder / SURVEY).exists() and not (folder / BOOK).exists()
    if has_table:
        assert load_table(folder).par_identifiant == {name: CODES[name] for name in ("P-1", "P-3")}
        assert not (folder / "participants-val.csv").exists()
    ledger = Ledger(small)
    (recu,) = ledger.deposits("val")
    assert not ledger.holds(recu, load_key(ledger.marks()).empreinte("val")("P-2"))
    assert len(ledger.tables(recu)["reponses/salaries_ebe/1"]) == 1


@pytest.mark.parametrize("spelled", ["P-2", "P2", "p 2"])
def test_erasing_a_person_finds_the_export_that_dropped_her_hyphen(
    folder: Path, small: Project, capsys: pytest.CaptureFixture[str], spelled: str
) -> None:
    table_path(folder, "val").unlink()
    (folder / SURVEY).write_text(survey("P1", "P2"), encoding="utf-8")
    bilan(capsys, "depot", "recevoir", folder)
    erase = ("depot", "effacer", "--territoire", "val", "--personne", spelled, "--confirmer")
    assert bilan(capsys, *erase)[0] == 0
    assert not (folder / BOOK).exists() and not (folder / SURVEY).exists()
    (recu,) = Ledger(small).deposits("val")
    assert len(Ledger(small).tables(recu)["reponses/salaries_ebe/1"]) == 1
    assert list(Ledger(small).tables(recu)["personnes"].index) == [5, 7]


def test_codes_go_with_the_files_that_are_past_their_date(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bilan(capsys, "depot", "recevoir", folder)
    said = bilan(capsys, "depot", "effacer", "--territoire", "val", "--tous", "--confirmer")[1]
    assert "codes-val.csv" in said and sorted(path.name for path in folder.iterdir()) == []


def test_an_identifier_is_still_a_code_and_both_may_stand_in_one_export(
    folder: Path, referentiel: Referentiel
) -> None:
    (folder / SURVEY).write_text(survey(CODES["P-2"], "P3"), encoding="utf-8")
    hashed = CLE_DEMONSTRATION.empreinte("val")
    frame = read(folder, referentiel).lectures["reponses/salaries_ebe/1"].frame
    assert list(frame["repondant"]) == [hashed("P-2"), hashed("P-3")]


def test_one_person_under_two_codes_in_two_waves_is_one_person(
    small: Project, referentiel: Referentiel, tmp_path: Path
) -> None:
    """A first wave under her identifier, as it was done before, a second under her code."""
    rows = tables()
    rows["enquetes"].append({**rows["enquetes"][0], "vague": 2, "fichier": "enquete-2.csv"})
    rows["enquetes"][1]["date_collecte"] = rows["enquetes"][0]["date_collecte"].replace(year=2017)
    path = write(tmp_path / "envoi", referentiel, rows)
    (path / SURVEY).write_text(survey("P1"), encoding="utf-8")
    (path / "enquete-2.csv").write_text(survey(CODES["P-1"]), encoding="utf-8")
    write_codes(table_path(path, "val"), TableDesCodes(CODES))
    lectures = read(path, referentiel).lectures
    first, second = (lectures[f"reponses/salaries_ebe/{n}"].frame["repondant"] for n in (1, 2))
    assert list(first) == list(second) == [CLE_DEMONSTRATION.empreinte("val")("P-1")]


def test_a_table_is_written_whole_or_not_at_all(folder: Path) -> None:
    with pytest.raises(DepotError, match="n'est pas remplacée"):
        table_path(folder, "val").write_text("rien", encoding="utf-8")
        load_table(folder)
    assert [path.name for path in folder.iterdir() if path.suffix == ".nouveau"] == []
