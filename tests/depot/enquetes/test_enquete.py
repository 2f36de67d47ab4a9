"""A survey's export: declared questions alone, exact answers, nobody's name, free texts apart."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from deposits import Rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.depot.enquetes import enquete
from analysis.depot.enquetes.enquete import read_enquete
from analysis.depot.enquetes.questions import Question, load_questions, load_structure
from analysis.depot.formes.cle import CLE_DEMONSTRATION
from analysis.depot.formes.constats import load_regles
from analysis.depot.formes.lecture import Lecture
from analysis.noyau.declared.nomenclatures import Choix, load_nomenclatures
from analysis.noyau.errors import InvalidData
from analysis.noyau.paths import Project

Found = Callable[[Callable[[Rows], Any]], list[tuple[str, str, str]]]

NOMENCLATURES = {
    "accord": (Choix("oui_plutot", "Plutôt d'accord", "A1"), Choix("nsp", "Ne sait pas", "A2")),
    "oui_non": (Choix("oui", "Oui", "Y"), Choix("non", "Non", "N")),
}
QUESTIONS = (
    Question("test", "jeton", "token", "jeton", "", "Jeton"),
    Question("test", "utile", "avis[SQ001]", "choix", "accord", "Mon travail est utile."),
    Question("test", "temps", "temps", "oui_non", "oui_non", "Temps choisi ?"),
    Question("test", "satisfaction", "satisf", "nombre", "0..10", "De 0 à 10 ?"),
    Question("test", "commentaire", "libre", "texte_libre", "", "Qu'est-ce qui a changé ?"),
)
HEADER = ("id", "submitdate", "token", "avis[SQ001]", "temps", "satisf", "libre")
SENT = "2022-05-01 10:00:00"
ANSWER = ("1", SENT, "abc", "A1", "Y", "7", "")


def export(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER, separator: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
        [header, *rows]
    )
    return text.getvalue()


def read(
    folder: Path, content: str | bytes, questions: tuple[Question, ...] = QUESTIONS
) -> tuple[Lecture, pd.DataFrame]:
    path = folder / "vague1.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_enquete(
        path,
        enquete="test",
        questions=questions,
        nomenclatures=NOMENCLATURES,
        empreinte=lambda token: f"H-{len(token)}{sum(map(ord, token))}",
    )


def rules(lecture: Lecture) -> list[str]:
    return [constat.regle for constat in lecture.constats]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("sub_question", ["avis[SQ001]", "avis_SQ001", "avis.SQ001"])
def test_codes_and_full_answers_give_the_same_values(
    tmp_path: Path, separator: str, encoding: str, sub_question: str
) -> None:
    header = (*HEADER[:3], sub_question, *HEADER[4:])
    labels = ("2", SENT, "abd", "Plutôt d'accord", "Oui", "7.0000000000", "")
    lecture, texts = read(
        tmp_path, export(ANSWER, labels, header=header, separator=separator).encode(encoding)
    )
    assert (lecture.table, lecture.feuille, lecture.lues, lecture.refusees) == ("reponses", "", 2, 0)
    assert lecture.frame.to_dict("index") == {
        2: {"repondant": "H-3294", "utile": "oui_plutot", "temps": "oui", "satisfaction": 7.0},
        3: {"repondant": "H-3295", "utile": "oui_plutot", "temps": "oui", "satisfaction": 7.0},
    }
    assert texts.empty and list(texts.columns) == ["repondant", "question", "texte"]
    assert rules(lecture) == []


def test_blank_and_not_shown_are_no_answer(tmp_path: Path) -> None:
    lecture, _ = read(tmp_path, export(("1", SENT, "abc", "", "N/A", "N/A", "N/A")))
    assert lecture.frame[["utile", "temps", "satisfaction"]].isna().all(axis=None)
    assert rules(lecture) == []


@pytest.mark.parametrize(
    ("place", "answer", "header", "expected"),
    [
        (3, "A9", "avis[SQ001]", "« Plutôt d'accord », « Ne sait pas »"),
        (3, "plutot d'accord", "avis[SQ001]", "« Plutôt d'accord »"),
        (3, "oui_plutot", "avis[SQ001]", "« Plutôt d'accord »"),
        (4, "Dupont", "temps", "« Oui », « Non »"),
        (5, "11", "satisf", "un nombre entre 0 et 10"),
        (5, "sept", "satisf", "un nombre entre 0 et 10"),
        (5, "-1", "satisf", "un nombre entre 0 et 10"),
    ],
)
def test_an_answer_that_is_not_expected_is_told_and_not_quoted(
    tmp_path: Path, place: int, answer: str, header: str, expected: str
) -> None:
    faulty = [*ANSWER]
    faulty[place], faulty[2], faulty[0] = answer, "abd", "2"
    lecture, texts = read(tmp_path, export(ANSWER, tuple(faulty)))
    (constat,) = lecture.constats
    assert (constat.regle, constat.ligne, constat.entete) == ("enquete_reponse", 3, header)
    assert expected in constat.attendu and f"« {answer} »" not in str(constat)
    assert (lecture.frame.index.tolist(), lecture.refusees, len(texts)) == ([2], 1, 0)


def test_a_text_beyond_measure_refuses_its_row_alone(tmp_path: Path) -> None:
    lecture, texts = read(tmp_path, export(ANSWER, ("2", SENT, "abd", "A1", "Y", "7", "x" * 2001)))
    (constat,) = lecture.constats
    assert (constat.regle, constat.ligne, constat.entete) == ("enquete_texte_long", 3, "libre")
    assert "2000 caractères au plus" in constat.attendu
    assert (lecture.frame.index.tolist(), lecture.refusees, len(texts)) == ([2], 1, 0)


FIRST, LATER, LAST = "2022-05-01 10:00:00", "2022-05-02 10:00:00", "2022-05-03 10:00:00"


@pytest.mark.parametrize(
    ("dates", "kept"),
    [
        (((FIRST, FIRST), ("", LATER)), "un"),  # sent, then opened again
        ((("", FIRST), (LATER, LATER)), "deux"),
        ((("", FIRST), ("", LATER)), "deux"),
        ((("", LATER), ("", FIRST)), "un"),
        (((LATER, LATER), (FIRST, FIRST)), "un"),
        ((("", FIRST), ("", FIRST)), "deux"),  # nothing but its number tells the latest
        ((("", LAST), (FIRST, FIRST), (LATER, LATER)), "trois"),
    ],
)
def test_of_the_answers_under_one_code_the_one_that_was_sent_is_kept_else_the_latest(
    tmp_path: Path, dates: tuple[tuple[str, str], ...], kept: str
) -> None:
    header = (*HEADER[:3], "datestamp", *HEADER[3:])
    texts = ("un", "deux", "trois")
    rows = [
        (str(number), sent, token, moved, "A1", "Y", "7", text)
        for number, ((sent, moved), text, token) in enumerate(
            zip(dates, texts, ("abc", "ABC", "abc"), strict=False), start=1
        )
    ]
    lecture, said = read(
        tmp_path, export(*rows, ("9", SENT, "autre", LAST, "A1", "Y", "7", ""), header=header)
    )
    assert list(said["texte"]) == [kept] and len(lecture.frame) == lecture.lues == 2
    (told,) = [constat for constat in lecture.constats if constat.regle == "enquete_doublon"]
    assert f"{len(rows) - 1} réponse" in told.trouve and "abc" not in str(told)


def test_codes_that_only_a_hyphen_tells_apart_are_refused_both(tmp_path: Path) -> None:
    lecture, _ = read(
        tmp_path, export(ANSWER, ("2", SENT, "P-1", *ANSWER[3:]), ("3", SENT, "P1", *ANSWER[3:]))
    )
    told = {constat.ligne: constat for constat in lecture.constats}
    assert rules(lecture) == ["identifiants_confondus"] * 2 and set(told) == {3, 4}
    assert "ligne 4" in told[3].trouve and "ligne 3" in told[4].trouve and "P" not in told[3].trouve
    assert lecture.frame.index.tolist() == [2]


def test_who_refuses_after_an_unfinished_answer_is_not_kept(tmp_path: Path) -> None:
    begun = ("1", "", "abc", "Y", "A1", "", "", "un texte")
    refused = ("2", SENT, "abc", "N", "", "", "", "")
    lecture, texts = read(tmp_path, export(begun, refused, header=AGREED), ASKED)
    assert lecture.frame.empty and texts.empty
    assert sorted(rules(lecture)) == ["enquete_doublon", "enquete_sans_accord"]


def test_answers_in_no_list_are_told_once_whatever_their_number(tmp_path: Path) -> None:
    rows = [(str(n), SENT, f"a{n}", "Assez d'accord", "Y", "7", "") for n in range(1, 30)]
    lecture, _ = read(tmp_path, export(ANSWER, *rows))
    (constat,) = lecture.constats
    assert constat.regle == "enquete_reponse" and "29 réponses hors de la liste" in constat.trouve
    assert "aux lignes 3, 4, 5 et 26 autres" in constat.trouve and "Assez" not in str(constat)
    assert "« Codes de réponse »" in constat.remede and "Convertir" not in constat.remede


def test_a_conversion_of_yes_and_no_is_told_by_its_setting(tmp_path: Path) -> None:
    lecture, _ = read(
        tmp_path, export(("1", SENT, "abc", "A1", "1", "7", ""), ("2", SENT, "abd", "A1", "2", "7", ""))
    )
    (constat,) = lecture.constats
    assert constat.regle == "enquete_reponse" and constat.entete == "temps"
    assert "« Convertir Y en » et « Convertir N en »" in constat.remede and "Codes" not in constat.remede


def test_without_tokens_a_respondent_is_named_by_the_answer_then_by_the_line(tmp_path: Path) -> None:
    header = tuple(name for name in HEADER if name != "token")
    rows = [(answer_id, SENT, "A1", "Y", "7", "") for answer_id in ("12", "", "Jean", "12")]
    lecture, _ = read(tmp_path, export(*rows, header=header))
    assert lecture.frame["repondant"].tolist() == ["r12", "l3", "l4"]
    assert rules(lecture) == ["enquete_sans_jeton", "enquete_doublon"]


def test_unfinished_answers_are_kept_and_counted(tmp_path: Path) -> None:
    lecture, _ = read(tmp_path, export(ANSWER, ("2", "", "abd", "A1", "", "", "")))
    (constat,) = lecture.constats
    assert constat.regle == "enquete_inachevee" and constat.trouve == "1 réponse sans date d'envoi"
    assert len(lecture.frame) == 2


def test_free_texts_are_apart_with_the_line_where_their_record_starts(tmp_path: Path) -> None:
    first = (*ANSWER[:6], 'J\'ai repris "goût",\nvraiment.')
    second = ("2", SENT, "abd", "A2", "N", "3", "Rien.")
    lecture, texts = read(tmp_path, export(first, second))
    assert lecture.frame.index.tolist() == [2, 4]
    assert texts.to_dict("index") == {
        2: {
            "repondant": "H-3294",
            "question": "commentaire",
            "texte": 'J\'ai repris "goût",\nvraiment.',
        },
        4: {"repondant": "H-3295", "question": "commentaire", "texte": "Rien."},
    }
    assert "commentaire" not in lecture.frame.columns


@pytest.mark.parametrize("text", ["écrire à a.b@exemple.fr", "au 06 12 34 56 78", "grâce à Jeanne Martin"])
def test_a_free_text_that_names_someone_refuses_its_row(tmp_path: Path, text: str) -> None:
    lecture, texts = read(tmp_path, export((*ANSWER[:6], text)))
    (constat,) = lecture.constats
    assert (constat.regle, constat.ligne, constat.entete) == ("donnee_personnelle", 2, "libre")
    assert text not in str(constat)
    assert (lecture.refusees, len(lecture.frame), len(texts)) == (1, 0, 0)


def test_columns_that_are_not_declared_are_not_read(tmp_path: Path) -> None:
    header = (*HEADER, "firstname", "email", "ipaddr", "Quel est votre nom ?")
    row = (*ANSWER, "Jeanne", "j@exemple.fr", "10.0.0.1", "Martin")
    lecture, texts = read(tmp_path, export(row, header=header))
    (constat,) = lecture.constats
    assert constat.regle == "enquete_colonne_ignoree"
    assert constat.trouve == "4 colonnes non lues, dont « firstname », « email », « ipaddr »"
    told = lecture.frame.to_csv() + repr(lecture.constats) + texts.to_csv()
    assert not [word for word in ("Jeanne", "exemple", "10.0.0.1", "Martin", "votre nom") if word in told]


def test_missing_questions_refuse_the_export_whole(tmp_path: Path) -> None:
    header = ("id", "token", "temps", "temps")
    lecture, texts = read(tmp_path, export(("1", "abc", "Y", "Y"), ("2", "abd", "N", "N"), header=header))
    (constat,) = lecture.constats
    assert constat.regle == "enquete_colonnes"
    assert "sans « avis[SQ001] », « satisf », « libre » et avec deux fois « temps »" in constat.trouve
    assert (lecture.lues, lecture.refusees, len(texts)) == (2, 2, 0)
    assert list(lecture.frame.columns) == ["repondant", "utile", "temps", "satisfaction"]


SECOND = (
    *QUESTIONS[:3],
    replace(QUESTIONS[3], jusqua=1),
    QUESTIONS[4],
    Question("test", "sommeil", "sommeil", "oui_non", "oui_non", "Dormez-vous bien ?", depuis=2),
)
"""The second version of the questionnaire: it asks how one sleeps, and no longer for a mark."""


def test_an_export_of_an_earlier_version_is_read_without_what_it_did_not_ask(tmp_path: Path) -> None:
    lecture, _ = read(tmp_path, export(ANSWER), SECOND)
    (told,) = lecture.constats
    assert told.regle == "enquete_version"
    assert told.trouve == "la version 1 du questionnaire, où « sommeil » n'était pas"
    (row,) = lecture.frame.to_dict("records")
    assert row == {"repondant": "H-3294", "utile": "oui_plutot", "temps": "oui", "satisfaction": 7.0}


def test_an_export_of_the_last_version_has_no_column_of_what_is_no_longer_asked(tmp_path: Path) -> None:
    header = ("id", "submitdate", "token", "avis[SQ001]", "temps", "libre", "sommeil")
    lecture, _ = read(tmp_path, export(("1", SENT, "abc", "A1", "Y", "", "N"), header=header), SECOND)
    assert rules(lecture) == []
    (row,) = lecture.frame.to_dict("records")
    assert row == {"repondant": "H-3294", "utile": "oui_plutot", "temps": "oui", "sommeil": "non"}


def test_an_export_of_no_version_is_told_beside_the_nearest(tmp_path: Path) -> None:
    header = ("id", "submitdate", "token", "avis[SQ001]", "libre", "sommeil")
    lecture, _ = read(tmp_path, export(("1", SENT, "abc", "A1", "", "N"), header=header), SECOND)
    assert [c.trouve for c in lecture.constats if c.regle == "enquete_colonnes"] == [
        "un en-tête sans « temps »"
    ]
    assert lecture.refusees == 1


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("Votre travail,non,,sens_du_travail,1,", "Votre travail,non,,sens_du_travail,2,", "sens_du_travail"),
        ("Votre santé,non,,,1,", "Votre santé,non,,,3,2", "2 pour la question « sante »"),
    ],
)
def test_the_versions_of_a_question_and_of_a_scale_hold_together(
    small: Project, old: str, new: str, found: str
) -> None:
    path = small.dictionary / "questions.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidData, match=found):
        load_questions(small)


@pytest.mark.parametrize(
    "row",
    ['"2","","abd","A1"\n', '"2","","abd","A1","Y","7","jamais fermé\n"3","","abe"', "2,,a\0,A1,Y,7,\n"]
    + ['2,,abd,A1,Y,7,"jamais fermé\n', "2,,abd,A1,Y,7," + "x" * 140_000 + "\n"],
)
def test_a_row_that_is_not_of_the_header_is_refused(tmp_path: Path, row: str) -> None:
    lecture, texts = read(tmp_path, export(ANSWER) + row)
    assert [(c.regle, c.ligne) for c in lecture.constats] == [("enquete_ligne", 3)]
    assert (lecture.lues, lecture.refusees, len(texts)) == (2, 1, 0)


def test_blank_cells_after_the_last_column_are_nothing(tmp_path: Path) -> None:
    lecture, _ = read(tmp_path, export() + '"1","","abc","A1","Y","7","",,\n')
    assert rules(lecture) == ["enquete_inachevee"] and len(lecture.frame) == 1


def test_an_export_without_answers_is_told(tmp_path: Path) -> None:
    assert rules(read(tmp_path, export())[0]) == ["feuille_vide"]
    assert rules(read(tmp_path, "")[0]) == ["enquete_colonnes"]


@pytest.mark.parametrize("encoding", ["iso-8859-15", "utf-16"])
def test_another_encoding_is_told(tmp_path: Path, encoding: str) -> None:
    labels = ("1", SENT, "abc", "Plutôt d'accord", "Oui", "7", "")
    lecture, _ = read(tmp_path, export(labels).encode(encoding))
    assert rules(lecture) == ["enquete_encodage"] and lecture.lues == 0


def test_a_file_beyond_measure_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enquete, "LARGEST_FILE", 10)
    assert rules(read(tmp_path, export(ANSWER))[0]) == ["fichier_demesure"]


def test_the_declared_surveys_can_be_read_with_the_declared_lists() -> None:
    nomenclatures = load_nomenclatures(Project.here())
    surveys = load_questions(Project.here())
    assert set(surveys) == {choix.code for choix in nomenclatures["enquete"]}
    for questions in surveys.values():
        for question in questions:
            if question.nature in ("choix", "oui_non"):
                assert all(choix.code_limesurvey for choix in nomenclatures[question.valeurs])


def test_a_question_whose_answers_are_not_declared_is_told(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.dictionary.mkdir(parents=True)
    for name in ("champs", "nomenclatures", "questions"):
        text = (Project.here().dictionary / f"{name}.csv").read_text(encoding="utf-8")
        changed = text.replace("sante,choix,sante_percue,", "satisf,choix,sante_persue,").replace(
            "0..10,", "0-10,"
        )
        (project.dictionary / f"{name}.csv").write_text(changed, encoding="utf-8")
    with pytest.raises(InvalidData) as raised:
        load_questions(project)
    message = str(raised.value)
    assert "« sante_persue »" in message and "« 0-10 »" in message and "deux fois la question" in message


def test_a_table_is_a_stem_that_nobody_answers() -> None:
    asked, answered = load_structure(Project.here()), load_questions(Project.here())
    assert set(asked) == set(answered)
    for survey, questions in asked.items():
        stems = [question for question in questions if question.nature == "tableau"]
        assert len(stems) == 1 and len(answered[survey]) == len(questions) - 1
        items = [question for question in answered[survey] if question.tableau == stems[0].code_limesurvey]
        assert [item.code_limesurvey for item in items] == [f"avis[SQ00{n}]" for n in range(1, 5)]
        scales = {item.echelle for item in items} - {""}
        assert len(scales) == 1 and sum(bool(item.echelle) for item in items) >= 3
    assert (
        answered["salaries_ebe"][2].obligatoire is False and answered["salaries_ebe"][1].obligatoire is True
    )


ASKED = (
    QUESTIONS[0],
    Question(
        "test", "consentement", "consent", "oui_non", "oui_non", "D'accord ?", "Accord", obligatoire=True
    ),
    *QUESTIONS[1:],
)
AGREED = (*HEADER[:3], "consent", *HEADER[3:])


@pytest.mark.parametrize(
    ("answer", "found"), [("N", "un refus"), ("Non", "un refus"), ("", "aucune"), ("N/A", "aucune")]
)
def test_someone_who_does_not_agree_is_not_kept(tmp_path: Path, answer: str, found: str) -> None:
    said = ("2", SENT, "abd", answer, "A1", "Y", "7", "un texte")
    lecture, texts = read(tmp_path, export((*ANSWER[:3], "Y", *ANSWER[3:]), said, header=AGREED), ASKED)
    (constat,) = lecture.constats
    assert (constat.regle, constat.ligne, constat.entete) == ("enquete_sans_accord", 3, "consent")
    assert constat.trouve.startswith(found) and "un texte" not in str(constat)
    assert (lecture.frame.index.tolist(), lecture.refusees, len(texts)) == ([2], 1, 0)
    assert lecture.frame["consentement"].tolist() == ["oui"]


def test_someone_who_said_no_then_yes_is_kept_once(tmp_path: Path) -> None:
    first, second = ("1", SENT, "abc", "N", "", "", "", ""), ("2", SENT, "abc", "Oui", "A1", "Y", "7", "")
    lecture, _ = read(tmp_path, export(first, second, header=AGREED), ASKED)
    assert rules(lecture) == ["enquete_sans_accord"] and lecture.frame.index.tolist() == [3]


def test_an_agreement_that_cannot_be_read_is_told_as_such(tmp_path: Path) -> None:
    lecture, _ = read(tmp_path, export(("1", SENT, "abc", "X", "A1", "Y", "7", ""), header=AGREED), ASKED)
    assert [(c.regle, c.entete) for c in lecture.constats] == [("enquete_reponse", "consent")]
    assert lecture.frame.empty


def declared(survey: str, *rows: dict[str, str], labels: bool) -> str:
    """An export of a declared survey, from the codes of the tables: in LimeSurvey's codes or in full answers."""
    lists, questions = load_nomenclatures(Project.here()), load_questions(Project.here())[survey]
    written = []
    for number, row in enumerate(rows, 1):
        cells = [str(number), SENT]
        for question in questions:
            said = row.get(question.question, "")
            choices = {choix.code: choix for choix in lists.get(question.valeurs, ())}
            if said in choices:
                said = choices[said].libelle if labels else choices[said].code_limesurvey
            cells.append(said)
        written.append(tuple(cells))
    header = ("id", "submitdate", *(question.code_limesurvey for question in questions))
    return export(*written, header=header)


