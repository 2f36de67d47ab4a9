"""The rules of the scale of evidence: what may be called « établie », « contestée », « absente ».

Evidence, the figures that it names → what does not hold, each with its line. The rules are data: what each
degree asks stands in ``data/dictionary/forces.csv``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from analysis.noyau.declared.dictionary import Dictionary, Force
from analysis.noyau.errors import Finding
from analysis.noyau.french import counted
from analysis.sources.fiches import Chiffre, Preuve, Source

OFFICIEL = "texte_officiel"
"""The nature of a source that fixes a fact alone."""


def preuve_findings(
    file: str,
    preuves: Mapping[int, Preuve],
    *,
    chiffres: Iterable[Chiffre],
    sources: Iterable[Source],
    dictionary: Dictionary,
) -> list[Finding]:
    """What does not hold of evidence by line: its direction, its readings, its origins.

    A degree may ask that the figures of an effect were read where they were made, that as many independent
    origins as it says are cited (one official text is enough), or that the evidence says nothing of the
    hypothesis.
    """
    by_number = {chiffre.numero: chiffre for chiffre in chiffres}
    cards = {source.source: source for source in sources}
    findings = []
    for line, preuve in preuves.items():
        degree = dictionary.force(preuve.force)
        cited = [by_number[numero] for numero in sorted(preuve.numeros)]
        for column, found, expected in (
            *_direction(preuve, degree, dictionary),
            *_readings(preuve, degree, cited, dictionary),
            *_origins(degree, cited, cards),
        ):
            findings.append(Finding(file, line, column, found, expected))
    return findings


_Fault = tuple[str, str, str]


def _direction(preuve: Preuve, degree: Force, dictionary: Dictionary) -> Iterator[_Fault]:
    """Evidence that does not exist says nothing of a hypothesis."""
    if degree.directions and preuve.direction not in degree.directions:
        admitted = " ou ".join(f"« {dictionary.direction(name).libelle} »" for name in degree.directions)
        found = f"« {dictionary.direction(preuve.direction).libelle} » d'une preuve {degree.libelle}"
        yield "direction", found, admitted


def _readings(
    preuve: Preuve, degree: Force, cited: Iterable[Chiffre], dictionary: Dictionary
) -> Iterator[_Fault]:
    """An effect known through someone who cites it is not established."""
    if not (preuve.effet and degree.lectures):
        return
    admitted = " ou ".join(dictionary.lecture(name).libelle for name in degree.lectures)
    for chiffre in cited:
        if chiffre.lecture not in degree.lectures:
            read = dictionary.lecture(chiffre.lecture).libelle if chiffre.lecture else "sans lecture relevée"
            found = f"l'effet dit {degree.libelle}, dont le chiffre n° {chiffre.numero} est {read}"
            yield "force", found, f"une force moindre, ou un chiffre {admitted}"


def _origins(degree: Force, cited: Iterable[Chiffre], cards: Mapping[str, Source]) -> Iterator[_Fault]:
    """Who prints what others said is not one more origin."""
    figures = list(cited)
    if any(cards[chiffre.source].nature == OFFICIEL for chiffre in figures):
        return
    origins = {chiffre.evaluation or cards[chiffre.source].editeur for chiffre in figures}
    if len(origins) < degree.origines:
        found = f"{counted(len(origins), 'origine', 'origines')} parmi les chiffres cités"
        yield (
            "force",
            f"« {degree.libelle} » avec {found}",
            f"{degree.origines} évaluations ou éditeurs différents",
        )
