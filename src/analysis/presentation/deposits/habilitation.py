"""The habilitation: which régime is known on a day, what it asks, and what a candidate's dossier is worth to it."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from analysis.indicateurs.habilitation.examen import appel_ouvert, dernier_appel, differents, en_vigueur
from analysis.indicateurs.habilitation.financement import AMORCAGE, AUTRES, DEPARTEMENT, ETAT
from analysis.indicateurs.habilitation.records import (
    NON_ETABLI,
    Dossier,
    Examen,
    Exigence,
    Habilitation,
    Nature,
    Regime,
    Verdict,
    Versement,
    Voisin,
)
from analysis.noyau.french import counted, uncapitalized
from analysis.noyau.periods import long_date
from analysis.presentation.drawing.rows import Bar, Bars, bars_svg
from analysis.presentation.numbers import decimal
from analysis.presentation.parts.blocks import FEWEST_POINTS, Block, Chart, Column, Table, number
from analysis.presentation.parts.links import REGISTER_PAGE, figure_link, link, released_content
from analysis.presentation.parts.marks import heading
from analysis.presentation.parts.mesures import cell
from analysis.presentation.parts.tables import absence
from analysis.secret.bundle import Bundle

NATURES: Final[dict[Nature, str]] = {
    "loi": "loi",
    "annonce": "annonce rapportée par la presse",
    "proposition": "proposition de loi, qui n'est pas une loi",
}
EXIGENCES: Final[dict[Exigence, str]] = {
    "exige": "exigé",
    "facultatif": "facultatif",
    "sans_objet": "sans objet",
    "non_etabli": NON_ETABLI,
}
VERDICTS: Final[dict[Verdict, str]] = {
    "rempli": "rempli",
    "en_preparation": "en préparation",
    "manque": "manque",
    "non_rempli": "non rempli",
    "facultatif": "facultatif",
    "sans_objet": "sans objet",
    "non_etabli": NON_ETABLI,
}
LECTURES: Final = {
    "texte": "lu dans le texte",
    "extrait": "lu par extrait",
    "seconde_main": "de seconde main",
}
PAYEURS: Final = {
    ETAT: "État",
    DEPARTEMENT: "Département",
    AUTRES: "Autres collectivités",
    AMORCAGE: "Dotation d'amorçage, au plus",
}
A_FAIRE: Final[tuple[Verdict, ...]] = ("manque", "en_preparation", "non_rempli")
"""The verdicts that ask something of the candidate."""

NEIGHBOURS: Final = 5
"""The places that are told: beyond, they are no more like the candidate than any other."""

_EURO: Final = "€"
_REGISTER: Final = "Une date vide n'est pas établie : aucun texte ni aucune source ne l'a donnée."


def titre(bundle: Bundle) -> Block:
    """The title: the candidate's, or that of the chapter on the régimes."""
    shown = _shown(bundle)
    named = shown.dossier.nom if shown and shown.dossier else ""
    return heading(bundle, f"L'habilitation : {named}" if named else "L'habilitation")


def regime_du_jour(bundle: Bundle) -> Block:
    """Which régime is known on the day of judgement, and whether a call is open: an alert where nothing is known."""
    shown = _shown(bundle)
    if shown is None:
        return absence("Aucun régime d'habilitation n'est déclaré dans ce projet.")
    return _regime_at(shown, shown.jour) + _call_at(shown, shown.jour)


def _regime_at(shown: Habilitation, jour: date) -> Block:
    found = en_vigueur(shown.regimes, jour)
    if found is None or found.fin is None:
        return Block(
            f'<p class="avis" id="regime-du-jour"><strong>Régime expiré ou inconnu.</strong> Au {long_date(jour)}, '
            "aucun des régimes lus n'est en vigueur : ce qui suit la dernière fin connue n'est pas établi.</p>"
        )
    known = "" if found.fin_lue else " Cette fin n'a pas été lue dans le texte lui-même."
    return Block(
        f'<p id="regime-du-jour">Au {long_date(jour)}, le régime connu est : <strong>'
        f"{html.escape(uncapitalized(found.libelle), quote=False)}</strong> ({NATURES[found.nature]}), jusqu'au "
        f"{long_date(found.fin)}.{known}</p>"
    )


