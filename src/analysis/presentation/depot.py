"""What a chapter shows of the reception of deposits: what was sent, when, and what was kept."""

from __future__ import annotations

import html

from analysis.depot.records import Apercu
from analysis.noyau.french import counted, uncapitalized
from analysis.noyau.periods import long_date
from analysis.presentation.blocks import Block, Column, Table
from analysis.presentation.links import released_content
from analysis.presentation.marks import heading
from analysis.presentation.numbers import decimal
from analysis.presentation.tables import absence
from analysis.secret.bundle import Bundle

_AWAITED = "En attente du dépôt du territoire."


def titre(bundle: Bundle) -> Block:
    """The title of the chapter on one territory's deposit, or on all of them."""
    return heading(bundle, bundle.territoire.nom if bundle.territoire else "Synthèse")


def recu(bundle: Bundle) -> Block:
    """What the territory sent, when, and how many rows were kept."""
    deposit = _only(bundle)
    if deposit is None:
        return absence(_AWAITED)
    said = (
        f"Dépôt n° {deposit.numero}, reçu le {long_date(deposit.recu_le)}, données arrêtées au {long_date(deposit.arrete)}, "
        f"envoyé par : {uncapitalized(deposit.deposant)} (modèle {deposit.version}). {_constats(deposit)}"
    )
    columns = (
        Column("Table"),
        Column("Lignes lues", True),
        Column("Gardées", True),
        Column("Refusées", True),
    )
    rows = [
        [html.escape(t.libelle, quote=False), *(decimal(n, 0) for n in (t.lues, t.gardees, t.refusees))]
        for t in deposit.tables
    ]
    table = Table("depot-recu", "Ce que le territoire a envoyé, table par table", columns, rows)
    return Block(f"<p>{html.escape(said, quote=False)}</p>") + table.block()


def etat(bundle: Bundle) -> Block:
    """Who sent what: one row a territory, those that sent nothing included."""
    by_code = {r.content.territoire: released_content(r) for r in bundle.depots}
    columns = (
        Column("Territoire"),
        Column("Reçu le"),
        Column("Données arrêtées au"),
        Column("Lignes lues", True),
        Column("Gardées", True),
        Column("Refusées", True),
        Column("À confirmer", True),
    )
    rows = []
    for territoire in bundle.territoires:
        name = f'<a href="{territoire.code}.html">{html.escape(territoire.nom, quote=False)}</a>'
        deposit = by_code.get(territoire.code)
        rows.append([name, *(_state(deposit) if deposit else ["en attente", *[""] * 5])])
    return Table("etat-des-depots", "Les dépôts reçus", columns, rows).block()


def _only(bundle: Bundle) -> Apercu | None:
    return released_content(bundle.depots[0]) if bundle.depots else None


def _constats(deposit: Apercu) -> str:
    counts = deposit.constats
    return (
        f"Constats : {counted(counts['refuse'], 'refusé', 'refusés')}, {counts['a_confirmer']} à confirmer, "
        f"{counted(counts['note'], 'noté', 'notés')}."
    )


def _state(deposit: Apercu) -> list[str]:
    counts = [sum(getattr(t, name) for t in deposit.tables) for name in ("lues", "gardees", "refusees")]
    return [
        long_date(deposit.recu_le),
        long_date(deposit.arrete),
        *(decimal(count, 0) for count in (*counts, deposit.constats["a_confirmer"])),
    ]
