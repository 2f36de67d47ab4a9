"""Accounts are read whole or refused whole, and no name comes out of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.depot.formes import recueil
from analysis.depot.formes.constats import load_regles
from analysis.depot.formes.lecture import Lecture
from analysis.depot.lecteurs import balance, comptes
from analysis.depot.lecteurs import fec as fec_module
from analysis.depot.lecteurs.comptes import read_comptes, ventes
from analysis.noyau.paths import Project

HEADER = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef "
    "PieceDate EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise"
).split()
DEBUT, FIN = date(2022, 1, 1), date(2022, 12, 31)

VENTE = (
    ("VE", "Ventes", "17", "20220305", "411DUPONT", "Dupont Hélène", "F12", "100,50", "0,00"),
    ("VE", "Ventes", "17", "20220305", "706000", "Prestations", "F12", "", "100,50"),
)
"""One sale of 100,50 €: the line of the customer, the line of the sale."""


def full(cells: tuple[str, ...], third: str = "") -> list[str]:
    """The eighteen cells of a line, from those that a case says."""
    journal, label, number, day, compte, name, piece, debit, credit = cells
    return [
        *(journal, label, number, day, compte, name, third, third, piece, day, f"Facture {name}"),
        *(debit, credit, "", "", day, "", ""),
    ]


def fec(*lines: tuple[str, ...], separator: str = "\t", end: str = "\r\n") -> str:
    return end.join(separator.join(cells) for cells in [HEADER, *map(full, lines)]) + end


def read(folder: Path, content: str | bytes, nature: str = "fec") -> Lecture:
    path = folder / "comptes.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_comptes(path, nature=nature, debut=DEBUT, fin=FIN)


def rules(lecture: Lecture) -> list[str]:
    return [constat.regle for constat in lecture.constats]


def line(**cells: str) -> tuple[str, ...]:
    """A valid line on the debit side, save for the cells given."""
    base = {
        "journal": "VE",
        "label": "Ventes",
        "number": "1",
        "day": "20220305",
        "compte": "411000",
        "name": "",
        "piece": "",
        "debit": "10,00",
        "credit": "",
    }
    return tuple({**base, **cells}.values())


@pytest.mark.parametrize("separator", ["\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-15"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_sale_is_read_in_each_legal_form(tmp_path: Path, separator: str, encoding: str, end: str) -> None:
    lecture = read(tmp_path, fec(*VENTE, separator=separator, end=end).encode(encoding))
    assert (lecture.table, lecture.fichier, lecture.feuille) == ("ecritures", "comptes.txt", "")
    assert lecture.frame.to_dict("index") == {
        2: {
            "journal": "VE",
            "numero": "1",
            "date_ecriture": "2022-03-05",
            "compte": "411",
            "debit": 100.5,
            "credit": 0.0,
        },
        3: {
            "journal": "VE",
            "numero": "1",
            "date_ecriture": "2022-03-05",
            "compte": "706000",
            "debit": 0.0,
            "credit": 100.5,
        },
    }
    assert (lecture.lues, lecture.refusees) == (2, 0)
    assert rules(lecture) == ["comptes_compte_lettres"]


def test_no_name_leaves_the_reading(tmp_path: Path) -> None:
    lines = [
        *map(full, VENTE),
        full(line(journal="Caisse de DUPONT", number="paie DUPONT", debit="DUPONT"), third="DUPONT"),
        full(line(day="DUPONT", compte="DUPONT", name="DUPONT", piece="DUPONT")),
        [*full(VENTE[0]), "DUPONT"],
        full(line(journal="Caisse de DUPONT", number="", piece="DUPONT", compte="421DUPONT")),
    ]
    text = "\n".join("\t".join(cells) for cells in [HEADER, *lines])
    lecture = read(tmp_path, text)
    told = lecture.frame.to_csv() + "".join(map(str, lecture.constats)) + repr(lecture)
    assert (lecture.lues, lecture.refusees) == (6, 6)
    assert "dupont" not in told.lower() and "hélène" not in told.lower()
    kept = read(tmp_path, "\n".join("\t".join(cells) for cells in [HEADER, *lines[:2], lines[-1]]))
    assert kept.frame["journal"].tolist() == ["VE", "VE", "J1"]
    assert "dupont" not in (kept.frame.to_csv() + repr(kept)).lower()


def test_sums_of_a_small_exercice_are_those_made_by_hand(tmp_path: Path) -> None:
    """Opening 1 000; sale 100,50; purchase 40,25; sale of 60 reversed; aid 500: sales are 100,50 - 0."""
    lines = [
        line(journal="AN", number="1", day="20220101", compte="512000", debit="1000", credit=""),
        line(journal="AN", number="1", day="20220101", compte="101000", debit="", credit="1000"),
        *VENTE,
        line(journal="AC", number="1", compte="606100", debit="40.25", credit="0"),
        line(journal="AC", number="1", compte="401000", debit="0", credit="40.25"),
        line(journal="VE", number="18", compte="411000", debit="60,00"),
        line(journal="VE", number="18", compte="701000", debit="", credit="60,00"),
        line(journal="VE", number="19", day="20221231", compte="411000", debit="-60,00"),
        line(journal="VE", number="19", day="20221231", compte="701000", debit="", credit="-60,00"),
        line(journal="BQ", number="1", compte="512000", debit="500"),
        line(journal="BQ", number="1", compte="740000", debit="", credit="500"),
    ]
    lecture = read(tmp_path, fec(*lines))
    frame = lecture.frame
    solde = (frame["debit"] - frame["credit"]).groupby(frame["compte"].str[:2]).sum()
    assert solde.to_dict() == {
        "10": -1000.0,
        "40": -40.25,
        "41": 100.5,
        "51": 1500.0,
        "60": 40.25,
        "70": -100.5,
        "74": -500.0,
    }
    assert frame["debit"].sum() == frame["credit"].sum() == 1640.75
    assert ventes(frame) == 100.5
    assert frame["numero"].tolist() == ["1", "1", "2", "2", "3", "3", "4", "4", "5", "5", "6", "6"]


@pytest.mark.parametrize(
    ("sens", "debit", "credit"),
    [("D", 50.0, 0.0), ("d", 50.0, 0.0), ("+1", 50.0, 0.0), ("1", 50.0, 0.0), ("+", 50.0, 0.0)]
    + [("C", 0.0, 50.0), ("c", 0.0, 50.0), ("-1", 0.0, 50.0), ("-", 0.0, 50.0)],
)
def test_an_amount_with_its_side(tmp_path: Path, sens: str, debit: float, credit: float) -> None:
    header = "journalcode|ecriturenum|ECRITUREDATE|CompteNum|Montant|Sens"
    lecture = read(tmp_path, f"{header}\nVE|1|20220305|411000|50,00|{sens}\n")
    assert lecture.frame[["debit", "credit"]].to_numpy().tolist() == [[debit, credit]]


def test_an_unknown_side_refuses_the_line(tmp_path: Path) -> None:
    text = "JournalCode|EcritureNum|EcritureDate|CompteNum|Montant|Sens\nVE|1|20220305|411000|50|X\n"
    lecture = read(tmp_path, text)
    assert [(c.regle, c.ligne, c.entete) for c in lecture.constats] == [("comptes_montant", 2, "Sens")]
    assert "« D » ou « C »" in str(lecture.constats[0]) and lecture.refusees == 1


@pytest.mark.parametrize(
    ("cells", "rule", "header", "found"),
    [
        ({"debit": "", "credit": ""}, "comptes_montant", "Debit", "deux cellules vides"),
        ({"debit": "10", "credit": "10"}, "comptes_montant", "Debit", "un montant de chaque côté"),
        ({"debit": "1 00,00"}, "comptes_montant", "Debit", "7 caractères, dont 5 chiffres"),
        ({"debit": "", "credit": "1,00.000"}, "comptes_montant", "Credit", "« 1,00.000 »"),
        ({"debit": "0612345678,,"}, "comptes_montant", "Debit", "12 caractères, dont 10 chiffres"),
        ({"day": "20220230"}, "comptes_date", "EcritureDate", "« 20220230 »"),
        ({"day": "20230101"}, "comptes_date", "EcritureDate", "« 20230101 »"),
        ({"day": "03/15/2022"}, "comptes_date", "EcritureDate", "10 caractères, dont 8 chiffres"),
        ({"day": ""}, "comptes_date", "EcritureDate", "une cellule vide"),
        ({"compte": "41"}, "comptes_compte", "CompteNum", "« 41 »"),
        ({"compte": "CLIENT"}, "comptes_compte", "CompteNum", "6 caractères, sans chiffre"),
    ],
)
def test_a_line_at_fault_refuses_its_file(
    tmp_path: Path, cells: dict[str, str], rule: str, header: str, found: str
) -> None:
    lecture = read(tmp_path, fec(*VENTE, line(**cells)))
    (constat,) = (c for c in lecture.constats if c.regle != "comptes_compte_lettres")
    assert (constat.regle, constat.ligne, constat.entete) == (rule, 4, header)
    assert constat.trouve == found
    assert (lecture.lues, len(lecture.frame), lecture.refusees) == (3, 0, 3)


def test_both_sides_at_zero_are_a_line(tmp_path: Path) -> None:
    lecture = read(tmp_path, fec(line(debit="0,00", credit="0,00")))
    assert (len(lecture.frame), rules(lecture)) == (1, [])


def test_too_many_cells_refuse_the_file_and_leave_its_entries_unjudged(tmp_path: Path) -> None:
    text = fec(*VENTE) + "\t".join([*full(line(number="17")), "x"])
    lecture = read(tmp_path, text)
    assert rules(lecture) == ["comptes_compte_lettres", "comptes_ligne"]
    assert lecture.constats[1].ligne == 4 and "trouvé 19 cellules" in str(lecture.constats[1])
    assert (lecture.lues, lecture.refusees) == (3, 3)


def test_an_unbalanced_entry_is_told_once_and_kept(tmp_path: Path) -> None:
    lines = [*VENTE, line(number="18", debit="10"), line(number="18", debit="", credit="22,34")]
    lecture = read(tmp_path, fec(*lines))
    (entry,) = (c for c in lecture.constats if c.regle == "comptes_desequilibre")
    assert (entry.ligne, entry.trouve) == (4, "un écart de 12,34 €")
    assert len(lecture.frame) == 4


def test_entries_that_err_in_opposite_ways_are_both_told(tmp_path: Path) -> None:
    lines = [line(number="1", debit="10"), line(number="2", day="20220306", debit="", credit="10")]
    lecture = read(tmp_path, fec(*lines))
    assert [(c.ligne, c.trouve) for c in lecture.constats] == [
        (2, "un écart de 10,00 €"),
        (3, "un écart de 10,00 €"),
    ]


def test_an_entry_with_a_refused_line_is_not_judged(tmp_path: Path) -> None:
    lecture = read(tmp_path, fec(line(debit="10"), line(debit="", credit="dix")))
    assert rules(lecture) == ["comptes_montant"]


def test_entries_without_a_number_are_told_apart_by_reference_then_by_day(tmp_path: Path) -> None:
    lines = [
        line(number="", piece="A"),
        line(number="", piece="B"),
        line(number="", piece="A"),
        line(number="", piece=""),
        line(number="", piece="", day="20220306"),
    ]
    assert read(tmp_path, fec(*lines)).frame["numero"].tolist() == ["1", "2", "1", "3", "4"]


def test_the_same_number_in_two_journals_is_two_entries(tmp_path: Path) -> None:
    lines = [line(journal="VE", number="1"), line(journal="ac", number="1"), line(journal="A-N", number="1")]
    frame = read(tmp_path, fec(*lines)).frame
    assert frame["numero"].tolist() == ["1", "2", "3"]
    assert frame["journal"].tolist() == ["VE", "AC", "J1"]


def test_missing_columns_are_listed_and_unknown_ones_only_counted(tmp_path: Path) -> None:
    lecture = read(tmp_path, "JournalCode\tEcritureNum\tDUPONT\tDebit\nVE\t1\tx\t5\nVE\t1\tx\t5\n")
    (constat,) = lecture.constats
    assert constat.regle == "comptes_colonnes" and constat.ligne == 1
    assert "sans « EcritureDate », « CompteNum », « Credit »" in constat.trouve
    assert "1 colonne d'un autre nom" in constat.trouve and "DUPONT" not in str(constat)
    assert (lecture.lues, lecture.refusees, len(lecture.frame)) == (2, 2, 0)
    assert list(lecture.frame.columns) == ["journal", "numero", "date_ecriture", "compte", "debit", "credit"]


def test_a_doubled_column_refuses_the_file(tmp_path: Path) -> None:
    text = fec(*VENTE).replace("Idevise", "Debit")
    (constat,) = read(tmp_path, text).constats
    assert constat.regle == "comptes_colonnes" and "deux fois « Debit »" in constat.trouve


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", "\t".join(HEADER).encode()])
@pytest.mark.parametrize("nature", ["fec", "balance"])
def test_a_file_without_a_line(tmp_path: Path, content: bytes, nature: str) -> None:
    lecture = read(tmp_path, content, nature)
    assert rules(lecture) == ["comptes_vide"] and lecture.lues == 0


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (fec(*VENTE).encode("utf-16-le"), "un contenu qui n'est pas du texte"),
        (b'<?xml version="1.0"?><comptabilite/>', "Cette forme est légale"),
        (fec(*VENTE).encode("cp500", errors="replace"), "EBCDIC"),
        (bytes(range(1, 32)) * 9, "un contenu qui n'est pas du texte"),
    ],
)
def test_a_file_that_is_not_flat_text(tmp_path: Path, content: bytes, told: str) -> None:
    lecture = read(tmp_path, content)
    (constat,) = lecture.constats
    assert constat.regle == "comptes_encodage" and told in str(constat)
    assert (lecture.lues, len(lecture.frame)) == (0, 0)


def test_a_text_in_utf_16_that_says_so_is_read(tmp_path: Path) -> None:
    lecture = read(tmp_path, fec(*VENTE).encode("utf-16"))
    assert len(lecture.frame) == 2 and "UTF-16" in str(lecture.constats)


@pytest.mark.parametrize("head", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_workbook_that_does_not_open_is_told(tmp_path: Path, head: bytes) -> None:
    lecture = read(tmp_path, head + b"x" * 50)
    (constat,) = lecture.constats
    assert constat.regle == "comptes_classeur" and "Ouvrez-le dans Excel ou LibreOffice" in constat.remede
    assert (lecture.lues, len(lecture.frame)) == (0, 0)


def test_a_file_beyond_measure_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comptes, "LARGEST_FILE", 10)
    assert rules(read(tmp_path, fec(*VENTE))) == ["fichier_demesure"]


def test_only_line_ends_end_lines(tmp_path: Path) -> None:
    vente = tuple(tuple(cell.replace("Dupont ", "Dupont\u2028\x0c\x85") for cell in cells) for cells in VENTE)
    assert read(tmp_path, fec(*vente)).frame.index.tolist() == [2, 3]


def test_a_repeated_fault_is_told_a_thousand_times_then_counted(tmp_path: Path) -> None:
    lecture = read(tmp_path, fec(*[line(day="2022010")] * 1003))
    assert len(lecture.constats) == 1001 and lecture.refusees == 1003
    assert lecture.constats[-1].ligne is None and "encore 3 fois" in lecture.constats[-1].trouve


def test_fifty_thousand_lines(tmp_path: Path) -> None:
    lines = [
        cells
        for rank in range(25_000)
        for cells in (line(number=str(rank)), line(number=str(rank), compte="706", debit="", credit="10"))
    ]
    lecture = read(tmp_path, fec(*lines))
    assert (len(lecture.frame), lecture.refusees, rules(lecture)) == (50_000, 0, [])
    assert ventes(lecture.frame) == 250_000.0


@pytest.mark.parametrize(
    "text",
    [
        "Compte;Libellé;Débit;Crédit\n411DUPONT;Dupont;100,50;\n706000;Ventes;0;100,50\n",
        "CompteNum\tTotal débit\tTotal crédit\n411\t100.5\t\n706000\t\t100.5\n",
        'N° compte,Intitulé,Débits,Crédits\n411,"Dupont, Jean","100,50",\n706000,,,"100,50"\n',
        "NUMERO DE COMPTE|Mouvement débit|Mouvement crédit|Solde débiteur|Solde créditeur\n"
        "411|100,50|0|100,50|\n706000|0|100,50||100,50\n",
        "Compte;Solde débiteur;Solde créditeur\n411;100,50;\n706000;;100,50\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "iso-8859-15"])
def test_a_balance_is_read_in_each_form(tmp_path: Path, text: str, encoding: str) -> None:
    lecture = read(tmp_path, text.encode(encoding), "balance")
    assert lecture.table == "balances"
    assert lecture.frame.to_dict("index") == {
        2: {"compte": "411", "debit": 100.5, "credit": 0.0},
        3: {"compte": "706000", "debit": 0.0, "credit": 100.5},
    }
    assert set(rules(lecture)) <= {"comptes_compte_lettres"}
    assert "dupont" not in (lecture.frame.to_csv() + repr(lecture.constats)).lower()
    assert ventes(lecture.frame) == 100.5


def test_sales_without_an_account_70(tmp_path: Path) -> None:
    empty = pd.DataFrame({"compte": pd.Series(dtype="str"), "debit": [], "credit": []})
    assert ventes(empty) == 0.0
    assert ventes(read(tmp_path, "").frame) == 0.0


def test_every_rule_that_is_used_is_declared() -> None:
    declared = load_regles(Project.here())
    modules = (comptes, balance, fec_module, recueil)
    source = "".join(Path(str(module.__file__)).read_text(encoding="utf-8") for module in modules)
    used = {word for word in source.replace("(", '"').split('"') if word.startswith("comptes_")}
    assert used and used <= set(declared)
    assert all(declared[rule].portee == "table" for rule in used), "what is summed is whole or absent"


SAMPLES = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from([b"VE\t1\t20220305\t411\t5,00\t\n", b"|", b"\t", b";", b'"', b"\r", b"\xe9"]))
    .map(b"".join)
    .map(lambda body: b"JournalCode\tEcritureNum\tEcritureDate\tCompteNum\tDebit\tCredit\n" + body),
    st.lists(st.sampled_from([b"411;5;\n", b";;", b'"', b"\n", b"706;;5", b"\xff", b"\t"]))
    .map(b"".join)
    .map(lambda body: b"Compte;Debit;Credit\n" + body),
)


@settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(content=SAMPLES, nature=st.sampled_from(["fec", "balance"]))
def test_no_content_raises_and_every_line_is_counted(tmp_path: Path, content: bytes, nature: str) -> None:
    lecture = read(tmp_path, content, nature)
    assert lecture.lues == len(lecture.frame) + lecture.refusees
    assert lecture.refusees == 0 or lecture.constats
