"""What a stored notebook may hold: its cells, and nothing that running them showed.

A chapter opened in the atelier shows numbers that the gate withholds from everyone else. Whatever writes a
notebook of the project (JupyterLab, which saves by itself every two minutes, an editor, Papermill in place)
goes through here on its way to the disk or to git. Only the standard library is used: git runs this file
by its path, with whatever Python is there.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CONFIDENTIAL = ("data/depot/", "outputs/", "papermill_runs/")
"""Folders of deposits and of what is computed from them: never in git, whatever ``--force`` says."""

SENT = tuple(".xlsx .xlsm .xls .ods .docx .doc .odt .eml .msg .zip .7z .rar .tar .tgz .gz".split())
"""How the files end that people send, wherever they were put: the project stores none of them."""

KEY = "cle-des-depots"
"""The name of the key of the deposits."""

CHECKPOINTS = ".ipynb_checkpoints"
"""Where JupyterLab keeps a copy of each notebook that it saves."""

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
KEPT = ("name", "tags")
"""What the metadata of a cell keep: its name and its tags."""


def emptied(notebook: dict[str, Any]) -> dict[str, Any]:
    """A notebook with its cells alone: no output, no run count, no trace of the program that saved it.

    >>> cell = {"cell_type": "code", "outputs": ["1 / 2"], "execution_count": 3, "metadata": {}}
    >>> emptied({"cells": [cell], "metadata": {}, "nbformat": 4})["cells"][0]["outputs"]
    []
    """
    cells = [_emptied_cell(cell) for cell in notebook["cells"]]
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return {**notebook, "cells": cells, "metadata": metadata}


def _emptied_cell(cell: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in cell["metadata"].items() if name in KEPT}
    ran: dict[str, Any] = {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {}
    return cell | ran | {"metadata": kept}


def has_outputs(text: str) -> bool:
    """Whether a notebook shows something; True too for a text that is no notebook, which could hide it."""
    try:
        cells = json.loads(text)["cells"]
        return any(cell.get("outputs") for cell in cells)
    except (ValueError, KeyError, TypeError, AttributeError):
        return True


def written(notebook: dict[str, Any]) -> str:
    """The text of a notebook as nbformat writes it, so that a saved one differs by its cells alone."""
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def clean(text: str) -> str:
    """What git keeps of a notebook; what is no notebook is kept as it is, and refused at the commit."""
    try:
        return written(emptied(json.loads(text)))
    except (ValueError, KeyError, TypeError, AttributeError):
        return text


def with_outputs(folder: Path) -> Iterator[Path]:
    """The notebooks of a folder and of its subfolders that hold what their cells showed."""
    for path in sorted(folder.rglob("*.ipynb")):
        if has_outputs(path.read_text(encoding="utf-8", errors="replace")):
            yield path


def forget_outputs(folder: Path) -> list[Path]:
    """Take their outputs out of the notebooks of a folder; those that were changed.

    A copy that JupyterLab keeps aside is deleted, and so is a file of that name that is no notebook.
    """
    from analysis.noyau.files.scratch import remove, write_whole  # git, which runs this file, may not have it

    changed = list(with_outputs(folder))
    for path in changed:
        text = clean(path.read_text(encoding="utf-8", errors="replace"))
        if path.parent.name == CHECKPOINTS or has_outputs(text):
            remove(path)
        else:
            write_whole(path, text)
    return changed


def refused(root: Path) -> list[str]:
    """The files of the next commit that may not be in git, each with the reason, in French."""
    names = _git(root, "diff", "--cached", "--name-only", "-z", "--diff-filter=d").decode().split("\0")
    found = []
    for name in filter(None, names):
        if name.lower().startswith(CONFIDENTIAL):
            found.append(f"{name} : un dépôt, ou ce qui s'en calcule")
        elif name.lower().endswith(SENT):
            found.append(f"{name} : un classeur, un document ou une archive, peut-être un dépôt")
        elif name.rpartition("/")[2].startswith(KEY):
            found.append(f"{name} : la clé des dépôts")
        elif name.endswith(".ipynb") and has_outputs(
            _git(root, "show", f":{name}").decode("utf-8", "replace")
        ):
            found.append(f"{name} : un carnet avec ses sorties")
    return found


def _git(root: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=True).stdout


def main(arguments: list[str]) -> int:
    """``clean``: a notebook from standard input to standard output; ``check``: the next commit."""
    if arguments == ["clean"]:
        text = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
        sys.stdout.buffer.write(clean(text).encode("utf-8", "surrogateescape"))
        return 0
    found = refused(Path.cwd())
    if found:
        lines = "\n".join(f"- {line}" for line in found)
        message = (
            f"Rien n'est enregistré dans git :\n{lines}\n"
            "Un carnet : enregistrez-le par « bilan lab », qui ôte ses sorties, puis « git add ». Un autre "
            "fichier : « git restore --staged » le retire de ce qui s'enregistre.\n"
        )
        sys.stderr.buffer.write(message.encode())
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
