"""The articles that builds keep: one that would be made of the same is given back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import lru_cache

from analysis.livre.article.articles import Article
from analysis.noyau.paths import Project
from analysis.stations.modules import code_of
from analysis.stations.store import RULE, Store, sha256

_CONTENT, _RANK, _MARK = "son contenu", "son rang", "sa marque"


def code_of_articles(project: Project) -> dict[str, str]:
    """What makes an article of a notebook: the fingerprints of its modules, and that of the lock."""
    return code_of(project, "analysis.livre.article.exporter")


def kept_article(
    kept: Store,
    name: str,
    content: bytes,
    make: Callable[[], Article],
    *,
    numero: str,
    mark: str,
    code: Mapping[str, str],
) -> Article:
    """The article that a content gives at its rank of the book; the one that is kept where it was made of
    the same."""
    inputs = inputs_of(content, numero=numero, mark=mark, code=code)
    return read(kept.take(place_of(name), inputs, lambda: written(make)))


def inputs_of(content: bytes, *, numero: str, mark: str, code: Mapping[str, str]) -> dict[str, str]:
    """What the article of a content is made of, by its names in a sentence."""
    return {_CONTENT: sha256(content), _RANK: sha256(numero.encode()), _MARK: sha256(mark.encode()), **code}


def composed(project: Project, name: str, content: bytes) -> Article | None:
    """The article that the last build made of these bytes by today's programs; None where it made none.

    Its figures have the numbers that the site shows: those of the rank that the page had then.
    """
    store = Store(project.stations)
    record = store.record(place_of(name))
    if record is None or record.rule != RULE:
        return None
    given = {label: record.inputs.get(label, "") for label in (_RANK, _MARK)}
    inputs = {_CONTENT: sha256(content), **given, **code_of_articles(project)}
    found = store.kept(place_of(name), inputs)
    return None if found is None else read(found)


@lru_cache(maxsize=128)
def read(content: bytes) -> Article:
    """The article that these bytes tell, once in a process."""
    told = json.loads(content)
    contents = tuple((anchor, title) for anchor, title in told["contents"])
    return Article(told["title"], told["html"], contents)


def written(make: Callable[[], Article]) -> bytes:
    """The article that is made, as it is kept: a record of texts needs no schema, whose library takes long to
    import."""
    return json.dumps(asdict(make()), ensure_ascii=False).encode()


def place_of(name: str) -> str:
    """Where the article of a page is kept."""
    return f"articles/{name}"
