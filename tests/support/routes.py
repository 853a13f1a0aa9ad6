"""The table of routes: address, methods, policy. `python -m tests.support.routes` writes it down."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from portal import create_app
from portal.core.access import Policy, policy_of
from tests.support.settings import settings_for
from tests.support.sources import ROOT

SNAPSHOT = ROOT / "tests" / "meta" / "routes.txt"


@dataclass(frozen=True)
class Route:
    """One rule of the application."""

    rule: Rule
    policy: Policy | None

    @property
    def methods(self) -> list[str]:
        """Methods that somebody wrote a view for."""
        return sorted((self.rule.methods or set()) - {"HEAD", "OPTIONS"})

    @property
    def endpoint(self) -> str:
        """The view's name."""
        return self.rule.endpoint

    def line(self) -> str:
        """As it stands in the snapshot."""
        policy = self.policy.name if self.policy else "NONE"
        return f"{','.join(self.methods):8}  {self.rule.rule:75}  {policy:24}  {self.endpoint}"


def routes_of(app: Flask) -> list[Route]:
    """Every rule, by address."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
    return [Route(rule, policy_of(app, rule.endpoint)) for rule in rules]


def table(app: Flask) -> str:
    """The whole snapshot."""
    return "".join(route.line() + "\n" for route in routes_of(app))


def main() -> None:
    """Write the snapshot anew."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_for(Path(folder), f"sqlite:///{folder}/unused.sqlite3"))
        SNAPSHOT.write_text(table(app), encoding="utf-8")


if __name__ == "__main__":
    main()
