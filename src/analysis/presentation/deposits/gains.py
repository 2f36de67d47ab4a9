"""What the payers gain by the people of the deposits: of one territory, of all."""

from __future__ import annotations

import html
from collections.abc import Sequence

from analysis.noyau.mesures import ENSEMBLE
from analysis.presentation.parts.attentes import RESSOURCES, attente
from analysis.presentation.parts.blocks import Block, Column, Table
from analysis.presentation.parts.marks import territoire_of
from analysis.presentation.parts.mesures import (
    Key,
    breakdown,
    categories,
    cell,
    count_of,
    last_period,
    note,
    place_of,
    sentence,
    value_of,
)
from analysis.secret.bundle import Bundle

_PERSONNES, _GAIN = "gain_personnes", "gain_moyen_payeur"
_CONCERNES, _PARMI = "gain_concernes", "gain_moyen_concernes"
_AUTRE_EMPLOI, _HORIZON = "incidence_autre_emploi", "m24"


def de_tous(bundle: Bundle) -> Block:
    """The mean gain of each payer in every territory that sent its deposit, then in all of them."""
    places = [t.code for t in bundle.territoires if _is_measured(bundle, t.code)]
    keys = [_key(bundle, code) for code in (*places, ENSEMBLE) if _is_measured(bundle, code)]
    return _gains(bundle, keys, anchor="gains-par-territoire")


def du_territoire(bundle: Bundle) -> Block:
    """The mean gain of each payer by the jobs of a territory."""
    code = territoire_of(bundle).code
    if not _is_measured(bundle, code):
        return _gains(bundle, [], anchor="gains")
    key = _key(bundle, code)
    return _gains(bundle, [key], anchor="gains") + _without_ebe(bundle, code, key[-1])


def _without_ebe(bundle: Bundle, place: str, period: str) -> Block:
    """What the deposit tells of who finds a job without the EBE: by how much the gains are to be reduced."""
    left = bundle.measured(_AUTRE_EMPLOI, place=place, periode=period, modalite=_HORIZON)
    told = "elle n'est pas montrée ici" if value_of(left) is None else sentence(left, bundle)
    return Block(
        f"<p>Ces gains supposent que personne n'aurait trouvé d'emploi. La courbe du dépôt dit combien de volontaires en "
        f"trouvent un avant toute embauche : au bout de vingt-quatre mois, {told}. Les gains se réduisent d'autant.</p>"
    )


def _is_measured(bundle: Bundle, place: str) -> bool:
    """Whether something of the study was computed of a place's deposit."""
    return bool(bundle.measures(_GAIN, place=place))


def _key(bundle: Bundle, place: str) -> Key:
    period = last_period(bundle, _GAIN, place=place)
    return (place_of(place, bundle), place, "", period)


def _gains(bundle: Bundle, keys: Sequence[Key], *, anchor: str) -> Block:
    """The means over all the people joined to a case type, under their number; then those of whom a payer concerns."""
    if not keys:
        return attente(bundle, RESSOURCES)
    caption = (
        "Gain moyen de chaque payeur la deuxième année, hors contribution, en euros par personne et par an"
    )
    over_all = breakdown(bundle, (_PERSONNES, _GAIN), keys, anchor=anchor, caption=caption)
    return over_all + _among(bundle, keys, anchor=f"{anchor}-concernes")


def _among(bundle: Bundle, keys: Sequence[Key], *, anchor: str) -> Block:
    """Of each payer that does not concern everybody: whom it concerns, and their mean with its count."""
    rows, everything = [], []
    for payeur, name in categories(bundle, _PARMI):
        for label, place, _, period in keys:
            shown = [
                bundle.measured(mesure, place=place, periode=period, modalite=payeur)
                for mesure in (_CONCERNES, _PARMI)
            ]
            if shown[0] is not None:
                everything += shown
                head = f"{name}, {label}" if len(keys) > 1 else name
                part, mean = (cell(r, bundle, parts=r is shown[0]) for r in shown)
                rows.append([html.escape(head, quote=False), part, mean, count_of(shown[1])])
    if not rows:
        return Block("")
    columns = (
        Column("Payeur"),
        Column("Personnes qu'il concerne (%)", True),
        Column("Gain moyen parmi elles (€)", True),
        Column("Sur combien", True),
    )
    caption = "Le même gain parmi les seules personnes que le payeur concerne"
    return Table(anchor, caption, columns, rows, note=note(bundle, everything)).block()
