"""What a reader can put together of the measures: what adds up, what is divided, what follows in time."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from analysis.noyau.mesures import (
    RATIOS,
    Definitions,
    Lien,
    Mesure,
    counts_people,
)
from analysis.noyau.periods import Period, fin, precision
from analysis.noyau.plan_comptable import LUS_DANS_LES_COMPTES
from analysis.secret.release import Rule
from analysis.secret.resolution import Row
from analysis.secret.seuils import BASE_ARRONDI, SEUIL_EFFECTIF

FLUX: Final[Mapping[str, tuple[tuple[str, str, int], ...]]] = {
    "embauchees": (("entrees", "premiere", 1),),
    "effectif_fin_mois": (("entrees", "", 1), ("sorties_ebe", "", -1)),
}
"""The flows that lead a stock from one date to another: measure, category (all when empty), sign."""

MOUVEMENTS: Final = frozenset({"entrees", "sorties_ebe"})
"""The flows of a year: their total is known by the stocks that they lead to (:data:`FLUX`), or not at all."""

EFFECTIF: Final = "effectif_fin_mois"
EFFECTIF_DU_JOUR: Final = "quotite_effectif"
MOYENNE_DU_JOUR: Final = "quotite_moyenne"
"""The headcount of a month, and the two measures of the same people on its last day."""

MARGES: Final[Mapping[str, tuple[str, ...]]] = {
    enquete: tuple(
        f"{kind}_{margin}_{who}" for kind in ("population", "repondants") for margin in ("sexe", "age")
    )
    for enquete, who in (("salaries_ebe", "salaries"), ("volontaires", "volontaires"))
}
"""By survey, the counts that its weights are made of."""

SEPAREES: Final = frozenset(
    {
        *("enquete_invites", "enquete_reponses", "enquete_pesees", "avis_reponses", "evolution_personnes"),
        *("individus_ebe_suivis", "individus_comparaison_suivis"),
    }
)
"""The counts whose categories are different surveys, questions or dates: nobody knows what they add up to."""

OUVERTES: Final = frozenset({"enquete_pesees"})
"""The counts of whom nobody minds the others: those whose sex or age is not known."""

PESEES: Final = frozenset({"enquete_effet_plan", "avis_favorable_redresse"})
"""The measures that weights make: with the raw ones, they tell the weights."""

SUR: Final = "/sur"
"""How the name of the people by whom a measure divides ends."""

COMPTES_EBE: Final = "economie_ebe"
"""The family of the measures that are of EBE, not of people."""

JAMAIS_REDITES: Final[frozenset[Rule]] = frozenset({"accord", "trop-peu-d-ebe", "sans-protection"})
"""The rules by which a measure is not told, even as a past edition told it."""

Cle = tuple[str, str, str, str, str]
Noms = Mapping[str, Sequence[Cle]]
Ecrites = Mapping[str, Sequence[Mesure]]
Breakdowns = Mapping[tuple[str, str, str, str], tuple[Cle, ...]]
Held = dict[Cle, Rule]
Decided = Iterator[tuple[Cle, Rule]]


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms that add up to a total, None when anyone can know it; ``reste`` are the others that it counts.

    Those of ``less`` are subtracted. With ``is_share`` each of them is a share or a mean, and it is their
    numerators, then their denominators, that add up. With ``side``, a measure's name, the total is a rate
    and the terms, counts of that name, add up to one of its sides. With ``is_open`` nobody minds who the
    others are: they only bound the terms.
    """

    total: Cle | None
    terms: tuple[Cle, ...]
    reste: float = 0.0
    less: tuple[Cle, ...] = ()
    is_share: bool = False
    side: str = ""
    is_open: bool = False

    @property
    def is_over_places(self) -> bool:
        """Whether its terms are of several territories or EBE, each of which knows its own number."""
        first, last = (self.terms[0], self.terms[-1]) if self.terms else ((), ())
        return first[1:3] != last[1:3]

    @property
    def parts(self) -> tuple[Cle, ...]:
        return (*self.terms, *self.less) if self.less else self.terms

    @property
    def cells(self) -> tuple[Cle, ...]:
        return self.parts if self.total is None else (*self.parts, self.total)

    def unknowns(self, held: Container[Cle]) -> Row:
        """What a reader does not know of it, with its sign; the others that it counts are one unknown."""
        row: Row = {cle: 1.0 for cle in self.terms if cle in held}
        row |= {cle: -1.0 for cle in self.less if cle in held}
        if self.total is not None and self.total in held:
            row[(*self.total, self.side) if self.side else self.total] = -1.0
        if self.reste:
            row["reste", *(self.total or ()), *self.terms[0]] = 1.0
        return row


