"""Whatever stops a command that writes, nothing is stored by halves or lost, and the next one goes on.

All of it, at each operation, is in ``benchmarks/arrets.py``; here a drawn sample, and the order of what is asked of
the disk.
"""

from __future__ import annotations

import argparse
import ast
import datetime
import errno
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from pannes import CASES, KILLED, LEFT, Bench, Stop, at_once, bilan, leftovers, tree, write_world

from analysis import cli
from analysis.chapitres import options_alertes, options_verdict
from analysis.depot import options_depot
from analysis.noyau.paths import Project
from analysis.relecture import options_relecture

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="processes are forked, as on Linux"
)

READING = {
    *("etat", "verifier", "serve", "territoires", "depot etat", "legislation comparer", "impact comparer"),
    *(
        "verdict etat",
        "candidat etat",
        "alertes etat",
        "verifier-archive",
        "garde",
        "securite",
        "secret expliquer",
        "secret auditer",
    ),
}
"""The commands that leave nothing in the project: stopping one of them takes nothing from anybody."""

ELSEWHERE = {
    "build": "tests/test_reprise.py, benchmarks/arrets.py",
    "publish": "tests/test_edition.py, benchmarks/arrets.py",
    "archive": "tests/livre/editions/test_archive.py, benchmarks/arrets.py",
    "demonstration": "it makes its folder anew: benchmarks/reprise.py kills the build that it ends with",
    "comparer": "benchmarks/arrets.py",
    "apercu": "one page, written whole, as the last test holds",
    "lettre": "three files, each written whole, as the last test holds",
    "candidat carnet": "the page that `apercu` writes, by the same function",
    "impact calculer": "tests/impact: what `impact accepter` writes, by the same function",
    "legislation accepter": "it takes half a minute: its two files are written whole, as the last test holds",
    "sources telecharger": "tests/sources/ouvertes/test_telechargement.py",
    "lab": "JupyterLab writes the notebooks, not this program",
}
"""The commands that write and take longer, and where they are stopped."""


