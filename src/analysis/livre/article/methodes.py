"""A page of method becomes an article: its links to other methods lead to their annexes."""

from __future__ import annotations

import json

from bs4 import BeautifulSoup

from analysis.livre.article.articles import Article, article_of_html
from analysis.livre.structure import Annexe, annexes, method_path
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project
from analysis.presentation.parts.prose import markdown_to_html


def method_content(project: Project, annexe: Annexe) -> bytes:
    """What the article of a method page is made of: its text, and where the others are."""
    known = json.dumps(_known(project)).encode()
    return method_path(project, annexe).read_bytes() + known


def article_of_method(project: Project, annexe: Annexe, *, numero: str, mark: str) -> Article:
    """The article of a method page; raises BilanError for one without a title."""
    return article_of_html(_method(project, annexe), name=annexe.name, numero=numero, mark=mark)


def _known(project: Project) -> dict[str, str]:
    """The page of each annex by the file that a link to it names."""
    names = [annexe.name for annexe in annexes(project)]
    return {f"{name.removeprefix('methode-')}.md": f"{name}.html" for name in names}


def _method(project: Project, annexe: Annexe) -> str:
    """A method page as HTML; its links to other methods lead to their annexes, the rest become words."""
    path = method_path(project, annexe)
    soup = BeautifulSoup(markdown_to_html(path.read_text(encoding="utf-8")), "lxml")
    if soup.h1 is None or soup.body is None:
        raise BilanError(f"{project.shown(path)} n'a pas de titre.")
    soup.h1["id"] = "titre"
    known = _known(project)
    for link in soup.find_all("a", href=True):
        target, _, anchor = str(link["href"]).partition("#")
        if target in known:
            link["href"] = known[target] + (f"#{anchor}" if anchor else "")
        elif not target.startswith("http") and target:
            link.unwrap()
    for number, table in enumerate(soup.find_all("table"), start=1):
        label = f"Tableau {number} de la page"
        region = soup.new_tag("div", attrs={"class": "tableau", "role": "region", "tabindex": "0"})
        region["aria-label"] = label
        table.wrap(region)
    return str(soup.body.decode_contents())
