"""What producers publish is fetched from a server of their layout: whole, checked, and never waited for ever."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from analysis.noyau.paths import Project
from analysis.sources.ouvertes.cartes import OPEN_DATA, Carte, load_cartes, trouver
from analysis.sources.ouvertes.lecture import commune_ape, ze_trimestres
from analysis.sources.ouvertes.presence import journal, presences
from analysis.sources.ouvertes.telechargement import telecharger

DAY = date(2026, 11, 28)
YEARS = range(2006, 2026)


def published() -> dict[str, bytes]:
    """What each address of the cards answers, in the layout of its producer."""
    years = ";".join(f"effectifs_salaries_{year}" for year in YEARS)
    values = ";".join(str(year - 2000) for year in YEARS)
    ape = "\n".join(f"{code:05d};1071C;Boulangerie;{values}" for code in range(1001, 1101))
    quarters = "\n".join(
        f"{y};{q};{z};{y + q}" for y in range(1998, 2026) for q in range(1, 5) for z in ("0062", "2804")
    )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("donnees.csv", "CODGEO\n01001\n")
    ods, insee = "/api/explore/v2.1/catalog/datasets/{}/exports/csv", "/fr/statistiques/fichier/{}"
    return {
        ods.format("etablissements-et-effectifs-salaries-au-niveau-commune-x-ape-last"): (
            f"code_commune;code_ape;ape;{years}\n{ape}\n".encode()
        ),
        ods.format("effectifs-salaries-et-masse-salariale-du-secteur-prive-par-zone-demploi"): (
            f"\ufeffannee;trimestre;code_zone_d_emploi;effectifs_salaries_cvs\n{quarters}\n".encode()
        ),
        ods.format("dares_defm_communales-brutes"): (
            "Date;Code commune;Sexe;Catégorie;Nombre de demandeurs d'emploi\n2015-T4;01001;Total;ABC;15\n".encode()
        ),
        insee.format("1893230/chomage-zone-t1-2003-t3-2023.xlsx"): archive.getvalue(),
        insee.format("4291712/indic-struct-distrib-revenu-2017-COMMUNES.zip"): archive.getvalue(),
        insee.format("2521169/base_cc_comparateur_csv.zip"): archive.getvalue(),
        insee.format("7766585/v_mvt_commune_2024.csv"): (
            b"MOD,DATE_EFF,TYPECOM_AV,COM_AV,TYPECOM_AP,COM_AP\n32,2016-01-01,COM,14001,COM,14002\n"
        ),
    }


class Producer(BaseHTTPRequestHandler):
    """Answers what is published; hangs where it is told to."""

    answers: dict[str, bytes]
    silent: threading.Event | None = None

    def do_GET(self) -> None:
        if self.silent is not None:
            self.silent.wait(10)
            return
        content = self.answers.get(urlsplit(self.path).path)
        self.send_response(404 if content is None else 200)
        self.end_headers()
        self.wfile.write(content or b"<html>absent</html>")

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def producer() -> Iterator[type[Producer]]:
    handler = type("Handler", (Producer,), {"answers": published(), "silent": None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    handler.port = server.server_address[1]  # type: ignore[attr-defined]
    yield handler
    if handler.silent is not None:
        handler.silent.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.delenv(OPEN_DATA, raising=False)
    return Project(tmp_path)


def cards(port: int) -> list[Carte]:
    """The real cards, their producers at home: the addresses keep their paths."""

    def at_home(url: str) -> str:
        parts = urlsplit(url)
        return f"http://127.0.0.1:{port}{parts.path}?{parts.query}"

    return [
        replace(
            carte,
            telechargements=tuple(
                replace(t, url=at_home(t.url), lignes=min(t.lignes, 1)) for t in carte.telechargements
            ),
        )
        for carte in load_cartes(Project.here()).values()
    ]


def fetch(project: Project, cartes: list[Carte], **options: float) -> tuple[list[str], list[str]]:
    told: list[str] = []
    return telecharger(project, cartes, told.append, today=DAY, **options), told


def test_every_published_file_is_taken_and_read(project: Project, producer: type[Producer]) -> None:
    cartes = cards(producer.port)  # type: ignore[attr-defined]
    failed, told = fetch(project, cartes)
    assert failed == []
    wanted = [t.nom for carte in cartes for t in carte.telechargements]
    assert sum("reçu et vérifié" in line for line in told) == len(wanted) == len(journal(project))
    ape, ze = (
        trouver(project, nom)
        for nom in (
            "urssaf-commune-ape/effectifs_commune_ape.csv",
            "urssaf-ze-trimestres/effectifs_ze_trimestres.csv",
        )
    )
    assert ape is not None and ze is not None
    communes = commune_ape(ape.read_bytes(), ape.name)
    assert (communes.periods[0], communes.at("01001", 2006)) == (2006, 6)
    assert ze_trimestres(ze.read_bytes(), ze.name).at("0062", 19981) == 1999
    own = [p for p in presences(project, {c.source: c for c in cartes}) if p.est_telecharge]
    assert {p.etat for p in own} == {"présent"}
    ape.write_text("autre", encoding="utf-8")
    changed = [p.nom for p in presences(project, {c.source: c for c in cartes}) if p.etat == "changé"]
    assert changed == ["urssaf-commune-ape/effectifs_commune_ape.csv"]


def test_a_file_that_changed_its_layout_is_not_taken_and_the_old_one_stays(
    project: Project, producer: type[Producer]
) -> None:
    cartes = cards(producer.port)  # type: ignore[attr-defined]
    assert fetch(project, cartes)[0] == []
    path = project.data / "open" / "urssaf-commune-ape" / "effectifs_commune_ape.csv"
    before = path.read_bytes()
    for name, content in list(producer.answers.items()):
        if "commune-x-ape" in name:
            producer.answers[name] = content.replace(b"code_commune", b"commune")
        elif name.endswith(".zip"):
            producer.answers[name] = b"<html>maintenance</html>"
        elif "zone-demploi" in name:
            del producer.answers[name]
    failed, _ = fetch(project, cartes)
    assert path.read_bytes() == before
    assert [s for s in failed if "il manque la colonne « code_commune »" in s]
    assert len([s for s in failed if "n'est pas une archive" in s]) == 2
    assert [s for s in failed if "le producteur répond 404" in s]
    assert len(failed) == 4
    assert not list((project.data / "open").glob(".en-cours*"))


def test_a_file_that_is_too_short_is_not_taken(project: Project, producer: type[Producer]) -> None:
    long = [
        replace(c, telechargements=tuple(replace(t, lignes=5000) for t in c.telechargements))
        for c in cards(producer.port)  # type: ignore[attr-defined]
        if c.source == "urssaf_emploi"
    ]
    failed, _ = fetch(project, long)
    assert "100 lignes reçues, 5000 au moins sont attendues" in failed[0]
    assert trouver(project, "urssaf-commune-ape/effectifs_commune_ape.csv") is None


def test_a_producer_that_is_silent_is_left_and_asked_once(project: Project, producer: type[Producer]) -> None:
    producer.silent = threading.Event()
    failed, told = fetch(project, cards(producer.port), patience=0.2)  # type: ignore[attr-defined]
    assert "n'a pas répondu à temps. Vérifiez la connexion et relancez" in failed[0]
    assert all("n'est pas demandé" in sentence for sentence in failed[1:])
    assert len([line for line in told if "demandé à" in line]) == 1
    assert len(failed) == 7


def test_without_network_the_message_says_what_to_do(project: Project) -> None:
    failed, _ = fetch(project, cards(1))
    assert (
        "ne peut être joint. Vérifiez la connexion et relancez, ou déposez le fichier à la main" in failed[0]
    )


def test_a_download_that_lasts_too_long_is_given_up(project: Project, producer: type[Producer]) -> None:
    failed, _ = fetch(project, cards(producer.port), longest=-1.0)  # type: ignore[attr-defined]
    assert all("dure trop, il est abandonné" in sentence for sentence in failed)
    assert not list((project.data / "open").rglob("*.csv"))
