"""The accounts of the EBE and what they work at: of one territory, of all."""

from __future__ import annotations

import html
from collections.abc import Sequence

from analysis.noyau.mesures import ENSEMBLE, Mesure
from analysis.noyau.periods import Period
from analysis.presentation.blocks import Block, Chart, Column, Table
from analysis.presentation.links import released_content
from analysis.presentation.marks import territoire_of
from analysis.presentation.mesures import (
    TOGETHER,
    Key,
    Shown,
    attente,
    bar_end,
    breakdown,
    categories,
    category,
    cell,
    ebe_name,
    measure_link,
    note,
    nothing_shown,
    periods,
    sentence,
    value_of,
    words,
)
from analysis.presentation.numbers import decimal
from analysis.presentation.rows import Bar, Bars, Pair, bars_svg, pairs_svg, shares_svg
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released

STATEMENT = (
    "ventes",
    "autre_production",
    "consommations",
    "valeur_ajoutee",
    "impots_taxes",
    "charges_personnel",
    "excedent_brut_avant",
    "subventions_exploitation",
    "excedent_brut_apres",
    "resultat_exploitation",
    "resultat_financier",
    "resultat_exceptionnel",
    "impot_benefices",
    "resultat_net",
    "fonds_roulement",
    "besoin_fonds_roulement",
    "tresorerie_nette",
)
"""The lines of the statement, in the order in which one leads to the next."""

PER_ETP = (
    "ventes_par_etp",
    "seuil_equilibre_par_etp",
    "valeur_ajoutee_par_etp",
    "charges_personnel_par_etp",
    "excedent_brut_avant_par_etp",
    "subventions_par_etp",
    "resultat_par_etp",
)
_ANCHOR = "duree_exercice"


def comptes(bundle: Bundle) -> Block:
    """The statement of each exercice of a territory's EBE, then what it gives for one ETP."""
    keys = _exercices(bundle, territoire_of(bundle).code)
    if not keys:
        return attente(bundle, "comptes de l'EBE, exercice par exercice")
    shown = _shown(bundle, (_ANCHOR, "etp_annees_ppde", *STATEMENT), keys)
    return _statement(
        bundle,
        keys,
        shown,
        anchor="comptes",
        caption="Du compte de résultat à la trésorerie (en euros, année de la clôture)",
    ) + _statement(
        bundle,
        keys,
        _shown(bundle, PER_ETP, keys),
        anchor="comptes-par-etp",
        caption="Pour un ETP-année de personne embauchée (en euros)",
    )


def ressources(bundle: Bundle) -> Block:
    """What the resources of each exercice of a territory's EBE are made of."""
    keys = _exercices(bundle, territoire_of(bundle).code)
    return _shares(bundle, keys, anchor="ressources", caption="De quoi sont faites les ressources")


def activites(bundle: Bundle) -> Block:
    """Hours and sales by branch, and the share of hours on which the committee gave an opinion."""
    keys = _exercices(bundle, territoire_of(bundle).code)
    if not keys:
        return Block("")
    return (
        breakdown(
            bundle,
            ("heures_branche",),
            keys,
            anchor="heures-branche",
            caption="Heures travaillées par branche",
        )
        + breakdown(bundle, ("ventes_branche",), keys, anchor="ventes-branche", caption="Ventes par branche")
        + breakdown(
            bundle,
            ("part_heures_avis", "part_heures_favorables"),
            keys,
            anchor="avis",
            caption="Heures sur lesquelles le comité local s'est prononcé",
        )
        + breakdown(
            bundle, ("financements_verses",), keys, anchor="financements", caption="Financements versés"
        )
    )


