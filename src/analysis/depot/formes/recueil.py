"""Gather the findings of one text file, however many they are."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from analysis.depot.formes.constats import Constat
from analysis.noyau.declared.validation import form_of

MOST_CONSTATS = 1000
"""Findings of one rule that are told one by one for a file: beyond, they are counted."""

_SHOWN = re.compile(r"(?!.*[0-9]{9})[0-9,.+-]{1,12}")


@dataclass
class Recueil:
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


def shown(text: str) -> str:
    """A date, an amount or an account as a finding may tell it: itself if it can identify no one.

    >>> shown("20221301"), shown("0612345678"), shown("DUPONT"), shown(" ")
    ('« 20221301 »', 'un nombre', '6 caractères, sans chiffre', 'une cellule vide')
    """
    cell = text.strip()
    if not cell:
        return "une cellule vide"
    return f"« {cell} »" if _SHOWN.fullmatch(cell) else form_of(cell)


def lettered(recueil: Recueil, entete: str, count: int) -> None:
    """Tell the accounts of which only the first digits are read."""
    found = f"{count} ligne{'s' if count > 1 else ''} où autre chose suit les chiffres du compte"
    recueil.add("comptes_compte_lettres", None, entete, found, "des chiffres, seuls lus")


def gap(recueil: Recueil, line: int | None, cents: int, expected: str) -> None:
    """Tell sides that differ."""
    euros = f"{abs(cents) // 100},{abs(cents) % 100:02d} €"
    recueil.add("comptes_desequilibre", line, "", f"un écart de {euros}", expected)
