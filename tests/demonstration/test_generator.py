"""Deposits of invented territories are coherent, calibrated and repeatable; each property is recomputed here."""

from __future__ import annotations

import csv
import os
import re
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from inventes import GRAINE, TEN, declared, deposit, each, rows

from analysis.demonstration.generator import generer
from analysis.demonstration.lieux import Lieu, territoires
from analysis.demonstration.reperes import REPERES
from analysis.depot.formes.personnel import donnee_personnelle
from analysis.indicateurs.soldes import soldes
from analysis.noyau.paths import Project

ARRETE = date(2021, 6, 30)
DATA = Project.here().data
FEC_COLUMNS = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef "
    "PieceDate EcritureLib {} {} EcritureLet DateLet ValidDate Montantdevise Idevise"
)


def fields(table: str) -> list[dict[str, str]]:
    return [row for row in declared("dictionary/champs.csv") if row["table"] == table]


def everyone(table: str) -> list[dict[str, Any]]:
    return [{**row, "lieu": lieu.code} for lieu in TEN for row in rows(lieu, table)]


def last_day(row: dict[str, Any]) -> date:
    return row["date_fin"] or date.max


def cents(text: str) -> int:
    assert re.fullmatch(r"-?\d+,\d\d", text)
    return int(text.replace(",", ""))


def whole_months(first: date, last: date) -> int:
    return 12 * (last.year - first.year) + last.month - first.month - (last.day < first.day)


def accounts(lieu: Lieu, exercice: dict[str, Any]) -> list[tuple[str, str, str, int, int]]:
    """Entry, day, account, debit, credit of each line; for a balance the entry and the day are empty."""
    entreprise = next(e for e in lieu.entreprises if e.nom == exercice["ebe"])
    form, content = entreprise.comptes, deposit(lieu).fichiers[exercice["fichier"]]
    header, *body = content.decode(form.encodage).removesuffix("\r\n").split("\r\n")
    if form.nature == "balance":
        assert header == "Compte;Libellé;Débit;Crédit"
        cells = [line.split(";") for line in body]
        return [("", "", compte, cents(debit), cents(credit)) for compte, _, debit, credit in cells]
    amounts = ("Montant", "Sens") if form.sens else ("Debit", "Credit")
    assert header.split(form.separateur) == FEC_COLUMNS.format(*amounts).split()
    lines = []
    for line in body:
        journal, _, number, day, compte, *_, one, two, _, _, _, _, _ = line.split(form.separateur)
        if form.sens:
            debit, credit = (cents(one), 0) if two == "D" else (0, cents(one))
        else:
            debit, credit = cents(one), cents(two)
        lines.append((f"{journal}{number}", day, compte, debit, credit))
    return lines


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not() -> None:
    again, other = generer(TEN[1], GRAINE), generer(TEN[1], GRAINE + 1)
    assert again == deposit(TEN[1])
    assert list(again.fichiers) == list(deposit(TEN[1]).fichiers)
    assert other.tables["personnes"] != again.tables["personnes"]
    assert all(
        other.fichiers[name] != content for name, content in again.fichiers.items() if name in other.fichiers
    )


def test_two_territories_do_not_share_their_drawing() -> None:
    same = replace(TEN[9], personnes=TEN[0].personnes, entreprises=TEN[0].entreprises)
    assert generer(same, GRAINE).tables["personnes"] != rows(TEN[0], "personnes")


def test_more_lines_of_accounts_change_nothing_else() -> None:
    few, many = deposit(TEN[0]), generer(TEN[0], GRAINE, lignes_fec=4000)
    assert many.tables == few.tables
    counts = [
        content.count(b"\n") - 1 for name, content in many.fichiers.items() if name.startswith("comptes")
    ]
    assert all(abs(count - 4000) < 0.05 * 4000 for count in counts)
    assert many.fichiers["enquete-salaries-1.csv"] == few.fichiers["enquete-salaries-1.csv"]


