"""What each case of ``cas.toml`` computes: one number, from data that a package ships or that are drawn."""

from __future__ import annotations

import warnings
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd
from tirages import simuler

from analysis.impact.estimateurs.differences import Base, differences
from analysis.impact.estimateurs.echelonne import NEVER, echelonne
from analysis.impact.estimateurs.poids import projeter
from analysis.impact.estimateurs.refus import Refus
from analysis.impact.estimateurs.sdid import synthetique_differences
from analysis.impact.estimateurs.synthetique import synthetique
from analysis.impact.inference.honnete import bornes_lissage, bornes_relatives
from analysis.impact.inference.synthese import synthetiser

BEFORE = 19
"""California's law began with 1989; the panel with 1970."""


@cache
def _states() -> pd.DataFrame:
    """Packs a head by state and year, California last."""
    file = resources.files("synthdid.data") / "california_prop99.csv"
    with file.open(encoding="utf-8") as lines:
        table = pd.read_csv(lines, sep=";")
    wide = table.pivot(index="State", columns="Year", values="PacksPerCapita")
    return pd.concat([wide.drop(index="California"), wide.loc[["California"]]])


def _california() -> tuple[np.ndarray, np.ndarray]:
    values = _states().to_numpy(float)
    return values[-1], values[:-1]


def californie_differences() -> float:
    return differences(*_california(), BEFORE).effets[Base.MOYENNE]


def californie_synthetique() -> float:
    return synthetique(*_california(), BEFORE, ridge=1e-6).effet


def californie_sdid() -> float:
    return synthetique_differences(*_california(), BEFORE).effet


def dons_organes() -> float:
    from causaldata import organ_donations

    table = organ_donations.load_pandas().data
    wide = table.pivot(index="State", columns="Quarter_Num", values="Rate")
    california, others = wide.loc["California"].to_numpy(), wide.drop(index="California").to_numpy()
    return differences(california, others, 3).effets[Base.MOYENNE]


BCG = np.array(
    [
        (4, 119, 11, 128),
        (6, 300, 29, 274),
        (3, 228, 11, 209),
        (62, 13536, 248, 12619),
        (33, 5036, 47, 5761),
        (180, 1361, 372, 1079),
        (8, 2537, 10, 619),
        (505, 87886, 499, 87892),
        (29, 7470, 45, 7232),
        (17, 1699, 65, 1600),
        (186, 50448, 141, 27197),
        (5, 2493, 3, 2338),
        (27, 16886, 29, 17825),
    ],
    float,
)
"""Thirteen trials: ill and well with the vaccine, ill and well without (Colditz et al. 1994)."""


