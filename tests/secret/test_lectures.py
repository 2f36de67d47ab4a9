"""What a chapter reads is noted whatever the way; equal readings are an equal chapter."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from small import edit

from analysis.noyau.errors import BilanError, UnknownName
from analysis.noyau.paths import Project
from analysis.presentation.parts import tables
from analysis.presentation.parts.blocks import Block
from analysis.presentation.published import en_bref, publies, synthese, territoire
from analysis.secret.bundle import Bundle, bundle_ensemble, bundle_territoire
from analysis.secret.lectures import ALL, Lu, relues
from analysis.sources.register import load_register


def noted(bundle: Bundle) -> tuple[Lu, list[str]]:
    lectures: list[str] = []
    return Lu(bundle, lectures.append), lectures


def test_each_reading_is_noted_once_with_what_it_asks(val: Bundle) -> None:
    bundle, lectures = noted(val)
    assert bundle.of("effectif_ebe", place="val") == val.of("effectif_ebe", place="val") != ()
    assert bundle.of("effectif_ebe", place="val") and bundle.territoire == val.territoire
    with pytest.raises(UnknownName):
        bundle.of("rien")
    with pytest.raises(BilanError):
        bundle.number(99)
    assert [json.loads(lecture) for lecture in lectures] == [
        ["of", ["effectif_ebe"], {"place": "val"}],
        ["territoire", [], {}],
        ["of", ["rien"], {}],
        ["number", [99], {}],
    ]
    assert isinstance(bundle, Bundle) and len(relues(val, lectures)) == 4


def test_a_bundle_taken_whole_is_read_whole_and_one_asked_with_a_record_for_what_that_takes(
    val: Bundle,
) -> None:
    bundle, lectures = noted(val)
    assert pickle.loads(pickle.dumps(bundle)) == Bundle.from_bytes(val.to_bytes())
    assert lectures == [ALL]
    bundle, lectures = noted(val)
    chiffre = val.chiffres[0].content
    assert bundle.is_set_aside(chiffre) == val.is_set_aside(chiffre)
    assert lectures and ALL not in lectures


VUES: dict[str, Callable[[Bundle], Block]] = {
    "en_bref": en_bref.en_bref,
    "carte d'identité": territoire.carte_identite,
    "sources": territoire.sources,
    "désaccords": tables.disagreements,
    "hypothèse": lambda bundle: territoire.hypothese(bundle, "H1"),
    "comparaison": lambda bundle: publies.comparaison(bundle, "effectif_ebe"),
    "chiffres": lambda bundle: publies.chiffres(
        bundle, "effectif_ebe", "embauches_cumulees_ebe", anchor="a", caption="Publiés"
    ),
    "preuves": lambda bundle: synthese.preuves(bundle, "H1"),
}
EDITS = [
    ("published/chiffres", "1,val,effectif_ebe,25,,,25", "1,val,effectif_ebe,26,,,26"),
    (
        "published/chiffres",
        "4,val,embauches_cumulees_ebe,1234,,,1234",
        "4,val,embauches_cumulees_ebe,1235,,,1235",
    ),
    ("published/chiffres", "maraîchage et recyclerie", "maraîchage"),
    ("published/chiffres", "6,national,effectif_ebe,622,,,622", "6,national,effectif_ebe,623,,,623"),
    ("published/series", "emploi_salarie_prive,2019-12-31,390", "emploi_salarie_prive,2019-12-31,391"),
    ("published/desaccords", "la seconde {#2}.", "l'autre {#2}."),
    ("published/sources", "Liste des territoires", "La liste des territoires"),
    ("territoires", "Nièvre", "La Nièvre"),
]


@pytest.mark.parametrize("code", ["val", "exhaustivite"])
def test_a_part_of_a_chapter_moves_only_with_what_it_reads(small: Project, code: str) -> None:
    def bundle() -> Bundle:
        register = load_register(small)
        made = bundle_territoire if code == "val" else bundle_ensemble
        return Bundle.from_bytes(replace(made(register, code, texte=None), mode="publication").to_bytes())

    def shown(view: Callable[[Bundle], Block], of: Bundle) -> str:
        try:
            return view(of).html
        except Exception as error:  # a view of another kind of chapter: it must fail alike
            return repr(error)

    before = bundle()
    reads = {}
    for name, view in VUES.items():
        traced, lectures = noted(before)
        assert shown(view, traced) == shown(view, before)
        reads[name] = relues(before, lectures)
    kept = 0
    for table, old, new in EDITS:
        path = Path(small.data / f"{table}.csv")
        text = path.read_text(encoding="utf-8")
        edit(small.root, table, old, new)
        after = bundle()
        for name, view in VUES.items():
            if relues(after, reads[name]) == reads[name]:
                kept += 1
                assert shown(view, after) == shown(view, before), (name, new)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert kept > len(EDITS)
