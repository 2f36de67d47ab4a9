"""The site is whole or not at all, and every link of it leads somewhere."""

from __future__ import annotations

from pathlib import Path

from analysis.livre.site import broken_links, swap


def test_links_to_nowhere_and_requests_elsewhere_are_found() -> None:
    pages = {
        "a.html": '<h1 id="t">A</h1><a href="b.html#ici">ok</a><a href="#t">ok</a>'
        '<a href="https://example.org">dehors</a><a href="b.html#rien">x</a><a href="c.html">x</a>'
        '<img src="data:image/svg+xml;base64,AA"><img src="https://example.org/i.png">',
        "b.html": '<p id="ici"></p>',
    }
    assert broken_links(pages) == [
        "a.html renvoie à b.html#rien",
        "a.html renvoie à c.html",
        "a.html demande https://example.org/i.png",
    ]


def test_a_new_folder_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    old, new = tmp_path / "html", tmp_path / ".html-1"
    for folder, text in ((old, "ancien"), (new, "nouveau")):
        folder.mkdir()
        (folder / "index.html").write_text(text, encoding="utf-8")
    (old / "disparu.html").write_text("", encoding="utf-8")
    swap(new, old)
    assert [path.name for path in tmp_path.iterdir()] == ["html"]
    assert [path.name for path in old.iterdir()] == ["index.html"]
    assert (old / "index.html").read_text(encoding="utf-8") == "nouveau"