def _call_at(shown: Habilitation, jour: date) -> Block:
    found = appel_ouvert(shown.regimes, jour)
    if found is not None and found.appel_fin is not None:
        return Block(
            f'<p id="appel">Un appel à candidatures est ouvert jusqu\'au {long_date(found.appel_fin)} '
            f"({html.escape(uncapitalized(found.libelle), quote=False)}).</p>"
        )
    last = dernier_appel(shown.regimes, jour)
    told = (
        f" Le dernier connu a été clos le {long_date(last.appel_fin)}."
        if last is not None and last.appel_fin is not None
        else ""
    )
    return Block(
        f'<p class="avis" id="appel"><strong>Aucun appel ouvert.</strong> Au {long_date(jour)}, aucun appel à '
        f"candidatures ouvert n'a été trouvé.{told} Un dossier peut se préparer ; rien ne dit qu'il sera reçu.</p>"
    )


def regimes(bundle: Bundle) -> Block:
    """The régimes side by side: dates, how they were read and when, what is not established."""
    shown = _shown(bundle)
    if shown is None:
        return Block("")
    columns = (
        Column("Régime"),
        Column("Ce qu'il est"),
        Column("Du"),
        Column("Au"),
        Column("Appel à candidatures"),
        Column("Lu"),
    )
    rows = [
        [
            f'{html.escape(r.libelle, quote=False)}<br><span class="precision">'
            f"{html.escape(r.texte, quote=False)}</span>",
            NATURES[r.nature],
            _day(r.debut),
            _day(r.fin),
            _call(r),
            f"{LECTURES[r.lecture]}, le {long_date(r.date_lecture)} : {html.escape(r.source, quote=False)}"
            f"{_numbers(bundle, r.chiffres)}",
        ]
        for r in shown.regimes
    ]
    notes = " ".join(f"{r.libelle} : {uncapitalized(r.note)}" for r in shown.regimes if r.note)
    note = html.escape(f"{_REGISTER} {notes}", quote=False)
    return Table("regimes", "Les régimes, tels qu'ils ont été lus", columns, rows, note).block()


def criteres(bundle: Bundle) -> Block:
    """What each régime asks, and what proves it."""
    shown = _shown(bundle)
    if shown is None:
        return Block("")
    names = {r.regime: r.libelle for r in shown.regimes}
    columns = (
        Column("Critère"),
        Column("Régime"),
        Column("Exigence"),
        Column("Ce qui le prouve"),
        Column("Lu"),
    )
    rows = [
        [
            html.escape(c.libelle, quote=False),
            html.escape(names[c.regime], quote=False),
            EXIGENCES[c.exigence],
            html.escape(c.preuve or "–", quote=False),
            html.escape(_read(c.source, c.lecture, c.note), quote=False),
        ]
        for c in shown.criteres
    ]
    note = "« Non établi » : ce que le régime en dit n'a pas été lu ; il peut l'exiger."
    return Table("criteres", "Ce que chaque régime demande", columns, rows, note).block()


def etat_du_dossier(bundle: Bundle) -> Block:
    """Under which régime the dossier was made, and how many criteria of it are met."""
    shown = _shown(bundle)
    if shown is None or shown.dossier is None:
        return Block("")
    dossier = shown.dossier
    day = date.fromisoformat(dossier.arrete)
    regime = en_vigueur(shown.regimes, day)
    said = [f"Dossier arrêté au {long_date(day)}, département : {dossier.departement}."]
    if regime is None:
        said.append("À cette date, aucun régime connu n'est en vigueur : il n'est jugé sous aucun.")
    else:
        said.append(f"À cette date, le régime connu est : {uncapitalized(regime.libelle)}.")
        said.append(_counts(shown, regime))
    if dossier.refusees:
        lines = ", ".join(f"{sheet} : {decimal(count, 0)}" for sheet, count in dossier.refusees)
        said.append(f"Lignes refusées, qui ne comptent nulle part : {lines}.")
    return Block(f'<p id="etat-du-dossier">{html.escape(" ".join(said), quote=False)}</p>')


