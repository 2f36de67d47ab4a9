"""Everything that impact chapters show, computed from the open data under the protocol.

Same open data, same protocol, same register: the same results. Territories that cannot be estimated stand in
the results with their reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from analysis.impact import ecarts as gaps
from analysis.impact.ecarts import CONTROLE, DIFFERENCES, SDID, Ecarts
from analysis.impact.estimateurs.differences import Base
from analysis.impact.estimateurs.hors_ebe import pour_cent_ppde, reste
from analysis.impact.estimateurs.identification import ensemble_identifie
from analysis.impact.estimateurs.refus import Alerte, Refus
from analysis.impact.estimateurs.synthetique import Synthetique, sensibilite
from analysis.impact.inference.placebos import intervalle, rang
from analysis.impact.inference.puissance import effet_detectable, en_pour_cent, en_unites
from analysis.impact.plan import Plan, Planificateur, Quartier, Semblables, territoires
from analysis.impact.protocole import Protocole
from analysis.impact.records import (
    Annee,
    Comparaison,
    Diagnostic,
    Estimate,
    Estimation,
    Poids,
    Resultats,
)
from analysis.noyau.errors import BilanError
from analysis.sources.ouvertes.panels import Array

SHOWN: Final = 10
"""The heaviest donors of a comparison that are named."""

PPDE: Final = "ppde_estimees_habilitation"
"""The count of persons without a job at the start that jobs are held against."""

Convert = Callable[[float], float]


@dataclass(frozen=True, eq=False)
class Etude:
    """A territory and an outcome that are estimated: the plan, and the gaps by method and base."""

    plan: Plan
    ecarts: dict[tuple[str, str], Ecarts]
    horizons: dict[str, slice]
    restes: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    """For an outcome without the EBE: by base and horizon, the effect with the most and the least staff
    out."""

    @property
    def principal(self) -> str:
        return next(iter(self.horizons))


def etudier(plan: Plan, planificateur: Planificateur) -> Etude:
    """The differences of a plan from both bases, and what is left of them without the EBE."""
    found = {(DIFFERENCES, base.value): gaps.differences(plan, base) for base in Base}
    horizons = plan.horizons(planificateur.protocole.horizons)
    rests: dict[tuple[str, str], tuple[float, float]] = {}
    if plan.effectifs is not None:
        for (_, base), made in found.items():
            for name, years in horizons.items():
                low, high = plan.effectifs[years].T
                left = reste(made.effet(years), plan.serie[years], low, high)
                rests[base, name] = (left.bas, left.haut)
    return Etude(plan, found, horizons, rests)


def conversions(plan: Plan, planificateur: Planificateur) -> dict[str, Convert]:
    """How an effect on the outcome's scale reads, by unit: per cent and units of the last year before."""
    if plan.resultat.echelle == "niveau":
        return {plan.resultat.unite: lambda effect: effect}
    found: dict[str, Convert] = {
        "pour_cent": en_pour_cent,
        plan.resultat.unite: lambda effect: en_unites(effect, plan.niveau),
    }
    count = _ppde(planificateur, plan.traite.territoire)
    if plan.resultat.unite == "emplois" and count:
        found["emplois_pour_100_ppde"] = lambda effect: pour_cent_ppde(en_unites(effect, plan.niveau), count)
    return found


def _ppde(planificateur: Planificateur, territoire: str) -> float | None:
    """The persons without a job estimated at the start, where one figure says how many."""
    found = {
        c.valeur
        for c in planificateur.register.chiffres
        if (c.territoire, c.indicateur) == (territoire, PPDE) and c.valeur is not None
    }
    return found.pop() if len(found) == 1 else None


def comparaison(
    planificateur: Planificateur,
    territoire: str,
    resultat: str,
    plan: Plan | None = None,
    seen: Visible | None = None,
    motif: str = "",
) -> Comparaison:
    """Who is compared, and the least effect that could be seen; or why nothing is."""
    protocole = planificateur.protocole
    treated, staff = protocole.traite(territoire), planificateur.effectif(territoire)
    return Comparaison(
        territoire=territoire,
        resultat=resultat,
        zone_type=treated.zone_type,
        zone=" ".join(treated.zones),
        zone_nom=treated.zone_nom,
        debut=treated.debut,
        avant=plan.avant if plan else 0,
        apres=len(plan.annees) - plan.avant if plan else 0,
        donneurs=len(plan.zones) if plan else 0,
        taille=plan.niveau if plan else None,
        ebe_bas=staff.bas if staff else None,
        ebe_haut=staff.haut if staff else None,
        ebe_periode=staff.periode.text if staff else "",
        detectable=seen.effet if seen else None,
        detectable_pct=seen.pour_cent if seen else None,
        motif=motif,
    )


