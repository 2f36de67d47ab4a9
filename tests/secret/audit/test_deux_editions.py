"""Two editions side by side: what moved by a few people is told as it was, and given back by nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from unittest.mock import Mock

import pytest
from declarees import DEFINITIONS

from analysis.depot.garde.ledger import Ledger
from analysis.indicateurs.calcul import Resultats, calculer
from analysis.noyau.mesures import ENSEMBLE, Cadre, Mesure
from analysis.noyau.paths import Project
from analysis.secret.audit import deux_editions
from analysis.secret.audit.deux_editions import SANS_PASSE, Passe, diffuser, gardees
from analysis.secret.audit.diffusion import Diffusion, Dit, diffusion, dit
from analysis.secret.audit.exceptions import Exceptions, Levee
from analysis.secret.audit.fuites import tenus
from analysis.secret.audit.lecteur import attaquer
from analysis.secret.categories import Reunies
from analysis.secret.regles import decider, sommes
from analysis.secret.release import Released
from analysis.sources.register import load_register

DAY = "2021-06-30"
VAL = Cadre("val", "reel", "dépôt n° 1", DEFINITIONS)
AVAL = Cadre("aval", "reel", "dépôt n° 1", DEFINITIONS)
TOUS = Cadre(ENSEMBLE, "reel", "deux", DEFINITIONS)
NONE = Exceptions()


def after(before: Iterable[Mesure], exceptions: Exceptions = NONE) -> Passe:
    """The edition that told these measures, as the gate lets them through."""
    told = diffusion("2026-1", decider(before, DEFINITIONS, frozenset()))
    return Passe((told,), exceptions)


def told(before: Iterable[Mesure], now: Iterable[Mesure], exceptions: Exceptions = NONE) -> list[object]:
    """What the second edition tells: a value, or None."""
    found = diffuser(tuple(now), DEFINITIONS, frozenset(), after(before, exceptions))
    return [one.content.valeur for one in found]


def embauchees(n: int, cadre: Cadre = VAL, day: str = DAY) -> Mesure:
    return cadre.compte("embauchees", day, n)


@pytest.mark.parametrize(("before", "now", "shown"), [(40, 41, 40), (40, 36, 40), (40, 45, 45), (40, 30, 30)])
def test_a_count_moves_by_five_people_or_not_at_all(before: int, now: int, shown: int) -> None:
    assert told([embauchees(before)], [embauchees(now)]) == [shown]


def test_a_count_creeps_through_several_editions_no_faster() -> None:
    """40, then 43 told 40, then 44 told 40 and 45 told: five more than what was told."""
    first = after([embauchees(40)])
    second = diffuser((embauchees(43),), DEFINITIONS, frozenset(), first)
    passe = Passe((*first.diffusions, diffusion("2026-2", second)))
    third = [diffuser((embauchees(n),), DEFINITIONS, frozenset(), passe)[0].content for n in (44, 45)]
    assert [m.valeur for m in third] == [40, 45]


def test_what_an_edition_before_the_last_told_is_remembered() -> None:
    """40 was told, then withheld for 4 were left; 42 now: two more than the first edition says."""
    first = after([embauchees(40)])
    second = diffusion("2026-2", decider([embauchees(4)], DEFINITIONS, frozenset()))
    found = diffuser((embauchees(42),), DEFINITIONS, frozenset(), Passe((*first.diffusions, second)))
    assert (found[0].content.etat, found[0].rule) == ("masquee", "edition")


def test_what_the_last_edition_withheld_is_withheld() -> None:
    assert told([embauchees(3)], [embauchees(30)]) == [None]
    assert told([embauchees(3, day="2020-06-30")], [embauchees(30)]) == [30]


def test_a_month_is_told_at_the_same_step_or_at_another_for_good() -> None:
    """12 is told 10, 13 would be told 15: the step tells that it is 13, who knows that one person came."""

    def month(n: int) -> Mesure:
        return VAL.compte("effectif_fin_mois", "2021-05", n)

    assert told([month(12)], [month(13)]) == [10]
    assert told([month(12)], [month(24)]) == [25]


@pytest.mark.parametrize(
    ("now", "shown", "rule"),
    [
        (10, 10, "diffusable"),
        (13, 10, "edition-arrondie"),
        (16, 10, "edition-arrondie"),
        (18, 18, "diffusable"),
    ],
)
def test_what_was_told_rounded_is_told_as_rounded_where_it_stays(now: int, shown: int, rule: str) -> None:
    """« Environ 10 » was 8 to 12: 16 could be four more, 18 is six more at least."""
    before = Dit(embauchees(10).cle, "calculee", valeur=10, n=10, est_arrondie=True)
    passe = Passe((Diffusion("2026-1", (before,)),))
    (found,) = diffuser((embauchees(now),), DEFINITIONS, frozenset(), passe)
    assert (found.content.valeur, found.rule) == (shown, rule)
    assert found.is_rounded == (shown != now)


def test_a_share_is_revised_when_those_who_came_could_be_told_by_themselves() -> None:
    """Ten more are too few for a share; twenty more, one or ten of them or none counted; thirteen of twenty."""

    def share(numerator: int, denominator: int) -> Mesure:
        return VAL.ratio("profil_embauchees", DAY, numerator, denominator, vide="", modalite="femme")

    more = [(26, 50), (21, 60), (33, 60)]
    assert [told([share(20, 40)], [share(*sides)])[0] for sides in more] == [50.0, 50.0, 55.0]


def test_a_mean_of_the_same_people_does_not_move() -> None:
    """One quotité corrected moves the mean of forty people a little: the difference tells the correction."""

    def mean(total: float, n: int) -> Mesure:
        return VAL.ratio("quotite_moyenne", DAY, total, n, vide="")

    assert told([mean(36.0, 40)], [mean(36.25, 40)]) == [0.9]
    assert told([mean(36.0, 40)], [mean(48.0, 60)]) == [0.8]


def test_the_sum_of_all_does_not_give_back_the_place_that_moved_by_two() -> None:
    """40 and 60; 42 and 80 now, 122 together: 122 less 80 would tell that two came to the first."""
    before = [embauchees(40), embauchees(60, AVAL), embauchees(100, TOUS)]
    now = [embauchees(42), embauchees(80, AVAL), embauchees(122, TOUS)]
    shown = told(before, now)
    assert shown[0] == 40
    assert not (shown[1] == 80 and shown[2] == 122)


def test_who_decides_a_revision_and_says_why_is_obeyed() -> None:
    levee = Levee("embauchees", "", DAY, "la direction", "deux erreurs de saisie", date(2027, 1, 1))
    assert told([embauchees(40)], [embauchees(41)], Exceptions((levee,))) == [41]
    assert told([embauchees(40)], [embauchees(41)], Exceptions((replace(levee, lieu="aval"),))) == [40]


def test_who_has_the_deposits_is_told_what_stays_as_it_was() -> None:
    before, now = [embauchees(40), embauchees(50, AVAL)], (embauchees(41), embauchees(50, AVAL))
    passe = after(before)
    released = diffuser(now, DEFINITIONS, frozenset(), passe)
    (one,) = gardees(now, released, DEFINITIONS, passe)
    assert (one.cle[1], one.edition) == ("val", "2026-1")


def test_an_edition_that_would_say_the_same_keeps_the_rules_of_its_decisions() -> None:
    """A chapter is made of them: it is not made again for an edition that changed nothing."""
    mesures = (embauchees(40), embauchees(3, AVAL), embauchees(43, TOUS))
    alone = decider(mesures, DEFINITIONS, frozenset())
    assert diffuser(mesures, DEFINITIONS, frozenset(), after(mesures)) == alone
    assert diffuser(mesures, DEFINITIONS, frozenset(), SANS_PASSE) == alone


@pytest.mark.parametrize(
    ("now", "times"), [((40, 3), 1), ((45, 3), 1), ((41, 3), 1), ((40, 4), 1), ((40, 30), 2)]
)
def test_what_surely_changed_is_decided_once(
    now: tuple[int, int], times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a number that was told is another one, no decision says the same; where only what was withheld
    moved, the gate must say whether it still is."""
    passe = after([embauchees(40), embauchees(3, AVAL)])
    asked = Mock(side_effect=decider)
    monkeypatch.setattr(deux_editions, "decider", asked)
    diffuser((embauchees(now[0]), embauchees(now[1], AVAL)), DEFINITIONS, frozenset(), passe)
    assert asked.call_count == times


