"""Run the registry and print what was found: ``python benchmarks/validation [--voie publie]``."""

from __future__ import annotations

import argparse
import sys
import time

from registre import WAYS, cas


def main() -> int:
    """0 when every case holds, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voie", choices=WAYS)
    asked = parser.parse_args().voie
    print("| case | way | expected | tolerance | found | holds | s |\n|---|---|---|---|---|---|---|")
    failed = 0
    for one in cas():
        if asked not in (None, one.voie):
            continue
        started = time.perf_counter()
        found = one.trouve()
        failed += not one.tient(found)
        holds, spent = "yes" if one.tient(found) else "NO", time.perf_counter() - started
        cells = [
            one.nom,
            one.voie,
            f"{one.attendu:g}",
            f"{one.tolerance:g}",
            f"{found:.6g}",
            holds,
            f"{spent:.1f}",
        ]
        print("|", " | ".join(cells), "|", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
