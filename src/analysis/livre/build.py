"""`bilan build`: the register, the chapters, the site and the PDF, in that order."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from rich.console import Console

from analysis.chapitres.catalogue import Chapter, catalogue, make_bundle, measures_for, selected
from analysis.chapitres.engine import Workers
from analysis.chapitres.execution import Outcome, Report, State, expected, freshnesses, run
from analysis.chapitres.jobs import Job, copy_path, freshness, plan
from analysis.chapitres.vue.progress import progress
from analysis.chapitres.vue.rapport import told, write_report
from analysis.indicateurs.calcul import Resultats
from analysis.indicateurs.depenses_passives.resultats import Etude
from analysis.indicateurs.gardees import etude_gardee, gardees
from analysis.livre.article.dataset import kept_tables
from analysis.livre.article.gardes import code_of_articles
from analysis.livre.book import article_of, gather
from analysis.livre.ecran.site import rendered, write_site
from analysis.livre.ecrits import load_checked
from analysis.livre.imprime.gardes import gardes
from analysis.livre.imprime.pdf import asked_pdfs, load_mots, pdf_names, write_pdfs
from analysis.livre.manifeste import manifeste
from analysis.livre.pages import Site
from analysis.noyau.files.etat import etat
from analysis.noyau.files.locks import alone_building
from analysis.noyau.files.pannes import room_told, size_of
from analysis.noyau.files.scratch import finish, put_in_place, scratch
from analysis.noyau.mesures import Mesure
from analysis.noyau.paths import Project
from analysis.secret.audit.decisions import write_decisions
from analysis.secret.audit.deux_editions import Passe, load_passe
from analysis.secret.release import Released, release_etude
from analysis.sources.register import Register, load_register
from analysis.sources.verdicts import FILE as VERDICTS
from analysis.stations import whole
from analysis.stations.cycles import seldom
from analysis.stations.memoire import Memoire
from analysis.stations.modules import code_of
from analysis.stations.store import UNKEPT, Store, Verdict
from analysis.stations.team import ALONE, Team, team

COMPOSING = (
    "analysis.livre.article.exporter",
    "analysis.livre.article.methodes",
    "analysis.livre.ecran.site",
    "analysis.livre.imprime.pdf",
)
"""What the processes that make articles, pages and PDFs import."""

LEAST_ROOM = 50_000_000
"""The bytes that the site and the PDFs of ten territories take, for a first build."""


def build(
    project: Project,
    *,
    codes: Sequence[str],
    workers: int,
    anew: bool = False,
    tells_why: bool = False,
    cluster: str = "",
    pages_first: bool = False,
    computed: Computed | None = None,
) -> int:
    """Make the chapters of these codes (all when empty), the site and the PDF, where they are not as they
    would be made now; all of them with ``anew``.

    ``computed`` is what who calls it has computed of the same deposits, which is not computed again.
    ``pages_first`` shows the pages with the PDFs of before while the new ones are set, to who waits for them.

    ``cluster`` is the address of a Dask scheduler whose workers run the chapters, in the place of
    ``workers`` processes of this machine.

    What is wrong with the register, a text, a notebook or a code is told before anything runs. The
    exit status is 0 when every chapter is good, 1 otherwise; the last line is the index's path. Two builds of
    one project follow each other.
    """
    with (
        seldom(),
        held(project),
        _workers_of(cluster, workers) as found,
        team(COMPOSING, workers=workers) as composers,
    ):
        if whole.is_long(project, anew=anew):
            composers.get_ready()
        return _built(
            project,
            codes=codes,
            found=found,
            composers=composers,
            anew=anew,
            tells_why=tells_why,
            pages_first=pages_first,
            computed=computed,
        )


@contextmanager
def held(project: Project) -> Iterator[None]:
    """Hold what is built of a project, put right first where a kill left it half replaced.

    A full disk is told with the room that a build needs.
    """
    with alone_building(project), room_told(partial(_room, project)):
        for folder in (project.html, project.pdf):
            finish(folder)
        yield


def _room(project: Project) -> dict[Path, int]:
    """The bytes that a build needs beside what is there: a new site and new PDFs, and what chapters leave."""
    made = size_of(project.html) + size_of(project.pdf)
    return {project.outputs: max(made, LEAST_ROOM), project.runs: max(size_of(project.runs), LEAST_ROOM // 2)}


@contextmanager
def _workers_of(cluster: str, number: int) -> Iterator[Workers]:
    """Who runs the chapters: this machine, or a cluster, found and checked before anything is computed."""
    if not cluster:
        yield Workers(None, number)
        return
    from analysis.chapitres.cluster import on

    with on(cluster) as found:
        yield found


def _built(
    project: Project,
    *,
    codes: Sequence[str],
    found: Workers,
    composers: Team,
    anew: bool,
    tells_why: bool,
    pages_first: bool,
    computed: Computed | None,
) -> int:
    started, made_of = time.monotonic(), whole.inputs(project)
    known = Memoire(made_of, apart=_texts(project), about=_about(project), anew=anew)
    register = load_checked(project, codes)
    chapters = catalogue(register, project.nature)
    wanted = selected(chapters, codes or [chapter.code for chapter in chapters])
    if computed is None:
        computed = compute(project, register, chapters, known)
    else:
        computed = handed_out(project, register, chapters, computed, known)
    jobs = plan(project, chapters, computed.bundles, depots=computed.depots)
    asked = [job for job in jobs if job.chapter in wanted]
    states = freshnesses(project, asked, anew=anew)
    took = {job.chapter.code: expected(project, job) for job in asked}
    kept = Store(project.stations, anew=anew)
    with progress([job.chapter for job in asked], states, took, workers=found.number) as report:
        report = _composing(project, chapters, report, composers=composers, kept=kept)
        outcomes = run(project, asked, workers=found.number, report=report, states=states, way=found.way)
    failed = [outcome.code for outcome in outcomes if not outcome.is_good]
    with Console().status("Composition du PDF et du site…"):
        index = compose(
            project,
            register,
            computed,
            jobs=jobs,
            old=_old(project, jobs, outcomes),
            composers=composers,
            pages_first=pages_first,
            kept=kept,
        )
    write_report(project, asked, outcomes, kept.verdicts)
    known.keep(whole.inputs(project))
    if all(freshness(project, job).is_fresh for job in jobs):
        whole.note(project, made_of)
    elif codes and not failed:
        whole.note(project, made_of, codes)
    if tells_why:
        _tell_why(outcomes, kept.verdicts)
    _tell(project, outcomes, seconds=time.monotonic() - started)
    print(index)
    return 1 if failed else 0


def _composing(
    project: Project, chapters: Sequence[Chapter], report: Report, *, composers: Team, kept: Store
) -> Report:
    """Who is told of each chapter, where the article of one that is done begins to be made meanwhile."""
    by_code, code = {chapter.code: chapter for chapter in chapters}, code_of_articles(project)

    def told_of(name: str, state: State, seconds: float) -> None:
        if state == "done":
            copy = copy_path(project, name).read_bytes()
            composers.begin(kept, [article_of(project, by_code[name], copy, code)])
        report(name, state, seconds)

    return told_of


_STATIONS = {"articles": "article", "pages": "page", "pdf": "PDF"}


@dataclass(frozen=True)
class Computed:
    """What the deposits gave: the measures as the gate left them, and each chapter's bundle as bytes.

    ``depots`` are the fingerprints of the deposits, by territory; ``resultats`` what was computed of them,
    before any rule of secrecy; ``passe`` what past editions told.
    """

    chapters: tuple[Chapter, ...]
    mesures: tuple[Released[Mesure], ...]
    bundles: dict[str, bytes]
    etude: Released[Etude] | None
    depots: dict[str, str]
    resultats: Resultats
    passe: Passe


def compute(
    project: Project, register: Register, chapters: Sequence[Chapter], known: Memoire | None = None
) -> Computed:
    """Compute of the deposits what is not kept, pass all through the gate, keep its decisions, hand out the
    rest; ``known`` gives back what this process computed of the same files."""
    known = known or Memoire({})
    measured = known.take("les mesures", partial(_measured, project, register, anew=known.anew))
    write_decisions(project, measured.mesures)
    return handed_out(project, register, chapters, measured, known)


def _measured(project: Project, register: Register, *, anew: bool) -> Computed:
    """What the deposits gave, before any chapter has its part of it."""
    garde = gardees(project, anew=anew)
    resultats = garde.resultats(territoire.code for territoire in register.territoires)
    passe = load_passe(project, resultats.definitions, date.today())
    mesures = measures_for("publication", resultats, passe=passe)
    etude = etude_gardee(project, register, anew=anew)
    shown = None if etude is None else release_etude(etude)
    depots = {t.code: digest for t in register.territoires for digest in garde.depot(t.code).values()}
    return Computed((), mesures, {}, shown, depots, resultats, passe)


def handed_out(
    project: Project,
    register: Register,
    chapters: Sequence[Chapter],
    computed: Computed,
    known: Memoire | None = None,
) -> Computed:
    """What was computed with the bundles of these chapters, made of it and of what people have written by
    now; ``known`` is as for :func:`compute`."""
    known = known or Memoire({})
    bundles = {
        chapter.code: known.take(
            f"le paquet de {chapter.code}",
            partial(_bundle, project, register, chapter.code, computed),
            of=[f"{_texts(project)}{chapter.code}.md", f"{_texts(project)}{VERDICTS}"],
        )
        for chapter in chapters
    }
    return replace(computed, chapters=tuple(chapters), bundles=bundles)


def _bundle(project: Project, register: Register, code: str, computed: Computed) -> bytes:
    """What a chapter may show."""
    return make_bundle(
        project,
        register,
        code,
        resultats=computed.resultats,
        mesures=computed.mesures,
        etude=None if computed.etude is None else computed.etude.content,
        mode="publication",
    ).to_bytes()


def _texts(project: Project) -> str:
    """How the names of the texts begin among the files that a build reads: each is read for one chapter."""
    return f"{project.texts.relative_to(project.checkout).as_posix()}/"


def _about(project: Project) -> tuple[str, ...]:
    """What a build depends on besides its files: whose they are, and the day."""
    return str(project.root), date.today().isoformat()


def working_copy(project: Project, computed: Computed | None = None) -> Site:
    """The book as the last good copies of its chapters make it now; ``computed`` is as for :func:`build`."""
    register = load_register(project)
    chapters = catalogue(register, project.nature)
    if computed is None:
        computed = compute(project, register, chapters)
    else:
        computed = handed_out(project, register, chapters, computed)
    jobs = plan(project, computed.chapters, computed.bundles)
    old = _old(project, jobs, ())
    return _gathered(project, register, computed, jobs=jobs, old=old, kept=Store(project.stations))


def compose(
    project: Project,
    register: Register,
    computed: Computed,
    *,
    jobs: Sequence[Job],
    old: Mapping[str, str],
    composers: Team,
    pages_first: bool = False,
    kept: Store = UNKEPT,
) -> Path:
    """Make the site and the PDFs of the working copy from the last good copies; the index's path.

    ``old`` says of which chapters the copy is not as it would be made now, and why.
    ``kept`` gives back the articles, the pages and the PDFs of which nothing changed; ``composers`` make the
    others, the book before all the rest, for it takes longest. The site takes its place once, with its PDFs;
    with ``pages_first`` pages are made first, and it does before too, with the PDFs of an earlier build where
    they are all there.
    """
    site = _gathered(project, register, computed, jobs=jobs, old=old, composers=composers, kept=kept)
    tables, of_book = kept_tables(project, kept), gardes(project, kept)
    read = [] if pages_first else tables.asked((entry.name, article) for entry, article in site.articles)
    composers.begin(kept, read)
    code = code_of(project, write_pdfs.__module__)
    earlier = {name: project.pdf / name for name in pdf_names(site)}
    shown = partial(write_site, project, register, site, project.html)
    with scratch(project.outputs) as folder:
        asked = asked_pdfs(
            site, load_mots(project), folder / "sources", tables=tables, gardes=of_book, code=code
        )
        if not pages_first:
            composers.take_all(kept, read)
            composers.begin(kept, asked)
        pages = rendered(project, site, team=composers, tables=tables, kept=kept)
        if pages_first and all(path.is_file() for path in earlier.values()):
            shown(pages=pages, pdfs=earlier)
        new = folder / "pdf"
        pdfs = write_pdfs(asked, new, team=composers, kept=kept)
        index = shown(pages=pages, pdfs=pdfs)
        if pdfs:
            put_in_place(new, project.pdf)
    return index


def _gathered(
    project: Project,
    register: Register,
    computed: Computed,
    *,
    jobs: Sequence[Job],
    old: Mapping[str, str],
    composers: Team = ALONE,
    kept: Store = UNKEPT,
) -> Site:
    state = etat(project)
    manifest = manifeste(project, register, state, jobs=jobs, mesures=computed.mesures)
    return gather(
        project,
        register,
        computed.chapters,
        jobs=jobs,
        old=old,
        jour=state.jour,
        manifest=manifest,
        etude=computed.etude,
        kept=kept,
        team=composers,
    )


def _old(project: Project, jobs: Sequence[Job], outcomes: Sequence[Outcome]) -> dict[str, str]:
    """Why the copy of a chapter is not as it would be made now, by its code; those that this run left good
    need no other look."""
    good = {outcome.code for outcome in outcomes if outcome.is_good}
    others = (job for job in jobs if job.chapter.code not in good)
    return {job.chapter.code: freshness(project, job).reason for job in others}


def _tell_why(outcomes: Sequence[Outcome], composed: Mapping[str, Verdict]) -> None:
    """One line for each chapter, article, page and PDF: made or kept, and why."""
    for outcome in outcomes:
        print(f"chapitre {outcome.code} : {told(outcome)}")
    for place, verdict in composed.items():
        station, _, name = place.partition("/")
        if station in _STATIONS:
            said = "gardé" if verdict.is_kept else f"fait, {verdict.reason}"
            print(f"{_STATIONS[station]} {name} : {said}")


def _tell(project: Project, outcomes: Sequence[Outcome], *, seconds: float) -> None:
    """The summary: what was kept; what failed, in which cell, why, and where to look."""
    good, kept = sum(outcome.is_good for outcome in outcomes), sum(outcome.is_kept for outcome in outcomes)
    spared = f", dont {kept} gardé{'s' if kept > 1 else ''}" if kept else ""
    print(f"{good} chapitre{'s' if good > 1 else ''} sur {len(outcomes)} en {seconds:.0f} s{spared}")
    for outcome in outcomes:
        for fault in outcome.faults:
            print(f"ÉCHEC {outcome.code} : {fault}", file=sys.stderr)
        if outcome.faults:
            copy = project.shown(project.runs / f"{outcome.code}.echec.ipynb")
            print(
                f"  Carnet tel qu'il s'est arrêté : {copy}. Le site garde la dernière bonne version.",
                file=sys.stderr,
            )
