"""What the chapters on the habilitation and on the followed territories may show, released."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from analysis.depot.garde.ledger import Ledger
from analysis.indicateurs.depenses_passives.declarations import declarations_of
from analysis.indicateurs.habilitation.declares import Declares, load_declares, load_jour
from analysis.indicateurs.habilitation.dossier import recu
from analysis.indicateurs.habilitation.examen import examiner
from analysis.indicateurs.habilitation.financement import Smic, Taux, baisses, taux_connus, verser
from analysis.indicateurs.habilitation.records import Dossier, Habilitation
from analysis.indicateurs.habilitation.ressemblance import Profil, profils, voisins
from analysis.indicateurs.territoires_suivis.alertes import evaluer
from analysis.indicateurs.territoires_suivis.declares import load_profils, load_suivis
from analysis.indicateurs.territoires_suivis.records import Quantite, Releve, Suivis, TerritoireSuivi
from analysis.noyau.mesures import Mesure
from analysis.noyau.paths import Project
from analysis.noyau.periods import Period
from analysis.noyau.territoires import Territoire
from analysis.secret.bundle import Mode
from analysis.secret.release import Released, release_habilitation, release_suivis
from analysis.sources.register import Register

_MESURES: Final[dict[str, Quantite]] = {
    "etp_declares": "etp",
    "liste_attente": "attente",
    "resultat_net": "resultat",
    "jours_depuis_cle": "cle",
}
"""The measures of deposits that the follow-up reads, and what each of them is there."""

_PUBLIES: Final[dict[str, Quantite]] = {"effectif_ebe": "effectif", "liste_attente": "attente"}
"""The published figures that it reads."""

ANNONCES: Final = "nombre_territoires"
"""The figures that say how many territories there are."""


def habilitation(
    project: Project, register: Register, candidat: str, mode: Mode
) -> Released[Habilitation] | None:
    """What the chapter of a candidate shows, or that of the régimes alone; None where no law is declared."""
    declares = load_declares(project)
    if declares is None:
        return None
    taux, smic = _taux(project)
    shown = Habilitation(
        jour=load_jour(project),
        regimes=declares.regimes,
        criteres=declares.criteres,
        parametres=declares.parametres,
        series=declares.series,
        baisses=baisses(taux, smic) if smic else (),
    )
    dossier = recu(project, candidat) if candidat else None
    if dossier is not None:
        shown = _judged(project, register, declares, shown, dossier)
    return release_habilitation(shown, project.nature, mode != "publication")


def _judged(
    project: Project, register: Register, declares: Declares, shown: Habilitation, dossier: Dossier
) -> Habilitation:
    taux, smic = _taux(project)
    places = [Profil(code, _name(register, code), series) for code, series in load_profils(project).items()]
    return replace(
        shown,
        dossier=dossier,
        examens=examiner(declares, dossier),
        versements=verser(dossier, taux, smic, amorcage=declares.parametre("amorcage")) if smic else (),
        voisins=voisins(dict(dossier.series), places or profils(register, declares.series), declares.series),
    )


def _taux(project: Project) -> tuple[tuple[Taux, ...], Smic | None]:
    """The rates that the law has had and the Smic of each year; none where no study is declared."""
    found = declarations_of(project)
    if found is None:
        return (), None
    smic = {int(row["annee"]): float(row["assiette"]) for row in found.tables["assiettes_contribution"]}
    return taux_connus(found.tables["taux_contribution"]), Smic(smic)


def _name(register: Register, code: str) -> str:
    return next((t.nom for t in register.territoires if t.code == code), code)


def suivis(
    project: Project,
    register: Register,
    mesures: Iterable[Released[Mesure]],
    mode: Mode,
    jour: date | None = None,
) -> Released[Suivis] | None:
    """Every followed territory with its alerts, from what the gate let through; None where none is declared.

    The territories of the bilan come first, from their deposits and from what is published of them. Alerts
    are judged on ``jour``, on the declared day where none is given.
    """
    declared = load_suivis(project)
    if declared is None:
        return None
    law = load_declares(project)
    jour = jour or load_jour(project)
    own: dict[str, list[Releve]] = {}
    for released in mesures:
        if released.content.mesure in _MESURES:
            own.setdefault(released.content.lieu, []).append(_measured(released.content))
    ledger = Ledger(project)
    followed = [
        *(_of_bilan(register, t, own.get(t.code, []), ledger) for t in register.territoires),
        *declared.territoires,
    ]
    regimes = law.regimes if law else ()
    lignes = tuple(evaluer(t, declared.regles, regimes, declared.silences, jour) for t in followed)
    annonces = tuple(
        c.numero for c in register.chiffres if c.indicateur == ANNONCES and c.territoire == "phase-2"
    )
    return release_suivis(
        Suivis(jour, declared.regles, lignes, declared.silences, annonces), mode != "publication"
    )


def codes_suivis(project: Project, register: Register) -> list[str]:
    """The codes of all the territories that are followed."""
    declared = load_suivis(project)
    others = declared.territoires if declared else ()
    return [*(t.code for t in register.territoires), *(t.code for t in others)]


def _measured(mesure: Mesure) -> Releve:
    """A measure as the follow-up reads it; the day of a meeting is that of the count less the days since."""
    quantite = _MESURES[mesure.mesure]
    if quantite != "cle":
        return Releve(quantite, mesure.periode, mesure.valeur, mesure.etat, mesure.ebe)
    if mesure.valeur is None:
        return Releve(quantite, mesure.periode, None, mesure.etat)
    day = Period(mesure.periode).end - timedelta(days=round(mesure.valeur))
    return Releve(quantite, day.isoformat())


def _of_bilan(
    register: Register, territoire: Territoire, own: Iterable[Releve], ledger: Ledger
) -> TerritoireSuivi:
    found: dict[Quantite, list[Releve]] = {}
    for releve in (*own, *_published(register, territoire), *_received(ledger, territoire.code)):
        found.setdefault(releve.quantite, []).append(releve)
    commune = territoire.communes[0]
    return TerritoireSuivi(
        code=territoire.code,
        nom=territoire.nom,
        departement=commune.departement,
        date_habilitation=territoire.date_habilitation.text,
        date_sure=True,
        chiffre=None,
        longitude=commune.longitude,
        latitude=commune.latitude,
        releves={name: tuple(sorted(some, key=lambda r: (r.end, r.de))) for name, some in found.items()},
    )


def _published(register: Register, territoire: Territoire) -> Iterator[Releve]:
    """The dated figures of the whole territory: those of one of its sites are not its own."""
    gone = {d.desaccord for d in register.tranches}
    for chiffre in register.chiffres:
        quantite = _PUBLIES.get(chiffre.indicateur)
        if quantite is None or chiffre.territoire != territoire.code or chiffre.desaccord in gone:
            continue
        if chiffre.valeur is not None and chiffre.periode is not None and chiffre.periode_sure:
            yield Releve(quantite, chiffre.periode.text, chiffre.valeur, chiffre=chiffre.numero)


def _received(ledger: Ledger, code: str) -> Iterator[Releve]:
    last = ledger.in_force(code)
    if last is not None:
        yield Releve("depot", last.recu_le.isoformat())
