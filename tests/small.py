"""A project small enough to recompute by hand: two territories, one of them without any figure.

What writes a whole project imports what that takes when it is called: every process of the tests imports this.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.noyau.hypotheses import CODES
from analysis.noyau.paths import Project

if TYPE_CHECKING:
    from analysis.secret.bundle import Bundle
    from analysis.sources.register import Register

REPOSITORY = Path(__file__).resolve().parents[1]

TABLES = {
    "dictionary/indicateurs": """\
indicateur,libelle,definition,unite,famille,hypotheses,limite,confusion
effectif_ebe,Salariés de l'EBE,Personnes employées par l'EBE à une date.,personnes,ebe,H1 H2,Il ne dit pas qui attend encore.,embauches_cumulees_ebe
effectif_une_ebe,Salariés d'une EBE,Personnes employées par une EBE nommée.,personnes,ebe,H1,Il ne couvre qu'une EBE.,
embauches_cumulees_ebe,Embauches cumulées,Personnes embauchées depuis l'ouverture.,personnes,ebe,H1,Il compte aussi les partis.,effectif_ebe
activites,Activités de l'EBE,Activités citées par la source.,texte,economie,,,
emploi_salarie_prive,Emploi salarié privé,Salariés du privé au lieu de travail.,salaries,emploi_local,H2,Il comprend l'EBE.,
demandeurs_emploi_abc,Demandeurs d'emploi,Inscrits en catégories A B C.,personnes,emploi_local,,,
demandeurs_emploi_abc_decembre,Inscrits en décembre,Inscrits en décembre.,personnes,emploi_local,,,
demandeurs_emploi_abc_un_an_decembre,Inscrits depuis un an,Inscrits depuis un an.,personnes,emploi_local,,,
taux_chomage_localise,Taux de chômage,Taux au sens du BIT.,personnes,emploi_local,,,
population,Population,Habitants.,personnes,conditions_de_vie,,,
date_habilitation,Habilitation,Date.,texte,identite,,,
date_ouverture_ebe,Ouverture,Date.,texte,ebe,,,
actifs_15_64,Actifs,Actifs.,personnes,conditions_de_vie,,,
chomeurs_15_64,Chômeurs,Chômeurs.,personnes,conditions_de_vie,,,
niveau_de_vie_median,Niveau de vie,Niveau de vie.,personnes,conditions_de_vie,,,
taux_pauvrete,Pauvreté,Pauvreté.,personnes,conditions_de_vie,,,
part_indemnites_chomage,Indemnités,Indemnités.,personnes,conditions_de_vie,,,
part_minima_sociaux,Minima,Minima.,personnes,conditions_de_vie,,,
""",
    "published/sources": """\
source,titre,editeur,nature,date_publication,date_consultation,licence,url,edition,date_donnees,intermediaire,non_lu,version,langue
gazette-2016,Liste des territoires,La Gazette,presse,2019-12,,,https://example.org/liste,,,,,,
urssaf,Effectifs salariés,Urssaf,statistique_publique,,,Licence Ouverte,,Millésime 2024,,,,,
""",
    "territoires": """\
territoire,nom,site,site_nom,commune,commune_nom,departement,departement_nom,epci,epci_nom,zone_emploi,zone_emploi_nom,perimetre,perimetre_nom,date_habilitation,source,longitude,latitude,suivie
val,Val-d'Essai,val,Val-d'Essai,58001,Essai,58,Nièvre,200000001,CC du Val,0060,Nevers,communes,commune d'Essai,2016-11-24,gazette-2016,3.3,47.2,oui
vide,Bourg-Vide,vide,Bourg-Vide,63001,Vide,63,Puy-de-Dôme,200000002,CC du Vide,8417,Thiers,quartiers,quartier du Vide,2016-11-24,gazette-2016,3.5,45.9,oui
""",
    "ebe": """\
ebe,territoire,nom,date_ouverture,date_sure,source
essai-58,val,Essai 58,2017-02,oui,gazette-2016
""",
    "ensembles": """\
ensemble,nom,definition
national,Ensemble des territoires,Les territoires de la première phase.
""",
    "published/evaluations": """\
evaluation,nom,auteur,date,champ,methode,lecture,non_lu
revue-2019,Revue 2019,Une revue,2019-10,première phase,Coûts par ETP.,article de presse,le rapport
""",
    "published/desaccords": """\
