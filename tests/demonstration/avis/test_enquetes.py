"""The surveys of invented territories: who answers, how the answers hang together; recomputed from the exports."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from functools import cache
from statistics import correlation, variance
from typing import Any

import pytest
from inventes import TEN, declared, deposit, each, rows

from analysis.demonstration.lieux import Lieu
from analysis.depot.formes.personnel import donnee_personnelle


def last_day(row: dict[str, Any]) -> date:
    return row["date_fin"] or date.max


def answers(lieu: Lieu, wave: dict[str, Any]) -> list[dict[str, str]]:
    """The records of a wave, as LimeSurvey exports them."""
    content = deposit(lieu).fichiers[wave["fichier"]].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


def survey_of(wave: dict[str, Any]) -> str:
    lists = declared("dictionary/nomenclatures.csv")
    return next(r["code"] for r in lists if (r["nomenclature"], r["libelle"]) == ("enquete", wave["enquete"]))


FOLLOWED = ("salaries_ebe", "volontaires")


@each
def test_exports_are_written_as_limesurvey_writes_them(lieu: Lieu) -> None:
    """A mark of order, lines that end by CR LF, numbers and dates in the order in which answers were begun."""
    for wave in rows(lieu, "enquetes"):
        content = deposit(lieu).fichiers[wave["fichier"]]
        lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\r\n")
        assert content.startswith(b"\xef\xbb\xbf") and lines[-1] == b"" and b"\r" not in b"".join(lines)
        told = answers(lieu, wave)
        assert [answer["id"] for answer in told] == [str(number) for number in range(1, len(told) + 1)]
        if survey_of(wave) in FOLLOWED:
            begun = [answer["startdate"] for answer in told]
            assert begun == sorted(begun)
            assert all(
                a["startdate"] < a["datestamp"] and a["submitdate"] in ("", a["datestamp"]) for a in told
            )
        else:
            assert {answer["submitdate"] for answer in told} <= {"", "1980-01-01 00:00:00"}


@each
def test_surveys_are_answered_by_the_people_asked_with_their_identifier(lieu: Lieu) -> None:
    for wave in rows(lieu, "enquetes"):
        enquete, day = survey_of(wave), wave["date_collecte"]
        told = answers(lieu, wave)
        assert 0 < len(told) <= wave["invites"]
        for answer in told:
            check_answer(enquete, answer, lieu.reponses_completes)
            assert enquete not in FOLLOWED or answer["submitdate"][:10] <= day.isoformat()
        if enquete not in FOLLOWED:
            assert "token" not in told[0] and "datestamp" not in told[0]
            continue
        tokens = [answer["token"] for answer in told]
        assert len(set(tokens)) == len(tokens)
        at_work = {r["personne"] for r in rows(lieu, "contrats") if r["date_debut"] <= day <= last_day(r)}
        volunteers = {r["personne"] for r in rows(lieu, "personnes") if r["date_volontariat"]}
        is_staff = enquete == "salaries_ebe"
        assert set(tokens) <= at_work if is_staff else set(tokens) <= volunteers - at_work
        assert not is_staff or wave["invites"] == len(at_work)


def check_answer(enquete: str, answer: dict[str, str], complete: bool) -> None:
    questions = [q for q in declared_questions() if q["enquete"] == enquete]
    standard = ["id", "submitdate", "lastpage", "startlanguage", "seed"]
    standard += ["token", "startdate", "datestamp"] if enquete in FOLLOWED else []
    assert list(answer) == [*standard, *(q["code_limesurvey"] for q in questions if q["nature"] != "jeton")]
    agreed = answer["consent"] in ("Y", "Oui")
    assert agreed or answer["consent"] == ("Non" if complete else "N")
    for question in questions:
        value = answer[question["code_limesurvey"]]
        if not agreed and question["question"] not in ("jeton", "consentement"):
            assert value == ("N/A" if complete and question["nature"] == "oui_non" else "")
        if value in ("", "N/A") or question["nature"] == "jeton":
            continue
        if question["nature"] == "nombre":
            low, high = map(int, question["valeurs"].split(".."))
            assert value == str(int(value)) and low <= int(value) <= high
        elif question["nature"] == "texte_libre":
            assert donnee_personnelle(value, libre=True) is None
        else:
            column = "libelle" if complete else "code_limesurvey"
            assert value in choices(question["valeurs"], column)


@cache
def declared_questions() -> list[dict[str, str]]:
    return [q for q in declared("dictionary/questions.csv") if q["nature"] != "tableau"]


@cache
def choices(name: str, column: str) -> frozenset[str]:
    return frozenset(r[column] for r in declared("dictionary/nomenclatures.csv") if r["nomenclature"] == name)


@each
def test_the_waves_are_those_declared_and_no_two_of_a_survey_end_in_one_year(lieu: Lieu) -> None:
    waves = [(survey_of(wave), wave["date_collecte"].year) for wave in rows(lieu, "enquetes")]
    assert len(set(waves)) == len(waves)
    expected = [("membres_cle", 2019), ("membres_cle", 2021)]
    if lieu.entreprises:
        expected += [("habitants", 2020), ("entreprises", 2020)]
    assert [wave for wave in waves if wave[0] not in FOLLOWED] != [] and set(expected) <= set(waves)
    assert lieu.entreprises or not {"habitants", "entreprises", "salaries_ebe"} & {name for name, _ in waves}


RANKS = ("Tout à fait d'accord", "Plutôt d'accord", "Plutôt pas d'accord", "Pas du tout d'accord")


def scores(wave_file: str) -> dict[tuple[str, str], list[float | None]]:
    """The items of the scale, four for the most favourable answer, by territory and respondent, over all."""
    found = {}
    for lieu in TEN:
        for wave in (w for w in rows(lieu, "enquetes") if w["fichier"] == wave_file):
            for answer in answers(lieu, wave):
                codes = [answer[f"avis[SQ00{n}]"] for n in range(1, 5)]
                ranks = [
                    RANKS.index(c) + 1 if c in RANKS else int(c[1:] or 9) if c[:1] == "A" else 9
                    for c in codes
                ]
                known = [float(5 - rank) if rank < 5 else None for rank in ranks]
                found[lieu.code, answer.get("token", answer["id"])] = known
    return found


def complete_scores(wave_file: str) -> dict[tuple[str, str], list[float]]:
    told = scores(wave_file).items()
    return {key: [x for x in row if x is not None] for key, row in told if None not in row}


WAVES = ("salaries-1", "salaries-2", "salaries-3", "volontaires-1", "habitants-1", "entreprises-1")


@pytest.mark.parametrize("wave", [*WAVES, "membres-cle-1", "membres-cle-2"])
def test_the_items_of_a_scale_agree_as_those_of_a_real_one(wave: str) -> None:
    """Alpha of Cronbach by its definition, on the answers of the ten territories: about 0.8."""
    told = list(complete_scores(f"enquete-{wave}.csv").values())
    items = list(zip(*told, strict=True))
    total = variance([sum(row) for row in told])
    alpha = 4 / 3 * (1 - sum(map(variance, items)) / total)
    assert len(told) > 80 and 0.7 < alpha < 0.88


def test_a_person_answers_two_waves_alike_and_the_staff_fares_better_with_time() -> None:
    first, second, third = (complete_scores(f"enquete-salaries-{n}.csv") for n in (1, 2, 3))
    both = sorted(first.keys() & second.keys())
    assert len(both) > 150
    assert correlation([sum(first[k]) for k in both], [sum(second[k]) for k in both]) > 0.3
    means = [sum(map(sum, wave.values())) / len(wave) for wave in (first, second, third)]
    assert means[0] < means[1] < means[2]


def test_who_answers_depends_on_sex_and_age() -> None:
    """So that weights have something to correct: women and people of fifty or more answer more."""
    asked: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for lieu in TEN:
        people = {row["personne"]: row for row in rows(lieu, "personnes")}
        for wave in (w for w in rows(lieu, "enquetes") if survey_of(w) == "salaries_ebe"):
            day = wave["date_collecte"]
            at_work = {r["personne"] for r in rows(lieu, "contrats") if r["date_debut"] <= day <= last_day(r)}
            answered = {answer["token"] for answer in answers(lieu, wave)}
            for person in at_work:
                age = day.year - people[person]["annee_naissance"]
                kinds = [people[person]["sexe"], "jeune" if age < 30 else "aine" if age >= 50 else "autre"]
                asked.update(kinds)
                told.update(kinds if person in answered else [])
    rate = {kind: told[kind] / asked[kind] for kind in asked}
    assert rate["Femme"] > rate["Homme"] + 0.03
    assert rate["jeune"] < rate["autre"] < rate["aine"]
