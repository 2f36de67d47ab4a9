"""The gate on computed measures: each rule on numbers that a reader can check, then all of them attacked."""

from __future__ import annotations

import gc
import random
from collections.abc import Iterable
from dataclasses import replace

import pytest
from attaque import Quantity, each_category_alone, given_back
from declarees import DEFINITIONS as DECLARED

from analysis.indicateurs.ensemble import ensemble
from analysis.noyau.mesures import ENSEMBLE, Cadre, Mesure
from analysis.noyau.plan_comptable import SANS_VENTE
from analysis.secret.regles import MOTIFS, decider, rounded
from analysis.secret.release import Rule

DEFINITIONS = each_category_alone(DECLARED)
END = "2019-12-31"
OF_EBE = ("accord", "trop-peu-d-ebe", "dominance")


def place(code: str = "val", nature: str = "reel") -> Cadre:
    return Cadre(code, nature, "dépôt n° 1", DEFINITIONS)  # type: ignore[arg-type]


VAL = place()
AGES = ("moins_30", "de_30_a_44", "de_45_a_54", "plus_55")
MOTIVES = tuple(choix.code for choix in DEFINITIONS.of("sorties_ebe").modalites)


def rules(mesures: Iterable[Mesure], *accords: tuple[str, str, str]) -> list[Rule]:
    return [released.rule for released in decider(mesures, DEFINITIONS, frozenset(accords))]


def ages(*counts: int, periode: str = END, cadre: Cadre = VAL) -> list[Mesure]:
    return [cadre.compte("attente_age", periode, n, modalite=a) for a, n in zip(AGES, counts, strict=True)]


@pytest.mark.parametrize(
    ("count", "rule"), [(0, "diffusable"), (1, "seuil-effectif"), (4, "seuil-effectif"), (5, "diffusable")]
)
def test_a_count_of_one_to_four_people_is_withheld_and_zero_is_told(count: int, rule: Rule) -> None:
    assert rules([VAL.compte("embauchees", END, count)]) == [rule]


def test_a_withheld_measure_keeps_its_name_and_loses_every_number() -> None:
    (released,) = decider([VAL.compte("embauchees", END, 3)], DEFINITIONS, frozenset())
    m = released.content
    assert (m.mesure, m.lieu, m.periode, m.source) == ("embauchees", "val", END, "dépôt n° 1")
    assert (m.etat, m.valeur, m.numerateur, m.denominateur, m.n) == ("masquee", None, None, None, None)
    assert m.motif == "trop peu de personnes, ou de quoi les déduire"


def test_a_missing_measure_passes_with_its_reason() -> None:
    (released,) = decider([VAL.absente("embauchees", END, "rien")], DEFINITIONS, frozenset())
    assert (released.rule, released.content.motif) == ("diffusable", "rien")


def test_a_reason_that_tells_the_accounts_of_an_ebe_needs_its_agreement() -> None:
    """That an exercice balances without sales is read in its accounts; that none were sent is not."""
    year = "2019-01-01/2019-12-31"
    told = VAL.absente("seuil_equilibre_par_etp", year, SANS_VENTE, ebe="essai-58")
    awaited = VAL.absente("ventes", year, "comptes non déposés", ebe="essai-58")
    assert rules([told, awaited]) == ["accord", "diffusable"]
    (withheld, _) = decider([told, awaited], DEFINITIONS, frozenset())
    assert (withheld.content.etat, SANS_VENTE in withheld.content.motif) == ("masquee", False)
    assert rules([told], ("val", "essai-58", END)) == ["diffusable"]


def test_a_reason_read_in_shown_accounts_does_not_tell_the_etp_that_are_withheld() -> None:
    """Two ETP-années are withheld, and what is divided by them; that no sale is needed says none of them."""
    year, ebe = "2019-01-01/2019-12-31", "essai-58"
    found = [
        VAL.somme("etp_annees_ppde", year, 2.0, n=1, ebe=ebe),
        VAL.absente("seuil_equilibre_par_etp", year, SANS_VENTE, ebe=ebe),
        VAL.absente("resultat_par_etp", year, "une raison qui tient aux ETP", ebe=ebe),
        VAL.somme("resultat_net", year, 900.0, n=1, ebe=ebe, prix="2019"),
    ]
    told = rules(found, ("val", ebe, END))
    assert told == ["seuil-effectif", "diffusable", "composante", "diffusable"]


