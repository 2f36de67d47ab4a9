"""What a day and a dossier find in the régimes: which is in force, whether a call is open, which criteria are
met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from analysis.indicateurs.habilitation.declares import Declares
from analysis.indicateurs.habilitation.records import (
    Controle,
    Critere,
    Dossier,
    Examen,
    Regime,
    Verdict,
)
from analysis.noyau.french import decimal

Trouve = tuple[Verdict, str]


def en_vigueur(regimes: Iterable[Regime], jour: date) -> Regime | None:
    """The régime known to be in force that day, the latest begun; None: expired or unknown.

    A bill is none, and what is only reported counts until the day that is reported.
    """
    found = [regime for regime in regimes if regime.covers(jour)]
    return max(found, key=lambda regime: regime.debut or date.min, default=None)


def appel_ouvert(regimes: Iterable[Regime], jour: date) -> Regime | None:
    """The régime whose call for candidates is known to be open that day; None when none is."""
    return next((regime for regime in regimes if regime.receives(jour)), None)


def dernier_appel(regimes: Iterable[Regime], jour: date) -> Regime | None:
    """The régime whose call was the last one closed before that day, None when none is known."""
    closed = [regime for regime in regimes if regime.appel_fin and regime.appel_fin < jour]
    return max(closed, key=lambda regime: regime.appel_fin or date.min, default=None)


def examiner(declares: Declares, dossier: Dossier) -> tuple[Examen, ...]:
    """What each criterion of each régime finds in a dossier.

    A criterion that is not established is never met nor missed, whatever the dossier holds; one that a régime
    does not ask is told apart from one that it asks and that is missing.
    """
    return tuple(
        Examen(
            critere.regime,
            critere.critere,
            *_judged(critere, _CONTROLES[critere.controle], declares, dossier),
        )
        for critere in declares.criteres
    )


def differents(
    examens: Sequence[Examen], premier: str, autre: str
) -> list[tuple[Examen | None, Examen | None]]:
    """The criteria on which two régimes do not say the same of one dossier, in the order of the first.

    None stands for a régime that has no such criterion.
    """
    of = {regime: {e.critere: e for e in examens if e.regime == regime} for regime in (premier, autre)}
    codes = dict.fromkeys([*of[premier], *of[autre]])
    pairs = [(of[premier].get(code), of[autre].get(code)) for code in codes]
    return [(a, b) for a, b in pairs if (a and a.verdict) != (b and b.verdict)]


def _judged(
    critere: Critere,
    controle: Callable[[Critere, Declares, Dossier], Trouve],
    declares: Declares,
    dossier: Dossier,
) -> Trouve:
    if critere.exigence == "non_etabli":
        return "non_etabli", "ce que le texte demande n'a pas été lu"
    if critere.exigence == "sans_objet":
        return "sans_objet", "le régime ne le demande pas"
    verdict, found = controle(critere, declares, dossier)
    if critere.exigence == "facultatif" and verdict != "rempli":
        return "facultatif", f"{found} ; le régime ne l'exige pas"
    return verdict, found


def _piece(critere: Critere, _declares: Declares, dossier: Dossier) -> Trouve:
    piece = next((piece for piece in dossier.pieces if piece.piece == critere.cle), None)
    if piece is None or piece.etat == "absente":
        return "manque", "pièce absente"
    return (
        ("rempli", "pièce jointe") if piece.etat == "jointe" else ("en_preparation", "pièce en préparation")
    )


def _champ(_critere: Critere, _declares: Declares, dossier: Dossier) -> Trouve:
    if dossier.continu is None:
        return "manque", "le dossier ne le dit pas"
    return ("rempli", "dit par le dossier") if dossier.continu else ("non_rempli", "le dossier dit que non")


def _taille(_critere: Critere, declares: Declares, dossier: Dossier) -> Trouve:
    """Either the population or the number of people is enough; one unknown leaves the other to tell."""
    low, high, most = map(
        declares.parametre, ("population_minimale", "population_maximale", "ppde_maximales")
    )
    told = list(_sizes(dossier))
    if dossier.population is not None and low <= dossier.population <= high:
        return "rempli", " ; ".join(told)
    if dossier.ppde is not None and dossier.ppde <= most:
        return "rempli", " ; ".join(told)
    if dossier.population is None or dossier.ppde is None:
        return "manque", " ; ".join([*told, "le reste n'est pas dit"])
    return "non_rempli", " ; ".join(told)


def _sizes(dossier: Dossier) -> Iterator[str]:
    if dossier.population is not None:
        yield f"{decimal(dossier.population, 0)} habitants"
    if dossier.ppde is not None:
        yield f"{decimal(dossier.ppde, 0)} personnes estimées"


def _deliberation(critere: Critere, _declares: Declares, dossier: Dossier) -> Trouve:
    wanted = ("commune", "intercommunalite") if critere.cle == "locale" else (critere.cle,)
    voted = [d for d in dossier.deliberations if d.nature in wanted]
    if not voted:
        return "manque", "aucune délibération"
    against = [d for d in voted if not d.favorable]
    if against:
        return "non_rempli", f"délibération défavorable : {', '.join(d.collectivite for d in against)}"
    return "rempli", f"délibération favorable : {', '.join(d.collectivite for d in voted)}"


def _taux(critere: Critere, _declares: Declares, dossier: Dossier) -> Trouve:
    taux = taux_vote(dossier)
    if taux is None:
        return "manque", "le dossier ne dit aucun taux"
    told = f"{decimal(100 * taux, 1)} % de la participation de l'État"
    return ("rempli" if critere.minimum is None or taux >= critere.minimum else "non_rempli"), told


def taux_vote(dossier: Dossier) -> float | None:
    """The share that the département voted last, of the State's; None when it voted none, or against."""
    voted = [
        d for d in dossier.deliberations if d.nature == "departement" and d.favorable and d.taux is not None
    ]
    return max(voted, key=lambda d: d.date).taux if voted else None


def _emplois(_critere: Critere, _declares: Declares, dossier: Dossier) -> Trouve:
    if not dossier.emplois:
        return "manque", "aucune année projetée"
    last = dossier.emplois[-1]
    return "rempli", f"{decimal(last.etp, 1)} ETP en {last.annee}"


_CONTROLES: dict[Controle, Callable[[Critere, Declares, Dossier], Trouve]] = {
    "piece": _piece,
    "champ": _champ,
    "taille": _taille,
    "deliberation": _deliberation,
    "taux": _taux,
    "emplois": _emplois,
}
"""How each kind of criterion looks at a dossier."""
