"""Where a comment stands once the text has moved: by its anchor, by its quote, or nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from rapidfuzz.fuzz import partial_ratio_alignment

from analysis.relecture.ancres import Version, flat
from analysis.sources.commentaires import Commentaire

CLOSE = 90
"""Likeness, of 100, from which a passage that was touched up is still the one that is quoted."""

LONG_ENOUGH = 25
"""Characters that a quote must have to be looked for by likeness: shorter ones are like too much."""

TELLING = 12
"""Characters, blanks left out, under which a quote must be found once only to have moved."""

_COMPARED = 600
_NUMBER = re.compile(r"\d+")


def rattacher_tous(
    comments: Iterable[Commentaire], versions: Mapping[str, Version], actuelle: Version
) -> tuple[Commentaire, ...]:
    """Every comment where it stands in today's version.

    One that was found elsewhere stays « deplace » for as long as its words are not back under the anchor
    that its version gave them.
    """
    return tuple(_rattache(comment, versions.get(comment.version), actuelle) for comment in comments)


def _rattache(comment: Commentaire, relue: Version | None, actuelle: Version) -> Commentaire:
    anchor, how = rattacher(comment.ancre, comment.citation, relue, actuelle)
    if how == "en_place" and comment.rattachement == "deplace" and comment.citation:
        at_home = relue is not None and anchor in find(flat(comment.citation), relue)
        how = "en_place" if at_home else "deplace"
    return replace(comment, ancre=anchor, rattachement=how)


def rattacher(ancre: str, citation: str, relue: Version | None, actuelle: Version) -> tuple[str, str]:
    """The anchor of a comment in today's version, and how it holds there.

    « en_place »: its anchor is there and so are the words that it quotes (or it quotes none). « deplace »:
    these words, or words very like them, stand under another anchor. « section »: its anchor is there, the
    words are not. « orphelin »: neither is.
    """
    exists = ancre in actuelle.by_anchor
    quote = flat(citation)
    if not quote:
        return ancre, "en_place" if exists else "orphelin"
    places = find(quote, actuelle)
    if ancre in places:
        return ancre, "en_place"
    if places and (len(quote) >= TELLING or len(places) == 1):
        return _nearest(ancre, places, relue, actuelle), "deplace"
    close = _alike(quote, actuelle) if len(citation.strip()) >= LONG_ENOUGH else []
    if close and ancre not in close:
        return _nearest(ancre, close, relue, actuelle), "deplace"
    return ancre, "section" if exists else "orphelin"


def find(quote: str, version: Version) -> list[str]:
    """The anchors under which flattened words begin, in the order of reading, each once."""
    text, starts = _joined(version)
    found: dict[str, None] = {}
    position = text.find(quote)
    while position >= 0 and len(found) < len(starts):
        found[next(anchor for start, anchor in reversed(starts) if start <= position)] = None
        position = text.find(quote, position + 1)
    return list(found)


@lru_cache(maxsize=8)
def _joined(version: Version) -> tuple[str, list[tuple[int, str]]]:
    """The flattened text of a version, and where each passage begins in it."""
    parts, starts, length = [], [], 0
    for passage in version.passages:
        words = flat(passage.words)
        starts.append((length, passage.ancre))
        parts.append(words)
        length += len(words)
    return "".join(parts), starts


def _alike(quote: str, version: Version) -> list[str]:
    """The anchors whose words are most like the quote, none where no likeness is enough."""
    scores = dict(_scores(quote[:_COMPARED], version))
    best = max(scores.values(), default=0.0)
    return [anchor for anchor, score in scores.items() if score == best and score >= CLOSE]


def _scores(quote: str, version: Version) -> Iterator[tuple[str, float]]:
    for passage in version.passages:
        words = flat(passage.words)
        if len(words) * 2 >= len(quote):
            found = partial_ratio_alignment(quote, words, score_cutoff=CLOSE)
            if found and _has_numbers(quote, words[max(0, found.dest_start - 9) : found.dest_end + 9]):
                yield passage.ancre, found.score


def _has_numbers(quote: str, window: str) -> bool:
    """Whether words that are alike give the same numbers: two sentences often differ by these alone."""
    return set(_NUMBER.findall(quote)) <= set(_NUMBER.findall(window))


def _nearest(ancre: str, places: list[str], relue: Version | None, actuelle: Version) -> str:
    """Of several places, the nearest to where the comment was made."""
    reference = actuelle if ancre in actuelle.ranks or relue is None else relue
    share = reference.ranks.get(ancre, 0) / max(1, len(reference.passages))
    return min(places, key=lambda place: abs(actuelle.ranks[place] / len(actuelle.passages) - share))
