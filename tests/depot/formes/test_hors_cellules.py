"""What a workbook holds besides its cells is told with what to do, and refused where it names someone."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from deposits import BOOK, FEC, FEC_TEXT, places, read, tables, write
from mutations import as_ods
from openpyxl.comments import Comment

from analysis.depot.dossier import Depot
from analysis.depot.formes.constats import Constat
from analysis.depot.referentiel import Referentiel

X = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LIEN = "une liaison vers un autre fichier : ses lignes voyagent avec celui-ci"
SUIVI = "des modifications enregistrées : ce qui a été effacé ou remplacé voyage avec le fichier"
CROISE = "un tableau croisé : les lignes dont il est fait voyagent avec le fichier"

Add = Callable[..., Depot]


def rewrite(path: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def with_parts(referentiel: Referentiel, tmp_path: Path) -> Add:
    """The small deposit, parts added to its workbook."""

    def add(**parts: str) -> Depot:
        folder = write(tmp_path / "envoi", referentiel)
        added = {f"{name.replace('__', '/')}.xml": part.encode() for name, part in parts.items()}
        rewrite(folder / BOOK, {**parts_of(folder / BOOK), **added})
        return read(folder, referentiel)

    return add


@pytest.fixture
def with_ods(referentiel: Referentiel, tmp_path: Path) -> Add:
    """The small deposit as an .ods, something written before its first sheet, or in the cell A5 of « Personnes »."""

    def add(*, before: str = "", after: str = "", in_a5: str = "") -> Depot:
        folder = write(tmp_path / "envoi", referentiel)
        parts = as_ods((folder / BOOK).read_bytes())
        content = parts["content.xml"].decode()
        content = content.replace("<office:spreadsheet>", f"<office:spreadsheet>{before}")
        content = content.replace("</office:spreadsheet>", f"{after}</office:spreadsheet>")
        head, mark, rest = content.partition('table:name="Personnes"')
        content = head + mark + rest.replace("<text:p>P-1<", f"{in_a5}<text:p>P-1<", 1)
        (folder / BOOK).unlink()
        rewrite(folder / "depot-val.ods", {**parts, "content.xml": content.encode()})
        return read(folder, referentiel)

    return add


def with_note(referentiel: Referentiel, folder: Path, text: str, cell: str = "D7") -> Depot:
    write(folder, referentiel)
    book = openpyxl.load_workbook(folder / BOOK)
    book["Personnes"][cell].comment = Comment(text, "accueil")
    book.save(folder / BOOK)
    return read(folder, referentiel)


def told(depot: Depot) -> list[tuple[str, str]]:
    return [(constat.regle, constat.trouve) for constat in depot.constats]


def test_the_notes_of_the_model_are_its_own(referentiel: Referentiel, tmp_path: Path) -> None:
    folder = write(tmp_path / "envoi", referentiel)
    book = openpyxl.load_workbook(folder / BOOK)
    assert book["Personnes"]["A3"].comment is not None
    book.save(folder / BOOK)
    assert read(folder, referentiel).constats == ()


def test_another_note_is_told_at_its_cell_and_hinders_nothing(
    referentiel: Referentiel, tmp_path: Path
) -> None:
    deposit = with_note(referentiel, tmp_path / "envoi", "à revoir en juin")
    (note,) = deposit.constats
    assert (note.regle, note.feuille, note.cellule) == ("note_de_cellule", "Personnes", "D7")
    assert "Supprimer le commentaire" in note.remede and "Révision › Supprimer" in note.remede
    assert not deposit.est_refuse(referentiel) and len(deposit.lectures["personnes"].frame) == 3


@pytest.mark.parametrize(
    ("text", "cell", "seen"),
    [
        ("joindre au 06 12 34 56 78", "D7", "un numéro de téléphone"),
        ("voir Jeanne Zanzibar", "B5", "un nom"),
        ("Sexe.\nObligatoire.\nVoir Jeanne Zanzibar", "B3", "un nom"),
        ("Joindre Mme Zanzibar.\nObligatoire.", "B3", "un nom"),
    ],
)
def test_a_note_that_names_someone_refuses_the_deposit(
    referentiel: Referentiel, tmp_path: Path, text: str, cell: str, seen: str
) -> None:
    deposit = with_note(referentiel, tmp_path / "envoi", text, cell)
    (note,) = deposit.constats
    assert (note.regle, note.cellule, note.trouve) == (
        "personne_hors_cellules",
        cell,
        f"une note où se lit ce qui semble être {seen}",
    )
    assert deposit.est_refuse(referentiel) and "Zanzibar" not in str(note) and "06" not in str(note)


def test_the_rest_is_still_checked_when_a_note_names_someone(
    referentiel: Referentiel, tmp_path: Path
) -> None:
    folder, rows = tmp_path / "envoi", tables()
    rows["contrats"][0]["ebe"] = "Inconnue"
    write(folder, referentiel, rows)
    book = openpyxl.load_workbook(folder / BOOK)
    book["Personnes"]["D7"].comment = Comment("a@exemple.fr", "accueil")
    book.save(folder / BOOK)
    found = places(read(folder, referentiel).constats)
    assert ("valeur_inconnue", "Contrats", "B5") in found and (
        "personne_hors_cellules",
        "Personnes",
        "D7",
    ) in found


def linked(cell: str) -> dict[str, str]:
    return {
        "xl__externalLinks__externalLink1": f'<externalLink {X}><externalBook><sheetNames><sheetName val="Suivi"/></sheetNames>'
        f'<sheetDataSet><sheetData sheetId="0">{cell}</sheetData></sheetDataSet></externalBook></externalLink>'
    }


def changed(text: str) -> dict[str, str]:
    log = f'<revisions {X}><rrc action="deleteRow"><rcc><nc r="A5" t="inlineStr"><is><t>{text}</t></is></nc></rcc></rrc></revisions>'
    return {"xl__revisions__revisionLog1": log}


def pivoted(value: str) -> dict[str, str]:
    return {
        "xl__pivotCache__pivotCacheRecords1": f'<pivotCacheRecords {X}><r><s v="{value}"/></r></pivotCacheRecords>'
    }


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (linked('<row r="1"><cell r="A1"><v>1971</v></cell></row>'), [("liaison_externe", LIEN)]),
        (linked(""), []),
        (
            linked('<row r="1"><cell r="A1" t="str"><v>DURAND Zoé</v></cell></row>'),
            [("personne_hors_cellules", f"{LIEN} ; ce qui semble être un nom s'y lit")],
        ),
        (
            linked('<row r="1"><cell r="A1" t="str"><v>Prénom</v></cell></row>'),
            [("personne_hors_cellules", f"{LIEN} ; ce qui semble être une donnée personnelle s'y lit")],
        ),
        (changed("12"), [("modifications_enregistrees", SUIVI)]),
        (
            changed("Durand Zoé 06 12 34 56 78"),
            [("personne_hors_cellules", f"{SUIVI} ; ce qui semble être un numéro de téléphone s'y lit")],
        ),
        (pivoted("Femme"), [("tableau_croise", CROISE)]),
        (
            pivoted("Zoé Durand"),
            [("personne_hors_cellules", f"{CROISE} ; ce qui semble être un nom s'y lit")],
        ),
        (
            {
                "docProps__custom": "<Properties><property name='x'><lpwstr>0612345678</lpwstr></property></Properties>"
            },
            [
                (
                    "personne_hors_cellules",
                    "ce qui semble être un numéro de téléphone, dans les propriétés du fichier",
                )
            ],
        ),
        ({"docProps__core": "<coreProperties><creator>j.durand@exemple.fr</creator></coreProperties>"}, []),
        (
            {
                "xl__drawings__drawing1": "<wsDr><sp><txBody><p><r><t>M. Dur</t></r><r><t>and</t></r></p></txBody></sp></wsDr>"
            },
            [("personne_hors_cellules", "ce qui semble être un nom, dans une zone de texte ou un dessin")],
        ),
    ],
)
def test_what_an_xlsx_keeps_unseen(
    with_parts: Add, referentiel: Referentiel, parts: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    deposit = with_parts(**parts)
    assert told(deposit) == expected
    assert deposit.est_refuse(referentiel) is any(rule == "personne_hors_cellules" for rule, _ in expected)


def copy_of(text: str) -> str:
    return (
        """<table:table table:name="'file:///home/x/suivi.ods'#Suivi"><table:table-source table:mode="copy-results-only"/>"""
        f'<table:table-row><table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        "</table:table-row></table:table>"
    )


def tracked(text: str) -> str:
    return (
        "<table:tracked-changes><table:deletion><table:change-track-table-cell>"
        f"<text:p>{text}</text:p></table:change-track-table-cell></table:deletion></table:tracked-changes>"
    )


def test_the_copy_of_another_file_in_an_ods_is_no_sheet(with_ods: Add, referentiel: Referentiel) -> None:
    deposit = with_ods(after=copy_of("1971"))
    assert told(deposit) == [("liaison_externe", LIEN)] and not deposit.est_refuse(referentiel)
    assert "Liens vers des fichiers externes" in deposit.constats[0].remede
    deposit = with_ods(after=copy_of("MOREL Karim"))
    assert told(deposit) == [("personne_hors_cellules", f"{LIEN} ; ce qui semble être un nom s'y lit")]
    assert deposit.est_refuse(referentiel)


def test_the_recorded_changes_of_an_ods(with_ods: Add, referentiel: Referentiel) -> None:
    assert told(with_ods(before=tracked("12"))) == [("modifications_enregistrees", SUIVI)]
    refused = told(with_ods(before=tracked("MOREL Karim")))
    assert refused == [("personne_hors_cellules", f"{SUIVI} ; ce qui semble être un nom s'y lit")]


def test_the_notes_of_an_ods(with_ods: Add) -> None:
    note = (
        "<office:annotation><dc:date xmlns:dc='x'>2026-01-01</dc:date><text:p>{}</text:p></office:annotation>"
    )
    assert places(with_ods(in_a5=note.format("à revoir")).constats) == [
        ("note_de_cellule", "Personnes", "A5")
    ]
    own = note.format("Sexe.</text:p><text:p>Obligatoire.</text:p><text:p>Au choix : Femme ; Homme.")
    assert with_ods(in_a5=own).constats == ()


def test_a_workbook_of_accounts_is_looked_at_too(referentiel: Referentiel, tmp_path: Path) -> None:
    rows, folder = tables(), tmp_path / "envoi"
    rows["exercices"][0]["fichier"] = "balance.xlsx"
    write(folder, referentiel, rows)
    book = openpyxl.Workbook()
    page = book.active
    for row in (("Compte", "Débit", "Crédit"), ("411000", 1234.5, None), ("706000", None, 1234.5)):
        page.append(row)
    page["A2"].comment = Comment("Mme Zanzibar", "compta")
    book.save(folder / "balance.xlsx")
    (folder / FEC).unlink()
    (found,) = [c for c in read(folder, referentiel).constats if c.regle == "personne_hors_cellules"]
    assert (found.fichier, found.cellule, found.feuille) == ("balance.xlsx", "A2", "")


def named_in(folder: Path, referentiel: Referentiel, name: str, content: bytes) -> Constat:
    write(folder, referentiel)
    (folder / name).write_bytes(content)
    (found,) = read(folder, referentiel).constats
    return found


def test_a_file_that_is_not_read_may_not_name_anyone(referentiel: Referentiel, tmp_path: Path) -> None:
    letter = tmp_path / "a.docx"
    rewrite(
        letter,
        {"[Content_Types].xml": b"<Types/>", "word/header1.xml": b"<h><p><t>Mme Zanz</t><t>ibar</t></p></h>"},
    )
    sent = tmp_path / "a.zip"
    rewrite(sent, {"notes/a.txt": b"joindre au 06 12 34 56 78"})
    for name, content, seen in (
        ("lettre.docx", letter.read_bytes(), "un nom"),
        ("envoi.zip", sent.read_bytes(), "un numéro de téléphone"),
        ("message.eml", b"From: jeanne@exemple.fr\n\nbonjour", "un courriel"),
    ):
        found = named_in(tmp_path / name.replace(".", "-"), referentiel, name, content)
        assert (found.regle, found.fichier) == ("personne_hors_cellules", name)
        assert found.trouve.endswith(f"où se lit ce qui semble être {seen}") and "Retirez-le" in found.remede


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lettre.txt", b"Veuillez trouver notre envoi."),
        ("fec.txt", FEC_TEXT.replace("Martin", "M. Martin").encode()),
    ],
)
def test_a_file_that_is_not_read_and_names_nobody_is_noted(
    referentiel: Referentiel, tmp_path: Path, name: str, content: bytes
) -> None:
    assert named_in(tmp_path / "envoi", referentiel, name, content).regle == "fichier_inattendu"
