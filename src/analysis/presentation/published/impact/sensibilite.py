"""What would change the answer: another base, a territory less, other trends, what a test is worth."""

from __future__ import annotations

from typing import Final

from analysis.noyau.french import NBSP, capitalized, decimal, listed
from analysis.presentation.parts.blocks import Block, Column, Table, number
from analysis.presentation.published.impact.mots import (
    PRINCIPAL,
    annees,
    depuis,
    etude_of,
    intervalle,
    methode,
    probabilite,
    quantite,
    resultat,
    texte,
)
from analysis.secret.bundle import Bundle

_BASES: Final = ("last", "mean")


def bases(bundle: Bundle) -> Block:
    """The same effect from the two bases: a place that fell before regains from one and not from the other."""
    etude = etude_of(bundle)
    if etude is None:
        return Block("")
    horizon, rows, turned = etude.horizon(PRINCIPAL), [], []
    for place in dict.fromkeys(e.territoire for e in etude.resultats.estimations):
        by_base = {
            e.base: e.effect
            for e in etude.principales(place, PRINCIPAL)
            if e.effect is not None and e.method == "differences" and e.unit == "pour_cent"
        }
        if not set(_BASES) <= set(by_base):
            continue
        values = [by_base[base] for base in _BASES]
        if values[0] * values[1] < 0:
            turned.append(etude.nom(place))
        cells = [number(quantite(v, "pour_cent", signed=True), round(v, 3), "pour_cent") for v in values]
        rows.append([texte(etude.nom(place)), *cells])
    if not rows:
        return Block("")
    columns = (Column("Territoire"), *(Column(f"Effet {depuis(base)}", True) for base in _BASES))
    said = (
        f"Le signe change avec l'année de départ{NBSP}: {listed(turned)}."
        if turned
        else "Aucun signe ne change."
    )
    caption = f"L'effet sur l'emploi privé {annees(horizon)}, selon l'année de départ"
    return Table("annees-de-depart", caption, columns, rows, note=texte(said)).block()


def sans_un(bundle: Bundle) -> Block:
    """The pooled effect once each territory is left out."""
    etude = etude_of(bundle)
    found = [] if etude is None else [s for s in etude.resultats.sans_un if s.resultat == PRINCIPAL]
    found = [s for s in found if etude is not None and s.horizon == etude.horizon(PRINCIPAL)]
    if etude is None or not found:
        return Block("")
    columns = (
        Column("Sans"),
        Column("Années"),
        Column("Depuis"),
        Column("Effet d'ensemble", True),
        Column("Probabilité", True),
    )
    rows = [
        [
            texte(etude.nom(s.sans)),
            texte(annees(s.horizon)),
            texte(depuis(s.base).removeprefix("depuis ")),
            number(quantite(s.effet, s.unite, signed=True), round(s.effet, 3), s.unite),
            probabilite(s.p),
        ]
        for s in found
    ]
    return Table("sans-un", "L'effet d'ensemble, un territoire laissé de côté", columns, rows).block()


def dynamique(bundle: Bundle) -> Block:
    """The pooled effect year by year, before and after the opening, with its intervals."""
    etude = etude_of(bundle)
    found = [] if etude is None else [d for d in etude.resultats.dynamique if d.resultat == PRINCIPAL]
    if not found:
        return Block("")
    columns = (
        Column("Année, celle de l'ouverture étant zéro"),
        Column("Depuis"),
        Column("Effet", True),
        Column("Intervalle à 95 %"),
        Column("Territoires", True),
    )
    rows = [
        [
            decimal(d.relatif, 0) if d.relatif <= 0 else f"+{d.relatif}",
            texte(depuis(d.base).removeprefix("depuis ") or "–"),
            '<span class="absent">absent</span>'
            if d.effet is None
            else number(quantite(d.effet, d.unite, signed=True), round(d.effet, 3), d.unite),
            "–" if d.bas is None or d.haut is None else texte(intervalle(d.bas, d.haut, d.unite)),
            str(d.nombre),
        ]
        for d in found
    ]
    caption = "L'effet moyen, année par année"
    note = texte(
        "Avant l'ouverture, un effet différent de zéro dirait que la comparaison ne suivait pas les territoires."
    )
    return Table("annee-par-annee", caption, columns, rows, note=note).block()


