"""A port that cannot be had is said in a sentence, with another to try."""

from __future__ import annotations

import errno
import socket
from pathlib import Path

import pytest

from analysis.livre.ecran.serveur import HOST, _refused, serve
from analysis.noyau.errors import BilanError


def test_a_taken_port(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BilanError) as caught:
            serve(tmp_path, port=port)
    assert str(caught.value) == (
        f"Le port {port} est déjà pris, sans doute par un autre « bilan serve ». "
        f"Prenez-en un autre : « bilan serve --port {port + 1} »."
    )


def test_a_port_that_asks_for_rights() -> None:
    told = _refused(80, OSError(errno.EACCES, "Permission denied"))
    assert told.startswith("Le port 80 demande des droits d'administrateur.") and "--port 8000" in told
