"""All territories together: the randomisation test and its company, the synthesis, the measured sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from analysis.impact.ecarts import CONTROLE, DIFFERENCES, Ecarts
from analysis.impact.estimateurs.differences import Base
from analysis.impact.estimateurs.refus import Refus
from analysis.impact.estimateurs.synthetique import ecarts_synthetiques, plus_proches
from analysis.impact.inference.commun import Tirages, epreuve, holm, intervalle_commun, sans_un, tirer
from analysis.impact.inference.honnete import honnete
from analysis.impact.inference.placebos import intervalle, taille_mesuree
from analysis.impact.inference.puissance import en_pour_cent
from analysis.impact.inference.synthese import synthetiser, variance_du_hasard
from analysis.impact.inference.tendances import tendance
from analysis.impact.plan import Planificateur
from analysis.impact.records import (
    ENSEMBLE,
    Diagnostic,
    Dynamique,
    Epreuve,
    Estimate,
    Estimation,
    Foret,
    Honnete,
    SansUn,
    Taille,
    Tendance,
)
from analysis.sources.ouvertes.panels import Array

if TYPE_CHECKING:
    from analysis.impact.calcul import Etude

FEWER: Final = 999
"""The draws where each costs a loop."""

SLOPES: Final = (0.01, 0.02, 0.05)
"""The trends a year, on the outcome's scale, that the test of the years before is asked to see."""

NULLE: Final = "Hypothèse nulle : rien ne s'est passé dans aucun territoire ; "
ALTERNATIVES: Final = {
    "moyenne": "la moyenne des écarts s'en éloigne, d'un côté ou de l'autre.",
    "standardisee": "la moyenne des écarts, chacun en dispersions de ses comparaisons, s'en éloigne.",
    "mediane": "la médiane des écarts s'en éloigne.",
    "positifs": "la part des territoires au-dessus de leur comparaison s'en éloigne.",
    "ampleur": "les écarts sont grands, même s'ils vont dans les deux sens.",
}


@dataclass
class Ensemble:
    """What is told of all territories together."""

    estimations: list[Estimation] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    epreuves: tuple[Epreuve, ...] = ()
    sans_un: tuple[SansUn, ...] = ()
    foret: tuple[Foret, ...] = ()
    dynamique: tuple[Dynamique, ...] = ()
    tendances: tuple[Tendance, ...] = ()
    honnete: tuple[Honnete, ...] = ()
    tailles: tuple[Taille, ...] = ()


def ensemble(
    planificateur: Planificateur, studies: Mapping[str, Sequence[Etude]], tell: Callable[[str], None]
) -> Ensemble:
    """All that is told together, by outcome; one with fewer than two territories has no test."""
    found = Ensemble()
    tests: list[Epreuve] = []
    for code, group in studies.items():
        tell(f"{planificateur.protocole.resultat(code).libelle} : ensemble…")
        for base in Base:
            for name in _horizons(group):
                kept = [study for study in group if name in study.horizons]
                if len(kept) < 2:
                    continue
                pooled = _Pool(planificateur, code, base.value, name, kept)
                tests += pooled.tests()
                found.estimations += pooled.estimations()
                found.sans_un += tuple(pooled.left_out())
                found.foret += tuple(pooled.forest())
                found.diagnostics += [d for d in pooled.unbounded() if d not in found.diagnostics]
            found.dynamique += tuple(_dynamic(planificateur, code, base.value, group))
        found.tendances += tuple(_trends(group))
        found.honnete += tuple(_honest(planificateur, code, group))
        found.tailles += tuple(_sizes(planificateur, code, group))
    found.epreuves = _corrected(tests, planificateur.protocole.inference["principal"], studies)
    return found


def _horizons(group: Sequence[Etude]) -> list[str]:
    return list(dict.fromkeys(name for study in group for name in study.horizons))


def _unit(study: Etude) -> tuple[str, Callable[[float], float]]:
    """The unit in which territories of unlike sizes are told together."""
    if study.plan.resultat.echelle == "log":
        return "pour_cent", en_pour_cent
    return study.plan.resultat.unite, lambda effect: effect


