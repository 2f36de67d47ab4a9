"""The measures that the dictionary declares, read with what they are part of and how they are bound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.noyau.declared.nomenclatures import Choix, load_derived_lists, load_nomenclatures
from analysis.noyau.declared.regroupements import Niveau, load_regroupements
from analysis.noyau.declared.written import load_written, read_written
from analysis.noyau.errors import Finding, InvalidData
from analysis.noyau.mesures import TOUT, Addition, Definition, Definitions, Fenetre, Lien
from analysis.noyau.paths import Project


def load_definitions(project: Project) -> Definitions:
    """The measures of ``data/dictionary/mesures.csv``, the sums of ``additions.csv``, the bonds of
    ``liens.csv``, the windows of ``rencontres.csv``, the unions of categories of ``regroupements.csv``.

    Raises InvalidData with every finding.
    """
    units = {row["unite"] for row in load_written(project, "unites", key=("unite",))}
    lists = {**load_nomenclatures(project), **load_derived_lists(project)}
    rows = load_written(
        project,
        "mesures",
        key=("mesure",),
        known={
            "unites.unite": units,
            "nomenclatures.nomenclature": lists,
            "nomenclatures.population": {choix.code for choix in lists.get("population", ())},
        },
    )
    unions = load_regroupements(project, lists)
    by_name = {row["mesure"]: _definition(row, lists, unions) for row in rows}
    findings = [*_unknown_sides(project, by_name), *_unsaid_parts(project, by_name)]
    if findings:
        raise InvalidData(findings)
    added = load_written(
        project, "additions", key=("total", "mesure", "modalites"), known={"mesures.mesure": by_name}
    )
    liens = _liens(project, by_name)
    near = load_written(project, "rencontres", key=("mesure",), known={"mesures.mesure": by_name})
    windows = {row["mesure"]: Fenetre(int(row["autour"]), int(row["avant"])) for row in near}
    return Definitions(by_name, tuple(_addition(row, by_name) for row in added), liens, windows)


def _liens(project: Project, by_name: Mapping[str, Definition]) -> tuple[Lien, ...]:
    """The bonds between counts of unlike people; raises InvalidData with every finding."""
    rows = read_written(
        project, "liens", key=("grand", "petits", "modalites", "lien"), known={"mesures.mesure": by_name}
    ).rows
    shown = project.shown(project.dictionary / "liens.csv")
    findings = [fault for line, row in rows.items() for fault in _lien_faults(shown, line, row, by_name)]
    bound = {petit for row in rows.values() for petit in row["petits"].split()}
    findings += [
        Finding(
            project.shown(project.dictionary / "mesures.csv"),
            line,
            "denominateur",
            f"« {definition.mesure} », rapportée à des personnes qu'aucune mesure ne compte",
            "la mesure de ce dénominateur, ou une ligne de liens.csv qui dise de quel effectif ces personnes "
            "sont une partie : le secret en dépend, car la page imprime leur nombre",
        )
        for line, definition in enumerate(by_name.values(), start=2)
        if definition.has_own_people and definition.mesure not in bound
    ]
    if findings:
        raise InvalidData(findings)
    return tuple(
        Lien(
            row["grand"],
            tuple(row["petits"].split()),
            tuple(row["modalites"].split()),
            row["lien"],  # type: ignore[arg-type]
            float(row["bas"] or 0),
            float(row["haut"] or 0),
        )
        for row in rows.values()
    )


def _lien_faults(
    shown: str, line: int, row: Mapping[str, str], by_name: Mapping[str, Definition]
) -> Iterator[Finding]:
    """What is wrong in one bond: its larger side counts nobody, its categories or bounds are unknown."""
    if not by_name[row["grand"]].counts_people:
        yield Finding(
            shown, line, "grand", f"« {row['grand']} »", "une mesure qui compte des personnes ou des ETP"
        )
    codes = {choix.code for petit in row["petits"].split() for choix in by_name[petit].modalites}
    for code in row["modalites"].split():
        if code not in codes:
            yield Finding(shown, line, "modalites", f"« {code} »", "une catégorie des mesures de la ligne")
    bounds = (row["bas"], row["haut"])
    if row["lien"] == "loi" and not (all(bounds) and 0 < float(row["bas"]) < float(row["haut"])):
        yield Finding(shown, line, "bas", " à ".join(bounds), "deux bornes positives, la plus petite d'abord")
    if row["lien"] != "loi" and any(bounds):
        yield Finding(shown, line, "bas", " à ".join(bounds), "rien : seul un lien de loi a des bornes")


def _unknown_sides(project: Project, by_name: Mapping[str, Definition]) -> Iterator[Finding]:
    """A numerator or a denominator that is no measure."""
    shown = project.shown(project.dictionary / "mesures.csv")
    for line, definition in enumerate(by_name.values(), start=2):
        for column in ("numerateur", "denominateur"):
            if (named := getattr(definition, column)) and named not in by_name:
                yield Finding(shown, line, column, f"« {named} »", "le code d'une mesure de la table")


def _unsaid_parts(project: Project, by_name: Mapping[str, Definition]) -> Iterator[Finding]:
    """A number of people that does not say what it is part of, or says it of people of another population.

    The gate knows from it what a subtraction would give: a count that forgets it is published unguarded.
    """
    shown = project.shown(project.dictionary / "mesures.csv")
    for line, definition in enumerate(by_name.values(), start=2):
        for column, found, expected in _parts_of(definition, by_name):
            yield Finding(shown, line, column, found, expected)


def _parts_of(definition: Definition, by_name: Mapping[str, Definition]) -> Iterator[tuple[str, str, str]]:
    """What is wrong in the population and in the whole of one measure: column, found, expected."""
    whole, population = definition.partie_de, definition.population
    if not definition.counts_people:
        for column, told in (("population", population), ("partie_de", whole)):
            if told:
                yield column, f"« {told} »", "rien : la mesure ne compte ni des personnes, ni leurs ETP"
        return
    if not population:
        yield "population", "une case vide", "de quelles personnes la mesure est le nombre"
    if not whole:
        yield (
            *("partie_de", "une case vide"),
            "la mesure dont celle-ci compte une partie, ou « tout » si elle compte toute sa population : "
            "le secret en dépend, car une soustraction donne le reste",
        )
    elif whole == TOUT:
        first = next(d.mesure for d in by_name.values() if (d.population, d.partie_de) == (population, TOUT))
        if first != definition.mesure:
            yield (
                *("partie_de", f"« tout », alors que « {first} » compte déjà toute la population"),
                f"« {first} » ou une mesure qui en est une partie",
            )
    elif whole not in by_name or not by_name[whole].counts_people or whole == definition.mesure:
        yield "partie_de", f"« {whole} »", "le code d'une autre mesure qui compte des personnes, ou « tout »"
    elif by_name[whole].population != population:
        yield (
            *("partie_de", f"« {whole} », qui compte la population « {by_name[whole].population} »"),
            f"une mesure de la population « {population} »",
        )


def _addition(row: Mapping[str, str], by_name: Mapping[str, Definition]) -> Addition:
    every = tuple(choix.code for choix in by_name[row["mesure"]].modalites) or ("",)
    return Addition(row["total"], row["mesure"], tuple(row["modalites"].split()) or every)


def _definition(
    row: Mapping[str, str],
    lists: Mapping[str, tuple[Choix, ...]],
    unions: Mapping[str, tuple[Niveau, ...]],
) -> Definition:
    return Definition(
        mesure=row["mesure"],
        libelle=row["libelle"],
        definition=row["definition"],
        unite=row["unite"],
        forme=row["forme"],  # type: ignore[arg-type]
        numerateur=row["numerateur"],
        denominateur=row["denominateur"],
        tout=row["tout"],
        famille=row["famille"],
        modalites=lists[row["modalites"]] if row["modalites"] else (),
        sensible=row["sensible"] == "oui",
        hypotheses=tuple(row["hypotheses"].split()),
        limite=row["limite"],
        population=row["population"],
        partie_de=row["partie_de"],
        regroupements=unions.get(row["modalites"], ()),
    )
