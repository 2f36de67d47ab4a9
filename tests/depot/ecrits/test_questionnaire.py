"""The questionnaires are what LimeSurvey imports: held by a second reading of its importer, written from its PHP."""

from __future__ import annotations

import csv
import io
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import textstat
from limesurvey import faults, imported

from analysis.depot.commandes_enquete import structure as command
from analysis.depot.ecrits.questionnaire import (
    Questionnaire,
    load_questionnaires,
    sentences,
    spaced,
    structure,
)
from analysis.depot.enquetes.questions import load_questions
from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.errors import InvalidData, UnknownName
from analysis.noyau.paths import Project

HERE = Project.here()
SURVEYS = load_questionnaires(HERE)
LISTS = load_nomenclatures(HERE)
each = pytest.mark.parametrize("questionnaire", SURVEYS.values(), ids=list(SURVEYS))


@each
def test_the_structure_is_one_that_the_importer_takes_as_it_is(questionnaire: Questionnaire) -> None:
    content = structure(questionnaire, LISTS).encode("utf-8")
    assert content.startswith(b"\xef\xbb\xbfid\t")
    assert faults(content) == []
    assert content[:1000].removeprefix(b"\xef\xbb\xbf").isascii()


BROKEN = {
    "parts of sante": ("\tL\tsante\t", "\tF\tsante\t"),
    "order": ("\t\tSQ\t", "\t\tZZ\t"),
    "code Q avis_1": ("\tF\tavis\t", "\tF\tavis_1\t"),
    "code Q 1avis": ("\tF\tavis\t", "\tF\t1avis\t"),
    "code SQ SQ_001": ("\tSQ001\t", "\tSQ_001\t"),
    "code A AAAAAA": ("\t0\tA1\t", "\t0\tAAAAAA\t"),
    "twice SQ SQ001": ("\tSQ002\t", "\tSQ001\t"),
    "twice sante": ("\tN\tsatisf\t", "\tN\tsante\t"),
    "type of sante": ("\tL\tsante\t", "\tZ\tsante\t"),
    "relevance consant": ("consent.NAOK", "consant.NAOK"),
    "language de": ("language\t\tfr", "language\t\tde"),
    "setting anonymized": ("anonymized\t\tN", "anonymized\t\t"),
    "attributes of satisf": ("\t\tQ\tN\tsatisf", "7\t\tQ\tN\tsatisf"),
    "reading: a cell too many": ("\tL\tsante\t", "\tL\tsan\tte\t"),
    "reading: behind the byte": ("id\trelated_id", '"id"\trelated_id'),
    "reading: fgetcsv": ("Mon travail est reconnu.", "Mon travail est \\reconnu."),
    "columns": ("\trelevance\t", "\tpertinence\t"),
}


@pytest.mark.parametrize(("fault", "change"), BROKEN.items(), ids=list(BROKEN))
def test_the_second_reading_refuses_a_broken_structure(fault: str, change: tuple[str, str]) -> None:
    text = structure(SURVEYS["salaries_ebe"], LISTS)
    assert change[0] in text
    told = faults(text.replace(*change).encode("utf-8"))
    assert told and any(one.startswith(fault) for one in told), told


def test_a_letter_cut_at_the_thousandth_byte_would_mislead_the_importer() -> None:
    content = structure(SURVEYS["habitants"], LISTS).encode("utf-8")
    padding = 999 - len(content[: content.index(b"\n") + 1])
    head, rest = content.split(b"\n", 1)
    cut = head + b"\n" + b"x" * padding + "é".encode() + rest
    assert faults(cut)[0].startswith("reading: 'utf-8' codec")


@pytest.mark.parametrize("survey", list(SURVEYS))
def test_nobody_reads_answers_again_by_typing_an_access_code(survey: str) -> None:
    """Neither what was begun, nor what was sent, nor what was saved to be gone on with."""
    rows = imported(structure(SURVEYS[survey], LISTS).encode("utf-8"))
    settings = {row["name"]: row["text"] for row in rows if row["class"] == "S"}
    kept = ("tokenanswerspersistence", "allowsave", "alloweditaftercompletion", "usecookie", "printanswers")
    assert {settings[name] for name in kept} == {"N"}


