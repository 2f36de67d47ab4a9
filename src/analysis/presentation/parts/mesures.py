"""How a measure computed of deposits reads: its number, what it is made of, why it is withheld or missing."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from analysis.noyau.arrondi import arrondi
from analysis.noyau.declared.dictionary import Unite
from analysis.noyau.french import capitalized, uncapitalized
from analysis.noyau.mesures import ENSEMBLE, Mesure
from analysis.noyau.periods import Period
from analysis.presentation.drawing.rows import Split
from analysis.presentation.drawing.style import Drawing
from analysis.presentation.numbers import NBSP, decimal, quantity
from analysis.presentation.parts.blocks import FEWEST_POINTS, Block, Chart, Column, Table, number, too_few
from analysis.presentation.parts.links import DEFINITIONS_PAGE, link, released_content
from analysis.presentation.parts.tables import absence
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released

SECRET = "secret"
"""What stands where a rule of secrecy withholds a number."""

ABSENT = "absent"
"""What stands in a drawing where a number could not be computed; a table says why."""

WITHHELD = f"retenu ({SECRET})"
"""What stands for the part of a bar that a rule of secrecy withholds."""

AWAITED = "En attente du dépôt du territoire"
"""What stands where a territory sent nothing."""

TOGETHER = "Ensemble"
"""The row of all the territories together."""

OF_EBE = "economie_ebe"
"""The family of the measures that are of EBE."""

MANY = 3
"""The measures beyond which a note no longer repeats what each of them does not say."""

LEAST_PROBABILITY = 0.001
"""Under it a probability is said to be less: « 0 » would read as impossible."""

Shown = Released[Mesure] | None

Key = tuple[str, str, str, str]
"""A row or a column: its words, its place, its EBE (empty for the place), its period."""


def awaited(bundle: Bundle, code: str) -> str:
    """Why a territory has no measure: it sent nothing, or its deposit could not be computed."""
    return f"Dépôt reçu, {bundle.empeches[code]}" if code in bundle.empeches else AWAITED


def nothing_shown(what: str, shown: Iterable[Shown]) -> Block:
    """The sentence of a part whose every number is withheld or missing, with the reasons."""
    reasons = dict.fromkeys(reason(r) for r in shown if r is not None and value_of(r) is None)
    return absence(f"{what} : {' ; '.join(reasons)}.")


def value_of(shown: Shown) -> float | None:
    """The number of a measure, None where it is withheld, missing or was never computed."""
    return None if shown is None else released_content(shown).valeur


def unit_of(mesure: str, bundle: Bundle) -> Unite:
    """The unit of a measure."""
    return bundle.dictionary.unit(bundle.definition(mesure).unite)


def words(shown: Shown, bundle: Bundle, *, with_unit: bool = False) -> str:
    """A measure in words: its number, « environ » if it is told rounded, « secret », or why it is missing."""
    if shown is None:
        return "–"
    m = released_content(shown)
    if m.valeur is None:
        return SECRET if m.etat == "masquee" else m.motif
    unit = unit_of(m.mesure, bundle)
    if unit.unite == "probabilite" and m.valeur < LEAST_PROBABILITY:
        return f"moins de {decimal(LEAST_PROBABILITY, unit.decimales)}"
    number = quantity(m.valeur, unit) if with_unit else decimal(m.valeur, unit.decimals_of(m.valeur))
    return f"environ{NBSP}{number}" if shown.is_rounded and m.valeur else number


def gap(shown: Shown) -> str:
    """The one word of a measure without a number: withheld, or missing."""
    return SECRET if shown is not None and shown.content.etat == "masquee" else ABSENT


def bar_end(shown: Shown, bundle: Bundle) -> str:
    """What stands at the end of a bar: the number with its unit, or one word where there is none."""
    return gap(shown) if value_of(shown) is None else words(shown, bundle, with_unit=True)


def rest_of(shown: Iterable[Shown], *, other: str = "") -> str:
    """What the rest of a bar is when some of its parts have no number; empty when all have one.

    ``other`` is what the rest also holds: it can no more be told apart than the missing parts.
    """
    gaps = {gap(r) for r in shown if value_of(r) is None}
    names = [name for name, word in ((WITHHELD, SECRET), (ABSENT, ABSENT)) if word in gaps]
    return " ou ".join([*names, other] if names and other else names)


def reason(shown: Released[Mesure]) -> str:
    """Why a measure has no number: « secret », with the reason, or what is missing."""
    m = released_content(shown)
    return f"{SECRET} ({m.motif})" if m.etat == "masquee" else m.motif


def cell(shown: Shown, bundle: Bundle, *, parts: bool = False) -> str:
    """A measure as a cell of a table; with ``parts``, what a ratio is made of and its interval follow it.

    A withheld number tells its reason in its title, a missing one says it in full. What is of all the EBE
    together says of how many: two ratios of one row may not be of the same ones.
    """
    text = html.escape(words(shown, bundle), quote=False)
    m = None if shown is None else released_content(shown)
    if m is None or m.etat == "absente":
        return f'<span class="absent">{text}</span>'
    if m.etat == "masquee":
        return f'<span class="secret" title="{html.escape(m.motif)}">{text}</span>'
    unit = unit_of(m.mesure, bundle)
    text = number(
        text, None if m.valeur is None else arrondi(m.valeur, unit.decimals_of(m.valeur)), unit.pluriel
    )
    made_of = []
    if parts and m.numerateur is not None and m.denominateur is not None:
        made_of.append(f"{decimal(m.numerateur, 1)}{NBSP}/{NBSP}{decimal(m.denominateur, 1)}")
    if parts and (bounds := interval_of(shown)):
        made_of.append(f"de {decimal(bounds[0], 1)} à {decimal(bounds[1], 1)}")
    if m.lieu == ENSEMBLE and bundle.definition(m.mesure).famille == OF_EBE:
        made_of.append(f"{count_of(shown)}{NBSP}EBE")
    return f'{text} <span class="precision">({", ".join(made_of)})</span>' if made_of else text


def count_of(shown: Shown) -> str:
    """How many observations are behind a measure, a dash where it has none."""
    m = None if shown is None else released_content(shown)
    return "–" if m is None or m.n is None else decimal(m.n, 0)


def interval_of(shown: Shown) -> tuple[float, float] | None:
    """The bounds of an estimate, None where it has none."""
    m = None if shown is None else released_content(shown)
    return None if m is None or m.bas is None or m.haut is None else (m.bas, m.haut)


def within(shown: Shown) -> str:
    """The interval of a percent as the end of a sentence, empty where it has none."""
    bounds = interval_of(shown)
    return f" (entre {decimal(bounds[0], 0)} et {decimal(bounds[1], 0)} %, à 95 %)" if bounds else ""


def measure_link(mesure: str, bundle: Bundle, *, with_unit: bool = False) -> str:
    """A measure's label linked to its definition, with its unit where the cells lack it."""
    definition = bundle.definition(mesure)
    unit = unit_of(mesure, bundle).pluriel
    label = f"{definition.libelle} ({unit})" if with_unit and unit else definition.libelle
    return link(f"{DEFINITIONS_PAGE}#mesure-{mesure}", label)


