"""All the territories together: what could be seen, the pooled test, the forest, and what would change the answer."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Final

from analysis.impact.records import ENSEMBLE, Comparaison, Epreuve, Estimate, Foret
from analysis.noyau.french import NBSP, capitalized, counted, decimal, listed
from analysis.presentation.drawing.impact import Trait, Visible, foret_svg, visible_svg
from analysis.presentation.parts.blocks import FEWEST_POINTS, Block, Chart, Column, Table, number
from analysis.presentation.parts.tables import absence
from analysis.presentation.published.impact.mots import (
    EPREUVES,
    HORS_EBE,
    MOYENNE,
    PRINCIPAL,
    RARE,
    SYNTHESE,
    Etude,
    annees,
    certitude,
    depuis,
    etude_of,
    intervalle,
    methode,
    quantite,
    resultat,
)
from analysis.presentation.published.impact.territoire import effets_table, rangs_table, sans_estimation
from analysis.secret.bundle import Bundle

_BASES: Final = ("last", "mean")

_MOYENNE: Final = "moyenne"
_WHOLES: Final = {_MOYENNE: "Moyenne des territoires", ENSEMBLE: "Synthèse à effets aléatoires"}
"""The rows of a forest that are no territory, by name."""


def visibles(bundle: Bundle) -> Block:
    """What could be seen at all: by territory, the least visible effect beside the size of its EBE."""
    etude = etude_of(bundle)
    if etude is None:
        return Block("")
    compared = [c for c in etude.resultats.comparaisons if c.resultat == PRINCIPAL]
    if not compared:
        return absence("Aucun territoire n'a de série d'emploi à comparer.")
    table = _visible_table(etude, compared)
    known = sorted((c for c in compared if _ratio(c) is not None), key=lambda c: -(_ratio(c) or (0, 0))[1])
    if len(known) < FEWEST_POINTS:
        return table.block()
    seen = [c for c in known if (_ratio(c) or (0, 0))[0] >= 1]
    caption = _visible_finding(len(seen), len(known))
    rows = [
        Visible(etude.nom(c.territoire), *ratio, told=_visible_told(c))
        for c in known
        if (ratio := _ratio(c)) is not None
    ]
    first = rows[0]
    return Chart(
        anchor="ce-qui-peut-se-voir",
        caption=caption,
        subtitle="Salariés de l'EBE, rapportés au plus petit effet sur l'emploi privé de la zone que l'étude verrait huit "
        "fois sur dix.",
        drawing=visible_svg(
            rows, unit="salariés de l'EBE / plus petit effet visible ; visible à partir de 1"
        ),
        alt=f"{caption}. " + " ; ".join(f"{row.name}{NBSP}: {row.told}" for row in rows) + ".",
        lecture=_text(
            f"Lecture{NBSP}: {first.name}, l'EBE emploie {_staff_told(known[0])} personnes, et un effet n'y serait visible qu'à "
            f"partir de {decimal(known[0].detectable or 0, 0)} emplois."
        ),
        champ=f"Champ{NBSP}: territoires dont un effectif d'EBE est publié et dont l'effet visible est calculé.",
        note=html.escape(
            "L'effet visible vient des écarts de communes de taille semblable où rien n'a eu lieu. La zone de la série n'est pas "
            f"toujours le périmètre. Source{NBSP}: Urssaf, effectifs salariés du privé{NBSP}; effectifs d'EBE publiés{NBSP}; "
            "calculs du bilan.",
            quote=False,
        ),
        data=table,
    ).block() + _stops(etude, compared)


def epreuve(bundle: Bundle) -> Block:
    """The headline: the mean of the territories with its own interval and the test that the protocol declares first
    (the one that is corrected for their number), from each base; then, named as such, the synthesis."""
    etude = etude_of(bundle)
    if etude is None:
        return Block("")
    main = [e for e in etude.resultats.epreuves if e.resultat == PRINCIPAL and e.p_holm is not None]
    if not main:
        return absence("L'épreuve d'ensemble n'est pas calculée.", anchor="epreuve")
    means = {e.base: e for e in etude.ensemble(PRINCIPAL, MOYENNE)}
    sentences = " ".join(_epreuve_told(e, means.get(e.base)) for e in main)
    return Block(f'<p id="epreuve"><strong>{_text(sentences)}</strong></p>') + _synthese(etude, PRINCIPAL)


def epreuves(bundle: Bundle) -> Block:
    """The declared tests over all the territories, with the probability that Holm leaves each, and the
    alternatives to the headline."""
    etude = etude_of(bundle)
    if etude is None:
        return Block("")
    headline = (PRINCIPAL, etude.horizon(PRINCIPAL))
    told = [
        e for e in etude.resultats.epreuves if e.p_holm is not None or (e.resultat, e.horizon) == headline
    ]
    if not told:
        return Block("")
    columns = (
        Column("Résultat"),
        Column("Épreuve"),
        Column("Années"),
        Column("Probabilité", True),
        Column("Corrigée (Holm)", True),
        Column("Tirages", True),
    )
    rows = [
        [
            _text(capitalized(resultat(e.resultat))),
            _text(f"{EPREUVES.get(e.epreuve, e.epreuve.replace('_', ' '))}, {depuis(e.base)}".rstrip(", ")),
            _text(annees(e.horizon)),
            _p(e.p),
            _p(e.p_holm),
            "–" if e.tirages is None else decimal(e.tirages, 0),
        ]
        for e in told
    ]
    note = _text(
        "Probabilité de faire au moins aussi loin avec des communes tirées au hasard à la place des territoires. La correction "
        "de Holm tient compte du nombre d'épreuves déclarées ; les alternatives n'ont pas de correction."
    )
    caption = "Les épreuves sur tous les territoires ensemble"
    return Table("epreuves", caption, columns, rows, note=note).block()


def foret(bundle: Bundle, outcome: str = PRINCIPAL) -> Block:
    """The forest: the effect of each territory, its interval, and the whole, from the last year before."""
    etude = etude_of(bundle)
    if etude is None:
        return Block("")
    horizon = etude.horizon(outcome)
    rows = [f for f in etude.resultats.foret if (f.resultat, f.horizon, f.base) == (outcome, horizon, "last")]
    if len(rows) < FEWEST_POINTS:
        said = f"{capitalized(resultat(outcome))}{NBSP}: moins de quatre territoires ont un effet et son intervalle."
        return absence(said, anchor=_anchor("foret", outcome))
    mean = next((e for e in etude.ensemble(outcome, MOYENNE) if e.base == "last"), None)
    if mean is not None:
        rows.append(_mean_row(outcome, horizon, mean))
    rows.sort(
        key=lambda f: ((None, *_WHOLES).index(f.territoire if f.territoire in _WHOLES else None), -f.effet)
    )
    traits = [_trait(etude, row) for row in rows]
    caption = _forest_finding(outcome, rows, mean)
    return Chart(
        anchor=_anchor("foret", outcome),
        caption=caption,
        subtitle=f"Effet moyen sur l'{resultat(outcome)} {annees(horizon)}, par différence de différences depuis la dernière "
        "année d'avant, et son intervalle à 95 %.",
        drawing=foret_svg(traits, unit=f"effet, en {'%' if rows[0].unite == 'pour_cent' else rows[0].unite}"),
        alt=f"{caption}. " + " ; ".join(f"{t.name}{NBSP}: {t.told}" for t in traits) + ".",
        lecture=_text(f"Lecture{NBSP}: {traits[0].name}, {traits[0].told}."),
        champ=_text(
            f"Champ{NBSP}: territoires où un effet peut être estimé ; la zone de la série n'est pas toujours le périmètre."
        ),
        note=_text(
            "Plus un point est gros, plus il pèse dans la synthèse. La moyenne donne le même poids à chaque territoire, même à ceux "
            "qui n'ont pas de ligne faute d'intervalle : c'est elle que juge l'épreuve d'ensemble. L'intervalle d'un territoire vient de la dispersion de communes "
            f"semblables. Source{NBSP}: Urssaf, effectifs salariés du privé, calculs du bilan."
        ),
        data=_forest_table(traits, rows),
    ).block()


def eviction(bundle: Bundle) -> Block:
    """Whether private employment outside the EBE fell: the mean of the territories from each base, then the
    synthesis."""
    etude = etude_of(bundle)
    if etude is None:
        return Block("")
    means = etude.ensemble(HORS_EBE, MOYENNE)
    if not means:
        return absence("L'effet d'ensemble sur l'emploi privé hors EBE n'est pas estimé.", anchor="eviction")
    told = " ".join(
        f"Compté {depuis(e.base)}, l'emploi privé hors EBE s'écarte de sa comparaison de "
        f"{quantite(e.effect or 0.0, e.unit, signed=True)} en moyenne {annees(etude.horizon(HORS_EBE))}, "
        f"{_simple(e)}{NBSP}; {certitude(e)}."
        for e in means
    )
    return Block(f'<p id="eviction"><strong>{_text(told)}</strong></p>') + _synthese(etude, HORS_EBE)


def effets(bundle: Bundle) -> Block:
    """Every effect that has an interval, territory by territory; what is not estimated says why."""
    return _by_outcome(bundle, ranks=False)


def rangs(bundle: Bundle) -> Block:
    """Every effect that has a rank; never in the same table as those with an interval."""
    return _by_outcome(bundle, ranks=True)


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
        rows.append([_text(etude.nom(place)), *cells])
    if not rows:
        return Block("")
    columns = (Column("Territoire"), *(Column(f"Effet {depuis(base)}", True) for base in _BASES))
    said = (
        f"Le signe change avec l'année de départ{NBSP}: {listed(turned)}."
        if turned
        else "Aucun signe ne change."
    )
    caption = f"L'effet sur l'emploi privé {annees(horizon)}, selon l'année de départ"
    return Table("annees-de-depart", caption, columns, rows, note=_text(said)).block()


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
            _text(etude.nom(s.sans)),
            _text(annees(s.horizon)),
            _text(depuis(s.base).removeprefix("depuis ")),
            number(quantite(s.effet, s.unite, signed=True), round(s.effet, 3), s.unite),
            _p(s.p),
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
            _text(depuis(d.base).removeprefix("depuis ") or "–"),
            '<span class="absent">absent</span>'
            if d.effet is None
            else number(quantite(d.effet, d.unite, signed=True), round(d.effet, 3), d.unite),
            "–" if d.bas is None or d.haut is None else _text(intervalle(d.bas, d.haut, d.unite)),
            str(d.nombre),
        ]
        for d in found
    ]
    caption = "L'effet moyen, année par année"
    note = _text(
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
                _text(depuis(h.base).removeprefix("depuis ") or "–"),
                _text(intervalle(h.bas, h.haut, h.unite)),
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
                _text(etude.nom(t.territoire)),
                quantite(t.pente, t.unite),
                number(decimal(100 * t.puissance, 0), round(100 * t.puissance), "%"),
                number(decimal(100 * t.niveau, 0), round(100 * t.niveau), "%"),
            ]
            for t in trends
        ]
        caption = "Ce que le test des années d'avant est capable de voir"
        note = _text(
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
            _text(capitalized(resultat(t.resultat))),
            _text(capitalized(methode(t.methode))),
            str(t.traites),
            str(t.avant),
            number(decimal(100 * t.niveau, 0), round(100 * t.niveau, 1), "%"),
            number(decimal(100 * t.mesure, 1), round(100 * t.mesure, 1), "%"),
            decimal(t.tirages, 0),
        ]
        for t in etude.resultats.tailles
    ]
    caption = "Ce que valent les tests, mesuré là où rien n'a eu lieu"
    note = _text("Un test annoncé à 5 % qui rejette plus souvent voit des effets où il n'y en a pas.")
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
            _text(etude.nom(d.territoire)),
            _text(f"{capitalized(resultat(d.resultat))}, {methode(d.methode)}"),
            _text(d.note),
        ]
        for d in found
    ]
    return Table("alertes", "Ce dont il faut se méfier, comparaison par comparaison", columns, rows).block()


def _by_outcome(bundle: Bundle, *, ranks: bool) -> Block:
    """A table an outcome at the horizon that is told first, in per cent or in points; the rest is in each chapter."""
    etude = etude_of(bundle)
    if etude is None:
        return Block("")
    blocks, missing = [], list[str]()
    for outcome in dict.fromkeys(e.resultat for e in etude.resultats.estimations):
        horizon = etude.horizon(outcome)
        own = [
            e
            for e in etude.resultats.estimations
            if (e.resultat, e.horizon) == (outcome, horizon) and e.estimate.unit in ("pour_cent", "points")
        ]
        kind, words = ("rangs", "qui ont un rang") if ranks else ("effets", "qui ont un intervalle")
        caption = f"{capitalized(resultat(outcome))}, {annees(horizon)}{NBSP}: les effets {words}"
        anchor = _anchor(kind, outcome)
        build = rangs_table if ranks else effets_table
        table = build(own, anchor=anchor, caption=caption, names=etude.nom)
        if table.rows:
            blocks.append(table.block())
        if not ranks:
            for e in own:
                missing += [f"{etude.nom(e.territoire)}, {reason}" for reason in sans_estimation([e])]
    if missing:
        items = "".join(f"<li>{_text(reason)}</li>" for reason in dict.fromkeys(missing))
        blocks.append(Block(f"<p>Ce qui n'est pas estimé, et pourquoi{NBSP}:</p><ul>{items}</ul>"))
    return sum(blocks, Block(""))


def _ratio(c: Comparaison) -> tuple[float, float] | None:
    """The size of the EBE over the least visible effect, from its two bounds; None where one is not known."""
    if not c.detectable or c.ebe_bas is None:
        return None
    return c.ebe_bas / c.detectable, (c.ebe_bas if c.ebe_haut is None else c.ebe_haut) / c.detectable


def _visible_finding(seen: int, known: int) -> str:
    """How many EBE are large enough for an effect of their size to be seen."""
    if not seen:
        return f"Aucun des {known} territoires n'a une EBE assez grande pour qu'un effet y soit visible à coup sûr"
    verb = "a" if seen == 1 else "ont"
    return f"{counted(seen, 'territoire', 'territoires')} sur {known} {verb} une EBE assez grande pour qu'un effet y soit visible"


def _visible_told(c: Comparaison) -> str:
    return f"EBE {_staff_told(c)}, visible dès {decimal(c.detectable or 0, 0)}"


def _visible_table(etude: Etude, compared: Sequence[Comparaison]) -> Table:
    columns = (
        Column("Territoire"),
        Column("Zone de la série"),
        Column("Emplois privés avant", True),
        Column("Plus petit effet visible (emplois)", True),
        Column("Soit (%)", True),
        Column("Salariés de l'EBE", True),
    )
    rows = [
        [
            _text(etude.nom(c.territoire)),
            _text(c.zone_nom),
            _known(c.taille, "emplois"),
            _known(c.detectable, "emplois"),
            _known(c.detectable_pct, "%", decimals=1),
            _staff(c),
        ]
        for c in compared
    ]
    return Table(
        "ce-qui-peut-se-voir-donnees", "Ce que l'on pouvait voir, territoire par territoire", columns, rows
    )


def _stops(etude: Etude, compared: Sequence[Comparaison]) -> Block:
    """The places where nothing is estimated, and why."""
    found = [c for c in compared if c.motif]
    if not found:
        return Block("")
    items = "".join(
        f"<li>{_text(f'{etude.nom(c.territoire)}{NBSP}: {etude.motif(c)}{_stop_told(c)}')}</li>"
        for c in found
    )
    return Block(f"<p>Le chapitre s'arrête à ce constat pour&nbsp;:</p><ul>{items}</ul>")


def _stop_told(c: Comparaison) -> str:
    """The least visible effect beside the size of the EBE, at the end of a sentence that stops; empty if none."""
    if c.detectable is None:
        return ""
    share = "" if c.detectable_pct is None else f", soit {quantite(c.detectable_pct, 'pour_cent')}"
    staff = "" if c.ebe_bas is None else f", quand l'EBE emploie {_staff_told(c)} personnes"
    return (
        f" L'étude n'y verrait, huit fois sur dix, qu'un effet d'au moins {quantite(c.detectable, 'emplois')}{share}"
        f"{staff}."
    )


def _staff(c: Comparaison) -> str:
    if c.ebe_bas is None:
        return '<span class="absent">non publié</span>'
    exact = c.ebe_bas if c.ebe_bas == c.ebe_haut else None
    return number(_staff_told(c), exact, "personnes")


def _staff_told(c: Comparaison) -> str:
    """How many people the EBE employs, as published: a number, two bounds, or the only one printed."""
    low, high = c.ebe_bas or 0.0, c.ebe_haut
    if high is None:
        return f"{decimal(low, 0)} au moins"
    return decimal(low, 0) if low == high else f"{decimal(low, 0)} à {decimal(high, 0)}"


def _known(value: float | None, unit: str, *, decimals: int = 0) -> str:
    if value is None:
        return '<span class="absent">absent</span>'
    return number(decimal(value, decimals), round(value, decimals), unit)


def _simple(estimate: Estimate) -> str:
    """« moyenne simple des territoires »: which statistic a pooled effect is, and of how many."""
    return f"moyenne simple des {estimate.treated} territoires"


def _synthese(etude: Etude, outcome: str) -> Block:
    """The synthesis, a second statistic that is named, from each base; nothing where there is none."""
    told = [
        f"{quantite(e.effect or 0.0, e.unit, signed=True)} ({intervalle(e.low, e.high, e.unit)}) {depuis(e.base)}"
        for e in etude.ensemble(outcome, SYNTHESE)
        if e.low is not None and e.high is not None
    ]
    if not told:
        return Block("")
    said = (
        f"Une autre façon de les mettre ensemble, la synthèse à effets aléatoires, où un territoire pèse d'autant plus que son "
        f"effet est précis, donne {listed(told)}, en moyenne {annees(etude.horizon(outcome))}."
    )
    return Block(f'<p id="{_anchor("synthese", outcome)}">{_text(said)}</p>')


def _epreuve_told(e: Epreuve, mean: Estimate | None) -> str:
    """The headline in words: the mean with its interval, and how often places taken at random do as much."""
    p, corrected = e.p or 0.0, e.p_holm if e.p_holm is not None else e.p or 0.0
    effect = (
        ""
        if mean is None or mean.effect is None or mean.low is None or mean.high is None
        else f"l'{resultat(e.resultat)} s'écarte de sa comparaison de {quantite(mean.effect, mean.unit, signed=True)} en moyenne "
        f"{annees(e.horizon)}, {_simple(mean)} (19 fois sur 20, avant correction, "
        f"{intervalle(mean.low, mean.high, mean.unit)}){NBSP}; "
    )
    said = (
        f"Compté {depuis(e.base)}, {effect}des communes prises au hasard à la place des territoires s'écartent autant de leurs "
        f"semblables {_hundredth(p)} fois sur cent, {_hundredth(corrected)} une fois corrigé du nombre d'épreuves"
    )
    verdict = (
        "le hasard le fait rarement" if corrected <= RARE else "on ne peut distinguer l'ensemble du hasard"
    )
    return f"{said}{NBSP}: {verdict}."


def _hundredth(p: float) -> str:
    return decimal(100 * p, 1 if p < 0.1 else 0)


def _mean_row(outcome: str, horizon: str, mean: Estimate) -> Foret:
    """The plain mean as a row of the forest; it has no weight in the synthesis."""
    effect, low, high = mean.effect or 0.0, mean.low or 0.0, mean.high or 0.0
    return Foret(outcome, horizon, mean.base, _MOYENNE, effect, low, high, None, mean.unit)


def _trait(etude: Etude, row: Foret) -> Trait:
    told = f"{quantite(row.effet, row.unite, signed=True)} ({intervalle(row.bas, row.haut, row.unite)})"
    is_whole = row.territoire in _WHOLES
    return Trait(
        _WHOLES.get(row.territoire) or etude.nom(row.territoire),
        row.effet,
        row.bas,
        row.haut,
        told,
        row.poids,
        is_whole,
    )


def _forest_finding(outcome: str, rows: Sequence[Foret], mean: Estimate | None) -> str:
    own = [row for row in rows if row.territoire not in _WHOLES]
    away = sum(not row.bas <= 0 <= row.haut for row in own)
    told = (
        f"aucun des {len(own)} territoires ne s'écarte de zéro plus que le hasard"
        if not away
        else f"{counted(away, 'territoire', 'territoires')} sur {len(own)} "
        f"{'s’écarte' if away == 1 else 's’écartent'} de zéro plus que le hasard"
    )
    if mean is None or mean.effect is None or mean.low is None or mean.high is None:
        return capitalized(f"{resultat(outcome)}{NBSP}: {told}")
    effect, span = quantite(mean.effect, mean.unit, signed=True), intervalle(mean.low, mean.high, mean.unit)
    return capitalized(f"{resultat(outcome)}{NBSP}: {effect}, {_simple(mean)} ({span}) ; {told}")


def _forest_table(traits: Sequence[Trait], rows: Sequence[Foret]) -> Table:
    columns = (
        Column("Territoire"),
        Column("Effet", True),
        Column("Intervalle à 95 %"),
        Column("Poids (%)", True),
    )
    body = [
        [
            _text(trait.name),
            number(quantite(row.effet, row.unite, signed=True), round(row.effet, 3), row.unite),
            _text(intervalle(row.bas, row.haut, row.unite)),
            "–"
            if row.poids is None or trait.is_total
            else number(decimal(100 * row.poids, 0), round(100 * row.poids, 1), "%"),
        ]
        for trait, row in zip(traits, rows, strict=True)
    ]
    return Table("donnees", "Les effets de la figure", columns, body)


def _p(value: float | None) -> str:
    if value is None:
        return "–"
    return number(decimal(value, 3), round(value, 4), "probabilite")


def _anchor(kind: str, outcome: str) -> str:
    return f"{kind}-{outcome.replace('_', '-')}"[:40]


def _text(words: str) -> str:
    return html.escape(words, quote=False)
