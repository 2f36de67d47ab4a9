"""The record of one computed number, its definition, and the only ways to build one."""

from __future__ import annotations

import math
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from operator import attrgetter
from statistics import median
from typing import Any, Final, Literal

from analysis.noyau.declared.nomenclatures import Choix
from analysis.noyau.declared.regroupements import Niveau, Reunion
from analysis.noyau.errors import UnknownName
from analysis.noyau.paths import Nature
from analysis.noyau.periods import fin

Forme = Literal[
    "compte",
    "quantite",
    "montant",
    "duree",
    "part",
    "taux",
    "part_quantite",
    "rapport",
    "moyenne",
    "mediane",
    "incidence",
    "ecart",
    "part_estimee",
    "coefficient",
]
"""What kind of number it is: how it is made, whether it adds up, which rules of secrecy look at it."""

Etat = Literal["calculee", "absente", "masquee"]
"""A measure is computed, missing for a reason, or withheld by a rule of the gate."""

RATIOS: Final = frozenset({"part", "taux", "part_quantite", "rapport", "moyenne", "part_estimee"})
"""Forms that keep a numerator and a denominator, and whose sum over places is a ratio of sums."""

SUMS: Final = frozenset({"compte", "quantite", "montant"})
"""Forms that add up over places."""

TOUT: Final = "tout"
"""What a count of a whole population is part of."""

ENSEMBLE: Final = "ensemble"
"""The place of a measure of all the territories together: it is no territory."""

PLUS_PETIT: Final = 11
"""A territory with fewer volunteers is in no sum together: a subtraction would give it back."""

TAILLE: Final = "volontaires_eligibles"
"""The count that tells how large a territory is."""

Accord = tuple[str, str, str]
"""A territory, one of its EBE and the closing day of an exercice whose accounts it agreed to show."""

DECIMALS: Final = 6
"""Decimals that a value keeps: the same bytes from the same inputs."""


@dataclass(frozen=True)
class Definition:
    """What a measure is: one row of ``data/dictionary/mesures.csv``.

    ``numerateur`` and ``denominateur`` are the measures that a ratio divides or a difference compares, empty
    where they are no measures; the second is also the count of those whose median it is, or whose hours it
    adds up. Two means of one sum over unlike people have each other as ``numerateur``: with their counts, one
    gives the other.
    Measures of one ``tout`` make a hundred percent together. ``modalites`` are the categories
    that a row of it may name, none when it is not broken down; ``regroupements`` are those that the gate may
    unite, level after level. ``sensible``: the category says of a person
    what is not known otherwise.
    """

    mesure: str
    libelle: str
    definition: str
    unite: str
    forme: Forme
    numerateur: str
    denominateur: str
    tout: str
    famille: str
    modalites: tuple[Choix, ...]
    sensible: bool
    hypotheses: tuple[str, ...]
    limite: str
    population: str = ""
    partie_de: str = ""
    regroupements: tuple[Niveau, ...] = ()

    @property
    def reunions(self) -> Mapping[str, Reunion]:
        """The unions of categories that may be told, by code, the least united first."""
        return {union.code: union for level in self.regroupements for union in level}

    def libelle_de(self, modalite: str) -> str:
        """The words of a category or of a union of them; raises UnknownName for an unknown code."""
        words = {choix.code: choix.libelle for choix in self.modalites}
        words |= {code: union.libelle for code, union in self.reunions.items()}
        if modalite not in words:
            raise UnknownName(f"modalité de {self.mesure}", modalite, words)
        return words[modalite]

    @cached_property
    def codes(self) -> frozenset[str]:
        """The codes that a row of it may name: the empty one alone when it is not broken down."""
        return frozenset(choix.code for choix in self.modalites) or frozenset({""})

    @property
    def counts_people(self) -> bool:
        """Whether it is a number of people or of their ETP, which must say what it is part of."""
        return counts_people(self.forme, self.unite)

    @property
    def has_own_people(self) -> bool:
        """Whether it divides by people whom no measure counts: who they are among must be said."""
        divides = self.forme in ("part", "taux", "moyenne", "mediane", "incidence")
        return divides and not self.denominateur


