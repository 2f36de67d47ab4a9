"""What is concluded of each hypothesis: the signed verdict, and beside it what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.presentation.parts.prose import Named, figures_named
from analysis.secret.bundle import Bundle
from analysis.sources.verdicts import Verdict


@dataclass(frozen=True)
class Changement:
    """A figure that a verdict cites and that is no longer what it was when the verdict was written down.

    ``avant`` is empty for one that was never noted, ``apres`` for one that the verdict no longer cites.
    """

    renvoi: str
    avant: str
    apres: str

    @property
    def nom(self) -> str:
        """The figure as a reader looks for it: « n° 464 », or the words of the placeholder of a series."""
        return f"n° {self.renvoi[1:]}" if self.renvoi.startswith("#") else f"« {self.renvoi} »"

    def __str__(self) -> str:
        if not self.avant:
            return f"le chiffre {self.nom} n'a pas été relevé (aujourd'hui « {self.apres} »)"
        if not self.apres:
            return f"le chiffre {self.nom} n'est plus cité (il disait « {self.avant} »)"
        return f"le chiffre {self.nom} a changé : il disait « {self.avant} », il dit « {self.apres} »"


def releve(verdict: Verdict, bundle: Bundle) -> tuple[tuple[str, str], ...]:
    """What the register says today of each figure that a verdict cites, by its placeholder."""
    return tuple((name, _said(found)) for name, found in figures_named(verdict.corps, bundle).items())


def changements(verdict: Verdict, bundle: Bundle) -> Iterator[Changement]:
    """The figures of a verdict that are no longer what was noted of them, in the order of its text."""
    before, now = dict(verdict.chiffres), dict(releve(verdict, bundle))
    for name in (*now, *(name for name in before if name not in now)):
        if before.get(name) != now.get(name):
            yield Changement(name, before.get(name, ""), now.get(name, ""))


def _said(found: Named) -> str:
    """A figure in one line: what its source prints, how it is read, its unit and its period.

    The words of the dictionary are not in it: naming a unit otherwise changes no figure.
    """
    if isinstance(found, tuple):
        serie, period = found[0].content, found[1]
        return f"{serie.at(period):.15g} {serie.unite}, {period}"
    chiffre = found.content
    bounds = (chiffre.borne_basse, chiffre.borne_haute)
    read = " à ".join("?" if bound is None else f"{bound:.15g}" for bound in bounds)
    between = f" (lu {read})" if bounds != (None, None) else ""
    value = chiffre.valeur_imprimee if chiffre.valeur is None else f"{chiffre.valeur:.15g}"
    return f"{value}{between} {chiffre.unite}, {chiffre.periode or 'sans date'}"
