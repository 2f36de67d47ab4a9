"""A scheduler and workers on loopback, each with its own folder and its own copy of the project."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import dask
import nbformat
import pytest
from distributed import Client
from small import REPOSITORY, Handed

from analysis.chapitres import cluster, engine
from analysis.chapitres.catalogue import catalogue, selected
from analysis.chapitres.cluster import Copy, copy_here
from analysis.chapitres.engine import Task, Workers
from analysis.chapitres.execution import run
from analysis.chapitres.jobs import plan
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project
from analysis.sources.register import Register

pytestmark = pytest.mark.lent

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts one of Dask's programs, in a folder of its own."""
    running: list[subprocess.Popen[bytes]] = []

    def started(program: str, *arguments: str, folder: Path, **environment: str) -> subprocess.Popen[bytes]:
        folder.mkdir(exist_ok=True)
        command = [sys.executable, "-m", f"distributed.cli.dask_{program}", *arguments, "--no-dashboard"]
        told = (folder / "journal").open("wb")
        running.append(
            subprocess.Popen(command, cwd=folder, env={**os.environ, **environment}, stdout=told, stderr=told)
        )
        return running[-1]

    yield started
    for process in running:
        process.kill()
        process.wait()


@pytest.fixture
def address(start: Start, tmp_path: Path) -> str:
    """A scheduler that listens on loopback."""
    return scheduler(start, tmp_path)


def scheduler(start: Start, folder: Path, *options: str, **environment: str) -> str:
    told = folder / "ordonnanceur.json"
    start(
        "scheduler",
        *("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told), *options),
        folder=folder / "ordonnanceur",
        **environment,
    )
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        if told.is_file() and told.read_text(encoding="utf-8").endswith("}"):
            return str(json.loads(told.read_text(encoding="utf-8"))["address"])
        time.sleep(0.1)
    raise AssertionError((folder / "ordonnanceur" / "journal").read_text(encoding="utf-8"))


def worker(start: Start, address: str, folder: Path, **environment: str) -> subprocess.Popen[bytes]:
    """A worker with a copy of the project in its folder, that sees no other."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "src", folder / "src", ignore=ignored)
    shutil.copy(REPOSITORY / "requirements.lock", folder)
    return start(
        "worker",
        *(address, "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1"),
        *("--local-directory", str(folder), "--name", folder.name),
        folder=folder,
        **{"PYTHONPATH": str(folder / "src"), "BILAN_RACINE": "", "TMPDIR": str(folder), **environment},
    )


def task(*cells: str) -> Task:
    """A task whose notebook holds these cells."""
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell('territoire = "val"', id="p", metadata={"tags": ["parameters"]}),
            *(nbformat.v4.new_code_cell(cell, id=f"c{number}") for number, cell in enumerate(cells)),
        ],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
    )
    return Task(nbformat.writes(notebook).encode(), {"territoire": "vide"}, b"paquet")


def outputs(executed: bytes) -> list[object]:
    notebook = nbformat.reads(executed.decode("utf-8"), as_version=4)
    return [(cell.source, cell.outputs) for cell in notebook.cells if cell.cell_type == "code"]


def run_there(found: Workers, asked: Task, folder: Path) -> bytes:
    assert found.way is not None
    return found.way(asked, folder)


SHOWS = "import os\nfrom pathlib import Path\nprint(territoire, Path(os.environ['BILAN_PAQUET']).read_text())"


def test_a_lost_worker_s_chapters_run_again_and_all_are_as_here(
    start: Start, address: str, tmp_path: Path
) -> None:
    lost = worker(start, address, tmp_path / "un")
    kept = worker(start, address, tmp_path / "deux")
    asked = task(SHOWS, "import time\ntime.sleep(4)\nterritoire")
    with Client(address, set_as_default=False) as watcher:
        watcher.wait_for_workers(2, timeout=120)
        with cluster.on(address) as found:
            assert found.number == 2
            with ThreadPoolExecutor(4) as pool:
                running = [pool.submit(run_there, found, asked, tmp_path) for _ in range(4)]
                named = {str(w["name"]): key for key, w in watcher.scheduler_info()["workers"].items()}
                limit = time.monotonic() + 60
                while not watcher.processing()[named["un"]] and time.monotonic() < limit:
                    time.sleep(0.1)
                time.sleep(1)
                assert not any(future.done() for future in running)
                lost.kill()
                done = [future.result(timeout=240) for future in running]
    here = tmp_path / "ici"
    here.mkdir()
    expected = outputs(engine.best()(asked, here))
    assert "vide paquet" in str(expected)
    assert [outputs(executed) for executed in done] == [expected] * 4
    assert kept.poll() is None and not list((tmp_path / "deux").glob("bilan-*"))


def test_a_worker_with_another_lock_is_refused_and_both_are_named(
    start: Start, address: str, tmp_path: Path
) -> None:
    worker(start, address, tmp_path / "autre")
    lock = tmp_path / "autre" / "requirements.lock"
    lock.write_text(lock.read_text(encoding="utf-8") + "# autre\n", encoding="utf-8")
    with pytest.raises(BilanError) as refused, cluster.on(address):
        raise AssertionError("accepted")
    there = hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    assert f"verrou {there} là, {copy_here().lock[:12]} ici" in str(refused.value)
    assert "Travailleur tcp://127.0.0.1:" in str(refused.value)


def test_the_difference_of_two_copies_is_told_and_a_task_checks_it_too() -> None:
    ours = copy_here()
    assert ours.against(ours, "X") == ""
    (first, version), *rest = ours.installed
    other = replace(ours, python="3.9", installed=((first, "0.0.1"), *rest[1:], ("zzz", "1.0")))
    assert ours.against(other, "X") == (
        f"X : Python 3.9 là, {ours.python} ici ; {first} 0.0.1 là, {version} ici."
    )
    with pytest.raises(BilanError, match=r"verrou .* là, abc ici"):
        cluster.executed(task(), replace(ours, lock="abc"))
    assert isinstance(ours, Copy) and len(ours.installed) > 100


def test_nobody_at_the_address_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 2.0)
    told = r"^L'ordonnanceur tcp://127\.0\.0\.1:9 ne répond pas"
    with pytest.raises(BilanError, match=told), cluster.on("tcp://127.0.0.1:9"):
        raise AssertionError("answered")


@pytest.mark.parametrize(
    "typed", ["10.0.0.5:8786", "bidule", "http://10.0.0.5:8786", "tcp://10.0.0.5", "tcp://:1"]
)
def test_what_is_no_address_is_told_before_anything_is_asked(typed: str) -> None:
    told = rf"^« {re.escape(typed)} » n'est pas l'adresse d'un ordonnanceur Dask : attendu tcp:// ou tls://"
    with pytest.raises(BilanError, match=told), cluster.on(typed):
        raise AssertionError("accepted")


def test_a_web_server_at_the_address_is_no_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first eight bytes of its answer are a length of exbibytes in Dask's words."""
    monkeypatch.setattr(cluster, "_PATIENCE", 6.0)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        told = f"^L'ordonnanceur {address} ne répond pas, ou autre chose que Dask y répond"
        with pytest.raises(BilanError, match=told), cluster.on(address):
            raise AssertionError("accepted")
        server.shutdown(socket.SHUT_RDWR)
    left = [found for found in gc.get_objects() if isinstance(found, Client)]
    assert not [
        client for client in left if client.status != "closed"
    ]  # its end would hold up whoever collects it


def test_a_scheduler_without_workers_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 3.0)
    with pytest.raises(BilanError, match="n'a aucun travailleur"), cluster.on(address):
        raise AssertionError("accepted")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make certificates")
