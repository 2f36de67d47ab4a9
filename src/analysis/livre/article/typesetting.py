"""The typography of a finished page: every text and every spoken attribute of its HTML, in one pass."""

from __future__ import annotations

import html
import re

from analysis.noyau.french import typography

_ORDINAL = re.compile(r"(?<![\w./#-])(\d{1,3})(ers?|res?|es?)(?!\w)")
_VERBATIM = {"script", "style", "code", "pre", "kbd", "samp", "textarea"}
_PLAIN = {"title", "option", "svg", "sup"}
_INLINE = {
    *("a", "abbr", "b", "bdi", "cite", "data", "dfn", "em", "i", "label", "mark", "q", "s", "small", "span"),
    *("strong", "sub", "sup", "time", "u", "ins", "del", "code", "kbd", "samp"),
}
_OPAQUE = "\ufffc"
_PIECE = re.compile(
    r"""
      (?P<text>[^<&]+)
    | </(?P<end>[a-zA-Z][^\s/>]*)[^>]*>
    | (?P<whole><(?:script|style)\b[^>]*>.*?</(?:script|style)\s*>)
    | <(?P<start>[a-zA-Z][^\s/>]*)(?P<attributes>(?:[^>"']|"[^"]*"|'[^']*')*)>
    | (?P<reference>&(?:\#?\w+);)
    | (?P<comment><!--.*?-->)
    | (?P<declaration><![^>]*>)
    | (?P<lone>[<&])
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
"""What a page is made of: scripts and styles are one piece."""
_FOREIGN = re.compile(r"""\slang\s*=\s*["']?(?!["']?fr)""", re.IGNORECASE)
_DESCRIPTION = re.compile(r"""\sname\s*=\s*["']?description\b""")
_SPOKEN = re.compile(
    r"""(\s(?:alt|title|summary|placeholder|aria-label|aria-description|data-[a-z-]+)=)("[^"]*"|'[^']*')"""
)
_CONTENT = re.compile(r"""(\scontent=)("[^"]*"|'[^']*')""")


def typeset(page: str) -> str:
    """The HTML of a page, or of a part of one, in French typography; twice is once.

    The words of a paragraph are read together, whatever elements they stand in. Code, scripts and what is in
    another language (``lang="en"``) stay as they are, and so does every other byte of the page.

    >>> typeset('<p>Au 1er mai <b lang="en">Jobs : yes</b> : <code>a ;</code></p>').replace("\\xa0", "_")
    '<p>Au 1<sup>er</sup> mai <b lang="en">Jobs : yes</b>_: <code>a ;</code></p>'
    """
    typesetter = _Typesetter()
    for piece in _PIECE.finditer(page):
        typesetter.take(piece)
    return typesetter.finished()


class _Typesetter:
    """Copies a page, and rewrites the texts of each block once it has read them all."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.waiting: list[
            tuple[str, str]
        ] = []  # source and text of the pieces of the block; a tag has no text
        self.verbatim: list[str] = []  # the element that is copied as it is, and those of its name within it
        self.plain: list[str] = []  # the element that holds text alone

    def finished(self) -> str:
        self._flush()
        return "".join(self.done)

    def take(self, piece: re.Match[str]) -> None:
        """The next piece of the page."""
        kind, source = piece.lastgroup, piece[0]
        if kind in ("text", "lone"):
            self._text(source, source)
        elif kind == "end":
            self._end(piece["end"].lower())
        elif kind == "attributes":
            self._start(piece["start"].lower(), source, piece["attributes"])
        elif kind == "reference":
            text = html.unescape(source)
            self._text(source, text if len(text) == 1 else _OPAQUE)
        elif kind == "comment":
            self.waiting.append((source, ""))
        else:
            self._flush()
            self.done.append(source)

    def _start(self, tag: str, source: str, attributes: str) -> None:
        if not attributes.endswith("/"):
            is_foreign = "lang" in attributes and _FOREIGN.search(attributes) is not None
            self._enter(self.verbatim, tag, is_one=tag in _VERBATIM or is_foreign)
            self._enter(self.plain, tag, is_one=tag in _PLAIN)
        if attributes and not self.verbatim:
            source = _SPOKEN.sub(_attribute, source)
            if tag == "meta" and _DESCRIPTION.search(attributes):
                source = _CONTENT.sub(_attribute, source)
        self._tag(tag, source)

    def _end(self, tag: str) -> None:
        self._tag(tag, f"</{tag}>")
        for inside in (self.verbatim, self.plain):
            if inside and inside[0] == tag:
                inside.pop()

    @staticmethod
    def _enter(inside: list[str], tag: str, *, is_one: bool) -> None:
        if (inside and inside[0] == tag) or (not inside and is_one):
            inside.append(tag)

    def _tag(self, tag: str, source: str) -> None:
        if tag not in _INLINE:
            self._flush()
        self.waiting.append((source, ""))

    def _text(self, source: str, text: str) -> None:
        self.waiting.append((source, _OPAQUE * len(text) if self.verbatim else text))

    def _flush(self) -> None:
        read, at = "".join([text for _, text in self.waiting]), 0
        words = typography(read)
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