@pytest.mark.parametrize(
    ("numerateur", "denominateur", "rule"),
    [
        (5, 10, "seuil-taux"),
        (5, 11, "diffusable"),
        (4, 11, "petit-cote"),
        (8, 12, "petit-cote"),
        (0, 11, "diffusable"),
        (12, 12, "diffusable"),
    ],
)
def test_a_rate_is_of_eleven_people_with_five_on_each_side(
    numerateur: int, denominateur: int, rule: Rule
) -> None:
    assert rules([VAL.ratio("taux_sortie", END, numerateur, denominateur, vide="")]) == [rule]


@pytest.mark.parametrize("numerateur", [0, 12])
def test_what_is_true_of_all_or_of_none_is_withheld_when_it_is_personal(numerateur: int) -> None:
    profile = VAL.ratio("profil_embauchees", END, numerateur, 12, vide="", modalite="rqth")
    assert rules([profile]) == ["groupe-entier"]


@pytest.mark.parametrize(("n", "rule"), [(10, "seuil-taux"), (11, "diffusable")])
def test_medians_incidences_and_differences_are_of_eleven_people(n: int, rule: Rule) -> None:
    followed = VAL.incidence("maintien", END, 0.5, evenements=20, origine=40, a_risque=n, modalite="m12")
    waited = VAL.mediane("attente_mediane", END, [6.0] * n, vide="")
    profile = VAL.ecart("ecart_profil", END, 0.2, n=n, modalite="femme")
    assert rules([followed, waited, profile]) == [rule] * 3


def test_going_back_in_time_a_day_is_withheld_until_it_differs_by_five_from_the_last_told() -> None:
    counts = {6: 20, 5: 22, 4: 24, 3: 25, 2: 25, 1: 24}
    found = rules([VAL.compte("embauchees", f"2019-0{month}-28", count) for month, count in counts.items()])
    assert found == ["diffusable", "difference", "difference", "diffusable", "diffusable", "difference"]


def test_a_number_told_to_the_nearest_five_keeps_all_the_rest() -> None:
    fields = ("etp", "val", "2019-12", "quantite", "etp", "reel", "dépôt n° 1")
    etp = Mesure(*fields, valeur=12.5, n=13, ebe="ebe", modalite="h", prix="2019", bas=10, haut=15)  # type: ignore[arg-type]
    assert rounded(etp) == replace(etp, valeur=15.0, n=15)
    count = replace(etp, forme="compte", valeur=13)
    assert rounded(count) == replace(count, valeur=15, n=15)


def test_a_month_is_told_to_the_nearest_five_and_no_difference_of_months_is_of_a_few_people() -> None:
    """22 and 23 people fall on either side: a reader who sees 20 then 25 does not know that it is one."""
    counts = {"2019-01": 0, "2019-02": 4, "2019-03": 5, "2019-04": 22, "2019-05": 23}
    months = [VAL.compte("effectif_fin_mois", month, count) for month, count in counts.items()]
    etp = VAL.somme("etp_declares", "2019-06", 7.49, n=8)
    released = decider([*months, etp], DEFINITIONS, frozenset())
    assert [one.content.valeur for one in released] == [0, None, 5, 20, 25, 5.0]
    assert {one.rule for one in released} == {"arrondi", "seuil-effectif"}
    assert [one.content.n for one in released[2:5]] == [5, 20, 25]


def test_the_flows_of_two_years_may_differ_by_one() -> None:
    flows = [VAL.compte("entrees", year, n, modalite="premiere") for year, n in (("2018", 9), ("2019", 10))]
    others = [VAL.compte("entrees", year, 6, modalite="retour") for year in ("2018", "2019")]
    assert rules([*flows, *others]) == ["diffusable"] * 4


def test_each_step_of_a_curve_is_of_five_people() -> None:
    curve = [
        VAL.incidence("maintien", END, 0.9, evenements=n, origine=60, a_risque=30, modalite=h)
        for h, n in (("m12", 43), ("m3", 50), ("m6", 48))
    ]
    assert rules(curve) == ["diffusable", "diffusable", "difference"]


def test_a_probability_that_the_two_others_give_back_takes_one_of_them_with_it() -> None:
    whole = [
        VAL.incidence(name, END, p, evenements=n, origine=60, a_risque=40, modalite="m12")
        for name, p, n in (("maintien", 0.8, 48), ("depart_autre_emploi", 0.15, 9), ("depart_autre", 0.05, 3))
    ]
    assert rules(whole) == ["diffusable", "addition", "petit-cote"]


