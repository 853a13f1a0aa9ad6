"""The Ofsted helper: every number is counted again here, from stories that the portal does not know."""

from datetime import date
from statistics import median

from sqlalchemy import delete, select
from time_machine import travel

from portal.core.access import Actor
from portal.core.audit import AuditEvent
from portal.council import load_council
from portal.fostering.closures import Closure
from portal.fostering.models import Enquiry
from portal.fostering.options import Channel
from portal.fostering.reporting import counts
from portal.fostering.reporting.figures import BY_NAME, FIGURES, RECEIVED
from portal.fostering.reporting.ofsted import PREVAILS
from portal.fostering.reporting.queries import Asked, current_rules
from portal.fostering.reporting.rules import Rules
from portal.fostering.reporting.service import keep_row
from tests.fostering.reporting.files import HOME, export
from tests.fostering.reporting.stories import LEFT_OUT, NOW, Household, households, stories
from tests.support.spreadsheets import read_csv, read_workbook

COUNCIL = load_council()
YEARS = (2024, 2025, 2026, 2027)
REDIRECTED = LEFT_OUT - {"X02", "X03"}
WITHDRAWN = ["AW1", "AW2", "AW3", "AW4", "AW5", "AW0"]


def in_year(day, year):
    return day is not None and date(year, 4, 1) <= day <= date(year + 1, 3, 31)


