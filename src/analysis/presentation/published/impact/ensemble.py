"""All the territories together: the pooled test, the forest, and every effect that is estimated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from analysis.impact.records import ENSEMBLE, Epreuve, Estimate, Foret
from analysis.noyau.french import NBSP, capitalized, counted, decimal, listed
from analysis.presentation.drawing.impact import Trait, foret_svg
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
    probabilite,
    quantite,
    resultat,
    texte,
)
from analysis.presentation.published.impact.territoire import effets_table, rangs_table, sans_estimation
from analysis.secret.bundle import Bundle

_MOYENNE: Final = "moyenne"
_WHOLES: Final = {_MOYENNE: "Moyenne des territoires", ENSEMBLE: "Synthèse à effets aléatoires"}
"""The rows of a forest that are no territory, by name."""


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
    return Block(f'<p id="epreuve"><strong>{texte(sentences)}</strong></p>') + _synthese(etude, PRINCIPAL)


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
            texte(capitalized(resultat(e.resultat))),
            texte(f"{EPREUVES.get(e.epreuve, e.epreuve.replace('_', ' '))}, {depuis(e.base)}".rstrip(", ")),
            texte(annees(e.horizon)),
            probabilite(e.p),
            probabilite(e.p_holm),
            "–" if e.tirages is None else decimal(e.tirages, 0),
        ]
        for e in told
    ]
    note = texte(
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
        lecture=texte(f"Lecture{NBSP}: {traits[0].name}, {traits[0].told}."),
        champ=texte(
            f"Champ{NBSP}: territoires où un effet peut être estimé ; la zone de la série n'est pas toujours le périmètre."
        ),
        note=texte(
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
    return Block(f'<p id="eviction"><strong>{texte(told)}</strong></p>') + _synthese(etude, HORS_EBE)


def effets(bundle: Bundle) -> Block:
    """Every effect that has an interval, territory by territory; what is not estimated says why."""
    return _by_outcome(bundle, ranks=False)


def rangs(bundle: Bundle) -> Block:
    """Every effect that has a rank; never in the same table as those with an interval."""
    return _by_outcome(bundle, ranks=True)


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
        items = "".join(f"<li>{texte(reason)}</li>" for reason in dict.fromkeys(missing))
        blocks.append(Block(f"<p>Ce qui n'est pas estimé, et pourquoi{NBSP}:</p><ul>{items}</ul>"))
    return sum(blocks, Block(""))


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
    return Block(f'<p id="{_anchor("synthese", outcome)}">{texte(said)}</p>')


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
            texte(trait.name),
            number(quantite(row.effet, row.unite, signed=True), round(row.effet, 3), row.unite),
            texte(intervalle(row.bas, row.haut, row.unite)),
            "–"
            if row.poids is None or trait.is_total
            else number(decimal(100 * row.poids, 0), round(100 * row.poids, 1), "%"),
        ]
        for trait, row in zip(traits, rows, strict=True)
    ]
    return Table("donnees", "Les effets de la figure", columns, body)


def _anchor(kind: str, outcome: str) -> str:
    return f"{kind}-{outcome.replace('_', '-')}"[:40]
