"""What else is withheld so that a reader knows no number of people within less than its threshold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial

from analysis.noyau.mesures import ENSEMBLE
from analysis.secret.intervalles import Groupes, Lecteur, Lieux, trop_etroites
from analysis.secret.release import Rule
from analysis.secret.secondaires import Liaisons
from analysis.secret.sommes import Cle, Decided, Held
from analysis.stations.forks import begun, forked

Etroites = Mapping[Cle, tuple[Cle, ...]]
"""Measures that are known within less than their threshold, with what would widen that."""


@dataclass(frozen=True)
class _Elargi:
    """A group of territories of which nothing is known within less than its threshold any more.

    ``decided`` is withheld for that, in this order; ``seen`` with it, which was looked at too. ``bare`` is
    what nothing of the group would widen.
    """

    decided: tuple[tuple[Cle, Rule], ...]
    seen: frozenset[Cle]
    bare: tuple[Cle, ...]


class Elargissement:
    """What is withheld where one of these measures is known within less than its threshold.

    ``near`` are those that may be, and are taken out of it. Several processes are at work as soon as this is
    made, from what is withheld then: what is withheld meanwhile leaves less to be known, and changes nothing.

    Groups of territories are looked at, each until none of its own measures is known so well. What nothing
    would widen in its group is looked at again among other territories, of which the numbers that it adds up
    with are not known either. A measure of all the territories together that the first group does not protect
    is looked at by every other group, of which one is enough.
    """

    def __init__(self, liaisons: Liaisons, held: Held, near: set[Cle]) -> None:
        self._liaisons = liaisons
        self._groupes = groupes = liaisons.scene.groupes
        here: dict[str, set[Cle]] = defaultdict(set)
        for cle in near:
            if cle in groupes.by_cle or cle in groupes.own:
                here[cle[1]].add(cle)
        near.clear()
        self._ensemble = here[ENSEMBLE]
        groups = [lieux for lieux in groupes.tous if not here.keys().isdisjoint(groupes.propres(lieux))]
        begins: Lieux = ()  # a group of none, for the first is made here
        self._widened = begun(forked(partial(_elargi, liaisons.apart(), dict(held), here), [begins, *groups]))

    def withhold(self, held: Held, near: set[Cle]) -> list[Cle]:
        """Withhold all that, and what nothing would widen: what was taken.

        What is left to be looked at another time enters ``near``.
        """
        groupes, widened = self._groupes, list(self._widened)
        taken = self._liaisons.withhold(held, (one for group in widened for one in group.decided))
        narrow: dict[Cle, tuple[Cle, ...]] = {}
        bare = [cle for group in widened for cle in group.bare]
        for again in forked(partial(_autour, groupes, held), bare):
            narrow |= again
        if not groupes.is_one:
            narrow |= _de_l_ensemble(groupes, held, self._ensemble)
        taken += Choix(self._liaisons, held).widen(narrow)
        looked_at = set[Cle]().union(*(group.seen for group in widened))
        near.update(cle for cle in taken if cle not in looked_at)
        near.update(cle for cle, levers in narrow.items() if levers)
        return taken


def _elargi(liaisons: Liaisons, held: Held, here: Mapping[str, Collection[Cle]], lieux: Lieux) -> _Elargi:
    """A group by itself: more is withheld for each of its measures that is known too well, until none is."""
    groupes, known = liaisons.scene.groupes, dict(held)
    own = frozenset(groupes.propres(lieux))
    choix, lecteur = Choix(liaisons.apart(), known), Lecteur(groupes, known, lieux)
    suspects = {cle for lieu in own for cle in here.get(lieu, ())}
    seen, bare = set[Cle](), list[Cle]()
    while suspects:
        narrow = lecteur.etroites(suspects)
        bare += [cle for cle, levers in narrow.items() if not levers]
        wide = {cle: levers for cle, levers in narrow.items() if levers}
        more = {cle for cle in choix.widen(wide) if cle[1] in own}
        seen |= more
        suspects = more | wide.keys()
    return _Elargi(tuple(choix.decided), frozenset(seen), tuple(bare))


def _autour(groupes: Groupes, held: Held, cle: Cle) -> Etroites:
    """A measure that nothing would widen in its group, among others."""
    return trop_etroites(groupes, held, groupes.autour(cle, held), {cle})


def _de_l_ensemble(groupes: Groupes, held: Held, suspects: Collection[Cle]) -> Etroites:
    """The measures of all the territories together that no group protects."""
    first, *others = groupes.tous
    left = found = dict(trop_etroites(groupes, held, first, suspects))
    for narrow in forked(partial(trop_etroites, groupes, held, suspects=found), others if found else ()):
        left = {cle: narrow[cle] or levers for cle, levers in left.items() if cle in narrow}
    return left


class Choix:
    """What is withheld for measures that are known too well, as they are found time after time.

    Those that the fewest others would widen come first: the next ones may have no need of one more then. Of
    what would widen one, a category comes before a total, then what was found to widen the most. One that is
    found again takes as many at once as the times it was found, for the bounds tell what may widen it, not
    what will.
    """

    def __init__(self, liaisons: Liaisons, held: Held) -> None:
        self._liaisons, self._held = liaisons, held
        self._times, self._serving = Counter[Cle](), Counter[Cle]()
        self.decided: list[tuple[Cle, Rule]] = []

    def widen(self, narrow: Etroites) -> list[Cle]:
        """Withhold more for each of these; those that nothing would widen are not told at all."""
        self._times.update(narrow.keys())
        self._serving.update(cle for levers in narrow.values() for cle in levers)
        return self._liaisons.withhold(self._held, self._more(narrow))

    def _more(self, narrow: Etroites) -> Decided:
        for cle, levers in sorted(narrow.items(), key=lambda item: (len(item[1]), item[0])):
            if not levers:
                yield self._noted(cle, "sans-protection")
            elif self._held.keys().isdisjoint(levers):
                for _ in range(self._times[cle]):
                    shown = sorted((one for one in levers if one not in self._held), key=self._order)
                    if shown:
                        yield self._noted(self._liaisons.cheapest(shown, self._held), "intervalle")

    def _order(self, cle: Cle) -> tuple[bool, bool, int, int, float, Cle]:
        scene, is_whole = self._liaisons.scene, cle[3] == ""
        serving = -self._serving[cle]
        return cle not in scene.redites, is_whole, serving, scene.ties[cle], scene.people(cle), cle

    def _noted(self, cle: Cle, rule: Rule) -> tuple[Cle, Rule]:
        self.decided.append((cle, rule))
        return cle, rule
