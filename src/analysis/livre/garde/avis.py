"""Which libraries of the lock are named by published security advisories, after a dated file of them.

``data/securite/avis.json`` is an export that somebody put there: where from (``source``), which day
(``exporte_le``), and the advisories as OSV writes them (``avis``). Nothing is asked of any service.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from analysis.noyau.errors import BilanError
from analysis.noyau.french import counted
from analysis.noyau.paths import Project
from analysis.noyau.periods import long_date

OLDEST: Final = 60
"""Days after which an export says too little of the versions of today."""

WORD: Final = "--malgre-les-avis"
_LOCKED = re.compile(r"^([A-Za-z0-9][\w.-]*)==(\S+)", re.MULTILINE)
_PYPI: Final = "PyPI"


@dataclass(frozen=True)
class Concerne:
    """A version of the lock that an advisory names; ``corrige`` is the first mended one, empty for none."""

    paquet: str
    version: str
    avis: str
    corrige: str = ""

    def __str__(self) -> str:
        mend = f"prenez {self.corrige} ou plus récent" if self.corrige else "aucun correctif n'est dit"
        return f"{self.paquet} {self.version} : {self.avis} ; {mend}"


@dataclass(frozen=True)
class Avis:
    """What is known of the libraries; ``jour`` and ``source`` are the export's, if there is one."""

    jour: date | None
    source: str
    paquets: int
    concernes: tuple[Concerne, ...]

    @property
    def resume(self) -> str:
        """What there is, in one French sentence."""
        if self.jour is None:
            return (
                "Aucun export d'avis de sécurité n'est déposé dans data/securite/avis.json : rien n'est dit "
                f"des {self.paquets} bibliothèques du verrou."
            )
        told = counted(len(self.concernes), "version concernée", "versions concernées")
        when = f"exportés le {long_date(self.jour)} ({self.source})"
        return f"Avis de sécurité {when} : {told} sur {self.paquets}."


def load_avis(project: Project) -> Avis:
    """The advisories on the versions of the lock; raises BilanError for a file that is no such export."""
    locked = locked_versions(project.lock.read_text(encoding="utf-8"))
    path = project.data / "securite" / "avis.json"
    if not path.is_file():
        return Avis(None, "", len(locked), ())
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        day = date.fromisoformat(held["exporte_le"]) if held["exporte_le"] else None
        found = tuple(concerned(held["avis"], locked))
        source = str(held["source"])
        if bool(held["avis"]) and day is None or (day is not None and not source):
            raise ValueError("an export has a day and a source")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BilanError(
            f"{project.shown(path)} n'est pas un export d'avis : un objet JSON avec « source », "
            "« exporte_le » (AAAA-MM-JJ) et « avis », la liste des avis au format OSV (osv.dev). "
            "Remplacez-le, ou videz-le."
        ) from error
    return Avis(day, source, len(locked), found)


def locked_versions(lock: str) -> dict[str, str]:
    """The version of each library of a lock, by its canonical name.

    >>> locked_versions("Jinja2==3.1.6 \\\\\\n    --hash=sha256:0\\naiohttp==3.14.5 ; python_version > '3'")
    {'jinja2': '3.1.6', 'aiohttp': '3.14.5'}
    """
    return {canonicalize_name(name): version for name, version in _LOCKED.findall(lock)}


def concerned(advisories: Iterable[Mapping[str, Any]], locked: Mapping[str, str]) -> Iterator[Concerne]:
    """The versions that advisories in force name, in the order of the advisories."""
    for advisory in advisories:
        if advisory.get("withdrawn"):
            continue
        for affected in advisory["affected"]:
            package = affected["package"]
            name = canonicalize_name(package["name"])
            if package["ecosystem"] == _PYPI and name in locked and _names(affected, locked[name]):
                yield Concerne(name, locked[name], str(advisory["id"]), _fixed(affected, locked[name]))


def check_avis(avis: Avis, today: date, *, in_spite: bool = False) -> None:
    """Refuse to publish after an export that is too old, or with versions that it names.

    Raises BilanError, unless whoever publishes says so (``in_spite``). Where no export was put there,
    nothing is known: that is said, and refused to nobody.
    """
    if avis.jour is None or in_spite:
        return
    faults = list(map(str, avis.concernes))
    if (age := (today - avis.jour).days) > OLDEST:
        faults.insert(0, f"l'export a {age} jours, plus de {OLDEST} : déposez-en un récent")
    if faults:
        lines = "\n".join(f"- {fault}" for fault in faults)
        raise BilanError(
            f"Rien n'est publié. {avis.resume}\n{lines}\nSi l'édition peut sortir ainsi : « {WORD} »."
        )


def _names(affected: Mapping[str, Any], version: str) -> bool:
    if version in affected.get("versions", ()):
        return True
    return any(_holds(r["events"], version) for r in affected.get("ranges", ()) if r["type"] == "ECOSYSTEM")


def _holds(events: Iterable[Mapping[str, str]], version: str) -> bool:
    """Whether a version stands in a range: from an « introduced » to the « fixed » or « last_affected »."""
    here, is_in = Version(version), False
    for event in sorted(events, key=_order):
        (kind, value), *_ = event.items()
        if kind == "introduced" and (value == "0" or here >= Version(value)):
            is_in = True
        elif (kind == "fixed" and here >= Version(value)) or (
            kind == "last_affected" and here > Version(value)
        ):
            is_in = False
    return is_in


def _order(event: Mapping[str, str]) -> Version:
    value = next(iter(event.values()))
    return Version("0") if value == "0" else Version(value)


def _fixed(affected: Mapping[str, Any], version: str) -> str:
    """The first version after that one that a range says mended; empty for none."""
    events = (event for r in affected.get("ranges", ()) for event in r["events"])
    fixed = []
    for event in events:
        try:
            if "fixed" in event and Version(event["fixed"]) > Version(version):
                fixed.append(event["fixed"])
        except InvalidVersion:
            continue
    return min(fixed, key=Version, default="")
