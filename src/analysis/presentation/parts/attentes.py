"""What a chapter awaits: said in its place in JupyterLab, gathered once at the end of a published chapter."""

from __future__ import annotations

import html
from dataclasses import dataclass, field, replace

from bs4 import BeautifulSoup

from analysis.noyau.french import capitalized
from analysis.presentation.parts.blocks import Block, Column, Table
from analysis.secret.bundle import Bundle

_PARTS = ("quoi", "montre", "envoi")


@dataclass(frozen=True)
class Attendu:
    """Something that was not sent: what it is, what a reader would learn from it, who sends it.

    Each is the end of a sentence, without a capital or a full stop. ``est_depose`` says whether it comes with
    a territory's deposit.
    """

    quoi: str
    montre: str
    envoi: str
    est_depose: bool = field(default=True, compare=False)


_CLASSEUR = "le comité local pour l'emploi, dans le classeur de dépôt"

DEPOT = Attendu(
    "le dépôt du territoire",
    "ce que le territoire a envoyé, et ce qu'il en reste à corriger",
    _CLASSEUR,
)
PERSONNES = Attendu(
    "les personnes rencontrées, éligibles, volontaires, embauchées",
    "à qui un emploi a été proposé, qui est sorti de la privation d'emploi, qui attend et depuis quand",
    _CLASSEUR,
)
CONTRATS = Attendu(
    "les contrats de travail",
    "combien de salariés et d'équivalents temps plein mois par mois, qui entre, qui reste, qui part",
    _CLASSEUR,
)
COMPTES = Attendu(
    "les comptes d'EBE, exercice par exercice",
    "ce qu'une EBE vend et paie, ce qui lui manque sans financement public, à quoi elle travaille",
    "l'EBE ou son comptable, avec l'accord de l'EBE pour les publier",
)
RESSOURCES = Attendu(
    "les ressources des personnes avant l'embauche, et leurs contrats de deux ans au moins",
    "ce que chaque payeur gagne ou paie pour les personnes embauchées, et non pour des cas types",
    _CLASSEUR,
)
QUESTIONS = Attendu(
    "les questions du territoire et les indicateurs qu'il propose",
    "ce que le territoire voulait savoir, et s'il a atteint ce qu'il s'était donné pour but",
    _CLASSEUR,
)
REUNIONS = Attendu(
    "les réunions du territoire, ses calendriers, ses décisions et ses bénévoles",
    "combien de réunions, qui y vient, ce qui s'y décide et ce que cela devient",
    _CLASSEUR,
)
ENQUETES = Attendu(
    "les réponses aux enquêtes",
    "ce que répondent les salariés, les volontaires, les habitants et les entreprises, et qui ne répond pas",
    "le territoire, qui diffuse les questionnaires et en dépose les réponses",
)
REPONSES_ECRITES = Attendu(
    "les réponses écrites, codées par deux personnes",
    "de quoi parlent ceux qui écrivent, et leurs mots quand ils y consentent",
    "l'équipe d'évaluation, à partir des enquêtes déposées",
)
REMARQUES = Attendu(
    "les remarques de ceux qui relisent",
    "ce que chaque collège conteste ou ajoute, la réponse de l'équipe, et ce qui a changé dans le texte",
    "les collèges du territoire, sur le dossier de relecture",
    est_depose=False,
)
INDIVIDUS = Attendu(
    "un fichier de comparaison d'individus",
    "ce que l'embauche change à l'emploi des personnes, six mois, un an et deux ans après, face à des personnes semblables",
    "la statistique publique de l'emploi, sous une convention",
    est_depose=False,
)
REGARD = Attendu(
    "le regard de l'équipe d'évaluation",
    "ce que les chiffres du territoire veulent dire, et ce qu'ils ne veulent pas dire",
    "un évaluateur, qui le signe et le date",
    est_depose=False,
)


def attente(bundle: Bundle, attendu: Attendu) -> Block:
    """The sentence of a part whose data are awaited; of a deposit that came and was not computed, it says so."""
    failed = bundle.empeches.get(bundle.territoire.code) if bundle.territoire else None
    if failed and attendu.est_depose:
        attendu = replace(attendu, envoi=f"dépôt reçu, {failed}")
    quoi, montre, envoi = (
        f'<span class="{part}">{html.escape(getattr(attendu, part), quote=False)}</span>' for part in _PARTS
    )
    return Block(
        f'<p class="absence attente">En attente : {quoi}. On y lirait : {montre}. De qui : {envoi}.</p>'
    )


def taken_out(shown: str) -> tuple[str, list[Attendu]]:
    """The HTML of an output without the sentences of what is awaited, and what they say."""
    if 'class="absence attente"' not in shown:
        return shown, []
    soup = BeautifulSoup(shown, "html.parser")
    awaited = []
    for sentence in soup.select("p.attente"):
        quoi, montre, envoi = (part.get_text() for part in sentence.find_all("span"))
        awaited.append(Attendu(quoi, montre, envoi))
        sentence.decompose()
    return str(soup).strip(), awaited


def gathered(awaited: list[Attendu]) -> Block:
    """Everything that a chapter awaits, each once, in the order in which the chapter would show it."""
    columns = (Column("Ce qui manque"), Column("Ce que l'on y lirait"), Column("Qui l'envoie"))
    rows = [
        [html.escape(capitalized(getattr(attendu, part)), quote=False) for part in _PARTS]
        for attendu in dict.fromkeys(awaited)
    ]
    return Table("attentes", "Ce que ce chapitre attend", columns, rows).block()