def received(folder: Path, survey: str, content: str) -> tuple[Lecture, pd.DataFrame]:
    path = folder / "vague.csv"
    path.write_text(content, encoding="utf-8")
    return read_enquete(
        path,
        enquete=survey,
        questions=load_questions(Project.here())[survey],
        nomenclatures=load_nomenclatures(Project.here()),
        empreinte=CLE_DEMONSTRATION.empreinte("val"),
    )


@pytest.mark.parametrize("survey", list(load_questions(Project.here())))
def test_codes_and_full_answers_of_every_survey_give_the_same_frame(tmp_path: Path, survey: str) -> None:
    lists = load_nomenclatures(Project.here())
    rows = []
    for rank in range(6):
        row = {"consentement": "oui", "jeton": f"P-{rank}"}
        for question in load_questions(Project.here())[survey]:
            if question.question in row:
                continue
            if question.nature in ("choix", "oui_non"):
                choices = lists[question.valeurs]
                row[question.question] = choices[rank % len(choices)].code
            else:
                row[question.question] = str(rank) if question.nature == "nombre" else f"texte {rank}"
        rows.append(row)
    coded, coded_texts = received(tmp_path, survey, declared(survey, *rows, labels=False))
    full, full_texts = received(tmp_path, survey, declared(survey, *rows, labels=True))
    assert coded.constats == full.constats == () and len(coded.frame) == 6
    pd.testing.assert_frame_equal(coded.frame, full.frame)
    pd.testing.assert_frame_equal(coded_texts, full_texts)
    for row, (_, kept) in zip(rows, coded.frame.iterrows(), strict=True):
        assert all(str(kept[name]) in (said, f"{said}.0") for name, said in row.items() if name in kept)


