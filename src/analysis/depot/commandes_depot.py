"""The commands `bilan depot …`: write the model, check, receive, tell what was received, erase."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.depot.dossier import Depot, read_depot
from analysis.depot.ecrits.actions import actions, next_steps
from analysis.depot.ecrits.modele import write_workbook
from analysis.depot.ecrits.rapport import (
    is_answered,
    report_path,
    set_aside,
    summary,
    table_text,
    told,
    write_report,
)
from analysis.depot.enquetes.codes import forget, is_table, read_codes, tables_of
from analysis.depot.formes.cle import CLE_DEMONSTRATION, Cle, check_mark, key_path, load_key
from analysis.depot.formes.constats import DepotError, file_name
from analysis.depot.garde.ecarts import difference
from analysis.depot.garde.ledger import Ledger, Recu
from analysis.depot.garde.recherche import Trouvaille, search, spellings
from analysis.depot.lecteurs.classeur import OTHER_WORKBOOKS, WORKBOOKS, is_model
from analysis.depot.lecteurs.comptes import juger, nature_of, read_comptes
from analysis.depot.lecteurs.corrections import load_corrections
from analysis.depot.lecteurs.fichiers import RAPPORT, named_files, near_paths
from analysis.depot.referentiel import Referentiel, load_referentiel
from analysis.noyau.carnets import forget_outputs
from analysis.noyau.files.pannes import check_clock, said
from analysis.noyau.files.scratch import remove
from analysis.noyau.files.sums import sha256_of
from analysis.noyau.french import counted, in_quotes, listed, uncapitalized
from analysis.noyau.paths import Project
from analysis.noyau.periods import long_date


def modele(project: Project, territoire: str) -> int:
    """Write the empty workbook of a territory in its deposit folder; an existing one is not replaced."""
    referentiel = load_referentiel(project)
    referentiel.territoire(territoire)
    path = project.depots / territoire / f"depot-{territoire}.xlsx"
    if path.exists():
        raise DepotError(
            f"« {project.shown(path)} » existe déjà et n'est pas remplacé : il est peut-être rempli. "
            "Déplacez-le ou renommez-le, puis relancez."
        )
    write_workbook(path, referentiel, territoire)
    print(path)
    return 0


def verifier(project: Project, path: Path) -> int:
    """Check a folder, a workbook or a file of accounts; nothing is kept but the findings workbook.

    The status is 0 when nothing is refused, 1 otherwise.
    """
    referentiel = load_referentiel(project)
    if not path.exists():
        near = [f"« {file_name(other)} »" for other in near_paths(path)]
        told = f" : trouvé « {path.name} » ; attendu {listed(near)}" if near else ""
        raise DepotError(
            f"« {path} » n'existe pas{told}. Donnez un dossier de dépôt, un classeur ou un fichier de comptes."
        )
    if not (path.is_file() and _holds_accounts(path, referentiel)):
        return _answer(path, _read(project, path, referentiel, _key_of_a_check()), referentiel)
    status = _answer(path, _accounts_alone(path), referentiel)
    if status:
        print(
            "Ce fichier, donné seul, est lu comme des comptes. Un autre tableau se vérifie avec son dossier ; les "
            "lignes d'une feuille du modèle se recopient dans le classeur."
        )
    return status


def recevoir(project: Project, path: Path, *, today: date) -> int:
    """Check a deposit's folder and keep its valid tables in the ledger; the status is 0 when it is kept."""
    referentiel = load_referentiel(project)
    if not path.is_dir():
        raise DepotError(
            f"« {path} » n'est pas un dossier. Donnez le dossier du dépôt : classeur, comptes, enquêtes. D'une archive, "
            "sortez d'abord les fichiers."
        )
    ledger = Ledger(project)
    cle = load_key(ledger.marks())
    depot = _read(project, path, referentiel, cle)
    if depot.territoire:
        marques = {r.marque for r in ledger.deposits(depot.territoire) if r.efface_le is None}
        check_mark(cle, marques, depot.territoire)
    _answer(path, depot, referentiel)
    if depot.est_refuse(referentiel):
        print("Dépôt non reçu : rien n'est gardé.", file=sys.stderr)
        return 1
    with ledger.alone(depot.territoire):
        return _keep(ledger, depot, referentiel, cle, path, today=today)


