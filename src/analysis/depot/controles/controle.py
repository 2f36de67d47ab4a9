"""Check the rows of one sheet cell by cell, and give its valid rows their types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclasses_field

import pandas as pd

from analysis.depot.formes.cellules import cause, lire
from analysis.depot.formes.cle import forme
from analysis.depot.formes.constats import Constat, refused_lines
from analysis.depot.formes.layout import RawSheet
from analysis.depot.formes.personnel import donnee_personnelle, donnee_personnelle_du_nom
from analysis.depot.lecteurs.classeur import constat_at
from analysis.depot.referentiel import Referentiel
from analysis.noyau.declared.csv_files import RawTable
from analysis.noyau.declared.dictionary import Field
from analysis.noyau.declared.validation import quoted, validate
from analysis.noyau.french import in_quotes

_REMEDIES = {
    "entier": "Retirez les décimales et ce qui n'est pas un nombre.",
    "nombre": "Retirez ce qui n'est pas un nombre.",
    "liste": "Choisissez la valeur dans la liste de la cellule.",
    "identifiant": "Donnez à la personne un code à vous, sans son nom.",
}


@dataclass(frozen=True, eq=False)
class Feuille:
    """A sheet after the check of its cells: what was read, the valid rows typed, the findings.

    ``frame`` is indexed by line; identifiers are their letters and digits, dates are « 2018-09-03 » and months
    « 2018-09 » as text, numbers are floats, lists are codes, a blank is missing. ``raw`` has its cells in the form of
    the dictionary where they have one meaning, ``formes`` counts those that were written otherwise.
    """

    raw: RawSheet
    frame: pd.DataFrame
    constats: tuple[Constat, ...]
    formes: Counter[str] = dataclasses_field(default_factory=Counter)

    def constat(
        self, rule: str, line: int, champ: str, found: str, expected: str, remedy: str = ""
    ) -> Constat:
        """A finding at a field of one of the sheet's rows."""
        return constat_at(self.raw, rule, line, champ, found, expected, remedy)


def check_sheet(
    raw: RawSheet, suspects: frozenset[tuple[int, str]], referentiel: Referentiel, territoire: str
) -> Feuille:
    """The valid rows of a sheet, typed, and the findings of its cells.

    ``suspects`` are the cells that have a finding of form already: they get no second one. A sheet that
    lacks a column is checked on those that it has, for one whole answer; it has then no valid row.
    """
    declared = referentiel.fields[raw.table]
    fields = {field.champ: field for field in declared if field.champ in raw.places}
    constats = _personal(raw, fields, suspects)
    lecture = lire(raw, fields, referentiel.ecritures(territoire))
    raw = lecture.raw
    seen = suspects | {(c.ligne or 0, _champ_of(raw, c)) for c in constats}
    for line, champ in sorted(lecture.ambigus - seen):
        constats.append(_refused(raw, fields[champ], "forme", line, "", "un nombre qui n'a qu'un sens"))
    seen |= lecture.ambigus
    table = RawTable(raw.fichier, tuple(fields), dict(raw.rows))
    if raw.rows:
        for finding in validate(table, tuple(fields.values()), referentiel.known(territoire)):
            line, field = finding.line or 0, fields[finding.column or ""]
            if (line, field.champ) not in seen:
                constats.append(_refused(raw, field, finding.rule, line, finding.found, finding.expected))
    refused = refused_lines(constats, referentiel.regles) | {line for line, _ in suspects}
    cle = referentiel.layout.sheet(raw.table).cle
    if set(cle) <= set(fields):
        if len(cle) == 1 and fields[cle[0]].type == "identifiant":
            constats += _confused(raw, fields[cle[0]])
            refused |= refused_lines(constats, referentiel.regles)
        constats += _duplicates(raw, cle, refused, fields)
    refused |= refused_lines(constats, referentiel.regles)
    if len(fields) < len(declared):
        refused |= set(raw.rows)
    codes = referentiel.codes(territoire)
    rows = {
        line: {champ: _typed(row[champ], field, codes) for champ, field in fields.items()}
        for line, row in raw.rows.items()
        if line not in refused
    }
    everything = [field.champ for field in declared]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=everything, dtype=object)
    return Feuille(raw, frame, tuple(constats), lecture.formes)