@dataclass(frozen=True, slots=True)
class Ratio:
    """A measure and those that it is made of: a part and its whole, the count of a median."""

    cle: Cle
    numerateur: Cle
    denominateur: Cle
    is_part: bool

    @property
    def cells(self) -> tuple[Cle, ...]:
        return (self.cle, self.numerateur, self.denominateur)


@dataclass(frozen=True, slots=True)
class Effectif:
    """The people by whom measures divide, whom no measure counts: how many, and the measures that tell it."""

    cle: Cle
    people: float
    told_by: tuple[Cle, ...]


@dataclass(frozen=True, slots=True)
class Loi:
    """ETP of one EBE and exercice, and what the law ties to them: known, it bounds them."""

    etp: Cle
    petits: tuple[Cle, ...]
    bas: float
    haut: float

    @property
    def width(self) -> float:
        return self.haut - self.bas


def is_of_people(mesure: Mesure) -> bool:
    """Whether a measure is a number of people or of their ETP, not the economics of EBE."""
    return counts_people(mesure.forme, mesure.unite)


def is_rounded(mesure: Mesure) -> bool:
    """Whether a measure is published rounded: a number of people or of ETP, month by month."""
    return precision(mesure.periode) == "mois" and is_of_people(mesure)


def nearest(valeur: float | None) -> int:
    """The nearest multiple of the base, the higher of two.

    >>> nearest(12.4), nearest(12.5)
    (10, 15)
    """
    return BASE_ARRONDI * math.floor((valeur or 0) / BASE_ARRONDI + 0.5)


@dataclass(frozen=True)
class Redite:
    """The number of an edition, which is told again where a measure is withheld.

    ``bas`` and ``haut`` are where a reader puts the true one. ``a_bouge``: it was told exactly, and is
    another one now.
    """

    bas: float
    haut: float
    a_bouge: bool

    @classmethod
    def de(cls, mesure: Mesure, dite: float, *, est_arrondie: bool = False) -> Redite:
        """A number of people or of ETP that was told as ``dite``, and moved by less than the threshold; by
        that and half the base of its rounding where it was told rounded.

        >>> from analysis.noyau.mesures import Mesure
        >>> one = Mesure("embauchees", "val", "2018", "compte", "personnes", "reel", "dépôt", valeur=41, n=41)
        >>> Redite.de(one, 40), Redite.de(one, 40, est_arrondie=True)
        (Redite(bas=36, haut=44, a_bouge=True), Redite(bas=32.5, haut=47.5, a_bouge=False))
        """
        off: float = SEUIL_EFFECTIF - 1 if mesure.forme == "compte" else SEUIL_EFFECTIF
        if est_arrondie:
            off = SEUIL_EFFECTIF + BASE_ARRONDI / 2
        off = max(off, abs((mesure.valeur or 0) - dite))  # an edition of other deposits than those of today
        return cls(max(0, dite - off), dite + off, not est_arrondie and dite != mesure.valeur)


SANS_BORNE: Final = Redite(-math.inf, math.inf, a_bouge=False)
"""What is told again of what is no number of people: nothing is said of how far it moved."""


def grouped(people: Iterable[Cle]) -> Breakdowns:
    """The categories of a measure at one place and period; those of a survey, question by question."""
    groups: dict[tuple[str, str, str, str], list[Cle]] = defaultdict(list)
    for cle in people:
        name, lieu, ebe, modalite, periode = cle
        question = modalite.rpartition("-")[0]
        groups[(f"{name}/{question}" if question else name, lieu, ebe, periode)].append(cle)
    return {key: tuple(cles) for key, cles in groups.items()}