def test_two_waves_are_joined_by_the_hash_of_the_token_and_by_nothing_else(tmp_path: Path) -> None:
    said = {"consentement": "oui", "utile": "plutot"}
    first, _ = received(
        tmp_path,
        "salaries_ebe",
        declared("salaries_ebe", {**said, "jeton": "P-1"}, {**said, "jeton": "P-2"}, labels=False),
    )
    second, _ = received(
        tmp_path,
        "salaries_ebe",
        declared("salaries_ebe", {**said, "jeton": "P-3"}, {**said, "jeton": "p-1"}, labels=True),
    )
    both = first.frame.merge(second.frame, on="repondant")
    assert list(both["repondant"]) == [CLE_DEMONSTRATION.empreinte("val")("P-1")]
    assert "P-" not in first.frame.to_csv() + second.frame.to_csv()


def second_wave(rows: Rows, **changes: object) -> None:
    """The small deposit, and a wave more of its survey."""
    rows["enquetes"].append({**rows["enquetes"][0], "vague": 2, **changes})


def test_two_waves_of_a_survey_do_not_end_in_one_year(found: Found) -> None:
    told = found(lambda rows: second_wave(rows, date_collecte=date(2018, 3, 1)))
    assert told == [("vagues_meme_annee", "Enquêtes", "C6")]
    assert found(lambda rows: second_wave(rows, date_collecte=date(2017, 12, 31))) == []


