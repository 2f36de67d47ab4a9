"""What is kept of an edition for those that follow."""

from __future__ import annotations

from pathlib import Path

import pytest
from declarees import DEFINITIONS

from analysis.noyau.errors import BilanError, InvalidData
from analysis.noyau.mesures import Cadre
from analysis.secret.audit.diffusion import FICHIER, Diffusion, Dit, diffusion, diffusion_csv, read_diffusions
from analysis.secret.regles import decider

VAL = Cadre("val", "reel", "dépôt n° 1", DEFINITIONS)


def told() -> Diffusion:
    mesures = [
        VAL.compte("embauchees", "2021-06-30", 40),
        VAL.compte("embauchees", "2019-06-30", 3),
        VAL.ratio("profil_embauchees", "2021-06-30", 20, 40, vide="", modalite="femme"),
        VAL.absente("liste_attente", "2021-06-30", "personne ne l'a comptée"),
        VAL.compte("effectif_fin_mois", "2021-05", 12),
    ]
    return diffusion("2026-1", decider(mesures, DEFINITIONS, frozenset()))


def test_it_is_read_back_as_it_was_told_and_old_editions_have_none(tmp_path: Path) -> None:
    for label in ("2025-1", "2026-1"):
        (tmp_path / label).mkdir()
    (tmp_path / "2026-1" / FICHIER).write_text(diffusion_csv(told()), encoding="utf-8")
    assert read_diffusions(tmp_path, ["2025-1", "2026-1"]) == (told(),)


def test_a_withheld_or_missing_number_is_not_in_it() -> None:
    rows = diffusion_csv(told()).splitlines()
    assert rows[1] == "embauchees,val,,,2021-06-30,,calculee,40,,,40,,,"
    assert rows[2] == "embauchees,val,,,2019-06-30,,masquee,,,,,,,"
    assert rows[3] == "profil_embauchees,val,,femme,2021-06-30,,calculee,50,20,40,40,,,"
    assert rows[4] == "liste_attente,val,,,2021-06-30,,absente,,,,,,,"
    assert rows[5] == "effectif_fin_mois,val,,,2021-05,,calculee,10,,,10,,,oui"
    with pytest.raises(ValueError, match="was not told"):
        Dit(("embauchees", "val", "", "", "2019-06-30"), "masquee", valeur=3)


def test_a_record_that_was_changed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "2026-1" / FICHIER
    path.parent.mkdir()
    text = diffusion_csv(told())
    path.write_text(text.replace("masquee,,", "masquee,3,"), encoding="utf-8")
    with pytest.raises(BilanError, match="2026-1/diffusion.csv a été modifié depuis sa publication"):
        read_diffusions(tmp_path, ["2026-1"])
    path.write_text(text.replace("mesure,", "measure,", 1), encoding="utf-8")
    with pytest.raises(InvalidData, match="2026-1/diffusion.csv"):
        read_diffusions(tmp_path, ["2026-1"])
