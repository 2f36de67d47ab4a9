"""The ledger: what is in force, what changed, what is erased, and nothing half-written."""

from __future__ import annotations

import hashlib
import hmac
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from deposits import FEC, SURVEY, read, tables, write

from analysis.depot.formes.cle import CLE_DEMONSTRATION
from analysis.depot.formes.constats import DepotError
from analysis.depot.garde import ledger as ledger_module
from analysis.depot.garde.ecarts import difference
from analysis.depot.garde.ledger import CODING_COLUMNS, Compte, Ledger, Recu
from analysis.depot.referentiel import Referentiel
from analysis.noyau.paths import Project

TODAY = date(2026, 11, 23)


@pytest.fixture
def ledger(small: Project) -> Ledger:
    return Ledger(small)


def receive(ledger: Ledger, referentiel: Referentiel, folder: Path) -> Recu:
    return ledger.add(read(folder, referentiel), referentiel, CLE_DEMONSTRATION, today=TODAY)


@pytest.fixture
def recu(ledger: Ledger, referentiel: Referentiel, tmp_path: Path) -> Recu:
    return receive(ledger, referentiel, write(tmp_path / "envoi", referentiel))


def everything(project: Project) -> str:
    """All that is kept of the deposits of a project, as text."""
    return "".join(
        path.read_text(encoding="utf-8") for path in (project.depots / "recus").rglob("*") if path.is_file()
    )


def test_a_deposit_is_found_again_as_it_was_kept(
    ledger: Ledger, recu: Recu, referentiel: Referentiel
) -> None:
    assert ledger.deposits("val") == [recu] and ledger.in_force("val") == recu
    assert ledger.deposits("vide") == [] and ledger.in_force("vide") is None
    assert (recu.numero, recu.recu_le, recu.arrete, recu.deposant) == (
        1,
        TODAY,
        date(2018, 12, 31),
        "direction_ebe",
    )
    assert recu.a_effacer_le == date(2031, 11, 23) and recu.textes_a_effacer_le == date(2028, 11, 23)
    assert recu.tables["personnes"] == Compte(lues=3, gardees=3, refusees=0)
    people = ledger.tables(recu)["personnes"]
    assert list(people["mois_sans_emploi"]) == [41, 41, 41] and people["enfants"].isna().all()
    accounts = ledger.tables(recu)["ecritures/essai-58/2018-12-31"]
    assert list(accounts["compte"]) == ["411000", "706000", "411000", "707000"]
    assert accounts["debit"].sum() == accounts["credit"].sum() == 1234.5


def test_nothing_kept_holds_a_name_or_an_identifier(small: Project, recu: Recu) -> None:
    kept = everything(small)
    assert recu.fichiers[0].sha256 in kept and recu.marque == CLE_DEMONSTRATION.marque
    for word in ("Martin", "Facture", "P-1", "P-2", "P-3"):
        assert word not in kept


def test_the_same_files_are_recognised_and_others_are_not(
    ledger: Ledger, recu: Recu, referentiel: Referentiel, tmp_path: Path
) -> None:
    assert ledger.received(read(tmp_path / "envoi", referentiel)) == recu
    rows = tables()
    rows["depenses"][0]["montant"] = 1
    assert ledger.received(read(write(tmp_path / "autre", referentiel, rows), referentiel)) is None


def test_the_difference_is_told_in_words(
    ledger: Ledger, recu: Recu, referentiel: Referentiel, tmp_path: Path
) -> None:
    rows = tables()
    rows["personnes"][0]["diplome"] = "Baccalauréat"
    rows["personnes"][1]["diplome"] = "Baccalauréat"
    rows["personnes"][1]["enfants"] = 2
    del rows["personnes"][2]
    rows["etp"].pop()
    second = receive(ledger, referentiel, write(tmp_path / "second", referentiel, rows))
    assert (second.numero, ledger.in_force("val")) == (2, second)
    assert difference(ledger.tables(recu), ledger.tables(second), referentiel, "val") == [
        "Personnes : 1 ligne retirée, 2 lignes modifiées (« Diplôme » 2 fois, « Enfants à charge » 1 fois).",
        "ETP : 1 ligne retirée.",
    ]
    assert difference(ledger.tables(recu), ledger.tables(recu), referentiel, "val") == []


