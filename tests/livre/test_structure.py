"""The order of the annexes is declared once, and leaves no method page out."""

from __future__ import annotations

from analysis.livre.structure import METHODES, annexes, letter
from analysis.noyau.paths import Project


def test_every_method_page_is_an_annex_and_the_reverse() -> None:
    assert {path.stem for path in Project.here().methods.glob("*.md")} == set(METHODES)


def test_annexes_are_named_once_and_methods_come_first() -> None:
    found = annexes(Project.here())
    assert len({a.name for a in found}) == len(found)
    assert found[0].title == "Le registre des chiffres publiés" and found[0].is_method
    kinds = [annexe.is_method for annexe in found]
    assert kinds == sorted(kinds, reverse=True)
    printed = [annexe.in_pdf for annexe in found]
    assert printed == sorted(printed, reverse=True), "what the PDF leaves out leaves no hole in the letters"


def test_letters_go_on_after_z() -> None:
    assert [letter(rank) for rank in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
