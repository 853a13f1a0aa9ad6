"""The words of the house: names that say something, comments that leave nothing for later."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from portal.paths import TEMPLATES
from tests.support.sources import ROOT, Module, portal_modules

EMPTY_WORDS = {"util", "utils", "helper", "helpers", "common", "misc", "stuff", "manager"}
LATER = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")) + r")\b")
BRITISH = {
    "color": "colour",
    "behavior": "behaviour",
    "organization": "organisation",
    "canceled": "cancelled",
    "authorize": "authorise",
    "favorite": "favourite",
    "center": "centre",
    "license": "licence (the noun)",
    "enroll": "enrol",
    "inquiry": "enquiry",
}
GIVEN = {"handle_error"}
"""Methods that a library calls by this name (gunicorn's worker)."""
NOT_SAID = {"please", "sorry", "invalid", "forbidden", "oops", "mandatory", "e.g.", "i.e.", "click here"}
"""GOV.UK style: say what to do, in words everybody uses."""


def names(module: Module) -> Iterator[str]:
    """Names that the module gives to modules, classes and functions."""
    yield module.name.rsplit(".", 1)[-1]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name


def is_empty(name: str) -> bool:
    """Whether a name says nothing; a person’s role (hiring manager) does."""
    if name in GIVEN:
        return False
    words = set(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).casefold().split("_"))
    if {"manager"} == EMPTY_WORDS & words and {"hiring", "team", "fostering"} & words:
        return False
    return bool(EMPTY_WORDS & words) or name.startswith("handle_")


def test_names_say_what_a_thing_is() -> None:
    assert not [
        f"{module.name}: {name}" for module in portal_modules() for name in names(module) if is_empty(name)
    ]


def test_each_module_says_what_it_is_for() -> None:
    assert not [
        module.name for module in portal_modules() if module.tree.body and not ast.get_docstring(module.tree)
    ]


def tracked() -> list[Path]:
    """The project’s own text files."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False
    ).stdout.decode()
    endings = {".py", ".html", ".txt", ".md", ".scss", ".js", ".mjs", ".toml", ".yml", ".mako", ""}
    return [
        ROOT / name
        for name in listed.split("\0")
        if name and Path(name).suffix in endings and (ROOT / name).is_file()
    ]


def test_nothing_is_left_for_later() -> None:
    found = []
    for path in tracked():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if LATER.search(line) and path != Path(__file__):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert not found


def page_words(path: Path) -> str:
    """What a template says itself, without its tags and code."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"<[^>]*>", " ", text)


def said(words: str, text: str) -> bool:
    """Whether the text has these words, on their own."""
    return re.search(rf"(?<![\w./-]){re.escape(words)}(?![\w-])", text) is not None


def test_pages_are_in_plain_british_english() -> None:
    assert not [
        f"{path.relative_to(TEMPLATES)}: {word}"
        for path in sorted(TEMPLATES.rglob("*.*"))
        for word in (*BRITISH, *NOT_SAID)
        if said(word, page_words(path).casefold())
    ]


def test_messages_are_in_plain_british_english() -> None:
    assert not [
        f"{module.name}:{line}: {sentence!r}"
        for module in portal_modules()
        if not module.name.startswith(("portal.core.", "portal.settings"))
        for sentence, line in sentences(module.tree)
        for word in NOT_SAID
        if said(word, sentence.casefold())
    ]


def sentences(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Strings of several words that are no docstrings, with their lines."""
    documented = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in documented:
            continue
        if isinstance(node.value, str) and " " in node.value.strip():
            yield node.value, node.lineno
