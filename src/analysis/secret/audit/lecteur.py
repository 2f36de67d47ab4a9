"""What a reader of everything that is told knows of what is not: bounds of each withheld number.

The bonds are those that the gate knows (:func:`~analysis.secret.regles.sommes`); what is told is read in what
is released, and in past editions. Nothing here withholds anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from analysis.noyau.mesures import Definitions, Mesure
from analysis.secret.audit.deux_editions import Passe
from analysis.secret.audit.diffusion import dit
from analysis.secret.regles import withheld
from analysis.secret.release import Released, Rule
from analysis.secret.reseau.systeme import PROCHE, Cellule, Lien, Nom, Systeme
from analysis.secret.reseau.temoins import Temoins
from analysis.secret.seuils import BASE_ARRONDI, SEUIL_EFFECTIF
from analysis.secret.sommes import Cle, Redite, Sum, by_name, is_of_people, is_rounded, own_people

AU_DESSUS, EN_DESSOUS, AUTRES = "au-dessus", "en dessous", "les autres"
"""The sides of a share: whom it counts, all of them, whom it leaves."""

UNIE: Final[Rule] = "regroupement"
"""The rule of a category that is told by its union alone."""

GARDEES: Final[frozenset[Rule]] = frozenset({"edition", "edition-arrondie"})
"""The rules of a number that is told as an edition told it: no reader knows whether it moved by a few."""

SUR_DES_PERSONNES: Final = frozenset(
    {"seuil-effectif", "petit-cote", "groupe-entier", "difference", "edition", "sans-protection"}
)
"""The rules that withhold a number for what it says of people."""


@dataclass(frozen=True)
class Trouvee:
    """A number that is to be hidden and that a reader puts between bounds that are too near."""

    nom: Nom
    bas: float
    haut: float

    @property
    def is_exact(self) -> bool:
        return self.haut - self.bas < 1e-6

    @property
    def cle(self) -> Cle:
        """The measure that it is of."""
        mesure, lieu, ebe, modalite, periode = self.nom[:5]
        return (mesure.partition("/")[0], lieu, ebe, modalite, periode)


@dataclass(frozen=True)
class Constat:
    """What the attack of an edition found: the numbers that are to be hidden, and those that are found.

    ``largeurs``: within how much each is possible at least, in increasing order: an interval that is shown to
    be wide enough is followed no farther. Infinite where nothing bounds it.
    """

    largeurs: tuple[float, ...]
    trouvees: tuple[Trouvee, ...]


def attaquer(
    mesures: Sequence[Mesure],
    released: Sequence[Released[Mesure]],
    sommes: Iterable[Sum],
    definitions: Definitions,
    passe: Passe,
) -> Constat:
    """What a reader finds of the withheld numbers of people, who puts all that is told together.

    ``mesures`` are whole, unions among them, ``released`` as they are published; a category that is told by
    its union alone is not among these. A number that a past edition told, and that is the same now, is
    known. A number that keeps its value of an edition is known within what
    it may have moved.
    """
    lecteur = _Lecteur(mesures, released, definitions, passe)
    said = filter(lecteur.is_said, _dites(sommes))
    rows = [row for addition in said for row in lecteur.rows(addition)] + lecteur.own
    systeme = Systeme(lecteur.inconnues.values(), [Lien(tuple(row.items())) for row in rows if row])
    cibles = [systeme.rang[one.nom] for one in lecteur.inconnues.values() if one.exigence > 0]
    temoins = Temoins(systeme, lecteur.inconnues)
    found = temoins.etroites(cibles)
    return Constat(
        tuple(sorted(float(width) for width in temoins.largeurs[cibles])),
        tuple(Trouvee(systeme.cellules[rang].nom, one.bas, one.haut) for rang, one in found.items()),
    )


def _dites(sommes: Iterable[Sum]) -> list[Sum]:
    """The sums that a reader can make: a total that anybody is taken to know is that of another sum where one
    has the same terms, known as far as that is."""
    known = tuple(sommes)
    named = {frozenset(one.terms) for one in known if one.total is not None}
    return [
        one
        for one in known
        if one.total is not None or one.less or one.is_share or frozenset(one.terms) not in named
    ]


@dataclass
class _Lecteur:
    """What is told, and the unknowns that the bonds meet."""

    mesures: Sequence[Mesure]
    released: Sequence[Released[Mesure]]
    definitions: Definitions
    passe: Passe
    inconnues: dict[Nom, Cellule] = field(default_factory=dict)
    own: list[Mapping[Nom, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.by_cle = {m.cle: m for m in self.mesures if m.etat == "calculee"}
        self.told = {one.content.cle: one for one in self.released}
        self.told |= {
            cle: Released(withheld(m, "composante"), UNIE)
            for cle, m in self.by_cle.items()
            if cle not in self.told
        }
        self.people = own_people(self.by_cle, by_name(self.by_cle), self.definitions)
        self.divided_by = {cle: one.cle for one in self.people.values() for cle in one.told_by}

    def is_said(self, addition: Sum) -> bool:
        """Whether the total of a sum is told, or one that anybody may know: not that of a few people."""
        if addition.total is not None or addition.less or addition.is_share:
            return True
        people = sum(self.by_cle[cle].valeur or 0 for cle in addition.terms if cle in self.by_cle)
        return people >= SEUIL_EFFECTIF or not all(map(self._counts, addition.terms))

    def rows(self, addition: Sum) -> Iterator[Mapping[Nom, float]]:
        """The equations of a sum: its unknowns with their signs, which leave what is known to be told.

        Each adds up to what it does in truth: :func:`bornes` takes the values of the unknowns.
        """
        if addition.is_share:
            for side in (AU_DESSUS, EN_DESSOUS):
                yield self._row([(self._side(cle, side), 1.0) for cle in addition.terms], addition, side)
        elif all(self._counts(cle) for cle in addition.parts):
            terms = [(self._count(cle), 1.0) for cle in addition.terms]
            terms += [(self._count(cle), -1.0) for cle in addition.less]
            yield self._row(terms, addition, "")

    def _row(
        self, terms: list[tuple[Cellule | None, float]], addition: Sum, side: str
    ) -> Mapping[Nom, float]:
        if addition.reste or self._may_count_others(addition):
            rest = Cellule(
                ("reste", *(addition.total or ()), *addition.terms[0]),
                addition.reste,
                entiere=_is_whole(addition.reste),
            )
            terms.append((self._kept(rest), 1.0))
        if addition.total is not None:
            terms.append((self._total(addition, side), -1.0))
        row: dict[Nom, float] = {}
        for one, sign in terms:
            if one is not None:
                row[one.nom] = row.get(one.nom, 0.0) + sign
        return row

    def _may_count_others(self, addition: Sum) -> bool:
        """Whether nobody can tell that a rounded whole counts nobody else than its parts."""
        return addition.is_open and addition.total in self.by_cle and is_rounded(self.by_cle[addition.total])

    def _total(self, addition: Sum, side: str) -> Cellule | None:
        total = addition.total
        assert total is not None
        if side:
            return self._side(total, side)
        if addition.side:
            return self._side(total, EN_DESSOUS if self._divides(addition) else AU_DESSUS)
        return self._count(total) if self._counts(total) else None

    def _divides(self, addition: Sum) -> bool:
        """Whether the counts of a sum are those by which a rate divides."""
        assert addition.total is not None
        return addition.side == self.definitions.of(addition.total[0]).denominateur

    def _counts(self, cle: Cle) -> bool:
        return cle in self.people or (cle in self.by_cle and is_of_people(self.by_cle[cle]))

    def _count(self, cle: Cle) -> Cellule | None:
        """A number of people, None where it is known."""
        if cle in self.people:
            return self._of_own(cle)
        m, told, rule = self.by_cle[cle], self.told[cle].content, self.told[cle].rule
        value = m.valeur or 0.0
        whole = m.forme == "compte" and _is_whole(value)
        if told.valeur is not None and rule == "arrondi":
            low, high = told.valeur - BASE_ARRONDI / 2, told.valeur + BASE_ARRONDI / 2
            return self._kept(Cellule(cle, value, max(0.0, low), high, entiere=whole))
        if told.valeur is not None and (rule in GARDEES or told.valeur != value):
            redite = Redite.de(m, told.valeur, est_arrondie=self.told[cle].is_rounded)
            asked = float(SEUIL_EFFECTIF) if redite.a_bouge else 0.0
            return self._kept(Cellule(cle, value, redite.bas, redite.haut, asked, entiere=whole))
        if told.valeur is not None or self._was_told(m):
            return None
        return self._kept(Cellule(cle, value, exigence=self._exigence(cle, value), entiere=whole))

    def _was_told(self, m: Mesure) -> bool:
        """Whether an edition told the very number that it is now."""
        return any(one.numbers == dit(m).numbers for one in self.passe.told(m.cle))

    def _of_own(self, cle: Cle) -> Cellule | None:
        one = self.people[cle]
        if any(self.told[by].content.denominateur == one.people for by in one.told_by):
            return None
        small = SEUIL_EFFECTIF if 0 < one.people < SEUIL_EFFECTIF else 0.0
        return self._kept(Cellule(cle, one.people, exigence=small, entiere=_is_whole(one.people)))

    def _side(self, cle: Cle, side: str) -> Cellule | None:
        """A side of a share or a mean, None where it is known."""
        m, told = self.by_cle[cle], self.told[cle].content
        value = (m.numerateur if side == AU_DESSUS else m.denominateur) or 0.0
        shown = told.numerateur if side == AU_DESSUS else told.denominateur
        if side == EN_DESSOUS and cle in self.divided_by and self.divided_by[cle] in self.people:
            return self._of_own(self.divided_by[cle])
        if shown == value or self._was_told(m):
            return None
        is_people = m.forme in ("part", "taux") or (m.forme == "moyenne" and side == EN_DESSOUS)
        asked = self._exigence(cle, value) if is_people else 0.0
        low = 0.0 if value >= 0 else -math.inf
        whole = is_people and _is_whole(value)
        new = self._kept(Cellule((*cle, side), value, low, exigence=asked, entiere=whole))
        if m.forme == "part" and side == AU_DESSUS:
            self._leaves(m)
        return new

    def _leaves(self, m: Mesure) -> None:
        """Those whom a share leaves are all of its people less those whom it counts."""
        others = (m.denominateur or 0.0) - (m.numerateur or 0.0)
        nom = (*m.cle, AUTRES)
        if nom in self.inconnues or others < 0:
            return
        left = self._kept(
            Cellule(nom, others, exigence=self._exigence(m.cle, others), entiere=_is_whole(others))
        )
        row = {left.nom: 1.0, (*m.cle, AU_DESSUS): 1.0}
        whole = self._side(m.cle, EN_DESSOUS)
        self.own.append(row if whole is None else {**row, whole.nom: -1.0})

    def _exigence(self, cle: Cle, people: float) -> float:
        """How wide what a reader knows of a withheld number of people must be: as wide as the threshold where
        it is small, or withheld for what it says."""
        if people <= 0:
            return 0.0
        rule = self.told[cle].rule
        if rule == "accord":
            return 0.0
        is_for_itself = is_of_people(self.by_cle[cle]) and rule in SUR_DES_PERSONNES
        return float(SEUIL_EFFECTIF) if people < SEUIL_EFFECTIF or is_for_itself else 0.0

    def _kept(self, one: Cellule) -> Cellule:
        return self.inconnues.setdefault(one.nom, one)


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) <= PROCHE
