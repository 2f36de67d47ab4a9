"""What protecting linked tables costs, on a declared set, and what each way of protecting them loses.

    python benchmarks/secret.py

The release of the product's own measures is a line of ``benchmarks/indicateurs.py``.

The set: territories of median size 57 (log-normal), 13 measures of 6 categories whose shares are drawn for
each measure and vary by territory, in 60 départements, 13 régions and the nation; the number of people of
each place is published. Counts of 1 to 4 are sensitive, withheld in every line. A cell weighs 1 + ln(1 + n).
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import numpy as np
from commun import begin

from analysis.secret.reseau.bornes import intervalles, trop_connues
from analysis.secret.reseau.exacte import determinees
from analysis.secret.reseau.protection import par_intervalles
from analysis.secret.reseau.suppression import Motif, optimum, par_plus_courts_chemins
from analysis.secret.reseau.systeme import Cellule, Nom, Systeme
from analysis.secret.reseau.tableau import cumules, liens_du_tableau

MESURES, CATEGORIES, DEPARTEMENTS, REGIONS = 13, 6, 60, 13
SEUIL, BASE, GRAINE = 5, 5, 20261128
FUSIONS: Final[Mapping[int, tuple[tuple[int, ...], ...]]] = {
    3: ((0, 1), (2, 3), (4, 5)),
    2: ((0, 1, 2), (3, 4, 5)),
}
"""The categories that are put together, by how many are left."""

Comptes = dict[tuple[str, str], int]

Found = TypeVar("Found")


def parents(number: int) -> dict[str, str]:
    """The larger place of each place, territories dealt to départements in turn."""
    found = {f"t{i}": f"d{i % DEPARTEMENTS}" for i in range(number)}
    found |= {f"d{i}": f"r{i % REGIONS}" for i in range(min(DEPARTEMENTS, number))}
    return found | {f"r{i}": "nation" for i in range(min(REGIONS, DEPARTEMENTS, number))}


def comptes(number: int) -> list[Comptes]:
    """The counts of each territory and category, measure by measure."""
    rng = np.random.default_rng(GRAINE)
    sizes = np.maximum(8, np.round(57 * np.exp(rng.normal(0, 0.55, number)))).astype(int)
    found = []
    for _ in range(MESURES):
        common = rng.dirichlet(np.full(CATEGORIES, 1.8))
        shares = [rng.dirichlet(40 * common + 0.3) for _ in range(number)]
        drawn = [rng.multinomial(size, share) for size, share in zip(sizes, shares, strict=True)]
        found.append({(f"t{i}", f"c{j}"): int(n) for i, row in enumerate(drawn) for j, n in enumerate(row)})
    return found


def systeme(feuilles: Comptes, larger: Mapping[str, str]) -> Systeme:
    """One measure at all places, its small counts sensitive."""
    whole = cumules(feuilles, larger)
    cells = [
        Cellule(nom, n, exigence=SEUIL if 0 < n < SEUIL else 0, poids=1 + math.log1p(n), sacrifiable=n > 0)
        for nom, n in whole.items()
    ]
    return Systeme(cells, liens_du_tableau(whole, larger))


def sensibles(one: Systeme) -> set[Nom]:
    return {c.nom for c in one.cellules if c.exigence}


class Lignes:
    """The lines of a table, each with the time that its work took."""

    def __init__(self, number: int) -> None:
        print(f"| {number} territories | wall s | processor s | what it found |\n|---|---|---|---|")

    def chrono(self, name: str, work: Callable[[], tuple[Found, str]]) -> Found:
        wall, processor = time.perf_counter(), time.process_time()
        found, told = work()
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        print(f"| {name} | {wall:.1f} | {processor:.1f} | {told} |", flush=True)
        return found


def engine(number: int, limite: float) -> None:
    """Each part of the engine on the declared set."""
    larger = parents(number)
    feuilles = comptes(number)
    all_of = [systeme(one, larger) for one in feuilles]
    cells = sum(len(one) for one in feuilles)
    small = sum(0 < n < SEUIL for one in feuilles for n in one.values())
    print(f"{number} territories, {cells} cells of territories, {small} sensitive ({small / cells:.1%}).\n")
    lines = Lignes(number)

    def attack() -> tuple[object, str]:
        found = sum(len(determinees(one, sensibles(one))) for one in all_of)
        return found, f"{found} cells given back exactly when the sensitive ones alone are withheld"

    def heuristic() -> tuple[list[Motif], str]:
        found = [par_plus_courts_chemins(one) for one in all_of]
        return found, tell(found)

    def proven() -> tuple[list[Motif], str]:
        end = time.monotonic() + limite
        found = []
        for rank, one in enumerate(all_of):
            found.append(optimum(one, (end - time.monotonic()) / (MESURES - rank)))
        gap = 1 - sum(m.borne for m in found) / sum(m.cout for m in found)
        proved = sum(m.ecart == 0 for m in found)
        return found, f"{tell(found)}; gap {max(gap, 0):.4%}, {proved} measures of {MESURES} proven"

    def audit(patterns: list[Motif]) -> tuple[int, str]:
        widths = [
            intervalles(one, motif.retenues, sensibles(one)).values()
            for one, motif in zip(all_of, patterns, strict=True)
        ]
        narrow = sum(interval.largeur < SEUIL for some in widths for interval in some)
        programs = 2 * sum(len(some) for some in widths)
        return narrow, f"{programs} bounds; {narrow} intervals narrower than {SEUIL}"

    def wide(patterns: list[Motif]) -> tuple[list[Motif], str]:
        found = [par_intervalles(one, motif.retenues) for one, motif in zip(all_of, patterns, strict=True)]
        left = sum(
            len(list(trop_connues(one, one.masque(m.retenues)))) for one, m in zip(all_of, found, strict=True)
        )
        return found, f"{tell(found)}; {left} narrower intervals left"

    lines.chrono("exact attack", attack)
    quick = lines.chrono("shortest paths", heuristic)
    best = lines.chrono("proven optimum", proven)
    lines.chrono("bounds of the sensitive cells, after the optimum", lambda: audit(best))
    broad = lines.chrono("intervals of five for all", lambda: wide(quick))
    lost(all_of, feuilles, larger, {"shortest paths": quick, "optimum": best, "intervals": broad})


def tell(found: list[Motif]) -> str:
    withheld = sum(len(m.retenues) for m in found)
    hopeless = sum(len(m.sans_protection) for m in found)
    return f"{withheld} withheld, cost {sum(m.cout for m in found):.1f}, {hopeless} that nothing protects"


def lost(
    all_of: list[Systeme],
    feuilles: list[Comptes],
    larger: Mapping[str, str],
    patterns: Mapping[str, list[Motif]],
) -> None:
    """What each way loses, and what it leaves to be found, over the cells of all places."""
    total = sum(len(one.cellules) for one in all_of)
    print("\n| way | cells withheld | error of the others | given back exactly |\n|---|---|---|---|")
    alone = [sensibles(one) for one in all_of]
    found = sum(len(determinees(one, some)) for one, some in zip(all_of, alone, strict=True))
    print(f"| threshold alone | {sum(map(len, alone)) / total:.1%} | 0 | {found} |")
    for name, motifs in patterns.items():
        back = sum(
            len(determinees(one, m.retenues) & sensibles(one)) for one, m in zip(all_of, motifs, strict=True)
        )
        print(f"| {name} | {sum(len(m.retenues) for m in motifs) / total:.1%} | 0 | {back} |")
    for left, groups in FUSIONS.items():
        merged = [systeme(fusion(one, groups), larger) for one in feuilles]
        small = sum(len(sensibles(one)) for one in merged)
        count = sum(len(one.cellules) for one in merged)
        motifs = [par_plus_courts_chemins(one) for one in merged]
        withheld = sum(len(m.retenues) for m in motifs)
        print(
            f"| {CATEGORIES} categories into {left}, then shortest paths | {withheld / count:.1%} of {count} "
            f"({small / count:.1%} sensitive) | categories | 0 |"
        )
    values = np.array([c.valeur for one in all_of for c in one.cellules])
    error = np.abs(BASE * np.floor(values / BASE + 0.5) - values)
    large = values >= SEUIL
    share = (error[large] / values[large]).mean()
    print(f"| rounding to {BASE} | 0 % | {error.mean():.2f}, {share:.0%} of cells of {SEUIL} and more | 0 |")


def fusion(one: Comptes, groups: tuple[tuple[int, ...], ...]) -> Comptes:
    """The counts once categories are put together."""
    found: Comptes = {}
    for (lieu, categorie), n in one.items():
        rank = next(rank for rank, group in enumerate(groups) if int(categorie[1:]) in group)
        found[lieu, f"g{rank}"] = found.get((lieu, f"g{rank}"), 0) + n
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--territoires", type=int, default=600, help="how many territories")
    parser.add_argument("--limite", type=float, default=120.0, help="seconds for the proven optimum")
    options = begin(parser)
    engine(options.territoires, options.limite)


if __name__ == "__main__":
    main()
