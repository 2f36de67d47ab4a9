"""A reader who solves everything that is told: planted singletons, before the gate and after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from declarees import DEFINITIONS

from analysis.indicateurs.calcul import Resultats
from analysis.noyau.mesures import ENSEMBLE, Cadre, Mesure
from analysis.secret.audit.deux_editions import SANS_PASSE, Passe, as_told, diffuser
from analysis.secret.audit.diffusion import diffusion
from analysis.secret.audit.fuites import tenus
from analysis.secret.audit.lecteur import Constat, attaquer
from analysis.secret.categories import Reunies
from analysis.secret.regles import decider, sommes, withheld
from analysis.secret.release import Released

DAY = "2021-06-30"
VAL = Cadre("val", "reel", "dépôt n° 1", DEFINITIONS)
AVAL = Cadre("aval", "reel", "dépôt n° 1", DEFINITIONS)
AMONT = Cadre("amont", "reel", "dépôt n° 1", DEFINITIONS)
TOUS = Cadre(ENSEMBLE, "reel", "trois", DEFINITIONS)


def attacked(
    mesures: Sequence[Mesure], released: Sequence[Released[Mesure]], passe: Passe = SANS_PASSE
) -> Constat:
    is_united = any(one.rule == "regroupement" for one in released)
    united = passe.unir(mesures, DEFINITIONS, frozenset()) if is_united else Reunies()
    known = sommes(mesures, DEFINITIONS, frozenset(), united)
    return attaquer((*mesures, *united.mesures), released, known, DEFINITIONS, passe)


def one_by_one(mesures: Sequence[Mesure]) -> list[Released[Mesure]]:
    """What would be published if each number under five were withheld by itself, and nothing else."""
    return [
        Released(withheld(m, "seuil-effectif"), "seuil-effectif")
        if m.forme == "compte" and 0 < (m.valeur or 0) < 5
        else Released(m, "diffusable")
        for m in mesures
    ]


def ages(young: int) -> list[Mesure]:
    """Those who wait, by age: 40 in all."""
    counts = dict(
        zip(("moins_de_30", "de_30_a_44", "de_45_a_54", "55_ou_plus"), (young, 14, 16), strict=False)
    )
    counts["55_ou_plus"] = 40 - sum(counts.values())
    codes = [choix.code for choix in DEFINITIONS.of("attente_age").modalites]
    assert len(codes) == 4
    values = list(counts.values())
    return [
        VAL.compte("liste_attente", DAY, 40),
        *(VAL.compte("attente_age", DAY, n, modalite=code) for code, n in zip(codes, values, strict=True)),
    ]


def places(few: int) -> list[Mesure]:
    """Those hired in three places and together, a few of them in the first."""
    counts = ((VAL, few), (AVAL, 40), (AMONT, 60))
    return [
        *(cadre.compte("volontaires_eligibles", DAY, 80) for cadre, _ in counts),
        *(cadre.compte("embauchees", DAY, n) for cadre, n in counts),
        TOUS.compte("embauchees", DAY, 100 + few),
    ]


@pytest.mark.parametrize("mesures", [ages(1), ages(3), places(1), places(4)])
def test_a_singleton_is_found_before_the_gate_and_is_not_after_it(mesures: list[Mesure]) -> None:
    before = attacked(mesures, one_by_one(mesures))
    small = [m for m in mesures if 0 < (m.valeur or 0) < 5]
    assert [(one.cle, one.bas, one.haut) for one in before.trouvees] == [
        (m.cle, m.valeur, m.valeur) for m in small
    ]
    after = attacked(mesures, decider(mesures, DEFINITIONS, frozenset()))
    assert after.trouvees == ()
    assert len(after.largeurs) >= len(small) and min(after.largeurs) >= 4


def test_two_withheld_numbers_whose_sum_is_three_are_known_within_three() -> None:
    """Nobody but zero to three people: not exactly, and too well."""
    codes = [choix.code for choix in DEFINITIONS.of("attente_age").modalites]
    counts = (1, 2, 14, 16)
    mesures = [
        VAL.compte("liste_attente", DAY, 33),
        *(VAL.compte("attente_age", DAY, n, modalite=code) for code, n in zip(codes, counts, strict=True)),
    ]
    found = attacked(mesures, one_by_one(mesures)).trouvees
    assert [(one.bas, one.haut, one.is_exact) for one in found] == [(0.0, 3.0, False)] * 2


def test_a_number_that_a_past_edition_told_is_known() -> None:
    """3 are withheld of 23; the first edition told the 20 others, which the second withholds in vain."""
    codes = [choix.code for choix in DEFINITIONS.of("attente_age").modalites]
    counts = (3, 20, 7, 9)
    mesures = [
        VAL.compte("liste_attente", DAY, 39),
        *(VAL.compte("attente_age", DAY, n, modalite=code) for code, n in zip(codes, counts, strict=True)),
    ]
    plain = one_by_one(mesures)
    hidden = [
        Released(withheld(m, "addition"), "addition") if m.modalite == codes[1] else one
        for m, one in zip(mesures, plain, strict=True)
    ]
    assert attacked(mesures, hidden).trouvees == ()
    told = diffusion("2026-1", [Released(mesures[2], "diffusable")])
    found = attacked(mesures, hidden, Passe((told,))).trouvees
    assert [(one.cle[3], one.bas, one.haut) for one in found] == [(codes[0], 3.0, 3.0)]


def test_who_came_between_two_editions_is_not_found() -> None:
    """One more of those hired, and of those who came: told as before, known within four around it."""
    before, now = (
        places(40),
        [
            replace(m, valeur=m.valeur + 1, n=m.n + 1)
            if m.lieu in ("val", ENSEMBLE) and m.mesure == "embauchees"
            else m
            for m in places(40)
        ],
    )  # type: ignore[operator]
    passe = Passe((diffusion("2026-1", decider(before, DEFINITIONS, frozenset())),))
    released = diffuser(now, DEFINITIONS, frozenset(), passe)
    assert [one.content.valeur for one in released] == [m.valeur for m in before]
    assert attacked(now, released, passe).trouvees == ()
    forgetful = [
        one if one.content.cle != now[3].cle else as_told(now[3], passe.told(now[3].cle)[-1])
        for one in decider(now, DEFINITIONS, frozenset())
    ]
    (found,) = attacked(now, forgetful, passe).trouvees
    assert (found.cle[:2], found.bas, found.haut) == (("embauchees", "val"), 41.0, 41.0)


def test_nobody_knows_which_of_the_numbers_told_as_they_were_moved() -> None:
    """One came to the first place, six to the second: the third, where nobody came, is told as it was.

    A reader who knew that it did not move would find the one who came.
    """
    before = places(40)
    more = {"val": 1, "aval": 6, "amont": 0, ENSEMBLE: 7}
    now = [
        replace(m, valeur=(m.valeur or 0) + more[m.lieu], n=(m.n or 0) + more[m.lieu])
        if m.mesure == "embauchees"
        else m
        for m in before
    ]
    passe = Passe((diffusion("2026-1", decider(before, DEFINITIONS, frozenset())),))
    released = diffuser(now, DEFINITIONS, frozenset(), passe)
    assert attacked(now, released, passe).trouvees == ()

    def telling(*lieux: str) -> list[Released[Mesure]]:
        return [
            Released(m, "diffusable") if m.mesure == "embauchees" and m.lieu in lieux else one
            for m, one in zip(now, released, strict=True)
        ]

    assert [one.rule for one in released if one.content.cle[:2] == ("embauchees", "amont")] == ["edition"]
    assert attacked(now, telling("aval"), passe).trouvees == ()
    (found,) = attacked(now, telling("aval", "amont"), passe).trouvees
    assert (found.cle[:2], found.bas, found.haut) == (("embauchees", "val"), 41.0, 41.0)


@pytest.mark.parametrize(("told", "now"), [(40.0, 44.7), (40.0, 60.0)])
def test_what_an_edition_told_is_put_beside_what_is_true_however_far_that_is(told: float, now: float) -> None:
    """ETP move by less than five, not by whole numbers; an edition of before may be of other deposits."""
    one = VAL.somme("etp_contrats", "2021", now, n=50)
    passe = Passe((diffusion("2026-1", [Released(replace(one, valeur=told), "diffusable")]),))
    again = as_told(one, passe.diffusions[0].dits[0])
    assert (again.content.valeur, again.rule) == (told, "edition")
    assert attacked([one], [again], passe).trouvees == ()


@pytest.mark.verification
def test_of_ten_territories_nothing_small_is_found(resultats_of_ten: Resultats) -> None:
    r = resultats_of_ten
    released = decider(r.mesures, r.definitions, r.accords)
    whole, known = tenus(r, SANS_PASSE)
    found = attaquer(whole, released, known, r.definitions, SANS_PASSE)
    assert len(found.largeurs) > 1000
    true = {m.cle: m.valeur or 0 for m in whole}
    assert [one for one in found.trouvees if true[one.cle] < 5] == []
