"""How people enter an EBE, stay there and leave it, and how much they work: the family parcours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np

from analysis.indicateurs.donnees import Colonnes, Donnees
from analysis.indicateurs.durees import jours
from analysis.indicateurs.effectifs import changements, declares, effectifs, temps_de_travail
from analysis.indicateurs.episodes import JOUR, Sejour, sejours
from analysis.indicateurs.incidence import Suivi, bornes, incidences, suivre
from analysis.noyau.errors import UnknownName
from analysis.noyau.mesures import Cadre, Mesure

HORIZONS: Final = MappingProxyType({"m3": 3, "m6": 6, "m12": 12, "m18": 18, "m24": 24, "m36": 36})
"""The horizons at which incidences are told, in months."""

ATTENTE: Final = ("incidence_embauche", "incidence_autre_emploi", "incidence_autre_issue")
"""What ends the wait of a volunteer: events 1, 2 and 3."""

DEPARTS: Final = ("depart_autre_emploi", "depart_autre")
"""What ends a stay: events 1 and 2."""

_ISSUES: Final = MappingProxyType(
    {
        "rencontre": None,
        "attente": None,
        "ebe": 0,
        "autre_emploi": 2,
        "formation": 2,
        **dict.fromkeys(("retraite", "demenagement", "renoncement", "deces", "perdue_de_vue", "autre"), 3),
    }
)
"""Which event a deposited situation is: None for those who wait, 0 where a person is lost from sight."""

_VOISINS: Final = {
    **dict.fromkeys(("rupture_conventionnelle", "fin_essai"), "demission"),
    "inaptitude": "licenciement",
    **dict.fromkeys(("demenagement", "deces", "avenant"), "autre"),
}
"""The reasons of an exit that are counted with another: each of them alone is often of a few people."""

PERSONNE_JUSQUE_LA: Final = "personne n'est suivi jusque-là"


def mesures(donnees: Donnees) -> tuple[Mesure, ...]:
    """The measures of the family parcours: flows by year, stocks by month and date, incidences by horizon.

    Reads ``personnes`` (one row a person), ``contrats`` (one row a contract or amendment) and ``etp`` (one
    row an EBE and month). The period is the year of a flow, the month of a headcount or an ETP, the day of a
    quotité, the arrêté for an incidence. Each definition is in ``data/dictionary/mesures.csv``, each rule in
    ``docs/methods/parcours.md``.

    A contract begun after the arrêté is not read. Without any contract there is no year and no month to
    tell; the other counts are zero, means and incidences missing with their reason. The year of the arrêté
    stops there; its month is told only when it is finished. Raises ValueError for a contract that ends
    before it begins, UnknownName for a reason or a situation out of its list.
    """
    known = donnees.arrays("contrats")["date_debut"] <= np.datetime64(donnees.arrete)
    contrats = {name: column[known] for name, column in donnees.arrays("contrats").items()}
    episodes = sejours(contrats)
    premiers = [stay for stay in episodes if stay.rang == 1]
    return (
        *mouvements(donnees.cadre, episodes, donnees.arrete),
        *effectifs(donnees, contrats),
        *declares(donnees, contrats),
        *_attente(donnees, episodes),
        *_maintien(donnees, premiers),
        *temps_de_travail(donnees, contrats),
        *changements(donnees, contrats, premiers),
    )


def mouvements(cadre: Cadre, episodes: Sequence[Sejour], arrete: date) -> Iterator[Mesure]:
    """The entries and exits of each year, from that of the first contract to that of the arrêté.

    A stay enters on its first day and is out on the day after its last one: a person who works on 31
    December is out the next year, and people under contract at the end of a year = those of the year before
    + entries − exits. An exit of after the arrêté is not known yet. An unfinished year is the interval from
    its first day to the arrêté. Neighbouring reasons are counted together, an amendment that nothing
    follows as another reason.

    No stay gives no year. Raises UnknownName for a reason out of its list.
    """
    if not episodes:
        return
    entrees, sorties = defaultdict(list), defaultdict(list)
    for stay in episodes:
        entrees[stay.debut.year].append("premiere" if stay.rang == 1 else "retour")
        if stay.fin and (dehors := stay.fin + JOUR) <= arrete:
            sorties[dehors.year].append(_VOISINS.get(stay.motif, stay.motif))
    for year in range(min(entrees), arrete.year + 1):
        periode = str(year) if arrete >= date(year, 12, 31) else f"{year}-01-01/{arrete.isoformat()}"
        yield from cadre.ventilation("entrees", periode, entrees[year])
        yield from cadre.ventilation("sorties_ebe", periode, sorties[year])


class Attente(NamedTuple):
    """What first became of a volunteer: the day of volunteering, that of what came, None for none, and which
    event it is, as :func:`~analysis.indicateurs.incidence.suivre` reads them."""

    personne: str
    origine: date
    jour: date | None
    issue: int


def attentes(personnes: Colonnes, episodes: Sequence[Sejour], arrete: date) -> list[Attente]:
    """What first became of each eligible volunteer since volunteering.

    The events are: 1 the first contract; 2 another job or a training; 3 retirement, move, renunciation,
    death, loss of sight, other. On one day the contract comes first; what began before volunteering is of
    that day, but for a stay that had ended by then, which ended no wait. Someone told employed by the EBE
    without any contract is lost from sight that day (0); someone who waits has no day.

    Reads personne, date_volontariat, decision_cle, date_decision_cle, situation, date_situation of
    ``personnes``, and the stays of :func:`~analysis.indicateurs.episodes.sejours`. Volunteers are eligible by
    a decision of the arrêté at the latest. A situation without a date has not begun. Raises UnknownName for a
    situation out of its list.
    """
    stays: dict[str, list[Sejour]] = defaultdict(list)
    for stay in episodes:
        stays[stay.personne].append(stay)
    told = (personnes[name].tolist() for name in ("personne", "decision_cle", "situation"))
    days = (jours(personnes[name]) for name in ("date_decision_cle", "date_volontariat", "date_situation"))
    return [
        _attente_de(qui, origine, situation, depuis, stays[qui])
        for qui, decision, situation, decidee, origine, depuis in zip(*told, *days, strict=True)
        if decision == "eligible" and decidee and origine and max(decidee, origine) <= arrete
    ]


def _attente_de(
    qui: str, origine: date, situation: str, depuis: date | None, stays: Iterable[Sejour]
) -> Attente:
    """What became of one volunteer, who is told in a situation since a day."""
    if situation not in _ISSUES:
        raise UnknownName("situation", str(situation), _ISSUES)
    issue = _ISSUES[situation]
    embauche = min((s.debut for s in stays if s.fin is None or s.fin >= origine), default=None)
    is_told = issue is not None and not (issue == 0 and embauche)
    depart = max(depuis, origine) if depuis and is_told else None
    if embauche and (depart is None or embauche <= depart):
        return Attente(qui, origine, max(embauche, origine), 1)
    return Attente(qui, origine, depart, issue or 0)


def _attente(donnees: Donnees, episodes: Sequence[Sejour]) -> Iterator[Mesure]:
    """The incidence of each event since volunteering, and of the hire for those of after the opening."""
    arrete, ouverture = donnees.arrete, donnees.ouverture
    found = attentes(donnees.arrays("personnes"), episodes, arrete)
    yield from _courbes(donnees, ATTENTE, _suivi(found, 3, arrete), vide="aucun volontaire éligible")
    name = "incidence_embauche_apres_ouverture"
    if ouverture is None or ouverture > arrete:
        for code in HORIZONS:
            yield donnees.cadre.absente(
                name, arrete.isoformat(), "aucune EBE n'est ouverte à l'arrêté", modalite=code
            )
        return
    apres = [one for one in found if one.origine >= ouverture]
    vide = "aucun volontaire éligible depuis l'ouverture"
    yield from _courbes(donnees, (name,), _suivi(apres, 3, arrete), vide=vide)


def _maintien(donnees: Donnees, premiers: Iterable[Sejour]) -> Iterator[Mesure]:
    """The incidence of each kind of exit since the first hire, and the probability of still being there."""
    found = [
        Attente(s.personne, s.debut, s.fin and s.fin + JOUR, 1 if s.motif == "autre_emploi" else 2)
        for s in premiers
    ]
    vide = "personne n'a encore été embauché"
    yield from _courbes(donnees, DEPARTS, _suivi(found, 2, donnees.arrete), vide=vide, reste="maintien")


def _suivi(found: Sequence[Attente], causes: int, arrete: date) -> Suivi:
    return suivre(
        [one.origine for one in found],
        [one.jour for one in found],
        [one.issue for one in found],
        causes=causes,
        arrete=arrete,
    )


def _courbes(
    donnees: Donnees, names: tuple[str, ...], suivi: Suivi, *, vide: str, reste: str = ""
) -> Iterator[Mesure]:
    """The incidences of the first events at each horizon, and under ``reste`` the probability of none.

    Who is counted behind ``reste`` is who is not known to have had any.
    """
    cadre, periode = donnees.cadre, donnees.arrete.isoformat()
    told = (*names, reste) if reste else names
    for code, point in zip(HORIZONS, incidences(suivi, HORIZONS.values()), strict=True):
        if point is None:
            motif = PERSONNE_JUSQUE_LA if suivi.origine else vide
            yield from (cadre.absente(name, periode, motif, modalite=code) for name in told)
            continue
        values = [*zip(names, point.probabilites, point.evenements, point.erreurs, strict=False)]
        if reste:
            stayed = point.origine - sum(point.evenements)
            values.append((reste, point.reste, stayed, point.erreur_reste))
        for name, probabilite, evenements, erreur in values:
            yield cadre.incidence(
                name,
                periode,
                probabilite,
                evenements=evenements,
                origine=point.origine,
                a_risque=point.a_risque,
                modalite=code,
                bornes=bornes(probabilite, erreur),
            )
