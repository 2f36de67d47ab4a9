"""A territory that a reader of the guide invents: rows in two files, then the same commands, no code."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from analysis.cli import main
from analysis.noyau.paths import Project

TERRITOIRE = (
    "lune,Val-de-Lune,lune,Val-de-Lune,99001,Val-de-Lune,99,Nulle part,,,0060,Nevers,communes,commune de Val-de-Lune,"
    "2022-01-01,gazette-2016,3.1,47.1,non\n"
)
EBE = "lune-emploi,lune,Lune Emploi,2022-03,oui,gazette-2016\n"


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8", newline="\n")


def fill(path: Path) -> None:
    """What a person types over the example lines, in the fields that must be filled."""
    book = openpyxl.load_workbook(path)
    book["Dépôt"]["C4"], book["Dépôt"]["D4"], book["Dépôt"]["E4"] = (
        date(2023, 12, 31),
        "Chef de projet du CLE",
        "Oui",
    )
    example = [cell.value for cell in book["Personnes"][4]]
    for column, value in enumerate(["L-1", *example[1:]], start=1):
        book["Personnes"].cell(4, column, value)
    contract = ["L-1", "Lune Emploi", date(2022, 9, 1), None, None, 0.8, 11.07, "Autre fonction"]
    for column, value in enumerate(contract, start=1):
        book["Contrats"].cell(4, column, value)
    for row, month in enumerate(range(9, 13), start=4):
        for column, value in enumerate(["Lune Emploi", date(2022, month, 1), 0.8, 1], start=1):
            book["ETP"].cell(row, column, value)
    book.save(path)


def test_a_territory_invented_by_a_reader_goes_through_without_code(
    small: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BILAN_RACINE", str(small.root))
    monkeypatch.setenv("BILAN_CLE", str(small.root / "cle"))
    append(small.data / "territoires.csv", TERRITOIRE)
    append(small.data / "ebe.csv", EBE)
    assert main(["depot", "modele", "--territoire", "lune"]) == 0
    path = small.depots / "lune" / "depot-lune.xlsx"
    assert capsys.readouterr().out.strip() == str(path)
    fill(path)
    assert main(["depot", "verifier", str(path.parent)]) == 0
    assert "Refusé" not in capsys.readouterr().out
    assert main(["depot", "recevoir", str(path.parent)]) == 0
    assert "Dépôt n° 1 de « lune » reçu" in capsys.readouterr().out
    assert main(["depot", "etat"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in shown] == ["val", "vide", "lune"]
    assert "aucun dépôt reçu" in shown[0] and "par : chef de projet du CLE" in shown[2]
