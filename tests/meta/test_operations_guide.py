"""The operations guide names every setting there is, and no command there is not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import click
import pytest
from flask import Flask

from portal.cli import main
from portal.core.cli import load
from tests.support.sources import ROOT

GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
COMMAND = re.compile(r"(?:^|`|/bin/)portal((?: [a-z][a-z-]*)+)", re.MULTILINE)


def settings_read() -> set[str]:
    """Names of environment variables in portal/settings.py."""
    tree = ast.parse((ROOT / "portal" / "settings.py").read_text(encoding="utf-8"))
    strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return {text for text in strings if isinstance(text, str) and re.fullmatch(r"[A-Z][A-Z_]{3,}", text)}


def words_of(app: Flask) -> Iterator[tuple[str, ...]]:
    """Every command as the words that call it."""
    groups: list[tuple[tuple[str, ...], click.Command]] = [
        ((name,), main.commands[name]) for name in main.commands
    ]
    context = click.Context(main)
    for name in app.cli.list_commands(context):
        command = load(name) or app.cli.get_command(context, name)
        assert command is not None
        groups.append(((name,), command))
    for words, command in groups:
        yield words
        for inner in command.commands if isinstance(command, click.Group) else ():
            yield (*words, inner)


@pytest.mark.parametrize("name", sorted(settings_read() - {"FLASK_DEBUG"}))
def test_every_setting_is_explained(name: str) -> None:
    assert f"`{name}`" in GUIDE


def test_every_command_it_names_exists(app: Flask) -> None:
    known = {" ".join(words) for words in words_of(app)}
    named = {match.strip() for match in COMMAND.findall(GUIDE)}
    unknown = {text for text in named if not any((text + " ").startswith(command + " ") for command in known)}
    assert {"serve", "worker", "db upgrade", "db backup", "db restore", "staff add"} <= {
        " ".join(text.split()[:2]) for text in named
    }
    assert not unknown


def test_every_command_of_the_kernel_is_named(app: Flask) -> None:
    for words in words_of(app):
        if words[0] in ("db", "serve", "worker", "audit") and words not in (("db",), ("audit",)):
            assert f"portal {' '.join(words)}" in GUIDE
