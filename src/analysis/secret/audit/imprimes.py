"""A withheld number that a file prints beside the name of its measure, of its place and of its category."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.noyau.mesures import ENSEMBLE, Definitions, Mesure
from analysis.noyau.periods import Period
from analysis.secret.audit.enonces import Enonce, simple
from analysis.secret.release import Released

_YEAR = re.compile(r"\b(20[12]\d)\b")


@dataclass(frozen=True)
class Imprimee:
    """A measure whose withheld number a file prints, and where."""

    mesure: Mesure
    fichier: str
    place: str


@dataclass(frozen=True)
class _Nommee:
    """A measure by the words that name it on a page."""

    mesure: Mesure
    libelle: str
    categorie: str
    lieu: str
    annee: str
    is_last: bool


def imprimees(
    found: Iterable[Enonce],
    mesures: Sequence[Mesure],
    released: Sequence[Released[Mesure]],
    definitions: Definitions,
    places: Mapping[str, str],
    ebe: Mapping[str, str],
) -> Iterator[Imprimee]:
    """The withheld measures that these statements print: ``places`` and ``ebe`` give the names of the
    territories and of their EBE.

    A statement prints a measure where it holds its number, or one of its two sides, and the words of its
    label, of its category, of its place and of its year, or no year where it is the last one. It is no leak
    where a released measure that it names as well, of any year, has that number.
    """
    whole = {m.cle: m for m in mesures if m.etat == "calculee"}
    hidden = [
        whole[r.content.cle] for r in released if r.content.etat == "masquee" and r.content.cle in whole
    ]
    told = [r.content for r in released if r.content.etat == "calculee"]
    names = _Noms(definitions, places, ebe, mesures)
    hidden_by, told_by = names.by_number(hidden), names.by_number(told)
    seen = set()
    for one in found:
        for number in one.nombres:
            for named in hidden_by.get(number, ()):
                if named.libelle not in one.tout or not names.is_of(one, named):
                    continue
                if (named.mesure.cle, one.fichier, one.place) in seen:
                    continue
                if not any(names.is_named(one, other) for other in told_by.get(number, ())):
                    seen.add((named.mesure.cle, one.fichier, one.place))
                    yield Imprimee(named.mesure, one.fichier, one.place)


class _Noms:
    """How measures are named on pages."""

    def __init__(
        self,
        definitions: Definitions,
        places: Mapping[str, str],
        ebe: Mapping[str, str],
        mesures: Iterable[Mesure],
    ) -> None:
        self.definitions = definitions
        self.ebe = {code: simple(name) for code, name in ebe.items()}
        self.places = {code: simple(name) for code, name in places.items()}
        self.last: dict[tuple[str, str, str, str], str] = {}
        for m in mesures:
            if m.etat == "calculee":
                key = m.cle[:4]
                self.last[key] = max(self.last.get(key, ""), m.periode)

    def by_number(self, mesures: Iterable[Mesure]) -> Mapping[str, list[_Nommee]]:
        """These measures by each way to print their numbers."""
        found: dict[str, list[_Nommee]] = defaultdict(list)
        for m in mesures:
            named = self._named(m)
            for text in sorted(_printed(m)):
                found[text].append(named)
        return found

    def is_of(self, one: Enonce, named: _Nommee) -> bool:
        """Whether a statement names a measure and its year."""
        years = set(_YEAR.findall(one.dedans))
        return (named.annee in years or (not years and named.is_last)) and self.is_named(one, named)

    def is_named(self, one: Enonce, named: _Nommee) -> bool:
        """Whether a statement names a measure, its category and its place."""
        if named.libelle not in one.tout or (named.categorie and not _holds(one.tout, named.categorie)):
            return False
        if one.is_serre and not one.tout.endswith((named.libelle, named.categorie or named.libelle)):
            return False
        m = named.mesure
        shown = [code for code, name in self.ebe.items() if _holds(one.tout, name)]
        if m.ebe or shown:
            return m.ebe in shown
        if m.lieu == ENSEMBLE:
            return not any(_holds(one.tout, name) for name in self.places.values())
        inner = [name for name in self.places.values() if _holds(one.dedans, name)]
        return named.lieu in inner if inner else _holds(one.tout, named.lieu)

    def _named(self, m: Mesure) -> _Nommee:
        definition = self.definitions.of(m.mesure)
        labels = {choix.code: choix.libelle for choix in definition.modalites}
        return _Nommee(
            m,
            simple(definition.libelle),
            simple(labels.get(m.modalite, m.modalite)),
            self.places.get(m.lieu, m.lieu),
            str(Period(m.periode).end.year),
            self.last.get(m.cle[:4]) == m.periode,
        )


def _holds(words: str, name: str) -> bool:
    return f" {name} " in f" {words} "


def _printed(m: Mesure) -> set[str]:
    """How the numbers of a measure may be printed: with no decimal to two, or in full."""
    numbers = [number for number in (m.valeur, m.numerateur, m.denominateur) if number is not None]
    shown = {f"{number:.15g}" for number in numbers}
    if m.forme != "compte":
        shown |= {f"{m.valeur:.{decimals}f}" for decimals in (0, 1, 2)}
    return shown
