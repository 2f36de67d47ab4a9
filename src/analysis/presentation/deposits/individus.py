"""People hired by an EBE beside people alike who were not: the effect, how alike they are, how sure that is."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Final

from analysis.noyau.french import NBSP
from analysis.noyau.mesures import ENSEMBLE
from analysis.presentation.drawing.impact import Trait, foret_svg
from analysis.presentation.numbers import decimal
from analysis.presentation.parts.attentes import INDIVIDUS, attente
from analysis.presentation.parts.blocks import FEWEST_POINTS, Block, Chart, Column, Table
from analysis.presentation.parts.links import released_content
from analysis.presentation.parts.mesures import (
    Shown,
    categories,
    cell,
    interval_of,
    last_period,
    limits,
    measure_link,
    nothing_shown,
    value_of,
    words,
)
from analysis.secret.bundle import Bundle

CENTRAL: Final = "effet_aipw"
"""The effect that is told first: weighting and regression together."""

CONNU: Final = "effet_connu"

_EFFETS: Final = (
    "emploi_observe",
    "emploi_sans_ebe",
    "effet_brut",
    "effet_ipw",
    CENTRAL,
    "effet_appariement",
)
_COMPTES: Final = (
    ("individus_ebe", "individus_ebe_compares"),
    ("individus_comparaison", "individus_comparaison_compares"),
)
_BIAIS: Final = ("biais_cache", "biais_cache_borne")
_EQUILIBRE: Final = ("desequilibre_avant", "desequilibre_apres")


def effets(bundle: Bundle) -> Block:
    """The effect of the hire on employment at 6, 12 and 24 months, with and without the jobs of EBE.

    The chart draws the central effect; the table has every method. In the demonstration the true effect, which
    is known because people are invented, stands beside.
    """
    if not bundle.measures(CENTRAL, place=ENSEMBLE):
        return attente(bundle, INDIVIDUS)
    codes = categories(bundle, CENTRAL)
    central = {code: _shown(bundle, CENTRAL, code) for code, _ in codes}
    known = {code: _shown(bundle, CONNU, code) for code, _ in codes}
    table = _effects_table(bundle, codes)
    drawn = [(code, label) for code, label in codes if interval_of(central[code]) is not None]
    if not drawn:
        return nothing_shown("Effet de l'embauche sur l'emploi", central.values())
    if len(drawn) < FEWEST_POINTS:
        return Block("")  # the table of methods follows
    rows = [_trait(bundle, label, central[code], known[code]) for code, label in drawn]
    caption = _finding(bundle, central)
    true = (
        " L'effet vrai, entre parenthèses, n'est connu que parce que ces personnes sont inventées."
        if _is_known(known.values())
        else ""
    )
    return Chart(
        anchor="effet-embauche",
        caption=caption,
        subtitle="Part en emploi des personnes embauchées moins part qui serait en emploi sans l'embauche, en points, et "
        f"intervalle à 95 %.{true}",
        drawing=foret_svg(rows, unit="points de pourcentage"),
        alt=f"{caption}. " + " ; ".join(f"{row.name}{NBSP}: {row.told}" for row in rows) + ".",
        lecture=html.escape(f"Lecture{NBSP}: {rows[0].name.lower()}, {rows[0].told}.", quote=False),
        champ=html.escape(f"Champ{NBSP}: {_champ(bundle)}.", quote=False),
        note=html.escape(
            "Un emploi dans l'EBE est un emploi : l'effet total le compte, l'effet hors EBE non. "
            f"Source{NBSP}: {_source(bundle)}.",
            quote=False,
        ),
        data=table,
    ).block()


def methodes(bundle: Bundle) -> Block:
    """Every method side by side, where the chart shows one."""
    if not bundle.measures(CENTRAL, place=ENSEMBLE):
        return Block("")
    return _effects_table(bundle, categories(bundle, CENTRAL)).block()


def groupes(bundle: Bundle) -> Block:
    """How many people there are of each group: in the file, and among those who are compared."""
    if not bundle.measures(CENTRAL, place=ENSEMBLE):
        return Block("")
    columns = (Column("Groupe"), Column("Dans le fichier", True), Column("Comparées", True))
    rows = []
    for (whole, kept), label in zip(
        _COMPTES, ("Embauchées par une EBE", "Groupe de comparaison"), strict=True
    ):
        rows.append([label, cell(_shown(bundle, whole, ""), bundle), cell(_shown(bundle, kept, ""), bundle)])
    note = limits(bundle, [_COMPTES[0][1]])
    return Table("groupes", "Les personnes comparées", columns, rows, note=note).block()


def equilibre(bundle: Bundle) -> Block:
    """How far the groups are from each other, as they come and once weighted."""
    if not any(bundle.measures(name, place=ENSEMBLE) for name in _EQUILIBRE):
        return Block("")
    columns = (
        Column("Caractéristique"),
        *(Column(bundle.definition(name).libelle, True) for name in _EQUILIBRE),
    )
    rows = [
        [
            html.escape(label, quote=False),
            *(cell(_shown(bundle, name, code), bundle) for name in _EQUILIBRE),
        ]
        for code, label in categories(bundle, _EQUILIBRE[0])
    ]
    note = f"En écarts-types. {limits(bundle, _EQUILIBRE)}"
    return Table("equilibre", "Les deux groupes se ressemblent-ils ?", columns, rows, note=note).block()


def biais(bundle: Bundle) -> Block:
    """How strong a hidden cause would have to be to make each effect vanish."""
    if not any(bundle.measures(name, place=ENSEMBLE) for name in _BIAIS):
        return Block("")
    columns = (Column("Effet sur"), *(Column(bundle.definition(name).libelle, True) for name in _BIAIS))
    rows = [
        [html.escape(label, quote=False), *(cell(_shown(bundle, name, code), bundle) for name in _BIAIS)]
        for code, label in categories(bundle, _BIAIS[0])
    ]
    return Table(
        "causes-cachees", "Ce qu'il faudrait pour annuler l'effet", columns, rows, note=limits(bundle, _BIAIS)
    ).block()


def _effects_table(bundle: Bundle, codes: Sequence[tuple[str, str]]) -> Table:
    names = [*_EFFETS, *([CONNU] if bundle.measures(CONNU, place=ENSEMBLE) else [])]
    columns = (
        Column("À quelle échéance"),
        *(Column(bundle.definition(name).libelle, True) for name in names),
    )
    rows = [
        [
            html.escape(label, quote=False),
            *(cell(_shown(bundle, name, code), bundle, parts=name != "emploi_observe") for name in names),
        ]
        for code, label in codes
    ]
    links = ", ".join(measure_link(name, bundle) for name in names)
    note = f"Parts en pour cent, écarts en points, intervalles à 95 %. Définitions{NBSP}: {links}."
    return Table("effets-individus", "L'effet de l'embauche, méthode par méthode", columns, rows, note=note)


def _shown(bundle: Bundle, name: str, code: str) -> Shown:
    period = last_period(bundle, name, place=ENSEMBLE)
    found = bundle.measured(name, place=ENSEMBLE, periode=period, modalite=code) if period else None
    if found is not None:
        return found
    return next((r for r in bundle.measures(name, place=ENSEMBLE) if r.content.modalite == code), None)


def _trait(bundle: Bundle, label: str, effect: Shown, known: Shown) -> Trait:
    low, high = interval_of(effect) or (0.0, 0.0)
    value = value_of(effect) or 0.0
    told = f"{_signed(value)} ({decimal(low, 0)} à {decimal(high, 0)})"
    if (truth := value_of(known)) is not None:
        told = f"{_signed(value)} (vrai{NBSP}: {_signed(truth)})"
    return Trait(label, value, low, high, told)


def _finding(bundle: Bundle, central: dict[str, Shown]) -> str:
    """At a year: what the hire adds, and what it takes from other employment."""
    total, elsewhere = central.get("emploi-m12"), central.get("hors_ebe-m12")
    if value_of(total) is None:
        return "L'effet de l'embauche sur l'emploi, selon le temps écoulé"
    said = f"Un an après, l'embauche en EBE ajoute {words(total, bundle, with_unit=True)} d'emploi"
    if value_of(elsewhere) is None:
        return said
    gone = value_of(elsewhere) or 0.0
    verb = "retire" if gone < 0 else "ajoute"
    return f"{said}, et {verb} {decimal(abs(gone), 1)} à l'emploi hors EBE"


def _is_known(known: Iterable[Shown]) -> bool:
    return any(value_of(shown) is not None for shown in known)


def _champ(bundle: Bundle) -> str:
    """Who is compared: those hired who have people alike."""
    people = words(_shown(bundle, "individus_ebe_compares", ""), bundle)
    others = words(_shown(bundle, "individus_comparaison_compares", ""), bundle)
    return f"{people} personnes embauchées qui ont des semblables, et {others} personnes de comparaison"


def _source(bundle: Bundle) -> str:
    return released_content(bundle.measures(CENTRAL, place=ENSEMBLE)[0]).source


def _signed(value: float) -> str:
    rounded = round(value, 1) + 0.0
    return f"{'+' if rounded > 0 else ''}{decimal(rounded, 1)}"
