"""The queue: order, filters, search, counts, pages, and who may see it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.council import load_council
from portal.fostering.closures import Closure
from portal.fostering.follow_up import queries
from portal.fostering.follow_up.counts.queries import queue_counts
from portal.fostering.follow_up.filters import QueueFilters
from portal.fostering.options import Area, Stage, Status
from tests.support.builders import make_enquiry

QUEUE = "/staff/fostering"
FIND = f"{QUEUE}/find"
TEAM = load_council().fostering


def references(page):
    return [row.public_ref for row in page.rows]


def listed(answer):
    return [row.text for row in answer.page.all("tr")[1:]]


def test_the_longest_overdue_comes_first(db, at):
    with db.transaction() as session:
        for number, hours in enumerate((5, -3, 30, -50)):
            make_enquiry(session, public_ref=f"FOS-26-B{number}", due_at=at + timedelta(hours=hours))
    with db.reading() as session:
        page = queries.queue_page(session, QueueFilters(), reader=1, at=at, team=TEAM)
        overdue = queries.queue_page(session, QueueFilters(due="overdue"), reader=1, at=at, team=TEAM)
        today = queries.queue_page(session, QueueFilters(due="today"), reader=1, at=at, team=TEAM)
        counts = queue_counts(session, at, reader=1, team=TEAM)
    assert references(page) == ["FOS-26-B3", "FOS-26-B1", "FOS-26-B0", "FOS-26-B2"]
    assert references(overdue) == ["FOS-26-B3", "FOS-26-B1"]
    assert references(today) == ["FOS-26-B0"]
    assert (counts.overdue, counts.today, counts.open, counts.closed) == (2, 1, 4, 0)


def test_pages_hold_every_household_once(db, at):
    with db.transaction() as session:
        # Ten share one due time: the id decides, and none is lost at a page's edge.
        for number in range(60):
            make_enquiry(session, due_at=at + timedelta(hours=number // 10))
    seen, after = [], None
    with db.reading() as session:
        for _page in range(5):
            page = queries.queue_page(session, QueueFilters(after=after), reader=1, at=at, team=TEAM)
            seen += references(page)
            after = page.next_after
            if after is None:
                break
    assert len(seen) == len(set(seen)) == 60


def test_filters_narrow_the_list(db, at):
    with db.transaction() as session:
        make_enquiry(session, public_ref="FOS-26-A1", area=Area.HANTS, stage=Stage.CONTACTING)
        make_enquiry(session, public_ref="FOS-26-A2", area=Area.SOTON, flags=["F_ROOM"])
        make_enquiry(
            session,
            public_ref="FOS-26-A3",
            status=Status.CLOSED,
            stage=Stage.CLOSED,
            closure_code=Closure.Q00,
        )

    def found(**filters):
        with db.reading() as session:
            return references(
                queries.queue_page(session, QueueFilters(**filters), reader=1, at=at, team=TEAM)
            )

    assert found(area=Area.HANTS) == ["FOS-26-A1"]
    assert found(area=Area.HANTS, flagged=True) == []
    assert found(stage=Stage.NEW) == ["FOS-26-A2"]
    assert found(flagged=True) == ["FOS-26-A2"]
    assert found(status=Status.CLOSED) == ["FOS-26-A3"]
    assert found(owner="nobody") == ["FOS-26-A1", "FOS-26-A2"]
    assert found(owner="mine") == []


@pytest.mark.parametrize(
    "typed",
    [
        "FOS-26-QRSTV",
        "fos-26-qrstv",
        "odé",
        "ODE-ROS",
        "O'De",
        "siân ode",
        "Siân",
        "partner",
        "Robin",
        "robin part",
    ],
)
def test_a_household_is_found_by_reference_or_name(db, at, typed):
    with db.transaction() as session:
        make_enquiry(
            session,
            public_ref="FOS-26-QRSTV",
            first_name="Siân",
            last_name="O’Dé-Ros",
            second_first_name="Robin",
            second_first_name_key="robin",
            second_last_name="Partnerson",
            status=Status.CLOSED,
            stage=Stage.CLOSED,
            closure_code=Closure.Q00,
        )
        make_enquiry(session, first_name="Alex", last_name="Other")
    with db.reading() as session:
        page = queries.queue_page(session, QueueFilters(search=typed), reader=1, at=at, team=TEAM)
    assert references(page) == ["FOS-26-QRSTV"]


@pytest.mark.parametrize("typed", ["%", "_", "'; --", "\U0001f600", "zzz", "a" * 120, "FOS"])
def test_a_search_that_fits_nobody_is_empty(db, at, typed):
    with db.transaction() as session:
        make_enquiry(session)
    with db.reading() as session:
        assert (
            references(queries.queue_page(session, QueueFilters(search=typed), reader=1, at=at, team=TEAM))
            == []
        )


def test_the_queue_says_what_is_overdue(officer, db, at):
    with db.transaction() as session:
        make_enquiry(session, last_name="Late", due_at=at - timedelta(hours=1))
        make_enquiry(session, last_name="Soon", due_at=at + timedelta(hours=1))
    answer = officer.get(QUEUE)
    late, soon = listed(answer)
    assert "Overdue" in late
    assert "Today" in soon
    assert "Overdue" not in soon


def test_the_queue_says_what_may_be_automated(officer, db):
    with db.transaction() as session:
        make_enquiry(session, last_name="Person", flags=["F_ROOM"])
        make_enquiry(session, last_name="Robot", flags=["F_HONEYPOT"], quarantined=True)
    person, robot = sorted(listed(officer.get(QUEUE)))
    assert "Check: may be automated" in robot
    assert "Check: may be automated" not in person


def test_reading_the_queue_is_audited_without_the_words_searched_for(officer, db):
    with db.transaction() as session:
        make_enquiry(session, last_name="Heronsworth")
    officer.get(QUEUE)
    search(officer, "Heronsworth")
    with db.reading() as session:
        read = select(AuditEvent).where(AuditEvent.event == "fostering.queue_read")
        events = session.scalars(read.order_by(AuditEvent.id)).all()
    assert [event.facts["searched"] for event in events] == [False, False, True]
    assert "eron" not in str([event.facts for event in events])


def search(client, words):
    """Search from the queue's page, and see what was found."""
    return client.follow(client.post_form(QUEUE, {"q": words}, action=FIND))


