"""The figures by stage: what HR sees, when, and that a page and its export hide the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import delete, select

from portal.applications.equality import queries, service, storing
from portal.applications.equality.models import EqualityFigures
from portal.applications.equality.queries import Quarter, quarter_of
from portal.applications.equality.stages import STAGES
from portal.applications.models import EqualityAnswers
from portal.applications.options import ApplicationStatus as Status
from portal.core.audit import AuditEvent
from portal.vacancies.models import Vacancy
from tests.applications.equality.answering import KEY, LONG_AGO, make_answered, make_ended
from tests.support.applications import make_application
from tests.support.builders import AT, make_vacancy
from tests.support.client import SAME_ORIGIN
from tests.support.spreadsheets import read_csv, read_workbook

NOW = AT + timedelta(days=60)
CHOICE = {"file_format": "csv", "purpose": "COMMITTEE"}


@pytest.fixture
def hr(sign_in):
    with time_machine.travel(NOW, tick=False):
        yield sign_in("hr")


@pytest.fixture
def night(db):
    """What the night does before the pages are read."""

    def run(at=NOW):
        with db.transaction() as session:
            service.follow_stages(session, [KEY])
            return storing.store_settled(session, at)

    return run


@pytest.fixture
def vacancy(db):
    """36 answers: 20 women, 13 men and 3 who would not say; 12 women and 8 men were shortlisted."""
    with db.transaction() as session:
        vacancy = make_ended(session)
        fill(session, vacancy, women=20, men=13, silent=3)
        return vacancy


def fill(session, vacancy, *, women, men, silent=0):
    people = [("female", number < 12) for number in range(women)]
    people += [("male", number < 8) for number in range(men)] + [("prefer_not_to_say", False)] * silent
    for sex, shortlisted in people:
        status = Status.UNSUCCESSFUL_INTERVIEW if shortlisted else Status.NOT_SHORTLISTED
        times = {"shortlisted_at": LONG_AGO} if shortlisted else {}
        make_answered(session, vacancy, {"sex": sex}, status=status, **times)


def address(vacancy, ending=""):
    return f"/staff/applications/{vacancy.reference}/equality{ending}"


def table(page, caption):
    """Rows of the table with this caption: label to cells."""
    found = next(one for one in page.main.all("table") if one.first("caption").text == caption)
    return {
        row.first("th").text: [cell.text for cell in row.all("td")] for row in found.first("tbody").all("tr")
    }


def test_on_a_phone_each_figure_stands_under_its_answer_with_its_stage(hr, vacancy, night):
    night()
    tables = hr.get(address(vacancy)).page.main.all("table")
    assert all("table-stack" in found["class"] for found in tables)
    for row in [row for found in tables for row in found.first("tbody").all("tr")]:
        assert [cell["data-label"] for cell in row.all("td")] == [stage.label for stage in STAGES]


def test_small_figures_are_hidden_and_a_second_one_with_them(hr, vacancy, night):
    night()
    figures = table(hr.get(address(vacancy)).page, "Sex")
    assert figures["Female"] == ["20", "12", "12", "[c]hidden"]
    assert figures["Male"][0] == "[c]hidden"
    assert figures["Prefer not to say, or left blank"][0] == "[c]hidden"
    assert figures["Everybody who answered"] == ["36", "20", "20", "[c]hidden"]


def test_what_nobody_answered_is_not_shown_as_nobody(hr, vacancy, night):
    night()
    figures = table(hr.get(address(vacancy)).page, "Religion")
    assert {cell for cells in list(figures.values())[:-1] for cell in cells} == {"[c]hidden"}


def test_a_vacancy_with_few_answers_is_counted_with_its_quarter(hr, db, night):
    with db.transaction() as session:
        small = [make_ended(session) for _ in range(2)]
        for one in small:
            fill(session, one, women=13, men=13, silent=3)
    night()
    page = hr.get(address(small[0])).page
    assert page.main.first("table") is None
    quarter = quarter_of(LONG_AGO)
    assert f"/staff/applications/equality/{quarter.slug}" in page.links()
    figures = table(hr.get(f"/staff/applications/equality/{quarter.slug}").page, "Sex")
    assert figures["Female"][0] == "26"
    assert figures["Prefer not to say, or left blank"][0] == "6"


def test_no_vacancy_is_in_a_quarter_and_on_its_own(hr, db, vacancy, night):
    """Else one could be taken from the other."""
    with db.transaction() as session:
        fill(session, make_ended(session), women=14, men=15)
    assert night() == 2
    page = hr.get(f"/staff/applications/equality/{quarter_of(LONG_AGO).slug}").page
    assert address(vacancy) in page.links()
    assert table(page, "Sex")["Everybody who answered"][0] == "29"


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.SHORTLISTED, Status.INTERVIEWED])
def test_figures_are_made_when_it_is_over_for_everybody(hr, db, vacancy, night, status):
    with db.transaction() as session:
        late = make_application(session, session.merge(vacancy), status=status, status_since=LONG_AGO)
    assert night() == 0
    assert hr.get(address(vacancy)).page.main.first("table") is None
    with db.transaction() as session:
        session.merge(late).status = Status.STARTED
    assert night() == 1
    headings = [cell.text for cell in hr.get(address(vacancy)).page.main.first("thead").all("th")]
    assert headings == ["Answer", *(stage.label for stage in STAGES)]


@pytest.mark.parametrize("early", [False, True])
def test_figures_wait_until_two_days_after_closing(db, vacancy, night, early):
    changes = {"closed_early_at": NOW - timedelta(days=1)} if early else {}
    with db.transaction() as session:
        found = session.merge(vacancy)
        for name, value in {"closes_at": NOW - timedelta(days=1), **changes}.items():
            setattr(found, name, value)
    assert night() == 0
    assert night(NOW + timedelta(days=1)) == 1


def test_nothing_is_made_of_a_vacancy_or_quarter_that_can_still_change(db, vacancy, night):
    """Two readings around a change would tell of the one person whom it was about."""
    with db.transaction() as session:
        fill(session, make_ended(session), women=14, men=15)
        other = make_ended(session, archived_at=None)
        fill(session, other, women=1, men=0)
        session.merge(vacancy).archived_at = None
    assert night() == 0
    with db.transaction() as session:
        for one in (vacancy, other):
            session.get_one(Vacancy, one.id).archived_at = LONG_AGO
    assert night() == 2


def test_nothing_is_made_while_something_changes(db, vacancy, night):
    with db.transaction() as session:
        changed = NOW - timedelta(days=1)
        make_application(session, session.merge(vacancy), status=Status.STARTED, status_since=changed)
    assert night() == 0
    assert night(NOW + timedelta(days=1)) == 1


def test_what_was_made_stays_whatever_becomes_of_the_answers(hr, db, vacancy, night):
    assert night() == 1
    before = hr.get(address(vacancy)).page.main.text
    with db.transaction() as session:
        row = session.scalars(select(EqualityAnswers).limit(1)).one()
        row.answers = {"sex": "male"}
        session.merge(vacancy).archived_at = None
        fill(session, vacancy, women=9, men=0)
    assert night() == 0
    assert hr.get(address(vacancy)).page.main.text == before


def test_a_quarter_that_is_not_over_shows_nothing(hr, db, night):
    with db.transaction() as session:
        closed = AT + timedelta(days=50)
        for _ in range(2):
            fill(session, make_ended(session, closes_at=closed), women=14, men=14)
    assert night() == 0
    page = hr.get("/staff/applications/equality/2027-q1").page
    assert page.main.first("table") is None


@pytest.mark.parametrize("slug", ["2031-q1", "2026-q5", "1999-q1", "2026", "2026-q1-x"])
def test_other_quarters_are_not_there(hr, slug):
    assert hr.get(f"/staff/applications/equality/{slug}").status_code == 404


def test_the_quarters_there_are(hr, db, vacancy):
    page = hr.get("/staff/applications/equality").page
    found = [link for link in page.links() if "/equality/" in link]
    assert found == [f"/staff/applications/equality/{slug}" for slug in ("2027-q1", "2026-q4")]


def test_quarters_begin_in_london():
    first = Quarter(2026, 2)
    assert first.bounds[0].isoformat() == "2026-03-31T23:00:00+00:00"
    assert quarter_of(first.bounds[0]) == first
    assert quarter_of(first.bounds[0] - timedelta(seconds=1)) == Quarter(2026, 1)
    assert Quarter(2026, 4).after == Quarter(2027, 1)


def test_a_cancelled_vacancy_closed_when_it_was_cancelled(db):
    with db.transaction() as session:
        one = make_ended(session, cancelled_at=LONG_AGO - timedelta(days=3))
        other = make_ended(session, cancelled_at=LONG_AGO + timedelta(days=3))
        reference, later = one.reference, other.reference
    with db.reading() as session:
        assert queries.of_vacancy(session, reference).closed_at == LONG_AGO - timedelta(days=3)
        assert queries.of_vacancy(session, later).closed_at == LONG_AGO


def events(db):
    with db.reading() as session:
        wanted = select(AuditEvent).where(AuditEvent.event == "applications.equality_exported")
        return session.scalars(wanted).all()


def test_the_export_hides_what_the_page_hides(hr, db, vacancy, night):
    night()
    page = hr.get(address(vacancy)).page
    answer = hr.post_form(address(vacancy, "/export"), CHOICE)
    rows = read_csv(answer.data)
    assert list(rows[0]) == [
        *("vacancy_or_quarter", "characteristic", "category"),
        *("applied", "shortlisted", "interviewed", "offered"),
    ]
    sex = {
        row["category"]: [row[stage.value] for stage in STAGES]
        for row in rows
        if row["characteristic"] == "Sex"
    }
    shown = {
        label.replace("Everybody who answered", "All"): [cell.replace("hidden", "") for cell in cells]
        for label, cells in table(page, "Sex").items()
    }
    assert sex == shown
    (event,) = events(db)
    assert event.facts == {"format": "csv", "purpose": "COMMITTEE", "rows": len(rows)}
    assert event.subject == vacancy.reference


def test_a_workbook_holds_numbers(hr, vacancy, night):
    night()
    answer = hr.post_form(address(vacancy, "/export"), {**CHOICE, "file_format": "xlsx"})
    values = {value for row in read_workbook(answer.data) for value in row.values()}
    assert {20, 36, "[c]", "Female"} <= values
    assert not values & {1, 2, 3, 4, 13, 16, 8}


@pytest.mark.parametrize("missing", CHOICE)
def test_an_export_needs_format_and_purpose(hr, db, vacancy, night, missing):
    night()
    answer = hr.post_form(address(vacancy, "/export"), {**CHOICE, missing: None})
    assert answer.status_code == 422
    assert events(db) == []


def test_where_there_are_no_figures_there_is_no_export(hr, db):
    with db.transaction() as session:
        empty = make_vacancy(session)
    assert hr.get(address(empty, "/export")).page.main.first("form") is None


def test_a_hiring_manager_sees_no_figures(sign_in, vacancy):
    manager = sign_in("hiring_manager")
    for path in (address(vacancy), "/staff/applications/equality"):
        assert manager.get(path).status_code == 403


def test_a_form_that_was_opened_before_the_figures_went_gets_none(hr, db, vacancy, night):
    night()
    page = hr.get(address(vacancy, "/export")).page
    token = page.first("input", name="csrf_token")["value"]
    with db.transaction() as session:
        session.execute(delete(EqualityFigures))
    body = {**CHOICE, "csrf_token": token, "form_end": "1"}
    answer = hr.post(address(vacancy, "/export"), data=body, headers=SAME_ORIGIN)
    assert answer.status_code == 422
    assert answer.page.errors == ["There are no figures to export yet"]
    assert events(db) == []
