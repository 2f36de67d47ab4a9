"""What a job costs and returns, payer by payer: the chapter on all, and the part of each territory."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from analysis.indicateurs.depenses_passives.resultats import (
    AUJOURDHUI,
    CENTRAL,
    Calcule,
    Cascade,
    Etude,
    Hypothese,
    Rapproche,
)
from analysis.noyau.arrondi import arrondi
from analysis.noyau.french import uncapitalized
from analysis.noyau.periods import Period
from analysis.noyau.territoires import Territoire
from analysis.presentation.drawing.cascades import (
    Amplitude,
    Compte,
    Etape,
    cascade_svg,
    comptes_svg,
    tornade_svg,
)
from analysis.presentation.numbers import decimal
from analysis.presentation.parts.blocks import Block, Chart, Column, Table, dated, number
from analysis.presentation.parts.links import figure_link, link, released_content, source_link
from analysis.presentation.parts.marks import territoire_of
from analysis.presentation.parts.tables import absence
from analysis.secret.bundle import Bundle

METHODE = "methode-depenses-passives.html"
SIMULATEUR = "simulateur.html"

_CDE = "cde"
_COTISATIONS = ("cotisations_secu", "cotisations_chomage", "cotisations_logement", "cotisations_autres")
_REDUCTION = "reduction_generale"
_RESULTATS = {
    "evite_et_recu": "Économies et recettes",
    "contribution_nette": "Contribution nette (CDE moins économies et recettes)",
}
_ARRONDIS = "Sommes et écarts sont calculés avant d'être arrondis à l'euro."
_PAR_ETP = "€ par emploi à temps plein (ETP) et par an"
POURQUOI = (
    "Nos montants sont plus bas que ceux du comité scientifique de 2025. Rien de publié ne dit pourquoi ; peuvent y "
    "contribuer la composition du public et le recours, la législation (celle d'une embauche de 2019, et non de 2023), ce "
    "que chacun compte parmi les services, et les cotisations avant ou après la réduction générale. Ce qui reste sans "
    "explication dit ce qu'il faudrait demander. Le montant des promoteurs est le coût d'une personne privée d'emploi, et non ce qu'un "
    "emploi fait éviter."
)
"""Why our results differ from the published ones, in what the tables show."""

_STATUTS = {"source": "lue dans une source", "transpose": "transposée", "declaree": "déclarée"}
_NOMS_GROUPES = {"public": "Ressources des personnes avant l'embauche", "perimetre": "Ce qui est compté"}


def _with_study(show: Callable[[Bundle, Etude], Block]) -> Callable[[Bundle], Block]:
    """A part of the chapter: a sentence where the project declares no study."""

    def shown(bundle: Bundle) -> Block:
        if bundle.etude is None:
            return absence("Aucune étude sur cas types n'est déclarée pour ce bilan.")
        return show(bundle, released_content(bundle.etude))

    shown.__doc__ = show.__doc__
    return shown


@_with_study
def en_bref(_bundle: Bundle, etude: Etude) -> Block:
    """The central result with its interval, what the other assumptions on the effect give, what the law of
    today changes for the department."""
    central, today = etude.scenario(CENTRAL), etude.scenario(AUJOURDHUI)
    spread = dict(central.intervalles)["evite_et_recu"]
    year = millesime(central)
    items = [
        f"Pour un emploi à temps plein et un an, les administrations économisent ou reçoivent "
        f"{_euros(central.evite_et_recu)} dans le scénario central (neuf tirages sur dix entre "
        f"{_euros(spread.bas)} et {_euros(spread.haut)}, à la centaine près), en euros de {year} et {year + 1}.",
        f"La contribution au développement de l'emploi (CDE) y est de {_euros(central.contribution)} : la contribution "
        f"nette est de {_euros(central.contribution_nette)}. La CDE n'est qu'une partie du coût public.",
        f"Tout dépend de ce qui serait arrivé sans l'EBE : {_euros(etude.scenario('personne-sans-emploi').evite_et_recu)} "
        f"si personne n'avait retrouvé d'emploi, {_euros(etude.scenario('comite-2021').evite_et_recu)} avec les 56 % en "
        "emploi du comité scientifique de 2021.",
        f"Pour le département, {_gain_or_loss(_balance(central, 'departement'))} par emploi et par an en première phase, "
        f"où sa part allait par convention, si la sienne ne prévoyait rien (le calcul compte alors 0 € de contribution) ; {_gain_or_loss(_balance(today, 'departement'))} sous la loi d'aujourd'hui, "
        f"qui lui demande {_percent(_assumed(today, 'cde_departement'))} de la part de l'État.",
    ]
    body = "".join(f"<li>{item}</li>" for item in items)
    return Block(
        f'<section class="en-bref" aria-labelledby="en-bref"><h2 id="en-bref">En bref</h2><ul>{body}</ul></section>'
    )


@_with_study
def par_payeur(bundle: Bundle, etude: Etude) -> Block:
    """Gain of each payer by year since the hire, apart from the CDE and with it: in the first phase, today."""
    today = etude.scenario(AUJOURDHUI)
    year = millesime(today)
    captions = (
        (CENTRAL, "par-payeur", "En première phase : ce que gagne et ce que paie chaque payeur, par ETP"),
        (
            AUJOURDHUI,
            "par-payeur-aujourdhui",
            "Sous la loi d'aujourd'hui : ce que gagne et ce que paie chaque payeur, par ETP",
        ),
    )
    first, second = (_payers(bundle, etude, code, anchor, caption) for code, anchor, caption in captions)
    words = (
        f"Seuls l'État et le département versent la contribution. En première phase la part du département allait par "
        f"convention, et le calcul ne lui en compte aucune ; depuis 2021 la loi lui demande {_percent(_assumed(today, 'cde_departement'))} "
        f"de la part de l'État. Le second tableau prend aussi la législation de {year}, en euros de {year}."
    )
    return Block(f"<p>{words}</p>") + first + second


def _payers(bundle: Bundle, etude: Etude, code: str, anchor: str, caption: str) -> Block:
    told = etude.scenario(code)
    year = millesime(told)
    columns = (
        Column("Payeur"),
        Column("Économies et recettes, année 1 (€)", True),
        Column("Économies et recettes, année 2 (€)", True),
        Column("Contribution (CDE), moyenne (€)", True),
        Column("Solde, moyenne (€)", True),
    )
    rows = []
    for payeur, nom in (*etude.payeurs, ("", "Ensemble")):
        one, two = (_cents(told, payeur, annee=annee, cde=False) for annee in (1, 2))
        cde = _cents(told, payeur, cde=True)
        amounts = (one / 100, two / 100, cde / 200, _balance(told, payeur))
        rows.append([html.escape(nom, quote=False), *(_cell(amount) for amount in amounts)])
    note = f"Embauche de janvier {year} ; un montant négatif est une dépense. {_ARRONDIS} {_source(bundle, etude)}"
    return Table(anchor, caption, columns, rows, note).block()


def _balance(calcule: Calcule, payeur: str) -> float:
    """What a payer gains in the mean of the two years, the CDE counted; in euros per ETP."""
    return sum(c.centimes for c in calcule.cellules if payeur in ("", c.payeur)) / 200


def compte_du_payeur(calcule: Calcule, payeur: str, nom: str) -> Compte:
    """What a payer spends for a job, the CDE and what the hire costs it besides, and what it saves or receives.

    In the mean of the two years, per ETP.
    """
    given, gained = (_cents(calcule, payeur, cde=is_cde) / 200 for is_cde in (True, False))
    return Compte(_short(nom), max(-given, 0) + max(-gained, 0), max(given, 0) + max(gained, 0))


def _cents(calcule: Calcule, payeur: str, *, cde: bool, annee: int | None = None) -> int:
    return sum(
        c.centimes
        for c in calcule.cellules
        if payeur in ("", c.payeur) and (c.perimetre == _CDE) == cde and annee in (None, c.annee)
    )


@_with_study
def flux(bundle: Bundle, etude: Etude) -> Block:
    """What each payer spends and receives for one person of the central public, before the hire and after."""
    payers, lines = dict(etude.payeurs), dict(etude.lignes)
    concerned = [code for code, _ in etude.payeurs if any(f.payeur == code for f in etude.flux)]
    panels, totals = [], {}
    for situation, title in (
        ("sans_emploi", "Avant : privée d'emploi"),
        ("en_ebe", "Après : en EBE, à temps plein"),
    ):
        counts = [_count(etude, code, situation, _short(payers[code])) for code in concerned]
        spent, received = sum(c.depense for c in counts), sum(c.recette for c in counts)
        totals[situation] = (spent, received)
        panels.append((f"{title} ({decimal(spent, 0)} € dépensés, {decimal(received, 0)} € reçus)", counts))
    (before, _), (spent, received) = totals["sans_emploi"], totals["en_ebe"]
    rows = [
        [
            html.escape(payers[f.payeur], quote=False),
            html.escape(lines[f.ligne], quote=False),
            "avant" if f.situation == "sans_emploi" else "après",
            _cell(f.euros),
        ]
        for f in etude.flux
    ]
    columns = (
        Column("Payeur"),
        Column("Prestation, cotisation ou contribution"),
        Column("Quand"),
        Column("€ par an", True),
    )
    state = next(count for count in panels[1][1] if count.payeur == "État")
    told = " ; ".join(
        f"{title} : "
        + ", ".join(
            f"{c.payeur} {decimal(c.depense, 0)} € dépensés et {decimal(c.recette, 0)} € reçus"
            for c in counts
        )
        for title, counts in panels
    )
    return Chart(
        "flux",
        (
            f"Une fois la personne embauchée, {decimal(spent, 0)} € sont dépensés et {decimal(received, 0)} € reviennent ; "
            f"avant, {decimal(before, 0)} € étaient dépensés"
        ),
        comptes_svg(panels, "dépensés à gauche, reçus à droite, € par an"),
        f"Une fois la personne embauchée, {decimal(spent, 0)} € sont dépensés et {decimal(received, 0)} € reviennent. {told}.",
        "La réduction générale de cotisations est une dépense de l'État ; la contribution (CDE) est comprise. "
        f"{_ARRONDIS} " + _source(bundle, etude),
        Table("flux-donnees", "Dépenses et recettes par payeur (une recette est négative)", columns, rows),
        subtitle="Par personne embauchée à temps plein, deuxième année, euros par an",
        lecture=(
            f"Lecture : après l'embauche, l'État dépense {decimal(state.depense, 0)} € par an, surtout pour la contribution, "
            "la réduction générale de cotisations et la prime d'activité."
        ),
        champ="Champ : une personne du public du scénario central, au recours de ce scénario.",
    ).block()


def _count(etude: Etude, payeur: str, situation: str, nom: str) -> Compte:
    amounts = [f.euros for f in etude.flux if f.payeur == payeur and f.situation == situation]
    return Compte(nom, sum(a for a in amounts if a > 0), -sum(a for a in amounts if a < 0))


@_with_study
def cascade_etp(bundle: Bundle, etude: Etude) -> Block:
    """From the CDE of a job to what is left of it, by groups of lines."""
    central = etude.scenario(CENTRAL)
    groups = [(name, value) for name, value in _groups(central) if arrondi(value)]
    steps = [Etape("Contribution (CDE)", central.contribution, "niveau")]
    steps += [Etape(name, -value) for name, value in groups]
    steps.append(Etape("Contribution nette", central.contribution_nette, "niveau"))
    largest = max(groups, key=lambda group: group[1])
    share = central.evite_et_recu / central.contribution
    caption = f"Économies et recettes couvrent {_percent(share)} de la contribution"
    return _cascade_chart(
        "cascade-etp",
        caption,
        steps,
        est_cout=True,
        subtitle=f"De la contribution (CDE) à ce qui en reste, {_PAR_ETP}",
        lecture=f"la ligne « {largest[0]} » fait {decimal(largest[1], 0)} € de moins à payer.",
        champ="scénario central, moyenne des deux premières années, tous payeurs.",
        note="La contribution (CDE) n'est pas le coût public brut : ni la dotation d'amorçage, ni le complément d'équilibre n'y sont. "
        f"{_ARRONDIS} " + _source(bundle, etude),
    )


def _groups(calcule: Calcule) -> list[tuple[str, float]]:
    """The gains of the central scenario by group, in euros per ETP and year."""
    of_line: dict[str, int] = {}
    for cell in calcule.cellules:
        if cell.perimetre != _CDE:
            of_line[cell.ligne] = of_line.get(cell.ligne, 0) + cell.centimes
    named = {
        "RSA": ("rsa",),
        "ASS, AAH, ARE": ("ass", "aah", "are"),
        "Aide au logement": ("aide_logement",),
        "Prime d'activité": ("prime_activite",),
        "Cotisations": _COTISATIONS,
        "Réduction générale": (_REDUCTION,),
        "CSG et CRDS": ("csg_crds",),
    }
    found = [(name, sum(of_line.pop(line, 0) for line in lines) / 200) for name, lines in named.items()]
    return [*found, ("Autres lignes (prime de Noël, services, santé…)", sum(of_line.values()) / 200)]


def _cascade_chart(
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
    rows = [[html.escape(step.nom, quote=False), _cell(step.euros)] for step in steps]
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


@_with_study
def tornade(bundle: Bundle, etude: Etude) -> Block:
    """What matters most: the result at both bounds of each assumption."""
    names = {**dict(etude.hypotheses), **_NOMS_GROUPES}
    bars = [Amplitude(names[bar.groupe], bar.bas, bar.haut) for bar in etude.tornade]
    centre = etude.scenario(CENTRAL).evite_et_recu
    rows = [[html.escape(bar.nom, quote=False), _cell(bar.bas), _cell(bar.haut)] for bar in bars]
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
        _source(bundle, etude),
        Table("tornade-donnees", "Résultat aux bornes de chaque hypothèse", columns, rows),
        subtitle=f"Économies et recettes quand une seule hypothèse change, {_PAR_ETP}",
        lecture=(
            f"Lecture : selon cette part, économies et recettes vont de {decimal(low, 0)} à {decimal(high, 0)} € ; le trait est le "
            f"scénario central ({decimal(centre, 0)} €)."
        ),
        champ="Champ : scénario central, moyenne des deux premières années, tous payeurs.",
    ).block()


@_with_study
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
                _cell(told.evite_et_recu),
                f"{decimal(spread.bas, 0)} à {decimal(spread.haut, 0)}",
                _cell(told.contribution),
                _cell(told.contribution_nette),
                html.escape(told.scenario.note, quote=False),
            ]
        )
    table = Table(
        "scenarios",
        "Les hypothèses de chaque évaluation dans notre calcul, par ETP et par an",
        columns,
        rows,
        f"{_simulation(etude)} {_ARRONDIS} {_source(bundle, etude)}",
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
            *(_cell(value) for value in (one.publie_constant, one.contribution_constant, one.ecart)),
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
    table = Table("couts-bruts", caption, columns, rows, f"{_ARRONDIS} {_source(bundle, etude)}").block()
    return Block(f"<p>{words}</p>") + table


@_with_study
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
                _range(beside.publie_constant, is_below=beside.maximum),
                f"{_cell(beside.calcule)} (euros de {beside.annee_calcule})",
                _cell(beside.calcule_constant),
            ]
        )
    note = (
        f"Les prix d'après {etude.euros_de} sont pris égaux à ceux de {etude.euros_de}, dernier indice de la table. "
        + _source(bundle, etude)
    )
    told = Table("rapprochement", "Chaque chiffre publié à côté du nôtre", columns, rows, note).block()
    return told + Block(f"<p>{POURQUOI}</p>")


def _compared(bundle: Bundle, beside: Rapproche) -> str:
    """The published quantity by its own name, and ours by its own: they are set side by side, not one."""
    published = bundle.dictionary.indicator(
        released_content(bundle.number(beside.chiffre)).indicateur
    ).libelle
    words = f"Publié : {uncapitalized(published)}. Calculé : {uncapitalized(_RESULTATS[beside.resultat])}."
    return html.escape(words, quote=False)


@_with_study
def cascades(bundle: Bundle, etude: Etude) -> Block:
    """The gap between two evaluations, assumption by assumption."""
    if not bundle.has_figures:
        return Block("")
    titles = {told.scenario.scenario: told.scenario.titre for told in etude.scenarios}
    blocks = [_one_cascade(bundle, etude, cascade, titles) for cascade in etude.cascades]
    return Block("\n".join(block.html for block in blocks))


def _one_cascade(bundle: Bundle, etude: Etude, cascade: Cascade, titles: dict[str, str]) -> Block:
    names = {**dict(etude.hypotheses), **_NOMS_GROUPES}
    first, last = titles[cascade.de], titles[cascade.vers]
    if len(cascade.etapes) == 1 and not cascade.publie:
        [(name, _)] = cascade.etapes
        value = arrondi(cascade.arrivee) - arrondi(cascade.depart)
        words = (
            f"De « {first} » à « {last} », économies et recettes passent de {decimal(cascade.depart, 0)} à "
            f"{decimal(cascade.arrivee, 0)} € par ETP et par an ({_signed(value)} €) : une seule hypothèse change, "
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
    unexplained = f" ; {_signed(cascade.non_explique)} € restent sans explication" if cascade.publie else ""
    return _cascade_chart(
        f"cascade-{cascade.de}-{cascade.vers}"[:40],
        f"D'une évaluation à l'autre, l'écart tient d'abord à l'hypothèse « {names[largest[0]]} »",
        steps,
        est_cout=False,
        subtitle=f"De « {first} » ({units[0]}) à « {last} » ({units[1]}), euros de {millesime(etude.scenario(CENTRAL))}",
        lecture=f"l'hypothèse « {names[largest[0]]} » explique {_signed(largest[1])} €{unexplained}.",
        champ="chiffres publiés, milieu des bornes." if cascade.publie else "notre calcul.",
        note="Chaque pas est la moyenne sur tous les ordres dans lesquels les hypothèses peuvent changer (valeur de Shapley). "
        + _source(bundle, etude),
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
        f"recettes de {_signed(ours)} € par ETP et par an, d'abord par « {uncapitalized(names[name])} » "
        f"({_signed(largest)} €). Entre les deux chiffres publiés, {decimal(abs(end - start - ours), 0)} € restent sans "
        "explication, le changement de quantité compris."
    )
    return Block(f"<p>{html.escape(words, quote=False)}</p>")


def _with_unit(value: float, unit: str) -> str:
    return f"{decimal(value, 0)} {unit}"


def _published_unit(bundle: Bundle, etude: Etude, scenario: str) -> str:
    """The unit of the figure that stands beside a scenario."""
    beside = next(one for one in etude.rapproches if one.scenario == scenario)
    return bundle.dictionary.unit_of(released_content(bundle.number(beside.chiffre)).indicateur).pluriel


@_with_study
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
                    _cell(100 * rates[code, payeur], 2, "%"),
                    _cell(100 * _asked(etude.scenario(code), payeur), 2, "%"),
                )
            ),
        ]
        for payeur in payers
    ]
    today = etude.scenario(AUJOURDHUI)
    whole, asked = rates[AUJOURDHUI, "departement"], _asked(today, "departement")
    words = (
        f"Le département ne gagne ni ne perd s'il verse {_percent(rates[CENTRAL, 'departement'], 1)} du Smic brut dans la "
        f"législation de la première phase, {_percent(whole, 1)} dans celle de {millesime(today)}. La loi lui demande "
        f"{_percent(_assumed(today, 'cde_departement'))} des {_percent(_assumed(today, 'cde_etat'))} que verse l'État, "
        f"soit {_percent(asked, 2)} : {_department_result(whole, asked)}"
    )
    if max(rates[code, "etat"] for code in (CENTRAL, AUJOURDHUI)) < 0:
        words += (
            " L'État, lui, perd quel que soit son taux : il compense la réduction générale de cotisations."
        )
    note = (
        "En part du Smic brut, les autres gains étant ceux du scénario central. Un taux négatif dit que le payeur perd déjà "
        "sans rien verser. " + _source(bundle, etude)
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
    state = _assumed(calcule, "cde_etat")
    return state if payeur == "etat" else state * _assumed(calcule, "cde_departement")


def _department_result(whole: float, asked: float) -> str:
    gap = decimal(100 * abs(asked - whole), 1)
    if asked > whole:
        return f"c'est {gap} points de plus que ce qu'il économise, et il perd sur chaque emploi."
    return f"c'est {gap} points de moins que ce qu'il économise, et il gagne sur chaque emploi."


@_with_study
def ventes(bundle: Bundle, etude: Etude) -> Block:
    """The sales per ETP that would balance a job, beside the full cost that was published."""
    told = etude.ventes
    year = millesime(etude.scenario(CENTRAL))
    columns = (Column("Pour un ETP et un an"), Column(f"Euros de {year}", True))
    published = "publié"
    if bundle.has_figures:
        published = figure_link(bundle.number(told.chiffre), bundle, with_unit=True)
    rows = [
        [f"Coût complet d'un emploi ({published}, euros de {told.annee_cout})", _cell(told.cout_complet)],
        ["Contribution (CDE)", _cell(told.cde)],
        ["Ventes et autres produits qui équilibrent", _cell(arrondi(told.cout_complet) - arrondi(told.cde))],
    ]
    caption = "Ce qu'un emploi doit vendre pour être à l'équilibre"
    return Table("ventes-equilibre", caption, columns, rows, _source(bundle, etude)).block()


@_with_study
def payeurs_du_rsa(bundle: Bundle, etude: Etude) -> Block:
    """Who pays the RSA in each territory: in a sentence, then one row a territory."""
    if bundle.nature == "demonstration":
        return Block("")
    apart = [t for t in bundle.territoires if _chiefs(t, etude)]
    usual = len(bundle.territoires) - len(apart)
    others = " ; ".join(f"{t.nom} : {', puis '.join(_payer_here(t, etude))}" for t in apart)
    words = (
        f"Le département paie le RSA dans {usual} des {len(bundle.territoires)} territoires. Ailleurs, une autre "
        f"collectivité en tient lieu. {others}."
    )
    rows = [
        [html.escape(t.nom, quote=False), html.escape(", puis ".join(_payer_here(t, etude)), quote=False)]
        for t in bundle.territoires
    ]
    columns = (Column("Territoire"), Column("Qui y paie le RSA"))
    table = Table(
        "payeurs-rsa", "Qui paie le RSA dans les territoires", columns, rows, _source(bundle, etude)
    )
    return Block(f"<p>{html.escape(words, quote=False)}</p>") + table.block()


def _chiefs(territoire: Territoire, etude: Etude) -> list[dict[str, str]]:
    """The authorities that take the department's place in a territory."""
    return [row for row in map(dict, etude.chefs_de_file) if row["territoire"] == territoire.code]


