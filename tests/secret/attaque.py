"""A reader who subtracts: what the released measures give back of the withheld ones, by linear algebra.

Nothing here comes from the gate: the identities are written again, and solved all together.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from bs4 import BeautifulSoup
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from analysis.noyau.mesures import ENSEMBLE, Definitions, Mesure
from analysis.noyau.paths import Project
from analysis.noyau.periods import Period

Quantity = tuple[str, ...]
"""What a number is of: measure, place, EBE, category, period; a side of a share has a sixth term."""

Row = dict[Quantity, float]

with (Project.here().dictionary / "regroupements.csv").open(encoding="utf-8") as declared:
    UNIONS = {row["code"]: row["modalites"].split() for row in csv.DictReader(declared)}
"""The categories that each union tells together; a code is of one list."""

SITUATIONS = ("ebe", "autre_emploi", "formation", "attente", "autre")
DIVIDED = {
    "taux_sortie": ("sorties_privation", "volontaires_eligibles"),
    "taux_offre": ("offres_faites", "volontaires_eligibles"),
    "taux_rencontre": ("personnes_rencontrees", "ppde_estimees"),
    "enquete_taux_reponse": ("enquete_reponses", "enquete_invites"),
    **{
        f"taux_reponse_{who}": (f"repondants_{who}", f"population_{who}")
        for who in ("sexe_salaries", "age_salaries", "sexe_volontaires", "age_volontaires")
    },
}
"""The rates whose two terms are measures; the other shares have sides of their own."""

OF_THE_WAITING = ("attente_duree", "attente_age")

OF_A_SURVEY = ("choix_reponses", "themes_", "population_", "repondants_")
"""Counts whose total a reader is taken to know: how many answered a question, wrote, were on the staff."""

WHOLES = {
    "avis_reponses": ("avis_favorable", "avis_neutre", "avis_defavorable"),
    "evolution_personnes": ("evolution_hausse", "evolution_stable", "evolution_baisse"),
}
"""Shares of the same people that make a hundred percent, by the count of these people."""

FOLLOWED = {
    "incidence_embauche": "volontaires_eligibles",
    "incidence_autre_emploi": "volontaires_eligibles",
    "incidence_autre_issue": "volontaires_eligibles",
    "maintien": "embauchees",
    "depart_autre_emploi": "embauchees",
    "depart_autre": "embauchees",
}
"""The curves that print, at each horizon, the number of people whom they follow from the start."""

SIDES = {
    ("gain_moyen_payeur", "en dessous"): ("gain_personnes", ""),
    ("gain_concernes", "en dessous"): ("gain_personnes", ""),
    ("gain_moyen_concernes", "au-dessus"): ("gain_moyen_payeur", "au-dessus"),
    ("gain_moyen_concernes", "en dessous"): ("gain_concernes", "au-dessus"),
}
"""The sides of a mean or a share that another measure tells: the measure, and its side where it is no count."""


def each_category_alone(definitions: Definitions) -> Definitions:
    """The definitions without any union: what is withheld where no category may be told with another."""
    alone = {name: replace(d, regroupements=()) for name, d in definitions.by_name.items()}
    return replace(definitions, by_name=alone)


def given_back(
    truth: Iterable[Mesure], told: Iterable[Mesure], read: Mapping[Quantity, float] | None = None
) -> dict[Quantity, float]:
    """The quantities that no released measure tells and that the released ones determine, with their value.

    ``read`` are numbers that a reader finds elsewhere on the pages: those of a quantity that no measure tells are
    given back, and they serve to find others.
    """
    read = read or {}
    told = tuple(told)
    values = dict(read) | dict(_quantities(truth))
    known = {quantity for quantity, _ in _quantities(told)}
    unions = {quantity: _members(quantity) for quantity in known - values.keys()}
    values |= {quantity: sum(values[cell] for cell in cells) for quantity, cells in unions.items()}
    leaked = {quantity: value for quantity, value in read.items() if quantity not in known}
    known |= read.keys()
    alone = {quantity: value for quantity, value in values.items() if quantity not in unions}
    identities = [*_identities(alone), *(_row(*union) for union in unions.items())]
    totals = dict(_totals_of_surveys(alone))
    values |= {total: sum(values[cell] for cell in cells) for total, cells in totals.items()}
    known |= totals.keys()
    found = _determined(_hidden(row, known, values) for row in identities)
    known |= set(found)
    return leaked | {quantity: values[quantity] for quantity in found if not _is_one_side(quantity, known)}


def _members(quantity: Quantity) -> list[Quantity]:
    """The categories that a union tells together, as the dictionary declares them."""
    mesure, lieu, ebe, modalite, periode = quantity
    return [(mesure, lieu, ebe, member, periode) for member in UNIONS[modalite]]


def _is_one_side(quantity: Quantity, known: set[Quantity]) -> bool:
    """Whether it is one side of a share without the other: of a rate of all together, a sum of counts that are
    told; of a profile, all those hired or all the others, of whom the trait is not told; of a
    mean, the people of its day, whom their categories tell."""
    is_of_profile = quantity[0].startswith(("profil_", "quotite_moyenne")) and quantity[5:] == ("en dessous",)
    if not is_of_profile and (quantity[0] not in DIVIDED or quantity[1] != ENSEMBLE):
        return False
    return not {(*quantity[:5], side) for side in ("au-dessus", "en dessous")} <= known


def _quantities(mesures: Iterable[Mesure]) -> Iterator[tuple[Quantity, float]]:
    """What a measure tells: its value, or the two sides of a ratio, or of how many people it is."""
    for m in mesures:
        if m.valeur is None:
            continue
        rest = m.cle[1:]
        if m.forme == "compte" or m.unite in ("etp", "etp_annees"):
            yield m.cle, m.valeur
        elif m.mesure in DIVIDED and m.lieu == ENSEMBLE:
            yield (*m.cle, "au-dessus"), m.numerateur or 0
            yield (*m.cle, "en dessous"), m.denominateur or 0
        elif m.mesure in DIVIDED:
            above, below = DIVIDED[m.mesure]
            yield (above, *rest), m.numerateur or 0
            yield (below, *rest), m.denominateur or 0
        elif m.forme in ("part", "moyenne"):
            yield _side(m, "au-dessus"), m.numerateur or 0
            yield _side(m, "en dessous"), m.denominateur or 0
        elif m.forme == "mediane":
            yield ("liste_attente", *rest), m.n or 0
        elif m.mesure in FOLLOWED:
            yield (FOLLOWED[m.mesure], m.lieu, "", "", m.periode), m.denominateur or 0


def _side(m: Mesure, side: str) -> Quantity:
    """A side of a share: that of another where both have it, a count where several shares are of its people."""
    name, lieu, ebe, modalite, periode = m.cle
    count = next((count for count, names in WHOLES.items() if name in names), "")
    if count and side == "en dessous":
        return (count, *m.cle[1:])
    name, side = SIDES.get((name, side), (name, side))
    return (name, lieu, ebe, modalite, periode, side) if side else (name, lieu, ebe, "", periode)


def _identities(values: dict[Quantity, float]) -> Iterator[Row]:
    """The equations between quantities: each row sums to zero."""
    yield from _within_a_day(values)
    yield from _over_places(values)
    yield from _from_year_to_year(values)
    yield from (_row(total, cells) for total, cells in _totals_of_surveys(values))
    yield from _of_the_same_people(values)
    yield from _profiles(values)


def _profiles(values: dict[Quantity, float]) -> Iterator[Row]:
    """Those hired and those never hired, where all their ages are known, are the volunteers."""
    for name, lieu, ebe, modalite, periode, *side in list(values):
        if name == "profil_embauchees" and side == ["en dessous"]:
            others = ("profil_non_embauchees", lieu, ebe, modalite, periode, "en dessous")
            hired = (name, lieu, ebe, modalite, periode, "en dessous")
            yield _row(("volontaires_eligibles", lieu, ebe, "", periode), [hired, others])
            yield _row(("embauchees", lieu, ebe, "", periode), [hired])


def _totals_of_surveys(values: dict[Quantity, float]) -> Iterator[tuple[Quantity, list[Quantity]]]:
    """The cells of each question of a survey, of its themes, of its population, under a total that is known."""
    cells: dict[Quantity, list[Quantity]] = defaultdict(list)
    for quantity in values:
        if quantity[0].startswith(OF_A_SURVEY) and len(quantity) == 5 and quantity[3]:
            mesure, lieu, ebe, modalite, periode = quantity
            question = modalite.rpartition("-")[0] if mesure == "choix_reponses" else ""
            cells[("total", mesure, lieu, ebe, question, periode, "connu")].append(quantity)
    yield from cells.items()


def _of_the_same_people(values: dict[Quantity, float]) -> Iterator[Row]:
    """The numerators of three shares add up to their one denominator."""
    for count, names in WHOLES.items():
        for quantity in [q for q in values if q[0] == count]:
            yield _row(quantity, [(name, *quantity[1:], "au-dessus") for name in names])


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
        elif mesure in OF_THE_WAITING:
            yield _row(("liste_attente", lieu, ebe, "", periode), cells)
        elif mesure == "quotite_effectif":
            yield _row(("quotite_moyenne", lieu, ebe, "", periode, "en dessous"), cells)
            yield _row(("effectif_fin_mois", lieu, ebe, "", periode[:7]), cells)


def _over_places(values: dict[Quantity, float]) -> Iterator[Row]:
    places: dict[tuple[str, ...], list[Quantity]] = defaultdict(list)
    for quantity in values:
        if quantity[1] != ENSEMBLE:
            mesure, _, ebe, modalite, periode, *side = quantity
            common = str(Period(periode).end.year) if ebe else periode
            places[(mesure, ENSEMBLE, "", modalite, common, *side)].append(quantity)
    few = _few(values)
    for total, terms in places.items():
        yield _row(total, [term for term in terms if term[1] not in few])
    yield from _rates_over_places(values)


def _few(values: dict[Quantity, float]) -> set[str]:
    """The territories of fewer than eleven volunteers: the sums of all say that they are made without them."""
    most: dict[str, float] = {}
    for quantity, value in values.items():
        if quantity[0] == "volontaires_eligibles" and len(quantity) == 5:
            most[quantity[1]] = max(value, most.get(quantity[1], 0))
    return {lieu for lieu, value in most.items() if value < 11}


def _rates_over_places(values: dict[Quantity, float]) -> Iterator[Row]:
    """A side of a rate of all together: the counts of the places that have both counts, whoever is missing."""
    for name, lieu, ebe, modalite, periode, *side in [q for q in values if q[0] in DIVIDED]:
        counts = dict(zip(("au-dessus", "en dessous"), DIVIDED[name], strict=True))
        towns = {
            q[1] for q in values if q[0] == counts["en dessous"] and q[1] != ENSEMBLE and q[4] == periode
        }
        towns -= _few(values)
        terms = [(counts[side[0]], town, "", modalite, periode) for town in sorted(towns)]
        yield _row((name, lieu, ebe, modalite, periode, *side), [term for term in terms if term in values])


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
            row: Row = {after: -1.0} | ({before: 1.0} if before else {})
            for cell in cells:
                if stock == "embauchees" and cell[0] == "entrees" and cell[3] == "premiere":
                    row[cell] = 1.0
                elif stock == "effectif_fin_mois":
                    row[cell] = 1.0 if cell[0] == "entrees" else -1.0
            yield row


def _eve(day: date) -> date:
    return day - timedelta(days=1)


def _row(total: Quantity, terms: list[Quantity]) -> Row:
    return {total: -1.0} | dict.fromkeys(terms, 1.0)


def _hidden(row: Row, known: set[Quantity], values: dict[Quantity, float]) -> Row:
    """The unknowns of an identity that holds; an identity that does not (a total of fewer places) is none."""
    if not set(row) <= values.keys() or abs(sum(c * values[q] for q, c in row.items())) > 1e-3:
        return {}
    return {quantity: c for quantity, c in row.items() if quantity not in known}


def _determined(rows: Iterable[Row]) -> list[Quantity]:
    """The unknowns that these equations determine: those that no vector of the null space moves.

    Equations that share no unknown, even through others, say nothing of each other: each system is solved alone.
    """
    return sorted(quantity for system in _systems(rows) for quantity in _determined_in(system))


def _systems(rows: Iterable[Row]) -> list[list[Row]]:
    """The equations, those that are bound by their unknowns together."""
    equations = [row for row in rows if row]
    ranks = {quantity: rank for rank, quantity in enumerate({q for row in equations for q in row})}
    bound = [(ranks[first], ranks[q]) for first, *others in equations for q in (first, *others)]
    if not bound:
        return []
    ends = tuple(zip(*bound, strict=True))
    graph = coo_matrix((np.ones(len(bound)), ends), shape=(len(ranks), len(ranks)))
    number, of = connected_components(graph, directed=False)
    systems: list[list[Row]] = [[] for _ in range(number)]
    for row in equations:
        systems[of[ranks[next(iter(row))]]].append(row)
    return systems


def _determined_in(equations: list[Row]) -> list[Quantity]:
    unknowns = sorted({quantity for row in equations for quantity in row})
    rank_of = {quantity: rank for rank, quantity in enumerate(unknowns)}
    matrix = np.zeros((len(equations), len(unknowns)))
    for line, row in enumerate(equations):
        for quantity, coefficient in row.items():
            matrix[line, rank_of[quantity]] = coefficient
    _, values, vectors = np.linalg.svd(matrix)
    null = vectors[int((values > 1e-9).sum()) :]
    return [q for q in unknowns if not null.size or abs(null[:, rank_of[q]]).max() < 1e-9]


def read_in_reception(html: str, lieu: str, arrete: date) -> dict[Quantity, float]:
    """What a reader takes from a page on the reception of a deposit: a number beside a table that counts people.

    The table of persons has a row for each person met; one of answers, a row for each person who answered.
    """
    found: dict[Quantity, float] = {}
    for row in BeautifulSoup(html, "lxml").select("tbody tr"):
        head, *cells = [cell.get_text(" ") for cell in row.find_all(["th", "td"])]
        counts = [float(cell.replace("\u202f", "")) for cell in cells if re.fullmatch(r"[\d\u202f]+", cell)]
        if counts and head.startswith("Personnes"):
            found["personnes_rencontrees", lieu, "", "", arrete.isoformat()] = counts[0]
        elif counts and head.startswith("Réponses"):
            found["reponses", lieu, "", head, arrete.isoformat()] = counts[0]
    return found
