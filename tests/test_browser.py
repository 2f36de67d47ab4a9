"""The site in a real browser: accessible, usable with the keyboard, alone on its machine, from phone to wide screen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

import axe_playwright_python
import pikepdf
import pytest
from navigateur import CHROMIUM, PHONE
from pages_suivies import habillee, page_de, suivis_de
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from analysis.livre.article.articles import TEMPLATES
from analysis.livre.build import working_copy
from analysis.livre.editions.apercu import apercu
from analysis.livre.editions.comparaison import comparer
from analysis.livre.editions.releve import KEY, Ancre, Cellule, Passage, Releve
from analysis.livre.pages import inline_style, render
from analysis.noyau.paths import Project

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
SITES = ("clone", "invented")

OPEN_CONTENTS = "(document.querySelector('.sommaire details') ?? { open: null }).open"

ENDINGS = {"light": "-etroit.svg", "dark": "-etroit-sombre.svg"}
"""How the drawings for a phone are named, in each scheme."""

SHOWN = """ending => [...document.querySelectorAll('main figure picture img')].every((image) =>
  image.complete && image.currentSrc.endsWith(ending))"""

COMPLETE = "[...document.images].every((image) => image.complete)"

REMEMBER_COLOURS = """(() => {
  const { Color } = axe.commons.color, parse = Color.prototype.parseString, known = new Map();
  Color.prototype.parseString = function (text) {
    if (!known.has(text)) known.set(text, parse.call(this, text) && [this.r, this.g, this.b, this.alpha]);
    [this.r, this.g, this.b, this.alpha] = known.get(text);
    return this;
  };
})()"""
"""axe 4.12 reads the colours of each element anew from text: a third of its time on a page of large tables."""

KEEP_BESIDE = """(() => {
  const Map = WeakMap, own = Object.prototype.hasOwnProperty;
  window.WeakMap = class {
    constructor(pairs) {
      [this.place, this.sealed] = [Symbol(), new Map()];
      for (const [key, value] of pairs ?? []) this.set(key, value);
    }
    has(key) { return key instanceof Object && (own.call(key, this.place) || this.sealed.has(key)); }
    get(key) { return own.call(key, this.place) ? key[this.place] : this.sealed.get(key); }
    set(key, value) {
      if (Object.isExtensible(key)) key[this.place] = value;
      else this.sealed.set(key, value);
      return this;
    }
    delete(key) { return own.call(key, this.place) ? delete key[this.place] : this.sealed.delete(key); }
  };
  window.WeakSet = class {
    constructor(keys) { this.all = new WeakMap([...keys ?? []].map((key) => [key, true])); }
    has(key) { return this.all.has(key); }
    add(key) { this.all.set(key, true); return this; }
    delete(key) { return this.all.delete(key); }
  };
})()"""
"""axe 4.12 keeps the six private fields of each colour in weak maps, slow to fill and to clear: up to half of its time.

What is known of an object is kept in the object itself, before axe is loaded.
"""

COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that look at colours, of those that it applies unless it is told otherwise."""

SHAPE = """[...document.querySelectorAll("body, body *")].map((one) => {
  const { left, top, width, height } = one.getBoundingClientRect();
  return one.checkVisibility({ visibilityProperty: true }) ? [left, top, width, height].map(Math.round).join() : "";
}).join(";")"""
"""Where each element of a page stands, and which are not shown: what axe's other rules look at besides the text."""

LOOKS = """(() => {
  const numbers = new Map(), looks = new Map(), found = new Map(), { body } = document;
  const look = (one) => {
    if (!one) return "";
    if (!looks.has(one)) {
      const style = getComputedStyle(one), above = look(one.parentElement), isOver = /absolute|fixed|sticky/.test(style.position);
      const said = [above, style.color, style.backgroundColor, style.backgroundImage, style.opacity, style.filter,
        style.mixBlendMode, style.textShadow, style.textDecorationLine, style.fontSize, style.fontWeight, style.display,
        isOver && looks.size].join("|");
      if (!numbers.has(said)) numbers.set(said, numbers.size);
      looks.set(one, numbers.get(said));
    }
    return looks.get(one);
  };
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() && one.checkVisibility() && !found.has(look(one))) found.set(look(one), one);
  }
  return [...found.values()];
})()"""
"""One element of each look among those that have words: the same colours, sizes and weights, on the same grounds all the
way up. What stands over something else has a look of its own."""

