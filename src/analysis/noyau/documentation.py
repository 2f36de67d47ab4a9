"""The data dictionary as a page: ``python -m analysis.noyau.documentation`` writes docs/dictionnaire.md."""

from __future__ import annotations

from analysis.noyau.declared.csv_files import read_csv
from analysis.noyau.declared.dictionary import Field, load_fields
from analysis.noyau.declared.written import load_written
from analysis.noyau.definitions import load_definitions
from analysis.noyau.errors import InvalidData
from analysis.noyau.paths import Project

_HEAD = """# Dictionnaire des données

Page produite à partir de `data/dictionary/` : ne la modifiez pas, lancez
`python -m analysis.noyau.documentation`.

Les fichiers écrits du projet sont des CSV en UTF-8, séparés par des virgules, à point décimal. Une
cellule qui n'est pas conforme est refusée avec son fichier, sa ligne et sa colonne.
"""

_GRAVITES = {"refuse": "refusé", "a_confirmer": "à confirmer", "note": "noté"}
_PORTEES = {"depot": "le dépôt", "ligne": "la ligne", "table": "la table"}


def page(project: Project) -> str:
    """The Markdown of the dictionary: columns, figures, measures, then the workbook, rules and lists."""
    parts = [_HEAD, "## Les colonnes des tables\n"]
    for table, fields in load_fields(project).items():
        parts += [f"### {table}\n", markdown_table(_columns(fields))]
    path = project.dictionary / "indicateurs.csv"
    columns = tuple(field.champ for field in load_fields(project)["indicateurs"])
    raw, findings = read_csv(path, shown=project.shown(path), columns=columns)
    if findings:
        raise InvalidData(findings)
    rows = [[f"`{r['indicateur']}`", r["libelle"], r["unite"], r["definition"]] for r in raw.rows.values()]
    parts += ["## Les indicateurs\n", markdown_table([["Code", "Libellé", "Unité", "Définition"], *rows])]
    parts += ["## Les mesures des dépôts\n", markdown_table(_measures(project))]
    parts += ["## Le classeur\n", *_workbook(project)]
    parts += ["## Les règles des dépôts\n", markdown_table(_rules(project))]
    parts += ["## Les listes de valeurs\n", markdown_table(_lists(project))]
    return "\n".join(parts)


def _measures(project: Project) -> list[list[str]]:
    """One row a measure: what it is, and what it does not say."""
    found = load_definitions(project).by_name.values()
    body = [[f"`{d.mesure}`", d.libelle, d.unite, d.definition, d.limite] for d in found]
    return [["Code", "Libellé", "Unité", "Définition", "Ce qu'elle ne dit pas"], *body]


def _workbook(project: Project) -> list[str]:
    """The version that is handed out: what a row of each sheet is, then the header of each column."""
    sheets = load_written(project, "depot_feuilles", key=("version", "table"))
    columns = load_written(project, "depot_colonnes", key=("version", "table", "champ"))
    version = sheets[-1]["version"]
    sheets = [sheet for sheet in sheets if sheet["version"] == version]
    names = {sheet["table"]: sheet["feuille"] for sheet in sheets}
    lines = [[s["feuille"], f"`{s['table']}`", s["explication"], s["cle"].replace(" ", ", ")] for s in sheets]
    heads = [
        [names[c["table"]], c["entete"], f"`{c['table']}.{c['champ']}`", c["exemple"]]
        for c in columns
        if c["version"] == version
    ]
    return [
        f"Modèle {version}, la version remise aujourd'hui. Les lignes d'exemple ne sont pas lues.\n",
        markdown_table([["Feuille", "Table", "Ce qu'une ligne décrit", "Clé"], *lines]),
        markdown_table([["Feuille", "En-tête", "Colonne", "Exemple"], *heads]),
    ]


def _rules(project: Project) -> list[list[str]]:
    rows = load_written(project, "regles", key=("regle",))
    body = [
        [f"`{r['regle']}`", _GRAVITES[r["gravite"]], _PORTEES[r["portee"]], r["definition"]] for r in rows
    ]
    return [["Règle", "Gravité", "Portée", "Ce qui est vérifié"], *body]


def _lists(project: Project) -> list[list[str]]:
    """One row a list: its choices as the workbook shows them."""
    choices: dict[str, list[str]] = {}
    for row in load_written(project, "nomenclatures", key=("nomenclature", "code")):
        choices.setdefault(row["nomenclature"], []).append(f"{row['libelle']} (`{row['code']}`)")
    return [
        ["Liste", "Choix et codes"],
        *([f"`{name}`", ", ".join(values)] for name, values in choices.items()),
    ]


def _columns(fields: tuple[Field, ...]) -> list[list[str]]:
    rows = [
        ["Colonne", "Type", "Obligatoire", "Citable", "Valeurs ou table de référence", "Unité", "Définition"]
    ]
    for field in fields:
        required, quoted = ("oui" if value else "non" for value in (field.obligatoire, field.citable))
        values = ", ".join(field.valeurs)
        rows.append([f"`{field.champ}`", field.type, required, quoted, values, field.unite, field.definition])
    return rows


def markdown_table(rows: list[list[str]]) -> str:
    """A Markdown table, its first row the heads."""
    head, *body = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


if __name__ == "__main__":
    here = Project.here()
    (here.root / "docs" / "dictionnaire.md").write_text(page(here), encoding="utf-8", newline="\n")
