"""The questions of a territory's own, its indicators and their values, beside the common ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from analysis.indicateurs.donnees import Donnees
from analysis.indicateurs.participation.demandes import FAMILLE, IndicateurLocal, QuestionLocale
from analysis.noyau.mesures import TOUT, Cadre, Definition, Definitions, Forme, Mesure

FORMES: Final[Mapping[str, tuple[Forme, str]]] = MappingProxyType(
    {
        "personnes": ("compte", "personnes"),
        "part_personnes": ("part", "pourcent"),
        "etp": ("quantite", "etp"),
        "heures": ("quantite", "heures"),
        "euros": ("montant", "euros"),
        "pourcent": ("quantite", "pourcent"),
        "nombre": ("quantite", "nombre"),
    }
)
"""What a local indicator may count: the form of its measure, which decides of secrecy, and its unit."""

DES_PERSONNES: Final = re.compile(
    r"\b(?:personnes?|gens|femmes?|hommes?|meres?|peres?|parents?|enfants?|jeunes?|seniors?|familles?|menages?"
    r"|rqth|handicape\w*|malades?|salarie\w*|volontaires?|habitant\w*|benevoles?|chomeu\w*|demandeu\w*"
    r"|allocataires?|beneficiaires?|retraite\w*|stagiaires?|apprenti\w*|adherent\w*|usagers?|usageres?|elus?"
    r"|elues?|accompagne\w*|embauche\w*|participant\w*|candidat\w*)\b"
)
"""What speaks of people, without accents."""

TRAITE_COMME: Final = (
    " Son nom ou sa définition parle de personnes : il est traité comme un nombre de personnes."
)
"""What the definition says of an indicator that counts people under another unit."""

PART_SANS_NOMBRE: Final = (
    "part de personnes déposée sans dire sur combien : elle se dépose comme « Part de personnes »"
)
"""Why a percentage that speaks of people is not told: nobody knows how few they are."""

OUI, SUR = "-oui", "-sur"
"""How the names of the two counts of a local share end: those who have it, those observed."""

LIMITE: Final = "Défini et mesuré par le territoire ; il ne se compare pas d'un territoire à l'autre."


def nom(territoire: str, indicateur: str) -> str:
    """The name of a local indicator among the measures.

    >>> nom("jouques", "I1")
    'local-jouques-i1'
    """
    return f"local-{territoire}-{indicateur.lower()}"


def definitions(donnees: Donnees) -> dict[str, Definition]:
    """The definitions of a territory's local indicators, by name.

    The form says what the gate looks at: people, a share of them, or something else. A share of people is
    made of two counts, which are measures too: two dates that differ by one person are then seen. A number of
    something else whose words speak of people is a count as theirs are.
    """
    hypotheses = {q.question: q.hypothese for q in questions(donnees)}
    found: dict[str, Definition] = {}
    for row in donnees.rows("indicateurs_locaux"):
        definition = _definition(donnees.territoire.code, row, hypotheses)
        found |= {one.mesure: one for one in (definition, *_cotes(definition))}
    return found


def avec_locales(definitions_communes: Definitions, locales: Mapping[str, Definition]) -> Definitions:
    """The common definitions and these local ones."""
    return replace(definitions_communes, by_name={**definitions_communes.by_name, **locales})


def questions(donnees: Donnees) -> tuple[QuestionLocale, ...]:
    """The questions of a territory in its own order, each with its indicators.

    Reads ``questions_locales`` (one row a question) and ``indicateurs_locaux`` (one row an indicator,
    joined by ``question``, whatever its case). A question without an indicator is kept: it was asked.
    """
    code = donnees.territoire.code
    by_question: dict[str, list[IndicateurLocal]] = {}
    for row in donnees.rows("indicateurs_locaux"):
        by_question.setdefault(row["question"].upper(), []).append(_indicateur(code, row))
    return tuple(
        QuestionLocale(
            territoire=code,
            question=row["question"].upper(),
            intitule=row["intitule"],
            college=row["college"],
            hypothese="" if row["hypothese"] == "autre" else row["hypothese"].upper(),
            indicateurs=tuple(by_question.get(row["question"].upper(), ())),
        )
        for row in donnees.rows("questions_locales")
    )


def mesures(donnees: Donnees) -> Iterator[Mesure]:
    """The values of the local indicators, one a date.

    Reads ``mesures_locales`` (one row an indicator and a date): ``valeur``, and ``sur``, the people observed,
    for a share of people. An amount is in euros of its year. The cadre must know the local definitions.
    """
    asked = {row["indicateur"].upper(): row for row in donnees.rows("indicateurs_locaux")}
    for row in donnees.rows("mesures_locales"):
        indicateur = asked[row["indicateur"].upper()]
        mesure = nom(donnees.territoire.code, row["indicateur"])
        if indicateur["mesure"] == "part_personnes":
            yield from _part(donnees.cadre, mesure, row)
        elif indicateur["mesure"] == "pourcent" and parle_de_personnes(indicateur):
            yield donnees.cadre.absente(mesure, f"{row['date']:%Y-%m-%d}", PART_SANS_NOMBRE)
        else:
            yield _mesure(donnees.cadre, mesure, _forme(indicateur), row)


def _part(cadre: Cadre, mesure: str, row: Mapping[str, Any]) -> Iterator[Mesure]:
    """A share of people and the two counts that it is made of."""
    jour, part, whole = f"{row['date']:%Y-%m-%d}", int(row["valeur"]), int(row["sur"])
    yield cadre.compte(f"{mesure}{OUI}", jour, part)
    yield cadre.compte(f"{mesure}{SUR}", jour, whole)
    yield cadre.ratio(mesure, jour, part, whole, vide="personne n'est observé")


def parle_de_personnes(indicateur: Mapping[str, Any]) -> bool:
    """Whether the name or the definition of an indicator speaks of people.

    >>> parle_de_personnes({"libelle": "Femmes RQTH embauchées", "definition": "Au 31 décembre."})
    True
    >>> parle_de_personnes({"libelle": "Chantiers ouverts", "definition": "Depuis janvier."})
    False
    """
    words = f"{indicateur['libelle']} {indicateur['definition']}".casefold()
    plain = "".join(c for c in unicodedata.normalize("NFD", words) if not unicodedata.combining(c))
    return DES_PERSONNES.search(plain) is not None


def _forme(indicateur: Mapping[str, Any]) -> Forme:
    """What the gate looks at: people where the words speak of them, whatever the unit that was chosen."""
    if indicateur["mesure"] == "nombre" and parle_de_personnes(indicateur):
        return "compte"
    return FORMES[indicateur["mesure"]][0]


def _mesure(cadre: Cadre, mesure: str, forme: Forme, row: Mapping[str, Any]) -> Mesure:
    """A value of an indicator; a number of people is whole."""
    jour = f"{row['date']:%Y-%m-%d}"
    if forme == "compte" and float(row["valeur"]) != int(row["valeur"]):
        return cadre.absente(mesure, jour, "nombre de personnes qui n'est pas entier")
    if forme == "compte":
        return cadre.compte(mesure, jour, int(row["valeur"]))
    return cadre.somme(mesure, jour, float(row["valeur"]), n=1, prix=jour[:4] if forme == "montant" else "")


def _definition(code: str, row: Mapping[str, Any], hypotheses: Mapping[str, str]) -> Definition:
    forme, unite = _forme(row), FORMES[row["mesure"]][1]
    hypothese = hypotheses.get(row["question"].upper(), "")
    return Definition(
        mesure=nom(code, row["indicateur"]),
        libelle=row["libelle"],
        definition=row["definition"],
        unite=unite,
        forme=forme,
        numerateur=nom(code, row["indicateur"]) + OUI if forme == "part" else "",
        denominateur=nom(code, row["indicateur"]) + SUR if forme == "part" else "",
        tout="",
        famille=FAMILLE,
        modalites=(),
        sensible=forme == "part",
        hypotheses=(hypothese,) if hypothese else (),
        limite=LIMITE + (TRAITE_COMME if forme != FORMES[row["mesure"]][0] else ""),
        population=nom(code, row["indicateur"]) if forme == "compte" else "",
        partie_de=TOUT if forme == "compte" else "",
    )


def _cotes(share: Definition) -> Iterator[Definition]:
    """The counts that a share of people is made of: they are no indicators, and bear on no hypothesis."""
    if share.forme == "part":
        for name, what, whole in (
            (share.numerateur, "personnes concernées", share.denominateur),
            (share.denominateur, "personnes observées", TOUT),
        ):
            yield replace(
                share,
                mesure=name,
                libelle=f"{share.libelle} : {what}",
                unite="personnes",
                forme="compte",
                numerateur="",
                denominateur="",
                hypotheses=(),
                population=share.mesure,
                partie_de=whole,
            )


def _indicateur(code: str, row: Mapping[str, Any]) -> IndicateurLocal:
    """The indicator of a row; a target that lacks its side or its day is no target."""
    parts = (row["cible"], row["sens_cible"], row["date_cible"])
    has_target = not any(pd.isna(part) for part in parts)
    return IndicateurLocal(
        indicateur=row["indicateur"].upper(),
        mesure=nom(code, row["indicateur"]),
        libelle=row["libelle"],
        definition=row["definition"],
        origine=row["origine"],
        unite=FORMES[row["mesure"]][1],
        cible=float(row["cible"]) if has_target else None,
        sens=row["sens_cible"] if has_target else "",
        date_cible=f"{row['date_cible']:%Y-%m-%d}" if has_target else "",
    )
