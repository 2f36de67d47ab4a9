"""Where the fonts are, for those who draw nothing: importing the look of charts costs half a second."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

FONTS: Final = Path(str(files("analysis.presentation"))) / "fonts"
"""The fonts of the charts, the site and the PDF: Bilan Sans and Bilan Serif, made by ``scripts/fonts.py``."""
