"""How measures read: a number with what it is made of, a secret with its reason, a gap as a gap."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from essai import DEFINITIONS

from analysis.noyau.mesures import ENSEMBLE, Cadre, Mesure
from analysis.noyau.plan_comptable import SANS_VENTE
from analysis.presentation.deposits import economie, exhaustivite, parcours, profils
from analysis.presentation.drawing.charts import Panel
from analysis.presentation.drawing.style import Drawing
from analysis.presentation.numbers import NBSP, decimal
from analysis.presentation.parts.attentes import taken_out
from analysis.presentation.parts.blocks import Block
from analysis.presentation.parts.mentions import APERCU_MARK, ATELIER_MARK
from analysis.presentation.parts.mesures import cell, nearly_alike, source_note, words
from analysis.presentation.published import publies
from analysis.secret.bundle import Bundle, with_measures
from analysis.secret.regles import decider
from analysis.secret.release import Released, not_publishable

END = "2019-12-31"
VAL, TOGETHER = (
    Cadre("val", "reel", "dépôt n° 1", DEFINITIONS),
    Cadre(ENSEMBLE, "reel", "2 territoires", DEFINITIONS),
)
EXERCICE = "2019-01-01/2019-12-31"


def measures(cadre: Cadre) -> list[Mesure]:
    """Forty volunteers of whom twenty are out, fourteen of them in the EBE; three wait."""
    situations = {"ebe": 14, "autre_emploi": 6, "attente": 3, "autre": 17}
    codes = [choix.code for choix in DEFINITIONS.of("situation_volontaires").modalites]
    return [
        cadre.compte("personnes_rencontrees", END, 60),
        cadre.absente("ppde_estimees", END, "aucune estimation déposée à cette date"),
        cadre.absente("taux_rencontre", END, "aucune estimation déposée à cette date"),
        cadre.compte("volontaires_eligibles", END, 40),
        cadre.compte("sorties_privation", END, 20),
        cadre.compte("liste_attente", END, 3),
        cadre.ratio("taux_sortie", END, 20, 40, vide=""),
        *(cadre.compte("situation_volontaires", END, situations.get(c, 0), modalite=c) for c in codes),
    ]


def shown(bundle: Bundle, mesures: list[Mesure], mode: str = "publication") -> Bundle:
    released = (
        decider(mesures, DEFINITIONS, frozenset())
        if mode == "publication"
        else tuple(map(not_publishable, mesures))
    )
    return with_measures(bundle, released, DEFINITIONS, mode)  # type: ignore[arg-type]


def text_of(block: Block) -> str:
    return BeautifulSoup(block.html, "lxml").get_text(" ").replace(NBSP, " ").replace("\u202f", " ")


def row(block: Block, name: str) -> list[str]:
    """The cells of the row whose head begins with that name."""
    for tr in BeautifulSoup(block.html, "lxml").find_all("tr"):
        if tr.th and tr.th.get_text().startswith(name):
            return [td.get_text().replace(NBSP, " ") for td in tr.find_all("td")]
    raise AssertionError(f"no row {name}")


def test_a_territory_reads_its_steps_with_secrets_and_gaps(val: Bundle) -> None:
    table = exhaustivite.etapes(shown(val, measures(VAL)))
    assert row(table, "Personnes rencontrées") == ["60"]
    assert row(table, "Personnes estimées") == ["aucune estimation déposée à cette date"]
    assert row(table, "Personnes en attente") == ["secret"]
    assert row(table, "Sorties parmi les volontaires") == ["50 (20 / 40)"]
    assert "Secret : trop peu de personnes, ou de quoi les déduire." in text_of(table)


def test_the_atelier_reads_everything_and_says_it_is_not_to_be_published(val: Bundle) -> None:
    bundle = shown(val, measures(VAL), "atelier")
    assert row(exhaustivite.etapes(bundle), "Personnes en attente") == ["3"]
    assert ATELIER_MARK in publies.titre(bundle, "Val").html
    assert APERCU_MARK in publies.titre(replace(bundle, mode="apercu"), "Val").html


def test_a_publication_refuses_what_was_not_decided(val: Bundle) -> None:
    with pytest.raises(ValueError, match="takes nothing whole"):
        replace(shown(val, measures(VAL), "atelier"), mode="publication")


def test_a_bar_of_situations_says_secret_where_the_gate_withholds(val: Bundle) -> None:
    """Two dates of forty volunteers: at the last one the three who wait and the others are withheld."""
    then = {"ebe": 8, "autre_emploi": 12, "formation": 0, "attente": 10, "autre": 10}
    before = [
        VAL.compte("volontaires_eligibles", "2018-12-31", 40),
        *(VAL.compte("situation_volontaires", "2018-12-31", n, modalite=code) for code, n in then.items()),
    ]
    bundle = shown(val, [*before, *measures(VAL)])
    told = {
        r.content.modalite: r.rule
        for r in bundle.measures("situation_volontaires")
        if r.content.periode == END
    }
    assert (told["attente"], told["autre"]) == ("seuil-effectif", "addition")
    block = exhaustivite.situation(bundle)
    described = BeautifulSoup(block.html, "lxml").select_one(".description")
    alt = text_of(Block(str(described)))
    assert "31 décembre 2018 (40) : en EBE 20 %, autre emploi 30 %, en formation 0 %, en attente 25 %" in alt
    last = alt.partition("31 décembre 2019 (40) :")[2]
    assert (
        "en EBE 35 %, autre emploi 15 %, en formation 0 %, en attente secret, autre situation secret." in last
    )
    caption = BeautifulSoup(block.html, "lxml").figcaption
    assert caption is not None
    assert (
        text_of(Block(str(caption))).strip()
        == "Au 31 décembre 2019, 14 des 40 volontaires éligibles sont en EBE"
    )


def test_one_date_alone_is_a_sentence_and_no_chart(val: Bundle) -> None:
    block = exhaustivite.situation(shown(val, measures(VAL)))
    assert "<figure" not in block.html and "en attente secret, autre situation secret" in text_of(block)


def test_a_territory_gets_its_own_and_the_whole_but_no_other(val: Bundle, synthese: Bundle) -> None:
    other = Cadre("vide", "reel", "dépôt n° 1", DEFINITIONS).compte("embauchees", END, 50)
    everything = [*measures(VAL), other, TOGETHER.compte("embauchees", END, 90)]
    assert {r.content.lieu for r in shown(val, everything).mesures} == {"val", ENSEMBLE}
    assert {r.content.lieu for r in shown(synthese, everything).mesures} == {"val", "vide", ENSEMBLE}


def test_territories_that_sent_nothing_are_awaited_beside_the_others(synthese: Bundle) -> None:
    table = exhaustivite.etapes_de_tous(shown(synthese, [*measures(VAL), *measures(TOGETHER)]))
    assert row(table, "Bourg-Vide") == ["–"] * 6 and "en attente du dépôt du territoire" in text_of(table)
    assert row(table, "Ensemble")[1:3] == ["60", "40"]


@pytest.mark.parametrize(
    "view",
    [
        exhaustivite.etapes,
        exhaustivite.situation,
        exhaustivite.liste_d_attente,
        profils.profil,
        parcours.effectif,
        parcours.mouvements,
        parcours.delais,
        parcours.maintien,
        parcours.temps_de_travail,
        economie.comptes,
        economie.ressources,
        economie.activites,
    ],
)
def test_without_a_deposit_a_part_is_awaited_or_silent(view: object, vide: Bundle) -> None:
    html = view(shown(vide, [])).html  # type: ignore[operator]
    assert html == "" or taken_out(html)[0] == ""


@pytest.mark.parametrize(
    "view",
    [
        exhaustivite.etapes_de_tous,
        exhaustivite.taux_de_tous,
        exhaustivite.situation_de_tous,
        exhaustivite.trajectoire,
        exhaustivite.attente_de_tous,
        profils.profil,
        profils.ecarts_de_tous,
        parcours.delais_de_tous,
        parcours.effectifs_de_tous,
        parcours.mouvements,
        economie.par_etp_de_tous,
        economie.equilibre_de_tous,
        economie.ressources_de_tous,
        economie.comptes_de_tous,
        economie.branches_de_tous,
        economie.avis_de_tous,
    ],
)
def test_without_any_deposit_a_comparison_is_awaited_or_silent(view: object, synthese: Bundle) -> None:
    html = view(shown(synthese, [])).html  # type: ignore[operator]
    assert html == "" or taken_out(html)[0] == ""


def test_the_accounts_of_an_ebe_without_agreement_are_secret(val: Bundle) -> None:
    accounts = [
        VAL.somme("duree_exercice", EXERCICE, 12, n=1, ebe="essai-58"),
        VAL.somme("ventes", EXERCICE, 1000, n=1, ebe="essai-58", prix="2019"),
    ]
    table = economie.comptes(shown(val, accounts))
    assert "secret (comptes d'une seule EBE, sans son accord)" in text_of(table)
    assert "1000" not in table.html and decimal(1000, 0) not in table.html
    whole = economie.comptes(shown(val, accounts, "atelier"))
    assert row(whole, "Ventes") == [decimal(1000, 0)]


def test_an_ebe_that_balances_without_sales_is_told_in_words_and_counted(
    synthese: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three EBE: one sells more than it needs, one less, one needs no sale: two of three balance."""
    place = synthese.territoires[0]
    three = tuple(replace(place.ebe[0], code=code, nom=code.title()) for code in ("un", "deux", "trois"))
    synthese = replace(synthese, territoires=(replace(place, ebe=three),))
    cadre = Cadre(place.code, "reel", "dépôt n° 1", DEFINITIONS)
    found = []
    for ebe, needed in (("un", 5_000.0), ("deux", 7_000.0), ("trois", None)):
        found += [
            cadre.somme("duree_exercice", EXERCICE, 12, n=1, ebe=ebe),
            cadre.ratio("ventes_par_etp", EXERCICE, 60_000, 10, vide="", n=1, ebe=ebe, prix="2019"),
            cadre.absente("seuil_equilibre_par_etp", EXERCICE, SANS_VENTE, ebe=ebe)
            if needed is None
            else cadre.ratio(
                "seuil_equilibre_par_etp", EXERCICE, 10 * needed, 10, vide="", n=1, ebe=ebe, prix="2019"
            ),
        ]
    drawn: list[Sequence[Any]] = []
    monkeypatch.setattr(
        economie, "pairs_svg", lambda rows, pairs, *_, **__: drawn.append(pairs) or Drawing(b"", b"")
    )
    page = text_of(economie.equilibre_de_tous(shown(synthese, found, "atelier")))
    assert "les ventes équilibrent les comptes dans 2 des 3 EBE" in page
    assert f"ventes 6 000, {SANS_VENTE}" in page
    assert [pair.missing for pair in drawn[0] if pair.second is None] == ["sans vente"]


