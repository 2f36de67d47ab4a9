"""What people write of a chapter, put into it after it ran: another word of theirs runs no cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Final

from analysis.presentation.parts.blocks import Block
from analysis.secret.bundle import Bundle
from analysis.secret.lectures import Lu

Piece = Callable[[Bundle], Block]
"""From a bundle to what somebody wrote of its chapter."""

_MARK: Final = re.compile(r'<bilan-ecrit nom="([a-z-]+)"></bilan-ecrit>')


def put_later(name: str) -> Callable[[Piece], Piece]:
    """Make of a piece a mark of that name where a run notes what its chapter reads: the words come afterwards.

    In JupyterLab, and wherever a bundle is not that of a run, the piece stands at once.
    """

    def decorated(tell: Piece) -> Piece:
        @wraps(tell)
        def told(bundle: Bundle) -> Block:
            if isinstance(bundle, Lu):
                return Block(f'<bilan-ecrit nom="{name}"></bilan-ecrit>')
            return tell(bundle)

        return told

    return decorated


def marked(text: str) -> list[str]:
    """The names of the pieces that a text awaits, in order.

    >>> marked('<p><bilan-ecrit nom="texte"></bilan-ecrit></p>')
    ['texte']
    """
    return _MARK.findall(text)


def put_in(text: str, pieces: Mapping[str, Block]) -> str:
    """The text with each piece in the place of its mark; raises KeyError for one that is not given.

    >>> put_in('<p><bilan-ecrit nom="texte"></bilan-ecrit></p>', {"texte": Block("Oui.")})
    '<p>Oui.</p>'
    """
    return _MARK.sub(lambda mark: pieces[mark[1]].html, text)
