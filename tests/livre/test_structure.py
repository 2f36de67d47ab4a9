"""The order of the annexes is declared once, and leaves no method page out."""

from __future__ import annotations

from analysis.livre.structure import METHODES, annexes, letter, lettered
from analysis.noyau.paths import Project


def test_every_method_page_is_an_annex_and_the_reverse() -> None:
    assert {path.stem for path in Project.here().methods.glob("*.md")} == set(METHODES)


def test_annexes_are_named_once_and_methods_come_first() -> None:
    found = annexes(Project.here())
    assert len({a.name for a in found}) == len(found)
    assert found[0].title == "Juger les trois hypothèses" and found[0].is_method
    kinds = [annexe.is_method for annexe in found]
    assert kinds == sorted(kinds, reverse=True)


def test_what_is_on_the_site_only_leaves_no_hole_in_the_letters_of_the_book() -> None:
    found = annexes(Project.here())
    letters = lettered(found)
    printed = [letters[annexe.name] for annexe in found if annexe.in_pdf]
    assert printed == [letter(rank) for rank in range(len(printed))] and len(printed) < len(found)
    assert {"registre", "definitions", "sources", "figures-et-tableaux"} <= {
        annexe.name for annexe in found if not annexe.in_pdf
    }


def test_letters_go_on_after_z() -> None:
    assert [letter(rank) for rank in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
