"""The repository's own register: the figures that must stand there, and what no row may lack."""

from __future__ import annotations

import re
from collections import Counter

from analysis.indicateurs.depenses_passives.declarations import declarations_of
from analysis.noyau.declared.dictionary import FATE
from analysis.noyau.paths import Project
from analysis.noyau.periods import Period
from analysis.presentation.numbers import decimal
from analysis.secret.bundle import bundle_territoire
from analysis.sources.register import Register

READINGS = {"extrait": 56, "seconde_main": 120, "texte": 72}
"""How the rows carried from the reports and from the law of 2026 were read, one after the other."""

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
    assert disputed(published, "cout-net-annuel") == {"moins de 6 200", "11 300 à 13 700", "environ 6 000"}
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
    """A document that is known and was not read stands among the sources, and says what was not read."""
    used = {code for c in published.chiffres for code in (c.source, c.seconde_source) if code}
    used |= {s.source for s in published.series}
    used |= {t.source for t in published.territoires} | {
        e.source for t in published.territoires for e in t.ebe
    }
    study = declarations_of(Project.here())
    assert study is not None
    for table in ("hypotheses", "lignes_declarees"):
        used |= {row["source"] for row in study.tables[table] if row["source"]}
    unread = {s.source for s in published.sources if s.non_lu} - used
    assert used | unread == {source.source for source in published.sources}
    assert len(unread) == 6  # a thesis and its notice, another one, a master's, two sets of data


def test_every_amount_in_euros_says_the_year_of_its_euros_or_that_none_is_established(
    published: Register,
) -> None:
    """Of twenty-six first rows and of twelve carried since, no source says the year of the euros."""
    amounts = [c for c in published.chiffres if c.is_money]
    years = {c.numero: c.annee_prix for c in amounts}
    assert sum(year is None for year in years.values()) == 26 + 12
    assert {number: years[number] for number in (129, 147, 223, 335, 338, 515, 546, 549)} == {
        **{129: 2018, 147: 2019, 223: 2017},  # sales, a grant, an envelope of a dated year
        **{335: 2016, 338: 2024},  # a ceiling of the Smic of 2016, a contribution of 2024
        **{515: 2020, 546: 2024, 549: 2021},  # half-years of an experiment abroad
    }
    # said without a year of prices, over several years, or under a date that was deduced
    assert all(years[number] is None for number in (57, 96, 127, 195, 256, 360, 440, 469, 513))
    assert all(c.annee_prix is None for c in published.chiffres if not c.is_money)


def value(published: Register, numero: int) -> float | None:
    return next(c.valeur for c in published.chiffres if c.numero == numero)


def test_ten_and_seventy_three_are_eighty_three_and_not_ninety_three(published: Register) -> None:
    """The press counted the first ten twice; a figure that is set aside stays as it was printed."""
    settled = {d.desaccord: d for d in published.tranches}
    territories = settled["territoires-2025"]
    new = next(c for c in published.chiffres if c.valeur_imprimee == "73" and c.numero in territories.numeros)
    assert new.valeur == 73 and territories.retenu is not None
    assert 10 + 73 == value(published, territories.retenu) == 83
    assert [c.valeur_imprimee for c in published.chiffres if c.desaccord == "territoires-2025"] == ["93"]
    at_the_end = settled["territoires-fin-2024"]
    assert at_the_end.retenu is not None and value(published, at_the_end.retenu) == 75
    by_decree = [
        c for c in published.chiffres if c.periode and c.periode.text == "2025-03-21" and c.valeur == 8
    ]
    assert {c.numero for c in by_decree} & at_the_end.numeros and 75 + 8 == 83


def test_every_figure_of_an_evaluation_says_how_it_was_read(published: Register) -> None:
    """None is told as read in its text: the copies at hand gave first pages, sections, presentations."""
    read = Counter(c.lecture for c in published.chiffres if c.evaluation)
    assert set(read) == {"extrait", "seconde_main"}
    assert all(c.page for c in published.chiffres if c.lecture in ("texte", "extrait"))
    assert all(c.lecture for c in published.chiffres if c.numero > 584)
    carried = [c for c in published.chiffres if 584 < c.numero <= 832]
    assert len(carried) == 248 and Counter(c.lecture for c in carried) == READINGS


def test_the_profile_of_the_first_employees_adds_up(published: Register) -> None:
    """Mid-2018, all the EBE of the first phase, then EBE 58 alone: printed shares, rounded to the unit."""
    levels = [f"part_niveau_{level}" for level in ("6", "5bis", "5", "4", "3", "2", "1")]
    ages = ["part_moins_25_ans", "part_25_50_ans", "part_50_ans_et_plus"]
    source = "asdo-ansa-premery-profil"
    shares = {
        place: {
            c.indicateur: c.valeur or 0
            for c in published.chiffres
            if (c.territoire, c.source) == (place, source)
        }
        for place in ("national", "premery")
    }
    assert [sum(shares[place][name] for name in levels) for place in shares] == [101, 100]
    assert [sum(shares[place][name] for name in ages) for place in shares] == [101, 100]
    assert [shares[place]["part_niveau_infra_v"] for place in shares] == [22 + 10, 15 + 25]


def test_the_votes_of_the_public_ballot_add_up(published: Register) -> None:
    votes = {c.indicateur: c.valeur or 0 for c in published.chiffres if c.source == "an-scrutin-5219-2026"}
    named = ("ppl_amendement_votes_pour", "ppl_amendement_votes_contre", "ppl_amendement_abstentions")
    assert [votes[name] for name in named] == [68, 18, 22]
    assert sum(votes[name] for name in named) == votes["ppl_amendement_votants"] == 108
    assert "première lecture" in published.dictionary.indicator("ppl_votes_pour").limite


def test_official_series_carry_the_edition_of_their_producer(published: Register) -> None:
    used = {serie.source for serie in published.series}
    cards = {source.source: source for source in published.sources}
    assert all(cards[code].edition and cards[code].intermediaire for code in used)
    assert cards["insee-chomage-departement"].date_donnees == Period("2025-03-21")
