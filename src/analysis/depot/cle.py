"""The key that turns a person's local identifier into a hash: where it is, what its loss means.

The key never enters the project: a table without it cannot be joined to a territory's list of people.
Lost, the hashes stay but no new deposit joins them and nobody can be erased by name of identifier: the
deposits received under it must then be erased, and received again under a new key.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_config_path

from analysis.depot.constats import DepotError

_BYTES = 32


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

    def empreinte(self, territoire: str) -> Callable[[str], str]:
        """The function from a local identifier of that territory to its hash: 20 hexadecimal digits.

        HMAC-SHA256 of the territory and the identifier, cut at 80 bits; an identifier is read without
        regard to case, as people write it.

        >>> CLE_DEMONSTRATION.empreinte("val")("P-017") == CLE_DEMONSTRATION.empreinte("val")("p-017")
        True
        >>> CLE_DEMONSTRATION.empreinte("val")("P-017") == CLE_DEMONSTRATION.empreinte("vide")("P-017")
        False
        """

        def hashed(identifiant: str) -> str:
            message = f"{territoire}\0{identifiant.upper()}".encode()
            return hmac.new(self.secret, message, hashlib.sha256).hexdigest()[:20]

        return hashed


CLE_DEMONSTRATION = Cle(b"cle publique de la demonstration")
"""The fixed key of invented people: public, so it protects nobody."""


def key_path() -> Path:
    """Where the key is: the file named by ``BILAN_CLE``, else one in the user's configuration folder."""
    named = os.environ.get("BILAN_CLE")
    return Path(named) if named else user_config_path("bilan") / "cle-des-depots"


def load_key(marques: Collection[str]) -> Cle:
    """The key of this user, created at first use, readable by its owner alone.

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
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_BYTES) + "\n")
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
