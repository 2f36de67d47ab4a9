"""Why a measure is withheld, what it is bound to, what would let it be shown: never its number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from analysis.noyau.errors import BilanError, UnknownName
from analysis.noyau.french import counted
from analysis.noyau.mesures import Definitions, Mesure
from analysis.secret.audit.fuites import Noms, nommer
from analysis.secret.release import Released, Rule
from analysis.secret.seuils import SEUIL_EBE, SEUIL_EFFECTIF, SEUIL_TAUX
from analysis.secret.sommes import Cle, Sum

LIENS_DITS: Final = 4
"""The bonds of a measure that an explanation names, at most."""

SEULE: Final = "pour ce qu'elle est"
LIEE: Final = "pour ce qu'elle rendrait d'une autre"
PASSEE: Final = "pour ce qu'une édition passée a dit ou retenu"
ACCORD: Final = "faute d'accord ou d'assez d'EBE"

_FAMILLES: Final[Mapping[Rule, tuple[str, str]]] = {
    "seuil-effectif": (SEULE, f"au moins {SEUIL_EFFECTIF} personnes, ou une catégorie plus large"),
    "seuil-taux": (SEULE, f"au moins {SEUIL_TAUX} personnes au dénominateur, ou une période plus longue"),
    "petit-cote": (SEULE, f"au moins {SEUIL_EFFECTIF} personnes de chaque côté, ou aucune"),
    "groupe-entier": (SEULE, "des personnes de plusieurs catégories : une seule les dit toutes"),
    "difference": (LIEE, f"un écart d'au moins {SEUIL_EFFECTIF} personnes avec la date ou le délai voisin"),
    "addition": (LIEE, "qu'un autre terme de la même somme puisse être montré, ou des catégories regroupées"),
    "intervalle": (
        LIEE,
        "qu'un autre terme de la même somme puisse être montré, ou des catégories regroupées",
    ),
    "composante": (LIEE, "que les effectifs dont elle est faite puissent être montrés"),
    "sans-protection": (LIEE, "des catégories regroupées"),
    "dominance": (ACCORD, "une EBE dont les comptes ne fassent pas presque toute la somme"),
    "edition": (
        PASSEE,
        f"un écart d'au moins {SEUIL_EFFECTIF} personnes avec l'édition passée, ou une exception décidée",
    ),
    "accord": (ACCORD, "l'accord de l'EBE pour cet exercice, ou des comptes qu'elle publie"),
    "trop-peu-d-ebe": (ACCORD, f"au moins {SEUIL_EBE} EBE, et autant de retenues"),
}
"""The family of each rule, as a person reads it, and what would let a measure be shown."""


def expliquer(
    released: Sequence[Released[Mesure]],
    sommes: Sequence[Sum],
    definitions: Definitions,
    noms: Noms,
    lieu: str,
    mesure: str,
    periode: str = "",
) -> str:
    """Why the values of a measure at a place, at a period or at all, are withheld, one paragraph each.

    Raises UnknownName for a place or a measure that has none, BilanError where nothing was computed.
    """
    definitions.of(mesure)
    places = sorted({one.content.lieu for one in released})
    if not places:
        raise BilanError("Aucun dépôt n'est reçu : aucune mesure n'est calculée, et rien n'est retenu.")
    if lieu not in places:
        raise UnknownName("lieu", lieu, places)
    asked = [
        one.content.cle
        for one in released
        if (one.content.mesure, one.content.lieu) == (mesure, lieu) and periode in ("", one.content.periode)
    ]
    if not asked:
        when = f" à la période « {periode} »" if periode else ""
        raise BilanError(f"« {mesure} » n'est pas calculée pour « {lieu} »{when}.")
    rules = {one.content.cle: one for one in released}
    hidden = [cle for cle in asked if rules[cle].content.etat == "masquee"]
    shown = sum(rules[cle].content.etat == "calculee" for cle in asked)
    told = counted(shown, "valeur montrée", "valeurs montrées")
    head = f"{told}, {counted(len(hidden), 'retenue', 'retenues')}."
    return "\n".join([head, *(_explained(cle, rules, sommes, definitions, noms) for cle in hidden)])


def _explained(
    cle: Cle,
    rules: Mapping[Cle, Released[Mesure]],
    sommes: Sequence[Sum],
    definitions: Definitions,
    noms: Noms,
) -> str:
    family, condition = _FAMILLES.get(rules[cle].rule, (SEULE, "une décision de la personne responsable"))
    bonds = list(_bound(cle, sommes, definitions, noms))
    lines = [
        f"{nommer(cle, definitions, noms)} est retenue {family}.",
        f"  Pour la montrer, il faut {condition}.",
    ]
    if family != SEULE and bonds:
        lines.insert(1, f"  Elle est liée à {' ; '.join(bonds[:LIENS_DITS])}.")
    return "\n".join(lines)


def _bound(cle: Cle, sommes: Sequence[Sum], definitions: Definitions, noms: Noms) -> Iterator[str]:
    """What a measure adds up with: the totals, then the other terms, each once."""
    mine = [one for one in sommes if cle in one.cells]
    others = [one.total for one in mine if one.total not in (None, cle)]
    others += [term for one in mine for term in one.parts if term != cle]
    for other in dict.fromkeys(one for one in others if one is not None):
        if other[0] in definitions.by_name:
            yield nommer(other, definitions, noms)
