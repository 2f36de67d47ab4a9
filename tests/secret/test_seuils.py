"""What the pages say of the thresholds of secrecy is written from them."""

from __future__ import annotations

import re
from typing import get_args

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
    prose = PAGE.partition("| Règle |")[0] + PAGE.partition("| Règle |")[2].partition("\n\n")[2]
    assert re.findall(r"\b(?:cinq|onze|5|11|1 à 4)\b", prose) == []