def honnete(bundle: Bundle) -> Block:
    """The bounds of the pooled effect if parallel trends are missed, and what the test of the years before sees."""
    etude = etude_of(bundle)
    if etude is None:
        return Block("")
    parts = []
    if found := [h for h in etude.resultats.honnete if h.resultat == PRINCIPAL]:
        columns = (
            Column("Écart admis, en multiples de celui d'avant"),
            Column("Depuis"),
            Column("Effet, de… à…"),
        )
        rows = [
            [
                decimal(h.m, 1),
                texte(depuis(h.base).removeprefix("depuis ") or "–"),
                texte(intervalle(h.bas, h.haut, h.unite)),
            ]
            for h in found
        ]
        caption = "L'effet d'ensemble si les tendances n'étaient pas parallèles"
        parts.append(Table("tendances-non-paralleles", caption, columns, rows).block())
    if trends := [t for t in etude.resultats.tendances if t.resultat == PRINCIPAL]:
        heads = (
            Column("Territoire"),
            Column("Pente par an", True),
            Column("Vue, sur cent fois", True),
            Column("Niveau du test (%)", True),
        )
        rows = [
            [
                texte(etude.nom(t.territoire)),
                quantite(t.pente, t.unite),
                number(decimal(100 * t.puissance, 0), round(100 * t.puissance), "%"),
                number(decimal(100 * t.niveau, 0), round(100 * t.niveau), "%"),
            ]
            for t in trends
        ]
        caption = "Ce que le test des années d'avant est capable de voir"
        note = texte(
            "Un test qui ne voit presque rien et ne rejette pas ne prouve pas que les tendances étaient parallèles."
        )
        parts.append(Table("puissance-tendances", caption, heads, rows, note=note).block())
    return sum(parts, Block(""))


def tailles(bundle: Bundle) -> Block:
    """How often each test rejects on places where nothing happened: its measured size, beside the declared one."""
    etude = etude_of(bundle)
    if etude is None or not etude.resultats.tailles:
        return Block("")
    columns = (
        Column("Résultat"),
        Column("Test"),
        Column("Zones traitées", True),
        Column("Années d'avant", True),
        Column("Niveau annoncé (%)", True),
        Column("Niveau mesuré (%)", True),
        Column("Tirages", True),
    )
    rows = [
        [
            texte(capitalized(resultat(t.resultat))),
            texte(capitalized(methode(t.methode))),
            str(t.traites),
            str(t.avant),
            number(decimal(100 * t.niveau, 0), round(100 * t.niveau, 1), "%"),
            number(decimal(100 * t.mesure, 1), round(100 * t.mesure, 1), "%"),
            decimal(t.tirages, 0),
        ]
        for t in etude.resultats.tailles
    ]
    caption = "Ce que valent les tests, mesuré là où rien n'a eu lieu"
    note = texte("Un test annoncé à 5 % qui rejette plus souvent voit des effets où il n'y en a pas.")
    return Table("tailles", caption, columns, rows, note=note).block()


def diagnostics(bundle: Bundle) -> Block:
    """What warns in a comparison: an exact fit, a place out of the hull, one donor with all the weight…"""
    etude = etude_of(bundle)
    found = [] if etude is None else [d for d in etude.resultats.diagnostics if d.leve]
    if etude is None or not found:
        return Block("")
    columns = (Column("Territoire"), Column("Résultat et méthode"), Column("Ce que dit la vérification"))
    rows = [
        [
            texte(etude.nom(d.territoire)),
            texte(f"{capitalized(resultat(d.resultat))}, {methode(d.methode)}"),
            texte(d.note),
        ]
        for d in found
    ]
    return Table("alertes", "Ce dont il faut se méfier, comparaison par comparaison", columns, rows).block()
