"""`--check-html`: the HTML checker over the pages of a whole run, as one more test at its end.

Where test files run side by side, each worker hands its pages over when it has finished.
"""

from __future__ import annotations

import pytest
from _pytest.reports import TestReport

from tests.support.html_checker import collected

NAME = "every page met in this run is valid HTML"
HANDED_OVER = "portal_pages"


def add_option(parser: pytest.Parser) -> None:
    """Declare the option."""
    parser.addoption("--check-html", action="store_true", help="check every page met in this run")


class HtmlAtEnd:
    """A plugin of pytest’s; in a worker it only hands over."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """A worker has finished: take its pages."""
        for html, where in getattr(node, "workeroutput", {}).get(HANDED_OVER, ()):
            collected.add(html, where)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Check, and report as a test of its own."""
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            output[HANDED_OVER] = list(collected.pages.values())
        elif self.config.option.check_html and collected.pages:
            self.report(session, collected.faults())

    def report(self, session: pytest.Session, faults: list[str]) -> None:
        """Passed or failed, counted with the others."""
        found = TestReport(
            nodeid=f"{NAME} ({len(collected.pages)} kinds of page)",
            location=("tests/support/html_at_end.py", None, NAME),
            keywords={},
            outcome="failed" if faults else "passed",
            longrepr="\n".join(faults) or None,
            when="call",
        )
        self.config.hook.pytest_runtest_logreport(report=found)
        if faults:
            session.testsfailed += 1
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
