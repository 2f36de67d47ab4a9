"""`bilan publish`: a complete, fresh edition, sealed in a folder of its own and recorded in git."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from analysis.chapitres.catalogue import SYNTHESE, Chapter, catalogue, selected
from analysis.chapitres.jobs import DAMAGED, FAILED, NEVER, Job, freshness, plan
from analysis.chapitres.textes import read_verdicts, to_review
from analysis.livre.article.dataset import Tables
from analysis.livre.book import gather, load_publisher
from analysis.livre.build import COMPOSING, compute, held
from analysis.livre.ecran.site import rendered, write_site
from analysis.livre.ecrits import load_checked
from analysis.livre.editions.audit_edition import audit_of, refuse
from analysis.livre.editions.releve import releve, write_releve
from analysis.livre.garde.fuites import check_nothing_leaks
from analysis.livre.garde.prive import Prive, prive_of
from analysis.livre.imprime.pdf import asked_pdfs, load_mots, write_pdfs
from analysis.livre.manifeste import Manifeste, manifeste
from analysis.livre.pages import Site, inline_style, render_page
from analysis.livre.structure import AVANT_PROPOS
from analysis.noyau.carnets import with_outputs
from analysis.noyau.errors import BilanError
from analysis.noyau.files.etat import EDITION, Etat, etat, past_labels
from analysis.noyau.files.scratch import put_in_place, scratch, sweep, write_whole
from analysis.noyau.files.sums import sha256_of
from analysis.noyau.paths import Project
from analysis.secret.audit.diffusion import FICHIER as FICHIER_DIFFUSION
from analysis.secret.audit.diffusion import diffusion, diffusion_csv
from analysis.secret.audit.registre import FICHIER as FICHIER_REGISTRE
from analysis.secret.audit.registre import parametres_du_secret, registre, registre_csv
from analysis.secret.bundle import Bundle, bundle_ensemble
from analysis.sources.register import Register
from analysis.stations.team import team

SUMS, MANIFEST = "sommes.sha256", "manifeste.json"


def publish(project: Project, label: str, *, without: Sequence[str] = ()) -> Path:
    """Seal an edition of the bilan in ``outputs/editions/<label>`` and record it; its index's path.

    Every chapter must be there, good and of today's files, but those of ``without``: the book then says so.
    Raises BilanError, before anything is written, for a demonstration, a label that was used or is no label,
    files that are not committed, and chapters that are missing, failed or stale, all at once, with the
    verdicts of which a figure changed since it was noted.
    """
    with held(project):
        _put_right(project)
        return _published(project, label, without=without)


def _put_right(project: Project) -> None:
    """Remove what a publication that was killed left aside, and list the edition that it had sealed."""
    for folder in (project.sealed, project.editions):
        sweep(folder)
    if project.sealed.is_dir() and editions(project):
        _list_editions(project)


def _list_editions(project: Project) -> None:
    """The page of the editions that stand here, the last one first."""
    here = [label for label in editions(project) if (project.sealed / label).is_dir()]
    title = load_publisher(project)["titre"]
    page = render_page("editions", title=title, labels=here[::-1], style=inline_style())
    write_whole(project.sealed / "index.html", page)


def _published(project: Project, label: str, *, without: Sequence[str]) -> Path:
    _check_label(project, label)
    state = etat(project)
    _check_state(state)
    _check_notebooks(project)
    register = load_checked(project)
    chapters = catalogue(register, project.nature)
    left_out = _left_out(chapters, without)
    computed = compute(project, register, chapters)
    jobs = plan(project, chapters, computed.bundles)
    shown = [job for job in jobs if job.chapter.code not in left_out]
    faults = _verdict_faults(project, register)
    _check_chapters(project, shown, faults, needs_foreword=AVANT_PROPOS.name not in left_out)
    manifest = manifeste(project, register, state, jobs=shown, mesures=computed.mesures, without=left_out)
    _check_interrupted(project, label, manifest)
    site = gather(
        project,
        register,
        chapters,
        jobs=jobs,
        old={job.chapter.code: freshness(project, job).reason for job in jobs},
        jour=state.jour,
        manifest=manifest,
        etude=computed.etude,
        edition=label,
        without=left_out,
    )
    prive = prive_of(project, map(Bundle.from_bytes, computed.bundles.values()))
    refuse(audit_of(register, computed.resultats, computed.mesures, computed.passe))
    kept = {
        FICHIER_DIFFUSION: diffusion_csv(diffusion(label, computed.mesures)),
        FICHIER_REGISTRE: registre_csv(
            registre(
                computed.mesures,
                computed.passe.exceptions,
                parametres=parametres_du_secret(project),
                version=state.commit,
            )
        ),
    }
    check = partial(audit_of, register, computed.resultats, computed.mesures, computed.passe)
    _seal(
        project,
        register,
        site,
        manifest,
        kept=kept,
        prive=prive,
        check=lambda folder: refuse(check(folder)),
    )
    return project.sealed / label / "html" / "index.html"


def editions(project: Project) -> list[str]:
    """The labels of the editions that were published, oldest first."""
    return past_labels(project)


def _check_label(project: Project, label: str) -> None:
    if project.nature == "demonstration":
        raise BilanError("Une démonstration ne se publie pas : ses territoires sont inventés.")
    if not EDITION.fullmatch(label):
        raise BilanError(
            f"« {label} » n'est pas un nom d'édition : l'année, un tiret et un rang, comme « 2026-1 »."
        )
    if (project.editions / label).exists():
        last = ", ".join(editions(project)) or "aucune"
        raise BilanError(
            f"L'édition « {label} » existe déjà, et une édition est scellée. Éditions au registre : {last}. "
            "Prenez le rang suivant ; ce qui change se dit dans data/errata.csv."
        )


def _check_interrupted(project: Project, label: str, manifest: Manifeste) -> None:
    """Refuse to replace a folder without a record, but one that was stopped while the same was published."""
    folder = project.sealed / label
    if not folder.exists():
        return
    kept = folder / MANIFEST
    if not kept.is_file() or kept.read_text(encoding="utf-8") != manifest.to_json():
        raise BilanError(
            f"{project.shown(folder)} n'a pas de relevé et n'est pas faite des fichiers d'aujourd'hui : c'est"
            " une publication interrompue, ou une édition dont le relevé manque. Rétablissez le relevé dans "
            f"{project.shown(project.editions / label)}, ou déplacez ce dossier, puis publiez de nouveau."
        )


def _check_state(state: Etat) -> None:
    if not state.commit:
        raise BilanError(
            "Une édition se publie d'un dépôt git : elle imprime la version dont elle est faite. Clonez le "
            "projet au lieu d'en copier les fichiers."
        )
    if state.is_modified:
        raise BilanError(
            "Des fichiers suivis ou nouveaux de data/, docs/, notebooks/ ou src/ ne sont pas enregistrés "
            "dans git : « git status » les nomme. Enregistrez-les, relancez « bilan build », puis publiez."
        )


def _check_notebooks(project: Project) -> None:
    shown = [project.shown(path) for path in with_outputs(project.notebooks)]
    if shown:
        raise BilanError(
            f"Des carnets gardent ce que leurs cellules ont montré : {', '.join(shown)}. Ces nombres ne sont "
            "pas passés par le secret. Ouvrez-les par « bilan lab » et enregistrez : leurs sorties s'ôtent."
        )


def _left_out(chapters: Sequence[Chapter], without: Sequence[str]) -> list[str]:
    """What an edition leaves out by name, in the book's order; raises UnknownName for any other name."""
    foreword = [name for name in without if name == AVANT_PROPOS.name]
    codes = [name for name in without if name != AVANT_PROPOS.name]
    return [*foreword[:1], *(chapter.code for chapter in selected(chapters, codes))]