def category(mesure: str, modalite: str, bundle: Bundle) -> str:
    """The words of a category of a measure."""
    return bundle.definition(mesure).libelle_de(modalite)


def categories(bundle: Bundle, mesure: str, *places: str) -> Sequence[tuple[str, str]]:
    """The codes and labels of a measure's categories as they are told; the measure itself where it has none."""
    return bundle.categories(mesure, *places) or [("", TOGETHER)]


def place_of(code: str, bundle: Bundle) -> str:
    """The name of a territory, or what stands for all of them together."""
    return TOGETHER if code == ENSEMBLE else bundle.place_name(code)


def ebe_name(code: str, bundle: Bundle) -> str:
    """The name of an EBE of any of the bundle's territories."""
    return next(ebe.nom for t in bundle.territoires for ebe in t.ebe if ebe.code == code)


def periods(bundle: Bundle, mesure: str, *, place: str) -> list[str]:
    """The periods of a measure at a place, in order."""
    found = {released_content(r).periode for r in bundle.measures(mesure, place=place)}
    return sorted(found, key=lambda text: Period(text).end)


def last_period(bundle: Bundle, mesure: str, *, place: str) -> str:
    """The last period at which a measure of a place is not missing, withheld or not; empty when none is.

    All the territories together are missing at a date that some of them do not reach.
    """
    found = periods(bundle, mesure, place=place)
    told = {r.content.periode for r in bundle.measures(mesure, place=place) if r.content.etat != "absente"}
    return next((period for period in reversed(found) if period in told), "")


