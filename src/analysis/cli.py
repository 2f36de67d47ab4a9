"""The `bilan` command: each family declares its own, beside its code.

`bilan --help` answers at once: what is imported here is what may be typed, never what runs it.
"""

from __future__ import annotations

import argparse
import atexit
import gc
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from analysis.chapitres import options_alertes, options_verdict
from analysis.chapitres.banc import options_atelier
from analysis.demonstration import options_demonstration
from analysis.depot import options_depot, options_enquete
from analysis.impact import options_impact
from analysis.indicateurs.depenses_passives import options_legislation
from analysis.livre import options_livre
from analysis.livre.editions import options_archive, options_candidat, options_secret
from analysis.livre.garde import options_garde
from analysis.noyau.paths import Project
from analysis.relecture import options_relecture
from analysis.sources import options_sources
from analysis.sources.ouvertes import options_ouvertes
from analysis.terminal import FrenchParser

FAMILIES = (
    options_livre,
    options_archive,
    options_sources,
    options_ouvertes,
    options_demonstration,
    options_depot,
    options_enquete,
    options_legislation,
    options_impact,
    options_relecture,
    options_verdict,
    options_garde,
    options_candidat,
    options_secret,
    options_alertes,
    options_atelier,
)
"""What may be typed, in the order in which `bilan --help` tells it."""

CONFIDENTIAL = frozenset(("apercu", "candidat", "depot", "enquete", "lab", "lettre", "relecture"))
"""The families that write what is confidential: for their user alone, whatever the machine allows."""

INTERRUPTED = 130
"""Exit status of an interrupted command, as shells use it."""

atexit.register(gc.freeze)  # what is left goes with the process: nothing lost is looked for in it


def parser() -> FrenchParser:
    """The commands, their options and their help."""
    main_parser = FrenchParser(
        prog="bilan",
        description="Construit le bilan des Territoires zéro chômeur de longue durée : "
        "un chapitre par territoire, une synthèse, un site et un PDF.",
    )
    commands = main_parser.add_subparsers(dest="command", metavar="COMMANDE", required=True)
    for family in FAMILIES:
        family.register(commands)
    return main_parser


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command and its options; what follows `lab` goes to JupyterLab, elsewhere it is an error."""
    main_parser = parser()
    options, rest = main_parser.parse_known_args(arguments)
    if rest and options.command != "lab":
        main_parser.error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0 when all went well, 1 when not, 130 when interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = parsed(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        if options.command in CONFIDENTIAL:
            from analysis.noyau.files.droits import close
            from analysis.noyau.files.scratch import sweep_below

            close(Project.here().depots)
            sweep_below(Project.here().depots)  # a deposit cut short holds people, whatever is asked next
        return int(options.run(options))
    except KeyboardInterrupt:
        print("\nInterrompu. Rien n'est écrit à moitié : relancez la commande.", file=sys.stderr)
        sys.stderr.flush()
        os._exit(INTERRUPTED)  # kernels that still run end with this process; threads are not waited for
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # `bilan territoires | head`
        return 1
    except OSError as error:
        from analysis.noyau.files.pannes import said

        print(said(error), file=sys.stderr)
        return 1
    except Exception as error:
        from analysis.noyau.errors import BilanError

        if not isinstance(error, BilanError):
            raise
        print(error, file=sys.stderr)
        return 1


def _interrupt(_number: int, _frame: Any) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
