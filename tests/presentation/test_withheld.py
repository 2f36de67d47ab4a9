"""No chart gives a number for what its data withhold or miss: every chart of ten invented deposits.

The numbers of a description, of a title and of a drawing are looked for among those that the table under the
chart releases: one that is not there was made of nothing.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup, Tag
from carnets import shown_by

from analysis.chapitres.catalogue import catalogue, make_bundle, measures_for
from analysis.indicateurs.calcul import Resultats
from analysis.noyau.definitions import load_definitions
from analysis.noyau.paths import Project
from analysis.presentation.drawing import style
from analysis.sources.register import load_register

NUMBER = re.compile(r"[\u2212-]?\d{1,3}(?:[\u202f\u00a0]\d{3})+(?:,\d+)?|[\u2212-]?\d+(?:,\d+)?")
GAPS = re.compile(r"(?:secret|absent) (?:dans|pour) \d+ (?:territoire|mois)")
MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
DATE = re.compile(rf"(?:\b\d{{1,2}}(?:er)?\s)?\b(?:{MONTHS})\b(?:\s20\d\d)?|\b20\d\d\b")


Unions = Mapping[str, frozenset[str]]
"""The categories that may be told together: the label of each union, those of its categories."""


@dataclass(frozen=True)
class Row:
    """A row of the data under a chart: its name, the released values, how many cells have none, its intervals, and
    what declared unions of its categories come to when all of them are released."""

    name: str
    values: tuple[float, ...]
    withheld: int
    missing: int
    bounds: tuple[float, ...] = ()
    united: tuple[float, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A chart as a reader meets it: the words around it, those inside it, and its data."""

    anchor: str
    words: str
    description: str
    drawn: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def released(self) -> set[str]:
        """Every way in which a released value may be printed: as it is, rounded, as a share of its row.

        A row of shares that are all released also gives what they leave of a hundred.
        """
        whole = [row for row in self.rows if not row.withheld and not row.missing]
        left = {round(100 - sum(row.values), 1) for row in whole}
        printed = {way for row in self.rows for value in row.values for way in ways(value, row)}
        printed |= {
            way for row in self.rows for told in (*row.bounds, *row.united) for way in ways(told, row)
        }
        return printed | {way for value in left for way in ways(value, Row("", (value,), 0, 0))}


def ways(value: float, row: Row) -> set[str]:
    """The data hold a value as it is printed: a rounder one is of what stood before, half a digit away."""
    numbers = [value, value - 0.05, value + 0.05]
    whole = row.values[0]
    numbers += [100 * value / whole] if whole else []
    return {as_printed(round(number, decimals)) for number in numbers for decimals in (0, 1)} | {
        as_printed(value)
    }


def as_printed(number: float) -> str:
    return f"{number + 0.0:.6g}"


def numbers_of(text: str) -> Counter[str]:
    """The numbers of a text, its dates left out."""
    text = DATE.sub("", text)
    found = (re.sub("[\u202f\u00a0]", "", number) for number in NUMBER.findall(text))
    return Counter(as_printed(float(number.replace(",", ".").replace("\u2212", "-"))) for number in found)


def figures_of(html: str, unions: Unions) -> Iterator[Figure]:
    for figure in BeautifulSoup(html, "lxml").find_all("figure"):
        image, description = figure.find("img"), figure.select_one(".description")
        assert isinstance(image, Tag) and isinstance(description, Tag)
        svg = base64.b64decode(str(image["src"]).partition("base64,")[2])
        around = [tag.get_text() for tag in figure.select("figcaption, .lecture")]
        yield Figure(
            str(figure["id"]),
            " ".join([*around, str(image["alt"])]),
            description.get_text(),
            tuple(drawn_words(ElementTree.fromstring(svg))),
            tuple(row_of(tr, unions) for tr in figure.select("tbody tr")),
        )


def row_of(tr: Tag, unions: Unions) -> Row:
    assert tr.th is not None and tr.find_parent("table") is not None
    cells = tr.find_all("td")
    values = [float(data["value"]) for cell in cells for data in cell.find_all("data")]
    return Row(
        tr.th.get_text(),
        tuple(values),
        sum(cell.find(class_="secret") is not None for cell in cells),
        sum(cell.find(class_="absent") is not None for cell in cells),
        tuple(bound for cell in cells if cell.find("data") for bound in bounds_of(cell)),
        tuple(united_in(tr, unions)),
    )


def united_in(tr: Tag, unions: Unions) -> Iterator[float]:
    """The sum of the released columns that make a declared union, whole, whether its own column is there or not."""
    table = tr.find_parent("table")
    assert table is not None
    heads = [head.get_text(" ", strip=True) for head in table.select("thead th")][1:]
    told = {
        head: float(cell.data["value"])
        for head, cell in zip(heads, tr.find_all("td"), strict=False)
        if cell.data is not None
    }
    for members in unions.values():
        parts = {head: unions.get(head, frozenset({head})) for head in told}
        inside = {head: made_of for head, made_of in parts.items() if made_of <= members}
        if frozenset().union(*inside.values()) == members:
            yield sum(told[head] for head in inside)


