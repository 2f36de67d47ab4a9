"""Which steps each person of a deposit went through by a day, and where each then stood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.indicateurs.donnees import Colonnes, Donnees

Masque = npt.NDArray[np.bool_]
"""True for those of whom something holds, one element a person or a contract."""

Jours = npt.NDArray[np.datetime64]
"""Days, NaT where there is none: it comes neither before nor after any other."""

Codes = npt.NDArray[np.object_]
"""Codes of lists, NaN for a blank."""

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

_TRANCHEES: Final = ("eligible", "non_eligible")
"""The decisions that settle eligibility: an adjourned one does not."""


@dataclass(frozen=True, eq=False)
class Etapes:
    """The people of a deposit in the order of their table, and their contracts in that of their ends.

    ``qui`` numbers people, ``contrats_qui`` tells by that number whose each contract is (a contract may be of
    somebody who is not in the table). The contracts are sorted by last day, first day and EBE: of two of one
    person the later in that order is the last. ``apres`` is what the end of each says of the person.
    """

    personnes: Colonnes
    qui: npt.NDArray[np.intp]
    rencontre: Jours
    volontariat: Jours
    decision: Jours
    decisions: Codes
    proposition: Jours
    situation: Codes
    depuis: Jours
    naissance: npt.NDArray[np.float64]
    contrats_qui: npt.NDArray[np.intp]
    debuts: Jours
    fins: Jours
    apres: Codes

    def volontaires(self, jour: date) -> Masque:
        """The volunteers whom a decision of the day at the latest says eligible."""
        return self.fait(self.volontariat, jour) & self.eligibles(jour)

    def eligibles(self, jour: date) -> Masque:
        """Those whom a decision of the day at the latest says eligible."""
        return self.fait(self.decision, jour) & (self.decisions == "eligible")

    def sans_decision(self, jour: date) -> Masque:
        """The volunteers of whom no decision of the day at the latest settles eligibility."""
        decidee = self.fait(self.decision, jour) & np.isin(self.decisions, _TRANCHEES)
        return self.fait(self.volontariat, jour) & ~decidee

    def proposees(self, jour: date) -> Masque:
        """Those who had an offer by the day, or a contract."""
        return self.fait(self.proposition, jour) | self.embauchees(jour)

    def nombre_embauchees(self, jour: date) -> int:
        """How many people had a contract that had begun by the day, whether the table knows them or not."""
        return len(np.unique(self.contrats_qui[self.debuts <= np.datetime64(jour)]))

    def embauchees(self, jour: date) -> Masque:
        """Those whose first contract had begun by the day."""
        return self._de(self.debuts <= np.datetime64(jour))

    def sous_contrat(self, jour: date) -> Masque:
        """Those of whom a contract runs on the day."""
        day = np.datetime64(jour)
        return self._de((self.debuts <= day) & ~(self.fins < day))

    def fait(self, jours: Jours, jour: date) -> Masque:
        """Whose step had come by the day: one without a date did not happen."""
        return jours <= np.datetime64(jour)

    @cached_property
    def nombre(self) -> int:
        """How many people the two tables name."""
        return int(max(self.qui.max(initial=-1), self.contrats_qui.max(initial=-1))) + 1

    def _de(self, contrats: Masque) -> Masque:
        """The people of these contracts."""
        theirs = np.zeros(self.nombre, dtype=bool)
        theirs[self.contrats_qui[contrats]] = True
        return theirs[self.qui]


def etapes(donnees: Donnees) -> Etapes:
    """The steps of the people of a deposit, read once for all that asks."""
    return donnees.une_fois(_etapes)


def _etapes(donnees: Donnees) -> Etapes:
    return ranger(donnees.arrays("personnes"), donnees.arrays("contrats"))


def ranger(personnes: Colonnes, contrats: Colonnes) -> Etapes:
    """The columns of people and contracts, one row each in the tables, ready to be asked at any day.

    Reads personne, decision_cle, situation and the dates of the steps of ``personnes``; personne, ebe,
    date_debut, date_fin and motif_fin of ``contrats``.
    """
    gens, ordre = (
        personnes["personne"],
        np.lexsort((contrats["ebe"].astype(str), contrats["date_debut"], contrats["date_fin"])),
    )
    numeros, _ = pd.factorize(np.concatenate([gens, contrats["personne"][ordre]]), use_na_sentinel=False)
    motifs = contrats["motif_fin"][ordre].tolist()
    return Etapes(
        personnes=personnes,
        qui=numeros[: len(gens)],
        rencontre=personnes["date_rencontre"],
        volontariat=personnes["date_volontariat"],
        decision=personnes["date_decision_cle"],
        decisions=personnes["decision_cle"],
        proposition=personnes["date_proposition"],
        situation=personnes["situation"],
        depuis=personnes["date_situation"],
        naissance=personnes["annee_naissance"].astype(float),
        contrats_qui=numeros[len(gens) :],
        debuts=contrats["date_debut"][ordre],
        fins=contrats["date_fin"][ordre],
        apres=np.array([_APRES_CONTRAT.get(motif, "autre") for motif in motifs], dtype=object),
    )


def situations(etapes: Etapes, jour: date) -> Codes:
    """Where each person stands on a day: a deposited situation, or « non_etablie ».

    The first rule that applies decides:

    1. a contract runs (begun by the day, without an end or ending on the day or later): ``ebe``;
    2. the deposited situation, if it had begun by the day and not before the last contract's end:
       ``rencontre`` and ``attente`` are ``attente``; ``ebe``, that no contract confirms, is ``non_etablie``;
    3. a contract has ended: the reason of the last one, when it is another job, retirement, a move or a
       death; ``non_etablie`` after an amendment that nothing follows; ``autre`` after any other reason;
    4. ``attente``.

    It is told of everyone, and means something of eligible volunteers. A missing ``date_situation`` counts as
    not begun. Of contracts ended on one day, the last begun decides.

    >>> days = np.array(["2018-03-01", "2018-06-15", "NaT"], "datetime64[us]")
    >>> steps = ("date_rencontre", "date_volontariat", "date_decision_cle", "date_proposition")
    >>> gens = {**dict.fromkeys(steps, days[[0, 0]]), "personne": np.array(["p1", "p2"], object),
    ...         "situation": np.array(["ebe", "demenagement"], object), "date_situation": days[[0, 1]],
    ...         "decision_cle": np.array(["eligible"] * 2, object), "annee_naissance": np.array([1975, 1975])}
    >>> contrats = {"personne": np.array(["p1"], object), "ebe": np.array(["e"], object),
    ...             "date_debut": days[[0]], "date_fin": days[[2]], "motif_fin": np.array([None])}
    >>> told = ranger(gens, contrats)
    >>> [situations(told, jour).tolist() for jour in (date(2018, 5, 31), date(2018, 6, 15))]
    [['ebe', 'attente'], ['ebe', 'demenagement']]
    """
    day = np.datetime64(jour)
    ended = np.flatnonzero((etapes.debuts <= day) & (etapes.fins < day))
    last = np.full(etapes.nombre, -1)
    last[etapes.contrats_qui[ended]] = ended  # of several of one person the last one stays
    last = last[etapes.qui]
    had = last >= 0
    found = np.full(len(last), "attente", dtype=object)
    found[had] = etapes.apres[last[had]]
    holds = etapes.depuis <= day
    holds[had] &= etapes.depuis[had] >= etapes.fins[last[had]]
    found[holds] = [_DEPOSEE.get(code, code) for code in etapes.situation[holds]]
    found[etapes.sous_contrat(jour)] = "ebe"
    return found
