"""A verdict rests on figures that the register holds, and says when one of them moved since it was signed."""

from __future__ import annotations

from datetime import date

import pytest
from small import edit

from analysis.chapitres.commandes_verdict import etat, signer
from analysis.chapitres.textes import read_verdicts, to_review
from analysis.noyau.errors import BilanError, InvalidData, UnknownName
from analysis.noyau.paths import Project
from analysis.secret.bundle import Bundle, bundle_ensemble
from analysis.sources.register import load_register
from analysis.sources.verdicts import FILE

BODY = "L'EBE emploie {#1}, puis {#3}. Une seule source le dit, à une date sûre."
TODAY = date(2026, 11, 29)


def write(project: Project, **bodies: str) -> None:
    """A verdict on each hypothesis, drafts of the 28th, with these words."""
    sections = [
        f"## {code}\nauteur: Ada Test\ndate: 2026-11-28\netat: projet\n\n{bodies.get(code, BODY)}\n"
        for code in ("H1", "H2", "H3")
    ]
    project.texts.mkdir(parents=True, exist_ok=True)
    (project.texts / FILE).write_text("\n".join(sections), encoding="utf-8", newline="\n")


def synthesis(project: Project) -> Bundle:
    return bundle_ensemble(load_register(project), "synthese", texte=None)


def sign(project: Project, *codes: str, is_draft: bool = False) -> None:
    assert signer(project, codes, auteur="Grace Nom", is_draft=is_draft, today=TODAY) == 0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Oui, sans doute. Rien ne le dit.", "un verdict sur « H2 » qui ne cite aucun chiffre"),
        ("Oui, {#99}. Rien ne le dit.", "aucun chiffre de ce numéro"),
        ("Oui, {#1} sur 30. Rien ne le dit.", "« 30 »"),
    ],
)
def test_a_verdict_rests_on_figures_of_the_register(small: Project, body: str, said: str) -> None:
    write(small, H2=body)
    with pytest.raises(InvalidData) as refused:
        read_verdicts(small, synthesis(small))
    assert "notebooks/textes/verdicts.md, ligne 8 : " in str(refused.value)
    assert said in str(refused.value)


def test_a_draft_whose_figures_were_never_noted_passes_and_is_to_be_read_again(small: Project) -> None:
    write(small)
    bundle = synthesis(small)
    verdicts = read_verdicts(small, bundle)
    assert [verdict.hypothese for verdict in verdicts] == ["H1", "H2", "H3"]
    assert to_review(verdicts, bundle)[0] == (
        "le verdict sur H1 est à revoir : le chiffre n° 1 n'a pas été relevé "
        "(aujourd'hui « 25 personnes, 2017-02 »)"
    )


def test_a_signed_verdict_notes_its_figures_and_a_change_of_one_refuses_it_by_name(small: Project) -> None:
    write(small)
    sign(small)
    text = (small.texts / FILE).read_text(encoding="utf-8")
    assert text.startswith(
        "## H1\nauteur: Grace Nom\ndate: 2026-11-29\netat: signe\n"
        "chiffre #1: 25 personnes, 2017-02\n"
        "chiffre #3: une quarantaine (lu 35 à 45) personnes, 2018-09\n\n"
    )
    assert to_review(read_verdicts(small, synthesis(small)), synthesis(small)) == []
    edit(small.root, "published/chiffres", "1,val,effectif_ebe,25,,,25,", "1,val,effectif_ebe,26,,,26,")
    with pytest.raises(InvalidData) as refused:
        read_verdicts(small, synthesis(small))
    assert len(refused.value.findings) == 3, "each of the three cites it"
    assert (
        "verdicts.md, ligne 1 : trouvé le chiffre n° 1 a changé : il disait « 25 personnes, 2017-02 », "
        "il dit « 26 personnes, 2017-02 »"
    ) in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("3,val,effectif_ebe,,35,45,", "3,val,effectif_ebe,,35,44,"),
        ("une quarantaine,personnes,2018-09,oui", "une quarantaine,personnes,2018-10,oui"),
    ],
)
def test_bounds_and_dates_are_part_of_what_was_noted(small: Project, old: str, new: str) -> None:
    write(small)
    sign(small, "H1")
    edit(small.root, "published/chiffres", old, new)
    with pytest.raises(InvalidData, match="le chiffre n° 3 a changé"):
        read_verdicts(small, synthesis(small))


def test_a_note_on_a_figure_or_a_word_of_the_dictionary_changes_no_verdict(small: Project) -> None:
    write(small)
    sign(small)
    edit(small.root, "dictionary/indicateurs", "Salariés de l'EBE,", "Salariés en EBE,")
    read_verdicts(small, synthesis(small))


def test_a_signed_verdict_may_not_gain_a_figure(small: Project) -> None:
    write(small)
    sign(small)
    path = small.texts / FILE
    path.write_text(path.read_text(encoding="utf-8").replace("puis {#3}", "puis {#6}", 1), encoding="utf-8")
    with pytest.raises(InvalidData) as refused:
        read_verdicts(small, synthesis(small))
    assert "le chiffre n° 6 n'a pas été relevé" in str(refused.value)
    assert "le chiffre n° 3 n'est plus cité" in str(refused.value)


def test_a_draft_whose_figure_changed_is_built_and_not_published(small: Project) -> None:
    write(small)
    sign(small, is_draft=True)
    edit(small.root, "published/chiffres", "1,val,effectif_ebe,25,,,25,", "1,val,effectif_ebe,26,,,26,")
    bundle = synthesis(small)
    verdicts = read_verdicts(small, bundle)
    assert [fault.partition(" : ")[0] for fault in to_review(verdicts, bundle)] == [
        f"le verdict sur {code} est à revoir" for code in ("H1", "H2", "H3")
    ]


def test_nothing_is_published_where_nobody_judged(small: Project) -> None:
    assert to_review((), synthesis(small)) == ["verdicts : verdicts.md n'est pas écrit"]


def test_one_verdict_is_signed_and_the_others_stay(small: Project) -> None:
    write(small)
    sign(small, "H2")
    states = [(v.hypothese, v.is_signed, v.auteur) for v in read_verdicts(small, synthesis(small))]
    assert states == [("H1", False, "Ada Test"), ("H2", True, "Grace Nom"), ("H3", False, "Ada Test")]


def test_the_state_tells_which_verdict_is_to_be_read_again(
    small: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    write(small)
    sign(small)
    capsys.readouterr()
    assert etat(small) == 0
    edit(small.root, "published/chiffres", "1,val,effectif_ebe,25,,,25,", "1,val,effectif_ebe,26,,,26,")
    assert etat(small) == 1
    said = capsys.readouterr().out
    assert "H1 : signé, Grace Nom, 29 novembre 2026." in said
    assert said.count("À revoir : le chiffre n° 1 a changé") == 3


def test_a_signature_needs_a_name_a_known_hypothesis_and_a_file(small: Project) -> None:
    with pytest.raises(BilanError, match="n'est pas écrit"):
        signer(small, (), auteur="A", is_draft=False, today=TODAY)
    write(small, H3="Oui. Non.")
    with pytest.raises(BilanError, match="porte un nom"):
        signer(small, (), auteur=" ", is_draft=False, today=TODAY)
    with pytest.raises(UnknownName, match="Hypothese inconnue : « H4 »"):
        signer(small, ("H4",), auteur="A", is_draft=False, today=TODAY)
    before = (small.texts / FILE).read_bytes()
    with pytest.raises(InvalidData, match="ne cite aucun chiffre"):
        signer(small, (), auteur="A", is_draft=False, today=TODAY)
    assert (small.texts / FILE).read_bytes() == before
