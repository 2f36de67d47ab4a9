"""The pages behind the chapters: the register, the series, the sources, the definitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from analysis.chapitres.catalogue import SYNTHESE, apercus, catalogue
from analysis.livre import reponses
from analysis.livre.manifeste import Manifeste
from analysis.livre.reponses import Reponses
from analysis.livre.structure import AVANT_PROPOS, annexes
from analysis.noyau.declared.dictionary import Indicateur
from analysis.noyau.declared.glossaire import load_glossary
from analysis.noyau.french import capitalized, sentences
from analysis.noyau.mesures import Definitions
from analysis.noyau.paths import Project
from analysis.noyau.periods import long_date
from analysis.presentation.deposits.depot import etat
from analysis.presentation.numbers import bounds, decimal
from analysis.presentation.parts.links import (
    how_read,
    period_cell,
    price_words,
    printed_value,
    source_label,
    source_title,
)
from analysis.presentation.parts.prose import inline, slug
from analysis.presentation.parts.tables import NATURES
from analysis.presentation.published import non_lu
from analysis.secret.bundle import Bundle, bundle_ensemble, with_deposits
from analysis.sources.fiches import Chiffre, Desaccord, Serie, Source
from analysis.sources.register import Register

FAMILIES = {
    "experimentation": "L'expérimentation",
    "identite": "Les territoires",
    "sort": "Ce qui décide du sort d'un territoire",
    "personnes": "Les personnes",
    "ebe": "Les entreprises à but d'emploi",
    "economie": "L'économie des EBE",
    "emploi_local": "L'emploi local",
    "conditions_de_vie": "Les conditions de vie",
    "financement": "Le financement",
    "evaluation": "Les évaluations",
    "comparateurs": "Les dispositifs voisins",
    "etranger": "Les expériences étrangères",
}
"""The families of indicators, in the order of the definitions."""


MEASURES = {
    "exhaustivite": "L'exhaustivité, d'après les dépôts",
    "parcours": "Les parcours, d'après les dépôts",
    "economie_ebe": "Les comptes et l'activité des EBE, d'après les dépôts",
    "depenses_passives": "Les dépenses passives, d'après les dépôts",
    "participation": "La participation, d'après les enquêtes",
    "individus": "La comparaison d'individus, d'après un fichier de comparaison",
    "vie_associative": "La vie associative, d'après les dépôts",
}
"""The families of measures computed of deposits, in the order of the definitions."""


def contexts(
    project: Project, register: Register, definitions: Definitions, manifest: Manifeste, replies: Reponses
) -> dict[str, dict[str, Any]]:
    """What each annex's template shows, by page name; invented territories have no published figure."""
    return {
        "glossaire": {"terms": [(t, t.definition) for t in load_glossary(project)]},
        "registre": _register(register, replies),
        "reponses": reponses.contexte(project, register, replies),
        "series": {"headings": _series(register)},
        "sources": {"natures": _sources(register)},
        "non-lu": _unread(register),
        "definitions": {
            "families": _definitions(register) if project.nature == "reel" else [],
            "measures": _measures(register, definitions),
        },
        **_received(project, register),
        "errata": {"errata": _errata(project, register)},
        "mentions": {},
        "colophon": {
            "manifest": manifest,
            "rules": _rules(manifest),
            "names": _names(project, register),
            "days": {
                depot.recu_le: long_date(date.fromisoformat(depot.recu_le)) for depot in manifest.depots
            },
        },
    }


@lru_cache(maxsize=2)
def _unread(register: Register) -> dict[str, str]:
    """What was not read of what the bilan cites, from its figures, evaluations and sources."""
    bundle = bundle_ensemble(register, "synthese", texte=None)
    return {
        "readings": non_lu.lectures(bundle).html,
        "evaluations": non_lu.evaluations(bundle).html,
        "documents": non_lu.documents(bundle).html,
    }


def _received(project: Project, register: Register) -> dict[str, dict[str, Any]]:
    """Who of the invented territories sent what; real ones have no such page."""
    if project.nature == "reel":
        return {}
    bundle = bundle_ensemble(register, SYNTHESE, texte=None)
    received = apercus(project, [territoire.code for territoire in register.territoires])
    return {"depots-recus": {"depots": etat(with_deposits(bundle, received, project.nature)).html}}


