"""What may be told after a past edition: a number that moves by a few people keeps the value that it had.

A reader has all the editions. What one person adds to a deposit is the difference of two of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from analysis.noyau.files.etat import past_labels
from analysis.noyau.mesures import ENSEMBLE, Accord, Definition, Definitions, Lien, Mesure
from analysis.noyau.paths import Project
from analysis.secret.audit.diffusion import Diffusion, Dit, dit, read_diffusions
from analysis.secret.audit.exceptions import Exceptions, load_exceptions
from analysis.secret.categories import Reunies
from analysis.secret.regles import decider, rounded, telles_que_dites, unir, withheld
from analysis.secret.release import Released, Rule
from analysis.secret.seuils import BASE_ARRONDI, SEUIL_EBE, SEUIL_EFFECTIF, SEUIL_TAUX
from analysis.secret.sommes import (
    COMPTES_EBE,
    JAMAIS_REDITES,
    SANS_BORNE,
    Cle,
    Redite,
    is_of_people,
    is_rounded,
)

_OF_PEOPLE_OVER_PEOPLE: Final = frozenset({"part", "taux", "incidence"})
"""The forms both of whose sides are people."""


@dataclass(frozen=True)
class Passe:
    """The past editions, oldest first, and the exceptions under which a measure is told as it is now."""

    diffusions: tuple[Diffusion, ...] = ()
    exceptions: Exceptions = Exceptions()

    def told(self, cle: Cle) -> tuple[Dit, ...]:
        """What each edition told of a measure, of those that knew it, oldest first."""
        return tuple(d.by_cle[cle] for d in self.diffusions if cle in d.by_cle)

    def unir(
        self, mesures: Iterable[Mesure], definitions: Definitions, accords: frozenset[Accord]
    ) -> Reunies:
        """The categories that are told together, as the last edition that knew their row told them."""
        dites = (cle for d in self.diffusions for cle in d.by_cle)
        return unir(mesures, definitions, accords, dites)


SANS_PASSE: Final = Passe()
"""No edition was published yet."""


def load_passe(project: Project, definitions: Definitions, today: date) -> Passe:
    """What the past editions of a project told, and the exceptions in force on that day.

    Raises InvalidData for an exception that is past, BilanError for an edition whose record was changed.
    """
    told = read_diffusions(project.editions, past_labels(project))
    return Passe(told, load_exceptions(project, definitions, today))


def diffuser(
    mesures: Sequence[Mesure],
    definitions: Definitions,
    accords: frozenset[Accord],
    passe: Passe,
) -> tuple[Released[Mesure], ...]:
    """Each measure as it may be published after these editions, and the rule of the decision.

    What the last edition withheld is withheld, what moved by too few people since any of them is not told as
    it is now; all that would give it back is withheld with it. Whatever the last edition told, and that moved
    too little or not at all, is told as it was: nothing says which. A row keeps the categories that the last
    edition told together.
    """
    unies = passe.unir(mesures, definitions, accords)
    told = tuple(telles_que_dites(mesures, unies))
    if all(_may_say_as_before(m, passe, unies) for m in told):
        alone = decider(mesures, definitions, accords, unies=unies)
        if all(_says_as_before(one.content, passe) for one in alone):
            return alone
    revision = Revision(definitions)
    computed = [m for m in told if m.etat == "calculee"]
    retenues = [m.cle for m in computed if _is_bound(m, passe, revision)]
    again = {m.cle: last for m in computed if (last := _told_again(m, passe, revision))}
    redites = {m.cle: _redite(m, again[m.cle]) for m in computed if m.cle in again}
    decided = decider(mesures, definitions, accords, retenues, unies, redites)
    return tuple(
        _kept(whole, released, again.get(whole.cle)) for whole, released in zip(told, decided, strict=True)
    )


def _may_say_as_before(m: Mesure, passe: Passe, unies: Reunies) -> bool:
    """Whether a measure, told or withheld, would be told as the last edition told it."""
    told = passe.told(m.cle)
    if not told or told[-1].etat == "masquee":
        return True
    is_told_rounded = m.etat == "calculee" and (is_rounded(m) or m.cle in unies.arrondies)
    return _says_as_before(rounded(m) if is_told_rounded else m, passe)


def _says_as_before(m: Mesure, passe: Passe) -> bool:
    """Whether a measure is told as the last edition that knew it told it, or is known to none."""
    told = passe.told(m.cle)
    return not told or (told[-1].etat, told[-1].numbers) == (m.etat, dit(m).numbers)


def _is_bound(m: Mesure, passe: Passe, revision: Revision) -> bool:
    """Whether a past edition forbids to tell a measure as it is now."""
    told = passe.told(m.cle)
    if not told or passe.exceptions.of(m):
        return False
    return told[-1].etat == "masquee" or any(
        one.etat == "calculee" and not revision.is_same(one, m) and revision.is_too_close(one, m)
        for one in told
    )


def _told_again(m: Mesure, passe: Passe, revision: Revision) -> Dit | None:
    """What the last edition told of a measure that moved too little or not at all: told again if withheld."""
    told = passe.told(m.cle)
    last = told[-1] if told else None
    if last is None or last.etat != "calculee":
        return None
    return last if revision.is_same(last, m) or revision.is_too_close(last, m) else None


def _redite(m: Mesure, last: Dit) -> Redite:
    """What a reader knows of a measure that is told again."""
    if last.valeur is None or not is_of_people(m):
        return SANS_BORNE
    return Redite.de(m, last.valeur, est_arrondie=last.est_arrondie)


def _kept(whole: Mesure, released: Released[Mesure], last: Dit | None) -> Released[Mesure]:
    """A withheld measure with what the last edition told of it, where that protects it."""
    if last is None or released.content.etat != "masquee" or released.rule in JAMAIS_REDITES:
        return released
    return Released(_as_told(whole, last), _rule(last))


def as_told(m: Mesure, said: Dit | None) -> Released[Mesure]:
    """A measure of today as an edition told it: with its numbers, withheld, or unknown to it."""
    if said is not None and said.etat == "calculee" and m.etat == "calculee":
        return Released(_as_told(m, said), _rule(said))
    if m.etat != "calculee":
        return Released(m, "diffusable")
    return Released(withheld(m, "edition"), "edition")


def _rule(last: Dit) -> Rule:
    """Why a number stands as an edition told it: a rounded one stays told as rounded."""
    return "edition-arrondie" if last.est_arrondie else "edition"


def _as_told(m: Mesure, last: Dit) -> Mesure:
    """A measure with the numbers of an edition."""
    count = None if last.n is None else int(last.n)
    numbers = {name: getattr(last, name) for name in ("valeur", "numerateur", "denominateur", "bas", "haut")}
    if m.forme == "compte":
        numbers["valeur"] = count
    return replace(m, n=count, prix=last.prix, **numbers)


@dataclass(frozen=True)
class Revision:
    """How a measure moved since it was told: whether the difference would be withheld itself."""

    definitions: Definitions

    def is_same(self, before: Dit, now: Mesure) -> bool:
        """Whether a page would print the same number."""
        return before.numbers == dit(rounded(now) if before.est_arrondie else now).numbers

    def is_too_close(self, before: Dit, now: Mesure) -> bool:
        """Whether the difference is of too few people, ETP or EBE, or of what the law gives to a few.

        Some of a number's people moved, and fewer than a threshold did; or none, and what is told of them
        moved. What was told rounded moves by more than one step or not at all.
        """
        definition = self.definitions.of(now.mesure)
        if before.est_arrondie or is_rounded(now):
            return abs((now.valeur or 0) - (before.valeur or 0)) < SEUIL_EFFECTIF + BASE_ARRONDI / 2
        if is_of_people(now):
            return _is_few((now.valeur or 0) - (before.valeur or 0))
        if definition.famille == COMPTES_EBE:
            return self._accounts_are_close(before, now)
        moved = abs((now.n or 0) - (before.n or 0))
        if moved < SEUIL_TAUX:
            return True
        return now.forme in _OF_PEOPLE_OVER_PEOPLE and _is_uneven(before, now, definition)

    def _accounts_are_close(self, before: Dit, now: Mesure) -> bool:
        if now.lieu == ENSEMBLE and 0 < abs((now.n or 0) - (before.n or 0)) < SEUIL_EBE:
            return True
        laws = [lien for lien in self.definitions.liens if _ties(lien, now)]
        moved = abs((now.valeur or 0) - (before.valeur or 0))
        return any(0 < moved < SEUIL_EFFECTIF * lien.haut for lien in laws)


def _ties(lien: Lien, mesure: Mesure) -> bool:
    return lien.lien == "loi" and mesure.mesure in lien.petits


def _is_few(difference: float) -> bool:
    return 0 < abs(difference) < SEUIL_EFFECTIF


def _is_uneven(before: Dit, now: Mesure, definition: Definition) -> bool:
    """Whether those who came or left have too few on one side, or all on the same where it says of them."""
    counted = (now.numerateur or 0) - (before.numerateur or 0)
    others = (now.denominateur or 0) - (before.denominateur or 0) - counted
    return _is_few(counted) or _is_few(others) or (definition.sensible and 0 in (counted, others))


@dataclass(frozen=True)
class Gardee:
    """A measure that is told with the value of a past edition in the place of its own, and that edition."""

    cle: Cle
    edition: str


def gardees(
    mesures: Iterable[Mesure],
    released: Iterable[Released[Mesure]],
    definitions: Definitions,
    passe: Passe,
) -> tuple[Gardee, ...]:
    """The measures that moved too little since a past edition to be told as they are, for who has the
    deposits."""
    last_of: Mapping[Cle, str] = {cle: d.edition for d in passe.diffusions for cle in d.by_cle}
    revision, now = Revision(definitions), {m.cle: m for m in mesures}
    return tuple(
        Gardee(whole.cle, last_of[whole.cle])
        for one in released
        if one.content.etat == "calculee"
        and (whole := now.get(one.content.cle))
        and (told := passe.told(whole.cle))
        and dit(one.content).numbers == told[-1].numbers
        and not revision.is_same(told[-1], whole)
    )
