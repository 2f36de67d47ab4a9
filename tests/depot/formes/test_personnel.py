"""What names someone and what only looks like it."""

from __future__ import annotations

from pathlib import Path

import pytest
from deposits import read, tables, write

from analysis.depot.formes.personnel import donnee_personnelle, is_personal_header
from analysis.depot.referentiel import Referentiel

NIR, PHONE, MAIL, NAME = "un numéro de sécurité sociale", "un numéro de téléphone", "un courriel", "un nom"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1750563123456", NIR),
        ("1 75 05 63 123 456 89", NIR),
        ("2.75.05.2A.123.456", NIR),
        ("dossier 275052B123456", NIR),
        ("0612345678", PHONE),
        ("06 12 34 56 78", PHONE),
        ("+33 6 12 34 56 78", PHONE),
        ("0033612345678", PHONE),
        ("+33 (0)1.23.45.67.89", PHONE),
        ("j.martin@exemple.fr", MAIL),
        ("vue par M. Durand", NAME),
        ("Madame Zoé", NAME),
        ("", None),
        ("P-017", None),
        ("2018-09-03", None),
        ("12/03/2018", None),
        ("1234.5", None),
        ("415167.4", None),
        ("123456789", None),
        ("12345678901234", None),
        ("Recyclerie Nord", None),
        ("63430", None),
        ("M", None),
        ("06/12/34/56/78", PHONE),
        ("06  12  34  56  78", PHONE),
        ("06 - 12 - 34 - 56 - 78", PHONE),
        ("(+33) 6 12 34 56 78", PHONE),
        ("00 33 6 12 34 56 78", PHONE),
        ("le 01-02-2018, joindre au 0612345678", PHONE),
        ("0612345678.0", PHONE),
        ("1-75-05-63-123-456-89", NIR),
        ("1/75/05/63/123/456", NIR),
        ("1234567890123", NIR),  # as an amount it would be a thousand billion euros
        ("175056312345689", NIR),
        ("17505631234567", None),  # fourteen digits are a SIRET
        ("732829320", None),
        ("732829320FEC20181231", None),
        ("vue le 01-02-2018 14:30", None),
        ("01.02.2018 10 h", None),
        ("01/02/2018 10:12", None),
        ("01/02/2018-03/04/2018", None),
        ("2018-09-03 10 11 12", None),
        ("0.123456789", None),
        ("-0.712345678", None),
    ],
)
def test_cells(text: str, found: str | None) -> None:
    assert donnee_personnelle(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("orientée par Jeanne Martin", NAME),
        ("Jean-Pierre DURAND souhaite le matin", NAME),
        ("MARTIN Jeanne, le matin", NAME),
        ("612345678", PHONE),
        ("suivi par la CAF Nièvre, RSA Activité", None),
        ("12,5 km, 123456789", None),
        ("préfère le matin", None),
        ("832829320", None),
        ("du 01/02/2018 au 03/04/2018", None),
        ("Souhaite un mi-temps à l'EBE", None),
        ("suivie par la CAF et le CCAS", None),
    ],
)
def test_free_texts(text: str, found: str | None) -> None:
    assert donnee_personnelle(text, libre=True) == found


@pytest.mark.parametrize(
    "header", ["Nom", "NOM", "Prénoms", "Nom de famille", "N° sécu", "E-mail", "Tél", "Adresse", "Né le"]
)
def test_headers_that_announce_someone(header: str) -> None:
    assert is_personal_header(header)


@pytest.mark.parametrize(
    "header", ["Nombre d'heures", "Dénomination", "Total", "Détail", "Année de naissance"]
)
def test_headers_that_do_not(header: str) -> None:
    assert not is_personal_header(header)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1 75 05 63 123 456 89", NIR),
        ("06/12/34/56/78", PHONE),
        ("jeanne.zanzibar@exemple.fr", MAIL),
        ("Mme Zanzibar", NAME),
    ],
)
@pytest.mark.parametrize(
    ("table", "champ", "cell"),
    [("personnes", "remarque", "Z5"), ("personnes", "personne", "A5"), ("activites", "activite", "C5")],
)
def test_what_names_someone_is_never_quoted(
    referentiel: Referentiel, tmp_path: Path, text: str, found: str, table: str, champ: str, cell: str
) -> None:
    rows = tables()
    rows[table][0][champ] = text
    constats = read(write(tmp_path / "envoi", referentiel, rows), referentiel).constats
    (told,) = [constat for constat in constats if constat.regle == "donnee_personnelle"]
    assert (told.cellule, told.trouve) == (cell, f"ce qui semble être {found}")
    assert all(text not in str(constat) for constat in constats)