class _Nommee:
    """Keeps the key of a measure once it was asked: all that binds measures holds one and the same."""

    __slots__ = ("_cle",)
    _cle: tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Mesure(_Nommee):
    """One number and what it takes to judge it.

    ``lieu`` is a territory or :data:`ENSEMBLE`; ``ebe`` and ``modalite`` are empty when it is not of one
    EBE or category. ``n`` counts the observations behind it: people for a count, a share, a mean; EBE for
    an amount; for an incidence the people still followed at that horizon. ``prix`` is the year of the
    euros. ``bas`` and ``haut`` bound an estimate at 95 %, where an interval means something. A missing or
    withheld value has no number at all, and a ``motif`` that says why; ``sans_objet``: it is missing because
    there is nobody to count, zero out of zero.

    Raises ValueError when its numbers contradict each other: a count that is not its n, a ratio that is
    not its numerator over its denominator, a part above its whole, a value that is missing without a
    reason or given with one, euros without a year.

    >>> Mesure("taux_sortie", "val", "2018-12-31", "part", "pourcent", "demonstration", "dépôt n° 1",
    ...        valeur=25.0, numerateur=3, denominateur=12, n=12).etat
    'calculee'
    """

    mesure: str
    lieu: str
    periode: str
    forme: Forme
    unite: str
    nature: Nature
    source: str
    valeur: float | None = None
    numerateur: float | None = None
    denominateur: float | None = None
    n: int | None = None
    ebe: str = ""
    modalite: str = ""
    prix: str = ""
    etat: Etat = "calculee"
    motif: str = ""
    bas: float | None = None
    haut: float | None = None
    sans_objet: bool = False

    def __post_init__(self) -> None:
        faults = [fault for fault in _faults(self) if fault]
        if faults:
            raise ValueError(f"{self.mesure}, {self.lieu}, {self.periode}: {'; '.join(faults)}")

    @property
    def accord(self) -> Accord:
        """The agreement that it takes to show a measure of one EBE."""
        return (self.lieu, self.ebe, _last_day(self.periode))

    @property
    def cle(self) -> tuple[str, str, str, str, str]:
        """What names it among all: measure, place, EBE, category, period."""
        cle: tuple[str, str, str, str, str] | None = getattr(self, "_cle", None)
        if cle is None:
            cle = (self.mesure, self.lieu, self.ebe, self.modalite, self.periode)
            object.__setattr__(self, "_cle", cle)
        return cle


@cache
def _last_day(periode: str) -> str:
    return fin(periode).isoformat()


_values_of: Final = attrgetter(*Mesure.__slots__)

_PUTS: Final = tuple(getattr(Mesure, name).__set__ for name in Mesure.__slots__)
"""What puts each value of a measure in its place: the slots themselves."""


def en_colonnes(mesures: Iterable[Mesure]) -> tuple[tuple[Any, ...], ...]:
    """The values of measures, field by field: what is sent of a thousand of them from one process to another,
    at a quarter of what it takes to send them one by one."""
    return tuple(zip(*map(_values_of, mesures), strict=True))


def de_colonnes(colonnes: Sequence[Sequence[Any]]) -> tuple[Mesure, ...]:
    """The measures that :func:`en_colonnes` sent, which were checked when they were built.

    A text that measures share is one object in this process, whichever processes sent it: what looks for
    keys compares no letters.

    >>> one = Mesure("sorties", "val", "2018", "compte", "personnes", "demonstration", "dépôt n° 1",
    ...              valeur=3, n=3)
    >>> de_colonnes(en_colonnes([one, one])) == (one, one), de_colonnes(en_colonnes([]))
    (True, ())
    """
    if not colonnes:
        return ()
    mesures = tuple(object.__new__(Mesure) for _ in colonnes[0])
    for put, values in zip(_PUTS, colonnes, strict=True):
        deque(map(put, mesures, map(sys.intern, values) if isinstance(values[0], str) else values), maxlen=0)
    return mesures


