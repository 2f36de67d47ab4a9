"""OpenFisca-France behind one function: case types in, monthly amounts in euros out.

Used as it is, the model returns wrong amounts without any error. What is done about it stands here: months
are asked in order after two years of warm-up with ``rsa`` seeded, incomes are given for every month, signs
are ours, annual variables are not read where one month decides, and wrong parameters and formulas are
replaced by declared ones.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from analysis.indicateurs.depenses_passives.loi.cas_types import CasType
from analysis.indicateurs.depenses_passives.loi.corrections import FORMULES, PRIME_DIFFEREE
from analysis.indicateurs.depenses_passives.resultats import ExceptionDeclaree
from analysis.noyau.declared.written import load_written
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project

Situation = Literal["sans_emploi", "en_ebe"]
SITUATIONS: Final[tuple[Situation, Situation]] = ("sans_emploi", "en_ebe")

MOIS_AVANT: Final = 3
MOIS_APRES: Final = 24
"""Months told of each case: those before its hire, then those from it on."""

_WARM_UP: Final = 2
_HEURES: Final = 35 * 52 / 12
_EFFECTIF: Final = 60
_NAISSANCE: Final = "1975-06-15"
_AGE_ENFANTS: Final = 8
"""The age that a household's children reach in the year of its hire, whatever the other cases asked."""
_LOGEMENTS: Final = {
    "locataire_prive": "locataire_vide",
    "locataire_social": "locataire_hlm",
    "proprietaire": "proprietaire",
    "heberge": "loge_gratuitement",
}

_SECU: Final = (
    *("vieillesse_plafonnee_employeur", "vieillesse_deplafonnee_employeur", "accident_du_travail"),
    *("contribution_solidarite_autonomie", "famille_net_allegement", "mmid_employeur_net_allegement"),
    *("vieillesse_plafonnee_salarie", "vieillesse_deplafonnee_salarie", "mmid_salarie"),
)
_CHOMAGE: Final = ("chomage_employeur", "chomage_salarie")
_LOGEMENT: Final = ("fnal_contribution",)
_ENTREPRISE: Final = ("cotisations_employeur", "cotisations_salariales", "taxe_salaires")

APRES_CRDS: Final = 0.995

FAMILLE: Final = {
    "rsa": 1.0,
    "aide_logement": 1.0,
    "ppa": 1.0,
    "crds_ppa": 1.0,
    "af": APRES_CRDS,
    "cf": APRES_CRDS,
    "asf": APRES_CRDS,
}
"""Variables of the family and what is kept of them: family benefits come before the CRDS, ours are after
it."""

LIGNES: Final = (
    *("rsa", "ass", "aah", "are", "prime_activite", "aide_logement", "prestations_familiales", "prime_noel"),
    *("cotisations_secu", "cotisations_chomage", "cotisations_logement", "cotisations_autres", "csg_crds"),
    *("reduction_generale", "salaire_brut", "salaire_net", "cout_employeur"),
)
"""The columns of amounts: benefits net of CRDS, contributions, then the wage and what it costs its
employer."""


RELUE: Final = "prime_relue"
"""Beside LIGNES: the prime d'activité of a month as the law of the months that follow it counts its quarter.

It differs from ``prime_activite`` where a decree enters into force inside a quarter that is running.
"""

PARAMETRES_DATES: Final = {
    "marche_travail.salaire_minimum.smic.smic_b_horaire": "Smic",
    "prestations_sociales.solidarite_insertion.minima_sociaux.rsa.rsa_m.montant_de_base_du_rsa": "RSA",
    "prestations_sociales.solidarite_insertion.minima_sociaux.ppa.pa_m.montant_de_base": "prime d'activité",
    "chomage.allocations_assurance_chomage.ass.montant_plein": "ASS",
    "prestations_sociales.prestations_etat_de_sante.invalidite.aah.montant": "AAH",
    "prestations_sociales.prestations_familiales.bmaf.bmaf": "prestations familiales",
    "prestations_sociales.aides_logement.allocations_logement.locatif.formule.l_plafonds_loyers.par_zone.zone_2."
    "personnes_seules": "aides au logement",
    "prelevements_sociaux.pss.plafond_securite_sociale_mensuel": "cotisations",
    "prelevements_sociaux.reductions_cotisations_sociales.allegement_general.ensemble_des_entreprises."
    "t_delta_grandes_entreprises": "réduction générale",
}
"""The parameters of the model whose last value dates each kind of amount."""


