"""Prépare l'environnement du bilan, puis y lance une commande s'il y en a une.

    python3 setup_env.py                    prépare .venv à partir de requirements.lock
    python3 setup_env.py bilan build        prépare, puis construit le bilan
    python3 setup_env.py pytest             prépare, puis passe les tests
    python3 setup_env.py --relock           refait requirements.lock (demande uv)

Sous Windows : « py setup_env.py bilan build ». Rien d'autre que Python (3.11 à 3.13) n'est
nécessaire ; uv est utilisé s'il est installé, sinon venv et pip. La variable BILAN_ENV=actif (par
exemple dans un environnement conda) fait utiliser le Python en cours, sans rien installer.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "installed.sha256"
NEEDED_BYTES = 2 * 10**9
OLDEST, FIRST_TOO_NEW = (3, 11), (3, 14)
CONSTRAINTS = ["argon2-cffi-bindings<26"]  # from 26 on, no wheel for a Mac with an Intel processor
HOOKS = ".githooks"
# What the commands import: compiled once here, as uv does not, rather than by each of the processes of the
# first build, or by every command where PYTHONDONTWRITEBYTECODE is set.
IMPORTED = """
import contextlib
with contextlib.suppress(Exception):  # what is wrong with the code is told by the command that runs it
    import papermill, analysis.demonstration.bilan, analysis.livre.build
    from analysis.chapitres.warm.client import CHAPTERS, can_fork
    if can_fork():
        from analysis.chapitres.warm.server import preload
        preload(CHAPTERS)
"""
LOCK_HEAD = "# Names, versions, markers and hashes. Made by: python3 setup_env.py --relock\n"


class SetupError(Exception):
    """A French sentence for the person who runs the set-up: what was found, expected, and what to do."""


def check_python(version):
    """Refuse a Python that the lock does not cover."""
    if not OLDEST <= tuple(version[:2]) < FIRST_TOO_NEW:
        found = ".".join(map(str, version[:2]))
        raise SetupError(
            f"Python {found} trouvé ; il faut Python 3.11, 3.12 ou 3.13. Installez-en un, puis "
            "relancez avec lui : « python3.12 setup_env.py », « py -3.12 setup_env.py » sous "
            "Windows, ou « make PYTHON=python3.12 bilan »."
        )


def fingerprint():
    """What the environment is made of: the lock, the project's declaration, the Python."""
    digest = hashlib.sha256()
    for path in (LOCK, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    digest.update(f"{ROOT} {sys.version_info[:2]}".encode())
    return digest.hexdigest()


def is_current():
    """Whether the last complete installation is the one that the lock asks for, its Python still there."""
    if not (STAMP.is_file() and python_of(scripts_folder()).is_file()):
        return False
    return STAMP.read_text(encoding="utf-8").strip() == fingerprint()


def scripts_folder():
    """Where the environment's commands stand."""
    return VENV / ("Scripts" if os.name == "nt" else "bin")


def python_of(folder):
    """The interpreter in a folder of commands."""
    return folder / ("python.exe" if os.name == "nt" else "python")


def install():
    """Make .venv anew; the stamp is written last, so an interrupted installation is done again."""
    print("Préparation de l'environnement (.venv), une à trois minutes la première fois…", flush=True)
    remove_environment()
    free = shutil.disk_usage(str(ROOT)).free
    if free < NEEDED_BYTES:
        raise SetupError(
            f"Disque de « {ROOT} » : {free / 1e9:.1f} Go libres ; il en faut {NEEDED_BYTES / 1e9:.0f}. "
            "Libérez de la place, puis relancez la même commande."
        )
    uv = shutil.which("uv")
    python = python_of(scripts_folder())
    if uv:
        run([uv, "venv", "--quiet", "--python", sys.executable, VENV], "la création de .venv")
        pip = [uv, "pip", "install", "--quiet", "--python", python]
    else:
        try:
            import ensurepip  # noqa: F401
            import venv  # noqa: F401
        except ImportError:
            raise SetupError(
                "Le module venv de ce Python est incomplet. Sous Debian ou Ubuntu : « sudo apt install "
                "python3-venv » ; ou installez uv. Puis relancez."
            ) from None
        run([sys.executable, "-m", "venv", VENV], "la création de .venv")
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "--no-deps", "-r", LOCK], "l'installation des bibliothèques")
    run([*pip, "--no-deps", "--no-build-isolation", "-e", ROOT], "l'installation du projet")
    make_paths_relative()
    run([python, "-W", "ignore", "-c", IMPORTED], "la compilation des bibliothèques")
    guard_git()
    STAMP.write_text(fingerprint() + "\n", encoding="utf-8")


def make_paths_relative():
    """Write the project's place relative to the environment.

    Python 3.11 and 3.12 read these files in the locale's encoding, where an absolute path with an accent
    is lost; a relative one has none, and the folder may move.
    """
    for path in VENV.rglob("*.pth"):
        if path.read_text(encoding="utf-8").strip() == str(ROOT / "src"):
            path.write_text(os.path.relpath(str(ROOT / "src"), str(path.parent)) + "\n", encoding="utf-8")


