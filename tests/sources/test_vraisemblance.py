"""Rows that are valid cell by cell and cannot be: each is told with its line, its remedy, and all in one round."""

from __future__ import annotations

from datetime import date

import pytest
from refus import findings
from small import edit

from analysis.noyau.paths import Project
from analysis.sources import register
from analysis.sources.register import Register, load_register
from analysis.sources.vraisemblance import is_planned, may_be_negative

CHIFFRES = "published/chiffres"


def places(project: Project) -> set[tuple[str, int | None, str | None]]:
    return {(f.file.rpartition("/")[2], f.line, f.column) for f in findings(project)}


def test_a_value_that_is_not_the_printed_one(small: Project) -> None:
    edit(small.root, CHIFFRES, "effectif_ebe,622,,,622,", "effectif_ebe,75,,,57 salariés,")
    (finding,) = findings(small)
    assert (finding.line, finding.column, finding.found) == (7, "valeur", "« 75 »")
    assert finding.expected == "57, comme « 57 salariés » le dit" and finding.remedy
    edit(small.root, CHIFFRES, "effectif_ebe,75,", "effectif_ebe,57,")
    assert load_register(small).chiffres[5].valeur == 57


def test_bounds_that_are_not_the_printed_ones(small: Project) -> None:
    edit(small.root, CHIFFRES, "35,45,une quarantaine", "45,55,une quarantaine")
    (finding,) = findings(small)
    assert (finding.line, finding.column) == (4, "borne_basse")
    assert "autour de 40" in finding.expected


def test_words_that_are_not_read_are_declared_in_the_note(small: Project) -> None:
    edit(small.root, CHIFFRES, "35,45,une quarantaine", "4,6,une poignée")
    (finding,) = findings(small)
    assert (finding.line, finding.column) == (4, "valeur_imprimee")
    assert "« une poignée », qui ne se lit pas" in finding.found and "se lit « 4 à 6 »" in finding.remedy
    row = "une poignée,personnes,2018-09,oui,,,,,gazette-2016,,,,"
    edit(small.root, CHIFFRES, row, f"{row}Se dit de peu de gens ; se lit « 4 à 6 ».")
    assert load_register(small).chiffres[2].borne_haute == 6
    edit(small.root, CHIFFRES, "« 4 à 6 »", "« 5 à 6 »")
    assert [f.column for f in findings(small)] == ["borne_basse"]


def test_a_date_that_is_no_date(small: Project) -> None:
    edit(small.root, "dictionary/indicateurs", "Habilitation,Date.,texte", "Habilitation,Date.,date")
    row = "7,val,date_habilitation,,,,printemps 2016,date,2016,oui,,,,,gazette-2016,,,,\n"
    path = small.published / "chiffres.csv"
    path.write_text(path.read_text("utf-8") + row, encoding="utf-8")
    assert places(small) == {("chiffres.csv", 8, "valeur_imprimee")}
    edit(small.root, CHIFFRES, "printemps 2016", "2016-04")
    assert load_register(small).chiffres[6].valeur_imprimee == "2016-04"


@pytest.mark.parametrize("old", ["effectif_ebe,25,,,25,", "effectif_ebe,,35,45,une quarantaine,"])
def test_a_number_of_people_below_zero(small: Project, old: str) -> None:
    edit(small.root, CHIFFRES, old, "effectif_ebe,-57,,,-57,")
    (finding,) = [f for f in findings(small) if f.column == "valeur"]
    assert finding.found == "« -57 »" and "positif ou nul" in finding.expected


def test_an_evolution_may_be_below_zero(small: Project) -> None:
    path = small.dictionary / "indicateurs.csv"
    row = "evolution_effectif,Évolution,Évolution du nombre de personnes.,personnes,ebe,,,\n"
    path.write_text(path.read_text("utf-8") + row, encoding="utf-8")
    edit(small.root, CHIFFRES, "effectif_ebe,622,,,622,", "evolution_effectif,-57,,,baisse de 57,")
    assert load_register(small).chiffres[5].valeur == -57


def test_a_value_of_a_series_below_zero(small: Project) -> None:
    edit(small.root, "published/series", "2016-12-31,260,", "2016-12-31,-260,")
    assert places(small) == {("series.csv", 2, "valeur")}


