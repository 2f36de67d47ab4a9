"""A reply is signed, dated, whole, and contests figures that exist."""

from __future__ import annotations

import pytest

from analysis.noyau.errors import InvalidData
from analysis.noyau.paths import Project
from analysis.sources.reponses import load_reponses

GOOD = (
    "de: Le Fonds\ndate: 2026-12-03\npage: synthese\nchiffres: 1 3\npassages: synthese#carte\n\n"
    "Nous ne sommes pas d'accord.\n\nVoici pourquoi.\n"
)
NUMBERS = frozenset({1, 2, 3})


def write(project: Project, text: str, name: str = "fonds") -> None:
    folder = project.data / "publication"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.md").write_text(text, encoding="utf-8", newline="\n")


def test_nobody_answered_yet(small: Project) -> None:
    assert load_reponses(small, NUMBERS) == ()


def test_a_reply_is_kept_whole_with_what_it_contests(small: Project) -> None:
    write(small, GOOD)
    write(small, GOOD.replace("2026-12-03", "2026-12-01").replace("chiffres: 1 3\n", ""), name="ville")
    first, second = load_reponses(small, NUMBERS)
    assert (first.code, first.chiffres, second.anchor) == ("ville", (), "reponse-fonds")
    assert (second.de, second.page, second.chiffres) == ("Le Fonds", "synthese", (1, 3))
    assert second.passages == (("synthese", "carte"),)
    assert second.texte == "Nous ne sommes pas d'accord.\n\nVoici pourquoi."


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("de: Le Fonds\n", "", "un début sans « de: »"),
        ("de: Le Fonds\n", "de: Le Fonds\nqui: moi\n", "un début avec « qui: »"),
        ("2026-12-03", "décembre", "la date « décembre »"),
        ("2026-12-03", "2026-12", "la date « 2026-12 »"),
        ("chiffres: 1 3", "chiffres: 1 99", "le chiffre « 99 »"),
        ("chiffres: 1 3", "chiffres: un", "le chiffre « un »"),
        ("synthese#carte", "carte", "le passage « carte »"),
        ("Nous ne sommes pas d'accord.\n\nVoici pourquoi.\n", " ", "aucun texte"),
    ],
)
def test_a_reply_that_may_not_be_printed_is_refused(small: Project, old: str, new: str, said: str) -> None:
    write(small, GOOD.replace(old, new))
    with pytest.raises(InvalidData) as refused:
        load_reponses(small, NUMBERS)
    assert len(refused.value.findings) == 1
    assert "data/publication/fonds.md" in str(refused.value) and f"trouvé {said}" in str(refused.value)
