"""The released type: what the gate let through, with the rule that let it.

Only this package builds a ``Released`` (a test holds the others to it); presentation takes nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from analysis.sources.records import Chiffre, Serie

T = TypeVar("T", Chiffre, Serie)

Rule = Literal["deja-publie"]

"""The rules by which a record may pass; « deja-publie »: its source has published it already."""


@dataclass(frozen=True)
class Released(Generic[T]):
    """A record that may be shown to anyone, and the rule of the decision."""

    content: T
    rule: Rule


def release_published(record: T) -> Released[T]:
    """Release what its source has already published: the trivial rule.

    Raises TypeError for anything but a published figure or a published series: deposited data
    must go through a rule of its own.
    """
    if not isinstance(record, Chiffre | Serie):
        raise TypeError(f"{type(record).__name__} n'est pas un chiffre publié")
    return Released(record, "deja-publie")
