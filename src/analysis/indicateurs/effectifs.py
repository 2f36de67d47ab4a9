"""Who is under contract, month by month and at each date, and for how much of a full time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from math import fsum
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.indicateurs.donnees import Colonnes, Donnees
from analysis.indicateurs.durees import jours, mois
from analysis.indicateurs.episodes import JOUR, SANS_FIN, Sejour
from analysis.indicateurs.exhaustivite import classe
from analysis.noyau.mesures import DECIMALS, Mesure
from analysis.noyau.periods import Period

QUOTITES: Final = ("moins_50", "de_50_a_79", "de_80_a_99", "temps_plein")
QUOTITES_BORNES: Final = (50, 80, 100)
"""The bands of quotité, and the lower bounds (included, in % of a full time) of all but the first."""

_TOUJOURS: Final = "9999-12"
"""A month after all others."""


Mois = npt.NDArray[np.datetime64]
"""Months, one after another."""


class ParMois(NamedTuple):
    """What contracts make month by month, one element a month."""

    effectif: npt.NDArray[np.int64]
    etp: npt.NDArray[np.float64]
    personnes: npt.NDArray[np.int64]


def mois_finis(debut: date, arrete: date) -> Mois:
    """The months from that of a day to the last one that the data describe whole.

    The month of ``arrete`` is one of them only when that is its last day.

    >>> [len(mois_finis(date(2018, 1, 15), date(2018, 3, day))) for day in (30, 31)]
    [2, 3]
    """
    return np.arange(np.datetime64(debut, "M"), np.datetime64(arrete + JOUR, "M"))


def par_mois(contrats: Colonnes, mois: Mois) -> ParMois:
    """People under contract at the end of each month, and the ETP of the month.

    ETP of a month = Σ over contracts of quotité × days of the month under contract / days of the month:
    simultaneous contracts add up, a month begun late or left early counts for its share.

    Reads personne, date_debut, date_fin (last day worked, NaT while it runs) and quotite (fraction of a full
    time) of ``contrats``, one row a contract or amendment. ``effectif``: people with a contract on the last
    day; ``personnes``: those with a contract on a day of the month at least. A month without contracts has
    zeros.

    >>> days = np.array(["2018-06-01", "2018-06-16", "2018-06-15", "NaT"], "datetime64[D]")
    >>> deux = {"personne": np.array(["p1", "p1"]), "date_debut": days[:2], "date_fin": days[2:],
    ...         "quotite": np.array([0.5, 1.0])}
    >>> [one.tolist() for one in par_mois(deux, mois_finis(date(2018, 6, 1), date(2018, 6, 30)))]
    [[1], [0.75], [1]]
    """
    premiers, suivants = _days(mois), _days(mois + 1)
    fin = np.where(np.isnat(contrats["date_fin"]), np.datetime64(SANS_FIN), contrats["date_fin"])
    debuts, fins = _days(contrats["date_debut"])[:, None], _days(fin)[:, None]
    jours = np.clip(np.minimum(fins + 1, suivants) - np.maximum(debuts, premiers), 0, None)
    qui = np.unique(contrats["personne"], return_inverse=True)[1]
    return ParMois(
        effectif=_personnes(qui, (debuts < suivants) & (fins >= suivants - 1)),
        etp=contrats["quotite"].astype(float) @ (jours / (suivants - premiers)),
        personnes=_personnes(qui, jours > 0),
    )


def quotites(contrats: Colonnes, jour: date) -> dict[str, float]:
    """The quotité of each person under contract on a day, all running contracts together, by person.

    In fractions of a full time, not capped: two contracts may exceed 1. Reads personne, date_debut, date_fin
    and quotite of ``contrats``. Nobody under contract gives nothing.

    >>> days = np.array(["2018-06-01", "2018-06-16", "NaT", "NaT"], "datetime64[D]")
    >>> deux = {"personne": np.array(["p1", "p1"], object), "date_debut": days[:2], "date_fin": days[2:],
    ...         "quotite": np.array([0.5, 0.3])}
    >>> quotites(deux, date(2018, 6, 15)), quotites(deux, date(2018, 6, 16))
    ({'p1': 0.5}, {'p1': 0.8})
    """
    day = np.datetime64(jour)
    running = (contrats["date_debut"] <= day) & ~(contrats["date_fin"] < day)
    return _par_personne(contrats, running)


def _par_personne(contrats: Colonnes, ceux: npt.NDArray[np.bool_]) -> dict[str, float]:
    """The quotités of some contracts, by person."""
    found: dict[str, float] = {}
    for qui, quotite in zip(
        *(contrats[name][ceux].tolist() for name in ("personne", "quotite")), strict=True
    ):
        found[qui] = found.get(qui, 0.0) + quotite
    return {qui: round(quotite, DECIMALS) for qui, quotite in found.items()}


def effectifs(donnees: Donnees, contrats: Colonnes) -> Iterator[Mesure]:
    """The headcount and the ETP of each month since that of the first contract, from the contracts.

    None yet when that month is not finished.
    """
    debut = min(filter(None, jours(contrats["date_debut"])), default=None)
    if debut is None:
        return
    finis = mois_finis(debut, donnees.arrete)
    cadre, periodes, found = donnees.cadre, _mois(finis), par_mois(contrats, finis)
    for periode, effectif in zip(periodes, found.effectif.tolist(), strict=True):
        yield cadre.compte("effectif_fin_mois", periode, effectif)
    for periode, etp, personnes in zip(periodes, found.etp.tolist(), found.personnes.tolist(), strict=True):
        yield cadre.somme("etp_contrats", periode, etp, n=personnes)


def declares(donnees: Donnees, contrats: Colonnes) -> Iterator[Mesure]:
    """The ETP that the EBE declared, month by month, all of them together: ``n`` EBE.

    Reads ebe, mois (``2018-05``), etp_ppde and etp_encadrement of the table ``etp``, one row an EBE and
    month. The months go from the first one declared or under contract to the last one finished. One that no
    EBE declared is missing, and one that an EBE did not declare while it was at work (:func:`a_declarer`):
    the sum of the others would pass for that of all.
    """
    cadre, etp = donnees.cadre, donnees.rows("etp")
    debuts = [*_mois(contrats["date_debut"]), *(ligne["mois"] for ligne in etp)]
    if not debuts:
        return
    periodes = _mois(mois_finis(date.fromisoformat(f"{min(debuts)}-01"), donnees.arrete))
    ouvertures = {ebe.code: ebe.date_ouverture for ebe in donnees.territoire.ebe if ebe.date_ouverture}
    attendues = a_declarer(etp, contrats, ouvertures)
    par_mois: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for ligne in etp:
        par_mois[ligne["mois"]].append(ligne)
    for mesure, colonne in (("etp_declares", "etp_ppde"), ("etp_encadrement", "etp_encadrement")):
        for periode in periodes:
            lignes = par_mois.get(periode, [])
            attendue = {ebe for ebe, (debut, fin) in attendues.items() if debut <= periode <= fin}
            if not lignes:
                yield cadre.absente(mesure, periode, "aucune EBE n'a déclaré ce mois")
            elif attendue - {ligne["ebe"] for ligne in lignes}:
                yield cadre.absente(mesure, periode, "toutes les EBE n'ont pas déclaré ce mois")
            else:
                yield cadre.somme(mesure, periode, fsum(ligne[colonne] for ligne in lignes), n=len(lignes))


def a_declarer(
    etp: Iterable[Mapping[str, Any]], contrats: Colonnes, ouvertures: Mapping[str, Period]
) -> dict[str, tuple[str, str]]:
    """The first and last month that each EBE has to declare, as far as the deposit tells.

    From the month by the end of which it is open for sure (the last of ``ouvertures``, by EBE), or that of
    its first contract or row of ``etp`` when it comes first; to that of its last contract or row, after
    which it is taken for closed. An EBE with neither is expected for as long as it is open, an EBE of which
    nothing is known is not.

    Reads ebe and mois (``2018-05``) of ``etp``, ebe, date_debut and date_fin of ``contrats``.

    >>> un = {"ebe": np.array(["amont"], object), "date_debut": np.array(["2018-06-01"], "datetime64[D]"),
    ...       "date_fin": np.array(["2019-01-31"], "datetime64[D]")}
    >>> a_declarer([{"ebe": "aval", "mois": "2018-09"}], un, {"amont": Period("2018-04")})
    {'amont': ('2018-04', '2019-01'), 'aval': ('2018-09', '2018-09')}
    """
    debuts, fins = (_mois(contrats[name]) for name in ("date_debut", "date_fin"))
    found: dict[str, tuple[str, str]] = {}
    for ebe, debut, fin in (
        *zip(contrats["ebe"], debuts, fins, strict=True),
        *((ligne["ebe"], ligne["mois"], ligne["mois"]) for ligne in etp),
    ):
        known = found.get(ebe, (debut, fin or _TOUJOURS))
        found[ebe] = (min(known[0], debut), max(known[1], fin or _TOUJOURS))
    for ebe, ouverture in ouvertures.items():
        ouverte = mois(ouverture.end)
        debut, fin = found.get(ebe, (ouverte, _TOUJOURS))
        found[ebe] = (min(debut, ouverte), fin)
    return found


def temps_de_travail(donnees: Donnees, contrats: Colonnes) -> Iterator[Mesure]:
    """The people under contract at each date by quotité, and their mean quotité."""
    cadre = donnees.cadre
    for jour in donnees.dates:
        periode, known = jour.isoformat(), quotites(contrats, jour)
        classes = (
            classe(round(100 * valeur, DECIMALS), bornes=QUOTITES_BORNES, codes=QUOTITES)
            for valeur in known.values()
        )
        yield from cadre.ventilation("quotite_effectif", periode, classes)
        total = round(fsum(known.values()), DECIMALS)
        vide = "personne n'est sous contrat à cette date"
        yield cadre.ratio("quotite_moyenne", periode, total, len(known), vide=vide)


def changements(donnees: Donnees, contrats: Colonnes, premiers: Iterable[Sejour]) -> Iterator[Mesure]:
    """The people under contract at the arrêté by what became of their quotité since their first day, that of
    their first stay."""
    first = {(stay.personne, stay.debut) for stay in premiers}
    starts = zip(contrats["personne"].tolist(), jours(contrats["date_debut"]), strict=True)
    avant = _par_personne(contrats, np.array([start in first for start in starts], dtype=bool))
    now = quotites(contrats, donnees.arrete)
    valeurs = (_sens(avant[qui], quotite) for qui, quotite in now.items())
    yield from donnees.cadre.ventilation("quotite_changee", donnees.arrete.isoformat(), valeurs)


def _sens(avant: float, maintenant: float) -> str:
    """Whether a quotité rose, fell, or neither."""
    if maintenant == avant:
        return "aucun"
    return "hausse" if maintenant > avant else "baisse"


def _mois(days: npt.NDArray[np.datetime64]) -> list[str]:
    """The month of each day (« 2018-05 »), empty where there is none."""
    return [mois(day) if day else "" for day in jours(days)]


def _days(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
    """Days as whole numbers, that subtract."""
    return days.astype("datetime64[D]").astype(np.int64)


def _personnes(qui: npt.NDArray[np.intp], contrats: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """How many people have a contract, column by column; ``qui`` is the person of each row, from 0."""
    ont = np.zeros((len(set(qui)), contrats.shape[1]), dtype=bool)
    np.logical_or.at(ont, qui, contrats)
    return ont.sum(axis=0)
