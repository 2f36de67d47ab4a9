"""One deposit alone: a bilan of a single territory tells no more of it than that of ten."""

from __future__ import annotations

import pytest
from juges import Reader
from tableaux import tables

from analysis.demonstration.lieux import territoires
from analysis.indicateurs.calcul import calculer
from analysis.noyau.paths import Project
from analysis.secret.audit.deux_editions import SANS_PASSE
from analysis.secret.audit.fuites import tenus
from analysis.secret.audit.lecteur import attaquer
from analysis.secret.regles import decider

CODES = [lieu.code for lieu in territoires(10)]


@pytest.mark.lent
@pytest.mark.parametrize("code", CODES)
def test_nobody_is_found_in_the_edition_of_one_deposit(ten: Project, code: str) -> None:
    """None exactly, none within its interval: its numbers are also those of all the territories together.

    Neither by our attack, nor by a reader of its tables that has nothing of it.
    """
    r = calculer(ten, [code])
    released = decider(r.mesures, r.definitions, r.accords)
    whole, known = tenus(r, SANS_PASSE)
    found = attaquer(whole, released, known, r.definitions, SANS_PASSE)
    withheld = sum(one.content.etat == "masquee" for one in released)
    assert withheld > 50 and len(found.largeurs) > 10
    assert found.trouvees == ()
    known_to_others = [table for table in tables(r.mesures, [one.content for one in released]) if table.few]
    assert len(known_to_others) > 3
    assert [narrow for table in known_to_others if (narrow := Reader(table).narrow())] == []