def par_etp_de_tous(bundle: Bundle) -> Block:
    """What one ETP sells, costs and receives, in the last exercice of each EBE and in all of them."""
    keys = _latest(bundle)
    if not keys:
        return attente(bundle, "aucune EBE n'a encore envoyé ses comptes")
    wanted = (
        ("ventes_par_etp", "Ventes"),
        ("charges_personnel_par_etp", "Personnel"),
        ("excedent_brut_avant_par_etp", "Excédent brut\navant financement"),
        ("subventions_par_etp", "Financement public"),
    )
    names = [name for name, _ in wanted]
    return _bars(
        bundle,
        keys,
        names,
        [title for _, title in wanted],
        anchor="par-etp-ebe",
        caption="Pour un emploi à temps plein et un an : ce qui se vend, ce qui se paie, ce qui manque",
        before="En euros par ETP-année de personne embauchée, dernier exercice de chaque EBE.",
    )


def equilibre_de_tous(bundle: Bundle) -> Block:
    """The sales of one ETP beside those that would balance the accounts."""
    keys = [key for key in _latest(bundle) if key[1] != ENSEMBLE]
    sales, needed = (
        [_at(bundle, name, key) for key in keys] for name in ("ventes_par_etp", "seuil_equilibre_par_etp")
    )
    if not keys:
        return Block("")
    columns = (Column("EBE"), Column("Ventes par ETP", True), Column("Ventes d'équilibre par ETP", True))
    rows = [
        [html.escape(key[0], quote=False), cell(a, bundle), cell(b, bundle)]
        for key, a, b in zip(keys, sales, needed, strict=True)
    ]
    return Chart(
        anchor="equilibre-ebe",
        caption="Ventes par ETP, et celles qui équilibreraient les comptes à financement égal",
        drawing=pairs_svg(
            [key[0] for key in keys],
            [_pair(a, b, bundle) for a, b in zip(sales, needed, strict=True)],
            ("ventes", "ventes d'équilibre"),
            unit="€ par ETP-année",
        ),
        alt="Deux points par EBE. "
        + " ; ".join(
            f"{key[0]} : ventes {words(a, bundle)}, équilibre {words(b, bundle)}"
            for key, a, b in zip(keys, sales, needed, strict=True)
        )
        + ".",
        note=note(
            bundle,
            [*sales, *needed],
            before="Disque à droite du losange : l'exercice est bénéficiaire ; à gauche, il est en perte.",
        ),
        data=Table("donnees", "Euros par ETP-année", columns, rows),
    ).block()


def ressources_de_tous(bundle: Bundle) -> Block:
    """What the resources of the last exercice of each EBE are made of, and of all of them."""
    return _shares(
        bundle, _latest(bundle), anchor="ressources-ebe", caption="De quoi sont faites les ressources des EBE"
    )


def comptes_de_tous(bundle: Bundle) -> Block:
    """The statement of all the EBE together, by year of closing, and for one ETP."""
    years = periods(bundle, "ventes", place=ENSEMBLE)
    if not years:
        return Block("")
    keys = [(_covered(bundle, year), ENSEMBLE, "", year) for year in years]
    total = ("etp_annees_ppde", *STATEMENT)
    return _statement(
        bundle,
        keys,
        _shown(bundle, total, keys),
        anchor="comptes-ensemble",
        caption=f"{TOGETHER} des EBE, par année de clôture (en euros courants)",
    ) + _statement(
        bundle,
        keys,
        _shown(bundle, tuple(n for n in PER_ETP if n != "seuil_equilibre_par_etp"), keys),
        anchor="comptes-ensemble-par-etp",
        caption=f"{TOGETHER} des EBE, pour un ETP-année (rapports de sommes, en euros courants)",
    )


def branches_de_tous(bundle: Bundle) -> Block:
    """The part of each branch in the hours, all EBE together, in the last year that has them."""
    years = [y for y in periods(bundle, "part_heures_branche", place=ENSEMBLE) if _hours(bundle, y)]
    if not years:
        return Block("")
    year = years[-1]
    hours = sorted(_hours(bundle, year), key=lambda r: -(value_of(r) or 0))
    labels = [category("part_heures_branche", r.content.modalite, bundle) for r in hours]
    columns = (Column("Branche"), Column("Part des heures (%)", True))
    rows = [[label, cell(r, bundle, parts=True)] for label, r in zip(labels, hours, strict=True)]
    bars = tuple(Bar(value_of(r), words(r, bundle, with_unit=True)) for r in hours)
    return Chart(
        anchor="branches",
        caption=f"Les heures travaillées par branche, exercices clos en {year} ({hours[0].content.source})",
        drawing=bars_svg(labels, [Bars("", bars)]),
        alt="Barres par branche. "
        + " ; ".join(
            f"{label} : {words(r, bundle, with_unit=True)}" for label, r in zip(labels, hours, strict=True)
        )
        + ".",
        note=note(bundle, hours),
        data=Table("donnees", "Heures par branche", columns, rows),
    ).block()


