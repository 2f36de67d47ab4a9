"""« En bref »: the few key figures that open a chapter, each dated, linked to its row and its source."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from datetime import date

from analysis.noyau.declared.dictionary import FATE
from analysis.noyau.french import uncapitalized
from analysis.noyau.mesures import ENSEMBLE, Mesure
from analysis.noyau.periods import Period
from analysis.presentation.parts.blocks import Block, number
from analysis.presentation.parts.links import figure_link, period_label, released_content, source_link
from analysis.presentation.parts.mesures import WITHHELD, category, cell, measure_link, source_note, value_of
from analysis.presentation.parts.tables import absence, place_of
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released
from analysis.sources.fiches import Chiffre

PUBLISHED = (
    "effectif_ebe",
    "effectif_une_ebe",
    "effectif_ppde",
    "embauches_cumulees_ebe",
    "emplois_crees_territoire",
    "liste_attente",
    "sorties_privation_cumulees",
    "volontaires_cumules",
    "ppde_identifiees",
    "ppde_estimees_habilitation",
)
"""The published figures that open the synthesis and the chapter of a territory, who works there first."""

_WHOLE_STAFF, _STAFF_OF_ONE = PUBLISHED[:2]

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
    "vie_associative": (
        "reunions:cle",
        "presences",
        "cle_college_present:personnes_concernees",
        "decisions:aucune",
        "heures_benevoles",
    ),
}
"""The measures that open a chapter on all the territories; the category of one that has some follows a colon."""

NONE = {
    "personnes_rencontrees": "aucune personne rencontrée",
    "volontaires_eligibles": "aucun volontaire éligible",
    "embauchees": "aucune personne embauchée en EBE",
    "liste_attente": "aucune personne en attente",
}
"""The words of a zero: alone in large figures, among numbers that are withheld, it would mislead."""


def en_bref(bundle: Bundle) -> Block:
    """The key figures of a chapter: what decides its territory's fate, then the last dated value of each.

    A territory or a synthesis without any says so; a chapter of deposits that nobody sent has no such part.
    """
    place = bundle.territoire.code if bundle.territoire else ENSEMBLE
    names = OF_CHAPTER.get(bundle.chapitre, DEPOSITED)
    items = [*_measured(bundle, names, place)]
    withheld = _withheld(bundle, names, place)
    if bundle.chapitre not in OF_CHAPTER:
        items = [*_fates(bundle), *_published(bundle), *items]
    elif not items and not withheld:
        return Block("")
    if not items and not withheld:
        body = absence("Aucun chiffre daté ne peut encore être mis en avant ici.").html
    else:
        body = (f"<ul>{''.join(items)}</ul>" if items else "") + withheld
    return Block(
        f'<section class="en-bref" aria-labelledby="en-bref"><h2 id="en-bref">En bref</h2>{body}</section>'
    )


def _fates(bundle: Bundle) -> Iterator[str]:
    """What decides the fate of the chapter's territory, dated or not, with what its source says of the date."""
    if bundle.territoire is None:
        return
    for released in bundle.of_families(FATE):
        when = period_label(released_content(released))
        yield _item(bundle, [released], [_label(bundle, released)], when, css="fait")


def last_published(bundle: Bundle) -> Iterator[tuple[str, Released[Chiffre]]]:
    """What decides a territory's fate, then its last dated figures, each under the name of what it counts."""
    fates = bundle.of_families(FATE) if bundle.territoire else ()
    for released in (*fates, *_last_dated(bundle)):
        yield _label(bundle, released), released


def _last_dated(bundle: Bundle) -> list[Released[Chiffre]]:
    found = [released for name in PUBLISHED if bundle.has_figures for released in _last(bundle, name)]
    if any(r.content.indicateur == _WHOLE_STAFF for r in found):
        found = [r for r in found if r.content.indicateur != _STAFF_OF_ONE]
    return found


def _published(bundle: Bundle) -> Iterator[str]:
    """The last dated figures with their sources; a number that a source reads in two ways is said once."""
    found = _last_dated(bundle)
    same: dict[tuple[object, ...], list[Released[Chiffre]]] = {}
    for released in found:
        c = released_content(released)
        same.setdefault((c.territoire, c.source, c.periode, c.valeur_imprimee, c.unite), []).append(released)
    for group in same.values():
        first = released_content(group[0])
        when = first.periode.label if first.periode else ""
        yield _item(bundle, group, [_label(bundle, released) for released in group], when)


def _item(
    bundle: Bundle, same: Sequence[Released[Chiffre]], labels: Sequence[str], when: str, *, css: str = ""
) -> str:
    """A figure under its names, with its date, its source, what other sources say, and its notes."""
    first, *others = labels
    said = " et ".join([first, *map(uncapitalized, others)])
    if others:
        said += " : un seul nombre de la source, lu de deux façons"
    value = figure_link(same[0], bundle, with_unit=True)
    source = source_link(same[0].content.source, bundle)
    return _li(value, html.escape(said, quote=False), when, source, more=_more(bundle, same), css=css)


