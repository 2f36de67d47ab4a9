"""What else to withhold so that no sensitive cell is given back: by shortest paths, or at the least cost.

Both are for networks: a sensitive cell is given back when it is a bridge of the graph of the unknowns, and
another cell that crosses the cut which the bridge makes would mend it. A zero is never taken: it can move on
one side only.
"""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray

from analysis.secret.reseau.bornes import charge
from analysis.secret.reseau.exacte import Arete, aretes, ponts
from analysis.secret.reseau.systeme import PROCHE, Nom, Systeme

ECART: Final = 1e-6
"""The relative gap under which a cost is the least one."""


@dataclass(frozen=True)
class Motif:
    """The cells that are withheld, what they cost, and the least that any protection costs.

    The cost is that of what is withheld to protect the sensitive cells (:func:`couts`).
    ``sans_protection`` are those that nothing protects. ``ecart`` is how far the cost may be above the least
    one, as a share of it: zero is a proof.
    """

    retenues: frozenset[Nom]
    cout: float
    borne: float
    sans_protection: frozenset[Nom] = frozenset()

    @property
    def ecart(self) -> float:
        return 0.0 if self.cout <= self.borne * (1 + ECART) + PROCHE else (self.cout - self.borne) / self.cout


_REALISABLE: Final = 2
"""What HiGHS calls a solution that holds."""


class PasUnReseau(ValueError):
    """The cells are not the edges of one graph: intervals are for those."""


def par_plus_courts_chemins(systeme: Systeme, avant: Collection[Nom] = ()) -> Motif:
    """A pattern that protects, found cell by cell: the cheapest way round each sensitive bridge.

    What is withheld already costs nothing; cells of a pattern of before (``avant``) cost little, so that they
    are kept where they still serve. Raises PasUnReseau.
    """
    graphe = _Graphe(systeme)
    withheld = graphe.sensibles.copy()
    costs = couts(systeme, avant)[graphe.rangs]
    hopeless = graphe.repare(withheld, costs)
    return graphe.motif(systeme, withheld, hopeless, costs, 0.0)


def optimum(systeme: Systeme, limite: float = 120.0, avant: Collection[Nom] = ()) -> Motif:
    """The pattern that costs least, or the best found at the time limit, with the least possible cost.

    An integer program takes one cut for each bridge that its answer leaves, until none is left. Each part of
    the graph that shares nothing with the others is solved on its own. Raises PasUnReseau.
    """
    end = time.monotonic() + limite
    graphe = _Graphe(systeme)
    costs = couts(systeme, avant)[graphe.rangs]
    withheld = graphe.sensibles.copy()
    hopeless = graphe.repare(withheld, costs)
    bound = 0.0
    for part in graphe.parties():
        best, least = _Partie(graphe, part, costs).optimum(withheld, end)
        withheld[part] = best
        bound += least
    return graphe.motif(systeme, withheld, hopeless, costs, bound)


def couts(systeme: Systeme, avant: Collection[Nom]) -> NDArray[np.float64]:
    """What withholding each cell costs: its weight, a hundredth of it in the pattern of before."""
    kept = np.array([c.nom in avant for c in systeme.cellules], bool)
    return np.where(kept, systeme.poids / 100, systeme.poids)


