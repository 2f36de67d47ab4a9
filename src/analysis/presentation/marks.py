"""What charts and tables of a territory mark and cite in the same way."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable

from analysis.noyau.paths import Nature
from analysis.noyau.territoires import Territoire
from analysis.presentation.blocks import Block
from analysis.presentation.charts import Dot, Event
from analysis.presentation.links import source_link
from analysis.presentation.numbers import reading
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released
from analysis.sources.records import Chiffre

ATELIER_MARK = "Atelier : non publiable"
"""Shown on what an evaluator computes on the spot; the book refuses a chapter that carries it."""

APERCU_MARK = "Aperçu privé du territoire : non publiable"
"""Shown on what a territory sees of itself before anything is published; the book refuses it too."""

CAPTION_MARKS: dict[Nature, str] = {"reel": "", "demonstration": "Démonstration"}
"""What every caption and every picture of a bilan says."""

DEMONSTRATION_MARK = "Démonstration : territoires, personnes et comptes inventés"
"""Shown on every page, table and figure of the bilan of invented territories."""


def heading(bundle: Bundle, title: str) -> Block:
    """The title of a chapter; in the atelier and in a preview it says that it is not to be published.

    A chapter of invented territories says so too; on the site its page does.
    """
    if bundle.mode == "publication":
        mark = ""
    elif bundle.mode == "apercu":
        mark = f'<p class="atelier">{APERCU_MARK}</p>'
    elif bundle.nature == "demonstration":
        mark = f'<p class="atelier">{ATELIER_MARK}. {DEMONSTRATION_MARK}</p>'
    else:
        mark = f'<p class="atelier">{ATELIER_MARK}</p>'
    return Block(f'{mark}<h1 id="titre">{html.escape(title)}</h1>')


def territoire_of(bundle: Bundle) -> Territoire:
    """The territory of a chapter; raises ValueError in a synthesis, which has none."""
    if bundle.territoire is None:
        raise ValueError("this block is for a territory's chapter")
    return bundle.territoire


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
    """The dated figures as dots of a chart; an open bound is drawn at the bound that is printed."""
    dots = []
    for released in figures:
        chiffre = released.content
        if chiffre.dated and chiffre.is_number and chiffre.periode is not None:
            low, high = _span(chiffre)
            text = reading(chiffre, bundle.dictionary.unit_of(chiffre.indicateur))
            dots.append(Dot(group(chiffre), chiffre.periode.middle, low, high, text))
    return tuple(dots)


def cited(bundle: Bundle, codes: Iterable[str]) -> str:
    """The sources of a chart or a table, each once, linked to its card."""
    return " ; ".join(source_link(code, bundle) for code in dict.fromkeys(codes)) + "."


def _span(chiffre: Chiffre) -> tuple[float, float]:
    """The interval of a figure; an open one shrinks to the bound that is printed."""
    if chiffre.valeur is not None:
        return chiffre.valeur, chiffre.valeur
    bounds = [bound for bound in (chiffre.borne_basse, chiffre.borne_haute) if bound is not None]
    return bounds[0], bounds[-1]
