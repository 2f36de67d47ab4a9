"""The chapter on passive expenditure: its tables add up, its texts are of its numbers, its absences are told."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from analysis.indicateurs.depenses_passives.resultats import Calcule, Etude
from analysis.noyau.french import decimal
from analysis.presentation.deposits import gains
from analysis.presentation.deposits.depenses_passives import evaluations, payeurs, scenarios, seuils
from analysis.presentation.parts.blocks import Block
from analysis.secret.bundle import Bundle, bundle_ensemble, bundle_territoire, with_etude
from analysis.secret.release import release_etude
from analysis.sources.register import Register

pytestmark = pytest.mark.lent


@pytest.fixture(scope="module")
def ensemble(published: Register, etude: Etude) -> Bundle:
    return with_etude(bundle_ensemble(published, "depenses_passives", texte=None), etude)


def numbers(block: Block, anchor: str) -> list[list[float]]:
    """The values of a table's cells, row by row."""
    soup = BeautifulSoup(block.html, "lxml")
    rows = soup.select(f"#{anchor} tbody tr")
    return [[float(str(data["value"])) for data in row.select("data")] for row in rows]


@pytest.mark.parametrize("anchor", ["par-payeur", "par-payeur-aujourdhui"])
def test_the_payers_of_the_table_add_up_to_its_last_row(ensemble: Bundle, anchor: str) -> None:
    *payers, together = numbers(payeurs.par_payeur(ensemble), anchor)
    assert len(payers) == 8
    for column, total in enumerate(together):
        assert sum(row[column] for row in payers) == pytest.approx(
            total, abs=4
        )  # eight roundings to the euro


def test_the_department_pays_nothing_by_law_in_the_first_phase_and_its_part_today(ensemble: Bundle) -> None:
    """0 in 2019, then 15 % of 95 % of the Smic of 1 January 2026 (12,02 €) and 2027 (12,31 €, the last known)."""
    smic = 1820 * (12.02 + 12.31) / 2
    first, second = (
        numbers(payeurs.par_payeur(ensemble), anchor)[1] for anchor in ("par-payeur", "par-payeur-aujourdhui")
    )
    assert first[2] == 0 and first[3] > 0
    assert second[2] == pytest.approx(-0.15 * 0.95 * smic, abs=2) and second[3] < 0


def test_the_waterfall_goes_from_the_contribution_to_what_is_left_of_it(
    ensemble: Bundle, etude: Etude
) -> None:
    cde, *steps, net = (row[0] for row in numbers(scenarios.cascade_etp(ensemble), "cascade-etp"))
    assert cde + sum(steps) == pytest.approx(net, abs=5)  # ten roundings to the euro
    assert net == round(etude.scenario("central").contribution_nette)


def test_what_comes_back_after_the_hire_is_drawn_and_told(ensemble: Bundle, etude: Etude) -> None:
    """The receipts were left out of the drawing, so that « after » looked three times dearer than it is."""
    figure = BeautifulSoup(payeurs.flux(ensemble).html, "lxml").select_one("figure#flux")
    assert figure is not None and figure.figcaption is not None
    received = -sum(f.euros for f in etude.flux if f.situation == "en_ebe" and f.euros < 0)
    spent = sum(f.euros for f in etude.flux if f.situation == "en_ebe" and f.euros > 0)
    told = plain(figure.figcaption.get_text())
    assert f"{plain(decimal(spent, 0))} € sont dépensés et {plain(decimal(received, 0))} € reviennent" in told
    description = plain(str(figure.select_one(".description")))
    assert all(f"{name} " in description for name in ("État", "Département", "Sécurité sociale"))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


CHARTS = (payeurs.flux, scenarios.cascade_etp, scenarios.tornade)


@pytest.mark.parametrize("show", CHARTS, ids=[show.__name__ for show in CHARTS])
def test_every_chart_states_its_finding_and_is_read_aloud(
    ensemble: Bundle, show: Callable[[Bundle], Block]
) -> None:
    figures = BeautifulSoup(show(ensemble).html, "lxml").select("figure")
    assert figures
    for figure in figures:
        words = {
            name: figure.select_one(name) for name in ("figcaption", ".sous-titre", ".lecture", ".champ")
        }
        told = {name: "" if tag is None else tag.get_text() for name, tag in words.items()}
        assert len(told["figcaption"].split()) > 5 and "€" in told[".sous-titre"] + told["figcaption"]
        assert told[".lecture"].startswith("Lecture") and told[".champ"].startswith("Champ")
        assert "Source" in figure.get_text()


