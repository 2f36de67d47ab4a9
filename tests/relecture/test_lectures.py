"""Each form of a reviewed file, hostile ones too: what is kept, what is refused, and that nothing is lost."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from chapitre_essai import SVG, fixture_path, html, write_copy

from analysis.cli import main
from analysis.depot.formes.coffre import Refused
from analysis.livre.article.articles import article_of_html
from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.errors import BilanError, InvalidData
from analysis.noyau.paths import Project
from analysis.relecture.ancres import (
    Passage,
    Version,
    load_versions,
    save_version,
    signets,
)
from analysis.relecture.commandes_relecture import retirer
from analysis.relecture.passages import version_of_article
from analysis.relecture.rattachement import rattacher
from analysis.relecture.reception import Reception, recevoir
from analysis.relecture.recus.docx_recus import open_docx, read_docx
from analysis.relecture.recus.xml_recu import parsed
from analysis.relecture.remarques import load_listes
from analysis.relecture.remis.chapitre_docx import MARK, chapitre_docx, chapitres_docx
from analysis.relecture.remis.preparation import preparer
from analysis.relecture.reponses import ecrire_reponses, repondre
from analysis.sources.commentaires import (
    GENRES,
    RATTACHEMENTS,
    STATUTS,
    load_all,
    load_commentaires,
    save_commentaires,
    visible,
)

TODAY = date(2026, 11, 26)
HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|'/C calc'!A0",
    "\u202eà l'envers\u2066",
    "un\x00deux\x1bt",
    "<b>gras</b> & \"guillemets\" ; 'apostrophe'\nligne",
    "@SUM(1+1)",
    "_x0041_ et \ufffe",
)
CONTENT = '<?xml version="1.0" encoding="UTF-8"?>'
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.fixture
def ready(small: Project) -> Project:
    """A project whose chapter was handed out."""
    write_copy(small, html())
    preparer(small, "val")
    return small


def version() -> Version:
    return version_of_article(article_of_html(html(), name="val"), territoire="val", jour="2026-11-20")


def docx_of(body: str, comments: str = "", extended: str = "", **more: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f"{CONTENT}<w:document {W}><w:body>{body}</w:body></w:document>"
        )
        if comments:
            archive.writestr("word/comments.xml", f"{CONTENT}<w:comments {W}>{comments}</w:comments>")
        if extended:
            archive.writestr("word/commentsExtended.xml", f"{CONTENT}<w:x {W}>{extended}</w:x>")
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return packed.getvalue()


def words(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def comment(number: int, text: str, author: str = "Élus", para: str = "") -> str:
    return (
        f'<w:comment w:id="{number}" w:author="{author}" w:date="2026-11-2{number}T10:00:00Z">'
        f'<w:p w:paraId="{para}">{words(text)}</w:p></w:comment>'
    )


def head(name: str) -> str:
    return f'<w:p><w:bookmarkStart w:id="9" w:name="{name}"/>{words("T")}<w:bookmarkEnd w:id="9"/></w:p>'


def sheet_of(project: Project, rows: list[tuple[str, str, str, str, str]], name: str = "elus") -> Path:
    path = project.outputs / "relecture" / "val" / f"contribution-{name}.xlsx"
    book = openpyxl.load_workbook(path)
    page = book["Contribution"]
    for line, row in enumerate(rows, start=7):
        for column, value in enumerate(row, start=1):
            cell = page.cell(line, column)
            cell.value, cell.data_type = value, "s"
    target = project.root / f"{name}-rempli.xlsx"
    book.save(target)
    return target


def told(found: Reception) -> str:
    return "\n".join(map(str, found.constats))


# The lists and the record


def test_codes_are_those_of_the_dictionary(small: Project) -> None:
    lists = {name: tuple(c.code for c in choices) for name, choices in load_nomenclatures(small).items()}
    assert lists["genre_commentaire"] == GENRES
    assert lists["statut_commentaire"] == STATUTS and lists["rattachement"] == RATTACHEMENTS


def test_hostile_text_survives_the_table_and_stays_text(ready: Project) -> None:
    rows = [annotation(rank, text) for rank, text in enumerate((*HOSTILE, "x" * 2**20))]
    path = fixture_path(ready.root, "notes.json", json.dumps(rows))
    found = recevoir(ready, "", path, today=TODAY)
    assert (found.read, found.added, found.refused) == (8, 7, 1) and "1048576 caractères" in told(found)
    kept = [c.texte for c in load_commentaires(ready, "val")]
    assert kept == [_shown(text) for text in HOSTILE] == [c.texte for c in load_all(ready)]
    book = openpyxl.load_workbook(ecrire_reponses(ready, "val"))
    cells = [cell for row in book["Réponses"].iter_rows() for cell in row if cell.value]
    assert all(cell.data_type == "s" for cell in cells)
    assert {visible(text) for text in kept} <= {str(cell.value) for cell in cells}
    assert not any("\u202e" in str(cell.value) for cell in cells)


def _shown(text: str) -> str:
    return re.sub("[\x00\x1b\ufffe]", "\ufffd", text)


def test_a_comment_that_contradicts_itself_is_not_built(ready: Project) -> None:
    recevoir(ready, "", sheet_of(ready, [("", "", "", "Bien", "")]), today=TODAY)
    (one,) = load_commentaires(ready, "val")
    faults = (
        {"genre": "colere"},
        {"statut": "pris_en_compte", "date_reponse": "2026-11-26"},
        {"statut": "repondu", "date_reponse": "2026-11-26"},
        {"reponse": "Oui"},
        {"statut": "retire"},
        {"consentement": "peut-être"},
        {"texte": "x" * 20_001},
    )
    for fault in faults:
        with pytest.raises(ValueError):
            replace(one, **fault)  # type: ignore[arg-type]
    path = ready.relectures / "val" / "commentaires.csv"
    path.write_text(path.read_text(encoding="utf-8").replace('"a_repondre"', '"perdu"'), encoding="utf-8")
    with pytest.raises(InvalidData, match="statut"):
        load_commentaires(ready, "val")


# Word


def test_the_document_is_the_same_twice_and_marked() -> None:
    article = article_of_html(html(), name="val")
    content = chapitre_docx(article, version(), mark="Démonstration : inventé")
    assert content == chapitre_docx(article, version(), mark="Démonstration : inventé")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith("xml")}
    document = parts["word/document.xml"]
    assert all(f'w:name="{name}"' in document for name in signets(version().passages).values())
    assert 'descr="Une barre de 12 personnes."' in document and "w:tblHeader" in document
    assert MARK in parts["word/header1.xml"] and "Démonstration" in parts["word/header1.xml"]
    assert f"val/{version().empreinte}" in parts["docProps/core.xml"] and "fr-FR" in parts["word/styles.xml"]
    large = chapitre_docx(article, version(), grand=True)
    assert len(large) > 10_000
    assert chapitres_docx(article, version()) == (chapitre_docx(article, version()), large)


def test_an_unknown_element_is_an_error_not_a_silence() -> None:
    article = article_of_html('<h1 id="titre">T</h1><marquee>x</marquee>', name="t")
    with pytest.raises(BilanError, match="« marquee »"):
        chapitre_docx(article, version_of_article(article, territoire="val", jour=""))


def test_bookmarks_are_one_to_one() -> None:
    anchors = ("a-b", "a_b", "x" * 60, "x" * 50, "1-an", "relecture")
    names = signets([Passage(anchor, "section", "", "") for anchor in anchors])
    assert len(set(names.values())) == len(anchors)
    assert all(name[0].isalpha() and len(name) <= 40 and "-" not in name for name in names.values())


def test_comments_replies_and_changes_of_word(ready: Project) -> None:
    body = (
        head("partie_1")
        + f'<w:p>{words("avant ")}<w:commentRangeStart w:id="1"/>{words("les mots")}<w:commentRangeEnd w:id="1"/>'
        + '<w:r><w:commentReference w:id="1"/></w:r></w:p>'
        + f'<w:p>{words("Il reste ")}<w:del w:author="Jeanne Martin" w:date="2026-11-20T08:00:00Z"><w:r><w:delText>dix</w:delText></w:r></w:del>'
        + f'<w:ins w:author="Jeanne Martin" w:date="2026-11-20T08:00:00Z">{words("douze")}</w:ins>{words(" postes")}'
        + f'<w:ins w:author="Associations">{words(" au moins")}</w:ins></w:p>'
    )
    notes = comment(1, "DESACCORD: non", para="A") + comment(2, "Réponse à cela", "Jeanne Martin", "B")
    links = '<w:commentEx w:paraId="B" w:paraIdParent="A"/>'
    listes = load_listes(ready)
    lecture = read_docx(open_docx(docx_of(body, notes, links)), version(), listes, fichier="x.docx")
    first, reply, change, addition = lecture.remarques
    assert (first.ancre, first.citation, first.genre, first.role) == (
        "partie-1",
        "les mots",
        "desaccord",
        "elus",
    )
    assert (reply.ancre, reply.citation, reply.role) == ("partie-1", "les mots", "")
    assert (change.texte, change.citation) == ("Remplacer « dix » par « douze »", "dix")
    assert addition.texte == "Ajouter « au moins »" and addition.role == "associations"
    assert addition.citation == "Il reste dix postes" and addition.genre == "precision"
    assert "Jeanne" not in repr(lecture)


def test_what_libreoffice_writes_of_who_is_answered_is_not_kept(ready: Project) -> None:
    """Without a part for threads, the header of the answer is what tells the comment that it answers."""
    notes = ""
    for number, author, text in (
        (0, "Jeanne Martin", "Précision : le titre est trop fort."),
        (1, "Jeanne Martin", "Autre chose."),
        (
            2,
            "Paul Petit",
            'Répondre à Jeanne Martin (20/11/2026, 10:00): "..."</w:t></w:r></w:p><w:p><w:r><w:t>Désaccord : non.',
        ),
        (3, "Élus", "Comme le dit Jeanne Martin, non."),
    ):
        notes += comment(number, text, author).replace("T10:00", f"T1{number}:00")
    marks = "".join(f'<w:r><w:commentReference w:id="{n}"/></w:r>' for n in (0, 1, 2, 3))
    path = ready.root / "retour.docx"
    path.write_bytes(docx_of(head("partie_2") + f"<w:p>{marks}</w:p>", notes))
    found = recevoir(ready, "val", path, today=TODAY, consentement="oui")
    first, _, reply, naming = load_commentaires(ready, "val")
    assert (reply.texte, reply.genre, reply.reponse_a, reply.consentement) == (
        "Désaccord : non.",
        "desaccord",
        first.id,
        "oui",
    )
    assert naming.consentement == "non" and "1 remarque où un programme a écrit" in told(found)
    assert recevoir(ready, "val", path, today=TODAY).added == 0
    dirty = replace(
        reply, texte='Répondre à Jeanne Martin (20/11/2026, 10:00): "..."\nDésaccord : non.', reponse_a=""
    )
    save_commentaires(ready, "val", [first, dirty])
    recevoir(ready, "val", path, today=TODAY)
    again = {c.id: c for c in load_commentaires(ready, "val")}
    assert len(again) == 4 and again[reply.id].texte == "Désaccord : non."


def test_a_deleted_comment_is_told_and_a_settled_one_is_kept(ready: Project) -> None:
    notes = comment(1, "Gardé", para="A") + comment(2, "Réponse", para="B") + comment(3, "Supprimé", para="C")
    links = '<w:commentEx w:paraId="A" w:done="1"/><w:commentEx w:paraId="B" w:paraIdParent="A" w:done="1"/>'
    path = ready.root / "retour.docx"
    body = head("partie_2") + '<w:p><w:r><w:commentReference w:id="1"/></w:r></w:p>'
    path.write_bytes(docx_of(body, notes, links))
    found = recevoir(ready, "val", path, today=TODAY)
    assert (found.read, found.added, found.refused) == (3, 2, 1)
    assert "1 commentaire supprimé dans le document" in told(found)
    assert "1 commentaire marqué résolu" in told(found)
    first, reply = load_commentaires(ready, "val")
    assert (reply.reponse_a, reply.ancre) == (first.id, "partie-2")


def test_a_reader_who_answers_nothing_consents_to_nothing(ready: Project) -> None:
    body = head("partie_2") + f'<w:p><w:r><w:commentReference w:id="1"/></w:r>{words("x")}</w:p>'
    path = ready.root / "retour.docx"
    path.write_bytes(docx_of(body, comment(1, "Bien")))
    found = recevoir(ready, "val", path, today=TODAY)
    assert found.added == 1 and "aucune version" in told(found)
    (kept,) = load_commentaires(ready, "val")
    assert (kept.ancre, kept.consentement, kept.date) == ("partie-2", "", "2026-11-21")
    assert kept.accord == "non_demande" and "dont l'accord n'a pas été demandé" in told(found)


def test_entities_bombs_and_macros_are_refused(ready: Project, tmp_path: Path) -> None:
    xxe = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<x>" + b" " * (97 * 2**20) + b"</x>")
    entity = io.BytesIO()
    with zipfile.ZipFile(entity, "w") as archive:
        archive.writestr("word/document.xml", xxe)
    files = {
        "xxe.docx": entity.getvalue(),
        "bombe.docx": bomb.getvalue(),
        "faux.docx": b"PK\x03\x04 rien",
        "ancien.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "rien.csv": b"",
        "autre.csv": b"a;b\n1;2\n",
        "autre.json": b'{"x": 1}',
        "profond.json": b"[" * 200_000,
        "texte.txt": "Rien à voir ici, vraiment.".encode("utf-16"),
    }
    macro = io.BytesIO()
    with zipfile.ZipFile(macro, "w") as archive:
        archive.writestr("word/document.xml", b"<x/>")
        archive.writestr("word/vbaProject.bin", b"x")
    files["macro.docx"] = macro.getvalue()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InvalidData) as refused:
            recevoir(ready, "val", tmp_path / name, today=TODAY)
        assert name in str(refused.value) and "passwd" not in str(refused.value)
    with pytest.raises(Refused):
        parsed(b"<a>" * 400 + b"</a>" * 400)
    assert load_commentaires(ready, "val") == ()


# The sheet


def test_a_sheet_says_all_its_faults_and_loses_nothing(ready: Project) -> None:
    rows = [
        (
            "Partie 1 : emploi [partie-1]",
            "le relevé numéro 1 du comité",
            "Désaccord",
            "Le chiffre est bas",
            "Oui",
        ),
        ("inconnu", "", "colère", "Autre", "peut-être"),
        ("", "", "", "", "Oui"),
        ("partie-2", "", "", "Voir avec Jeanne Martin, 06 12 34 56 78", "Oui"),
        ("partie-2", "", "", "x" * 20_001, "Oui"),
        ("partie-2", "", "", "x" * 20_000, "Oui"),
        ("partie-2", "", "", "Idem", "Oui"),
        ("partie-2", "", "", "Idem", "Oui"),
    ]
    path = sheet_of(ready, rows)
    found = recevoir(ready, "", path, today=TODAY)
    assert (found.territoire, found.read, found.added, found.already, found.refused) == ("val", 8, 6, 0, 2)
    kept = load_commentaires(ready, "val")
    assert (kept[0].ancre, kept[0].genre, kept[0].consentement, kept[0].role) == (
        "partie-1",
        "desaccord",
        "oui",
        "elus",
    )
    assert kept[1].ancre == "titre" and kept[1].consentement == "non"
    assert kept[2].consentement == "non" and "06 12" in kept[2].texte
    assert len({c.id for c in kept}) == 6
    said = told(found)
    for expected in ("ligne 8, colonne « Passage »", "ligne 9", "20001 caractères", "un numéro de téléphone"):
        assert expected in said
    assert "Jeanne" not in said and "colère" not in said
    again = recevoir(ready, "val", path, today=TODAY)
    assert (again.added, again.already, again.refused) == (0, 6, 2)
    assert load_commentaires(ready, "val") == kept


def test_a_sheet_of_another_territory_or_of_none(ready: Project) -> None:
    path = sheet_of(ready, [("", "", "", "Bien", "")])
    with pytest.raises(InvalidData, match="« vide »"):
        recevoir(ready, "vide", path, today=TODAY)
    other = openpyxl.Workbook()
    other.save(ready.root / "autre.xlsx")
    with pytest.raises(InvalidData, match="Contribution"):
        recevoir(ready, "val", ready.root / "autre.xlsx", today=TODAY)


# Hypothesis, Decidim, LimeSurvey


def annotation(number: int, text: str, **more: object) -> dict[str, object]:
    quote = {
        "type": "TextQuoteSelector",
        "exact": "le relevé numéro 8 du comité",
        "prefix": "d'après ",
        "suffix": " local",
    }
    return {
        "id": f"id{number}",
        "created": "2026-11-21T09:00:00.123456+00:00",
        "user": "acct:jeanne.martin@hypothes.is",
        "uri": "https://bilan.example.org/val.html",
        "text": text,
        "tags": [],
        "target": [{"source": "https://bilan.example.org/val.html", "selector": [quote]}],
        **more,
    }


def test_annotations_of_hypothesis(ready: Project) -> None:
    rows = [
        annotation(1, "Trop bas", tags=["désaccord", "Élus", "publier"]),
        annotation(2, "Oui", references=["id1"], target=[{"source": "x"}]),
        annotation(3, "", tags=["accord"]),
        annotation(4, "Ailleurs", uri="https://bilan.example.org/thiers.html"),
        annotation(
            5, "<img src=x onerror=alert(1)>\ud800\x07", target=[], uri="file:///C:/val.html#ma-figure"
        ),
        annotation(6, "Bizarre", target="x", tags="y", references={}, created=3),
    ]
    path = ready.root / "notes.json"
    path.write_text(json.dumps({"total": 6, "rows": rows}), encoding="utf-8")
    found = recevoir(ready, "val", path, today=TODAY)
    assert (found.read, found.added, found.refused) == (6, 4, 2)
    first, reply, page, odd = load_commentaires(ready, "val")
    assert (first.ancre, first.genre, first.role, first.consentement) == (
        "partie-2",
        "desaccord",
        "elus",
        "oui",
    )
    assert (reply.ancre, reply.consentement, reply.rattachement) == ("partie-2", "", "en_place")
    assert (page.ancre, page.texte) == ("ma-figure", "<img src=x onerror=alert(1)>\ufffd\ufffd")
    assert odd.ancre == "titre"
    assert "jeanne" not in (ready.relectures / "val" / "commentaires.csv").read_text(encoding="utf-8")
    path.write_text(json.dumps(rows), encoding="utf-8")
    assert recevoir(ready, "val", path, today=TODAY).already == 4


def test_an_export_where_a_name_is_there_twice_is_refused_instead_of_read_by_half(ready: Project) -> None:
    path = ready.root / "notes.json"
    said = json.dumps([annotation(1, "Trop bas")])
    for content in (f'{{"rows": {said}, "rows": []}}', f'[{said[1:-2]}, "text": "Autre"}}]'):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(InvalidData, match="un nom se répète"):
            recevoir(ready, "val", path, today=TODAY)
    assert load_commentaires(ready, "val") == ()


def csv_of(path: Path, heads: list[str], rows: list[list[str]], separator: str = ";") -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([heads, *rows])
    path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    return path


def test_comments_of_decidim(ready: Project) -> None:
    heads = [
        "id",
        "created_at",
        "body",
        "locale",
        "author/id",
        "author/name",
        "alignment",
        "depth",
        "root_commentable_url",
    ]
    place = "https://d.example.org/processes/bilan/f/3/proposals/1#partie-3"
    rows = [
        ["12", "2026-11-20 10:00:00 UTC", "D'accord", "fr", "7", "Jeanne Martin", "1", "0", place],
        [
            "13",
            "2026-11-20 10:01:00 UTC",
            "'=1+1",
            "fr",
            "7",
            "Jeanne Martin",
            "-1",
            "1",
            "https://d.example.org/x",
        ],
        ["14", "2026-11-20 10:02:00 UTC", " ", "fr", "7", "Jeanne Martin", "0", "0", place],
    ]
    found = recevoir(ready, "val", csv_of(ready.root / "d.csv", heads, rows), today=TODAY, consentement="oui")
    assert (found.read, found.added, found.refused) == (3, 2, 1)
    first, second = load_commentaires(ready, "val")
    assert (first.ancre, first.genre, first.consentement, first.date) == (
        "partie-3",
        "accord",
        "oui",
        "2026-11-20",
    )
    assert (second.ancre, second.genre, second.texte) == ("titre", "desaccord", "=1+1")
    localised = csv_of(ready.root / "e.csv", ["id", "body/en", "body/fr"], [["1", "", "Bonjour"]], ",")
    assert recevoir(ready, "val", localised, today=TODAY).added == 1


def test_answers_of_limesurvey(ready: Project) -> None:
    heads = ["id", "submitdate", "college", "passage", "genre", "remarque", "publier"]
    rows = [
        ["1", "2026-11-19 09:00:00", "A3", "partie-4", "A2", "Pas chez nous", "Y"],
        ["2", "", "Associations", "Partie 5 : école", "Témoignage", "J'y étais", "Non"],
        ["3", "", "Mairie", "nulle part", "", "Autre", "?"],
    ]
    found = recevoir(
        ready, "val", csv_of(ready.root / "l.csv", heads, rows, ","), today=TODAY, college="etat"
    )
    assert (found.read, found.added) == (3, 3) and len(found.constats) == 3
    one, two, three = load_commentaires(ready, "val")
    assert (one.role, one.ancre, one.genre, one.consentement) == ("elus", "partie-4", "desaccord", "oui")
    assert (two.role, two.ancre, two.genre, two.consentement) == (
        "associations",
        "partie-5",
        "temoignage",
        "non",
    )
    assert (three.role, three.ancre, three.consentement) == ("etat", "titre", "non")


# Versions, places, answers


def test_a_version_that_was_touched_is_told(ready: Project) -> None:
    (path,) = (ready.relectures / "val" / "versions").glob("*.json")
    path.write_text(path.read_text(encoding="utf-8").replace("emploi", "emplois"), encoding="utf-8")
    with pytest.raises(BilanError, match="n'est plus la version remise"):
        load_versions(ready, "val")


def page(*passages: tuple[str, str]) -> Version:
    return Version(
        "copie", "val", "val", "2026-11-20", tuple(Passage(a, "section", a, t) for a, t in passages)
    )


@pytest.mark.parametrize(
    ("anchor", "quote", "expected"),
    [
        ("un", "", ("un", "en_place")),
        ("perdu", "", ("perdu", "orphelin")),
        ("un", "l'emploi\u00a0« neuf »", ("un", "en_place")),
        ("un", "une toute autre phrase", ("deux", "deplace")),
        ("perdu", "une toute autre phrase", ("deux", "deplace")),
        ("perdu", "la phrase longue qui sera un peu retouchée plus tard", ("trois", "deplace")),
        ("un", "il y a 17 personnes en attente d'un emploi ici", ("un", "section")),
        ("un", "rien de tel nulle part dans ce chapitre", ("un", "section")),
        ("perdu", "rien de tel nulle part dans ce chapitre", ("perdu", "orphelin")),
        ("perdu", "et", ("perdu", "orphelin")),
    ],
)
def test_where_a_comment_stands(anchor: str, quote: str, expected: tuple[str, str]) -> None:
    today = page(
        ("un", 'Sur l’emploi "neuf" et le reste.'),
        (
            "deux",
            "Une toute autre phrase. Il y a 29 personnes en attente d'un emploi ici, et ce n'est pas tout.",
        ),
        ("trois", "La phrase longue qui sera un peu retouchées plus tard, et d'autres."),
    )
    assert rattacher(anchor, quote, None, today) == expected


def test_answers_are_taken_in_all_at_once_or_not_at_all(ready: Project, tmp_path: Path) -> None:
    rows = [
        ("partie-2", "", "", "Un", "Oui"),
        ("partie-3", "", "", "Deux", "Oui"),
        ("partie-4", "", "", "Trois", "Oui"),
    ]
    recevoir(ready, "", sheet_of(ready, rows), today=TODAY)
    book = openpyxl.load_workbook(ecrire_reponses(ready, "val"))
    page_, target = book["Réponses"], tmp_path / "r.xlsx"
    page_["G2"], page_["G3"], page_["H4"] = (
        "Pris en compte dans le texte",
        "Répondu sans changer le texte",
        "Oui",
    )
    page_["E4"] = "Colère"
    book.save(target)
    before = load_commentaires(ready, "val")
    with pytest.raises(InvalidData) as refused:
        repondre(ready, target, today=TODAY)
    assert len(refused.value.findings) == 4 and load_commentaires(ready, "val") == before
    page_["I2"], page_["H3"], page_["H4"], page_["E4"] = (
        "Le nombre est corrigé",
        "=1+1 vaut deux",
        None,
        "Accord",
    )
    page_["H3"].data_type = "s"
    book.save(target)
    found = repondre(ready, target, today=TODAY)
    assert (found.read, found.changed) == (3, 3) and "À confirmer" in "\n".join(map(str, found.constats))
    one, two, three = load_commentaires(ready, "val")
    assert (
        one.statut == "pris_en_compte" and one.avant == one.apres != "" and one.date_reponse == "2026-11-26"
    )
    assert (two.statut, two.reponse) == ("repondu", "=1+1 vaut deux")
    assert (three.statut, three.genre, three.date_reponse) == ("a_repondre", "accord", "")
    assert repondre(ready, target, today=date(2026, 12, 1)).changed == 0


def test_a_withdrawn_comment_is_erased_and_does_not_come_back(ready: Project) -> None:
    path = sheet_of(
        ready, [("partie-2", "", "", "À retirer", "Oui"), ("partie-2", "", "", "À garder", "Oui")]
    )
    recevoir(ready, "", path, today=TODAY)
    ecrire_reponses(ready, "val")
    first = load_commentaires(ready, "val")[0]
    assert retirer(ready, "val", first.id) == 0
    assert recevoir(ready, "", path, today=TODAY).already == 2
    everything = b"".join(p.read_bytes() for p in (ready.relectures / "val").iterdir() if p.is_file())
    assert "À retirer".encode() not in everything
    ecrire_reponses(ready, "val")
    with pytest.raises(BilanError, match="n'a pas de commentaire"):
        retirer(ready, "val", "val-0000000000")


def test_a_version_is_kept_once(small: Project) -> None:
    save_version(small, version())
    save_version(small, replace(version(), jour="2026-12-01"))
    assert [v.jour for v in load_versions(small, "val").values()] == ["2026-11-20"]
    save_commentaires(small, "val", ())
    assert load_commentaires(small, "val") == () == load_commentaires(small, "vide")


def test_the_pack_has_every_form_with_the_same_anchors(ready: Project) -> None:
    folder = ready.outputs / "relecture" / "val"
    assert len(list(folder.iterdir())) == 11
    text = (folder / "chapitre-val.html").read_text(encoding="utf-8")
    assert all(f'id="{anchor}"' in text for anchor in version().by_anchor)
    assert MARK in text and "http-equiv" in text and "registre.html" not in text
    assert f"val/{version().empreinte}" not in text  # captions have their numbers in a chapter of the book
    (kept,) = load_versions(ready, "val")
    assert f"val/{kept}" in text and kept in (folder / "lisez-moi.txt").read_text(encoding="utf-8-sig")
    before = (folder / "chapitre-val.docx").read_bytes()
    assert (preparer(ready, "val") / "chapitre-val.docx").read_bytes() == before


def test_the_chapter_of_an_edition_is_read_from_its_sealed_page(small: Project) -> None:
    sealed = small.sealed / "2026-1" / "html"
    (sealed / "figures").mkdir(parents=True)
    (small.editions / "2026-1").mkdir(parents=True)
    (sealed / "figures" / "val--f.svg").write_bytes(SVG)
    picture = '<picture><source srcset="x"><img src="figures/val--f.svg" alt="a"></picture>'
    body = (
        '<main><p class="rang">Chapitre 2</p><h1 id="titre">Val</h1><p>Un <span class="terme" data-definition="d">'
        f'<a href="glossaire.html#x">mot</a></span>.</p><figure id="f">{picture}<figcaption>F</figcaption>'
        '<p class="outils">Données</p></figure></main>'
    )
    fixture_path(sealed, "val.html", f"<html><body>{body}</body></html>")
    preparer(small, "val", edition="2026-1")
    (kept,) = load_versions(small, "val").values()
    assert kept.edition == "2026-1" and [p.texte for p in kept.passages] == ["Un mot.", "F"]
    with pytest.raises(BilanError, match="2030-1"):
        preparer(small, "val", edition="2030-1")
    with pytest.raises(BilanError, match="n'a pas de page « vide »"):
        preparer(small, "vide", edition="2026-1")


def test_the_commands_speak_french(
    ready: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BILAN_RACINE", str(ready.root))
    path = sheet_of(ready, [("", "", "", "Bien", ""), ("", "", "", "", "Oui")])
    fixture_path(ready.root, "rien.csv", "")
    assert main(["relecture", "preparer", "--territoire", "val"]) == 0
    assert main(["relecture", "recevoir", str(ready.root / "rien.csv"), str(path), "--college", "elus"]) == 1
    shown = capsys.readouterr()
    assert "2 remarques lues, 1 ajoutée, 0 déjà là, 1 refusée." in shown.out and "rien.csv" in shown.err
    assert main(["relecture", "recevoir", str(path), "--college", "rois"]) == 1
    assert main(["relecture", "reponses", "--territoire", "val"]) == 0
    book = ready.relectures / "val" / "reponses-val.xlsx"
    assert main(["relecture", "repondre", str(book)]) == 0
    assert "1 ligne lue, 0 commentaire changé" in capsys.readouterr().out
    write_copy(ready, html().replace('id="titre"', 'id="autre"'))
    assert main(["relecture", "etat"]) == 0
    (kept,) = load_commentaires(ready, "val")
    assert f"sans place : {kept.id}" in capsys.readouterr().out
    assert main(["relecture", "retirer", "--territoire", "val", kept.id]) == 0
    assert main(["relecture", "retirer", "--territoire", "val", "val-1"]) == 1


def test_nothing_to_prepare_or_to_answer_is_told(small: Project) -> None:
    with pytest.raises(BilanError, match="bilan build --territoire val"):
        preparer(small, "val")
    with pytest.raises(BilanError, match="aucun commentaire"):
        ecrire_reponses(small, "val")
