"""What reviewers said of a chapter and what was answered: one record a comment, kept out of git."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import astuple, dataclass, fields

from analysis.noyau.declared.csv_files import read_csv
from analysis.noyau.declared.dictionary import load_fields
from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.declared.validation import duplicate_findings, validate
from analysis.noyau.errors import Finding, InvalidData
from analysis.noyau.files.locks import alone_in
from analysis.noyau.files.scratch import write_whole
from analysis.noyau.paths import Project

TABLE = "commentaires"

GENRES = ("accord", "desaccord", "precision", "temoignage")
STATUTS = ("a_repondre", "pris_en_compte", "repondu", "desaccord_maintenu", "retire")
RATTACHEMENTS = ("en_place", "deplace", "section", "orphelin")
"""The codes of the closed lists whose meaning the code depends on."""

LONGEST_COMMENT = 20_000
"""Characters that a comment, a quote or an answer may hold: a longer one is refused when it is received."""

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LONG = "texte_libre"
_ADDED = 2
"""Columns, the last ones, that registers of the first versions do not have."""


@dataclass(frozen=True)
class Commentaire:
    """One remark on one passage of a chapter, and its answer.

    ``ancre`` is the place of the passage, ``citation`` the words that the remark is about, ``role`` the
    college of its author, whose name is never kept. ``genre`` is empty until someone has classed it,
    ``consentement`` for as long as nobody has asked for it. ``fichier`` tells the file that it came in again
    (:func:`file_mark`), without its name, which may be a person's; ``reponse_a`` is the comment of that file
    that it answers, if any.
    ``avant`` and ``apres`` are the passage as it was read and as it is now, where the text was changed.
    Raises ValueError where these contradict each other.
    """

    id: str
    edition: str
    territoire: str
    chapitre: str
    ancre: str
    citation: str
    role: str
    date: str
    texte: str
    genre: str
    consentement: str
    statut: str
    rattachement: str
    reponse: str
    date_reponse: str
    changement: str
    avant: str
    apres: str
    origine: str
    version: str = ""
    fichier: str = ""
    reponse_a: str = ""

    def __post_init__(self) -> None:
        fault = next(_faults(self), None)
        if fault:
            raise ValueError(fault)

    @property
    def accord(self) -> str:
        """Whether the author was asked to agree to publication: « demande » or « non_demande »."""
        return "demande" if self.consentement else "non_demande"

    @property
    def is_withdrawn(self) -> bool:
        return self.statut == "retire"

    @property
    def is_answered(self) -> bool:
        return self.statut not in ("a_repondre", "retire")


def _faults(c: Commentaire) -> Iterator[str]:
    """What contradicts itself in a comment, without a word of it."""
    if not (c.id and c.territoire and c.chapitre):
        yield "un commentaire sans identifiant, territoire ou chapitre"
    if c.genre not in ("", *GENRES):
        yield "un genre hors de la liste"
    if c.statut not in STATUTS:
        yield "un statut hors de la liste"
    if c.rattachement not in RATTACHEMENTS:
        yield "un rattachement hors de la liste"
    if c.consentement not in ("", "oui", "non"):
        yield "un consentement qui n'est ni « oui », ni « non », ni vide"
    if c.is_withdrawn and (c.texte or c.citation):
        yield "un commentaire retiré dont le texte ou la citation est resté"
    if not c.is_withdrawn and not c.texte.strip():
        yield "un commentaire sans texte"
    if c.statut == "pris_en_compte" and not c.changement:
        yield "un commentaire pris en compte sans ce qui a changé"
    if c.statut in ("repondu", "desaccord_maintenu") and not c.reponse:
        yield "un commentaire répondu sans réponse"
    if (c.reponse or c.is_answered) and not c.date_reponse:
        yield "une réponse sans date"
    if max(map(len, (c.texte, c.citation, c.reponse, c.changement))) > LONGEST_COMMENT:
        yield f"un texte de plus de {LONGEST_COMMENT} caractères"


def file_mark(name: str) -> str:
    """Twelve characters that tell the name of a file again without holding it, whatever its case.

    >>> file_mark("Chapitre-Jouques.docx") == file_mark("chapitre-jouques.DOCX"), len(file_mark("a.csv"))
    (True, 12)
    """
    return hashlib.sha256(name.casefold().encode("utf-8", "replace")).hexdigest()[:12]


def visible(text: str) -> str:
    """The text with the marks that turn the direction of writing shown instead of obeyed.

    >>> visible("abc\u202edef")
    'abc‹U+202E›def'
    """
    return _BIDI.sub(lambda match: f"‹U+{ord(match[0]):04X}›", text)


def load_commentaires(project: Project, territoire: str) -> tuple[Commentaire, ...]:
    """The comments received on a territory's chapter, none where there is no file.

    A register kept before the files were told apart lacks the last two columns.
    Raises InvalidData with every finding of a file that was changed by hand.
    """
    path = project.relectures / territoire / f"{TABLE}.csv"
    if not path.is_file():
        return ()
    shown = project.shown(path)
    declared = load_fields(project)[TABLE]
    columns = tuple(field.champ for field in declared)
    is_older = path.read_bytes().partition(b"\n")[0].count(b",") + 1 == len(columns) - _ADDED
    raw, findings = read_csv(path, shown=shown, columns=columns[:-_ADDED] if is_older else columns)
    if not findings and raw.rows:
        formed = tuple(field for field in declared if field.champ in raw.columns and field.type != _LONG)
        found = validate(raw, formed, _known(project), stations=project.stations_privees)
        findings = [*found, *duplicate_findings(raw, ("id",))]
    comments = []
    for line, row in raw.rows.items() if not findings else ():
        try:
            comments.append(Commentaire(**row))
        except ValueError as error:
            findings.append(Finding(shown, line, None, str(error), "une ligne qui se tient"))
    if findings:
        raise InvalidData(findings)
    return tuple(comments)


def load_all(project: Project) -> tuple[Commentaire, ...]:
    """The comments on every chapter, by territory; raises InvalidData as for one."""
    folders = sorted(path.parent.name for path in project.relectures.glob(f"*/{TABLE}.csv"))
    return tuple(comment for folder in folders for comment in load_commentaires(project, folder))


def alone_with_register(project: Project, territoire: str) -> AbstractContextManager[None]:
    """Hold the remarks of a territory while they are read, changed and written again."""
    folder = project.relectures / territoire
    return alone_in(folder, shown=project.shown(folder))


def save_commentaires(project: Project, territoire: str, comments: Iterable[Commentaire]) -> None:
    """Replace the comments of a territory in one step: a reader sees the old file or the new one."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow([field.name for field in fields(Commentaire)])
    writer.writerows(map(astuple, comments))
    write_whole(project.relectures / territoire / f"{TABLE}.csv", text.getvalue())


def _known(project: Project) -> dict[str, frozenset[str]]:
    lists = load_nomenclatures(project)
    return {f"nomenclatures.{name}": frozenset(c.code for c in choices) for name, choices in lists.items()}
