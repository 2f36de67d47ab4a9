"""The commands `bilan enquete …`: write the questionnaires, write the coding workbook, receive it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.depot.dossier import identifiants
from analysis.depot.ecrits.codage import (
    Reponse,
    Theme,
    coding_of,
    lignes,
    load_themes,
    mots_identifiants,
    read_coding,
    reponses_libres,
    write_coding,
)
from analysis.depot.ecrits.questionnaire import Questionnaire, load_questionnaires
from analysis.depot.ecrits.questionnaire import structure as structure_of
from analysis.depot.enquetes.codes import (
    load_table,
    participants_path,
    table_path,
    write_codes,
    write_participants,
)
from analysis.depot.formes.constats import DepotError
from analysis.depot.garde.ledger import CODING_COLUMNS, Ledger, Recu
from analysis.depot.referentiel import Referentiel, load_referentiel
from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.errors import UnknownName
from analysis.noyau.files.scratch import write_whole
from analysis.noyau.french import counted
from analysis.noyau.paths import Project

_SUITE = """\
Dans LimeSurvey : « Créer un questionnaire », « Importer », choisissez le fichier .txt ; puis essayez-le en entier.
Ne changez aucun code : c'est par eux que les réponses sont relues. Un texte peut être reformulé : exportez alors par les codes.
Pour reprendre les réponses : « Exporter », CSV, questions en tant que « Code de la question », réponses en tant que
« Codes de réponse », sans « Convertir Y en » ni « Convertir N en »."""
_JETONS = """\
Enquêtes à plusieurs vagues ({names}) : ouvrez la table des participants et importez-y les codes d'accès que tire au
hasard « bilan enquete codes --territoire CODE », les mêmes à chaque vague. Distribuez les liens un par un, jamais par une
liste affichée. N'activez pas la persistance des réponses par code : qui taperait un code lirait ce qui est répondu."""
_CODES = """\
{table} : {codes}, dont {new}. Remettez-la au territoire, par la voie d'envoi
chiffrée : il la garde avec sa liste de noms, et la place à côté des exports quand il dépose. Supprimez-la ensuite de ce poste.
{participants} : dans LimeSurvey, « Participants », « Importer », fichier CSV, séparateur virgule ;
décochez le filtre des adresses de courriel vides. Donnez à chacun le lien de son code, de la main à la main."""


def structure(project: Project, enquete: str | None) -> int:
    """Write the questionnaire of a survey, or of all, as LimeSurvey imports it, and tell what to do next.

    Raises UnknownName for an unknown survey.
    """
    questionnaires = load_questionnaires(project)
    if enquete is not None and enquete not in questionnaires:
        raise UnknownName("questionnaire", enquete, questionnaires)
    nomenclatures = load_nomenclatures(project)
    folder = project.outputs / "enquetes"
    written = [questionnaires[enquete]] if enquete else [*questionnaires.values()]
    for one in written:
        path = folder / f"{one.enquete}.txt"
        write_whole(path, structure_of(one, nomenclatures))
        print(f"{project.shown(path)} : {_described(one)}")
    print(_SUITE)
    followed = [one.enquete for one in written if not one.est_anonyme]
    if followed:
        print(_JETONS.format(names=", ".join(followed)))
    return 0


def codes(project: Project, territoire: str) -> int:
    """Draw an access code for each person of the workbook who has none, and write what to do with them.

    Raises UnknownName for an unknown territory, DepotError without a workbook, or where the table that is there
    cannot be read: it is then not replaced.
    """
    referentiel = load_referentiel(project)
    referentiel.territoire(territoire)
    folder = project.depots / territoire
    if not folder.is_dir():
        raise DepotError(
            f"« {project.shown(folder)} » n'existe pas. Placez-y le classeur du territoire, dont la feuille "
            "« Personnes » donne les identifiants."
        )
    people = identifiants(folder, referentiel, territoire)
    if not people:
        raise DepotError("La feuille « Personnes » n'a aucun identifiant : personne à qui donner un code.")
    path, participants = table_path(folder, territoire), participants_path(folder, territoire)
    with Ledger(project).alone(territoire):
        before = load_table(folder)
        table = before.completed(people)
        write_codes(path, table)
        write_participants(participants, table)
    new = len(table.par_identifiant) - len(before.par_identifiant)
    print(
        _CODES.format(
            table=project.shown(path),
            codes=counted(len(table.par_identifiant), "code", "codes"),
            new=counted(new, "nouveau", "nouveaux"),
            participants=project.shown(participants),
        )
    )
    return 0


def _described(questionnaire: Questionnaire) -> str:
    asked = sum(question.nature not in ("jeton", "tableau") for question in questionnaire.questions)
    kind = "anonyme" if questionnaire.est_anonyme else "par code d'accès, non anonyme"
    return f"« {questionnaire.titre} », {asked} questions, {kind}"


