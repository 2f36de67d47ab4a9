"""How far two people who code the same texts agree, beyond what chance alone would give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Accord:
    """The agreement of two coders on ``n`` texts, of which ``identiques`` were coded alike.

    ``kappa`` is Cohen's, with its bounds at 95 %; all three are None where it is undefined, and ``raison``
    then says why.
    """

    n: int
    identiques: int
    kappa: float | None
    bas: float | None
    haut: float | None
    raison: str = ""


def accord_codeurs(frame: pd.DataFrame) -> Accord:
    """The agreement between ``theme_1`` and ``theme_2`` of a coding.

    Cohen's kappa: (observed − expected) / (1 − expected), the expected one being that of two coders who draw
    at random, each with its own shares. Its interval is that of Fleiss, Cohen and Everitt (1969), which holds
    for a large number of texts. Undefined without a text, or when both gave one and the same theme to all.

    >>> one = ["a"] * 25 + ["b"] * 25
    >>> two = ["a"] * 20 + ["b"] * 5 + ["a"] * 10 + ["b"] * 15
    >>> accord = accord_codeurs(pd.DataFrame({"theme_1": one, "theme_2": two}))
    >>> accord.n, accord.identiques, round(accord.kappa, 6)
    (50, 35, 0.4)
    """
    from statsmodels.stats.inter_rater import cohens_kappa  # takes a second: most processes need none

    first, second = frame["theme_1"].to_numpy(), frame["theme_2"].to_numpy()
    n, alike = len(frame), int((first == second).sum())
    if not n:
        return Accord(0, 0, None, None, None, "aucun texte codé")
    themes = sorted({*first, *second})
    if len(themes) == 1:
        return Accord(n, alike, None, None, None, "un seul thème employé : le hasard ferait aussi bien")
    table = np.zeros((len(themes), len(themes)), dtype=np.int64)
    np.add.at(table, ([themes.index(t) for t in first], [themes.index(t) for t in second]), 1)
    with np.errstate(invalid="ignore"):  # its test is undefined where a coder never varies; kappa is not
        found = cohens_kappa(table)
    return Accord(n, alike, float(found.kappa), float(found.kappa_low), float(found.kappa_upp))
