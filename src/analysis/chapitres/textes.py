"""What a text must hold before a chapter takes it: its numbers from the register, its verdicts up to date."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from analysis.noyau.errors import Finding, InvalidData
from analysis.noyau.hypotheses import CODES
from analysis.noyau.paths import Project
from analysis.presentation.parts.prose import figures_named, headings, typed_numbers, unresolved
from analysis.presentation.published.jugement import changements
from analysis.secret.bundle import Bundle
from analysis.sources.verdicts import FILE, Verdict, load_verdicts

_SIGN = "Relisez-le, puis « bilan verdict signer » le signe de nouveau avec les chiffres d'aujourd'hui."


def text_findings(
    body: str, bundle: Bundle, shown: str, first: int = 1, *, in_doubt: Collection[str] = ()
) -> Iterator[Finding]:
    """What is wrong with a text: a placeholder that does not name one figure, a number that it types, a title
    of the page's own rank.

    ``first`` is the line of the file on which it begins. Of the codes ``in_doubt``, which the register is at
    fault on, nothing is told.
    """
    for line, code, told in unresolved(body, bundle):
        if code not in in_doubt:
            yield Finding(shown, first + line - 1, None, told, "un renvoi à un seul chiffre du registre")
    names = [ebe.nom for territoire in bundle.territoires for ebe in territoire.ebe]
    yield from prose_findings(body, shown, first, names=names)


def prose_findings(
    body: str, shown: str, first: int | None = 1, *, names: Iterable[str] = ()
) -> Iterator[Finding]:
    """What is wrong with prose whatever the figures: a typed number, but for those of these names; a title
    of the page's own rank.

    ``first`` is None where the place is told without lines.
    """
    for name in names:
        body = body.replace(name, " " * len(name))
    numbers = "un renvoi au registre, comme « {effectif_ebe@2023-10} » ; une année ou une date se tape"
    for line, number in typed_numbers(body):
        yield Finding(shown, None if first is None else first + line - 1, None, f"« {number} »", numbers)
    for line, level, anchor in headings(body):
        if level == 1:
            yield Finding(
                shown,
                None if first is None else first + line - 1,
                None,
                f"le titre « {anchor} » au rang de celui de la page",
                "un titre écrit « ## » ou « ### »",
            )


def read_verdicts(project: Project, bundle: Bundle) -> tuple[Verdict, ...]:
    """The verdicts of a bilan, each on figures that the bundle of its synthesis holds.

    Raises InvalidData for a verdict that cites no figure, or types one, and for a signed one of which a
    figure changed since: it says which.
    """
    verdicts = written_verdicts(project)
    shown = project.shown(project.texts / FILE)
    findings = list(chain.from_iterable(_findings(verdict, bundle, shown) for verdict in verdicts))
    if findings:
        raise InvalidData(findings)
    return verdicts


def written_verdicts(project: Project) -> tuple[Verdict, ...]:
    """The verdicts of a bilan as they are written, whatever became of their figures."""
    path = project.texts / FILE
    return load_verdicts(path, shown=project.shown(path), hypotheses=CODES)


def to_review(verdicts: Sequence[Verdict], bundle: Bundle) -> list[str]:
    """What forbids an edition to print these verdicts, a sentence each: none is written, a figure changed."""
    if not verdicts:
        return [f"verdicts : {FILE} n'est pas écrit"]
    return [
        f"le verdict sur {verdict.hypothese} est à revoir : {change}"
        for verdict in verdicts
        for change in changements(verdict, bundle)
    ]


def verdict_findings(verdict: Verdict, bundle: Bundle, shown: str) -> Iterator[Finding]:
    """What is wrong with the words of a verdict: those of any text, and no figure cited."""
    of_text = [replace(f, line=verdict.ligne) for f in text_findings(verdict.corps, bundle, shown)]
    if not of_text and not figures_named(verdict.corps, bundle):
        found = f"un verdict sur « {verdict.hypothese} » qui ne cite aucun chiffre"
        yield Finding(shown, verdict.ligne, None, found, "un renvoi au registre au moins, comme « {#464} »")
    yield from of_text


def _findings(verdict: Verdict, bundle: Bundle, shown: str) -> Iterator[Finding]:
    """What refuses a verdict: its words; of a signed one, each figure that changed since."""
    of_words = list(verdict_findings(verdict, bundle, shown))
    yield from of_words
    if verdict.is_signed and not of_words:
        expected = f"ce que le verdict sur « {verdict.hypothese} » disait à sa signature"
        for change in changements(verdict, bundle):
            yield Finding(shown, verdict.ligne, None, str(change), expected, _SIGN)
