"""A reader who subtracts: what the released measures give back of the withheld ones, by elimination.

Nothing here comes from the gate: the identities are written again, and solved all together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction

from analysis.noyau.mesures import ENSEMBLE, Mesure
from analysis.noyau.periods import Period

Quantity = tuple[str, ...]
"""What a number is of: measure, place, EBE, category, period; a side of a share has a sixth term."""

Row = dict[Quantity, Fraction]

SITUATIONS = ("ebe", "autre_emploi", "formation", "attente", "autre")
DIVIDED = {
    "taux_sortie": ("sorties_privation", "volontaires_eligibles"),
    "taux_offre": ("offres_faites", "volontaires_eligibles"),
    "taux_rencontre": ("personnes_rencontrees", "ppde_estimees"),
}
"""The rates whose two terms are measures; the other shares have sides of their own."""

BANDS = {"liste_attente": ("attente_duree", "attente_age")}


def given_back(truth: Iterable[Mesure], told: Iterable[Mesure]) -> dict[Quantity, float]:
    """The quantities that no released measure tells and that the released ones determine, with their value."""
    values = dict(_quantities(truth))
    known = {quantity for quantity, _ in _quantities(told)}
    rows = [_hidden(row, known, values) for row in _identities(values)]
    return {quantity: values[quantity] for quantity in _determined(rows)}


def _quantities(mesures: Iterable[Mesure]) -> Iterator[tuple[Quantity, float]]:
    """What a measure tells: its value, or the two sides of a ratio, or of how many people it is."""
    for m in mesures:
        if m.valeur is None:
            continue
        rest = m.cle[1:]
        if m.forme == "compte" or m.unite in ("etp", "etp_annees"):
            yield m.cle, m.valeur
        elif m.mesure in DIVIDED:
            above, below = DIVIDED[m.mesure]
            yield (above, *rest), m.numerateur or 0
            yield (below, *rest), m.denominateur or 0
        elif m.forme in ("part", "moyenne"):
            yield (*m.cle, "au-dessus"), m.numerateur or 0
            yield (*m.cle, "en dessous"), m.denominateur or 0
        elif m.forme == "mediane":
            yield ("liste_attente", *rest), m.n or 0


def _identities(values: dict[Quantity, float]) -> Iterator[Row]:
    """The equations between quantities: each row sums to zero."""
    yield from _within_a_day(values)
    yield from _over_places(values)
    yield from _from_year_to_year(values)


def _within_a_day(values: dict[Quantity, float]) -> Iterator[Row]:
    bands: dict[tuple[str, ...], list[Quantity]] = defaultdict(list)
    for quantity in values:
        mesure, lieu, ebe, modalite, periode = quantity[:5]
        if modalite and len(quantity) == 5:
            bands[(mesure, lieu, ebe, periode)].append(quantity)
    for (mesure, lieu, ebe, periode), cells in bands.items():
        here = {cell[3]: cell for cell in cells}
        if mesure == "situation_volontaires":
            yield _row(("volontaires_eligibles", lieu, ebe, "", periode), [here[s] for s in SITUATIONS])
            yield _row(("sorties_privation", lieu, ebe, "", periode), [here[s] for s in SITUATIONS[:3]])
            yield _row(("liste_attente", lieu, ebe, "", periode), [here["attente"]])
        elif mesure in BANDS["liste_attente"]:
            yield _row(("liste_attente", lieu, ebe, "", periode), cells)
        elif mesure == "quotite_effectif":
            yield _row(("quotite_moyenne", lieu, ebe, "", periode, "en dessous"), cells)
            yield _row(("effectif_fin_mois", lieu, ebe, "", periode[:7]), cells)
        elif mesure == "attente_age":
            yield _row(("liste_attente", lieu, ebe, "", periode), cells)


def _over_places(values: dict[Quantity, float]) -> Iterator[Row]:
    places: dict[tuple[str, ...], list[Quantity]] = defaultdict(list)
    for quantity in values:
        if quantity[1] != ENSEMBLE:
            mesure, _, ebe, modalite, periode, *side = quantity
            common = str(Period(periode).end.year) if ebe else periode
            places[(mesure, ENSEMBLE, "", modalite, common, *side)].append(quantity)
    for total, terms in places.items():
        yield _row(total, terms)


def _from_year_to_year(values: dict[Quantity, float]) -> Iterator[Row]:
    stocks = {
        (q[0], q[1], Period(q[4]).end): q for q in values if q[0] in ("embauchees", "effectif_fin_mois")
    }
    flows: dict[tuple[str, str], list[Quantity]] = defaultdict(list)
    for quantity in values:
        if quantity[0] in ("entrees", "sorties_ebe"):
            flows[(quantity[1], quantity[4])].append(quantity)
    for (lieu, periode), cells in flows.items():
        year = Period(periode)
        for stock in ("embauchees", "effectif_fin_mois"):
            after = stocks.get((stock, lieu, year.end))
            before = stocks.get((stock, lieu, _eve(year.start)))
            if after is None:
                continue
            row: Row = {after: Fraction(-1)} | ({before: Fraction(1)} if before else {})
            for cell in cells:
                if stock == "embauchees" and cell[0] == "entrees" and cell[3] == "premiere":
                    row[cell] = Fraction(1)
                elif stock == "effectif_fin_mois":
                    row[cell] = Fraction(1 if cell[0] == "entrees" else -1)
            yield row


def _eve(day: date) -> date:
    return day - timedelta(days=1)


def _row(total: Quantity, terms: list[Quantity]) -> Row:
    return {total: Fraction(-1)} | dict.fromkeys(terms, Fraction(1))


def _hidden(row: Row, known: set[Quantity], values: dict[Quantity, float]) -> Row:
    """The unknowns of an identity that holds; an identity that does not (a total of fewer places) is none."""
    if not set(row) <= values.keys() or abs(sum(float(c) * values[q] for q, c in row.items())) > 1e-3:
        return {}
    return {quantity: c for quantity, c in row.items() if quantity not in known}


def _determined(rows: Iterable[Row]) -> Iterator[Quantity]:
    """The unknowns that these equations determine, by Gauss and Jordan."""
    pivots: dict[Quantity, Row] = {}
    uses: dict[Quantity, set[Quantity]] = defaultdict(set)
    for row in rows:
        reduced = dict(row)
        for quantity in [q for q in reduced if q in pivots]:
            _subtract(reduced, pivots[quantity], reduced[quantity])
        if not reduced:
            continue
        pivot = min(reduced)
        scale = reduced[pivot]
        reduced = {q: c / scale for q, c in reduced.items()}
        for other in list(uses[pivot]):
            before = set(pivots[other])
            _subtract(pivots[other], reduced, pivots[other][pivot])
            for gone in before - pivots[other].keys():
                uses[gone].discard(other)
            for new in pivots[other].keys() - before:
                uses[new].add(other)
        pivots[pivot] = reduced
        for quantity in reduced:
            uses[quantity].add(pivot)
    return (pivot for pivot, row in pivots.items() if len(row) == 1)


def _subtract(row: Row, other: Row, times: Fraction) -> None:
    for quantity, coefficient in other.items():
        left = row.get(quantity, Fraction(0)) - times * coefficient
        if left:
            row[quantity] = left
        else:
            row.pop(quantity, None)
