"""Advisories are read of a dated file; the versions that they name are told, an old file is refused."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from analysis.livre.garde.avis import check_avis, load_avis
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project

LOCK = "paquet-essai==1.4.2 \\\n    --hash=sha256:00\nAutre_Paquet==2.0 ; python_version < '3.13'\n"
TODAY = date(2026, 11, 28)


def advisory(number: int, package: str, *events: dict[str, str], **more: Any) -> dict[str, Any]:
    affected = {
        "package": {"name": package, "ecosystem": "PyPI"},
        "ranges": [{"type": "ECOSYSTEM", "events": list(events)}],
    }
    return {"id": f"ESSAI-2026-{number}", "affected": [affected], **more}


@pytest.fixture
def project(small: Project) -> Project:
    small.lock.write_text(LOCK, encoding="utf-8")
    return small


def put(
    project: Project, *advisories: dict[str, Any], day: str = "2026-11-20", source: str = "essai"
) -> None:
    path = project.data / "securite" / "avis.json"
    path.parent.mkdir(exist_ok=True)
    held = {"source": source, "exporte_le": day, "avis": advisories}
    path.write_text(json.dumps(held), encoding="utf-8")


def test_the_versions_in_a_range_are_told_with_the_one_that_mends(project: Project) -> None:
    put(
        project,
        advisory(1, "Paquet.Essai", {"introduced": "1.4"}, {"fixed": "1.4.3"}),
        advisory(2, "paquet-essai", {"introduced": "0"}, {"fixed": "1.4.2"}),
        advisory(3, "autre-paquet", {"introduced": "0"}, {"last_affected": "2.0"}),
        advisory(4, "autre-paquet", {"introduced": "2.1"}),
        advisory(5, "autre-paquet", {"introduced": "0"}, withdrawn="2026-01-01T00:00:00Z"),
        advisory(6, "absent", {"introduced": "0"}),
    )
    avis = load_avis(project)
    assert (
        avis.resume == "Avis de sécurité exportés le 20 novembre 2026 (essai) : 2 versions concernées sur 2."
    )
    assert list(map(str, avis.concernes)) == [
        "paquet-essai 1.4.2 : ESSAI-2026-1 ; prenez 1.4.3 ou plus récent",
        "autre-paquet 2.0 : ESSAI-2026-3 ; aucun correctif n'est dit",
    ]
    with pytest.raises(BilanError, match="(?s)Rien n'est publié.*ESSAI-2026-1.*« --malgre-les-avis »"):
        check_avis(avis, TODAY)
    check_avis(avis, TODAY, in_spite=True)


def test_a_version_that_is_listed_is_told_and_another_ecosystem_is_not(project: Project) -> None:
    listed = {"package": {"name": "paquet-essai", "ecosystem": "PyPI"}, "versions": ["1.4.1", "1.4.2"]}
    other = {"package": {"name": "paquet-essai", "ecosystem": "npm"}, "versions": ["1.4.2"]}
    put(project, {"id": "A", "affected": [listed, other]}, {"id": "B", "affected": [other]})
    assert [found.avis for found in load_avis(project).concernes] == ["A"]


def test_an_old_export_is_refused_but_to_who_says_the_word(project: Project) -> None:
    put(project, day="2026-09-28")
    with pytest.raises(BilanError, match="l'export a 61 jours, plus de 60"):
        check_avis(load_avis(project), TODAY)
    put(project, day="2026-09-29")
    check_avis(load_avis(project), TODAY)


def test_nothing_is_said_to_be_safe_where_no_export_was_put(project: Project) -> None:
    told = "rien n'est dit des 2 bibliothèques du verrou"
    assert told in load_avis(project).resume
    put(project, day="", source="")
    avis = load_avis(project)
    assert told in avis.resume and avis.concernes == ()
    check_avis(avis, TODAY)


@pytest.mark.parametrize("content", ["[]", "{", '{"source": "", "exporte_le": "hier", "avis": []}', "null"])
def test_what_is_no_export_is_told(project: Project, content: str) -> None:
    put(project)
    (project.data / "securite" / "avis.json").write_text(content, encoding="utf-8")
    with pytest.raises(BilanError, match=r"avis.json n'est pas un export d'avis.*format OSV"):
        load_avis(project)


def test_advisories_without_a_day_or_a_source_are_no_export(project: Project) -> None:
    for missing in ({"day": ""}, {"source": ""}):
        put(project, advisory(1, "paquet-essai", {"introduced": "0"}), **missing)
        with pytest.raises(BilanError, match="n'est pas un export d'avis"):
            load_avis(project)
