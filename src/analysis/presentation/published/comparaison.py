"""« Comparé à quoi ? »: amounts of one definition in one year's euros, people, effects, what evaluations answer."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Final

from analysis.indicateurs.comparaison.records import EBE, Comparaison, Effet, Montant, Part
from analysis.noyau.declared.prix import EUROS_DE
from analysis.noyau.french import uncapitalized
from analysis.presentation.drawing.rows import Bar, Bars, Pair, bars_svg, pairs_svg
from analysis.presentation.numbers import NBSP, decimal
from analysis.presentation.parts.blocks import FEWEST_POINTS, Block, Chart, Column, Table, number
from analysis.presentation.parts.links import figure_link, period_label, released_content, source_link
from analysis.presentation.parts.marks import cited
from analysis.presentation.parts.prose import inline
from analysis.presentation.parts.tables import absence
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released
from analysis.sources.comparables import COMPOSANTES, CoutDeclare, DefinitionCout
from analysis.sources.fiches import SECONDE_MAIN, Chiffre

TZCLD: Final = "tzcld"
ABROAD: Final = "etranger"

GROUPES: Final = {
    "ebe_phase_1": "Salariés d'EBE, première phase",
    "ebe_phase_2": "Salariés d'EBE, deuxième phase",
    "iae": "Insertion par l'activité économique",
    "longue_duree": "Demandeurs d'emploi de longue durée",
}
"""Whose shares are set side by side, the two phases apart."""

PARMI: Final = {
    "iae": "dans l'insertion par l'activité économique",
    "longue_duree": "des demandeurs d'emploi de longue durée",
}
"""The other groups, at the end of a sentence."""

CARACTERISTIQUES: Final = {
    "femmes": "Femmes",
    "jeunes": "Moins de 25 ou 26 ans",
    "seniors": "50 ans ou plus",
    "handicap": "Travailleurs handicapés",
    "peu_diplomes": "Sans diplôme du niveau CAP ou BEP",
    "diplomes": "Diplômés au-delà du baccalauréat",
    "rsa": "Au RSA, ou au RSA ou à l'AAH",
    "sans_allocation": "Sans allocation de chômage",
}
"""What people are compared on, in the order of the rows."""

RESULTATS: Final = {
    "emploi": "l'emploi",
    "contrat_durable": "l'emploi durable",
    "bien_etre": "le bien-être",
}
"""What effects are on, as the end of a sentence."""

CONTIENT: Final = {"oui": "oui", "non": "non", "inconnu": "non lu"}
"""Whether an amount counts something, in a table's words."""

EMPTY: Final = Comparaison(EUROS_DE, (), (), (), (), (), (), ())
"""The comparison of a project that declares none."""

_EURO: Final = "€"


def couts(bundle: Bundle, definition: str) -> Block:
    """The amounts of one definition side by side in the euros of one year, those of the experiment in colour.

    Of fewer than ``FEWEST_POINTS`` amounts there is a table and no drawing.
    """
    compared = _compared(bundle)
    asked = next((d for d in compared.definitions if d.definition == definition), None)
    amounts = [amount for amount in compared.montants if amount.declare.definition == definition]
    if asked is None or not amounts:
        return absence("Aucun montant comparable n'a été lu sous cette définition.")
    amounts.sort(key=lambda amount: -_middle(amount))
    data = _amounts_table(bundle, asked, amounts)
    if len(amounts) < FEWEST_POINTS:
        return data.block()
    names = [_named(amount) for amount in amounts]
    own = [name for name, amount in zip(names, amounts, strict=True) if amount.declare.groupe == TZCLD]
    title = _cost_title(asked, amounts)
    return Chart(
        anchor=_anchor(definition),
        caption=title,
        subtitle=f"{asked.libelle}, en euros de {compared.euros_de}."
        + (" En couleur : l'expérimentation." if own else ""),
        drawing=bars_svg(
            names,
            [Bars("", tuple(Bar(_middle(amount), _short(amount)) for amount in amounts))],
            emphasis=own or [TZCLD],  # the colour is the experiment's: without it, every bar is grey
        ),
        alt=f"{title}. " + " ; ".join(_told(name, a) for name, a in zip(names, amounts, strict=True)) + ".",
        lecture=_read_amount(bundle, amounts, compared.euros_de),
        champ="Champ : dispositifs dont une source imprime un montant de cette définition et dont l'année des "
        "prix est établie.",
        note=html.escape(f"{asked.limite} ", quote=False) + _cited(bundle, amounts),
        data=data,
    ).block()