def limits(bundle: Bundle, mesures: Sequence[str]) -> str:
    """What these measures do not say, each once; of many measures, where it is said."""
    if len(mesures) > MANY:
        return (
            f"Ce que chaque mesure ne dit pas est dans sa {link(DEFINITIONS_PAGE + '#titre', 'définition')}."
        )
    said = " ".join(bundle.definition(mesure).limite for mesure in mesures)
    sentences = dict.fromkeys(re.split(r"(?<=\.) +", said.strip()))
    return html.escape(" ".join(sentences), quote=False)


def source_note(bundle: Bundle, shown: Iterable[Shown]) -> str:
    """Where the measures come from, and why some are withheld, as the end of a note."""
    contents = [released_content(r) for r in shown if r is not None]
    places = {m.lieu for m in contents}
    if places <= {ENSEMBLE}:
        said = "sommes et rapports de sommes des dépôts des territoires"
    elif len(places) > 1:
        said = "dépôts des territoires"
    else:
        said = next(m.source for m in contents)
    said += _coverage(contents)
    reasons = dict.fromkeys(m.motif for m in contents if m.etat == "masquee")
    hidden = f" Secret : {' ; '.join(reasons)}." if reasons else ""
    return html.escape(f"Source : {said}.{hidden}", quote=False)


def _coverage(contents: Sequence[Mesure]) -> str:
    """Of what all the territories together are, where some are missing or of another day; each coverage once."""
    partial = dict.fromkeys(
        m.source
        for m in contents
        if m.lieu == ENSEMBLE and m.valeur is not None and (" sur " in m.source or ", " in m.source)
    )
    told = list(partial)[:MANY]
    return f" ; l'ensemble est celui de {' ; ou de '.join(told)}" if told else ""


def note(bundle: Bundle, shown: Sequence[Shown], *, before: str = "") -> str:
    """The note of a table or a chart of measures: how to read it, what they do not say, their source."""
    names = list(dict.fromkeys(released_content(r).mesure for r in shown if r is not None))
    before = " ".join(filter(None, (before.strip(), _united(bundle, shown))))
    parts = (html.escape(before, quote=False), limits(bundle, names), source_note(bundle, shown))
    return " ".join(part for part in parts if part)


def _united(bundle: Bundle, shown: Sequence[Shown]) -> str:
    """Which categories are told together so that none is withheld, as a sentence; empty where none is."""
    told = [released_content(r) for r in shown if r is not None and r.content.modalite]
    labels = dict.fromkeys(
        category(m.mesure, m.modalite, bundle)
        for m in told
        if m.modalite in bundle.definition(m.mesure).reunions
    )
    return f"Catégories réunies : {' ; '.join(f'« {label} »' for label in labels)}." if labels else ""


def parts_told(names: Sequence[str], split: Split, shown: Sequence[Shown]) -> str:
    """The parts of a bar in words, a missing one as its word."""
    if not split.known:
        return split.rest
    said = (
        f"{name} {gap(r) if part is None else f'{decimal(part, 1)} %'}"
        for name, part, r in zip(names, split.parts, shown, strict=True)
    )
    return ", ".join(said)