def _counts(shown: Habilitation, regime: Regime) -> str:
    found = [e for e in shown.examens if e.regime == regime.regime]
    asked = [e for e in found if e.verdict not in ("non_etabli", "sans_objet", "facultatif")]
    met, unread = sum(e.verdict == "rempli" for e in asked), sum(e.verdict == "non_etabli" for e in found)
    filled = counted(met, "critère rempli", "critères remplis")
    said = f"{filled} sur {len(asked)} dont l'exigence est connue"
    if not unread:
        return f"{said}."
    others = counted(unread, "autre critère n'a pas été lu", "autres critères n'ont pas été lus")
    return f"{said} ; {others}."


def manques(bundle: Bundle) -> Block:
    """What is missing, in preparation or not met under the régime of the dossier's day."""
    shown = _shown(bundle)
    regime = _regime_of(shown)
    if shown is None or regime is None:
        return Block("")
    rows = [
        [
            html.escape(_label(shown, e), quote=False),
            VERDICTS[e.verdict],
            html.escape(e.trouve, quote=False),
            html.escape(_proof(shown, e) or "–", quote=False),
        ]
        for e in shown.examens
        if e.regime == regime.regime and e.verdict in A_FAIRE
    ]
    if not rows:
        return Block('<p id="manques">Rien ne manque de ce qui est connu de ce régime.</p>')
    columns = (Column("Critère"), Column("État"), Column("Trouvé"), Column("Ce qui le prouverait"))
    caption = f"Ce qui manque au dossier : {uncapitalized(regime.libelle)}"
    return Table("manques", caption, columns, rows).block()


def sous_regimes(bundle: Bundle) -> Block:
    """The same dossier under the two laws, criterion by criterion: where the texts differ, so does the verdict."""
    shown = _shown(bundle)
    if shown is None or shown.dossier is None:
        return Block("")
    laws = [r for r in shown.regimes if r.nature == "loi"]
    if len(laws) != 2:
        return Block("")
    first, other = laws
    unlike = differents(shown.examens, first.regime, other.regime)
    if not unlike:
        return Block('<p id="sous-regimes">Les deux lois disent la même chose de ce dossier.</p>')
    rows = [
        [html.escape(_label(shown, a or b), quote=False), _said(a), _said(b)]  # type: ignore[arg-type]
        for a, b in unlike
    ]
    known = [pair for pair in unlike if all(e is not None and e.verdict != "non_etabli" for e in pair)]
    caption = (
        f"Ce que les deux lois ne disent pas de même : {counted(len(unlike), 'critère', 'critères')}, "
        f"dont {decimal(len(known), 0)} où les deux textes sont connus"
    )
    columns = (Column("Critère"), Column(first.libelle), Column(other.libelle))
    note = "Où l'un des deux est « non établi », c'est la lecture qui manque : les textes peuvent dire la même chose."
    return Table("sous-regimes", caption, columns, rows, note).block()


def emplois(bundle: Bundle) -> Block:
    """The jobs planned year by year, against the people estimated, met and volunteering."""
    shown = _shown(bundle)
    if shown is None or shown.dossier is None or not shown.dossier.emplois:
        return Block("")
    dossier = shown.dossier
    bases = _bases(dossier)
    columns = (
        Column("Fin d'année"),
        Column("ETP prévus", numeric=True),
        *(Column(f"% des {name}", numeric=True) for name, _ in bases),
    )
    rows = [
        [str(e.annee), number(decimal(e.etp, 1), e.etp, "ETP")]
        + [number(f"{decimal(100 * e.etp / count, 0)}", 100 * e.etp / count, "%") for _, count in bases]
        for e in dossier.emplois
    ]
    told = ", ".join(f"{decimal(count, 0)} {name}" for name, count in bases) or "aucun comptage"
    note = html.escape(
        f"Au dossier : {told}. Un ETP n'est pas une personne : à temps partiel, il en emploie plus d'une."
    )
    return Table(
        "emplois-projetes", "Les emplois projetés et les personnes concernées", columns, rows, note
    ).block()


def _bases(dossier: Dossier) -> list[tuple[str, int]]:
    """The counts that jobs are told against; what was not counted, or is nobody, is none of them."""
    last = dossier.personnes[-1] if dossier.personnes else None
    found = (
        ("personnes estimées", dossier.ppde),
        ("personnes rencontrées", last.rencontrees if last else None),
        ("volontaires", last.volontaires if last else None),
    )
    return [(name, count) for name, count in found if count]


