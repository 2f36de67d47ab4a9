"""Receive a reviewed file: each of its remarks is kept once, or refused with the reason why."""

from __future__ import annotations

import hashlib
import zipfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path

from analysis.depot.formes.coffre import LARGEST_FILE, Refused
from analysis.depot.formes.constats import file_name
from analysis.depot.formes.personnel import donnee_personnelle
from analysis.noyau.errors import BilanError, Finding, InvalidData
from analysis.noyau.files.scratch import read_within
from analysis.noyau.french import counted
from analysis.noyau.paths import Project
from analysis.relecture.actuelle import version_actuelle
from analysis.relecture.ancres import Version, flat, load_versions
from analysis.relecture.rattachement import find, rattacher_tous
from analysis.relecture.recus.docx_recus import Document, mention_of, open_docx, read_docx
from analysis.relecture.recus.exports_recus import is_page_of, pages_of, read_hypothesis, read_table
from analysis.relecture.recus.feuille_recue import Feuille, open_feuille, read_feuille
from analysis.relecture.remarques import NON, OUI, Lecture, Listes, Remarque, cleaned, load_listes
from analysis.relecture.retraits import load_retraits, mark_of
from analysis.sources.commentaires import (
    LONGEST_COMMENT,
    Commentaire,
    alone_with_register,
    file_mark,
    load_commentaires,
    save_commentaires,
)
from analysis.sources.register import Register, load_register

MOST_KEPT = 20_000
"""Remarks on one chapter: with more, every command that reads them is slow, and nobody answers them."""

_PREPARE = "Préparez d'abord la relecture : « bilan relecture preparer --territoire CODE »."


@dataclass(frozen=True)
class Reception:
    """What became of the remarks of a file: ``read`` = ``added`` + ``already`` + ``refused``.

    ``completed`` counts those, already there, of which the college, the kind or the consent was not known.
    """

    territoire: str
    read: int
    added: int
    already: int
    refused: int
    constats: tuple[Finding, ...]
    completed: int = 0

    def __post_init__(self) -> None:
        if self.read != self.added + self.already + self.refused:
            raise ValueError(
                f"{self.read} read, {self.added} + {self.already} + {self.refused} accounted for"
            )


@dataclass(frozen=True)
class _Ouvert:
    """A file that was found safe: what it is, and the territory and version that it names."""

    content: Document | Feuille | bytes
    kind: str
    territoire: str = ""
    empreinte: str = ""


@dataclass(frozen=True)
class _Envoi:
    """What holds for all the remarks of a file."""

    fichier: str
    origine: str
    relue: Version
    college: str
    consentement: str
    jour: str


def recevoir(
    project: Project, territoire: str, path: Path, *, today: date, college: str = "", consentement: str = ""
) -> Reception:
    """Keep the remarks of a file that are new, complete those that are not, and say what was refused.

    ``territoire`` may be empty where the file names its own; ``college`` and ``consentement`` hold for the
    remarks that tell none, and may be given at a second reception. Raises UnknownName for an unknown
    territory, InvalidData for a file that cannot be read, or that nothing was prepared for, BilanError where
    somebody else has been writing in the register for too long.
    """
    fichier = file_name(path)
    register, listes = load_register(project), load_listes(project)
    try:
        opened = _open(path, register)
        known = _territoire(register, territoire, opened, fichier)
        versions = load_versions(project, known)
        actuelle = version_actuelle(project, register, known)
        relue, findings = _relue(opened, versions, actuelle, fichier)
        lecture = _read(opened, relue, listes, fichier=fichier, cle=Path(fichier).stem)
    except Refused as refused:
        raise InvalidData(
            [Finding(fichier, None, None, refused.found, refused.expected, refused.remedy, refused.rule)]
        ) from None
    envoi = _Envoi(fichier, lecture.origine, relue, college, consentement, today.isoformat())
    with alone_with_register(project, known):
        versions = {**versions, relue.empreinte: relue}
        found = _keep(project, lecture, envoi, opened.empreinte, versions, actuelle or relue)
    return replace(found, constats=tuple(dict.fromkeys((*findings, *lecture.constats, *found.constats))))


