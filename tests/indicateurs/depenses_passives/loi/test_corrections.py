"""What the law says where the model says otherwise: each expected value is worked out line by line by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from menages import SEULE
from modele import corrected_model, person

from analysis.indicateurs.depenses_passives.loi.corrections import FORMULES
from analysis.indicateurs.depenses_passives.loi.legislation import (
    RELUE,
    MoisImpossible,
    load_exceptions,
    load_model,
)
from analysis.indicateurs.depenses_passives.loi.transitions import parcours
from analysis.noyau.paths import Project

pytestmark = pytest.mark.lent


def year(loi: pd.DataFrame, cas: str, ligne: str, annee: str) -> float:
    """The twelve months of a year without a job."""
    kept = loi[
        (loi["cas"] == cas) & (loi["situation"] == "sans_emploi") & loi["mois"].str.startswith(f"{annee}-")
    ]
    assert len(kept) == 12
    return float(kept[ligne].sum())


@pytest.mark.verification
def test_the_ass_is_paid_for_each_day_of_the_year(loi: pd.DataFrame) -> None:
    """2019: 90 days at 16.48 (to March), 275 at 16.74; 2020: 91 at 16.74, 275 at 16.89.

    Twelve times thirty days would give 6,003.00 and 6,066.90.
    """
    assert pytest.approx(6086.70) == 90 * 16.48 + 275 * 16.74
    assert pytest.approx(6168.09) == 91 * 16.74 + 275 * 16.89
    assert year(loi, "seule-ass 2018-04", "ass", "2019") == pytest.approx(6086.70, abs=0.03)
    assert year(loi, "seule-ass 2019-12", "ass", "2020") == pytest.approx(6168.09, abs=0.03)


def test_the_prime_of_december_2018_has_the_bonus_of_2018(amount: Callable[..., float]) -> None:
    """Hired at the Smic, without housing aid; mean of what September, October and November give.

    The bonus is 70.49 (160.49 from the decree 2018-1197 on, in payments from February 2019). September: wage
    1,173.60, 551.51 + 70.49 - 39 % of it = 164.30; October and November: 1,187.83 (the last part of the
    unemployment contribution is gone), 158.75 each. The mean, 160.60, less 0.5 % of CRDS is 159.80.
    November has August (1,173.60) and September twice: (164.30 × 2 + 158.75) / 3 × 0.995 = 161.64.
    January 2019 is whole: 622.00 + 90 - 39 % of 1,187.83, × 0.995 = 247.52.
    """
    assert amount("seule-rsa", "prime_activite", "2018-12", "en_ebe") == pytest.approx(159.80, abs=0.05)
    assert amount("seule-rsa", "prime_activite", "2018-11", "en_ebe") == pytest.approx(161.64, abs=0.05)
    assert amount("seule-rsa", "prime_activite", "2019-01", "en_ebe") == pytest.approx(247.52, abs=0.05)
    # the same quarters, once January counts the earnings of October: a third and two thirds of 90 × 0.995
    assert amount("seule-rsa", RELUE, "2018-11", "en_ebe") == pytest.approx(161.64 + 29.85, abs=0.05)
    assert amount("seule-rsa", RELUE, "2018-12", "en_ebe") == pytest.approx(159.80 + 59.70, abs=0.05)


def test_a_quarter_that_january_2019_cuts_has_two_amounts(chemin: Callable[..., pd.DataFrame]) -> None:
    """Hired in January 2018: quarters begin in January, February or March.

    The prime is 100 to December and 190 from January on; read again, November is worth 130 and December 160.
    A quarter that begins in November pays 100, 100, then 130 in January; in December 100, then 160, 160.
    """
    before, after = [100.0] * 12, [190.0] * 12
    amounts = chemin("2018-01", sans={"prime_activite": 0.0}, ebe={"prime_activite": [*before, *after]})
    for month, read_again in (("2018-11", 130.0), ("2018-12", 160.0)):
        amounts.loc[(amounts["situation"] == "en_ebe") & (amounts["mois"] == month), RELUE] = read_again
    told = parcours(replace(SEULE, embauche="2018-01"), amounts, "centrale").table
    paid = told[told["situation"] == "en_ebe"].set_index("mois")["prime_activite"]
    assert list(paid["2018-10":"2019-03"]) == pytest.approx(
        [100, 100, 100, (190 + 130 + 160) / 3, (190 + 190 + 160) / 3, 190], abs=0.01
    )


@pytest.mark.verification
@pytest.mark.parametrize(("wage", "published"), [(750, 290), (1500, 36)])
def test_the_prime_of_december_2018_is_what_the_simulator_of_the_caf_gave(
    wage: float, published: int
) -> None:
    """A person alone, without housing, whose wage was 750 or 1,500 euros: 290 and 36 euros a month, by the
    simulator of caf.fr on 22 December 2018 (Lextimes, « Prime d'activité : publication du décret »).

    The simulator leaves out the cents. The model alone gives 350 and 96.
    """
    months = [f"2018-{number:02}" for number in range(6, 13)]
    gross = person("ppa", "2018-12", months, salaire_net=wage, statut_occupation_logement="sans_domicile")
    assert math.floor(0.995 * gross) == published


def test_every_correction_is_declared_with_its_text_and_made_only_then() -> None:
    declared = load_exceptions(Project.here())
    of_formulas = {e.objet for e in declared if e.nature == "formule"}
    assert of_formulas == set(FORMULES)
    assert all(e.constat and e.reference for e in declared)
    untouched, corrected = load_model([]), corrected_model()
    for name in ("ass", "ppa", "aah_base_ressources_activite_eval_trimestrielle"):
        names = [m.get_variable(name).get_formula("2018-12-01").__qualname__ for m in (untouched, corrected)]
        assert names[0] != names[1], name
    # after its last day a correction leaves the model as it was
    for day in ("2018-10-01", "2019-01-01", "2025-01-01"):
        names = [m.get_variable("ppa").get_formula(day).__qualname__ for m in (untouched, corrected)]
        assert names[0] == names[1], day


def test_an_exception_changes_its_own_model_and_no_other() -> None:
    """Two models of a process are made of one system: what is replaced in one is as it was in the other."""
    (replaced,) = [e for e in load_exceptions(Project.here()) if e.valeur == 0.2849]
    other = load_model([replace(replaced, valeur=0.5)])
    values = []
    for model in (load_model([]), corrected_model(), other):
        node = model.parameters
        for name in replaced.objet.split("."):
            node = getattr(node, name)
        values.append(node(replaced.debut))
    assert values == [0.3254, 0.2849, 0.5]
    assert load_model([replace(replaced, valeur=0.5)]) is other


def test_a_formula_that_no_correction_is_written_for_is_told() -> None:
    lost = replace(load_exceptions(Project.here())[-1], objet="variable_disparue")
    with pytest.raises(MoisImpossible, match="« variable_disparue » : ass, ppa"):
        load_model([lost])


def test_the_contribution_for_housing_is_half_a_point_of_the_wage(amount: Callable[..., float]) -> None:
    """CCH, L. 813-5: 0.50 % of the whole wage for fifty employees and more: 10.15 × 151.6667 × 0.5 % = 7.70."""
    assert amount("seule-rsa", "cotisations_logement", "2020-06", "en_ebe") == pytest.approx(7.70, abs=0.01)
