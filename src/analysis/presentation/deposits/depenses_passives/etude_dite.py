"""What the blocks of the study share: its words, its amounts as readers read them, its sources."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping

from analysis.indicateurs.depenses_passives.resultats import Calcule, Etude, Hypothese
from analysis.noyau.arrondi import arrondi
from analysis.noyau.periods import Period
from analysis.presentation.numbers import decimal
from analysis.presentation.parts.blocks import Block, number
from analysis.presentation.parts.links import link, released_content, source_link
from analysis.presentation.parts.tables import absence
from analysis.secret.bundle import Bundle

METHODE = "methode-depenses-passives.html"
SIMULATEUR = "simulateur.html"

CDE = "cde"
COTISATIONS = ("cotisations_secu", "cotisations_chomage", "cotisations_logement", "cotisations_autres")
REDUCTION = "reduction_generale"
RESULTATS = {
    "evite_et_recu": "Économies et recettes",
    "contribution_nette": "Contribution nette (CDE moins économies et recettes)",
}
ARRONDIS = "Sommes et écarts sont calculés avant d'être arrondis à l'euro."
PAR_ETP = "€ par emploi à temps plein (ETP) et par an"


def with_study(show: Callable[[Bundle, Etude], Block]) -> Callable[[Bundle], Block]:
    """A part of the chapter: a sentence where the project declares no study."""

    def shown(bundle: Bundle) -> Block:
        if bundle.etude is None:
            return absence("Aucune étude sur cas types n'est déclarée pour ce bilan.")
        return show(bundle, released_content(bundle.etude))

    shown.__doc__ = show.__doc__
    return shown


def balance_of(calcule: Calcule, payeur: str) -> float:
    """What a payer gains in the mean of the two years, the CDE counted; in euros per ETP."""
    return sum(c.centimes for c in calcule.cellules if payeur in ("", c.payeur)) / 200


def cents_of(calcule: Calcule, payeur: str, *, cde: bool, annee: int | None = None) -> int:
    """What a payer gains in a year, or in all, in cents; with the CDE that it pays or without."""
    return sum(
        c.centimes
        for c in calcule.cellules
        if payeur in ("", c.payeur) and (c.perimetre == CDE) == cde and annee in (None, c.annee)
    )


def period_told(row: Mapping[str, str]) -> str:
    """From when to when a declared row holds, in words."""
    if row["fin"]:
        return Period(f"{row['debut']}/{row['fin']}").label
    return f"depuis {Period(row['debut']).label}"


def millesime(calcule: Calcule) -> int:
    """The year of the hire of a scenario."""
    return int(next(h.centrale for h in calcule.scenario.hypotheses if h.hypothese == "millesime"))


def study_source(_bundle: Bundle, etude: Etude) -> str:
    """The line that says what the blocks of the study are made of."""
    return f"Source : cas types, {html.escape(etude.modele)} et hypothèses déclarées ({link(METHODE, 'méthode')})."


def origin_told(bundle: Bundle, source: str, words: str) -> str:
    """Some words with a link to their source, or alone where it is not among those of the chapter."""
    known = {s.source for s in bundle.sources}
    return f"{words} : {source_link(source, bundle)}" if source in known else words


def as_range(bounds: Iterable[float], *, is_below: bool) -> str:
    """Bounds in euros, from the lowest to the highest; « moins de » where the source prints the highest alone."""
    low, high = bounds
    if is_below:
        return f"moins de {decimal(high, 0)}"
    return decimal(low, 0) if low == high else f"{decimal(low, 0)} à {decimal(high, 0)}"


def in_euros(value: float) -> str:
    """An amount in euros by ETP and by year, rounded, with its sign of unit."""
    return number(decimal(value, 0) + "\u00a0€", int(arrondi(value)), "€ par ETP et par an")


def euro_cell(value: float, decimals: int = 0, unit: str = "€") -> str:
    """A value as a cell of a table prints it, rounded half away from zero."""
    return number(decimal(value, decimals), arrondi(value, decimals), unit)


def in_percent(share: float, decimals: int = 0) -> str:
    """A share as a percentage."""
    return f"{decimal(100 * share, decimals)}\u00a0%"


def signed_euros(value: float) -> str:
    """An amount with its sign, without a unit."""
    sign = "+" if value > 0 else "\u2212"
    return f"{sign}{decimal(abs(value), 0)}"


def gain_or_loss(value: float) -> str:
    """« un gain de » or « une perte de », and the amount without its sign."""
    return f"{'un gain' if value >= 0 else 'une perte'} de {in_euros(abs(value))}"


def assumed(calcule: Calcule, name: str) -> float:
    """The central value of an assumption of a scenario."""
    return next(h.centrale for h in calcule.scenario.hypotheses if h.hypothese == name)


_PLACES = {0.0: "au plus bas", 0.5: "en moyenne", 1.0: "au plus haut"}
_PLACED = ("lignes_declarees", "cumul")


def bound_told(hypothese: Hypothese, bound: str) -> str:
    """A value of an assumption as it reads: a place between bounds in words, a year, else a percentage."""
    value = float(getattr(hypothese, bound))
    if hypothese.hypothese in _PLACED:
        return _PLACES[value]
    return f"{value:.0f}" if hypothese.hypothese == "millesime" else in_percent(value)


def each_once(hypotheses: Iterable[Hypothese]) -> Iterable[tuple[Hypothese, str]]:
    """Each assumption with its note, which is written once where several have it one after another."""
    before = ""
    for hypothese in hypotheses:
        yield hypothese, "De même." if hypothese.note == before else hypothese.note
        before = hypothese.note


def shortened(name: str) -> str:
    """The name of a payer without what it says between brackets."""
    return name.partition(" (")[0].replace(" ou collectivité qui en tient lieu", "")
