"""A verdict is two signed, dated sentences on one hypothesis; a file of them holds one for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.noyau.errors import InvalidData
from analysis.noyau.hypotheses import CODES
from analysis.sources.verdicts import Verdict, load_verdicts, written

HEAD = "auteur: Ada Test\ndate: 2026-11-28\netat: {etat}\n"


def section(code: str, body: str = "Oui, {#1}. Une seule source le dit.", etat: str = "projet") -> str:
    return f"## {code}\n{HEAD.format(etat=etat)}\n{body}\n"


def whole(*sections: str) -> str:
    return "\n".join(sections)


GOOD = whole(*(section(code) for code in CODES))


def read(tmp_path: Path, text: str) -> tuple[Verdict, ...]:
    path = tmp_path / "verdicts.md"
    path.write_text(text, encoding="utf-8", newline="\n")
    return load_verdicts(path, shown="verdicts.md", hypotheses=CODES)


def test_a_file_that_nobody_wrote_holds_no_verdict(tmp_path: Path) -> None:
    assert load_verdicts(tmp_path / "verdicts.md", shown="verdicts.md", hypotheses=CODES) == ()


def test_verdicts_come_in_the_order_of_the_hypotheses_each_with_what_was_noted(tmp_path: Path) -> None:
    noted = section("H1").replace("etat: projet", "etat: signe\nchiffre #1: 25 personnes, 2017-02")
    found = read(tmp_path, whole(section("H3"), noted, section("H2")))
    assert [verdict.hypothese for verdict in found] == ["H1", "H2", "H3"]
    first = found[0]
    assert (first.auteur, first.date.text, first.is_signed) == ("Ada Test", "2026-11-28", True)
    assert first.chiffres == (("#1", "25 personnes, 2017-02"),)
    assert first.phrases == ("Oui, {#1}.", "Une seule source le dit.")
    assert not found[1].is_signed


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD.replace("etat: projet", "etat: projet\nchiffre #3: une quarantaine", 1))
    text = written(found)
    assert [(v.hypothese, v.chiffres, v.corps) for v in read(tmp_path, text)] == [
        (v.hypothese, v.chiffres, v.corps) for v in found
    ]
    assert written(read(tmp_path, text)) == text


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (whole(section("H1"), section("H2")), "ligne 1", "aucun verdict sur « H3 »"),
        (whole(GOOD, section("H2")), "ligne 22", "un second verdict sur « H2 », jugée ligne 8"),
        (whole(GOOD, section("H4")), "ligne 22", "un verdict sur « H4 »"),
        (GOOD.replace("date: 2026-11-28\n", "", 1), "ligne 1", "« H1 » sans « date: »"),
        (GOOD.replace("2026-11-28", "2026-11", 1), "ligne 1", "la date « 2026-11 »"),
        (GOOD.replace("2026-11-28", "hier", 1), "ligne 1", "la date « hier »"),
        (GOOD.replace("etat: projet", "etat: fini", 1), "ligne 1", "l'état « fini »"),
        (GOOD.replace("auteur:", "chiffres: 1\nauteur:", 1), "ligne 1", "« chiffres: »"),
        (GOOD.replace(" Une seule source le dit.", "", 1), "ligne 1", "« H1 » en 1 phrase"),
        (GOOD.replace("le dit.", "le dit. Et puis. Encore.", 1), "ligne 1", "« H1 » en 4 phrases"),
        ("Bonjour.\n\n" + GOOD, "ligne 1", "un texte avant le premier verdict"),
    ],
)
def test_what_is_not_one_signed_verdict_a_hypothesis_is_refused_with_its_line(
    tmp_path: Path, text: str, place: str, said: str
) -> None:
    with pytest.raises(InvalidData) as refused:
        read(tmp_path, text)
    assert len(refused.value.findings) == 1
    assert f"verdicts.md, {place} : trouvé {said}" in str(refused.value)


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InvalidData) as refused:
        read(tmp_path, whole(section("H1", etat="fini"), section("H1"), section("H9")))
    assert len(refused.value.findings) == 5  # the state, a second H1, H9, then H2 and H3 that nobody judged
