"""The project's own files, read as syntax trees, for tests of its build."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file."""

    path: Path
    name: str
    tree: ast.Module
    lines: int

    @property
    def is_package(self) -> bool:
        """Whether it is a package's own file."""
        return self.path.name == "__init__.py"

    def functions(self) -> Iterator[Function]:
        """Every function and method, nested ones too."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def imports(self) -> Iterator[tuple[str, int]]:
        """Our modules that it names, with the line; `from a import b` gives a.b where that is a module."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield from ((name, node.lineno) for name in dict.fromkeys(imported(node, self)))

    def outside(self) -> Iterator[tuple[str, str, int]]:
        """(package, name, line) of every import from elsewhere; the name is empty for `import x`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield from ((node.module, alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.Import):
                yield from ((alias.name, "", node.lineno) for alias in node.names)


def imported(node: ast.AST, module: Module) -> list[str]:
    """The modules of the project that an import statement loads."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names if is_ours(alias.name)]
    if not isinstance(node, ast.ImportFrom):
        return []
    if node.level:
        raise AssertionError(f"{module.path}:{node.lineno}: a relative import; say the whole name")
    base = node.module or ""
    if not is_ours(base):
        return []
    return [f"{base}.{alias.name}" if exists(f"{base}.{alias.name}") else base for alias in node.names]


def is_ours(name: str) -> bool:
    """Whether a module is part of the portal."""
    return name == "portal" or name.startswith("portal.")


@cache
def exists(name: str) -> bool:
    """Whether there is a module or package of this name."""
    path = ROOT / Path(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def read(path: Path) -> Module:
    """Parse one file."""
    text = path.read_text(encoding="utf-8")
    relative = path.relative_to(ROOT).with_suffix("")
    parts = relative.parts[:-1] if relative.name == "__init__" else relative.parts
    return Module(path, ".".join(parts), ast.parse(text), text.count("\n"))


@cache
def portal_modules() -> tuple[Module, ...]:
    """Every module of portal/, in order."""
    return tuple(read(path) for path in sorted(PORTAL.rglob("*.py")))


def is_view(function: Function) -> bool:
    """Whether a decorator registers the function with a route."""
    verbs = {"route", "get", "post", "put", "patch", "delete"}
    return any(
        isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr in verbs
        for mark in function.decorator_list
    )


def body_lines(function: Function) -> int:
    """Lines of a function from its first statement to its last, docstring aside."""
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    start = function.body[1] if documented and len(function.body) > 1 else first
    return (function.end_lineno or 0) - start.lineno + 1


def whole_lines(function: Function) -> int:
    """Lines of a function from `def` to its end."""
    return (function.end_lineno or 0) - function.lineno + 1
