"""What a chapter reads of its bundle: noted in its kernel, asked again of another bundle.

A chapter that would read the same of today's bundle as it read when it was run shows the same: what it shows
is made of what it reads and of its code alone.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Final

from pydantic_core import to_json

from analysis.secret.bundle import Bundle
from analysis.stations.store import sha256

ALL: Final = '["to_bytes", [], {}]'
"""The reading of a whole bundle."""


class Lu(Bundle):
    """A bundle that notes what is read of it: each attribute, each call with its arguments, once."""

    def __init__(self, whole: Bundle, note: Callable[[str], None]) -> None:
        object.__setattr__(self, "_whole", whole)
        object.__setattr__(self, "_note", note)
        object.__setattr__(self, "_noted", set())

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_"):
            return object.__getattribute__(self, name)
        value = getattr(self._whole, name)
        if not inspect.ismethod(value):
            self._read(name)
            return value

        @wraps(value)
        def called(*args: Any, **kwargs: Any) -> Any:
            if not self._read(name, *args, **kwargs):  # asked with a record: what it reads for that is noted
                return value.__func__(self, *args, **kwargs)
            return value(*args, **kwargs)

        return called

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__

    def __reduce__(self) -> tuple[Callable[[bytes], Bundle], tuple[bytes]]:
        return Bundle.from_bytes, (self.to_bytes(),)

    def _read(self, name: str, *args: Any, **kwargs: Any) -> bool:
        """Note a reading; False for one whose arguments cannot be written."""
        try:
            lecture = json.dumps([name, args, kwargs], ensure_ascii=False, sort_keys=True)
        except TypeError:
            return False
        if lecture not in self._noted:
            self._noted.add(lecture)
            self._note(lecture)
        return True


def relues(bundle: Bundle, lectures: Iterable[str]) -> dict[str, str]:
    """The fingerprint of what a bundle answers to each of these readings; a refusal is an answer too."""
    return {lecture: _answer(bundle, *json.loads(lecture)) for lecture in sorted(set(lectures))}


def _answer(bundle: Bundle, name: str, args: list[Any], kwargs: dict[str, Any]) -> str:
    try:
        value = getattr(bundle, name)
        answer = value(*args, **kwargs) if inspect.ismethod(value) else value
    except Exception as error:  # whatever it refuses
        return sha256(f"{type(error).__name__} {error}".encode())
    return sha256(to_json(answer))


def dite(lecture: str) -> str:
    """A reading as a person names it.

    >>> dite('["of",["effectif_ebe"],{"place":"thiers"}]'), dite('["territoires",[],{}]')
    ('of(effectif_ebe, place=thiers)', 'territoires')
    """
    name, args, kwargs = json.loads(lecture)
    given = [*map(str, args), *(f"{key}={value}" for key, value in kwargs.items())]
    return f"{name}({', '.join(given)})" if given else str(name)
