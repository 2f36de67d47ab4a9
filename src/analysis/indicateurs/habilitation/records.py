"""The records of the habilitation: régimes and criteria as they were read, a candidate's dossier, what is
judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

CHAPITRE: Final = "habilitation"
"""The code of the chapter without a candidate, and how that of a candidate begins."""

CANDIDATS_INVENTES: Final = {"haute-lande": "Haute-Lande", "rives-du-moulin": "Rives du Moulin"}
"""The invented candidates of the demonstration, by code: the first under the law of 2016, the other under
that of 2020.
"""

NON_ETABLI: Final = "non établi"

Nature = Literal["loi", "annonce", "proposition"]
Exigence = Literal["exige", "facultatif", "sans_objet", "non_etabli"]
Controle = Literal["piece", "champ", "taille", "deliberation", "taux", "emplois"]
Verdict = Literal[
    "rempli", "en_preparation", "manque", "non_rempli", "facultatif", "sans_objet", "non_etabli"
]


def code_du_chapitre(candidat: str) -> str:
    """The code of the chapter of a candidate; of the chapter on the régimes alone when there is none.

    >>> code_du_chapitre(""), code_du_chapitre("haute-lande")
    ('habilitation', 'habilitation-haute-lande')
    """
    return f"{CHAPITRE}-{candidat}" if candidat else CHAPITRE


def candidat_du_chapitre(code: str) -> str | None:
    """The candidate of a chapter: empty for the régimes alone, None for a chapter of something else.

    >>> candidat_du_chapitre("habilitation-haute-lande"), candidat_du_chapitre("premery")
    ('haute-lande', None)
    """
    head, _, candidat = code.partition("-")
    return candidat if head == CHAPITRE else None


@dataclass(frozen=True)
class Regime:
    """A law, what the press reports of one, or a bill: from when to when, as it was read and when.

    A missing day is not established. ``fin_lue``: the last day was read in the text itself.
    """

    regime: str
    libelle: str
    nature: Nature
    texte: str
    debut: date | None
    fin: date | None
    fin_lue: bool
    appel_debut: date | None
    appel_fin: date | None
    chiffres: tuple[int, ...]
    source: str
    lecture: str
    date_lecture: date
    note: str

    def __post_init__(self) -> None:
        for first, last in ((self.debut, self.fin), (self.appel_debut, self.appel_fin)):
            if first and last and last < first:
                raise ValueError(f"« {self.regime} » finit avant de commencer")

    def covers(self, jour: date) -> bool:
        """Whether it is known to be in force that day; a bill never is, nor what has a day missing."""
        if self.nature == "proposition" or self.debut is None or self.fin is None:
            return False
        return self.debut <= jour <= self.fin

    def receives(self, jour: date) -> bool:
        """Whether its call is known to be open that day."""
        return bool(self.appel_debut and self.appel_fin and self.appel_debut <= jour <= self.appel_fin)


@dataclass(frozen=True)
class Critere:
    """What a régime asks of a candidate, as far as it was read, and what proves it."""

    regime: str
    critere: str
    libelle: str
    exigence: Exigence
    controle: Controle
    cle: str
    preuve: str
    minimum: float | None
    source: str
    lecture: str
    note: str


@dataclass(frozen=True)
class Parametre:
    """A number that the judgement uses; ``chiffre`` is its number in the register, where it has one."""

    parametre: str
    libelle: str
    valeur: float
    unite: str
    chiffre: int | None
    note: str


@dataclass(frozen=True)
class SerieDeclaree:
    """A local series on which territories are compared, chosen before any distance was computed."""

    serie: str
    libelle: str
    zone: str
    periode: str
    numerateur: str
    denominateur: str
    transformation: str
    unite: str
    raison: str


@dataclass(frozen=True)
class Piece:
    """A piece of the dossier, and where it stands: ``jointe``, ``en_preparation``, ``absente``."""

    piece: str
    libelle: str
    etat: str
    date: str = ""


@dataclass(frozen=True)
class Deliberation:
    """What a local authority voted; ``taux`` is the département's share of the State's (0.15), None when not
    said.
    """

    collectivite: str
    nature: str
    date: str
    favorable: bool
    taux: float | None = None
    montant: float | None = None


@dataclass(frozen=True)
class Comptage:
    """How many people were met and how many volunteer, at a day; None when not counted."""

    date: str
    rencontrees: int | None
    volontaires: int | None


@dataclass(frozen=True)
class Emplois:
    """The jobs planned at the end of a year, in ETP."""

    annee: int
    etp: float
    encadrement: float | None = None


@dataclass(frozen=True)
class Dossier:
    """A candidate's dossier as it was received: blanks stay None, a refused row is in none of its lists.

    ``refusees`` counts the rows that were refused, by sheet.
    """

    code: str
    nom: str
    departement: str
    arrete: str
    continu: bool | None
    population: int | None
    ppde: int | None
    avis: str
    decret: str
    pieces: tuple[Piece, ...]
    deliberations: tuple[Deliberation, ...]
    personnes: tuple[Comptage, ...]
    emplois: tuple[Emplois, ...]
    series: tuple[tuple[str, float], ...]
    refusees: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Examen:
    """What a criterion of a régime finds in a dossier: a verdict, and what was found, in a clause."""

    regime: str
    critere: str
    verdict: Verdict
    trouve: str


@dataclass(frozen=True)
class Versement:
    """What a payer would pay of a project in a year under a rate, in euros; ``etp`` are those of the year."""

    taux: str
    annee: int
    payeur: str
    montant: float
    etp: float


@dataclass(frozen=True)
class Baisse:
    """What passing from one rate to another changes by ETP and year, in euros of the year's Smic."""

    annee: int
    de: str
    vers: str
    etat: float
    departement: float

    @property
    def total(self) -> float:
        return self.etat + self.departement


@dataclass(frozen=True)
class Voisin:
    """A place of an habilitated territory, how far it is from the candidate, and on which series.

    ``ecarts`` are the differences by series, in standard deviations of the habilitated places.
    """

    territoire: str
    lieu: str
    distance: float
    ecarts: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Habilitation:
    """All that the chapter shows: the régimes on a day, and what a dossier is under each of them.

    Without a dossier the last four are empty, but for the change of rate.
    """

    jour: date
    regimes: tuple[Regime, ...]
    criteres: tuple[Critere, ...]
    parametres: tuple[Parametre, ...]
    series: tuple[SerieDeclaree, ...]
    baisses: tuple[Baisse, ...] = ()
    dossier: Dossier | None = None
    examens: tuple[Examen, ...] = ()
    versements: tuple[Versement, ...] = ()
    voisins: tuple[Voisin, ...] = ()

    def parametre(self, name: str) -> Parametre:
        return next(p for p in self.parametres if p.parametre == name)
