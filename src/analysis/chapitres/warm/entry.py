"""What Papermill finds of us when it is imported: the engines by their names, imported when one is asked for.

Papermill imports every engine that an installed package declares, in the middle of its own import; ours
imports Papermill. These stand for them until one runs a notebook.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final


class _Later:
    """An engine that is imported when something is asked of it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(getattr(import_module("analysis.chapitres.warm.engines"), self._name), attribute)


stock, warm, lean = _Later("StockEngine"), _Later("WarmEngine"), _Later("LeanEngine")

ENGINES: Final = {"bilan": stock, "bilan-warm": warm, "bilan-lean": lean}
"""The engines by the names that pyproject.toml declares."""


def register() -> None:
    """Have Papermill know the engines where the project is used without being installed."""
    from papermill.engines import papermill_engines

    for name, engine in ENGINES.items():
        papermill_engines.register(name, engine)
