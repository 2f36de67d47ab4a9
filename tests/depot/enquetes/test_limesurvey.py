"""Every way in which LimeSurvey exports one survey gives the same answers, or says which setting to change.

The shapes are those of exports of LimeSurvey 5.6, 6.4 and 6.14; the answers are invented.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from deposits import SURVEY, read, tables, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.depot.ecrits.questionnaire import spaced
from analysis.depot.enquetes.enquete import read_enquete
from analysis.depot.enquetes.limesurvey import Colonnes, flat, mots
from analysis.depot.enquetes.questions import Question, load_questions
from analysis.depot.formes.cle import CLE_DEMONSTRATION
from analysis.depot.formes.constats import load_regles
from analysis.depot.formes.lecture import Lecture
from analysis.depot.referentiel import Referentiel
from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.paths import Project

SURVEYS = load_questions(Project.here())
QUESTIONS = SURVEYS["salaries_ebe"]
LISTS = load_nomenclatures(Project.here())
OWN = {
    "id": "ID de la réponse",
    "submitdate": "Date de soumission",
    "lastpage": "Dernière page",
    "startlanguage": "Langue de départ",
    "seed": "Tête de série",
    "token": "Code d'accès",
    "startdate": "Date de lancement",
    "datestamp": "Date de la dernière action",
}
TEXT = 'Bonjour ; j\'ai "trouvé", une place.\nDeuxième ligne\tavec tabulation'
ANSWERS = (
    {"id": "1", "submitdate": "2026-11-28 03:54:16", "token": "P-001", "seed": "1320438285"}
    | {"consentement": "oui", "sante": "bonne", "utile": "tout_a_fait", "reconnu": "nsp"}
    | {"temps_choisi": "oui", "satisfaction": "7", "commentaire": TEXT, "citation": "oui"},
    {
        "id": "2",
        "submitdate": "2026-11-28 03:54:41",
        "token": "P-002",
        "seed": "238847580",
        "consentement": "non",
    },
    {
        "id": "3",
        "submitdate": "",
        "token": "P-004",
        "seed": "1347752740",
        "consentement": "oui",
        "sante": "bonne",
    },
    {"id": "5", "submitdate": "2026-11-28 03:55:16", "token": "P-006", "seed": "147848011"}
    | {"consentement": "oui", "utile": "pas_du_tout", "temps_choisi": "non", "satisfaction": "10"}
    | {"commentaire": "=1+1 ; -12 ; l'été à Prémery — « oui »", "citation": "non"},
)
"""The answers by question, in the codes of the dictionary: what is not there was not shown."""


def over(question: Question) -> str:
    """The words that LimeSurvey puts over a column, as our structure wrote them."""
    stem = spaced(question.enonce)
    return f"{stem} [{spaced(question.libelle)}]" if stem else spaced(question.libelle)


def cell(question: Question, answer: dict[str, str], *, full: bool, screen: bool) -> str | None:
    """A cell as LimeSurvey writes it; None, that has no quotes, for a question that was not shown."""
    said = answer.get(question.question)
    if said is None:
        return "N/A" if full and question.nature == "oui_non" else None
    choices = {choix.code: choix for choix in LISTS.get(question.valeurs, ())}
    if said in choices:
        return choices[said].libelle if full else choices[said].code_limesurvey
    return f"'{said}" if screen and said.startswith("=") else said


def export(*, heads: str, full: bool, separator: str, screen: bool) -> bytes:
    """The export of ``ANSWERS`` under these settings, by the screen or by RemoteControl (a blank line ends it)."""
    asked = [question for question in QUESTIONS if question.nature != "jeton"]
    pairs = [*OWN.items(), *((question.code_limesurvey, over(question)) for question in asked)]
    header = {
        "codes": [code for code, _ in pairs],
        "textes": [text for _, text in pairs],
        "codes et textes": [f"{code}. {text}" for code, text in pairs],
        "soulignés": [text.replace(" ", "_") for _, text in pairs],
    }[heads]
    rows: list[list[str | None]] = [list(header)]
    for answer in ANSWERS:
        own: list[str | None] = [answer.get(name, "2026-11-28 03:53:16") or None for name in OWN]
        rows.append([*own, *(cell(question, answer, full=full, screen=screen) for question in asked)])
    quoted = [
        separator.join("" if text is None else '"' + text.replace('"', '""') + '"' for text in row)
        for row in rows
    ]
    return ("\ufeff" + "\r\n".join(quoted) + "\r\n" + ("" if screen else "\r\n")).encode()


def received(folder: Path, content: bytes) -> tuple[Lecture, pd.DataFrame]:
    path = folder / "results-survey997651.csv"
    path.write_bytes(content)
    return read_enquete(
        path,
        enquete="salaries_ebe",
        questions=QUESTIONS,
        nomenclatures=LISTS,
        empreinte=CLE_DEMONSTRATION.empreinte("val"),
    )


WAYS = [
    pytest.param(
        heads, full, separator, screen, id=f"{heads}-{'full' if full else 'codes'}-{ord(separator)}-{screen}"
    )
    for heads, full, separator, screen in product(
        ("codes", "textes", "codes et textes", "soulignés"), (True, False), ",;\t", (True, False)
    )
]


@pytest.mark.parametrize(("heads", "full", "separator", "screen"), WAYS)
def test_every_way_of_exporting_gives_the_same_answers(
    tmp_path: Path, heads: str, full: bool, separator: str, screen: bool
) -> None:
    lecture, texts = received(tmp_path, export(heads=heads, full=full, separator=separator, screen=screen))
    assert [constat.regle for constat in lecture.constats] == ["enquete_sans_accord", "enquete_inachevee"]
    assert (lecture.lues, lecture.refusees) == (4, 1)
    frame = lecture.frame.reset_index(drop=True)
    hashed = CLE_DEMONSTRATION.empreinte("val")
    assert list(frame["repondant"]) == [hashed("P-001"), hashed("P-004"), hashed("P-006")]
    assert list(frame["sante"].fillna("")) == ["bonne", "bonne", ""]
    assert list(frame["utile"].fillna("")) == ["tout_a_fait", "", "pas_du_tout"]
    assert list(frame["temps_choisi"].fillna("")) == ["oui", "", "non"]
    assert list(frame["satisfaction"].fillna(-1)) == [7.0, -1.0, 10.0]
    assert list(texts["texte"]) == [ANSWERS[0]["commentaire"], ANSWERS[3]["commentaire"]]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("d'accord", "d\u2019accord"),
        ("Tout à fait", "Tout\u00a0à fait"),
        ("Tout à fait", "Tout  à\u202ffait"),
    ],
)
def test_apostrophes_and_blanks_of_print_are_read(tmp_path: Path, before: str, after: str) -> None:
    content = export(heads="textes", full=True, separator=",", screen=True).decode()
    changed = content.replace(before, after)
    assert changed != content
    lecture, _ = received(tmp_path, changed.encode())
    assert "enquete_reponse" not in {constat.regle for constat in lecture.constats}
    assert list(lecture.frame["utile"].fillna("")) == ["tout_a_fait", "", "pas_du_tout"]


@pytest.mark.parametrize("number", ["7", "7.0000000000", "7,0"])
def test_a_number_is_read_with_or_without_its_decimals(tmp_path: Path, number: str) -> None:
    content = export(heads="codes", full=True, separator=";", screen=False).replace(
        b';"7";', f';"{number}";'.encode()
    )
    assert list(received(tmp_path, content)[0].frame["satisfaction"].dropna()) == [7.0, 10.0]


def test_words_cut_short_over_the_columns_are_refused_with_the_setting(tmp_path: Path) -> None:
    content = export(heads="textes", full=True, separator=",", screen=True).decode()
    header, _, rest = content.partition("\r\n")
    cut = ",".join(f'"{text.strip(chr(34))[:15]}.. "' for text in header[1:].split('","'))
    lecture, texts = received(tmp_path, f"\ufeff{cut}\r\n{rest}".encode())
    told = [constat for constat in lecture.constats if constat.regle == "enquete_colonnes"]
    assert len(told) == 1 and "« Code de la question »" in told[0].remede
    assert lecture.frame.empty and texts.empty and lecture.lues == 4


def test_a_reworded_question_is_read_under_its_code_and_refused_without_it(tmp_path: Path) -> None:
    for heads, expected in (("codes et textes", 3), ("textes", 0)):
        content = export(heads=heads, full=True, separator=",", screen=True)
        changed = content.replace("Comment est votre état de santé".encode(), b"Comment allez-vous")
        assert len(received(tmp_path, changed)[0].frame) == expected


def test_every_declared_question_is_known_by_its_words() -> None:
    for questions in SURVEYS.values():
        columns = Colonnes.of(questions)
        for question in (q for q in questions if q.nature != "jeton"):
            assert columns.nom(over(question)) == flat(question.code_limesurvey)
            assert columns.nom(f"{question.code_limesurvey}. {over(question)}") == flat(
                question.code_limesurvey
            )
        assert [columns.nom(text) for text in OWN.values()] == list(OWN)
        assert columns.nom("Quel est votre nom ?") == "" and columns.nom("citer quelqu'un") == ""


def test_words_are_the_same_however_they_are_printed() -> None:
    assert mots("l\u2019été\u00a0: «\u202foui\u202f»") == "l'été : « oui »"


def cut(content: str, place: float) -> str:
    """A download that stopped before its end, inside a record."""
    whole = content.rstrip("\r\n")
    kept = whole[: max(1, int(place * len(whole)))]
    return kept if kept.rstrip("\r\n") == kept and not whole[len(kept) :].startswith("\r\n") else kept[:-1]


def without_a_column(content: str, place: float) -> str:
    """An export in which the column of a question was not chosen."""
    separator = max(",;\t", key=content.partition("\r\n")[0].count)
    table = list(csv.reader(io.StringIO(content.removeprefix("\ufeff"), newline=""), delimiter=separator))
    dropped = len(OWN) + int(place * (len(table[0]) - len(OWN) - 1))
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    writer.writerows([cell for rank, cell in enumerate(row) if rank != dropped] for row in table if row)
    return out.getvalue()


MUTATIONS: dict[str, Callable[[str, float], str]] = {
    "nothing": lambda content, _: content,
    "cut": cut,
    "a column": without_a_column,
    "a reworded label": lambda content, _: content.replace('"Tout à fait d\'accord"', '"D\'accord"', 1),
    "another code": lambda content, _: content.replace('"A1"', '"A9"', 1),
    "converted": lambda content, _: content.replace('"Y"', '"1"').replace('"Oui"', '"1"'),
    "a larger bound": lambda content, _: content.replace('"10"', '"11"'),
    "a quote": lambda content, place: (
        content[: int(place * len(content))] + '"' + content[int(place * len(content)) :]
    ),
    "print": lambda content, _: content.replace("'", "\u2019").replace(" d", "\u00a0d"),
}


@settings(
    max_examples=120,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    heads=st.sampled_from(["codes", "textes", "codes et textes"]),
    full=st.booleans(),
    separator=st.sampled_from(",;\t"),
    mutation=st.sampled_from(sorted(MUTATIONS)),
    place=st.floats(0.01, 0.99),
)
def test_what_is_kept_of_a_file_is_all_the_answers_or_none(
    tmp_path: Path, heads: str, full: bool, separator: str, mutation: str, place: float
) -> None:
    """Whatever spoils an export, a measure of it would be that of all who answered, or there is none."""
    content = export(heads=heads, full=full, separator=separator, screen=True).decode()
    changed = MUTATIONS[mutation](content, place)
    lecture, _ = received(tmp_path, changed.encode())
    regles = load_regles(Project.here())
    found = [regles[constat.regle] for constat in lecture.constats]
    if any(regle.gravite == "refuse" and regle.portee == "table" for regle in found):
        assert mutation not in ("nothing", "print")
        return
    whole, _ = received(tmp_path, content.encode())
    pd.testing.assert_frame_equal(lecture.frame.reset_index(drop=True), whole.frame.reset_index(drop=True))


# In a deposit


HEAD = "id,submitdate,lastpage,startlanguage,seed,token,consent,sante,avis[SQ001],avis[SQ002],avis[SQ003],avis[SQ004],temps,satisf,libre,citer"


def row(number: int, token: str, utile: str = "Plutôt d'accord", oui: str = "Oui") -> str:
    return (
        f"{number},2018-11-02 14:04:00,5,fr,{number}000,{token},{oui},Bonne,{utile},Ne sait pas,,,{oui},7,,"
    )


def test_answers_whose_hyphen_limesurvey_dropped_are_those_of_the_people(
    referentiel: Referentiel, tmp_path: Path
) -> None:
    folder = write(tmp_path / "envoi", referentiel)
    (folder / SURVEY).write_text("\n".join([HEAD, row(1, "P1"), row(2, "p2")]), encoding="utf-8")
    deposit = read(folder, referentiel)
    people = deposit.lectures["personnes"].frame["personne"]
    assert list(deposit.lectures["reponses/salaries_ebe/1"].frame["repondant"]) == list(people)[:2]
    assert deposit.constats == ()


@pytest.mark.parametrize(
    ("tokens", "told"),
    [
        (("X8", "Y9"), "2 réponses, aucune sous le code"),
        (("P-1", "Y9"), "1 réponse sur 2 sous un code qui n'est celui d'aucune personne"),
        (("P-1", "P3"), ""),
    ],
)
def test_codes_of_nobody_are_asked_about_with_their_count(
    referentiel: Referentiel, tmp_path: Path, tokens: tuple[str, str], told: str
) -> None:
    folder = write(tmp_path / "envoi", referentiel)
    (folder / SURVEY).write_text("\n".join([HEAD, row(1, tokens[0]), row(2, tokens[1])]), encoding="utf-8")
    deposit = read(folder, referentiel)
    found = [constat.trouve for constat in deposit.constats if constat.regle == "enquete_codes_inconnus"]
    assert len(found) == bool(told) and told in "".join(found)
    assert len(deposit.lectures["reponses/salaries_ebe/1"].frame) == 2
    assert referentiel.regles["enquete_codes_inconnus"].gravite == "a_confirmer"


@pytest.mark.parametrize(
    "faulty",
    [
        row(2, "P-2", utile="Assez d'accord"),
        row(2, "P-2", oui="1"),
        row(2, "P-2") + ",de trop",
        '2,,,"jamais fermé',
    ],
)
def test_no_measure_comes_of_the_answers_that_are_left_of_a_file(
    referentiel: Referentiel, tmp_path: Path, faulty: str
) -> None:
    """A reworded label leaves those who did not choose it: the file as a whole is not used."""
    folder = write(tmp_path / "envoi", referentiel)
    (folder / SURVEY).write_text("\n".join([HEAD, row(1, "P-1"), faulty]), encoding="utf-8")
    deposit = read(folder, referentiel)
    lecture = deposit.lectures["reponses/salaries_ebe/1"]
    assert (len(lecture.frame), lecture.refusees, lecture.lues) == (0, 2, 2)
    assert "l'export est à refaire" in deposit.incomplets["reponses/salaries_ebe/1"]
    assert list(deposit.textes["texte"]) == ["préfère le matin"]


def test_two_answers_of_one_person_are_not_more_than_the_people_invited(
    referentiel: Referentiel, tmp_path: Path
) -> None:
    rows = tables()
    rows["enquetes"][0]["invites"] = 2
    folder = write(tmp_path / "envoi", referentiel, rows)
    unfinished = row(3, "P-1").replace("2018-11-02 14:04:00", "")
    (folder / SURVEY).write_text(
        "\n".join([HEAD, row(1, "P-1"), row(2, "P-2"), unfinished]), encoding="utf-8"
    )
    assert [constat.regle for constat in read(folder, referentiel).constats] == ["enquete_doublon"]
