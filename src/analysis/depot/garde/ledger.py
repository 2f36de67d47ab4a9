"""The ledger of deposits: what was received, when, from whom, what is in force, what was erased.

Each deposit received has a folder ``data/depot/recus/<territoire>/<numéro>/``: ``depot.json``, its record,
and ``tables/``, its validated tables. Files as sent are not copied: the record keeps their checksums. A
folder appears whole or not at all.
"""

from __future__ import annotations

import csv
import hashlib
import re
from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from math import nan
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import TypeAdapter

from analysis.depot.dossier import TEXT_COLUMNS, Depot, Fichier
from analysis.depot.formes.cle import Cle
from analysis.depot.formes.constats import DepotError, Gravite, count_by_gravite
from analysis.depot.referentiel import Referentiel
from analysis.noyau.declared.dictionary import Field, load_fields
from analysis.noyau.declared.written import load_written
from analysis.noyau.files.locks import alone_in
from analysis.noyau.files.pannes import check_clock
from analysis.noyau.files.scratch import (
    finish,
    made_folder,
    put_in_place,
    replaced,
    scratch,
    sweep,
    write_or_share,
    write_whole,
)
from analysis.noyau.paths import Project

_TEXTES, _CODAGE = "textes", "codage"
_PEOPLE = ("personne", "repondant")
_NOBODY = re.compile(r"(?!)")
_OF_A_TEXT = ("personne", "enquete", "vague", "question")

CODING_COLUMNS = (
    *("personne", "enquete", "vague", "question", "texte_id"),
    *("theme_1", "theme_2", "theme", "citer"),
)
"""Of a free answer that two people coded: whose, which, the theme of each of them, the theme kept (codes of the
codebook), and « oui » where it may be quoted."""


@dataclass(frozen=True)
class Compte:
    """The rows of one table: read = kept + refused + erased since."""

    lues: int
    gardees: int
    refusees: int
    effacees: int = 0

    def __post_init__(self) -> None:
        if self.lues != self.gardees + self.refusees + self.effacees:
            raise DepotError(
                f"Registre des dépôts : {self.lues} lignes lues ne sont pas {self.gardees} gardées, "
                f"{self.refusees} refusées et {self.effacees} effacées. Un fichier du registre a été modifié "
                "à la main : rétablissez-le, ou recevez à nouveau le dépôt."
            )


@dataclass(frozen=True)
class Appliquee:
    """A correction that the reading applied: which cell, why, when, by whom; not its values."""

    cellule: str
    raison: str
    date: str
    auteur: str


@dataclass(frozen=True)
class Recu:
    """The record of one deposit received.

    ``efface_le`` is the day its tables were erased (None while they are kept), ``a_effacer_le`` the day
    they must be; ``textes_a_effacer_le`` the same for its free texts, ``sources_a_effacer_le`` for the files
    as sent, wherever they still are. ``marque`` tells the key apart. ``incomplets`` says of what it names why
    no sum is made of it, as :class:`~analysis.depot.dossier.Depot` does.
    """

    territoire: str
    numero: int
    recu_le: date
    version: str
    arrete: date
    deposant: str
    fichiers: tuple[Fichier, ...]
    tables: Mapping[str, Compte]
    constats: Mapping[Gravite, int]
    corrections: tuple[Appliquee, ...]
    marque: str
    a_effacer_le: date
    textes_a_effacer_le: date
    sources_a_effacer_le: date
    incomplets: Mapping[str, str] = field(default_factory=dict)
    textes_effaces: bool = False
    efface_le: date | None = None


_ADAPTER = TypeAdapter(Recu)


