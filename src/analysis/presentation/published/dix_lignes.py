"""Ten lines on a territory: what is known, what is not, what is awaited; an evaluator says the last word."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Final

from analysis.presentation.parts.attentes import COMPTES, CONTRATS, ENQUETES, PERSONNES, Attendu
from analysis.presentation.parts.blocks import Block
from analysis.presentation.parts.ecrits import put_later
from analysis.presentation.parts.links import figure_link, period_label
from analysis.presentation.parts.marks import territoire_of
from analysis.presentation.parts.prose import resolve
from analysis.presentation.published.en_bref import (
    DEPOSITED,
    last_measured,
    last_published,
    when_measured,
    withheld,
)
from analysis.secret.bundle import Bundle

LINES: Final = 10
"""The lines of a territory, at most."""

_UNKNOWN: Final = 3
_AWAITED: Final = 3

_ASKED: Final = (
    ("Combien de personnes sont volontaires", ("volontaires_cumules",), "volontaires_eligibles"),
    ("Combien attendent encore un emploi", ("liste_attente",), "liste_attente"),
    ("Combien sont sorties de la privation d'emploi", ("sorties_privation_cumulees",), "taux_sortie"),
    ("Combien travaillent dans l'entreprise", ("effectif_ebe", "effectif_une_ebe"), "effectif_fin_mois"),
    ("Ce que vend l'entreprise", ("chiffre_affaires",), "ventes_par_etp"),
    (
        "Combien de personnes sont concernées",
        ("ppde_identifiees", "ppde_estimees_habilitation"),
        "personnes_rencontrees",
    ),
)
"""What a reader asks of a territory: the published figures that tell it, and the measure of its deposit."""

_WITHOUT: Final = "Ce que ces personnes seraient devenues sans l'expérimentation : aucune évaluation ne le dit d'un seul territoire"
"""What no figure of a single territory tells."""

_SENT: Final[tuple[tuple[Attendu, str], ...]] = (
    (PERSONNES, "volontaires_eligibles"),
    (CONTRATS, "effectif_fin_mois"),
    (COMPTES, "ventes_par_etp"),
    (ENQUETES, "enquete_taux_reponse"),
)
"""What a territory sends, and the measure that shows that it did."""


def dix_lignes(bundle: Bundle) -> Block:
    """What is known, what is not and what is awaited of a territory, in ten lines at most.

    They are made of its data; its evaluator finishes them, and a territory of which none did says so.
    """
    unknown = [*list(_unknown(bundle))[: _UNKNOWN - 1], _WITHOUT]
    awaited = list(_awaited(bundle))[:_AWAITED]
    known = list(_known(bundle))[: LINES - len(unknown) - len(awaited)]
    parts = "".join(
        f'<h3 id="lignes-{css}">{title}</h3><ul class="{css}">{"".join(f"<li>{line}.</li>" for line in lines)}</ul>'
        for css, title, lines in (
            ("su", "Ce que l'on sait", known),
            ("ignore", "Ce que l'on ne sait pas", [html.escape(line, quote=False) for line in unknown]),
            ("attendu", "Ce que l'on attend", [html.escape(line, quote=False) for line in awaited]),
        )
        if lines
    )
    return Block(f'<section class="dix-lignes">{parts}{dernier_mot(bundle).html}</section>')


def _known(bundle: Bundle) -> Iterator[str]:
    """The last dated figure of each quantity of the territory, then its measures; one number is said once."""
    seen = set()
    for label, released in last_published(bundle):
        chiffre = released.content
        when = html.escape(period_label(chiffre), quote=False)
        if (key := (chiffre.source, chiffre.valeur_imprimee, when)) not in seen:
            seen.add(key)
            yield f"{html.escape(label, quote=False)} : {figure_link(released, bundle, with_unit=True)} ({when})"
    for told, label, shown in last_measured(bundle, DEPOSITED, territoire_of(bundle).code):
        yield f"{label} : {told} ({html.escape(when_measured(shown), quote=False)})"


def _unknown(bundle: Bundle) -> Iterator[str]:
    """What is withheld, then what is asked of a territory and that no dated figure and no measure tells."""
    place = territoire_of(bundle).code
    if hidden := withheld(bundle, DEPOSITED, place):
        yield hidden
    declared = {indicator.indicateur for indicator in bundle.dictionary.indicators}
    for question, indicators, measure in _ASKED:
        names = [name for name in indicators if name in declared]
        is_published = any(r.content.dated and r.content.is_number for r in bundle.of(*names, place=place))
        if not is_published and not _is_measured(bundle, measure):
            yield f"{question} : aucun chiffre daté"


def _awaited(bundle: Bundle) -> Iterator[str]:
    for attendu, measure in _SENT:
        if not _is_measured(bundle, measure):
            yield f"{attendu.quoi[0].upper()}{attendu.quoi[1:]} (de qui : {attendu.envoi})"


def _is_measured(bundle: Bundle, measure: str) -> bool:
    return any(
        r.content.etat != "absente" for r in bundle.measures(measure, place=territoire_of(bundle).code)
    )


@put_later("dernier-mot")
def dernier_mot(bundle: Bundle) -> Block:
    """What the evaluator concludes of the lines, signed; or that nobody did."""
    if bundle.texte is None or not bundle.texte.essentiel:
        return Block(
            '<p class="absence">Aucun évaluateur n\'a encore fini ces lignes : elles sont tirées des données seules.</p>'
        )
    signature = html.escape(f"{bundle.texte.auteur}, {bundle.texte.date.label}", quote=False)
    return Block(
        f'<div class="regard">{resolve(bundle.texte.essentiel, bundle)}</div><p class="signature">{signature}</p>'
    )
