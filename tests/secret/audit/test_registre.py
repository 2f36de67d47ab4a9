"""The register of releases of an edition, and the exceptions that it names."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
from declarees import DEFINITIONS
from small import write_small_project

from analysis.noyau.errors import InvalidData
from analysis.noyau.mesures import Cadre
from analysis.noyau.paths import Project
from analysis.secret.audit.exceptions import Exceptions, Levee, load_exceptions
from analysis.secret.audit.registre import parametres_du_secret, registre, registre_csv
from analysis.secret.regles import decider

VAL = Cadre("val", "reel", "dépôt n° 1", DEFINITIONS)
AVAL = Cadre("aval", "reel", "dépôt n° 1", DEFINITIONS)
HEAD = "mesure,lieu,periode,decide_par,raison,jusqu_au\n"


def released(hidden: int = 3) -> list[object]:
    mesures = [
        VAL.compte("embauchees", "2021-06-30", 40),
        VAL.compte("embauchees", "2017-06-30", hidden),
        VAL.compte("effectif_fin_mois", "2021-05", 12),
        AVAL.absente("embauchees", "2021-06-30", "pas de contrat déposé"),
    ]
    return list(decider(mesures, DEFINITIONS, frozenset()))


def test_one_row_a_measure_and_place_with_what_became_of_it() -> None:
    levee = Levee("embauchees", "val", "", "la direction", "erreur de saisie", date(2027, 1, 31))
    rows = registre(released(), Exceptions((levee,)), parametres="p", version="c")  # type: ignore[arg-type]
    assert [(r.mesure, r.lieu, r.montres, r.arrondis, r.retenus, r.absents) for r in rows] == [
        ("embauchees", "val", 1, 0, 1, 0),
        ("effectif_fin_mois", "val", 0, 1, 0, 0),
        ("embauchees", "aval", 0, 0, 0, 1),
    ]
    assert rows[0].motifs == "trop peu de personnes, ou de quoi les déduire"
    assert rows[0].exception == "la direction, jusqu'au 31 janvier 2027 : erreur de saisie"
    assert rows[1].exception == rows[2].exception == ""
    told = (
        "mesure,lieu,ebe,modalite,periode,prix,etat,valeur,numerateur,denominateur,n,bas,haut,environ\n"
        "embauchees,val,,,2021-06-30,,calculee,40,,,40,,,\nembauchees,val,,,2017-06-30,,masquee,,,,,,,\n"
    )
    assert rows[0].empreinte == hashlib.sha256(told.encode()).hexdigest()


def test_a_withheld_number_changes_nothing_in_it() -> None:
    """Three or four of them: the same register, to the byte."""
    texts = {
        registre_csv(registre(released(n), Exceptions(), parametres="p", version="c"))  # type: ignore[arg-type]
        for n in (3, 4)
    }
    assert len(texts) == 1
    assert "seuil-effectif" not in texts.pop()


def test_an_exception_that_is_over_or_says_nothing_is_refused(tmp_path: Path) -> None:
    project = Project(write_small_project(tmp_path))
    path = project.dictionary / "exceptions_secret.csv"
    path.write_text(HEAD, encoding="utf-8")
    assert load_exceptions(project, DEFINITIONS, date(2026, 12, 1)) == Exceptions()
    path.write_text(HEAD + "embauchees,val,,la direction,erreur de saisie,2026-12-31\n", encoding="utf-8")
    before = parametres_du_secret(project)
    (levee,) = load_exceptions(project, DEFINITIONS, date(2026, 12, 31)).levees
    assert (levee.decide_par, levee.jusqu_au) == ("la direction", date(2026, 12, 31))
    with pytest.raises(InvalidData, match="une exception terminée le 31 décembre 2026"):
        load_exceptions(project, DEFINITIONS, date(2027, 1, 1))
    path.write_text(HEAD + "embauchees,val,,,erreur de saisie,2026-12-31\n", encoding="utf-8")
    with pytest.raises(InvalidData, match="decide_par"):
        load_exceptions(project, DEFINITIONS, date(2026, 12, 1))
    path.write_text(HEAD + "embauches,val,,x,erreur de saisie,2026-12-31\n", encoding="utf-8")
    with pytest.raises(InvalidData, match="embauches"):
        load_exceptions(project, DEFINITIONS, date(2026, 12, 1))
    assert parametres_du_secret(project) != before
