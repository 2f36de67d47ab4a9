"""The follow-up of all the territories: how many, where, which alerts are raised, by which rule."""

from __future__ import annotations

import html
from collections import Counter
from typing import Final

from analysis.indicateurs.territoires_suivis.alertes import reached
from analysis.indicateurs.territoires_suivis.records import (
    ETATS,
    Alerte,
    Regle,
    Suivis,
    TerritoireSuivi,
)
from analysis.noyau.french import counted
from analysis.noyau.periods import Period, long_date
from analysis.presentation.drawing.charts import dots_map_svg
from analysis.presentation.drawing.france_map import MapPoint, project
from analysis.presentation.drawing.multiples import Curve, Facet, facets_svg
from analysis.presentation.numbers import decimal
from analysis.presentation.parts.blocks import Block, Chart, Column, Table, dated, number
from analysis.presentation.parts.links import figure_link, link, released_content
from analysis.presentation.parts.marks import heading
from analysis.presentation.parts.tables import absence
from analysis.secret.bundle import Bundle
from analysis.sources.fiches import Chiffre

PAGE: Final = "territoires-suivis"
"""The page of the site with a row for each territory."""

_METROPOLE: Final = (-6.0, 10.0, 41.0, 52.0)
"""The longitudes and latitudes of the map of metropolitan France."""

_SINCE: Final = 2025
"""The year from which a source's number of territories is set against those that are named."""

_UNITS: Final = {"mois": "mois", "jours": "jours", "euros": "€"}


def titre(bundle: Bundle) -> Block:
    """The title of the chapter."""
    return heading(bundle, "Le suivi des territoires")


def combien(bundle: Bundle) -> Block:
    """How many territories are named here, and how many sources count: the rest is counted, not invented."""
    suivis = _shown(bundle)
    if suivis is None:
        return absence("Aucun suivi n'est déclaré dans ce projet.")
    named = len(suivis.lignes)
    said = f"Au {long_date(suivis.jour)}, {counted(named, 'territoire est suivi', 'territoires sont suivis')} ici."
    counts = [
        r
        for r in (bundle.number(numero) for numero in suivis.annonces)
        if r.content.valeur is not None
        and r.content.periode is not None
        and r.content.periode.end.year >= _SINCE
        and not bundle.is_set_aside(r.content)
    ]
    if counts:
        told = " ; ".join(
            f"{figure_link(r, bundle)} ({r.content.periode.label if r.content.periode else ''}) : il en reste "
            f"{decimal(_unnamed(suivis, r.content), 0)} que rien ne nomme"
            for r in counts
        )
        said += (
            f" Les sources en comptent un autre nombre : {told}. Ceux-là n'ont pas de ligne : ils ne sont ni nommés, "
            "ni inventés."
        )
    unsure = sum(not ligne.territoire.date_sure for ligne in suivis.lignes)
    if unsure:
        said += f" La date de {counted(unsure, 'territoire', 'territoires')} n'est pas imprimée : elle est déduite."
    return Block(f'<p id="combien">{said}</p>')


def carte(bundle: Bundle) -> Block:
    """The territories whose place is known, those with an alert of their own apart."""
    suivis = _shown(bundle)
    if suivis is None:
        return Block("")
    shared = _shared(suivis)
    placed = [ligne for ligne in suivis.lignes if _is_on_map(ligne.territoire)]
    if not placed:
        return absence("Aucun territoire suivi n'a de place connue sur la carte.")
    points, alerted = [], set()
    for ligne in placed:
        place = ligne.territoire
        points.append(
            MapPoint(place.code, place.nom, *project(place.longitude or 0.0, place.latitude or 0.0))
        )
        if any(alerte.alerte not in shared for alerte in ligne.levees):
            alerted.add(place.code)
    on_map = f"{decimal(len(placed), 0)} placés sur la carte"
    having = counted(len(alerted), "territoire a une alerte", "territoires ont une alerte")
    caption = (
        f"{having} que tous n'ont pas, sur {on_map}" if alerted else f"Aucun des {on_map} n'a d'alerte à lui"
    )
    gone = len(suivis.lignes) - len(placed)
    note = "Fond : Natural Earth, domaine public."
    if gone:
        absent = counted(gone, "territoire suivi n'y est pas", "territoires suivis n'y sont pas")
        note += f" {absent} : leur place n'est pas connue, ou elle est hors de la métropole."
    data = Table(
        "carte-donnees",
        "Les territoires placés sur la carte",
        (Column("Territoire"), Column("Département"), Column("Alerte propre")),
        [
            [
                html.escape(ligne.territoire.nom, quote=False),
                html.escape(ligne.territoire.departement or "non établi"),
                "oui" if ligne.territoire.code in alerted else "non",
            ]
            for ligne in placed
        ],
    )
    return Chart(
        anchor="carte-suivis",
        caption=caption,
        subtitle="Un point par territoire ; un losange rouge a une alerte que tous n'ont pas.",
        drawing=dots_map_svg(points, frozenset(alerted)),
        alt=f"{caption}. Carte de la France métropolitaine, un point par territoire.",
        note=note,
        data=data,
    ).block()


