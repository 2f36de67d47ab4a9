"""What a chapter shows of a deposit: what was received, the ETP month by month, the sales by exercice."""

from __future__ import annotations

import html
from collections.abc import Sequence
from itertools import groupby

from analysis.depot.records import Apercu, ExerciceRecu, MoisEtp
from analysis.noyau.french import counted, uncapitalized
from analysis.noyau.periods import Period, long_date
from analysis.presentation.blocks import Block, Chart, Column, Table
from analysis.presentation.charts import Line, Panel, panels_svg
from analysis.presentation.links import released_content
from analysis.presentation.marks import heading, territoire_of
from analysis.presentation.numbers import decimal
from analysis.presentation.tables import absence
from analysis.secret.bundle import Bundle

_AWAITED = "En attente du dépôt du territoire."
_ETP_NOTE = "ETP en moyenne du mois, comme déposés : personnes privées durablement d'emploi embauchées (PPDE), et encadrement."


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


def etp(bundle: Bundle) -> Block:
    """The ETP of each EBE month by month, as deposited."""
    deposit = _only(bundle)
    if deposit is None or not deposit.etp:
        return absence(
            f"ETP : {_AWAITED[0].lower()}{_AWAITED[1:]}" if deposit is None else "ETP : aucun mois déposé."
        )
    panels = [_panel(ebe, list(months)) for ebe, months in groupby(deposit.etp, key=lambda month: month.ebe)]
    return Chart(
        anchor="etp",
        caption=f"ETP mois par mois, {territoire_of(bundle).nom}",
        svg=panels_svg(panels, y_label="ETP", from_zero=True),
        alt="Courbes par EBE. " + " ; ".join(_described(months) for months in _by_ebe(deposit.etp)) + ".",
        note=_ETP_NOTE,
        data=_months_table(deposit.etp),
    ).block()


def exercices(bundle: Bundle) -> Block:
    """The exercices of each EBE and the sales of their accounts."""
    deposit = _only(bundle)
    if deposit is None or not deposit.exercices:
        return absence(
            "Comptes : en attente du dépôt du territoire."
            if deposit is None
            else "Comptes : aucun exercice déposé."
        )
    columns = (Column("EBE"), Column("Exercice"), Column("Ventes (€)", True))
    rows = [
        [
            html.escape(e.ebe, quote=False),
            f"du {long_date(e.ouverture)} au {long_date(e.cloture)}",
            _ventes(e),
        ]
        for e in deposit.exercices
    ]
    note = (
        "Ventes : crédits moins débits des comptes 70 de l'exercice. Un exercice n'est pas une année civile."
    )
    return Table("exercices", "Exercices et ventes des EBE", columns, rows, note=note).block()


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


def etp_de_tous(bundle: Bundle) -> Block:
    """The ETP of every EBE month by month, side by side."""
    months = [month for r in bundle.depots for month in released_content(r).etp]
    if not months:
        return absence("ETP : aucun dépôt reçu.")
    panels = [_panel(of_ebe[0].ebe, of_ebe) for of_ebe in _by_ebe(months)]
    return Chart(
        anchor="etp-de-tous",
        caption="ETP mois par mois, chaque EBE",
        svg=panels_svg(panels, columns=3, y_label="ETP", share_y=True, from_zero=True),
        alt="Petits graphiques, un par EBE. " + " ; ".join(_described(m) for m in _by_ebe(months)) + ".",
        note=f"{_ETP_NOTE} Trait rouge à points : PPDE ; tirets bleus : encadrement. Même échelle partout.",
        data=_months_table(months),
    ).block()


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


def _by_ebe(months: Sequence[MoisEtp]) -> list[list[MoisEtp]]:
    return [list(of_ebe) for _, of_ebe in groupby(months, key=lambda month: month.ebe)]


def _panel(ebe: str, months: Sequence[MoisEtp]) -> Panel:
    middles = [Period(month.mois).middle for month in months]
    ppde = Line("PPDE", "commune", tuple(zip(middles, (m.ppde for m in months), strict=True)))
    others = Line(
        "encadrement", "zone_emploi", tuple(zip(middles, (m.encadrement for m in months), strict=True))
    )
    return Panel(ebe, (ppde, others))


def _described(months: Sequence[MoisEtp]) -> str:
    first, last = months[0], months[-1]
    return (
        f"{first.ebe} : {decimal(first.ppde, 1)} ETP PPDE en {Period(first.mois).label}, "
        f"{decimal(last.ppde, 1)} en {Period(last.mois).label}"
    )


def _months_table(months: Sequence[MoisEtp]) -> Table:
    columns = (Column("EBE"), Column("Mois"), Column("ETP PPDE", True), Column("ETP encadrement", True))
    rows = [
        [html.escape(m.ebe, quote=False), Period(m.mois).label, decimal(m.ppde, 2), decimal(m.encadrement, 2)]
        for m in months
    ]
    return Table("donnees", "ETP par EBE et par mois", columns, rows)


def _ventes(exercice: ExerciceRecu) -> str:
    if exercice.ventes is None:
        return '<span class="absent">comptes non reçus</span>'
    return decimal(exercice.ventes, 0)
