"""Free answers coded by people: a real workbook, written, filled, read back, kept and erased with the texts."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from deposits import SURVEY, read, tables, write
from small import write_demonstration_root

from analysis.demonstration.avis.codeurs import PART_ECART, coder_invente, receive_coding
from analysis.demonstration.avis.opinions import TEXTES
from analysis.demonstration.etapes.ecrits import prepare
from analysis.demonstration.etapes.envois import GRAINE, deposit, receive
from analysis.demonstration.lieux import territoires
from analysis.depot.commandes_enquete import a_coder, codage, coder
from analysis.depot.ecrits.codage import (
    COLONNES,
    FEUILLE,
    FEUILLE_THEMES,
    LISEZ_MOI,
    Reponse,
    lignes,
    load_themes,
    mots_identifiants,
    read_coding,
    shown,
    write_coding,
)
from analysis.depot.ecrits.questionnaire import load_questionnaires
from analysis.depot.formes.cle import CLE_DEMONSTRATION
from analysis.depot.formes.constats import DepotError
from analysis.depot.garde.ledger import CODING_COLUMNS, Ledger, texte_id
from analysis.depot.referentiel import Referentiel, load_referentiel
from analysis.noyau.errors import InvalidData, UnknownName
from analysis.noyau.paths import Project

TODAY = date(2019, 3, 1)
HEAD = '"id","submitdate","token","consent","sante","avis[SQ001]","avis[SQ002]","avis[SQ003]","avis[SQ004]",'
HEAD += '"temps","satisf","libre","citer"\n'
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "bon\u202ejour et \u200fmerci",
    "retour\tà _x0041_ la ligne\nici",
    "@SOMME(1+1)",
    "+33 raisons de venir",
    "-1, c'est mieux",
    "très " * 390 + "long",
)
TITLES = {name: title for name, (title, _) in COLONNES.items()}


@dataclass
class Place:
    """The small territory, one deposit of it received, and where its coding workbook goes."""

    project: Project
    referentiel: Referentiel
    folder: Path

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.project)

    @property
    def book(self) -> Path:
        return self.project.prive / "codage-val.xlsx"

    def receive(self, *said: tuple[str, str, str]) -> None:
        """Receive a deposit where these people (token, text, « Y » to be quoted) answered."""
        folder = write(self.folder, self.referentiel, tables())
        rows = [
            f'"{n}","2018-11-20 10:00:00","{who}","Y","A2","A1","A1","A2","A2","Y","7","{text}","{quote}"\n'
            for n, (who, text, quote) in enumerate(said, 1)
        ]
        (folder / SURVEY).write_bytes((HEAD + "".join(rows)).encode("utf-8"))
        self.ledger.add(read(folder, self.referentiel), self.referentiel, CLE_DEMONSTRATION, today=TODAY)

    def fill(self, change: Callable[[pd.DataFrame], object] = lambda _frame: None) -> Path:
        """Write the workbook with every text coded « Santé », then changed."""
        todo = a_coder(self.project, self.referentiel, "val")
        frame = todo.frame.copy()
        frame["theme_1"] = frame["theme_2"] = todo.themes[0].libelle
        changed = change(frame)
        filled = changed if isinstance(changed, pd.DataFrame) else frame
        self.book.parent.mkdir(parents=True, exist_ok=True)
        write_coding(self.book, filled, todo.themes, territoire="val", numero=todo.recu.numero)
        return self.book


@pytest.fixture
def place(small: Project, referentiel: Referentiel, tmp_path: Path) -> Place:
    return Place(small, referentiel, tmp_path / "envoi")


@pytest.fixture
def two(place: Place) -> Place:
    place.receive(("P-1", "Je suis utile.", "Y"), ("P-2", "Le travail est dur.", "N"))
    return place


def faults(place: Place, change: Callable[[pd.DataFrame], object]) -> list[tuple[int | None, str | None]]:
    """The line and the column of each finding; asserts that no text is told."""
    with pytest.raises(InvalidData) as raised:
        codage(place.project, place.fill(change))
    told = str(raised.value)
    assert not [word for word in ("utile", "dur", "Jeanne") if word in told]
    return [(finding.line, finding.column) for finding in raised.value.findings]


def test_the_workbook_that_is_filled_is_kept_beside_the_texts(
    two: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(frame: pd.DataFrame) -> None:
        frame.loc[frame["texte"] == "Je suis utile.", ["theme_2", "theme", "citer"]] = [
            "Utilité et reconnaissance",
            "Utilité et reconnaissance",
            "Oui",
        ]

    assert codage(two.project, two.fill(change)) == 0
    assert "2 textes codés, dont 1 de même par les deux codeurs ; 1 à citer" in capsys.readouterr().out
    recu = two.ledger.in_force("val")
    assert recu is not None
    coding = two.ledger.coding(recu)
    hashed = CLE_DEMONSTRATION.empreinte("val")
    assert list(coding.columns) == list(CODING_COLUMNS)
    assert sorted(map(tuple, coding.drop(columns="texte_id").to_numpy().tolist())) == sorted(
        [
            (hashed("P-1"), "salaries_ebe", "1", "commentaire", "sante", "utilite", "utilite", "oui"),
            (hashed("P-2"), "salaries_ebe", "1", "commentaire", "sante", "sante", "sante", "non"),
        ]
    )


def test_only_what_its_author_accepted_may_be_quoted(two: Place) -> None:
    coder(two.project, "val")
    page = openpyxl.load_workbook(two.book)[FEUILLE]
    titles = [cell.value for cell in page[1]]
    place = titles.index("À citer") + 1
    lines = {page.cell(row, titles.index("Texte") + 1).value: row for row in (2, 3)}
    offered = {
        row
        for validation in page.data_validations.dataValidation
        if validation.formula1 == '"Oui,Non"'
        for cells in validation.sqref.ranges
        for row in range(cells.min_row, cells.max_row + 1)
        if cells.min_col == place
    }
    assert offered == {lines["Je suis utile."]}
    refused = faults(two, lambda frame: frame.__setitem__("citer", "Oui"))
    (line,) = [row for text, row in rows_of(two.book).items() if text == "Le travail est dur."]
    assert refused == [(line, "À citer")]


def rows_of(book: Path) -> dict[str, int]:
    return {row["texte"]: line for line, row in read_coding(book).lignes.items()}


def test_all_the_faults_are_told_at_once(two: Place) -> None:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[0, "theme_1"] = "Santé de Jeanne"
        frame.loc[0, "citer"] = "peut-être"
        frame.loc[1, "theme_2"] = ""
        frame.loc[1, "texte"] = "Autre chose."
        other = frame.loc[[0]].assign(texte_id="t0000", theme_1="Avenir")
        again = frame.loc[[1]].assign(theme_1="Avenir", theme_2="Autre sujet")
        return pd.concat([frame, other, again], ignore_index=True)

    assert faults(two, change) == [
        *((2, "Thème (1er codeur)"), (2, "Thème retenu"), (2, "À citer")),
        *((3, "Texte"), (3, "Thème (2e codeur)")),
        (4, "Identifiant"),
        *((5, "Texte"), (5, "Thème retenu"), (5, "Identifiant")),
    ]
    recu = two.ledger.in_force("val")
    assert recu is not None and two.ledger.coding(recu).empty


def test_a_line_that_was_taken_out_is_told(two: Place) -> None:
    assert faults(two, lambda frame: frame.drop(index=0)) == [(None, None)]


def test_the_lines_may_be_sorted(two: Place) -> None:
    assert codage(two.project, two.fill(lambda frame: frame.iloc[::-1])) == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_a_text_and_comes_back(place: Place, text: str) -> None:
    assert len(text) <= 2000
    place.receive(("P-1", text, "Y"))
    book = place.fill()
    cells = [cell for row in openpyxl.load_workbook(book)[FEUILLE].iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    with zipfile.ZipFile(book) as archive:
        assert not [n for n in archive.namelist() if b"<f>" in archive.read(n) and "worksheets" in n]
    assert shown(text).strip() in rows_of(book)
    assert codage(place.project, book) == 0


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice n'est pas installé")
def test_a_workbook_that_libreoffice_saved_is_read(place: Place, tmp_path: Path) -> None:
    place.receive(*((f"P-{rank}", text, "Y") for rank, text in enumerate(HOSTILE, 1)))
    book = place.fill(lambda frame: frame.__setitem__("citer", "Oui"))
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}", "--headless"]
    command += ["--convert-to", "ods", "--outdir", str(tmp_path), str(book)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert codage(place.project, tmp_path / f"{book.stem}.ods") == 0
    recu = place.ledger.in_force("val")
    assert recu is not None and len(place.ledger.coding(recu)) == len(HOSTILE)


def test_a_workbook_saved_again_by_another_program_is_read(two: Place) -> None:
    book = openpyxl.load_workbook(two.fill())
    book.save(two.book)
    assert codage(two.project, two.book) == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda book: book.remove(book[FEUILLE]), "les feuilles"),
        (lambda book: book[FEUILLE].delete_cols(6), "Thème (1er codeur)"),
        (lambda book: book[FEUILLE].cell(1, 7).__setattr__("value", "Thème"), "Thème (2e codeur)"),
        (lambda book: book[FEUILLE].delete_rows(1), "d'autres en-têtes"),
    ],
)
def test_another_workbook_is_refused(two: Place, change: Callable[[object], object], message: str) -> None:
    book = openpyxl.load_workbook(two.fill())
    change(book)
    book.save(two.book)
    with pytest.raises(InvalidData, match=r"1 point à corriger") as raised:
        codage(two.project, two.book)
    assert message in str(raised.value)


def test_what_is_no_workbook_is_refused(two: Place, tmp_path: Path) -> None:
    path = tmp_path / "codage.xlsx"
    for content in (b"", b"PK\x03\x04 rien", b"Th\xc3\xa8me;Texte\n"):
        path.write_bytes(content)
        with pytest.raises(InvalidData):
            codage(two.project, path)
    with pytest.raises(DepotError, match="n'est pas un fichier"):
        codage(two.project, tmp_path / "absent.xlsx")
    book = openpyxl.load_workbook(two.fill())
    book[LISEZ_MOI]["B1"] = "ailleurs"
    book.save(two.book)
    with pytest.raises(UnknownName):
        codage(two.project, two.book)


def test_a_workbook_is_not_written_over_nor_made_of_nothing(place: Place) -> None:
    with pytest.raises(DepotError, match="Aucun dépôt reçu"):
        coder(place.project, "val")
    place.receive(("P-1", "", ""))
    with pytest.raises(DepotError, match="réponse libre"):
        coder(place.project, "val")
    place.receive(("P-1", "Je suis utile.", "Y"))
    assert coder(place.project, "val") == 0
    with pytest.raises(DepotError, match="n'est pas remplacé"):
        coder(place.project, "val")


def test_the_next_deposit_takes_up_what_was_coded_of_the_same_texts(two: Place) -> None:
    codage(two.project, two.fill())
    two.receive(("P-1", "Je suis utile.", "Y"), ("P-2", "Le travail est moins dur.", "N"))
    frame = a_coder(two.project, two.referentiel, "val").frame.set_index("texte")
    assert frame["theme_1"].to_dict() == {
        "Je suis utile.": "Santé et rythme de vie",
        "Le travail est moins dur.": "",
    }


def test_what_was_coded_of_a_deposit_kept_by_the_version_before_follows_its_people(two: Place) -> None:
    """A hyphen counted in their hashes, and the number of a text is made of its author's."""
    codage(two.project, two.fill())
    ledger, empreinte = two.ledger, CLE_DEMONSTRATION.empreinte("val")
    (old,) = two.ledger.deposits("val")
    today = {f"P-{n}": empreinte(f"P-{n}") for n in (1, 2)}
    before = {name: next(iter(empreinte.anciennes(name) - {empreinte(name)})) for name in today}
    assert ledger.rename("val", {today[name]: before[name] for name in today}) == 2
    assert set(ledger.coding(old)["personne"]) == set(before.values())
    two.receive(("P-1", "Je suis utile.", "Y"), ("P-2", "Le travail est moins dur.", "N"))
    lost = a_coder(two.project, two.referentiel, "val").frame.set_index("texte")
    assert lost["theme_1"].to_dict() == {"Je suis utile.": "", "Le travail est moins dur.": ""}
    assert ledger.rename("val", {before[name]: today[name] for name in today}) == 2
    frame = a_coder(two.project, two.referentiel, "val").frame.set_index("texte")
    assert frame["theme_1"]["Je suis utile."] == "Santé et rythme de vie"


