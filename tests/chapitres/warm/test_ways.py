"""An ordinary kernel, a forked one, cells in a forked process: the same outputs, the same faults, nothing left over."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
import papermill
import psutil
import pytest
from nbformat import NotebookNode

from analysis.chapitres import engine
from analysis.chapitres.catalogue import catalogue, make_bundle, measures_for, of_all, selected
from analysis.chapitres.check import faults
from analysis.chapitres.engine import WAYS, Task
from analysis.chapitres.opening import LECTURES
from analysis.chapitres.warm import client, entry
from analysis.indicateurs.calcul import calculer
from analysis.indicateurs.depenses_passives.etude import etudier
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project
from analysis.sources.register import Register

pytestmark = pytest.mark.skipif(not client.can_fork(), reason="kernels are forked on Linux only")

ALL = ("bilan", "bilan-warm", "bilan-lean")
FORKED = ("bilan-warm", "bilan-lean")

Run = Callable[..., NotebookNode]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs cells by an engine; the notebook as it leaves it, a fault among its outputs."""
    entry.register()

    def ran(name: str, *cells: str, **options: Any) -> NotebookNode:
        made = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
            metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
        )
        target = tmp_path / "executed.ipynb"
        with suppress(papermill.PapermillExecutionError):
            papermill.execute_notebook(
                made, target, engine_name=name, kernel_name="python3", progress_bar=False, **options
            )
        return nbformat.read(target, as_version=4)

    return ran


def cells(executed: NotebookNode) -> list[tuple[str, int | None, list[Any]]]:
    """What stands in each cell of code, but for what differs from a run to the next."""
    return [
        (cell.source, cell.execution_count, cell.outputs)
        for cell in executed.cells
        if cell.cell_type == "code"
    ]


def text(executed: NotebookNode) -> str:
    """What the cells printed."""
    return "".join(o.text for _, _, outputs in cells(executed) for o in outputs if o.output_type == "stream")


UGLY = (
    "import pandas as pd\nt = pd.DataFrame([[i * j for j in range(30)] for i in range(3)])\nt",
    "print(t)\nprint('é', '\\u202f', '😀')",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.title('Été')\nplt.show()",
    "plt.figure(); plt.bar(['a', 'b'], [1, 2])",
    "from IPython.display import HTML, Markdown, display\ndisplay(HTML('<p>un</p>'), Markdown('*deux*'))\n3",
    "from IPython.display import clear_output\nprint('parti')\nclear_output()\nprint('resté')",
    "h = display('avant', display_id='x')\nh.update('après')",
    "_, Out[1] is t, In[1][:6], __name__",
    "import asyncio\nawait asyncio.sleep(0)\nx = 4",
    "import sys\nprint('vers la sortie')",
    "%%capture caught\nprint('caché')",
    "caught.stdout",
    "import os\nget_ipython().kernel is not None, os.environ['OMP_NUM_THREADS'], sys.path[0]",
    "def f(n):\n    return 1 / n\nf(0)",
    "print('jamais')",
)
"""Cells that show what kernels show, and one that fails."""


def test_what_cells_show_is_the_same_in_the_three_ways(run: Run) -> None:
    expected = cells(run("bilan", *UGLY))
    assert len(expected[2][2]) == 1 and "image/png" in expected[2][2][0].data
    assert expected[-1][2] == [] and expected[-2][2][0].ename == "ZeroDivisionError"
    for name in FORKED:
        assert cells(run(name, *UGLY)) == expected, name


@pytest.mark.lent
def test_every_chapter_of_the_catalogue_is_the_same_in_the_three_ways(
    published: Register, tmp_path: Path
) -> None:
    project = Project.here()
    resultats = calculer(project, [territoire.code for territoire in published.territoires])
    mesures, etude = measures_for("publication", resultats), etudier(project, published)
    for chapter in selected(catalogue(published, "reel"), [*of_all(), "premery"]):
        bundle = make_bundle(
            project,
            published,
            chapter.code,
            resultats=resultats,
            mesures=mesures,
            etude=etude,
            mode="publication",
        )
        notebook = (project.notebooks / chapter.notebook).read_bytes()
        task = Task(notebook, chapter.parameters, bundle.to_bytes())
        executed = {}
        for name, way in WAYS.items():
            folder = tmp_path / f"{chapter.code}-{name}"
            folder.mkdir()
            executed[name] = nbformat.reads(way(task, folder).decode("utf-8"), as_version=4)
        assert faults(executed["stock"], root=project.root) == [], chapter.code
        assert sum(len(outputs) for _, _, outputs in cells(executed["stock"])) > 5, chapter.code
        for name in ("lean", "warm"):
            assert cells(executed[name]) == cells(executed["stock"]), (chapter.code, name)
            assert executed[name].metadata[LECTURES] == executed["stock"].metadata[LECTURES], chapter.code


