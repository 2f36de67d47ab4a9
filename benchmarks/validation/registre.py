"""The registry of validation cases: read from ``cas.toml``, each run and compared with what it must give."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import calculs

HERE = Path(__file__).parent
WAYS = ("publie", "programme", "montecarlo")


@dataclass(frozen=True)
class Cas:
    """A case: what is computed, what it must give within which tolerance and why, where that comes from."""

    nom: str
    voie: str
    calcul: str
    attendu: float
    tolerance: float
    raison: str
    source: str
    arguments: tuple[object, ...] = ()

    def __post_init__(self) -> None:
        if self.voie not in WAYS or not self.tolerance > 0 or not self.raison or not self.source:
            raise ValueError(f"{self.nom}: a way, a tolerance with its reason, a source")

    def trouve(self) -> float:
        """What the project gives."""
        return float(getattr(calculs, self.calcul)(*self.arguments))

    def tient(self, found: float) -> bool:
        return abs(found - self.attendu) <= self.tolerance


def cas() -> tuple[Cas, ...]:
    """All the cases, in the order of the file; ValueError for a name that comes twice."""
    rows = tomllib.loads((HERE / "cas.toml").read_text(encoding="utf-8"))["cas"]
    found = tuple(Cas(**{**row, "arguments": tuple(row.get("arguments", ()))}) for row in rows)
    if len({one.nom for one in found}) != len(found):
        raise ValueError("two cases have the same name")
    return found
