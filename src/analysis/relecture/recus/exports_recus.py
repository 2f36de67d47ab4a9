"""Read what people wrote elsewhere: annotations of Hypothesis, comments of Decidim, answers of LimeSurvey.

Of an account, nothing is read: neither its name nor its number.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from analysis.depot.enquetes.limesurvey import EN_TETES, SANS_CONVERSION, TECHNIQUES, separateur
from analysis.depot.formes.coffre import LARGEST_FILE, Refused
from analysis.noyau.declared.csv_files import LARGEST_CELL
from analysis.noyau.errors import Finding
from analysis.relecture.ancres import Version, day_of, plain
from analysis.relecture.recus.feuille_recue import anchor_of
from analysis.relecture.remarques import (
    NON,
    OUI,
    Lecture,
    Listes,
    Remarque,
    cleaned,
    consent_of,
    genre_of,
    is_clear_consent,
    of_person,
    refuse_too_many,
)
from analysis.relecture.remis.formulaire import anchor_of_code, codes, colonnes, column_of

PUBLISH = "publier"
"""The tag by which the author of an annotation accepts that it be published."""

_ALIGNMENTS = {"1": "accord", "-1": "desaccord"}
_UNANSWERED = "N/A"
_DOWNLOADED_AGAIN = re.compile(r" ?\(\d+\)$")
_REMARK, _BODY, _CONSENT = "remarque", "body", "consent"


def read_hypothesis(content: bytes, version: Version, listes: Listes, *, fichier: str) -> Lecture:
    """The annotations of a search of Hypothesis (``rows``, or the list alone) on the pages of a chapter.

    The kind and the college stand in the tags, the consent in the tag « publier »; an answer to another
    annotation stands where that one does. Raises Refused for a file that is no such list.
    """
    rows = _rows_of_json(content)
    refuse_too_many(len(rows))
    by_id = {row["id"]: row for row in rows if isinstance(row.get("id"), str)}
    remarks, findings = [], []
    for rank, row in enumerate(rows, start=1):
        fault = _annotation_fault(row, version)
        if fault:
            found, expected = fault
            findings.append(Finding(fichier, rank, None, found, expected))
        else:
            remarks.append(_annotation(row, by_id, version, listes))
    return Lecture("hypothesis", tuple(remarks), len(rows), tuple(findings), len(findings))


def read_table(content: bytes, version: Version, listes: Listes, *, fichier: str, cle: str) -> Lecture:
    """The comments of an export of Decidim, or the answers of LimeSurvey, whichever the columns say.

    Raises Refused for a table that is neither, and for answers that a setting of the export spoils.
    """
    heads, rows = _csv(content)
    if _REMARK in heads or {"submitdate", *TECHNIQUES} & set(heads):
        _refuse_spoilt(heads, [row for _, row in rows])
    origin: str
    one: Callable[[Mapping[str, str]], Remarque]
    if _REMARK in heads:
        origin, one = "limesurvey", lambda row: _answer(row, version, listes, cle)
    elif any(head == _BODY or head.startswith(f"{_BODY}/") for head in heads):
        origin, one = "decidim", lambda row: _comment(row, version)
    else:
        raise Refused(
            "fichier_inconnu",
            "un tableau sans colonne « body » (Decidim) ni « remarque » (LimeSurvey)",
            "un export de commentaires de Decidim, ou de réponses de LimeSurvey",
            "Exportez les commentaires au format CSV, sans renommer les colonnes.",
        )
    refuse_too_many(len(rows))
    remarks, findings, refused = [], [], 0
    for line, row in rows:
        remark = one(row)
        if row.get("deleted_at") or plain(row.get("hidden", "")) in ("true", "1", "oui"):
            remedy = "S'il était déjà reçu, retirez-le : « bilan relecture retirer »."
            found = "un commentaire supprimé ou masqué"
            findings.append(Finding(fichier, line, None, found, "un commentaire", remedy))
            refused += 1
        elif consent_of(row.get(_CONSENT, "")) == NON:
            findings.append(Finding(fichier, line, None, "un refus de donner son avis", "un avis"))
            refused += 1
        elif not remark.texte.strip():
            findings.append(Finding(fichier, line, None, "une remarque vide", "un texte"))
            refused += 1
        else:
            findings += _unknown(row, remark, line, fichier)
            remarks.append(remark)
    return Lecture(origin, tuple(remarks), len(rows), tuple(findings), refused)


def _refuse_spoilt(heads: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    """Raise Refused for answers of LimeSurvey that lack a question, or of which yes and no were converted."""
    missing = [code for code in codes() if code not in heads]
    if missing:
        raise Refused(
            "fichier_inconnu",
            f"des réponses de LimeSurvey sans {', '.join(f'« {code} »' for code in missing)}",
            "toutes les questions du formulaire de relecture",
            EN_TETES,
        )
    told = {row.get(name, "").strip() for row in rows for name in (_CONSENT, PUBLISH)}
    if told & {"1", "2"}:
        raise Refused(
            "fichier_inconnu",
            "des « oui » et des « non » convertis en chiffres",
            "les réponses « Oui » et « Non », ou leurs codes « Y » et « N »",
            f"Dans LimeSurvey, « Exporter » : {SANS_CONVERSION}.",
        )


def pages_of(content: bytes) -> frozenset[str]:
    """The names of the pages that annotations of Hypothesis are about; raises Refused as the reading does."""
    return frozenset(_page(row) for row in _rows_of_json(content)) - {""}


def is_page_of(page: str, territoire: str) -> bool:
    """Whether a page's name is that of a territory's chapter, on the site or in a pack.

    >>> is_page_of("val", "val"), is_page_of("chapitre-val", "val"), is_page_of("vallon", "val")
    (True, True, False)
    """
    return page in (territoire, f"chapitre-{territoire}", f"apercu-{territoire}")


def _rows_of_json(content: bytes) -> list[dict[str, Any]]:
    try:
        if len(content) > LARGEST_FILE:
            raise ValueError("too large")
        found = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        found = None
    rows = found.get("rows") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refused(
            "fichier_inconnu",
            "un fichier JSON qui n'est pas une liste d'annotations",
            "le résultat d'une recherche de l'API d'Hypothesis (« rows »)",
            "Exportez de nouveau les annotations de la page.",
        )
    return rows


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The names of an object and their values; raises Refused where one is there twice: one would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Refused(
            "fichier_abime",
            "un fichier JSON où un nom se répète : de deux listes d'annotations, une serait perdue",
            "chaque nom une seule fois",
            "Exportez de nouveau les annotations ; de deux exports, faites deux fichiers.",
        )
    return found


def _annotation_fault(row: Mapping[str, Any], version: Version) -> tuple[str, str] | None:
    """Why an annotation is not taken: what was found, what was expected."""
    if row.get("hidden") is True:
        return "une annotation masquée par un modérateur", "une annotation visible"
    page = _page(row)
    if page and not is_page_of(page, version.territoire):
        return "une annotation d'une autre page", f"une annotation du chapitre « {version.territoire} »"
    if not _string(row, "text").strip():
        return "un surlignage sans texte", "une annotation qui dit quelque chose"
    return None


def _annotation(
    row: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]], version: Version, listes: Listes
) -> Remarque:
    place = row
    if not _quote(row)[0]:
        references = row.get("references")
        first = references[0] if isinstance(references, list) and references else None
        place = by_id.get(first, row) if isinstance(first, str) else row
    quote, before = _quote(place)
    tags = [tag for tag in row.get("tags") or () if isinstance(tag, str)] if _is_list(row, "tags") else []
    text, brut = of_person(_string(row, "text"))
    return Remarque(
        text,
        ancre=_known_anchor(_fragment(place), version),
        citation=cleaned(quote)[0],
        avant_citation=before,
        role=next((code for tag in tags if (code := listes.college(tag))), ""),
        date=day_of(_string(row, "created")),
        genre=next((code for tag in tags if (code := listes.genre(tag))), "") or genre_of(text),
        consentement=OUI if any(plain(tag) == PUBLISH for tag in tags) else "",
        cle=_string(row, "id") or _string(row, "created"),
        repere=_string(row, "id"),
        repond_a=_answered(row),
        brut=brut,
    )


def _is_list(row: Mapping[str, Any], name: str) -> bool:
    return isinstance(row.get(name), list)


def _string(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _answered(row: Mapping[str, Any]) -> str:
    """The annotation that an annotation answers: the last of its thread, empty for none."""
    thread = row.get("references")
    last = thread[-1] if isinstance(thread, list) and thread else ""
    return last if isinstance(last, str) else ""


def _selectors(row: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The selectors of the targets of an annotation, whatever else stands there."""
    for target in row["target"] if _is_list(row, "target") else ():
        if isinstance(target, dict) and _is_list(target, "selector"):
            yield from (selector for selector in target["selector"] if isinstance(selector, dict))


