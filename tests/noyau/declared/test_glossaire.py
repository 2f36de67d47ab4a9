"""The glossary: every form leads to one word, and no word is empty; an abbreviation is told once."""

from __future__ import annotations

from collections import Counter

from analysis.noyau.declared.glossaire import load_glossary, load_sigles
from analysis.noyau.paths import Project


def test_a_form_belongs_to_one_word() -> None:
    terms = load_glossary(Project.here())
    forms = Counter(form for term in terms for form in term.formes)
    assert max(forms.values()) == 1 and all(form.strip() == form and form for form in forms)


def test_words_stand_where_the_alphabet_puts_what_a_reader_sees() -> None:
    """« Équivalent temps plein » between « Entreprise… » and « ETP-année », whatever their codes."""
    names = [term.libelle for term in load_glossary(Project.here())]
    places = [
        next(place for place, name in enumerate(names) if name.startswith(start))
        for start in ("Collège", "Date d'arrêté", "Entreprise à but", "Équivalent temps", "ETP-année", "Zone")
    ]
    assert places == sorted(places) and names[-1].startswith("Zone")


def test_an_abbreviation_is_told_once_from_the_glossary_or_the_list() -> None:
    sigles = {one.sigle: one.libelle for one in load_sigles(Project.here())}
    assert len(sigles) == len(load_sigles(Project.here()))
    assert sigles["PPDE"] == "Personne privée durablement d'emploi"
    assert sigles["RSA"] == "revenu de solidarité active"
    assert list(sigles).index("AAH") < list(sigles).index("CLE") < list(sigles).index("Dares")
