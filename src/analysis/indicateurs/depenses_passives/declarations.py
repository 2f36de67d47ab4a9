"""The declared tables of the study: case types, who pays what, assumptions, prices, accepted amounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Final

import pandas as pd

from analysis.indicateurs.depenses_passives.loi.cas_types import CasType, from_row
from analysis.indicateurs.depenses_passives.resultats import Hypothese, Scenario
from analysis.noyau.declared.prix import Prix
from analysis.noyau.declared.written import load_written
from analysis.noyau.errors import Finding, InvalidData
from analysis.noyau.paths import Project
from analysis.sources.register import load_register

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "payeurs": ("payeur",),
    "scenarios": ("scenario",),
    "cas_types": ("cas",),
    "affectations": ("ligne", "payeur", "debut"),
    "compensations": ("ligne", "de", "vers", "debut"),
    "chefs_de_file": ("departement", "debut"),
    "lignes_declarees": ("ligne", "annee"),
    "hypotheses": ("scenario", "hypothese"),
    "taux_contribution": ("debut",),
    "assiettes_contribution": ("annee",),
    "prix": ("annee",),
    "montants_publies": ("montant",),
    "montants_acceptes": ("cas", "variante", "situation", "annee", "ligne"),
    "dernieres_valeurs": ("parametre",),
}
"""The tables of ``data/depenses_passives`` and the columns whose values together name one row."""

ACCEPTES: Final = "montants_acceptes"
DERNIERES: Final = "dernieres_valeurs"
_WRITTEN_BY_ACCEPTANCE: Final = (ACCEPTES, DERNIERES)

HYPOTHESES: Final = {
    "part_rsa": "Part au RSA avant l'embauche",
    "part_ass": "Part à l'ASS avant l'embauche",
    "part_aah": "Part à l'AAH avant l'embauche",
    "part_are": "Part à l'ARE avant l'embauche",
    "part_aucune": "Part sans prestation avant l'embauche",
    "effet_emploi": "Part des emplois qui n'auraient pas existé sans l'EBE",
    "recours_rsa": "Recours au RSA",
    "recours_prime": "Recours à la prime d'activité",
    "recours_logement": "Recours à l'aide au logement",
    "are_annee_1": "Part de la première année où l'ARE aurait encore couru",
    "are_annee_2": "Part de la deuxième année où l'ARE aurait encore couru",
    "compensation_rsa": "Part du RSA évité que l'État retire au département",
    "lignes_declarees": "Ce que la loi ne chiffre pas",
    "cumul": "Prestations gardées après l'embauche",
    "cde_etat": "Participation de l'État, en part du Smic brut",
    "cde_departement": "Participation du département, en part de celle de l'État",
    "millesime": "Année de l'embauche",
}
"""What a scenario must say, and in which words."""


@dataclass(frozen=True)
class Declarations:
    """All that the study declares, table by table.

    Raises InvalidData where an assumption is unknown, its bounds are out of order, the shares of the
    resources do not make a whole, the weights of the cases of a resource do not, or the parts of a line do
    not.
    """

    tables: Mapping[str, tuple[Mapping[str, str], ...]]

    def __post_init__(self) -> None:
        findings = [*self._assumption_findings(), *self._weight_findings(), *self._line_findings()]
        if findings:
            raise InvalidData(findings)

    @cached_property
    def cas(self) -> dict[str, CasType]:
        return {row["cas"]: from_row(row) for row in self.tables["cas_types"]}

    @cached_property
    def payeurs(self) -> dict[str, str]:
        return {row["payeur"]: row["nom"] for row in self.tables["payeurs"]}

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        own = {
            row["scenario"]: [
                _hypothese(h) for h in self.tables["hypotheses"] if h["scenario"] == row["scenario"]
            ]
            for row in self.tables["scenarios"]
        }
        found = {}
        for row in self.tables["scenarios"]:
            named = {h.hypothese: h for h in (*own["central"], *own[row["scenario"]])}
            chiffre = int(row["chiffre"]) if row["chiffre"] else None
            assumptions = tuple(named[name] for name in HYPOTHESES if name in named)
            found[row["scenario"]] = Scenario(**{**row, "chiffre": chiffre, "hypotheses": assumptions})  # type: ignore[arg-type]
        return found

    @cached_property
    def acceptes(self) -> pd.DataFrame:
        """The accepted amounts of the case types: columns of the table, euros a year, one row a line."""
        frame = pd.DataFrame(
            self.tables[ACCEPTES],
            columns=["cas", "variante", "situation", "annee", "ligne", "montant", "mois_approches"],
        )
        return frame.astype({"annee": int, "montant": float, "mois_approches": int})

    @cached_property
    def poids(self) -> dict[str, float]:
        return {row["cas"]: float(row["poids"]) for row in self.tables["cas_types"]}

    @cached_property
    def libelles(self) -> dict[str, str]:
        return {row["cas"]: row["libelle"] for row in self.tables["cas_types"]}

    @cached_property
    def affectations(self) -> dict[str, tuple[Mapping[str, str], ...]]:
        """The dated shares of each line between its payers."""
        rows = self.tables["affectations"]
        return {line: tuple(r for r in rows if r["ligne"] == line) for line in {r["ligne"] for r in rows}}

    def assiette(self, annee: int) -> float:
        """What the contribution of a year is a share of: the gross Smic of 1 January over twelve months.

        Rises during the year are not followed, as in the amount that the register prints for 2024. Raises
        KeyError for a year that is not declared.
        """
        return {int(r["annee"]): float(r["assiette"]) for r in self.tables["assiettes_contribution"]}[annee]

    @cached_property
    def prix(self) -> Prix:
        return Prix({int(row["annee"]): float(row["indice"]) for row in self.tables["prix"]})

    def euros_constants(self, montant: float, annee: int, reference: int) -> float:
        """An amount of one year in the euros of another."""
        return self.prix.constants(montant, annee, reference)

    def _assumption_findings(self) -> list[Finding]:
        findings = []
        for line, row in enumerate(self.tables["hypotheses"], start=2):
            name, values = row["hypothese"], [float(row[c]) for c in ("basse", "centrale", "haute")]
            if name not in HYPOTHESES:
                findings.append(_finding("hypotheses", line, f"« {name} »", ", ".join(HYPOTHESES)))
            elif values != sorted(values):
                findings.append(
                    _finding("hypotheses", line, f"{name} : {values}", "basse ≤ centrale ≤ haute")
                )
        central = {row["hypothese"] for row in self.tables["hypotheses"] if row["scenario"] == "central"}
        missing = [name for name in HYPOTHESES if name not in central]
        if missing:
            findings.append(
                _finding("hypotheses", None, f"central sans {', '.join(missing)}", "toutes les hypothèses")
            )
        return [*findings, *self._share_findings()]

    def _share_findings(self) -> list[Finding]:
        """The central shares of the public make a whole in every scenario."""
        rows = self.tables["hypotheses"]
        central = {row["hypothese"]: row["centrale"] for row in rows if row["scenario"] == "central"}
        findings = []
        for scenario in dict.fromkeys(row["scenario"] for row in rows):
            own = {row["hypothese"]: row["centrale"] for row in rows if row["scenario"] == scenario}
            shares = {k: float(v) for k, v in {**central, **own}.items() if k.startswith("part_")}
            if abs(sum(shares.values()) - 1) > 1e-6:
                found = f"{scenario} : parts de somme {sum(shares.values()):g}"
                findings.append(_finding("hypotheses", None, found, "des parts du public de somme 1"))
        return findings

    def _weight_findings(self) -> list[Finding]:
        groups: dict[tuple[str, str], float] = {}
        for row in self.tables["cas_types"]:
            key = (row["ressource"], row["embauche"])
            groups[key] = groups.get(key, 0.0) + float(row["poids"])
        return [
            _finding("cas_types", None, f"{key} : poids {total:g}", "1 par ressource et mois")
            for key, total in groups.items()
            if abs(total - 1) > 1e-9
        ]

    def _line_findings(self) -> list[Finding]:
        """At every month of a line, its parts make a whole: no month is left to nobody."""
        findings = []
        rows = sorted(self.tables["affectations"], key=lambda row: row["ligne"])
        for ligne, of_line in groupby(rows, key=lambda row: row["ligne"]):
            shares = list(of_line)
            for mois in sorted({row["debut"] for row in shares}):
                total = sum(float(row["part"]) for row in shares if in_force(row, mois))
                if abs(total - 1) > 1e-9:
                    findings.append(
                        _finding(
                            "affectations", None, f"{ligne} en {mois} : {total:g}", "des parts de somme 1"
                        )
                    )
        return findings


def in_force(row: Mapping[str, str], mois: str) -> bool:
    """Whether a dated row holds at a month."""
    return row["debut"] <= mois <= (row["fin"] or "9999-12")


def declarations_of(project: Project) -> Declarations | None:
    """The validated tables of ``data/depenses_passives``; None where a project has no such folder.

    Those of a demonstration are those of the real bilan. Raises InvalidData with every finding of the first
    faulty table.
    """
    if not project.depenses_passives.is_dir():
        return None
    real = Project(project.checkout)
    register = load_register(real)
    codes: dict[str, Collection[str]] = {
        "territoires.territoire": {t.code for t in register.territoires},
        "sources.source": {s.source for s in register.sources},
        "evaluations.evaluation": {e.evaluation for e in register.evaluations},
    }
    found: dict[str, tuple[Mapping[str, str], ...]] = {}
    for table, key in KEYS.items():
        path = project.depenses_passives / f"{table}.csv"
        rows = load_written(
            real, table, key=key, known=codes, path=path, may_be_empty=table in _WRITTEN_BY_ACCEPTANCE
        )
        found[table] = tuple(rows)
        codes |= {f"{table}.{column}": {row[column] for row in rows} for column in key}
    return Declarations(found)


def _hypothese(row: Mapping[str, str]) -> Hypothese:
    numbers = {name: float(row[name]) for name in ("basse", "centrale", "haute")}
    return Hypothese(**{**row, **numbers})  # type: ignore[arg-type]


def _finding(table: str, line: int | None, found: str, expected: str) -> Finding:
    return Finding(f"data/depenses_passives/{table}.csv", line, None, found, expected)
