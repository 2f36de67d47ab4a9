"""What stands on each page of a PDF: the share that is used, and what was parted from what it belongs to.

    python scripts/pages.py outputs/pdf/bilan.pdf [--toutes]

A page is nearly empty when its last words or lines end in the first quarter of its body. A note is parted
when it opens a page (it belongs to the figure or the table before), a caption, a heading or the head of a
table when it closes one. The exit status is 1 when a page is nearly empty or something is parted.
"""

from __future__ import annotations

import argparse
import ctypes
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

NEARLY_EMPTY = 0.25
"""The share of the body of a page under which it is nearly empty."""

HEAD, FOOT = 0.085, 0.925
"""Where the body of a page begins and ends, as shares of its height."""

PAPER = 224
"""What is as light is paper, or the watermark of a demonstration."""

GREY = (85, 96, 108)
"""The colour of notes, and of nothing else in the body of a page."""

CAPTION, NOTE = 9.5, 8.5
"""The sizes of captions and of notes, in points."""


@dataclass(frozen=True)
class Words:
    """A run of characters of one size, colour and font: a line of a note, a caption, a heading."""

    size: float
    colour: tuple[int, ...]
    font: str
    text: str

    @property
    def is_note(self) -> bool:
        return self.colour == GREY and abs(self.size - NOTE) < 0.2

    @property
    def is_caption(self) -> bool:
        return abs(self.size - CAPTION) < 0.2 and "Sans" in self.font

    @property
    def is_head_of_table(self) -> bool:
        return "Semibold" in self.font and self.size < 9

    @property
    def is_heading(self) -> bool:
        return "Serif" in self.font and self.size > 10


@dataclass(frozen=True)
class Used:
    """One page: the share of its body down to its last mark, its characters, the ink, what is parted."""

    number: int
    depth: float
    characters: int
    ink: float
    parted: tuple[str, ...]

    @property
    def is_nearly_empty(self) -> bool:
        return self.depth < NEARLY_EMPTY


def measured(path: Path) -> list[Used]:
    """Every page of a PDF but its cover, which is empty on purpose."""
    with pypdfium2.PdfDocument(path) as pdf:
        return [_used(page, number) for number, page in enumerate(pdf, start=1) if number > 1]


def _used(page: pypdfium2.PdfPage, number: int) -> Used:
    picture = np.asarray(page.render(scale=0.6).to_pil().convert("L"))
    body = picture[int(HEAD * len(picture)) : int(FOOT * len(picture))] < PAPER
    lines = np.flatnonzero(body.any(axis=1))
    depth = float(lines[-1] + 1) / len(body) if lines.size else 0.0
    words = list(_words(page))
    return Used(number, depth, sum(len(w.text) for w in words), float(body.mean()), tuple(_parted(words)))


def _parted(words: list[Words]) -> Iterator[str]:
    if words and words[0].is_note:
        yield f"une note ouvre la page : « {words[0].text[:40]} »"
    if words and words[-1].is_caption:
        yield f"une légende ferme la page : « {words[-1].text[:40]} »"
    if words and words[-1].is_head_of_table:
        yield f"un en-tête de tableau ferme la page : « {words[-1].text[:40]} »"
    if words and words[-1].is_heading:
        yield f"un titre ferme la page : « {words[-1].text[:40]} »"


def _words(page: pypdfium2.PdfPage) -> Iterator[Words]:
    """The runs of the body in the order of the page's text."""
    height = page.get_height()
    textpage = page.get_textpage()
    run: Words | None = None
    for position in range(textpage.count_chars()):
        _, bottom, _, top = textpage.get_charbox(position)
        character = textpage.get_text_range(position, 1)
        if not character.strip() or not HEAD < 1 - (top + bottom) / 2 / height < FOOT:
            continue
        size, colour, font = _look(textpage, position)
        if run is not None and (run.size, run.colour, run.font) == (size, colour, font):
            run = Words(size, colour, font, run.text + character)
            continue
        if run is not None:
            yield run
        run = Words(size, colour, font, character)
    if run is not None:
        yield run


def _look(textpage: pypdfium2.PdfTextPage, position: int) -> tuple[float, tuple[int, ...], str]:
    """The size, the colour and the font of one character."""
    channels = [ctypes.c_uint() for _ in range(4)]
    pdfium.FPDFText_GetFillColor(textpage, position, *map(ctypes.byref, channels))
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(textpage, position, name, 128, ctypes.byref(ctypes.c_int()))
    size = round(pdfium.FPDFText_GetFontSize(textpage, position), 1)
    return size, tuple(channel.value for channel in channels[:3]), name.value.decode("ascii", "replace")


def main() -> int:
    """Print the pages that are wrong, or all, then the counts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("pdf", type=Path)
    parser.add_argument("--toutes", action="store_true", help="toutes les pages, non celles à revoir")
    given = parser.parse_args()
    pages = measured(given.pdf)
    print(f"{'page':>5}{'rempli':>8}{'signes':>8}{'encre':>8}")
    for page in pages:
        if given.toutes or page.is_nearly_empty or page.parted:
            told = " ; ".join(page.parted)
            print(f"{page.number:5}{page.depth:8.0%}{page.characters:8}{page.ink:8.1%}  {told}")
    empty, parted = sum(p.is_nearly_empty for p in pages), sum(len(p.parted) for p in pages)
    print(
        f"{len(pages) + 1} pages, {empty} presque vides (moins de {NEARLY_EMPTY:.0%}), {parted} séparations"
    )
    return 1 if empty or parted else 0


if __name__ == "__main__":
    sys.exit(main())
