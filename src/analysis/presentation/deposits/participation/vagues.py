"""The waves of surveys of a place, what each asked and how its numbers are told."""

from __future__ import annotations

import html

from analysis.noyau.declared.nomenclatures import Choix
from analysis.noyau.mesures import ENSEMBLE, Mesure
from analysis.noyau.periods import Period
from analysis.presentation.numbers import NBSP, decimal
from analysis.presentation.parts.links import released_content
from analysis.presentation.parts.mesures import Shown, cell
from analysis.secret.bundle import Bundle

YES, NO = "oui", "–"


def dated_value(bundle: Bundle, shown: Shown) -> str:
    """A value with its unit, its parts and its day, or that none was deposited."""
    if shown is None:
        return '<span class="absent">aucune valeur déposée</span>'
    day = Period(released_content(shown).periode).label
    unit = html.escape(bundle.dictionary.unit(released_content(shown).unite).pluriel, quote=False)
    value = cell(shown, bundle)
    m = released_content(shown)
    if m.valeur is not None:
        value += f"{NBSP}{unit}"
    if m.numerateur is not None and m.denominateur is not None:
        value += (
            f' <span class="precision">({decimal(m.numerateur, 0)} sur {decimal(m.denominateur, 0)})</span>'
        )
    return f'{value}<br><span class="precision">{html.escape(day)}</span>'


def asked_told(question: Choix, when: str, bundle: Bundle) -> str:
    """A question of a survey as the head of a row: its words, then the survey and when."""
    survey = bundle.label("enquete", question.code.partition("-")[0])
    precise = html.escape(f"{survey}, {when}", quote=False)
    return f'{html.escape(question.libelle, quote=False)}<br><span class="precision">{precise}</span>'


def place_of(bundle: Bundle) -> str:
    """The place that a chapter is on: its territory, or all of them."""
    return bundle.territoire.code if bundle.territoire else ENSEMBLE


def waves_of(bundle: Bundle, place: str, *, missing: bool = False) -> list[tuple[str, str]]:
    """The surveys and years of which something is told at a place, in the order of the surveys.

    ``missing`` adds those of which the answers could not be used.
    """
    order = [option.code for option in bundle.definition("enquete_reponses").modalites]
    found = {
        (m.modalite, m.periode)
        for m in map(_content, bundle.measures("enquete_reponses", place=place))
        if missing or m.etat != "absente"
    }
    return sorted(found, key=lambda wave: (order.index(wave[0]), wave[1]))


def _content(shown: Shown) -> Mesure:
    assert shown is not None
    return released_content(shown)
