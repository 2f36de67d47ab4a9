"""Whom the committees reached, who left the deprivation of a job, who waits: of one territory, of all."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping, Sequence

from analysis.noyau.french import counted, uncapitalized
from analysis.noyau.mesures import ENSEMBLE
from analysis.noyau.periods import Period
from analysis.noyau.territoires import Territoire
from analysis.presentation.drawing.charts import Line, Panel, panels_svg
from analysis.presentation.drawing.distributions import Strip, strips_svg
from analysis.presentation.drawing.rows import Bar, Bars, Pair, Split, bars_svg, pairs_svg, shares_svg
from analysis.presentation.numbers import decimal
from analysis.presentation.parts.attentes import PERSONNES, attente
from analysis.presentation.parts.blocks import Block, Column, Table, dated
from analysis.presentation.parts.marks import territoire_of
from analysis.presentation.parts.mesures import (
    TOGETHER,
    Shown,
    awaited,
    bar_end,
    breakdown,
    category,
    cell,
    extremes,
    figure,
    gap,
    last_period,
    measure_link,
    note,
    nothing_shown,
    parts_told,
    periods,
    place_of,
    rest_of,
    sentence,
    value_of,
    words,
)
from analysis.secret.bundle import Bundle

STEPS = (
    "ppde_estimees",
    "personnes_rencontrees",
    "taux_rencontre",
    "personnes_eligibles",
    "volontaires_eligibles",
    "volontaires_sans_decision",
    "offres_faites",
    "taux_offre",
    "embauchees",
    "sorties_privation",
    "taux_sortie",
    "liste_attente",
    "attente_mediane",
)
"""The measures of a territory's table, in the order of a person's way."""

COMPARED = (
    "ppde_estimees",
    "personnes_rencontrees",
    "volontaires_eligibles",
    "offres_faites",
    "sorties_privation",
    "liste_attente",
)
RATES = ("taux_rencontre", "taux_offre", "taux_sortie")
"""The three rates, each under its own name."""

SITUATIONS = {
    "ebe": "en EBE",
    "autre_emploi": "autre emploi",
    "formation": "en formation",
    "attente": "en attente",
    "autre": "autre situation",
    "autre_emploi_formation": "autre emploi ou en formation",
    "ni_ebe_ni_attente": "ni en EBE ni en attente",
}
"""The names of the situations on a bar."""

_ANCHOR = "volontaires_eligibles"


def etapes(bundle: Bundle) -> Block:
    """How far a territory is, step by step, at the end of each year and at its arrêté."""
    place, dates = territoire_of(bundle).code, _dates(bundle)
    if not dates:
        return attente(bundle, PERSONNES)
    shown = {step: [bundle.measured(step, place=place, periode=day) for day in dates] for step in STEPS}
    columns = (Column("Étape"), *(Column(Period(day).label, True) for day in dates))
    rows = [
        [measure_link(step, bundle, with_unit=True), *(cell(r, bundle, parts=True) for r in line)]
        for step, line in shown.items()
    ]
    everything = [r for line in shown.values() for r in line]
    caption = "De l'estimation à la sortie de la privation d'emploi"
    return Table("etapes", caption, columns, rows, note=note(bundle, everything)).block()


def situation(bundle: Bundle) -> Block:
    """Where the eligible volunteers of a territory stand at each date."""
    place = territoire_of(bundle).code
    keys = [(Period(day).label, place, day) for day in _dates(bundle)]
    return _situations(
        bundle, keys, anchor="situation-volontaires", fallback="Où en sont les volontaires éligibles"
    )


def liste_d_attente(bundle: Bundle) -> Block:
    """Who waits at the arrêté of a territory: since when, and of what age."""
    place, dates = territoire_of(bundle).code, _dates(bundle)
    keys = [("Personnes", place, "", day) for day in dates[-1:]]
    when = f" ({Period(dates[-1]).label})" if dates else ""
    return breakdown(
        bundle,
        ("attente_duree",),
        keys,
        anchor="attente-duree",
        caption=f"Depuis combien de temps attend-on ?{when}",
    ) + breakdown(
        bundle,
        ("attente_age",),
        keys,
        anchor="attente-age",
        caption=f"Quel âge ont ceux qui attendent ?{when}",
    )


def profil(bundle: Bundle) -> Block:
    """Who is hired against who is concerned: of the chapter's territory, or of all of them."""
    place = bundle.territoire.code if bundle.territoire else ENSEMBLE
    day = last_period(bundle, "profil_embauchees", place=place)
    if not day:
        return Block("")
    codes = [choix.code for choix in bundle.definition("ecart_profil").modalites]
    hired, others, gaps = (
        [bundle.measured(name, place=place, periode=day, modalite=code) for code in codes]
        for name in ("profil_embauchees", "profil_non_embauchees", "ecart_profil")
    )
    if all(value_of(r) is None for r in (*hired, *others)):
        return nothing_shown("Profil des personnes embauchées", (*hired, *others))
    labels = [category("ecart_profil", code, bundle) for code in codes]
    columns = [Column("Caractéristique"), Column("Embauchées", True), Column("Jamais embauchées", True)]
    rows = [
        [label, cell(a, bundle, parts=True), cell(b, bundle, parts=True)]
        for label, a, b in zip(labels, hired, others, strict=True)
    ]
    if place != ENSEMBLE:
        columns.append(Column("Écart (écarts-types)", True))
        rows = [[*row, cell(gap, bundle)] for row, gap in zip(rows, gaps, strict=True)]
    shown = [*hired, *others, *(gaps if place != ENSEMBLE else [])]
    told = [
        f"{label} : embauchées {bar_end(a, bundle)}, jamais embauchées {bar_end(b, bundle)}"
        for label, a, b in zip(labels, hired, others, strict=True)
    ]
    far, comparable = _farthest(hired, others)
    return figure(
        bundle,
        shown,
        anchor="profil",
        title="Qui est embauché, parmi les volontaires éligibles : comparaison possible pour "
        f"{comparable or 'aucune'} des {len(codes)} caractéristiques"
        if far is None
        else f"{labels[far]} : {words(hired[far], bundle, with_unit=True)} des embauchées, "
        f"{words(others[far], bundle, with_unit=True)} des jamais embauchées, l'écart le plus grand",
        subtitle=f"Part des personnes qui ont la caractéristique, en %, {Period(day).label}",
        draw=lambda: pairs_svg(
            labels,
            [_pair(a, b) for a, b in zip(hired, others, strict=True)],
            ("embauchées en EBE", "jamais embauchées"),
            unit="part des personnes qui ont la caractéristique (%)",
            emphasis=[] if far is None else [labels[far]],
        ),
        points=sum(value_of(r) is not None for r in (*hired, *others)),
        told=told,
        lecture=next((row for row, a in zip(told, hired, strict=True) if value_of(a) is not None), ""),
        champ="volontaires éligibles dont la caractéristique est renseignée",
        before="Plus les deux points d'une ligne sont éloignés, plus les deux groupes diffèrent.",
        data=Table("donnees", "Profil des volontaires (parts en %)", tuple(columns), rows),
    )


