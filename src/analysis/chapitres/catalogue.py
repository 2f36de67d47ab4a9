"""Which chapters there are, in the order of the book."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.depot.records import Apercu
from analysis.noyau.errors import BilanError, Finding, InvalidData, UnknownName
from analysis.noyau.paths import Nature, Project
from analysis.presentation.prose import resolve
from analysis.secret.bundle import Bundle, bundle_synthese, bundle_territoire, with_deposits
from analysis.sources.register import Register
from analysis.sources.texts import load_text

SYNTHESE = "synthese"


@dataclass(frozen=True)
class Chapter:
    """One chapter: its code (also its page's name), its title, its notebook and its parameters."""

    code: str
    title: str
    notebook: str
    parameters: dict[str, str]


_NOTEBOOKS: dict[Nature, tuple[str, str]] = {
    "reel": ("synthese.ipynb", "territoire.ipynb"),
    "demonstration": ("depots.ipynb", "depot.ipynb"),
}
"""By nature of the bilan: the notebook of all the territories, and the one of each."""


def catalogue(register: Register, nature: Nature = "reel") -> tuple[Chapter, ...]:
    """The synthesis, then one chapter for each territory."""
    of_all, of_each = _NOTEBOOKS[nature]
    synthesis = Chapter(SYNTHESE, "Synthèse", of_all, {})
    territories = (Chapter(t.code, t.nom, of_each, {"territoire": t.code}) for t in register.territoires)
    return (synthesis, *territories)


def selected(chapters: Iterable[Chapter], codes: Iterable[str]) -> tuple[Chapter, ...]:
    """The chapters of these codes in the book's order; raises UnknownName for an unknown code."""
    by_code = {chapter.code: chapter for chapter in chapters}
    wanted = set(codes)
    for code in wanted:
        if code not in by_code:
            known = [name for name in by_code if name != SYNTHESE]
            raise UnknownName("territoire", code, known)
    return tuple(chapter for code, chapter in by_code.items() if code in wanted)


def make_bundle(project: Project, register: Register, code: str) -> Bundle:
    """What a chapter may show, its evaluator's text included.

    Raises InvalidData when the text is unsigned or one of its placeholders names no figure.
    """
    path = project.texts / f"{code}.md"
    shown = project.shown(path)
    texte = load_text(path, shown=shown)
    if code == SYNTHESE:
        bundle = bundle_synthese(register, texte=texte)
    else:
        bundle = bundle_territoire(register, code, texte=texte)
    if texte is not None:
        _check_placeholders(texte.corps, bundle, shown)
    return with_deposits(bundle, _apercus(project, register, code), project.nature)


def _apercus(project: Project, register: Register, code: str) -> list[Apercu]:
    """What the territories of a demonstration deposited: the chapter's own, or all; none of real ones."""
    if project.nature == "reel":
        return []
    from analysis.depot.apercu import apercu
    from analysis.depot.ledger import Ledger
    from analysis.depot.referentiel import load_referentiel

    ledger, referentiel = Ledger(project), load_referentiel(project)
    codes = [t.code for t in register.territoires] if code == SYNTHESE else [code]
    return [found for name in codes if (found := apercu(ledger, referentiel, name)) is not None]


def _check_placeholders(body: str, bundle: Bundle, shown: str) -> None:
    try:
        resolve(body, bundle)
    except BilanError as error:
        finding = Finding(shown, None, None, str(error), "un renvoi à un seul chiffre du registre")
        raise InvalidData([finding]) from None
