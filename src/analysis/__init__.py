"""The bilan of « Territoires zéro chômeur de longue durée »: from published figures to a book.

The flow, in the order of the folders::

    noyau → stations → sources → impact → depot → indicateurs
      → secret → presentation → chapitres → livre → relecture

and one way inside each folder too (``tests/test_rooms.py``). A folder has at most fifteen files.

==============================================  =====================================================
To change…                                      open…
==============================================  =====================================================
a published figure, a source, a local series    ``data/published/*.csv`` (no code)
an indicator's name, unit, definition, limit    ``data/dictionary/indicateurs.csv`` (no code)
a territory, one of its communes or its EBE     ``data/territoires.csv``, ``data/ebe.csv`` (no code)
a sheet, a header, a version of the workbook    ``data/dictionary/depot_colonnes.csv`` and its like
what a column of a deposit may choose from      ``data/dictionary/nomenclatures.csv`` (no code)
two figures that may contradict each other      ``data/published/desaccords.csv`` (no code)
which pairs of figures are to be compared       ``sources/rapprochements.py``
what the experiment is compared with            ``data/published/comparaison_*.csv`` (no code)
what no row of the register may say             ``sources/vraisemblance.py``
how the printed words of a number are read      ``sources/imprimes.py``
how grave a finding is                          ``data/dictionary/regles.csv`` (no code)
a rule across the sheets of a deposit           ``depot/controles/``, one module a kind of rule
how a workbook, answers are read                ``depot/lecteurs/classeur.py``, ``depot/enquetes/enquete.py``
what a survey's questions must be               ``depot/enquetes/questions.py``
how a renamed sheet or column is found          ``depot/formes/feuilles.py``
what a cell may say, and why it says nothing    ``depot/formes/cellules.py``
what people write for a value of a list         ``data/dictionary/synonymes.csv`` (no code)
how accounts are read, a new dialect            ``depot/lecteurs/`` ``fec.py``, ``balance.py``…
what a measure must declare                     ``noyau/definitions.py``
what makes accounts unfit for a statement       ``noyau/plan_comptable.py``
in which line an account is, under which text   ``noyau/compte_resultat.csv`` (no code)
what a survey asks, how it reads                ``data/dictionary/questions.csv`` (no code)
on which side an answer stands                  ``data/dictionary/positions.csv`` (no code)
what was checked against what                   ``data/dictionary/verifications.csv`` (no code)
the themes of what people write                 ``data/dictionary/themes.csv`` (no code)
how a survey is written for LimeSurvey          ``depot/ecrits/questionnaire.py``
what LimeSurvey writes in an export             ``depot/enquetes/limesurvey.py``
the access codes of a survey                    ``depot/enquetes/codes.py``
what tells a person, her hash                   ``depot/formes/cle.py``
how written answers are coded                   ``depot/ecrits/codage.py``
how the files of a folder are told apart        ``depot/lecteurs/fichiers.py``
how a calendar is read, what is refused of it   ``depot/lecteurs/calendrier.py``
what a deposit's answer says to do first        ``depot/ecrits/actions.py``
what is kept of a deposit, and erased           ``depot/garde/ledger.py``, ``depot/dossier.py``
where a person is looked for in a file           ``depot/formes/passages.py``, ``depot/garde/``
what a workbook holds besides its cells          ``depot/formes/hors_cellules.py``
what a measure of deposits is, its name         ``data/dictionary/mesures.csv`` (no code)
an open data source, its licence, its breaks    ``data/sources_ouvertes/*.toml`` (no code)
how open data are read, fetched                 ``sources/ouvertes/`` ``lecture.py``…
who is compared with whom, frozen               ``data/impact/protocole.toml`` (no code, see 0050)
which donors the protocol leaves a place        ``impact/plan.py``
what impact results are made of, accepted       ``impact/`` ``calcul.py``, ``resultats.py``
how a place is compared, what chance does       ``impact/`` ``estimateurs``, ``inference``
how a measure is computed                       ``indicateurs/``, one module a family
who had gone through which step by a day        ``indicateurs/etapes.py``
who answered a survey, and how much it weighs   ``indicateurs/participation/vagues.py``
what all the territories together are           ``indicateurs/ensemble.py``
how near two days must be to be put together    ``data/dictionary/rencontres.csv`` (no code)
in which direction a measure speaks             ``data/dictionary/constats.csv`` (no code)
a régime of the habilitation, its criteria      ``data/habilitation/`` (no code)
how a dossier is judged, paid, compared         ``indicateurs/habilitation/``, one module a question
a sheet of a candidate's workbook               ``data/dictionary/candidat_colonnes.csv`` (no code)
who is followed, the threshold of an alert      ``data/territoires_suivis/`` (no code)
a rule of alert                                 ``indicateurs/territoires_suivis/alertes.py``
the day on which pages judge                    ``data/territoires_suivis/lecture.toml`` (no code)
the page of every followed territory            ``presentation/deposits/suivis_liste.py``
case types, payers, assumptions, scenarios      ``data/depenses_passives/`` (no code)
the case types supplied for invented people     ``scripts/cas_inventes.py``
how the law is asked, what follows a hire       ``indicateurs/depenses_passives/loi/``
a formula of the model that the law contradicts ``corrections.py`` there, and its row of exceptions
how a half is rounded                           ``noyau/arrondi.py``, ``livre/templates/simulateur.js``
what an authority simulates                     ``livre/simulateur.py``, ``livre/templates/simulateur.js``
what the surveys say, local indicators          ``indicateurs/participation/``
a threshold of secrecy, its reference           ``data/dictionary/secret.csv`` (no code)
which categories may be told together           ``data/dictionary/regroupements.csv`` (no code)
whether they are, and what that loses           ``secret/categories.py``
what may be published of the measures           ``secret/`` ``primaires.py``, ``regles.py``…
what is told after a past edition               ``secret/audit/deux_editions.py``
what a reader of everything would find          ``secret/audit/`` ``lecteur.py``, ``imprimes.py``
why a measure is withheld, told to a person     ``secret/audit/explication.py``
a revision in spite of a past edition           ``data/dictionary/exceptions_secret.csv`` (no code)
what may be published of someone's words        ``secret/release.py``
the meetings, decisions, volunteers             ``indicateurs/vie_associative.py``
the invented territories                        ``demonstration/lieux.py``, ``reperes.py``
what of the demonstration is kept, made again   ``demonstration/etapes/``, one module a step
what an evaluator writes of a territory         ``notebooks/textes/<territoire>.md`` (no code)
what is concluded of a hypothesis               ``notebooks/textes/verdicts.md`` (no code)
what refuses a text or a verdict                ``chapitres/textes.py``, ``sources/verdicts.py``
what is checked before anything runs            ``livre/ecrits.py``, ``livre/renvois.py``
what a party answers, what it contests          ``data/publication/<code>.md`` (no code)
how replies are printed, linked                 ``livre/reponses.py``, ``sources/reponses.py``
« L'essentiel », the page for the press         ``livre/essentiel.py``
the ten lines of a territory                    ``presentation/published/dix_lignes.py``
what pages say of themselves to programs        ``livre/ecran/metadonnees.py``
the five numbers to remember                    ``data/published/essentiel.csv`` (no code)
what is recommended, on which evidence          ``data/published/recommandations.csv`` (no code)
who publishes, the licence, the contact         ``data/publication.toml`` (no code)
what columns a written table may hold           ``data/dictionary/champs.csv``, ``sources/register.py``
how a number or a link reads                    ``presentation/numbers.py``, ``presentation/parts/``
what a placeholder of a sentence may name       ``presentation/parts/prose.py``
a table or a chart of a territory               ``presentation/published/`` ``territoire.py``, ``local``
a table or a chart of measures                  ``presentation/deposits/``, one module a family
what is shown of the surveys, of the remarks    ``presentation/`` ``deposits``, ``published``
how people hired are compared with others       ``impact/individus/``, one module a step
a table or a chart of impact                    ``presentation/published/impact/``
the invented people and their known effect      ``demonstration/individus.py``
a table or a chart of the synthesis             ``presentation/published/synthese.py``, ``trajectoire.py``
the drawing of charts, their colours, the map   ``presentation/drawing/``, one module a kind
where a chart is measured, written as SVG       ``presentation/drawing/canvas.py``
dots as published, small multiples              ``presentation/drawing/`` ``points.py``, ``multiples.py``
where the words of a chart may stand            ``presentation/drawing/labels.py``
which chapters there are, and their order       ``chapitres/catalogue.py``
how chapters are run, what a failure does       ``chapitres/execution.py``, ``engine.py``
kernels forked ready, time-outs, memory         ``chapitres/warm/``
chapters run by other machines                  ``chapitres/cluster.py``, ``docs/cluster.md``
what makes a chapter run again, or be kept      ``chapitres/jobs.py``, ``secret/lectures.py``
what the fingerprint of a module is             ``stations/modules.py``
what is made by several processes               ``stations/`` ``team.py``, ``forks.py``
how often what is lost is looked for            ``stations/cycles.py``
how files that stay in their places are kept    ``stations/en_place.py``
what the preview remembers of its last builds   ``stations/memoire.py``
what a chapter may not show                     ``chapitres/check.py``
what goes when its data are absent              ``chapitres/composition.py`` (the tag « suite »)
what a chapter says that it awaits              ``presentation/parts/attentes.py``
the scale on which evidence is weighed          ``data/dictionary/forces.csv`` (no code)
what evidence says of a hypothesis              ``data/dictionary/directions.csv`` (no code)
the rules on what may be called established     ``sources/preuves.py``
what people wrote that a chapter holds          ``presentation/parts/ecrits.py``, ``chapitres/composition.py``
how a figure was read                           ``data/dictionary/lectures.csv`` (no code)
what is said not to have been read              ``presentation/published/non_lu.py``
the order of the book, its annexes              ``livre/structure.py``
a page of the site, its look                    ``livre/annexes.py``, ``livre/templates``
the home page, the menu, the search             ``livre/ecran/accueil.py``, ``search.py``, ``livre/pages.py``
what a figure or a table offers on the site     ``livre/ecran/web.py``, ``livre/article/`` ``downloads.py``…
the spaces, apostrophes, ordinals of pages      ``noyau/french.py``, ``livre/article/typesetting.py``
a word that the site explains                   ``data/dictionary/glossaire.csv`` (no code)
what makes pages follow what is written         ``livre/suivi/``, one module a step
what an edition refuses and records             ``livre/editions/`` ``edition.py``, ``releve.py``
what is read of a published file                ``livre/garde/traces.py``
what tells someone in it, what is told          ``livre/garde/`` ``prive.py``, ``fuites.py``
security advisories on the libraries            ``data/securite/avis.json`` (no code)
who may read what is confidential               ``noyau/files/droits.py``
what an archive holds, what of it is refused    ``livre/editions/`` ``archive.py``, ``archive_lue.py``
how a file is written, a folder replaced        ``noyau/files/scratch.py``, ``locks.py``
what is told where the machine refuses          ``noyau/files/pannes.py``
what a territory sees before publication        ``livre/editions/apercu.py``
the letter to a territory                       ``livre/editions/lettre.py``
the next dates that it tells                    ``data/echeances.csv`` (no code)
the PDF, the booklets, the two pages            ``livre/imprime/`` ``pdf.py``, ``typst_markup.py``…
what fills the pages of a PDF                   ``livre/imprime/mise_en_page.py``, ``scripts/pages.py``
the tags of tables in a PDF                     ``livre/imprime/balises.py``
what an abbreviation stands for                 ``data/dictionary/sigles.csv`` (no code)
what reviewers get, in Word and in Excel        ``relecture/remis/`` ``chapitre_docx.py``, ``feuille.py``
how a reviewed file is read                     ``relecture/recus/``, one module a kind of file
what programs write into a remark               ``relecture/machine.py``
where a comment stands once the text moved      ``relecture/rattachement.py``
what a stored notebook may hold                 ``noyau/carnets.py``
JupyterLab as the atelier opens it              ``chapitres/banc/atelier.py``, ``chapitres/jupyter/``
a command, its options                          ``options_<family>.py`` beside its code, ``cli.py``
==============================================  =====================================================
"""

import os
import sys
from typing import TYPE_CHECKING, Any, Final

SINGLE_THREAD: Final = dict.fromkeys(
    (
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
        *("NUMEXPR_NUM_THREADS", "NUMEXPR_MAX_THREADS"),
    ),
    "1",
)
"""Figures that do not depend on the number of processors, and libraries that start no thread: a process may
then be forked (``stations/forks.py``)."""

for _name, _number in SINGLE_THREAD.items():
    os.environ.setdefault(_name, _number)

# nbformat imports jsonschema, which builds a grammar of Unicode addresses at its import: two seconds of
# processor in each process, for a format that no schema of notebooks has. It goes without where it is absent.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

if TYPE_CHECKING:
    from analysis.chapitres.banc.export import exporter
    from analysis.chapitres.opening import ouvrir

__all__ = ["SINGLE_THREAD", "exporter", "ouvrir"]


def __getattr__(name: str) -> Any:
    """Import these only when they are asked for: `bilan --help` must answer at once."""
    if name == "ouvrir":
        from analysis.chapitres.opening import ouvrir

        return ouvrir
    if name == "exporter":
        from analysis.chapitres.banc.export import exporter

        return exporter
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