FEWEST_COMPARED = 3
"""The rows under which a chart does not say which is the most."""


def _farthest(first: Sequence[Shown], second: Sequence[Shown]) -> tuple[int | None, int]:
    """The rank of the two known numbers that differ most, None of fewer than ``FEWEST_COMPARED``; how many are known."""
    gaps = [
        (abs(a - b), rank)
        for rank, (one, other) in enumerate(zip(first, second, strict=True))
        if (a := value_of(one)) is not None and (b := value_of(other)) is not None
    ]
    return (max(gaps, key=lambda gap: gap[0])[1] if len(gaps) >= FEWEST_COMPARED else None), len(gaps)


def etapes_de_tous(bundle: Bundle) -> Block:
    """Each territory at its arrêté, then all together: people at each step."""
    keys = _latest(bundle)
    if not keys:
        return attente(bundle, PERSONNES)
    shown = {key: [bundle.measured(step, place=key[1], periode=key[2]) for step in COMPARED] for key in keys}
    columns = (
        Column("Territoire"),
        *(Column(bundle.definition(step).libelle, True) for step in COMPARED),
    )
    rows = [
        [
            f'{html.escape(label, quote=False)}<br><span class="precision">{Period(day).label}</span>',
            *(cell(r, bundle) for r in shown[label, place, day]),
        ]
        for label, place, day in keys
    ]
    rows += [
        [
            f'{html.escape(t.nom, quote=False)}<br><span class="precision">{uncapitalized(awaited(bundle, t.code))}</span>',
            *["–"] * len(COMPARED),
        ]
        for t in _silent(bundle)
    ]
    everything = [r for line in shown.values() for r in line]
    caption = "Des personnes estimées à la liste d'attente, par territoire"
    return Table("etapes-territoires", caption, columns, rows, note=note(bundle, everything)).block()


