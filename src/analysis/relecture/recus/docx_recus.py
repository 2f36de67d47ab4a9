"""Read a Word document that came back: its comments and tracked changes, each with its passage.

The names of the authors are read for one thing: whether one is exactly the label of a college.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from analysis.noyau.errors import Finding
from analysis.noyau.french import counted
from analysis.relecture.ancres import Version, day_of, flat, plain, signets
from analysis.relecture.machine import answered_in, holds_name
from analysis.relecture.recus.xml_recu import parsed, unpack
from analysis.relecture.remarques import (
    COLLEGE,
    COLLEGE_QUESTION,
    CONSENT,
    CONSENT_QUESTION,
    Lecture,
    Listes,
    Remarque,
    cleaned,
    consent_of,
    genre_of,
    is_clear_consent,
    of_person,
    refuse_too_many,
)

DOCUMENT, COMMENTS = "word/document.xml", "word/comments.xml"
EXTENDED, CORE = "word/commentsExtended.xml", "docProps/core.xml"

CONTEXT = 60
"""Characters on each side of an addition that are quoted, to find its place again."""

SHORTEST_LINE = 12
"""Characters under which a paragraph is not compared with the chapter's: a mark, a number, a blank cell."""

_HOUR = slice(11, 16)
"""Where the hour and the minute stand in the date of a comment."""

_MENTION = re.compile(r"([a-z0-9][a-z0-9_-]{0,39})/([0-9a-f]{12})")
_SKIPPED = {"pPr", "rPr", "tblPr", "tcPr", "trPr", "sectPr", "Fallback", "instrText", "tblGrid"}
_ADDED, _REMOVED = ("ins", "moveTo"), ("del", "moveFrom")
_SPACES = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(frozen=True)
class Document:
    """The parts of a document that are read, as trees; « comments » may be missing."""

    body: Element
    comments: Element | None
    extended: Element | None
    core: Element | None


@dataclass(frozen=True)
class _Note:
    """A comment of the document: its number, who wrote it and when, the one that it answers."""

    number: str
    author: str
    moment: str
    text: str
    parent: str = ""
    settled: bool = False


@dataclass
class _Change:
    """A tracked change that is being read: what it takes away, what it adds, where it begins."""

    author: str
    moment: str
    anchor: str
    start: int
    end: int
    removed: str = ""
    added: str = ""
    closed: bool = False


@dataclass
class _Body:
    """The text of the document as it was sent, and what its readers hung on it."""

    anchors: Mapping[str, str]
    titles: Mapping[str, str]
    objects: frozenset[str]
    text: str = ""
    section: str = ""
    begun: int | None = None
    named: dict[str, str] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    starts: dict[str, tuple[int, str]] = field(default_factory=dict)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    changes: list[tuple[_Change, str]] = field(default_factory=list)
    pending: list[_Change] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def anchor(self) -> str:
        """The figure or table that is open here, else the section."""
        return self.open[-1] if self.open else self.section


def open_docx(content: bytes) -> Document:
    """The trees of a document; raises Refused for one that cannot be trusted or is no document of Word."""
    parts = unpack(content, (DOCUMENT, COMMENTS, EXTENDED, CORE))
    trees = {name: parsed(part) for name, part in parts.items()}
    return Document(
        parsed(parts.get(DOCUMENT, b"")), trees.get(COMMENTS), trees.get(EXTENDED), trees.get(CORE)
    )


def mention_of(document: Document) -> tuple[str, str]:
    """The territory and the fingerprint of the version that a document carries, both empty without them.

    Its properties tell it; a program that drops them leaves the line of the first page.
    """
    told = [element.text or "" for element in (document.core.iter() if document.core is not None else ())]
    matches = (_MENTION.fullmatch(text) for text in told if "/" in text)
    for match in matches:
        if match:
            return match[1], match[2]
    for paragraph in document.body.iter("p"):
        match = _MENTION.search(_shown(paragraph))
        if match:
            return match[1], match[2]
    return "", ""


