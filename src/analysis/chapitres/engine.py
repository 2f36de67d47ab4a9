"""Papermill's own engine, with one thing more: the kernel is told where its chapter's bundle is."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines

from analysis.chapitres.opening import BUNDLE_VARIABLE

NAME = "bilan"

CELL_TIMEOUT = 600
"""Seconds after which a cell is taken to be stuck."""

_SINGLE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class BundleEngine(NBClientEngine):
    """Runs a notebook in a new kernel whose environment names the bundle.

    Where the system has them, the kernel speaks through sockets in a folder of its own: kernels that
    start together then never take each other's port, and nothing listens on the network.
    """

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, *, bundle: Path, **options: Any) -> Any:
        environment = {**os.environ, **_SINGLE_THREAD, BUNDLE_VARIABLE: str(bundle)}
        with tempfile.TemporaryDirectory(prefix="bilan-", ignore_cleanup_errors=True) as sockets:
            client = PapermillNotebookClient(
                nb_man,
                kernel_name=kernel_name,
                timeout=CELL_TIMEOUT,
                startup_timeout=120,
                extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
            )
            if sys.platform != "win32":
                manager = client.create_kernel_manager()
                manager.transport, manager.ip = "ipc", f"{sockets}/noyau"
            return client.execute(env=environment)


papermill_engines.register(NAME, BundleEngine)
