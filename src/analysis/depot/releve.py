"""Gather the findings of one text file, however many they are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from analysis.depot.constats import Constat

MOST_CONSTATS = 1000
"""Findings of one rule that are told one by one for a file: beyond, they are counted."""


@dataclass
class Releve:
    """The findings of one file, at most ``MOST_CONSTATS`` of each rule; the others are counted."""

    fichier: str
    kept: list[Constat] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(
        self, regle: str, ligne: int | None, entete: str, trouve: str, attendu: str, remede: str = ""
    ) -> None:
        self.counts[regle] += 1
        if self.counts[regle] <= MOST_CONSTATS:
            self.kept.append(
                Constat(regle, self.fichier, trouve, attendu, remede, ligne=ligne, entete=entete)
            )

    def constats(self) -> tuple[Constat, ...]:
        """The findings in the order of the file, then one for each rule that had too many."""
        expected = f"{MOST_CONSTATS} constats au plus d'une même règle pour un fichier"
        beyond = {rule: count - MOST_CONSTATS for rule, count in self.counts.items() if count > MOST_CONSTATS}
        more = [
            Constat(rule, self.fichier, f"encore {count} fois la même faute", expected)
            for rule, count in beyond.items()
        ]
        return (*self.kept, *more)
