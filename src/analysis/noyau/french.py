"""The little words of French that depend on the next one."""

from __future__ import annotations

_VOWELS = "aeiouyàâéèêëîïôùûhAEIOUYÀÂÉÈÊËÎÏÔÙÛH"


def of(name: str) -> str:
    """« de » before a name, elided or contracted.

    A name in h is elided, as place names mostly are.

    >>> of("Prémery"), of("Essai"), of("Le Livradois"), of("octobre 2023")
    ('de Prémery', "d'Essai", 'du Livradois', "d'octobre 2023")
    """
    if name.startswith("Le "):
        return f"du {name[3:]}"
    if name.startswith("Les "):
        return f"des {name[4:]}"
    return f"d'{name}" if name[0] in _VOWELS else f"de {name}"
