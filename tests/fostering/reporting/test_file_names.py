"""Each file’s name says what it holds, and of when."""

from datetime import timedelta

import pytest
from time_machine import travel

from tests.fostering.reporting.files import HOME
from tests.fostering.reporting.stories import NOW
from tests.support.builders import make_enquiry


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("ofsted", "fostering-ofsted-figures-2026-27"),
        ("references", "fostering-ofsted-references-2026-27"),
        ("monthly", "fostering-monthly-figures-2026-27"),
        ("open", "fostering-open-households-2027-09-20"),
        ("rows", "fostering-enquiries-without-names-2026-27"),
    ],
)
def test_a_file_s_name_says_what_it_holds_and_of_when(db, sign_in, content, name):
    with db.transaction() as session:
        make_enquiry(session, received_at=NOW - timedelta(days=200))
    chosen = {"content": content, "year": "2026", "file_format": "csv", "purpose": "RETURN"}
    with travel(NOW, tick=False):
        answer = sign_in("fostering").post_form(f"{HOME}/export", chosen)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}.csv"'
