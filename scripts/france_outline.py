"""Make the outline of metropolitan France from Natural Earth (public domain).

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python scripts/france_outline.py package/countries-50m.json

reads the TopoJSON of the npm package world-atlas (Natural Earth 4.1, 1:50 m) and writes
``src/analysis/presentation/france.json``: one list of [longitude, latitude] points in degrees,
rounded to three decimals (about 100 m), for the mainland and for each larger island.
"""

import json
import sys
from itertools import accumulate
from pathlib import Path

FRANCE = "250"
OUTPUT = Path(__file__).resolve().parents[1] / "src" / "analysis" / "presentation" / "france.json"

Ring = list[tuple[float, float]]


def decode_arc(arc: list[list[int]], scale: list[float], translate: list[float]) -> Ring:
    """The degrees of a TopoJSON arc, whose integer points are differences from the one before."""
    xs = accumulate(point[0] for point in arc)
    ys = accumulate(point[1] for point in arc)
    return [(x * scale[0] + translate[0], y * scale[1] + translate[1]) for x, y in zip(xs, ys, strict=True)]


def join_ring(indices: list[int], arcs: list[Ring]) -> Ring:
    """The ring made of arcs, where ~i stands for arc i run backwards."""
    ring: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += arc[1:] if ring else arc
    return ring


def is_metropolitan(ring: Ring) -> bool:
    """Whether the ring lies in Europe (the overseas départements do not)."""
    return all(-6 < longitude < 10 and 41 < latitude < 52 for longitude, latitude in ring)


def main() -> None:
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    transform = topology["transform"]
    arcs = [decode_arc(arc, transform["scale"], transform["translate"]) for arc in topology["arcs"]]
    countries = topology["objects"]["countries"]["geometries"]
    france = next(country for country in countries if country.get("id") == FRANCE)
    rings = [join_ring(polygon[0], arcs) for polygon in france["arcs"]]
    kept = [ring for ring in rings if is_metropolitan(ring)]
    points = [[[round(x, 3), round(y, 3)] for x, y in ring] for ring in kept]
    OUTPUT.write_text(json.dumps(points, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{len(points)} contours, {sum(map(len, points))} points, {OUTPUT.stat().st_size} octets")


if __name__ == "__main__":
    main()
