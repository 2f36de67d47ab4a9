"""Commands stopped at each of their operations on files: refused by the machine, or killed.

A command runs in a process forked for it, which counts what it asks of the file system inside the project: opening
to write, writing, fsync, renaming, linking, making and removing. At the operation of a given rank that process is
refused it (half of a piece of writing is done first), or is killed. It may also be killed, with all that it
started, at a share of the work that it takes when nothing stops it.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import os
import random
import re
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import traceback
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from chapitre_essai import html, moved_html, write_copy
from deposits import SURVEY, tables, write
from small import REPOSITORY, edit, write_publishable, write_small_project
from tues import killed_at, still_there

from analysis import cli
from analysis.depot.commandes_enquete import a_coder, recevoir_codage
from analysis.depot.dossier import read_depot
from analysis.depot.ecrits.codage import write_coding
from analysis.depot.formes.cle import load_key
from analysis.depot.garde.ledger import Ledger
from analysis.depot.referentiel import load_referentiel
from analysis.impact import commandes_impact, resultats
from analysis.impact.protocole import load_protocole
from analysis.impact.records import Estimate, Estimation, Resultats
from analysis.indicateurs.habilitation.dossier import classeur_du_candidat, ecrire
from analysis.noyau.paths import Project
from analysis.relecture.reception import recevoir
from analysis.relecture.remis.preparation import preparer
from analysis.relecture.reponses import ecrire_reponses
from analysis.sources.verdicts import FILE

DAY = date(2026, 11, 20)
"""The day on which what is in the project before a command was received."""

KILLED = -signal.SIGKILL

_HEAD = '"id","submitdate","token","consent","sante","avis[SQ001]","avis[SQ002]","avis[SQ003]","avis[SQ004]",'
_SURVEY = _HEAD + (
    '"temps","satisf","libre","citer"\n"1","2018-11-20 10:00:00","P-1","Y","A2","A1","A1","A2","A2","Y","7",'
    '"Je suis utile.","Y"\n"2","2018-11-20 10:00:00","P-2","Y","A2","A1","A1","A2","A2","Y","7","C\'est dur.","N"\n'
)
_REMARKS = (
    '"id";"submitdate";"seed";"college";"passage";"genre";"remarque";"publier"\n'
    '"{n}";"1980-01-01 00:00:00";"8{n}";"";"";"";"Une remarque assez longue, la {n}e du fichier.";"Y"\n'
)


def write_world(root: Path) -> Project:
    """A project where every command that writes has something to do; its path has blanks and accents."""
    project = Project(write_small_project(root))
    os.environ["BILAN_CLE"] = str(root / "clé" / "clé des dépôts")
    for name in ("territoires_suivis", "habilitation", "sources_ouvertes", "depenses_passives"):
        shutil.copytree(REPOSITORY / "data" / name, project.data / name, dirs_exist_ok=True)
    (project.texts).mkdir(parents=True)
    verdicts = [
        f"## {code}\nauteur: Ada Test\ndate: 2026-11-18\netat: projet\n\nL'EBE emploie {{#1}}. Une seule source.\n"
        for code in ("H1", "H2", "H3")
    ]
    (project.texts / FILE).write_text("\n".join(verdicts), encoding="utf-8", newline="\n")
    _receive_deposit(project)
    _review(project)
    _compute_impact(project)
    first = {
        "date_arrete": date(2024, 3, 1),
        "deposant": "Équipe du CLE",
        "departement": "Creuse",
        "population": 7400,
    }
    ecrire(project, "haute-lande", "Haute-Lande", {"depot": [first]})
    return project


def _receive_deposit(project: Project) -> None:
    """A deposit received and coded, a second one that waits, with findings; a coding workbook filled."""
    referentiel, ledger, cle = load_referentiel(project), Ledger(project), load_key(())
    folder = write(project.depots / "val", referentiel, tables())
    (folder / SURVEY).write_text(_SURVEY, encoding="utf-8")
    depot = read_depot(folder, referentiel, empreinte=cle.empreinte, attendu="val")
    ledger.add(depot, referentiel, cle, today=DAY)
    todo = a_coder(project, referentiel, "val")
    frame = todo.frame.assign(theme_1=todo.themes[0].libelle, theme_2=todo.themes[0].libelle)
    book = project.root / "envois" / "codage rempli.xlsx"
    write_coding(book, frame, todo.themes, territoire="val", numero=1)
    recevoir_codage(project, book)
    project.prive.mkdir(exist_ok=True)
    (project.prive / "apercu-val.html").write_text("<p>P-1</p>", encoding="utf-8")
    rows = tables()
    rows["personnes"][0]["sexe"] = None
    write(project.root / "envois" / "val, corrigé", referentiel, rows)
    (project.root / "envois" / "val, corrigé" / SURVEY).write_text(_SURVEY, encoding="utf-8")
    rows["personnes"][0].update(sexe="Homme", annee_naissance=1969)
    write(project.root / "envois" / "val n° 2", referentiel, rows)
    (project.root / "envois" / "val n° 2" / SURVEY).write_text(_SURVEY, encoding="utf-8")


def _review(project: Project) -> None:
    """A chapter handed out, a remark received, a second file that waits, answers that were filled."""
    write_copy(project, html())
    preparer(project, "val")
    for number in (1, 2):
        path = project.root / "envois" / f"remarques {number}.csv"
        path.write_text(_REMARKS.format(n=number), encoding="utf-8-sig")
    recevoir(project, "val", project.root / "envois" / "remarques 1.csv", today=DAY)
    book = openpyxl.load_workbook(ecrire_reponses(project, "val"))
    sheet = book["Réponses"]
    heads = [cell.value for cell in sheet[1]]
    for name, value in (("Statut", "Répondu"), ("Réponse", "Merci.")):
        sheet.cell(2, heads.index(name) + 1).value = value
    book.save(project.root / "envois" / "réponses.xlsx")


def _compute_impact(project: Project) -> None:
    """Accepted results, and other ones that were computed since."""
    project.impact.mkdir()
    shutil.copy(REPOSITORY / "data" / "impact" / "protocole.toml", project.impact)
    frozen = load_protocole(project)
    for place, effect in ((resultats.folder(project), 30.5), (commandes_impact.calcules(project), 31.5)):
        estimate = Estimate(effect, "pour_cent", rank=1, placebos=80, method="d")
        one = Estimation("premery", "emploi_prive", "2017/2020", estimate)
        found = Resultats(frozen.empreinte, frozen.date, {"urssaf_emploi": "ab"}, estimations=(one,))
        resultats.write_resultats(found, place)


def remark(project: Project) -> str:
    """The identifier of the remark that the project holds."""
    from analysis.sources.commentaires import load_commentaires

    return load_commentaires(project, "val")[0].id


@dataclass(frozen=True)
class Case:
    """A command, and what is changed of the project before it."""

    words: tuple[str, ...]
    before: Callable[[Project], None] = lambda _project: None

    def typed(self, project: Project) -> list[str]:
        """The words of the command on a project: « @ » is its folder of files received, « # » its remark."""
        envois = project.root / "envois"
        return [
            str(envois / word[1:]) if word.startswith("@") else remark(project) if word == "#" else word
            for word in self.words
        ]


