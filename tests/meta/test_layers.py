"""Who may import whom, and what each kind of file may touch (docs: architecture)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sources import ROOT, Module, is_view, portal_modules

BASE = {"settings", "paths", "council", "council_values"}

PACKAGES = {
    "core": BASE,
    "journeys": BASE | {"core"},
    "accounts": BASE | {"core"},
    "inspections": BASE | {"core", "journeys", "accounts"},
    "vacancies": BASE | {"core", "journeys", "accounts", "inspections"},
    "applications": BASE | {"core", "journeys", "accounts", "inspections", "vacancies"},
    "fostering": BASE | {"core", "journeys", "accounts"},
    "pages": BASE | {"core", "inspections", "vacancies"},
    "staff": BASE | {"core", "journeys", "accounts", "inspections", "vacancies", "applications", "fostering"},
}
"""Package → what it may import besides itself. Modules directly in portal/ wire the rest together."""

ONLY_ASK = {"pages", "staff"}
"""Packages that may ask other features, and change nothing in them."""

ASKED = {"queries", "models", "options"}

WIRING = {"", "cli", "models", "demo"}
"""portal itself, its commands, the list of tables, the demonstration data: nothing imports them."""

ROUTES = {"public", "backoffice"}
KEPT_INSIDE = {*ROUTES, "forms", "journey", "jobs", "exports", "commands"}
"""Files of a feature that no other feature imports."""

MAY_NOT_IMPORT = {
    "models": {"queries", "service", *KEPT_INSIDE},
    "options": {"models", "queries", "service", *KEPT_INSIDE},
    "events": {"models", "queries", "service", *KEPT_INSIDE},
    "queries": {"service", *KEPT_INSIDE},
    "service": KEPT_INSIDE,
    "forms": {"queries", "service", *KEPT_INSIDE - {"forms"}},
    "journey": {"queries", "service", *KEPT_INSIDE - {"forms", "journey"}},
    "exports": {"forms", "journey", *ROUTES},
    "jobs": {"forms", "journey", *ROUTES},
}
"""Kind of file → kinds of file, of its own feature or another, that it may not import."""

FLASK = {"flask", "flask_wtf", "wtforms", "werkzeug"}
NO_FLASK = {"models", "options", "events", "queries", "service", "exports"}
REQUEST = {"request", "session", "g", "current_app"}
SESSIONS = {"read", "transaction", "small_write", "database"}
ASKING = {"select", "insert", "update", "delete", "execute", "scalar", "scalars", "query", "add", "flush"}

COMMIT = {"portal.core.database"}
"""Where a commit may stand."""


def package_of(name: str) -> str:
    """The feature, or the module directly in portal/."""
    return name.split(".")[1] if "." in name else ""


def kind_of(name: str) -> str:
    """The file's own name: portal.fostering.follow_up.queries is one of the queries."""
    return name.rsplit(".", 1)[-1]


def is_package(name: str) -> bool:
    return package_of(name) in PACKAGES


def crossings(module: Module) -> Iterator[str]:
    """Imports of this module that its layer does not allow."""
    own = package_of(module.name)
    for target, line in module.imports():
        other, kind = package_of(target), kind_of(target)
        where = f"{module.name}:{line} imports {target}"
        if other == own or (not is_package(module.name) and own in WIRING):
            continue
        if other in WIRING or (own in BASE and other not in BASE):
            yield f"{where}: only the top may"
        elif own in PACKAGES and other not in PACKAGES[own]:
            yield f"{where}: {own} may not know {other}"
        elif other in PACKAGES and other != "core" and kind in KEPT_INSIDE:
            yield f"{where}: {kind} is {other}’s own"
        elif own in ONLY_ASK and other not in {*BASE, "core", "accounts"} and kind not in ASKED:
            yield f"{where}: {own} only asks"


def of_features() -> list[Module]:
    """Modules of the packages that are features, not the kernel."""
    return [module for module in portal_modules() if package_of(module.name) in set(PACKAGES) - {"core"}]


def test_packages_import_only_what_lies_below_them() -> None:
    assert not [crossing for module in portal_modules() for crossing in crossings(module)]


def test_files_of_a_feature_import_only_what_lies_below_them() -> None:
    assert not [
        f"{module.name}:{line} imports {target}"
        for module in of_features()
        for target, line in module.imports()
        if package_of(target) != "core" and kind_of(target) in MAY_NOT_IMPORT.get(kind_of(module.name), ())
    ]


def knows_web(kind: str, package: str, name: str) -> bool:
    """Whether a file of this kind may not import this name."""
    top = package.partition(".")[0]
    if kind in NO_FLASK and top in FLASK:
        return True
    if kind == "forms":
        return (
            (package == "flask" and name in REQUEST)
            or top == "sqlalchemy"
            or (package == "portal.core.database" and name in SESSIONS)
        )
    if kind in ("service", "queries"):
        return package == "portal.core.context" or (package == "portal.core.database" and name in SESSIONS)
    return False


def test_rules_and_reads_know_no_web() -> None:
    assert not [
        f"{module.name}:{line} imports {package}.{name}"
        for module in of_features()
        for package, name, line in module.outside()
        if knows_web(kind_of(module.name), package, name)
    ]


def test_nothing_is_imported_inside_a_function() -> None:
    assert not [
        f"{module.name}:{node.lineno}"
        for module in portal_modules()
        for function in module.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def test_only_the_kernel_commits() -> None:
    assert not [
        f"{module.name}:{line}"
        for module in portal_modules()
        for name, line in calls(module.tree)
        if name == "commit" and module.name not in COMMIT
    ]


def test_views_hold_no_queries() -> None:
    assert not [
        f"{module.name}:{line} {function.name} calls {name}()"
        for module in portal_modules()
        for function in module.functions()
        if is_view(function)
        for name, line in calls(function)
        if name in ASKING
    ]


def test_routes_know_sqlalchemy_by_its_session_only() -> None:
    assert not [
        f"{module.name}:{line} imports {package}.{name}"
        for module in of_features()
        if kind_of(module.name) in ROUTES
        for package, name, line in module.outside()
        if package.split(".")[0] == "sqlalchemy" and name != "Session"
    ]


def calls(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Names of what is called, with the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield (node.func.id if isinstance(node.func, ast.Name) else node.func.attr), node.lineno


def test_every_package_of_the_portal_is_known_here() -> None:
    found = {package_of(module.name) for module in portal_modules()}
    assert found <= {*PACKAGES, *BASE, *WIRING}


BAD = [
    ("portal.core.mail", "from portal.fostering.models import Enquiry"),
    ("portal.core.mail", "from portal.models import MODULES"),
    ("portal.settings", "from portal.core import clock"),
    ("portal.fostering.service", "from portal.vacancies.models import Vacancy"),
    ("portal.staff.backoffice", "from portal.fostering.service import take_on"),
    ("portal.staff.backoffice", "from portal.accounts.forms import SignInForm"),
    ("portal.journeys.views", "from portal.accounts.models import StaffUser"),
]


@pytest.mark.parametrize(("name", "source"), BAD)
def test_the_test_finds_what_it_forbids(name: str, source: str) -> None:
    path = ROOT / Path(*name.split(".")).with_suffix(".py")
    assert list(crossings(Module(path, name, ast.parse(source), 1)))
