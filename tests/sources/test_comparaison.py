"""What is declared of a comparison: every fault is refused with its file and its line, and the sums redone by hand."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.indicateurs.comparaison.calcul import comparer
from analysis.indicateurs.comparaison.records import Comparaison
from analysis.noyau.declared.prix import Prix, load_prix
from analysis.noyau.errors import InvalidData
from analysis.noyau.paths import Project
from analysis.sources.comparaison import TABLES, load_comparaison
from analysis.sources.register import Register

PRIX = load_prix(Project.here())
Row = dict[str, str]


@pytest.fixture
def written(tmp_path: Path) -> Project:
    """The project's own tables of the comparison, to be spoiled."""
    here = Project.here()
    shutil.copytree(here.dictionary, tmp_path / "data" / "dictionary")
    (tmp_path / "data" / "published").mkdir()
    for table in TABLES:
        if table != "definitions_cout":
            shutil.copy(here.published / f"{table}.csv", tmp_path / "data" / "published")
    return Project(tmp_path)


def spoil(project: Project, table: str, change: Callable[[Row], None], **where: str) -> int:
    """Change the first row that has these cells; its line in the file."""
    path = project.published / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rank = next(i for i, row in enumerate(rows) if all(row[name] == value for name, value in where.items()))
    change(rows[rank])
    with path.open("w", encoding="utf-8", newline="") as file:
        table_of = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table_of.writeheader()
        table_of.writerows(rows)
    return rank + 2


@pytest.fixture(scope="module")
def compared(published: Register) -> Comparaison:
    return comparer(load_comparaison(Project.here(), published, PRIX), published, PRIX)


def refused(project: Project, register: Register, prix: Prix = PRIX) -> str:
    with pytest.raises(InvalidData) as caught:
        load_comparaison(project, register, prix)
    return str(caught.value)


def test_an_amount_without_a_price_year_is_refused_with_its_line(
    written: Project, published: Register
) -> None:
    """Marienthal's 29 841 € a year cover several years: no price year is established."""

    def compare(row: Row) -> None:
        row.update(definition="cout_personne", raison="")

    line = spoil(written, "comparaison_couts", compare, chiffre="513")
    said = refused(written, published)
    assert (
        f"comparaison_couts.csv, ligne {line}, colonne « chiffre » : trouvé le n° 513, sans année de prix"
        in said
    )


def test_a_year_that_the_price_index_does_not_know_is_refused(written: Project, published: Register) -> None:
    short = Prix({year: index for year, index in PRIX.indices.items() if year >= 2013})
    said = refused(written, published, short)
    assert "en euros de 2004 ; attendu une année de 2013 à 2025, que l'indice des prix connaît" in said


def test_amounts_of_two_definitions_refuse_to_share_a_column(written: Project, published: Register) -> None:
    """The net cost is no gross one: what it counts is what the other must not count."""
    line = spoil(written, "comparaison_couts", lambda row: row.update(definition="cout_brut"), chiffre="459")
    said = refused(written, published)
    assert f"ligne {line}, colonne « evites » : trouvé « oui » ; attendu « non »" in said
    assert "Deux montants de définitions différentes ne se mettent pas dans une même colonne." in said


def test_an_amount_by_person_is_in_no_column_by_full_time_job(written: Project, published: Register) -> None:
    line = spoil(written, "comparaison_couts", lambda row: row.update(definition="cout_brut"), chiffre="564")
    said = refused(written, published)
    assert f"ligne {line}, colonne « chiffre » : trouvé un montant en « euros_personne_an »" in said


def test_what_the_definition_counts_may_not_be_unknown(written: Project, published: Register) -> None:
    line = spoil(written, "comparaison_couts", lambda row: row.update(etat="inconnu"), chiffre="338")
    said = refused(written, published)
    assert f"ligne {line}, colonne « etat » : trouvé « inconnu » ; attendu « oui »" in said


@pytest.mark.parametrize(
    ("chiffre", "change", "told"),
    [
        ("513", {"raison": ""}, "colonne « raison » : trouvé une cellule vide"),
        ("338", {"raison": "parce que"}, "colonne « raison » : trouvé « parce que »"),
        ("338", {"chiffre": "999999"}, "colonne « chiffre » : trouvé le n° 999999"),
        ("338", {"definition": "cout_magique"}, "colonne « definition » : trouvé « cout_magique »"),
    ],
)
def test_an_amount_says_under_what_it_is_compared_or_why_not(
    written: Project, published: Register, chiffre: str, change: Row, told: str
) -> None:
    line = spoil(written, "comparaison_couts", lambda row: row.update(change), chiffre=chiffre)
    assert f"ligne {line}, {told}" in refused(written, published)