def test_the_coding_is_erased_with_a_person_with_the_texts_and_with_the_deposit(two: Place) -> None:
    ledger, hashed = two.ledger, CLE_DEMONSTRATION.empreinte("val")
    codage(two.project, two.fill())
    ledger.erase_person("val", hashed("P-1"))
    recu = ledger.in_force("val")
    assert recu is not None
    assert list(ledger.coding(recu)["personne"]) == [hashed("P-2")]
    left = ledger.erase_texts(recu)
    assert ledger.coding(left).empty and ledger.texts(left).empty
    with pytest.raises(DepotError, match="sont effacés"):
        ledger.add_coding(left, pd.DataFrame(columns=list(CODING_COLUMNS)))
    gone = ledger.erase(left, today=TODAY)
    assert ledger.coding(gone).empty and not list(two.project.depots.rglob("codage.csv"))


def test_a_text_is_told_by_all_that_it_is() -> None:
    row = {"personne": "a", "enquete": "e", "vague": "1", "question": "q", "texte": "Rien."}
    others = [texte_id({**row, name: "autre"}) for name in row]
    assert len({texte_id(row), *others}) == 6


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("J'ai retrouvé un rythme.", []),
        ("On vit du RSA, le CLE m'a aidé. Merci.", []),
        ("depuis Essai 58 je dors.", ["un lieu ou une entreprise du territoire"]),
        ("grâce à Kevin", ["un nom propre"]),
        ("À 58 ans, on ne m'attendait plus.", ["un âge ou une durée"]),
        ("Je n'avais rien depuis 2009.", ["une année"]),
        ("la directrice m'a parlé", ["une fonction"]),
        ("ma fille est fière", ["un proche"]),
        ("avec Jeanne Martin", ["un nom", "un nom propre"]),
    ],
)
def test_what_may_let_someone_be_recognised_is_told_by_its_kind(text: str, kinds: list[str]) -> None:
    assert mots_identifiants(text, ["Essai 58", "Essai"]) == kinds


