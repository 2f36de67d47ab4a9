"""All that a deposit is read against: the dictionary, the layouts, the rules, the territories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from analysis.depot.enquetes.questions import Question, load_questions
from analysis.depot.formes.constats import Regle, load_regles
from analysis.depot.formes.layout import Layout, Operation, current, load_layouts, load_migrations
from analysis.depot.formes.texte_plat import plain
from analysis.noyau.declared.dictionary import Field, load_fields
from analysis.noyau.declared.nomenclatures import Choix, Position, load_nomenclatures, load_positions
from analysis.noyau.declared.written import load_written
from analysis.noyau.french import uncapitalized
from analysis.noyau.paths import Project
from analysis.noyau.periods import long_date
from analysis.noyau.territoires import Territoire, territoire_named
from analysis.sources.register import load_register

_letters = cache(plain)
"""The letters and digits of a declared word, which each sheet asks again; never of what a deposit says."""


@dataclass(frozen=True)
class Referentiel:
    """The declared world of the deposits of one project."""

    fields: Mapping[str, tuple[Field, ...]]
    layouts: Mapping[str, Layout]
    migrations: tuple[Operation, ...]
    regles: Mapping[str, Regle]
    nomenclatures: Mapping[str, tuple[Choix, ...]]
    questions: Mapping[str, tuple[Question, ...]]
    positions: Mapping[str, Mapping[str, Position]]
    synonymes: Mapping[str, tuple[tuple[str, str], ...]]
    territoires: tuple[Territoire, ...]
    _ecritures: dict[str, dict[str, dict[str, str]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def layout(self) -> Layout:
        """The version of the workbook that is handed out today."""
        return current(self.layouts)

    def territoire(self, code: str) -> Territoire:
        """The territory of that code; raises UnknownName with the known ones."""
        return territoire_named(code, self.territoires)

    def label(self, nomenclature: str, code: str) -> str:
        """The label of a code in one of the lists."""
        return next(choix.libelle for choix in self.nomenclatures[nomenclature] if choix.code == code)

    def table_label(self, name: str, territoire: str) -> str:
        """A table of a deposit as a person knows it: its sheet, or the file that fills it."""
        table, *parts = name.split("/")
        if table == "reponses":
            return f"Réponses, {uncapitalized(self.label('enquete', parts[0]))}, vague {parts[1]}"
        if table == "reunions":
            return "Réunions des calendriers"
        if parts:
            ebe = next(ebe.nom for ebe in self.territoire(territoire).ebe if ebe.code == parts[0])
            kind = "Écritures" if table == "ecritures" else "Balance"
            return f"{kind}, {ebe}, clôture du {long_date(date.fromisoformat(parts[1]))}"
        sheets = (sheet for layout in reversed(list(self.layouts.values())) for sheet in layout.sheets)
        return next(sheet.feuille for sheet in sheets if sheet.table == table)

    def known(self, territoire: str) -> dict[str, tuple[str, ...]]:
        """What a workbook of this territory may choose from, by reference, in the lists' own order."""
        return {
            "depot_feuilles.version": tuple(self.layouts),
            "territoires.territoire": (territoire,),
            "ebe.nom": tuple(ebe.nom for ebe in self.territoire(territoire).ebe),
            **{
                f"nomenclatures.{name}": tuple(choix.libelle for choix in choices)
                for name, choices in self.nomenclatures.items()
            },
        }

    def ecritures(self, territoire: str) -> dict[str, dict[str, str]]:
        """By reference, from the letters and digits of what is written to the value of the list that it names.

        What could name two values names none. Each sheet of a deposit asks: made once, not to be changed.
        """
        if territoire not in self._ecritures:
            self._ecritures[territoire] = self._written(territoire)
        return self._ecritures[territoire]

    def _written(self, territoire: str) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for reference, values in self.known(territoire).items():
            name = reference.removeprefix("nomenclatures.")
            written = [(value, value) for value in values]
            if reference != name:
                written += [(text, self.label(name, code)) for code, text in self.synonymes.get(name, ())]
            named: dict[str, set[str]] = {}
            for text, value in written:
                named.setdefault(_letters(text), set()).add(value)
            found[reference] = {text: values.pop() for text, values in named.items() if len(values) == 1}
        return found

    def codes(self, territoire: str) -> dict[str, dict[str, str]]:
        """From the label that a workbook holds to the code that a table keeps, by reference."""
        return {
            "ebe.nom": {ebe.nom: ebe.code for ebe in self.territoire(territoire).ebe},
            **{
                f"nomenclatures.{name}": {choix.libelle: choix.code for choix in choices}
                for name, choices in self.nomenclatures.items()
            },
        }


def load_synonymes(project: Project) -> dict[str, tuple[tuple[str, str], ...]]:
    """By list, what people write for a value of it and for that one alone: its code, then what is written.

    Raises InvalidData for a faulty file.
    """
    known = {"nomenclatures.nomenclature": load_nomenclatures(project)}
    rows = load_written(project, "synonymes", key=("nomenclature", "ecriture"), known=known)
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for row in rows:
        found[row["nomenclature"]] = (
            *found.get(row["nomenclature"], ()),
            (row["code"], row["ecriture"]),
        )
    return found


def load_referentiel(project: Project) -> Referentiel:
    """Everything read and validated; raises InvalidData when a declared table is faulty."""
    return Referentiel(
        fields=load_fields(project),
        layouts=load_layouts(project),
        migrations=load_migrations(project),
        regles=load_regles(project),
        nomenclatures=load_nomenclatures(project),
        questions=load_questions(project),
        positions=load_positions(project),
        synonymes=load_synonymes(project),
        territoires=load_register(project).territoires,
    )
