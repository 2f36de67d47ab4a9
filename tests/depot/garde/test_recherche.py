"""A person is found wherever her identifier stands in a file; what cannot be opened may hold her."""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path

import pytest

from analysis.depot.formes.passages import (
    CELL,
    CHANGES,
    LARGEST_RATIO,
    LINK,
    NAME,
    NOTE,
    PIVOT,
    PROPERTIES,
    TEXT,
)
from analysis.depot.garde.recherche import Trouvaille, search, spellings

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
X = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
ODF = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)
OFFICE = {"[Content_Types].xml": "<Types/>"}


def archive(parts: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return content.getvalue()


def office(**parts: str) -> bytes:
    """An office file with one part, its name written with two underscores for a slash."""
    return archive({**OFFICE, **{name.replace("__", "/") + ".xml": part for name, part in parts.items()}})


def ods(body: str, **parts: str) -> bytes:
    content = f"<office:document-content {ODF}><office:body>{body}</office:body></office:document-content>"
    others = {f"{name}.xml": part for name, part in parts.items()}
    return archive(
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content, **others}
    )


def held(tmp_path: Path, name: str, content: bytes, identifiant: str = "P-018") -> str | None:
    """Where a file holds a person, « ? » and the reason where nobody can tell, None where it does not."""
    path = tmp_path / name
    path.write_bytes(content)
    found = search([path], identifiant)
    return (found[0].lieu or f"? {found[0].raison}") if found else None


