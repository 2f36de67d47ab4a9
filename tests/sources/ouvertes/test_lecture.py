"""Open data as panels: what is withheld, empty or ambiguous is missing or refused, never zero."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project
from analysis.sources.ouvertes.cartes import OPEN_DATA
from analysis.sources.ouvertes.lecture import Ouvertes, commune_ape, mouvements, ze_trimestres

URSSAF = "urssaf-emploi-prive-2014-2024/effectifs_communes.csv"
FILOSOFI = "filosofi-2016-2019/filosofi_{}_COM.csv"
LENGTHS = "defm-epci-2016-2019/anciennete_{}.csv"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.delenv(OPEN_DATA, raising=False)
    shutil.copytree(Project.here().data / "sources_ouvertes", tmp_path / "data" / "sources_ouvertes")
    return Project(tmp_path)


def put(project: Project, nom: str, text: str) -> None:
    path = project.data / "open" / nom
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_an_empty_cell_is_missing_and_zero_is_zero(project: Project) -> None:
    put(project, URSSAF, "code,eff_2015,eff_2016\n01001,30,33\n01002,0,\n")
    panel = Ouvertes(project).emploi("commune")
    assert (panel.zones, panel.periods, panel.unit) == (("01001", "01002"), (2015, 2016), "emplois")
    assert panel.at("01002", 2015) == 0
    assert math.isnan(panel.at("01002", 2016))
    assert {(b.period, b.nature) for b in panel.breaks_of("01001")} >= {(2021, "niveau"), (2023, "champ")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code,eff_2015\n01001,1 234\n", "« 1 234 » n'est ni un nombre"),
        ("code,eff_2015\n01001,3\n01001,4\n", "la zone 01001 y figure deux fois"),
        ("commune,eff_2015\n01001,3\n", "n'a pas les colonnes attendues"),
        ("code,eff_2015\n", "est vide"),
        ("code,eff_2015\n01001\n", "n'a pas autant de cellules"),
    ],
)
def test_a_file_that_could_mean_two_things_is_refused(project: Project, text: str, said: str) -> None:
    put(project, URSSAF, text)
    with pytest.raises(BilanError, match=said):
        Ouvertes(project).emploi("commune")


def test_a_file_that_is_absent_is_named_with_what_to_do(project: Project) -> None:
    with pytest.raises(BilanError, match=f"« {URSSAF} » manque : mettez-le dans data/open"):
        Ouvertes(project).emploi("commune")


def test_secret_cells_are_missing_and_told(project: Project) -> None:
    for year, cell in ((2016, ""), (2017, "9.5"), (2018, "10"), (2019, "s")):
        put(project, FILOSOFI.format(year), f"CODGEO,TP60{year % 100}\n35219,{cell}\n")
    panel = Ouvertes(project).filosofi("TP60")
    assert np.isnan(panel.serie("35219")).tolist() == [True, False, False, True]
    own = [b for b in panel.breaks if b.zone == "35219"]
    assert [(b.period, b.nature) for b in own] == [(2019, "secret")]


def test_an_epci_without_code_is_known_by_its_name_where_it_has_one_alone(project: Project) -> None:
    head = "lib_epci,anc_moins_3_mois,anc_3_a_5_mois,anc_6_a_11_mois,anc_12_a_23_mois,anc_24_a_35_mois,anc_plus_36_mois"
    rows = "{}CC A,1,1,1,10,5,1\n{}CC B,1,1,1,20,5,1\n"
    for year in (2016, 2017):
        put(project, LENGTHS.format(year), f"{head}\n" + rows.format("", ""))
    for year in (2018, 2019):
        put(project, LENGTHS.format(year), f"code_epci,{head}\n" + rows.format("1.0,", "2.0,"))
    assert Ouvertes(project).anciennete().serie("1").tolist() == [16, 16, 16, 16]
    twice = f"code_epci,{head}\n" + rows.format("1.0,", "2.0,") + "3.0,CC A,1,1,1,30,5,1\n"
    put(project, LENGTHS.format(2019), twice)
    panel = Ouvertes(project).anciennete()
    assert np.isnan(panel.serie("1")).tolist() == [True, True, False, False]
    assert panel.serie("2").tolist() == [26, 26, 26, 26]


def test_the_activities_of_a_commune_are_summed_where_all_are_given() -> None:
    text = (
        "code_commune;code_ape;effectifs_salaries_2006;effectifs_salaries_2007\n"
        "58218;1071C;12;10\n58218;8899B;30;\n63430;1071C;5;6\n"
    )
    panel = commune_ape(text.encode(), "ape.csv")
    assert panel.periods == (2006, 2007)
    assert panel.serie("63430").tolist() == [5, 6]
    assert panel.at("58218", 2006) == 42
    assert math.isnan(panel.at("58218", 2007))
    with pytest.raises(BilanError, match=r"« ape\.csv » n'a pas les colonnes"):
        commune_ape(b"commune;x\n1;2\n", "ape.csv")


def test_the_quarters_of_a_zone_have_one_value_each() -> None:
    head = "annee;trimestre;code_zone_d_emploi;effectifs_salaries_cvs\n"
    panel = ze_trimestres(f"{head}1998;1;62;100\n1998;2;62;101.5\n1998;1;2804;\n".encode(), "ze.csv")
    assert panel.periods == (19981, 19982)
    assert panel.serie("0062").tolist() == [100, 101.5]
    assert np.isnan(panel.serie("2804")).all()
    with pytest.raises(BilanError, match="deux valeurs à la zone d'emploi 0062 au trimestre 19981"):
        ze_trimestres(f"{head}1998;1;62;100\n1998;T1;62;101\n".encode(), "ze.csv")


def test_mergers_are_told_for_both_communes_and_nothing_else() -> None:
    text = (
        "MOD,DATE_EFF,TYPECOM_AV,COM_AV,TYPECOM_AP,COM_AP\n"
        "32,2016-01-01,COM,14001,COM,14002\n10,2017-01-01,COM,14003,COM,14003\n"
        "32,2012-01-01,COM,14004,COM,14005\n32,2016-01-01,COM,14002,COM,14002\n"
    )
    assert [(b.period, b.zone, b.nature) for b in mouvements(text)] == [
        (2016, "14001", "fusion"),
        (2016, "14002", "fusion"),
    ]
