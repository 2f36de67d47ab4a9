"""A deposit small enough to recompute by hand: two people hired, one waiting, one exercice of four entries."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

from analysis.depot.dossier import Depot, read_depot
from analysis.depot.ecrits.modele import write_workbook
from analysis.depot.formes.cle import CLE_DEMONSTRATION
from analysis.depot.formes.constats import Constat
from analysis.depot.referentiel import Referentiel

Rows = dict[str, list[dict[str, Any]]]

BOOK, FEC, SURVEY = "depot-val.xlsx", "comptes-2018.txt", "enquete-1.csv"
EBE = "Essai 58"


def person(personne: str, **changes: object) -> dict[str, Any]:
    """Someone met and volunteering in March 2018, eligible in May, hired in September."""
    row: dict[str, Any] = {
        "personne": personne,
        "sexe": "Femme",
        "annee_naissance": 1974,
        "diplome": "CAP ou BEP",
        "rqth": "Non",
        "date_domicile": date(2009, 9, 1),
        "inscription": "Inscrite",
        "mois_sans_emploi": 41,
        "date_mois_sans_emploi": date(2018, 3, 12),
        "menage": "Personne seule",
        "enfants": None,
        "logement": "Hébergé",
        **dict.fromkeys(("rsa_avant", "ass_avant", "are_avant", "aah_avant"), "Non"),
        "aide_logement_avant": "Oui",
        "autre_ressource_avant": "Non renseigné",
        "date_rencontre": date(2018, 3, 12),
        "date_volontariat": date(2018, 4, 3),
        "decision_cle": "Éligible",
        "date_decision_cle": date(2018, 5, 17),
        "date_proposition": None,
        "situation": "Salariée de l'EBE",
        "date_situation": date(2018, 9, 1),
        "remarque": None,
    }
    return {**row, **changes}


def contract(personne: str, **changes: object) -> dict[str, Any]:
    """From September 2018, at four fifths of a full time."""
    row: dict[str, Any] = {
        "personne": personne,
        "ebe": EBE,
        "date_debut": date(2018, 9, 1),
        "date_fin": None,
        "motif_fin": None,
        "quotite": 0.8,
        "salaire_horaire": 9.88,
        "fonction": "Autre fonction",
    }
    return {**row, **changes}


TABLES: Rows = {
    "depot": [
        {
            "version": "2026-1",
            "territoire": "val",
            "date_arrete": date(2018, 12, 31),
            "deposant": "Direction de l'EBE",
            "information_personnes": "Oui",
        }
    ],
    "personnes": [
        person("P-1"),
        person("P-2", remarque="préfère le matin"),
        person("P-3", situation="Volontaire en attente", date_situation=date(2018, 4, 3)),
    ],
    "contrats": [contract("P-1"), contract("P-2", quotite=1)],
    "etp": [
        {"ebe": EBE, "mois": date(2018, month, 1), "etp_ppde": 1.8, "etp_encadrement": 1}
        for month in (9, 10, 11, 12)
    ],
    "exercices": [
        {
            "ebe": EBE,
            "date_ouverture": date(2018, 1, 1),
            "date_cloture": date(2018, 12, 31),
            "nature_comptes": "FEC",
            "fichier": FEC,
            "accord_publication": "Non",
        }
    ],
    "activites": [
        {
            "ebe": EBE,
            "date_cloture": date(2018, 12, 31),
            "activite": "Recyclerie",
            "branche": "Réemploi et recyclage",
            "clientele": "Particuliers",
            "heures": 500,
            "ventes": 1234.5,
            "avis_cle": "Favorable",
            "date_avis": date(2018, 2, 1),
        }
    ],
    "instances": [
        {
            "instance": "Comité local pour l'emploi",
            "date": date(2018, 6, 15),
            "duree": 2.5,
            **dict.fromkeys(("personnes_concernees", "salaries_ebe", "elus", "entreprises"), 2),
            **dict.fromkeys(("etat", "associations", "habitants"), 0),
        }
    ],
    "estimations": [
        {
            "date_estimation": date(2016, 11, 24),
            "ppde_estimees": 270,
            "methode": "Dossier d'habilitation",
        }
    ],
    "financements": [
        {
            "ebe": EBE,
            "date_cloture": date(2018, 12, 31),
            "financeur": "État",
            "dispositif": "Contribution au développement de l'emploi",
            "engage": 9000,
            "verse": 9000,
        }
    ],
    "depenses": [
        {
            "collectivite": "Département ou collectivité qui en tient lieu",
            "annee": 2018,
            "depense": "RSA versé",
            "beneficiaires": None,
            "montant": 100000,
        }
    ],
    "enquetes": [
        {"enquete": "Salariés d'EBE", "vague": 1, "date_collecte": date(2018, 12, 1), "fichier": SURVEY}
    ],
}

FEC_TEXT = "\n".join(
    "\t".join(cells)
    for cells in (
        (
            "JournalCode",
            "EcritureNum",
            "EcritureDate",
            "CompteNum",
            "CompteLib",
            "EcritureLib",
            "Debit",
            "Credit",
        ),
        ("VE", "1", "20180630", "411000", "Jeanne Martin", "Facture Martin", "1000,00", ""),
        ("VE", "1", "20180630", "706000", "Ventes", "Facture Martin", "", "1000,00"),
        ("VE", "2", "20180930", "411000", "Jeanne Martin", "Facture Martin", "234,50", ""),
        ("VE", "2", "20180930", "707000", "Ventes", "Facture Martin", "", "234,50"),
    )
)

SURVEY_TEXT = """\
"id","submitdate","token","consent","sante","avis[SQ001]","avis[SQ002]","avis[SQ003]","avis[SQ004]","temps","satisf","libre","citer"
"1","2018-11-20 10:00:00","P-1","Y","A2","A1","A1","A2","A2","Y","7","",""
"2","2018-11-21 10:00:00","P-2","Y","A3","A2","A2","A2","A3","N","6","on apprend","N"
"""


AGENDA = "agenda.ics"
EVENTS = (
    ("cle", "Comité local pour l'emploi", "20180614T140000"),
    ("groupe", "Groupe de travail recyclerie", "20180620T090000"),
    ("autre", "Repas de quartier", "20180701T120000"),
    ("apres", "Comité local pour l'emploi", "20190110T140000"),
)


def agenda(*more: str) -> bytes:
    """Four meetings, the last one after the data stop."""
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART;TZID=Europe/Paris:{start}\r\nDURATION:PT2H\r\nSUMMARY:{title}\r\n"
        "ORGANIZER;CN=Jeanne Martin:mailto:jeanne.martin@exemple.fr\r\nDESCRIPTION:chez Mme Durand\r\nEND:VEVENT\r\n"
        for uid, title, start in EVENTS
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}{''.join(more)}END:VCALENDAR\r\n".encode()


def tables() -> Rows:
    """The rows of the small deposit, to change at will."""
    return deepcopy(TABLES)


def write(folder: Path, referentiel: Referentiel, rows: Rows | None = None) -> Path:
    """Write the small deposit, or these rows, as a territory would send it; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    write_workbook(folder / BOOK, referentiel, "val", rows or TABLES)
    (folder / FEC).write_text(FEC_TEXT, encoding="utf-8")
    (folder / SURVEY).write_text(SURVEY_TEXT, encoding="utf-8")
    return folder


def read(path: Path, referentiel: Referentiel, **options: Any) -> Depot:
    return read_depot(path, referentiel, empreinte=CLE_DEMONSTRATION.empreinte, **options)


def places(constats: tuple[Constat, ...]) -> list[tuple[str, str, str]]:
    """The rule, the sheet or file, and the cell or line of each finding."""
    return [
        (c.regle, c.feuille or c.fichier, c.cellule or (str(c.ligne) if c.ligne else "")) for c in constats
    ]
