"""What is no longer agreed to, comes back, or would undo an answer: the safer reading wins, and it is said."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from chapitre_essai import html, write_copy
from docx import Document

from analysis.noyau.paths import Project
from analysis.relecture.commandes_relecture import retirer
from analysis.relecture.reception import Reception, recevoir
from analysis.relecture.remis.preparation import preparer
from analysis.relecture.reponses import ecrire_reponses, repondre
from analysis.sources.commentaires import load_commentaires

TODAY = date(2026, 11, 26)
LONG = "Je suis venue à la troisième réunion avec une voisine."


@pytest.fixture
def ready(small: Project) -> Project:
    """A project whose chapter was handed out."""
    write_copy(small, html())
    preparer(small, "val")
    return small


def sheet(project: Project, text: str, publish: str, *, name: str = "elus", quote: str = "") -> Path:
    book = openpyxl.load_workbook(project.outputs / "relecture" / "val" / "contribution-elus.xlsx")
    page = book["Contribution"]
    for column, value in enumerate(("partie-2", quote, "", text, publish), start=1):
        page.cell(7, column).value = value
    target = project.root / f"{name}.xlsx"
    book.save(target)
    return target


def told(found: Reception) -> str:
    return "\n".join(map(str, found.constats))


def consents(project: Project) -> list[str]:
    return [comment.consentement for comment in load_commentaires(project, "val")]


def test_a_yes_that_becomes_a_no_is_a_no(ready: Project) -> None:
    recevoir(ready, "", sheet(ready, LONG, "Oui"), today=TODAY)
    found = recevoir(ready, "", sheet(ready, LONG, "Non"), today=TODAY)
    assert (found.added, found.already, consents(ready)) == (0, 1, ["non"])
    assert "un accord devenu un refus" in told(found)
    recevoir(ready, "", sheet(ready, LONG, "Oui"), today=TODAY)
    assert consents(ready) == ["non"]


def test_an_unclear_answer_is_a_no_whatever_the_command_says(ready: Project) -> None:
    path = sheet(ready, LONG, "Oui mais pas sur internet")
    recevoir(ready, "", path, today=TODAY, consentement="oui")
    assert consents(ready) == ["non"]


def test_no_answer_is_what_the_command_says(ready: Project) -> None:
    recevoir(ready, "", sheet(ready, LONG, ""), today=TODAY, consentement="oui")
    assert consents(ready) == ["oui"]


def test_a_withdrawn_remark_does_not_come_back_under_another_name(ready: Project) -> None:
    recevoir(ready, "", sheet(ready, LONG, "Oui"), today=TODAY)
    (comment,) = load_commentaires(ready, "val")
    retirer(ready, "val", comment.id)
    found = recevoir(ready, "", sheet(ready, LONG.upper(), "Oui", name="elus (1)"), today=TODAY)
    assert (found.added, found.refused) == (0, 1) and "a retirée" in told(found)
    everything = "".join(
        path.read_text(encoding="utf-8") for path in (ready.relectures / "val").glob("*.[ct]*")
    )
    assert "troisième réunion" not in everything


def test_a_withdrawn_remark_leaves_the_quotes_of_the_others(ready: Project) -> None:
    recevoir(ready, "", sheet(ready, LONG, "Oui"), today=TODAY)
    recevoir(ready, "", sheet(ready, "Moi aussi.", "Oui", name="autre", quote=f"« {LONG} »"), today=TODAY)
    first, second = load_commentaires(ready, "val")
    assert LONG in second.citation
    retirer(ready, "val", first.id)
    assert [comment.citation for comment in load_commentaires(ready, "val")] == ["", ""]


def test_a_quote_that_is_not_of_the_chapter_is_looked_at_for_names(ready: Project) -> None:
    quote = {"type": "TextQuoteSelector", "exact": "Madame Jeanne Martin, 06 12 34 56 78"}
    row = {
        "id": "a",
        "created": "2026-11-21T09:00:00+00:00",
        "uri": "https://bilan.example.org/val.html",
        "text": "Voir ceci.",
        "tags": ["publier"],
        "target": [{"selector": [quote]}],
    }
    path = ready.root / "annotations.json"
    path.write_text(json.dumps({"rows": [row]}), encoding="utf-8")
    recevoir(ready, "val", path, today=TODAY)
    assert consents(ready) == ["non"]


def test_an_identifier_that_is_no_text_is_read_all_the_same(ready: Project) -> None:
    row = {"id": "\ud800", "uri": "https://x.org/val.html", "text": LONG, "target": []}
    path = ready.root / "annotations.json"
    path.write_text(json.dumps([row]), encoding="utf-8")
    assert recevoir(ready, "val", path, today=TODAY).read == 1


def answered(project: Project, status: str, answer: str | None, change: str | None, name: str) -> Path:
    book = openpyxl.load_workbook(ecrire_reponses(project, "val"))
    page = book["Réponses"]
    page["G2"], page["H2"], page["I2"] = status, answer, change
    target = project.root / name
    book.save(target)
    return target


def test_an_older_workbook_does_not_undo_an_answer(ready: Project) -> None:
    recevoir(ready, "", sheet(ready, LONG, "Oui"), today=TODAY)
    stale = answered(ready, "À répondre", None, None, "ancien.xlsx")
    repondre(ready, answered(ready, "Répondu sans changer le texte", "Merci.", None, "r.xlsx"), today=TODAY)
    found = repondre(ready, stale, today=TODAY)
    assert found.changed == 0 and "déjà répondu" in "\n".join(map(str, found.constats))
    (comment,) = load_commentaires(ready, "val")
    assert (comment.statut, comment.reponse) == ("repondu", "Merci.")


def test_a_text_changed_after_the_answer_is_seen_when_the_workbook_is_read_again(ready: Project) -> None:
    recevoir(ready, "", sheet(ready, LONG, "Oui"), today=TODAY)
    path = answered(ready, "Pris en compte dans le texte", None, "Une phrase est changée.", "r.xlsx")
    repondre(ready, path, today=TODAY)
    (before,) = load_commentaires(ready, "val")
    assert before.avant == before.apres != ""
    write_copy(ready, html().replace("reste un besoin", "n'est plus un besoin"))
    assert repondre(ready, path, today=TODAY).changed == 1
    (after,) = load_commentaires(ready, "val")
    assert "reste un besoin" in after.avant and "n'est plus un besoin" in after.apres


def test_what_people_said_is_not_handed_out_nor_missed(small: Project) -> None:
    """A version outlives the words of people; a document without them is not read as rewritten."""
    said = '<section class="verbatims"><blockquote><p>Je dors mieux depuis que je travaille.</p></blockquote></section>'
    remark = '<section class="parole"><p>Une remarque déjà publiée dans ce chapitre.</p></section>'
    write_copy(small, html() + said + remark)
    pack = preparer(small, "val")
    document = Document(str(pack / "chapitre-val.docx"))
    text = " ".join(paragraph.text for paragraph in document.paragraphs)
    kept = "".join(path.read_text(encoding="utf-8") for path in small.relectures.glob("val/versions/*.json"))
    page = (pack / "chapitre-val.html").read_text(encoding="utf-8")
    assert not [words for words in ("dors mieux", "déjà publiée") if words in text + kept + page]
    assert told(recevoir(small, "val", pack / "chapitre-val.docx", today=TODAY)) == ""


def test_what_is_typed_without_tracking_is_told(ready: Project) -> None:
    document = Document(str(ready.outputs / "relecture" / "val" / "chapitre-val.docx"))
    untouched = BytesIO()
    document.save(untouched)
    path = ready.root / "retour.docx"
    path.write_bytes(untouched.getvalue())
    assert "sans suivi" not in told(recevoir(ready, "val", path, today=TODAY))
    paragraph = next(p for p in document.paragraphs if "reste un besoin" in p.text)
    paragraph.add_run(" Je ne suis pas d'accord du tout.")
    document.save(str(path))
    found = recevoir(ready, "val", path, today=TODAY)
    assert found.read == 0 and "1 paragraphe réécrit sans suivi des modifications" in told(found)