def alertes(bundle: Bundle) -> Block:
    """The alerts that are raised: those of everyone in a sentence, the others by territory."""
    suivis = _shown(bundle)
    if suivis is None:
        return Block("")
    shared, labels = _shared(suivis), _labels(suivis)
    said = "".join(
        f'<p class="avis">Alerte de tous les territoires : <strong>{html.escape(labels[name], quote=False)}</strong> '
        f"({html.escape(dit, quote=False)}).</p>"
        for name, dit in shared.items()
    )
    rows = [
        [
            html.escape(ligne.territoire.nom, quote=False),
            html.escape(labels[alerte.alerte], quote=False),
            html.escape(alerte.dit, quote=False),
        ]
        for ligne in suivis.lignes
        for alerte in ligne.levees
        if alerte.alerte not in shared
    ]
    if not rows:
        return Block(f'{said}<p id="alertes">Aucune autre alerte n\'est levée.</p>')
    columns = (Column("Territoire"), Column("Alerte"), Column("Sur quoi"))
    caption = f"Les alertes levées au {long_date(suivis.jour)}"
    return Block(said) + Table("alertes", caption, columns, rows).block()


def regles(bundle: Bundle) -> Block:
    """Each rule with its threshold, and how many territories are in each state."""
    suivis = _shown(bundle)
    if suivis is None:
        return Block("")
    columns = (
        Column("Alerte"),
        Column("Règle"),
        Column("Seuil", numeric=True),
        *(Column(words.capitalize(), numeric=True) for words in ETATS.values()),
    )
    rows = []
    for rank, regle in enumerate(suivis.regles):
        states = Counter(ligne.alertes[rank].etat for ligne in suivis.lignes)
        rows.append(
            [
                html.escape(regle.libelle, quote=False),
                html.escape(regle.regle, quote=False),
                _threshold(regle),
                *(number(str(states[etat]), states[etat], "territoires") for etat in ETATS),
            ]
        )
    note = "« Non évalué » : les données de la règle n'existent pas pour ce territoire. « Secret » : elles existent, et ne se publient pas."
    return Table(
        "regles-alertes", "Les règles d'alerte, et ce qu'elles trouvent", columns, rows, note
    ).block()


def silences(bundle: Bundle) -> Block:
    """The alerts that were silenced: until when, why, and whether the silence still holds."""
    suivis = _shown(bundle)
    if suivis is None or not suivis.silences:
        return Block("")
    labels, names = _labels(suivis), {ligne.territoire.code: ligne.territoire.nom for ligne in suivis.lignes}
    rows = [
        [
            html.escape(names.get(s.territoire, s.territoire), quote=False),
            html.escape(labels.get(s.alerte, s.alerte), quote=False),
            dated(Period(s.jusqu_au.isoformat())),
            "tient" if s.holds(suivis.jour) else "fini : l'alerte est revenue si sa règle la lève",
            html.escape(s.motif, quote=False),
            html.escape(f"{s.par}, le {long_date(s.pose_le)}", quote=False),
        ]
        for s in suivis.silences
    ]
    columns = (
        Column("Territoire"),
        Column("Alerte"),
        Column("Jusqu'au"),
        Column("Silence"),
        Column("Pourquoi"),
        Column("Posé par"),
    )
    return Table("silences", "Les alertes mises en silence", columns, rows).block()


def trajectoires(bundle: Bundle, au_plus: int) -> Block:
    """The jobs of the territories that have a plan, against it: the farthest under their plan first."""
    suivis = _shown(bundle)
    planned = [] if suivis is None else _planned(suivis)
    drawn = planned[:au_plus]
    if not drawn:
        return Block("")
    under = counted(
        sum(_part(t) < 1 for t in drawn), "territoire est sous son plan", "territoires sont sous leur plan"
    )
    caption = f"{under}, sur {decimal(len(drawn), 0)} dessinés"
    note = "Un plan vaut pour la fin de son année."
    if gone := len(planned) - len(drawn):
        others = counted(
            gone, "autre territoire n'est pas dessiné", "autres territoires ne sont pas dessinés"
        )
        note += f" {others}."
    rows = [_planned_row(t) for t in drawn]
    return Chart(
        anchor="trajectoires-plans",
        caption=caption,
        subtitle="Équivalents temps plein, et ceux que le plan prévoyait en fin d'année.",
        drawing=facets_svg([_facet(t) for t in drawn], columns=4, from_zero=True),
        alt=f"{caption}. De petites courbes, celle des ETP en rouge, celle du plan en noir.",
        note=note,
        lecture=f"Lecture : {rows[0][0]} a {rows[0][1]} ETP, {rows[0][2]} % de son plan.",
        champ="Champ : territoires dont un plan et trois relevés d'ETP au moins sont connus.",
        data=Table("trajectoires-donnees", "ETP et part du plan", _PLANNED, rows),
    ).block()


