"""The whole study on case types as one record: what the chapters, the simulator and its workbook are made
of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from importlib import metadata
from typing import Final

import pandas as pd

from analysis.indicateurs.depenses_passives.declarations import (
    DERNIERES,
    HYPOTHESES,
    Declarations,
    declarations_of,
)
from analysis.indicateurs.depenses_passives.incertitude import (
    intervalle,
    resultats,
    seuil_cde,
    tirer,
    tornade,
)
from analysis.indicateurs.depenses_passives.payeurs import (
    CDE,
    LIBELLES,
    PRESTATIONS,
    RECETTES,
    REDUCTION,
    coefficients,
    libelles,
    parts,
    recours,
)
from analysis.indicateurs.depenses_passives.rapprochement import cascade
from analysis.indicateurs.depenses_passives.resultats import (
    AUJOURDHUI,
    CENTRAL,
    Calcule,
    Cascade,
    CasRaconte,
    Cellule,
    Coefficient,
    CoutPublie,
    Etude,
    Flux,
    Rapproche,
    Scenario,
    SeuilVentes,
)
from analysis.indicateurs.depenses_passives.scenarios import evaluer, valeurs
from analysis.noyau.declared.prix import EUROS_DE
from analysis.noyau.paths import Project
from analysis.sources.register import Register, load_register

COUT_COMPLET: Final = "cout_complet_emploi_etp_an"
COUT_BRUT: Final = "cout_brut_etp_an"

_CELLULE: Final = tuple(field.name for field in fields(Cellule))

CASCADES: Final = (
    ("promoteurs-2015", "hcsp-2025"),
    ("hcsp-2025", "comite-2021"),
    ("central", "igas-igf-2019"),
)
"""The pairs of scenarios whose gap is told step by step."""


def etudier(project: Project, register: Register) -> Etude | None:
    """The study of a project; None where it declares none."""
    if not project.depenses_passives.is_dir():
        return None
    if project.nature == "demonstration":  # the study is that of the real bilan: its figures are not invented
        real = Project(project.checkout)
        return etudier(real, load_register(real))
    declarations = declarations_of(project)
    if declarations is None:
        return None
    table = coefficients(declarations)
    central = declarations.scenarios[CENTRAL]
    known = dict(sorted(libelles(declarations).items()))
    return Etude(
        modele=f"OpenFisca-France {metadata.version('openfisca-france')}",
        legislation=tuple((row["libelle"], row["depuis"]) for row in declarations.tables[DERNIERES]),
        taux=_rows(declarations, "taux_contribution"),
        euros_de=EUROS_DE,
        payeurs=tuple((row["payeur"], row["nom"]) for row in declarations.tables["payeurs"]),
        lignes=tuple(known.items()),
        hypotheses=tuple(HYPOTHESES.items()),
        cas=(told := _told(declarations)),
        flux=_flows(declarations, told),
        scenarios=tuple(_computed(table, scenario) for scenario in declarations.scenarios.values()),
        tornade=tuple(tornade(table, central)),
        seuils=tuple(
            found
            for code in (CENTRAL, AUJOURDHUI)
            for found in _break_even(table, declarations.scenarios[code], declarations)
        ),
        ventes=_sales(table, central, declarations, register),
        rapproches=_beside(table, declarations, register),
        couts_publies=_gross_costs(table, declarations, register),
        cascades=_steps(table, declarations, register),
        declarees=_rows(declarations, "lignes_declarees"),
        affectations=_rows(declarations, "affectations"),
        chefs_de_file=_rows(declarations, "chefs_de_file"),
        coefficients=tuple(Coefficient(*row) for row in table.itertuples(index=False)),
    )


def _rows(declarations: Declarations, table: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    return tuple(tuple(row.items()) for row in declarations.tables[table])


def _computed(table: pd.DataFrame, scenario: Scenario) -> Calcule:
    bilan = evaluer(table, valeurs(scenario), scenario.perimetre)
    cells = tuple(Cellule(*row) for row in bilan.cellules[list(_CELLULE)].itertuples(index=False))
    draws = resultats(table, tirer(scenario), scenario.perimetre)
    names = ("evite_et_recu", "contribution", "contribution_nette")
    spread = tuple((name, intervalle(draws[name])) for name in names)
    return Calcule(scenario, bilan.evite_et_recu, bilan.contribution, bilan.contribution_nette, cells, spread)


def _break_even(
    table: pd.DataFrame, scenario: Scenario, declarations: Declarations
) -> tuple[tuple[str, str, float], ...]:
    found = ((payeur, seuil_cde(table, scenario, payeur)) for payeur in declarations.payeurs)
    return tuple((scenario.scenario, payeur, value) for payeur, value in found if value is not None)


def _sales(
    table: pd.DataFrame, central: Scenario, declarations: Declarations, register: Register
) -> SeuilVentes:
    """The sales that balance a job: the published full cost, in the euros of the CDE, less the CDE."""
    chiffre = next(c for c in register.chiffres if c.indicateur == COUT_COMPLET)
    if chiffre.valeur is None or chiffre.annee_prix is None:
        raise ValueError(f"figure {chiffre.numero} is no exact amount of a year")
    cde = evaluer(table, valeurs(central), central.perimetre).contribution
    millesime = int(valeurs(central)["millesime"])
    cost = declarations.euros_constants(chiffre.valeur, chiffre.annee_prix, millesime)
    return SeuilVentes(
        chiffre.numero, round(cost, 2), chiffre.annee_prix, cde, max(round(cost - cde, 2), 0.0)
    )


def _result(table: pd.DataFrame, scenario: Scenario, resultat: str) -> float:
    return float(getattr(evaluer(table, valeurs(scenario), scenario.perimetre), resultat))


def _published(register: Register, scenario: Scenario) -> tuple[float, float, int] | None:
    """The bounds and the price year of the figure that a scenario stands beside; None where none was
    published."""
    if scenario.chiffre is None:
        return None
    chiffre = next(c for c in register.chiffres if c.numero == scenario.chiffre)
    ends = [v for v in (chiffre.borne_basse, chiffre.valeur, chiffre.borne_haute) if v is not None]
    if chiffre.annee_prix is None:
        raise ValueError(f"figure {chiffre.numero} has no price year")
    return min(ends), max(ends), chiffre.annee_prix


def _is_maximum(register: Register, numero: int) -> bool:
    """Whether a figure was published as an upper bound alone."""
    chiffre = next(c for c in register.chiffres if c.numero == numero)
    return chiffre.valeur is None and chiffre.borne_basse is None


def _beside(table: pd.DataFrame, declarations: Declarations, register: Register) -> tuple[Rapproche, ...]:
    found = []
    for scenario in declarations.scenarios.values():
        published = _published(register, scenario)
        if published is None:
            continue
        low, high, year = published
        ours = _result(table, scenario, scenario.resultat)
        own_year = int(valeurs(scenario)["millesime"])
        constant = [
            round(declarations.euros_constants(v, y, EUROS_DE), 2)
            for v, y in ((low, year), (high, year), (ours, own_year))
        ]
        assert scenario.chiffre is not None
        found.append(
            Rapproche(
                scenario.scenario,
                scenario.chiffre,
                scenario.resultat,
                (low, high),
                _is_maximum(register, scenario.chiffre),
                year,
                (constant[0], constant[1]),
                ours,
                own_year,
                constant[2],
            )
        )
    return tuple(found)


def _gross_costs(
    table: pd.DataFrame, declarations: Declarations, register: Register
) -> tuple[CoutPublie, ...]:
    """The gross public cost of each evaluation that published one, beside the CDE of its scenario."""
    found = []
    for scenario in declarations.scenarios.values():
        for chiffre in register.chiffres:
            is_its_own = scenario.evaluation and chiffre.evaluation == scenario.evaluation
            if not is_its_own or chiffre.indicateur != COUT_BRUT:
                continue
            if chiffre.valeur is None or chiffre.annee_prix is None:
                raise ValueError(f"figure {chiffre.numero} is no exact amount of a year")
            ours, year = _result(table, scenario, "contribution"), int(valeurs(scenario)["millesime"])
            both = (
                declarations.euros_constants(chiffre.valeur, chiffre.annee_prix, EUROS_DE),
                declarations.euros_constants(ours, year, EUROS_DE),
            )
            found.append(CoutPublie(scenario.scenario, chiffre.numero, *(round(value, 2) for value in both)))
    return tuple(found)


def _steps(table: pd.DataFrame, declarations: Declarations, register: Register) -> tuple[Cascade, ...]:
    """Between two scenarios that stand beside comparable figures, from one figure to the other, constant
    euros."""
    found = []
    for first, second in CASCADES:
        pair = [declarations.scenarios[first], declarations.scenarios[second]]
        ends = [_published(register, scenario) for scenario in pair]
        both = None
        if all(ends) and pair[0].resultat == pair[1].resultat:
            both = tuple(declarations.euros_constants((e[0] + e[1]) / 2, e[2], 2019) for e in ends if e)
        found.append(cascade(table, pair[0], pair[1], publies=both))  # type: ignore[arg-type]
    return tuple(found)


def _told(declarations: Declarations) -> tuple[CasRaconte, ...]:
    """The case types of the central year of hire, in their second year, when no transition is left."""
    millesime = int(valeurs(declarations.scenarios[CENTRAL])["millesime"])
    frame = declarations.acceptes
    frame = frame[
        (frame["variante"] == "centrale")
        & (frame["annee"] == 2)
        & frame["ligne"].isin([*LIBELLES, "salaire_brut", "salaire_net"])
    ]
    found = []
    for name, case in declarations.cas.items():
        if int(case.embauche[:4]) == millesime:
            of_case = frame[frame["cas"] == name]
            sides = [
                tuple(
                    (str(r["ligne"]), float(r["montant"]))
                    for r in of_case[of_case["situation"] == s].to_dict("records")
                )
                for s in ("sans_emploi", "en_ebe")
            ]
            found.append(
                CasRaconte(
                    name,
                    declarations.libelles[name],
                    case.ressource,
                    declarations.poids[name],
                    sides[0],
                    sides[1],
                )
            )
    return tuple(found)


def _flows(declarations: Declarations, cas: tuple[CasRaconte, ...]) -> tuple[Flux, ...]:
    """Who pays what before and after, for the central public, the CDE included after."""
    central = valeurs(declarations.scenarios[CENTRAL])
    second = int(central["millesime"]) + 1
    month = f"{second}-06"
    sums: dict[tuple[str, str, str], float] = {}
    for case in cas:
        weight = case.poids * central[f"part_{case.ressource}"]
        for situation, amounts in (("sans_emploi", case.avant), ("en_ebe", case.apres)):
            for ligne, amount in amounts:
                is_base = ligne == "salaire_brut" and situation == "en_ebe"
                euros = declarations.assiette(second) if is_base else amount
                taken = central.get(_taken(ligne, case.ressource), 1.0)
                for payeur, share, sign in _paid(declarations, ligne, month, central):
                    key = (situation, payeur, CDE if ligne == "salaire_brut" else ligne)
                    sums[key] = sums.get(key, 0.0) + sign * share * weight * taken * euros
    return tuple(Flux(*key, round(value, 2)) for key, value in sorted(sums.items()) if round(value, 2))


def _taken(ligne: str, ressource: str) -> str:
    """The assumption that multiplies a line in the second year, empty where none does."""
    return (*recours(ligne, ressource, 2), "")[0]


def _paid(
    declarations: Declarations, ligne: str, mois: str, central: Mapping[str, float]
) -> list[tuple[str, float, int]]:
    """The payers of a line, their parts and the sign: paid 1, received -1; the reduction is the State's."""
    if ligne == "salaire_brut":
        rate = central["cde_etat"]
        return [("etat", rate, 1), ("departement", rate * central["cde_departement"], 1)]
    if ligne == REDUCTION:
        return [("etat", 1.0, 1)]
    if ligne not in (*PRESTATIONS, *RECETTES):
        return []
    sign = 1 if ligne in PRESTATIONS else -1
    return [(payeur, share, sign) for payeur, share in parts(declarations, ligne, mois).items()]