class MoisImpossible(BilanError):
    """The model has no formula or parameter for a month that was asked: which, and what to do."""


def load_exceptions(project: Project) -> tuple[ExceptionDeclaree, ...]:
    """The declared exceptions, ``data/depenses_passives/legislation_exceptions.csv``; raises InvalidData."""
    path = project.depenses_passives / "legislation_exceptions.csv"
    rows = load_written(project, "legislation_exceptions", key=("objet", "debut"), path=path)
    return tuple(
        ExceptionDeclaree(
            **{**row, "fin": row["fin"] or None, "valeur": float(row["valeur"]) if row["valeur"] else None}  # type: ignore[arg-type]
        )
        for row in rows
    )


def load_model(exceptions: Sequence[ExceptionDeclaree]) -> Any:
    """The French tax and benefit system with the declared exceptions. To be read: a process has one of each.

    About three seconds the first time that a process asks, less for other exceptions, nothing for the same.
    """
    return _model(tuple(exceptions))


@cache
def _france() -> Any:
    """The system as OpenFisca-France has it; a reform of it changes a copy."""
    from openfisca_france import FranceTaxBenefitSystem

    return FranceTaxBenefitSystem()


@cache
def _model(exceptions: tuple[ExceptionDeclaree, ...]) -> Any:
    from openfisca_core.parameters import ParameterNode
    from openfisca_core.periods import instant
    from openfisca_core.reforms import Reform

    def modified(parameters: ParameterNode) -> ParameterNode:
        for exception in exceptions:
            if exception.nature != "parametre":
                continue
            node = _node(parameters, exception.objet)
            node.update(start=instant(exception.debut), stop=instant(exception.fin), value=exception.valeur)
        return parameters

    class Corrigee(Reform):
        def apply(self) -> None:
            self.modify_parameters(modifier_function=modified)
            for exception in exceptions:
                if exception.nature == "formule":
                    _correction(exception)(self, exception)

    return Corrigee(_france())


def _correction(exception: ExceptionDeclaree) -> Callable[[Any, ExceptionDeclaree], None]:
    if exception.objet not in FORMULES:
        raise MoisImpossible(
            f"Aucune correction n'est écrite pour la formule « {exception.objet} » : {', '.join(FORMULES)}."
        )
    return FORMULES[exception.objet]


def dernieres_valeurs(model: Any) -> tuple[tuple[str, str, str], ...]:
    """Up to when the model knows the law: the path of each dated parameter, its name, the month of its last
    value.

    From that month on the value is kept. Raises MoisImpossible for a parameter that the model has no more.
    """
    return tuple(
        (path, name, _node(model.parameters, path).values_list[0].instant_str[:7])
        for path, name in PARAMETRES_DATES.items()
    )


def _node(parameters: Any, path: str) -> Any:
    node = parameters
    for name in path.split("."):
        node = getattr(node, name, None)
        if node is None:
            raise MoisImpossible(
                f"OpenFisca n'a plus de paramètre « {path} » (à « {name} ») : corrigez son chemin."
            )
    return node


