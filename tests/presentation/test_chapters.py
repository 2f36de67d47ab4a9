"""The blocks of a chapter, on a territory with figures and on one without any."""

from __future__ import annotations

from dataclasses import replace

from bs4 import BeautifulSoup

from analysis.presentation.drawing.charts import index_of
from analysis.presentation.numbers import NBSP
from analysis.presentation.parts import tables
from analysis.presentation.parts.blocks import Block
from analysis.presentation.parts.mentions import ATELIER_MARK
from analysis.presentation.published import synthese as national
from analysis.presentation.published import territoire
from analysis.presentation.published.local import chomage, conditions, emploi_prive
from analysis.presentation.published.trajectoire import trajectoire
from analysis.secret.bundle import Bundle, bundle_ensemble, bundle_territoire
from analysis.sources.register import Register

BLOCKS = (
    territoire.titre,
    territoire.carte_identite,
    territoire.carte,
    territoire.texte,
    territoire.effectifs,
    territoire.sources,
    emploi_prive.emploi_prive,
    emploi_prive.evolution_emploi,
    chomage.demandeurs_emploi,
    chomage.taux_chomage,
    conditions.conditions_de_vie,
    tables.disagreements,
)


def text_of(block: Block) -> str:
    return BeautifulSoup(block.html, "lxml").get_text(" ")


def test_every_block_of_a_territory_without_figures_says_so(vide: Bundle) -> None:
    for block in BLOCKS:
        assert "nan" not in text_of(block(vide)).lower().split()
    for block in (
        territoire.effectifs,
        emploi_prive.emploi_prive,
        chomage.demandeurs_emploi,
        chomage.taux_chomage,
    ):
        assert 'class="absence"' in block(vide).html
    said = text_of(territoire.hypothese(vide, "H1")).replace(NBSP, " ")
    assert "Preuve absente : aucun chiffre publié" in said
    assert "aucune EBE connue" in text_of(territoire.carte_identite(vide))


def test_a_few_dated_figures_are_a_sentence_without_the_deduced_one(val: Bundle) -> None:
    block = territoire.effectifs(val)
    soup = BeautifulSoup(block.html, "lxml")
    said = soup.find(id="effectifs-ebe")
    assert soup.figure is None and said is not None
    assert said.get_text().replace(NBSP, " ") == (
        "Effectif de l'EBE, aux dates imprimées par les sources : 25 personnes (février 2017, les sources se "
        "contredisent) ; une quarantaine de personnes (septembre 2018)."
    )
    assert "Le tableau suivant donne aussi 1 valeur sans date sûre. Source\u00a0:" in text_of(block)


def test_the_chart_names_its_zone_and_the_perimeter(val: Bundle) -> None:
    text = text_of(emploi_prive.emploi_prive(val))
    assert "Zone montrée : commune d'Essai." in text
    assert "Périmètre de l'expérimentation : commune d'Essai" in text
    assert "ceux de l'EBE sont comptés dans la commune" in text


def test_growth_is_recomputed_by_hand(val: Bundle) -> None:
    text = text_of(emploi_prive.evolution_emploi(val))
    assert f"+48,5{NBSP}%" in text  # 386 / 260 = 1.4846
    assert f"+2,0{NBSP}%" in text  # 1020 / 1000


def test_index_at_its_base_is_100_and_missing_base_gives_nothing() -> None:
    points = [("2016", 2016.5, 260.0), ("2018", 2018.5, 386.0)]
    assert index_of(points, "2016") == ((2016.5, 100.0), (2018.5, 100 * 386 / 260))
    assert index_of(points, "2017") == () and index_of([("2016", 2016.5, 0.0)], "2016") == ()


def test_charts_are_the_same_bytes_twice(val: Bundle) -> None:
    assert emploi_prive.emploi_prive(val).html == emploi_prive.emploi_prive(val).html


def test_disagreement_shows_both_values_and_who_says_them(val: Bundle) -> None:
    soup = BeautifulSoup(tables.disagreements(val).html, "lxml")
    assert soup.tbody is not None
    assert [a.get_text() for a in soup.tbody.find_all("a", class_="chiffre")] == [
        f"25{NBSP}personnes",
        f"29{NBSP}personnes",
    ]
    assert "La Gazette, décembre 2019" in soup.tbody.get_text()


def test_hypothesis_tells_the_limit_and_the_strength(val: Bundle) -> None:
    text = text_of(territoire.hypothese(val, "H1"))
    assert "Il ne dit pas qui attend encore." in text
    said = text.replace(NBSP, " ")
    assert "Preuve indicative : 4 chiffres publiés, dont 3 à date sûre et aucun de première main" in said