def avis_de_tous(bundle: Bundle) -> Block:
    """The share of hours on which the committee gave an opinion, and a favourable one."""
    keys = _latest(bundle)
    if not keys:
        return Block("")
    return _bars(
        bundle,
        keys,
        ("part_heures_avis", "part_heures_favorables"),
        ("Avis rendu", "Avis favorable"),
        anchor="avis-ebe",
        caption="Les heures sur lesquelles le comité local s'est prononcé",
        before="En pourcentage des heures d'activité, dernier exercice de chaque EBE.",
    )


def _exercices(bundle: Bundle, place: str) -> list[Key]:
    """The exercices of a territory, EBE by EBE, in order."""
    several = len({r.content.ebe for r in bundle.measures(_ANCHOR, place=place)}) > 1
    found = sorted(
        (r.content for r in bundle.measures(_ANCHOR, place=place)),
        key=lambda m: (m.ebe, Period(m.periode).end),
    )
    return [
        (
            f"{ebe_name(m.ebe, bundle)}, {Period(m.periode).label}" if several else Period(m.periode).label,
            place,
            m.ebe,
            m.periode,
        )
        for m in found
    ]


def _latest(bundle: Bundle) -> list[Key]:
    """The last exercice of every EBE, named by its EBE and year; then all of them in their last year."""
    keys = []
    for territoire in bundle.territoires:
        last = {key[2]: key for key in _exercices(bundle, territoire.code)}
        for _, place, ebe, period in last.values():
            keys.append((f"{ebe_name(ebe, bundle)} ({Period(period).end.year})", place, ebe, period))
    years = [y for y in periods(bundle, "ventes_par_etp", place=ENSEMBLE) if _has_value(bundle, y)]
    return keys + [(f"{TOGETHER} ({_covered(bundle, year)})", ENSEMBLE, "", year) for year in years[-1:]]


def _covered(bundle: Bundle, year: str) -> str:
    """A year, and of how many EBE its national ratios are when some are missing: « 2020, 9 EBE sur 10 »."""
    shown = bundle.measured("ventes_par_etp", place=ENSEMBLE, periode=year)
    said = shown.content.source if shown is not None and value_of(shown) is not None else ""
    return f"{year}, {said}" if " sur " in said else year


def _has_value(bundle: Bundle, year: str) -> bool:
    return value_of(bundle.measured("ventes_par_etp", place=ENSEMBLE, periode=year)) is not None


def _hours(bundle: Bundle, year: str) -> list[Released[Mesure]]:
    """The branches of a year that have hours, all EBE together."""
    shown = [
        bundle.measured("part_heures_branche", place=ENSEMBLE, periode=year, modalite=code)
        for code, _ in categories(bundle, "part_heures_branche")
    ]
    return [r for r in shown if r is not None and value_of(r)]


def _at(bundle: Bundle, mesure: str, key: Key, modalite: str = "") -> Shown:
    _, place, ebe, period = key
    return bundle.measured(mesure, place=place, periode=period, modalite=modalite, ebe=ebe)


def _shown(bundle: Bundle, mesures: Sequence[str], keys: Sequence[Key]) -> dict[str, list[Shown]]:
    return {mesure: [_at(bundle, mesure, key) for key in keys] for mesure in mesures}


