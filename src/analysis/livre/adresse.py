"""Where a page of the site stands once it is published, in words and as a code that a telephone reads."""

from __future__ import annotations

import io
from collections.abc import Mapping

import segno


def page_address(publisher: Mapping[str, str], page: str) -> str:
    """The full address of a page of the site; empty while the publication declares none.

    >>> page_address({"adresse": "https://bilan.example/"}, "simulateur.html")
    'https://bilan.example/simulateur.html'
    >>> page_address({"adresse": ""}, "simulateur.html")
    ''
    """
    declared = publisher["adresse"]
    return f"{declared.rstrip('/')}/{page}" if declared else ""


def qr_code(address: str) -> bytes:
    """The address as a QR code, SVG of black modules on white: the same bytes each time.

    Raises ValueError for an empty address: a page without one says so, and has no code.
    """
    if not address:
        raise ValueError("no address to draw")
    buffer = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        buffer, kind="svg", border=4, dark="#000000", light="#ffffff", xmldecl=False
    )
    return buffer.getvalue()
