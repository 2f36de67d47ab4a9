"""Read the values of a workbook that was found safe, sheet by sheet."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache

from python_calamine import CalamineWorkbook

from analysis.depot.formes.coffre import Coffre, Refused
from analysis.depot.formes.feuilles import Grid


def read_grids(coffre: Coffre) -> dict[str, Grid]:
    """The values of every sheet, from its first cell; raises Refused when the library cannot read it.

    What a file keeps of another one for its formulas is no sheet: nobody sees it.
    """
    seen = frozenset(name for name, walk in coffre.sheets.items() if not walk.is_copy)
    return dict(_values(coffre.content.getvalue(), seen if coffre.sheets else None))


@lru_cache(maxsize=1)
def _values(content: bytes, seen: frozenset[str] | None) -> Mapping[str, Grid]:
    """The values of these sheets, of all for None; those of the last workbook are kept, as its measures are."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
            if seen is None or name in seen
        }
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise Refused(
            "fichier_abime",
            "un classeur dont l'intérieur est abîmé",
            "un classeur .xlsx ou .ods",
            "Ouvrez-le dans Excel ou LibreOffice, enregistrez-le à nouveau, et renvoyez-le.",
        ) from None
