"""Which chapters there are, in the order of the book."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from analysis.chapitres import habilites
from analysis.chapitres.textes import read_verdicts, text_findings
from analysis.depot.garde.accuse import Apercu
from analysis.impact.resultats import load_resultats
from analysis.indicateurs.calcul import Resultats
from analysis.indicateurs.comparaison.calcul import comparer
from analysis.indicateurs.comparaison.records import Comparaison
from analysis.indicateurs.depenses_passives.resultats import Etude
from analysis.indicateurs.habilitation.records import (
    CANDIDATS_INVENTES,
    candidat_du_chapitre,
    code_du_chapitre,
)
from analysis.indicateurs.territoires_suivis.records import CHAPITRE as TERRITOIRES_SUIVIS
from analysis.noyau.declared.constats import load_constats
from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.declared.prix import load_prix
from analysis.noyau.errors import InvalidData, UnknownName
from analysis.noyau.mesures import Mesure
from analysis.noyau.paths import Nature, Project
from analysis.secret.audit.deux_editions import SANS_PASSE, Passe, diffuser
from analysis.secret.bundle import (
    Bundle,
    Mode,
    bundle_ensemble,
    bundle_territoire,
    with_deposits,
    with_etude,
    with_impact,
    with_measures,
    with_participation,
)
from analysis.secret.release import Released, not_publishable, release_comparaison
from analysis.sources.commentaires import load_all
from analysis.sources.comparaison import load_comparaison
from analysis.sources.register import Register
from analysis.sources.texts import load_text

SYNTHESE = "synthese"
DEPENSES_PASSIVES = "depenses_passives"
PARTICIPATION = "participation"
COMPARAISON = "comparaison"
IMPACT = "impact"

Part = Literal["synthese", "themes", "territoires"]

PARTS: Final[dict[Part, str]] = {
    "synthese": "La synthèse",
    "themes": "Les chapitres thématiques",
    "territoires": "Les territoires",
}
"""The parts of the book between its foreword and its annexes, in the order of reading."""


@dataclass(frozen=True)
class Chapter:
    """One chapter: its code (also its page's name), its title, its notebook and its parameters.

    ``territoire`` is empty for a chapter on all of them, ``candidat`` for what is of no candidate.
    ``numero`` is its rank in the book, whatever is built: the numbers of its figures begin with it.
    ``about`` says in a line what a chapter on all the
    territories answers; ``natures`` are the bilans that have it.
    """

    code: str
    title: str
    notebook: str
    part: Part
    territoire: str = ""
    candidat: str = ""
    numero: int = 0
    about: str = ""
    natures: tuple[Nature, ...] = ("reel", "demonstration")

    @property
    def parameters(self) -> dict[str, str]:
        given = {"territoire": self.territoire, "candidat": self.candidat}
        return {name: value for name, value in given.items() if value}


_HABILITATION: Final = "habilitation.ipynb"
"""The notebook of the régimes, and of each candidate."""

_OF_ALL: Final = (
    Chapter(
        "exhaustivite",
        "Exhaustivité et parcours",
        "exhaustivite.ipynb",
        "themes",
        about="Qui a été rencontré, qui a été embauché, qui attend encore, et depuis quand.",
    ),
    Chapter(
        "economie_ebe",
        "L'économie des EBE",
        "economie_ebe.ipynb",
        "themes",
        about="De quoi vivent les entreprises à but d'emploi, ce qu'elles vendent, ce qui leur manque.",
    ),
    Chapter(
        DEPENSES_PASSIVES,
        "Les dépenses passives",
        "depenses_passives.ipynb",
        "themes",
        about="Ce que coûte un emploi, ce qu'il fait économiser ou rapporte, et à quel payeur.",
    ),
    Chapter(
        COMPARAISON,
        "Comparé à quoi ?",
        "comparaison.ipynb",
        "themes",
        about="Ce que coûtent, à qui s'adressent et ce que changent les autres dispositifs d'emploi.",
        natures=("reel",),
    ),
    Chapter(
        IMPACT,
        "Ce qui se serait passé sans",
        "impact.ipynb",
        "themes",
        about="Ce que l'expérimentation a changé à l'emploi, et ce que l'on pouvait en voir.",
    ),
    Chapter(
        PARTICIPATION,
        "La participation",
        "participation.ipynb",
        "themes",
        about="Comment les territoires ont pris part à leur évaluation : qui a répondu, qui a relu.",
    ),
    Chapter(
        "vie_associative",
        "La vie associative",
        "vie_associative.ipynb",
        "themes",
        about="Combien de réunions, qui est dans la salle, ce qui s'y décide et ce que cela devient.",
    ),
    Chapter(
        TERRITOIRES_SUIVIS,
        "Le suivi des territoires",
        "suivi.ipynb",
        "themes",
        about="Où en est chaque territoire habilité, et ce qui demande une réponse.",
    ),
    Chapter(
        code_du_chapitre(""),
        "L'habilitation",
        _HABILITATION,
        "themes",
        about="Sous quel régime un territoire peut être habilité, et ce qu'il faut prouver.",
        natures=("reel",),
    ),
    *(
        Chapter(
            code_du_chapitre(code),
            f"L'habilitation : {nom}",
            _HABILITATION,
            "themes",
            candidat=code,
            about="Le dossier d'un candidat inventé, jugé sous chaque régime.",
            natures=("demonstration",),
        )
        for code, nom in CANDIDATS_INVENTES.items()
    ),
)
"""The chapters that compare all the territories, after the synthesis."""

_OF_ALL_TOGETHER: Final = "synthese.ipynb"
"""The notebook of the synthesis, of published figures and of deposits, real or invented."""

_OF_EACH: Final = "territoire.ipynb"
"""The notebook of each territory, real or invented; its tags say what only one of them has."""

_ABOUT_SYNTHESIS: Final[dict[Nature, str]] = {
    "reel": "Ce que les chiffres publiés et les dépôts disent des trois hypothèses, et avec quelle force.",
    "demonstration": "Ce que les dépôts de tous les territoires disent ensemble des trois hypothèses.",
}


def catalogue(register: Register, nature: Nature = "reel") -> tuple[Chapter, ...]:
    """The synthesis, the chapters that compare, then one chapter for each territory."""
    territories = (Chapter(t.code, t.nom, _OF_EACH, "territoires", t.code) for t in register.territoires)
    chapters = (
        Chapter(SYNTHESE, "Synthèse", _OF_ALL_TOGETHER, "synthese", about=_ABOUT_SYNTHESIS[nature]),
        *(chapter for chapter in _OF_ALL if nature in chapter.natures),
        *territories,
    )
    return tuple(replace(chapter, numero=rank) for rank, chapter in enumerate(chapters, start=1))


def of_candidat(code: str, nom: str) -> Chapter:
    """The chapter of a real candidate: in no book, for its authors alone."""
    return Chapter(code_du_chapitre(code), f"L'habilitation : {nom}", _HABILITATION, "themes", candidat=code)


def notebooks(nature: Nature) -> tuple[str, ...]:
    """The notebooks of the chapters of a bilan of that nature."""
    compared = dict.fromkeys(chapter.notebook for chapter in _OF_ALL if nature in chapter.natures)
    return (_OF_ALL_TOGETHER, _OF_EACH, *compared)


def of_all(nature: Nature = "reel") -> tuple[str, ...]:
    """The codes of the chapters on all the territories, in a bilan of that nature."""
    return (SYNTHESE, *(chapter.code for chapter in _OF_ALL if nature in chapter.natures))


def selected(chapters: Iterable[Chapter], codes: Iterable[str]) -> tuple[Chapter, ...]:
    """The chapters of these codes in the book's order; raises UnknownName for an unknown code."""
    by_code = {chapter.code: chapter for chapter in chapters}
    wanted = set(codes)
    for code in wanted:
        if code not in by_code:
            raise UnknownName("territoire ou chapitre", code, by_code)
    return tuple(chapter for code, chapter in by_code.items() if code in wanted)


def measures_for(
    mode: Mode, resultats: Resultats, *, own: str = "", passe: Passe = SANS_PASSE
) -> tuple[Released[Mesure], ...]:
    """The measures as a chapter of that mode may show them.

    Those of a publication went through the gate, which knows what past editions told (``passe``); an
    evaluator in the atelier sees them whole; a territory's preview shows the measures of that territory
    whole, the others as published.
    """
    if mode == "atelier":
        return tuple(map(not_publishable, resultats.mesures))
    decided = diffuser(resultats.mesures, resultats.definitions, resultats.accords, passe)
    if mode == "publication":
        return decided
    whole = (not_publishable(m) for m in resultats.mesures if m.lieu == own)
    return (*whole, *(released for released in decided if released.content.lieu != own))


def make_bundle(
    project: Project,
    register: Register,
    code: str,
    *,
    resultats: Resultats,
    mesures: tuple[Released[Mesure], ...],
    etude: Etude | None,
    mode: Mode,
) -> Bundle:
    """What a chapter may show, its evaluator's text included.

    ``etude`` goes to its own chapter, to the synthesis and to those of the territories. ``mesures`` are those
    of ``resultats`` as :func:`measures_for` gives them for that mode. Raises InvalidData when the text is
    unsigned, types a number, or when one of its placeholders names no figure; for the synthesis, of a verdict
    as well.
    """
    path = project.texts / f"{code}.md"
    shown = project.shown(path)
    texte = load_text(path, shown=shown)
    candidat = candidat_du_chapitre(code)
    if code in of_all() or candidat is not None:
        bundle = bundle_ensemble(register, code, texte=texte)
    else:
        bundle = bundle_territoire(register, code, texte=texte)
    if texte is not None and (findings := list(text_findings(texte.corps, bundle, shown, texte.ligne))):
        raise InvalidData(findings)
    if code == SYNTHESE:
        rules = load_constats(
            project,
            mesures=resultats.definitions.by_name,
            directions=[direction.direction for direction in register.dictionary.directions],
        )
        bundle = replace(bundle, verdicts=read_verdicts(project, bundle), constats=rules)
    if candidat is not None:
        found = habilites.habilitation(project, register, candidat, mode)
        bundle = replace(bundle, habilitation=found)
    if code == TERRITOIRES_SUIVIS:
        bundle = replace(bundle, suivis=habilites.suivis(project, register, mesures, mode))
    if code == COMPARAISON:
        bundle = replace(bundle, comparaison=_comparaison(project, register))
    if project.nature == "reel" and (code in (SYNTHESE, IMPACT) or bundle.territoire is not None):
        bundle = with_impact(bundle, load_resultats(project))
    bundle = with_measures(bundle, mesures, resultats.definitions, mode, resultats.empeches)
    if code in (SYNTHESE, DEPENSES_PASSIVES) or bundle.territoire is not None:
        bundle = with_etude(bundle, etude)
    if code in (SYNTHESE, PARTICIPATION) or bundle.territoire is not None:
        bundle = with_participation(
            bundle,
            questions=resultats.questions,
            verbatims=resultats.verbatims,
            commentaires=load_all(project),
            listes=load_nomenclatures(project),
        )
    codes = [bundle.territoire.code] if bundle.territoire else [t.code for t in register.territoires]
    return with_deposits(bundle, apercus(project, codes), project.nature)


def _comparaison(project: Project, register: Register) -> Released[Comparaison] | None:
    """What the experiment is compared with; None where a project has no price table."""
    if not project.depenses_passives.is_dir():
        return None
    prix = load_prix(project)
    return release_comparaison(comparer(load_comparaison(project, register, prix), register, prix))


def apercus(project: Project, codes: Iterable[str]) -> list[Apercu]:
    """What these territories of a demonstration deposited, of those that did; none of real ones."""
    if project.nature == "reel":
        return []
    from analysis.depot.garde.accuser import apercu
    from analysis.depot.garde.ledger import Ledger
    from analysis.depot.referentiel import load_referentiel

    ledger, referentiel = Ledger(project), load_referentiel(project)
    return [found for name in codes if (found := apercu(ledger, referentiel, name)) is not None]
