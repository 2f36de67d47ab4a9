"""Our results beside those that others published, and what parts them."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from analysis.indicateurs.depenses_passives.resultats import CENTRAL, Cascade, Etude, Rapproche
from analysis.noyau.arrondi import arrondi
from analysis.noyau.french import uncapitalized
from analysis.presentation.deposits.depenses_passives.etude_dite import (
    RESULTATS,
    as_range,
    euro_cell,
    millesime,
    signed_euros,
    study_source,
    with_study,
)
from analysis.presentation.deposits.depenses_passives.scenarios import NOMS_GROUPES, cascade_chart
from analysis.presentation.drawing.cascades import Etape
from analysis.presentation.numbers import decimal
from analysis.presentation.parts.blocks import Block, Column, Table
from analysis.presentation.parts.links import figure_link, released_content
from analysis.secret.bundle import Bundle

POURQUOI = (
    "Nos montants sont plus bas que ceux du comité scientifique de 2025. Rien de publié ne dit pourquoi ; peuvent y "
    "contribuer la composition du public et le recours, la législation (celle d'une embauche de 2019, et non de 2023), ce "
    "que chacun compte parmi les services, et les cotisations avant ou après la réduction générale. Ce qui reste sans "
    "explication dit ce qu'il faudrait demander. Le montant des promoteurs est le coût d'une personne privée d'emploi, et non ce qu'un "
    "emploi fait éviter."
)
"""Why our results differ from the published ones, in what the tables show."""


@with_study
def rapprochement(bundle: Bundle, etude: Etude) -> Block:
    """Each published figure beside ours, in its own year's euros and in constant euros."""
    if not bundle.has_figures:
        return Block("")
    titles = {told.scenario.scenario: told.scenario.titre for told in etude.scenarios}
    columns = (
        Column("Hypothèses"),
        Column("Ce qui se compare"),
        Column("Publié"),
        Column(f"Publié, euros de {etude.euros_de}", True),
        Column("Calculé ici", True),
        Column(f"Calculé, euros de {etude.euros_de}", True),
    )
    rows = []
    for beside in etude.rapproches:
        published = (
            figure_link(bundle.number(beside.chiffre), bundle, with_unit=True) if bundle.has_figures else ""
        )
        rows.append(
            [
                html.escape(titles[beside.scenario], quote=False),
                _compared(bundle, beside),
                published,
                as_range(beside.publie_constant, is_below=beside.maximum),
                f"{euro_cell(beside.calcule)} (euros de {beside.annee_calcule})",
                euro_cell(beside.calcule_constant),
            ]
        )
    note = (
        f"Les prix d'après {etude.euros_de} sont pris égaux à ceux de {etude.euros_de}, dernier indice de la table. "
        + study_source(bundle, etude)
    )
    told = Table("rapprochement", "Chaque chiffre publié à côté du nôtre", columns, rows, note).block()
    return told + Block(f"<p>{POURQUOI}</p>")


def _compared(bundle: Bundle, beside: Rapproche) -> str:
    """The published quantity by its own name, and ours by its own: they are set side by side, not one."""
    published = bundle.dictionary.indicator(
        released_content(bundle.number(beside.chiffre)).indicateur
    ).libelle
    words = f"Publié : {uncapitalized(published)}. Calculé : {uncapitalized(RESULTATS[beside.resultat])}."
    return html.escape(words, quote=False)


@with_study
def cascades(bundle: Bundle, etude: Etude) -> Block:
    """The gap between two evaluations, assumption by assumption."""
    if not bundle.has_figures:
        return Block("")
    titles = {told.scenario.scenario: told.scenario.titre for told in etude.scenarios}
    blocks = [_one_cascade(bundle, etude, cascade, titles) for cascade in etude.cascades]
    return Block("\n".join(block.html for block in blocks))


