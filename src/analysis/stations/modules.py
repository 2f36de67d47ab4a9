"""The modules that a piece of code imports, and the fingerprint of each: what it does, not how it is
explained."""

from __future__ import annotations

import ast
import hashlib
import json
import platform
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final, TypeVar

from analysis.noyau.files.scratch import write_whole
from analysis.noyau.paths import Project
from analysis.stations.store import entries

PACKAGE: Final = "analysis"

SOURCES: Final = "modules.json"
"""The file where what was read of the sources is kept, in the folder of the stations."""

_TYPES: Final = "TYPE_CHECKING"
_LAZY: Final = "__getattr__"
_T = TypeVar("_T")


@dataclass(frozen=True)
class Module:
    """What one file of the package is to those who import it.

    ``code`` is the SHA-256 of its syntax tree, without comments or docstrings; ``imports`` the modules of the
    package that it imports, with the names taken from them, wherever in the file that is (what is imported
    for types alone, or by ``__getattr__``, is not); ``lazily`` where the names come from that ``__getattr__``
    imports when they are asked for; ``words`` the texts of its code that may name a file beside it.
    """

    code: str
    imports: tuple[tuple[str, tuple[str, ...]], ...]
    lazily: tuple[tuple[str, str], ...]
    words: tuple[str, ...]


class Modules:
    """The sources of the package, each parsed once for as long as its bytes are the same (``kept`` holds what
    was found)."""

    def __init__(self, kept: Path | None = None, root: Path | None = None) -> None:
        self._root = root or package_root()
        self._kept = kept
        self._known = _load(kept)
        self._of: dict[str, Module] = {}
        self._digests: dict[str, dict[str, str]] = {}
        self._paths: dict[str, Path | None] = {}
        self._beside: dict[Path, frozenset[str]] = {}
        self._needed: dict[tuple[tuple[str, ...], frozenset[str]], dict[str, str]] = {}
        self._is_new = False

    def of_names(self, names: Iterable[str], *, without: Collection[str] = ()) -> dict[str, str]:
        """The fingerprint of each file that these modules need, by its place in the package, themselves
        included.

        Files are modules, those that they import and so on, and the data files beside them that their code
        names. The modules of ``without`` and what only they import are left out: the caller knows that they
        are not run.
        """
        asked = (tuple(sorted(names)), frozenset(without))
        if asked not in self._needed:
            found: dict[str, str] = {}
            for name in self.closure(asked[0], without=without):
                found |= self._files_of(name)
            self._save()
            self._needed[asked] = dict(sorted(found.items()))
        return dict(self._needed[asked])

    def of_cells(self, sources: Iterable[str], *, without: Collection[str] = ()) -> dict[str, str]:
        """The same, of what the cells of a notebook import; lines for IPython alone are passed over."""
        trees = [_parsed_cell(source) for source in sources]
        names = [name for tree in trees for imported in _imports(tree) for name in self._reached(*imported)]
        return self.of_names(names, without=without)

    def closure(self, names: Iterable[str], *, without: Collection[str] = ()) -> list[str]:
        """These modules, and all those of the package that importing them imports, in order of name."""
        seen: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name in seen or name in without:
                continue
            seen.add(name)
            waiting += [".".join(name.split(".")[:depth]) for depth in range(1, name.count(".") + 1)]
            for imported in self._module(name).imports:
                waiting += self._reached(*imported)
        return sorted(seen)

    def _reached(self, module: str, names: tuple[str, ...]) -> Iterator[str]:
        """The modules that ``from module import names`` loads."""
        yield module
        lazily = dict(self._module(module).lazily)
        for name in names:
            if self._path(f"{module}.{name}") is not None:
                yield f"{module}.{name}"
            elif name in lazily:
                yield lazily[name]

    def _module(self, name: str) -> Module:
        if name not in self._of:
            path = self._path(name)
            if path is None:
                raise ValueError(f"no module {name}")
            content = path.read_bytes()
            digest = _sha256(content, platform.python_version().encode())
            if digest not in self._known:
                self._known[digest], self._is_new = _read(content), True
            self._of[name] = self._known[digest]
        return self._of[name]

    def _files_of(self, name: str) -> Mapping[str, str]:
        """The fingerprints of a module and of the data files beside it that its code names."""
        if name not in self._digests:
            module, path = self._module(name), self._path(name)
            assert path is not None
            found = {path.relative_to(self._root).as_posix(): module.code}
            folders = {path.parent, *(p for word in module.words if (p := self._folder(word)) is not None)}
            for folder in folders:
                for word in module.words:
                    beside = word.partition("/")[0] in self._names(folder)
                    for data in _data_files(folder / word) if beside else ():
                        found[data.relative_to(self._root).as_posix()] = _sha256(data.read_bytes())
            self._digests[name] = found
        return self._digests[name]

    def _folder(self, word: str) -> Path | None:
        """The folder of the package that a text names, as « analysis.presentation » does."""
        is_name = word.startswith(f"{PACKAGE}.") and word.replace(".", "").isidentifier()
        folder = self._root.joinpath(*word.split(".")[1:]) if is_name else self._root
        return folder if is_name and folder.is_dir() else None

    def _names(self, folder: Path) -> frozenset[str]:
        """The names of the data files and folders that stand in a folder."""
        if folder not in self._beside:
            self._beside[folder] = frozenset(p.name for p in folder.iterdir() if p.suffix != ".py")
        return self._beside[folder]

    def _path(self, name: str) -> Path | None:
        if name not in self._paths:
            self._paths[name] = self._found(name)
        return self._paths[name]

    def _found(self, name: str) -> Path | None:
        parts = name.split(".")
        if parts[0] != PACKAGE:
            return None
        place = self._root.joinpath(*parts[1:])
        found = (place / "__init__.py", place.with_suffix(".py"))
        return next((path for path in found if path.is_file()), None)

    def _save(self) -> None:
        if self._kept is not None and self._is_new:
            known = {digest: vars(module) for digest, module in self._known.items()}
            write_whole(self._kept, json.dumps(known))
            self._is_new = False


