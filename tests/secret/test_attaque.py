"""The whole demonstration, attacked by a reader who solves everything that is published together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from attaque import Quantity, given_back, read_in_reception

from analysis.depot.garde.accuser import apercu
from analysis.depot.garde.ledger import Ledger
from analysis.depot.referentiel import load_referentiel
from analysis.indicateurs.calcul import Resultats
from analysis.noyau.mesures import trop_petits
from analysis.noyau.paths import Project
from analysis.presentation.deposits import depot
from analysis.presentation.parts.blocks import Block
from analysis.secret.bundle import Bundle, bundle_territoire, with_deposits
from analysis.secret.regles import decider
from analysis.sources.register import load_register

UNITED = (
    *("situation_volontaires", "attente_duree", "attente_age", "entrees", "sorties_ebe"),
    *("quotite_effectif", "quotite_changee", "choix_reponses", "population_age_salaries"),
    *("population_age_volontaires", "repondants_age_salaries", "repondants_age_volontaires"),
)
"""The breakdowns whose categories may be told together."""


@pytest.fixture(scope="module")
def invented(ten: Project) -> Project:
    """The deposits of ten invented territories, one of three people among them, received."""
    return ten


@pytest.fixture(scope="module")
def resultats(resultats_of_ten: Resultats) -> Resultats:
    """What is measured of them."""
    return resultats_of_ten


def pages(invented: Project, show: Callable[[Bundle], Block]) -> Iterator[tuple[str, date, str]]:
    """What the chapter of each territory shows of the reception of its deposit: its code, arrêté and HTML."""
    register, ledger, referentiel = load_register(invented), Ledger(invented), load_referentiel(invented)
    for territoire in register.territoires:
        deposit = apercu(ledger, referentiel, territoire.code)
        assert deposit is not None
        bundle = bundle_territoire(register, territoire.code, texte=None)
        html = show(with_deposits(bundle, [deposit], "demonstration")).html
        yield territoire.code, deposit.arrete, html


@pytest.mark.verification
def test_nothing_published_of_ten_territories_gives_a_withheld_number_of_people_back(
    invented: Project, resultats: Resultats
) -> None:
    """Neither the measures, nor what the pages tell of the reception of the deposits, nor both together."""
    released = decider(resultats.mesures, resultats.definitions, resultats.accords)
    read: dict[Quantity, float] = {}
    for show in (depot.recu, depot.etat):
        for code, arrete, html in pages(invented, show):
            read |= read_in_reception(html, code, arrete)
    found = given_back(resultats.mesures, [one.content for one in released], read)
    withheld = {one.content.cle for one in released if one.content.etat == "masquee"}
    given = {quantity: value for quantity, value in found.items() if value > 0}
    united = {quantity for quantity in given if quantity[0] in UNITED and quantity not in withheld}
    assert given.keys() - united == set()
    assert min(given.values(), default=5) >= 5  # told with another category, and no secret by itself


def test_a_page_that_counted_rows_would_give_people_back(invented: Project, resultats: Resultats) -> None:
    """The same reading of the counts of the ledger: three people met in Orbesson, whom the gate withholds."""
    of_meeting = [m for m in resultats.mesures if m.mesure in ("personnes_rencontrees", "taux_rencontre")]
    released = decider(resultats.mesures, resultats.definitions, resultats.accords)
    told = [
        one.content for one in released if one.content.mesure in ("personnes_rencontrees", "taux_rencontre")
    ]
    recu = Ledger(invented).in_force("orbesson")
    assert recu is not None
    counted = f"<table><tbody><tr><th>Personnes</th><td>{recu.tables['personnes'].gardees}</td></tr></tbody></table>"
    read = read_in_reception(counted, "orbesson", recu.arrete)
    met = ("personnes_rencontrees", "orbesson", "", "", "2021-06-30")
    assert given_back(of_meeting, told, read).get(met) == 3
    assert met not in given_back(of_meeting, told)


def test_the_order_of_the_measures_decides_nothing(resultats: Resultats) -> None:
    decided = [
        {one.content.cle: one.rule for one in decider(mesures, resultats.definitions, resultats.accords)}
        for mesures in (resultats.mesures, resultats.mesures[::-1])
    ]
    assert decided[0] == decided[1]


def test_the_attack_finds_what_each_rule_alone_would_leave(resultats: Resultats) -> None:
    """Without the sums, a sixth at least of the counts under five that are withheld one by one are given back.

    Those of the territory of three people are told apart: it is in no sum, so that none can give it back.
    """
    small = {m.cle for m in resultats.mesures if m.forme == "compte" and 0 < (m.valeur or 0) < 5}
    told = [m for m in resultats.mesures if m.cle not in small]
    found = given_back(resultats.mesures, told)
    assert trop_petits(resultats.mesures) == {"orbesson"}
    summed = {m.cle for m in resultats.mesures if m.cle in small and m.lieu != "orbesson"}
    assert len(summed & set(found)) > len(summed) / 6
