"""The formulas of the model that the law contradicts: what replaces each, from when to when.

Each is declared with its text in ``data/depenses_passives/legislation_exceptions.csv``; a correction that is
not declared is not made, and one that is declared and does not stand here is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.indicateurs.depenses_passives.resultats import ExceptionDeclaree

Formule = Callable[..., np.ndarray]

PRIME_DIFFEREE: Final = "ppa_differee"
"""What a decree adds to the prime d'activité of a month, for its quarter, but pays from a later month on."""


def _dated(variable: Any, exception: ExceptionDeclaree, formula: Formule) -> type:
    """A variable that follows a formula over the days of an exception, and its own before and after."""
    from openfisca_core.variables import Variable

    dated = {exception.debut: formula}
    if exception.fin:
        after = date.fromisoformat(exception.fin) + timedelta(days=1)
        dated[after.isoformat()] = variable.get_formula(exception.fin)
        dated |= {day: own for day, own in variable.formulas.items() if day > exception.fin}
    named = {f"formula_{day.replace('-', '_')}": own for day, own in dated.items()}
    return type(variable.name, (Variable,), named)


def _during(name: str, like: Any, exception: ExceptionDeclaree, formula: Formule) -> type:
    """A variable that has an amount over the days of an exception only, and nothing before and after."""
    from openfisca_core.variables import Variable

    said = {"value_type": float, "entity": like.entity, "definition_period": like.definition_period}
    dated = {f"formula_{exception.debut.replace('-', '_')}": formula, "end": exception.fin}
    return type(name, (Variable,), {**said, **dated, "label": like.label})


def _ass_par_jour(model: Any, exception: ExceptionDeclaree) -> None:
    """The ASS is a daily amount for each day of the month, and not for thirty."""

    def formula(individu: Any, period: Any, parameters: Any) -> np.ndarray:
        ass = parameters(period).chomage.allocations_assurance_chomage.ass
        days = pd.Period(str(period), "M").days_in_month
        multiple = np.where(individu.famille("en_couple", period), ass.plaf_coup, ass.plaf_seul)
        left = multiple * ass.montant_plein - individu.famille("ass_base_ressources", period) / 12
        paid = np.minimum(days * ass.montant_plein, left)
        return individu("ass_eligibilite_individu", period) * np.where(paid >= ass.montant_plein, paid, 0.0)

    model.update_variable(_dated(model.get_variable("ass"), exception, formula))


def _prime_avant_le_decret(model: Any, exception: ExceptionDeclaree) -> None:
    """The bonus of January 2019 is on earnings from October 2018, but in no payment before February 2019.

    The model has it in what is due in November and December, by the mean of their quarters. From January on
    the same quarter has it: the difference is ``PRIME_DIFFEREE``.
    """
    prime, bonus = model.get_variable("ppa"), model.get_variable("ppa_bonification")
    own, before = prime.get_formula(exception.debut), "2018-09-30"

    def of_month(famille: Any, month: Any, parameters: Any) -> np.ndarray:
        def earlier(_: Any) -> Any:
            return parameters(before)

        forfait = famille("ppa_fictive_montant_forfaitaire", month)
        resources = famille("ppa_base_ressources", month) + famille("ppa_forfait_logement", month)
        added = famille.sum(bonus.get_formula(month)(famille.members, month, earlier))
        due = forfait + added + famille("ppa_fictive_ressource_activite", month)
        return famille("ppa_eligibilite", month) * np.maximum(due - np.maximum(resources, forfait), 0.0)

    def formula(famille: Any, period: Any, parameters: Any) -> np.ndarray:
        least = parameters(period).prestations_sociales.solidarite_insertion.minima_sociaux.ppa.pa_m
        months = [period.offset(-rank, "month") for rank in (1, 2, 3)]
        mean = sum(of_month(famille, month, parameters) for month in months) / 3
        return mean * famille("ppa_eligibilite_apprenants", period) * (mean >= least.montant_minimum_verse)

    def deferred(famille: Any, period: Any, parameters: Any) -> np.ndarray:
        return own(famille, period, parameters) - famille("ppa", period)

    model.update_variable(_dated(prime, exception, formula))
    model.add_variable(_during(PRIME_DIFFEREE, prime, exception, deferred))


def _aah_sur_imposable(model: Any, exception: ExceptionDeclaree) -> None:
    """The AAH of who works looks at the taxable wage of the quarter, and not at the wage received."""
    variable = model.get_variable("aah_base_ressources_activite_eval_trimestrielle")
    own = variable.get_formula(exception.debut)

    def formula(individu: Any, period: Any) -> np.ndarray:
        months = [period.offset(-rank, "month") for rank in (1, 2, 3)]
        more = sum(individu("salaire_imposable", m) - individu("salaire_net", m) for m in months)
        return own(individu, period) + 4 * more

    model.update_variable(_dated(variable, exception, formula))


def _evaluation_forfaitaire(model: Any, exception: ExceptionDeclaree) -> None:
    """Housing aid looks at the last wage until it takes the resources of the last twelve months."""
    assert exception.fin is not None
    variable = model.variables["aide_logement_base_ressources_eval_forfaitaire"]
    variable.end = date.fromisoformat(exception.fin)


FORMULES: Final[Mapping[str, Callable[[Any, ExceptionDeclaree], None]]] = {
    "ass": _ass_par_jour,
    "ppa": _prime_avant_le_decret,
    "aah_base_ressources_activite_eval_trimestrielle": _aah_sur_imposable,
    "aide_logement_base_ressources_eval_forfaitaire": _evaluation_forfaitaire,
}
"""What is done to each variable of the model that an exception names."""
