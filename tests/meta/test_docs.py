"""What the documents promise exists, and what exists is documented."""

from __future__ import annotations

import ast
import os
import re
import tempfile
from pathlib import Path

import click
import pytest
from flask import Flask

from portal.cli import main as portal_command
from portal.core import cli as core_cli
from tests.support.routes import routes_of
from tests.support.sources import PORTAL, ROOT, read

OPERATIONS = ROOT / "docs" / "operations.md"
PRIVATE = ("/staff", "/applications", "/fostering/enquire", "/fostering/your-enquiry", "/alerts")
"""Where pages are somebody's own; robots.txt says so."""
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
MAKE = re.compile(r"\bmake ([a-z]+)\b")
COMMAND = re.compile(r"(?:^|/bin/|&& )portal ((?:[a-z]+ ?)+)", re.MULTILINE)
REFUSED = {"FLASK_DEBUG"}
"""Read only to be refused."""


def setting_names() -> set[str]:
    """Every environment variable that the settings read."""
    names = {"DEMO_PASSWORD"}
    for node in ast.walk(read(PORTAL / "settings.py").tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READERS:
            first = node.args[0]
            names |= (
                {first.value} if isinstance(first, ast.Constant) and isinstance(first.value, str) else set()
            )
    return names


READERS = {"_text", "_list", "_number"}


def commands(app: Flask) -> dict[str, click.Command]:
    """Every command of `portal`, groups with their parts: "db upgrade"."""
    loaded = {name: core_cli.load(name) for name in core_cli.LOADED_WHEN_CALLED}
    found = {
        **portal_command.commands,
        **app.cli.commands,
        **{k: v for k, v in loaded.items() if v is not None},
    }
    whole = {}
    for name, command in found.items():
        if isinstance(command, click.Group):
            whole |= {f"{name} {part}": inner for part, inner in command.commands.items()}
        else:
            whole[name] = command
    return whole


FLASKS_OWN = {"run", "shell", "routes"}
NOT_FOR_PRODUCTION = {"up", "demo load"}


def code_of(path: Path) -> str:
    """What a document sets as code, without the remarks in it."""
    text = path.read_text()
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    lines = [line.partition("#")[0] for block in blocks for line in block.splitlines()]
    return "\n".join(lines + re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    targets = [
        target for target in LINK.findall(path.read_text()) if "://" not in target and "mailto:" not in target
    ]
    assert not [target for target in targets if not (path.parent / target).exists()]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_that_documents_name_exist(path: Path, sqlite_app: Flask) -> None:
    text = code_of(path)
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert not {name for name in MAKE.findall(text) if name not in targets}
    known = set(commands(sqlite_app)) | {name.split()[0] for name in commands(sqlite_app)}
    named = {match.strip() for match in COMMAND.findall(text)}
    assert not {name for name in named if not any(name == one or name.startswith(f"{one} ") for one in known)}


def test_every_setting_is_documented() -> None:
    text = OPERATIONS.read_text()
    assert len(setting_names()) > 15
    assert not {name for name in setting_names() - REFUSED if f"`{name}`" not in text}


def test_every_command_is_documented_and_says_what_it_does(sqlite_app: Flask) -> None:
    text = OPERATIONS.read_text()
    found = {
        name: command
        for name, command in commands(sqlite_app).items()
        if name not in FLASKS_OWN | NOT_FOR_PRODUCTION
    }
    assert not {name for name, command in found.items() if not command.get_short_help_str()}
    assert not {name for name in found if f"portal {name}" not in text}


def test_every_public_page_is_in_the_sitemap_or_says_that_it_is_not_to_be_found(sqlite_app: Flask) -> None:
    machine = {"/robots.txt", "/sitemap.xml", "/.well-known/security.txt", "/health", "/ready"}
    machine |= {"/vacancies.atom", "/vacancies.json"}
    public = {
        route.rule.rule
        for route in routes_of(sqlite_app)
        if route.policy
        and route.policy.name == "public"
        and "GET" in route.methods
        and not route.rule.arguments
    }
    listed = public - machine - {path for path in public if path.startswith(PRIVATE)}
    template = (ROOT / "templates" / "pages" / "sitemap.xml").read_text() + (
        PORTAL / "pages" / "public.py"
    ).read_text()
    ends = {"/": "landing", **{path: path.rsplit("/", 1)[1] for path in listed if path != "/"}}
    assert not {path for path, word in ends.items() if word not in template}


def test_documents_name_no_machine_of_ours() -> None:
    ours = {str(ROOT), tempfile.gettempdir() + os.sep}
    found = {(path.name, place) for path in DOCUMENTS for place in ours if place in path.read_text()}
    assert not found


MEASURED = (
    *(f"{page}, {kind}" for kind in ("cached", "uncached") for page in ("landing", "list", "advert")),
    "enquiry accepted",
    *("`/`", "`/vacancies`", "`/fostering`"),
    *("`make run` in a fresh clone", "`make run` again"),
)


@pytest.mark.parametrize("row", MEASURED)
def test_what_is_measured_is_kept_with_its_machine(row: str) -> None:
    kept = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert f"\n| {row} |" in kept
    assert re.search(r"\d+ cores \(.+\).*Python 3\.\d+.*PostgreSQL \d+", kept)