def test_a_search_keeps_the_name_out_of_the_address_and_can_be_reloaded(officer, db):
    with db.transaction() as session:
        make_enquiry(session, last_name="Heronsworth")
    answer = officer.post_form(QUEUE, {"q": "heron"}, action=FIND)
    assert (answer.status_code, answer.location) == (303, FIND)
    for _time in range(2):
        found = officer.get(FIND)
        assert "Heronsworth" in found.page.main.text
        assert found.page.first("input", name="q")["value"] == "heron"


def test_what_one_searched_for_is_not_what_another_finds(officer, sign_in, db):
    with db.transaction() as session:
        make_enquiry(session, last_name="Heronsworth")
    search(officer, "heron")
    other = sign_in("fostering").get(FIND)
    assert other.page.h1 == "Find an enquiry"
    assert "eron" not in other.page.main.text
    assert "No enquiry has" not in other.page.main.text


@pytest.mark.parametrize("typed", ["李", " 李 "])
def test_a_surname_of_one_character_is_found(officer, db, typed):
    with db.transaction() as session:
        make_enquiry(session, first_name="小龙", last_name="李")
        make_enquiry(session, last_name="Specimen")
    found = search(officer, typed).page.main.text
    assert "小龙 李" in found
    assert "Specimen" not in found


@pytest.mark.parametrize("typed", ["o", " o’ ", "O-", "ø", "7", "\U0001f600"])
def test_one_letter_is_too_little_to_search_for(officer, typed):
    answer = officer.post_form(QUEUE, {"q": typed}, action=FIND)
    assert answer.page.errors == [
        "Enter at least 2 letters of the name, or a whole phone number, email address or reference"
    ]


def test_from_an_enquiry_people_go_back_to_the_list_as_it_was(officer, db, at):
    with db.transaction() as session:
        for number in range(26):
            make_enquiry(session, area=Area.HANTS, due_at=at + timedelta(minutes=number), last_name="Listed")
    first = officer.get(f"{QUEUE}?area=HANTS&flagged=&name=Ode")
    listed_page = officer.get(first.page.first("a", rel="next")["href"])
    opened = listed_page.page.main.first("th", scope="row").first("a")["href"]
    assert "name" not in opened
    back = back_link(officer.get(opened))
    assert back["href"] == first.page.first("a", rel="next")["href"]
    assert back.text == "Back to the queue"
    typed = {"kind": "LETTER", "happened": "now"}
    action = opened.replace("?", "/contact?")
    assert back_link(officer.post_form(opened, {}, action=action))["href"] == back["href"]
    recorded = officer.follow(officer.post_form(opened, typed, action=action))
    assert "Contact recorded" in recorded.page.main.text
    assert back_link(recorded)["href"] == back["href"]
    assert officer.get(f"{action}").location == opened


