"""`bilan archive`: an edition and all that it is made of but deposits, in one file that keeps and proves it.

The file is a ZIP that compresses nothing: any program reads it, and the same edition gives the same bytes. It
holds, under these folders::

    edition/   the edition as it was sealed: site, PDFs, manifest, its checksums
    releve/    what git keeps of it for the next one: cells, anchors, passages, errata, what was told
    avant/     the records of earlier editions, where they are not those of the commit
    projet/    the files of the commit that it is made of, lock included, as git keeps them
    commit.txt what git says of that commit, which proves that the files are its own
    archive.json, sommes.sha256, LISEZ-MOI.txt

Nothing of a deposit is in it: the manifest tells each by its day and a keyed digest.
"""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from analysis.livre.editions.commit_git import MODES, Ecrit, fichiers, objet
from analysis.livre.editions.edition import MANIFEST, SUMS, editions, sums
from analysis.noyau.carnets import CONFIDENTIAL, has_outputs
from analysis.noyau.errors import BilanError, UnknownName
from analysis.noyau.files.etat import EDITION as LABEL
from analysis.noyau.files.etat import NO_DAY
from analysis.noyau.files.scratch import put_file_in_place, scratch
from analysis.noyau.files.sums import sha256_of
from analysis.noyau.paths import Project

FORMAT: Final = 1
"""The version of how an archive is laid out."""

CARD, COMMIT, README = "archive.json", "commit.txt", "LISEZ-MOI.txt"
EDITION, RELEVE, AVANT, PROJET = "edition/", "releve/", "avant/", "projet/"

_DATE: Final = (NO_DAY.year, NO_DAY.month, NO_DAY.day, 0, 0, 0)

_TOLD: Final = """\
Archive de l'édition {edition} du bilan, faite du commit {commit}.

edition/   l'édition telle qu'elle a été publiée : ouvrez edition/html/index.html
releve/    ce que l'édition a publié, en tableaux
projet/    les fichiers dont elle est faite, versions des bibliothèques comprises (requirements.lock)
sommes.sha256 donne la somme de chaque fichier : « sha256sum --check sommes.sha256 » les vérifie toutes.

Les dépôts des territoires, confidentiels, n'y sont pas : edition/manifeste.json dit desquels elle est faite.
Pour tout vérifier, puis refaire l'édition et comparer les octets, depuis un clone du projet :
    bilan verifier-archive FICHIER
    bilan verifier-archive FICHIER --reconstruire DOSSIER
"""