def cout_du_taux(bundle: Bundle) -> Block:
    """What the fall of the rate takes from an ETP, year by year, at the Smic of each year."""
    shown = _shown(bundle)
    if shown is None or not shown.baisses:
        return Block("")
    columns = (
        Column("Année"),
        Column("État", numeric=True),
        Column("Département", numeric=True),
        Column("Ensemble", numeric=True),
    )
    rows = [
        [
            str(b.annee),
            *(number(decimal(value, 0), value, _EURO) for value in (b.etat, b.departement, b.total)),
        ]
        for b in shown.baisses
    ]
    first = shown.baisses[0]
    caption = f"Ce que perd un ETP quand le taux passe de {first.de} à {first.vers}, en euros par an"
    note = (
        "Taux : part du Smic brut versée par l'État, puis part du département dans celle de l'État. Calculé sur le "
        "Smic de chaque année, y compris celles où ces taux n'avaient pas cours : ce qui change d'une ligne à "
        "l'autre est le Smic. La dernière année peut garder le dernier Smic connu."
    )
    return Table("cout-du-taux", caption, columns, rows, note).block()


def financement(bundle: Bundle) -> Block:
    """What each payer would pay of the planned jobs, year by year, under each rate that the law has had."""
    shown = _shown(bundle)
    if shown is None or not shown.versements:
        return Block("")
    payeurs = [payeur for payeur in PAYEURS if any(v.payeur == payeur for v in shown.versements)]
    columns = (
        Column("Taux"),
        Column("Année"),
        Column("ETP", numeric=True),
        *(Column(PAYEURS[payeur], numeric=True) for payeur in payeurs),
        Column("Ensemble", numeric=True),
    )
    rows = []
    for (taux, annee), paid in _by_year(shown.versements).items():
        amounts = {v.payeur: v.montant for v in paid}
        total = sum(amounts.values())
        rows.append(
            [
                html.escape(taux, quote=False),
                str(annee),
                number(decimal(paid[0].etp, 1), paid[0].etp, "ETP"),
                *(
                    number(decimal(amounts[p], 0), amounts[p], _EURO)
                    if p in amounts
                    else '<span class="absent">non dit</span>'
                    for p in payeurs
                ),
                number(decimal(total, 0), total, _EURO),
            ]
        )
    note = (
        "En euros. Les ETP de fin d'année sont payés l'année entière : c'est un plafond. La dotation d'amorçage est "
        "comptée au plus haut, pour chaque ETP de plus que l'année d'avant. Où aucune autre collectivité n'a voté de "
        "montant, il n'y en a pas de colonne. « Non dit » : rien n'oblige le département sous ce taux, et le dossier ne dit "
        "pas ce qu'il verserait ; l'ensemble est alors sans lui. Ces taux sont ceux que la loi a eus ; celui des années à venir n'est pas connu."
    )
    return Table(
        "financement", "Qui paierait les emplois projetés, selon le taux", columns, rows, note
    ).block()


def _by_year(versements: Iterable[Versement]) -> dict[tuple[str, int], list[Versement]]:
    found: dict[tuple[str, int], list[Versement]] = {}
    for versement in versements:
        found.setdefault((versement.taux, versement.annee), []).append(versement)
    return found


def delais(bundle: Bundle) -> Block:
    """How long an opinion took to become a decree elsewhere, and how long the candidate has waited."""
    shown = _shown(bundle)
    if shown is None:
        return Block("")
    seen = shown.parametre("delai_avis_decret")
    figures = _numbers(bundle, () if seen.chiffre is None else (seen.chiffre,))
    said = (
        f"{html.escape(seen.libelle, quote=False)} : {number(decimal(seen.valeur, 0), seen.valeur, 'mois')} mois"
        f"{figures}. {html.escape(seen.note, quote=False)} C'est le seul délai dont les deux dates ont été lues."
    )
    dossier = shown.dossier
    if dossier is not None and dossier.avis:
        day = date.fromisoformat(dossier.decret) if dossier.decret else shown.jour
        months = decimal((day - date.fromisoformat(dossier.avis)).days / 30.4375, 1)
        ending = "jusqu'au décret" if dossier.decret else f"au {long_date(shown.jour)}, sans décret"
        said += f" Pour ce candidat, {months} mois depuis l'avis du {long_date(date.fromisoformat(dossier.avis))}, {ending}."
    return Block(f'<p id="delais">{said}</p>')


