"""All the territories: power first, the pooled test as the headline, no rank beside an interval, evidence by rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from resultats_inventes import RESULTATS, pooled

from analysis.impact.records import ENSEMBLE
from analysis.noyau.french import NBSP
from analysis.noyau.periods import Period
from analysis.presentation.published.impact import ensemble as vue
from analysis.presentation.published.impact import sensibilite, visibilite
from analysis.presentation.published.impact.preuves import constats, en_une_phrase
from analysis.presentation.published.impact.protocole import protocole
from analysis.presentation.published.impact.territoire import impact
from analysis.presentation.published.jugement import verdicts
from analysis.secret.bundle import Bundle
from analysis.sources.verdicts import Verdict

pytestmark = pytest.mark.usefixtures("sketched")

Chapitre = Callable[..., Bundle]

PARTS = (
    *(
        visibilite.visibles,
        vue.epreuve,
        vue.epreuves,
        vue.foret,
        vue.effets,
        vue.rangs,
        sensibilite.bases,
        sensibilite.sans_un,
    ),
    *(
        vue.eviction,
        sensibilite.dynamique,
        sensibilite.honnete,
        sensibilite.tailles,
        sensibilite.diagnostics,
        protocole,
    ),
)


def words(html: str) -> str:
    text = BeautifulSoup(html, "lxml").get_text(" ").replace(NBSP, " ").replace("\u202f", " ")
    return " ".join(text.split())


def test_what_could_be_seen_is_a_share_of_what_would_have_to_be(chapitre: Chapitre) -> None:
    """Prémery's EBE of 62 at least is above 52; the six others are below what could be seen there."""
    said = words(visibilite.visibles(chapitre("impact")).html)
    assert "1 territoire sur 7 a une EBE assez grande pour qu'un effet y soit visible" in said
    assert (
        "Prémery, l'EBE emploie 62 à 80 personnes, et un effet n'y serait visible qu'à partir de 52 emplois."
        in said
    )
    assert "Le chapitre s'arrête à ce constat pour : Paris 13e : L'EBE pèse moins d'un pour cent" in said
    assert (
        "L'étude n'y verrait, huit fois sur dix, qu'un effet d'au moins 4 800 emplois, soit 4,6 %, quand l'EBE emploie 40 à "
        "50 personnes." in said
    )
    unknown = tuple(
        replace(c, detectable=None, detectable_pct=None) if c.motif else c for c in RESULTATS.comparaisons
    )
    said = words(visibilite.visibles(chapitre("impact", replace(RESULTATS, comparaisons=unknown))).html)
    assert "Paris 13e : L'EBE pèse moins d'un pour cent" in said and "huit fois sur dix, qu'un" not in said


def test_an_ebe_of_which_one_bound_is_published_is_never_of_nobody(chapitre: Chapitre) -> None:
    """« au moins 40 » is drawn at 40 and told so; where none is large enough the title counts no zero."""
    open_ended = tuple(
        replace(c, ebe_bas=40.0, ebe_haut=None, motif="")
        for c in RESULTATS.comparaisons
        if c.resultat == "emploi_prive"
    )
    kept = replace(RESULTATS, comparaisons=open_ended)
    said = words(visibilite.visibles(chapitre("impact", kept)).html)
    assert "Aucun des 7 territoires n'a une EBE assez grande" in said
    assert "EBE 40 au moins, visible dès 52" in said and "40 à 0" not in said
    own = words(impact(chapitre("premery", kept)).html)
    assert "Son EBE emploie au moins 40 personnes (septembre 2018)" in own


def test_the_headline_is_the_pooled_test_from_each_base(chapitre: Chapitre) -> None:
    said = words(vue.epreuve(chapitre("impact")).html)
    assert "s'écartent autant de leurs semblables 21 fois sur cent" in said
    assert "34 fois sur cent" in said
    assert said.count("on ne peut distinguer l'ensemble du hasard") == 2


