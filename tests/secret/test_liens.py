"""One quantity under several names: what the declared bonds keep a reader from putting together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from declarees import DEFINITIONS
from small import write_small_project

from analysis.indicateurs.ensemble import ensemble
from analysis.noyau.definitions import load_definitions
from analysis.noyau.errors import InvalidData
from analysis.noyau.mesures import ENSEMBLE, Cadre, Mesure, trop_petits
from analysis.noyau.paths import Project
from analysis.secret.regles import decider

DAY = "2021-06-30"
VAL = Cadre("val", "reel", "dépôt n° 1", DEFINITIONS)


def hidden(mesures: Iterable[Mesure], *accords: tuple[str, str, str]) -> set[tuple[str, str]]:
    """The measures that are withheld, by name and category."""
    released = decider(mesures, DEFINITIONS, frozenset(accords))
    return {(r.content.mesure, r.content.modalite) for r in released if r.content.etat == "masquee"}


def curve(name: str, origine: int) -> list[Mesure]:
    """Nobody at three months, half of them at a year."""
    return [
        VAL.incidence(name, DAY, n / origine, evenements=n, origine=origine, a_risque=origine - n, modalite=h)
        for h, n in (("m3", 0), ("m12", origine // 2))
    ]


@pytest.mark.parametrize(
    ("name", "grand"),
    [
        ("incidence_embauche", "volontaires_eligibles"),
        ("incidence_autre_emploi", "volontaires_eligibles"),
        ("incidence_autre_issue", "volontaires_eligibles"),
        ("maintien", "embauchees"),
        ("depart_autre", "embauchees"),
    ],
)
def test_a_curve_does_not_print_the_people_that_another_measure_withholds(name: str, grand: str) -> None:
    """40 people of the day are withheld, for 43 six months before are told: « 0 / 40 » would give them back."""
    stocks = [VAL.compte(grand, day, n) for day, n in (("2021-03-31", 3), (DAY, 40))]
    assert hidden([*stocks, *curve(name, 40)]) == {(grand, "")}
    few = [VAL.compte(grand, DAY, 4), *curve(name, 4)]
    assert hidden(few) == {(grand, ""), (name, "m3"), (name, "m12")}
    places = [Cadre(code, "reel", "dépôt n° 1", DEFINITIONS) for code in ("a", "b")]
    both = [
        *(place.compte(grand, DAY, n) for place, n in zip(places, (40, 3), strict=True)),
        Cadre(ENSEMBLE, "reel", "deux", DEFINITIONS).compte(grand, DAY, 43),
        *(replace(m, lieu="a") for m in curve(name, 40)),
    ]
    shown = {
        (r.content.mesure, r.content.lieu)
        for r in decider(both, DEFINITIONS, frozenset())
        if r.content.etat == "calculee"
    }
    assert not {(name, "a"), (grand, ENSEMBLE)} <= shown
    assert ("embauchees", "b") not in shown and ("volontaires_eligibles", "b") not in shown


def test_the_hired_and_the_never_hired_do_not_add_up_to_withheld_volunteers() -> None:
    """20 volunteers fall with the 3 of another place; 12 hired and 8 others, whose sex is known, would give them."""
    mesures = [
        VAL.compte("volontaires_eligibles", DAY, 27),
        Cadre("aval", "reel", "dépôt n° 1", DEFINITIONS).compte("volontaires_eligibles", DAY, 3),
        Cadre(ENSEMBLE, "reel", "deux", DEFINITIONS).compte("volontaires_eligibles", DAY, 30),
        VAL.ratio("profil_embauchees", DAY, 6, 14, vide="", modalite="femme"),
        VAL.ratio("profil_non_embauchees", DAY, 6, 13, vide="", modalite="femme"),
    ]
    shown = {
        (r.content.mesure, r.content.lieu)
        for r in decider(mesures, DEFINITIONS, frozenset())
        if r.content.etat == "calculee"
    }
    three = {
        ("volontaires_eligibles", ENSEMBLE),
        ("profil_embauchees", "val"),
        ("profil_non_embauchees", "val"),
    }
    assert not three <= shown
    assert ("volontaires_eligibles", "aval") not in shown


def test_the_themes_of_all_the_waves_add_up_to_the_coded_answers_that_a_sentence_prints() -> None:
    """30 coded in all, 20 + 8 told of the other waves: the two of the last one would be given back."""
    codes = [choix.code for choix in DEFINITIONS.of("themes_habitants").modalites]
    waves = {"2018": (20, 0), "2019": (8, 0), "2020": (2, 0)}
    themes = [
        VAL.compte("themes_habitants", year, n, modalite=code)
        for year, counts in waves.items()
        for code, n in zip(codes, (*counts, *[0] * (len(codes) - 2)), strict=True)
    ]
    total = VAL.compte("textes_codes", "2021", 30)
    spread = [
        replace(m, valeur=6, n=6) if m.modalite == codes[1] and m.periode != "2020" else m for m in themes
    ]
    total = replace(total, valeur=42, n=42)
    found = hidden([*spread, total])
    assert ("themes_habitants", codes[0]) in found
    assert ("textes_codes", "") in found or len(found) > 1


def exercice(name: str, valeur: float, ebe: str, modalite: str = "") -> Mesure:
    prix = "2019" if DEFINITIONS.of(name).unite.startswith("euros") else ""
    return VAL.somme(name, "2019-01-01/2019-12-31", valeur, n=1, ebe=ebe, prix=prix, modalite=modalite)


def test_hours_and_pay_do_not_give_back_a_few_etp() -> None:
    """870 hours are the work of 0.6 ETP, 33,000 euros their pay: both go with the withheld ETP, the sales stay."""
    told = [
        exercice("etp_annees_ppde", 0.6, "trio"),
        exercice("heures_branche", 870.0, "trio", "bois"),
        exercice("charges_personnel", 33_000.0, "trio"),
        exercice("subventions_exploitation", 11_000.0, "trio"),
        exercice("ventes", 9_000.0, "trio"),
    ]
    agreed = ("val", "trio", "2019-12-31")
    assert hidden(told, agreed) == {
        ("etp_annees_ppde", ""),
        ("heures_branche", "bois"),
        ("charges_personnel", ""),
        ("subventions_exploitation", ""),
    }
    large = [
        exercice("etp_annees_ppde", 30.0, "grande"),
        exercice("heures_branche", 43_500.0, "grande", "bois"),
    ]
    assert hidden(large, ("val", "grande", "2019-12-31")) == set()


def test_the_hours_of_all_the_ebe_less_the_others_do_not_give_back_those_of_a_few_etp() -> None:
    told = [
        *(exercice("etp_annees_ppde", etp, ebe) for ebe, etp in (("trio", 0.6), ("b", 40.0), ("c", 60.0))),
        *(
            exercice("heures_branche", 1450 * etp, ebe, "bois")
            for ebe, etp in (("trio", 0.6), ("b", 40.0), ("c", 60.0))
        ),
    ]
    national = Cadre(ENSEMBLE, "reel", "trois EBE", DEFINITIONS)
    told.append(national.somme("heures_branche", "2019", 1450 * 100.6, n=3, modalite="bois"))
    accords = frozenset(("val", ebe, "2019-12-31") for ebe in ("trio", "b", "c"))
    shown = {
        (r.content.mesure, r.content.ebe) for r in decider(told, DEFINITIONS, accords) if r.content.valeur
    }
    assert not {("heures_branche", ""), ("heures_branche", "b"), ("heures_branche", "c")} <= shown


def test_a_territory_of_a_few_volunteers_is_in_no_sum() -> None:
    """Three of 103: the sum of all is of the 100 others, and nothing that is told of all tells of them."""
    places = [
        Cadre(code, "reel", "dépôt n° 1", DEFINITIONS).compte("volontaires_eligibles", DAY, n)
        for code, n in (("amont", 60), ("aval", 40), ("trio", 3))
    ]
    assert trop_petits(places) == {"trio"}
    assert trop_petits([*places[:2], replace(places[2], valeur=11, n=11)]) == frozenset()
    together = ensemble(places[:2], DEFINITIONS)
    released = decider([*places, *together], DEFINITIONS, frozenset())
    assert [r.content.valeur for r in released] == [60, 40, None, 100]
    with_them = ensemble(places, DEFINITIONS)
    kept = [r.content.valeur for r in decider([*places, *with_them], DEFINITIONS, frozenset())]
    assert kept[2] is None and None in (kept[0], kept[1], kept[3])


def test_a_share_of_unknown_people_that_declares_no_bond_is_refused(tmp_path: Path) -> None:
    project = Project(write_small_project(tmp_path))
    path = project.dictionary / "liens.csv"
    text = path.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines(keepends=True) if ",maintien," not in line]
    path.write_text("".join(kept), encoding="utf-8")
    with pytest.raises(InvalidData, match="maintien"):
        load_definitions(project)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("ventes,maintien,,inclusion,,,parce que", "grand"),
        ("embauchees,maintien,demain,inclusion,,,parce que", "modalites"),
        ("etp_annees_ppde,ventes,,loi,9,3,parce que", "bas"),
        ("embauchees,maintien,,cumul,1,2,parce que", "bas"),
    ],
)
def test_a_bond_that_says_nothing_the_gate_can_use_is_refused(tmp_path: Path, row: str, column: str) -> None:
    project = Project(write_small_project(tmp_path))
    path = project.dictionary / "liens.csv"
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    with pytest.raises(InvalidData) as refused:
        load_definitions(project)
    assert column in str(refused.value)


def released(mesures: Iterable[Mesure]) -> dict[tuple[str, str, str], float]:
    """What is told: measure, place, category."""
    told = decider(mesures, DEFINITIONS, frozenset())
    return {
        (r.content.mesure, r.content.lieu, r.content.modalite): r.content.valeur
        for r in told
        if r.content.valeur is not None
    }


def test_changes_of_working_time_add_up_to_the_headcount_of_the_day() -> None:
    """2 of 38 work less than at first; the month tells « about 40 », the day's categories tell 38."""
    quotites = dict(zip(("moins_50", "de_50_a_79", "de_80_a_99", "temps_plein"), (5, 9, 10, 14), strict=True))
    changes = {"hausse": 6, "baisse": 2, "aucun": 30}
    mesures = [
        VAL.compte("effectif_fin_mois", "2021-06", 38),
        *(VAL.compte("quotite_effectif", DAY, n, modalite=code) for code, n in quotites.items()),
        *(VAL.compte("quotite_changee", DAY, n, modalite=code) for code, n in changes.items()),
    ]
    told = released(mesures)
    shown = [value for (name, _, code), value in told.items() if name == "quotite_changee"]
    assert ("quotite_changee", "val", "baisse") not in told
    assert 38 - sum(shown) == 0 or 38 - sum(shown) >= 5