class Ledger:
    """The deposits received of a project, read and written whole."""

    def __init__(self, project: Project) -> None:
        self._root = project.depots / "recus"
        self._project = project

    def deposits(self, territoire: str) -> list[Recu]:
        """Every deposit of a territory, oldest first, erased ones included."""
        folder = self._root / territoire
        if replaced(folder):  # somebody writes there, or was stopped
            with self.alone(territoire):
                for deposit in replaced(folder):
                    finish(deposit)
        records = sorted(folder.glob("[0-9][0-9][0-9][0-9]/depot.json"))
        return [_ADAPTER.validate_json(path.read_bytes()) for path in records]

    def alone(self, territoire: str) -> AbstractContextManager[None]:
        """Hold the deposits of a territory while they are read, changed and written again."""
        folder = self._root / territoire
        return alone_in(folder, shown=self._project.shown(folder))

    def marks(self) -> set[str]:
        """The marks of the keys under which deposits are kept, of all the territories."""
        territoires = [path.name for path in self._root.glob("*") if path.is_dir()]
        kept = (recu for name in territoires for recu in self.deposits(name) if recu.efface_le is None)
        return {recu.marque for recu in kept}

    def in_force(self, territoire: str) -> Recu | None:
        """The last deposit that is not erased."""
        kept = [deposit for deposit in self.deposits(territoire) if deposit.efface_le is None]
        return kept[-1] if kept else None

    def tables(self, recu: Recu) -> dict[str, pd.DataFrame]:
        """The validated tables of a deposit by name, as they were stored; a blank is missing."""
        return {name: self.table(recu, name) for name in recu.tables}

    def answers(self, recu: Recu) -> dict[str, pd.DataFrame]:
        """The tables of a deposit that hold answers to surveys: those of its accounts are not read."""
        return {name: self.table(recu, name) for name in recu.tables if name.startswith("reponses/")}

    def table(self, recu: Recu, name: str) -> pd.DataFrame:
        """One of the validated tables of a deposit, as it was stored; a blank is missing."""
        return pd.read_csv(
            self._folder(recu) / "tables" / _file(name),
            dtype=self._texts_of(name),
            index_col="ligne",
            keep_default_na=False,
            na_values=[""],
            low_memory=False,  # each column is read whole, and its type told once
        )

    def columns(self, recu: Recu, name: str) -> dict[str, list[Any]]:
        """The columns of :meth:`table` as Python's own values, at a sixth of its cost for a short one.

        A number is an int where all the numbers of its column are whole and none is missing, and a blank NaN.
        """
        with (self._folder(recu) / "tables" / _file(name)).open(encoding="utf-8", newline="") as file:
            names, *rows = csv.reader(file)
        texts = self._texts_of(name)
        cells = zip(*rows, strict=True) if rows else [()] * len(names)
        told = {
            name: _texts(c) if name in texts else _values(c) for name, c in zip(names, cells, strict=True)
        }
        del told["ligne"]
        return told

    def _of_people(self, recu: Recu) -> dict[str, pd.DataFrame]:
        """The tables of a deposit that name people: accounts, that are long, are none of them."""
        declared = {table for table, fields in self._fields.items() if {f.champ for f in fields} & {*_PEOPLE}}
        return {name: self.table(recu, name) for name in recu.tables if name.partition("/")[0] in declared}

    def people(self, recu: Recu) -> frozenset[str]:
        """The hashes of the people of a deposit: those of its tables and those of its free texts."""
        frames = [*self._of_people(recu).values(), self.texts(recu)]
        columns = (frame[column] for frame in frames for column in _PEOPLE if column in frame)
        return frozenset(str(empreinte) for column in columns for empreinte in column.dropna())

    def _texts_of(self, name: str) -> dict[str, type[str]]:
        """The columns of a table that are text: « 007 » is no number there, and « NA » is no blank."""
        declared = self._fields.get(name.partition("/")[0], ())
        texts = [field.champ for field in declared if field.type not in ("entier", "nombre")]
        return dict.fromkeys([*texts, *_PEOPLE], str)

    @cached_property
    def _fields(self) -> dict[str, tuple[Field, ...]]:
        return load_fields(self._project)

    def erased_people(self, territoire: str) -> frozenset[str]:
        """The hashes of the people erased at their request: they may not come back."""
        path = self._erasures(territoire)
        return frozenset(path.read_text(encoding="ascii").split()) if path.exists() else frozenset()

    def add(self, depot: Depot, referentiel: Referentiel, cle: Cle, *, today: date) -> Recu:
        """Keep the tables of a deposit and its record, under the next number; both appear at once.

        Who calls it holds the territory. Raises DepotError where a person of it was erased since it was read,
        BilanError where the day is before that of the last deposit.
        """
        deposits = self.deposits(depot.territoire)
        check_clock(today, max((d.recu_le for d in deposits), default=None), shown="le dernier dépôt reçu")
        self._check_erased(depot)
        months = _retention(self._project)
        recu = Recu(
            territoire=depot.territoire,
            numero=deposits[-1].numero + 1 if deposits else 1,
            recu_le=today,
            version=depot.version,
            arrete=date.fromisoformat(depot.arrete),
            deposant=depot.deposant,
            fichiers=depot.fichiers,
            tables={n: Compte(r.lues, len(r.frame), r.refusees) for n, r in depot.lectures.items()},
            constats=count_by_gravite(depot.constats, referentiel.regles),
            corrections=_applied(depot),
            marque=cle.marque,
            a_effacer_le=_later(today, months["tables"]),
            textes_a_effacer_le=_later(today, months["textes_libres"]),
            sources_a_effacer_le=_later(today, months["sources"]),
            incomplets=depot.incomplets,
        )
        with scratch(self._root) as work:
            new = work / "depot"
            tables = {name: lecture.frame for name, lecture in depot.lectures.items()}
            _write(new, recu, tables, {_TEXTES: depot.textes})
            target = self._folder(recu)
            made_folder(target.parent)
            put_in_place(new, target)
        return recu

    def _check_erased(self, depot: Depot) -> None:
        """Refuse a deposit that holds a person erased at her request while it was being read."""
        gone = self.erased_people(depot.territoire)
        frames = [lecture.frame for lecture in depot.lectures.values()] if gone else []
        if any(_of(frame, gone).any() for frame in frames):
            raise DepotError(
                "Une personne de ce dépôt a été effacée à sa demande pendant qu'il était lu : rien n'est gardé. "
                "Relancez la commande."
            )

    def received(self, depot: Depot) -> Recu | None:
        """The deposit in force when it has the very same files and corrections as this one."""
        last = self.in_force(depot.territoire)
        if last is None:
            return None
        same = {f.sha256 for f in last.fichiers} == {f.sha256 for f in depot.fichiers}
        return last if same and last.corrections == _applied(depot) else None

    def erase(self, recu: Recu, *, today: date) -> Recu:
        """Erase the tables and texts of a deposit; its record stays, with the day and the checksums."""
        return self._rewrite(replace(recu, efface_le=today, textes_effaces=True, tables={}), {}, {})

    def erase_texts(self, recu: Recu) -> Recu:
        """Erase the free texts of a deposit, and their coding."""
        return self._rewrite(replace(recu, textes_effaces=True), None, {})

    def erase_person(
        self,
        territoire: str,
        empreinte: str,
        ecrit: re.Pattern[str] = _NOBODY,
        *,
        anciennes: Collection[str] = (),
    ) -> int:
        """Take a person out of every deposit kept; the number of rows erased. They may not come back.

        ``ecrit`` is the pattern of the identifier: a free text of someone else that names it goes too.
        ``anciennes`` are the hashes that an earlier version may have kept of the person.
        """
        erased = 0
        path = self._erasures(territoire)
        known = path.read_text(encoding="ascii").split() if path.exists() else []
        write_whole(path, "\n".join(dict.fromkeys([*known, empreinte])) + "\n")
        sweep(self._root)
        for recu in self.deposits(territoire):
            if recu.efface_le is None:
                erased += self._without(recu, {empreinte, *anciennes}, ecrit)
        return erased

    def holds(
        self,
        recu: Recu,
        empreinte: str,
        ecrit: re.Pattern[str] = _NOBODY,
        *,
        anciennes: Collection[str] = (),
    ) -> bool:
        """Whether a row or a text of a deposit is of that person, or a text names the identifier."""
        hashes = {empreinte, *anciennes}
        of_them = any(_of(frame, hashes).any() for frame in self.tables(recu).values())
        return of_them or bool(_said_of(self.texts(recu), hashes, ecrit).any())

    def answered(self, recu: Recu, empreintes: Collection[str]) -> set[str]:
        """The names of the exports in which a person answered, whatever the code that they hold of her."""
        tables = self.tables(recu)
        waves = {
            (row["enquete"], f"{row['vague']:.0f}"): str(row["fichier"])
            for row in tables["enquetes"].to_dict("records")
        }
        return {
            fichier
            for (enquete, vague), fichier in waves.items()
            if (answers := tables.get(f"reponses/{enquete}/{vague}")) is not None
            and _of(answers, empreintes).any()
        }

    def rename(self, territoire: str, anciennes: Mapping[str, str]) -> int:
        """Give today's hashes to the people whom an earlier version kept under others; how many there were.

        ``anciennes`` gives the one of today for each that an identifier of theirs may have had. Rows, texts,
        their coding and the people erased follow; whoever is not in it keeps the hash of her deposit.
        """
        found: set[str] = set()
        for recu in self.deposits(territoire):
            if recu.efface_le is None:
                found |= self._renamed(recu, anciennes)
        gone = self.erased_people(territoire)
        if not gone.isdisjoint(anciennes):
            found |= gone & anciennes.keys()
            new = sorted({anciennes.get(empreinte, empreinte) for empreinte in gone})
            write_whole(self._erasures(territoire), "\n".join(new) + "\n")
        return len({anciennes[empreinte] for empreinte in found})

    def _renamed(self, recu: Recu, anciennes: Mapping[str, str]) -> set[str]:
        """The old hashes that a deposit had, once it has today's."""
        texts, coding = self.texts(recu), self.coding(recu)
        frames = [*self._of_people(recu).values(), texts, coding]
        found = {
            empreinte
            for frame in frames
            for column in _PEOPLE
            if column in frame
            for empreinte in anciennes.keys() & set(frame[column].dropna())
        }
        if not found:
            return found
        new_tables = {name: _with(frame, anciennes) for name, frame in self.tables(recu).items()}
        new_texts = _with(texts, anciennes)
        ids = dict(zip(_text_ids(texts), _text_ids(new_texts), strict=True))
        apart = {} if recu.textes_effaces else {_TEXTES: new_texts}
        if len(coding):
            apart[_CODAGE] = _with(coding, anciennes).assign(texte_id=coding["texte_id"].replace(ids))
        self._rewrite(recu, new_tables, apart)
        return found

    def texts(self, recu: Recu) -> pd.DataFrame:
        """The free texts of a deposit, apart from its tables, with ``TEXT_COLUMNS``; empty once erased."""
        return self._apart(recu, _TEXTES, TEXT_COLUMNS)

    def coding(self, recu: Recu) -> pd.DataFrame:
        """The coding of the free answers of a deposit, with ``CODING_COLUMNS``; empty while there is none."""
        return self._apart(recu, _CODAGE, CODING_COLUMNS)

    def add_coding(self, recu: Recu, frame: pd.DataFrame) -> Recu:
        """Keep the coding of the free answers of a deposit, in the place of an earlier one.

        Raises DepotError once the texts are erased: a coding does not outlive them.
        """
        if recu.textes_effaces:
            raise DepotError(
                f"Les textes du dépôt n° {recu.numero} de « {recu.territoire} » sont effacés : leur codage ne "
                "peut plus être gardé. Détruisez aussi le classeur de codage."
            )
        apart = {_TEXTES: self.texts(recu), _CODAGE: frame[list(CODING_COLUMNS)]}
        return self._rewrite(recu, None, apart)

    def _apart(self, recu: Recu, name: str, columns: Sequence[str]) -> pd.DataFrame:
        path = self._folder(recu) / f"{name}.csv"
        if not path.exists():
            return pd.DataFrame(columns=list(columns), dtype="str")
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        return frame.reindex(columns=list(columns), fill_value="")

    def _without(self, recu: Recu, empreintes: Collection[str], ecrit: re.Pattern[str]) -> int:
        tables, counts, erased = {}, {}, 0
        for name, frame in self.tables(recu).items():
            mine = _of(frame, empreintes)
            tables[name], count = frame[~mine], int(mine.sum())
            old = recu.tables[name]
            counts[name] = replace(old, gardees=old.gardees - count, effacees=old.effacees + count)
            erased += count
        texts, coding = self.texts(recu), self.coding(recu)
        gone = _said_of(texts, empreintes, ecrit)
        erased += int(gone.sum())
        apart = {} if recu.textes_effaces else {_TEXTES: texts[~gone]}
        if len(coding):
            of_texts = set(map(tuple, texts.loc[gone, list(_OF_A_TEXT)].to_numpy().tolist()))
            coded = [tuple(row) in of_texts for row in coding[list(_OF_A_TEXT)].to_numpy().tolist()]
            apart[_CODAGE] = coding[~_of(coding, empreintes) & ~pd.Series(coded, coding.index, dtype=bool)]
        if erased:
            self._rewrite(replace(recu, tables=counts), tables, apart)
        return erased

    def _rewrite(
        self, recu: Recu, tables: Mapping[str, pd.DataFrame] | None, apart: Mapping[str, pd.DataFrame]
    ) -> Recu:
        """Put a new state of a deposit in the place of the old one, which is then gone.

        ``tables`` is None where they stay as they are: their files go over, unread. ``apart`` holds what
        stands beside them: the texts, their coding.
        """
        standing = self._folder(recu) / "tables"
        with scratch(self._root) as work:
            _write(work / "depot", recu, tables or {}, apart)
            for name in recu.tables if tables is None else ():
                earlier = standing / _file(name)
                write_or_share(work / "depot" / "tables" / _file(name), earlier.read_bytes(), earlier)
            put_in_place(work / "depot", self._folder(recu))
        return recu

    def _folder(self, recu: Recu) -> Path:
        return self._root / recu.territoire / f"{recu.numero:04}"

    def _erasures(self, territoire: str) -> Path:
        return self._root / territoire / "personnes-effacees.txt"


