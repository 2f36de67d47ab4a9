"""From contracts to stays: the uninterrupted time of a person in the EBE of a territory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from operator import itemgetter
from typing import Any, Final, NamedTuple

from analysis.indicateurs.donnees import Colonnes
from analysis.indicateurs.durees import jours

JOUR: Final = timedelta(days=1)

SANS_FIN: Final = date(2200, 1, 1)
"""A day after all others, for the contracts that run."""


class Sejour(NamedTuple):
    """A stay of a person: its rank, 1 for the first; its first day, and its last one, None while it runs; the
    reason of the contract that ends last, missing while it runs."""

    personne: str
    rang: int
    debut: date
    fin: date | None
    motif: Any


def sejours(contrats: Colonnes) -> list[Sejour]:
    """The stays of each person, all EBE together: contracts that overlap or follow one another day to day.

    A contract belongs to the stay of the contracts begun before it when it begins, at the latest, the day
    after the last of their last days; one day without any contract ends a stay. An amendment, a second
    contract or a change of EBE is therefore no exit.

    Reads personne, ebe, date_debut, date_fin (last day worked, NaT while it runs) and motif_fin of
    ``contrats``, one row a contract or amendment, in any order. Stays are by person then time; of contracts
    that end on one day, the last begun gives the reason. No contract gives no stay.

    Raises ValueError for a contract that ends before it begins, or without a first day.

    >>> import numpy as np
    >>> debuts = np.array(["2018-01-01", "2018-06-01", "2019-02-01"], "datetime64[D]")
    >>> fins = np.array(["2018-05-31", "2018-09-30", "NaT"], "datetime64[D]")
    >>> found = sejours({"personne": np.array(["p1"] * 3), "ebe": np.array(["e"] * 3), "date_debut": debuts,
    ...                  "date_fin": fins, "motif_fin": np.array(["avenant", "demission", None])})
    >>> [(stay.rang, f"{stay.debut}", f"{stay.fin}", stay.motif) for stay in found]
    [(1, '2018-01-01', '2018-09-30', 'demission'), (2, '2019-02-01', 'None', None)]
    """
    bounds: list[tuple[_Contrat, _Contrat]] = []
    for contrat in sorted(_contrats(contrats), key=itemgetter(0, 1, 2, 3)):
        premier, dernier = bounds[-1] if bounds else (None, contrat)
        if premier and premier.personne == contrat.personne and contrat.debut <= dernier.fin + JOUR:
            bounds[-1] = premier, max(contrat, dernier, key=itemgetter(2, 1, 3))
        else:
            bounds.append((contrat, contrat))
    found: list[Sejour] = []
    for premier, dernier in bounds:
        is_next = found and found[-1].personne == premier.personne
        rang, fin = found[-1].rang + 1 if is_next else 1, None if dernier.fin == SANS_FIN else dernier.fin
        found.append(Sejour(premier.personne, rang, premier.debut, fin, dernier.motif))
    return found


class _Contrat(NamedTuple):
    """A contract: in the order of these columns, those of a stay come one after another."""

    personne: str
    debut: date
    fin: date
    ebe: str
    motif: Any


def _contrats(contrats: Colonnes) -> Iterator[_Contrat]:
    personnes, ebes, motifs = (contrats[name].tolist() for name in ("personne", "ebe", "motif_fin"))
    days = (jours(contrats[name]) for name in ("date_debut", "date_fin"))
    for personne, debut, fin, ebe, motif in zip(personnes, *days, ebes, motifs, strict=True):
        if debut is None or (fin and fin < debut):
            raise ValueError("a contract ends before it begins, or has no first day")
        yield _Contrat(personne, debut, fin or SANS_FIN, ebe, motif)
