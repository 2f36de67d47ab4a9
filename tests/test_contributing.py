"""The procedures of CONTRIBUTING.md, each walked in a copy of the project by someone who has read nothing else."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from small import REPOSITORY

pytestmark = pytest.mark.lent

GUIDE = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project's own code and data, to be changed; what Python compiled of it comes along."""
    kept = shutil.ignore_patterns("depot", "editions", ".ipynb_checkpoints")
    for name in ("data", "docs", "notebooks"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=kept)
    shutil.copytree(REPOSITORY / "src", tmp_path / "src")
    shutil.copyfile(REPOSITORY / "requirements.lock", tmp_path / "requirements.lock")
    return tmp_path


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python in the copy, with the copy's own code and the small deposits of the scenarios."""
    path = os.pathsep.join(
        (str(copy / "src"), str(REPOSITORY / "tests" / "scenarios"), str(REPOSITORY / "tests"))
    )
    environment = {k: v for k, v in os.environ.items() if k != "BILAN_RACINE"} | {"PYTHONPATH": path}
    return subprocess.run(
        [sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, encoding="utf-8"
    )


def said(copy: Path, script: str) -> str:
    found = run(copy, "-c", script)
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


def add_row(path: Path, row: str) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}{row}\n", encoding="utf-8")


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path.name, old)
    path.write_text(text.replace(old, new), encoding="utf-8")


def add_measure(copy: Path, *, partie_de: str) -> None:
    """The first three steps of an indicator: how many volunteers have no diploma."""
    add_row(
        copy / "data" / "dictionary" / "mesures.csv",
        "sans_diplome,Volontaires sans diplôme,Volontaires éligibles sans diplôme.,personnes,compte,,,,"
        f"exhaustivite,suivies,{partie_de},,non,H1,",
    )
    replace_in(
        copy / "src" / "analysis" / "indicateurs" / "exhaustivite.py",
        "    ou = situations(gens, jour)\n",
        "    ou = situations(gens, jour)\n"
        "    without = int((gens.personnes['diplome'][volontaires] == 'aucun').sum())\n"
        "    yield cadre.compte('sans_diplome', periode, without)\n",
    )
    shown = copy / "src" / "analysis" / "presentation" / "deposits" / "exhaustivite.py"
    steps = re.search(r"STEPS = \(\n(.*?)\)", shown.read_text(encoding="utf-8"), re.DOTALL)
    assert steps is not None
    replace_in(shown, steps[0], steps[0].replace("STEPS = (\n", 'STEPS = (\n    "sans_diplome",\n'))


MEASURED = """
from essai import depot, personne
from analysis.indicateurs.exhaustivite import mesures
from analysis.noyau.definitions import load_definitions
from analysis.noyau.paths import Project
from analysis.presentation.deposits.exhaustivite import etapes
from analysis.secret.bundle import bundle_territoire, with_measures
from analysis.secret.regles import decider
from analysis.sources.register import load_register

project = Project.here()
definitions = load_definitions(project)
gens = [personne(f"p{i}", diplome="aucun" if i < SANS else "cap_bep") for i in range(20)]
found = mesures(depot(lieu="thiers", arrete="2018-12-31", personnes=gens))
decided = decider(found, definitions, frozenset())
bundle = bundle_territoire(load_register(project), "thiers", texte=None)
html = etapes(with_measures(bundle, decided, definitions, "publication", {})).html
row = html[html.index("Volontaires sans diplôme"):].partition("</tr>")[0]
print("secret" if "secret" in row.lower() else row.count(">SANS<".replace("SANS", str(SANS))) > 0)
"""


def test_an_indicator_with_its_page_in_four_files(copy: Path) -> None:
    """Eight of twenty have no diploma, and the page says eight; eighteen of twenty, and it says nothing."""
    add_measure(copy, partie_de="volontaires_eligibles")
    assert run(copy, "-m", "analysis.noyau.documentation").returncode == 0
    assert "`sans_diplome`" in (copy / "docs" / "dictionnaire.md").read_text(encoding="utf-8")
    assert said(copy, f"SANS = 8\n{MEASURED}") == "True"
    assert said(copy, f"SANS = 18\n{MEASURED}") == "secret"


def test_an_indicator_that_does_not_say_what_it_is_part_of_stops_with_its_line(copy: Path) -> None:
    add_measure(copy, partie_de="")
    stopped = run(copy, "-c", f"SANS = 8\n{MEASURED}")
    lines = len((copy / "data" / "dictionary" / "mesures.csv").read_text(encoding="utf-8").splitlines())
    assert stopped.returncode != 0
    assert f"mesures.csv, ligne {lines}, colonne « partie_de » : trouvé une case vide" in stopped.stderr


def test_a_figure_and_its_source_need_no_code(copy: Path) -> None:
    sources, chiffres = (copy / "data" / "published" / f"{name}.csv" for name in ("sources", "chiffres"))
    columns = sources.read_text(encoding="utf-8").partition("\n")[0].split(",")
    told = {"source": "essai-2026", "titre": "Un bilan d'essai", "editeur": "Essai", "nature": "association"}
    told |= {"url": "https://example.org/essai"}
    add_row(sources, ",".join(told.get(column, "") for column in columns))
    text = chiffres.read_text(encoding="utf-8")
    columns = text.partition("\n")[0].split(",")
    number = max(int(found) for found in re.findall(r"^(\d+),", text, re.MULTILINE)) + 1
    figure = {
        "numero": str(number),
        "territoire": "thiers",
        "indicateur": "ppde_identifiees",
        "valeur": "444",
    }
    figure |= {"valeur_imprimee": "444 personnes", "unite": "personnes", "periode": "2019-11-30"}
    figure |= {"periode_sure": "oui", "champ": "essai", "source": "essai-2026"}
    add_row(chiffres, ",".join(figure.get(column, "") for column in columns))
    script = (
        "from analysis.noyau.paths import Project\n"
        "from analysis.sources.register import load_register\n"
        f"print([c.valeur for c in load_register(Project.here()).chiffres if c.numero == {number}])"
    )
    assert said(copy, script) == "[444.0]"