def series(bundle: Bundle) -> Block:
    """The series on which places are compared, chosen before any distance was computed."""
    shown = _shown(bundle)
    if shown is None or shown.dossier is None:
        return Block("")
    zones = {"commune": "commune", "zone_emploi": "zone d'emploi"}
    columns = (Column("Série"), Column("Zone"), Column("Dossier", numeric=True), Column("Pourquoi"))
    given = dict(shown.dossier.series)
    rows = [
        [
            html.escape(s.libelle, quote=False),
            zones[s.zone],
            number(decimal(given[s.serie], 3), given[s.serie], s.unite)
            if s.serie in given
            else '<span class="absent">non donnée</span>',
            html.escape(s.raison, quote=False),
        ]
        for s in shown.series
    ]
    return Table("series-comparees", "Les séries choisies d'avance pour comparer", columns, rows).block()


def voisins(bundle: Bundle) -> Block:
    """The habilitated places most like the candidate, how far each is, and what happened there."""
    shown = _shown(bundle)
    if shown is None or shown.dossier is None:
        return Block("")
    near = shown.voisins[:NEIGHBOURS]
    if not near:
        return absence("Trop peu de séries communes pour dire à quel territoire ce candidat ressemble.")
    columns = (
        Column("Lieu"),
        Column("Distance", numeric=True),
        Column("Séries", numeric=True),
        Column("Où l'écart est le plus grand"),
        Column("Ce qui s'y est passé"),
    )
    names = {s.serie: uncapitalized(s.libelle) for s in shown.series}
    rows = [_voisin(bundle, voisin, names) for voisin in near]
    caption = f"{_place(bundle, near[0].territoire, near[0].lieu)} est le lieu habilité qui ressemble le plus au candidat"
    note = (
        "Distance : moyenne quadratique des écarts entre le candidat et le lieu, en écarts-types des lieux habilités. "
        "Zéro : mêmes valeurs. Ce qui s'est passé ailleurs n'annonce pas ce qui se passera ici."
    )
    if len(near) < FEWEST_POINTS:
        return Table("voisins-donnees", "Les lieux habilités les plus proches", columns, rows, note).block()
    details = Table("voisins-details", "Ce qui s'y est passé", columns, rows)
    return _distances(bundle, near, caption, note) + details.block()


def _voisin(bundle: Bundle, voisin: Voisin, names: Mapping[str, str]) -> list[str]:
    """The row of a place: how far it is, on how many series, where most, what happened there."""
    serie, gap = max(voisin.ecarts, key=lambda pair: abs(pair[1]))
    side = "au-dessus" if gap > 0 else "au-dessous"
    return [
        html.escape(_place(bundle, voisin.territoire, voisin.lieu), quote=False),
        _distance(voisin),
        number(str(len(voisin.ecarts)), len(voisin.ecarts), "séries"),
        f"{html.escape(names[serie], quote=False)} : le candidat est {_spreads(abs(gap), 1)} {side}",
        _happened(bundle, voisin.territoire),
    ]


def _distance(voisin: Voisin) -> str:
    return number(decimal(voisin.distance, 2), round(voisin.distance, 2), "écarts-types")


def _distances(bundle: Bundle, near: Sequence[Voisin], caption: str, note: str) -> Block:
    """How far each place is from the candidate, one bar a place."""
    labels = [_place(bundle, v.territoire, v.lieu) for v in near]
    told = " ; ".join(f"{label}, {decimal(v.distance, 2)}" for label, v in zip(labels, near, strict=True))
    return Chart(
        anchor="voisins",
        caption=caption,
        subtitle="Distance au candidat, en écarts-types des lieux habilités.",
        drawing=bars_svg(labels, [Bars("", tuple(Bar(v.distance, decimal(v.distance, 2)) for v in near))]),
        alt=f"{caption}. {told}.",
        note=note,
        lecture=f"Lecture : {html.escape(labels[0], quote=False)} est à {_spreads(near[0].distance, 2)} du candidat.",
        champ="Champ : lieux des territoires habilités dont trois séries au moins sont connues.",
        data=Table(
            "voisins-distances",
            "Distance au candidat",
            (Column("Lieu"), Column("Distance", numeric=True)),
            [[html.escape(label, quote=False), _distance(v)] for label, v in zip(labels, near, strict=True)],
        ),
    ).block()