def _faults(m: Mesure) -> list[str]:
    """What contradicts itself in a measure, one clause each."""
    fin(m.periode)
    if m.etat != "calculee":
        numbers = (m.valeur, m.numerateur, m.denominateur, m.n, m.bas, m.haut)
        return [
            "a missing value has no number" if numbers.count(None) < len(numbers) else "",
            "" if m.motif else "a missing value has a reason",
        ]
    if m.valeur is None or m.n is None:
        return ["a computed value has a number and a count"]
    return [
        "a computed value has no reason to be missing" if m.motif else "",
        "not finite" if not math.isfinite(m.valeur) else "",
        "a negative count of observations" if m.n < 0 else "",
        "euros of no year" if m.unite.startswith("euros") and not m.prix else "",
        "a count is its n" if m.forme == "compte" and m.valeur != m.n else "",
        "" if _is_within(m.valeur, m.bas, m.haut) else "an interval has two bounds, and its value within",
        *_ratio_faults(m, m.valeur, m.n),
    ]


def _is_within(valeur: float, bas: float | None, haut: float | None) -> bool:
    """Whether a value stands in its interval, or has none."""
    if bas is None or haut is None:
        return bas is haut
    return bas - 1e-6 <= valeur <= haut + 1e-6


def _ratio_faults(m: Mesure, valeur: float, n: int) -> list[str]:
    if m.forme not in RATIOS and m.forme != "incidence":
        has_parts = m.numerateur is not None or m.denominateur is not None
        return ["only a ratio has a numerator and a denominator"] if has_parts else []
    if m.numerateur is None or not m.denominateur:
        return ["a ratio has a numerator and a denominator other than zero"]
    if m.forme == "incidence":
        within = 0 <= valeur <= 100 and 0 <= m.numerateur <= m.denominateur and n <= m.denominateur
        return [] if within else ["events, people at risk and share within the people at the origin"]
    expected = scale(m.unite) * m.numerateur / m.denominateur
    return [
        ""
        if math.isclose(valeur, expected, rel_tol=1e-6, abs_tol=1e-5)
        else "not its numerator over its denominator",
        "a part above its whole"
        if m.forme in ("part", "part_estimee") and not 0 <= m.numerateur <= m.denominateur
        else "",
        "a share of people, a mean have their denominator as n"
        if m.forme in ("part", "taux", "moyenne") and n != m.denominateur
        else "",
    ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS) + 0.0


def counts_people(forme: str, unite: str) -> bool:
    """Whether a form and a unit are those of a number of people or of their ETP."""
    return forme == "compte" or unite in ("etp", "etp_annees")


def scale(unite: str) -> int:
    """By what a ratio is multiplied to be in its unit."""
    return 100 if unite == "pourcent" else 1


@dataclass(frozen=True)
class Addition:
    """What binds measures of one place and period: these categories of ``mesure`` add up to ``total``.

    A measure that is not broken down has one category, the empty one.
    """

    total: str
    mesure: str
    modalites: tuple[str, ...]


@dataclass(frozen=True)
class Lien:
    """What binds a count to measures of other people: one row of ``data/dictionary/liens.csv``.

    ``inclusion``: at one place and at the end of one period, those whom ``petits`` count or divide by are
    among ``grand``; ``cumul``: so are those of all periods together; ``loi``: a unit of ``grand`` is worth
    ``bas`` to ``haut`` of each of them. ``modalites`` are their categories that are, all when empty.
    """

    grand: str
    petits: tuple[str, ...]
    modalites: tuple[str, ...]
    lien: Literal["inclusion", "cumul", "loi"]
    bas: float = 0.0
    haut: float = 0.0


@dataclass(frozen=True)
class Fenetre:
    """How far from a common day a value may be: one row of ``data/dictionary/rencontres.csv``.

    ``autour``: days before or after it; ``avant``: days before it, for the last value of a place that has
    none around. Without any, values meet at one period only.
    """

    autour: int = 0
    avant: int = 0