def contenus(bundle: Bundle) -> Block:
    """What each amount contains, component by component, and how long a person may stay."""
    compared = _compared(bundle)
    if not compared.montants:
        return Block("")
    names = {d.definition: d.libelle for d in compared.definitions}
    columns = (
        Column("Montant"),
        *(Column(words) for words in COMPOSANTES.values()),
        Column("Durée"),
    )
    rows = [
        [
            f'{html.escape(_named(amount), quote=False)}<br><span class="precision">'
            f"{html.escape(names[amount.declare.definition], quote=False)}</span>",
            *(CONTIENT[amount.declare.contenu[name]] for name in COMPOSANTES),
            html.escape(amount.declare.duree or "non lu", quote=False),
        ]
        for amount in compared.montants
    ]
    note = (
        "Deux montants ne se comparent que si leur définition est la même et s'ils contiennent la même chose. Autres "
        "financeurs : départements, communes et autres financeurs publics ; ouverture : aides versées une fois ; encadrement : "
        "encadrement et accompagnement ; évité et reçu : dépenses évitées et recettes nouvelles. "
        "« Non lu » : la source ne le dit pas, ou ce qu'elle en dit n'a pas été lu."
    )
    return Table("contenus-couts", "Ce que contient chaque montant", columns, rows, note=note).block()


def exclus(bundle: Bundle) -> Block:
    """The amounts that are compared with no other, each with the reason."""
    compared = _compared(bundle)
    if not compared.exclus:
        return Block("")
    columns = (Column("Montant"), Column("Valeur publiée"), Column("Pourquoi il n'est comparé à aucun autre"))
    rows = [
        [
            _cost_head(bundle, cost),
            figure_link(bundle.number(cost.chiffre), bundle, with_unit=True),
            html.escape(cost.raison, quote=False),
        ]
        for cost in compared.exclus
    ]
    return Table("couts-exclus", "Les montants qui ne se comparent pas", columns, rows).block()


def profils(bundle: Bundle, phase: str) -> Block:
    """The employees of EBE of one phase beside the others, characteristic by characteristic.

    Nothing is drawn where one of the two shares is not published; the table says « non publié ».
    """
    compared = _compared(bundle)
    others = [group for group in GROUPES if group not in EBE]
    rows = []
    for code, words in CARACTERISTIQUES.items():
        cells = [_shares(bundle, compared.parts, group, code) for group in (phase, *others)]
        if any(cells):
            rows.append([words, *(cell or '<span class="absent">non publié</span>' for cell in cells)])
    if not rows:
        return absence(f"{GROUPES[phase]} : aucune part comparable n'a été lue.")
    columns = (
        Column("Caractéristique"),
        *(Column(GROUPES[group], True) for group in (phase, *others)),
    )
    caption = f"{GROUPES[phase]}, à côté des autres publics"
    note = (
        "Chaque part garde les mots et la date de sa source, où elle mène : les bornes d'âge et les niveaux ne sont pas "
        "partout les mêmes."
    )
    table = Table(f"profils-{phase.replace('_', '-')}", caption, columns, rows, note=note)
    charts = [_profile_chart(bundle, phase, other, compared.parts) for other in others]
    return sum([*charts, table.block()], Block(""))