def test_a_category_alone_in_its_silence_takes_the_next_smallest_with_it() -> None:
    total = VAL.compte("liste_attente", END, 33)
    assert rules([total, *ages(2, 7, 9, 15)]) == [
        "diffusable",
        "seuil-effectif",
        "addition",
        "diffusable",
        "diffusable",
    ]


def test_the_category_that_is_in_the_fewest_sums_is_taken_first() -> None:
    """Other situations rather than the EBE: those out of deprivation are themselves a sum."""
    counts = {"ebe": 14, "autre_emploi": 6, "formation": 0, "attente": 3, "autre": 17}
    cells = [VAL.compte("situation_volontaires", END, n, modalite=code) for code, n in counts.items()]
    totals = [
        VAL.compte("volontaires_eligibles", END, 40),
        VAL.compte("sorties_privation", END, 20),
        VAL.compte("liste_attente", END, 3),
    ]
    found = dict(zip(counts, rules([*cells, *totals]), strict=False))
    assert found == dict.fromkeys(counts, "diffusable") | {"attente": "seuil-effectif", "autre": "addition"}


def test_two_silent_categories_of_four_people_together_take_a_third() -> None:
    total = VAL.compte("liste_attente", END, 26)
    assert rules([total, *ages(2, 2, 7, 15)])[3] == "addition"


def test_without_another_category_the_total_is_silent() -> None:
    total = VAL.compte("liste_attente", END, 15)
    found = rules([total, *ages(3, 12, 0, 0)])
    assert found == ["diffusable", "seuil-effectif", "addition", "diffusable", "diffusable"]
    alone = rules([VAL.compte("liste_attente", END, 3), *ages(3, 0, 0, 0)])
    assert alone == ["seuil-effectif", *["groupe-entier"] * 4]


def test_a_category_that_holds_everyone_is_silent() -> None:
    total = VAL.compte("liste_attente", END, 20)
    assert rules([total, *ages(0, 20, 0, 0)]) == ["diffusable", *["groupe-entier"] * 4]


def test_a_total_that_nobody_declared_is_taken_for_known() -> None:
    assert rules(ages(2, 8, 9, 0)) == ["seuil-effectif", "addition", "diffusable", "diffusable"]


def test_what_the_sums_of_a_place_give_back_takes_no_number_of_another_place() -> None:
    """Four members answered in one place of eight, all of them both questions: answers whose total is taken for
    known give that four back, however much is withheld elsewhere. Two other places fall with it, for the sum of
    all together; the five others and that sum are told."""
    found: list[Mesure] = []
    for rank, (answered, yes) in enumerate([(4, 3), *((20 + i, 8) for i in range(7))]):
        cadre = Cadre(f"lieu-{rank}", "reel", "dépôt n° 1", DEFINITIONS)
        counts = [
            ("enquete_invites", "membres_cle", answered + 6),
            ("enquete_reponses", "membres_cle", answered),
            ("avis_reponses", "membres_cle-poids", answered),
            ("choix_reponses", "membres_cle-desaccord-oui", yes),
            ("choix_reponses", "membres_cle-desaccord-non", answered - yes),
        ]
        found += [cadre.compte(name, "2021", n, modalite=code) for name, code, n in counts]
    found += ensemble(found, DEFINITIONS)
    hidden = {m.lieu for m, rule in zip(found, rules(found), strict=True) if rule != "diffusable"}
    assert hidden == {"lieu-0", "lieu-1", "lieu-2"}


def test_a_breakdown_of_which_a_withheld_count_is_the_total_does_not_give_that_count_back() -> None:
    """All who answered in ten places answered by yes or no. The answers of all together may not be told: those of
    one place fall with them, whose yes and no add up to nothing that anybody is told; nine places are told."""
    found: list[Mesure] = []
    for rank in range(10):
        cadre = Cadre(f"lieu-{rank}", "reel", "dépôt n° 1", DEFINITIONS)
        counts = [
            ("enquete_reponses", "entreprises", 30 + rank),
            ("enquete_invites", "entreprises", 60 + rank),
        ]
        counts += [("choix_reponses", "entreprises-recrutement-oui", 12)]
        counts += [("choix_reponses", "entreprises-recrutement-non", 18 + rank)]
        found += [cadre.compte(name, "2021", n, modalite=code) for name, code, n in counts]
    together = Cadre("ensemble", "reel", "calcul", DEFINITIONS)
    found.append(together.compte("enquete_reponses", "2021", 345, modalite="entreprises"))
    released = decider(found, DEFINITIONS, frozenset(), retenues=[found[-1].cle])
    hidden = {one.content.lieu for one in released if one.rule not in ("diffusable", "edition")}
    assert hidden == {"lieu-0"}