def _keep(
    project: Project,
    lecture: Lecture,
    envoi: _Envoi,
    empreinte: str,
    versions: Mapping[str, Version],
    actuelle: Version,
) -> Reception:
    """Join the remarks of a file to the register, which nobody else writes meanwhile."""
    territoire = envoi.relue.territoire
    checked, findings = _checked(lecture.remarques, envoi.fichier)
    withdrawn = load_retraits(project, territoire)
    back = [remark for remark in checked if mark_of(remark.texte) in withdrawn]
    findings += [_come_back(remark, envoi.fichier) for remark in back]
    kept = [remark for remark in checked if mark_of(remark.texte) not in withdrawn]
    comments = {comment.id: comment for comment in load_commentaires(project, territoire)}
    named = list(_identified(territoire, lecture.origine, empreinte, kept, comments))
    names = {remark.repere: name for name, remark in named if remark.repere}
    new: set[str] = set()
    completed: set[str] = set()
    for name, remark in named:
        before = comments.get(name)
        if before is None:
            made, told = _commentaire(name, remark, envoi)
            comments[name] = replace(made, reponse_a=names.get(remark.repond_a, ""))
            new.add(name)
        else:
            comments[name], told = _completed(before, remark, envoi)
            if name not in new and _told_of(before) != _told_of(comments[name]):
                completed.add(name)
        findings += told
    findings += _unasked([comments[name] for name in dict.fromkeys(name for name, _ in named)], envoi.fichier)
    if len(comments) > MOST_KEPT:
        found = counted(len(comments), "remarque", "remarques")
        expected = f"au plus {MOST_KEPT} par chapitre"
        remedy = (
            "Rien n'est gardé de ce fichier. Retirez-en un autre : « bilan relecture retirer --fichier »."
        )
        raise InvalidData([Finding(envoi.fichier, None, None, found, expected, remedy)])
    save_commentaires(project, territoire, rattacher_tous(comments.values(), versions, actuelle))
    already = len(named) - len(new)
    if already and lecture.origine == "feuille":
        findings.append(_already(already, envoi.fichier))
    return Reception(
        territoire,
        read=lecture.lues,
        added=len(new),
        already=already,
        refused=lecture.lues - len(named),
        constats=tuple(findings),
        completed=len(completed),
    )


def _come_back(remark: Remarque, fichier: str) -> Finding:
    found, expected = "une remarque que son auteur a retirée", "une autre remarque"
    remedy = "Elle n'est pas reprise. Si quelqu'un d'autre le dit aussi, qu'il l'écrive autrement."
    return Finding(fichier, remark.ligne, None, found, expected, remedy)


def _already(count: int, fichier: str) -> Finding:
    found = f"{counted(count, 'remarque', 'remarques')} déjà reçues d'une feuille de ce nom"
    remedy = "Si elles sont d'une autre personne, renommez le fichier et recevez-le de nouveau."
    return Finding(fichier, None, None, found, "des remarques nouvelles", remedy)


def _completed(comment: Commentaire, remark: Remarque, envoi: _Envoi) -> tuple[Commentaire, list[Finding]]:
    """A comment with what a later reception says of it that was not known; a refusal always holds."""
    if comment.is_withdrawn:
        return comment, []
    said = remark.consentement or envoi.consentement
    after = replace(
        comment,
        role=comment.role or remark.role or envoi.college,
        genre=comment.genre or remark.genre,
        texte=remark.texte if remark.brut else comment.texte,
        consentement=NON if said == NON else comment.consentement or said,
        fichier=comment.fichier or file_mark(envoi.fichier),
    )
    if (comment.consentement, after.consentement) != (OUI, NON):
        return after, []
    found, remedy = f"un accord devenu un refus ({comment.id})", "Son texte n'est plus publié."
    return after, [Finding(envoi.fichier, None, None, found, "un accord", remedy)]


def _told_of(comment: Commentaire) -> tuple[str, str, str]:
    return comment.role, comment.genre, comment.consentement


def _unasked(comments: Sequence[Commentaire], fichier: str) -> Iterator[Finding]:
    """What neither a file nor a command says of its remarks, to be given afterwards."""
    told = [comment for comment in comments if not comment.is_withdrawn]
    again = "puis recevez de nouveau ce même fichier avec"
    if count := sum(not comment.role for comment in told):
        found = f"{counted(count, 'remarque', 'remarques')} dont le collège n'est pas dit"
        remedy = f"Demandez-le, {again} « --college CODE », ou écrivez-le dans le classeur de réponses."
        yield Finding(fichier, None, None, found, "un collège", remedy)
    if count := sum(not comment.consentement for comment in told):
        found = f"{counted(count, 'remarque', 'remarques')} dont l'accord n'a pas été demandé"
        remedy = (
            f"Leur texte n'est pas publié. Demandez l'accord, {again} « --consentement oui » ou « non », ou "
            "écrivez-le dans le classeur de réponses."
        )
        yield Finding(fichier, None, None, found, "un accord ou un refus", remedy)


