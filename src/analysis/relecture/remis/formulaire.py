"""The online form of a review, for LimeSurvey: one remark an answer, on one of the passages of a version."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from analysis.depot.ecrits.questionnaire import Questionnaire, structure
from analysis.depot.enquetes.limesurvey import Colonnes
from analysis.depot.enquetes.questions import CONSENTEMENT, Question
from analysis.noyau.declared.nomenclatures import Choix
from analysis.relecture.ancres import Version, plain
from analysis.relecture.remarques import Listes

_ENQUETE: Final = "relecture"
_CODE: Final = re.compile(r"P(\d{3,4})")
_UNSAFE: Final = re.compile(r'[{}<>"\\]')
_ACCUEIL: Final = (
    "Vous avez lu un chapitre du bilan. Dites ici ce que vous en pensez, une remarque à la fois."
)
_CONSENTEMENT: Final = (
    "Vous êtes libre de répondre ou non. On ne demande pas votre nom, et cette enquête est anonyme. "
    "N'écrivez le nom de personne. Une remarque n'est publiée que si vous dites oui à la dernière question. "
    "Elle l'est alors avec votre collège, qui peut suffire à vous reconnaître. "
    "Elle reçoit une réponse de l'équipe."
)
_OUI_NON: Final = (Choix("oui", "Oui", "Y"), Choix("non", "Non", "N"))


def questionnaire(version: Version, listes: Listes, *, titre: str) -> str:
    """The structure that LimeSurvey imports to have a chapter reviewed online.

    Each passage of the version is an answer to choose, « P001 » for the first: an export in codes tells them
    again as long as it is read against that version, one in full answers at any time.
    """
    form = Questionnaire(
        enquete=_ENQUETE,
        titre=_plain(titre),
        public="Les personnes qui relisent le chapitre",
        accueil=_ACCUEIL,
        consentement=_CONSENTEMENT,
        fin="Merci. Pour une autre remarque, ouvrez de nouveau la page.",
        questions=_questions(),
    )
    lists = {
        "consentement": _OUI_NON,
        "college": listes.colleges,
        "genre_commentaire": listes.genres,
        "passage": tuple(
            Choix(passage.ancre, _plain(f"{passage.titre or passage.ancre} [{passage.ancre}]"), code(rank))
            for rank, passage in enumerate(version.passages, start=1)
        ),
    }
    return structure(form, lists)


def code(rank: int) -> str:
    """How LimeSurvey codes the passage of that rank, in five characters at most.

    >>> code(7), code(1234)
    ('P007', 'P1234')
    """
    return f"P{rank:03}"


def anchor_of_code(text: str, version: Version) -> str:
    """The anchor of a passage by its code, empty for what is no code of this version."""
    match = _CODE.fullmatch(text.strip())
    rank = int(match[1]) if match else 0
    return version.passages[rank - 1].ancre if 0 < rank <= len(version.passages) else ""


def column_of(head: str) -> str:
    """The code of a column of LimeSurvey's export, whether its header is the code, the question, or both.

    A header of another export is given back without accents or case.

    >>> column_of("Votre remarque"), column_of("remarque. Votre remarque"), column_of("Tête de série")
    ('remarque', 'remarque', 'seed')
    """
    return colonnes().nom(head) or plain(head)


@cache
def colonnes() -> Colonnes:
    """The columns of an export of the form."""
    return Colonnes.of(_questions())


def codes() -> tuple[str, ...]:
    """The codes of what the form asks of a remark, its consent apart."""
    return tuple(q.code_limesurvey for q in _questions() if q.question != CONSENTEMENT)


def _questions() -> tuple[Question, ...]:
    page = "Votre remarque"
    return (
        Question(
            *(_ENQUETE, CONSENTEMENT, "consent", "oui_non", "consentement"),
            "Voulez-vous donner votre avis ?",
            "Votre accord",
            obligatoire=True,
        ),
        Question(_ENQUETE, "college", "college", "choix", "college", "De quel collège êtes-vous ?", page),
        Question(_ENQUETE, "passage", "passage", "choix", "passage", "De quel passage parlez-vous ?", page),
        Question(
            *(_ENQUETE, "genre", "genre", "choix", "genre_commentaire", "Votre remarque est plutôt :", page)
        ),
        Question(
            _ENQUETE, "remarque", "remarque", "texte_libre", "", "Votre remarque", page, obligatoire=True
        ),
        Question(
            *(_ENQUETE, "publier", "publier", "oui_non", "consentement"),
            "Acceptez-vous qu'elle soit publiée, sans votre nom ?",
            page,
        ),
    )


def _plain(text: str) -> str:
    """A text without what LimeSurvey computes or takes for a tag."""
    return _UNSAFE.sub("'", text)