def simuler(
    cas: Sequence[CasType],
    exceptions: Sequence[ExceptionDeclaree],
    *,
    progress: Callable[[str], None] = lambda _: None,
) -> pd.DataFrame:
    """The monthly amounts of case types, without a job and in the EBE.

    One row for a case (its key), a situation (``sans_emploi``: never hired; ``en_ebe``: from the month of
    hire) and a month (``2019-04``), from three months before the hire to the twenty-fourth from it. Columns
    are those of LIGNES and RELUE, in euros a month, none negative: benefits are what the household receives,
    net of CRDS; contributions what is paid before the general reduction, which stands in its own column.
    ``prime_noel`` stands in December, at the amount that the model gives for any month of RSA or ASS in the
    year: ``transitions`` takes that of who is never hired, and decides when it is due.

    The path of a benefit in the months after a hire is the model's, which recomputes each month:
    ``transitions`` replaces it. Raises MoisImpossible.
    Source: OpenFisca-France (see ``requirements.lock`` for its version).
    """
    if not cas:
        return pd.DataFrame(columns=["cas", "situation", "mois", *LIGNES, RELUE])
    distinct = list({c.situation_key(): c for c in cas}.values())
    run = _Run.start(distinct, load_model(exceptions))
    first, last = _span(distinct)
    months = pd.period_range(f"{first.year - _WARM_UP}-01", last, freq="M")
    run.fill(months)
    parts = []
    for month in months:
        if month.month == 1:
            progress(f"législation de {month.year}, {len(distinct)} cas types")
        amounts = run.month(str(month))
        if month >= first:
            parts.append(amounts)
    table = _around_the_hire(pd.concat(parts, ignore_index=True), distinct)
    if not np.isfinite(table[list(LIGNES)].to_numpy()).all():
        raise MoisImpossible(
            "OpenFisca rend un montant qui n'est pas un nombre : comparez avec la version du verrou."
        )
    return table


def _span(cas: Sequence[CasType]) -> tuple[pd.Period, pd.Period]:
    hires = [pd.Period(c.embauche, "M") for c in cas]
    return min(hires) - MOIS_AVANT, max(hires) + MOIS_APRES - 1


def _around_the_hire(table: pd.DataFrame, cas: Sequence[CasType]) -> pd.DataFrame:
    hires = pd.PeriodIndex([c.embauche for c in cas for _ in SITUATIONS], freq="M").astype("int64").to_numpy()
    ranks = pd.PeriodIndex(table["mois"], freq="M").astype("int64").to_numpy() - np.tile(
        hires, len(table) // len(hires)
    )
    kept = table[(ranks >= -MOIS_AVANT) & (ranks < MOIS_APRES)]
    return kept.sort_values(["cas", "situation", "mois"], ignore_index=True)


