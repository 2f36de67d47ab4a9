"""What was checked against what: ``python -m analysis.noyau.verifications`` writes the method page of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from analysis.noyau.declared.written import load_written
from analysis.noyau.documentation import markdown_table
from analysis.noyau.errors import Finding, InvalidData
from analysis.noyau.paths import Project

Row = dict[str, str]

_HEAD = """# Ce qui a été vérifié, et contre quoi

Un chiffre calculé vaut ce que vaut sa vérification. Cette page dit, domaine par domaine, ce qui a été comparé
à autre chose qu'à soi-même : un calcul fait à la main, un second programme écrit par d'autres, un montant
publié, une vérité connue d'avance. Une vérification ne dit pas que les dépôts sont justes : elle dit que, les
données étant ce qu'elles sont, le nombre est le bon.
"""

_PARTS = {
    "rejouee": (
        "Rejoué à chaque version",
        "Ces comparaisons sont des essais du projet : une version qui s'en écarte de plus que la tolérance\n"
        "n'est pas publiée. Chacun peut les relancer.",
    ),
    "une_fois": (
        "Comparé une fois, hors du projet",
        "Ces comparaisons ont été faites une fois, à la date dite, avec des outils que le projet n'emporte\n"
        "pas.",
    ),
    "aucune": (
        "Ce que personne n'a vérifié",
        "Ces calculs n'ont été comparés à rien d'indépendant, ou ne peuvent pas l'être. Un lecteur les\n"
        "prend pour ce qu'ils sont.",
    ),
}
"""The parts of the page in order, by the state of the checks that they hold."""


def load_verifications(project: Project) -> list[Row]:
    """The declared checks, in the file's order.

    A check is run at each version (``rejouee``: it names its test), was made once outside of the project
    (``une_fois``: its result carries its date), or does not exist (``aucune``: the result says why). Raises
    InvalidData for a check that runs without a test, or the other way round, and for one against nothing.
    """
    rows = load_written(project, "verifications", key=("verification",))
    shown = project.shown(project.dictionary / "verifications.csv")
    findings = [
        Finding(shown, None, column, f"« {row['verification']} »", expected)
        for row in rows
        for column, is_wrong, expected in (
            (
                "test",
                bool(row["test"]) != (row["etat"] == "rejouee"),
                "un test, si et seulement s'il est rejoué",
            ),
            ("contre", bool(row["contre"]) == (row["etat"] == "aucune"), "ce contre quoi c'est comparé"),
        )
        if is_wrong
    ]
    if findings:
        raise InvalidData(findings)
    return rows


def page(project: Project) -> str:
    """The Markdown of the page: the checks by state, then by domain in the order of the file."""
    rows = load_verifications(project)
    parts = [_HEAD]
    for etat, (title, lead) in _PARTS.items():
        kept = [row for row in rows if row["etat"] == etat]
        parts += [f"## {title}\n", f"{lead}\n", *_domains(kept, is_checked=etat != "aucune")]
    return "\n".join(parts)


def _domains(rows: Sequence[Row], *, is_checked: bool) -> list[str]:
    """One table where nothing was checked; otherwise one a domain, under its name."""
    if not is_checked:
        body = [[row["domaine"], row["objet"], row["resultat"]] for row in rows]
        return [
            markdown_table([["Domaine", "Ce qui n'est pas vérifié", "Pourquoi, et ce qui en reste"], *body])
        ]
    head = ["Ce qui est vérifié", "Contre quoi", "Sur quoi", "Tolérance", "Résultat"]
    columns = ("objet", "contre", "cas", "tolerance", "resultat")
    ordered = sorted(
        rows, key=lambda row: list(dict.fromkeys(r["domaine"] for r in rows)).index(row["domaine"])
    )
    found = []
    for domaine, group in groupby(ordered, key=lambda row: row["domaine"]):
        body = [[row[name] for name in columns] for row in group]
        found += [f"### {domaine}\n", markdown_table([head, *body])]
    return found


if __name__ == "__main__":
    here = Project.here()
    (here.methods / "verification.md").write_text(page(here), encoding="utf-8", newline="\n")