def read_docx(document: Document, version: Version, listes: Listes, *, fichier: str) -> Lecture:
    """The comments, the answers to them and the tracked changes of a document, in the order of reading."""
    notes = _notes(document)
    refuse_too_many(sum(node.tag in (*_ADDED, *_REMOVED) for node in document.body.iter()))
    names = signets(version.passages)
    known = {bookmark.get("name", "") for bookmark in document.body.iter("bookmarkStart")}
    lost = not known & set(names.values())
    body = _Body(
        {name: anchor for anchor, name in names.items()},
        {flat(p.titre): p.ancre for p in version.passages if p.sorte == "section"} if lost else {},
        frozenset(p.ancre for p in version.passages if p.sorte != "section"),
    )
    _name_ends(document.body, body)
    _visit(document.body, body, "", None)
    role = listes.college(body.answers.get(COLLEGE, ""))
    consent = consent_of(body.answers.get(CONSENT, ""))
    findings = list(_answer_findings(body.answers, role, fichier, listes))
    if lost:
        expected = "les repères du document remis"
        remedy = "Les titres ont servi à situer les remarques : vérifiez leur place."
        findings.append(Finding(fichier, None, None, "aucun repère de passage", expected, remedy))
    findings += _untracked(body, version, fichier)
    authors = _names(notes, body, listes)
    hung = {node.get("id", "") for node in document.body.iter("commentReference")}
    live = [note for note in notes.values() if note.number in hung or note.parent in hung]
    deleted = len(notes) - len(live)
    findings += _state_findings(notes, deleted, fichier)
    remarks = [*_comments(live, notes, body, listes, role, authors), *_proposals(body, listes, role)]
    told = tuple(
        replace(remark, consentement=consent, nomme=holds_name(remark.texte, authors)) for remark in remarks
    )
    return Lecture("docx", told, len(told) + deleted, tuple(findings), deleted)


def _untracked(body: _Body, version: Version, fichier: str) -> Iterator[Finding]:
    """A finding for the paragraphs that are not the chapter's: what was typed untracked is no remark."""
    if body.begun is None:
        return
    known = flat("".join(passage.titre + passage.words for passage in version.passages))
    lines = body.text[body.begun :].split("\n")
    changed = sum(len(line.strip()) >= SHORTEST_LINE and flat(line) not in known for line in lines)
    if changed:
        found = (
            counted(changed, "paragraphe réécrit", "paragraphes réécrits") + " sans suivi des modifications"
        )
        remedy = "Comparez avec le document remis, et demandez ce qui est proposé : ce n'est pas lu."
        yield Finding(fichier, None, None, found, "des commentaires, ou des modifications suivies", remedy)


def _name_ends(root: Element, body: _Body) -> None:
    """Which figure or table each end of a bookmark is of, and how many ends each has.

    LibreOffice cuts a bookmark over several paragraphs into pieces of one name: the last end is the end.
    """
    for node in root.iter():
        identifier = node.get("id", "")
        if node.tag == "bookmarkStart" and body.anchors.get(node.get("name", "")) in body.objects:
            body.named[identifier] = body.anchors[node.get("name", "")]
        elif node.tag == "bookmarkEnd" and identifier in body.named:
            body.ends[body.named[identifier]] += 1


def _visit(node: Element, body: _Body, change: str, origin: Element | None) -> None:
    """Walk the document once; ``change`` is « ins » or « del » inside a tracked change of ``origin``."""
    name = node.tag
    if name in _SKIPPED:
        return
    if name in _ADDED or name in _REMOVED:
        kind = "ins" if name in _ADDED else "del"
        nested = "none" if change == "ins" and kind == "del" else kind
        _children(node, body, nested, node)
    elif name in ("t", "delText"):
        _text(body, node.text or "", change, origin)
    elif name in _SPACES:
        _text(body, _SPACES[name], change, origin)
    elif name == "p":
        _paragraph(node, body, change, origin)
    elif name == "tr" and _is_answer(node, body):
        return
    else:
        _mark(node, body)
        _children(node, body, change, origin)


def _children(node: Element, body: _Body, change: str, origin: Element | None) -> None:
    for child in node:
        _visit(child, body, change, origin)


def _paragraph(node: Element, body: _Body, change: str, origin: Element | None) -> None:
    start = len(body.text)
    if body.titles:
        body.section = body.titles.get(flat(_shown(node)), body.section)
    _children(node, body, change, origin)
    _close_change(body)
    line = body.text[start:]
    for pending in body.pending:
        before = _whole_words(line[: pending.start - start][::-1])[::-1]
        after = _whole_words(line[pending.end - start :])
        body.changes.append((pending, (before + after).strip()))
    body.pending.clear()
    body.text += "\n"


def _whole_words(text: str) -> str:
    """The beginning of a text, no word of it cut.

    >>> len(_whole_words("un " * 40)), _whole_words("court")
    (59, 'court')
    """
    return text if len(text) <= CONTEXT else text[:CONTEXT].rpartition(" ")[0]


