"""The whole demonstration, attacked by a reader who solves everything that is published together."""

from __future__ import annotations

from pathlib import Path

import pytest
from attaque import given_back
from small import write_demonstration_root

from analysis.demonstration.bilan import GRAINE, deposit, prepare, receive
from analysis.demonstration.codage import receive_coding
from analysis.demonstration.lieux import territoires
from analysis.depot.referentiel import load_referentiel
from analysis.indicateurs.calcul import Resultats, calculer
from analysis.secret.regles import decider


@pytest.fixture(scope="module")
def resultats(tmp_path_factory: pytest.TempPathFactory) -> Resultats:
    """The measures of ten invented territories, one of three people among them."""
    root: Path = tmp_path_factory.mktemp("dix")
    project, lieux = write_demonstration_root(root), territoires(10)
    invented = project.demonstration
    prepare(project, invented, lieux)
    referentiel = load_referentiel(invented)
    for lieu in lieux:
        deposit(invented, referentiel, lieu)
        receive(invented, referentiel, lieu.code)
        receive_coding(invented, referentiel, lieu.code, GRAINE)
    return calculer(invented, [lieu.code for lieu in lieux])


def test_nothing_published_of_ten_territories_gives_a_withheld_number_of_people_back(
    resultats: Resultats,
) -> None:
    released = decider(resultats.mesures, resultats.definitions, resultats.accords)
    found = given_back(resultats.mesures, [one.content for one in released])
    assert {quantity: value for quantity, value in found.items() if value > 0} == {}


def test_the_order_of_the_measures_decides_nothing(resultats: Resultats) -> None:
    decided = [
        {one.content.cle: one.rule for one in decider(mesures, resultats.definitions, resultats.accords)}
        for mesures in (resultats.mesures, resultats.mesures[::-1])
    ]
    assert decided[0] == decided[1]


def test_the_attack_finds_what_each_rule_alone_would_leave(resultats: Resultats) -> None:
    """Without the sums, a quarter at least of the counts under five that are withheld one by one are given back."""
    small = {m.cle for m in resultats.mesures if m.forme == "compte" and 0 < (m.valeur or 0) < 5}
    told = [m for m in resultats.mesures if m.cle not in small]
    found = given_back(resultats.mesures, told)
    assert len([cle for cle in found if cle in small]) > len(small) / 4