def paragraphs(block: Block) -> list[str]:
    soup = BeautifulSoup(block.html, "lxml")
    return [plain(p.get_text()) for p in soup.select("p") if p.find_parent("figure") is None]


def test_a_gap_of_one_assumption_is_a_sentence_whose_difference_is_that_of_its_numbers(
    ensemble: Bundle,
) -> None:
    told = [
        text for text in paragraphs(evaluations.cascades(ensemble)) if "une seule hypothèse change" in text
    ]
    assert len(told) == 2
    for text in told:
        found = re.search(
            r"passent de ([\d ]+) à ([\d ]+) € par ETP et par an \(([+\u2212])([\d ]+) €\)", text
        )
        assert found is not None, text
        start, end, gap = (int(found[n].replace(" ", "")) for n in (1, 2, 4))
        assert end - start == (gap if found[3] == "+" else -gap)


def test_two_published_quantities_of_two_units_are_told_and_not_drawn(ensemble: Bundle) -> None:
    """The chart went from euros per person to euros per job, and its title told what explained the gap."""
    block = evaluations.cascades(ensemble)
    assert BeautifulSoup(block.html, "lxml").select("figure") == []
    [told] = [text for text in paragraphs(block) if "deux quantités" in text]
    assert "€ par personne et par an ; à" in told and "€ par ETP et par an (milieu des bornes" in told
    amounts = r" de ([\d ]+) € par personne.* de ([\d ]+) € par ETP et par an \(.* recettes de ([+\u2212])([\d ]+) €.*publiés, ([\d ]+) € restent"
    found = re.search(amounts, told)
    assert found is not None, told
    start, end, ours, unexplained = (int(found[n].replace(" ", "")) for n in (1, 2, 4, 5))
    assert abs(end - start - (ours if found[3] == "+" else -ours)) == unexplained


def test_two_results_of_one_unit_are_drawn(ensemble: Bundle, etude: Etude) -> None:
    several = next(one for one in etude.cascades if len(one.etapes) > 1)
    own = replace(
        several, publie=False, non_explique=0.0, arrivee=several.depart + sum(v for _, v in several.etapes)
    )
    other = replace(ensemble, etude=release_etude(replace(etude, cascades=(own,))))
    [figure] = BeautifulSoup(evaluations.cascades(other).html, "lxml").select("figure")
    assert "l'écart tient d'abord à l'hypothèse" in plain(str(figure.figcaption)).replace("\u2019", "'")
    assert "notre calcul" in plain(str(figure.select_one(".champ")))


def test_the_gain_of_the_first_phase_says_that_no_contribution_is_counted(ensemble: Bundle) -> None:
    told = plain(BeautifulSoup(payeurs.en_bref(ensemble).html, "lxml").get_text())
    assert "un gain de 2 038 € par emploi et par an en première phase" in told
    assert "si la sienne ne prévoyait rien (le calcul compte alors 0 € de contribution)" in told


LARGEST = {
    "Contribution au développement de l'emploi",
    "Réduction générale de cotisations",
    "Prime d'activité",
}


def test_what_the_state_mostly_pays_for_are_its_three_largest_lines(ensemble: Bundle, etude: Etude) -> None:
    spent = {f.ligne: f.euros for f in etude.flux if (f.payeur, f.situation) == ("etat", "en_ebe")}
    largest = sorted(spent, key=lambda line: -spent[line])[:3]
    assert {dict(etude.lignes)[line] for line in largest} == LARGEST
    figure = BeautifulSoup(payeurs.flux(ensemble).html, "lxml").select_one("figure#flux")
    assert figure is not None and ", surtout pour la contribution" in plain(
        str(figure.select_one(".lecture"))
    )
    assert not re.search(r"\S;", plain(figure.select_one(".description").get_text()))  # type: ignore[union-attr]


