"""The comparison of individuals as measures: the known effect is found, small groups go no further."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.demonstration.individus import ecrire_individus, inventer_individus
from analysis.demonstration.lieux import territoires
from analysis.impact.individus.caracteristiques import equilibre, matrice
from analysis.impact.individus.etude import etudier
from analysis.impact.individus.fichier import Individus, NonEstimable, load_individus
from analysis.impact.individus.mesures import mesures
from analysis.noyau.definitions import load_definitions
from analysis.noyau.mesures import Definitions, Mesure
from analysis.noyau.paths import Project
from analysis.secret.regles import decider

LIEUX = territoires(10)
CODES = [lieu.code for lieu in LIEUX]


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root: Path = tmp_path_factory.mktemp("individus") / "outputs" / "demonstration"
    project = Project(root, "demonstration")
    shutil.copytree(Project.here().dictionary, project.dictionary)
    ecrire_individus(project.individus, inventer_individus(LIEUX, 2016))
    return project


@pytest.fixture(scope="module")
def definitions(invented: Project) -> Definitions:
    return load_definitions(invented)


@pytest.fixture(scope="module")
def found(invented: Project, definitions: Definitions) -> dict[tuple[str, str], Mesure]:
    return {(m.mesure, m.modalite): m for m in mesures(invented, definitions, CODES)}


@pytest.fixture(scope="module")
def individus(invented: Project) -> Individus:
    read = load_individus(invented, CODES)
    assert read is not None
    return read


HORIZONS = [f"{outcome}-m{horizon}" for outcome in ("emploi", "hors_ebe") for horizon in (6, 12, 24)]


@pytest.mark.lent
@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("methode", ["ipw", "aipw", "appariement"])
def test_the_known_effect_stands_in_the_interval(
    found: dict[tuple[str, str], Mesure], methode: str, horizon: str
) -> None:
    effect, known = found[f"effet_{methode}", horizon], found["effet_connu", horizon]
    assert effect.bas is not None and effect.haut is not None and known.valeur is not None
    assert effect.bas <= known.valeur <= effect.haut


@pytest.mark.lent
def test_people_as_they_come_say_less_than_the_truth(found: dict[tuple[str, str], Mesure]) -> None:
    """Those hired were farther from a job: the raw difference at a year misses the truth by ten points."""
    raw, known = found["effet_brut", "emploi-m12"], found["effet_connu", "emploi-m12"]
    assert raw.valeur is not None and known.valeur is not None
    assert raw.valeur < known.valeur - 8


@pytest.mark.lent
def test_groups_that_differ_are_alike_once_weighted(found: dict[tuple[str, str], Mesure]) -> None:
    before = [m.valeur or 0 for (name, _), m in found.items() if name == "desequilibre_avant"]
    after = [m.valeur or 0 for (name, _), m in found.items() if name == "desequilibre_apres"]
    assert len(before) == len(after) == 9
    assert max(map(abs, before)) > 0.4
    assert max(map(abs, after)) < 0.1


@pytest.mark.lent
def test_what_is_told_adds_up(found: dict[tuple[str, str], Mesure]) -> None:
    for horizon in HORIZONS:
        observed, without = found["emploi_observe", horizon], found["emploi_sans_ebe", horizon]
        effect = found["effet_aipw", horizon]
        assert observed.valeur == pytest.approx((without.valeur or 0) + (effect.valeur or 0), abs=1e-4)
    assert found["individus_ebe", ""].valeur == 320
    compared = found["individus_ebe_compares", ""].valeur or 0
    assert (found["individus_ebe_suivis", "m24"].valeur or 0) < compared <= 320


@pytest.mark.lent
def test_the_gate_withholds_an_effect_whose_share_would_tell_who_has_no_job(
    found: dict[tuple[str, str], Mesure], definitions: Definitions
) -> None:
    """Two people hired and without a job at six months: the share falls, and with it all that gives it back."""
    from dataclasses import replace

    observed = found["emploi_observe", "emploi-m6"]
    people = int(observed.denominateur or 0)
    few = replace(observed, numerateur=people - 2, valeur=round(100 * (people - 2) / people, 6))
    released = decider([few, *(m for m in found.values() if m is not observed)], definitions, frozenset())
    withheld = {(r.content.mesure, r.content.modalite) for r in released if r.content.etat == "masquee"}
    of_six = {name for name, horizon in withheld if horizon == "emploi-m6"}
    assert of_six == {
        *("emploi_observe", "emploi_sans_ebe", "effet_brut", "effet_ipw", "effet_aipw", "effet_appariement"),
        *("effet_connu", "biais_cache", "biais_cache_borne"),
    }
    assert not any(horizon == "emploi-m24" for _, horizon in withheld)


@pytest.mark.lent
def test_nothing_is_withheld_of_the_invented_file(
    found: dict[tuple[str, str], Mesure], definitions: Definitions
) -> None:
    assert {r.content.etat for r in decider(found.values(), definitions, frozenset())} == {"calculee"}


@pytest.mark.lent
def test_a_horizon_that_nobody_reached_is_missing_with_its_reason(individus: Individus) -> None:
    table = individus.table.assign(emploi_24="")
    late = [h for h in etudier(Individus(table)).horizons if h.horizon == 24]
    assert len(late) == 2 and all("moins de 30 personnes" in h.motif and not h.effets for h in late)
    assert all(h.effets for h in etudier(Individus(table)).horizons if h.horizon == 12)


@pytest.mark.lent
def test_groups_that_cannot_be_compared_say_why(
    invented: Project, definitions: Definitions, individus: Individus, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = individus.table.assign(
        mois_emploi_24=np.where(individus.traites, 0, individus.table["mois_emploi_24"] + 1)
    )
    apart = Individus(table)
    with pytest.raises(NonEstimable):
        etudier(apart)
    monkeypatch.setattr("analysis.impact.individus.mesures.load_individus", lambda *_: apart)
    told = list(mesures(invented, definitions, CODES))
    assert {m.mesure for m in told if m.etat == "calculee"} == {"individus_ebe", "individus_comparaison"}
    missing = [m for m in told if m.etat == "absente"]
    assert missing and all(m.motif and m.valeur is None for m in missing)


def test_balance_recomputed_by_hand(individus: Individus) -> None:
    table, hired = individus.table, individus.traites
    women = (table["sexe"] == "femme").to_numpy(float)
    p1, p0 = women[hired].mean(), women[~hired].mean()
    by_name = {gap.caracteristique: gap for gap in equilibre(individus, np.ones(len(table)))}
    expected = (p1 - p0) / ((p1 * (1 - p1) + p0 * (1 - p0)) / 2) ** 0.5
    assert by_name["femme"].avant == pytest.approx(expected)
    assert by_name["femme"].apres == by_name["femme"].avant, "weights of one change nothing"


def test_the_matrix_leaves_out_what_says_nothing_new(individus: Individus) -> None:
    names, columns = matrice(individus)
    assert np.linalg.matrix_rank(np.column_stack([np.ones(len(columns)), columns])) == len(names) + 1
    alike = Individus(individus.table.assign(sexe="femme"))
    assert not [name for name in matrice(alike)[0] if name.startswith("sexe")]


def each_order(table: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for seed in range(2):
        yield table.sample(frac=1, random_state=seed).reset_index(drop=True)


@pytest.mark.lent
def test_the_order_of_the_rows_changes_nothing(individus: Individus) -> None:
    first, second = (etudier(Individus(table)) for table in each_order(individus.table))
    for one, other in zip(first.horizons, second.horizons, strict=True):
        assert [e.effet for e in one.effets] == pytest.approx([e.effet for e in other.effets], abs=1e-9)
