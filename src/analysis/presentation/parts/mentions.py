"""What a page, a table or a figure says of itself: from JupyterLab, before publication, of invented
territories."""

from __future__ import annotations

from analysis.noyau.paths import Nature

ATELIER_MARK = "Atelier : non publiable"
"""Shown on what an evaluator computes on the spot; the book refuses a chapter that carries it."""

ATELIER_STYLE = f"""<style>
.jp-RenderedHTMLCommon p.atelier {{ background: #b3421f; color: white; padding: 0.3rem 0.6rem; font-weight: 600; }}
.jp-RenderedHTMLCommon :is(caption, figcaption)::after {{ content: " · {ATELIER_MARK}"; color: #b3421f; }}
.jp-OutputArea .jp-RenderedHTMLCommon :is(th, td, caption) {{ text-align: left; }}
.jp-OutputArea .jp-RenderedHTMLCommon :is(th, td).nombre {{ text-align: right; white-space: nowrap; }}
.jp-OutputArea a.chiffre {{ text-decoration: underline dotted; }}
</style>"""
"""In JupyterLab each table and each figure says the mark, text stands on the left, and a number that leads to
its row is underlined, as the chapters say."""

APERCU_MARK = "Aperçu privé du territoire : non publiable"
"""Shown on what a territory sees of itself before anything is published; the book refuses it too."""

CAPTION_MARKS: dict[Nature, str] = {"reel": "", "demonstration": "Démonstration"}
"""What every caption and every picture of a bilan says."""

DEMONSTRATION_MARK = "Démonstration : territoires, personnes et comptes inventés"
"""Shown on every page, table and figure of the bilan of invented territories."""