def bounds_of(cell: Tag) -> Iterator[float]:
    """The interval that a cell prints beside its released value: « de 5,9 à 17,2 »."""
    for low, high in re.findall(r"de ([\d,]+) à ([\d,]+)", cell.get_text()):
        yield from (float(low.replace(",", ".")), float(high.replace(",", ".")))


def by_name(rows: tuple[Row, ...]) -> Iterator[Row]:
    """The rows of one name as one: a description tells the territories of a category together."""
    for name in dict.fromkeys(row.name for row in rows):
        same = [row for row in rows if row.name == name]
        yield Row(
            name,
            tuple(value for row in same for value in row.values),
            sum(row.withheld for row in same),
            sum(row.missing for row in same),
        )


def drawn_words(node: ElementTree.Element, *, on_axis: bool = False) -> Iterator[str]:
    """The words of a drawing, without its legend and the numbers of its axes."""
    if node.get("id", "").startswith("legend"):
        return
    on_axis = on_axis or node.get("id", "").startswith("matplotlib.axis")
    text = "".join(node.itertext()) if node.tag.endswith("}text") else ""
    if text and not (on_axis and not re.search("[a-zà-ÿ]{3}", text)):
        yield text
    for child in node:
        yield from drawn_words(child, on_axis=on_axis)


@pytest.fixture(scope="module")
def charts(ten: Project, resultats_of_ten: Resultats) -> dict[tuple[str, str], Figure]:
    """Every chart of the chapters of ten deposits, with its text kept as text."""
    register = load_register(ten)
    mesures = measures_for("publication", resultats_of_ten)
    definitions = load_definitions(ten)
    unions = {
        union.libelle: frozenset(map(definition.libelle_de, union.modalites))
        for definition in definitions.by_name.values()
        for union in definition.reunions.values()
    }
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        write = style.to_svg
        patch.setitem(style._RC, "svg.fonttype", "none")
        patch.setattr(
            style, "to_svg", lambda drawn: b"" if drawn.get_figwidth() == style.PHONE.width else write(drawn)
        )
        for chapter in catalogue(register, "demonstration"):
            bundle = make_bundle(
                ten,
                register,
                chapter.code,
                resultats=resultats_of_ten,
                mesures=mesures,
                etude=None,
                mode="publication",
            )
            for shown in shown_by(chapter.notebook, bundle, **chapter.parameters):
                for figure in figures_of(shown.block.html, unions):
                    found[chapter.code, figure.anchor] = figure
    return found


def test_the_demonstration_withholds_enough_for_these_tests_to_see(
    charts: dict[tuple[str, str], Figure],
) -> None:
    assert len(charts) > 60
    assert sum(row.withheld for figure in charts.values() for row in figure.rows) > 600


def test_what_is_withheld_is_said_so_and_what_is_missing_otherwise(
    charts: dict[tuple[str, str], Figure],
) -> None:
    for key, figure in charts.items():
        if any(row.withheld for row in figure.rows):
            assert "secret" in figure.description, key


def test_a_row_tells_no_number_but_those_it_releases(charts: dict[tuple[str, str], Figure]) -> None:
    """The description of each row, cell by cell: a number for each value, a word for each gap."""
    seen = 0
    for key, figure in charts.items():
        told = figure.description.split(" ; ")
        _, found, first = told[0].rpartition(f". {figure.rows[0].name}")
        told[0] = found.removeprefix(". ") + first if found else ""
        for row in by_name(figure.rows):
            said = [part.partition(row.name)[2] for part in told if part.startswith(row.name)]
            for part in said if row.withheld else ():
                label, values = re.match(r"( \([^)]*\))?(.*)", part, re.S).groups()  # type: ignore[union-attr]
                assert not set(numbers_of(label or "")) - figure.released, (key, row.name)
                allowed = {printed for value in row.values for printed in ways(value, row)}
                words = GAPS.sub("", values)
                assert not set(numbers_of(words)) - allowed, (key, row.name, part)
                assert sum(numbers_of(words).values()) <= len(row.values), (key, row.name, part)
                seen += 1
    assert seen > 200


def test_no_number_is_drawn_that_the_data_do_not_release(charts: dict[tuple[str, str], Figure]) -> None:
    for key, figure in charts.items():
        named = {number for row in figure.rows for number in re.findall(r"\d+", row.name)}
        for text in figure.drawn:
            assert not set(numbers_of(text)) - figure.released - named, (key, text)


def test_titles_and_readings_hold_released_numbers_or_counts_of_rows(
    charts: dict[tuple[str, str], Figure],
) -> None:
    for key, figure in charts.items():
        counts = {str(rank) for rank in range(1, len(figure.rows) + 1)}
        named = {number for row in figure.rows for number in re.findall(r"\d+", row.name)}
        words = re.sub(r"à 95\s%", "", figure.words)  # the level of the intervals
        words = re.sub(r"Département d.essai \d+|l.un des 10 territoires", "", words)  # a name, how many
        unknown = set(numbers_of(words)) - figure.released - named - counts
        assert not unknown, (key, figure.words)
