"""Private employment outside the EBE: what is left of an effect once the jobs of the EBE are taken out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.impact.estimateurs.refus import Array, Motif, Refus


@dataclass(frozen=True)
class Reste:
    """The effect on private employment outside the EBE, between the bounds that published staff leave.

    In the unit of the effect. ``bas`` is with the greatest staff taken out, ``haut`` with the least; they are
    bounds of what was published, not what chance does: a band of chance is added to each end by who has it.
    """

    bas: float
    haut: float

    def __post_init__(self) -> None:
        if self.bas > self.haut + 1e-12:
            raise ValueError(f"{self.bas} is above {self.haut}")

    @property
    def signe(self) -> int:
        """−1 where both ends are below nothing (crowded out), 1 above, 0 where the bounds do not tell."""
        return -1 if self.haut < 0 else 1 if self.bas > 0 else 0


def hors_ebe(emplois: Array, effectifs_bas: Array, effectifs_haut: Array) -> tuple[Array, Array]:
    """The jobs of a place outside its EBE, least and greatest, (T,): all jobs less the most and the least
    staff.

    ``emplois`` (T,) counts all private jobs, those of the EBE among them; the bounds (T,) are nothing before
    it opened. A series where staff was not published is missing (NaN) there, and so is the rest. Raises
    `Refus`: lengths that differ, bounds that cross or are negative, a rest that is not positive.

    >>> low, high = hors_ebe(np.array([300.0, 340.0]), np.array([0.0, 40.0]), np.array([0.0, 50.0]))
    >>> low.tolist(), high.tolist()
    ([300.0, 290.0], [300.0, 300.0])
    """
    jobs, least, most = (np.asarray(each, float) for each in (emplois, effectifs_bas, effectifs_haut))
    if not len(jobs) == len(least) == len(most):
        raise Refus(Motif.FORME)
    if (least > most).any() or (least < 0).any():
        raise Refus(Motif.BORNES)
    if (jobs - most <= 0).any():
        raise Refus(Motif.BORNES)
    return jobs - most, jobs - least


def reste(effet: float, emplois: Array, effectifs_bas: Array, effectifs_haut: Array) -> Reste:
    """The effect on the logarithm of private jobs, once the staff of the EBE is taken out of the place's jobs
    after.

    For a mean over the periods after of log(jobs) less a comparison that holds no EBE, taking s jobs out of n
    changes the effect by the mean of log(1 − s/n), whatever the comparison and its weights: before, s is
    nothing. ``emplois`` and the bounds (T₁,) are of the periods after. Raises `Refus`: as `hors_ebe`, and any
    period whose staff is missing, for a mean of a part would pass for the whole.

    >>> found = reste(0.1, np.array([400.0, 400.0]), np.array([40.0, 40.0]), np.array([60.0, 60.0]))
    >>> round(found.bas, 3), round(found.haut, 3), found.signe
    (-0.063, -0.005, -1)
    """
    low, high = hors_ebe(emplois, effectifs_bas, effectifs_haut)
    if not len(low):
        raise Refus(Motif.SANS_APRES)
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        raise Refus(Motif.MANQUANT)
    jobs = np.asarray(emplois, float)
    return Reste(effet + float(np.log(low / jobs).mean()), effet + float(np.log(high / jobs).mean()))


def pour_cent_ppde(emplois: float, ppde: float) -> float:
    """Jobs for a hundred persons durably without a job (PPDE) of the place at the start.

    Raises `Refus` where nobody is counted: nothing divided by nothing is missing, not nothing.

    >>> pour_cent_ppde(12.0, 150.0)
    8.0
    """
    if not np.isfinite(emplois) or not np.isfinite(ppde):
        raise Refus(Motif.MANQUANT)
    if ppde <= 0:
        raise Refus(Motif.PERSONNE)
    return 100 * emplois / ppde
