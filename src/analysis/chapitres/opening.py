"""The one call that opens a chapter, in the atelier as in the batch."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Final

from analysis.noyau.errors import BilanError
from analysis.secret.bundle import Bundle
from analysis.secret.lectures import Lu

BUNDLE_VARIABLE = "BILAN_PAQUET"
"""The environment variable by which the batch hands a chapter's kernel its bundle."""

LECTURES: Final = "bilan_lectures"
"""Where an engine notes, in the metadata of an executed notebook, what was read of the bundle."""


def ouvrir(chapitre: str) -> Bundle:
    """Open a chapter: the code of a territory, « synthese », « exhaustivite »,
    « economie_ebe » or « depenses_passives ».

    In JupyterLab the bundle is made on the spot from ``data/`` and is marked « non publiable ».
    In the batch it is read from the released bytes that the run prepared: the chapter shows and does
    not compute. Raises UnknownName for an unknown territory, BilanError when the batch handed
    another chapter's bundle.
    """
    handed = os.environ.get(BUNDLE_VARIABLE)
    if handed is None:
        from analysis.chapitres.banc.sur_place import sur_place  # the batch never loads it

        return sur_place(chapitre)
    bundle = Bundle.from_bytes(Path(handed).read_bytes())
    if bundle.chapitre != chapitre:
        raise BilanError(f"Le carnet ouvre « {chapitre} » et a reçu le paquet de « {bundle.chapitre} ».")
    return Lu(bundle, partial(_note, _readings_of(Path(handed))))


def readings(bundle: Path) -> list[str]:
    """What the kernel that was handed that bundle has read of it, for :mod:`analysis.secret.lectures`."""
    path = _readings_of(bundle)
    return sorted(set(path.read_text(encoding="utf-8").splitlines())) if path.is_file() else []


def _readings_of(bundle: Path) -> Path:
    return bundle.with_suffix(".lectures")


def _note(path: Path, lecture: str) -> None:
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(lecture + "\n")
