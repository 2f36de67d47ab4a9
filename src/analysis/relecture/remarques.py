"""What a reviewed file says before anything is kept: its remarks as they were read, and its findings."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from analysis.depot.formes.coffre import Refused
from analysis.noyau.declared.nomenclatures import Choix, load_nomenclatures
from analysis.noyau.errors import Finding
from analysis.noyau.french import counted
from analysis.noyau.paths import Project
from analysis.relecture.ancres import plain
from analysis.relecture.machine import without_machine
from analysis.sources.commentaires import GENRES

COLLEGE, CONSENT = "relecture_college", "relecture_consentement"
"""The bookmarks of the two cells of a Word document that a reviewer fills."""

COLLEGE_QUESTION = "Votre collège"
CONSENT_QUESTION = "J'accepte que mes remarques soient publiées sans mon nom : oui ou non"

OUI, NON = "oui", "non"

MOST_REMARKS = 10_000
"""Remarks that a file may hold: a territory's review makes some hundred."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_PREFIX = re.compile(r"\s*([^\W\d_]{5,12})\s*:")
_ANSWERS = {
    **dict.fromkeys(("oui", "o", "yes", "y", "vrai"), OUI),
    **dict.fromkeys(("non", "n", "no", "faux"), NON),
}


@dataclass(frozen=True)
class Listes:
    """The choices that reviewers are given: colleges and kinds of remark."""

    colleges: tuple[Choix, ...]
    genres: tuple[Choix, ...]

    def college(self, text: str) -> str:
        """The code of a college told by its label or its code, empty for anything else."""
        return _code_of(self.colleges, text)

    def genre(self, text: str) -> str:
        """The code of a kind of remark told by its label or its code, empty for anything else."""
        return _code_of(self.genres, text)


@dataclass(frozen=True)
class Remarque:
    """One remark as a file tells it: empty where the file says nothing.

    ``cle`` tells it from another one of the same words: the moment or the number that the file gives it, or
    the file itself. ``ligne`` is where it stands in its sheet. ``typed`` says that its quote was typed by the
    person, not taken from the chapter. ``avant_citation`` is what stands before the quote. ``numero`` is what
    alone identifies it where it came from, however the file is named and written. ``repere`` names it in its
    file, ``repond_a`` the remark that it answers there. ``nomme`` says that its words hold the name of an
    author of the file. ``brut`` is the text as the file has it, where a program wrote in it: it tells the
    remark again, and is kept nowhere.
    """

    texte: str
    ancre: str = ""
    citation: str = ""
    role: str = ""
    date: str = ""
    genre: str = ""
    consentement: str = ""
    cle: str = ""
    ligne: int | None = None
    typed: bool = False
    avant_citation: str = ""
    numero: str = ""
    repere: str = ""
    repond_a: str = ""
    nomme: bool = False
    brut: str = field(default="", repr=False)


@dataclass(frozen=True)
class Lecture:
    """All the remarks of a file, and what was refused of it.

    ``lues`` counts what the file holds: as many are handed on or refused, else ValueError.
    """

    origine: str
    remarques: tuple[Remarque, ...]
    lues: int
    constats: tuple[Finding, ...] = ()
    refusees: int = 0

    def __post_init__(self) -> None:
        if self.lues != len(self.remarques) + self.refusees:
            raise ValueError(f"{self.lues} read, {len(self.remarques)} handed on, {self.refusees} refused")


def refuse_too_many(count: int) -> None:
    """Raise Refused for a file of more remarks than people write: it is an export of something else."""
    if count > MOST_REMARKS:
        raise Refused(
            "fichier_demesure",
            counted(count, "remarque", "remarques"),
            f"au plus {MOST_REMARKS} par fichier",
            "Vérifiez que c'est bien un fichier de relecture ; sinon, envoyez-le en plusieurs fois.",
        )


def load_listes(project: Project) -> Listes:
    """The choices that the dictionary declares; raises InvalidData for a faulty one."""
    lists: Mapping[str, tuple[Choix, ...]] = load_nomenclatures(project)
    return Listes(lists["college"], lists["genre_commentaire"])


def cleaned(text: str) -> tuple[str, int]:
    """A text without what no file may hold, each such character shown as « � », and how many there were.

    >>> cleaned("un\\x00 deux\\r\\n")
    ('un� deux', 1)
    """
    kept, count = _FORBIDDEN.subn("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return kept.strip(), count


def of_person(text: str, names: Collection[str] = ()) -> tuple[str, str]:
    """The words of the person in a text, and the text itself where a program wrote in it.

    >>> of_person("Bien.\\n-- \\nJeanne"), of_person("Bien.")
    (('Bien.', 'Bien.\\n-- \\nJeanne'), ('Bien.', ''))
    """
    whole = cleaned(text)[0]
    kept = without_machine(whole, names)
    return (kept, whole) if kept != whole else (text, "")


def genre_of(text: str) -> str:
    """The kind that a remark gives itself by its first word, empty where it gives none.

    >>> genre_of("DESACCORD: non"), genre_of("Témoignage : j'y étais"), genre_of("Accord de principe")
    ('desaccord', 'temoignage', '')
    """
    match = _PREFIX.match(text)
    said = plain(match[1]) if match else ""
    return said if said in GENRES else ""


def consent_of(text: str) -> str:
    """« oui » or « non » as people answer it, « non » for an answer that is not clear, empty for none.

    >>> consent_of("Oui !"), consent_of("Oui mais pas en ligne"), consent_of(" ")
    ('oui', 'non', '')
    """
    return _ANSWERS.get(plain(text).rstrip(" .!"), NON if text.strip() else "")


def is_clear_consent(text: str) -> bool:
    """Whether an answer to the question of consent says yes or no."""
    return plain(text).rstrip(" .!") in _ANSWERS


def _code_of(choices: Sequence[Choix], text: str) -> str:
    told = plain(text)
    names = (
        (choix.code, (plain(choix.libelle), choix.code, plain(choix.code_limesurvey))) for choix in choices
    )
    return next((code for code, known in names if told and told in known), "")