def test_the_real_dictionary_says_what_may_be_negative_and_what_is_planned(published: Register) -> None:
    """Four rows are negative, all evolutions or effects; no headcount may be."""
    negative = {
        c.indicateur
        for c in published.chiffres
        if any(v is not None and v < 0 for v in (c.valeur, c.borne_basse, c.borne_haute))
    }
    assert negative == {
        "ei_ecart_rentabilite_financiere",
        "effet_allocations_mois",
        "evolution_chiffre_affaires",
        "evolution_ressources",
        "etranger_effet_chomage_longue_duree",
        "etranger_effet_chomage_total",
    }
    indicators = {i.indicateur: i for i in published.dictionary.indicators}
    assert all(may_be_negative(indicators[name]) for name in negative)
    people = [i for i in indicators.values() if i.unite in ("personnes", "salaries", "emplois", "ebe")]
    assert len(people) > 20 and not [i.indicateur for i in people if may_be_negative(i)]
    assert is_planned(indicators["emplois_cibles_ebe"]) and not is_planned(indicators["effectif_ebe"])


def test_a_period_to_come(small: Project) -> None:
    edit(
        small.root,
        CHIFFRES,
        "622,personnes,2018-09,oui,,,,,gazette-2016,,,,",
        "622,personnes,2091-03,oui,,,,,gazette-2016,,,,x",
    )
    (finding,) = findings(small)
    assert (finding.line, finding.column, finding.found) == (7, "periode", "« 2091-03 »")
    assert "une date passée" in finding.expected


def test_what_is_planned_may_be_of_a_day_to_come(small: Project) -> None:
    path = small.dictionary / "indicateurs.csv"
    row = "emplois_vises,Emplois visés,Emplois que l'EBE se donne pour objectif.,personnes,ebe,,,\n"
    path.write_text(path.read_text("utf-8") + row, encoding="utf-8")
    edit(
        small.root,
        CHIFFRES,
        "national,effectif_ebe,622,,,622,personnes,2018-09",
        "national,emplois_vises,622,,,622,personnes,2091",
    )
    assert str(load_register(small).chiffres[5].periode) == "2091"


def test_a_figure_of_after_the_publication_of_its_source_says_why(small: Project) -> None:
    """The small source is of December 2019."""
    row = "1234,personnes,2018,oui,,,,,gazette-2016,"
    edit(small.root, CHIFFRES, row, row.replace(",2018,", ",2020,"))
    (finding,) = findings(small)
    assert (finding.line, finding.column) == (5, "periode")
    assert "publication de sa source (décembre 2019)" in finding.expected and "« note »" in finding.remedy
    edit(
        small.root, CHIFFRES, "2020,oui,,,,,gazette-2016,,,,", "2020,oui,,,,,gazette-2016,,,,Fixé à l'avance."
    )
    assert str(load_register(small).chiffres[3].periode) == "2020"


@pytest.mark.parametrize(
    ("table", "old", "new", "place"),
    [
        (
            "territoires",
            "2016-11-24,gazette-2016,3.3",
            "2091-11-24,gazette-2016,3.3",
            ("territoires.csv", 2, "date_habilitation"),
        ),
        ("ebe", "2017-02", "2091-02", ("ebe.csv", 2, "date_ouverture")),
        ("published/sources", "presse,2019-12", "presse,2091-12", ("sources.csv", 2, "date_publication")),
        ("published/evaluations", "2019-10", "2091", ("evaluations.csv", 2, "date")),
        ("published/desaccords", "2020-01-31", "2091-01-31", ("desaccords.csv", 2, "repondu_le")),
        ("published/series", "2019-12-31,390", "2091-12-31,390", ("series.csv", 5, "periode")),
    ],
)
def test_a_day_to_come_in_any_table(
    small: Project, table: str, old: str, new: str, place: tuple[str, int, str]
) -> None:
    edit(small.root, table, old, new)
    assert places(small) == {place}


