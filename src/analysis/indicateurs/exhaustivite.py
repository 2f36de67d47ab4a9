"""Whom the local committee reached, who left the deprivation of a job, who waits: the family exhaustivite."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from analysis.indicateurs.comparaison.ecarts import ecart_standardise
from analysis.indicateurs.donnees import Colonnes, Donnees
from analysis.indicateurs.durees import jours, mois_ecoules
from analysis.indicateurs.etapes import Codes, Etapes, Masque, etapes, situations
from analysis.noyau.mesures import Cadre, Mesure

SORTIES: Final = ("ebe", "autre_emploi", "formation")
"""The situations that are out of the deprivation of a job."""

DUREES: Final = ("moins_3_mois", "de_3_a_6_mois", "de_6_a_12_mois", "de_12_a_24_mois", "plus_24_mois")
DUREES_BORNES: Final = (3, 6, 12, 24)
"""The bands of waiting, in months, and the lower bounds (included) of all but the first."""

AGES: Final = ("moins_30", "de_30_a_44", "de_45_a_54", "plus_55")
AGES_BORNES: Final = (30, 45, 55)
"""The bands of age, in years, and the lower bounds (included) of all but the first."""

MOIS_TROIS_ANS: Final = 36

_AUTRES: Final = ("retraite", "demenagement", "renoncement", "deces", "perdue_de_vue", "non_etablie")
"""The situations that are counted together as « autre »: each of them alone is often of a few people."""

_NR: Final = ("nr", "", None)

Traits = npt.NDArray[np.float64]
"""Who has a characteristic: 1 or 0, NaN where it is not known."""


def mesures(donnees: Donnees) -> tuple[Mesure, ...]:
    """The measures of the family exhaustivite: stocks at each date of the data, profiles at the arrêté.

    Reads ``personnes`` (one row a person), ``contrats`` (one row a contract or amendment) and
    ``estimations`` (one row a date); the period of a measure is the day it describes. Each definition is in
    ``data/dictionary/mesures.csv``, each rule in ``docs/methods/exhaustivite.md``.

    A step without a date did not happen. A territory with nobody has counts of zero, and rates, median and
    profiles missing with their reason. Raises ValueError when a person who waits has no birth year, and
    UnknownName for a situation out of its list.
    """
    gens = etapes(donnees)
    estimations = sorted(donnees.rows("estimations"), key=itemgetter("date_estimation"))
    return (
        *(m for jour in donnees.dates for m in _au_jour(donnees.cadre, jour, gens, estimations)),
        *_profils(donnees.cadre, donnees.arrete, gens),
    )


def classe(valeur: float, *, bornes: tuple[int, ...], codes: tuple[str, ...]) -> str:
    """The band of a number: ``bornes`` are the lower bounds, included, of all the bands but the first.

    Raises ValueError for a number that is missing: a band takes nobody by default.

    >>> [classe(mois, bornes=DUREES_BORNES, codes=DUREES) for mois in (0, 2.99, 3, 24)]
    ['moins_3_mois', 'moins_3_mois', 'de_3_a_6_mois', 'plus_24_mois']
    """
    if valeur != valeur:
        raise ValueError("a missing number is in no band")
    return codes[bisect_right(bornes, valeur)]


def caracteristiques(volontaires: Colonnes) -> dict[str, Traits]:
    """Who has each characteristic of the list ``caracteristique``: 1 or 0, missing where it is not known.

    One element a volunteer, by characteristic. Ages are reached in the year of volunteering: year of
    ``date_volontariat`` − ``annee_naissance``. The months without a job are carried from the day at which
    they are told to that of volunteering: ``mois_sans_emploi`` + months elapsed between the two (negative
    when volunteering came first), as though no job had come in between. « nr » and empty cells are missing.
    Source: ``data/dictionary/champs.csv``, table personnes.

    >>> from analysis.noyau.definitions import load_definitions
    >>> from analysis.noyau.paths import Project
    >>> choix = load_definitions(Project.here()).of("ecart_profil").modalites
    >>> une = {"sexe": "femme", "annee_naissance": 1988, "date_volontariat": np.datetime64("2018-01-02"),
    ...        "diplome": "nr", "rqth": "non", "mois_sans_emploi": 24, "inscription": "inscrite",
    ...        "date_mois_sans_emploi": np.datetime64("2017-01-02"), "menage": "seule", "rsa_avant": "oui"}
    >>> found = caracteristiques({name: np.array([value]) for name, value in une.items()})
    >>> list(found) == [c.code for c in choix], [code for code, trait in found.items() if trait[0] == 1]
    (True, ['femme', 'prives_3_ans', 'inscrites', 'rsa'])
    >>> [code for code, trait in found.items() if np.isnan(trait[0])]
    ['sans_diplome', 'bac_ou_plus']
    """
    since, told = jours(volontaires["date_volontariat"]), jours(volontaires["date_mois_sans_emploi"])
    age = _nombres(None if day is None else day.year for day in since) - volontaires[
        "annee_naissance"
    ].astype(float)
    elapsed = (
        None if a is None or b is None else _mois_signes(a, b) for a, b in zip(told, since, strict=True)
    )
    mois = volontaires["mois_sans_emploi"].astype(float) + _nombres(elapsed)
    return {
        "femme": _parmi(volontaires["sexe"], "femme"),
        "moins_30_ans": _connu(age < AGES_BORNES[0], age),
        "plus_55_ans": _connu(age >= AGES_BORNES[-1], age),
        "sans_diplome": _parmi(volontaires["diplome"], "aucun", "brevet"),
        "bac_ou_plus": _parmi(volontaires["diplome"], "bac", "bac_2", "bac_3_plus"),
        "rqth": _parmi(volontaires["rqth"], "oui"),
        "prives_3_ans": _connu(mois >= MOIS_TROIS_ANS, mois),
        "inscrites": _parmi(volontaires["inscription"], "inscrite"),
        "monoparentale": _parmi(volontaires["menage"], "monoparentale"),
        "rsa": _parmi(volontaires["rsa_avant"], "oui"),
    }


def _au_jour(
    cadre: Cadre, jour: date, gens: Etapes, estimations: Sequence[Mapping[str, Any]]
) -> Iterator[Mesure]:
    """The measures of one day."""
    periode = jour.isoformat()
    rencontrees = int(gens.fait(gens.rencontre, jour).sum())
    yield cadre.compte("personnes_rencontrees", periode, rencontrees)
    yield cadre.compte("personnes_eligibles", periode, int(gens.eligibles(jour).sum()))
    yield cadre.compte("volontaires_sans_decision", periode, int(gens.sans_decision(jour).sum()))
    yield cadre.compte("embauchees", periode, gens.nombre_embauchees(jour))
    yield from _estimation(cadre, periode, estimations, jour, rencontrees)
    volontaires = gens.volontaires(jour)
    ou = situations(gens, jour)
    offres = int((gens.proposees(jour) & volontaires).sum())
    yield from _volontaires(cadre, periode, ou[volontaires], offres)
    yield from _attente(cadre, jour, gens, volontaires & (ou == "attente"))


def _estimation(
    cadre: Cadre, periode: str, estimations: Sequence[Mapping[str, Any]], jour: date, rencontrees: int
) -> Iterator[Mesure]:
    """The last estimation of the people concerned, and the share of it that was met; estimations by day."""
    known = [row["ppde_estimees"] for row in estimations if row["date_estimation"].date() <= jour]
    if not known:
        vide = "aucune estimation déposée à cette date"
        yield cadre.absente("ppde_estimees", periode, vide)
        yield cadre.absente("taux_rencontre", periode, vide)
        return
    estimees = int(known[-1])
    yield cadre.compte("ppde_estimees", periode, estimees)
    vide = "la dernière estimation est de zéro personne"
    yield cadre.ratio("taux_rencontre", periode, rencontrees, estimees, vide=vide)


def _volontaires(cadre: Cadre, periode: str, situation: Codes, offres: int) -> Iterator[Mesure]:
    """Where the eligible volunteers stand, and how many left the deprivation or had an offer."""
    total = len(situation)
    yield cadre.compte("volontaires_eligibles", periode, total)
    told = ("autre" if code in _AUTRES else code for code in situation)
    yield from cadre.ventilation("situation_volontaires", periode, told)
    sorties = sum(code in SORTIES for code in situation)
    vide = "aucun volontaire éligible à cette date"
    yield cadre.compte("sorties_privation", periode, sorties)
    yield cadre.ratio("taux_sortie", periode, sorties, total, vide=vide)
    yield cadre.compte("offres_faites", periode, offres)
    yield cadre.ratio("taux_offre", periode, offres, total, vide=vide)


def _attente(cadre: Cadre, jour: date, gens: Etapes, attendent: Masque) -> Iterator[Mesure]:
    """How many wait on a day, for how long, at what age."""
    periode = jour.isoformat()
    mois = [mois_ecoules(since, jour) for since in jours(gens.volontariat[attendent]) if since]
    ages = jour.year - gens.naissance[attendent]
    if np.isnan(ages).any():
        raise ValueError(f"{cadre.lieu}, {periode}: annee_naissance is missing for a person who waits")
    durees = [classe(valeur, bornes=DUREES_BORNES, codes=DUREES) for valeur in mois]
    classes = [classe(age, bornes=AGES_BORNES, codes=AGES) for age in ages]
    yield cadre.compte("liste_attente", periode, len(mois))
    yield from cadre.ventilation("attente_duree", periode, durees)
    yield from cadre.ventilation("attente_age", periode, classes)
    yield cadre.mediane("attente_mediane", periode, mois, vide="personne n'attend à cette date")


def _profils(cadre: Cadre, jour: date, gens: Etapes) -> Iterator[Mesure]:
    """Who was hired and who never was among the eligible volunteers, characteristic by characteristic."""
    volontaires = gens.volontaires(jour)
    embauchees = gens.embauchees(jour)[volontaires]
    traits = caracteristiques({name: column[volontaires] for name, column in gens.personnes.items()})
    for code, trait in traits.items():
        yield from _profil(cadre, jour.isoformat(), code, **_groupes(trait, embauchees))


def _groupes(trait: Traits, embauchees: Masque) -> dict[str, int]:
    """Of those hired (1) and those who never were (0): how many have it (x), are known to or not to (n)."""
    known = ~np.isnan(trait)
    hired, others = trait[known & embauchees], trait[known & ~embauchees]
    return {"x1": int(hired.sum()), "n1": len(hired), "x0": int(others.sum()), "n0": len(others)}


def _profil(cadre: Cadre, periode: str, code: str, *, x1: int, n1: int, x0: int, n0: int) -> Iterator[Mesure]:
    """The shares of both groups and their standardised difference, for one characteristic."""
    vide1 = "aucune personne embauchée dont la caractéristique soit connue"
    vide0 = "aucun volontaire jamais embauché dont la caractéristique soit connue"
    yield cadre.ratio("profil_embauchees", periode, x1, n1, vide=vide1, modalite=code)
    yield cadre.ratio("profil_non_embauchees", periode, x0, n0, vide=vide0, modalite=code)
    if not (n1 and n0):
        yield cadre.absente("ecart_profil", periode, vide0 if n1 else vide1, modalite=code)
        return
    ecart = ecart_standardise(x1 / n1, x0 / n0)
    if ecart is None:
        motif = "aucune variation dans les deux groupes"
        yield cadre.absente("ecart_profil", periode, motif, modalite=code)
    else:
        yield cadre.ecart("ecart_profil", periode, ecart, n=min(n1, n0), modalite=code)


def _parmi(codes: Codes, *oui: str) -> Traits:
    return _nombres(None if code != code or code in _NR else code in oui for code in codes.tolist())


def _nombres(told: Iterable[float | None]) -> Traits:
    """Numbers as an array, NaN where there is none."""
    return np.array(list(told), dtype=float)


def _connu(oui: Masque, nombres: Traits) -> Traits:
    return np.where(np.isnan(nombres), np.nan, oui)


def _mois_signes(debut: date, fin: date) -> float:
    """Months elapsed from one day to another, negative when the second comes first."""
    return mois_ecoules(debut, fin) if debut <= fin else -mois_ecoules(fin, debut)