def test_rows_are_those_that_a_reader_expects() -> None:
    rows = imported(structure(SURVEYS["salaries_ebe"], LISTS).encode("utf-8"))
    settings = {row["name"]: row["text"] for row in rows if row["class"] == "S"}
    assert (settings["anonymized"], settings["datestamp"], settings["ipaddr"]) == ("N", "Y", "N")
    shape = [
        (row["class"], row["type/scale"], row["name"]) for row in rows if row["class"] not in ("S", "SL")
    ]
    assert shape[:2] == [("G", "1", "Votre accord"), ("Q", "Y", "consent")]
    start = shape.index(("Q", "F", "avis"))
    assert shape[start + 1 : start + 10] == [
        *(("SQ", "0", f"SQ00{number}") for number in range(1, 5)),
        *(("A", "0", f"A{number}") for number in range(1, 6)),
    ]
    (mark,) = (row for row in rows if row["name"] == "satisf")
    limits = (mark["min_num_value_n"], mark["max_num_value_n"], mark["num_value_int_only"])
    assert (mark["type/scale"], *limits) == ("N", "0", "10", "1")
    assert [row["mandatory"] for row in rows if row["class"] == "Q"].count("Y") == 1
    welcome = next(row["text"] for row in rows if row["name"] == "surveyls_welcometext")
    assert welcome.count("<li>") == len(sentences(SURVEYS["salaries_ebe"].consentement))


@each
def test_someone_who_does_not_agree_is_asked_nothing_more(questionnaire: Questionnaire) -> None:
    rows = imported(structure(questionnaire, LISTS).encode("utf-8"))
    first, *others = [row for row in rows if row["class"] == "G"]
    assert first["relevance"] == "" and others
    assert {row["relevance"] for row in others} == {'consent.NAOK == "Y"'}


@each
def test_every_question_that_is_read_is_asked_under_its_code(questionnaire: Questionnaire) -> None:
    rows = imported(structure(questionnaire, LISTS).encode("utf-8"))
    codes, whole = [], ""
    for row in rows:
        if row["class"] == "Q":
            whole = row["name"]
            codes += [] if row["type/scale"] == "F" else [whole]
        elif row["class"] == "SQ":
            codes.append(f"{whole}[{row['name']}]")
    read = load_questions(HERE)[questionnaire.enquete]
    assert codes == [question.code_limesurvey for question in read if question.nature != "jeton"]


@each
def test_the_consent_says_what_the_law_and_honesty_ask(questionnaire: Questionnaire) -> None:
    said = questionnaire.consentement
    assert "libre de répondre ou non" in said and "L'équipe du bilan lit" in said
    months = {row["nature"]: row["mois"] for row in retention()}
    assert (months["tables"], months["textes_libres"]) == (
        "60",
        "24",
    ) and "cinq ans, les textes deux ans" in said
    followed = questionnaire.enquete in ("salaries_ebe", "volontaires")
    assert questionnaire.est_anonyme != followed
    if followed:
        assert "n'est donc pas anonyme" in said and "Un code relie vos réponses" in said
        assert "Vous pouvez changer d'avis" in said and "sera effacé" in said
    else:
        assert "Cette enquête est anonyme" in said and "on ne pourra plus l'effacer" in said