def _quote(row: Mapping[str, Any]) -> tuple[str, str]:
    """The words that are annotated, and those just before them."""
    for selector in _selectors(row):
        if selector.get("type") == "TextQuoteSelector":
            return _string(selector, "exact"), _string(selector, "prefix")
    return "", ""


def _fragment(row: Mapping[str, Any]) -> str:
    """The anchor that an annotation names, by its selector or by its page's address."""
    for selector in _selectors(row):
        if selector.get("type") == "FragmentSelector":
            return _string(selector, "value").removeprefix("#")
    return unquote(_split(_string(row, "uri"))[1])


def _page(row: Mapping[str, Any]) -> str:
    path = unquote(_split(_string(row, "uri"))[0])
    name = path.rpartition("/")[2]
    return name.removesuffix(".html")


def _split(address: str) -> tuple[str, str]:
    """The path and the fragment of an address, empty for what is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.path, parts.fragment


def _known_anchor(anchor: str, version: Version) -> str:
    return anchor if anchor in version.by_anchor else ""


def _csv(content: bytes) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """The header and the rows of a CSV file in UTF-8, by their line; raises Refused."""
    try:
        if len(content) > LARGEST_FILE:
            raise ValueError("too large")
        text = content.decode("utf-8-sig").replace("\x00", "\ufffd")
        csv.field_size_limit(LARGEST_CELL)
        separator = separateur(text.partition("\n")[0], _is_known)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        heads = [column_of(head) for head in next(reader)]
        rows, start = [], reader.line_num + 1
        for cells in reader:
            if any(cells):
                if len(cells) != len(heads):
                    raise ValueError("cells")
                rows.append((start, dict(zip(heads, cells, strict=True))))
            start = reader.line_num + 1
    except (ValueError, csv.Error, StopIteration):
        raise Refused(
            "fichier_abime",
            "un fichier CSV illisible (encodage, séparateur, guillemets, ou une cellule démesurée)",
            "un CSV en UTF-8, séparé par « ; », « , » ou une tabulation",
            "Exportez-le de nouveau, sans l'ouvrir dans un tableur entre-temps.",
        ) from None
    return heads, rows


def _is_known(head: str) -> bool:
    """Whether a header is of an export of LimeSurvey, or of Decidim."""
    return bool(colonnes().nom(head)) or plain(head).startswith((_BODY, "commentable"))


def _unguarded(text: str) -> str:
    """A text without the apostrophe that an export puts before a sign, which is not the person's."""
    return text[1:] if text[:2] in ("'=", "'+", "'-", "'@") else text