def taux_de_tous(bundle: Bundle) -> Block:
    """The three rates of each territory side by side."""
    keys = _latest(bundle)
    if not keys:
        return Block("")
    shown = {
        rate: [bundle.measured(rate, place=place, periode=day) for _, place, day in keys] for rate in RATES
    }
    titles = ("Rencontrées / estimées", "Offres / volontaires", "Sorties / volontaires")
    panels = [
        Bars(title, tuple(Bar(value_of(r), bar_end(r, bundle)) for r in shown[rate]))
        for title, rate in zip(titles, RATES, strict=True)
    ]
    columns = (Column("Territoire"), *(Column(bundle.definition(rate).libelle, True) for rate in RATES))
    rows = [
        [html.escape(key[0], quote=False), *(cell(shown[rate][i], bundle, parts=True) for rate in RATES)]
        for i, key in enumerate(keys)
    ]
    everything = [r for line in shown.values() for r in line]
    told = [
        f"{key[0]}, " + ", ".join(sentence(shown[rate][i], bundle) for rate in RATES)
        for i, key in enumerate(keys)
    ]
    return figure(
        bundle,
        everything,
        anchor="taux-territoires",
        title=_rates_title(bundle, keys, shown),
        subtitle="Trois taux par territoire, en %, à la date de chacun",
        draw=lambda: bars_svg([key[0] for key in keys], panels, emphasis=[TOGETHER]),
        points=sum(value_of(r) is not None for r in everything),
        told=told,
        lecture=next(
            (
                f"{key[0]} : {words(r, bundle, with_unit=True)} des volontaires éligibles sont sortis de la privation d'emploi"
                for key, r in zip(keys, shown["taux_sortie"], strict=True)
                if value_of(r) is not None
            ),
            "",
        ),
        champ="personnes estimées, personnes rencontrées et volontaires éligibles des territoires qui ont déposé",
        data=Table("donnees", "Les trois taux (%), numérateur et dénominateur", columns, rows),
    )


def _rates_title(bundle: Bundle, keys: Sequence[Key], shown: dict[str, list[Shown]]) -> str:
    """The three rates of all together; else how far the territories differ; else what is drawn."""
    together = [shown[rate][-1] for rate in RATES]
    if keys[-1][1] == ENSEMBLE and all(value_of(r) is not None for r in together):
        met, offered, out = (words(r, bundle, with_unit=True) for r in together)
        return (
            f"Tous territoires ensemble : {met} des personnes estimées sont rencontrées, {offered} des volontaires "
            f"ont reçu une offre, {out} sont sortis de la privation d'emploi"
        )
    own = [place for place, key in enumerate(keys) if key[1] != ENSEMBLE]
    spread = extremes([keys[i][0] for i in own], [shown["taux_sortie"][i] for i in own], bundle)
    if spread:
        return f"Sortis de la privation d'emploi : {spread} des volontaires éligibles"
    return "Trois taux, trois questions : qui est rencontré, à qui un emploi est proposé, qui est sorti"


def situation_de_tous(bundle: Bundle) -> Block:
    """Where the eligible volunteers of each territory stand."""
    return _situations(
        bundle,
        _latest(bundle),
        anchor="situation-territoires",
        fallback="Où en sont les volontaires éligibles, par territoire",
    )


