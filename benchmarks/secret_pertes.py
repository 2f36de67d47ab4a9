"""What each way of protecting the categories of the demonstration loses, and what it leaves to be known.

    python benchmarks/secret_pertes.py [--territoires 10]

The invented territories are received, their breakdowns of people told in four ways: by withholding the
counts under the threshold alone, by uniting categories alone, by rounding alone, by the gate. Each is weighed
with the loss of ``analysis.secret.categories.pertes`` (bits), and attacked: how many counts of one to
four are told, given back exactly by the sums that the gate knows, or told within less than five.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from commun import begin

from analysis.demonstration.avis.codeurs import receive_coding
from analysis.demonstration.etapes.ecrits import prepare
from analysis.demonstration.etapes.envois import GRAINE, deposit, receive
from analysis.demonstration.lieux import territoires
from analysis.depot.referentiel import load_referentiel
from analysis.indicateurs.calcul import Resultats, calculer
from analysis.noyau.mesures import ENSEMBLE, Mesure
from analysis.noyau.paths import Project
from analysis.noyau.periods import Period
from analysis.secret.categories import Forme, Moment, Reunies, pertes, reunir
from analysis.secret.regles import decider, sommes, unir
from analysis.secret.resolution import determined
from analysis.secret.seuils import SEUIL_EFFECTIF
from analysis.secret.sommes import Cle


@dataclass(frozen=True)
class Maniere:
    """A way of telling the categories: how they are united or rounded, and what is withheld of them."""

    nom: str
    unies: Reunies
    retenues: Collection[Cle]


def ventilations(resultats: Resultats) -> list[Mesure]:
    """The counts of the territories that categories may be united of."""
    united = {d.mesure for d in resultats.definitions.by_name.values() if d.regroupements and d.counts_people}
    return [
        m for m in resultats.mesures if m.mesure in united and m.etat == "calculee" and m.lieu != ENSEMBLE
    ]


def is_small(m: Mesure) -> bool:
    return 0 < (m.valeur or 0) < SEUIL_EFFECTIF


def manieres(resultats: Resultats, rows: Sequence[Mesure]) -> list[Maniere]:
    """Suppression alone, unions alone, rounding alone, and what the gate does."""
    definitions = resultats.definitions
    moments = {_moment(m): m for m in rows}
    widest = {moment: Forme(len(definitions.of(moment[0]).regroupements)) for moment in moments}
    rounded = dict.fromkeys(moments, Forme(0, est_arrondie=True))
    gate = unir(resultats.mesures, definitions, resultats.accords)
    decided = decider(resultats.mesures, definitions, resultats.accords, unies=gate)
    withheld = {one.content.cle for one in decided if one.content.etat == "masquee"}
    return [
        Maniere("retenir sous le seuil", Reunies(), {m.cle for m in rows if is_small(m)}),
        Maniere("réunir le plus possible", reunir(rows, definitions, widest), set()),
        Maniere("arrondir", reunir(rows, definitions, rounded), set()),
        Maniere("le programme", gate, withheld),
    ]


def _moment(m: Mesure) -> Moment:
    return m.mesure, m.lieu, m.ebe, Period(m.periode).end


def ligne(maniere: Maniere, rows: Sequence[Mesure], resultats: Resultats) -> tuple[str, ...]:
    """What one way tells, loses and leaves to be known, as a row of a table."""
    union_of = maniere.unies.union_of
    hidden = {m.cle for m in rows if union_of.get(m.cle, m.cle) in maniere.retenues}
    united = {m.cle for m in rows if m.cle in union_of} - hidden
    rounded = {m.cle for m in rows if m.cle in maniere.unies.arrondies} - hidden
    small = {m.cle for m in rows if is_small(m)}
    told = small - hidden - united - rounded
    bits = math.fsum(pertes(rows, maniere.unies, maniere.retenues).values())
    found = given_back({*hidden, *united, *maniere.retenues}, maniere.unies, resultats)
    near = small & rounded
    counts = (len(rows) - len(hidden | united | rounded), len(united), len(rounded), len(hidden))
    return (
        maniere.nom,
        *map(str, counts),
        f"{bits:.0f}",
        str(len(told)),
        str(len(small & found)),
        str(len(near)),
    )


def given_back(unknown: Collection[Cle], unies: Reunies, resultats: Resultats) -> set[tuple[str, ...]]:
    """What the sums determine of these, everything else being told."""
    every = sommes(resultats.mesures, resultats.definitions, resultats.accords, unies)
    return determined(row for one in every if not one.is_open and (row := one.unknowns(unknown)))


def received(root: Path, number: int) -> Resultats:
    """What is measured of that many invented territories."""
    project, lieux = Project(root, "demonstration"), territoires(number)
    prepare(Project.here(), project, lieux)
    referentiel = load_referentiel(project)
    for lieu in lieux:
        deposit(project, referentiel, lieu)
        receive(project, referentiel, lieu.code)
        receive_coding(project, referentiel, lieu.code, GRAINE)
    return calculer(project, [lieu.code for lieu in lieux])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--territoires", type=int, default=10, help="how many invented territories")
    options = begin(parser)
    with tempfile.TemporaryDirectory() as folder:
        resultats = received(Path(folder), options.territoires)
    rows = ventilations(resultats)
    head = (
        "manière",
        "dites",
        "réunies",
        "arrondies",
        "retenues",
        "bits",
        "1 à 4 dits",
        "rendus",
        "à moins de 5",
    )
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for maniere in manieres(resultats, rows):
        print("| " + " | ".join(ligne(maniere, rows, resultats)) + " |")


if __name__ == "__main__":
    main()
