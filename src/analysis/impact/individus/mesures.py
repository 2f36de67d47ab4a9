"""The comparison of individuals as measures, which go through the same gate of secrecy as all others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from analysis.impact.individus.fichier import (
    COMPARAISON,
    EBE,
    EMPLOI,
    HORIZONS,
    Individus,
    NonEstimable,
    load_effets_connus,
    load_individus,
)
from analysis.noyau.mesures import ENSEMBLE, Cadre, Definitions, Mesure
from analysis.noyau.paths import Project
from analysis.noyau.periods import Period

if TYPE_CHECKING:
    from analysis.impact.individus.etude import EtudeIndividus, Horizon

_DES_EFFETS = ("emploi_sans_ebe", "effet_brut", "effet_ipw", "effet_aipw", "effet_appariement")


def mesures(project: Project, definitions: Definitions, territoires: Collection[str]) -> Iterator[Mesure]:
    """The measures of the comparison file of a bilan; none where none was received.

    Raises InvalidData for a faulty file. Where the groups cannot be compared, the effects are missing with
    the reason and the counts of people are told.
    """
    individus = load_individus(project, territoires)
    if individus is None:
        return
    from analysis.impact.individus.etude import etudier  # statsmodels takes seconds: most bilans have no file

    source = f"fichier de comparaison d'individus, embauches {_dates(individus.periode)}"
    cadre = Cadre(ENSEMBLE, project.nature, source, definitions)
    try:
        yield from _told(cadre, etudier(individus), load_effets_connus(project), individus)
    except NonEstimable as error:
        yield from _not_compared(cadre, individus, str(error))


def _dates(periode: str) -> str:
    label = Period(periode).label
    return label if "/" in periode else f"en {label}"


def _told(
    cadre: Cadre, etude: EtudeIndividus, connus: Mapping[tuple[str, int], float], individus: Individus
) -> Iterator[Mesure]:
    yield from _received(cadre, individus)
    for group in (EBE, COMPARAISON):
        yield cadre.compte(f"individus_{group}_compares", etude.periode, etude.compares[group])
        for horizon in HORIZONS:
            count = etude.suivis[group, horizon]
            name = f"individus_{group}_suivis"
            yield cadre.compte(name, etude.periode, count, modalite=f"m{horizon}")
    for found in etude.horizons:
        smaller = min(etude.suivis[group, found.horizon] for group in (EBE, COMPARAISON))
        yield from _of_horizon(cadre, etude, found, smaller)
        if (known := connus.get((found.resultat, found.horizon))) is not None:
            yield cadre.ecart("effet_connu", etude.periode, 100 * known, n=smaller, modalite=_modalite(found))
    smaller = min(etude.compares.values())
    for gap in etude.equilibre:
        for name, value in (("desequilibre_avant", gap.avant), ("desequilibre_apres", gap.apres)):
            if value is None:
                motif = "la même valeur pour tout le monde"
                yield cadre.absente(name, etude.periode, motif, modalite=gap.caracteristique)
            else:
                yield cadre.ecart(name, etude.periode, value, n=smaller, modalite=gap.caracteristique)


def _of_horizon(cadre: Cadre, etude: EtudeIndividus, found: Horizon, smaller: int) -> Iterator[Mesure]:
    """The share observed, the share without the hire, each effect with its interval, the hidden bias."""
    periode, modalite = etude.periode, _modalite(found)
    if found.motif:
        for name in ("emploi_observe", *_DES_EFFETS, "biais_cache", "biais_cache_borne"):
            yield cadre.absente(name, periode, found.motif, modalite=modalite)
        return
    people = etude.suivis[EBE, found.horizon]
    yield cadre.ratio("emploi_observe", periode, found.en_emploi, people, vide="", modalite=modalite)
    for effet in found.effets:
        n = min(effet.n_ebe, effet.n_comparaison)
        bounds = (100 * effet.bas, 100 * effet.haut)
        value = 100 * effet.effet
        yield cadre.ecart(f"effet_{effet.methode}", periode, value, n=n, modalite=modalite, bornes=bounds)
    central = found.central
    yield cadre.coefficient("emploi_sans_ebe", periode, 100 * central.sans, n=smaller, modalite=modalite)
    for rank, name in enumerate(("biais_cache", "biais_cache_borne")):
        if found.biais_cache is None:
            yield cadre.absente(name, periode, "une part nulle ne se multiplie pas", modalite=modalite)
        else:
            yield cadre.coefficient(name, periode, found.biais_cache[rank], n=smaller, modalite=modalite)


def _received(cadre: Cadre, individus: Individus) -> Iterator[Mesure]:
    for group in (EBE, COMPARAISON):
        yield cadre.compte(f"individus_{group}", individus.periode, individus.compte(group))


def _not_compared(cadre: Cadre, individus: Individus, motif: str) -> Iterator[Mesure]:
    """The people received, and why nothing is said of an effect."""
    yield from _received(cadre, individus)
    for choix in cadre.definitions.of("effet_aipw").modalites:
        for name in ("emploi_observe", *_DES_EFFETS, "biais_cache", "biais_cache_borne"):
            yield cadre.absente(name, individus.periode, motif, modalite=choix.code)


def _modalite(found: Horizon) -> str:
    prefix = "emploi" if found.resultat == EMPLOI else "hors_ebe"
    return f"{prefix}-m{found.horizon}"
