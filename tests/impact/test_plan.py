"""Who is compared with whom, and everything that refuses a comparison, in one sentence that names the place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from monde import DONORS, EPCI, merged, planificateur, put, without

from analysis.impact.protocole import load_protocole
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project


def test_a_plan_has_the_series_its_years_and_those_of_near_size() -> None:
    plan = planificateur().plan("premery", "emploi_prive")
    assert (plan.annees[0], plan.annees[-1], plan.avant) == (2014, 2024, 3)
    assert plan.donneurs.shape == (len(plan.zones), 11)
    assert {zone[:3] for zone in plan.zones} == {
        "108",
        "101",
    }  # the donors of Prémery's level, and of Jouques'
    apart = np.abs(np.log(plan.tailles / plan.taille))
    assert (np.diff(apart) >= -1e-12).all() and apart.max() <= np.log(1.5)
    assert plan.effectifs is None


def test_several_zones_are_added_and_an_epci_is_compared_with_epci() -> None:
    world = planificateur()
    both = world.plan("pipriac-saint-ganton", "emploi_prive")
    panel = world.ouvertes.emploi("commune")
    assert both.serie.tolist() == (panel.serie("35219") + panel.serie("35268")).tolist()
    epci = world.plan("colombey-sud-toulois", "emploi_prive")
    assert len(epci.zones) == DONORS and EPCI not in epci.zones
    assert {zone[0] for zone in epci.zones} == {"2"}


def test_the_horizons_stop_where_the_series_do() -> None:
    world = planificateur()
    named = world.protocole.horizons
    assert list(world.plan("premery", "emploi_prive").horizons(named)) == ["2017/2020", "2017/2024"]
    assert world.plan("premery", "emploi_prive_hors_ebe").horizons(named) == {"2017/2020": slice(3, 7)}
    assert world.plan("thiers", "taux_pauvrete").horizons(named) == {"2017/2018": slice(1, 3)}


def test_what_the_protocol_excludes_is_not_compared_with() -> None:
    donors = set(planificateur().plan("premery", "emploi_prive").zones)
    secret, small, changed = sorted(donors)[:3]

    def harm(panel):  # type: ignore[no-untyped-def]
        return merged(changed, 2019)(put(small, 2018, 0.0)(put(secret, 2023, np.nan)(panel)))

    assert donors - set(planificateur({"urssaf_emploi": harm}).plan("premery", "emploi_prive").zones) == {
        *(secret, small, changed)
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            without("58218"),
            r"Prémery : la source « .* » n'a aucune série de la zone 58218 \(commune de Prémery",
        ),
        (put("58218", 2019, np.nan), "Prémery : .* de la zone 58218 est secret ou absent en 2019"),
        (put("58218", 2018, 0.0), "Prémery : « Emploi salarié privé » est nul une année"),
        (merged("58218", 2019), "Prémery : la zone 58218 change de contour en 2019"),
        (lambda panel: panel.between(2017, 2024), "Prémery : aucune année d'avant 2017"),
        (
            lambda panel: panel.of(["58218", "10800"]),
            "Prémery : 1 zone de comparaison .* en veut 20 au moins",
        ),
    ],
)
def test_a_comparison_is_refused_with_its_place(change, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(BilanError, match=said) as caught:
        planificateur({"urssaf_emploi": change}).plan("premery", "emploi_prive")
    assert "\n" not in str(caught.value)


def _without_after(code: str):  # type: ignore[no-untyped-def]
    """A panel that knows nothing of the years of a territory's zones once its EBE is open."""

    def change(panel):  # type: ignore[no-untyped-def]
        for zone in load_protocole(Project.here()).traite(code).zones:
            for year in range(2017, 2025):
                panel = put(zone, year, np.nan)(panel)
        return panel

    return change


@pytest.mark.parametrize("code", ["metropole-lille", "paris-13", "villeurbanne-saint-jean"])
def test_a_quarter_that_is_a_sliver_of_its_city_is_not_estimated(code: str) -> None:
    with pytest.raises(
        BilanError, match="n'occupe qu'une partie de la ville .* aucun effet plausible ne s'y verrait"
    ):
        planificateur().plan(code, "emploi_prive")
    # what could be seen there needs nothing of its years after
    like = planificateur({"urssaf_emploi": _without_after(code)}).semblables(code, "emploi_prive")
    assert like.avant == 3 and like.niveau == like.taille > 0 and len(like.zones) >= 20
    frozen = replace(load_protocole(Project.here()), part_minimale=0.0001)
    assert planificateur(protocole=frozen).plan(code, "emploi_prive").avant == 3


def test_the_rate_of_several_zones_and_a_staff_that_nobody_bounds_are_refused() -> None:
    with pytest.raises(BilanError, match="est un taux, celui de plusieurs zones ne s'additionne pas"):
        planificateur().plan("pipriac-saint-ganton", "taux_pauvrete")
    with pytest.raises(BilanError, match="Jouques : l'effectif de l'EBE à la fin de 2017 n'est pas borné"):
        planificateur().plan("jouques", "emploi_prive_hors_ebe")


def test_the_staff_that_is_taken_out_is_what_was_published_between_two_dates() -> None:
    plan = planificateur().plan("mauleon", "emploi_prive_hors_ebe")
    assert plan.effectifs is not None
    # 15 in January 2017, 65 in January 2019, 77 in December 2019, 75 in December 2020
    assert plan.effectifs.tolist() == [[0, 0], [0, 0], [0, 0], [15, 65], [15, 65], [77, 77], [75, 75]]
