"""Accepted results written by hand, of real territories' names: no figure here was computed of anything."""

from __future__ import annotations

from analysis.impact.records import (
    ENSEMBLE,
    Annee,
    Comparaison,
    Diagnostic,
    Dynamique,
    Epreuve,
    Estimate,
    Estimation,
    Foret,
    Honnete,
    Poids,
    Resultats,
    SansUn,
    Taille,
    Tendance,
)

H = "2017/2020"


def differences(place: str, outcome: str, base: str, effect: float, low: float, high: float) -> Estimation:
    estimate = Estimate(
        effect, "pour_cent", low=low, high=high, method="differences", treated=1, donors=100, base=base
    )
    return Estimation(place, outcome, H, estimate)


def pooled(outcome: str, method: str, base: str, effect: float, low: float, high: float) -> Estimation:
    """All the territories together."""
    made = Estimate(effect, "pour_cent", low=low, high=high, method=method, treated=6, donors=600, base=base)
    return Estimation(ENSEMBLE, outcome, H, made)


def rank(place: str, outcome: str, effect: float, position: int) -> Estimation:
    estimate = Estimate(
        effect,
        *("pour_cent",),
        rank=position,
        placebos=100,
        method="controle_synthetique",
        donors=100,
        pre_fit=0.0,
        identified=(effect - 30, effect + 20),
    )
    return Estimation(place, outcome, H, estimate)


def compared(place: str, outcome: str = "emploi_prive", **changes: object) -> Comparaison:
    told: dict[str, object] = {
        "zone_type": "commune",
        "zone": "58218",
        "zone_nom": "commune de Prémery",
        "debut": 2017,
        "avant": 3,
        "apres": 4,
        "donneurs": 100,
        "taille": 260.0,
        "ebe_bas": 62.0,
        "ebe_haut": 80.0,
        "ebe_periode": "2018-09",
        "detectable": 52.0,
        "detectable_pct": 20.0,
        "motif": "",
    }
    return Comparaison(place, outcome, **(told | changes))  # type: ignore[arg-type]


PREMERY = (
    *zip(range(2014, 2017), (297.0, 280.0, 260.0), (297.0, 280.0, 260.0), strict=True),
    *zip(range(2017, 2021), (341.0, 344.0, 350.0, 339.0), (258.0, 257.0, 259.0, 250.0), strict=True),
)

PLACES = {
    "premery": 25.0,
    "mauleon": 3.2,
    "jouques": -4.0,
    "thiers": -1.5,
    "colombelles": 6.0,
    "pipriac-saint-ganton": 0.8,
}

RESULTATS = Resultats(
    protocole="0123456789abcdef" * 4,
    protocole_date="2026-11-28",
    entrees={"urssaf_emploi": "ab" * 32},
    comparaisons=(
        compared("premery"),
        compared("premery", "emploi_prive_hors_ebe"),
        *(
            compared(place, zone_nom=f"commune de {place}", detectable=d, detectable_pct=7.0, taille=3000.0)
            for place, d in (
                ("mauleon", 185.0),
                ("jouques", 120.0),
                ("thiers", 330.0),
                ("colombelles", 300.0),
            )
        ),
        compared("pipriac-saint-ganton", zone_nom="communes de Pipriac et de Saint-Ganton", detectable=90.0),
        compared(
            "paris-13",
            zone_nom="13e arrondissement de Paris, dont l'expérimentation n'occupe que deux quartiers",
            taille=104000.0,
            detectable=4800.0,
            detectable_pct=4.6,
            ebe_bas=40.0,
            ebe_haut=50.0,
            motif="L'EBE pèse moins d'un pour cent de l'emploi de l'arrondissement : aucun effet plausible ne s'y verrait.",
        ),
    ),
    annees=tuple(
        Annee(
            "premery",
            "emploi_prive",
            "last",
            year,
            seen,
            expected,
            *(None, None) if year < 2017 else (expected * 0.88, expected * 1.13),
        )
        for year, seen, expected in PREMERY
    ),
    poids=(Poids("premery", "emploi_prive", "controle_synthetique", "58001", "Achun", 0.31),),
    estimations=(
        differences("premery", "emploi_prive", "last", 28.1, 9.0, 47.2),
        differences("premery", "emploi_prive", "mean", 17.0, -2.0, 36.0),
        rank("premery", "emploi_prive", 27.0, 3),
        differences("premery", "emploi_prive_hors_ebe", "last", 1.2, -17.0, 19.4),
        differences("thiers", "emploi_prive", "last", -1.5, -9.0, 6.0),
        differences("thiers", "emploi_prive", "mean", 2.5, -5.0, 10.0),
        rank("thiers", "emploi_prive", -1.0, 61),
        *(
            pooled("emploi_prive", method, base, *ends)
            for method, base, ends in (
                ("differences", "last", (3.5, -1.2, 8.2)),
                ("differences", "mean", (3.0, -2.0, 8.0)),
                ("synthese", "last", (2.0, -2.1, 6.1)),
            )
        ),
        pooled("emploi_prive_hors_ebe", "differences", "last", -0.7, -4.0, 2.6),
        pooled("emploi_prive_hors_ebe", "synthese", "last", -0.4, -5.0, 4.2),
        Estimation(
            "thiers",
            "emploi_prive",
            H,
            Estimate(None, "pour_cent", method="differences_synthetiques", reason="hors de l'enveloppe"),
        ),
    ),
    diagnostics=(
        Diagnostic(
            "premery",
            "emploi_prive",
            "controle_synthetique",
            "ajustement_exact",
            0.0,
            0.01,
            True,
            "L'avant est reproduit exactement.",
        ),
        Diagnostic(
            "premery",
            "emploi_prive",
            "controle_synthetique",
            "poids_unique",
            0.31,
            0.9,
            False,
            "Aucune commune ne domine.",
        ),
    ),
    epreuves=(
        Epreuve("emploi_prive", H, "last", "moyenne", 4.1, 0.21, 0.42, 9999, ""),
        Epreuve("emploi_prive", H, "mean", "moyenne", 3.6, 0.34, 0.42, 9999, ""),
        Epreuve("emploi_prive", H, "last", "mediane", 1.0, 0.5, None, 9999, ""),
    ),
    sans_un=(SansUn("emploi_prive", H, "last", "premery", 0.4, "pour_cent", 0.8),),
    foret=(
        *(
            Foret("emploi_prive", H, "last", place, effect, effect - 9, effect + 9, 0.16, "pour_cent")
            for place, effect in PLACES.items()
        ),
        Foret("emploi_prive", H, "last", ENSEMBLE, 2.0, -2.1, 6.1, 1.0, "pour_cent"),
        Foret("emploi_prive_hors_ebe", H, "last", ENSEMBLE, -0.7, -4.0, 2.6, 1.0, "pour_cent"),
    ),
    dynamique=(
        Dynamique("emploi_prive", "last", "etude_evenement", -1, 0.0, None, None, 6, "pour_cent"),
        Dynamique("emploi_prive", "last", "etude_evenement", 1, 2.2, -1.0, 5.4, 6, "pour_cent"),
    ),
    tendances=(Tendance("emploi_prive", ENSEMBLE, 2.0, "pour_cent", 0.31, 0.05),),
    honnete=(Honnete("emploi_prive", "last", 1.0, -8.0, 12.0, "pour_cent"),),
    tailles=(Taille("emploi_prive", "tirage_last", 6, 3, 100, 0.05, 0.062, 500),),
)
