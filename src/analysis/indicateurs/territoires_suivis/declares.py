"""What people wrote of the follow-up: ``data/territoires_suivis``; a silence is added, never taken out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, cast, get_args

from analysis.indicateurs.territoires_suivis.records import (
    CodeAlerte,
    Quantite,
    Regle,
    Releve,
    Silence,
    TerritoireSuivi,
)
from analysis.noyau.declared.written import load_written
from analysis.noyau.errors import BilanError, UnknownName
from analysis.noyau.files.locks import alone_in
from analysis.noyau.files.pannes import check_clock
from analysis.noyau.files.scratch import write_whole
from analysis.noyau.paths import Project
from analysis.noyau.periods import long_date

_KEYS: Final = {
    "territoires": ("territoire",),
    "releves": ("territoire", "quantite", "periode"),
    "alertes": ("alerte",),
    "silences": ("territoire", "alerte", "pose_le"),
    "profils": ("territoire", "serie"),
}
_MAY_BE_EMPTY: Final = frozenset({"territoires", "releves", "silences"})
"""Nobody may be followed beside the territories of the bilan; rules of alert there always are."""


@dataclass(frozen=True)
class Declares:
    """Who is followed beside the territories of the bilan, the rules of alert, the silences."""

    territoires: tuple[TerritoireSuivi, ...]
    regles: tuple[Regle, ...]
    silences: tuple[Silence, ...]


def load_suivis(project: Project) -> Declares | None:
    """What is declared of the follow-up, None where a project declares nothing.

    Raises InvalidData with every finding.
    """
    if not project.territoires_suivis.is_dir():
        return None
    regles = tuple(
        Regle(
            cast(CodeAlerte, row["alerte"]),
            row["libelle"],
            row["quantite"],
            float(row["seuil"]),
            row["unite"],
            row["regle"],
        )
        for row in _rows(project, "alertes")
    )
    return Declares(tuple(_territoires(project)), regles, load_silences(project))


def load_silences(project: Project) -> tuple[Silence, ...]:
    """The silences, in the order in which they were set; those that ended stay."""
    return tuple(
        Silence(
            row["territoire"],
            row["alerte"],
            date.fromisoformat(row["jusqu_au"]),
            row["motif"],
            date.fromisoformat(row["pose_le"]),
            row["par"],
        )
        for row in _rows(project, "silences")
    )


def load_profils(project: Project) -> dict[str, dict[str, float]]:
    """The invented series of invented territories; none in a real bilan, whose register has the true ones."""
    if not (project.territoires_suivis / "profils.csv").is_file():
        return {}
    found: dict[str, dict[str, float]] = {}
    for row in _rows(project, "profils"):
        found.setdefault(row["territoire"], {})[row["serie"]] = float(row["valeur"])
    return found


def taire(project: Project, silence: Silence, *, connus: Iterable[str]) -> None:
    """Add a silence; what was written before stays.

    ``connus`` are the codes of the territories that are followed. Raises UnknownName for another one or for
    an unknown alert, BilanError for a silence without a reason, without an end to come, or set twice on a
    day.
    """
    folder = project.territoires_suivis
    if not folder.is_dir():
        raise BilanError(f"{project.shown(folder)} : aucun suivi n'est déclaré.")
    with alone_in(folder, shown=project.shown(folder)):
        _taire(project, silence, connus)


def _taire(project: Project, silence: Silence, connus: Iterable[str]) -> None:
    declared = load_suivis(project)
    if declared is None:
        raise BilanError(f"{project.shown(project.territoires_suivis)} : aucun suivi n'est déclaré.")
    check_clock(
        silence.pose_le, max((s.pose_le for s in declared.silences), default=None), shown="le dernier silence"
    )
    known, rules = list(connus), [regle.alerte for regle in declared.regles]
    if silence.territoire not in known:
        raise UnknownName("territoire", silence.territoire, known)
    if silence.alerte not in rules:
        raise UnknownName("alerte", silence.alerte, rules)
    if not silence.motif.strip() or not silence.par.strip():
        raise BilanError(
            "Un silence dit pourquoi (--motif) et qui le pose (--par, une fonction et non un nom)."
        )
    if silence.jusqu_au < silence.pose_le:
        raise BilanError(
            f"Trouvé une fin au {long_date(silence.jusqu_au)} ; attendu un jour à venir : une alerte ne se"
            " tait "
            "pas pour toujours, ni pour hier."
        )
    same = (silence.territoire, silence.alerte, silence.pose_le)
    if any((s.territoire, s.alerte, s.pose_le) == same for s in declared.silences):
        raise BilanError("Cette alerte a déjà été mise en silence ce jour-là : voyez silences.csv.")
    path = project.territoires_suivis / "silences.csv"
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(
        [
            silence.territoire,
            silence.alerte,
            silence.jusqu_au.isoformat(),
            silence.motif,
            silence.pose_le.isoformat(),
            silence.par,
        ]
    )
    before = path.read_text(encoding="utf-8")
    write_whole(path, before + ("" if before.endswith("\n") else "\n") + line.getvalue())


def _territoires(project: Project) -> Iterable[TerritoireSuivi]:
    releves: dict[str, dict[Quantite, list[Releve]]] = {}
    for row in _rows(project, "releves"):
        quantite = cast(Quantite, row["quantite"])
        chiffre = int(row["chiffre"]) if row["chiffre"] else None
        try:
            releve = Releve(quantite, row["periode"], _number(row["valeur"]), chiffre=chiffre)
        except ValueError:
            raise BilanError(
                f"{project.shown(project.territoires_suivis / 'releves.csv')}, « {row['territoire']} », "
                f"{quantite}, "
                f"{row['periode']} : une réunion ou un dépôt n'a pas de valeur, tout autre relevé en a une."
            ) from None
        releves.setdefault(row["territoire"], {}).setdefault(quantite, []).append(releve)
    for row in _rows(project, "territoires"):
        own = releves.get(row["territoire"], {})
        yield TerritoireSuivi(
            code=row["territoire"],
            nom=row["nom"],
            departement=row["departement"],
            date_habilitation=row["date_habilitation"],
            date_sure=row["date_sure"] == "oui",
            chiffre=int(row["chiffre"]) if row["chiffre"] else None,
            longitude=_number(row["longitude"]),
            latitude=_number(row["latitude"]),
            releves={name: tuple(sorted(found, key=lambda r: r.end)) for name, found in own.items()},
        )


def _rows(project: Project, name: str) -> list[dict[str, str]]:
    known = {"suivis_alertes.alerte": get_args(CodeAlerte)}
    return load_written(
        project,
        f"suivis_{name}",
        key=_KEYS[name],
        known=known,
        may_be_empty=name in _MAY_BE_EMPTY,
        path=project.territoires_suivis / f"{name}.csv",
    )


def _number(text: str) -> float | None:
    return float(text) if text else None
