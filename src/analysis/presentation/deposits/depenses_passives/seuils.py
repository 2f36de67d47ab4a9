"""From what a job pays for itself: the share of a payer, the sales of the EBE."""

from __future__ import annotations

import html

from analysis.indicateurs.depenses_passives.resultats import AUJOURDHUI, CENTRAL, Calcule, Etude
from analysis.noyau.arrondi import arrondi
from analysis.presentation.deposits.depenses_passives.etude_dite import (
    assumed,
    euro_cell,
    in_percent,
    millesime,
    study_source,
    with_study,
)
from analysis.presentation.numbers import decimal
from analysis.presentation.parts.blocks import Block, Column, Table
from analysis.presentation.parts.links import figure_link
from analysis.secret.bundle import Bundle


@with_study
def seuils(bundle: Bundle, etude: Etude) -> Block:
    """The rate of CDE that leaves each of its payers whole, and what follows for the department."""
    names = dict(etude.payeurs)
    rates = {(code, payeur): rate for code, payeur, rate in etude.seuils}
    payers = list(dict.fromkeys(payeur for _, payeur, _ in etude.seuils))
    rows = [
        [
            html.escape(names[payeur], quote=False),
            *(
                text
                for code in (CENTRAL, AUJOURDHUI)
                for text in (
                    euro_cell(100 * rates[code, payeur], 2, "%"),
                    euro_cell(100 * _asked(etude.scenario(code), payeur), 2, "%"),
                )
            ),
        ]
        for payeur in payers
    ]
    today = etude.scenario(AUJOURDHUI)
    whole, asked = rates[AUJOURDHUI, "departement"], _asked(today, "departement")
    words = (
        f"Le département ne gagne ni ne perd s'il verse {in_percent(rates[CENTRAL, 'departement'], 1)} du Smic brut dans la "
        f"législation de la première phase, {in_percent(whole, 1)} dans celle de {millesime(today)}. La loi lui demande "
        f"{in_percent(assumed(today, 'cde_departement'))} des {in_percent(assumed(today, 'cde_etat'))} que verse l'État, "
        f"soit {in_percent(asked, 2)} : {_department_result(whole, asked)}"
    )
    if max(rates[code, "etat"] for code in (CENTRAL, AUJOURDHUI)) < 0:
        words += (
            " L'État, lui, perd quel que soit son taux : il compense la réduction générale de cotisations."
        )
    note = (
        "En part du Smic brut, les autres gains étant ceux du scénario central. Un taux négatif dit que le payeur perd déjà "
        "sans rien verser. " + study_source(bundle, etude)
    )
    heads = (
        Column("Qui verse"),
        Column("Ni gain ni perte, première phase (%)", True),
        Column("Versé, première phase (%)", True),
        Column("Ni gain ni perte, aujourd'hui (%)", True),
        Column("Demandé, aujourd'hui (%)", True),
    )
    caption = "À quelle contribution un payeur ne gagne ni ne perd, en part du Smic brut"
    return Block(f"<p>{words}</p>") + Table("seuils", caption, heads, rows, note).block()


def _asked(calcule: Calcule, payeur: str) -> float:
    """The part of the gross SMIC that a scenario makes a payer of the CDE pay."""
    state = assumed(calcule, "cde_etat")
    return state if payeur == "etat" else state * assumed(calcule, "cde_departement")


def _department_result(whole: float, asked: float) -> str:
    gap = decimal(100 * abs(asked - whole), 1)
    if asked > whole:
        return f"c'est {gap} points de plus que ce qu'il économise, et il perd sur chaque emploi."
    return f"c'est {gap} points de moins que ce qu'il économise, et il gagne sur chaque emploi."


@with_study
def ventes(bundle: Bundle, etude: Etude) -> Block:
    """The sales per ETP that would balance a job, beside the full cost that was published."""
    told = etude.ventes
    year = millesime(etude.scenario(CENTRAL))
    columns = (Column("Pour un ETP et un an"), Column(f"Euros de {year}", True))
    published = "publié"
    if bundle.has_figures:
        published = figure_link(bundle.number(told.chiffre), bundle, with_unit=True)
    rows = [
        [f"Coût complet d'un emploi ({published}, euros de {told.annee_cout})", euro_cell(told.cout_complet)],
        ["Contribution (CDE)", euro_cell(told.cde)],
        [
            "Ventes et autres produits qui équilibrent",
            euro_cell(arrondi(told.cout_complet) - arrondi(told.cde)),
        ],
    ]
    caption = "Ce qu'un emploi doit vendre pour être à l'équilibre"
    return Table("ventes-equilibre", caption, columns, rows, study_source(bundle, etude)).block()