def _texts(cells: Sequence[str]) -> list[Any]:
    return [cell or nan for cell in cells] if "" in cells else [*cells]


def _values(cells: Sequence[str]) -> list[Any]:
    """The cells of a column of numbers, or of a survey's answers, which may be either: read as pandas would.

    >>> _values(["1", "2"]), _values(["1", ""]), _values(["2019_2020", "2021"])
    ([1, 2], [1.0, nan], ['2019_2020', '2021'])
    """
    for number in (int, float) if "_" not in "".join(cells) else ():  # Python's 1_000 is none
        try:
            return [number(cell or nan) for cell in cells]
        except ValueError:
            continue
    return _texts(cells)


def _said_of(texts: pd.DataFrame, empreintes: Collection[str], ecrit: re.Pattern[str]) -> pd.Series[bool]:
    """Which free texts are of a person, or name the identifier."""
    named = [ecrit.search(text) is not None for text in texts["texte"]]
    return _of(texts, empreintes) | pd.Series(named, index=texts.index, dtype=bool)


def _of(frame: pd.DataFrame, empreintes: Collection[str]) -> pd.Series[bool]:
    """The rows of a person whom these hashes name."""
    mine = pd.Series(False, index=frame.index)
    for column in _PEOPLE:
        if column in frame:
            mine |= frame[column].isin(empreintes)
    return mine


