"""What no published file may hold: the people of the deposits, what was written in private, this machine."""

from __future__ import annotations

import platform
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from analysis.depot.formes.cle import CLE_DEMONSTRATION, Cle, forme, load_key
from analysis.depot.garde.ledger import Ledger, Recu
from analysis.livre.garde.numeros import contacts, plain
from analysis.noyau.paths import Project
from analysis.secret.bundle import Bundle
from analysis.sources.commentaires import load_all

RUN: Final = 6
"""Words in a row that tell whose text it is: fewer are said by anybody."""

_LONG, _LONG_WORDS = 4, 3
_WORD = re.compile(r"[^\W\d_]{2,}")
_LONGEST_COMMON = 8
"""Signs of a machine's name from which it is no common word."""

_SHORTEST, _LONGEST = 3, 24
_JOINTS = r"[-_~/ \u2010-\u2015\u2212]"
_PARTS = re.compile(rf"[A-Za-z0-9]+(?:{_JOINTS}[A-Za-z0-9]+)*")
_MOST_PARTS = 4
_HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{20}(?![0-9a-f])")


def runs(text: str) -> Iterator[str]:
    """Every run of words that tells a text from another, without regard to case, accents or punctuation.

    A run has six words of two letters or more, three of which have four or more: « il n'y en a pas assez » is
    said by anybody.

    >>> list(runs("Je peux enfin prévoir la rentrée des enfants."))[0]
    'je peux enfin prevoir la rentree'
    """
    bare = "".join(
        c for c in unicodedata.normalize("NFD", plain(text).lower()) if not unicodedata.combining(c)
    )
    words = _WORD.findall(bare)
    for start in range(len(words) - RUN + 1):
        run = words[start : start + RUN]
        if sum(len(word) >= _LONG for word in run) >= _LONG_WORDS:
            yield " ".join(run)


@dataclass(frozen=True)
class Prive:
    """What is looked for in what is published; ``repr`` shows none of it.

    ``personnes`` are the hashes of the people of each territory under ``cle``, ``suites`` the runs of words
    of private texts that nobody released, ``contacts`` the addresses and numbers published on purpose,
    ``auteurs`` whom files may name as their author, ``machine`` the folders and the name of this one.
    """

    personnes: dict[str, frozenset[str]] = field(repr=False, default_factory=dict)
    cle: Cle | None = None
    suites: frozenset[str] = field(repr=False, default_factory=frozenset)
    contacts: frozenset[str] = frozenset()
    auteurs: frozenset[str] = frozenset()
    machine: frozenset[str] = field(repr=False, default_factory=frozenset)

    def holds_words(self, text: str) -> bool:
        """Whether a text repeats what someone wrote in private."""
        return bool(self.suites) and any(run in self.suites for run in runs(text))

    def finder(self) -> Callable[[str], bool]:
        """The function that says whether a text names someone of the deposits, in any spelling."""
        hashes = frozenset().union(*self.personnes.values())
        spelled = (
            [(self.cle.empreinte(code), people) for code, people in self.personnes.items()]
            if self.cle
            else []
        )

        @lru_cache(maxsize=200_000)
        def is_someone(form: str) -> bool:
            return any(empreinte(form) in people for empreinte, people in spelled)

        def names(text: str) -> bool:
            if any(found in hashes for found in _HASH.findall(text)):
                return True
            return any(map(is_someone, _forms(text))) if spelled else False

        return names


def _forms(text: str) -> Iterator[str]:
    """What may be an identifier in a text, in the form that tells a person: letters and digits together.

    Digits alone are in every table, and tell nobody.
    """
    for found in _PARTS.finditer(text):
        parts = re.split(_JOINTS, found[0])
        if not any(sign.isdigit() for sign in found[0]):
            continue
        for start in range(len(parts)):
            for end in range(start + 1, min(len(parts), start + _MOST_PARTS) + 1):
                form = forme("".join(parts[start:end]))
                if _SHORTEST <= len(form) <= _LONGEST and not form.isdigit() and not form.isalpha():
                    yield form


def prive_of(project: Project, bundles: Iterable[Bundle]) -> Prive:
    """What may not be in what is published of a project; ``bundles`` say which words were released.

    Raises DepotError where deposits are kept and the key is not there: nobody could be looked for.
    """
    ledger = Ledger(project)
    people: dict[str, frozenset[str]] = {}
    written: list[str] = []
    for recu in _kept(project, ledger):
        people[recu.territoire] = people.get(recu.territoire, frozenset()) | ledger.people(recu)
        written += map(str, ledger.texts(recu)["texte"])
    remarks = load_all(project)
    written += [text for remark in remarks for text in (remark.texte, remark.reponse)]
    public = [*_released(bundles), *(remark.citation for remark in remarks), _asked(project)]
    publisher = (project.data / "publication.toml").read_text(encoding="utf-8")
    return Prive(
        personnes=people,
        cle=_key(project, ledger) if people else None,
        suites=_runs_of(written) - _runs_of(public),
        contacts=frozenset(contacts(publisher)),
        auteurs=frozenset(str(value) for value in tomllib.loads(publisher).values()),
        machine=_machine(project.checkout),
    )


def _kept(project: Project, ledger: Ledger) -> Iterator[Recu]:
    """The deposits that are kept, of all the territories, past ones included."""
    for folder in sorted((project.depots / "recus").glob("*")):
        if folder.is_dir() and not folder.name.startswith("."):
            yield from (recu for recu in ledger.deposits(folder.name) if recu.efface_le is None)


def _released(bundles: Iterable[Bundle]) -> Iterator[str]:
    """The words that the gate let through, and what territories asked for everybody to read."""
    for bundle in bundles:
        for verbatim in bundle.verbatims:
            yield verbatim.content.texte
        for parole in bundle.paroles:
            yield from (parole.content.texte, parole.content.reponse)
        for question in bundle.questions:
            yield question.content.intitule


def _asked(project: Project) -> str:
    """What the surveys ask, which answers repeat."""
    path = project.dictionary / "questions.csv"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _runs_of(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(run for text in texts for run in runs(text))


def _key(project: Project, ledger: Ledger) -> Cle:
    return CLE_DEMONSTRATION if project.nature == "demonstration" else load_key(ledger.marks())


def _machine(checkout: Path) -> frozenset[str]:
    """The folders of this machine that a file could tell, and its name where it is one of its own."""
    folders = {str(checkout), str(checkout.resolve()), str(Path.home())} - {"/", "\\"}
    name = platform.node()
    return frozenset(folders | ({name} if len(name) >= _LONGEST_COMMON else set()))
