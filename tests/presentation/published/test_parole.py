"""« La parole du territoire »: what a page shows of remarks, and what it never shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from analysis.livre.article.articles import article_of_html
from analysis.livre.article.references import resolve
from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.paths import Project
from analysis.presentation.parts.attentes import REMARQUES, attente
from analysis.presentation.published import parole
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


def test_an_answer_to_another_remark_says_which(val: Bundle) -> None:
    said = replace(SAID, role="etat", date="2021-10-05", reponse_a="val-0")
    block = text(parole.du_territoire(shown(val, SAID, said)).html).replace("\u00a0", " ")
    assert "(État, 5 octobre 2021 ; en réponse à : Élus, 4 octobre 2021)" in block
    gone = text(parole.du_territoire(shown(val, OPEN, replace(said, reponse_a="val-9"))).html)
    assert "en réponse à" not in gone


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


MARKUP = (
    *("[^x]", "[^x]: une note", "[@x]", "[@insee-rp]", "{effectif}", "{effectif@2021}", "{#12}"),
    *(
        "# Un titre",
        "## Un titre {#etapes}",
        "[](etapes.html)",
        "![](image.png)",
        "**gras** `code` | a | b |",
    ),
)


@pytest.mark.parametrize("markup", MARKUP)
@pytest.mark.parametrize("place", ["texte", "citation", "reponse", "changement", "avant", "apres"])
def test_markup_of_the_book_is_words_in_what_people_write(
    val: Bundle, synthese: Bundle, place: str, markup: str
) -> None:
    """The page is made, in one piece, and says the very characters: no note, no source, no heading."""
    written = replace(
        SAID,
        statut="pris_en_compte",
        genre="desaccord",
        changement="Corrigé.",
        avant="Avant.",
        apres="Après.",
    )
    open_one = replace(OPEN, genre="desaccord", texte="Non.")
    for rank, one in enumerate((written, open_one)):
        if rank and place not in ("texte", "citation"):
            continue
        said = replace(one, **{place: f"Voir {markup}\n{markup}"})  # type: ignore[arg-type]
        here, everywhere = shown(val, said), shown(synthese, said)
        blocks = [parole.du_territoire(here), parole.desaccords(everywhere), parole.changements(everywhere)]
        body = "".join(block.html for block in blocks)
        body = body.replace('href="#etapes"', "").replace('href="val.html"', "")
        article = article_of_html(f'<h1 id="titre">Val</h1>{body}', name="val")
        (page,) = resolve({"val": article}, {"val": "chapitre 1"}, {}).values()
        soup = BeautifulSoup(page.html, "lxml")
        assert " ".join(markup.split()) in text(page.html)
        assert not soup.select("sup, h2, img, code, a.citation, section.notes")


def test_the_change_made_for_a_remark_that_names_someone_is_not_shown(synthese: Bundle, val: Bundle) -> None:
    """Of the remark, its answer, and the passage before and after, nothing crosses; that it was made does."""
    asked = replace(
        SAID,
        texte="Retirez Jeanne Martin de ce paragraphe.",
        statut="pris_en_compte",
        reponse="C'est fait pour elle.",
        changement="Le nom de Jeanne a disparu.",
        avant="Une salariée, Jeanne Martin, était là.",
        apres="Une salariée était là.",
    )
    silent = replace(asked, texte="Retirez le nom.", changement="Le nom a disparu.", reponse="Fait.")
    refused = replace(silent, consentement="non", avant="Il y a 40 places.", apres="Il y a 50 places.")
    for said in (asked, silent, refused):
        told = shown(synthese, said)
        assert not [
            w for w in (b"Jeanne", b"Martin", b"disparu", b"Fait.", b"40 places") if w in told.to_bytes()
        ]
        block = parole.changements(told).html
        assert "<s>" not in block and "sont les mêmes" not in block and "non publié" in block
        assert "1 remarque reçue." in text(parole.du_territoire(shown(val, said)).html)


def test_a_consent_that_nobody_asked_for_is_not_called_a_refusal(val: Bundle) -> None:
    said = text(parole.du_territoire(shown(val, replace(SAID, consentement=""))).html)
    assert "n'a pas été demandé" in said and "consenti" not in said and "Ce nombre est juste" not in said


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
    soup = BeautifulSoup(block, "lxml")
    assert "Il y a 40 50 salariés." in text(block)
    assert [tag.get_text() for tag in soup.select("td s, td strong")] == ["40", "50"]
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
