"""What the territories ask and what people answer: local questions, surveys, coded answers."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence

from analysis.indicateurs.participation.demandes import IndicateurLocal, QuestionLocale
from analysis.noyau.declared.nomenclatures import Choix
from analysis.noyau.french import counted, typography, uncapitalized
from analysis.noyau.hypotheses import HYPOTHESES
from analysis.noyau.mesures import ENSEMBLE, Definition, Mesure
from analysis.noyau.periods import Period
from analysis.presentation.drawing.rows import Divide, diverging_svg
from analysis.presentation.numbers import NBSP, decimal, quantity
from analysis.presentation.parts.attentes import ENQUETES, QUESTIONS, REPONSES_ECRITES, attente
from analysis.presentation.parts.blocks import FEWEST_POINTS, Block, Column, Table
from analysis.presentation.parts.links import released_content
from analysis.presentation.parts.marks import territoire_of
from analysis.presentation.parts.mesures import (
    Shown,
    bar_end,
    cell,
    count_of,
    extremes,
    figure,
    gap,
    interval_of,
    measure_link,
    nearly_alike,
    note,
    nothing_shown,
    periods,
    reason,
    source_note,
    value_of,
    words,
)
from analysis.presentation.parts.prose import propos
from analysis.presentation.parts.tables import absence
from analysis.secret.bundle import Bundle

_YES, _NO = "oui", "–"
_SIDES = ("avis_favorable", "avis_neutre", "avis_defavorable")
_SIDE_NAMES = ("avis défavorables", "avis favorables, avec leur intervalle à 95 %")
_MARGINS = {
    "salaries_ebe": ("taux_reponse_sexe_salaries", "taux_reponse_age_salaries"),
    "volontaires": ("taux_reponse_sexe_volontaires", "taux_reponse_age_volontaires"),
}
_THEMES = "themes_"


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
        yield [head, f'<span class="absent">{html.escape("aucun indicateur proposé")}</span>', _NO, _NO, _NO]
    for indicator in question.indicateurs:
        shown = _last(bundle, indicator.mesure)
        yield [
            head,
            _described(indicator),
            _dated(bundle, shown),
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


def _dated(bundle: Bundle, shown: Shown) -> str:
    if shown is None:
        return '<span class="absent">aucune valeur déposée</span>'
    day = Period(released_content(shown).periode).label
    unit = html.escape(bundle.dictionary.unit(released_content(shown).unite).pluriel, quote=False)
    value = cell(shown, bundle)
    m = released_content(shown)
    if m.valeur is not None:
        value += f"{NBSP}{unit}"
    if m.numerateur is not None and m.denominateur is not None:
        value += (
            f' <span class="precision">({decimal(m.numerateur, 0)} sur {decimal(m.denominateur, 0)})</span>'
        )
    return f'{value}<br><span class="precision">{html.escape(day)}</span>'


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
        return _NO
    return _YES if indicator.est_atteinte(value) else "non"


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
    return [head, origin, *(_YES if h.code in definition.hypotheses else _NO for h in HYPOTHESES)]


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


def reponses(bundle: Bundle) -> Block:
    """Who was invited to each wave of each survey, and who answered."""
    place = _place(bundle)
    rows, everything = [], []
    for enquete, year in _waves(bundle, place, missing=True):
        names = ("enquete_invites", "enquete_reponses", "enquete_taux_reponse", "enquete_effet_plan")
        shown = [bundle.measured(n, place=place, periode=year, modalite=enquete) for n in names]
        everything += shown
        head = html.escape(f"{bundle.label('enquete', enquete)}, {year}", quote=False)
        rows.append([head, *(cell(r, bundle) for r in shown)])
    if not rows:
        return attente(bundle, ENQUETES)
    columns = (
        Column("Enquête et année"),
        Column("Personnes invitées", True),
        Column("Réponses gardées", True),
        Column("Taux de réponse (%)", True),
        Column("Effet de plan", True),
    )
    before = (
        "L'effet de plan dit par combien la variance est multipliée par le redressement ; un tiret dit que la "
        "population n'est pas connue personne par personne. "
    )
    caption = "Qui a été invité à répondre, et qui a répondu"
    return Table(
        "reponses-enquetes", caption, columns, rows, note=note(bundle, everything, before=before)
    ).block()


def absents(bundle: Bundle) -> Block:
    """Who answers less: response rates by sex and age, at the last wave of the surveys that know their population."""
    place = _place(bundle)
    rows, everything = [], []
    for enquete, names in _MARGINS.items():
        for name in names:
            years = periods(bundle, name, place=place)
            for option in bundle.definition(name).modalites if years else ():
                shown = bundle.measured(name, place=place, periode=years[-1], modalite=option.code)
                if shown is None:
                    continue
                everything.append(shown)
                label = f"{bundle.label('enquete', enquete)}, {years[-1]} : {uncapitalized(option.libelle)}"
                rows.append([html.escape(label, quote=False), cell(shown, bundle, parts=True)])
    if not _waves(bundle, place):
        return attente(bundle, ENQUETES)
    if not rows:
        return absence("Qui manque : la population enquêtée n'est pas connue personne par personne.")
    columns = (Column("Enquête, année et catégorie"), Column("Taux de réponse (%)", True))
    return Table("qui-manque", "Qui répond, qui manque", columns, rows, note=note(bundle, everything)).block()


def avis(bundle: Bundle) -> Block:
    """What each survey answers at its last wave: one chart a survey, unfavourable on the left, favourable on the right."""
    place = _place(bundle)
    last = dict(_waves(bundle, place))
    if not last:
        return attente(bundle, ENQUETES)
    return sum((_avis_of(bundle, place, enquete, year) for enquete, year in last.items()), Block(""))


def _avis_of(bundle: Bundle, place: str, enquete: str, year: str) -> Block:
    codes = [c for c in bundle.definition("avis_favorable").modalites if c.code.startswith(f"{enquete}-")]
    asked = [
        (option.code, option.libelle)
        for option in codes
        if bundle.measured("avis_favorable", place=place, periode=year, modalite=option.code) is not None
    ]
    shown = {
        code: [bundle.measured(side, place=place, periode=year, modalite=code) for side in _SIDES]
        for code, _ in asked
    }
    label = bundle.label("enquete", enquete)
    caption = f"{label} : ce qu'ils répondent ({year})"
    everything = [r for line in shown.values() for r in line]
    if not everything or all(value_of(r) is None for r in everything):
        return nothing_shown(caption, everything) if everything else Block("")
    rows = [libelle for _, libelle in asked]
    weighed = {
        code: bundle.measured("avis_favorable_redresse", place=place, periode=year, modalite=code)
        for code, _ in asked
    }
    anchor = f"avis-{enquete.replace('_', '-')}"
    favourable, unfavourable = ([shown[code][side] for code, _ in asked] for side in (0, 2))
    alike = nearly_alike(bundle, f"{caption}, avis favorables", rows, favourable, anchor=anchor)
    if alike is not None and len(asked) >= FEWEST_POINTS and not extremes(rows, favourable, bundle):
        return alike
    told = [f"{libelle} {_sentence(shown[code], weighed[code], bundle)}" for code, libelle in asked]
    return figure(
        bundle,
        [*everything, *weighed.values()],
        anchor=anchor,
        title=_opinions_title(label, year, rows, favourable, bundle) or caption,
        subtitle=f"{caption}, en % des réponses à chaque question",
        draw=lambda: diverging_svg(
            [typography(libelle) for libelle in rows],
            [_divide(shown[code]) for code, _ in asked],
            _SIDE_NAMES,
        ),
        points=sum(value_of(r) is not None for r in (*favourable, *unfavourable)),
        told=told,
        lecture=next(
            (
                f"à « {row} », {words(r, bundle, with_unit=True)} des réponses sont favorables"
                for row, r in zip(rows, favourable, strict=True)
                if value_of(r) is not None
            ),
            "",
        ),
        champ="personnes qui ont répondu à la question",
        keeps_table=True,
        data=_opinions_data(bundle, caption, asked, shown, weighed),
    )


def _opinions_data(
    bundle: Bundle,
    caption: str,
    asked: Sequence[tuple[str, str]],
    shown: Mapping[str, Sequence[Shown]],
    weighed: Mapping[str, Shown],
) -> Table:
    """The shares of each question, the interval of the favourable one, and how many answered."""
    columns = (
        Column("Question"),
        Column("Favorables (%)", True),
        Column("Neutres ou sans avis (%)", True),
        Column("Défavorables (%)", True),
        Column("Intervalle à 95 %", True),
        Column("Favorables, redressé (%)", True),
        Column("Réponses", True),
    )
    rows = [
        [
            html.escape(libelle, quote=False),
            *(cell(r, bundle) for r in shown[code]),
            _interval(shown[code][0], decimals=0),
            cell(weighed[code], bundle),
            count_of(shown[code][0]),
        ]
        for code, libelle in asked
    ]
    return Table("donnees", caption, columns, rows)


def _opinions_title(
    label: str, year: str, questions: Sequence[str], favourable: Sequence[Shown], bundle: Bundle
) -> str:
    """The most and the least favourable questions; empty where fewer than two differ."""
    known = [(value, rank) for rank, r in enumerate(favourable) if (value := value_of(r)) is not None]
    if len({value for value, _ in known}) < 2:
        return ""
    low, high = min(known)[1], max(known)[1]
    most, least = (words(favourable[rank], bundle, with_unit=True) for rank in (high, low))
    return (
        f"{label}, {year} : {most} d'avis favorables à « {questions[high]} », {least} à « {questions[low]} »"
    )


def _divide(shown: Sequence[Shown]) -> Divide:
    favourable, _, unfavourable = shown
    known = None if favourable is None else released_content(favourable)
    return Divide(
        value_of(unfavourable),
        value_of(favourable),
        None if known is None else known.bas,
        None if known is None else known.haut,
        (gap(unfavourable), gap(favourable)),
    )


def _interval(shown: Shown, *, decimals: int) -> str:
    """The bounds of an estimate, a dash where it has none."""
    bounds = interval_of(shown)
    return f"{decimal(bounds[0], decimals)} à {decimal(bounds[1], decimals)}" if bounds else _NO


def _sentence(sides: Sequence[Shown], weighed: Shown, bundle: Bundle) -> str:
    """What was answered to a question in words, the weighed share included where there is one."""
    names = ("favorables", "neutres ou sans avis", "défavorables")
    told = [f"{name} {bar_end(r, bundle)}" for name, r in zip(names, sides, strict=True)]
    told += [] if weighed is None else [f"favorables après redressement {bar_end(weighed, bundle)}"]
    return ", ".join(told)


def choix(bundle: Bundle) -> Block:
    """How many chose each answer of the questions that have no better or worse, at the last wave of each survey."""
    place = _place(bundle)
    last = dict(_waves(bundle, place))
    rows, everything = [], []
    for option in bundle.definition("choix_reponses").modalites:
        enquete = option.code.partition("-")[0]
        year = last.get(enquete, "")
        shown = bundle.measured("choix_reponses", place=place, periode=year, modalite=option.code)
        if shown is not None:
            everything.append(shown)
            rows.append([_asked(option, year, bundle), cell(shown, bundle)])
    if not rows:
        return Block("")
    columns = (Column("Question et réponse"), Column("Personnes", True))
    return Table("choix", "Les autres réponses", columns, rows, note=note(bundle, everything)).block()


def notes(bundle: Bundle) -> Block:
    """The mean marks from zero to ten, wave by wave."""
    place = _place(bundle)
    rows, everything = [], []
    for question in bundle.definition("note_moyenne").modalites:
        for year in periods(bundle, "note_moyenne", place=place):
            shown = bundle.measured("note_moyenne", place=place, periode=year, modalite=question.code)
            if shown is not None:
                everything.append(shown)
                rows.append(
                    [
                        _asked(question, year, bundle),
                        cell(shown, bundle),
                        _interval(shown, decimals=1),
                        count_of(shown),
                    ]
                )
    if not rows:
        return Block("")
    columns = (
        Column("Question"),
        Column("Note moyenne (sur 10)", True),
        Column("Intervalle à 95 %", True),
        Column("Réponses", True),
    )
    return Table("notes", "Les notes de zéro à dix", columns, rows, note=note(bundle, everything)).block()


def echelles(bundle: Bundle) -> Block:
    """The mean score and the reliability of each scale, wave by wave."""
    place = _place(bundle)
    rows, everything = [], []
    for year in periods(bundle, "echelle_score", place=place):
        for option in bundle.definition("echelle_score").modalites:
            shown = [
                bundle.measured(name, place=place, periode=year, modalite=option.code)
                for name in ("echelle_score", "echelle_alpha")
            ]
            if shown[0] is not None:
                everything += shown
                head = html.escape(f"{option.libelle}, {year}", quote=False)
                rows.append(
                    [
                        head,
                        *(
                            text
                            for r, decimals in zip(shown, (1, 2), strict=True)
                            for text in (cell(r, bundle), _interval(r, decimals=decimals))
                        ),
                        count_of(shown[0]),
                    ]
                )
    if not rows:
        return Block("")
    columns = (
        Column("Échelle et année"),
        Column("Score moyen (sur 4)", True),
        Column("Son intervalle à 95 %", True),
        Column("Alpha de Cronbach", True),
        Column("Son intervalle à 95 %", True),
        Column("Réponses", True),
    )
    return Table("echelles", "Les échelles", columns, rows, note=note(bundle, everything)).block()


def evolutions(bundle: Bundle) -> Block:
    """What changed between two waves, among those who answered both."""
    place = _place(bundle)
    names = (
        "evolution_hausse",
        "evolution_stable",
        "evolution_baisse",
        "evolution_moyenne",
        "evolution_test",
    )
    rows, everything = [], []
    for span in periods(bundle, names[0], place=place):
        for option in bundle.definition(names[0]).modalites:
            shown = [bundle.measured(n, place=place, periode=span, modalite=option.code) for n in names]
            if shown[0] is None or shown[0].content.etat == "absente":
                continue
            everything += shown
            rows.append(
                [
                    _asked(option, f"de {span.replace('/', ' à ')}", bundle),
                    *(cell(r, bundle) for r in shown[:4]),
                    _interval(shown[3], decimals=2),
                    cell(shown[4], bundle),
                    count_of(shown[0]),
                ]
            )
    if not rows:
        is_asked = bool(_waves(bundle, place))
        return (
            absence("Changements : aucune enquête n'a encore deux vagues jointes ici.")
            if is_asked
            else Block("")
        )
    columns = (
        Column("Question"),
        Column("Plus favorable (%)", True),
        Column("Inchangée (%)", True),
        Column("Moins favorable (%)", True),
        Column("Écart moyen (degrés)", True),
        Column("Intervalle à 95 %", True),
        Column("Probabilité par hasard", True),
        Column("Personnes", True),
    )
    before = "Une probabilité faible dit qu'un tel changement serait rare si rien n'avait changé ; elle n'en dit pas la cause. "
    said = note(bundle, everything, before=before)
    return Table("evolutions", "Ce qui change d'une vague à l'autre", columns, rows, note=said).block()


def themes(bundle: Bundle) -> Block:
    """What the written answers are about, survey by survey, and how far the two coders agree."""
    place = _place(bundle)
    names = [d.mesure for d in bundle.definitions if d.mesure.startswith(_THEMES)]
    columns, rows, everything = [Column("Thème")], [], []
    keys = [(name, year) for name in names for year in periods(bundle, name, place=place)]
    if not keys:
        return attente(bundle, REPONSES_ECRITES)
    for name, year in keys:
        survey = bundle.label("enquete", name.removeprefix(_THEMES))
        columns.append(Column(f"{survey}, {year}", True))
    for option in bundle.definition(keys[0][0]).modalites:
        shown = [bundle.measured(n, place=place, periode=t, modalite=option.code) for n, t in keys]
        if any(value_of(r) != 0 for r in shown):
            everything += shown
            rows.append([html.escape(option.libelle, quote=False), *(cell(r, bundle) for r in shown)])
    said = _agreement(bundle, place) + note(bundle, everything)
    return Table("themes", "Les thèmes des réponses écrites", tuple(columns), rows, note=said).block()


def _agreement(bundle: Bundle, place: str) -> str:
    """How far two people coded the same answers alike, as the beginning of a note."""
    found = bundle.measures("codage_kappa", place=place)
    if not found:
        return ""
    m = released_content(found[-1])
    if m.valeur is None:
        return html.escape(f"Accord des deux codeurs : {reason(found[-1])}. ", quote=False)
    said = f"Accord des deux codeurs : kappa de {decimal(m.valeur, 2)} sur {m.n} réponses. "
    return html.escape(said, quote=False)


def verbatims(bundle: Bundle) -> Block:
    """What people wrote and accepted to see quoted, with the survey, and the theme where it may be told."""
    if not bundle.verbatims and not _waves(bundle, _place(bundle)):
        return Block("")
    if not bundle.verbatims:
        return absence(
            "Aucune réponse écrite n'est citée : il y faut l'accord de la personne et un choix de l'équipe."
        )
    labels = {c.code: c.libelle for c in bundle.definition("themes_salaries_ebe").modalites}
    parts = []
    for verbatim in map(released_content, bundle.verbatims):
        who = f"{bundle.label('enquete', verbatim.enquete)}, {verbatim.annee}"
        if verbatim.theme:
            who += f" ; thème : {uncapitalized(labels[verbatim.theme])}"
        if bundle.territoire is None:
            who = f"{bundle.place_name(verbatim.territoire)} ; {who}"
        parts.append(
            f"<blockquote><p>{propos(verbatim.texte)}</p></blockquote>"
            f'<p class="note">{html.escape(who, quote=False)}.</p>'
        )
    return Block(f'<section class="verbatims">{"".join(parts)}</section>')


def _asked(question: Choix, when: str, bundle: Bundle) -> str:
    """A question of a survey as the head of a row: its words, then the survey and when."""
    survey = bundle.label("enquete", question.code.partition("-")[0])
    precise = html.escape(f"{survey}, {when}", quote=False)
    return f'{html.escape(question.libelle, quote=False)}<br><span class="precision">{precise}</span>'


def _place(bundle: Bundle) -> str:
    return bundle.territoire.code if bundle.territoire else ENSEMBLE


def _waves(bundle: Bundle, place: str, *, missing: bool = False) -> list[tuple[str, str]]:
    """The surveys and years of which something is told at a place, in the order of the surveys.

    ``missing`` adds those of which the answers could not be used.
    """
    order = [option.code for option in bundle.definition("enquete_reponses").modalites]
    found = {
        (m.modalite, m.periode)
        for m in map(_content, bundle.measures("enquete_reponses", place=place))
        if missing or m.etat != "absente"
    }
    return sorted(found, key=lambda wave: (order.index(wave[0]), wave[1]))


def _content(shown: Shown) -> Mesure:
    assert shown is not None
    return released_content(shown)
