"""The site: one page a chapter, its annexes, a search, an index; whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup
from pydantic import ConfigDict, TypeAdapter
from pydantic_core import to_json

from analysis.livre import simulateur
from analysis.livre.article.arbre import anchors, tree
from analysis.livre.article.articles import TEMPLATES, Article, article_of_html
from analysis.livre.article.dataset import Dataset, Tables
from analysis.livre.article.downloads import DESCRIPTOR, csv_bytes, descriptor, permanent, xlsx_bytes
from analysis.livre.article.references import without_links
from analysis.livre.ecran import accueil, territoires_suivis
from analysis.livre.ecran.metadonnees import dublin_core, schema_org
from analysis.livre.ecran.search import INDEX, Searched, Section, search_index, sections_of
from analysis.livre.ecran.web import dressed
from analysis.livre.pages import REFERENCES, STYLE, Page, Site, menu, render, render_page
from analysis.noyau.declared.glossaire import Terme, load_glossary
from analysis.noyau.errors import BilanError
from analysis.noyau.files.scratch import put_in_place, scratch, write_or_share
from analysis.noyau.paths import Project
from analysis.presentation.drawing.fonts import FONTS
from analysis.sources.register import Register
from analysis.stations.modules import code_of
from analysis.stations.store import UNKEPT, Store, sha256
from analysis.stations.team import Product, Team

SCRIPT = "bilan.js"
"""The script of every page."""

FONT_FOLDER = "polices"
SEARCH = "recherche"

_SAID_ELSEWHERE = Article("", "", ())


@dataclass(frozen=True)
class Pages:
    """The pages of a site by their files' names, but those that know the PDFs, its other files by their
    addresses, and what its articles show by the names of their pages."""

    html: dict[str, str]
    files: dict[str, bytes]
    shown: dict[str, str]


def write_site(
    project: Project,
    register: Register,
    site: Site,
    target: Path,
    *,
    pages: Pages,
    pdfs: Mapping[str, Path],
) -> Path:
    """Write the whole site beside the old one, then put it in its place, ``target``; the index's path.

    ``pages`` are what :func:`rendered` made of this site, ``pdfs`` the files that it offers, by their names.
    Raises BilanError when a link of the new site leads nowhere, when a request would leave it, or when two of
    its files have one name: the old site then stays.
    """
    sizes = {name: path.stat().st_size for name, path in pdfs.items()}
    html = {**pages.html, **_home(project, register, site, pages.shown, sizes)}
    broken = broken_links(html, {*pages.files, *pdfs, STYLE, SCRIPT, INDEX})
    if broken:
        raise BilanError("Liens sans cible dans le site :\n" + "\n".join(f"- {link}" for link in broken))
    with scratch(target.parent) as folder:
        new = folder / "html"
        for name, content in _all_files(html, pages.files, pdfs):
            write_or_share(new / name, content, target / name)
        put_in_place(new, target)
    return target / "index.html"


def _all_files(
    html: Mapping[str, str], files: Mapping[str, bytes], pdfs: Mapping[str, Path]
) -> Iterator[tuple[str, bytes]]:
    """Every file of a site by its name, its bytes."""
    yield from files.items()
    yield from ((name, text.encode("utf-8")) for name, text in html.items())
    yield from ((name, pdf.read_bytes()) for name, pdf in pdfs.items())


def rendered(project: Project, site: Site, *, team: Team, tables: Tables, kept: Store = UNKEPT) -> Pages:
    """Every page that does not depend on the PDFs, and every other file.

    ``tables`` are those of the articles; ``kept`` gives back the pages of which nothing changed.
    """
    glossary = load_glossary(project)
    files: dict[str, bytes] = dict(_shared_files())
    if any(entry.name == territoires_suivis.PAGE for entry in site.entries):
        files |= territoires_suivis.fichiers()
    if site.etude is not None:
        files |= simulateur.fichiers_gardes(project, site.etude, about_edition(site), site.publisher, kept)
    about = {entry.name: entry.detail for entry in site.entries}
    shell, code = _shell(site), code_of(project, __name__)
    around = {"le menu et l'état du livre": sha256(to_json(shell)), "le glossaire": sha256(to_json(glossary))}
    asked, shown = [], {}
    for page, article in _pages(site):
        shown[page.name] = article.html
        known = _of_shell(page, shell)
        inputs = {"son contenu": sha256(to_json((known, article, about[page.name]))), **around, **code}
        explained = glossary if page.name != "glossaire" else ()
        given = (shell, known, article, about[page.name], explained, tables)
        asked.append(Product(f"pages/{page.name}", inputs, _rendered, given))
    made = [_page(content) for content in team.take_all(kept, asked)]
    for one in made:
        files |= one.files
    everything = [dataset for one in made for dataset in one.data]
    files[DESCRIPTOR] = descriptor(
        everything, site.publisher, title=site.title, status=site.status, mark=site.mark
    )
    files[INDEX] = search_index(section for one in made for section in one.sections).encode("utf-8")
    return Pages({f"{one.name}.html": one.html for one in made}, files, shown)


def _home(
    project: Project, register: Register, site: Site, shown: Mapping[str, str], pdfs: Mapping[str, int]
) -> dict[str, str]:
    """The home page and the search page by their files' names; ``shown`` is what the others show, ``pdfs``
    are sizes in bytes."""
    glossary = load_glossary(project)
    pages = {}
    for name, context in {
        "index": accueil.context(register, site, shown=shown, pdfs=pdfs),
        SEARCH: {"site": site},
    }.items():
        article = article_of_html(render(name, **context), name=name)
        said = _first_sentence(article) if name == "index" else f"{article.title} : {site.title}"
        page = Page(name, article.title, said, article.html)
        main, _ = dressed(name, article, files={}, data=(), glossary=glossary)
        pages[f"{name}.html"] = _laid_out(site, page, main)
    return pages


@dataclass(frozen=True)
class Rendered:
    """One page of the site, the files that go with it by their addresses, what its tables hold, and what is
    found in it."""

    __pydantic_config__ = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    name: str
    html: str
    files: dict[str, bytes]
    data: tuple[Dataset, ...]
    sections: tuple[Section, ...]


_RENDERED = TypeAdapter(Rendered)


@lru_cache(maxsize=128)
def _page(content: bytes) -> Rendered:
    """The page that these bytes tell, once in a process."""
    return _RENDERED.validate_json(content)


def _rendered(
    shell: Site, page: Page, article: Article, about: str, glossary: Sequence[Terme], tables: Tables
) -> bytes:
    data = tables.of(page.name, article)
    downloads = _downloads(shell, data)
    main, pictures = dressed(page.name, article, files=downloads, data=data, glossary=glossary)
    sections = tuple(sections_of(Searched(page.name, page.title, about, article.html)))
    html = _laid_out(shell, page, main)
    return _RENDERED.dump_json(Rendered(page.name, html, downloads | pictures, data, sections))


def _shell(site: Site) -> Site:
    """The site without what its pages say: what each page knows of the others.

    A page says by itself that it is of an earlier date; what it is on, the home page says.
    """
    entries = (
        replace(e, article=_SAID_ELSEWHERE if e.exists else None, notice="", detail="") for e in site.entries
    )
    return replace(site, entries=tuple(entries), etude=None)


def _of_shell(page: Page, shell: Site) -> Page:
    """A page that knows of its neighbours what the shell does."""
    known = {entry.name: entry for entry in shell.entries}
    before, after = (None if e is None else known[e.name] for e in (page.previous, page.next))
    return replace(page, previous=before, next=after)


def broken_links(pages: Mapping[str, str], files: set[str]) -> list[str]:
    """The links of these pages that lead to no page, file or anchor of theirs, and requests elsewhere."""
    read = {name: _read(text) for name, text in pages.items()}
    broken = []
    for name, (_, addresses) in read.items():
        for address in addresses:
            if address.written in files:
                continue
            page = address.page or name
            if address.is_elsewhere:
                broken.append(f"{name} demande {address.written}")
            elif page not in pages or (address.anchor and address.anchor not in read[page][0]):
                broken.append(f"{name} renvoie à {address.written}")
    return broken


@dataclass(frozen=True)
class Address:
    """What a page leads to as it is ``written``: a page (empty for its own) and an anchor of it.

    ``is_elsewhere`` is for a request that would leave the site; a link that a reader follows does not count.
    """

    written: str
    page: str
    anchor: str
    is_elsewhere: bool


@lru_cache(maxsize=1_000)
def _read(page: str) -> tuple[frozenset[str], tuple[Address, ...]]:
    """The places of a page, and the addresses to look for, each once: a process reads once a page that did
    not change."""
    found = tree(page)
    tags = found.xpath("//a | //link | //img | //script | //source")
    asked = dict.fromkeys(
        (str(tag.get("href") or tag.get("src") or tag.get("srcset") or ""), tag.tag == "a") for tag in tags
    )
    addresses = (_address(written, is_followed=is_followed) for written, is_followed in asked if written)
    return frozenset(anchors(found)), tuple(address for address in addresses if address is not None)


def _address(written: str, *, is_followed: bool) -> Address | None:
    """Where an address leads; None where nothing is to be looked for."""
    parts = urlsplit(written)
    is_elsewhere = bool(parts.scheme or parts.netloc)
    if parts.scheme == "data" or (is_elsewhere and is_followed):
        return None
    return Address(written, parts.path, unquote(parts.fragment), is_elsewhere)


def _pages(site: Site) -> list[tuple[Page, Article]]:
    """The entries that exist as pages, without their links to those that do not.

    A copy of an earlier date may also name rows that are no longer there: it loses those links only.
    """
    built = list(site.articles)
    missing = {f"{entry.name}.html" for entry in site.entries if not entry.exists}
    has_old = any(entry.notice for entry, _ in built)
    rows = {f"{e.name}.html": anchors(tree(a.html)) for e, a in built if has_old and e.part == REFERENCES}
    pages = []
    for position, (entry, article) in enumerate(built):

        def is_dead(page: str, anchor: str, *, is_old: bool = bool(entry.notice)) -> bool:
            return page in missing or (is_old and page in rows and anchor not in rows[page])

        if missing or entry.notice:
            article = article.with_html(without_links(article.html, is_dead))
        page = Page(
            name=entry.name,
            title=entry.full_title,
            description=f"{entry.full_title} : {site.title}",
            main=article.html,
            label=entry.label,
            contents=article.contents,
            notice=entry.notice,
            previous=built[position - 1][0] if position else None,
            next=built[position + 1][0] if position + 1 < len(built) else None,
        )
        pages.append((page, article))
    return pages


def _first_sentence(article: Article) -> str:
    """What a search engine says under the address of the home page: the sentence that opens it.

    >>> _first_sentence(article_of_html('<h1 id="titre">T</h1><p class="chapo">Un : 2. Trois.</p>', name="i"))
    'Un.'
    """
    opening = BeautifulSoup(article.html, "lxml").select_one(".chapo")
    words = "" if opening is None else " ".join(opening.get_text().split())
    return re.split(r"(?<=\.)\s|\s*:\s", words, maxsplit=1)[0].rstrip(".") + "."


def _laid_out(site: Site, page: Page, main: str) -> str:
    return render_page(
        "layout",
        site=site,
        page=page,
        main=main,
        menu=menu(site),
        dublin_core=dublin_core(site, page),
        schema_org=schema_org(site, page),
    )


def _downloads(site: Site, data: Sequence[Dataset]) -> dict[str, bytes]:
    """The files of a page's tables, by address."""
    about = about_edition(site)
    files: dict[str, bytes] = {}
    for dataset in data:
        files[f"{dataset.file}.csv"] = csv_bytes(dataset, site.mark)
        files[f"{dataset.file}.xlsx"] = xlsx_bytes(dataset, about, link=permanent(dataset, site.publisher))
    return files


def about_edition(site: Site) -> list[tuple[str, str]]:
    """What every workbook says of the book that it comes from."""
    mark = [("Avertissement", site.mark)] if site.mark else []
    return [
        *mark,
        ("Livre", f"{site.title}. {site.status}."),
        ("Éditeur", site.publisher["nom"]),
        ("Licence", site.publisher["licence"]),
    ]


def _shared_files() -> dict[str, bytes]:
    fonts = {f"{FONT_FOLDER}/{path.name}": path.read_bytes() for path in sorted(FONTS.iterdir())}
    return fonts | {name: (TEMPLATES / name).read_bytes() for name in (STYLE, SCRIPT)}
