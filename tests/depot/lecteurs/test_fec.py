"""A FEC gives the figures of its entries in every dialect, or gives none: they are summed by hand here."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.depot.formes.lecture import Lecture
from analysis.depot.lecteurs.comptes import juger, read_comptes, ventes
from analysis.indicateurs.soldes import Soldes, soldes
from analysis.noyau.plan_comptable import cloture

HEADER = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef "
    "PieceDate EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise"
).split()
DEBUT, FIN = date(2019, 1, 1), date(2019, 12, 31)
NUMBER, DAY, COMPTE, REF, PIECE_DAY, LABEL, DEBIT, CREDIT, VALID = 2, 3, 4, 8, 9, 10, 11, 12, 15

ENTRIES = (
    ("AN", "1", "20190101", ("512000", "8200,00", ""), ("106000", "", "8200,00")),
    ("VE", "2", "20190212", ("411000", "15340,60", ""), ("706000", "", "15340,60")),
    ("AC", "3", "20190403", ("601000", "2310,25", ""), ("401000", "", "2310,25")),
    (
        "OD",
        "4",
        "20190630",
        ("641000", "21750,00", ""),
        ("421000", "", "16800,00"),
        ("431000", "", "4950,00"),
    ),
    ("BQ", "5", "20190915", ("512000", "19875,40", ""), ("741000", "", "19875,40")),
)
"""Opening 8 200; sales 15 340,60; purchases 2 310,25; wages 21 750; contribution 19 875,40. Eleven lines."""

SALES, RESULT, CASH = 15_340.60, 11_155.75, 28_075.40
"""15 340,60 + 19 875,40 − 2 310,25 − 21 750 = 11 155,75; 8 200 + 19 875,40 = 28 075,40 at the bank."""

Rows = list[list[str]]


def rows() -> Rows:
    """The header and the eleven lines, cell by cell."""
    lines = [list(HEADER)]
    for journal, number, day, *of_entry in ENTRIES:
        for compte, debit, credit in of_entry:
            lines.append(
                [journal, f"Journal {journal}", number, day, compte, f"Compte {compte}", "", "", f"P{number}"]
                + [day, f"Pièce {number} de Dupont", debit or "0,00", credit or "0,00", "", "", day, "", ""]
            )
    return lines


def text(lines: Rows, separator: str = "\t", end: str = "\r\n") -> str:
    return end.join(separator.join(cells) for cells in lines) + end


def read(folder: Path, content: str | bytes) -> Lecture:
    path = folder / "comptes-2019.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return juger(read_comptes(path, nature="fec", debut=DEBUT, fin=FIN), ouverture=DEBUT)


def statement(lecture: Lecture) -> Soldes:
    counted = lecture.frame[~cloture(lecture.frame)]
    return soldes(counted.groupby("compte")[["debit", "credit"]].sum().round(2).reset_index(), DEBUT)


def is_true(lecture: Lecture) -> bool:
    """Whether the figures are those of the entries, to the cent."""
    found = statement(lecture)
    figures = (ventes(lecture.frame), float(found.resultat_net), float(found.tresorerie_nette or 0))
    return figures == (SALES, RESULT, CASH)


def rules(lecture: Lecture) -> list[str]:
    return [constat.regle for constat in lecture.constats]


def changed(place: int, change: Callable[[str], str], lines: Sequence[int] = range(1, 12)) -> Rows:
    """The rows with one column of some lines changed."""
    every = rows()
    for line in lines:
        every[line][place] = change(every[line][place])
    return every


def grouped(cell: str, blank: str) -> str:
    euros, _, cents = cell.partition(",")
    return f"{int(euros):,}".replace(",", blank) + f",{cents}"


def amounts(change: Callable[[str], str]) -> str:
    every = changed(DEBIT, change)
    for line in every[1:]:
        line[CREDIT] = change(line[CREDIT])
    return text(every)


def test_the_figures_are_those_summed_by_hand(tmp_path: Path) -> None:
    lecture = read(tmp_path, text(rows()))
    assert (lecture.lues, len(lecture.frame), lecture.constats) == (11, 11, ())
    assert is_true(lecture)
    assert statement(lecture).charges_personnel == 21_750


AMOUNTS: dict[str, Callable[[str], str]] = {
    "blank": lambda cell: grouped(cell, " "),
    "no-break": lambda cell: grouped(cell, "\u00a0"),
    "narrow no-break": lambda cell: grouped(cell, "\u202f"),
    "thin": lambda cell: grouped(cell, "\u2009"),
    "apostrophe": lambda cell: grouped(cell, "'"),
    "point for thousands": lambda cell: grouped(cell, "."),
    "english": lambda cell: grouped(cell, " ").replace(",", ".").replace(" ", ","),
    "euro": lambda cell: f"{cell} €",
    "fifteen digits": lambda cell: f" {cell.rjust(18, '0')}",
    "float as text": lambda cell: cell.replace(",", ".") + "000000000002",
    "plus": lambda cell: f"+{cell}",
    "blank for nothing": lambda cell: "" if cell == "0,00" else cell,
    "dash for nothing": lambda cell: "-" if cell == "0,00" else cell,
    "residue of a float for nothing": lambda cell: "5.684e-14" if cell == "0,00" else cell,
    "no cents": lambda cell: cell.removesuffix(",00"),
    "three decimals": lambda cell: f"{cell}0",
}


@pytest.mark.parametrize("name", AMOUNTS)
def test_amounts_are_read_as_programs_write_them(tmp_path: Path, name: str) -> None:
    lecture = read(tmp_path, amounts(AMOUNTS[name]))
    assert (len(lecture.frame), is_true(lecture)) == (11, True)
    assert set(rules(lecture)) <= {"comptes_lus"} and len(lecture.constats) <= 1


@pytest.mark.parametrize(
    "cell", ["15 34,60", "15,340", "1534O,60", "15340,60,1", "1,5e4", "--5", "15340,60 $"]
)
def test_an_amount_without_one_meaning_refuses_the_file(tmp_path: Path, cell: str) -> None:
    every = rows()
    for line in every[1:]:  # no other amount says which sign cuts the cents
        line[DEBIT], line[CREDIT] = (amount.partition(",")[0] for amount in (line[DEBIT], line[CREDIT]))
    every[3][DEBIT] = cell
    lecture = read(tmp_path, text(every))
    assert (len(lecture.frame), lecture.lues, lecture.refusees) == (0, 11, 11)
    assert [(c.regle, c.ligne, c.entete) for c in lecture.constats] == [("comptes_montant", 4, "Debit")]


@pytest.mark.parametrize("separator", ["\t", "|", ";", ","])
def test_every_cell_may_be_quoted(tmp_path: Path, separator: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(rows())
    assert is_true(read(tmp_path, out.getvalue()))


@pytest.mark.parametrize("head", ["", "sep=;\r\n", "\r\n", "Association Dupont;;\r\nFEC de 2019\r\n\r\n"])
def test_columns_may_be_cut_by_semicolons_under_other_lines(tmp_path: Path, head: str) -> None:
    lecture = read(tmp_path, head + text(rows(), ";"))
    assert is_true(lecture)
    assert rules(lecture) == ["comptes_lus"] and "« ; »" in lecture.constats[0].trouve
    assert "Dupont" not in str(lecture.constats)


def test_unquoted_commas_that_cut_cents_too_are_refused_in_each_line(tmp_path: Path) -> None:
    lecture = read(tmp_path, text(rows(), ","))
    assert len(lecture.frame) == 0
    assert [c.ligne for c in lecture.constats if c.regle == "comptes_ligne"] == list(range(2, 13))


@pytest.mark.parametrize(
    "change",
    [
        lambda every: [every[0], *([*cells, ""] for cells in every[1:])],
        lambda every: [[*every[0], ""], *every[1:]],
        lambda every: [cells[:16] for cells in every],
        lambda every: [every[0], *(cells[:16] for cells in every[1:])],
        lambda every: [*every[:-1], every[-1][:13]],
        lambda every: [*every[:5], [*every[5], "", ""], *every[6:]],
    ],
    ids=["more in lines", "more in the header", "both cut", "lines cut", "last cut", "one with more"],
)
def test_blank_cells_at_the_end_may_be_missing_or_too_many(
    tmp_path: Path, change: Callable[[Rows], Rows]
) -> None:
    lecture = read(tmp_path, text(change(rows())))
    assert (len(lecture.frame), is_true(lecture)) == (11, True)


def test_a_cell_beyond_the_header_that_is_not_blank_is_a_fault(tmp_path: Path) -> None:
    every = [[*cells, ""] for cells in rows()]
    every[0].pop()
    every[7][18] = "x"
    lecture = read(tmp_path, text(every))
    assert [c.ligne for c in lecture.constats if c.regle == "comptes_ligne"] == [8]
    assert len(lecture.frame) == 0


@pytest.mark.parametrize("label", ["Fac | ture", "0 | 0,00"])
def test_a_separator_in_a_label_shifts_no_amount(tmp_path: Path, label: str) -> None:
    every = rows()
    every[4][LABEL] = label
    lecture = read(tmp_path, text(every, "|").replace(" | ", "|"))
    assert (len(lecture.frame), rules(lecture)) == (0, ["comptes_ligne"])


DAYS: dict[str, Callable[[str], str]] = {
    "AAAA-MM-JJ": lambda day: f"{day[:4]}-{day[4:6]}-{day[6:]}",
    "JJ/MM/AAAA": lambda day: f"{day[6:]}/{day[4:6]}/{day[:4]}",
    "JJMMAAAA": lambda day: f"{day[6:]}{day[4:6]}{day[:4]}",
    "JJ/MM/AA": lambda day: f"{day[6:]}/{day[4:6]}/{day[2:4]}",
}


@pytest.mark.parametrize("name", DAYS)
def test_days_are_read_in_the_forms_that_say_one_day(tmp_path: Path, name: str) -> None:
    lecture = read(tmp_path, text(changed(DAY, DAYS[name])))
    assert is_true(lecture)
    assert rules(lecture) == ["comptes_lus"] and f"dates {name}" in lecture.constats[0].trouve
    assert lecture.frame["date_ecriture"].iloc[0] == "2019-01-01"


def test_a_time_may_follow_the_day(tmp_path: Path) -> None:
    assert is_true(read(tmp_path, text(changed(DAY, lambda day: f"{day[:4]}-{day[4:6]}-{day[6:]} 00:00:00"))))


def test_a_file_of_another_exercice_is_told_once(tmp_path: Path) -> None:
    every = changed(DAY, lambda day: f"2018{day[4:]}")
    (constat,) = read(tmp_path, text(every)).constats
    assert constat.regle == "comptes_date"
    assert "toutes les dates hors de l'exercice, du 1er janvier 2018 au 15 septembre 2018" in constat.trouve


def test_entries_dated_by_their_transfer_after_the_closing_take_the_day_of_their_piece(
    tmp_path: Path,
) -> None:
    lecture = read(tmp_path, text(changed(DAY, lambda _day: "20200611")))
    assert rules(lecture) == ["comptes_date_piece"]
    assert is_true(lecture)
    assert lecture.frame["date_ecriture"].tolist()[:3] == ["2019-01-01", "2019-01-01", "2019-02-12"]


def test_one_piece_out_of_the_exercice_and_the_late_entries_are_refused(tmp_path: Path) -> None:
    every = changed(DAY, lambda _day: "20200611")
    every[5][PIECE_DAY] = "20181220"
    lecture = read(tmp_path, text(every))
    assert (len(lecture.frame), set(rules(lecture))) == (0, {"comptes_date"})


def test_one_line_of_an_entry_after_the_closing_is_a_fault(tmp_path: Path) -> None:
    lecture = read(tmp_path, text(changed(DAY, lambda _day: "20200101", [5])))
    assert [(c.regle, c.ligne) for c in lecture.constats] == [("comptes_date", 6)]


def renumbered(number: Callable[[int, list[str]], str]) -> Rows:
    every = rows()
    for rank, cells in enumerate(every[1:], start=1):
        cells[NUMBER] = number(rank, cells)
    return every


@pytest.mark.parametrize(
    "every",
    [
        renumbered(lambda rank, _cells: str(rank)),
        renumbered(lambda rank, cells: str(900 + rank) if cells[0] == "AN" else cells[NUMBER]),
        renumbered(lambda _rank, cells: cells[NUMBER] if cells[DEBIT] != "0,00" else ""),
        changed(0, lambda _code: "OD", [3, 4]) and changed(0, lambda _code: "OD", [4]),
    ],
    ids=["one a line", "one a line in the opening", "on the first line", "over two journals"],
)
def test_numbers_that_do_not_group_are_asked_and_the_entries_kept(tmp_path: Path, every: Rows) -> None:
    lecture = read(tmp_path, text(every))
    assert (rules(lecture), is_true(lecture)) == (["comptes_numeros"], True)


def test_no_number_and_a_reference_on_one_side_alone(tmp_path: Path) -> None:
    every = changed(NUMBER, lambda _number: "")
    for cells in every[1:]:
        cells[REF] = cells[REF] if cells[DEBIT] != "0,00" else ""
    lecture = read(tmp_path, text(every))
    assert (rules(lecture), is_true(lecture)) == (["comptes_numeros"], True)


def test_a_cent_in_an_entry_is_asked_and_two_refuse_the_table(tmp_path: Path) -> None:
    one, two = (changed(DEBIT, lambda _cell, cents=cents: f"15340,6{cents}", [3]) for cents in (1, 2))
    lecture = read(tmp_path, text(one))
    assert (rules(lecture), len(lecture.frame)) == (["comptes_centime"], 11)
    assert float(statement(lecture).tresorerie_nette or 0) == CASH
    assert rules(read(tmp_path, text(two)))[0] == "comptes_desequilibre"


@pytest.mark.parametrize("cut", ["\n", "\r\n", "\r", "\n\n", "\x0b"])
@pytest.mark.parametrize("place", [1, 5, LABEL])
def test_a_line_break_in_a_label_is_mended(tmp_path: Path, cut: str, place: int) -> None:
    every = changed(place, lambda label: f"{label[:4]}{cut}{label[4:]}", [2, 3, 8])
    lecture = read(tmp_path, text(every))
    assert (lecture.lues, len(lecture.frame), is_true(lecture)) == (11, 11, True)


@pytest.mark.parametrize(
    "label", ['"Pièce\nde Dupont"', '"Pièce;\nde Dupont"', 'tube 12"\nnoir', '"tube 12"" noir"']
)
def test_a_quoted_label_may_hold_a_break_and_a_separator(tmp_path: Path, label: str) -> None:
    lecture = read(tmp_path, text(changed(LABEL, lambda _label: label, [4]), ";"))
    assert (len(lecture.frame), is_true(lecture)) == (11, True)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (text(rows()) + "\x1a", "marques de fin de fichier"),
        (text(rows()).replace("Banque", "Ban\0que").replace("Journal", "Jou\0rnal"), "caractères nuls"),
        (text([*rows()[:5], rows()[0], *rows()[5:]]), "en-têtes répétés, non lus : 1"),
        (
            text(rows()) + "\t\t\t\t\t\t\t\t\t\tTOTAL\t67476,25\t67476,25\t\t\t\t\t\r\n",
            "lignes de total, non lus : 1",
        ),
        (text(rows()) + "Total;67 476,25;67 476,25\r\n", "lignes de total, non lus : 1"),
        (text(rows()) + "\r\n\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\r\n", "lignes vides, non lus : 2"),
    ],
    ids=["ctrl-z", "nul", "header again", "total", "total of its own form", "blank"],
)
def test_first_and_last_lines(tmp_path: Path, content: str, told: str) -> None:
    lecture = read(tmp_path, content)
    assert (lecture.lues, len(lecture.frame), is_true(lecture)) == (11, 11, True)
    assert rules(lecture) == ["comptes_lus"] and told in lecture.constats[0].trouve


def test_a_total_that_is_not_that_of_the_lines_is_asked(tmp_path: Path) -> None:
    lecture = read(tmp_path, text(rows()) + "\t\t\t\t\t\t\t\t\t\tTOTAL\t99999,00\t99999,00\t\t\t\t\t\r\n")
    assert "comptes_total" in rules(lecture) and is_true(lecture)


def test_a_reversed_entry_nets_out(tmp_path: Path) -> None:
    """A sale of 500 booked twice, then reversed by negative amounts: 500 more are sold."""
    every = rows()
    for number, debit in (("90", "500,00"), ("91", "500,00"), ("92", "-500,00")):
        for compte, side in (("411000", DEBIT), ("706000", CREDIT)):
            cells = [*every[3]]
            cells[NUMBER], cells[COMPTE], cells[DEBIT], cells[CREDIT] = number, compte, "0,00", "0,00"
            cells[side] = debit
            every.append(cells)
    lecture = read(tmp_path, text(every))
    assert ventes(lecture.frame) == 15_840.60
    assert float(statement(lecture).resultat_net) == 11_655.75


CLOSING = (
    ("706000", "15340,60", ""),
    ("741000", "19875,40", ""),
    ("601000", "", "2310,25"),
    ("641000", "", "21750,00"),
    ("120000", "", "11155,75"),
)
SHEET = (("106000", "8200,00"), ("512000", "-28075,40"), ("411000", "-15340,60"), ("401000", "2310,25"))


def closed(one_entry: bool, *, with_sheet: bool = False) -> Rows:
    """The rows, then what empties classes 6 and 7 into the result, at once or account by account."""
    every = rows()

    def add(number: str, compte: str, debit: str, credit: str) -> None:
        cells = ["CL", "Clôture", number, "20191231", compte, "", "", "", "CL", "20191231", "Clôture"]
        every.append([*cells, debit or "0,00", credit or "0,00", "", "", "20191231", "", ""])

    for rank, (compte, debit, credit) in enumerate(CLOSING[: None if one_entry else -1]):
        add("1" if one_entry else str(rank), compte, debit, credit)
        if not one_entry:
            add(str(rank), "120000" if debit else "129000", credit, debit)
    if with_sheet:
        balances = [*SHEET, ("421000", "16800,00"), ("431000", "4950,00"), ("120000", "11155,75")]
        for rank, (compte, amount) in enumerate(balances):
            add(f"B{rank}", compte, amount, "")
            add(f"B{rank}", "891000", "", amount)
    return every


@pytest.mark.parametrize("every", [closed(True), closed(False), closed(True, with_sheet=True)])
def test_figures_are_those_of_before_the_closing(tmp_path: Path, every: Rows) -> None:
    lecture = read(tmp_path, text(every))
    assert rules(lecture) == ["comptes_cloture"]
    assert is_true(lecture) and len(lecture.frame) == lecture.lues == len(every) - 1


@pytest.mark.verification
@pytest.mark.parametrize("journal", ["CL", "OD"])
def test_a_closing_that_forgets_the_rebates_leaves_the_sales_their_sign(tmp_path: Path, journal: str) -> None:
    """15 340,60 invoiced less 40 of rebates, whatever the journal: 15 300,60, and a result less 40."""
    every = closed(True)
    for cells in every[12:]:
        cells[0] = journal
    for compte, debit, credit in (("709000", "40,00", "0,00"), ("411000", "0,00", "40,00")):
        head = ["VE", "Ventes", "9", "20191130", compte, "", "", "", "R", "20191130", "Remise"]
        every.append([*head, debit, credit, "", "", "20191231", "", ""])
    lecture = read(tmp_path, text(every))
    assert rules(lecture) == ["comptes_cloture"]
    assert lecture.constats[0].trouve.endswith("clôture, qui oublient le compte 709")
    assert ventes(lecture.frame) == 15_300.60
    assert float(statement(lecture).resultat_net) == 11_115.75


def test_accounts_that_are_closed_otherwise_are_refused_when_they_come(tmp_path: Path) -> None:
    """Emptied into account 101, in March: nothing tells these entries from others."""
    every = closed(True)
    for cells in every[12:]:
        cells[DAY] = "20190915"
        cells[COMPTE] = cells[COMPTE].replace("120000", "101000")
    lecture = read(tmp_path, text(every))
    assert rules(lecture) == ["comptes_illisibles"] and "déjà clos" in lecture.constats[0].trouve


def test_an_opening_that_leaves_account_890_is_refused_when_it_comes(tmp_path: Path) -> None:
    lecture = read(tmp_path, text(changed(COMPTE, lambda _compte: "890000", [2])))
    assert rules(lecture) == ["comptes_illisibles"] and "compte 89" in lecture.constats[0].trouve


@pytest.mark.parametrize(
    ("compte", "line"), [("730000", "autres produits"), ("771500", "produits exceptionnels")]
)
def test_money_that_may_be_public_is_asked_when_it_comes(tmp_path: Path, compte: str, line: str) -> None:
    """The contribution on account 73 of an exercice opened in 2019, on 7715: kept, and asked."""
    lecture = read(tmp_path, text(changed(COMPTE, lambda held: compte if held == "741000" else held)))
    assert rules(lecture) == ["comptes_public"] and is_true(lecture)
    assert line in lecture.constats[0].trouve
    assert statement(lecture).subventions_exploitation == 0


# --- whole or absent: a property


def mutations() -> st.SearchStrategy[Callable[[str], str]]:
    """What files go through: lines lost, doubled, cut, swapped; characters lost, doubled, replaced; blanks."""
    place = st.floats(0, 1, exclude_max=True)
    letters = st.sampled_from(list('\t\n\r;|" ,.-0123456789ABé\u00a0\u202f\x00\x1a€') + ["", "TOTAL", "\r\n"])

    def at(content: str, where: float) -> int:
        return int(where * len(content))

    def put(where: float, letter: str) -> Callable[[str], str]:
        return lambda text: text[: at(text, where)] + letter + text[at(text, where) :]

    def replaced(where: float, letter: str) -> Callable[[str], str]:
        return lambda text: text[: at(text, where)] + letter + text[at(text, where) + 1 :]

    def of_lines(change: Callable[[list[str], int], list[str]], where: float) -> Callable[[str], str]:
        def changed_text(text: str) -> str:
            lines = text.split("\r\n")
            return "\r\n".join(change(lines, int(where * len(lines))))

        return changed_text

    line_changes: list[Callable[[list[str], int], list[str]]] = [
        lambda lines, n: lines[:n] + lines[n + 1 :],
        lambda lines, n: [*lines[: n + 1], lines[n], *lines[n + 1 :]],
        lambda lines, n: lines[: n + 1],
        lambda lines, n: [*lines[:n], lines[n][: len(lines[n]) // 2], *lines[n + 1 :]],
        lambda lines, n: [*lines[:n], "", *lines[n:]],
        lambda lines, n: [*lines[:n], lines[0], *lines[n:]],
        lambda lines, n: [*lines[:n], lines[n].replace("\t", "\t\t", 1), *lines[n + 1 :]],
        lambda lines, n: [*lines[:n], *reversed(lines[n:])] if n else lines,
    ]
    return st.one_of(
        st.builds(put, place, letters),
        st.builds(replaced, place, letters),
        st.builds(of_lines, st.sampled_from(line_changes), place),
    )


def balances(lecture: Lecture) -> bool:
    """Whether every entry has the same debits and credits, to the cent that is asked about."""
    counts = lecture.frame.groupby("numero")[["debit", "credit"]].sum()
    asked = 0.015 if "comptes_centime" in rules(lecture) else 0.005
    return bool(((counts["debit"] - counts["credit"]).abs() < asked).all())


AMOUNTS_READ = {cells[side] for cells in rows()[1:] for side in (DEBIT, CREDIT)}


@settings(
    max_examples=400,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(changes=st.lists(mutations(), min_size=1, max_size=3))
def test_figures_equal_the_truth_or_are_absent(tmp_path: Path, changes: list[Callable[[str], str]]) -> None:
    """No mutation makes a total of a part: a file gives all its lines or none, in entries that balance, and no
    amount that was not in it.

    A digit changed in an account, a whole entry that is lost or comes twice say something else, that no
    reader can know from this file: where nothing of the kind is done, the figures are the true ones.
    """
    content = text(rows())
    for change in changes:
        content = change(content)
    lecture = read(tmp_path, content)
    assert lecture.refusees in (0, lecture.lues) and len(lecture.frame) == lecture.lues - lecture.refusees
    if lecture.frame.empty or {"comptes_desequilibre", "comptes_illisibles"} & set(rules(lecture)):
        return  # absent
    assert balances(lecture)
    if "comptes_centime" not in rules(lecture):
        found = set(lecture.frame[["debit", "credit"]].to_numpy().ravel().tolist())
        assert found <= {float(amount.replace(",", ".")) for amount in AMOUNTS_READ}
    comptes = {cells[COMPTE] for cells in rows()[1:]}
    if lecture.lues == 11 and set(lecture.frame["compte"]) == comptes:
        assert is_true(lecture)
