"""What a job costs and returns, payer by payer: the chapter on all, and the part of each territory."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping, Sequence

from analysis.indicateurs.depenses_passives.records import Calcule, Cascade, Etude
from analysis.noyau.periods import Period
from analysis.noyau.territoires import Territoire
from analysis.presentation.blocks import Block, Chart, Column, Table, dated, number
from analysis.presentation.cascades import Amplitude, Etape, Ruban, cascade_svg, flux_svg, tornade_svg
from analysis.presentation.charts import map_svg
from analysis.presentation.links import figure_link, link, released_content, source_link
from analysis.presentation.marks import territoire_of
from analysis.presentation.numbers import decimal
from analysis.presentation.tables import absence
from analysis.secret.bundle import Bundle

METHODE = "methode-depenses-passives.html"
SIMULATEUR = "simulateur.html"

_CDE = "cde"
_COTISATIONS = ("cotisations_secu", "cotisations_chomage", "cotisations_autres")
_REDUCTION = "reduction_generale"
_RESULTATS = {"evite_et_recu": "Évité et reçu", "cout_net": "Coût net", "cout_brut": "Coût brut"}
POURQUOI = (
    "Nos montants sont plus bas que ceux du comité scientifique de 2025. Rien de publié ne dit pourquoi ; peuvent y "
    "contribuer la composition du public et le recours, la législation (celle d'une embauche de 2019, et non de 2023), ce "
    "que chacun compte parmi les services, et les cotisations avant ou après la réduction générale. La part « non expliqué » "
    "dit ce qu'il faudrait demander. Le montant des promoteurs est le coût d'une personne privée d'emploi, et non ce qu'un "
    "emploi fait éviter."
)
"""Why our results differ from the published ones, in what the tables show."""

_STATUTS = {"source": "lue dans une source", "transpose": "transposée", "declaree": "déclarée"}
_NOMS_GROUPES = {"public": "Public : ressources avant l'embauche", "perimetre": "Périmètre du calcul"}


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
    """The central result with its interval, and what the other assumptions on the effect give."""
    central = etude.scenario("central")
    spread = dict(central.intervalles)["evite_et_recu"]
    year = _millesime(central)
    items = [
        f"Pour un emploi à temps plein et un an, les administrations évitent ou reçoivent "
        f"{_euros(central.evite_et_recu)} dans le scénario central (neuf tirages sur dix entre "
        f"{_euros(spread.bas)} et {_euros(spread.haut)}), en euros de {year} et {year + 1}.",
        f"La contribution au développement de l'emploi y est de {_euros(central.cout_brut)} : le coût net est de "
        f"{_euros(central.cout_net)}.",
        f"Tout dépend de ce qui serait arrivé sans l'EBE : {_euros(etude.scenario('personne-sans-emploi').evite_et_recu)} "
        f"si personne n'avait retrouvé d'emploi, {_euros(etude.scenario('comite-2021').evite_et_recu)} avec les 56 % en "
        "emploi du comité scientifique de 2021.",
    ]
    body = "".join(f"<li>{item}</li>" for item in items)
    return Block(
        f'<section class="en-bref" aria-labelledby="en-bref"><h2 id="en-bref">En bref</h2><ul>{body}</ul></section>'
    )


@_with_study
def par_payeur(bundle: Bundle, etude: Etude) -> Block:
    """Gain of each payer in the central scenario, by year since the hire, apart from the CDE and with it."""
    return _payers(
        etude,
        anchor="par-payeur",
        caption="Ce que gagne et ce que paie chaque payeur, par ETP (scénario central)",
        names=dict(etude.payeurs),
        note=_source(bundle, etude),
    )


def _payers(etude: Etude, *, anchor: str, caption: str, names: dict[str, str], note: str) -> Block:
    central = etude.scenario("central")
    columns = (
        Column("Payeur"),
        Column("Année 1, hors CDE (€)", True),
        Column("Année 2, hors CDE (€)", True),
        Column("CDE, moyenne (€)", True),
        Column("Solde, moyenne (€)", True),
    )
    rows = []
    for payeur, nom in (*names.items(), ("", "Ensemble")):
        one, two = (_cents(central, payeur, annee=annee, cde=False) for annee in (1, 2))
        cde = _cents(central, payeur, cde=True)
        amounts = (one / 100, two / 100, cde / 200, (one + two + cde) / 200)
        rows.append([html.escape(nom, quote=False), *(_cell(amount) for amount in amounts)])
    return Table(anchor, caption, columns, rows, note).block()


def _cents(calcule: Calcule, payeur: str, *, cde: bool, annee: int | None = None) -> int:
    return sum(
        c.centimes
        for c in calcule.cellules
        if payeur in ("", c.payeur) and (c.perimetre == _CDE) == cde and annee in (None, c.annee)
    )


@_with_study
def flux(bundle: Bundle, etude: Etude) -> Block:
    """From payers to lines, before the hire and after it, for one person of the central public."""
    payers, lines = dict(etude.payeurs), dict(etude.lignes)
    panels = []
    for situation, title in (
        ("sans_emploi", "Avant : privée d'emploi"),
        ("en_ebe", "Après : en EBE, à temps plein"),
    ):
        ribbons = [
            Ruban(_short(payers[f.payeur]), lines[f.ligne], f.euros)
            for f in etude.flux
            if f.situation == situation and f.euros > 0
        ]
        panels.append((title, ribbons))
    rows = [
        [
            html.escape(payers[f.payeur], quote=False),
            html.escape(lines[f.ligne], quote=False),
            "avant" if f.situation == "sans_emploi" else "après",
            _cell(f.euros),
        ]
        for f in etude.flux
    ]
    columns = (Column("Payeur"), Column("Ligne"), Column("Situation"), Column("€ par an", True))
    totals = [decimal(sum(r.euros for r in ribbons), 0) for _, ribbons in panels]
    received = decimal(-sum(f.euros for f in etude.flux if f.euros < 0), 0)
    return Chart(
        "flux",
        "Qui paie quoi, avant et après l'embauche",
        flux_svg(panels),
        f"Flux des payeurs vers les lignes. Avant l'embauche {totals[0]} € par an sont versés ; après, {totals[1]} €, "
        f"contribution comprise, et {received} € de cotisations et de CSG sont reçus.",
        "Une personne du public central, deuxième année, au recours du scénario central, en euros par an ; la réduction générale est une dépense de l'État. "
        f"Les recettes (cotisations, CSG : {received} € après l'embauche) sont dans le tableau. "
        + _source(bundle, etude),
        Table("flux-donnees", "Flux par payeur et par ligne (une recette est négative)", columns, rows),
    ).block()


@_with_study
def cascade_etp(bundle: Bundle, etude: Etude) -> Block:
    """From the gross cost of a job to its net cost, by groups of lines."""
    central = etude.scenario("central")
    groups = _groups(central)
    steps = [Etape("Contribution au développement de l'emploi", central.cout_brut, "niveau")]
    steps += [Etape(name, -value) for name, value in groups if round(value, 2)]
    steps.append(Etape("Coût net", central.cout_net, "niveau"))
    return _cascade_chart(
        "cascade-etp",
        "Du coût brut au coût net d'un emploi à temps plein",
        steps,
        "Scénario central, moyenne des deux premières années, tous payeurs. " + _source(bundle, etude),
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


def _cascade_chart(anchor: str, caption: str, steps: Sequence[Etape], note: str) -> Block:
    rows = [[html.escape(step.nom, quote=False), _cell(step.euros)] for step in steps]
    words = " ; ".join(f"{step.nom} : {decimal(step.euros, 0)} €" for step in steps)
    return Chart(
        anchor,
        caption,
        cascade_svg(steps),
        f"Cascade. {words}.",
        note,
        Table(f"{anchor}-donnees", caption, (Column("Étape"), Column("€ par ETP et par an", True)), rows),
    ).block()


@_with_study
def tornade(bundle: Bundle, etude: Etude) -> Block:
    """What matters most: the result at both bounds of each assumption."""
    names = {**dict(etude.hypotheses), **_NOMS_GROUPES}
    bars = [Amplitude(names[bar.groupe], bar.bas, bar.haut) for bar in etude.tornade]
    centre = etude.scenario("central").evite_et_recu
    rows = [[html.escape(bar.nom, quote=False), _cell(bar.bas), _cell(bar.haut)] for bar in bars]
    columns = (
        Column("Hypothèse"),
        Column("À la borne basse (€)", True),
        Column("À la borne haute (€)", True),
    )
    first = bars[0]
    return Chart(
        "tornade",
        "Ce qui compte le plus : le résultat aux bornes de chaque hypothèse",
        tornade_svg(bars, centre),
        f"Barres autour du résultat central. La plus large est « {first.nom} » : de {decimal(first.bas, 0)} à {decimal(first.haut, 0)} €.",
        f"Évité et reçu par ETP et par an ; le trait est le scénario central ({decimal(centre, 0)} €), une hypothèse à la fois. "
        + _source(bundle, etude),
        Table("tornade-donnees", "Résultat aux bornes de chaque hypothèse", columns, rows),
    ).block()


@_with_study
def scenarios(bundle: Bundle, etude: Etude) -> Block:
    """Every named scenario: its results with their intervals."""
    columns = (
        Column("Scénario"),
        Column("Évité et reçu (€)", True),
        Column("Neuf tirages sur dix (€)", True),
        Column("Coût brut (€)", True),
        Column("Coût net (€)", True),
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
                _cell(told.cout_brut),
                _cell(told.cout_net),
                html.escape(told.scenario.note, quote=False),
            ]
        )
    return Table(
        "scenarios",
        "Les hypothèses de chaque évaluation dans un seul calcul, par ETP et par an",
        columns,
        rows,
        _source(bundle, etude),
    ).block()


@_with_study
def rapprochement(bundle: Bundle, etude: Etude) -> Block:
    """Each published figure beside ours, in its own year's euros and in constant euros."""
    if not bundle.chiffres:
        return absence("Aucun chiffre publié à rapprocher : ces territoires sont inventés.")
    titles = {told.scenario.scenario: told.scenario.titre for told in etude.scenarios}
    columns = (
        Column("Scénario"),
        Column("Ce qui se compare"),
        Column("Publié"),
        Column(f"Publié, euros de {etude.euros_de}", True),
        Column("Calculé ici", True),
        Column(f"Calculé, euros de {etude.euros_de}", True),
    )
    rows = []
    for beside in etude.rapproches:
        published = (
            figure_link(bundle.number(beside.chiffre), bundle, with_unit=True) if bundle.chiffres else ""
        )
        rows.append(
            [
                html.escape(titles[beside.scenario], quote=False),
                _RESULTATS[beside.resultat],
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


@_with_study
def cascades(bundle: Bundle, etude: Etude) -> Block:
    """The gap between two evaluations, assumption by assumption."""
    if not bundle.chiffres:
        return Block("")
    titles = {told.scenario.scenario: told.scenario.titre for told in etude.scenarios}
    blocks = [_one_cascade(bundle, etude, cascade, titles) for cascade in etude.cascades]
    return Block("\n".join(block.html for block in blocks))


def _one_cascade(bundle: Bundle, etude: Etude, cascade: Cascade, titles: dict[str, str]) -> Block:
    names = {**dict(etude.hypotheses), **_NOMS_GROUPES}
    is_published = cascade.publie
    steps = [Etape(titles[cascade.de], cascade.depart, "niveau")]
    steps += [Etape(names[name], value) for name, value in cascade.etapes]
    if is_published:
        steps.append(Etape("Non expliqué (hypothèses non publiées)", cascade.non_explique, "non_explique"))
    steps.append(Etape(titles[cascade.vers], cascade.arrivee, "niveau"))
    year = _millesime(etude.scenario("central"))
    what = (
        f"Des chiffres publiés (milieu des bornes), en euros de {year}, "
        if is_published
        else "De notre calcul, "
    )
    return _cascade_chart(
        f"cascade-{cascade.de}-{cascade.vers}"[:40],
        f"De « {titles[cascade.de]} » à « {titles[cascade.vers]} »",
        steps,
        f"{what}par ETP et par an. Chaque pas est la moyenne sur tous les ordres dans lesquels les hypothèses peuvent changer (valeur de Shapley). "
        + _source(bundle, etude),
    )


@_with_study
def seuils(bundle: Bundle, etude: Etude) -> Block:
    """The rate of CDE that leaves each of its payers whole."""
    names = dict(etude.payeurs)
    rows = [
        [html.escape(names[payeur], quote=False), _cell(100 * rate, 1, "%")] for payeur, rate in etude.seuils
    ]
    note = (
        "Part du Smic brut à laquelle le payeur ne gagne ni ne perd, ses autres gains étant ceux du scénario central ; "
        "un taux négatif dit qu'il perd déjà sans rien verser (la réduction générale, que l'État compense). "
        + _source(bundle, etude)
    )
    return Table(
        "seuils",
        "Le taux de contribution auquel chaque financeur est quitte",
        (Column("Financeur"), Column("Taux (% du Smic brut)", True)),
        rows,
        note,
    ).block()


@_with_study
def ventes(bundle: Bundle, etude: Etude) -> Block:
    """The sales per ETP that would balance a job, beside the full cost that was published."""
    told = etude.ventes
    year = _millesime(etude.scenario("central"))
    columns = (Column("Pour un ETP et un an"), Column(f"Euros de {year}", True))
    published = "publié"
    if bundle.chiffres:
        published = figure_link(bundle.number(told.chiffre), bundle, with_unit=True)
    rows = [
        [f"Coût complet d'un emploi ({published}, euros de {told.annee_cout})", _cell(told.cout_complet)],
        ["Contribution au développement de l'emploi", _cell(told.cde)],
        ["Ventes et autres produits qui équilibrent", _cell(told.ventes)],
    ]
    caption = "Ce qu'un emploi doit vendre pour être à l'équilibre"
    return Table("ventes-equilibre", caption, columns, rows, _source(bundle, etude)).block()


@_with_study
def carte(bundle: Bundle, etude: Etude) -> Block:
    """Where the territories are, and who pays the RSA there."""
    if bundle.nature == "demonstration":
        return absence("Pas de carte : ces territoires sont inventés.")
    rows = [
        [
            html.escape(t.nom, quote=False),
            html.escape(", puis ".join(_payer_here(t, etude)), quote=False),
        ]
        for t in bundle.territoires
    ]
    return Chart(
        "carte-payeurs",
        "Qui paie le RSA dans les dix territoires",
        map_svg(bundle.territoires),
        "Carte de France. Les dix territoires y sont nommés ; le tableau dit qui paie le RSA dans chacun.",
        "Le département paie le RSA, sauf à Villeurbanne (Métropole de Lyon) et à Paris (le Département de "
        "Paris, puis la Ville). " + _source(bundle, etude),
        Table(
            "carte-payeurs-donnees",
            "Qui paie le RSA",
            (Column("Territoire"), Column("Collectivité")),
            rows,
        ),
    ).block()


def _payer_here(territoire: Territoire, etude: Etude) -> list[str]:
    """The authorities that pay the RSA in a territory by date: its departments unless a row says otherwise."""
    chiefs = [dict(row) for row in etude.chefs_de_file if dict(row)["territoire"] == territoire.code]
    if chiefs:
        return [f"{row['collectivite']} ({_when(row)})" for row in chiefs]
    followed = {
        c.departement: c.departement_nom for site in territoire.sites for c in site.communes if c.suivie
    }
    return [f"Département ({nom})" for nom in followed.values()]


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
        Column("Basse", True),
        Column("Centrale", True),
        Column("Haute", True),
        Column("Origine"),
        Column("Ce qu'elle veut dire"),
    )
    rows = [
        [
            html.escape(names[h.hypothese], quote=False),
            *(_plain(v) for v in (h.basse, h.centrale, h.haute)),
            _origin(bundle, h.source, _STATUTS[h.statut]),
            html.escape(h.note, quote=False),
        ]
        for h in etude.scenario("central").scenario.hypotheses
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
        Column("Ligne déclarée"),
        Column("Basse (€)", True),
        Column("Centrale (€)", True),
        Column("Haute (€)", True),
        Column("Payeur"),
        Column("Origine"),
        Column("Pourquoi"),
    )
    return (
        Table("hypotheses", "Les hypothèses du scénario central", columns, rows).block()
        + Table(
            "lignes-declarees", "Les lignes que la législation ne calcule pas, par ETP et par an", lines, more
        ).block()
    )


@_with_study
def qui_paie(bundle: Bundle, etude: Etude) -> Block:
    """Who pays or receives each line, from when, by which text; then what is corrected in the model."""
    payers, lines = dict(etude.payeurs), dict(etude.lignes)
    shares = [
        [
            html.escape(lines[row["ligne"]], quote=False),
            html.escape(payers[row["payeur"]], quote=False),
            _cell(100 * float(row["part"]), 2, "%"),
            dated(Period(f"{row['debut']}/{row['fin']}" if row["fin"] else row["debut"]), _when(row)),
            html.escape(row["reference"], quote=False),
        ]
        for row in map(dict, etude.affectations)
    ]
    heads = (Column("Ligne"), Column("Payeur"), Column("Part (%)", True), Column("Quand"), Column("Texte"))
    corrected = [
        [
            html.escape(one.constat, quote=False),
            _cell(one.valeur, 4, ""),
            dated(Period(f"{one.debut}/{one.fin}")),
            html.escape(one.reference, quote=False),
        ]
        for one in etude.exceptions
    ]
    columns = (Column("Constat"), Column("Valeur employée", True), Column("Quand"), Column("Texte"))
    return (
        Table("qui-paie", "Qui paie ou reçoit chaque ligne, d'après quel texte", heads, shares).block()
        + Table("exceptions", "Ce qui est corrigé dans le modèle", columns, corrected).block()
    )


@_with_study
def local(bundle: Bundle, etude: Etude) -> Block:
    """Who pays the RSA here, and the central scenario with the names of this place."""
    territoire = territoire_of(bundle)
    names = dict(etude.payeurs)
    told = _payer_here(territoire, etude)
    names["departement"] = ", puis ".join(told)
    text = (
        f"<p>Le RSA y est payé par : {html.escape(' ; '.join(told), quote=False)}. Les montants sont ceux de cas types, et non "
        f"des personnes de ce territoire ; {link('depenses_passives.html', 'le chapitre sur les dépenses passives')} dit leurs hypothèses.</p>"
    )
    table = _payers(
        etude,
        anchor="depenses-passives-payeurs",
        caption="Un emploi à temps plein, payeur par payeur (cas types, scénario central)",
        names=names,
        note=_source(bundle, etude),
    )
    return Block(text) + table


def _when(row: Mapping[str, str]) -> str:
    if row["fin"]:
        return Period(f"{row['debut']}/{row['fin']}").label
    return f"depuis {Period(row['debut']).label}"


def _millesime(calcule: Calcule) -> int:
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
    return number(decimal(value, 0) + "\u00a0€", round(value), "€ par ETP et par an")


def _cell(value: float, decimals: int = 0, unit: str = "€") -> str:
    return number(decimal(value, decimals), round(value, decimals) + 0.0, unit)


def _plain(value: float) -> str:
    return decimal(value, 2) if value < 100 else f"{value:.0f}"


def _short(name: str) -> str:
    return name.partition(" (")[0].replace(" ou collectivité qui en tient lieu", "")
