"""The cell that people are told to edit: what they write there is read as Python reads it."""

from __future__ import annotations

import nbformat
import pytest

from analysis.chapitres.catalogue import Chapter
from analysis.chapitres.parametres import check_parameters
from analysis.noyau.errors import BilanError

CHAPTER = Chapter("val", "Val-d'Essai", "t.ipynb", "territoires", "val")


def check(source: str) -> None:
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]})
    other = nbformat.v4.new_code_cell('territoire = "autre"')
    notebook = nbformat.v4.new_notebook(cells=[cell, other])
    check_parameters(notebook, CHAPTER, shown="notebooks/t.ipynb")


@pytest.mark.parametrize(
    "source",
    [
        'territoire = "premery"  # code = celui de data/territoires.csv',
        'territoire = "premery"  # a == b',
        'territoire: str = "premery"',
        '# un commentaire = une remarque\n\nterritoire = (\n    "premery"\n)',
        "territoire = autre = 'premery'",
    ],
)
def test_a_text_is_read_whatever_stands_beside_it(source: str) -> None:
    check(source)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ('teritoire = "val"', r"ne déclare pas le paramètre territoire ; paramètres connus : teritoire\."),
        ("", r"ne déclare pas le paramètre territoire ; paramètres connus : aucun\."),
        (
            'territoire = ("val", "vide")',
            r"paramètre territoire : trouvé \('val', 'vide'\) ; attendu un texte",
        ),
        ("territoire = 58", r"paramètre territoire : trouvé 58 ; attendu un texte .* territoire = \"val\""),
        ("territoire = premery", r"trouvé None ; attendu un texte"),
        ("territoire = «premery»", r"cellule des paramètres, ligne 1 : « territoire = «premery» » n'est pas"),
    ],
)
def test_what_is_no_text_is_refused_by_name(source: str, told: str) -> None:
    with pytest.raises(BilanError, match=told):
        check(source)
