"""The one call that opens a chapter, in the atelier as in the batch."""

from __future__ import annotations

import os
from pathlib import Path

from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project
from analysis.secret.bundle import Bundle

BUNDLE_VARIABLE = "BILAN_PAQUET"
"""The environment variable by which the batch hands a chapter's kernel its bundle."""


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
        return _atelier(chapitre)
    bundle = Bundle.from_bytes(Path(handed).read_bytes())
    if bundle.chapitre != chapitre:
        raise BilanError(f"Le carnet ouvre « {chapitre} » et a reçu le paquet de « {bundle.chapitre} ».")
    return bundle


def _atelier(chapitre: str) -> Bundle:
    """Reads the register and computes: imported here so that a chapter of the batch never loads it."""
    from analysis.chapitres.catalogue import make_bundle, measures_for
    from analysis.indicateurs.calcul import calculer
    from analysis.indicateurs.depenses_passives.etude import etudier
    from analysis.sources.register import load_register

    project = Project.here()
    register = load_register(project)
    resultats = calculer(project, (territoire.code for territoire in register.territoires))
    mesures = measures_for("atelier", resultats)
    etude = etudier(project, register)
    return make_bundle(
        project, register, chapitre, resultats=resultats, mesures=mesures, etude=etude, mode="atelier"
    )
