"""« La parole du territoire »: what a page shows of remarks, and what it never shows."""

from __future__ import annotations

from dataclasses import replace

from bs4 import BeautifulSoup

from analysis.livre.articles import article_of_html
from analysis.noyau.nomenclatures import load_nomenclatures
from analysis.noyau.paths import Project
from analysis.presentation import parole
from analysis.presentation.attentes import REMARQUES, attente
from analysis.secret.bundle import LISTES, Bundle
from analysis.secret.release import release_parole
from analysis.sources.commentaires import Commentaire

SAID = Commentaire(
    id="val-0",
    edition="copie",
    territoire="val",
    chapitre="val",
    ancre="etapes",
    citation="les étapes",
    role="elus",
    date="2021-10-04",
    texte="Ce nombre est juste.",
    genre="accord",
    consentement="oui",
    statut="repondu",
    rattachement="en_place",
    reponse="Merci.",
    date_reponse="2021-10-25",
    changement="",
    avant="",
    apres="",
    origine="feuille",
)
OPEN = replace(SAID, statut="a_repondre", reponse="", date_reponse="")


def shown(bundle: Bundle, *comments: Commentaire) -> Bundle:
    lists = load_nomenclatures(Project.here())
    named = [replace(comment, id=f"val-{rank}") for rank, comment in enumerate(comments)]
    return replace(
        bundle,
        paroles=tuple(map(release_parole, named)),
        listes={name: lists[name] for name in LISTES},
    )


def text(html: str) -> str:
    return " ".join(BeautifulSoup(html, "lxml").get_text(" ").split())


def test_a_remark_is_shown_with_its_answer_and_its_place(val: Bundle) -> None:
    block = parole.du_territoire(shown(val, SAID)).html
    said = text(block)
    assert "Accord ( Élus, 4 octobre 2021" in said.replace("(Élus", "( Élus")
    assert "Ce nombre est juste." in said and "Merci." in said
    assert 'href="#etapes"' in block and 'class="parole"' in block


def test_a_remark_without_consent_is_counted_and_its_words_stay_private(val: Bundle) -> None:
    bundle = shown(val, replace(SAID, consentement="non"))
    block = parole.du_territoire(bundle).html
    assert "Ce nombre est juste" not in block and "les étapes" not in block and "Merci" not in block
    assert "1 remarque reçue." in text(block) and "n'est pas publié" in block
    assert b"Ce nombre est juste" not in bundle.to_bytes()


def test_words_that_may_tell_who_are_withheld_in_spite_of_a_consent(val: Bundle) -> None:
    bundle = shown(val, replace(SAID, texte="Appelez Jeanne Martin au 06 12 34 56 78."))
    assert b"Jeanne" not in bundle.to_bytes()


def test_a_withdrawn_remark_is_nowhere(val: Bundle) -> None:
    gone = replace(OPEN, statut="retire", texte="", citation="")
    assert parole.du_territoire(shown(val, gone)).html == attente(val, REMARQUES).html


def test_disagreements_that_nothing_settles_come_first_and_are_counted(val: Bundle) -> None:
    kept = replace(SAID, genre="desaccord", statut="desaccord_maintenu", texte="Non.", reponse="Si.")
    waiting = replace(OPEN, genre="desaccord", texte="Pas d'accord.")
    settled = replace(SAID, genre="desaccord", texte="Corrigez.", statut="pris_en_compte", changement="Fait.")
    said = text(parole.du_territoire(shown(val, SAID, settled, kept, waiting)).html)
    assert "4 remarques reçues, dont 2 désaccords qui demeurent." in said
    assert said.index("Désaccord qui demeure") < said.index("Ce nombre est juste.")
    assert (
        said.count("Désaccord qui demeure (") == 2
        and said.count("Désaccord (") == 1
        and "Sans réponse à ce jour." in said
    )


def test_hostile_words_are_words(val: Bundle) -> None:
    hostile = "<script>alert(1)</script> =cmd|' /C calc'!A0 \u202egnirts"
    block = parole.du_territoire(shown(val, replace(SAID, texte=hostile, reponse=hostile))).html
    assert "<script" not in block and "\u202e" not in block and "‹U+202E›" in block
    assert "=cmd" in block


def test_a_remark_whose_passage_is_gone_leads_nowhere(val: Bundle) -> None:
    lost = parole.du_territoire(shown(val, replace(SAID, rattachement="orphelin"))).html
    assert "href" not in lost and "n'est plus dans le texte" in lost
    page = f'<h1 id="titre">Val</h1>{parole.du_territoire(shown(val, SAID)).html}'
    assert "href" not in article_of_html(page, name="val").html


def rows(html: str) -> list[list[str]]:
    found = BeautifulSoup(html, "lxml").select("tr")
    return [[" ".join(cell.get_text(" ").split()) for cell in row.find_all(["th", "td"])] for row in found]


def test_who_spoke_counts_colleges_answers_and_days(synthese: Bundle) -> None:
    """Two elected officials, one unknown; two answered, after 21 and 1 days."""
    quick = replace(SAID, date="2021-10-24")
    table = rows(parole.qui_a_parle(shown(synthese, SAID, quick, replace(OPEN, role=""))).html)
    head, val, vide, together = table
    assert head[-3:] == ["Remarques", "Avec réponse (%)", "Délai médian (jours)"]
    assert val == ["Val-d'Essai", "0", "0", "2", "0", "0", "0", "1", "3", "67", "11"]
    assert vide[-3:] == ["0", "–", "–"] and together[1:] == val[1:]


def test_parity_is_told_of_known_colleges_alone(synthese: Bundle) -> None:
    block = parole.qui_a_parle(shown(synthese, SAID, replace(OPEN, role="etat"), replace(OPEN, role=""))).html
    said = text(block).replace("\u00a0", " ")
    assert "chacun aurait 17 % des remarques" in said and "Élus 50 %" in said and "Entreprises 0 %" in said


def test_what_changed_shows_the_words_taken_out_and_put_in(synthese: Bundle) -> None:
    changed = replace(
        SAID,
        statut="pris_en_compte",
        changement="Le nombre est corrigé.",
        avant="Il y a 40 salariés.",
        apres="Il y a 50 salariés.",
    )
    block = parole.changements(shown(synthese, changed, SAID)).html
    assert "Il y a <s>40</s> <strong>50</strong> salariés." in block
    same = parole.changements(shown(synthese, replace(changed, apres=changed.avant))).html
    assert "sont les mêmes" in same


def test_nothing_received_is_told(synthese: Bundle, val: Bundle) -> None:
    empty = shown(synthese)
    awaited = attente(val, REMARQUES).html
    assert parole.qui_a_parle(empty).html == parole.du_territoire(shown(val)).html == awaited
    assert parole.desaccords(empty).html == parole.changements(empty).html == ""


def test_remarks_that_changed_nothing_and_left_no_disagreement_say_so(synthese: Bundle) -> None:
    heard = shown(synthese, SAID)
    assert "aucun" in parole.desaccords(heard).html and "aucune" in parole.changements(heard).html
