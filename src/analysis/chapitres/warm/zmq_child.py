"""A child that is ipykernel's own kernel, which speaks to any client of Jupyter."""

from __future__ import annotations

import os
import sys

from ipykernel.kernelapp import IPKernelApp


def main(arguments: list[str]) -> None:
    """Run the kernel with the arguments that ``ipykernel_launcher`` would get; ends with it."""
    sys.argv = ["ipykernel_launcher", *arguments]
    app = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(arguments)
    draw_inline()
    app.start()


def draw_inline() -> None:
    """Have figures shown under their cell: the backend does so at its import, which was before the fork."""
    module = sys.modules.get("matplotlib_inline.backend_inline")
    if module is not None:
        module._enable_matplotlib_integration()
