"""The look of every chart: colours that survive grey printing, French axes, the same bytes each time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial, wraps
from typing import Any, Concatenate, ParamSpec

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.noyau.french import typography
from analysis.presentation.drawing.canvas import svg
from analysis.presentation.drawing.fonts import FONTS
from analysis.presentation.numbers import decimal

INK = "#1d2733"
GREY = "#6b7480"
PALE = "#e9edf1"
ACCENT = "#b3421f"
BLUE = "#1f5a85"
AMBER = "#e0a84a"
SKY = "#7fb0cf"
PLUM = "#6d5a72"
ASH = "#b4bcc5"
DEW = "#cfe0ec"
MIST = "#a9cae0"
WHITE = "#ffffff"

DARK = {
    INK: "#e8edf2",
    GREY: "#a3adb8",
    PALE: "#2a323b",
    ACCENT: "#f08a5d",
    BLUE: "#7ab6e0",
    AMBER: "#8a6420",
    SKY: "#3d6d8c",
    PLUM: "#bda3c6",
    ASH: "#59636e",
    DEW: "#2f4351",
    MIST: "#36566b",
    WHITE: "#151a20",
}
"""What each colour becomes on a dark page, where what was darker than its ground is lighter than it."""


@dataclass(frozen=True)
class Frame:
    """What a chart is drawn for: its width in inches, at which its text is read as large as it is set."""

    width: float
    is_narrow: bool = False


PAGE = Frame(6.2)
PHONE = Frame(3.3, is_narrow=True)


@dataclass(frozen=True)
class Drawing:
    """A chart drawn twice, as SVG: for a page, and for a screen as narrow as a phone's."""

    wide: bytes
    narrow: bytes


_RC: dict[Any, Any] = {
    "font.family": "Bilan Sans",
    "font.size": 10,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.titleweight": "semibold",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "figure.dpi": 96,
    "savefig.facecolor": "white",
    "hatch.linewidth": 0.8,
    "svg.fonttype": "path",
    "svg.hashsalt": "bilan",
    "path.simplify": False,
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw inside this: it sets the style and gives it back, whatever the user's own settings."""
    _add_fonts()
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_RC)
        yield


@cache
def _add_fonts() -> None:
    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(path)


def dark(svg: bytes) -> bytes:
    """The same chart for a dark page; raises ValueError for a colour that is not of the palette.

    >>> dark(b'<path style="fill: #ffffff"/>')
    b'<path style="fill: #151a20"/>'
    """
    text = svg.decode("utf-8")
    unknown = sorted(set(re.findall(r"#[0-9a-f]{6}(?![0-9a-f])", text)) - set(DARK))
    if unknown:
        raise ValueError(f"colours without a dark counterpart: {', '.join(unknown)}")
    return re.sub("|".join(DARK), lambda match: DARK[match[0]], text).encode("utf-8")


P = ParamSpec("P")


def drawn(draw: Callable[Concatenate[Frame, P], Figure]) -> Callable[P, Drawing]:
    """Draw a chart in every frame, in the house style: the drawing takes its frame first."""

    @wraps(draw)
    def both(*args: P.args, **kwargs: P.kwargs) -> Drawing:
        with house_style():
            wide, narrow = (to_svg(draw(frame, *args, **kwargs)) for frame in (PAGE, PHONE))
        return Drawing(wide, narrow)

    return both


def to_svg(figure: Figure) -> bytes:
    """The figure as SVG, its words as French print sets them."""
    _typeset(figure)
    return svg(figure)


def _typeset(figure: Figure) -> None:
    """Give the words of a figure the spaces and the apostrophes of the page around it, the names of its rows included."""
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        formatter = axis.get_major_formatter()
        if isinstance(formatter, FuncFormatter):
            axis.set_major_formatter(FuncFormatter(partial(_typeset_tick, formatter.func)))
    for text in figure.findobj(Text):
        if isinstance(text, Text):
            text.set_text(typography(text.get_text()))


def _typeset_tick(told: Callable[[float, int | None], str], value: float, position: int | None = None) -> str:
    return typography(told(value, position))


def french_axes(axes: Axes, *, years: int, year_ends: bool = False) -> None:
    """At most ``years`` whole years below, French numbers on the left, pale lines across.

    With ``year_ends`` the tick at the first day of a year is named after the year that it ends.
    """
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=years))
    axes.xaxis.set_major_formatter(FuncFormatter(_year_end if year_ends else _year))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: decimal(value, 1)))
    axes.grid(axis="y", color=PALE)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=9)


def _year(value: float, _position: int | None = None) -> str:
    return f"{value:.0f}"


def _year_end(value: float, _position: int | None = None) -> str:
    return f"fin {value - 1:.0f}"