def trajectoire(bundle: Bundle) -> Block:
    """All the territories together, at the end of each year."""
    names = ("personnes_rencontrees", "volontaires_eligibles", "sorties_privation", "liste_attente")
    short = ("rencontrées", "volontaires", "sorties", "en attente")
    styles = ("departement", "zone_emploi", "commune", "france")
    days = periods(bundle, _ANCHOR, place=ENSEMBLE)
    shown = {name: [bundle.measured(name, place=ENSEMBLE, periode=day) for day in days] for name in names}
    lines = []
    for name, label, style in zip(names, short, styles, strict=True):
        points = [
            (Period(day).middle, value)
            for day, r in zip(days, shown[name], strict=True)
            if (value := value_of(r)) is not None
        ]
        if points:
            lines.append(Line(f"{label} : {decimal(points[-1][1], 0)}", style, tuple(points)))
    if not lines:
        return Block("")
    columns = (Column("Date"), *(Column(bundle.definition(name).libelle, True) for name in names))
    rows = [
        [dated(Period(day)), *(cell(shown[name][i], bundle) for name in names)] for i, day in enumerate(days)
    ]
    everything = [r for line in shown.values() for r in line]
    volunteers = [
        (day, r)
        for day, r in zip(days, shown["volontaires_eligibles"], strict=True)
        if value_of(r) is not None
    ]
    waiting = shown["liste_attente"][-1]
    title = "Tous les territoires ensemble, année après année"
    if len(volunteers) > 1:
        (start, low), (end, high) = volunteers[0], volunteers[-1]
        title = (
            f"De {words(low, bundle)} volontaires éligibles au {Period(start).label} "
            f"à {words(high, bundle)} au {Period(end).label}"
        )
        if value_of(waiting) is not None and end == days[-1]:
            title += f", dont {words(waiting, bundle)} en attente"
    return figure(
        bundle,
        everything,
        anchor="trajectoire",
        title=title,
        subtitle="Personnes, tous territoires ensemble",
        draw=lambda: panels_svg([Panel("", tuple(lines))], y_label="personnes", from_zero=True),
        points=sum(len(line.points) for line in lines),
        told=[
            f"{Period(day).label}, " + ", ".join(sentence(shown[name][i], bundle) for name in names)
            for i, day in enumerate(days)
        ],
        lecture=f"au {Period(volunteers[-1][0]).label}, {sentence(volunteers[-1][1], bundle)}"
        if volunteers
        else "",
        champ="territoires qui ont déposé",
        before="Une date n'est montrée que si aucun territoire commencé n'y manque.",
        data=Table("donnees", "Personnes, tous territoires ensemble", columns, rows),
    )


def attente_de_tous(bundle: Bundle) -> Block:
    """Since when people wait, in each territory and in all."""
    keys = _latest(bundle)
    if not keys:
        return Block("")
    bands = bundle.categories("attente_duree", *(place for _, place, _ in keys))
    rows, everything = [], []
    for label, place, day in keys:
        shown = [
            bundle.measured("liste_attente", place=place, periode=day),
            *(bundle.measured("attente_duree", place=place, periode=day, modalite=code) for code, _ in bands),
            bundle.measured("attente_mediane", place=place, periode=day),
        ]
        everything += shown
        rows.append([html.escape(label, quote=False), *(cell(r, bundle) for r in shown)])
    columns = (
        Column("Territoire"),
        Column("En attente", True),
        *(Column(band, True) for _, band in bands),
        Column("Médiane (mois)", True),
    )
    caption = "Depuis combien de temps attendent ceux qui attendent encore"
    return Table("attente-territoires", caption, columns, rows, note=note(bundle, everything)).block()


def ecarts_de_tous(bundle: Bundle) -> Block:
    """The differences of profile of every territory, one dot each."""
    choices = bundle.definition("ecart_profil").modalites if bundle.definitions else ()
    by_code = {
        choix.code: [r for r in bundle.measures("ecart_profil") if r.content.modalite == choix.code]
        for choix in choices
    }
    everything = [r for found in by_code.values() for r in found]
    if not everything:
        return Block("")
    columns = (Column("Caractéristique"), Column("Territoire"), Column("Écart (écarts-types)", True))
    rows = [
        [choix.libelle, html.escape(place_of(r.content.lieu, bundle), quote=False), cell(r, bundle)]
        for choix in choices
        for r in by_code[choix.code]
    ]
    labels = [choix.libelle for choix in choices]
    told = [_spread(label, by_code[choix.code], bundle) for label, choix in zip(labels, choices, strict=True)]
    return figure(
        bundle,
        everything,
        anchor="ecarts-profil",
        title=_gaps_title(labels, list(by_code.values())),
        subtitle="Écart de profil entre embauchées et jamais embauchées, en écarts-types, un point par territoire",
        draw=lambda: strips_svg(
            [
                _row_of_gaps(label, by_code[choix.code], bundle)
                for label, choix in zip(labels, choices, strict=True)
            ],
            [_strip(by_code[choix.code]) for choix in choices],
            unit="plus rare ← chez les embauchées → plus fréquent",
        ),
        points=sum(value_of(r) is not None for r in everything),
        told=told,
        lecture=next((row for row in told if " à " in row), ""),
        champ="volontaires éligibles de chaque territoire, embauchés ou jamais embauchés",
        before="Un point à droite de zéro : la caractéristique est plus fréquente chez les embauchées que "
        "chez les volontaires jamais embauchées du même territoire. Le trait est la médiane des points ; le point "
        "le plus loin de zéro est nommé.",
        data=Table("donnees", "Écarts de profil par territoire", columns, rows),
    )


