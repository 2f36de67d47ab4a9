"""The key figures that open a chapter."""

from __future__ import annotations

from dataclasses import replace

from bs4 import BeautifulSoup

from analysis.noyau.periods import Period
from analysis.presentation.en_bref import en_bref
from analysis.secret.bundle import Bundle, bundle_territoire
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
    assert any("les sources se contredisent" in item for item in items(replace(val, chiffres=contested)))


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
