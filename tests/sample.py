"""A small book that never changes, for its pages to be compared with pictures: ``python tests/sample.py``."""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

import pypdfium2

from analysis.livre.article.articles import article_of_html
from analysis.livre.imprime.pdf import set_book
from analysis.livre.pages import Entry, Site
from analysis.presentation.drawing.charts import Line, Panel, panels_svg
from analysis.presentation.parts.blocks import Chart, Column, Table, number
from analysis.presentation.parts.prose import markdown_to_html

REFERENCES = Path(__file__).with_name("references")
DPI = 60

PUBLISHER = {"nom": "Association d'essai", "licence": "Licence Ouverte 2.0", "adresse": ""}
PROSE = """# Un chapitre {#titre}

Une phrase avec des espaces « insécables » : 1 234,5 personnes ; une *nuance*, une **force**, une note[^un].

- Une liste ;
- de deux points.

> Une citation d'un rapport.

[^un]: La note de bas de page, à sa place.
"""


def write_sample(folder: Path) -> Path:
    """Set the sample in a folder; the path of the PDF."""
    chart = Chart(
        anchor="courbe",
        caption="Deux courbes et leurs noms",
        drawing=panels_svg([Panel("Salariés", (line("Val", 40, "commune"), line("France", 55, "france")))]),
        alt="Courbes. Val : de 40 à 46. France : de 55 à 61.",
        subtitle="Salariés, fin d'année",
        lecture="Lecture : Val compte 40 salariés fin 2016.",
        champ="Champ : deux lieux inventés.",
        note="Source : essai, 2021.",
        data=Table("donnees", "Valeurs", (Column("Lieu"), Column("Valeur", True)), [["Val", "46"]]),
    )
    columns = (Column("Territoire"), Column("Volontaires", True), Column("Part (%)", True))
    rows = [[f"Territoire {i}", number(str(i * 7), i * 7, "personnes"), "secret"] for i in range(1, 61)]
    long = Table("longue", "Une table de deux pages", columns, rows, note="Source : essai.")
    many = tuple(Column(f"Une colonne numéro {i}") for i in range(1, 10))
    wide = Table(
        "large",
        "Une table large",
        many,
        [[f"une cellule dont le texte est vraiment assez long {i} {j}" for j in range(9)] for i in range(4)],
    )
    body = markdown_to_html(PROSE) + chart.block().html + long.block().html + wide.block().html
    article = article_of_html(body, name="essai", numero="1")
    entry = Entry("essai", article.title, "synthese", "Chapitre\u00a01", article=article)
    site = Site("Un livre d'essai", PUBLISHER, date(2021, 6, 30), (entry,), edition="2021-1")
    path = folder / "essai.pdf"
    path.write_bytes(set_book(site, folder / "livre"))
    return path


def line(name: str, start: float, zone: str) -> Line:
    points = tuple((2016.0 + year, start + year) for year in range(7))
    return Line(name, zone, points)


def main() -> None:
    """Write the reference of each page again."""
    REFERENCES.mkdir(exist_ok=True)
    for old in REFERENCES.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, pypdfium2.PdfDocument(write_sample(Path(folder))) as pdf:
        for rank, page in enumerate(pdf, start=1):
            page.render(scale=DPI / 72).to_pil().convert("L").save(
                REFERENCES / f"page-{rank}.png", optimize=True
            )


if __name__ == "__main__":
    sys.exit(main())
