"""The bilan of invented territories: a real build from real files, marked everywhere, apart from the real one."""

from __future__ import annotations

import base64
import re
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from analysis.chapitres.catalogue import make_bundle
from analysis.demonstration.bilan import demonstration, deposit, prepare, receive
from analysis.demonstration.lieux import territoires
from analysis.depot.apercu import apercu
from analysis.depot.constats import DepotError
from analysis.depot.ledger import Ledger
from analysis.depot.referentiel import load_referentiel
from analysis.noyau.paths import Project
from analysis.presentation.marks import DEMONSTRATION_MARK
from analysis.secret.bundle import bundle_territoire
from analysis.sources.register import Register, load_register


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that has all that the repository has, in a folder of its own."""
    root, here = tmp_path_factory.mktemp("projet"), Project.here()
    shutil.copytree(here.dictionary, root / "data" / "dictionary")
    shutil.copytree(here.notebooks, root / "notebooks")
    shutil.copy(here.data / "publication.toml", root / "data")
    shutil.copy(here.lock, root)
    return Project(root)


@pytest.fixture(scope="module")
def built(real: Project) -> Project:
    """The demonstration of three territories, built."""
    assert demonstration(real, nombre=3, workers=2) == 0
    return real.demonstration


def test_every_page_table_and_figure_of_the_demonstration_says_so(built: Project) -> None:
    pages = sorted(built.html.glob("*.html"))
    assert {"index.html", "synthese.html", "orbesson.html"} <= {page.name for page in pages}
    captions = images = 0
    for page in pages:
        soup = BeautifulSoup(page.read_text(encoding="utf-8"), "lxml")
        assert soup.select_one("body > .demonstration").get_text() == DEMONSTRATION_MARK  # type: ignore[union-attr]
        assert soup.title is not None and soup.title.get_text().startswith("Démonstration")
        for caption in soup.find_all(["caption", "figcaption"]):
            assert caption.get_text().startswith("Démonstration")
            captions += 1
        for image in soup.find_all("img"):
            svg = base64.b64decode(str(image["src"]).partition(",")[2]).decode("utf-8")
            assert "DÉMONSTRATION" in svg
            images += 1
    assert captions > 10 and images == 4


def test_what_a_chapter_shows_is_what_the_accounts_and_the_months_say(built: Project) -> None:
    """Sums made here from the very files that the territory « sent »."""
    folder = built.depots / "valcourbe-sur-lisse"
    (account,) = folder.glob("comptes-*-2019.txt")
    header, *lines = [line.split("\t") for line in account.read_text(encoding="utf-8").splitlines()]
    places = {name: header.index(name) for name in ("CompteNum", "Debit", "Credit")}
    sales = 0
    for cells in lines:
        if cells[places["CompteNum"]].startswith("70"):
            for name, sign in (("Credit", 1), ("Debit", -1)):
                sales += sign * round(100 * float(cells[places[name]].replace(",", ".") or 0))
    ledger, referentiel = Ledger(built), load_referentiel(built)
    shown = apercu(ledger, referentiel, "valcourbe-sur-lisse")
    assert shown is not None
    of_2019 = next(exercice for exercice in shown.exercices if exercice.cloture.year == 2019)
    assert of_2019.ventes == pytest.approx(sales / 100)
    page = (built.html / "valcourbe-sur-lisse.html").read_text(encoding="utf-8")
    digits = re.sub(r"\s", "", BeautifulSoup(page, "lxml").get_text())
    assert f"{sales / 100:.0f}" in digits


def test_the_pdf_stands_beside(built: Project) -> None:
    assert (built.html / "bilan.pdf").read_bytes().startswith(b"%PDF")


def test_a_refused_invented_deposit_stops_with_its_findings(
    real: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    invented = Project(tmp_path, "demonstration")
    lieux = territoires(3)
    prepare(real, invented, lieux)
    referentiel = load_referentiel(invented)
    folder = deposit(invented, referentiel, lieux[2])
    (folder / f"depot-{lieux[2].code}.xlsx").write_bytes(b"PK")
    with pytest.raises(DepotError, match=r"(?s)orbesson.*trouvé"):
        receive(invented, referentiel, "orbesson")
    assert Ledger(invented).deposits("orbesson") == []


def test_a_real_territory_s_bundle_never_carries_a_deposit(published: Register) -> None:
    bundle = make_bundle(Project.here(), published, "thiers")
    assert bundle.depots == () and bundle.nature == "reel"
    assert bundle_territoire(published, "thiers", texte=None).depots == ()


def test_the_demonstration_has_no_published_figure_and_no_real_territory(
    built: Project, published: Register
) -> None:
    register = load_register(built)
    assert register.chiffres == () and register.series == ()
    real_names = {name for t in published.territoires for name in (t.code, t.nom, *(e.nom for e in t.ebe))}
    invented_names = {name for t in register.territoires for name in (t.code, t.nom, *(e.nom for e in t.ebe))}
    assert not real_names & invented_names
