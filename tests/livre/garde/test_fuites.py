"""Nothing private leaves with an edition, whichever way it takes: one leak is planted for each way and kind."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from semis import VOIES
from small import write_buildable

from analysis.chapitres.catalogue import catalogue
from analysis.depot.formes.cle import CLE_DEMONSTRATION
from analysis.livre.build import build, compute
from analysis.livre.garde.fuites import (
    MACHINE,
    PAROLE,
    PERSONNE,
    TRACE,
    Fuite,
    check_nothing_leaks,
    fuites,
)
from analysis.livre.garde.numeros import COURRIEL, NUMERO, TELEPHONE
from analysis.livre.garde.prive import Prive, prive_of, runs
from analysis.livre.garde.trace import AUTHOR, CLOSED
from analysis.livre.garde.traces import LARGEST
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project
from analysis.secret.bundle import Bundle
from analysis.sources.register import load_register

WRITTEN = "Depuis que ma sœur garde les petits, je dors enfin toute la nuit."

SEMES = {
    "NIR": ("2 75 05 63 123 456 61", NUMERO),
    "NIR d'un trait": ("275056312345661", NUMERO),
    "NIR sans clé": ("2 75 05 63 123 456", NUMERO),
    "courriel": ("jeanne.martin@exemple.fr", COURRIEL),
    "courriel déguisé": ("jeanne.martin (at) exemple.fr", COURRIEL),
    "mobile": ("06 12 34 56 78", TELEPHONE),
    "fixe international": ("+33 4 73 12 34 56", TELEPHONE),
    "identifiant": ("P-0417", PERSONNE),
    "identifiant autrement": ("dossier p 0417", PERSONNE),
    "empreinte": (CLE_DEMONSTRATION.empreinte("val")("P-0417"), PERSONNE),
    "parole": (f"On lit : {WRITTEN}", PAROLE),
    "parole, autre casse": ("JE DORS ENFIN TOUTE LA NUIT, mieux que dans le temps", PAROLE),
    "chemin": ("/home/jeanne/bilan/notes", MACHINE),
    "trace": ("Traceback (most recent call last)", TRACE),
}
"""What may not leave, by its kind: how it is written, and how it is told."""

PRIVE = Prive(
    personnes={"val": frozenset((CLE_DEMONSTRATION.empreinte("val")("P-0417"),))},
    cle=CLE_DEMONSTRATION,
    suites=frozenset(runs(WRITTEN)),
    contacts=frozenset(("contact@exemple.org", "0140000000")),
    auteurs=frozenset(("Association Territoires zéro chômeur de longue durée",)),
)


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is built of a small project: its site and its PDFs."""
    project = write_buildable(tmp_path_factory.mktemp("petit"))
    assert build(project, codes=(), workers=2) == 0
    folder = tmp_path_factory.mktemp("edition")
    for built in (project.outputs / "html", project.outputs / "pdf"):
        shutil.copytree(built, folder / built.name)
    return folder


@pytest.mark.lent
def test_a_clean_edition_passes(edition: Path) -> None:
    assert fuites(edition, PRIVE) == []
    check_nothing_leaks(edition, PRIVE)


@pytest.mark.lent
@pytest.mark.parametrize("way", VOIES)
def test_each_leak_is_found_where_it_was_planted(way: str, edition: Path, tmp_path: Path) -> None:
    """Beside it nothing is found in that file, but what is a fault there by itself."""
    voie = VOIES[way]
    for rank, (text, _) in enumerate(SEMES.values()):
        path = tmp_path / str(rank) / voie.fichier
        path.parent.mkdir(parents=True)
        if (edition / voie.fichier).exists():
            shutil.copyfile(edition / voie.fichier, path)
        voie.sème(path, text)
    found = fuites(tmp_path, PRIVE)
    for rank, (kind, (_, nature)) in enumerate(SEMES.items()):
        here = [fuite for fuite in found if fuite.fichier == f"{rank}/{voie.fichier}"]
        assert {fuite.nature for fuite in here} == {nature, *filter(None, (voie.seul,))}, kind
        assert any(voie.lieu in fuite.lieu for fuite in here if fuite.nature == nature), kind


def _planted(way: str, text: str, folder: Path) -> bytes:
    path = folder / "semé"
    VOIES[way].sème(path, text)
    content = path.read_bytes()
    path.unlink()
    return content


