"""The rules of secrecy as they are declared, and what they say, written from them.

``data/dictionary/secret.csv`` declares each parameter, its reference, how it was read and by whom; none may
be looser than its floor here. ``python -m analysis.secret.seuils`` writes them into docs/methods/secret.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.noyau.declared.written import read_written
from analysis.noyau.errors import Finding, InvalidData
from analysis.noyau.french import counted
from analysis.noyau.paths import Project
from analysis.noyau.periods import Period

A_CONFIRMER: Final = "à confirmer"
"""What stands for the reader of a reference that nobody answers for yet."""

AU_MOINS: Final[Mapping[str, int]] = {
    "effectif_minimal": 5,
    "taux_minimal": 11,
    "ebe_minimales": 3,
    "dominance_nombre": 1,
    "estimation_part": 10,
    "coalition": 1,
    "arrondi_base": 5,
    "citation_minimale": 11,
}
"""The floors: a declared value is at least as high."""

AU_PLUS: Final[Mapping[str, int]] = {"dominance_part": 85}
"""The ceilings: a declared value is at most as high."""

MOTS: Final[Mapping[str, str]] = {"groupe_entier": "sensibles", "zeros": "dits"}
"""The rules that are no number, and the one word that the program applies."""


@dataclass(frozen=True)
class Parametre:
    """One declared parameter: its value, the text that it comes from, how it was read, by whom and when."""

    parametre: str
    libelle: str
    valeur: str
    unite: str
    reference: str
    lecture: str
    lu_par: str
    date_lecture: str
    note: str


def load_parametres(project: Project) -> Mapping[str, Parametre]:
    """The parameters of ``data/dictionary/secret.csv`` by code; those of the program where a bilan has none.

    Raises InvalidData with every finding: a parameter that is unknown or missing, a value that is no whole
    number, one that is looser than its floor.
    """
    if not (project.dictionary / "secret.csv").exists():
        project = Project(Path(__file__).resolve().parents[3])
    raw = read_written(project, "secret", key=("parametre",))
    shown = project.shown(project.dictionary / "secret.csv")
    declared = {row["parametre"]: line for line, row in raw.rows.items()}
    findings = [
        Finding(shown, None, "parametre", "aucune ligne", f"une ligne « {parametre} »")
        for parametre in (*AU_MOINS, *AU_PLUS, *MOTS)
        if parametre not in declared
    ]
    findings += [fault for line, row in raw.rows.items() for fault in _faults(shown, line, row)]
    if findings:
        raise InvalidData(findings)
    return {row["parametre"]: Parametre(**row) for row in raw.rows.values()}


def _faults(shown: str, line: int, row: Mapping[str, str]) -> Iterator[Finding]:
    """What is wrong in one declared parameter."""
    parametre, valeur = row["parametre"], row["valeur"]
    least, most = AU_MOINS.get(parametre), AU_PLUS.get(parametre)
    found = f"« {valeur} »"
    if parametre in MOTS:
        if valeur != MOTS[parametre]:
            yield Finding(
                shown, line, "valeur", found, f"« {MOTS[parametre]} » : le programme n'a pas d'autre règle"
            )
    elif least is None and most is None:
        yield Finding(
            shown, line, "parametre", f"« {parametre} »", f"l'un de {', '.join((*AU_MOINS, *AU_PLUS, *MOTS))}"
        )
    elif not valeur.isdecimal():
        yield Finding(shown, line, "valeur", found, "un nombre entier")
    elif least is not None and int(valeur) < least:
        yield Finding(
            shown,
            line,
            "valeur",
            found,
            f"{least} au moins : une règle déclarée peut être plus stricte, jamais plus lâche",
        )
    elif most is not None and not 0 < int(valeur) <= most:
        yield Finding(
            shown,
            line,
            "valeur",
            found,
            f"de 1 à {most} : une règle déclarée peut être plus stricte, jamais plus lâche",
        )


PARAMETRES: Final = load_parametres(Project.here())
"""The parameters of the bilan, read once."""


def _number(parametre: str) -> int:
    return int(PARAMETRES[parametre].valeur)


SEUIL_EFFECTIF: Final = _number("effectif_minimal")
"""A count of people, a quantity of ETP, a difference between two of them is withheld under it, zero apart."""

SEUIL_TAUX: Final = _number("taux_minimal")
"""A rate, a share, a mean, a median, an incidence on fewer people is withheld."""

BASE_ARRONDI: Final = _number("arrondi_base")
"""A number of people or of ETP that follows others month by month is rounded to a multiple of it."""

SEUIL_EBE: Final = _number("ebe_minimales")
"""A sum of accounts of fewer EBE is withheld."""

DOMINANCE: Final = (_number("dominance_nombre"), _number("dominance_part"))
"""A sum of accounts of which that many EBE make more than that percentage is withheld."""

ESTIMATION: Final = _number("estimation_part")
"""A sum of accounts from which the second EBE estimates the first closer than that percentage is withheld."""

COALITION: Final = _number("coalition")
"""So many territories or EBE that put their own numbers together learn nobody else's from a sum of all."""