_PLANNED: Final = (
    Column("Territoire"),
    Column("Derniers ETP", numeric=True),
    Column("Part du plan (%)", numeric=True),
)


def _planned(suivis: Suivis) -> list[TerritoireSuivi]:
    """The territories whose plan has the year of their last ETP, and a curve to draw."""
    found = [
        ligne.territoire
        for ligne in suivis.lignes
        if len(ligne.territoire.known("etp")) > 2 and reached(ligne.territoire) is not None
    ]
    return sorted(found, key=lambda t: (_part(t), t.nom))


def _facet(place: TerritoireSuivi) -> Facet:
    planned = tuple((r.end.year + 1.0, r.valeur or 0.0) for r in place.known("etp_prevus"))
    jobs = tuple((Period(r.periode).middle, r.valeur or 0.0) for r in place.known("etp"))
    return Facet(place.nom, (Curve("autre", "ETP prévus", planned), Curve("montree", "ETP", jobs)))


def _planned_row(place: TerritoireSuivi) -> list[str]:
    jobs, share = place.known("etp")[-1].valeur or 0.0, 100 * _part(place)
    return [
        html.escape(place.nom, quote=False),
        number(decimal(jobs, 1), jobs, "ETP"),
        number(decimal(share, 0), share, "%"),
    ]


def plans(bundle: Bundle) -> Block:
    """The plans that sources print, where no follow-up of the jobs is known against them."""
    suivis = _shown(bundle)
    if suivis is None or not bundle.has_figures:
        return Block("")
    rows = [
        [
            html.escape(ligne.territoire.nom, quote=False),
            Period(r.periode).label,
            figure_link(bundle.number(r.chiffre), bundle),
        ]
        for ligne in suivis.lignes
        for r in ligne.territoire.known("etp_prevus")
        if r.chiffre is not None
    ]
    if not rows:
        return Block("")
    columns = (Column("Territoire"), Column("Échéance"), Column("Emplois prévus", numeric=True))
    note = "L'échéance est comptée depuis l'année de l'habilitation. Aucun relevé d'ETP n'est connu de ces territoires : rien n'est comparé."
    return Table(
        "plans-publies",
        "Les emplois que des territoires prévoyaient à leur habilitation",
        columns,
        rows,
        note,
    ).block()


def liste(bundle: Bundle) -> Block:
    """Where every territory has its row: a page of the site; in the atelier, the table itself."""
    suivis = _shown(bundle)
    if suivis is None:
        return Block("")
    if bundle.mode != "publication":
        from analysis.presentation.deposits.suivis_liste import table

        return Block(table(suivis, [t.code for t in bundle.territoires]))
    page = link(f"{PAGE}.html#suivis", "le tableau de tous les territoires suivis")
    return Block(f"<p>Chaque territoire a sa ligne dans {page}, sur le site : il se trie et se filtre.</p>")


def _shown(bundle: Bundle) -> Suivis | None:
    return None if bundle.suivis is None else released_content(bundle.suivis)


def _shared(suivis: Suivis) -> dict[str, str]:
    """The alerts that everyone has on the same ground: they tell nothing of one territory."""
    found = {}
    for rank, regle in enumerate(suivis.regles):
        of_all = {_same(ligne.alertes[rank]) for ligne in suivis.lignes}
        if len(of_all) == 1 and (only := of_all.pop()) is not None and len(suivis.lignes) > 1:
            found[str(regle.alerte)] = only
    return found


def _same(alerte: Alerte) -> str | None:
    return alerte.dit if alerte.etat == "levee" else None


def _unnamed(suivis: Suivis, count: Chiffre) -> float:
    """How many of those that a source counts at a period are named by nothing that was read: zero at least."""
    assert count.valeur is not None and count.periode is not None, count.numero
    end = count.periode.end
    named = sum(Period(ligne.territoire.date_habilitation).start <= end for ligne in suivis.lignes)
    return max(0.0, count.valeur - named)


def _labels(suivis: Suivis) -> dict[str, str]:
    return {regle.alerte: regle.libelle for regle in suivis.regles}


def _threshold(regle: Regle) -> str:
    if regle.unite == "fraction":
        return number(f"{decimal(100 * regle.seuil, 0)} %", 100 * regle.seuil, "%")
    return number(f"{decimal(regle.seuil, 0)} {_UNITS[regle.unite]}", regle.seuil, _UNITS[regle.unite])


def _is_on_map(place: TerritoireSuivi) -> bool:
    if place.longitude is None or place.latitude is None:
        return False
    west, east, south, north = _METROPOLE
    return west <= place.longitude <= east and south <= place.latitude <= north


def _part(place: TerritoireSuivi) -> float:
    """The part of its plan of a territory that has one for the year of its last ETP."""
    share = reached(place)
    assert share is not None, place.code
    return share
