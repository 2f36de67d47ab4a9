"""Receiving again, at the same time, and taking back: nothing is lost, doubled or decided in silence."""

from __future__ import annotations

import csv
import multiprocessing
import time
from dataclasses import fields
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from chapitre_essai import html, write_copy

from analysis.noyau.errors import BilanError, InvalidData
from analysis.noyau.paths import Project
from analysis.relecture import reception
from analysis.relecture.commandes_relecture import etat, retirer, retirer_fichier
from analysis.relecture.reception import Reception, recevoir
from analysis.relecture.remarques import MOST_REMARKS
from analysis.relecture.remis.preparation import preparer
from analysis.relecture.reponses import ACCORD, COLUMNS, ecrire_reponses, repondre
from analysis.sources.commentaires import Commentaire, load_commentaires, save_commentaires

TODAY = date(2026, 11, 26)


@pytest.fixture
def ready(small: Project) -> Project:
    """A project whose chapter was handed out."""
    write_copy(small, html())
    preparer(small, "val")
    return small


def export(project: Project, *rows: tuple[str, ...], name: str = "results-survey1.csv") -> Path:
    """An export of LimeSurvey: number, seed, college, passage, remark, consent."""
    path = project.root / name
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
        heads = ("id", "submitdate", "seed", "college", "passage", "genre", "remarque", "publier")
        writer.writerow(heads)
        for number, seed, college, passage, text, publish in rows:
            writer.writerow((number, "1980-01-01 00:00:00", seed, college, passage, "", text, publish))
    return path


def told(found: Reception) -> str:
    return "\n".join(map(str, found.constats))


def kept(project: Project) -> list[Commentaire]:
    return list(load_commentaires(project, "val"))


def _receive_slowly(project: Project, path: Path) -> None:
    """Receive a file, the time between the reading and the writing of the register made long."""
    save = reception.save_commentaires

    def slow(*arguments: object) -> None:
        time.sleep(0.4)
        save(*arguments)  # type: ignore[arg-type]

    reception.save_commentaires = slow  # type: ignore[assignment]
    recevoir(project, "val", path, today=TODAY)


def test_two_people_who_receive_at_once_lose_nothing(ready: Project) -> None:
    paths = [
        export(ready, (f"{n}", f"8{n}", "", "", f"Remarque {n}.", "Y"), name=f"export-{n}.csv")
        for n in range(3)
    ]
    processes = [multiprocessing.Process(target=_receive_slowly, args=(ready, path)) for path in paths]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert sorted(comment.texte for comment in kept(ready)) == ["Remarque 0.", "Remarque 1.", "Remarque 2."]


