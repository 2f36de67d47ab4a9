"""French prose: Markdown to HTML, and the numbers in its sentences."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher

import mistune
from mistune.plugins.table import table, table_in_list

from analysis.noyau.errors import BilanError
from analysis.noyau.periods import MONTHS, Period
from analysis.presentation.parts.blocks import Block
from analysis.presentation.parts.links import figure_link, point_link
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released
from analysis.sources.commentaires import visible
from analysis.sources.fiches import Chiffre, Serie

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_ANCHOR = re.compile(r"\s*\{#([a-z0-9-]{1,40})\}\s*$")
_NOTE = re.compile(r"(?:^|\n)\n*(\[\^[a-z0-9-]+\]):")
_CODE_NAMED = re.compile(r"^#|[@:].*$")
_REGISTER_NUMBER = re.compile(r"#(\d+)")
_NOT_TEXT = re.compile(r"\{[^{}]*\}|\]\([^)]*\)|\[[@^][^\]]*\]")
_CODE = re.compile(r"^(`{3}|~{3})[^\n]*\n.*?^\1[^\n]*$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^ {0,3}(?P<marks>#{1,6})[ \t]+(?P<title>.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_UNDERLINED = re.compile(
    r"^ {0,3}(?P<title>[^\s#>|=-][^\n]*)\n {0,3}(?P<marks>=+|-{2,})[ \t]*$", re.MULTILINE
)
_NAMED = re.compile(
    r"\b\d+(?:ers?|r?es?|ères?|èmes?|nd[es]?|ndes)\b|\b(?:articles?|art\.) (?:[LRD]\. ?)?\d[\d-]*"
    r"(?:(?:, | et | à )(?:[LRD]\. ?)?\d[\d-]*)*|\b[LRD]\. ?\d[\d-]*|\bn[°º] ?\d[\d-]*|\bH[123]\b",
    re.IGNORECASE,
)
"""Numbers that name and do not count: « 1re », « Paris 13e », « loi n° 2016-231 », « article L. 5132-2 », « H1 »."""
_UNITS = r"(?:personnes?|salariés?|emplois?|euros?|habitants?|ETP|EBE|heures?|mois|ans?|territoires?)\b"
_YEAR = re.compile(rf"(?<![\d.,])\b(?:19|20)\d\d\b(?![.,]?\d|\s?[%€]|\s+{_UNITS})")
_DATE = re.compile(rf"\b(?:1er|[12]?\d|3[01]) (?:{'|'.join(MONTHS)})(?: (?:19|20)\d\d)?\b")
_TYPED = re.compile(r"[\d.,]*\d[^\s.,;:!?)»]*(?:\s+[^\W\d]+)?")


class UnknownPlaceholder(BilanError):
    """A placeholder of a sentence that names no figure, or more than one."""


def slug(text: str) -> str:
    """An ASCII anchor of at most 40 characters made from a title.

    >>> slug("L'emploi privé : la commune, sa zone d'emploi")
    'l-emploi-prive-la-commune-sa-zone-d'
    """
    ascii_text = (
        unicodedata.normalize("NFKD", text.replace("’", "'")).encode("ascii", "ignore").decode().lower()
    )
    words = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")
    return words if len(words) <= 40 else words[:41].rpartition("-")[0]


_LANGUAGE = re.compile(r'<span lang="[a-z]{2}">|</span>')
"""The one piece of raw HTML that a text may hold: the language of a foreign title."""


class _Renderer(mistune.HTMLRenderer):
    """HTML with an anchor on each heading; raw HTML is shown as text, but the language of some words."""

    def __init__(self) -> None:
        super().__init__(escape=True)

    def text(self, text: str) -> str:
        return html.escape(text, quote=False)

    def inline_html(self, html: str) -> str:
        return html if _LANGUAGE.fullmatch(html) else super().inline_html(html)

    def heading(self, text: str, level: int, **attrs: object) -> str:
        match = _ANCHOR.search(text)
        anchor = match[1] if match else slug(html.unescape(re.sub(r"<[^>]+>", "", text)))
        title = _ANCHOR.sub("", text)
        return f'<h{level} id="{anchor}">{title}</h{level}>\n'

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        """A cell of a table: a column set on the right holds numbers; no style stands in a page."""
        number = ' class="nombre"' if align == "right" else ""
        return f'<th scope="col"{number}>{text}</th>' if head else f"<td{number}>{text}</td>"


def markdown_to_html(source: str) -> str:
    """The HTML of a Markdown text; ``## Titre {#ancre}`` sets an anchor, else the title gives it.

    A footnote, ``[^mot]: …`` on a line of its own, stays a paragraph: the book numbers it over the page.
    """
    apart = _NOTE.sub(r"\n\n\1\\:", source)  # the colon escaped: it defines no link
    return str(mistune.create_markdown(renderer=_Renderer(), plugins=[table, table_in_list])(apart))


def propos(text: str) -> str:
    """Other people's words as HTML: nothing in them is markup of the book, nor turns the direction of writing.

    A page obeys ``[^mot]``, ``[@source]`` and ``{indicateur}`` in what its authors write, and in no such words.

    >>> propos("x < y [^1]")
    '<span class="propos">x &lt; y [^1]</span>'
    """
    return f'<span class="propos">{html.escape(visible(text), quote=False)}</span>'


def paragraphs(text: str) -> str:
    """Other people's words as paragraphs, one a line that they wrote; empty lines are none.

    >>> paragraphs("Un.\\n\\nDeux.")
    '<p><span class="propos">Un.</span></p><p><span class="propos">Deux.</span></p>'
    """
    return "".join(f"<p>{propos(line.strip())}</p>" for line in text.splitlines() if line.strip())


def word_changes(before: str, after: str) -> Iterator[tuple[str, list[str]]]:
    """The words of two texts in order: « equal », then what « del » takes out and « ins » puts in.

    >>> [(kind, " ".join(words)) for kind, words in word_changes("Il y a 40 places", "Il y a 50 places")]
    [('equal', 'Il y a'), ('del', '40'), ('ins', '50'), ('equal', 'places')]
    """
    old, new = before.split(), after.split()
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield kind, old[i:j]
            continue
        for change, words in (("del", old[i:j]), ("ins", new[k:m])):
            if words:
                yield change, words


def resolve(source: str, bundle: Bundle) -> str:
    """The HTML of a text in which each placeholder became a number linked to its row.

    ``{indicateur}`` is the only figure of that indicator in the bundle; ``{indicateur@periode}`` the
    one of that period, of the register or else of a commune's series; ``{indicateur@periode@zone}``
    the one of that zone's series; ``{#12}`` the figure number 12 of the register. ``:date`` at the end of any
    of them gives the date of that figure in its place, « septembre 2018 ».
    Raises UnknownPlaceholder when it names none or several, with what to write instead.
    """
    return _substituted(markdown_to_html(source), lambda name: _linked(name, bundle))


def sentence(bundle: Bundle, text: str) -> Block:
    """A paragraph whose numbers come from the register."""
    return Block(resolve(text, bundle))


def inline(text: str, bundle: Bundle) -> str:
    """The HTML of one line of text with its placeholders, without a paragraph around it."""
    return _substituted(html.escape(text, quote=False), lambda name: _linked(name, bundle))


Named = Released[Chiffre] | tuple[Released[Serie], str]
"""What a placeholder names: a figure of the register, or a series and the period of one of its values."""


def figures_named(source: str, bundle: Bundle) -> dict[str, Named]:
    """The figures that a text cites by their placeholders, each once, in the order of the text.

    Raises UnknownPlaceholder as :func:`resolve` does.
    """
    named = (match[1].partition(":")[0] for match in _PLACEHOLDER.finditer(source))
    names = dict.fromkeys(name for name in named if _REGISTER_NUMBER.fullmatch(name) or name[0] != "#")
    return {name: _named(name, bundle) for name in names}


def _substituted(rendered: str, replacement: Callable[[str], str]) -> str:
    return _PLACEHOLDER.sub(lambda match: replacement(html.unescape(match[1])), rendered)


def typed_numbers(source: str) -> list[tuple[int, str]]:
    """The numbers that a text types instead of taking them from the register: line, and words with the next one.

    A year may be typed, and a date (« 24 novembre 2016 », « septembre 2018 »); a year before a unit is a
    number. What names and does not count may be typed too: an ordinal, the number of a law or of an article.
    Placeholders, anchors, addresses, notes and code hold no number of the text.

    >>> typed_numbers("Le 24 novembre 2016, {effectif_ebe} ;\\nen 2019, 2019 personnes et 12 emplois.")
    [(2, '2019 personnes'), (2, '12 emplois')]
    """
    text = without_code(source)
    for kind in (_NOT_TEXT, _NAMED, _DATE, _YEAR):
        text = kind.sub(_blank, text)
    return [(_line(text, match), " ".join(match[0].split())) for match in _TYPED.finditer(text)]


def without_code(source: str) -> str:
    """A text in which code is blank, every other character where it was.

    >>> without_code("a `b` c")
    'a     c'
    """
    return _CODE.sub(_blank, source)


def headings(source: str) -> list[tuple[int, int, str]]:
    """The headings of a Markdown text: line, level, anchor.

    >>> headings("# Titre\\n\\n## Une partie {#partie}\\n\\nSouligné\\n===")
    [(1, 1, 'titre'), (3, 2, 'partie'), (5, 1, 'souligne')]
    """
    text = without_code(source)
    found = []
    for form in (_HEADING, _UNDERLINED):
        for match in form.finditer(text):
            marks, title = match["marks"], match["title"]
            level = len(marks) if marks[0] == "#" else 1 if marks[0] == "=" else 2
            anchor = _ANCHOR.search(title)
            found.append((_line(text, match), level, anchor[1] if anchor else slug(title)))
    return sorted(found)


def unresolved(source: str, bundle: Bundle) -> Iterator[tuple[int, str, str]]:
    """The placeholders of a text that name no figure, or several: line, what they name, what to write."""
    anchors = re.sub(r"\{#[a-z0-9-]{1,40}\}[ \t]*#*[ \t]*$", _blank, source, flags=re.MULTILINE)
    lines = {line for line, _, _ in headings(source)}
    for number, (plain, written) in enumerate(
        zip(anchors.split("\n"), source.split("\n"), strict=True), start=1
    ):
        for match in _PLACEHOLDER.finditer(plain if number in lines else written):
            try:
                _linked(match[1], bundle)
            except BilanError as error:
                yield number, _CODE_NAMED.sub("", match[1]), str(error)


def _blank(match: re.Match[str]) -> str:
    """As many blanks as what is taken out, on as many lines."""
    return re.sub(r"[^\n]", " ", match[0])


def _line(text: str, match: re.Match[str]) -> int:
    """The line on which a match begins, from 1."""
    return text.count("\n", 0, match.start() + len(match[0]) - len(match[0].lstrip())) + 1


def _linked(name: str, bundle: Bundle) -> str:
    named, _, asked = name.partition(":")
    if asked not in ("", "date"):
        raise UnknownPlaceholder(f"« {{{name}}} » : après « : » ne peut venir que « date ».")
    found = _named(named, bundle)
    if asked:
        return html.escape(_date(name, found), quote=False)
    if isinstance(found, tuple):
        serie, period = found
        return point_link(serie, period, bundle, with_unit=True)
    return figure_link(found, bundle, with_unit=True)


def _date(name: str, found: Named) -> str:
    """The date of a figure or of a value of a series as a sentence gives it; raises where it has none."""
    if isinstance(found, tuple):
        return Period(found[1]).label
    chiffre = found.content
    if chiffre.periode is None:
        raise UnknownPlaceholder(f"« {{{name}}} » : ce chiffre n'est pas daté au registre.")
    return chiffre.periode.label + ("" if chiffre.periode_sure else " (date déduite)")


def _named(name: str, bundle: Bundle) -> Named:
    """The figure that a placeholder names, or the series and the period."""
    if match := _REGISTER_NUMBER.fullmatch(name):
        return bundle.number(int(match[1]))
    indicator, *rest = name.split("@")
    period = rest[0] if rest else None
    if len(rest) < 2:
        found = _matching(bundle, indicator, period)
        if len(found) == 1:
            return found[0]
        if found or period is None:
            raise UnknownPlaceholder(_explained(name, found))
    return _serie(name, indicator, str(period), rest[1:], bundle), str(period)


def _matching(bundle: Bundle, indicator: str, period: str | None) -> tuple[Released[Chiffre], ...]:
    return tuple(
        released
        for released in bundle.of(indicator)
        if period is None or str(released.content.periode or "") == period
    )


def _explained(name: str, found: tuple[Released[Chiffre], ...]) -> str:
    if not found:
        return f"« {{{name}}} » : aucun chiffre de cet indicateur dans ce chapitre."
    choices = ", ".join(
        f"{{#{r.content.numero}}} ({r.content.valeur_imprimee}, {r.content.periode or 'non datée'})"
        for r in found
    )
    return f"« {{{name}}} » désigne {len(found)} chiffres ; écrivez l'un de : {choices}."


def _serie(name: str, indicator: str, period: str, zones: list[str], bundle: Bundle) -> Released[Serie]:
    series = [
        released
        for released in bundle.series
        if released.content.indicateur == indicator
        and (released.content.zone in zones if zones else released.content.zone_type == "commune")
        and released.content.at(period) is not None
    ]
    if len(series) != 1:
        known = ", ".join(sorted({f"{r.content.zone} ({r.content.zone_nom})" for r in series}))
        hint = (
            f"précisez la zone, « {{{indicator}@{period}@zone}} » : {known}"
            if series
            else ("aucun chiffre ni série à cette période dans ce chapitre")
        )
        raise UnknownPlaceholder(f"« {{{name}}} » : {hint}.")
    return series[0]