def _bcg() -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of relative risks and their variances."""
    ill, well, ill_without, well_without = BCG.T
    with_it, without = ill + well, ill_without + well_without
    effects = np.log(ill / with_it) - np.log(ill_without / without)
    return effects, 1 / ill - 1 / with_it + 1 / ill_without - 1 / without


def bcg_q() -> float:
    return synthetiser(*_bcg()).q


def bcg_effet() -> float:
    return synthetiser(*_bcg()).effet


def synthese_statsmodels() -> float:
    from statsmodels.stats.meta_analysis import combine_effects

    found, other = synthetiser(*_bcg()), combine_effects(*_bcg(), method_re="pm", use_t=True)
    apart = [found.effet - other.mean_effect_re, found.tau2 - other.tau2, found.q - other.q]
    return float(np.abs([*apart, *(np.array(found.poids) - other.weights_rel_re)]).max())


@cache
def _diff_diff() -> np.ndarray:
    """The gap of each state to its synthetic control by diff-diff, California last, (39, 31)."""
    from diff_diff import SyntheticControl

    frame = _long(_states())
    model = SyntheticControl(v_method="custom", custom_v=np.ones(BEFORE), standardize="none")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = model.fit(frame, "value", "treated", "unit", "time")
        fitted.in_space_placebo()
    paths = {38: fitted.gap_path, **fitted._placebo_gaps}
    return np.array([list(paths[row].values()) for row in range(39)])


def _long(wide: pd.DataFrame) -> pd.DataFrame:
    """One row a unit and period, the last unit treated after ``BEFORE``."""
    units, periods = wide.shape
    frame = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), periods),
            "time": np.tile(np.arange(periods), units),
            "value": wide.to_numpy(float).ravel(),
        }
    )
    frame["treated"] = ((frame.unit == units - 1) & (frame.time >= BEFORE)).astype(int)
    return frame


def synthetique_diff_diff() -> float:
    own = synthetique(*_california(), BEFORE, ridge=1e-6).ecart
    return float(np.abs(own - _diff_diff()[-1]).max())


def placebos_diff_diff() -> float:
    values = _states().to_numpy(float)
    apart = []
    for row in range(len(values)):
        found = projeter(values[row, :BEFORE], values[:, :BEFORE], sans=row)
        assert not found.exacte
        apart.append(np.abs(values[row] - found.poids @ values - _diff_diff()[row]).max())
    return float(max(apart))


def sdid_synthdid() -> float:
    from synthdid import synthdid_estimate

    other = float(synthdid_estimate(_states().to_numpy(float), 38, BEFORE))
    return abs(californie_sdid() - other)


def sdid_diff_diff() -> float:
    from diff_diff import SyntheticDiD

    frame = _long(_states())
    frame["treated"] = (frame.unit == 38).astype(int)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = SyntheticDiD(n_bootstrap=2, seed=1).fit(
            frame, "value", "treated", "unit", "time", post_periods=list(range(BEFORE, 31))
        )
    return abs(californie_sdid() - float(fitted.att))


def castle_cellules() -> float:
    """The greatest difference between cells of `echelonne` and means of the true panel, by hand."""
    from causaldata import castle

    table = castle.load_pandas().data
    wide = table.pivot(index="sid", columns="year", values="l_homicide")
    years = list(wide.columns)
    first = table[table["post"] > 0].groupby("sid")["year"].min().reindex(wide.index)
    starts = np.array([NEVER if np.isnan(year) else years.index(int(year)) for year in first])
    values = wide.to_numpy(float)
    never = values[starts == NEVER]
    apart = []
    for cell in echelonne(values, starts).cellules:
        cohort = values[starts == cell.cohorte]
        base = cell.cohorte - 1
        hand = (cohort[:, cell.periode] - cohort[:, base]).mean() - (
            never[:, cell.periode] - never[:, base]
        ).mean()
        apart.append(abs(cell.effet - hand))
    return float(max(apart))


def _studies() -> list[np.ndarray]:
    """Fifty drawn event studies: four gaps before the base, the base, three after."""
    draw = np.random.default_rng(99)
    return [np.concatenate([draw.normal(0, 0.3, 4), [0.0], draw.normal(1, 1, 3)]) for _ in range(50)]


def honnete_relatif() -> float:
    from diff_diff.honest_did import _solve_rm_bounds_union

    apart = []
    for gaps in _studies():
        other = _solve_rm_bounds_union(gaps[:4], gaps[5:], np.full(3, 1 / 3), 4, 1.0)
        apart.append(np.abs(np.subtract(bornes_relatives(gaps, 5, 1.0), other)).max())
    return float(max(apart))


def honnete_lissage() -> float:
    from diff_diff.honest_did import _construct_constraints_sd, _solve_bounds_lp

    apart, refused = [0.0], 0
    for gaps in _studies():
        other = _solve_bounds_lp(
            gaps[:4], gaps[5:], np.full(3, 1 / 3), *_construct_constraints_sd(4, 3, 1.0), 4
        )
        try:
            apart.append(np.abs(np.subtract(bornes_lissage(gaps, 5, 1.0), other)).max())
        except Refus:
            refused += 1
            apart.append(0.0 if np.isnan(other[0]) else np.inf)
    assert 0 < refused < 50  # both kinds are tried
    return float(np.max(apart))


def biais(methode: str, traites: int, avant: int) -> float:
    """The mean error of the estimate of an effect that is known, in standard errors of the simulation."""
    return simuler(methode, traites, avant).biais


def couverture(methode: str, traites: int, avant: int) -> float:
    """The share of 95 % intervals that hold the effect."""
    return simuler(methode, traites, avant).couverture


def taille(methode: str, traites: int, avant: int) -> float:
    """The share of draws without effect where the test at 5 % rejects."""
    return simuler(methode, traites, avant).taille
