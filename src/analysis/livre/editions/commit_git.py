"""The files of a commit, and the proof without git that files are those of a commit."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from analysis.noyau.errors import BilanError

MODES: Final = {"100644": 0o644, "100755": 0o755}
"""The files that a commit of this project may hold, as git writes them, and their permissions."""


Folder: TypeAlias = "dict[str, Folder | tuple[str, bytes]]"
"""The files and the folders of a folder, by name: of a file its mode and the name of its content."""


@dataclass(frozen=True)
class Ecrit:
    """One file of a commit: its path from the root, git's mode, its bytes."""

    chemin: str
    mode: str
    contenu: bytes


def objet(root: Path, commit: str) -> bytes:
    """What git keeps of a commit: its tree, its parents, who, when, why; raises BilanError where git has "
    "none."""
    return _git(root, "cat-file", "commit", commit)


def fichiers(root: Path, commit: str) -> Iterator[Ecrit]:
    """The files of a commit, by path, as git keeps them; raises BilanError for a link or a module of git."""
    listed = _git(root, "ls-tree", "-r", "-z", "--full-tree", commit).decode("utf-8", "surrogateescape")
    found = []
    for line in sorted(filter(None, listed.split("\0")), key=lambda line: line.partition("\t")[2]):
        about, _, path = line.partition("\t")
        mode, kind, name = about.split()
        if mode not in MODES or kind != "blob":
            raise BilanError(
                f"« {path} » n'est pas un fichier ordinaire dans git (mode {mode}) : une archive n'en garde "
                "pas. Remplacez-le par un fichier, enregistrez-le dans git, puis publiez de nouveau."
            )
        found.append((path, mode, name))
    contents = _blobs(root, [name for _, _, name in found])
    for (path, mode, _), content in zip(found, contents, strict=True):
        yield Ecrit(path, mode, content)


def _blobs(root: Path, names: Iterable[str]) -> Iterator[bytes]:
    """What git keeps under these names, in their order, asked in one go."""
    given = "".join(f"{name}\n" for name in names).encode("ascii")
    told = memoryview(_git(root, "cat-file", "--batch", given=given))
    place = 0
    while place < len(told):
        end = bytes(told[place : place + 200]).index(b"\n") + place
        size = int(bytes(told[place:end]).split()[2])
        yield bytes(told[end + 1 : end + 1 + size])
        place = end + 1 + size + 1


def nom_du_commit(content: bytes) -> str:
    """The name that git gives to a commit.

    >>> nom_du_commit(b"")[:12]
    'dcf5b16e76cc'
    """
    return _name(b"commit", content).hex()


def arbre_du_commit(content: bytes) -> str:
    """The name of the tree that a commit is of; empty where it says none."""
    first = content.partition(b"\n")[0].decode("ascii", "replace")
    return first.removeprefix("tree ") if first.startswith("tree ") else ""


def arbre(files: Iterable[tuple[str, str, bytes]]) -> str:
    """The name that git gives to the tree of these files: their path, their mode, the name of their content.

    >>> arbre([("a/b.txt", "100644", nom_du_contenu(b"b")), ("c", "100755", nom_du_contenu(b""))])[:12]
    '911592c491f1'
    """
    root: Folder = {}
    for path, mode, name in files:
        *folders, last = path.split("/")
        here = root
        for folder in folders:
            below = here.setdefault(folder, {})
            if not isinstance(below, dict):
                return ""  # a file and a folder of one name: no tree of git
            here = below
        here[last] = (mode, name)
    return _tree(root).hex()


def nom_du_contenu(content: bytes) -> bytes:
    """The name that git gives to what a file holds, as twenty bytes."""
    return _name(b"blob", content)


def _tree(entries: Folder) -> bytes:
    """The name of a folder; git sorts folders as if their names ended with a slash."""
    lines = []
    for name, entry in entries.items():
        raw = name.encode("utf-8", "surrogateescape")
        if isinstance(entry, dict):
            lines.append((raw + b"/", b"40000 " + raw + b"\0" + _tree(entry)))
        else:
            mode, digest = entry
            lines.append((raw, mode.encode() + b" " + raw + b"\0" + digest))
    return _name(b"tree", b"".join(line for _, line in sorted(lines)))


def _name(kind: bytes, content: bytes) -> bytes:
    return hashlib.sha1(b"%s %d\0" % (kind, len(content)) + content, usedforsecurity=False).digest()


def restaurer(root: Path, commit: str, content: bytes, files: Iterable[tuple[str, str]]) -> None:
    """Make of a folder, where the files of a commit stand, the work tree of that very commit.

    Its parents are not known: the history begins there, and its name is the same. ``files`` gives the path
    and the mode of each. Raises BilanError where git is not installed, or names it otherwise.
    """
    _git(root, "init", "--quiet", "--initial-branch=archive")
    (root / ".git" / "shallow").write_text(f"{commit}\n", encoding="ascii", newline="\n")
    known = list(files)
    paths = "".join(f"{path}\n" for path, _ in known).encode("utf-8", "surrogateescape")
    names = (
        _git(root, "hash-object", "-w", "--no-filters", "--stdin-paths", given=paths).decode("ascii").split()
    )
    index = "".join(f"{mode} {name}\t{path}\0" for (path, mode), name in zip(known, names, strict=True))
    _git(root, "update-index", "-z", "--index-info", given=index.encode("utf-8", "surrogateescape"))
    _git(root, "write-tree")
    made = _git(root, "hash-object", "-t", "commit", "-w", "--stdin", given=content).decode("ascii").strip()
    if made != commit:
        raise BilanError(
            f"Le commit de l'archive est {made}, et elle dit {commit} : elle n'est pas rétablie."
        )
    _git(root, "update-ref", "HEAD", commit)


def _git(root: Path, *arguments: str, given: bytes | None = None) -> bytes:
    command = ["git", "-C", str(root), *arguments]
    try:
        return subprocess.run(command, input=given, capture_output=True, check=True).stdout
    except FileNotFoundError:
        raise BilanError(
            "git n'est pas installé sur ce poste : installez-le, puis relancez la commande."
        ) from None
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode("utf-8", "replace").strip()
        raise BilanError(
            f"git refuse « {' '.join(arguments[:2])} » dans « {root} » ({told}). Cette archive se fait dans "
            "un clone "
            "du projet qui a l'historique de l'édition : « git fetch --unshallow », puis relancez la "
            "commande."
        ) from None
