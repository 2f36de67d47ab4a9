"""From the deposit in force of a territory to what a chapter may tell of its reception."""

from __future__ import annotations

from typing import Final

from analysis.depot.garde.accuse import Apercu, Etat, TableRecue
from analysis.depot.garde.ledger import Ledger
from analysis.depot.referentiel import Referentiel

_ANSWERS: Final = "reponses"
_FEW: Final = 0.05


def apercu(ledger: Ledger, referentiel: Referentiel, territoire: str) -> Apercu | None:
    """When the deposit in force of a territory came and what was kept whole of it, None when nothing came.

    No count of rows leaves the deposit: the sheet of persons has as many as were met, and that count may be
    secret. The waves of the surveys are one table, since a wave that stands alone tells that people answered it.
    """
    recu = ledger.in_force(territoire)
    if recu is None:
        return None
    rows: dict[str, tuple[int, int]] = {}
    for name, count in recu.tables.items():
        table = _ANSWERS if name.startswith(f"{_ANSWERS}/") else name
        read, refused = rows.get(table, (0, 0))
        rows[table] = (read + count.lues, refused + count.refusees)
    return Apercu(
        territoire=territoire,
        numero=recu.numero,
        recu_le=recu.recu_le,
        arrete=recu.arrete,
        deposant=referentiel.label("deposant", recu.deposant),
        version=recu.version,
        tables=tuple(
            TableRecue(table, _label(referentiel, table, territoire), _etat(read, refused))
            for table, (read, refused) in rows.items()
        ),
        a_confirmer=any(str(gravite) == "a_confirmer" and n for gravite, n in recu.constats.items()),
    )


def _label(referentiel: Referentiel, table: str, territoire: str) -> str:
    return "Réponses aux enquêtes" if table == _ANSWERS else referentiel.table_label(table, territoire)


def _etat(read: int, refused: int) -> Etat:
    """How much of a table was kept, in one word of three.

    >>> _etat(40, 0), _etat(40, 1), _etat(40, 2), _etat(0, 0)
    ('complete', 'presque_complete', 'incomplete', 'complete')
    """
    if not refused:
        return "complete"
    return "presque_complete" if refused / read < _FEW else "incomplete"
