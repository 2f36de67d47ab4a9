"""The page of invented followed territories, as the site lays it out: for its tests and its benchmark."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from small import REPOSITORY

from analysis.demonstration.suivis import JOUR, write_suivis
from analysis.indicateurs.habilitation.declares import load_declares
from analysis.indicateurs.territoires_suivis.alertes import evaluer
from analysis.indicateurs.territoires_suivis.declares import load_suivis
from analysis.indicateurs.territoires_suivis.records import Suivis
from analysis.livre.article.articles import article_of_html
from analysis.livre.article.dataset import datasets
from analysis.livre.ecran.web import dressed
from analysis.livre.pages import Page, Site, render, render_page
from analysis.noyau.paths import Project
from analysis.noyau.periods import long_date
from analysis.presentation.deposits.suivis_liste import table

PAGE = "territoires-suivis"


def suivis_de(root: Path, nombre: int) -> Callable[[], Suivis]:
    """What judges the alerts of so many invented territories, written in ``root``."""
    project = Project(root / "outputs" / "demonstration", "demonstration")
    shutil.copytree(REPOSITORY / "data" / "habilitation", root / "data" / "habilitation")
    shutil.copytree(REPOSITORY / "data" / "dictionary", project.dictionary)
    write_suivis(Project(REPOSITORY), project, [], nombre)
    declared, law = load_suivis(project), load_declares(project)
    assert declared is not None and law is not None

    def make() -> Suivis:
        lignes = tuple(
            evaluer(place, declared.regles, law.regimes, declared.silences, JOUR)
            for place in declared.territoires
        )
        return Suivis(JOUR, declared.regles, lignes, declared.silences)

    return make


def page_de(suivis: Suivis) -> str:
    """The content of the page."""
    return render(
        PAGE,
        jour=long_date(suivis.jour),
        alertes=[(regle.alerte, regle.libelle) for regle in suivis.regles],
        nombre=len(suivis.lignes),
        table=table(suivis, ()),
    )


def habillee(html: str) -> str:
    """The whole page of a site, from its content."""
    article = article_of_html(html, name=PAGE)
    main, _ = dressed(PAGE, article, files=_Sizes(), data=datasets(PAGE, article), glossary=())
    publisher = {
        "nom": "Association d'essai",
        "licence": "Licence d'essai",
        "licence_url": "https://example.org/licence",
    }
    site = Site("Essai", publisher, JOUR, ())
    page = Page(PAGE, article.title, article.title, main)
    return render_page("layout", site=site, page=page, main=main, menu=[], dublin_core=[], schema_org="{}")


class _Sizes(dict[str, bytes]):
    """The downloads of a page of which only the size is told."""

    def __missing__(self, _key: str) -> bytes:
        return b""
