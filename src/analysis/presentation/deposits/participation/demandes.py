"""What the territories ask: their questions, their indicators, and what those throw light on."""

from __future__ import annotations

import html
from collections.abc import Iterator

from analysis.indicateurs.participation.demandes import IndicateurLocal, QuestionLocale
from analysis.noyau.french import counted, uncapitalized
from analysis.noyau.hypotheses import HYPOTHESES
from analysis.noyau.mesures import Definition
from analysis.noyau.periods import Period
from analysis.presentation.deposits.participation.vagues import NO, YES, dated_value
from analysis.presentation.numbers import NBSP, quantity
from analysis.presentation.parts.attentes import QUESTIONS, attente
from analysis.presentation.parts.blocks import Block, Column, Table
from analysis.presentation.parts.links import released_content
from analysis.presentation.parts.marks import territoire_of
from analysis.presentation.parts.mesures import Shown, measure_link, source_note, value_of
from analysis.presentation.parts.prose import propos
from analysis.secret.bundle import Bundle


def questions(bundle: Bundle) -> Block:
    """The questions of a territory, its indicators with their definition, source, last value and target."""
    territoire_of(bundle)
    asked = [released_content(r) for r in bundle.questions]
    if not asked:
        return attente(bundle, QUESTIONS)
    columns = (
        Column("Question"),
        Column("Indicateur proposé"),
        Column("Dernière valeur", True),
        Column("Cible", True),
        Column("Atteinte"),
    )
    rows = [row for question in asked for row in _question_rows(bundle, question)]
    shown = [_last(bundle, i.mesure) for question in asked for i in question.indicateurs]
    said = "Le territoire a choisi ces questions, ces définitions et ces cibles ; elles ne se comparent pas d'un territoire à l'autre. "
    tail = source_note(bundle, shown) if any(shown) else ""
    caption = "Les questions du territoire"
    return Table(
        "questions-locales", caption, columns, rows, note=html.escape(said, quote=False) + tail
    ).block()


def _question_rows(bundle: Bundle, question: QuestionLocale) -> Iterator[list[str]]:
    head = propos(question.intitule)
    asked = (
        f"{question.question}, posée par{NBSP}: {uncapitalized(bundle.label('college', question.college))}"
    )
    head += f'<br><span class="precision">{html.escape(asked, quote=False)}</span>'
    if not question.indicateurs:
        yield [head, f'<span class="absent">{html.escape("aucun indicateur proposé")}</span>', NO, NO, NO]
    for indicator in question.indicateurs:
        shown = _last(bundle, indicator.mesure)
        yield [
            head,
            _described(indicator),
            dated_value(bundle, shown),
            _target(bundle, indicator),
            _reached(indicator, shown),
        ]


def _described(indicator: IndicateurLocal) -> str:
    definition = propos(indicator.definition)
    origin = propos(f"Source : {indicator.origine}.")
    name = propos(indicator.libelle)
    return f'{name}<br><span class="precision">{definition} {origin}</span>'


def _last(bundle: Bundle, mesure: str) -> Shown:
    """The last value of a local indicator, None where none was deposited."""
    found = bundle.measures(mesure, place=territoire_of(bundle).code)
    return max(found, key=lambda r: Period(r.content.periode).end, default=None)


def _target(bundle: Bundle, indicator: IndicateurLocal) -> str:
    if indicator.cible is None:
        return '<span class="absent">sans cible</span>'
    unit = bundle.dictionary.unit(indicator.unite)
    side = uncapitalized(bundle.label("sens_cible", indicator.sens))
    when = Period(indicator.date_cible).label
    said = f"{side} {quantity(indicator.cible, unit)}"
    return f'{html.escape(said)}<br><span class="precision">{html.escape(when)}</span>'


def _reached(indicator: IndicateurLocal, shown: Shown) -> str:
    value = value_of(shown)
    if value is None or indicator.cible is None:
        return NO
    return YES if indicator.est_atteinte(value) else "non"


def grille(bundle: Bundle) -> Block:
    """Which measures of a deposit bear on which hypothesis: those of the territory, then the common ones.

    What published figures say of each hypothesis has a part of its own.
    """
    place = territoire_of(bundle).code
    measured = {r.content.mesure for r in bundle.mesures if r.content.lieu == place}
    known = [d for d in bundle.definitions if d.mesure in measured and d.hypotheses]
    local = [d for d in known if d.famille == "local"]
    common = [d for d in known if d.famille != "local"]
    rows = [_grid_row(d, "Du territoire", propos(d.libelle)) for d in local]
    rows += [_grid_row(d, "Commun", measure_link(d.mesure, bundle)) for d in common]
    if not rows:
        return Block("")
    columns = (Column("Indicateur"), Column("Origine"), *(Column(h.code) for h in HYPOTHESES))
    key = " ; ".join(f"{h.code} : {uncapitalized(h.nom)}" for h in HYPOTHESES)
    said = html.escape(f"{key}. Un indicateur éclaire une hypothèse ; il ne la prouve pas.", quote=False)
    return Table("grille-hypotheses", "Les indicateurs et les hypothèses", columns, rows, note=said).block()


def _grid_row(definition: Definition, origin: str, head: str) -> list[str]:
    return [head, origin, *(YES if h.code in definition.hypotheses else NO for h in HYPOTHESES)]


def questions_de_tous(bundle: Bundle) -> Block:
    """Which questions were asked where, by whom, on which hypothesis, with how many indicators."""
    asked = [released_content(r) for r in bundle.questions]
    if not asked:
        return attente(bundle, QUESTIONS)
    rows = []
    for question in asked:
        name = html.escape(bundle.place_name(question.territoire), quote=False)
        asked_for = len(question.indicateurs)
        indicators = counted(asked_for, "indicateur", "indicateurs") if asked_for else "aucun"
        rows.append(
            [
                f'<a href="{question.territoire}.html">{name}</a>',
                propos(question.intitule),
                html.escape(bundle.label("college", question.college), quote=False),
                html.escape(_hypothesis(bundle, question), quote=False),
                indicators,
            ]
        )
    columns = (
        Column("Territoire"),
        Column("Question"),
        Column("Posée par"),
        Column("Hypothèse"),
        Column("Indicateurs"),
    )
    silent = [t.nom for t in bundle.territoires if t.code not in {q.territoire for q in asked}]
    said = f"N'ont posé aucune question : {', '.join(silent)}." if silent else ""
    caption = "Quelles questions ont été posées, et où"
    return Table("questions-posees", caption, columns, rows, note=html.escape(said, quote=False)).block()


def _hypothesis(bundle: Bundle, question: QuestionLocale) -> str:
    return bundle.label("hypothese", question.hypothese.lower() or "autre")
