"""What a process that builds again and again remembers of its last builds, known by the bytes of files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from analysis.stations.store import sha256

_T = TypeVar("_T")
_Key = tuple[str, ...]


@dataclass(frozen=True)
class Memoire:
    """What is made of files, given back while they hold the same bytes.

    ``read`` are the fingerprints of all that may be read, by name, taken before anything is. The files whose
    names begin with ``apart`` are many and each of them is read for one thing alone: they count only where
    they are named. ``about`` tells what else it depends on. With ``anew`` nothing is given back.

    >>> one = Memoire({"data/a.csv": "1", "textes/val.md": "2", "textes/vide.md": "3"}, apart="textes/")
    >>> one.take("paquet", lambda: "fait", of=["textes/val.md"])
    'fait'
    >>> one.keep(one.read)
    >>> other = Memoire({**one.read, "textes/vide.md": "4"}, apart="textes/")
    >>> other.take("paquet", lambda: "refait", of=["textes/val.md"])
    'fait'
    >>> other.take("paquet", lambda: "refait", of=["textes/vide.md"])
    'refait'
    """

    read: Mapping[str, str]
    apart: str = ""
    about: tuple[str, ...] = ()
    anew: bool = False
    _made: dict[_Key, Any] = field(default_factory=dict)

    def take(self, what: str, make: Callable[[], _T], *, of: Iterable[str] = ()) -> _T:
        """What was made under that name of the same files, and of those apart that ``of`` names; made where
        it is not remembered."""
        key = (what, *self.about, self._shared, *(self.read.get(name, "") for name in of))
        remembered = [] if self.anew else _place(key)
        if not remembered:
            self._made[key] = make()
        found: _T = remembered[0] if remembered else self._made[key]
        return found

    def keep(self, read: Mapping[str, str]) -> None:
        """Remember what was made, where ``read``, the fingerprints taken once it was, are those of before:
        nothing of it is then of a file that changed meanwhile."""
        if read == self.read:
            for key, made in self._made.items():
                _place(key)[:] = [made]

    @cached_property
    def _shared(self) -> str:
        apart = tuple(filter(None, [self.apart]))
        shared = {name: of for name, of in self.read.items() if not name.startswith(apart)}
        return sha256(json.dumps(shared).encode())


@lru_cache(maxsize=512)
def _place(_key: _Key) -> list[Any]:
    """Where what a key gave is remembered: nothing, or that alone; what is asked least goes first."""
    return []
