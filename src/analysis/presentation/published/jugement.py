"""What is concluded of each hypothesis: the signed verdict, and beside it what it rests on."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from analysis.noyau.french import counted, listed, uncapitalized
from analysis.noyau.hypotheses import HYPOTHESES
from analysis.presentation.numbers import decimal, reading
from analysis.presentation.parts.blocks import Block, Column, Table, ranked
from analysis.presentation.parts.ecrits import put_later
from analysis.presentation.parts.links import figure_link, indicator_link, period_label, released_content
from analysis.presentation.parts.prose import Named, figures_named, inline
from analysis.presentation.parts.tables import absence, of_published
from analysis.presentation.published.impact.preuves import en_une_phrase
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released
from analysis.sources.fiches import Chiffre, Preuve
from analysis.sources.verdicts import Verdict

ABSENTE: Final = "absente"
"""The strength of what nothing published allows to judge."""

SEULE: Final = "une seule valeur publiée, sans intervalle"
"""What is said in the place of the range of one exact value."""

_SHORT: Final = 70
"""The letters by which a piece of evidence is named."""


@dataclass(frozen=True)
class Changement:
    """A figure that a verdict cites and that is no longer what it was when the verdict was written down.

    ``avant`` is empty for one that was never noted, ``apres`` for one that the verdict no longer cites.
    """

    renvoi: str
    avant: str
    apres: str

    @property
    def nom(self) -> str:
        """The figure as a reader looks for it: « n° 464 », or the words of the placeholder of a series."""
        return f"n° {self.renvoi[1:]}" if self.renvoi.startswith("#") else f"« {self.renvoi} »"

    def __str__(self) -> str:
        if not self.avant:
            return f"le chiffre {self.nom} n'a pas été relevé (aujourd'hui « {self.apres} »)"
        if not self.apres:
            return f"le chiffre {self.nom} n'est plus cité (il disait « {self.avant} »)"
        return f"le chiffre {self.nom} a changé : il disait « {self.avant} », il dit « {self.apres} »"


def releve(verdict: Verdict, bundle: Bundle) -> tuple[tuple[str, str], ...]:
    """What the register says today of each figure that a verdict cites, by its placeholder."""
    return tuple((name, _said(found)) for name, found in figures_named(verdict.corps, bundle).items())


def changements(verdict: Verdict, bundle: Bundle) -> Iterator[Changement]:
    """The figures of a verdict that are no longer what was noted of them, in the order of its text."""
    before, now = dict(verdict.chiffres), dict(releve(verdict, bundle))
    for name in (*now, *(name for name in before if name not in now)):
        if before.get(name) != now.get(name):
            yield Changement(name, before.get(name, ""), now.get(name, ""))


def _said(found: Named) -> str:
    """A figure in one line: what its source prints, how it is read, its unit and its period.

    The words of the dictionary are not in it: naming a unit otherwise changes no figure.
    """
    if isinstance(found, tuple):
        serie, period = found[0].content, found[1]
        return f"{serie.at(period):.15g} {serie.unite}, {period}"
    chiffre = found.content
    bounds = (chiffre.borne_basse, chiffre.borne_haute)
    read = " à ".join("?" if bound is None else f"{bound:.15g}" for bound in bounds)
    between = f" (lu {read})" if bounds != (None, None) else ""
    value = chiffre.valeur_imprimee if chiffre.valeur is None else f"{chiffre.valeur:.15g}"
    return f"{value}{between} {chiffre.unite}, {chiffre.periode or 'sans date'}"


@of_published
@put_later("verdicts")
def verdicts(bundle: Bundle) -> Block:
    """What is concluded of the three hypotheses: two sentences each, who concludes, what evidence says.

    A draft says that nobody signed it, and a verdict of which a figure changed that it is to be read again.
    """
    if not bundle.verdicts:
        return absence("Aucun verdict n'est encore écrit.", anchor="verdicts")
    items = "".join(_item(bundle, verdict) for verdict in bundle.verdicts)
    return Block(f'<ol class="cartes verdicts" id="verdicts">{items}</ol>')


def _item(bundle: Bundle, verdict: Verdict) -> str:
    hypothese = next(h for h in HYPOTHESES if h.code == verdict.hypothese)
    phrases = " ".join(f'<span class="phrase">{inline(words, bundle)}</span>' for words in verdict.phrases)
    changed = "".join(
        f' <span class="a-revoir">À revoir : {html.escape(str(change), quote=False)}.</span>'
        for change in changements(verdict, bundle)
    )
    return (
        f'<li id="verdict-{verdict.hypothese.lower()}"><strong>{html.escape(hypothese.nom, quote=False)}</strong>'
        f'<span class="deux-points"> : </span><span class="conclusion">{phrases}</span> '
        f'<span class="precision preuves">{html.escape(_evidence(bundle, verdict), quote=False)}</span> '
        f'<span class="precision signataire">{html.escape(_signature(verdict), quote=False)}</span>{changed}</li>'
    )


def _evidence(bundle: Bundle, verdict: Verdict) -> str:
    found = [p for p in bundle.preuves if p.hypothese == verdict.hypothese]
    said = f"{bilan_des_preuves(bundle, found)}." if found else "Aucune preuve n'est versée."
    return f"{said} {en_une_phrase(bundle, verdict.hypothese)}".rstrip()


def _signature(verdict: Verdict) -> str:
    """Who concludes, and when: a draft says that it is one."""
    state = "" if verdict.is_signed else "Projet, que l'association n'a pas encore signé : "
    return f"{state}{verdict.auteur}, {verdict.date.label}."


def bilan_des_preuves(bundle: Bundle, found: Sequence[Preuve]) -> str:
    """How many pieces of evidence have each direction: « 5 preuves, dont 3 appuient et 1 nuance ».

    ``found`` holds one at least.
    """
    counts = Counter(preuve.direction for preuve in found)
    told = [
        counted(counts[d.direction], d.libelle, d.pluriel)
        for d in bundle.dictionary.directions
        if counts[d.direction]
    ]
    return f"{counted(len(found), 'preuve', 'preuves')}, dont {listed(told)}"


def fondement(bundle: Bundle, hypothesis: str, *indicators: str) -> Block:
    """What the verdict on a hypothesis rests on: evidence by direction and strength, the range of what the
    evaluations estimate (these indicators), what is missing."""
    found = [p for p in bundle.preuves if p.hypothese == hypothesis]
    if not found:
        return Block("")
    return (
        _balance(bundle, hypothesis, found)
        + _estimates(bundle, hypothesis, indicators)
        + _missing(bundle, found)
    )


def _balance(bundle: Bundle, hypothesis: str, found: Sequence[Preuve]) -> Block:
    """Evidence by direction and strength; nothing of a kind is a zero: what is absent is a strength."""
    degrees = bundle.dictionary.forces
    counts = Counter((p.direction, p.force) for p in found)
    columns = (
        Column("La preuve"),
        *(Column(f"Preuve {d.libelle}", True) for d in degrees),
        Column("En tout", True),
    )
    rows = []
    for direction in bundle.dictionary.directions:
        of_each = [counts[direction.direction, degree.force] for degree in degrees]
        rows.append(
            [html.escape(direction.libelle, quote=False), *(str(n) for n in (*of_each, sum(of_each)))]
        )
    caption = f"Hypothèse {hypothesis[1]}, {uncapitalized(bilan_des_preuves(bundle, found))}"
    note = "Le nombre de preuves n'est pas une mesure : une preuve établie peut ne rien dire de l'hypothèse."
    return Table(f"bilan-{hypothesis.lower()}", caption, columns, rows, note=note).block()


def _estimates(bundle: Bundle, hypothesis: str, indicators: Sequence[str]) -> Block:
    """Of each quantity, every value that an evaluation publishes, and the range that they span."""
    rows = []
    for name in indicators:
        figures = [r for r in bundle.of(name) if r.content.evaluation]
        if figures:
            rows.append(
                [
                    indicator_link(name, bundle),
                    _each(bundle, figures),
                    html.escape(fourchette(bundle, figures), quote=False),
                ]
            )
    if not rows:
        return Block("")
    columns = (Column("Ce qui est estimé"), Column("Ce que publient les évaluations"), Column("Fourchette"))
    caption = f"Hypothèse {hypothesis[1]} : la fourchette des estimations"
    note = (
        "La fourchette va de la plus basse à la plus haute des valeurs publiées, d'années et de populations différentes : "
        "ce n'est pas un intervalle de confiance."
    )
    return Table(f"fourchettes-{hypothesis.lower()}", caption, columns, rows, note=note).block()


def _each(bundle: Bundle, figures: Sequence[Released[Chiffre]]) -> str:
    names = {evaluation.evaluation: evaluation.nom for evaluation in bundle.evaluations}
    return "<br>".join(
        f'{figure_link(r, bundle, with_unit=True)} <span class="precision">('
        f"{html.escape(f'{names[r.content.evaluation]} ; {period_label(r.content)}', quote=False)})</span>"
        for r in figures
    )


def fourchette(bundle: Bundle, figures: Sequence[Released[Chiffre]]) -> str:
    """The range of figures of one quantity, from the lowest to the highest that they say: « de 53 à 54 ».

    A figure of which only one side is known says it: « de moins de 6 200 à 13 700 ». A single value that its
    source gives without an interval says so.
    """
    contents = [released_content(released) for released in figures]
    unit = bundle.dictionary.unit_of(contents[0].indicateur)
    low = min(contents, key=lambda c: (_low(c), c.numero))
    high = max(contents, key=lambda c: (_high(c), -c.numero))
    if _low(low) == _high(high) and len(contents) == 1:
        return SEULE
    first = reading(low, unit) if _bounds(low)[0] is None else decimal(_low(low), unit.decimals_of(_low(low)))
    last = (
        reading(high, unit)
        if _bounds(high)[1] is None
        else decimal(_high(high), unit.decimals_of(_high(high)))
    )
    return f"{first} dans toutes" if first == last else f"de {first} à {last}"


def _bounds(chiffre: Chiffre) -> tuple[float | None, float | None]:
    """The two ends of what a figure says; None for a side that its source leaves open."""
    if chiffre.valeur is not None:
        return chiffre.valeur, chiffre.valeur
    return chiffre.borne_basse, chiffre.borne_haute


def _low(chiffre: Chiffre) -> float:
    low, high = _bounds(chiffre)
    return low if low is not None else high if high is not None else 0.0


def _high(chiffre: Chiffre) -> float:
    low, high = _bounds(chiffre)
    return high if high is not None else low if low is not None else 0.0


def _missing(bundle: Bundle, found: Sequence[Preuve]) -> Block:
    """What is missing, and what would tell it."""
    absent = [p for p in found if p.force == ABSENTE]
    if not absent:
        return Block("")
    items = "".join(f"<li>{_lacking(bundle, p)}</li>" for p in absent)
    return Block(f"<p>Ce qui manque :</p><ul>{items}</ul>")


def inconnus(bundle: Bundle) -> Block:
    """What is not known of the three hypotheses: what nothing published allows to judge."""
    absent = [p for p in bundle.preuves if p.force == ABSENTE]
    items = "".join(f"<li>{_lacking(bundle, p)}</li>" for p in absent)
    return Block(f'<ul id="inconnus">{items}</ul>') if absent else Block("")


def _lacking(bundle: Bundle, preuve: Preuve) -> str:
    return (
        f"{inline(preuve.element, bundle)} Il y faudrait : {inline(uncapitalized(preuve.revision), bundle)}"
    )


@of_published
def recommandations(bundle: Bundle) -> Block:
    """What the evidence allows to decide: to whom, on which evidence, of the strength of the weakest of it."""
    if not bundle.recommandations:
        return absence("Aucune recommandation n'est encore écrite.", anchor="recommandations")
    known = {preuve.preuve: preuve for preuve in bundle.preuves}
    rows = []
    for advice in bundle.recommandations:
        evidence = [known[code] for code in advice.preuves]
        weakest = max((bundle.dictionary.force(p.force) for p in evidence), key=lambda force: force.rang)
        rows.append(
            [
                html.escape(advice.destinataire, quote=False),
                inline(advice.texte, bundle),
                "<br>".join(_evidence_link(bundle, preuve) for preuve in evidence),
                ranked(f"preuve {weakest.libelle}", weakest.rang),
            ]
        )
    columns = (
        Column("À qui"),
        Column("Ce qu'il est recommandé"),
        Column("Sur quelles preuves"),
        Column("Force"),
    )
    note = (
        "Une recommandation n'est pas plus forte que la plus faible des preuves sur lesquelles elle se fonde. Une preuve absente "
        "fonde une recommandation de mesurer, jamais de généraliser."
    )
    caption = f"{counted(len(rows), 'recommandation', 'recommandations')}, et les preuves qui les fondent"
    return Table("recommandations", caption, columns, rows, note=note).block()


def _evidence_link(bundle: Bundle, preuve: Preuve) -> str:
    """A piece of evidence by its first words, linked to the table that holds it."""
    words = re.sub(r"<[^>]+>", "", inline(preuve.element, bundle))
    short = words if len(words) <= _SHORT else f"{words[:_SHORT].rsplit(' ', 1)[0]}…"
    direction, degree = bundle.dictionary.direction(preuve.direction), bundle.dictionary.force(preuve.force)
    detail = f"hypothèse {preuve.hypothese[1]}, {direction.libelle}, {degree.libelle}"
    return (
        f'<a href="#preuves-{preuve.hypothese.lower()}">{short}</a> '
        f'<span class="precision">({html.escape(detail, quote=False)})</span>'
    )
