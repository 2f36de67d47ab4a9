"""Where charts are laid out, and written as SVG: the bytes that matplotlib's own way gives, in two thirds of
its time.

``savefig(bbox_inches="tight")`` draws a chart for nothing before it draws it, and each look at a word makes a
renderer, which asks the font for the same measures again. Here a chart is laid out, measured, then drawn once,
and a word is measured once in a process.
"""

from __future__ import annotations

import codecs
import io
from functools import lru_cache
from typing import Any, Final

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.textpath import text_to_path

DPI: Final = 72
"""The dots of an inch of SVG, in which a chart is measured before it is written."""

_PAD: Final = 0.06
"""Inches left around a chart."""

_Height = tuple[float, float, float]
"""Above the line, below it, between two lines."""


def lay_out(figure: Figure) -> None:
    """Give the parts of a chart their places on the screen, for who puts words beside them: nothing is drawn."""
    FigureCanvasAgg(figure)  # keeps its renderer
    _lay_out(figure)


def svg(figure: Figure) -> bytes:
    """The chart as SVG, cut to what it shows; without a date, so that its bytes are the same each time."""
    figure.dpi = DPI
    buffer, canvas = io.BytesIO(), _Canvas(figure)
    _lay_out(figure)
    shown = figure.get_tightbbox(canvas.get_renderer()).padded(_PAD)
    figure.set_layout_engine(None)  # it is laid out
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, bbox_inches=shown, dpi=DPI)
    return buffer.getvalue()


def _lay_out(figure: Figure) -> None:
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)


class _Canvas(FigureCanvasSVG):
    """Measures and writes a chart by renderers that know the measures of words."""

    def __init__(self, figure: Figure) -> None:
        super().__init__(figure)
        self._measuring = self._renderer(io.StringIO(), {})

    def get_renderer(self) -> _Renderer:
        """What measures: what it would write is thrown away."""
        return self._measuring

    def print_svg(self, filename: Any, *, metadata: Any = None, **_options: Any) -> None:
        renderer = self._renderer(codecs.getwriter("utf-8")(filename), metadata)
        self.figure.draw(renderer)
        renderer.finalize()

    def _renderer(self, file: Any, metadata: Any) -> _Renderer:
        width, height = (DPI * inches for inches in self.figure.get_size_inches())
        return _Renderer(width, height, file, image_dpi=DPI, metadata=metadata)


class _Renderer(RendererSVG):
    """Matplotlib's, which asks a font once for what it knows."""

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> _Height:
        return _measured(s, prop.copy(), ismath)

    def _get_font_height_metrics(self, prop: FontProperties) -> _Height:
        return _height(prop.copy())


@lru_cache(2**14)
def _measured(words: str, font: FontProperties, ismath: Any) -> _Height:
    """The width of words, their height, what of it is below the line."""
    found: _Height = text_to_path.get_text_width_height_descent(words, font, ismath)
    return found


@lru_cache(2**8)
def _height(font: FontProperties) -> _Height:
    """What lines of a font hold above and below, as ``Text`` of matplotlib reads it each time."""
    face = get_font(fontManager._find_fonts_by_props(font))
    head, line = face.get_sfnt_table("head"), face.get_sfnt_table("OS/2")
    assert head is not None and line is not None, f"{face.family_name}: no OpenType font"
    scale = 1 / head["unitsPerEm"] * font.get_size_in_points() * DPI / 72
    return line["sTypoAscender"] * scale, -line["sTypoDescender"] * scale, line["sTypoLineGap"] * scale
