"""The three hypotheses of the experiment, which every chapter bears on: declared once, in their order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Hypothese:
    """A hypothesis: its code, its words, and the question that it raises."""

    code: str
    nom: str
    question: str


HYPOTHESES: Final = (
    Hypothese(
        "H1",
        "Nul n'est inemployable",
        "Les personnes privées durablement d'emploi peuvent-elles toutes travailler "
        "si l'emploi s'adapte à elles ?",
    ),
    Hypothese(
        "H2",
        "Ce n'est pas le travail qui manque",
        "Y a-t-il, dans chaque territoire, assez de travaux utiles qui ne concurrencent pas l'existant ?",
    ),
    Hypothese(
        "H3",
        "Ce n'est pas l'argent qui manque",
        "Ce que coûte la privation d'emploi suffit-il à financer les emplois ?",
    ),
)

CODES: Final = tuple(hypothese.code for hypothese in HYPOTHESES)
