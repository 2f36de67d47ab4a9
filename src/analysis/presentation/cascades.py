"""Charts of money: who pays what, from one amount to another step by step, what matters most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.presentation.numbers import decimal
from analysis.presentation.style import (
    ACCENT,
    AMBER,
    BLUE,
    GREY,
    INK,
    PALE,
    PLUM,
    SKY,
    Frame,
    drawn,
)

_TINTS = (ACCENT, BLUE, AMBER, SKY, PLUM, GREY)
_ROW = 0.34


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
class Ruban:
    """One flow from a payer (left) to a line (right), in positive euros."""

    payeur: str
    ligne: str
    euros: float


@drawn
def cascade_svg(frame: Frame, etapes: Sequence[Etape]) -> Figure:
    """Horizontal bars from one amount to another, the first at the top: losses and gains by side and by colour."""
    figure = Figure(figsize=(frame.width, 0.5 + _ROW * len(etapes)), layout="constrained")
    axes = figure.subplots()
    level, ends = 0.0, [0.0]
    for number, step in enumerate(etapes):
        start = 0.0 if step.sorte == "niveau" else level
        level = step.euros if step.sorte == "niveau" else level + step.euros
        ends.append(level)
        _bar(axes, number, start, level, step)
        if number + 1 < len(etapes):
            axes.plot([level, level], [number, number + 1], color=GREY, linewidth=0.7, linestyle=":")
    _rows(axes, [step.nom for step in etapes])
    low, high = min(ends), max(ends)
    axes.set_xlim(low - (0.16 * (high - low) if low < 0 else 0), high + 0.2 * (high - low))
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_xlabel("€ par ETP et par an", fontsize=8.5, color=GREY)
    return figure


def _bar(axes: Axes, number: int, start: float, end: float, step: Etape) -> None:
    colours = {"niveau": BLUE, "non_explique": PALE}
    colour = colours.get(step.sorte, ACCENT if step.euros < 0 else AMBER)
    edge = GREY if step.sorte == "non_explique" else colour
    axes.barh(number, end - start, left=start, height=0.62, color=colour, edgecolor=edge, linewidth=0.8)
    sign = "" if step.sorte == "niveau" else ("+ " if step.euros > 0 else "\u2212 ")
    text = sign + decimal(abs(step.euros), 0) if step.sorte != "niveau" else decimal(step.euros, 0)
    axes.annotate(
        text, (max(start, end), number), (4, 0), textcoords="offset points", va="center", fontsize=8
    )


@drawn
def tornade_svg(frame: Frame, barres: Sequence[Amplitude], centre: float) -> Figure:
    """One bar an assumption around the central result, the widest at the top, both ends written."""
    figure = Figure(figsize=(frame.width, 0.6 + _ROW * len(barres)), layout="constrained")
    axes = figure.subplots()
    for number, bar in enumerate(barres):
        for end, colour in ((bar.bas, SKY), (bar.haut, BLUE)):
            axes.barh(number, end - centre, left=centre, height=0.62, color=colour)
            side = -1 if end < centre else 1
            axes.annotate(
                decimal(end, 0),
                (end, number),
                (4 * side, 0),
                textcoords="offset points",
                ha="right" if side < 0 else "left",
                va="center",
                fontsize=8,
            )
    ends = [end for bar in barres for end in (bar.bas, bar.haut)]
    room = 0.16 * (max(ends) - min(ends))
    axes.set_xlim(min(ends) - room, max(ends) + room)
    axes.axvline(centre, color=INK, linewidth=1)
    _rows(axes, [bar.nom for bar in barres])
    axes.set_xlabel("€ évités et reçus par ETP et par an", fontsize=8.5, color=GREY)
    return figure


def _rows(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), [fill(name, 34) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(length=0, labelsize=8.5)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_formatter(lambda value, _: decimal(value, 0))
    axes.grid(axis="x", color=PALE)
    axes.set_axisbelow(True)


@drawn
def flux_svg(frame: Frame, panneaux: Sequence[tuple[str, Sequence[Ruban]]]) -> Figure:
    """Payers on the left, lines on the right, a ribbon between them as wide as what is paid; one panel a title.

    The panels have one scale: a wider column is more money.
    """
    tallest = max(sum(r.euros for r in ribbons) for _, ribbons in panneaux)
    gap = 0.05 * tallest
    heights = [_height(ribbons, gap) for _, ribbons in panneaux]
    names = dict.fromkeys(ribbon.payeur for _, ribbons in panneaux for ribbon in ribbons)
    colours = {name: _TINTS[i % len(_TINTS)] for i, name in enumerate(names)}
    figure = Figure(figsize=(frame.width, 0.6 + 4.6 * sum(heights) / max(heights)), layout="constrained")
    grid = {"height_ratios": heights}
    all_axes = figure.subplots(len(panneaux), 1, squeeze=False, gridspec_kw=grid)[:, 0]
    for axes, (title, ribbons), height in zip(all_axes, panneaux, heights, strict=True):
        _flows(axes, ribbons, gap, height, colours)
        axes.set_title(title, fontsize=9.5)
    return figure


def _height(ribbons: Sequence[Ruban], gap: float) -> float:
    """What the taller side of a panel takes: its money and the gaps between its names."""
    names = max(len(_totals(ribbons, side)) for side in ("payeur", "ligne"))
    return sum(r.euros for r in ribbons) + gap * names


def _flows(
    axes: Axes, ribbons: Sequence[Ruban], gap: float, height: float, colours: Mapping[str, str]
) -> None:
    left = _stack(_totals(ribbons, "payeur"), gap)
    right = _stack(_totals(ribbons, "ligne"), gap)
    tops = {side: dict(stack) for side, stack in (("payeur", left), ("ligne", right))}
    x = np.linspace(0, 1, 40)
    curve = 3 * x**2 - 2 * x**3
    for ribbon in sorted(ribbons, key=lambda r: (list(left).index(r.payeur), list(right).index(r.ligne))):
        a, b = tops["payeur"][ribbon.payeur], tops["ligne"][ribbon.ligne]
        top = a + (b - a) * curve
        axes.fill_between(x, top, top + ribbon.euros, color=colours[ribbon.payeur], alpha=0.75, linewidth=0)
        tops["payeur"][ribbon.payeur] += ribbon.euros
        tops["ligne"][ribbon.ligne] += ribbon.euros
    for side, stack, place, where in (("payeur", left, -0.02, "right"), ("ligne", right, 1.02, "left")):
        for name, total in _totals(ribbons, side).items():
            text = f"{fill(name, 26)} {decimal(total, 0)}"
            axes.text(place, stack[name] + total / 2, text, ha=where, va="center", fontsize=7.8)
    axes.set_xlim(-0.75, 1.85)
    axes.set_ylim(height, -gap)
    axes.set_axis_off()


def _totals(ribbons: Sequence[Ruban], side: str) -> dict[str, float]:
    totals: dict[str, float] = {}
    for ribbon in ribbons:
        name = getattr(ribbon, side)
        totals[name] = totals.get(name, 0.0) + ribbon.euros
    return dict(sorted(totals.items(), key=lambda item: -item[1]))


def _stack(totals: dict[str, float], gap: float) -> dict[str, float]:
    tops, top = {}, 0.0
    for name, total in totals.items():
        tops[name] = top
        top += total + gap
    return tops