def test_a_chapter_is_a_notebook_and_a_line_of_the_catalogue(copy: Path) -> None:
    notebook = json.loads((copy / "notebooks" / "exhaustivite.ipynb").read_text(encoding="utf-8"))
    text = json.dumps({**notebook, "cells": notebook["cells"][:4]}, ensure_ascii=False)
    told = text.replace("Exhaustivité et parcours", "Un essai").replace('\\"exhaustivite\\"', '\\"essai\\"')
    (copy / "notebooks" / "essai.ipynb").write_text(told, encoding="utf-8")
    replace_in(
        copy / "src" / "analysis" / "chapitres" / "catalogue.py",
        "_OF_ALL: Final = (\n",
        '_OF_ALL: Final = (\n    Chapter("essai", "Un essai", "essai.ipynb", "themes", about="Rien."),\n',
    )
    built = run(copy, "-m", "analysis.cli", "build", "--territoire", "essai")
    assert built.returncode == 0, built.stdout + built.stderr
    page = (copy / "outputs" / "html" / "essai.html").read_text(encoding="utf-8")
    assert "Un essai" in page


ASKED = """
from pathlib import Path
from analysis.depot.enquetes.enquete import read_enquete
from analysis.depot.enquetes.questions import load_questions
from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.paths import Project

project = Project.here()
asked = load_questions(project)["habitants"]
posed = [q for q in asked if q.depuis == 1]
path = Path("vague.csv")
header = ",".join(q.code_limesurvey for q in posed)
answers = ",".join("Y" if q.question == "consentement" else "" for q in posed)
path.write_text(f"id,submitdate,{header}\\n1,2020-05-01 10:00:00,{answers}\\n", encoding="utf-8")
lecture, _ = read_enquete(path, enquete="habitants", questions=asked, nomenclatures=load_nomenclatures(project), empreinte=str)
print([c.regle for c in lecture.constats], lecture.refusees, len(lecture.frame), "sommeil" in lecture.frame)
"""


def test_a_question_added_today_refuses_no_earlier_wave(copy: Path) -> None:
    path = copy / "data" / "dictionary" / "questions.csv"
    before = said(copy, ASKED)
    assert before == "[] 0 1 False"
    rows = path.read_text(encoding="utf-8").splitlines()
    last = max(i for i, row in enumerate(rows) if row.startswith("habitants,"))
    consent = next(row for row in rows if row.startswith("habitants,consentement,"))
    listed, group = consent.split(",")[4], rows[last].split(",")[-6]
    rows.insert(last + 1, f"habitants,sommeil,sommeil,oui_non,{listed},Dormez-vous bien ?,{group},non,,,2,")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert said(copy, ASKED) == "['enquete_version'] 0 1 False"


def test_a_threshold_is_one_number_and_what_is_said_of_it_follows(copy: Path) -> None:
    replace_in(
        copy / "data" / "dictionary" / "secret.csv",
        "doit compter pour être montré,5,",
        "doit compter pour être montré,8,",
    )
    assert run(copy, "-m", "analysis.secret.seuils").returncode == 0
    page = (copy / "docs" / "methods" / "secret.md").read_text(encoding="utf-8")
    assert "un nombre de 1 à 7 personnes, une quantité de moins de 8 ETP" in page
    script = (
        "from analysis.noyau.definitions import load_definitions\n"
        "from analysis.noyau.mesures import Cadre\n"
        "from analysis.noyau.paths import Project\n"
        "from analysis.secret.regles import decider\n"
        "d = load_definitions(Project.here())\n"
        "m = Cadre('val', 'reel', 's', d).compte('embauchees', '2019', 7)\n"
        "print(decider([m], d, frozenset())[0].rule)"
    )
    assert said(copy, script) == "seuil-effectif"


BALANCE = """
from datetime import date
from pathlib import Path
from analysis.depot.lecteurs.comptes import read_comptes

path = Path("balance.csv")
path.write_text("Compte;Intitulé;Position\\n706000;Ventes;-100\\n641000;Salaires;60\\n512000;Banque;40\\n", encoding="utf-8")
found = read_comptes(path, nature="balance", debut=date(2019, 1, 1), fin=date(2019, 12, 31))
print(len(found.constats), found.frame.to_dict("list"))
"""


def test_the_words_of_a_new_accounting_export_are_one_line(copy: Path) -> None:
    """A program that heads its closing amounts « Position » is refused, then read: 100 of credit, 60 and 40 of debit."""
    assert said(copy, BALANCE).startswith("1 {'compte': []")
    replace_in(
        copy / "src" / "analysis" / "depot" / "lecteurs" / "balance.py",
        '_SIGNED = ("solde",)',
        '_SIGNED = ("solde", "position")',
    )
    told = said(copy, BALANCE)
    assert "'compte': ['706000', '641000', '512000']" in told
    assert "'debit': [0.0, 60.0, 40.0]" in told and "'credit': [100.0, 0.0, 0.0]" in told


def test_each_file_that_the_guide_names_is_there() -> None:
    named = re.findall(r"`((?:src|data|tests|docs|notebooks)/[\w./-]+)`", GUIDE)
    assert len(named) > 10
    assert [name for name in named if not (REPOSITORY / name).exists()] == []
