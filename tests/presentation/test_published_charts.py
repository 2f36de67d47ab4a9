"""The charts of published figures, drawn from the repository's own register: what they say is what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from bs4 import BeautifulSoup, Tag
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text

from analysis.noyau.french import NBSP, THIN_NBSP
from analysis.presentation.drawing import style
from analysis.presentation.drawing.style import PHONE, dark
from analysis.presentation.parts import tables
from analysis.presentation.parts.blocks import FEWEST_POINTS, Block
from analysis.presentation.published import synthese, territoire
from analysis.presentation.published.local import chomage, emploi_prive
from analysis.presentation.published.trajectoire import trajectoire
from analysis.secret.bundle import Bundle, bundle_ensemble, bundle_territoire
from analysis.secret.release import Released
from analysis.sources.fiches import Serie
from analysis.sources.register import Register

pytestmark = pytest.mark.lent

NATIONAL = ("effectif_ebe", "embauches_cumulees_ebe", "nombre_ebe", "nombre_territoires")
PLACES = ("national", "phase-2")
EVALUATED = (
    "cout_privation_emploi_personne_an",
    "cout_prevu_etp_an",
    "cout_brut_etp_an",
    "couts_evites_recettes_etp_an",
    "cout_net_etp_an",
    "taux_emploi_contrefactuel",
    "effet_taux_emploi",
)

VARIOUS = ("colombey-sud-toulois", "metropole-lille", "mauleon", "paris-13", "pipriac-saint-ganton")
"""An EPCI, two districts, many counts of staff, an arrondissement, a commune of twelve employees."""


def soup_of(block: Block) -> BeautifulSoup:
    return BeautifulSoup(block.html, "lxml")


def plain(text: str) -> str:
    return text.replace(NBSP, " ").replace(THIN_NBSP, " ")


def caption(block: Block) -> str:
    found = soup_of(block).figcaption
    assert found is not None
    return plain(found.get_text())


def blocks_of_synthesis(bundle: Bundle) -> list[Block]:
    return [
        synthese.carte(bundle),
        trajectoire(bundle, *NATIONAL, places=PLACES),
        synthese.effectifs(bundle),
        synthese.emploi_prive(bundle),
    ]


def blocks_of_territory(bundle: Bundle) -> list[Block]:
    return [
        territoire.carte(bundle),
        territoire.effectifs(bundle),
        emploi_prive.emploi_prive(bundle),
        chomage.demandeurs_emploi(bundle),
        chomage.taux_chomage(bundle),
    ]


@pytest.fixture(scope="module")
def national(published: Register) -> Bundle:
    return bundle_ensemble(published, "synthese", texte=None)


Drawn = list[tuple[Figure, bytes]]


@pytest.fixture(scope="module")
def everything(published: Register, national: Bundle) -> Iterator[tuple[list[Block], Drawn]]:
    """The blocks with a chart of the synthesis and of territories unlike one another, the figures and their SVG."""
    drawn: Drawn = []

    def recorded(figure: Figure) -> bytes:
        svg = to_svg(figure)
        drawn.append((figure, svg))
        return svg

    to_svg = style.to_svg
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(style, "to_svg", recorded)
        blocks = blocks_of_synthesis(national)
        for code in VARIOUS:
            blocks += blocks_of_territory(bundle_territoire(published, code, texte=None))
    yield blocks, drawn


def figures_in(blocks: list[Block]) -> list[Tag]:
    return [figure for block in blocks for figure in soup_of(block).find_all("figure")]


def test_every_chart_can_be_read_without_its_picture(everything: tuple[list[Block], Drawn]) -> None:
    figures = figures_in(everything[0])
    assert len(figures) == 4 + 4 + 4 + 5 + 3 + 5
    for figure in figures:
        title, described = figure.figcaption, figure.select_one(".description")
        assert title is not None and described is not None
        assert described.get_text().startswith(title.get_text())  # the description says the finding first
        assert figure.select_one(".sous-titre") is not None
        if figure["id"] == "carte":
            continue
        assert any(letter.isdigit() for letter in title.get_text())
        for kind, word in (("lecture", "Lecture"), ("champ", "Champ"), ("note", "Source")):
            said = figure.select_one(f".{kind}")
            assert said is not None and word in said.get_text(), (figure["id"], kind)


def test_no_chart_has_fewer_than_four_points(everything: tuple[list[Block], Drawn]) -> None:
    for figure in figures_in(everything[0]):
        values = figure.select("details tbody td.nombre")
        assert figure["id"] == "carte" or len(values) >= FEWEST_POINTS


def test_every_picture_has_a_dark_twin_and_a_phone_width(everything: tuple[list[Block], Drawn]) -> None:
    for figure, svg in everything[1]:
        dark(svg)  # refuses a colour that is not of the palette
        width = float(svg.partition(b'width="')[2].partition(b"pt")[0])
        assert width <= 72 * figure.get_figwidth() + 12, "something stands out of the frame"


def visible(figure: Figure) -> list[Text]:
    """The texts that are seen; an axis draws some of its ticks only."""
    ticks = {id(text) for axis in figure.findobj(Axis) for text in axis.get_ticklabels(which="both")}
    return [
        text
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and id(text) not in ticks
    ]


def test_words_on_a_phone_are_large_and_cover_no_other(everything: tuple[list[Block], Drawn]) -> None:
    narrow = [figure for figure, _ in everything[1] if figure.get_figwidth() <= PHONE.width + 0.01]
    assert len(narrow) * 2 == len(everything[1])
    for figure in narrow:
        assert min(text.get_fontsize() for text in visible(figure)) >= 8.5
    for figure, _ in everything[1]:
        figure.draw_without_rendering()
        words = [text for text in visible(figure) if isinstance(text, Annotation)]
        for one, other in combinations(words, 2):
            assert not one.get_window_extent().overlaps(other.get_window_extent()), (one, other)


def test_the_trajectory_says_the_figures_of_the_register(published: Register, national: Bundle) -> None:
    block = trajectoire(national, *NATIONAL, places=PLACES)
    values = {c.numero: c.valeur for c in published.chiffres}
    assert (values[298], values[304], values[432]) == (622, 873, 4051)
    assert caption(block) == (
        "Salariés en EBE (personnes) : 622 en septembre 2018, 873 le 30 juin 2021, "
        "quelque 4 000 le 27 janvier 2026 (deuxième phase)"
    )
    few = soup_of(block).find(id="trajectoire-embauches-cumulees-ebe")
    assert few is not None and "838 personnes (juillet 2019" in plain(few.get_text())


def test_the_last_counts_are_those_of_the_register(published: Register, national: Bundle) -> None:
    dated = [
        c
        for c in published.chiffres
        if c.indicateur in ("effectif_ebe", "effectif_une_ebe")
        and c.territoire not in PLACES
        and c.periode_sure
        and c.valeur is not None
    ]
    last = {(c.territoire, c.champ if c.indicateur == "effectif_une_ebe" else ""): c for c in dated}
    assert (min(c.valeur for c in last.values()), max(c.valeur for c in last.values())) == (6, 103)
    block = synthese.effectifs(national)
    assert "de 6 à 103 personnes" in caption(block)
    described = plain(block.html)
    assert "Pays de Colombey et du Sud Toulois : La Fabrique : 62 personnes, septembre 2018" in described
    assert "Pays de Colombey et du Sud Toulois : De laine en rêves : 6 personnes, juillet 2019" in described
    assert "Villeurbanne Saint-Jean : 80 personnes, 9 septembre 2020, contesté" in described


def series(published: Register, zone: str) -> dict[str, float]:
    (found,) = [s for s in published.series if s.indicateur == "emploi_salarie_prive" and s.zone == zone]
    return {point.periode.text: point.valeur for point in found.points}


def grown(published: Register, zone: str) -> float:
    values = series(published, zone)
    return values["2024-12-31"] / values["2016-12-31"]


def test_employment_is_compared_with_the_zone_where_whole_communes_take_part(
    published: Register, national: Bundle
) -> None:
    places = (
        "14167",
        "245400510",
        "54135",
        "13048",
        "79079",
        "35219",
        "58218",
    )  # Colombey's EPCI and its centre
    around = {c.code: c.zone_emploi for t in published.territoires for c in t.communes}
    around |= {c.epci: c.zone_emploi for t in published.territoires for c in t.communes}
    slower = [near for near in places if grown(published, near) <= grown(published, around[near])]
    assert slower == ["54135"]  # 311 / 288 = 1.0799, Nancy 1.0806
    block = synthese.emploi_prive(national)
    assert caption(block) == (
        "De fin 2016 à fin 2024, l'emploi salarié privé a davantage augmenté que dans la zone d'emploi dans "
        "6 lieux sur 7 ; exception : commune de Colombey-les-Belles"
    )
    described = plain(soup_of(block).select_one(".description").get_text())
    assert "Prémery, 309 salariés fin 2014, 260 salariés fin 2016, 376 salariés fin 2024" in described
    note = plain(soup_of(block).select_one(".note").get_text())
    assert "Loos, Tourcoing, Paris 13e, Thiers, Villeurbanne" in note
    assert "Saint-Ganton : 12 salariés fin 2016, 9 fin 2024" in note
    assert "obtenu par un intermédiaire, non recontrôlé" in note


def test_a_territory_says_its_own_numbers(published: Register) -> None:
    premery = bundle_territoire(published, "premery", texte=None)
    counts, zone = series(published, "58218"), series(published, premery.territoire.communes[0].zone_emploi)
    assert (counts["2016-12-31"], counts["2024-12-31"]) == (260, 376)  # 376 / 260 = 1.446
    there = 100 * (zone["2024-12-31"] / zone["2016-12-31"] - 1)
    assert caption(emploi_prive.emploi_prive(premery)) == (
        "Commune de Prémery : +44,6 % d'emplois salariés privés de fin 2016 à fin 2024, contre "
        f"{there:+.1f} % dans la zone d'emploi de Nevers".replace(".", ",").replace("-", "−", 0)
    )
    assert caption(chomage.demandeurs_emploi(premery)) == (
        "Demandeurs d'emploi inscrits du 4e trimestre 2015 au 4e trimestre 2024 : de 150 à 100 (commune de Prémery)"
    )
    assert caption(chomage.taux_chomage(premery)) == (
        "Chômage du 4e trimestre 2016 au 3e trimestre 2023 : de 9,2 % à 6,8 % (zone d'emploi de Nevers), "
        "de 9,8 % à 7,2 % (France métropolitaine)"
    )


def test_a_territory_of_several_lines_names_each_in_its_title(published: Register) -> None:
    block = emploi_prive.emploi_prive(bundle_territoire(published, "colombey-sud-toulois", texte=None))
    assert caption(block) == (
        "Emplois salariés privés de fin 2016 à fin 2024 : CC du Pays de Colombey et du Sud Toulois +36,4 %, "
        "commune de Colombey-les-Belles +8,0 %, contre +8,1 % dans la zone d'emploi de Nancy"
    )
    assert [round(100 * (grown(published, zone) - 1), 1) for zone in ("245400510", "54135", "4412")] == [
        36.4,
        8.0,
        8.1,
    ]


@pytest.mark.parametrize(
    ("code", "where"),
    [
        ("premery", "emplois de l'EBE compris, "),
        ("colombey-sud-toulois", "emplois de l'EBE compris, "),
        ("pipriac-saint-ganton", "emplois de l'EBE compris là où elle est installée, "),
        ("thiers", "emplois de l'EBE compris, "),
    ],
)
def test_the_jobs_of_the_ebe_are_said_to_be_counted(published: Register, code: str, where: str) -> None:
    subtitle = soup_of(emploi_prive.emploi_prive(bundle_territoire(published, code, texte=None))).select_one(
        ".sous-titre"
    )
    assert subtitle is not None and f"31 décembre, {where}31 décembre 2016 = 100" in plain(
        subtitle.get_text()
    )


def test_an_index_gives_the_first_year_too(published: Register) -> None:
    soup = soup_of(emploi_prive.emploi_prive(bundle_territoire(published, "premery", texte=None)))
    counts = series(published, "58218")
    assert counts["2014-12-31"] == 309 and round(100 * (376 / 309 - 1), 1) == 21.7
    lecture, described = soup.select_one(".lecture"), soup.select_one(".description")
    assert lecture is not None and described is not None
    assert "ils étaient 309 fin 2014, soit +21,7 % depuis" in plain(lecture.get_text())
    assert (
        "Commune de Prémery : 260 salariés (31 décembre 2016), 376 salariés (31 décembre 2024) ; "
        "la courbe va de 309 salariés (31 décembre 2014) à 376 salariés (31 décembre 2024)."
    ) in plain(described.get_text())


def test_a_description_gives_the_quarters_that_its_title_compares(published: Register) -> None:
    soup = soup_of(chomage.taux_chomage(bundle_territoire(published, "premery", texte=None)))
    described = soup.select_one(".description")
    assert described is not None
    assert "Zone d'emploi de Nevers : 9,2 % (4e trimestre 2016), 6,8 % (3e trimestre 2023)" in plain(
        described.get_text()
    )


def test_a_few_counts_of_staff_are_a_sentence(published: Register) -> None:
    told = {}
    for one in published.territoires:
        block = territoire.effectifs(bundle_territoire(published, one.code, texte=None))
        told[one.code] = "<figure" not in block.html
    drawn = [code for code, is_told in told.items() if not is_told]
    assert drawn == ["mauleon", "pipriac-saint-ganton", "villeurbanne-saint-jean"]
    mauleon = territoire.effectifs(bundle_territoire(published, "mauleon", texte=None))
    assert (
        caption(mauleon)
        == "Effectif de l'EBE : 15 personnes en janvier 2017, 77 personnes en décembre 2019, 75 personnes en décembre 2020"
    )


def test_a_map_is_told_with_the_departements(published: Register, national: Bundle) -> None:
    premery = bundle_territoire(published, "premery", texte=None)
    for block in (synthese.carte(national), territoire.carte(premery)):
        described = soup_of(block).select_one(".description")
        assert described is not None
        for one in published.territoires:
            assert all(
                f"{one.nom} (" in described.get_text() and c.departement_nom in described.get_text()
                for c in one.communes
            )
    assert "en rouge, Prémery (Nièvre) ; en gris, Colombelles (Calvados)" in plain(block.html)


def test_the_lines_of_employment_have_their_ends(
    everything: tuple[list[Block], Drawn], published: Register
) -> None:
    """Colombey on a page: the EPCI with its count, its centre, its zone d'emploi and France."""
    ends = {
        round(100 * grown(published, zone)) for zone in ("245400510", "54135", "4412", "FR")
    }  # 136, 108, 108, 112
    assert ends == {136, 108, 112}
    words = [
        {text.get_text() for text in visible(figure)}
        for figure, _ in everything[1]
        if figure.get_figwidth() > PHONE.width + 0.01
    ]
    (colombey,) = [said for said in words if any(plain(w) == "136 (1 232 salariés)" for w in said)]
    assert {"108", "112"} <= colombey


