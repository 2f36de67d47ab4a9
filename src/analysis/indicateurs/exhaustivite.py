"""Whom the local committee reached, who left the deprivation of a job, who waits: the family exhaustivite."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from types import MappingProxyType
from typing import Final

import pandas as pd

from analysis.indicateurs.donnees import Donnees
from analysis.indicateurs.durees import mois_ecoules
from analysis.noyau.ecarts import ecart_standardise
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

_DEPOSEE: Final = MappingProxyType({"rencontre": "attente", "ebe": "non_etablie"})
"""What a deposited situation says of a volunteer without a running contract; the others say themselves."""

_APRES_CONTRAT: Final = MappingProxyType(
    {
        "autre_emploi": "autre_emploi",
        "retraite": "retraite",
        "demenagement": "demenagement",
        "deces": "deces",
        "avenant": "non_etablie",
    }
)
"""What the reason of the last contract's end says of a person; any other reason says « autre »."""

_AUTRES: Final = ("retraite", "demenagement", "renoncement", "deces", "perdue_de_vue", "non_etablie")
"""The situations that are counted together as « autre »: each of them alone is often of a few people."""

_TRANCHEES: Final = ("eligible", "non_eligible")
"""The decisions that settle eligibility: an adjourned one does not."""

_NR: Final = ("nr", "")


def mesures(donnees: Donnees) -> tuple[Mesure, ...]:
    """The measures of the family exhaustivite: stocks at each date of the data, profiles at the arrêté.

    Reads ``personnes`` (one row a person), ``contrats`` (one row a contract or amendment) and
    ``estimations`` (one row a date); the period of a measure is the day it describes. Each definition is in
    ``data/dictionary/mesures.csv``, each rule in ``docs/methods/exhaustivite.md``.

    A step without a date did not happen. A territory with nobody has counts of zero, and rates, median and
    profiles missing with their reason. Raises ValueError when a person who waits has no birth year, and
    UnknownName for a situation out of its list.
    """
    personnes, contrats = donnees.tables["personnes"], donnees.tables["contrats"]
    estimations = donnees.tables["estimations"]
    jours = [_au_jour(donnees.cadre, jour, personnes, contrats, estimations) for jour in donnees.dates]
    return (
        *(mesure for au_jour in jours for mesure in au_jour),
        *_profils(donnees.cadre, donnees.arrete, personnes, contrats),
    )


def situations(personnes: pd.DataFrame, contrats: pd.DataFrame, jour: date) -> pd.Series:
    """Where each person stands on a day: a deposited situation, or « non_etablie », one row a person.

    The first rule that applies decides:

    1. a contract runs (begun by the day, without an end or ending on the day or later): ``ebe``;
    2. the deposited situation, if it had begun by the day and not before the last contract's end:
       ``rencontre`` and ``attente`` are ``attente``; ``ebe``, that no contract confirms, is ``non_etablie``;
    3. a contract has ended: the reason of the last one, when it is another job, retirement, a move or a
       death; ``non_etablie`` after an amendment that nothing follows; ``autre`` after any other reason;
    4. ``attente``.

    Reads personne, situation, date_situation of ``personnes``; personne, ebe, date_debut, date_fin,
    motif_fin of ``contrats``. It is told of everyone, and means something of eligible volunteers. A missing
    ``date_situation`` counts as not begun. Of contracts ended on one day, the last begun decides.

    >>> day = pd.Timestamp("2018-03-01")
    >>> gens = pd.DataFrame({"personne": ["p1", "p2"], "situation": ["ebe", "demenagement"],
    ...                      "date_situation": [day, pd.Timestamp("2018-06-15")]})
    >>> contrats = pd.DataFrame({"personne": ["p1"], "ebe": ["e"], "date_debut": [day],
    ...                          "date_fin": [pd.NaT], "motif_fin": [None]})
    >>> [list(situations(gens, contrats, jour)) for jour in (date(2018, 5, 31), date(2018, 6, 15))]
    [['ebe', 'attente'], ['ebe', 'demenagement']]
    """
    day = pd.Timestamp(jour)
    begun = contrats[contrats["date_debut"] <= day]
    ended = begun["date_fin"] < day
    running = personnes["personne"].isin(begun.loc[~ended, "personne"])
    last = (
        begun[ended]
        .sort_values(["date_fin", "date_debut", "ebe"])
        .drop_duplicates("personne", keep="last")
        .set_index("personne")
        .reindex(personnes["personne"])
        .set_axis(personnes.index)
    )
    end = last["date_fin"]
    after = last["motif_fin"].map(lambda motif: _APRES_CONTRAT.get(motif, "autre"))
    told = personnes["situation"].map(lambda code: _DEPOSEE.get(code, code))
    holds = (personnes["date_situation"] <= day) & ~(personnes["date_situation"] < end)
    found = after.where(end.notna(), "attente")
    return found.where(~holds, told).where(~running, "ebe").rename("situation")