def test_the_exits_of_a_year_are_bound_by_the_headcounts_that_they_lead_to() -> None:
    """Without the headcounts nobody knows how many left; with them, 2 of the 19 are not given back."""
    counts = dict.fromkeys(MOTIVES, 0) | {"demission": 2, "retraite": 8, "autre_emploi": 9}
    exits = [VAL.compte("sorties_ebe", "2019", n, modalite=code) for code, n in counts.items()]
    assert [code for code, rule in zip(counts, rules(exits), strict=True) if rule != "diffusable"] == [
        "demission"
    ]
    stocks = [VAL.compte("effectif_fin_mois", month, n) for month, n in (("2018-12", 60), ("2019-12", 61))]
    entries = [
        VAL.compte("entrees", "2019", n, modalite=code) for code, n in (("premiere", 20), ("retour", 0))
    ]
    mesures = [*exits, *stocks, *entries]
    hidden = {
        m.cle
        for m, rule in zip(mesures, rules(mesures), strict=True)
        if rule not in ("diffusable", "arrondi")
    }
    assert len(hidden) > 1
    assert not given_back(mesures, published(mesures))


def test_a_rate_is_silent_when_one_of_its_counts_is() -> None:
    before = VAL.compte("sorties_privation", "2018-12-31", 20)
    now = VAL.compte("sorties_privation", END, 22)
    volunteers = VAL.compte("volontaires_eligibles", END, 40)
    rate = VAL.ratio("taux_sortie", END, 22, 40, vide="")
    then = VAL.ratio("taux_sortie", "2018-12-31", 20, 38, vide="")
    found = rules([before, now, volunteers, rate, then])
    assert found == ["difference", "diffusable", "diffusable", "diffusable", "composante"]


def test_a_count_is_silent_when_a_known_total_would_give_the_others_back() -> None:
    out, volunteers = VAL.compte("sorties_privation", END, 18), VAL.compte("volontaires_eligibles", END, 20)
    rate = VAL.ratio("taux_sortie", END, 18, 20, vide="")
    assert rules([out, volunteers, rate]) == ["addition", "diffusable", "petit-cote"]


def test_those_whom_a_step_leaves_are_not_given_back_by_the_next() -> None:
    """Of 40 people met 38 are eligible: the two others would be given back, and the eligible are silent."""
    met = VAL.compte("personnes_rencontrees", END, 40)
    assert rules([met, VAL.compte("personnes_eligibles", END, 38)]) == ["diffusable", "addition"]
    assert rules([met, VAL.compte("personnes_eligibles", END, 35)]) == ["diffusable", "diffusable"]


def test_one_silent_territory_takes_another_with_it_so_that_the_total_may_be_told() -> None:
    """And a third: the second, which knows its own twelve, would know the three otherwise."""
    counts = {"a": 3, "b": 12, "c": 60, "d": 90}
    parts = [place(code).compte("embauchees", END, n) for code, n in counts.items()]
    total = place(ENSEMBLE).compte("embauchees", END, 165)
    assert rules([*parts, total]) == ["seuil-effectif", *["addition"] * 2, *["diffusable"] * 2]


def profiles(*shares: tuple[int, int], name: str = "profil_non_embauchees") -> list[Mesure]:
    """The share of people with RQTH in as many territories, then in all of them."""
    whole = (sum(part for part, _ in shares), sum(of for _, of in shares))
    places = [place(f"t{rank}") for rank in range(len(shares))] + [place(ENSEMBLE)]
    return [
        cadre.ratio(name, END, part, of, vide="", modalite="rqth")
        for cadre, (part, of) in zip(places, (*shares, whole), strict=True)
    ]


def test_a_mean_change_goes_with_the_shares_that_it_would_tell() -> None:
    """Two of twenty go up by one degree: their share is withheld, and 0.1 × 20 would give them back."""
    code = "salaries_ebe-utile"
    sides = {"hausse": 2, "stable": 18, "baisse": 0}
    found = rules(
        [
            VAL.compte("evolution_personnes", "2018/2020", 20, modalite=code),
            *(
                VAL.ratio(f"evolution_{s}", "2018/2020", n, 20, vide="", modalite=code)
                for s, n in sides.items()
            ),
            VAL.ratio("evolution_moyenne", "2018/2020", 2.0, 20, vide="", modalite=code),
        ]
    )
    assert found[-1] == "composante"


