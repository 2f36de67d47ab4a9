"""The thresholds of secrecy, and what the rules say, written from them.

``python -m analysis.secret.seuils`` writes the rules into docs/methods/secret.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from analysis.noyau.paths import Project

SEUIL_EFFECTIF: Final = 5
"""A count of people, a quantity of ETP, a difference between two of them is withheld under it, zero apart."""

SEUIL_TAUX: Final = 11
"""A rate, a share, a mean, a median, an incidence on fewer people is withheld."""

BASE_ARRONDI: Final = 5
"""A number of people or of ETP that follows others month by month is rounded to a multiple of it."""

SEUIL_EBE: Final = 3
"""A sum of accounts of fewer EBE is withheld."""

SEUIL_CITATION: Final = 11
"""A wave of fewer answers is quoted from by nobody."""

_PEU: Final = f"de 1 à {SEUIL_EFFECTIF - 1} personnes"
_PEU_D_EBE: Final = f"moins de {SEUIL_EBE} EBE"

ENONCES: Final[Mapping[str, str]] = {
    "seuil-effectif": f"un nombre {_PEU}, une quantité de moins de {SEUIL_EFFECTIF} ETP ; zéro est dit",
    "seuil-taux": (
        "un taux, une part, une moyenne, une médiane, une probabilité, un coefficient ou un écart de profil "
        f"sur moins de {SEUIL_TAUX} personnes"
    ),
    "petit-cote": f"un rapport qui compte ou laisse {_PEU}, et le nombre qui le rendrait",
    "groupe-entier": "une caractéristique sensible vraie de tout le groupe, ou de personne",
    "difference": (
        f"une valeur qui diffère {_PEU} de la plus proche publiée : d'une date à la suivante, d'un délai au "
        "précédent"
    ),
    "arrondi": f"un effectif ou des ETP mensuels, montrés à {BASE_ARRONDI} près",
    "addition": (
        "la catégorie ou le territoire qu'une soustraction rendrait : celui qui entre dans le moins de "
        "sommes, puis le plus petit ; à défaut, le total"
    ),
    "composante": (
        "un rapport dont le numérateur ou le dénominateur est retenu, un écart dont une part l'est, une "
        "médiane dont l'effectif l'est"
    ),
    "accord": "les comptes d'une seule EBE sans accord écrit ni comptes publiés, exercice par exercice",
    "trop-peu-d-ebe": (f"une somme nationale de {_PEU_D_EBE}, ou dont 1 à {SEUIL_EBE - 1} sont retenues"),
    "edition": (
        "un nombre qui diffère trop peu de celui d'une édition passée, ou qu'elle retenait ; la valeur de "
        "l'édition passée reste"
    ),
    "citation": f"les mots d'une personne, si moins de {SEUIL_CITATION} ont répondu à la vague",
}
"""What each rule withholds, in the words of the page on secrecy."""

TROP_PEU_D_EBE: Final = f"{_PEU_D_EBE}, publiées ou retenues"
"""Why a national sum of accounts is withheld, as a page says it."""

_TABLE: Final = re.compile(r"\| Règle \|.*?(?=\n\n)", re.DOTALL)


def page(text: str) -> str:
    """The page on secrecy with the table of its rules written anew.

    >>> page("| Règle | ? |\\n| x | y |\\n\\nLa suite.").splitlines()[2][:20]
    '| seuil-effectif | u'
    """
    rows = "\n".join(f"| {rule} | {told} |" for rule, told in ENONCES.items())
    return _TABLE.sub(lambda _: f"| Règle | Ce qu'elle retient |\n|---|---|\n{rows}", text, count=1)


if __name__ == "__main__":
    path = Project.here().methods / "secret.md"
    path.write_text(page(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