def ranks_of(sums: Iterable[Sum]) -> Mapping[Cle, list[int]]:
    """The ranks of the sums that each measure is in, each sum once."""
    found: dict[Cle, list[int]] = defaultdict(list)
    for rank, addition in enumerate(sums):
        for cle in dict.fromkeys(addition.cells):
            found[cle].append(rank)
    return found


def is_across(addition: Sum) -> bool:
    """Whether a sum is over several territories, that of all together among them."""
    cells = addition.cells
    return any(cle[1] != cells[0][1] for cle in cells)


def ecrites(mesures: Iterable[Mesure]) -> Ecrites:
    """The measures of each name, in their order."""
    found: dict[str, list[Mesure]] = defaultdict(list)
    for m in mesures:
        found[m.mesure].append(m)
    return found


def by_name(cles: Iterable[Cle]) -> Noms:
    """The computed measures of each name, in their order."""
    found: dict[str, list[Cle]] = defaultdict(list)
    for cle in cles:
        found[cle[0]].append(cle)
    return found


def declared_sums(by_cle: Mapping[Cle, Mesure], named: Noms, definitions: Definitions) -> Iterator[Sum]:
    """The exact sums of the dictionary, wherever the total and all its terms are computed."""
    for addition in definitions.additions:
        for cle in named.get(addition.total, ()):
            _, lieu, ebe, _, periode = cle
            terms = tuple((addition.mesure, lieu, ebe, modalite, periode) for modalite in addition.modalites)
            if set(terms) <= by_cle.keys():
                yield Sum(cle, terms)


def parts_of(
    by_cle: Mapping[Cle, Mesure], named: Noms, definitions: Definitions, exact: Sequence[Sum]
) -> Iterator[Sum]:
    """A count and the larger one that it is part of, at one place and at the end of one period.

    The difference counts the others.

    All the categories of a count add up within a whole that has none; where both are broken down, each is a
    part of its own category. What a declared sum already says exactly is not said again.
    """
    summed = {(addition.total, addition.terms) for addition in exact}
    parts: dict[tuple[Cle, str], list[Cle]] = defaultdict(list)
    for name, cles in named.items():
        larger = definitions.of(name).partie_de
        if larger not in named:
            continue
        at_the_end = {(*cle[1:4], fin(cle[4])): cle for cle in named[larger]}
        is_split = bool(definitions.of(larger).modalites)
        for cle in cles:
            whole = at_the_end.get((cle[1], cle[2], cle[3] if is_split else "", fin(cle[4])))
            if whole is not None:
                parts[(whole, name)].append(cle)
    for (whole, name), cles in parts.items():
        others = (by_cle[whole].valeur or 0) - sum(by_cle[cle].valeur or 0 for cle in cles)
        terms = tuple(cles)
        if others >= 0 and (whole, terms) not in summed:
            yield Sum(whole, terms, others, is_open=name in OUVERTES)


def own_people(by_cle: Mapping[Cle, Mesure], named: Noms, definitions: Definitions) -> dict[Cle, Effectif]:
    """The denominators that are people of no measure; those of a curve are the same at all its horizons.

    Each has the name of its measure, then :data:`SUR`.
    """
    told: dict[Cle, list[Mesure]] = defaultdict(list)
    for name, cles in named.items():
        if definitions.of(name).has_own_people:
            for m in map(by_cle.__getitem__, cles):
                if m.denominateur is not None:
                    category = "" if m.forme == "incidence" else m.modalite
                    told[(f"{name}{SUR}", m.lieu, m.ebe, category, m.periode)].append(m)
    return {
        cle: Effectif(cle, max(m.denominateur or 0 for m in found), tuple(m.cle for m in found))
        for cle, found in told.items()
    }


