"""Withheld numbers planted in files of every kind, beside the words that name them: each is told, and nothing else."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import matplotlib
import pikepdf
import pytest
import typst
import xlsxwriter
from declarees import DEFINITIONS
from matplotlib.figure import Figure

from analysis.noyau.mesures import Cadre, Mesure
from analysis.secret.audit.enonces import enonces, lus, numbers
from analysis.secret.audit.imprimes import Imprimee, imprimees
from analysis.secret.regles import decider, withheld
from analysis.secret.release import Released

DAY = "2021-06-30"
VAL = Cadre("val", "reel", "dépôt n° 1", DEFINITIONS)
AVAL = Cadre("aval", "reel", "dépôt n° 1", DEFINITIONS)
PLACES = {"val": "Val-sur-Lisse", "aval": "Aval"}
LABEL = DEFINITIONS.of("embauchees").libelle
MESURES = [
    VAL.compte("embauchees", DAY, 3),
    VAL.compte("embauchees", "2019-06-30", 12),
    AVAL.compte("embauchees", DAY, 40),
]


def table(cell: str) -> str:
    return (
        f"<html><body><h1>Les territoires</h1><div id='t'><table><caption>Où en sont-ils</caption><thead><tr>"
        f"<th>Territoire</th><th>{LABEL}</th></tr></thead><tbody><tr><th>Val-sur-Lisse</th>{cell}</tr>"
        "<tr><th>Aval</th><td><data value='40'>40</data></td></tr></tbody></table></div></body></html>"
    )


def page(body: str) -> bytes:
    return f"<html><body><h1>Val-sur-Lisse</h1>{body}</body></html>".encode()


def workbook(value: object) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("Données")
        sheet.write_row(0, 0, ["Territoire", LABEL])
        sheet.write_row(1, 0, ["Val-sur-Lisse", value])
    return content.getvalue()


def printed(text: str) -> bytes:
    return bytes(typst.compile(text.encode()))


def attached(name: str, content: bytes) -> bytes:
    whole = io.BytesIO()
    with pikepdf.open(io.BytesIO(printed("Un livre."))) as pdf:
        pdf.attachments[name] = content
        pdf.save(whole)
    return whole.getvalue()


def drawn(*texts: tuple[float, float, str]) -> bytes:
    """A drawing whose texts are outlines, as those of the pages are."""
    content = io.BytesIO()
    figure = Figure()
    for x, y, text in texts:
        figure.text(x, y, text)
    with matplotlib.rc_context({"svg.fonttype": "path"}):
        figure.savefig(content, format="svg")
    return content.getvalue()


CSV = f"Territoire;{LABEL}\nVal-sur-Lisse;%s\n"

PLANTED: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "cell": ("p.html", lambda n: table(f"<td>{n}</td>").encode()),
    "attribute": ("p.html", lambda n: table(f"<td><data value='{n}'>secret</data></td>").encode()),
    "sentence": ("p.html", lambda n: page(f"<p>{LABEL} : {n}.</p>")),
    "label": ("p.html", lambda n: page(f"<div aria-label='{LABEL} : {n}'></div>")),
    "picture": ("p.html", lambda n: page(f"<img alt='{LABEL} : {n} en 2021'>")),
    "metadata": ("p.html", lambda n: page(f"<meta content='{LABEL} : {n}'>")),
    "csv": ("donnees/p--t.csv", lambda n: (CSV % n).encode("utf-8-sig")),
    "xlsx": ("donnees/p--t.xlsx", lambda n: workbook(int(n) if n.isdigit() else n)),
    "svg-text": ("f.svg", lambda n: f"<svg><text>Val-sur-Lisse, {LABEL} : {n}</text></svg>".encode()),
    "svg-desc": ("f.svg", lambda n: f"<svg><desc>Val-sur-Lisse : {LABEL} {n}</desc></svg>".encode()),
    "svg-data": ("f.svg", lambda n: f"<svg><path data-v='Val-sur-Lisse {LABEL} {n}'/></svg>".encode()),
    "svg-outlines": ("f.svg", lambda n: drawn((0.1, 0.5, f"Val-sur-Lisse, {LABEL}"), (0.9, 0.5, n))),
    "svg-one-text": ("f.svg", lambda n: drawn((0.1, 0.5, f"Val-sur-Lisse, {LABEL} : {n}"))),
    "index": ("i.js", lambda n: f'window.I=[["v.html","Val-sur-Lisse","{LABEL} {n}"]]'.encode()),
    "json": ("d.json", lambda n: json.dumps({"Val-sur-Lisse": {LABEL: n}}).encode()),
    "pdf": ("b.pdf", lambda n: printed(f"Val-sur-Lisse, {LABEL} : {n}")),
    "attachment": ("b.pdf", lambda n: attached("d.csv", (CSV % n).encode())),
    "book-in-book": ("b.pdf", lambda n: attached("d.xlsx", workbook(n))),
    "letter": ("l.txt", lambda n: f"Val-sur-Lisse. {LABEL} : {n}".replace(". ", ", ").encode()),
}


def found(folder: Path) -> list[Imprimee]:
    released = decider(MESURES, DEFINITIONS, frozenset())
    return list(imprimees(enonces(folder), MESURES, released, DEFINITIONS, PLACES, {}))


def write(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@pytest.mark.parametrize("kind", PLANTED)
def test_a_withheld_number_is_told_with_its_file_and_its_measure(kind: str, tmp_path: Path) -> None:
    name, made = PLANTED[kind]
    write(tmp_path, name, made("3"))
    leaks = found(tmp_path)
    assert {one.mesure.cle for one in leaks} == {("embauchees", "val", "", "", DAY)}
    assert all(one.fichier.startswith(name) for one in leaks)


@pytest.mark.parametrize("kind", PLANTED)
def test_the_word_in_its_place_is_no_leak(kind: str, tmp_path: Path) -> None:
    name, made = PLANTED[kind]
    write(tmp_path, name, made("secret"))
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{LABEL} : 12 en 2019.</p>",
        f"<p>{LABEL} : 40 à Aval.</p>",
        f"<p>{LABEL} : secret. Il y a 3 communes.</p>",
        f"<p>3 réunions ; {LABEL} : secret</p>",
        f"<p>{LABEL} : 3 en 2018.</p>",
        f"<p>{LABEL}, mai 2021 : 3.</p>",
    ],
)
def test_another_number_another_place_another_year_is_no_leak(body: str, tmp_path: Path) -> None:
    write(tmp_path, "p.html", page(body))
    assert found(tmp_path) == []


def test_a_number_drawn_on_another_line_is_no_leak(tmp_path: Path) -> None:
    here = (0.1, 0.5, f"Val-sur-Lisse, {LABEL}")
    write(tmp_path, "f.svg", drawn(here, (0.9, 0.9, "3")))
    assert found(tmp_path) == []
    write(tmp_path, "f.svg", drawn(here, (0.9, 0.51, "3")))
    assert len(found(tmp_path)) == 1


def test_the_row_says_of_which_category_a_number_is_and_not_the_caption(tmp_path: Path) -> None:
    """A caption that names one category, a row of another: the number is of the row."""
    codes = {choix.code: choix.libelle for choix in DEFINITIONS.of("attente_age").modalites}
    young, old = list(codes)[0], list(codes)[-1]
    mesures = [VAL.compte("attente_age", DAY, n, modalite=code) for code, n in ((young, 3), (old, 12))]
    released = [Released(withheld(m, "addition"), "addition") for m in mesures]
    told = DEFINITIONS.of("attente_age").libelle

    def leaks(row: str) -> list[Imprimee]:
        cells = f"<tr><th>Âge</th><th>Nombre</th></tr><tr><th>{codes[row]}</th><td>3</td></tr>"
        body = f"<table><caption>{told} : {codes[young]} en tête</caption>{cells}</table>"
        write(tmp_path, "p.html", page(body))
        return list(imprimees(enonces(tmp_path), mesures, released, DEFINITIONS, PLACES, {}))

    assert leaks(old) == []
    assert [one.mesure.modalite for one in leaks(young)] == [young]


def test_a_number_under_the_code_of_its_measure_is_a_leak(tmp_path: Path) -> None:
    """Data name a measure and a place by their codes."""
    mesures = [VAL.compte("liste_attente", DAY, 3)]
    released = decider(mesures, DEFINITIONS, frozenset())
    write(tmp_path, "d.json", json.dumps({"Val-sur-Lisse": {"liste_attente": 3}}).encode())
    assert len(list(imprimees(enonces(tmp_path), mesures, released, DEFINITIONS, PLACES, {}))) == 1


def test_a_book_names_the_place_of_the_data_that_it_holds(tmp_path: Path) -> None:
    content = f"Date;{LABEL}\n2021;3\n".encode()
    write(tmp_path, "val-sur-lisse.pdf", attached("donnees.csv", content))
    assert [one.mesure.lieu for one in found(tmp_path)] == ["val"]


def test_a_released_number_of_the_same_name_excuses_the_same_digits(tmp_path: Path) -> None:
    """12 of 2019 are told; 12 withheld of 2021 cannot be told apart from them by words alone."""
    mesures: list[Mesure] = [VAL.compte("embauchees", DAY, 12), VAL.compte("embauchees", "2019-06-30", 12)]
    whole = decider(mesures, DEFINITIONS, frozenset())
    hidden = decider([VAL.compte("embauchees", DAY, 3)], DEFINITIONS, frozenset())[0]
    write(tmp_path, "p.html", page(f"<p>{LABEL} : 12.</p>"))
    statements = list(enonces(tmp_path))
    assert list(imprimees(statements, mesures, [hidden, whole[1]], DEFINITIONS, PLACES, {})) == []
    assert len(list(imprimees(statements, mesures, [hidden], DEFINITIONS, PLACES, {}))) == 1


def test_numbers_are_read_as_pages_write_them() -> None:
    assert numbers("1\u202f234,5 sur 1 000 000, −3 et 2,50") == ("1234.5", "1000000", "-3", "2.50")
    (one,) = lus("donnees/val--t.csv", CSV.replace("%s", "1234,5").encode())
    assert one.nombres == ("1234.5",) and one.mots[:2] == ("val", "t")
