"""The rows that the bench writes in bulk are rows that the tables take."""

from __future__ import annotations

from flask import Flask

from portal.core.database import Database
from tests.bench.applications import Applicants


def test_applicants_can_be_written_in_bulk(app: Flask, db: Database) -> None:
    applicants = Applicants(app, db, "http://127.0.0.1:1")
    requests = applicants.requests(2)
    assert [request.count(b"/check-answers HTTP/1.1") for request in requests] == [1, 1]
    assert applicants.counts() == {"applications": 0, "mails": 0}