@dataclass(frozen=True, eq=False)
class ACoder:
    """What there is to code of a territory: its deposit in force, its free answers, the codebook, the lines."""

    recu: Recu
    reponses: tuple[Reponse, ...]
    themes: tuple[Theme, ...]
    names: tuple[str, ...]
    frame: pd.DataFrame


def a_coder(project: Project, referentiel: Referentiel, territoire: str) -> ACoder:
    """The free answers of the deposit in force, with what was coded of them in any deposit still kept.

    Raises UnknownName for an unknown territory, DepotError when there is no deposit or no free answer.
    """
    place = referentiel.territoire(territoire)
    ledger = Ledger(project)
    recu = ledger.in_force(territoire)
    if recu is None:
        raise DepotError(f"Aucun dépôt reçu de « {territoire} » : rien à coder. Recevez-le d'abord.")
    reponses = reponses_libres(ledger.texts(recu), ledger.answers(recu))
    if not reponses:
        why = "ses textes sont effacés" if recu.textes_effaces else "personne n'y a écrit de réponse libre"
        raise DepotError(f"Le dépôt n° {recu.numero} de « {territoire} » n'a rien à coder : {why}.")
    kept = [deposit for deposit in ledger.deposits(territoire) if deposit.efface_le is None]
    coding = pd.concat([pd.DataFrame(columns=list(CODING_COLUMNS)), *map(ledger.coding, kept)])
    names = {place.nom, *(c.nom for c in place.communes), *(ebe.nom for ebe in place.ebe)}
    themes = load_themes(project)
    labels = {
        (enquete, question.question): (referentiel.label("enquete", enquete), question.libelle)
        for enquete, questions in referentiel.questions.items()
        for question in questions
    }
    told = tuple(sorted(names))
    frame = lignes(reponses, themes, names=told, labels=labels, coding=coding)
    return ACoder(recu, reponses, themes, told, frame)


def coder(project: Project, territoire: str) -> int:
    """Write the coding workbook of a territory in the private folder; an existing one is not replaced."""
    todo = a_coder(project, load_referentiel(project), territoire)
    path = project.prive / f"codage-{territoire}.xlsx"
    if path.exists():
        raise DepotError(
            f"« {project.shown(path)} » existe déjà et n'est pas remplacé : il est peut-être rempli. Recevez-le "
            "(« bilan enquete codage »), ou déplacez-le, puis relancez."
        )
    write_coding(path, todo.frame, todo.themes, territoire=territoire, numero=todo.recu.numero)
    doubts = int((todo.frame["attention"] != "").sum())
    print(
        f"{project.shown(path)} : {counted(len(todo.frame), 'texte', 'textes')} à coder, dont {doubts} à relire."
    )
    print("Ce classeur est confidentiel. Une fois rempli : « bilan enquete codage » suivi de son nom.")
    return 0


@dataclass(frozen=True)
class Code:
    """What a coding workbook brought: texts coded, coded alike, to be quoted, and of these to be read again."""

    recu: Recu
    textes: int
    identiques: int
    a_citer: int
    a_relire: int


def recevoir_codage(project: Project, path: Path) -> Code:
    """Read a coding workbook that was filled and keep it beside the texts, in the place of an earlier one.

    Raises InvalidData with every finding, DepotError when there is nothing to code.
    """
    if not path.is_file():
        raise DepotError(f"« {path} » n'est pas un fichier. Donnez le classeur de codage rempli.")
    classeur = read_coding(path)
    referentiel, ledger = load_referentiel(project), Ledger(project)
    with ledger.alone(referentiel.territoire(classeur.territoire).code):
        todo = a_coder(project, referentiel, classeur.territoire)
        coding = coding_of(classeur, todo.reponses, todo.themes)
        ledger.add_coding(todo.recu, coding)
    quoted = set(coding.loc[coding["citer"] == "oui", "texte_id"])
    doubts = sum(r.texte_id in quoted and bool(mots_identifiants(r.texte, todo.names)) for r in todo.reponses)
    alike = int((coding["theme_1"] == coding["theme_2"]).sum())
    return Code(todo.recu, len(coding), alike, len(quoted), doubts)


def codage(project: Project, path: Path) -> int:
    """Keep a coding workbook, and tell what it brought; raises as :func:`recevoir_codage` does."""
    found = recevoir_codage(project, path)
    kept = counted(found.textes, "texte codé", "textes codés")
    print(f"{kept}, dont {found.identiques} de même par les deux codeurs ; {found.a_citer} à citer.")
    if found.a_relire:
        quotes = counted(found.a_relire, "citation", "citations")
        print(f"À relire avant de publier : {quotes} qui peut faire reconnaître quelqu'un.")
    print(f"Gardé avec le dépôt n° {found.recu.numero}. Détruisez le classeur : « {project.shown(path)} ».")
    return 0
