"""What a chapter shows of the reception of deposits: what was sent, when, and what was kept."""

from __future__ import annotations

import html

from analysis.depot.garde.accuse import Apercu, Etat
from analysis.noyau.french import uncapitalized
from analysis.noyau.periods import Period, long_date
from analysis.presentation.parts.attentes import DEPOT, attente
from analysis.presentation.parts.blocks import Block, Column, Table, dated
from analysis.presentation.parts.links import released_content
from analysis.presentation.parts.marks import heading
from analysis.secret.bundle import Bundle

_REFUSED: dict[Etat, str] = {
    "complete": "aucune",
    "presque_complete": "moins d'une sur vingt",
    "incomplete": "une sur vingt ou plus",
}
"""How much of a table was refused, in words."""


def titre(bundle: Bundle) -> Block:
    """The title of the chapter on one territory's deposit, or on all of them."""
    return heading(bundle, bundle.territoire.nom if bundle.territoire else "Synthèse")


def recu(bundle: Bundle) -> Block:
    """What the territory sent, when, and which tables were kept whole; never how many rows.

    Nothing in a bilan of real territories, which does not tell of the reception.
    """
    deposit = _only(bundle)
    if deposit is None:
        return Block("") if bundle.nature == "reel" else attente(bundle, DEPOT)
    confirm = "Des points y attendent une confirmation du territoire." if deposit.a_confirmer else ""
    said = (
        f"Dépôt n° {deposit.numero}, reçu le {long_date(deposit.recu_le)}, données arrêtées au {long_date(deposit.arrete)}, "
        f"envoyé par : {uncapitalized(deposit.deposant)} (modèle {deposit.version}). {confirm}"
    )
    columns = (Column("Ce qui a été reçu"), Column("Lignes refusées"))
    rows = [[html.escape(t.libelle, quote=False), _REFUSED[t.etat]] for t in deposit.tables]
    note = "Le nombre de lignes n'est pas donné : une ligne est souvent une personne."
    table = Table("depot-recu", "Ce que le territoire a envoyé", columns, rows, note=note)
    return Block(f"<p>{html.escape(said.strip(), quote=False)}</p>") + table.block()


def etat(bundle: Bundle) -> Block:
    """Who sent what: one row a territory, those that sent nothing included."""
    by_code = {r.content.territoire: released_content(r) for r in bundle.depots}
    columns = (
        Column("Territoire"),
        Column("Reçu le"),
        Column("Données arrêtées au"),
        Column("Lignes refusées"),
        Column("À confirmer"),
    )
    rows = []
    for territoire in bundle.territoires:
        name = f'<a href="{territoire.code}.html">{html.escape(territoire.nom, quote=False)}</a>'
        deposit = by_code.get(territoire.code)
        rows.append([name, *(_state(deposit) if deposit else ["en attente", *["–"] * 3])])
    note = "La table dont il manque le plus dit ce qui est refusé du dépôt."
    return Table("etat-des-depots", "Les dépôts reçus", columns, rows, note=note).block()


def _only(bundle: Bundle) -> Apercu | None:
    return released_content(bundle.depots[0]) if bundle.depots else None


def _state(deposit: Apercu) -> list[str]:
    return [
        dated(Period(deposit.recu_le.isoformat())),
        dated(Period(deposit.arrete.isoformat())),
        _REFUSED[deposit.etat],
        "des points" if deposit.a_confirmer else "rien",
    ]
