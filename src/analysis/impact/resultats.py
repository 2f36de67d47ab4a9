"""The accepted results on the disk: one table a kind of record, and what they were computed from.

``data/impact/resultats_acceptes/<table>.csv`` and ``provenance.toml``. No donor panel is kept: only what a
chapter shows. The columns are declared in ``data/dictionary/champs.csv`` (``impact_<table>``) and are the
fields of the records.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import fields
from functools import cache, lru_cache
from pathlib import Path
from types import NoneType
from typing import Any, Final, get_args, get_type_hints

from analysis.impact import records
from analysis.impact.records import Estimate, Estimation, Resultats
from analysis.noyau.declared.written import load_written
from analysis.noyau.errors import BilanError
from analysis.noyau.files.locks import alone_in
from analysis.noyau.files.scratch import finish, put_in_place, replaced, scratch, write_whole
from analysis.noyau.paths import Project

TABLES: Final[Mapping[str, tuple[type, tuple[str, ...]]]] = {
    "comparaisons": (records.Comparaison, ("territoire", "resultat")),
    "annees": (records.Annee, ("territoire", "resultat", "base", "annee")),
    "poids": (records.Poids, ("territoire", "resultat", "methode", "zone")),
    "estimations": (Estimation, ("territoire", "resultat", "horizon", "method", "base", "unit")),
    "diagnostics": (records.Diagnostic, ("territoire", "resultat", "methode", "diagnostic")),
    "epreuves": (records.Epreuve, ("resultat", "horizon", "base", "epreuve")),
    "sans_un": (records.SansUn, ("resultat", "horizon", "base", "sans", "unite")),
    "foret": (records.Foret, ("resultat", "horizon", "base", "territoire", "unite")),
    "dynamique": (records.Dynamique, ("resultat", "base", "methode", "relatif", "unite")),
    "tendances": (records.Tendance, ("resultat", "territoire", "pente", "unite")),
    "honnete": (records.Honnete, ("resultat", "base", "m", "unite")),
    "tailles": (records.Taille, ("resultat", "methode", "traites", "avant", "donneurs", "niveau")),
}
"""The tables: the record of a row, and the columns that together name it."""

PROVENANCE: Final = "provenance.toml"

DECIMALES: Final = 6
"""Decimals that are kept: beyond, two machines may differ."""


def folder(project: Project) -> Path:
    """Where the accepted results of a project stand."""
    return project.impact / "resultats_acceptes"


def load_resultats(project: Project, place: Path | None = None) -> Resultats | None:
    """The accepted results of a project, or those that stand in ``place``; None where there are none.

    A process that meets the same files again has their records at once. Raises InvalidData with the findings
    of a table, BilanError where the provenance cannot be read or a row contradicts itself.
    """
    place = place or folder(project)
    if place in replaced(place.parent):  # it is being written, or that was stopped
        with _alone_with(place):
            finish(place)
    if not (place / PROVENANCE).is_file():
        return None
    read = [
        project.dictionary / "champs.csv",
        place / PROVENANCE,
        *(place / f"{name}.csv" for name in TABLES),
    ]
    return _resultats(project, place, tuple(path.read_bytes() if path.is_file() else None for path in read))


@lru_cache(maxsize=4)
def _resultats(project: Project, place: Path, _contents: tuple[bytes | None, ...]) -> Resultats:
    """The results that stand in a folder, once for the same files."""
    found = _provenance(project, place)
    tables: dict[str, Any] = {}
    for name, (record, key) in TABLES.items():
        path = place / f"{name}.csv"
        rows = load_written(project, f"impact_{name}", key=key, path=path, may_be_empty=True)
        tables[name] = tuple(_read(record, row, project.shown(path)) for row in rows)
    return Resultats(**found, **tables)


def write_resultats(resultats: Resultats, place: Path) -> list[Path]:
    """Write results as a folder, all or nothing: the same results, the same bytes; the paths written."""
    made = {
        **{f"{name}.csv": text for name, text in texts(resultats).items()},
        PROVENANCE: provenance(resultats),
    }
    with _alone_with(place), scratch(place.parent) as work:
        for name, text in made.items():
            write_whole(work / place.name / name, text)
        put_in_place(work / place.name, place)
    return [place / name for name in made]


def _alone_with(place: Path) -> AbstractContextManager[None]:
    return alone_in(place.parent, shown=place.parent.name)


def texts(resultats: Resultats) -> dict[str, str]:
    """Each table as CSV, in the order of its key."""
    made = {}
    for name, (record, key) in TABLES.items():
        rows = [_row(one) for one in getattr(resultats, name)]
        rows.sort(key=lambda row: [_sortable(row[column]) for column in key])
        text = io.StringIO()
        writer = csv.DictWriter(text, columns(record), lineterminator="\n")
        writer.writeheader()
        writer.writerows({column: _text(value) for column, value in row.items()} for row in rows)
        made[name] = text.getvalue()
    return made


def provenance(resultats: Resultats) -> str:
    """What the results come from, as TOML."""
    lines = [
        "# Écrit par « bilan impact accepter » : ne le modifiez pas à la main.",
        f'protocole = "{resultats.protocole}"',
        f'protocole_date = "{resultats.protocole_date}"',
        "",
        "[entrees]",
        *(f'{source} = "{digest}"' for source, digest in sorted(resultats.entrees.items())),
    ]
    return "\n".join([*lines, ""])


def columns(record: type) -> tuple[str, ...]:
    """The columns of a table: the fields of its record; an estimate's own stand beside it."""
    own = [f.name for f in fields(record) if f.name != "estimate"]
    if record is not Estimation:
        return tuple(own)
    names = [f.name for f in fields(Estimate) if f.name != "identified"]
    place = names.index("pre_fit") + 1
    return (*own, *names[:place], "identified_low", "identified_high", *names[place:])