def _payer_here(territoire: Territoire, etude: Etude) -> list[str]:
    """The authorities that pay the RSA in a territory by date: its departments unless a row says otherwise."""
    chiefs = _chiefs(territoire, etude)
    if chiefs:
        return [f"{_with_article(row['collectivite'])} ({_when(row)})" for row in chiefs]
    followed = {
        c.departement: c.departement_nom for site in territoire.sites for c in site.communes if c.suivie
    }
    return [f"le département ({nom})" for nom in followed.values()]


def _with_article(collectivite: str) -> str:
    return f"{'le' if collectivite.startswith('Département') else 'la'} {collectivite}"


def simulateur(bundle: Bundle) -> Block:
    """The way to the simulator; nothing where there is no study."""
    if bundle.etude is None:
        return Block("")
    page = link(SIMULATEUR, "Le simulateur")
    return Block(
        f"<p>{page} fait le même calcul pour votre collectivité, hypothèse par hypothèse, sans réseau.</p>"
    )


@_with_study
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
            cells = [_cell(amounts.get(line, 0.0)) for line in wanted]
            rows.append([f"{html.escape(case.libelle, quote=False)}, {when}", *cells])
    columns = (Column("Cas type"), *(Column(f"{head} (€)", True) for head in heads))
    return Table(
        "cas-types", "Les cas types, deuxième année, en euros par an", columns, rows, _source(bundle, etude)
    ).block()