def test_ten_names_and_codes_are_distinct_and_well_formed() -> None:
    codes = [lieu.code for lieu in TEN] + [e.code for lieu in TEN for e in lieu.entreprises]
    assert len(TEN) == 10 and len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", code) for code in codes)
    assert [lieu.rang for lieu in TEN] == list(range(1, 11))
    places = [(lieu.longitude, lieu.latitude) for lieu in TEN]
    assert all(-5 <= x <= 8.3 and 42.3 <= y <= 51.1 for x, y in places)
    gaps = [abs(a[0] - b[0]) + abs(a[1] - b[1]) for i, a in enumerate(places) for b in places[:i]]
    assert min(gaps) > 0.7


def test_a_territory_is_read_as_the_project_reads_one() -> None:
    for lieu in TEN:
        territoire = lieu.territoire
        assert [ebe.nom for ebe in territoire.ebe] == [e.nom for e in lieu.entreprises]
        assert [commune.nom for commune in territoire.communes] == list(lieu.communes)
        assert all(
            re.fullmatch("[0-9A-Z]+", c.code + c.departement + c.zone_emploi) for c in territoire.communes
        )
        assert territoire.date_habilitation.start == lieu.date_habilitation


def test_no_ebe_nor_territory_bears_the_name_of_a_real_one() -> None:
    real = {row["nom"].lower() for name in ("ebe.csv", "territoires.csv") for row in declared(name)}
    invented = {lieu.nom for lieu in TEN} | {e.nom for lieu in TEN for e in lieu.entreprises}
    assert not real & {name.lower() for name in invented}


def test_no_commune_bears_the_name_of_a_real_one() -> None:
    folder = os.environ.get("BILAN_OPEN_DATA")
    path = Path(folder or "") / "decoupage-etalab" / "communes.csv"
    if not folder or not path.is_file():
        pytest.skip("BILAN_OPEN_DATA ne désigne pas un dossier qui contient la liste des communes")
    with path.open(encoding="utf-8", newline="") as file:
        real = {row["nom"].lower() for row in csv.DictReader(file)}
    assert len(real) > 30_000
    assert not real & {nom.lower() for lieu in TEN for nom in (lieu.nom, *lieu.communes)}


def test_more_than_ten_territories_have_names_of_their_own() -> None:
    many = territoires(25)
    assert many[:10] == TEN and len({lieu.code for lieu in many}) == len({lieu.nom for lieu in many}) == 25
    ebe = [e.code for lieu in many for e in lieu.entreprises]
    assert len(set(ebe)) == len(ebe) and all(len(code) <= 40 for code in ebe)
    assert territoires(3) == TEN[:3]
    assert generer(many[12], GRAINE).tables["personnes"] != rows(TEN[2], "personnes")


@pytest.mark.parametrize(
    "change", [{"personnes": 0}, {"date_arrete": date(2020, 12, 31)}, {"date_arrete": date(2021, 3, 30)}]
)
def test_a_territory_that_cannot_be_drawn_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="personne|arrêtent"):
        replace(TEN[0], **change)


def test_the_particular_territories_are_as_described() -> None:
    _, two, three, nobody, short, long, balance, full, *_ = TEN
    assert len({row["ebe"] for row in rows(two, "contrats")}) == 2
    assert len(rows(three, "personnes")) == 3 and rows(three, "contrats")
    assert rows(nobody, "personnes") and not nobody.entreprises
    empty = ("contrats", "etp", "exercices", "activites", "financements")
    assert all(rows(nobody, table) == [] for table in empty)
    assert [name for name in deposit(nobody).fichiers if not name.startswith(("enquete", "agenda"))] == []
    for lieu, months in ((short, 7), (long, 18)):
        first = rows(lieu, "exercices")[0]
        assert whole_months(first["date_ouverture"], first["date_cloture"] + timedelta(days=1)) == months
    assert {row["nature_comptes"] for row in rows(balance, "exercices")} == {"Balance générale"}
    others = [row for lieu in TEN if lieu != balance for row in rows(lieu, "exercices")]
    assert {row["nature_comptes"] for row in others} == {"FEC"}
    assert "Plutôt d'accord" in deposit(full).fichiers["enquete-salaries-1.csv"].decode()