def test_the_headline_speaks_of_the_mean_and_names_the_synthesis_apart(chapitre: Chapitre) -> None:
    """The p is that of the mean, so the number beside it is the mean's and never the synthesis'."""
    block = BeautifulSoup(vue.epreuve(chapitre("impact")).html, "lxml")
    headline, second = (
        words(str(block.select_one(f"#{name}"))) for name in ("epreuve", "synthese-emploi-prive")
    )
    assert (
        "l'emploi salarié privé s'écarte de sa comparaison de +3,5 % en moyenne de 2017 à 2020, moyenne simple des 6 "
        "territoires (19 fois sur 20, avant correction, de −1,2 à +8,2 %) ; des communes prises au hasard"
        in headline
    )
    assert (
        "+3 % en moyenne de 2017 à 2020" in headline and "+2 %" not in headline and "synthèse" not in headline
    )
    assert "la synthèse à effets aléatoires" in second and "donne +2 % (de −2,1 à +6,1 %)" in second
    alone = tuple(e for e in RESULTATS.estimations if e.territoire != ENSEMBLE)
    said = words(vue.epreuve(chapitre("impact", replace(RESULTATS, estimations=alone))).html)
    assert "21 fois sur cent" in said and "moyenne simple" not in said and "synthèse" not in said


def test_a_rare_pooled_gap_is_said_to_be_rare_only_once_corrected(chapitre: Chapitre) -> None:
    first, *others = RESULTATS.epreuves
    rare = replace(first, p=0.004, p_holm=0.04)
    said = words(vue.epreuve(chapitre("impact", replace(RESULTATS, epreuves=(rare, *others)))).html)
    assert "0,4 fois sur cent, 4 une fois corrigé du nombre d'épreuves : le hasard le fait rarement" in said
    spoilt = replace(first, p=0.03, p_holm=0.3)
    said = words(vue.epreuve(chapitre("impact", replace(RESULTATS, epreuves=(spoilt,)))).html)
    assert "3 fois sur cent, 30 une fois corrigé du nombre d'épreuves : on ne peut distinguer" in said


def test_the_table_of_tests_holds_the_declared_ones_and_the_alternatives_of_the_headline(
    chapitre: Chapitre,
) -> None:
    main, second, alternative = RESULTATS.epreuves
    other = replace(main, resultat="inscrits_abc")
    left_out = replace(alternative, resultat="inscrits_abc")
    kept = replace(RESULTATS, epreuves=(main, second, alternative, other, left_out))
    rows = BeautifulSoup(vue.epreuves(chapitre("impact", kept)).html, "lxml").select("tbody tr")
    assert [row.select("td")[3].get_text() for row in rows] == ["0,42", "0,42", "–", "0,42"]


def test_the_forest_counts_who_is_away_from_zero(chapitre: Chapitre) -> None:
    """Of the six, only Prémery's 25 ± 9 leaves zero out."""
    block = vue.foret(chapitre("impact")).html
    assert (
        "Emploi salarié privé : +3,5 %, moyenne simple des 6 territoires (de −1,2 à +8,2 %) ; 1 territoire sur 6 s’écarte de zéro plus que le hasard"
        in words(block)
    )
    rows = BeautifulSoup(block, "lxml").select("tbody tr")
    assert [row.th.get_text() for row in rows if row.th][-2:] == [
        "Moyenne des territoires",
        "Synthèse à effets aléatoires",
    ]
    assert rows[-1].select("td")[-1].get_text() == "–", "the whole weighs nothing in itself"


def test_too_few_rows_are_a_sentence(chapitre: Chapitre) -> None:
    shown = vue.foret(chapitre("impact"), "emploi_prive_hors_ebe").html
    assert shown.startswith('<p class="absence"') and "moins de quatre territoires" in shown


