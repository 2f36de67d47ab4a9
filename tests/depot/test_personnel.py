"""What names someone and what only looks like it."""

from __future__ import annotations

import pytest

from analysis.depot.personnel import donnee_personnelle, is_personal_header

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
