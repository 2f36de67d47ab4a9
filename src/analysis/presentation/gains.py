"""What the payers gain by the people of the deposits: of one territory, of all."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.noyau.mesures import ENSEMBLE
from analysis.presentation.attentes import RESSOURCES, attente
from analysis.presentation.blocks import Block
from analysis.presentation.marks import territoire_of
from analysis.presentation.mesures import (
    Key,
    breakdown,
    last_period,
    place_of,
    sentence,
    value_of,
)
from analysis.secret.bundle import Bundle

_GAIN = "gain_moyen_payeur"
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
    if not keys:
        return attente(bundle, RESSOURCES)
    caption = "Gain moyen de chaque payeur la deuxième année, hors contribution"
    return breakdown(bundle, (_GAIN,), keys, anchor=anchor, caption=caption)