def _verdict_faults(project: Project, register: Register) -> list[str]:
    """What forbids to print what is concluded: drafts may be printed, none of whose figures moved."""
    bundle = bundle_ensemble(register, SYNTHESE, texte=None)
    return to_review(read_verdicts(project, bundle), bundle)


def _check_chapters(
    project: Project, jobs: Sequence[Job], others: Sequence[str], *, needs_foreword: bool
) -> None:
    faults = [fault for job in jobs for fault in _faults(project, job)]
    faults += others
    if needs_foreword and not (project.texts / f"{AVANT_PROPOS.name}.md").is_file():
        faults.insert(0, f"{AVANT_PROPOS.name} : son texte n'est pas écrit")
    if faults:
        raise BilanError(
            "Rien n'est publié :\n"
            + "\n".join(f"- {fault}" for fault in faults)
            + "\nRelancez « bilan build », ou laissez un chapitre de côté par son nom : « --sans CODE »."
        )


def _faults(project: Project, job: Job) -> Iterator[str]:
    """Why a chapter cannot be sealed as it is: the same truth as that of a build."""
    code, why = job.chapter.code, freshness(project, job).reason
    known = {
        FAILED: FAILED,
        NEVER: "il n'a jamais été construit",
        DAMAGED: "sa copie a été modifiée depuis son exécution",
    }
    if why:
        told = known.get(why, f"les données ou les programmes ont changé depuis son exécution ({why})")
        yield f"{code} : {told}"


def _seal(
    project: Project,
    register: Register,
    site: Site,
    manifest: Manifeste,
    *,
    kept: Mapping[str, str],
    prive: Prive,
    check: Callable[[Path], None],
) -> None:
    """Make the edition and its record aside, look for leaks, then put both in place; the record last.

    ``kept`` are the files that the record holds besides what the pages show: what the gate let through.
    ``check`` refuses a folder whose files print what is withheld.
    """
    with scratch(project.sealed) as aside, scratch(project.editions) as written:
        new, record = aside / site.edition, written / site.edition
        record.mkdir()
        new.mkdir()
        with team(COMPOSING) as composers:
            pages = rendered(project, site, team=composers, tables=Tables())
            asked = asked_pdfs(site, load_mots(project), aside / "sources")
            pdfs = write_pdfs(asked, new / "pdf", team=composers)
        write_site(project, register, site, new / "html", pages=pages, pdfs=pdfs)
        check(new)
        for folder in (new, record):
            (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8", newline="\n")
        write_releve(releve(site, register.errata), record)
        for name, text in kept.items():
            (record / name).write_text(text, encoding="utf-8", newline="\n")
        (new / SUMS).write_text(sums(new), encoding="utf-8", newline="\n")
        (record / SUMS).write_text(sums(new), encoding="utf-8", newline="\n")
        for folder in (new, record):
            check_nothing_leaks(folder, prive)
        put_in_place(new, project.sealed / site.edition)
        try:
            put_in_place(record, project.editions / site.edition)
        except BaseException:
            (project.sealed / site.edition).rename(new)
            raise
    _list_editions(project)


def sums(folder: Path) -> str:
    """The SHA-256 of every file of a folder, as ``sha256sum --check`` reads them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    lines = (f"{sha256_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)
    return "".join(lines)
