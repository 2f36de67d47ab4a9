"""« La parole du territoire »: what was said of a chapter, what was answered, what changed in the text."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Sequence
from datetime import date
from statistics import median
from typing import Final

from analysis.noyau.french import counted
from analysis.noyau.periods import long_date
from analysis.presentation.numbers import NBSP, decimal
from analysis.presentation.parts.attentes import REMARQUES, attente
from analysis.presentation.parts.blocks import Block, Column, Table
from analysis.presentation.parts.ecrits import put_later
from analysis.presentation.parts.links import released_content
from analysis.presentation.parts.prose import paragraphs, propos, word_changes
from analysis.presentation.parts.tables import absence
from analysis.secret.bundle import Bundle
from analysis.secret.release import Parole

_MARKS: Final = {"del": "s", "ins": "strong"}
ANSWERED: Final = ("pris_en_compte", "repondu", "desaccord_maintenu")
_WITHHELD: Final = {
    "demande": "Son texte n'est pas publié : son auteur n'y a pas consenti, ou il permettrait de le reconnaître.",
    "non_demande": "Son texte n'est pas publié : l'accord de son auteur n'a pas été demandé.",
}
_CHANGE_WITHHELD: Final = "non publié, comme la remarque dont il vient"


@put_later("parole")
def du_territoire(bundle: Bundle) -> Block:
    """Every remark made on a territory's chapter, with its answer; unresolved disagreements come first."""
    said = _kept(bundle)
    if not said:
        return attente(bundle, REMARQUES)
    ordered = sorted(said, key=lambda p: (not _is_open(p), p.ancre, p.date, p.id))
    unsettled = sum(map(_is_open, said))
    head = counted(len(said), "remarque reçue", "remarques reçues")
    if unsettled:
        head += f", dont {counted(unsettled, 'désaccord qui demeure', 'désaccords qui demeurent')}"
    by_id = {parole.id: parole for parole in said}
    remarks = "\n".join(_remark(bundle, parole, by_id.get(parole.reponse_a)) for parole in ordered)
    return Block(f'<section class="parole"><p>{html.escape(head, quote=False)}.</p>\n{remarks}</section>')


def _remark(bundle: Bundle, parole: Parole, answered: Parole | None) -> str:
    """One remark: its kind and who made it, the remark that it answers, the passage, its words, the answer."""
    kind = bundle.label("genre_commentaire", parole.genre) if parole.genre else "Remarque"
    who = _who(bundle, parole)
    if answered is not None:
        who += f" ; en réponse à{NBSP}: {_who(bundle, answered)}"
    if _is_open(parole):
        kind = "Désaccord qui demeure"
    lines = [
        f"<p><strong>{html.escape(kind, quote=False)}</strong> ({html.escape(who, quote=False)}){_where(bundle, parole)}</p>"
    ]
    if parole.citation:
        lines.append(f'<p class="note">Passage{NBSP}: «{NBSP}{propos(parole.citation)}{NBSP}»</p>')
    body = paragraphs(parole.texte) if parole.texte else f"<p>{_withheld(parole)}</p>"
    lines.append(f"<blockquote>{body}</blockquote>")
    lines.append(_answer(bundle, parole))
    return "\n".join(lines)


def _who(bundle: Bundle, parole: Parole) -> str:
    """The college of a remark and its day."""
    who = bundle.label("college", parole.role) if parole.role else "Collège non précisé"
    return f"{who}, {long_date(date.fromisoformat(parole.date))}" if parole.date else who


def _where(bundle: Bundle, parole: Parole) -> str:
    """The place of a remark: a link to its passage, or why there is none."""
    if parole.rattachement == "orphelin":
        return " : le passage n'est plus dans le texte"
    link = f'<a class="passage" href="#{html.escape(parole.ancre)}">voir le passage</a>'
    if parole.rattachement == "en_place":
        return f"{NBSP}: {link}"
    label = bundle.label("rattachement", parole.rattachement).lower()
    return f"{NBSP}: {link} ({html.escape(label, quote=False)})"


def _answer(bundle: Bundle, parole: Parole) -> str:
    if parole.statut not in ANSWERED:
        return '<p class="absence">Sans réponse à ce jour.</p>'
    when = long_date(date.fromisoformat(parole.date_reponse))
    state = bundle.label("statut_commentaire", parole.statut)
    head = f"<strong>Réponse de l'équipe</strong> ({html.escape(f'{when} ; {state.lower()}', quote=False)})"
    said = propos(parole.reponse) if parole.reponse else ""
    change = f"Ce qui a changé{NBSP}: {propos(parole.changement)}" if parole.changement else ""
    body = " ".join(part for part in (said, change) if part)
    return f"<p>{head}{NBSP}: {body}</p>" if body else f"<p>{head}.</p>"


@put_later("qui-a-parle")
def qui_a_parle(bundle: Bundle) -> Block:
    """Who spoke: remarks by college and territory, each college's share, answers and their delay."""
    said = _kept(bundle)
    if not said:
        return attente(bundle, REMARQUES)
    colleges = [*((choix.code, choix.libelle) for choix in bundle.listes["college"]), ("", "Non précisé")]
    by_place = {t.code: [p for p in said if p.territoire == t.code] for t in bundle.territoires}
    names = {t.code: t.nom for t in bundle.territoires}
    rows = [
        [f'<a href="{code}.html">{html.escape(names[code], quote=False)}</a>', *_counts(here, colleges)]
        for code, here in by_place.items()
    ]
    rows.append(["Ensemble", *_counts(said, colleges)])
    columns = (
        Column("Territoire"),
        *(Column(label, True) for _, label in colleges),
        Column("Remarques", True),
        Column("Avec réponse (%)", True),
        Column("Délai médian (jours)", True),
    )
    note = html.escape(_parity(said, colleges), quote=False)
    return Table("qui-a-parle", "Qui a parlé des chapitres", columns, rows, note=note).block()