def en_attente(personnes: pd.DataFrame, contrats: pd.DataFrame, jour: date) -> pd.DataFrame:
    """The eligible volunteers who wait on a day, one row a person, with the columns of ``personnes``.

    Reads what :func:`situations` reads, and the dates and the decision of ``personnes``.
    """
    day = pd.Timestamp(jour)
    begun = contrats[contrats["date_debut"] <= day]
    etats = _etats(personnes, begun, day)
    volontaires = personnes[etats["volontaire"] & etats["eligible"]]
    return volontaires[situations(volontaires, begun, jour) == "attente"]


def classe(valeur: float, *, bornes: tuple[int, ...], codes: tuple[str, ...]) -> str:
    """The band of a number: ``bornes`` are the lower bounds, included, of all the bands but the first.

    Raises ValueError for a number that is missing: a band takes nobody by default.

    >>> [classe(mois, bornes=DUREES_BORNES, codes=DUREES) for mois in (0, 2.99, 3, 24)]
    ['moins_3_mois', 'moins_3_mois', 'de_3_a_6_mois', 'plus_24_mois']
    """
    if valeur != valeur:
        raise ValueError("a missing number is in no band")
    return codes[bisect_right(bornes, valeur)]


def caracteristiques(volontaires: pd.DataFrame) -> pd.DataFrame:
    """Who has each characteristic of the list ``caracteristique``: 1 or 0, missing where it is not known.

    One row a volunteer, one column a characteristic. Ages are reached in the year of volunteering: year of
    ``date_volontariat`` − ``annee_naissance``. The months without a job are carried from the day at which
    they are told to that of volunteering: ``mois_sans_emploi`` + months elapsed between the two (negative
    when volunteering came first), as though no job had come in between. « nr » and empty cells are missing.
    Source: ``data/dictionary/champs.csv``, table personnes.

    >>> from analysis.noyau.mesures import load_definitions
    >>> from analysis.noyau.paths import Project
    >>> choix = load_definitions(Project.here()).of("ecart_profil").modalites
    >>> une = {"sexe": "femme", "annee_naissance": 1988, "date_volontariat": pd.Timestamp("2018-01-02"),
    ...        "diplome": "nr", "rqth": "non", "mois_sans_emploi": 24, "inscription": "inscrite",
    ...        "date_mois_sans_emploi": pd.Timestamp("2017-01-02"), "menage": "seule", "rsa_avant": "oui"}
    >>> found = caracteristiques(pd.DataFrame([une])).loc[0]
    >>> list(found.index) == [c.code for c in choix], list(found[found == 1].index)
    (True, ['femme', 'prives_3_ans', 'inscrites', 'rsa'])
    >>> list(found[found.isna()].index)
    ['sans_diplome', 'bac_ou_plus']
    """
    age = volontaires["date_volontariat"].dt.year - volontaires["annee_naissance"]
    mois = _mois_au_volontariat(volontaires)
    return pd.DataFrame(
        {
            "femme": _parmi(volontaires["sexe"], "femme"),
            "moins_30_ans": _connu(age < AGES_BORNES[0], age.notna()),
            "plus_55_ans": _connu(age >= AGES_BORNES[-1], age.notna()),
            "sans_diplome": _parmi(volontaires["diplome"], "aucun", "brevet"),
            "bac_ou_plus": _parmi(volontaires["diplome"], "bac", "bac_2", "bac_3_plus"),
            "rqth": _parmi(volontaires["rqth"], "oui"),
            "prives_3_ans": _connu(mois >= MOIS_TROIS_ANS, mois.notna()),
            "inscrites": _parmi(volontaires["inscription"], "inscrite"),
            "monoparentale": _parmi(volontaires["menage"], "monoparentale"),
            "rsa": _parmi(volontaires["rsa_avant"], "oui"),
        },
        index=volontaires.index,
    )


