"""The simulator of an authority: its page's fields, the table that its script reads, the finance officer's
workbook."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

import xlsxwriter
from pydantic import ConfigDict, TypeAdapter
from pydantic_core import to_json

from analysis.indicateurs.depenses_passives.payeurs import CDE, COLONNES
from analysis.indicateurs.depenses_passives.resultats import (
    AUJOURDHUI,
    PERIMETRES,
    Calcule,
    Coefficient,
    Etude,
)
from analysis.livre.adresse import page_address, qr_code
from analysis.livre.article.articles import TEMPLATES
from analysis.noyau.arrondi import centimes
from analysis.noyau.files.classeur import workbook
from analysis.noyau.paths import Project
from analysis.noyau.periods import Period
from analysis.stations.modules import code_of
from analysis.stations.store import Store, sha256

SCRIPT: Final = "simulateur.js"
TABLE: Final = "simulateur-donnees.js"
CLASSEUR: Final = "donnees/simulateur.xlsx"
PAGE: Final = "simulateur.html"
QR: Final = "simulateur-adresse.svg"

_LOI: Final = ("cde_etat", "cde_departement")
_PERCENT: Final = (
    *("part_rsa", "part_ass", "part_aah", "part_are", "part_aucune", "effet_emploi"),
    *("compensation_rsa", "recours_rsa", "recours_prime", "recours_logement", "are_annee_1", "are_annee_2"),
)
_HELP: Final = {
    "part_aucune": "Les cinq parts sont ramenées à 100 %.",
    "effet_emploi": "100 % : personne n'en aurait trouvé ; 44 % : comité de 2021 ; 74 % : comité de 2025.",
    "cde_etat": "Entre 53 et 102 % selon la loi. Vide : le taux de chaque année.",
    "cde_departement": "Il peut verser davantage s'il en délibère. Vide : le taux de chaque année.",
    "compensation_rsa": "0 % tant que la compensation reste au coût historique.",
}
PERIMETRES_EN_MOTS: Final = {
    "prestations": "Prestations et services",
    "prelevements": "Avec les cotisations et les impôts",
    "induits": "Avec les effets induits (TVA, santé)",
}
POUR: Final = {
    "etat": "l'État",
    "departement": "le département",
    "securite_sociale": "la Sécurité sociale",
    "unedic": "l'assurance chômage",
    "pole_emploi": "Pôle emploi (France Travail)",
    "region": "la région",
    "commune": "la commune et l'intercommunalité",
    "autres_organismes": "les organismes privés et paritaires",
}
"""Each payer as a sentence names it."""

BUDGET: Final = 2027
"""The first budget year of the page as it opens: the next one that a council votes."""


@dataclass(frozen=True)
class Champ:
    """A field of the page: its name, label, help, and the value that it opens with.

    Where ``indication`` is not empty the field opens empty over it: the law gives the rate of each year.
    """

    nom: str
    libelle: str
    aide: str
    valeur: str
    indication: str = ""


def contexte(etude: Etude, publisher: Mapping[str, str]) -> dict[str, Any]:
    """What the page's template shows: it opens under the law of today, with the next budget year."""
    opening = _centrales(etude.scenario(AUJOURDHUI))
    opening |= taux(etude, BUDGET)
    names = dict(etude.hypotheses)

    def field(name: str) -> Champ:
        shown = f"{100 * opening[name]:g}"
        value, hint = ("", shown) if name in _LOI else (shown, "")
        return Champ(name, names[name], _HELP.get(name, ""), value, hint)

    return {
        "budget": BUDGET,
        "premiere_annee": min(int(dict(row)["debut"]) for row in etude.taux),
        "payeurs": etude.payeurs,
        "loi": [field(name) for name in _LOI],
        "champs": [field(name) for name in _PERCENT],
        "scenarios": [(s.scenario.scenario, s.scenario.titre) for s in _offered(etude)],
        "perimetres": list(PERIMETRES_EN_MOTS.items()),
        "millesimes": sorted({c.millesime for c in etude.coefficients}),
        "millesime": int(opening["millesime"]),
        "modele": etude.modele,
        "legislation": legislation(etude),
        "euros_de": etude.euros_de,
        "classeur": CLASSEUR,
        "adresse": page_address(publisher, PAGE),
        "qr": QR,
    }


