"""The leaks of what is published: which file, which place, of what kind, what to do."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.livre.garde.numeros import COURRIEL, NUMERO, TELEPHONE, numeros, plain
from analysis.livre.garde.prive import Prive
from analysis.livre.garde.traces import (
    ACTIVE,
    AUTHOR,
    CHANGES,
    CLOSED,
    HIDDEN,
    LINK,
    NOTE,
    RAN,
    Trace,
    traces,
)
from analysis.noyau.errors import BilanError

PERSONNE, PAROLE = "quelqu'un des dépôts", "les mots de quelqu'un, que rien n'a libérés"
MACHINE, TRACE = "un dossier ou le nom d'une machine", "une trace d'exécution"

REMEDES: Final = {
    NUMERO: "ôtez-le de ce dont la page est faite",
    COURRIEL: "ôtez-la, ou déclarez-la dans data/publication.toml si c'est un contact",
    TELEPHONE: "ôtez-le, ou déclarez-le dans data/publication.toml si c'est un contact",
    PERSONNE: "ôtez l'identifiant ou l'empreinte de ce dont la page est faite",
    PAROLE: "ôtez ce passage, ou demandez l'accord de la personne et enregistrez-le",
    MACHINE: "remplacez le chemin par un nom relatif au projet",
    TRACE: "corrigez l'erreur, puis relancez le chapitre",
    AUTHOR: "ôtez ce nom des propriétés du fichier",
    NOTE: "supprimez-la du fichier",
    HIDDEN: "supprimez la feuille, ou montrez-la",
    LINK: "rompez la liaison",
    CHANGES: "acceptez-les ou refusez-les, puis enregistrez",
    RAN: "ôtez les sorties du carnet",
    ACTIVE: "ôtez-le : une édition n'exécute rien",
    CLOSED: "remplacez le fichier par un qui se lit, ou ôtez-le",
}
"""Of each kind of leak, what to do."""

FOLDER: Final = "le nom de son dossier"
MOST: Final = 20
"""Leaks told at once."""

_PATH = re.compile(
    r"(?<![\w/.-])(?:/(?:home|Users|root|tmp|var/folders|mnt|media|workspace|srv|opt)/[\w.@~-]+)"
    r"|\b[A-Za-z]:\\{1,2}(?:Users|Documents and Settings|Utilisateurs|Temp)\\|file:///\w|\\\\[\w.-]+\\(?:users|home)\\",
    re.IGNORECASE,
)
_TRACE = re.compile(
    r"Traceback \(most recent call last\)|File \"[^\"\n]+\", line \d+|Cell In\[\d+\], line \d+"
    r"|\x1b\[\d+(?:;\d+)*m"
)


@dataclass(frozen=True, order=True)
class Fuite:
    """One leak: the file, named from the folder that was looked at, the place in it, its kind."""

    fichier: str
    lieu: str
    nature: str

    def __str__(self) -> str:
        """One sentence that quotes nothing of what it found."""
        return f"{self.fichier}, {self.lieu} : {self.nature} ; {REMEDES[self.nature]}"


def fuites(folder: Path, prive: Prive) -> list[Fuite]:
    """Every leak of the files of a folder, in their order, each place and kind once."""
    names = prive.finder()
    known: dict[bytes, frozenset[tuple[str, str]]] = {}
    found: set[Fuite] = set()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        here = path.relative_to(folder)
        key = hashlib.sha256(path.name.encode() + b"\0" + path.read_bytes()).digest()
        if key not in known:
            known[key] = frozenset(_of(traces(path), prive, names))
        found |= {Fuite(here.as_posix(), lieu, nature) for lieu, nature in known[key]}
        found |= {Fuite(here.as_posix(), FOLDER, nature) for _, nature in _of(_folders(here), prive, names)}
    return sorted(found)


def _folders(path: Path) -> Iterator[Trace]:
    return (Trace(FOLDER, name) for name in path.parts[:-1])


def check_nothing_leaks(folder: Path, prive: Prive) -> None:
    """Raise BilanError where a folder that is to be published holds what may not be, all of it told."""
    found = fuites(folder, prive)
    if found:
        raise BilanError(f"Rien n'est publié : l'édition dit ce qui doit rester privé.\n{told(found)}")


def told(found: Sequence[Fuite]) -> str:
    """What was found, one line a leak, the first ones."""
    more = f"\n- et {len(found) - MOST} autres" if len(found) > MOST else ""
    lines = "\n".join(f"- {fuite}" for fuite in found[:MOST])
    return f"{lines}{more}"


def _of(found: Iterator[Trace], prive: Prive, names: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    for trace in found:
        for nature in _natures(trace, prive, names):
            yield trace.lieu, nature


def _natures(trace: Trace, prive: Prive, names: Callable[[str], bool]) -> Iterator[str]:
    text = plain(trace.texte)
    if trace.marque and not (trace.marque == AUTHOR and text.strip() in prive.auteurs):
        yield trace.marque
    for nature, signs in numeros(text):
        if signs not in prive.contacts:
            yield nature
    if names(text):
        yield PERSONNE
    if prive.holds_words(text):
        yield PAROLE
    if _PATH.search(text) or any(place in text for place in prive.machine):
        yield MACHINE
    if _TRACE.search(text):
        yield TRACE
