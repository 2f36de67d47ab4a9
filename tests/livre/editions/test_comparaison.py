"""What changed between two editions is told once, where a reader looks for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.livre.editions.comparaison import Change, compare, comparer, difference, known_releve
from analysis.livre.editions.releve import (
    KEY,
    Ancre,
    Cellule,
    Correction,
    Passage,
    Releve,
    read_releve,
    write_releve,
)
from analysis.noyau.errors import UnknownName
from analysis.noyau.paths import Project

PAGES = (
    Ancre("val", "titre", "page", "Val-d'Essai"),
    Ancre("val", "emploi", "section", "L'emploi"),
    Ancre("val", "effectif", "tableau", "Effectif de l'EBE"),
)
FIRST = Releve(
    "2026-1",
    (
        Cellule("val", KEY, "Salariés", "chiffre clé", "40 personnes (2019)"),
        Cellule("val", "effectif", "Essai 58", "Valeur", "40"),
        Cellule("val", "effectif", "Essai 58", "Source", "RCF, décembre 2019"),
        Cellule("old", "liste", "a", "b", "1"),
    ),
    (*PAGES, Ancre("old", "titre", "page", "Ancien"), Ancre("old", "liste", "tableau", "Liste")),
    (Passage("val", "titre", "Que sait-on ?"), Passage("val", "emploi", "Il y a 40 salariés.")),
)
SECOND = Releve(
    "2026-2",
    (
        Cellule("val", KEY, "Salariés", "chiffre clé", "50 personnes (2020)"),
        Cellule("val", "effectif", "Essai 58", "Valeur", "50"),
        Cellule("val", "effectif", "Essai 58", "Source", "RCF, décembre 2019"),
        Cellule("val", "effectif", "Essai 63", "Valeur", "3"),
        Cellule("val", "delais", "un an", "part", "secret"),
    ),
    (*PAGES, Ancre("val", "delais", "figure", "Les délais"), Ancre("new", "titre", "page", "Nouveau")),
    (
        Passage("val", "titre", "Que sait-on ?"),
        Passage("val", "emploi", "Il y a 50 salariés & <un> apprenti."),
    ),
)


def test_each_change_is_told_once() -> None:
    found = compare(FIRST, SECOND)
    assert (found.pages_ajoutees, found.pages_retirees) == (("Nouveau",), ("Ancien",))
    assert (found.objets_ajoutes, found.objets_retires) == (("Val-d'Essai : Les délais (figure)",), ())
    place = ("Val-d'Essai", "En bref", "Salariés", "chiffre clé")
    assert found.chiffres_cles == (Change(*place, "40 personnes (2019)", "50 personnes (2020)"),)
    assert [(c.ligne, c.colonne, c.avant, c.apres) for c in found.cellules] == [
        ("Essai 58", "Valeur", "40", "50"),
        ("Essai 63", "Valeur", "absent", "3"),
    ]
    (text,) = found.textes
    assert (text.page, text.place) == ("Val-d'Essai", "L'emploi")
    assert text.html == (
        "Il y a <del>40 salariés.</del> <ins>50 salariés &amp; &lt;un&gt; apprenti.</ins>"
    ), text.html


def test_two_copies_of_one_edition_differ_in_nothing() -> None:
    found = compare(FIRST, FIRST)
    assert not any(getattr(found, name) for name in list(found.__dataclass_fields__)[2:])


def test_a_title_that_changes_at_its_place_and_an_added_erratum_are_told() -> None:
    page, section, table = PAGES
    renamed = (page, Ancre("val", "emploi", "section", "Le travail"), table)
    old = Correction("2026-11-23", "val", "« 40 » était « 30 ».")
    new = Correction("2026-12-01", "errant", "Une date.")
    found = compare(Releve("2026-1", (), PAGES, (), (old,)), Releve("2026-2", (), renamed, (), (old, new)))
    assert section.titre == "L'emploi"
    assert found.titres == ("Val-d'Essai : « L'emploi » devient « Le travail » (section)",)
    assert found.errata == ("1er décembre 2026, errant : Une date.",)
    assert not (found.objets_ajoutes or found.objets_retires or found.textes)


def test_an_edition_of_before_errata_were_kept_is_read_without(tmp_path: Path) -> None:
    folder = tmp_path / "2026-1"
    folder.mkdir()
    told = Releve("2026-1", (), PAGES, (), (Correction("2026-11-23", "val", "« 40 », non 30."),))
    write_releve(told, folder)
    assert read_releve(folder) == told
    (folder / "errata.csv").unlink()
    assert read_releve(folder).corrections == ()


def test_words_put_in_and_taken_out() -> None:
    assert difference("", "un") == "<ins>un</ins>" and difference("un", "") == "<del>un</del>"
    assert difference("a b c", "a c") == "a <del>b</del> c"


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    folder = tmp_path / "2026-1"
    folder.mkdir()
    write_releve(FIRST, folder)
    assert read_releve(folder) == FIRST


def test_an_edition_without_any_cell_is_read_too(tmp_path: Path) -> None:
    folder = tmp_path / "2026-3"
    folder.mkdir()
    empty = Releve("2026-3", (), PAGES, ())
    write_releve(empty, folder)
    assert read_releve(folder) == empty


def test_the_page_stands_alone_and_an_unknown_edition_is_refused(small: Project) -> None:
    erratum = Correction("2026-11-23", "val", "« 40 », non 30.")
    path = comparer(small, FIRST, replace(SECOND, corrections=(erratum,)))
    page = path.read_text(encoding="utf-8")
    assert "23 novembre 2026, Val-d’Essai\u00a0: «\u00a040\u00a0», non 30.</li>" in page
    assert path.name == "2026-1--2026-2.html" and "1 chiffre clé, 2 cellules" in page and "href" not in page
    assert "<td>40 personnes (2019)</td><td>50 personnes (2020)</td>" in page
    with pytest.raises(UnknownName, match="2026-9"):
        known_releve(small, "2026-9", None)