def test_forms_of_accounts_vary() -> None:
    forms = {
        (c.separateur, c.encodage, c.sens) for lieu in TEN for e in lieu.entreprises for c in (e.comptes,)
    }
    assert {form[0] for form in forms} == {"\t", "|"} and {form[2] for form in forms} == {True, False}
    assert {form[1] for form in forms} == {"utf-8", "iso-8859-15"}


def test_someone_works_in_two_ebe_at_a_time_and_someone_changed_hours() -> None:
    by_person: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(TEN[1], "contrats"):
        by_person[row["personne"]].append(row)
    assert any(len({row["ebe"] for row in lines}) == 2 for lines in by_person.values())
    assert any(row["motif_fin"] == "Avenant (nouvelle ligne)" for row in rows(TEN[1], "contrats"))


TYPES = {"jour": date, "mois": date, "entier": int, "nombre": (int, float), "liste": str}


@each
def test_every_cell_has_the_form_that_the_dictionary_says(lieu: Lieu) -> None:
    labels: dict[str, set[str]] = defaultdict(set)
    for row in declared("dictionary/nomenclatures.csv"):
        labels[f"nomenclatures.{row['nomenclature']}"].add(row["libelle"])
    labels["ebe.nom"] = {e.nom for e in lieu.entreprises}
    for table, lines in deposit(lieu).tables.items():
        for field in fields(table):
            for value in (row[field["champ"]] for row in lines):
                if value is None:
                    assert field["obligatoire"] == "non", (table, field["champ"])
                    continue
                assert type(value) is not bool and isinstance(value, TYPES.get(field["type"], str))
                assert not isinstance(value, datetime)
                check_value(field, value, labels)


def check_value(field: dict[str, str], value: Any, labels: dict[str, set[str]]) -> None:
    if field["type"] == "liste":
        assert value in labels[field["valeurs"]], value
    if field["type"] == "mois":
        assert value.day == 1
    if field["type"] in ("entier", "nombre") and field["valeurs"]:
        low, high = map(float, field["valeurs"].split(".."))
        assert low <= value <= high and round(value, 2) == value
    if field["type"] == "jour" and field["valeurs"]:
        low_day, high_day = map(date.fromisoformat, field["valeurs"].split(".."))
        assert low_day <= value <= high_day
    if field["type"] in ("texte", "texte_libre"):
        assert (
            value == value.strip() and donnee_personnelle(value, libre=field["type"] == "texte_libre") is None
        )


@each
def test_rows_have_the_fields_of_their_table_and_keys_are_unique(lieu: Lieu) -> None:
    sheets = {row["table"]: row["cle"].split() for row in declared("dictionary/depot_feuilles.csv")}
    assert set(deposit(lieu).tables) == set(sheets)
    for table, key in sheets.items():
        names = [field["champ"] for field in fields(table)]
        assert all(list(row) == names for row in rows(lieu, table))
        keys = [tuple(row[name] for name in key) for row in rows(lieu, table)]
        assert len(set(keys)) == len(keys), table
    (identity,) = rows(lieu, "depot")
    assert (identity["territoire"], identity["date_arrete"]) == (lieu.code, ARRETE)
    assert all(re.fullmatch(r"P-\d{3,}", row["personne"]) for row in rows(lieu, "personnes"))


@each
def test_nothing_is_later_than_the_end_of_the_data(lieu: Lieu) -> None:
    days = [
        value
        for lines in deposit(lieu).tables.values()
        for row in lines
        for value in row.values()
        if isinstance(value, date)
    ]
    assert max(days) <= ARRETE