def _li(value: str, label: str, when: str, source: str, *, more: str = "", css: str = "") -> str:
    """A key figure; its source stands apart from its day, and what must be known of it after a full stop."""
    place = f' class="{css}"' if css else ""
    end = f'. <span class="remarque">{more}</span>' if more else ""
    return (
        f"<li{place}><strong>{value}</strong> {label}"
        f'<br><span class="precision">{html.escape(when, quote=False)} ; '
        f'<span class="source">{source}</span>{end}</span></li>'
    )


def _more(bundle: Bundle, same: Sequence[Released[Chiffre]]) -> str:
    """The values that other sources print for the same quantity, then the notes of the register."""
    numbers = {r.content.numero for r in same}
    contested = {r.content.desaccord for r in same} - {""}
    others = [r for r in bundle.disputing(*sorted(contested)) if r.content.numero not in numbers]
    said = [
        f"{figure_link(r, bundle, with_unit=True)} ({html.escape(period_label(r.content), quote=False)} ; "
        f"{source_link(r.content.source, bundle)})"
        for r in others
    ]
    told = [f"Les sources se contredisent. On lit aussi {', '.join(said)}."] if said else []
    notes = dict.fromkeys(r.content.note for r in same if r.content.note)
    return " ".join([*told, *(html.escape(f"{note.removesuffix('.')}.", quote=False) for note in notes)])


def _label(bundle: Bundle, released: Released[Chiffre]) -> str:
    """What a figure counts, and where when it is not the whole territory: « Salariés en EBE, Loos »."""
    chiffre = released_content(released)
    named = chiffre.champ if chiffre.indicateur == _STAFF_OF_ONE else ""
    label = bundle.dictionary.indicator(chiffre.indicateur).libelle
    return ", ".join(part for part in (label, place_of(bundle, chiffre), named) if part)


def _last(bundle: Bundle, name: str) -> list[Released[Chiffre]]:
    """The last dated figure of an indicator in the territory, then in each of its sites that tells of later.

    Of an indicator that counts one EBE, the last of each EBE. Outside a territory, the last of the first
    ensemble.
    """
    if name not in {indicator.indicateur for indicator in bundle.dictionary.indicators}:
        return []
    whole = bundle.territoire.code if bundle.territoire else bundle.ensembles[0].ensemble
    dated = sorted((r for r in bundle.of(name, place=whole) if r.content.dated), key=_end)
    last: dict[tuple[str, str], Released[Chiffre]] = {}
    for released in dated:
        c = released.content
        last[c.territoire, c.champ if name == _STAFF_OF_ONE else ""] = released
    known = max((_end(r) for (place, _), r in last.items() if place == whole), default=date.min)
    return [r for (place, _), r in last.items() if place == whole or _end(r) > known]


def _end(released: Released[Chiffre]) -> date:
    period = released_content(released).periode
    return period.end if period else date.min


def last_measured(
    bundle: Bundle, names: Sequence[str], place: str
) -> Iterator[tuple[str, str, Released[Mesure]]]:
    """The last value of each measure at a place, where one may be shown: its value, its name (HTML), itself.

    None of a kind is said in words.
    """
    for named in names:
        name, _, modalite = named.partition(":")
        shown = _last_measure(bundle, named, place)
        value = value_of(shown)
        if shown is None or value is None:
            continue
        unit = bundle.dictionary.unit(bundle.definition(name).unite).pluriel
        words = f" : {category(name, modalite, bundle)}" if modalite else ""
        told = f"{cell(shown, bundle)} {html.escape(unit)}"
        if value == 0 and name in NONE:
            told = number(html.escape(NONE[name], quote=False), 0, unit)
        yield told, f"{measure_link(name, bundle)}{html.escape(words, quote=False)}", shown


def _measured(bundle: Bundle, names: Sequence[str], place: str) -> Iterator[str]:
    for told, label, shown in last_measured(bundle, names, place):
        source = uncapitalized(source_note(bundle, [shown])).removesuffix(".")
        yield _li(told, label, when_measured(shown), source)


def when_measured(shown: Released[Mesure]) -> str:
    """The period of a measure inside a sentence."""
    return uncapitalized(Period(released_content(shown).periode).label)


def withheld(bundle: Bundle, names: Sequence[str], place: str) -> str:
    """The measures of these that a rule of secrecy withholds, and that it does; empty when there is none."""
    hidden = dict.fromkeys(
        bundle.definition(named.partition(":")[0]).libelle
        for named in names
        if (shown := _last_measure(bundle, named, place)) is not None and shown.content.etat == "masquee"
    )
    if not hidden:
        return ""
    first, *others = hidden
    return f"{', '.join([first, *map(uncapitalized, others)])} : {WITHHELD}"


def _withheld(bundle: Bundle, names: Sequence[str], place: str) -> str:
    """The sentence that names the key figures that a rule of secrecy withholds; empty when there is none."""
    told = withheld(bundle, names, place)
    return f'<p class="retenu">{html.escape(told, quote=False)}.</p>' if told else ""


def _last_measure(bundle: Bundle, named: str, place: str) -> Released[Mesure] | None:
    """The last value of a measure at a place that is not missing, withheld or not."""
    name, _, modalite = named.partition(":")
    told = [
        r.content.periode
        for r in bundle.measures(name, place=place)
        if r.content.modalite == modalite and r.content.etat != "absente"
    ]
    last = max(told, key=lambda text: Period(text).end, default="")
    return bundle.measured(name, place=place, periode=last, modalite=modalite) if last else None
