"""The round trip on real files: a chapter to Word, two hundred comments in LibreOffice, and back."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from chapitre_essai import THEMES, html, moved_html, paragraph, write_copy
from libreoffice import needs_office, office

from analysis.noyau.french import typography
from analysis.noyau.paths import Project
from analysis.relecture.commandes_relecture import etat
from analysis.relecture.reception import recevoir
from analysis.relecture.remis.preparation import preparer
from analysis.relecture.reponses import ecrire_reponses, repondre
from analysis.sources.commentaires import load_commentaires

TODAY = date(2026, 11, 26)
HERE = Path(__file__).parent
KINDS = ("Accord", "Désaccord", "Précision", "Témoignage", "Note")


def orders() -> dict[str, list[dict[str, str]]]:
    """Two hundred comments over sixty paragraphs, three words each and another three, and four changes."""
    quotes = []
    for rank in range(len(THEMES)):
        for part in (1, 2, 3):
            words = paragraph(rank, part)
            quotes.append(words[: words.index(" occupe")])
            quotes.append(words[words.index("d'après le relevé") : words.index(", et ")])
            quotes.append(words[words.index("occupe") : words.index(" du comité")])
    quotes += [
        "Effectif de l'atelier",
        "Maraîchage",
        "Une citation.",
        "Ce chapitre dit ce que",
        "Relevé du comité.",
    ]
    quotes += [f"Partie {rank + 1} : {THEMES[rank]}" for rank in range(15)]
    assert len(quotes) == 200
    comments = [
        {
            "quote": typography(q),
            "text": f"{KINDS[i % 5]} : remarque numéro {i}",
            "author": "Élus" if i % 2 else "Jeanne Martin",
        }
        for i, q in enumerate(quotes)
    ]
    changes = [
        {"find": "et emploi reste un besoin", "put": "et emploi reste une demande"},
        {"find": "et sport reste ", "put": ""},
        {"find": typography("Source : relevé d'heures."), "put": "Source : relevé d'heures de 2019."},
    ]
    answers = [
        {"cell": "B1", "answer": "Associations"},
        {"cell": "B2", "answer": "Oui"},
    ]
    return {"comments": comments, "changes": changes, "answers": answers}


def commented(source: Path, folder: Path, wanted: dict[str, list[dict[str, str]]]) -> Path:
    """The document once LibreOffice has planted all that and stored it for Word."""
    target, told = folder / "relu.docx", folder / "ordres.json"
    told.write_text(json.dumps(wanted), encoding="utf-8")
    with office(folder / "profil") as run:
        run(HERE / "poser.py", source, target, told)
    return target


@needs_office
def test_two_hundred_comments_come_back_and_follow_the_text(
    small: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_copy(small, html())
    pack = preparer(small, "val")
    folder = tmp_path / "office"
    folder.mkdir()
    wanted = orders()
    target = commented(pack / "chapitre-val.docx", folder, wanted)
    found = recevoir(small, "", target, today=TODAY)
    comments = load_commentaires(small, "val")
    texts = {comment.texte for comment in comments}
    assert {order["text"] for order in wanted["comments"]} <= texts
    assert found.added == found.read == len(comments) == 200 + 3 and found.refused == 0
    assert {c.rattachement for c in comments} == {"en_place"}
    assert {c.role for c in comments} == {"elus", "associations"} and {c.consentement for c in comments} == {
        "oui"
    }
    by_text = {comment.texte: comment for comment in comments}
    for order in wanted["comments"]:
        assert by_text[order["text"]].citation == order["quote"]
    assert by_text["Désaccord : remarque numéro 1"].genre == "desaccord"
    assert by_text["Note : remarque numéro 4"].genre == ""
    assert by_text["Accord : remarque numéro 180"].ancre == "ma-figure"
    assert by_text["Désaccord : remarque numéro 181"].ancre == "mon-tableau"
    assert by_text["Témoignage : remarque numéro 183"].ancre == "titre"
    proposals = [c.texte for c in comments if c.texte.split()[0] in ("Remplacer", "Ajouter", "Supprimer")]
    assert len(proposals) == 3 and any(text.startswith("Supprimer « et sport reste") for text in proposals)
    assert "Jeanne" not in (small.relectures / "val" / "commentaires.csv").read_text(encoding="utf-8")

    again = recevoir(small, "val", target, today=TODAY)
    assert (again.added, again.already) == (0, 203) and load_commentaires(small, "val") == comments

    book = openpyxl.load_workbook(ecrire_reponses(small, "val"))
    sheet = book["Réponses"]
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, 7).value, sheet.cell(row, 8).value = "Répondu sans changer le texte", f"Merci, {row}."
    book.save(tmp_path / "reponses.xlsx")
    answered = repondre(small, tmp_path / "reponses.xlsx", today=TODAY)
    assert answered.changed == 203 and all(c.reponse for c in load_commentaires(small, "val"))

    write_copy(small, moved_html())
    assert etat(small, "val") == 0
    assert capsys.readouterr().out.count("sans place") == 10
    after = {comment.texte: comment for comment in load_commentaires(small, "val")}
    assert set(after) == set(by_text)
    moved = [
        after[by.texte]
        for by in comments
        if "remarque" in by.texte and by.citation in typography(paragraph(0, 2))
    ]
    assert moved and all((c.ancre, c.rattachement) == ("partie-10", "deplace") for c in moved)
    gone = [after[by.texte] for by in comments if by.ancre == "partie-4"]
    assert len(gone) == 10 and all(c.rattachement == "orphelin" for c in gone)
    for rank, part in ((1, 2), (2, 3)):
        lost = [
            after[by.texte]
            for by in comments
            if by.ancre == f"partie-{rank + 1}" and by.citation in typography(paragraph(rank, part))
        ]
        assert len(lost) == 3 and all(c.rattachement == "section" for c in lost)
    assert sum(c.rattachement == "en_place" for c in after.values()) == 203 - 3 - 10 - 6


@needs_office
def test_a_sheet_saved_by_libreoffice_reads_the_same(small: Project, tmp_path: Path) -> None:
    write_copy(small, html())
    book = openpyxl.load_workbook(preparer(small, "val") / "contribution-associations.xlsx")
    page = book["Contribution"]
    for column, value in enumerate(
        ("Partie 2 : logement [partie-2]", "", "Accord", "C'est vrai ici", "Oui"), start=1
    ):
        page.cell(7, column).value = value
    book.save(tmp_path / "feuille.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "ods", "--outdir", str(tmp_path)]
    subprocess.run([*convert, str(tmp_path / "feuille.xlsx")], check=True, capture_output=True, timeout=120)
    found = recevoir(small, "", tmp_path / "feuille.ods", today=TODAY)
    assert (found.read, found.added, found.constats) == (1, 1, ())
    (kept,) = load_commentaires(small, "val")
    assert (kept.ancre, kept.role, kept.genre, kept.consentement) == (
        "partie-2",
        "associations",
        "accord",
        "oui",
    )
    assert recevoir(small, "val", tmp_path / "feuille.xlsx", today=TODAY).already == 1
