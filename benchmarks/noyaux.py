"""What it costs to run the chapters of many invented territories, beside the least and the usual ways.

    python benchmarks/noyaux.py --chapters 60 --repeat 3 [--tasks FILE] [--lines limit lean …]

The chapters are those of a demonstration of as many territories, prepared first and left out of the figures;
with ``--tasks`` they are kept in a file, and taken from it the next time. Beyond what it holds they are
repeated. Each line is a process of its own, two chapters at a time:

- ``limit``: the same cells as a plain Python script. Imports once, two forked workers, the same figures and
  tables made; nothing of Jupyter but nbformat, which writes what was shown;
- ``lean``, ``warm``, ``stock``: the three ways of ``analysis.chapitres.engine``: cells in a forked process, a
  forked kernel, an ordinary kernel;
- ``lean, articles``: the first, and each chapter's article by our nbconvert exporter in the same process;
- ``papermill, pool of two``: ``papermill.execute_notebook`` as it comes in a pool of two processes, then
  nbconvert's HTML exporter in the same process;
- ``command lines``: ``papermill`` then ``jupyter nbconvert``, a process each, two chapters at a time.

Wall time, processor time of all processes and peak of memory as ``benchmarks/commun.py`` measures them. Every
line must show the same HTML, cell by cell. Linux only.
"""

from __future__ import annotations

import argparse
import ast
import json
import multiprocessing
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import nbformat
from commun import Cost, begin, cost_of, table

from analysis.chapitres.engine import WAYS, Task
from analysis.chapitres.opening import BUNDLE_VARIABLE

WORKERS = 2
FIRST = "limit"
Tasks = list[Task]


def invented_tasks(number: int) -> Tasks:
    """The tasks of the chapters of so many invented territories."""
    from build import copy_of_project

    from analysis.chapitres.catalogue import catalogue
    from analysis.demonstration.avis.codeurs import receive_coding
    from analysis.demonstration.etapes.ecrits import prepare
    from analysis.demonstration.etapes.envois import GRAINE, deposit, receive
    from analysis.demonstration.lieux import territoires
    from analysis.depot.referentiel import load_referentiel
    from analysis.livre.build import compute
    from analysis.noyau.paths import Project
    from analysis.sources.register import load_register

    with tempfile.TemporaryDirectory() as name:
        here = Project(copy_of_project(Path(name)))
        invented = here.demonstration
        lieux = territoires(number)
        prepare(here, invented, lieux)
        referentiel = load_referentiel(invented)
        for lieu in lieux:
            deposit(invented, referentiel, lieu)
            receive(invented, referentiel, lieu.code)
            receive_coding(invented, referentiel, lieu.code, GRAINE)
        register = load_register(invented)
        chapters = catalogue(register, invented.nature)
        bundles = compute(invented, register, chapters).bundles
        return [
            Task(
                (invented.notebooks / chapter.notebook).read_bytes(),
                dict(chapter.parameters),
                bundles[chapter.code],
            )
            for chapter in chapters
            if chapter.part == "territoires"
        ]


def by_way(name: str, *, articles: bool = False) -> Callable[[Tasks, Path], None]:
    """Runs the tasks by one of our ways."""

    def run(tasks: Tasks, folder: Path) -> None:
        def one(numbered: tuple[int, Task]) -> None:
            number, task = numbered
            own = folder / str(number)
            own.mkdir()
            executed = WAYS[name](task, own)
            (folder / f"{number}.ipynb").write_bytes(executed)
            if articles:
                from analysis.livre.article.exporter import ArticleExporter

                notebook = nbformat.reads(executed.decode("utf-8"), as_version=4)
                body, _ = ArticleExporter().from_notebook_node(notebook)
                (folder / f"{number}.html").write_text(body, encoding="utf-8")

        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(one, enumerate(tasks)))

    return run


def limit(tasks: Tasks, folder: Path) -> None:
    """The cells as a script: two processes forked after the imports."""
    first = nbformat.reads(tasks[0].notebook.decode("utf-8"), as_version=4)
    imports = next(cell for cell in first.cells if cell.cell_type == "code")
    _exec(imports.source, {})
    with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("fork")) as pool:
        list(pool.map(_script, tasks, (folder / str(number) for number in range(len(tasks)))))


def _script(task: Task, folder: Path) -> None:
    folder.mkdir()
    (folder / "paquet.json").write_bytes(task.bundle)
    os.environ[BUNDLE_VARIABLE] = str(folder / "paquet.json")
    notebook = nbformat.reads(task.notebook.decode("utf-8"), as_version=4)
    names: dict[str, Any] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            shown = _exec(cell.source, names)
            cell.outputs = [] if shown is None else [_output(shown)]
        if "parameters" in cell.metadata.get("tags", ()):
            names |= task.parameters
    folder.with_suffix(".ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")