desaccord,titre,explication,compatible,retenu,repondu_le
val-effectif,Effectif en février 2017,La première source dit {#1} et la seconde {#2}.,non,,2020-01-31
""",
    "published/chiffres": """\
numero,territoire,indicateur,valeur,borne_basse,borne_haute,valeur_imprimee,unite,periode,periode_sure,champ,evaluation,annee_prix,desaccord,source,page,lecture,seconde_source,note
1,val,effectif_ebe,25,,,25,personnes,2017-02,oui,,,,val-effectif,gazette-2016,,,,
2,val,effectif_ebe,29,,,29,personnes,2017-02,non,,,,val-effectif,gazette-2016,,,,
3,val,effectif_ebe,,35,45,une quarantaine,personnes,2018-09,oui,,,,,gazette-2016,,,,
4,val,embauches_cumulees_ebe,1234,,,1234,personnes,2018,oui,,,,,gazette-2016,,,,
5,val,activites,,,,maraîchage et recyclerie,texte,,non,,,,,gazette-2016,,,,
6,national,effectif_ebe,622,,,622,personnes,2018-09,oui,,,,,gazette-2016,,,,
""",
    "published/series": """\
zone_type,zone,zone_nom,indicateur,periode,valeur,unite,source
commune,58001,Essai,emploi_salarie_prive,2016-12-31,260,salaries,urssaf
commune,58001,Essai,emploi_salarie_prive,2017-12-31,341,salaries,urssaf
commune,58001,Essai,emploi_salarie_prive,2018-12-31,386,salaries,urssaf
commune,58001,Essai,emploi_salarie_prive,2019-12-31,390,salaries,urssaf
zone_emploi,0060,Nevers,emploi_salarie_prive,2016-12-31,1000,salaries,urssaf
zone_emploi,0060,Nevers,emploi_salarie_prive,2017-12-31,1010,salaries,urssaf
zone_emploi,0060,Nevers,emploi_salarie_prive,2018-12-31,1020,salaries,urssaf
zone_emploi,0060,Nevers,emploi_salarie_prive,2019-12-31,1030,salaries,urssaf
""",
    "published/preuves": """\
preuve,hypothese,element,direction,force,effet,population,phases,comparaison,revision,raison
essai,H1,L'EBE emploie {#1}.,appuie,indicative,non,Salariés de l'EBE,national,Rien : un effectif.,Un autre compte.,Une seule source.
""",
    "published/essentiel": "rang,question,libelle,chiffre,autres,limite\n",
    "published/recommandations": "recommandation,destinataire,texte,preuves\n",
    "errata": "date,page,correction\n",
}


Handed = Callable[[Project, "Register", str], "Bundle"]
"""From a project, its register and a chapter's code to the bundle that the batch hands to it."""

DECLARED = (
    "champs",
    "constats",
    "unites",
    "forces",
    "glossaire",
    "directions",
    "lectures",
    "mesures",
    "additions",
    "liens",
    "regroupements",
    "rencontres",
    "nomenclatures",
    "synonymes",
    "questions",
    "questionnaires",
    "positions",
    "themes",
    "regles",
    "secret",
    "conservation",
    "depot_feuilles",
    "depot_colonnes",
    "depot_migrations",
    "candidat_feuilles",
    "candidat_colonnes",
)
"""The dictionary's tables that the small project shares with the repository."""


def write_small_project(root: Path) -> Path:
    """The small project's data in ``root``, with the repository's own field dictionary."""
    for name, text in TABLES.items():
        path = root / "data" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    declared = [f"data/dictionary/{name}.csv" for name in DECLARED]
    for name in (*declared, "data/publication.toml", "requirements.lock"):
        shutil.copyfile(REPOSITORY / name, root / name)
    shutil.copytree(REPOSITORY / "docs" / "methods", root / "docs" / "methods")
    return root


CELLS = (
    "from analysis import ouvrir\nfrom analysis.presentation.published.publies import titre",
    "chapitre = ouvrir(territoire)\ntitre(chapitre, chapitre.territoire.nom if chapitre.territoire else 'Tous')",
    "from analysis.presentation.parts.blocks import Block\n"
    "ancres = ''.join(f'<p id=\"preuves-h{n}\">Preuves.</p>' for n in (1, 2, 3))  # ce à quoi l'accueil renvoie\n"
    "Block(ancres + ''.join(f'<p>{r.content.valeur_imprimee}</p>' for r in chapitre.of('effectif_ebe', place='val')))",
)


def write_notebooks(
    project: Project, prose: str = "Ce chapitre dit ce que l'on sait.", more: str = "", after: str = ""
) -> None:
    """Notebooks of three cells; ``more`` is run before the title is shown, ``after`` ends the last cell."""
    import nbformat

    from analysis.chapitres.catalogue import notebooks

    project.notebooks.mkdir(exist_ok=True)
    for name in notebooks("reel"):
        code = {"territoire.ipynb": "val", "suivi.ipynb": "territoires_suivis"}.get(name)
        code = code or name.removesuffix(".ipynb")
        parameter = nbformat.v4.new_code_cell(f'territoire = "{code}"', metadata={"tags": ["parameters"]})
        ran = [nbformat.v4.new_code_cell(cell) for cell in (CELLS[0], more + CELLS[1], CELLS[2] + after)]
        cells = [ran[0], parameter, ran[1], nbformat.v4.new_markdown_cell(prose), ran[2]]
        for rank, cell in enumerate(cells):
            cell.id = f"cellule-{rank}"
        written = nbformat.v4.new_notebook(
            cells=cells,
            metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
        )
        nbformat.write(written, project.notebooks / name)


def write_buildable(root: Path) -> Project:
    """The small project with notebooks of a few cells and the method pages, which builds in seconds."""
    project = Project(write_small_project(root))
    for table in ("glossaire", "sigles"):
        shutil.copyfile(REPOSITORY / f"data/dictionary/{table}.csv", project.dictionary / f"{table}.csv")
    write_notebooks(project)
    return project


def write_publishable(root: Path) -> Project:
    """The small project in git, with what publishing asks for; nothing of it is built."""
    from analysis.chapitres.commandes_verdict import signer
    from analysis.sources.verdicts import FILE as VERDICTS

    project = write_buildable(root)
    shutil.copyfile(REPOSITORY / ".gitignore", root / ".gitignore")
    project.texts.mkdir(exist_ok=True)
    body = "L'EBE emploie {#1}. Une seule source le dit."
    told = [f"## {code}\nauteur: Ada Test\ndate: 2026-11-18\netat: projet\n\n{body}\n" for code in CODES]
    (project.texts / VERDICTS).write_text("\n".join(told), encoding="utf-8", newline="\n")
    assert signer(project, (), auteur="", is_draft=True, today=date(2026, 11, 20)) == 0
    git(project, "init")
    git(project, "add", ".")
    git(project, "commit", "-m", "état")
    return project


def edit(root: Path, name: str, old: str, new: str) -> None:
    """Replace a piece of a table; fails when it is not there."""
    path = root / "data" / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {name}"
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def cloned() -> tuple[str, ...]:
    """The chapters that the clone builds."""
    from analysis.chapitres.catalogue import of_all

    return ("premery", *of_all())


def write_clone(root: Path) -> Project:
    """The repository's own data, notebooks and methods in a git repository of their own, all committed."""
    for name in ("data", "notebooks", "docs"):
        ignored = shutil.ignore_patterns(".ipynb_checkpoints", "depot", "editions")
        shutil.copytree(REPOSITORY / name, root / name, ignore=ignored)
    for name in ("requirements.lock", ".gitignore"):
        shutil.copyfile(REPOSITORY / name, root / name)
    project = Project(root)
    git(project, "init")
    git(project, "add", ".")
    git(project, "commit", "-m", "état")
    return project


def git(project: Project, *arguments: str) -> None:
    """Run git in a project, as somebody who needs no configuration."""
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(project.root), *who, *arguments], check=True, capture_output=True)


