"""The people of the deposits joined to case types: what each payer gains, territory by territory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from math import fsum
from operator import itemgetter
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.indicateurs.depenses_passives.declarations import Declarations
from analysis.indicateurs.depenses_passives.loi.cas_types import DERNIER_MOIS, PREMIER_MOIS, CasType
from analysis.indicateurs.depenses_passives.loi.conservation import montants
from analysis.indicateurs.depenses_passives.loi.legislation import MOIS_AVANT, load_exceptions
from analysis.indicateurs.depenses_passives.loi.transitions import Montants, chemins
from analysis.indicateurs.depenses_passives.payeurs import PRESTATIONS, RECETTES, REDUCTION, parts
from analysis.indicateurs.donnees import Donnees, lignes
from analysis.indicateurs.durees import anniversaire, mois
from analysis.noyau.mesures import Cadre, Definitions, Mesure
from analysis.noyau.paths import Nature, Project

PERSONNES: Final = "gain_personnes"
MOYEN: Final = "gain_moyen_payeur"
CONCERNES: Final = "gain_concernes"
MOYEN_CONCERNES: Final = "gain_moyen_concernes"

FOURNIS: Final = "cas_inventes.csv.xz"
"""The simulated case types of the invented people, who are always the same; ``scripts/cas_inventes.py`` makes
it."""

ARE_JOUR: Final = 29.26
"""Gross euros a day of who lived on the ARE: the minimum of 2020, since deposits do not tell the amount."""

LOYERS: Final[Mapping[str, float]] = {
    "seule": 350.0,
    "couple": 400.0,
    "monoparentale": 400.0,
    "couple_enfants": 450.0,
}
"""Monthly rent of a tenant, by household: deposits do not tell it."""

ZONE: Final = "2"
"""Zone of the housing aid: deposits do not tell it."""

_RESSOURCES: Final = ("aah", "ass", "are", "rsa")
"""What a person lived on, the first that was received: the others are then a supplement."""

_DE_LA_PERSONNE: Final = (
    *("personne", "menage", "logement", "enfants"),
    *(f"{ressource}_avant" for ressource in _RESSOURCES),
)
_DU_CONTRAT: Final = ("personne", "date_debut", "date_fin", "quotite")
"""What a case type is made of: columns of the people and of the contracts."""

_LOGEMENTS: Final = {
    "locataire_social": "locataire_social",
    "locataire_prive": "locataire_prive",
    "proprietaire": "proprietaire",
    "heberge": "heberge",
    "sans_logement": "heberge",
}
_MENAGES: Final = {
    "seule": "seule",
    "autre": "seule",
    "monoparentale": "monoparentale",
    "couple": "couple",
    "couple_enfants": "couple_enfants",
}
_SECOND_YEAR: Final = 12
_JOUR: Final = timedelta(days=1)
_PERSONNE: Final = "personne n'est joint à un cas type"


@dataclass(frozen=True)
class Joints:
    """The people of a territory who are joined to case types, and where their measures are built: in a
    ``Cadre`` of this place, nature and source."""

    lieu: str
    nature: Nature
    source: str
    arrete: date
    cas: tuple[CasType, ...]


def joindre(donnees: Donnees) -> Joints:
    """What the simulation needs of a deposit, once its tables are let go."""
    cadre = donnees.cadre
    return Joints(cadre.lieu, cadre.nature, cadre.source, donnees.arrete, tuple(cas_joints(donnees)))


def cas_de(personne: Mapping[Any, Any], contrat: Mapping[Any, Any]) -> CasType | None:
    """The case type of a person hired, None where the deposit does not tell enough.

    ``personne`` is a row of the people, ``contrat`` the first contract. The quotité is rounded to the tenth;
    a household « autre » is a single person, a person without a home is housed; rent, zone and daily ARE are
    declared. None for a household, a home or every benefit that is not told, and for a hire out of 2016-2021.
    """
    menage, logement = _MENAGES.get(str(personne["menage"])), _LOGEMENTS.get(str(personne["logement"]))
    told = {name: str(personne[f"{name}_avant"]) for name in _RESSOURCES}
    ressource = next((name for name, value in told.items() if value == "oui"), "aucune")
    month = mois(contrat["date_debut"])
    is_told = ressource != "aucune" or "nr" not in told.values()
    if menage is None or logement is None or not is_told or not PREMIER_MOIS <= month <= DERNIER_MOIS:
        return None
    children = personne["enfants"]
    count = 0 if pd.isna(children) else int(float(str(children)))
    has_children = menage in ("monoparentale", "couple_enfants")
    return CasType(
        cas=str(personne["personne"]),
        menage=menage,
        enfants=min(max(count, 1), 10) if has_children else 0,
        logement=logement,
        loyer=LOYERS[menage] if logement.startswith("locataire") else 0.0,
        zone=ZONE,
        ressource=ressource,
        are_jour=ARE_JOUR if ressource == "are" else 0.0,
        quotite=min(max(round(float(str(contrat["quotite"])), 1), 0.1), 1.0),
        embauche=month,
    )


def mesures(
    project: Project,
    definitions: Definitions,
    declarations: Declarations,
    joints: Sequence[Joints],
    progress: Callable[[str], None] = lambda _: None,
) -> Iterator[Mesure]:
    """The mean gain of each payer in the second year after the hire, over all who are joined to a case type.

    For a territory and a payer: Σ over people of (what the payer paid less what it pays, plus what it
    receives) / people, in euros of the year of the arrêté, if nobody had found a job otherwise: the means of
    two payers are of the same people. Of people hired two years before the arrêté at least and whose
    contracts ran so long; the contribution to the development of employment is not in it. A payer that pays
    benefits alone does not concern everybody: the part of people whom it concerns (whose sum is not nil) and
    their own mean are told beside. A territory where nobody is joined has a count of 0 and means that are
    missing. Distinct case types of all the territories are simulated once.
    """
    cases = [case for place in joints for case in place.cas]
    simulated = montants(
        cases, load_exceptions(project), progress=progress, fournis=project.depenses_passives / FOURNIS
    )
    amounts = _par_cas(simulated)
    for place in joints:
        cadre = Cadre(place.lieu, place.nature, place.source, definitions)
        yield from _of_place(cadre, declarations, place, amounts)


def cas_joints(donnees: Donnees) -> list[CasType]:
    """The case types of the people who were in an EBE for two years after their first hire."""
    contracts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(lignes(donnees.arrays("contrats"), _DU_CONTRAT), key=itemgetter("date_debut")):
        contracts[row["personne"]].append(row)
    stayed = {
        name: rows[0]
        for name, rows in sorted(contracts.items())
        if (until := anniversaire(rows[0]["date_debut"].date(), 24)) <= donnees.arrete + _JOUR
        and max(map(_dernier_jour, rows)) >= until - _JOUR
    }
    people = lignes(donnees.arrays("personnes"), _DE_LA_PERSONNE)
    found = {
        row["personne"]: cas_de(row, stayed[name]) for row in people if (name := row["personne"]) in stayed
    }
    return [case for name in stayed if (case := found.get(name)) is not None]


def _dernier_jour(contract: Mapping[str, Any]) -> date:
    """The last day of a contract, that of all days while it runs."""
    return contract["date_fin"].date() if contract["date_fin"] else date.max


def _par_cas(montants: pd.DataFrame) -> dict[str, Montants]:
    """The columns of each case, by its key."""
    ordered = montants.sort_values("cas", kind="stable")
    columns = {str(name): values.to_numpy() for name, values in ordered.items()}
    keys, starts = np.unique(columns["cas"].astype(str), return_index=True)
    bounds = pairwise([*starts, len(ordered)])
    return {
        str(key): {name: values[start:end] for name, values in columns.items()}
        for key, (start, end) in zip(keys, bounds, strict=True)
    }


def _of_place(
    cadre: Cadre,
    declarations: Declarations,
    place: Joints,
    amounts: Mapping[str, Montants],
) -> Iterator[Mesure]:
    year, period = place.arrete.year, place.arrete.isoformat()
    gains = [gain(declarations, case, amounts[case.situation_key()], year) for case in place.cas]
    yield cadre.compte(PERSONNES, period, len(place.cas))
    of_wages, of_benefits = _payers(declarations)
    for payeur in (*of_wages, *of_benefits):
        told = [round(of_person.get(payeur, 0.0), 2) for of_person in gains]
        concerned = [euros for euros in told if euros]
        mean = partial(cadre.ratio, periode=period, modalite=payeur, prix=str(year))
        total = round(fsum(concerned), 2)
        yield mean(MOYEN, numerateur=total, denominateur=len(told), vide=_PERSONNE)
        if payeur in of_benefits:
            yield cadre.ratio(CONCERNES, period, len(concerned), len(told), vide=_PERSONNE, modalite=payeur)
            vide = "personne n'est concerné"
            yield mean(MOYEN_CONCERNES, numerateur=total, denominateur=len(concerned), vide=vide)


def _payers(declarations: Declarations) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who receives contributions of a wage, or pays their reduction: every job concerns them; then the others
    who pay a benefit."""
    rows = declarations.tables["affectations"]
    received = {row["payeur"] for row in rows if row["ligne"] in RECETTES} | {"etat"}
    paid = {row["payeur"] for row in rows if row["ligne"] in PRESTATIONS} - received
    return tuple(filter(received.__contains__, declarations.payeurs)), tuple(
        filter(paid.__contains__, declarations.payeurs)
    )


def gain(declarations: Declarations, case: CasType, amounts: Montants, annee: int) -> dict[str, float]:
    """What each payer gains by a person's job in its second year, in euros of a year, before any compensation
    but that of the general reduction, which the State pays; the ARE counts for what is left of it."""
    central = {h.hypothese: h.centrale for h in declarations.scenarios["central"].hypotheses}
    paths = chemins(case, amounts, "centrale")
    sums: dict[str, float] = {}
    for sign, situation in ((1, "sans_emploi"), (-1, "en_ebe")):
        path = {
            name: values[MOIS_AVANT + _SECOND_YEAR :].tolist() for name, values in paths[situation].items()
        }
        for rank, month in enumerate(path["mois"]):
            scale = declarations.euros_constants(sign, int(month[:4]), annee)
            for ligne in (*PRESTATIONS, *RECETTES, REDUCTION):
                if amount := path[ligne][rank]:
                    paid = {"etat": 1.0} if ligne == REDUCTION else parts(declarations, ligne, month)
                    toward = -1 if ligne in RECETTES else 1
                    left = central["are_annee_2"] if ligne == "are" else 1.0
                    for payeur, part in paid.items():
                        sums[payeur] = sums.get(payeur, 0.0) + toward * scale * part * left * amount
    return sums
