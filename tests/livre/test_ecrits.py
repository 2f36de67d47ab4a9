"""What people write is refused before anything runs: every kind with its file and its line, all in one go."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from small import REPOSITORY, edit, write_demonstration_root

from analysis.chapitres.catalogue import catalogue
from analysis.cli import main
from analysis.demonstration.bilan import demonstration
from analysis.demonstration.etapes.ecrits import prepare
from analysis.demonstration.lieux import territoires
from analysis.livre.build import build
from analysis.livre.ecrits import load_checked
from analysis.livre.editions import edition
from analysis.noyau.errors import Finding, InvalidData
from analysis.noyau.paths import Project

HEAD = "auteur: Ada\ndate: 2026-11-23\n\n"


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("bilan")
    for name in ("data", "notebooks", "docs"):
        ignored = shutil.ignore_patterns(".ipynb_checkpoints", "depot", "editions", "decisions", "images")
        shutil.copytree(REPOSITORY / name, root / name, ignore=ignored)
    shutil.copyfile(REPOSITORY / "requirements.lock", root / "requirements.lock")
    return Project(root)


@pytest.fixture
def written(copied: Project, tmp_path: Path) -> Project:
    """All that people wrote of the real bilan, for a test to spoil."""
    root = tmp_path / "bilan"
    shutil.copytree(copied.root, root)
    return Project(root)


def findings(project: Project) -> list[Finding]:
    with pytest.raises(InvalidData) as caught:
        load_checked(project)
    return list(caught.value.findings)


def only(project: Project) -> Finding:
    (found,) = findings(project)
    return found


def write_text(project: Project, body: str, name: str = "thiers.md") -> None:
    (project.texts / name).write_text(HEAD + body, encoding="utf-8")


def add_cell(project: Project, notebook: str, source: str) -> int:
    """Add a cell of text before the first one of a notebook; its rank."""
    path = project.notebooks / notebook
    content = json.loads(path.read_text(encoding="utf-8"))
    rank = next(i for i, cell in enumerate(content["cells"]) if cell["cell_type"] == "markdown")
    cell = {
        "cell_type": "markdown",
        "id": f"essai-{len(content['cells'])}",
        "metadata": {},
        "source": source.splitlines(keepends=True),
    }
    content["cells"].insert(rank, cell)
    path.write_text(json.dumps(content), encoding="utf-8")
    return rank + 1


def test_what_is_written_of_the_real_bilan_holds(written: Project) -> None:
    assert len(load_checked(written).territoires) == 10


def test_a_typed_number(written: Project) -> None:
    write_text(written, "Une phrase.\n\nIl y avait 57 salariés.\n")
    found = only(written)
    assert (found.file, found.line, found.found) == ("notebooks/textes/thiers.md", 6, "« 57 salariés »")


@pytest.mark.parametrize(
    "body",
    [
        "La loi du 29 février 2016, loi n° 2016-231, article 5, puis l'article L. 5132-2 du code du travail.",
        "La 1re phase, le 13e arrondissement, le 2e rapport, l'hypothèse H2.",
        "De 2016 à 2021, fin 2018, le 1er mai 2019.",
        "Elle compte {effectif_ebe@2017-05-01} ; `57 salariés` est du code.\n\n### Un titre {#titre-57}",
        "Un nom d'EBE, 13 Avenir, et EBE 58.",
    ],
)
def test_what_may_be_typed(written: Project, body: str) -> None:
    write_text(written, body.replace("{effectif_ebe@2017-05-01}", "{#209}"))
    load_checked(written)


def test_a_number_typed_in_evidence_or_in_a_recommendation(written: Project) -> None:
    """Their sentences take numbers from the register, as a text does; a date stays."""
    path = written.published / "recommandations.csv"
    head, first, *others = path.read_text("utf-8").splitlines()
    path.write_text(
        "\n".join([head, first.replace("sans ", "12 personnes, en 2021, sans ", 1), *others]), "utf-8"
    )
    found = only(written)
    assert (found.file, found.line, found.column) == ("data/published/recommandations.csv", 2, "texte")
    assert found.found == "« 12 personnes »"


def test_a_title_of_the_rank_of_the_page(written: Project) -> None:
    write_text(written, "# Un titre\n\nDu texte.\n\nUn autre\n========\n\n```\n# du code\n```\n")
    assert [(f.line, f.found) for f in findings(written)] == [
        (4, "le titre « un-titre » au rang de celui de la page"),
        (8, "le titre « un-autre » au rang de celui de la page"),
    ]


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("Premery.md", "« premery.md »"),
        ("thier.md", "« thiers.md »"),
        ("thiers.txt", "« thiers.md »"),
        ("lune.md", "bilan territoires"),
    ],
)
def test_a_text_that_no_page_takes(written: Project, name: str, remedy: str) -> None:
    write_text(written, "Du texte.\n", name)
    found = only(written)
    assert found.file == f"notebooks/textes/{name}" and found.found == "un texte qu'aucune page ne prend"
    assert remedy in found.remedy


def test_a_text_may_be_of_a_chapter_on_all_and_a_hidden_file_is_nobody_s(written: Project) -> None:
    write_text(written, "Du texte.\n", "economie_ebe.md")
    (written.texts / ".~lock.thiers.md").write_text("x", encoding="utf-8")
    load_checked(written)


def test_a_text_signed_on_a_day_to_come(written: Project) -> None:
    (written.texts / "thiers.md").write_text("auteur: Ada\ndate: 2091-01-01\n\nDu texte.", encoding="utf-8")
    assert only(written).line == 2


def test_every_placeholder_that_names_nothing(written: Project) -> None:
    write_text(
        written, "Il y a {#99999}.\n\n- {effectif_eb}\n- {#209}\n- {#209:source}\n\n### Titre {#209}\n"
    )
    assert [f.line for f in findings(written)] == [4, 6, 8]
    assert "Vouliez-vous dire « effectif_ebe » ?" in findings(written)[1].found
    assert len(findings(written)[1].found) < 300


def test_notes_citations_and_references_that_lead_nowhere(written: Project) -> None:
    write_text(
        written,
        "Un appel[^a], une source [@senat-raport-266-2015].\n\n[^b]: Personne ne m'appelle.\n"
        "[^c]: Une.\n[^c]: Deux.\n\nVoir[^c] [](thier.html#titre), [](synthese.html#nulle-part), [x](#ici).\n"
        "Et `[^code] [@code] [](code.html)`.\n",
    )
    told = {(f.line, f.found) for f in findings(written)}
    assert told == {
        (4, "« [^a] », qui appelle une note écrite nulle part"),
        (4, "« [@senat-raport-266-2015] »"),
        (6, "la note « b », que rien n'appelle"),
        (8, "la note « c » écrite deux fois"),
        (10, "un renvoi à « thier.html#titre »"),
        (10, "un renvoi à « synthese.html#nulle-part »"),
        (10, "un renvoi à « #ici »"),
    }
    remedies = " ".join(f.remedy for f in findings(written))
    assert "« senat-rapport-266-2015 »" in remedies and "« thiers »" in remedies


def test_notes_citations_and_references_that_lead_somewhere(written: Project) -> None:
    """A title of a notebook or of a text, a drawing that never ran, a figure, a source, a measure, a page."""
    write_text(
        written,
        "### Ici {#ici}\n\nUn appel[^a], [@senat-rapport-266-2015], [](#ici), [](premery.html#saut-emploi-prive),\n"
        "[](exhaustivite.html#trois-taux), [](synthese.html), [](thiers.html#carte-identite), [](registre.html#chiffre-209),\n"
        "[](sources.html#senat-rapport-266-2015), [](definitions.html#mesure-taux_sortie), [](glossaire.html#titre),\n"
        "[](methode-secret.html), [](mentions.html#contact), [un site](https://example.org/x).\n\n[^a]: Une note.\n",
    )
    load_checked(written)


def test_what_is_written_in_a_notebook_is_told_with_its_cell(written: Project) -> None:
    rank = add_cell(written, "exhaustivite.ipynb", "# Un titre\n\nIl y a 12 personnes, [@inconnue].")
    assert {(f.file, f.line) for f in findings(written)} == {
        (f"notebooks/exhaustivite.ipynb, cellule {rank}", None)
    }
    assert len(findings(written)) == 3


def test_a_note_may_be_called_in_one_cell_and_written_in_another(written: Project) -> None:
    add_cell(written, "territoire.ipynb", "Un appel[^un].")
    assert len(findings(written)) == 1  # once, not once a territory
    add_cell(written, "territoire.ipynb", "[^un]: La note.")
    load_checked(written)


def test_the_title_of_a_notebook_is_that_of_the_catalogue(written: Project) -> None:
    path = written.notebooks / "economie_ebe.ipynb"
    text = path.read_text(encoding="utf-8")
    assert "L'économie des EBE\\\")" in text
    path.write_text(text.replace("L'économie des EBE\\\")", 'Les comptes des EBE\\")'), encoding="utf-8")
    found = only(written)
    assert found.file.startswith("notebooks/economie_ebe.ipynb, cellule ")
    assert found.found == "le titre « Les comptes des EBE »" and "« L'économie des EBE »" in found.expected


def test_a_notebook_that_cannot_be_read_and_one_without_its_parameter(written: Project) -> None:
    (written.notebooks / "synthese.ipynb").write_text("<<<<<<< HEAD\n{}", encoding="utf-8")
    path = written.notebooks / "territoire.ipynb"
    path.write_text(path.read_text("utf-8").replace('territoire = \\"premery', 'code = \\"premery'), "utf-8")
    with pytest.raises(InvalidData) as caught:
        load_checked(written)
    assert str(caught.value).startswith("2 points à corriger :\n")
    assert "notebooks/synthese.ipynb : ce carnet ne se lit pas" in str(caught.value)
    assert "notebooks/territoire.ipynb ne déclare pas le paramètre territoire" in str(caught.value)


def test_an_erratum_of_an_unknown_page(written: Project) -> None:
    path = written.data / "errata.csv"
    path.write_text(
        "date,page,correction\n2026-11-23,thiers,« a » pour « b ».\n2026-11-24,registre,x\n", encoding="utf-8"
    )
    load_checked(written)
    path.write_text(path.read_text("utf-8") + "2026-11-24,thier,« a » pour « b ».\n", encoding="utf-8")
    found = only(written)
    assert (found.file, found.line, found.column) == ("data/errata.csv", 4, "page")
    assert found.remedy == "Vouliez-vous dire « thiers » ?"


def test_all_is_told_in_one_go(written: Project) -> None:
    """The register, an indicator's unit, a text, a notebook, an erratum, the publisher: one message."""
    edit(written.root, "published/chiffres", "1,colombelles,perimetre", "1,colombelle,perimetre")
    edit(written.root, "published/chiffres", "430,,,430,personnes", "430,,,430,emplois")
    (written.data / "errata.csv").write_text("date,page,correction\n2026-11-23,thier,x\n", encoding="utf-8")
    write_text(written, "# Titre\n\n57 salariés, [@inconnue], {effectif_eb}, [^a].\n")
    add_cell(written, "synthese.ipynb", "[](nulle-part.html)")
    (written.data / "publication.toml").write_text('titre = "Bilan"\n', encoding="utf-8")
    with pytest.raises(InvalidData) as caught:
        load_checked(written)
    told = str(caught.value)
    for piece in (
        "chiffres.csv, ligne 2, colonne « territoire »",
        "chiffres.csv, ligne 7, colonne « unite »",
        "errata.csv, ligne 2, colonne « page »",
        "thiers.md, ligne 4 : trouvé le titre « titre »",
        "thiers.md, ligne 6 : trouvé « 57 salariés »",
        "thiers.md, ligne 6 : trouvé « [@inconnue] »",
        "« effectif_eb »",
        "thiers.md, ligne 6 : trouvé « [^a] »",
        "synthese.ipynb, cellule",
        "publication.toml : il manque nom",
    ):
        assert piece in told, piece
    assert told.startswith("10 points à corriger :")


