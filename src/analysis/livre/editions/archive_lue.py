"""`bilan verifier-archive`: what of an archive is missing, altered or added; the edition made again from "
"it."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from analysis.livre.editions.archive import AVANT, CARD, COMMIT, EDITION, PROJET, RELEVE, Fiche
from analysis.livre.editions.commit_git import (
    arbre,
    arbre_du_commit,
    nom_du_commit,
    nom_du_contenu,
    restaurer,
)
from analysis.livre.editions.edition import MANIFEST, SUMS, sums
from analysis.livre.manifeste import outils
from analysis.noyau.errors import BilanError
from analysis.noyau.files.pannes import about
from analysis.noyau.paths import Project
from analysis.stations.whole import RECEIVED

MOST_FILES: Final = 200_000
"""The files that an archive may hold: a hundred times what an edition of sixty territories does."""

LOCK: Final = "requirements.lock"

_LINE: Final = re.compile(r"([0-9a-f]{64})  (.+)")
_WINDOWS: Final = re.compile(
    r'[\\:<>"|?*\x00-\x1f]|(?:^|/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|/|$)|[. ](?:/|$)', re.I
)
"""What no file of an archive is named: another machine would put it elsewhere, or nowhere."""


@dataclass(frozen=True)
class Lue:
    """An archive that was read: what it says of itself, the sums of its files, each fault as a sentence."""

    fiche: Fiche
    sommes: Mapping[str, str]
    fautes: tuple[str, ...]


def verifier(project: Project, path: Path) -> Lue:
    """Check every checksum of an archive, and that its parts are of one edition and of its commit.

    Where the project has the record of that edition, the archive must be of what it records. Raises
    BilanError for what is no archive of an edition, or a hostile one.
    """
    with opened(path) as archive:
        fiche = _fiche(archive, path)
        digests = {info.filename: _digest(archive, info) for info in archive.infolist()}
        known = _sums(archive, SUMS)
        faults = [*_against_sums(digests, known), *_parts(archive, fiche), *_commit(archive, fiche)]
        faults += _against_record(project, archive, fiche)
    return Lue(fiche, known, tuple(faults))


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """An archive whose entries may be read and written elsewhere without harm; raises BilanError for any "
    "other."""
    if not path.is_file():
        raise BilanError(f"« {path} » n'est pas un fichier : donnez l'archive qu'a écrite « bilan archive ».")
    try:
        with zipfile.ZipFile(path) as archive:
            fault = next(_hostile(archive.infolist(), path.stat().st_size), "")
            if fault:
                raise BilanError(
                    f"« {path} » est refusé : {fault}. Ce n'est pas une archive de « bilan archive »."
                )
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, EOFError, UnicodeError) as error:
        raise BilanError(
            f"« {path} » ne se lit pas comme une archive ({error}) : il est coupé, abîmé, ou d'un autre "
            "format. "
            "Reprenez-en une autre copie."
        ) from None


def _hostile(entries: Sequence[zipfile.ZipInfo], size: int) -> Iterator[str]:
    """What an archive of ours never holds."""
    if len(entries) > MOST_FILES:
        yield f"{len(entries)} fichiers"
    if sum(entry.file_size for entry in entries) > size:
        yield "ses fichiers sont plus grands que lui"
    seen: set[str] = set()
    for entry in entries:
        name, shown = entry.filename, ascii(entry.filename[:80])
        if name != entry.orig_filename or not _is_inside(name):
            yield f"un fichier nommé {shown}, qui s'écrirait ailleurs"
        if name.casefold() in seen:
            yield f"deux fichiers nommés {shown}"
        seen.add(name.casefold())
        if not stat.S_ISREG(entry.external_attr >> 16):
            yield f"{shown} est un lien, un dossier ou un fichier spécial"
        if entry.compress_type != zipfile.ZIP_STORED or entry.compress_size != entry.file_size:
            yield f"{shown} est compressé"
        if entry.flag_bits & 0x1:
            yield f"{shown} est chiffré"


def _is_inside(name: str) -> bool:
    """Whether a name stays under the folder where it is written, on any system.

    >>> [_is_inside(name) for name in ("projet/a.csv", "../a", "/a", "a/../b", "a\\\\b", "c:a", "nul.txt")]
    [True, False, False, False, False, False, False]
    """
    path = PurePosixPath(name)
    is_plain = (
        str(path) == name and not path.is_absolute() and ".." not in path.parts and name not in ("", ".")
    )
    return is_plain and ".git" not in map(str.lower, path.parts) and not _WINDOWS.search(name)


