"""Fetch what producers publish into ``data/open``: never half a file, never for ever, never unchecked."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Final

import httpx

from analysis.noyau.errors import BilanError
from analysis.noyau.files.locks import alone_in
from analysis.noyau.files.pannes import about
from analysis.noyau.files.scratch import put_file_in_place, scratch, write_whole
from analysis.noyau.files.sums import sha256_of
from analysis.noyau.paths import Project
from analysis.sources.ouvertes.cartes import Carte, Telechargement, dossiers
from analysis.sources.ouvertes.presence import JOURNAL

PATIENCE: Final = 30.0
"""Seconds without a byte after which a producer is said not to answer."""

LONGEST: Final = 900.0
"""Seconds that one file may take in all."""


def telecharger(
    project: Project,
    cartes: Iterable[Carte],
    tell: Callable[[str], None],
    *,
    patience: float = PATIENCE,
    longest: float = LONGEST,
    today: date,
) -> list[str]:
    """Fetch and check each published file; the sentences of what failed, empty when all went well.

    A file takes its place whole, once its header and its length are those that the card says. One that fails
    leaves the one before as it was. A producer that does not answer is asked once: its other files are not
    waited for.
    """
    folder = dossiers(project)[-1]
    failed: list[str] = []
    silent: set[str] = set()
    with httpx.Client(timeout=patience, follow_redirects=True) as client:
        for wanted in [t for carte in cartes for t in carte.telechargements]:
            host = httpx.URL(wanted.url).netloc.decode()
            if host in silent:
                failed.append(f"« {wanted.nom} » n'est pas demandé : {host} ne répond pas.")
                continue
            tell(f"{wanted.nom} : demandé à {host}…")
            try:
                _fetch(client, wanted, folder, time.monotonic() + longest)
            except httpx.TransportError as error:
                silent.add(host)
                failed.append(_unanswered(wanted, host, error))
            except (BilanError, httpx.HTTPError) as error:
                failed.append(str(error))
            else:
                _note(project, folder, wanted, today)
                tell(f"{wanted.nom} : reçu et vérifié.")
    return failed


def _unanswered(wanted: Telechargement, host: str, error: httpx.TransportError) -> str:
    why = "n'a pas répondu à temps" if isinstance(error, httpx.TimeoutException) else "ne peut être joint"
    return (
        f"« {wanted.nom} » : {host} {why}. Vérifiez la connexion et relancez, ou déposez le fichier "
        f"à la main dans data/open ; il est publié à {wanted.url}"
    )


def _fetch(client: httpx.Client, wanted: Telechargement, folder: Path, deadline: float) -> None:
    with scratch(folder) as place, client.stream("GET", wanted.url) as answer:
        if answer.status_code != httpx.codes.OK:
            raise BilanError(
                f"« {wanted.nom} » : le producteur répond {answer.status_code} à {wanted.url} ; "
                "l'adresse a pu changer, la carte de la source dit sa page."
            )
        path = place / "recu"
        with about(folder / wanted.nom), path.open("wb") as file:
            for part in answer.iter_bytes():
                if time.monotonic() > deadline:
                    raise BilanError(f"« {wanted.nom} » : le téléchargement dure trop, il est abandonné.")
                file.write(part)
        verifier(path, wanted)
        put_file_in_place(path, folder / wanted.nom)


def verifier(path: Path, wanted: Telechargement) -> None:
    """Refuse a file that is not what its card says: another header, too few lines, no archive."""
    if wanted.separateur:
        _verify_table(path, wanted)
    elif not zipfile.is_zipfile(path):
        raise BilanError(f"« {wanted.nom} » : ce qui est reçu n'est pas une archive ni un classeur.")


def _verify_table(path: Path, wanted: Telechargement) -> None:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        head = [name.strip().strip('"') for name in file.readline().rstrip("\r\n").split(wanted.separateur)]
        count = sum(1 for _ in file)
    missing = [name for name in wanted.colonnes if name not in head]
    if missing:
        raise BilanError(
            f"« {wanted.nom} » : il manque la colonne « {missing[0]} » ; le producteur a pu changer son "
            "fichier, il n'est pas pris."
        )
    if count < wanted.lignes:
        raise BilanError(
            f"« {wanted.nom} » : {count} lignes reçues, {wanted.lignes} au moins sont attendues ; le fichier "
            "est incomplet, il n'est pas pris."
        )


def _note(project: Project, folder: Path, wanted: Telechargement, today: date) -> None:
    """Write what was received in the journal of the folder."""
    path = folder / JOURNAL
    with alone_in(folder, shown=project.shown(folder)):
        _note_alone(path, wanted, sha256_of(folder / wanted.nom), today)


def _note_alone(path: Path, wanted: Telechargement, digest: str, today: date) -> None:
    import tomllib

    known = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    known[wanted.nom] = {"sha256": digest, "url": wanted.url, "date": today.isoformat()}
    lines = [
        line
        for nom, said in sorted(known.items())
        for line in (f'["{nom}"]', *(f'{key} = "{value}"' for key, value in said.items()), "")
    ]
    write_whole(path, "\n".join(lines))