def test_a_person_is_erased_everywhere_and_counted(
    small: Project, ledger: Ledger, recu: Recu, referentiel: Referentiel, tmp_path: Path
) -> None:
    rows = tables()
    rows["depenses"][0]["montant"] = 1
    second = receive(ledger, referentiel, write(tmp_path / "second", referentiel, rows))
    gone = CLE_DEMONSTRATION.empreinte("val")("P-2")
    assert ledger.holds(recu, gone) and ledger.holds(second, gone)
    assert ledger.erase_person("val", gone) == 2 * 5  # person, contract, answer, remark, comment
    assert ledger.erased_people("val") == {gone}
    for deposit in ledger.deposits("val"):
        assert not ledger.holds(deposit, gone)
        assert deposit.tables["personnes"] == Compte(lues=3, gardees=2, refusees=0, effacees=1)
        assert deposit.tables["contrats"] == Compte(lues=2, gardees=1, refusees=0, effacees=1)
    assert everything(small).count(gone) == 1


def test_erasing_a_deposit_leaves_its_record(small: Project, ledger: Ledger, recu: Recu) -> None:
    ledger.erase(recu, today=TODAY)
    (left,) = ledger.deposits("val")
    assert left.efface_le == TODAY and left.fichiers == recu.fichiers and ledger.in_force("val") is None
    assert [path.name for path in (small.depots / "recus").rglob("*") if path.is_file()] == ["depot.json"]


def test_erasing_texts_leaves_the_tables(ledger: Ledger, recu: Recu) -> None:
    assert len(ledger.texts(recu)) == 2
    left = ledger.erase_texts(recu)
    assert left.textes_effaces and ledger.texts(left).empty
    assert len(ledger.tables(left)["personnes"]) == 3


def test_tables_that_stay_are_not_written_again_beside_a_coding(
    small: Project, ledger: Ledger, recu: Recu
) -> None:
    folder = small.depots / "recus" / "val" / f"{recu.numero:04}" / "tables"
    before = {path.name: (path.read_bytes(), path.stat().st_ino) for path in folder.iterdir()}
    coding = pd.DataFrame([dict.fromkeys(CODING_COLUMNS, "a")])
    left = ledger.erase_texts(ledger.add_coding(recu, coding))
    assert len(before) == len(left.tables)
    assert before == {path.name: (path.read_bytes(), path.stat().st_ino) for path in folder.iterdir()}
    assert ledger.coding(left).empty


def test_a_number_is_not_used_again(
    ledger: Ledger, recu: Recu, referentiel: Referentiel, tmp_path: Path
) -> None:
    ledger.erase(recu, today=TODAY)
    assert receive(ledger, referentiel, tmp_path / "envoi").numero == 2