def test_what_others_published_stands_beside_in_the_real_bilan(synthese: Bundle) -> None:
    assert "Bourg-Vide" in publies.comparaison(synthese, "effectif_ebe").html
    invented = replace(synthese, chiffres=())
    assert publies.comparaison(invented, "effectif_ebe").html == ""


def test_words_and_cells_of_the_three_states(val: Bundle) -> None:
    bundle = shown(val, measures(VAL))
    rate, gap, secret = (
        bundle.measured(name, place="val", periode=END)
        for name in ("taux_sortie", "taux_rencontre", "liste_attente")
    )
    assert words(rate, bundle, with_unit=True) == f"50{NBSP}%"
    assert 'class="absent"' in cell(gap, bundle)
    assert (
        cell(secret, bundle)
        == '<span class="secret" title="trop peu de personnes, ou de quoi les déduire">secret</span>'
    )
    assert words(None, bundle) == "–"


def test_a_bundle_with_measures_is_the_same_after_a_trip_as_bytes(val: Bundle) -> None:
    bundle = shown(val, measures(VAL))
    content = bundle.to_bytes()
    assert Bundle.from_bytes(content) == bundle
    assert Bundle.from_bytes(content).to_bytes() == content


def rates(*, offers_of: int = 20) -> list[Mesure]:
    """Three rates of two territories and of both together; under eleven people a rate is withheld."""
    found = []
    for cadre, whole in ((VAL, 40), (Cadre("vide", "reel", "dépôt n° 1", DEFINITIONS), 60), (TOGETHER, 100)):
        found += [
            cadre.compte("volontaires_eligibles", END, whole),
            cadre.ratio("taux_rencontre", END, whole / 2, whole, vide=""),
            cadre.ratio("taux_offre", END, offers_of / 2, offers_of, vide=""),
            cadre.ratio("taux_sortie", END, whole / 4, whole, vide=""),
        ]
    return found


