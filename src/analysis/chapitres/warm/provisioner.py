"""Kernels of Jupyter that are forked instead of started: for Papermill, nbclient and JupyterLab alike."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from traitlets import List, Unicode

from analysis.chapitres.warm.client import CHAPTERS, Child, can_fork, nursery

NAME = "bilan-warm"

_LAUNCHER = "ipykernel_launcher"
_SIGKILL = 9


class WarmProvisioner(LocalProvisioner):
    """Forks an ipykernel from a process that has imported ``preload``; else starts one, and says so."""

    preload = List(Unicode(), default_value=list(CHAPTERS)).tag(config=True)
    child: Child | None = None

    @property
    def has_process(self) -> bool:
        return self.child is not None or super().has_process

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel that the command would start. Raises BilanError when the fork is refused."""
        if not can_fork() or _LAUNCHER not in cmd:
            self.log.warning("Noyau ordinaire : ce système ne permet pas d'en dédoubler un qui est prêt.")
            return await super().launch_kernel(cmd, **kwargs)
        arguments = cmd[cmd.index(_LAUNCHER) + 1 :]
        folder = str(kwargs.get("cwd") or Path.cwd())
        environment = kwargs.get("env") or dict(os.environ)
        self.child = nursery(self.preload).fork("kernel", arguments, environment=environment, folder=folder)
        self.pid = self.pgid = self.child.number
        self.cwd = folder
        return self.connection_info

    async def poll(self) -> int | None:
        return await super().poll() if self.child is None else self.child.poll()

    async def wait(self) -> int | None:
        """Its status once it has ended."""
        if self.child is None:
            return await super().wait()
        while (status := self.child.poll()) is None:
            await asyncio.sleep(0.01)
        self.child.close()
        self.child = None
        return status

    async def send_signal(self, signum: int) -> None:
        """Through the process that forked it: the number cannot have become another process's."""
        if self.child is None:
            await super().send_signal(signum)
        else:
            self.child.signal(signum)

    async def kill(self, restart: bool = False) -> None:
        if self.child is None:
            await super().kill(restart)
        else:
            self.child.signal(_SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        """At once: a forked kernel has nothing of its own to put away."""
        await self.kill(restart)
