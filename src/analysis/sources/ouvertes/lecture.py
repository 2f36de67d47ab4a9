"""Each open data source as a panel: what is empty, withheld or illegible is missing, never zero."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from analysis.noyau.errors import BilanError
from analysis.noyau.files.sums import sha256_of
from analysis.noyau.paths import Project
from analysis.sources.ouvertes.cartes import Carte, Fichier, load_cartes, trouver
from analysis.sources.ouvertes.panels import Break, Panel, checksum

WITHHELD: Final = {"s": "secret", "ns": "secret", "nd": "absent", "(O)": "absent"}
"""How the producers print that a value is not given, and what it means."""

_YEAR: Final = re.compile(r"(?:eff_|effectifs_salaries_|defm_abc_)(\d{4})(?:T4)?")
_QUARTER: Final = re.compile(r"(\d{4})-?T([1-4])")

LONG: Final = ("anc_12_a_23_mois", "anc_24_a_35_mois", "anc_plus_36_mois")
"""The durations that make a year or more of registration."""


class Ouvertes:
    """The open data of a project, read once each: panels, and where communes are."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.cartes = load_cartes(project)
        self._read: dict[tuple[str, str], Panel] = {}

    def emploi(self, zone_type: str) -> Panel:
        """Private employment at the end of the year, by ``commune``, ``epci``, ``ze`` or ``dep``."""
        return self._once(
            "urssaf_emploi", zone_type, lambda carte: self._large(carte, zone_type, "code", "emplois")
        )

    def inscrits(self) -> Panel:
        """Registered jobseekers A, B and C by commune, mean of the fourth quarter."""
        return self._once(
            "dares_inscrits", "commune", lambda carte: self._large(carte, "commune", "code", "personnes")
        )

    def anciennete(self) -> Panel:
        """Jobseekers registered for a year or more by EPCI, in December.

        In the years without codes an EPCI is known by its name, where the name is that of one EPCI of 2019;
        one that stands twice in a year is missing there.
        """
        return self._once("inscrits_anciennete", "epci", self._anciennete)

    def filosofi(self, quantite: str) -> Panel:
        """``TP60`` (poverty rate, %), ``NBPERSMENFISC`` (people in fiscal households) by commune and year."""
        return self._once("filosofi", quantite, lambda carte: self._filosofi(carte, quantite))

    def chomage(self, zone_type: str) -> Panel:
        """Localised unemployment rates, %, by ``ze`` or ``dep``; period 20161 is the first quarter of 2016.

        A département is named as its producer prints it.
        """
        return self._once("chomage_localise", zone_type, lambda carte: self._chomage(carte, zone_type))

    def population(self) -> Panel:
        """Population by commune at the census of 2013 and of 2018."""
        return self._once("recensement", "commune", self._population)

    def zones_emploi(self) -> dict[str, str]:
        """The zone d'emploi of each commune."""
        rows, _ = self._rows(self._fichier("geographie", "ze"))
        return {row["CODGEO"]: row["ZE2020"].zfill(4) for row in rows}

    def epci(self) -> dict[str, str]:
        """The EPCI of each commune in 2019."""
        rows, _ = self._rows(self._fichier("geographie", "epci"))
        return {row["codgeo"]: row["code_epci"] for row in rows}

    def noms(self) -> dict[str, str]:
        """The name of each commune and EPCI."""
        rows, _ = self._rows(self._fichier("geographie", "communes"))
        names = {row["epci"]: row["nom_epci"] for row in rows if row["epci"]}
        return names | {row["code"]: row["nom"] for row in rows}

    def fusions(self) -> tuple[Break, ...]:
        """The communes that a merger or a separation changed since 2014, if the file of the COG is there."""
        carte = self.cartes["geographie"]
        path = next(
            (trouver(self.project, t.nom) for t in carte.telechargements if t.contenu == "mouvements"), None
        )
        return mouvements(path.read_text(encoding="utf-8-sig")) if path else ()

    def verifier(self, sources: Iterable[str]) -> None:
        """Refuse sources of which a file is missing or is not that of its card, the first one named.

        The places of communes are always needed.
        """
        for source in dict.fromkeys((*sources, "geographie")):
            for fichier in self.cartes[source].fichiers:
                if sha256_of(self._chemin(fichier)) != fichier.sha256:
                    raise BilanError(
                        f"Le fichier « {fichier.nom} » n'est pas celui que décrit la carte "
                        f"data/sources_ouvertes/{source}.toml : remettez celui de la carte, ou décrivez "
                        "l'autre édition dans la carte."
                    )

    def sommes(self) -> dict[str, str]:
        """The SHA-256 of what each source was read from, all its files that are there together."""
        found = {}
        for carte in self.cartes.values():
            paths = [trouver(self.project, f.nom) for f in carte.fichiers]
            if all(paths):
                found[carte.source] = checksum(*(path.read_bytes() for path in paths if path))
        return found

    def _once(self, source: str, what: str, read: Callable[[Carte], Panel]) -> Panel:
        if (source, what) not in self._read:
            carte = self.cartes[source]
            panel = read(carte)
            told = sorted({*panel.breaks, *carte.ruptures})
            self._read[source, what] = replace(panel, breaks=tuple(told))
        return self._read[source, what]

    def _fichier(self, source: str, contenu: str) -> Fichier:
        return self.cartes[source].fichier(contenu)

    def _rows(self, fichier: Fichier) -> tuple[list[dict[str, str]], bytes]:
        content = self._chemin(fichier).read_bytes()
        return lignes(content, fichier.nom), content

    def _chemin(self, fichier: Fichier) -> Path:
        path = trouver(self.project, fichier.nom)
        if path is None:
            raise BilanError(
                f"Le fichier « {fichier.nom} » manque : mettez-le dans data/open, ou dites où "
                "sont les données ouvertes par la variable BILAN_OPEN_DATA. "
                "« bilan sources » dit où le producteur le publie."
            )
        return path

    def _large(self, carte: Carte, contenu: str, key: str, unit: str) -> Panel:
        fichier = carte.fichier(contenu)
        rows, content = self._rows(fichier)
        years = {column: int(found[1]) for column in rows[0] if (found := _YEAR.fullmatch(column))}
        if not years or key not in rows[0]:
            raise BilanError(
                f"Le fichier « {fichier.nom} » n'a pas les colonnes attendues : {key} et une par année."
            )
        values = _table(rows, list(years))
        return Panel(
            carte.source,
            carte.source,
            unit,
            tuple(row[key] for row in rows),
            tuple(years.values()),
            values,
            (),
            checksum(content),
        )

    def _anciennete(self, carte: Carte) -> Panel:
        read = {int(f.contenu): self._rows(f) for f in carte.fichiers}
        last = read[max(read)][0]
        names = Counter(row["lib_epci"] for row in last)
        codes = {row["lib_epci"]: _code(row["code_epci"]) for row in last if names[row["lib_epci"]] == 1}
        by_year: dict[int, dict[str, float]] = {}
        for year, (rows, _) in read.items():
            keyed = [
                (_code(row["code_epci"]) if "code_epci" in row else codes.get(row["lib_epci"], ""), row)
                for row in rows
            ]
            count = Counter(code for code, _ in keyed)
            by_year[year] = {
                code: sum(_number(row[column]) for column in LONG)
                for code, row in keyed
                if code and count[code] == 1
            }
        zones = tuple(sorted(set().union(*by_year.values())))
        values = np.array([[by_year[year].get(zone, np.nan) for year in sorted(by_year)] for zone in zones])
        digest = checksum(*(content for _, content in read.values()))
        return Panel(
            carte.source, carte.source, "personnes", zones, tuple(sorted(by_year)), values, (), digest
        )

    def _filosofi(self, carte: Carte, quantite: str) -> Panel:
        read = {int(f.contenu): self._rows(f) for f in carte.fichiers}
        columns, told = {}, []
        for year, (rows, _) in read.items():
            name = f"{quantite}{year % 100}"
            columns[year] = {row["CODGEO"]: _number(row[name]) for row in rows}
            told += [
                Break(year, row["CODGEO"], WITHHELD[row[name]], f"« {row[name]} » dans la source")
                for row in rows
                if row[name] in WITHHELD
            ]
        zones = tuple(sorted(set().union(*columns.values())))
        values = np.array([[columns[year].get(zone, np.nan) for year in sorted(columns)] for zone in zones])
        digest = checksum(*(content for _, content in read.values()))
        unit = "points" if quantite.startswith("TP") else "personnes"
        return Panel(carte.source, quantite, unit, zones, tuple(sorted(columns)), values, tuple(told), digest)

    def _chomage(self, carte: Carte, zone_type: str) -> Panel:
        rows, content = self._rows(carte.fichier(zone_type))
        quarters = {c: int(f[1]) * 10 + int(f[2]) for c in rows[0] if (f := _QUARTER.fullmatch(c))}
        prefix = "Taux de chômage localisé par département - "
        if zone_type == "dep":
            rows = [row for row in rows if row["Libellé"].startswith(prefix)]
            zones = tuple(row["Libellé"].removeprefix(prefix) for row in rows)
        else:
            zones = tuple(row["ZE2020"].zfill(4) for row in rows)
        values = _table(rows, list(quarters))
        return Panel(
            carte.source,
            carte.source,
            "points",
            zones,
            tuple(quarters.values()),
            values,
            (),
            checksum(content),
        )

    def _population(self, carte: Carte) -> Panel:
        rows, content = self._rows(carte.fichier("commune"))
        values = _table(rows, ["P13_POP", "P18_POP"])
        zones = tuple(row["CODGEO"] for row in rows)
        return Panel(
            carte.source, "population", "personnes", zones, (2013, 2018), values, (), checksum(content)
        )


