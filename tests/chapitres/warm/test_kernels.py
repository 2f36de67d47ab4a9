"""The forked kernel as Jupyter uses it, and what the project declares to Papermill and Jupyter."""

from __future__ import annotations

import json
import py_compile
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import psutil
import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from papermill.engines import NBClientEngine
from small import REPOSITORY

from analysis.chapitres.banc import atelier
from analysis.chapitres.warm import entry, provisioner
from analysis.chapitres.warm.client import Nursery, can_fork

DECLARED = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"][
    "entry-points"
]
KERNELS = atelier.SETTINGS / "kernels"


def test_what_is_declared_is_what_there_is() -> None:
    engines = {
        name: EntryPoint(name, value, "papermill.engine").load()
        for name, value in DECLARED["papermill.engine"].items()
    }
    assert engines == entry.ENGINES
    assert all(engine.nb_kernel_name({}, "python3") == "python3" for engine in engines.values())
    assert issubclass(engines["bilan-warm"].mro()[1], NBClientEngine)
    ((name, value),) = DECLARED["jupyter_client.kernel_provisioners"].items()
    loaded = EntryPoint(name, value, KernelProvisionerFactory.GROUP_NAME).load()
    assert loaded is provisioner.WarmProvisioner and name == provisioner.NAME
    spec = json.loads((KERNELS / "bilan" / "kernel.json").read_text(encoding="utf-8"))
    assert spec["metadata"]["kernel_provisioner"]["provisioner_name"] == name


@pytest.mark.skipif(not can_fork(), reason="this system forks no kernel")
def test_a_module_that_changes_asks_for_a_new_process_and_one_that_is_compiled_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "analysis" / "module.py"
    module.parent.mkdir()
    module.write_text("x = 1\n", encoding="utf-8")
    monkeypatch.setattr("analysis.__file__", str(module))
    first = Nursery(["json"])
    try:
        py_compile.compile(str(module))
        assert list(module.parent.rglob("*.pyc")) and first.serves(["json"])
        module.write_text("x = 10\n", encoding="utf-8")
        assert not first.serves(["json"])
    finally:
        first.close()


def test_importing_papermill_with_our_engines_imports_none_of_them() -> None:
    code = (
        "import sys\nfrom importlib.metadata import EntryPoint\n"
        "EntryPoint('x', 'analysis.chapitres.warm.entry:lean', 'papermill.engine').load()\n"
        "assert not {'papermill', 'nbclient', 'analysis.chapitres.warm.engines'} & set(sys.modules)\n"
        "import analysis.chapitres.warm.engines"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.fixture
def manager() -> Iterator[KernelManager]:
    """A manager of the project's kernel, as JupyterLab makes one."""
    entry_point = EntryPoint(
        provisioner.NAME,
        DECLARED["jupyter_client.kernel_provisioners"][provisioner.NAME],
        KernelProvisionerFactory.GROUP_NAME,
    )
    KernelProvisionerFactory.instance().provisioners[provisioner.NAME] = entry_point
    made = KernelManager(
        kernel_name="bilan", kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(KERNELS)])
    )
    yield made
    if made.has_kernel:
        made.shutdown_kernel(now=True)
    made.cleanup_resources()


def connected(manager: KernelManager) -> BlockingKernelClient:
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    return client


def told(client: BlockingKernelClient, code: str) -> str:
    """What a cell prints, or the name of its error."""
    said: list[str] = []

    def hear(message: dict) -> None:  # type: ignore[type-arg]
        content = message["content"]
        said.append(content.get("text", "") or content.get("ename", ""))

    client.execute_interactive(code, timeout=60, output_hook=hear)
    return "".join(said).strip()


@pytest.mark.skipif(not can_fork(), reason="kernels are forked on Linux only")
def test_a_kernel_of_jupyterlab_is_forked_interrupted_restarted_and_ends(manager: KernelManager) -> None:
    manager.start_kernel()
    client = connected(manager)
    number = int(told(client, "import os; a = 1; print(os.getpid())"))
    server = psutil.Process(number).parent()
    assert server is not None and "analysis.chapitres.warm.server" in server.cmdline()
    assert told(client, "import sys; print('analysis.chapitres.catalogue' in sys.modules)") == "True"

    client.execute("import time\nwhile True:\n    time.sleep(0.05)", stop_on_error=False)
    time.sleep(1)
    manager.interrupt_kernel()
    assert client.get_shell_msg(timeout=60)["content"]["ename"] == "KeyboardInterrupt"
    assert told(client, "print(a)") == "1"

    manager.restart_kernel(now=True)
    client.stop_channels()
    client = connected(manager)
    assert told(client, "print('a' in globals())") == "False"
    second = int(told(client, "import os; print(os.getpid())"))
    assert second != number and not psutil.pid_exists(number)

    told(client, "import threading; threading.Timer(0.2, lambda: os._exit(3)).start()")
    limit = time.monotonic() + 20
    while manager.is_alive() and time.monotonic() < limit:
        time.sleep(0.05)
    assert not manager.is_alive()
    client.stop_channels()


def test_where_no_kernel_can_be_forked_an_ordinary_one_starts_and_says_so(
    manager: KernelManager, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(provisioner, "can_fork", lambda: False)
    with caplog.at_level("WARNING"):
        manager.start_kernel()
    client = connected(manager)
    number = int(told(client, "import os; print(os.getpid())"))
    assert psutil.Process(number).ppid() == psutil.Process().pid
    assert isinstance(manager.provisioner, LocalProvisioner) and manager.provisioner.child is None
    client.stop_channels()
    assert Path(manager.connection_file).is_file()
