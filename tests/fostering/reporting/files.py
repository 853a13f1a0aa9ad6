"""Asking for a file of figures, as a page does."""

from __future__ import annotations

from tests.support.client import JudgingClient

HOME = "/staff/reports/fostering"


def export(client: JudgingClient, content: str, year: int, file_format: str = "csv") -> bytes:
    """The bytes of the file."""
    chosen = {"content": content, "year": str(year), "file_format": file_format, "purpose": "RETURN"}
    answer = client.post_form(f"{HOME}/export", chosen)
    assert answer.status_code == 200, answer.text
    return answer.data