@dataclass(frozen=True)
class Fiche:
    """What an archive says of itself: its layout, the edition, its commit, the mode of each file of the "
    "project."""

    format: int
    edition: str
    commit: str
    executables: tuple[str, ...]

    def to_json(self) -> bytes:
        return (json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n").encode("utf-8")

    @classmethod
    def of_json(cls, content: bytes) -> Fiche:
        """The card that these bytes are; raises ValueError for anything else."""
        raw = json.loads(content)
        if not isinstance(raw, dict) or raw.keys() != {"format", "edition", "commit", "executables"}:
            raise ValueError("another card")
        fiche = cls(raw["format"], raw["edition"], raw["commit"], tuple(raw["executables"]))
        if fiche.format != FORMAT or not LABEL.fullmatch(str(fiche.edition)):
            raise ValueError("another format")
        return fiche


def archiver(project: Project, label: str, path: Path | None = None) -> Path:
    """Write the archive of an edition, of the last one when ``label`` is empty; its path.

    By default it is ``outputs/archives/bilan-<édition>.zip``. Raises UnknownName for an edition that is not
    recorded, BilanError where none is, for one that is not what was published, for a file of the project that
    may not leave it, and where another file is already at that place.
    """
    known = editions(project)
    if not known:
        raise BilanError(
            "Aucune édition n'est publiée : il n'y a rien à archiver. Publiez-en une par « bilan publish »."
        )
    label = label or known[-1]
    if label not in known:
        raise UnknownName("édition", label, known)
    target = path or project.outputs / "archives" / f"bilan-{label}.zip"
    with scratch(target.parent) as work:
        new = _write(work / target.name, _contents(project, label))
        if target.exists() and not _is_same(new, target):
            raise BilanError(
                f"« {target} » existe déjà et contient autre chose : il n'est pas remplacé. Donnez un autre "
                "nom, "
                "ou vérifiez-le par « bilan verifier-archive »."
            )
        return put_file_in_place(new, target)


def _contents(project: Project, label: str) -> Iterator[tuple[str, int, bytes]]:
    """The files of an archive, in its order, each with its permissions; the sums of all of them last."""
    sealed, record = project.sealed / label, project.editions / label
    _check_sealed(project, sealed, record)
    commit = str(json.loads((record / MANIFEST).read_bytes())["commit"])
    written = list(fichiers(project.checkout, commit))
    _check_written(written)
    fiche = Fiche(FORMAT, label, commit, tuple(f.chemin for f in written if f.mode == "100755"))
    made: list[tuple[str, int, bytes]] = [
        (README, 0o644, _TOLD.format(edition=label, commit=commit).encode("utf-8")),
        (CARD, 0o644, fiche.to_json()),
        (COMMIT, 0o644, objet(project.checkout, commit)),
        *((PROJET + f.chemin, MODES[f.mode], f.contenu) for f in written),
    ]
    digests = {}
    earlier = _earlier(project, label, written)
    for name, mode, content in (*made, *_files(sealed, EDITION), *_files(record, RELEVE), *earlier):
        digests[name] = hashlib.sha256(content).hexdigest()
        yield name, mode, content
    lines = (f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    yield SUMS, 0o644, "".join(lines).encode("utf-8")


def _earlier(project: Project, label: str, written: Sequence[Ecrit]) -> Iterator[tuple[str, int, bytes]]:
    """The records of the editions before this one that its commit does not hold as they are: what it was "
    "held to."""
    known, place = (
        {f.chemin: f.contenu for f in written},
        project.editions.relative_to(project.root).as_posix(),
    )
    before = editions(project)
    for other in before[: before.index(label)]:
        for name, mode, content in _files(project.editions / other, f"{AVANT}{other}/"):
            if known.get(f"{place}/{name.removeprefix(AVANT)}") != content:
                yield name, mode, content


def _files(folder: Path, place: str) -> Iterator[tuple[str, int, bytes]]:
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()):
        yield place + path.relative_to(folder).as_posix(), 0o644, path.read_bytes()


def _check_sealed(project: Project, sealed: Path, record: Path) -> None:
    """Refuse an edition that is not on this machine, or is no longer what its record says."""
    if not sealed.is_dir():
        raise BilanError(
            f"{project.shown(sealed)} n'est pas sur ce poste : archivez depuis celui qui a publié l'édition, "
            "ou "
            "copiez-y ce dossier."
        )
    published = set((record / SUMS).read_text(encoding="utf-8").splitlines())
    changed = sorted({line.partition("  ")[2] for line in published ^ set(sums(sealed).splitlines())})
    if changed:
        more = f" et {len(changed) - 1} autres" if len(changed) > 1 else ""
        raise BilanError(
            f"{project.shown(sealed)} n'est plus l'édition publiée : « {changed[0]} »{more} a changé, manque "
            "ou est "
            "en trop. Reprenez ce dossier d'une sauvegarde, puis relancez la commande."
        )


def _check_written(files: Iterable[Ecrit]) -> None:
    """Refuse what may never leave the project, were it in git."""
    private = [f.chemin for f in files if f.chemin.startswith(CONFIDENTIAL)]
    shown = [
        f.chemin
        for f in files
        if f.chemin.endswith(".ipynb") and has_outputs(f.contenu.decode("utf-8", "replace"))
    ]
    if private or shown:
        raise BilanError(
            f"Rien n'est archivé : git garde « {[*private, *shown][0]} », qui est un dépôt, ce qui s'en "
            "calcule ou un "
            "carnet avec ses sorties. Ôtez-le de git et de son histoire, puis publiez de nouveau."
        )


def _write(path: Path, contents: Iterable[tuple[str, int, bytes]]) -> Path:
    """A ZIP of these files in this order, all of one date and none compressed: the same files, the same "
    "bytes."""
    with path.open("xb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, mode, content in contents:
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system = 3  # permissions are those of Unix, wherever it is made
            info.external_attr = (stat.S_IFREG | mode) << 16
            archive.writestr(info, content)
    return path


def _is_same(one: Path, other: Path) -> bool:
    return sha256_of(one) == sha256_of(other)
