"""Dependencies are locked with hashes, name no host, have a reason, and are declared where they are used."""

import ast
import json
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
NPM: dict[str, Any] = json.loads((CHECKOUT / "package.json").read_text())
NPM_LOCK: dict[str, Any] = json.loads((CHECKOUT / "package-lock.json").read_text())
REASONS = (CHECKOUT / "docs" / "decisions" / "0001-dependencies.md").read_text()

RUNTIME = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["postgresql"]
# The lock file that holds each declared requirement.
DECLARED = {"runtime": RUNTIME, **PROJECT["dependency-groups"]}


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Each package of a lock file with its version and how many hashes it has."""
    text = (CHECKOUT / "requirements" / f"{name}.lock").read_text().replace("\\\n", " ")
    packages = {}
    for line in text.splitlines():
        package, version = re.match(r"([a-z0-9.-]+)==([^ ;]+)", line).groups()
        packages[package] = (version, line.count("--hash=sha256:"))
    return packages


@pytest.mark.parametrize("name", DECLARED)
def test_each_requirement_is_locked_to_a_version_that_it_allows(name: str) -> None:
    lock = locked(name)
    for requirement in map(Requirement, DECLARED[name]):
        assert requirement.specifier.contains(lock[canonicalize_name(requirement.name)][0]), requirement


@pytest.mark.parametrize("name", DECLARED)
def test_each_locked_python_package_has_its_hashes(name: str) -> None:
    assert [package for package, (_version, hashes) in locked(name).items() if not hashes] == []


def test_locks_agree_on_the_packages_that_they_share() -> None:
    versions: dict[str, set[str]] = {}
    for name in DECLARED:
        for package, (version, _hashes) in locked(name).items():
            versions.setdefault(package, set()).add(version)
    assert {package: found for package, found in versions.items() if len(found) > 1} == {}


def test_each_npm_package_is_locked_exactly_and_has_its_hash() -> None:
    packages = {
        path.removeprefix("node_modules/"): package for path, package in NPM_LOCK["packages"].items() if path
    }
    for name, version in (NPM["dependencies"] | NPM["devDependencies"]).items():
        assert packages[name]["version"] == version
    assert [
        name for name, package in packages.items() if not package["integrity"].startswith("sha512-")
    ] == []


@pytest.mark.parametrize("path", ["package-lock.json", *(f"requirements/{name}.lock" for name in DECLARED)])
def test_no_lock_names_a_host(path: str) -> None:
    assert "://" not in (CHECKOUT / path).read_text()


def test_each_dependency_has_its_reason_written_down() -> None:
    reasons = REASONS.lower()
    python = [Requirement(line).name for lines in DECLARED.values() for line in lines]
    unexplained = [
        name
        for name in [*python, *NPM["dependencies"], *NPM["devDependencies"]]
        if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", reasons)
    ]
    assert unexplained == []


def imported_modules(path: Path) -> set[str]:
    """The top-level names of what a Python file imports."""
    modules = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and not node.level:
            modules.add(node.module or "")
        elif isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
    return {module.partition(".")[0] for module in modules}


def test_the_portal_imports_only_what_it_declares() -> None:
    # Flask is built on these and hands them to its users as its own.
    declared = {"click", "itsdangerous", "jinja2", "markupsafe", "werkzeug"}
    declared |= {canonicalize_name(Requirement(line).name) for line in RUNTIME}
    # The second exists for type checkers only.
    known = {"portal", "_typeshed", *sys.stdlib_module_names}
    distributions = packages_distributions()
    undeclared = [
        f"{path.relative_to(CHECKOUT)}: {module}"
        for folder in ("portal", "migrations")
        for path in sorted((CHECKOUT / folder).rglob("*.py"))
        for module in sorted(imported_modules(path) - known)
        if not declared & {canonicalize_name(name) for name in distributions.get(module, ())}
    ]
    assert undeclared == []