def test_the_peak_of_the_staff_is_in_its_title(published: Register) -> None:
    counts = [
        c.valeur
        for c in published.chiffres
        if c.territoire == "pipriac-saint-ganton"
        and c.indicateur == "effectif_ebe"
        and c.periode_sure
        and c.valeur is not None
    ]
    assert max(counts) == 84
    block = territoire.effectifs(bundle_territoire(published, "pipriac-saint-ganton", texte=None))
    assert caption(block) == (
        "Effectif de l'EBE : 37 personnes le 26 avril 2017, 84 personnes en décembre 2021, 60 personnes en juillet 2025"
    )


def test_a_bound_is_drawn_empty_and_explained(published: Register, national: Bundle) -> None:
    bounds = {c.numero: c.borne_basse for c in published.chiffres if c.valeur is None}
    assert (bounds[77], bounds[303]) == (40, 800)
    for block, words in (
        (synthese.effectifs(national), "plus d'une quarantaine"),
        (trajectoire(national, *NATIONAL, places=PLACES), "plus de 800"),
    ):
        note = soup_of(block).select_one(".note")
        assert note is not None
        assert f"Un point vide est une borne (« {words} ») : la valeur est du côté de sa flèche." in plain(
            note.get_text()
        )
    mauleon = territoire.effectifs(bundle_territoire(published, "mauleon", texte=None))
    assert "Un point vide" not in mauleon.html  # every count of Mauléon is exact