def _fiche(archive: zipfile.ZipFile, path: Path) -> Fiche:
    names = set(archive.namelist())
    missing = [name for name in (CARD, SUMS, COMMIT, EDITION + MANIFEST, EDITION + SUMS) if name not in names]
    if missing:
        raise BilanError(
            f"« {path} » n'est pas une archive entière : il y manque « {missing[0]} ». Reprenez-en une autre "
            "copie."
        )
    try:
        return Fiche.of_json(_read(archive, CARD))
    except (ValueError, TypeError):
        raise BilanError(
            f"« {path} » : « {CARD} » n'est pas celui d'une archive que lit cette version du programme. "
            "Prenez la "
            "version du projet qui l'a écrite, ou une autre copie."
        ) from None


def _digest(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    """The SHA-256 of an entry; empty where its own check does not hold."""
    digest = hashlib.sha256()
    try:
        with archive.open(info) as file:
            while part := file.read(2**20):
                digest.update(part)
    except zipfile.BadZipFile:
        return ""
    return digest.hexdigest()


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """What an entry holds; nothing where it is absent or its own check does not hold."""
    try:
        return archive.read(name)
    except (KeyError, zipfile.BadZipFile):
        return b""


def _sums(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    """The sums that a file of an archive gives, by name."""
    return listed(_read(archive, name).decode("utf-8", "replace"))


def listed(text: str) -> dict[str, str]:
    """The sums of a list as ``sha256sum`` writes them, by name; what is no sum is left."""
    matches = filter(None, map(_LINE.fullmatch, text.splitlines()))
    return {match[2]: match[1] for match in matches}


def _against_sums(digests: Mapping[str, str], known: Mapping[str, str]) -> Iterator[str]:
    for name in sorted((digests.keys() | known.keys()) - {SUMS}):
        if name not in digests:
            yield f"manque : « {name} »"
        elif name not in known:
            yield f"ajouté : « {name} », que « {SUMS} » ne dit pas"
        elif digests[name] != known[name]:
            yield f"altéré : « {name} »"


def _parts(archive: zipfile.ZipFile, fiche: Fiche) -> Iterator[str]:
    """What of the parts is not of one edition: the sealed files, their record, their manifest."""
    outer, inner = _sums(archive, SUMS), _sums(archive, EDITION + SUMS)
    sealed = {n.removeprefix(EDITION): d for n, d in outer.items() if n.startswith(EDITION)}
    sealed.pop(SUMS, None)
    if sealed != inner:
        yield f"« {EDITION}{SUMS} » ne dit pas les mêmes fichiers que « {SUMS} »"
    for name in (SUMS, MANIFEST):
        if _read(archive, RELEVE + name) != _read(archive, EDITION + name):
            yield f"« {RELEVE}{name} » n'est pas celui de l'édition"
    manifest = _manifest(archive)
    if manifest.get("commit") != fiche.commit:
        yield f"« {CARD} » et le manifeste ne disent pas le même commit"
    if manifest.get("verrou") != outer.get(PROJET + LOCK):
        yield f"« {PROJET}{LOCK} » n'est pas celui de l'édition"


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        raw = json.loads(_read(archive, EDITION + MANIFEST))
    except ValueError:
        return {}
    return raw if isinstance(raw, dict) else {}


def _commit(archive: zipfile.ZipFile, fiche: Fiche) -> Iterator[str]:
    """What of the project's files is not of its commit: git's own names prove it, without git."""
    content = _read(archive, COMMIT)
    if nom_du_commit(content) != fiche.commit:
        yield f"« {COMMIT} » n'est pas le commit {fiche.commit[:12]}"
    found = (
        (name.removeprefix(PROJET), nom_du_contenu(_read(archive, name)))
        for name in archive.namelist()
        if name.startswith(PROJET)
    )
    modes = dict.fromkeys(fiche.executables, "100755")
    if arbre((path, modes.get(path, "100644"), digest) for path, digest in found) != arbre_du_commit(content):
        yield f"les fichiers de « {PROJET} » ne sont pas ceux du commit {fiche.commit[:12]}"


def _against_record(project: Project, archive: zipfile.ZipFile, fiche: Fiche) -> Iterator[str]:
    """Whether an edition of that name, recorded in this project, is another one."""
    record = project.editions / fiche.edition / SUMS
    if record.is_file() and record.read_bytes() != _read(archive, EDITION + SUMS):
        yield f"ce n'est pas l'édition {fiche.edition} que ce projet a publiée ({project.shown(record)})"


def reconstruire(path: Path, lue: Lue, folder: Path, *, depots: Path | None = None) -> list[str]:
    """Make the edition of a verified archive again in an empty folder; the files that are not the same bytes.

    It is made with the code of the archive, by this environment, which must have the libraries of the
    manifest. ``depots`` is the ``data/depot`` that holds the deposits that the edition was made of. Raises
    BilanError where the folder is not empty, the libraries are others, or deposits are missing.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BilanError(f"« {folder} » n'est pas un dossier vide : donnez-en un autre, rien n'y est écrit.")
    with opened(path) as archive:
        manifest = _manifest(archive)
        _check_tools(manifest)
        _check_deposits(manifest, depots)
        paths = _extract(archive, PROJET, folder)
        content = archive.read(COMMIT)
        published = _sums(archive, EDITION + SUMS)
    modes = dict.fromkeys(lue.fiche.executables, "100755")
    restaurer(folder, lue.fiche.commit, content, [(name, modes.get(name, "100644")) for name in paths])
    with opened(path) as archive:
        _extract(archive, AVANT, Project(folder).editions)
    if depots is not None:
        for given in (depots / name for name in RECEIVED):
            if given.is_dir():
                shutil.copytree(given, folder / "data" / "depot" / given.name)
    codes = [str(chapter["code"]) for chapter in manifest["chapitres"]]
    _bilan(folder, "build", *(word for code in codes for word in ("--territoire", code)))
    _bilan(
        folder, "publish", "--edition", lue.fiche.edition, *(f"--sans={code}" for code in manifest["sans"])
    )
    made = listed(sums(Project(folder).sealed / lue.fiche.edition))
    return sorted(name for name in made.keys() | published.keys() if made.get(name) != published.get(name))


def _check_tools(manifest: Mapping[str, Any]) -> None:
    """Refuse to make an edition again with other libraries than its own: its bytes would not be the same."""
    here = {"python": platform.python_version(), **outils()}
    wanted = {"python": manifest["python"], **manifest["outils"]}
    others = [
        f"{name} {wanted[name]} (ici {here.get(name, 'absent')})"
        for name in wanted
        if wanted[name] != here.get(name)
    ]
    if others:
        raise BilanError(
            f"L'édition a été faite avec {', '.join(others)} : les octets ne seraient pas les mêmes. Tirez "
            "le dossier "
            "« projet » de l'archive, lancez-y « python setup_env.py », puis la commande avec cet "
            "environnement."
        )


def _check_deposits(manifest: Mapping[str, Any], depots: Path | None) -> None:
    known = [str(depot["territoire"]) for depot in manifest["depots"]]
    missing = [code for code in known if depots is None or not (depots / "recus" / code).is_dir()]
    if missing:
        raise BilanError(
            f"L'édition est faite des dépôts de {', '.join(missing)}, qui ne sont pas dans l'archive : "
            "donnez le "
            "dossier data/depot qui les garde, par « --depots », et leur clé par BILAN_CLE."
        )


def _extract(archive: zipfile.ZipFile, part: str, folder: Path) -> list[str]:
    """Write the files of a part of an archive in a folder; their paths."""
    names = [name for name in archive.namelist() if name.startswith(part)]
    for name in names:
        target = folder / name.removeprefix(part)
        with about(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(name))
    return [name.removeprefix(part) for name in names]


def _bilan(folder: Path, *words: str) -> None:
    """Run a command of the archive's own code on its files; raises BilanError where it fails."""
    environment = {**os.environ, "BILAN_RACINE": str(folder), "PYTHONUTF8": "1"}
    if (folder / "src").is_dir():
        environment["PYTHONPATH"] = str(folder / "src")
    done = subprocess.run(
        [sys.executable, "-m", "analysis.cli", *words],
        env=environment,
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        raise BilanError(f"« bilan {words[0]} » échoue dans « {folder} » :\n{done.stderr.strip()[-2000:]}")
