"""No data in the ledger stops a command, and a sum is of a whole table or is not made."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analysis.chapitres.catalogue import make_bundle, measures_for
from analysis.demonstration.etapes.ecrits import prepare
from analysis.demonstration.etapes.envois import GRAINE
from analysis.demonstration.generator import generer
from analysis.demonstration.lieux import lieux
from analysis.depot.dossier import read_depot
from analysis.depot.ecrits.modele import write_workbook
from analysis.depot.formes.cle import CLE_DEMONSTRATION
from analysis.depot.garde.ledger import Ledger
from analysis.depot.referentiel import Referentiel, load_referentiel
from analysis.indicateurs import calcul
from analysis.indicateurs.calcul import Calcule, Isoles, calculer
from analysis.indicateurs.donnees import Donnees
from analysis.noyau.mesures import Mesure
from analysis.noyau.paths import Project
from analysis.presentation.deposits import economie
from analysis.sources.register import load_register

pytestmark = pytest.mark.lent

PLACES = [lieu for lieu in lieux() if lieu.code in ("valcourbe-sur-lisse", "brehaumont")]


def test_what_computes_imports_no_statistics_before_a_figure_asks_for_them() -> None:
    """They take a second of each process, and most processes compute no interval and no incidence."""
    code = (
        "import sys, analysis.indicateurs.calcul\nprint(*{'scipy.stats', 'statsmodels'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert found.stdout.split() == []


@pytest.fixture
def invented(tmp_path: Path) -> Project:
    project = Project(tmp_path, "demonstration")
    prepare(Project.here(), project, PLACES)
    return project


def receive(project: Project, code: str, change: Any = lambda tables, files: None) -> Referentiel:
    """Receive the deposit of an invented territory after a change of its tables or files."""
    sent = generer(next(lieu for lieu in PLACES if lieu.code == code), GRAINE)
    files = dict(sent.fichiers)
    change(sent.tables, files)
    referentiel = load_referentiel(project)
    folder = project.depots / code
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_workbook(folder / f"depot-{code}.xlsx", referentiel, code, sent.tables)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    depot = read_depot(folder, referentiel, empreinte=CLE_DEMONSTRATION.empreinte, attendu=code)
    Ledger(project).add(depot, referentiel, CLE_DEMONSTRATION, today=date(2021, 9, 1))
    return referentiel


def test_a_territory_whose_computation_fails_keeps_its_place(
    invented: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = (lieu.code for lieu in PLACES)
    for code in (one, other):
        receive(invented, code)
    whole = calculer(invented, [one, other])

    def failing(donnees: Donnees) -> Any:
        if donnees.territoire.code == one:
            raise ValueError("le compte de Jeanne Martin")
        return ()

    monkeypatch.setattr(calcul, "BASE", (*calcul.BASE, failing))
    found = calculer(invented, [one, other])
    assert list(found.empeches) == [one]
    assert not [m for m in found.mesures if m.lieu == one]
    assert [m for m in found.mesures if m.lieu == other] == [m for m in whole.mesures if m.lieu == other]
    told = capsys.readouterr().err
    assert one in told and "ValueError, test_calcul.failing" in told and "Martin" not in told
    register = load_register(invented)
    mesures = measures_for("publication", found)
    pages = {
        code: economie.comptes(
            make_bundle(
                invented, register, code, resultats=found, mesures=mesures, etude=None, mode="publication"
            )
        )
        for code in (one, other)
    }
    assert "le calcul de ses mesures a échoué" in str(pages[one])
    assert "échoué" not in str(pages[other])


def test_a_ledger_that_cannot_be_read_stops_one_territory_alone(invented: Project) -> None:
    one, other = (lieu.code for lieu in PLACES)
    for code in (one, other):
        receive(invented, code)
    (table,) = (invented.depots / "recus" / one).glob("*/tables/etp.csv")
    table.unlink()
    found = calculer(invented, [one, other])
    assert list(found.empeches) == [one]
    assert {m.lieu for m in found.mesures} >= {other}


def test_a_step_on_all_is_made_without_the_one_that_it_fails_on() -> None:
    told: list[str] = []
    isoles = Isoles(told.append)

    def step(numbers: Any) -> tuple[float, ...]:
        return tuple(1 / number for number in numbers)

    assert isoles.together({"a": 2, "b": 0, "c": 4}, step) == (0.5, 0.25)
    assert list(isoles.empeches) == ["b"] and len(told) == 1
    with pytest.raises(ZeroDivisionError):  # a fault of the step itself is not put on a territory
        Isoles(told.append).together({"a": 1, "b": 1}, lambda numbers: (1 / (2 - sum(numbers)),))


def test_what_another_process_made_of_a_territory_arrives_whole() -> None:
    said: Any = ("2018-12-31", "part", "pourcent", "demonstration", "dépôt n° 1")
    told = Mesure("taux_sortie", "val", *said, valeur=25.0, numerateur=3, denominateur=12, n=12)
    missing = Mesure("taux_sortie", "val", *said, modalite="f", etat="absente", motif="illisible")
    rest: Any = (frozenset({("ebe", "2018-12-31")}), (), (), "réponses", "joints")
    for mesures in ((), (told, missing)):
        made = Calcule("Val", {}, mesures, *rest)
        assert pickle.loads(pickle.dumps(made)) == made


def mesures_of(project: Project, code: str, mesure: str, ebe: str, end: str) -> list[Any]:
    found = calculer(project, [code]).mesures
    return [m for m in found if m.mesure == mesure and m.ebe == ebe and m.periode.endswith(end)]


@pytest.mark.parametrize("table", ["activites", "financements"])
def test_a_refused_row_leaves_its_exercice_without_the_sums_of_its_sheet(
    invented: Project, table: str
) -> None:
    code = PLACES[0].code
    measure = {"activites": "ventes_branche", "financements": "financements_verses"}[table]
    spoiled: dict[str, Any] = {}

    def change(tables: Any, _files: Any) -> None:
        row = tables[table][0]
        spoiled.update(row)
        row["ventes" if table == "activites" else "verse"] = "beaucoup"

    referentiel = receive(invented, code, change)
    ebe = next(e.code for e in referentiel.territoire(code).ebe if e.nom == spoiled["ebe"])
    end = spoiled["date_cloture"].isoformat()
    of_exercice = mesures_of(invented, code, measure, ebe, end)
    assert of_exercice and {m.etat for m in of_exercice} == {"absente"}
    assert {m.motif for m in of_exercice} == {
        f"feuille « {referentiel.layout.sheet(table).feuille} » refusée à la ligne 5"
    }
    others = [m for m in calculer(invented, [code]).mesures if m.mesure == measure and m.lieu == code]
    assert any(m.etat == "calculee" for m in others if not m.periode.endswith(end))


def test_a_refused_row_of_no_known_exercice_leaves_all_of_them_without_sums(invented: Project) -> None:
    code = PLACES[0].code

    def change(tables: Any, _files: Any) -> None:
        tables["financements"][0]["date_cloture"] = "fin 2018"

    receive(invented, code, change)
    found = [m for m in calculer(invented, [code]).mesures if m.mesure == "financements_verses" and m.ebe]
    assert found and {m.etat for m in found} == {"absente"}


def test_accounts_that_an_older_ledger_kept_in_part_are_not_summed(invented: Project) -> None:
    """Four lines gone from the table, and the record that says so: what was received before this rule."""
    code = PLACES[0].code
    receive(invented, code)
    (record,) = (invented.depots / "recus" / code).glob("*/depot.json")
    recu = Ledger(invented).in_force(code)
    assert recu is not None
    name = next(name for name in recu.tables if name.startswith("ecritures/"))
    path = record.parent / "tables" / (name.replace("/", "_") + ".csv")
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(lines[:-4]) + "\n", encoding="utf-8")
    kept, read = len(lines) - 5, len(lines) - 1
    text = record.read_text(encoding="utf-8")
    old = f'"lues": {read},\n   "gardees": {read},\n   "refusees": 0'
    assert text.count(old) == 1
    record.write_text(
        text.replace(old, f'"lues": {read},\n   "gardees": {kept},\n   "refusees": 4'), encoding="utf-8"
    )
    _, ebe, end = name.split("/")
    (sales,) = mesures_of(invented, code, "ventes", ebe, end)
    assert (sales.etat, sales.motif) == (
        "absente",
        f"comptes déposés en partie : 4 lignes refusées sur {read}",
    )