def _keep(
    ledger: Ledger, depot: Depot, referentiel: Referentiel, cle: Cle, path: Path, *, today: date
) -> int:
    """Keep a deposit that is not refused, and say what it changes; nobody else writes there meanwhile."""
    if renamed := ledger.rename(depot.territoire, depot.anciennes):
        people = counted(renamed, "personne", "personnes")
        print(
            f"Dépôts déjà gardés : {people} y avaient une empreinte d'avant, à laquelle un trait ou une espace "
            "comptait ; elle est remplacée partout, codage et effacements compris."
        )
    if (same := ledger.received(depot)) is not None:
        rest = "rien d'autre ne change" if renamed else "rien ne change"
        print(
            f"Ces fichiers sont déjà ceux du dépôt n° {same.numero}, reçu le {long_date(same.recu_le)} : {rest}."
        )
        return 0
    before = ledger.in_force(depot.territoire)
    recu = ledger.add(depot, referentiel, cle, today=today)
    print(f"Dépôt n° {recu.numero} de « {recu.territoire} » reçu ; il est désormais en vigueur.")
    if before is not None:
        _tell_difference(ledger, before, recu, referentiel)
        if len(ledger.coding(before)) and len(ledger.texts(recu)):
            print(
                f"Les réponses écrites du dépôt n° {before.numero} étaient codées ; celles de ce dépôt ne le sont "
                "pas encore : leurs thèmes manqueront, aux nombres nationaux aussi. « bilan enquete coder "
                f"--territoire {recu.territoire} » reprend ce qui est codé déjà."
            )
    if tables := tables_of(path):
        names = in_quotes(table.name for table in tables)
        print(
            f"La table des codes d'accès n'est pas gardée : rendez-la au territoire, puis supprimez {names} "
            "de ce poste."
        )
    print(
        f"Les fichiers d'origine ne sont pas copiés. Tables gardées jusqu'au {long_date(recu.a_effacer_le)} ; "
        f"la clé est « {key_path()} » : gardez-en une copie en lieu sûr."
    )
    return 0


def etat(project: Project, territoire: str | None, *, today: date) -> int:
    """Tell who sent what and when, what is missing, what is past its retention date."""
    referentiel = load_referentiel(project)
    ledger = Ledger(project)
    territoires = [referentiel.territoire(territoire)] if territoire else list(referentiel.territoires)
    for place in territoires:
        deposits = ledger.deposits(place.code)
        if not deposits:
            print(f"{place.code:26} aucun dépôt reçu")
        for recu in deposits if territoire else deposits[-1:]:
            print(f"{place.code:26} {_line(recu, referentiel)}")
        if territoire and deposits:
            _tell_in_force(ledger, deposits, referentiel)
        due = _due(project, ledger, place.code, tous=False, today=today)
        if due.deposits or due.texts or due.files:
            print(f"  À EFFACER, durée dépassée : « bilan depot effacer --territoire {place.code} --echus »")
    return 0


def effacer(
    project: Project,
    territoire: str,
    *,
    personne: str | None,
    tous: bool,
    confirmer: bool,
    today: date,
) -> int:
    """Erase a person, what is past its retention date, or all the deposits of a territory.

    Without ``confirmer`` it only tells what would be erased.
    """
    load_referentiel(project).territoire(territoire)
    ledger = Ledger(project)
    with ledger.alone(territoire), _told_unfinished():
        if personne:
            return _erase_person(project, ledger, territoire, personne, confirmer=confirmer)
        return _erase_due(project, ledger, territoire, tous=tous, confirmer=confirmer, today=today)


@contextmanager
def _told_unfinished() -> Iterator[None]:
    """Where the machine refuses, say that what was announced is not all erased."""
    try:
        yield
    except OSError as error:
        raise DepotError(
            f"{said(error)} L'effacement n'est pas terminé : la même commande, relancée, reprend où il s'est arrêté."
        ) from error


