"""The answers of the evaluators: a workbook of the comments to fill, and its reading back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from analysis.depot.formes.coffre import Refused, open_safely
from analysis.depot.formes.constats import file_name
from analysis.depot.formes.layout import text_of
from analysis.depot.lecteurs.grilles import read_grids
from analysis.noyau.declared.nomenclatures import Choix, load_nomenclatures
from analysis.noyau.errors import BilanError, Finding, InvalidData
from analysis.noyau.files.classeur import workbook
from analysis.noyau.files.pannes import check_clock
from analysis.noyau.files.scratch import write_whole
from analysis.noyau.french import counted, in_quotes
from analysis.noyau.paths import Project
from analysis.relecture.actuelle import version_actuelle
from analysis.relecture.ancres import Version, flat, load_versions, plain
from analysis.relecture.rattachement import find, rattacher_tous
from analysis.relecture.remarques import cleaned
from analysis.sources.commentaires import (
    LONGEST_COMMENT,
    Commentaire,
    alone_with_register,
    load_commentaires,
    save_commentaires,
    visible,
)
from analysis.sources.register import load_register

SHEET, LISTS = "Réponses", "Listes"
COLUMNS = (
    *("Identifiant", "Passage", "Citation", "Collège", "Genre", "Commentaire"),
    *("Statut", "Réponse", "Ce qui a changé dans le texte"),
)
ACCORD = "Accord de publication"
"""The last column, which older workbooks do not have: « Oui », « Non », or nothing where nobody asked."""

_CHANGE = COLUMNS[-1]
_WIDTHS = (24, 30, 40, 18, 16, 60, 28, 60, 40, 18)
_LONGEST_CELL = 30_000
_LONGEST_KEPT = 50_000


@dataclass(frozen=True)
class Reponses:
    """What became of a workbook of answers: how many rows were read and changed, and what is to confirm."""

    territoire: str
    read: int
    changed: int
    constats: tuple[Finding, ...]


def ecrire_reponses(project: Project, territoire: str) -> Path:
    """Write the workbook of a territory's comments, one row each, what was answered already filled in.

    It stands with the comments, out of git. Raises UnknownName, and BilanError where there is no comment.
    """
    register = load_register(project)
    register.territoire(territoire)
    comments = [c for c in load_commentaires(project, territoire) if not c.is_withdrawn]
    if not comments:
        raise BilanError(f"« {territoire} » : aucun commentaire reçu. Recevez d'abord les fichiers relus.")
    lists = load_nomenclatures(project)
    actuelle = version_actuelle(project, register, territoire)
    content = classeur(comments, lists, actuelle)
    path = project.relectures / territoire / f"reponses-{territoire}.xlsx"
    return write_whole(path, content)


def repondre(project: Project, path: Path, *, today: date) -> Reponses:
    """Take in the answers of a workbook; nothing is kept where one of them does not stand.

    A comment that is « pris en compte » keeps its passage as it was read and as it is now; where both are the
    same, a finding asks to confirm. Raises InvalidData with every fault of the workbook.
    """
    fichier = file_name(path)
    rows = _read(path, fichier)
    register, lists = load_register(project), load_nomenclatures(project)
    territoire = _territoire(rows, [t.code for t in register.territoires], fichier)
    versions = load_versions(project, territoire)
    actuelle = version_actuelle(project, register, territoire)
    with alone_with_register(project, territoire):
        return _take_in(project, territoire, rows, lists, versions, actuelle, fichier=fichier, today=today)


def _take_in(
    project: Project,
    territoire: str,
    rows: Sequence[tuple[int, dict[str, str]]],
    lists: Mapping[str, tuple[Choix, ...]],
    versions: Mapping[str, Version],
    actuelle: Version | None,
    *,
    fichier: str,
    today: date,
) -> Reponses:
    """Join the answers to the register, which nobody else writes meanwhile."""
    comments = load_commentaires(project, territoire)
    answered = max((c.date_reponse for c in comments), default="")
    last = date.fromisoformat(answered) if answered else None
    check_clock(today, last, shown="la dernière réponse gardée")
    by_id = {comment.id: comment for comment in comments}
    findings = list(_findings(rows, by_id, lists, fichier))
    if findings:
        raise InvalidData(findings)
    told: list[Finding] = []
    changed = {}
    for line, row in rows:
        before = _asked(by_id[row["Identifiant"]], row, lists)
        if before != by_id[before.id]:
            changed[before.id] = before
        if before.is_answered and _code(lists["statut_commentaire"], row["Statut"]) == "a_repondre":
            told.append(_kept_answer(line, fichier))
            continue
        after = _answered(before, row, lists, today)
        after = _with_passages(after, versions.get(after.version), actuelle)
        if after != by_id[after.id]:
            changed[after.id] = after
            told += _unchanged(after, line, fichier)
    updated: Sequence[Commentaire] = [changed.get(comment.id, comment) for comment in comments]
    reference = actuelle or next(reversed(list(versions.values())), None)
    if reference is not None:
        updated = rattacher_tous(updated, versions, reference)
    save_commentaires(project, territoire, updated)
    return Reponses(territoire, len(rows), len(changed), tuple(told))


def classeur(
    comments: Sequence[Commentaire], lists: Mapping[str, tuple[Choix, ...]], actuelle: Version | None
) -> bytes:
    """The workbook of these comments, one row each, with what was answered."""
    titles = {} if actuelle is None else {p.ancre: p.titre for p in actuelle.passages}
    labels = {name: {c.code: c.libelle for c in lists[name]} for name in _LISTS.values()}

    def fill(book: Any) -> None:
        wrapped = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        head = book.add_format({"text_wrap": True, "bold": True, "bg_color": "#d9e2ec", "border": 1})
        sheet = book.add_worksheet(SHEET)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.freeze_panes(1, 2)
        for column, (name, width) in enumerate(zip((*COLUMNS, ACCORD), _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, head)
        for row, comment in enumerate(comments, start=1):
            place = f"{titles.get(comment.ancre, comment.ancre)} [{comment.ancre}]"
            values = (
                *(comment.id, place, comment.citation, labels["college"].get(comment.role, "")),
                *(labels["genre_commentaire"].get(comment.genre, ""), comment.texte),
                *(labels["statut_commentaire"][comment.statut], comment.reponse, comment.changement),
                labels["consentement"].get(comment.consentement, ""),
            )
            for column, value in enumerate(values):
                sheet.write_string(row, column, _shown(value), wrapped)
        _dropdowns(book, sheet, labels, len(comments))

    return workbook(fill)


def _dropdowns(book: Any, sheet: Any, labels: Mapping[str, Mapping[str, str]], count: int) -> None:
    hidden = book.add_worksheet(LISTS)
    for place, (column, name) in enumerate(_LISTS.items()):
        values = [label for code, label in labels[name].items() if code != "retire"]
        for row, value in enumerate(values):
            hidden.write_string(row, place, value)
        letters = xl_col_to_name(place, col_abs=True)
        source = f"={LISTS}!{letters}$1:{letters}${len(values)}"
        where = (*COLUMNS, ACCORD).index(column)
        sheet.data_validation(1, where, count, where, {"validate": "list", "source": source})
    hidden.hide()


_LISTS = {
    "Collège": "college",
    "Genre": "genre_commentaire",
    "Statut": "statut_commentaire",
    ACCORD: "consentement",
}
"""The columns that choose from a list, and the list of each."""


def _shown(text: str) -> str:
    """A text as a cell holds it: marks of direction shown, one that is too long for a cell said to be cut."""
    shown = visible(text)
    if len(shown) <= _LONGEST_CELL:
        return shown
    return f"{shown[:_LONGEST_CELL]} […] (la suite est au registre des commentaires)"


def _read(path: Path, fichier: str) -> list[tuple[int, dict[str, str]]]:
    """The rows of a workbook of answers by their line, as text; raises InvalidData."""
    if not path.is_file():
        raise BilanError(f"« {fichier} » n'existe pas, ou n'est pas un fichier.")
    try:
        coffre = open_safely(path)
        grid = read_grids(coffre).get(SHEET, ())
    except Refused as refused:
        finding = Finding(fichier, None, None, refused.found, refused.expected, refused.remedy)
        raise InvalidData([finding]) from None
    heads = [text_of(cell).strip() for cell in grid[0]] if grid else []
    missing = [name for name in COLUMNS if name not in heads]
    if missing:
        found = f"sans {', '.join(f'« {name} »' for name in missing)}"
        remedy = "Repartez de « bilan relecture reponses --territoire CODE »."
        raise InvalidData(
            [Finding(fichier, 1, None, found, f"les en-têtes de la feuille « {SHEET} »", remedy)]
        )
    rows, walk = [], coffre.sheets[SHEET]
    computed = {line for line, _ in (*walk.formulas, *walk.errors)}
    if computed:
        found, expected = "une formule sans valeur, ou une erreur", "un texte"
        raise InvalidData([Finding(fichier, line, None, found, expected) for line in sorted(computed)])
    for line, cells in enumerate(grid[1:], start=2):
        row = {head: cleaned(text_of(cell))[0] for head, cell in zip(heads, cells, strict=False)}
        row = {name: row.get(name, "") for name in (*COLUMNS, ACCORD)}
        if any(row.values()):
            rows.append((line, row))
    return rows


def _territoire(rows: Sequence[tuple[int, Mapping[str, str]]], codes: Sequence[str], fichier: str) -> str:
    """The territory that the identifiers name."""
    named = {row["Identifiant"].rpartition("-")[0] for _, row in rows} & set(codes)
    if len(named) != 1:
        found = "aucun identifiant connu" if not named else "des commentaires de plusieurs territoires"
        raise InvalidData([Finding(fichier, None, "Identifiant", found, "ceux d'un seul territoire")])
    return named.pop()


def _findings(
    rows: Sequence[tuple[int, Mapping[str, str]]],
    by_id: Mapping[str, Commentaire],
    lists: Mapping[str, tuple[Choix, ...]],
    fichier: str,
) -> Iterator[Finding]:
    """Every fault of the rows, none of their texts quoted."""
    seen: set[str] = set()
    for line, row in rows:
        comment = by_id.get(row["Identifiant"])
        if comment is None or comment.is_withdrawn:
            found = "un commentaire inconnu ou retiré"
            yield Finding(fichier, line, "Identifiant", found, "l'identifiant d'un commentaire reçu")
            continue
        if comment.id in seen:
            yield Finding(
                fichier, line, "Identifiant", "un commentaire déjà vu plus haut", "une ligne chacun"
            )
        seen.add(comment.id)
        yield from _row_findings(row, lists, line, fichier)
        if comment.consentement == "non" and _code(lists["consentement"], row[ACCORD]) == "oui":
            remedy = "Un refus tient. Si la personne a changé d'avis, qu'elle redise sa remarque."
            yield Finding(fichier, line, ACCORD, "un refus devenu un accord", "« Non »", remedy)


def _row_findings(
    row: Mapping[str, str], lists: Mapping[str, tuple[Choix, ...]], line: int, fichier: str
) -> Iterator[Finding]:
    for column, name in _LISTS.items():
        if (row[column] or column == "Statut") and not _code(lists[name], row[column]):
            known = in_quotes(choix.libelle for choix in lists[name] if choix.code != "retire")
            yield Finding(fichier, line, column, "une valeur hors de la liste", known)
    for column in ("Réponse", "Ce qui a changé dans le texte"):
        if len(row[column]) > LONGEST_COMMENT:
            found, expected = f"{len(row[column])} caractères", f"{LONGEST_COMMENT} caractères au plus"
            yield Finding(fichier, line, column, found, expected)
    status = _code(lists["statut_commentaire"], row["Statut"])
    if status == "retire":
        remedy = "Pour retirer un commentaire : « bilan relecture retirer »."
        yield Finding(fichier, line, "Statut", "un retrait", "une réponse", remedy)
    if status == "pris_en_compte" and not row["Ce qui a changé dans le texte"]:
        expected = "ce qui a changé, en une phrase"
        yield Finding(fichier, line, "Ce qui a changé dans le texte", "une cellule vide", expected)
    if status in ("repondu", "desaccord_maintenu") and not row["Réponse"]:
        yield Finding(fichier, line, "Réponse", "une cellule vide", "la réponse que dit le statut")
    if status == "a_repondre" and (row["Réponse"] or row["Ce qui a changé dans le texte"]):
        found, expected = "« À répondre » avec une réponse", "le statut de la réponse"
        yield Finding(fichier, line, "Statut", found, expected, "Choisissez le statut, ou videz la réponse.")


def _code(choices: Sequence[Choix], text: str) -> str:
    told = plain(text)
    return next((c.code for c in choices if told and told in (plain(c.libelle), c.code)), "")


def _answered(
    comment: Commentaire, row: Mapping[str, str], lists: Mapping[str, tuple[Choix, ...]], today: date
) -> Commentaire:
    """The comment as its row leaves it; the day is that of the last change of the answer."""
    after = replace(
        comment,
        genre=_code(lists["genre_commentaire"], row["Genre"]),
        statut="a_repondre",
        reponse="",
        changement="",
        date_reponse="",
    )
    status = _code(lists["statut_commentaire"], row["Statut"])
    if status == "a_repondre":
        return replace(after, avant="", apres="")
    said = (status, _kept(row["Réponse"], comment.reponse), _kept(row[_CHANGE], comment.changement))
    same = said == (comment.statut, comment.reponse, comment.changement)
    day = comment.date_reponse if same else today.isoformat()
    return replace(after, statut=said[0], reponse=said[1], changement=said[2], date_reponse=day)


def _asked(
    comment: Commentaire, row: Mapping[str, str], lists: Mapping[str, tuple[Choix, ...]]
) -> Commentaire:
    """The comment with the college and the consent that its row gives; an empty cell leaves what is kept."""
    return replace(
        comment,
        role=_code(lists["college"], row["Collège"]) or comment.role,
        consentement=_code(lists["consentement"], row[ACCORD]) or comment.consentement,
    )


def _kept(told: str, before: str) -> str:
    """What a cell says; a text that the workbook could only show in part or with its marks is kept whole."""
    return before if told == cleaned(_shown(before))[0] else told


def _with_passages(comment: Commentaire, relue: Version | None, actuelle: Version | None) -> Commentaire:
    """The comment with its passage before and after, where the text was changed."""
    if comment.statut != "pris_en_compte":
        return replace(comment, avant="", apres="")
    return replace(comment, avant=_passage(comment, relue), apres=_passage(comment, actuelle))


def _passage(comment: Commentaire, version: Version | None) -> str:
    """What an evaluator wrote in the passage of a comment, as a version has it; empty for none.

    What the chapter computed, and what people said in it, is not kept: it may have been withdrawn since.
    """
    if version is None:
        return ""
    places = find(flat(comment.citation), version) if comment.citation else []
    anchor = comment.ancre if comment.ancre in places or not places else places[0]
    passage = version.by_anchor.get(anchor)
    text = "" if passage is None else passage.ecrit
    return text if len(text) <= _LONGEST_KEPT else f"{text[:_LONGEST_KEPT]} […]"


def _kept_answer(line: int, fichier: str) -> Finding:
    """What is said of a row that would empty an answer: an old workbook, more often than another mind."""
    found, expected = "« À répondre » pour un commentaire déjà répondu", "sa réponse"
    remedy = "La réponse gardée reste. Écrivez de nouveau le classeur : « bilan relecture reponses »."
    return Finding(fichier, line, "Statut", found, expected, remedy)


def _unchanged(comment: Commentaire, line: int, fichier: str) -> Iterator[Finding]:
    if comment.statut == "pris_en_compte" and flat(comment.avant) == flat(comment.apres):
        found = "« Pris en compte », et un passage inchangé dans la copie de travail"
        remedy = "À confirmer : reconstruisez le chapitre, ou dites où le texte a changé."
        yield Finding(fichier, line, "Statut", found, "un passage changé", remedy)


def bilan(reponses: Reponses) -> str:
    """One sentence on what a workbook of answers changed."""
    read = counted(reponses.read, "ligne lue", "lignes lues")
    changed = counted(reponses.changed, "commentaire changé", "commentaires changés")
    return f"{reponses.territoire} : {read}, {changed}."
