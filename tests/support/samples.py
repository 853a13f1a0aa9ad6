"""One of everything that an address can name, so that every route can be visited."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.accounts import service
from portal.accounts.models import StaffGrant
from portal.applications.candidates.models import ApplicationDraft, Candidate, SignInLink
from portal.applications.equality.queries import quarter_of
from portal.core import clock
from portal.core.access import Actor
from portal.core.database import Database
from portal.core.jobs import Job
from portal.core.mail import MailStatus, OutgoingMail
from portal.core.tokens import hash_of
from portal.fostering.follow_up.owners.models import Cover
from portal.fostering.follow_up.saved.models import SavedFilter
from portal.fostering.keeping.models import RetentionList
from portal.fostering.messages.models import FamilyMessage
from portal.fostering.messages.options import MessageKind
from portal.fostering.own.models import OwnLink
from portal.inspections.content import key_of
from portal.vacancies.alerts.models import AlertStatus
from portal.vacancies.models import Vacancy
from tests.fostering.households import PAGES
from tests.support.alerts import alert_confirmation, alert_mailbox, make_alert
from tests.support.applications import make_application, make_candidate, make_message
from tests.support.builders import make_enquiry, make_staff, make_vacancy
from tests.support.client import JudgingClient
from tests.support.events import make_booking, make_event
from tests.support.inspections import make_draft, make_inspection
from tests.support.routes import Route
from tests.vacancies.writing.samples import make_writing

ENQUIRE = "/fostering/enquire"


class Samples:
    """Rows for every kind of argument; `address(route)` is where a route’s sample lives."""

    def __init__(self, db: Database) -> None:
        with db.transaction() as session:
            self.values = make_rows(session)
            self.candidate = make_candidate(session)
            self.values |= candidates_rows(session, self.candidate)
            self.applying = {"vacancy": self.values["begun"], "step": "details"}
            self.writing = make_writing(session, clock.now())

    def belong_to(self, session: Session, person_id: int) -> None:
        """Make the vacancy that was applied for this person’s: a hiring manager sees no other."""
        theirs = update(Vacancy).where(Vacancy.reference == self.values["vacancy"])
        session.execute(theirs.values(hiring_manager_id=person_id))

    def address(self, route: Route, **instead: str) -> str:
        """The route's address with this database's own values in it, some of them replaced."""
        staff = route.rule.rule.startswith("/staff/vacancies/")
        applying = route.rule.rule.startswith(("/applications/for/", "/applications/drafts/"))
        own = self.writing if staff else self.applying if applying else {}
        values = self.values | own | instead
        unknown = set(route.rule.arguments) - set(values)
        assert not unknown, f"{route.rule.rule}: tests/support/samples.py has no {sorted(unknown)}"
        path = route.rule.rule
        for name in route.rule.arguments:
            before, _, rest = path.partition("<")
            kind, _, after = rest.partition(">")
            path = before + str(values[kind.rpartition(":")[2]]) + after
            assert name in values
        return path


def make_rows(session: Session) -> dict[str, Any]:
    """Argument name → value."""
    at = clock.now()
    vacancy = make_vacancy(session, publish_at=at - timedelta(days=1), closes_at=at + timedelta(days=20))
    enquiry, other = (make_enquiry(session, received_at=at) for _ in range(2))
    person = make_staff(session, role="hr")
    grant = StaffGrant(
        person_id=person.id,
        permission="fostering.export_named",
        reason="Covers for the team",
        granted_by="Robin Example",
        granted_at=at,
    )
    job = Job(kind="sample", payload={}, run_at=at, attempts=5, parked_at=at, last_error="ValueError")
    mail = make_mail(at)
    session.add_all([grant, job, mail])
    inspection = make_inspection(session)
    draft = make_draft(session, inspection)
    token = service.make_password_link(session, person, by=Actor.system("test"), at=at)
    today = clock.today()
    cover = Cover(
        person_id=person.id,
        cover_id=make_staff(session).id,
        first_day=today,
        last_day=today,
        arranged_at=at,
    )
    waiting_list = RetentionList(approved_at=at, approved_by_name="Mara Example", approved=1)
    kept = SavedFilter(person_id=person.id, name="Overdue", query="due=overdue", saved_at=at)
    session.add_all([cover, waiting_list, kept])
    session.flush()
    event = make_event(session, starts_at=at + timedelta(days=10))
    booking = make_booking(session, event)
    alert = make_alert(session, at=at)
    waiting = make_alert(session, at=at, status=AlertStatus.UNCONFIRMED)
    mailbox = alert_mailbox(session, alert)
    message = FamilyMessage(
        enquiry_id=enquiry.id,
        kind=MessageKind.ARRANGE_CALL,
        subject="Your enquiry",
        body="When may we call?",
        written_at=at,
        written_by_name="Robin Example",
    )
    own = secrets.token_urlsafe(32)
    link = OwnLink(
        token_hash=hash_of(own),
        enquiry_id=make_enquiry(session, received_at=at).id,
        made_at=at,
        expires_at=at + timedelta(days=1),
    )
    session.add_all([message, link])
    listing = secrets.token_urlsafe(32)
    mailbox.list_hash, mailbox.list_until = hash_of(listing), at + timedelta(days=1)
    session.flush()
    return {
        "slug": vacancy.slug,
        "quarter": quarter_of(at).slug,
        "status": "sifting",
        "reference": enquiry.public_ref,
        "person_id": person.id,
        "grant_id": grant.id,
        "job_id": job.id,
        "mail_id": mail.id,
        "token": token,
        "alert": alert.token,
        "confirmation": alert_confirmation(waiting),
        "listing": listing,
        "mailbox": mailbox.token,
        "step": PAGES[0][0],
        "stage": "E20",
        "other": other.public_ref,
        "cover_id": cover.id,
        "event": event.reference,
        "place": booking.token,
        "booking_id": booking.id,
        "message_id": message.id,
        "list_id": waiting_list.id,
        "own": own,
        "saved_id": kept.id,
        "part": 1,
        "inspection_id": inspection.id,
        "draft_id": draft.id,
        "page": "facts",
        "quotation": key_of(inspection.quotations[0].id),
        "item": secrets.token_urlsafe(12),
    }


def candidates_rows(session: Session, candidate: Candidate) -> dict[str, Any]:
    """The same for what belongs to one candidate."""
    at, link = clock.now(), secrets.token_urlsafe(32)
    vacancy = make_vacancy(session, publish_at=at - timedelta(days=1), closes_at=at + timedelta(days=20))
    application = make_application(session, vacancy, candidate=candidate)
    make_message(session, application)
    session.add(
        SignInLink(
            token_hash=hash_of(link),
            email=candidate.email,
            email_key=candidate.email_key,
            created_at=at,
            expires_at=at + timedelta(minutes=10),
        )
    )
    begun = make_vacancy(session, publish_at=at - timedelta(days=1), closes_at=at + timedelta(days=20))
    times = {"started_at": at, "saved_at": at}
    session.add(ApplicationDraft(candidate_id=candidate.id, vacancy_id=begun.id, **times))
    session.flush()
    return {
        "application": application.reference,
        "vacancy": vacancy.reference,
        "begun": begun.reference,
        "link": link,
    }


def make_mail(at: Any) -> OutgoingMail:
    """A mail that was refused for good."""
    return OutgoingMail(
        to="household@example.com",
        subject="Your enquiry",
        body="We have it.",
        purpose="enquiry.acknowledgement",
        message_id=f"<{secrets.token_hex(8)}@example.org>",
        status=MailStatus.FAILED,
        created_at=at,
        next_try_at=at,
        waiting_since=at,
        give_up_at=at + timedelta(hours=72),
        attempts=1,
        lost_claims=0,
        last_error="smtp-550",
    )


def fill_in_enquiry(client: JudgingClient) -> None:
    """Answer every page of the enquiry; what is left is to send it."""
    for slug, answers in PAGES:
        answer = client.post_form(f"{ENQUIRE}/{slug}", answers)
        assert answer.status_code == 303, json.dumps(answer.page.errors)
