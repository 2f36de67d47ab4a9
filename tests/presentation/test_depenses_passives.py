"""The chapter on passive expenditure: its tables add up, its texts are of its numbers, its absences are told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from analysis.indicateurs.depenses_passives.etude import etudier
from analysis.indicateurs.depenses_passives.records import Calcule, Etude
from analysis.noyau.paths import Project
from analysis.presentation import depenses_passives as vue
from analysis.presentation import gains
from analysis.presentation.blocks import Block
from analysis.secret.bundle import Bundle, bundle_ensemble, bundle_territoire, with_etude
from analysis.secret.release import release_etude
from analysis.sources.register import Register


@pytest.fixture(scope="module")
def etude(published: Register) -> Etude:
    found = etudier(Project.here(), published)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def ensemble(published: Register, etude: Etude) -> Bundle:
    return with_etude(bundle_ensemble(published, "depenses_passives", texte=None), etude)


def numbers(block: Block, anchor: str) -> list[list[float]]:
    """The values of a table's cells, row by row."""
    soup = BeautifulSoup(block.html, "lxml")
    rows = soup.select(f"#{anchor} tbody tr")
    return [[float(str(data["value"])) for data in row.select("data")] for row in rows]


def test_the_payers_of_the_table_add_up_to_its_last_row(ensemble: Bundle) -> None:
    *payers, together = numbers(vue.par_payeur(ensemble), "par-payeur")
    for column, total in enumerate(together):
        assert sum(row[column] for row in payers) == pytest.approx(
            total, abs=4
        )  # eight roundings to the euro


def test_the_waterfall_goes_from_the_gross_cost_to_the_net_one(ensemble: Bundle, etude: Etude) -> None:
    gross, *steps, net = (row[0] for row in numbers(vue.cascade_etp(ensemble), "cascade-etp"))
    assert gross + sum(steps) == pytest.approx(net, abs=4)  # roundings to the euro
    assert net == round(etude.scenario("central").cout_net)


def test_what_is_told_in_brief_is_what_was_computed(ensemble: Bundle, etude: Etude) -> None:
    soup = BeautifulSoup(vue.en_bref(ensemble).html, "lxml")
    told = [float(str(data["value"])) for data in soup.select("data")]
    central = etude.scenario("central")
    assert told[0] == round(central.evite_et_recu) and told[3:5] == [
        round(central.cout_brut),
        round(central.cout_net),
    ]


def test_every_published_figure_stands_beside_ours_with_its_link(ensemble: Bundle) -> None:
    soup = BeautifulSoup(vue.rapprochement(ensemble).html, "lxml")
    links = [link["href"] for link in soup.select("#rapprochement a.chiffre")]
    assert len(links) == 3 and all(str(href).startswith("registre.html#") for href in links)
    text = soup.get_text(" ")
    assert "moins de 6" in text and "moins de 6 200 à" not in text


def test_who_pays_each_line_is_told_with_its_date_and_text(ensemble: Bundle) -> None:
    block = vue.qui_paie(ensemble)
    soup = BeautifulSoup(block.html, "lxml")
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in soup.select("#qui-paie tbody tr")]
    assert ["RSA", "Département ou collectivité qui en tient lieu", "100,00", "depuis janvier 2016"] in [
        r[:4] for r in rows
    ]
    assert all(row[4] for row in rows) and len(soup.select("#exceptions tbody tr")) == 2


def test_a_territory_names_who_pays_its_rsa_and_gets_no_coefficient(
    published: Register, etude: Etude
) -> None:
    for code, payer in (
        ("villeurbanne-saint-jean", "Métropole de Lyon (depuis janvier 2015)"),
        ("paris-13", "Département de Paris (de janvier 2016 à décembre 2018)"),
        ("paris-13", "Ville de Paris (depuis janvier 2019)"),
        ("premery", "Département (Nièvre)"),
        ("metropole-lille", "Département (Nord)"),
    ):
        bundle = with_etude(bundle_territoire(published, code, texte=None), etude)
        assert payer in vue.local(bundle).html
        assert bundle.etude is not None and bundle.etude.content.coefficients == ()


def test_where_nothing_is_declared_or_deposited_the_page_says_so(
    published: Register, ensemble: Bundle
) -> None:
    without = bundle_ensemble(published, "depenses_passives", texte=None)
    assert "Aucune étude sur cas types" in vue.par_payeur(without).html
    assert vue.simulateur(without).html == ""
    assert "attente" in gains.de_tous(ensemble).html


def test_invented_territories_have_no_published_figure_beside_them(ensemble: Bundle) -> None:
    invented = replace(ensemble, chiffres=(), nature="demonstration")
    for show in (vue.rapprochement, vue.carte):
        assert "inventés" in show(invented).html
    assert vue.cascades(invented).html == ""


def test_only_a_study_goes_through_its_rule(published: Register, etude: Etude) -> None:
    assert release_etude(etude).rule == "cas-types"
    with pytest.raises(TypeError, match="n'est pas une étude"):
        release_etude(published.chiffres[0])  # type: ignore[arg-type]


def test_a_scenario_whose_cells_do_not_add_up_is_refused(etude: Etude) -> None:
    central: Calcule = etude.scenario("central")
    with pytest.raises(ValueError, match="do not add up"):
        replace(central, cout_net=central.cout_net + 1)
    with pytest.raises(ValueError, match="do not add up"):
        replace(central, cellules=central.cellules[1:])
