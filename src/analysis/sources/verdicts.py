"""What evaluators conclude of each hypothesis: one signed, dated judgement each, in one Markdown file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.noyau.errors import Finding, InvalidData
from analysis.noyau.periods import Period

FILE = "verdicts.md"
"""The file of ``notebooks/textes`` that holds them."""

PROJET, SIGNE = "projet", "signe"
"""What a verdict may be: a draft, which every page marks as one, or signed."""

_TITLE = re.compile(r"## +(\S+)\s*")
_CITED = re.compile(r"chiffre (\S+)")
_HEAD = ("auteur", "date", "etat")
_EXAMPLE = "sous le titre « auteur: Prénom Nom », « date: 2026-11-28 », « etat: projet » et une ligne vide"
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[«“\"A-ZÀ-ÖØ-Þ{])")


@dataclass(frozen=True)
class Verdict:
    """A judgement on one hypothesis, who concludes so and on which day.

    ``corps`` is its Markdown, two sentences whose numbers are placeholders. ``chiffres`` are the figures that
    it cites, each by its placeholder with what the register said of it the day it was written down; empty
    while nobody has. ``ligne`` is the line of its title in the file.
    """

    hypothese: str
    auteur: str
    date: Period
    is_signed: bool
    chiffres: tuple[tuple[str, str], ...]
    corps: str
    ligne: int

    @property
    def phrases(self) -> tuple[str, ...]:
        """Its sentences: what is concluded, then how sure it is and compared with what.

        >>> Verdict("H1", "A", Period("2021"), False, (), "Oui, {#1}. Une seule source le dit.", 1).phrases
        ('Oui, {#1}.', 'Une seule source le dit.')
        """
        return tuple(_SENTENCE.split(" ".join(self.corps.split())))


def load_verdicts(path: Path, *, shown: str, hypotheses: Sequence[str]) -> tuple[Verdict, ...]:
    """The verdicts of a file in the order of the hypotheses; none where there is no file.

    Raises InvalidData with every finding: a hypothesis without a verdict or with two, an unknown one, a
    verdict without its author, its day or its state, and one that is not of two sentences.
    """
    if not path.is_file():
        return ()
    try:
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        expected = "un fichier de texte enregistré en UTF-8"
        raise InvalidData([Finding(shown, 1, None, "un autre encodage", expected)]) from None
    sections = list(_sections(text))
    findings: list[Finding] = []
    if text.strip() and not text.startswith("## "):
        findings.append(Finding(shown, 1, None, "un texte avant le premier verdict", "« ## H1 »"))
    made = [_verdict(shown, *section, findings) for section in sections]
    findings += _set_findings(shown, [(line, code) for line, code, _, _ in sections], hypotheses)
    if findings:
        raise InvalidData(findings)
    found = [verdict for verdict in made if verdict is not None]
    return tuple(sorted(found, key=lambda verdict: hypotheses.index(verdict.hypothese)))


def written(verdicts: Sequence[Verdict]) -> str:
    """The text of a file of verdicts, as :func:`load_verdicts` reads it."""
    parts = []
    for verdict in verdicts:
        head = [
            f"## {verdict.hypothese}",
            f"auteur: {verdict.auteur}",
            f"date: {verdict.date}",
            f"etat: {SIGNE if verdict.is_signed else PROJET}",
            *(f"chiffre {name}: {said}" for name, said in verdict.chiffres),
        ]
        parts.append("\n".join([*head, "", verdict.corps, ""]))
    return "\n".join(parts)


def _sections(text: str) -> Iterator[tuple[int, str, list[str], str]]:
    """The line, the hypothesis, the head and the body of each verdict, as written."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("## ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        title = _TITLE.fullmatch(lines[start])
        head, _, body = "\n".join(lines[start + 1 : end]).partition("\n\n")
        yield start + 1, title[1] if title else lines[start][3:], head.splitlines(), body.strip()


def _verdict(
    shown: str, line: int, code: str, head: list[str], body: str, findings: list[Finding]
) -> Verdict | None:
    values = {name.strip(): value.strip() for name, _, value in (text.partition(":") for text in head)}
    missing = [name for name in _HEAD if not values.get(name)]
    if missing:
        found = f"« {code} » sans " + " ni ".join(f"« {name}: »" for name in missing)
        findings.append(Finding(shown, line, None, found, _EXAMPLE))
        return None
    faults = list(_faults(shown, line, values))
    cited = tuple((match[1], values[name]) for name in values if (match := _CITED.fullmatch(name)))
    findings += faults
    if faults:
        return None
    verdict = Verdict(
        code, values["auteur"], Period(values["date"]), values["etat"] == SIGNE, cited, body, line
    )
    if len(verdict.phrases) != 2:
        found = f"« {code} » en {len(verdict.phrases)} phrase{'s' if len(verdict.phrases) > 1 else ''}"
        expected = "deux phrases : ce que l'on conclut ; avec quelle sûreté, et par rapport à quoi"
        findings.append(Finding(shown, line, None, found, expected))
    return verdict


def _faults(shown: str, line: int, values: dict[str, str]) -> Iterator[Finding]:
    try:
        is_day = Period(values["date"]).precision == "jour"
    except ValueError:
        is_day = False
    if not is_day:
        yield Finding(shown, line, None, f"la date « {values['date']} »", "un jour écrit 2026-11-28")
    if values["etat"] not in (PROJET, SIGNE):
        yield Finding(shown, line, None, f"l'état « {values['etat']} »", f"« {PROJET} » ou « {SIGNE} »")
    for name in values:
        if name not in _HEAD and not _CITED.fullmatch(name):
            yield Finding(shown, line, None, f"« {name}: »", _EXAMPLE)


def _set_findings(
    shown: str, titles: Sequence[tuple[int, str]], hypotheses: Sequence[str]
) -> Iterator[Finding]:
    """One verdict a hypothesis: none twice, none missing, none of another."""
    first: dict[str, int] = {}
    known = ", ".join(hypotheses)
    for line, code in titles:
        if code not in hypotheses:
            yield Finding(shown, line, None, f"un verdict sur « {code} »", f"l'une des hypothèses {known}")
        elif code in first:
            found = f"un second verdict sur « {code} », jugée ligne {first[code]}"
            yield Finding(shown, line, None, found, "un seul verdict par hypothèse")
        first.setdefault(code, line)
    for code in hypotheses:
        if code not in first:
            yield Finding(shown, 1, None, f"aucun verdict sur « {code} »", "un verdict par hypothèse")
