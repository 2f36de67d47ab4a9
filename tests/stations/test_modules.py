"""What a piece of code imports, found in its text; what changes its fingerprint, and what does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.chapitres.jobs import ATELIER
from analysis.noyau.paths import Project
from analysis.stations import modules as module
from analysis.stations.modules import Modules, modules_of

SOURCES = {
    "__init__.py": "def __getattr__(name):\n    from analysis.tard import appel\n    return appel\n",
    "noyau/__init__.py": "",
    "noyau/mots.py": 'MOT = "non établi"  # un commentaire\n',
    "noyau/seul.py": "RIEN = 0\n",
    "vue/__init__.py": "",
    "vue/carte.py": (
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from analysis.noyau import seul\n"
        'from analysis.noyau.mots import MOT\nFOND = "fond.json"\nPOLICES = "polices"\n'
    ),
    "vue/fond.json": "{}",
    "vue/polices/a.ttf": "police",
    "vue/autre.json": "{}",
    "tard.py": "def appel():\n    from analysis.vue import carte\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in SOURCES.items():
        path = tmp_path / "analysis" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "analysis"


def of(root: Path, *names: str, without: tuple[str, ...] = ()) -> dict[str, str]:
    return Modules(root=root).of_names(names, without=without)


CARTE = {
    "__init__.py",
    "noyau/__init__.py",
    "noyau/mots.py",
    "vue/__init__.py",
    "vue/carte.py",
    "vue/fond.json",
}


def test_modules_their_imports_and_the_data_files_that_they_name(root: Path) -> None:
    assert set(of(root, "analysis.vue.carte")) == CARTE | {"vue/polices/a.ttf"}
    assert set(of(root, "analysis.noyau.mots")) == {"__init__.py", "noyau/__init__.py", "noyau/mots.py"}


def test_what_is_imported_late_counts_and_what_is_for_types_does_not(root: Path) -> None:
    found = set(of(root, "analysis.tard"))
    assert "vue/carte.py" in found and "noyau/seul.py" not in found
    left = set(of(root, "analysis.tard", without=("analysis.vue.carte",)))
    assert left == {"__init__.py", "tard.py", "vue/__init__.py"}


def test_a_name_that_the_package_gives_late_leads_to_its_module(root: Path) -> None:
    modules = Modules(root=root)
    assert "tard.py" in modules.of_cells(["%load_ext x\nfrom analysis import appel"])
    assert set(modules.of_cells(["import analysis", "ceci n'est pas du Python"])) == {"__init__.py"}
    assert modules.of_cells(["import pandas"]) == {}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "moved"),
    [
        ("noyau/mots.py", "un commentaire", "un autre", []),
        ("noyau/mots.py", "MOT", '"""Une phrase."""\n\nMOT', []),
        ("noyau/mots.py", "non établi", "inconnu", ["noyau/mots.py"]),
        ("vue/fond.json", "{}", "[]", ["vue/fond.json"]),
        ("vue/polices/a.ttf", "police", "autre", ["vue/polices/a.ttf"]),
        ("vue/autre.json", "{}", "[]", []),
        ("noyau/seul.py", "0", "1", []),
    ],
)
def test_what_moves_a_fingerprint(root: Path, name: str, old: str, new: str, moved: list[str]) -> None:
    before = of(root, "analysis.vue.carte")
    edit(root / name, old, new)
    after = of(root, "analysis.vue.carte")
    assert [name for name in after if before.get(name) != after[name]] == moved
    assert before.keys() == after.keys()


def test_what_was_read_is_kept_for_as_long_as_the_bytes_are_the_same(root: Path, tmp_path: Path) -> None:
    kept = tmp_path / "modules.json"
    first = Modules(kept, root).of_names(["analysis.vue.carte"])
    assert Modules(kept, root).of_names(["analysis.vue.carte"]) == first
    edit(root / "noyau/mots.py", "non établi", "inconnu")
    assert Modules(kept, root).of_names(["analysis.vue.carte"]) != first
    for text in ("", "{", '{"a": {"code": 1}}'):
        kept.write_text(text, encoding="utf-8")
        assert Modules(kept, root).of_names(["analysis.vue.carte"]) == of(root, "analysis.vue.carte")


def test_a_process_reads_the_sources_again_once_one_of_them_is_another(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "package_root", lambda: root)
    project = Project(tmp_path)
    first = modules_of(project)
    before = first.of_names(["analysis.vue.carte"])
    assert modules_of(project) is first
    edit(root / "noyau/mots.py", "non établi", "inconnu")
    assert modules_of(project).of_names(["analysis.vue.carte"]) != before
    after = modules_of(project)
    (root / "vue/polices/b.ttf").write_text("", encoding="utf-8")  # beside them, a data file
    assert modules_of(project) is not after


def test_an_import_that_cannot_be_followed_is_an_error(root: Path) -> None:
    (root / "tard.py").write_text("from . import vue\n", encoding="utf-8")
    with pytest.raises(ValueError, match="relative import"):
        of(root, "analysis.tard")


RUN = """
import json, os, sys
from pathlib import Path
package, notebook, place = sys.argv[1:]
opened = set()
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, os.PathLike)):
        opened.add(os.fspath(arguments[0]))
sys.addaudithook(hook)
shown = {}
for cell in json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]:
    if cell["cell_type"] != "code":
        continue
    source = "".join(cell["source"])
    source = "\\n".join(line for line in source.splitlines() if not line.startswith("%"))
    exec(source.replace('"premery"', repr(place)), shown)
modules = {getattr(m, "__file__", None) for n, m in sys.modules.items() if n.split(".")[0] == "analysis"}
files = {f for f in modules | opened if f and f.startswith(package) and "__pycache__" not in f}
print(json.dumps(sorted(os.path.relpath(f, package).replace(os.sep, "/") for f in files)))
"""


@pytest.mark.lent
@pytest.mark.parametrize(
    "notebook", ["territoire", "synthese", "exhaustivite", "economie_ebe", "depenses_passives"]
)
def test_all_that_a_chapter_really_loads_and_opens_was_found_in_its_text(
    notebook: str, tmp_path: Path, handed: Callable[..., object], published: object
) -> None:
    project = Project.here()
    code = "thiers" if notebook == "territoire" else notebook
    bundle = tmp_path / "paquet.json"
    bundle.write_bytes(handed(project, published, code).to_bytes())  # type: ignore[attr-defined]
    path = project.notebooks / f"{notebook}.ipynb"
    package = str(project.root / "src" / "analysis") + os.sep
    environment = {
        **os.environ,
        "BILAN_PAQUET": str(bundle),
        "BILAN_RACINE": str(tmp_path),
        "MPLBACKEND": "agg",
    }
    done = subprocess.run(
        [sys.executable, "-c", RUN, package, str(path), "thiers"],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    really = set(json.loads(done.stdout.splitlines()[-1]))
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    found = Modules().of_cells(
        ["".join(c["source"]) for c in cells if c["cell_type"] == "code"], without=ATELIER
    )
    assert really and really <= found.keys()