def _one_cascade(bundle: Bundle, etude: Etude, cascade: Cascade, titles: dict[str, str]) -> Block:
    names = {**dict(etude.hypotheses), **NOMS_GROUPES}
    first, last = titles[cascade.de], titles[cascade.vers]
    if len(cascade.etapes) == 1 and not cascade.publie:
        [(name, _)] = cascade.etapes
        value = arrondi(cascade.arrivee) - arrondi(cascade.depart)
        words = (
            f"De « {first} » à « {last} », économies et recettes passent de {decimal(cascade.depart, 0)} à "
            f"{decimal(cascade.arrivee, 0)} € par ETP et par an ({signed_euros(value)} €) : une seule hypothèse change, "
            f"« {uncapitalized(names[name])} »."
        )
        return Block(f"<p>{html.escape(words, quote=False)}</p>")
    ends = (cascade.de, cascade.vers)
    units = [_published_unit(bundle, etude, s) if cascade.publie else "€ par ETP et par an" for s in ends]
    if units[0] != units[1]:
        return _two_quantities(etude, cascade, (first, last), units, names)
    steps = [Etape(first, cascade.depart, "niveau")]
    steps += [Etape(names[name], value) for name, value in cascade.etapes]
    if cascade.publie:
        steps.append(Etape("Ce que rien de publié n'explique", cascade.non_explique, "non_explique"))
    steps.append(Etape(last, cascade.arrivee, "niveau"))
    largest = max(cascade.etapes, key=lambda step: abs(step[1]))
    unexplained = (
        f" ; {signed_euros(cascade.non_explique)} € restent sans explication" if cascade.publie else ""
    )
    return cascade_chart(
        f"cascade-{cascade.de}-{cascade.vers}"[:40],
        f"D'une évaluation à l'autre, l'écart tient d'abord à l'hypothèse « {names[largest[0]]} »",
        steps,
        est_cout=False,
        subtitle=f"De « {first} » ({units[0]}) à « {last} » ({units[1]}), euros de {millesime(etude.scenario(CENTRAL))}",
        lecture=f"l'hypothèse « {names[largest[0]]} » explique {signed_euros(largest[1])} €{unexplained}.",
        champ="chiffres publiés, milieu des bornes." if cascade.publie else "notre calcul.",
        note="Chaque pas est la moyenne sur tous les ordres dans lesquels les hypothèses peuvent changer (valeur de Shapley). "
        + study_source(bundle, etude),
    )


def _two_quantities(
    etude: Etude, cascade: Cascade, titles: tuple[str, str], units: Sequence[str], names: Mapping[str, str]
) -> Block:
    """Two published figures that nothing brings to one unit: what our assumptions change, in our calculation
    alone, and what stays without an explanation; no drawing from one to the other."""
    start, end = arrondi(cascade.depart), arrondi(cascade.arrivee)
    ours = arrondi(sum(value for _, value in cascade.etapes))
    name, largest = max(cascade.etapes, key=lambda step: abs(step[1]))
    words = (
        f"À côté des « {uncapitalized(titles[0])} », le chiffre publié est de {_with_unit(start, units[0])} ; à côté des "
        f"« {uncapitalized(titles[1])} », de {_with_unit(end, units[1])} (milieu des bornes, ramenés en euros de "
        f"{millesime(etude.scenario(CENTRAL))}). Ce sont deux quantités, que rien "
        f"ne ramène l'une à l'autre. Dans notre calcul, passer des premières hypothèses aux secondes change économies et "
        f"recettes de {signed_euros(ours)} € par ETP et par an, d'abord par « {uncapitalized(names[name])} » "
        f"({signed_euros(largest)} €). Entre les deux chiffres publiés, {decimal(abs(end - start - ours), 0)} € restent sans "
        "explication, le changement de quantité compris."
    )
    return Block(f"<p>{html.escape(words, quote=False)}</p>")


def _with_unit(value: float, unit: str) -> str:
    return f"{decimal(value, 0)} {unit}"


def _published_unit(bundle: Bundle, etude: Etude, scenario: str) -> str:
    """The unit of the figure that stands beside a scenario."""
    beside = next(one for one in etude.rapproches if one.scenario == scenario)
    return bundle.dictionary.unit_of(released_content(bundle.number(beside.chiffre)).indicateur).pluriel