@dataclass(frozen=True, eq=False)
class _Pool:
    """The territories of an outcome from a base over a horizon, each with the gaps of its own pool."""

    planificateur: Planificateur
    code: str
    base: str
    name: str
    studies: Sequence[Etude]

    def _gaps(self, study: Etude) -> Ecarts:
        return study.ecarts[DIFFERENCES, self.base]

    def _effects(self, end: int | None = None) -> Array:
        """The effect of each territory; of an outcome without the EBE its low (0) or high (1) end."""
        return np.array(
            [
                study.restes[self.base, self.name][end or 0]
                if study.restes
                else self._gaps(study).effet(study.horizons[self.name])
                for study in self.studies
            ]
        )

    @property
    def _ends(self) -> tuple[int, ...]:
        return (0, 1) if self.studies[0].restes else (0,)

    def _draws(self, end: int = 0) -> Tirages:
        rule = self.planificateur.protocole.inference
        pools = [self._gaps(study).hasard(study.horizons[self.name]) for study in self.studies]
        return tirer(self._effects(end), pools, tirages=rule["tirages"], graine=rule["graine"])

    def tests(self) -> Iterator[Epreuve]:
        """The headline and its alternatives; without the EBE, the end of the bounds that rejects less."""
        rule = self.planificateur.protocole.inference
        for name in (rule["principal"], *rule["alternatives"]):
            made = max((epreuve(self._draws(end), name) for end in self._ends), key=lambda one: one.p)
            note = NULLE + ALTERNATIVES[name]
            yield Epreuve(
                self.code, self.name, self.base, name, made.statistique, made.p, None, made.tirages, note
            )

    def estimations(self) -> Iterator[Estimation]:
        """The mean effect with those that the test does not reject, and the random-effects synthesis."""
        unit, convert = _unit(self.studies[0])
        ends = [intervalle_commun(self._draws(end)) for end in self._ends]
        means = [float(self._effects(end).mean()) for end in self._ends]
        middle = float(np.mean(means))
        donors = sum(self._gaps(study).donneurs for study in self.studies)
        identified = (convert(means[0]), convert(means[1])) if len(means) == 2 else None
        yield Estimation(
            ENSEMBLE,
            self.code,
            self.name,
            Estimate(
                convert(middle),
                unit,
                low=convert(ends[0].bas),
                high=convert(ends[-1].haut),
                method=DIFFERENCES,
                treated=len(self.studies),
                donors=donors,
                identified=identified,
                base=self.base,
                note="Moyenne des territoires, un même effet supposé pour tous ; intervalle par tirage.",
            ),
        )
        if len(self.studies) >= 3:
            made = synthetiser(self._middles(), self._variances())
            yield Estimation(
                ENSEMBLE,
                self.code,
                self.name,
                Estimate(
                    convert(made.effet),
                    unit,
                    low=convert(made.bas),
                    high=convert(made.haut),
                    method="synthese",
                    treated=len(self.studies),
                    donors=donors,
                    base=self.base,
                    note="Effets différents d'un territoire à l'autre, pondérés par la précision de chacun.",
                ),
            )

    def _middles(self) -> list[float]:
        return [float(value) for value in np.mean([self._effects(end) for end in self._ends], axis=0)]

    def _variances(self) -> list[float]:
        return [
            variance_du_hasard(self._gaps(study).hasard(study.horizons[self.name])) for study in self.studies
        ]

    def forest(self) -> Iterator[Foret]:
        """Each territory with the effects that chance does not exclude, then their synthesis."""
        if len(self.studies) < 3:
            return
        unit, convert = _unit(self.studies[0])
        made = synthetiser(self._middles(), self._variances())
        place = (self.code, self.name, self.base)
        for rank, study in enumerate(self.studies):
            chance = self._gaps(study).hasard(study.horizons[self.name])
            band = self._band(rank, chance)
            if band is None:
                continue
            yield Foret(
                *place,
                study.plan.traite.territoire,
                convert(self._middles()[rank]),
                convert(band[0]),
                convert(band[1]),
                made.poids[rank],
                unit,
            )
        yield Foret(*place, ENSEMBLE, convert(made.effet), convert(made.bas), convert(made.haut), None, unit)

    def _band(self, rank: int, chance: Array) -> tuple[float, float] | None:
        """The effects of a territory that chance does not exclude; None where its pool is too small."""
        try:
            low = intervalle(float(self._effects(self._ends[0])[rank]), chance)
            high = intervalle(float(self._effects(self._ends[-1])[rank]), chance)
        except Refus:
            return None
        return low.bas, high.haut

    def unbounded(self) -> Iterator[Diagnostic]:
        """The territories that are in the synthesis and have no interval of their own."""
        for rank, study in enumerate(self.studies):
            chance = self._gaps(study).hasard(study.horizons[self.name])
            if self._band(rank, chance) is None:
                place = (study.plan.traite.territoire, self.code, "synthese", "sans_intervalle")
                told = (
                    "trop peu de zones de comparaison pour un intervalle à 95 % : pas de ligne au graphique"
                )
                yield Diagnostic(*place, float(len(chance)), 39.0, True, told)

    def left_out(self) -> Iterator[SansUn]:
        """The mean without each territory; without the EBE, from the end of the bounds that rejects less."""
        unit, convert = _unit(self.studies[0])
        both = [sans_un(self._draws(end)) for end in self._ends]
        for rank, study in enumerate(self.studies):
            made = max((one[rank] for one in both), key=lambda one: one.p)
            place = (self.code, self.name, self.base, study.plan.traite.territoire)
            yield SansUn(*place, convert(made.effet), unit, made.p)