def test_twelve_employees_are_told_and_not_drawn(published: Register) -> None:
    block = emploi_prive.emploi_prive(bundle_territoire(published, "pipriac-saint-ganton", texte=None))
    soup = soup_of(block)
    told = soup.find(id="emploi-prive-35268")
    assert told is not None
    assert (
        plain(told.get_text()) == "Salariés du privé, commune de Saint-Ganton : 12 (fin 2016) ; 9 (fin 2024)."
    )
    assert "Saint-Ganton" not in soup.figcaption.get_text()


def test_a_district_is_told_from_its_commune(published: Register) -> None:
    block = emploi_prive.emploi_prive(bundle_territoire(published, "thiers", texte=None))
    subtitle = soup_of(block).select_one(".sous-titre")
    assert subtitle is not None and "n'est qu'une partie de la zone montrée" in subtitle.get_text()


def test_the_disagreements_are_one_table_that_leads_to_the_rest(
    published: Register, national: Bundle
) -> None:
    soup = soup_of(tables.disagreements(national))
    assert len(soup.find_all("table")) == 1
    rows = soup.tbody.find_all("tr")
    of_the_experiment = [d for d in published.desaccords if not d.desaccord.startswith("hiva")]
    assert len(rows) == len(of_the_experiment) == len(published.desaccords) - 1
    assert not any("HIVA" in row.get_text() for row in rows) and "HIVA" in soup.select_one(".note").get_text()
    jouques = plain(rows[0].get_text(" ", strip=True))
    assert jouques.index("88 personnes") < jouques.index("116 personnes")
    for row, disagreement in zip(rows, of_the_experiment, strict=True):
        page, _, anchor = row.find_all("a")[-1]["href"].partition("#")
        assert anchor == disagreement.anchor
        if page != "registre.html":
            chapter = bundle_territoire(published, page.removesuffix(".html"), texte=None)
            assert soup_of(tables.disagreements(chapter)).find(id=anchor) is not None