def cell(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


XLSX = {
    CELL: office(xl__sharedStrings=f"<sst {X}><si><t>vu avec p018</t></si></sst>"),
    NOTE: office(
        xl__comments__comment1=f'<comments {X}><comment ref="D4"><text><t>P-018 : vue</t></text></comment></comments>'
    ),
    CHANGES: office(
        xl__revisions__revisionLog1=f'<revisions {X}><rcc><nc r="A5"><is><t>P-018</t></is></nc></rcc></revisions>'
    ),
    LINK: office(
        xl__externalLinks__externalLink1=f'<externalLink {X}><cell r="A6" t="str"><v>P-018</v></cell></externalLink>'
    ),
    PIVOT: office(
        xl__pivotCache__pivotCacheRecords1=f'<pivotCacheRecords {X}><r><s v="P-018"/></r></pivotCacheRecords>'
    ),
    PROPERTIES: office(
        docProps__custom='<Properties><property name="Suivi"><lpwstr>P-018</lpwstr></property></Properties>'
    ),
    "un nom de feuille ou de plage": office(
        xl__workbook=f'<workbook {X}><sheets><sheet name="P-018" state="veryHidden"/></sheets></workbook>'
    ),
}
ODS = {
    NOTE: ods(
        "<table:table table:name='A'><table:table-row><table:table-cell><office:annotation><text:p>P-018</text:p></office:annotation></table:table-cell></table:table-row></table:table>"
    ),
    CHANGES: ods(
        "<table:tracked-changes><table:change-track-table-cell><text:p>P-018</text:p></table:change-track-table-cell></table:tracked-changes>"
    ),
    LINK: ods(
        f"""<table:table table:name="'file:///partage/suivi.ods'#Suivi"><table:table-row>{cell("P-018")}</table:table-row></table:table>"""
    ),
    CELL: ods(
        f"<table:table table:name='A'><table:table-row>{cell('P-<text:span>018</text:span>')}</table:table-row></table:table>"
    ),
    PROPERTIES: ods(
        "", meta=f"<office:document-meta {ODF}><title>suivi de P-018</title></office:document-meta>"
    ),
    "un en-tête ou un pied de page": ods(
        "",
        styles=f"<office:document-styles {ODF}><style:header><text:p>P-018</text:p></style:header></office:document-styles>",
    ),
}
DOCX = {
    TEXT: office(
        word__document=f"<w:document {W}><w:p><w:r><w:rPr><w:b/></w:rPr><w:t>reçue : P</w:t></w:r><w:r><w:noBreakHyphen/><w:t>018.</w:t></w:r></w:p></w:document>"
    ),
    CHANGES: office(
        word__document=f"<w:document {W}><w:p><w:del><w:r><w:delText>P-018</w:delText></w:r></w:del></w:p></w:document>"
    ),
    "un commentaire": office(
        word__comments=f"<w:comments {W}><w:comment><w:p><w:r><w:t>P 018</w:t></w:r></w:p></w:comment></w:comments>"
    ),
    "un en-tête ou un pied de page": office(
        word__header1=f"<w:hdr {W}><w:p><w:r><w:t>P_018</w:t></w:r></w:p></w:hdr>"
    ),
    PROPERTIES: office(docProps__core="<coreProperties><subject>P-018</subject></coreProperties>"),
}
FLAT = {
    "utf8.csv": "jeton;réponse\np018;é".encode(),
    "latin.txt": "réunion avec P–018".encode("cp1252"),
    "utf16.txt": "P-018".encode("utf-16"),
    "utf16-sans-marque.txt": "P-018".encode("utf-16-le"),
    "page.html": b"<p>P&#45;018</p>",
    "notes.rtf": rb"{\rtf1 vue : \b P\_018\b0 .}",
    "quoted.eml": b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nP=2D018",
}


@pytest.mark.parametrize(
    ("name", "lieu", "content"),
    [
        *(("a.xlsx", lieu, content) for lieu, content in XLSX.items()),
        *(("a.ods", lieu, content) for lieu, content in ODS.items()),
        *(("a.docx", lieu, content) for lieu, content in DOCX.items()),
        *((name, TEXT, content) for name, content in FLAT.items()),
    ],
)
def test_a_person_is_found_in_every_part_of_a_file(
    tmp_path: Path, name: str, lieu: str, content: bytes
) -> None:
    assert held(tmp_path, name, content) == lieu
    assert held(tmp_path, name, content, "P-019") is None


def test_a_person_is_found_in_the_members_of_an_archive(tmp_path: Path) -> None:
    inner = archive({"notes.txt": "P-018", "photos/vide.txt": ""})
    assert held(tmp_path, "envoi.zip", archive({"envoi.zip": inner})) == TEXT
    assert held(tmp_path, "rapport.docx", office(word__document=f"<w:document {W}/>")) is None
    attached = archive({**OFFICE, "word/embeddings/suivi.xlsx": XLSX[NOTE]})
    assert held(tmp_path, "rapport.docx", attached) == NOTE


def test_a_person_is_found_in_what_is_attached_to_a_message(tmp_path: Path) -> None:
    joined = base64.encodebytes(XLSX[CELL]).decode()
    message = (
        'Subject: envoi\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n--x\n'
        "Content-Type: application/octet-stream; name=suivi.xlsx\nContent-Transfer-Encoding: base64\n\n"
        f"{joined}\n--x--\n"
    )
    assert held(tmp_path, "envoi.eml", message.encode()) == CELL
    subject = b"Subject: =?utf-8?q?suivi_P=2D018?=\n\nbonjour"
    assert held(tmp_path, "envoi.eml", subject) == "l'en-tête d'un courriel"


def test_the_name_of_a_file_is_a_text(tmp_path: Path) -> None:
    assert held(tmp_path, "entretien-P-018.txt", b"") == NAME
    assert (
        held(tmp_path, "envoi.zip", archive({"P018/entretien.txt": ""}))
        == f"le nom d'un fichier de l'archive, ou {NAME}"
    )


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("photo.jpg", bytes(range(256)) * 40, "un format que le programme ne lit pas, image ou autre"),
        ("scan.pdf", b"%PDF-1.7 x", "un PDF"),
        ("abime.xlsx", b"PK\x03\x04" + b"x" * 300, "une archive abîmée"),
        ("coupe.docx", DOCX[TEXT][:-60], "une archive abîmée"),
        (
            "vieux.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "un ancien format (.doc, .xls, .msg) ou un fichier protégé par un mot de passe",
        ),
        (
            "photos.zip",
            archive({"a.png": b"\x89PNG\x00\x01\x02\x03\x04"}),
            "un format que le programme ne lit pas, image ou autre, dans ce fichier",
        ),
        (
            "protege.ods",
            archive({"mimetype": "x", "META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"}),
            "un fichier protégé par un mot de passe, dans ce fichier",
        ),
        (
            "entites.docx",
            office(word__document='<!DOCTYPE a [<!ENTITY x "P-01">]><a>&x;8</a>'),
            "un contenu abîmé, dans ce fichier",
        ),
        (
            "bombe.zip",
            archive({"a.txt": b"x" * LARGEST_RATIO * 40_000}),
            "un contenu qui se déplie sans mesure, dans ce fichier",
        ),
        ("foule.zip", archive({f"{n}.txt": "" for n in range(2001)}), "une archive de trop de fichiers"),
        (
            "lzma.zip",
            archive({"a.txt": "P-018"}, zipfile.ZIP_LZMA),
            "une compression inhabituelle, dans ce fichier",
        ),
    ],
)
def test_what_cannot_be_opened_may_hold_a_person(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    assert held(tmp_path, name, content) == f"? {reason}"


def test_a_locked_member_may_hold_a_person_and_the_others_are_searched(tmp_path: Path) -> None:
    content = bytearray(archive({"a.txt": "rien", "b.txt": "P-019"}))
    for place in (6, content.index(b"PK\x01\x02") + 8):  # the flag « encrypted » of the first member
        content[place] |= 1
    assert (
        held(tmp_path, "envoi.zip", bytes(content))
        == "? un fichier protégé par un mot de passe, dans ce fichier"
    )
    assert held(tmp_path, "envoi.zip", bytes(content), "P-019") == TEXT


def test_archives_inside_one_another_end(tmp_path: Path) -> None:
    content = archive({"notes.txt": "P-018"})
    for _ in range(6):
        content = archive({"a.zip": content})
    assert (
        held(tmp_path, "poupees.zip", content)
        == "? une archive trop grande ou trop profonde, dans ce fichier"
    )


def test_pictures_and_layout_of_an_office_file_are_not_doubted(tmp_path: Path) -> None:
    parts = {
        **OFFICE,
        "word/media/image1.png": bytes(range(256)),
        "word/theme/theme1.xml": "<a>",
        "docProps/thumbnail.jpeg": b"\xff\0",
    }
    assert held(tmp_path, "a.docx", archive({**parts, "word/document.xml": f"<w:document {W}/>"})) is None


def test_a_reference_is_no_identifier(tmp_path: Path) -> None:
    sheet = f'<worksheet {X}><c r="P18" t="s"><f>P18+$P$18</f><v>18</v></c><dataValidation sqref="P18"/></worksheet>'
    assert held(tmp_path, "a.xlsx", office(xl__worksheets__sheet1=sheet), "P-18") is None
    assert held(tmp_path, "a.xlsx", office(xl__worksheets__sheet1=sheet), "18") is None
    quoted = sheet.replace("P18+$P$18", 'IF(A1="P-18",1,0)')
    assert held(tmp_path, "a.xlsx", office(xl__worksheets__sheet1=quoted), "P-18") == CELL
    styles = "<table:table table:name='A'><text:p text:style-name='P18'>x</text:p></table:table>"
    assert held(tmp_path, "a.ods", ods(f'{styles}<style:style style:name="P18"/>'), "P-18") is None


def test_a_number_is_looked_for_in_values(tmp_path: Path) -> None:
    sheet = f'<worksheet {X}><c r="A5" s="17"><v>17</v></c></worksheet>'
    assert held(tmp_path, "a.xlsx", office(xl__worksheets__sheet1=sheet), "17") == CELL
    shared = sheet.replace('s="17"', 't="s"')
    assert held(tmp_path, "a.xlsx", office(xl__worksheets__sheet1=shared), "17") is None


@pytest.mark.parametrize(
    "text",
    ["P-018", "p018", "P 018", "P_018", "P\u2011018", "P\u00a0018", "(P-018)", "dossier-P-018", "P-018.docx"],
)
def test_spellings(text: str) -> None:
    for identifiant in ("P-018", "p018", "P 018"):
        assert spellings(identifiant).search(text)


@pytest.mark.parametrize(
    "text", ["P-0180", "P-18", "1P-018", "AP018", "P-018-2", "2-P-018", "P. 018", "P,018", "P\n018"]
)
def test_what_is_someone_else(text: str) -> None:
    assert spellings("P-018").search(text) is None


def test_an_identifier_without_a_letter_or_a_digit_is_nobody() -> None:
    assert spellings("--").search("-- --") is None


def test_a_file_that_is_no_more_may_hold_a_person(tmp_path: Path) -> None:
    gone = tmp_path / "parti.txt"
    assert search([gone], "P-018") == [Trouvaille(gone, raison="un fichier qui ne se lit pas")]
