"""What charts and tables of a territory mark and cite in the same way."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from analysis.noyau.territoires import Territoire
from analysis.presentation.drawing.points import Dot, Event, Extent
from analysis.presentation.numbers import NBSP, full_reading, reading
from analysis.presentation.parts.blocks import Block
from analysis.presentation.parts.links import source_cited
from analysis.presentation.parts.mentions import APERCU_MARK, ATELIER_MARK, ATELIER_STYLE, DEMONSTRATION_MARK
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released
from analysis.sources.fiches import Chiffre


def heading(bundle: Bundle, title: str) -> Block:
    """The title of a chapter; in the atelier and in a preview it says that it is not to be published.

    A chapter of invented territories says so too; on the site its page does.
    """
    if bundle.mode == "publication":
        mark = ""
    elif bundle.mode == "apercu":
        mark = f'<p class="atelier">{APERCU_MARK}</p>'
    elif bundle.nature == "demonstration":
        mark = f'{ATELIER_STYLE}<p class="atelier">{ATELIER_MARK}. {DEMONSTRATION_MARK}</p>'
    else:
        mark = f'{ATELIER_STYLE}<p class="atelier">{ATELIER_MARK}</p>'
    return Block(f'{mark}<h1 id="titre">{html.escape(title)}</h1>')


def territoire_of(bundle: Bundle) -> Territoire:
    """The territory of a chapter; raises ValueError in a synthesis, which has none."""
    if bundle.territoire is None:
        raise ValueError("this block is for a territory's chapter")
    return bundle.territoire


def located(territoires: Iterable[Territoire]) -> str:
    """Territories with their départements, as a map is told in words: « Prémery (Nièvre) »."""
    named = ((t.nom, dict.fromkeys(c.departement_nom for c in t.communes)) for t in territoires)
    return ", ".join(f"{nom} ({', '.join(departements)})" for nom, departements in named)


def events(bundle: Bundle) -> tuple[Event, ...]:
    """The habilitation, and the openings whose date a source prints."""
    territoire = territoire_of(bundle)
    habilitation = territoire.date_habilitation
    marked = [Event(habilitation.middle, f"habilitation : {habilitation.label}")]
    for ebe in territoire.ebe:
        if ebe.dated and ebe.date_ouverture is not None:
            opening = ebe.date_ouverture
            marked.append(Event(opening.middle, f"ouverture {ebe.nom} : {opening.label}"))
    return tuple(marked)


def published_dots(
    bundle: Bundle, figures: Iterable[Released[Chiffre]], *, group: Callable[[Chiffre], str]
) -> tuple[Dot, ...]:
    """The dated figures as dots of a chart; one of a single bound stands at it, and opens to its side."""
    dots = []
    for released in figures:
        chiffre = released.content
        if chiffre.dated and chiffre.is_number and chiffre.periode is not None:
            text = reading(chiffre, bundle.dictionary.unit_of(chiffre.indicateur))
            dots.append(Dot(group(chiffre), chiffre.periode.middle, span(chiffre), text))
    return tuple(dots)


MANY_SOURCES = 6
"""The sources beyond which a note sends to the data of its figure, which name one on each row."""


def cited(bundle: Bundle, codes: Iterable[str]) -> str:
    """The sources of a chart or a table as the end of its note, each once, linked to its card.

    What was got from someone else than its producer says so; very many are counted, not listed.
    """
    names = list(dict.fromkeys(codes))
    if len(names) > MANY_SOURCES:
        return f"Sources{NBSP}: {len(names)} documents, un par ligne des données de la figure."
    word = "Source" if len(names) == 1 else "Sources"
    return f"{word}{NBSP}: {f'{NBSP}; '.join(source_cited(name, bundle) for name in names)}."


def dated_reading(bundle: Bundle, chiffre: Chiffre) -> str:
    """A figure with its unit and its date, inside a sentence: « 87 personnes en février 2021 »."""
    words = full_reading(chiffre, bundle.dictionary.unit_of(chiffre.indicateur))
    return f"{words} {chiffre.periode.adverb}" if chiffre.periode else words


def group_of(bundle: Bundle, chiffre: Chiffre) -> str:
    """What a dot stands for: one EBE where the figure says so, else the site or the territory."""
    if chiffre.indicateur == "effectif_une_ebe" and chiffre.champ:
        return chiffre.champ
    return bundle.place_name(chiffre.territoire)


def span(chiffre: Chiffre) -> Extent:
    """The interval of a figure; one of a single bound stands at it, and says on which side it is open."""
    if chiffre.valeur is not None:
        return Extent(chiffre.valeur, chiffre.valeur)
    low, high = chiffre.borne_basse, chiffre.borne_haute
    bounds = [bound for bound in (low, high) if bound is not None]
    return Extent(bounds[0], bounds[-1], (high is None) - (low is None))


def bounds_told(bundle: Bundle, figures: Iterable[Released[Chiffre]]) -> str:
    """How a chart draws a value known by one bound, with the words of one; nothing where it draws none."""
    bound = next((r.content for r in figures if span(r.content).opens), None)
    if bound is None:
        return ""
    words = html.escape(reading(bound, bundle.dictionary.unit_of(bound.indicateur)), quote=False)
    return f"Un point vide est une borne («{NBSP}{words}{NBSP}»){NBSP}: la valeur est du côté de sa flèche. "


def milestones(chiffres: Sequence[Chiffre]) -> list[Chiffre]:
    """What a title says of figures in order of time: the first, the highest where it is neither, the last.

    Raises ValueError without any figure.
    """
    first, highest, last = chiffres[0], max(chiffres, key=lambda c: span(c).middle), chiffres[-1]
    is_peak = span(highest).middle > max(span(first).middle, span(last).middle)
    return list(dict.fromkeys([first, highest, last] if is_peak else [first, last]))


def is_dated_number(chiffre: Chiffre) -> bool:
    """Whether a figure is a number whose date is sure."""
    return chiffre.dated and chiffre.is_number


def in_time(figures: Iterable[Released[Chiffre]]) -> list[Released[Chiffre]]:
    """Figures in the order of the first day of their period."""
    return sorted(figures, key=lambda r: (period_start(r), r.content.numero))


def period_start(released: Released[Chiffre]) -> date:
    """The first day of the period of a figure; before all others where it has none."""
    return released.content.periode.start if released.content.periode else date.min