def _erase_due(
    project: Project, ledger: Ledger, territoire: str, *, tous: bool, confirmer: bool, today: date
) -> int:
    """Erase what is past its retention date, or all the deposits of a territory."""
    days = (recu.recu_le for recu in ledger.deposits(territoire))
    check_clock(today, max(days, default=None), shown="le dernier dépôt reçu")
    due = _due(project, ledger, territoire, tous=tous, today=today)
    for line in due.lines(project):
        print(line)
    if not (due.deposits or due.texts or due.files):
        print("Rien à effacer.")
        return 0
    if not confirmer:
        return _ask()
    _forget_private(project)
    for path in due.files:
        remove(path)
    for recu in due.deposits:
        ledger.erase(recu, today=today)
    for recu in due.texts:
        ledger.erase_texts(recu)
    print("Effacé. Le registre garde la date et les empreintes des fichiers.")
    return 0


@dataclass(frozen=True)
class _Due:
    """What is to be erased: whole deposits, free texts of others, files as sent that are still there."""

    deposits: tuple[Recu, ...]
    texts: tuple[Recu, ...]
    files: tuple[Path, ...]

    def lines(self, project: Project) -> Iterator[str]:
        for recus, what in ((self.deposits, "ses tables et ses textes"), (self.texts, "ses textes libres")):
            for recu in recus:
                yield f"Dépôt n° {recu.numero}, reçu le {long_date(recu.recu_le)} : {what}."
        for path in self.files:
            yield f"Fichier « {project.shown(path)} »."


def _due(project: Project, ledger: Ledger, territoire: str, *, tous: bool, today: date) -> _Due:
    """What is past its date, or all; a file that a deposit not yet due also has is kept."""
    kept = [recu for recu in ledger.deposits(territoire) if recu.efface_le is None]
    deposits = tuple(recu for recu in kept if tous or recu.a_effacer_le <= today)
    texts = tuple(
        recu
        for recu in kept
        if recu not in deposits and not recu.textes_effaces and recu.textes_a_effacer_le <= today
    )
    past = [recu for recu in ledger.deposits(territoire) if tous or recu.sources_a_effacer_le <= today]
    needed = {f.sha256 for recu in kept if recu not in past for f in recu.fichiers}
    sums = {f.sha256 for recu in past for f in recu.fichiers} - needed
    files = [path for path in (project.depots / territoire).glob("*") if path.is_file()]
    sent = {path for path in files if sha256_of(path) in sums}
    reports = {p for p in files if sent and (p.name.startswith(RAPPORT) or is_table(p.name))}
    return _Due(deposits, texts, (*sorted(reports - sent), *sorted(sent)))  # what was sent tells the reports


def _erase_person(
    project: Project, ledger: Ledger, territoire: str, personne: str, *, confirmer: bool
) -> int:
    """Erase a person from what is kept, and every file of the territory that holds her or that cannot be opened."""
    cle = load_key(ledger.marks())
    deposits = [recu for recu in ledger.deposits(territoire) if recu.efface_le is None]
    check_mark(cle, {recu.marque for recu in deposits}, territoire)
    hashed, ecrit = cle.empreinte(territoire), spellings(personne)
    empreinte, anciennes = hashed(personne), hashed.anciennes(personne)
    holding = [recu for recu in deposits if ledger.holds(recu, empreinte, ecrit, anciennes=anciennes)]
    folder = project.depots / territoire
    table, _ = read_codes(folder)
    codes = table.codes_of(personne)
    answered = [_answers_of(ledger, recu, {empreinte, *anciennes}, folder) for recu in holding]
    files = _once(
        [found for spelled in (personne, *codes) for found in search(_files_under(folder), spelled)],
        [found for of_one in answered for found in of_one],
        tables_of(folder) if codes else [],
    )
    elsewhere = search(
        [*_files_under(project.relectures / territoire), project.depots / "corrections.csv"], personne
    )
    for recu in holding:
        print(f"Dépôt n° {recu.numero}, reçu le {long_date(recu.recu_le)} : les lignes de cette personne.")
    for found in files:
        print(_file_told(project, found))
    if codes:
        print("Table des codes d'accès : sa ligne.")
    for found in elsewhere:
        if found.lieu:
            print(_by_hand(project, found, territoire))
    if not (holding or files or codes):
        print("Cet identifiant n'est dans aucun dépôt gardé. Vérifiez-le auprès du territoire.")
        return 1
    if not confirmer:
        return _ask()
    _forget_private(project)
    for found in files:
        remove(found.path)
    if codes:
        forget(folder, personne)
    erased = ledger.erase_person(territoire, empreinte, ecrit, anciennes=anciennes)
    rows = counted(erased, "ligne effacée", "lignes effacées")
    print(f"{rows}. Cette personne sera refusée si un fichier la ramène.")
    return 0