_FICHIERS: Final = TypeAdapter(
    dict[str, bytes], config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
)


def fichiers_gardes(
    project: Project,
    etude: Etude,
    about: Sequence[tuple[str, str]],
    publisher: Mapping[str, str],
    kept: Store,
) -> dict[str, bytes]:
    """What :func:`fichiers` makes; as it is kept where it was made of the same."""
    inputs = {"ce qu'il calcule": sha256(to_json((etude, about, publisher))), **code_of(project, __name__)}
    made = kept.take("simulateur", inputs, lambda: _FICHIERS.dump_json(fichiers(etude, about, publisher)))
    return _FICHIERS.validate_json(made)


def fichiers(
    etude: Etude, about: Sequence[tuple[str, str]], publisher: Mapping[str, str]
) -> dict[str, bytes]:
    """The script, the table of coefficients that it reads, the workbook and the code of the page's address,
    by file; no code where no address is established."""
    address = page_address(publisher, PAGE)
    return {
        SCRIPT: (TEMPLATES / SCRIPT).read_bytes(),
        TABLE: f"const COEFFICIENTS = {json.dumps(table(etude), ensure_ascii=False)};\n".encode(),
        CLASSEUR: classeur(etude, about),
        **({QR: qr_code(address)} if address else {}),
    }


def table(etude: Etude) -> dict[str, Any]:
    """The released coefficients and what names them, as the script reads them; amounts in euros per ETP."""
    return {
        "colonnes": COLONNES,
        "lignes": [[getattr(c, name) for name in COLONNES] for c in etude.coefficients],
        "payeurs": dict(etude.payeurs),
        "pour": POUR,
        "libelles": dict(etude.lignes),
        "hypotheses": dict(etude.hypotheses),
        "perimetres": list(PERIMETRES),
        "taux": [
            {"debut": int(row["debut"]), **{n: float(row[n]) for n in _LOI}, "note": row["note"]}
            for row in map(dict, etude.taux)
        ],
        "derniere": derniere(etude),
        "scenarios": {
            s.scenario.scenario: {
                **{k: v for k, v in _centrales(s).items() if k not in (*_LOI, "millesime")},
                "perimetre": s.scenario.perimetre,
            }
            for s in _offered(etude)
        },
        "modele": etude.modele,
    }


def taux(etude: Etude, budget: int) -> dict[str, float]:
    """The contributions that the law asks for in a budget year: those of the last row that begins by then.

    Raises ValueError for a year before the first row.
    """
    known = [dict(row) for row in etude.taux if int(dict(row)["debut"]) <= budget]
    if not known:
        raise ValueError(f"no rate is known in {budget}")
    last = max(known, key=lambda row: int(row["debut"]))
    return {name: float(last[name]) for name in _LOI}


def derniere(etude: Etude) -> int:
    """The last year whose law the model knows: its amounts are kept afterwards, in its euros."""
    return max(int(month[:4]) for _, month in etude.legislation)


def legislation(etude: Etude) -> str:
    """Up to when the model knows the law, in words: the amounts of one month together, the latest first."""
    by_month: dict[str, list[str]] = {}
    for name, month in etude.legislation:
        by_month.setdefault(month, []).append(name)
    told = sorted(by_month.items(), reverse=True)
    return " ; ".join(f"{', '.join(names)}, {Period(month).label}" for month, names in told)


def _offered(etude: Etude) -> list[Calcule]:
    """The scenarios whose assumptions may be taken: the law follows the budget year, so none is of a law."""
    return [s for s in etude.scenarios if s.scenario.scenario != AUJOURDHUI]


def _centrales(calcule: Calcule) -> dict[str, float]:
    return {h.hypothese: h.centrale for h in calcule.scenario.hypotheses}