def _nothing_received(project: Project) -> None:
    shutil.rmtree(project.depots / "recus")
    shutil.rmtree(project.root / "clé")


def _no_candidate(project: Project) -> None:
    classeur_du_candidat(project, "haute-lande").unlink()


CASES = {
    "depot modele": Case(("depot", "modele", "--territoire", "vide")),
    "depot verifier": Case(("depot", "verifier", "@val, corrigé")),
    "depot recevoir": Case(("depot", "recevoir", "@val n° 2")),
    "depot recevoir, le premier": Case(("depot", "recevoir", "@val n° 2"), _nothing_received),
    "depot effacer": Case(("depot", "effacer", "--territoire", "val", "--tous", "--confirmer")),
    "depot effacer, une personne": Case(
        ("depot", "effacer", "--territoire", "val", "--personne", "P-1", "--confirmer")
    ),
    "enquete structure": Case(("enquete", "structure")),
    "enquete codes": Case(("enquete", "codes", "--territoire", "val")),
    "enquete coder": Case(("enquete", "coder", "--territoire", "val")),
    "enquete codage": Case(("enquete", "codage", "@codage rempli.xlsx")),
    "relecture preparer": Case(("relecture", "preparer", "--territoire", "val")),
    "relecture recevoir": Case(("relecture", "recevoir", "--territoire", "val", "@remarques 2.csv")),
    "relecture reponses": Case(("relecture", "reponses", "--territoire", "val")),
    "relecture repondre": Case(("relecture", "repondre", "@réponses.xlsx")),
    "relecture etat": Case(
        ("relecture", "etat", "--territoire", "val"), lambda project: write_copy(project, moved_html())
    ),
    "relecture retirer": Case(("relecture", "retirer", "#", "--territoire", "val")),
    "relecture retirer, un fichier": Case(
        ("relecture", "retirer", "--fichier", "remarques 1.csv", "--territoire", "val")
    ),
    "verdict signer": Case(("verdict", "signer", "--auteur", "Grace Nom")),
    "candidat nouveau": Case(
        ("candidat", "nouveau", "--candidat", "haute-lande", "--nom", "Haute-Lande"), _no_candidate
    ),
    "candidat recevoir": Case(("candidat", "recevoir", "--candidat", "haute-lande")),
    "alertes taire": Case(
        (
            *("alertes", "taire", "--territoire", "val", "--alerte", "etp_sous_plan"),
            *("--jusqu-au", "2030-12-31", "--motif", "essai", "--par", "Équipe"),
        )
    ),
    "impact accepter": Case(("impact", "accepter")),
}
"""The commands that write and take less than a few seconds, on a project where each has something to do."""