def _statement(
    bundle: Bundle, keys: Sequence[Key], shown: dict[str, list[Shown]], *, anchor: str, caption: str
) -> Block:
    """Measures in rows, exercices in columns."""
    everything = [r for line in shown.values() for r in line]
    if all(value_of(r) is None for r in everything):
        return nothing_shown(caption, everything)
    columns = (Column("Ligne"), *(Column(key[0], True) for key in keys))
    rows = [
        [measure_link(mesure, bundle), *(cell(r, bundle) for r in line)] for mesure, line in shown.items()
    ]
    return Table(anchor, caption, columns, rows, note=note(bundle, everything)).block()


def _bars(
    bundle: Bundle,
    keys: Sequence[Key],
    mesures: Sequence[str],
    titles: Sequence[str],
    *,
    anchor: str,
    caption: str,
    before: str,
) -> Block:
    """A row an exercice, a panel a measure."""
    shown = _shown(bundle, mesures, keys)
    panels = [
        Bars(title, tuple(Bar(value_of(r), _short(r, bundle)) for r in shown[mesure]))
        for mesure, title in zip(mesures, titles, strict=True)
    ]
    columns = (Column("EBE"), *(Column(bundle.definition(mesure).libelle, True) for mesure in mesures))
    rows = [
        [
            html.escape(key[0], quote=False),
            *(cell(shown[mesure][i], bundle, parts=True) for mesure in mesures),
        ]
        for i, key in enumerate(keys)
    ]
    emphasis = [key[0] for key in keys if key[1] == ENSEMBLE]
    return Chart(
        anchor=anchor,
        caption=caption,
        drawing=bars_svg([key[0] for key in keys], panels, emphasis=emphasis),
        alt="Barres par EBE. "
        + " ; ".join(
            f"{key[0]}, " + ", ".join(sentence(shown[mesure][i], bundle) for mesure in mesures)
            for i, key in enumerate(keys)
        )
        + ".",
        note=note(bundle, [r for line in shown.values() for r in line], before=before),
        data=Table("donnees", caption, columns, rows),
    ).block()


def _shares(bundle: Bundle, keys: Sequence[Key], *, anchor: str, caption: str) -> Block:
    """The parts of the resources, one bar an exercice; an exercice with a withheld part has no bar."""
    choices = bundle.definition("part_ressources").modalites if keys else ()
    labels, bars, rows, everything = [], [], [], []
    for key in keys:
        shown = [_at(bundle, "part_ressources", key, choix.code) for choix in choices]
        everything += shown
        rows.append([html.escape(key[0], quote=False), *(cell(r, bundle) for r in shown)])
        values = [value_of(r) for r in shown]
        known = [value for value in values if value is not None]
        if len(known) == len(values) and min(known, default=-1) >= 0:
            labels.append(key[0])
            bars.append(known)
    if not keys:
        return Block("")
    names = [choix.libelle for choix in choices]
    columns = (Column("Exercice"), *(Column(name, True) for name in names))
    drawn = [place for place in range(len(names)) if any(bar[place] for bar in bars)]
    if not bars:
        return nothing_shown(caption, everything)
    return Chart(
        anchor=anchor,
        caption=caption,
        drawing=shares_svg(
            labels, [names[place] for place in drawn], [[bar[place] for place in drawn] for bar in bars]
        ),
        alt="Barres de cent pour cent. "
        + " ; ".join(
            f"{label} : " + ", ".join(f"{names[place].lower()} {decimal(bar[place], 0)} %" for place in drawn)
            for label, bar in zip(labels, bars, strict=True)
        )
        + ".",
        note=note(bundle, everything, before="En pourcentage des produits de l'exercice."),
        data=Table("donnees", f"{caption} (%)", columns, rows),
    ).block()


def _pair(first: Shown, second: Shown, bundle: Bundle) -> Pair:
    missing = [_short(r, bundle) for r in (first, second) if value_of(r) is None]
    return Pair(value_of(first), value_of(second), " ; ".join(dict.fromkeys(missing)))


def _short(shown: Shown, bundle: Bundle) -> str:
    """A number without its unit, that the note tells; one word where there is none."""
    if shown is not None and released_content(shown).valeur is not None and shown.content.unite != "pourcent":
        return words(shown, bundle)
    return bar_end(shown, bundle)
