"""What chapters show of deposits: counts as kept, gaps as gaps, only what the gate let through."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from analysis.depot.records import Apercu, TableRecue
from analysis.presentation import depot as vue
from analysis.secret.bundle import Bundle, with_deposits

APERCU = Apercu(
    territoire="val",
    numero=2,
    recu_le=date(2021, 9, 1),
    arrete=date(2021, 6, 30),
    deposant="Chef de projet du CLE",
    version="2026-1",
    tables=(TableRecue("personnes", "Personnes", 1200, 1198, 2),),
    constats={"refuse": 2, "a_confirmer": 1, "note": 0},
)


@pytest.fixture
def sent(val: Bundle) -> Bundle:
    return with_deposits(val, [APERCU], "demonstration")


def test_counts_are_read_kept_and_refused(sent: Bundle) -> None:
    shown = vue.recu(sent).html.replace("\u202f", " ")
    assert '<td class="nombre">1 200</td><td class="nombre">1 198</td><td class="nombre">2</td>' in shown
    assert "chef de projet du CLE" in shown and "1er septembre 2021" in shown
    assert "2 refusés, 1 à confirmer, 0 noté." in shown


def test_without_a_deposit_it_is_awaited(val: Bundle, synthese: Bundle) -> None:
    assert "En attente du dépôt du territoire" in vue.recu(val).html
    assert "en attente" in vue.etat(synthese).html


def test_the_synthesis_puts_those_who_sent_beside_those_who_did_not(synthese: Bundle) -> None:
    shown = vue.etat(with_deposits(synthese, [APERCU], "demonstration")).html
    assert "30 juin 2021" in shown and shown.count("en attente") == len(synthese.territoires) - 1


def test_a_real_deposit_does_not_pass_and_a_raw_one_is_not_shown(val: Bundle) -> None:
    with pytest.raises(TypeError, match="démonstration"):
        with_deposits(val, [APERCU], "reel")
    with pytest.raises(TypeError, match="publiables"):
        vue.recu(replace(val, depots=(APERCU,)))  # type: ignore[arg-type]


def test_a_bundle_with_deposits_is_the_same_after_bytes(sent: Bundle) -> None:
    assert Bundle.from_bytes(sent.to_bytes()) == sent