@pytest.mark.parametrize("name", FORKED)
def test_each_child_has_its_own_names_folder_environment_and_seed(
    run: Run, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    show = (
        "import os, random, sys\nimport numpy as np\n"
        "print(os.environ.get('BILAN_ESSAI'), os.getcwd(), 'reste' in dir(), random.random(), np.random.random())\n"
        "print(os.getpid() == os.getpgrp(), sys.stdin.read() == '')\n"
        "import analysis.noyau.errors\nanalysis.noyau.errors.reste = reste = 1"
    )
    told = []
    for value in ("un", "deux"):
        folder = tmp_path / value
        folder.mkdir()
        monkeypatch.setenv("BILAN_ESSAI", value)
        monkeypatch.chdir(folder)
        first, second = text(run(name, show)).splitlines()
        assert first.startswith(f"{value} {folder} False ") and second == "True True"
        told.append(first.split()[-2:])
    assert told[0][0] != told[1][0] and told[0][1] != told[1][1]


@pytest.mark.parametrize("name", ALL)
def test_a_kernel_that_dies_and_a_cell_that_lasts_are_errors_of_their_cell(run: Run, name: str) -> None:
    killed = run(name, "print('avant')", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "3")
    assert text(killed) == "avant\n"
    (told,) = faults(killed, root=Path("/nulle-part"))
    assert told.startswith("cellule 2 : Noyau arrêté, il a été tué")
    started = time.monotonic()
    late = run(name, "a = 1", "import time\nprint('là', flush=True)\ntime.sleep(60)", cell_timeout=5.0)
    assert faults(late, root=Path("/nulle-part")) == [
        "cellule 2 : Temps dépassé, la cellule a été arrêtée au bout de 5 s"
    ]
    assert text(late) == "là\n" and time.monotonic() - started < 50  # it was not waited for


def test_a_chapter_has_its_time_and_its_memory(run: Run) -> None:
    nap = "import time\ntime.sleep(1)"
    late = run("bilan-lean", nap, nap, nap, nap, nap, nap, chapter_timeout=3.0)
    (told,) = faults(late, root=Path("/nulle-part"))
    assert told.endswith(" : Temps dépassé, le chapitre a été arrêté") and not told.startswith("cellule 6")
    large = run("bilan-lean", "x = bytearray(10**6)", "x = bytearray(3 * 10**9)", memory=2 * 10**9)
    (told,) = faults(large, root=Path("/nulle-part"))
    assert told.startswith("cellule 2, ligne 1 : MemoryError")


def test_what_is_written_below_python_and_by_a_pool_is_shown(run: Run) -> None:
    executed = run(
        "bilan-lean",
        "import os, subprocess, sys\nprint('un')\nx = subprocess.run(['echo', 'deux'])",
        "def square(n):\n    os.write(1, f'calcul {n}\\n'.encode())\n    return n * n",
        "from concurrent.futures import ProcessPoolExecutor\nfrom multiprocessing import get_context\n"
        "with ProcessPoolExecutor(2, mp_context=get_context('fork')) as pool:\n"
        "    print(sum(pool.map(square, range(4000), chunksize=50)))",
    )
    assert faults(executed, root=Path("/nulle-part")) == []
    first, _, third = ("".join(o.text for o in outputs) for _, _, outputs in cells(executed))
    assert first == "un\ndeux\n"
    total, *below = third.splitlines()
    assert total == str(3999 * 4000 * 7999 // 6), "the sum of the squares up to 3,999"
    assert sorted(below) == sorted(f"calcul {n}" for n in range(4000)), "none is written over another"


@pytest.mark.parametrize("name", FORKED)
def test_nothing_that_a_chapter_started_outlives_it(run: Run, name: str) -> None:
    executed = run(name, "import os, subprocess\nprint(os.getpid(), subprocess.Popen(['sleep', '300']).pid)")
    numbers = [int(number) for number in text(executed).split()]
    assert len(numbers) == 2
    limit = time.monotonic() + 20
    while any(psutil.pid_exists(number) for number in numbers) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not any(psutil.pid_exists(number) for number in numbers)


def test_a_process_with_threads_is_not_forked_and_says_which_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lance_un_fil.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    refused = client.Nursery(["lance_un_fil"])
    try:
        with pytest.raises(BilanError, match=r"a 2 fils d'exécution.*importation : lance_un_fil\."):
            refused.fork("lean", [], environment=dict(os.environ), folder="/")
    finally:
        refused.close()


def test_a_module_that_fails_at_its_import_fails_in_its_cell_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "faux.py").write_text("1 / 0\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    nursery = client.Nursery(["faux"])
    try:
        child = nursery.fork("kernel", ["--version"], environment=dict(os.environ), folder="/")
        assert child.wait(30) == 0
    finally:
        nursery.close()


def test_the_process_is_replaced_when_a_module_changes_and_its_children_live_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    modules = ("analysis.noyau.errors",)
    first = client.nursery(modules)
    assert client.nursery(modules) is first
    child = first.fork("kernel", ["-f", str(tmp_path / "k.json")], environment=dict(os.environ), folder="/")
    monkeypatch.setenv("PYTHONBREAKPOINT", "0")
    second = client.nursery(modules)
    assert second is not first and child.poll() is None
    child.signal(9)
    assert child.wait(20) == -9
    client.close_all()


def test_a_batch_that_is_killed_takes_its_processes_with_it(tmp_path: Path) -> None:
    code = (
        "import os, sys, time\nfrom analysis.chapitres.warm import client\n"
        "child = client.nursery(['analysis.noyau.errors']).fork('kernel', ['-f', sys.argv[1]], "
        "environment=dict(os.environ), folder='/')\n"
        "print(child.number, flush=True)\ntime.sleep(300)"
    )
    batch = psutil.Popen([sys.executable, "-c", code, str(tmp_path / "k.json")], stdout=-1, encoding="utf-8")
    child = psutil.Process(int(batch.stdout.readline()))
    server = child.parent()
    assert server is not None and server.ppid() == batch.pid
    batch.kill()
    batch.wait()
    gone, alive = psutil.wait_procs([child, server], timeout=20)
    assert not alive


def test_a_server_that_is_killed_takes_its_children_with_it(tmp_path: Path) -> None:
    nursery = client.Nursery(["analysis.noyau.errors"])
    child = nursery.fork("kernel", ["-f", str(tmp_path / "k.json")], environment=dict(os.environ), folder="/")
    process = psutil.Process(child.number)
    nursery.close()
    assert not psutil.wait_procs([process], timeout=20)[1]
    assert child.wait(20) == -9
    with pytest.raises(BilanError, match="s'est arrêté"):
        nursery.fork("lean", [], environment={}, folder="/")


def test_a_server_that_is_killed_while_it_imports_is_not_waited_for() -> None:
    nursery = client.Nursery(["analysis.noyau.errors"])
    os.kill(nursery._process.pid, signal.SIGSTOP)  # a machine that lets it import for as long as it wants
    threading.Timer(1.0, os.kill, (nursery._process.pid, signal.SIGKILL)).start()
    started = time.monotonic()
    with pytest.raises(BilanError, match="s'est arrêté"):
        nursery.fork("lean", [], environment={}, folder="/")
    assert time.monotonic() - started < client._PATIENCE / 10
    nursery.close()


def test_where_a_kernel_cannot_be_forked_an_ordinary_one_runs_and_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert engine.best() is engine.lean
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(engine, "can_fork", lambda: False)
    assert engine.best() is engine.stock
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("name", ("lean", "warm"))
def test_no_chapter_that_ran_stays_in_memory(name: str, tmp_path: Path) -> None:
    """However seldom Python looks for what leads to itself: six hundred chapters would fill the memory."""
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(f"{number}", id=f"c{number}") for number in range(20)],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
    )
    task = Task(nbformat.writes(made).encode(), {}, b"paquet")

    def left() -> int:
        return sum(isinstance(one, NotebookNode) for one in gc.get_objects())

    gc.collect()
    before = left()
    gc.disable()
    try:
        assert b'"19"' in WAYS[name](task, tmp_path)
        assert left() - before < 20
    finally:
        gc.enable()
