"""The audit of what is published or about to be, with the deposits that it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from analysis.chapitres.catalogue import measures_for
from analysis.indicateurs.calcul import Resultats
from analysis.indicateurs.gardees import gardees
from analysis.livre.ecrits import load_checked
from analysis.noyau.errors import BilanError, UnknownName
from analysis.noyau.files.etat import past_labels
from analysis.noyau.french import counted
from analysis.noyau.mesures import Mesure
from analysis.noyau.paths import Project
from analysis.secret.audit.deux_editions import Passe, as_told, load_passe
from analysis.secret.audit.diffusion import Diffusion
from analysis.secret.audit.explication import expliquer
from analysis.secret.audit.fuites import Audit, Noms, auditer, tenus
from analysis.secret.release import Released
from analysis.sources.register import Register


def noms(register: Register) -> Noms:
    """The names of the territories and of their EBE."""
    return Noms(
        {territoire.code: territoire.nom for territoire in register.territoires},
        {ebe.code: ebe.nom for territoire in register.territoires for ebe in territoire.ebe},
    )


def audit_of(
    register: Register,
    resultats: Resultats,
    released: Sequence[Released[Mesure]],
    passe: Passe,
    folder: Path | None = None,
) -> Audit:
    """The audit of these released measures, and of the files of a folder where one is given."""
    return auditer(resultats, released, passe, noms(register), folder)


def refuse(audit: Audit) -> None:
    """Raise BilanError with every leak, where there is one: nothing is published."""
    if audit.fuites:
        told = "\n".join(f"- {fuite}" for fuite in audit.fuites)
        count = counted(len(audit.fuites), "fuite", "fuites")
        raise BilanError(f"Rien n'est publié, {count} du secret :\n{told}")


def audit_du_bilan(project: Project, label: str) -> Audit:
    """The audit of an edition by its label, of the working copy where it is empty.

    Raises UnknownName for an edition that is not there, BilanError for one that kept nothing of what it told.
    """
    register, resultats, passe = _known(project)
    if not label:
        released = measures_for("publication", resultats, passe=passe)
        return audit_of(register, resultats, released, passe, project.html if project.html.is_dir() else None)
    if label not in past_labels(project):
        raise UnknownName("édition", label, past_labels(project))
    told = {one.edition: one for one in passe.diffusions}
    if label not in told:
        raise BilanError(
            f"L'édition « {label} » est d'avant que l'on garde ce qu'une édition dit : elle ne s'audite pas."
        )
    before = passe.diffusions[: list(told).index(label)]
    folder = project.sealed / label
    whole, _ = tenus(resultats, replace(passe, diffusions=(*before, told[label])))
    released = _as_edition(whole, told[label])
    return audit_of(
        register, resultats, released, replace(passe, diffusions=before), folder if folder.is_dir() else None
    )


def explication(project: Project, lieu: str, mesure: str, periode: str) -> str:
    """Why a measure of a place is withheld, for who has the deposits."""
    register, resultats, passe = _known(project)
    released = measures_for("publication", resultats, passe=passe)
    _, known = tenus(resultats, passe)
    return expliquer(released, known, resultats.definitions, noms(register), lieu, mesure, periode)


def _known(project: Project) -> tuple[Register, Resultats, Passe]:
    register = load_checked(project)
    resultats = gardees(project).resultats(territoire.code for territoire in register.territoires)
    return register, resultats, load_passe(project, resultats.definitions, date.today())


def _as_edition(mesures: Sequence[Mesure], told: Diffusion) -> tuple[Released[Mesure], ...]:
    """The measures of today as an edition told them; it told nothing of those that it did not know."""
    return tuple(as_told(m, told.by_cle.get(m.cle)) for m in mesures)
