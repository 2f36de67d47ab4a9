"""The version that the working copy shows now, kept beside it: reading a chapter again takes seconds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from analysis.noyau.files.scratch import write_whole
from analysis.noyau.paths import Project
from analysis.relecture.ancres import Passage, Version
from analysis.sources.register import Register

_READERS = ("livre/article", "livre/templates/bilan", "presentation/parts/prose.py", "relecture")
"""What makes a version of a copy: a version that other programs read is read again."""


def version_actuelle(project: Project, register: Register, territoire: str) -> Version | None:
    """The version of the working copy, None where the chapter was never executed.

    It is read once, of the article that the last build made of the chapter or of the chapter itself; then
    from what was kept, for as long as the chapter, its article, the territories, the programs that read it
    and the lock are the same.
    """
    mark = _mark(project, register, territoire)
    path = project.stations / "versions" / f"{territoire}.json"
    kept = _kept(path, mark) if mark else None
    if kept is not None:
        return kept
    version = _composed(project, territoire) if mark else None
    if version is None:
        from analysis.relecture.copies import copie_de_travail  # nbconvert alone takes a second to import

        copie = copie_de_travail(project, register, territoire)
        version = None if copie is None else copie.version
    if mark and version is not None:
        text = json.dumps({"marque": mark, **asdict(version)}, ensure_ascii=False)
        write_whole(path, text)
    return version


def _composed(project: Project, territoire: str) -> Version | None:
    """The version of the article that the last build made of the copy, None where it made none of it."""
    from analysis.livre.article.gardes import composed
    from analysis.relecture.passages import version_of_article

    copy, manifest = _of_copy(project, territoire)
    article = composed(project, territoire, copy.read_bytes())
    try:
        executed = datetime.fromisoformat(json.loads(manifest.read_bytes())["executed_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if article is None:
        return None
    return version_of_article(article, territoire=territoire, jour=executed.date().isoformat())


def _of_copy(project: Project, territoire: str) -> tuple[Path, Path]:
    """The composed chapter of a territory, and what it was made of."""
    return project.runs / f"{territoire}.ipynb", project.runs / f"{territoire}.json"


def _mark(project: Project, register: Register, territoire: str) -> str:
    """The checksum of all that the version depends on, empty where there is no copy."""
    copy, manifest = _of_copy(project, territoire)
    if not (copy.is_file() and manifest.is_file()):
        return ""
    package = Path(str(files("analysis")))
    article = project.stations / f"articles/{territoire}.fiche"
    read = [copy, manifest, project.lock, *([article] if article.is_file() else [])]
    for name in _READERS:
        place = package / name
        read += sorted(path for path in place.rglob("*") if path.is_file() and path.suffix != ".pyc")
        read += [place] if place.is_file() else []
    places = json.dumps([territoire, [place.code for place in register.territoires], project.nature])
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in read]
    return hashlib.sha256("\n".join([places, *digests]).encode()).hexdigest()


def _kept(path: Path, mark: str) -> Version | None:
    """The version that was kept under that mark, None where it was not, or cannot be read."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values.pop("marque") != mark:
            return None
        passages = tuple(Passage(**passage) for passage in values.pop("passages"))
        return Version(**values, passages=passages)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
