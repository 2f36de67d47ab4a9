"""What an audit says, and why a measure is withheld, in the words of the person who publishes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from declarees import DEFINITIONS

from analysis.livre.editions.audit_edition import refuse
from analysis.noyau.errors import BilanError, UnknownName
from analysis.noyau.mesures import ENSEMBLE, Accord, Cadre, Definitions, Mesure
from analysis.secret.audit.deux_editions import SANS_PASSE
from analysis.secret.audit.explication import expliquer
from analysis.secret.audit.fuites import Noms, auditer, tenus
from analysis.secret.regles import decider, withheld
from analysis.secret.release import Released

DAY = "2021-06-30"
NOMS = Noms({"val": "Val-sur-Lisse", "aval": "Aval"}, {})
LABEL = DEFINITIONS.of("embauchees").libelle


@dataclass(frozen=True)
class Calcules:
    mesures: tuple[Mesure, ...]
    definitions: Definitions = DEFINITIONS
    accords: frozenset[Accord] = field(default_factory=frozenset)


def places() -> Calcules:
    counts = (("val", 3), ("aval", 40), (ENSEMBLE, 43))
    return Calcules(
        tuple(
            Cadre(lieu, "reel", "dépôt", DEFINITIONS).compte(name, DAY, n)
            for name, extra in (("volontaires_eligibles", 60), ("embauchees", 0))
            for lieu, n in ((lieu, n + extra * (2 if lieu == ENSEMBLE else 1)) for lieu, n in counts)
        )
    )


def only_the_small() -> list[Released[Mesure]]:
    return [
        Released(withheld(m, "seuil-effectif"), "seuil-effectif")
        if (m.valeur or 0) < 5
        else Released(m, "diffusable")
        for m in places().mesures
    ]


def test_a_leak_says_where_what_and_what_to_do_without_the_number() -> None:
    audit = auditer(places(), only_the_small(), SANS_PASSE, NOMS)
    (leak,) = audit.fuites
    assert str(leak) == (
        f"Les nombres publiés, mis ensemble : « {LABEL}, Val-sur-Lisse, 30 juin 2021 », retenue et pourtant "
        "retrouvée exactement. Retenez aussi un nombre qui entre dans la même somme, ou regroupez ses "
        "catégories."
    )
    assert "Trouvés : 1 exactement, 0 à trop peu près.\nFuites : 1.\n- Les nombres" in audit.rapport
    assert "Montrées : 5. Retenues : 1 (16,7 %)." in audit.rapport
    with pytest.raises(BilanError, match="Rien n'est publié") as refused:
        refuse(audit)
    assert str(leak) in str(refused.value)


def test_a_number_printed_in_a_file_is_a_leak_too(tmp_path: Path) -> None:
    calculees = places()
    released = decider(calculees.mesures, DEFINITIONS, frozenset())
    (tmp_path / "val.html").write_text(
        f"<h1>Val-sur-Lisse</h1><p id='ici'>{LABEL} : 3.</p>", encoding="utf-8"
    )
    audit = auditer(calculees, released, SANS_PASSE, NOMS, tmp_path)
    (leak,) = audit.fuites
    assert (leak.ou, leak.sorte) == ("val.html (#ici)", "retenue et pourtant imprimée")
    (tmp_path / "val.html").write_text("<h1>Val-sur-Lisse</h1>", encoding="utf-8")
    refuse(auditer(calculees, released, SANS_PASSE, NOMS, tmp_path))


def explained(lieu: str, mesure: str = "embauchees", periode: str = "") -> str:
    calculees = places()
    _, known = tenus(calculees, SANS_PASSE)
    released = decider(calculees.mesures, DEFINITIONS, frozenset())
    return expliquer(released, known, DEFINITIONS, NOMS, lieu, mesure, periode)


def test_a_small_number_is_withheld_for_what_it_is() -> None:
    text = explained("val")
    assert "0 valeur montrée, 1 retenue." in text
    assert f"« {LABEL}, Val-sur-Lisse, 30 juin 2021 » est retenue pour ce qu'elle est." in text
    assert "au moins 5 personnes" in text
    assert not any(
        digit in text.replace("30 juin 2021", "").replace("5 personnes", "") for digit in ("3", "43")
    )


def test_another_is_withheld_for_what_it_would_give_back_and_its_bonds_are_named() -> None:
    hidden = explained("aval") if "1 retenue" in explained("aval") else explained(ENSEMBLE)
    assert "est retenue pour ce qu'elle rendrait d'une autre." in hidden
    assert f"liée à « {LABEL}, " in hidden
    assert "40" not in hidden and "43" not in hidden


def test_what_is_not_computed_or_not_known_is_said() -> None:
    with pytest.raises(UnknownName, match="vall"):
        explained("vall")
    with pytest.raises(UnknownName, match="embauches"):
        explained("val", "embauches")
    with pytest.raises(BilanError, match="n'est pas calculée pour « val » à la période « 2020-06-30 »"):
        explained("val", periode="2020-06-30")


def test_where_no_deposit_was_received_nothing_is_withheld_and_it_is_said() -> None:
    with pytest.raises(BilanError, match="Aucun dépôt n'est reçu"):
        expliquer((), (), DEFINITIONS, NOMS, "val", "embauchees")
