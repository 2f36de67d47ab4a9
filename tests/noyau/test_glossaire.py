"""The glossary: every form leads to one word, and no word is empty."""

from __future__ import annotations

from collections import Counter

from analysis.noyau.glossaire import load_glossary
from analysis.noyau.paths import Project


def test_a_form_belongs_to_one_word() -> None:
    terms = load_glossary(Project.here())
    forms = Counter(form for term in terms for form in term.formes)
    assert max(forms.values()) == 1 and all(form.strip() == form and form for form in forms)
    assert [term.terme for term in terms] == sorted(term.terme for term in terms)
