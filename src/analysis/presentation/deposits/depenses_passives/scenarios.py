"""What a job returns under each scenario, what it is made of, and what was assumed."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

from analysis.indicateurs.depenses_passives.resultats import CENTRAL, Calcule, Etude
from analysis.noyau.arrondi import arrondi
from analysis.noyau.french import uncapitalized
from analysis.presentation.deposits.depenses_passives.etude_dite import (
    ARRONDIS,
    CDE,
    COTISATIONS,
    PAR_ETP,
    REDUCTION,
    SIMULATEUR,
    bound_told,
    each_once,
    euro_cell,
    in_percent,
    origin_told,
    study_source,
    with_study,
)
from analysis.presentation.drawing.cascades import Amplitude, Etape, cascade_svg, tornade_svg
from analysis.presentation.numbers import decimal
from analysis.presentation.parts.blocks import Block, Chart, Column, Table
from analysis.presentation.parts.links import figure_link, link
from analysis.secret.bundle import Bundle

_STATUTS = {"source": "lue dans une source", "transpose": "transposée", "declaree": "déclarée"}
NOMS_GROUPES = {"public": "Ressources des personnes avant l'embauche", "perimetre": "Ce qui est compté"}


@with_study
def cascade_etp(bundle: Bundle, etude: Etude) -> Block:
    """From the CDE of a job to what is left of it, by groups of lines."""
    central = etude.scenario(CENTRAL)
    groups = [(name, value) for name, value in _groups(central) if arrondi(value)]
    steps = [Etape("Contribution (CDE)", central.contribution, "niveau")]
    steps += [Etape(name, -value) for name, value in groups]
    steps.append(Etape("Contribution nette", central.contribution_nette, "niveau"))
    largest = max(groups, key=lambda group: group[1])
    share = central.evite_et_recu / central.contribution
    caption = f"Économies et recettes couvrent {in_percent(share)} de la contribution"
    return cascade_chart(
        "cascade-etp",
        caption,
        steps,
        est_cout=True,
        subtitle=f"De la contribution (CDE) à ce qui en reste, {PAR_ETP}",
        lecture=f"la ligne « {largest[0]} » fait {decimal(largest[1], 0)} € de moins à payer.",
        champ="scénario central, moyenne des deux premières années, tous payeurs.",
        note="La contribution (CDE) n'est pas le coût public brut : ni la dotation d'amorçage, ni le complément d'équilibre n'y sont. "
        f"{ARRONDIS} " + study_source(bundle, etude),
    )


def _groups(calcule: Calcule) -> list[tuple[str, float]]:
    """The gains of the central scenario by group, in euros per ETP and year."""
    of_line: dict[str, int] = {}
    for cell in calcule.cellules:
        if cell.perimetre != CDE:
            of_line[cell.ligne] = of_line.get(cell.ligne, 0) + cell.centimes
    named = {
        "RSA": ("rsa",),
        "ASS, AAH, ARE": ("ass", "aah", "are"),
        "Aide au logement": ("aide_logement",),
        "Prime d'activité": ("prime_activite",),
        "Cotisations": COTISATIONS,
        "Réduction générale": (REDUCTION,),
        "CSG et CRDS": ("csg_crds",),
    }
    found = [(name, sum(of_line.pop(line, 0) for line in lines) / 200) for name, lines in named.items()]
    return [*found, ("Autres lignes (prime de Noël, services, santé…)", sum(of_line.values()) / 200)]


def cascade_chart(
    anchor: str,
    caption: str,
    steps: Sequence[Etape],
    *,
    est_cout: bool,
    subtitle: str,
    lecture: str,
    champ: str,
    note: str,
) -> Block:
    """From one amount to another, step by step, drawn with its table."""
    rows = [[html.escape(step.nom, quote=False), euro_cell(step.euros)] for step in steps]
    first, *others = [f"{step.nom} : {decimal(step.euros, 0)} €" for step in steps]
    words = " ; ".join([first, *map(uncapitalized, others)])
    columns = (Column("Ce qui s'ajoute ou se retranche"), Column("€ par an", True))
    return Chart(
        anchor,
        caption,
        cascade_svg(steps, "€ par an", est_cout=est_cout),
        f"{caption}. {words}.",
        note,
        Table(f"{anchor}-donnees", caption, columns, rows),
        subtitle=subtitle,
        lecture=f"Lecture : {lecture}",
        champ=f"Champ : {champ}",
    ).block()


@with_study
def tornade(bundle: Bundle, etude: Etude) -> Block:
    """What matters most: the result at both bounds of each assumption."""
    names = {**dict(etude.hypotheses), **NOMS_GROUPES}
    bars = [Amplitude(names[bar.groupe], bar.bas, bar.haut) for bar in etude.tornade]
    centre = etude.scenario(CENTRAL).evite_et_recu
    rows = [[html.escape(bar.nom, quote=False), euro_cell(bar.bas), euro_cell(bar.haut)] for bar in bars]
    columns = (
        Column("Hypothèse"),
        Column("Au plus bas (€)", True),
        Column("Au plus haut (€)", True),
    )
    first = bars[0]
    low, high = sorted((first.bas, first.haut))
    caption = f"L'hypothèse qui compte le plus : « {first.nom} »"
    return Chart(
        "tornade",
        caption,
        tornade_svg(bars, centre, "économies et recettes, € par ETP et par an"),
        f"{caption}. À ses bornes, le résultat va de {decimal(low, 0)} à {decimal(high, 0)} € autour de {decimal(centre, 0)} €.",
        study_source(bundle, etude),
        Table("tornade-donnees", "Résultat aux bornes de chaque hypothèse", columns, rows),
        subtitle=f"Économies et recettes quand une seule hypothèse change, {PAR_ETP}",
        lecture=(
            f"Lecture : selon cette part, économies et recettes vont de {decimal(low, 0)} à {decimal(high, 0)} € ; le trait est le "
            f"scénario central ({decimal(centre, 0)} €)."
        ),
        champ="Champ : scénario central, moyenne des deux premières années, tous payeurs.",
    ).block()


@with_study
def scenarios(bundle: Bundle, etude: Etude) -> Block:
    """Every named scenario: its results with their intervals."""
    columns = (
        Column("Hypothèses"),
        Column("Économies et recettes (€)", True),
        Column("Neuf tirages sur dix (€)", True),
        Column("Contribution (CDE) (€)", True),
        Column("Contribution nette (€)", True),
        Column("Ce que l'évaluation publie"),
    )
    rows = []
    for told in etude.scenarios:
        spread = dict(told.intervalles)["evite_et_recu"]
        rows.append(
            [
                html.escape(told.scenario.titre, quote=False),
                euro_cell(told.evite_et_recu),
                f"{decimal(spread.bas, 0)} à {decimal(spread.haut, 0)}",
                euro_cell(told.contribution),
                euro_cell(told.contribution_nette),
                html.escape(told.scenario.note, quote=False),
            ]
        )
    table = Table(
        "scenarios",
        "Les hypothèses de chaque évaluation dans notre calcul, par ETP et par an",
        columns,
        rows,
        f"{_simulation(etude)} {ARRONDIS} {study_source(bundle, etude)}",
    ).block()
    return table + _gross_costs(bundle, etude)


def _simulation(etude: Etude) -> str:
    """Of how many draws the bounds are, and by how much another simulation could move them."""
    spreads = [dict(told.intervalles)["evite_et_recu"] for told in etude.scenarios]
    error = max(spread.erreur for spread in spreads)
    return (
        f"Neuf tirages sur dix : {decimal(spreads[0].tirages, 0)} tirages, bornes arrondies à la centaine d'euros ; "
        f"une autre simulation les déplacerait de {decimal(math.ceil(error), 0)} € au plus."
    )


def _gross_costs(bundle: Bundle, etude: Etude) -> Block:
    """What evaluations published as the gross public cost, beside the CDE alone: the gap is a finding."""
    if not bundle.has_figures:
        return Block("")
    titles = {told.scenario.scenario: told.scenario.titre for told in etude.scenarios}
    columns = (
        Column("Hypothèses"),
        Column("Coût public brut publié"),
        Column(f"Publié, euros de {etude.euros_de}", True),
        Column(f"Contribution (CDE), euros de {etude.euros_de}", True),
        Column(f"Écart, euros de {etude.euros_de}", True),
    )
    rows = [
        [
            html.escape(titles[one.scenario], quote=False),
            figure_link(bundle.number(one.chiffre), bundle, with_unit=True),
            *(euro_cell(value) for value in (one.publie_constant, one.contribution_constant, one.ecart)),
        ]
        for one in etude.couts_publies
    ]
    gaps = [one.ecart for one in etude.couts_publies]
    words = (
        f"La contribution (CDE) est ce que l'État et le département versent par emploi ; le coût public brut, que "
        f"publient les évaluations, comprend davantage. L'écart est de {decimal(min(gaps), 0)} à {decimal(max(gaps), 0)} € "
        f"par emploi et par an. Ce qui le compose (dotation d'amorçage, complément d'équilibre, accompagnement) n'est pas "
        f"détaillé dans ce qui a été lu : c'est à demander aux évaluateurs."
    )
    caption = "Le coût public brut publié n'est pas la contribution : l'écart"
    table = Table("couts-bruts", caption, columns, rows, f"{ARRONDIS} {study_source(bundle, etude)}").block()
    return Block(f"<p>{words}</p>") + table


def simulateur(bundle: Bundle) -> Block:
    """The way to the simulator; nothing where there is no study."""
    if bundle.etude is None:
        return Block("")
    page = link(SIMULATEUR, "Le simulateur")
    return Block(
        f"<p>{page} fait le même calcul pour votre collectivité, hypothèse par hypothèse, sans réseau.</p>"
    )


@with_study
def cas_types(bundle: Bundle, etude: Etude) -> Block:
    """The case types in their second year: what the household receives and pays, before and after."""
    wanted = ("rsa", "ass", "aah", "are", "aide_logement", "prime_activite", "prime_noel", "salaire_net")
    heads = (
        "RSA",
        "ASS",
        "AAH",
        "ARE",
        "Aide au logement",
        "Prime d'activité",
        "Prime de Noël",
        "Salaire net",
    )
    rows = []
    for case in etude.cas:
        for when, amounts in (("sans emploi", dict(case.avant)), ("en EBE", dict(case.apres))):
            cells = [euro_cell(amounts.get(line, 0.0)) for line in wanted]
            rows.append([f"{html.escape(case.libelle, quote=False)}, {when}", *cells])
    columns = (Column("Cas type"), *(Column(f"{head} (€)", True) for head in heads))
    return Table(
        "cas-types",
        "Les cas types, deuxième année, en euros par an",
        columns,
        rows,
        study_source(bundle, etude),
    ).block()


@with_study
def hypotheses(bundle: Bundle, etude: Etude) -> Block:
    """The assumptions of the central scenario with their bounds and their origin."""
    names = dict(etude.hypotheses)
    columns = (
        Column("Hypothèse"),
        Column("Au plus bas", True),
        Column("Centrale", True),
        Column("Au plus haut", True),
        Column("Origine"),
        Column("Ce qu'elle veut dire"),
    )
    rows = [
        [
            html.escape(names[h.hypothese], quote=False),
            *(bound_told(h, bound) for bound in ("basse", "centrale", "haute")),
            origin_told(bundle, h.source, _STATUTS[h.statut]),
            html.escape(note, quote=False),
        ]
        for h, note in each_once(etude.scenario(CENTRAL).scenario.hypotheses)
    ]
    declared = [dict(row) for row in etude.declarees]
    payers = dict(etude.payeurs)
    more = [
        [
            html.escape(
                f"{row['libelle']} (année {row['annee']})" if row["annee"] != "toutes" else row["libelle"],
                quote=False,
            ),
            *(euro_cell(float(row[name])) for name in ("basse", "centrale", "haute")),
            html.escape(payers[row["payeur"]], quote=False),
            origin_told(bundle, row["source"], "hypothèse"),
            html.escape(row["justification"], quote=False),
        ]
        for row in declared
    ]
    lines = (
        Column("Dépense ou recette"),
        Column("Au plus bas (€)", True),
        Column("Centrale (€)", True),
        Column("Au plus haut (€)", True),
        Column("Payeur"),
        Column("Origine"),
        Column("Pourquoi"),
    )
    return (
        Table("hypotheses", "Les hypothèses du scénario central", columns, rows).block()
        + Table("lignes-declarees", "Ce que la loi ne chiffre pas, par ETP et par an", lines, more).block()
    )
