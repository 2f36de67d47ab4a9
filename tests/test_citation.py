"""How to cite the project: a CITATION.cff of version 1.2.0 that says what the publication says."""

from __future__ import annotations

import re
import tomllib

import pytest
import yaml
from small import REPOSITORY

CITATION = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text(encoding="utf-8"))
PUBLICATION = tomllib.loads((REPOSITORY / "data" / "publication.toml").read_text(encoding="utf-8"))
PYPROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]

KEYS = {
    *("abstract", "authors", "cff-version", "commit", "contact", "date-released", "doi", "identifiers"),
    *("keywords", "license", "license-url", "message", "preferred-citation", "references", "repository"),
    *("repository-artifact", "repository-code", "title", "type", "url", "version"),
}
"""The keys that the format knows at its root."""


def test_it_has_what_the_format_asks_and_nothing_that_it_does_not_know() -> None:
    assert CITATION["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(CITATION) <= KEYS
    assert CITATION["type"] in ("software", "dataset")
    assert {"authors", "title", "type"} <= set(CITATION["preferred-citation"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", CITATION["version"])


def test_it_says_what_the_publication_and_the_package_say() -> None:
    assert CITATION["version"] == PYPROJECT["version"]
    assert CITATION["license"] == PYPROJECT["license"]
    for cited in (CITATION, CITATION["preferred-citation"]):
        assert cited["title"] == PUBLICATION["titre"]
        assert cited["authors"] == [{"name": PUBLICATION["nom"], "website": PUBLICATION["url"]}]


@pytest.mark.parametrize("name", ["README.md"])
def test_a_reader_of_the_tree_is_told_of_it(name: str) -> None:
    assert "CITATION.cff" in (REPOSITORY / name).read_text(encoding="utf-8")