def figure_of(block: Block) -> Tag:
    figure = BeautifulSoup(block.html, "lxml").figure
    assert figure is not None, block.html
    return figure


def test_a_column_whose_every_value_is_withheld_is_drawn_as_words(synthese: Bundle) -> None:
    figure = figure_of(exhaustivite.taux_de_tous(shown(synthese, rates(offers_of=4))))
    described = text_of(Block(str(figure.select_one(".description"))))
    assert described.count("offres parmi les volontaires : secret") == 3
    assert not re.search(r"offres parmi les volontaires : \d", described)
    assert "50 %" in described and "25 %" in described


def test_rows_that_are_all_withheld_are_words_that_say_so_and_no_chart(synthese: Bundle) -> None:
    hidden = [
        replace(
            r.content,
            valeur=None,
            numerateur=None,
            denominateur=None,
            n=None,
            etat="masquee",
            motif="trop peu",
        )
        for r in shown(synthese, rates()).mesures
    ]
    bundle = replace(shown(synthese, []), mesures=tuple(Released(m, "seuil-taux") for m in hidden))
    for view in (exhaustivite.taux_de_tous, exhaustivite.situation_de_tous):
        block = view(bundle)
        sentence = BeautifulSoup(block.html, "lxml").p
        assert "<figure" not in block.html and sentence is not None
        assert "secret" in sentence.get_text() and not re.search(r"\d", sentence.get_text())


