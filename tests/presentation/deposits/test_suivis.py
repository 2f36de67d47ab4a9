"""What the chapter of the follow-up says: who is named, who is only counted, which alerts, on what."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from analysis.chapitres.habilites import codes_suivis, suivis
from analysis.indicateurs.territoires_suivis.records import (
    Alerte,
    Ligne,
    Releve,
    Silence,
    Suivis,
    TerritoireSuivi,
)
from analysis.noyau.mesures import Mesure
from analysis.noyau.paths import Project
from analysis.presentation.deposits import suivis as vue
from analysis.presentation.deposits.suivis_liste import table
from analysis.presentation.parts.blocks import Block
from analysis.secret.bundle import Bundle, bundle_ensemble
from analysis.secret.release import Released, not_publishable, release_suivis
from analysis.sources.register import Register, load_register

HERE = Project.here()


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register(HERE)


@pytest.fixture(scope="module")
def published(register: Register) -> Bundle:
    bundle = bundle_ensemble(register, "territoires_suivis", texte=None)
    return replace(bundle, mode="publication", suivis=suivis(HERE, register, (), "publication"))


def _said(block: Block) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r'data:image[^"]*', "", block.html)).split())


def _shown(bundle: Bundle) -> Suivis:
    assert bundle.suivis is not None
    return bundle.suivis.content


def _of(bundle: Bundle, *lignes: Ligne, silences: tuple[Silence, ...] = ()) -> Bundle:
    shown = replace(_shown(bundle), lignes=lignes, silences=silences)
    return replace(bundle, suivis=release_suivis(shown, False))


def _ligne(code: str, *etats: str, **places: float) -> Ligne:
    rules = (
        "depot_en_retard",
        "etp_sous_plan",
        "attente_en_hausse",
        "resultat_negatif",
        "cle_silencieux",
        "regime_finissant",
    )
    alertes = tuple(Alerte(rule, etat, f"{rule} de {code}") for rule, etat in zip(rules, etats, strict=True))  # type: ignore[arg-type]
    place = TerritoireSuivi(code, code.title(), "58", "2022", True, None, **places)
    return Ligne(place, alertes)


CALM = ("calme",) * 5


def test_both_counts_are_shown_each_against_those_named_by_its_date(published: Bundle) -> None:
    """37 on lists and the ten: 47, of which two date from 2026; 83 − 45 and 87 − 47 are named by nothing."""
    said = _said(vue.combien(published))
    assert "47 territoires sont suivis ici" in said
    assert re.search(r"83 \(2025\) : il en reste 38 .* 87 \(février 2026\) : il en reste 40", said)
    assert "93" not in said  # what was read since sets it aside
    assert "9 territoires n'est pas imprimée" in said


def test_the_real_bilan_raises_what_it_has_data_for_and_judges_nothing_else(published: Bundle) -> None:
    states = [[alerte.etat for alerte in ligne.alertes] for ligne in _shown(published).lignes]
    assert {tuple(row[:5]) for row in states} == {("non_evaluee",) * 5}
    assert {row[5] for row in states} == {"levee"}
    assert "Alerte de tous les territoires" in _said(vue.alertes(published))
    assert "33 jours" in _said(vue.alertes(published))


def test_an_alert_of_everyone_is_told_once_and_that_of_one_by_its_name(published: Bundle) -> None:
    alone = _of(published, _ligne("val", *CALM, "levee"), _ligne("vide", "levee", *CALM[1:], "calme"))
    table_ = vue.alertes(alone).html
    assert "Alerte de tous" not in table_
    assert "regime_finissant de val" in table_ and "depot_en_retard de vide" in table_


def test_a_rule_counts_each_state(published: Bundle) -> None:
    bundle = _of(
        published,
        _ligne("a", "levee", "tue", "secret", "non_evaluee", "calme", "calme"),
        _ligne("b", "calme", "tue", "secret", "non_evaluee", "calme", "calme"),
    )
    rows = re.findall(r"<tr>.*?</tr>", vue.regles(bundle).html)[1:]
    counts = [
        [int(float(value)) for value in re.findall(r'data value="(\d+)" data-unite="territoires"', row)]
        for row in rows
    ]
    assert counts == [
        [1, 0, 1, 0, 0],
        [0, 2, 0, 0, 0],
        [0, 0, 0, 2, 0],
        [0, 0, 0, 0, 2],
        [0, 0, 2, 0, 0],
        [0, 0, 2, 0, 0],
    ]


def test_a_silence_says_whether_it_holds(published: Bundle) -> None:
    held = Silence("a", "etp_sous_plan", date(2026, 11, 28), "Travaux", date(2026, 11, 1), "Équipe")
    ended = replace(held, jusqu_au=date(2026, 11, 27))
    bundle = _of(published, _ligne("a", *CALM, "calme"), silences=(held, ended))
    rows = [_said(Block(row)) for row in re.findall(r"<tr>.*?</tr>", vue.silences(bundle).html)[1:]]
    assert " tient Travaux" in rows[0] and "fini : l'alerte est revenue" in rows[1]
    assert vue.silences(_of(published)).html == ""


def test_what_has_no_place_is_not_on_the_map_and_is_counted(published: Bundle) -> None:
    bundle = _of(
        published,
        _ligne("a", "levee", *CALM[1:], "calme", longitude=3.0, latitude=47.0),
        _ligne("b", *CALM, "calme", longitude=-61.0, latitude=14.5),
        _ligne("c", *CALM, "calme"),
    )
    said = _said(vue.carte(bundle))
    assert "1 territoire a une alerte que tous n'ont pas, sur 1 placés sur la carte" in said
    assert "2 territoires suivis n'y sont pas" in said


def test_withheld_and_missing_are_words_in_the_table(published: Bundle) -> None:
    releves = {
        "etp": (Releve("etp", "2026-01", 4.0), Releve("etp", "2026-06", None, "masquee")),
        "attente": (Releve("attente", "2026-06-30", None, "absente"),),
    }
    ligne = _ligne("a", "secret", *CALM[1:], "non_evaluee")
    ligne = replace(ligne, territoire=replace(ligne.territoire, releves=releves))
    shown = replace(_shown(published), lignes=(ligne,))
    row = re.findall(r"<tr data-.*?</tr>", table(shown, ()))[0]
    cells = [_said(Block(cell)) for cell in re.findall(r"<td>.*?</td>", row)]
    assert cells[1:4] == ["secret", "non évalué", "absent"]
    assert re.sub(r"\s", " ", cells[4]) == "aucune levée (1 secrète, 1 non évaluée)"
    assert "<svg" not in row


def _mesure(mesure: str, periode: str, valeur: float | None, **more: object) -> Released[Mesure]:
    forms = {"etp_declares": ("quantite", "etp"), "jours_depuis_cle": ("duree", "jours")}
    forme, unite = forms[mesure]
    return not_publishable(
        Mesure(mesure, "premery", periode, forme, unite, "demonstration", "essai", valeur, **more)  # type: ignore[arg-type]
    )


def test_a_measure_becomes_a_reading_and_what_the_gate_withholds_stays_withheld(register: Register) -> None:
    hidden = replace(_mesure("etp_declares", "2026-06", None, etat="masquee", motif="trop peu").content)
    measures = [
        _mesure("etp_declares", "2026-01", 4.0, n=1),
        Released(hidden, "seuil-effectif"),
        _mesure("jours_depuis_cle", "2026-06-30", 10.0, n=1),
    ]
    found = suivis(HERE, register, measures, "atelier")
    assert found is not None and found.rule == "non-publiable"
    place = next(ligne.territoire for ligne in found.content.lignes if ligne.territoire.code == "premery")
    assert [(r.periode, r.valeur, r.etat) for r in place.of("etp")] == [
        ("2026-01", 4.0, "calculee"),
        ("2026-06", None, "masquee"),
    ]
    assert [r.periode for r in place.of("cle")] == ["2026-06-20"]


def test_the_day_can_be_another(register: Register) -> None:
    found = suivis(HERE, register, (), "atelier", date(2027, 1, 1))
    assert found is not None
    assert found.content.lignes[0].alertes[5].dit == "régime expiré ou inconnu au 1er janvier 2027"
    assert len(codes_suivis(HERE, register)) == 47