def test_a_college_and_a_consent_forgotten_at_reception_are_given_afterwards(
    ready: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    path = export(ready, ("1", "81", "", "", "Une remarque.", ""), ("2", "82", "", "", "Une autre.", "N"))
    found = recevoir(ready, "val", path, today=TODAY)
    assert "2 remarques dont le collège n'est pas dit" in told(found)
    assert "1 remarque dont l'accord n'a pas été demandé" in told(found)
    assert [(c.role, c.consentement, c.accord) for c in kept(ready)] == [
        ("", "", "non_demande"),
        ("", "non", "demande"),
    ]
    assert etat(ready, "val") == 0 and "par accord : Non 1, Non demandé 1" in capsys.readouterr().out
    found = recevoir(ready, "val", path, today=TODAY, college="elus", consentement="oui")
    assert (found.added, found.already, found.completed) == (0, 2, 2) and not found.constats
    assert [(c.role, c.consentement) for c in kept(ready)] == [("elus", "oui"), ("elus", "non")]
    again = recevoir(ready, "val", path, today=TODAY, college="etat", consentement="oui")
    assert (again.completed, [c.role for c in kept(ready)]) == (0, ["elus", "elus"])


def fill(path: Path, line: int, **cells: str) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["Réponses"]
    heads = [cell.value for cell in sheet[1]]
    names = {"college": "Collège", "accord": ACCORD, "statut": "Statut", "reponse": "Réponse"}
    for name, value in cells.items():
        sheet.cell(line, heads.index(names[name]) + 1).value = value
    book.save(path)


def test_a_college_and_a_consent_are_taken_from_the_workbook_of_answers(ready: Project) -> None:
    recevoir(
        ready,
        "val",
        export(ready, ("1", "81", "", "", "Une.", ""), ("2", "82", "", "", "Deux.", "N")),
        today=TODAY,
    )
    path = ecrire_reponses(ready, "val")
    column = openpyxl.load_workbook(path)["Réponses"]["J"]
    assert [cell.value or "" for cell in column] == [ACCORD, "", "Non"]
    fill(path, 2, college="Élus", accord="Oui")
    assert repondre(ready, path, today=TODAY).changed == 1
    assert [(c.role, c.consentement, c.statut) for c in kept(ready)] == [
        ("elus", "oui", "a_repondre"),
        ("", "non", "a_repondre"),
    ]
    fill(path, 3, accord="Oui", college="Mairie")
    with pytest.raises(InvalidData) as refused:
        repondre(ready, path, today=TODAY)
    assert "un refus devenu un accord" in str(refused.value) and "Collège" in str(refused.value)
    assert kept(ready)[1].consentement == "non"


def test_a_workbook_of_answers_made_before_the_column_of_consents_is_read(ready: Project) -> None:
    recevoir(ready, "val", export(ready, ("1", "81", "A1", "", "Une.", "Y")), today=TODAY)
    path = ecrire_reponses(ready, "val")
    book = openpyxl.load_workbook(path)
    book["Réponses"].delete_cols(len(COLUMNS) + 1)
    book.save(path)
    before = kept(ready)
    assert repondre(ready, path, today=TODAY).changed == 0 and kept(ready) == before


def test_a_register_of_the_first_versions_is_read_and_completed(ready: Project) -> None:
    path = export(ready, ("1", "81", "", "", "Une.", "Y"))
    recevoir(ready, "val", path, today=TODAY)
    register = ready.relectures / "val" / "commentaires.csv"
    rows = list(csv.reader(register.read_text(encoding="utf-8").splitlines()))
    with register.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(row[:-2] for row in rows)
    (old,) = kept(ready)
    assert (old.fichier, old.reponse_a, old.texte) == ("", "", "Une.")
    with pytest.raises(BilanError, match="se reçoit d'abord de nouveau"):
        retirer_fichier(ready, "val", path.name)
    recevoir(ready, "val", path, today=TODAY)
    assert [len(row) for row in csv.reader(register.read_text(encoding="utf-8").splitlines())] == [
        len(fields(Commentaire))
    ] * 2
    assert retirer_fichier(ready, "val", path.name) == 0 and not kept(ready)


def test_a_second_download_of_a_survey_doubles_nothing(ready: Project) -> None:
    """Its name, the codes or the words of its answers, and the day it is read do not matter."""
    first = export(
        ready, ("1", "81", "A1", "P001", "Trop bas.", "Y"), ("2", "82", "A1", "P001", "Trop bas.", "")
    )
    assert recevoir(ready, "val", first, today=TODAY).added == 2
    again = export(
        ready,
        ("1", "81", "Élus", "partie-2", "'=Trop bas.", "Oui"),
        ("2", "82", "", "", "Trop bas.", "N/A"),
        ("3", "83", "", "", "Nouveau.", "Oui"),
        name="results-survey1 (1).csv",
    )
    found = recevoir(ready, "val", again, today=date(2026, 12, 1))
    assert (found.read, found.added, found.already) == (3, 1, 2) and len(kept(ready)) == 3
    assert [c.consentement for c in kept(ready)] == ["oui", "", "oui"]  # « N/A » is no refusal


def test_an_export_in_questions_is_the_export_in_codes(ready: Project) -> None:
    """As LimeSurvey 6 gives it by the screen: whole questions over the columns, commas or tabs."""
    recevoir(ready, "val", export(ready, ("1", "81", "A1", "P001", "=Trop bas.", "Y")), today=TODAY)
    heads = (
        *("ID de la réponse", "Date de soumission", "Tête de série", "De quel collège êtes-vous\u00a0?"),
        *("De quel passage parlez-vous ?", "Votre remarque est plutôt :", "remarque. Votre remarque"),
        "Acceptez-vous qu’elle soit publiée, sans votre nom ?",
    )
    rows = [
        ("1", "1980-01-01 00:00:00", "81", "Élus", "", "Accord", "'=Trop bas.", "Oui"),
        ("2", "1980-01-01 00:00:00", "82", "Élus", "", "Accord", "'=Très juste.", "Oui"),
    ]
    for rank, separator in enumerate(",\t"):
        path = ready.root / f"ecran-{rank}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([heads, *rows])
        found = recevoir(ready, "val", path, today=TODAY)
        assert (found.added, found.already) == (1 - rank, 1 + rank), told(found)
    assert [(c.texte, c.role, c.genre, c.consentement) for c in kept(ready)][1] == (
        "=Très juste.",
        "elus",
        "accord",
        "oui",
    )


def test_an_export_of_more_remarks_than_people_write_is_refused_at_once(ready: Project) -> None:
    rows = [(str(n), f"9{n}", "", "", f"Remarque {n}.", "Y") for n in range(MOST_REMARKS + 1)]
    started = time.perf_counter()
    with pytest.raises(InvalidData, match=r"10001 remarques.*10000 par fichier"):
        recevoir(ready, "val", export(ready, *rows), today=TODAY)
    assert not kept(ready) and time.perf_counter() - started < 10


def test_a_chapter_keeps_no_more_remarks_than_somebody_can_answer(
    ready: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "MOST_KEPT", 2)
    few = export(ready, ("1", "81", "", "", "Une.", "Y"), ("2", "82", "", "", "Deux.", "Y"))
    assert recevoir(ready, "val", few, today=TODAY).added == 2
    more = export(ready, ("7", "87", "", "", "D'ailleurs.", "Y"), name="autre.csv")
    with pytest.raises(InvalidData, match=r"3 remarques.*au plus 2 par chapitre.*retirer --fichier"):
        recevoir(ready, "val", more, today=TODAY)
    assert recevoir(ready, "val", few, today=TODAY).already == 2 and len(kept(ready)) == 2


def test_a_file_is_taken_back_whole_and_received_again(
    ready: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = export(
        ready, ("1", "81", "", "", "Une.", "Y"), ("2", "82", "", "", "Une remarque bien longue ici.", "Y")
    )
    other = export(ready, ("7", "87", "", "", "D'ailleurs.", "Y"), name="autre.csv")
    for path in (mine, other):
        recevoir(ready, "val", path, today=TODAY)
    first, second, kept_one = kept(ready)
    retirer(ready, "val", second.id)
    answers = ecrire_reponses(ready, "val")
    fill(answers, 2, statut="Répondu", reponse="Merci.")
    repondre(ready, answers, today=TODAY)
    capsys.readouterr()
    with pytest.raises(BilanError, match=r"« inconnu\.csv »"):
        retirer_fichier(ready, "val", "inconnu.csv")
    assert retirer_fichier(ready, "val", "dossier/Results-Survey1.csv") == 0
    said = capsys.readouterr().out
    assert "1 remarque retirée" in said and f"{first.id} (2026-11-26" in said and "avec sa réponse" in said
    assert "Les réponses sont effacées aussi" in said and not answers.exists()
    assert [c.id for c in kept(ready)] == [second.id, kept_one.id]
    found = recevoir(ready, "val", mine, today=TODAY)
    assert (found.added, found.refused) == (1, 1) and "a retirée" in told(found)
    assert {c.texte for c in kept(ready)} == {"Une.", "", "D'ailleurs."}


def test_the_register_holds_the_name_of_no_file(ready: Project) -> None:
    path = export(ready, ("1", "81", "", "", "Une.", "Y"), name="remarques-jeanne-martin.csv")
    recevoir(ready, "val", path, today=TODAY)
    assert "jeanne" not in (ready.relectures / "val" / "commentaires.csv").read_text(encoding="utf-8").lower()
    save_commentaires(ready, "val", kept(ready))
    assert retirer_fichier(ready, "val", path.name) == 0 and not kept(ready)


@pytest.mark.parametrize(
    ("said", "day"),
    [("2091-01-01 08:00:00", TODAY), (f"{TODAY} 08:00:00", TODAY), ("2021-05-04 08:00:00", date(2021, 5, 4))],
)
def test_a_remark_is_not_dated_after_its_reception(ready: Project, said: str, day: date) -> None:
    path = export(ready, ("1", "81", "A1", "", "Une.", "Y"))
    path.write_text(path.read_text("utf-8-sig").replace("1980-01-01 00:00:00", said), "utf-8-sig")
    recevoir(ready, "val", path, today=TODAY)
    assert [comment.date for comment in kept(ready)] == [day.isoformat()]
