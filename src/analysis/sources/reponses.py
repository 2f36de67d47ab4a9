"""What the parties answer to the bilan: signed, dated texts, printed whole, and what each contests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.noyau.errors import Finding, InvalidData
from analysis.noyau.paths import Project
from analysis.noyau.periods import Period

FOLDER = "publication"
"""The folder of ``data`` that holds a Markdown file a reply."""

_HEAD = ("de", "date", "page")
_OPTIONAL = ("chiffres", "passages")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
_NUMBER = re.compile(r"\d+")
_PLACE = re.compile(r"[a-z0-9_-]+#[a-z0-9-]+")
_EXAMPLE = (
    "« de: Nom du signataire », « date: 2026-12-03 », « page: synthese », puis une ligne vide et le texte"
)


@dataclass(frozen=True)
class Reponse:
    """One reply: who signs it, which day, the page that it answers, and its words, as they were sent.

    ``chiffres`` are the numbers of the register that it contests, ``passages`` the figures and tables, each
    as a page and an anchor.
    """

    code: str
    de: str
    date: Period
    page: str
    chiffres: tuple[int, ...]
    passages: tuple[tuple[str, str], ...]
    texte: str

    @property
    def anchor(self) -> str:
        return f"reponse-{self.code}"


def load_reponses(project: Project, numeros: frozenset[int]) -> tuple[Reponse, ...]:
    """The replies of a project by their day; none where there is no folder.

    ``numeros`` are those of the register. Raises InvalidData with every finding: a reply without who signs
    it, its day, its page or its words, and one that contests no figure that there is.
    """
    found: list[Reponse] = []
    findings: list[Finding] = []
    for path in sorted((project.data / FOLDER).glob("*.md")):
        shown = project.shown(path)
        head, _, body = path.read_text(encoding="utf-8").replace("\r\n", "\n").partition("\n\n")
        values = {n.strip(): v.strip() for n, _, v in (line.partition(":") for line in head.splitlines())}
        faults = list(_faults(shown, path.stem, values, body, numeros))
        findings += faults
        if not faults:
            found.append(_reponse(path.stem, values, body))
    if findings:
        raise InvalidData(findings)
    return tuple(sorted(found, key=lambda reply: (reply.date.start, reply.code)))


def _reponse(code: str, values: dict[str, str], body: str) -> Reponse:
    places = (place.partition("#") for place in values.get("passages", "").split())
    return Reponse(
        code,
        values["de"],
        Period(values["date"]),
        values["page"],
        tuple(map(int, values.get("chiffres", "").split())),
        tuple((page, anchor) for page, _, anchor in places),
        body.strip(),
    )


def _faults(
    shown: str, code: str, values: dict[str, str], body: str, numeros: frozenset[int]
) -> Iterator[Finding]:
    if not _NAME.fullmatch(code):
        yield Finding(shown, None, None, f"« {code}.md »", "un nom de fichier en minuscules, sans espace")
    missing = [name for name in _HEAD if not values.get(name)]
    unknown = [name for name in values if name not in (*_HEAD, *_OPTIONAL)]
    if missing or unknown:
        said = [f"sans « {name}: »" for name in missing] + [f"avec « {name}: »" for name in unknown]
        yield Finding(shown, 1, None, f"un début {', '.join(said)}", _EXAMPLE)
    elif not _is_day(values["date"]):
        yield Finding(shown, 1, None, f"la date « {values['date']} »", "un jour écrit 2026-12-03")
    if not body.strip():
        yield Finding(shown, None, None, "aucun texte", "la réponse, entière, après une ligne vide")
    for number in values.get("chiffres", "").split():
        if not _NUMBER.fullmatch(number) or int(number) not in numeros:
            yield Finding(shown, 1, None, f"le chiffre « {number} »", "le numéro d'un chiffre du registre")
    for place in values.get("passages", "").split():
        if not _PLACE.fullmatch(place):
            expected = "une page et une ancre, comme « synthese#evaluations »"
            yield Finding(shown, 1, None, f"le passage « {place} »", expected)


def _is_day(text: str) -> bool:
    try:
        return Period(text).precision == "jour"
    except ValueError:
        return False
