"""The Ofsted result: inspections, their judgements, and what was said in them."""

from __future__ import annotations

from flask import Flask


def init_app(_app: Flask) -> None:
    """Nothing to register yet: the records are shown by other features, and a migration adds the first."""
