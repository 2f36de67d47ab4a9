"""Open an archive of XML that someone sent without trusting it: its size, its macros, its entities."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from analysis.depot.formes.coffre import LARGEST_FILE, LARGEST_UNPACKED, MOST_ENTRIES, MOST_MARKS, Refused

DEEPEST = 300
"""Elements inside one another: a document of Word or LibreOffice has some thirty."""

_AGAIN = "Ouvrez-le dans Word ou LibreOffice, enregistrez-le au format Word (.docx), et renvoyez-le."


def unpack(content: bytes, names: Iterable[str]) -> dict[str, bytes]:
    """The named parts of an archive, those that it has; raises Refused for one that cannot be trusted."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            total = sum(info.file_size for info in infos)
            if len(content) > LARGEST_FILE or len(infos) > MOST_ENTRIES or total > LARGEST_UNPACKED:
                raise _too_large()
            held = {info.filename for info in infos}
            if any(name.endswith("vbaProject.bin") or name.startswith("Basic/") for name in held):
                raise Refused("fichier_macros", "un document qui contient des macros", "aucune macro", _AGAIN)
            parts = {name: _read(archive, name) for name in names if name in held}
    except Refused:
        raise
    except Exception as error:  # whatever a damaged archive makes of the standard library
        found = "protégé par un mot de passe" if "encrypted" in str(error) else "abîmé"
        raise Refused("fichier_abime", f"un document {found}", "un document .docx", _AGAIN) from None
    if sum(part.count(b"<") + part.count(b"=") for part in parts.values()) > MOST_MARKS:
        raise _too_large()
    return parts


def parsed(content: bytes) -> Element:
    """The tree of an XML part, its names without their namespaces; raises Refused.

    A part that declares a document type, hence entities, is not read.
    """
    builder, depth = TreeBuilder(), 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise _too_large()
        builder.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_local(name))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        parser.Parse(content, True)
        return builder.close()
    except (expat.ExpatError, AssertionError, LookupError, ValueError):
        found = "un document dont l'intérieur est abîmé"
        raise Refused("fichier_abime", found, "un document .docx", _AGAIN) from None


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _no_doctype(*_arguments: object) -> None:
    found = "un document dont l'intérieur déclare des entités"
    raise Refused("fichier_abime", found, "un document .docx", _AGAIN)


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        content = part.read(LARGEST_UNPACKED + 1)
    if len(content) > LARGEST_UNPACKED:
        raise _too_large()
    return content


def _too_large() -> Refused:
    found = "un contenu qui se déplie sans mesure"
    return Refused("fichier_demesure", found, "un document de moins de 30 Mo", _AGAIN)
