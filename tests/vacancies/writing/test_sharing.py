"""Colleagues at one working copy, half pages, discarding, and sending what was changed meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from portal.core import clock
from portal.core.database import Database
from portal.journeys.models import Draft
from portal.vacancies.models import Vacancy
from portal.vacancies.options import Status
from portal.vacancies.writing.models import VacancyDraft, VacancyRevision
from portal.vacancies.writing.starting import forget_old_writing
from tests.support.builders import make_staff
from tests.support.client import SAME_ORIGIN, Answer, JudgingClient, field_values, find_form
from tests.support.mailbox import Mailbox
from tests.support.people import SignIn
from tests.vacancies.writing.pages import begin, fill, prefix, send
from tests.vacancies.writing.samples import make_ready


def ready_advert(db: Database, **changes: Any) -> str:
    """The reference of a complete advert."""
    with db.transaction() as session:
        return make_ready(session, clock.now(), **changes).reference


def open_advert(db: Database) -> str:
    """The reference of an advert that the public reads."""
    at = clock.now()
    past = at - timedelta(days=3)
    return ready_advert(db, submitted_at=past, approved_at=past, publish_at=past)


def change(hr: JudgingClient, reference: str) -> Answer:
    """Press the button that opens a working copy."""
    return hr.post(f"/staff/vacancies/{reference}/change", data=signed(hr), headers=SAME_ORIGIN)


def signed(hr: JudgingClient) -> dict[str, str]:
    """A form without fields, as a page of theirs would send it."""
    token = hr.get("/staff/vacancies/new").page.first("input", name="csrf_token")["value"]
    return {"csrf_token": token, "form_end": "1"}


def vacancy(db: Database, reference: str) -> Vacancy:
    with db.reading() as session:
        return session.scalars(select(Vacancy).where(Vacancy.reference == reference)).one()


def save(hr: JudgingClient, reference: str, slug: str, **typed: str) -> Answer:
    return hr.post_form(f"{prefix(reference)}/{slug}", typed)


def test_colleagues_see_both_versions_and_nothing_is_lost(hr: JudgingClient, sign_in: SignIn) -> None:
    colleague = sign_in("hr")
    reference = begin(hr)
    path = f"{prefix(reference)}/about"
    mine = field_values(find_form(hr.get(path).page, {"summary"}, None))
    save(colleague, reference, "about", summary="Theirs", description="Their text")
    answer = hr.post(path, data={**mine, "summary": "Mine", "description": "My text"}, headers=SAME_ORIGIN)
    assert answer.status_code == 409
    text = answer.page.main.text
    assert "Theirs" in text
    assert "Their text" in text
    shown = field_values(find_form(answer.page, {"summary"}, None))
    assert (shown["summary"], shown["description"]) == ("Mine", "My text")
    assert hr.post(path, data=shown, headers=SAME_ORIGIN).status_code == 303
    again = field_values(find_form(colleague.get(path).page, {"summary"}, None))
    assert again["summary"] == "Mine"


def test_half_of_a_page_is_kept_as_it_was_typed(hr: JudgingClient) -> None:
    reference = begin(hr)
    path = f"{prefix(reference)}/publishing"
    impossible = {
        "closes_on-day": "31",
        "closes_on-month": "2",
        "closes_on-year": "26",
        "publish_when": "today",
    }
    form = field_values(find_form(hr.get(path).page, {"publish_when"}, None))
    assert hr.post(path, data={**form, **impossible, "later": "1"}, headers=SAME_ORIGIN).status_code == 303
    shown = field_values(find_form(hr.get(path).page, {"publish_when"}, None))
    assert {name: shown[name] for name in impossible} == impossible
    long = {"summary": "x" * 9000, "description": "y" * 100_000}
    path = f"{prefix(reference)}/about"
    form = field_values(find_form(hr.get(path).page, {"summary"}, None))
    assert hr.post(path, data={**form, **long, "later": "1"}, headers=SAME_ORIGIN).status_code == 303
    shown = field_values(find_form(hr.get(path).page, {"summary"}, None))
    assert shown["summary"] == long["summary"]
    assert shown["description"] == long["description"]
    assert hr.get(f"/staff/vacancies/{reference}/preview").status_code == 200


def test_somebody_else_goes_on_where_it_was_left(hr: JudgingClient, sign_in: SignIn) -> None:
    reference = begin(hr)
    save(hr, reference, "title", title="Social worker", section_completed="yes")
    other = sign_in("hr")
    page = other.get(f"{prefix(reference)}/").page
    assert "Social worker" in page.main.text
    assert hr.person.name in page.main.text
    fill(other, reference)
    assert send(other, reference).status_code == 303


def test_a_hiring_manager_may_look_and_not_write(sign_in: SignIn, hr: JudgingClient) -> None:
    reference = begin(hr)
    manager = sign_in("hiring_manager")
    assert manager.get(f"{prefix(reference)}/").status_code == 403
    assert manager.get(f"/staff/vacancies/{reference}/preview").status_code == 200


def test_what_was_never_begun_is_not_there(hr: JudgingClient) -> None:
    for path in ("/", "/title", "/check-answers", "/confirmation"):
        assert hr.get(f"{prefix('SCC-CS-2026-4711')}{path}").status_code == 404
    assert hr.get("/staff/vacancies/SCC-CS-2026-4711/preview").status_code == 404


def test_discarding_leaves_the_advert_as_it_is(hr: JudgingClient, db: Database) -> None:
    reference = open_advert(db)
    assert change(hr, reference).location == f"{prefix(reference)}/"
    save(hr, reference, "title", title="Something else entirely", section_completed="yes")
    answer = hr.post_form(f"{prefix(reference)}/delete-answers", {})
    assert "discarded" in hr.get(answer.location).page.h1
    with db.reading() as session:
        assert not session.scalars(select(VacancyDraft)).all()
        assert not session.scalars(select(Draft)).all()
    assert vacancy(db, reference).title == "Social worker"
    assert change(hr, reference).status_code == 303
    assert "Something else" not in hr.get(f"{prefix(reference)}/").page.main.text


def test_changes_to_an_open_advert_take_effect_at_once_and_leave_what_is_fixed(
    hr: JudgingClient, db: Database
) -> None:
    reference = open_advert(db)
    before = vacancy(db, reference)
    change(hr, reference)
    page = hr.get(f"{prefix(reference)}/").page
    assert "criteria" in page.main.text
    assert "closing time" in page.main.text
    assert hr.get(f"{prefix(reference)}/criteria").status_code == 303
    assert hr.get(f"{prefix(reference)}/publishing").status_code == 303
    assert "Is shortlisting anonymous" not in hr.get(f"{prefix(reference)}/selection").page.main.text
    save(hr, reference, "about", summary="A new summary", description="A new text")
    answer = send(hr, reference)
    assert answer.status_code == 303, answer.page.main.text
    assert hr.get(answer.location).page.h1 == "Changes published"
    after = vacancy(db, reference)
    assert (after.summary, after.description) == ("A new summary", "A new text")
    assert (after.closes_at, after.publish_at, after.slug) == (
        before.closes_at,
        before.publish_at,
        before.slug,
    )
    assert after.anonymise_shortlisting == before.anonymise_shortlisting
    assert after.status(clock.now()) is Status.OPEN
    assert after.version > before.version
    with db.reading() as session:
        revisions = session.scalars(select(VacancyRevision).order_by(VacancyRevision.number)).all()
    assert [revision.content["summary"] for revision in revisions] == [before.summary, "A new summary"]
    assert "A new text" in hr.get(f"/vacancies/{after.slug}").page.main.text


def test_rows_of_criteria_stay_the_same_rows(hr: JudgingClient, db: Database) -> None:
    reference = ready_advert(db, submitted_at=clock.now())
    change(hr, reference)
    page = hr.get(f"{prefix(reference)}/criteria").page
    links = [
        link["href"]
        for link in page.main.all("a")
        if "/criteria/row" in link["href"] and "remove" not in link["href"]
    ]
    assert len(links) == 3
    hr.post_form(links[1], {"wording": "Said in other words"})
    answer = send(hr, reference)
    assert answer.status_code == 303, answer.page.main.text
    change(hr, reference)
    again = hr.get(f"{prefix(reference)}/criteria").page
    now = [
        link["href"]
        for link in again.main.all("a")
        if "/criteria/row" in link["href"] and "remove" not in link["href"]
    ]
    assert now == links
    assert "Said in other words" in again.main.text


def test_an_advert_that_moved_on_is_shown_in_both_versions(hr: JudgingClient, db: Database) -> None:
    reference = open_advert(db)
    change(hr, reference)
    save(hr, reference, "about", summary="What I wrote", description="My text")
    page = hr.get(f"{prefix(reference)}/check-answers").page
    assert page.h1.startswith("Check the advert")
    with db.transaction() as session:
        moved = session.scalars(select(Vacancy).where(Vacancy.reference == reference)).one()
        moved.summary = "What somebody else published"
    answer = send(hr, reference)
    assert answer.status_code == 409
    text = answer.page.main.text
    assert "What I wrote" in text
    assert "What somebody else published" in text
    assert vacancy(db, reference).summary == "What somebody else published"
    assert "changed meanwhile" in hr.get(f"{prefix(reference)}/").page.main.text
    decided = hr.post_form(f"/staff/vacancies/{reference}/versions", {})
    assert decided.location == f"{prefix(reference)}/check-answers"
    assert send(hr, reference).status_code == 303
    assert vacancy(db, reference).summary == "What I wrote"


def test_an_advert_that_closed_meanwhile_cannot_be_changed(hr: JudgingClient, db: Database) -> None:
    reference = open_advert(db)
    change(hr, reference)
    with db.transaction() as session:
        session.execute(update(Vacancy).values(closed_early_at=clock.now() - timedelta(minutes=1)))
    answer = send(hr, reference)
    assert answer.status_code == 409
    hr.get(f"{prefix(reference)}/")


def test_writing_is_kept_for_a_year_and_then_goes(hr: JudgingClient, db: Database) -> None:
    reference = begin(hr)
    at = clock.now()
    with db.transaction() as session:
        forget_old_writing(session, at + timedelta(days=364))
    assert hr.get(f"{prefix(reference)}/").status_code == 200
    with db.transaction() as session:
        forget_old_writing(session, at + timedelta(days=366))
    assert hr.get(f"{prefix(reference)}/").status_code == 404


def test_refusals_are_listed_with_the_page_that_mends_them_and_warnings_do_not_block(
    hr: JudgingClient, db: Database
) -> None:
    reference = begin(hr)
    fill(hr, reference)
    save(hr, reference, "registration", registration="none")
    page = hr.get(f"{prefix(reference)}/check-answers").page
    assert "This has to be done first" in page.main.text
    link = next(a for a in page.main.all("a") if a["href"].startswith(f"{prefix(reference)}/registration?"))
    assert link.text
    refused = send(hr, reference)
    assert refused.status_code == 422
    assert "This cannot be sent yet" in refused.page.errors[0]
    with db.reading() as session:
        assert not session.scalars(select(Vacancy)).all()
    save(hr, reference, "registration", registration="swe")
    page = hr.get(f"{prefix(reference)}/check-answers").page
    assert "Worth a second look" in page.main.text
    assert send(hr, reference).status_code == 303


def test_criteria_are_rows_and_what_nobody_answered_is_folded(hr: JudgingClient) -> None:
    reference = begin(hr)
    fill(hr, reference)
    page = hr.get(f"{prefix(reference)}/check-answers").page
    rows = [row for row in page.main.all("div") if row["class"] == "govuk-summary-list__row"]
    [criterion] = [row for row in rows if "Clear assessments" in row.text]
    assert criterion.text.startswith("Criterion 2 Clear assessments, written on time")
    assert "Essential; " in criterion.text
    folded = " ".join(one.text for one in page.main.all("details"))
    assert "2 questions without an answer" in folded
    assert "Third interview day" in folded
    assert "First interview day" not in folded


def test_whoever_wrote_a_part_does_not_approve_it_though_a_colleague_sent_it(
    hr: JudgingClient, sign_in: SignIn, db: Database
) -> None:
    colleague, third = sign_in("hr"), sign_in("hr")
    reference = ready_advert(db, submitted_at=clock.now())
    change(hr, reference)
    save(colleague, reference, "about", summary="What a colleague wrote")
    assert send(hr, reference).status_code == 303
    assert vacancy(db, reference).status(clock.now()) is Status.PENDING_APPROVAL
    page = f"/staff/vacancies/{reference}/approve"
    refused = colleague.get(page)
    assert refused.page.h1.startswith("Not possible now")
    assert "You wrote some of this advert" in refused.page.main.text
    version = {"version": str(vacancy(db, reference).version)}
    sent = colleague.post(page, data=signed(colleague) | version, headers=SAME_ORIGIN)
    assert sent.status_code == 403
    assert reference not in colleague.get("/staff/vacancies?only=mine").page.main.text
    assert reference in third.get("/staff/vacancies?only=mine").page.main.text
    assert third.post_form(page, {}).status_code == 303
    assert vacancy(db, reference).writers == " "


def test_who_approved_an_open_advert_hears_of_a_change_that_is_one(
    hr: JudgingClient, db: Database, mailbox: Mailbox
) -> None:
    reference = open_advert(db)
    with db.transaction() as session:
        approver = make_staff(session, role="hr")
        session.execute(update(Vacancy).values(approved_by_id=approver.id))
    for summary in ("A new summary", "A new summary"):
        change(hr, reference)
        save(hr, reference, "about", summary=summary, description="A new text")
        assert send(hr, reference).status_code == 303
    (mail,) = mailbox.to(approver.email)
    assert mail.subject == f"Open advert {reference} was changed"
    assert "A new text" not in mail.body
