"""How people enter an EBE, stay there and leave it, and how much they work: the family parcours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from types import MappingProxyType
from typing import Final

import pandas as pd

from analysis.indicateurs.donnees import Donnees, lignes
from analysis.indicateurs.effectifs import changements, declares, effectifs, temps_de_travail
from analysis.indicateurs.episodes import JOUR, sejours
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
    contrats = donnees.tables["contrats"]
    contrats = contrats[contrats["date_debut"] <= pd.Timestamp(donnees.arrete)]
    episodes = sejours(contrats)
    premiers = episodes[episodes["rang"] == 1]
    return (
        *mouvements(donnees.cadre, episodes, donnees.arrete),
        *effectifs(donnees, contrats),
        *declares(donnees, contrats),
        *_attente(donnees, episodes),
        *_maintien(donnees, premiers),
        *temps_de_travail(donnees, contrats),
        *changements(donnees, contrats, premiers),
    )


def mouvements(cadre: Cadre, episodes: pd.DataFrame, arrete: date) -> Iterator[Mesure]:
    """The entries and exits of each year, from that of the first contract to that of the arrêté.

    A stay enters on its first day and is out on the day after its last one: a person who works on 31
    December is out the next year, and people under contract at the end of a year = those of the year before
    + entries − exits. An exit of after the arrêté is not known yet. An unfinished year is the interval from
    its first day to the arrêté. Neighbouring reasons are counted together, an amendment that nothing
    follows as another reason.

    Reads personne, rang, debut, fin and motif of ``episodes``, the stays. No stay gives no year. Raises
    UnknownName for a reason out of its list.
    """
    if episodes.empty:
        return
    entrees, sorties = defaultdict(list), defaultdict(list)
    for stay in lignes(episodes):
        entrees[stay["debut"].year].append("premiere" if stay["rang"] == 1 else "retour")
        dehors = stay["fin"] + JOUR
        if dehors <= pd.Timestamp(arrete):
            sorties[dehors.year].append(_VOISINS.get(stay["motif"], stay["motif"]))
    for year in range(min(entrees), arrete.year + 1):
        periode = str(year) if arrete >= date(year, 12, 31) else f"{year}-01-01/{arrete.isoformat()}"
        yield from cadre.ventilation("entrees", periode, entrees[year])
        yield from cadre.ventilation("sorties_ebe", periode, sorties[year])


def attentes(personnes: pd.DataFrame, episodes: pd.DataFrame, arrete: date) -> pd.DataFrame:
    """What first became of each eligible volunteer since volunteering, one row a person.

    Columns: ``personne``; ``origine``, the day of volunteering; ``jour`` and ``issue`` of what comes first,
    as :func:`~analysis.indicateurs.incidence.suivre` reads them: 1 the first contract; 2 another job or a
    training; 3 retirement, move, renunciation, death, loss of sight, other. On one day the contract comes
    first; what began before volunteering is of that day, but for a stay that had ended by then, which ended
    no wait. Someone told employed by the EBE without any contract is lost from sight that day (0); someone
    who waits has no day.

    Reads personne, date_volontariat, decision_cle, date_decision_cle, situation, date_situation of
    ``personnes``, personne, debut and fin of ``episodes``, the stays. Volunteers are eligible by a decision
    of the arrêté at the latest. A situation without a date has not begun. Raises UnknownName for a situation
    out of its list.
    """
    day = pd.Timestamp(arrete)
    decided = (personnes["date_decision_cle"] <= day) & (personnes["decision_cle"] == "eligible")
    gens = personnes[(personnes["date_volontariat"] <= day) & decided]
    unknown = set(gens["situation"]) - set(_ISSUES)
    if unknown:
        raise UnknownName("situation", str(min(unknown)), _ISSUES)
    origine = gens["date_volontariat"]
    since = origine.set_axis(gens["personne"]).reindex(episodes["personne"]).set_axis(episodes.index)
    stays = episodes[~(episodes["fin"] < since)]
    embauche = stays.groupby("personne")["debut"].min().reindex(gens["personne"]).set_axis(gens.index)
    embauche = embauche.where(~(embauche < origine), origine)
    issue = gens["situation"].map(_ISSUES).astype("float64")
    told = issue.notna() & ~((issue == 0) & embauche.notna())
    depart = gens["date_situation"].where(told)
    depart = depart.where(~(depart < origine), origine)
    embauchees = (embauche <= depart) | (embauche.notna() & depart.isna())
    return pd.DataFrame(
        {
            "personne": gens["personne"],
            "origine": origine,
            "jour": embauche.where(embauchees, depart),
            "issue": issue.mask(embauchees, 1).fillna(0).astype("int64"),
        }
    )


def _attente(donnees: Donnees, episodes: pd.DataFrame) -> Iterator[Mesure]:
    """The incidence of each event since volunteering, and of the hire for those of after the opening."""
    arrete, ouverture = donnees.arrete, donnees.ouverture
    found = attentes(donnees.tables["personnes"], episodes, arrete)
    yield from _courbes(donnees, ATTENTE, _suivi(found, 3, arrete), vide="aucun volontaire éligible")
    name = "incidence_embauche_apres_ouverture"
    if ouverture is None or ouverture > arrete:
        for code in HORIZONS:
            yield donnees.cadre.absente(
                name, arrete.isoformat(), "aucune EBE n'est ouverte à l'arrêté", modalite=code
            )
        return
    apres = found[found["origine"] >= pd.Timestamp(ouverture)]
    vide = "aucun volontaire éligible depuis l'ouverture"
    yield from _courbes(donnees, (name,), _suivi(apres, 3, arrete), vide=vide)


def _maintien(donnees: Donnees, premiers: pd.DataFrame) -> Iterator[Mesure]:
    """The incidence of each kind of exit since the first hire, and the probability of still being there."""
    autre_emploi = premiers["motif"] == "autre_emploi"
    found = pd.DataFrame(
        {
            "origine": premiers["debut"],
            "jour": premiers["fin"] + JOUR,
            "issue": autre_emploi.map({True: 1, False: 2}).astype("int64"),
        }
    )
    suivi = _suivi(found, 2, donnees.arrete)
    vide = "personne n'a encore été embauché"
    yield from _courbes(donnees, DEPARTS, suivi, vide=vide, reste="maintien")


def _suivi(found: pd.DataFrame, causes: int, arrete: date) -> Suivi:
    return suivre(found["origine"], found["jour"], found["issue"], causes=causes, arrete=arrete)


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
