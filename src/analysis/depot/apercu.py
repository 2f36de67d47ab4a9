"""From the deposit in force of a territory to what a chapter may tell of its reception."""

from __future__ import annotations

from analysis.depot.ledger import Ledger
from analysis.depot.records import Apercu, TableRecue
from analysis.depot.referentiel import Referentiel


def apercu(ledger: Ledger, referentiel: Referentiel, territoire: str) -> Apercu | None:
    """When the deposit in force of a territory came and what was kept of it, None when nothing did."""
    recu = ledger.in_force(territoire)
    if recu is None:
        return None
    return Apercu(
        territoire=territoire,
        numero=recu.numero,
        recu_le=recu.recu_le,
        arrete=recu.arrete,
        deposant=referentiel.label("deposant", recu.deposant),
        version=recu.version,
        tables=tuple(
            TableRecue(
                name, referentiel.table_label(name, territoire), count.lues, count.gardees, count.refusees
            )
            for name, count in recu.tables.items()
        ),
        constats={str(gravite): count for gravite, count in recu.constats.items()},
    )
