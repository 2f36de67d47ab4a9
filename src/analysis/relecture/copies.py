"""The chapter that is read: the working copy's last good one, or that of a sealed edition."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from analysis.livre.article.articles import Article
from analysis.livre.article.gardes import code_of_articles, kept_article
from analysis.livre.article.gardes import composed as kept_composed
from analysis.noyau.errors import BilanError, UnknownName
from analysis.noyau.paths import Project
from analysis.presentation.parts.mentions import CAPTION_MARKS
from analysis.relecture.ancres import Version
from analysis.relecture.passages import article_and_version, drop_words, version_of_article
from analysis.sources.register import Register
from analysis.stations.store import Store


@dataclass(frozen=True)
class Copie:
    """A chapter to read, and the version that its anchors make."""

    article: Article
    version: Version


def copie_de_travail(project: Project, register: Register, territoire: str) -> Copie | None:
    """The chapter of a territory as its last good execution left it, None where there is none.

    Its article is that of builds: the one that the last of them made, or made now and kept for them.
    """
    composed = copie_composee(project, territoire)
    return composed or _copie_a_composer(project, register, territoire)


def copie_composee(project: Project, territoire: str) -> Copie | None:
    """The chapter of a territory as the last build composed its copy; None where it composed none of it."""
    copy, manifest = project.runs / f"{territoire}.ipynb", project.runs / f"{territoire}.json"
    try:
        executed_at = str(json.loads(manifest.read_bytes())["executed_at"])
        article = kept_composed(project, territoire, copy.read_bytes())
        return None if article is None else _copie(article, territoire, executed_at)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _copie_a_composer(project: Project, register: Register, territoire: str) -> Copie | None:
    """The same of a copy that no build composed."""
    from analysis.chapitres.catalogue import catalogue  # with nbconvert, two seconds to import
    from analysis.chapitres.jobs import last_good
    from analysis.livre.article.exporter import article_of_notebook

    chapters = {chapter.code: chapter for chapter in catalogue(register, project.nature)}
    found = last_good(project, territoire)
    if found is None or territoire not in chapters:
        return None
    notebook, manifest = found
    mark, numero = CAPTION_MARKS[project.nature], str(chapters[territoire].numero)
    content = notebook.read_bytes()
    make = partial(article_of_notebook, content, name=territoire, numero=numero, mark=mark)
    kept, code = Store(project.stations), code_of_articles(project)
    article = kept_article(kept, territoire, content, make, numero=numero, mark=mark, code=code)
    return _copie(article, territoire, manifest.executed_at)


def _copie(whole: Article, territoire: str, executed_at: str) -> Copie:
    day = datetime.fromisoformat(executed_at).date().isoformat()
    return Copie(*article_and_version(whole, territoire=territoire, jour=day))


def copie_scellee(project: Project, territoire: str, label: str) -> Copie:
    """The chapter of a territory as an edition published it.

    Raises UnknownName for an unknown edition, BilanError where the sealed edition is not on this machine or
    has no such chapter.
    """
    from analysis.livre.editions.edition import editions

    if label not in editions(project):
        raise UnknownName("édition", label, editions(project))
    folder = project.sealed / label / "html"
    path = folder / f"{territoire}.html"
    if not path.is_file():
        raise BilanError(
            f"L'édition {label} n'a pas de page « {territoire} » dans « {project.shown(folder)} ». Mettez-y "
            "le dossier de l'édition scellée, ou préparez la relecture de la copie de travail."
        )
    soup = BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
    main = soup.find("main")
    if not isinstance(main, Tag) or main.h1 is None:
        raise BilanError(f"« {project.shown(path)} » n'est pas une page de l'édition.")
    _undress(main, folder)
    contents = tuple((str(h["id"]), h.get_text()) for h in main.find_all("h2") if h.get("id"))
    article = Article(main.h1.get_text(), main.decode_contents(), contents)
    day = datetime.fromtimestamp(path.stat().st_mtime).date().isoformat()
    return Copie(article, version_of_article(article, territoire=territoire, jour=day, edition=label))


def _undress(main: Tag, folder: Path) -> None:
    """Take away what the site adds to an article, and put its pictures back into it."""
    drop_words(main)
    for tag in main.select("p.outils, p.rang, p.avis, section.mots, nav, form"):
        tag.decompose()
    for word in main.select("span.terme"):
        word.replace_with(word.get_text())
    for picture in main.find_all("picture"):
        image = picture.img
        if image is not None:
            content = (folder / str(image["src"])).read_bytes()
            image["src"] = f"data:image/svg+xml;base64,{base64.b64encode(content).decode('ascii')}"
            picture.replace_with(image)
