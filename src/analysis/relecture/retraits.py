"""The remarks that were withdrawn: what is kept of them so that an old file does not bring them back."""

from __future__ import annotations

import hashlib

from analysis.noyau.files.scratch import write_whole
from analysis.noyau.paths import Project
from analysis.relecture.ancres import flat

SHORTEST = 20
"""Characters under which two people may well write the same: such a remark leaves no mark."""


def mark_of(text: str) -> str:
    """What tells a withdrawn text again without holding it; empty for a short one.

    >>> mark_of("D'accord."), len(mark_of("Je suis venue à la troisième réunion."))
    ('', 64)
    """
    words = flat(text)
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest() if len(words) >= SHORTEST else ""


def load_retraits(project: Project, territoire: str) -> frozenset[str]:
    """The marks of the remarks withdrawn from a territory's chapter."""
    path = project.relectures / territoire / "retraits.txt"
    return frozenset(path.read_text(encoding="ascii").split()) if path.is_file() else frozenset()


def add_retrait(project: Project, territoire: str, text: str) -> None:
    """Keep the mark of a withdrawn remark; a short one leaves none."""
    if not mark_of(text):
        return
    marks = sorted({*load_retraits(project, territoire), mark_of(text)})
    write_whole(project.relectures / territoire / "retraits.txt", "\n".join(marks) + "\n")