def test_a_sum_of_values_of_near_days_does_not_give_back_that_of_a_few() -> None:
    """24 hired in all on 31 December less the 20 of 20 December are the 4 of 31 December."""
    places = [
        place("amont").compte("embauchees", END, 4),
        place("aval").compte("embauchees", "2019-12-20", 20),
    ]
    together = place(ENSEMBLE).compte("embauchees", END, 24)
    assert rules([*places, together])[0] == "seuil-effectif"
    assert rules([*places, together])[1:] != ["diffusable", "diffusable"]


def test_a_rate_of_the_places_that_have_one_does_not_give_back_a_few_of_one_of_them() -> None:
    """One place has no estimate, so no sum of them is told; the rate of the others, 340 of 462, is of 460 and 2."""
    places = [
        measure
        for name, met, estimated in (("amont", 330, 460), ("aval", 10, 2))
        for measure in (
            place(name).compte("personnes_rencontrees", END, met),
            place(name).compte("ppde_estimees", END, estimated),
            place(name).ratio("taux_rencontre", END, met, estimated, vide=""),
        )
    ]
    places.append(place("rive").compte("personnes_rencontrees", END, 50))
    places.append(place("rive").absente("ppde_estimees", END, "aucune estimation déposée à cette date"))
    places.append(place("rive").absente("taux_rencontre", END, "aucune estimation déposée à cette date"))
    found = [*places, *ensemble(places, DEFINITIONS)]
    told = {(m.mesure, m.lieu): rule for m, rule in zip(found, rules(found), strict=True)}
    assert ("taux_rencontre", ENSEMBLE) in told
    assert told["ppde_estimees", "aval"] == "seuil-effectif"
    shown = {cle for cle, rule in told.items() if rule == "diffusable"}
    assert not {("taux_rencontre", ENSEMBLE), ("ppde_estimees", "amont")} <= shown


def test_a_national_share_less_the_others_does_not_give_back_the_territory_of_one_person() -> None:
    """435 of 1472 less the others: one person of one has the characteristic, and no place alone knows the others."""
    assert rules(profiles((200, 700), (200, 700), (34, 71), (1, 1))) == [
        "addition",
        "diffusable",
        "addition",
        "seuil-taux",
        "diffusable",
    ]


def test_territories_that_are_silent_together_are_a_group_that_could_be_told() -> None:
    """Three times three people of twenty-two: six of forty-four may be told, three of twenty-two may not."""
    told = rules(profiles((200, 700), (3, 22), (3, 22), (3, 22)))
    assert told == ["diffusable", *["petit-cote"] * 3, "diffusable"]
    assert rules(profiles((200, 700), (90, 300), (2, 22), (2, 22)))[:2] == ["addition", "addition"]


def test_a_mean_of_all_does_not_give_back_that_of_a_few() -> None:
    quotites = [(150.0, 200), (150.0, 200), (30.0, 40), (0.6, 1)]
    told = [
        place(f"t{n}").ratio("quotite_moyenne", END, total, of, vide="")
        for n, (total, of) in enumerate(quotites)
    ]
    told.append(place(ENSEMBLE).ratio("quotite_moyenne", END, 330.6, 441, vide=""))
    assert rules(told) == ["addition", "diffusable", "addition", "seuil-taux", "diffusable"]


def gains(*, people: int, concerned: int, total: float, cadre: Cadre = VAL) -> list[Mesure]:
    """The mean gain of a department over all, the part of people whom it concerns, and the mean of these."""
    told = {"modalite": "departement", "vide": "personne"}
    return [
        cadre.compte("gain_personnes", END, people),
        cadre.ratio("gain_moyen_payeur", END, total, people, prix="2019", **told),
        cadre.ratio("gain_concernes", END, concerned, people, **told),
        cadre.ratio("gain_moyen_concernes", END, total, concerned, prix="2019", **told),
    ]


@pytest.mark.parametrize(
    ("concerned", "rule"),
    [(28, "diffusable"), (7, "composante"), (75, "composante"), (0, "composante"), (78, "composante")],
)
def test_a_mean_over_all_does_not_give_back_that_of_the_few_whom_it_concerns(
    concerned: int, rule: Rule
) -> None:
    """Of 78: with 28 all is told; 7 are too few, 75 leave three, none and all would be said of each."""
    found = rules(gains(people=78, concerned=concerned, total=6550.0 * concerned))
    assert found[0] == "diffusable" and found[1] == rule
    assert (found[3] == "diffusable") == (rule == "diffusable")


