"""Make the fonts of the bilan from Adobe's Source Sans 3 and Source Serif Pro (SIL Open Font License 1.1).

    npm pack source-sans@3.52.0 source-serif-pro@3.1.0
    tar xzf source-sans-3.52.0.tgz && mv package source-sans
    tar xzf source-serif-pro-3.1.0.tgz && mv package source-serif
    pip install fonttools
    python scripts/fonts.py source-sans source-serif

writes ``src/analysis/presentation/fonts/``: the letters, signs and spaces of French, under names of our
own because the licence reserves « Source » to the originals. The serif lacks the narrow no-break space
(U+202F) and the no-break hyphen (U+2011): they are made from its space and its hyphen.
"""

import shutil
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

OUTPUT = Path(__file__).resolve().parents[1] / "src" / "analysis" / "presentation" / "fonts"

KEPT = [*range(0x20, 0x180), 0x192, *range(0x2000, 0x2070), *range(0x2070, 0x20D0), *range(0x2100, 0x2270)]
KEPT += [0x25A0, 0x25B2, 0x25BC, 0x25CF, 0x25CB, 0x2713, 0x2717, 0x394, 0x3B1, 0x3B2, 0x3BA, 0x3BC, 0x3C3]
KEPT += [0x2E3, 0x2B0, 0x1D49, 0x1D48, 0x02B3]

FACES = (
    ("sans", "SourceSans3-Regular", "BilanSans-Regular", "Bilan Sans", "Regular"),
    ("sans", "SourceSans3-It", "BilanSans-Italic", "Bilan Sans", "Italic"),
    ("sans", "SourceSans3-Semibold", "BilanSans-Semibold", "Bilan Sans", "Semibold"),
    ("serif", "SourceSerifPro-Semibold", "BilanSerif-Semibold", "Bilan Serif", "Semibold"),
)
"""Which original, its file, the file made, its family and its style."""


def add_missing(font: TTFont) -> None:
    """Give the font a narrow no-break space (a fifth of an em) and a no-break hyphen."""
    cmap = font.getBestCmap()
    if 0x202F not in cmap:
        glyph = font["glyf"][cmap[0x20]]
        font["glyf"]["uni202F"] = glyph
        font["hmtx"]["uni202F"] = (font["head"].unitsPerEm // 5, 0)
        font.setGlyphOrder([*dict.fromkeys([*font.getGlyphOrder(), "uni202F"])])
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.setdefault(0x202F, "uni202F")
            table.cmap.setdefault(0x2011, cmap[0x2D])


def rename(font: TTFont, family: str, style: str) -> None:
    """Put our names in the place of the reserved one, and keep copyright and licence."""
    compact = family.replace(" ", "")
    linked = style if style in ("Regular", "Italic") else "Regular"
    names = {
        1: family if linked == style else f"{family} {style}",
        2: linked,
        3: f"{compact}-{style}",
        4: f"{family} {style}",
        6: f"{compact}-{style}",
        16: family,
        17: style,
    }
    font["name"].names = [record for record in font["name"].names if record.nameID in (0, 13, 14)]
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)


def make(source: Path, target: Path, family: str, style: str) -> None:
    """Write one face: subset, completed, renamed, its dates fixed."""
    font = TTFont(source, recalcTimestamp=False)
    options = Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum", "sups", "liga"]
    options.hinting = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    add_missing(font)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=KEPT)
    subsetter.subset(font)
    rename(font, family, style)
    font.save(target)


def main(sans: Path, serif: Path) -> None:
    """Write the four faces and their licence."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for kind, original, name, family, style in FACES:
        folder = sans if kind == "sans" else serif
        make(folder / "TTF" / f"{original}.ttf", OUTPUT / f"{name}.ttf", family, style)
    shutil.copyfile(sans / "LICENSE.md", OUTPUT / "LICENSE.md")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