@dataclass(frozen=True)
class Definitions:
    """The definitions of the measures by name, in the dictionary's order, what adds up to what, what is bound
    to what, and how near to a common day the values of places meet."""

    by_name: Mapping[str, Definition]
    additions: tuple[Addition, ...] = ()
    liens: tuple[Lien, ...] = ()
    fenetres: Mapping[str, Fenetre] = field(default_factory=dict)

    def fenetre(self, mesure: str) -> Fenetre:
        """How near to a common day the values of two places meet; at one period only unless declared."""
        return self.fenetres.get(mesure, Fenetre())

    def of(self, mesure: str) -> Definition:
        """The definition of that name; raises UnknownName with the nearest known one."""
        if mesure not in self.by_name:
            raise UnknownName("mesure", mesure, self.by_name)
        return self.by_name[mesure]

    def of_family(self, famille: str) -> tuple[Definition, ...]:
        return tuple(definition for definition in self.by_name.values() if definition.famille == famille)


def trop_petits(mesures: Iterable[Mesure]) -> frozenset[str]:
    """The territories that never had :data:`PLUS_PETIT` volunteers: no sum of all together counts them."""
    most: dict[str, float] = {}
    for m in mesures:
        if m.mesure == TAILLE and m.lieu != ENSEMBLE and m.valeur is not None:
            most[m.lieu] = max(m.valeur, most.get(m.lieu, 0))
    return frozenset(lieu for lieu, value in most.items() if value < PLUS_PETIT)