@each
def test_steps_follow_one_another_and_the_law_is_met(lieu: Lieu) -> None:
    first = first_hires(lieu)
    for row in rows(lieu, "personnes"):
        steps = (
            row["date_rencontre"],
            row["date_volontariat"],
            row["date_decision_cle"],
            first.get(row["personne"]),
        )
        known = [step for step in steps if step]
        assert known == sorted(known)
        assert bool(row["decision_cle"]) == bool(row["date_decision_cle"])
        if row["personne"] in first:
            assert row["decision_cle"] == "Éligible" and row["date_volontariat"]
        if row["decision_cle"] == "Éligible":
            decided = row["date_decision_cle"]
            since = whole_months(row["date_mois_sans_emploi"], decided)
            assert row["mois_sans_emploi"] + since >= 12
            assert whole_months(row["date_domicile"], decided) >= 6
        assert date(row["annee_naissance"], 1, 1) <= row["date_domicile"] <= row["date_rencontre"]
        assert row["date_situation"] >= row["date_rencontre"]


def first_hires(lieu: Lieu) -> dict[str, date]:
    first: dict[str, date] = {}
    for row in rows(lieu, "contrats"):
        first[row["personne"]] = min(first.get(row["personne"], date.max), row["date_debut"])
    return first


@each
def test_the_situation_says_what_contracts_say(lieu: Lieu) -> None:
    running = {row["personne"] for row in rows(lieu, "contrats") if last_day(row) >= ARRETE}
    told = {row["personne"] for row in rows(lieu, "personnes") if row["situation"] == "Salariée de l'EBE"}
    assert told == running


@each
def test_contracts_are_of_known_people_in_order_after_the_opening(lieu: Lieu) -> None:
    people = {row["personne"] for row in rows(lieu, "personnes")}
    openings = {e.nom: e.ouverture for e in lieu.entreprises}
    for row in rows(lieu, "contrats"):
        assert row["personne"] in people
        assert openings[row["ebe"]] <= row["date_debut"] <= last_day(row)
        assert bool(row["date_fin"]) == bool(row["motif_fin"])


@each
def test_nobody_works_more_than_a_full_time(lieu: Lieu) -> None:
    by_person: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(lieu, "contrats"):
        by_person[row["personne"]].append(row)
    for lines in by_person.values():
        for day in (row["date_debut"] for row in lines):
            at = [row["quotite"] for row in lines if row["date_debut"] <= day <= last_day(row)]
            assert sum(map(Fraction, map(str, at))) <= 1


@each
def test_an_amendment_is_followed_the_day_after(lieu: Lieu) -> None:
    starts = {(row["personne"], row["ebe"], row["date_debut"]) for row in rows(lieu, "contrats")}
    for row in rows(lieu, "contrats"):
        if row["motif_fin"] == "Avenant (nouvelle ligne)":
            assert (row["personne"], row["ebe"], row["date_fin"] + timedelta(days=1)) in starts


@each
def test_monthly_etp_is_the_mean_over_the_days_of_the_month(lieu: Lieu) -> None:
    for entreprise in lieu.entreprises:
        lines = [row for row in rows(lieu, "contrats") if row["ebe"] == entreprise.nom]
        told = {row["mois"]: row["etp_ppde"] for row in rows(lieu, "etp") if row["ebe"] == entreprise.nom}
        assert list(told) == list(months(entreprise.ouverture, ARRETE))
        for month, etp in told.items():
            days = monthrange(month.year, month.month)[1]
            total = Fraction(0)
            for day in (month + timedelta(days=rank) for rank in range(days)):
                at = [row["quotite"] for row in lines if row["date_debut"] <= day <= last_day(row)]
                total += sum(Fraction(round(100 * quotite), 100) for quotite in at)
            assert etp == float(round(total / days, 2))


def months(first: date, last: date) -> Iterator[date]:
    year, month = first.year, first.month
    while date(year, month, 1) <= last:
        yield date(year, month, 1)
        year, month = year + month // 12, month % 12 + 1