def included(
    by_cle: Mapping[Cle, Mesure], named: Noms, own: Mapping[Cle, Effectif], definitions: Definitions
) -> Iterator[Sum]:
    """The counts of other people in which a count or a denominator is declared to be (``liens.csv``).

    Answers to one question add up; categories of a larger count are those with which the smaller one's begin.
    """
    divided_by = by_name(own)

    def counted(name: str) -> Sequence[Cle]:
        cles = named.get(name, ())
        return cles if cles and is_of_people(by_cle[cles[0]]) else ()

    def people(cle: Cle) -> float:
        return own[cle].people if cle in own else by_cle[cle].valeur or 0

    for lien in definitions.liens:
        if lien.lien != "loi":
            petits = [
                cle for name in lien.petits for cle in (*counted(name), *divided_by.get(name + SUR, ()))
            ]
            if petits:
                yield from _within(lien, petits, counted(lien.grand), people, definitions)


def _within(
    lien: Lien,
    petits: Iterable[Cle],
    wholes: Iterable[Cle],
    people: Callable[[Cle], float],
    known: Definitions,
) -> Iterator[Sum]:
    def when(periode: str) -> object:
        return None if lien.lien == "cumul" else fin(periode)

    is_split = bool(known.of(lien.grand).modalites)
    larger = {(*cle[1:4], when(cle[4])): cle for cle in wholes}
    terms: dict[tuple[Cle, str], list[Cle]] = defaultdict(list)
    for cle in petits:
        mesure, lieu, ebe, modalite, periode = cle
        if not lien.modalites or modalite in lien.modalites:
            whole = larger.get((lieu, ebe, modalite.partition("-")[0] if is_split else "", when(periode)))
            adds_up = lien.lien == "cumul" or mesure in lien.petits and mesure not in SEPAREES
            question = modalite.rpartition("-")[0] if adds_up else modalite
            if whole is not None:
                terms[whole, question].append(cle)
    for (whole, _), cells in terms.items():
        others = people(whole) - sum(map(people, cells))
        if others >= 0:
            yield Sum(whole, tuple(cells), others, is_open=True)


def laws(by_cle: Mapping[Cle, Mesure], named: Noms, definitions: Definitions) -> Iterator[Loi]:
    """What the law ties to the ETP of an EBE, and how many ETP a reader hesitates between who knows it."""
    for lien in definitions.liens:
        if lien.lien != "loi":
            continue
        of_account: dict[tuple[str, str, str], list[Cle]] = defaultdict(list)
        for cle in (cle for name, cles in named.items() if name in lien.petits for cle in cles):
            of_account[(*cle[1:3], cle[4])].append(cle)
        for etp in named.get(lien.grand, ()):
            cells = tuple(of_account[(*etp[1:3], etp[4])])
            tied = [by_cle[cle] for cle in cells]
            worth = sum(abs(m.valeur or 0) for m in tied if m.forme not in RATIOS)
            worth = worth or (by_cle[etp].valeur or 0) * lien.bas
            if cells:
                yield Loi(etp, cells, worth / lien.haut, worth / lien.bas)


def rolled_up(by_cle: Mapping[Cle, Mesure], named: Noms, definitions: Definitions) -> Iterator[Sum]:
    """A breakdown in which the categories that have a total of their own are replaced by that total.

    Volunteers = those out + those who wait + the others.
    """
    for whole in definitions.additions:
        parts = [
            a
            for a in definitions.additions
            if a.mesure == whole.mesure and set(a.modalites) < set(whole.modalites)
        ]
        covered = {modalite for part in parts for modalite in part.modalites}
        others = [modalite for modalite in whole.modalites if modalite not in covered]
        for cle in named.get(whole.total, ()) if parts else ():
            _, lieu, ebe, _, periode = cle
            terms = (
                *((part.total, lieu, ebe, "", periode) for part in parts),
                *((whole.mesure, lieu, ebe, modalite, periode) for modalite in others),
            )
            if set(terms) <= by_cle.keys():
                yield Sum(cle, terms)


def undeclared_sums(breakdowns: Breakdowns, declared: Sequence[Sum]) -> Iterator[Sum]:
    """A breakdown of which no total is declared and computed: its total is taken for known, as far as that of
    another sum of the same terms is (:attr:`analysis.secret.scene.Scene.told`)."""
    totalled = {frozenset(addition.terms) for addition in declared}
    for terms in breakdowns.values():
        if frozenset(terms) not in totalled and terms[0][0] not in MOUVEMENTS:
            yield Sum(None, terms)