def ecarts(bundle: Bundle) -> Block:
    """The standardised differences of the pairs whose two counts are published."""
    compared = _compared(bundle)
    if not compared.ecarts:
        return absence(
            "Écarts standardisés : aucune paire de parts n'est publiée avec ses deux effectifs.",
            anchor="ecarts",
        )
    columns = (
        Column("Caractéristique"),
        Column("Comparés"),
        Column("Salariés d'EBE (%)", True),
        Column("Autre public (%)", True),
        Column("Écart (écarts-types)", True),
    )
    rows = [
        [
            CARACTERISTIQUES[gap.caracteristique],
            html.escape(
                f"{GROUPES[gap.premier.declaree.groupe]} et {uncapitalized(GROUPES[gap.autre.declaree.groupe])}",
                quote=False,
            ),
            *(_percent(part, with_count=True) for part in (gap.premier, gap.autre)),
            number(decimal(gap.ecart, 2), round(gap.ecart, 2), "écarts-types"),
        ]
        for gap in compared.ecarts
    ]
    note = (
        "Écart standardisé : différence des deux parts, divisée par l'écart-type moyen des deux groupes. Entre "
        "parenthèses, sur combien de personnes. Un écart ne dit pas pourquoi les publics diffèrent."
    )
    caption = "Écarts entre salariés d'EBE et autres publics"
    return Table("ecarts-standardises", caption, columns, rows, note=note).block()


def effets(bundle: Bundle) -> Block:
    """The causal effects, each with what it is measured against; raw rates are in a table of their own."""
    found = [effect for effect in _compared(bundle).effets if effect.declare.nature == "causal"]
    if not found:
        return absence("Effets : aucun effet mesuré contre une comparaison n'a été lu.")
    columns = (
        Column("Dispositif et public"),
        Column("Effet sur"),
        Column("Effet publié"),
        Column("Mesuré contre"),
        Column("Quand"),
        Column("Comment lu"),
    )
    rows = [
        [
            html.escape(effect.declare.dispositif, quote=False),
            html.escape(RESULTATS[effect.declare.resultat], quote=False),
            figure_link(bundle.number(effect.declare.chiffre), bundle, with_unit=True),
            html.escape(effect.declare.contre, quote=False),
            html.escape(effect.declare.horizon, quote=False),
            _reading(bundle, effect.declare.chiffre),
        ]
        for effect in found
    ]
    note = (
        "Un effet compare ce qui est arrivé à ce qui serait arrivé sans le dispositif. Les populations, les durées et "
        "les méthodes diffèrent : deux effets ne se soustraient pas. "
    )
    sources = (bundle.number(effect.declare.chiffre).content.source for effect in found)
    jobs = [effect for effect in found if effect.declare.resultat == "emploi"]
    caption = "Les effets mesurés contre une comparaison"
    table = Table("effets-causaux", caption, columns, rows, note=note + cited(bundle, sources))
    return _effects_chart(bundle, jobs) + table.block()


def taux_bruts(bundle: Bundle) -> Block:
    """The raw rates: what was observed, against nothing."""
    found = [effect for effect in _compared(bundle).effets if effect.declare.nature == "brut"]
    if not found:
        return absence("Taux bruts : aucun n'a été lu.")
    columns = (
        Column("Dispositif et public"),
        Column("Taux publié"),
        Column("Quand"),
        Column("De quand"),
        Column("Comment lu"),
    )
    rows = [
        [
            html.escape(effect.declare.dispositif, quote=False),
            figure_link(bundle.number(effect.declare.chiffre), bundle, with_unit=True),
            html.escape(effect.declare.horizon, quote=False),
            html.escape(period_label(bundle.number(effect.declare.chiffre).content), quote=False),
            _reading(bundle, effect.declare.chiffre),
        ]
        for effect in found
    ]
    note = (
        "Un taux brut dit ce que sont devenues des personnes, et non ce que le dispositif y a changé : les publics "
        "ne sont pas les mêmes, et une partie aurait trouvé un emploi de toute façon. "
    )
    sources = (bundle.number(effect.declare.chiffre).content.source for effect in found)
    caption = "Les taux observés, sans comparaison"
    table = Table("taux-bruts", caption, columns, rows, note=note + cited(bundle, sources))
    return _rates_chart(bundle, found) + table.block()


