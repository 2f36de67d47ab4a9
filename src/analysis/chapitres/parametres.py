"""What a notebook may be given: the names that its cell of parameters assigns, read as Python reads them."""

from __future__ import annotations

import ast

import nbformat

from analysis.chapitres.catalogue import Chapter
from analysis.noyau.errors import BilanError

TAG = "parameters"


def check_parameters(notebook: nbformat.NotebookNode, chapter: Chapter, *, shown: str) -> None:
    """Refuse a notebook that does not assign each parameter of its chapter a value of the same type.

    Papermill's own reading only warns, and takes a comment that holds « = » for another assignment. Raises
    BilanError.
    """
    known = _declared(notebook, shown=shown)
    unknown = sorted(set(chapter.parameters) - set(known))
    if unknown:
        names = ", ".join(sorted(known)) or "aucun"
        raise BilanError(
            f"{shown} ne déclare pas le paramètre {', '.join(unknown)} ; paramètres connus : {names}."
        )
    for name in chapter.parameters:
        if not isinstance(known[name], str):
            raise BilanError(
                f"{shown}, paramètre {name} : trouvé {known[name]!r} ; attendu un texte entre guillemets, "
                f'comme {name} = "{chapter.parameters[name]}".'
            )


def _declared(notebook: nbformat.NotebookNode, *, shown: str) -> dict[str, object]:
    """The names that the cells of parameters assign and their values; None for one that is computed."""
    cells = [cell for cell in notebook.cells if TAG in cell.metadata.get("tags", ())]
    found = {}
    for cell in cells:
        try:
            statements = ast.parse(cell.source).body
        except SyntaxError as error:
            raise BilanError(
                f"{shown}, cellule des paramètres, ligne {error.lineno} : « {(error.text or '').strip()} » "
                "n'est pas du Python. Un code s'écrit entre guillemets."
            ) from error
        for statement in statements:
            targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
            for target in targets:
                if isinstance(target, ast.Name):
                    found[target.id] = _written(getattr(statement, "value", None))
    return found


def _written(value: ast.expr | None) -> object:
    """A value that is written out in the cell, None for one that is computed."""
    try:
        return None if value is None else ast.literal_eval(value)
    except ValueError:
        return None