@each
def test_exercices_follow_one_another_until_the_last_closed(lieu: Lieu) -> None:
    for entreprise in lieu.entreprises:
        mine = [row for row in rows(lieu, "exercices") if row["ebe"] == entreprise.nom]
        assert mine[0]["date_ouverture"] == entreprise.ouverture
        for before, after in zip(mine, mine[1:], strict=False):
            assert after["date_ouverture"] == before["date_cloture"] + timedelta(days=1)
        assert mine[-1]["date_cloture"] == date(2020, 12, 31)
    closings = {(row["ebe"], row["date_cloture"]) for row in rows(lieu, "exercices")}
    for table in ("activites", "financements"):
        assert {(row["ebe"], row["date_cloture"]) for row in rows(lieu, table)} == closings
    assert all(0 < row["verse"] <= row["engage"] for row in rows(lieu, "financements"))
    decided = [row for row in rows(lieu, "activites") if row["avis_cle"] != "Pas encore demandé"]
    assert all(row["date_avis"] and row["date_avis"] <= row["date_cloture"] for row in decided)
    assert all(row["date_avis"] is None for row in rows(lieu, "activites") if row not in decided)


@each
def test_files_are_those_that_the_sheets_name(lieu: Lieu) -> None:
    named = [row["fichier"] for table in ("exercices", "enquetes") for row in rows(lieu, table)]
    named += dict.fromkeys(
        row["fichier"] for row in rows(lieu, "calendriers")
    )  # a calendar has several lines
    assert sorted(named) == sorted(deposit(lieu).fichiers)


@each
def test_entries_balance_within_the_exercice_and_sales_are_those_of_the_activities(lieu: Lieu) -> None:
    for exercice in rows(lieu, "exercices"):
        lines = accounts(lieu, exercice)
        gaps: Counter[str] = Counter()
        for entry, day, _, debit, credit in lines:
            gaps[entry] += debit - credit
            if day:
                parsed = datetime.strptime(day, "%Y%m%d").date()
                assert exercice["date_ouverture"] <= parsed <= exercice["date_cloture"]
        assert not any(gaps.values()) and all(not (debit and credit) for e, _, _, debit, credit in lines if e)
        booked = sum(credit - debit for _, _, compte, debit, credit in lines if compte.startswith("70"))
        mine = [a for a in rows(lieu, "activites") if same_exercice(a, exercice)]
        assert booked == sum(round(100 * a["ventes"]) for a in mine)
        paid = [f for f in rows(lieu, "financements") if same_exercice(f, exercice)]
        operating = [f for f in paid if f["dispositif"] not in ("Subvention d'investissement", "Prêt")]
        of_text = ("73", "74") if exercice["date_ouverture"] >= date(2020, 1, 1) else ("74",)
        aid = sum(credit - debit for _, _, compte, debit, credit in lines if compte.startswith(of_text))
        assert aid == sum(round(100 * f["verse"]) for f in operating)


def same_exercice(row: dict[str, Any], exercice: dict[str, Any]) -> bool:
    return (row["ebe"], row["date_cloture"]) == (exercice["ebe"], exercice["date_cloture"])


@each
def test_an_exercice_opens_on_what_the_one_before_left(lieu: Lieu) -> None:
    for entreprise in lieu.entreprises:
        if entreprise.comptes.nature == "balance":
            continue
        left: Counter[str] = Counter()
        for exercice in (row for row in rows(lieu, "exercices") if row["ebe"] == entreprise.nom):
            lines, opened = accounts(lieu, exercice), Counter[str]()
            closed: Counter[str] = Counter()
            for entry, _, compte, debit, credit in lines:
                closed[compte if compte < "6" else "result"] += debit - credit
                if entry.startswith("AN"):
                    opened["result" if compte[:2] == "12" else compte] += debit - credit
            assert +opened == +left and -opened == -left
            left = closed


def test_accounts_hold_what_an_ebe_books() -> None:
    exercice = rows(TEN[0], "exercices")[1]
    lines = accounts(TEN[0], exercice)
    used = {compte[:3] for _, _, compte, _, _ in lines}
    assert {"641", "645", "421", "431", "741", "411", "401", "512", "681", "281", "215"} <= used
    assert any(debit < 0 for *_, debit, _ in lines) and any(credit < 0 for *_, credit in lines)
    files = [(lieu, row) for lieu in TEN for row in rows(lieu, "exercices") if row["nature_comptes"] == "FEC"]
    assert all(300 <= len(accounts(lieu, row)) <= 1600 for lieu, row in files)
    assert any(
        compte.startswith("4457") for _, _, compte, _, _ in accounts(TEN[1], rows(TEN[1], "exercices")[0])
    )


