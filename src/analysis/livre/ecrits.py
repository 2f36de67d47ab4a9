"""What people wrote, checked before anything runs, and told in one go: who writes never runs the tests.

The register, the texts, the verdicts, the replies, the notebooks, the method pages, the errata, the
publisher → the register, or everything that is to be mended, each thing with its file and its line.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ParamSpec, TypeVar

import nbformat

from analysis.chapitres.catalogue import SYNTHESE, Chapter, catalogue, selected
from analysis.chapitres.jobs import read_notebook
from analysis.chapitres.parametres import check_parameters
from analysis.chapitres.textes import prose_findings, read_verdicts, text_findings, written_verdicts
from analysis.indicateurs.habilitation.declares import load_declares
from analysis.indicateurs.territoires_suivis.declares import load_suivis
from analysis.livre import renvois
from analysis.livre.book import load_publisher
from analysis.livre.renvois import Passage, Places
from analysis.livre.reponses import gathered
from analysis.livre.structure import AVANT_PROPOS, annexes, method_path, method_paths
from analysis.noyau.declared.csv_files import read_csv
from analysis.noyau.declared.dictionary import load_fields
from analysis.noyau.errors import BilanError, Finding, InvalidData, near
from analysis.noyau.paths import Project
from analysis.noyau.periods import long_date
from analysis.secret.bundle import Bundle, bundle_ensemble, bundle_territoire
from analysis.sources.register import Reading, Register, read_register, table_path
from analysis.sources.texts import Texte, load_text
from analysis.sources.verdicts import FILE

_TEXTUAL = frozenset({".md", ".markdown", ".txt", ".docx", ".odt", ".doc", ".rtf"})
"""The endings of what somebody may have meant as a text."""

_REFERRING = {
    "preuves": ("element", "comparaison", "revision", "raison"),
    "essentiel": ("limite",),
    "recommandations": ("texte",),
}
"""The columns of tables whose numbers are references to the register."""

_VERDICTS = FILE.removesuffix(".md")


def load_checked(project: Project, codes: Sequence[str] = ()) -> Register:
    """The register of a project in which nothing that people wrote is to be mended.

    ``codes`` are the chapters that are asked for. Raises InvalidData with every finding of every file, and
    of an unknown code, told at once.
    """
    read = read_register(project)
    told = _Told()
    told.add(read.findings)
    told.attempt(load_publisher, project)
    told.attempt(gathered, project, read.register)
    chapters = catalogue(read.register, project.nature)
    told.attempt(selected, chapters, codes)
    told.attempt(load_declares, project)
    told.attempt(load_suivis, project)
    pages = _pages(project, read, chapters, told)
    told.add(_sentence_findings(project, [e.nom for t in read.register.territoires for e in t.ebe]))
    if not _methods_missing(project, told):
        told.attempt(_check_references, project, read, chapters, pages, told)
    if told.findings or told.others:
        raise InvalidData(told.findings, told.others)
    return read.register


def _pages(
    project: Project, read: Reading, chapters: Sequence[Chapter], told: _Told
) -> dict[str, list[Passage]]:
    """What people wrote, page by page; what is wrong with a notebook or a text is told."""
    cells = _cells_of_notebooks(project, chapters, told)
    texts = _texts(project, read, chapters, told)
    pages = {chapter.code: [*cells[chapter.notebook], *texts.get(chapter.code, ())] for chapter in chapters}
    pages[SYNTHESE] += texts.get(_VERDICTS, [])
    pages[AVANT_PROPOS.name] = texts.get(AVANT_PROPOS.name, [])
    return pages


def _methods_missing(project: Project, told: _Told) -> bool:
    """Tell of the method pages that the book counts on and that are not there."""
    missing = [path for path in method_paths(project) if not path.is_file()]
    told.add(
        Finding(project.shown(path), None, None, "aucun fichier", "une page de méthode") for path in missing
    )
    return bool(missing)


def _check_references(
    project: Project,
    read: Reading,
    chapters: Sequence[Chapter],
    pages: Mapping[str, list[Passage]],
    told: _Told,
) -> None:
    """Tell what leads nowhere from a page; nothing of a code that the register is at fault on."""
    methods = {
        annexe.name: [Passage(project.shown(path), 1, path.read_text(encoding="utf-8"))]
        for annexe in annexes(project)
        if annexe.is_method and (path := method_path(project, annexe))
    }
    whole = {**pages, **methods}
    written = {page: "\n\n".join(p.text for p in passages) for page, passages in whole.items()}
    places = Places(project, read.register, chapters, written)
    sources = {source.source for source in read.register.sources}
    for page, passages in whole.items():
        lost = renvois.findings(page, passages, places, sources)
        told.add(f for code, f in lost if read.is_whole and code not in read.in_doubt)
    told.add(_errata_findings(project, places))


_P = ParamSpec("_P")
_T = TypeVar("_T")


class _Told:
    """What is to be mended, each thing once: several chapters are made of one notebook."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.others: list[str] = []

    def add(self, findings: Iterable[Finding]) -> None:
        self.findings += [finding for finding in findings if finding not in self.findings]

    def attempt(self, step: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T | None:
        """What a step gives, None where it is refused."""
        try:
            return step(*args, **kwargs)
        except InvalidData as error:
            self.add(error.findings)
        except BilanError as error:
            if str(error) not in self.others:
                self.others.append(str(error))
        return None


def _cells_of_notebooks(
    project: Project, chapters: Sequence[Chapter], told: _Told
) -> dict[str, list[Passage]]:
    """The written cells of each notebook; what is wrong with a notebook is told."""
    cells: dict[str, list[Passage]] = {}
    for chapter in chapters:
        path = project.notebooks / chapter.notebook
        shown = project.shown(path)
        notebook = told.attempt(read_notebook, path, shown=shown)
        if notebook is None:
            cells[chapter.notebook] = []
            continue
        told.attempt(check_parameters, notebook, chapter, shown=shown)
        told.add(_title_findings(notebook, chapter, shown))
        if chapter.notebook not in cells:
            written = [
                Passage(f"{shown}, cellule {number}", None, cell.source)
                for number, cell in enumerate(notebook.cells, start=1)
                if cell.cell_type == "markdown"
            ]
            told.add(f for passage in written for f in prose_findings(passage.text, passage.file, None))
            cells[chapter.notebook] = written
    return cells


def _title_findings(notebook: nbformat.NotebookNode, chapter: Chapter, shown: str) -> Iterator[Finding]:
    """A title that a notebook writes out is that of the catalogue: menus and pages say one thing."""
    for number, cell in enumerate(notebook.cells, start=1):
        for title in _titles(cell.source) if cell.cell_type == "code" else ():
            if title != chapter.title:
                yield Finding(
                    f"{shown}, cellule {number}",
                    None,
                    None,
                    f"le titre « {title} »",
                    f"« {chapter.title} », celui du catalogue (src/analysis/chapitres/catalogue.py)",
                )


def _titles(source: str) -> Iterator[str]:
    """The texts that a cell gives to « titre »; a cell of JupyterLab's own commands gives none."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "titre":
            yield from (
                a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
            )


def _texts(
    project: Project, read: Reading, chapters: Sequence[Chapter], told: _Told
) -> dict[str, list[Passage]]:
    """What evaluators wrote, by the page that takes it; what is wrong with a text is told."""
    taken = {chapter.code for chapter in chapters} | {AVANT_PROPOS.name}
    texts: dict[str, list[Passage]] = {}
    for path in sorted(project.texts.glob("*")):
        shown = project.shown(path)
        if path.name == FILE:
            verdicts = told.attempt(written_verdicts, project) or ()
            texts[_VERDICTS] = [Passage(shown, verdict.ligne, verdict.corps) for verdict in verdicts]
            if not read.findings:
                told.attempt(read_verdicts, project, _bundle(read.register, SYNTHESE))
        elif path.suffix == ".md" and path.stem in taken:
            texte = told.attempt(load_text, path, shown=shown)
            if texte is not None:
                texts[path.stem] = [Passage(shown, texte.ligne, texte.corps)]
                told.add(_text_findings(read, path.stem, texte, shown))
        elif path.suffix.lower() in _TEXTUAL and not path.name.startswith("."):
            told.add([_unread(shown, path.stem, sorted(taken))])
    return texts


def _text_findings(read: Reading, page: str, texte: Texte, shown: str) -> Iterator[Finding]:
    """What is wrong with a text; its placeholders are left where a whole table is missing."""
    if texte.date.start > read.today:
        expected = f"un jour passé, au plus le {long_date(read.today)}"
        yield Finding(shown, 2, None, f"la date « {texte.date} »", expected)
    if read.is_whole:
        bundle = _bundle(read.register, page)
        yield from text_findings(texte.corps, bundle, shown, texte.ligne, in_doubt=read.in_doubt)
    else:
        names = [ebe.nom for territoire in read.register.territoires for ebe in territoire.ebe]
        yield from prose_findings(texte.corps, shown, texte.ligne, names=names)


def _bundle(register: Register, page: str) -> Bundle:
    """The figures that the text of a page may name."""
    if page in {territoire.code for territoire in register.territoires}:
        return bundle_territoire(register, page, texte=None)
    return bundle_ensemble(register, SYNTHESE, texte=None)


def _unread(shown: str, name: str, read: Sequence[str]) -> Finding:
    """A text that no page takes: its name is none of theirs, to the letter."""
    close = next((code for code in read if code == name.lower()), None) or next(iter(near(name, read)), "")
    expected = "un texte nommé comme un territoire ou un chapitre, en minuscules, comme « premery.md »"
    remedy = f"Nommez-le « {close}.md »." if close else "« bilan territoires » donne les codes."
    return Finding(shown, None, None, "un texte qu'aucune page ne prend", expected, remedy)


def _sentence_findings(project: Project, names: Sequence[str]) -> Iterator[Finding]:
    """The numbers that the sentences of a table type, where its columns say that they are references."""
    fields = load_fields(project)
    for table, columns in _REFERRING.items():
        path = table_path(project, table)
        declared = tuple(field.champ for field in fields[table])
        raw, _ = read_csv(path, shown=project.shown(path), columns=declared)
        for line, row in raw.rows.items():
            for column in columns:
                for finding in prose_findings(row[column], raw.file, line, names=names):
                    yield replace(finding, column=column)


def _errata_findings(project: Project, places: Places) -> Iterator[Finding]:
    """An erratum is of a page that the book has."""
    path, columns = table_path(project, "errata"), load_fields(project)["errata"]
    raw, _ = read_csv(path, shown=project.shown(path), columns=tuple(field.champ for field in columns))
    for line, row in raw.rows.items():
        if row["page"] not in places.pages:
            close = near(row["page"], places.pages, most=1)
            remedy = f"Vouliez-vous dire « {close[0]} » ?" if close else ""
            yield Finding(raw.file, line, "page", f"« {row['page']} »", "une page du livre", remedy)