def figure(
    bundle: Bundle,
    shown: Sequence[Shown],
    *,
    anchor: str,
    title: str,
    subtitle: str,
    draw: Callable[[], Drawing],
    points: int,
    told: Sequence[str],
    data: Table,
    champ: str,
    lecture: str = "",
    before: str = "",
    keeps_table: bool = False,
) -> Block:
    """A chart of measures: its finding, what it draws, one of its points read aloud, its limits and its source.

    ``told`` are its rows in words, which with the finding describe it. Of fewer than ``FEWEST_POINTS`` points
    there is no drawing: a sentence, or the table where there are more rows than a sentence holds or, with
    ``keeps_table``, where it says more of each.
    """
    said, champ = (
        note(bundle, shown, before=before),
        html.escape(f"Champ : {champ}.", quote=False),
    )
    title = capitalized(title)
    if points < FEWEST_POINTS:
        under = f"{champ} {said}"
        if len(told) < FEWEST_POINTS and not keeps_table:
            rows = [html.escape(row, quote=False) for row in told]
            return too_few(title, rows, anchor=anchor, note=under)
        return replace(data, anchor=anchor, caption=title, note=under).block()
    return Chart(
        anchor=anchor,
        caption=title,
        subtitle=subtitle,
        drawing=draw(),
        alt=f"{title}. {' ; '.join(told)}.",
        lecture=html.escape(f"Lecture : {lecture}.", quote=False) if lecture else "",
        champ=champ,
        note=said,
        data=data,
    ).block()


def nearly_alike(
    bundle: Bundle, what: str, labels: Sequence[str], shown: Sequence[Shown], *, anchor: str
) -> Block | None:
    """The sentence that stands for rows with fewer than ``FEWEST_POINTS`` different numbers, None where they have more.

    It names the rows of each number, and those whose number is withheld or missing.
    """
    numbers = {value for r in shown if (value := value_of(r)) is not None}
    if not 1 <= len(numbers) < FEWEST_POINTS:
        return None
    by_words: dict[str, list[str]] = {}
    for label, r in zip(labels, shown, strict=True):
        by_words.setdefault(bar_end(r, bundle), []).append(label.rstrip("."))
    told = [html.escape(f"{said} ({', '.join(names)})", quote=False) for said, names in by_words.items()]
    return too_few(what, told, anchor=anchor, note=note(bundle, shown))


def extremes(labels: Sequence[str], shown: Sequence[Shown], bundle: Bundle) -> str:
    """« de 12 % (Val) à 48 % (Bourg) »: the lowest and the highest number; empty when fewer than two differ."""
    known = [(value, place) for place, r in enumerate(shown) if (value := value_of(r)) is not None]
    if len({value for value, _ in known}) < 2:
        return ""
    low, high = min(known)[1], max(known)[1]
    ends = (f"{words(shown[place], bundle, with_unit=True)} ({labels[place]})" for place in (low, high))
    return "de {} à {}".format(*ends)


def breakdown(
    bundle: Bundle, mesures: Sequence[str], keys: Sequence[Key], *, anchor: str, caption: str
) -> Block:
    """Measures and their categories in rows, places and periods in columns; a row of zeros is left out.

    The note leads to the definitions.
    """
    rows, everything = [], []
    for mesure in mesures:
        for code, label in categories(bundle, mesure, *{place for _, place, *_ in keys}):
            shown = [bundle.measured(mesure, place=p, periode=t, modalite=code, ebe=e) for _, p, e, t in keys]
            if all(r is None or value_of(r) == 0 for r in shown):
                continue
            everything += shown
            head = html.escape(label, quote=False) if code else measure_link(mesure, bundle, with_unit=True)
            rows.append([head, *(cell(r, bundle) for r in shown)])
    if not rows:
        return Block("")
    if all(value_of(r) is None for r in everything):
        return nothing_shown(caption, everything)
    columns = (Column("Ligne"), *(Column(label, True) for label, *_ in keys))
    links = " ; ".join(measure_link(mesure, bundle, with_unit=True) for mesure in mesures)
    said = f"Définition : {links}. {note(bundle, everything)}"
    return Table(anchor, caption, columns, rows, note=said).block()


def sentence(shown: Shown, bundle: Bundle) -> str:
    """A measure as part of the words that describe a chart: « embauchées en EBE : 62,5 % »."""
    if shown is None:
        return ""
    label = bundle.definition(released_content(shown).mesure).libelle
    return f"{uncapitalized(label)}{NBSP}: {words(shown, bundle, with_unit=True)}"