def test_a_mean_over_all_that_falls_takes_that_of_whom_it_concerns() -> None:
    """The second territory has too few: the mean of the first over all would give it back, and so would its other."""
    aval = place("aval")
    both = [
        *gains(people=78, concerned=28, total=183_400.0),
        *gains(people=30, concerned=6, total=36_000.0, cadre=aval),
        *gains(people=108, concerned=34, total=219_400.0, cadre=place(ENSEMBLE)),
    ]
    found = {r.content.cle[:2]: r.rule for r in decider(both, DEFINITIONS, frozenset())}
    for mesure in ("gain_moyen_payeur", "gain_moyen_concernes"):
        told = [lieu for lieu in ("val", "aval", ENSEMBLE) if found[mesure, lieu] == "diffusable"]
        assert "aval" not in told and len(told) < 2
    assert {found["gain_personnes", lieu] for lieu in ("val", "aval", ENSEMBLE)} == {"diffusable"}


def test_a_count_is_guarded_by_what_it_says_it_is_part_of() -> None:
    """87 people out of 90: whoever reads both knows three of them."""
    counted = replace(
        DEFINITIONS.of("offres_faites"), mesure="sans_diplome", partie_de="volontaires_eligibles"
    )
    definitions = replace(DEFINITIONS, by_name={**DEFINITIONS.by_name, "sans_diplome": counted})
    cadre = Cadre("val", "reel", "dépôt n° 1", definitions)
    told = {}
    for count in (85, 86, 87, 90):
        both = [cadre.compte("volontaires_eligibles", END, 90), cadre.compte("sans_diplome", END, count)]
        told[count] = [released.rule for released in decider(both, definitions, frozenset())]
    assert told[85] == ["diffusable", "diffusable"]
    assert told[86] == told[87] == ["diffusable", "addition"]


def test_a_category_is_part_of_its_own_category_and_a_month_of_its_last_day() -> None:
    asked = VAL.compte("population_sexe_salaries", END, 40, modalite="femme")
    answered = VAL.compte("repondants_sexe_salaries", END, 37, modalite="femme")
    others = VAL.compte("population_sexe_salaries", END, 39, modalite="homme")
    assert rules([asked, others, answered])[2] == "addition"
    staff = VAL.compte("effectif_fin_mois", "2019-12", 60)
    changed = [
        VAL.compte("quotite_changee", END, n, modalite=choix.code)
        for n, choix in zip((30, 20, 8), DEFINITIONS.of("quotite_changee").modalites, strict=True)
    ]
    assert "addition" in rules([staff, *changed])


def test_hires_less_the_people_joined_are_the_others() -> None:
    """Of 12 hired, 9 are joined: the three others are not told by the difference."""
    found = rules([VAL.compte("embauchees", END, 12), VAL.compte("gain_personnes", END, 9)])
    assert "addition" in found


def test_volunteers_less_those_out_and_those_who_wait_are_the_others() -> None:
    """Of 62, 40 are out and 20 wait: the two others are not told by the three totals either."""
    counts = {"ebe": 30, "autre_emploi": 6, "formation": 4, "attente": 20, "autre": 2}
    cells = [VAL.compte("situation_volontaires", END, n, modalite=code) for code, n in counts.items()]
    totals = {"volontaires_eligibles": 62, "sorties_privation": 40, "liste_attente": 20}
    mesures = [*cells, *(VAL.compte(name, END, n) for name, n in totals.items())]
    told = dict(zip([*counts, *totals], rules(mesures), strict=True))
    hidden = {name for name, rule in told.items() if rule != "diffusable"}
    assert "autre" in hidden and hidden & {"sorties_privation", "liste_attente", "volontaires_eligibles"}
    assert not given_back(mesures, published(mesures))


def test_a_difference_of_profiles_goes_with_the_shares_that_it_compares() -> None:
    hired = VAL.ratio("profil_embauchees", END, 3, 40, vide="", modalite="rqth")
    others = VAL.ratio("profil_non_embauchees", END, 10, 30, vide="", modalite="rqth")
    gap = VAL.ecart("ecart_profil", END, -0.68, n=30, modalite="rqth")
    assert rules([hired, others, gap]) == ["petit-cote", "diffusable", "composante"]


def test_that_nothing_varies_in_two_groups_is_not_told_of_what_is_personal() -> None:
    """The reason would say that all of a group, or none, have the characteristic."""
    hired = VAL.ratio("profil_embauchees", END, 0, 40, vide="", modalite="rqth")
    others = VAL.ratio("profil_non_embauchees", END, 30, 30, vide="", modalite="rqth")
    gap = VAL.absente("ecart_profil", END, "aucune variation dans les deux groupes", modalite="rqth")
    assert rules([hired, others, gap]) == ["groupe-entier", "groupe-entier", "composante"]


