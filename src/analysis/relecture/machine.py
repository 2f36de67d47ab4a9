"""What programs write into the text of a remark: who is answered, who signs, from which telephone.

It is no word of the person, and most often a name: it goes before anything is kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final

from analysis.relecture.ancres import plain

_DATE: Final = r"\([^()\n]*\d[^()\n]*\)"
_MOMENT: Final = r"\([^()\n]*\d[^()\n]*\d{1,2}[:h]\d\d[^()\n]*\)"
_ANSWERED: Final = re.compile(
    rf"^\s*(?:répondre|réponse|en réponse|reply|in reply|answer)\s+(?:à|to)\b[^\n]*?{_MOMENT}\s*:[^\n]*$",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"\w+")
_ENDS: Final = (":", '"', "»", "”")
_DATED: Final = re.compile(_DATE)
_QUOTING: Final = re.compile(
    r"^[ \t>]*(?:le|on)\b(?=[^\n]*\d)[^\n]*(?:\n[^\n]*)?\b(?:a écrit|wrote)[ \u00a0\u202f]*:[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_FORWARDED: Final = re.compile(
    r"^[ \t]*(?:[-_]{3,}[ \t]*(?:message (?:d['’]origine|original|transféré)|original message|forwarded)\b"
    r"|_{10,}[ \t]*$|(?:de|from)[ \u00a0]?:[^\n]*\n(?:[^\n]*\n){0,2}?(?:envoyé|date|sent|à|to)[ \u00a0]?:)",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNATURE: Final = re.compile(r"^--[ \t]*$", re.MULTILINE)
_QUOTED: Final = re.compile(r"^[ \t]*>")
_FROM_A_PROGRAM: Final = re.compile(
    r"^\s*(?:(?:envoyée?|expédiée?|sent)\s+(?:depuis|de|du|à partir|avec|via|from|with|using)\b.{0,80}"
    r"|(?:obtenir|télécharger|téléchargez|get)\s+outlook\b.{0,60}|provenance\s?:\s*courrier\b.{0,40}"
    r"|(?:garanti )?sans virus\b.{0,60}|virus-free\b.{0,60})$",
    re.IGNORECASE,
)
_DEVICES: Final = re.compile(
    r"\b(?:mon|my|m[aé]s?|un|l'appli\w*|l’appli\w*|iphone|ipad|android|mobile|téléphone|smartphone|outlook|gmail|"
    r"courrier|mail|yahoo|proton\w*|orange|samsung|huawei|xiaomi|free|sfr|laposte|thunderbird|windows)\b",
    re.IGNORECASE,
)
_MENTION: Final = re.compile(
    r"(?<![\w@\[.])@(?:[A-ZÀ-Ý][\w'’-]*(?:[ \u00a0][A-ZÀ-Ý][\w'’-]*)?|[a-zà-ÿ_][\w.-]*\w)(?![\w(])"
    r"[ \t]*[,:;]?[ \t]*"
)
SHORTEST_NAME: Final = 4
"""Letters under which the name of an author may well be a word."""

NOBODY: Final = frozenset(
    ("auteur", "author", "unknown author", "auteur inconnu", "utilisateur", "user", "administrateur")
)
"""What programs write for an author that they do not know, as :func:`plain` gives it."""

LONGEST_HEADER: Final = 400
"""Characters that the first paragraph of an answer has at most, where it says who is answered."""


def without_machine(text: str, names: Collection[str] = ()) -> str:
    """A text without what programs wrote into it; ``names`` are the authors that its file names.

    >>> without_machine('Répondre à Jeanne Martin (28/11/2026, 04:21): "..."\\nDésaccord : non.')
    'Désaccord : non.'
    >>> without_machine("D'accord.\\n\\nEnvoyé depuis mon iPhone")
    "D'accord."
    >>> without_machine("@Jeanne Martin, le nombre est faux.")
    'le nombre est faux.'
    """
    kept = _without_answered(text.replace("\r\n", "\n"), names)
    kept = _cut(_without_quoted(kept), _FORWARDED)
    kept = _cut(kept, _SIGNATURE)
    lines = [line for line in kept.split("\n") if not _is_of_a_program(line)]
    while lines and (not lines[-1].strip() or _is_name(lines[-1], names)):
        lines.pop()
    kept = "\n".join(lines)
    if "@" in kept:
        for pattern in (*_mentions(frozenset(names)), _MENTION):
            kept = pattern.sub("", kept)
    return text if kept.split() == text.split() else kept.strip()


def holds_name(text: str, names: Collection[str]) -> bool:
    """Whether a text holds the name of an author that its file names.

    >>> holds_name("Comme le dit jmartin.", ["jmartin"]), holds_name("Bien.", ["Bi"])
    (True, False)
    """
    known = _known(frozenset(names))
    told = _words(text) if known else ()
    lengths = {len(name) for name in known}
    return any(told[start : start + n] in known for start in range(len(told)) for n in lengths)


@lru_cache(maxsize=8)
def _known(names: frozenset[str]) -> frozenset[tuple[str, ...]]:
    """The names that tell someone, by their words."""
    told = (name for name in names if len(plain(name)) >= SHORTEST_NAME and plain(name) not in NOBODY)
    return frozenset(words for name in told if (words := _words(name)))


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(plain(text)))


def _is_name(line: str, names: Collection[str]) -> bool:
    return bool(names) and _words(line) in _known(frozenset(names))


def answered_in(text: str, names: Collection[str] = ()) -> str:
    """The first paragraph of a text where LibreOffice says there who is answered, and when; else empty.

    >>> answered_in('Reply to jmartin (28/11/2026, 04:21): "..."\\nBien.', ["jmartin"])
    'Reply to jmartin (28/11/2026, 04:21): "..."'
    """
    first = text.lstrip().partition("\n")[0]
    names_one = bool(_DATED.search(first)) and holds_name(first.partition("(")[0], names)
    is_header = bool(_ANSWERED.match(first)) or (names_one and first.rstrip().endswith(_ENDS))
    return first if is_header and len(first) <= LONGEST_HEADER else ""


def _without_answered(text: str, names: Collection[str]) -> str:
    header = answered_in(text, names)
    return text.lstrip().removeprefix(header) if header else text


def _without_quoted(text: str) -> str:
    """The text without a quoted message and the line that announces it.

    Lines marked « > » are the quote; without them it is all that follows what the person wrote.
    """
    found = _QUOTING.search(text)
    if found is None:
        return text
    before, after = text[: found.start()], text[found.end() :].split("\n")
    if any(map(_QUOTED.match, after)):
        return before + "\n".join(line for line in after if not _QUOTED.match(line))
    return before if before.strip() else "\n".join(after)


def _cut(text: str, pattern: re.Pattern[str]) -> str:
    """What stands before a mark that ends the words of the person; the text where nothing does."""
    found = pattern.search(text)
    return text[: found.start()] if found and text[: found.start()].strip() else text


def _is_of_a_program(line: str) -> bool:
    """Whether a line says from which program or telephone a text was sent."""
    return bool(_FROM_A_PROGRAM.match(line)) and bool(_DEVICES.search(line))


@lru_cache(maxsize=8)
def _mentions(names: frozenset[str]) -> tuple[re.Pattern[str], ...]:
    """The names of authors as a program mentions them, the longest first."""
    told = sorted({name.strip() for name in names if name.strip()}, key=lambda name: (-len(name), name))
    return tuple(re.compile(rf"@{re.escape(name)}(?!\w)[ \t]*[,:;]?[ \t]*", re.IGNORECASE) for name in told)