def _answers_of(ledger: Ledger, recu: Recu, hashes: set[str], folder: Path) -> list[Trouvaille]:
    """The exports of a deposit in which a person answered under a code that is not her identifier."""
    sums = {fichier.sha256 for fichier in recu.fichiers}
    found = named_files(folder, ledger.answered(recu, hashes)) if folder.is_dir() else {}
    paths = [nomme.fichier for nomme in found.values()]
    return [
        Trouvaille(path, lieu="une réponse sous son code d'accès")
        for path in paths
        if path is not None and sha256_of(path) in sums
    ]


def _once(
    found: Sequence[Trouvaille], answered: Sequence[Trouvaille], tables: Sequence[Path]
) -> list[Trouvaille]:
    """Each file once; a table of codes, of which a line is enough, is none of them, nor what is made of it."""
    apart = {*tables, *(one.path for one in found if tables and is_table(one.path.name))}
    every = {one.path: one for one in (*answered, *found) if one.path not in apart}
    return [every[path] for path in sorted(every)]


def _files_under(folder: Path) -> list[Path]:
    """Every file of a folder and of its folders; a link is not followed out of it."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _file_told(project: Project, found: Trouvaille) -> str:
    """What is said of a file that is to be erased whole: where she is in it, or why nobody can tell."""
    name = f"Fichier « {project.shown(found.path)} »"
    if found.lieu:
        return f"{name}, qui contient cet identifiant ({found.lieu}) : tout le fichier."
    return (
        f"{name}, qui ne peut pas être vérifié ({found.raison}) : il peut contenir cette personne, tout le "
        "fichier. S'il n'en dit rien, retirez-le du dossier avant de confirmer."
    )


def _by_hand(project: Project, found: Trouvaille, territoire: str) -> str:
    """What is said of a file of the team that names her, and that this command does not change."""
    name = f"À faire à la main : « {project.shown(found.path)} » contient cet identifiant."
    if found.path.is_relative_to(project.relectures):
        return f"{name} Retirez la remarque : « bilan relecture retirer --territoire {territoire} »."
    return f"{name} Ôtez-en la ligne, et recevez le dépôt à nouveau."


def _forget_private(project: Project) -> None:
    """Remove the previews, the exports and the kept measures: they can be made again of what is left.

    It comes first, and what tells what is to be erased last: the same command, run again after a stop, finds
    in the deposits what it had to do.
    """
    if project.prive.exists():
        remove(project.prive)
        print(
            f"Aperçus, exports de l'atelier et mesures gardées effacés : « {project.shown(project.prive)} »."
        )
    for path in forget_outputs(project.notebooks):
        print(f"Sorties du carnet effacées : « {project.shown(path)} ».")


def _ask() -> int:
    print("Rien n'est encore effacé. Pour effacer, relancez avec --confirmer : c'est sans retour.")
    return 0


def _key_of_a_check() -> Cle:
    """Only what is kept needs the key: a mere check makes none, and does with the public one."""
    return load_key(()) if key_path().exists() else CLE_DEMONSTRATION


def _read(project: Project, path: Path, referentiel: Referentiel, cle: Cle) -> Depot:
    """The deposit at a path, in the folder of its territory or elsewhere."""
    ledger = Ledger(project)
    folder = (path if path.is_dir() else path.parent).resolve()
    inside = folder.parent == project.depots.resolve()
    return read_depot(
        path,
        referentiel,
        empreinte=cle.empreinte,
        attendu=folder.name if inside else None,
        effacees=ledger.erased_people,
        corrections=load_corrections(project, [t.code for t in referentiel.territoires]),
    )


def _holds_accounts(path: Path, referentiel: Referentiel) -> bool:
    """Whether a file is one of accounts and no workbook of the model, by its name, then by what it holds."""
    if path.suffix.lower() not in (*WORKBOOKS, *OTHER_WORKBOOKS):
        return True
    return not is_model(path, referentiel) and nature_of(path) != ""


def _first_day(frame: pd.DataFrame) -> date:
    """The day of the first entry, under whose text accounts without an exercice are read; today's for a balance."""
    is_dated = "date_ecriture" in frame and len(frame)
    return date.fromisoformat(min(frame["date_ecriture"])) if is_dated else date.max