def test_those_who_answered_a_question_in_all_less_elsewhere_are_not_given_back() -> None:
    """3 of Val answered it, 40, 50 and 60 elsewhere, 153 in all; 12 of Val answered the survey."""
    counts = {"val": (3, 12), "aval": (40, 45), "mont": (50, 55), "plaine": (60, 66)}
    mesures = [
        m
        for code, (answered, survey) in counts.items()
        for place in [Cadre(code, "reel", "dépôt n° 1", DEFINITIONS)]
        for m in (
            place.compte("avis_reponses", "2019", answered, modalite="habitants-services"),
            place.compte("enquete_reponses", "2019", survey, modalite="habitants"),
        )
    ]
    every = Cadre(ENSEMBLE, "reel", "quatre", DEFINITIONS)
    mesures.append(every.compte("avis_reponses", "2019", 153, modalite="habitants-services"))
    mesures.append(every.compte("enquete_reponses", "2019", 178, modalite="habitants"))
    told = released(mesures)
    answers = {lieu for name, lieu, _ in told if name == "avis_reponses"}
    assert "val" not in answers
    assert ENSEMBLE not in answers or len(answers - {ENSEMBLE}) <= 1  # two others at least are unknown


def test_the_volunteers_in_the_ebe_are_not_read_in_the_headcount_that_they_all_are() -> None:
    """31 of 33 are in the EBE, who are its whole staff; the two others fall with them, the month is « about 30 »."""
    situations = dict(
        zip(("ebe", "autre_emploi", "formation", "attente", "autre"), (31, 0, 0, 2, 0), strict=True)
    )
    mesures = [
        VAL.compte("effectif_fin_mois", "2021-06", 31),
        VAL.compte("volontaires_eligibles", DAY, 33),
        VAL.compte("liste_attente", DAY, 2),
        *(VAL.compte("situation_volontaires", DAY, n, modalite=code) for code, n in situations.items()),
    ]
    told = released(mesures)
    assert not {("liste_attente", "val", ""), ("situation_volontaires", "val", "attente")} & told.keys()
    assert told.get(("effectif_fin_mois", "val", ""), 30) == 30
    total = ("volontaires_eligibles", "val", "")
    assert total not in told or ("situation_volontaires", "val", "ebe") not in told


