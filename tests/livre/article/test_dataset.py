"""A table of a page becomes typed columns: one value a cell, its unit once, its days and its codes beside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.livre.article.articles import article_of_html
from analysis.livre.article.dataset import Dataset, Field, datasets
from analysis.noyau.periods import Period
from analysis.presentation.drawing.style import Drawing
from analysis.presentation.parts.blocks import Chart, Column, Table, dated, number

MINUS = "\u2212"
ROWS = [
    ["Val", number("1 234,5", 1234.5, "euros"), number(f"{MINUS}3", -3.0, "personnes"), "oui"],
    ["Vide", '<span class="secret">secret</span>', number("12", 12, "mois") + " (sur 20)", "=1+1"],
]
COLUMNS = (Column("Lieu"), Column("Montant", True), Column("Reste", True), Column("Dit"))
NOTE = (
    'Source : <a href="sources.html#s" title="Titre" data-adresse="https://e.org/a">Essai, 2021</a> '
    '(<a href="methode.html">méthode</a>).'
)


def dataset(columns: tuple[Column, ...] = COLUMNS, rows: list[list[str]] = ROWS, note: str = NOTE) -> Dataset:
    table = Table("montants", "Montants", columns, rows, note=note).block().html
    article = article_of_html(f'<h1 id="titre">Val</h1>{table}', name="val", numero="4")
    (found,) = datasets("val", article)
    return found


def of_cells(head: str, *cells: str) -> Dataset:
    return dataset((Column("Lieu"), Column(head)), [["x", cell] for cell in cells])


def test_a_table_becomes_columns_with_their_units() -> None:
    data = dataset()
    assert data.columns == (
        "Lieu",
        "Montant (euros)",
        "Reste",
        "Reste : unité",
        "Reste : précision",
        "Dit",
    )
    assert data.rows == (
        ("Val", 1234.5, -3.0, "personnes", "", "oui"),
        ("Vide", "secret", 12.0, "mois", "sur 20", "=1+1"),
    )
    assert (data.number, data.title) == ("Tableau\u00a04.1", "Montants")
    assert data.note == "Source : Essai, 2021 (méthode)."
    assert data.sources == (("s", "Essai, 2021 : Titre", "https://e.org/a"),)
    assert (data.file, data.address) == ("donnees/val--montants", "val.html#montants")


def test_a_figure_gives_the_values_that_it_draws() -> None:
    values = Table("donnees", "Valeurs", COLUMNS[:2], [ROWS[0][:2]])
    drawing = Drawing(b"<svg/>", b"<svg/>")
    chart = Chart("courbe", "Une courbe", drawing, "Courbe. Val : 1 234,5.", NOTE, values).block().html
    (found,) = datasets("val", article_of_html(f'<h1 id="titre">V</h1>{chart}', name="val"))
    assert found.number == "Figure\u00a01" and found.title == "Une courbe"
    assert found.rows == (("Val", 1234.5),)


@pytest.mark.parametrize(
    ("head", "unit", "written"),
    [
        ("Taux (% du Smic brut)", "%", "Taux (% du Smic brut)"),
        ("Personnes", "personnes", "Personnes"),
        ("Coût par ETP et par an", "€ par ETP et par an", "Coût par ETP et par an (€)"),
        ("Montant", "€ par an", "Montant (€ par an)"),
        ("Part", "", "Part"),
    ],
)
def test_a_unit_is_named_once(head: str, unit: str, written: str) -> None:
    assert of_cells(head, number("3", 3, unit)).columns == ("Lieu", written)


def test_numbers_typed_as_words_are_numbers_and_codes_are_not() -> None:
    assert of_cells("Écart", "+2,7 %", f"{MINUS}1 200 %", "–").rows == (
        ("x", 2.7),
        ("x", -1200.0),
        ("x", "absent"),
    )
    assert of_cells("Écart", "+2,7 %", "–").columns == ("Lieu", "Écart (%)")
    assert of_cells("Zone", "01001", "58218").rows == (("x", "01001"), ("x", "58218"))
    assert of_cells("Code", "14").rows == (("x", "14"),)
    assert of_cells("Durée", "3 mois", "3 ans").rows == (("x", "3 mois"), ("x", "3 ans"))


def test_words_beside_numbers_stand_in_their_own_column() -> None:
    absent = '<span class="absent">non transmis</span>'
    data = of_cells("Effectif", number("87", 87, "personnes"), "une quarantaine", absent)
    assert data.columns == ("Lieu", "Effectif (personnes)", "Effectif : précision")
    assert data.rows == (("x", 87.0, ""), ("x", "", "une quarantaine"), ("x", "absent", "non transmis"))


def test_a_sentence_that_holds_a_number_stays_a_sentence() -> None:
    said = f"Les EBE ont embauché {number('742', 742, 'personnes')} en tout."
    assert of_cells("Élément", said).rows == (("x", "Les EBE ont embauché 742 en tout."),)


def test_days_and_codes_stand_beside_what_is_printed_and_out_of_what_is_shown() -> None:
    linked = '<a href="registre.html#chiffre-12" class="chiffre">87</a>'
    row = [
        '<a href="val.html">Val</a>',
        number(linked, 87, "personnes"),
        dated(Period("2015-T4")),
        '<a href="definitions.html#effectif_ebe">Effectif</a><br><span class="precision">(au 1er mai)</span>',
        '<a href="sources.html#s" data-adresse="https://e.org/a">Essai</a>',
        '<a href="https://e.org/a" rel="external">consulter</a>',
    ]
    heads = ("Lieu", "Nombre", "Date", "Indicateur", "Source", "Document")
    data = dataset(tuple(map(Column, heads)), [row])
    assert dict(zip(data.columns, data.rows[0], strict=True)) == {
        "Lieu": "Val",
        "Lieu : code": "val",
        "Nombre (personnes)": 87.0,
        "Nombre : n° du registre": 12.0,
        "Date": "4e trimestre 2015",
        "Date : début": "2015-10-01",
        "Date : fin": "2015-12-31",
        "Indicateur": "Effectif",
        "Indicateur : précision": "au 1er mai",
        "Indicateur : code de l'indicateur": "effectif_ebe",
        "Source": "Essai",
        "Source : code de la source": "s",
        "Source : adresse": "https://e.org/a",
        "Document": "https://e.org/a",
    }
    columns, rows = data.as_shown
    assert columns == (
        "Lieu",
        "Nombre (personnes)",
        "Date",
        "Indicateur",
        "Indicateur : précision",
        *heads[4:],
    )
    assert rows == (("Val", 87.0, "4e trimestre 2015", "Effectif", "au 1er mai", "Essai", "https://e.org/a"),)


def test_a_column_of_one_series_says_its_codes_once() -> None:
    def value(day: str) -> str:
        return number(f'<a href="series.html#emploi-58218-{day}">8</a>', 8, "salariés")

    data = of_cells("Commune", value("2016"), value("2017"))
    assert data.columns == ("Lieu", "Commune (salariés)")
    assert data.fields[1].codes == (("code de l'indicateur", "emploi"), ("code de la zone", "58218"))


def test_a_cell_that_lists_numbers_makes_a_row_of_each() -> None:
    values = [f'<a class="chiffre" href="registre.html#chiffre-{n}">{n}0</a>' for n in (1, 2)]
    cell = "<br>".join(
        f'{number(link, 10, "%")} <span class="precision">(20{n})</span>' for n, link in enumerate(values)
    )
    data = dataset((Column("Quoi"), Column("Valeurs"), Column("Limite")), [["Taux", cell, "Une limite."]])
    assert data.rows == (("Taux", 10.0, "200", 1.0, "Une limite."), ("Taux", 10.0, "201", 2.0, "Une limite."))


def test_rows_and_columns_go_together_and_columns_have_their_own_names() -> None:
    with pytest.raises(ValueError, match="val#montants"):
        replace(dataset(), fields=(Field("un"),))
    with pytest.raises(ValueError, match="two columns have one name"):
        replace(dataset(), fields=(Field("un"), Field("un")), rows=())
    twice = dataset((Column("Lieu"), Column("Nom"), Column("Nom")), [["x", "a", "b"]])
    assert twice.columns == ("Lieu", "Nom", "Nom (2)")


def test_a_link_to_a_section_is_no_code_of_a_row() -> None:
    row = '<a href="registre.html#chiffre-12">40</a>'
    section = '<a href="registre.html#desaccord-etat-2017">voir le désaccord</a>'
    title = '<a href="definitions.html#titre">définition</a>'
    data = of_cells("Dit", row, section, title)
    assert data.columns == ("Lieu", "Dit", "Dit : n° du registre")
    assert [values[-1] for values in data.rows] == [12.0, "", ""]