def test_two_surveys_may_end_in_one_year(found: Found) -> None:
    told = found(lambda rows: second_wave(rows, enquete="Volontaires en attente", fichier="absent.csv"))
    assert told == [("fichier_absent", "Enquêtes", "D6")]


@pytest.mark.parametrize(
    ("invited", "told"), [(None, []), (2, []), (1, [("reponses_sans_invites", "Enquêtes", "E5")])]
)
def test_a_wave_has_no_more_answers_than_people_invited(
    found: Found, invited: int | None, told: list[tuple[str, str, str]]
) -> None:
    assert found(lambda rows: rows["enquetes"][0].update(invites=invited)) == told


def test_every_rule_that_is_used_is_declared() -> None:
    source = Path(enquete.__file__).read_text(encoding="utf-8")
    declared = load_regles(Project.here())
    used = {piece.split('"')[0] for piece in source.split('recueil.add("')[1:]}
    assert used and used <= set(declared)


CELLS = st.sampled_from(
    ["", "1", "abc", "A1", "Y", "7", "N/A", '"', "\n", "\r", ",", "é", "\0", '""', "x\ny"]
)
SAMPLES = st.one_of(
    st.binary(max_size=300),
    st.lists(CELLS, max_size=60).map(lambda cells: (export() + ",".join(cells)).encode()),
    st.lists(CELLS, max_size=60).map(lambda cells: (export() + "".join(cells)).encode()),
)


@settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(content=SAMPLES)
def test_no_content_raises_and_every_row_is_counted(tmp_path: Path, content: bytes) -> None:
    lecture, texts = read(tmp_path, content)
    assert lecture.lues == len(lecture.frame) + lecture.refusees
    assert set(texts.index) <= set(lecture.frame.index)
    assert lecture.refusees == 0 or lecture.constats