class _Graphe:
    """The cells of a whole system as edges between its bonds."""

    def __init__(self, systeme: Systeme) -> None:
        whole = systeme.ensemble(np.ones(len(systeme.cellules), bool), systeme.exacts)
        ends = aretes(systeme, whole)
        if ends is None or not systeme.exacts.all():
            raise PasUnReseau("these cells are not the edges of a graph")
        self.rangs = whole.cellules
        self.bouts: Sequence[Arete] = ends
        cells = [systeme.cellules[rang] for rang in self.rangs]
        self.sensibles = np.array([c.exigence > 0 or not c.publiable for c in cells], bool)
        self.a_proteger = np.array([c.exigence > 0 for c in cells], bool)
        self.permises = self.sensibles | np.array([c.sacrifiable and c.valeur > 0 for c in cells], bool)
        self.autour: dict[int, list[tuple[int, int]]] = {}
        for edge, (first, second) in enumerate(self.bouts):
            if self.permises[edge]:
                self.autour.setdefault(first, []).append((second, edge))
                self.autour.setdefault(second, []).append((first, edge))

    def parties(self) -> list[NDArray[np.int64]]:
        """The edges of each part of the graph, those that lead out of it among them, the smallest first."""
        nodes = np.array([max(end) for end in self.bouts])
        root = {int(node): int(node) for end in self.bouts for node in end}

        def top(node: int) -> int:
            while root[node] != node:
                root[node] = root[root[node]]
                node = root[node]
            return node

        for first, second in self.bouts:
            if first >= 0 and second >= 0:
                root[top(first)] = top(second)
        of = np.array([top(int(node)) for node in nodes])
        return sorted((np.flatnonzero(of == part) for part in np.unique(of)), key=len)

    def ponts_sensibles(
        self, withheld: NDArray[np.bool_], part: NDArray[np.int64] | None = None
    ) -> list[int]:
        """The sensitive edges that are bridges of the withheld ones."""
        here = np.flatnonzero(withheld) if part is None else part[withheld[part]]
        found = (int(here[rank]) for rank in ponts([self.bouts[edge] for edge in here]))
        return sorted(edge for edge in found if self.a_proteger[edge])

    def repare(
        self,
        withheld: NDArray[np.bool_],
        costs: NDArray[np.float64],
        part: NDArray[np.int64] | None = None,
    ) -> set[int]:
        """Withhold, in place, the cheapest way round each sensitive bridge; those that have none."""
        hopeless: set[int] = set()
        while bridges := [edge for edge in self.ponts_sensibles(withheld, part) if edge not in hopeless]:
            covered: set[int] = set()
            for edge in bridges:
                way = None if edge in covered else self._chemin(edge, withheld, costs)
                if way is not None:
                    withheld[way] = True
                    covered.update(way)
                elif edge not in covered:
                    hopeless.add(edge)
        return hopeless

    def _chemin(self, edge: int, withheld: NDArray[np.bool_], costs: NDArray[np.float64]) -> list[int] | None:
        """The edges of the cheapest way from one end of an edge to the other without it (Dijkstra)."""
        start, goal = self.bouts[edge]
        reached: dict[int, tuple[int, int]] = {}
        waiting: list[tuple[float, int, int, int]] = [(0.0, start, start, -1)]
        while waiting:
            cost, here, before, by = heapq.heappop(waiting)
            if here in reached:
                continue
            reached[here] = (before, by)
            if here == goal:
                break
            for there, other in self.autour.get(here, ()):
                if there not in reached and other != edge:
                    step = 1e-6 if withheld[other] else costs[other]
                    heapq.heappush(waiting, (cost + step, there, here, other))
        if goal not in reached:
            return None
        way, here = [], goal
        while here != start:
            here, by = reached[here]
            way.append(by)
        return way

    def coupe(self, edge: int, withheld: NDArray[np.bool_]) -> list[int]:
        """The other edges that cross the cut which a bridge makes among the withheld ones."""
        side = self._cote(edge, withheld)
        crossing = {other for node in side for there, other in self.autour.get(node, ()) if there not in side}
        return sorted(crossing - {edge})

    def _cote(self, edge: int, withheld: NDArray[np.bool_]) -> set[int]:
        """The nodes that withheld edges join to one end of a bridge: the end that joins the fewest."""
        sides: list[tuple[set[int], list[int]]] = [({end}, [end]) for end in self.bouts[edge]]
        while True:
            for seen, waiting in sides:
                if not waiting:
                    return seen
                for there, other in self.autour.get(waiting.pop(), ()):
                    if withheld[other] and other != edge and there not in seen:
                        seen.add(there)
                        waiting.append(there)

    def motif(
        self,
        systeme: Systeme,
        withheld: NDArray[np.bool_],
        hopeless: Iterable[int],
        costs: NDArray[np.float64],
        bound: float,
    ) -> Motif:
        secondary = withheld & ~self.sensibles
        names = [systeme.cellules[rang].nom for rang in self.rangs]
        return Motif(
            frozenset(names[edge] for edge in np.flatnonzero(withheld)),
            float(costs[secondary].sum()),
            bound,
            frozenset(names[edge] for edge in hopeless),
        )