def test_the_evaluations_have_no_empty_cell(national: Bundle) -> None:
    soup = soup_of(synthese.evaluations(national, *EVALUATED))
    table = soup.select_one("#evaluations table")
    assert table is not None
    cells = [plain(cell.get_text().strip()) for cell in table.tbody.find_all(["th", "td"])]
    assert all(cell not in ("", "–") for cell in cells)
    assert len(table.tbody.find_all("tr")) == 11  # 56 % and 20 %: one committee, then the other
    assert "56 %" in cells and "74 points de pourcentage" in cells
    assert len(soup.select("#evaluations-lues tbody tr")) == len(national.evaluations)


def shortened(bundle: Bundle, points: int) -> Bundle:
    """The bundle whose series have that many points only."""

    def cut(released: Released[Serie]) -> Released[Serie]:
        return replace(released, content=replace(released.content, points=released.content.points[:points]))

    return replace(bundle, series=tuple(cut(r) for r in bundle.series))


def named(bundle: Bundle, name: str) -> Bundle:
    """The bundle whose territory has that name."""
    assert bundle.territoire is not None
    renamed = replace(bundle.territoire, nom=name)
    return replace(bundle, territoire=renamed, territoires=(renamed, *bundle.territoires[1:]))


def test_one_point_or_a_name_without_end_is_still_a_page(published: Register) -> None:
    real = bundle_territoire(published, "mauleon", texte=None)
    for block in blocks_of_territory(shortened(real, 1))[2:]:
        assert (
            "<figure" not in block.html and 'class="peu-de-points"' in block.html or "absence" in block.html
        )
    long = named(real, "Un territoire dont le nom ne finit pas " * 8)
    for block in blocks_of_territory(long):
        assert "<figure" in block.html


def test_a_territory_without_a_figure_says_so(vide: Bundle) -> None:
    for block in blocks_of_territory(vide)[1:]:
        assert "<figure" not in block.html and 'class="absence"' in block.html


def test_charts_are_the_same_bytes_twice(published: Register, national: Bundle) -> None:
    premery = bundle_territoire(published, "premery", texte=None)
    for make, bundle in (
        (synthese.effectifs, national),
        (synthese.emploi_prive, national),
        (chomage.taux_chomage, premery),
    ):
        assert make(bundle).html == make(bundle).html
