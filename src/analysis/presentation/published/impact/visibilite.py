"""What could be seen at all: the least visible effect beside the size of an EBE, and where a chapter stops there."""

from __future__ import annotations

import html
from collections.abc import Sequence

from analysis.impact.records import Comparaison
from analysis.noyau.french import NBSP, counted, decimal
from analysis.presentation.drawing.impact import Visible, visible_svg
from analysis.presentation.parts.blocks import FEWEST_POINTS, Block, Chart, Column, Table, number
from analysis.presentation.parts.tables import absence
from analysis.presentation.published.impact.mots import (
    PRINCIPAL,
    Etude,
    etude_of,
    quantite,
    texte,
)
from analysis.secret.bundle import Bundle


def visibles(bundle: Bundle) -> Block:
    """What could be seen at all: by territory, the least visible effect beside the size of its EBE."""
    etude = etude_of(bundle)
    if etude is None:
        return Block("")
    compared = [c for c in etude.resultats.comparaisons if c.resultat == PRINCIPAL]
    if not compared:
        return absence("Aucun territoire n'a de série d'emploi à comparer.")
    table = _visible_table(etude, compared)
    known = sorted((c for c in compared if _ratio(c) is not None), key=lambda c: -(_ratio(c) or (0, 0))[1])
    if len(known) < FEWEST_POINTS:
        return table.block()
    seen = [c for c in known if (_ratio(c) or (0, 0))[0] >= 1]
    caption = _visible_finding(len(seen), len(known))
    rows = [
        Visible(etude.nom(c.territoire), *ratio, told=_visible_told(c))
        for c in known
        if (ratio := _ratio(c)) is not None
    ]
    first = rows[0]
    return Chart(
        anchor="ce-qui-peut-se-voir",
        caption=caption,
        subtitle="Salariés de l'EBE, rapportés au plus petit effet sur l'emploi privé de la zone que l'étude verrait huit "
        "fois sur dix.",
        drawing=visible_svg(
            rows, unit="salariés de l'EBE / plus petit effet visible ; visible à partir de 1"
        ),
        alt=f"{caption}. " + " ; ".join(f"{row.name}{NBSP}: {row.told}" for row in rows) + ".",
        lecture=texte(
            f"Lecture{NBSP}: {first.name}, l'EBE emploie {_staff_told(known[0])} personnes, et un effet n'y serait visible qu'à "
            f"partir de {decimal(known[0].detectable or 0, 0)} emplois."
        ),
        champ=f"Champ{NBSP}: territoires dont un effectif d'EBE est publié et dont l'effet visible est calculé.",
        note=html.escape(
            "L'effet visible vient des écarts de communes de taille semblable où rien n'a eu lieu. La zone de la série n'est pas "
            f"toujours le périmètre. Source{NBSP}: Urssaf, effectifs salariés du privé{NBSP}; effectifs d'EBE publiés{NBSP}; "
            "calculs du bilan.",
            quote=False,
        ),
        data=table,
    ).block() + _stops(etude, compared)


def _ratio(c: Comparaison) -> tuple[float, float] | None:
    """The size of the EBE over the least visible effect, from its two bounds; None where one is not known."""
    if not c.detectable or c.ebe_bas is None:
        return None
    return c.ebe_bas / c.detectable, (c.ebe_bas if c.ebe_haut is None else c.ebe_haut) / c.detectable


def _visible_finding(seen: int, known: int) -> str:
    """How many EBE are large enough for an effect of their size to be seen."""
    if not seen:
        return f"Aucun des {known} territoires n'a une EBE assez grande pour qu'un effet y soit visible à coup sûr"
    verb = "a" if seen == 1 else "ont"
    return f"{counted(seen, 'territoire', 'territoires')} sur {known} {verb} une EBE assez grande pour qu'un effet y soit visible"


def _visible_told(c: Comparaison) -> str:
    return f"EBE {_staff_told(c)}, visible dès {decimal(c.detectable or 0, 0)}"


def _visible_table(etude: Etude, compared: Sequence[Comparaison]) -> Table:
    columns = (
        Column("Territoire"),
        Column("Zone de la série"),
        Column("Emplois privés avant", True),
        Column("Plus petit effet visible (emplois)", True),
        Column("Soit (%)", True),
        Column("Salariés de l'EBE", True),
    )
    rows = [
        [
            texte(etude.nom(c.territoire)),
            texte(c.zone_nom),
            _known(c.taille, "emplois"),
            _known(c.detectable, "emplois"),
            _known(c.detectable_pct, "%", decimals=1),
            _staff(c),
        ]
        for c in compared
    ]
    return Table(
        "ce-qui-peut-se-voir-donnees", "Ce que l'on pouvait voir, territoire par territoire", columns, rows
    )


def _stops(etude: Etude, compared: Sequence[Comparaison]) -> Block:
    """The places where nothing is estimated, and why."""
    found = [c for c in compared if c.motif]
    if not found:
        return Block("")
    items = "".join(
        f"<li>{texte(f'{etude.nom(c.territoire)}{NBSP}: {etude.motif(c)}{_stop_told(c)}')}</li>"
        for c in found
    )
    return Block(f"<p>Le chapitre s'arrête à ce constat pour&nbsp;:</p><ul>{items}</ul>")


def _stop_told(c: Comparaison) -> str:
    """The least visible effect beside the size of the EBE, at the end of a sentence that stops; empty if none."""
    if c.detectable is None:
        return ""
    share = "" if c.detectable_pct is None else f", soit {quantite(c.detectable_pct, 'pour_cent')}"
    staff = "" if c.ebe_bas is None else f", quand l'EBE emploie {_staff_told(c)} personnes"
    return (
        f" L'étude n'y verrait, huit fois sur dix, qu'un effet d'au moins {quantite(c.detectable, 'emplois')}{share}"
        f"{staff}."
    )


def _staff(c: Comparaison) -> str:
    if c.ebe_bas is None:
        return '<span class="absent">non publié</span>'
    exact = c.ebe_bas if c.ebe_bas == c.ebe_haut else None
    return number(_staff_told(c), exact, "personnes")


def _staff_told(c: Comparaison) -> str:
    """How many people the EBE employs, as published: a number, two bounds, or the only one printed."""
    low, high = c.ebe_bas or 0.0, c.ebe_haut
    if high is None:
        return f"{decimal(low, 0)} au moins"
    return decimal(low, 0) if low == high else f"{decimal(low, 0)} à {decimal(high, 0)}"


def _known(value: float | None, unit: str, *, decimals: int = 0) -> str:
    if value is None:
        return '<span class="absent">absent</span>'
    return number(decimal(value, decimals), round(value, decimals), unit)
