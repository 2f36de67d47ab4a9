"""A balance gives the sums of its accounts whatever its headers, and never those of a part or of its totals."""

from __future__ import annotations

import base64
import csv
import io
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from mutations import as_ods

from analysis.depot.formes import coffre
from analysis.depot.formes.lecture import Lecture
from analysis.depot.lecteurs.comptes import juger, read_comptes, ventes
from analysis.indicateurs.soldes import soldes

ACCOUNTS = (
    ("106000", "Réserves", 0, 8_200_00),
    ("401000", "Fournisseurs", 300_00, 2_310_25),
    ("411000", "Clients", 15_340_60, 12_000_00),
    ("421000", "Personnel", 16_000_00, 21_750_00),
    ("512000", "Banque", 40_075_40, 16_300_00),
    ("601000", "Achats", 2_310_25, 0),
    ("641000", "Salaires", 21_750_00, 0),
    ("706000", "Prestations", 0, 15_340_60),
    ("741000", "Contribution", 0, 19_875_40),
)
"""Nine accounts; sales 15 340,60, result 11 155,75, cash 23 775,40. Cents."""

OPENING = {"106000": -8_200_00, "512000": 8_200_00}
"""Of which the opening: debits less credits, in cents."""

SALES, RESULT, CASH = 15_340.60, 11_155.75, 23_775.40


def money(cents: int) -> str:
    """Cents as a program writes them: « -50,25 »."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02d}"


def sides(cents: int) -> tuple[str, str]:
    return (money(cents), "0,00") if cents >= 0 else ("0,00", money(-cents))


def movements() -> list[list[str]]:
    return [[compte, label, money(debit), money(credit)] for compte, label, debit, credit in ACCOUNTS]


def closings() -> list[list[str]]:
    return [[compte, label, *sides(debit - credit)] for compte, label, debit, credit in ACCOUNTS]


def written(header: Sequence[str], rows: Sequence[Sequence[str]], separator: str = ";") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([header, *rows])
    return out.getvalue()


def read(folder: Path, content: str | bytes, name: str = "balance-2019.csv") -> Lecture:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    day = date(2019, 1, 1)
    return juger(read_comptes(path, nature="balance", debut=day, fin=date(2019, 12, 31)), ouverture=day)


def is_true(lecture: Lecture) -> bool:
    found = soldes(
        lecture.frame.groupby("compte")[["debit", "credit"]].sum().round(2).reset_index(), date(2019, 1, 1)
    )
    figures = (ventes(lecture.frame), float(found.resultat_net), float(found.tresorerie_nette or 0))
    return figures == (SALES, RESULT, CASH)


def rules(lecture: Lecture) -> list[str]:
    return [constat.regle for constat in lecture.constats]


ACCOUNT_HEADERS = [
    *(
        "Compte",
        "N° de compte",
        "N° compte",
        "Numéro de compte",
        "Numéro compte",
        "Numero",
        "N°",
        "No compte",
    ),
    *(
        "Code compte",
        "Compte général",
        "Compte PCG",
        "CompteNum",
        "compte_num",
        "NumCompte",
        "Cpte",
        "COMPTES",
    ),
    *("Compte.Numero", "N°Compte", "Numéro du compte", "Compte comptable", "Code"),
]
MOVEMENT_HEADERS = [
    *(("Débit", "Crédit"), ("DEBIT", "CREDIT"), ("Total débit", "Total crédit")),
    *(("Total des débits", "Total des crédits"), ("Mouvements débit", "Mouvements crédit")),
    *(
        ("Mvt débit", "Mvt crédit"),
        ("Cumul débit", "Cumul crédit"),
        ("Débits", "Crédits"),
        ("Débit N", "Crédit N"),
    ),
    *(("Montant débit", "Montant crédit"), ("Mouvement D", "Mouvement C"), ("debit_total", "credit_total")),
]
CLOSING_HEADERS = [
    *(("Solde débiteur", "Solde créditeur"), ("Solde débit", "Solde crédit"), ("Débiteur", "Créditeur")),
    *(
        ("Soldes débiteurs", "Soldes créditeurs"),
        ("Solde D", "Solde C"),
        ("Solde final débit", "Solde final crédit"),
    ),
]


@pytest.mark.parametrize("header", ACCOUNT_HEADERS)
def test_the_accounts_are_found_under_each_header(tmp_path: Path, header: str) -> None:
    lecture = read(tmp_path, written([header, "Intitulé du compte", "Débit", "Crédit"], movements()))
    assert (len(lecture.frame), lecture.constats, is_true(lecture)) == (9, (), True)


@pytest.mark.parametrize("headers", MOVEMENT_HEADERS)
def test_movements_are_found_under_each_header(tmp_path: Path, headers: tuple[str, str]) -> None:
    lecture = read(tmp_path, written(["Compte", "Libellé", *headers], movements()))
    assert (len(lecture.frame), lecture.constats, is_true(lecture)) == (9, (), True)
    assert lecture.frame["debit"].sum() == 95_776.25


@pytest.mark.parametrize("headers", CLOSING_HEADERS)
def test_closing_balances_do_alone(tmp_path: Path, headers: tuple[str, str]) -> None:
    assert is_true(read(tmp_path, written(["Compte", "Libellé", *headers], closings())))


@pytest.mark.parametrize("sign", [1, -1])
def test_one_signed_balance_whose_charges_tell_the_sign(tmp_path: Path, sign: int) -> None:
    rows = [[compte, label, money(sign * (debit - credit))] for compte, label, debit, credit in ACCOUNTS]
    assert is_true(read(tmp_path, written(["Compte", "Libellé", "Solde"], rows)))


@pytest.mark.parametrize("form", ["column", "suffix"])
def test_a_balance_whose_side_is_a_letter(tmp_path: Path, form: str) -> None:
    rows = []
    for compte, label, debit, credit in ACCOUNTS:
        amount, side = money(abs(debit - credit)), "D" if debit > credit else "C"
        rows.append(
            [compte, label, amount, side] if form == "column" else [compte, label, f"{amount} {side}"]
        )
    header = ["Compte", "Libellé", "Solde", "Sens"][: len(rows[0])]
    assert is_true(read(tmp_path, written(header, rows)))


def three_blocks() -> list[list[str]]:
    """Opening, the year's movements, closing."""
    rows = []
    for compte, label, debit, credit in ACCOUNTS:
        opening = OPENING.get(compte, 0)
        year = (debit - max(opening, 0), credit - max(-opening, 0))
        rows.append([compte, label, *sides(opening), *map(money, year), *sides(debit - credit)])
    return rows