def _happened(bundle: Bundle, code: str) -> str:
    """The last published headcount and exits of a territory, or the last measures of an invented one."""
    if bundle.nature == "demonstration":
        last = {name: bundle.measures(name, place=code) for name in ("etp_declares", "sorties_privation")}
        shown = [
            f"{html.escape(uncapitalized(bundle.definition(name).libelle), quote=False)} : {cell(found[-1], bundle)}"
            for name, found in last.items()
            if found
        ]
        return " ; ".join(shown) or '<span class="absent">rien de déposé</span>'
    found = [
        r
        for r in bundle.of("effectif_ebe", "sorties_privation_cumulees", place=code)
        if r.content.periode is not None and r.content.periode_sure and not bundle.is_set_aside(r.content)
    ]
    last_of = {r.content.indicateur: r for r in sorted(found, key=lambda r: r.content.periode.end)}  # type: ignore[union-attr]
    told = [
        f"{html.escape(uncapitalized(bundle.dictionary.indicator(name).libelle), quote=False)} : "
        f"{figure_link(r, bundle)} ({r.content.periode.label if r.content.periode else ''})"
        for name, r in last_of.items()
    ]
    return " ; ".join(told) or '<span class="absent">rien de publié et daté</span>'


def _spreads(value: float, decimals: int) -> str:
    """A number of standard deviations in words.

    >>> _spreads(0.4, 1), _spreads(2.04, 1)
    ('0,4 écart-type', '2 écarts-types')
    """
    return f"{decimal(value, decimals)} {'écart-type' if round(value, decimals) < 2 else 'écarts-types'}"


def _shown(bundle: Bundle) -> Habilitation | None:
    return None if bundle.habilitation is None else released_content(bundle.habilitation)


def _regime_of(shown: Habilitation | None) -> Regime | None:
    """The régime known on the day of the dossier."""
    if shown is None or shown.dossier is None:
        return None
    return en_vigueur(shown.regimes, date.fromisoformat(shown.dossier.arrete))


def _label(shown: Habilitation, examen: Examen) -> str:
    """What a criterion asks, in the words of any régime that has it: the code is the same."""
    return next(c.libelle for c in shown.criteres if (c.regime, c.critere) == (examen.regime, examen.critere))


def _proof(shown: Habilitation, examen: Examen) -> str:
    return next(c.preuve for c in shown.criteres if (c.regime, c.critere) == (examen.regime, examen.critere))


def _said(examen: Examen | None) -> str:
    if examen is None:
        return "critère absent de ce qui a été lu"
    return f"{VERDICTS[examen.verdict]} : {html.escape(examen.trouve, quote=False)}"


def _place(bundle: Bundle, code: str, lieu: str) -> str:
    nom = bundle.place_name(code)
    return nom if nom == lieu else f"{lieu} ({nom})"


def _numbers(bundle: Bundle, numeros: Iterable[int]) -> str:
    """The figures of the register behind a fact, linked where the chapter has them."""
    if not bundle.has_figures:
        return ""
    linked = ", ".join(
        link(f"{REGISTER_PAGE}#{bundle.number(numero).content.anchor}", f"n° {numero}", css="chiffre")
        for numero in numeros
    )
    return f" ({linked})" if linked else ""


def _day(day: date | None) -> str:
    return NON_ETABLI if day is None else long_date(day)


def _call(regime: Regime) -> str:
    if regime.appel_debut is None or regime.appel_fin is None:
        return NON_ETABLI
    return f"du {long_date(regime.appel_debut)} au {long_date(regime.appel_fin)}"


def _read(source: str, lecture: str, note: str) -> str:
    told = f"{source}, {LECTURES[lecture]}" if lecture else source
    return f"{told}. {note}" if note else told
