"""What people type in a cell: one meaning is read, two are refused, and the cause is the right one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import time, timedelta

import pytest

from analysis.depot.formes import cellules
from analysis.depot.formes.cellules import cause, lire
from analysis.depot.formes.layout import RawSheet, text_of
from analysis.depot.formes.texte_plat import plain
from analysis.depot.referentiel import load_referentiel
from analysis.noyau.declared.dictionary import Field
from analysis.noyau.paths import Project

DECLARED = load_referentiel(Project.here())
LISTS = DECLARED.ecritures("thiers")


def field(table: str, champ: str) -> Field:
    return next(field for field in DECLARED.fields[table] if field.champ == champ)


def read(table: str, champ: str, *texts: str, is_text: bool = True) -> list[str | None]:
    """What the cells of a column are read as: None for one with two meanings."""
    rows = {line: {champ: text} for line, text in enumerate(texts, start=5)}
    cells = frozenset((line, champ) for line in rows) if is_text else frozenset()
    raw = RawSheet(table, "a.xlsx", "A", rows, {champ: ("A", champ)}, cells)
    lecture = lire(raw, {champ: field(table, champ)}, LISTS)
    return [None if (line, champ) in lecture.ambigus else lecture.raw.rows[line][champ] for line in rows]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/12/2018", "2018-12-31"),
        (" 31-12-2018", "2018-12-31"),
        ("31.12.2018", "2018-12-31"),
        ("31 12 2018", "2018-12-31"),
        ("1/3/2019", "2019-03-01"),
        ("2019-03-03", "2019-03-03"),
        ("2019/3/3", "2019-03-03"),
        ("3 mars 2019", "2019-03-03"),
        ("1er mars 2019", "2019-03-01"),
        ("le 1ER\u00a0MARS\u202f2019", "2019-03-01"),
        ("dimanche 3 mars 2019", "2019-03-03"),
        ("4 févr. 2019", "2019-02-04"),
        ("4-déc-2019", "2019-12-04"),
        ("15 aout 2019", "2019-08-15"),
        ("20181231", "2018-12-31"),
        ("31122018", "2018-12-31"),
        ("31/12/2018 10:30", "2018-12-31"),
        ("2018-12-31T10:30:00", "2018-12-31"),
        ("03/04/2019", "2019-04-03"),
    ],
)
def test_a_day_typed_in_one_french_form_is_that_day(text: str, day: str) -> None:
    assert read("contrats", "date_debut", text) == [day]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("03/04/19", "deux chiffres"),
        ("31/12", "manque"),
        ("3 mars 19", "deux chiffres"),
        ("12/31/2018", "mois semble écrit avant"),
        ("12/03/0218", "avant 1900"),
        ("0218-03-12", "avant 1900"),
        ("1905-07-10", "année tapée seule"),
        ("2018", "manque le jour"),
        ("09/2018", "manque le jour"),
        ("43465", "un nombre"),
        ("02:30:00", "une heure"),
    ],
)
def test_a_day_without_one_meaning_is_left_and_its_cause_is_told(text: str, told: str) -> None:
    assert read("contrats", "date_debut", text) == [text]
    found = cause(text, field("contrats", "date_debut"))
    assert found is not None and told in found.trouve and "31/12/2018" in found.remede
    assert text not in found.trouve


def test_a_year_before_1900_has_the_same_cause_in_an_xlsx_where_it_is_read_as_midnight() -> None:
    """LibreOffice stores a negative number of days, of which the library makes a time."""
    found = cause(text_of(time(0, 0)), field("contrats", "date_debut"))
    assert found == cause("0218-09-03", field("contrats", "date_debut"))


def test_one_date_with_its_month_first_makes_the_others_of_the_column_doubtful() -> None:
    texts = ("12/31/2018", "03/04/2019", "04/04/2019", "25/03/2019", "3 mars 2019")
    assert read("contrats", "date_debut", *texts) == [
        "12/31/2018",
        "03/04/2019",
        "2019-04-04",
        "2019-03-25",
        "2019-03-03",
    ]
    found = cause("03/04/2019", field("contrats", "date_debut"))
    assert found is not None and "deux sens" in found.trouve


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("09/2018", "2018-09"),
        ("9-2018", "2018-09"),
        ("2018-09", "2018-09"),
        ("septembre 2018", "2018-09"),
        ("Sept. 2018", "2018-09"),
        ("01/09/2018", "2018-09-01"),
        ("30/09/2018", "2018-09"),
        ("2018-09-30", "2018-09"),
    ],
)
def test_a_month_is_read_from_its_name_or_from_any_of_its_days(text: str, month: str) -> None:
    assert read("etp", "mois", text) == [month]


@pytest.mark.parametrize("text", ["09/18", "13/2018", "septembre", "02:30:00"])
def test_what_names_no_month_is_left_with_what_to_type(text: str) -> None:
    assert read("etp", "mois", text) == [text]
    found = cause(text, field("etp", "mois"))
    assert found is not None and "septembre 2018" in found.remede


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u202f", "\u2009", "'"])
def test_thousands_are_cut_by_any_blank(blank: str) -> None:
    assert read("activites", "ventes", f"1{blank}234,5", f"12{blank}345{blank}678") == ["1234.5", "12345678"]


@pytest.mark.parametrize(
    ("table", "champ", "text", "number"),
    [
        ("activites", "ventes", "1 200 €", "1200"),
        ("activites", "ventes", "1200€", "1200"),
        ("activites", "ventes", "1.234,50 euros", "1234.5"),
        ("contrats", "salaire_horaire", "9,885 €", None),
        ("contrats", "quotite", "80 %", "0.8"),
        ("contrats", "quotite", "12,5 %", "0.125"),
        ("contrats", "quotite", "0,333", "0.333"),
        ("etp", "etp_ppde", "31,4 ETP", "31.4"),
        ("etp", "etp_ppde", "31.4", "31.4"),
        ("etp", "etp_ppde", "1.234", None),
        ("etp", "etp_ppde", "1,234", None),
        ("etp", "etp_ppde", "environ 30", "environ 30"),
        ("etp", "etp_ppde", "12,5 %", "12,5 %"),
        ("personnes", "mois_sans_emploi", "41 mois", "41"),
        ("personnes", "mois_sans_emploi", "41,5", "41,5"),
        ("instances", "duree", "2h30", "2.5"),
        ("instances", "duree", "2 h", "2"),
        ("instances", "duree", "2:45", "2.75"),
        ("instances", "duree", "2,5 heures", "2.5"),
        ("instances", "elus", "3 personnes", "3"),
    ],
)
def test_a_number_is_read_with_its_unit_and_two_meanings_are_none(
    table: str, champ: str, text: str, number: str | None
) -> None:
    assert read(table, champ, text) == [number]


def test_a_column_that_says_elsewhere_what_its_comma_cuts_has_one_meaning() -> None:
    assert read("etp", "etp_ppde", "1,234", "31,4") == ["1.234", "31.4"]


def test_a_number_that_the_workbook_holds_as_a_number_is_what_it_is() -> None:
    assert read("etp", "etp_ppde", "1.234", is_text=False) == ["1.234"]


@pytest.mark.parametrize("value", [time(2, 30), timedelta(hours=2, minutes=30), "PT02H30M00S"])
def test_a_duration_typed_as_hours_and_minutes_is_a_number_of_hours(value: object) -> None:
    assert read("instances", "duree", text_of(value), is_text=False) == ["2.5"]
    assert read("activites", "heures", text_of(timedelta(hours=35)), is_text=False) == ["35"]
    found = cause(text_of(value), field("etp", "etp_ppde"))
    assert found is not None and "durée" in found.trouve and "2,5" in found.remede


@pytest.mark.parametrize(
    ("table", "champ", "text", "told"),
    [
        ("personnes", "annee_naissance", "1974-03-12", "l'année seule"),
        ("personnes", "annee_naissance", "218", "quatre chiffres"),
        ("contrats", "quotite", "2026-05-04", "0,75 et non 3/4"),
        ("contrats", "quotite", "28", "28 heures sur 35"),
        ("etp", "etp_ppde", "1.234", "sans séparateur de milliers"),
    ],
)
def test_the_cause_of_a_number_that_is_none_says_what_to_type(
    table: str, champ: str, text: str, told: str
) -> None:
    found = cause(text, field(table, champ))
    assert found is not None and told in found.remede and text not in found.trouve


@pytest.mark.parametrize(
    ("table", "champ", "text", "label"),
    [
        ("personnes", "rqth", "non", "Non"),
        ("personnes", "rqth", "OUI ", "Oui"),
        ("personnes", "rqth", "VRAI", "Oui"),
        ("personnes", "rqth", "o", "Oui"),
        ("personnes", "rqth", "x", "x"),
        ("personnes", "rqth", "1", "1"),
        ("personnes", "sexe", "F", "Femme"),
        ("personnes", "sexe", "masculin", "Homme"),
        ("personnes", "diplome", "bac+2", "Bac + 2"),
        ("personnes", "diplome", "CAP", "CAP ou BEP"),
        ("personnes", "inscription", "Inscrit(e)", "Inscrite"),
        ("personnes", "situation", "Salarié de l\u2019EBE", "Salariée de l'EBE"),
        ("personnes", "decision_cle", "eligible", "Éligible"),
        ("personnes", "decision_cle", "non-éligible", "Non éligible"),
        ("exercices", "nature_comptes", "fec", "FEC"),
        ("contrats", "ebe", "actypoles thiers", "Actypôles-Thiers"),
        ("contrats", "ebe", "Actypôles", "Actypôles"),
    ],
)
def test_a_choice_is_read_however_it_is_written_when_it_names_one_value(
    table: str, champ: str, text: str, label: str
) -> None:
    assert read(table, champ, text) == [label]


@pytest.mark.parametrize("text", ["-", "\u2014", "néant", "Sans objet", "s.o.", "N/A"])
def test_a_dash_is_nothing_where_a_cell_may_be_empty_and_only_there(text: str) -> None:
    assert read("contrats", "date_fin", text) == [""]
    assert read("contrats", "date_debut", text) == [text]
    assert read("depenses", "beneficiaires", text) == [""]
    assert read("activites", "ventes", text) == [text]  # nothing is never zero


def test_a_contract_that_goes_on_has_no_end() -> None:
    assert read("contrats", "date_fin", "en cours") == [""]
    assert read("personnes", "date_proposition", "en cours") == ["en cours"]


def test_codes_and_texts_lose_the_blanks_around_them_and_their_line_breaks() -> None:
    assert read("personnes", "personne", " P\u2011017\u00a0", "P 17") == ["P-017", "P 17"]
    assert read("activites", "activite", "Recyclerie\n du bourg ") == ["Recyclerie du bourg"]
    assert read("personnes", "remarque", " tel quel ") == [" tel quel "]


def test_what_is_understood_is_counted_by_its_form() -> None:
    rows = {5: {"sexe": "f", "date_rencontre": "3 mars 2018"}, 6: {"sexe": "Femme", "date_rencontre": "-"}}
    cells = frozenset((line, champ) for line in rows for champ in rows[line])
    fields = {champ: field("personnes", champ) for champ in ("sexe", "date_rencontre")}
    raw = RawSheet("personnes", "a.xlsx", "Personnes", rows, {}, cells)
    found = lire(raw, fields, LISTS)
    assert found.formes == Counter({cellules.CHOIX: 1, cellules.DATE: 1, cellules.VIDE: 1})
    assert (
        lire(found.raw, fields, LISTS).formes == Counter()
    )  # what was read is in the form of the dictionary


def test_every_synonym_names_a_value_of_its_list_and_no_other() -> None:
    for name, pairs in DECLARED.synonymes.items():
        codes = {choix.code for choix in DECLARED.nomenclatures[name]}
        labels = {plain(choix.libelle): choix.code for choix in DECLARED.nomenclatures[name]}
        seen: dict[str, str] = {}
        for code, text in pairs:
            assert code in codes, (name, code)
            assert labels.get(plain(text), code) == code and plain(text) not in seen, (name, text)
            seen[plain(text)] = code


def test_what_could_name_two_values_names_none() -> None:
    twice = replace(DECLARED, synonymes={"sexe": (("femme", "X"), ("homme", "x."))})
    assert "x" not in twice.ecritures("thiers")["nomenclatures.sexe"]