def write_built(root: Path) -> Project:
    """A project of a few cells in git, built, with what publishing asks for."""
    project = write_publishable(root)
    done = bilan(project, ["build"])
    assert done.status == 0, done.said
    return project


def _figure_changed(project: Project) -> None:
    """A figure of a chapter is another one than what is built."""
    edit(project.root, "published/chiffres", "1,val,effectif_ebe,25,,,25", "1,val,effectif_ebe,26,,,26")


def _published(project: Project) -> None:
    """An edition is published."""
    done = bilan(project, [*LONG["publish"].words])
    assert done.status == 0, done.said


LONG = {
    "build": Case(("build",), _figure_changed),
    "build --tout": Case(("build", "--tout"), _figure_changed),
    "build --territoire": Case(("build", "--territoire", "val"), _figure_changed),
    "publish": Case(("publish", "--edition", "2026-1", "--sans", "avant-propos")),
    "archive": Case(("archive", "--edition", "2026-1"), _published),
    "comparer": Case(("comparer", "2026-1", "copie"), _published),
}
"""The commands that build, on a project that :func:`write_built` makes."""


@dataclass(frozen=True)
class Stop:
    """At which operation a command is stopped, and how: an error number of the system, or a kill."""

    rank: int
    how: int | None = None
    """The error number; None for a kill."""


@dataclass(frozen=True)
class Run:
    """What a command left: its status, what it said, the operations that it asked for, in order, its work."""

    status: int
    said: str
    operations: tuple[str, ...]
    seconds: float
    """Of processor, all that it started included."""


def bilan(
    project: Project,
    words: list[str],
    stop: Stop | None = None,
    *,
    kill_after: float | None = None,
    account: int = 0,
) -> Run:
    """Run a command on a project, in a process of its own, of that account where it is not ours.

    ``kill_after`` is counted in seconds of processor.
    """
    child = _start(project, words, stop, "", account)
    return _ended(project, child, "", kill_after)


def at_once(project: Project, commands: list[list[str]]) -> list[Run]:
    """Run commands on a project at the same time."""
    children = [_start(project, words, None, str(rank), 0) for rank, words in enumerate(commands)]
    return [_ended(project, child, str(rank)) for rank, child in enumerate(children)]


def _start(project: Project, words: list[str], stop: Stop | None, rank: str, account: int) -> int:
    for path in _notes(project, rank):
        path.unlink(missing_ok=True)
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _become(project, words, stop, *_notes(project, rank), account)
    with contextlib.suppress(OSError):  # the child does it too: whoever is first
        os.setpgid(child, child)
    return child


def _notes(project: Project, rank: str) -> tuple[Path, Path]:
    """Where a command notes its operations, and what it says."""
    return project.root.parent / f"operations{rank}.txt", project.root.parent / f"dit{rank}.txt"


def _ended(project: Project, child: int, rank: str, kill_after: float | None = None) -> Run:
    status, seconds = killed_at(child, kill_after)
    texts = [
        p.read_text(encoding="utf-8", errors="replace") if p.exists() else "" for p in _notes(project, rank)
    ]
    return Run(status, texts[1], tuple(texts[0].splitlines()), seconds)


