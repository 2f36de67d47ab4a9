"""A calendar beside the workbook: named, it gives its meetings; missing or refused, they are said not to be whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from deposits import AGENDA, agenda, places, read, tables, write

from analysis.depot.dossier import Depot
from analysis.depot.formes.cle import CLE_DEMONSTRATION
from analysis.depot.garde.ledger import Ledger
from analysis.depot.lecteurs.fichiers import Nature, nature
from analysis.depot.referentiel import Referentiel
from analysis.noyau.paths import Project


def line(instance: str, mots: str | None, fichier: str = AGENDA) -> dict[str, Any]:
    return {"fichier": fichier, "instance": instance, "mots": mots}


def sent(folder: Path, referentiel: Referentiel, lines: list[dict[str, Any]], content: bytes | None) -> Depot:
    rows = tables()
    rows["calendriers"] = lines
    write(folder, referentiel, rows)
    if content is not None:
        (folder / AGENDA).write_bytes(content)
    return read(folder, referentiel)


TWO = [
    line("Comité local pour l'emploi", "comité local ; CLE"),
    line("Groupe de travail", "groupe de travail"),
]


def test_the_meetings_of_a_named_calendar_are_a_table_of_the_deposit(
    referentiel: Referentiel, tmp_path: Path
) -> None:
    deposit = sent(tmp_path / "envoi", referentiel, TWO, agenda())
    assert deposit.lectures["reunions"].frame.to_numpy().tolist() == [
        ["cle", "2018-06-14", 2.0, "tenue"],
        ["groupe_travail", "2018-06-20", 2.0, "tenue"],
    ]
    assert [rule for rule, *_ in places(deposit.constats)] == ["calendrier_titre"]
    assert "1 date sur 3" in deposit.constats[0].trouve
    assert not deposit.incomplets and not deposit.est_refuse(referentiel)


def test_nothing_of_a_calendar_but_days_is_kept_in_the_ledger(
    referentiel: Referentiel, tmp_path: Path
) -> None:
    deposit = sent(tmp_path / "envoi", referentiel, TWO, agenda())
    ledger = Ledger(Project(tmp_path / "projet"))
    ledger._project = Project.here()  # its dictionary; the deposits stay in the folder of the test
    recu = ledger.add(deposit, referentiel, CLE_DEMONSTRATION, today=date(2021, 9, 1))
    assert list(ledger.tables(recu)["reunions"].columns) == ["instance", "date", "duree", "etat"]
    kept = b"".join(path.read_bytes() for path in (tmp_path / "projet").rglob("*") if path.is_file())
    for word in (b"Martin", b"Durand", b"exemple.fr", b"recyclerie", b"Repas"):
        assert word not in kept


def test_a_calendar_that_no_line_names_is_told_by_what_it_is(
    referentiel: Referentiel, tmp_path: Path
) -> None:
    named = (
        b"ORGANIZER;CN=Jeanne Martin:mailto:jeanne.martin@exemple.fr\r\n",
        b"DESCRIPTION:chez Mme Durand\r\n",
    )
    quiet = agenda().replace(named[0], b"").replace(named[1], b"")
    deposit = sent(tmp_path / "envoi", referentiel, [], quiet)
    assert nature(tmp_path / "envoi" / AGENDA, referentiel) is Nature.CALENDRIER
    (constat,) = deposit.constats
    assert constat.regle == "fichier_inattendu" and constat.trouve == "un calendrier"
    assert "feuille Calendriers" in constat.remede
    assert "reunions" not in deposit.lectures


@pytest.mark.parametrize(
    ("content", "rule", "reason"),
    [
        (None, "fichier_absent", "un calendrier nommé n'est pas dans le dossier"),
        (b"<html></html>", "calendrier_illisible", "un calendrier est refusé"),
        (
            agenda(
                "BEGIN:VEVENT\r\nUID:s\r\nDTSTART:20180614T140000Z\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\n"
            ),
            "calendrier_recurrence",
            "un calendrier est refusé",
        ),
    ],
)
def test_a_calendar_that_is_not_read_leaves_the_meetings_incomplete(
    content: bytes | None, rule: str, reason: str, referentiel: Referentiel, tmp_path: Path
) -> None:
    deposit = sent(tmp_path / "envoi", referentiel, TWO[:1], content)
    assert rule in {found for found, *_ in places(deposit.constats)}
    assert deposit.incomplets == {"reunions": reason}
    assert not deposit.est_refuse(referentiel)


def test_a_workbook_of_before_the_three_sheets_is_read_without_a_word(
    referentiel: Referentiel, tmp_path: Path
) -> None:
    deposit = read(write(tmp_path / "envoi", referentiel), referentiel)
    assert deposit.constats == ()
    assert all(deposit.lectures[table].frame.empty for table in ("calendriers", "decisions", "benevolat"))
