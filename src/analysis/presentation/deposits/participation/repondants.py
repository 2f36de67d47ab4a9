"""Who answered the surveys, and whom the answers do not tell of."""

from __future__ import annotations

import html

from analysis.noyau.french import uncapitalized
from analysis.presentation.deposits.participation.vagues import place_of, waves_of
from analysis.presentation.parts.attentes import ENQUETES, attente
from analysis.presentation.parts.blocks import Block, Column, Table
from analysis.presentation.parts.mesures import cell, note, periods
from analysis.presentation.parts.tables import absence
from analysis.secret.bundle import Bundle

_MARGINS = {
    "salaries_ebe": ("taux_reponse_sexe_salaries", "taux_reponse_age_salaries"),
    "volontaires": ("taux_reponse_sexe_volontaires", "taux_reponse_age_volontaires"),
}


def reponses(bundle: Bundle) -> Block:
    """Who was invited to each wave of each survey, and who answered."""
    place = place_of(bundle)
    rows, everything = [], []
    for enquete, year in waves_of(bundle, place, missing=True):
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
    place = place_of(bundle)
    rows, everything = [], []
    for enquete, names in _MARGINS.items():
        for name in names:
            years = periods(bundle, name, place=place)
            for code, words in bundle.categories(name, place) if years else ():
                shown = bundle.measured(name, place=place, periode=years[-1], modalite=code)
                if shown is None:
                    continue
                everything.append(shown)
                label = f"{bundle.label('enquete', enquete)}, {years[-1]} : {uncapitalized(words)}"
                rows.append([html.escape(label, quote=False), cell(shown, bundle, parts=True)])
    if not waves_of(bundle, place):
        return attente(bundle, ENQUETES)
    if not rows:
        return absence("Qui manque : la population enquêtée n'est pas connue personne par personne.")
    columns = (Column("Enquête, année et catégorie"), Column("Taux de réponse (%)", True))
    return Table("qui-manque", "Qui répond, qui manque", columns, rows, note=note(bundle, everything)).block()
