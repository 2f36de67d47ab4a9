"""The data dictionary: fields, units and indicators, declared once in ``data/dictionary``.

Validation, the documentation and the labels of the pages are all made from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from analysis.noyau.declared.csv_files import read_csv
from analysis.noyau.errors import InvalidData, UnknownName
from analysis.noyau.paths import Project

FIELD_COLUMNS = ("table", "champ", "type", "obligatoire", "valeurs", "unite", "citable", "definition")

FATE = "sort"
"""The family of what decides a territory's fate: it comes first wherever the territory is told."""


@dataclass(frozen=True)
class Field:
    """One column that a table may hold.

    ``valeurs`` is a closed list, references « table.champ », or one range « 0..1 »; a value of a field
    that is not ``citable`` may identify someone, so no message quotes it.
    """

    table: str
    champ: str
    type: str
    obligatoire: bool
    valeurs: tuple[str, ...]
    unite: str
    citable: bool
    definition: str


_FINE = ("par mois", "par heure")
"""How the unit of an amount ends that is told to the cent, however large."""


@dataclass(frozen=True)
class Unite:
    """A unit of the closed list: what follows the number, and how many decimals show at most."""

    unite: str
    singulier: str
    pluriel: str
    decimales: int
    nature: str

    @property
    def is_number(self) -> bool:
        return self.nature == "nombre"

    def decimals_of(self, value: float) -> int:
        """How many decimals a value shows at most: an amount of a thousand a year or more has no cents.

        >>> Unite("euros_an", "€ par an", "€ par an", 2, "nombre").decimals_of(-21203.52)
        0
        """
        is_amount = self.singulier[:1] in ("€", "£") and not self.singulier.endswith(_FINE)
        return 0 if is_amount and abs(value) >= 1000 else self.decimales


@dataclass(frozen=True)
class Indicateur:
    """One quantity: its only name, its definition, its unit, and what it does not say."""

    indicateur: str
    libelle: str
    definition: str
    unite: str
    famille: str
    hypotheses: tuple[str, ...]
    limite: str
    confusion: tuple[str, ...]


@dataclass(frozen=True)
class Force:
    """A degree of the scale on which evidence is weighed: how it reads (« preuve établie »), what it means.

    ``rang`` is 1 for the strongest. What the degree asks of evidence: how many independent ``origines``, of
    which ``lectures`` the figures of an effect are, which ``directions`` it may have (empty: any).
    """

    force: str
    libelle: str
    pluriel: str
    definition: str
    rang: int
    origines: int
    lectures: tuple[str, ...]
    directions: tuple[str, ...]


@dataclass(frozen=True)
class Direction:
    """What evidence says of a hypothesis: how it reads (« la preuve nuance »), and what it means."""

    direction: str
    libelle: str
    pluriel: str
    definition: str
    rang: int


@dataclass(frozen=True)
class Lecture:
    """How a figure was read; ``rang`` is 1 for the reading nearest to who made it."""

    lecture: str
    libelle: str
    definition: str
    rang: int


@dataclass(frozen=True)
class Dictionary:
    """The indicators, their units, and the words that weigh evidence, by name; each scale in its order."""

    indicators: tuple[Indicateur, ...]
    units: tuple[Unite, ...]
    forces: tuple[Force, ...]
    directions: tuple[Direction, ...]
    lectures: tuple[Lecture, ...]

    @cached_property
    def _indicators(self) -> dict[str, Indicateur]:
        return {indicator.indicateur: indicator for indicator in self.indicators}

    @cached_property
    def _units(self) -> dict[str, Unite]:
        return {unit.unite: unit for unit in self.units}

    def indicator(self, name: str) -> Indicateur:
        """The indicator of that name; raises UnknownName with the nearest known one."""
        if name not in self._indicators:
            raise UnknownName("indicateur", name, self._indicators)
        return self._indicators[name]

    def unit_of(self, indicator: str) -> Unite:
        return self._units[self.indicator(indicator).unite]

    def force(self, name: str) -> Force:
        """The degree of the scale of that name; raises UnknownName for one that the scale does not hold."""
        for force in self.forces:
            if force.force == name:
                return force
        raise UnknownName("force", name, [force.force for force in self.forces])

    def direction(self, name: str) -> Direction:
        """The direction of that name; raises UnknownName for one that the dictionary does not hold."""
        for direction in self.directions:
            if direction.direction == name:
                return direction
        raise UnknownName("direction", name, [direction.direction for direction in self.directions])

    def lecture(self, name: str) -> Lecture:
        """The reading of that name; raises UnknownName for one that the dictionary does not hold."""
        for lecture in self.lectures:
            if lecture.lecture == name:
                return lecture
        raise UnknownName("lecture", name, [lecture.lecture for lecture in self.lectures])

    def unit(self, name: str) -> Unite:
        """The unit of that name; raises KeyError for one that the dictionary does not hold."""
        return self._units[name]


def load_fields(project: Project) -> dict[str, tuple[Field, ...]]:
    """The declared columns of each written table, in their order."""
    path = project.dictionary / "champs.csv"
    shown = project.shown(path)
    return dict(_fields(path.read_bytes(), path, shown)) if path.is_file() else _read_fields(path, shown)


@lru_cache(maxsize=4)
def _fields(_content: bytes, path: Path, shown: str) -> dict[str, tuple[Field, ...]]:
    """The declared columns of a file, once for the same bytes."""
    return _read_fields(path, shown)


def _read_fields(path: Path, shown: str) -> dict[str, tuple[Field, ...]]:
    raw, findings = read_csv(path, shown=shown, columns=FIELD_COLUMNS)
    if findings:
        raise InvalidData(findings)
    tables: dict[str, list[Field]] = {}
    for row in raw.rows.values():
        field = Field(
            table=row["table"],
            champ=row["champ"],
            type=row["type"],
            obligatoire=row["obligatoire"] == "oui",
            valeurs=tuple(row["valeurs"].split("|")) if row["valeurs"] else (),
            unite=row["unite"],
            citable=row["citable"] == "oui",
            definition=row["definition"],
        )
        tables.setdefault(field.table, []).append(field)
    return {table: tuple(declared) for table, declared in tables.items()}
