"""The online form of a review: taken by LimeSurvey as it is, and its answers find their passage again."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import pytest
from chapitre_essai import html, write_copy
from limesurvey import faults, imported

from analysis.livre.article.articles import article_of_html
from analysis.noyau.errors import InvalidData
from analysis.noyau.paths import Project
from analysis.relecture.passages import version_of_article
from analysis.relecture.reception import recevoir
from analysis.relecture.remarques import load_listes
from analysis.relecture.remis.formulaire import anchor_of_code, questionnaire
from analysis.relecture.remis.preparation import preparer
from analysis.sources.commentaires import load_commentaires

VERSION = version_of_article(article_of_html(html(), name="val"), territoire="val", jour="2026-11-20")


def test_the_importer_takes_it_as_it_is() -> None:
    hostile = 'Un titre "cité" {TOKEN} <b>'
    content = questionnaire(VERSION, load_listes(Project.here()), titre=hostile).encode("utf-8")
    assert faults(content) == []
    rows = imported(content)
    passages = [row for row in rows if row["class"] == "A" and row["name"].startswith("P")]
    assert len(passages) == len(VERSION.passages)
    title = next(row["text"] for row in rows if row["name"] == "surveyls_title")
    assert title == "Un titre 'cité' 'TOKEN' 'b'"


def test_a_code_leads_to_its_passage_and_no_further() -> None:
    first, last = VERSION.passages[0], VERSION.passages[-1]
    assert anchor_of_code("P001", VERSION) == first.ancre
    assert anchor_of_code(f"P{len(VERSION.passages):03}", VERSION) == last.ancre
    assert [anchor_of_code(c, VERSION) for c in ("P000", "P999", "titre", "")] == [""] * 4


def test_answers_in_codes_and_in_full_tell_the_same_remark(small: Project, tmp_path: Path) -> None:
    write_copy(small, html())
    preparer(small, "val")
    place = next(rank for rank, p in enumerate(VERSION.passages, start=1) if p.ancre == "partie-2")
    titre = VERSION.passages[place - 1].titre
    rows = {
        "codes": ["1", "Y", "A3", f"P{place:03}", "A2", "Je ne suis pas d'accord avec ceci.", "Y"],
        "full": ["1", "Oui", "Élus", f"{titre} [partie-2]", "Désaccord", "Ni avec cela non plus.", "Oui"],
    }
    head = ["id", "consent", "college", "passage", "genre", "remarque", "publier"]
    for name, row in rows.items():
        path = tmp_path / f"{name}.csv"
        lines = [",".join(f'"{cell}"' for cell in cells) for cells in (head, row)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        assert recevoir(small, "val", path, today=date(2026, 11, 26)).added == 1
    told = [(c.ancre, c.role, c.genre, c.consentement) for c in load_commentaires(small, "val")]
    assert told == [("partie-2", "elus", "desaccord", "oui")] * 2


HEADS = {
    "id": "ID de la réponse",
    "submitdate": "Date de soumission",
    "lastpage": "Dernière page",
    "startlanguage": "Langue de départ",
    "seed": "Tête de série",
    "consent": "Voulez-vous donner votre avis\u00a0?",
    "college": "De quel collège êtes-vous\u00a0?",
    "passage": "De quel passage parlez-vous\u00a0?",
    "genre": "Votre remarque est plutôt\u00a0:",
    "remarque": "Votre remarque",
    "publier": "Acceptez-vous qu'elle soit publiée, sans votre nom\u00a0?",
}
ANONYMOUS = "1980-01-01 00:00:00"


def exported(heads: str, *, full: bool, separator: str, screen: bool, yes: str = "Y") -> bytes:
    """What LimeSurvey 5.6 to 6.14 gives of three answers: two remarks, and one person who did not want to answer."""
    place = next(rank for rank, p in enumerate(VERSION.passages, start=1) if p.ancre == "partie-2")
    title = VERSION.passages[place - 1].titre
    oui, none = ("Oui", "N/A") if full else (yes, None)
    said = (oui, "Élus", f"{title} [partie-2]", "Désaccord") if full else (oui, "A3", f"P{place:03}", "A2")
    guard = "'" if screen else ""
    rows: list[tuple[str | None, ...]] = [
        (
            "1",
            ANONYMOUS,
            "2",
            "fr",
            "620783235",
            *said,
            "Le chiffre me semble trop bas.\n- il manque mars",
            oui,
        ),
        ("2", ANONYMOUS, "2", "fr", "77299420", *said, f"{guard}=1+1, très juste.", none),
        ("3", ANONYMOUS, "2", "fr", "706239419", "Non" if full else "N", None, None, None, None, none),
    ]
    texts = [f"{code}. {text}" if heads == "codes et textes" else text for code, text in HEADS.items()]
    header = list(HEADS) if heads == "codes" else texts
    lines = [
        separator.join("" if cell is None else '"' + cell.replace('"', '""') + '"' for cell in row)
        for row in (header, *rows)
    ]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n" + ("" if screen else "\r\n")).encode()


@pytest.fixture
def ready(small: Project) -> Project:
    write_copy(small, html())
    preparer(small, "val")
    return small


def test_every_way_of_exporting_a_review_gives_its_remarks_once(ready: Project, tmp_path: Path) -> None:
    """The first export adds them; no other, whatever its name, its headers, its answers, its separator, does."""
    ways = list(product(("codes", "textes", "codes et textes"), (False, True), ";,\t", (False, True)))
    for rank, (heads, full, separator, screen) in enumerate(ways):
        path = tmp_path / f"results-survey997651 ({rank}).csv"
        path.write_bytes(exported(heads, full=full, separator=separator, screen=screen))
        found = recevoir(ready, "val", path, today=date(2026, 11, 26))
        assert (found.read, found.added, found.already, found.refused) == (
            3,
            2 * (not rank),
            2 * bool(rank),
            1,
        )
        assert "un refus de donner son avis" in str(found.constats)
    told = [(c.ancre, c.role, c.genre, c.consentement, c.texte) for c in load_commentaires(ready, "val")]
    assert told == [
        ("partie-2", "elus", "desaccord", "oui", "Le chiffre me semble trop bas.\n- il manque mars"),
        ("partie-2", "elus", "desaccord", "", "=1+1, très juste."),
    ]


def test_a_second_download_without_the_seed_doubles_nothing_either(ready: Project, tmp_path: Path) -> None:
    for rank, name in enumerate(("results-survey1.csv", "reponses de la mairie.csv")):
        content = exported("codes", full=bool(rank), separator=";", screen=False).decode()
        for seed in ("seed", "620783235", "77299420", "706239419"):
            content = content.replace(f'"{seed}";', "")
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        assert recevoir(ready, "val", path, today=date(2026, 11, 26)).added == 2 * (not rank)


def test_yes_and_no_in_figures_are_refused_with_the_setting(ready: Project, tmp_path: Path) -> None:
    path = tmp_path / "results-survey1.csv"
    path.write_bytes(exported("codes", full=False, separator=",", screen=True, yes="1"))
    with pytest.raises(InvalidData, match="« Convertir Y en » et « Convertir N en »"):
        recevoir(ready, "val", path, today=date(2026, 11, 26))
    assert load_commentaires(ready, "val") == ()


def test_questions_cut_short_are_refused_with_the_setting(ready: Project, tmp_path: Path) -> None:
    """« Votre remarque » is short enough to be whole: without the consent, it would be read alone."""
    content = exported("textes", full=True, separator=",", screen=True).decode()
    for text in HEADS.values():
        content = content.replace(f'"{text}"', f'"{text[:15]}.. "' if len(text) > 15 else f'"{text}"', 1)
    path = tmp_path / "results-survey1.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidData, match=r"sans « college », .*« Code de la question »"):
        recevoir(ready, "val", path, today=date(2026, 11, 26))
