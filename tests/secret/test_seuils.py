"""What the pages say of the thresholds of secrecy is written from them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from small import write_small_project

from analysis.noyau.errors import InvalidData
from analysis.noyau.mesures import PLUS_PETIT
from analysis.noyau.paths import Project
from analysis.secret import seuils
from analysis.secret.regles import MOTIFS
from analysis.secret.release import Rule

PAGE = (Project.here().methods / "secret.md").read_text(encoding="utf-8")


def test_the_page_on_secrecy_is_in_step_with_the_thresholds() -> None:
    assert seuils.page(PAGE) == PAGE, "python -m analysis.secret.seuils écrit la page"


def test_a_rule_says_its_threshold() -> None:
    assert "de 1 à 4 personnes" in seuils.ENONCES["seuil-effectif"]
    assert "moins de 11 personnes" in seuils.ENONCES["seuil-taux"]
    assert MOTIFS["trop-peu-d-ebe"] == "moins de 3 EBE, publiées ou retenues"


def test_each_rule_that_withholds_is_told_on_the_page() -> None:
    assert set(MOTIFS) <= set(seuils.ENONCES)
    assert set(seuils.ENONCES) - {"citation"} <= set(get_args(Rule))


def test_no_other_sentence_of_the_page_writes_a_threshold() -> None:
    prose = re.sub(r"\| (?:Règle|Paramètre) \|.*?\n\n", "", PAGE, flags=re.DOTALL)
    prose = re.sub(r"^\d+\. ", "", prose, flags=re.MULTILINE)
    assert re.findall(r"\b(?:cinq|onze|5|11|1 à 4)\b", prose) == []


@pytest.mark.parametrize(
    ("parametre", "valeur", "expected"),
    [
        ("effectif_minimal", "4", "5 au moins"),
        ("taux_minimal", "10", "11 au moins"),
        ("ebe_minimales", "2", "3 au moins"),
        ("dominance_part", "90", "de 1 à 85"),
        ("estimation_part", "5", "10 au moins"),
        ("arrondi_base", "3", "5 au moins"),
        ("coalition", "0", "1 au moins"),
        ("citation_minimale", "5", "11 au moins"),
        ("effectif_minimal", "cinq", "un nombre entier"),
        ("zeros", "tus", "« dits »"),
    ],
)
def test_a_rule_looser_than_its_floor_is_refused_with_its_line(
    tmp_path: Path, parametre: str, valeur: str, expected: str
) -> None:
    project = Project(write_small_project(tmp_path))
    path = project.dictionary / "secret.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    rank = next(i for i, line in enumerate(lines) if line.startswith(f"{parametre},"))
    before = seuils.PARAMETRES[parametre].valeur
    lines[rank] = lines[rank].replace(f",{before},", f",{valeur},", 1)
    path.write_text("".join(lines), encoding="utf-8")
    with pytest.raises(InvalidData) as refused:
        seuils.load_parametres(project)
    (finding,) = refused.value.findings
    assert finding.line == rank + 1
    assert finding.file == "data/dictionary/secret.csv"
    assert f"« {valeur} »" in str(finding) and expected in str(finding)


def test_a_stricter_rule_is_taken_and_a_missing_one_refused(tmp_path: Path) -> None:
    project = Project(write_small_project(tmp_path))
    path = project.dictionary / "secret.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("montré,5,", "montré,8,", 1), encoding="utf-8")
    assert seuils.load_parametres(project)["effectif_minimal"].valeur == "8"
    kept = [line for line in text.splitlines(keepends=True) if not line.startswith("ebe_minimales,")]
    path.write_text("".join(kept), encoding="utf-8")
    with pytest.raises(InvalidData, match="ebe_minimales"):
        seuils.load_parametres(project)


def test_nobody_answers_yet_for_what_was_read_and_the_page_says_so() -> None:
    assert {p.lu_par for p in seuils.PARAMETRES.values()} == {seuils.A_CONFIRMER}
    assert PAGE.count("répond de la lecture : à confirmer") == len(seuils.PARAMETRES)


def test_a_place_too_small_for_a_rate_is_in_no_sum() -> None:
    assert PLUS_PETIT == seuils.SEUIL_TAUX
