"""What the placebos of the impact study cost, beside diff-diff in the same run, and whether they answer the
same.

Every unit of an invented panel (levels that differ much, years that differ little, as private employment
does) is taken for the place studied, among all the others. One core: the threads of the linear algebra are
set to one before it loads. With ``--mesurer`` the size of the tests is measured on the communes of the open
data, those of the experiment left out.
"""

from __future__ import annotations

import os

os.environ.update({f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")})

import argparse
import csv
import importlib
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from commun import HERE, begin

from analysis.impact.estimateurs.differences import Base, ecarts_differences
from analysis.impact.estimateurs.poids import partager, projeter
from analysis.impact.estimateurs.sdid import ecarts_sdid
from analysis.impact.estimateurs.synthetique import ecarts_synthetiques, plus_proches
from analysis.impact.inference.placebos import taille_mesuree
from analysis.impact.inference.puissance import effet_detectable, en_unites


def panel(units: int, before: int) -> np.ndarray:
    """Logarithms of employment, ``before`` years and one after; changes have the long tails of small
    places."""
    draw = np.random.default_rng(22)
    levels = draw.uniform(np.log(150), np.log(6000), (units, 1))
    changes = 0.05 * draw.standard_t(4, (units, before + 1)) + 0.01 * draw.normal(0, 1, (1, before + 1))
    return levels + np.cumsum(changes, axis=1)


def timed(work: Callable[[], np.ndarray]) -> tuple[np.ndarray, float, float]:
    """The answer, seconds of wall and of processor."""
    wall, processor = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - wall, time.process_time() - processor


def nearest(values: np.ndarray, before: int, count: int) -> np.ndarray:
    """Gaps (count, T) to the nearest point of the hull of all others, by Wolfe: the answer that is unique."""
    found = [
        values[row] - projeter(values[row, :before], values[:, :before], sans=row).poids @ values
        for row in range(count)
    ]
    return np.array(found)


def of_diff_diff(values: np.ndarray, before: int) -> np.ndarray:
    """The gaps (n, T) of its in-space placebos, with the years before as predictors of equal weight."""
    from diff_diff import SyntheticControl

    units, periods = values.shape
    frame = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), periods),
            "time": np.tile(np.arange(periods), units),
            "value": values.ravel(),
        }
    )
    frame["treated"] = ((frame.unit == 0) & (frame.time >= before)).astype(int)
    model = SyntheticControl(v_method="custom", custom_v=np.ones(before), standardize="none")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = model.fit(frame, "value", "treated", "unit", "time")
        fitted.in_space_placebo()
    paths = {0: fitted.gap_path, **fitted._placebo_gaps}
    return np.array([[paths[unit][when] for when in range(periods)] for unit in range(units)])


def beside(units: int, before: int, *, theirs: bool) -> None:
    """One table for a number of years before."""
    values = panel(units, before)
    own = np.arange(units)
    importlib.import_module("diff_diff")  # not its import
    rows = {
        "least weights (`partager`)": timed(
            lambda: values - partager(values[:, :before], values[:, :before], propres=own) @ values
        ),
        "nearest point (`projeter`)": timed(lambda: nearest(values, before, units)),
    }
    if theirs:
        rows["diff-diff, in-space placebos"] = timed(lambda: of_diff_diff(values, before))
    reference = rows["least weights (`partager`)"]
    heading = f"{units} placebos over {units - 1} donors, {before} years before"
    print(f"\n| {heading} | wall s | processor s | to ours | fitted to 1e-4 |\n|---|---|---|---|---|")
    for name, (gaps, wall, processor) in rows.items():
        exact, ratio = int((fit(gaps, before) < 1e-4).sum()), processor / reference[2]
        print(f"| {name} | {wall:.2f} | {processor:.2f} | {ratio:.1f} | {exact} |", flush=True)
    if theirs:
        same(
            rows["nearest point (`projeter`)"][0],
            reference[0],
            rows["diff-diff, in-space placebos"][0],
            before,
        )


def fit(gaps: np.ndarray, before: int) -> np.ndarray:
    """Root mean square of the gaps before, by unit."""
    return np.sqrt((gaps[:, :before] ** 2).mean(axis=1))


