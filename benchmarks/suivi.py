"""What the page of the followed territories costs, and what it weighs, for six hundred invented ones.

    python benchmarks/suivi.py --territoires 40 600 --repeat 5

Each line: judging the alerts and writing the table (the page's own part of a build), the page as the site
lays it out (its caption, its typography, its downloads), its bytes, and its bytes once compressed.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from commun import HERE, begin

sys.path.insert(0, str(HERE / "tests"))


def main() -> None:
    """Print one line for each number of territories."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--territoires", type=int, nargs="+", default=[40, 600], metavar="N")
    parser.add_argument("--repeat", type=int, default=5, metavar="N")
    options = begin(parser)
    from pages_suivies import habillee, page_de, suivis_de

    print("| territories | alerts and table | page laid out | page | compressed |\n|---|---|---|---|---|")
    for number in options.territoires:
        with tempfile.TemporaryDirectory() as folder:
            make = suivis_de(Path(folder), number)
            own = min(_seconds(lambda make=make: page_de(make())) for _ in range(options.repeat))
            html = page_de(make())
            laid = min(_seconds(lambda html=html: habillee(html)) for _ in range(options.repeat))
            page = habillee(html).encode()
        size, packed = len(page), len(gzip.compress(page, 9, mtime=0))
        print(f"| {number} | {own:.2f} s | {laid:.2f} s | {size / 1000:.0f} kB | {packed / 1000:.0f} kB |")


def _seconds(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


if __name__ == "__main__":
    main()
