"""What there is to do about the findings of a deposit: one action for all those of one cause, most costly first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.depot.formes.constats import GRAVITES, Constat, Gravite, Portee
from analysis.depot.referentiel import Referentiel
from analysis.noyau.french import counted

MOST_TOLD = 3
"""Actions that the terminal tells: what is done first is what costs most."""

_COSTS: Mapping[Portee, str] = {
    "depot": "tout le dépôt",
    "table": "tout le fichier",
    "ligne": "les lignes",
}
_SCOPES = tuple(_COSTS)


@dataclass(frozen=True)
class Action:
    """One thing to do: how grave its cause is, what it costs not to do it, all the findings that it settles.

    The findings are of one rule, one file and one remedy, in the order in which they were found.
    """

    gravite: Gravite
    portee: Portee
    constats: tuple[Constat, ...]

    @property
    def exemple(self) -> Constat:
        """The first of its findings."""
        return self.constats[0]

    @property
    def que_faire(self) -> str:
        """The remedy, or what was expected where the finding has none."""
        if self.exemple.remede:
            return self.exemple.remede
        if self.gravite == "refuse":
            return f"Corrigez : attendu {self.exemple.attendu}."
        return f"Confirmez, ou corrigez : attendu {self.exemple.attendu}."

    @property
    def lieux(self) -> str:
        """The file, then each sheet with its columns.

        >>> first, second = (Constat("forme", "a.ods", "x", "y", "", "ETP", 5, "B", h) for h in ("Mois", "EBE"))
        >>> Action("refuse", "ligne", (first, second)).lieux
        'a.ods ; ETP : Mois, EBE'
        """
        columns: dict[str, dict[str, None]] = {}
        for constat in self.constats:
            columns.setdefault(constat.feuille, {})[constat.entete] = None
        parts = [self.exemple.fichier] if self.exemple.fichier else []
        for sheet, headers in columns.items():
            named = ", ".join(header for header in headers if header)
            parts += [" : ".join(part for part in (sheet, named) if part)] if sheet or named else []
        return " ; ".join(parts)

    @property
    def combien(self) -> str:
        """How many cells or lines it is about, empty where it is about the file or a sheet as a whole."""
        cells = {(constat.feuille, constat.cellule) for constat in self.constats if constat.cellule}
        lines = {(constat.feuille, constat.ligne) for constat in self.constats if constat.ligne}
        if cells:
            return counted(len(cells), "cellule", "cellules")
        return counted(len(lines), "ligne", "lignes") if lines else ""

    @property
    def enjeu(self) -> str:
        """What is not kept until it is done; nothing for what is only to be confirmed."""
        return _COSTS[self.portee] if self.gravite == "refuse" else "rien : à confirmer"


def actions(constats: Iterable[Constat], referentiel: Referentiel) -> list[Action]:
    """What is to be done, most costly first: the deposit, then a file, then lines, the more the sooner; then what is to confirm.

    The one line of the first sheet says whose the deposit is: refused, it refuses all. What was only noted asks nothing.
    """
    regles, first = referentiel.regles, referentiel.layout.sheet("depot").feuille
    groups: dict[tuple[str, bool, str, str], list[Constat]] = {}
    for constat in constats:
        if regles[constat.regle].gravite != "note":
            key = (
                constat.regle,
                constat.feuille == first,
                constat.fichier,
                constat.remede or constat.attendu,
            )
            groups.setdefault(key, []).append(constat)
    found = [
        Action(regles[rule].gravite, "depot" if is_first else regles[rule].portee, tuple(group))
        for (rule, is_first, *_), group in groups.items()
    ]
    return sorted(found, key=_cost)


def _cost(action: Action) -> tuple[int, int, int]:
    return (
        list(GRAVITES).index(action.gravite),
        _SCOPES.index(action.portee) if action.gravite == "refuse" else 0,
        -len(action.constats),
    )


def next_steps(found: Sequence[Action], report: str) -> list[str]:
    """What to do next, one line an action, three at most; ``report`` names the workbook that has them all.

    >>> next_steps([], "constats-thiers.xlsx")
    ['Rien à corriger : le dossier peut être reçu.']
    """
    if not found:
        return ["Rien à corriger : le dossier peut être reçu."]
    lines = [f"{rank}. {_told(action)}" for rank, action in enumerate(found[:MOST_TOLD], start=1)]
    left = len(found) - MOST_TOLD
    if left > 0:
        lines[-1] += (
            f" Puis {counted(left, 'autre action', 'autres actions')} : feuille « À faire » de {report}."
        )
    return lines


def _told(action: Action) -> str:
    """An action in one line: where, with an example and its count, what it costs, what to do."""
    first = action.exemple
    place = f"{first.feuille}!{first.cellule}" if first.cellule else first.feuille or first.fichier
    if not first.cellule and first.ligne:
        place += f", ligne {first.ligne}"
    more = len(action.constats) - 1
    others = f" et {counted(more, 'autre', 'autres')}" if more else ""
    word = "à confirmer" if action.gravite == "a_confirmer" else f"refuse {action.enjeu}"
    return f"{place}{others} ({word}) : {action.que_faire}"