def _with(frame: pd.DataFrame, anciennes: Mapping[str, str]) -> pd.DataFrame:
    """The frame, its old hashes replaced."""
    columns = [column for column in _PEOPLE if column in frame]
    return frame.assign(**{column: frame[column].replace(dict(anciennes)) for column in columns})


def _text_ids(texts: pd.DataFrame) -> list[str]:
    rows = texts.to_dict("records")
    return [texte_id({str(name): value for name, value in row.items()}) for row in rows]


def texte_id(row: Mapping[str, str]) -> str:
    """The identifier of a free answer: made of who wrote it, where, and all that it says.

    >>> row = {"personne": "a", "enquete": "e", "vague": "1", "question": "q", "texte": "Rien."}
    >>> texte_id(row) == texte_id({**row, "texte": "Rien"}), len(texte_id(row))
    (False, 12)
    """
    parts = "\0".join(row[name] for name in ("personne", "enquete", "vague", "question", "texte"))
    return "t" + hashlib.sha256(parts.encode("utf-8")).hexdigest()[:11]


def _applied(depot: Depot) -> tuple[Appliquee, ...]:
    return tuple(Appliquee(c.cellule, c.raison, c.date, c.auteur) for c in depot.corrections)


def _write(
    folder: Path, recu: Recu, tables: Mapping[str, pd.DataFrame], apart: Mapping[str, pd.DataFrame]
) -> None:
    (folder / "tables").mkdir(parents=True)
    for name, frame in tables.items():
        frame.to_csv(folder / "tables" / _file(name), index_label="ligne", lineterminator="\n")
    for name, frame in apart.items():  # all is quoted: a text may hold a carriage return alone
        frame.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", quoting=csv.QUOTE_ALL)
    (folder / "depot.json").write_bytes(_ADAPTER.dump_json(recu, indent=1))


def _file(table: str) -> str:
    """The file of a table: « ecritures/essai-58/2018-12-31 » is « ecritures_essai-58_2018-12-31.csv »."""
    return f"{table.replace('/', '_')}.csv"


def _retention(project: Project) -> dict[str, int]:
    """Months of keeping by nature, as the dictionary declares them."""
    rows = load_written(project, "conservation", key=("nature",))
    return {row["nature"]: int(row["mois"]) for row in rows}


def _later(day: date, months: int) -> date:
    """The day so many months later, the last of its month when it has not so many days.

    >>> _later(date(2026, 1, 31), 13)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