def _open(path: Path, register: Register) -> _Ouvert:
    """The file, by what it holds and not by its name; raises Refused."""
    if not path.is_file():
        raise BilanError(f"« {path} » n'existe pas, ou n'est pas un fichier.")
    content = read_within(path, LARGEST_FILE)
    if content is None:
        found = f"{max(path.stat().st_size, LARGEST_FILE) // 2**20} Mo"
        raise Refused(
            "fichier_demesure", found, "un fichier de moins de 30 Mo", "Envoyez-le en plusieurs fois."
        )
    if content.startswith(b"PK"):
        return _open_archive(path, content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        found, remedy = "un ancien format de Word ou d'Excel", "Enregistrez-le au format .docx ou .xlsx."
        raise Refused("fichier_abime", found, "un document .docx, un classeur .xlsx ou .ods", remedy)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        pages = pages_of(content)
        codes = [t.code for t in register.territoires if any(is_page_of(page, t.code) for page in pages)]
        return _Ouvert(content, "hypothesis", codes[0] if len(codes) == 1 else "")
    return _Ouvert(content, "table")


def _open_archive(path: Path, content: bytes) -> _Ouvert:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            is_odt = "mimetype" in names and b"opendocument.text" in archive.open("mimetype").read(200)
    except Exception:  # whatever a damaged archive makes of the standard library
        found, remedy = "une archive abîmée", "Enregistrez-le de nouveau, et renvoyez-le."
        raise Refused(
            "fichier_abime", found, "un document .docx, un classeur .xlsx ou .ods", remedy
        ) from None
    if is_odt:
        remedy = "Dans LibreOffice : « Enregistrer sous… », type « Word 2007-365 (.docx) »."
        raise Refused("fichier_abime", "un document .odt", "un document .docx", remedy)
    if any(name.startswith("word/") for name in names):
        document = open_docx(content)
        return _Ouvert(document, "docx", *mention_of(document))
    sheet = open_feuille(path)
    territory, _, empreinte = sheet.identite.get("Version", "").partition("/")
    return _Ouvert(sheet, "feuille", territory, empreinte)


def _territoire(register: Register, asked: str, opened: _Ouvert, fichier: str) -> str:
    """The territory of a file: the one that is asked, the one that it names, which must be the same."""
    if asked:
        register.territoire(asked)
    codes = [t.code for t in register.territoires]
    named = opened.territoire if opened.territoire in codes else ""
    if asked and named and asked != named:
        remedy = "Recevez-le sans --territoire, ou vérifiez qu'il s'agit du bon fichier."
        raise InvalidData([Finding(fichier, None, None, f"« {named} »", f"« {asked} »", remedy)])
    if not (asked or named):
        remedy = "Donnez-le avec l'option --territoire."
        raise InvalidData([Finding(fichier, None, None, "aucun territoire connu", ", ".join(codes), remedy)])
    return asked or named


def _relue(
    opened: _Ouvert, versions: Mapping[str, Version], actuelle: Version | None, fichier: str
) -> tuple[Version, list[Finding]]:
    """The version that was read: the one that the file names, else the last one that was handed out."""
    if opened.empreinte in versions:
        return versions[opened.empreinte], []
    last = next(reversed(list(versions.values())), None) or actuelle
    if last is None:
        expected = "un chapitre remis à la relecture"
        raise InvalidData([Finding(fichier, None, None, "aucune version de ce chapitre", expected, _PREPARE)])
    if opened.kind not in ("docx", "feuille"):
        return last, []
    found = "une version inconnue ici" if opened.empreinte else "aucune version"
    remedy = "Les remarques sont situées dans la dernière version remise : vérifiez leur place."
    return last, [Finding(fichier, None, None, found, "une version remise depuis ce projet", remedy)]


def _read(opened: _Ouvert, relue: Version, listes: Listes, *, fichier: str, cle: str) -> Lecture:
    content = opened.content
    if isinstance(content, Document):
        return read_docx(content, relue, listes, fichier=fichier)
    if isinstance(content, Feuille):
        return read_feuille(content, relue, listes, fichier=fichier, cle=cle)
    if opened.kind == "hypothesis":
        return read_hypothesis(content, relue, listes, fichier=fichier)
    return read_table(content, relue, listes, fichier=fichier, cle=cle)


def _checked(remarks: Sequence[Remarque], fichier: str) -> tuple[list[Remarque], list[Finding]]:
    """The remarks whose text can be kept, cleaned; a finding for each other one, and for what was cleaned."""
    kept, findings = [], []
    if count := sum(bool(remark.brut) for remark in remarks):
        found = f"{counted(count, 'remarque', 'remarques')} où un programme a écrit un nom ou un en-tête"
        remedy = "C'est retiré : seuls les mots de la personne sont gardés."
        findings.append(Finding(fichier, None, None, found, "les mots d'une personne", remedy))
    for rank, remark in enumerate(remarks, start=1):
        place = remark.ligne or rank
        text, replaced = cleaned(remark.texte)
        if replaced:
            found = counted(replaced, "caractère de contrôle", "caractères de contrôle")
            remedy = "Chacun est gardé sous la forme « � »."
            findings.append(Finding(fichier, place, None, found, "un texte", remedy))
        if not text:
            findings.append(Finding(fichier, place, None, "une remarque vide", "un texte"))
        elif len(text) > LONGEST_COMMENT:
            expected = f"{LONGEST_COMMENT} caractères au plus"
            remedy = "Elle n'est pas gardée : demandez-la en plusieurs remarques, ou en document joint."
            found = f"une remarque de {len(text)} caractères"
            findings.append(Finding(fichier, place, None, found, expected, remedy))
        else:
            kept.append(replace(remark, texte=text))
    return kept, findings


def _identified(
    territoire: str, origin: str, empreinte: str, remarks: Iterable[Remarque], known: Collection[str]
) -> Iterator[tuple[str, Remarque]]:
    """Each remark with an identifier that a file gives it again.

    It is its number where it has one that holds across files, else what it says and the file's name, twins
    being told by rank. A remark that is known under the second one keeps it.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for remark in remarks:
        said = (
            origin,
            empreinte,
            remark.ancre,
            remark.citation,
            remark.date,
            remark.brut or remark.texte,
            remark.cle,
        )
        seen[said] += 1
        name = _hashed(territoire, (*said, str(seen[said])))
        if remark.numero and name not in known:
            name = _hashed(territoire, (origin, remark.numero))
        yield name, remark


def _hashed(territoire: str, said: Sequence[str]) -> str:
    words = "\x1f".join(said)
    return f"{territoire}-{hashlib.sha256(words.encode('utf-8', 'replace')).hexdigest()[:10]}"


def _commentaire(identifier: str, remark: Remarque, envoi: _Envoi) -> tuple[Commentaire, list[Finding]]:
    """The comment that a remark makes, and what is to be known of it."""
    findings = []
    relue, quote = envoi.relue, remark.citation
    if len(quote) > LONGEST_COMMENT:
        found, expected = f"une citation de {len(quote)} caractères", f"{LONGEST_COMMENT} caractères au plus"
        remedy = "La remarque est gardée sans sa citation, à l'ancre de son début."
        findings.append(Finding(envoi.fichier, remark.ligne, None, found, expected, remedy))
        quote = ""
    agreed = remark.consentement or envoi.consentement
    typed = quote if quote and not find(flat(quote), relue) else ""
    personal = (
        donnee_personnelle(remark.texte, libre=True)
        or donnee_personnelle(typed, libre=True)
        or ("le nom d'un auteur du fichier" if remark.nomme else "")
    )
    if personal:
        remedy = "La remarque est gardée, et ne sera pas publiée."
        expected = "un texte qui ne nomme personne"
        findings.append(Finding(envoi.fichier, remark.ligne, None, f"peut-être {personal}", expected, remedy))
        agreed = NON
    comment = Commentaire(
        id=identifier,
        edition=relue.edition,
        territoire=relue.territoire,
        chapitre=relue.chapitre,
        ancre=remark.ancre or _located(remark, quote, relue),
        citation=quote,
        role=remark.role or envoi.college,
        date=min(
            remark.date or envoi.jour, envoi.jour
        ),  # a clock that was fast dates nothing after its reception
        texte=remark.texte,
        genre=remark.genre,
        consentement=agreed,
        statut="a_repondre",
        rattachement="orphelin",
        reponse="",
        date_reponse="",
        changement="",
        avant="",
        apres="",
        origine=envoi.origine,
        version=relue.empreinte,
        fichier=file_mark(envoi.fichier),
    )
    return comment, findings


def _located(remark: Remarque, quote: str, relue: Version) -> str:
    """The passage of a remark without an anchor: that of its quote; the whole chapter where it has none."""
    if quote:
        before = flat(remark.avant_citation)
        together = find(before + flat(quote), relue) if before else []
        places = find(flat(quote), relue)
        if len(together) == 1 and len(places) > 1:
            ends = [place for place in places if relue.ranks[place] >= relue.ranks[together[0]]]
            return ends[0] if ends else together[0]
        return places[0] if places else ""
    return "titre" if "titre" in relue.by_anchor else ""