def _drawn(planificateur: Planificateur, group: Sequence[Etude], base: str, draws: int) -> Array:
    """Mean gaps of one placebo a territory, each of its own pool, the same across years: (draws, T)."""
    draw = np.random.default_rng(planificateur.protocole.inference["graine"])
    pools = [study.ecarts[DIFFERENCES, base].placebos for study in group]
    return np.asarray(np.mean([pool[draw.integers(len(pool), size=draws)] for pool in pools], axis=0))


def _dynamic(
    planificateur: Planificateur, code: str, base: str, group: Sequence[Etude]
) -> Iterator[Dynamique]:
    """The mean gap of each year, and the effects of that year that draws do not exclude."""
    if len(group) < 2 or group[0].restes:
        return
    unit, convert = _unit(group[0])
    own = np.mean([study.ecarts[DIFFERENCES, base].ecart for study in group], axis=0)
    drawn = _drawn(planificateur, group, base, planificateur.protocole.inference["tirages"])
    plan = group[0].plan
    for rank, year in enumerate(plan.annees):
        is_base = not drawn[:, rank].any()
        band = None if is_base else intervalle(float(own[rank]), drawn[:, rank])
        yield Dynamique(
            code,
            base,
            "etude_evenement",
            year - plan.traite.debut,
            convert(float(own[rank])),
            None if band is None else convert(band.bas),
            None if band is None else convert(band.haut),
            len(group),
            unit,
        )


def _trends(group: Sequence[Etude]) -> Iterator[Tendance]:
    """How often the test of the years before would see a trend, territory by territory."""
    for study in group:
        if study.plan.avant < 2 or study.restes:
            continue
        made, before = study.ecarts[DIFFERENCES, Base.DERNIERE.value], study.plan.avant
        found = tendance(made.ecart[:before], made.placebos[:, :before], pentes=SLOPES)
        for slope, power in found.puissance:
            place = (study.plan.resultat.code, study.plan.traite.territoire)
            yield Tendance(*place, 100 * slope, "pour_cent", power, found.niveau)


