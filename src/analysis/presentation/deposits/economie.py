"""The accounts of the EBE and what they work at: of one territory, of all."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from analysis.noyau.french import uncapitalized
from analysis.noyau.mesures import ENSEMBLE, Mesure
from analysis.noyau.periods import Period
from analysis.noyau.plan_comptable import SANS_VENTE
from analysis.presentation.drawing.rows import Bar, Bars, Pair, Split, bars_svg, pairs_svg, shares_svg
from analysis.presentation.parts.attentes import COMPTES, attente
from analysis.presentation.parts.blocks import Block, Column, Table
from analysis.presentation.parts.links import released_content
from analysis.presentation.parts.marks import territoire_of
from analysis.presentation.parts.mesures import (
    TOGETHER,
    Key,
    Shown,
    bar_end,
    breakdown,
    categories,
    category,
    cell,
    ebe_name,
    extremes,
    figure,
    gap,
    measure_link,
    nearly_alike,
    note,
    nothing_shown,
    periods,
    rest_of,
    sentence,
    value_of,
    words,
)
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
        return attente(bundle, COMPTES)
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
        return attente(bundle, COMPTES)
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
        title=_per_etp_title(bundle, keys),
        subtitle="Euros par ETP-année de personne embauchée, dernier exercice de chaque EBE",
        champ="EBE qui ont déposé leurs comptes",
    )


def _per_etp_title(bundle: Bundle, keys: Sequence[Key]) -> str:
    """What one ETP of all the EBE sells, costs and receives; else how far the EBE differ; else what is drawn."""
    sold, paid, funded = (
        _at(bundle, name, keys[-1])
        for name in ("ventes_par_etp", "charges_personnel_par_etp", "subventions_par_etp")
    )
    if keys[-1][1] == ENSEMBLE and all(value_of(r) is not None for r in (sold, paid, funded)):
        return (
            f"Un emploi à temps plein vend pour {words(sold, bundle)} € par an, coûte {words(paid, bundle)} € de "
            f"personnel et reçoit {words(funded, bundle)} € de financement public"
        )
    ebe = _of_ebe(keys)
    spread = extremes([key[0] for key in ebe], [_at(bundle, "ventes_par_etp", key) for key in ebe], bundle)
    if spread:
        return f"Ventes pour un emploi à temps plein et un an : {spread}"
    return "Pour un emploi à temps plein et un an : ce qui se vend, ce qui se paie, ce qui manque"


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
    told = [
        f"{key[0]} : ventes {_short(a, bundle)}, "
        + (SANS_VENTE if _needs_no_sale(b) else f"équilibre {_short(b, bundle)}")
        for key, a, b in zip(keys, sales, needed, strict=True)
    ]
    both = [
        _needs_no_sale(b) or sold >= (value_of(b) or 0)
        for a, b in zip(sales, needed, strict=True)
        if (sold := value_of(a)) is not None and (_needs_no_sale(b) or value_of(b) is not None)
    ]
    return figure(
        bundle,
        [*sales, *needed],
        anchor="equilibre-ebe",
        title=_balance_title(both),
        subtitle="Euros par ETP-année, dernier exercice de chaque EBE",
        draw=lambda: pairs_svg(
            [key[0] for key in keys],
            [_pair(a, b) for a, b in zip(sales, needed, strict=True)],
            ("ventes", "ventes d'équilibre"),
            unit="€ par ETP-année",
        ),
        points=sum(value_of(r) is not None for r in (*sales, *needed)),
        told=told,
        lecture=next(
            (
                f"{row}, en euros par ETP-année"
                for row, a, b in zip(told, sales, needed, strict=True)
                if value_of(a) is not None and value_of(b) is not None
            ),
            "",
        ),
        champ="EBE qui ont déposé leurs comptes",
        before="Disque à droite du losange : l'exercice est bénéficiaire ; à gauche, il est en perte."
        + (_SAID_SANS_VENTE if any(map(_needs_no_sale, needed)) else ""),
        data=Table("donnees", "Euros par ETP-année", columns, rows),
    )


_DRAWN_SANS_VENTE = "sans vente"
_SAID_SANS_VENTE = " « Sans vente » : l'exercice s'équilibrerait sans rien vendre."


def _balance_title(balanced: Sequence[bool]) -> str:
    """How many EBE sell enough, of those of which both numbers are known."""
    if len(balanced) < 2:
        return "Ventes par ETP, et celles qui équilibreraient les comptes à financement égal"
    enough, of_all = sum(balanced), f"{len(balanced)} EBE dont les comptes sont publiés"
    where = f"{enough} des {of_all}" if enough else f"aucune des {of_all}"
    return f"À financement égal, les ventes équilibrent les comptes dans {where}"


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
    hours = _by_hours(_hours(bundle, year))
    labels = [category("part_heures_branche", r.content.modalite, bundle) for r in hours]
    columns = (Column("Branche"), Column("Part des heures (%)", True))
    rows = [[label, cell(r, bundle, parts=True)] for label, r in zip(labels, hours, strict=True)]
    bars = tuple(Bar(value_of(r), bar_end(r, bundle)) for r in hours)
    told = [f"{label} : {bar_end(r, bundle)}" for label, r in zip(labels, hours, strict=True)]
    return figure(
        bundle,
        hours,
        anchor="branches",
        title=f"{labels[0]} : {words(hours[0], bundle, with_unit=True)} des heures travaillées, la première des branches",
        subtitle=f"Part des heures travaillées par branche, en %, exercices clos en {year} ({hours[0].content.source})",
        draw=lambda: bars_svg(labels, [Bars("", bars)], emphasis=labels[:1]),
        points=sum(bar.value is not None for bar in bars),
        told=told,
        lecture=f"{labels[-1]} : {bar_end(hours[-1], bundle)} des heures"
        if value_of(hours[-1]) is not None
        else told[0],
        champ="heures travaillées des EBE, fonctionnement interne compris",
        data=Table("donnees", "Heures par branche", columns, rows),
    )


def avis_de_tous(bundle: Bundle) -> Block:
    """The share of hours on which the committee gave an opinion, and a favourable one."""
    keys = _latest(bundle)
    if not keys:
        return Block("")
    names = ("part_heures_avis", "part_heures_favorables")
    labels, ebe = [key[0] for key in keys], _of_ebe(keys)
    given, favourable = ([_at(bundle, name, key) for key in keys] for name in names)
    sentences = [
        nearly_alike(bundle, what, labels, shown, anchor=anchor)
        for what, shown, anchor in (
            (
                "Part des heures d'activité sur lesquelles le comité local a rendu un avis",
                given,
                "avis-rendu",
            ),
            ("Part des heures à avis favorable du comité local", favourable, "avis-ebe"),
        )
    ]
    if sentences[1] is not None:
        return sum((block for block in sentences if block is not None), Block(""))
    spread = extremes([key[0] for key in ebe], [_at(bundle, names[1], key) for key in ebe], bundle)
    return _bars(
        bundle,
        keys,
        names,
        ("Avis rendu", "Avis favorable"),
        anchor="avis-ebe",
        title=f"Heures à avis favorable du comité local : {spread}"
        if spread
        else "Les heures sur lesquelles le comité local s'est prononcé",
        subtitle="Part des heures d'activité, en %, dernier exercice de chaque EBE",
        champ="heures d'activité des EBE, hors fonctionnement interne",
    )


def _of_ebe(keys: Sequence[Key]) -> list[Key]:
    """The rows of the EBE by their names alone, without that of all of them."""
    return [
        (label.rpartition(" (")[0], place, ebe, period)
        for label, place, ebe, period in keys
        if place != ENSEMBLE
    ]


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
    said = (
        shown.content.source.partition(" (")[0] if shown is not None and value_of(shown) is not None else ""
    )
    return f"{year}, {said}" if " sur " in said else year


def _has_value(bundle: Bundle, year: str) -> bool:
    return value_of(bundle.measured("ventes_par_etp", place=ENSEMBLE, periode=year)) is not None


def _hours(bundle: Bundle, year: str) -> list[Released[Mesure]]:
    """The branches of a year, all EBE together, none where no hour is told; a branch without hours is left out."""
    shown = [
        bundle.measured("part_heures_branche", place=ENSEMBLE, periode=year, modalite=code)
        for code, _ in categories(bundle, "part_heures_branche")
    ]
    found = [r for r in shown if r is not None and value_of(r) != 0]
    return found if any(value_of(r) is not None for r in found) else []


def _by_hours(hours: Iterable[Released[Mesure]]) -> list[Released[Mesure]]:
    """The branches from the longest to the shortest, then those without a number."""
    known = [(value, r) for r in hours if (value := value_of(r)) is not None]
    unknown = [r for r in hours if value_of(r) is None]
    return [*(r for _, r in sorted(known, key=lambda one: -one[0])), *unknown]


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
    title: str,
    subtitle: str,
    champ: str,
) -> Block:
    """A row an exercice, a panel a measure."""
    shown = _shown(bundle, mesures, keys)
    panels = [
        Bars(name, tuple(Bar(value_of(r), _short(r, bundle)) for r in shown[mesure]))
        for mesure, name in zip(mesures, titles, strict=True)
    ]
    columns = (Column("EBE"), *(Column(bundle.definition(mesure).libelle, True) for mesure in mesures))
    rows = [
        [
            html.escape(key[0], quote=False),
            *(cell(shown[mesure][i], bundle, parts=True) for mesure in mesures),
        ]
        for i, key in enumerate(keys)
    ]
    everything = [r for line in shown.values() for r in line]
    told = [
        f"{key[0]}, " + ", ".join(sentence(shown[mesure][i], bundle) for mesure in mesures)
        for i, key in enumerate(keys)
    ]
    return figure(
        bundle,
        everything,
        anchor=anchor,
        title=title,
        subtitle=subtitle,
        draw=lambda: bars_svg(
            [key[0] for key in keys], panels, emphasis=[key[0] for key in keys if key[1] == ENSEMBLE]
        ),
        points=sum(value_of(r) is not None for r in everything),
        told=told,
        lecture=next(
            (
                f"{key[0]}, {sentence(r, bundle)}"
                for key, r in zip(keys, shown[mesures[-1]], strict=True)
                if value_of(r) is not None
            ),
            "",
        ),
        champ=champ,
        data=Table("donnees", subtitle, columns, rows),
    )


def _shares(bundle: Bundle, keys: Sequence[Key], *, anchor: str, caption: str) -> Block:
    """The parts of the resources, one bar an exercice; what is withheld of it is hatched."""
    choices = bundle.definition("part_ressources").modalites if keys else ()
    names = [uncapitalized(choix.libelle) for choix in choices]
    splits, rows, everything = [], [], []
    for key in keys:
        shown = [_at(bundle, "part_ressources", key, choix.code) for choix in choices]
        everything.append(shown)
        rows.append([html.escape(key[0], quote=False), *(cell(r, bundle) for r in shown)])
        splits.append(_split(shown))
    if not keys:
        return Block("")
    columns = (Column("Exercice"), *(Column(choix.libelle, True) for choix in choices))
    if not any(split.known for split in splits):
        return nothing_shown(caption, (r for line in everything for r in line))
    used = [rank for rank in range(len(names)) if any(split.parts[rank] not in (None, 0) for split in splits)]
    told = [
        f"{key[0]} : "
        + (
            ", ".join(f"{names[rank]} {bar_end(shown[rank], bundle)}" for rank in used)
            if split.known
            else split.rest
        )
        for key, split, shown in zip(keys, splits, everything, strict=True)
    ]
    labels = [key[0] for key in keys]
    last = labels[-1] if bundle.territoire is None else f"Exercice clos en {Period(keys[-1][3]).end.year}"
    funding = _at(bundle, "part_ressources", keys[-1], "subventions_exploitation")
    return figure(
        bundle,
        [r for line in everything for r in line],
        anchor=anchor,
        title=f"{last} : {words(funding, bundle, with_unit=True)} des ressources viennent du financement public"
        if value_of(funding) is not None
        else caption,
        subtitle="Part de chaque ressource dans les produits de l'exercice, en %",
        draw=lambda: shares_svg(
            labels,
            [names[rank] for rank in used],
            [Split(tuple(split.parts[rank] for rank in used), split.rest) for split in splits],
            emphasis=[key[0] for key in keys if key[1] == ENSEMBLE],
        ),
        points=sum(len(split.known) for split in splits),
        told=told,
        lecture=next((row for row, split in zip(told, splits, strict=True) if split.known), ""),
        champ="produits des EBE qui ont déposé leurs comptes",
        data=Table("donnees", f"{caption} (%)", columns, rows),
    )


_NOT_DRAWN = "une part est négative : voir les données"


def _split(shown: Sequence[Shown]) -> Split:
    """The parts of a bar; resources of which one is negative are no parts of a hundred."""
    parts = tuple(value_of(r) for r in shown)
    known = [part for part in parts if part is not None]
    if any(part < 0 for part in known) or sum(known) > 100.01:
        return Split((None,) * len(parts), _NOT_DRAWN)
    return Split(parts, rest_of(shown) if known else " ou ".join(dict.fromkeys(map(gap, shown))))


def _pair(first: Shown, second: Shown) -> Pair:
    missing = [
        _DRAWN_SANS_VENTE if _needs_no_sale(r) else gap(r) for r in (first, second) if value_of(r) is None
    ]
    return Pair(value_of(first), value_of(second), " ; ".join(dict.fromkeys(missing)))


def _needs_no_sale(shown: Shown) -> bool:
    """Whether an exercice balances without selling anything, as may be said of it."""
    return shown is not None and released_content(shown).motif == SANS_VENTE


def _short(shown: Shown, bundle: Bundle) -> str:
    """A number without its unit, that the note tells; one word where there is none."""
    if shown is not None and released_content(shown).valeur is not None and shown.content.unite != "pourcent":
        return words(shown, bundle)
    return bar_end(shown, bundle)