def _comment(row: Mapping[str, str], version: Version) -> Remarque:
    """One comment of Decidim."""
    bodies = [row[name] for name in row if name == _BODY or name.startswith(f"{_BODY}/")]
    text = next((body for body in bodies if body.strip()), "")
    text, brut = of_person(_unguarded(text))
    is_answer = row.get("commentable_type", "").endswith("Comment")
    fragments = (_split(value)[1] for name, value in row.items() if name.endswith("commentable_url"))
    anchor = next((f for f in fragments if f), "")
    return Remarque(
        text,
        ancre=_known_anchor(unquote(anchor), version),
        date=day_of(row.get("created_at", "")),
        genre=_ALIGNMENTS.get(row.get("alignment", "").strip("' "), "") or genre_of(text),
        cle=row.get("id", "") or row.get("created_at", ""),
        repere=row.get("id", ""),
        repond_a=row.get("commentable_id", "") if is_answer else "",
        brut=brut,
    )


def _answer(row: Mapping[str, str], version: Version, listes: Listes, cle: str) -> Remarque:
    """One answer to the questionnaire of review, by codes or by labels."""
    text, brut = of_person(_unguarded(row.get(_REMARK, "")))
    publish = row.get(PUBLISH, "")
    return Remarque(
        text,
        ancre=anchor_of_code(row.get("passage", ""), version) or anchor_of(row.get("passage", ""), version),
        role=listes.college(row.get("college", "")),
        date=day_of(row.get("submitdate", "")),
        genre=listes.genre(row.get("genre", "")) or genre_of(text),
        consentement=consent_of("" if publish.strip() == _UNANSWERED else publish),
        cle=f"{_DOWNLOADED_AGAIN.sub('', cle)} {row.get('id', '')} {row.get('submitdate', '')}",
        typed=True,
        brut=brut,
        numero=_number(row),
    )


def _number(row: Mapping[str, str]) -> str:
    """What tells an answer however it is exported: its number and its seed, else its date and its words.

    Empty for an answer without a number. The name of the file is none of it: browsers change it.
    """
    number, seed = row.get("id", ""), row.get("seed", "")
    if seed or not number:
        return f"{number} {seed}" if number else ""
    return f"{number} {row.get('submitdate', '')} {_unguarded(row.get(_REMARK, ''))}"


def _unknown(row: Mapping[str, str], remark: Remarque, line: int, fichier: str) -> Iterator[Finding]:
    """What an answer says that is in no list; nothing of it is quoted."""
    told: Sequence[tuple[str, str]] = (
        ("passage", remark.ancre),
        ("college", remark.role),
        ("genre", remark.genre),
        (PUBLISH, OUI if is_clear_consent(row.get(PUBLISH, "")) else ""),
    )
    for name, understood in told:
        if row.get(name, "").strip() not in ("", _UNANSWERED) and not understood:
            found, expected = "une réponse hors de la liste", "un code ou un libellé de la liste"
            yield Finding(fichier, line, name, found, expected, "La remarque est gardée sans elle.")