def commune_ape(content: bytes, nom: str) -> Panel:
    """The producer's file of communes and activities as a panel by commune, from 2006.

    The employees of a commune are the sum over its activities where all are given; a cell that is empty or
    withheld makes the commune missing that year. Raises BilanError where the columns are not those expected.
    """
    rows = lignes(content, nom, ";")
    years = {column: int(found[1]) for column in rows[0] if (found := _YEAR.fullmatch(column))}
    if not years or "code_commune" not in rows[0]:
        raise BilanError(
            f"Le fichier « {nom} » n'a pas les colonnes attendues : code_commune, effectifs_salaries_…"
        )
    columns = sorted(years, key=years.__getitem__)
    table = _table(rows, columns)
    zones = sorted({row["code_commune"] for row in rows})
    rank = {zone: place for place, zone in enumerate(zones)}
    values = np.zeros((len(zones), len(columns)))
    np.add.at(values, [rank[row["code_commune"]] for row in rows], table)
    periods = tuple(years[column] for column in columns)
    told = Break(
        periods[0], "", "absent", "Une activité sans valeur rend la commune manquante cette année-là."
    )
    return Panel(
        "urssaf_emploi", "emploi_prive", "emplois", tuple(zones), periods, values, (told,), checksum(content)
    )


def ze_trimestres(content: bytes, nom: str) -> Panel:
    """The producer's quarters by zone d'emploi, seasonally adjusted; the period 20161 is a first quarter.

    Raises BilanError where a zone has two values for a quarter or the columns are not those expected.
    """
    rows = lignes(content, nom, ";")
    wanted = ("annee", "trimestre", "code_zone_d_emploi", "effectifs_salaries_cvs")
    if not set(wanted) <= set(rows[0]):
        raise BilanError(f"Le fichier « {nom} » n'a pas les colonnes attendues : {', '.join(wanted)}.")
    cells: dict[tuple[str, int], float] = {}
    for row in rows:
        key = (row["code_zone_d_emploi"].zfill(4), int(row["annee"][:4]) * 10 + int(row["trimestre"][-1]))
        if key in cells:
            raise BilanError(
                f"Le fichier « {nom} » donne deux valeurs à la zone d'emploi {key[0]} au trimestre {key[1]}."
            )
        cells[key] = _number(row["effectifs_salaries_cvs"])
    zones = tuple(sorted({zone for zone, _ in cells}))
    periods = tuple(sorted({period for _, period in cells}))
    values = np.array([[cells.get((zone, period), np.nan) for period in periods] for zone in zones])
    return Panel("urssaf_emploi", "emploi_prive", "emplois", zones, periods, values, (), checksum(content))