def test_there_are_three_hundred_of_them() -> None:
    assert len(VOIES) * len(SEMES) >= 300


def test_what_is_published_on_purpose_is_no_leak(tmp_path: Path) -> None:
    """A contact, an author who is declared, tables of figures, dates, checksums, addresses of the web."""
    (tmp_path / "page.html").write_text(
        '<meta name="author" content="Association Territoires zéro chômeur de longue durée">'
        "<p>Écrire à contact@exemple.org ou au 01 40 00 00 00. Il n'y a pas assez de travail ici.</p>"
        "<p>01 02 03 04 05 06 07 08 ; 1 234 567,5 ; 0,0612345678 ; 24.11.2016 ; 1750563123456.5</p>"
        f"<a href='https://exemple.org/home/page?cid=1250280693889'>{'0a1b2c3d4e' * 4}</a>",
        encoding="utf-8",
    )
    assert fuites(tmp_path, PRIVE) == []


def test_a_file_is_told_by_what_it_holds_and_what_does_not_open_is_told(tmp_path: Path) -> None:
    (tmp_path / "photo.txt").write_bytes(_planted("image, tEXt", "P-0417", tmp_path))
    (tmp_path / "abime.zip").write_bytes(b"PK\x03\x04" + b"P-0417 abime")
    (tmp_path / "inconnu.bin").write_bytes(b"\x00\x01\x02 jeanne@exemple.fr \x00")
    (tmp_path / "P-0417").mkdir()
    (tmp_path / "P-0417" / "rien.txt").write_text("Rien.", encoding="utf-8")
    assert fuites(tmp_path, PRIVE) == [
        Fuite("P-0417/rien.txt", "le nom de son dossier", PERSONNE),
        Fuite("abime.zip", "le contenu", CLOSED),
        Fuite("abime.zip", "les octets du fichier", PERSONNE),
        Fuite("inconnu.bin", "le contenu", CLOSED),
        Fuite("inconnu.bin", "les octets du fichier", COURRIEL),
        Fuite("photo.txt", "le bloc « tEXt » de l'image", PERSONNE),
    ]


def test_an_author_that_nobody_declared_is_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.properties.creator = "jmartin"
    book.save(tmp_path / "d.xlsx")
    assert [(f.nature, f.lieu) for f in fuites(tmp_path, PRIVE)] == [
        (AUTHOR, "le membre « docProps/core.xml » › les propriétés du fichier, <creator>")
    ]


def test_an_archive_that_swells_without_measure_is_told_and_not_unpacked(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(tmp_path / "bombe.zip", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("zeros", "w", force_zip64=True) as member,
    ):
        for _ in range(LARGEST // 2**20 + 1):
            member.write(bytes(2**20))
    assert Fuite("bombe.zip", "le membre « zeros »", CLOSED) in fuites(tmp_path, PRIVE)


def test_leaks_are_told_one_sentence_each_without_what_they_say(tmp_path: Path) -> None:
    for rank in range(30):
        (tmp_path / f"{rank:02}.txt").write_text("Joindre au 06 12 34 56 78.", encoding="utf-8")
    with pytest.raises(BilanError) as error:
        check_nothing_leaks(tmp_path, PRIVE)
    lines = str(error.value).splitlines()
    assert lines[0].startswith("Rien n'est publié") and len(lines) == 22 and lines[-1] == "- et 10 autres"
    assert lines[1] == (
        "- 00.txt, une ligne : un numéro de téléphone ; ôtez-le, ou déclarez-le dans data/publication.toml si "
        "c'est un contact"
    )
    assert "06" not in str(error.value).replace("06.txt", "")


@pytest.mark.lent
def test_the_demonstration_holds_no_leak_of_its_deposits(invented: Project) -> None:
    """Hundreds of invented people wrote: what is quoted was released, nothing else of theirs is there."""
    register = load_register(invented)
    bundles = map(
        Bundle.from_bytes, compute(invented, register, catalogue(register, invented.nature)).bundles.values()
    )
    prive = prive_of(invented, bundles)
    assert sum(map(len, prive.personnes.values())) > 100 and len(prive.suites) > 20
    assert fuites(invented.html, prive) == []
