"""Somebody alone of their kind, in one of two editions: found before the gate, by nobody after it, in any file."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pandas as pd
import pytest

from analysis.chapitres.catalogue import catalogue, make_bundle
from analysis.depot.garde.ledger import Ledger
from analysis.indicateurs.calcul import Resultats, calculer
from analysis.livre.editions.audit_edition import noms
from analysis.noyau.mesures import Mesure
from analysis.noyau.paths import Project
from analysis.secret.audit.deux_editions import SANS_PASSE, Passe, diffuser
from analysis.secret.audit.diffusion import diffusion
from analysis.secret.audit.enonces import Enonce, enonces
from analysis.secret.audit.fuites import tenus
from analysis.secret.audit.imprimes import Imprimee, imprimees
from analysis.secret.audit.lecteur import Trouvee, attaquer
from analysis.secret.categories import Reunies
from analysis.secret.regles import sommes, withheld
from analysis.secret.release import Released
from analysis.sources.register import load_register

LIEU: Final = "roquelande-fontvernay"
JOUR: Final = "2021-06-30"
ANNEE_30_ANS: Final = 1991

Tables = Mapping[str, pd.DataFrame]


def young_woman_with_a_rqth(tables: Tables) -> str:
    """The only woman under thirty with a RQTH whom the EBE hired."""
    people = tables["personnes"]
    hired = people[people["personne"].isin(tables["contrats"]["personne"])]
    is_one = (hired["sexe"] == "femme") & (hired["rqth"] == "oui") & (hired["annee_naissance"] > ANNEE_30_ANS)
    (one,) = hired[is_one]["personne"]
    return str(one)


def dead(tables: Tables) -> str:
    """The only one whose contract ended for that reason."""
    (one,) = tables["contrats"][tables["contrats"]["motif_fin"] == "deces"]["personne"]
    return str(one)


def hired_alone(tables: Tables) -> str:
    """The first whom the EBE hired alone in a month."""
    start = tables["contrats"].groupby("personne")["date_debut"].min().astype(str).str[:7]
    alone = start.groupby(start).filter(lambda month: len(month) == 1)
    return str(alone.sort_values().index[0])


TRAITS: Final[Mapping[Callable[[Tables], str], Sequence[tuple[str, str]]]] = {
    young_woman_with_a_rqth: [("profil_embauchees", trait) for trait in ("femme", "moins_30_ans", "rqth")],
    dead: [("sorties_ebe", "autre"), ("profil_embauchees", "femme")],
    hired_alone: [("entrees", "premiere"), ("effectif_fin_mois", "")],
}
"""What the difference of two editions without a gate tells of each of them."""


@dataclass(frozen=True)
class Edition:
    """What is measured of the territories, what is told of it, and what each chapter may show of that."""

    resultats: Resultats
    released: tuple[Released[Mesure], ...]
    passe: Passe
    chapters: list[object]

    @classmethod
    def of(cls, project: Project, passe: Passe = SANS_PASSE) -> Edition:
        r = calculer(project, [territoire.code for territoire in load_register(project).territoires])
        released = diffuser(r.mesures, r.definitions, r.accords, passe)
        return cls(r, released, passe, bundles(project, r, released))

    def found(self) -> tuple[Trouvee, ...]:
        """Who is found by a reader of this edition and of those before it."""
        r = self.resultats
        whole, bonds = tenus(r, self.passe)
        constat = attaquer(whole, self.released, bonds, r.definitions, self.passe)
        assert len(constat.largeurs) > 300
        return constat.trouvees

    def leaks(self, printed: Sequence[Enonce], project: Project) -> list[Imprimee]:
        """The numbers that it withholds and that these statements print."""
        names, r = noms(load_register(project)), self.resultats
        whole, _ = tenus(r, self.passe)
        return list(imprimees(printed, whole, self.released, r.definitions, names.lieux, names.ebe))


@pytest.fixture(scope="module")
def first(invented: Project) -> Edition:
    """The edition of the three territories, as it was built."""
    return Edition.of(invented)


@pytest.fixture(scope="module")
def printed(invented: Project) -> list[Enonce]:
    """All that the files of their site tell: pages, tables, workbooks, PDF and what they hold, index, simulator."""
    return list(enonces(invented.html))


def without(invented: Project, folder: Path, one: Callable[[Tables], str]) -> Project:
    """The same bilan once somebody has left it."""
    computed = shutil.ignore_patterns("html", "pdf", "papermill_runs", "relecture")
    shutil.copytree(invented.root.parents[1], folder / "bilan", ignore=computed)
    other = Project(folder / "bilan").demonstration
    ledger = Ledger(other)
    recu = ledger.in_force(LIEU)
    assert recu is not None
    assert ledger.erase_person(LIEU, one(ledger.tables(recu))) > 1
    return other


def moved(before: Sequence[Mesure], now: Sequence[Mesure]) -> set[tuple[str, str]]:
    """The numbers of people of the territory that are one fewer, both sides of the shares: measure, category."""
    was = {m.cle: m for m in before}
    return {
        (m.mesure, m.modalite)
        for m in now
        if m.lieu == LIEU and (one := was.get(m.cle)) and _people(one) - _people(m) == 1
    }


def _people(m: Mesure) -> float:
    return (m.valeur if m.forme == "compte" else m.numerateur) or 0.0


def small_alone(mesures: Sequence[Mesure]) -> list[Released[Mesure]]:
    """What would be published if each number under five were withheld by itself, and nothing else."""
    return [
        Released(withheld(m, "seuil-effectif"), "seuil-effectif")
        if m.forme == "compte" and 0 < (m.valeur or 0) < 5
        else Released(m, "diffusable")
        for m in mesures
    ]


def shown(bundle: bytes) -> object:
    """What a chapter shows: of the rule of a measure, whether it is told rounded."""
    read = json.loads(bundle)
    for released in read["mesures"]:
        released["rule"] = Released(None, released["rule"]).is_rounded  # type: ignore[type-var]
    return read


def bundles(project: Project, resultats: Resultats, released: Sequence[Released[Mesure]]) -> list[object]:
    register = load_register(project)
    return [
        shown(
            make_bundle(
                project,
                register,
                chapter.code,
                resultats=resultats,
                mesures=tuple(released),
                etude=None,
                mode="publication",
            ).to_bytes()
        )
        for chapter in catalogue(register, project.nature)
    ]


@pytest.mark.lent
def test_the_first_edition_tells_of_nobody(invented: Project, first: Edition, printed: list[Enonce]) -> None:
    assert first.found() == ()
    assert first.leaks(printed, invented) == []


@pytest.mark.lent
def test_no_page_and_no_drawing_can_hold_a_number_that_no_chapter_is_handed(
    invented: Project, first: Edition
) -> None:
    """Of all that was measured, chapters are handed what was released, and nothing else."""
    withheld_ones = [one for one in first.released if one.content.etat == "masquee"]
    assert len(withheld_ones) > 1_000
    assert all(one.content.valeur is None and one.content.n is None for one in withheld_ones)
    others = replace(first.resultats, mesures=())
    assert bundles(invented, others, first.released) == first.chapters


@pytest.mark.lent
@pytest.mark.parametrize("one", TRAITS)
def test_somebody_alone_of_their_kind_is_found_before_the_gate_and_by_nobody_after_it(
    one: Callable[[Tables], str], invented: Project, first: Edition, printed: list[Enonce], tmp_path: Path
) -> None:
    """Both editions are whole: what their chapters show is the same, so that all their files are."""
    passe = Passe((diffusion("2026-1", first.released),))
    other = without(invented, tmp_path, one)
    second = Edition.of(other, passe)

    now = second.resultats
    assert set(TRAITS[one]) <= moved(first.resultats.mesures, now.mesures)
    bonds = sommes(now.mesures, now.definitions, now.accords, Reunies())
    before = attaquer(now.mesures, small_alone(now.mesures), bonds, now.definitions, SANS_PASSE)
    assert sum(found.is_exact for found in before.trouvees if found.cle[1] == LIEU) > 20

    assert second.chapters == first.chapters
    assert second.found() == ()
    assert second.leaks(printed, other) == []