_LISEZ_MOI: Final = (
    (
        "Ce classeur",
        "Le même calcul que la page « Simulateur », en formules : changez la colonne C de « Hypothèses ».",
    ),
    ("Formule", "Montant par ETP = coefficient × produit des hypothèses que nomme la colonne « Facteurs »."),
    (
        "Arrondi",
        "« Lignes » arrondit chaque ligne de chaque payeur au centime par ETP (un demi-centime s'éloigne de "
        "zéro), puis multiplie par les emplois : la page fait de même.",
    ),
    (
        "Fixé",
        "Périmètre, prestations gardées, ce que la loi ne chiffre pas : en moyenne.",
    ),
    ("Signe", "Un montant positif est un gain du payeur : dépense évitée ou recette. La CDE est négative."),
    (
        "Années",
        "Année 1 : celle de l'embauche, en janvier ; l'année 2 vaut pour les suivantes, ARE exceptée.",
    ),
    (
        "Compensation",
        "« Compensation » : ce qu'un payeur rend à un autre ; sans elle, le résultat est brut.",
    ),
    ("Trace", "« Coefficients » garde chaque ligne du calcul, son payeur, ses facteurs et son résultat."),
)


def classeur(etude: Etude, about: Sequence[tuple[str, str]]) -> bytes:
    """The central assumptions under the law of today, as a workbook that computes: assumptions, coefficients,
    one row a payer and line rounded to the cent as the page rounds it, results.

    Its cached values are those of a spreadsheet that has computed it, so that it reads without one.
    """
    central = etude.scenario(AUJOURDHUI)
    values = _normal(_centrales(central)) | {"etp": 1.0}
    kept = sorted(_kept(etude, central, values), key=_cell_of)
    lines = _lines(kept, values)

    def fill(book: xlsxwriter.Workbook) -> None:
        bold, wrapped = (
            book.add_format({"bold": True, "text_wrap": True}),
            book.add_format({"text_wrap": True}),
        )
        sheet = book.add_worksheet("À lire")
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 100)
        law = f"Embauche de janvier {values['millesime']:.0f}. {etude.modele} : {legislation(etude)}."
        for line, (name, words) in enumerate((*_LISEZ_MOI, ("Législation", law), *about)):
            sheet.write_string(line, 0, name, bold)
            sheet.write_string(line, 1, words, wrapped)
        cells = _assumptions_sheet(book, etude, central, values)
        _coefficients_sheet(book, etude, kept, cells, values)
        _lines_sheet(book, etude, lines, cells)
        _results_sheet(book, etude, lines, values)

    return workbook(fill)


def _normal(values: Mapping[str, float]) -> dict[str, float]:
    total = sum(value for name, value in values.items() if name.startswith("part_"))
    return {name: value / total if name.startswith("part_") else value for name, value in values.items()}


def _kept(etude: Etude, central: Calcule, values: Mapping[str, float]) -> Iterator[Coefficient]:
    """The rows of the central scenario: its year of hire, its perimeter, its variants."""
    counted = {*PERIMETRES[: PERIMETRES.index(central.scenario.perimetre) + 1], CDE}
    for c in etude.coefficients:
        is_counted = c.millesime == int(values["millesime"]) and c.perimetre in counted
        if is_counted and c.variante in ("centrale", "declaree_centrale"):
            yield c