TITLE = "(({ top, bottom }) => [top, bottom])(document.querySelector('h1').getBoundingClientRect())"

CUT_WORDS = r"""(() => {
  const cut = [], range = document.createRange();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (parent.closest("code, svg, script, select, noscript") || !parent.getClientRects().length) continue;
    for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
      if (!/^[\p{L}'’(«»).,:;!?-]{4,}$/u.test(word)) continue;
      for (const { 0: part, index: at } of word.matchAll(/\p{L}{3,}/gu)) {
        range.setStart(node, index + at);
        range.setEnd(node, index + at + part.length);
        const lines = new Set([...range.getClientRects()].filter((box) => box.width > 0.5).map((box) => Math.round(box.top / 4)));
        if (lines.size > 1) cut.push(part);
      }
    }
  }
  return cut;
})()"""
"""The words of a page that begin on one line and end on another."""

PICTURES = """[...document.querySelectorAll('main figure picture img')].map((image) =>
  [image.currentSrc, image.getBoundingClientRect().width, image.naturalWidth])"""
"""Of each chart: the file that is shown, how wide it is on the page, and how wide it is drawn, in whole pixels."""

TABLES = """[...document.querySelectorAll('.tableau')].filter((region) => region.clientWidth).map((region) => {
  region.scrollLeft = 1e6;
  const caption = region.querySelector('caption'), box = region.getBoundingClientRect();
  const text = caption ? caption.getBoundingClientRect() : box;
  return [region.id, region.scrollWidth > region.clientWidth + 1, getComputedStyle(region, '::before').content !== 'none',
    region.tabIndex === 0, text.left >= box.left - 1, text.right <= box.right + 1];
})"""
"""Of each table, scrolled to its end: whether it scrolls, says so, is a stop of the keyboard; its caption is in view."""

TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""The page has drawn what changed, and what watches sizes was told."""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: chromium)")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@dataclass(frozen=True)
class Seen:
    """A page under its own security policy, opened once: on a phone by day, by night, on a wide screen, on a phone.

    ``title`` is where the title begins and ends; ``opened`` whether the contents are, on a phone then on a wide
    screen; ``pictures`` and ``tables`` are what PICTURES and TABLES give, ``fonts`` the states of the fonts.
    """

    path: Path
    said: list[str]
    asked: set[str]
    title: tuple[float, float]
    cut: list[str]
    pictures: dict[str, list[tuple[str, float, float]]]
    opened: list[bool | None]
    fonts: list[str]
    has_all_images: bool
    tables: list[tuple[str, bool, bool, bool, bool, bool]]


@dataclass(frozen=True)
class Checked:
    """A page that is asked what its readers do not ask: by axe in both schemes, then at each width with all open."""

    path: Path
    violations: dict[str, list[str]]
    wide: dict[tuple[int, int], bool]


SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = ((320, 100), (360, 100), (1600, 100), (1280, 200))
"""Screens: how many pixels wide, and the size of the text in percent."""


@pytest.fixture(scope="module")
def seen(browser: Browser, request: pytest.FixtureRequest) -> Callable[[str], list[Seen]]:
    """The pages of a site as readers meet them, opened when a test first asks."""
    return cache(lambda site: [look(browser, path) for path in pages(request, site)])


@pytest.fixture(scope="module")
def checked(browser: Browser, request: pytest.FixtureRequest) -> Callable[[str], list[Checked]]:
    """The pages of a site as they are checked, opened when a test first asks."""
    return cache(lambda site: [check(browser, path) for path in pages(request, site)])


def pages(request: pytest.FixtureRequest, site: str) -> list[Path]:
    project: Project = request.getfixturevalue(site)
    return sorted(project.html.glob("*.html"))


def look(browser: Browser, path: Path) -> Seen:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    said: list[str] = []
    asked: set[str] = set()

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(message.text)

    def note(made: Request) -> None:
        asked.add(made.url)

    page.on("console", listen)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda failed: said.append(f"{failed.url} : {failed.failure}"))
    page.on("request", note)
    page.goto(path.as_uri())
    title, opened = page.evaluate(TITLE), [page.evaluate(OPEN_CONTENTS)]
    page.evaluate("document.fonts.ready")
    cut = page.evaluate(CUT_WORDS)
    pictures = {scheme: pictures_in(page, scheme) for scheme in (*SCHEMES, "light")}
    page.set_viewport_size({"width": 1280, "height": 900})
    wait_until(page, f"() => {OPEN_CONTENTS} !== false && {COMPLETE}")
    opened.append(page.evaluate(OPEN_CONTENTS))
    fonts = page.evaluate("document.fonts.ready.then((set) => [...set].map((face) => face.status))")
    has_all_images = page.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")
    page.set_viewport_size(PHONE)
    page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true; })")
    page.evaluate(TWO_FRAMES)
    tables = page.evaluate(TABLES)
    context.close()
    return Seen(path, said, asked, title, cut, pictures, opened, fonts, has_all_images, tables)


def pictures_in(page: Page, scheme: Literal["light", "dark"]) -> list[tuple[str, float, float]]:
    """What PICTURES gives in a scheme, once the drawings of that scheme are there."""
    page.emulate_media(color_scheme=scheme)
    wait_until(page, SHOWN, ENDINGS[scheme])
    found: list[tuple[str, float, float]] = page.evaluate(PICTURES)
    return found


def wait_until(page: Page, condition: str, argument: str = "") -> None:
    """Wait for a condition, five seconds at most: what never comes is told by the test that looks at it.

    The page's policy forbids Playwright's own way, which evaluates text inside the page.
    """
    for _ in range(100):
        if page.evaluate(condition, argument):
            return
        page.wait_for_timeout(50)


def check(browser: Browser, path: Path) -> Checked:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(path.as_uri())
    bring_axe(page)
    found = in_both_schemes(page, path)
    page.emulate_media(color_scheme="light")
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    wide = {}
    for width, text in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("size => { document.documentElement.style.fontSize = size; }", f"{text}%")
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        wide[width, text] = page.evaluate("document.documentElement.scrollWidth") > width
    context.close()
    return Checked(path, found, wide)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("site", SITES)
def test_axe_finds_no_violation_on_any_page(
    checked: Callable[[str], list[Checked]], site: str, scheme: str
) -> None:
    assert [violation for page in checked(site) for violation in page.violations[scheme]] == []


@pytest.fixture(scope="module")
def alone(invented: Project, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The pages that stand alone: the list of editions, what changed between two of them, a territory's preview."""
    site, folder = working_copy(invented), tmp_path_factory.mktemp("seules")
    cell = Cellule("val", KEY, "Salariés", "chiffre clé", "40")
    first = Releve(
        "2026-1", (cell,), (Ancre("val", "titre", "page", "Val"),), (Passage("val", "titre", "Un."),)
    )
    second = replace(first, edition="2026-2", cellules=(replace(cell, texte="50"),))
    listed = folder / "editions.html"
    page = render("editions", title=site.title, labels=["2026-2", "2026-1"], style=inline_style())
    listed.write_text(page, encoding="utf-8")
    code = next(entry.name for entry in site.chapters if entry.is_territoire)
    return [listed, comparer(Project(folder), first, second), apercu(invented, code)]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_no_violation_on_the_pages_that_stand_alone(
    alone: list[Path], browser: Browser, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(bypass_csp=True)
    tab, found = context.new_page(), []
    for path in alone:
        assert "Content-Security-Policy" in path.read_text(encoding="utf-8"), path.name
        tab.goto(path.as_uri())
        bring_axe(tab)
        found += violations(tab, path, scheme)
    context.close()
    assert found == []


def test_axe_sees_a_fault_of_each_scheme_however_fast_it_is_made(browser: Browser, tmp_path: Path) -> None:
    """Words too pale by day, too dark by night, and a picture without words."""
    path = tmp_path / "page.html"
    path.write_text(
        "<!doctype html><html lang=fr><title>Essai</title><style>:root{color-scheme:light dark}"
        "body{background:#fff}#jour{color:#ccc}#nuit{color:#333}"
        "@media (prefers-color-scheme:dark){body{background:#111}}</style>"
        "<main><h1 id=jour>Le jour</h1><p id=nuit>La nuit</p><img src=x.png></main>",
        encoding="utf-8",
    )
    found = {scheme: sorted(said) for scheme, said in check(browser, path).violations.items()}
    picture = 'page.html : image-alt, <img src="x.png">'
    assert found == {
        "light": ['page.html : color-contrast, <h1 id="jour">Le jour</h1>', picture],
        "dark": ['page.html : color-contrast, <p id="nuit">La nuit</p>', picture],
    }


def test_what_is_asked_again_by_night_is_all_that_looks_at_colours(page: Page) -> None:
    page.evaluate(AXE)
    rules = page.evaluate("axe.getRules(['cat.color']).map((rule) => rule.ruleId)")
    applied_to_whom_asks_alone = {"color-contrast-enhanced"}
    assert set(rules) - applied_to_whom_asks_alone == set(COLOURS)


@pytest.mark.parametrize("site", SITES)
def test_no_page_complains_or_asks_beyond_its_folder(seen: Callable[[str], list[Seen]], site: str) -> None:
    """Under the page's own security policy, from file://: fonts, pictures and scripts are there."""
    for page in seen(site):
        assert "loaded" in page.fonts and "error" not in page.fonts, page.path.name
        assert page.has_all_images, page.path.name
        assert page.said == [], page.path.name
        assert page.asked and all(url.startswith(page.path.parent.as_uri()) for url in page.asked)


@pytest.mark.parametrize(("width", "text"), WIDTHS)
@pytest.mark.parametrize("site", SITES)
def test_nothing_is_wider_than_the_screen(
    checked: Callable[[str], list[Checked]], site: str, width: int, text: int
) -> None:
    """At every width with the menus open, and with a text twice as large."""
    assert [page.path.name for page in checked(site) if page.wide[width, text]] == []


@pytest.mark.parametrize("site", SITES)
def test_a_phone_shows_the_title_first_and_the_contents_closed(
    seen: Callable[[str], list[Seen]], site: str
) -> None:
    found = []
    for page in seen(site):
        top, bottom = page.title
        in_view = top < PHONE["height"] / 2 and bottom < 2 * PHONE["height"] / 3
        if not in_view or page.opened not in ([None, None], [False, True]):
            found.append((page.path.name, top, bottom, page.opened))
    assert found == []


@pytest.mark.parametrize("site", SITES)
def test_no_word_is_cut_on_a_phone(seen: Callable[[str], list[Seen]], site: str) -> None:
    """Codes and addresses may be; a word of a sentence, a label or a heading may not."""
    assert {page.path.name: page.cut for page in seen(site) if page.cut} == {}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("site", SITES)
def test_a_phone_shows_its_own_drawing_of_a_chart_at_its_size(
    seen: Callable[[str], list[Seen]], site: str, scheme: str
) -> None:
    """Its text is then read as large as it is drawn: 10 points, 13 pixels."""
    shown = 0
    for page in seen(site):
        for address, width, own in page.pictures[scheme]:
            assert address.endswith(ENDINGS[scheme]), (page.path.name, address)
            assert 0.95 <= width / own < 1.01, (page.path.name, address, width, own)
            shown += 1
    assert shown


@pytest.mark.parametrize("site", SITES)
def test_a_table_on_a_phone_keeps_its_caption_in_view_and_says_that_it_scrolls(
    seen: Callable[[str], list[Seen]], site: str
) -> None:
    scrolling, found = 0, []
    for page in seen(site):
        for name, scrolls, told, stops, left, right in page.tables:
            scrolling += scrolls
            if scrolls != told or scrolls != stops or (left, right) != (True, True):
                found.append((page.path.name, name, scrolls, told, stops, left, right))
    assert found == [] and scrolling


def test_a_long_table_is_passed_with_the_keyboard(clone: Project, page: Page) -> None:
    page.goto((clone.html / "synthese.html").as_uri())
    way = page.locator("a.passer").first
    before = way.evaluate("link => link.getBoundingClientRect().width")
    way.focus()
    assert before < 2 and way.evaluate("link => link.getBoundingClientRect().width") > 100, "seen on focus"
    inside = way.evaluate("link => link.nextElementSibling.querySelectorAll('a, button').length")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert inside >= 10 and not page.evaluate("document.activeElement.closest('.tableau table')")
    assert page.evaluate(
        "document.querySelector('a.passer').compareDocumentPosition(document.activeElement) & 4"
    )


def test_the_keyboard_alone_leads_from_the_home_page_to_a_file(clone: Project, page: Page) -> None:
    page.goto((clone.html / "index.html").as_uri())
    page.keyboard.press("Tab")
    assert focused(page) == "Aller au contenu"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
    link_to(page, "Rechercher")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche.html*")
    page.keyboard.type("emploi PRIVE premery")
    page.locator("#resultats a").first.wait_for()
    assert "passage" in page.inner_text("#compte")
    page.keyboard.press("Tab")
    assert "Prémery" in focused(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/premery.html*")
    link_to(page, "CSV")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.startswith("premery--")


def test_a_search_ignores_accents_and_says_when_it_finds_nothing(clone: Project, page: Page) -> None:
    page.goto((clone.html / "recherche.html").as_uri())
    counts = []
    for word in ("éligibilité", "eligibilite"):
        page.fill("#question", word)
        page.locator("#resultats a").first.wait_for()
        counts.append(page.inner_text("#compte"))
        page.fill("#question", "")
        page.locator("#resultats a").first.wait_for(state="detached")
    assert counts[0] == counts[1] and "passage" in counts[0]
    page.fill("#question", "xyzzy")
    page.get_by_text("Aucune page ne contient").wait_for()
    page.goto((clone.html / "recherche.html").as_uri() + "#%3Cimg src=x onerror=alert(1)%3E emploi")
    assert not page.query_selector("#resultats img")


def test_a_search_puts_the_page_of_its_words_first(clone: Project, page: Page) -> None:
    page.goto((clone.html / "recherche.html").as_uri())
    assert found_by(page, "coût net")[0] == "depenses_passives.html", "its key figures carry the words"
    assert found_by(page, "EBE 58")[0] == "premery.html", "what its territory is carries them"
    assert found_by(page, "exhaustivité")[0] == "exhaustivite.html"
    assert found_by(page, "registre des chiffres")[0] == "registre.html"


def test_a_search_finds_words_by_their_beginning_and_numbers_with_or_without_spaces(
    clone: Project, page: Page
) -> None:
    page.goto((clone.html / "recherche.html").as_uri())
    texts = page.evaluate("window.BILAN_INDEX.map((section) => section.slice(1).join(' '))")
    folded = [unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode().lower() for text in texts]
    assert any("ile" in text for text in folded), "« fragile », « utile »… are in the pages"
    begun = sum(bool(re.search(r"(?<![a-z0-9])ile", text)) for text in folded)
    assert (len(found_by(page, "île")) > 0) == (begun > 0)
    assert found_by(page, "l'emploi") == found_by(page, "l\u2019emploi") != []
    assert found_by(page, "1711") == found_by(page, "1 711") == found_by(page, "1\u202f711") != []


def test_a_table_is_sorted_by_number_and_put_back(invented: Project, page: Page) -> None:
    page.goto((invented.html / "exhaustivite.html").as_uri())
    table = page.locator(".tableau table").filter(has=page.locator("data")).first
    cells = table.locator("tbody tr td.nombre:nth-child(2)")
    before = cells.all_inner_texts()
    button = table.locator("thead th:nth-child(2) button")
    orders = []
    for _ in range(3):
        button.focus()
        page.keyboard.press("Enter")
        orders.append(cells.all_inner_texts())
    numbers = [values(order) for order in orders]
    assert numbers[0] == sorted(numbers[0]) and numbers[1] == sorted(numbers[1], reverse=True)
    assert orders[2] == before and not table.locator("[aria-sort]").count()


def test_dates_orders_of_magnitude_and_strengths_sort_by_what_they_mean(clone: Project, page: Page) -> None:
    """The undated and what has no number come last, whatever the direction."""
    page.goto((clone.html / "registre.html").as_uri())
    days = """rows => rows.map(row => row.cells[4].querySelector("time")?.dateTime ?? "")"""
    button = page.locator("#chiffres-premery thead th:nth-child(5) button")
    for is_reversed in (False, True):
        button.click()
        found = page.eval_on_selector_all("#chiffres-premery tbody tr", days)
        dated = [day for day in found if day]
        assert len(set(dated)) > 5 and dated == sorted(dated, reverse=is_reversed)
        assert found == dated + [""] * (len(found) - len(dated))
    page.goto((clone.html / "synthese.html").as_uri())
    page.locator("#preuves-h1 thead button").filter(has_text=re.compile("^Force$")).click()
    ranks = page.eval_on_selector_all(
        "#preuves-h1 tbody td:nth-child(2) [data-tri]", "all => all.map(e => +e.dataset.tri)"
    )
    assert len(set(ranks)) > 1 and ranks == sorted(ranks)


def test_a_word_is_explained_on_focus_and_let_go_by_escape(clone: Project, page: Page) -> None:
    page.goto((clone.html / "premery.html").as_uri())
    assert bubble(page) == "none"
    page.locator(".terme > a").first.focus()
    assert str(page.get_attribute(".terme", "data-definition")) in bubble(page)
    page.keyboard.press("Escape")
    assert bubble(page) == "none"


def test_a_printed_chapter_has_a_sane_number_of_pages(clone: Project, page: Page, tmp_path: Path) -> None:
    page.goto((clone.html / "premery.html").as_uri())
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    with pikepdf.open(tmp_path / "page.pdf") as printed:
        assert 4 <= len(printed.pages) <= 20


def bring_axe(page: Page) -> None:
    """Load axe in the page that is open, with what makes it fast."""
    page.evaluate(KEEP_BESIDE)
    page.add_script_tag(content=AXE)
    page.evaluate(REMEMBER_COLOURS)


def in_both_schemes(page: Page, path: Path) -> dict[str, list[str]]:
    """What axe says of the page that is open in each scheme.

    By night the rules of colours are asked again, of one element of each look; the other rules as well, unless the page
    shows the same elements at the same places.
    """
    by_day = violations(page, path, "light")
    shown = page.evaluate(SHAPE)
    page.emulate_media(color_scheme="dark")
    if page.evaluate(SHAPE) != shown:
        return {"light": by_day, "dark": violations(page, path, "dark")}
    others = [
        said for said in by_day if not said.startswith(tuple(f"{path.name} : {rule}," for rule in COLOURS))
    ]
    return {"light": by_day, "dark": [*violations(page, path, "dark", by_look=True), *others]}


def violations(
    page: Page, path: Path, scheme: Literal["light", "dark"], *, by_look: bool = False
) -> list[str]:
    """What axe says of the page that is open, in a scheme; ``by_look`` by the rules of colours, of each look once."""
    page.emulate_media(color_scheme=scheme)
    options = f", runOnly: {{type: 'rule', values: {list(COLOURS)}}}" if by_look else ""
    found = page.evaluate(
        f"axe.run({{include: {LOOKS if by_look else '[document]'}}}, {{resultTypes: ['violations']{options}}})"
        ".then((r) => r.violations)"
    )
    return [f"{path.name} : {v['id']}, {v['nodes'][0]['html'][:200]}" for v in found]


def found_by(page: Page, words: str) -> list[str]:
    """The addresses that a search gives, in order."""
    page.fill("#question", words)
    page.evaluate("document.getElementById('recherche').requestSubmit()")
    links = page.locator("#resultats a")
    return [str(link.get_attribute("href")) for link in links.all()]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent"))


def bubble(page: Page) -> str:
    """What the bubble of the first explained word of a page says; « none » where it is closed."""
    said = "getComputedStyle(document.querySelector('.terme'), '::after').content"
    return str(page.evaluate(said))


def link_to(page: Page, words: str) -> None:
    """Press Tab until a link that begins with these words has the focus."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if focused(page).startswith(words):
            return
    raise AssertionError(f"no link « {words} » within 150 stops")


def values(texts: list[str]) -> list[float]:
    """The numbers of cells that hold one; words, which stand last, are left out."""
    plain = (
        t.split("(")[0].replace("\u202f", "").replace("\u2212", "-").replace(",", ".").strip() for t in texts
    )
    return [float(text) for text in plain if text.replace(".", "").replace("-", "").isdigit()]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of six hundred invented followed territories, with the style and the scripts of the site."""
    folder = tmp_path_factory.mktemp("suivis")
    content = habillee(page_de(suivis_de(folder / "projet", 600)()))
    (folder / "territoires-suivis.html").write_text(content, encoding="utf-8")
    for name in ("bilan.css", "bilan.js", "territoires-suivis.js"):
        (folder / name).write_bytes((TEMPLATES / name).read_bytes())
    return folder / "territoires-suivis.html"


def test_the_followed_territories_are_filtered_and_sorted_by_the_keyboard_alone(
    followed: Path, page: Page
) -> None:
    page.goto(followed.as_uri())
    status, rows = page.locator("#filtre-compte"), page.locator("#suivis tbody tr:visible")
    expect(status).to_have_text("600 territoires, dans l’ordre de leur habilitation.")
    page.focus("#filtre-mots")
    page.keyboard.type("puyvive")
    expect(rows).to_have_count(6)
    expect(status).to_contain_text("6 territoires sur 600,")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#filtre-alerte")).to_have_value("depot_en_retard")
    alerts = rows.evaluate_all("rows => rows.map((row) => row.dataset.alertes)")
    assert alerts and all("depot_en_retard" in said for said in alerts)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(600)
    page.locator("#suivis thead th:nth-child(6) button").focus()
    for order, words in (("ascending", "croissant"), ("descending", "décroissant")):
        page.keyboard.press("Enter")
        expect(page.locator("#suivis thead th:nth-child(6)")).to_have_attribute("aria-sort", order)
        expect(status).to_have_text(f"600 territoires, triés par « Alertes », ordre {words}.")
        counts = rows.evaluate_all(
            "rows => rows.map((row) => Number(row.querySelector('[data-tri]').dataset.tri))"
        )
        assert counts == sorted(counts, reverse=order == "descending")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_on_six_hundred_followed_territories(
    followed: Path, browser: Browser, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(followed.as_uri())
    page.select_option(
        "#filtre-alerte", "resultat_negatif"
    )  # rows that a reader sees, as many as one page holds
    bring_axe(page)
    assert violations(page, followed, scheme) == []
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    context.close()
