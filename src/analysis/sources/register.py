"""Load the register of published figures, its sources and the local series; refuse what is not declared.

CSV text → findings (all of them, in one round) or a frozen ``Register``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.noyau.declared.csv_files import BLANK, RawTable, read_csv
from analysis.noyau.declared.dictionary import (
    Dictionary,
    Direction,
    Field,
    Force,
    Indicateur,
    Lecture,
    Unite,
    load_fields,
)
from analysis.noyau.declared.validation import duplicate_findings, validate
from analysis.noyau.errors import Finding, InvalidData
from analysis.noyau.paths import Nature, Project
from analysis.noyau.periods import Period
from analysis.noyau.territoires import Commune, Ebe, Site, Territoire, territoire_named
from analysis.sources.fiches import (
    NON_ETABLI,
    Chiffre,
    Desaccord,
    Ensemble,
    Erratum,
    Essentiel,
    Evaluation,
    FaultyRecord,
    Point,
    Preuve,
    Recommandation,
    Serie,
    Source,
    named_figures,
)
from analysis.sources.preuves import preuve_findings
from analysis.sources.rapprochements import pair_findings
from analysis.sources.vraisemblance import (
    dates_to_come,
    of_figures,
    of_series,
    place_findings,
    range_findings,
    reference_findings,
    settled_findings,
    unit_findings,
)

TABLE_KEYS: dict[str, tuple[str, ...]] = {
    "unites": ("unite",),
    "indicateurs": ("indicateur",),
    "directions": ("direction",),
    "lectures": ("lecture",),
    "forces": ("force",),
    "sources": ("source",),
    "territoires": ("site", "commune"),
    "ebe": ("ebe",),
    "ensembles": ("ensemble",),
    "evaluations": ("evaluation",),
    "desaccords": ("desaccord",),
    "chiffres": ("numero",),
    "series": ("zone_type", "zone", "indicateur", "periode"),
    "preuves": ("preuve",),
    "essentiel": ("rang",),
    "recommandations": ("recommandation",),
    "errata": ("date", "page", "correction"),
}
"""The written tables, each behind those that it refers to, and the columns that together name a row."""

_DICTIONARY = frozenset({"unites", "indicateurs", "forces", "directions", "lectures"})
_ROOTED = {"territoires", "ebe", "ensembles", "errata"}
_MAY_BE_EMPTY: dict[Nature, frozenset[str]] = {
    "reel": frozenset({"ebe", "desaccords", "essentiel", "recommandations", "errata"}),
    "demonstration": frozenset(TABLE_KEYS) - _DICTIONARY - {"territoires", "sources"},
}
"""Invented territories have no published figure: by nature of the bilan, the tables that may be empty."""

_SEVERAL = 3

_NEEDED = frozenset({"unites", "indicateurs"})
"""The tables without which nothing can be said of a figure."""


@dataclass(frozen=True)
class Register:
    """All that is published and was read: territories, figures, series, sources, and their words.

    ``desaccords`` are where sources contradict each other, ``tranches`` where what was read since says which
    is right, ``compatibles`` where a person said that they do
    not.
    """

    dictionary: Dictionary
    territoires: tuple[Territoire, ...]
    ensembles: tuple[Ensemble, ...]
    sources: tuple[Source, ...]
    evaluations: tuple[Evaluation, ...]
    desaccords: tuple[Desaccord, ...]
    tranches: tuple[Desaccord, ...]
    compatibles: tuple[Desaccord, ...]
    chiffres: tuple[Chiffre, ...]
    series: tuple[Serie, ...]
    preuves: tuple[Preuve, ...]
    essentiel: tuple[Essentiel, ...]
    recommandations: tuple[Recommandation, ...]
    errata: tuple[Erratum, ...]

    def territoire(self, code: str) -> Territoire:
        """The territory of that code; raises UnknownName with the known ones."""
        return territoire_named(code, self.territoires)


def load_register(project: Project) -> Register:
    """The validated register of a project; raises InvalidData with every finding of every table."""
    read = read_register(project)
    if read.findings:
        raise InvalidData(read.findings)
    return read.register


@dataclass(frozen=True)
class Reading:
    """The register that the sound rows make, every finding of every table, and what stands in doubt.

    A row with a finding, or that refers to such a row, is left out: only a reading without findings is a
    register. ``in_doubt`` are the numbers, indicators and sources of the rows left out, of which nothing more
    can be said; ``is_whole`` is False where a whole table could not be read; ``today`` is the day after
    which nothing may have been.
    """

    register: Register
    findings: tuple[Finding, ...]
    in_doubt: frozenset[str]
    is_whole: bool
    today: date


def read_register(project: Project) -> Reading:
    """The register of a project as far as it holds, with all that is to be mended, in one round.

    A process that meets the same tables again on the same day gives the same reading back.
    """
    return _reading(project, _mark(project), date.today())


def _mark(project: Project) -> str:
    """The fingerprint of the written tables and of what declares their columns."""
    digest = hashlib.sha256()
    for path in (project.dictionary / "champs.csv", *(table_path(project, table) for table in TABLE_KEYS)):
        content = path.read_bytes() if path.is_file() else None
        digest.update(repr((path.name, content)).encode())
    return digest.hexdigest()


@lru_cache(maxsize=2)
def _reading(project: Project, _mark: str, _day: date) -> Reading:
    fields = load_fields(project)
    raws, findings = _read(project, fields)
    lost = {finding.file for finding in findings if finding.rule != BLANK}
    unread = {table for table, raw in raws.items() if raw.file in lost}
    checkable = _checkable(fields, unread)
    findings += _check(raws, checkable, _MAY_BE_EMPTY[project.nature] | unread, stations=project.stations)
    if raws["chiffres"].rows or raws["chiffres"].file not in {finding.file for finding in findings}:
        findings += reference_findings(raws)
    sound = _sound(raws, _checkable(fields, unread - _NEEDED), findings)
    today = _today(sound["desaccords"])
    for table, raw in sound.items():
        if table != "chiffres":
            findings += dates_to_come(raw.file, raw.rows, fields[table], today=today)
    register, of_rows = _build(raws, sound, today=today)
    findings += of_rows
    in_doubt = _in_doubt(raws, findings, sound)
    return Reading(register, tuple(findings), in_doubt, is_whole=not unread, today=today)


def _today(answers: RawTable) -> date:
    """Today; where the clock of the machine is late, a day on which several people's answers were given.

    One answer dated by mistake moves nothing: the third latest counts.
    """
    given = sorted(Period(row["repondu_le"]).start for row in answers.rows.values())
    return max([date.today(), *given[-_SEVERAL:][:1]]) if len(given) >= _SEVERAL else date.today()


def _in_doubt(
    raws: Mapping[str, RawTable], findings: Iterable[Finding], sound: Mapping[str, RawTable]
) -> frozenset[str]:
    """The codes of the rows that have a finding or refer to a row that has one."""
    faulty = {(finding.file, finding.line) for finding in findings}
    return frozenset(
        row[column]
        for table, raw in raws.items()
        for line, row in raw.rows.items()
        if (raw.file, line) in faulty or line not in sound[table].rows
        for column in ("numero", "indicateur", "source")
        if row.get(column)
    )


def _read(
    project: Project, fields: Mapping[str, tuple[Field, ...]]
) -> tuple[dict[str, RawTable], list[Finding]]:
    raws, findings = {}, []
    for table in TABLE_KEYS:
        path = table_path(project, table)
        columns = tuple(field.champ for field in fields[table])
        raws[table], of_table = read_csv(path, shown=project.shown(path), columns=columns)
        findings += of_table
    return raws, findings


def _referred(field: Field) -> set[str]:
    """The tables whose rows a field may name."""
    return {table for table, _ in _places(field)} & set(TABLE_KEYS)


def _checkable(
    fields: Mapping[str, tuple[Field, ...]], unread: Collection[str]
) -> dict[str, tuple[Field, ...]]:
    """The fields, those that refer to a table which was not read whole checked in their form alone."""
    return {
        table: tuple(
            replace(field, valeurs=()) if _referred(field) & set(unread) else field for field in fields[table]
        )
        for table in TABLE_KEYS
    }


def _check(
    raws: Mapping[str, RawTable],
    fields: Mapping[str, tuple[Field, ...]],
    may_be_empty: Collection[str],
    *,
    stations: Path,
) -> list[Finding]:
    """The findings of every table, cell by cell and key by key; ``stations`` is where a project keeps what it
    made."""
    known = {
        f"{table}.{column}": frozenset(row[column] for row in raw.rows.values() if row[column])
        for table, raw in raws.items()
        for column in raw.columns
    }
    findings = []
    for table, raw in raws.items():
        if raw.rows or table not in may_be_empty:
            findings += validate(raw, fields[table], known, stations=stations)
            findings += duplicate_findings(raw, TABLE_KEYS[table])
    return findings


def _sound(
    raws: Mapping[str, RawTable], fields: Mapping[str, tuple[Field, ...]], findings: Iterable[Finding]
) -> dict[str, RawTable]:
    """The tables without the rows that have a finding, nor those that refer to a row left out.

    A table refers to tables before it, or to itself.
    """
    faulty = {(finding.file, finding.line) for finding in findings}
    sound: dict[str, RawTable] = {}
    for table, raw in raws.items():
        named = {
            field.champ: {row[column] for name, column in _places(field) for row in sound[name].rows.values()}
            for field in fields[table]
            if _referred(field) - {table}
        }
        kept = {
            line: row
            for line, row in raw.rows.items()
            if (raw.file, line) not in faulty
            and all(set(row[column].split()) <= codes for column, codes in named.items())
        }
        sound[table] = RawTable(raw.file, raw.columns, kept)
    return sound


def _places(field: Field) -> list[tuple[str, str]]:
    """The tables and columns that a field may name a row by."""
    return [(table, column) for table, dot, column in (name.partition(".") for name in field.valeurs) if dot]


def table_path(project: Project, table: str) -> Path:
    """Where a written table stands."""
    if table in _ROOTED:
        return project.data / f"{table}.csv"
    return project.data / ("dictionary" if table in _DICTIONARY else "published") / f"{table}.csv"


def _build(
    raws: Mapping[str, RawTable], sound: Mapping[str, RawTable], *, today: date
) -> tuple[Register, list[Finding]]:
    """Typed records of the rows whose cells were found valid one by one, and what these rows say together."""
    units = {row["unite"]: _unit(row) for row in sound["unites"].rows.values()}
    indicators = {row["indicateur"]: _indicator(row) for row in sound["indicateurs"].rows.values()}
    dictionary = Dictionary(
        tuple(indicators.values()),
        tuple(units.values()),
        forces=_forces(sound["forces"]),
        directions=tuple(Direction(**_ranked(row)) for row in _in_order(sound["directions"])),
        lectures=tuple(Lecture(**_ranked(row)) for row in _in_order(sound["lectures"])),
    )
    sources = tuple(map(_source, sound["sources"].rows.values()))
    findings: list[Finding] = []
    for table in ("chiffres", "series"):
        findings += unit_findings(sound[table], indicators, units)
    in_their_unit = {table: _without(sound[table], findings) for table in ("chiffres", "series")}
    findings += place_findings(sound["territoires"])
    chiffres: dict[int, Chiffre] = {}
    for line, row in in_their_unit["chiffres"].rows.items():
        try:
            chiffres[line] = _chiffre(row)
        except FaultyRecord as fault:
            file = sound["chiffres"].file
            findings.append(Finding(file, line, fault.column, fault.found, fault.expected))
    published = {s.source: p for s in sources if (p := s.date_publication or s.date_consultation)}
    named = [named_figures(row["explication"]) for row in raws["desaccords"].rows.values()]
    implausible = of_figures(sound["chiffres"].file, chiffres, dictionary, published, named, today=today)
    chiffres = {line: c for line, c in chiffres.items() if line not in {f.line for f in implausible}}
    findings += implausible
    findings += of_series(sound["series"].file, in_their_unit["series"].rows, dictionary)
    findings += pair_findings(raws, chiffres, named, dictionary)
    findings += settled_findings(sound["desaccords"])
    evidence = {line: _preuve(row) for line, row in sound["preuves"].rows.items()}
    findings += _evidence_findings(sound["preuves"].file, evidence, chiffres, sources, dictionary)
    essentials = {line: _essentiel(row) for line, row in sound["essentiel"].rows.items()}
    findings += range_findings(sound["essentiel"].file, essentials, chiffres.values())
    answers = [_answer(row) for row in sound["desaccords"].rows.values()]
    register = Register(
        dictionary=dictionary,
        territoires=_territoires(sound["territoires"], sound["ebe"]),
        ensembles=tuple(Ensemble(**row) for row in sound["ensembles"].rows.values()),
        sources=sources,
        evaluations=tuple(_evaluation(row) for row in sound["evaluations"].rows.values()),
        desaccords=tuple(a for a in answers if not a.compatible and a.retenu is None),
        tranches=tuple(answer for answer in answers if answer.retenu is not None),
        compatibles=tuple(answer for answer in answers if answer.compatible),
        chiffres=tuple(sorted(chiffres.values(), key=lambda chiffre: chiffre.numero)),
        series=_series(in_their_unit["series"].rows.values()),
        preuves=tuple(evidence.values()),
        essentiel=tuple(sorted(essentials.values(), key=lambda line: line.rang)),
        recommandations=tuple(map(_recommandation, sound["recommandations"].rows.values())),
        errata=tuple(
            Erratum(**{**row, "date": Period(row["date"])})  # type: ignore[arg-type]
            for row in sound["errata"].rows.values()
        ),
    )
    return register, findings


def _without(raw: RawTable, findings: Iterable[Finding]) -> RawTable:
    """A table without the rows that have one of these findings."""
    faulty = {finding.line for finding in findings if finding.file == raw.file}
    return RawTable(raw.file, raw.columns, {n: row for n, row in raw.rows.items() if n not in faulty})


def _evidence_findings(
    file: str,
    evidence: Mapping[int, Preuve],
    chiffres: Mapping[int, Chiffre],
    sources: Iterable[Source],
    dictionary: Dictionary,
) -> list[Finding]:
    """What does not hold of the evidence whose figures and sources are all sound."""
    cards = {source.source: source for source in sources}
    weighable = {chiffre.numero: chiffre for chiffre in chiffres.values() if chiffre.source in cards}
    preuves = {line: preuve for line, preuve in evidence.items() if preuve.numeros <= set(weighable)}
    return preuve_findings(
        file, preuves, chiffres=weighable.values(), sources=cards.values(), dictionary=dictionary
    )


def _answer(row: dict[str, str]) -> Desaccord:
    typed = {
        "compatible": row["compatible"] == "oui",
        "retenu": int(row["retenu"]) if row["retenu"] else None,
        "repondu_le": Period(row["repondu_le"]),
    }
    return Desaccord(**{**row, **typed})  # type: ignore[arg-type]


def _territoires(raw: RawTable, raw_ebe: RawTable) -> tuple[Territoire, ...]:
    rows = list(raw.rows.values())
    ebe_rows = list(raw_ebe.rows.values())
    return tuple(
        Territoire(
            code=code,
            nom=of_territoire[0]["nom"],
            date_habilitation=Period(of_territoire[0]["date_habilitation"]),
            source=of_territoire[0]["source"],
            sites=_sites(of_territoire),
            ebe=tuple(_ebe(row) for row in ebe_rows if row["territoire"] == code),
        )
        for code, of_territoire in _grouped(rows, "territoire").items()
    )


def _sites(rows: list[dict[str, str]]) -> tuple[Site, ...]:
    return tuple(
        Site(
            code=code,
            nom=of_site[0]["site_nom"],
            perimetre=of_site[0]["perimetre"],
            perimetre_nom=of_site[0]["perimetre_nom"],
            communes=tuple(_commune(row) for row in of_site),
        )
        for code, of_site in _grouped(rows, "site").items()
    )


def _grouped(rows: Iterable[dict[str, str]], *columns: str) -> dict[str, list[dict[str, str]]]:
    """Rows by the value of the columns, in order of first appearance."""
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        groups.setdefault("|".join(row[column] for column in columns), []).append(row)
    return groups


def _commune(row: dict[str, str]) -> Commune:
    return Commune(
        code=row["commune"],
        nom=row["commune_nom"],
        departement=row["departement"],
        departement_nom=row["departement_nom"],
        epci=row["epci"],
        epci_nom=row["epci_nom"],
        zone_emploi=row["zone_emploi"],
        zone_emploi_nom=row["zone_emploi_nom"],
        longitude=float(row["longitude"]),
        latitude=float(row["latitude"]),
        suivie=row["suivie"] == "oui",
    )


def _ebe(row: dict[str, str]) -> Ebe:
    return Ebe(
        code=row["ebe"],
        nom=row["nom"],
        date_ouverture=_period(row["date_ouverture"]),
        date_sure=row["date_sure"] == "oui",
        source=row["source"],
    )


def _unit(row: dict[str, str]) -> Unite:
    return Unite(**{**row, "decimales": int(row["decimales"])})  # type: ignore[arg-type]


def _forces(raw: RawTable) -> tuple[Force, ...]:
    return tuple(
        Force(
            **{
                **_ranked(row),
                "origines": int(row["origines"]),
                **{name: tuple(row[name].split()) for name in ("lectures", "directions")},
            }
        )
        for row in _in_order(raw)
    )


def _in_order(raw: RawTable) -> list[dict[str, str]]:
    """The rows of a scale by their rank."""
    return sorted(raw.rows.values(), key=lambda row: int(row["rang"]))


def _ranked(row: dict[str, str]) -> dict[str, Any]:
    return {**row, "rang": int(row["rang"])}


def _preuve(row: dict[str, str]) -> Preuve:
    typed = {"effet": row["effet"] == "oui", "phases": tuple(row["phases"].split())}
    return Preuve(**{**row, **typed})  # type: ignore[arg-type]


def _essentiel(row: dict[str, str]) -> Essentiel:
    typed = {"rang": int(row["rang"]), "chiffre": int(row["chiffre"])}
    return Essentiel(**{**row, **typed, "autres": tuple(map(int, row["autres"].split()))})  # type: ignore[arg-type]


def _recommandation(row: dict[str, str]) -> Recommandation:
    return Recommandation(**{**row, "preuves": tuple(row["preuves"].split())})  # type: ignore[arg-type]


def _indicator(row: dict[str, str]) -> Indicateur:
    lists = {name: tuple(row[name].split()) for name in ("hypotheses", "confusion")}
    return Indicateur(**{**row, **lists})  # type: ignore[arg-type]


def _source(row: dict[str, str]) -> Source:
    dates = {name: _period(row[name]) for name in ("date_publication", "date_consultation", "date_donnees")}
    return Source(**{**row, **dates})  # type: ignore[arg-type]


def _evaluation(row: dict[str, str]) -> Evaluation:
    return Evaluation(**{**row, "date": Period(row["date"])})  # type: ignore[arg-type]


def _chiffre(row: dict[str, str]) -> Chiffre:
    typed = {
        "numero": int(row["numero"]),
        "valeur": _number(row["valeur"]),
        "borne_basse": _number(row["borne_basse"]),
        "borne_haute": _number(row["borne_haute"]),
        "periode": _period(row["periode"]),
        "periode_sure": row["periode_sure"] == "oui",
        "annee_prix": _price_year(row),
    }
    return Chiffre(**{**row, **typed})  # type: ignore[arg-type]


def _price_year(row: dict[str, str]) -> int | None:
    """The year of the euros of an amount; None where it is said not to be established, or none are."""
    text, is_money = row["annee_prix"], "euros" in row["unite"]
    if is_money and text == NON_ETABLI:
        return None
    if is_money != bool(text) or (text and not re.fullmatch(r"\d{4}", text)):
        wanted = f"une année, ou « {NON_ETABLI} »" if is_money else "rien : ce n'est pas un montant en euros"
        raise FaultyRecord("annee_prix", f"« {text} »" if text else "une cellule vide", wanted)
    return int(text) if text else None


def _series(rows: Iterable[dict[str, str]]) -> tuple[Serie, ...]:
    return tuple(
        Serie(
            zone_type=of_zone[0]["zone_type"],
            zone=of_zone[0]["zone"],
            zone_nom=of_zone[0]["zone_nom"],
            indicateur=of_zone[0]["indicateur"],
            unite=of_zone[0]["unite"],
            source=of_zone[0]["source"],
            points=_points(of_zone),
        )
        for of_zone in _grouped(rows, "zone_type", "zone", "indicateur", "source").values()
    )


def _points(rows: Iterable[dict[str, str]]) -> tuple[Point, ...]:
    points = [Point(Period(row["periode"]), float(row["valeur"])) for row in rows]
    return tuple(sorted(points, key=lambda point: point.periode.start))


def _number(text: str) -> float | None:
    return float(text) if text else None


def _period(text: str) -> Period | None:
    return Period(text) if text else None