def _assumptions_sheet(
    book: xlsxwriter.Workbook, etude: Etude, central: Calcule, values: Mapping[str, float]
) -> dict[str, str]:
    """The assumptions, each in a cell that may be changed; gives the address of each."""
    sheet, bold = book.add_worksheet("Hypothèses"), book.add_format({"bold": True, "text_wrap": True})
    kept = book.add_format({"num_format": "0.####"})
    free = book.add_format({"bg_color": "#fdf0c8", "num_format": "0.####"})
    wrapped = book.add_format({"text_wrap": True})
    for column, (head, width) in enumerate(
        (
            ("Code", 20),
            ("Hypothèse", 52),
            ("Valeur", 12),
            ("Valeur employée (les parts font 100 %)", 16),
            ("Origine", 14),
            ("Ce qu'elle veut dire", 90),
        )
    ):
        sheet.write_string(0, column, head, bold)
        sheet.set_column(column, column, width)
    names = {"etp": "Emplois à temps plein", **dict(etude.hypotheses)}
    told = {h.hypothese: h for h in central.scenario.hypotheses}
    cells = {}
    shown = [name for name in names if name not in ("lignes_declarees", "cumul", "millesime")]
    parts = [line for line, name in enumerate(shown, start=2) if name.startswith("part_")]
    whole = f"SUM($C${parts[0]}:$C${parts[-1]})"
    for line, name in enumerate(shown, start=1):
        sheet.write_string(line, 0, name)
        sheet.write_string(line, 1, names[name])
        sheet.write_number(line, 2, round(values[name], 6), free)
        formula = f"=C{line + 1}/{whole}" if name.startswith("part_") else f"=C{line + 1}"
        sheet.write_formula(line, 3, formula, kept, round(values[name], 6))
        if name in told:
            sheet.write_string(line, 4, told[name].statut)
            sheet.write_string(line, 5, told[name].note, wrapped)
        cells[name] = f"Hypothèses!$D${line + 1}"
    return cells


def _cell_of(c: Coefficient) -> tuple[int, str, str, str]:
    return c.annee, c.payeur, c.ligne, c.perimetre


@dataclass(frozen=True)
class _Ligne:
    """What a payer gains on a line in a year, per ETP: the rows of « Coefficients » summed, and the cents.

    ``rendue_par`` are the rows of « Lignes » that a compensation of the State gives back.
    """

    cellule: tuple[int, str, str, str]
    debut: int
    fin: int
    centimes: int
    rendue_par: tuple[int, ...] = ()


def _lines(kept: Sequence[Coefficient], values: Mapping[str, float]) -> list[_Ligne]:
    """The lines of the workbook, in the order of its sheet; the State takes what rounding leaves of a
    compensation, as :func:`scenarios.evaluer` has it."""
    lines = []
    row = 1
    for cell, group in groupby(kept, key=_cell_of):
        amounts = [_amount(c, values) for c in group]
        (cents,) = centimes([sum(amounts)])
        lines.append(_Ligne(cell, row, row + len(amounts) - 1, cents))
        row += len(amounts)
    return [_given_back(line, lines) for line in lines]


def _given_back(line: _Ligne, lines: Sequence[_Ligne]) -> _Ligne:
    annee, payeur, ligne, _ = line.cellule
    if payeur != "etat" or not ligne.startswith("compensation_"):
        return line
    others = [
        (rank, other)
        for rank, other in enumerate(lines, start=1)
        if other.cellule[0] == annee and other.cellule[2] == ligne and other.cellule[1] != "etat"
    ]
    ranks = tuple(rank for rank, _ in others)
    return replace(line, centimes=-sum(other.centimes for _, other in others), rendue_par=ranks)


_HEADS: Final = (
    "Année",
    "Payeur",
    "Ligne",
    "Périmètre",
    "Ressource avant",
    "Coefficient (€ par ETP)",
    "Facteurs",
    "Montant (€ par ETP)",
)


def _coefficients_sheet(
    book: xlsxwriter.Workbook,
    etude: Etude,
    kept: Sequence[Coefficient],
    cells: Mapping[str, str],
    values: Mapping[str, float],
) -> None:
    sheet, bold = book.add_worksheet("Coefficients"), book.add_format({"bold": True, "text_wrap": True})
    money = book.add_format({"num_format": "#,##0.00"})
    payers, lines = dict(etude.payeurs), dict(etude.lignes)
    for column, head in enumerate(_HEADS):
        sheet.write_string(0, column, head, bold)
    for line, c in enumerate(kept, start=1):
        texts = (payers[c.payeur], lines[c.ligne], c.perimetre, c.ressource)
        sheet.write_number(line, 0, c.annee)
        for column, text in enumerate(texts, start=1):
            sheet.write_string(line, column, text)
        sheet.write_number(line, 5, c.montant, money)
        sheet.write_string(line, 6, c.facteurs)
        factors = "*".join(cells[name] for name in c.facteurs.split())
        sheet.write_formula(line, 7, f"=F{line + 1}*{factors}", money, _amount(c, values))
    sheet.set_column(1, 2, 44)
    sheet.set_column(3, 7, 18)
    sheet.freeze_panes(1, 0)


