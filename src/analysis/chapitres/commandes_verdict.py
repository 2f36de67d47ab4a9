"""`bilan verdict`: which verdicts are to be read again, and their signature with the figures of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from analysis.chapitres.catalogue import SYNTHESE
from analysis.chapitres.textes import verdict_findings, written_verdicts
from analysis.noyau.errors import BilanError, InvalidData, UnknownName
from analysis.noyau.files.locks import alone_in
from analysis.noyau.files.pannes import check_clock
from analysis.noyau.files.scratch import write_whole
from analysis.noyau.french import counted
from analysis.noyau.hypotheses import CODES
from analysis.noyau.paths import Project
from analysis.noyau.periods import Period
from analysis.presentation.published.jugement import changements, releve
from analysis.secret.bundle import Bundle, bundle_ensemble
from analysis.sources.register import load_register
from analysis.sources.verdicts import FILE, Verdict, written


def etat(project: Project) -> int:
    """Say of each verdict who wrote it, when, and which of its figures changed since; 1 where one did."""
    verdicts, bundle = _read(project)
    moved = 0
    for verdict in verdicts:
        changes = list(changements(verdict, bundle))
        moved += len(changes)
        state = "signé" if verdict.is_signed else "projet"
        print(f"{verdict.hypothese} : {state}, {verdict.auteur}, {verdict.date.label}.")
        for change in changes:
            print(f"  À revoir : {change}.")
    if not verdicts:
        print(f"Aucun verdict : {project.shown(project.texts / FILE)} n'est pas écrit.")
    return 1 if moved else 0


def signer(project: Project, hypotheses: Sequence[str], *, auteur: str, is_draft: bool, today: date) -> int:
    """Sign these verdicts, all of them where none is named, with the figures as the register has them today.

    A draft notes the figures and stays a draft; ``auteur`` may then be empty, and who wrote it stays. Raises
    UnknownName for another hypothesis, BilanError for a signature without a name, InvalidData for a verdict
    that may not be printed.
    """
    for code in hypotheses:
        if code not in CODES:
            raise UnknownName("hypothese", code, CODES)
    if not (is_draft or auteur.strip()):
        raise BilanError('Une signature porte un nom : ajoutez « --auteur "Prénom Nom" ».')
    path = project.texts / FILE
    with alone_in(path.parent, shown=project.shown(path.parent)):
        signed = _signed(project, path, hypotheses, auteur=auteur, is_draft=is_draft, today=today)
    for verdict in signed:
        numbers = counted(len(verdict.chiffres), "chiffre", "chiffres")
        print(f"{verdict.hypothese} : {'relevé' if is_draft else 'signé'}, {numbers}.")
    print(project.shown(path))
    return 0


def _signed(
    project: Project, path: Path, hypotheses: Sequence[str], *, auteur: str, is_draft: bool, today: date
) -> list[Verdict]:
    """The verdicts that are signed, once the file holds them; nobody else writes there meanwhile."""
    verdicts, bundle = _read(project)
    if not verdicts:
        raise BilanError(f"{project.shown(path)} n'est pas écrit : il n'y a rien à signer.")
    asked = [verdict for verdict in verdicts if verdict.hypothese in (hypotheses or CODES)]
    shown = project.shown(path)
    for verdict in asked:
        check_clock(today, verdict.date.start, shown=f"la dernière signature de {verdict.hypothese}")
    findings = [finding for verdict in asked for finding in verdict_findings(verdict, bundle, shown)]
    if findings:
        raise InvalidData(findings)
    signed = {
        verdict.hypothese: replace(
            verdict,
            auteur=auteur.strip() or verdict.auteur,
            date=Period(today.isoformat()),
            is_signed=not is_draft,
            chiffres=releve(verdict, bundle),
        )
        for verdict in asked
    }
    write_whole(path, written([signed.get(verdict.hypothese, verdict) for verdict in verdicts]))
    return list(signed.values())


def _read(project: Project) -> tuple[tuple[Verdict, ...], Bundle]:
    return written_verdicts(project), bundle_ensemble(load_register(project), SYNTHESE, texte=None)
