"""Products that are files in their places, where other programs read them: kept as long as they are as they
were made."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from analysis.noyau.files.scratch import remove
from analysis.stations.store import DAMAGED, Store, Verdict, of_files


def made_in_place(
    kept: Store,
    place: str,
    inputs: Mapping[str, str],
    make: Callable[[], None],
    *,
    root: Path,
    paths: Iterable[Path],
) -> bool:
    """Whether what stands at ``paths`` had to be made: it was not made of these inputs, or is no longer as it
    was left.

    What stood there is removed first, and what is made is noted last: a process that is killed in between
    leaves nothing that is taken for done.
    """
    places = list(paths)
    noted = kept.kept(place, inputs)
    if noted is not None and noted == listing(root, places):
        return False
    if noted is not None:
        kept.verdicts[place] = Verdict(place, DAMAGED)
    started = time.monotonic()
    _remove(places)
    make()
    kept.keep(place, inputs, listing(root, places), seconds=time.monotonic() - started)
    return True


def drop_changed(kept: Store, place: str, *, root: Path, paths: Iterable[Path]) -> None:
    """Remove what stands at ``paths`` where it is no longer as it was left, or was never noted."""
    places, record = list(paths), kept.record(place)
    noted = None if record is None else kept.kept(place, record.inputs)
    if noted is None or noted != listing(root, places):
        _remove(places)


def listing(root: Path, paths: Iterable[Path]) -> bytes:
    """The fingerprints of all the files that stand at these paths, by their place under ``root``."""
    return json.dumps(of_files(root, paths), indent=0).encode()


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.exists():
            remove(path)
