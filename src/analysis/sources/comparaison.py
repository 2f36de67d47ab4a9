"""What the experiment is compared with: the declared tables, each row resting on a figure of the register.

CSV text and the register → findings (all of them, with file and line) or a frozen :class:`Declaree`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final, TypeVar

from analysis.noyau.declared.csv_files import RawTable
from analysis.noyau.declared.prix import Prix
from analysis.noyau.declared.written import read_written
from analysis.noyau.errors import Finding, InvalidData
from analysis.noyau.paths import Project
from analysis.sources.comparables import (
    COMPOSANTES,
    Controverse,
    CoutDeclare,
    Declaree,
    DefinitionCout,
    EffetDeclare,
    PartDeclaree,
)
from analysis.sources.fiches import Chiffre
from analysis.sources.register import Register

TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "definitions_cout": ("definition",),
    "comparaison_couts": ("chiffre",),
    "comparaison_profils": ("chiffre", "groupe", "caracteristique"),
    "comparaison_effets": ("chiffre",),
    "controverses": ("point",),
}
"""The tables of a comparison and the columns whose values together name one row."""

_EFFECTS: Final = {"causal": ("points", "echelle_0_1", "fois"), "brut": ("pourcent",)}
"""The units of what is measured against something, and of what is only observed."""


def load_comparaison(project: Project, register: Register, prix: Prix) -> Declaree:
    """The validated tables of the comparison; raises InvalidData with every finding of every table."""
    raws: dict[str, RawTable] = {}
    known: dict[str, Collection[str]] = {"unites.unite": {unite.unite for unite in register.dictionary.units}}
    for table, key in TABLES.items():
        folder = project.dictionary if table == "definitions_cout" else project.data / "published"
        raws[table] = read_written(project, table, key=key, known=known, path=folder / f"{table}.csv")
        known[f"{table}.{key[0]}"] = {row[key[0]] for row in raws[table].rows.values()}
    definitions = {d.definition: d for d in _records(raws["definitions_cout"], _definition)}
    figures = {chiffre.numero: chiffre for chiffre in register.chiffres}
    findings = [
        *_cost_findings(raws["comparaison_couts"], figures, definitions, prix),
        *_share_findings(raws["comparaison_profils"], figures),
        *_effect_findings(raws["comparaison_effets"], figures),
        *_sentence_findings(raws["controverses"], figures),
    ]
    if findings:
        raise InvalidData(findings)
    return Declaree(
        tuple(definitions.values()),
        tuple(_records(raws["comparaison_couts"], _cost)),
        tuple(_records(raws["comparaison_profils"], _share)),
        tuple(_records(raws["comparaison_effets"], _effect)),
        tuple(_records(raws["controverses"], lambda row: Controverse(**row))),
    )


T = TypeVar("T")


def _records(raw: RawTable, build: Callable[[dict[str, str]], T]) -> Iterator[T]:
    return map(build, raw.rows.values())


def _cost_findings(
    raw: RawTable, figures: Mapping[int, Chiffre], definitions: Mapping[str, DefinitionCout], prix: Prix
) -> Iterator[Finding]:
    """An amount has the unit, contents and price year that its definition asks, or says why it has none."""
    for line, row in raw.rows.items():
        cost = _cost(row)
        figure = figures.get(cost.chiffre)
        if figure is None or not figure.is_number:
            yield _unknown(raw, line, "chiffre", cost.chiffre, "un montant du registre")
        elif not cost.definition:
            if not cost.raison:
                expected = "une définition, ou pourquoi le montant n'est comparé à aucun autre"
                yield Finding(raw.file, line, "raison", "une cellule vide", expected)
        elif cost.raison:
            expected = "une cellule vide : le montant est comparé"
            yield Finding(raw.file, line, "raison", f"« {cost.raison} »", expected)
        else:
            yield from _definition_findings(raw.file, line, cost, figure, definitions[cost.definition])
            yield from _price_findings(raw.file, line, figure, prix)


def _definition_findings(
    file: str, line: int, cost: CoutDeclare, figure: Chiffre, definition: DefinitionCout
) -> Iterator[Finding]:
    remedy = "Deux montants de définitions différentes ne se mettent pas dans une même colonne."
    if figure.unite != definition.unite:
        expected = f"« {definition.unite} », l'unité de la définition « {definition.definition} »"
        yield Finding(file, line, "chiffre", f"un montant en « {figure.unite} »", expected, remedy)
    for asked, components in (("oui", definition.compte), ("non", definition.ne_compte_pas)):
        for component in components:
            if cost.contenu[component] != asked:
                found = f"« {cost.contenu[component]} »"
                expected = f"« {asked} », que demande la définition « {definition.definition} »"
                yield Finding(file, line, component, found, expected, remedy)


def _price_findings(file: str, line: int, figure: Chiffre, prix: Prix) -> Iterator[Finding]:
    if figure.annee_prix is None:
        found = f"le n° {figure.numero}, sans année de prix"
        expected = "un montant dont l'année des prix est établie"
        remedy = (
            "Videz sa définition et dites pourquoi il n'est pas comparé, ou établissez son année au registre."
        )
        yield Finding(file, line, "chiffre", found, expected, remedy)
    elif figure.annee_prix not in prix.indices:
        found = f"le n° {figure.numero}, en euros de {figure.annee_prix}"
        expected = f"une année de {min(prix.indices)} à {max(prix.indices)}, que l'indice des prix connaît"
        yield Finding(file, line, "chiffre", found, expected)


def _share_findings(raw: RawTable, figures: Mapping[int, Chiffre]) -> Iterator[Finding]:
    """A share is a number in percent; what it is a share of is an exact count."""
    for line, row in raw.rows.items():
        share = _share(row)
        figure = figures.get(share.chiffre)
        if figure is None or figure.unite != "pourcent" or not figure.is_number:
            yield _unknown(raw, line, "chiffre", share.chiffre, "une part en % du registre")
        if share.effectif is not None:
            count = figures.get(share.effectif)
            if count is None or count.valeur is None or count.unite not in ("personnes", "contrats"):
                yield _unknown(raw, line, "effectif", share.effectif, "un nombre exact de personnes")


def _effect_findings(raw: RawTable, figures: Mapping[int, Chiffre]) -> Iterator[Finding]:
    """An effect is against something, a raw rate against nothing, and neither has the other's unit."""
    for line, row in raw.rows.items():
        effect = _effect(row)
        figure, units = figures.get(effect.chiffre), _EFFECTS[effect.nature]
        if figure is None or figure.unite not in units or not figure.is_number:
            expected = f"un chiffre du registre en {' ou '.join(units)} pour « {effect.nature} »"
            yield _unknown(raw, line, "chiffre", effect.chiffre, expected)
        if effect.nature == "causal" and not effect.contre:
            expected = "à quoi l'effet est mesuré : sans comparaison, c'est un taux brut"
            yield Finding(raw.file, line, "contre", "une cellule vide", expected)
        if effect.nature == "brut" and effect.contre:
            expected = "une cellule vide : un taux brut n'est mesuré contre rien"
            yield Finding(raw.file, line, "contre", f"« {effect.contre} »", expected)


