"""The difference between two deposits of a territory, in words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.depot.referentiel import Referentiel
from analysis.noyau.french import counted


def difference(
    before: Mapping[str, pd.DataFrame],
    after: Mapping[str, pd.DataFrame],
    referentiel: Referentiel,
    territoire: str,
) -> list[str]:
    """One sentence for each table that changed: rows added, removed, changed, and in which columns.

    Tables that a sheet fills are compared row by row on their key; accounts and answers, which have none,
    by their number of rows. A deposit of an older version keeps its own columns: those of both are compared.
    """
    sheets = [sheet for layout in referentiel.layouts.values() for sheet in layout.sheets]
    keys = {sheet.table: list(sheet.cle) for sheet in sheets}
    headers: dict[str, dict[str, str]] = {}
    for sheet in sheets:
        headers.setdefault(sheet.table, {}).update({c.champ: c.entete for c in sheet.columns})
    sentences = []
    for name in dict.fromkeys([*before, *after]):
        label = referentiel.table_label(name, territoire)
        if name not in before or name not in after:
            sentences.append(f"{label} : table {'ajoutée' if name in after else 'retirée'}.")
        elif all(set(keys.get(name, [""])) <= set(frame.columns) for frame in (before[name], after[name])):
            sentences += _rows(label, before[name], after[name], keys[name], headers[name])
        elif len(before[name]) != len(after[name]):
            sentences.append(
                f"{label} : {counted(len(before[name]), 'ligne', 'lignes')}, puis {len(after[name])}."
            )
        elif not _same(before[name], after[name]):
            sentences.append(f"{label} : autant de lignes, des valeurs différentes.")
    return sentences


def _same(before: pd.DataFrame, after: pd.DataFrame) -> bool:
    """Whether two tables say the same in the columns that both have, in the same order."""
    columns = before.columns.intersection(after.columns)
    left, right = (frame[columns].reset_index(drop=True) for frame in (before, after))
    return left.equals(right)


def _rows(
    label: str, before: pd.DataFrame, after: pd.DataFrame, key: list[str], headers: Mapping[str, str]
) -> list[str]:
    old, new = before.set_index(key), after.set_index(key)
    added, removed = new.index.difference(old.index), old.index.difference(new.index)
    common = old.index.intersection(new.index)
    columns = old.columns.intersection(new.columns)
    left, right = (frame.loc[common, columns].astype(object) for frame in (old, new))
    differs = (left != right) & ~(left.isna() & right.isna())
    parts = [
        _counted(len(added), "ligne ajoutée", "lignes ajoutées"),
        _counted(len(removed), "ligne retirée", "lignes retirées"),
        _counted(int(differs.any(axis=1).sum()), "ligne modifiée", "lignes modifiées"),
    ]
    said = [part for part in parts if part]
    if not said:
        return []
    changed = {headers[str(champ)]: int(count) for champ, count in differs.sum().items() if count}
    detail = ", ".join(f"« {header} » {count} fois" for header, count in changed.items())
    return [f"{label} : {', '.join(said)}{f' ({detail})' if detail else ''}."]


def _counted(count: int, one: str, several: str) -> str:
    return f"{count} {several if count > 1 else one}" if count else ""
