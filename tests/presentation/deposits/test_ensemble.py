"""The synthesis of deposits: all the territories together beside what was published, hypotheses judged with both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import nbformat
import pytest
from bs4 import BeautifulSoup
from carnets import NOTEBOOKS, shown_by
from essai import DEFINITIONS
from nbformat.v4 import new_output

from analysis.chapitres.composition import composed, empty_sections
from analysis.indicateurs.calcul import Resultats
from analysis.indicateurs.ensemble import ensemble as together
from analysis.noyau.declared.constats import Constat, load_constats
from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.errors import InvalidData
from analysis.noyau.mesures import ENSEMBLE, Cadre, Definitions, Mesure, trop_petits
from analysis.noyau.paths import Project
from analysis.presentation.deposits import ensemble as vue
from analysis.presentation.numbers import NBSP
from analysis.secret.bundle import Bundle, bundle_ensemble, with_measures
from analysis.secret.regles import decider
from analysis.sources.register import Register, load_register

END = "2019-12-31"
OUT = {"amont": (10, 20), "aval": (40, 50), "haut": (13, 120)}
"""Volunteers out of the deprivation of a job, of all the volunteers, in three invented places."""
RULES = (
    Constat("H1", "taux_sortie", "", 50.0, "appuie", "nuance", "la moitié."),
    Constat("H2", "liste_attente", "", 1.0, "nuance", "appuie", "tant qu'on attend."),
)


def measures(*places: str) -> list[Mesure]:
    """The rate of exits of these places, then of all of them together."""
    found = []
    for place in places:
        out, of = OUT[place]
        cadre = Cadre(place, "reel", "dépôt n° 1", DEFINITIONS)
        found += [
            cadre.compte("sorties_privation", END, out),
            cadre.compte("volontaires_eligibles", END, of),
            cadre.ratio("taux_sortie", END, out, of, vide=""),
        ]
    return [*found, *together(found, DEFINITIONS)]


def shown(bundle: Bundle, found: Sequence[Mesure], known: Definitions = DEFINITIONS) -> Bundle:
    """The bundle of a publication: what the gate lets through."""
    released = decider(found, known, frozenset())
    return replace(with_measures(bundle, released, known, "publication"), constats=RULES)


def rows(html: str) -> list[list[str]]:
    soup = BeautifulSoup(html.replace("\u202f", " ").replace(NBSP, " "), "lxml")
    return [[cell.get_text(" ") for cell in row.find_all(["th", "td"])] for row in soup.select("tbody tr")]


def test_a_territory_added_or_withdrawn_turns_what_the_deposits_say(synthese: Bundle) -> None:
    """Two places: 50 of 70, 71,4 %, which supports; with the third 63 of 190, 33,2 %, which only qualifies."""
    two = rows(vue.constats(shown(synthese, measures("amont", "aval")), "H1").html)
    three = rows(vue.constats(shown(synthese, measures("amont", "aval", "haut")), "H1").html)
    assert two[0][0] == "appuie" and two[0][3].startswith("71,4") and "(50 / 70)" in two[0][3]
    assert three[0][0] == "nuance" and three[0][3].startswith("33,2") and "(63 / 190)" in three[0][3]


def test_both_what_is_published_and_what_is_deposited_are_counted(synthese: Bundle) -> None:
    html = vue.constats(shown(synthese, measures("amont", "aval")), "H1").html
    words = BeautifulSoup(html, "lxml").get_text(" ").replace(NBSP, " ")
    assert "ce que disent les dépôts : 1 mesure, qui appuie" in words
    (evidence,) = [preuve for preuve in synthese.preuves if preuve.hypothese == "H1"]
    verb = synthese.dictionary.direction(evidence.direction).libelle
    assert f"ce qui est publié donne 1 preuve, qui {verb} ; les dépôts donnent 1 mesure, qui appuie" in words


def test_a_withheld_number_has_no_direction(synthese: Bundle) -> None:
    """Three people who wait are withheld: nothing is said of the hypothesis, in no form."""
    found = [
        Cadre(place, "reel", "dépôt n° 1", DEFINITIONS).compte("liste_attente", END, count)
        for place, count in (("amont", 1), ("aval", 2))
    ]
    html = vue.constats(shown(synthese, [*found, *together(found, DEFINITIONS)]), "H2").html
    (row,) = rows(html)
    assert row[:2] == ["–", "–"] and row[3] == "secret"
    assert "1 mesure, sans nombre publiable" in html and "qui nuance" not in html


def test_measures_stand_beside_the_last_published_figure(synthese: Bundle) -> None:
    found = [
        Cadre(place, "reel", "dépôt n° 1", DEFINITIONS).compte("embauchees", END, count)
        for place, count in (("amont", 40), ("aval", 60))
    ]
    bundle = shown(synthese, [*found, *together(found, DEFINITIONS)])
    (row,) = rows(vue.theme(bundle, "trajectoires").html)
    assert row[1].startswith("100") and row[2] == "31 décembre 2019" and row[3] == "non publié"
    themes = {**vue.THEMES, "trajectoires": _with_published(vue.THEMES["trajectoires"])}
    assert themes["trajectoires"].lignes[0].publies == ("effectif_ebe",)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vue, "THEMES", themes)
        (beside,) = rows(vue.theme(bundle, "trajectoires").html)
    assert beside[3].startswith("622 personnes") and "septembre 2018" in beside[3]


def _with_published(theme: vue.Theme) -> vue.Theme:
    first, *others = theme.lignes
    return replace(theme, lignes=(replace(first, publies=("effectif_ebe",)), *others))


def test_without_deposits_every_part_is_empty(synthese: Bundle) -> None:
    bare = shown(synthese, [])
    assert {vue.theme(bare, name).html for name in vue.THEMES} == {""}
    assert {vue.constats(bare, code).html for code in ("H1", "H2", "H3")} == {""}


def test_every_row_names_a_measure_its_category_and_published_indicators_that_exist() -> None:
    known = {i.indicateur for i in load_register(Project.here()).dictionary.indicators}
    for theme in vue.THEMES.values():
        for ligne in theme.lignes:
            codes = {choix.code for choix in DEFINITIONS.of(ligne.mesure).modalites}
            assert (ligne.modalite in codes) if codes else not ligne.modalite, ligne
            assert set(ligne.publies) <= known, ligne


def test_a_rule_names_a_measure_its_category_and_its_hypothesis() -> None:
    for rule in load_constats(
        Project.here(),
        mesures=DEFINITIONS.by_name,
        directions=("appuie", "nuance", "contredit", "n_eclaire_pas"),
    ):
        codes = {choix.code for choix in DEFINITIONS.of(rule.mesure).modalites}
        assert (rule.modalite in codes) if codes else not rule.modalite, rule
        assert rule.au_moins != rule.sous, rule


def test_a_rule_of_an_unknown_measure_is_refused(small: Project) -> None:
    with pytest.raises(InvalidData, match="constats.csv, ligne 2, colonne « mesure »"):
        load_constats(
            small, mesures=("taux_offre",), directions=("appuie", "nuance", "contredit", "n_eclaire_pas")
        )


def titles(bundle: Bundle) -> list[str]:
    """The titles of the synthesis as readers get it, none of them empty."""
    notebook = nbformat.read(NOTEBOOKS / "synthese.ipynb", as_version=4)
    blocks = {s.code: s.block.html for s in shown_by("synthese.ipynb", bundle)}
    for cell in notebook.cells:
        code = "\n".join(line for line in cell.source.splitlines() if not line.startswith("%"))
        if code in blocks:
            cell.outputs = [new_output("display_data", data={"text/html": blocks[code]})]
    chapter = composed(notebook)
    assert empty_sections(chapter) == []
    return [cell.source.splitlines()[0] for cell in chapter.cells if cell.cell_type == "markdown"]


DEPOSITS = "## Ce que disent les dépôts de tous les territoires"
PUBLISHED = "## La trajectoire nationale"


@pytest.mark.lent
def test_without_deposits_their_sections_go(published: Register) -> None:
    found = titles(shown(bundle_ensemble(published, "synthese", texte=None), []))
    assert PUBLISHED in found and DEPOSITS not in found and "### Les trajectoires" not in found


@pytest.mark.lent
def test_the_synthesis_of_ten_invented_territories_judges_with_their_deposits(
    ten: Project, resultats_of_ten: Resultats
) -> None:
    """The notebook of both bilans, on ten deposits and on nine: another count of volunteers, another rate."""
    register = load_register(ten)
    lieux = [territoire.code for territoire in register.territoires]

    def rate(codes: Sequence[str]) -> tuple[str, str]:
        base = [m for m in resultats_of_ten.mesures if m.lieu in codes]
        few = trop_petits(base)
        large = [m for m in base if m.lieu not in few]
        found = [*base, *together(large, resultats_of_ten.definitions, resultats_of_ten.accords)]
        bundle = shown(bundle_ensemble(register, "synthese", texte=None), found, resultats_of_ten.definitions)
        bundle = replace(bundle, nature="demonstration", listes=load_nomenclatures(ten))
        assert DEPOSITS in titles(bundle) and not {PUBLISHED, "### Ce que l'on ne sait pas"} & set(
            titles(bundle)
        )
        blocks = {s.code: s.block.html for s in shown_by("synthese.ipynb", bundle)}
        first = rows(blocks['ensemble.constats(chapitre, "H1")'])[0]
        assert blocks['vue.preuves(chapitre, "H1")'] == ""
        return first[0], first[3]

    assert any(m.lieu == ENSEMBLE for m in resultats_of_ten.mesures)
    ten_of_them, nine = rate(lieux), rate(lieux[1:])
    assert ten_of_them[0] == nine[0] == "appuie"
    assert ten_of_them[1] != nine[1] and " / " in nine[1]
