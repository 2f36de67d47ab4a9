"""A comparison file of individuals: what is refused, in which words, and what is kept of it."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from analysis.demonstration.individus import ecrire_individus, inventer_individus
from analysis.demonstration.lieux import territoires
from analysis.impact.individus.fichier import EBE, load_effets_connus, load_individus
from analysis.noyau.errors import InvalidData
from analysis.noyau.paths import Project

LIEUX = territoires(3)
CODES = [lieu.code for lieu in LIEUX]


@pytest.fixture
def received(tmp_path: Path) -> Project:
    """A demonstration that received an invented file, with the real dictionary."""
    project = Project(tmp_path / "outputs" / "demonstration", "demonstration")
    shutil.copytree(Project.here().dictionary, project.dictionary)
    ecrire_individus(project.individus, inventer_individus(LIEUX, 2016))
    return project


def rows(project: Project) -> list[dict[str, str]]:
    with (project.individus / "individus.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rewritten(project: Project, changed: list[dict[str, str]]) -> None:
    with (project.individus / "individus.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(changed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(changed)


def refusal(project: Project) -> str:
    with pytest.raises(InvalidData) as refused:
        load_individus(project, CODES)
    return str(refused.value)


def test_a_file_as_it_is_written_is_read(received: Project) -> None:
    found, given = load_individus(received, CODES), rows(received)
    assert found is not None
    assert found.compte(EBE) == sum(row["groupe"] == "ebe" for row in given) == 320
    assert "personne" not in found.table and "annee_naissance" not in found.table
    months = sorted(row["mois_reference"] for row in given)
    assert found.periode == f"{months[0]}/{months[-1]}"
    known = [row for row in given if row["emploi_12"]]
    assert len(found.suivis(12).table) == len(known) < len(given)
    with_job = sum(row["emploi_12"] != "sans_emploi" for row in known)
    elsewhere = sum(row["emploi_12"] == "autre_emploi" for row in known)
    assert found.suivis(12).emploi(12).sum() == with_job
    assert found.suivis(12).emploi(12, hors_ebe=True).sum() == elsewhere


def test_an_unknown_situation_is_no_lack_of_a_job(received: Project) -> None:
    found = load_individus(received, CODES)
    assert found is not None
    with pytest.raises(ValueError, match="not known at 24 months"):
        found.emploi(24)


def test_no_file_is_no_comparison(received: Project) -> None:
    (received.individus / "individus.csv").unlink()
    assert load_individus(received, CODES) is None


@pytest.mark.parametrize(
    ("groupe", "changes", "told"),
    [
        ("ebe", {"territoire": ""}, "« territoire » : trouvé une personne embauchée en EBE sans territoire"),
        ("ebe", {"territoire": "ailleurs"}, "un code de la table « territoires »"),
        ("comparaison", {"territoire": CODES[0]}, "un territoire dans le groupe de comparaison"),
        ("comparaison", {"emploi_12": "ebe"}, "un emploi en EBE dans le groupe de comparaison"),
        ("ebe", {"annee_naissance": "2010"}, "moins de 16 ans ou plus de 70 ans"),
        ("ebe", {"mois_sans_emploi": "beaucoup"}, "un nombre entier"),
        ("ebe", {"mois_emploi_24": "25"}, "un nombre entre 0 et 24"),
        ("ebe", {"mois_reference": "hier"}, "un mois, comme septembre 2018"),
        ("ebe", {"diplome": "doctorat"}, "l'une des valeurs « aucun »"),
        ("ebe", {"emploi_24": "retraite"}, "« ebe », « autre_emploi », « sans_emploi »"),
        ("ebe", {"personne": "Jean Dupont"}, "un identifiant de quatre lettres au plus"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(
    received: Project, groupe: str, changes: dict[str, str], told: str
) -> None:
    given = rows(received)
    rank = next(rank for rank, row in enumerate(given) if row["groupe"] == groupe)
    person = given[rank]["personne"]
    given[rank] |= changes
    rewritten(received, given)
    message = refusal(received)
    assert told in message.replace(" ou ", ", ") or told in message
    assert f"individus.csv, ligne {rank + 2}, colonne" in message
    assert person not in message and "Dupont" not in message and "doctorat" not in message


def test_every_fault_is_told_at_once(received: Project) -> None:
    given = rows(received)
    given[0]["sexe"], given[5]["rqth"], given[9]["type_zone"] = "x", "peut-être", ""
    rewritten(received, given)
    assert refusal(received).startswith("3 points à corriger")


def test_the_same_person_twice_is_refused(received: Project) -> None:
    given = rows(received)
    rewritten(received, [*given, given[0]])
    assert f"ligne {len(given) + 2}" in refusal(received)


def test_a_group_of_a_few_people_is_refused(received: Project) -> None:
    given = rows(received)
    hired = [row for row in given if row["groupe"] == "ebe"]
    rewritten(received, [*hired[:29], *(row for row in given if row["groupe"] == "comparaison")])
    assert "moins de 30 personnes dans le groupe « ebe »" in refusal(received)
    rewritten(received, hired)
    assert "moins de 30 personnes dans le groupe « comparaison »" in refusal(received)


def test_a_group_whose_situation_is_never_known_is_refused(received: Project) -> None:
    given = rows(received)
    blank = dict.fromkeys(("emploi_6", "emploi_12", "emploi_24"), "")
    rewritten(received, [row | blank if row["groupe"] == "comparaison" else row for row in given])
    assert "aucune situation connue dans le groupe « comparaison »" in refusal(received)


def test_a_file_of_excel_is_told_as_such(received: Project) -> None:
    path = received.individus / "individus.csv"
    path.write_bytes(path.read_text(encoding="utf-8").replace(",", ";").encode("cp1252"))
    assert "séparateur « ; »" in refusal(received)


def test_known_effects_are_of_invented_people_only(received: Project) -> None:
    drawn = {(name, horizon): effect for name, horizon, effect in inventer_individus(LIEUX, 2016).effets}
    assert load_effets_connus(received) == pytest.approx(drawn, abs=1e-6)
    real = Project(received.root, "reel")
    with pytest.raises(InvalidData, match="seule la démonstration connaît l'effet vrai"):
        load_effets_connus(real)
