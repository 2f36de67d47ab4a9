"""A chapter small enough to read, and a project whose working copy it is."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import nbformat

from analysis.noyau.paths import Project

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="200pt" height="100pt" viewBox="0 0 200 100">'
    b'<rect width="200" height="100" fill="#1f5a85"/><text x="10" y="50" font-family="Bilan Sans">Essai</text></svg>'
)
IMAGE = base64.b64encode(SVG).decode()

THEMES = (
    *("emploi", "logement", "santé", "transport", "école", "commerce", "culture", "sport", "jardin", "eau"),
    *("forêt", "vélo", "atelier", "cantine", "lessive", "réemploi", "bois", "tourisme", "numérique", "garde"),
)


def paragraph(rank: int, part: int) -> str:
    theme = THEMES[rank]
    return (
        f"Paragraphe {part} de la partie {rank + 1} : l’activité « {theme} » occupe {rank + 3} personnes, "
        f"d'après le relevé numéro {rank * 7 + part} du comité local, et {theme} reste un besoin du bassin."
    )


def section(rank: int, *, skip: tuple[int, ...] = (), more: str = "", rewritten: int = 0) -> str:
    parts = []
    for part in (1, 2, 3):
        if part not in skip:
            words = (
                "Tout autre chose est écrit ici désormais." if part == rewritten else paragraph(rank, part)
            )
            parts.append(f"<p>{words}</p>")
    return (
        f'<h2 id="partie-{rank + 1}">Partie {rank + 1} : {THEMES[rank]}</h2><div class="texte">{"".join(parts)}</div>'
        + more
    )


FIGURE = (
    f'<figure id="ma-figure"><img src="data:image/svg+xml;base64,{IMAGE}" alt="Barres : essai.">'
    "<figcaption>Effectif de l'atelier</figcaption><p class='note'>Relevé du comité.</p>"
    "<details><summary>Données</summary><p class='description'>Une barre de 12 personnes.</p></details></figure>"
)
TABLE = (
    '<div class="tableau" id="mon-tableau"><table><caption>Heures par activité</caption>'
    "<thead><tr><th>Activité</th><th class='nombre'>Heures</th></tr></thead>"
    "<tbody><tr><th>Maraîchage</th><td class='nombre'>1 042</td></tr></tbody></table></div>"
    "<p class='note'>Source : relevé d'heures.</p>"
)
LISTS = (
    "<ul><li>un <strong>gras</strong></li><li>deux <a href='https://example.org/x'>lien</a></li></ul>"
    "<ol><li>premier</li><li>second</li></ol><blockquote><p>Une citation.</p></blockquote>"
    "<p>Voir <a href='#partie-2'>la partie 2</a>, ou <a href='registre.html#x'>le registre</a>.</p>"
)


def html(*sections: str) -> str:
    head = (
        "<h1 id=\"titre\">Val-d'Essai</h1><p>Ce chapitre dit ce que l'on sait.</p>" + FIGURE + TABLE + LISTS
    )
    return head + "".join(sections or map(section, range(len(THEMES))))


def moved_html() -> str:
    """The chapter of a later day: one paragraph moved, one rewritten, one deleted, one section gone."""
    sections = [section(rank) for rank in range(len(THEMES))]
    sections[0] = section(0, skip=(2,))
    sections[9] = section(9, more=f"<p>{paragraph(0, 2)}</p>")
    sections[1] = section(1, rewritten=2)
    sections[2] = section(2, skip=(3,))
    sections[3] = ""
    return html(*sections)


def write_copy(project: Project, text: str, *, code: str = "val") -> None:
    """Make a text the last good copy of a chapter."""
    output = nbformat.v4.new_output("display_data", data={"text/html": text})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[output])])
    project.runs.mkdir(exist_ok=True)
    nbformat.write(notebook, project.runs / f"{code}.ipynb")
    manifest = {"code": code, "executed_at": "2026-11-20T10:00:00", "fingerprint": "x", "copie": ""}
    (project.runs / f"{code}.json").write_text(json.dumps(manifest), encoding="utf-8")


def fixture_path(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
