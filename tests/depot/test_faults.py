"""Forty faults planted in a real folder come back as these forty findings, each at its address.

The folder is what an invented territory sends: a workbook, FEC and survey exports, clean before.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from xlsxwriter.utility import xl_col_to_name

from analysis.demonstration.etapes.ecrits import prepare
from analysis.demonstration.etapes.envois import GRAINE
from analysis.demonstration.generator import generer
from analysis.demonstration.lieux import lieux
from analysis.depot.dossier import Depot, read_depot
from analysis.depot.ecrits.modele import write_workbook
from analysis.depot.formes.cle import CLE_DEMONSTRATION
from analysis.depot.formes.constats import Constat
from analysis.depot.referentiel import Referentiel, load_referentiel
from analysis.noyau.paths import Project

LIEU = next(lieu for lieu in lieux() if lieu.code == "valcourbe-sur-lisse")
EBE = LIEU.entreprises[0]
BOOK = f"depot-{LIEU.code}.xlsx"
DAY = timedelta(days=1)

Place = tuple[str, str, str]
"""The rule, the file or sheet, the cell or line of a finding."""


@dataclass
class Folder:
    """A deposit in the making: its rows and files, and the findings that its faults must give."""

    referentiel: Referentiel
    tables: dict[str, list[dict[str, Any]]]
    fichiers: dict[str, bytes]
    planted: list[Place] = field(default_factory=list)
    on_the_book: list[Callable[[openpyxl.Workbook], None]] = field(default_factory=list)

    def line(self, table: str, row: dict[str, Any]) -> int:
        sheet = self.referentiel.layout.sheet(table)
        position = next(i for i, other in enumerate(self.tables[table]) if other is row)
        return sheet.ligne_entete + 2 + position

    def cell(self, table: str, row: dict[str, Any], champ: str) -> str:
        columns = [column.champ for column in self.referentiel.layout.sheet(table).columns]
        return f"{xl_col_to_name(columns.index(champ))}{self.line(table, row)}"

    def expect(self, rule: str, table: str, row: dict[str, Any], champ: str) -> None:
        self.planted.append(
            (rule, self.referentiel.layout.sheet(table).feuille, self.cell(table, row, champ))
        )

    def set(self, rule: str, table: str, row: dict[str, Any], champ: str, value: object) -> None:
        row[champ] = value
        self.expect(rule, table, row, champ)

    def append(self, table: str, row: dict[str, Any]) -> dict[str, Any]:
        self.tables[table].append(row)
        return row

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        path = folder / BOOK
        write_workbook(path, self.referentiel, LIEU.code, self.tables)
        if self.on_the_book:
            book = openpyxl.load_workbook(path)
            for change in self.on_the_book:
                change(book)
            book.save(path)
        for name, content in self.fichiers.items():
            (folder / name).write_bytes(content)


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("demonstration"), "demonstration")
    prepare(Project.here(), project, lieux())
    return project


@pytest.fixture(scope="module")
def referentiel(invented: Project) -> Referentiel:
    return load_referentiel(invented)


@pytest.fixture
def folder(referentiel: Referentiel) -> Folder:
    sent = generer(LIEU, GRAINE)
    tables = {name: [dict(row) for row in rows] for name, rows in sent.tables.items()}
    finished = {
        name: finished_answers(content)
        for name, content in sent.fichiers.items()
        if name.startswith("enquete")
    }
    return Folder(referentiel, tables, {**sent.fichiers, **finished})


def finished_answers(content: bytes) -> bytes:
    """A survey export without the answers that were not sent, nor those of who did not agree: both are told."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    sent, agreed = rows[0].index("submitdate"), rows[0].index("consent")
    return csv_bytes([rows[0], *(row for row in rows[1:] if row[sent] and row[agreed] in ("Y", "Oui"))])


