"""The whole bilan as one station: where nothing went in nor came out otherwise, nothing is done."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence

from analysis.noyau.files.etat import etat
from analysis.noyau.paths import Project
from analysis.stations.modules import package_root
from analysis.stations.store import Store, of_files, sha256

PLACE, PART = "tout", "partie"
"""Where it is noted of a build that all is as it would be made now, or that what was asked of it is."""

APART = ("depot", "editions", "open")
"""The folders of the data that a build does not read as they are: of editions, what they told alone."""

RECEIVED = ("recus", "relectures", "individus")
"""Those of the deposits that it reads."""

_CACHES = "__pycache__"


def is_unchanged(project: Project, codes: Sequence[str] = ()) -> bool:
    """Whether a build of these chapters (all when empty) would give, byte for byte, what the last one left;
    asked before heavy imports."""
    if not project.html.is_dir():
        return False
    store, now = Store(project.stations), inputs(project)
    asked = {PLACE: now, PART: now | _asked(codes)} if codes else {PLACE: now}
    noted = [content for place, made_of in asked.items() if (content := store.kept(place, made_of))]
    return bool(noted) and _outputs(project) in noted


def is_long(project: Project, *, anew: bool) -> bool:
    """Whether a build has all to make: asked before heavy imports, by what gets ready meanwhile."""
    return anew or not any(project.runs.glob("*.json"))


def note(project: Project, made_of: Mapping[str, str], codes: Sequence[str] = ()) -> None:
    """Note what a build was made of, taken as it began, and what it left, where all is good; with ``codes``,
    where those chapters are."""
    place, asked = (PART, _asked(codes)) if codes else (PLACE, {})
    Store(project.stations).keep(place, {**made_of, **asked}, _outputs(project), seconds=0.0)


def _asked(codes: Sequence[str]) -> dict[str, str]:
    return {"les chapitres demandés": sha256(json.dumps(sorted(codes)).encode())}


def inputs(project: Project) -> dict[str, str]:
    """The bytes of every file that a build may read, and the state of git."""
    root = project.checkout
    written = [p for p in sorted(root.glob("data/*")) if p.name not in APART]
    own = [p for p in sorted(project.data.glob("*")) if p.name not in APART]
    deposits = [project.depots / name for name in RECEIVED]
    told = sorted(project.editions.glob("*/diffusion.csv"))
    folders = [*written, *own, *deposits, *told, project.notebooks, project.methods, project.lock]
    found = of_files(root, folders)
    package = package_root()
    sources = of_files(package, [package], but=(_CACHES,))
    state = etat(project)
    return {
        **found,
        **{f"src/{name}": digest for name, digest in sources.items()},
        "l'état de git": sha256(repr((state.commit, state.jour, state.is_modified)).encode()),
        "Python": sha256(platform.python_version().encode()),
    }


def _outputs(project: Project) -> bytes:
    """The fingerprints of all that a build leaves: site, PDFs, chapters."""
    runs = [p for p in project.runs.glob("*") if p.suffix in (".ipynb", ".json", ".csv")]
    found = of_files(project.root, [project.html, project.pdf, *sorted(runs)])
    return json.dumps(found, indent=0).encode()
