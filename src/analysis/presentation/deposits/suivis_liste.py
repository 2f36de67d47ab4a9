"""The table of every followed territory: one row each, two curves drawn by hand, what a reader sorts and filters.

Plain HTML and small SVG: a browser sorts six hundred rows of it at once, and a screen reader reads it as a table.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Final

from analysis.indicateurs.territoires_suivis.alertes import reached
from analysis.indicateurs.territoires_suivis.records import ETATS, EtatAlerte, Ligne, Quantite, Releve, Suivis
from analysis.noyau.periods import Period
from analysis.presentation.numbers import NBSP, decimal
from analysis.presentation.parts.blocks import dated

WIDTH: Final = 64
HEIGHT: Final = 16

_HEADS: Final = ("Territoire", "Habilité", "Emploi", "Part du plan", "Liste d'attente", "Alertes")
_UNITS: Final[dict[Quantite, str]] = {"etp": "ETP", "effectif": "salariés", "attente": "personnes"}


_LEFT: Final[tuple[tuple[EtatAlerte, str, str], ...]] = (
    ("tue", "en silence", "en silence"),
    ("secret", "secrète", "secrètes"),
    ("non_evaluee", "non évaluée", "non évaluées"),
)
"""The states that are neither raised nor calm, in words: of one alert, of several."""


def table(suivis: Suivis, own: Iterable[str]) -> str:
    """The rows as a table in a region that scrolls; ``own`` are the territories that have a chapter.

    Missing, withheld and not evaluated are words, never an empty curve.
    """
    heads = "".join(f'<th scope="col">{html.escape(head, quote=False)}</th>' for head in _HEADS)
    chapters = frozenset(own)
    rows = "".join(_row(suivis, ligne, ligne.territoire.code in chapters) for ligne in suivis.lignes)
    caption = "Les territoires suivis : emploi, plan, liste d'attente, alertes"
    return (
        f'<div class="tableau suivis" id="suivis" role="region" tabindex="0" aria-label="{html.escape(caption)}">'
        f"<table><caption>{html.escape(caption, quote=False)}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(suivis: Suivis, ligne: Ligne, has_chapter: bool) -> str:
    place = ligne.territoire
    name = html.escape(place.nom, quote=False)
    named = f'<a href="{place.code}.html">{name}</a>' if has_chapter else name
    where = f' <span class="precision">({html.escape(place.departement)})</span>' if place.departement else ""
    raised = " ".join(alerte.alerte for alerte in ligne.levees)
    day = Period(place.date_habilitation)
    sure = "" if place.date_sure else ' <span class="precision">(déduit)</span>'
    jobs = place.of("etp") or place.of("effectif")
    return (
        f'<tr data-alertes="{raised}"><th scope="row">{named}{where}</th>'
        f"<td>{dated(day)}{sure}</td>"
        f"<td>{_curve(jobs)}</td><td>{_share(ligne)}</td><td>{_curve(place.of('attente'))}</td>"
        f"<td>{_alerts(suivis, ligne)}</td></tr>"
    )


def _curve(releves: Sequence[Releve]) -> str:
    """The last value in words, its unit and its date; behind it the curve, where there are three points or more."""
    if not releves:
        return '<span class="absent">non connu</span>'
    last = releves[-1]
    if last.valeur is None:
        return (
            '<span class="secret">secret</span>'
            if last.etat == "masquee"
            else '<span class="absent">absent</span>'
        )
    unit = _UNITS[last.quantite]
    told = (
        f'<data value="{last.valeur:.15g}" data-unite="{unit}">{decimal(last.valeur, 1)}</data>{NBSP}{unit} '
        f'<span class="precision">({Period(last.periode).label})</span>'
    )
    points = [(r.end.toordinal(), r.valeur) for r in releves if r.valeur is not None]
    return f"{told}{sparkline(points)}" if len(points) > 2 else told


def sparkline(points: Sequence[tuple[int, float]]) -> str:
    """A curve of (day, value) in a box of whole units, its foot at zero; decoration, for the cell has the number.

    >>> sparkline([(0, 0.0), (5, 2.0), (10, 4.0)])
    '<svg class="courbe" viewBox="0 0 64 16" aria-hidden="true"><polyline points="1,15 32,8 63,1"/></svg>'
    """
    first, last = points[0][0], points[-1][0]
    low, high = min(0.0, *(y for _, y in points)), max(y for _, y in points)
    across, up = (WIDTH - 2) / ((last - first) or 1), (HEIGHT - 2) / ((high - low) or 1)
    line = " ".join(f"{1 + (x - first) * across:.0f},{HEIGHT - 1 - (y - low) * up:.0f}" for x, y in points)
    return (
        f'<svg class="courbe" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">'
        f'<polyline points="{line}"/></svg>'
    )


def _share(ligne: Ligne) -> str:
    """The part of the plan that is reached, where the year has one."""
    share = reached(ligne.territoire)
    if share is None:
        return f'<span class="absent">{ETATS["non_evaluee"]}</span>'
    return f'<data value="{100 * share:.1f}" data-unite="%">{decimal(100 * share, 0)}</data>{NBSP}%'


def _alerts(suivis: Suivis, ligne: Ligne) -> str:
    """How many alerts are raised, which, and what could not be judged; the number sorts the column."""
    labels = {regle.alerte: regle.libelle for regle in suivis.regles}
    raised = [html.escape(labels[alerte.alerte], quote=False) for alerte in ligne.levees]
    others = []
    for etat, one, more in _LEFT:
        count = sum(alerte.etat == etat for alerte in ligne.alertes)
        if count:
            others.append(f"{count}{NBSP}{one if count == 1 else more}")
    told = " ; ".join(raised) or "aucune levée"
    rest = f' <span class="precision">({", ".join(others)})</span>' if others else ""
    return f'<span data-tri="{len(raised)}">{told}</span>{rest}'