def test_the_sales_are_the_difference_of_the_two_amounts_above_them(ensemble: Bundle) -> None:
    *_, cost, cde, sales = (row[-1] for row in numbers(seuils.ventes(ensemble), "ventes-equilibre"))
    assert cost - cde == sales


def test_a_published_quantity_and_ours_keep_their_own_names(ensemble: Bundle) -> None:
    soup = BeautifulSoup(evaluations.rapprochement(ensemble).html, "lxml")
    told = [plain(row.select("th, td")[1].get_text()) for row in soup.select("#rapprochement tbody tr")]
    [fonds] = [text for text in told if "coût public net" in text]
    assert fonds.startswith("Publié : coût public net") and "Calculé : contribution nette" in fonds
    assert all(text.startswith("Publié : ") and ". Calculé : " in text for text in told)


def test_the_published_gross_cost_stands_beside_the_contribution_with_the_gap(
    ensemble: Bundle, etude: Etude
) -> None:
    """26 000 € of 2019 are 29 893 € of 2024 (119,8 / 104,2); 17 446 € of CDE are 20 057 €."""
    rows = numbers(scenarios.scenarios(ensemble), "couts-bruts")
    of_igas = next(row for row in rows if row[0] == 26000)
    assert of_igas[1:3] == pytest.approx([29893, 20057], abs=1)
    assert of_igas[3] == pytest.approx(of_igas[1] - of_igas[2], abs=1)
    assert {one.chiffre for one in etude.couts_publies} == {361, 456}


def test_the_break_even_says_in_words_what_the_law_asks(ensemble: Bundle, etude: Etude) -> None:
    text = plain(BeautifulSoup(seuils.seuils(ensemble).html, "lxml").get_text(" "))
    assert "15 % des 95 % que verse l'État, soit 14,25 %" in text.replace("\u2019", "'")
    assert "il perd sur chaque emploi" in text and "il gagne sur chaque emploi" not in text
    generous = tuple((s, p, 0.2 if p == "departement" else rate) for s, p, rate in etude.seuils)
    other = replace(ensemble, etude=release_etude(replace(etude, seuils=generous)))
    assert "il gagne sur chaque emploi" in seuils.seuils(other).html


def test_an_assumption_reads_as_a_council_member_reads_it(ensemble: Bundle) -> None:
    soup = BeautifulSoup(scenarios.hypotheses(ensemble).html, "lxml")
    rows = {
        tr.select("th, td")[0].get_text(): [plain(td.get_text()) for td in tr.select("td")]
        for tr in soup.select("#hypotheses tbody tr")
    }
    assert rows["Part au RSA avant l'embauche"][:3] == ["25 %", "35 %", "45 %"]
    assert rows["Ce que la loi ne chiffre pas"][:3] == ["au plus bas", "en moyenne", "au plus haut"]
    assert rows["Année de l'embauche"][:3] == ["2019"] * 3
    assert [row[-1] for row in rows.values()].count("De même.") == 4


def test_what_is_told_in_brief_is_what_was_computed(ensemble: Bundle, etude: Etude) -> None:
    soup = BeautifulSoup(payeurs.en_bref(ensemble).html, "lxml")
    told = [float(str(data["value"])) for data in soup.select("data")]
    central = etude.scenario("central")
    assert told[0] == round(central.evite_et_recu) and told[3:5] == [
        round(central.contribution),
        round(central.contribution_nette),
    ]


def test_every_published_figure_stands_beside_ours_with_its_link(ensemble: Bundle) -> None:
    soup = BeautifulSoup(evaluations.rapprochement(ensemble).html, "lxml")
    links = [link["href"] for link in soup.select("#rapprochement a.chiffre")]
    assert len(links) == 3 and all(str(href).startswith("registre.html#") for href in links)
    text = soup.get_text(" ")
    assert "moins de 6" in text and "moins de 6 200 à" not in text


