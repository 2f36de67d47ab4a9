"""People beside people alike, as a page shows them: the effect and its truth, what is withheld, what is awaited."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from analysis.demonstration.individus import ecrire_individus, inventer_individus
from analysis.demonstration.lieux import territoires
from analysis.impact.individus.mesures import mesures
from analysis.noyau.definitions import load_definitions
from analysis.noyau.french import NBSP
from analysis.noyau.mesures import Definitions, Mesure
from analysis.noyau.paths import Project
from analysis.presentation.deposits import individus as vue
from analysis.secret.bundle import Bundle, bundle_ensemble, with_measures
from analysis.secret.regles import decider
from analysis.sources.register import load_register

pytestmark = pytest.mark.usefixtures("sketched")

LIEUX = territoires(4)
PARTS = (vue.effets, vue.methodes, vue.groupes, vue.equilibre, vue.biais)


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Definitions, tuple[Mesure, ...]]:
    root: Path = tmp_path_factory.mktemp("individus") / "outputs" / "demonstration"
    project = Project(root, "demonstration")
    shutil.copytree(Project.here().dictionary, project.dictionary)
    ecrire_individus(project.individus, inventer_individus(LIEUX, 2016))
    definitions = load_definitions(project)
    return definitions, tuple(mesures(project, definitions, [lieu.code for lieu in LIEUX]))


@pytest.fixture(scope="module")
def empty() -> Bundle:
    return bundle_ensemble(load_register(Project.here()), "impact", texte=None)


def shown(empty: Bundle, definitions: Definitions, found: tuple[Mesure, ...]) -> Bundle:
    made = with_measures(empty, decider(found, definitions, frozenset()), definitions, "publication")
    return Bundle.from_bytes(made.to_bytes())


def words(html: str) -> str:
    text = BeautifulSoup(html, "lxml").get_text(" ").replace(NBSP, " ").replace("\u202f", " ")
    return " ".join(text.split())


def absent(m: Mesure, motif: str) -> Mesure:
    """The measure as it is when nothing can be said, and why."""
    nothing = dict.fromkeys(("valeur", "numerateur", "denominateur", "n", "bas", "haut"))
    return replace(m, **nothing, etat="absente", motif=motif)  # type: ignore[arg-type]


def test_the_effect_stands_beside_the_truth(
    empty: Bundle, computed: tuple[Definitions, tuple[Mesure, ...]]
) -> None:
    definitions, found = computed
    said = words(vue.effets(shown(empty, definitions, found)).html)
    effect = next(m for m in found if (m.mesure, m.modalite) == ("effet_aipw", "emploi-m12")).valeur
    truth = next(m for m in found if (m.mesure, m.modalite) == ("effet_connu", "emploi-m12")).valeur
    assert effect is not None and truth is not None
    told = f"{effect:.1f}".replace(".", ",").removesuffix(",0")
    true = f"{truth:.1f}".replace(".", ",").removesuffix(",0")
    assert f"Un an après, l'embauche en EBE ajoute {told} points de pourcentage d'emploi, et retire" in said
    assert f"+{told} (vrai : +{true})" in said
    assert "L'effet vrai, entre parenthèses, n'est connu que parce que ces personnes sont inventées." in said


def test_a_real_bilan_prints_no_truth(
    empty: Bundle, computed: tuple[Definitions, tuple[Mesure, ...]]
) -> None:
    definitions, found = computed
    real = tuple(m for m in found if m.mesure != "effet_connu")
    bundle = shown(empty, definitions, real)
    assert "vrai" not in words(vue.effets(bundle).html) + words(vue.methodes(bundle).html)


def test_a_withheld_effect_is_a_word_and_draws_nothing(
    empty: Bundle, computed: tuple[Definitions, tuple[Mesure, ...]]
) -> None:
    definitions, found = computed
    few = []
    for m in found:
        if (m.mesure, m.modalite) == ("emploi_observe", "emploi-m6"):
            people = int(m.denominateur or 0)
            m = replace(m, numerateur=people - 2, valeur=round(100 * (people - 2) / people, 6))
        few.append(m)
    block = vue.effets(shown(empty, definitions, tuple(few))).html
    soup = BeautifulSoup(block, "lxml")
    row = next(row for row in soup.select("tbody tr") if row.th and "6 mois" in row.th.get_text())
    assert {cell.get_text() for cell in row.select("td")} == {"secret"}
    description = soup.select_one(".description")
    assert description is not None
    assert "En emploi, 6 mois après" not in description.get_text()
    assert "En emploi, 12 mois après" in description.get_text()


def test_balance_and_hidden_causes_are_told(
    empty: Bundle, computed: tuple[Definitions, tuple[Mesure, ...]]
) -> None:
    bundle = shown(empty, *computed)
    assert len(BeautifulSoup(vue.equilibre(bundle).html, "lxml").select("tbody tr")) == 9
    assert len(BeautifulSoup(vue.biais(bundle).html, "lxml").select("tbody tr")) == 6
    assert "Dans le fichier" in words(vue.groupes(bundle).html) and "320" in words(vue.groupes(bundle).html)


def test_without_a_file_the_chapter_says_what_it_awaits(empty: Bundle) -> None:
    first, *others = (part(empty).html for part in PARTS)
    assert "En attente : un fichier de comparaison d'individus" in words(first)
    assert others == ["", "", "", ""]


def test_groups_that_cannot_be_compared_show_the_reason(
    empty: Bundle, computed: tuple[Definitions, tuple[Mesure, ...]]
) -> None:
    definitions, found = computed
    missing = tuple(absent(m, "trop peu") for m in found if m.modalite.startswith(("emploi-", "hors_ebe-")))
    said = words(vue.effets(shown(empty, definitions, missing)).html)
    assert said == "Effet de l'embauche sur l'emploi : trop peu."


def test_too_few_effects_to_draw_are_in_one_table(
    empty: Bundle, computed: tuple[Definitions, tuple[Mesure, ...]]
) -> None:
    """Two horizons of six have an effect: no chart, and the page holds the table once."""
    definitions, found = computed
    kept = ("emploi-m6", "emploi-m12")
    few = tuple(
        absent(m, "trop tôt")
        if m.modalite.startswith(("emploi-", "hors_ebe-")) and m.modalite not in kept
        else m
        for m in found
    )
    bundle = shown(empty, definitions, few)
    page = "".join(part(bundle).html for part in PARTS)
    assert "<figure" not in page and page.count('id="effets-individus"') == 1
