"""A chapter opened in JupyterLab: its measures are computed on the spot, or taken as they were kept."""

from __future__ import annotations

from analysis.chapitres.banc.site_servi import open_links_in_site
from analysis.chapitres.catalogue import make_bundle, measures_for
from analysis.indicateurs.gardees import etude_gardee, gardees
from analysis.noyau.paths import Project
from analysis.secret.bundle import Bundle
from analysis.sources.register import load_register


def sur_place(chapitre: str) -> Bundle:
    """The bundle of a chapter with everything visible: not to be published."""
    open_links_in_site()
    project = Project.here()
    register = load_register(project)
    resultats = gardees(project).resultats(territoire.code for territoire in register.territoires)
    mesures = measures_for("atelier", resultats)
    etude = etude_gardee(project, register)
    return make_bundle(
        project, register, chapitre, resultats=resultats, mesures=mesures, etude=etude, mode="atelier"
    )
