"""The invented territories that are only followed, and the two invented candidates: one under each law.

A followed territory sends no deposit here, only what a follow-up needs: its jobs, its waiting list, its
results, its meetings. Some of each raise every alert, and the others none.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from analysis.depot.formes.constats import DepotError
from analysis.indicateurs.habilitation.dossier import ecrire, garder, lire
from analysis.indicateurs.habilitation.records import CANDIDATS_INVENTES
from analysis.noyau.declared.dictionary import load_fields
from analysis.noyau.paths import Project

JOUR: Final = date(2021, 12, 1)
"""The day on which the follow-up of the demonstration is read: some months after its deposits were received.
"""

NOMBRE: Final = 40
"""The territories that the demonstration follows, those with a deposit among them."""

_FIRST: Final = ("Val", "Mont", "Roche", "Haute", "Belle", "Font", "Clair", "Ville", "Saint-Aubry", "Puy")
_LAST: Final = ("brune", "lisse", "fort", "morin", "sauge", "noire", "cendre", "mare", "gente", "vive")
_QUARTERS: Final = ("2020-06", "2020-09", "2020-12", "2021-03", "2021-06", "2021-09", "2021-11")

_SERIES: Final[Mapping[str, Mapping[str, float]]] = {
    "haute-lande": {
        "population": 6100,
        "part_chomeurs": 0.17,
        "niveau_de_vie": 18900,
        "taux_chomage_zone": 9.1,
    },
    "rives-du-moulin": {"population": 9400, "part_chomeurs": 0.21, "niveau_de_vie": 17600},
}


def write_suivis(project: Project, invented: Project, codes: Sequence[str], nombre: int = NOMBRE) -> None:
    """Write the follow-up's data of a demonstration whose territories with a deposit are ``codes``.

    The rules are those of the real bilan; nothing is written where it declares none.
    """
    if not project.territoires_suivis.is_dir():
        return
    invented.territoires_suivis.mkdir(parents=True)
    shutil.copy(project.territoires_suivis / "alertes.csv", invented.territoires_suivis)
    (invented.territoires_suivis / "lecture.toml").write_text(
        f"jour = {JOUR.isoformat()}\n", encoding="utf-8"
    )
    rng = np.random.default_rng([2021, nombre])
    others = [_territoire(rng, rank) for rank in range(max(0, nombre - len(codes)))]
    _write(invented, "territoires", others)
    _write(invented, "releves", (row for rank, t in enumerate(others) for row in _releves(rng, t, rank)))
    _write(invented, "silences", _silences(others))
    _write(invented, "profils", (row for code in codes for row in _profil(rng, code)))


def receive_candidats(invented: Project) -> None:
    """Write the workbooks of the invented candidates, read them with the reader of all, keep them.

    Raises DepotError if one is refused.
    """
    for code, nom in CANDIDATS_INVENTES.items():
        path = ecrire(invented, code, nom, _rows(code))
        read = lire(invented, path, code)
        if read.dossier is None:
            raise DepotError(f"Le dossier inventé de « {code} » est refusé : {read.reponse.constats[0]}")
        garder(invented, read.dossier)


_JOINED: Final = (
    "Diagnostic du territoire",
    "Plan de communication",
    "Moyens du comité local",
    "Statistiques d'exhaustivité",
)
"""The pieces that only the second candidate has joined."""

_LABELS: Final = {
    "population": "Population, en 2018",
    "part_chomeurs": "Chômeurs parmi les actifs, en 2018 (part)",
    "niveau_de_vie": "Niveau de vie médian, en 2018 (euros)",
    "taux_chomage_zone": "Taux de chômage de la zone d'emploi, fin 2018 (%)",
}


def _rows(code: str) -> dict[str, list[dict[str, Any]]]:
    """What a candidate fills in: the first by half, under the law of 2016; the other under that of 2020."""
    is_first = code == "haute-lande"
    day = date(2018, 5, 31) if is_first else date(2021, 10, 15)
    jobs = (15, 30, 42, 50) if is_first else (20, 55, 90, 120)
    met, willing = (95, 61) if is_first else (210, 148)
    first = {
        "date_arrete": day,
        "deposant": "Équipe du CLE",
        "departement": "Département d'essai 41" if is_first else "Département d'essai 42",
        "perimetre_continu": "Oui",
        "population": 6100 if is_first else 14200,
        "ppde_estimees": 280 if is_first else 390,
        "date_avis": None if is_first else date(2021, 10, 1),
    }
    return {
        "depot": [first],
        "candidat_pieces": _pieces(is_first, day),
        "candidat_deliberations": _votes(is_first, day),
        "candidat_personnes": [{"date_comptage": day, "rencontrees": met, "volontaires": willing}],
        "candidat_emplois": [
            {"annee": day.year + rank, "etp_ppde": etp, "etp_encadrement": 2}
            for rank, etp in enumerate(jobs, start=1)
        ],
        "candidat_series": [
            {"serie": _LABELS[name], "valeur": value, "zone": "Commune", "source_serie": "Valeur inventée"}
            for name, value in _SERIES[code].items()
        ],
    }


def _pieces(is_first: bool, day: date) -> list[dict[str, Any]]:
    begun = "Diagnostic du territoire" if is_first else "Effectifs de la liste de mobilisation"
    return [
        {"piece": "Création du comité local et procès-verbaux", "etat": "Jointe", "date_piece": day},
        {"piece": begun, "etat": "En préparation"},
        *([] if is_first else [{"piece": piece, "etat": "Jointe"} for piece in _JOINED]),
    ]


def _votes(is_first: bool, day: date) -> list[dict[str, Any]]:
    shared = {"date_deliberation": day, "favorable": "Oui"}
    own = {"collectivite": "Commune", "nature": "Commune", "montant_annuel": 40000}
    other = {"collectivite": "Conseil départemental", "nature": "Département", "taux_departement": 0.15}
    return [{**shared, **own}, *([] if is_first else [{**shared, **other}])]


def _territoire(rng: np.random.Generator, rank: int) -> dict[str, object]:
    name = f"{_FIRST[rank % 10]}{_LAST[rank // 10 % 10]}" + (f" {rank // 100 + 1}" if rank >= 100 else "")
    return {
        "territoire": name.lower().replace(" ", "-"),
        "nom": name,
        "departement": f"D{11 + rank}",
        "date_habilitation": date(2021, 7 + rank % 4, 1 + rank % 27).isoformat(),
        "date_sure": "oui",
        "nature": "demonstration",
        "longitude": round(float(rng.uniform(-0.8, 6.0)), 3),
        "latitude": round(float(rng.uniform(44.2, 49.4)), 3),
    }


def _releves(
    rng: np.random.Generator, territoire: Mapping[str, object], rank: int
) -> Iterable[dict[str, object]]:
    """Seven quarters; one territory in five under its plan, one whose list grows, one silent, one in debt,
    one late.
    """
    code, kind = territoire["territoire"], rank % 5
    size = int(rng.integers(12, 60))
    jobs = size * np.linspace(0.5, 0.6 if kind == 0 else 1.0, len(_QUARTERS))
    list_end = 1.5 if kind == 1 else 0.7
    waiting = 2 * size * np.linspace(1.0, list_end, len(_QUARTERS))
    for period, etp, people in zip(_QUARTERS, jobs, waiting, strict=True):
        yield {"territoire": code, "quantite": "etp", "periode": period, "valeur": round(float(etp), 1)}
        if rank % 7:
            yield {
                "territoire": code,
                "quantite": "attente",
                "periode": period,
                "valeur": round(float(people)),
            }
    for year, part in (("2020", 0.7), ("2021", 1.0), ("2022", 1.3)):
        yield {"territoire": code, "quantite": "etp_prevus", "periode": year, "valeur": round(size * part)}
    last_meeting = "2021-03-12" if kind == 2 else f"2021-{9 + rank % 3:02d}-14"
    yield {"territoire": code, "quantite": "cle", "periode": last_meeting}
    if rank % 3:
        result = -1000 * int(rng.integers(5, 60)) if kind == 3 else 1000 * int(rng.integers(1, 30))
        yield {"territoire": code, "quantite": "resultat", "periode": "2020", "valeur": result}
    yield {
        "territoire": code,
        "quantite": "depot",
        "periode": "2020-09-30" if kind == 4 else f"2021-{6 + rank % 5:02d}-20",
    }


def _silences(others: Sequence[Mapping[str, object]]) -> Iterable[dict[str, object]]:
    """One alert that is silent on the day, one whose silence ended the day before."""
    for territoire, end in zip((*others[:1], *others[5:6]), ("2022-03-31", "2021-11-30"), strict=False):
        yield {
            "territoire": territoire["territoire"],
            "alerte": "etp_sous_plan",
            "jusqu_au": end,
            "motif": "Un atelier ouvre en retard, les embauches suivent",
            "pose_le": "2021-10-01",
            "par": "Équipe d'évaluation",
        }


def _profil(rng: np.random.Generator, code: str) -> Iterable[dict[str, object]]:
    """The invented series of a territory with a deposit."""
    for serie, value in (
        ("population", int(rng.integers(2500, 12000))),
        ("part_chomeurs", round(float(rng.uniform(0.09, 0.24)), 3)),
        ("niveau_de_vie", int(rng.integers(16500, 21500))),
        ("taux_chomage_zone", round(float(rng.uniform(6.5, 12.0)), 1)),
    ):
        yield {"territoire": code, "serie": serie, "valeur": value}


def _write(project: Project, name: str, rows: Iterable[Mapping[str, object]]) -> None:
    columns = [field.champ for field in load_fields(project)[f"suivis_{name}"]]
    path: Path = project.territoires_suivis / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
