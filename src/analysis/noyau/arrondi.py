"""The one rounding rule, that of the simulator's script and its workbook too: a half goes away from zero."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

_MARGE: Final = 1e6
"""Parts of the last kept unit that are looked at: what binary fractions leave under one decides nothing."""


def centimes(euros: Iterable[float]) -> list[int]:
    """Whole cents of amounts in euros, a half cent away from zero; raises ValueError for what is no number.

    >>> centimes([0.125, 1.005, -0.125, -1.005 + 1e-12, 2.675])
    [13, 101, -13, -101, 268]
    """
    return [int(_away(amount * 100)) for amount in euros]


def arrondi(value: float, decimals: int = 0) -> float:
    """A number with so many decimals, a half away from zero; nought has no sign, what is no number stays.

    >>> arrondi(2.5), arrondi(-2.5), arrondi(0.285, 2), arrondi(-0.2)
    (3.0, -3.0, 0.29, 0.0)
    """
    scale = 10.0**decimals
    return _away(float(value) * scale) / scale + 0.0


def _away(value: float) -> float:
    """The whole number, in plain Python: importing numpy costs a command more than all that it rounds."""
    if not math.isfinite(value * _MARGE):
        return value
    return math.copysign(math.floor(round(abs(value) * _MARGE) / _MARGE + 0.5), value)