@dataclass(frozen=True)
class Visible:
    """The least effect that would be seen in the hoped direction, a distance in the outcome's unit and in per
    cent of the level; no per cent of an outcome told in points."""

    effet: float
    pour_cent: float | None


def visible(like: Semblables, protocole: Protocole) -> Visible:
    """What could be seen at all over the main horizon, from the base that sees more.

    It takes the gaps of zones of like size, and the level of the treated one in the last year before.

    Raises `Refus` as `ecarts_placebos` and `effet_detectable` do.
    """
    years, rule = next(iter(like.horizons(protocole.horizons).values())), protocole.inference
    found = [
        effet_detectable(
            gaps.ecarts_placebos(like, base)[:, years].mean(axis=1),
            niveau=rule["niveau"],
            puissance=rule["puissance"],
        )
        for base in Base
    ]
    is_more = like.resultat.sens == "plus"
    least = min(one.hausse if is_more else one.baisse for one in found)
    if like.resultat.echelle == "niveau":
        return Visible(least, None)
    effect = least if is_more else -least
    return Visible(abs(en_unites(effect, like.niveau)), abs(en_pour_cent(effect)))


def _quartier(planificateur: Planificateur, territoire: str, resultat: str, error: Quartier) -> Comparaison:
    """A quarter that is not estimated, with what could be seen in its city; where no comparison says even
    that, why."""
    seen, motif = None, str(error)
    try:
        seen = visible(planificateur.semblables(territoire, resultat), planificateur.protocole)
    except BilanError as lacking:
        why = str(lacking).removeprefix(f"{planificateur.nom(territoire)} : ")
        motif += f" Trop peu de zones de taille semblable pour dire le plus petit effet visible : {why}"
    return comparaison(planificateur, territoire, resultat, seen=seen, motif=motif)


def annees(etude: Etude) -> Iterator[Annee]:
    """Each year of the place and of its comparison from both bases, with the band of what chance does."""
    plan = etude.plan
    own = plan.echelle(plan.serie)
    back: Callable[[Array], Array] = np.exp if plan.resultat.echelle == "log" else np.asarray
    for (_, base), made in etude.ecarts.items():
        if made.methode != DIFFERENCES:
            continue
        middle = own - made.ecart
        low, high = np.quantile(made.placebos, (0.025, 0.975), axis=0)
        told = [back(values) for values in (middle, middle + low, middle + high)]
        for rank, year in enumerate(plan.annees):
            yield Annee(
                plan.traite.territoire,
                plan.resultat.code,
                base,
                year,
                float(plan.serie[rank]),
                *(float(values[rank]) for values in told),
            )


def estimations(etude: Etude, units: dict[str, Convert]) -> Iterator[Estimation]:
    """The differences of a territory: by horizon, base and unit, a rank, or an interval without the EBE."""
    for (method, base), made in etude.ecarts.items():
        for name, years in etude.horizons.items():
            if (base, name) in etude.restes:
                yield from _sans_ebe(etude, made, name, units)
            else:
                yield from _rangee(etude.plan, made, method, name, years, units)


def _rangee(
    plan: Plan,
    made: Ecarts,
    method: str,
    name: str,
    years: slice,
    units: dict[str, Convert],
    identified: tuple[float, float] | None = None,
    note: str = "",
) -> Iterator[Estimation]:
    """An effect with its rank among placebos, in each unit."""
    effect, chance = made.effet(years), made.hasard(years)
    place = rang(effect, chance)
    fit = float(np.sqrt((made.ecart[: plan.avant] ** 2).mean()))
    for unit, convert in units.items():
        estimate = Estimate(
            convert(effect),
            unit,
            rank=place.rang,
            placebos=place.placebos,
            method=method,
            treated=len(plan.traite.zones),
            donors=made.donneurs,
            pre_fit=fit,
            identified=None if identified is None else (convert(identified[0]), convert(identified[1])),
            base=made.base,
            note=note,
        )
        yield Estimation(plan.traite.territoire, plan.resultat.code, name, estimate)