def same(ours: np.ndarray, least: np.ndarray, theirs: np.ndarray, before: int) -> None:
    """Whether the answers are one: the fit before of all, the gap after where the weights are unique."""
    outside = fit(ours, before) > 1e-6
    apart = np.abs(fit(ours, before) - fit(theirs, before)).max()
    print(f"\nFit before, all units: at most {apart:.1e} apart from diff-diff.")
    if outside.any():
        after = np.abs(ours - theirs)[outside][:, before:].max()
        print(f"Gap after, the {int(outside.sum())} units outside the hull: at most {after:.1e} apart.")
    inside = ~outside
    if inside.any():
        differ = np.abs(least - theirs)[inside][:, before:]
        print(
            f"Gap after, the {int(inside.sum())} units that are fitted exactly: each solver keeps weights of "
            f"its own, {np.median(differ):.3f} apart at the median, {differ.max():.2f} at most."
        )


def communes() -> tuple[np.ndarray, int]:
    """Logarithms of private employment of the communes of the open data outside the treated ones' areas,
    2014-2024."""
    root = Path(os.environ["BILAN_OPEN_DATA"]) / "urssaf-emploi-prive-2014-2024" / "effectifs_communes.csv"
    with (HERE / "data" / "territoires.csv").open(encoding="utf-8") as lines:
        treated = {row["commune"] for row in csv.DictReader(lines)}
    table = (
        pd.read_csv(root, dtype={"code": str}).set_index("code").drop(index=list(treated), errors="ignore")
    )
    whole = table.dropna()
    whole = whole[(whole > 0).all(axis=1) & whole["eff_2016"].between(150, 6000)]
    return np.log(whole.loc[:, "eff_2014":"eff_2020"].to_numpy(float)), len(whole)


def sizes(pool: int, most: int) -> None:
    """The measured size of the rank test among like communes, and what it can see, by method and size."""
    values, count = communes()
    print(
        f"\n{count} communes of 150 to 6 000 employees in 2016, those of the experiment left out; mean gap "
        f"of 2017-2020 from 2014-2016; pools of the {pool} nearest in size."
    )
    kept = np.sort(np.random.default_rng(1).choice(count, min(most, count), replace=False))
    values = values[kept]
    near = plus_proches(values[:, 2], pool)
    gaps = {
        "difference in differences, last year": ecarts_differences(values, 3, Base.DERNIERE, voisins=near),
        "difference in differences, mean of years": ecarts_differences(values, 3, Base.MOYENNE, voisins=near),
        "synthetic control, least weights": ecarts_synthetiques(values, 3, voisins=near),
        "synthetic difference in differences": ecarts_sdid(values, 3, near),
    }
    print("\n| method | tried | size at 5 % | 95 % interval | standard deviation of the gap |")
    print("|---|---|---|---|---|")
    for name, found in gaps.items():
        after = found[:, 3:].mean(axis=1)
        size = taille_mesuree(after, voisins=near)
        band = f"{size.bas:.3f} to {size.haut:.3f}"
        print(f"| {name} | {size.essais} | {size.mesuree:.3f} | {band} | {after.std():.3f} |", flush=True)
    print("\n| employees in 2016 | communes | least rise seen, log | in jobs, at the middle |")
    print("|---|---|---|---|")
    after = gaps["difference in differences, last year"][:, 3:].mean(axis=1)
    level = np.exp(values[:, 2])
    for low, high in ((150, 300), (300, 600), (600, 1200), (1200, 2500), (2500, 6000)):
        here = (level >= low) & (level < high)
        if here.sum() < 20:
            continue
        least = effet_detectable(after[here])
        middle = float(np.sqrt(low * high))
        jobs = en_unites(least.hausse, middle)
        print(f"| {low}-{high} | {int(here.sum())} | {least.hausse:.3f} | {jobs:.0f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--donneurs", type=int, default=3000)
    parser.add_argument("--avant", type=int, nargs="+", default=[3, 11])
    parser.add_argument("--seul", action="store_true", help="without diff-diff")
    parser.add_argument("--mesurer", action="store_true", help="the size of the tests, on the open data")
    parser.add_argument("--communes", type=int, default=8000)
    options = begin(parser)
    for before in options.avant:
        beside(options.donneurs, before, theirs=not options.seul)
    if options.mesurer:
        sizes(100, options.communes)


if __name__ == "__main__":
    main()