def _au_jour(
    cadre: Cadre, jour: date, personnes: pd.DataFrame, contrats: pd.DataFrame, estimations: pd.DataFrame
) -> Iterator[Mesure]:
    """The measures of one day."""
    day, periode = pd.Timestamp(jour), jour.isoformat()
    begun = contrats[contrats["date_debut"] <= day]
    etats = _etats(personnes, begun, day)
    rencontrees = int(etats["rencontree"].sum())
    yield cadre.compte("personnes_rencontrees", periode, rencontrees)
    yield cadre.compte("personnes_eligibles", periode, int(etats["eligible"].sum()))
    yield cadre.compte("volontaires_sans_decision", periode, int(etats["sans_decision"].sum()))
    yield cadre.compte("embauchees", periode, begun["personne"].nunique())
    yield from _estimation(cadre, periode, estimations, day, rencontrees)
    concernes = etats["volontaire"] & etats["eligible"]
    volontaires = personnes[concernes]
    ou = situations(volontaires, begun, jour)
    offres = int((etats["proposee"] & concernes).sum())
    yield from _volontaires(cadre, periode, ou, offres)
    yield from _attente(cadre, jour, volontaires[ou == "attente"])


def _etats(personnes: pd.DataFrame, begun: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Which steps each person had gone through by a day: one column of booleans a step."""
    volontaire = personnes["date_volontariat"] <= day
    decidee = personnes["date_decision_cle"] <= day
    return pd.DataFrame(
        {
            "rencontree": personnes["date_rencontre"] <= day,
            "volontaire": volontaire,
            "eligible": decidee & (personnes["decision_cle"] == "eligible"),
            "sans_decision": volontaire & ~(decidee & personnes["decision_cle"].isin(_TRANCHEES)),
            "proposee": (personnes["date_proposition"] <= day)
            | personnes["personne"].isin(begun["personne"]),
        }
    )


def _estimation(
    cadre: Cadre, periode: str, estimations: pd.DataFrame, day: pd.Timestamp, rencontrees: int
) -> Iterator[Mesure]:
    """The last estimation of the people concerned, and the share of it that was met."""
    known = estimations[estimations["date_estimation"] <= day]
    if known.empty:
        vide = "aucune estimation déposée à cette date"
        yield cadre.absente("ppde_estimees", periode, vide)
        yield cadre.absente("taux_rencontre", periode, vide)
        return
    estimees = int(known.sort_values("date_estimation")["ppde_estimees"].iloc[-1])
    yield cadre.compte("ppde_estimees", periode, estimees)
    vide = "la dernière estimation est de zéro personne"
    yield cadre.ratio("taux_rencontre", periode, rencontrees, estimees, vide=vide)


def _volontaires(cadre: Cadre, periode: str, situation: pd.Series, offres: int) -> Iterator[Mesure]:
    """Where the eligible volunteers stand, and how many left the deprivation or had an offer."""
    total = len(situation)
    yield cadre.compte("volontaires_eligibles", periode, total)
    told = situation.replace(dict.fromkeys(_AUTRES, "autre"))
    yield from cadre.ventilation("situation_volontaires", periode, told)
    sorties = int(situation.isin(SORTIES).sum())
    vide = "aucun volontaire éligible à cette date"
    yield cadre.compte("sorties_privation", periode, sorties)
    yield cadre.ratio("taux_sortie", periode, sorties, total, vide=vide)
    yield cadre.compte("offres_faites", periode, offres)
    yield cadre.ratio("taux_offre", periode, offres, total, vide=vide)


def _attente(cadre: Cadre, jour: date, personnes: pd.DataFrame) -> Iterator[Mesure]:
    """How many wait on a day, for how long, at what age."""
    periode = jour.isoformat()
    mois = [mois_ecoules(since, jour) for since in personnes["date_volontariat"].dt.date]
    ages = jour.year - personnes["annee_naissance"]
    if ages.isna().any():
        raise ValueError(f"{cadre.lieu}, {periode}: annee_naissance is missing for a person who waits")
    durees = [classe(valeur, bornes=DUREES_BORNES, codes=DUREES) for valeur in mois]
    classes = [classe(age, bornes=AGES_BORNES, codes=AGES) for age in ages]
    yield cadre.compte("liste_attente", periode, len(personnes))
    yield from cadre.ventilation("attente_duree", periode, durees)
    yield from cadre.ventilation("attente_age", periode, classes)
    yield cadre.mediane("attente_mediane", periode, mois, vide="personne n'attend à cette date")


def _profils(cadre: Cadre, jour: date, personnes: pd.DataFrame, contrats: pd.DataFrame) -> Iterator[Mesure]:
    """Who was hired and who never was among the eligible volunteers, characteristic by characteristic."""
    day = pd.Timestamp(jour)
    begun = contrats[contrats["date_debut"] <= day]
    etats = _etats(personnes, begun, day)
    volontaires = personnes[etats["volontaire"] & etats["eligible"]]
    embauchees = volontaires["personne"].isin(begun["personne"])
    traits = caracteristiques(volontaires)
    for code in traits.columns:
        groupes = _groupes(traits[code], embauchees)
        yield from _profil(cadre, jour.isoformat(), code, **groupes)


def _groupes(trait: pd.Series, embauchees: pd.Series) -> dict[str, int]:
    """Of those hired (1) and those who never were (0): how many have it (x), are known to or not to (n)."""
    hired, others = trait[embauchees], trait[~embauchees]
    return {
        "x1": int(hired.sum()),
        "n1": int(hired.count()),
        "x0": int(others.sum()),
        "n0": int(others.count()),
    }


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


def _parmi(codes: pd.Series, *oui: str) -> pd.Series:
    return _connu(codes.isin(oui), codes.notna() & ~codes.isin(_NR))


def _connu(oui: pd.Series, connu: pd.Series) -> pd.Series:
    return oui.astype(float).where(connu)


def _mois_au_volontariat(volontaires: pd.DataFrame) -> pd.Series:
    """The months without a job on the day of volunteering, missing where the day of the telling is."""
    dated = volontaires.dropna(subset=["date_mois_sans_emploi", "date_volontariat"])
    told, since = dated["date_mois_sans_emploi"].dt.date, dated["date_volontariat"].dt.date
    elapsed = [_mois_signes(first, last) for first, last in zip(told, since, strict=True)]
    return volontaires["mois_sans_emploi"] + pd.Series(elapsed, index=dated.index, dtype=float)


def _mois_signes(debut: date, fin: date) -> float:
    """Months elapsed from one day to another, negative when the second comes first."""
    return mois_ecoules(debut, fin) if debut <= fin else -mois_ecoules(fin, debut)
