"""What the deposits of all the territories say together, beside what others published of it."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from analysis.noyau.declared.constats import Constat
from analysis.noyau.french import counted, listed
from analysis.noyau.mesures import ENSEMBLE
from analysis.noyau.periods import Period
from analysis.presentation.numbers import NBSP, quantity
from analysis.presentation.parts.blocks import Block, Column, Table, ranked
from analysis.presentation.parts.links import figure_link, period_label
from analysis.presentation.parts.mesures import (
    Shown,
    category,
    cell,
    extremes,
    last_period,
    measure_link,
    note,
    place_of,
    value_of,
)
from analysis.presentation.parts.tables import NOT_PUBLISHED
from analysis.secret.bundle import Bundle

FORCE: Final = "indicative"
"""What a measure of the deposits is worth as evidence: it describes, and compares with nothing."""


@dataclass(frozen=True)
class Ligne:
    """A measure, its category where it has some, and the published indicators that count nearly the same."""

    mesure: str
    publies: tuple[str, ...] = ()
    modalite: str = ""


@dataclass(frozen=True)
class Theme:
    """One question of the synthesis: what its table is, and its rows in order."""

    ancre: str
    titre: str
    lignes: tuple[Ligne, ...]


THEMES: Final = {
    "exhaustivite": Theme(
        "ensemble-exhaustivite",
        "De l'estimation à la sortie de la privation d'emploi, tous territoires ensemble",
        (
            Ligne("ppde_estimees"),
            Ligne("personnes_rencontrees"),
            Ligne("taux_rencontre"),
            Ligne("volontaires_eligibles", ("personnes_eligibles", "volontaires_cumules")),
            Ligne("taux_offre"),
            Ligne("sorties_privation", ("sorties_privation_cumulees",)),
            Ligne("taux_sortie"),
            Ligne("liste_attente", ("liste_attente",)),
        ),
    ),
    "profil": Theme(
        "ensemble-profil",
        "Qui est embauché, tous territoires ensemble",
        (
            Ligne("profil_embauchees", ("part_femmes",), "femme"),
            Ligne("profil_embauchees", (), "moins_30_ans"),
            Ligne("profil_embauchees", ("part_50_ans_et_plus",), "plus_55_ans"),
            Ligne("profil_embauchees", ("part_niveau_infra_v", "part_niveau_infra_cap_bep"), "sans_diplome"),
            Ligne("profil_embauchees", ("part_travailleurs_handicapes",), "rqth"),
            Ligne("profil_embauchees", ("part_rsa_aah_6_mois", "part_rsa_ou_aah_avant"), "rsa"),
        ),
    ),
    "trajectoires": Theme(
        "ensemble-trajectoires",
        "Qui entre, qui reste, qui part, tous territoires ensemble",
        (
            Ligne("embauchees", ("embauches_cumulees_ebe", "embauches_ebe")),
            Ligne("effectif_fin_mois", ("effectif_ebe",)),
            Ligne("quotite_moyenne"),
            Ligne("incidence_embauche", (), "m12"),
            Ligne("incidence_autre_emploi", (), "m24"),
            Ligne("maintien", (), "m24"),
        ),
    ),
    "economie": Theme(
        "ensemble-economie",
        "Ce qu'un emploi vend, coûte et reçoit, toutes EBE ensemble",
        (
            Ligne("ventes_par_etp", ("chiffre_affaires_etp_an",)),
            Ligne("valeur_ajoutee_par_etp"),
            Ligne("charges_personnel_par_etp"),
            Ligne("excedent_brut_avant_par_etp"),
            Ligne("subventions_par_etp", ("cde_total_etp_an", "cout_brut_etp_an")),
            Ligne("part_heures_favorables"),
        ),
    ),
    "depenses_passives": Theme(
        "ensemble-depenses-passives",
        "Ce que gagnent les payeurs la deuxième année, hors contribution, tous territoires ensemble",
        (
            Ligne("gain_personnes"),
            Ligne("gain_moyen_payeur", ("couts_evites_recettes_etp_an",), "etat"),
            Ligne("gain_moyen_payeur", (), "departement"),
            Ligne("gain_moyen_payeur", (), "securite_sociale"),
            Ligne("gain_moyen_payeur", (), "unedic"),
        ),
    ),
    "enquetes": Theme(
        "ensemble-enquetes",
        "Ce que répondent les salariés, les volontaires et les habitants, tous territoires ensemble",
        (
            Ligne("enquete_taux_reponse", (), "salaries_ebe"),
            Ligne("avis_favorable", (), "salaries_ebe-utile"),
            Ligne("enquete_taux_reponse", (), "volontaires"),
            Ligne("enquete_taux_reponse", (), "habitants"),
            Ligne("avis_favorable", (), "habitants-services"),
        ),
    ),
}
"""The tables of the synthesis, in the order of its questions."""


def theme(bundle: Bundle, name: str) -> Block:
    """What all the deposits together say on a question, a row a measure, beside the last published figures.

    A measure that cannot be added up is told from its lowest to its highest territory. Nothing where nobody
    sent anything.
    """
    asked = THEMES[name]
    rows, everything = [], list[Shown]()
    for ligne in asked.lignes:
        shown = _together(bundle, ligne.mesure, ligne.modalite)
        places = [] if shown is not None else _by_place(bundle, ligne.mesure, ligne.modalite)
        if shown is None and not places:
            continue
        everything += [shown] if shown is not None else places
        own = [_head(bundle, ligne), *_own(bundle, shown, places)]
        rows.append([*own, _published(bundle, ligne.publies)] if bundle.has_figures else own)
    if not rows:
        return Block("")
    columns = [Column("Mesure"), Column("Dépôts de tous les territoires", True), Column("À quelle date")]
    if bundle.has_figures:
        columns.append(Column("Ce qui était publié"))
    beside = (
        "Ce qui était publié ne couvre pas toujours les mêmes personnes ni la même date : posé à côté, jamais additionné."
        if bundle.has_figures
        else ""
    )
    said = note(bundle, everything, before=beside)
    return Table(asked.ancre, asked.titre, tuple(columns), rows, note=said).block()


def constats(bundle: Bundle, hypothesis: str) -> Block:
    """What the deposits add to the evidence on a hypothesis: each measure, its direction and its strength.

    The direction follows from a rule declared before the number was known; a number that is withheld or
    missing has none. Nothing where nobody sent anything.
    """
    rules = [rule for rule in bundle.constats if rule.hypothese == hypothesis]
    found = [(rule, _together(bundle, rule.mesure, rule.modalite)) for rule in rules]
    told = [(rule, shown) for rule, shown in found if shown is not None]
    if not told:
        return Block("")
    rows = [_constat_row(bundle, rule, shown) for rule, shown in told]
    columns = (
        Column("Direction"),
        Column("Force"),
        Column("Mesure"),
        Column("Dépôts de tous les territoires", True),
        Column("D'où vient la direction"),
    )
    caption = f"Hypothèse {hypothesis[1]}, ce que disent les dépôts : {_balance(bundle, told)}"
    anchor = f"constats-{hypothesis.lower()}"
    return Table(
        anchor, caption, columns, rows, note=note(bundle, [shown for _, shown in told])
    ).block() + _both(bundle, hypothesis, told)


def _constat_row(bundle: Bundle, rule: Constat, shown: Shown) -> list[str]:
    value = value_of(shown)
    unit = bundle.dictionary.unit(bundle.definition(rule.mesure).unite)
    limit = f"Seuil{NBSP}: {quantity(rule.seuil, unit)}."
    said = html.escape(f"{limit} {rule.raison}", quote=False)
    if value is None:
        direction = force = "–"
    else:
        way = bundle.dictionary.direction(rule.direction(value))
        degree = bundle.dictionary.force(FORCE)
        direction = ranked(html.escape(way.libelle, quote=False), way.rang)
        force = ranked(f"preuve {degree.libelle}", degree.rang)
    head = _head(bundle, Ligne(rule.mesure, (), rule.modalite))
    return [direction, force, head, cell(shown, bundle, parts=True), said]


def _directions(told: Sequence[tuple[Constat, Shown]]) -> Counter[str]:
    """How many measures have each direction; those without a number have none."""
    return Counter(rule.direction(value) for rule, shown in told if (value := value_of(shown)) is not None)


def _balance(bundle: Bundle, told: Sequence[tuple[Constat, Shown]]) -> str:
    """« 3 mesures, dont 2 appuient et 1 nuance », and how many have no number."""
    return _counts(bundle, _directions(told), len(told), ("mesure", "mesures"))


def _counts(bundle: Bundle, counts: Counter[str], total: int, noun: tuple[str, str]) -> str:
    named = [(counts[d.direction], d) for d in bundle.dictionary.directions if counts[d.direction]]
    silent = total - counts.total()
    if total == 1:
        return f"1 {noun[0]}, " + (f"qui {named[0][1].libelle}" if named else "sans nombre publiable")
    said = [counted(count, d.libelle, d.pluriel) for count, d in named]
    said += [f"{silent} sans nombre publiable"] if silent else []
    return f"{counted(total, *noun)}, dont {listed(said)}"


def _both(bundle: Bundle, hypothesis: str, told: Sequence[tuple[Constat, Shown]]) -> Block:
    """The balance of what was published and of what the deposits say, in one sentence."""
    published = Counter(p.direction for p in bundle.preuves if p.hypothese == hypothesis)
    if not published:
        return Block("")
    said = (
        f"Les deux ensemble{NBSP}: ce qui est publié donne "
        f"{_counts(bundle, published, published.total(), ('preuve', 'preuves'))}{NBSP}; les dépôts donnent "
        f"{_balance(bundle, told)}."
    )
    return Block(f"<p>{html.escape(said, quote=False)}</p>")


def _together(bundle: Bundle, mesure: str, modalite: str) -> Shown:
    """The last value of a measure of all the territories together, withheld or not; None where there is none."""
    told = [
        r
        for r in bundle.measures(mesure, place=ENSEMBLE)
        if r.content.modalite == modalite and r.content.etat != "absente"
    ]
    return max(told, key=lambda r: Period(r.content.periode).end, default=None)


def _by_place(bundle: Bundle, mesure: str, modalite: str) -> list[Shown]:
    """The last value of each territory, of a measure that is not put together."""
    found: list[Shown] = []
    for territoire in bundle.territoires:
        period = last_period(bundle, mesure, place=territoire.code)
        shown = bundle.measured(mesure, place=territoire.code, periode=period, modalite=modalite)
        if shown is not None:
            found.append(shown)
    return found


def _head(bundle: Bundle, ligne: Ligne) -> str:
    linked = measure_link(ligne.mesure, bundle, with_unit=True)
    if not ligne.modalite:
        return linked
    words = html.escape(category(ligne.mesure, ligne.modalite, bundle), quote=False)
    return f'{linked}<br><span class="precision">{words}</span>'


def _own(bundle: Bundle, shown: Shown, places: Sequence[Shown]) -> list[str]:
    """The cell of the deposits and its date; of a measure that is not put together, its extremes."""
    if shown is not None:
        return [cell(shown, bundle, parts=True), html.escape(Period(shown.content.periode).label)]
    known = [r for r in places if value_of(r) is not None]
    labels = [place_of(r.content.lieu, bundle) for r in places if r is not None]
    spread = extremes(labels, places, bundle)
    told = f"{counted(len(known), 'territoire', 'territoires')} sur {len(places)}"
    if not spread:
        return [f'<span class="absent">{"secret" if not known else told}</span>', "à l'arrêté de chacun"]
    said = html.escape(spread, quote=False)
    return [f'{said} <span class="precision">({told})</span>', "à l'arrêté de chacun"]


def _published(bundle: Bundle, indicators: Sequence[str]) -> str:
    """The last published figure of each indicator, of each phase, with its date and whom it is of."""
    return "<br>".join(_lines(bundle, indicators)) or NOT_PUBLISHED


def _lines(bundle: Bundle, indicators: Sequence[str]) -> Iterator[str]:
    known = {indicator.indicateur for indicator in bundle.dictionary.indicators}
    for name in (name for name in indicators if name in known):
        for ensemble in bundle.ensembles[:2]:
            found = bundle.of(name, place=ensemble.ensemble)
            if found:
                last = max(found, key=lambda r: (r.content.dated, str(r.content.periode or "")))
                label = bundle.dictionary.indicator(name).libelle
                said = ", ".join(
                    part
                    for part in (label, last.content.champ, ensemble.nom, period_label(last.content))
                    if part
                )
                yield (
                    f'{figure_link(last, bundle, with_unit=True)} <span class="precision">'
                    f"({html.escape(said, quote=False)})</span>"
                )
