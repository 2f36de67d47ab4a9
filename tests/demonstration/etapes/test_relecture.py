"""The invented review: what is written and said of a territory is true of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from analysis.demonstration.etapes import relecture
from analysis.demonstration.lieux import Lieu, lieux
from analysis.noyau.paths import Project

OPENED = "L'entreprise a ouvert plusieurs activités"


@pytest.mark.parametrize("lieu", lieux(), ids=lambda lieu: lieu.code)
def test_nobody_speaks_of_an_ebe_that_has_not_opened(lieu: Lieu, tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    relecture._write_text(Project(tmp_path), lieu, date(2021, 10, 4), "Une phrase.")
    text = next(tmp_path.rglob(f"{lieu.code}.md")).read_text(encoding="utf-8")
    colleges = {remark.college for remark in relecture._said(lieu)}
    has_ebe = lieu.code != "marsangeux"
    assert (OPENED in text) is has_ebe
    assert ("Aucune entreprise" in text) is not has_ebe
    assert bool(colleges & {"salaries_ebe", "entreprises"}) is has_ebe
    assert {"personnes_concernees", "etat"} & colleges
