"""Simulate the case types of the invented people, so that whoever builds the demonstration does not.

    bilan demonstration && python scripts/cas_inventes.py

To be run when the legislation, its exceptions or the generator change: a test says so. Until then what is
missing is simulated at each first build, and nothing else differs.
"""

from __future__ import annotations

from analysis.depot.garde.ledger import Ledger
from analysis.depot.referentiel import load_referentiel
from analysis.indicateurs.depenses_passives.loi.conservation import fournir
from analysis.indicateurs.depenses_passives.loi.legislation import load_exceptions
from analysis.indicateurs.depenses_passives.personnes import FOURNIS, cas_joints
from analysis.indicateurs.donnees import charger
from analysis.noyau.definitions import load_definitions
from analysis.noyau.paths import Project


def main() -> None:
    project = Project.here()
    invented = project.demonstration
    ledger, referentiel, definitions = (
        Ledger(invented),
        load_referentiel(invented),
        load_definitions(invented),
    )
    places = (
        charger(ledger, referentiel, definitions, invented.nature, place.code)
        for place in referentiel.territoires
    )
    cases = [case for donnees in places if donnees is not None for case in cas_joints(donnees)]
    path = project.depenses_passives / FOURNIS
    fournir(path, cases, load_exceptions(project))
    print(f"{project.shown(path)} : {len({case.situation_key() for case in cases})} cas types")


if __name__ == "__main__":
    main()
