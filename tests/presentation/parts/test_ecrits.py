"""What people write is put in afterwards: a mark while a chapter runs, then the words that would have stood there."""

from __future__ import annotations

import re
from dataclasses import replace

import nbformat
from small import REPOSITORY

from analysis.chapitres.composition import ECRITS, ecrits, marks, written
from analysis.chapitres.jobs import WORDS
from analysis.noyau.periods import Period
from analysis.presentation.parts.blocks import Block
from analysis.presentation.parts.ecrits import marked
from analysis.presentation.published.dix_lignes import dix_lignes
from analysis.presentation.published.territoire import texte
from analysis.secret.bundle import Bundle
from analysis.secret.lectures import Lu
from analysis.sources.texts import Texte

BODY = "### En un mot {#essentiel}\n\nUn lieu où travaillent {#1}.\n\n### Le détail {#detail}\n\nPlus long."


def executed(*blocks: Block) -> nbformat.NotebookNode:
    cells = [
        nbformat.v4.new_code_cell(
            "x",
            outputs=[
                nbformat.v4.new_output(
                    "execute_result", data={"text/html": block.html, "text/plain": repr(block)}
                )
            ],
        )
        for block in blocks
    ]
    return nbformat.v4.new_notebook(cells=cells)


def outputs(notebook: nbformat.NotebookNode) -> list[dict[str, str]]:
    return [dict(output.data) for cell in notebook.cells for output in cell.outputs]


def test_a_run_reads_nothing_of_what_people_write_and_the_chapter_holds_it_all_the_same(val: Bundle) -> None:
    signed = replace(val, texte=Texte("Ada Test", Period("2026-11-28"), BODY))
    read: list[str] = []
    noted = Lu(signed, read.append)
    ran = executed(dix_lignes(noted), texte(noted), Block("<p>Autre.</p>"))
    assert marks(ran) == ["dernier-mot", "texte"]
    assert not any("texte" in lecture for lecture in read)
    assert "travaillent" not in str(outputs(ran)) and "Plus long" not in str(outputs(ran))
    whole = written(ran, ecrits(marks(ran), signed))
    at_once = executed(dix_lignes(signed), texte(signed), Block("<p>Autre.</p>"))
    assert outputs(whole) == outputs(at_once)
    assert "Un lieu où travaillent" in str(outputs(whole)) and "Plus long" in str(outputs(whole))
    assert marks(ran) == ["dernier-mot", "texte"]  # the executed one is left as it was


def test_what_is_put_in_says_that_nobody_wrote_it(val: Bundle) -> None:
    ran = executed(texte(Lu(val, lambda _lecture: None)))
    (shown,) = outputs(written(ran, ecrits(marks(ran), val)))
    assert 'class="absence attente"' in shown["text/html"] and not marked(shown["text/html"])


def test_every_mark_has_its_words_and_its_name_in_a_sentence() -> None:
    code = "\n".join(p.read_text("utf-8") for p in (REPOSITORY / "src/analysis/presentation").rglob("*.py"))
    assert set(re.findall(r'@put_later\("([a-z-]+)"\)', code)) == set(ECRITS) == set(WORDS)
