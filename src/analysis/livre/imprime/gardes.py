"""What is kept of the book from one build to the next: its articles as Typst, the settings of their pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter

from analysis.livre.imprime import typst_markup
from analysis.livre.imprime.mise_en_page import compiled
from analysis.livre.imprime.typst_markup import Labels, Written, written
from analysis.noyau.paths import Project
from analysis.stations.modules import code_of
from analysis.stations.store import UNKEPT, Store, sha256

_WRITTEN = TypeAdapter(Written)


@dataclass(frozen=True)
class Gardes:
    """What ``kept`` gives back of an article that is as it was, where the ``code`` is."""

    kept: Store = UNKEPT
    code: Mapping[str, str] = field(default_factory=dict)

    def written(self, name: str, html: str, rank: str, labels: Labels, fills_page: bool) -> Written:
        """What :func:`~analysis.livre.imprime.typst_markup.written` gives."""
        inputs = {
            "son article": sha256(html.encode()),
            "son rang": sha256(rank.encode()),
            "les lieux où il mène": sha256(json.dumps(sorted(labels)).encode()),
            "sa page": str(fills_page),
            **self.code,
        }

        def make() -> bytes:
            return _WRITTEN.dump_json(written(name, html, rank, labels, fills_page))

        return _read(self.kept.take(f"typst/{name}", inputs, make))

    def compiled(self, source: Path) -> bytes:
        """What :func:`~analysis.livre.imprime.mise_en_page.compiled` gives."""
        return compiled(source, self.kept, self.code)


def gardes(project: Project, kept: Store) -> Gardes:
    """What is kept of a project's book."""
    return Gardes(kept, code_of(project, typst_markup.__name__, compiled.__module__))


@lru_cache(maxsize=256)
def _read(content: bytes) -> Written:
    """The article that these bytes tell, once in a process."""
    return _WRITTEN.validate_json(content)