def test_a_figure_at_fault_is_not_told_again_by_the_texts_that_name_it(written: Project) -> None:
    """Prémery's text names the staff of EBE 58 in February 2021, whose row is at fault."""
    path = written.published / "chiffres.csv"
    (row,) = [
        line
        for line in path.read_text("utf-8").splitlines()
        if ",premery,effectif_ebe," in line and "2021-02" in line
    ]
    edit(written.root, "published/chiffres", row, row.replace("2021-02", "février 2021"))
    assert only(written).file == "data/published/chiffres.csv"


def test_a_table_that_cannot_be_read_leaves_what_depends_on_it_untold(written: Project) -> None:
    (written.published / "sources.csv").write_text("source;titre\n", encoding="utf-8")
    write_text(written, "57 salariés, [@senat-rapport-266-2015], {#209}.\n")
    assert [(f.file, f.line) for f in findings(written)] == [
        ("data/published/sources.csv", 1),
        ("notebooks/textes/thiers.md", 4),
    ]


def test_commands_that_build_begin_there(
    written: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BILAN_RACINE", str(written.root))
    assert main(["verifier"]) == 0
    count = len(load_checked(written).chiffres)
    assert capsys.readouterr().out == f"Rien à corriger : {count} chiffres, 10 territoires.\n"
    write_text(written, "Il y avait 57 salariés.\n")
    monkeypatch.setattr(edition, "etat", lambda _project: edition.Etat("abc", None, False))
    for arguments in (
        ["verifier"],
        ["build"],
        ["publish", "--edition", "2026-1"],
        ["apercu", "--territoire", "thiers"],
    ):
        assert main(arguments) == 1
        assert capsys.readouterr().err.startswith(
            "1 point à corriger :\n- notebooks/textes/thiers.md, ligne 4 :"
        )
    assert not list(written.runs.rglob("*.ipynb")) and not written.html.exists()
    with pytest.raises(InvalidData):
        build(written, codes=["premery"], workers=1)


def test_a_demonstration_is_checked_before_it_is_invented(tmp_path: Path) -> None:
    project = write_demonstration_root(tmp_path)
    add_cell(project, "synthese.ipynb", "Il y a 12 personnes.")
    with pytest.raises(InvalidData, match="synthese.ipynb, cellule"):
        demonstration(project, nombre=3, workers=1)
    assert not project.demonstration.depots.exists()


def test_what_is_written_of_a_demonstration_holds(tmp_path: Path) -> None:
    project = write_demonstration_root(tmp_path)
    prepare(project, project.demonstration, territoires(3))
    register = load_checked(project.demonstration)
    assert len(catalogue(register, "demonstration")) == 13, "five on deposits, three territories, five on all"


def test_what_is_missing_and_an_unknown_code_are_told_together(written: Project) -> None:
    (written.notebooks / "synthese.ipynb").unlink()
    (written.methods / "secret.md").unlink()
    with pytest.raises(InvalidData) as caught:
        load_checked(written, ["gouvernanc", "premery"])
    told = str(caught.value)
    assert told.startswith("3 points à corriger :")
    assert "Carnet introuvable : notebooks/synthese.ipynb." in told
    assert "docs/methods/secret.md : trouvé aucun fichier" in told
    assert "Territoire ou chapitre inconnu : « gouvernanc »." in told
