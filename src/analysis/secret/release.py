"""The released type: what the gate let through, with the rule of its decision.

Only this package builds a ``Released`` (a test holds the others to it); presentation takes nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from analysis.depot.records import Apercu
from analysis.indicateurs.depenses_passives.records import Etude
from analysis.noyau.mesures import Mesure
from analysis.noyau.paths import Nature
from analysis.sources.records import Chiffre, Serie

T = TypeVar("T", Chiffre, Serie, Apercu, Mesure, Etude)

Rule = Literal[
    "deja-publie",
    "cas-types",
    "demonstration",
    "diffusable",
    "non-publiable",
    "seuil-effectif",
    "seuil-taux",
    "un-a-quatre",
    "groupe-entier",
    "difference",
    "addition",
    "composante",
    "accord",
    "trop-peu-d-ebe",
]
"""The rules by which a record passes or is withheld.

Its source has published it already; it is computed of case types, of nobody; nothing in it is real; no rule
withholds it; it is shown whole, in the atelier or to the territory that it comes from, and may not be
published; then the rules of :mod:`analysis.secret.regles` that withhold a measure.
"""


@dataclass(frozen=True)
class Released(Generic[T]):
    """A record that a chapter may show, and the rule of the decision."""

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


def release_etude(record: Etude) -> Released[Etude]:
    """Release a study on case types: declared households, the law and published figures, nobody's data.

    Raises TypeError for anything else.
    """
    if not isinstance(record, Etude):
        raise TypeError(f"{type(record).__name__} n'est pas une étude sur cas types")
    return Released(record, "cas-types")


def release_demonstration(record: Apercu, nature: Nature) -> Released[Apercu]:
    """Release what a deposit of an invented territory holds.

    Raises TypeError for a bilan of real territories: what they deposited is confidential.
    """
    if nature != "demonstration":
        raise TypeError("un dépôt réel ne passe pas par la règle de la démonstration")
    return Released(record, "demonstration")


def not_publishable(mesure: Mesure) -> Released[Mesure]:
    """A measure whole, for the atelier or for the territory it comes from: no publication takes it."""
    return Released(mesure, "non-publiable")
