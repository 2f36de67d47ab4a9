"""An article of the book is written as Typst once: it is given back while it is as it was."""

from __future__ import annotations

from pathlib import Path

from analysis.livre.imprime.gardes import Gardes
from analysis.livre.imprime.typst_markup import Labels, written
from analysis.stations.store import Store

HTML = (
    '<h1 id="titre">Un</h1><p><a href="b.html#x">là</a></p><table><tr><th>A</th></tr><tr><td>1</td></tr></table>'
    '<p><img src="data:image/svg+xml;base64,PHN2Zy8+" alt="Rien"></p>'
)
NOWHERE: Labels = frozenset()
THERE: Labels = frozenset({("b.html", "x")})


def test_what_is_kept_is_what_would_be_written(tmp_path: Path) -> None:
    wanted = written("a", HTML, "3", THERE, False)
    assert wanted.images == {"a-1.svg": b"<svg/>"} and len(wanted.tables) == 1
    for _ in range(2):
        assert Gardes(Store(tmp_path)).written("a", HTML, "3", THERE, False) == wanted
    assert Gardes().written("a", HTML, "3", THERE, False) == wanted


def test_all_that_an_article_is_written_of_makes_it_written_again(tmp_path: Path) -> None:
    given = ("a", HTML, "3", THERE, False)
    Gardes(Store(tmp_path)).written(*given)
    others = (
        ("a", HTML.replace("Un", "Deux"), "3", THERE, False),
        ("a", HTML, "4", THERE, False),
        ("a", HTML, "3", NOWHERE, False),
        ("a", HTML, "3", THERE, True),
    )
    for other, why in zip(
        others, ("son article", "son rang", "les lieux où il mène", "sa page"), strict=True
    ):
        store = Store(tmp_path)
        assert Gardes(store).written(*other) == written(*other)
        assert store.verdicts["typst/a"].reason == f"a changé : {why}"
        Gardes(Store(tmp_path)).written(*given)
    store = Store(tmp_path)
    Gardes(store, {"code": "1"}).written(*given)
    assert store.verdicts["typst/a"].reason == "a changé : code"
