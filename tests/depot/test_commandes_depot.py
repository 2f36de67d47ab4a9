"""The commands as a person types them: what they print, what they leave, their exit status."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from deposits import BOOK, FEC, SURVEY, tables, write

from analysis import cli
from analysis.depot import options_depot
from analysis.depot.formes.cle import load_key
from analysis.depot.garde.ledger import Ledger
from analysis.depot.referentiel import Referentiel
from analysis.noyau.paths import Project


@pytest.fixture
def folder(small: Project, referentiel: Referentiel, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The deposit of « val » in its folder of the project."""
    monkeypatch.setenv("BILAN_RACINE", str(small.root))
    monkeypatch.setenv("BILAN_CLE", str(small.root / "cle"))
    return write(small.depots / "val", referentiel)


def later(years: int, monkeypatch: pytest.MonkeyPatch) -> None:
    class Later(datetime.date):
        @classmethod
        def today(cls) -> datetime.date:
            return datetime.date(datetime.date.today().year + years, 6, 1)

    monkeypatch.setattr(options_depot, "date", Later)


def bilan(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    status = cli.main(["depot", *map(str, arguments)])
    out, err = capsys.readouterr()
    assert not re.search(r"P-\d|Martin|Traceback", out + err.replace("--personne", ""))
    return status, out + err


def test_a_model_is_written_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = bilan(capsys, "modele", "--territoire", "vide")
    path = Path(said.strip())
    assert status == 0 and path.name == "depot-vide.xlsx"
    before = path.read_bytes()
    status, said = bilan(capsys, "modele", "--territoire", "vide")
    assert status == 1 and "existe déjà" in said and path.read_bytes() == before
    status, said = bilan(capsys, "modele", "--territoire", "vid")
    assert status == 1 and "Vouliez-vous dire « vide »" in said


def test_checking_keeps_nothing_and_makes_no_key(
    folder: Path, small: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = bilan(capsys, "verifier", folder)
    assert status == 0 and said.count("Aucun constat") == 1
    assert not (small.depots / "recus").exists() and not (small.root / "cle").exists()
    assert not list(folder.glob("constats-*"))


def test_findings_are_printed_and_written_to_send_back(
    folder: Path, referentiel: Referentiel, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tables()
    rows["personnes"][0]["sexe"] = None
    rows["personnes"][1]["sexe"] = None
    write(folder, referentiel, rows)
    status, said = bilan(capsys, "verifier", folder)
    assert status == 1 and "cellule B5 (« Sexe »)" in said and "De même en B6." in said
    report = openpyxl.load_workbook(folder / "constats-val.xlsx")
    lines = list(report["Constats"].iter_rows(min_row=2))
    assert [line[4].value for line in lines] == ["B5", "B6", "A5", "A6"]
    assert lines[0][4].hyperlink.target == BOOK and lines[0][4].hyperlink.location == "'Personnes'!B5"
    assert [line[1].value for line in lines] == ["Refusé"] * 4
    write(folder, referentiel)
    assert bilan(capsys, "verifier", folder)[0] == 0
    assert not (folder / "constats-val.xlsx").exists()


def test_answers_written_by_the_territory_are_not_replaced(
    folder: Path, referentiel: Referentiel, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tables()
    rows["personnes"][0]["sexe"] = None
    write(folder, referentiel, rows)
    bilan(capsys, "verifier", folder)
    report = folder / "constats-val.xlsx"
    book = openpyxl.load_workbook(report)
    book["Constats"]["J2"] = "la personne ne souhaite pas répondre"
    book.save(report)
    assert "constats-val-reponses-1.xlsx" in bilan(capsys, "verifier", folder)[1]
    kept = openpyxl.load_workbook(folder / "constats-val-reponses-1.xlsx")
    assert kept["Constats"]["J2"].value == "la personne ne souhaite pas répondre"
    assert report.exists() and "gardées à part" not in bilan(capsys, "verifier", folder)[1]


def test_a_new_correction_makes_a_new_deposit(
    folder: Path, small: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    bilan(capsys, "recevoir", folder)
    (small.depots / "corrections.csv").write_text(
        "territoire,table,cellule,valeur_trouvee,valeur_corrigee,raison,date,auteur\n"
        "val,contrats,Contrats!F5,0.8,0.9,avenant oublié,2026-11-23,évaluation\n",
        encoding="utf-8",
    )
    status, said = bilan(capsys, "recevoir", folder)
    assert status == 0 and "- Contrats : 1 ligne modifiée (« Quotité » 1 fois)." in said
    assert "déjà ceux du dépôt n° 2" in bilan(capsys, "recevoir", folder)[1]
    assert (
        "corrigé : Contrats!F5, le 2026-11-23, par évaluation (avenant oublié)"
        in bilan(capsys, "etat", "--territoire", "val")[1]
    )


def test_a_workbook_or_a_fec_alone_is_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bilan(capsys, "verifier", folder / BOOK)[0] == 0
    status, said = bilan(capsys, "verifier", folder / FEC)
    assert status == 0 and re.search(r"Comptes +4 +4 +0", said)
    status, said = bilan(capsys, "verifier", folder / "absent.xlsx")
    assert status == 1 and "n'existe pas. Donnez un dossier de dépôt" in said
    other = folder / "personnes.csv"
    other.write_text("Code;Sexe\nP-1;Femme\n", encoding="utf-8")
    status, said = bilan(capsys, "verifier", other)
    assert status == 1 and "Ce fichier, donné seul, est lu comme des comptes." in said


def test_receiving_twice_then_a_correction(
    folder: Path, referentiel: Referentiel, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = bilan(capsys, "recevoir", folder)
    assert status == 0 and "Dépôt n° 1 de « val » reçu" in said and "cle" in said
    status, said = bilan(capsys, "recevoir", folder)
    assert status == 0 and "déjà ceux du dépôt n° 1" in said
    rows = tables()
    rows["personnes"][0]["diplome"] = "Bac + 2"
    write(folder, referentiel, rows)
    status, said = bilan(capsys, "recevoir", folder)
    assert status == 0 and "- Personnes : 1 ligne modifiée (« Diplôme » 1 fois)." in said
    status, said = bilan(capsys, "etat", "--territoire", "val")
    assert status == 0 and "dépôt n° 1" in said and "dépôt n° 2" in said and "sha256" in said
    assert "par : direction de l'EBE" in said


def test_a_refused_deposit_keeps_nothing(
    folder: Path, small: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / BOOK).write_bytes(b"")
    status, said = bilan(capsys, "recevoir", folder)
    assert status == 1 and "rien n'est gardé" in said and "un fichier vide" in said
    assert not (small.depots / "recus").exists()
    assert bilan(capsys, "recevoir", folder / FEC)[0] == 1


def test_another_key_is_refused(
    folder: Path, small: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bilan(capsys, "recevoir", folder)
    monkeypatch.setenv("BILAN_CLE", str(small.root / "autre"))
    status, said = bilan(capsys, "recevoir", folder)
    assert status == 1 and "Aucune clé" in said and not (small.root / "autre").exists()
    (small.root / "autre").write_text("00" * 32, encoding="ascii")
    status, said = bilan(capsys, "recevoir", folder)
    assert status == 1 and "n'est pas celle des dépôts" in said


def test_what_is_missing_is_told(
    folder: Path, referentiel: Referentiel, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tables()
    rows["depenses"] = []
    write(folder, referentiel, rows)
    (folder / SURVEY).unlink()
    assert bilan(capsys, "recevoir", folder)[0] == 0
    status, said = bilan(capsys, "etat", "--territoire", "val")
    assert "manque : la feuille « Dépenses » est vide" in said
    status, said = bilan(capsys, "etat")
    assert "vide" in said and "aucun dépôt reçu" in said


def test_erasing_a_person_asks_then_erases_everywhere(
    folder: Path, small: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    bilan(capsys, "recevoir", folder)
    status, said = bilan(capsys, "effacer", "--territoire", "val", "--personne", "P-2")
    assert status == 0 and "Rien n'est encore effacé" in said and (folder / BOOK).exists()
    status, said = bilan(capsys, "effacer", "--territoire", "val", "--personne", "p-2", "--confirmer")
    assert status == 0 and "5 lignes effacées" in said
    assert not (folder / BOOK).exists() and not (folder / SURVEY).exists() and (folder / FEC).exists()
    status, said = bilan(capsys, "effacer", "--territoire", "val", "--personne", "P-2", "--confirmer")
    assert status == 1 and "dans aucun dépôt gardé" in said


def test_an_identifier_that_begins_another_does_not_erase_its_files(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bilan(capsys, "recevoir", folder)
    assert bilan(capsys, "effacer", "--territoire", "val", "--personne", "P", "--confirmer")[0] == 1
    assert (folder / SURVEY).exists()


def test_erasing_a_person_looks_into_every_file_of_the_territory(
    folder: Path, small: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "comptes rendus").mkdir()
    report, photo, other = (folder / name for name in ("comptes rendus/a.docx", "photo.jpg", "notes.md"))
    with zipfile.ZipFile(report, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/comments.xml", "<c><p><t>P</t><t>-3 est venue</t></p></c>")
    photo.write_bytes(bytes(range(256)))
    other.write_text("P-30 est venue", encoding="utf-8")
    remarks = small.relectures / "val" / "commentaires.csv"
    remarks.parent.mkdir(parents=True)
    remarks.write_text("texte\np3 n'est pas venue\n", encoding="utf-8")
    erase = ("effacer", "--territoire", "val", "--personne", "P3")
    status, said = bilan(capsys, *erase)
    assert status == 0 and report.exists() and photo.exists()
    assert "a.docx », qui contient cet identifiant (un commentaire) : tout le fichier." in said
    assert "photo.jpg », qui ne peut pas être vérifié (un format que le programme ne lit pas" in said
    assert "commentaires.csv » contient cet identifiant. Retirez la remarque" in said
    assert "notes.md" not in said
    assert bilan(capsys, *erase, "--confirmer")[0] == 0
    assert not report.exists() and not photo.exists() and other.exists() and remarks.exists()


def test_erasing_a_person_takes_the_texts_of_others_that_name_her(
    folder: Path, small: Project, referentiel: Referentiel, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tables()
    rows["personnes"][1]["remarque"] = "préfère travailler avec p1"
    write(folder, referentiel, rows)
    bilan(capsys, "recevoir", folder)
    said = bilan(capsys, "effacer", "--territoire", "val", "--personne", "P-1", "--confirmer")[1]
    assert "4 lignes effacées" in said  # the person, a contract, an answer; a remark of someone else
    ledger = Ledger(small)
    (recu,) = ledger.deposits("val")
    assert list(ledger.texts(recu)["texte"]) == ["on apprend"]


def test_the_hashes_of_an_earlier_version_are_replaced_at_the_next_reception_which_says_so(
    folder: Path, small: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """The very same files are enough: they bring the identifiers that the ledger does not have."""
    bilan(capsys, "recevoir", folder)
    ledger = Ledger(small)
    cle = load_key(ledger.marks())
    empreinte = cle.empreinte("val")
    for path in (small.depots / "recus").rglob("*.csv"):
        text = path.read_text(encoding="utf-8")
        for person in ("P-1", "P-2", "P-3"):
            old = hmac.new(cle.secret, f"val\0{person}".encode(), hashlib.sha256).hexdigest()[:20]
            text = text.replace(empreinte(person), old)
        path.write_text(text, encoding="utf-8")
    said = bilan(capsys, "recevoir", folder)[1]
    assert "3 personnes y avaient une empreinte d'avant" in said and "rien d'autre ne change" in said
    (recu,) = ledger.deposits("val")
    assert list(ledger.tables(recu)["personnes"]["personne"]) == [empreinte(f"P-{n}") for n in (1, 2, 3)]
    said = bilan(capsys, "recevoir", folder)[1]
    assert "empreinte d'avant" not in said and "rien ne change" in said


def test_what_is_past_its_date_is_told_then_erased(
    folder: Path, small: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bilan(capsys, "recevoir", folder)
    assert "Rien à effacer" in bilan(capsys, "effacer", "--territoire", "val", "--echus", "--confirmer")[1]
    later(1, monkeypatch)
    said = bilan(capsys, "effacer", "--territoire", "val", "--echus", "--confirmer")[1]
    assert BOOK in said and "tables" not in said and sorted(path.name for path in folder.iterdir()) == []
    later(3, monkeypatch)
    assert "ses textes libres" in bilan(capsys, "effacer", "--territoire", "val", "--echus", "--confirmer")[1]
    later(6, monkeypatch)
    assert "À EFFACER" in bilan(capsys, "etat")[1]
    assert "ses tables" in bilan(capsys, "effacer", "--territoire", "val", "--echus", "--confirmer")[1]
    assert "effacé le" in bilan(capsys, "etat")[1]


@pytest.mark.parametrize("action", ["modele", "verifier", "recevoir", "etat", "effacer"])
def test_every_help_is_in_french(action: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.parser().parse_args(["depot", action, "--help"])
    shown = capsys.readouterr().out
    assert "Utilisation : bilan depot" in shown and "usage" not in shown


def test_erasing_says_what_is_missing_from_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.parsed(["depot", "effacer", "--territoire", "val"])
    assert "il manque l'un de ces arguments : --personne --echus --tous" in capsys.readouterr().err
