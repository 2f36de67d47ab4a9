"""The households of the published amounts, which several tests simulate or write by hand."""

from __future__ import annotations

from dataclasses import replace

from analysis.indicateurs.depenses_passives.loi.cas_types import CasType

SEULE = CasType("seule-rsa", "seule", 0, "locataire_prive", 350.0, "2", "rsa")
COUPLE = CasType("couple-rsa", "couple", 0, "proprietaire", 0.0, "2", "rsa")
ENFANTS = CasType("couple-enfants-rsa", "couple_enfants", 2, "locataire_social", 450.0, "2", "rsa")

LOGES = {
    "z1": replace(SEULE, zone="1", loyer=500.0),
    "z3": replace(SEULE, zone="3"),
    "petit-loyer": replace(SEULE, loyer=200.0),
    "loyer-cher": replace(SEULE, loyer=700.0),
    "couple-z1": replace(SEULE, menage="couple", zone="1", loyer=450.0),
    "couple-z3": replace(SEULE, menage="couple", zone="3", loyer=400.0),
    "parent-seul": replace(SEULE, menage="monoparentale", enfants=1, loyer=400.0),
    "deux-enfants-z1": replace(ENFANTS, logement="locataire_prive", zone="1", loyer=700.0),
    "trois-enfants": replace(ENFANTS, logement="locataire_prive", enfants=3, loyer=500.0),
    "hlm": replace(SEULE, logement="locataire_social"),
    "parent-seul-hlm": replace(
        SEULE, menage="monoparentale", enfants=1, logement="locataire_social", loyer=400.0
    ),
    "deux-enfants-hlm-z3": replace(ENFANTS, zone="3"),
}
"""Households on the RSA whose housing aid is worked out by hand, in autumn 2020 and 2021."""

QUOTITES = (1.0, 0.8, 0.5, 0.3, 0.2)
"""The part times of a person on the AAH whose allocation is worked out by hand."""