def _gaps_title(labels: Sequence[str], found: Sequence[Sequence[Shown]]) -> str:
    """The characteristic on which the most territories lean to one side."""
    leanings = []
    for label, shown in zip(labels, found, strict=True):
        values = [value for r in shown if (value := value_of(r)) is not None]
        for words_of_side, side in (("plus", 1), ("moins", -1)):
            leaning = sum(round(value, 2) * side > 0 for value in values)
            leanings.append((leaning, len(values), words_of_side, label))
    leaning, known, side_words, label = max(leanings, key=lambda lean: lean[:1])
    if leaning < 2:
        return "Écarts de profil entre embauchées et jamais embauchées, territoire par territoire"
    return f"{label} : {side_words} fréquent chez les embauchées dans {leaning} territoires sur {known}"


def _farthest_of(shown: Sequence[Shown]) -> Shown:
    """The released gap that is farthest from zero, None where none has a number."""
    known = [(abs(value), rank) for rank, r in enumerate(shown) if (value := value_of(r)) is not None]
    return shown[max(known)[1]] if known else None


def _row_of_gaps(label: str, shown: Sequence[Shown], bundle: Bundle) -> str:
    """The name of a row and, under it, its dot that is farthest from zero."""
    far = _farthest_of(shown)
    if far is None:
        return label
    return f"{label}\n{place_of(far.content.lieu, bundle)} ({words(far, bundle)})"


def _strip(shown: Sequence[Shown]) -> Strip:
    return Strip(
        tuple(value for r in shown if (value := value_of(r)) is not None),
        " ou ".join(dict.fromkeys(gap(r) for r in shown if value_of(r) is None)),
    )


def _spread(label: str, shown: Sequence[Shown], bundle: Bundle) -> str:
    """The gaps of a characteristic in words: the lowest, the highest, how many are withheld or missing."""
    known = sorted((value, rank) for rank, r in enumerate(shown) if (value := value_of(r)) is not None)
    said = []
    if len(known) == 1:
        said.append(_placed(shown[known[0][1]], bundle))
    elif known:
        ends = [_placed(shown[rank], bundle) for _, rank in (known[0], known[-1])]
        said.append("de {} à {}".format(*ends))
    lacking = Counter(gap(r) for r in shown if value_of(r) is None)
    said += [f"{word} dans {counted(times, 'territoire', 'territoires')}" for word, times in lacking.items()]
    return f"{label} : {', '.join(said)}"


def _placed(shown: Shown, bundle: Bundle) -> str:
    place = "" if shown is None else place_of(shown.content.lieu, bundle)
    return f"{words(shown, bundle)} ({place})"


Key = tuple[str, str, str]
"""The words of a row, its place and its date."""


def _dates(bundle: Bundle) -> list[str]:
    return periods(bundle, _ANCHOR, place=territoire_of(bundle).code)


def _latest(bundle: Bundle) -> list[Key]:
    """Each territory with its last date, and all of them together at the last one that all reach."""
    keys = []
    for place in (*(t.code for t in bundle.territoires), ENSEMBLE):
        day = last_period(bundle, _ANCHOR, place=place)
        if day:
            keys.append((place_of(place, bundle), place, day))
    return keys


def _silent(bundle: Bundle) -> list[Territoire]:
    return [t for t in bundle.territoires if not bundle.measures(_ANCHOR, place=t.code)]


