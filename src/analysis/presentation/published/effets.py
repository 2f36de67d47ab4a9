"""What programmes do: effects measured against a comparison, and raw rates in a table of their own."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Final

from analysis.indicateurs.comparaison.records import Effet
from analysis.noyau.french import uncapitalized
from analysis.presentation.drawing.rows import Bar, Bars, bars_svg
from analysis.presentation.numbers import NBSP, decimal
from analysis.presentation.parts.blocks import FEWEST_POINTS, Block, Chart, Column, Table, number
from analysis.presentation.parts.links import figure_link, period_label
from analysis.presentation.parts.marks import cited
from analysis.presentation.parts.tables import absence
from analysis.presentation.published.comparaison import comparaison_of, how_read
from analysis.secret.bundle import Bundle

RESULTATS: Final = {
    "emploi": "l'emploi",
    "contrat_durable": "l'emploi durable",
    "bien_etre": "le bien-être",
}
"""What effects are on, as the end of a sentence."""


def effets(bundle: Bundle) -> Block:
    """The causal effects, each with what it is measured against; raw rates are in a table of their own."""
    found = [effect for effect in comparaison_of(bundle).effets if effect.declare.nature == "causal"]
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
            how_read(bundle, effect.declare.chiffre),
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
    found = [effect for effect in comparaison_of(bundle).effets if effect.declare.nature == "brut"]
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
            how_read(bundle, effect.declare.chiffre),
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
