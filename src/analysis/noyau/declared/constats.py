"""Which measure of the deposits speaks of a hypothesis, and in which direction from which value."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from analysis.noyau.declared.written import load_written
from analysis.noyau.paths import Project


@dataclass(frozen=True)
class Constat:
    """A rule declared before any number is known: what a value says, under ``seuil`` or from it on.

    ``au_moins`` is the direction of a value equal to ``seuil`` or above it, ``sous`` that of one under it.

    >>> rule = Constat("H1", "taux_sortie", "", 50.0, "appuie", "nuance", "")
    >>> rule.direction(50), rule.direction(49.9)
    ('appuie', 'nuance')
    """

    hypothese: str
    mesure: str
    modalite: str
    seuil: float
    au_moins: str
    sous: str
    raison: str

    def direction(self, valeur: float) -> str:
        """What a value says of the hypothesis."""
        return self.au_moins if valeur >= self.seuil else self.sous


def load_constats(
    project: Project, *, mesures: Collection[str], directions: Collection[str]
) -> tuple[Constat, ...]:
    """The declared rules in their order; raises InvalidData with every finding."""
    known = {"mesures.mesure": mesures, "directions.direction": directions}
    rows = load_written(project, "constats", key=("hypothese", "mesure", "modalite"), known=known)
    return tuple(Constat(**{**row, "seuil": float(row["seuil"])}) for row in rows)  # type: ignore[arg-type]