def _exec(source: str, names: dict[str, Any]) -> Any:
    """Run a cell without its magics; the value of its last expression."""
    lines = [line for line in source.splitlines() if not line.startswith("%")]
    tree = ast.parse("\n".join(lines))
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


def _output(shown: Any) -> nbformat.NotebookNode:
    data = {"text/html": shown._repr_html_(), "text/plain": repr(shown)}
    return nbformat.v4.new_output("execute_result", data=data)


def pool_of_two(tasks: Tasks, folder: Path) -> None:
    """Papermill as it comes, nbconvert after it, in two processes."""
    with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_papermill, tasks, (folder / str(number) for number in range(len(tasks)))))


def _papermill(task: Task, folder: Path) -> None:
    import papermill
    from nbconvert import HTMLExporter

    folder.mkdir()
    (folder / "paquet.json").write_bytes(task.bundle)
    os.environ[BUNDLE_VARIABLE] = str(folder / "paquet.json")
    target = folder.with_suffix(".ipynb")
    papermill.execute_notebook(
        nbformat.reads(task.notebook.decode("utf-8"), as_version=4),
        target,
        parameters=dict(task.parameters),
        kernel_name="python3",
        progress_bar=False,
    )
    body, _ = HTMLExporter(exclude_input=True).from_filename(str(target))
    folder.with_suffix(".html").write_text(body, encoding="utf-8")


def command_lines(tasks: Tasks, folder: Path) -> None:
    """A process for each command."""

    def one(numbered: tuple[int, Task]) -> None:
        number, task = numbered
        source, target = folder / f"{number}-in.ipynb", folder / f"{number}.ipynb"
        source.write_bytes(task.notebook)
        bundle = folder / f"{number}.json"
        bundle.write_bytes(task.bundle)
        given = [word for name, value in task.parameters.items() for word in ("-p", name, value)]
        environment = {**os.environ, BUNDLE_VARIABLE: str(bundle)}
        for command in (
            ["papermill", str(source), str(target), "-k", "python3", *given],
            ["nbconvert", "--to", "html", "--no-input", str(target)],
        ):
            subprocess.run([sys.executable, "-m", *command], env=environment, check=True, capture_output=True)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(one, enumerate(tasks)))


LINES: dict[str, Callable[[Tasks, Path], None]] = {
    FIRST: limit,
    "lean": by_way("lean"),
    "warm": by_way("warm"),
    "stock": by_way("stock"),
    "lean, articles": by_way("lean", articles=True),
    "papermill, pool of two": pool_of_two,
    "command lines": command_lines,
}


def shown(folder: Path) -> Iterator[list[str]]:
    """The HTML that each executed notebook of a folder shows, to see that a line did the work."""
    for path in sorted(folder.glob("*[0-9].ipynb"), key=lambda path: int(path.stem)):
        cells = nbformat.read(path, as_version=4).cells
        outputs = [output for cell in cells for output in cell.get("outputs", ())]
        assert not any(output.output_type == "error" for output in outputs), path
        yield [output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--chapters", type=int, default=60)
    parser.add_argument("--repeat", type=int, default=3, help="runs of each line; the median is shown")
    parser.add_argument("--lines", nargs="+", choices=LINES, default=list(LINES))
    parser.add_argument("--tasks", type=Path, help="where the prepared chapters are kept")
    parser.add_argument("--run", choices=LINES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = begin(parser)
    if options.run:
        with options.tasks.open("rb") as file:
            tasks = list(islice(cycle(pickle.load(file)), options.chapters))
        LINES[options.run](tasks, options.folder)
        return
    with tempfile.TemporaryDirectory() as name:
        kept = options.tasks or Path(name) / "taches"
        if not kept.is_file():
            kept.write_bytes(pickle.dumps(invented_tasks(options.chapters)))
        costs = measured(kept, options.chapters, options.lines, options.repeat)
        print(table(f"{options.chapters} chapters", costs))


def measured(kept: Path, chapters: int, lines: list[str], repeat: int) -> dict[str, list[Cost]]:
    """The costs of each line; raises AssertionError where one shows another thing than the first."""
    costs: dict[str, list[Cost]] = {line: [] for line in lines}
    expected: list[list[str]] | None = None
    for number in range(repeat):
        for line in lines:
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                script = [sys.executable, __file__, "--run", line, "--tasks", str(kept)]
                command = [*script, "--folder", name, "--chapters", str(chapters)]
                cost = cost_of(lambda command=command: subprocess.run(command, check=True))  # type: ignore[misc]
                costs[line].append(cost)
                load = os.getloadavg()[0]
                told = json.dumps({"line": line, "run": number + 1, **vars(cost), "load": load})
                print(told, file=sys.stderr, flush=True)
                found = list(shown(folder))
                expected = expected or found
                assert len(found) == chapters and found == expected, f"{line} shows another thing"
    return costs


if __name__ == "__main__":
    main()