def _personal(
    raw: RawSheet, fields: Mapping[str, Field], suspects: frozenset[tuple[int, str]]
) -> list[Constat]:
    """A finding for each cell that seems to identify someone; the cell is never quoted."""
    constats = []
    for line, row in raw.rows.items():
        for champ, text in row.items():
            if champ == "fichier":
                found = donnee_personnelle_du_nom(text)
            else:
                found = donnee_personnelle(text, libre=fields[champ].type == "texte_libre")
            if found and (line, champ) not in suspects:
                remedy = "Effacez-le : rien de la ligne n'est gardé tant qu'il y est."
                expected = "aucun nom, numéro, courriel ni téléphone d'une personne"
                constats.append(
                    constat_at(
                        raw,
                        "donnee_personnelle",
                        line,
                        champ,
                        f"ce qui semble être {found}",
                        expected,
                        remedy,
                    )
                )
    return constats


def _champ_of(raw: RawSheet, constat: Constat) -> str:
    return next(champ for champ, (letters, _) in raw.places.items() if letters == constat.colonne)


def _refused(raw: RawSheet, field: Field, rule: str, line: int, found: str, expected: str) -> Constat:
    """A finding at a cell, with why the cell has no meaning, or two, where that can be said."""
    told = cause(raw.rows[line][field.champ], field) if rule in ("forme", "borne") else None
    remedy = told.remede if told else _remedy(field, rule)
    return constat_at(raw, rule, line, field.champ, (told and told.trouve) or found, expected, remedy)


def _remedy(field: Field, rule: str) -> str:
    if rule == "valeur_manquante":
        return "Remplissez la cellule."
    return _REMEDIES.get(field.type, "") if rule in ("forme", "valeur_inconnue") else ""


def _duplicates(
    raw: RawSheet, cle: tuple[str, ...], refused: frozenset[int], fields: Mapping[str, Field]
) -> list[Constat]:
    """A finding for each row whose key stands on an earlier row that is not refused."""
    first: dict[tuple[object, ...], int] = {}
    constats = []
    for line, row in raw.rows.items():
        if line in refused:
            continue
        key = tuple(_said(row[champ], fields[champ]) for champ in cle)
        if key in first:
            headers = in_quotes(raw.places[champ][1] for champ in cle)
            shown = (
                quoted(row[cle[0]], fields[cle[0]]) if len(cle) == 1 else f"les mêmes valeurs de {headers}"
            )
            found = f"{shown}, comme ligne {first[key]}"
            remedy = "Supprimez la ligne en trop, ou corrigez ce qui les distingue."
            constats.append(constat_at(raw, "doublon", line, cle[0], found, "une seule ligne", remedy))
        else:
            first[key] = line
    return constats


def _confused(raw: RawSheet, field: Field) -> Iterator[Constat]:
    """A finding for each row of a person whose identifier only a hyphen or a blank tells from that of another row.

    Which of them a contract or an answer names, nobody can tell: none is kept.
    """
    spelled: dict[str, dict[int, str]] = {}
    for line, row in raw.rows.items():
        if row[field.champ]:
            spelled.setdefault(forme(row[field.champ]), {})[line] = row[field.champ]
    letters = raw.places[field.champ][0]
    for lines in spelled.values():
        for line, text in lines.items():
            others = [other for other, said in lines.items() if said.upper() != text.upper()]
            if others:
                places = ", ".join(f"{letters}{other}" for other in others)
                found = f"{quoted(text, field)}, comme {places} aux traits et aux espaces près"
                expected = "des identifiants que leurs lettres et leurs chiffres distinguent"
                remedy = "Si c'est la même personne, gardez une seule ligne ; sinon, donnez-lui un autre identifiant."
                yield constat_at(raw, "identifiants_confondus", line, field.champ, found, expected, remedy)


def _said(text: str, field: Field) -> object:
    """What a valid value says however it is written: « P-1 » and « p1 » are one person, « 01 » and « 1 » one number."""
    if field.type == "identifiant":
        return forme(text)
    if field.type in ("entier", "nombre") and text:
        return float(text)
    return text[:7] if field.type == "mois" else text


def _typed(text: str, field: Field, codes: Mapping[str, Mapping[str, str]]) -> object:
    if not text:
        return None
    if field.type in ("entier", "nombre"):
        return float(text)
    if field.type == "mois":
        return text[:7]
    if field.type == "identifiant":
        return forme(text)
    return codes[field.valeurs[0]][text] if field.type == "liste" else text