def test_one_source_says_a_quantity_once(small: Project) -> None:
    """25 and 29, of one month, from one source: a fault unless a disagreement is declared on both rows."""
    edit(small.root, CHIFFRES, "29,personnes,2017-02,non,,,,val-effectif,", "29,personnes,2017-02,non,,,,,")
    answer = "La première source dit {#1} et la seconde {#2}."
    edit(small.root, "published/desaccords", answer, "Rien n'est dit de deux lignes.")
    (finding,) = findings(small)
    assert (finding.line, finding.found) == (3, "« 29 » et, ligne 2, « 25 »")
    edit(small.root, "published/desaccords", "Rien n'est dit de deux lignes.", answer)
    assert len(load_register(small).chiffres) == 6
    edit(small.root, "published/desaccords", answer, "Rien n'est dit de deux lignes.")
    edit(small.root, CHIFFRES, "29,personnes,2017-02,non,,", "29,personnes,2017-02,non,encadrement compris,")
    assert [c.champ for c in load_register(small).chiffres][:2] == ["", "encadrement compris"]


def test_the_same_row_twice(small: Project) -> None:
    path = small.published / "chiffres.csv"
    row = "7,national,effectif_ebe,622,,,622,personnes,2018-09,oui,,,,,gazette-2016,,,,\n"
    path.write_text(path.read_text("utf-8") + row, encoding="utf-8")
    (finding,) = findings(small)
    assert (finding.line, finding.found) == (8, "« 622 » et, ligne 7, « 622 »")


def test_every_kind_is_told_in_one_round(small: Project) -> None:
    """A form, a unit, a sign, a date, printed words and a lost reference: one message, not five."""
    edit(small.root, CHIFFRES, "effectif_ebe,25,,,25,personnes", "effectif_ebe,25,,,25,salaries")
    edit(small.root, CHIFFRES, "29,personnes,2017-02,non", "29,personnes,février 2017,non")
    edit(small.root, CHIFFRES, "35,45,une quarantaine", "45,35,une quarantaine")
    edit(small.root, CHIFFRES, "cumulees_ebe,1234,,,1234", "cumulees_ebe,1243,,,1234")
    edit(small.root, CHIFFRES, "622,,,622,personnes,2018-09", "-622,,,-622,personnes,2091")
    edit(small.root, "published/preuves", "{#1}", "{#99}")
    edit(small.root, "ebe", "2017-02", "2091-02")
    edit(small.root, "published/series", "2016-12-31,260,salaries", "2016-12-31,260,personnes")
    assert places(small) == {
        ("chiffres.csv", 2, "unite"),
        ("chiffres.csv", 3, "periode"),
        ("chiffres.csv", 4, "borne_haute"),
        ("chiffres.csv", 5, "valeur"),
        ("chiffres.csv", 7, "valeur"),
        ("chiffres.csv", 7, "periode"),
        ("preuves.csv", 2, "element"),
        ("ebe.csv", 2, "date_ouverture"),
        ("series.csv", 2, "unite"),
    }


def test_a_row_that_is_faulty_makes_no_fault_of_the_rows_that_name_it(small: Project) -> None:
    """The source's form is wrong: six figures cite it, and one finding is told."""
    edit(small.root, "published/sources", "https://example.org/liste", "example.org/liste")
    assert places(small) == {("sources.csv", 2, "url")}


def test_a_table_that_cannot_be_read_makes_no_fault_of_the_others(small: Project) -> None:
    (small.published / "sources.csv").write_text("source;titre\n", encoding="utf-8")
    edit(small.root, "published/series", "2016-12-31,260,", "2016-12-31,-260,")
    assert places(small) == {("sources.csv", 1, None), ("series.csv", 2, "valeur")}


def test_a_late_clock_makes_no_fault_of_what_several_answers_date(
    small: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine says 2015: answers of 2020, three of them, tell that the day is later; one would not."""

    class Late(date):
        @classmethod
        def today(cls) -> date:
            return date(2015, 1, 1)

    monkeypatch.setattr(register, "date", Late)
    assert ("desaccords.csv", 2, "repondu_le") in places(small)
    path = small.published / "desaccords.csv"
    (head, row, *_) = path.read_text("utf-8").splitlines()
    more = [row.replace("val-effectif", f"autre-{n}").replace("2020-01-31", "2020-02-02") for n in (1, 2, 3)]
    path.write_text("\n".join([head, row, *more]) + "\n", encoding="utf-8")
    assert len(load_register(small).chiffres) == 6