def test_the_accounts_fill_every_line_of_a_statement_under_both_texts() -> None:
    """The first territory: an exercice of 2019, one of 2020; a tenth of local subsidies waits a year."""
    (ebe,) = {row["ebe"] for row in rows(TEN[0], "exercices")}
    years = {row["date_cloture"].year: row for row in rows(TEN[0], "exercices")}
    found = {}
    for year in (2019, 2020):
        sums: dict[str, list[float]] = {}
        for _, _, compte, debit, credit in accounts(TEN[0], years[year]):
            pair = sums.setdefault(compte, [0.0, 0.0])
            pair[0] += debit / 100
            pair[1] += credit / 100
        table = pd.DataFrame([(c, round(d, 2), round(k, 2)) for c, (d, k) in sums.items()])
        table.columns = pd.Index(["compte", "debit", "credit"])
        found[year] = (soldes(table, years[year]["date_ouverture"]), sums)
        empty = [name for name in LINES if getattr(found[year][0], name) == 0]
        assert (year, empty) == (year, [])
        assert sums["864000"][0] == 2_000 and found[year][0].ecart == 0
    assert "730000" not in found[2019][1] and "741000" not in found[2020][1]
    local = {
        f["date_cloture"].year: f["verse"]
        for f in rows(TEN[0], "financements")
        if f["ebe"] == ebe and f["dispositif"] == "Subvention d'exploitation"
    }
    assert found[2019][1]["689400"][0] == found[2020][1]["789400"][1] == round(local[2019] / 10, 2)


LINES = (
    *("ventes", "autre_production", "consommations", "impots_taxes", "charges_personnel"),
    *("subventions_exploitation", "autres_produits", "autres_charges", "reprises_transferts", "dotations"),
    *("produits_financiers", "charges_financieres", "produits_exceptionnels", "charges_exceptionnelles"),
    "impot_benefices",
)


@each
def test_no_more_people_meet_than_there_are(lieu: Lieu) -> None:
    for row in rows(lieu, "instances"):
        staff = {
            r["personne"] for r in rows(lieu, "contrats") if r["date_debut"] <= row["date"] <= last_day(r)
        }
        assert row["salaries_ebe"] <= len(staff) and row["personnes_concernees"] <= lieu.personnes
        assert row["date"].weekday() < 5
    assert all(row["annee"] < ARRETE.year for row in rows(lieu, "depenses"))


def test_calibration_names_figures_of_the_register() -> None:
    register = {int(row["numero"]): row for row in declared("published/chiffres.csv")}
    for repere in REPERES.values():
        assert repere.numeros and set(repere.numeros) <= set(register)
        assert all(register[numero]["indicateur"] for numero in repere.numeros)
    for name in (
        "volontaires_juin_2018",
        "embauches_fin_2019",
        "effectif_juin_2021",
        "ventes_etp_an",
        "cde_etat_etp_2020",
    ):
        (numero,) = REPERES[name].numeros
        assert float(register[numero]["valeur"]) == REPERES[name].valeur


@cache
def simulated() -> dict[str, float]:
    """What the ten give for each published figure."""
    return {**hires_and_people(), **shares(), **money()}


