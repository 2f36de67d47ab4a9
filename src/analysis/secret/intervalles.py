"""Within how much a reader knows a withheld number of people, who reads all the released ones together."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, TypeVar

from analysis.noyau.mesures import ENSEMBLE, Mesure
from analysis.secret.release import Rule
from analysis.secret.reseau.bornes import Coupe, trop_connues
from analysis.secret.reseau.systeme import PROCHE, Cellule, Lien, Nom, Systeme
from analysis.secret.seuils import BASE_ARRONDI, SEUIL_EFFECTIF
from analysis.secret.sommes import (
    JAMAIS_REDITES,
    Cle,
    Effectif,
    Held,
    Loi,
    Ratio,
    Redite,
    Sum,
    is_of_people,
    is_rounded,
    nearest,
    ranks_of,
)

SUR_DES_PERSONNES: Final[frozenset[Rule]] = frozenset(
    {"seuil-effectif", "petit-cote", "groupe-entier", "difference", "edition", "sans-protection"}
)
"""The rules that withhold a number for what it says of people, whatever its size."""

COTES: Final = ("au-dessus", "en dessous", "les autres")
"""The sides of a share, its name's sixth term: those whom it counts, all of them, those whom it leaves."""

ARRONDI: Final = "arrondi"
"""The sixth term of what is told of a month."""

_A = TypeVar("_A")

TERRITOIRES: Final = 10
"""How many territories are looked at together at most."""


@dataclass(frozen=True)
class Groupe:
    """The measures of some territories and of all together, and what binds them.

    All the others are taken for known: who knows them knows more than any reader, so that what is protected
    within a group is protected.
    """

    by_cle: Mapping[Cle, Mesure]
    own: Mapping[Cle, Effectif]
    sums: Sequence[Sum]
    ratios: Sequence[Ratio]
    laws: Sequence[Loi]
    redites: Mapping[Cle, Redite]

    @cached_property
    def cles(self) -> frozenset[Cle]:
        return frozenset((*self.by_cle, *self.own))

    @cached_property
    def mois(self) -> frozenset[Cle]:
        """What is told rounded: the numbers of people and of ETP of months."""
        return frozenset(cle for cle, m in self.by_cle.items() if is_rounded(m))

    @cached_property
    def divided_by(self) -> Mapping[Cle, Cle]:
        """The people by whom each measure divides."""
        return {ratio.cle: ratio.denominateur for ratio in self.ratios} | {
            cle: one.cle for one in self.own.values() for cle in one.told_by
        }

    @cached_property
    def fixed(self) -> frozenset[Cle]:
        """What is never withheld to widen an interval: months, and the people of their last day; but what is
        told again is."""
        daily = (r.cle for r in self.ratios if r.numerateur == r.denominateur)
        return (self.mois | {self.divided_by[cle] for cle in daily}) - self.redites.keys()

    @cached_property
    def sums_of(self) -> Mapping[Cle, list[int]]:
        """The ranks of the sums of each measure."""
        return ranks_of(self.sums)


