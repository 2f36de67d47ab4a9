"""The key figures that open a chapter."""

from __future__ import annotations

from dataclasses import replace

from bs4 import BeautifulSoup
from essai import DEFINITIONS

from analysis.noyau.mesures import Cadre
from analysis.noyau.periods import Period
from analysis.presentation.published.en_bref import en_bref
from analysis.secret.bundle import Bundle, bundle_territoire, with_measures
from analysis.secret.regles import decider
from analysis.sources.register import Register


def items(bundle: Bundle) -> list[str]:
    soup = BeautifulSoup(en_bref(bundle).html, "lxml")
    return [" ".join(li.get_text(" ").split()) for li in soup.select("li")]


def test_the_last_dated_value_of_each_indicator_is_shown_with_its_source(val: Bundle) -> None:
    (staff,) = [item for item in items(val) if "Salariés de l'EBE" in item]
    dated = [r.content for r in val.of("effectif_ebe", place="val") if r.content.dated and r.content.periode]
    last = max(dated, key=lambda c: c.periode.end if c.periode else 0)
    assert last.periode is not None and last.periode.label in staff and str(int(last.valeur or 0)) in staff


def test_without_any_dated_figure_it_says_so(vide: Bundle) -> None:
    assert "Aucun chiffre daté" in en_bref(vide).html and not items(vide)


def test_a_disagreement_is_told(val: Bundle) -> None:
    contested = tuple(
        replace(r, content=replace(r.content, desaccord="x")) if r.content.indicateur == "effectif_ebe" else r
        for r in val.chiffres
    )
    assert any("Les sources se contredisent" in item for item in items(replace(val, chiffres=contested)))


def test_both_values_of_a_disagreement_are_printed_with_their_sources(published: Register) -> None:
    (staff,) = [i for i in published_items(published, "villeurbanne-saint-jean") if i.startswith("40 ")]
    said = staff.partition("Les sources se contredisent")[2]
    assert said.count("80 personnes") == 3 and "Bref" in said and "Radio Scoop" in said and "40" not in said
    (left,) = [i for i in published_items(published, "jouques") if i.startswith("88 ")]
    assert "116 personnes (septembre 2022" in " ".join(left.replace("( ", "(").split())


def test_the_register_s_note_is_printed_and_is_not_the_source(published: Register) -> None:
    (waiting,) = [i for i in published_items(published, "pipriac-saint-ganton") if "attente" in i]
    assert "La lettre est datée du 1er octobre 2017" in waiting
    bundle = bundle_territoire(published, "colombelles", texte=None)
    fact = BeautifulSoup(en_bref(bundle).html, "lxml").select_one("li.fait")
    assert fact is not None and fact.select_one(".source") is not None
    assert "en juillet" in fact.select_one(".remarque").get_text()  # type: ignore[union-attr]
    assert "en juillet" not in fact.select_one(".source").get_text()  # type: ignore[union-attr]


def published_items(published: Register, code: str) -> list[str]:
    return items(bundle_territoire(published, code, texte=None))


def test_the_figures_of_the_sites_count_for_their_territory(published: Register) -> None:
    told = published_items(published, "metropole-lille")
    assert told[0].startswith("80 personnes Salariés en EBE, Loos – Les Oliveaux 15 mars 2023")
    assert told[1].startswith("40 personnes Salariés en EBE, Tourcoing")
    assert told[2].startswith("112 personnes Salariés d'EBE issus de la privation d'emploi 15 mars 2023")


def test_a_site_does_not_stand_beside_a_later_figure_of_the_whole(val: Bundle) -> None:
    first, *_ = val.of("effectif_ebe")
    site = replace(val.territoires[0].sites[0], code="quartier", nom="Un quartier")
    sited = replace(val.territoires[0], sites=(site,))

    def told(day: str) -> list[str]:
        of_site = replace(first.content, territoire="quartier", periode=Period(day), valeur=7.0, desaccord="")
        bundle = replace(
            val,
            territoire=sited,
            territoires=(sited, *val.territoires[1:]),
            chiffres=(*val.chiffres, replace(first, content=of_site)),
        )
        return [item for item in items(bundle) if "Un quartier" in item]

    assert told("2018-01") == [] and len(told("2018-10")) == 1  # the whole is known in September 2018


def test_each_ebe_counts_where_the_whole_staff_is_not_known(published: Register) -> None:
    told = published_items(published, "colombey-sud-toulois")
    assert told[0].startswith("62 personnes Salariés d'une EBE nommée, La Fabrique septembre 2018")
    assert told[1].startswith("6 personnes Salariés d'une EBE nommée, De laine en rêves juillet 2019")


def test_one_number_of_a_source_read_in_two_ways_is_said_once(published: Register) -> None:
    told = [item for item in published_items(published, "colombelles") if item.startswith("85 ")]
    (once,) = told
    assert "Salariés en EBE et embauches cumulées en EBE" in once and "lu de deux façons" in once


def test_what_decides_a_territory_s_fate_comes_first_with_its_source(published: Register) -> None:
    first, *others = published_items(published, "colombelles")
    assert first.startswith("redressement judiciaire Procédure collective")
    assert "France 3 Normandie" in first and "en juillet sans afficher l'année" in first
    assert others and not any("redressement" in item for item in others)


def test_every_territory_of_the_register_has_a_key_figure(published: Register) -> None:
    assert all(published_items(published, territoire.code) for territoire in published.territoires)


def test_a_chapter_of_deposits_that_nobody_sent_has_no_key_figures(synthese: Bundle) -> None:
    assert en_bref(replace(synthese, chapitre="exhaustivite")).html == ""


def deposited(bundle: Bundle, **counts: int) -> BeautifulSoup:
    """« En bref » of a territory that deposited these counts and that nothing published speaks of."""
    cadre = Cadre("val", "reel", "dépôt n° 1.", DEFINITIONS)
    mesures = [cadre.compte(name, "2019-12-31", count) for name, count in counts.items()]
    released = decider(mesures, DEFINITIONS, frozenset())
    bundle = replace(bundle, chiffres=())
    return BeautifulSoup(en_bref(with_measures(bundle, released, DEFINITIONS, "publication")).html, "lxml")


def test_a_lone_zero_is_said_in_words_beside_what_is_withheld(val: Bundle) -> None:
    soup = deposited(val, embauchees=0, volontaires_eligibles=3)
    (item,) = [" ".join(li.get_text(" ").split()) for li in soup.select("li")]
    assert item.startswith("aucune personne embauchée en EBE") and " ; source : dépôt n° 1" in item
    assert [p.get_text() for p in soup.select("p.retenu")] == ["Volontaires éligibles : retenu (secret)."]


def test_what_is_withheld_is_said_where_nothing_else_is(val: Bundle) -> None:
    soup = deposited(val, embauchees=3, volontaires_eligibles=3)
    (said,) = [p.get_text() for p in soup.select("p")]
    assert (
        said == "Volontaires éligibles, personnes embauchées en EBE : retenu (secret)."
        and not soup.select("li")
    )


def test_nothing_withheld_is_not_said_to_be(val: Bundle) -> None:
    assert not deposited(val, volontaires_eligibles=40).select(".retenu")