def test_a_chart_of_one_point_is_a_sentence(val: Bundle) -> None:
    day = [VAL.compte("effectif_fin_mois", "2019-12", 40)]
    block = parcours.effectif(shown(val, day))
    assert "<figure" not in block.html
    assert text_of(block).startswith(
        "Environ 40 salariés en décembre 2019 : salariés en fin de mois : environ 40 personnes"
    )


def test_rows_of_nearly_the_same_number_are_a_sentence_that_names_the_rows_of_each(val: Bundle) -> None:
    days = ("2016-12-31", "2017-12-31", "2018-12-31", END)
    found = [
        VAL.ratio("taux_sortie", day, n, 60, vide="") for day, n in zip(days, (30, 30, 45, 30), strict=True)
    ]
    bundle = shown(val, found, "atelier")
    block = nearly_alike(bundle, "Part", ("a", "b", "c", "d"), bundle.measures("taux_sortie"), anchor="part")
    assert block is not None
    assert text_of(block).startswith("Part : 50 % (a, b, d) ; 75 % (c).")
    assert 'id="part"' in block.html


def test_a_name_of_three_hundred_letters_is_whole_beside_the_drawing(synthese: Bundle) -> None:
    long = " ".join(["Communauté"] * 27)
    named = tuple(replace(t, nom=long) if t.code == "val" else t for t in synthese.territoires)
    bundle = replace(shown(synthese, rates()), territoires=named)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = figure_of(exhaustivite.taux_de_tous(bundle))
    assert len(long) > 290 and long in text_of(Block(str(figure.select_one(".description"))))


def test_a_missing_value_is_not_told_as_a_withheld_one(synthese: Bundle) -> None:
    missing = [
        TOGETHER.absente("taux_rencontre", END, "aucune estimation")
        if m.cle[:2] == ("taux_rencontre", ENSEMBLE)
        else m
        for m in rates()
    ]
    described = text_of(
        Block(str(figure_of(exhaustivite.taux_de_tous(shown(synthese, missing))).select_one(".description")))
    )
    assert "Ensemble, rencontrées parmi les estimées : aucune estimation" in described
    assert "secret" not in described


@pytest.mark.parametrize(("compared", "says_most"), [(2, False), (3, True)])
def test_the_widest_gap_is_said_of_three_rows_that_compare_at_least(
    synthese: Bundle, compared: int, says_most: bool
) -> None:
    codes = [choix.code for choix in DEFINITIONS.of("ecart_profil").modalites]
    profile = [
        TOGETHER.ratio(name, END, 10 + step * rank, 40, vide="", modalite=code)
        for name, step in (("profil_embauchees", 4), ("profil_non_embauchees", 1))
        for rank, code in enumerate(codes[:compared])
    ]
    block = profils.profil(shown(synthese, profile, "atelier"))
    caption = BeautifulSoup(block.html, "lxml").figcaption
    assert caption is not None
    assert ("l'écart le plus grand" in caption.get_text()) == says_most
    assert says_most or f"comparaison possible pour 2 des {len(codes)} caractéristiques" in caption.get_text()