def _row(one: Any) -> dict[str, Any]:
    row = {f.name: getattr(one, f.name) for f in fields(one)}
    if isinstance(one, Estimation):
        estimate = row.pop("estimate")
        row |= {f.name: getattr(estimate, f.name) for f in fields(Estimate)}
        row["identified_low"], row["identified_high"] = row.pop("identified") or (None, None)
    return row


def _text(value: Any) -> str:
    """A value as the table keeps it: missing is empty, a number has no exponent and no useless zero.

    >>> _text(None), _text(True), _text(-0.00000001), _text(12.50), _text(1e-5)
    ('', 'oui', '0', '12.5', '0.00001')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        text = f"{value:.{DECIMALES}f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text
    return str(value)


def _sortable(value: Any) -> tuple[int, Any]:
    return (0, value) if isinstance(value, int | float) else (1, str(value))


def _read(record: type, row: Mapping[str, str], shown: str) -> Any:
    """A row as its record; raises BilanError naming the file where it contradicts itself."""
    try:
        if record is not Estimation:
            return record(**_typed(record, row))
        ends = (_number(row["identified_low"]), _number(row["identified_high"]))
        known = {name: text for name, text in row.items() if not name.startswith("identified_")}
        own = {name: known.pop(name) for name in ("territoire", "resultat", "horizon")}
        identified = None if ends == (None, None) else ends
        return Estimation(**own, estimate=Estimate(**_typed(Estimate, known), identified=identified))  # type: ignore[arg-type]
    except ValueError as error:
        named = " / ".join(list(row.values())[:3])
        raise BilanError(
            f"{shown} : la ligne « {named} » se contredit ({error}). "
            "Refaites la table par « bilan impact accepter »."
        ) from error


_hints = cache(get_type_hints)


def _typed(record: type, row: Mapping[str, str]) -> dict[str, Any]:
    hints = _hints(record)
    return {name: _value(hints[name], text) for name, text in row.items()}


def _number(text: str) -> float | None:
    return float(text) if text else None


def _value(hint: Any, text: str) -> Any:
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not NoneType]
    if not text and NoneType in get_args(hint):
        return None
    reads: dict[Any, Callable[[str], Any]] = {bool: "oui".__eq__, int: int, float: float, str: str}
    return reads[kinds[0]](text)


def _provenance(project: Project, place: Path) -> dict[str, Any]:
    path = place / PROVENANCE
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        wanted = {name: found[name] for name in ("protocole", "protocole_date", "entrees")}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        raise BilanError(
            f"{project.shown(path)} ne se lit pas ({error}). Refaites-le par « bilan impact accepter »."
        ) from error
    return wanted


def changed(before: Resultats, after: Resultats) -> Iterable[tuple[str, tuple[str, ...], str, str, str]]:
    """What moves from results to others: table, key of the row, column, text before, text after.

    A row that only one side has is told once, with an empty column.
    """
    for name, (record, key) in TABLES.items():
        sides = [_keyed(texts_of, record, key) for texts_of in (getattr(before, name), getattr(after, name))]
        for row in sorted(sides[0].keys() | sides[1].keys()):
            old, new = (side.get(row) for side in sides)
            if old is None or new is None:
                yield (
                    name,
                    row,
                    "",
                    "absent" if old is None else "présent",
                    "absent" if new is None else "présent",
                )
                continue
            for column in columns(record):
                if old[column] != new[column]:
                    yield name, row, column, old[column], new[column]


def _keyed(rows: Iterable[Any], record: type, key: tuple[str, ...]) -> dict[tuple[str, ...], dict[str, str]]:
    flat = [{column: _text(value) for column, value in _row(one).items()} for one in rows]
    return {tuple(row[column] for column in key): row for row in flat}
