"""What others published, beside what was computed of deposits, in the chapters on all the territories."""

from __future__ import annotations

from analysis.presentation.parts import tables
from analysis.presentation.parts.blocks import Block
from analysis.presentation.parts.marks import heading
from analysis.presentation.published import synthese
from analysis.secret.bundle import Bundle


def titre(bundle: Bundle, title: str) -> Block:
    """The title of a chapter on all the territories."""
    return heading(bundle, title)


def comparaison(bundle: Bundle, *indicators: str) -> Block:
    """What was published of each territory; invented ones have nothing."""
    if not bundle.has_figures:
        return Block("")
    return synthese.comparaison(
        bundle, *indicators, caption="Ce que d'autres ont publié de chaque territoire"
    )


def chiffres(bundle: Bundle, *indicators: str, anchor: str, caption: str) -> Block:
    """The published figures of these indicators, whatever their place, in the register's order."""
    if not bundle.has_figures:
        return Block("")
    return tables.figures_table(bundle, bundle.of(*indicators), anchor=anchor, caption=caption)
