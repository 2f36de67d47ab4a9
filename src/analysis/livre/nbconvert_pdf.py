"""``jupyter nbconvert --to bilan-pdf CHAPITRE.ipynb``: one executed chapter as an accessible PDF."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from analysis.chapitres.check import faults
from analysis.chapitres.execution import NATURE
from analysis.livre.article.articles import article_of_html
from analysis.livre.article.exporter import ArticleExporter
from analysis.livre.book import load_publisher
from analysis.livre.imprime.pdf import set_article
from analysis.livre.pages import Site
from analysis.noyau.errors import BilanError
from analysis.noyau.files.etat import etat
from analysis.noyau.paths import Nature, Project
from analysis.presentation.parts.mentions import CAPTION_MARKS


class BilanPdfExporter(Exporter):
    """An executed notebook of the project to PDF/UA-1 and PDF/A-3a, through Typst.

    It is the chapter alone: what its links lead to elsewhere in the book stays as words.
    """

    export_from_notebook = "PDF du bilan"
    output_mimetype = "application/pdf"

    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(  # type: ignore[override]  # a PDF is bytes, as in nbconvert's own exporter
        self, nb: NotebookNode, resources: Any | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """The PDF of a notebook; raises BilanError for one that `bilan` did not execute, or that failed."""
        copy, found = super().from_notebook_node(nb, resources, **kw)
        name = str(found.get("metadata", {}).get("name") or "chapitre")
        project = Project.here()
        nature = _nature(copy, name, project)
        body, _ = ArticleExporter().from_notebook_node(copy)
        article = article_of_html(body, name=name, mark=CAPTION_MARKS[nature])
        site = Site(article.title, load_publisher(project), etat(project).jour, (), nature)
        with tempfile.TemporaryDirectory() as folder:
            return set_article(name, article, site, Path(folder)), found


def _nature(notebook: NotebookNode, name: str, project: Project) -> Nature:
    """Whether the territories of an executed chapter are real; raises BilanError for any other notebook."""
    nature: Nature | None = notebook.metadata.get(NATURE)
    if nature is None:
        raise BilanError(
            f"{name} n'a pas été exécuté par « bilan build » ou « bilan demonstration » : prenez la copie de "
            "papermill_runs/."
        )
    if found := faults(notebook, root=project.root):
        raise BilanError(f"{name} ne peut pas être imprimé :\n" + "\n".join(f"- {fault}" for fault in found))
    return nature
