"""The chapter of collective life: who never comes is named, a secret is no zero, silence is awaited."""

from __future__ import annotations

from collections.abc import Sequence

from bs4 import BeautifulSoup
from essai import DEFINITIONS

from analysis.indicateurs.ensemble import ensemble
from analysis.noyau.mesures import Cadre, Mesure
from analysis.presentation.deposits import vie_associative as vue
from analysis.presentation.numbers import NBSP
from analysis.secret.bundle import Bundle, with_measures
from analysis.secret.regles import decider
from analysis.sources.register import Register

END = "2019-12-31"
COLLEGES = (
    "personnes_concernees",
    "salaries_ebe",
    "elus",
    "entreprises",
    "etat",
    "associations",
    "habitants",
)
CADRE = Cadre("val", "reel", "dépôt n° 1", DEFINITIONS)
OTHER = Cadre("vide", "reel", "dépôt n° 1", DEFINITIONS)


def months(cadre: Cadre, *counts: int) -> list[Mesure]:
    return [
        cadre.somme("reunions_mois", f"2019-{rank:02d}", count, n=count)
        for rank, count in enumerate(counts, start=1)
    ]


def room(cadre: Cadre, present: Sequence[int], of: int = 8) -> list[Mesure]:
    """The meetings of the committee where each college was, and the days since the last one."""
    shares = [
        cadre.ratio("cle_college_present", END, count, of, vide="", modalite=college)
        for college, count in zip(COLLEGES, present, strict=True)
    ]
    return [*shares, cadre.somme("jours_depuis_cle", END, 40.0, n=1)]


def bundle_of(empty: Bundle, found: Sequence[Mesure]) -> Bundle:
    everything = [*found, *ensemble(found, DEFINITIONS)]
    return with_measures(empty, decider(everything, DEFINITIONS, frozenset()), DEFINITIONS, "publication")


def text(html: str) -> str:
    return " ".join(
        BeautifulSoup(html, "lxml").get_text(" ").replace("\u202f", " ").replace(NBSP, " ").split()
    )


def rows(html: str) -> list[list[str]]:
    soup = BeautifulSoup(html, "lxml")
    return [[text(str(cell)) for cell in row.find_all(["th", "td"])] for row in soup.select("tbody tr")]


def test_without_a_deposit_the_chapter_awaits_and_shows_nothing_else(synthese: Bundle) -> None:
    empty = bundle_of(synthese, [])
    told = vue.reunions_de_tous(empty).html
    assert 'class="absence attente"' in told and "les réunions du territoire" in told
    others = (
        *(vue.frise, vue.mois_de_tous, vue.agendas, vue.dans_la_salle, vue.jamais_la),
        *(vue.presences_de_tous, vue.suites, vue.sans_suite, vue.benevoles_de_tous),
    )
    assert [view(empty).html for view in others] == [""] * len(others)


def test_the_territory_with_the_most_empty_months_is_named(synthese: Bundle) -> None:
    found = [*months(CADRE, 1, 0, 2, 0, 5), *months(OTHER, 1, 1, 1, 1, 0)]
    shown = vue.mois_de_tous(bundle_of(synthese, found)).html
    assert "Val-d'Essai : 2 mois sans réunion sur 5, le plus grand nombre" in text(shown)
    assert ["Val-d'Essai", "février 2019", "0"] in rows(shown)


def test_the_months_of_all_together_name_the_busiest_and_the_empty(synthese: Bundle) -> None:
    found = [*months(CADRE, 1, 0, 2), *months(OTHER, 3, 0, 4)]
    said = text(vue.frise(bundle_of(synthese, found)).html)
    assert "Jusqu'à 6 réunions en un mois (mars 2019) ; aucune en février 2019" in said


def test_who_is_never_in_the_room_is_named(synthese: Bundle) -> None:
    found = [*room(CADRE, (8, 6, 8, 0, 4, 8, 0)), *room(OTHER, (8, 8, 8, 8, 8, 8, 2))]
    shown = bundle_of(synthese, [*months(CADRE, 1), *months(OTHER, 1), *found])
    first, second = rows(vue.jamais_la(shown).html)
    assert first[1] == "entreprises et habitants" and second[1] == "–"
    assert first[2] == "40" and first[3:] == ["100", "75", "100", "0", "50", "100", "0"]
    assert "Habitants : présents dans 13 % des comités locaux" in text(vue.dans_la_salle(shown).html)


def test_a_territory_that_sent_nothing_is_a_row_that_says_so(synthese: Bundle) -> None:
    shown = bundle_of(synthese, [*months(CADRE, 1), *room(CADRE, (8, 6, 8, 1, 4, 8, 2))])
    last = rows(vue.jamais_la(shown).html)[-1]
    assert "en attente du dépôt du territoire" in last[0] and set(last[1:]) == {"–"}


def test_few_presences_are_secret_and_no_zero(synthese: Bundle) -> None:
    counts = dict(zip(COLLEGES, (12, 0, 9, 2, 30, 7, 6), strict=True))
    found = []
    for cadre in (CADRE, OTHER):
        found.append(cadre.compte("presences", "2019", sum(counts.values())))
        found += [cadre.compte("presences_college", "2019", n, modalite=c) for c, n in counts.items()]
    html = vue.presences_de_tous(bundle_of(synthese, found)).html
    told = {row[0]: row[1] for row in rows(html)}
    assert told["Entreprises"] == "secret" and "Salariés d'EBE" not in told
    assert told["Présences aux réunions (présences)"] == "132"


def test_every_object_that_comes_first_is_named(synthese: Bundle) -> None:
    left = {"activites": 4, "embauches": 4, "accompagnement": 1}
    codes = [choix.code for choix in DEFINITIONS.of("decisions_sans_suite").modalites]
    found = [
        cadre.somme("decisions_sans_suite", END, left.get(code, 0), n=left.get(code, 0), modalite=code)
        for cadre in (CADRE, OTHER)
        for code in codes
    ]
    said = text(vue.sans_suite(bundle_of(synthese, found)).html)
    assert "sans suite connue portent d'abord sur" in said and "18" not in said, "no sum of what is shown"
    assert "rythme et ordre des embauches" in said and "(8 par objet)" in said


def test_decisions_that_were_all_followed_are_told_so(synthese: Bundle, register: Register) -> None:
    codes = [choix.code for choix in DEFINITIONS.of("decisions_sans_suite").modalites]
    found = [
        cadre.somme("decisions_sans_suite", END, 0, n=0, modalite=code)
        for cadre in (CADRE, OTHER)
        for code in codes
    ]
    said = text(vue.sans_suite(bundle_of(synthese, found)).html)
    assert "Aucune décision de plus de six mois n'est sans suite connue" in said
