"""Write a questionnaire as LimeSurvey imports one: a text of tab-separated values, one row a thing.

The rows and their columns are those that LimeSurvey's own importer reads (``TSVImportSurvey`` in its
``import_helper.php``): settings (S), texts of a language (SL), then each page (G), its questions (Q), their
sub-questions (SQ) and their answers (A), each below what it belongs to. What the importer makes of a column
is told where it decides something here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from analysis.depot.enquetes.questions import CONSENTEMENT, Question, last_version, load_structure
from analysis.noyau.declared.nomenclatures import Choix, load_nomenclatures
from analysis.noyau.declared.written import load_written
from analysis.noyau.errors import Finding, InvalidData
from analysis.noyau.french import NBSP
from analysis.noyau.paths import Project

LANGUE = "fr"

COLUMNS = (
    *("id", "related_id", "class", "type/scale", "name", "relevance", "text", "help", "language"),
    *("validation", "mandatory", "other", "default", "same_default"),
    *("min_num_value_n", "max_num_value_n", "num_value_int_only"),
)
"""The importer takes a column that it does not know, where it is filled, for an attribute of the question: so
``id`` and ``related_id`` stay empty, and it numbers the rows itself."""

_TYPES = {"tableau": "F", "choix": "L", "oui_non": "Y", "nombre": "N", "texte_libre": "T"}
_SETTINGS = {
    "format": "G",
    "active": "N",
    "allowprev": "Y",
    "allowsave": "N",
    "tokenanswerspersistence": "N",
    "allowregister": "N",
    "alloweditaftercompletion": "N",
    "usecookie": "N",
    "ipaddr": "N",
    "refurl": "N",
    "savetimings": "N",
    "listpublic": "N",
    "printanswers": "N",
    "publicstatistics": "N",
    "publicgraphs": "N",
    "showwelcome": "Y",
    "showprogress": "Y",
    "shownoanswer": "Y",
    "showqnumcode": "X",
    "showgroupinfo": "N",
    "assessments": "N",
    "htmlemail": "Y",
    "usecaptcha": "N",
}
"""No address and no timing is kept; a shared computer may be used by several people, so no cookie stops the
second one. Nobody finds her answers again by her access code, nor anybody else who types it."""

_FORBIDDEN = re.compile(r'[{}<>"\\]')
"""LimeSurvey computes what stands in braces and shows tags; a double quote or a backslash ends a cell early."""


@dataclass(frozen=True)
class Questionnaire:
    """A survey as a person goes through it: what it says first, what it asks, what it says last.

    ``consentement`` is what must be known before answering, sentence after sentence. ``questions`` holds the
    stems of tables too, in the order of the pages.
    """

    enquete: str
    titre: str
    public: str
    accueil: str
    consentement: str
    fin: str
    questions: tuple[Question, ...]

    @property
    def est_anonyme(self) -> bool:
        """Nobody is followed from a wave to the next: no question is a token."""
        return all(question.nature != "jeton" for question in self.questions)

    def textes(self) -> tuple[str, ...]:
        """All the sentences that a person reads, answers left out, in order."""
        asked = (q for q in self.questions if q.nature != "jeton")
        read = [text for q in asked for text in (q.groupe, q.libelle, q.aide) if text]
        return (self.titre, self.accueil, self.consentement, *dict.fromkeys(read), self.fin)


def load_questionnaires(project: Project) -> dict[str, Questionnaire]:
    """The last version of the questionnaire of each survey of the list « enquete », in its order.

    Raises InvalidData for a faulty table, a survey without a questionnaire or without questions, one that
    does not ask first for consent, or a text that LimeSurvey would change.
    """
    structure = {enquete: last_version(asked) for enquete, asked in load_structure(project).items()}
    rows = {row["enquete"]: row for row in load_written(project, "questionnaires", key=("enquete",))}
    surveys = [choix.code for choix in load_nomenclatures(project)["enquete"]]
    shown = project.shown(project.dictionary / "questionnaires.csv")
    findings = []
    for enquete in dict.fromkeys((*surveys, *rows, *structure)):
        if enquete not in surveys or enquete not in rows or enquete not in structure:
            expected = "une enquête de la liste « enquete », son questionnaire et ses questions"
            findings.append(Finding(shown, None, "enquete", f"« {enquete} » incomplète", expected))
    if findings:
        raise InvalidData(findings)
    found = {enquete: Questionnaire(**rows[enquete], questions=structure[enquete]) for enquete in surveys}
    findings = [finding for one in found.values() for finding in _findings(one, shown)]
    if findings:
        raise InvalidData(findings)
    return found


def _findings(questionnaire: Questionnaire, shown: str) -> Iterator[Finding]:
    asked = [question for question in questionnaire.questions if question.nature != "jeton"]
    first = asked[0] if asked else None
    if first is None or first.question != CONSENTEMENT or not first.obligatoire:
        found = f"l'enquête « {questionnaire.enquete} » ne commence pas par « {CONSENTEMENT} »"
        yield Finding(shown, None, "enquete", found, "la demande d'accord d'abord, obligatoire")
    for text in (*questionnaire.textes(), questionnaire.public):
        if _FORBIDDEN.search(text):
            found = f"une accolade, un chevron, un guillemet droit ou une barre inversée dans « {text[:40]} »"
            yield Finding(shown, None, None, found, "un texte que LimeSurvey montre tel quel")


def structure(questionnaire: Questionnaire, nomenclatures: Mapping[str, tuple[Choix, ...]]) -> str:
    """The text that LimeSurvey imports, its byte order mark first, in UTF-8 once encoded.

    The header is not quoted: behind a byte order mark, the importer would keep a quote in the first name. The
    settings come first and are plain ASCII, because it tells the encoding by the first thousand bytes alone
    and a cut letter there would mislead it.
    """
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="", delimiter="\t", lineterminator="\n")
    writer.writeheader()
    for row in (*_settings(questionnaire), *_pages(questionnaire, nomenclatures)):
        writer.writerow(row)
    return "\ufeff" + out.getvalue()


def _settings(questionnaire: Questionnaire) -> Iterator[dict[str, str]]:
    anonymous = questionnaire.est_anonyme
    settings = {
        "language": LANGUE,
        "additional_languages": "",
        "anonymized": "Y" if anonymous else "N",
        "datestamp": "N" if anonymous else "Y",
        **_SETTINGS,
    }
    for name, value in settings.items():
        yield {"class": "S", "name": name, "text": value}
    points = "".join(f"<li>{spaced(point)}</li>" for point in sentences(questionnaire.consentement))
    texts = {
        "surveyls_title": spaced(questionnaire.titre),
        "surveyls_description": spaced(questionnaire.public),
        "surveyls_welcometext": f"<p>{spaced(questionnaire.accueil)}</p><ul>{points}</ul>",
        "surveyls_endtext": f"<p>{spaced(questionnaire.fin)}</p>",
        "surveyls_language": LANGUE,
    }
    for name, value in texts.items():
        yield {"class": "SL", "name": name, "text": value, "language": LANGUE}


def _pages(
    questionnaire: Questionnaire, nomenclatures: Mapping[str, tuple[Choix, ...]]
) -> Iterator[dict[str, str]]:
    """The pages: all but the first are shown to those who agreed, so a « non » ends the questionnaire."""
    asked = [question for question in questionnaire.questions if question.nature != "jeton"]
    agreed = f'{asked[0].code_limesurvey}.NAOK == "Y"'
    for number, (title, questions) in enumerate(groupby(asked, key=lambda q: q.groupe), 1):
        yield {
            "class": "G",
            "type/scale": str(number),
            "name": spaced(title),
            "relevance": agreed if number > 1 else "",
            "language": LANGUE,
        }
        for code, parts in groupby(questions, key=lambda q: q.tableau):
            yield from _question(code, list(parts), nomenclatures)


def _question(
    code: str, parts: list[Question], nomenclatures: Mapping[str, tuple[Choix, ...]]
) -> Iterator[dict[str, str]]:
    """The rows of a question: itself, its sub-questions, its answers."""
    question, *items = parts
    row = {
        "class": "Q",
        "type/scale": _TYPES[question.nature],
        "name": code,
        "relevance": "1",
        "text": spaced(question.libelle),
        "help": spaced(question.aide),
        "language": LANGUE,
        "mandatory": "Y" if question.obligatoire else "N",
        "other": "N",
        "same_default": "0",
    }
    if question.nature == "nombre":
        low, high = question.valeurs.split("..")
        row |= {"min_num_value_n": low, "max_num_value_n": high, "num_value_int_only": "1"}
    yield row
    for item in items:
        name = item.code_limesurvey.partition("[")[2].removesuffix("]")
        text = {"name": name, "text": spaced(item.libelle), "mandatory": "N", "other": "N"}
        yield {"class": "SQ", "type/scale": "0", "language": LANGUE, **text}
    if question.nature in ("tableau", "choix"):
        for choix in nomenclatures[question.valeurs]:
            answer = {"name": choix.code_limesurvey, "text": choix.libelle}
            yield {"class": "A", "type/scale": "0", "language": LANGUE, **answer}


def sentences(text: str) -> list[str]:
    """The sentences of a text, as a full stop, a question or an exclamation mark ends them.

    >>> sentences("Êtes-vous d'accord ? Dites-le. Merci")
    ["Êtes-vous d'accord ?", 'Dites-le.', 'Merci']
    """
    return re.split(r"(?<=[.?!])\s+", text.strip())


def spaced(text: str) -> str:
    """A text whose spaces before a double punctuation mark do not break the line.

    >>> spaced("D'accord ?") == "D'accord" + NBSP + "?"
    True
    """
    return re.sub(r" (?=[?!:;»])", NBSP, text).replace("« ", f"«{NBSP}")
