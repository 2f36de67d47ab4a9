"""Our model filled in a French LibreOffice with ten ordinary habits passes at the second try.

The second try knows nothing but the answer to the first: each refusal is followed to the letter of its remedy.

1. Days and months are typed as people say them, or pasted as text.
2. Amounts have blanks and « € », parts of a full time are percentages.
3. A duration is typed in hours and minutes.
4. Choices are pasted instead of chosen.
5. A header gets a line break, another a blank; a column and a sheet that nobody uses are deleted.
6. A line of total closes a sheet.
7. A sheet takes the name of its year.
8. The year of a date is mistyped, that of another has two digits.
9. A part of a full time is typed « 3/4 », of which LibreOffice makes a date.
10. A file is named without its end; a blank copy of the model and a sheet of notes stay where they are.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from deposits import FEC, FEC_TEXT, SURVEY, SURVEY_TEXT, Rows, read, tables, write
from libreoffice import needs_office, office
from xlsxwriter.utility import xl_col_to_name

from analysis.depot.dossier import Depot
from analysis.depot.ecrits.modele import write_workbook
from analysis.depot.formes.constats import Constat
from analysis.depot.referentiel import Referentiel

HERE = Path(__file__).parent
FORMS = {"ods": "calc8", "xlsx": "Calc MS Excel 2007 XML"}

Orders = list[tuple[str | int, ...]]
Cell = tuple[str, str]


FRENCH = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>fr-FR</value></prop></item>
</oor:items>
"""


@pytest.fixture
def hand(tmp_path: Path) -> Iterator[Callable[[Path, Path, Orders], None]]:
    """Someone who opens a workbook in a French LibreOffice, does what she is told and saves."""
    profile = tmp_path / "profil"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(FRENCH, encoding="utf-8")
    with office(profile) as run:

        def act(source: Path, target: Path, orders: Orders) -> None:
            told = tmp_path / "ordres.json"
            told.write_text(json.dumps(orders), encoding="utf-8")
            run(HERE / "saisir.py", source, target, FORMS[target.suffix[1:]], told)

        yield act


def meant() -> Rows:
    """What she means: the small deposit, one at three quarters of a full time, no remark."""
    rows = tables()
    rows["personnes"][1]["remarque"] = None
    rows["contrats"][1]["quotite"] = 0.75
    for month in rows["etp"]:
        month["etp_ppde"] = 1.55
    rows["financements"][0].update(engage=9000.5, verse=9000.5)
    return rows


def cell_of(referentiel: Referentiel, table: str, champ: str, row: int) -> Cell:
    sheet = referentiel.layout.sheet(table)
    index = [column.champ for column in sheet.columns].index(champ)
    return (
        sheet.feuille,
        f"{xl_col_to_name(index)}{sheet.ligne_entete + row + (2 if table != 'depot' else 1)}",
    )


def spoken(kind: str, value: Any) -> str:
    """A value as it is typed: « 12/03/2018 », « 1,55 »."""
    if isinstance(value, date):
        return value.strftime("%m/%Y" if kind == "mois" else "%d/%m/%Y")
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def typed(referentiel: Referentiel, rows: Rows) -> dict[Cell, str]:
    """Each cell as it should be typed."""
    kinds = {(f.table, f.champ): f.type for fields in referentiel.fields.values() for f in fields}
    return {
        cell_of(referentiel, table, champ, rank): spoken(kinds[table, champ], value)
        for table, lines in rows.items()
        for rank, row in enumerate(lines)
        for champ, value in row.items()
        if value is not None and (table, champ) not in (("depot", "version"), ("depot", "territoire"))
    }


