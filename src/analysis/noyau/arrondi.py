"""The one rounding rule, that of the simulator's script and its workbook too: a half goes away from zero."""

from __future__ import annotations

from typing import Final

import numpy as np

_MARGE: Final = 6
"""Decimals of the last kept unit that are looked at: what binary fractions leave under it decides nothing."""


def centimes(euros: np.ndarray) -> np.ndarray:
    """Whole cents of amounts in euros, a half cent away from zero.

    >>> centimes(np.array([0.125, 1.005, -0.125, -1.005 + 1e-12, 2.675]))
    array([  13,  101,  -13, -101,  268])
    """
    return _away(np.asarray(euros, dtype=float) * 100).astype(np.int64)


def arrondi(value: float, decimals: int = 0) -> float:
    """A number with so many decimals, a half away from zero; nought has no sign.

    >>> arrondi(2.5), arrondi(-2.5), arrondi(0.285, 2), arrondi(-0.2)
    (3.0, -3.0, 0.29, 0.0)
    """
    scale = 10.0**decimals
    return float(_away(np.array(value * scale))) / scale + 0.0


def _away(values: np.ndarray) -> np.ndarray:
    return np.sign(values) * np.floor(np.round(np.abs(values), _MARGE) + 0.5)
