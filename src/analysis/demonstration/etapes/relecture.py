"""The review of invented chapters: real packs, filled as people would, received, answered, a text mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Final

from docx import Document
from docx.oxml.ns import qn
from pydantic_core import to_json

from analysis.chapitres.catalogue import Chapter, catalogue, selected
from analysis.chapitres.execution import Outcome, expected, freshnesses, run
from analysis.chapitres.jobs import COMPOSITION, executed_path, plan
from analysis.chapitres.vue.progress import progress
from analysis.demonstration.lieux import Lieu
from analysis.demonstration.vie import PETIT_TERRITOIRE
from analysis.livre.build import Computed, compute, handed_out
from analysis.noyau.declared.dictionary import load_fields
from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.errors import BilanError
from analysis.noyau.files.scratch import remove, scratch
from analysis.noyau.french import typography
from analysis.noyau.paths import Project
from analysis.relecture.actuelle import version_actuelle
from analysis.relecture.reception import recevoir
from analysis.relecture.remarques import load_listes
from analysis.relecture.remis.feuille import feuille, shown_passage
from analysis.relecture.remis.preparation import preparer
from analysis.relecture.reponses import classeur, repondre
from analysis.sources.commentaires import TABLE, Commentaire, load_commentaires
from analysis.sources.register import Register, load_register
from analysis.stations.en_place import drop_changed, made_in_place
from analysis.stations.modules import modules_of
from analysis.stations.store import Store, of_files, sha256

RELU_LE, REPONDU_LE = date(2021, 10, 4), date(2021, 10, 25)
"""The days on which the invented remarks come back, and are answered."""

TERRITOIRES_RELUS: Final = 4
"""The invented territories whose chapter is reviewed: the first ones that have a place for it."""

_REGARD = "le-regard-de-l-equipe-d-evaluation"
_AVANT = "L'attente est longue pour certains volontaires."
_APRES = "L'attente est longue pour certains volontaires, et rien ne leur dit où en est leur demande."
_TEXTE = """auteur: Équipe du bilan (texte inventé)
date: {jour}

