"""What each station made, kept beside the fingerprints of what went into it: equal ones are not worked on
again."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from analysis.noyau.files.scratch import write_whole

RULE: Final = 1
"""The version of how fingerprints are taken: one more whenever it changes, and all is made again."""

ANEW: Final = "tout est refait, comme demandé"
NEVER: Final = "jamais fait"
DAMAGED: Final = "ce qui en est gardé a été modifié ou coupé"
RULE_CHANGED: Final = "la règle des empreintes a changé"

_RECORD: Final = ".fiche"
_NAMED: Final = 3


@dataclass(frozen=True)
class Record:
    """Beside a product: the rule, what went in by name, the SHA-256 of what came out, when and in how
    long."""

    rule: int
    inputs: dict[str, str]
    product: str
    made_at: str
    seconds: float


@dataclass(frozen=True)
class Verdict:
    """Whether what stands in a place is kept, and why it is not: a clause in French; empty when it is."""

    place: str
    reason: str = ""

    @property
    def is_kept(self) -> bool:
        return not self.reason


class Store:
    """The products of a folder, each in its place (« etude », « pdf/livrets/thiers.pdf »).

    One whose record does not hold, whose bytes are not those of its record, or whose inputs are not today's
    is not given back: the caller makes it again. With ``anew`` nothing is. ``verdicts`` tell what was asked,
    in the order in which it was last.
    """

    def __init__(self, folder: Path, *, anew: bool = False) -> None:
        self._folder, self._anew = folder, anew
        self.verdicts: dict[str, Verdict] = {}

    def take(self, place: str, inputs: Mapping[str, str], make: Callable[[], bytes]) -> bytes:
        """What stands in a place if it was made of these inputs, else what ``make`` makes of them, which is
        kept."""
        found = self.kept(place, inputs)
        if found is not None:
            return found
        started = time.monotonic()
        content = make()
        self.keep(place, inputs, content, seconds=time.monotonic() - started)
        return content

    def kept(self, place: str, inputs: Mapping[str, str]) -> bytes | None:
        """What stands in a place if it was made of these inputs; None otherwise, and the verdict says why."""
        record, content = self.record(place), self._content(place)
        reason = ANEW if self._anew else _why_not(record, content, inputs)
        self.verdicts.pop(place, None)
        self.verdicts[place] = Verdict(place, reason)
        return None if reason else content

    def keep(self, place: str, inputs: Mapping[str, str], content: bytes, *, seconds: float) -> None:
        """Keep what was made of these inputs: the product first, its record once it stands there."""
        write_whole(self._folder / place, content)
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        record = Record(RULE, dict(inputs), sha256(content), now, round(seconds, 3))
        text = json.dumps(asdict(record), ensure_ascii=False, indent=1)
        write_whole(self._folder / f"{place}{_RECORD}", text + "\n")

    def record(self, place: str) -> Record | None:
        """The record of a place; None where there is none that can be read."""
        try:
            return Record(**json.loads((self._folder / f"{place}{_RECORD}").read_bytes()))
        except (OSError, ValueError, TypeError):
            return None

    def forget(self, station: str, but: Iterable[str]) -> None:
        """Remove what a station made of what is no longer there."""
        named = {self._folder / place for place in but}
        for path in (self._folder / station).rglob("*"):
            if (
                path.is_file()
                and path not in named
                and path.with_name(path.name.removesuffix(_RECORD)) not in named
            ):
                path.unlink()

    def _content(self, place: str) -> bytes | None:
        try:
            return (self._folder / place).read_bytes()
        except OSError:
            return None


class Unkept(Store):
    """A store that keeps nothing: all is made."""

    def __init__(self) -> None:
        super().__init__(Path())

    def kept(self, place: str, inputs: Mapping[str, str]) -> bytes | None:
        return None

    def keep(self, place: str, inputs: Mapping[str, str], content: bytes, *, seconds: float) -> None:
        pass


UNKEPT: Final = Unkept()


def _why_not(record: Record | None, content: bytes | None, inputs: Mapping[str, str]) -> str:
    if record is None or content is None:
        return NEVER
    if record.rule != RULE:
        return RULE_CHANGED
    if sha256(content) != record.product:
        return DAMAGED
    return told(changed(record.inputs, inputs))


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The names of the inputs that are not the same, in the order of today's, then those that are gone."""
    names = [name for name, digest in after.items() if before.get(name) != digest]
    return names + [name for name in before if name not in after]


def told(names: Iterable[str]) -> str:
    """What changed, as a clause; empty when nothing did.

    >>> told(["le texte"]), told(["a.py", "b.py", "c.py", "d.py", "e.py"]), told([])
    ('a changé : le texte', 'ont changé : a.py, b.py, c.py et 2 autres', '')
    """
    known = list(names)
    if not known:
        return ""
    more = f" et {len(known) - _NAMED} autres" if len(known) > _NAMED + 1 else ""
    shown = ", ".join(known[:_NAMED] if more else known)
    return f"{'a changé' if len(known) == 1 else 'ont changé'} : {shown}{more}"


def sha256(*parts: bytes) -> str:
    """The SHA-256 of some bytes; of several, that of theirs in order.

    >>> sha256(b"a") == sha256(b"a", b""), len(sha256(b""))
    (False, 64)
    """
    if len(parts) == 1:
        return hashlib.sha256(parts[0]).hexdigest()
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def of_files(root: Path, paths: Iterable[Path], *, but: Collection[str] = ()) -> dict[str, str]:
    """The fingerprint of each of these files, and of those of each folder, by its place under ``root``; the
    folders in them that are named ``but`` are left out.

    A file that is not there has none: its coming is a change.
    """
    return {
        file.relative_to(root).as_posix(): sha256(file.read_bytes())
        for path in paths
        for file in _files_of(path, but)
        if not file.name.startswith(".")
    }


def _files_of(path: Path, but: Collection[str]) -> list[Path]:
    if path.is_dir():
        return sorted(Path(entry.path) for entry in entries(path, but=but))
    return [path] if path.is_file() else []


def entries(folder: Path | str, *, but: Collection[str] = ()) -> Iterator[os.DirEntry[str]]:
    """Every file below a folder, those of the folders named ``but`` left out, in no order: a folder is asked
    once what stands in it, where a path would be asked again of each."""
    with os.scandir(folder) as found:
        inside = list(found)
    for entry in inside:
        if not entry.is_dir():
            if entry.is_file():
                yield entry
        elif entry.name not in but and not entry.is_symlink():
            yield from entries(entry.path, but=but)