def write_demonstration_root(root: Path) -> Project:
    """A project that has all that a demonstration needs of the repository."""
    here = Project.here()
    shutil.copytree(here.dictionary, root / "data" / "dictionary")
    shutil.copytree(here.notebooks, root / "notebooks")
    shutil.copytree(here.methods, root / "docs" / "methods")
    for folder in (here.habilitation, here.territoires_suivis):
        shutil.copytree(folder, root / "data" / folder.name)
    shutil.copy(here.data / "publication.toml", root / "data")
    shutil.copy(here.lock, root)
    return Project(root)


def receive_all(project: Project) -> Project:
    """The demonstration of a project: ten invented territories, their deposits received, nothing built."""
    from analysis.demonstration.avis.codeurs import receive_coding
    from analysis.demonstration.etapes.ecrits import prepare
    from analysis.demonstration.etapes.envois import GRAINE, deposit, receive
    from analysis.demonstration.lieux import territoires
    from analysis.demonstration.suivis import receive_candidats
    from analysis.depot.referentiel import load_referentiel

    lieux, invented = territoires(10), project.demonstration
    prepare(project, invented, lieux)
    referentiel = load_referentiel(invented)
    for lieu in lieux:
        deposit(invented, referentiel, lieu)
        receive(invented, referentiel, lieu.code)
        receive_coding(invented, referentiel, lieu.code, GRAINE)
    receive_candidats(invented)
    return invented