def controverses(bundle: Bundle) -> Block:
    """What each evaluation answers to the others, point by point, and what is not settled."""
    points = _compared(bundle).controverses
    if not points:
        return Block("")
    columns = (
        Column("La question"),
        Column("Ce qu'une évaluation en dit"),
        Column("Ce que les autres et les statistiques y répondent"),
        Column("Ce qui n'est pas tranché"),
    )
    rows = [
        [inline(text, bundle) for text in (point.question, point.dit, point.repond, point.reste)]
        for point in points
    ]
    return Table("controverses", "Ce que les évaluations se répondent", columns, rows).block()


def non_recours(bundle: Bundle, indicator: str) -> Block:
    """The non-take-up of a benefit by household, one bar a published figure."""
    figures = sorted(bundle.of(indicator), key=lambda r: -(r.content.valeur or 0))
    known = [r for r in figures if r.content.valeur is not None]
    if len(known) < FEWEST_POINTS:
        return absence("Non-recours au RSA : moins de quatre parts publiées.")
    names = [r.content.champ for r in known]
    title = (
        f"Le non-recours au RSA va de {_words(bundle, known[-1])} ({uncapitalized(names[-1])}) à "
        f"{_words(bundle, known[0])} ({uncapitalized(names[0])})"
    )
    label = bundle.dictionary.indicator(indicator).libelle
    return Chart(
        anchor="non-recours",
        caption=title,
        subtitle=f"{label}, en % des foyers éligibles, par situation.",
        drawing=bars_svg(names, [Bars("", tuple(Bar(r.content.valeur, _words(bundle, r)) for r in known))]),
        alt=f"{title}. "
        + " ; ".join(f"{n} : {_words(bundle, r)}" for n, r in zip(names, known, strict=True))
        + ".",
        lecture=html.escape(
            f"Lecture : {uncapitalized(names[0])}, {_words(bundle, known[0])} ne demandent pas le RSA.",
            quote=False,
        ),
        champ="Champ : foyers éligibles au RSA, France.",
        note="C'est la part de foyers, et non de salariés d'EBE : un territoire de propriétaires ruraux et un quartier "
        "de logements sociaux n'ont pas le même non-recours. "
        + cited(bundle, (r.content.source for r in known)),
        data=_figures_data(bundle, known),
    ).block()


def _figures_data(bundle: Bundle, figures: Sequence[Released[Chiffre]]) -> Table:
    columns = (Column("De qui"), Column("Valeur publiée", True), Column("Date"), Column("Source"))
    rows = [
        [
            html.escape(r.content.champ, quote=False),
            figure_link(r, bundle, with_unit=True),
            period_label(r.content),
            source_link(r.content.source, bundle),
        ]
        for r in figures
    ]
    return Table("donnees", "Les parts publiées", columns, rows)


def _compared(bundle: Bundle) -> Comparaison:
    """The comparison of the chapter; without one, an empty one, of which every part says that it has nothing."""
    return EMPTY if bundle.comparaison is None else released_content(bundle.comparaison)


def _anchor(definition: str) -> str:
    return f"couts-{definition.replace('_', '-')}"


def _middle(amount: Montant) -> float:
    return (amount.bas + amount.haut) / 2


def _short(amount: Montant) -> str:
    """An amount at the end of a bar: rounded to the euro, its bounds, or on which side it is open."""
    if amount.bas != amount.haut:
        return f"{decimal(amount.bas, 0)} à {decimal(amount.haut, 0)}{NBSP}{_EURO}"
    opens = {1: "au moins ", -1: "au plus ", 0: ""}[amount.ouvre]
    return f"{opens}{decimal(amount.bas, 0)}{NBSP}{_EURO}"


def _named(amount: Montant) -> str:
    """A row: the programme and the year of its amount."""
    return f"{amount.declare.dispositif}, {amount.annee_prix}"


