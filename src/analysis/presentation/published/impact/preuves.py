"""What the impact study says of a hypothesis: evidence with its direction and its strength."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.noyau.french import NBSP, counted, listed
from analysis.presentation.parts.blocks import Block, Column, Table
from analysis.presentation.published.impact.mots import (
    HORS_EBE,
    MOYENNE,
    annees,
    depuis,
    etude_of,
    intervalle,
    quantite,
)
from analysis.secret.bundle import Bundle

FORCE = "indicative"
"""What one study of the bilan's own is worth: it compares, and nobody else has found the same."""


@dataclass(frozen=True)
class PreuveImpact:
    """A piece of evidence of the impact study: what it says, in which direction."""

    direction: str
    dit: str


def preuves(bundle: Bundle, hypothesis: str) -> Iterator[PreuveImpact]:
    """What the accepted results add to the evidence on a hypothesis, from each base.

    The direction follows from a rule written before any result: an interval of the mean effect on employment
    outside the EBE (the statistic of the protocol's test) that is wholly under zero contradicts H2 (work is taken from others), wholly above it supports it; one
    that holds zero says nothing.
    """
    etude = etude_of(bundle)
    if etude is None or hypothesis != "H2":
        return
    for e in etude.ensemble(HORS_EBE, MOYENNE):
        if e.effect is None or e.low is None or e.high is None:
            continue
        direction = "contredit" if e.high < 0 else "appuie" if e.low > 0 else "n_eclaire_pas"
        yield PreuveImpact(
            direction,
            f"L'emploi privé hors EBE des {e.treated} territoires s'écarte de sa comparaison de "
            f"{quantite(e.effect, e.unit, signed=True)} en moyenne simple {annees(etude.horizon(HORS_EBE))}, {depuis(e.base)} "
            f"(intervalle à 95 %{NBSP}: {intervalle(e.low, e.high, e.unit)}).",
        )


def en_une_phrase(bundle: Bundle, hypothesis: str) -> str:
    """How much evidence the impact study adds, and in which directions; empty where it adds none.

    « L'étude d'impact y ajoute 2 preuves indicatives, qui n'éclairent pas. »
    """
    found = [preuve.direction for preuve in preuves(bundle, hypothesis)]
    if not found:
        return ""
    degree = bundle.dictionary.force(FORCE)
    told = [
        counted(found.count(d.direction), d.libelle, d.pluriel)
        for d in bundle.dictionary.directions
        if d.direction in found
    ]
    if len(found) == 1:
        way = bundle.dictionary.direction(found[0]).libelle
        return f"L'étude d'impact y ajoute une preuve {degree.libelle}, qui {way}."
    if len(told) == 1:
        way = bundle.dictionary.direction(found[0]).pluriel
        return f"L'étude d'impact y ajoute {len(found)}{NBSP}preuves {degree.pluriel}, qui {way}."
    return f"L'étude d'impact y ajoute {len(found)}{NBSP}preuves {degree.pluriel}, dont {listed(told)}."


def constats(bundle: Bundle, hypothesis: str) -> Block:
    """The evidence of the impact study on a hypothesis, with its direction and its strength; nothing where it has none."""
    found = list(preuves(bundle, hypothesis))
    if not found:
        return Block("")
    columns = (Column("Direction"), Column("Force"), Column("Ce que dit l'étude d'impact"))
    degree = bundle.dictionary.force(FORCE)
    rows = [
        [
            html.escape(bundle.dictionary.direction(one.direction).libelle, quote=False),
            html.escape(f"preuve {degree.libelle}", quote=False),
            f'{html.escape(one.dit, quote=False)} <a href="impact.html#titre">Le détail</a>',
        ]
        for one in found
    ]
    note = html.escape(
        "Règle écrite d'avance : un intervalle tout entier sous zéro contredit l'hypothèse, tout entier au-dessus l'appuie, et un "
        "intervalle qui contient zéro n'éclaire pas. Une seule étude, faite par l'équipe du bilan : sa force est au plus « indicative ».",
        quote=False,
    )
    caption = f"Hypothèse {hypothesis[1]}, ce que dit la comparaison à d'autres communes"
    return Table(f"impact-{hypothesis.lower()}", caption, columns, rows, note=note).block()
