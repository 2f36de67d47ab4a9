"""The records of what others published: a figure as printed, a local series, and their sources."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.noyau.french import of
from analysis.noyau.periods import Period

NON_ETABLI = "non établi"

SECONDE_MAIN = "seconde_main"
"""The reading of a figure whose source cites another one, which was not read."""

_NUMBER = re.compile(r"\{#(\d+)(?::date)?\}")
"""How a sentence names a figure of the register, or the date of one."""

_ARRONDISSEMENT = re.compile(r"751\d\d|6938\d|132\d\d")
"""The codes of the arrondissements of Paris, Lyon and Marseille, which stand in the place of a commune's."""


@dataclass(frozen=True)
class Source:
    """The card of a document: an empty date, licence or address is not established.

    ``edition`` is the producer's own name of what was taken, ``date_donnees`` when the producer closed it,
    ``intermediaire`` who handed it on where that is not its producer, ``non_lu`` what of it was not read;
    ``langue`` is that of its title, empty for French.
    """

    source: str
    titre: str
    editeur: str
    nature: str
    date_publication: Period | None
    date_consultation: Period | None
    licence: str
    url: str
    edition: str
    date_donnees: Period | None
    intermediaire: str
    non_lu: str
    version: str
    langue: str

    @property
    def anchor(self) -> str:
        return self.source

    @property
    def through_another(self) -> bool:
        """Whether it was got from someone else than its producer."""
        return bool(self.intermediaire)


@dataclass(frozen=True)
class Ensemble:
    """All the territories of a phase together, or an experiment abroad: not a territory."""

    ensemble: str
    nom: str
    definition: str


@dataclass(frozen=True)
class Evaluation:
    """A published evaluation, what was really read of it, and what was not (empty: it was read whole)."""

    evaluation: str
    nom: str
    auteur: str
    date: Period
    champ: str
    methode: str
    lecture: str
    non_lu: str


@dataclass(frozen=True)
class Desaccord:
    """One quantity of which sources say different things, and what a person answered, once.

    The sources contradict each other, and all of them are kept and shown side by side; or the values are
    said compatible (``compatible``), and the reason is shown; or what was read since settles it, and says
    which figure is right (``retenu``): those that carry the code are set aside, and stay in the register.
    ``repondu_le`` is the day of the answer.
    """

    desaccord: str
    titre: str
    explication: str
    compatible: bool
    retenu: int | None
    repondu_le: Period

    @property
    def numeros(self) -> frozenset[int]:
        """The figures that its explanation names."""
        return named_figures(self.explication)

    @property
    def anchor(self) -> str:
        return f"desaccord-{self.desaccord}"[:40]


@dataclass(frozen=True)
class Preuve:
    """A piece of evidence on a hypothesis: what it says of it (``direction``), how strongly and why.

    ``effet`` tells evidence of what would have happened without the experiment from a description;
    ``phases`` are the ensembles that it covers, ``comparaison`` what it sets against what, ``revision``
    what would change it.
    """

    preuve: str
    hypothese: str
    element: str
    direction: str
    force: str
    effet: bool
    population: str
    phases: tuple[str, ...]
    comparaison: str
    revision: str
    raison: str

    @property
    def numeros(self) -> frozenset[int]:
        """The figures that it rests on: those that its statement and its reason name."""
        return named_figures(f"{self.element} {self.raison}")


@dataclass(frozen=True)
class Essentiel:
    """One of the numbers that a hurried reader leaves with: what it answers, and what it does not say.

    ``chiffre`` is the number of the figure shown, ``autres`` those of the other figures of the same quantity,
    of which its range is made.
    """

    rang: int
    question: str
    libelle: str
    chiffre: int
    autres: tuple[int, ...]
    limite: str


@dataclass(frozen=True)
class Recommandation:
    """What the evidence allows to decide, to whom it is said, and the evidence that it rests on, by codes."""

    recommandation: str
    destinataire: str
    texte: str
    preuves: tuple[str, ...]


@dataclass(frozen=True)
class Erratum:
    """A dated correction of something already published on a page."""

    date: Period
    page: str
    correction: str


def named_figures(text: str) -> frozenset[int]:
    """The numbers of the register that a sentence names.

    >>> sorted(named_figures("Le Fonds imprime {#70} au {#70:date}, la presse {#69}."))
    [69, 70]
    """
    return frozenset(map(int, _NUMBER.findall(text)))


