"""What must not be in a deposit: names, social security numbers, e-mail addresses, telephone numbers."""

from __future__ import annotations

import re
from typing import Final

_COURRIEL = re.compile(r"(?<![^\s@])[^\s@]+@[^\s@]+\.[a-zA-Z]{2,}")  # a long word is looked at once
_TELEPHONE = re.compile(
    r"(?<!\d)(?:(?:\+|00\s?)33\)?[\s./\-]{0,3}(?:\(0\))?|0)[\s./\-]{0,3}[1-9](?:[\s./\-]{0,3}\d{2}){4}(?!\d)"
)
_DATE = re.compile(r"(?<!\d)(?:\d{1,2}([./\-])\d{1,2}\1(?:19|20)\d{2}|(?:19|20)\d{2}-\d{2}-\d{2})(?!\d)")
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d*)\.\d+")
NIR: Final = re.compile(
    r"(?<!\d)[1-478][\s./\-]?\d{2}[\s./\-]?(?:0[1-9]|1[0-2]|[2-9]\d)[\s./\-]?(?:\d{2}|2[AB])[\s./\-]?\d{3}[\s./\-]?\d{3}(?:[\s./\-]?\d{2})?(?!\d)"
)
_CIVILITE = re.compile(r"\b(?:M\.|Mr|Mme|Mlle|Monsieur|Madame|Mademoiselle|Docteur|Dr)\s+[A-ZÀ-Ý]")
_SIGLES = "EBE|CLE|RSA|ASS|ARE|AAH|CAF|MSA|CPAM|CCAS|CMS|RQTH|MDPH|ESAT|CDI|CDD|ETP|PLIE|SIAE|ACI|CAP|BEP|BTS|AFPA|GRETA|PMSMP"
_NOM = re.compile(
    rf"(?<![\w'’-])[A-ZÀ-Ý][a-zà-ÿ]+(?:-[A-ZÀ-Ý][a-zà-ÿ]+)?\s+(?:[A-ZÀ-Ý][a-zà-ÿ]+|(?!(?:{_SIGLES})\b)[A-ZÀ-Ý]{{3,}})(?![\w'’])"
)
_NOM_EN_TETE = re.compile(rf"(?<![\w'’-])(?!(?:{_SIGLES})\b)[A-ZÀ-Ý]{{3,}}\s+[A-ZÀ-Ý][a-zà-ÿ]+(?![\w'’])")
_SANS_ZERO = re.compile(r"(?<![\d.,])[67]\d{8}(?![\d.,])")
_ENTETE = re.compile(
    r"\b(?:nom|prénoms?|prenoms?|patronyme|nir|sécurité sociale|securite sociale|n° sécu|courriel|e-?mail|mail|"
    r"téléphone|telephone|tél|tel|portable|adresse|date de naissance|né le|née le)\b",
    re.IGNORECASE,
)


def donnee_personnelle(text: str, *, libre: bool = False) -> str | None:
    """What a text seems to hold that identifies someone, in French words; None when nothing is seen.

    ``libre`` also looks for what reads as a first name and a name, or a mobile number that lost its zero, in
    a free text; elsewhere two capitalised words may be an activity, and nine digits an amount. A number is looked at as the spreadsheet stores it. Nobody can
    find every name: the workbook, the guide and the note of the column ask for none.

    >>> donnee_personnelle("joindre au 06 12 34 56 78"), donnee_personnelle("1 75 05 63 123 456 89")
    ('un numéro de téléphone', 'un numéro de sécurité sociale')
    >>> donnee_personnelle("vue avec Jeanne Martin", libre=True), donnee_personnelle("Bois et Jardins")
    ('un nom', None)
    >>> donnee_personnelle("Le RSA ne suffisait pas", libre=True) is None
    True
    """
    if _COURRIEL.search(text):
        return "un courriel"
    if NIR.search(text):
        return "un numéro de sécurité sociale"
    if _is_phone(text) or (libre and _SANS_ZERO.search(text)):
        return "un numéro de téléphone"
    if _CIVILITE.search(text) or (libre and (_NOM.search(text) or _NOM_EN_TETE.search(text))):
        return "un nom"
    return None


_NUMERO_DE_FICHIER = re.compile(r"(?<!\d)((?:\+|00)33[ ._-]?[1-9]|0[1-9])([ ._-]?)\d\d(?:\2\d\d){3}(?!\d)")
_PAIRE = re.compile(r"[ ._-]\d\d(?!\d)")
_JOUR_COLLE = re.compile(
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d"
)


def donnee_personnelle_du_nom(name: str) -> str | None:
    """What the name of a file seems to hold that identifies someone; None when nothing is seen.

    File names are full of dates, counters and company numbers: a social security number has a month and its right
    key, a telephone number is five pairs cut alike, without a date in them nor a sixth pair beside.

    >>> donnee_personnelle_du_nom("fiche 06 12 34 56 78.txt"), donnee_personnelle_du_nom("275056312345661.txt")
    ('un numéro de téléphone', 'un numéro de sécurité sociale')
    >>> [donnee_personnelle_du_nom(name) for name in ("0120180131.txt", "123456789FEC20181231.txt", "1543622400000.csv")]
    [None, None, None]
    """
    if _COURRIEL.search(name):
        return "un courriel"
    if any(est_nir(match[0]) for match in NIR.finditer(name)):
        return "un numéro de sécurité sociale"
    if any(_is_phone_of_name(name, match) for match in _NUMERO_DE_FICHIER.finditer(name)):
        return "un numéro de téléphone"
    return "un nom" if _CIVILITE.search(name) else None


def est_nir(text: str) -> bool:
    """Whether fifteen signs have the key of a social security number, or thirteen its month and its rank of birth.

    >>> est_nir("2 75 05 63 123 456 61"), est_nir("2 75 05 63 123 456 62"), est_nir("1543622400000")
    (True, False, False)
    """
    signs = re.sub(r"[\s./\-]", "", text).upper()
    if len(signs) == 15:
        number = int(signs[:13].replace("2A", "19").replace("2B", "18"))
        return int(signs[13:]) == 97 - number % 97
    return signs[0] in "12" and 1 <= int(signs[3:5]) <= 12 and signs[5:7] != "00" and signs[10:] != "000"


def _is_phone_of_name(name: str, match: re.Match[str]) -> bool:
    sign = match[2]
    if not sign:
        return _JOUR_COLLE.search(match[0]) is None and "0000" not in match[0]
    before = re.search(r"(?<!\d)\d\d[ ._-]$", name[: match.start()])
    return before is None and _PAIRE.match(name[match.end() :]) is None


def _is_phone(text: str) -> bool:
    """Dates, and a number as the spreadsheet stores it, have digits enough to look like one."""
    return _DECIMAL.fullmatch(text) is None and _TELEPHONE.search(_DATE.sub("|", text)) is not None


def is_personal_header(text: str) -> bool:
    """Whether a column that the model does not have announces what must not be sent.

    >>> is_personal_header("Prénom"), is_personal_header("Nombre d'heures")
    (True, False)
    """
    return _ENTETE.search(text) is not None