def test_hires_since_the_beginning_do_not_give_back_the_entries_of_a_year() -> None:
    """33 hired less 10 two years before less the 20 of the first of them: 3 in the second."""
    stocks = [
        VAL.compte("embauchees", f"{year}-12-31", n) for year, n in ((2017, 10), (2018, 30), (2019, 33))
    ]
    flows = [
        VAL.compte("entrees", year, n, modalite=kind)
        for year, first in (("2018", 20), ("2019", 3))
        for kind, n in (("premiere", first), ("retour", 6))
    ]
    mesures = [*stocks, *flows]
    assert not given_back(mesures, published(mesures))


def test_a_month_that_is_silent_is_not_the_sum_of_the_quotites_of_its_last_day() -> None:
    month = VAL.compte("effectif_fin_mois", "2019-12", 4)
    bands = [
        VAL.compte("quotite_effectif", END, n, modalite=choix.code)
        for choix, n in zip(DEFINITIONS.of("quotite_effectif").modalites, (0, 0, 2, 2), strict=True)
    ]
    mean = VAL.ratio("quotite_moyenne", END, 3.2, 4, vide="")
    mesures = [month, *bands, mean]
    assert rules([mean, month]) == ["seuil-taux", "seuil-effectif"]
    assert not given_back(mesures, published(mesures))


def test_a_median_goes_with_the_count_of_those_whose_it_is() -> None:
    counts = [VAL.compte("liste_attente", day, n) for day, n in ((END, 30), ("2020-06-30", 32))]
    median = VAL.mediane("attente_mediane", END, [6.0] * 30, vide="")
    assert rules([*counts, median]) == ["difference", "diffusable", "composante"]


def exercice(name: str, valeur: float, ebe: str, **unit: str) -> Mesure:
    return VAL.somme(name, "2019-01-01/2019-12-31", valeur, n=1, ebe=ebe, **unit)


def test_the_agreement_of_an_ebe_is_not_that_of_the_few_people_whom_it_employs() -> None:
    """Less than five ETP are silent whatever the agreement, and two others with them: all add up."""
    etp = [exercice("etp_annees_ppde", n, f"ebe-{rank}") for rank, n in enumerate((1.5, 20.0, 30.0, 40.0))]
    sales = [exercice("ventes", 1000, f"ebe-{rank}", prix="2019") for rank in range(4)]
    each = [
        VAL.ratio("ventes_par_etp", m.periode, 1000, m.valeur or 1, vide="", n=1, ebe=m.ebe, prix="2019")
        for m in etp
    ]
    assert rules([*etp, *sales, *each], *agreed(0, 1, 2, 3)) == [
        *("seuil-effectif", "addition", "addition", "diffusable"),
        *["diffusable"] * 4,
        *("composante", "composante", "composante", "diffusable"),
    ]


def accounts(count: int, year: str = "2019") -> list[Mesure]:
    """The sales of as many EBE and their sum."""
    one = [
        VAL.somme("ventes", f"{year}-01-01/{year}-12-31", 1000, n=1, ebe=f"ebe-{i}", prix=year)
        for i in range(count)
    ]
    return [*one, place(ENSEMBLE).somme("ventes", year, 1000 * count, n=count, prix=year)]


def agreed(*numbers: int) -> list[tuple[str, str, str]]:
    return [("val", f"ebe-{number}", "2019-12-31") for number in numbers]


def test_the_accounts_of_an_ebe_are_told_with_its_agreement_only() -> None:
    assert rules(accounts(4)[:2], *agreed(1)) == ["accord", "diffusable"]


@pytest.mark.parametrize(
    ("count", "agreeing", "rule"),
    [
        (2, (0, 1), "trop-peu-d-ebe"),
        (3, (0, 1, 2), "diffusable"),
        (4, (0, 1, 2), "trop-peu-d-ebe"),
        (4, (0, 1), "trop-peu-d-ebe"),
        (4, (0,), "diffusable"),
        (4, (), "diffusable"),
    ],
)
def test_national_accounts_are_of_three_ebe_and_give_none_back(
    count: int, agreeing: tuple[int, ...], rule: Rule
) -> None:
    assert rules(accounts(count), *agreed(*agreeing))[-1] == rule