def csv_bytes(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def read(path: Path, referentiel: Referentiel) -> Depot:
    return read_depot(path, referentiel, empreinte=CLE_DEMONSTRATION.empreinte)


def place(constat: Constat) -> Place:
    where = constat.cellule or (str(constat.ligne) if constat.ligne else "")
    return constat.regle, constat.feuille or constat.fichier, where


class Unhired:
    """The volunteers without any contract, each taken once."""

    def __init__(self, folder: Folder) -> None:
        hired = {row["personne"] for row in folder.tables["contrats"]}
        waiting = [row for row in folder.tables["personnes"] if row["personne"] not in hired]
        self.left = [row for row in waiting if row["date_volontariat"] and row["date_decision_cle"]]

    def take(self, wanted: Callable[[dict[str, Any]], bool] = lambda row: True) -> dict[str, Any]:
        taken = next(row for row in self.left if wanted(row))
        self.left.remove(taken)
        return taken


def is_eligible(row: dict[str, Any]) -> bool:
    return bool(row["decision_cle"] == "Éligible")


def contract(person: dict[str, Any], start: date, **changes: object) -> dict[str, Any]:
    """Ten days at one twentieth of a full time: too short to move the ETP of a month."""
    row = {
        "personne": person["personne"],
        "ebe": EBE.nom,
        "date_debut": start,
        "date_fin": start + 9 * DAY,
        "motif_fin": "Démission",
        "quotite": 0.05,
        "salaire_horaire": 10.25,
        "fonction": "Autre fonction",
    }
    return {**row, **changes}


def plant_in_people(folder: Folder, people: Unhired) -> None:
    for rule, champ, value in (
        ("valeur_manquante", "sexe", None),
        ("valeur_inconnue", "diplome", "Doctorat"),
        ("borne", "annee_naissance", 1850),
        ("forme", "enfants", 1.5),
        ("forme", "date_rencontre", "12/03/18"),
        ("forme", "mois_sans_emploi", "1 234,5"),
        ("donnee_personnelle", "remarque", "voir jeanne.martin@exemple.fr"),
        ("donnee_personnelle", "remarque", "rappeler au 06 12 34 56 78"),
        ("donnee_personnelle", "remarque", "dossier 2 75 05 63 123 456 89"),
        ("donnee_personnelle", "remarque", "orientée par Mme Durand"),
        ("forme", "personne", "DURAND"),
        ("posterieur_arrete", "date_situation", LIEU.date_arrete + DAY),
        ("decision_sans_date", "date_decision_cle", None),
    ):
        folder.set(rule, "personnes", people.take(), champ, value)
    person = people.take()
    folder.set("etape_desordonnee", "personnes", person, "date_volontariat", person["date_rencontre"] - DAY)
    person = people.take(is_eligible)
    person["date_mois_sans_emploi"] = person["date_decision_cle"]
    folder.set("moins_d_un_an", "personnes", person, "mois_sans_emploi", 11)
    person = people.take(is_eligible)
    folder.set(
        "domicile_recent", "personnes", person, "date_domicile", person["date_decision_cle"] - 90 * DAY
    )
    folder.set("situation_sans_contrat", "personnes", people.take(), "situation", "Salariée de l'EBE")
    twin = folder.append("personnes", dict(people.take()))
    folder.expect("doublon", "personnes", twin, "personne")


def plant_in_contracts(folder: Folder, people: Unhired) -> None:
    def add(person: dict[str, Any], start: date, rule: str, champ: str, **changes: object) -> None:
        row = folder.append("contrats", contract(person, start, **changes))
        folder.expect(rule, "contrats", row, champ)

    before = people.take(lambda row: row["date_volontariat"] < EBE.ouverture - 60 * DAY)
    after = people.take(lambda row: row["date_volontariat"] > date(2017, 6, 1))
    start = LIEU.date_arrete - 12 * DAY
    add({"personne": "Z-9999"}, start, "contrat_sans_personne", "personne")
    add(people.take(), start, "fin_avant_debut", "date_fin", date_fin=start - DAY)
    add(people.take(), start, "fin_sans_motif", "motif_fin", motif_fin=None)
    full = next(
        row
        for row in folder.tables["contrats"]
        if row["quotite"] == 1 and not row["date_fin"] and row["date_debut"] < start
    )
    add(full, start, "contrats_cumules", "quotite")
    add(after, after["date_volontariat"] - 30 * DAY, "contrat_avant_volontariat", "date_debut")
    add(before, EBE.ouverture - 30 * DAY, "contrat_avant_ouverture", "date_debut")


def plant_in_months(folder: Folder) -> None:
    months = folder.tables["etp"]
    del months[20]
    folder.expect("mois_manquant", "etp", months[20], "mois")
    folder.set("etp_contre_contrats", "etp", months[30], "etp_ppde", months[30]["etp_ppde"] + 40)


def plant_in_exercices(folder: Folder) -> None:
    exercices = folder.tables["exercices"]
    folder.expect("exercice_manquant", "exercices", exercices[0], "date_ouverture")
    older = folder.append(
        "exercices",
        {
            **exercices[0],
            "date_ouverture": date(2014, 1, 1),
            "date_cloture": date(2014, 12, 31),
            "fichier": "comptes-2014.txt",
        },
    )
    folder.expect("fichier_absent", "exercices", older, "fichier")
    fundings = folder.tables["financements"]
    folder.set("verse_sans_engagement", "financements", fundings[0], "verse", fundings[0]["engage"] + 0.01)
    folder.set("exercice_inconnu", "financements", fundings[1], "date_cloture", date(2013, 12, 31))
    sold = next(row for row in folder.tables["activites"] if row["date_cloture"].year == 2018)
    sold["ventes"] += 50_000
    folder.expect("ventes_contre_comptes", "activites", sold, "ventes")
    folder.fichiers["photos.zip"] = b"PK"
    folder.planted.append(("fichier_inattendu", "photos.zip", ""))


def accounts(folder: Folder, year: int) -> tuple[str, list[list[str]]]:
    """The name of an exercice's FEC and its lines cut into cells."""
    row = next(row for row in folder.tables["exercices"] if row["date_cloture"].year == year)
    text = folder.fichiers[row["fichier"]].decode("utf-8")
    return row["fichier"], [line.split("\t") for line in text.split("\n")]


def plant_in_accounts(folder: Folder) -> None:
    name, lines = accounts(folder, 2019)
    date_at, debit_at = lines[0].index("EcritureDate"), lines[0].index("Debit")
    lines[9][date_at] = "20200101"
    lines[29][debit_at] = "12,3x"
    folder.fichiers[name] = "\n".join("\t".join(cells) for cells in lines).encode()
    folder.planted += [("comptes_date", name, "10"), ("comptes_montant", name, "30")]
    name, lines = accounts(folder, 2020)
    number_at, credit_at = lines[0].index("EcritureNum"), lines[0].index("Credit")
    wrong = next(n for n, cells in enumerate(lines[1:], 1) if cells[credit_at] not in ("", "0,00"))
    lines[wrong][credit_at] = "987654,32"
    first = next(n for n, cells in enumerate(lines[1:], 1) if cells[number_at] == lines[wrong][number_at])
    folder.fichiers[name] = "\n".join("\t".join(cells) for cells in lines).encode()
    folder.planted.append(("comptes_desequilibre", name, str(first + 1)))


def plant_in_answers(folder: Folder) -> None:
    name = folder.tables["enquetes"][0]["fichier"]
    rows = list(csv.reader(io.StringIO(folder.fichiers[name].decode("utf-8-sig"))))
    rows[2][rows[0].index("sante")] = "A9"
    rows.append(list(rows[5]))
    folder.fichiers[name] = csv_bytes(rows)
    folder.planted += [("enquete_reponse", name, "3"), ("enquete_doublon", name, str(len(rows)))]
    # the person whose identifier became a name answered under the one that she had
    folder.planted.append(("enquete_codes_inconnus", "enquete-volontaires-1.csv", ""))


def plant_in_the_book(folder: Folder) -> None:
    """What only a spreadsheet does: a formula that was never computed, a merged cell, a hidden sheet."""
    first, second = folder.tables["instances"][:2]
    formula, merged = folder.cell("instances", first, "duree"), folder.cell("instances", second, "elus")
    after = folder.cell("instances", second, "entreprises")

    def change(book: openpyxl.Workbook) -> None:
        book["Instances"][formula] = "=1+1"
        book["Instances"].merge_cells(f"{merged}:{after}")
        book["Dépenses"].sheet_state = "hidden"

    folder.on_the_book.append(change)
    folder.planted += [
        ("formule_sans_valeur", "Instances", formula),
        ("cellules_fusionnees", "Instances", merged),
        ("feuille_masquee", "Dépenses", ""),
    ]


def test_forty_one_planted_faults_are_as_many_findings_each_at_its_address(
    folder: Folder, referentiel: Referentiel, tmp_path: Path
) -> None:
    people = Unhired(folder)
    plant_in_contracts(folder, people)
    plant_in_people(folder, people)
    plant_in_months(folder)
    plant_in_exercices(folder)
    plant_in_accounts(folder)
    plant_in_answers(folder)
    plant_in_the_book(folder)
    folder.write(tmp_path / "depot")
    found = [place(constat) for constat in read(tmp_path / "depot", referentiel).constats]
    assert sorted(set(found) - set(folder.planted)) == []
    assert sorted(set(folder.planted) - set(found)) == []
    assert sorted(found) == sorted(folder.planted)
    assert len(found) == 41


GROUP_MEETINGS = 31 - 1
"""The second Tuesdays from September 2017 to March 2020, less the one that is taken out; the cancelled one counts, as
cancelled."""


def test_the_same_folder_without_faults_has_no_finding(
    folder: Folder, referentiel: Referentiel, tmp_path: Path
) -> None:
    folder.write(tmp_path / "depot")
    deposit = read(tmp_path / "depot", referentiel)
    assert deposit.constats == ()
    assert all(lecture.refusees == 0 for lecture in deposit.lectures.values())
    (agenda,) = (tmp_path / "depot").glob("*.ics")
    once = len(re.findall(r"^UID:(?:visite|formation)-", agenda.read_text(encoding="utf-8"), re.MULTILINE))
    assert once >= 5
    assert {name: lecture.lues for name, lecture in deposit.lectures.items() if "/" not in name} == {
        **{name: len(rows) for name, rows in folder.tables.items()},
        "reunions": GROUP_MEETINGS + once,
    }


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice n'est pas installé")
@pytest.mark.parametrize("form", ["ods", "xlsx:Calc MS Excel 2007 XML"])
def test_a_folder_whose_workbook_libreoffice_saved_gives_the_same_tables(
    folder: Folder, referentiel: Referentiel, tmp_path: Path, form: str
) -> None:
    folder.write(tmp_path / "depot")
    before = read(tmp_path / "depot", referentiel)
    saved = tmp_path / "enregistre"
    profile = (tmp_path / "profil").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", form]
    subprocess.run(
        [*command, "--outdir", saved, tmp_path / "depot" / BOOK], check=True, capture_output=True, timeout=120
    )
    (tmp_path / "depot" / BOOK).unlink()
    for book in saved.iterdir():
        shutil.copy(book, tmp_path / "depot")
    after = read(tmp_path / "depot", referentiel)
    assert after.constats == ()
    for name, lecture in before.lectures.items():
        assert lecture.frame.equals(after.lectures[name].frame), name
