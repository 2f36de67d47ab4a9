"""From an empty workbook to the chapter of a candidate, as the guide says it: four commands, no code."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from small import REPOSITORY, write_clone

from analysis.cli import main
from analysis.indicateurs.habilitation.dossier import classeur_du_candidat, ecrire
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    project = write_clone(tmp_path)
    monkeypatch.setenv("BILAN_RACINE", str(project.root))
    return project


def test_from_an_empty_workbook_to_the_chapter(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["candidat", "nouveau", "--candidat", "haute-lande", "--nom", "Haute-Lande"]) == 0
    assert main(["candidat", "recevoir", "--candidat", "haute-lande"]) == 1
    said = capsys.readouterr()
    assert "cellule D4 (« Dossier arrêté au »)" in said.out and "rien n'est gardé" in said.err
    assert main(["candidat", "carnet", "--candidat", "haute-lande"]) == 1
    assert "aucun dossier reçu" in capsys.readouterr().err

    classeur_du_candidat(project, "haute-lande").unlink()
    first = {"date_arrete": date(2024, 3, 1), "deposant": "Équipe du CLE", "departement": "Creuse"}
    ecrire(project, "haute-lande", "Haute-Lande", {"depot": [{**first, "population": 7400}]})
    assert main(["candidat", "recevoir", "--candidat", "haute-lande"]) == 0
    assert main(["candidat", "etat"]) == 0
    assert "Haute-Lande, dossier arrêté au 1er mars 2024" in capsys.readouterr().out

    assert main(["candidat", "carnet", "--candidat", "haute-lande"]) == 0
    path = Path(capsys.readouterr().out.strip().splitlines()[-1])
    assert path.is_relative_to(project.prive)
    page = " ".join(re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8")).split()).replace("\xa0", " ")
    assert "Haute-Lande" in page and "Non publiable" in page
    assert "Aucun appel ouvert" in page
    assert "le régime connu est : deuxième phase" in page
    assert "Un plan de communication" in page and "Les emplois projetés" not in page
    assert not list(project.runs.glob("habilitation-*"))


def test_the_guide_names_the_commands_that_exist() -> None:
    guide = (REPOSITORY / "docs" / "guide.md").read_text(encoding="utf-8")
    for name in (
        "candidat nouveau",
        "candidat recevoir",
        "candidat carnet",
        "candidat etat",
        "alertes taire",
    ):
        assert f"bilan {name}" in guide
        with pytest.raises(SystemExit) as ended:
            main([*name.split(), "--help"])
        assert ended.value.code == 0


def test_an_alert_is_silenced_by_a_command_and_comes_back(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["alertes", "etat", "--territoire", "bondy", "--jour"]
    silence = [
        "--alerte",
        "regime_finissant",
        "--jusqu-au",
        "2099-12-31",
        "--motif",
        "Connu",
        "--par",
        "Équipe",
    ]
    assert main(["alertes", "taire", "--territoire", "bondy", *silence]) == 0
    capsys.readouterr()
    assert main([*asked, "2099-12-31"]) == 0
    assert "levée, mise en silence" in capsys.readouterr().out
    assert main([*asked, "2100-01-01"]) == 0
    out = capsys.readouterr().out
    assert "Régime finissant, expiré ou inconnu : levée (" in out and "mise en silence" not in out
    assert "Dépôt en retard : non évalué" in out
    assert main(["alertes", "taire", "--territoire", "bondi", *silence]) == 1
    assert "bondy" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["alertes", "etat", "--jour", "demain"])
    assert "n'est pas un jour" in capsys.readouterr().err


def test_a_candidate_of_whom_nothing_is_known_is_refused(project: Project) -> None:
    from analysis.livre.editions.commandes_candidat import carnet

    with pytest.raises(BilanError, match="aucun dossier reçu"):
        carnet(project, "nulle-part")
