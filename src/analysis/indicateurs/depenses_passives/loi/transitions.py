"""What a benefit becomes in the months after a hire: the rules of cumul, bounded where the date decides.

The model recomputes each benefit every month; in law the RSA and the prime d'activité are fixed for a
quarter, the ASS, the AAH and, before 2017, the RSA are kept some months with the wage. The month at which a
person's quarter begins is not known: the three that are possible give the lowest, the mean and the highest
amount.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from analysis.indicateurs.depenses_passives.loi.cas_types import CasType
from analysis.indicateurs.depenses_passives.loi.legislation import (
    LIGNES,
    MOIS_APRES,
    MOIS_AVANT,
    RELUE,
)

Variante = Literal["basse", "centrale", "haute"]
VARIANTES: Final[tuple[Variante, Variante, Variante]] = ("basse", "centrale", "haute")
"""How long benefits last after a hire: the shortest, the mean, the longest that the rules allow."""

Colonnes = Mapping[str, np.ndarray]
"""The months of one case in one situation: an array for ``mois`` and for each line."""

Montants = pd.DataFrame | Colonnes
"""What a case is paid in both situations, as a table or as its columns."""

MOIS_APPROCHES: Final = 12
"""Months from the hire whose amounts are approximate: the rules of cumul end with the twelfth."""

REFORME_ASS: Final = "2017-09"
REFORME_RSA: Final = "2017-01"
PRIME_REPRISE: Final = 150.0
"""Euros a month from the fourth to the twelfth month, with the ASS of before September 2017."""

REFORME_PRIME: Final = "2019-01"
"""What is due from then on has the bonus of the decree 2018-1197, in a quarter that began before too."""

REFORME_LOGEMENT: Final = 2021
"""The year from which housing aid follows the resources of the last twelve months."""

_CUMULEES: Final = ("rsa", "prime_activite", "ass", "aah", "are", "aide_logement")
_CUMUL_ASS, _FIN_ASS = 3, 12
_CUMUL_AAH: Final = {"basse": 1, "centrale": 6, "haute": 8}
_CUMUL_RSA_2016: Final = {"basse": 3, "centrale": 3, "haute": 5}
_TRIMESTRE: Final = 3
_HEURES_FORFAIT: Final = 78 / (35 * 52 / 12)


@dataclass(frozen=True)
class Parcours:
    """One case type month by month, in the two situations, for one variant of the rules of cumul.

    ``table``: one row a situation and month, columns ``situation``, ``mois``, ``rang`` (0 is the month of
    hire), ``approche`` (the rules of cumul make the amount approximate), then LIGNES in euros a month.
    """

    cas: CasType
    variante: Variante
    table: pd.DataFrame

    def __post_init__(self) -> None:
        if len(self.table) != 2 * (MOIS_AVANT + MOIS_APRES):
            raise ValueError(f"{self.cas.cas}: {len(self.table)} months")


def parcours(cas: CasType, montants: pd.DataFrame, variante: Variante) -> Parcours:
    """The amounts of a case with the rules of cumul of its month of hire.

    ``montants`` are the rows of that case that :func:`legislation.simuler` gives. Before its hire, and for
    who is never hired, nothing changes but the prime de Noël, which is due where the RSA or the ASS is in
    November or December. Source: CASF R. 262-7 (quarter); decree 2017-826 and Pôle emploi instruction 2017-32
    (ASS); CSS D. 821-9 (AAH: six months).
    """
    paths = chemins(cas, montants, variante)
    ranks = np.arange(-MOIS_AVANT, MOIS_APRES)
    both = []
    for situation, path in paths.items():
        near = (situation == "en_ebe") & (ranks >= 0) & (ranks < MOIS_APPROCHES)
        head = {"situation": situation, "mois": path["mois"], "rang": ranks, "approche": near}
        both.append(pd.DataFrame({**head, **{ligne: path[ligne] for ligne in LIGNES}}))
    return Parcours(cas, variante, pd.concat(both, ignore_index=True))


def chemins(cas: CasType, montants: Montants, variante: Variante) -> dict[str, Colonnes]:
    """The columns of :func:`parcours`, by situation: the same months, without the cost of a table."""
    jobless, hired = (_colonnes(montants, situation) for situation in ("sans_emploi", "en_ebe"))
    due = jobless["prime_noel"]
    paths = {"sans_emploi": jobless, "en_ebe": _apres_embauche(cas, hired, jobless, variante)}
    return {name: {**path, "prime_noel": _prime_noel(path, due)} for name, path in paths.items()}


def _colonnes(montants: Montants, situation: str) -> Colonnes:
    """The amounts of a situation, month after month."""
    kept = np.flatnonzero(np.asarray(montants["situation"]) == situation)
    kept = kept[np.argsort(np.asarray(montants["mois"])[kept], kind="stable")]
    return {name: np.asarray(montants[name])[kept] for name in ("mois", *LIGNES, RELUE)}


def _apres_embauche(cas: CasType, hired: Colonnes, jobless: Colonnes, variante: Variante) -> Colonnes:
    """The months from the hire on, under the rules of cumul; what is kept is what would have been paid
    without."""
    model = {ligne: hired[ligne][MOIS_AVANT:] for ligne in _CUMULEES}
    without = {ligne: jobless[ligne][MOIS_AVANT:] for ligne in _CUMULEES}
    wage = hired["salaire_brut"][MOIS_AVANT:]
    kept = {
        "rsa": _rsa(cas, without["rsa"], model["rsa"], variante),
        "prime_activite": _par_trimestre(
            without["prime_activite"],
            model["prime_activite"],
            _opposee(variante),
            relu=hired[RELUE][MOIS_AVANT:],
            est_relu=np.asarray(hired["mois"][MOIS_AVANT:] >= REFORME_PRIME, dtype=bool),
        ),
        "ass": _ass(cas, without["ass"], wage, variante),
        "aah": _aah(without["aah"], model["aah"], variante),
        "are": _are(cas, without["are"], wage, variante),
    }
    kept["aide_logement"] = _aide_logement(cas, without["aide_logement"], model["aide_logement"], variante)
    paid = {
        ligne: np.concatenate([hired[ligne][:MOIS_AVANT], np.round(values, 2)])
        for ligne, values in kept.items()
    }
    return {**hired, **paid}


def _opposee(variante: Variante) -> Variante:
    """The prime d'activité rises as the RSA falls: the longest RSA goes with the latest prime."""
    return variante if variante == "centrale" else ("haute" if variante == "basse" else "basse")


