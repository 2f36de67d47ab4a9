"""What G-Confid says of tables; run by the Python of its own environment (``juges.py`` asks, and reads the answer).

python gconfid_juge.py QUESTIONS.json ANSWERS.json
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import Any

import gconfid
import pandas as pd

SILENT = logging.getLogger("silent")
SILENT.addHandler(logging.NullHandler())
SILENT.propagate = False

UP_TO = 10
"""How many times its value a withheld number may be for a reader who knows nothing: the most that G-Confid takes."""

CELLS = ["CellId", "TotalNoise", "Sensitivity", "Status", "Type", "OutStatus", "NetVariation"]
BONDS = ["ConstraintId", "CellId", "Coefficient"]


def audit(question: dict[str, Any]) -> list[tuple[int, float, float, bool]]:
    """The withheld numbers of a table: rank, least value, greatest value, whether that will do.

    Version 2.0.4 looks at nothing where no sum withholds exactly two numbers: a pair by itself is added, which it
    looks at too.
    """
    values, asked, withheld = question["values"], question["asked"], set(question["withheld"])
    pair = (len(values), len(values) + 1)
    sums = [*question["sums"], [[pair[0]], pair[1]]]
    cells = pd.DataFrame(
        [
            (
                *(rank + 1.0, float(value), float(wide or -1)),
                *("S" if wide else "V", "C", "X" if rank in withheld or rank in pair else "P", 1.0),
            )
            for rank, (value, wide) in enumerate(zip([*values, 1, 1], [*asked, 0, 0], strict=True))
        ],
        columns=CELLS,
    )
    bonds = [
        (float(number), rank + 1.0, sign)
        for number, (parts, total) in enumerate(sums, 1)
        for rank, sign in [*((part, 1.0) for part in parts), (total, -1.0)]
    ]
    audited = gconfid.Auditing(
        incell=cells,
        inconstraint=pd.DataFrame(bonds, columns=BONDS),
        lb_factor=0,
        ub_factor=UP_TO,
        logger=SILENT,
    )
    rows = audited.outaudit.to_pandas()
    return [
        (int(row.CellId) - 1, float(row.MinValue), float(row.MaxValue), row.ProblemIndicator == 0)
        for row in rows.itertuples()
        if row.CellId - 1 not in pair
    ]


def too_few(question: dict[str, Any]) -> list[tuple[int, int]]:
    """The sensitive cells of a table of people, line and column from 1, 0 for a total; each person answers once."""
    people = [
        (f"{line}-{column}-{person}", str(line), str(column), 1.0)
        for line, row in enumerate(question["people"], 1)
        for column, count in enumerate(row, 1)
        for person in range(int(count))
    ]
    lines, columns = len(question["people"]), len(question["people"][0])
    found = gconfid.Sensitivity(
        indata=pd.DataFrame(people, columns=["Person", "Line", "Column", "One"]),
        unit_id="Person",
        var="One",
        dimension="Line Column",
        hierarchy=f"{' '.join(map(str, range(lines + 1)))}; {' '.join(map(str, range(columns + 1)))};",
        s_rule="pq 0.15",
        min_resp=question["least"],
        logger=SILENT,
    ).outcell.to_pandas()
    cells = found[(found["Type"] == "C") & (found["Status"] == "S")]
    return [(int(line), int(column)) for line, column in zip(cells["Line"], cells["Column"], strict=True)]


def dominated(question: dict[str, Any]) -> list[int]:
    """The ranks of the sums that a rule of dominance makes sensitive.

    Without the tolerance that its guide says is there by itself, a sum at the edge is sensitive or not by its digits.
    """
    terms = [
        (f"{rank}-{place}", str(rank + 1), float(term))
        for rank, some in enumerate(question["terms"])
        for place, term in enumerate(some)
    ]
    found = gconfid.Sensitivity(
        indata=pd.DataFrame(terms, columns=["Unit", "Sum", "Amount"]),
        unit_id="Unit",
        var="Amount",
        dimension="Sum",
        hierarchy=f"{' '.join(map(str, range(len(question['terms']) + 1)))};",
        s_rule=question["rule"],
        m=0,
        tolerance=0.01,
        logger=SILENT,
    ).outcell.to_pandas()
    cells = found[(found["Type"] == "C") & (found["Status"] == "S")]
    return [int(code) - 1 for code in cells["Sum"]]


def answer(question: dict[str, Any]) -> list[Any]:
    """What is asked, by what the question holds."""
    asked = {"sums": audit, "people": too_few, "terms": dominated}
    (wanted,) = asked.keys() & question.keys()
    return asked[wanted](question)


if __name__ == "__main__":
    questions = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    answers = json.dumps([answer(question) for question in questions])
    Path(sys.argv[2]).write_text(answers, encoding="utf-8")
