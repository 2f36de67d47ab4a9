"""Two invented people code the invented texts, in the very workbook that real coders fill."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from analysis.demonstration.avis.opinions import TEXTES
from analysis.depot.commandes_enquete import a_coder, recevoir_codage
from analysis.depot.ecrits.codage import NON, OUI, Theme, write_coding
from analysis.depot.formes.constats import DepotError
from analysis.depot.referentiel import Referentiel
from analysis.noyau.paths import Project

PART_ECART: Final = 0.15
"""Share of the texts to which the second coder gives another theme (hypothèse de démonstration)."""

PART_CITEES: Final = 0.4
"""Share of the texts that may be quoted and that the coders choose to quote (hypothèse de démonstration)."""


def coder_invente(frame: pd.DataFrame, themes: Sequence[Theme], rng: np.random.Generator) -> pd.DataFrame:
    """The lines of a coding workbook once filled: two coders, and the theme kept where they disagree.

    ``frame`` has the lines to code, every text an invented one; ``themes`` is the codebook. The first coder
    gives the theme that the text was invented with, and theirs is kept. Raises KeyError for another text.
    """
    meant = {text: theme for texts in TEXTES.values() for text, theme in texts}
    labels = {theme.theme: theme.libelle for theme in themes}
    filled = frame.copy()
    filled["theme_1"] = [labels[meant[text]] for text in frame["texte"]]
    filled["theme_2"] = [
        str(rng.choice([label for label in labels.values() if label != first]))
        if rng.random() < PART_ECART
        else first
        for first in filled["theme_1"]
    ]
    differ = filled["theme_1"] != filled["theme_2"]
    filled["theme"] = filled["theme_1"].where(differ, "")
    quoted = filled["citable"].to_numpy(bool) & (rng.random(len(filled)) < PART_CITEES)
    filled["citer"] = np.where(quoted, OUI, np.where(filled["citable"], NON, ""))
    return filled


def receive_coding(invented: Project, referentiel: Referentiel, code: str, graine: int) -> None:
    """Write the coding workbook of an invented territory, filled, and receive it as a real one.

    The workbook does not stay. A territory where nobody wrote anything has none.
    """
    try:
        todo = a_coder(invented, referentiel, code)
    except DepotError:
        return
    rng = np.random.default_rng([graine, len(todo.frame)])
    path = invented.prive / f"codage-{code}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    filled = coder_invente(todo.frame, todo.themes, rng)
    write_coding(path, filled, todo.themes, territoire=code, numero=todo.recu.numero)
    recevoir_codage(invented, path)
    path.unlink()