def test_tls_is_dask_s_own(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, certificate = tmp_path / "cle.pem", tmp_path / "certificat.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=essai"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    prefix = "DASK_DISTRIBUTED__COMM__TLS__"
    settings = {f"{prefix}CA_FILE": str(certificate)}
    for who in ("SCHEDULER", "WORKER", "CLIENT"):
        settings |= {f"{prefix}{who}__CERT": str(certificate), f"{prefix}{who}__KEY": str(key)}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    dask.config.refresh()
    try:
        address = scheduler(start, tmp_path, "--protocol", "tls", **settings)
        assert address.startswith("tls://")
        worker(start, address, tmp_path / "un", **settings)
        with cluster.on(address) as found:
            assert "vide paquet" in str(outputs(run_there(found, task(SHOWS), tmp_path)))
    finally:
        monkeypatch.undo()
        dask.config.refresh()


def test_the_copies_that_a_build_keeps_are_the_same_bytes_from_there_and_from_here(
    start: Start, address: str, small: Project, register: Register, handed: Handed, tmp_path: Path
) -> None:
    shutil.copytree(REPOSITORY / "notebooks", small.notebooks, ignore=shutil.ignore_patterns("textes"))
    chapters = selected(catalogue(register, "reel"), ["val", "vide"])
    bundles = {c.code: handed(small, register, c.code).to_bytes() for c in chapters}
    jobs = plan(small, chapters, bundles)
    kept: dict[str, dict[str, bytes]] = {}
    worker(start, address, tmp_path / "un")
    with cluster.on(address) as found:
        for where, way in (("here", None), ("there", found.way)):
            outcomes = run(small, jobs, workers=2, report=lambda *_: None, way=way)
            assert [outcome.faults for outcome in outcomes] == [()] * 2
            kept[where] = {path.name: path.read_bytes() for path in sorted(small.runs.glob("*.ipynb"))}
            shutil.rmtree(small.runs)
    assert len(kept["here"]) == 2 and kept["there"] == kept["here"]
