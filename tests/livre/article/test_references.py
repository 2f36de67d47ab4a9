"""A reference says the number of what it leads to; one that leads nowhere stops the book."""

from __future__ import annotations

import pytest

from analysis.livre.article.articles import Article, article_of_html
from analysis.livre.article.references import resolve
from analysis.noyau.errors import BilanError
from analysis.presentation.numbers import NBSP

SOURCES = {"gazette": ("gazette-2016", "La Gazette, novembre 2016")}
LABELS = {"a": "chapitre 1", "b": "chapitre 2", "parti": "chapitre 3"}
SECOND = """<h1 id="titre">B</h1><h2 id="taux">Trois taux</h2>
<figure id="courbe"><img><figcaption>Courbe</figcaption></figure>
<div id="valeurs"><table><caption>Valeurs</caption></table></div>"""


def resolved(text: str) -> str:
    pages = {"a": f'<h1 id="titre">A</h1>{text}', "b": SECOND}
    numbers = {"a": "1", "b": "2"}
    articles: dict[str, Article] = {
        n: article_of_html(t, name=n, numero=numbers[n]) for n, t in pages.items()
    }
    return resolve(articles, LABELS, SOURCES)["a"].html


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("b.html#courbe", f"figure{NBSP}2.1"),
        ("b.html#valeurs", f"tableau{NBSP}2.1"),
        ("b.html#taux", f"section «{NBSP}Trois taux{NBSP}»"),
        ("b.html", "chapitre 2"),
        ("b.html#titre", "chapitre 2"),
        ("#titre", "chapitre 1"),
        ("parti.html", "chapitre 3"),
        ("parti.html#courbe", "chapitre 3"),
    ],
)
def test_a_link_without_words_says_what_it_leads_to(target: str, words: str) -> None:
    assert f'<a href="{target}">{words}</a>' in resolved(f'<p><a href="{target}"></a></p>')


def test_a_citation_names_its_source_and_code_is_left_alone() -> None:
    html = resolved("<p>Selon [@gazette], oui. <code>[@gazette]</code></p>")
    assert '<a class="citation" href="sources.html#gazette-2016">La Gazette, novembre 2016</a>, oui.' in html
    assert "<code>[@gazette]</code>" in html


def test_every_reference_that_leads_nowhere_is_told_at_once() -> None:
    with pytest.raises(BilanError) as error:
        resolved('<p><a href="b.html#rien"></a> <a href="c.html"></a> [@inconnue]</p>')
    for fault in ("a : « b.html#rien »", "a : « c.html »", "la source « inconnue » n'est pas au registre"):
        assert fault in str(error.value)
