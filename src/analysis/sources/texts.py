"""What an evaluator wrote of one territory: a signed, dated Markdown file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from analysis.noyau.errors import Finding, InvalidData
from analysis.noyau.periods import Period

_HEAD = ("auteur", "date")
_ESSENTIEL = re.compile(r"^### [^\n]*\{#essentiel\}[ \t]*\n(.*?)(?=^### |\Z)", re.MULTILINE | re.DOTALL)
_EXAMPLE = "« auteur: Prénom Nom » puis « date: 2026-11-23 » puis une ligne vide"


@dataclass(frozen=True)
class Texte:
    """An evaluator's text: who wrote it, on which day, and its Markdown body.

    ``ligne`` is the line of the file on which the body begins.
    """

    auteur: str
    date: Period
    corps: str
    ligne: int = 1

    @property
    def essentiel(self) -> str:
        """What its author says in the end of the ten lines of the territory: the section ``{#essentiel}``.

        Empty where there is none.

        >>> text = Texte("A", Period("2021"), "### En un mot {#essentiel}\\n\\nOui.\\n\\n### Autre\\n\\nNon.")
        >>> text.essentiel, text.reste
        ('Oui.', '### Autre\\n\\nNon.')
        """
        found = _ESSENTIEL.search(self.corps)
        return found[1].strip() if found else ""

    @property
    def reste(self) -> str:
        """Its body without that section."""
        return _ESSENTIEL.sub("", self.corps).strip()


def load_text(path: Path, *, shown: str) -> Texte | None:
    """The text of a file, None where nobody has written one.

    The file begins with ``auteur:`` and ``date:`` lines and a blank line. Raises InvalidData when
    it does not: a text without a signature or a date is not published.
    """
    if not path.is_file():
        return None
    try:
        head, _, body = path.read_text(encoding="utf-8").replace("\r\n", "\n").partition("\n\n")
    except UnicodeDecodeError:
        expected = "un fichier de texte enregistré en UTF-8"
        raise InvalidData([Finding(shown, 1, None, "un autre encodage", expected)]) from None
    values = {}
    for line in head.splitlines():
        name, _, value = line.partition(":")
        values[name.strip()] = value.strip()
    missing = [name for name in _HEAD if not values.get(name)]
    if missing:
        found = "un début sans " + " ni ".join(f"« {name}: »" for name in missing)
        raise InvalidData([Finding(shown, 1, None, found, _EXAMPLE)])
    try:
        date = Period(values["date"])
    except ValueError:
        found = f"la date « {values['date']} »"
        raise InvalidData([Finding(shown, 2, None, found, "un jour écrit 2026-11-23")]) from None
    blank = len(body) - len(body.lstrip())
    first = head.count("\n") + 3 + body.count("\n", 0, blank)
    return Texte(values["auteur"], date, body.strip(), first)