def _lines_sheet(
    book: xlsxwriter.Workbook, etude: Etude, lines: Sequence[_Ligne], cells: Mapping[str, str]
) -> None:
    """One row a year, payer and line: its amount per ETP to the cent, a half away from zero, then for all."""
    sheet, bold = book.add_worksheet("Lignes"), book.add_format({"bold": True, "text_wrap": True})
    money = book.add_format({"num_format": "#,##0.00"})
    payers, names = dict(etude.payeurs), dict(etude.lignes)
    for column, head in enumerate(("Année", "Payeur", "Ligne", "Périmètre", "€ par ETP", "Montant (€)")):
        sheet.write_string(0, column, head, bold)
    for rank, line in enumerate(lines, start=1):
        annee, payeur, ligne, perimetre = line.cellule
        sheet.write_number(rank, 0, annee)
        for column, text in enumerate((payers[payeur], names[ligne], perimetre), start=1):
            sheet.write_string(rank, column, text)
        given = "+".join(f"E{other + 1}" for other in line.rendue_par)
        summed = f"SUM(Coefficients!H{line.debut + 1}:H{line.fin + 1})"
        formula = f"=-({given})" if given else f"=ROUND(ROUND({summed},8),2)"
        sheet.write_formula(rank, 4, formula, money, line.centimes / 100)
        sheet.write_formula(rank, 5, f"={cells['etp']}*E{rank + 1}", money, line.centimes / 100)
    sheet.set_column(1, 2, 44)
    sheet.set_column(3, 5, 18)
    sheet.freeze_panes(1, 0)


def _results_sheet(
    book: xlsxwriter.Workbook, etude: Etude, lines: Sequence[_Ligne], values: Mapping[str, float]
) -> None:
    sheet, bold = book.add_worksheet("Résultats"), book.add_format({"bold": True, "text_wrap": True})
    money = book.add_format({"num_format": "#,##0.00"})
    first, second = (min(int(values["millesime"]) + rank, derniere(etude)) for rank in (0, 1))
    heads = (
        "Payeur",
        f"Économies et recettes, année 1 (€ de {first})",
        f"Contribution (CDE), année 1 (€ de {first})",
        f"Économies et recettes, année 2 et suivantes (€ de {second})",
        f"Contribution (CDE), année 2 et suivantes (€ de {second})",
    )
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, 4, 20)
    end = len(lines) + 1
    ranges = {letter: f"Lignes!${letter}$2:${letter}${end}" for letter in "ABDF"}
    for line, (payeur, nom) in enumerate(etude.payeurs, start=1):
        sheet.write_string(line, 0, nom)
        for column, (annee, is_cde) in enumerate(((1, False), (1, True), (2, False), (2, True)), start=1):
            test = '"cde"' if is_cde else '"<>cde"'
            tests = f"{ranges['B']},$A{line + 1},{ranges['A']},{annee},{ranges['D']},{test}"
            total = sum(
                one.centimes
                for one in lines
                if one.cellule[:2] == (annee, payeur) and (one.cellule[3] == CDE) == is_cde
            )
            sheet.write_formula(line, column, f"=SUMIFS({ranges['F']},{tests})", money, total / 100)


def _amount(c: Coefficient, values: Mapping[str, float]) -> float:
    """Euros per ETP, not rounded."""
    product = c.montant
    for name in c.facteurs.split():
        product *= values[name]
    return product