def test_an_interrupted_reception_leaves_nothing(
    small: Project, ledger: Ledger, referentiel: Referentiel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    deposit = read(write(tmp_path / "envoi", referentiel), referentiel)
    monkeypatch.setattr(ledger_module._ADAPTER, "dump_json", stop, raising=False)
    with pytest.raises(KeyboardInterrupt):
        ledger.add(deposit, referentiel, CLE_DEMONSTRATION, today=TODAY)
    assert [path for path in (small.depots / "recus").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("is_finished", [False, True])
def test_an_interrupted_replacement_is_undone_or_finished(
    small: Project, ledger: Ledger, recu: Recu, is_finished: bool
) -> None:
    folder = small.depots / "recus" / "val" / "0001"
    if is_finished:
        shutil.copytree(folder, folder.with_suffix(".ancien"))
    else:
        folder.rename(folder.with_suffix(".ancien"))
    assert ledger.deposits("val") == [recu]
    assert folder.is_dir() and not folder.with_suffix(".ancien").exists()


@pytest.mark.parametrize("failing", [1, 2])
def test_an_erasure_stopped_at_either_rename_is_undone_then_done_again(
    ledger: Ledger, recu: Recu, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """The old state is renamed, then the new one: stopped before one or the other, the person is still there."""
    renames = []
    rename = Path.rename

    def stop(path: Path, target: Path) -> Path:
        renames.append(target)
        if len(renames) == failing:
            raise KeyboardInterrupt
        return rename(path, target)

    gone = CLE_DEMONSTRATION.empreinte("val")("P-2")
    monkeypatch.setattr(Path, "rename", stop)
    with pytest.raises(KeyboardInterrupt):
        ledger.erase_person("val", gone)
    monkeypatch.undo()
    assert ledger.deposits("val") == [recu] and ledger.holds(recu, gone)
    assert ledger.erased_people("val") == {gone}  # refused already: what remains is to be done again
    assert ledger.erase_person("val", gone) == 5
    (left,) = ledger.deposits("val")
    assert not ledger.holds(left, gone)


def test_what_looks_like_a_blank_or_a_number_is_kept_as_it_is_written(
    ledger: Ledger, referentiel: Referentiel, tmp_path: Path
) -> None:
    rows = tables()
    names = ("NA", "null", "007", "1e5")
    rows["activites"] = [{**rows["activites"][0], "activite": n, "ventes": 308.625} for n in names]
    rows["personnes"][0]["remarque"] = "NA"
    folder = write(tmp_path / "envoi", referentiel, rows)
    accounts = (folder / FEC).read_text(encoding="utf-8").replace("VE\t", "NA\t")
    (folder / FEC).write_text(accounts, encoding="utf-8")
    recu = receive(ledger, referentiel, folder)
    kept = ledger.tables(recu)
    assert list(kept["activites"]["activite"]) == list(names)
    assert list(kept["ecritures/essai-58/2018-12-31"]["journal"]) == ["NA"] * 4
    assert sorted(ledger.texts(recu)["texte"]) == ["NA", "on apprend", "préfère le matin"]
    assert list(kept["contrats"]["quotite"]) == [0.8, 1.0] and kept["contrats"]["date_fin"].isna().all()


def test_the_columns_of_a_table_are_those_of_its_frame(ledger: Ledger, recu: Recu) -> None:
    def told(columns: Mapping[str, list[object]]) -> dict[str, list[tuple[str, str]]]:
        return {name: [(type(v).__name__, repr(v)) for v in values] for name, values in columns.items()}

    for name, frame in ledger.tables(recu).items():
        of_frame = {str(column): values.tolist() for column, values in frame.items()}
        assert told(ledger.columns(recu, name)) == told(of_frame), name


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_every_line_of_a_text_goes_with_the_person_who_wrote_it(
    small: Project, ledger: Ledger, referentiel: Referentiel, tmp_path: Path, end: str
) -> None:
    folder = write(tmp_path / "envoi", referentiel)
    answers = (folder / SURVEY).read_text(encoding="utf-8").replace("on apprend", f"bonjour{end}zanzibar")
    (folder / SURVEY).write_bytes(answers.encode())
    recu = receive(ledger, referentiel, folder)
    assert sorted(ledger.texts(recu)["texte"]) == [f"bonjour{end}zanzibar", "préfère le matin"]
    ledger.erase_person("val", CLE_DEMONSTRATION.empreinte("val")("P-2"))
    assert "zanzibar" not in everything(small) and "bonjour" not in everything(small)


def test_a_ledger_changed_by_hand_is_told(small: Project, ledger: Ledger, recu: Recu) -> None:
    record = small.depots / "recus" / "val" / "0001" / "depot.json"
    text = record.read_text(encoding="utf-8")
    assert '"lues": 3' in text
    record.write_text(text.replace('"lues": 3', '"lues": 30'), encoding="utf-8")
    with pytest.raises(DepotError, match="modifié à la main"):
        ledger.deposits("val")
    with pytest.raises(DepotError, match="ne sont pas"):
        Compte(lues=3, gardees=1, refusees=1)


def keep_as_before(project: Project, identifiants: dict[str, str]) -> None:
    """Write the ledger as the version before did: the hash of an identifier with its hyphens.

    ``identifiants`` gives, by identifier, how the exports spelled it.
    """
    empreinte = CLE_DEMONSTRATION.empreinte("val")
    for path in (project.depots / "recus").rglob("*.csv"):
        text = path.read_text(encoding="utf-8")
        is_answers = path.name.startswith("reponses")
        for identifiant, token in identifiants.items():
            spelled = token if is_answers else identifiant
            message = f"val\0{spelled}".encode()
            old = hmac.new(CLE_DEMONSTRATION.secret, message, hashlib.sha256).hexdigest()[:20]
            text = text.replace(empreinte(identifiant), old)
        path.write_text(text, encoding="utf-8")


def test_a_ledger_of_the_version_before_is_found_and_renamed_at_the_next_reception(
    small: Project, ledger: Ledger, recu: Recu, referentiel: Referentiel, tmp_path: Path
) -> None:
    """The answers then joined nobody where LimeSurvey had dropped the hyphen of P-2."""
    keep_as_before(small, {"P-1": "P-1", "P-2": "P2", "P-3": "P-3"})
    people = set(ledger.tables(recu)["personnes"]["personne"])
    answers = ledger.tables(recu)["reponses/salaries_ebe/1"]["repondant"]
    empreinte = CLE_DEMONSTRATION.empreinte("val")
    assert empreinte("P-1") not in people and len(people & set(answers)) == 1

    deposit = read(tmp_path / "envoi", referentiel)
    assert ledger.rename("val", deposit.anciennes) == 3
    tables_now = ledger.tables(recu)
    assert list(tables_now["personnes"]["personne"]) == [empreinte(f"P-{n}") for n in (1, 2, 3)]
    assert list(tables_now["reponses/salaries_ebe/1"]["repondant"]) == [empreinte("P-1"), empreinte("P-2")]
    assert difference(tables_now, {n: r.frame for n, r in deposit.lectures.items()}, referentiel, "val") == []
    assert ledger.deposits("val") == [recu]  # the counts are those that they were
    assert ledger.rename("val", deposit.anciennes) == 0


@pytest.mark.parametrize("spelled", ["P-2", "P2", "p2"])
def test_a_person_kept_by_the_version_before_is_erased_under_any_spelling(
    small: Project, ledger: Ledger, recu: Recu, spelled: str
) -> None:
    keep_as_before(small, {"P-2": "P-2"})
    empreinte = CLE_DEMONSTRATION.empreinte("val")
    gone, old = empreinte(spelled), empreinte.anciennes(spelled)
    assert not ledger.holds(recu, gone) and ledger.holds(recu, gone, anciennes=old)
    assert ledger.erase_person("val", gone, anciennes=old) == 5
    (left,) = ledger.deposits("val")
    assert not ledger.holds(left, gone, anciennes=old) and ledger.erased_people("val") == {gone}


def test_someone_whom_the_version_before_erased_does_not_come_back(
    small: Project, ledger: Ledger, recu: Recu, referentiel: Referentiel, tmp_path: Path
) -> None:
    empreinte = CLE_DEMONSTRATION.empreinte("val")
    ledger.erase_person("val", empreinte("P-2"))
    path = small.depots / "recus" / "val" / "personnes-effacees.txt"
    message = hmac.new(CLE_DEMONSTRATION.secret, b"val\0P-2", hashlib.sha256).hexdigest()[:20]
    path.write_text(message + "\n", encoding="ascii")
    deposit = read(tmp_path / "envoi", referentiel, effacees=ledger.erased_people)
    kept = {name: len(lecture.frame) for name, lecture in deposit.lectures.items()}
    assert (kept["personnes"], kept["contrats"], kept["reponses/salaries_ebe/1"]) == (2, 1, 1)
    assert deposit.textes.empty
    assert ledger.rename("val", deposit.anciennes) == 1 and ledger.erased_people("val") == {empreinte("P-2")}
