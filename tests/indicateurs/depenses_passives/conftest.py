"""What the tests of the study share: the declared tables, the coefficients, one simulation of the law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from menages import COUPLE, ENFANTS, LOGES, QUOTITES, SEULE

from analysis.indicateurs.depenses_passives.declarations import Declarations, declarations_of
from analysis.indicateurs.depenses_passives.loi.conservation import montants
from analysis.indicateurs.depenses_passives.loi.legislation import (
    LIGNES,
    MOIS_APRES,
    MOIS_AVANT,
    RELUE,
    load_exceptions,
)
from analysis.indicateurs.depenses_passives.payeurs import coefficients
from analysis.noyau.paths import Project

MOIS = ("2016-04", "2018-04", "2019-12", "2022-04", "2024-04", "2026-01")
"""Hires whose windows of twenty-seven months cover 2016 to 2027 together."""


@pytest.fixture(scope="session")
def declarations() -> Declarations:
    found = declarations_of(Project.here())
    assert found is not None
    return found


@pytest.fixture(scope="session")
def table(declarations: Declarations) -> pd.DataFrame:
    return coefficients(declarations)


@pytest.fixture(scope="session")
def loi() -> pd.DataFrame:
    """The monthly amounts of the households of the published amounts, by name and month of hire."""
    cases = [
        replace(case, cas=f"{case.cas} {month}", embauche=month)
        for month in MOIS
        for case in (
            SEULE,
            replace(SEULE, cas="seule-ass", ressource="ass"),
            replace(SEULE, cas="seule-aah", ressource="aah"),
            replace(SEULE, cas="hlm-rsa", logement="locataire_social"),
            replace(SEULE, cas="mi-temps", quotite=0.5),
            replace(SEULE, cas="conjoint", menage="couple", conjoint=2500.0, ressource="aucune"),
            COUPLE,
            ENFANTS,
        )
    ]
    cases += [replace(case, cas=f"{name} 2021-01", embauche="2021-01") for name, case in LOGES.items()]
    cases += [
        replace(SEULE, cas=f"aah-{quotite} 2021-01", ressource="aah", quotite=quotite, embauche="2021-01")
        for quotite in QUOTITES
    ]
    amounts = montants(cases, load_exceptions(Project.here()))
    return amounts.assign(cas=amounts["cas"].map({case.situation_key(): case.cas for case in cases}))


@pytest.fixture(scope="session")
def amount(loi: pd.DataFrame) -> Callable[..., float]:
    """The amount of a household on a line in a month, whatever its hire when it has no job yet."""

    def read(cas: str, ligne: str, mois: str, situation: str = "sans_emploi") -> float:
        hired = loi["cas"].str.rpartition(" ")[2]
        kept = loi[
            (loi["cas"].str.rpartition(" ")[0] == cas)
            & (loi["mois"] == mois)
            & (loi["situation"] == situation)
        ]
        if situation == "en_ebe":
            kept = kept[hired[kept.index] <= mois]
        assert len(kept) >= 1, f"{cas} has no {mois}"
        return float(kept.iloc[0][ligne])

    return read


@pytest.fixture
def chemin() -> Callable[..., pd.DataFrame]:
    """Monthly amounts written by hand: for each situation, a value or the list of its months on each line."""

    def written(embauche: str, *, sans: dict[str, object], ebe: dict[str, object]) -> pd.DataFrame:
        first = pd.Period(embauche, "M") - MOIS_AVANT
        months = [str(first + rank) for rank in range(MOIS_AVANT + MOIS_APRES)]
        parts = []
        for situation, lines in (("sans_emploi", sans), ("en_ebe", ebe)):
            part = pd.DataFrame({"situation": situation, "mois": months}).assign(**dict.fromkeys(LIGNES, 0.0))
            for line, values in lines.items():
                if isinstance(values, list):
                    after = [*values, *[values[-1]] * (MOIS_APRES - len(values))]
                    before = sans.get(line, 0.0)
                    part[line] = [*[before] * MOIS_AVANT, *after]
                else:
                    part[line] = values
            parts.append(part.assign(**{RELUE: part["prime_activite"]}))
        return pd.concat(parts, ignore_index=True)

    return written
