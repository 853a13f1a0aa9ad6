"""What the journey is called in the database, and how long unfinished writing is kept."""

from __future__ import annotations

from datetime import timedelta

JOURNEY = "vacancy"
VERSION = "2026-11"
LIFETIME = timedelta(days=365)
"""Since the last save. Colleagues come back to a draft after months; a year is longer than any post waits."""

STEP_ITEM = "row{:013}"
"""The id of an entry that stands for a row: sixteen signs, as the entries that pages add."""
