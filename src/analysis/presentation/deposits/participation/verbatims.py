"""What people wrote: the themes that coders gave, and the words that may be quoted."""

from __future__ import annotations

import html

from analysis.noyau.french import uncapitalized
from analysis.presentation.deposits.participation.vagues import place_of, waves_of
from analysis.presentation.numbers import decimal
from analysis.presentation.parts.attentes import REPONSES_ECRITES, attente
from analysis.presentation.parts.blocks import Block, Column, Table
from analysis.presentation.parts.links import released_content
from analysis.presentation.parts.mesures import cell, note, periods, reason, value_of
from analysis.presentation.parts.prose import propos
from analysis.presentation.parts.tables import absence
from analysis.secret.bundle import Bundle

_THEMES = "themes_"


def themes(bundle: Bundle) -> Block:
    """What the written answers are about, survey by survey, and how far the two coders agree."""
    place = place_of(bundle)
    names = [d.mesure for d in bundle.definitions if d.mesure.startswith(_THEMES)]
    columns, rows, everything = [Column("Thème")], [], []
    keys = [(name, year) for name in names for year in periods(bundle, name, place=place)]
    if not keys:
        return attente(bundle, REPONSES_ECRITES)
    for name, year in keys:
        survey = bundle.label("enquete", name.removeprefix(_THEMES))
        columns.append(Column(f"{survey}, {year}", True))
    themes = {code: label for name, _ in keys for code, label in bundle.categories(name, place)}
    for code, label in themes.items():
        shown = [bundle.measured(n, place=place, periode=t, modalite=code) for n, t in keys]
        if any(r is not None and value_of(r) != 0 for r in shown):
            everything += shown
            rows.append([html.escape(label, quote=False), *(cell(r, bundle) for r in shown)])
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
    if not bundle.verbatims and not waves_of(bundle, place_of(bundle)):
        return Block("")
    if not bundle.verbatims:
        return absence(
            "Aucune réponse écrite n'est citée : il y faut l'accord de la personne et un choix de l'équipe."
        )
    told = bundle.definition("themes_salaries_ebe")
    parts = []
    for verbatim in map(released_content, bundle.verbatims):
        who = f"{bundle.label('enquete', verbatim.enquete)}, {verbatim.annee}"
        if verbatim.theme:
            who += f" ; thème : {uncapitalized(told.libelle_de(verbatim.theme))}"
        if bundle.territoire is None:
            who = f"{bundle.place_name(verbatim.territoire)} ; {who}"
        parts.append(
            f"<blockquote><p>{propos(verbatim.texte)}</p></blockquote>"
            f'<p class="note">{html.escape(who, quote=False)}.</p>'
        )
    return Block(f'<section class="verbatims">{"".join(parts)}</section>')