BLOCKS = [
    ["A nouveau débit", "A nouveau crédit", "Débit", "Crédit", "Solde débiteur", "Solde créditeur"],
    ["Report débit", "Report crédit", "Mouvement débit", "Mouvement crédit", "Solde débit", "Solde crédit"],
    ["Ouverture D", "Ouverture C", "Mouvement D", "Mouvement C", "Clôture D", "Clôture C"],
    ["Débit", "Crédit", "Débit", "Crédit", "Débit", "Crédit"],
    ["AN Débit", "AN Crédit", "Période débit", "Période crédit", "Solde débiteur", "Solde créditeur"],
]


@pytest.mark.parametrize("headers", BLOCKS)
def test_an_opening_apart_is_counted_once(tmp_path: Path, headers: list[str]) -> None:
    lecture = read(tmp_path, written(["Compte", "Libellé", *headers], three_blocks()))
    assert (lecture.constats, is_true(lecture)) == ((), True)
    bank = lecture.frame[lecture.frame["compte"] == "512000"]
    assert bank[["debit", "credit"]].to_numpy().tolist() == [[40_075.40, 16_300.0]]


def test_blocks_may_be_titled_by_the_row_above(tmp_path: Path) -> None:
    titles = ["", "", "À-nouveaux", "", "Mouvements", "", "Soldes", ""]
    rows = [["Compte", "Libellé", *["Débit", "Crédit"] * 3], *three_blocks()]
    assert is_true(read(tmp_path, written(titles, rows)))


def test_an_opening_without_a_closing_balance(tmp_path: Path) -> None:
    """« Mouvements » are the year's alone; a bare « Débit » under an opening of 50 is, when it is less than that."""
    rows = [row[:6] for row in three_blocks()]
    named = ["Compte", "Libellé", "Ouverture D", "Ouverture C", "Mouvements D", "Mouvements C"]
    assert is_true(read(tmp_path, written(named, rows)))
    bare = ["Compte", "Libellé", "A nouveau débit", "A nouveau crédit", "Débit", "Crédit"]
    assert is_true(read(tmp_path, written(bare, rows)))


