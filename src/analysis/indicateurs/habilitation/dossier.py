"""A candidate's workbook: the machinery of the deposits, with the sheets of a candidate.

Written from the dictionary, read with the same findings, kept as one file of text beside it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pydantic import TypeAdapter

from analysis.depot.controles.controle import Feuille, check_sheet
from analysis.depot.dossier import TEXT_COLUMNS, Depot, Fichier
from analysis.depot.ecrits.modele import CANDIDATURE, write_workbook
from analysis.depot.formes.constats import Constat, DepotError, blocking, file_name
from analysis.depot.formes.layout import load_layouts
from analysis.depot.formes.lecture import Lecture
from analysis.depot.lecteurs.classeur import Classeur, read_classeur
from analysis.depot.referentiel import Referentiel, load_referentiel
from analysis.indicateurs.habilitation.records import Comptage, Deliberation, Dossier, Emplois, Piece
from analysis.noyau.errors import UnknownName
from analysis.noyau.files.scratch import write_whole
from analysis.noyau.files.sums import sha256_of
from analysis.noyau.paths import Project
from analysis.noyau.periods import Period
from analysis.noyau.territoires import Territoire

MODELE: Final = "candidat"
"""The files of the dictionary that describe the workbook: ``candidat_feuilles.csv``,
``candidat_colonnes.csv``.
"""

_CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ADAPTER: Final = TypeAdapter(Dossier)


def referentiel_du_candidat(project: Project, code: str, nom: str = "") -> Referentiel:
    """What a candidate's workbook is read against: the deposits' rules and lists, its own sheets, itself
    alone.

    The sheet by which a workbook tells what it is is the table « depot » in every model: a candidate's is
    that of ``candidature``. Raises DepotError for a code that is none.
    """
    if not _CODE.fullmatch(code) or len(code) > 30:
        raise DepotError(
            f"« {code} » n'est pas un code de candidat : attendu des minuscules sans accent, des chiffres "
            "et des "
            "traits d'union, trente signes au plus, comme « haute-lande »."
        )
    shared = load_referentiel(project)
    if any(code == territoire.code for territoire in shared.territoires):
        raise DepotError(f"« {code} » est un territoire déjà habilité : il n'est pas candidat.")
    itself = Territoire(code, nom or code, Period(str(date.max.year)), "", (), ())
    return replace(
        shared,
        fields={**shared.fields, "depot": shared.fields["candidature"]},
        layouts=load_layouts(project, MODELE),
        migrations=(),
        questions={},
        territoires=(itself,),
    )


def classeur_du_candidat(project: Project, code: str) -> Path:
    """Where the workbook of a candidate stands."""
    return project.candidats / code / f"dossier-{code}.xlsx"


def ecrire(
    project: Project, code: str, nom: str, rows: Mapping[str, Sequence[Mapping[str, Any]]] | None = None
) -> Path:
    """Write the workbook of a candidate, its name and code already in it; an existing one is not replaced.

    ``rows`` fills it, as :func:`analysis.depot.ecrits.modele.write_workbook` takes them.
    """
    referentiel = referentiel_du_candidat(project, code, nom)
    path = classeur_du_candidat(project, code)
    if path.exists():
        raise DepotError(
            f"« {project.shown(path)} » existe déjà et n'est pas remplacé : il est peut-être rempli. "
            "Déplacez-le ou renommez-le, puis relancez."
        )
    first = {"version": referentiel.layout.version, "territoire": code, "nom": nom}
    given = dict(rows or {})
    given["depot"] = [{**first, **row} for row in given.get("depot", [{}])]
    write_workbook(path, referentiel, code, given, modele=CANDIDATURE)
    return path


@dataclass(frozen=True, eq=False)
class Lu:
    """A candidate's workbook once read: the answer to give, and the dossier; None where nothing could be
    kept.
    """

    reponse: Depot
    referentiel: Referentiel
    dossier: Dossier | None


def lire(project: Project, path: Path, code: str) -> Lu:
    """Read a candidate's workbook, with every finding; raises DepotError where there is no such file."""
    if not path.is_file():
        raise DepotError(
            f"« {project.shown(path)} » n'existe pas. « bilan candidat nouveau » écrit le classeur à remplir."
        )
    referentiel = referentiel_du_candidat(project, code)
    classeur = read_classeur(path, referentiel, attendu=code)
    feuilles = {
        raw.table: check_sheet(raw, classeur.suspects.get(raw.table, frozenset()), referentiel, code)
        for raw in classeur.sheets
    }
    constats = [*classeur.constats, *_formes(classeur, feuilles), *classeur.ailleurs]
    constats += [constat for feuille in feuilles.values() for constat in feuille.constats]
    constats = [constat for constat in constats if not _is_optional_sheet(constat)]
    is_refused = bool(blocking(constats, referentiel.regles)) or not feuilles or feuilles["depot"].frame.empty
    lectures = {} if is_refused else {table: _lecture(feuille) for table, feuille in feuilles.items()}
    depot = Depot(
        territoire=code,
        version=classeur.version,
        arrete="",
        deposant="",
        fichiers=(Fichier(file_name(path), path.stat().st_size, sha256_of(path)),),
        lectures=lectures,
        textes=pd.DataFrame(columns=list(TEXT_COLUMNS)),
        constats=tuple(constats),
    )
    return Lu(depot, referentiel, None if is_refused else _dossier(code, feuilles, referentiel))


