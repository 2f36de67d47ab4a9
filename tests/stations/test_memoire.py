"""What a process remembers is of the same bytes: a file that is another one, or changed meanwhile, is read again."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.stations.memoire import Memoire

READ = {"data/a.csv": "1", "textes/val.md": "2", "textes/vide.md": "3"}
OF = ("textes/val.md",)


def after(read: Mapping[str, str], *, about: str = "", anew: bool = False) -> Memoire:
    return Memoire(read, apart="textes/", about=(about,), anew=anew)


def what(known: Memoire) -> str:
    """« avant » where it is remembered."""
    return known.take("un essai", lambda: "après", of=OF)


def remembered(about: str) -> None:
    known = after(READ, about=about)
    assert known.take("un essai", lambda: "avant", of=OF) == "avant"
    known.keep({**READ})


def test_what_the_same_bytes_gave_is_given_back() -> None:
    remembered("même")
    assert what(after({**READ}, about="même")) == "avant"
    assert what(after({**READ, "textes/vide.md": "4"}, about="même")) == "avant", "a text of another chapter"


def test_nothing_is_given_back_of_other_bytes_of_another_project_or_where_all_is_made_anew() -> None:
    remembered("autre")
    for read in ({**READ, "textes/val.md": "4"}, {**READ, "data/a.csv": "4"}, {**READ, "data/b.csv": "1"}):
        assert what(after(read, about="autre")) == "après"
    assert what(after({name: of for name, of in READ.items() if name not in OF}, about="autre")) == "après"
    assert what(after(READ, about="un autre projet")) == "après"
    assert what(after(READ, about="autre", anew=True)) == "après"


def test_what_was_made_while_a_file_changed_is_not_remembered() -> None:
    known = after(READ, about="pendant")
    assert what(known) == "après" and what(known) == "après", "within one build it stands"
    known.keep({**READ, "data/a.csv": "4"})
    made = after(READ, about="pendant").take("un essai", lambda: "refait", of=OF)
    assert made == "refait"