def test_a_raw_rate_and_an_effect_never_stand_in_one_column(written: Project, published: Register) -> None:
    """A rate said causal has neither the unit nor the comparison of one; an effect said raw has both."""
    rate = spoil(written, "comparaison_effets", lambda row: row.update(nature="causal"), chiffre="496")
    effect = spoil(written, "comparaison_effets", lambda row: row.update(nature="brut"), chiffre="464")
    said = refused(written, published)
    assert f"ligne {rate}, colonne « contre » : trouvé une cellule vide" in said
    assert f"ligne {rate}, colonne « chiffre » : trouvé le n° 496" in said
    assert f"ligne {effect}, colonne « chiffre » : trouvé le n° 464" in said


def test_a_share_is_a_percent_of_an_exact_count(written: Project, published: Register) -> None:
    line = spoil(written, "comparaison_profils", lambda row: row.update(effectif="456"), groupe="ebe_phase_2")
    assert f"ligne {line}, colonne « effectif » : trouvé le n° 456" in refused(written, published)


def test_a_sentence_names_a_figure_of_the_register(written: Project, published: Register) -> None:
    line = spoil(written, "controverses", lambda row: row.update(dit="{#999999}"), point="cout-net")
    assert f"controverses.csv, ligne {line}, colonne « dit » : trouvé « {{#999999}} »" in refused(
        written, published
    )


def test_amounts_are_in_the_euros_of_one_year(compared: Comparaison) -> None:
    """17 549 € of 2020 (index 104,7) are 17 549 × 119,8 / 104,7 = 20 079,94 € of 2024; 8 060 € of 2004 (86,4) 11 175,79."""
    amounts = {amount.declare.chiffre: amount for amount in compared.montants}
    assert (amounts[337].annee_prix, amounts[337].bas) == (2020, pytest.approx(20079.94, abs=0.01))
    contract = next(
        a for a in compared.montants if a.declare.dispositif.startswith("Contrat emploi-solidarité")
    )
    assert (contract.annee_prix, contract.bas) == (2004, pytest.approx(11175.79, abs=0.01))


def test_a_range_keeps_its_bounds_and_a_maximum_stays_open(compared: Comparaison) -> None:
    """11 300 to 13 700 € of 2025 are 11 197 to 13 575 € of 2024; « moins de 6 200 » is a maximum."""
    amounts = {amount.declare.chiffre: amount for amount in compared.montants}
    assert (amounts[459].bas, amounts[459].haut) == (
        pytest.approx(11197.19, abs=0.01),
        pytest.approx(13575.35, abs=0.01),
    )
    assert (amounts[459].ouvre, amounts[458].ouvre) == (0, -1)


def test_the_standardised_difference_of_women_is_the_one_computed_by_hand(compared: Comparaison) -> None:
    """54 % of 2 065 and 38 % (62 % of men) of 174 800: 0,16 / √((0,54 × 0,46 + 0,38 × 0,62) / 2) = 0,16 / 0,491935."""
    gap = next(e for e in compared.ecarts if e.caracteristique == "femmes")
    assert (gap.premier.valeur, gap.premier.effectif) == (0.54, 2065)
    assert (gap.autre.valeur, gap.autre.effectif) == (0.38, 174800)
    assert gap.ecart == pytest.approx(0.16 / 0.491935, abs=1e-5)


def test_there_is_a_difference_only_where_both_counts_are_published(compared: Comparaison) -> None:
    """The first phase's shares come without their count, and so do those of the long-term unemployed."""
    assert all(e.premier.effectif and e.autre.effectif for e in compared.ecarts)
    assert {e.premier.declaree.groupe for e in compared.ecarts} == {"ebe_phase_2"}
    assert [p.effectif for p in compared.parts if p.declaree.groupe == "ebe_phase_1"] == [None] * 6


def test_an_effect_between_0_and_1_on_employment_is_told_in_points(compared: Comparaison) -> None:
    effects = {effect.declare.chiffre: effect.valeur for effect in compared.effets}
    assert (effects[548], effects[464], effects[553]) == (51.7, 74, 0.148)
