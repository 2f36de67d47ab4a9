"""How far two groups are from each other, in standard deviations."""

from __future__ import annotations

from math import sqrt


def ecart_standardise(p1: float, p0: float) -> float | None:
    """The standardised difference of a share (0 to 1) between two groups.

    (p1 − p0) / √((p1(1 − p1) + p0(1 − p0)) / 2). None when nothing varies inside either group (each share
    is 0 or 1): there is no deviation to measure the difference with. Raises ValueError for a share out of
    0 to 1. Source: P. C. Austin, « Using the Standardized Difference to Compare the Prevalence of a Binary
    Variable Between Two Groups in Observational Research », Communications in Statistics — Simulation and
    Computation, 38(6), 2009, p. 1228-1234.

    >>> round(ecart_standardise(0.8, 0.5), 6), ecart_standardise(1.0, 0.0)
    (0.662589, None)
    """
    if not (0 <= p1 <= 1 and 0 <= p0 <= 1):
        raise ValueError(f"{p1} or {p0} is not a share")
    variance = (p1 * (1 - p1) + p0 * (1 - p0)) / 2
    return (p1 - p0) / sqrt(variance) if variance else None
