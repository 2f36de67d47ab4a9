"""Who pays or receives each line: amounts of the legislation and declared lines, shared between payers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pandas as pd

from analysis.indicateurs.depenses_passives.declarations import Declarations, in_force
from analysis.indicateurs.depenses_passives.loi.transitions import VARIANTES
from analysis.noyau.errors import BilanError

PRESTATIONS: Final = (
    *("rsa", "ass", "aah", "are", "prime_activite", "aide_logement", "prestations_familiales", "prime_noel"),
)
RECETTES: Final = (
    *("cotisations_secu", "cotisations_chomage", "cotisations_logement", "cotisations_autres", "csg_crds"),
)
REDUCTION: Final = "reduction_generale"
CDE: Final = "cde"

LIBELLES: Final = {
    "rsa": "RSA",
    "ass": "ASS",
    "aah": "AAH",
    "are": "ARE",
    "prime_activite": "Prime d'activité",
    "aide_logement": "Aide au logement",
    "prestations_familiales": "Prestations familiales",
    "prime_noel": "Prime de Noël",
    "cotisations_secu": "Cotisations de Sécurité sociale",
    "cotisations_chomage": "Cotisations d'assurance chômage",
    "cotisations_logement": "Contribution au Fonds national d'aide au logement (FNAL)",
    "cotisations_autres": "Retraite complémentaire et autres cotisations",
    "csg_crds": "CSG et CRDS",
    REDUCTION: "Réduction générale de cotisations",
    "compensation_reduction_generale": "Compensation de la réduction générale",
    "compensation_rsa": "Compensation du RSA",
    CDE: "Contribution au développement de l'emploi",
}
"""The lines that the legislation computes, in words."""

DU_SALAIRE: Final = {
    "salaire_brut": "Salaire brut",
    "salaire_net": "Salaire net",
    "cout_employeur": "Coût du salaire pour l'employeur",
}
"""The amounts of the wage, which no payer of the study shares."""

RECOURS: Final[Mapping[str, str]] = {
    "rsa": "recours_rsa",
    "prime_noel": "recours_rsa",
    "prime_activite": "recours_prime",
    "aide_logement": "recours_logement",
}
"""The assumption of take-up, or of how long it lasts, that a benefit follows; the others are what was
received."""

COLONNES: Final = (
    "millesime",
    "annee",
    "variante",
    "ressource",
    "perimetre",
    "ligne",
    "payeur",
    "facteurs",
    "montant",
)


def coefficients(declarations: Declarations) -> pd.DataFrame:
    """What a payer gains by one full-time job, for a person of one resource, with nothing else assumed.

    One row for a year of hire (``millesime``), a year since the hire (1, 2), a variant, a resource, a line
    and a payer: ``montant`` in euros per ETP and year, positive when the payer spends less or receives more,
    and ``facteurs``, the assumptions that multiply it (codes separated by a space; nothing multiplies twice).
    So a result is a sum of products: multilinear, the same in every language. ``variante`` is that of the
    cumul for the legislation's lines, of the declared lines for theirs. Every sum over payers is the sum of
    its line.
    """
    rows = [*_of_legislation(declarations), *_contribution(declarations), *_declared(declarations)]
    frame = pd.DataFrame(rows, columns=list(COLONNES))
    keys = list(COLONNES[:-1])
    sums = frame.groupby(keys, sort=True)["montant"].sum().round(2)
    return sums.reset_index()[list(COLONNES)]


def libelles(declarations: Declarations) -> dict[str, str]:
    """Every line in words, the declared ones included."""
    return {**LIBELLES, **{row["ligne"]: row["libelle"] for row in declarations.tables["lignes_declarees"]}}


def parts(declarations: Declarations, ligne: str, mois: str) -> dict[str, float]:
    """The part of a line that each payer pays or receives at a month; they make a whole."""
    rows = [row for row in declarations.affectations.get(ligne, ()) if in_force(row, mois)]
    if not rows:
        raise KeyError(f"nobody pays {ligne} in {mois}")
    return {row["payeur"]: float(row["part"]) for row in rows}


def _of_legislation(declarations: Declarations) -> Iterator[tuple[object, ...]]:
    lacking = sorted(set(declarations.cas) - set(declarations.acceptes["cas"]))
    if lacking:
        raise BilanError(
            f"Cas types sans montants acceptés : {', '.join(lacking)}. Lancez « bilan legislation "
            "comparer », puis « bilan legislation accepter »."
        )
    index = ["cas", "variante", "annee", "ligne"]  # an amount that is not written is nil
    wide = declarations.acceptes.pivot_table(
        index=index, columns="situation", values="montant", fill_value=0.0
    )
    for row in wide.reset_index().to_dict("records"):
        case, weight = declarations.cas[row["cas"]], declarations.poids[row["cas"]]
        millesime = int(case.embauche[:4])
        change = weight * (row["sans_emploi"] - row["en_ebe"])
        head = (millesime, row["annee"], row["variante"], case.ressource)
        yield from _shared(declarations, head, row["ligne"], change, f"{millesime + row['annee'] - 1}-06")


def _shared(
    declarations: Declarations, head: tuple[object, ...], ligne: str, change: float, mois: str
) -> Iterator[tuple[object, ...]]:
    """One line between its payers: benefits avoided, contributions received, what is compensated."""
    base = f"effet_emploi part_{head[3]}"
    if ligne in PRESTATIONS:
        perimetre, sign, factors = (
            "prestations",
            1,
            " ".join((base, *recours(ligne, str(head[3]), int(str(head[1]))))),
        )
    elif ligne in (*RECETTES, REDUCTION):
        perimetre, sign, factors = "prelevements", 1 if ligne == REDUCTION else -1, base
    else:
        return
    for payeur, share in parts(declarations, ligne, mois).items():
        yield (*head, perimetre, ligne, payeur, factors, sign * change * share)
    yield from _compensated(declarations, head, (perimetre, ligne, factors), sign * change, mois)


def recours(ligne: str, ressource: str, annee: int) -> tuple[str, ...]:
    """What multiplies a line: its take-up (the ASS's prime de Noël asks for none), for the ARE what is left
    of it."""
    if ligne == "prime_noel" and ressource != "rsa":
        return ()
    if ligne == "are":
        return (f"are_annee_{annee}",)
    return tuple(filter(None, (RECOURS.get(ligne, ""),)))


def _compensated(
    declarations: Declarations, head: tuple[object, ...], line: tuple[str, str, str], gain: float, mois: str
) -> Iterator[tuple[object, ...]]:
    """What one payer gives another back of a line: the second is left whole, the first bears it."""
    perimetre, ligne, factors = line
    shares = parts(declarations, ligne, mois)
    for row in declarations.tables["compensations"]:
        if row["ligne"] == ligne and in_force(row, mois):
            name = " ".join(filter(None, (factors, row["facteur"])))
            amount = gain * shares[row["vers"]]
            yield (*head, perimetre, f"compensation_{ligne}", row["de"], name, amount)
            yield (*head, perimetre, f"compensation_{ligne}", row["vers"], name, -amount)


def _contribution(declarations: Declarations) -> Iterator[tuple[object, ...]]:
    """What the State and the department give for one full-time job, whoever holds it: a share of the Smic."""
    cases = {(int(case.embauche[:4]), case.ressource) for case in declarations.cas.values()}
    for millesime, ressource in sorted(cases):
        for annee in (1, 2):
            base = -declarations.assiette(millesime + annee - 1)
            for variante in VARIANTES:
                head = (millesime, annee, variante, ressource, CDE, CDE)
                yield (*head, "etat", f"part_{ressource} cde_etat", base)
                yield (*head, "departement", f"part_{ressource} cde_etat cde_departement", base)


def _declared(declarations: Declarations) -> Iterator[tuple[object, ...]]:
    millesimes = sorted({int(case.embauche[:4]) for case in declarations.cas.values()})
    for row in declarations.tables["lignes_declarees"]:
        years = (1, 2) if row["annee"] == "toutes" else (int(row["annee"]),)
        for millesime in millesimes:
            for annee in years:
                for variante in VARIANTES:
                    amount = declarations.euros_constants(
                        float(row[variante]), int(row["annee_prix"]), millesime + annee - 1
                    )
                    for ressource in row["ressources"].split():
                        factors = f"effet_emploi part_{ressource}"
                        if row["ligne"] in ("css", "insertion"):
                            factors += " recours_rsa"
                        head = (millesime, annee, f"declaree_{variante}", ressource, row["perimetre"])
                        yield (*head, row["ligne"], row["payeur"], factors, amount)
