"""`bilan apercu`: what a territory will read of itself, before anything is published, for it alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from analysis.chapitres.catalogue import Chapter, catalogue, make_bundle, measures_for, selected
from analysis.chapitres.engine import best
from analysis.chapitres.execution import execute, finished
from analysis.chapitres.jobs import plan
from analysis.indicateurs.gardees import etude_gardee, gardees
from analysis.livre.article.articles import article_of_html
from analysis.livre.article.exporter import ArticleExporter
from analysis.livre.article.references import without_links
from analysis.livre.ecrits import load_checked
from analysis.livre.pages import inline_style, render_page
from analysis.noyau.errors import BilanError
from analysis.noyau.files.scratch import scratch, write_whole
from analysis.noyau.paths import Project
from analysis.noyau.periods import long_date
from analysis.presentation.parts.mentions import APERCU_MARK, DEMONSTRATION_MARK
from analysis.secret.audit.deux_editions import load_passe
from analysis.secret.bundle import Bundle

_CAPTION = "Non publiable"


def apercu(project: Project, code: str) -> Path:
    """Write the private chapter of a territory as one page that needs no other file; its path.

    The territory's own measures stand there whole, those of all the territories together as a publication
    would show them. It stands with the deposits, out of git, and an erasure takes it away.

    Raises UnknownName for an unknown territory; BilanError when it deposited nothing, or when its chapter
    fails, with what failed.
    """
    register = load_checked(project)
    (chapter,) = selected(catalogue(register, project.nature), [register.territoire(code).code])
    resultats = gardees(project).resultats(territoire.code for territoire in register.territoires)
    if not any(mesure.lieu == code for mesure in resultats.mesures):
        raise BilanError(
            f"« {code} » : aucun dépôt en vigueur, il n'y a rien à montrer. Recevez d'abord le dépôt : "
            "« bilan depot recevoir DOSSIER »."
        )
    passe = load_passe(project, resultats.definitions, date.today())
    mesures = measures_for("apercu", resultats, own=code, passe=passe)
    bundle = make_bundle(
        project,
        register,
        code,
        resultats=resultats,
        mesures=mesures,
        etude=etude_gardee(project, register),
        mode="apercu",
    )
    return private_page(project, chapter, bundle)


def private_page(project: Project, chapter: Chapter, bundle: Bundle) -> Path:
    """Run a chapter on what nobody else may see, and write it as one page among the private files; its path.

    Raises BilanError when it fails, with what failed.
    """
    code = chapter.code
    (job,) = plan(project, [chapter], {code: bundle.to_bytes()})
    with scratch(project.prive) as folder:
        executed = execute(project, job, folder, way=best(), is_preview=True)
        notebook, found = executed.notebook, executed.faults
        if not found:
            notebook, found = finished(project, notebook, bundle, is_preview=True)
        if found:
            raise BilanError(f"Aperçu de « {code} » :\n" + "\n".join(f"- {fault}" for fault in found))
        body, _ = ArticleExporter().from_notebook_node(notebook)
        article = article_of_html(body, name=code, mark=_CAPTION)
        page = render_page(
            "apercu",
            title=article.title,
            main=without_links(article.html, lambda _page, _anchor: True),
            style=inline_style(),
            mark=APERCU_MARK if project.nature == "reel" else f"{APERCU_MARK}. {DEMONSTRATION_MARK}",
            built=long_date(date.today()),
        )
        return write_whole(project.prive / f"apercu-{code}.html", page)