MERGERS: Final = {
    "21": "rétablissement",
    "31": "fusion",
    "32": "commune nouvelle",
    "33": "fusion-association",
    "34": "fusion",
}
"""The kinds of events of the code officiel géographique that change the outline of a commune."""


def mouvements(text: str, since: int = 2014) -> tuple[Break, ...]:
    """The outlines that the file of events of the code officiel géographique says changed, by commune."""
    rows = list(csv.DictReader(io.StringIO(text)))
    found = {
        Break(int(row["DATE_EFF"][:4]), row[side], "fusion", f"{MERGERS[row['MOD']]} au {row['DATE_EFF']}")
        for row in rows
        if row["MOD"] in MERGERS and int(row["DATE_EFF"][:4]) >= since and row["COM_AV"] != row["COM_AP"]
        for side in ("COM_AV", "COM_AP")
    }
    return tuple(sorted(found))


def lignes(content: bytes, nom: str, separateur: str = ",") -> list[dict[str, str]]:
    """The rows of a CSV file; raises BilanError naming it where it is not one, or is empty."""
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=separateur))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BilanError(f"Le fichier « {nom} » ne se lit pas : {error}.") from error
    if not rows or any(None in row or None in row.values() for row in rows):
        raise BilanError(
            f"Le fichier « {nom} » est vide, ou une de ses lignes n'a pas autant de cellules que l'en-tête."
        )
    return rows


def _table(rows: Sequence[Mapping[str, str]], columns: Iterable[str]) -> np.ndarray:
    wanted = list(columns)
    return np.array([[_number(row[column]) for column in wanted] for row in rows])


def _number(text: str) -> float:
    """A number as the source prints it; NaN for nothing, or for a sign that it is withheld.

    Raises BilanError for anything else: what could mean two things is not read.
    """
    bare = text.strip()
    if not bare or bare in WITHHELD:
        return np.nan
    try:
        return float(bare.replace(",", "."))
    except ValueError as error:
        raise BilanError(
            f"Données ouvertes : « {bare[:20]} » n'est ni un nombre ni un signe de secret connu."
        ) from error


def _code(text: str) -> str:
    return text.removesuffix(".0")
