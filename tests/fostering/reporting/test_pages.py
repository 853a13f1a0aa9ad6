"""The pages of figures: counted again by hand, shown to those who may see them, and nobody named."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import median

import pytest
from sqlalchemy import select
from time_machine import travel

from portal.core.audit import AuditEvent
from portal.fostering.closures import Closure
from portal.fostering.guarded import Reader
from portal.fostering.models import Enquiry
from portal.fostering.options import Area, HeardFrom, Stage, Status
from portal.fostering.reporting import service
from portal.fostering.reporting.models import CountingRules
from tests.fostering.reporting.files import HOME, export
from tests.fostering.reporting.stories import LEFT_OUT, NOW, fy, households
from tests.support.builders import make_enquiry
from tests.support.spreadsheets import read_csv, read_workbook


@pytest.fixture(autouse=True)
def _clock():
    with travel(NOW, tick=False):
        yield


def table(page, identifier):
    """Rows of the table with this caption, as texts."""
    found = next(one for one in page.all("table") if one.first("caption").get("id") == identifier)
    return [
        [cell.text for cell in (*row.all("th"), *row.all("td"))] for row in found.first("tbody").all("tr")
    ]


def percent(part, whole):
    return f"{round(100 * part / whole, 1):g}%" if whole else "–"


def on_time(one):
    """Yes, no, or nothing to say; every target of the stories is long past."""
    if one.attempt:
        return one.attempt <= one.due
    ended = one.closed
    return None if ended and ended <= one.due.date() else False


def of_month(told, year, month):
    return [one for one in told if (one.day.year, one.day.month) == (year, month)]


def test_the_months_are_as_counted_by_hand(told, sign_in):
    page = sign_in("fostering").get(f"{HOME}/monthly?year=2026").page
    speed, became = table(page, "speed-table"), table(page, "conversion-table")
    months = [(2026, month) for month in range(4, 13)] + [(2027, month) for month in (1, 2, 3)]
    assert len(speed) == len(became) == 12
    for place, (year, month) in enumerate(months):
        counted = [one for one in of_month(told, year, month) if one.code not in LEFT_OUT]
        answers = [answer for one in counted if (answer := on_time(one)) is not None]
        hours = [(one.attempt - one.received) // timedelta(hours=1) for one in counted if one.attempt]
        label = f"{date(year, month, 1):%B %Y}"
        middle = f"{median(hours):g}" if hours else "–"
        assert speed[place][:4] == [label, str(len(counted)), percent(sum(answers), len(answers)), middle]
        came = [one.came_to for one in households(told) if of_month([one.first], year, month)]
        visits, applied, approved = (sum(one[step] for one in came) for step in range(3))
        assert became[place][:5] == [label, *map(str, (len(came), visits, applied, approved))]
        early = (year, month) >= (2026, 12)  # nine months after December is the end of September
        shares = [percent(visits, len(came)), percent(applied, visits), percent(approved, applied)]
        shares.append(percent(approved, len(came)))
        assert became[place][5:] == (["Too early to say"] * 4 if early else shares)


def test_a_month_tells_its_reviews_and_its_most_frequent_reasons(db, sign_in):
    closed = {"status": Status.CLOSED, "stage": Stage.CLOSED, "due_at": None}
    reasons = {"X01": 3, "Q03": 2, "S02": 1, "Q09": 1}
    ended = datetime(2027, 5, 31, 23, 30, tzinfo=UTC)  # already June in London
    with db.transaction() as session:
        for code, number in reasons.items():
            for _ in range(number):
                make_enquiry(session, closed_at=ended, closure_code=Closure(code), **closed)
        for day in (30, 31):
            review = date(2027, 5, 1) + timedelta(days=day)
            stands = {"stage": Stage.KEEP_IN_TOUCH, "status": Status.KEEP_IN_TOUCH}
            make_enquiry(session, kit_review_on=review, **stands)
    client = sign_in("fostering")
    rows = {row["month"]: row for row in read_csv(export(client, "monthly", 2027))}
    assert [rows[month]["keep_in_touch_due"] for month in ("2027-05", "2027-06")] == ["1", "1"]
    assert rows["2027-05"]["closure_1"] == ""
    told = [(rows["2027-06"][f"closure_{n}"], rows["2027-06"][f"closure_{n}_number"]) for n in (1, 2, 3)]
    assert told == [("X01", "3"), ("Q03", "2"), ("Q09", "1")]
    page = client.get(f"{HOME}/monthly?year=2027").page
    assert [row[-1] for row in table(page, "speed-table")][1:3] == ["1", "1"]
    assert f"{Closure.X01.label} (3)" in page.main.text


def test_the_months_say_that_reasons_for_closing_are_of_all_that_were_closed(db, sign_in):
    closed = {"status": Status.CLOSED, "stage": Stage.CLOSED, "due_at": None, "closure_code": Closure.X02}
    with db.transaction() as session:
        make_enquiry(session, received_at=NOW - timedelta(days=9), closed_at=NOW, **closed)
    page = sign_in("fostering").get(f"{HOME}/monthly?year=2027").page
    assert {row[1] for row in table(page, "speed-table")} == {"0"}
    assert f"{Closure.X02.label} (1)" in page.main.text
    assert "All that were closed are counted here" in page.main.text


def test_the_overview_is_as_counted_by_hand(told, sign_in):
    page = sign_in("fostering").get(HOME).page
    this_week = date(2027, 9, 20)
    for place, row in enumerate(table(page, "weeks-table")):
        monday = this_week - timedelta(weeks=place)
        came = sum(monday <= one.day < monday + timedelta(weeks=1) for one in told)
        assert row[1] == str(came), monday

    waiting = Counter(
        "Application accepted" if one.applications and not one.applications[-1].ended else "Contacting"
        for one in told
        if not one.closed and not (one.applications and one.applications[-1].outcome == "AP")
    )
    assert {row[0]: int(row[-1]) for row in table(page, "open-table")} == waiting
    assert all(sum(map(int, row[1:-1])) == int(row[-1]) for row in table(page, "open-table"))

    last_year = [one for one in households(told) if one.first.day >= date(2026, 10, 1)]
    sources, applied = (
        Counter(one.first.source.label if one.first.source else "Not recorded" for one in some)
        for some in (last_year, [one for one in last_year if one.came_to[1]])
    )
    assert {row[0]: int(row[1]) for row in table(page, "sources-table")} == sources
    assert {row[0]: int(row[-1]) for row in table(page, "sources-table")} == applied
    areas = Counter(one.first.area.label for one in last_year)
    few = [area for area, came in areas.items() if came < 5]
    areas["Not recorded, or too few to tell"] = sum(areas.pop(area) for area in few)
    assert few
    assert {row[0]: int(row[1]) for row in table(page, "areas-table")} == areas

    for row in table(page, "cohorts-table"):
        first = next(
            day for day in QUARTERS if row[0].endswith(str(day.year)) and row[0].startswith(f"{day:%B}")
        )
        came = [one.came_to for one in households(told) if first <= one.first.day < later(first)]
        assert row[1:5] == [str(len(came)), *(str(sum(one[step] for one in came)) for step in range(3))]
        assert (row[-1] == "Too early to say") == (first >= date(2026, 10, 1))


QUARTERS = [date(year, month, 1) for year in (2025, 2026, 2027) for month in (1, 4, 7, 10)]


def later(day):
    """Three months on."""
    return date(day.year + (day.month == 10), day.month % 12 + 3 if day.month != 10 else 1, 1)


def test_each_chart_says_what_its_table_says(told, sign_in):
    del told
    page = sign_in("fostering").get(HOME).page
    charts = {
        one.get("aria-label").partition(".")[0]: one for one in page.all("svg") if one.get("role") == "img"
    }
    assert len(charts) == 6
    weeks = charts["Enquiries received in each of the last 13 weeks"]
    drawn = [text.text for text in weeks.all("text") if text.get("class") == "chart__value"]
    assert drawn == [row[1] for row in table(page, "weeks-table")][::-1]
    stages = charts["Open households by stage"]
    drawn = [text.text for text in stages.all("text") if text.get("class") == "chart__value"]
    assert drawn == [row[-1] for row in table(page, "open-table")]


def test_an_analyst_sees_figures_and_no_household(told, sign_in):
    client = sign_in("fostering_analyst")
    for path in ("", "/monthly", "/ofsted", "/rules", "/export"):
        answer = client.get(f"{HOME}{path}")
        assert answer.status_code == 200
        assert "Specimen" not in answer.text
    behind = client.get(f"{HOME}/ofsted/behind?figure=enquiries_received&year=2026").page
    assert behind.main.first("ul") is not None
    assert not [link for link in behind.main.all("a") if link.text.startswith("FOS-")]
    assert client.get(f"/staff/fostering/{told[0].reference}").status_code == 403
    assert client.get("/staff/fostering").status_code == 403
    assert client.get(f"{HOME}/rules/change").status_code == 403
    assert sign_in("hr").get(HOME).status_code == 403


def test_a_restricted_enquiry_is_counted_and_not_named(db, told, sign_in):
    hidden = next(one for one in told if fy(one.day) == 2026).reference
    client = sign_in("fostering_manager")
    address = f"{HOME}/ofsted/behind?figure=enquiries_received&year=2026"
    before = client.get(address).page.main.text
    with db.transaction() as session:
        session.scalars(select(Enquiry).where(Enquiry.public_ref == hidden)).one().restricted_at = NOW
    after = client.get(address).page.main.text
    assert hidden in before
    assert hidden not in after
    assert "1 restricted" in after
    total = re.search(r"(\d+) enquiries behind it", before)
    assert total
    assert total[0] in after
    rows = read_csv(export(client, "rows", 2026))
    assert len(rows) == int(total[1]) - 1
    assert hidden not in {line["reference"] for line in read_csv(export(client, "references", 2026))}
    assert "Restricted records are counted too" in client.get(HOME).page.main.text


def test_a_restricted_enquiry_has_no_row_even_for_who_may_read_it(db, sign_in):
    manager = sign_in("fostering_manager")
    with db.transaction() as session:
        make_enquiry(session, received_at=NOW - timedelta(days=40))
        secret = make_enquiry(session, received_at=NOW - timedelta(days=40), restricted_at=NOW)
        session.add(Reader(enquiry_id=secret.id, person_id=manager.person.id, named_at=NOW))
    assert len(read_csv(export(manager, "rows", 2027))) == 1
    references = {line["reference"] for line in read_csv(export(manager, "references", 2027))}
    assert secret.public_ref in references


HEADER = (
    "row_id,fy,received_month,channel,heard_from,area,enquirer_type,care_types,availability,housing,"
    "spare_bedrooms_band,fostering_status,flags,days_to_first_attempt,days_to_contact,days_to_visit,"
    "days_to_application,days_to_decision,furthest_stage,outcome,closure_code"
)


def test_rows_without_names_have_the_agreed_columns_and_nothing_else(db, told, sign_in):
    with db.transaction() as session:
        for one in session.scalars(select(Enquiry)):
            one.motivation, one.contact_needs = "The house is quiet", "Large print"
        make_enquiry(session, received_at=NOW - timedelta(days=300), area=Area.IOW)
    data = export(sign_in("fostering_analyst"), "rows", 2026)
    text = data.decode("utf-8-sig")
    assert text.splitlines()[0] == HEADER
    for words in ("FOS-", "Specimen", "Alex", "@", "+44", "SO14", "quiet", "Large print", "household"):
        assert words not in text
    assert not re.search(r"\d{4}-\d{2}-\d{2}", text)
    rows = read_csv(data)
    assert [row["row_id"] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    areas = Counter(one.area.value for one in told if fy(one.day) == 2026) + Counter({"IOW": 1})
    few = sum(number for number in areas.values() if number < 5)
    assert few
    assert Counter(row["area"] for row in rows) == {
        **{area: number for area, number in areas.items() if number >= 5},
        "SUPPRESSED": few,
    }


def test_a_month_s_file_and_the_open_ones_say_what_the_pages_say(told, sign_in):
    client = sign_in("fostering")
    page = client.get(f"{HOME}/monthly?year=2026").page
    for shown, row in zip(table(page, "speed-table"), read_csv(export(client, "monthly", 2026)), strict=True):
        assert shown[1] == row["enquiries"]
        sources = sum(int(value) for name, value in row.items() if name.startswith("source_"))
        assert sources == int(row["enquiries"])
        year, month = map(int, row["month"].split("-"))
        areas = Counter(one.area.value for one in of_month(told, year, month) if one.code not in LEFT_OUT)
        assert areas.total() == int(row["enquiries"])
        assert {name: row[f"area_{name}"] for name in ("SOTON", "HANTS", "PORTS", "none")} == {
            name: str(areas[name]) for name in ("SOTON", "HANTS", "PORTS", "none")
        }
        assert {row[f"area_{name}"] for name in ("IOW", "OTHER", "UNKNOWN")} == {"SUPPRESSED"}
        if row["households"] != "0":
            assert (row["too_early_to_say"] == "yes") == (row["enquiry_to_visit_pct"] == "")
    overview = client.get(HOME).page
    found = Counter()
    for row in read_csv(export(client, "open", 2026)):
        found[Stage(row["stage"]).label] += int(row["open"])
    assert found == {row[0]: int(row[-1]) for row in table(overview, "open-table")}


def test_an_area_with_few_enquiries_is_told_by_no_file_and_no_page(db, sign_in):
    numbers = {"Southampton": 9, "Hampshire": 8, "Portsmouth": 7, "Elsewhere": 6, "Not known": 5}
    with db.transaction() as session:
        for area in Area:
            for _ in range(numbers.get(area.label, 2)):
                make_enquiry(session, received_at=NOW - timedelta(days=40), area=area)
    client = sign_in("fostering_analyst")
    told = {"SOTON": 9, "HANTS": 8, "PORTS": 7, "OTHER": 6}
    rows = Counter(row["area"] for row in read_csv(export(client, "rows", 2027)))
    assert rows == told | {"SUPPRESSED": 7}
    (row,) = [row for row in read_csv(export(client, "monthly", 2027)) if row["enquiries"] != "0"]
    shown = {name.removeprefix("area_"): value for name, value in row.items() if name.startswith("area_")}
    untold = {"IOW": "SUPPRESSED", "UNKNOWN": "SUPPRESSED", "none": "7"}
    assert shown == {name: str(number) for name, number in told.items()} | untold
    lines = {row[0]: row[1] for row in table(client.get(HOME).page, "areas-table")}
    del numbers["Not known"]
    assert lines == {label: str(number) for label, number in numbers.items()} | {
        "Not recorded, or too few to tell": "7"
    }


def test_nothing_to_count_is_shown_too(sign_in):
    client = sign_in("fostering")
    for path in ("", "/monthly", "/ofsted", "/ofsted/behind", "/rules"):
        assert client.get(f"{HOME}{path}").status_code == 200
    assert client.get(f"{HOME}/ofsted/behind?figure=nothing").status_code == 404
    assert client.get(f"{HOME}/ofsted?year=²").status_code == 200
    assert client.get(f"{HOME}/ofsted/behind?page=99999").status_code == 200


def test_a_workbook_says_in_words_what_the_file_for_systems_says_in_codes(db, told, sign_in):
    del told
    with db.transaction() as session:
        make_enquiry(session, received_at=NOW, area=Area.IOW)
    client = sign_in("fostering_analyst")
    for content in ("references", "monthly", "open", "rows"):
        codes, words = export(client, content, 2027), export(client, content, 2027, "xlsx")
        assert len(read_csv(codes)) == len(read_workbook(words)), content
    areas = {row["Area"] for row in read_workbook(export(client, "rows", 2027, "xlsx"))}
    assert "Not told: too few" in areas
    assert areas <= {*(area.label for area in Area), "Not told: too few"}


def test_a_workbook_too_large_for_a_request_is_refused(told, sign_in, monkeypatch):
    del told
    monkeypatch.setattr(service, "MOST_AT_A_TIME", 1)
    chosen = {"content": "rows", "year": "2026", "file_format": "xlsx", "purpose": "ANALYSIS"}
    answer = sign_in("fostering").post_form(f"{HOME}/export", chosen)
    assert answer.status_code == 422
    assert "A spreadsheet can have up to 1 rows" in answer.page.main.text


def test_an_export_without_choices_is_asked_for_them(sign_in):
    answer = sign_in("fostering").post_form(f"{HOME}/export", {"year": "1999"})
    assert answer.status_code == 422
    assert len(answer.page.errors) == 4


def test_other_rules_count_otherwise_and_are_in_the_audit(db, sign_in):
    with db.transaction() as session:
        for code in (Closure.X02, Closure.X08, None):
            closed = {"status": Status.CLOSED, "stage": Stage.CLOSED, "closed_at": NOW, "due_at": None}
            make_enquiry(session, received_at=NOW, closure_code=code, **(closed if code else {}))
    client = sign_in("fostering_manager")
    before = initial(client)
    reason = "Ofsted’s guidance of 2027"
    answer = client.post_form(f"{HOME}/rules/change", {"excluded": ["X08"], "reason": reason})
    assert answer.status_code == 303
    assert (before, initial(client)) == ("2", "2")
    client.post_form(f"{HOME}/rules/change", {"excluded": ["X02", "X08"], "reason": reason})
    assert initial(client) == "1"
    page = client.follow(client.post_form(f"{HOME}/rules/change", {"excluded": [], "reason": reason})).page
    assert initial(client) == "3"
    assert reason in page.main.text
    with db.reading() as session:
        events = session.scalars(
            select(AuditEvent).where(AuditEvent.event == "fostering.counting_rules_changed")
        ).all()
    assert [event.facts["after"] for event in events] == [["X08"], ["X02", "X08"], []]
    assert events[0].facts["before"] == ["X02", "X03", "X04", "X05", "X06", "X07", "X09"]
    assert not [event for event in events if "guidance" in str(event.facts)]


def initial(client):
    page = client.get(f"{HOME}/ofsted").page
    figure = "figure=initial_enquiries_mainstream_households"
    return next(link.text.split()[0] for link in page.all("a") if link.get("href").endswith(figure))


def test_rules_that_somebody_else_changed_meanwhile_are_shown_first(db, sign_in):
    client = sign_in("fostering_manager")
    with db.transaction() as session:
        session.add(CountingRules(number=1, at=NOW, excluded=["X03"], reason="Other", by_name="Robin Other"))
    answer = client.post_form(
        f"{HOME}/rules/change", {"number": "0", "excluded": ["X02"], "reason": "The guidance"}
    )
    assert answer.status_code == 409
    assert "Robin Other has changed the rules" in answer.page.main.text
    assert "The guidance" in answer.text
    again = client.post_form(f"{HOME}/rules/change", {"excluded": ["X02"], "reason": "The guidance"})
    assert again.status_code == 303
    same = client.post_form(f"{HOME}/rules/change", {"excluded": ["X02"], "reason": "Again"})
    assert (same.status_code, len(same.page.errors)) == (422, 1)
    blank = client.post_form(f"{HOME}/rules/change", {"excluded": ["AW1"], "reason": ""})
    assert (blank.status_code, len(blank.page.errors)) == (422, 2)


def test_a_forged_number_is_refused_where_no_rules_were_ever_changed(sign_in):
    asked = {"number": "yes", "excluded": ["X02"], "reason": "The guidance"}
    answer = sign_in("fostering_manager").post_form(f"{HOME}/rules/change", asked)
    assert answer.status_code == 409
    assert "Not counted are now: X02, X03, X04, X05, X06, X07, X09." in answer.page.main.text
    assert "Somebody else" not in answer.page.main.text
    assert "The guidance" in answer.text


def test_an_application_after_a_second_enquiry_is_of_the_first_one_s_source(db, sign_in):
    with db.transaction() as session:
        first = make_enquiry(session, received_at=NOW - timedelta(days=60), household_key="k" * 32)
        first.status, first.stage, first.closure_code = Status.CLOSED, Stage.CLOSED, Closure.X01
        first.heard_from, first.closed_at, first.due_at = HeardFrom.EVENT, NOW - timedelta(days=30), None
        again = make_enquiry(session, received_at=NOW - timedelta(days=20), household_key="k" * 32)
        again.stage, again.application_at = Stage.STAGE_ONE, NOW - timedelta(days=2)
    client = sign_in("fostering_analyst")
    (line,) = table(client.get(HOME).page, "sources-table")
    assert (line[0], line[1], line[-1]) == (HeardFrom.EVENT.label, "1", "1")
    for address in (HOME, f"{HOME}/monthly?year=2026"):
        assert "What came of a second one is told with the first" in client.get(address).text


def test_looking_behind_a_figure_is_in_the_audit(db, told, sign_in):
    sign_in("fostering_analyst").get(f"{HOME}/ofsted/behind?figure=approved&year=2026")
    with db.reading() as session:
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.event == "fostering.references_read")
        ).one()
    approved = sum(
        a.outcome == "AP" and a.ended is not None and fy(a.ended) == 2026
        for one in told
        for a in one.applications
    )
    assert event.facts == {"year": "2026-27", "figure": "approved", "shown": approved}


def test_sources_without_an_answer_are_told_as_such(db, sign_in):
    with db.transaction() as session:
        make_enquiry(session, received_at=NOW, heard_from=None)
        make_enquiry(session, received_at=NOW, heard_from=HeardFrom.NOT_STATED)
    rows = table(sign_in("fostering").get(HOME).page, "sources-table")
    assert [row[0] for row in rows] == [HeardFrom.NOT_STATED.label, "Not recorded"]
