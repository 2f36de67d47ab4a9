"""What a sentence costs before it is seen: from the file that is saved to the page that reloads.

    python benchmarks/suivre.py --repeat 5

A copy of the project is built and shown by `bilan serve --suivre`; then a sentence is added to the text of a
territory, again and again. The table gives the seconds until the pages are told that there is a new version
of theirs (« page seen »), those until the build has ended, PDFs and book included (« everything »), and the
processor time of the server and of all that it started. Medians; Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
from commun import begin, copy_of_project
from reprise import a_sentence, build

from analysis.livre.suivi.direct import STREAM
from analysis.noyau.paths import Project

REST = 5.0
"""Seconds between two sentences: whoever writes reads what came of the last one."""


def states(port: int) -> Iterator[dict[str, Any]]:
    """What a page is told by the server, as it comes."""
    for _ in range(600):
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=600)
            connection.request("GET", STREAM)
            break
        except OSError:
            time.sleep(0.1)
    else:
        sys.exit("the server did not start")
    for line in connection.getresponse():
        if line.startswith(b"data: "):
            yield json.loads(line.removeprefix(b"data: "))


def seconds(project: Project, told: Iterator[dict[str, Any]], turn: int) -> tuple[float, float]:
    """From a sentence that is saved: the seconds until the page is seen, and until everything is made."""
    before = next(state for state in told if not state["is_building"])["version"]
    time.sleep(REST)
    a_sentence(project, turn)
    started, seen = time.monotonic(), 0.0
    for state in told:
        if state["faults"]:
            sys.exit("\n".join(state["faults"]))
        if not seen and state["version"] != before:
            seen = time.monotonic() - started
        if seen and not state["is_building"]:
            return seen, time.monotonic() - started
    sys.exit("the server ended")


def processor(server: psutil.Process) -> float:
    """Seconds of processor of a process, of all that descends of it and of what those waited for."""
    used = [one.cpu_times() for one in (server, *server.children(recursive=True))]
    return float(sum(t.user + t.system + t.children_user + t.children_system for t in used))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5, help="sentences; the median is shown")
    options = begin(parser, beside=False)
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        project = Project(copy_of_project(Path(folder) / "bilan"))
        build(project)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = {**os.environ, "BILAN_RACINE": str(project.root)}
        command = [sys.executable, "-m", "analysis.cli", "serve", "--suivre", "--port", str(port)]
        server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        try:
            told = states(port)
            used = processor(psutil.Process(server.pid))
            runs = [seconds(project, told, turn) for turn in range(options.repeat)]
            used = processor(psutil.Process(server.pid)) - used
        finally:
            server.terminate()  # not Ctrl-C: a shell that starts this in its background makes it deaf to that
            server.wait()
    seen, everything = (statistics.median(part) for part in zip(*runs, strict=True))
    print(f"| a sentence, median of {len(runs)} | page seen s | everything s | processor s each |")
    print("|---|---|---|---|")
    print(f"| bilan serve --suivre | {seen:.1f} | {everything:.1f} | {used / len(runs):.1f} |")


if __name__ == "__main__":
    main()
