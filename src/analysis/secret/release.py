"""The released type: what the gate let through, with the rule that let it.

Only this package builds a ``Released`` (a test holds the others to it); presentation takes nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from analysis.depot.records import Apercu
from analysis.noyau.paths import Nature
from analysis.sources.records import Chiffre, Serie

T = TypeVar("T", Chiffre, Serie, Apercu)

Rule = Literal["deja-publie", "demonstration"]
"""The rules by which a record may pass: its source has published it already, or nothing in it is real."""


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


def release_demonstration(record: Apercu, nature: Nature) -> Released[Apercu]:
    """Release what a deposit of an invented territory holds.

    Raises TypeError for a bilan of real territories: what they deposited is confidential.
    """
    if nature != "demonstration":
        raise TypeError("un dépôt réel ne passe pas par la règle de la démonstration")
    return Released(record, "demonstration")
