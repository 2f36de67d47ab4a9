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
    """All the findings of a reading, told at once; ``others`` are sentences that tell their place themselves.

    >>> print(InvalidData([Finding("chiffres.csv", 3, "unite", "« kilo »", "une unité connue")]))
    1 point à corriger :
    - chiffres.csv, ligne 3, colonne « unite » : trouvé « kilo » ; attendu une unité connue.
    """

    def __init__(self, findings: Iterable[Finding], others: Iterable[str] = ()) -> None:
        self.findings = tuple(findings)
        sentences = tuple(others)
        count = len(self.findings) + len(sentences)
        head = f"{count} point{'s' if count > 1 else ''} à corriger :"
        lines = (*_grouped(self.findings), *sentences)
        super().__init__("\n".join([head, *(f"- {line}" for line in lines)]))


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


_FEMININE = frozenset({"mesure", "modalité", "édition", "hypothese", "commande", "action"})
"""The kinds of names that French makes feminine."""


LONGEST_LIST = 30
"""The most names that a message lists: of a longer list it gives those that are near."""


def near(name: str, known: Iterable[str], *, most: int = 5) -> list[str]:
    """The known names that look like a name, the nearest first.

    >>> near("effectif_eb", ["effectif_ebe", "effectif_une_ebe", "population"])
    ['effectif_ebe', 'effectif_une_ebe']
    """
    from difflib import get_close_matches

    return get_close_matches(name, list(known), n=most)


class UnknownName(BilanError):
    """A name that is not in a known list; the message gives the list, or what is near in a long one.

    >>> print(UnknownName("territoire", "thier", ["premery", "thiers"]))
    Territoire inconnu : « thier ». Vouliez-vous dire « thiers » ? Connus : premery, thiers.
    >>> print(UnknownName("édition", "2026-9", []))
    Édition inconnue : « 2026-9 ». Connues : aucune.
    >>> print(UnknownName("indicateur", "populatoin", ["population", *map(str, range(249))]))
    Indicateur inconnu : « populatoin ». Vouliez-vous dire « population » ? 250 sont connus.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = list(known)
        close = near(name, names)
        guess = f" Vouliez-vous dire « {close[0]} » ?" if close else ""
        e = "e" if kind.partition(" ")[0] in _FEMININE else ""
        if len(names) > LONGEST_LIST:
            others = f" Proches : {', '.join(close[1:])}." if close[1:] else ""
            listed = f"{others} {len(names)} sont connu{e}s."
        else:
            listed = f" Connu{e}s : {', '.join(names) or f'aucun{e}'}."
        super().__init__(f"{kind[0].upper()}{kind[1:]} inconnu{e} : « {name} ».{guess}{listed}")
