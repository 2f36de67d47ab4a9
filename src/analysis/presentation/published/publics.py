"""Who the people are: the shares of each group side by side, and how far apart they stand."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Final

from analysis.indicateurs.comparaison.records import EBE, Part
from analysis.noyau.french import uncapitalized
from analysis.presentation.drawing.rows import Pair, pairs_svg
from analysis.presentation.numbers import NBSP, decimal
from analysis.presentation.parts.blocks import FEWEST_POINTS, Block, Chart, Column, Table, number
from analysis.presentation.parts.links import figure_link, period_label
from analysis.presentation.parts.marks import cited
from analysis.presentation.parts.tables import absence
from analysis.presentation.published.comparaison import comparaison_of, how_read
from analysis.secret.bundle import Bundle
from analysis.sources.fiches import SECONDE_MAIN

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


def profils(bundle: Bundle, phase: str) -> Block:
    """The employees of EBE of one phase beside the others, characteristic by characteristic.

    Nothing is drawn where one of the two shares is not published; the table says « non publié ».
    """
    compared = comparaison_of(bundle)
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
    compared = comparaison_of(bundle)
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
        details.append(how_read(bundle, part.declaree.chiffre))
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
