"""The pack that a territory receives to review its chapter: documents, page, sheets, and how to use them."""

from __future__ import annotations

from pathlib import Path

from analysis.livre.article.references import without_links
from analysis.livre.pages import inline_style, render_page
from analysis.noyau.errors import BilanError
from analysis.noyau.files.locks import alone_in
from analysis.noyau.files.scratch import put_in_place, scratch
from analysis.noyau.french import of, typography
from analysis.noyau.paths import Project
from analysis.presentation.parts.mentions import DEMONSTRATION_MARK
from analysis.relecture.ancres import save_version
from analysis.relecture.copies import Copie, copie_de_travail, copie_scellee
from analysis.relecture.remarques import Listes, load_listes
from analysis.relecture.remis.chapitre_docx import MARK, chapitres_docx
from analysis.relecture.remis.feuille import feuille
from analysis.relecture.remis.formulaire import questionnaire
from analysis.sources.register import load_register

_README = """Relecture du chapitre {of}, version {version}
{mark}

Ce dossier contient :
- chapitre-{code}.docx : le chapitre à commenter dans Word ou LibreOffice (la première page dit comment) ;
- chapitre-{code}-grand.docx : le même en gros caractères ;
- chapitre-{code}.html : le même, à lire dans un navigateur, gros caractères au choix ;
- contribution-….xlsx : une feuille à remplir par collège, seul ou en réunion ;
- questionnaire-{code}.txt : le même formulaire, à importer dans LimeSurvey pour le remplir en ligne.

Une seule de ces formes suffit. N'écrivez le nom d'aucune personne ; votre nom n'est pas gardé.
Une remarque n'est publiée que si vous l'acceptez, et sans votre nom. Vous pouvez la retirer à tout moment.
Renvoyez les fichiers remplis à l'équipe d'évaluation. Ne diffusez pas cette version : elle peut changer.
"""


def preparer(project: Project, territoire: str, *, edition: str = "") -> Path:
    """Write the review pack of a territory in ``outputs/relecture/<territoire>``; its path.

    The chapter is that of the working copy, or of an edition. Its version is kept, so that what comes back is
    read against it. A pack of before is replaced. Raises UnknownName for an unknown territory or edition,
    BilanError for a chapter that was never built.
    """
    register, listes = load_register(project), load_listes(project)
    nom = register.territoire(territoire).nom
    if edition:
        copie: Copie | None = copie_scellee(project, territoire, edition)
    else:
        copie = copie_de_travail(project, register, territoire)
    if copie is None:
        raise BilanError(
            f"Le chapitre « {territoire} » n'a jamais été construit : lancez d'abord "
            f"« bilan build --territoire {territoire} »."
        )
    save_version(project, copie.version)
    demonstration = DEMONSTRATION_MARK if project.nature == "demonstration" else ""
    target = project.outputs / "relecture" / territoire
    with alone_in(target.parent, shown=project.shown(target.parent)), scratch(target.parent) as folder:
        new = folder / territoire
        new.mkdir()
        _write(new, copie, listes, nom=nom, demonstration=demonstration)
        put_in_place(new, target)
    return target


def _write(folder: Path, copie: Copie, listes: Listes, *, nom: str, demonstration: str) -> None:
    version, code = copie.version, copie.version.territoire
    ordinary, large = chapitres_docx(copie.article, version, mark=demonstration)
    (folder / f"chapitre-{code}.docx").write_bytes(ordinary)
    (folder / f"chapitre-{code}-grand.docx").write_bytes(large)
    mark = f"{MARK}. {demonstration}" if demonstration else MARK
    page = render_page(
        "relecture",
        title=copie.article.title,
        main=without_links(copie.article.html, lambda _page, _anchor: True),
        style=inline_style(),
        mark=mark,
        version=version.mention,
    )
    (folder / f"chapitre-{code}.html").write_text(page, encoding="utf-8", newline="\n")
    for college in listes.colleges:
        titre = f"Votre avis sur le chapitre {of(nom)} : {college.libelle}"
        content = feuille(version, college, listes, titre=titre, mark=demonstration)
        (folder / f"contribution-{college.code.replace('_', '-')}.xlsx").write_bytes(content)
    form = questionnaire(version, listes, titre=f"Votre avis sur le chapitre {of(nom)}")
    (folder / f"questionnaire-{code}.txt").write_text(form, encoding="utf-8", newline="\n")
    text = _README.format(of=of(nom), version=version.mention, mark=mark, code=code)
    (folder / "lisez-moi.txt").write_text(typography(text), encoding="utf-8-sig", newline="\r\n")