def test_from_an_enquiry_that_was_found_people_go_back_to_the_search(officer, db):
    with db.transaction() as session:
        make_enquiry(session, last_name="Heronsworth")
    found = search(officer, "heron")
    back = back_link(officer.get(found.page.main.first("th", scope="row").first("a")["href"]))
    assert (back["href"], back.text) == (FIND, "Back to the search")
    assert "Heronsworth" in officer.get(back["href"]).page.main.text


def back_link(answer):
    return answer.page.first("a", class_="govuk-back-link")


def test_an_empty_search_says_what_to_enter(officer):
    answer = officer.post_form(QUEUE, {"q": "  "}, action="/staff/fostering/find")
    assert answer.status_code == 422
    assert answer.page.errors == ["Enter a name, a phone number, an email address or a reference"]


@pytest.mark.parametrize(
    "query",
    [
        "which=NOPE&due=never&stage=%00&area=x&owner=9&flagged=9",
        "after=99999999999999999999.1",
        "after=999999999999999.999999999999999999",
        "after=²",
        "which=OPEN&which=CLOSED",
        "after=1.1&endpoint=x&_external=1&_scheme=javascript",
    ],
)
def test_a_filter_that_does_not_exist_is_no_filter(officer, db, query):
    with db.transaction() as session:
        make_enquiry(session, last_name="Present")
    assert officer.get(f"{QUEUE}?{query}").status_code == 200


def test_the_next_page_keeps_the_filters_and_nothing_else(officer, db):
    with db.transaction() as session:
        for _number in range(26):
            make_enquiry(session, area=Area.HANTS)
        make_enquiry(session, area=Area.SOTON, last_name="Soloist")
    first = officer.get(f"{QUEUE}?area=HANTS&endpoint=x&_external=1")
    link = first.page.first("a", rel="next")["href"]
    assert link.startswith(f"{QUEUE}?area=HANTS&after=")
    second = officer.get(link)
    assert len(listed(second)) == 1
    assert "Soloist" not in second.page.main.text


def test_the_queue_costs_a_fixed_number_of_statements(officer, db, statements):
    with db.transaction() as session:
        for _number in range(25):
            make_enquiry(session)
    officer.get(QUEUE)
    with statements() as found:
        officer.get(QUEUE)
    reads = [sql for sql in found if sql.startswith(("SELECT", "WITH")) and "fostering_enquiries" in sql]
    assert len(reads) == 3, "the list, the counts, and concerns that wait to be passed on"


def test_list_and_board_mark_what_is_due_later_today_alike(db, at, officer):
    with db.transaction() as session:
        for received, due in ((6, 30), (0, 60)):
            due_at = at + timedelta(minutes=due)
            make_enquiry(session, received_at=at - timedelta(days=received), due_at=due_at)
    board = officer.get(f"{QUEUE}/board").page.main.text
    for words in ("Due soon Today, 10:30am", "Today, 11am"):
        assert words in board
        assert words in officer.get(QUEUE).page.main.text


@pytest.mark.parametrize("role", ["hr", "hiring_manager", "admin"])
def test_other_roles_see_no_household(sign_in, db, role):
    with db.transaction() as session:
        reference = make_enquiry(session).public_ref
    client = sign_in(role)
    assert client.get(QUEUE).status_code == 403
    assert client.get(f"{QUEUE}/{reference}").status_code == 403
    assert client.get(f"{QUEUE}/export").status_code == 403


def test_a_row_says_what_is_next_and_how_near_it_is_to_its_limit(db, at, officer):
    with db.transaction() as session:
        received = at - timedelta(days=6)
        for name, due in {"Soon": 30, "Late": -60, "Past": -60 * 24 * 5}.items():
            due_at = at + timedelta(minutes=due)
            make_enquiry(session, last_name=name, received_at=received, due_at=due_at)
        make_enquiry(session, last_name="Far", due_at=at + timedelta(days=2), next_step="INFO_PACK_ONLY")
    found = officer.get(QUEUE).page.all("tr")[1:]
    rows = {row.all("a")[0].text.split(" ")[1]: row.text for row in found}
    assert "Overdue, past its limit" in rows["Past"]
    assert "Overdue" in rows["Late"]
    assert "limit" not in rows["Late"]
    assert "Due soon Today, 10:30am" in rows["Soon"]
    assert "Next: Call or write to them" in rows["Soon"]
    assert "Next: Send the information pack" in rows["Far"]
    assert "soon" not in rows["Far"]
