"""From the deposit in force of a territory to what a chapter may tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from analysis.depot.comptes import ventes
from analysis.depot.ledger import Ledger
from analysis.depot.records import Apercu, ExerciceRecu, MoisEtp, TableRecue
from analysis.depot.referentiel import Referentiel


def apercu(ledger: Ledger, referentiel: Referentiel, territoire: str) -> Apercu | None:
    """What the deposit in force of a territory holds, None when nothing was received.

    The months of ETP are as deposited; the sales of an exercice are the credits less the debits of its
    accounts 70, None where its accounts are missing or are refused.
    """
    recu = ledger.in_force(territoire)
    if recu is None:
        return None
    names = {ebe.code: ebe.nom for ebe in referentiel.territoire(territoire).ebe}
    tables = ledger.tables(recu)
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
        etp=tuple(
            MoisEtp(names[row["ebe"]], row["mois"], row["etp_ppde"], row["etp_encadrement"])
            for row in tables["etp"].sort_values(["ebe", "mois"]).to_dict("records")
        ),
        exercices=tuple(
            ExerciceRecu(
                names[row["ebe"]],
                date.fromisoformat(row["date_ouverture"]),
                date.fromisoformat(row["date_cloture"]),
                _sales(tables, row["ebe"], row["date_cloture"]),
            )
            for row in tables["exercices"].sort_values(["ebe", "date_cloture"]).to_dict("records")
        ),
    )


def _sales(tables: Mapping[str, pd.DataFrame], ebe: str, cloture: str) -> float | None:
    for table in ("ecritures", "balances"):
        frame = tables.get(f"{table}/{ebe}/{cloture}")
        if frame is not None and len(frame):
            return ventes(frame)
    return None
