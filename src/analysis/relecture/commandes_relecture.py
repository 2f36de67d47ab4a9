"""The commands `bilan relecture …`: hand out, receive, answer, tell where things stand, withdraw."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.errors import BilanError, Finding, InvalidData, UnknownName
from analysis.noyau.files.scratch import remove
from analysis.noyau.french import counted
from analysis.noyau.paths import Project
from analysis.relecture.actuelle import version_actuelle
from analysis.relecture.ancres import flat, load_versions
from analysis.relecture.rattachement import rattacher_tous
from analysis.relecture.retraits import add_retrait, mark_of
from analysis.sources.commentaires import (
    Commentaire,
    alone_with_register,
    file_mark,
    load_commentaires,
    save_commentaires,
)
from analysis.sources.register import load_register

if TYPE_CHECKING:  # what reads files and writes workbooks: each command imports what it runs
    from analysis.relecture.reception import Reception


def preparer(project: Project, territoire: str, *, edition: str = "") -> int:
    """Write the review pack of a territory and print its path."""
    from analysis.relecture.remis.preparation import preparer as prepare  # nbconvert, docx, typst

    print(prepare(project, territoire, edition=edition))
    return 0


def recevoir_tous(
    project: Project, paths: Sequence[Path], territoire: str, *, college: str, consentement: str, today: date
) -> int:
    """Receive files one after the other; the status is 1 when one is not read or a remark is refused."""
    from analysis.relecture.reception import recevoir

    colleges = [choix.code for choix in load_nomenclatures(project)["college"]]
    if college and college not in colleges:
        raise UnknownName("collège", college, colleges)
    status = 0
    for path in paths:
        try:
            found = recevoir(
                project, territoire, path, today=today, college=college, consentement=consentement
            )
        except BilanError as error:
            print(error, file=sys.stderr)
            status = 1
            continue
        print(_told(path, found))
        _tell(found.constats)
        status = 1 if found.refused else status
    return status


def ecrire(project: Project, territoire: str) -> int:
    """Write the workbook of answers and print its path."""
    from analysis.relecture import reponses

    print(reponses.ecrire_reponses(project, territoire))
    return 0


def repondre(project: Project, path: Path, *, today: date) -> int:
    """Take in a workbook of answers and say what it changed."""
    from analysis.relecture import reponses

    found = reponses.repondre(project, path, today=today)
    print(reponses.bilan(found))
    _tell(found.constats)
    return 0


def etat(project: Project, territoire: str = "") -> int:
    """Tell how many comments there are, by college, kind and status, and list those without a place."""
    register, lists = load_register(project), load_nomenclatures(project)
    codes = [register.territoire(territoire).code] if territoire else [t.code for t in register.territoires]
    labels = {choix.code: choix.libelle for choices in lists.values() for choix in choices}
    for code in codes:
        comments = _reattached(project, code)
        print(f"{code} : {counted(len(comments), 'commentaire', 'commentaires')}")
        for title, values in (
            ("collège", (comment.role for comment in comments)),
            ("genre", (comment.genre for comment in comments)),
            ("accord", (comment.consentement or "Non demandé" for comment in comments)),
            ("statut", (comment.statut for comment in comments)),
            ("place", (comment.rattachement for comment in comments)),
        ):
            counts = Counter(labels.get(value, value) or "non dit" for value in values)
            if counts:
                print(f"  par {title} : " + ", ".join(f"{name} {n}" for name, n in sorted(counts.items())))
        for comment in comments:
            if comment.rattachement == "orphelin" and not comment.is_withdrawn:
                print(f"  sans place : {comment.id} (était à « {comment.ancre or 'aucun passage'} »)")
    return 0


def retirer(project: Project, territoire: str, identifier: str) -> int:
    """Withdraw a comment: its text and its quote are erased, and what was answered to it.

    A quote of it in another comment goes too, and an old file does not bring it back.
    """
    load_register(project).territoire(territoire)
    with alone_with_register(project, territoire):
        comments = load_commentaires(project, territoire)
        if identifier not in {comment.id for comment in comments}:
            raise BilanError(
                f"« {territoire} » n'a pas de commentaire « {identifier} ». Son identifiant est dans la "
                f"première colonne du classeur de « bilan relecture reponses --territoire {territoire} »."
            )
        empty = dict.fromkeys(
            ("texte", "citation", "reponse", "date_reponse", "changement", "avant", "apres"), ""
        )
        withdrawn = next(comment for comment in comments if comment.id == identifier).texte
        add_retrait(project, territoire, withdrawn)
        kept = [
            replace(comment, **empty, statut="retire", consentement="non")
            if comment.id == identifier
            else _without_quote(comment, withdrawn)
            for comment in comments
        ]
        save_commentaires(project, territoire, kept)
        print(f"{identifier} : retiré, son texte est effacé du registre.")
        _drop_workbook(project, territoire)
    return 0


def retirer_fichier(project: Project, territoire: str, name: str) -> int:
    """Take back a file that was received: its remarks leave the register, with what was answered to them.

    Received again, it brings them back without their answers. One that its author withdrew stays withdrawn.
    """
    load_register(project).territoire(territoire)
    with alone_with_register(project, territoire):
        comments = load_commentaires(project, territoire)
        mark = file_mark(Path(name).name)
        gone = [c for c in comments if c.fichier == mark and not c.is_withdrawn]
        if not gone:
            raise BilanError(
                f"« {territoire} » n'a aucune remarque d'un fichier nommé « {Path(name).name} ». Donnez le "
                "nom qu'il avait à sa réception. Un fichier reçu par une version ancienne se reçoit d'abord "
                "de nouveau : ses remarques sont alors reconnues."
            )
        lost = {comment.id for comment in gone}
        kept = [_without_thread(comment, lost) for comment in comments if comment.id not in lost]
        _drop_workbook(project, territoire)  # first: once the register is saved, nothing tells what it held
        save_commentaires(project, territoire, kept)
        for line in _taken_back(gone, Path(name).name):
            print(line)
    return 0


def _without_thread(comment: Commentaire, lost: Collection[str]) -> Commentaire:
    """A comment that answers none of those that are lost."""
    return replace(comment, reponse_a="") if comment.reponse_a in lost else comment


def _taken_back(gone: Sequence[Commentaire], name: str) -> Iterator[str]:
    """What leaves the register with a file, and the way back."""
    yield f"{name} : {counted(len(gone), 'remarque retirée', 'remarques retirées')} du registre."
    for comment in gone:
        answered = ", avec sa réponse" if comment.is_answered else ""
        yield f"  {comment.id} ({comment.date}, passage « {comment.ancre or 'aucun'} »){answered}"
    if any(comment.is_answered for comment in gone):
        yield "Les réponses sont effacées aussi : gardez-en une copie si vous en avez besoin."
    yield "Pour les reprendre, recevez de nouveau ce fichier, ou un autre qui les contenait aussi."


def _drop_workbook(project: Project, territoire: str) -> None:
    """Remove the workbook of answers, which holds what was withdrawn."""
    workbook = project.relectures / territoire / f"reponses-{territoire}.xlsx"
    if workbook.is_file():
        remove(workbook)
        print("Le classeur de réponses, qui le contenait, est supprimé : écrivez-le de nouveau.")


def _without_quote(comment: Commentaire, withdrawn: str) -> Commentaire:
    """A comment without its quote where that holds a withdrawn text."""
    is_quoted = bool(mark_of(withdrawn)) and flat(withdrawn) in flat(comment.citation)
    return replace(comment, citation="") if is_quoted else comment


def _reattached(project: Project, territoire: str) -> tuple[Commentaire, ...]:
    """The comments of a territory where they stand in today's working copy, kept so."""
    if not load_commentaires(project, territoire):
        return ()
    versions = load_versions(project, territoire)
    actuelle = version_actuelle(project, load_register(project), territoire)
    with alone_with_register(project, territoire):
        comments = load_commentaires(project, territoire)
        if actuelle is None:
            return comments
        updated = rattacher_tous(comments, versions, actuelle)
        if updated != comments:
            save_commentaires(project, territoire, updated)
        return updated


def _told(path: Path, found: Reception) -> str:
    told = counted(found.completed, "complétée", "complétées")
    completed = f" (dont {told})" if found.completed else ""
    return (
        f"{path.name} ({found.territoire}) : {counted(found.read, 'remarque lue', 'remarques lues')}, "
        f"{counted(found.added, 'ajoutée', 'ajoutées')}, {found.already} déjà là{completed}, "
        f"{counted(found.refused, 'refusée', 'refusées')}."
    )


def _tell(constats: Iterable[Finding]) -> None:
    found = list(constats)
    if found:
        print(InvalidData(found), file=sys.stderr)