def test_a_hypothesis_gives_the_last_dated_value_and_counts_the_others(val: Bundle) -> None:
    soup = BeautifulSoup(territoire.hypothese(val, "H1").html, "lxml")
    rows = {tr.th.get_text(): tr.td.get_text(" ") for tr in soup.find_all("tr") if tr.th and tr.td}
    assert "une quarantaine de" in rows["Salariés de l'EBE"]
    assert "septembre 2018 ; 2 autres valeurs plus haut" in rows["Salariés de l'EBE"].replace("\u202f", " ")
    assert "plus haut" not in rows["Embauches cumulées"]


def test_gap_is_shown_as_a_gap(synthese: Bundle) -> None:
    soup = BeautifulSoup(national.comparaison(synthese, "effectif_ebe").html, "lxml")
    rows = {tr.th.get_text(): tr.td.get_text() for tr in soup.find_all("tr") if tr.td and tr.th}
    assert rows["Bourg-Vide"] == "non publié"
    assert "une quarantaine" in rows["Val-d'Essai"] and "0" not in rows["Bourg-Vide"]


def test_an_evaluation_that_published_nothing_is_named_in_a_sentence(synthese: Bundle) -> None:
    soup = BeautifulSoup(national.evaluations(synthese, "effectif_ebe").html, "lxml")
    assert soup.find(id="evaluations") is not None and soup.select_one("#evaluations table") is None
    read = soup.select_one("#evaluations-lues tbody tr")
    assert read is not None and [cell.get_text() for cell in read.find_all(["th", "td"])] == [
        "Revue 2019",
        "Coûts par ETP.",
        "article de presse",
    ]
    assert "Sans chiffre au tableau précédent : Revue 2019." in soup.get_text()


def test_the_comparison_keeps_both_sides_of_a_disagreement_and_names_sites(published: Register) -> None:
    bundle = bundle_ensemble(published, "synthese", texte=None)
    soup = BeautifulSoup(national.comparaison(bundle, "effectif_ebe").html, "lxml")
    rows = {tr.th.get_text(): tr.td.get_text() for tr in soup.find_all("tr") if tr.td and tr.th}
    assert "40 (septembre 2020)" in rows["Villeurbanne Saint-Jean"]
    assert "80 (16 septembre 2020 †)" in rows["Villeurbanne Saint-Jean"]
    assert "80 (Loos – Les Oliveaux" in rows["Métropole de Lille"]


def test_the_atelier_marks_its_title_and_publication_does_not(val: Bundle) -> None:
    assert ATELIER_MARK in territoire.titre(val).html
    assert ATELIER_MARK not in territoire.titre(replace(val, mode="publication")).html


def test_a_national_figure_alone_is_a_sentence(synthese: Bundle) -> None:
    block = trajectoire(synthese, "effectif_ebe", places=("national",))
    assert "<figure" not in block.html and f"622{NBSP}personnes</a>" in block.html
    assert "septembre 2018" in block.html


def test_the_identity_card_opens_on_what_decides_the_fate(published: Register) -> None:
    soup = BeautifulSoup(
        territoire.carte_identite(bundle_territoire(published, "colombelles", texte=None)).html, "lxml"
    )
    heads = [th.get_text() for th in soup.select("tbody th")]
    assert heads[:2] == ["Procédure collective", "Habilitation"]
    cell = soup.select_one("tbody td")
    assert cell is not None and "redressement judiciaire" in cell.get_text()


def test_evidence_stands_by_direction_then_by_the_rank_of_its_strength(published: Register) -> None:
    bundle = bundle_ensemble(published, "synthese", texte=None)
    soup = BeautifulSoup(national.preuves(bundle, "H1").html, "lxml")
    rows = [
        [span.get_text() for span in row.select("th [data-tri], td:nth-child(2) [data-tri]")]
        for row in soup.select("tbody tr")
    ]
    keys = [
        [int(str(span["data-tri"])) for span in row.select("th [data-tri], td:nth-child(2) [data-tri]")]
        for row in soup.select("tbody tr")
    ]
    assert keys == sorted(keys) and len(keys) == sum(p.hypothese == "H1" for p in published.preuves)
    assert rows[0] == ["appuie", "preuve établie"] and rows[-1] == ["n'éclaire pas", "preuve absente"]
    assert "La ferait changer : un suivi nominatif" in soup.select("tbody tr")[0].get_text()
    assert "Première phase. Les éligibles" in soup.select("tbody tr")[0].get_text()


def test_the_synthesis_defines_each_degree_of_the_scale_and_no_other(published: Register) -> None:
    bundle = bundle_ensemble(published, "synthese", texte=None)
    soup = BeautifulSoup(national.echelle(bundle).html, "lxml")
    assert [tag.get_text() for tag in soup.find_all("strong")] == [
        "appuie",
        "nuance",
        "contredit",
        "n'éclaire pas",
        "établie",
        "indicative",
        "contestée",
        "absente",
    ]