def _mark(node: Element, body: _Body) -> None:
    """Take note of a bookmark, or of an end of what is commented."""
    identifier = node.get("id", "")
    if node.tag == "bookmarkStart" and node.get("name") in body.anchors:
        anchor = body.anchors[node.get("name", "")]
        body.begun = len(body.text) if body.begun is None else body.begun
        if anchor not in body.objects:
            body.section = anchor
            body.open.clear()
        elif anchor not in body.open and body.ends[anchor]:
            body.open.append(anchor)
    elif node.tag == "bookmarkEnd" and identifier in body.named:
        anchor = body.named[identifier]
        body.ends[anchor] -= 1
        if anchor in body.open and not body.ends[anchor]:
            body.open.remove(anchor)
    elif node.tag == "commentRangeStart":
        body.starts[identifier] = (len(body.text), body.anchor)
    elif node.tag == "commentRangeEnd" and identifier in body.starts:
        start, anchor = body.starts[identifier]
        body.places[identifier] = (anchor, body.text[start:].strip())
    elif node.tag == "commentReference":
        body.places.setdefault(identifier, (body.anchor, ""))


def _text(body: _Body, text: str, change: str, origin: Element | None) -> None:
    if not change:
        _close_change(body)
        body.text += text
        return
    if origin is None or change == "none":
        return
    current = _current(body, origin)
    if change == "del":
        body.text += text
        current.removed, current.end = current.removed + text, len(body.text)
    else:
        current.added += text


def _current(body: _Body, origin: Element) -> _Change:
    """The change that goes on here, or a new one where another person's begins."""
    author, moment, here = origin.get("author", ""), origin.get("date", ""), len(body.text)
    last = body.pending[-1] if body.pending else None
    if last is not None and not last.closed and last.author == author:
        return last
    fresh = _Change(author, moment, body.anchor, here, here)
    body.pending.append(fresh)
    return fresh


def _close_change(body: _Body) -> None:
    """A kept text ends a change: the next one is another, even at the same place."""
    if body.pending:
        body.pending[-1].closed = True


def _is_answer(row: Element, body: _Body) -> bool:
    """Whether a row of a table is one of the two questions of the first page; its answer is kept."""
    cells = row.findall("tc")
    if len(cells) < 2:
        return False
    marks = {mark.get("name", "") for mark in row.iter("bookmarkStart")}
    first = plain(_shown(cells[0]))
    for name, question in ((COLLEGE, COLLEGE_QUESTION), (CONSENT, CONSENT_QUESTION)):
        if name in marks or first == plain(question):
            body.answers.setdefault(name, _shown(cells[-1]).strip())
            return True
    return False


def _shown(node: Element) -> str:
    return "".join(text.text or "" for text in node.iter("t"))


def _notes(document: Document) -> dict[str, _Note]:
    """The comments by their numbers, each with the one that it answers where the document tells it."""
    comments = list(document.comments.iter("comment")) if document.comments is not None else []
    refuse_too_many(len(comments))
    parents, done = _threads(document, comments)
    notes: dict[str, _Note] = {}
    for comment in comments:
        identifier = comment.get("id", "")
        notes[identifier] = _Note(
            identifier,
            comment.get("author", ""),
            comment.get("date", ""),
            "\n".join(_lines(paragraph) for paragraph in comment.iter("p")),
            parents.get(identifier, ""),
            identifier in done,
        )
    authors = frozenset(comment.get("author", "") for comment in comments)
    by_author: dict[str, list[_Note]] = {}
    for note in tuple(notes.values()):
        header = answered_in(note.text, authors) if not note.parent else ""
        if header:
            notes[note.number] = replace(note, parent=_answered(header, by_author))
        by_author.setdefault(note.author, []).append(note)
    return notes


def _answered(header: str, by_author: Mapping[str, Sequence[_Note]]) -> str:
    """The comment that LibreOffice's header names: of that author, at that hour if one is, else the last."""
    told = header.partition("(")
    named = [author for author in by_author if author and author in told[0]]
    if not named:
        return ""
    candidates = by_author[max(named, key=len)]
    at = [note for note in candidates if len(note.moment) > _HOUR.stop and note.moment[_HOUR] in told[2]]
    return (at or candidates)[-1].number


def _names(notes: Mapping[str, _Note], body: _Body, listes: Listes) -> frozenset[str]:
    """The names of the authors of a document, to be looked for in its words; a college's label is none."""
    labels = {plain(choix.libelle) for choix in listes.colleges}
    authors = {note.author for note in notes.values()} | {change.author for change, _ in body.changes}
    return frozenset(author for author in authors if plain(author) not in labels)


