"""The page of every followed territory: its table, what filters it, the script that does it."""

from __future__ import annotations

from typing import Any, Final

from analysis.livre.article.articles import TEMPLATES
from analysis.noyau.periods import long_date
from analysis.presentation.deposits.suivis_liste import table
from analysis.secret.bundle import Bundle

PAGE: Final = "territoires-suivis"
SCRIPT: Final = "territoires-suivis.js"


def contexte(bundle: Bundle) -> dict[str, Any] | None:
    """What the page's template shows of the chapter's bundle, None where nothing is followed."""
    if bundle.suivis is None:
        return None
    suivis = bundle.suivis.content
    return {
        "jour": long_date(suivis.jour),
        "alertes": [(regle.alerte, regle.libelle) for regle in suivis.regles],
        "nombre": len(suivis.lignes),
        "table": table(suivis, [territoire.code for territoire in bundle.territoires]),
    }


def fichiers() -> dict[str, bytes]:
    """The script, by its address."""
    return {SCRIPT: (TEMPLATES / SCRIPT).read_bytes()}