def _par_trimestre(
    avant: np.ndarray,
    modele: np.ndarray,
    variante: Variante,
    *,
    relu: np.ndarray | None = None,
    est_relu: np.ndarray | bool = False,
) -> np.ndarray:
    """An amount that is fixed for three months: that of the model in the month at which each quarter begins.

    A quarter may begin with the month of the hire, or one or two months before; until the next one the amount
    of before the hire is paid. The variant is the path of lowest sum, of highest, or the mean of the three.
    In the months where ``est_relu`` the law counts the quarter otherwise: ``relu`` then gives its amount.
    """
    months = np.arange(len(modele))
    paths = []
    for first in range(_TRIMESTRE):
        starts = months - (months - first) % _TRIMESTRE
        begun = np.maximum(starts, 0)
        fixed = modele[begun] if relu is None else np.where(est_relu, relu[begun], modele[begun])
        paths.append(np.where(starts < 0, avant, fixed))
    if variante == "centrale":
        return np.mean(paths, axis=0)
    return (min if variante == "basse" else max)(paths, key=lambda path: float(path.sum()))


def _rsa(cas: CasType, avant: np.ndarray, modele: np.ndarray, variante: Variante) -> np.ndarray:
    """By quarter since January 2017; before, kept whole three months and, at most, to the end of the
    quarter."""
    if not avant.any():
        return np.where(np.arange(len(modele)) < _TRIMESTRE, 0.0, modele)
    if cas.embauche >= REFORME_RSA:
        return _par_trimestre(avant, modele, variante)
    return np.where(np.arange(len(modele)) < _CUMUL_RSA_2016[variante], avant, modele)