def typed(parser: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command that may be typed."""
    below = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if words and not any(action.required for action in below):
        yield " ".join(words)
    for action in below:
        for name, child in action.choices.items():
            yield from typed(child, (*words, name))


def test_every_command_says_whether_it_writes_and_each_that_writes_is_stopped_somewhere() -> None:
    stopped = {name.partition(",")[0] for name in CASES}
    known = READING | ELSEWHERE.keys() | stopped
    assert set(typed(cli.parser())) - {"sources"} == known, (
        "say of a new command whether it writes, and stop it"
    )
    assert len(known) == len(READING) + len(ELSEWHERE) + len(stopped)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_world(tmp_path_factory.mktemp("monde") / "projet").root


@pytest.fixture(scope="module")
def bench(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Bench]:
    """Each command on a copy of the project, run once as it goes."""

    @cache
    def made(name: str) -> Bench:
        return Bench(world, tmp_path_factory.mktemp("banc"), CASES[name])

    return made


@pytest.mark.parametrize("name", CASES)
def test_what_counts_is_on_the_disk_before_its_name_and_its_name_after(
    bench: Callable[[str], Bench], name: str
) -> None:
    """Nothing is written where it counts: beside, settled, renamed, and the folder settled; a removal too."""
    run = bench(name).whole
    assert run.status in (0, 1) and "Traceback" not in run.said, run.said
    asked = [tuple(line.split("\t")) for line in run.operations]
    for rank, (what, place, *source) in enumerate(asked):
        parent = str(Path(place).parent)
        if what == "write":
            is_cache = place.startswith(
                "papermill_runs/stations/"
            )  # a line cut short there is no known digest
            assert ".en-cours-" in place or is_cache, f"{place} is written in its place"
        if what in ("os.rename", "os.link"):
            settled = {p for w, p, *_ in asked[:rank] if w == "fsync"}
            inside = {
                p
                for w, p, *_ in asked[:rank]
                if w == "write" and (p == source[0] or p.startswith(source[0] + "/"))
            }
            assert inside <= settled, f"{place} gets its name before {inside - settled} is on the disk"
        if what in ("os.rename", "os.link", "os.remove", "os.rmdir") and not any(
            m in place for m in LEFT[1:]
        ):
            later = {p or "." for w, p, *_ in asked[rank:] if w == "fsync"}
            gone = any(
                w == "os.rmdir" and (p == parent or parent.startswith(p + "/")) for w, p, *_ in asked[rank:]
            )
            assert parent in later or gone, f"{what} of {place}: its folder is not on the disk afterwards"


def draws(count: int, seed: int) -> list[tuple[str, float]]:
    """Commands, and where in their operations they are stopped, from 0 to 1."""
    drawn = random.Random(seed)
    return [(drawn.choice(sorted(CASES)), drawn.random()) for _ in range(count)]


@pytest.mark.parametrize(("name", "when"), draws(10, 20263))
def test_ten_kills_lose_nothing(bench: Callable[[str], Bench], name: str, when: float) -> None:
    found = bench(name)
    assert found.faults(Stop(int(when * len(found.whole.operations)))) == []


@pytest.mark.parametrize(
    "name", ["depot effacer", "depot effacer, une personne", "relecture retirer, un fichier"]
)
def test_what_was_being_erased_is_erased_by_the_same_command(
    bench: Callable[[str], Bench], name: str
) -> None:
    """Killed between what says that there is something to erase and what is made of it: previews, workbooks."""
    found = bench(name)
    asked = [line.split("\t") for line in found.whole.operations]
    kept = [
        rank
        for rank, (what, place, *_) in enumerate(asked)
        if what in ("os.rename", "os.remove", "fsync") and ".en-cours-" not in place
    ]
    assert [(rank, fault) for rank in kept[-5:] for fault in found.faults(Stop(rank))] == []


@pytest.mark.parametrize(("name", "when"), draws(10, 20264))
@pytest.mark.parametrize("how", [errno.ENOSPC, errno.EACCES], ids=["full", "refused"])
def test_what_the_machine_refuses_is_told_and_nothing_is_stored_by_halves(
    bench: Callable[[str], Bench], name: str, when: float, how: int
) -> None:
    found = bench(name)
    assert found.faults(Stop(int(when * len(found.whole.operations)), how)) == []


def test_a_kill_is_a_kill(bench: Callable[[str], Bench]) -> None:
    project = bench("alertes taire").project()
    run = bilan(project, bench("alertes taire").case.typed(project), Stop(3))
    assert run.status == KILLED and len(run.operations) == 4


def test_a_deposit_cut_short_does_not_outlive_the_erasure_of_its_people(
    bench: Callable[[str], Bench], world: Path
) -> None:
    """Nothing of it is kept, so that nothing is to be erased; its half would stay."""
    project = bench("depot recevoir, le premier").project()
    words = CASES["depot recevoir, le premier"].typed(project)
    asked = bilan(project, words).operations
    project = bench("depot recevoir, le premier").project()
    half = next(
        rank for rank, line in enumerate(asked) if line.startswith("os.rename") and "/val/0001" in line
    )
    assert bilan(project, words, Stop(half)).status == KILLED
    left = [name for name in leftovers(project) if "recus" in name]
    assert left and any((project.root.parent / name).rglob("personnes.csv") for name in left)
    bilan(project, ["depot", "effacer", "--territoire", "val", "--tous", "--confirmer"])
    assert leftovers(project) == []


def six(world: Path, place: Path, *commands: list[str]) -> tuple[Project, list[str]]:
    """Commands at once on a copy of the project; what each said."""
    project = Project(Path(shutil.copytree(world, place / "à six")))
    runs = at_once(project, list(commands))
    assert [run.status for run in runs] == [0] * len(commands), [run.said for run in runs]
    assert leftovers(project) == []
    return project, [run.said for run in runs]


def test_six_who_receive_the_same_deposit_make_one(world: Path, tmp_path: Path) -> None:
    words = ["depot", "recevoir", str(world / "envois" / "val n° 2")]
    project, said = six(world, tmp_path, *[words] * 6)
    assert sum("Dépôt n° 2 de « val » reçu" in text for text in said) == 1
    assert sum("déjà ceux du dépôt n° 2" in text for text in said) == 5
    assert sorted(p.name for p in (project.depots / "recus" / "val").glob("0*")) == ["0001", "0002"]


def test_six_who_write_in_one_file_keep_the_six(world: Path, tmp_path: Path) -> None:
    codes = (
        "etp_sous_plan",
        "attente_immobile",
        "fonds_propres",
        "exercice_absent",
        "derogation",
        "plan_absent",
    )
    known = (world / "data/territoires_suivis/alertes.csv").read_text(encoding="utf-8").splitlines()[1:]
    alerts = [line.partition(",")[0] for line in known][: len(codes)]
    commands = [
        ["alertes", "taire", "--territoire", "val", "--alerte", code, "--jusqu-au", "2030-12-31"]
        + ["--motif", "essai", "--par", "Équipe"]
        for code in alerts
    ]
    project, _ = six(world, tmp_path, *commands)
    kept = (project.territoires_suivis / "silences.csv").read_text(encoding="utf-8")
    assert all(f"val,{code}," in kept for code in alerts)


def test_six_who_draw_codes_give_each_person_one(world: Path, tmp_path: Path) -> None:
    project, _ = six(world, tmp_path, *[["enquete", "codes", "--territoire", "val"]] * 6)
    table = (project.depots / "val" / "codes-val.csv").read_text(encoding="utf-8").split()[1:]
    people = (project.depots / "val" / "participants-val.csv").read_text(encoding="utf-8").split()[1:]
    assert sorted(line.split(";")[1] for line in table) == [line.split(",")[3] for line in people]


class Earlier(datetime.date):
    """A clock that was set back by years."""

    @classmethod
    def today(cls) -> datetime.date:
        return datetime.date(2001, 1, 1)


@pytest.mark.parametrize(
    "name", ["depot recevoir", "depot effacer", "verdict signer", "relecture repondre", "alertes taire"]
)
def test_a_clock_set_back_is_told_and_nothing_changes(
    world: Path,
    tmp_path: Path,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project = Project(Path(shutil.copytree(world, tmp_path / "projet")))
    monkeypatch.setenv("BILAN_RACINE", str(project.root))
    monkeypatch.setenv("BILAN_CLE", str(project.root / "clé" / "clé des dépôts"))
    words = CASES[name].typed(project)
    if name in ("relecture repondre", "alertes taire"):  # what is kept is of a day that they wrote themselves
        assert cli.main(words) == 0
    if name == "relecture repondre":
        words = CASES["relecture repondre"].typed(project)
    before = tree(project)
    for module in (options_depot, options_verdict, options_relecture, options_alertes):
        monkeypatch.setattr(module, "date", Earlier)
    capsys.readouterr()
    assert cli.main(words) == 1
    assert "L'horloge de ce poste dit 1er janvier 2001" in capsys.readouterr().err
    reports = {n for n in tree(project) if "constats-" in n}
    assert {n: c for n, c in tree(project).items() if n not in reports} == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="another account is taken by root alone")
@pytest.mark.parametrize("name", CASES)
def test_an_account_without_rights_changes_nothing_and_is_told_where(world: Path, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        project = Project(Path(shutil.copytree(world, Path(folder) / "projet")))
        CASES[name].before(project)
        for path in project.root.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        before = tree(project)
        run = bilan(project, CASES[name].typed(project), account=65534)
        assert run.status == 1 and "Traceback" not in run.said, run.said
        assert "le compte « " in run.said and f"« {project.root}" in run.said, run.said
        assert tree(project) == before


@pytest.mark.parametrize("locale", ["C", "fr_FR", "tr_TR"])
def test_in_another_locale_the_same_is_kept(
    bench: Callable[[str], Bench], tmp_path: Path, locale: str
) -> None:
    """Locales whose letters are not Unicode's: Turkish has two letters i."""
    compiled = {"fr_FR": "ISO-8859-1", "tr_TR": "ISO-8859-9"}
    environment = {
        **os.environ,
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "LC_ALL": locale,
        "LOCPATH": str(tmp_path),
    }
    if locale in compiled:
        if not shutil.which("localedef") or not Path(f"/usr/share/i18n/locales/{locale}").is_file():
            pytest.skip("localedef and its sources are not on this machine")
        made = ["localedef", "-i", locale, "-f", compiled[locale], str(tmp_path / locale)]
        subprocess.run(made, check=False, capture_output=True)
        assert (tmp_path / locale / "LC_CTYPE").is_file()
    for name in ("depot recevoir", "relecture recevoir"):
        found = bench(name)
        project = found.project()
        environment |= {
            "BILAN_RACINE": str(project.root),
            "BILAN_CLE": str(project.root / "clé" / "clé des dépôts"),
        }
        words = found.case.typed(project)
        done = subprocess.run(
            [sys.executable, "-m", "analysis.cli", *words], env=environment, capture_output=True
        )
        assert done.returncode == 0 and b"Traceback" not in done.stderr, done.stderr
        assert tree(project) == found.after


BESIDE = {
    "chapitres/cluster.py": "a folder of work of its own",
    "chapitres/engine.py": "a folder of work of its own",
    "chapitres/opening.py": "beside the bundle, in a folder of work",
    "demonstration": "made anew from its seed where it is not as it was noted once whole",
    "depot/ecrits/modele.py": "in memory",
    "depot/garde/ledger.py": "a folder that takes its place whole",
    "livre/ecran/site.py": "a folder that takes its place whole",
    "livre/editions/archive.py": "a file that takes its place whole",
    "livre/editions/archive_lue.py": "an empty folder, refused when it is not",
    "livre/editions/commit_git.py": "the same empty folder",
    "livre/editions/edition.py": "two folders that take their places whole",
    "livre/editions/releve.py": "a folder that takes its place whole",
    "livre/imprime/mise_en_page.py": "a folder of work of its own",
    "livre/imprime/pdf.py": "a folder that takes its place whole",
    "livre/imprime/typst_markup.py": "a folder of work of its own",
    "noyau/declared/verifiees.py": "a cache of digests, of which a line cut short is none",
    "noyau/documentation.py": "a page that is written from the dictionary, in git",
    "noyau/verifications.py": "a page that is written from the dictionary, in git",
    "relecture/remis/chapitre_docx.py": "a folder of work of its own",
    "relecture/remis/preparation.py": "a folder that takes its place whole",
    "secret/seuils.py": "a page that is written from the rules, in git",
    "sources/ouvertes/telechargement.py": "a file that takes its place whole",
}
"""The modules that write by themselves, and where what they write stands meanwhile."""


def test_no_other_module_writes_in_the_place_of_a_file() -> None:
    """Whoever writes what counts does it by ``noyau/files/scratch.py``."""
    package = Path(cli.__file__).parent
    found = set()
    for path in package.rglob("*.py"):
        name = path.relative_to(package).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _writes(node) and name != "noyau/files/scratch.py":
                found.add(next((known for known in BESIDE if name.startswith(known)), name))
    assert found - BESIDE.keys() == set()


def _writes(call: ast.Call) -> bool:
    """Whether a call writes a file where it stands."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in ("write_text", "write_bytes", "copyfile", "copytree"):
        return True
    modes = [a.value for a in (*call.args, *(k.value for k in call.keywords)) if isinstance(a, ast.Constant)]
    return name == "open" and any(isinstance(m, str) and re.fullmatch(r"[wxa][bt+]*", m) for m in modes)
