"""From an executed notebook to a chapter: what shows nothing goes, what is awaited is gathered."""

from __future__ import annotations

from pathlib import Path

import nbformat
from bs4 import BeautifulSoup
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.chapitres.check import faults, untold
from analysis.chapitres.composition import ATTENTES, SUITE, composed, of_nature
from analysis.presentation.parts.attentes import COMPTES, ENQUETES, attente
from analysis.secret.bundle import Bundle

SHOWN = "<table><tr><td>12</td></tr></table>"


def text(source: str, *tags: str) -> NotebookNode:
    return new_markdown_cell(source, metadata={"tags": list(tags)} if tags else {})


def code(html: str = "") -> NotebookNode:
    output = new_output("execute_result", data={"text/html": html, "text/plain": "Block()"})
    return new_code_cell("vue.bloc(chapitre)", outputs=[output])


def titles(notebook: NotebookNode) -> list[str]:
    return [cell.source.partition("\n")[0] for cell in notebook.cells if cell.cell_type == "markdown"]


def test_a_section_that_shows_nothing_goes_with_its_prose() -> None:
    executed = new_notebook(
        cells=[text("## Vide\n\nDe la prose.", SUITE), code(), text("## Plein\n\nAutre.", SUITE), code(SHOWN)]
    )
    assert titles(composed(executed)) == ["## Plein"]
    assert titles(executed) == ["## Vide", "## Plein"]  # what an evaluator sees is left as it is


def test_a_section_stands_for_what_its_subsections_show_and_they_go_one_by_one() -> None:
    executed = new_notebook(
        cells=[
            text("## Dépôt", SUITE),
            text("### Personnes", SUITE),
            code(),
            text("### Comptes", SUITE),
            code(SHOWN),
            text("## Fin", SUITE),
            code(),
        ]
    )
    assert titles(composed(executed)) == ["## Dépôt", "### Comptes"]


def test_prose_without_a_title_depends_on_what_stands_before_the_next_one() -> None:
    executed = new_notebook(cells=[text("« Secret »…", SUITE), code(), text("## Suite"), code(SHOWN)])
    assert titles(composed(executed)) == ["## Suite"]


def test_what_is_not_tagged_stays() -> None:
    executed = new_notebook(cells=[text("## Vide"), code()])
    assert titles(composed(executed)) == ["## Vide"]


def test_what_is_of_the_other_nature_goes_with_its_section_and_prose_alone_goes_alone() -> None:
    whole = new_notebook(
        cells=[
            text("Du réel.", "reel"),
            text("De l'inventé.", "demonstration"),
            code(SHOWN),
            text("## Publié", "reel"),
            code(SHOWN),
            text("### Dedans"),
            code(SHOWN),
            text("## Reçu", SUITE, "demonstration"),
            code(SHOWN),
            text("## Commun"),
        ]
    )
    assert titles(composed(whole)) == ["Du réel.", "## Publié", "### Dedans", "## Commun"]
    assert titles(composed(whole, "demonstration")) == ["De l'inventé.", "## Reçu", "## Commun"]
    invented = of_nature(whole, "demonstration")
    assert [cell.cell_type for cell in invented.cells] == ["markdown", "code", "markdown", "code", "markdown"]
    assert len(whole.cells) == 10


def test_what_is_awaited_is_listed_once_at_the_end(val: Bundle) -> None:
    executed = new_notebook(
        cells=[
            text("## Économie", SUITE),
            code(attente(val, COMPTES).html),
            code(attente(val, COMPTES).html + SHOWN),
            text("## Enquêtes", SUITE),
            code(attente(val, ENQUETES).html),
            text("## Ce que ce chapitre attend", ATTENTES),
        ]
    )
    chapter = composed(executed)
    assert titles(chapter) == ["## Économie", "## Ce que ce chapitre attend"]
    shown = [output.data["text/html"] for cell in chapter.cells for output in cell.get("outputs", [])]
    assert not any("En attente" in html for html in shown)
    rows = BeautifulSoup(shown[-1], "lxml").select("tbody th")
    assert [row.get_text()[1:] for row in rows] == [COMPTES.quoi[1:], ENQUETES.quoi[1:]]
    assert nbformat.validate(chapter) is None


def test_a_chapter_that_awaits_nothing_has_no_such_list() -> None:
    executed = new_notebook(cells=[code(SHOWN), text("## Ce que ce chapitre attend", ATTENTES)])
    assert titles(composed(executed)) == []


def test_without_a_list_the_sentences_keep_their_places(val: Bundle) -> None:
    executed = new_notebook(cells=[text("## Économie", SUITE), code(attente(val, COMPTES).html)])
    chapter = composed(executed)
    assert (
        titles(chapter) == ["## Économie"] and "En attente" in chapter.cells[1].outputs[0].data["text/html"]
    )


def test_a_title_without_content_is_refused() -> None:
    planted = new_notebook(
        cells=[
            text("# Chapitre"),
            text("## Rien"),
            code(),
            text("## Des mots, puis rien\n\nUne annonce."),
            code(),
            code("  "),
            text("## Des mots seuls\n\nUne remarque.\n\n### Un titre nu {#nu}"),
            text("## Des nombres"),
            code(SHOWN),
        ]
    )
    found = untold(planted)
    assert [fault.split("»")[0].split("« ")[1].strip() for fault in found] == [
        "Rien",
        "Des mots, puis rien",
        "Un titre nu",
    ]
    assert "étiquette « suite »" in found[0]
    assert untold(new_notebook(cells=[text("## Des mots\n\nUne remarque.")])) == []


def test_a_chapter_with_all_its_parts_absent_is_its_title_and_its_list(tmp_path: Path, val: Bundle) -> None:
    executed = new_notebook(
        cells=[
            code('<h1 id="titre">La participation</h1>'),
            text("Une question ?"),
            *[
                cell
                for n in range(3)
                for cell in (
                    text(f"## Partie {'abc'[n]}\n\nProse.", SUITE),
                    code(attente(val, ENQUETES).html),
                )
            ],
            text("## Ce que ce chapitre attend\n\nRien ne le remplace.", ATTENTES),
        ]
    )
    chapter = composed(executed)
    assert titles(chapter) == ["Une question ?", "## Ce que ce chapitre attend"]
    assert untold(chapter) == [] and faults(chapter, root=tmp_path) == []