def _ass(cas: CasType, avant: np.ndarray, salaire: np.ndarray, variante: Variante) -> np.ndarray:
    """Whole for three months; then nothing since September 2017; before, the ASS less the wage, and the
    prime.

    The prime of before is for at least 78 hours a month. Under 78 hours that rule is bounded only: nothing
    after the third month (lowest and mean), the whole ASS to the twelfth (highest).
    """
    months = np.arange(len(salaire))
    kept = np.where(months < _CUMUL_ASS, avant, 0.0)
    if not avant.any() or cas.embauche >= REFORME_ASS or variante == "basse":
        return kept
    then = (months >= _CUMUL_ASS) & (months < _FIN_ASS)
    if cas.quotite >= _HEURES_FORFAIT:
        return np.where(then, np.maximum(avant - salaire, 0.0) + PRIME_REPRISE, kept)
    return np.where(then & (variante == "haute"), avant, kept)


def _aah(avant: np.ndarray, modele: np.ndarray, variante: Variante) -> np.ndarray:
    return np.where(np.arange(len(modele)) < _CUMUL_AAH[variante], np.maximum(avant, modele), modele)


def _are(cas: CasType, avant: np.ndarray, salaire: np.ndarray, variante: Variante) -> np.ndarray:
    """Nothing for a full time; for a part time, at most the ARE less 70 % of the gross wage."""
    partial = np.maximum(avant - 0.7 * salaire, 0.0) if cas.quotite < 1 else np.zeros_like(salaire)
    return partial if variante == "haute" else np.zeros_like(salaire)


def _aide_logement(cas: CasType, sans: np.ndarray, modele: np.ndarray, variante: Variante) -> np.ndarray:
    """Kept to the next renewal, on 1 January, before 2021; the model looks at the last wage every month.

    From 2021 on resources are those of the last twelve months, and the model is followed. The lowest variant
    follows it from the hire on.
    """
    year = int(cas.embauche[:4])
    left = 12 - (int(cas.embauche[5:]) - 1)
    is_kept = (np.arange(len(modele)) < left) & (year < REFORME_LOGEMENT) & (variante != "basse")
    return np.where(is_kept, np.maximum(sans, modele), modele)


def _prime_noel(path: Colonnes, amount: np.ndarray) -> np.ndarray:
    """Due in December where the RSA or the ASS is due that month or the month before."""
    due = path["rsa"] + path["ass"] > 0
    before = np.concatenate([[False], due[:-1]])
    return np.where(due | before, amount, 0.0)


def annuel(chemin: Parcours) -> pd.DataFrame:
    """The amounts of a path by year from the hire: year 1 is its first twelve months.

    One row a situation and year (1, 2), columns LIGNES in euros a year and ``mois_approches``, the number of
    its months whose amounts are approximate. A year is twelve months: none is partial.
    """
    kept = chemin.table[chemin.table["rang"] >= 0].assign(annee=lambda t: t["rang"] // 12 + 1)
    sums = kept.groupby(["situation", "annee"])[list(LIGNES)].sum().round(2)
    return sums.assign(mois_approches=kept.groupby(["situation", "annee"])["approche"].sum()).reset_index()


def tous(cas: Mapping[str, CasType], montants: pd.DataFrame) -> pd.DataFrame:
    """:func:`annuel` of every case (by key) and variant: columns ``cas`` (key), ``variante``, then its
    own."""
    by_case = dict(tuple(montants.groupby("cas")))
    parts = [
        annuel(parcours(one, by_case[key], variante)).assign(cas=key, variante=variante)
        for key, one in cas.items()
        for variante in VARIANTES
    ]
    return pd.concat(parts, ignore_index=True)