def _plainly(amount: Montant) -> str:
    """The programme inside a sentence, without its abbreviation; that of a place keeps its capital."""
    name = amount.declare.dispositif.partition(" (")[0]
    return name if amount.declare.groupe in (TZCLD, ABROAD) else uncapitalized(name)


def _told(name: str, amount: Montant) -> str:
    return f"{name} : {_short(amount)}"


def _cost_title(asked: DefinitionCout, amounts: Sequence[Montant]) -> str:
    """The last amount of the experiment beside the lowest and highest of the others; else how far they range."""
    own = [amount for amount in amounts if amount.declare.groupe == TZCLD]
    others = [amount for amount in amounts if amount.declare.groupe != TZCLD]
    high, low = (others or amounts)[0], (others or amounts)[-1]
    spread = f"de {_short(low)} ({_plainly(low)}) à {_short(high)} ({_plainly(high)})"
    if own and others:
        last = max(own, key=lambda amount: amount.annee_prix)
        return f"{asked.libelle} : {_short(last)} pour {last.declare.dispositif} ; ailleurs, {spread}"
    return f"{asked.libelle} : {spread}"


def _read_amount(bundle: Bundle, amounts: Sequence[Montant], year: int) -> str:
    """One amount read aloud, of another year where there is one: as it was printed, and in the chart's euros."""
    own = [a for a in amounts if a.declare.groupe == TZCLD] or list(amounts)
    chosen = next((a for a in own if a.annee_prix != year), own[0])
    linked = figure_link(bundle.number(chosen.declare.chiffre), bundle, with_unit=True)
    said = html.escape(f"{chosen.declare.dispositif}{NBSP}: ", quote=False)
    return f"Lecture : {said}{linked} en {chosen.annee_prix}, soit {html.escape(_short(chosen))} en euros de {year}."


def _amounts_table(bundle: Bundle, asked: DefinitionCout, amounts: Sequence[Montant]) -> Table:
    year = _compared(bundle).euros_de
    columns = (
        Column("Dispositif"),
        Column("Montant publié"),
        Column("Euros de"),
        Column(f"En euros de {year}", True),
        Column("Comment lu"),
    )
    rows = [
        [
            html.escape(_named(amount), quote=False),
            figure_link(bundle.number(amount.declare.chiffre), bundle, with_unit=True),
            str(amount.annee_prix),
            number(_short(amount), round(_middle(amount)), "€"),
            _reading(bundle, amount.declare.chiffre),
        ]
        for amount in amounts
    ]
    note = html.escape(f"{asked.limite} ", quote=False) + _cited(bundle, amounts)
    return Table(_anchor(asked.definition), asked.libelle, columns, rows, note=note)


def _cited(bundle: Bundle, amounts: Iterable[Montant]) -> str:
    return cited(bundle, (bundle.number(a.declare.chiffre).content.source for a in amounts))


def _cost_head(bundle: Bundle, cost: CoutDeclare) -> str:
    figure = bundle.number(cost.chiffre)
    when = html.escape(period_label(figure.content), quote=False)
    return f'{html.escape(cost.dispositif, quote=False)}<br><span class="precision">{when}</span>'


def _reading(bundle: Bundle, numero: int) -> str:
    """How a figure was read, as the register says it; « non relevé » where nobody noted it."""
    lecture = bundle.number(numero).content.lecture
    words = bundle.dictionary.lecture(lecture).libelle if lecture else "non relevé"
    return html.escape(words, quote=False)


def _words(bundle: Bundle, released: Released[Chiffre]) -> str:
    unit = bundle.dictionary.unit_of(released.content.indicateur)
    return f"{decimal(released.content.valeur or 0, 1)}{NBSP}{unit.pluriel}"


def _shares(bundle: Bundle, parts: Iterable[Part], group: str, code: str) -> str:
    """The shares of a group for a characteristic, each with the words and the date of its source; empty of none."""
    return "<br>".join(
        _share_cell(bundle, part)
        for part in parts
        if part.declaree.groupe == group and part.declaree.caracteristique == code
    )