def wholes(named: Noms, definitions: Definitions) -> Iterator[Sum]:
    """The probabilities that make a hundred percent together, at one place, period and horizon."""
    wholes: dict[tuple[str, ...], list[Cle]] = defaultdict(list)
    for name, cles in named.items():
        if tout := definitions.of(name).tout:
            for cle in cles:
                wholes[(tout, *cle[1:])].append(cle)
    for terms in wholes.values():
        yield Sum(None, tuple(terms))


def flows(named: Noms, breakdowns: Breakdowns) -> Iterator[Sum]:
    """A stock at the end of a year less that of its beginning: the flows of the year (:data:`FLUX`).

    A stock that is not computed at the beginning had not begun.
    """
    stocks = {(name, cle[1], fin(cle[4])): cle for name in FLUX for cle in named.get(name, ())}
    for stock, flows in FLUX.items():
        for lieu, periode in [(lieu, t) for name, lieu, _, t in breakdowns if name == flows[0][0]]:
            year = Period(periode)
            after = stocks.get((stock, lieu, year.end))
            before = stocks.get((stock, lieu, year.start - timedelta(days=1)))
            signed = [
                (cle, sign)
                for name, modalite, sign in flows
                for cle in breakdowns.get((name, lieu, "", periode), ())
                if modalite in ("", cle[3])
            ]
            if after is not None:
                added = (*((before,) if before else ()), *(cle for cle, sign in signed if sign > 0))
                yield Sum(None, (*added,), less=(after, *(cle for cle, sign in signed if sign < 0)))


def month_ends(named: Noms, breakdowns: Breakdowns) -> Iterator[Sum]:
    """The headcount of a month is the sum of what is told of the same people on its last day."""
    for cle in named.get(EFFECTIF, ()):
        terms = breakdowns.get((EFFECTIF_DU_JOUR, cle[1], cle[2], fin(cle[4]).isoformat()))
        if terms:
            yield Sum(cle, terms)


def means_of_months(by_cle: Mapping[Cle, Mesure], named: Noms) -> Iterator[Ratio]:
    """The mean of a day tells of how many people it is: those of the month that ends that day."""
    for cle in named.get(EFFECTIF, ()):
        mean = (MOYENNE_DU_JOUR, cle[1], cle[2], "", fin(cle[4]).isoformat())
        if mean in by_cle:
            yield Ratio(mean, cle, cle, is_part=False)


def ratios(written: Ecrites, by_cle: Mapping[Cle, Mesure], definitions: Definitions) -> Iterator[Ratio]:
    """The measures that are made of others; a missing one too, where it is missing for what these are."""
    for name, mesures in written.items():
        definition = definitions.of(name)
        names = [side for side in (definition.numerateur, definition.denominateur) if side]
        sides = [(side, bool(definitions.of(side).modalites)) for side in names]
        for m in mesures if sides else ():
            parts = [
                _shared((side, m.lieu, m.ebe, m.modalite if split else "", m.periode), by_cle)
                for side, split in sides
            ]
            if m.etat == "calculee" or (m.motif not in LUS_DANS_LES_COMPTES and set(parts) <= by_cle.keys()):
                is_part = m.forme == "part" and bool(definition.numerateur)
                yield Ratio(m.cle, parts[0], parts[-1], is_part=is_part)


def _shared(cle: Cle, by_cle: Mapping[Cle, Mesure]) -> Cle:
    """The same key, that which its measure keeps where it is computed."""
    m = by_cle.get(cle)
    return cle if m is None else m.cle


def weighed_answers(named: Noms) -> Iterator[tuple[Cle, ...]]:
    """Each weighted measure of a survey, then the people of each category that its weights come from."""
    margins: dict[tuple[str, str, str], list[Cle]] = defaultdict(list)
    for name, cles in named.items():
        for enquete in (enquete for enquete, names in MARGES.items() if name in names):
            for cle in cles:
                margins[(enquete, cle[1], cle[4])].append(cle)
    for cle in (cle for name, cles in named.items() if name in PESEES for cle in cles):
        yield (cle, *margins[(cle[3].partition("-")[0], cle[1], cle[4])])
