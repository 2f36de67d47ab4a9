"""« Comparé à quoi ? »: amounts of one definition in one year's euros, people, effects, what evaluations answer."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Final

from analysis.indicateurs.comparaison.records import Comparaison, Montant
from analysis.noyau.declared.prix import EUROS_DE
from analysis.noyau.french import uncapitalized
from analysis.presentation.drawing.rows import Bar, Bars, bars_svg
from analysis.presentation.numbers import NBSP, decimal
from analysis.presentation.parts.blocks import FEWEST_POINTS, Block, Chart, Column, Table, number
from analysis.presentation.parts.links import figure_link, period_label, released_content, source_link
from analysis.presentation.parts.marks import cited
from analysis.presentation.parts.prose import inline
from analysis.presentation.parts.tables import absence
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released
from analysis.sources.comparables import COMPOSANTES, CoutDeclare, DefinitionCout
from analysis.sources.fiches import Chiffre

TZCLD: Final = "tzcld"
ABROAD: Final = "etranger"


CONTIENT: Final = {"oui": "oui", "non": "non", "inconnu": "non lu"}
"""Whether an amount counts something, in a table's words."""

EMPTY: Final = Comparaison(EUROS_DE, (), (), (), (), (), (), ())
"""The comparison of a project that declares none."""

_EURO: Final = "€"


def couts(bundle: Bundle, definition: str) -> Block:
    """The amounts of one definition side by side in the euros of one year, those of the experiment in colour.

    Of fewer than ``FEWEST_POINTS`` amounts there is a table and no drawing.
    """
    compared = comparaison_of(bundle)
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
    compared = comparaison_of(bundle)
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
    compared = comparaison_of(bundle)
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


def controverses(bundle: Bundle) -> Block:
    """What each evaluation answers to the others, point by point, and what is not settled."""
    points = comparaison_of(bundle).controverses
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


def comparaison_of(bundle: Bundle) -> Comparaison:
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
    year = comparaison_of(bundle).euros_de
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
            how_read(bundle, amount.declare.chiffre),
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


def how_read(bundle: Bundle, numero: int) -> str:
    """How a figure was read, as the register says it; « non relevé » where nobody noted it."""
    lecture = bundle.number(numero).content.lecture
    words = bundle.dictionary.lecture(lecture).libelle if lecture else "non relevé"
    return html.escape(words, quote=False)


def _words(bundle: Bundle, released: Released[Chiffre]) -> str:
    unit = bundle.dictionary.unit_of(released.content.indicateur)
    return f"{decimal(released.content.valeur or 0, 1)}{NBSP}{unit.pluriel}"
