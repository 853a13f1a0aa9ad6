"""Templates: each compiles, imports what it uses and nothing else, and is used."""

from __future__ import annotations

import re

from flask import Flask
from jinja2 import nodes

from portal.paths import TEMPLATES
from tests.support.sources import PORTAL

NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*"))


def tree_of(app: Flask, name: str) -> nodes.Template:
    return app.jinja_env.parse((TEMPLATES / name).read_text(), name)


def imported(tree: nodes.Template) -> set[str]:
    """Names that a template takes from others."""
    names = [name for node in tree.find_all(nodes.FromImport) for name in node.names]
    whole = {node.target for node in tree.find_all(nodes.Import)}
    return {name if isinstance(name, str) else name[1] for name in names} | whole


def test_every_template_compiles(sqlite_app: Flask) -> None:
    assert NAMES
    for name in NAMES:
        sqlite_app.jinja_env.get_template(name)


def test_templates_import_only_what_they_use(sqlite_app: Flask) -> None:
    unused = {}
    for name in NAMES:
        tree = tree_of(sqlite_app, name)
        if left := imported(tree) - {node.name for node in tree.find_all(nodes.Name)}:
            unused[name] = left
    assert not unused


def test_templates_hold_no_logic_of_their_own() -> None:
    """Reading the clock, the database or the environment is a view’s business; what is safe, a filter’s."""
    reaching = re.compile(r"\b(session\.|query\(|now\(\)|os\.|\.execute\()|\|\s*safe\b")
    assert not [name for name in NAMES if reaching.search((TEMPLATES / name).read_text())]


def test_no_template_is_left_over() -> None:
    """Every template is named by a view, a mail, another template, or the status of an error."""
    texts = [path.read_text() for path in PORTAL.rglob("*.py")] + [
        (TEMPLATES / name).read_text() for name in NAMES
    ]
    everything = "\n".join(texts)
    named = {name: any(f'"{word}"' in everything for word in (name, *mail_words(name))) for name in NAMES}
    quoted = {name for name in NAMES if name in everything}
    assert not [
        name for name, found in named.items() if not found and name not in quoted and "errors/" not in name
    ]


def mail_words(name: str) -> list[str]:
    """Mails are named without folder and ending, some by a prefix and a word: "staff_" and "password_set"."""
    if not name.startswith("email/"):
        return []
    stem = name.removeprefix("email/").removesuffix(".txt")
    return [stem, stem.partition("_")[2]]