class Groupes:
    """All that is bound together by groups of :data:`TERRITOIRES` territories, by their codes."""

    def __init__(
        self,
        by_cle: Mapping[Cle, Mesure],
        own: Mapping[Cle, Effectif],
        sums: Sequence[Sum],
        ratios: Sequence[Ratio],
        laws: Sequence[Loi],
        redites: Mapping[Cle, Redite],
    ) -> None:
        self._redites = redites
        told = tuple(_with_a_total(sums, by_cle, own))
        self._measures, self._own = _by_place(by_cle), _by_place(own)
        self._ratios, self._laws = _by_place({r.cle: r for r in ratios}), defaultdict[str, list[Loi]](list)
        for law in laws:
            self._laws[law.etp[1]].append(law)
        self._within, self._across = defaultdict[str, list[Sum]](list), list[_Across]()
        self._across_of: dict[Cle, list[_Across]] = defaultdict(list)
        for addition in told:
            places = {cle[1] for cle in addition.cells}
            if len(places) == 1:
                self._within[min(places)].append(addition)
                continue
            across = _Across.of(addition)
            self._across.append(across)
            for cle in addition.parts:
                self._across_of[cle].append(across)
        lieux = sorted((self._measures.keys() | self._own.keys()) - {ENSEMBLE})
        number = math.ceil(len(lieux) / TERRITOIRES)
        cuts = [rank * len(lieux) // number for rank in range(number + 1)] if lieux else []
        self.tous = (
            tuple(self._of(lieux[a:b]) for a, b in itertools.pairwise(cuts))
            if number > 1
            else (Groupe(by_cle, own, told, ratios, laws, redites),)
        )

    def autour(self, cle: Cle, held: Held) -> Groupe:
        """The group of a measure's territory and of others that add up with it, the unknown first."""
        cells = [other for one in self._across_of[cle] for other in one.addition.parts]
        cells.sort(key=lambda other: not self._is_unknown(other, held))
        return self._of(list(dict.fromkeys((cle[1], *(other[1] for other in cells))))[:TERRITOIRES])

    def _is_unknown(self, cle: Cle, held: Held) -> bool:
        m = self._measures.get(cle[1], {}).get(cle)
        return cle in held or (m is not None and is_rounded(m))

    def _of(self, lieux: Sequence[str]) -> Groupe:
        here = (*(lieu for lieu in lieux if lieu != ENSEMBLE), ENSEMBLE)
        return Groupe(
            {cle: m for lieu in here for cle, m in self._measures.get(lieu, {}).items()},
            {cle: one for lieu in here for cle, one in self._own.get(lieu, {}).items()},
            (
                *(addition for lieu in here for addition in self._within.get(lieu, ())),
                *(part for one in self._across if (part := one.seen_from(here)).cells),
            ),
            [ratio for lieu in here for ratio in self._ratios.get(lieu, {}).values()],
            [law for lieu in here for law in self._laws.get(lieu, ())],
            self._redites,
        )


def _by_place(named: Mapping[Cle, _A]) -> Mapping[str, Mapping[Cle, _A]]:
    found: dict[str, dict[Cle, _A]] = defaultdict(dict)
    for cle, one in named.items():
        found[cle[1]][cle] = one
    return found


def _terms_by_place(cells: Iterable[Cle]) -> Mapping[str, tuple[Cle, ...]]:
    found: dict[str, list[Cle]] = defaultdict(list)
    for cle in cells:
        found[cle[1]].append(cle)
    return {lieu: tuple(here) for lieu, here in found.items()}


@dataclass(frozen=True)
class _Across:
    """A sum over several territories, its terms by territory."""

    addition: Sum
    terms: Mapping[str, tuple[Cle, ...]]
    less: Mapping[str, tuple[Cle, ...]]

    @classmethod
    def of(cls, addition: Sum) -> _Across:
        return cls(addition, _terms_by_place(addition.terms), _terms_by_place(addition.less))

    def seen_from(self, lieux: Collection[str]) -> Sum:
        """What who knows all the other territories sees of it."""
        terms, less = (
            tuple(cle for lieu in lieux for cle in by_place.get(lieu, ()))
            for by_place in (self.terms, self.less)
        )
        return replace(self.addition, terms=terms, less=less)


def _with_a_total(
    sums: Sequence[Sum], by_cle: Mapping[Cle, Mesure], own: Mapping[Cle, Effectif]
) -> Iterator[Sum]:
    """The sums but those whose total is known by another one, or by nobody: none tells it."""
    totalled = {frozenset(addition.terms) for addition in sums if addition.total is not None}
    for addition in sums:
        if addition.total is None and not addition.less and not addition.is_share:
            people = sum(own[c].people if c in own else by_cle[c].valeur or 0.0 for c in addition.terms)
            if people < SEUIL_EFFECTIF or frozenset(addition.terms) in totalled:
                continue
        yield addition


def trop_etroites(groupes: Groupes, held: Held, suspects: Collection[Cle]) -> dict[Cle, tuple[Cle, ...]]:
    """The withheld measures that are known within less than their threshold, with what would widen that.

    A number of people or of ETP under five, or withheld for what it says of people, and the sides of a share
    that count or leave one to four, must be possible over an interval of five at least. A reader knows that
    people are never fewer than zero and come whole, a month within half the base of its rounding, what the
    law ties to an ETP. Only what is among ``suspects`` is looked at, group by group; a measure of all the
    territories together, until one group protects it. What nothing would widen in its group is looked at
    again among other territories, of which the numbers that it adds up with are not known either.

    What would widen it are the released measures that weigh most in its bounds; not a month nor the people of
    its last day, which tell each other, unless they are told again as an edition told them. It is empty where
    nothing would.
    """
    found: dict[Cle, tuple[Cle, ...]] = {}
    left = set(suspects)
    for groupe in groupes.tous:
        here = left & groupe.cles
        narrow = _du_groupe(groupe, held, here) if here else {}
        for cle in here - narrow.keys():
            found.pop(cle, None)
        left -= here - narrow.keys()
        found |= {cle: levers for cle, levers in narrow.items() if levers or cle not in found}
    if len(groupes.tous) > 1:
        for cle in [cle for cle, levers in found.items() if not levers]:
            again = _du_groupe(groupes.autour(cle, held), held, {cle})
            found.pop(cle)
            found |= again
    return found


def _du_groupe(groupe: Groupe, held: Held, suspects: Collection[Cle]) -> dict[Cle, tuple[Cle, ...]]:
    """Those of one group."""
    lecteur = _Lecteur(groupe, held)
    bonds = [lien for rank in lecteur.reached(suspects) for lien in lecteur.of_sum(rank, groupe.sums[rank])]
    bonds += [lien for law in groupe.laws if law.etp in lecteur.cells for lien in lecteur.of_law(law)]
    cells = lecteur.cells
    systeme = Systeme(cells.values(), [*bonds, *lecteur.roundings])
    looked_at = [rang for nom, rang in systeme.rang.items() if _cle(nom) in suspects]
    masque = systeme.masque({nom for nom in cells if _cle(nom) in held})
    found: dict[Cle, tuple[Cle, ...]] = {}
    for coupe in trop_connues(systeme, masque, looked_at):
        levers = tuple(cle for cle in _strongest(systeme, coupe, held) if cle not in groupe.fixed)
        found.setdefault(_cle(systeme.cellules[coupe.rang].nom), levers)
    return found


def _cle(nom: Nom) -> Cle:
    """The measure that a cell is of: that of a side is its share."""
    mesure, lieu, ebe, modalite, periode, *_ = (*nom, "", "", "", "")
    return (mesure, lieu, ebe, modalite, periode)


def _strongest(systeme: Systeme, coupe: Coupe, held: Held) -> Iterator[Cle]:
    """The released measures that widen an interval most when they are withheld, zeros last."""
    levers = {
        rang: weight for rang, weight in coupe.leviers.items() if _cle(systeme.cellules[rang].nom) not in held
    }
    counted = {rang: weight for rang, weight in levers.items() if systeme.cellules[rang].valeur > 0}
    most = max((counted or levers).values(), default=0.0)
    yield from dict.fromkeys(
        _cle(systeme.cellules[rang].nom)
        for rang, weight in (counted or levers).items()
        if weight >= most - PROCHE
    )


class _Lecteur:
    """What a reader of the released measures does not know, cell by cell as bonds name them."""

    def __init__(self, groupe: Groupe, held: Held) -> None:
        self.groupe, self.by_cle, self.own, self.held = groupe, groupe.by_cle, groupe.own, held
        self.divided_by = groupe.divided_by
        self.dividing: dict[Cle, list[Cle]] = defaultdict(list)
        for cle, base in self.divided_by.items():
            if cle in held:
                self.dividing[base].append(cle)
        self.cells: dict[Nom, Cellule] = {}
        self.roundings: list[Lien] = []

    def _is_unknown(self, cle: Cle) -> bool:
        return cle in self.held or cle in self.groupe.mois

    def reached(self, suspects: Collection[Cle]) -> list[int]:
        """The sums that these measures are in, those that share an unknown with one of them, and so on."""
        seen, taken, waiting = set[Cle](), set[int](), list(suspects)
        while waiting:
            cle = waiting.pop()
            if cle in seen:
                continue
            seen.add(cle)
            base = self.divided_by.get(cle)
            waiting.extend([base] if base is not None and base in self.held else [])
            waiting.extend(self.dividing.get(cle, ()))
            for rank in self.groupe.sums_of.get(cle, ()) if self._is_unknown(cle) else ():
                if rank not in taken:
                    taken.add(rank)
                    waiting.extend(filter(self._is_unknown, self.groupe.sums[rank].cells))
        return sorted(taken)

    def of_sum(self, rank: int, addition: Sum) -> Iterator[Lien]:
        """What a sum tells, where it holds something that a reader does not know."""
        if not any(map(self._is_unknown, addition.cells)):
            return
        if addition.is_share:
            yield from self._of_shares(addition)
        elif all(map(self._counts, addition.parts)):
            yield self._of_counts(rank, addition)

    def of_law(self, law: Loi) -> Iterator[Lien]:
        """What the law tells of withheld ETP by what it ties to them."""
        if law.etp in self.held and self._counts(law.etp) and not all(p in self.held for p in law.petits):
            etp = self._people(law.etp)
            valeur = self.cells[etp].valeur
            yield Lien(((etp, 1.0),), max(valeur - law.bas, 0.0), max(law.haut - valeur, 0.0))

    def _is_seen_within_its_rounding(self, addition: Sum) -> bool:
        """Whether a reader of an inclusion cannot see that it leaves nobody: its whole is told rounded."""
        total = self.by_cle.get(addition.total) if addition.total is not None else None
        return addition.is_open and total is not None and is_rounded(total)

    def _value(self, cle: Cle) -> float:
        return float(self.own[cle].people if cle in self.own else self.by_cle[cle].valeur or 0.0)

    def _counts(self, cle: Cle) -> bool:
        return cle in self.own or is_of_people(self.by_cle[cle])

    def _of_counts(self, rank: int, addition: Sum) -> Lien:
        terms = [(self._people(cle), 1.0) for cle in addition.terms]
        terms += [(self._people(cle), -1.0) for cle in addition.less]
        whole = all(self.cells[nom].entiere for nom, _ in terms)
        if addition.side and addition.total is not None:
            total = (*addition.total, addition.side)
            value = sum(sign * self.cells[nom].valeur for nom, sign in terms)
            self._add(Cellule(total, value, entiere=whole and _is_whole(value)))
            terms.append((total, -1.0))
        elif addition.total is not None:
            terms.append((self._people(addition.total), -1.0))
        if addition.reste or self._is_seen_within_its_rounding(addition):
            rest = ("reste", str(rank))
            is_whole = whole and _is_whole(addition.reste)
            self._add(Cellule(rest, addition.reste, entiere=is_whole, publiable=False))
            terms.append((rest, 1.0))
        return Lien(tuple(terms))

    def _of_shares(self, addition: Sum) -> Iterator[Lien]:
        """The two sides of shares of people add up each on its own."""
        terms = [(self.by_cle[cle], 1.0) for cle in addition.terms]
        if addition.total is not None:
            terms.append((self.by_cle[addition.total], -1.0))
        sides = [(self._sides(m), sign) for m, sign in terms if m.denominateur is not None]
        for m, _ in terms:
            yield from self._others(m)
        for side in (0, 1):
            yield Lien(tuple((both[side], sign) for both, sign in sides))

    def _people(self, cle: Cle) -> Nom:
        """The cell of a number of people; a month is what is told of it, within its rounding.

        What is told of ETP is whole too, but within so wide a rounding it may be any number without them.
        """
        if cle not in self.cells:
            measure = self.by_cle.get(cle)
            valeur = self._value(cle)
            whole = (measure is None or measure.forme == "compte") and _is_whole(valeur)
            is_month = measure is not None and is_rounded(measure)
            again = self._again(cle)
            low, high = (again.bas, again.haut) if again else (0.0, math.inf)
            asked = self._asked(cle, valeur)
            self._add(Cellule(cle, valeur, low, high, asked, entiere=whole, publiable=not is_month))
            if is_month and not again:
                told, off = (*cle, ARRONDI), (*cle, "écart")
                half = BASE_ARRONDI / 2
                self._add(Cellule(told, nearest(valeur), entiere=whole))
                apart = valeur - nearest(valeur)
                self._add(Cellule(off, apart, bas=-half, haut=half, entiere=whole, publiable=False))
                self.roundings.append(Lien(((cle, 1.0), (told, -1.0), (off, -1.0))))
        return cle

    def _again(self, cle: Cle) -> Redite | None:
        """What is told of a measure as an edition told it, were it withheld; of a month, if it is."""
        redite, rule = self.groupe.redites.get(cle), self.held.get(cle)
        is_told = rule not in JAMAIS_REDITES and (rule is not None or cle not in self.groupe.mois)
        return redite if is_told else None

    def _sides(self, m: Mesure) -> tuple[Nom, Nom]:
        """The cells of both sides of a share: its denominator is a count where it is one."""
        counts_people = m.forme == "part"
        above, below = (m.numerateur or 0.0), (m.denominateur or 0.0)
        top = (*m.cle, COTES[0])
        self._add(
            Cellule(
                top,
                above,
                bas=0.0 if above >= 0 else -float("inf"),
                exigence=self._asked(m.cle, above) if counts_people else 0.0,
                entiere=counts_people and _is_whole(above),
            )
        )
        base = self.divided_by.get(m.cle)
        if base is not None and (base in self.own or base in self.by_cle) and self._counts(base):
            return top, self._people(base)
        bottom = (*m.cle, COTES[1])
        is_people = m.forme != "part_estimee"
        self._add(
            Cellule(
                bottom,
                below,
                exigence=self._asked(m.cle, below) if is_people else 0.0,
                entiere=is_people and _is_whole(below),
            )
        )
        return top, bottom

    def _others(self, m: Mesure) -> Iterator[Lien]:
        """Those whom a share counts are among all of them; who is left may be too few too."""
        if m.forme in ("part", "part_estimee") and m.denominateur is not None:
            top, bottom = self._sides(m)
            left = (*m.cle, COTES[2])
            others = self.cells[bottom].valeur - self.cells[top].valeur
            if others >= -PROCHE and left not in self.cells:
                asked = self._asked(m.cle, others) if m.forme == "part" else 0.0
                self._add(
                    Cellule(
                        left,
                        max(others, 0.0),
                        exigence=asked,
                        entiere=m.forme == "part" and _is_whole(others),
                    )
                )
                yield Lien(((bottom, 1.0), (top, -1.0), (left, -1.0)))

    def _asked(self, cle: Cle, people: float) -> float:
        """How wide the interval around a withheld number of people must be."""
        rule = self.held.get(cle)
        if rule is None or people <= 0:
            return 0.0
        is_count = cle in self.own or is_of_people(self.by_cle[cle])
        is_sensitive = people < SEUIL_EFFECTIF or (is_count and rule in SUR_DES_PERSONNES)
        if is_count and (again := self._again(cle)):
            is_sensitive = again.a_bouge
        return float(SEUIL_EFFECTIF) if is_sensitive else 0.0

    def _add(self, cell: Cellule) -> None:
        self.cells.setdefault(cell.nom, cell)


def _is_whole(valeur: float) -> bool:
    return abs(valeur - round(valeur)) <= PROCHE