def _become(
    project: Project, words: list[str], stop: Stop | None, noted: Path, told: Path, account: int
) -> None:
    """The life of the process of a command."""
    status = 70
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        descriptor = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), encoding="utf-8", line_buffering=True)
        sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), encoding="utf-8", line_buffering=True)
        os.environ["BILAN_RACINE"] = str(project.root)
        os.environ["BILAN_CLE"] = str(project.root / "clé" / "clé des dépôts")
        os.environ["TMPDIR"] = tempfile.tempdir = str(temporary_of(project))
        temporary_of(project).mkdir(exist_ok=True)
        temporary_of(project).chmod(0o1777)
        secrets.choice = random.Random(2026).choice  # type: ignore[assignment]  # the same codes at each run
        token = secrets.token_hex
        secrets.token_hex = lambda size=32: "5a" * 32 if size == 32 else token(size)  # type: ignore[assignment]
        _count(project.root, stop, os.open(noted, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        if account:
            os.setgroups([])
            os.setgid(account)
            os.setuid(account)
        status = cli.main(words)
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _count(root: Path, stop: Stop | None, noted: int) -> None:
    """Note each operation inside a folder, and stop at the one that is asked for."""
    rank = 0
    inside = os.fsencode(root) + b"/"
    one_at_a_time = threading.RLock()  # threads have a folder on the disk

    def met(
        name: str, path: object, half: Callable[[], object] = lambda: None, source: object = None
    ) -> None:
        nonlocal rank
        if not isinstance(path, str | bytes | os.PathLike):
            return
        place = os.path.abspath(os.fsencode(path))  # noqa: PTH100  # no Path: its own calls would be counted
        if not place.startswith(inside):
            return
        told = [name.encode(), place[len(inside) :]]
        if isinstance(source, str | bytes | os.PathLike):
            told.append(os.path.abspath(os.fsencode(source))[len(inside) :])  # noqa: PTH100
        with one_at_a_time:
            os.write(noted, b"\t".join(told) + b"\n")
            rank += 1
            if stop is not None and rank - 1 == stop.rank:
                half()
                if stop.how is None:
                    os.kill(os.getpid(), signal.SIGKILL)
                raise OSError(stop.how or 0, os.strerror(stop.how or 0), os.fsdecode(place))

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            met("open", arguments[0])
        elif event in ("os.rename", "os.link"):
            met(event, arguments[1], source=arguments[0])
        elif event in ("os.remove", "os.rmdir", "os.mkdir", "os.utime"):
            met(event, arguments[0])

    real_sync, real_open = os.fsync, io.open

    def sync(handle: int) -> None:
        met("fsync", os.readlink(f"/proc/self/fd/{handle}"))  # noqa: PTH115
        real_sync(handle)

    class Counted(io.BufferedWriter):
        def write(self, content: Any) -> int:
            def half() -> None:
                super(Counted, self).write(bytes(content)[: len(content) // 2])
                self.flush()

            met("write", self.raw.name, half)
            return super().write(content)

    def opened(
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        *others: Any,
        **named: Any,
    ) -> Any:
        if isinstance(file, int) or "r" in mode or "+" in mode or buffering == 0:
            return real_open(file, mode, buffering, encoding, *others, **named)
        raw = io.FileIO(file, mode.replace("b", "").replace("t", ""), True, named.pop("opener", None))
        named.pop("closefd", None)
        buffer = Counted(raw)
        return buffer if "b" in mode else io.TextIOWrapper(buffer, encoding or "utf-8", *others, **named)

    os.fsync, io.open, builtins.open = sync, opened, opened  # type: ignore[assignment]
    sys.addaudithook(heard)


LEFT = (".verrou", ".en-cours-", ".ancien")

_TIMED = re.compile(r"papermill_runs/([^/]*\.json|rapport\.html)|(.*/)?stations/.*|\.git/.*")
"""What a build notes of its own time, and what is kept for the next one."""


def temporary_of(project: Project) -> Path:
    """The machine's folder of temporary files, as a command on a project sees it: one of its own."""
    return project.root.parent / "temporaires"


def tree(project: Project) -> dict[str, bytes]:
    """The files of a project but for locks, work in progress and caches; of a workbook only whether it is whole."""
    found = {}
    for path in sorted(project.root.rglob("*")):
        name = _name(project.root, path)
        if path.is_file() and not any(mark in name for mark in LEFT) and not _TIMED.fullmatch(name):
            found[name] = _content(path)
    return found


def _name(root: Path, path: Path) -> str:
    """The name of a file in a project; of one that waits beside while its folder is replaced, the name that the
    next command gives back to it."""
    name = path.relative_to(root).as_posix()
    old, is_beside, rest = name.partition(".ancien/")
    return f"{old}/{rest}" if is_beside and not (root / old).exists() else name


def _content(path: Path) -> bytes:
    if path.suffix not in (".xlsx", ".docx"):
        return path.read_bytes()
    try:
        with zipfile.ZipFile(path) as archive:
            return b"whole" if archive.testzip() is None else b"damaged"
    except zipfile.BadZipFile:
        return b"damaged"


def leftovers(project: Project) -> list[str]:
    """What a stopped command left and the next one did not remove, in the project and beside."""
    marks = LEFT[1:]
    left = [p for p in project.root.rglob("*") if any(m in p.name for m in marks)]
    left += list(temporary_of(project).glob("bilan-*"))
    return [p.relative_to(project.root.parent).as_posix() for p in sorted(left)]


WHOLE = ("outputs/html/", "outputs/pdf/", "outputs/editions/2026-1/", "data/editions/2026-1/")
"""The folders that take their places in one step: a reader sees one state of all their files."""


class Bench:
    """A command on copies of one project: as it goes, then stopped at each of its operations."""

    def __init__(self, world: Path, place: Path, case: Case) -> None:
        self._place, self.case = place, case
        self._start = place / "départ" / "Mon bilan d'été"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(world, self._start)
        case.before(Project(self._start))
        self.before = tree(Project(self._start))
        self.whole, self.after = self._run(None)

    def project(self) -> Project:
        """A copy of the project, as it was before the command."""
        root = self._place / "essai" / "Mon bilan d'été"
        shutil.rmtree(root.parent, ignore_errors=True)
        shutil.copytree(self._start, root)
        return Project(root)

    def _run(self, stop: Stop | None) -> tuple[Run, dict[str, bytes]]:
        project = self.project()
        return bilan(project, self.case.typed(project), stop), tree(project)

    def killed(self, after: float) -> tuple[bool, list[str]]:
        """Kill the command after so many seconds of processor: whether it still ran, and what is wrong then."""
        project = self.project()
        words = self.case.typed(project)
        found = bilan(project, words, kill_after=after)
        return found.status == KILLED, [*self._halves(tree(project)), *self._resumed(project, words)]

    def faults(self, stop: Stop) -> list[str]:
        """What is wrong of a command that was stopped at an operation, and of the same one that was run after it."""
        project = self.project()
        words = self.case.typed(project)
        found = bilan(project, words, stop)
        faults = list(self._halves(tree(project)))
        if stop.how is not None:
            is_done = tree(project) == self.after and found.status == self.whole.status
            faults += () if is_done else _told(found)
            if found.status == 0 and not is_done:
                faults.append("exit 0, and not all is done")
        return faults + self._resumed(project, words)

    def _resumed(self, project: Project, words: list[str]) -> list[str]:
        """What is wrong once nothing works for a project any more, and the command was run again."""
        faults = [f"a process is left: {left}" for left in still_there(str(project.root))]
        again = bilan(project, words)
        if again.status not in (self.whole.status, 0, 1) or "Traceback" in again.said:
            faults.append(f"the next run stopped with {again.status}: {again.said[-600:]}")
        last = tree(project)
        faults += [f"after the next run, {name} is not as it should be" for name in _differ(last, self.after)]
        return faults + [f"after the next run, {name} is left" for name in leftovers(project)]

    def _halves(self, now: dict[str, bytes]) -> Iterator[str]:
        """The files that are neither as before nor as after, the folders that are of both."""
        for name in now.keys() | self.before.keys():
            if now.get(name) not in (self.before.get(name), self.after.get(name)):
                yield f"{name} is neither as before nor as after"
        for folder in WHOLE:
            states = [
                {name: content for name, content in state.items() if name.startswith(folder)}
                for state in (now, self.before, self.after)
            ]
            if states[0] not in states[1:]:
                yield f"{folder} is half of before and half of after"


def _differ(found: dict[str, bytes], expected: dict[str, bytes]) -> list[str]:
    return sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))


def _told(found: Run) -> Iterator[str]:
    """What is wrong of the message of a command that the machine refused something."""
    if found.status not in (0, 1):
        yield f"exit {found.status}: {found.said[-600:]}"
    if "Traceback" in found.said:
        yield f"a traceback: {found.said[-900:]}"
    if found.status == 1 and not ("« /" in found.said and "relance" in found.said):
        yield f"no path, or nothing to do: {found.said[-300:]}"
