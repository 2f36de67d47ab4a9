"""Bundles with accepted results written by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from resultats_inventes import RESULTATS

from analysis.impact.records import Resultats
from analysis.secret.bundle import Bundle, bundle_ensemble, bundle_territoire, with_impact
from analysis.sources.register import Register


@pytest.fixture
def chapitre(published: Register) -> Callable[..., Bundle]:
    """The bundle of a territory (or of a chapter on all) as its kernel receives it: through bytes."""

    def made(code: str, resultats: Resultats | None = RESULTATS) -> Bundle:
        is_of_all = code in ("impact", "synthese")
        build = bundle_ensemble if is_of_all else bundle_territoire
        return Bundle.from_bytes(with_impact(build(published, code, texte=None), resultats).to_bytes())

    return made
