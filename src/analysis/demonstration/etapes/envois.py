"""What the invented territories send, written, read and kept as that of the real ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from pydantic_core import to_json

from analysis.demonstration.avis.codeurs import receive_coding
from analysis.demonstration.generator import generer
from analysis.demonstration.individus import ecrire_individus, inventer_individus
from analysis.demonstration.lieux import Lieu
from analysis.demonstration.suivis import receive_candidats
from analysis.depot.dossier import read_depot
from analysis.depot.ecrits.modele import write_workbook
from analysis.depot.ecrits.rapport import told
from analysis.depot.formes.cle import CLE_DEMONSTRATION
from analysis.depot.formes.constats import DepotError
from analysis.depot.garde.ledger import Ledger
from analysis.depot.referentiel import Referentiel, load_referentiel
from analysis.noyau.paths import Project
from analysis.stations.en_place import made_in_place
from analysis.stations.modules import code_of
from analysis.stations.store import Store, of_files, sha256

GRAINE: Final = 2016
"""The seed of the demonstration: the year of the first law."""

RECEPTION: Final = date(2021, 9, 1)
"""The day on which the invented deposits are said to be received."""


_DECLARED: Final = (
    *("fields", "layouts", "migrations", "regles", "nomenclatures"),
    *("questions", "positions", "synonymes"),
)
_BESIDE: Final = ("conservation", "themes")
"""What of the dictionary deposits are written and read with: the records, then the files read beside them."""

_OF_CANDIDATES: Final = ("candidat_feuilles", "candidat_colonnes")


def recevoir_envois(invented: Project, lieux: Sequence[Lieu], kept: Store) -> int:
    """Have each territory and candidate send what it would send today, where that is not what is kept; how
    many deposits were made.

    Raises DepotError where one is refused.
    """
    referentiel = load_referentiel(invented)
    shared = {**_declared(invented, referentiel), **code_of(invented, __name__)}
    send = partial(made_in_place, kept, root=invented.root)
    made = 0
    for lieu in lieux:
        itself = {"le territoire": sha256(to_json((lieu, referentiel.territoire(lieu.code))))}
        paths = [invented.depots / lieu.code, invented.depots / "recus" / lieu.code]
        give = partial(_give, invented, referentiel, lieu)
        made += send(f"envois/{lieu.code}", itself | shared, give, paths=paths)
    everyone = {"les territoires": sha256(to_json(tuple(lieux)))} | shared
    send("envois/individus", everyone, partial(_compare, invented, lieux), paths=[invented.individus])
    own = of_files(invented.root, [invented.dictionary / f"{name}.csv" for name in _OF_CANDIDATES])
    send("envois/candidats", own | shared, partial(receive_candidats, invented), paths=[invented.candidats])
    return made


def _give(invented: Project, referentiel: Referentiel, lieu: Lieu) -> None:
    deposit(invented, referentiel, lieu)
    receive(invented, referentiel, lieu.code)
    receive_coding(invented, referentiel, lieu.code, GRAINE)


def _compare(invented: Project, lieux: Sequence[Lieu]) -> None:
    ecrire_individus(invented.individus, inventer_individus(lieux, GRAINE))


def deposit(
    invented: Project, referentiel: Referentiel, lieu: Lieu, *, lignes_fec: int | None = None
) -> Path:
    """Write what an invented territory sends, as it would: a workbook, accounts of about so many lines each,
    survey exports."""
    folder = invented.depots / lieu.code
    folder.mkdir(parents=True)
    sent = generer(lieu, GRAINE, referentiel=referentiel, lignes_fec=lignes_fec)
    write_workbook(folder / f"depot-{lieu.code}.xlsx", referentiel, lieu.code, sent.tables)
    for name, content in sent.fichiers.items():
        (folder / name).write_bytes(content)
    return folder


def receive(invented: Project, referentiel: Referentiel, code: str) -> None:
    """Read a deposit with the reader of all deposits, and keep it; raises DepotError if it is refused."""
    found = read_depot(
        invented.depots / code, referentiel, empreinte=CLE_DEMONSTRATION.empreinte, attendu=code
    )
    if found.est_refuse(referentiel):
        raise DepotError(f"Le dépôt inventé de « {code} » est refusé :\n{told(found, referentiel)}")
    Ledger(invented).add(found, referentiel, CLE_DEMONSTRATION, today=RECEPTION)


def _declared(invented: Project, referentiel: Referentiel) -> dict[str, str]:
    """What deposits are written and read with, the places apart."""
    records = {name: sha256(to_json(getattr(referentiel, name))) for name in _DECLARED}
    return records | of_files(invented.root, [invented.dictionary / f"{name}.csv" for name in _BESIDE])
