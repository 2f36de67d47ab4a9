"""What a text must hold before a chapter takes it: its numbers from the register, its verdicts up to date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from analysis.noyau.errors import BilanError, Finding, InvalidData
from analysis.noyau.hypotheses import CODES
from analysis.noyau.paths import Project
from analysis.presentation.parts.prose import figures_named, resolve, typed_numbers
from analysis.presentation.published.jugement import changements
from analysis.secret.bundle import Bundle
from analysis.sources.verdicts import FILE, Verdict, load_verdicts

_SIGN = "Relisez-le, puis « bilan verdict signer » le signe de nouveau avec les chiffres d'aujourd'hui."


def text_findings(body: str, bundle: Bundle, shown: str, line: int | None = None) -> Iterator[Finding]:
    """What is wrong with a text: a number that it types, but for years, dates and the names of the EBE, and
    a placeholder that does not name one figure."""
    try:
        resolve(body, bundle)
    except BilanError as error:
        yield Finding(shown, line, None, str(error), "un renvoi à un seul chiffre du registre")
    for name in (ebe.nom for territoire in bundle.territoires for ebe in territoire.ebe):
        body = body.replace(name, "")
    expected = "un renvoi au registre, comme « {effectif_ebe@2023-10} » ; une année ou une date se tape"
    for number in typed_numbers(body):
        yield Finding(shown, line, None, f"« {number} »", expected)


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
    of_text = list(text_findings(verdict.corps, bundle, shown, verdict.ligne))
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
