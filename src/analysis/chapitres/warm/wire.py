"""Messages between processes of one machine: JSON texts, each after its length, on a Unix socket."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Mapping
from typing import Any

Message = Mapping[str, Any]

_LENGTH = struct.Struct("!I")
_LARGEST_PIECE = 2**20


class Late(Exception):
    """Nothing complete came before the time given."""


def send(channel: socket.socket, message: Message) -> None:
    """Write a message whole; raises OSError when nobody reads any more."""
    text = json.dumps(message).encode()
    channel.sendall(_LENGTH.pack(len(text)) + text)


def receive(channel: socket.socket, *, until: float | None = None) -> dict[str, Any] | None:
    """The next message, None once the other side has closed; ``until`` is a time of ``time.monotonic``.

    Raises Late when that time has come.
    """
    head = _read(channel, _LENGTH.size, until)
    if head is None:
        return None
    body = _read(channel, _LENGTH.unpack(head)[0], until)
    return None if body is None else json.loads(body)


def _read(channel: socket.socket, size: int, until: float | None) -> bytes | None:
    pieces = bytearray()
    while len(pieces) < size:
        if until is not None:
            left = until - time.monotonic()
            if left <= 0:
                raise Late
            channel.settimeout(left)
        else:
            channel.settimeout(None)
        try:
            piece = channel.recv(min(size - len(pieces), _LARGEST_PIECE))
        except TimeoutError:
            raise Late from None
        except ConnectionResetError:
            return None
        if not piece:
            return None
        pieces += piece
    return bytes(pieces)
