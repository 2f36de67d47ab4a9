"""The households of the published amounts, which several tests simulate or write by hand."""

from __future__ import annotations

from analysis.indicateurs.depenses_passives.cas_types import CasType

SEULE = CasType("seule-rsa", "seule", 0, "locataire_prive", 350.0, "2", "rsa")
COUPLE = CasType("couple-rsa", "couple", 0, "proprietaire", 0.0, "2", "rsa")
ENFANTS = CasType("couple-enfants-rsa", "couple_enfants", 2, "locataire_social", 450.0, "2", "rsa")
