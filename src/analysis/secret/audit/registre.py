"""The register of releases of an edition: what was decided of each group of measures, why, by which rules."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Final

from analysis.noyau.mesures import Mesure
from analysis.noyau.paths import Project
from analysis.noyau.periods import long_date
from analysis.secret.audit.diffusion import diffusion, diffusion_csv
from analysis.secret.audit.exceptions import Exceptions
from analysis.secret.release import Released

FICHIER: Final = "registre.csv"


@dataclass(frozen=True)
class Ligne:
    """What an edition decided of one measure at one place, all its categories and periods together.

    Counts of values shown, rounded, withheld and missing; the reasons that pages print, never the rule, which
    would tell which of two withheld numbers is the small one. ``exception``: who decided it, why, until when;
    ``empreinte``: SHA-256 of what was told of the group; ``parametres``: that of the declared rules;
    ``version``: the commit of the programs.
    """

    mesure: str
    lieu: str
    montres: int
    arrondis: int
    retenus: int
    absents: int
    motifs: str
    exception: str
    empreinte: str
    parametres: str
    version: str


def registre(
    released: Iterable[Released[Mesure]],
    exceptions: Exceptions,
    *,
    parametres: str,
    version: str,
) -> tuple[Ligne, ...]:
    """The register of an edition, one row a measure and place, in the order of their computation."""
    groups: dict[tuple[str, str], list[Released[Mesure]]] = defaultdict(list)
    for one in released:
        groups[one.content.mesure, one.content.lieu].append(one)
    return tuple(
        Ligne(
            mesure,
            lieu,
            **_counts(group),
            motifs=" ; ".join(sorted({one.content.motif for one in group if one.content.etat == "masquee"})),
            exception=_exception(group, exceptions),
            empreinte=_digest(group),
            parametres=parametres,
            version=version,
        )
        for (mesure, lieu), group in groups.items()
    )


def registre_csv(lignes: Iterable[Ligne]) -> str:
    """The register as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([field.name for field in fields(Ligne)])
    writer.writerows(map(astuple, lignes))
    return text.getvalue()


def parametres_du_secret(project: Project) -> str:
    """The SHA-256 of the declared rules of secrecy and of their exceptions."""
    names = ("secret", "exceptions_secret", "liens", "additions", "mesures")
    paths = (project.dictionary / f"{name}.csv" for name in names)
    content = b"".join(path.read_bytes() for path in paths if path.is_file())
    return hashlib.sha256(content).hexdigest()


def _counts(group: Sequence[Released[Mesure]]) -> Mapping[str, int]:
    """How many were shown, rounded, withheld, missing."""
    count = Counter(
        {"masquee": "retenus", "absente": "absents"}.get(
            one.content.etat, "arrondis" if one.is_rounded else "montres"
        )
        for one in group
    )
    return {name: count[name] for name in ("montres", "arrondis", "retenus", "absents")}


def _exception(group: Iterable[Released[Mesure]], exceptions: Exceptions) -> str:
    found = dict.fromkeys(
        f"{one.decide_par}, jusqu'au {long_date(one.jusqu_au)} : {one.raison}"
        for released in group
        if (one := exceptions.of(released.content))
    )
    return " ; ".join(found)


def _digest(group: Iterable[Released[Mesure]]) -> str:
    told = diffusion_csv(diffusion("", group))
    return hashlib.sha256(told.encode("utf-8")).hexdigest()
