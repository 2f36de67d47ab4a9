"""How often Python looks for objects that lead to one another alone: work that is long makes few of them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SELDOM: Final = (200_000, 20, 100)
"""After how many objects they are looked for, and after how many such looks older ones are too."""


def look_seldom() -> None:
    """From now on in this process; what is there now, modules above all, is not looked through again."""
    gc.freeze()
    gc.set_threshold(*SELDOM)


@contextmanager
def seldom() -> Iterator[None]:
    """While what is inside runs."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