class FaultyRecord(ValueError):
    """A record whose identities do not hold: the column at fault, what was found and expected."""

    def __init__(self, column: str, found: str, expected: str) -> None:
        super().__init__(f"{column}: {found} ; {expected}")
        self.column, self.found, self.expected = column, found, expected


@dataclass(frozen=True)
class Chiffre:
    """One published figure: a value as its source prints it, with the place, the period, the source.

    ``valeur`` is the number when the source prints an exact one; « une quarantaine », « 5 à 6000 »
    or « plus de 3500 » give ``borne_basse`` and ``borne_haute`` instead (one of them may be None).
    All three are in ``unite``; None for a unit that is a text or a date, which only
    ``valeur_imprimee`` carries. ``periode`` is None when the source gives none; ``periode_sure`` is
    False when it was deduced: such a figure is never drawn on a time axis. ``annee_prix`` is the year of the
    euros of an amount, None where it is not established or nothing is in euros. ``lecture`` is how it was
    read and ``page`` where, empty when nobody noted it; ``seconde_source`` prints the same value.

    Raises FaultyRecord when a value stands beside bounds, when bounds are crossed, when a date is said to be
    sure and is missing, when nothing says how a figure of an evaluation was read, or where it was.
    """

    numero: int
    territoire: str
    indicateur: str
    valeur: float | None
    borne_basse: float | None
    borne_haute: float | None
    valeur_imprimee: str
    unite: str
    periode: Period | None
    periode_sure: bool
    champ: str
    evaluation: str
    annee_prix: int | None
    desaccord: str
    source: str
    page: str
    lecture: str
    seconde_source: str
    note: str

    def __post_init__(self) -> None:
        low, high = self.borne_basse, self.borne_haute
        if self.valeur is not None and (low is not None or high is not None):
            raise FaultyRecord("valeur", f"« {self.valeur:g} » et des bornes", "l'une ou les autres")
        if low is not None and high is not None and low > high:
            raise FaultyRecord("borne_haute", f"{high:g} sous {low:g}", "une borne haute au-dessus")
        if self.periode_sure and self.periode is None:
            raise FaultyRecord("periode_sure", "« oui » sans période", "« non », ou une période")
        if self.evaluation and not self.lecture:
            raise FaultyRecord("lecture", "une cellule vide", "comment ce chiffre d'une évaluation a été lu")
        if self.lecture not in ("", SECONDE_MAIN) and not self.page:
            raise FaultyRecord("page", "une cellule vide", "la page ou la section où le chiffre a été lu")

    @property
    def anchor(self) -> str:
        return f"chiffre-{self.numero}"

    @property
    def is_money(self) -> bool:
        return "euros" in self.unite

    @property
    def is_number(self) -> bool:
        return any(part is not None for part in (self.valeur, self.borne_basse, self.borne_haute))

    @property
    def dated(self) -> bool:
        """The figure may be drawn on a time axis."""
        return self.periode is not None and self.periode_sure


@dataclass(frozen=True)
class Point:
    """One value of a local series."""

    periode: Period
    valeur: float


@dataclass(frozen=True)
class Serie:
    """A quantity of one statistical zone over time, in the unit of its indicator.

    ``points`` stand in order of time, one for each period; a period without a published value is
    absent, never zero. The zone of a series is not the experiment's perimeter.
    """

    zone_type: str
    zone: str
    zone_nom: str
    indicateur: str
    unite: str
    source: str
    points: tuple[Point, ...]

    def at(self, period: str) -> float | None:
        """The value at that period, None where none was published."""
        return next((p.valeur for p in self.points if p.periode.text == period), None)

    def anchor(self, period: Period) -> str:
        return f"{self.indicateur}-{self.zone}-{period}".lower()

    @property
    def zone_label(self) -> str:
        """The zone as a chart or a sentence names it."""
        if self.zone_type == "commune" and _ARRONDISSEMENT.fullmatch(self.zone):
            return f"{self.zone_nom} (arrondissement)"
        return {
            "commune": f"commune {of(self.zone_nom)}",
            "epci": self.zone_nom,
            "zone_emploi": f"zone d'emploi {of(self.zone_nom)}",
            "departement": f"{self.zone_nom} (département)",
            "france": self.zone_nom,
        }[self.zone_type]
