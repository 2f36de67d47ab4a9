"""The key that turns a person's local identifier into a hash: where it is, what its loss means.

The key never enters the project: a table without it cannot be joined to a territory's list of people.
Lost, the hashes stay but no new deposit joins them and nobody can be erased by name of identifier: the
deposits received under it must then be erased, and received again under a new key.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

from platformdirs import user_config_path

from analysis.depot.formes.constats import DepotError
from analysis.noyau.files.droits import close_file
from analysis.noyau.files.scratch import write_once

_BYTES = 32

_PARTS = re.compile(r"([A-Z]{0,4})([0-9]{1,18})")
_MOST_GROUPS = 3


def forme(identifiant: str) -> str:
    """The letters and digits of an identifier, in capitals: what tells a person, however she is spelled.

    A program that keeps no hyphen, or a hand that types a blank, names the same person. What has neither a
    letter nor a digit is itself.

    >>> forme("P-017") == forme("p017") == forme("P 017") == "P017"
    True
    """
    letters = unicodedata.normalize("NFKD", identifiant).upper()
    return "".join(c for c in letters if c.isascii() and c.isalnum()) or identifiant


@dataclass(frozen=True)
class Cle:
    """A secret key; ``repr`` does not show it."""

    secret: bytes

    def __repr__(self) -> str:
        return f"Cle({self.marque})"

    @property
    def marque(self) -> str:
        """What tells two keys apart without telling them: kept with each deposit."""
        return hmac.new(self.secret, b"marque", hashlib.sha256).hexdigest()[:12]

    def empreinte(self, territoire: str) -> Empreinte:
        """The function from a local identifier of that territory to its hash.

        >>> CLE_DEMONSTRATION.empreinte("val")("P-017") == CLE_DEMONSTRATION.empreinte("val")("p017")
        True
        >>> CLE_DEMONSTRATION.empreinte("val")("P-017") == CLE_DEMONSTRATION.empreinte("vide")("P-017")
        False
        """
        return Empreinte(self, territoire)


@dataclass(frozen=True)
class Empreinte:
    """What hashes the local identifiers of one territory under a key: 20 hexadecimal digits.

    HMAC-SHA256 of the territory and the letters and digits of the identifier, cut at 80 bits.
    """

    cle: Cle
    territoire: str

    def __call__(self, identifiant: str) -> str:
        return self._hashed(forme(identifiant))

    def anciennes(self, identifiant: str) -> frozenset[str]:
        """The hashes that an earlier version, to which a hyphen counted, may have kept of that person.

        >>> empreinte = CLE_DEMONSTRATION.empreinte("val")
        >>> empreinte("P-017") in empreinte.anciennes("P-017"), len(empreinte.anciennes("P-017"))
        (False, 7)
        """
        spelled = {identifiant.upper(), *_spellings(forme(identifiant))} - {forme(identifiant)}
        return frozenset(map(self._hashed, spelled))

    def _hashed(self, text: str) -> str:
        message = f"{self.territoire}\0{text}".encode()
        return hmac.new(self.cle.secret, message, hashlib.sha256).hexdigest()[:20]


@cache
def _spellings(form: str) -> frozenset[str]:
    """The identifiers of these letters and digits: as the workbook has always taken them, with its hyphens."""
    parts = _PARTS.fullmatch(form)
    return frozenset() if parts is None else frozenset(_hyphened(parts[1], parts[2]))


def _hyphened(letters: str, digits: str) -> Iterator[str]:
    for count in range(_MOST_GROUPS):
        for cuts in combinations(range(1, len(digits)), count):
            edges = (0, *cuts, len(digits))
            groups = [digits[start:end] for start, end in zip(edges, edges[1:], strict=False)]
            yield letters + "-".join(groups)
            yield f"{letters}-{'-'.join(groups)}"


CLE_DEMONSTRATION = Cle(b"cle publique de la demonstration")
"""The fixed key of invented people: public, so it protects nobody."""


def key_path() -> Path:
    """Where the key is: the file named by ``BILAN_CLE``, else one in the user's configuration folder."""
    named = os.environ.get("BILAN_CLE")
    return Path(named) if named else user_config_path("bilan") / "cle-des-depots"


def load_key(marques: Collection[str]) -> Cle:
    """The key of this user, created at first use for its owner alone; closed to strangers where it was not.

    ``marques`` are those of the deposits kept already: where there are some, no new key is made. Raises
    DepotError then, and when the file holds no key: it is never replaced.
    """
    path = key_path()
    if not path.exists() and marques:
        raise DepotError(
            f"Aucune clé à « {path} », alors que des dépôts sont gardés sous la clé {', '.join(sorted(marques))}. "
            "Copiez-la à cet endroit, ou nommez son fichier dans BILAN_CLE. Si elle est perdue : effacez ces "
            "dépôts (« bilan depot effacer »), puis recevez-les à nouveau."
        )
    if not path.exists():
        write_once(path, secrets.token_hex(_BYTES) + "\n", mode=0o600)
    close_file(path)
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        secret = b""
    if len(secret) != _BYTES:
        raise DepotError(
            f"« {path} » ne contient pas de clé ({2 * _BYTES} caractères hexadécimaux attendus). Remettez la "
            "copie de sauvegarde de la clé à cet endroit ; n'en créez pas une nouvelle tant que des dépôts "
            "reçus sous l'ancienne sont conservés."
        )
    return Cle(secret)


def check_mark(cle: Cle, marques: Collection[str], territoire: str) -> None:
    """Refuse a key that is not the one of the deposits kept already; raises DepotError."""
    if marques and cle.marque not in marques:
        raise DepotError(
            f"La clé de ce poste ({cle.marque}) n'est pas celle des dépôts de « {territoire} » déjà reçus "
            f"({', '.join(sorted(marques))}) : les personnes ne seraient plus les mêmes d'un dépôt à l'autre. "
            f"Copiez la bonne clé dans « {key_path()} » ou nommez son fichier dans BILAN_CLE. Si elle est "
            "perdue : effacez ces dépôts (« bilan depot effacer »), puis recevez-les à nouveau."
        )
