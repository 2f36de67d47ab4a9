"""The model with our declared exceptions, for one person whose income is given: what no case type can say."""

from __future__ import annotations

from typing import Any

from analysis.indicateurs.depenses_passives.loi.legislation import load_exceptions, load_model
from analysis.noyau.paths import Project


def corrected_model() -> Any:
    return load_model(load_exceptions(Project.here()))


def person(variable: str, month: str, months: list[str], **inputs: object) -> float:
    """A variable of one person alone, born in 1980, with the same inputs in all the months."""
    from openfisca_core.simulation_builder import SimulationBuilder

    asked = {name: dict.fromkeys(months, value) for name, value in inputs.items()}
    home = {k: asked.pop(k) for k in ("statut_occupation_logement",) if k in asked}
    told = {
        "individus": {"un": {"date_naissance": {"ETERNITY": "1980-06-15"}, **asked}},
        "familles": {"f": {"parents": ["un"]}},
        "foyers_fiscaux": {"ff": {"declarants": ["un"]}},
        "menages": {"m": {"personne_de_reference": ["un"], **home}},
    }
    return float(
        SimulationBuilder().build_from_entities(corrected_model(), told).calculate(variable, month)[0]
    )
