"""The repository's own register: the figures that must stand there, and what no row may lack."""

from __future__ import annotations

import re

from analysis.indicateurs.depenses_passives.declarations import declarations_of
from analysis.noyau.declared.dictionary import FATE
from analysis.noyau.paths import Project
from analysis.presentation.numbers import decimal
from analysis.secret.bundle import bundle_territoire
from analysis.sources.register import Register

TEN = [
    "Colombelles",
    "Pays de Colombey et du Sud Toulois",
    "Jouques",
    "Métropole de Lille",
    "Mauléon",
    "Paris 13e",
    "Pipriac et Saint-Ganton",
    "Prémery",
    "Thiers",
    "Villeurbanne Saint-Jean",
]


def test_the_ten_territories_and_the_two_sites_of_lille(published: Register) -> None:
    assert [t.nom for t in published.territoires] == TEN
    assert [site.code for site in published.territoire("metropole-lille").sites] == [
        "loos-les-oliveaux",
        "tourcoing-menin",
    ]
    assert all(t.date_habilitation.text == "2016-11-24" and t.ebe for t in published.territoires)


def test_private_employment_of_premery(published: Register) -> None:
    serie = bundle_territoire(published, "premery", texte=None).serie(
        "emploi_salarie_prive", zone_type="commune", zone="58218"
    )
    assert serie is not None
    values = [serie.content.at(f"{year}-12-31") for year in (2016, 2017, 2018)]
    assert values == [260, 341, 386]


def test_series_of_the_perimeter_itself_at_colombey(published: Register) -> None:
    bundle = bundle_territoire(published, "colombey-sud-toulois", texte=None)
    values = {
        name: [
            point.valeur
            for r in bundle.series
            if r.content.indicateur == name and r.content.zone_type == "epci"
            for point in r.content.points
        ]
        for name in ("demandeurs_emploi_abc_decembre", "demandeurs_emploi_abc_un_an_decembre")
    }
    assert values == {
        "demandeurs_emploi_abc_decembre": [723, 739, 709, 634],
        "demandeurs_emploi_abc_un_an_decembre": [318, 333, 315, 312],
    }


def disputed(published: Register, code: str) -> set[str]:
    return {c.valeur_imprimee for c in published.chiffres if c.desaccord == code}


def test_disagreements_keep_every_side(published: Register) -> None:
    assert disputed(published, "villeurbanne-effectif-2020") == {"40", "80"}
    assert disputed(published, "etat-financement-2017") == {"5,8", "14.9"}
    assert disputed(published, "cout-net-annuel") == {"moins de 6 200", "11 300 à 13 700"}
    for disagreement in published.desaccords:
        figures = [c for c in published.chiffres if c.desaccord == disagreement.desaccord]
        assert len({c.source for c in figures}) >= 2
        assert len({c.valeur_imprimee for c in figures}) >= 2


def test_what_looks_alike_has_different_names(published: Register) -> None:
    by_value = {
        c.indicateur
        for c in published.chiffres
        if c.territoire == "colombelles" and c.valeur_imprimee in {"430", "140", "342", "85"}
    }
    assert {
        "ppde_estimees_habilitation",
        "ppde_identifiees",
        "volontaires_cumules",
        "effectif_ebe",
    } <= by_value


def test_every_indicator_is_defined_and_those_of_a_hypothesis_tell_their_limit(published: Register) -> None:
    for indicator in published.dictionary.indicators:
        assert indicator.definition.endswith(".")
        assert bool(indicator.limite) >= bool(indicator.hypotheses), indicator.indicateur
    used = {c.indicateur for c in published.chiffres} | {s.indicateur for s in published.series}
    declared = {i.indicateur for i in published.dictionary.indicators}
    fates = {i.indicateur for i in published.dictionary.indicators if i.famille == FATE}
    assert used <= declared
    assert declared - used == fates - used, (
        "only what may decide a territory's fate is declared before it happens"
    )


def test_no_figure_of_the_register_is_rounded_on_the_page(published: Register) -> None:
    for chiffre in published.chiffres:
        if chiffre.valeur is not None:
            unit = published.dictionary.unit_of(chiffre.indicateur)
            shown = decimal(chiffre.valeur, unit.decimales).replace("\u2212", "-").replace(",", ".")
            assert float(re.sub(r"\s", "", shown)) == chiffre.valeur, chiffre.numero


def test_every_source_is_used(published: Register) -> None:
    used = {c.source for c in published.chiffres} | {s.source for s in published.series}
    used |= {t.source for t in published.territoires} | {
        e.source for t in published.territoires for e in t.ebe
    }
    study = declarations_of(Project.here())
    assert study is not None
    for table in ("hypotheses", "lignes_declarees"):
        used |= {row["source"] for row in study.tables[table] if row["source"]}
    assert used == {source.source for source in published.sources}


def test_every_amount_in_euros_says_the_year_of_its_euros_or_that_none_is_established(
    published: Register,
) -> None:
    """Sixty-six said nothing: forty are of the year in which they were paid, fixed or collected, and of
    twenty-six no source says the year."""
    amounts = [c for c in published.chiffres if c.is_money]
    years = {c.numero: c.annee_prix for c in amounts}
    assert sum(year is None for year in years.values()) == 26
    assert {number: years[number] for number in (129, 147, 223, 335, 338, 515, 546, 549)} == {
        **{129: 2018, 147: 2019, 223: 2017},  # sales, a grant, an envelope of a dated year
        **{335: 2016, 338: 2024},  # a ceiling of the Smic of 2016, a contribution of 2024
        **{515: 2020, 546: 2024, 549: 2021},  # half-years of an experiment abroad
    }
    # said without a year of prices, over several years, or under a date that was deduced
    assert all(years[number] is None for number in (57, 96, 127, 195, 256, 360, 440, 469, 513))
    assert all(c.annee_prix is None for c in published.chiffres if not c.is_money)