def guard_git():
    """Have git store notebooks without outputs and refuse deposits; hooks of one's own are left alone."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        return
    hook = git("rev-parse", "--git-path", "hooks/pre-commit")
    if git("config", "--local", "core.hooksPath") in ("", HOOKS) and not (ROOT / hook).exists():
        git("config", "--local", "core.hooksPath", HOOKS)
    if git("config", "--local", "core.hooksPath") != HOOKS:
        print("git : vos hooks sont gardés. Ajoutez à « pre-commit » : sh .githooks/pre-commit", flush=True)
    git("config", "--local", "filter.sans-sorties.clean", "sh .githooks/python clean")
    print(
        "git : les carnets s'enregistrent sans leurs sorties, et un dépôt y est refusé. Pour ôter cette "
        "garde : git config --unset core.hooksPath && git config --remove-section filter.sans-sorties",
        flush=True,
    )


def git(*arguments):
    """What git answers in the project's folder, empty where it refuses."""
    command = ["git", "-C", str(ROOT), *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8")
    return done.stdout.strip()


def remove_environment():
    """Delete .venv, its stamp first, so that no half-deleted environment passes for a complete one."""
    if STAMP.is_file():
        STAMP.unlink()
    shutil.rmtree(str(VENV), ignore_errors=True)
    if VENV.exists():
        raise SetupError(
            f"« {VENV} » ne peut pas être effacé : un de ses fichiers est ouvert ou protégé. Fermez "
            "JupyterLab et les autres programmes lancés depuis cet environnement, puis relancez."
        )


def run(command, step):
    """Run a step of the installation; say in French which one failed and what to look at."""
    environment = {**os.environ, "PIP_REQUIRE_VIRTUALENV": "0", "PYTHONUTF8": "1"}
    environment["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # its warning says nothing to whoever installs
    for name in ("PYTHONHOME", "PYTHONDONTWRITEBYTECODE"):
        environment.pop(name, None)
    if subprocess.run([str(part) for part in command], env=environment).returncode:
        raise SetupError(
            f"{step[0].upper()}{step[1:]} a échoué ; la cause est écrite au-dessus. À vérifier : l'accès au "
            "réseau, l'espace libre sur le disque (2 Go), les droits d'écriture dans ce dossier. "
            "Relancez ensuite la même commande : elle reprend tout."
        )


def relock():
    """Resolve requirements.lock for Linux, macOS and Windows and every Python of the project."""
    uv = shutil.which("uv")
    if not uv:
        raise SetupError("uv est nécessaire pour refaire le verrou : « pip install uv », puis relancez.")
    command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    options = ["--generate-hashes", "--all-extras", "--no-header", "--no-annotate", "--upgrade"]
    with tempfile.TemporaryDirectory() as folder:
        constraints = Path(folder) / "constraints.txt"
        constraints.write_text("\n".join(CONSTRAINTS) + "\n", encoding="utf-8")
        options += ["--constraints", constraints]
        run([*command, *options, ROOT / "pyproject.toml", "-o", LOCK], "la résolution des versions")
    LOCK.write_text(LOCK_HEAD + LOCK.read_text(encoding="utf-8"), encoding="utf-8", newline="\n")
    print("requirements.lock est refait : reportez les versions changées dans environment.yml.")


def launch(command):
    """Run a command of the environment; its exit status."""
    environment = {**os.environ, "PYTHONUTF8": "1"}
    if os.environ.get("BILAN_ENV") == "actif":
        folders = [str(Path(sys.executable).parent), sysconfig.get_path("scripts")]
    else:
        folders = [str(scripts_folder())]
        environment["VIRTUAL_ENV"] = str(VENV)
        environment.pop("PYTHONHOME", None)
    environment["PATH"] = os.pathsep.join([*folders, os.environ.get("PATH", os.defpath)])
    program = shutil.which(command[0], path=environment["PATH"])
    if program is None:
        raise SetupError(f"Commande introuvable dans l'environnement : « {command[0]} ».")
    process = subprocess.Popen([program, *command[1:]], env=environment)
    while True:
        try:
            status = process.wait()
            return status if status >= 0 else 128 - status  # ended by a signal: as a shell says it
        except KeyboardInterrupt:
            continue  # the command got the interruption too, and ends by itself


def main(arguments):
    """Prepare, then launch; the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that lacks « … » must not stop the set-up
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__.strip())
        return 0
    try:
        check_python(sys.version_info)
        if arguments == ["--relock"]:
            relock()
            return 0
        if not LOCK.is_file():
            raise SetupError(
                f"« {LOCK} » est introuvable : ce dossier n'est pas une copie complète du projet. "
                "Reprenez-en une."
            )
        if os.environ.get("BILAN_ENV") != "actif" and not is_current():
            install()
        return launch(arguments) if arguments else 0
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"« {error.filename or ROOT} » : {error.strerror or error}. À vérifier : les droits d'écriture "
            "dans ce dossier et l'espace libre sur le disque. Relancez ensuite la même commande.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print("\nInterrompu : relancez la même commande, elle reprend tout.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