def at_work(people: int, of_the_month: int) -> list[Mesure]:
    """167 volunteers, of whom some work in the EBE at the end of a year and the others wait; all who do that month."""
    return [
        VAL.compte("volontaires_eligibles", "2019-12-31", 167),
        VAL.compte("situation_volontaires", "2019-12-31", people, modalite="ebe"),
        VAL.compte("situation_volontaires", "2019-12-31", 167 - people, modalite="attente"),
        VAL.compte("effectif_fin_mois", "2019-12", of_the_month),
    ]


def test_what_is_told_again_beside_a_month_is_not_known_within_less_than_five() -> None:
    """One of 127 left: told 127 it is at least 123, and a month of « environ 125 » says at most 127.

    That month is told again as well, as if it might have moved by less than eight.
    """
    before, now = at_work(127, 127), at_work(126, 126)
    passe = after(before)
    released = diffuser(tuple(now), DEFINITIONS, frozenset(), passe)
    assert [one.content.valeur for one in released] == [167, 127, 40, 125]
    assert released[3].rule == "edition-arrondie"
    assert found_in(now, released, passe) == []
    of_now = [*released[:3], replace(released[3], rule="arrondi")]
    assert ("situation_volontaires", 123.0, 127.0) in found_in(now, of_now, passe)


