"""What every command of `bilan` is made of: argparse in French, and the steps that each family repeats.

A family of commands stands beside its code, in ``options_<family>.py``: what may be typed, and what runs it.
That function imports what it needs when it is called: `bilan --help` must answer at once.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import NoReturn, TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[FrenchParser]"
"""Where commands are declared: those of `bilan`, or the actions of a family."""

Run = Callable[[argparse.Namespace], int]
"""What runs a command; its exit status."""

_FRENCH = {
    "usage: ": "Utilisation : ",
    "options:": "Options :",
    "positional arguments:": "Commandes :",
    "show this help message and exit": "affiche cette aide et s'arrête",
}


_CHOICE = re.compile(r"argument (?P<of>[^:]+): invalid choice: '(?P<found>.*)' \(choose from (?P<known>.*)\)")
_OPTION = re.compile(r"^argument ([^:]+): ")


class FrenchParser(argparse.ArgumentParser):
    """argparse with its few fixed words in French."""

    def format_help(self) -> str:
        return _in_french(super().format_help())

    def format_usage(self) -> str:
        return _in_french(super().format_usage())

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.format_usage()}{self.prog} : {_error_in_french(message)}\n")


def _in_french(text: str) -> str:
    for english, french in _FRENCH.items():
        text = text.replace(english, french)
    return text


def _error_in_french(message: str) -> str:
    if choice := _CHOICE.fullmatch(message):
        return _unknown(choice)
    message = _OPTION.sub(r"option \1 : ", message)
    for english, french in (
        ("unrecognized arguments:", "argument inconnu :"),
        ("expected one argument", "une valeur est attendue"),
        ("the following arguments are required:", "il manque :"),
        ("one of the arguments", "il manque l'un de ces arguments :"),
        (" is required", ""),
        ("not allowed with argument", "ne va pas avec l'argument"),
        ("invalid positive value:", "un nombre entier positif est attendu, trouvé :"),
    ):
        message = message.replace(english, french)
    return message


def _unknown(choice: re.Match[str]) -> str:
    """A word that is none of those that may be typed there, with what is near it."""
    from analysis.noyau.errors import UnknownName

    known = [word.strip().strip("'") for word in choice["known"].split(",")]
    kind = {"COMMANDE": "commande", "ACTION": "action"}.get(choice["of"], f"mot après {choice['of']}")
    return str(UnknownName(kind, choice["found"], known))


def command(commands: Commands, name: str, run: Run, *, help: str, description: str = "") -> FrenchParser:
    """Declare a command, or an action of a family: its name, what runs it, its line of help and its page."""
    made = commands.add_parser(name, help=help, description=description or None)
    made.set_defaults(run=run)
    return made


def family(commands: Commands, name: str, *, help: str, description: str) -> Commands:
    """Declare commands of two words, the name of the family and an action; returns where actions go."""
    made = commands.add_parser(name, help=help, description=description)
    return made.add_subparsers(dest="action", metavar="ACTION", required=True)


def ask_territoire(parser: FrenchParser, *, is_needed: bool = True, help: str = "le territoire") -> None:
    """Add ``--territoire CODE``; empty when it is not needed and not given."""
    parser.add_argument("--territoire", required=is_needed, default="", metavar="CODE", help=help)


def ask_jobs(parser: FrenchParser) -> None:
    """Add ``--jobs N``, None when not given."""
    parser.add_argument(
        "--jobs",
        type=positive,
        metavar="N",
        help="nombre de chapitres exécutés en même temps (par défaut : le nombre de processeurs)",
    )


def positive(text: str) -> int:
    """A whole number above zero."""
    value = int(text) if text.isdecimal() else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"un nombre entier positif est attendu, trouvé « {text} »")
    return value
