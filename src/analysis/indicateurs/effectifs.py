"""Who is under contract, month by month and at each date, and for how much of a full time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from math import fsum
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.indicateurs.donnees import Donnees
from analysis.indicateurs.durees import jours
from analysis.indicateurs.episodes import Sejour
from analysis.indicateurs.exhaustivite import classe
from analysis.noyau.mesures import DECIMALS, Mesure
from analysis.noyau.periods import Period

QUOTITES: Final = ("moins_50", "de_50_a_79", "de_80_a_99", "temps_plein")
QUOTITES_BORNES: Final = (50, 80, 100)
"""The bands of quotité, and the lower bounds (included, in % of a full time) of all but the first."""

_TOUJOURS: Final = "9999-12"
"""A month after all others."""


def mois_finis(debut: date, arrete: date) -> pd.PeriodIndex:
    """The months from that of a day to the last one that the data describe whole.

    The month of ``arrete`` is one of them only when that is its last day.

    >>> [len(mois_finis(date(2018, 1, 15), date(2018, 3, day))) for day in (30, 31)]
    [2, 3]
    """
    fin = pd.Timestamp(arrete) + pd.Timedelta(days=1)
    return pd.period_range(pd.Timestamp(debut), fin, freq="M")[:-1]


def par_mois(contrats: pd.DataFrame, mois: pd.PeriodIndex) -> pd.DataFrame:
    """People under contract at the end of each month, and the ETP of the month.

    ETP of a month = Σ over contracts of quotité × days of the month under contract / days of the month:
    simultaneous contracts add up, a month begun late or left early counts for its share.

    Reads personne, date_debut, date_fin (last day worked, NaT while it runs) and quotite (fraction of a full
    time) of ``contrats``, one row a contract or amendment. One row a month, indexed by ``2018-05``:
    ``effectif``, people with a contract on the last day; ``etp``; ``personnes``, those with a contract
    on a day of the month at least. A month without contracts has zeros.

    >>> jours = pd.to_datetime(["2018-06-01", "2018-06-16"])
    >>> deux = pd.DataFrame({"personne": ["p1", "p1"], "date_debut": jours, "quotite": [0.5, 1.0],
    ...                      "date_fin": [pd.Timestamp("2018-06-15"), pd.NaT]})
    >>> par_mois(deux, mois_finis(date(2018, 6, 1), date(2018, 6, 30))).loc["2018-06"].to_dict()
    {'effectif': 1.0, 'etp': 0.75, 'personnes': 1.0}
    """
    premiers = _days(mois.start_time)
    derniers = _days(mois.end_time)
    debuts = _days(contrats["date_debut"])[:, None]
    fins = _days(contrats["date_fin"].fillna(mois.end_time.max().normalize()))[:, None]
    jours = np.clip(np.minimum(fins, derniers) - np.maximum(debuts, premiers) + 1, 0, None)
    quotites = contrats["quotite"].to_numpy(float)
    qui, _ = pd.factorize(contrats["personne"])
    return pd.DataFrame(
        {
            "effectif": _personnes(qui, (debuts <= derniers) & (fins >= derniers)),
            "etp": quotites @ (jours / (derniers - premiers + 1)),
            "personnes": _personnes(qui, jours > 0),
        },
        index=mois.strftime("%Y-%m"),
    )


def quotites(contrats: pd.DataFrame, jour: date) -> dict[str, float]:
    """The quotité of each person under contract on a day, all running contracts together, by person.

    In fractions of a full time, not capped: two contracts may exceed 1. Reads personne, date_debut, date_fin
    and quotite of ``contrats``. Nobody under contract gives nothing.

    >>> jours = pd.to_datetime(["2018-06-01", "2018-06-16"])
    >>> deux = pd.DataFrame({"personne": ["p1", "p1"], "date_debut": jours, "quotite": [0.5, 0.3],
    ...                      "date_fin": [pd.NaT, pd.NaT]})
    >>> quotites(deux, date(2018, 6, 15)), quotites(deux, date(2018, 6, 16))
    ({'p1': 0.5}, {'p1': 0.8})
    """
    day = np.datetime64(jour)
    running = (contrats["date_debut"].to_numpy() <= day) & ~(contrats["date_fin"].to_numpy() < day)
    return _par_personne(contrats, running)


def _par_personne(contrats: pd.DataFrame, ceux: npt.NDArray[np.bool_]) -> dict[str, float]:
    """The quotités of some contracts, by person."""
    found: dict[str, float] = {}
    for qui, quotite in zip(
        *(contrats[name].to_numpy()[ceux] for name in ("personne", "quotite")), strict=True
    ):
        found[qui] = found.get(qui, 0.0) + float(quotite)
    return {qui: round(quotite, DECIMALS) for qui, quotite in found.items()}


def effectifs(donnees: Donnees, contrats: pd.DataFrame) -> Iterator[Mesure]:
    """The headcount and the ETP of each month since that of the first contract, from the contracts.

    None yet when that month is not finished.
    """
    if contrats.empty:
        return
    finis = mois_finis(contrats["date_debut"].min(), donnees.arrete)
    if finis.empty:
        return
    cadre = donnees.cadre
    mois = par_mois(contrats, finis)
    for periode, effectif in mois["effectif"].items():
        yield cadre.compte("effectif_fin_mois", str(periode), int(effectif))
    for periode, etp, personnes in zip(mois.index, mois["etp"], mois["personnes"], strict=True):
        yield cadre.somme("etp_contrats", str(periode), float(etp), n=int(personnes))


def declares(donnees: Donnees, contrats: pd.DataFrame) -> Iterator[Mesure]:
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
    periodes = mois_finis(date.fromisoformat(f"{min(debuts)}-01"), donnees.arrete).strftime("%Y-%m")
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
    etp: Iterable[Mapping[str, Any]], contrats: pd.DataFrame, ouvertures: Mapping[str, Period]
) -> dict[str, tuple[str, str]]:
    """The first and last month that each EBE has to declare, as far as the deposit tells.

    From the month by the end of which it is open for sure (the last of ``ouvertures``, by EBE), or that of
    its first contract or row of ``etp`` when it comes first; to that of its last contract or row, after
    which it is taken for closed. An EBE with neither is expected for as long as it is open, an EBE of which
    nothing is known is not.

    Reads ebe and mois (``2018-05``) of ``etp``, ebe, date_debut and date_fin of ``contrats``.

    >>> un = pd.DataFrame({"ebe": ["amont"], "date_debut": pd.to_datetime(["2018-06-01"]),
    ...                    "date_fin": pd.to_datetime(["2019-01-31"])})
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
        ouverte = f"{ouverture.end:%Y-%m}"
        debut, fin = found.get(ebe, (ouverte, _TOUJOURS))
        found[ebe] = (min(debut, ouverte), fin)
    return found


def temps_de_travail(donnees: Donnees, contrats: pd.DataFrame) -> Iterator[Mesure]:
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


def changements(donnees: Donnees, contrats: pd.DataFrame, premiers: Iterable[Sejour]) -> Iterator[Mesure]:
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


def _mois(jours: pd.Series) -> list[str]:
    """The month of each day (« 2018-05 »), empty where there is none."""
    mois = np.datetime_as_string(jours.to_numpy().astype("datetime64[M]"))
    return ["" if un == "NaT" else str(un) for un in mois.tolist()]


def _days(days: pd.Series | pd.DatetimeIndex) -> npt.NDArray[np.int64]:
    """Days as whole numbers, that subtract."""
    return days.to_numpy().astype("datetime64[D]").astype(np.int64)


def _personnes(qui: npt.NDArray[np.intp], contrats: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """How many people have a contract, column by column; ``qui`` is the person of each row, from 0."""
    ont = np.zeros((len(set(qui)), contrats.shape[1]), dtype=bool)
    np.logical_or.at(ont, qui, contrats)
    return ont.sum(axis=0)
