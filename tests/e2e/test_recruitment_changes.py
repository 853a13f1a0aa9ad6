"""What changes late in a recruitment, and what stands on a candidate’s own pages, forms left empty once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.applications.candidates.models import Candidate, SignInLink
from portal.applications.equality.queries import quarter_of
from portal.applications.models import Application
from portal.applications.options import ApplicationStatus as Status
from portal.core import clock
from portal.core.database import Database
from portal.core.tokens import hash_of
from portal.vacancies.models import Vacancy
from tests.applications.apply.filling import DETAILS
from tests.applications.history.telling import DONE
from tests.e2e.adverts import go, said
from tests.e2e.test_staff import sign_in
from tests.support.applications import make_application, make_application_draft, make_candidate
from tests.support.builders import make_vacancy
from tests.support.live import Live
from tests.support.walk import Walk
from tests.vacancies.writing.pages import in_days, on

APPLICATIONS = "/staff/applications"
MONTH = timedelta(days=30)
OVER = {"publish_at": -MONTH, "approved_at": -MONTH, "closes_at": timedelta(days=-2)}
OPEN = {"publish_at": -MONTH, "approved_at": -MONTH, "closes_at": MONTH}


@contextmanager
def rows_of(live: Live) -> Iterator[Session]:
    """Rows for the running portal."""
    database = Database(f"sqlite:///{next(live.instance.glob('*.sqlite3'))}")
    with database.transaction() as session:
        yield session
    database.dispose()


def advert(session: Session, **times: timedelta) -> Vacancy:
    """One of its own, published, approved and closed so long before or after now."""
    at, number = clock.now(), secrets.token_hex(4)
    moments = {name: at + time for name, time in times.items()}
    name = number.upper()
    return make_vacancy(session, reference=f"SCC-{name}", slug=f"changes-{number}", **moments)


def sent(session: Session, vacancy: Vacancy, status: Status, **changes: Any) -> Application:
    """An application that the candidate has been told stands there."""
    key = secrets.token_hex(8)
    return make_application(
        session,
        vacancy,
        status=status,
        submission_key=key,
        submitted_at=clock.now() - timedelta(days=3),
        told_status=status,
        candidate=changes.pop("candidate", None) or make_candidate(session, email=f"{key}@example.com"),
        **changes,
    )


def test_hr_changes_interviews_admits_somebody_late_and_ends_a_post(
    hr_walk: Walk, first_look_portal: Live
) -> None:
    walk = hr_walk
    with rows_of(first_look_portal) as session:
        vacancy = advert(session, **OVER)
        invited = {"shortlisted_at": clock.now(), "interview_at": clock.now() + timedelta(days=4)}
        first = sent(session, vacancy, Status.INTERVIEW_INVITED, **invited).reference
        second = sent(session, vacancy, Status.SIFTING).reference
        sent(session, vacancy, Status.SIFTING)
        here = f"{APPLICATIONS}/{vacancy.reference}"
    sign_in(walk, first_look_portal, "hr")
    change_and_call_off(walk, f"{here}/{first}")
    record_withdrawal(walk, f"{here}/{second}")
    admit_late(walk, here)
    walk.open(f"{here}/post-fell-away")
    walk.press(re.compile("^Record for"), status=422)
    walk.page.locator("[name=sure]").click()
    walk.press(re.compile("^Record for"))
    walk.open(f"{here}/post-fell-away")
    assert "nothing to decide here" in said(walk)
    walk.open(f"{APPLICATIONS}/equality/{quarter_of(clock.now()).slug}")
    walk.open(f"{APPLICATIONS}/equality/{quarter_of(clock.now()).slug}/export")
    assert walk.page.get_by_role("button", name="Export").count() == 0, "the quarter is not over"


def change_and_call_off(walk: Walk, page: str) -> None:
    """Another time; then not at all."""
    walk.open(page)
    walk.follow("Change the interview")
    walk.answer({"interview_time": "soon"})
    walk.press("Change the interview", status=422)
    walk.answer({**on("interview_on", in_days(6)), "interview_time": "10am", "interview_place": "Room 2"})
    walk.press("Change the interview")
    walk.follow("Call the interview off")
    walk.answer({"note": "x" * 1001})
    walk.press("Call the interview off", status=422)
    walk.answer({"note": "The panel is ill"})
    walk.press("Call the interview off")
    walk.open(f"{page}/interview")
    assert "No interview is announced" in said(walk)


def record_withdrawal(walk: Walk, page: str) -> None:
    """As somebody has said on the phone."""
    walk.open(f"{page}/withdrawn")
    walk.press("Record the withdrawal", status=422)
    walk.page.locator("[name=told]").first.check()
    walk.press("Record the withdrawal")
    walk.open(f"{page}/withdrawn")
    assert "cannot be withdrawn any more" in said(walk)


def admit_late(walk: Walk, here: str) -> None:
    """One more, who had a reason."""
    walk.open(f"{here}/late")
    walk.press("Admit a late application", status=422)
    walk.answer({"email": f"late.{walk.size}@example.com", "reason": "The form was down"})
    walk.answer(on("until", in_days(3)))
    walk.press("Admit a late application")
    assert "The form was down" in said(walk)


def come_in(walk: Walk, live: Live, candidate: Candidate) -> None:
    """By a link, as it is mailed."""
    link, at = secrets.token_urlsafe(32), clock.now()
    times = {"created_at": at, "expires_at": at + timedelta(minutes=10)}
    whose = {"email": candidate.email, "email_key": candidate.email_key}
    with rows_of(live) as session:
        session.add(SignInLink(token_hash=hash_of(link), **whose, **times))
    walk.open(f"/applications/sign-in/{link}")
    walk.press("Sign in")


def test_a_candidate_comes_too_late_or_twice(hr_walk: Walk, first_look_portal: Live) -> None:
    walk = hr_walk
    with rows_of(first_look_portal) as session:
        candidate = make_candidate(session, email=f"{secrets.token_hex(6)}@example.com")
        applied, closed, begun = advert(session, **OPEN), advert(session, **OVER), advert(session, **OPEN)
        once = sent(session, applied, Status.SUBMITTED, candidate=candidate)
        offered = sent(session, advert(session, **OVER), Status.OFFERED, candidate=candidate)
        twice = advert(session, **OPEN)
        for vacancy in (closed, begun, twice):
            make_application_draft(session, candidate, vacancy)
    come_in(walk, first_look_portal, candidate)
    walk.open("/applications")
    for title in ("Not sent yet", "Not sent before closing"):
        assert title in said(walk)
    walk.open(f"/vacancies/{applied.slug}/apply")
    go(walk, "Start or continue")
    assert walk.h1 == "You have already applied for this post"
    walk.open(f"/applications/{once.reference}")
    walk.follow("Withdraw your application")
    walk.open(f"/applications/{offered.reference}")
    assert "To decline the offer" in said(walk)
    walk.open(f"/applications/{offered.reference}/withdraw")
    assert walk.page.url.endswith(offered.reference), "an offer is declined, not withdrawn"
    walk.open(f"/vacancies/{closed.slug}/apply")
    walk.open(f"/applications/for/{closed.reference}/")
    send_elsewhere(walk, first_look_portal, twice, candidate)
    walk.open(f"/applications/for/{begun.reference}/delete-answers")
    walk.press("Delete it")
    assert walk.h1 == "Your application was deleted"
    walk.open(f"/applications/drafts/{closed.reference}/delete")
    walk.press("Delete it")
    assert "Not sent before closing" not in said(walk)


def send_elsewhere(walk: Walk, live: Live, vacancy: Vacancy, candidate: Candidate) -> None:
    """The application is sent from another window while a page of it is open in this one."""
    walk.open(f"/applications/for/{vacancy.reference}/details")
    walk.answer({**DETAILS, "given_names": "Zoë", **DONE})
    with rows_of(live) as session:
        sent(session, vacancy, Status.SUBMITTED, candidate=candidate)
    walk.press("Save and continue", status=409)
    assert "Zoë" in said(walk)
