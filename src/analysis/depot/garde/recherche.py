"""Whether a file holds a person: her identifier in any of its spellings, in any part of the file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.depot.formes.cle import forme
from analysis.depot.formes.passages import Ferme, passages

_JOINTS = r"[-_~/ \u00a0\u00ad\u2010-\u2015\u2212\u202f]?"
"""What people and programs put between the letters and digits of an identifier, or take away."""


@dataclass(frozen=True)
class Trouvaille:
    """A file that holds a person, or that may: ``lieu`` is where she is, ``raison`` why nobody can tell.

    One of the two is empty.
    """

    path: Path
    lieu: str = ""
    raison: str = ""


def spellings(identifiant: str) -> re.Pattern[str]:
    """The pattern of an identifier however it is written: its letters and digits, without regard to case.

    It stands as a word: « P-018 » is not in « P-0180 », nor in « P-018-2 », which may be someone else, nor « 18 »
    in « P-18 ».

    >>> [bool(spellings("P-018").search(text)) for text in ("vu p018,", "dossier P_018", "P-0180", "AP-018", "P-018-2")]
    [True, True, False, False, False]
    """
    signs = [sign for sign in forme(identifiant) if sign.isalnum()]
    if not signs:
        return re.compile(r"(?!)")
    before = r"(?<!\d[-_/])" if signs[0].isalpha() else r"(?<!\w[-_/])"
    return re.compile(rf"(?<!\w){before}{_JOINTS.join(signs)}(?!\w)(?![-/]\d)", re.IGNORECASE)


def search(paths: Iterable[Path], identifiant: str) -> list[Trouvaille]:
    """The files among these that hold a person under any spelling, and those of which a part cannot be opened.

    An identifier of digits alone is not looked for in the attributes of XML, where counts stand.
    """
    found = (_held(path, identifiant) for path in paths)
    return [trouvaille for trouvaille in found if trouvaille is not None]


def _held(path: Path, identifiant: str) -> Trouvaille | None:
    word, is_number = spellings(identifiant), not any(sign.isalpha() for sign in identifiant)
    closed = ""
    for passage in passages(path):
        if isinstance(passage, Ferme):
            closed = closed or _reason(passage)
        elif not (is_number and passage.est_attribut) and word.search(passage.texte):
            return Trouvaille(path, lieu=passage.lieu)
    return Trouvaille(path, raison=closed) if closed else None


def _reason(closed: Ferme) -> str:
    """Why a file cannot be opened; a member is not named, as its name may be someone's."""
    return f"{closed.raison}, dans ce fichier" if closed.membre else closed.raison