def package_root() -> Path:
    """The folder of the package."""
    return Path(str(files(PACKAGE)))


def modules_of(project: Project) -> Modules:
    """The sources of the package; a process reads them again once one of its files is another."""
    return _as_they_stand(project.stations / SOURCES, _state(package_root()))


@lru_cache(maxsize=2)
def _as_they_stand(kept: Path, _state: frozenset[tuple[str, int, int]]) -> Modules:
    return Modules(kept)


def _state(folder: Path) -> frozenset[tuple[str, int, int]]:
    """Each file of a folder, with when it was written and its bytes."""
    return frozenset(
        (file.path, state.st_mtime_ns, state.st_size)
        for file in entries(folder, but=("__pycache__",))
        for state in (file.stat(),)
    )


def code_of(project: Project, *names: str) -> dict[str, str]:
    """What these modules run, and on which versions: their fingerprints, and that of the lock."""
    sources = modules_of(project).of_names(names)
    return {**sources, project.lock.name: _sha256(project.lock.read_bytes())}


def _load(kept: Path | None) -> dict[str, Module]:
    """What was found of files of these bytes; nothing where that cannot be read."""
    try:
        return dict(_written(kept.read_bytes())) if kept is not None else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


@lru_cache(maxsize=4)
def _written(content: bytes) -> dict[str, Module]:
    """The modules that a file tells, once for the same bytes: each station of a build asks for them."""
    return {
        digest: Module(
            of["code"],
            tuple((module, tuple(names)) for module, names in of["imports"]),
            tuple((name, module) for name, module in of["lazily"]),
            tuple(of["words"]),
        )
        for digest, of in json.loads(content).items()
    }


@cache
def _read(content: bytes) -> Module:
    """What a file of these bytes is; read once in a process, however many projects it builds."""
    tree = ast.parse(content)
    lazy = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == _LAZY]
    lazily = [(name, module) for node in lazy for module, names in _imports(node) for name in names]
    tree.body = [node for node in tree.body if node not in lazy]
    imports = tuple(_imports(tree))
    tree.body += lazy
    _drop_docstrings(tree)
    words = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _may_name_a_file(node.value)
    }
    return Module(_sha256(ast.dump(tree).encode()), imports, tuple(lazily), tuple(sorted(words)))


def _imports(tree: ast.AST) -> list[tuple[str, tuple[str, ...]]]:
    """The modules of the package that a tree imports and the names that it takes from each, but for types
    alone."""
    found = []
    for node in _running(tree):
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                raise ValueError(f"line {node.lineno}: a relative import is not followed")
            if module.split(".")[0] == PACKAGE:
                found.append((module, tuple(alias.name for alias in node.names)))
        elif isinstance(node, ast.Import):
            found += [(a.name, ()) for a in node.names if a.name.split(".")[0] == PACKAGE]
    return found


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a tree that may run, those under ``if TYPE_CHECKING`` left out."""
    waiting = [*ast.iter_child_nodes(tree)][::-1]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == _TYPES:
            waiting += node.orelse[::-1]
            continue
        yield node
        if not isinstance(node, ast.expr):  # no expression holds a statement
            waiting += [*ast.iter_child_nodes(node)][::-1]


def _drop_docstrings(tree: ast.AST) -> None:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            node.body = [n for n in node.body if not _is_text(n)] or [ast.Pass()]
        if not isinstance(node, ast.expr):  # no expression holds a statement
            waiting += ast.iter_child_nodes(node)


def _is_text(node: ast.AST) -> bool:
    """Whether a statement is a text alone: a docstring, or what is written under a constant."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _may_name_a_file(text: str) -> bool:
    return 0 < len(text) < 60 and text.strip(". ") != "" and not set(text) & set('\n\0<>:"|?*\\')


def _data_files(path: Path) -> Iterator[Path]:
    """The data file of that path, or those of a folder that holds no module."""
    if path.is_file() and path.suffix not in (".py", ".pyc"):
        yield path
    elif path.is_dir() and path.name != "__pycache__" and not any(path.rglob("*.py")):
        yield from sorted(p for p in path.rglob("*") if p.is_file())


def _parsed_cell(source: str) -> ast.AST:
    """The tree of a cell; what only IPython reads is passed over, and a cell that is no Python imports
    nothing."""
    lines = [line for line in source.splitlines() if not line.lstrip().startswith(("%", "!"))]
    return _or_else(lambda: ast.parse("\n".join(lines)), ast.Module([], []))


def _or_else(make: Callable[[], _T], otherwise: _T) -> _T:
    try:
        return make()
    except SyntaxError:
        return otherwise


def _sha256(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()
