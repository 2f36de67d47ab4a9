"""Free answers coded by people: the workbook that two coders fill, and its reading.

One line a text, one theme by each coder, then the theme kept. The lines are told apart by an identifier made
of the answer itself: a text that changed, or that another deposit replaced, is never taken for another one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from analysis.depot.dossier import REMARQUE
from analysis.depot.enquetes.questions import CITATION
from analysis.depot.formes.coffre import Refused, open_safely
from analysis.depot.formes.constats import file_name
from analysis.depot.formes.feuilles import Grid
from analysis.depot.formes.layout import text_of
from analysis.depot.formes.personnel import donnee_personnelle
from analysis.depot.garde.ledger import CODING_COLUMNS, texte_id
from analysis.depot.lecteurs.grilles import read_grids
from analysis.noyau.declared.validation import form_of
from analysis.noyau.declared.written import load_written
from analysis.noyau.errors import Finding, InvalidData
from analysis.noyau.files.scratch import whole
from analysis.noyau.paths import Project

FEUILLE, FEUILLE_THEMES, LISEZ_MOI = "Codage", "Thèmes", "Lisez-moi"
TERRITOIRE, DEPOT = "Territoire", "Dépôt"
OUI, NON = "Oui", "Non"

COLONNES: Mapping[str, tuple[str, int]] = {
    "texte_id": ("Identifiant", 16),
    "enquete": ("Enquête", 20),
    "vague": ("Vague", 8),
    "question": ("Question", 30),
    "texte": ("Texte", 70),
    "theme_1": ("Thème (1er codeur)", 26),
    "theme_2": ("Thème (2e codeur)", 26),
    "theme": ("Thème retenu", 26),
    "citer": ("À citer", 10),
    "attention": ("À relire avant de citer", 40),
}
"""Header and width of each column of the sheet; the last one is a note that is not read back."""

_THEMES = ("theme_1", "theme_2", "theme")
_DEEPEST_HEADER = 10
_CREATED = datetime(2026, 1, 1)
_HEAD = {"bold": True, "bg_color": "#1f3a5f", "font_color": "#ffffff", "text_wrap": True, "border": 1}
_GUIDE = (
    "Deux personnes codent, chacune de son côté : la seconde masque la colonne de la première.",
    "Lisez d'abord la feuille Thèmes. Choisissez le thème principal du texte, dans la liste, et un seul.",
    "Ensuite, comparez. Où les deux thèmes diffèrent, discutez, puis choisissez le thème retenu. Où ils sont "
    "les mêmes, le thème retenu peut rester vide. Ne corrigez pas les deux premières colonnes : leur écart "
    "est publié.",
    "« À citer » ne se remplit que sur les lignes claires : la personne a accepté que son texte soit cité. Un "
    "vide veut dire non. Ne citez pas un texte qui permet de reconnaître quelqu'un ; la dernière colonne dit "
    "ce qui peut y conduire, sans rien garantir.",
    "Ne modifiez ni les textes, ni les identifiants, ni les en-têtes. Vous pouvez trier les lignes.",
    "Enregistrez au format .xlsx ou .ods, puis : bilan enquete codage suivi du nom du fichier.",
    "Ce classeur contient ce que des personnes ont écrit : il ne s'envoie pas par courriel. Détruisez-le une "
    "fois relu.",
)

_LIEN = re.compile(
    r"\b(?:ma|mon|mes) (?:fille|fils|enfants?|mari|femme|compagne|compagnon|mère|père|frère|sœur|conjointe?)\b",
    re.IGNORECASE,
)
_AGE = re.compile(r"\b\d{1,3} ?ans\b", re.IGNORECASE)
_NAISSANCE = re.compile(r"\b(?:19|20)\d{2}\b")
_FONCTION = re.compile(
    r"\b(?:maire|adjointe?|conseill(?:er|ère)|directeur|directrice|président(?:e)?|chefs?|cheffes?|responsable|"
    r"encadrante?s?|comptable|secrétaire|curé|médecin|infirmi(?:er|ère)|notaire|institut(?:eur|rice)|"
    r"gendarme|assistante sociale|délégué(?:e)?)\b",
    re.IGNORECASE,
)
_MAJUSCULE = re.compile(r"(?<=[\wà-ÿ,;:»)] )[A-ZÀ-Ý][\wà-ÿ'’-]+")
_SIGLES = frozenset(
    "EBE CLE RSA ASS ARE AAH CAF MSA CPAM CCAS RQTH MDPH ESAT CDI CDD ETP CAP BEP BTS AFPA GRETA TZCLD".split()
)


@dataclass(frozen=True)
class Theme:
    """One theme of the codebook: what it holds, with an invented example."""

    theme: str
    libelle: str
    definition: str
    exemple: str


@dataclass(frozen=True)
class Reponse:
    """A free answer of a deposit; ``citable`` when its author accepted that it be quoted."""

    texte_id: str
    personne: str
    enquete: str
    vague: str
    question: str
    texte: str
    citable: bool


def load_themes(project: Project) -> tuple[Theme, ...]:
    """The codebook, in its order; raises InvalidData for a faulty table or two themes of one name."""
    themes = tuple(Theme(**row) for row in load_written(project, "themes", key=("theme",)))
    if len({theme.libelle for theme in themes}) < len(themes):
        shown = project.shown(project.dictionary / "themes.csv")
        raise InvalidData([Finding(shown, None, "libelle", "deux fois le même nom", "un nom par thème")])
    return themes


def reponses_libres(texts: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> tuple[Reponse, ...]:
    """The free answers among the texts of a deposit, by survey, wave, question, then identifier.

    ``texts`` are those of the ledger, ``tables`` its answers by name. A remark of the workbook is nobody's
    answer. The order within a question tells nothing of who wrote.
    """
    agreed = {
        name: set(answers.loc[answers[CITATION] == "oui", "repondant"])
        for name, answers in tables.items()
        if CITATION in answers
    }
    found = []
    for row in texts[texts["question"] != REMARQUE].to_dict("records"):
        said = {str(name): str(value) for name, value in row.items()}
        willing = agreed.get(f"reponses/{said['enquete']}/{said['vague']}", ())
        found.append(Reponse(texte_id(said), citable=said["personne"] in willing, **said))
    return tuple(sorted(found, key=lambda r: (r.enquete, r.vague, r.question, r.texte_id)))


def mots_identifiants(text: str, names: Sequence[str]) -> list[str]:
    """What in a text may let its author or someone else be recognised, in French words, never the words themselves.

    ``names`` are those of the territory: its places, its EBE. Empty when nothing is seen, which proves
    nothing: a story may be enough.

    >>> mots_identifiants("Depuis que le maire de Prémery est passé, j'ai 57 ans.", ["Prémery"])
    ['un lieu ou une entreprise du territoire', 'un âge ou une durée', 'une fonction']
    >>> mots_identifiants("J'ai le RSA. On me dit bonjour.", ["Prémery"])
    []
    """
    personal = donnee_personnelle(text, libre=True)
    flat = text.casefold()
    found = [personal] if personal else []
    if any(re.search(rf"\b{re.escape(name.casefold())}\b", flat) for name in names):
        found.append("un lieu ou une entreprise du territoire")
    words = {word for word in _MAJUSCULE.findall(text) if word.upper() not in _SIGLES}
    if words - {word for name in names for word in name.split()}:
        found.append("un nom propre")
    kinds = {"un âge ou une durée": _AGE, "une année": _NAISSANCE, "une fonction": _FONCTION}
    found += [kind for kind, pattern in kinds.items() if pattern.search(text)]
    return [*found, "un proche"] if _LIEN.search(text) else found


def lignes(
    reponses: Sequence[Reponse],
    themes: Sequence[Theme],
    *,
    names: Sequence[str],
    labels: Mapping[tuple[str, str], tuple[str, str]],
    coding: pd.DataFrame,
) -> pd.DataFrame:
    """The lines of the workbook: the fields of ``COLONNES`` as text, and ``citable``.

    ``labels`` names the survey and the question of each (enquete, question); ``coding`` is what was coded
    before, found again by identifier.
    """
    told = {theme.theme: theme.libelle for theme in themes}
    before = {row["texte_id"]: row for row in coding.to_dict("records")}
    rows = []
    for reponse in reponses:
        enquete, question = labels[reponse.enquete, reponse.question]
        known = before.get(reponse.texte_id, {})
        doubts = mots_identifiants(reponse.texte, names)
        rows.append(
            {
                "texte_id": reponse.texte_id,
                "enquete": enquete,
                "vague": reponse.vague,
                "question": question,
                "texte": shown(reponse.texte),
                **{name: told.get(str(known.get(name, "")), "") for name in _THEMES},
                "citer": OUI if known.get("citer") == "oui" and reponse.citable else "",
                "attention": f"Peut-être {', '.join(doubts)}." if doubts else "",
                "citable": reponse.citable,
            }
        )
    return pd.DataFrame(rows, columns=[*COLONNES, "citable"])


def shown(text: str) -> str:
    """A text without what a cell does not hold: control characters, marks that turn the direction of writing.

    >>> shown("bon\\u202ejour\\x07\\nmerci")
    'bon jour \\nmerci'
    """
    return "".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf") else " " for c in text)


def write_coding(
    path: Path, frame: pd.DataFrame, themes: Sequence[Theme], *, territoire: str, numero: int
) -> None:
    """Write the workbook of these lines, every text as text: nothing that someone wrote is ever a formula."""
    with whole(path) as content, xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"title": "Codage des réponses libres", "created": _CREATED})
        head = book.add_format(_HEAD)
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        closed = book.add_format({"bg_color": "#d9d9d9"})
        page = book.add_worksheet(LISEZ_MOI)
        page.set_column(0, 0, 14)
        page.set_column(1, 1, 110)
        for row, (name, value) in enumerate(((TERRITOIRE, territoire), (DEPOT, str(numero)))):
            page.write_string(row, 0, name, head)
            page.write_string(row, 1, value, wrapped)
        for row, line in enumerate(_GUIDE, start=3):
            page.write_string(row, 0, f"Règle {row - 2}", wrapped)
            page.write_string(row, 1, line, wrapped)
        _write_lines(book.add_worksheet(FEUILLE), frame, len(themes), head, wrapped, closed)
        page = book.add_worksheet(FEUILLE_THEMES)
        page.set_column(0, 0, 28)
        page.set_column(1, 2, 60)
        for column, title in enumerate(("Thème", "Ce qu'il contient", "Exemple")):
            page.write_string(0, column, title, head)
        for row, theme in enumerate(themes, start=1):
            for column, text in enumerate((theme.libelle, theme.definition, theme.exemple)):
                page.write_string(row, column, text, wrapped)


def _write_lines(page: Any, frame: pd.DataFrame, count: int, head: Any, wrapped: Any, closed: Any) -> None:
    page.freeze_panes(1, 1)
    names = list(COLONNES)
    for column, (title, width) in enumerate(COLONNES.values()):
        page.set_column(column, column, width)
        page.write_string(0, column, title, head)
    choice = {
        "validate": "list",
        "source": f"='{FEUILLE_THEMES}'!$A$2:$A${count + 1}",
        "error_title": "Thème inconnu",
        "error_message": "Choisissez un thème de la liste.",
    }
    quote = {"validate": "list", "source": [OUI, NON]}
    places = [names.index(name) for name in _THEMES]
    page.data_validation(1, min(places), len(frame), max(places), choice)
    place = names.index("citer")
    for row, line in enumerate(frame.to_dict("records"), start=1):
        for column, name in enumerate(names):
            page.write_string(row, column, str(line[name]), wrapped)
        if line["citable"]:
            page.data_validation(row, place, row, place, quote)
        else:
            page.write_string(row, place, str(line["citer"]), closed)


@dataclass(frozen=True)
class Classeur:
    """A workbook of coding as it was read: whose, and its lines by number, as text by field."""

    fichier: str
    territoire: str
    lignes: Mapping[int, Mapping[str, str]]


def read_coding(path: Path) -> Classeur:
    """The lines of a workbook of coding, .xlsx or .ods; raises InvalidData when it is not one."""
    fichier = file_name(path)
    try:
        grids = read_grids(open_safely(path))
    except Refused as refused:
        raise InvalidData(
            [Finding(fichier, None, None, refused.found, refused.expected, refused.remedy)]
        ) from None
    remedy = "Repartez du classeur de « bilan enquete coder »."
    if FEUILLE not in grids or LISEZ_MOI not in grids:
        expected = f"les feuilles « {FEUILLE} » et « {LISEZ_MOI} »"
        raise InvalidData([Finding(fichier, None, None, "un autre classeur", expected, remedy)])
    identity = {text_of(row[0]): text_of(row[1]) for row in grids[LISEZ_MOI] if len(row) > 1}
    rows = [[shown(text_of(cell)).strip() for cell in row] for row in grids[FEUILLE]]
    start = _header(rows)
    header = rows[start] if start is not None else []
    titles = {name: title for name, (title, _) in COLONNES.items() if name != "attention"}
    faulty = [title for title in titles.values() if header.count(title) != 1]
    if start is None or faulty:
        found = f"une fois et une seule {', '.join(f'« {title} »' for title in faulty or titles.values())}"
        finding = Finding(f"{fichier}, feuille {FEUILLE}", None, None, "d'autres en-têtes", found, remedy)
        raise InvalidData([finding])
    places = {name: header.index(title) for name, title in titles.items()}
    filled = {
        number: {name: row[place] for name, place in places.items()}
        for number, row in enumerate(rows[start + 1 :], start=start + 2)
        if any(row)
    }
    return Classeur(fichier, identity.get(TERRITOIRE, ""), filled)


def _header(rows: Grid) -> int | None:
    title = COLONNES["texte_id"][0]
    return next((index for index, row in enumerate(rows[:_DEEPEST_HEADER]) if title in row), None)


def coding_of(classeur: Classeur, reponses: Sequence[Reponse], themes: Sequence[Theme]) -> pd.DataFrame:
    """The coding that a workbook gives of these answers, with ``CODING_COLUMNS``.

    Where both coders agree and no theme is kept, theirs is. Raises InvalidData with every finding: a text
    unknown, changed, doubled or left out, a theme missing or unknown, coders who disagree without a theme
    kept, a quotation that its author did not accept. No finding quotes a text.
    """
    by_id = {reponse.texte_id: reponse for reponse in reponses}
    codes = {theme.libelle: theme.theme for theme in themes}
    file = f"{classeur.fichier}, feuille {FEUILLE}"
    findings: list[Finding] = []
    seen: dict[str, int] = {}
    rows = []
    for line, row in classeur.lignes.items():
        reponse = by_id.get(row["texte_id"])
        found = [*_line_findings(row, reponse, codes)]
        if row["texte_id"] in seen:
            found.append(
                ("texte_id", f"le même que ligne {seen[row['texte_id']]}", "une ligne par texte", "")
            )
        seen.setdefault(row["texte_id"], line)
        findings += [Finding(file, line, COLONNES[name][0], *told) for name, *told in found]
        if reponse is not None and not found:
            first, second, kept = (codes.get(row[name], "") for name in _THEMES)
            quoted = "oui" if row["citer"] == OUI else "non"
            place = (reponse.personne, reponse.enquete, reponse.vague, reponse.question, reponse.texte_id)
            rows.append((*place, first, second, kept or first, quoted))
    missing = len(by_id.keys() - seen.keys())
    if missing:
        found_text = f"{missing} texte{'s' if missing > 1 else ''} du dépôt sans ligne"
        remedy = "Remettez les lignes ôtées, ou repartez de « bilan enquete coder »."
        findings.append(Finding(file, None, None, found_text, "une ligne par texte", remedy))
    if findings:
        raise InvalidData(findings)
    return pd.DataFrame(rows, columns=list(CODING_COLUMNS), dtype="str")


def _line_findings(
    row: Mapping[str, str], reponse: Reponse | None, codes: Mapping[str, str]
) -> Iterator[tuple[str, str, str, str]]:
    """The field, what was found, what was expected and what to do, for each fault of a line."""
    if reponse is None:
        remedy = "Refaites le classeur : ce qui est déjà codé y sera repris."
        yield "texte_id", "un texte inconnu", "un texte du dépôt en vigueur", remedy
        return
    if _flat(row["texte"]) != _flat(reponse.texte):
        yield "texte", "un texte modifié", "le texte du dépôt", "Recopiez-le du classeur d'origine."
    for name in _THEMES:
        if row[name] and row[name] not in codes:
            found = f"un thème inconnu ({form_of(row[name])})"
            yield name, found, f"un thème de la feuille « {FEUILLE_THEMES} »", "Choisissez dans la liste."
    for name in ("theme_1", "theme_2"):
        if not row[name]:
            yield name, "une cellule vide", "un thème par codeur", "Faites coder ce texte."
    if row["theme_1"] and row["theme_2"] and row["theme_1"] != row["theme_2"] and not row["theme"]:
        remedy = "Discutez-en, puis choisissez."
        yield "theme", "une cellule vide, et deux codeurs en désaccord", "le thème retenu", remedy
    if row["citer"] not in ("", OUI, NON):
        yield "citer", form_of(row["citer"]), f"« {OUI} », « {NON} » ou vide", ""
    if row["citer"] == OUI and not reponse.citable:
        yield (
            "citer",
            "une citation que la personne n'a pas acceptée",
            f"« {NON} » ou vide",
            "Videz la cellule.",
        )


def _flat(text: str) -> str:
    """A text as two spreadsheets agree on it: one space for any, characters composed."""
    return " ".join(unicodedata.normalize("NFC", shown(text)).split())