def hires_and_people() -> dict[str, float]:
    hires = [day for lieu in TEN for day in first_hires(lieu).values()]
    contracts, people = everyone("contrats"), everyone("personnes")
    left = [r for r in contracts if r["date_fin"] and r["motif_fin"] != "Avenant (nouvelle ligne)"]
    volunteers = [r["date_volontariat"] for r in people if r["date_volontariat"]]
    return {
        "volontaires_juin_2018": sum(day <= date(2018, 6, 30) for day in volunteers),
        "embauches_fin_2018": sum(day <= date(2018, 12, 31) for day in hires),
        "embauches_juillet_2019": sum(day <= date(2019, 7, 15) for day in hires),
        "embauches_fin_2019": sum(day <= date(2019, 12, 1) for day in hires),
        "embauches_septembre_2020": sum(day <= date(2020, 9, 15) for day in hires),
        "departs_fin_2019": len(
            {(r["lieu"], r["personne"]) for r in left if r["date_fin"] <= date(2019, 12, 1)}
        ),
        "effectif_juin_2021": sum(r["situation"] == "Salariée de l'EBE" for r in people),
        "sorties_autre_emploi": sum(r["situation"] == "Autre emploi" for r in people),
    }


def shares() -> dict[str, float]:
    hired = [r for lieu in TEN for r in rows(lieu, "personnes") if r["personne"] in first_hires(lieu)]
    low = ("Aucun diplôme ou certificat d'études", "Brevet des collèges")
    quotites = [
        r["quotite"]
        for lieu in TEN
        for r in rows(lieu, "contrats")
        if r["date_debut"] == first_hires(lieu)[r["personne"]]
    ]
    ages = [2019 - r["annee_naissance"] for r in hired]
    return {
        "duree_moyenne_privation": sum(r["mois_sans_emploi"] for r in hired) / len(hired),
        "age_moyen": sum(ages) / len(ages),
        "part_50_ans_et_plus": sum(age >= 50 for age in ages) / len(ages),
        "part_travailleurs_handicapes": part(hired, "rqth", "Oui"),
        "part_niveau_infra_cap_bep": part(hired, "diplome", *low),
        "part_niveau_bep_ou_moins": part(hired, "diplome", *low, "CAP ou BEP"),
        "part_niveau_superieur_bac": part(hired, "diplome", "Bac + 2", "Bac + 3 ou plus"),
        "part_rsa_ou_aah": part(hired, "rsa_avant", "Oui") + part(hired, "aah_avant", "Oui"),
        "part_temps_plein": sum(quotite == 1 for quotite in quotites) / len(quotites),
    }


def part(people: list[dict[str, Any]], field: str, *labels: str) -> float:
    known = [row[field] for row in people if row[field] != "Non renseigné"]
    return sum(value in labels for value in known) / len(known)


def money() -> dict[str, float]:
    years: dict[str, float] = defaultdict(float)
    spent: dict[str, float] = defaultdict(float)
    for lieu in TEN:
        for exercice in rows(lieu, "exercices"):
            span = list(months(exercice["date_ouverture"], exercice["date_cloture"]))
            etp = [
                r["etp_ppde"] for r in rows(lieu, "etp") if r["ebe"] == exercice["ebe"] and r["mois"] in span
            ]
            sold = [r["ventes"] for r in rows(lieu, "activites") if same_exercice(r, exercice)]
            years["all"] += sum(etp) / 12
            spent["ventes"] += sum(sold)
            lines = accounts(lieu, exercice)
            spent["charges"] += sum(debit - credit for _, _, c, debit, credit in lines if c.startswith("6"))
            if exercice["date_cloture"] == date(2020, 12, 31):
                years["2020"] += sum(etp) / 12
                cde = [
                    r
                    for r in rows(lieu, "financements")
                    if same_exercice(r, exercice) and r["financeur"] == "État"
                ]
                spent["cde"] += sum(r["engage"] for r in cde if r["dispositif"].startswith("Contribution"))
    return {
        "ventes_etp_an": spent["ventes"] / years["all"],
        "cout_brut_etp_an": spent["charges"] / 100 / years["all"],
        "cde_etat_etp_2020": spent["cde"] / years["2020"],
    }


@pytest.mark.parametrize("name", REPERES)
def test_the_ten_together_come_near_the_published_figure(name: str) -> None:
    """Margins and their reasons stand beside the figures."""
    repere = REPERES[name]
    assert simulated()[name] == pytest.approx(repere.valeur, rel=repere.tolerance)
