"""A second version of the workbook, declared in a copy of the dictionary as people would declare it."""

from __future__ import annotations

from analysis.noyau.paths import Project


def rewrite(project: Project, name: str, *changes: tuple[str, str], added: str = "") -> None:
    path = project.dictionary / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text + added, encoding="utf-8", newline="\n")


def second_version(project: Project) -> None:
    """Version 2027-1: « diplome » is called « niveau », « remarque » goes, « dispositif » comes, a sheet is new."""
    sheets = (project.dictionary / "depot_feuilles.csv").read_text(encoding="utf-8").splitlines()[1:]
    columns = (project.dictionary / "depot_colonnes.csv").read_text(encoding="utf-8").splitlines()[1:]
    newer = [line.replace("2026-1,", "2027-1,", 1) for line in columns if ",remarque," not in line]
    newer = [line.replace(",diplome,Diplôme,", ",niveau,Niveau,") for line in newer]
    newer.insert(
        newer.index(next(line for line in newer if ",niveau," in line)),
        "2027-1,personnes,nationalite_ue,Ressortissant UE,Oui",
    )
    rewrite(
        project,
        "depot_feuilles",
        added="".join(line.replace("2026-1,", "2027-1,", 1) + "\n" for line in sheets)
        + "2027-1,visites,Visites,3,date,Une ligne par visite.\n",
    )
    rewrite(
        project,
        "depot_colonnes",
        added="".join(f"{line}\n" for line in [*newer, "2027-1,visites,date,Date,2018-01-01"]),
    )
    rewrite(
        project,
        "champs",
        ("personnes,diplome,", "personnes,niveau,"),
        (
            "personnes,remarque,texte_libre,non,,,non,Remarque sans aucun nom ; gardée à part et jamais publiée\n",
            "personnes,nationalite_ue,liste,non,nomenclatures.oui_non,,non,Ressortissant de l'UE\n",
        ),
        added="visites,date,jour,oui,,,oui,Jour de la visite\n",
    )
    rewrite(
        project,
        "depot_migrations",
        added="2026-1,2027-1,personnes,renommer,diplome,,niveau\n"
        "2026-1,2027-1,personnes,recoder,niveau,Bac + 2,Baccalauréat\n"
        "2026-1,2027-1,personnes,retirer,remarque,,\n"
        "2026-1,2027-1,personnes,ajouter,nationalite_ue,,\n",
    )
