"""The questionnaires are what LimeSurvey imports: held by a second reading of its importer, written from its PHP."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import textstat

from analysis.depot.commandes_enquete import structure as command
from analysis.depot.enquete import LONGEST_ANSWER_CODE, load_questions
from analysis.depot.questionnaire import (
    Questionnaire,
    load_questionnaires,
    sentences,
    spaced,
    structure,
)
from analysis.noyau.errors import InvalidData, UnknownName
from analysis.noyau.nomenclatures import load_nomenclatures
from analysis.noyau.paths import Project

HERE = Project.here()
SURVEYS = load_questionnaires(HERE)
LISTS = load_nomenclatures(HERE)
each = pytest.mark.parametrize("questionnaire", SURVEYS.values(), ids=list(SURVEYS))

BASE = {"class", "type/scale", "name", "relevance", "text", "help", "language", "validation", "mandatory"}
BASE |= {"other", "default", "same_default"}
ATTRIBUTES = {"N": {"min_num_value_n", "max_num_value_n", "num_value_int_only"}}
TYPES = set("15ABCDEFGHIKLMNOPQRSTUXY!|*:;")
ORDER = {"S": {"S"}, "SL": {"S", "SL"}, "G": {"SL", "Q", "SQ", "A"}, "Q": {"G", "Q", "SQ", "A"}}
ORDER |= {"SQ": {"Q", "SQ"}, "A": {"Q", "SQ", "A"}}
RESERVED = {"LANG", "SID", "SAVEDID", "TOKEN", "QID", "GID", "SGQ", "self", "that", "this"}


def imported(content: bytes) -> list[dict[str, str]]:
    """The rows as ``TSVImportSurvey`` cuts them; asserts what it would guess wrong."""
    head = content[:1000]
    assert head.decode("utf-8"), "the encoding is told by the first thousand bytes"
    text = re.sub(r"\r\n?|\x0b|\x0c|\x85|\u2028|\u2029", "\n", content.decode("utf-8"))
    assert '"' not in text.partition("\n")[0], "behind the byte order mark a quote stays in the first name"
    header, *body = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
    header[0] = re.sub(r"^\W+", "", header[0])
    assert "\\" not in text, "fgetcsv takes a backslash for an escape"
    rows = []
    for cells in body:
        assert len(cells) == len(header), "a cell too many or too few"
        row = dict(zip(header, cells, strict=True))
        assert not any(re.fullmatch('".*"', cell) for cell in cells), "outer quotes would be taken off"
        rows.append(row)
    return rows


def faults(content: bytes) -> list[str]:
    """What LimeSurvey would refuse, change or leave out of a structure, in the order of its importer."""
    try:
        rows = imported(content)
    except (AssertionError, UnicodeDecodeError, csv.Error) as error:
        return [f"reading: {error}"]
    if not rows or not set(rows[0]) >= BASE:
        return ["columns"]
    found = []
    settings = {row["name"]: row["text"] for row in rows if row["class"] == "S"}
    languages = [settings.get("language", ""), *settings.get("additional_languages", "").split()]
    titled = {row["language"] for row in rows if row["class"] == "SL" and row["name"] == "surveyls_title"}
    found += [f"language {language}" for language in languages if language not in titled]
    found += [f"setting {n}" for n in ("anonymized", "format", "language") if not settings.get(n)]
    previous, known, questions = "S", set(), Counter[str]()
    parts: dict[str, Counter[str]] = {}
    question: dict[str, str] = {}
    for row in rows:
        kind, name = row["class"], row["name"]
        if kind not in ORDER or previous not in ORDER[kind]:
            found.append(f"order {previous} {kind}")
            return found
        previous = kind
        if kind not in ("S",) and row["language"] not in languages:
            found.append(f"language of {name}")
        found += [f"relevance {code}" for code in asked_of(row["relevance"]) if code not in known]
        if kind == "Q":
            question, parts[name] = row, Counter()
            questions[name] += 1
            known.add(name)
            found += question_faults(row)
        elif kind in ("SQ", "A"):
            parts[question["name"]][f"{kind} {name}"] += 1
            longest = 20 if kind == "SQ" else LONGEST_ANSWER_CODE
            if not re.fullmatch(rf"[A-Za-z0-9]{{1,{longest}}}", name) or name == "time" or not row["text"]:
                found.append(f"code {kind} {name}")
    found += [f"twice {name}" for name, count in questions.items() if count > 1]
    found += [f"twice {n}" for c in parts.values() for n, count in c.items() if count > 1]
    for row in (row for row in rows if row["class"] == "Q"):
        kinds = {name.split()[0] for name in parts[row["name"]]}
        wanted = {"F": {"SQ", "A"}, "L": {"A"}}.get(row["type/scale"], set())
        found += [f"parts of {row['name']}"] if kinds != wanted else []
    return found


def asked_of(relevance: str) -> list[str]:
    """The questions that an expression names."""
    return re.findall(r"([A-Za-z]\w*)\.NAOK", relevance)


def question_faults(row: dict[str, str]) -> list[str]:
    name, kind = row["name"], row["type/scale"]
    found = []
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,19}", name) or name in RESERVED:
        found.append(f"code Q {name}")
    if kind not in TYPES:
        found.append(f"type of {name}")
    if not row["text"] or row["mandatory"] not in ("Y", "N", "S") or row["other"] not in ("Y", "N"):
        found.append(f"cells of {name}")
    extra = {column for column, cell in row.items() if cell and column not in BASE}
    if extra - ATTRIBUTES.get(kind, set()):
        found.append(f"attributes of {name}")
    return found


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


def test_rows_are_those_that_a_reader_expects() -> None:
    rows = imported(structure(SURVEYS["salaries_ebe"], LISTS).encode("utf-8"))
    settings = {row["name"]: row["text"] for row in rows if row["class"] == "S"}
    assert (settings["anonymized"], settings["tokenanswerspersistence"], settings["ipaddr"]) == (
        "N",
        "Y",
        "N",
    )
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