def _counts(said: Sequence[Parole], colleges: Sequence[tuple[str, str]]) -> list[str]:
    """The cells of one row: remarks by college, in all, the share answered, the median delay of answers."""
    count = Counter(parole.role for parole in said)
    answered = [parole for parole in said if parole.statut in ANSWERED]
    share = decimal(100 * len(answered) / len(said), 0) if said else "–"
    delays = [delay for parole in answered if (delay := _delay(parole)) is not None]
    waited = decimal(median(delays), 0) if delays else "–"
    return [*(decimal(count[code], 0) for code, _ in colleges), decimal(len(said), 0), share, waited]


def _delay(parole: Parole) -> int | None:
    """Days from a remark to its answer; None where the remark bears no date, or a later one."""
    if not parole.date:
        return None
    days = (date.fromisoformat(parole.date_reponse) - date.fromisoformat(parole.date)).days
    return days if days >= 0 else None


def _parity(said: Sequence[Parole], colleges: Sequence[tuple[str, str]]) -> str:
    """The share of each college among the remarks whose college is known, against an equal one."""
    known = Counter(parole.role for parole in said if parole.role)
    total = sum(known.values())
    if not total:
        return "Aucune remarque ne dit son collège."
    equal = 100 / (len(colleges) - 1)
    shares = [f"{label} {decimal(100 * known[code] / total, 0)} %" for code, label in colleges if code]
    return (
        f"Parité des collèges : à parts égales, chacun aurait {decimal(equal, 0)} % des remarques ; "
        f"{', '.join(shares)}. Un collège qui n'a rien écrit peut avoir parlé ailleurs."
    )


@put_later("desaccords")
def desaccords(bundle: Bundle) -> Block:
    """The disagreements that remain, of every territory."""
    left = [parole for parole in _kept(bundle) if _is_open(parole)]
    if not left:
        return absence("Désaccords qui demeurent : aucun.") if bundle.paroles else Block("")
    rows = []
    for parole in left:
        words = propos(parole.texte) if parole.texte else _withheld(parole)
        state = bundle.label("statut_commentaire", parole.statut)
        who = bundle.label("college", parole.role) if parole.role else "non précisé"
        name = html.escape(bundle.place_name(parole.territoire), quote=False)
        place = f'<a href="{parole.territoire}.html">{name}</a>'
        rows.append([place, html.escape(who, quote=False), words, html.escape(state, quote=False)])
    columns = (Column("Territoire"), Column("Collège"), Column("Ce qui est dit"), Column("Où l'on en est"))
    return Table("desaccords-maintenus", "Les désaccords qui demeurent", columns, rows).block()


@put_later("changements")
def changements(bundle: Bundle) -> Block:
    """What changed in the chapters because of a remark: the passage before and after."""
    changed = [parole for parole in _kept(bundle) if parole.statut == "pris_en_compte"]
    if not changed:
        said = "Ce qui a changé dans les textes : aucune remarque n'a encore fait changer un texte."
        return absence(said) if bundle.paroles else Block("")
    rows = []
    for parole in sorted(changed, key=lambda p: (p.territoire, p.date_reponse, p.id)):
        name = html.escape(bundle.place_name(parole.territoire), quote=False)
        when = long_date(date.fromisoformat(parole.date_reponse))
        rows.append(
            [
                f'<a href="{parole.territoire}.html">{name}</a>',
                propos(parole.changement) if parole.changement else _absent(_CHANGE_WITHHELD),
                _difference(parole),
                html.escape(when),
            ]
        )
    columns = (
        Column("Territoire"),
        Column("Ce qui a changé"),
        Column("Le passage, avant et après"),
        Column("Le"),
    )
    return Table(
        "changements-relecture", "Ce qui a changé dans les textes à la suite d'une remarque", columns, rows
    ).block()


def _difference(parole: Parole) -> str:
    """The words taken out and put in of a passage, with a few around them; or why they are not seen."""
    if not parole.texte:
        return _absent(_CHANGE_WITHHELD)
    if parole.avant == parole.apres:
        return _absent("le texte relu et celui d’aujourd’hui sont les mêmes")
    parts = []
    for kind, words in word_changes(parole.avant, parole.apres):
        text = propos(_around(words) if kind == "equal" else " ".join(words))
        parts.append(text if kind == "equal" else f"<{_MARKS[kind]}>{text}</{_MARKS[kind]}>")
    return " ".join(parts)


def _around(words: Sequence[str]) -> str:
    """The words that did not change, the middle of a long run of them left out.

    >>> _around("un deux trois quatre cinq six sept huit neuf dix onze douze treize".split())
    'un deux trois quatre cinq […] neuf dix onze douze treize'
    """
    if len(words) <= 12:
        return " ".join(words)
    return f"{' '.join(words[:5])} […] {' '.join(words[-5:])}"


def _kept(bundle: Bundle) -> list[Parole]:
    """The remarks that their authors have not withdrawn."""
    return [p for p in map(released_content, bundle.paroles) if p.statut != "retire"]


def _is_open(parole: Parole) -> bool:
    """Whether a remark is a disagreement that nothing has settled."""
    return parole.genre == "desaccord" and parole.statut in ("a_repondre", "desaccord_maintenu")


def _withheld(parole: Parole) -> str:
    """Why the words of a remark are not shown."""
    return html.escape(_WITHHELD[parole.accord], quote=False)


def _absent(reason: str) -> str:
    return f'<span class="absent">{html.escape(reason, quote=False)}</span>'
