"""A text without a signature or a date is not published."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.noyau.errors import InvalidData
from analysis.sources.texts import load_text


def load(tmp_path: Path, text: str):  # noqa: ANN201
    path = tmp_path / "val.md"
    path.write_text(text, encoding="utf-8")
    return load_text(path, shown="val.md")


def test_head_and_body(tmp_path: Path) -> None:
    texte = load(tmp_path, "auteur: Ada\ndate: 2026-11-23\n\n### Titre\n\nCorps.\n")
    assert (texte.auteur, texte.date.label) == ("Ada", "23 novembre 2026")
    assert texte.corps == "### Titre\n\nCorps."


def test_no_file_is_no_text(tmp_path: Path) -> None:
    assert load_text(tmp_path / "rien.md", shown="rien.md") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Corps sans rien.", "« auteur: » ni « date: »"),
        ("auteur: Ada\n\nCorps.", "sans « date: »"),
        ("auteur: Ada\ndate: hier\n\nCorps.", "la date « hier »"),
    ],
)
def test_unsigned_or_undated_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InvalidData, match=told):
        load(tmp_path, text)
