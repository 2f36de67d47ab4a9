"""What programs write into a text goes; what a person writes stays, even where it looks alike."""

from __future__ import annotations

import pytest

from analysis.relecture.machine import without_machine

NAMES = frozenset(("Jeanne Martin", "jmartin", "Auteur inconnu"))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (
            'Répondre à Jeanne Martin (28/11/2026, 04:21): "..."\nDésaccord : gardez-le.',
            "Désaccord : gardez-le.",
        ),
        ('Reply to jmartin (28/11/2026, 04:21): "..."\n', ""),
        ("Répondre à Paul Petit (28/11/2026, 04:21) : « Le titre »\nNon.", "Non."),
        ('Antwort an jmartin (28.11.2026, 04:21): "..."\nNon.', "Non."),
        ("Bien.\n\nEnvoyé depuis mon iPhone", "Bien."),
        ("Bien.\nSent from my Samsung Galaxy", "Bien."),
        ("Bien.\nEnvoyé à partir de Outlook pour Android", "Bien."),
        ("Bien.\nTélécharger Outlook pour iOS", "Bien."),
        ("Bien.\n-- \nJeanne Martin\nMairie", "Bien."),
        ("Bien.\n\nJeanne Martin", "Bien."),
        (
            "Bien.\n\nLe sam. 28 nov. 2026 à 10:02, Paul Petit <p@exemple.fr> a écrit :\n> Le titre\n> ment",
            "Bien.",
        ),
        (
            "Le 28/11/2026 à 10:02, Paul Petit a écrit :\n> Le titre\n\nNon, il est juste.",
            "Non, il est juste.",
        ),
        ("Bien.\nOn Sat, Nov 28, 2026 at 10:02 AM Paul <p@e.fr>\nwrote:\nThe title", "Bien."),
        ("Bien.\n\n-----Message d'origine-----\nDe : Paul Petit\nBonjour", "Bien."),
        ("Bien.\n\nDe : Paul Petit\nEnvoyé : samedi 28\nÀ : Marie\nBonjour", "Bien."),
        ("@Jeanne Martin, le nombre est faux.", "le nombre est faux."),
        ("D'accord avec @jmartin : gardez-le.", "D'accord avec gardez-le."),
        ("@Paul Petit merci", "merci"),
    ],
)
def test_what_a_program_wrote_goes(written: str, kept: str) -> None:
    assert without_machine(written, NAMES) == kept


@pytest.mark.parametrize(
    "written",
    [
        "Répondre à cette question (posée en 2018) demande du temps.\n\nEnsuite.",
        "Le comité a écrit : « non ».",
        "J'ai envoyé la liste de mon service en 2019.",
        "Envoyé de la mairie, le dossier est arrivé tard.",
        "Voir [@insee] et [^x], a.b@exemple.fr, @SUM(1+1).",
        "- un tiret\n- un autre",
        "De : trois à : cinq",
        "Un > deux, et > trois.",
    ],
)
def test_what_a_person_wrote_stays(written: str) -> None:
    assert without_machine(written, NAMES) == written
