"""Check an executed chapter before the book takes it: no error, no path of a machine, no empty section."""

from __future__ import annotations

import re
from pathlib import Path

from nbformat import NotebookNode

from analysis.chapitres.composition import SUITE, empty_sections
from analysis.presentation.parts.mentions import APERCU_MARK, ATELIER_MARK

_ADDED = {"injected-parameters", "papermill-error-cell-tag"}
_LINE = re.compile(r"^ *Cell In\[\d+\], line (\d+)", re.MULTILINE)
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def faults(notebook: NotebookNode, *, root: Path, is_preview: bool = False) -> list[str]:
    """What an executed notebook shows that a reader must not see, one French sentence each.

    The private marks are a fault for all but the preview of a territory.
    """
    found = []
    for number, cell in enumerate(filter(_is_written, notebook.cells), start=1):
        for output in cell.get("outputs", []):
            text = _text(output)
            if output.output_type == "error":
                where = f"cellule {number}{_line(output)}"
                found.append(f"{where} : {output.ename}, {_plain(output.evalue)}")
            elif output.output_type == "stream" and output.name == "stderr":
                found.append(f"cellule {number} : message d'erreur affiché, « {text.strip()[:120]} »")
            elif "Traceback (most recent call last)" in text:
                found.append(f"cellule {number} : une trace d'exécution est affichée")
            elif output.output_type == "display_data" and "text/html" not in output.data:
                found.append(f"cellule {number} : une image sans légende ni texte de remplacement")
            for folder in {str(root), str(Path.home())} - {"/"}:
                if folder in text:
                    found.append(f"cellule {number} : un chemin de cette machine est affiché")
            if ATELIER_MARK in text or (APERCU_MARK in text and not is_preview):
                found.append(
                    f"cellule {number} : un contenu d'atelier ou d'aperçu, non publiable, est affiché"
                )
    return found


def untold(notebook: NotebookNode) -> list[str]:
    """The sections of a composed chapter that have nothing to say, one French sentence each."""
    return [
        f"la partie « {title} » n'a rien à montrer : donnez à sa cellule l'étiquette « {SUITE} », ou un texte"
        for title in empty_sections(notebook)
    ]


def _is_written(cell: NotebookNode) -> bool:
    """Whether a person wrote the cell: those that Papermill adds do not count in the numbers told."""
    return not _ADDED & set(cell.metadata.get("tags", []))


def _line(output: NotebookNode) -> str:
    """The line of the cell at which an error began, empty where its trace does not say."""
    first = _LINE.search(_plain("\n".join(output.get("traceback", ()))))
    return f", ligne {first[1]}" if first else ""


def _text(output: NotebookNode) -> str:
    if output.output_type == "stream":
        return str(output.text)
    data = output.get("data", {})
    return "\n".join(str(data[kind]) for kind in data if kind.startswith("text/"))


def _plain(text: str) -> str:
    return _ANSI.sub("", text)