def months_on(day, months):
    """The same day eight months on, or the month’s last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError


def counted_by_hand(told, year, left_out=LEFT_OUT):
    """Figure → the references behind it, twice where it is counted twice; and the three times and shares."""
    received = sorted((one for one in told if in_year(one.day, year)), key=lambda one: one.received)
    genuine = [one for one in received if one.code not in left_out]
    seen, first = set(), []
    for one in genuine:
        if one.household not in seen:
            first.append(one)
        seen.add(one.household)
    out = [one for one in received if one.code in left_out]
    found = {
        "enquiries_received": received,
        "initial_enquiries_mainstream_households": first,
        **{f"initial_enquiries_{way.value}": [one for one in first if one.channel is way] for way in Channel},
        "of_which_from_hub": [one for one in first if one.hub or one.channel is Channel.HUB],
        "repeat_enquiries": [one for one in genuine if one not in first],
        "excluded_duplicates": [one for one in out if one.code == "X02"],
        "excluded_redirects": [one for one in out if one.code in REDIRECTED],
        "excluded_other": [one for one in out if one.code != "X02" and one.code not in REDIRECTED],
    }
    pairs = [(one, applied) for one in told for applied in one.applications]
    begin, end = date(year, 4, 1), date(year + 1, 3, 31)
    ended = [(one, applied) for one, applied in pairs if in_year(applied.ended, year)]
    decided = [(one, applied) for one, applied in ended if applied.outcome in ("AP", "ADN")]

    def having(*outcomes):
        return [one for one, applied in ended if applied.outcome in outcomes]

    found |= {
        "applications_open_at_1_apr": [
            one for one, a in pairs if a.on < begin and (a.ended is None or a.ended >= begin)
        ],
        "applications_received": [one for one, a in pairs if in_year(a.on, year)],
        "applications_completed": [one for one, _ in ended],
        "approved": having("AP"),
        "not_approved": having("ADN"),
        "withdrawn_by_applicant_total": having(*WITHDRAWN),
        **{code: having(code) for code in WITHDRAWN},
        "withdrawn_by_service": having("WS"),
        "not_suitable_stage1": having("S1N"),
        "completed_otherwise": [],
        "applications_in_progress_at_31_mar": [
            one for one, a in pairs if a.on <= end and (a.ended is None or a.ended > end)
        ],
        "median_days_application_to_decision": [one for one, _ in decided],
        "pct_within_8_months": [one for one, _ in decided],
        "enquiry_to_application_pct": [one for one, a in pairs if in_year(a.on, year)],
    }
    numbers = {name: len(behind) for name, behind in found.items()}
    days = [(a.decided - a.on).days for _, a in decided]
    soon = [(a.panel or a.decided) <= months_on(a.on, 8) for _, a in decided]
    numbers["median_days_application_to_decision"] = median(days) if days else None
    numbers["pct_within_8_months"] = round(100 * sum(soon) / len(soon), 1) if soon else None
    received_number = len(found["applications_received"])
    numbers["enquiry_to_application_pct"] = round(100 * received_number / len(first), 1) if first else None
    return numbers, {name: sorted(one.reference for one in behind) for name, behind in found.items()}


def asked(session):
    return Asked(Actor.system("test"), NOW, current_rules(session), COUNCIL.fostering)


def numbers_of(session, year):
    return counts.year_tally(session, year, asked(session)).numbers


def behind(session, year):
    found = {figure.name: [] for figure in FIGURES}
    for figure, counted in counts.behind_figures(session, FIGURES, year, asked(session)):
        found[figure.name].append(counted.reference)
    return found


def cohorts(session):
    """Each month with its households, and how many were visited, applied and were approved."""
    months = [month.cohort for year in YEARS for month in counts.months_in(session, year, asked(session))]
    return {one.first: (one.households, one.visits, one.applications, one.approvals) for one in months}


def cohorts_by_hand(told):
    found = {f"{year}-{month:02}": [] for year in range(2024, 2029) for month in range(1, 13)}
    for one in households(told):
        found[f"{one.first.day:%Y-%m}"].append(one.came_to)
    sums = {
        month: tuple(sum(one[step] for one in came) for step in range(3)) for month, came in found.items()
    }
    return {
        month: (len(found[month]), *sums[month]) for month in sorted(found) if "2024-04" <= month <= "2027-09"
    }


def test_the_stories_have_something_of_everything():
    for name in BY_NAME:
        if name not in ("completed_otherwise", *(f"initial_enquiries_{way}" for way in Channel)):
            total = sum(counted_by_hand(stories(seed=3), year)[0][name] or 0 for year in YEARS)
            assert total, f"nothing to count for {name}"


def test_some_households_of_the_stories_came_further_by_a_second_enquiry():
    found = households(stories(seed=3))
    further = [one for one in found if one.came_to != Household(one.first, [one.first]).came_to]
    assert len(further) >= 3


def test_every_number_and_what_is_behind_it_is_as_counted_by_hand(db, told):
    with db.reading() as session:
        for year in YEARS:
            numbers, references = counted_by_hand(told, year)
            assert numbers_of(session, year) == numbers, year
            assert {name: sorted(found) for name, found in behind(session, year).items()} == references


def test_the_parts_make_up_the_whole(db, told):
    del told
    with db.reading() as session:
        for year in YEARS:
            n = numbers_of(session, year)
            initial = n["initial_enquiries_mainstream_households"]
            out = n["excluded_duplicates"] + n["excluded_redirects"] + n["excluded_other"]
            assert n["enquiries_received"] == initial + n["repeat_enquiries"] + out
            assert initial == sum(n[f"initial_enquiries_{way.value}"] for way in Channel)
            open_then, received = n["applications_open_at_1_apr"], n["applications_received"]
            assert (
                n["applications_in_progress_at_31_mar"] == open_then + received - n["applications_completed"]
            )
            assert n["withdrawn_by_applicant_total"] == sum(n[code] for code in WITHDRAWN)
            parts = ("approved", "not_approved", "withdrawn_by_applicant_total", "withdrawn_by_service")
            ends = sum(n[name] for name in (*parts, "not_suitable_stage1", "completed_otherwise"))
            assert n["applications_completed"] == ends


def test_no_number_changes_when_records_are_made_anonymous(db, told):
    finished = [
        one.reference
        for one in told
        if one.closed or (one.applications and one.applications[-1].outcome == "AP")
    ]
    with db.reading() as session:
        before = {year: numbers_of(session, year) for year in YEARS}
        followed = cohorts(session)
    assert followed == cohorts_by_hand(told)
    for part in (finished[::3], finished[1::3], finished[2::3]):
        with db.transaction() as session:
            going = session.scalars(select(Enquiry).where(Enquiry.public_ref.in_(part))).all()
            for enquiry in going:
                keep_row(session, enquiry, at=NOW, council=COUNCIL)
            session.execute(delete(Enquiry).where(Enquiry.public_ref.in_(part)))
        with db.reading() as session:
            assert {year: numbers_of(session, year) for year in YEARS} == before
            assert cohorts(session) == followed
    with db.reading() as session:
        for year in YEARS:
            for name, references in behind(session, year).items():
                by_hand = counted_by_hand(told, year)[1][name]
                assert len(references) == len(by_hand)
                assert {one for one in references if one} == set(by_hand) - set(finished)


class Watched:
    """A row that remembers what it was asked for, and answers as one that counts."""

    def __init__(self):
        self.asked = set()

    def __getattr__(self, name):
        self.asked.add(name)
        return {"days_to_application": 3, "repeats": False}.get(name)


def test_no_figure_of_enquiries_looks_at_what_they_are_not_told_apart_by():
    """Those alike in this are counted by the database, and one of them is read (`reporting/alike.py`)."""
    row = Watched()
    for figure in RECEIVED:
        figure.enquiry(row, Rules())
    left_out = Watched()
    left_out.days_to_application, left_out.closure_code = None, Closure.X02
    for figure in RECEIVED:
        figure.enquiry(left_out, Rules())
    told_apart = {"channel", "hub", "closure_code", "days_to_application", "repeats"}
    assert row.asked | left_out.asked <= told_apart
    assert {"channel", "hub", "repeats"} <= row.asked


def test_pages_and_files_show_the_same_numbers(told, sign_in):
    with travel(NOW, tick=False):
        client = sign_in("fostering_manager")
        for year in YEARS[1:3]:
            numbers, references = counted_by_hand(told, year)
            answer = client.get(f"{HOME}/ofsted?year={year}")
            assert PREVAILS in answer.text
            shown = {
                link.get("href").partition("figure=")[2]: link.text.split()[0]
                for link in answer.page.all("a")
                if "figure=" in link.get("href")
            }
            assert shown == {name: "–" if value is None else f"{value:g}" for name, value in numbers.items()}
            for name in ("excluded_duplicates", "AW3", "pct_within_8_months"):
                found = client.get(f"{HOME}/ofsted/behind?year={year}&figure={name}").page
                listed = [link.text for link in found.all("a") if link.text.startswith("FOS-")]
                assert sorted(listed) == references[name]


def test_files_say_the_same_and_that_the_guidance_prevails(db, told, sign_in):
    numbers, references = counted_by_hand(told, 2026)
    with travel(NOW, tick=False):
        client = sign_in("fostering_analyst")
        (row,) = read_csv(export(client, "ofsted", 2026))
        assert row.pop("note") == PREVAILS
        assert row.pop("fy") == "2026-27"
        assert row == {name: "" if value is None else str(value) for name, value in numbers.items()}

        lines = read_workbook(export(client, "ofsted", 2026, "xlsx"))
        assert [line["Number"] for line in lines] == [numbers[figure.name] for figure in FIGURES]
        assert {line["Note"] for line in lines} == {PREVAILS}

        lists = read_csv(export(client, "references", 2026))
    found = {name: sorted(line["reference"] for line in lists if line["figure"] == name) for name in BY_NAME}
    assert found == references
    with db.reading() as session:
        events = session.scalars(
            select(AuditEvent).where(AuditEvent.event == "fostering.figures_exported")
        ).all()
    assert [event.facts["rows"] for event in events] == [1, len(FIGURES), len(lists)]
    assert {event.facts["purpose"] for event in events} == {"RETURN"}


def test_the_figures_that_are_no_part_of_another_tell_everything_received_apart() -> None:
    whole, *apart = [figure.name for figure in RECEIVED if not figure.part]
    assert whole == "enquiries_received"
    assert apart[0] == "initial_enquiries_mainstream_households"
    assert apart[1] == "repeat_enquiries"
    assert all(name.startswith("excluded_") for name in apart[2:])
