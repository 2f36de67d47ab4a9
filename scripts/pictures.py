"""The pictures of the README, taken anew of what was built: ``bilan build``, ``python scripts/pictures.py``.

Writes ``docs/images``. Needs the development dependencies (playwright, pypdfium2, pillow) and a chromium:
that of ``BILAN_CHROMIUM`` or of the system.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project

PROJECT: Final = Project.here()
IMAGES: Final = PROJECT.root / "docs" / "images"
CHROMIUM: Final = (
    os.environ.get("BILAN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
COLOURS: Final = 64
"""Colours of a picture: enough for a page, a fifth of the bytes."""


def seen(
    browser: Browser, page: str, *, width: int, height: int, dark: bool = False, of: str = ""
) -> Image.Image:
    """A page of the site on a screen of this size, or what one of its elements shows."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
    )
    tab = context.new_page()
    tab.goto((PROJECT.html / page).as_uri())
    shot = tab.locator(of).first.screenshot() if of else tab.screenshot()
    context.close()
    return Image.open(io.BytesIO(shot)).convert("RGB")


def beside(pictures: Sequence[Image.Image], *, gap: int = 24) -> Image.Image:
    """Pictures in a row on white."""
    width = sum(picture.width for picture in pictures) + gap * (len(pictures) - 1)
    row = Image.new("RGB", (width, max(picture.height for picture in pictures)), "white")
    left = 0
    for picture in pictures:
        row.paste(picture, (left, 0))
        left += picture.width + gap
    return row


def phones(browser: Browser) -> Image.Image:
    """Four pages on a phone."""
    pages = ("index.html", "colombelles.html", "depenses_passives.html", "simulateur.html")
    return beside([seen(browser, page, width=360, height=740) for page in pages])


def book() -> Image.Image:
    """The cover, the contents and two pages of the synthesis."""
    with pypdfium2.PdfDocument(PROJECT.pdf / "bilan.pdf") as document:
        numbers = (0, 1, *_of_the_synthesis(document))
        return beside([document[number].render(scale=0.7).to_pil().convert("RGB") for number in numbers])


def _of_the_synthesis(document: pypdfium2.PdfDocument) -> tuple[int, int]:
    """The first two pages of the synthesis, by the outline of the book."""
    for entry in document.get_toc():
        if "Synthèse" in entry.get_title():
            first = entry.get_dest().get_index()
            return first, first + 1
    raise BilanError("Le livre n'a pas de chapitre « Synthèse » : relancez « bilan build ».")


PICTURES: Final[Mapping[str, Callable[[Browser], Image.Image]]] = {
    "accueil": lambda browser: seen(browser, "index.html", width=1280, height=1330),
    "livre": lambda _: book(),
    "premery": lambda browser: seen(browser, "premery.html", width=1280, height=900, of="#emploi-prive"),
    "synthese-sombre": lambda browser: seen(browser, "synthese.html", width=1280, height=900, dark=True),
    "telephone": phones,
}


def main(folder: Path = IMAGES) -> int:
    if not (PROJECT.html / "index.html").is_file():
        raise BilanError("Rien n'est construit : lancez d'abord « bilan build ».")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name, take in PICTURES.items():
            picture = take(browser).quantize(COLOURS)
            picture.save(folder / f"{name}.png", optimize=True)
            print(f"{name}.png : {picture.width} × {picture.height}")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