@_with_study
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
            *(_value(h, bound) for bound in ("basse", "centrale", "haute")),
            _origin(bundle, h.source, _STATUTS[h.statut]),
            html.escape(note, quote=False),
        ]
        for h, note in _once(etude.scenario(CENTRAL).scenario.hypotheses)
    ]
    declared = [dict(row) for row in etude.declarees]
    payers = dict(etude.payeurs)
    more = [
        [
            html.escape(
                f"{row['libelle']} (année {row['annee']})" if row["annee"] != "toutes" else row["libelle"],
                quote=False,
            ),
            *(_cell(float(row[name])) for name in ("basse", "centrale", "haute")),
            html.escape(payers[row["payeur"]], quote=False),
            _origin(bundle, row["source"], "hypothèse"),
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


@_with_study
def qui_paie(_bundle: Bundle, etude: Etude) -> Block:
    """Who pays or receives each line, from when, by which text."""
    payers, lines = dict(etude.payeurs), dict(etude.lignes)
    shares = [
        [
            html.escape(lines[row["ligne"]], quote=False),
            html.escape(payers[row["payeur"]], quote=False),
            _cell(100 * float(row["part"]), 0, "%"),
            dated(Period(f"{row['debut']}/{row['fin']}" if row["fin"] else row["debut"]), _when(row)),
            html.escape(row["reference"], quote=False),
        ]
        for row in map(dict, etude.affectations)
    ]
    heads = (
        Column("Prestation, cotisation ou impôt"),
        Column("Qui la paie ou la reçoit"),
        Column("Part (%)", True),
        Column("Quand"),
        Column("Texte"),
    )
    return Table("qui-paie", "Qui paie ou reçoit chaque montant, d'après quel texte", heads, shares).block()


@_with_study
def local(bundle: Bundle, etude: Etude) -> Block:
    """Who pays the RSA here, by date, and what the law asks of it; the amounts are those of the chapter on all."""
    payers = ", puis ".join(_payer_here(territoire_of(bundle), etude))
    today = etude.scenario(AUJOURDHUI)
    words = (
        f"Le RSA y est payé par {payers}. En première phase, sa part de la contribution (CDE) allait par convention ; "
        f"depuis 2021 la loi lui demande {_percent(_assumed(today, 'cde_departement'))} de celle de l'État."
    )
    chapter = link("depenses_passives.html", "le chapitre sur les dépenses passives")
    return Block(
        f"<p>{html.escape(words, quote=False)} Ce que chaque payeur gagne et verse pour un emploi, dans les "
        f"deux cas, est le même partout : {chapter} le dit.</p>"
    )


def _when(row: Mapping[str, str]) -> str:
    if row["fin"]:
        return Period(f"{row['debut']}/{row['fin']}").label
    return f"depuis {Period(row['debut']).label}"


def millesime(calcule: Calcule) -> int:
    """The year of the hire of a scenario."""
    return int(next(h.centrale for h in calcule.scenario.hypotheses if h.hypothese == "millesime"))


def _source(_bundle: Bundle, etude: Etude) -> str:
    return f"Source : cas types, {html.escape(etude.modele)} et hypothèses déclarées ({link(METHODE, 'méthode')})."


def _origin(bundle: Bundle, source: str, words: str) -> str:
    known = {s.source for s in bundle.sources}
    return f"{words} : {source_link(source, bundle)}" if source in known else words


def _range(bounds: Iterable[float], *, is_below: bool) -> str:
    low, high = bounds
    if is_below:
        return f"moins de {decimal(high, 0)}"
    return decimal(low, 0) if low == high else f"{decimal(low, 0)} à {decimal(high, 0)}"


def _euros(value: float) -> str:
    return number(decimal(value, 0) + "\u00a0€", int(arrondi(value)), "€ par ETP et par an")


def _cell(value: float, decimals: int = 0, unit: str = "€") -> str:
    return number(decimal(value, decimals), arrondi(value, decimals), unit)


def _percent(share: float, decimals: int = 0) -> str:
    return f"{decimal(100 * share, decimals)}\u00a0%"


def _signed(value: float) -> str:
    sign = "+" if value > 0 else "\u2212"
    return f"{sign}{decimal(abs(value), 0)}"


def _gain_or_loss(value: float) -> str:
    return f"{'un gain' if value >= 0 else 'une perte'} de {_euros(abs(value))}"


def _assumed(calcule: Calcule, name: str) -> float:
    """The central value of an assumption of a scenario."""
    return next(h.centrale for h in calcule.scenario.hypotheses if h.hypothese == name)


_PLACES = {0.0: "au plus bas", 0.5: "en moyenne", 1.0: "au plus haut"}
_PLACED = ("lignes_declarees", "cumul")


def _value(hypothese: Hypothese, bound: str) -> str:
    """A value of an assumption as it reads: a place between bounds in words, a year, else a percentage."""
    value = float(getattr(hypothese, bound))
    if hypothese.hypothese in _PLACED:
        return _PLACES[value]
    return f"{value:.0f}" if hypothese.hypothese == "millesime" else _percent(value)


def _once(hypotheses: Iterable[Hypothese]) -> Iterable[tuple[Hypothese, str]]:
    """Each assumption with its note, which is written once where several have it one after another."""
    before = ""
    for hypothese in hypotheses:
        yield hypothese, "De même." if hypothese.note == before else hypothese.note
        before = hypothese.note


def _short(name: str) -> str:
    return name.partition(" (")[0].replace(" ou collectivité qui en tient lieu", "")
