"""How LimeSurvey writes an export of answers: what cuts its cells, what its headers and its answers say.

Seen on exports of LimeSurvey 5.6, 6.4 and 6.14, those of its screen and those of RemoteControl: they differ
by the separator, by what stands over the columns (codes, questions, or both), by the form of the answers
(codes or words), by what tells a question that was not shown.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from analysis.depot.enquetes.questions import Question

SEPARATORS: Final = ",;\t"

EN_TETES: Final = (
    "Dans LimeSurvey, « Exporter », format CSV : exportez les questions en tant que « Code de la question »."
)
CODES: Final = "exportez les réponses en tant que « Codes de réponse »"
SANS_CONVERSION: Final = "décochez « Convertir Y en » et « Convertir N en »"
"""The settings of its page of export, in the words of its French screens."""

SANS_REPONSE: Final = ("", "N/A")
"""A question without an answer: a blank, or what it writes of a yes or no that was not asked."""

TECHNIQUES: Final = ("lastpage", "startlanguage", "seed", "startdate", "datestamp", "interviewtime")
PERSONNELLES: Final = ("token", "ipaddr", "refurl", "firstname", "lastname", "email")
"""The columns of its own beside ``id`` and ``submitdate``: of the answer, of the person."""

_SIENNES: Final = {
    **dict.fromkeys(("id de la réponse", "response id"), "id"),
    **dict.fromkeys(("date de soumission", "date submitted"), "submitdate"),
    **dict.fromkeys(("dernière page", "last page"), "lastpage"),
    **dict.fromkeys(("langue de départ", "start language"), "startlanguage"),
    **dict.fromkeys(("tête de série", "seed"), "seed"),
    **dict.fromkeys(("code d'accès", "invitation", "jeton", "access code", "token"), "token"),
    **dict.fromkeys(("date de lancement", "date started"), "startdate"),
    **dict.fromkeys(("date de la dernière action", "date last action"), "datestamp"),
    **dict.fromkeys(("temps total", "total time"), "interviewtime"),
    **dict.fromkeys(("adresse ip", "ip address"), "ipaddr"),
    **dict.fromkeys(("url de référence", "referrer url"), "refurl"),
    **dict.fromkeys(("prénom", "first name"), "firstname"),
    **dict.fromkeys(("nom", "nom de famille", "last name"), "lastname"),
    **dict.fromkeys(("adresse de courriel", "courriel", "email address"), "email"),
}
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u00b4`", "'"))
_CODE_ET_TEXTE: Final = re.compile(
    r"(?P<code>[A-Za-z][A-Za-z0-9]*(?:[\[_.][A-Za-z0-9]+\]?)?)\s*[^\w\s\[\]]+\s*\S"
)


def flat(code: str) -> str:
    """The code of a question, its sub-question written in one way.

    >>> flat("avis[SQ001]"), flat("avis_SQ001"), flat("avis.SQ001"), flat(" sante ")
    ('avis_SQ001', 'avis_SQ001', 'avis_SQ001', 'sante')
    """
    return re.sub(r"[\[\]._]+", "_", code.strip()).strip("_")


def mots(text: str) -> str:
    """The words of a label, however a program writes apostrophes and blanks.

    >>> mots("Pas du tout d\u2019accord\u00a0!"), mots("Voulez-vous bien ?") == mots("Voulez-vous bien\u202f?")
    ("Pas du tout d'accord !", True)
    """
    return " ".join(text.translate(_APOSTROPHES).split())


def brut(cell: str) -> str:
    """What a person answered, without the apostrophe that an export puts before « = ».

    >>> brut("'=1+1"), brut("'a' ou 'b'")
    ('=1+1', "'a' ou 'b'")
    """
    text = cell.strip()
    return text[1:] if text.startswith("'=") else text


@dataclass(frozen=True)
class Colonnes:
    """What the columns of an export may be: the questions of a survey, and LimeSurvey's own.

    ``codes`` and ``textes`` give the flat code of a column by its code and by its words.
    """

    codes: Mapping[str, str]
    textes: Mapping[str, str]

    @classmethod
    def of(cls, questions: Sequence[Question]) -> Colonnes:
        own = {code: code for code in (*_SIENNES.values(), *PERSONNELLES)}
        asked = [(flat(q.code_limesurvey), _over(_asked(q))) for q in questions if q.nature != "jeton"]
        words = [text for _, text in asked]
        told = {text: code for code, text in asked if words.count(text) == 1}
        return cls({**own, **{code: code for code, _ in asked}}, {**_SIENNES, **told})

    def nom(self, header: str) -> str:
        """The flat code of the column under a header, empty for one that nobody declared.

        A code with a text is the code's: the text may have been reworded.
        """
        found = self.codes.get(flat(header)) or self.textes.get(_over(header))
        if found is None:
            both = _CODE_ET_TEXTE.match(header.strip())
            found = self.codes.get(flat(both["code"])) if both else None
        return found or ""

    def separateur(self, line: str) -> str:
        """What cuts the cells of an export, by its first line: what gives the most columns that are known."""
        return separateur(line, lambda header: bool(self.nom(header)))


def separateur(line: str, is_known: Callable[[str], bool]) -> str:
    """The separator under which a first line has the most known headers, then the most cells."""

    def score(separator: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([line], delimiter=separator), [])
        except csv.Error:
            return 0, 0
        return sum(map(is_known, cells)), len(cells)

    return max(SEPARATORS, key=score)


def is_date(text: str) -> bool:
    """Whether a cell says that an answer was sent.

    >>> is_date("1980-01-01 00:00:00"), is_date(""), is_date("N/A")
    (True, False, False)
    """
    return text.strip() not in SANS_REPONSE


def _asked(question: Question) -> str:
    """What LimeSurvey puts over the column of a question: of an item, what its table asks, then itself."""
    return f"{question.enonce} [{question.libelle}]" if question.enonce else question.libelle


def _over(header: str) -> str:
    """The words over a column, without regard to case; an option writes its spaces as « _ »."""
    return mots(header.replace("_", " ")).casefold()