def test_who_pays_each_line_is_told_with_its_date_and_text(ensemble: Bundle) -> None:
    block = payeurs.qui_paie(ensemble)
    soup = BeautifulSoup(block.html, "lxml")
    rows = [[cell.get_text() for cell in row.select("th, td")] for row in soup.select("#qui-paie tbody tr")]
    assert ["RSA", "Département ou collectivité qui en tient lieu", "100", "depuis janvier 2016"] in [
        r[:4] for r in rows
    ]
    assert all(row[4] for row in rows)


def test_a_territory_names_who_pays_its_rsa_and_gets_no_coefficient(
    published: Register, etude: Etude
) -> None:
    for code, payer in (
        ("villeurbanne-saint-jean", "la Métropole de Lyon (depuis janvier 2015)"),
        ("paris-13", "le Département de Paris (de janvier 2016 à décembre 2018)"),
        ("paris-13", "la Ville de Paris (depuis janvier 2019)"),
        ("premery", "le département (Nièvre)"),
        ("metropole-lille", "le département (Nord)"),
    ):
        bundle = with_etude(bundle_territoire(published, code, texte=None), etude)
        shown = plain(payeurs.local(bundle).html)
        assert payer in shown and "15 % de celle de l" in shown
        assert (
            "<table" not in shown and 'href="depenses_passives.html"' in shown
        )  # the amounts are the same everywhere
        assert bundle.etude is not None and bundle.etude.content.coefficients == ()


def test_where_nothing_is_declared_or_deposited_the_page_says_so(
    published: Register, ensemble: Bundle
) -> None:
    without = bundle_ensemble(published, "depenses_passives", texte=None)
    assert "Aucune étude sur cas types" in payeurs.par_payeur(without).html
    assert scenarios.simulateur(without).html == ""
    assert "attente" in gains.de_tous(ensemble).html


def test_invented_territories_have_no_published_figure_beside_them(ensemble: Bundle) -> None:
    invented = replace(ensemble, chiffres=(), nature="demonstration")
    for show in (evaluations.rapprochement, payeurs.payeurs_du_rsa, evaluations.cascades):
        assert show(invented).html == ""


def test_who_pays_the_rsa_is_said_of_a_territory_without_local_series(ensemble: Bundle) -> None:
    """Eleven territories, the last one in no followed commune: its cell and its sentence have their payer."""
    jouques = next(t for t in ensemble.territoires if t.code == "jouques")
    (site,) = jouques.sites
    untold = tuple(replace(commune, suivie=False, departement_nom="Hérault") for commune in site.communes)
    lodeve = replace(jouques, code="lodeve", nom="Lodève", sites=(replace(site, communes=untold),))
    eleven = replace(ensemble, territoires=(*ensemble.territoires, lodeve))
    shown = BeautifulSoup(payeurs.payeurs_du_rsa(eleven).html, "lxml")
    assert "des 11 territoires" in shown.p.get_text()  # type: ignore[union-attr]
    *_, last = shown.select("tbody tr")
    assert [cell.get_text() for cell in last.find_all(["th", "td"])] == ["Lodève", "le département (Hérault)"]
    here = payeurs.local(replace(eleven, territoire=lodeve)).html
    assert "Le RSA y est payé par le département (Hérault)." in here


def test_where_no_authority_takes_the_department_s_place_no_sentence_is_left_open(ensemble: Bundle) -> None:
    usual = tuple(t for t in ensemble.territoires if t.code == "jouques")
    told = BeautifulSoup(payeurs.payeurs_du_rsa(replace(ensemble, territoires=usual)).html, "lxml").p
    assert told is not None and told.get_text() == "Le département paie le RSA dans tous les territoires."


def test_only_a_study_goes_through_its_rule(published: Register, etude: Etude) -> None:
    assert release_etude(etude).rule == "cas-types"
    with pytest.raises(TypeError, match="n'est pas une étude"):
        release_etude(published.chiffres[0])  # type: ignore[arg-type]


def test_a_scenario_whose_cells_do_not_add_up_is_refused(etude: Etude) -> None:
    central: Calcule = etude.scenario("central")
    with pytest.raises(ValueError, match="do not add up"):
        replace(central, contribution_nette=central.contribution_nette + 1)
    with pytest.raises(ValueError, match="do not add up"):
        replace(central, cellules=central.cellules[1:])
