"""An executed notebook becomes an article, by nbconvert: what reads articles that are kept does without."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import nbformat
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from analysis.livre.article.articles import TEMPLATES, Article, article_of_html
from analysis.presentation.parts.prose import markdown_to_html

_SOURCE = re.compile(r"(<source\b[^>]*[^>/])>")
"""A source of a picture, which the parser does not know to be empty unless it says so."""


class ArticleExporter(HTMLExporter):
    """nbconvert with the project's template: no code, no style, no script, no other host."""

    def __init__(self) -> None:
        super().__init__(
            template_name="bilan",
            extra_template_basedirs=[str(TEMPLATES)],
            filters={"french_markdown": markdown_to_html},
            optimistic_validation=True,  # one check after all the steps, not one after each
        )

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page of a notebook as the template gives it.

        nbconvert would parse it and write it again, to give English words to the pictures without any and to
        let the keyboard stop at cells: ours have their words, and our page has no cell.
        """
        html, resources = super(HTMLExporter, self).from_notebook_node(nb, resources, **kw)
        return _SOURCE.sub(r"\1/>", html), resources


def article_of_notebook(content: bytes, *, name: str, numero: str = "", mark: str = "") -> Article:
    """The article of an executed notebook, given as bytes."""
    notebook = nbformat.reads(content.decode("utf-8"), as_version=4)
    body, _ = _exporter().from_notebook_node(notebook)
    return article_of_html(body, name=name, numero=numero, mark=mark)


@lru_cache(maxsize=1)
def _exporter() -> ArticleExporter:
    """The one of this process: its templates take long to read."""
    return ArticleExporter()
