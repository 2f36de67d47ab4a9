"""The invented territories: their names, their EBE, and what is particular to each of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from analysis.demonstration.reperes import VOLONTAIRES
from analysis.noyau.periods import Period
from analysis.noyau.territoires import Commune, Ebe, Site, Territoire

DATE_ARRETE: Final = date(2021, 6, 30)
"""The day at which the invented data stop: the end of the first phase."""

SOURCE: Final = "demonstration"
"""The source that an invented territory or EBE names."""

Separateur = Literal["\t", "|"]
Encodage = Literal["utf-8", "iso-8859-15"]


@dataclass(frozen=True)
class Comptes:
    """The form in which an EBE deposits its accounts.

    ``nature`` is « fec » or « balance »; a FEC has its columns cut by ``separateur``, and two amounts
    (Debit, Credit) or one with its side (``sens``: Montant, Sens). ``tva`` says whether it owes VAT.
    """

    nature: Literal["fec", "balance"] = "fec"
    separateur: Separateur = "\t"
    encodage: Encodage = "utf-8"
    sens: bool = False
    tva: bool = False


@dataclass(frozen=True)
class Entreprise:
    """An invented EBE: its opening, the last day of its first exercice, the form of its accounts.

    Exercices after the first are calendar years. ``taille`` weighs it among the EBE of its territory when
    someone is hired.
    """

    code: str
    nom: str
    ouverture: date
    premiere_cloture: date
    comptes: Comptes = Comptes()
    taille: float = 1.0


@dataclass(frozen=True)
class Lieu:
    """An invented territory and what its deposit is drawn from.

    ``rang`` is its place in the seed, ``personnes`` the number of people met; ``reponses_completes`` says
    that its surveys are exported with the labels of the answers, not their codes. ``date_arrete`` is the day
    at which the data stop, after the last volunteer. Raises ValueError for an earlier day, an EBE opened
    after it, or no one.
    """

    rang: int
    code: str
    nom: str
    communes: tuple[str, ...]
    longitude: float
    latitude: float
    personnes: int
    entreprises: tuple[Entreprise, ...] = ()
    reponses_completes: bool = False
    date_arrete: date = DATE_ARRETE
    date_habilitation: date = date(2016, 11, 24)

    def __post_init__(self) -> None:
        if self.personnes < 1:
            raise ValueError("un territoire a une personne au moins")
        if self.date_arrete < VOLONTAIRES[-1][0]:
            raise ValueError(f"les données s'arrêtent le {VOLONTAIRES[-1][0].isoformat()} au plus tôt")
        if any(entreprise.ouverture >= self.date_arrete for entreprise in self.entreprises):
            raise ValueError("une EBE ouvre avant la date d'arrêté")

    @property
    def departement(self) -> str:
        """The invented code of its invented département: « D1 »."""
        return f"D{self.rang}"

    @property
    def territoire(self) -> Territoire:
        """The territory as the rest of the project reads it."""
        communes = tuple(self._commune(number, nom) for number, nom in enumerate(self.communes, 1))
        perimetre = "Commune de " if len(communes) == 1 else "Communes de "
        site = Site(self.code, self.nom, "communes", perimetre + " et de ".join(self.communes), communes)
        ebe = tuple(
            Ebe(e.code, e.nom, Period(e.ouverture.isoformat()), True, SOURCE) for e in self.entreprises
        )
        habilitation = Period(self.date_habilitation.isoformat())
        return Territoire(self.code, self.nom, habilitation, SOURCE, (site,), ebe)

    def _commune(self, number: int, nom: str) -> Commune:
        """The communes of one territory stand a twentieth of a degree apart."""
        return Commune(
            code=f"{self.departement}{number:02d}",
            nom=nom,
            departement=self.departement,
            departement_nom=f"Département d'essai {self.rang}",
            epci="",
            epci_nom="",
            zone_emploi=f"Z{self.rang}",
            zone_emploi_nom=f"Zone d'essai {self.rang}",
            longitude=round(self.longitude + 0.05 * (number - 1), 4),
            latitude=self.latitude,
            suivie=False,
        )


def lieux() -> tuple[Lieu, ...]:
    """The ten invented territories of the demonstration, in a fixed order.

    Particular ones: 2 has two EBE, 3 has three people, 4 has hired nobody, 5 has a first exercice of seven
    months, 6 one of eighteen, 7 gives a balance générale, 8 exports its surveys in full answers. Sizes add up
    to the national figures of :mod:`analysis.demonstration.reperes`; names are of no real commune nor EBE.
    """
    pipe, latin = Comptes(separateur="|", tva=True), Comptes(encodage="iso-8859-15")
    signed = Comptes(separateur="|", encodage="iso-8859-15", sens=True)
    calendar = date(2017, 12, 31)
    return (
        _un(1, "Valcourbe-sur-Lisse", 1.1, 49.2, 270, ("La Ruche de Valcourbe", date(2017, 1, 9), calendar)),
        Lieu(
            *(2, "roquelande-fontvernay", "Roquelande et Fontvernay", ("Roquelande", "Fontvernay")),
            *(5.2, 48.1, 340),
            (
                Entreprise("atelier-roquelande", "Atelier de Roquelande", date(2017, 2, 1), calendar, pipe),
                Entreprise(
                    "la-filandiere",
                    "La Filandière de Fontvernay",
                    date(2018, 4, 3),
                    date(2018, 12, 31),
                    latin,
                    taille=0.35,
                ),
            ),
        ),
        _un(3, "Orbesson", 3.4, 44.6, 3, ("Le Trio d'Orbesson", date(2018, 1, 2), date(2018, 12, 31))),
        Lieu(4, "marsangeux", "Marsangeux", ("Marsangeux",), 4.9, 46.2, 160),
        _un(
            *(5, "Montbrillac-le-Haut", 0.4, 45.5, 235),
            ("Les Ateliers de Montbrillac", date(2017, 6, 1), calendar),
            latin,
        ),
        _un(
            *(6, "Kerlovec", -2.9, 48.0, 220),
            ("Kerlovec Solidaire", date(2017, 7, 1), date(2018, 12, 31)),
            signed,
        ),
        _un(
            *(7, "Clairevoie-en-Plaine", 2.6, 50.1, 250),
            ("Clairevoie Entraide", date(2017, 4, 3), calendar),
            Comptes(nature="balance", tva=True),
        ),
        replace(
            _un(8, "Bréhaumont", -0.6, 47.3, 245, ("Bréhaumont Services", date(2017, 5, 2), calendar), pipe),
            reponses_completes=True,
        ),
        _un(
            *(9, "Villerande-la-Forge", 6.4, 44.3, 290),
            ("La Forge de Villerande", date(2017, 1, 16), calendar),
            Comptes(sens=True),
        ),
        _un(
            *(10, "Castelnouvel-d'Ourse", 0.9, 43.5, 190),
            ("Les Mains de l'Ourse", date(2017, 2, 15), calendar),
        ),
    )


def territoires(n: int) -> tuple[Lieu, ...]:
    """``n`` invented territories for load tests: the ten, then the ten again under a number.

    >>> [lieu.nom for lieu in territoires(12)][9:]
    ["Castelnouvel-d'Ourse", 'Valcourbe-sur-Lisse 11', 'Roquelande et Fontvernay 12']
    """
    ten = lieux()
    return tuple(
        ten[index] if index < len(ten) else _numbered(ten[index % len(ten)], index + 1) for index in range(n)
    )


def _un(
    rang: int,
    nom: str,
    longitude: float,
    latitude: float,
    personnes: int,
    ebe: tuple[str, date, date],
    comptes: Comptes | None = None,
) -> Lieu:
    """A territory of one commune and one EBE."""
    name, ouverture, cloture = ebe
    entreprise = Entreprise(_code(name), name, ouverture, cloture, comptes or Comptes())
    return Lieu(rang, _code(nom), nom, (nom,), longitude, latitude, personnes, (entreprise,))


def _code(nom: str) -> str:
    """The code of an invented name.

    >>> _code("Bréhaumont"), _code("Castelnouvel-d'Ourse")
    ('brehaumont', 'castelnouvel-d-ourse')
    """
    return nom.lower().replace("é", "e").replace("è", "e").replace("'", "-").replace(" ", "-")


def _numbered(lieu: Lieu, rang: int) -> Lieu:
    return replace(
        lieu,
        rang=rang,
        code=f"{lieu.code}-{rang}",
        nom=f"{lieu.nom} {rang}",
        communes=tuple(f"{nom} {rang}" for nom in lieu.communes),
        entreprises=tuple(
            replace(e, code=f"{e.code}-{rang}", nom=f"{e.nom} {rang}") for e in lieu.entreprises
        ),
    )
