"""Within how much a reader knows a withheld number of people, who reads all the released ones together."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

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
)

SUR_DES_PERSONNES: Final[frozenset[Rule]] = frozenset(
    {"seuil-effectif", "petit-cote", "groupe-entier", "difference", "edition", "sans-protection"}
)
"""The rules that withhold a number for what it says of people, whatever its size."""

COTES: Final = ("au-dessus", "en dessous", "les autres")
"""The sides of a share, its name's sixth term: those whom it counts, all of them, those whom it leaves."""

ARRONDI: Final = "arrondi"
"""The sixth term of what is told of a month."""

TERRITOIRES: Final = 10
"""How many territories are looked at together at most."""

Lieux = tuple[str, ...]
"""The territories that are looked at together, and after them what is of all of them."""


class Groupes:
    """All that binds measures, looked at by groups of :data:`TERRITOIRES` territories: ``tous``.

    Within a group, the measures of the other territories are taken for known: who knows them knows more than
    any reader, so that what is protected within a group is protected. ``sums_of`` are the ranks of the sums
    of each measure, ``across`` those
    of the sums over several territories.
    """

    def __init__(
        self,
        by_cle: Mapping[Cle, Mesure],
        own: Mapping[Cle, Effectif],
        sums: Sequence[Sum],
        sums_of: Mapping[Cle, Sequence[int]],
        told: Collection[int],
        across: Collection[int],
        ratios: Sequence[Ratio],
        laws: Sequence[Loi],
        redites: Mapping[Cle, Redite],
    ) -> None:
        self.by_cle, self.own, self.sums, self.redites = by_cle, own, sums, redites
        self.across = across
        self.mois = frozenset(cle for cle, m in by_cle.items() if is_rounded(m))
        self.divided_by = {ratio.cle: ratio.denominateur for ratio in ratios} | {
            cle: one.cle for one in own.values() for cle in one.told_by
        }
        daily = (ratio.cle for ratio in ratios if ratio.numerateur == ratio.denominateur)
        self.fixed = (self.mois | {self.divided_by[cle] for cle in daily}) - redites.keys()
        self.dividing: dict[Cle, list[Cle]] = defaultdict(list)
        for cle, base in self.divided_by.items():
            self.dividing[base].append(cle)
        self._sums_of, self._told = sums_of, told
        self._counted: dict[int, bool] = {}
        lieux = sorted({cle[1] for cles in (by_cle, own) for cle in cles} - {ENSEMBLE})
        number = max(1, math.ceil(len(lieux) / TERRITOIRES))
        cuts = [rank * len(lieux) // number for rank in range(number + 1)]
        self.tous: Sequence[Lieux] = [(*lieux[a:b], ENSEMBLE) for a, b in itertools.pairwise(cuts)]
        self.is_one = number == 1
        self._laws: dict[str, list[Loi]] = defaultdict(list)
        for law in laws:
            self._laws[ENSEMBLE if self.is_one else law.etp[1]].append(law)

    def propres(self, lieux: Lieux) -> Lieux:
        """Those of a group of which it says all: what is of all together is of every group."""
        return lieux if self.is_one else tuple(lieu for lieu in lieux if lieu != ENSEMBLE)

    def autour(self, cle: Cle, held: Held) -> Lieux:
        """The group of a measure's territory and of others that add up with it, the unknown first."""
        sums = [self.sums[rank] for rank in self.sums_of(cle) if rank in self.across]
        cells = [other for addition in sums if cle in addition.parts for other in addition.parts]
        cells.sort(key=lambda other: not (other in held or other in self.mois))
        lieux = list(dict.fromkeys((cle[1], *(other[1] for other in cells))))[:TERRITOIRES]
        return (*(lieu for lieu in lieux if lieu != ENSEMBLE), ENSEMBLE)

    def sums_of(self, cle: Cle) -> list[int]:
        """The ranks of the sums of a measure, those that tell nothing left out."""
        return [rank for rank in self._sums_of.get(cle, ()) if rank in self._told]

    def counts(self, cle: Cle) -> bool:
        """Whether a measure is a number of people or of ETP."""
        return cle in self.own or is_of_people(self.by_cle[cle])

    def is_of_counts(self, rank: int) -> bool:
        """Whether all that a sum adds up is."""
        found = self._counted.get(rank)
        if found is None:
            found = self._counted[rank] = all(map(self.counts, self.sums[rank].parts))
        return found

    def laws_of(self, lieux: Iterable[str]) -> Iterator[Loi]:
        """What the law ties to the ETP of these territories."""
        return itertools.chain.from_iterable(self._laws.get(lieu, ()) for lieu in lieux)


def trop_etroites(
    groupes: Groupes, held: Held, lieux: Lieux, suspects: Collection[Cle]
) -> dict[Cle, tuple[Cle, ...]]:
    """The withheld measures that are known within less than their threshold, with what would widen that.

    A number of people or of ETP under five, or withheld for what it says of people, and the sides of a share
    that count or leave one to four, must be possible over an interval of five at least. A reader knows that
    people are never fewer than zero and come whole, a month within half the base of its rounding, what the
    law ties to an ETP, and all that is of other territories than ``lieux``. Only what is among ``suspects``
    is looked at.

    What would widen it are the released measures that weigh most in its bounds; not a month nor the people of
    its last day, which tell each other, unless they are told again as an edition told them. It is empty where
    nothing would.
    """
    return Lecteur(groupes, held, lieux).etroites(suspects)


def _lieu(cle: Cle) -> str:
    return cle[1]


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


@dataclass(frozen=True)
class _Lue:
    """What a reader of some territories reads in a sum: its measures there, their cells, their bonds."""

    cles: tuple[Cle, ...]
    noms: tuple[Nom, ...]
    liens: tuple[Lien, ...]


class Lecteur:
    """What a reader of some territories does not know, cell by cell as bonds name them.

    It may be asked again as more is withheld: a sum is read once, unless what is told again as an edition
    told it is not any more.
    """

    def __init__(self, groupes: Groupes, held: Held, lieux: Lieux) -> None:
        self.groupes, self.by_cle, self.own, self.held = groupes, groupes.by_cle, groupes.own, held
        self.divided_by = groupes.divided_by
        self.place = {lieu: rank for rank, lieu in enumerate(lieux)}
        self._read_nothing()

    def _read_nothing(self) -> None:
        self._lues: dict[int, _Lue] = {}
        self._cells: dict[Nom, Cellule] = {}
        self._cles: dict[Nom, Cle] = {}
        self._months: dict[Nom, Lien] = {}
        self._others: dict[Cle, Lien] = {}
        self._told_again: dict[Cle, Redite | None] = {}

    def etroites(self, suspects: Collection[Cle]) -> dict[Cle, tuple[Cle, ...]]:
        """Those of these withheld measures that are known too well, as :func:`trop_etroites` tells them."""
        if not suspects:
            return {}
        if any(self._again(cle) != told for cle, told in self._told_again.items()):
            self._read_nothing()
        systeme = self._systeme(self._reached(suspects))
        cles = [self._cles[nom] for nom in systeme.rang]
        masque = np.fromiter((cle in self.held for cle in cles), bool, len(cles)) | ~systeme.publiables
        looked_at = [
            rang
            for rang in np.flatnonzero(systeme.exigences).tolist()
            if cles[rang] in suspects and self._is_sensitive(cles[rang], systeme.cellules[rang].valeur)
        ]
        found: dict[Cle, tuple[Cle, ...]] = {}
        for coupe in trop_connues(systeme, masque, looked_at):
            strongest = _strongest(systeme, coupe, self.held)
            found.setdefault(
                cles[coupe.rang], tuple(cle for cle in strongest if cle not in self.groupes.fixed)
            )
        return found

    def _systeme(self, lues: Collection[_Lue]) -> Systeme:
        """What is read in these sums, and what the law and the rounding of months tell of their cells."""
        noms = dict.fromkeys(itertools.chain.from_iterable(lue.noms for lue in lues))
        bonds = {id(lien): lien for lue in lues for lien in lue.liens}
        told = (law for law in self.groupes.laws_of(self.place) if law.etp in noms)
        laws = [lien for law in told for lien in self.of_law(law)]
        months = [self._months[nom] for nom in noms if nom in self._months]
        return Systeme((self._cells[nom] for nom in noms), [*bonds.values(), *laws, *months])

    def _is_unknown(self, cle: Cle) -> bool:
        return cle in self.held or cle in self.groupes.mois

    def _reached(self, suspects: Collection[Cle]) -> list[_Lue]:
        """The sums that these measures are in, those that share an unknown with one of them, and so on."""
        seen, taken, waiting = set[Cle](), set[int](), list(suspects)
        while waiting:
            cle = waiting.pop()
            if cle in seen:
                continue
            seen.add(cle)
            base = self.divided_by.get(cle)
            waiting.extend([base] if base is not None and base in self.held else [])
            waiting.extend(other for other in self.groupes.dividing.get(cle, ()) if other in self.held)
            for rank in self.groupes.sums_of(cle) if self._is_unknown(cle) else ():
                if rank not in taken:
                    taken.add(rank)
                    waiting.extend(
                        other
                        for other in self._read(rank).cles
                        if other not in seen and self._is_unknown(other)
                    )
        return [self._lues[rank] for rank in sorted(taken, key=self._order)]

    def _order(self, rank: int) -> tuple[int, int]:
        """Sums of one territory before those of the next, those of several last."""
        if self.groupes.is_one:
            return 0, rank
        return len(self.place) if rank in self.groupes.across else self.place[
            self._lues[rank].cles[0][1]
        ], rank

    def _read(self, rank: int) -> _Lue:
        """What a sum tells of its terms, read once."""
        lue = self._lues.get(rank)
        if lue is None:
            addition = self._seen(rank)
            noms, liens = self._told(rank, addition)
            lue = self._lues[rank] = _Lue(addition.cells, tuple(noms), tuple(liens))
        return lue

    def _seen(self, rank: int) -> Sum:
        """What who knows all the other territories sees of a sum."""
        addition = self.groupes.sums[rank]
        if self.groupes.is_one or rank not in self.groupes.across:
            return addition
        return replace(addition, terms=self._here(addition.terms), less=self._here(addition.less))

    def _here(self, cells: Sequence[Cle]) -> tuple[Cle, ...]:
        """Those of these territories, in their order, of cells in that of the names of their territories."""
        lieux = self.place.keys() - {ENSEMBLE}
        begin = bisect_left(cells, min(lieux, default=""), key=_lieu)
        end = bisect_right(cells, max(lieux, default=""), key=_lieu)
        here = (cle for cle in cells[begin:end] if cle[1] in lieux)
        return tuple(sorted(here, key=lambda cle: self.place[cle[1]]))

    def _told(self, rank: int, addition: Sum) -> tuple[Sequence[Nom], Sequence[Lien]]:
        """The cells of a sum and the bonds that it is; none where it is of no number of people."""
        if addition.is_share:
            return self._of_shares(addition)
        return self._of_counts(rank, addition) if self.groupes.is_of_counts(rank) else ((), ())

    def of_law(self, law: Loi) -> Iterator[Lien]:
        """What the law tells of withheld ETP by what it ties to them."""
        if (
            law.etp in self.held
            and self.groupes.counts(law.etp)
            and not all(p in self.held for p in law.petits)
        ):
            valeur = self._cells[law.etp].valeur
            yield Lien(((law.etp, 1.0),), max(valeur - law.bas, 0.0), max(law.haut - valeur, 0.0))

    def _is_seen_within_its_rounding(self, addition: Sum) -> bool:
        """Whether a reader of an inclusion cannot see that it leaves nobody: its whole is told rounded."""
        total = self.by_cle.get(addition.total) if addition.total is not None else None
        return addition.is_open and total is not None and is_rounded(total)

    def _value(self, cle: Cle) -> float:
        return float(self.own[cle].people if cle in self.own else self.by_cle[cle].valeur or 0.0)

    def _of_counts(self, rank: int, addition: Sum) -> tuple[Sequence[Nom], Sequence[Lien]]:
        noms = [
            nom
            for cle in (addition.parts if addition.side else addition.cells)
            for nom in self._with_its_rounding(self._people(cle))
        ]
        terms: list[tuple[Nom, float]] = [(cle, 1.0) for cle in addition.terms]
        terms += [(cle, -1.0) for cle in addition.less]
        whole = all(self._cells[nom].entiere for nom, _ in terms)
        if addition.side and addition.total is not None:
            total = (*addition.total, addition.side)
            value = sum(sign * self._cells[nom].valeur for nom, sign in terms)
            noms.append(self._add(Cellule(total, value, entiere=whole and _is_whole(value))))
            terms.append((total, -1.0))
        elif addition.total is not None:
            terms.append((addition.total, -1.0))
        if addition.reste or self._is_seen_within_its_rounding(addition):
            rest = ("reste", str(rank))
            is_whole = whole and _is_whole(addition.reste)
            noms.append(self._add(Cellule(rest, addition.reste, entiere=is_whole, publiable=False)))
            terms.append((rest, 1.0))
        return noms, [Lien(tuple(terms))]

    def _of_shares(self, addition: Sum) -> tuple[Sequence[Nom], Sequence[Lien]]:
        """The two sides of shares of people add up each on its own."""
        terms = [(self.by_cle[cle], 1.0) for cle in addition.terms]
        if addition.total is not None:
            terms.append((self.by_cle[addition.total], -1.0))
        sides = [(self._sides(m), sign) for m, sign in terms if m.denominateur is not None]
        others = [lien for m, _ in terms for lien in self._left_of(m)]
        noms = [one for both, _ in sides for nom in both for one in self._with_its_rounding(nom)]
        noms += [lien.termes[-1][0] for lien in others]
        return noms, [*others, *(Lien(tuple((both[side], sign) for both, sign in sides)) for side in (0, 1))]

    def _people(self, cle: Cle) -> Nom:
        """The cell of a number of people; a month is what is told of it, within its rounding.

        What is told of ETP is whole too, but within so wide a rounding it may be any number without them.
        """
        if cle not in self._cells:
            measure = self.by_cle.get(cle)
            valeur = self._value(cle)
            whole = (measure is None or measure.forme == "compte") and _is_whole(valeur)
            is_month = measure is not None and is_rounded(measure)
            again = self._again(cle)
            if cle in self.groupes.redites:
                self._told_again[cle] = again
            low, high = (again.bas, again.haut) if again else (0.0, math.inf)
            asked = _asked(valeur)
            self._add(Cellule(cle, valeur, low, high, asked, entiere=whole, publiable=not is_month))
            if is_month and not again:
                half = BASE_ARRONDI / 2
                told = self._add(Cellule((*cle, ARRONDI), nearest(valeur), entiere=whole))
                apart = valeur - nearest(valeur)
                off = Cellule((*cle, "écart"), apart, bas=-half, haut=half, entiere=whole, publiable=False)
                self._months[cle] = Lien(((cle, 1.0), (told, -1.0), (self._add(off), -1.0)))
        return cle

    def _with_its_rounding(self, nom: Nom) -> Iterator[Nom]:
        """A cell, then those by which it is told within its rounding, if it is a month."""
        lien = self._months.get(nom)
        yield from (one for one, _ in lien.termes) if lien else (nom,)

    def _again(self, cle: Cle) -> Redite | None:
        """What is told of a measure as an edition told it, were it withheld; of a month, if it is."""
        redite, rule = self.groupes.redites.get(cle), self.held.get(cle)
        is_told = rule not in JAMAIS_REDITES and (rule is not None or cle not in self.groupes.mois)
        return redite if is_told else None

    def _sides(self, m: Mesure) -> tuple[Nom, Nom]:
        """The cells of both sides of a share: its denominator is a count where it is one."""
        counts_people = m.forme == "part"
        above, below = (m.numerateur or 0.0), (m.denominateur or 0.0)
        bas = 0.0 if above >= 0 else -math.inf
        asked = _asked(above) if counts_people else 0.0
        whole = counts_people and _is_whole(above)
        top = self._add(Cellule((*m.cle, COTES[0]), above, bas, exigence=asked, entiere=whole))
        base = self.divided_by.get(m.cle)
        if base is not None and (base in self.own or base in self.by_cle) and self.groupes.counts(base):
            return top, self._people(base)
        is_people = m.forme != "part_estimee"
        asked = _asked(below) if is_people else 0.0
        whole = is_people and _is_whole(below)
        return top, self._add(Cellule((*m.cle, COTES[1]), below, exigence=asked, entiere=whole))

    def _left_of(self, m: Mesure) -> Iterator[Lien]:
        """Those whom a share counts are among all of them; who is left may be too few too."""
        if m.cle not in self._others and m.forme in ("part", "part_estimee") and m.denominateur is not None:
            top, bottom = self._sides(m)
            others = self._cells[bottom].valeur - self._cells[top].valeur
            if others < -PROCHE:
                return
            is_exact = m.forme == "part"
            left = self._add(
                Cellule(
                    (*m.cle, COTES[2]),
                    max(others, 0.0),
                    exigence=_asked(others) if is_exact else 0.0,
                    entiere=is_exact and _is_whole(others),
                )
            )
            self._others[m.cle] = Lien(((bottom, 1.0), (top, -1.0), (left, -1.0)))
        if m.cle in self._others:
            yield self._others[m.cle]

    def _is_sensitive(self, cle: Cle, people: float) -> bool:
        """Whether a withheld number of people must be possible over an interval."""
        is_count = self.groupes.counts(cle)
        if is_count and (again := self._again(cle)):
            return again.a_bouge
        return people < SEUIL_EFFECTIF or (is_count and self.held[cle] in SUR_DES_PERSONNES)

    def _add(self, cell: Cellule) -> Nom:
        self._cells.setdefault(cell.nom, cell)
        self._cles.setdefault(cell.nom, _cle(cell.nom))
        return cell.nom


def _asked(people: float) -> float:
    """How wide the interval around a number of people must be, where it may not be known."""
    return float(SEUIL_EFFECTIF) if people > 0 else 0.0


def _is_whole(valeur: float) -> bool:
    return abs(valeur - round(valeur)) <= PROCHE