@dataclass(frozen=True)
class _Run:
    """One simulation of all the households, each twice: without a job, and hired."""

    simulation: Any
    model: Any
    homes: pd.DataFrame
    owner: np.ndarray
    adults: np.ndarray
    partners: np.ndarray

    @classmethod
    def start(cls, cas: Sequence[CasType], model: Any) -> _Run:
        from openfisca_core.simulation_builder import SimulationBuilder

        rows = [
            {**replace(c, cas=c.situation_key()).__dict__, "situation": s} for c in cas for s in SITUATIONS
        ]
        homes = pd.DataFrame(rows)
        roles = [(home, role) for home, row in enumerate(rows) for role in _roles(row)]
        owner = np.array([home for home, _ in roles])
        builder = SimulationBuilder()
        builder.create_entities(model)
        builder.declare_person_entity("individu", list(range(len(roles))))
        names = {
            "famille": ("demandeur", "conjoint", "enfant"),
            "foyer_fiscal": ("declarant", "declarant", "personne_a_charge"),
            "menage": ("personne_de_reference", "conjoint", "enfant"),
        }
        for entity, known in names.items():
            instance = builder.declare_entity(entity, list(range(len(rows))))
            builder.join_with_persons(instance, owner, [known[role] for _, role in roles])
        simulation = builder.build(model)
        simulation.max_spiral_loops = 1
        kinds = np.array([role for _, role in roles])
        return cls(simulation, model, homes, owner, np.flatnonzero(kinds == 0), np.flatnonzero(kinds == 1))

    def fill(self, months: pd.PeriodIndex) -> None:
        """Every input of every month: an income that is not given would be read as none."""
        people = self.simulation.persons.count
        children = np.setdiff1d(np.arange(people), np.concatenate([self.adults, self.partners]))
        births = np.full(people, _NAISSANCE, dtype="datetime64[D]")
        hires = self.homes["embauche"].str[:4].astype(int).to_numpy()[self.owner]
        births[children] = [f"{year - _AGE_ENFANTS}-06-15" for year in hires[children]]
        self.simulation.set_input("date_naissance", "ETERNITY", births)
        never, long_ago = np.datetime64("9999-12-31"), np.datetime64(f"{months[0].year - 1}-01-01")
        jobless = np.full(people, never)
        jobless[self.adults] = long_ago
        self.simulation.set_input("date_debut_chomage", "ETERNITY", jobless)
        self.simulation.set_input("rsa", str(months[0] - 1), np.zeros(len(self.homes), dtype=np.float32))
        for month in months:
            self._fill_month(month)

    def _of_adults(self, values: np.ndarray, base: np.ndarray) -> np.ndarray:
        filled = base.copy()
        filled[self.adults] = values
        return filled

    def _fill_month(self, month: pd.Period) -> None:
        text, homes = str(month), self.homes
        hired = (homes["situation"] == "en_ebe").to_numpy() & (homes["embauche"] <= text).to_numpy()
        smic = self.model.get_parameters_at_instant(
            f"{text}-01"
        ).marche_travail.salaire_minimum.smic.smic_b_horaire
        quotite = homes["quotite"].to_numpy()
        wage = np.where(hired, quotite * homes["salaire"].to_numpy() * smic * _HEURES, 0.0)
        zeros = np.zeros(self.simulation.persons.count)
        put = self._put(text)
        pay = self._of_adults(wage, zeros)
        pay[self.partners] = homes.loc[
            homes["menage"].isin(["couple", "couple_enfants"]), "conjoint"
        ].to_numpy()
        put("salaire_de_base", pay)
        part_time = hired & (quotite < 1)
        put("heures_remunerees_volume", self._of_adults(np.where(part_time, quotite * _HEURES, 0.0), zeros))
        self._put_enum(text, "contrat_de_travail", "temps_plein", part_time, "temps_partiel")
        self._put_enum(text, "activite", "actif", ~hired, "chomeur")
        employed = pay > 0
        put("effectif_entreprise", np.where(employed, _EFFECTIF, 0))
        association = self._of_adults(hired, np.zeros(len(pay), dtype=bool))
        put("entreprise_est_association_non_lucrative", association)
        resource = homes["ressource"]
        put(
            "ass_precondition_remplie",
            self._of_adults((resource == "ass").to_numpy(), np.zeros(len(pay), dtype=bool)),
        )
        put("taux_incapacite", self._of_adults(np.where(resource == "aah", 0.8, 0.0), zeros))
        are = np.where(hired, 0.0, homes["are_jour"].to_numpy())
        put("allocation_retour_emploi_journaliere", self._of_adults(are, zeros))
        put("loyer", homes["loyer"].to_numpy())
        housing = {
            "statut_occupation_logement": homes["logement"].map(_LOGEMENTS),
            "zone_apl": "zone_" + homes["zone"],
        }
        for variable, column in housing.items():
            values = self._enum(variable)
            put(variable, np.array([values[name].index for name in column]))

    def _put(self, month: str) -> Callable[[str, np.ndarray], None]:
        return lambda variable, values: self.simulation.set_input(variable, month, values)

    def _enum(self, variable: str) -> Any:
        return self.model.get_variable(variable).possible_values

    def _put_enum(self, month: str, variable: str, usual: str, where: np.ndarray, other: str) -> None:
        values = self._enum(variable)
        codes = np.full(self.simulation.persons.count, values[usual].index)
        codes[self.adults] = np.where(where, values[other].index, codes[self.adults])
        self.simulation.set_input(variable, month, codes)

    def month(self, text: str) -> pd.DataFrame:
        """The amounts of one month, computed after all the earlier ones."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # TO-DE at zero wage
            of_home = {name: kept * self._calculate(name, text) for name, kept in FAMILLE.items()}
            of_adult = {name: self._calculate(name, text)[self.adults] for name in _PERSONNE}
            if PRIME_DIFFEREE in self.model.variables:
                of_home["ppa_relue"] = of_home["ppa"] + self._calculate(PRIME_DIFFEREE, text)
            noel = self._of_year("aefa", text)
        frame = pd.DataFrame({"cas": self.homes["cas"], "situation": self.homes["situation"], "mois": text})
        for ligne, values in _lignes(of_home, of_adult, noel).items():
            frame[ligne] = values
        frame.loc[self.homes["ressource"] == "aucune", "rsa"] = 0.0
        return frame

    def _of_year(self, variable: str, month: str) -> np.ndarray:
        """A variable that only a whole year has, in December; nothing in the other months."""
        year, number = month.split("-")
        return self._calculate(variable, year) if number == "12" else np.zeros(len(self.homes))

    def _calculate(self, variable: str, month: str) -> np.ndarray:
        try:
            return np.asarray(self.simulation.calculate(variable, month), dtype=float)
        except Exception as error:  # the model raises its own kinds, one a version
            raise MoisImpossible(
                f"OpenFisca ne calcule pas « {variable} » en {month} : {error}. Comparez avec la version du "
                "verrou, puis déclarez une exception sourcée dans legislation_exceptions.csv."
            ) from error


_PERSONNE: Final = (
    *("ass", "aah", "chomage_brut", "salaire_de_base", "salaire_net", "allegement_general"),
    *(*_SECU, *_CHOMAGE, *_LOGEMENT, *_ENTREPRISE),
    *("csg_imposable_salaire", "csg_deductible_salaire", "crds_salaire"),
)


def _lignes(
    home: dict[str, np.ndarray], adult: dict[str, np.ndarray], noel: np.ndarray
) -> dict[str, np.ndarray]:
    """Our lines from the model's variables: contributions and taxes are negative there, never here."""
    secu = -sum(adult[name] for name in _SECU)
    chomage = -sum(adult[name] for name in _CHOMAGE)
    logement = -sum(adult[name] for name in _LOGEMENT)
    employeur = adult["taxe_salaires"] - adult["cotisations_employeur"]
    autres = employeur - adult["cotisations_salariales"] - secu - chomage - logement
    lignes = {
        "rsa": home["rsa"],
        "ass": adult["ass"],
        "aah": adult["aah"],
        "are": adult["chomage_brut"],
        "prime_activite": home["ppa"] + home["crds_ppa"],
        RELUE: APRES_CRDS * home.get("ppa_relue", home["ppa"]),
        "aide_logement": home["aide_logement"],
        "prestations_familiales": home["af"] + home["cf"] + home["asf"],
        "prime_noel": noel,
        "cotisations_secu": secu,
        "cotisations_chomage": chomage,
        "cotisations_logement": logement,
        "cotisations_autres": autres,
        "csg_crds": -(
            adult["csg_imposable_salaire"] + adult["csg_deductible_salaire"] + adult["crds_salaire"]
        ),
        "reduction_generale": adult["allegement_general"],
        "salaire_brut": adult["salaire_de_base"],
        "salaire_net": adult["salaire_net"],
        "cout_employeur": adult["salaire_de_base"] + employeur - adult["allegement_general"],
    }
    return {name: np.round(values, 2) + 0.0 for name, values in lignes.items()}


def _roles(row: dict[str, Any]) -> list[int]:
    """The roles of a household's people: 0 the person hired, 1 the partner, 2 a child."""
    partner = [1] if row["menage"] in ("couple", "couple_enfants") else []
    return [0, *partner, *[2] * row["enfants"]]
