"""The released type: what the gate let through, with the rule of its decision.

Only this package builds a ``Released`` (a test holds the others to it); presentation takes nothing else.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from itertools import pairwise
from typing import Final, Generic, Literal, TypeVar

from analysis.depot.formes.personnel import donnee_personnelle
from analysis.depot.garde.accuse import Apercu
from analysis.impact.records import Resultats
from analysis.indicateurs.comparaison.records import Comparaison
from analysis.indicateurs.depenses_passives.resultats import Etude
from analysis.indicateurs.habilitation.records import Habilitation
from analysis.indicateurs.participation.demandes import QuestionLocale, Verbatim
from analysis.indicateurs.territoires_suivis.records import Suivis
from analysis.noyau.mesures import Mesure
from analysis.noyau.paths import Nature
from analysis.sources.commentaires import Commentaire
from analysis.sources.fiches import Chiffre, Serie

Rule = Literal[
    "deja-publie",
    "cas-types",
    "donnees-ouvertes",
    "demonstration",
    "diffusable",
    "arrondi",
    "regroupement",
    "non-publiable",
    "seuil-effectif",
    "seuil-taux",
    "petit-cote",
    "groupe-entier",
    "difference",
    "addition",
    "intervalle",
    "sans-protection",
    "composante",
    "accord",
    "trop-peu-d-ebe",
    "edition",
    "edition-arrondie",
    "dominance",
    "declare",
    "consentement",
    "sans-texte",
]
"""The rules by which a record passes or is withheld.

