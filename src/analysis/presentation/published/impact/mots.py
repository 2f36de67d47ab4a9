"""The words of impact: outcomes, methods, effects and how sure they are, as sentences say them."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Final

from analysis.impact.records import ENSEMBLE, Comparaison, Estimate, Resultats
from analysis.noyau.french import NBSP, capitalized, decimal
from analysis.noyau.periods import Period
from analysis.presentation.parts.blocks import number
from analysis.presentation.parts.links import released_content
from analysis.secret.bundle import Bundle

PRINCIPAL: Final = "emploi_prive"
HORS_EBE: Final = "emploi_prive_hors_ebe"
"""Private employment of the zone, and the same without the staff of its EBE: what is taken away from others."""

RESULTATS: Final = {
    PRINCIPAL: "emploi salarié privé",
    HORS_EBE: "emploi salarié privé hors EBE",
    "inscrits_abc": "demandeurs d'emploi inscrits (catégories A, B et C)",
    "inscrits_longue_duree": "demandeurs d'emploi inscrits depuis un an ou plus (catégories A, B et C)",
    "taux_pauvrete": "taux de pauvreté",
}
"""The outcomes that the protocol declares, as a sentence names them."""

MOINS: Final = frozenset({"inscrits_abc", "inscrits_longue_duree", "taux_pauvrete"})
"""The outcomes of which the experiment expects a fall."""

METHODES: Final = {
    "differences": "différence de différences",
    "controle_synthetique": "contrôle synthétique",
    "differences_synthetiques": "différence de différences synthétique",
    "etude_evenement": "étude d'événement",
    "synthese": "synthèse à effets aléatoires",
}
"""The methods of the protocol, as a table names them."""

EPREUVES: Final = {
    "moyenne": "la moyenne des écarts",
    "ampleur": "des écarts grands, dans un sens ou dans l'autre",
    "mediane": "la médiane des écarts, qu'un seul territoire ne fait pas",
    "positifs": "le nombre d'écarts positifs",
    "standardisee": "la moyenne des écarts, chacun rapporté à sa dispersion",
    "tirage": "l'ensemble des territoires",
}
"""The tests over all the territories: the headline, then its alternatives."""

_UNITES: Final = {
    "pour_cent": "%",
    "emplois": "emplois",
    "personnes": "personnes",
    "points": "points",
    "emplois_pour_100_ppde": "emplois pour 100 PPDE",
}

_BASES: Final = {
    "last": "depuis la dernière année d'avant",
    "mean": "depuis la moyenne des années d'avant",
    "aucune": "",
}

MOYENNE, SYNTHESE = "differences", "synthese"
"""The two ways in which territories are put together: their plain mean, of which the protocol makes its test; and
the random-effects synthesis, where a place weighs as much as it is precise. A sentence speaks of one of them."""

RARE: Final = 0.05
"""A share of places, or a probability, from which down an effect is not held for chance."""


@dataclass(frozen=True)
class Etude:
    """The accepted results of a chapter, and the names of places."""

    resultats: Resultats
    bundle: Bundle

    def nom(self, code: str) -> str:
        return "Tous ensemble" if code == ENSEMBLE else self.bundle.place_name(code)

    def motif(self, compared: Comparaison) -> str:
        """Why nothing is estimated, without the name of the place that the chapter tells already."""
        words = compared.motif.removeprefix(f"{self.nom(compared.territoire)} : ")
        return capitalized(words)

    def horizon(self, resultat: str) -> str:
        """The horizon of an outcome that is told first: the one that ends first; empty where there is none."""
        found = {e.horizon for e in self.resultats.estimations if e.resultat == resultat}
        return min(found, key=lambda horizon: Period(horizon).end, default="")

    def principales(self, territoire: str, resultat: str) -> tuple[Estimate, ...]:
        """The estimates of a place and an outcome at the horizon that is told first."""
        horizon = self.horizon(resultat)
        found = self.resultats.estimations_de(territoire, resultat)
        return tuple(e.estimate for e in found if e.horizon == horizon)

    def ensemble(self, resultat: str, method: str) -> tuple[Estimate, ...]:
        """The effect of all the territories together by a method, from each base, where it has an interval."""
        return tuple(
            e
            for e in self.principales(ENSEMBLE, resultat)
            if e.method == method and e.unit in ("pour_cent", "points") and e.low is not None
        )


def etude_of(bundle: Bundle) -> Etude | None:
    """The accepted results that a chapter has; None where the bilan has none."""
    return None if bundle.impact is None else Etude(released_content(bundle.impact), bundle)


def resultat(code: str) -> str:
    """An outcome as a sentence names it."""
    return RESULTATS.get(code, code.replace("_", " "))


def methode(code: str) -> str:
    """A method or a test as a table names it, with its base where the name holds one."""
    name, _, base = code.rpartition("_")
    if base in ("last", "mean"):
        return f"{methode(name)}, {depuis(base)}"
    return METHODES.get(code) or EPREUVES.get(code, code.replace("_", " "))


def depuis(base: str) -> str:
    """From which years an effect is counted, as the end of a sentence; empty for a comparison of levels."""
    return _BASES[base]


def quantite(value: float, unit: str, *, signed: bool = False) -> str:
    """A number and its unit: « −2,1 % », « +35 emplois ».

    >>> quantite(-2.13, "pour_cent", signed=True).replace(NBSP, " ")
    '−2,1 %'
    """
    decimals = 0 if unit in ("emplois", "personnes") else 1
    rounded = round(value, decimals) + 0.0
    sign = "+" if signed and rounded > 0 else ""
    return f"{sign}{decimal(rounded, decimals)}{NBSP}{_UNITES.get(unit, unit)}"


def intervalle(low: float, high: float, unit: str) -> str:
    """The two ends of an interval: « de −1,0 à +5,2 % »."""
    decimals = 0 if unit in ("emplois", "personnes") else 1
    first = round(low, decimals) + 0.0
    return f"de {'+' if first > 0 else ''}{decimal(first, decimals)} à {quantite(high, unit, signed=True)}"


def annees(horizon: str) -> str:
    """« en 2020 », « de 2017 à 2020 »."""
    return Period(horizon).adverb


def certitude(estimate: Estimate) -> str:
    """How sure an effect is, as a clause: by the interval, or by how many other places do as much by chance.

    Raises ValueError for an estimate without an effect.
    """
    if estimate.effect is None:
        raise ValueError("no effect, no certainty")
    if estimate.low is not None and estimate.high is not None:
        told = f"19 fois sur 20, il est {intervalle(estimate.low, estimate.high, estimate.unit)}"
        if estimate.low <= 0 <= estimate.high:
            return f"{told}{NBSP}: on ne peut le distinguer de rien"
        way = "une hausse" if estimate.effect > 0 else "une baisse"
        return f"{told}{NBSP}: c'est {way} que le hasard fait rarement"
    if estimate.rank is not None and estimate.placebos is not None:
        told = _others(estimate.rank - 1, estimate.placebos)
        is_rare = estimate.rank / (estimate.placebos + 1) <= RARE
        return f"{told}{NBSP}: {'le hasard le fait rarement' if is_rare else 'le hasard suffit à le faire'}"
    return "aucune mesure honnête de son incertitude n'existe"


def _others(others: int, placebos: int) -> str:
    """How many of the places where nothing happened are at least as far."""
    among = f"des {decimal(placebos, 0)} communes de comparaison"
    if not others:
        return f"aucune {among} ne s'écarte autant"
    verb = "s'écarte" if others == 1 else "s'écartent"
    return f"{decimal(others, 0)} {among}, où rien n'a eu lieu, {verb} autant ou plus"


def texte(words: str) -> str:
    """Words as a page holds them."""
    return html.escape(words, quote=False)


def probabilite(value: float | None) -> str:
    """The cell of a probability, to the thousandth; a dash where there is none."""
    if value is None:
        return "–"
    return number(decimal(value, 3), round(value, 4), "probabilite")