def test_what_is_told_again_and_that_nothing_hides_is_told_no_more() -> None:
    """The month went from 140 to 127 and is told « environ 125 »: nobody can think that it is more than 127."""
    before, now = at_work(127, 140), at_work(126, 127)
    passe = after(before)
    released = diffuser(tuple(now), DEFINITIONS, frozenset(), passe)
    assert [one.content.valeur for one in released] == [167, None, 40, 125]
    assert [one.rule for one in released[1::2]] == ["sans-protection", "arrondi"]
    assert found_in(now, released, passe) == []


def found_in(
    mesures: Sequence[Mesure], released: Sequence[Released[Mesure]], passe: Passe
) -> list[tuple[str, float, float]]:
    known = sommes(mesures, DEFINITIONS, frozenset(), Reunies())
    found = attaquer(mesures, released, known, DEFINITIONS, passe).trouvees
    return [(one.cle[0], one.bas, one.haut) for one in found]


def test_the_pay_of_a_few_is_no_difference_of_two_accounts() -> None:
    accord = frozenset({("val", "grande", "2019-12-31")})

    def pay(euros: float) -> Mesure:
        return VAL.somme("charges_personnel", "2019-01-01/2019-12-31", euros, n=1, ebe="grande", prix="2019")

    first = diffusion("2026-1", decider([pay(900_000.0)], DEFINITIONS, accord))
    found = [
        diffuser((pay(euros),), DEFINITIONS, accord, Passe((first,)))[0].content.valeur
        for euros in (922_000.0, 1_500_000.0)
    ]
    assert found == [900_000.0, 1_500_000.0]


@pytest.fixture(scope="module")
def without_one(ten: Project, tmp_path_factory: pytest.TempPathFactory) -> Resultats:
    """The ten territories without one woman of the first of them, who has a RQTH."""
    root = tmp_path_factory.mktemp("une") / "bilan"
    shutil.copytree(ten.root.parents[1], root)
    other = Project(root).demonstration
    ledger, code = Ledger(other), "valcourbe-sur-lisse"
    recu = ledger.in_force(code)
    assert recu is not None
    people = ledger.tables(recu)["personnes"]
    one = people[(people["sexe"] == "femme") & (people["rqth"] == "oui")].iloc[0]
    assert ledger.erase_person(code, str(one["personne"])) > 0
    return calculer(other, [territoire.code for territoire in load_register(other).territoires])


@pytest.mark.verification
def test_one_person_less_in_a_deposit_is_in_no_difference_of_two_editions(
    resultats_of_ten: Resultats, without_one: Resultats
) -> None:
    """Both ways: who came, who left; a reader of all that both tell finds nobody, and a quarter at most is withheld.

    Two editions that forget each other differ by a hundred numbers at least.
    """
    for before, now in ((resultats_of_ten, without_one), (without_one, resultats_of_ten)):
        first = diffusion("2026-1", decider(before.mesures, before.definitions, before.accords))
        forgetful = decider(now.mesures, now.definitions, now.accords)
        second = diffuser(now.mesures, now.definitions, now.accords, Passe((first,)))
        assert {one.content.cle for one in second} <= first.by_cle.keys()  # no union comes or goes
        moved = [
            sum(
                dit(one.content).numbers != first.by_cle[one.content.cle].numbers
                for one in released
                if one.content.cle in first.by_cle
            )
            for released in (forgetful, second)
        ]
        assert moved[0] > 100
        assert moved[1] == 0
        passe = Passe((first,))
        whole, bonds = tenus(now, passe)
        assert attaquer(whole, second, bonds, now.definitions, passe).trouvees == ()
        assert sum(one.etat == "masquee" for one in first.dits) <= len(first.dits) / 4
        assert sum(one.content.etat == "masquee" for one in second) <= len(second) / 4


def test_a_row_keeps_the_categories_that_the_last_edition_told_together() -> None:
    """2 and 7 were told as 9; 6 and 7 now are 13, told apart they would say that four came: they stay together."""
    codes = [choix.code for choix in DEFINITIONS.of("attente_age").modalites]

    def row(*counts: int) -> list[Mesure]:
        return [VAL.compte("attente_age", DAY, n, modalite=c) for c, n in zip(codes, counts, strict=True)]

    alone = decider(row(6, 7, 9, 15), DEFINITIONS, frozenset())
    assert [one.content.modalite for one in alone] == codes
    later = diffuser(tuple(row(6, 7, 9, 15)), DEFINITIONS, frozenset(), after(row(2, 7, 9, 15)))
    assert {one.content.modalite: one.content.valeur for one in later}["moins_45"] == 9
    assert {one.content.modalite for one in later} == {"moins_45", "de_45_a_54", "plus_55"}