@pytest.mark.parametrize(
    ("sales", "agreeing", "rule"),
    [
        ((860, 50, 50, 40), (), "dominance"),  # 86 % of 1,000
        ((850, 90, 40, 20), (), "dominance"),  # 85 % is not more than 85 %, but 60 left is less than 85
        ((700, 240, 30, 30), (), "dominance"),  # the second knows that the first has 700 to 760
        ((700, 200, 50, 50), (), "diffusable"),  # 700 to 800: 100 is more than 70
        ((700, 230, 40, 30), (), "diffusable"),  # 700 to 770: exactly 10 %
        ((-860, 50, 50, 40), (), "dominance"),  # a loss weighs as much as a gain
        (
            (9000, 400, 300, 200),
            (0,),
            "diffusable",
        ),  # the largest shows its accounts: nothing of it is hidden
        ((9000, 860, 80, 60), (0,), "dominance"),  # once it is taken out, 860 of 1,000
        ((0, 0, 0, 0), (), "diffusable"),
    ],
)
def test_national_accounts_that_one_ebe_nearly_makes_are_withheld(
    sales: tuple[int, ...], agreeing: tuple[int, ...], rule: Rule
) -> None:
    one = [
        VAL.somme("ventes", "2019-01-01/2019-12-31", amount, n=1, ebe=f"ebe-{i}", prix="2019")
        for i, amount in enumerate(sales)
    ]
    total = place(ENSEMBLE).somme("ventes", "2019", sum(sales), n=len(sales), prix="2019")
    assert rules([*one, total], *agreed(*agreeing))[-1] == rule


def test_an_agreement_is_of_one_exercice() -> None:
    assert rules(accounts(1, "2018")[:1], *agreed(0)) == ["accord"]


def test_invented_deposits_go_through_the_same_rules() -> None:
    real, invented = (
        rules([place("val", nature).compte("embauchees", END, 3)]) for nature in ("reel", "demonstration")
    )
    assert real == invented == ["seuil-effectif"]


def test_each_rule_that_withholds_has_its_words_and_those_on_people_the_same() -> None:
    """« From 1 to 4 people » beside « would be given back » would tell which of two cells is the small one."""
    assert all(words and words[0].islower() and not words.endswith(".") for words in MOTIFS.values())
    assert len({words for rule, words in MOTIFS.items() if rule not in OF_EBE}) == 1


def published(mesures: Iterable[Mesure]) -> list[Mesure]:
    """The measures as a reader has them."""
    return [released.content for released in decider(mesures, DEFINITIONS, frozenset())]


@pytest.mark.parametrize("seed", range(60))
def test_no_subtraction_gives_a_small_count_back(seed: int) -> None:
    """Random territories over three years, attacked: totals less what is told, years and places."""
    draw = random.Random(seed)
    mesures: list[Mesure] = []
    years = ("2017-12-31", "2018-12-31", "2019-12-31")
    for year in years:
        national = [0] * 5
        for code in ("a", "b", "c", "d"):
            counts = [draw.choice((0, 1, 2, 3, 6, 9, 20, 45)) for _ in AGES]
            total = place(code).compte("liste_attente", year, sum(counts))
            mesures += [total, *ages(*counts, periode=year, cadre=place(code))]
            national = [x + y for x, y in zip(national, (sum(counts), *counts), strict=True)]
        whole = place(ENSEMBLE)
        mesures += [whole.compte("liste_attente", year, national[0])]
        mesures += ages(*national[1:], periode=year, cadre=whole)
    told = {m.cle: m.valeur for m in published(mesures) if m.valeur is not None}
    assert all(value == 0 or value >= 5 for value in told.values())
    for lieu in ("a", "b", "c", "d", ENSEMBLE):
        for modalite in ("", *AGES):
            name = "attente_age" if modalite else "liste_attente"
            series = [told.get((name, lieu, "", modalite, year)) for year in years]
            known = [value for value in series if value is not None]
            assert all(abs(x - y) in (0, *range(5, 999)) for x, y in zip(known, known[1:], strict=False))
    assert not small(given_back(mesures, published(mesures)))


def small(found: dict[Quantity, float]) -> dict[Quantity, float]:
    """Of what is given back, the people who are few."""
    return {quantity: value for quantity, value in found.items() if 0 < value < 5}


def test_the_gate_makes_no_cycle_and_leaves_the_search_for_them_as_it_was() -> None:
    """A cycle would stay in memory as long as the gate works, trial after trial."""
    found = ages(1, 4, 20, 50)
    rules(found)
    for is_enabled in (False, True):
        (gc.enable if is_enabled else gc.disable)()
        try:
            gc.collect()
            rules(found)
            assert (gc.isenabled(), gc.collect()) == (is_enabled, 0)
        finally:
            gc.enable()
