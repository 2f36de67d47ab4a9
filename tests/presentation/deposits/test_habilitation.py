"""What the chapter of the habilitation says: of the law on a day, and of a dossier under each law."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from analysis.chapitres.habilites import habilitation
from analysis.indicateurs.habilitation.declares import load_declares
from analysis.indicateurs.habilitation.examen import examiner
from analysis.indicateurs.habilitation.financement import Smic, Taux, verser
from analysis.indicateurs.habilitation.records import (
    Comptage,
    Deliberation,
    Dossier,
    Emplois,
    Habilitation,
    Piece,
    Voisin,
)
from analysis.noyau.paths import Project
from analysis.presentation.deposits import habilitation as vue
from analysis.presentation.parts.blocks import Block
from analysis.secret.bundle import Bundle, bundle_ensemble
from analysis.secret.release import release_habilitation
from analysis.sources.register import load_register

HERE = Project.here()


@pytest.fixture(scope="module")
def published() -> Bundle:
    register = load_register(HERE)
    bundle = bundle_ensemble(register, "habilitation", texte=None)
    return replace(bundle, habilitation=habilitation(HERE, register, "", "publication"))


def _shown(bundle: Bundle) -> Habilitation:
    assert bundle.habilitation is not None
    return bundle.habilitation.content


def _on(bundle: Bundle, jour: date) -> Bundle:
    shown = replace(_shown(bundle), jour=jour)
    return replace(bundle, habilitation=release_habilitation(shown, "reel", False))


def _with(bundle: Bundle, **changed: object) -> Bundle:
    declares = load_declares(HERE)
    assert declares is not None
    dossier = Dossier(
        code="essai",
        nom="Essai & Fils",
        departement="Creuse",
        arrete="2021-10-01",
        continu=True,
        population=7400,
        ppde=310,
        avis="2021-10-01",
        decret="",
        pieces=(Piece("creation_cle", "Création", "jointe"),),
        deliberations=(Deliberation("Commune", "commune", "2021-05-01", True),),
        personnes=(Comptage("2021-10-01", 120, None),),
        emplois=(Emplois(2022, 31.0),),
        series=(("population", 7400.0),),
    )
    dossier = replace(dossier, **changed)  # type: ignore[arg-type]
    shown = replace(
        _shown(bundle),
        dossier=dossier,
        examens=examiner(declares, dossier),
        versements=verser(dossier, [Taux(1.01, 0.0)], Smic({2022: 19000.0}), amorcage=0.3),
    )
    return replace(bundle, mode="apercu", habilitation=release_habilitation(shown, "reel", True))


def _said(block: Block) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", block.html).split())


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        (
            date(2026, 12, 31),
            "prolongation rapportée (annonce rapportée par la presse), jusqu'au 31 décembre 2026",
        ),
        (date(2027, 1, 1), "Régime expiré ou inconnu. Au 1er janvier 2027"),
    ],
)
def test_the_page_says_it_on_both_sides_of_the_last_known_day(
    published: Bundle, jour: date, attendu: str
) -> None:
    said = _said(vue.regime_du_jour(_on(published, jour)))
    assert attendu in said
    assert "Aucun appel ouvert." in said and "clos le 30 juin 2024" in said


def test_an_open_call_is_told_as_open(published: Bundle) -> None:
    said = _said(vue.regime_du_jour(_on(published, date(2022, 3, 1))))
    assert "Un appel à candidatures est ouvert jusqu'au 30 juin 2024" in said
    assert "Aucun appel" not in said


def test_a_bill_says_that_it_is_no_law_and_blank_days_that_they_are_not_established(
    published: Bundle,
) -> None:
    table = vue.regimes(published).html
    row = next(row for row in re.findall(r"<tr>.*?</tr>", table) if "1326" in row)
    assert "qui n'est pas une loi" in row
    assert row.count("non établi") == 3
    assert 'href="registre.html#chiffre-' in row and "n° 777" in row


def test_the_cost_of_the_rate_is_that_of_its_year(published: Bundle) -> None:
    table = vue.cout_du_taux(published).html
    row = next(row for row in re.findall(r"<tr>.*?</tr>", table) if ">2024<" in row)
    values = [float(value) for value in re.findall(r'data value="(-?[\d.]+)"', row)]
    assert values == pytest.approx([-1484.2464, -222.63696, -1706.88336])


def test_the_chapter_without_a_candidate_says_nothing_of_a_dossier(published: Bundle) -> None:
    for show in (
        vue.etat_du_dossier,
        vue.manques,
        vue.sous_regimes,
        vue.emplois,
        vue.financement,
        vue.series,
        vue.voisins,
    ):
        assert show(published).html == ""
    assert "15 mois" in _said(vue.delais(published))


def test_a_dossier_under_both_laws(published: Bundle) -> None:
    bundle = _with(published)
    assert "Essai &amp; Fils" in vue.titre(bundle).html
    assert "À cette date, le régime connu est : deuxième phase." in _said(vue.etat_du_dossier(bundle))
    assert "Un plan de communication" in _said(vue.manques(bundle))
    unlike = _said(vue.sous_regimes(bundle))
    assert (
        "facultatif : aucune délibération ; le régime ne l'exige pas manque : aucune délibération" in unlike
    )
    assert "sans objet : le régime ne le demande pas manque : le dossier ne dit aucun taux" in unlike


def test_jobs_are_told_against_what_was_counted_alone(published: Bundle) -> None:
    table = vue.emplois(_with(published)).html
    assert "% des personnes estimées" in table and "% des personnes rencontrées" in table
    assert "volontaires" not in table
    assert [float(v) for v in re.findall(r'data value="([\d.]+)" data-unite="%"', table)] == pytest.approx(
        [10.0, 100 * 31 / 120]
    )


def test_what_the_departement_did_not_say_is_a_word(published: Bundle) -> None:
    voted = Deliberation("Conseil", "departement", "2021-05-01", True, 0.15)
    both = replace(_shown(_with(published)), versements=())
    table = vue.financement(_with(published)).html
    assert "Département" not in table  # no rate asks it, no vote says it: no column
    mixed = replace(
        both,
        versements=(
            *verser(
                replace(_dossier_of(both), deliberations=()),
                [Taux(1.01, 0.0)],
                Smic({2022: 1e4}),
                amorcage=0.3,
            ),
            *verser(
                replace(_dossier_of(both), deliberations=(voted,)),
                [Taux(0.95, 0.15)],
                Smic({2022: 1e4}),
                amorcage=0.3,
            ),
        ),
    )
    bundle = replace(published, mode="apercu", habilitation=release_habilitation(mixed, "reel", True))
    first, second = re.findall(r"<tr>.*?</tr>", vue.financement(bundle).html)[1:]
    assert "non dit" in first and "non dit" not in second


def _dossier_of(shown: Habilitation) -> Dossier:
    assert shown.dossier is not None
    return shown.dossier


def test_neighbours_show_their_distance_and_what_happened_there(published: Bundle) -> None:
    near = (
        Voisin(
            "premery", "Prémery", 0.25, (("population", 0.4), ("part_chomeurs", -0.1), ("niveau_de_vie", 0.1))
        ),
        Voisin(
            "thiers", "Thiers", 1.5, (("population", -2.0), ("part_chomeurs", 1.0), ("niveau_de_vie", 1.0))
        ),
    )
    shown = replace(_shown(_with(published)), voisins=near)
    bundle = replace(published, mode="apercu", habilitation=release_habilitation(shown, "reel", True))
    said = _said(vue.voisins(bundle))
    assert "0,25" in said and "le candidat est 0,4 écart-type au-dessus" in said
    assert "le candidat est 2 écarts-types au-dessous" in said
    assert "salariés" in said.lower() and "registre.html" in vue.voisins(bundle).html
    assert "Trop peu de séries communes" in _said(vue.voisins(_with(published)))


def test_a_real_dossier_is_not_published(published: Bundle) -> None:
    shown = _shown(_with(published))
    with pytest.raises(TypeError, match="ne se publie pas"):
        release_habilitation(shown, "reel", False)
    private = release_habilitation(shown, "reel", True)
    with pytest.raises(ValueError, match="nothing whole"):
        replace(published, mode="publication", habilitation=private)
    assert release_habilitation(shown, "demonstration", False).rule == "demonstration"