def test_the_note_of_a_line_tells_the_kind_and_not_the_words(referentiel: Referentiel) -> None:
    one = Reponse("t1", "a", "salaries_ebe", "1", "commentaire", "grâce au maire", citable=True)
    labels = {("salaries_ebe", "commentaire"): ("Salariés d'EBE", "Qu'est-ce qui a changé ?")}
    coding = pd.DataFrame(columns=list(CODING_COLUMNS))
    frame = lignes([one], load_themes(Project.here()), names=(), labels=labels, coding=coding)
    assert list(frame["attention"]) == ["Peut-être une fonction."]


def test_the_workbook_holds_the_codebook_and_the_rules(two: Place) -> None:
    coder(two.project, "val")
    book = openpyxl.load_workbook(two.book)
    assert book.sheetnames == [LISEZ_MOI, FEUILLE, FEUILLE_THEMES]
    themes = load_themes(Project.here())
    assert [cell.value for cell in book[FEUILLE_THEMES]["A"]][1:] == [theme.libelle for theme in themes]
    sources = {v.formula1 for v in book[FEUILLE].data_validations.dataValidation}
    assert f"'{FEUILLE_THEMES}'!$A$2:$A${len(themes) + 1}" in sources


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Referentiel]:
    """Three invented territories, their deposits received."""
    project = write_demonstration_root(tmp_path_factory.mktemp("invente"))
    lieux = territoires(3)
    prepare(project, project.demonstration, lieux)
    referentiel = load_referentiel(project.demonstration)
    for lieu in lieux:
        deposit(project.demonstration, referentiel, lieu)
        receive(project.demonstration, referentiel, lieu.code)
    return project.demonstration, referentiel