SEUIL_CITATION: Final = _number("citation_minimale")
"""A wave of fewer answers is quoted from by nobody."""

_PEU: Final = f"de 1 à {SEUIL_EFFECTIF - 1} personnes"
_PEU_D_EBE: Final = f"moins de {SEUIL_EBE} EBE"

ENONCES: Final[Mapping[str, str]] = {
    "seuil-effectif": f"un nombre {_PEU}, une quantité de moins de {SEUIL_EFFECTIF} ETP ; zéro est dit",
    "seuil-taux": (
        "un taux, une part, une moyenne, une médiane, une probabilité, un coefficient ou un écart de profil "
        f"sur moins de {SEUIL_TAUX} personnes"
    ),
    "petit-cote": f"un rapport qui compte ou laisse {_PEU}, et le nombre qui le rendrait",
    "groupe-entier": "une caractéristique sensible vraie de tout le groupe, ou de personne",
    "difference": (
        f"une valeur qui diffère {_PEU} de la plus proche publiée : d'une date à la suivante, d'un délai au "
        "précédent"
    ),
    "arrondi": (
        f"un effectif ou des ETP mensuels, montrés à {BASE_ARRONDI} près ; une ventilation, si rien "
        "n'y reste à retenir"
    ),
    "regroupement": (
        "deux catégories ou plus d'une ventilation, dites ensemble à un territoire et à une date : c'est ce "
        "qui y perd le moins"
    ),
    "addition": (
        "la catégorie ou le territoire qu'une soustraction rendrait : celui qui entre dans le moins de "
        "sommes, puis le plus petit ; à défaut, le total"
    ),
    "intervalle": (
        "la valeur sans laquelle toutes les additions ensemble diraient une valeur retenue à moins de "
        f"{SEUIL_EFFECTIF} près"
    ),
    "sans-protection": (
        f"une valeur qui reste connue à moins de {SEUIL_EFFECTIF} près, que rien de plus ne cacherait"
    ),
    "composante": (
        "un rapport dont le numérateur ou le dénominateur est retenu, un écart dont une part l'est, une "
        "médiane dont l'effectif l'est"
    ),
    "accord": "les comptes d'une seule EBE sans accord écrit ni comptes publiés, exercice par exercice",
    "trop-peu-d-ebe": (f"une somme nationale de {_PEU_D_EBE}, ou dont 1 à {SEUIL_EBE - 1} sont retenues"),
    "edition": (
        "un nombre qui diffère trop peu de celui d'une édition passée, ou qu'elle retenait ; la valeur de "
        "l'édition passée reste"
    ),
    "dominance": (
        f"une somme nationale de comptes dont {counted(DOMINANCE[0], 'EBE fait', 'EBE font')} plus de "
        f"{DOMINANCE[1]} %, ou dont la deuxième EBE estimerait la première à moins de {ESTIMATION} % près"
    ),
    "citation": f"les mots d'une personne, si moins de {SEUIL_CITATION} ont répondu à la vague",
}
"""What each rule withholds, in the words of the page on secrecy."""

TROP_PEU_D_EBE: Final = f"{_PEU_D_EBE}, publiées ou retenues"
"""Why a national sum of accounts is withheld, as a page says it."""

UNE_EBE_DOMINE: Final = "somme faite pour l'essentiel d'une EBE"
"""Why a national sum of accounts that one EBE makes nearly alone is withheld."""

_TABLE: Final = re.compile(r"\| Règle \|.*?(?=\n\n)", re.DOTALL)
_REFERENCES: Final = re.compile(r"\| Paramètre \|.*?(?=\n\n)", re.DOTALL)


def page(text: str) -> str:
    """The page on secrecy with the tables of its rules and of their parameters written anew.

    >>> page("| Règle | ? |\\n| x | y |\\n\\nLa suite.").splitlines()[2][:20]
    '| seuil-effectif | u'
    """
    rows = "\n".join(f"| {rule} | {told} |" for rule, told in ENONCES.items())
    text = _TABLE.sub(lambda _: f"| Règle | Ce qu'elle retient |\n|---|---|\n{rows}", text, count=1)
    declared = "\n".join(_declared(parametre) for parametre in PARAMETRES.values())
    head = "| Paramètre | Valeur | Référence | Lecture |\n|---|---|---|---|"
    return _REFERENCES.sub(lambda _: f"{head}\n{declared}", text, count=1)


def _declared(p: Parametre) -> str:
    """One parameter as a row of the page."""
    read = {
        "texte": "texte lu",
        "extrait": "extrait lu",
        "seconde_main": "de seconde main",
        "projet": "choisi",
    }
    when = f"{read[p.lecture]} le {Period(p.date_lecture).label} ; répond de la lecture : {p.lu_par}"
    unit = {"pourcent": " %", "ebe": " EBE", "personnes": " personnes"}.get(p.unite, "")
    note = f" {p.note}" if p.note else ""
    return f"| {p.libelle} | {p.valeur}{unit} | {p.reference}.{note} | {when} |"


if __name__ == "__main__":
    path = Project.here().methods / "secret.md"
    path.write_text(page(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
