"""What every page of a whole site must be, whatever its chapters: the real bilan's and the demonstration's."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import frictionless
import pytest
from bs4 import BeautifulSoup, NavigableString, Tag

from analysis.noyau.paths import Project

SITES = ("clone", "invented")

BLOCKS = (
    *("p", "li", "dt", "dd", "td", "th", "caption", "figcaption", "summary", "title", "button", "label"),
    *("h1", "h2", "h3", "h4", "option", "blockquote", "aside", "text", "footer", "div", "legend"),
)
BROKEN = re.compile(r"[ \n\t][:;?!»%€]|«[ \n\t]|(?<![\d.,\w])\d{1,3}[ \n\t]\d{3}(?!\d)|[^\W\d_]'|n°[ \n\t]")
SPOKEN = ("alt", "title", "aria-label", "summary", "placeholder", "data-definition")
UNTOUCHED = ["code", "pre", "script", "style"]


CHECKER = Path(sys.prefix) / "share" / "bilan-vnu"
"""Where the HTML checker stands: out of the project, in the environment that runs the tests."""


@pytest.fixture(scope="module", params=SITES)
def site(request: pytest.FixtureRequest) -> Path:
    project: Project = request.getfixturevalue(request.param)
    return project.html


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, BeautifulSoup]:
    return {
        path.name: BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
        for path in sorted(site.glob("*.html"))
    }


@pytest.fixture(scope="module")
def checker() -> Path:
    """The HTML checker, at the version that ``tests/package-lock.json`` pins: fetched once by npm."""
    jar = CHECKER / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    wanted = Path(__file__).with_name("package-lock.json")
    if not shutil.which("java"):
        pytest.skip("no Java on this machine (Debian: default-jre-headless)")
    installed = CHECKER / wanted.name
    if jar.is_file() and installed.is_file() and installed.read_bytes() == wanted.read_bytes():
        return jar
    if not shutil.which("npm"):
        pytest.skip("no npm on this machine to fetch the HTML checker (Debian: npm)")
    CHECKER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(wanted.with_name(name), CHECKER / name)
    fetched = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=CHECKER,
        capture_output=True,
        text=True,
        timeout=300,
    )
    if fetched.returncode:
        pytest.skip(f"npm could not fetch the HTML checker: {fetched.stderr.strip()[-200:]}")
    return jar


def faults(checker: Path, *pages: Path) -> list[str]:
    """What the checker has to say of these pages: page, line, message."""
    told = subprocess.run(
        ["java", "-Xss4m", "-jar", str(checker), "--errors-only", "--format", "json", *map(str, pages)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    messages = json.loads(told.stderr)["messages"]
    return [f"{Path(m['url']).name}:{m.get('lastLine')}: {m['message']}" for m in messages]


def spoken(soup: BeautifulSoup) -> Iterator[str]:
    """Every text of a page, a block at a time, and every attribute that is read aloud."""
    for tag in soup.find_all(UNTOUCHED):
        tag.decompose()
    for tag in soup.find_all(lang="en"):
        tag.string = "…"
    for tag in soup.find_all(True):
        yield from (str(tag[name]) for name in SPOKEN if tag.get(name))
        if tag.name in BLOCKS:
            yield "".join(own_text(tag))
    for tag in soup.select("meta[name=description]"):
        yield str(tag["content"])


def own_text(tag: Tag) -> Iterator[str]:
    """The words of a block without those of the blocks in it."""
    for child in tag.children:
        if isinstance(child, NavigableString):
            yield str(child)
        elif isinstance(child, Tag):
            yield from own_text(child) if child.name not in BLOCKS else "\u0000"


def test_no_space_of_a_page_may_break_where_french_print_holds(pages: dict[str, BeautifulSoup]) -> None:
    found = [
        (name, text[max(0, match.start() - 25) : match.end() + 15])
        for name, soup in pages.items()
        for text in spoken(soup)
        for match in BROKEN.finditer(text)
    ]
    assert found == []


def test_no_table_is_printed_as_it_was_typed(pages: dict[str, BeautifulSoup]) -> None:
    assert [name for name, soup in pages.items() if "|---" in soup.get_text()] == []


def test_the_checker_finds_no_error_in_any_page(site: Path, checker: Path) -> None:
    assert faults(checker, *sorted(site.glob("*.html"))) == []


def test_the_checker_sees_what_stands_where_it_may_not(checker: Path, tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    start = "<!doctype html><html lang=fr><title>A</title>"
    page.write_text(f"{start}<ul><p>a</p></ul><table><caption>a</table>", encoding="utf-8")
    assert any("Element “p” not allowed as child of element “ul”" in fault for fault in faults(checker, page))


def test_every_table_has_a_name(pages: dict[str, BeautifulSoup]) -> None:
    for name, soup in pages.items():
        for table in soup.find_all("table"):
            region = table.find_parent(attrs={"role": "region"})
            assert table.caption or (region and region.get("aria-label")), name


def test_the_dictionary_of_the_data_describes_every_file(site: Path) -> None:
    report = frictionless.validate(str(site / "donnees" / "datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "fieldName", "note"])[:10]
    described = {task.place for task in report.tasks}
    assert described == {path.name for path in (site / "donnees").glob("*.csv")}


def test_no_head_of_a_file_names_its_unit_twice(site: Path) -> None:
    package = json.loads((site / "donnees" / "datapackage.json").read_text(encoding="utf-8"))
    fields = [field for resource in package["resources"] for field in resource["schema"]["fields"]]
    heads = [(field["name"].casefold(), field["unit"].casefold()) for field in fields if field.get("unit")]
    assert len(heads) > 50
    assert [head for head, unit in heads if head.count(unit) > 1 or head.endswith("(€) (euros)")] == []