def retention() -> list[dict[str, str]]:
    text = (HERE.dictionary / "conservation.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


LEAST_SCORE, LONGEST_SENTENCE = 80, 25
"""« Facile » at least on the scale of Flesch (80 and more): the questionnaires are read by people of whom some
read with effort. Twenty-five words is the limit of the guides of plain French."""


def flat(questionnaire: Questionnaire) -> str:
    """All that is read, without the spaces before double punctuation."""
    text = " ".join(one if one[-1] in ".?!" else f"{one}." for one in questionnaire.textes())
    return re.sub(r" (?=[?!:;»])", "", text)


@each
def test_a_questionnaire_reads_easily(questionnaire: Questionnaire) -> None:
    """By textstat, and by the formula of Kandel and Moles on its counts of words, sentences and syllables."""
    textstat.set_lang("fr")
    text = flat(questionnaire)
    score = textstat.flesch_reading_ease(text)
    words, count = textstat.lexicon_count(text), textstat.sentence_count(text)
    by_hand = 207 - 1.015 * words / count - 73.6 * textstat.syllable_count(text) / words
    assert score == pytest.approx(by_hand, abs=0.2)
    assert score >= LEAST_SCORE
    assert max(len(sentence.split()) for sentence in sentences(text)) <= LONGEST_SENTENCE


@each
def test_the_figures_of_the_documentation_are_the_measured_ones(questionnaire: Questionnaire) -> None:
    textstat.set_lang("fr")
    text = (HERE.root / "docs" / "questionnaires.md").read_text(encoding="utf-8")
    (told,) = re.findall(rf"^\| {questionnaire.enquete} \| (\d+) \|.*\| (\d+) \|$", text, re.MULTILINE)
    longest = max(len(sentence.split()) for sentence in sentences(flat(questionnaire)))
    assert int(told[0]) == pytest.approx(textstat.flesch_reading_ease(flat(questionnaire)), abs=1)
    assert int(told[1]) == longest


def copy(tmp_path: Path, name: str, old: str, new: str) -> Project:
    """The dictionary with one change in one of its tables."""
    shutil.copytree(HERE.dictionary, tmp_path / "data" / "dictionary")
    path = tmp_path / "data" / "dictionary" / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return Project(tmp_path)


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("questionnaires", "habitants,", "voisins,", "« voisins » incomplète"),
        ("questionnaires", "Bonjour. Vous attendez", "Bonjour {TOKEN}. Vous attendez", "accolade"),
        ("questions", "consentement,consent,", "accord,consent,", "commence pas par « consentement »"),
        ("questions", "utile,avis[SQ001]", "utile,avi_s[SQ001]", "« avi_s[SQ001] »"),
        (
            "questions",
            "utile,avis[SQ001]",
            "utile,opinion[SQ001]",
            "une ligne « tableau » de code « opinion »",
        ),
        ("questions", "sante,sante,", "sante,token,", "mot réservé"),
        ("questions", "sante,sante,", f"sante,{'s' * 21},", "20 caractères"),
        ("questions", 'vie ?",Votre vie', 'vie ?",Votre santé', "coupée en deux"),
        (
            "questions",
            "faire.,L'attente,non,,accompagnement",
            "faire.,L'attente,non,,",
            "au moins 3 questions",
        ),
        ("nomenclatures", "accord,nsp,Ne sait pas,A5", "accord,nsp,Ne sait pas,A50000", "1 à 5 caractères"),
        ("nomenclatures", "accord,nsp,Ne sait pas,A5", "accord,nsp,Ne sait pas,A4", "distincts"),
    ],
)
def test_a_faulty_declaration_is_told(tmp_path: Path, name: str, old: str, new: str, expected: str) -> None:
    project = copy(tmp_path, name, old, new)
    with pytest.raises(InvalidData, match=re.escape(expected)):
        load_questionnaires(project)


def test_the_command_writes_each_questionnaire_and_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(HERE.dictionary, tmp_path / "data" / "dictionary")
    project = Project(tmp_path)
    assert command(project, None) == 0
    told = capsys.readouterr().out
    written = sorted(path.name for path in (tmp_path / "outputs" / "enquetes").iterdir())
    assert written == sorted(f"{enquete}.txt" for enquete in SURVEYS)
    assert "table des participants" in told and "par code d'accès, non anonyme" in told
    content = (tmp_path / "outputs" / "enquetes" / "habitants.txt").read_bytes()
    assert content == structure(SURVEYS["habitants"], LISTS).encode("utf-8") and b"\r" not in content
    assert command(project, "habitants") == 0
    assert "table des participants" not in capsys.readouterr().out
    with pytest.raises(UnknownName, match="Vouliez-vous dire « habitants »"):
        command(project, "habitant")


def test_a_text_with_a_quote_ends_in_one_cell() -> None:
    one = replace(SURVEYS["habitants"], titre='Le « vrai » bilan, dit "simple"\ten deux')
    rows = imported(structure(one, LISTS).encode("utf-8"))
    title = next(row["text"] for row in rows if row["name"] == "surveyls_title")
    assert title == spaced('Le « vrai » bilan, dit "simple"\ten deux')