def _share_cell(bundle: Bundle, part: Part) -> str:
    figure = bundle.number(part.declaree.chiffre)
    details = [part.declaree.mots] if part.declaree.mots else []
    details.append(period_label(figure.content))
    if figure.content.lecture == SECONDE_MAIN:
        details.append(_reading(bundle, part.declaree.chiffre))
    if part.declaree.complement:
        details.append("complément à cent de la part imprimée")
    shown = _percent(part) if part.declaree.complement else figure_link(figure, bundle, with_unit=True)
    if part.declaree.complement:
        shown = f"{shown} ({figure_link(figure, bundle, with_unit=True)})"
    return f'{shown} <span class="precision">({html.escape(", ".join(details), quote=False)})</span>'


def _percent(part: Part, *, with_count: bool = False) -> str:
    value = 100 * part.valeur
    shown = number(f"{decimal(value, 1)}{NBSP}%", round(value, 1), "%")
    if with_count and part.effectif is not None:
        shown += f' <span class="precision">({decimal(part.effectif, 0)})</span>'
    return shown


def _first(parts: Iterable[Part], group: str, code: str) -> Part | None:
    """The first declared share of a group, the one that its chart draws."""
    return next((p for p in parts if p.declaree.groupe == group and p.declaree.caracteristique == code), None)


def _profile_chart(bundle: Bundle, phase: str, other: str, parts: Sequence[Part]) -> Block:
    """Two dots a characteristic that both groups have; nothing of fewer than ``FEWEST_POINTS`` dots."""
    drawn = [
        (words, own, theirs)
        for code, words in CARACTERISTIQUES.items()
        if (own := _first(parts, phase, code)) and (theirs := _first(parts, other, code))
    ]
    if 2 * len(drawn) < FEWEST_POINTS:
        return Block("")
    far = max(drawn, key=lambda row: abs(row[1].valeur - row[2].valeur))
    title = f"{far[0]} : {_plain(far[1])} des salariés d'EBE, {_plain(far[2])} {PARMI[other]}, l'écart le plus grand"
    names = (GROUPES[phase], GROUPES[other])
    told = [f"{words} : {_plain(own)} et {_plain(theirs)}" for words, own, theirs in drawn]
    sources = [bundle.number(p.declaree.chiffre).content.source for row in drawn for p in row[1:]]
    columns = (Column("Caractéristique"), *(Column(name, True) for name in names))
    return Chart(
        anchor=f"profil-{phase}-{other}".replace("_", "-"),
        caption=title,
        subtitle=f"Part des personnes qui ont la caractéristique, en %. {names[0]}, et {uncapitalized(names[1])}.",
        drawing=pairs_svg(
            [row[0] for row in drawn],
            [Pair(100 * own.valeur, 100 * theirs.valeur) for _, own, theirs in drawn],
            names,
            unit="part des personnes (%)",
            emphasis=[far[0]],
        ),
        alt=f"{title}. " + " ; ".join(told) + ".",
        lecture=html.escape(
            f"Lecture : {uncapitalized(drawn[0][0])}, {_plain(drawn[0][1])} des salariés d'EBE et "
            f"{_plain(drawn[0][2])} {PARMI[other]}.",
            quote=False,
        ),
        champ=html.escape(f"Champ : {uncapitalized(names[0])} ; {uncapitalized(names[1])}.", quote=False),
        note="Les années et les bornes ne sont pas partout les mêmes : le tableau les donne. "
        + cited(bundle, sources),
        data=Table(
            "donnees",
            "Les parts dessinées",
            columns,
            [[words, _percent(own), _percent(theirs)] for words, own, theirs in drawn],
        ),
    ).block()


def _plain(part: Part) -> str:
    return f"{decimal(100 * part.valeur, 1)}{NBSP}%"