def test_an_opening_that_the_debits_may_comprise_is_refused(tmp_path: Path) -> None:
    rows = [
        [*row[:4], *row[4:]] for row in ([*a[:2], *sides(OPENING.get(a[0], 0)), *a[2:]] for a in movements())
    ]
    header = ["Compte", "Libellé", "A nouveau débit", "A nouveau crédit", "Débit", "Crédit"]
    lecture = read(tmp_path, written(header, rows))
    assert (rules(lecture), len(lecture.frame)) == (["comptes_contradiction"], 0)
    with_soldes = [[*row, *sides(a[2] - a[3])] for row, a in zip(rows, ACCOUNTS, strict=True)]
    assert is_true(read(tmp_path, written([*header, "Solde D", "Solde C"], with_soldes)))


def test_movements_without_their_opening_leave_the_place_to_the_closing_balances(tmp_path: Path) -> None:
    rows = [[*row[:2], *row[4:]] for row in three_blocks()]
    header = ["Compte", "Libellé", "Débit", "Crédit", "Solde débiteur", "Solde créditeur"]
    lecture = read(tmp_path, written(header, rows))
    assert (rules(lecture), is_true(lecture)) == (["comptes_lus"], True)


def test_columns_that_contradict_each_other_are_never_used_in_silence(tmp_path: Path) -> None:
    rows = three_blocks()
    rows[7][7] = "15000,00"
    header = ["Compte", "Libellé", *BLOCKS[0]]
    lecture = read(tmp_path, written(header, rows))
    assert [(c.regle, c.ligne) for c in lecture.constats] == [("comptes_contradiction", 9)]
    assert (lecture.lues, len(lecture.frame)) == (9, 0)


def test_the_year_before_is_not_read(tmp_path: Path) -> None:
    rows = [[*row, "7,00", "8,00"] for row in movements()]
    for before in (["Débit N-1", "Crédit N-1"], ["Débit exercice précédent", "Crédit exercice précédent"]):
        assert is_true(read(tmp_path, written(["Compte", "Libellé", "Débit", "Crédit", *before], rows)))


def test_a_label_column_may_be_called_compte(tmp_path: Path) -> None:
    assert is_true(read(tmp_path, written(["Numéro", "Compte", "Débit", "Crédit"], movements())))
    turned = [[row[1], row[0], *row[2:]] for row in movements()]
    assert is_true(read(tmp_path, written(["Compte", "Numéro", "Débit", "Crédit"], turned)))


def test_titles_pages_and_blank_rows_are_passed_over(tmp_path: Path) -> None:
    header = ["Compte", "Libellé", "Débit", "Crédit"]
    rows = movements()
    body = [["CLASSE 1", "", "", ""], *rows[:4], ["", "", "", ""], ["1", "Page", "", ""], header, *rows[4:]]
    text = written(["Association Dupont", "", "", ""], [["Balance au 31/12/2019"], [], header, *body])
    lecture = read(tmp_path, text)
    assert (rules(lecture), is_true(lecture)) == (["comptes_lus"], True)
    assert "en-têtes répétés, non lus : 1" in lecture.constats[0].trouve
    assert "Dupont" not in str(lecture.constats)


