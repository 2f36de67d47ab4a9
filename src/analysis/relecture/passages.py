"""The passages of an article, read from its HTML as its reviewers see them."""

from __future__ import annotations

from collections.abc import Iterator

from bs4 import BeautifulSoup, NavigableString, Tag

from analysis.livre.article.articles import Article
from analysis.relecture.ancres import COPY, Passage, Version

_HEADINGS = ("h1", "h2", "h3", "h4")
_PROSE = ("p", "li", "dt", "dd", "pre")
_DROPPED = ("script", "style", "svg", "nav", "noscript")

WORDS = ("parole", "verbatims")
"""The sections of a chapter that are words of people, by their classes: remarks of reviewers, answers to
surveys."""


def drop_words(part: Tag) -> None:
    """Remove from a part of a page what people said: one comments the text, and a version outlives their
    words."""
    for section in part.find_all("section", class_=WORDS):
        section.decompose()


def article_and_version(whole: Article, *, territoire: str, jour: str) -> tuple[Article, Version]:
    """An article without what people said, and the version of it that the working copy shows: read once."""
    soup = BeautifulSoup(whole.html, "lxml")
    drop_words(soup)
    article = whole.with_html(soup.body.decode_contents() if soup.body else "")
    return article, Version(COPY, territoire, territoire, jour, _read(soup))


def version_of_article(article: Article, *, territoire: str, jour: str, edition: str = COPY) -> Version:
    """The version that an article shows: its sections, figures and tables with their words, without what
    people said."""
    soup = BeautifulSoup(article.html, "lxml")
    drop_words(soup)
    return Version(edition, territoire, territoire, jour, _read(soup))


def _read(soup: BeautifulSoup) -> tuple[Passage, ...]:
    """The passages of a page, which is taken apart."""
    for tag in soup.find_all(_DROPPED):
        tag.decompose()
    for line in soup.find_all("br"):
        line.replace_with(NavigableString("\n"))
    return tuple(_passages(soup))


def _passages(soup: BeautifulSoup) -> Iterator[Passage]:
    """Sections with their prose, then each figure and table where it stands."""
    order: list[tuple[str, str, str, list[str], list[str]]] = []
    section = ("titre", "section", "", list[str](), list[str]())
    for tag in soup.find_all([*_HEADINGS, *_PROSE, "figure", "table"]):
        if tag.find_parent(["figure", "table"]) is not None:
            continue
        if tag.name in ("figure", "table"):
            object_ = _object(tag)
            if object_ is not None:
                order.append((*object_, []))
            else:
                section[3].append(_text(tag))
        elif tag.name in _HEADINGS and (tag.get("id") or tag.name == "h1"):
            section = (str(tag.get("id") or "titre"), "section", _text(tag), [], [])
            order.append(section)
        elif tag.find_parent(_PROSE) is None and not is_note_of_table(tag):
            section[3].append(_text(tag))
            if tag.find_parent(class_="texte") is not None and "signature" not in tag.get_attribute_list(
                "class"
            ):
                section[4].append(_text(tag))
    for anchor, sorte, title, words, written in order:
        texts = ("\n".join(word for word in found if word) for found in (words, written))
        yield Passage(anchor, sorte, title, *texts)


def _object(tag: Tag) -> tuple[str, str, str, list[str]] | None:
    """A figure or a table that has an anchor: its caption, its note and its description or its cells."""
    place = tag if tag.get("id") else tag.find_parent(id=True)
    if not isinstance(place, Tag) or (place.name not in ("figure", "table", "div")):
        return None
    caption = tag.find(["figcaption", "caption"])
    words = [_text(caption)] if isinstance(caption, Tag) else []
    title = _title(caption) if isinstance(caption, Tag) else str(place["id"])
    if tag.name == "table":
        rows = (row.find_all(["th", "td"], recursive=False) for row in tag.find_all("tr"))
        words += [" ".join(_text(cell) for cell in cells) for cells in rows]
        note = place.find_next_sibling()
        notes = [note] if isinstance(note, Tag) and is_note_of_table(note) else []
    else:
        notes = [*tag.find_all("p", recursive=False), *tag.find_all("p", class_="description")]
    words += [_text(note) for note in notes]
    return str(place["id"]), "figure" if tag.name == "figure" else "tableau", title, words


def is_note_of_table(tag: Tag) -> bool:
    """Whether a paragraph is the note under a table that has an anchor."""
    if tag.name != "p" or "note" not in tag.get_attribute_list("class"):
        return False
    before = tag.find_previous_sibling()
    return isinstance(before, Tag) and before.find(["table"]) is not None and bool(before.get("id"))


def _title(caption: Tag) -> str:
    """A caption without its number and its mark."""
    dropped = {id(span) for span in caption.find_all(class_=("numero", "demonstration"))}
    return "".join(
        text
        for text in caption.find_all(string=True)
        if not any(id(parent) in dropped for parent in text.parents)
    ).strip()


def _text(tag: Tag) -> str:
    """The words of an element, blanks put together, line breaks kept."""
    lines = (" ".join(line.split()) for line in tag.get_text().split("\n"))
    return "\n".join(line for line in lines if line)
