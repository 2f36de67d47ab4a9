"""Charts of how values are spread over places: dots around zero, and a table of shades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import pandas as pd
import seaborn as sns
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from analysis.presentation.drawing.rows import (
    SIZE,
    Bar,
    figure_of,
    folded,
    gap_cell,
    margin_of,
    name_rows,
    number_axis,
    write_gap,
)
from analysis.presentation.drawing.style import (
    ACCENT,
    BLUE,
    DEW,
    INK,
    MIST,
    PALE,
    SKY,
    WHITE,
    Frame,
    drawn,
)

_SHADES = (PALE, DEW, MIST, SKY)
"""The shades of a quarter of a hundred percent each; ink reads on all of them."""

_DARKENING = (PALE, MIST, SKY, BLUE)
"""The shades of none, one, two, three and more: no ink stands on them."""

_ROOM_FOR_A_YEAR = 6
"""The months of a year under which its name has no room."""


@dataclass(frozen=True)
class Strip:
    """The values of a row, and the word that stands where it has none."""

    values: tuple[float, ...]
    missing: str = ""


@drawn
def strips_svg(frame: Frame, rows: Sequence[str], strips: Sequence[Strip], *, unit: str) -> Figure:
    """One dot a value on each row around zero, and the median of the row as a line."""
    margin = margin_of(frame, rows)
    figure, (axes,) = figure_of(frame, margin, extra=0.2)
    spread = [(number, value) for number, strip in enumerate(strips) for value in strip.values]
    dots = pd.DataFrame(spread, columns=["rang", "valeur"], dtype=float)
    sns.stripplot(
        dots,
        x="valeur",
        y="rang",
        orient="h",
        native_scale=True,
        jitter=False,
        size=6,
        color=ACCENT,
        alpha=0.6,
        legend=False,
        ax=axes,
    )
    widest = 1.1 * max((abs(value) for _, value in spread), default=1.0)
    for number, strip in enumerate(strips):
        axes.plot([-widest, widest], [number, number], color=PALE, linewidth=1, zorder=0)
        if strip.values:
            middle = median(strip.values)
            axes.plot([middle, middle], [number - 0.25, number + 0.25], color=INK, linewidth=2, zorder=3)
        else:
            write_gap(axes, 1, number, strip.missing, in_margin=True)
    axes.axvline(0, color=INK, linewidth=1)
    axes.set_xlim(-widest, widest)
    axes.set_ylabel("")
    number_axis(axes, unit)
    name_rows([axes], margin, rows)
    return figure


@drawn
def shades_svg(
    frame: Frame, rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[Bar]]
) -> Figure:
    """A table of percents, darker where they are higher; what is withheld is hatched, what is missing is blank."""
    margin = margin_of(frame, rows)
    figure, (axes,) = figure_of(frame, margin, extra=0.5)
    table = pd.DataFrame([[cell.value for cell in line] for line in cells], dtype=float)
    sns.heatmap(
        table,
        mask=table.isna(),
        vmin=0,
        vmax=100,
        cmap=ListedColormap(_SHADES),
        cbar=False,
        linewidths=1.5,
        linecolor=WHITE,
        ax=axes,
    )
    for row, line in enumerate(cells):
        for column, cell in enumerate(line):
            if cell.value is None:
                gap_cell(axes, column, row, cell.text)
            else:
                axes.text(column + 0.5, row + 0.5, cell.text, ha="center", va="center", fontsize=SIZE)
    room = int((frame.width - margin.width) / len(columns) / 0.064)
    axes.set_xticks(
        [0.5 + rank for rank in range(len(columns))], [folded(c, room, breaks_words=False) for c in columns]
    )
    axes.set_yticks([0.5 + rank for rank in range(len(rows))], margin.names, rotation=0)
    axes.tick_params(length=0, labelsize=SIZE, labeltop=True, labelbottom=False)
    steps = [
        Patch(facecolor=shade, label=f"{low} à {low + 25} %")
        for low, shade in zip(range(0, 100, 25), _SHADES, strict=True)
    ]
    _shades_told(figure, frame, steps)
    return figure


FEW = ("aucune", "1", "2", "3 et plus")
"""What the shades of a table of months say, from the palest."""


@drawn
def months_svg(
    frame: Frame, rows: Sequence[str], months: Sequence[str], counts: Sequence[Sequence[float | None]]
) -> Figure:
    """A table of shades, one cell a month (« 2018-06 »): none, one, two, three and more; blank where nobody tells."""
    margin = margin_of(frame, rows)
    figure, (axes,) = figure_of(frame, margin, extra=0.5)
    table = pd.DataFrame([[None if n is None else min(n, len(FEW) - 1) for n in line] for line in counts])
    sns.heatmap(
        table.astype(float),
        mask=table.isna(),
        vmin=0,
        vmax=len(FEW),
        cmap=ListedColormap(_DARKENING),
        cbar=False,
        linewidths=0.6 if frame.is_narrow else 1,
        linecolor=WHITE,
        ax=axes,
    )
    years = [(rank, month[:4]) for rank, month in enumerate(months) if not rank or month.endswith("-01")]
    shown = [
        (rank, year)
        for (rank, year), (after, _) in zip(years, [*years[1:], (len(months), "")], strict=True)
        if after - rank >= _ROOM_FOR_A_YEAR
    ]
    axes.set_xticks([rank for rank, _ in shown], [year for _, year in shown], ha="left", rotation=0)
    for rank, _ in years[1:]:
        axes.axvline(rank, color=INK, linewidth=0.6)
    axes.set_yticks([0.5 + rank for rank in range(len(rows))], margin.names, rotation=0)
    axes.tick_params(length=0, labelsize=SIZE, labeltop=True, labelbottom=False)
    steps = [Patch(facecolor=shade, label=name) for shade, name in zip(_DARKENING, FEW, strict=True)]
    _shades_told(figure, frame, steps)
    return figure


def _shades_told(figure: Figure, frame: Frame, steps: Sequence[Patch]) -> None:
    """What the shades of a table say, under it: four side by side, two on a phone."""
    figure.legend(
        handles=steps,
        loc="outside lower left",
        ncols=2 if frame.is_narrow else 4,
        frameon=False,
        fontsize=SIZE,
        handlelength=1,
    )