def _sentence_findings(raw: RawTable, figures: Mapping[int, Chiffre]) -> Iterator[Finding]:
    for line, row in raw.rows.items():
        for column, text in row.items():
            for number in re.findall(r"\{#(\d+)(?::date)?\}", text):
                if int(number) not in figures:
                    yield Finding(
                        raw.file, line, column, f"« {{#{number}}} »", "le numéro d'un chiffre du registre"
                    )


def _unknown(raw: RawTable, line: int, column: str, number: int, expected: str) -> Finding:
    return Finding(raw.file, line, column, f"le n° {number}", expected)


def _definition(row: Mapping[str, str]) -> DefinitionCout:
    components = {name: tuple(row[name].split()) for name in ("compte", "ne_compte_pas")}
    return DefinitionCout(**{**row, **components})  # type: ignore[arg-type]


def _cost(row: Mapping[str, str]) -> CoutDeclare:
    own = {name: row[name] for name in ("dispositif", "groupe", "definition", "duree", "raison")}
    return CoutDeclare(int(row["chiffre"]), contenu={name: row[name] for name in COMPOSANTES}, **own)


def _share(row: Mapping[str, str]) -> PartDeclaree:
    return PartDeclaree(
        int(row["chiffre"]),
        row["groupe"],
        row["caracteristique"],
        row["complement"] == "oui",
        int(row["effectif"]) if row["effectif"] else None,
        row["mots"],
    )


def _effect(row: Mapping[str, str]) -> EffetDeclare:
    return EffetDeclare(**{**row, "chiffre": int(row["chiffre"])})  # type: ignore[arg-type]
