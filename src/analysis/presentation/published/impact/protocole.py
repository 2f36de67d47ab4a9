"""The protocol that was frozen first: its day, its hash, and what the results were computed from."""

from __future__ import annotations

import html
from typing import Final

from analysis.noyau.french import NBSP
from analysis.noyau.periods import Period
from analysis.presentation.parts.blocks import Block, Column, Table
from analysis.presentation.parts.tables import absence
from analysis.presentation.published.impact.mots import Etude, etude_of
from analysis.secret.bundle import Bundle

SOURCES: Final = {
    "urssaf_emploi": "Urssaf, effectifs salariés du privé par commune",
    "dares_inscrits": "Dares et France Travail, demandeurs d'emploi inscrits par commune",
    "inscrits_anciennete": "Demandeurs d'emploi par intercommunalité et ancienneté d'inscription",
    "filosofi": "Insee, Filosofi, revenus et pauvreté par commune",
    "chomage_localise": "Insee, taux de chômage localisés",
    "recensement": "Insee, recensement de la population",
    "geographie": "Insee, code officiel géographique et zones",
}
"""The open data, as a table names them."""

NO_RESULT = "Aucune comparaison à ce qui se serait passé sans l'expérimentation n'est encore calculée."


def protocole(bundle: Bundle) -> Block:
    """When the rules were written, under which hash, and the sources that the results come from."""
    etude = etude_of(bundle)
    if etude is None:
        return absence(NO_RESULT, anchor="protocole")
    columns = (Column("Source"), Column("Empreinte SHA-256 des fichiers lus"))
    rows = [
        [
            html.escape(SOURCES.get(source, source.replace("_", " ")), quote=False),
            f"<code>{html.escape(digest[:16])}…</code>",
        ]
        for source, digest in sorted(etude.resultats.entrees.items())
    ]
    return empreinte(etude) + (
        Table("sources-ouvertes", "Les données ouvertes dont ces résultats sont faits", columns, rows).block()
        if rows
        else Block("")
    )


def empreinte(etude: Etude) -> Block:
    """The day and the hash of the protocol, in a sentence."""
    day = Period(etude.resultats.protocole_date).label
    return Block(
        f"<p>Protocole figé le {html.escape(day, quote=False)}, empreinte{NBSP}: "
        f"<code>{html.escape(etude.resultats.protocole[:16])}</code>.</p>"
    )
