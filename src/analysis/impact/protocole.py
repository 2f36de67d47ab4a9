"""The protocol of the impact study, frozen before outcomes are opened, and the register of what was opened.

``data/impact/protocole.toml`` says who is compared with whom and how; its hash names it. The first run that
computes an outcome writes the hash in ``data/impact/ouvertures.csv``: from then on another protocol is
refused, unless it declares as an amendment which one it replaces, when and why.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from analysis.noyau.declared.written import load_written
from analysis.noyau.errors import BilanError, UnknownName
from analysis.noyau.files.locks import alone_in
from analysis.noyau.files.pannes import check_clock
from analysis.noyau.files.scratch import write_whole
from analysis.noyau.paths import Project
from analysis.noyau.periods import Period

Echelle = Literal["log", "niveau"]

COLUMNS: Final = ("resultat", "protocole", "date")


@dataclass(frozen=True)
class Resultat:
    """An outcome as the protocol defines it.

    ``source`` is the code of its open data; ``echelle`` the scale on which gaps are taken; places compared
    have between 1/``rapport_taille`` and ``rapport_taille`` times the size before, the size being the level
    or ``taille``; ``sens`` the direction that the experiment hopes for; ``hors_ebe``: the published staff of
    the EBE is taken out.
    """

    code: str
    libelle: str
    unite: str
    source: str
    echelle: Echelle
    premiere_annee: int
    derniere_annee: int
    rapport_taille: float
    sens: Literal["plus", "moins"]
    taille: str = "niveau"
    hors_ebe: bool = False


@dataclass(frozen=True)
class Traite:
    """A territory as the protocol treats it: the zones whose series are added, since when, in what part of
    them."""

    territoire: str
    ouverture: str
    ebe: str
    zone_type: str
    zones: tuple[str, ...]
    zone_nom: str
    quartier: bool = False

    @property
    def debut(self) -> int:
        """The first year whose end comes after the opening."""
        return Period(self.ouverture).bounds[0].year


@dataclass(frozen=True)
class Amendement:
    """A change made after outcomes were opened: the hash that it replaces, its day, its reason."""

    empreinte: str
    date: str
    raison: str


@dataclass(frozen=True)
class Protocole:
    """The protocol: its hash, what was known when it was written, outcomes, territories, and the rules."""

    empreinte: str
    date: str
    titre: str
    deja_connu: tuple[str, ...]
    limites: tuple[str, ...]
    horizons: Mapping[str, tuple[int, int]]
    methodes: Mapping[str, str]
    resultats: Mapping[str, Resultat]
    territoires: Mapping[str, Traite]
    comparaison: Mapping[str, Any]
    inference: Mapping[str, Any]
    departage: Mapping[str, Any]
    part_minimale: float
    amendements: tuple[Amendement, ...] = ()

    def resultat(self, code: str) -> Resultat:
        """An outcome of the protocol; raises UnknownName for another."""
        if code not in self.resultats:
            raise UnknownName("résultat", code, self.resultats)
        return self.resultats[code]

    def traite(self, territoire: str) -> Traite:
        """A territory of the protocol; raises UnknownName for another."""
        if territoire not in self.territoires:
            raise UnknownName("territoire", territoire, self.territoires)
        return self.territoires[territoire]

    @property
    def empreintes(self) -> frozenset[str]:
        """The hashes under which an outcome may have been opened: its own and those that it amends."""
        return frozenset({self.empreinte, *(a.empreinte for a in self.amendements)})


@dataclass(frozen=True)
class Ouverture:
    """An outcome that was computed on treated places: under which protocol, and the first day."""

    resultat: str
    protocole: str
    date: str


def load_protocole(project: Project) -> Protocole:
    """The protocol of a project; raises BilanError naming the file and what it lacks."""
    path = project.impact / "protocole.toml"
    shown = project.shown(path)
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BilanError(f"{shown} manque : sans protocole, rien n'est comparé.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BilanError(f"{shown} ne se lit pas : {error}.") from error
    try:
        return _protocole(raw)
    except (KeyError, TypeError, ValueError) as error:
        raise BilanError(f"{shown} est incomplet ou se contredit : {error}.") from error


def empreinte(content: Mapping[str, Any]) -> str:
    """The hash of what a protocol says: its values, not how the file is laid out, nor its amendments.

    >>> empreinte({"a": 1, "b": 2}) == empreinte({"b": 2, "a": 1, "amendements": []})
    True
    """
    said = {name: value for name, value in content.items() if name != "amendements"}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _protocole(raw: Mapping[str, Any]) -> Protocole:
    resultats = {code: Resultat(code=code, **said) for code, said in raw["resultats"].items()}
    territoires = {
        code: Traite(territoire=code, **{**said, "zones": tuple(said["zones"])})
        for code, said in raw["territoires"].items()
    }
    horizons = {name: (int(first), int(last)) for name, (first, last) in raw["horizons"].items()}
    for name, (first, last) in horizons.items():
        if first > last:
            raise ValueError(f"horizon « {name} »")
    if not raw["deja_connu"]:
        raise ValueError("« deja_connu » ne dit rien")
    return Protocole(
        empreinte=empreinte(raw),
        date=raw["date"],
        titre=raw["titre"],
        deja_connu=tuple(raw["deja_connu"]),
        limites=tuple(raw["limites"]),
        horizons=horizons,
        methodes=raw["methodes"],
        resultats=resultats,
        territoires=territoires,
        comparaison=raw["comparaison"],
        inference=raw["inference"],
        departage=raw["departage"],
        part_minimale=raw["quartiers"]["part_minimale"],
        amendements=tuple(Amendement(**said) for said in raw.get("amendements", [])),
    )


def ouvertures(project: Project) -> tuple[Ouverture, ...]:
    """What was opened of the treated places, none where nothing was."""
    path = project.impact / "ouvertures.csv"
    if not path.is_file():
        return ()
    rows = load_written(project, "impact_ouvertures", key=COLUMNS[:2], path=path, may_be_empty=True)
    return tuple(Ouverture(**row) for row in rows)


def verifier_ouvertures(project: Project, protocole: Protocole) -> None:
    """Refuse a protocol when outcomes were opened under another that it does not declare to amend."""
    for opened in ouvertures(project):
        if opened.protocole not in protocole.empreintes:
            raise BilanError(
                f"Le résultat « {opened.resultat} » a été ouvert le {Period(opened.date).label} sous le "
                f"protocole {opened.protocole[:12]} ; celui d'aujourd'hui est {protocole.empreinte[:12]} : "
                "il ne peut plus être changé en silence. Rétablissez data/impact/protocole.toml, ou "
                "ajoutez-y un [[amendements]] avec « empreinte », « date » et « raison »."
            )


def ouvrir(project: Project, protocole: Protocole, resultats: Collection[str], today: date) -> None:
    """Write that these outcomes are opened under this protocol, those not written yet.

    Raises BilanError where one was opened under another protocol.
    """
    with alone_in(project.impact, shown=project.shown(project.impact)):
        _ouvrir(project, protocole, resultats, today)


def _ouvrir(project: Project, protocole: Protocole, resultats: Collection[str], today: date) -> None:
    verifier_ouvertures(project, protocole)
    known = ouvertures(project)
    last = max((opened.date for opened in known), default="")
    check_clock(
        today, date.fromisoformat(last) if last else None, shown="la dernière ouverture d'un résultat"
    )
    done = {(opened.resultat, opened.protocole) for opened in known}
    new = [
        Ouverture(code, protocole.empreinte, today.isoformat())
        for code in resultats
        if (code, protocole.empreinte) not in done
    ]
    if not new:
        return
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((o.resultat, o.protocole, o.date) for o in (*known, *new))
    write_whole(project.impact / "ouvertures.csv", text.getvalue())
