"""What reviewing a chapter costs: the pack, the remarks that come back, finding their passages again.

    python benchmarks/relecture.py --remarques 200 2000 --repeat 3

A chapter of forty sections, invented; each line of the table is timed in one process:

- ``pack``: the chapter as a Word document, then in large print;
- ``receive``: a document with that many comments, opened, checked and read (not stored);
- ``attach``: every remark found again in a version whose sections changed their order.

Seconds of wall time, medians; the last column divides by the remarks.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from io import BytesIO

from commun import begin
from docx import Document

from analysis.livre.article.articles import article_of_html
from analysis.noyau.paths import Project
from analysis.relecture.passages import version_of_article
from analysis.relecture.rattachement import rattacher
from analysis.relecture.recus.docx_recus import open_docx, read_docx
from analysis.relecture.remarques import load_listes
from analysis.relecture.remis.chapitre_docx import chapitre_docx

WORDS = "le comité local rencontre les personnes et propose un emploi à celles qui le veulent".split()


def chapter(sections: int, *, shuffled: bool) -> str:
    """A chapter of that many sections of three sentences, the same ones in another order when shuffled."""
    draw = random.Random(7)
    parts = [
        f'<h2 id="section-{rank}">Section {rank}</h2><p>'
        + " ".join(" ".join(draw.sample(WORDS, 9)).capitalize() + f" ({rank})." for _ in range(3))
        + "</p>"
        for rank in range(sections)
    ]
    if shuffled:
        draw.shuffle(parts)
    return '<h1 id="titre">Essai</h1>' + "".join(parts)


def commented(document: bytes, count: int) -> bytes:
    """The document with that many comments, each on a paragraph."""
    book = Document(BytesIO(document))
    paragraphs = [p for p in book.paragraphs if p.text.endswith(").")]
    for rank in range(count):
        place = paragraphs[rank % len(paragraphs)]
        book.add_comment(place.runs, text=f"Précision : remarque {rank}.", author="Élus", initials="E")
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def median(work: Callable[[], object], repeat: int) -> float:
    times = []
    for _ in range(repeat):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--remarques", type=int, nargs="+", default=[200, 2000])
    arguments.add_argument("--repeat", type=int, default=3)
    options = begin(arguments)
    listes = load_listes(Project.here())
    article, moved = (
        article_of_html(chapter(40, shuffled=shuffled), name="essai") for shuffled in (False, True)
    )
    version, later = (
        version_of_article(one, territoire="essai", jour="2026-11-26") for one in (article, moved)
    )
    document = chapitre_docx(article, version)
    pack = median(
        lambda: [chapitre_docx(article, version, grand=large) for large in (False, True)], options.repeat
    )
    print(f"{'remarks':>8} {'work':<10} {'seconds':>9} {'ms each':>9}")
    print(f"{'':>8} {'pack':<10} {pack:>9.2f}")
    for count in options.remarques:
        content = commented(document, count)
        read = read_docx(open_docx(content), version, listes, fichier="essai.docx")
        assert len(read.remarques) == count
        receive = median(
            lambda content=content: read_docx(open_docx(content), version, listes, fichier="essai.docx"),
            options.repeat,
        )
        attach = median(
            lambda read=read: [rattacher(r.ancre, r.citation, version, later) for r in read.remarques],
            options.repeat,
        )
        for name, seconds in (("receive", receive), ("attach", attach)):
            print(f"{count:>8} {name:<10} {seconds:>9.2f} {1000 * seconds / count:>9.2f}")


if __name__ == "__main__":
    main()
