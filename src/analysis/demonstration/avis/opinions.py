"""What the people of an invented territory answer to the surveys: shares, and texts with their theme.

Every share and every text is a hypothèse de démonstration.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PARTS: Final[Mapping[str, Mapping[str, tuple[float, ...]]]] = {
    "sante_percue": {
        "salaries_ebe": (0.14, 0.36, 0.32, 0.14, 0.04),
        "volontaires": (0.09, 0.28, 0.33, 0.21, 0.09),
    },
    "accord": {
        "salaries_ebe": (0.34, 0.38, 0.15, 0.08, 0.05),
        "volontaires": (0.2, 0.34, 0.24, 0.15, 0.07),
        "habitants": (0.28, 0.4, 0.16, 0.08, 0.08),
        "entreprises": (0.22, 0.36, 0.22, 0.12, 0.08),
        "membres_cle": (0.26, 0.42, 0.2, 0.08, 0.04),
    },
    "connaissance": {"habitants": (0.3, 0.34, 0.2, 0.16)},
    "lien_ebe": {"entreprises": (0.26, 0.14, 0.22, 0.12, 0.26)},
}
"""Shares of the answers of each list, in its order."""

PARTS_OUI: Final[Mapping[str, float]] = {
    "temps_choisi": 0.82,
    "client": 0.38,
    "clients_perdus": 0.06,
    "recrutement": 0.55,
    "desaccord": 0.6,
    "citation": 0.75,
}
"""Share of « oui » to each question that is answered by yes or no."""

COLLEGES: Final = (0.22, 0.16, 0.2, 0.12, 0.12, 0.18)
"""Shares of the colleges among the members of a comité local, in the order of their list."""

TEXTES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "salaries_ebe": (
        ("J'ai retrouvé un rythme.", "sante"),
        ("Je dors mieux et je prends moins de cachets.", "sante"),
        ("On me dit bonjour dans la rue, je me sens utile.", "utilite"),
        ("Le travail est physique, mais l'équipe est solide.", "conditions_travail"),
        ("Je peux enfin prévoir la rentrée des enfants.", "avenir"),
        ("Je paie mon loyer sans demander à personne.", "revenus"),
        ("J'ai appris à réparer des vélos.", "apprentissage"),
        ("J'ai des collègues, je ne reste plus seul.", "lien_social"),
    ),
    "volontaires": (
        ("Savoir quand ce sera mon tour.", "attente_information"),
        ("Être tenu au courant, même quand rien ne bouge.", "attente_information"),
        ("Se retrouver une fois par mois autour d'un café.", "lien_social"),
        ("Apprendre un métier en attendant.", "apprentissage"),
        ("Je ne sais pas.", "sans_theme"),
    ),
    "habitants": (
        ("Ouvrir la recyclerie le samedi.", "activites"),
        ("Livrer aussi les personnes âgées des hameaux.", "activites"),
        ("On ne sait pas toujours ce qu'ils proposent.", "attente_information"),
        ("Il faudrait surtout un bus.", "autre"),
    ),
    "entreprises": (
        ("Nous prévenir avant de lancer une activité.", "attente_information"),
        ("Partager le même atelier ferait baisser les frais.", "activites"),
        ("Former des gens que nous pourrions embaucher.", "apprentissage"),
    ),
    "membres_cle": (
        ("Donner les documents une semaine avant.", "attente_information"),
        ("Laisser parler ceux qui ne parlent jamais.", "utilite"),
        ("Des réunions plus courtes, et le soir.", "conditions_travail"),
    ),
}
"""Invented free texts of each survey, each with the theme that a good reader gives it."""
