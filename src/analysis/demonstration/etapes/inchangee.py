"""The whole demonstration as one station: where nothing went in nor came out otherwise, nothing is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analysis.noyau.paths import Project
from analysis.stations import whole
from analysis.stations.en_place import listing
from analysis.stations.store import DAMAGED, Store, of_files, sha256

PLACE: Final = "demonstration"
"""Where it is noted of a demonstration that all is as it would be made now."""


def reason(project: Project, nombre: int) -> str:
    """Why the demonstration of so many territories would not be, byte for byte, what the last one left: a
    clause in French, empty where it would be; asked before heavy imports."""
    store = Store(project.demonstration.stations)
    noted = store.kept(PLACE, inputs(project, nombre))
    if noted is None:
        return store.verdicts[PLACE].reason
    return "" if noted == left(project) else DAMAGED


def note(project: Project, made_of: Mapping[str, str]) -> None:
    """Note what a demonstration was made of, taken as it began, and what it left."""
    Store(project.demonstration.stations).keep(PLACE, made_of, left(project), seconds=0.0)


def inputs(project: Project, nombre: int) -> dict[str, str]:
    """The bytes of every file of the real bilan that a demonstration may read, and how many territories."""
    invented = project.demonstration
    own = f"{invented.root.relative_to(project.root).as_posix()}/"
    read = {name: digest for name, digest in whole.inputs(invented).items() if not name.startswith(own)}
    copied = [*sorted(project.notebooks.glob("*.ipynb")), project.methods, project.lock]
    return {
        **read,
        **of_files(project.root, copied),
        "le nombre de territoires": sha256(str(nombre).encode()),
    }


def left(project: Project) -> bytes:
    """The fingerprints of all that a demonstration leaves: what was sent, said and built."""
    invented = project.demonstration
    data = [path for path in sorted(invented.data.glob("*")) if path != invented.depots]
    sent = [path for path in sorted(invented.depots.glob("*")) if path != invented.prive]
    runs = [path for path in sorted(invented.runs.glob("*")) if path.is_file()]
    made = [invented.html, invented.pdf, invented.outputs / "relecture", invented.prive / "lettres"]
    copied = [invented.notebooks, invented.methods, invented.lock]
    return listing(invented.root, [*data, *sent, *runs, *made, *copied])