def _situations(bundle: Bundle, keys: Sequence[Key], *, anchor: str, fallback: str) -> Block:
    """Bars of a hundred percent: the situations by name, then what is withheld of them."""
    places = {place for _, place, _ in keys}
    modalites = bundle.categories("situation_volontaires", *places) if keys else ()
    classes = _classes(bundle, [code for code, _ in modalites])
    names = [SITUATIONS[code] for code in classes]
    labels, splits, told, rows, everything = [], [], [], [], []
    for label, place, day in keys:
        total = bundle.measured(_ANCHOR, place=place, periode=day)
        here = {
            code: bundle.measured("situation_volontaires", place=place, periode=day, modalite=code)
            for code, _ in modalites
        }
        everything += [total, *here.values()]
        rows.append([html.escape(label, quote=False), *(cell(r, bundle) for r in (total, *here.values()))])
        labels.append(f"{label} ({words(total, bundle)})" if value_of(total) is not None else label)
        parts = [_of_class(bundle, members, here) for members in classes.values()]
        splits.append(_split(total, parts))
        firsts = [next((r for r in part if value_of(r) is None), part[0]) for part in parts]
        told.append(f"{labels[-1]} : {parts_told(names, splits[-1], firsts)}")
    if not labels:
        return Block("")
    columns = (
        Column("Ligne"),
        Column("Volontaires éligibles", True),
        *(Column(label, True) for _, label in modalites),
    )
    return figure(
        bundle,
        everything,
        anchor=anchor,
        title=_situations_title(bundle, keys[-1]) or fallback,
        subtitle="Situation des volontaires éligibles, en % de leur nombre (entre parenthèses)",
        draw=lambda: shares_svg(
            labels,
            names,
            splits,
            emphasis=[label for label, key in zip(labels, keys, strict=True) if key[1] == ENSEMBLE],
        ),
        points=sum(len(split.known) for split in splits),
        told=told,
        lecture=next(
            (
                f"{label} : {decimal(max(split.known), 1)} % {names[split.parts.index(max(split.known))]}"
                for label, split in zip(labels[::-1], splits[::-1], strict=True)
                if split.known
            ),
            "",
        ),
        champ="personnes volontaires et décidées éligibles depuis le début, à la date de chaque barre",
        before="Autre situation : retraite, départ, renoncement, décès, perte de vue, situation non établie.",
        data=Table("donnees", "Volontaires éligibles par situation (personnes)", columns, rows),
    )


def _split(total: Shown, parts: Sequence[Sequence[Shown]]) -> Split:
    """The situations in percent of the volunteers, each made of some measures; without their number there is no
    bar."""
    whole = value_of(total)
    if whole is None or whole == 0:
        return Split((None,) * len(parts), gap(total) if whole is None else "aucun volontaire")
    known = [[value_of(r) for r in part] for part in parts]
    percents = (
        None if None in values else 100 * sum(v for v in values if v is not None) / whole for values in known
    )
    return Split(tuple(percents), rest_of([r for part in parts for r in part]))


def _classes(bundle: Bundle, codes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The situations that every bar can be cut in, with the categories of each: those that a bar tells together
    are together in all."""
    definition = bundle.definition("situation_volontaires")
    unions = [one for code, one in definition.reunions.items() if code in codes]
    found: dict[str, tuple[str, ...]] = {}
    for choix in definition.modalites:
        around = [one for one in unions if choix.code in one.modalites]
        if around:
            widest = max(around, key=lambda one: len(one.modalites))
            found[widest.code] = widest.modalites
        else:
            found[choix.code] = (choix.code,)
    return found


def _of_class(bundle: Bundle, members: Sequence[str], here: Mapping[str, Shown]) -> list[Shown]:
    """The measures of a row that make a class: its union, or those of its categories."""
    unions = bundle.definition("situation_volontaires").reunions
    made_of = {code: unions[code].modalites if code in unions else (code,) for code in here}
    told = [r for code, r in here.items() if r is not None and set(made_of[code]) <= set(members)]
    return [*told] or [None]


def _situations_title(bundle: Bundle, key: Key) -> str:
    """How many of the volunteers are in an EBE, or wait, at that date; empty where it is withheld."""
    label, place, day = key
    who = f"Au {label}" if bundle.territoire else label
    who = "Tous territoires ensemble" if place == ENSEMBLE else who
    total = bundle.measured(_ANCHOR, place=place, periode=day)
    for code, said in (("ebe", "sont en EBE"), ("attente", "attendent un emploi")):
        part = bundle.measured("situation_volontaires", place=place, periode=day, modalite=code)
        value = value_of(part)
        if value is not None and value >= 2 and value_of(total) is not None:
            return f"{who}, {words(part, bundle)} des {words(total, bundle)} volontaires éligibles {said}"
    return ""


def _pair(first: Shown, second: Shown) -> Pair:
    missing = [gap(r) for r in (first, second) if value_of(r) is None]
    return Pair(value_of(first), value_of(second), " ; ".join(dict.fromkeys(missing)))