def with_subtotals() -> list[list[str]]:
    """After each account its root, then its class, then the whole."""
    rows: list[list[str]] = []
    for rank, (compte, label, debit, credit) in enumerate(ACCOUNTS):
        half = [money(debit - debit // 2), money(credit - credit // 2)]
        rows += [[compte, label, money(debit // 2), money(credit // 2)], [f"{compte[:5]}1", label, *half]]
        rows.append([compte[:3], f"Total {compte[:3]}", money(debit), money(credit)])
        following = ACCOUNTS[rank + 1][0] if rank + 1 < len(ACCOUNTS) else ""
        if following[:1] != compte[0]:
            of_class = [a for a in ACCOUNTS if a[0][0] == compte[0]]
            sums = [money(sum(a[place] for a in of_class)) for place in (2, 3)]
            rows.append(["", f"Total classe {compte[0]}", *sums])
    return [*rows, ["Total général", "", *(money(sum(a[place] for a in ACCOUNTS)) for place in (2, 3))]]


def test_subtotals_and_totals_are_never_counted(tmp_path: Path) -> None:
    lecture = read(tmp_path, written(["Compte", "Libellé", "Débit", "Crédit"], with_subtotals()))
    assert (rules(lecture), len(lecture.frame), is_true(lecture)) == (["comptes_lus"], 18, True)
    assert "sous-totaux, non lus : 9" in lecture.constats[0].trouve
    assert "lignes de total, non lus : 6" in lecture.constats[0].trouve


def test_a_total_by_the_number_of_its_only_account(tmp_path: Path) -> None:
    rows = [
        row for account in movements() for row in (account, [account[0], f"Total {account[0]}", *account[2:]])
    ]
    lecture = read(tmp_path, written(["Compte", "Libellé", "Débit", "Crédit"], rows))
    assert (len(lecture.frame), is_true(lecture)) == (9, True)


def test_two_accounts_of_one_number_are_both_counted(tmp_path: Path) -> None:
    rows = movements()
    rows[2][2], rows[2][3] = "7670,30", "6000,00"
    rows.insert(3, [*rows[2]])
    lecture = read(tmp_path, written(["Compte", "Libellé", "Débit", "Crédit"], rows))
    assert (len(lecture.frame), is_true(lecture)) == (10, True)


def test_a_root_that_is_an_account_is_one(tmp_path: Path) -> None:
    """411 and 411100 both moved: 411 is not the sum of what it begins."""
    rows = movements()
    rows[2:3] = [["411", "Clients", "5340,60", "2000,00"], ["411100", "Communes", "10000,00", "10000,00"]]
    lecture = read(tmp_path, written(["Compte", "Libellé", "Débit", "Crédit"], rows))
    assert (rules(lecture), len(lecture.frame), is_true(lecture)) == ([], 10, True)


def test_the_totals_of_a_balance_do_not_count(tmp_path: Path) -> None:
    text = "Compte;Débit;Crédit\n411000;10;\n411001;5;\n4;15;\n706000;;15\n;15;15\nTotal;15;15\n"
    lecture = read(tmp_path, text)
    assert rules(lecture) == ["comptes_lus"]
    assert lecture.frame["compte"].tolist() == ["411000", "411001", "706000"]


def test_a_class_that_is_not_the_sum_of_its_accounts_is_a_fault(tmp_path: Path) -> None:
    lecture = read(tmp_path, "Compte;Débit;Crédit\n411000;10;\n4;15;\n706000;;25\n")
    assert [(c.regle, c.ligne) for c in lecture.constats] == [("comptes_compte", 3)]


def test_an_amount_that_lost_its_account_is_a_fault(tmp_path: Path) -> None:
    rows = movements()
    rows[5][0] = ""
    lecture = read(tmp_path, written(["Compte", "Libellé", "Débit", "Crédit"], rows))
    assert [(c.regle, c.ligne) for c in lecture.constats] == [("comptes_compte", 7)]
    assert (lecture.lues, len(lecture.frame)) == (9, 0)


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u202f"])
def test_amounts_of_a_balance(tmp_path: Path, blank: str) -> None:
    rows = []
    for row in movements():
        amounts = [f"{int(a.split(',')[0]):,}".replace(",", blank) + f",{a.split(',')[1]} €" for a in row[2:]]
        rows.append([*row[:2], *("-" if amount == "0,00 €" else amount for amount in amounts)])
    lecture = read(tmp_path, written(["Compte", "Libellé", "Débit", "Crédit"], rows))
    assert (rules(lecture), is_true(lecture)) == (["comptes_lus"], True)


def test_accounts_of_two_digits_are_accounts(tmp_path: Path) -> None:
    rows = movements()
    for row in rows:
        row[0] = row[0].rstrip("0")[:2] if row[0][0] in "67" else row[0]
    lecture = read(tmp_path, written(["Numéro", "Compte", "Débit", "Crédit"], rows))
    assert {"60", "64", "70", "74"} <= set(lecture.frame["compte"]) and is_true(lecture)


def test_an_unbalanced_balance_is_told_once(tmp_path: Path) -> None:
    lecture = read(tmp_path, "Compte;Débit;Crédit\n411000;10;\n706000;;9,98\n")
    (constat,) = lecture.constats
    assert (constat.regle, constat.trouve) == ("comptes_desequilibre", "un écart de 0,02 €")
    cent = read(tmp_path, "Compte;Débit;Crédit\n411000;10;\n706000;;9,99\n")
    assert (rules(cent), len(cent.frame)) == (["comptes_centime"], 2)


def test_an_amount_that_cannot_be_read_refuses_the_balance(tmp_path: Path) -> None:
    lecture = read(tmp_path, "Compte;Débit;Crédit\n411000;dix1;\n706000;;10\n512;1\n")
    assert [(c.regle, c.ligne) for c in lecture.constats] == [("comptes_montant", 2)]
    assert (lecture.lues, len(lecture.frame), lecture.refusees) == (3, 0, 3)


def test_a_balance_without_its_columns_says_which_it_has(tmp_path: Path) -> None:
    lecture = read(tmp_path, "Intitulé;Débit;Crédit;Dupont\nBanque;10;5;\n")
    (constat,) = lecture.constats
    assert constat.regle == "comptes_colonnes" and "Dupont" not in str(constat)
    assert "avec « Débit », « Crédit »" in constat.trouve
    assert (lecture.lues, lecture.refusees) == (1, 1)


def test_what_the_file_is_is_read_whatever_was_announced(tmp_path: Path) -> None:
    path = tmp_path / "balance.csv"
    path.write_text(written(["Compte", "Libellé", "Débit", "Crédit"], movements()), encoding="utf-8")
    lecture = read_comptes(path, nature="fec", debut=date(2019, 1, 1), fin=date(2019, 12, 31))
    assert (lecture.table, rules(lecture), len(lecture.frame)) == ("balances", ["comptes_nature"], 9)


def test_closed_accounts_are_refused_when_they_come(tmp_path: Path) -> None:
    rows = movements()
    for row in rows:
        if row[0][0] in "67":
            row[2] = row[3] = max(row[2], row[3], key=lambda amount: float(amount.replace(",", ".")))
    rows.append(["120000", "Résultat", "0,00", "11155,75"])
    lecture = read(tmp_path, written(["Compte", "Libellé", "Débit", "Crédit"], rows))
    assert rules(lecture) == ["comptes_illisibles"] and "déjà clos" in lecture.constats[0].trouve


# --- workbooks


def workbook(numbers: bool) -> bytes:
    """A title, the header, the accounts as text or as numbers, a total."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet("Balance")
    page.write_string(0, 0, "Balance générale")
    for column, name in enumerate(("Numéro", "Compte", "Total des débits", "Total des crédits")):
        page.write_string(2, column, name)
    for rank, (compte, label, debit, credit) in enumerate(ACCOUNTS, start=3):
        page.write_string(rank, 1, label)
        if numbers:
            page.write_number(rank, 0, int(compte))
            page.write_number(rank, 2, debit / 100)
            page.write_number(rank, 3, credit / 100)
        else:
            page.write_string(rank, 0, compte)
            page.write_string(rank, 2, f"{money(debit)} €")
            page.write_string(rank, 3, f"{money(credit)} €")
    page.write_string(12, 1, "Total")
    page.write_number(12, 2, 95776.25)
    page.write_number(12, 3, 95776.25)
    book.close()
    return out.getvalue()


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def indented(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The same document, its XML on as many lines as it has marks."""
    content = parts["content.xml"].replace(b"><table", b">\n    <table").replace(b"><text", b">\n      <text")
    return {**parts, "content.xml": content.replace(b"></table", b">\n  </table")}


@pytest.mark.parametrize("numbers", [True, False])
@pytest.mark.parametrize("kind", [".xlsx", ".ods", "indented.ods"])
def test_a_balance_may_be_a_workbook(tmp_path: Path, kind: str, numbers: bool) -> None:
    content = workbook(numbers)
    if kind != ".xlsx":
        parts = as_ods(content)
        content = packed(parts if kind == ".ods" else indented(parts))
    lecture = read(tmp_path, content, f"balance{kind}")
    assert (len(lecture.frame), lecture.lues, is_true(lecture)) == (9, 9, True)
    assert lecture.frame.index[0] == 4, "the row of the sheet"


def test_a_formula_in_error_is_no_amount(tmp_path: Path) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    for column, name in enumerate(("Compte", "Débit", "Crédit")):
        page.write_string(0, column, name)
    page.write_row(1, 0, [411000, 10, 0])
    page.write_row(2, 0, [706000, 0])
    page.write_formula(2, 2, "=1/0", None, "#DIV/0!")
    book.close()
    lecture = read(tmp_path, out.getvalue(), "balance.xlsx")
    assert [(c.regle, c.ligne) for c in lecture.constats] == [("comptes_montant", 3)]
    assert lecture.frame.empty


OLD_WORKBOOK = (
    "c-rk(Uu;uV82`>~*WH$~-3=x%VAT1C!3r6g=#1jZx}ikP2%-{0B3;+bO1CzpCYq=ek;D*5G(7l1LP++eQHY5?sBwGqL8C7`X"
    "fzpnFwXf<jmD6;)!+BsbGJ)vleQQVVc*Sn&bhyH&OP5b-=Fi{Z@+1oxp1ld3YE}<<e|l)pL{M%flcSdA~H0#SS%JDxVS?9D_"
    "YPs>(C4RHGo;?jasjMU9Zs1Ne3v6Cr2R~qzTkndYNjW+h8&7?^QErvC47P(#rbvug~$D<G2T0>i-<;+5ZFJRp20aHMj}fY+n"
    "J?0&WGb0j~wOiA@l#1Fr{f0JnoT>UB5knmL5_?fU%=)OW7Lnj21j6I%2&(5I`vVwH>TufQTMdZ)!MX2FLk!?qEPrQ)F*Mg1Z"
    "}OtB18Fw)&<DLMzVi9QtcGbwkA^?@Q3>eUu~$cTvSXQb?uvWa;9Co<=IL3U9G{UBEUwm5;JMir$Pr6@_mh=WOtXs0jPzmCfY"
    "_71g2dU(|J^mcfIG|4{pNMa(9jiqM9cP8mi@d<~fLX7it!T+cZH)_P`mcu7;cID2w+a6yi#kW<!!xixD6>$H*@UsT|Do;hOt"
    "-MF-mb_2u*1T8hHTg!V*XA3FN5p<lA^M)?U=0iEkELQ0@x)tjP=#k&nP8%WXB5rTvmB-i2V^l{fx|KTv6HsD`CeL8U`P4_?q"
    "Jdhg|Kf<sR+slb^K=8f#1XhU?Q-ae<Ak&4af56ivvL;njX*O61Y7E=7y6w2C{P_$y^bahe?B8`|^mJZQ$jDZ_~BGH;f&LtZO"
    "1s5W<dN6YRS!BDjUm?TBugpS`cW?>WKq%l{;F7oR7E)d}=Wd$-GsZYf`vvCa*3Qm{9qyc_e!Mwx!<+v;j}Eq(XrzHP4d1#H|"
    "8sYnjoz-nQ&KIl6+ePpK3sTDni9+O^`ZIe1}HtU@>k=BAfI@7RpJ8Z`Z)hw7QgBfKoPYJdlx3zsglYUcpQ%i4#oF~!exSy4b"
    "oNe2Ha{kRml${<P!F`7G8Idg-wP)FV9_i~}*R4@|wn4wrentw9+L|hu+Prwf&EzTc$XIWoOK^X|DwCZU6p(p5hqIA~jaK^DX"
    "NP#AhvejmHuLwEQy8W(*yfn&{*ZDqqCmx5NFn3!1neBjG7Z}=?XJC?vpkWEXVb^hqq)%FOYuZ1^uYZ)4#tKPsZ>G?v_CmI+I"
    "u~@o3j0}ZdxpoSYes((#)yzzh51C-g@sHle)Kl^c|o6E84TTzgOpX5q(0B>pbs}&h<ugzL(KC;@kq^&a~S-dY(h2?fhe}?F}"
    "CPQMuc-$S<~b`RmK)c5bxJz6<%oS3elwTeJi_tn*AKkXbHS_iG<x3c2=dXc?W{m-oCUlX*IkJ(f&QT)S7cr(O5#>;ciuNdM*"
    "kpPYY*50#t4I*Iu0_A^*LOGlA$u^dNhmcJF+GIT^O*6?5Ti_h_sDApZ^jSoSF7wTHy<N61yX3i$?z9l~$LOz(NTYmwpU+e#0"
    "hyGWStdyRl7qS0w<fW|peXxR2(Fr3t<f~~Qm8naw-%!K(Zvnr*wEh5Ah>HvfvB28o>8)e`ov!t7_5c5W0OX(?7y"
)
"""Three accounts under « Compte », « Débit », « Crédit », written by LibreOffice as an .xls, then packed."""


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    content = zlib.decompress(base64.b85decode(OLD_WORKBOOK))
    lecture = read(tmp_path, content, "balance.xls")
    assert lecture.frame.to_dict("list") == {
        "compte": ["411000", "512000", "706000"],
        "debit": [1234.5, 200.0, 0.0],
        "credit": [200.0, 0.0, 1234.5],
    }
    assert lecture.constats == ()


def test_an_old_workbook_that_nothing_measures_is_read_only_when_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coffre, "LARGEST_OLD", 1000)
    lecture = read(tmp_path, zlib.decompress(base64.b85decode(OLD_WORKBOOK)), "balance.xls")
    assert rules(lecture) == ["comptes_classeur"] and lecture.frame.empty
