"""Categories are decided before cells are withheld: united, rounded or left, by what each way loses."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, KeysView, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property, partial
from itertools import repeat
from typing import Final

from analysis.noyau.declared.regroupements import Niveau, Reunion
from analysis.noyau.mesures import ENSEMBLE, TOUT, Definition, Definitions, Mesure, scale
from analysis.noyau.periods import fin
from analysis.secret.seuils import BASE_ARRONDI, SEUIL_EFFECTIF
from analysis.secret.sommes import FLUX, Cle, Ratio, Sum, grouped
from analysis.stations.forks import forked

UNIES: Final = frozenset({"compte", "part"})
"""The forms whose categories may be united: a count adds up, a share adds up by its two sides."""


@dataclass(frozen=True)
class Forme:
    """How the categories of measures are told: at which level of their unions, rounded or exact."""

    niveau: int = 0
    est_arrondie: bool = False


Row = tuple[str, date]
"""An EBE and the end of a period: the row of a breakdown at a territory."""

Moment = tuple[str, str, str, date]
"""A measure, a territory, an EBE and the end of a period, whose categories are told alike."""


@dataclass(frozen=True)
class Reunies:
    """The measures of united categories, by the categories of which each is made, and what is told rounded.

    ``parts`` gives the cells of each; those of ``tues`` are told by their union alone.
    """

    mesures: tuple[Mesure, ...] = ()
    parts: Mapping[Cle, tuple[Cle, ...]] = field(default_factory=dict)
    arrondies: frozenset[Cle] = frozenset()

    @cached_property
    def union_of(self) -> Mapping[Cle, Cle]:
        """The union that tells each category which is not told by itself."""
        return {cle: one for one, cells in self.parts.items() for cle in cells}

    @property
    def tues(self) -> KeysView[Cle]:
        """The categories that are not told by themselves."""
        return self.union_of.keys()

    @classmethod
    def ensemble(cls, some: Collection[Reunies]) -> Reunies:
        """These, which have no measure in common, as one."""
        return cls(
            tuple(m for one in some for m in one.mesures),
            {cle: cells for one in some for cle, cells in one.parts.items()},
            frozenset().union(*(one.arrondies for one in some)),
        )


Essai = Callable[[Sequence[Mesure]], Callable[[Reunies], Collection[Cle]]]
"""The gate as ways are tried: some measures, then how they are united, then the cells that it withholds."""

PAR_ESSAI: Final = 5
"""How many territories go through the gate at once when a way is tried: one by one, they take longer."""


def choisir(mesures: Iterable[Mesure], definitions: Definitions, essayer: Essai) -> dict[Moment, Forme]:
    """How the categories of each measure are told at each territory and date (:func:`par_lieu`)."""
    return reunies(par_lieu(mesures, definitions, essayer))


def reunies(choices: Iterable[Mapping[Moment, Forme]]) -> dict[Moment, Forme]:
    """The choices of all the territories."""
    return {moment: forme for one in choices for moment, forme in one.items()}


def par_lieu(
    mesures: Iterable[Mesure], definitions: Definitions, essayer: Essai
) -> Iterator[dict[Moment, Forme]]:
    """How the categories of each measure are told at each date, a few territories at a time: the way that
    loses least. The first ones are chosen for here, the next ones by several processes.

    Measures that are bound together (the people of an age, those of them who answered) are told alike. Each
    way goes through the same rules, on these measures and their totals at that territory; what it loses is
    counted by :func:`pertes`. Of two that lose the same, the one that unites less, then the exact one. All
    the territories together keep their categories. A row that is not named keeps its own.

    Territories that go through the gate at once are chosen for as if each were alone: only measures of all of
    them together, or accounts of EBE, would bind one to another, and none is among these.
    """
    at: dict[str, dict[str, list[Mesure]]] = defaultdict(dict)
    for m in mesures:
        at[m.lieu].setdefault(m.mesure, []).append(m)
    together = [(names, sorted(_around(names, definitions))) for names in ensembles(definitions)]
    lieux = sorted(at.keys() - {ENSEMBLE})
    some = [lieux[first : first + PAR_ESSAI] for first in range(0, len(lieux), PAR_ESSAI)]
    return forked(partial(_aux_lieux, at, together, definitions, essayer), some)


def _aux_lieux(
    at: Mapping[str, Mapping[str, Sequence[Mesure]]],
    together: Iterable[tuple[Sequence[str], Sequence[str]]],
    definitions: Definitions,
    essayer: Essai,
    lieux: Sequence[str],
) -> dict[Moment, Forme]:
    """What is chosen at some territories, tried at once: none has a part in what is chosen at another."""
    found: dict[Moment, Forme] = {}
    for names, around in together:
        here = [_Lieu(_named(names, at[lieu]), _named(around, at[lieu])) for lieu in lieux]
        essai = cache(lambda *some: essayer([m for one in some for m in one.mesures]))
        for way in _ways(definitions.of(names[0])):
            _try(way, here, definitions, essai)
        for lieu, one in zip(lieux, here, strict=True):
            found |= {
                (name, lieu, *row): way for row, way in one.best.items() if way != Forme() for name in names
            }
    return found


def _named(names: Iterable[str], mesures: Mapping[str, Sequence[Mesure]]) -> list[Mesure]:
    return [m for name in names for m in mesures.get(name, ())]


def formes_dites(cles: Iterable[Cle], definitions: Definitions) -> dict[Moment, Forme]:
    """How the rows of these measures were told: at the level of the unions that are among them."""
    rows: dict[Moment, set[str]] = defaultdict(set)
    for name, lieu, ebe, modalite, periode in cles:
        if name in definitions.by_name and definitions.of(name).regroupements and lieu != ENSEMBLE:
            rows[(name, lieu, ebe, fin(periode))].add(modalite)
    found: dict[Moment, Forme] = {}
    for moment, codes in rows.items():
        definition = definitions.of(moment[0])
        unions = codes & definition.reunions.keys()
        levels = enumerate(definition.regroupements, start=1)
        told = [rank for rank, level in levels if unions and _is_level(level, unions, codes)]
        found[moment] = Forme(told[0] if told else 0)
    return found


def _is_level(level: Niveau, unions: Collection[str], codes: Collection[str]) -> bool:
    """Whether a row that tells these unions is at that level: none of its other categories would be united.

    A union of which the row has no category (a question that was not asked) is none of it.
    """
    others = [union for union in level if union.code not in unions]
    is_told_apart = any(code in codes for union in others for code in union.modalites)
    return not is_told_apart and set(unions) <= {union.code for union in level}


def _try(
    way: Forme,
    lieux: Iterable[_Lieu],
    definitions: Definitions,
    essai: Callable[..., Callable[[Reunies], Collection[Cle]]],
) -> None:
    """Try a way at all the territories where it may lose less than those that were tried there."""
    tried = {lieu: united for lieu in lieux if (united := lieu.told(way, definitions))}
    held = essai(*tried)(Reunies.ensemble(tried.values())) if tried else ()
    for lieu, united in tried.items():
        lieu.learn(way, united, held)


class _Lieu:
    """Some measures of one territory while ways to tell them are tried: row by row, the one that loses least.

    Rounding is of all the rows of the territory, and is one where it leaves nothing to withhold: beside a
    withheld number, or an exact one, it hides nothing.
    """

    def __init__(self, own: Sequence[Mesure], around: Sequence[Mesure]) -> None:
        self.mesures = (*own, *around)
        self.best: dict[Row, Forme] = {}
        self._own, self._rows, self._counts = own, _rows(own), _counts(own)
        self._every = [*self._counts, *_counts(around)]
        self._least: dict[Row, float] = {}

    def told(self, way: Forme, definitions: Definitions) -> Reunies | None:
        """The measures as that way tells them, None where it is not to be tried: it loses as much before any
        rule, or rounds what may not be rounded."""
        if way.est_arrondie and not all(map(_may_be_rounded, self._own)):
            return None
        united = _united(self._rows, repeat(way), definitions)
        return united if self._better(way, _lost(self._counts, united, ())) else None

    def learn(self, way: Forme, united: Reunies, held: Collection[Cle]) -> None:
        """What is lost that way, when the gate withholds these."""
        if united.arrondies.isdisjoint(held):
            lost = _lost(self._every, united, held)
            for row in self._better(way, lost):
                self.best[row], self._least[row] = way, lost[row]

    def _better(self, way: Forme, lost: Mapping[Row, float]) -> Sequence[Row]:
        """The rows that lose less that way than those that were tried: all or none where it rounds."""
        if way.est_arrondie:
            is_better = math.fsum(lost.values()) < math.fsum(self._least.values())
            return tuple(self._least) if is_better else ()
        return [row for row, _ in self._counts if lost[row] < self._least.get(row, math.inf)]


def _may_be_rounded(m: Mesure) -> bool:
    """Whether it is a count, and not of too few people, which the first rule withholds."""
    return m.forme == "compte" and not 0 < (m.valeur or 0) < SEUIL_EFFECTIF


def _row(m: Mesure) -> Row:
    return m.ebe, fin(m.periode)


def _moment(m: Mesure) -> Moment:
    return (m.mesure, m.lieu, *_row(m))


def _ways(told: Definition) -> Iterator[Forme]:
    """Each level of the unions, exact; then the categories rounded.

    Beside what a union withholds, a rounded number hides nothing.
    """
    yield from map(Forme, range(len(told.regroupements) + 1))
    yield Forme(est_arrondie=True)


def ensembles(definitions: Definitions) -> Iterator[tuple[str, ...]]:
    """The measures whose categories are told alike: parts or sides of one another, or parts of one whole."""
    united = [d for d in definitions.by_name.values() if d.regroupements and d.forme in UNIES and _adds_up(d)]
    heads: dict[str, str] = {d.mesure: d.mesure for d in united}

    whole: dict[tuple[str, tuple[Niveau, ...]], str] = {}
    for d in united:
        alike = {d.numerateur, d.denominateur, d.partie_de} & heads.keys()
        if d.partie_de not in ("", TOUT):
            alike.add(whole.setdefault((d.partie_de, d.regroupements), d.mesure))
        for other in alike:
            heads[_head(d.mesure, heads)] = _head(other, heads)
    groups: dict[str, list[str]] = defaultdict(list)
    for name in heads:
        groups[_head(name, heads)].append(name)
    for names in groups.values():
        yield tuple(names)


def _head(name: str, heads: Mapping[str, str]) -> str:
    """The measure at the end of a chain of those that stand for one another."""
    return name if heads[name] == name else _head(heads[name], heads)


def _adds_up(definition: Definition) -> bool:
    """Whether a measure is a count, or a share of which both sides are counts by the same categories."""
    return definition.forme == "compte" or bool(definition.numerateur and definition.denominateur)


def _around(names: Collection[str], definitions: Definitions) -> set[str]:
    """The measures that these are parts of, add up to, or lead to."""
    found = {definitions.of(name).partie_de for name in names} - {"", TOUT}
    found |= {addition.total for addition in definitions.additions if addition.mesure in names}
    for stock, flows in FLUX.items():
        if any(flow in names for flow, *_ in flows):
            found |= {stock, *(flow for flow, *_ in flows)}
    return found - set(names)


def reunir(mesures: Iterable[Mesure], definitions: Definitions, formes: Mapping[Moment, Forme]) -> Reunies:
    """The united categories of these measures, told the way that was chosen for each."""
    names = {moment[0] for moment in formes}
    rows = _rows(m for m in mesures if m.mesure in names)
    return _united(
        rows, (formes.get(_moment(next(iter(row.values()))), Forme()) for row in rows), definitions
    )


def _rows(mesures: Iterable[Mesure]) -> Collection[Mapping[str, Mesure]]:
    """The categories of each measure at each place, EBE and period, by code."""
    rows: dict[tuple[str, str, str, str], dict[str, Mesure]] = defaultdict(dict)
    for m in mesures:
        rows[(m.mesure, m.lieu, m.ebe, m.periode)][m.modalite] = m
    return rows.values()


def _united(
    rows: Iterable[Mapping[str, Mesure]], formes: Iterable[Forme], definitions: Definitions
) -> Reunies:
    """These rows, each told its way."""
    found: list[Mesure] = []
    parts: dict[Cle, tuple[Cle, ...]] = {}
    rounded: list[Cle] = []
    for row, forme in zip(rows, formes, strict=False):
        told = list(row.values()) if forme.est_arrondie else []
        for union in _level(row, forme, definitions):
            if set(union.modalites) <= row.keys():
                cells = [row[code] for code in union.modalites]
                found.append(_together(cells, union))
                parts[found[-1].cle] = tuple(m.cle for m in cells)
                told += found[-1:] if forme.est_arrondie else []
        rounded += (m.cle for m in told)
    return Reunies(tuple(found), parts, frozenset(rounded))


def _level(row: Mapping[str, Mesure], forme: Forme, definitions: Definitions) -> Niveau:
    """The unions of a row that is told this way."""
    if not forme.niveau:
        return ()
    return definitions.of(next(iter(row.values())).mesure).regroupements[forme.niveau - 1]


def _together(cells: Sequence[Mesure], union: Reunion) -> Mesure:
    """The measure of some categories of a row told together; missing when one of them is."""
    missing = [m for m in cells if m.etat != "calculee"]
    lacking = [m for m in missing if not m.sans_objet]
    if lacking or len(missing) == len(cells):
        return replace((lacking or missing)[0], modalite=union.code)
    told = [m for m in cells if m.etat == "calculee"]
    n = sum(m.n or 0 for m in told)
    if told[0].forme == "compte":
        return replace(told[0], modalite=union.code, valeur=n, n=n)
    part, whole = (sum(side or 0 for side in sides) for sides in _sides(told))
    value = round(scale(told[0].unite) * part / whole, 6)
    return replace(
        told[0],
        modalite=union.code,
        valeur=value,
        numerateur=part,
        denominateur=whole,
        n=n,
        bas=None,
        haut=None,
    )


def _sides(told: Iterable[Mesure]) -> tuple[list[float | None], list[float | None]]:
    cells = list(told)
    return [m.numerateur for m in cells], [m.denominateur for m in cells]


def pertes(mesures: Iterable[Mesure], united: Reunies, held: Collection[Cle]) -> dict[Row, float]:
    """What a reader of counts lacks at each EBE and end of a period, in bits: the logarithm, base two, of the
    number of tables that fit what is printed.

    k categories of which the sum s alone is known can be filled in C(s + k - 1, k - 1) ways: so a union.
    What is withheld of a row is not told even together: its sum may be anything from zero to its double. A
    number told rounded stands for as many as are rounded to it. Shares are made of counts, and lose nothing
    more. It is what the reader lacks, who reads; not what is left to one who subtracts.

    >>> round(ways(5, 2), 2), ways(12, 1)
    (2.58, 0.0)
    """
    return _lost(_counts(mesures), united, held)


Counts = Sequence[tuple[Row, Sequence[tuple[Cle, float]]]]
"""The counts of people by category, row after row, and where each row is."""


def _counts(mesures: Iterable[Mesure]) -> Counts:
    by_cle = {m.cle: m for m in mesures if m.etat == "calculee" and m.forme == "compte"}
    return [
        (_row(by_cle[row[0]]), [(cle, by_cle[cle].valeur or 0) for cle in row])
        for row in grouped(by_cle).values()
    ]


def _lost(counts: Counts, united: Reunies, held: Collection[Cle]) -> dict[Row, float]:
    union_of, arrondies = united.union_of, united.arrondies
    lost: dict[Row, float] = defaultdict(float)
    for row, cells in counts:
        bits, hidden = 0.0, []
        cells_of: dict[Cle, list[float]] = defaultdict(list)
        for cle, value in cells:
            one = union_of.get(cle, cle)
            if one in held:
                hidden.append(value)
            elif one is not cle or one in arrondies:
                cells_of[one].append(value)
        for one, values in cells_of.items():
            bits += ways(sum(values), len(values))
            bits += _rounded(sum(values)) if one in arrondies else 0
        if hidden:
            bits += ways(sum(hidden), len(hidden)) + math.log2(2 * sum(hidden) + 1)
        lost[row] += bits
    return {row: round(bits, 6) for row, bits in lost.items()}


def _rounded(value: float) -> float:
    """The logarithm of how many numbers are told as this one is: fewer of them round to zero."""
    return math.log2(BASE_ARRONDI if value >= BASE_ARRONDI / 2 else (BASE_ARRONDI + 1) // 2)


def ways(value: float, categories: int) -> float:
    """The logarithm, base two, of the number of ways to share a number of people between categories."""
    return math.log2(math.comb(int(value) + categories - 1, categories - 1))


def over_unions(sums: Iterable[Sum], united: Reunies) -> Iterator[Sum]:
    """What united categories add up to: a union is the sum of its categories, and stands for them in each sum
    that has them all."""
    tues = united.tues
    for addition in sums:
        if addition.is_share or (tues.isdisjoint(addition.terms) and tues.isdisjoint(addition.less)):
            continue
        terms, less = (_as_told(cells, united) for cells in (addition.terms, addition.less))
        if (terms, less) != (addition.terms, addition.less):
            yield replace(addition, terms=terms, less=less)
    for one, cells in united.parts.items():
        yield Sum(one, cells)


def _as_told(cells: tuple[Cle, ...], united: Reunies) -> tuple[Cle, ...]:
    """These cells, those of a union that are all there replaced by it."""
    here, union_of = set(cells), united.union_of
    unions = {union_of[cle] for cle in here & union_of.keys()}
    whole = {one for one in unions if here.issuperset(united.parts[one])}
    if not whole:
        return cells
    told = ((cle, union_of.get(cle)) for cle in cells)
    return tuple(dict.fromkeys(one if one in whole else cle for cle, one in told))


def told_rows(by_cle: Mapping[Cle, Mesure], united: Reunies) -> Iterator[tuple[Cle, ...]]:
    """The rows of counts in which categories are united, each as it is told: its unions and the others."""
    rows: dict[tuple[str, str, str, str], list[Cle]] = defaultdict(list)
    of_unions = {(one[0], one[1], one[2], one[4]) for one in united.parts}
    names = {one[0] for one in united.parts}
    for cle, m in by_cle.items():
        if cle[0] in names and m.forme == "compte" and cle not in united.tues:
            key = (cle[0], cle[1], cle[2], cle[4])
            if key in of_unions:
                rows[key].append(cle)
    yield from (tuple(row) for row in rows.values() if len(row) > 1)


def ratios_of_unions(united: Reunies, definitions: Definitions) -> Iterator[Ratio]:
    """The shares of united categories, and the counts of the same union that they are made of."""
    for m in united.mesures:
        definition = definitions.of(m.mesure)
        if m.forme == "part" and m.etat == "calculee":
            sides = [(name, *m.cle[1:]) for name in (definition.numerateur, definition.denominateur)]
            yield Ratio(m.cle, sides[0], sides[1], is_part=True)