def first_try(referentiel: Referentiel, right: Mapping[Cell, str]) -> Orders:
    """The ten habits, in the order in which someone fills a workbook."""

    def at(table: str, champ: str, row: int = 0) -> Cell:
        return cell_of(referentiel, table, champ, row)

    closed = {
        cell_of(referentiel, table, field.champ, rank)
        for table, fields in referentiel.fields.items()
        if table in {sheet.table for sheet in referentiel.layout.sheets}
        for field in fields
        if field.type == "liste"
        for rank in range(4)
    }
    habits: dict[Cell, tuple[str, str]] = {
        at("personnes", "date_rencontre"): ("type", "12 mars 2018"),
        at("personnes", "date_volontariat"): ("paste", "3 avril 2018"),
        at("personnes", "date_decision_cle", 1): ("paste", "17-05-2018"),
        at("etp", "mois", 1): ("type", "octobre 2018"),
        at("etp", "mois", 2): ("type", "30/11/2018"),
        at("activites", "ventes"): ("type", "1 234,5"),
        at("financements", "engage"): ("paste", "9 000,50 €"),
        at("financements", "verse"): ("type", "9 000,50 €"),
        at("contrats", "quotite"): ("type", "80 %"),
        at("instances", "duree"): ("type", "2:30"),
        at("personnes", "sexe"): ("paste", "F"),
        at("personnes", "rqth", 1): ("paste", "non"),
        at("personnes", "situation"): ("paste", "salariée de l’EBE "),
        at("contrats", "ebe", 1): ("paste", "ESSAI\u00a058"),
        at("contrats", "date_fin"): ("paste", "en cours"),
        at("contrats", "date_debut"): ("type", "01/09/0218"),
        at("personnes", "date_situation", 1): ("paste", "01/09/18"),
        at("contrats", "quotite", 1): ("type", "3/4"),
        at("exercices", "fichier"): ("type", "comptes-2018"),
    }
    done = {cell: ("paste" if cell in closed else "type", text) for cell, text in right.items()} | habits
    orders: Orders = [(how, *cell, text) for cell, (how, text) in done.items()]
    remark = [column.champ for column in referentiel.layout.sheet("personnes").columns].index("remarque")
    return [
        *orders,
        ("type", "Personnes", "A3", "Identifiant "),
        ("paste", "Personnes", "C3", "Année de\nnaissance"),
        ("remove_column", "Personnes", remark),
        ("remove", "Mesures locales"),
        ("type", "ETP", "A9", "Total"),
        ("type", "ETP", "C9", "=SUM(C5:C8)"),
        ("add", "Notes"),
        ("type", "Notes", "A1", "à revoir avec le comité"),
        ("rename", "Contrats", "Contrats 2018"),
    ]


def followed(constat: Constat, right: Mapping[Cell, str], names: dict[str, str]) -> Orders:
    """What the remedy of a finding says to do, and nothing else."""
    if "redonnez-lui ce nom" in constat.remede:
        wrong = re.findall("« (.+?) »", constat.trouve)[0]
        names[wrong] = constat.feuille
        return [("rename", wrong, constat.feuille)]
    sheet = names.get(constat.feuille, constat.feuille)
    if not constat.remede or not constat.cellule:
        raise AssertionError(f"no one would know what to do: {constat}")
    text = right[sheet, constat.cellule]
    if "31/12/2018" in constat.remede:
        assert re.fullmatch(r"\d\d/\d\d/\d{4}", text)
    if "0,75 et non 3/4" in constat.remede:
        assert text == "0,75" and "format Standard" in constat.remede
        return [("standard", sheet, constat.cellule), ("type", sheet, constat.cellule, text)]
    return [("type", sheet, constat.cellule, text)]


def refused(deposit: Depot, referentiel: Referentiel) -> list[Constat]:
    return [c for c in deposit.constats if referentiel.regles[c.regle].gravite == "refuse"]


@needs_office
@pytest.mark.parametrize("form", list(FORMS))
def test_ten_habits_pass_at_the_second_try_by_following_the_answer(
    hand: Callable[[Path, Path, Orders], None], referentiel: Referentiel, tmp_path: Path, form: str
) -> None:
    folder, blank = tmp_path / "val", tmp_path / "vierge.xlsx"
    folder.mkdir()
    write_workbook(blank, referentiel, "val")
    write_workbook(folder / "Copie de depot-val.xlsx", referentiel, "val")
    (folder / FEC).write_text(FEC_TEXT, encoding="utf-8")
    (folder / SURVEY).write_text(SURVEY_TEXT, encoding="utf-8")
    right = typed(referentiel, meant())
    book = folder / f"depot-val.{form}"

    hand(blank, book, first_try(referentiel, right))
    answer = refused(read(folder, referentiel), referentiel)
    assert [(c.regle, c.feuille, c.cellule) for c in answer] == [
        ("feuille_renommee", "Contrats", ""),
        ("forme", "Personnes", "Y6"),
        ("borne" if form == "ods" else "forme", "Contrats 2018", "C5"),
        ("forme", "Contrats 2018", "F6"),
    ]

    assert {c.trouve for c in answer if c.cellule == "C5"} == {"une date d'avant 1900"}

    names: dict[str, str] = {}
    orders = [order for constat in answer for order in followed(constat, right, names)]
    again = tmp_path / book.name
    hand(book, again, orders)
    shutil.move(again, book)
    deposit = read(folder, referentiel)
    assert refused(deposit, referentiel) == []
    assert {c.regle for c in deposit.constats} == {
        *("classeur_lu", "colonne_retiree", "feuille_retiree", "feuille_inconnue"),
        *("fichier_inattendu", "fichier_proche"),
    }

    clean = read(write(tmp_path / "propre", referentiel, meant()), referentiel)
    for name, lecture in clean.lectures.items():
        found = deposit.lectures[name].frame
        if name == "exercices":  # the cell keeps the name as she typed it
            assert list(found.pop("fichier")) == ["comptes-2018"] and lecture.frame.pop("fichier") is not None
        assert lecture.frame.equals(found), name