@lru_cache(maxsize=2)
def _register(register: Register, replies: Reponses) -> dict[str, Any]:
    contested = replies.of_figures()
    bundle = bundle_ensemble(register, "synthese", texte=None)
    places: dict[str, list[dict[str, Any]]] = {}
    for chiffre in register.chiffres:
        places.setdefault(bundle.place_name(chiffre.territoire), []).append(
            _figure(register, chiffre, bundle.source(chiffre.source))
            | {"replies": contested.get(chiffre.numero, ())}
        )
    disagreements = [
        _answer(d, bundle, [c.numero for c in register.chiffres if c.desaccord == d.desaccord])
        for d in register.desaccords
    ]
    settled = [_answer(d, bundle, sorted(d.numeros)) for d in register.tranches]
    compatible = [_answer(d, bundle, sorted(d.numeros)) for d in register.compatibles]
    return {
        "places": list(places.items()),
        "disagreements": disagreements,
        "settled": settled,
        "compatible": compatible,
    }


def _answer(answer: Desaccord, bundle: Bundle, numbers: list[int]) -> dict[str, Any]:
    return {
        "anchor": answer.anchor,
        "title": answer.titre,
        "explanation": inline(answer.explication, bundle),
        "numbers": numbers,
        "day": answer.repondu_le.label,
    }


def _figure(register: Register, chiffre: Chiffre, source: Any) -> dict[str, Any]:
    unit = register.dictionary.unit_of(chiffre.indicateur)
    label = register.dictionary.indicator(chiffre.indicateur).libelle
    prices = price_words(chiffre)
    return {
        "anchor": chiffre.anchor,
        "place_anchor": f"lieu-{chiffre.territoire}"[:40],
        "table_anchor": f"chiffres-{chiffre.territoire}"[:40],
        "numero": chiffre.numero,
        "indicateur": chiffre.indicateur,
        "label": label,
        "printed": printed_value(chiffre, unit),
        "read_as": bounds(chiffre, unit),
        "period": period_cell(chiffre),
        "details": sentences(chiffre.champ, prices, chiffre.note, said=label),
        "desaccord": chiffre.desaccord,
        "desaccord_anchor": f"desaccord-{chiffre.desaccord}"[:40],
        "compatibles": [c.anchor for c in register.compatibles if chiffre.numero in c.numeros],
        "source": chiffre.source,
        "source_label": source_label(source),
        "read": how_read(register.dictionary, chiffre),
        "second": chiffre.seconde_source,
        "second_label": _label_of(register, chiffre.seconde_source),
        "is_set_aside": any(chiffre.desaccord == settled.desaccord for settled in register.tranches),
    }


def _label_of(register: Register, code: str) -> str:
    return next((source_label(source) for source in register.sources if source.source == code), "")


_ZONE_HEADINGS = {
    "commune": "Communes",
    "epci": "Intercommunalités",
    "zone_emploi": "Zones d'emploi",
    "departement": "Départements",
    "france": "France",
}


@lru_cache(maxsize=2)
def _series(register: Register) -> list[dict[str, Any]]:
    sources = {source.source: source for source in register.sources}
    headings = []
    for zone_type, title in _ZONE_HEADINGS.items():
        of_type = [serie for serie in register.series if serie.zone_type == zone_type]
        if of_type:
            shown = [_one_series(register, serie, source_label(sources[serie.source])) for serie in of_type]
            headings.append({"anchor": f"zones-{slug(title)}", "title": title, "series": shown})
    return headings


def _one_series(register: Register, serie: Serie, label: str) -> dict[str, Any]:
    unit = register.dictionary.unit_of(serie.indicateur)
    return {
        "anchor": f"{serie.indicateur}-{serie.zone}".lower(),
        "zone": serie.zone_nom,
        "label": register.dictionary.indicator(serie.indicateur).libelle,
        "unit": unit.pluriel,
        "indicateur": serie.indicateur,
        "source": serie.source,
        "source_label": label,
        "points": [
            {
                "anchor": serie.anchor(point.periode),
                "period": point.periode.label,
                "value": decimal(point.valeur, unit.decimales),
            }
            for point in serie.points
        ],
    }


