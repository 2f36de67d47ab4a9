"""Read the answers that LimeSurvey exports: the declared questions alone, the free texts kept apart."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from analysis.depot.enquetes.limesurvey import (
    CODES,
    EN_TETES,
    PERSONNELLES,
    SANS_CONVERSION,
    SANS_REPONSE,
    SEPARATORS,
    TECHNIQUES,
    Colonnes,
    brut,
    flat,
    is_date,
    mots,
)
from analysis.depot.enquetes.questions import CONSENTEMENT, Question, of_version, versions
from analysis.depot.formes.cle import forme
from analysis.depot.formes.constats import lines_at
from analysis.depot.formes.lecture import Lecture
from analysis.depot.formes.personnel import donnee_personnelle
from analysis.depot.formes.recueil import Recueil
from analysis.noyau.declared.csv_files import LARGEST_CELL
from analysis.noyau.declared.nomenclatures import Choix
from analysis.noyau.declared.validation import LONGEST_TEXT, form_of
from analysis.noyau.french import counted, in_quotes

if TYPE_CHECKING:  # what reads the questions alone does without
    import pandas as pd

LARGEST_FILE = 5 * 2**20
"""Bytes: some two thousand respondents who each write a page."""

_OF_THE_ANSWER = ("id", "submitdate", "startdate", "datestamp")
_BOM = b"\xef\xbb\xbf"
_NUMBER = re.compile(r"-?(?=[.,]?[0-9])[0-9]{0,12}(?:[.,][0-9]{0,12})?")
_ID = re.compile(r"[0-9]{1,9}")


def read_enquete(
    path: Path,
    *,
    enquete: str,
    questions: tuple[Question, ...],
    nomenclatures: Mapping[str, tuple[Choix, ...]],
    empreinte: Callable[[str], str],
    codes: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Lecture, pd.DataFrame]:
    """The answers of one wave, one row per respondent, and the free texts apart.

    The frame has ``repondant`` and one column per closed question: the code of the list for a choice,
    a float for a number, missing where there is no answer (a blank, or the « N/A » of a question that was
    not shown). ``repondant`` is ``empreinte`` of the identifier of the person, else « r » with the answer's
    ``id``, else « l » with its line. ``codes`` gives the identifier behind an access code drawn at random;
    any other code is an identifier. The texts have ``repondant``, ``question``, ``texte``. Both are indexed by
    the line where the record starts. Columns are known by their codes, by the words of their questions, or
    by both; a code and a label are both read as answers.

    Of several answers under one access code the one that was sent is read, else the latest; the others are
    told, and count for nothing. One of somebody
    who did not agree to answer, where the survey asks, is not kept; an unfinished one is, and counted. A
    finding of the scope « table » tells that the file as a whole is not to be used: an answer that is in
    no list, a record that cannot be cut. Of the columns that are not declared, none is read but
    ``id`` and the dates of the answer. No content of the file makes this raise.
    """
    recueil = Recueil(path.name)
    reponses = _Reponses(recueil, questions, nomenclatures, empreinte, codes)
    text = _text(path, recueil)
    records = [] if text is None else list(_records(text, reponses.colonnes))
    header, body = ([], []) if not records else (records[0][1] or [], records[1:])
    if text is not None and reponses.place(header, enquete):
        if not body:
            recueil.add("feuille_vide", None, "", "aucune réponse", "au moins une réponse")
        for line, cells in reponses.chosen(body):
            reponses.read(line, cells)
        reponses.tell_all()
    frame = reponses.frame()
    read = len(body) - len(reponses.en_trop)
    lecture = Lecture("reponses", path.name, "", frame, read, read - len(frame), recueil.constats())
    return lecture, reponses.texts()


def _text(path: Path, recueil: Recueil) -> str | None:
    """The text of the export, or None after the finding that says why it is not one."""
    size = path.stat().st_size
    if size > LARGEST_FILE:
        found, expected = f"{size // 2**20} Mo", f"au plus {LARGEST_FILE // 2**20} Mo"
        recueil.add("fichier_demesure", None, "", found, expected, "Déposez un fichier par vague.")
        return None
    try:
        return path.read_bytes().removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError:
        remedy = f"{EN_TETES} N'ouvrez pas le fichier dans un tableur avant de le déposer."
        expected = "un fichier CSV en UTF-8"
        recueil.add("enquete_encodage", None, "", "un contenu qui n'est pas de l'UTF-8", expected, remedy)
        return None


def _records(text: str, colonnes: Colonnes) -> Iterator[tuple[int, list[str] | None]]:
    """The records with the line where each starts; None for one that cannot be cut into cells."""
    lines = list(io.StringIO(text, newline=""))
    csv.field_size_limit(LARGEST_CELL)
    separator = colonnes.separateur(lines[0]) if lines else SEPARATORS[0]
    reader = csv.reader(lines, delimiter=separator)
    while reader.line_num < len(lines):
        start = reader.line_num
        try:
            cells = next(reader, [])
        except csv.Error:
            yield start + 1, None
            continue
        is_open = reader.line_num == len(lines) and _is_left_open(lines[start:], separator)
        if is_open or any("\0" in cell for cell in cells):
            yield start + 1, None
        elif any(cell.strip() for cell in cells):
            yield start + 1, cells


def _is_left_open(lines: Sequence[str], separator: str) -> bool:
    """Whether a last record ends inside quotes, as it does when one was never closed."""
    try:
        list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


@dataclass
class _Reponses:
    """The records of one export as they are read: the answers and the texts of those that are valid.

    ``ailleurs`` counts the answers that are in no list by question and line, ``en_trop`` the lines left out
    under an access code that has another answer.
    """

    recueil: Recueil
    questions: Sequence[Question]
    nomenclatures: Mapping[str, tuple[Choix, ...]]
    empreinte: Callable[[str], str]
    codes: Mapping[str, str]
    posees: Sequence[Question] = ()
    places: dict[str, int] = field(default_factory=dict)
    width: int = 0
    rows: dict[int, dict[str, str | float | None]] = field(default_factory=dict)
    libres: list[tuple[int, str, str, str]] = field(default_factory=list)
    unfinished: int = 0
    translated: int = 0
    ailleurs: list[tuple[Question, int, str]] = field(default_factory=list)
    en_trop: list[int] = field(default_factory=list)

    @cached_property
    def colonnes(self) -> Colonnes:
        return Colonnes.of(self.questions)

    def place(self, header: Sequence[str], enquete: str) -> bool:
        """Find where each question stands; False after the finding of those missing or doubled."""
        names = [self.colonnes.nom(cell) for cell in header]
        version = self._version(names)
        self.posees = of_version(self.questions, version)
        needed = [q.code_limesurvey for q in self.posees if q.nature != "jeton"]
        missing = [code for code in needed if flat(code) not in names]
        doubled = [code for code in needed if names.count(flat(code)) > 1]
        if missing or doubled:
            parts = [
                f"sans {in_quotes(missing)}" if missing else "",
                f"avec deux fois {in_quotes(doubled)}" if doubled else "",
            ]
            found = f"un en-tête {' et '.join(part for part in parts if part)}"
            expected = f"une fois chaque question de l'enquête « {enquete} »"
            remedy = f"{EN_TETES} Gardez toutes les colonnes des questions."
            self.recueil.add("enquete_colonnes", 1, "", found, expected, remedy)
            return False
        self._tell_version(version)
        declared = {flat(q.code_limesurvey) for q in self.questions} | set(_OF_THE_ANSWER)
        self.width = len(names)
        self.places = {name: names.index(name) for name in declared & set(names)}
        tokens = [q.code_limesurvey for q in self.questions if q.nature == "jeton"]
        if tokens and not set(tokens) & set(names):
            found, expected = "un en-tête sans « token »", "le code d'accès de chacun"
            remedy = (
                "Sans lui, ni les vagues ni le sexe et l'âge ne se joignent ; exportez aussi cette colonne."
            )
            self.recueil.add("enquete_sans_jeton", 1, "", found, expected, remedy)
        self._tell_ignored([name for name in names if name not in declared])
        return True

    def _version(self, names: Sequence[str]) -> int:
        """The last version of the questionnaire whose every question is in a header, else that which lacks the fewest."""
        lacking = {
            version: sum(
                flat(q.code_limesurvey) not in names
                for q in of_version(self.questions, version)
                if q.nature != "jeton"
            )
            for version in versions(self.questions)
        }
        return min(lacking, key=lambda version: (lacking[version], -version))

    def _tell_version(self, version: int) -> None:
        """Say once that an export is of an earlier version, and what it did not ask."""
        last = versions(self.questions)[0]
        if version == last:
            return
        absent = [q.code_limesurvey for q in of_version(self.questions, last) if not q.is_asked_by(version)]
        lacking = f", où {in_quotes(absent)} n'étai{'ent' if len(absent) > 1 else 't'} pas" if absent else ""
        found = f"la version {version} du questionnaire{lacking}"
        expected = f"la version {last}, ou une autre plus ancienne"
        remedy = "Rien à faire si l'enquête est d'avant : ce qui n'était pas demandé reste sans réponse."
        self.recueil.add("enquete_version", 1, "", found, expected, remedy)

    def chosen(self, body: Sequence[tuple[int, list[str] | None]]) -> Iterator[tuple[int, list[str]]]:
        """The records to read, in their order: of several under one access code the one that was sent, else the latest.

        Told on the way: a record that is not of the header, answers that nobody can tell apart.
        """
        by_key: dict[tuple[str, str], list[tuple[int, list[str]]]] = {}
        for line, whole in body:
            is_padded = whole is not None and not any(map(str.strip, whole[self.width :]))
            cells = whole[: self.width] if whole is not None and is_padded else whole
            if cells is None or len(cells) != self.width:
                found = "un texte mal fermé ou démesuré" if cells is None else _cells(len(cells))
                remedy = "Exportez de nouveau, sans ouvrir le fichier dans un tableur entre-temps."
                expected = f"{_cells(self.width)} comme l'en-tête"
                self.recueil.add("enquete_ligne", line, "", found, expected, remedy)
            else:
                by_key.setdefault(self._key(line, cells), []).append((line, cells))
        kept = [record for key, records in by_key.items() for record in self._last(key, records)]
        yield from sorted(kept, key=lambda record: record[0])

    def _key(self, line: int, cells: Sequence[str]) -> tuple[str, str]:
        """Whose answer a record is: a person's, else its own number, else nobody's else."""
        token = self._token(cells)
        if token:
            return "token", forme(token)
        answer_id = self._cell(cells, "id")
        return ("id", answer_id) if _ID.fullmatch(answer_id) else ("ligne", str(line))

    def _last(
        self, key: tuple[str, str], records: Sequence[tuple[int, list[str]]]
    ) -> Iterator[tuple[int, list[str]]]:
        spelled = {self._token(cells).upper(): line for line, cells in records}
        if key[0] == "token" and len(spelled) > 1:
            lines = [line for line, _ in records]
            for line in lines:
                found = f"un code que seuls un trait ou une espace distinguent de celui {lines_at(set(lines) - {line})}"
                expected = "des codes que leurs lettres et leurs chiffres distinguent"
                remedy = "Ne gardez que la réponse de cette personne, ou donnez un autre code à l'autre."
                self.recueil.add("identifiants_confondus", line, key[0], found, expected, remedy)
            return
        last = max(records, key=lambda record: self._rank(record[1]))
        for line, cells in records:
            is_kept = (line, cells) == last
            if not is_kept and not self._is_without_consent(line, cells):
                self.en_trop.append(line)
        yield last

    def _rank(self, cells: Sequence[str]) -> tuple[bool, str, str, int]:
        """How late an answer is: one that was sent comes after any other."""
        sent = self._cell(cells, "submitdate")
        moved = self._cell(cells, "datestamp") or self._cell(cells, "startdate")
        answer_id = self._cell(cells, "id")
        number = int(answer_id) if _ID.fullmatch(answer_id) else 0
        return is_date(sent), sent if is_date(sent) else "", moved, number

    def read(self, line: int, cells: Sequence[str]) -> None:
        """Keep a record that has no fault; tell each fault of one that has."""
        if self._is_without_consent(line, cells):
            return
        repondant = self._repondant(line, cells)
        row: dict[str, str | float | None] = {}
        libres: list[tuple[int, str, str, str]] = []
        valid = True
        for question in self.posees:
            if question.nature == "jeton":
                continue
            answer = self._cell(cells, question.code_limesurvey)
            if answer in SANS_REPONSE:
                value = None
            else:
                value = self._value(line, question, answer)
                valid = valid and value is not None
            if question.nature != "texte_libre":
                row[question.question] = value
            elif isinstance(value, str):
                libres.append((line, repondant, question.question, value))
        if valid:
            self.rows[line] = {"repondant": repondant, **row}
            self.libres.extend(libres)
            self.unfinished += "submitdate" in self.places and not is_date(self._cell(cells, "submitdate"))

    def _is_without_consent(self, line: int, cells: Sequence[str]) -> bool:
        """Whether the person said no, or nothing, where the survey asks for its consent; told at its line."""
        asked = next((q for q in self.questions if q.question == CONSENTEMENT), None)
        if asked is None:
            return False
        answer = self._cell(cells, asked.code_limesurvey)
        said = _code(answer, self.nomenclatures[asked.valeurs])
        if said == "oui" or (said is None and answer not in SANS_REPONSE):
            return False
        found = "un refus de répondre" if said else "aucune réponse à la demande d'accord"
        remedy = "Rien à faire : sa ligne n'est pas gardée."
        self.recueil.add(
            "enquete_sans_accord", line, asked.code_limesurvey, found, "un accord de la personne", remedy
        )
        return True

    def tell_all(self) -> None:
        """What is told once for the file: unfinished answers, those left out, those that are in no list."""
        if self.unfinished:
            found = f"{counted(self.unfinished, 'réponse', 'réponses')} sans date d'envoi"
            self.recueil.add("enquete_inachevee", None, "submitdate", found, "des réponses envoyées")
        if self.translated:
            found = counted(
                self.translated,
                "réponse sous un code tiré au hasard",
                "réponses sous des codes tirés au hasard",
            )
            expected = "la personne que donne la table des codes"
            self.recueil.add("enquete_codes_traduits", None, "token", found, expected)
        if self.en_trop:
            found = (
                f"{counted(len(self.en_trop), 'réponse', 'réponses')} de plus que de codes, "
                f"{lines_at(self.en_trop)}"
            )
            remedy = "Pour chaque code, la réponse envoyée est gardée, sinon la plus récente."
            line = self.en_trop[0] if len(self.en_trop) == 1 else None
            self.recueil.add("enquete_doublon", line, "token", found, "une réponse par code", remedy)
        if self.ailleurs:
            self._tell_elsewhere()

    def _tell_elsewhere(self) -> None:
        """One finding for all the answers that are in no list: it has one cause, and one remedy."""
        elsewhere = {question for question, _, _ in self.ailleurs}
        asked = [question.code_limesurvey for question in self.questions if question in elsewhere]
        lines = sorted({line for _, line, _ in self.ailleurs})
        expected = {self._expected(question) for question, _, _ in self.ailleurs}
        found = (
            form_of(self.ailleurs[0][2])
            if len(self.ailleurs) == 1
            else f"{counted(len(self.ailleurs), 'réponse', 'réponses')} hors de la liste, {lines_at(lines)}"
        )
        self.recueil.add(
            "enquete_reponse",
            lines[0] if len(lines) == 1 else None,
            ", ".join(asked),
            found,
            expected.pop()
            if len(expected) == 1
            else "une réponse de la liste de chaque question, ou son code",
            self._remedy(),
        )

    def _remedy(self) -> str:
        """What to change in the export, in LimeSurvey's words; nothing of the file is used meanwhile."""
        whole = "Aucune réponse du fichier n'est prise : celles qui restent ne seraient pas celles de tous."
        converted = {q for q, _, answer in self.ailleurs if q.nature == "oui_non" and len(answer) == 1}
        others = {q for q, _, _ in self.ailleurs} - converted
        settings = [SANS_CONVERSION] if converted else []
        settings += [CODES] if others - {q for q in others if q.nature == "nombre"} else []
        if not settings:
            return f"Les bornes de la question ont été changées : dites-le à l'équipe du bilan. {whole}"
        return f"Dans LimeSurvey, « Exporter » : {', et '.join(settings)}. {whole}"

    def frame(self) -> pd.DataFrame:
        """One row per valid record, one column per closed question that its version asks."""
        import pandas as pd

        closed = [q for q in self.posees if q.nature not in ("jeton", "texte_libre")]
        types = {"repondant": "str", **{q.question: _TYPES[q.nature] for q in closed}}
        index = pd.Index(list(self.rows), dtype="int64")
        columns = {
            name: pd.Series([row[name] for row in self.rows.values()], index=index, dtype=kind)
            for name, kind in types.items()
        }
        return pd.DataFrame(columns, index=index)

    def texts(self) -> pd.DataFrame:
        """One row per free text of a valid record."""
        import pandas as pd

        index = pd.Index([line for line, *_ in self.libres], dtype="int64")
        rows = [row[1:] for row in self.libres]
        return pd.DataFrame(rows, index=index, columns=["repondant", "question", "texte"], dtype="str")

    def _cell(self, cells: Sequence[str], code: str) -> str:
        """The cell of a column; a blank when the export does not have it."""
        place = self.places.get(flat(code))
        return "" if place is None else brut(cells[place])

    def _token(self, cells: Sequence[str]) -> str:
        """The access code of a record, empty where there is none."""
        tokens = [self._cell(cells, q.code_limesurvey) for q in self.questions if q.nature == "jeton"]
        return next((token for token in tokens if token not in SANS_REPONSE), "")

    def _repondant(self, line: int, cells: Sequence[str]) -> str:
        """The name that the tables give to the respondent."""
        token = self._token(cells)
        if token:
            self.translated += token.upper() in self.codes
            return self.empreinte(self.codes.get(token.upper(), token))
        answer_id = self._cell(cells, "id")
        return f"r{answer_id}" if _ID.fullmatch(answer_id) else f"l{line}"

    def _value(self, line: int, question: Question, answer: str) -> str | float | None:
        """The value that a table keeps, or None for an answer that is not expected, told now or at the end."""
        if question.nature == "texte_libre":
            return self._libre(line, question, answer)
        value: str | float | None
        if question.nature == "nombre":
            value = _number(answer, question.valeurs)
        else:
            value = _code(answer, self.nomenclatures[question.valeurs])
        if value is None:
            self.ailleurs.append((question, line, answer))
        return value

    def _expected(self, question: Question) -> str:
        """What a closed question may be answered, in words."""
        if question.nature == "nombre":
            low, high = question.valeurs.split("..")
            return f"un nombre entre {low} et {high}".replace(".", ",")
        labels = [choix.libelle for choix in self.nomenclatures[question.valeurs]]
        return f"l'une des réponses {in_quotes(labels)}, ou son code"

    def _libre(self, line: int, question: Question, answer: str) -> str | None:
        """A free text that may be kept, else None after the finding."""
        seen = donnee_personnelle(answer, libre=True)
        if seen is not None:
            expected = "un texte sans nom, courriel, téléphone ni numéro de sécurité sociale"
            remedy = "Ôtez-le du texte dans LimeSurvey, puis exportez de nouveau."
            self.recueil.add("donnee_personnelle", line, question.code_limesurvey, seen, expected, remedy)
            return None
        if len(answer) > LONGEST_TEXT:
            found, expected = f"{len(answer)} caractères", f"un texte de {LONGEST_TEXT} caractères au plus"
            self.recueil.add("enquete_texte_long", line, question.code_limesurvey, found, expected)
            return None
        return answer

    def _tell_ignored(self, names: Sequence[str]) -> None:
        """One finding for all the columns that are not read; only LimeSurvey's own names are quoted.

        The technical columns that every export has are not read either, and nothing is said of them.
        """
        told = [name for name in names if name not in TECHNIQUES]
        if not told:
            return
        personal = [name for name in told if name in PERSONNELLES]
        quoted = f", dont {in_quotes(personal)}" if personal else ""
        found = f"{counted(len(told), 'colonne', 'colonnes')} non lue{'s' if len(told) > 1 else ''}{quoted}"
        self.recueil.add("enquete_colonne_ignoree", 1, "", found, "les seules questions déclarées")


_TYPES = {"choix": "str", "oui_non": "str", "nombre": "float64"}


def _code(answer: str, choices: Sequence[Choix]) -> str | None:
    """The code of the list for an answer written as LimeSurvey's code or as its label.

    >>> accord = [Choix("plutot", "Plutôt d'accord", "A2")]
    >>> _code("A2", accord), _code("Plutôt d’accord", accord), _code("plutot", accord)
    ('plutot', 'plutot', None)
    """
    said = mots(answer)
    return next((c.code for c in choices if said and said in (c.code_limesurvey, mots(c.libelle))), None)


def _number(answer: str, valeurs: str) -> float | None:
    """The number of an answer, None when it is not one of the range.

    >>> _number("7", "0..10"), _number("7.5000000000", "0..10"), _number("11", "0..10")
    (7.0, 7.5, None)
    """
    low, high = valeurs.split("..")
    if _NUMBER.fullmatch(answer) is None:
        return None
    value = float(answer.replace(",", "."))
    return value if float(low) <= value <= float(high) else None


def _cells(number: int) -> str:
    return counted(number, "cellule", "cellules")