def _honest(planificateur: Planificateur, code: str, group: Sequence[Etude]) -> Iterator[Honnete]:
    """The bounds of the mean effect over the main horizon if trends part after by m times what they did.

    Chance is what draws of one placebo a territory do to the mean.
    """
    if len(group) < 2 or group[0].plan.avant < 2 or group[0].restes:
        return
    unit, convert = _unit(group[0])
    base, end = Base.DERNIERE.value, group[0].horizons[group[0].principal].stop
    own = np.mean([study.ecarts[DIFFERENCES, base].ecart for study in group], axis=0)[:end]
    drawn = _drawn(planificateur, group, base, FEWER)[:, :end]
    before = group[0].plan.avant
    for m in planificateur.protocole.inference["honnete_m"]:
        made = honnete(own, drawn, before, m)
        yield Honnete(code, base, m, convert(made.bas_hasard), convert(made.haut_hasard), unit)


def _sizes(planificateur: Planificateur, code: str, group: Sequence[Etude]) -> Iterator[Taille]:
    """How often the tests reject on places where nothing happened: one territory, then all together."""
    if not group or group[0].restes:
        return
    rule = planificateur.protocole.inference
    yield from _one_by_one(planificateur, code, group)
    name = group[0].principal
    for base in Base:
        if len(group) < 2:
            continue
        pools = [study.ecarts[DIFFERENCES, base.value].hasard(study.horizons[name]) for study in group]
        rejected = _pooled_size(pools, rule["tirages_taille"], rule["niveau"], rule["graine"])
        donors = min(len(pool) for pool in pools)
        yield Taille(
            code,
            f"tirage_{base.value}",
            len(group),
            group[0].plan.avant,
            donors,
            rule["niveau"],
            rejected,
            rule["tirages_taille"],
        )


def _pooled_size(pools: Sequence[Array], count: int, level: float, seed: int) -> float:
    """The share of pooled tests that reject when one place of each pool, left out of it, stands for it."""
    draw = np.random.default_rng(seed + 1)
    rejected = 0
    for _ in range(count):
        chosen = [int(draw.integers(len(pool))) for pool in pools]
        own = np.array([pool[rank] for pool, rank in zip(pools, chosen, strict=True)])
        rest = [np.delete(pool, rank) for pool, rank in zip(pools, chosen, strict=True)]
        drawn = tirer(own, rest, tirages=FEWER, graine=int(draw.integers(2**31)))
        rejected += epreuve(drawn).p <= level
    return rejected / count


def _one_by_one(planificateur: Planificateur, code: str, group: Sequence[Etude]) -> Iterator[Taille]:
    """The size of the rank test on the donors of the widest pool, each among those nearest to it in size."""
    study = max(group, key=lambda one: len(one.plan.zones))
    plan, rule = study.plan, planificateur.protocole
    count = min(rule.comparaison["plus_proches"], len(plan.zones) - 1)
    values, near = plan.echelle(plan.donneurs), plus_proches(np.log(plan.tailles), count)
    years = study.horizons[study.principal]
    found: dict[str, Array] = {}
    for base in Base:
        change = values - base.de(values, plan.avant)[:, None]
        found[f"{DIFFERENCES}_{base.value}"] = change - change[near].mean(axis=1)
    if plan.avant > 1:
        found[CONTROLE] = ecarts_synthetiques(values, plan.avant, voisins=near)
    for method, gaps in found.items():
        try:
            made = taille_mesuree(gaps[:, years].mean(axis=1), voisins=near, niveau=rule.inference["niveau"])
        except Refus:
            continue
        yield Taille(code, method, 1, plan.avant, count, made.niveau, made.mesuree, made.essais)


def _corrected(
    tests: Sequence[Epreuve], headline: str, studies: Mapping[str, Sequence[Etude]]
) -> tuple[Epreuve, ...]:
    """The tests with the p that Holm leaves the headline ones, over the main horizon of each outcome."""
    mains = {code: group[0].principal for code, group in studies.items() if group}
    family = [t for t in tests if t.epreuve == headline and t.horizon == mains[t.resultat]]
    if not family:
        return tuple(tests)
    raised = dict(zip(map(id, family), holm([t.p or 0.0 for t in family]), strict=True))
    return tuple(replace(t, p_holm=raised.get(id(t))) for t in tests)
