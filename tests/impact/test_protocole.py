"""The protocol is frozen: its hash follows what it says, and another is refused once outcomes are opened."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from small import write_small_project

from analysis.impact import protocole
from analysis.impact.protocole import Protocole, load_protocole, ouvertures, ouvrir, verifier_ouvertures
from analysis.noyau.errors import BilanError, UnknownName
from analysis.noyau.paths import Project
from analysis.sources.register import load_register

DAY = date(2026, 11, 28)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(write_small_project(tmp_path))
    made.impact.mkdir()
    shutil.copy(Project.here().impact / "protocole.toml", made.impact)
    return made


def rewrite(project: Project, old: str, new: str, more: str = "") -> Protocole:
    path = project.impact / "protocole.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new) + more, encoding="utf-8")
    return load_protocole(project)


def test_the_protocol_treats_the_ten_territories_at_the_opening_of_their_first_ebe() -> None:
    register, frozen = load_register(Project.here()), load_protocole(Project.here())
    assert set(frozen.territoires) == {t.code for t in register.territoires}
    for territoire in register.territoires:
        treated = frozen.traite(territoire.code)
        dated = [e for e in territoire.ebe if e.date_ouverture is not None]
        first = min(dated, key=lambda e: e.date_ouverture.bounds[0])  # type: ignore[union-attr]
        assert (treated.ebe, treated.ouverture) == (first.code, first.date_ouverture.text)  # type: ignore[union-attr]
        assert treated.debut == 2017
        assert treated.quartier == territoire.est_en_quartiers
        communes = {c.code for c in territoire.communes} | {c.epci for c in territoire.communes}
        assert set(treated.zones) <= communes


def test_the_hash_follows_what_is_said_not_how_it_is_laid_out(project: Project) -> None:
    before = load_protocole(project).empreinte
    assert rewrite(project, "minimum = 20", "minimum   = 20  # vingt").empreinte == before
    assert rewrite(project, "minimum   = 20", "minimum = 10").empreinte != before


def test_another_protocol_is_refused_once_an_outcome_was_opened(project: Project) -> None:
    frozen = load_protocole(project)
    ouvrir(project, frozen, ["emploi_prive"], DAY)
    ouvrir(project, frozen, ["emploi_prive", "taux_pauvrete"], date(2027, 1, 1))
    assert [(o.resultat, o.date) for o in ouvertures(project)] == [
        ("emploi_prive", "2026-11-28"),
        ("taux_pauvrete", "2027-01-01"),
    ]
    changed = rewrite(project, "minimum = 20", "minimum = 10")
    with pytest.raises(
        BilanError, match="« emploi_prive » a été ouvert le 28 novembre 2026 sous le protocole"
    ):
        verifier_ouvertures(project, changed)
    with pytest.raises(BilanError, match="ne peut plus être changé en silence"):
        ouvrir(project, changed, ["inscrits_abc"], DAY)
    amended = rewrite(
        project,
        "minimum = 10",
        "minimum = 10",
        f'\n[[amendements]]\nempreinte = "{frozen.empreinte}"\ndate = "2026-12-01"\nraison = "Une coquille."\n',
    )
    verifier_ouvertures(project, amended)
    assert amended.empreinte == changed.empreinte


def test_a_protocol_that_is_absent_or_incomplete_is_named(project: Project) -> None:
    with pytest.raises(BilanError, match=r"protocole\.toml est incomplet ou se contredit"):
        rewrite(project, "[resultats.emploi_prive]", "[resultats.emploi_prive]\ninconnu = 1")
    (project.impact / "protocole.toml").write_text("date =", encoding="utf-8")
    with pytest.raises(BilanError, match=r"protocole\.toml ne se lit pas"):
        load_protocole(project)
    (project.impact / "protocole.toml").unlink()
    with pytest.raises(BilanError, match=r"protocole\.toml manque"):
        load_protocole(project)


def test_what_the_protocol_does_not_know_is_named() -> None:
    frozen = load_protocole(Project.here())
    with pytest.raises(UnknownName, match="Résultat inconnu : « emploi »"):
        frozen.resultat("emploi")
    with pytest.raises(UnknownName, match="Territoire inconnu : « thier »"):
        frozen.traite("thier")
    assert protocole.empreinte({"a": 1}) != protocole.empreinte({"a": 2})
    assert replace(frozen, empreinte="x").empreintes == {"x"}