@dataclass(frozen=True)
class Cadre:
    """Where measures are built: one place, one nature of data, one source.

    Each method builds one form of measure and refuses a measure declared with another, as well as a
    category that its list does not hold.
    """

    lieu: str
    nature: Nature
    source: str
    definitions: Definitions

    def compte(self, mesure: str, periode: str, valeur: int, *, modalite: str = "", ebe: str = "") -> Mesure:
        """A count of people or of events: zero is a count, not a missing value."""
        return self._built(mesure, periode, {"compte"}, valeur=valeur, n=valeur, modalite=modalite, ebe=ebe)

    def ventilation(self, mesure: str, periode: str, valeurs: Iterable[str]) -> Iterator[Mesure]:
        """The count of each category of a measure among these values, zeros included.

        Raises UnknownName for a value out of them: nobody is lost.
        """
        counts = {choix.code: 0 for choix in self.definitions.of(mesure).modalites}
        for valeur in valeurs:
            if valeur not in counts:
                raise UnknownName(f"modalité de {mesure}", str(valeur), counts)
            counts[valeur] += 1
        for code, count in counts.items():
            yield self.compte(mesure, periode, count, modalite=code)

    def somme(
        self,
        mesure: str,
        periode: str,
        valeur: float,
        *,
        n: int,
        modalite: str = "",
        ebe: str = "",
        prix: str = "",
    ) -> Mesure:
        """A quantity (ETP, hours), a duration or an amount of euros over ``n`` observations."""
        return self._built(
            mesure,
            periode,
            {"quantite", "montant", "duree"},
            valeur=valeur,
            n=n,
            modalite=modalite,
            ebe=ebe,
            prix=prix,
        )

    def ratio(
        self,
        mesure: str,
        periode: str,
        numerateur: float,
        denominateur: float,
        *,
        vide: str,
        n: int | None = None,
        modalite: str = "",
        ebe: str = "",
        prix: str = "",
    ) -> Mesure:
        """A numerator over a denominator; missing for the reason ``vide`` when the denominator is zero.

        ``n`` is the denominator itself unless it is given, as it must be for euros or hours.
        """
        if denominateur == 0:
            return self.absente(mesure, periode, vide, modalite=modalite, ebe=ebe, sans_objet=numerateur == 0)
        definition = self.definitions.of(mesure)
        return self._built(
            mesure,
            periode,
            RATIOS,
            valeur=scale(definition.unite) * numerateur / denominateur,
            numerateur=numerateur,
            denominateur=denominateur,
            n=int(denominateur) if n is None else n,
            modalite=modalite,
            ebe=ebe,
            prix=prix,
        )

    def mediane(
        self, mesure: str, periode: str, valeurs: Sequence[float], *, vide: str, modalite: str = ""
    ) -> Mesure:
        """The median of the values, missing for the reason ``vide`` when there are none."""
        if not valeurs:
            return self.absente(mesure, periode, vide, modalite=modalite)
        return self._built(
            mesure, periode, {"mediane"}, valeur=median(valeurs), n=len(valeurs), modalite=modalite
        )

    def incidence(
        self,
        mesure: str,
        periode: str,
        probabilite: float,
        *,
        evenements: int,
        origine: int,
        a_risque: int,
        modalite: str,
        bornes: tuple[float, float] | None = None,
    ) -> Mesure:
        """An estimated probability (0 to 1) that an event has come by a horizon, or that none has.

        ``origine`` people are followed from the start, ``evenements`` of them are counted by the horizon: who
        had the event, or had none; ``a_risque`` are still followed there without any event. ``bornes`` are
        its interval, told to the tenth of a percent.
        """
        low, high = (None, None) if bornes is None else (round(100 * bound, 1) for bound in bornes)
        return self._built(
            mesure,
            periode,
            {"incidence"},
            valeur=100 * probabilite,
            numerateur=evenements,
            denominateur=origine,
            n=a_risque,
            modalite=modalite,
            bas=low,
            haut=high,
        )

    def ecart(
        self,
        mesure: str,
        periode: str,
        valeur: float,
        *,
        n: int,
        modalite: str,
        bornes: tuple[float, float] | None = None,
    ) -> Mesure:
        """A difference between two groups, the smaller of which has ``n`` people; ``bornes`` its interval."""
        low, high = map(_rounded, bornes or (None, None))
        return self._built(
            mesure, periode, {"ecart"}, valeur=valeur, n=n, modalite=modalite, bas=low, haut=high
        )

    def coefficient(
        self,
        mesure: str,
        periode: str,
        valeur: float,
        *,
        n: int,
        modalite: str = "",
        bas: float | None = None,
        haut: float | None = None,
    ) -> Mesure:
        """A number without a unit, estimated on ``n`` people: a reliability, a probability."""
        bounds = {"bas": _rounded(bas), "haut": _rounded(haut)}
        return self._built(mesure, periode, {"coefficient"}, valeur=valeur, n=n, modalite=modalite, **bounds)

    def absente(
        self,
        mesure: str,
        periode: str,
        motif: str,
        *,
        modalite: str = "",
        ebe: str = "",
        sans_objet: bool = False,
    ) -> Mesure:
        """A value that cannot be computed, and why, as a clause that a page shows.

        ``sans_objet``: because there is nobody to count, which is not to be missing.
        """
        forme = self.definitions.of(mesure).forme
        missing = {"etat": "absente", "motif": motif, "sans_objet": sans_objet}
        return self._built(mesure, periode, {forme}, modalite=modalite, ebe=ebe, **missing)

    def _built(
        self, mesure: str, periode: str, formes: set[str] | frozenset[str], **values: object
    ) -> Mesure:
        definition = self.definitions.of(mesure)
        if definition.forme not in formes:
            raise ValueError(f"{mesure} is declared « {definition.forme} », built as {sorted(formes)}")
        modalite = values["modalite"]
        if modalite not in definition.codes:
            codes = [choix.code for choix in definition.modalites]
            raise UnknownName(f"modalité de {mesure}", str(modalite), codes)
        if isinstance(values.get("valeur"), float):
            values["valeur"] = round(values["valeur"], DECIMALS) + 0.0  # type: ignore[call-overload]
        return Mesure(
            definition.mesure,
            self.lieu,
            periode,
            definition.forme,
            definition.unite,
            self.nature,
            self.source,
            **values,  # type: ignore[arg-type]
        )
