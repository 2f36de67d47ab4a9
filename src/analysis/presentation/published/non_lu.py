"""What was not read of what the bilan cites: how each figure was read, the evaluations, the documents."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable

from analysis.noyau.french import capitalized, counted
from analysis.presentation.numbers import decimal
from analysis.presentation.parts.blocks import Block, Column, Table, number
from analysis.presentation.parts.links import source_link, source_title
from analysis.presentation.parts.tables import absence
from analysis.secret.bundle import Bundle
from analysis.sources.fiches import Chiffre


def lectures(bundle: Bundle) -> Block:
    """How many figures of the register were read in which way, and how many of them are an evaluation's."""
    figures = [released.content for released in bundle.chiffres]
    if not figures:
        return absence("Le registre ne contient aucun chiffre.")
    columns = (
        Column("Comment le chiffre a été lu"),
        Column("Ce que cela veut dire"),
        Column("Chiffres", True),
        Column("Dont d'une évaluation", True),
    )
    ways = [(way.lecture, way.libelle, way.definition) for way in bundle.dictionary.lectures]
    ways.append(("", "non relevé", "la page n'a pas été notée quand le chiffre a été relevé dans sa source"))
    rows = []
    for code, label, meaning in ways:
        read = [chiffre for chiffre in figures if chiffre.lecture == code]
        of_evaluations = sum(bool(chiffre.evaluation) for chiffre in read)
        rows.append(
            [
                html.escape(label, quote=False),
                html.escape(meaning, quote=False),
                _count(len(read)),
                _count(of_evaluations),
            ]
        )
    return Table("lectures", "Comment les chiffres du registre ont été lus", columns, rows).block()


def _count(value: int) -> str:
    return number(decimal(value, 0), value, "chiffres")


def evaluations(bundle: Bundle) -> Block:
    """Each evaluation: what was read of it, what was not, and how its figures of the register were read."""
    columns = (
        Column("Évaluation"),
        Column("Ce qui en a été lu"),
        Column("Ce qui n'en a pas été lu"),
        Column("Ses chiffres au registre"),
    )
    rows = [
        [
            html.escape(evaluation.nom, quote=False),
            html.escape(evaluation.lecture, quote=False),
            html.escape(evaluation.non_lu or "Rien : elle a été lue en entier", quote=False),
            _readings(
                bundle,
                (r.content for r in bundle.chiffres if r.content.evaluation == evaluation.evaluation),
            ),
        ]
        for evaluation in bundle.evaluations
    ]
    if not rows:
        return absence("Aucune évaluation n'est citée.")
    return Table("evaluations-non-lues", "Ce qui n'a pas été lu des évaluations", columns, rows).block()


def _readings(bundle: Bundle, figures: Iterable[Chiffre]) -> str:
    """How many figures were read in which way: « lu par extrait : 12 ; de seconde main : 30 »."""
    counts = Counter(chiffre.lecture for chiffre in figures)
    told = [
        f"{way.libelle} : {counts[way.lecture]}" for way in bundle.dictionary.lectures if counts[way.lecture]
    ]
    return html.escape(" ; ".join(told) or "aucun", quote=False)


def documents(bundle: Bundle) -> Block:
    """The documents of which a part was not read, or that cite one that was not: what, and through whom."""
    columns = (
        Column("Source"),
        Column("Document"),
        Column("Ce qui n'en a pas été lu"),
        Column("Obtenu par"),
    )
    rows = [
        [
            source_link(source.source, bundle),
            source_title(source),
            html.escape(capitalized(source.non_lu), quote=False),
            html.escape(source.intermediaire or "son éditeur", quote=False),
        ]
        for source in bundle.sources
        if source.non_lu
    ]
    if not rows:
        return absence("Chaque document cité a été lu en entier.")
    whole = counted(len(bundle.sources), "document cité", "documents cités")
    caption = f"Ce qui n'a pas été lu des documents : {len(rows)} sur {whole}"
    return Table("documents-non-lus", caption, columns, rows).block()
