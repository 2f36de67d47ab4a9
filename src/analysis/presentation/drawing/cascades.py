"""Charts of money: what each payer spends and receives, from one amount to another, what matters most.

What is saved or received is blue, what is spent is red, in every one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from analysis.noyau.arrondi import arrondi
from analysis.noyau.french import typography
from analysis.presentation.drawing.style import ACCENT, BLUE, GREY, INK, PALE, SKY, Frame, drawn
from analysis.presentation.numbers import decimal

_TEXT = 8.5
_LINE = 0.15
"""The size of the text, in points, and the height of a line of it, in inches."""

_NAME_WIDTH, _NARROW_NAME_WIDTH = 36, 50
_BAR = 0.2
"""The height of a bar, in inches."""


@dataclass(frozen=True)
class Etape:
    """One bar of a cascade: a level from zero (``niveau``), or a change from the bar above."""

    nom: str
    euros: float
    sorte: Literal["niveau", "pas", "non_explique"] = "pas"


@dataclass(frozen=True)
class Amplitude:
    """One bar of a tornado: the results at both bounds of an assumption."""

    nom: str
    bas: float
    haut: float


@dataclass(frozen=True)
class Compte:
    """What a payer spends and receives, both positive, in euros a year."""

    payeur: str
    depense: float
    recette: float

    @property
    def solde(self) -> float:
        """What it gains, negative where it pays."""
        return self.recette - self.depense


@drawn
def cascade_svg(frame: Frame, etapes: Sequence[Etape], unite: str, *, est_cout: bool) -> Figure:
    """Horizontal bars from one amount to another, the first at the top: what lowers a cost is blue, what raises
    it red.

    With ``est_cout`` the amounts are costs; else they are savings, and what lowers them is red.
    """
    names = [step.nom for step in etapes]
    figure, axes = _one_axes(frame, names)
    level, ends = 0.0, [0.0]
    for number, step in enumerate(etapes):
        start = 0.0 if step.sorte == "niveau" else level
        level = step.euros if step.sorte == "niveau" else level + step.euros
        ends.append(level)
        _step(axes, number, start, level, step, height=_bar_height(frame, names), est_cout=est_cout)
    low, high = min(ends), max(ends)
    axes.set_xlim(low - (0.16 * (high - low) if low < 0 else 0), high + 0.24 * (high - low))
    _name_rows(axes, frame, names, unite)
    return figure


def _step(
    axes: Axes, number: int, start: float, end: float, step: Etape, *, height: float, est_cout: bool
) -> None:
    is_cost = est_cout if step.sorte == "niveau" else (step.euros > 0) == est_cout
    colour = PALE if step.sorte == "non_explique" else (ACCENT if is_cost else BLUE)
    edge = GREY if step.sorte == "non_explique" else colour
    axes.barh(number, end - start, left=start, height=height, color=colour, edgecolor=edge, linewidth=0.8)
    sign = "" if step.sorte == "niveau" else ("+" if step.euros > 0 else "\u2212")
    text = sign + decimal(abs(step.euros), 0) if sign else decimal(step.euros, 0)
    place = (max(start, end), number)
    axes.annotate(text, place, (4, 0), textcoords="offset points", va="center", fontsize=_TEXT)


@drawn
def tornade_svg(frame: Frame, barres: Sequence[Amplitude], centre: float, unite: str) -> Figure:
    """One bar an assumption around the central result, the widest at the top, both ends written."""
    names = [bar.nom for bar in barres]
    figure, axes = _one_axes(frame, names)
    ends = [end for bar in barres for end in (bar.bas, bar.haut)]
    room = (0.2 if frame.is_narrow else 0.14) * (max(ends) - min(ends))
    axes.set_xlim(min(ends) - room, max(ends) + room)
    for number, bar in enumerate(barres):
        for end, colour in ((bar.bas, SKY), (bar.haut, BLUE)):
            axes.barh(number, end - centre, left=centre, height=_bar_height(frame, names), color=colour)
            side = -1 if end < centre else 1
            axes.annotate(
                decimal(end, 0),
                (end, number),
                (4 * side, 0),
                textcoords="offset points",
                ha="right" if side < 0 else "left",
                va="center",
                fontsize=_TEXT,
            )
    axes.axvline(centre, color=INK, linewidth=1)
    _name_rows(axes, frame, names, unite)
    _legend(figure, (("hypothèse au plus bas", SKY), ("au plus haut", BLUE)))
    return figure


@drawn
def comptes_svg(
    frame: Frame,
    panneaux: Sequence[tuple[str, Sequence[Compte]]],
    unite: str,
    *,
    noms: tuple[str, str] = ("dépense", "recette"),
) -> Figure:
    """What each payer spends (red, left of nought) and receives (blue, right of it), one panel a situation.

    The panels have the same payers and one scale, so that what comes back is compared with what is paid.
    """
    names = [count.payeur for count in panneaux[0][1]]
    height = len(panneaux) * (len(names) * _row_height(frame, names) + 0.45) + 0.5
    figure = Figure(figsize=(frame.width, height), layout="constrained")
    all_axes = figure.subplots(len(panneaux), 1, sharex=True, squeeze=False)[:, 0]
    widest = [c for _, counts in panneaux for c in counts]
    left, right = max(c.depense for c in widest), max(c.recette for c in widest)
    room = 0.16 * (left + right)
    for axes, (title, counts) in zip(all_axes, panneaux, strict=True):
        axes.set_xlim(-left - room, right + room)
        for number, count in enumerate(counts):
            for value, side, colour in ((count.depense, -1, ACCENT), (count.recette, 1, BLUE)):
                if arrondi(value):
                    _signed_bar(axes, number, side * value, colour, height=_bar_height(frame, names))
        axes.set_title(_folded(title, 44 if frame.is_narrow else 90), fontsize=9.5)
        is_last = axes is all_axes[-1]
        _name_rows(axes, frame, names, unite if is_last else "")
    _legend(figure, tuple(zip(noms, (ACCENT, BLUE), strict=True)))
    return figure


def _signed_bar(axes: Axes, number: int, value: float, colour: str, *, height: float) -> None:
    axes.barh(number, value, height=height, color=colour)
    side = -1 if value < 0 else 1
    axes.annotate(
        decimal(abs(value), 0),
        (value, number),
        (4 * side, 0),
        textcoords="offset points",
        ha="right" if side < 0 else "left",
        va="center",
        fontsize=_TEXT,
    )


def _one_axes(frame: Frame, names: Sequence[str]) -> tuple[Figure, Axes]:
    height = 0.7 + _row_height(frame, names) * len(names)
    figure = Figure(figsize=(frame.width, height), layout="constrained")
    return figure, figure.subplots()


def _folded(text: str, width: int) -> str:
    """A text on lines of at most ``width``: a number stays with its unit, a sign with its word.

    >>> print(_folded("Avant (12 300 € dépensés, 0 € reçus)", 28).replace("\\u00a0", "_").replace("\\u202f", "_"))
    Avant (12_300_€ dépensés,
    0_€ reçus)
    """
    return fill(typography(text), width)


def _wrapped(frame: Frame, names: Sequence[str]) -> list[str]:
    return [_folded(name, _NARROW_NAME_WIDTH if frame.is_narrow else _NAME_WIDTH) for name in names]


def _row_height(frame: Frame, names: Sequence[str]) -> float:
    """What a row takes, in inches: on a page the lines of the longest name or the bar, on a phone both."""
    lines = _LINE * max(1 + name.count("\n") for name in _wrapped(frame, names))
    return lines + _BAR + 0.12 if frame.is_narrow else max(lines, _BAR) + 0.14


def _bar_height(frame: Frame, names: Sequence[str]) -> float:
    """The height of a bar, in rows."""
    return _BAR / _row_height(frame, names)


def _name_rows(axes: Axes, frame: Frame, names: Sequence[str], unite: str) -> None:
    """The names of the rows: beside their bars on a page, above them on a phone."""
    half, shown = _bar_height(frame, names) / 2, _wrapped(frame, names)
    if frame.is_narrow:
        axes.set_ylim(len(names) - 1 + half + 0.1, half - 1)
        axes.set_yticks([])
        for number, name in enumerate(shown):
            where = axes.get_yaxis_transform()
            axes.text(0, number - half - 0.05, name, transform=where, va="bottom", fontsize=_TEXT)
    else:
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_yticks(range(len(names)), shown)
    axes.tick_params(length=0, labelsize=_TEXT)
    axes.spines["left"].set_visible(False)
    axes.locator_params(axis="x", nbins=4 if frame.is_narrow else 7)
    axes.xaxis.set_major_formatter(lambda value, _: decimal(abs(value), 0))
    axes.grid(axis="x", color=PALE)
    axes.set_axisbelow(True)
    axes.axvline(0, color=INK, linewidth=0.8)
    if unite:
        axes.set_xlabel(unite, fontsize=_TEXT, color=GREY)


def _legend(figure: Figure, entries: Sequence[tuple[str, str]]) -> None:
    handles = [Patch(color=colour, label=name) for name, colour in entries]
    figure.legend(
        handles=handles, loc="outside upper left", ncols=len(handles), frameon=False, fontsize=_TEXT
    )
