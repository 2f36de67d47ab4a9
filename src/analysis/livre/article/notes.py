"""Footnotes of an article: called in one cell, written in another, numbered over the whole page."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, NavigableString, Tag

from analysis.noyau.errors import BilanError

_CALL = re.compile(r"\[\^([a-z0-9-]{1,30})\]")
_NOTE = re.compile(r"^\[\^([a-z0-9-]{1,30})\]:\s*")


def number_notes(soup: BeautifulSoup, root: Tag, *, page: str) -> None:
    """Turn ``[^mot]`` into numbered calls, and the paragraphs ``[^mot]: …`` into the notes of the page.

    Notes are numbered in the order of their calls; a note may be called twice. Raises BilanError with every
    call without a note, note without a call and note written twice.
    """
    notes, faults = _taken_out(root)
    order: list[str] = []
    for text in _texts(root):
        _replace_calls(soup, text, order)
    faults += [
        f"la note « {name} » est appelée et n'est écrite nulle part" for name in order if name not in notes
    ]
    faults += [f"la note « {name} » n'est appelée nulle part" for name in notes if name not in order]
    if faults:
        raise BilanError(f"Page « {page} » : " + " ; ".join(faults) + ".")
    _name_calls(root)
    if order:
        root.append(_section(soup, [(name, notes[name]) for name in order]))


def _taken_out(root: Tag) -> tuple[dict[str, Tag], list[str]]:
    """The paragraphs that write a note, out of the page, by name; and the names written twice."""
    notes: dict[str, Tag] = {}
    faults = []
    for paragraph in root.find_all("p"):
        first = paragraph.contents[0] if paragraph.contents else None
        if not isinstance(first, NavigableString) or not (match := _NOTE.match(first)):
            continue
        if match[1] in notes:
            faults.append(f"la note « {match[1]} » est écrite deux fois")
        first.replace_with(NavigableString(first[match.end() :]))
        notes[match[1]] = paragraph.extract()
    return notes, faults


def is_of_the_book(text: NavigableString) -> bool:
    """Whether the book's markup holds in a text: not in code, nor in other people's words."""
    return not (text.find_parent(["code", "pre"]) or text.find_parent(class_="propos"))


def _texts(root: Tag) -> list[NavigableString]:
    return [text for text in root.find_all(string=_CALL) if is_of_the_book(text)]


def _replace_calls(soup: BeautifulSoup, text: NavigableString, order: list[str]) -> None:
    """Put a numbered call in the place of each ``[^mot]`` of a text."""
    position, parts = 0, []
    for match in _CALL.finditer(text):
        if match[1] not in order:
            order.append(match[1])
        number = order.index(match[1]) + 1
        call = soup.new_tag("sup", attrs={"class": "appel"})
        link = soup.new_tag("a", attrs={"href": f"#note-{match[1]}", "role": "doc-noteref"})
        link["aria-label"] = f"note {number}"
        link.string = str(number)
        call.append(link)
        parts += [NavigableString(text[position : match.start()]), call]
        position = match.end()
    for part in (*parts, NavigableString(text[position:])):
        text.insert_before(part)
    text.extract()


def _name_calls(root: Tag) -> None:
    """Give the first call of each note the anchor that its note leads back to."""
    seen: set[str] = set()
    for link in root.select("sup.appel a"):
        name = str(link["href"]).removeprefix("#note-")
        if name not in seen:
            link["id"] = f"appel-{name}"
            seen.add(name)


def _section(soup: BeautifulSoup, notes: list[tuple[str, Tag]]) -> Tag:
    section = soup.new_tag(
        "section", attrs={"class": "notes", "role": "doc-endnotes", "aria-labelledby": "notes"}
    )
    title = soup.new_tag("h2", attrs={"id": "notes"})
    title.string = "Notes"
    items = soup.new_tag("ol")
    for number, (name, paragraph) in enumerate(notes, start=1):
        item = soup.new_tag("li", attrs={"id": f"note-{name}"})
        back = soup.new_tag("a", attrs={"href": f"#appel-{name}", "role": "doc-backlink", "class": "retour"})
        back["aria-label"] = f"Retour à l'appel de la note {number}"
        back.string = "↩"
        item.extend([*list(paragraph.contents), NavigableString(" "), back])
        items.append(item)
    section.extend([title, items])
    return section