def garder(project: Project, dossier: Dossier) -> Path:
    """Keep a dossier as it was received; the one before it is replaced."""
    text = json.dumps(_ADAPTER.dump_python(dossier, mode="json"), ensure_ascii=False, indent=1)
    return write_whole(project.candidats / dossier.code / "recu.json", text + "\n")


def recu(project: Project, code: str) -> Dossier | None:
    """The dossier of a candidate as it was last received, None when none was.

    Raises UnknownName for a candidate of whom there is not even a workbook, where others are known.
    """
    path = project.candidats / code / "recu.json"
    if path.is_file():
        return _ADAPTER.validate_json(path.read_bytes())
    known = candidats(project)
    if known and code not in known:
        raise UnknownName("candidat", code, known)
    return None


def candidats(project: Project) -> list[str]:
    """The codes of the candidates that have a folder."""
    return sorted(path.name for path in project.candidats.glob("*") if path.is_dir())


def _is_optional_sheet(constat: Constat) -> bool:
    """An empty sheet of a candidate is a dossier that begins, and no fault."""
    return constat.regle == "feuille_vide"


def _formes(classeur: Classeur, feuilles: Mapping[str, Feuille]) -> list[Constat]:
    """One finding for all that was written otherwise than in the model and read, with its counts."""
    formes = sum((feuille.formes for feuille in feuilles.values()), start=Counter(classeur.formes))
    told = " ; ".join(f"{forme} : {count}" for forme, count in formes.items())
    return [Constat("classeur_lu", classeur.fichier, told, "la forme du modèle, lue de même")] if told else []


def _lecture(feuille: Feuille) -> Lecture:
    raw = feuille.raw
    refused = len(raw.rows) - len(feuille.frame)
    return Lecture(
        raw.table, raw.fichier, raw.feuille, feuille.frame, len(raw.rows), refused, feuille.constats
    )


def _dossier(code: str, feuilles: Mapping[str, Feuille], referentiel: Referentiel) -> Dossier:
    rows = {table: _rows(feuille.frame) for table, feuille in feuilles.items()}
    (first, *_) = rows["depot"]
    refused = {f.raw.feuille: len(f.raw.rows) - len(f.frame) for f in feuilles.values()}
    return Dossier(
        code=code,
        nom=first["nom"],
        departement=first["departement"],
        arrete=first["date_arrete"],
        continu=None if first["perimetre_continu"] is None else first["perimetre_continu"] == "oui",
        population=_whole(first["population"]),
        ppde=_whole(first["ppde_estimees"]),
        avis=first["date_avis"] or "",
        decret=first["date_decret"] or "",
        pieces=tuple(
            Piece(
                r["piece"],
                referentiel.label("piece_habilitation", r["piece"]),
                r["etat"],
                r["date_piece"] or "",
            )
            for r in rows["candidat_pieces"]
        ),
        deliberations=tuple(
            Deliberation(
                r["collectivite"],
                r["nature"],
                r["date_deliberation"],
                r["favorable"] == "oui",
                r["taux_departement"],
                r["montant_annuel"],
            )
            for r in rows["candidat_deliberations"]
        ),
        personnes=tuple(
            Comptage(r["date_comptage"], _whole(r["rencontrees"]), _whole(r["volontaires"]))
            for r in sorted(rows["candidat_personnes"], key=lambda r: r["date_comptage"])
        ),
        emplois=tuple(
            Emplois(int(r["annee"]), r["etp_ppde"], r["etp_encadrement"])
            for r in sorted(rows["candidat_emplois"], key=lambda r: r["annee"])
        ),
        series=tuple((r["serie"], r["valeur"]) for r in rows["candidat_series"]),
        refusees=tuple((sheet, count) for sheet, count in refused.items() if count),
    )


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The valid rows, a missing cell as None whatever pandas made of it."""
    return [
        {str(champ): None if pd.isna(value) else value for champ, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
