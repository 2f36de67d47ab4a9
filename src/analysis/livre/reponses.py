"""What the parties answer, printed whole at the end of the book, and the way to it from what is contested."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bs4 import BeautifulSoup, Tag

from analysis.livre.pages import Entry
from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project
from analysis.noyau.periods import long_date
from analysis.presentation.parts.prose import paragraphs
from analysis.secret.release import Parole, release_parole
from analysis.sources.commentaires import load_all
from analysis.sources.register import Register
from analysis.sources.reponses import FOLDER, Reponse, load_reponses

PAGE = "reponses"

_OPEN = "desaccord_maintenu"


@dataclass(frozen=True)
class Reponses:
    """The replies of the parties, and the remarks of the review that stay a disagreement and may be read."""

    parties: tuple[Reponse, ...] = ()
    remarques: tuple[Parole, ...] = ()

    def of_figures(self) -> dict[int, list[Reponse]]:
        """The replies that contest each figure, by its number."""
        found: dict[int, list[Reponse]] = {}
        for reply in self.parties:
            for number in reply.chiffres:
                found.setdefault(number, []).append(reply)
        return found


def gathered(project: Project, register: Register) -> Reponses:
    """The replies of a project; raises InvalidData for one that may not be printed."""
    numbers = frozenset(chiffre.numero for chiffre in register.chiffres)
    remarks = (release_parole(comment).content for comment in load_all(project))
    kept = (r for r in remarks if r.genre == "desaccord" and r.statut == _OPEN and r.texte)
    return Reponses(
        load_reponses(project, numbers), tuple(sorted(kept, key=lambda r: (r.territoire, r.date, r.id)))
    )


def contexte(project: Project, register: Register, replies: Reponses) -> dict[str, Any]:
    """What the page of the replies shows: other people's words as they were sent."""
    colleges = {choix.code: choix.libelle for choix in load_nomenclatures(project)["college"]}
    names = {territoire.code: territoire.nom for territoire in register.territoires}
    return {
        "replies": [
            {"reply": reply, "body": paragraphs(reply.texte), "day": reply.date.label}
            for reply in replies.parties
        ],
        "remarks": [
            {
                "anchor": _anchor(remark),
                "place": names[remark.territoire],
                "page": remark.chapitre,
                "ancre": remark.ancre if remark.rattachement != "orphelin" else "",
                "college": colleges.get(remark.role, "Collège non précisé"),
                "day": long_date(date.fromisoformat(remark.date)) if remark.date else "",
                "body": paragraphs(remark.texte),
                "answer": paragraphs(remark.reponse) if remark.reponse else "",
            }
            for remark in replies.remarques
        ],
        "folder": f"data/{FOLDER}",
    }


def contested(entries: Sequence[Entry], replies: Reponses) -> tuple[Entry, ...]:
    """The entries, each figure and table that someone contests leading to what is said of it.

    Raises BilanError for a reply that answers a page, or contests a passage, that no page of the book has.
    """
    _refuse_lost(entries, replies.parties)
    told: dict[str, dict[str, list[str]]] = {}
    for reply in replies.parties:
        for page, anchor in reply.passages:
            told.setdefault(page, {}).setdefault(anchor, []).append(
                _link(reply.anchor, f"réponse de {reply.de}")
            )
    for remark in replies.remarques:
        link = _link(_anchor(remark), "remarque d'un relecteur")
        told.setdefault(remark.chapitre, {}).setdefault(remark.ancre, []).append(link)
    return tuple(_with_links(entry, told.get(entry.name, {})) for entry in entries)


def _refuse_lost(entries: Sequence[Entry], replies: Iterable[Reponse]) -> None:
    pages = {entry.name: entry.article.html if entry.article else None for entry in entries}
    faults = [f"{r.code} répond à la page « {r.page} »" for r in replies if r.page not in pages]
    for reply in replies:
        for page, anchor in reply.passages:
            shown = pages.get(page, "")
            if shown is not None and f'id="{anchor}"' not in shown:
                faults.append(f"{reply.code} conteste « {page}#{anchor} »")
    if faults:
        raise BilanError("Réponses sans cible :\n" + "\n".join(f"- {fault}" for fault in faults))


def _with_links(entry: Entry, told: Mapping[str, list[str]]) -> Entry:
    """An entry whose figures and tables that are contested say so."""
    if entry.article is None or not told:
        return entry
    soup = BeautifulSoup(entry.article.html, "lxml")
    for anchor, links in told.items():
        place = soup.find(id=anchor) if anchor else None
        note = BeautifulSoup(f'<p class="note conteste">Contesté : {" ; ".join(links)}.</p>', "lxml").p
        if isinstance(place, Tag) and note is not None:
            _tell(place, note)
    body = soup.body.decode_contents() if soup.body else ""
    return replace(entry, article=entry.article.with_html(body))


def _tell(place: Tag, note: Tag) -> None:
    """Put a note in a figure, before its description, or under a table; nowhere else is one contested."""
    if place.name == "figure":
        details = place.find("details")
        details.insert_before(note) if isinstance(details, Tag) else place.append(note)
    elif "tableau" in place.get_attribute_list("class"):
        place.insert_after(note)


def _link(anchor: str, words: str) -> str:
    return f'<a href="{PAGE}.html#{anchor}">{html.escape(words, quote=False)}</a>'


def _anchor(remark: Parole) -> str:
    return f"remarque-{remark.id}"
