"""What a published file says in a place, and the words of pictures and of bytes that nothing reads."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

AUTHOR, CLOSED = "un auteur", "un contenu qui ne s'ouvre pas"
NOTE, HIDDEN = "une note ou un commentaire", "une feuille masquée"
LINK, CHANGES = "une liaison vers un autre fichier", "des modifications enregistrées"
RAN, ACTIVE = "ce qu'un carnet a affiché", "un programme dans un PDF"
"""What is a fault by itself where it stands in a published file, whatever it says."""


@dataclass(frozen=True)
class Trace:
    """A text of a file and the place where it stands, in French words.

    ``marque`` names what is a fault by itself.
    """

    lieu: str
    texte: str
    marque: str = ""

    def inside(self, place: str) -> Trace:
        return replace(self, lieu=f"{place} › {self.lieu}")


def text_of(content: bytes) -> str:
    """The text of bytes: what their mark says, else UTF-8, else what Windows writes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


_RUNS = re.compile(rb"[\x20-\x7e\x80-\xff]{8,}")
_WIDE = re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\0){8,}")


def strings(content: bytes) -> Iterator[Trace]:
    """The words that stand as they are in bytes of which nothing else is read."""
    for found in _RUNS.finditer(content):
        yield Trace("les octets du fichier", text_of(found[0]))
    for found in _WIDE.finditer(content):
        yield Trace("les octets du fichier", found[0].decode("utf-16-le", "replace"))


_SILENT_CHUNKS: Final = frozenset(
    (b"IHDR", b"IDAT", b"IEND", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"sBIT")
)


def png(content: bytes) -> Iterator[Trace]:
    """The words of the blocks of a picture that are not drawn, and of what follows its end."""
    at = 8
    while at + 8 <= len(content):
        size, kind = struct.unpack(">I4s", content[at : at + 8])
        part, at = content[at + 8 : at + 8 + size], at + 12 + size
        if kind in _SILENT_CHUNKS:
            continue
        place = f"le bloc « {kind.decode('latin-1')} » de l'image"
        key, _, rest = part.partition(b"\0")
        if kind == b"zTXt" or kind == b"iCCP":
            yield Trace(place, f"{key.decode('latin-1')}: {_inflated(rest[1:])}")
        elif kind == b"iTXt" and rest[:1] == b"\1":
            yield Trace(place, f"{key.decode('latin-1')}: {_inflated(rest[2:].split(bytes(1), 2)[-1])}")
        else:
            yield Trace(place, text_of(part.replace(b"\0", b" ")))
            for trace in strings(part):
                yield Trace(place, trace.texte)
    if content[at:].strip(b"\0"):
        yield Trace("ce qui suit la fin de l'image", text_of(content[at:]))


def _inflated(content: bytes) -> str:
    return text_of(zlib.decompressobj().decompress(content, 2**20))


def jpeg(content: bytes) -> Iterator[Trace]:
    """The words of the comments and metadata of a photograph, and of what follows its end."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != 0xDA:
        mark, size = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        part, at = content[at + 4 : at + 2 + size], at + 2 + size
        if mark == 0xFE or 0xE1 <= mark <= 0xEF:
            place = "le commentaire de l'image" if mark == 0xFE else "les métadonnées de l'image"
            yield Trace(place, text_of(part.replace(b"\0", b" ")))
            for trace in strings(part):
                yield Trace(place, trace.texte)
    _, _, after = content[at:].rpartition(b"\xff\xd9")
    if after.strip(b"\0"):
        yield Trace("ce qui suit la fin de l'image", text_of(after))
