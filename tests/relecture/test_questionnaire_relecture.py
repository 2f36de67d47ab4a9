"""The online form of a review: taken by LimeSurvey as it is, and its answers find their passage again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from chapitre_essai import html, write_copy
from limesurvey import faults, imported

from analysis.livre.articles import article_of_html
from analysis.noyau.paths import Project
from analysis.relecture.ancres import version_of_article
from analysis.relecture.preparation import preparer
from analysis.relecture.questionnaire import anchor_of_code, questionnaire
from analysis.relecture.reception import recevoir
from analysis.relecture.remarques import load_listes
from analysis.sources.commentaires import load_commentaires

VERSION = version_of_article(article_of_html(html(), name="val"), territoire="val", jour="2026-11-20")


def test_the_importer_takes_it_as_it_is() -> None:
    hostile = 'Un titre "cité" {TOKEN} <b>'
    content = questionnaire(VERSION, load_listes(Project.here()), titre=hostile).encode("utf-8")
    assert faults(content) == []
    rows = imported(content)
    passages = [row for row in rows if row["class"] == "A" and row["name"].startswith("P")]
    assert len(passages) == len(VERSION.passages)
    title = next(row["text"] for row in rows if row["name"] == "surveyls_title")
    assert title == "Un titre 'cité' 'TOKEN' 'b'"


def test_a_code_leads_to_its_passage_and_no_further() -> None:
    first, last = VERSION.passages[0], VERSION.passages[-1]
    assert anchor_of_code("P001", VERSION) == first.ancre
    assert anchor_of_code(f"P{len(VERSION.passages):03}", VERSION) == last.ancre
    assert [anchor_of_code(c, VERSION) for c in ("P000", "P999", "titre", "")] == [""] * 4


def test_answers_in_codes_and_in_full_tell_the_same_remark(small: Project, tmp_path: Path) -> None:
    write_copy(small, html())
    preparer(small, "val")
    place = next(rank for rank, p in enumerate(VERSION.passages, start=1) if p.ancre == "partie-2")
    titre = VERSION.passages[place - 1].titre
    rows = {
        "codes": ["1", "Y", "A3", f"P{place:03}", "A2", "Je ne suis pas d'accord avec ceci.", "Y"],
        "full": ["1", "Oui", "Élus", f"{titre} [partie-2]", "Désaccord", "Ni avec cela non plus.", "Oui"],
    }
    head = ["id", "consent", "college", "passage", "genre", "remarque", "publier"]
    for name, row in rows.items():
        path = tmp_path / f"{name}.csv"
        lines = [",".join(f'"{cell}"' for cell in cells) for cells in (head, row)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        assert recevoir(small, "val", path, today=date(2026, 11, 26)).added == 1
    told = [(c.ancre, c.role, c.genre, c.consentement) for c in load_commentaires(small, "val")]
    assert told == [("partie-2", "elus", "desaccord", "oui")] * 2