def test_the_invented_texts_are_coded_by_two_who_do_not_always_agree(
    invented: tuple[Project, Referentiel],
) -> None:
    project, referentiel = invented
    differ = total = 0
    for lieu in territoires(3):
        receive_coding(project, referentiel, lieu.code, GRAINE)
        recu = Ledger(project).in_force(lieu.code)
        assert recu is not None
        coding, texts = Ledger(project).coding(recu), Ledger(project).texts(recu)
        assert len(coding) == (texts["question"] != "remarque").sum()
        differ += int((coding["theme_1"] != coding["theme_2"]).sum())
        total += len(coding)
        again = a_coder(project, referentiel, lieu.code)
        assert not (again.frame[["theme_1", "theme_2"]] == "").any(axis=None)
    assert total > 100 and differ / total == pytest.approx(PART_ECART, abs=0.08)
    assert not list(project.prive.glob("codage-*"))


def test_every_invented_text_has_a_theme_of_the_codebook_and_names_nobody() -> None:
    themes = {theme.theme for theme in load_themes(Project.here())}
    assert set(TEXTES) == set(load_questionnaires(Project.here()))
    for texts in TEXTES.values():
        for text, theme in texts:
            assert theme in themes and mots_identifiants(text, []) == []


def test_the_same_draw_codes_the_same(invented: tuple[Project, Referentiel]) -> None:
    project, referentiel = invented
    todo = a_coder(project, referentiel, territoires(1)[0].code)
    first, second = (coder_invente(todo.frame, todo.themes, np.random.default_rng(4)) for _ in range(2))
    assert first.equals(second)