class _Partie:
    """One part of a graph, whose least costly protection is looked for on its own."""

    def __init__(self, graphe: _Graphe, part: NDArray[np.int64], costs: NDArray[np.float64]) -> None:
        self.graphe, self.part, self.costs = graphe, part, costs
        self.libres = part[graphe.permises[part] & ~graphe.sensibles[part]]
        self.place = {int(edge): rank for rank, edge in enumerate(self.libres)}

    def optimum(self, start: NDArray[np.bool_], end: float) -> tuple[NDArray[np.bool_], float]:
        """The least costly edges to withhold, from a pattern that protects, and the least possible cost."""
        best, least = start.copy(), 0.0
        trial = start.copy()
        trial[self.libres] = False
        master = _Maitre(self.costs[self.libres])
        while self._cout(best) > least * (1 + ECART) + PROCHE:
            rows = self._coupes(trial)
            if not rows:
                if self._cout(trial) < self._cout(best):
                    best = trial
                break
            left = end - time.monotonic()
            if left <= 0:
                break
            chosen, bound = master.resolu(rows, left)
            least = max(least, bound)
            if chosen is None:
                break
            trial = start.copy()
            trial[self.libres] = chosen
            mended = trial.copy()
            self.graphe.repare(mended, self.costs, self.part)
            if self._cout(mended) < self._cout(best):
                best = mended
        return best[self.part], min(least, self._cout(best))

    def _cout(self, withheld: NDArray[np.bool_]) -> float:
        return float(self.costs[self.libres][withheld[self.libres]].sum())

    def _coupes(self, trial: NDArray[np.bool_]) -> list[list[int]]:
        """One row for each sensitive bridge that is left, of the edges that can mend it, where some can."""
        found = (self.graphe.coupe(edge, trial) for edge in self.graphe.ponts_sensibles(trial, self.part))
        rows = ([self.place[edge] for edge in crossing if edge in self.place] for crossing in found)
        return [row for row in rows if row]


class _Maitre:
    """The integer program that gains a row for each cut: one at least of these is withheld."""

    def __init__(self, costs: NDArray[np.float64]) -> None:
        lp = highspy.HighsLp()
        size = len(costs)
        lp.num_col_, lp.num_row_ = size, 0
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = costs, np.zeros(size), np.ones(size)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * size
        self.modele = charge(lp)
        self.modele.setOptionValue("presolve", "choose")
        self.modele.setOptionValue("mip_rel_gap", ECART / 10)

    def resolu(self, rows: Sequence[Sequence[int]], limite: float) -> tuple[NDArray[np.bool_] | None, float]:
        """What is withheld once these rows are added, and the least cost; nothing when time is over."""
        for row in dict.fromkeys(map(tuple, rows)):
            columns = np.array(row, np.int32)
            self.modele.addRow(1.0, math.inf, len(columns), columns, np.ones(len(columns)))
        self.modele.setOptionValue("time_limit", self.modele.getRunTime() + max(limite, 0.1))
        self.modele.run()
        info = self.modele.getInfo()
        values = np.asarray(self.modele.getSolution().col_value)
        bound = max(0.0, float(info.mip_dual_bound))
        return (values > 0.5 if info.primal_solution_status == _REALISABLE else None), bound