Its source has published it already; it is computed of case types, of nobody, or of open data, of places;
nothing in it is real; no rule withholds it; it is shown rounded, or with neighbouring categories; it is
shown whole, in the atelier or to the territory that it comes from, and may not be published; then the rules
of :mod:`analysis.secret.regles` that withhold a measure, some of which look at what a past edition told,
exactly or rounded. A territory declared it for its chapter; its author agreed to see it published; its author
did not, or it may tell who wrote it, and only what is not its text is shown.
"""


@dataclass(frozen=True)
class Citation:
    """What a chapter may show of a sentence that its author accepted to see quoted: not how many answered.

    ``annee`` is that of the wave; ``theme`` is empty where it is not told.
    """

    territoire: str
    enquete: str
    annee: int
    question: str
    theme: str
    texte: str


@dataclass(frozen=True)
class Parole:
    """What a chapter may show of a remark: never who made it, its words only with an agreement.

    A field without a default is a fact, which is always shown; one with a default holds words, which are
    all shown or all empty. ``role`` is the college, empty when it was not told; ``accord`` says whether the
    author was asked (« demande », « non_demande »); ``avant`` and ``apres`` are the passage before and after
    it was changed.
    """

    id: str
    territoire: str
    chapitre: str
    ancre: str
    role: str
    date: str
    genre: str
    statut: str
    rattachement: str
    date_reponse: str
    accord: str
    reponse_a: str
    texte: str = ""
    citation: str = ""
    reponse: str = ""
    changement: str = ""
    avant: str = ""
    apres: str = ""


_FACTS: Final = tuple(field.name for field in fields(Parole) if field.default is MISSING)
_WORDS: Final = tuple(field.name for field in fields(Parole) if field.default is not MISSING)


T = TypeVar(
    "T",
    Chiffre,
    Serie,
    Apercu,
    Mesure,
    Etude,
    Comparaison,
    Resultats,
    Habilitation,
    Suivis,
    QuestionLocale,
    Citation,
    Parole,
)


@dataclass(frozen=True, slots=True)
class Released(Generic[T]):
    """A record that a chapter may show, and the rule of the decision."""

    content: T
    rule: Rule

    @property
    def is_rounded(self) -> bool:
        """Whether its number is told rounded, by this edition or as one before told it."""
        return self.rule in ("arrondi", "edition-arrondie")


def release_published(record: T) -> Released[T]:
    """Release what its source has already published: the trivial rule.

    Raises TypeError for anything but a published figure or a published series: deposited data
    must go through a rule of its own.
    """
    if not isinstance(record, Chiffre | Serie):
        raise TypeError(f"{type(record).__name__} n'est pas un chiffre publié")
    return Released(record, "deja-publie")


def release_etude(record: Etude) -> Released[Etude]:
    """Release a study on case types: declared households, the law and published figures, nobody's data.

    Raises TypeError for anything else.
    """
    if not isinstance(record, Etude):
        raise TypeError(f"{type(record).__name__} n'est pas une étude sur cas types")
    return Released(record, "cas-types")


def release_comparaison(record: Comparaison) -> Released[Comparaison]:
    """Release a comparison: it is made of published figures and a price index, of nobody's data.

    Raises TypeError for anything else.
    """
    if not isinstance(record, Comparaison):
        raise TypeError(f"{type(record).__name__} n'est pas une comparaison de chiffres publiés")
    return Released(record, "deja-publie")


def release_impact(record: Resultats) -> Released[Resultats]:
    """Release the accepted results of impact: computed of open statistics of places, of nobody's data.

    Raises TypeError for anything else.
    """
    if not isinstance(record, Resultats):
        raise TypeError(f"{type(record).__name__} n'est pas un résultat d'impact sur données ouvertes")
    return Released(record, "donnees-ouvertes")


def release_habilitation(record: Habilitation, nature: Nature, is_private: bool) -> Released[Habilitation]:
    """Release the régimes, which are published; with a candidate's dossier, only for the eyes of its authors.

    An invented candidate's is shown to everyone. Raises TypeError for a real one in a publication.
    """
    if record.dossier is None:
        return Released(record, "deja-publie")
    if nature == "demonstration":
        return Released(record, "demonstration")
    if not is_private:
        raise TypeError("le dossier d'un candidat ne se publie pas")
    return Released(record, "non-publiable")


def release_suivis(record: Suivis, is_private: bool) -> Released[Suivis]:
    """Release the follow-up, made of published figures and of measures as the gate left them.

    ``is_private``: its measures are whole, for the atelier alone.
    """
    return Released(record, "non-publiable" if is_private else "diffusable")


def release_demonstration(record: Apercu, nature: Nature) -> Released[Apercu]:
    """Release what may be told of the reception of an invented territory's deposit: no count of rows.

    Raises TypeError for a bilan of real territories: what they deposited is confidential.
    """
    if nature != "demonstration":
        raise TypeError("un dépôt réel ne passe pas par la règle de la démonstration")
    return Released(record, "demonstration")


def not_publishable(mesure: Mesure) -> Released[Mesure]:
    """A measure whole, for the atelier or for the territory it comes from: no publication takes it."""
    return Released(mesure, "non-publiable")


def release_question(question: QuestionLocale) -> Released[QuestionLocale]:
    """Release what a territory asks: its deposit says that it is published in its chapter.

    Raises TypeError for anything else.
    """
    if not isinstance(question, QuestionLocale):
        raise TypeError(f"{type(question).__name__} n'est pas une question déclarée par un territoire")
    return Released(question, "declare")


def release_verbatim(verbatim: Verbatim) -> Released[Citation] | None:
    """Release what a person wrote and accepted to see quoted; None for a small wave, or telling words.

    People chose it and read it beforehand; this looks at it once more.
    """
    from analysis.secret.seuils import SEUIL_CITATION  # a chapter opens what was released without the rules

    if verbatim.repondants < SEUIL_CITATION or donnee_personnelle(verbatim.texte, libre=True):
        return None
    shown = {field.name: getattr(verbatim, field.name) for field in fields(Citation)}
    return Released(Citation(**shown), "consentement")


def release_parole(comment: Commentaire) -> Released[Parole]:
    """Release a remark and its answer: whole with its author's agreement, else that it was made.

    Words that may tell who someone is are withheld in spite of an agreement, all of them where one does.
    What is not a field of :class:`Parole` goes nowhere.
    """
    is_agreed = comment.consentement == "oui" and not comment.is_withdrawn
    is_public = is_agreed and not _is_telling(comment)
    shown = (*_FACTS, *_WORDS) if is_public else _FACTS
    parole = Parole(**{name: getattr(comment, name) for name in shown})
    return Released(parole, "consentement" if is_public else "sans-texte")


def _is_telling(comment: Commentaire) -> bool:
    """Whether the words of a remark, or what was made of it, may tell who someone is.

    Outside the remark itself two capitalised words are no name: the chapter is full of them. Those that
    its change took out are one, for that may be what was asked.
    """
    if donnee_personnelle(comment.texte, libre=True):
        return True
    if any(donnee_personnelle(getattr(comment, name)) for name in _WORDS):
        return True
    left = set(pairwise(comment.apres.split()))
    gone = (pair for pair in pairwise(comment.avant.split()) if pair not in left)
    return any(donnee_personnelle(" ".join(pair), libre=True) for pair in gone)
