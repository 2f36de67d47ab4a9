"""« L'essentiel »: what a reader of two minutes leaves with, in numbers and in two charts."""

from __future__ import annotations

import html
from collections.abc import Iterator

from analysis.indicateurs.depenses_passives.resultats import AUJOURDHUI, Calcule
from analysis.noyau.french import uncapitalized
from analysis.presentation.deposits.depenses_passives.etude_dite import millesime
from analysis.presentation.deposits.depenses_passives.payeurs import compte_du_payeur
from analysis.presentation.drawing.cascades import Compte, comptes_svg
from analysis.presentation.drawing.rows import Split, shares_svg
from analysis.presentation.numbers import decimal, full_reading
from analysis.presentation.parts.blocks import Block, Chart, Column, Table, number
from analysis.presentation.parts.links import figure_link, period_label, released_content, source_link
from analysis.presentation.parts.marks import cited
from analysis.presentation.parts.tables import absence, chart_data, of_published
from analysis.presentation.published.jugement import SEULE, fourchette
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released
from analysis.sources.fiches import Chiffre, Essentiel

_PARTS = ("en emploi même sans l'expérimentation", "en emploi grâce à elle, selon l'évaluation")
_PHASES = {"national": "Première phase", "phase-2": "Deuxième phase"}
_NOT_READ = "avec l'expérimentation : non lu"


@of_published
def nombres(bundle: Bundle) -> Block:
    """The numbers to remember: what each answers, its date and source, its range, what it does not say."""
    if not bundle.essentiel:
        return absence("Aucun nombre n'est encore retenu.", anchor="nombres")
    items = "".join(_line(bundle, essentiel) for essentiel in bundle.essentiel)
    return Block(f'<ul class="nombres" id="nombres">{items}</ul>')


def _line(bundle: Bundle, essentiel: Essentiel) -> str:
    shown = bundle.number(essentiel.chiffre)
    others = [bundle.number(numero) for numero in essentiel.autres]
    chiffre = released_content(shown)
    spread = fourchette(bundle, [shown, *others])
    spread = spread if spread == SEULE else f"fourchette des valeurs publiées : {spread}"
    also = " ; on lit aussi " * bool(others) + ", ".join(
        f"{figure_link(r, bundle)} ({html.escape(period_label(r.content), quote=False)} ; "
        f"{source_link(r.content.source, bundle)})"
        for r in others
    )
    when = html.escape(period_label(chiffre), quote=False)
    place = ' class="cout"' if chiffre.is_money else ""
    return (
        f'<li id="nombre-{essentiel.rang}"{place}>'
        f'<span class="question">{html.escape(essentiel.question, quote=False)}</span> '
        f"<strong>{figure_link(shown, bundle, with_unit=True)}</strong> "
        f'<span class="libelle">{html.escape(essentiel.libelle, quote=False)}.</span> '
        f'<span class="precision">{when} ; {source_link(chiffre.source, bundle)} ; '
        f'{html.escape(spread, quote=False)}<span class="aussi">{also}</span>.</span> '
        f'<span class="limite">{html.escape(essentiel.limite, quote=False)}</span></li>'
    )


@of_published
def avec_et_sans(bundle: Bundle) -> Block:
    """The share of the people in employment without the experiment and what it adds, by phase.

    A phase of which the first is not published is not drawn, and told; what was not read is hatched.
    """
    phases = [(name, *_pair(bundle, code)) for code, name in _PHASES.items()]
    drawn = [(name, without, effect) for name, without, effect in phases if without is not None]
    if not drawn:
        return absence("Aucune évaluation lue ne dit ce qui serait arrivé sans l'expérimentation.")
    figures = [r for _, without, effect in phases for r in (without, effect) if r is not None]
    told = [_told(bundle, *phase) for phase in phases]
    left = [name for name, without, _ in phases if without is None]
    caption = f"Sans l'expérimentation, {' ; '.join(_caption(bundle, drawn))}"
    return Chart(
        anchor="avec-et-sans",
        caption=caption,
        subtitle="Part des personnes en emploi, en pour cent, d'après les évaluations.",
        drawing=shares_svg(
            [name for name, _, _ in drawn],
            _PARTS,
            [Split((_value(w), _value(e)), rest="" if e is not None else _NOT_READ) for _, w, e in drawn],
        ),
        alt=". ".join([caption, *told]) + ".",
        lecture=html.escape(f"Lecture : en {uncapitalized(told[phases.index(drawn[0])])}.", quote=False),
        champ="Champ : personnes embauchées en EBE, telles que chaque évaluation les définit ; les deux phases ne "
        "comptent pas les mêmes personnes et ne se comparent pas.",
        note=html.escape(
            "L'effet est une moyenne sur la période de l'évaluation, la part sans l'expérimentation peut être prise à l'entrée : "
            "leur somme est un ordre de grandeur. Un emploi en EBE y compte comme un emploi."
            + (
                f" Non montrée, faute de la part sans l'expérimentation : {', '.join(left).lower()}."
                if left
                else ""
            )
            + " ",
            quote=False,
        )
        + cited(bundle, (r.content.source for r in figures)),
        data=chart_data(bundle, figures, "Avec et sans l'expérimentation"),
    ).block()