def _effects_chart(bundle: Bundle, jobs: Sequence[Effet]) -> Block:
    """The causal effects on employment in points; nothing of fewer than ``FEWEST_POINTS``."""
    if len(jobs) < FEWEST_POINTS:
        return Block("")
    ordered = sorted(jobs, key=lambda effect: -effect.valeur)
    return _outcomes(
        bundle,
        ordered,
        unit="points",
        anchor="effets-emploi",
        title=f"Sur l'emploi, les effets lus vont de {_ends(ordered, 'points')}",
        subtitle="Effet sur le taux d'emploi, en points, par rapport à une situation sans le dispositif.",
        lecture=f"{_outcome(bundle, ordered[0])}, {_valued(ordered[0], 'points')} de plus ; mesuré contre : "
        f"{ordered[0].declare.contre}",
        champ="effets sur l'emploi lus avec ce à quoi ils sont mesurés",
        note="L'emploi offert par le dispositif compte comme un emploi : l'effet ne dit pas ce qui suit. ",
    )


def _rates_chart(bundle: Bundle, rates: Sequence[Effet]) -> Block:
    """The raw rates, one bar each; nothing of fewer than ``FEWEST_POINTS``."""
    if len(rates) < FEWEST_POINTS:
        return Block("")
    ordered = sorted(rates, key=lambda rate: -rate.valeur)
    return _outcomes(
        bundle,
        ordered,
        unit="%",
        anchor="taux-de-sortie",
        title=f"Des taux observés de {_ends(ordered, '%')} ; aucun ne dit ce que le dispositif a changé",
        subtitle="Part des sortants en emploi, en %, à la sortie ou six mois après : des publics différents.",
        lecture=f"{_outcome(bundle, ordered[0])}, {_valued(ordered[0], '%')} en emploi",
        champ="sortants de chaque dispositif, aux années du tableau",
        note="Un taux plus haut n'est pas un dispositif plus efficace : les publics diffèrent. ",
    )


def _outcomes(
    bundle: Bundle,
    ordered: Sequence[Effet],
    *,
    unit: str,
    anchor: str,
    title: str,
    subtitle: str,
    lecture: str,
    champ: str,
    note: str,
) -> Block:
    """A bar an outcome, all of one nature and one unit."""
    names = [_outcome(bundle, effect) for effect in ordered]
    told = [_valued(effect, unit) for effect in ordered]
    rows = [
        [html.escape(name, quote=False), number(words, effect.valeur, unit)]
        for name, words, effect in zip(names, told, ordered, strict=True)
    ]
    sources = (bundle.number(effect.declare.chiffre).content.source for effect in ordered)
    return Chart(
        anchor=anchor,
        caption=title,
        subtitle=subtitle,
        drawing=bars_svg(
            names, [Bars("", tuple(Bar(e.valeur, words) for e, words in zip(ordered, told, strict=True)))]
        ),
        alt=f"{title}. " + " ; ".join(f"{n} : {w}" for n, w in zip(names, told, strict=True)) + ".",
        lecture=html.escape(f"Lecture : {lecture}.", quote=False),
        champ=html.escape(f"Champ : {champ}.", quote=False),
        note=html.escape(note, quote=False) + cited(bundle, sources),
        data=Table("donnees", title, (Column("Dispositif et public"), Column("Valeur", True)), rows),
    ).block()


def _outcome(bundle: Bundle, effect: Effet) -> str:
    """A row: the programme, when its people are looked at, and the years of the figure."""
    when = period_label(bundle.number(effect.declare.chiffre).content)
    return f"{effect.declare.dispositif}, {effect.declare.horizon} ({when})"


def _valued(effect: Effet, unit: str) -> str:
    return f"{decimal(effect.valeur, 1)}{NBSP}{unit}"


def _ends(ordered: Sequence[Effet], unit: str) -> str:
    """« 19 % (dispositif) à 73 % (dispositif) », from the last to the first."""
    low, high = ordered[-1], ordered[0]
    return (
        f"{_valued(low, unit)} ({uncapitalized(low.declare.dispositif.partition(' (')[0])}) à "
        f"{_valued(high, unit)} ({uncapitalized(high.declare.dispositif.partition(' (')[0])})"
    )
