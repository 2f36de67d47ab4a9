"""« En bref »: the few key figures that open a chapter, each dated, linked to its row and its source."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from analysis.noyau.french import uncapitalized
from analysis.noyau.mesures import ENSEMBLE
from analysis.noyau.periods import Period
from analysis.presentation.blocks import Block
from analysis.presentation.links import figure_link, released_content, source_link
from analysis.presentation.mesures import category, cell, measure_link, source_note, value_of
from analysis.presentation.tables import absence
from analysis.secret.bundle import Bundle

PUBLISHED = (
    "ppde_estimees_habilitation",
    "ppde_identifiees",
    "effectif_ebe",
    "embauches_cumulees_ebe",
    "liste_attente",
    "sorties_privation_cumulees",
)
"""The published figures that open the synthesis and the chapter of a territory."""

DEPOSITED = ("volontaires_eligibles", "embauchees", "taux_sortie", "liste_attente", "etp_annees_ppde")
"""The measures that open the chapter of a territory that deposited."""

OF_CHAPTER = {
    "exhaustivite": (
        "personnes_rencontrees",
        "volontaires_eligibles",
        "taux_offre",
        "taux_sortie",
        "liste_attente",
    ),
    "participation": (
        "enquete_taux_reponse:salaries_ebe",
        "enquete_taux_reponse:volontaires",
        "avis_favorable:salaries_ebe-utile",
        "avis_favorable:habitants-services",
    ),
    "economie_ebe": ("etp_annees_ppde", "ventes_par_etp", "subventions_par_etp", "part_heures_favorables"),
}
"""The measures that open a chapter on all the territories; the category of one that has some follows a colon."""


def en_bref(bundle: Bundle) -> Block:
    """The key figures of a chapter: the last dated value of each, or a sentence where there is none."""
    place = bundle.territoire.code if bundle.territoire else ENSEMBLE
    names = OF_CHAPTER.get(bundle.chapitre, DEPOSITED)
    items = [*_measured(bundle, names, place)]
    if bundle.chapitre not in OF_CHAPTER:
        items = [*_published(bundle), *items]
    if not items:
        body = absence("Aucun chiffre daté ne peut encore être mis en avant ici.").html
    else:
        body = f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
    return Block(
        f'<section class="en-bref" aria-labelledby="en-bref"><h2 id="en-bref">En bref</h2>{body}</section>'
    )


def _published(bundle: Bundle) -> Iterator[str]:
    """The last dated figure of each published indicator, with its source; a disagreement is told."""
    place = bundle.territoire.code if bundle.territoire else bundle.ensembles[0].ensemble
    known = {indicator.indicateur for indicator in bundle.dictionary.indicators}
    for name in PUBLISHED:
        dated = [
            r
            for r in (bundle.of(name) if name in known else ())
            if r.content.territoire == place and r.content.dated and r.content.periode is not None
        ]
        if not dated:
            continue
        last = max(dated, key=lambda r: Period(str(r.content.periode)).end)
        chiffre = released_content(last)
        label = bundle.dictionary.indicator(name).libelle
        when = chiffre.periode.label if chiffre.periode else ""
        said = " ; les sources se contredisent" if chiffre.desaccord else ""
        yield (
            f"<strong>{figure_link(last, bundle, with_unit=True)}</strong> {html.escape(label, quote=False)}"
            f'<br><span class="precision">{html.escape(when)} ; {source_link(chiffre.source, bundle)}'
            f"{said}</span>"
        )


def _measured(bundle: Bundle, names: Sequence[str], place: str) -> Iterator[str]:
    """The last value of each measure at a place, where one may be shown."""
    for named in names:
        name, _, modalite = named.partition(":")
        told = [
            r.content.periode
            for r in bundle.measures(name, place=place)
            if r.content.modalite == modalite and r.content.etat != "absente"
        ]
        last = max(told, key=lambda text: Period(text).end, default="")
        shown = bundle.measured(name, place=place, periode=last, modalite=modalite) if last else None
        if shown is None or value_of(shown) is None:
            continue
        unit = bundle.dictionary.unit(bundle.definition(name).unite).pluriel
        when = uncapitalized(Period(released_content(shown).periode).label)
        words = f" : {category(name, modalite, bundle)}" if modalite else ""
        detail = html.escape(words, quote=False)
        yield (
            f"<strong>{cell(shown, bundle)} {html.escape(unit)}</strong> {measure_link(name, bundle)}{detail}"
            f'<br><span class="precision">{html.escape(when)} ; {source_note(bundle, [shown])}</span>'
        )
