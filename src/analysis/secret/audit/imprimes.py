"""A withheld number that a file prints beside the name of its measure, of its place and of its category."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analysis.noyau.mesures import ENSEMBLE, Definitions, Mesure
from analysis.noyau.periods import MONTHS, Period
from analysis.secret.audit.enonces import Enonce, simple
from analysis.secret.release import Released

_YEAR = re.compile(r"\b(20[12]\d)\b")
_MOIS: Final = tuple(simple(name) for name in MONTHS)
_DATE = re.compile(rf"\b({'|'.join(_MOIS)}) (20[12]\d)\b")


@dataclass(frozen=True)
class Imprimee:
    """A measure whose withheld number a file prints, and where."""

    mesure: Mesure
    fichier: str
    place: str


@dataclass(frozen=True)
class _Nommee:
    """A measure by the words that name it on a page, or in data: its label or its code.

    ``categorie`` likewise; ``autres`` are the labels of the other categories of the measure; ``mois`` is
    empty for a measure of a year.
    """

    mesure: Mesure
    noms: tuple[str, ...]
    categorie: tuple[str, ...]
    autres: tuple[str, ...]
    lieu: str
    mois: str
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
                if not _is_labelled(one, named) or not names.is_of(one, named):
                    continue
                if (named.mesure.cle, one.fichier, one.place) in seen:
                    continue
                if not any(names.may_be(one, other) for other in told_by.get(number, ())):
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
        if not (named.annee in years or (not years and named.is_last)) or not self.is_named(one, named):
            return False
        months = {month for month, year in _DATE.findall(one.dedans) if year == named.annee}
        return not named.mois or not months or named.mois in months

    def is_named(self, one: Enonce, named: _Nommee) -> bool:
        """Whether a statement names a measure, its category and its place."""
        if not _is_labelled(one, named) or not _is_category(one, named):
            return False
        if one.is_serre and not one.tout.endswith(named.categorie or named.noms):
            return False
        return self._is_at(one, named)

    def may_be(self, one: Enonce, named: _Nommee) -> bool:
        """Whether a statement may be of a measure: the words of its label are there, together or not."""
        words = set(one.tout.split())
        is_there = any(words.issuperset(name.split()) for name in named.noms)
        return is_there and _is_category(one, named) and self._is_at(one, named)

    def _is_at(self, one: Enonce, named: _Nommee) -> bool:
        """Whether a statement names the place of a measure, or its EBE."""
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
        end = Period(m.periode).end
        label = labels.get(m.modalite, m.modalite)
        return _Nommee(
            m,
            _names(definition.libelle, m.mesure),
            _names(label, m.modalite) if m.modalite else (),
            tuple(simple(other) for other in labels.values() if other != label),
            self.places.get(m.lieu, m.lieu),
            "" if Period(m.periode).precision == "année" else _MOIS[end.month - 1],
            str(end.year),
            self.last.get(m.cle[:4]) == m.periode,
        )


def _names(label: str, code: str) -> tuple[str, ...]:
    """How a page and how data name it: a code of one word is too common to name anything."""
    return (simple(label), *([simple(code)] if "_" in code else []))


def _is_labelled(one: Enonce, named: _Nommee) -> bool:
    return any(name in one.tout for name in named.noms)


def _is_category(one: Enonce, named: _Nommee) -> bool:
    """Whether a statement is of the category of a measure: not where its row or column names another."""
    if not named.categorie:
        return True
    if not any(_holds(one.tout, name) for name in named.categorie):
        return False
    is_here = any(_holds(one.precis, name) for name in named.categorie)
    return is_here or not any(_holds(one.precis, other) for other in named.autres)


def _holds(words: str, name: str) -> bool:
    return f" {name} " in f" {words} "


def _printed(m: Mesure) -> set[str]:
    """How the numbers of a measure may be printed: with no decimal to two, or in full."""
    numbers = [number for number in (m.valeur, m.numerateur, m.denominateur) if number is not None]
    shown = {f"{number:.15g}" for number in numbers}
    if m.forme != "compte":
        shown |= {f"{m.valeur:.{decimals}f}" for decimals in (0, 1, 2)}
    return shown