def _state_findings(notes: Mapping[str, _Note], deleted: int, fichier: str) -> Iterator[Finding]:
    """What is told of comments that were deleted, and of those that were marked as settled."""
    if deleted:
        found = counted(deleted, "commentaire supprimé", "commentaires supprimés") + " dans le document"
        remedy = "Ce n'est pas lu. S'il était déjà reçu, retirez-le : « bilan relecture retirer »."
        yield Finding(fichier, None, None, found, "un commentaire à sa place", remedy)
    settled = sum(note.settled for note in notes.values())
    if settled:
        found = counted(settled, "commentaire marqué résolu", "commentaires marqués résolus")
        remedy = "Il est gardé comme les autres : dites dans le classeur de réponses ce qui l'a résolu."
        yield Finding(fichier, None, None, found, "un commentaire ouvert", remedy)


def _comments(
    live: Iterable[_Note],
    notes: Mapping[str, _Note],
    body: _Body,
    listes: Listes,
    role: str,
    names: frozenset[str],
) -> Iterator[Remarque]:
    """Each comment with its passage; an answer to another comment stands where that one does."""
    for note in live:
        parent = notes.get(note.parent)
        anchor, quote = (
            body.places.get(note.number) or body.places.get(parent.number if parent else "") or ("", "")
        )
        text, brut = of_person(note.text, names)
        remark = _remark(text, anchor, quote, note.author, note.moment, listes, role)
        yield replace(remark, repere=note.number, repond_a=note.parent, brut=brut)


def _lines(paragraph: Element) -> str:
    parts = (node.text or "" if node.tag == "t" else _SPACES.get(node.tag, "") for node in paragraph.iter())
    return "".join(parts)


def _threads(document: Document, comments: list[Element]) -> tuple[dict[str, str], set[str]]:
    """The comment that each answer answers, by their numbers, and those that are marked as settled."""
    if document.extended is None:
        return {}, set()
    by_paragraph = {
        paragraph.get("paraId", ""): comment.get("id", "")
        for comment in comments
        for paragraph in comment.iter("p")
    }
    parents, done = {}, set()
    for line in document.extended.iter("commentEx"):
        number = by_paragraph.get(line.get("paraId", ""))
        parent = by_paragraph.get(line.get("paraIdParent", ""))
        if number is not None and parent is not None:
            parents[number] = parent
        if number is not None and parent is None and line.get("done") in ("1", "true"):
            done.add(number)
    return parents, done


def _proposals(body: _Body, listes: Listes, role: str) -> Iterator[Remarque]:
    """Each tracked change as a remark that says what is proposed."""
    for change, context in body.changes:
        removed, added = change.removed.strip(), change.added.strip()
        if removed and added:
            text = f"Remplacer « {removed} » par « {added} »"
        elif removed:
            text = f"Supprimer « {removed} »"
        elif added:
            text = f"Ajouter « {added} »"
        else:
            continue
        quote = removed or context
        remark = _remark(text, change.anchor, quote, change.author, change.moment, listes, role)
        yield replace(remark, genre="precision")


def _remark(
    text: str, anchor: str, quote: str, author: str, moment: str, listes: Listes, role: str
) -> Remarque:
    """A remark as the document tells it; of its author, only a college's label goes on."""
    labels = {plain(choix.libelle): choix.code for choix in listes.colleges}
    return Remarque(
        text,
        ancre=anchor,
        citation=cleaned(quote)[0],
        role=labels.get(plain(author), role),
        date=day_of(moment),
        genre=genre_of(text),
        cle=moment if day_of(moment) else "",
    )


def _answer_findings(
    answers: Mapping[str, str], role: str, fichier: str, listes: Listes
) -> Iterator[Finding]:
    """What was answered on the first page and could not be understood."""
    if answers.get(COLLEGE) and not role:
        known = ", ".join(choix.libelle for choix in listes.colleges)
        remedy = "Redonnez le fichier avec l'option --college, ou laissez le collège non dit."
        yield Finding(fichier, None, COLLEGE_QUESTION, "une réponse hors de la liste", known, remedy)
    if answers.get(CONSENT) and not is_clear_consent(answers[CONSENT]):
        remedy = "Sans réponse claire, rien n'est publié ; posez la question, puis utilisez --consentement."
        yield Finding(fichier, None, "J'accepte…", "une réponse peu claire", "« oui » ou « non »", remedy)
