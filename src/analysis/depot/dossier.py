"""Read the folder that a territory sends: workbook, accounts, survey exports → tables and findings."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd

from analysis.depot.controles import coherence_exercices, coherence_personnes, coherence_questions
from analysis.depot.controles.contexte import Contexte, day
from analysis.depot.controles.controle import Feuille, check_sheet
from analysis.depot.enquetes.codes import TableDesCodes, read_codes
from analysis.depot.enquetes.enquete import read_enquete
from analysis.depot.formes.cle import Empreinte
from analysis.depot.formes.coffre import Refused, open_safely
from analysis.depot.formes.constats import (
    Constat,
    DepotError,
    blocking,
    file_name,
    lines_at,
    lines_told,
    refused_lines,
)
from analysis.depot.formes.hors_cellules import hors_cellules
from analysis.depot.formes.lecture import Lecture
from analysis.depot.lecteurs.calendrier import Prise, joined, read_calendrier
from analysis.depot.lecteurs.classeur import WORKBOOKS, Classeur, is_model, read_classeur
from analysis.depot.lecteurs.comptes import juger, read_comptes, ventes
from analysis.depot.lecteurs.corrections import Correction, corrected
from analysis.depot.lecteurs.fichiers import Fichiers, named_files, sorted_files, unexpected
from analysis.depot.referentiel import Referentiel
from analysis.noyau.files.sums import sha256_of
from analysis.noyau.french import counted

REMARQUE = "remarque"
"""What the column of a remark names as its question."""

SUMMED = ("activites", "financements")
"""The sheets whose rows are summed by exercice: a refused row leaves the exercice without those sums."""

TEXT_COLUMNS = ("personne", "enquete", "vague", "question", "texte")
"""Of a free text: whose, of which survey and wave (both blank for a remark of the workbook), what it says."""


@dataclass(frozen=True)
class Fichier:
    """A file of a deposit, by name, size and checksum; its content is not kept."""

    nom: str
    octets: int
    sha256: str


@dataclass(frozen=True, eq=False)
class Depot:
    """A deposit once read: who sends it, its tables, its findings.

    ``lectures`` holds the reading of each sheet by table, and of each file of accounts or answers under
    « ecritures/<ebe>/<clôture> », « balances/… », « reponses/<enquête>/<vague> ». People are hashes.
    ``textes`` are the free texts, apart, with the columns ``TEXT_COLUMNS``. ``incomplets`` gives, for what
    cannot be summed because a line of it was refused, the reason as a clause that a page shows: a table of
    accounts by its name, « activites/<ebe>/<clôture> » for the rows of a sheet, « activites » alone when
    nobody can tell of which exercice the refused row is. ``anciennes`` gives, for the hashes that an earlier
    version may have kept of these people, those of today.
    """

    territoire: str
    version: str
    arrete: str
    deposant: str
    fichiers: tuple[Fichier, ...]
    lectures: Mapping[str, Lecture]
    textes: pd.DataFrame
    constats: tuple[Constat, ...]
    corrections: tuple[Correction, ...] = field(default=())
    incomplets: Mapping[str, str] = field(default_factory=dict)
    anciennes: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of_accounts(cls, path: Path, lecture: Lecture) -> Depot:
        """A file of accounts read for itself, without the workbook that would tell whose it is."""
        empty = pd.DataFrame(columns=list(TEXT_COLUMNS))
        tables = {lecture.table: lecture}
        return cls("", "", "", "", _fichiers([path]), tables, empty, lecture.constats)

    def est_refuse(self, referentiel: Referentiel) -> bool:
        """Nothing of it can be kept: it could not be read whole, or a finding refuses it all."""
        return not self.lectures or bool(blocking(self.constats, referentiel.regles))


def read_depot(
    path: Path,
    referentiel: Referentiel,
    *,
    empreinte: Callable[[str], Empreinte],
    attendu: str | None = None,
    effacees: Callable[[str], Collection[str]] = lambda _territoire: (),
    corrections: Iterable[Correction] = (),
) -> Depot:
    """The deposit in a folder, or in one workbook alone (its other files are then not looked for).

    ``empreinte`` gives, for a territory, the function that hashes a local identifier; ``effacees`` the
    hashes of the people erased at their request; ``attendu`` the territory whose folder it is.
    """
    sent = sorted_files(path, referentiel) if path.is_dir() else Fichiers(path, ())
    book, files, constats = sent.classeur, sent.autres, list(sent.constats)
    if book is None:
        return _unread(path, files, [*constats, *unexpected(files, (), referentiel)])
    declared = tuple(corrections)
    classeur = corrected(read_classeur(book, referentiel, attendu=attendu), declared)
    constats += classeur.constats
    ailleurs = [*classeur.ailleurs, *_outside_cells(files, referentiel)]
    if not classeur.sheets:
        return _unread(path, [book, *files], [*constats, *ailleurs], classeur)
    feuilles = {
        raw.table: check_sheet(
            raw, classeur.suspects.get(raw.table, frozenset()), referentiel, classeur.territoire
        )
        for raw in classeur.sheets
    }
    people = _Personnes(empreinte(classeur.territoire), set(effacees(classeur.territoire)))
    constats += _understood(classeur, feuilles.values())
    constats += [constat for feuille in feuilles.values() for constat in feuille.constats]
    feuilles["personnes"], erased = _without_erased(feuilles["personnes"], people)
    constats += erased
    folder = path if path.is_dir() else None
    reader = _Reader(folder, referentiel, feuilles, classeur.territoire, people)
    reader.read()
    constats += reader.constats
    constats += [*unexpected(files, reader.nommes, referentiel), *ailleurs]
    if blocking(constats, referentiel.regles) or feuilles["depot"].frame.empty:
        return _unread(path, [book, *files], constats, classeur)
    return reader.depot(classeur, _fichiers([book, *files]), constats, declared)


def _understood(classeur: Classeur, feuilles: Iterable[Feuille]) -> list[Constat]:
    """One finding for all that was written otherwise than in the model and read, with its counts."""
    formes = sum((feuille.formes for feuille in feuilles), start=Counter(classeur.formes))
    told = " ; ".join(f"{forme} : {count}" for forme, count in formes.items())
    return [Constat("classeur_lu", classeur.fichier, told, "la forme du modèle, lue de même")] if told else []


def identifiants(folder: Path, referentiel: Referentiel, territoire: str) -> list[str]:
    """The identifiers of the people of the workbook in a folder, as they are spelled; those of no form are left out.

    Raises DepotError where there is no workbook that can be read.
    """
    sent = sorted_files(folder, referentiel)
    book, constats = sent.classeur, list(sent.constats)
    classeur = read_classeur(book, referentiel, attendu=territoire) if book is not None else None
    if classeur is None or not classeur.sheets:
        told = next(iter((*constats, *(classeur.constats if classeur else ()))), "")
        raise DepotError(f"Aucun classeur lisible dans « {file_name(folder)} ». {told}")
    raw = next(sheet for sheet in classeur.sheets if sheet.table == "personnes")
    feuille = check_sheet(raw, classeur.suspects.get(raw.table, frozenset()), referentiel, territoire)
    header = raw.places["personne"][1]
    faulty = {constat.ligne for constat in feuille.constats if constat.entete == header}
    return [row["personne"] for line, row in raw.rows.items() if row["personne"] and line not in faulty]


_REFERENCES = (
    ("personnes", coherence_personnes.reference_personne),
    ("exercices", coherence_exercices.exercice_connu),
    ("questions_locales", coherence_questions.question_connue),
    ("indicateurs_locaux", coherence_questions.indicateur_connu),
)
"""The rules on references, after the sheet that is named: its refused rows are named no more."""


class _Reader:
    """The steps that look at several sheets or files; findings and readings gather as they are made."""

    def __init__(
        self,
        folder: Path | None,
        referentiel: Referentiel,
        feuilles: Mapping[str, Feuille],
        territoire: str,
        people: _Personnes,
    ) -> None:
        identity = next(iter(feuilles["depot"].frame.to_dict("index").values()), {})
        self.identity = {str(champ): str(value) for champ, value in identity.items()}
        arrete = day(self.identity["date_arrete"]) if self.identity else _latest(feuilles.values())
        self.contexte = Contexte(feuilles, referentiel.territoire(territoire), arrete)
        self.folder, self.referentiel, self.people = folder, referentiel, people
        self.constats: list[Constat] = []
        self.lectures: dict[str, Lecture] = {}
        self.textes: list[pd.DataFrame] = []
        self.incomplets: dict[str, str] = {}
        self.nommes: list[Path] = []
        self._sales: dict[tuple[str, str], float] = {}
        self._answers: dict[tuple[str, float], int] = {}
        self._prises: dict[Path, list[Prise]] = {}
        table, told = (TableDesCodes({}), []) if folder is None else read_codes(folder)
        self.codes = table.par_code
        self.constats += told

    def read(self) -> None:
        """The rules across sheets, then the files that the sheets name.

        Where a sheet or a column is missing, the rules would find its absence everywhere: the files alone are read.
        """
        sheets = self.contexte.feuilles
        lacking = {
            table
            for table, sheet in sheets.items()
            if set(sheet.raw.places) < {field.champ for field in self.referentiel.fields[table]}
        }
        if not lacking:
            self._cross()
        if not lacking & {"exercices", "enquetes", "calendriers"}:
            self._read_files()
        if not lacking:
            self.constats += coherence_exercices.ventes_et_comptes(self.contexte, self._sales)
            self.constats += coherence_exercices.reponses_et_invites(self.contexte, self._answers)

    def _cross(self) -> None:
        """The rules across sheets; references come last, as what they name may have been refused by a rule."""
        rules = (*coherence_personnes.REGLES, *coherence_exercices.REGLES, *coherence_questions.REGLES)
        for rule in rules:
            self.constats += rule(self.contexte)
        for table, rule in _REFERENCES:
            self.constats += rule(self.contexte.with_sheet(table, self._left(table)))

    def _left(self, table: str) -> Feuille:
        """A sheet without the rows that the rules across sheets refuse."""
        feuille = self.contexte.feuilles[table]
        of_sheet = [constat for constat in self.constats if constat.feuille == feuille.raw.feuille]
        refused = refused_lines(of_sheet, self.referentiel.regles)
        return replace(feuille, frame=feuille.frame[~feuille.frame.index.isin(refused)])

    def _read_files(self) -> None:
        """The accounts and the answers that the sheets name."""
        if self.folder is None:
            return
        readers = {
            "exercices": self._read_accounts,
            "enquetes": self._read_answers,
            "calendriers": self._take_calendar,
        }
        texts = {table: [row["fichier"] for _, row in self.contexte.read(table)] for table in readers}
        found = named_files(self.folder, dict.fromkeys(text for names in texts.values() for text in names))
        self.nommes = [nomme.fichier for nomme in found.values() if nomme.fichier]
        for table, read in readers.items():
            for line, row in self.contexte.rows(table):
                nomme = found[row["fichier"]]
                if nomme.regle:
                    told = (f"« {row['fichier']} »", nomme.attendu, nomme.remede)
                    feuille = self.contexte.feuilles[table]
                    self.constats.append(feuille.constat(nomme.regle, line, "fichier", *told))
                if nomme.fichier is not None:
                    read(nomme.fichier, row)
                elif table == "calendriers":
                    self.incomplets["reunions"] = "un calendrier nommé n'est pas dans le dossier"
        self._read_calendars()

    def _read_accounts(self, source: Path, row: Mapping[str, str]) -> None:
        debut, fin = day(row["date_ouverture"]), day(row["date_cloture"])
        read = read_comptes(source, nature=row["nature_comptes"], debut=debut, fin=fin)
        lecture = juger(read, ouverture=debut)
        key = (row["ebe"], row["date_cloture"])
        name = "/".join((lecture.table, *key))
        refusing = _refusing_table(lecture.constats, self.referentiel)
        if refusing:
            lecture = replace(lecture, frame=lecture.frame.iloc[:0], refusees=lecture.lues)
            self.incomplets[name] = f"comptes refusés : {lines_told(refusing)}"
        else:
            self._sales[key] = ventes(lecture.frame)
        self.lectures[name] = lecture
        self.constats += lecture.constats

    def _take_calendar(self, source: Path, row: Mapping[str, str]) -> None:
        """What one line takes of a calendar, which is read once for all of its lines."""
        prise = Prise.of(row["instance"], "" if pd.isna(row["mots"]) else row["mots"])
        self._prises.setdefault(source, []).append(prise)

    def _read_calendars(self) -> None:
        """The meetings of all the calendars, in one table; one that is refused leaves it incomplete."""
        read = [
            read_calendrier(source, prises, arrete=self.contexte.arrete)
            for source, prises in self._prises.items()
        ]
        if any(_refusing_table(lecture.constats, self.referentiel) for lecture in read):
            self.incomplets["reunions"] = "un calendrier est refusé"
        if read:
            self.lectures["reunions"] = joined(read)
            self.constats += self.lectures["reunions"].constats

    def _read_answers(self, source: Path, row: Mapping[str, object]) -> None:
        enquete, vague = str(row["enquete"]), f"{row['vague']:.0f}"
        lecture, textes = read_enquete(
            source,
            enquete=enquete,
            questions=self.referentiel.questions[enquete],
            nomenclatures=self.referentiel.nomenclatures,
            empreinte=self.people.hashed,
            codes=self.codes,
        )
        name = f"reponses/{enquete}/{vague}"
        self._answers[enquete, float(vague)] = lecture.lues
        if _refusing_table(lecture.constats, self.referentiel):
            lecture = replace(lecture, frame=lecture.frame.iloc[:0], refusees=lecture.lues)
            textes = textes.iloc[:0]
            self.incomplets[name] = "réponses refusées : l'export est à refaire"
        lecture = _without_erased_answers(lecture, self.people.gone)
        self.lectures[name] = lecture
        self.constats += self._unknown_people(lecture, enquete)
        said = textes.rename(columns={"repondant": "personne"}).assign(enquete=enquete, vague=vague)
        said = said[list(TEXT_COLUMNS)]
        self.textes.append(said[~said["personne"].isin(self.people.gone)])
        self.constats += lecture.constats

    def _unknown_people(self, lecture: Lecture, enquete: str) -> Iterator[Constat]:
        """A finding for the answers of a followed survey that are of nobody in the workbook: nothing joins them."""
        followed = any(question.nature == "jeton" for question in self.referentiel.questions[enquete])
        untold = {"enquete_sans_jeton"} & {constat.regle for constat in lecture.constats}
        if not followed or untold:
            return
        known = {self.people.hashed(row["personne"]) for _, row in self.contexte.read("personnes")}
        total = len(lecture.frame)
        unknown = total - int(lecture.frame["repondant"].isin(known).sum())
        if unknown:
            if unknown == total:
                found = (
                    f"{counted(total, 'réponse', 'réponses')}, aucune sous le code d'une personne du classeur"
                )
            else:
                found = f"{counted(unknown, 'réponse', 'réponses')} sur {total} sous un code qui n'est celui d'aucune personne du classeur"
            remedy = (
                "Elles sont gardées, sans être jointes à un sexe, un âge ou une autre vague. Si les codes ont été "
                "tirés au hasard, placez la table « codes-….csv » à côté de l'export ; sinon, vérifiez la table "
                "des participants de LimeSurvey."
            )
            expected = "des codes de personnes de la feuille Personnes"
            yield Constat("enquete_codes_inconnus", lecture.fichier, found, expected, remedy, entete="token")

    def depot(
        self,
        classeur: Classeur,
        fichiers: tuple[Fichier, ...],
        constats: Sequence[Constat],
        corrections: Sequence[Correction],
    ) -> Depot:
        """The deposit, its refused rows out of the tables, its people hashed, its free texts apart."""
        lectures = {}
        for table, feuille in self.contexte.feuilles.items():
            of_sheet = [constat for constat in constats if constat.feuille == feuille.raw.feuille]
            refused = refused_lines(of_sheet, self.referentiel.regles)
            frame = feuille.frame[~feuille.frame.index.isin(refused)].copy()
            if "personne" in frame:
                frame["personne"] = frame["personne"].map(self.people.hashed)
            if "remarque" in frame:
                self.textes.append(_remarks(frame))
                frame = frame.drop(columns="remarque")
            read = len(feuille.raw.rows)
            raw = feuille.raw
            lectures[table] = Lecture(
                table, raw.fichier, raw.feuille, frame, read, read - len(frame), tuple(of_sheet)
            )
            if table in SUMMED:
                self.incomplets |= self._short(feuille, frame)
        return Depot(
            territoire=classeur.territoire,
            version=classeur.version,
            arrete=self.identity["date_arrete"],
            deposant=self.identity["deposant"],
            fichiers=fichiers,
            lectures={**lectures, **self.lectures},
            textes=pd.concat(self.textes, ignore_index=True),
            constats=tuple(constats),
            corrections=tuple(c for c in corrections if c.territoire == classeur.territoire),
            incomplets=self.incomplets,
            anciennes=self.people.anciennes,
        )

    def _short(self, feuille: Feuille, kept: pd.DataFrame) -> dict[str, str]:
        """The exercices of which a row of the sheet was refused: no sum of theirs would be whole."""
        codes = {ebe.nom: ebe.code for ebe in self.contexte.territoire.ebe}
        known = {(row["ebe"], row["date_cloture"]) for _, row in self.contexte.rows("exercices")}
        lines: dict[str, list[int]] = {}
        for line, row in feuille.raw.rows.items():
            if line not in kept.index:
                place = (codes.get(row.get("ebe", ""), ""), row.get("date_cloture", ""))
                table = feuille.raw.table
                lines.setdefault("/".join((table, *place)) if place in known else table, []).append(line)
        sheet = f"feuille « {feuille.raw.feuille} »"
        return {name: f"{sheet} refusée {lines_at(found)}" for name, found in lines.items()}


def _latest(feuilles: Iterable[Feuille]) -> date:
    """The latest day that the sheets tell, that of their data where the workbook does not say it."""
    days = re.compile(r"[12]\d{3}-\d\d-\d\d")
    cells = (str(cell) for feuille in feuilles for row in feuille.frame.to_numpy() for cell in row)
    return max((day(cell) for cell in cells if days.fullmatch(cell)), default=date.max)


def _remarks(frame: pd.DataFrame) -> pd.DataFrame:
    """The remarks of a table as rows: who they are of, what they say."""
    said = frame[frame["remarque"].notna()]
    remarks = {"personne": said["personne"], "question": REMARQUE, "texte": said["remarque"]}
    return pd.DataFrame({**remarks, "enquete": "", "vague": ""}, columns=list(TEXT_COLUMNS))


def _refusing_table(constats: Iterable[Constat], referentiel: Referentiel) -> list[Constat]:
    """The findings for which the whole table of a file is refused."""
    rules = referentiel.regles
    return [c for c in constats if rules[c.regle].gravite == "refuse" and rules[c.regle].portee == "table"]


def _outside_cells(files: Iterable[Path], referentiel: Referentiel) -> Iterator[Constat]:
    """What the other workbooks of the folder hold besides their cells; one that cannot be opened is told elsewhere."""
    for file in files:
        if file.suffix.lower() in WORKBOOKS:
            layout = referentiel.layout if is_model(file, referentiel) else None
            with contextlib.suppress(Refused, OSError):
                yield from hors_cellules(file, open_safely(file), layout)


_COME_BACK = ("une personne effacée à sa demande", "aucune", "Retirez toutes les lignes de cette personne.")


@dataclass
class _Personnes:
    """The people of a deposit as it is read: their hashes, those erased among them.

    ``gone`` holds the hashes of those erased; one of an earlier version, met under its identifier, is told
    by today's too. ``anciennes`` gives today's hash for each that an earlier version may have kept.
    """

    empreinte: Empreinte
    gone: set[str]
    anciennes: dict[str, str] = field(default_factory=dict)
    _known: dict[str, str] = field(default_factory=dict)

    def hashed(self, identifiant: str) -> str:
        if identifiant not in self._known:
            found = self._known[identifiant] = self.empreinte(identifiant)
            before = self.empreinte.anciennes(identifiant)
            self.anciennes |= dict.fromkeys(before, found)
            if not self.gone.isdisjoint(before):
                self.gone.add(found)
        return self._known[identifiant]


def _without_erased(people: Feuille, personnes: _Personnes) -> tuple[Feuille, list[Constat]]:
    """The sheet of people without those erased at their request, and a finding for each who comes back.

    Out of the sheet, they take their contracts along: a contract of nobody is refused.
    """
    back = [
        line
        for line, row in people.raw.rows.items()
        if "personne" in row and personnes.hashed(row["personne"]) in personnes.gone
    ]
    constats = [people.constat("personne_effacee", line, "personne", *_COME_BACK) for line in back]
    return replace(people, frame=people.frame.drop(index=back, errors="ignore")), constats


def _without_erased_answers(lecture: Lecture, gone: Collection[str]) -> Lecture:
    """The answers without those of the people erased at their request, each told at its line."""
    back = lecture.frame.index[lecture.frame["repondant"].isin(gone)]
    constats = [
        Constat("personne_effacee", lecture.fichier, *_COME_BACK, ligne=int(line), entete="token")
        for line in back
    ]
    return replace(
        lecture,
        frame=lecture.frame.drop(index=back),
        refusees=lecture.refusees + len(back),
        constats=(*lecture.constats, *constats),
    )


def _unread(
    path: Path, files: Sequence[Path], constats: Sequence[Constat], classeur: Classeur | None = None
) -> Depot:
    """A deposit of which nothing can be kept."""
    empty = pd.DataFrame(columns=list(TEXT_COLUMNS))
    territoire, version = (classeur.territoire, classeur.version) if classeur else ("", "")
    return Depot(territoire, version, "", "", _fichiers(files), {}, empty, tuple(constats))


def _fichiers(files: Sequence[Path]) -> tuple[Fichier, ...]:
    return tuple(
        Fichier(file_name(file), file.stat().st_size, sha256_of(file)) for file in files if file.is_file()
    )