@pytest.mark.parametrize("n", [1, 3, 4])
def test_a_mean_and_a_median_do_not_stand_beside_fewer_than_five(n: int) -> None:
    """Of three people, a mean of 1.33 and a median of 1 give all three: neither is told, nor how many they are."""
    mesures = [
        VAL.compte("liste_attente", DAY, n),
        VAL.mediane("attente_mediane", DAY, [1.0] * n, vide=""),
        VAL.compte("effectif_fin_mois", "2021-06", n),
        VAL.ratio("quotite_moyenne", DAY, 0.8 * n, n, vide=""),
    ]
    released_ = decider(mesures, DEFINITIONS, frozenset())
    assert {r.content.etat for r in released_} == {"masquee"}
    assert {(r.content.valeur, r.content.n, r.content.denominateur) for r in released_} == {
        (None, None, None)
    }
    assert len({r.content.motif for r in released_}) == 1


def test_an_ebe_that_knows_its_etp_learns_no_other_from_what_all_make_together() -> None:
    """0.6, 20, 40 and 60 ETP, whose sum national ratios give: who knows its 20 would know the 0.6."""
    etp = {"trio": 0.6, "b": 20.0, "c": 40.0, "d": 60.0}
    told = [exercice("etp_annees_ppde", n, ebe) for ebe, n in etp.items()]
    accords = frozenset(("val", ebe, "2019-12-31") for ebe in etp)
    hidden_ = {r.content.ebe for r in decider(told, DEFINITIONS, accords) if r.content.valeur is None}
    assert "trio" in hidden_ and len(hidden_) >= 3
    assert sum(etp[ebe] for ebe in hidden_) - max(etp[ebe] for ebe in hidden_) >= 5