def test_a_small_chart_of_one_point_is_left_out(synthese: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = next(t.code for t in synthese.territoires if t.code != "val")
    other = Cadre(alone, "reel", "dépôt n° 1", DEFINITIONS)
    staff = [VAL.compte("effectif_fin_mois", f"2019-0{month}", 20 + month) for month in range(1, 6)]
    staff.append(other.compte("effectif_fin_mois", "2019-01", 30))
    drawn: list[str] = []
    draw = parcours.panels_svg

    def recorded(panels: Sequence[Panel], **how: Any) -> Drawing:
        drawn.extend(panel.title for panel in panels)
        return draw(panels, **how)

    monkeypatch.setattr(parcours, "panels_svg", recorded)
    block = parcours.effectifs_de_tous(shown(synthese, staff, "atelier"))
    assert len(drawn) == 1 and drawn != [synthese.place_name(alone)]
    assert row(block, synthese.place_name(alone))[-1] == "30"  # its value stays in the data


def test_what_is_of_a_part_of_the_territories_says_of_which_under_the_table(synthese: Bundle) -> None:
    source = "9 territoires sur 10 (il manque Val)"
    part = replace(TOGETHER, source=source).ratio("taux_sortie", END, 20, 40, vide="")
    whole = replace(TOGETHER, source="10 territoires").ratio("taux_offre", END, 20, 40, vide="")
    said = source_note(synthese, shown(synthese, [part, whole]).mesures)
    assert said.endswith(f"dépôts des territoires ; l'ensemble est celui de {source}.")
    assert "celui" not in source_note(synthese, shown(synthese, [whole]).mesures)


def test_a_ratio_of_all_the_ebe_says_of_how_many(synthese: Bundle) -> None:
    ratio = TOGETHER.ratio("ventes_par_etp", "2019", 120_000, 10, vide="", n=9, prix="2019")
    (released,) = map(not_publishable, [ratio])
    bundle = with_measures(synthese, (released,), DEFINITIONS, "atelier")
    assert f"9{NBSP}EBE" in cell(released, bundle)


def test_categories_told_together_are_named_in_the_table_and_its_note(val: Bundle) -> None:
    """Two and seven young people are nine under 45: neither is withheld, and the note says that they are united."""
    codes = [choix.code for choix in DEFINITIONS.of("attente_age").modalites]
    mesures = [
        *(VAL.compte(name, END, 33) for name in ("volontaires_eligibles", "liste_attente")),
        *(VAL.compte("attente_age", END, n, modalite=c) for c, n in zip(codes, (2, 7, 9, 15), strict=True)),
    ]
    html = exhaustivite.liste_d_attente(shown(val, mesures)).html
    table = BeautifulSoup(html, "lxml").find(id="attente-age")
    assert table is not None
    rows = [[c.get_text() for c in row.find_all(["th", "td"])] for row in table.select("tbody tr")]
    assert rows == [["Moins de 45 ans", "9"], ["45 à 54 ans", "9"], ["55 ans ou plus", "15"]]
    assert "Catégories réunies : « Moins de 45 ans »." in text_of(Block(html))


def test_bars_are_cut_in_the_situations_that_each_of_them_tells(val: Bundle) -> None:
    """One date tells training with other jobs, the other tells both: the bars have them together, no part is zero."""
    codes = [choix.code for choix in DEFINITIONS.of("situation_volontaires").modalites]
    rows = {"2018-12-31": (30, 12, 2, 9, 14), END: (50, 20, 10, 14, 8)}
    mesures = [
        m
        for day, counts in rows.items()
        for m in (
            VAL.compte("volontaires_eligibles", day, sum(counts)),
            *(
                VAL.compte("situation_volontaires", day, n, modalite=c)
                for c, n in zip(codes, counts, strict=True)
            ),
        )
    ]
    bundle = shown(val, mesures)
    told = {(r.content.periode, r.content.modalite) for r in bundle.measures("situation_volontaires")}
    assert ("2018-12-31", "autre_emploi_formation") in told and (END, "formation") in told
    block = text_of(exhaustivite.situation(bundle))
    said = "en EBE 44,8 %, autre emploi ou en formation 20,9 %, en attente 13,4 %, autre situation 20,9 %"
    assert said in block
    assert "en EBE 49 %, autre emploi ou en formation 29,4 %" in block
