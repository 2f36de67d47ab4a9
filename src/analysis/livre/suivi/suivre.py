"""`bilan serve --suivre`: what is written is seen in the site, without a command and without losing one's
place."""

from __future__ import annotations

from analysis.livre.ecran.serveur import opened
from analysis.livre.suivi.constructeur import Constructeur
from analysis.livre.suivi.direct import Board, State, handler, in_background, shown_as_it_comes, version_of
from analysis.livre.suivi.surveillance import changes
from analysis.noyau.paths import Project


def suivre(project: Project, *, port: int) -> None:
    """Show the working copy and build it each time that something changed, until Ctrl-C.

    The first build is made at once. What fails is told in the pages; the last good version stays. Raises
    BilanError when the port cannot be had.
    """
    board = Board(State(version_of(project.html)))
    try:
        with (
            opened(handler(project.html, board), port=port) as server,
            in_background(server),
            Constructeur(project) as constructeur,
        ):
            for changed in changes(project):
                board.building()
                with shown_as_it_comes(project.html, board):
                    faults = constructeur.build(changed)
                board.post(State(version_of(project.html), faults=faults))
    except KeyboardInterrupt:
        print()
