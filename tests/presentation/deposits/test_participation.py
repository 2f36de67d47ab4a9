"""What pages show of local questions and of surveys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from declarees import DEFINITIONS as DECLARED

from analysis.indicateurs.participation.demandes import IndicateurLocal, QuestionLocale, Verbatim
from analysis.indicateurs.participation.locaux import avec_locales
from analysis.livre.article.articles import article_of_html
from analysis.livre.article.references import resolve
from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.mesures import ENSEMBLE, Cadre, Definition, Mesure
from analysis.noyau.paths import Project
from analysis.presentation.deposits.participation import demandes, opinions, repondants, verbatims
from analysis.presentation.published.en_bref import en_bref
from analysis.secret.bundle import Bundle, with_measures, with_participation
from analysis.secret.regles import decider

LOCAL = Definition(
    *(
        "local-val-i1",
        "Venus par un proche",
        "Conseillés par un proche.",
        "pourcent",
        "part",
        "",
        "",
        "",
        "local",
    ),
    modalites=(),
    sensible=False,
    hypotheses=("H1",),
    limite="",
)
KNOWN = avec_locales(DECLARED, {"local-val-i1": LOCAL})
VAL = Cadre("val", "demonstration", "dépôt n° 1", KNOWN)
TOUS = Cadre(ENSEMBLE, "demonstration", "2 territoires", KNOWN)
INDICATEUR = IndicateurLocal(
    "I1",
    "local-val-i1",
    "Venus par un proche",
    "Conseillés.",
    "Registre",
    "pourcent",
    30.0,
    "au_moins",
    "2019-12-31",
)
QUESTION = QuestionLocale("val", "Q1", "Qui vient ?", "elus", "H1", (INDICATEUR,))


def shown(
    bundle: Bundle,
    *mesures: Mesure,
    questions: Iterable[QuestionLocale] = (),
    verbatims: Iterable[Verbatim] = (),
) -> Bundle:
    decided = decider(mesures, KNOWN, frozenset())
    return with_participation(
        with_measures(bundle, decided, KNOWN, "publication"),
        questions=questions,
        verbatims=verbatims,
        commentaires=(),
        listes=load_nomenclatures(Project.here()),
    )


def rows(html: str) -> list[list[str]]:
    found = BeautifulSoup(html, "lxml").select("tr")
    texts = [[" ".join(cell.get_text(" ").split()) for cell in row.find_all(["th", "td"])] for row in found]
    return [[text.replace("\u202f", " ") for text in row] for row in texts]


def share(name: str, part: int, whole: int, code: str, cadre: Cadre = VAL) -> Mesure:
    return cadre.ratio(name, "2018", part, whole, vide="", modalite=code)


def test_a_local_indicator_is_shown_with_its_two_sides_and_its_target(val: Bundle) -> None:
    value = VAL.ratio("local-val-i1", "2018-12-31", 18, 64, vide="")
    _, row = rows(demandes.questions(shown(val, value, questions=[QUESTION])).html)
    assert row[0] == "Qui vient ? Q1, posée par : élus"
    assert row[1] == "Venus par un proche Conseillés. Source : Registre."
    assert row[2:] == ["28,1 % (18 sur 64) 31 décembre 2018", "au moins 30 % 31 décembre 2019", "non"]


@pytest.mark.parametrize("markup", ["[^x]", "[^x]: note", "[@x]", "{effectif}", "# Titre"])
def test_markup_of_the_book_is_words_in_what_territories_and_people_write(
    val: Bundle, synthese: Bundle, markup: str
) -> None:
    """In the question, its indicator, a quoted sentence: no footnote, no source, the page is made."""
    told = replace(INDICATEUR, libelle=f"L {markup}", definition=f"D {markup}", origine=f"O {markup}")
    asked = replace(QUESTION, intitule=f"Q {markup}", indicateurs=(told,))
    said = Verbatim("val", "habitants", 2020, "Que faudrait-il ?", "activites", markup, 30)
    bundle = shown(val, questions=[asked], verbatims=[said])
    blocks = [demandes.questions(bundle), verbatims.verbatims(bundle)]
    blocks.append(demandes.questions_de_tous(shown(synthese, questions=[asked])))
    body = "".join(block.html for block in blocks).replace('href="val.html"', "")
    article = article_of_html(f'<h1 id="titre">Val</h1>{body}', name="val")
    (page,) = resolve({"val": article}, {"val": "chapitre 1"}, {}).values()
    soup = BeautifulSoup(page.html, "lxml")
    assert soup.get_text().count(markup) >= 5
    assert not soup.select("sup, a.citation, section.notes")


def test_a_local_value_on_few_people_is_secret_and_reaches_no_target(val: Bundle) -> None:
    value = VAL.ratio("local-val-i1", "2018-12-31", 3, 64, vide="")
    _, row = rows(demandes.questions(shown(val, value, questions=[QUESTION])).html)
    assert row[2] == "secret 31 décembre 2018" and row[4] == "–"


def test_a_question_without_an_indicator_and_an_indicator_without_a_value(val: Bundle) -> None:
    bare = replace(QUESTION, question="Q2", indicateurs=())
    _, first, second = rows(demandes.questions(shown(val, questions=[QUESTION, bare])).html)
    assert first[2] == "aucune valeur déposée" and second[1] == "aucun indicateur proposé"


def test_the_grid_has_local_indicators_then_common_ones(val: Bundle) -> None:
    local = VAL.ratio("local-val-i1", "2018-12-31", 18, 64, vide="")
    common = VAL.compte("embauchees", "2018-12-31", 40)
    grid = rows(demandes.grille(shown(val, common, local, questions=[QUESTION])).html)
    assert grid[0] == ["Indicateur", "Origine", "H1", "H2", "H3"]
    assert grid[1] == ["Venus par un proche", "Du territoire", "oui", "–", "–"]
    assert grid[2][1:] == ["Commun", "oui", "–", "–"]
    assert len(grid) == 3  # what published figures say of each hypothesis has its own part
    assert demandes.grille(shown(val)).html == ""


def test_which_questions_were_asked_where(synthese: Bundle) -> None:
    block = demandes.questions_de_tous(shown(synthese, questions=[QUESTION])).html
    assert rows(block)[1] == ["Val-d'Essai", "Qui vient ?", "Élus", "Nul n'est inemployable", "1 indicateur"]
    assert "N'ont posé aucune question : Bourg-Vide." in block.replace("\u00a0", " ")


def test_response_rates_wave_by_wave(val: Bundle) -> None:
    wave = [
        VAL.compte("enquete_invites", "2018", 50, modalite="salaries_ebe"),
        VAL.compte("enquete_reponses", "2018", 40, modalite="salaries_ebe"),
        share("enquete_taux_reponse", 40, 50, "salaries_ebe"),
        VAL.coefficient("enquete_effet_plan", "2018", 1.25, n=40, modalite="salaries_ebe"),
    ]
    assert rows(repondants.reponses(shown(val, *wave)).html)[1] == [
        "Salariés d'EBE, 2018",
        "50",
        "40",
        "80",
        "1,25",
    ]


def of_opinions() -> list[Mesure]:
    code = "salaries_ebe-utile"
    told = share("avis_favorable", 25, 40, code)
    return [
        VAL.compte("enquete_reponses", "2018", 40, modalite="salaries_ebe"),
        replace(told, bas=47.0, haut=76.0),
        share("avis_neutre", 5, 40, code),
        share("avis_defavorable", 10, 40, code),
    ]


def test_opinions_keep_their_interval_even_where_they_are_too_few_to_draw(val: Bundle) -> None:
    block = opinions.avis(shown(val, *of_opinions())).html
    assert 'id="avis-salaries-ebe"' in block
    _, row = rows(block)
    assert row == ["Mon travail est utile au territoire.", "62,5", "12,5", "25", "47 à 76", "–", "40"]


def test_the_key_figures_of_the_chapter_name_the_question(synthese: Bundle) -> None:
    told = share("avis_favorable", 30, 40, "salaries_ebe-utile", TOUS)
    bundle = replace(shown(synthese, told), chapitre="participation")
    said = " ".join(BeautifulSoup(en_bref(bundle).html, "lxml").get_text(" ").split())
    assert "75 %" in said and "Mon travail est utile au territoire." in said


def test_a_tiny_probability_is_not_read_as_zero(val: Bundle) -> None:
    code = "salaries_ebe-utile"
    change = [
        VAL.ratio(f"evolution_{side}", "2018/2020", n, 40, vide="", modalite=code)
        for side, n in (("hausse", 30), ("stable", 5), ("baisse", 5))
    ]
    test = VAL.coefficient("evolution_test", "2018/2020", 0.000004, n=40, modalite=code)
    gap = VAL.ratio("evolution_moyenne", "2018/2020", 26.0, 40, vide="", modalite=code)
    gap = replace(gap, bas=0.45, haut=0.85)
    _, row = rows(opinions.evolutions(shown(val, *change, gap, test)).html)
    assert row[1:] == ["75", "12,5", "12,5", "0,65", "0,45 à 0,85", "moins de 0,001", "40"]


def test_the_theme_of_a_sentence_is_told_where_its_count_is(val: Bundle) -> None:
    said = [Verbatim("val", "habitants", 2020, "Que faudrait-il ?", "activites", "Un bus.", 30)]
    shown_count = VAL.compte("themes_habitants", "2020", 12, modalite="activites")
    others = VAL.compte("themes_habitants", "2020", 20, modalite="avenir")
    few = VAL.compte("themes_habitants", "2020", 3, modalite="activites")
    assert "thème" in verbatims.verbatims(shown(val, shown_count, others, verbatims=said)).html
    assert "thème" not in verbatims.verbatims(shown(val, few, others, verbatims=said)).html


def test_two_sentences_a_theme_are_quoted_each_once_and_hostile_words_are_words(val: Bundle) -> None:
    said = [
        Verbatim("val", "habitants", 2020, "Que faudrait-il ?", "activites", text, 30)
        for text in ("Un bus.", "Un bus.", "<b>Un four.</b>", "Une crèche.")
    ]
    block = verbatims.verbatims(shown(val, verbatims=said)).html
    assert block.count("<blockquote>") == 2 and "&lt;b&gt;" in block and "crèche" not in block


def test_what_is_awaited_is_told(val: Bundle) -> None:
    empty = shown(val)
    awaited = (demandes.questions, repondants.reponses, repondants.absents, opinions.avis, verbatims.themes)
    assert all('class="absence attente"' in block(empty).html for block in awaited)
    silent = (opinions.notes, opinions.choix, opinions.echelles, opinions.evolutions, verbatims.verbatims)
    assert [block(empty).html for block in silent] == [""] * 5


def test_a_wave_whose_answers_were_refused_is_told_with_the_reason_and_no_zero(val: Bundle) -> None:
    why = "réponses refusées : l'export est à refaire"
    names = ("enquete_reponses", "enquete_invites", "enquete_taux_reponse")
    wave = [VAL.absente(name, "2018", why, modalite="salaries_ebe") for name in names]
    html = repondants.reponses(shown(val, *wave)).html
    (line,) = rows(html)[1:]
    assert line[0] == "Salariés d'EBE, 2018" and why in html
    assert not any(sign.isdigit() for cell in line[1:] for sign in cell)