def test_crowding_out_is_told_of_all_together_with_its_interval(chapitre: Chapitre) -> None:
    said = words(vue.eviction(chapitre("impact")).html)
    assert "s'écarte de sa comparaison de −0,7 % en moyenne de 2017 à 2020" in said
    assert "de −4 à +2,6 % : on ne peut le distinguer de rien" in said
    assert "la synthèse à effets aléatoires" in said and "donne −0,4 % (de −5 à +4,2 %)" in said
    gone = replace(RESULTATS, estimations=tuple(e for e in RESULTATS.estimations if e.territoire != ENSEMBLE))
    assert "n'est pas estimé" in words(vue.eviction(chapitre("impact", gone)).html)


def test_no_table_holds_ranks_and_intervals(chapitre: Chapitre) -> None:
    bundle = chapitre("impact")
    for part in PARTS:
        for table in BeautifulSoup(part(bundle).html, "lxml").select("table"):
            heads = {head.get_text() for head in table.select("thead th")}
            assert not {"Rang", "Intervalle à 95 %"} <= heads
            assert all(cell.get_text().strip() for cell in table.select("td")), heads


def test_a_sign_that_turns_is_named(chapitre: Chapitre) -> None:
    said = words(sensibilite.bases(chapitre("impact")).html)
    assert "Le signe change avec l'année de départ : Thiers." in said


def test_the_protocol_is_printed(chapitre: Chapitre) -> None:
    said = words(protocole(chapitre("impact")).html)
    assert "Protocole figé le 28 novembre 2026, empreinte : 0123456789abcdef" in said


def test_nothing_is_shown_of_no_results(chapitre: Chapitre) -> None:
    bundle = chapitre("impact", None)
    for part in PARTS:
        shown = part(bundle).html
        assert not shown or "n'est encore calculée" in shown
    assert constats(chapitre("synthese", None), "H2").html == ""


@pytest.mark.parametrize(
    ("low", "high", "direction"),
    [(-4.0, 2.6, "n'éclaire pas"), (-4.0, -0.1, "contredit"), (0.1, 4.0, "appuie")],
)
def test_evidence_has_the_direction_of_its_interval(
    chapitre: Chapitre, low: float, high: float, direction: str
) -> None:
    mean = pooled("emploi_prive_hors_ebe", "differences", "last", (low + high) / 2, low, high)
    other = pooled("emploi_prive_hors_ebe", "synthese", "last", 0.0, -90.0, 90.0)
    bundle = chapitre("synthese", replace(RESULTATS, estimations=(mean, other)))
    cells = [
        cell.get_text() for cell in BeautifulSoup(constats(bundle, "H2").html, "lxml").select("tbody tr *")
    ]
    assert cells[0] == direction
    assert "preuve indicative" in cells
    assert constats(bundle, "H1").html == ""
    assert en_une_phrase(bundle, "H2") == f"L'étude d'impact y ajoute une preuve indicative, qui {direction}."


def test_a_verdict_tells_the_evidence_of_the_impact_study(chapitre: Chapitre) -> None:
    """From two bases that disagree: both count, on the card that « L'essentiel » repeats."""
    verdict = Verdict(
        hypothese="H2",
        auteur="Équipe",
        date=Period("2026-11-28"),
        is_signed=False,
        corps="Une phrase. Une autre.",
        chiffres=(),
        ligne=1,
    )
    rows = [
        pooled("emploi_prive_hors_ebe", "differences", base, -3.0, -6.0, high)
        for base, high in (("last", -1.0), ("mean", 1.0))
    ]
    bundle = replace(chapitre("synthese", replace(RESULTATS, estimations=tuple(rows))), verdicts=(verdict,))
    said = words(verdicts(bundle).html)
    assert "L'étude d'impact y ajoute 2 preuves indicatives, dont 1 contredit et 1 n'éclaire pas." in said
    without = replace(chapitre("synthese", None), verdicts=(verdict,))
    assert "étude d'impact" not in words(verdicts(without).html)