def _sans_ebe(etude: Etude, made: Ecarts, name: str, units: dict[str, Convert]) -> Iterator[Estimation]:
    """The effect without the EBE: the middle of its bounds, and an interval that adds chance to each end."""
    plan, (low, high) = etude.plan, etude.restes[made.base, name]
    chance = made.hasard(etude.horizons[name])
    ends = (intervalle(low, chance).bas, intervalle(high, chance).haut)
    for unit, convert in units.items():
        estimate = Estimate(
            convert((low + high) / 2),
            unit,
            low=convert(ends[0]),
            high=convert(ends[1]),
            method=DIFFERENCES,
            treated=len(plan.traite.zones),
            donors=made.donneurs,
            pre_fit=float(np.sqrt((made.ecart[: plan.avant] ** 2).mean())),
            identified=(convert(low), convert(high)),
            base=made.base,
            note="Milieu des bornes que laisse l'effectif publié de l'EBE ; l'intervalle y ajoute le hasard.",
        )
        yield Estimation(plan.traite.territoire, plan.resultat.code, name, estimate)


@dataclass(frozen=True)
class Synthetiques:
    """What the synthetic methods give of a territory: estimates, weights and diagnostics."""

    estimations: tuple[Estimation, ...] = ()
    poids: tuple[Poids, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def synthetiques(
    etude: Etude, planificateur: Planificateur, units: dict[str, Convert], noms: dict[str, str]
) -> Synthetiques:
    """The synthetic control and the synthetic differences of a territory on the donors nearest in size.

    Outside the donors' hull the control is refused, with its reason; where one year precedes alone, both are.
    """
    plan, rule = etude.plan, planificateur.protocole.comparaison
    if plan.avant < 2 or plan.effectifs is not None:
        return Synthetiques()
    near = gaps.reserve(plan, rule["plus_proches"])
    told: list[Estimation] = []
    weights: list[Poids] = []
    checks: list[Diagnostic] = []
    if gaps.est_dans_l_enveloppe(plan, near):
        made, control = gaps.controle(plan, near)
        etude.ecarts[CONTROLE, "aucune"] = made
        for name, years in etude.horizons.items():
            end = years.stop
            kept = ensemble_identifie(near.cible[:end], near.donneurs[:, :end], plan.avant)
            told += _rangee(plan, made, CONTROLE, name, years, units, (kept.bas, kept.haut))
        weights = _poids(plan, near.zones, control.poids, noms)
        checks = _diagnostics(etude, control, rule["autres_nombres"])
    else:
        checks.append(_diagnostic(plan, CONTROLE, Alerte.HORS_ENVELOPPE, leve=True))
        reason = f"On n'extrapole pas : {Alerte.HORS_ENVELOPPE.phrase}."
        told += _refus(plan, CONTROLE, etude.horizons, units, reason)
    for name, years in etude.horizons.items():
        told += _rangee(plan, gaps.sdid(plan, near, years), SDID, name, years, units)
    return Synthetiques(tuple(told), tuple(weights), tuple(checks))


def _refus(
    plan: Plan, method: str, horizons: Iterable[str], units: Iterable[str], reason: str
) -> Iterator[Estimation]:
    for name in horizons:
        for unit in units:
            estimate = Estimate(None, unit, method=method, reason=reason)
            yield Estimation(plan.traite.territoire, plan.resultat.code, name, estimate)


def _poids(plan: Plan, zones: Sequence[str], weights: Array, noms: dict[str, str]) -> list[Poids]:
    heaviest = sorted(range(len(zones)), key=lambda rank: (-weights[rank], zones[rank]))[:SHOWN]
    return [
        Poids(
            plan.traite.territoire,
            plan.resultat.code,
            CONTROLE,
            zones[rank],
            noms.get(zones[rank], zones[rank]),
            float(weights[rank]),
        )
        for rank in heaviest
        if weights[rank] > 0
    ]


def _diagnostic(
    plan: Plan,
    method: str,
    alerte: Alerte,
    *,
    leve: bool,
    valeur: float | None = None,
    seuil: float | None = None,
) -> Diagnostic:
    place = (plan.traite.territoire, plan.resultat.code, method, str(alerte))
    return Diagnostic(*place, valeur, seuil, leve, alerte.phrase)


def retournement(etude: Etude) -> Diagnostic:
    """Whether the effect over the main horizon changes its sign with the base."""
    years = etude.horizons[etude.principal]
    effects = [etude.ecarts[DIFFERENCES, base.value].effet(years) for base in Base]
    turned, apart = effects[0] * effects[1] < 0, effects[1] - effects[0]
    return _diagnostic(etude.plan, DIFFERENCES, Alerte.RETOURNEMENT, leve=turned, valeur=apart)


def _diagnostics(etude: Etude, control: Synthetique, sizes: Sequence[int]) -> list[Diagnostic]:
    """What must be said beside the synthetic control: exact fit, one weight, a sign that is not identified,
    the effect with other numbers of donors."""
    plan = etude.plan
    place = (plan.traite.territoire, plan.resultat.code, CONTROLE)
    end = etude.horizons[etude.principal].stop
    own, many = plan.echelle(plan.serie)[:end], plan.echelle(plan.donneurs)[:, :end]
    kept = ensemble_identifie(own, many[: len(control.poids)], plan.avant)
    made = [
        _diagnostic(plan, CONTROLE, one, leve=one in control.alertes, valeur=value, seuil=limit)
        for one, value, limit in (
            (Alerte.AJUSTEMENT_EXACT, control.distance, None),
            (Alerte.HORS_ENVELOPPE, control.distance, None),
            (Alerte.UN_SEUL_POIDS, float(control.poids.max()), 0.9),
        )
    ]
    told = "l'avant ne dit pas le signe de l'écart : des poids aussi bons en donnent un de chaque côté"
    made.append(Diagnostic(*place, "signe_indetermine", kept.largeur, 0.0, kept.change_de_sens, told))
    for variant in sensibilite(own, many, plan.avant, tailles=sizes, ridges=(1e-4,)):
        turned = variant.effet * float(control.ecart[plan.avant : end].mean()) < 0
        told = f"l'écart avec les {variant.donneurs} zones les plus proches, aux mêmes règles"
        made.append(Diagnostic(*place, f"avec_{variant.donneurs}_zones", variant.effet, None, turned, told))
    return made


def calculer(planificateur: Planificateur, tell: Callable[[str], None]) -> Resultats:
    """All the results of the protocol; ``tell`` is told what is being done.

    Raises BilanError where a file is missing; a territory that cannot be estimated is a record with its
    reason.
    """
    from analysis.impact.ensemble import ensemble

    protocole = planificateur.protocole
    names = planificateur.ouvertes.noms()
    comparisons: list[Comparaison] = []
    years: list[Annee] = []
    estimates: list[Estimation] = []
    weights: list[Poids] = []
    checks: list[Diagnostic] = []
    studies: dict[str, list[Etude]] = {}
    planificateur.ouvertes.verifier(protocole.resultats[code].source for code in protocole.resultats)
    for code, outcome in protocole.resultats.items():
        studies[code] = []
        for territoire in territoires(protocole, planificateur.register):
            tell(f"{outcome.libelle} : {territoire.nom}…")
            try:
                plan = planificateur.plan(territoire.code, code)
                study = etudier(plan, planificateur)
                units = conversions(plan, planificateur)
                seen = visible(plan, protocole)
                comparisons.append(comparaison(planificateur, territoire.code, code, plan, seen))
                estimates += estimations(study, units)
            except Refus as error:
                motif = str(error.chez(territoire.nom))
                comparisons.append(comparaison(planificateur, territoire.code, code, motif=motif))
                continue
            except Quartier as error:
                comparisons.append(_quartier(planificateur, territoire.code, code, error))
                continue
            except BilanError as error:
                comparisons.append(comparaison(planificateur, territoire.code, code, motif=str(error)))
                continue
            studies[code].append(study)
            if plan.effectifs is None:
                years += annees(study)
            checks.append(retournement(study))
            made = synthetiques(study, planificateur, units, names)
            estimates += made.estimations
            weights += made.poids
            checks += made.diagnostics
    together = ensemble(planificateur, studies, tell)
    return Resultats(
        protocole=protocole.empreinte,
        protocole_date=protocole.date,
        entrees=planificateur.ouvertes.sommes(),
        comparaisons=tuple(comparisons),
        annees=tuple(years),
        poids=tuple(weights),
        estimations=(*estimates, *together.estimations),
        diagnostics=(*checks, *together.diagnostics),
        epreuves=together.epreuves,
        sans_un=together.sans_un,
        foret=together.foret,
        dynamique=together.dynamique,
        tendances=together.tendances,
        honnete=together.honnete,
        tailles=together.tailles,
    )