Le comité local a rencontré les personnes concernées dès l'habilitation. {phrase} {entreprise}
"""
_OUVERTE = "L'entreprise a ouvert plusieurs activités, et toutes n'ont pas trouvé leur place."
_PAS_OUVERTE = "Aucune entreprise à but d'emploi n'y a encore ouvert."
_EXECUTING: Final = ("analysis.livre.build", "analysis.chapitres.execution", "analysis.chapitres.jobs")
"""What executes chapters and builds: what a review reads of them is the chapter as it was executed."""

_DE_L_ENTREPRISE: Final = ("salaries_ebe", "entreprises")
"""The colleges that have something to say only where an EBE has opened."""


@dataclass(frozen=True)
class Remarque:
    """An invented remark and its invented answer.

    ``ancre`` is the passage; ``citation`` its words, where the remark quotes them. A remark without
    ``statut`` is left without an answer.
    """

    college: str
    ancre: str
    genre: str
    texte: str
    citation: str = ""
    publier: str = "Oui"
    statut: str = ""
    reponse: str = ""
    changement: str = ""


REMARQUES: Final = (
    Remarque(
        "personnes_concernees",
        _REGARD,
        "desaccord",
        "« Longue » ne suffit pas : pendant l'attente, on n'a aucune nouvelle.",
        citation=_AVANT,
        statut="pris_en_compte",
        reponse="La phrase le dit maintenant. Merci de l'avoir écrit.",
        changement="La phrase sur l'attente dit que les nouvelles manquent.",
    ),
    Remarque(
        "personnes_concernees",
        "attente-age",
        "temoignage",
        "Je suis venue à la troisième réunion, parce qu'une voisine m'a accompagnée.",
        statut="repondu",
        reponse="Ce que vous dites de la voisine rejoint l'une des questions du territoire.",
    ),
    Remarque(
        "salaries_ebe",
        "effectif-mois",
        "temoignage",
        "Le premier emploi proposé n'était pas pour moi. Le deuxième, oui, et j'y suis encore.",
        statut="repondu",
        reponse="Les propositions refusées sont comptées avec les autres : la définition le dit.",
    ),
    Remarque(
        "salaries_ebe",
        "ce-que-disent-les-enquetes",
        "accord",
        "Nous avons retrouvé ce que nous avons répondu.",
        publier="Non",
        statut="repondu",
        reponse="Merci.",
    ),
    Remarque("elus", "etapes", "accord", "Ces nombres sont ceux que suit le conseil municipal."),
    Remarque(
        "entreprises",
        "avis",
        "desaccord",
        "Une activité nous a pris des clients, et le comité local ne nous a pas entendus.",
        statut="desaccord_maintenu",
        reponse="Le comité local a rendu un avis favorable. Nous n'avons pas de quoi trancher, votre "
        "désaccord reste ici.",
    ),
    Remarque(
        "etat",
        "etapes",
        "precision",
        "La date d'arrêté n'est pas celle de notre tableau de suivi.",
        publier="Non",
        statut="repondu",
        reponse="Les deux dates sont justes : le tableau de suivi est plus récent.",
    ),
)
"""What the colleges write on their sheets (hypothèse de démonstration); a territory keeps some of them."""

EN_MARGE: Final = "Désaccord : le bénévolat des associations n'apparaît nulle part."
"""What the associations write in the margin of the Word document: nobody has answered yet."""


@dataclass(frozen=True)
class Relecture:
    """What the review of a demonstration left: the number of remarks, and of the reviews that were made;
    ``computed`` is what was computed of the deposits for it."""

    computed: Computed
    remarques: int
    faites: int


def ecrire_textes(invented: Project, lieux: Sequence[Lieu], kept: Store) -> None:
    """Write what the evaluators say of the chapters that are reviewed: before any remark, or after those that
    are kept. Remarks that are not as they were left go."""
    reread = {lieu.code: lieu for lieu in _relus(lieux)}
    for folder in invented.relectures.glob("*"):
        if folder.name not in reread:
            remove(folder)
    for code, lieu in reread.items():
        drop_changed(kept, _place(lieu), root=invented.root, paths=_paths(invented, lieu))
        has_remarks = (invented.relectures / code).exists()
        _write_text(invented, lieu, *((REPONDU_LE, _APRES) if has_remarks else (RELU_LE, _AVANT)))


def relire(invented: Project, lieux: Sequence[Lieu], kept: Store, *, workers: int) -> Relecture:
    """Execute the chapters of the first places, and have them reviewed and answered where what is kept is not
    what they would be told today.

    A first version of the evaluator's text is read; the second one, what the remarks made of it, takes its
    place before they are answered.
    """
    register, reread = load_register(invented), _relus(lieux)
    chapters = selected(catalogue(register, invented.nature), [lieu.code for lieu in reread])
    computed = compute(invented, register, chapters)
    _execute(invented, computed, workers=workers)
    made, shared = 0, _shared(invented)
    of_place = {chapter.code: chapter for chapter in chapters}
    for lieu in reread:
        chapter = of_place[lieu.code]
        inputs = {
            "le chapitre exécuté": sha256(executed_path(invented, lieu.code).read_bytes()),
            "le territoire et son rang": sha256(to_json((lieu, chapter.numero))),
            **shared,
        }
        review = partial(_review, invented, register, computed, lieu, chapter)
        paths = _paths(invented, lieu)
        if made_in_place(kept, _place(lieu), inputs, review, root=invented.root, paths=paths):
            made += 1
            print(f"{lieu.nom} : chapitre remis, remarques reçues et répondues", flush=True)
    remarks = sum(len(load_commentaires(invented, lieu.code)) for lieu in reread)
    return Relecture(computed, remarks, made)


def _place(lieu: Lieu) -> str:
    return f"relectures/{lieu.code}"


def _paths(invented: Project, lieu: Lieu) -> list[Path]:
    """What was said of a chapter and its versions, then the pack that was handed out."""
    return [invented.relectures / lieu.code, invented.outputs / "relecture" / lieu.code]


def _relus(lieux: Sequence[Lieu]) -> list[Lieu]:
    """The places whose chapter is reviewed."""
    return [lieu for lieu in lieux if lieu.personnes >= PETIT_TERRITOIRE][:TERRITOIRES_RELUS]


def _shared(invented: Project) -> dict[str, str]:
    """What every review is made with: its lists, and the code that hands out, receives and answers."""
    names = [__name__, *COMPOSITION]
    return {
        "les listes": sha256(to_json(load_nomenclatures(invented))),
        "les colonnes": sha256(to_json(load_fields(invented)[TABLE])),
        **modules_of(invented).of_names(names, without=_EXECUTING),
        **of_files(invented.root, [invented.lock]),
    }


def _review(invented: Project, register: Register, computed: Computed, lieu: Lieu, chapter: Chapter) -> None:
    """Hand out a chapter with its first text, have it answered with the second."""
    _write_text(invented, lieu, RELU_LE, _AVANT)
    _compose(invented, register, computed, chapter)
    _send_back(invented, lieu)
    _write_text(invented, lieu, REPONDU_LE, _APRES)
    _compose(invented, register, computed, chapter)
    _answer(invented, lieu.code)


def _execute(invented: Project, computed: Computed, *, workers: int) -> None:
    """Run the chapters that were computed, without making a book of them."""
    jobs = plan(invented, computed.chapters, computed.bundles, depots=computed.depots)
    states = freshnesses(invented, jobs)
    took = {job.chapter.code: expected(invented, job) for job in jobs}
    with progress(computed.chapters, states, took, workers=workers) as report:
        _check(run(invented, jobs, workers=workers, report=report, states=states))


def _compose(invented: Project, register: Register, computed: Computed, chapter: Chapter) -> None:
    """Compose an executed chapter of what people have written by now."""
    handed = handed_out(invented, register, [chapter], computed)
    jobs = plan(invented, [chapter], handed.bundles, depots=handed.depots)
    _check(run(invented, jobs, workers=1, report=lambda _code, _state, _seconds: None))


def _check(outcomes: Sequence[Outcome]) -> None:
    """Raise BilanError with what failed."""
    faults = [fault for outcome in outcomes for fault in outcome.faults]
    if faults:
        raise BilanError("\n".join(faults))


def _write_text(invented: Project, lieu: Lieu, jour: date, phrase: str) -> None:
    invented.texts.mkdir(exist_ok=True)
    path = invented.texts / f"{lieu.code}.md"
    entreprise = _OUVERTE if lieu.entreprises else _PAS_OUVERTE
    text = _TEXTE.format(jour=jour, phrase=phrase, entreprise=entreprise)
    path.write_text(text, encoding="utf-8", newline="\n")


def _send_back(invented: Project, lieu: Lieu) -> None:
    """What the colleges of a territory send back: a sheet each, and a document commented in its margin."""
    pack = preparer(invented, lieu.code)
    version = version_actuelle(invented, load_register(invented), lieu.code)
    if version is None:
        raise BilanError(f"« {lieu.code} » : aucun chapitre à relire.")
    listes = load_listes(invented)
    genres = {choix.code: choix.libelle for choix in listes.genres}
    with scratch(invented.root) as folder:
        for college in listes.colleges:
            lines = [
                (
                    shown_passage(version.by_anchor[remark.ancre]),
                    remark.citation,
                    genres[remark.genre],
                    remark.texte,
                    remark.publier,
                )
                for remark in _said(lieu)
                if remark.college == college.code and remark.ancre in version.by_anchor
            ]
            if lines:
                path = folder / f"contribution-{college.code}.xlsx"
                path.write_bytes(feuille(version, college, listes, titre=lieu.nom, lignes=lines))
                recevoir(invented, lieu.code, path, today=RELU_LE)
        document = folder / "chapitre-associations.docx"
        document.write_bytes(_commented(pack / f"chapitre-{lieu.code}.docx"))
        recevoir(
            invented,
            lieu.code,
            document,
            today=RELU_LE,
            college="associations",
            consentement="oui",
        )


def _said(lieu: Lieu) -> list[Remarque]:
    """The remarks of a territory: all but one, another one each time; of an EBE only where one has opened."""
    left_out = (3 + lieu.rang) % len(REMARQUES)
    return [
        remark
        for rank, remark in enumerate(REMARQUES)
        if rank != left_out and (lieu.entreprises or remark.college not in _DE_L_ENTREPRISE)
    ]


def _commented(path: Path) -> bytes:
    """The document of a pack with a comment on the evaluator's text, dated, its author the college."""
    document = Document(str(path))
    paragraph = next(p for p in document.paragraphs if typography(_AVANT) in p.text)
    comment = document.add_comment(paragraph.runs, text=EN_MARGE, author="Associations", initials="A")
    comment._comment_elm.set(qn("w:date"), f"{RELU_LE}T09:00:00Z")
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def _answer(invented: Project, code: str) -> None:
    """Fill the evaluators' workbook of a territory and take it in."""
    comments = load_commentaires(invented, code)
    answers = {remark.texte: remark for remark in REMARQUES if remark.statut}
    filled = [_answered(c, answers[c.texte]) if c.texte in answers else c for c in comments]
    version = version_actuelle(invented, load_register(invented), code)
    with scratch(invented.root) as folder:
        path = folder / f"reponses-{code}.xlsx"
        path.write_bytes(classeur(filled, load_nomenclatures(invented), version))
        repondre(invented, path, today=REPONDU_LE)


def _answered(comment: Commentaire, remark: Remarque) -> Commentaire:
    return replace(
        comment,
        statut=remark.statut,
        reponse=remark.reponse,
        changement=remark.changement,
        date_reponse=REPONDU_LE.isoformat(),
    )
