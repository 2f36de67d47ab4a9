"""The typography of a finished page: every text and every spoken attribute of its HTML, in one pass."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from analysis.noyau.french import typography

_ORDINAL = re.compile(r"(?<![\w./#-])(\d{1,3})(ers?|res?|es?)(?!\w)")
_VERBATIM = {"script", "style", "code", "pre", "kbd", "samp", "textarea"}
_PLAIN = {"title", "option", "svg", "sup"}
_INLINE = {
    *("a", "abbr", "b", "bdi", "cite", "data", "dfn", "em", "i", "label", "mark", "q", "s", "small", "span"),
    *("strong", "sub", "sup", "time", "u", "ins", "del", "code", "kbd", "samp"),
}
_OPAQUE = "\ufffc"
_SPOKEN = re.compile(
    r"""(?<=\s)((?:alt|title|summary|placeholder|aria-label|aria-description|data-[a-z-]+)=)("[^"]*"|'[^']*')"""
)
_CONTENT = re.compile(r"""(?<=\s)(content=)("[^"]*"|'[^']*')""")


def typeset(page: str) -> str:
    """The HTML of a page, or of a part of one, in French typography; twice is once.

    The words of a paragraph are read together, whatever elements they stand in. Code, scripts and what is in
    another language (``lang="en"``) stay as they are, and so does every other byte of the page.

    >>> typeset('<p>Au 1er mai <b lang="en">Jobs : yes</b> : <code>a ;</code></p>').replace("\\xa0", "_")
    '<p>Au 1<sup>er</sup> mai <b lang="en">Jobs : yes</b>_: <code>a ;</code></p>'
    """
    typesetter = _Typesetter()
    typesetter.feed(page)
    typesetter.close()
    return typesetter.finished()


class _Typesetter(HTMLParser):
    """Copies a page, and rewrites the texts of each block once it has read them all."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.done: list[str] = []
        self.waiting: list[
            tuple[str, str]
        ] = []  # source and text of the pieces of the block; a tag has no text
        self.verbatim: list[str] = []  # the element that is copied as it is, and those of its name within it
        self.plain: list[str] = []  # the element that holds text alone

    def finished(self) -> str:
        self._flush()
        return "".join(self.done)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_foreign = any(name == "lang" and not (value or "").startswith("fr") for name, value in attrs)
        self._enter(self.verbatim, tag, is_one=tag in _VERBATIM or is_foreign)
        self._enter(self.plain, tag, is_one=tag in _PLAIN)
        self.handle_startendtag(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        source = self.get_starttag_text() or ""
        if not self.verbatim:
            source = _SPOKEN.sub(_attribute, source)
            if tag == "meta" and ("name", "description") in attrs:
                source = _CONTENT.sub(_attribute, source)
        self._tag(tag, source)

    def handle_endtag(self, tag: str) -> None:
        self._tag(tag, f"</{tag}>")
        for inside in (self.verbatim, self.plain):
            if inside and inside[0] == tag:
                inside.pop()

    def handle_data(self, data: str) -> None:
        self._text(data, data)

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.done.append(f"<!{decl}>")

    def handle_comment(self, data: str) -> None:
        self.waiting.append((f"<!--{data}-->", ""))

    @staticmethod
    def _enter(inside: list[str], tag: str, *, is_one: bool) -> None:
        if (inside and inside[0] == tag) or (not inside and is_one):
            inside.append(tag)

    def _tag(self, tag: str, source: str) -> None:
        if tag not in _INLINE:
            self._flush()
        self.waiting.append((source, ""))

    def _reference(self, source: str) -> None:
        text = html.unescape(source)
        self._text(source, text if len(text) == 1 else _OPAQUE)

    def _text(self, source: str, text: str) -> None:
        self.waiting.append((source, _OPAQUE * len(text) if self.verbatim else text))

    def _flush(self) -> None:
        read, at = "".join(text for _, text in self.waiting), 0
        words = typography(read) if read else ""
        for source, text in self.waiting:
            piece, at = words[at : at + len(text)], at + len(text)
            if not text or piece == text == _OPAQUE * len(text) or (piece == text and source != text):
                self.done.append(source)
            else:
                self.done.append(piece if self.plain else _ORDINAL.sub(r"\1<sup>\2</sup>", piece))
        self.waiting.clear()


def _attribute(match: re.Match[str]) -> str:
    value = html.unescape(match[2][1:-1])
    changed = typography(value)
    return match[0] if changed == value else f'{match[1]}"{html.escape(changed)}"'