def _accounts_alone(path: Path) -> Depot:
    """A file of accounts read for itself, whatever its exercice."""
    read = read_comptes(path, nature=nature_of(path) or "fec", debut=date.min, fin=date.max)
    lecture = juger(read, ouverture=_first_day(read.frame))
    return Depot.of_accounts(path, lecture)


def _answer(path: Path, depot: Depot, referentiel: Referentiel) -> int:
    """Print the findings and write their workbook; 0 when nothing is refused."""
    print(told(depot, referentiel))
    print()
    if depot.constats:
        print(summary(depot.constats, referentiel.regles))
    report = report_path(path if path.is_dir() else path.parent, depot.territoire)
    if report.exists() and is_answered(report):
        print(f"Réponses du territoire gardées à part : {set_aside(report)}")
    if depot.constats:
        write_report(report, depot, referentiel, today=datetime.now())
        print(f"Réponse à renvoyer : {report}")
    elif report.exists():
        remove(report)
    print()
    print("\n".join(next_steps(actions(depot.constats, referentiel), report.name)))
    return int(any(referentiel.regles[constat.regle].gravite == "refuse" for constat in depot.constats))


def _line(recu: Recu, referentiel: Referentiel) -> str:
    head = f"dépôt n° {recu.numero}, reçu le {long_date(recu.recu_le)}, arrêté au {long_date(recu.arrete)}"
    if recu.efface_le is not None:
        return f"{head}, effacé le {long_date(recu.efface_le)}"
    kept, refused = (sum(getattr(c, n) for c in recu.tables.values()) for n in ("gardees", "refusees"))
    role = uncapitalized(referentiel.label("deposant", recu.deposant))
    return f"{head}, par : {role} ; {counted(kept, 'ligne gardée', 'lignes gardées')}, {counted(refused, 'refusée', 'refusées')}"


def _tell_in_force(ledger: Ledger, deposits: list[Recu], referentiel: Referentiel) -> None:
    """What the deposit in force holds, what it lacks, and what it changed."""
    kept = [recu for recu in deposits if recu.efface_le is None]
    if not kept:
        return
    recu = kept[-1]
    heads = ("lues", "gardées", "refusées", "effacées")
    rows = [
        (referentiel.table_label(name, recu.territoire), (c.lues, c.gardees, c.refusees, c.effacees))
        for name, c in recu.tables.items()
    ]
    print(table_text(heads, rows))
    print(f"  modèle {recu.version}, clé {recu.marque}, à effacer le {long_date(recu.a_effacer_le)}")
    for fichier in recu.fichiers:
        print(f"  fichier « {fichier.nom} », {fichier.octets} octets, sha256 {fichier.sha256}")
    tables = ledger.tables(recu)
    for table, names in (("exercices", ("ecritures", "balances")), ("enquetes", ("reponses",))):
        for row in tables[table].to_dict("records"):
            if not any(_file_of(table, name, row) in recu.tables for name in names):
                print(f"  manque : le fichier « {row['fichier']} »")
    for sheet in referentiel.layout.sheets:
        if sheet.table not in recu.tables or not recu.tables[sheet.table].gardees:
            print(f"  manque : la feuille « {sheet.feuille} » est vide")
    for correction in recu.corrections:
        print(
            f"  corrigé : {correction.cellule}, le {correction.date}, par {correction.auteur} ({correction.raison})"
        )
    if len(kept) > 1:
        _tell_difference(ledger, kept[-2], recu, referentiel)


def _file_of(table: str, name: str, row: Mapping[Any, Any]) -> str:
    """The name of the table that a file fills."""
    if table == "exercices":
        return f"{name}/{row['ebe']}/{row['date_cloture']}"
    return f"{name}/{row['enquete']}/{row['vague']:.0f}"


def _tell_difference(ledger: Ledger, before: Recu, after: Recu, referentiel: Referentiel) -> None:
    sentences = difference(ledger.tables(before), ledger.tables(after), referentiel, after.territoire)
    print(f"Depuis le dépôt n° {before.numero} du {long_date(before.recu_le)} :")
    for sentence in sentences or ["aucune ligne n'a changé."]:
        print(f"- {sentence}")
