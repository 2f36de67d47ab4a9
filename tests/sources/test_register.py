"""Bad input is normal: each fault gives one French finding with its file, line and column."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import pytest
from refus import refusals
from small import edit

from analysis.noyau.errors import UnknownName
from analysis.noyau.paths import Project
from analysis.sources import register as register_module
from analysis.sources.register import load_register, read_register

CHIFFRES = "published/chiffres"


def test_the_small_register_loads(small: Project) -> None:
    register = load_register(small)
    assert [t.nom for t in register.territoires] == ["Val-d'Essai", "Bourg-Vide"]
    assert [c.numero for c in register.chiffres] == [1, 2, 3, 4, 5, 6]
    assert [s.zone for s in register.series] == ["58001", "0060"]
    quarantaine = register.chiffres[2]
    assert (quarantaine.valeur, quarantaine.borne_basse, quarantaine.borne_haute) == (None, 35, 45)


def test_the_same_tables_are_read_once_a_day(small: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read_register(small)
    assert read_register(small) is first and load_register(small) is first.register
    monkeypatch.setattr(register_module, "date", Tomorrow)
    assert read_register(small) is not first
    edit(small.root, CHIFFRES, "25,,,25,personnes", "26,,,26,personnes")
    assert read_register(small).register.chiffres[0].valeur == 26
    (small.data / "errata.csv").unlink()
    assert refusals(small) != []


class Tomorrow(date):
    @classmethod
    def today(cls) -> date:
        return date.today() + timedelta(days=1)


def test_unknown_unit_is_refused_with_its_line_and_column(small: Project) -> None:
    edit(small.root, CHIFFRES, "25,,,25,personnes", "25,,,25,kilos")
    (finding,) = refusals(small)
    assert finding.startswith("data/published/chiffres.csv, ligne 2, colonne « unite » :")
    assert "« kilos »" in finding and "« unites »" in finding


def test_unit_of_another_indicator_is_refused(small: Project) -> None:
    edit(small.root, CHIFFRES, "25,,,25,personnes", "25,,,25,salaries")
    (finding,) = refusals(small)
    assert "ligne 2, colonne « unite »" in finding and "l'unité de l'indicateur" in finding


def test_unknown_indicator_territory_and_source_are_all_told_at_once(small: Project) -> None:
    edit(small.root, CHIFFRES, "1,val,effectif_ebe", "1,vall,effectif_eb")
    edit(
        small.root,
        CHIFFRES,
        "2017-02,oui,,,,val-effectif,gazette-2016",
        "2017-02,oui,,,,val-effectif,gazete",
    )
    columns = [finding.partition("« ")[2].partition(" »")[0] for finding in refusals(small)]
    assert sorted(columns) == ["indicateur", "source", "territoire"]


def test_two_territories_with_one_code_are_refused(small: Project) -> None:
    edit(small.root, "territoires", "vide,Bourg-Vide,vide", "val,Bourg-Vide,vide")
    (finding,) = refusals(small)
    assert "ligne 3, colonne « nom »" in finding
    assert "« Bourg-Vide »" in finding and "« Val-d'Essai », comme ligne 2" in finding


def test_missing_table_is_one_finding_not_hundreds(small: Project) -> None:
    (small.published / "sources.csv").unlink()
    assert refusals(small) == [
        "data/published/sources.csv : trouvé aucun fichier ; attendu un fichier CSV à cet endroit."
    ]


def test_csv_saved_by_a_french_excel_is_refused_with_what_to_do(small: Project) -> None:
    path = small.published / "chiffres.csv"
    text = path.read_text(encoding="utf-8").replace(",", ";").replace("260.5", "260,5")
    path.write_bytes(text.encode("cp1252"))
    (finding,) = refusals(small)
    assert "encodage autre que UTF-8" in finding and "séparateur « ; »" in finding
    assert "LibreOffice" in finding and "UTF-8" in finding


def test_decimal_comma_in_a_cell_is_refused(small: Project) -> None:
    edit(small.root, "published/series", ",260,", ',"260,5",')
    (finding,) = refusals(small)
    assert "ligne 2, colonne « valeur »" in finding and "« 260,5 »" in finding


def test_empty_register_is_refused(small: Project) -> None:
    path = small.published / "chiffres.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    edit(
        small.root,
        "published/desaccords",
        "val-effectif,Effectif en février 2017,La première source dit {#1} et la seconde {#2}.,non,,2020-01-31\n",
        "",
    )
    (finding,) = refusals(small)
    assert "chiffres.csv : trouvé aucune ligne" in finding


def test_zero_byte_file_is_refused(small: Project) -> None:
    (small.published / "chiffres.csv").write_bytes(b"")
    (finding,) = refusals(small)
    assert "un fichier vide" in finding and "numero,territoire" in finding


def test_two_values_of_one_quantity_ask_for_one_answer(small: Project) -> None:
    """25 and 29 employees in February 2017, from two sources: a finding until a row names both."""
    card = "gazette-2016,Liste des territoires,La Gazette,presse,2019-12,,,https://example.org/liste,,,,,,\n"
    edit(small.root, "published/sources", card, card + card.replace("gazette-2016", "journal-2017"))
    undisputed = "29,personnes,2017-02,non,,,,,journal-2017"
    edit(small.root, CHIFFRES, "29,personnes,2017-02,non,,,,val-effectif,gazette-2016", undisputed)
    edit(small.root, "published/desaccords", "et la seconde {#2}", "seule")
    (finding,) = refusals(small)
    assert "ligne 3, colonne « desaccord »" in finding
    assert "n° 1 (« 25 ») et n° 2 (« 29 »)" in finding
    edit(small.root, "published/desaccords", "seule.,non", "et la seconde {#2} plus tard.,oui")
    register = load_register(small)
    assert (register.desaccords, [c.numeros for c in register.compatibles]) == ((), [frozenset({1, 2})])


def test_same_number_twice_names_both_lines(small: Project) -> None:
    edit(small.root, CHIFFRES, "2,val,effectif_ebe,29", "1,val,effectif_ebe,29")
    finding, lost = refusals(small)
    assert "desaccords.csv, ligne 2" in lost and "« {#2} »" in lost
    assert "ligne 3, colonne « numero »" in finding and "déjà ligne 2" in finding


def test_value_beside_bounds_is_refused(small: Project) -> None:
    edit(small.root, CHIFFRES, "effectif_ebe,,35,45", "effectif_ebe,40,35,45")
    (finding,) = refusals(small)
    assert "ligne 4, colonne « valeur »" in finding


def test_sure_date_that_is_missing_is_refused(small: Project) -> None:
    edit(
        small.root,
        CHIFFRES,
        "maraîchage et recyclerie,texte,,non",
        "maraîchage et recyclerie,texte,,oui",
    )
    (finding,) = refusals(small)
    assert "ligne 6, colonne « periode_sure »" in finding


def test_number_without_value_nor_bound_is_refused(small: Project) -> None:
    edit(small.root, CHIFFRES, "effectif_ebe,25,,,25", "effectif_ebe,,,,vingt-cinq")
    (finding,) = refusals(small)
    assert "ligne 2, colonne « valeur »" in finding and "ni valeur ni borne" in finding


def test_eleventh_territory_is_rows_only(small: Project) -> None:
    path = small.data / "territoires.csv"
    row = path.read_text(encoding="utf-8").splitlines()[1]
    new = row.replace("val,Val-d'Essai,val,Val-d'Essai,58001", "neuf,Neuf,neuf,Neuf,58002")
    path.write_text(path.read_text(encoding="utf-8") + new + "\n", encoding="utf-8")
    assert load_register(small).territoire("neuf").communes[0].code == "58002"


def test_unknown_territory_lists_the_known_ones(small: Project) -> None:
    with pytest.raises(UnknownName, match="« vall ».*Vouliez-vous dire « val ».*val, vide"):
        load_register(small).territoire("vall")


def test_a_sentence_that_names_no_figure_is_refused_with_its_line(small: Project) -> None:
    edit(small.root, "published/preuves", "{#1}", "{#99}")
    edit(small.root, "published/desaccords", "{#2}", "{#98}")
    preuve, desaccord = refusals(small)
    assert "preuves.csv, ligne 2, colonne « element » : trouvé « {#99} »" in preuve
    assert "desaccords.csv, ligne 2, colonne « explication » : trouvé « {#98} »" in desaccord


def test_an_enormous_cell_is_told_whatever_limit_the_process_has(small: Project) -> None:
    csv.field_size_limit(10_000_000)  # as importing frictionless does
    edit(small.root, CHIFFRES, "maraîchage et recyclerie", "x" * 200_000)
    (finding,) = refusals(small)
    assert "ligne 6 : trouvé une cellule démesurée" in finding


def test_no_ebe_at_all_is_not_an_error(small: Project) -> None:
    (small.data / "ebe.csv").write_text(
        "ebe,territoire,nom,date_ouverture,date_sure,source\n", encoding="utf-8"
    )
    assert load_register(small).territoire("val").ebe == ()


@pytest.fixture
def with_money(small: Project) -> Project:
    """The small register, which may hold an amount."""
    head = "activites,Activités de l'EBE"
    edit(
        small.root,
        "dictionary/indicateurs",
        head,
        f"chiffre_affaires,Ventes,Ventes.,euros,economie,,,\n{head}",
    )
    return small


ROW = "1,val,effectif_ebe,25,,,25,personnes,2017-02,oui,,,,val-effectif,gazette-2016,"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("1,val,chiffre_affaires,25,,,25,euros,2017,oui,,,,,gazette-2016,", "une cellule vide"),
        ("1,val,chiffre_affaires,25,,,25,euros,2017,oui,,,vers 2017,,gazette-2016,", "« vers 2017 »"),
        (ROW.replace(",,,,val-effectif", ",,,2017,val-effectif"), "« 2017 »"),
    ],
)
def test_an_amount_says_the_year_of_its_euros_and_nothing_else_does(
    with_money: Project, written: str, found: str
) -> None:
    edit(with_money.root, CHIFFRES, ROW, written)
    told = [text for text in refusals(with_money) if "colonne « annee_prix »" in text]
    assert len(told) == 1 and "ligne 2" in told[0] and found in told[0]


def test_an_amount_that_no_source_dates_says_so(with_money: Project) -> None:
    edit(
        with_money.root,
        CHIFFRES,
        ROW,
        "1,val,chiffre_affaires,25,,,25,euros,,non,,,non établi,,gazette-2016,",
    )
    assert load_register(with_money).chiffres[0].annee_prix is None


def test_a_blank_row_of_commas_is_one_finding_beside_the_others(small: Project) -> None:
    path = small.published / "sources.csv"
    path.write_text(path.read_text("utf-8") + ("," * 13 + "\n") * 2, encoding="utf-8")
    edit(small.root, CHIFFRES, "1,val,effectif_ebe", "1,val,effectif_eb")
    blank, _, unknown = refusals(small)
    assert "sources.csv, ligne 4 : trouvé une ligne vide" in blank
    assert "Vouliez-vous dire « effectif_ebe »" in unknown


def test_what_settles_a_disagreement_is_a_figure_that_it_names(small: Project) -> None:
    edit(small.root, "published/desaccords", "{#2}.,non,,", "{#2}.,non,4,")
    (finding,) = refusals(small)
    assert "desaccords.csv, ligne 2, colonne « retenu » : trouvé « 4 »" in finding
    edit(small.root, "published/desaccords", "{#2}.,non,4,", "{#2}.,non,2,")
    register = load_register(small)
    assert not register.desaccords and [d.retenu for d in register.tranches] == [2]
