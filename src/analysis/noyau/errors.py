"""Errors written for the person who can act: where, what was found, what was expected, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace


class BilanError(Exception):
    """An error that is shown to the user as one French message, without a traceback, in a notebook too."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@dataclass(frozen=True)
class Finding:
    """One thing to mend in a file: its place, what stands there, what should, and how to mend it.

    ``rule`` is the code of the rule that found it, where a caller needs to tell rules apart.
    """

    file: str
    line: int | None
    column: str | None
    found: str
    expected: str
    remedy: str = ""
    rule: str = field(default="", compare=False)

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += f", ligne {self.line}"
        if self.column is not None:
            place += f", colonne « {self.column} »"
        text = f"{place} : trouvé {self.found} ; attendu {self.expected}."
        return f"{text} {self.remedy}" if self.remedy else text


class InvalidData(BilanError):
    """All the findings of a reading, told at once.

    >>> print(InvalidData([Finding("chiffres.csv", 3, "unite", "« kilo »", "une unité connue")]))
    1 point à corriger :
    - chiffres.csv, ligne 3, colonne « unite » : trouvé « kilo » ; attendu une unité connue.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        count = len(self.findings)
        head = f"{count} point{'s' if count > 1 else ''} à corriger :"
        super().__init__("\n".join([head, *(f"- {line}" for line in _grouped(self.findings))]))


def _grouped(findings: Iterable[Finding]) -> list[str]:
    """One line for a fault that is the same on several lines of a file, told where it comes first."""
    groups: dict[Finding, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(replace(finding, line=None), []).append(finding)
    lines = []
    for first, *others in groups.values():
        also = (
            f" (et {len(others)} autre{'s' if len(others) > 1 else ''} ligne{'s' if len(others) > 1 else ''})"
        )
        lines.append(f"{first}{also}" if others else str(first))
    return lines


_FEMININE = frozenset({"mesure", "modalité", "édition", "hypothese"})
"""The kinds of names that French makes feminine."""


class UnknownName(BilanError):
    """A name that is not in a known list; the message gives the list.

    >>> print(UnknownName("territoire", "thier", ["premery", "thiers"]))
    Territoire inconnu : « thier ». Vouliez-vous dire « thiers » ? Connus : premery, thiers.
    >>> print(UnknownName("édition", "2026-9", []))
    Édition inconnue : « 2026-9 ». Connues : aucune.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        from difflib import get_close_matches

        names = list(known)
        close = get_close_matches(name, names, n=1)
        guess = f" Vouliez-vous dire « {close[0]} » ?" if close else ""
        e = "e" if kind.partition(" ")[0] in _FEMININE else ""
        listed = ", ".join(names) or f"aucun{e}"
        super().__init__(f"{kind.capitalize()} inconnu{e} : « {name} ».{guess} Connu{e}s : {listed}.")