def _pair(bundle: Bundle, place: str) -> tuple[Released[Chiffre] | None, Released[Chiffre] | None]:
    """The last figure of employment without the experiment in a phase, and of what it adds."""
    return _last(bundle, "taux_emploi_contrefactuel", place), _last(bundle, "effet_taux_emploi", place)


def _last(bundle: Bundle, name: str, place: str) -> Released[Chiffre] | None:
    found = [r for r in bundle.of(name) if r.content.territoire == place and r.content.valeur is not None]
    return max(found, key=lambda r: (str(r.content.periode or ""), r.content.numero), default=None)


def _value(released: Released[Chiffre] | None) -> float | None:
    return None if released is None else released.content.valeur


def _caption(
    bundle: Bundle, drawn: list[tuple[str, Released[Chiffre], Released[Chiffre] | None]]
) -> Iterator[str]:
    for name, without, effect in drawn:
        said = f"{_reading(bundle, without)} des personnes auraient été en emploi ({uncapitalized(name)})"
        yield said if effect is None else f"{said}, {_reading(bundle, effect)} de moins qu'avec elle"


def _told(
    bundle: Bundle, name: str, without: Released[Chiffre] | None, effect: Released[Chiffre] | None
) -> str:
    parts = [
        f"sans l'expérimentation, {_reading(bundle, without)} en emploi"
        if without
        else "part sans elle non lue",
        f"elle ajoute {_reading(bundle, effect)}" if effect else "part avec elle non lue",
    ]
    return f"{name}, {', '.join(parts)}"


def _reading(bundle: Bundle, released: Released[Chiffre]) -> str:
    return full_reading(released.content, bundle.dictionary.unit_of(released.content.indicateur))


def par_payeur(bundle: Bundle) -> Block:
    """What each payer spends for a job under the law of today, and what comes back to it."""
    if bundle.etude is None:
        return absence("Aucune étude sur cas types n'est déclarée pour ce bilan.")
    etude = released_content(bundle.etude)
    today = etude.scenario(AUJOURDHUI)
    counts = [compte_du_payeur(today, code, nom) for code, nom in etude.payeurs]
    counts = [count for count in counts if round(count.depense) or round(count.recette)]
    paying = sorted((count for count in counts if count.solde < 0), key=lambda count: count.solde)
    first, best = paying[0], max(counts, key=lambda count: count.solde)
    caption = (
        "Par emploi et par an, paient plus qu'ils ne récupèrent : "
        f"{', '.join(f'{count.payeur} ({decimal(-count.solde, 0)} €)' for count in paying)} ; "
        f"celui qui récupère le plus est : {best.payeur} ({decimal(best.solde, 0)} €)"
    )
    said = " ; ".join(
        f"{count.payeur}, {decimal(count.depense, 0)} € dépensés et {decimal(count.recette, 0)} € évités ou reçus"
        for count in counts
    )
    return Chart(
        anchor="cout-par-payeur",
        caption=caption,
        subtitle="Par emploi à temps plein et par an, sous la loi d'aujourd'hui, en euros.",
        drawing=comptes_svg([("", counts)], "€ par emploi et par an", noms=("dépensé", "évité ou reçu")),
        alt=f"{caption}. {said}.",
        lecture=html.escape(
            f"Lecture : {first.payeur}, {decimal(first.depense, 0)} € dépensés par emploi et par an, contribution "
            f"comprise, et {decimal(first.recette, 0)} € évités ou reçus.",
            quote=False,
        ),
        champ="Champ : cas types du scénario central, moyenne des deux années qui suivent une embauche de "
        f"{millesime(today)} ; personne n'est observé.",
        note="La contribution (CDE), la réduction générale de cotisations et la prime d'activité sont comptées ; la dotation "
        "d'amorçage et le complément d'équilibre ne le sont pas. Nos montants sont plus bas que ceux du comité scientifique "
        f'de 2025 : le chapitre <a href="depenses_passives.html#titre">Les dépenses passives</a> dit comment. {_interval(today)}',
        data=Table(
            "donnees", "Ce que dépense et ce que récupère chaque payeur", _COLUMNS, list(map(_row, counts))
        ),
    ).block()


_COLUMNS = (
    Column("Payeur"),
    Column("Dépensé (€)", True),
    Column("Évité ou reçu (€)", True),
    Column("Solde (€)", True),
)


def _row(count: Compte) -> list[str]:
    amounts = (count.depense, count.recette, count.solde)
    cells = (number(decimal(amount, 0), round(amount), "€") for amount in amounts)
    return [html.escape(count.payeur, quote=False), *cells]


def _interval(calcule: Calcule) -> str:
    """What all payers together save or receive, and within which amounts; empty where it was not drawn."""
    spread = dict(calcule.intervalles).get("evite_et_recu")
    if spread is None:
        return ""
    return (
        f"Tous payeurs ensemble, {decimal(calcule.evite_et_recu, 0)} € sont évités ou reçus ; neuf tirages sur dix "
        f"donnent de {decimal(spread.bas, 0)} à {decimal(spread.haut, 0)} €."
    )
