"""One page to a territory: what was received, what is missing, what its figures say, the next dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event

from analysis.depot.garde.accuse import Apercu, Etat
from analysis.depot.garde.accuser import apercu
from analysis.depot.garde.ledger import Ledger, Recu
from analysis.depot.referentiel import load_referentiel
from analysis.livre.adresse import page_address
from analysis.livre.article.articles import article_of_html
from analysis.livre.build import Computed, working_copy
from analysis.livre.imprime.deux_pages import Phrase, in_words, key_figures, lines_of, withheld
from analysis.livre.imprime.pdf import set_letter
from analysis.livre.pages import Entry, Site, inline_style, render, render_page
from analysis.noyau.declared.glossaire import Terme, load_glossary
from analysis.noyau.errors import BilanError
from analysis.noyau.files.scratch import remove, scratch, write_whole
from analysis.noyau.paths import Project
from analysis.noyau.periods import long_date
from analysis.sources.echeances import Echeance, load_echeances
from analysis.sources.register import load_register

MOST_FIGURES: Final = 5
MOST_LINES: Final = 5
"""The figures, and the lines of each list, that one page holds; what is left is counted."""

_LEFT: Final[dict[Etat, str]] = {
    "presque_complete": "quelques lignes refusées",
    "incomplete": "une ligne refusée sur vingt, ou plus",
}


@dataclass(frozen=True)
class Liste:
    """The lines of a list that fit, and how many are left."""

    lignes: tuple[str, ...]
    reste: int = 0

    @classmethod
    def of(cls, lines: Iterable[str]) -> Liste:
        """As many lines as one page holds.

        >>> Liste.of("abcdefg")
        Liste(lignes=('a', 'b', 'c', 'd', 'e'), reste=2)
        """
        found = tuple(lines)
        return cls(found[:MOST_LINES], max(0, len(found) - MOST_LINES))


@dataclass(frozen=True)
class Lettre:
    """What a letter says to a territory on a day; each part may be empty, and the letter then says so."""

    territoire: str
    nom: str
    jour: date
    depot: Apercu | None
    manques: Liste
    chiffres: tuple[Phrase, ...]
    retenu: str
    echeances: tuple[Echeance, ...]

    @property
    def recu(self) -> str:
        """When the deposit in force came, as a sentence; empty where nothing came."""
        if self.depot is None:
            return ""
        return (
            f"Votre dépôt n° {self.depot.numero}, reçu le {long_date(self.depot.recu_le)}, avec des données "
            f"arrêtées au {long_date(self.depot.arrete)}. {_whole(self.depot)}"
        )


def ecrire_lettres(
    project: Project, codes: Sequence[str], jour: date, *, computed: Computed | None = None
) -> list[Path]:
    """Write the letter of each of these territories, of all when none is named; the folder of each.

    They stand with the deposits, out of git: ``lettres/<code>/`` holds ``lettre.html``, ``lettre.pdf``, and
    ``echeances.ics`` when there is a date to come. Figures are those of the chapter as it is published.
    ``computed`` is what was computed of the same deposits, if anything was. Raises UnknownName for an unknown
    territory, BilanError for one whose chapter was never built.
    """
    register = load_register(project)
    wanted = [register.territoire(code).code for code in codes] or [t.code for t in register.territoires]
    site, glossary = working_copy(project, computed), load_glossary(project)
    ledger, referentiel = Ledger(project), load_referentiel(project)
    folders = []
    for code in wanted:
        entry = next(entry for entry in site.chapters if entry.name == code)
        dates = [*load_echeances(project, register, code), *_erasures(ledger.in_force(code))]
        letter = lettre(entry, glossary, apercu(ledger, referentiel, code), dates, jour)
        folders.append(_written(project, site, letter))
    return folders


def lettre(
    entry: Entry, glossary: Sequence[Terme], received: Apercu | None, dates: Iterable[Echeance], jour: date
) -> Lettre:
    """The letter of a territory on a day: dates that are over are out.

    Raises BilanError where its chapter was never built.
    """
    if entry.article is None:
        raise BilanError(
            f"« {entry.name} » : son chapitre n'est pas construit, la lettre n'aurait pas de chiffres. "
            f"Lancez d'abord « bilan build --territoire {entry.name} »."
        )
    told = [in_words(phrase, glossary) for phrase in key_figures(entry.article)]
    awaited = [line.partition(" (de qui")[0] for line in lines_of(entry.article, "attendu", glossary)]
    return Lettre(
        territoire=entry.name,
        nom=entry.title,
        jour=jour,
        depot=received,
        manques=Liste.of([*_incomplete(received), *awaited]),
        chiffres=tuple(phrase for phrase in told if not phrase.is_fact)[:MOST_FIGURES],
        retenu=withheld(entry.article),
        echeances=tuple(sorted(found for found in dates if found.jour >= jour)),
    )


def _whole(received: Apercu) -> str:
    """How much of a deposit was kept."""
    if received.etat == "complete":
        return "Toutes ses lignes ont été gardées."
    return "Une partie de ses lignes a été refusée : la réponse que vous avez reçue dit lesquelles."


def _incomplete(received: Apercu | None) -> Iterator[str]:
    """What a deposit lacks: its tables of which lines were refused, what it must confirm."""
    if received is None:
        yield "Votre dépôt : nous n'avons rien reçu"
        return
    for table in received.tables:
        if table.etat != "complete":
            yield f"{table.libelle} : {_LEFT[table.etat]}, à corriger au prochain dépôt"
    if received.a_confirmer:
        yield "Des points à confirmer, marqués « à confirmer » dans la réponse que vous avez reçue"


def _erasures(recu: Recu | None) -> Iterator[Echeance]:
    """The days by which what was received is erased, as the ledger fixes them."""
    if recu is None:
        return
    source = "durées de conservation du dépôt"
    told = (
        (
            "effacement-fichiers",
            recu.sources_a_effacer_le,
            "Effacement des fichiers envoyés, où qu'ils soient",
        ),
        ("effacement-textes", recu.textes_a_effacer_le, "Effacement des textes libres du dépôt"),
        ("effacement-tables", recu.a_effacer_le, "Effacement des données du dépôt"),
    )
    for code, day, what in told:
        yield Echeance(day, code, what, source)


def agenda(letter: Lettre) -> bytes:
    """The next dates as a calendar (RFC 5545), a whole day each: the same bytes from the same letter."""
    calendar = Calendar()
    calendar.add("prodid", "-//Bilan TZCLD//Lettre aux territoires//FR")
    calendar.add("version", "2.0")
    for date_ in letter.echeances:
        event = Event()
        name = f"{letter.territoire}/{date_.code}/{date_.jour.isoformat()}"
        event.add("uid", str(uuid5(NAMESPACE_URL, name)))
        event.add("dtstamp", datetime.combine(letter.jour, time(), UTC))
        event.add("dtstart", date_.jour)
        event.add("dtend", date_.jour + timedelta(days=1))
        event.add("summary", date_.objet)
        event.add("description", f"Source : {date_.source}")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical()


def corps(letter: Lettre, site: Site) -> str:
    """What a letter says, as the HTML that a page and the PDF share."""
    return render(
        "lettre",
        lettre=letter,
        day=long_date(letter.jour),
        dates=[(long_date(found.jour), found) for found in letter.echeances[:MOST_LINES]],
        later=max(0, len(letter.echeances) - MOST_LINES),
        address=page_address(site.publisher, f"{letter.territoire}.html"),
        site=site,
    )


def _written(project: Project, site: Site, letter: Lettre) -> Path:
    """The files of a letter, each whole; a calendar that has no date any more goes."""
    folder = project.prive / "lettres" / letter.territoire
    article = article_of_html(corps(letter, site), name=letter.territoire)
    page = render_page(
        "page-seule", title=article.title, main=article.html, style=inline_style(), mark=site.mark
    )
    write_whole(folder / "lettre.html", page)
    with scratch(project.prive) as work:
        write_whole(folder / "lettre.pdf", set_letter(letter.territoire, article, site, work))
    if letter.echeances:
        write_whole(folder / "echeances.ics", agenda(letter))
    else:
        remove(folder / "echeances.ics")
    return folder
