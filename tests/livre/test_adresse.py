"""The address of a page, and the code that a telephone reads."""

from __future__ import annotations

import io

import pytest
import segno
from lxml import etree

from analysis.livre.adresse import page_address, qr_code

ADDRESS = "https://bilan.example/simulateur.html"


def test_a_page_stands_under_the_declared_address_with_or_without_its_last_slash() -> None:
    for declared in ("https://bilan.example", "https://bilan.example/"):
        assert page_address({"adresse": declared}, "simulateur.html") == ADDRESS
    assert page_address({"adresse": ""}, "simulateur.html") == ""


def test_the_code_is_that_of_the_address_with_its_quiet_zone_and_the_same_bytes() -> None:
    drawn = etree.parse(io.BytesIO(qr_code(ADDRESS))).getroot()
    modules = segno.make(ADDRESS, error="m", micro=False).symbol_size(border=4)
    assert (int(drawn.get("width")), int(drawn.get("height"))) == modules
    assert qr_code(ADDRESS) == qr_code(ADDRESS) != qr_code(ADDRESS + "#a")
    assert b"style=" not in qr_code(ADDRESS)


def test_nothing_is_drawn_of_no_address() -> None:
    with pytest.raises(ValueError, match="no address"):
        qr_code("")