@lru_cache(maxsize=2)
def _sources(register: Register) -> list[tuple[str, list[dict[str, Any]]]]:
    used = Counter(code for c in register.chiffres for code in (c.source, c.seconde_source) if code)
    used.update({s.source: len(s.points) for s in register.series})
    natures = []
    for nature, title in NATURES.items():
        cards = [
            {
                "source": source.source,
                "nature": f"nature-{slug(nature)}",
                "titre": source_title(source),
                "told": _card(source),
                "url": source.url,
                "used": _used(used[source.source]),
            }
            for source in register.sources
            if source.nature == nature
        ]
        if cards:
            natures.append((capitalized(title), cards))
    return natures


def _card(source: Source) -> str:
    """What is established of a source; the page says once what a missing mention means."""
    mentions = (
        ("", source.edition),
        ("Données arrêtées : ", source.date_donnees and source.date_donnees.label),
        ("Publié : ", source.date_publication and source.date_publication.label),
        ("Consulté : ", source.date_consultation and source.date_consultation.label),
        ("Licence : ", source.licence),
        ("Obtenu par : ", source.intermediaire),
        ("Non lu : ", source.non_lu),
        ("", source.version),
    )
    return ". ".join([source.editeur, *(f"{name}{said}" for name, said in mentions if said)])


def _used(count: int) -> str:
    if not count:
        return "Aucune valeur au registre ni aux séries."
    return f"{decimal(count, 0)} valeur{'s' if count > 1 else ''} au registre et aux séries."


@lru_cache(maxsize=2)
def _definitions(register: Register) -> list[tuple[str, list[dict[str, Any]]]]:
    used = Counter(c.indicateur for c in register.chiffres)
    used.update(Counter({s.indicateur: 0 for s in register.series}))
    for serie in register.series:
        used[serie.indicateur] += len(serie.points)
    families = []
    for code, title in FAMILIES.items():
        indicators = [i for i in register.dictionary.indicators if i.famille == code]
        if indicators:
            shown = [_definition(register, indicator, used[indicator.indicateur]) for indicator in indicators]
            families.append((title, shown))
    return families


def _measures(register: Register, definitions: Definitions) -> list[tuple[str, str, list[dict[str, str]]]]:
    """The measures of each family: title, anchor, and what each is and does not say."""
    families = []
    for famille, title in MEASURES.items():
        shown = [
            {
                "anchor": f"mesure-{d.mesure}",
                "mesure": d.mesure,
                "libelle": d.libelle,
                "unit": _bare(register.dictionary.unit(d.unite).pluriel),
                "definition": d.definition,
                "limite": d.limite,
                "hypotheses": ", ".join(f"hypothèse {code[1]}" for code in d.hypotheses),
            }
            for d in definitions.of_family(famille)
        ]
        families.append((title, slug(title), shown))
    return families


def _definition(register: Register, indicator: Indicateur, count: int) -> dict[str, Any]:
    labels = _labels(register, indicator.confusion)
    return {
        "family_anchor": f"famille-{slug(indicator.famille)}",
        "indicateur": indicator.indicateur,
        "libelle": indicator.libelle,
        "unit": _bare(register.dictionary.unit_of(indicator.indicateur).pluriel),
        "definition": indicator.definition,
        "limite": indicator.limite,
        "hypotheses": ", ".join(f"hypothèse {code[1]}" for code in indicator.hypotheses),
        "confusion": labels,
        "used": f"{decimal(count, 0)} valeur{'s' if count > 1 else ''}",
    }


def _labels(register: Register, codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(code, register.dictionary.indicator(code).libelle) for code in codes]


def _rules(manifest: Manifeste) -> list[tuple[str, str]]:
    """What the gate decided, and of how many measures."""
    return [(rule, decimal(count, 0)) for rule, count in manifest.decisions.items()]


def _names(project: Project, register: Register) -> dict[str, str]:
    """The title of each page of the book by its name."""
    return {
        **{annexe.name: annexe.title for annexe in (AVANT_PROPOS, *annexes(project))},
        **{chapter.code: chapter.title for chapter in catalogue(register, project.nature)},
    }


def _errata(project: Project, register: Register) -> list[dict[str, str]]:
    titles = _names(project, register)
    return [
        {
            "date": erratum.date.label,
            "page": erratum.page,
            "title": titles.get(erratum.page, erratum.page),
            "correction": erratum.correction,
        }
        for erratum in register.errata
    ]


def _bare(unit: str) -> str:
    """A unit without the parentheses that it may have of its own: the page sets it in some.

    >>> _bare("(rang)"), _bare("euros")
    ('rang', 'euros')
    """
    return unit.removeprefix("(").removesuffix(")") if unit.startswith("(") else unit
