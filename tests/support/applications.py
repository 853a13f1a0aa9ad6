"""Plain rows of applications: `make_application(session, vacancy, status=…)`. Names are fictional."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from portal.applications.admissions.models import LateAdmission
from portal.applications.candidates.models import APPLICATION_JOURNEY, ApplicationDraft, Candidate
from portal.applications.models import Application, ApplicationHistory, CandidateMessage
from portal.applications.options import ApplicationStatus, HistoryKind, MessageState, RightToWork, Source
from portal.applications.references import new_reference
from portal.journeys.models import Draft
from portal.vacancies.models import Vacancy
from tests.support.builders import AT, make_vacancy

_numbers = count(1)


def make_candidate(session: Session, **changes: Any) -> Candidate:
    """An account that was made two days before `AT`."""
    email = str(changes.get("email", f"candidate{next(_numbers)}@example.com"))
    values: dict[str, Any] = {
        "email": email,
        "email_key": email.casefold(),
        "created_at": AT - timedelta(days=2),
        "signed_in_at": AT - timedelta(days=2),
    }
    candidate = Candidate(**{**values, **changes})
    session.add(candidate)
    session.flush()
    return candidate


def make_application(session: Session, vacancy: Vacancy | None = None, **changes: Any) -> Application:
    """An application sent the day before `AT`, with the history entry of its receipt."""
    number = next(_numbers)
    candidate = changes.pop("candidate", None) or make_candidate(session)
    status = changes.get("status", ApplicationStatus.SUBMITTED)
    submitted_at = changes.get("submitted_at", AT - timedelta(days=1))
    values: dict[str, Any] = {
        "reference": new_reference(),
        "submission_key": f"key-of-application-{number}",
        "vacancy_id": (vacancy or make_vacancy(session)).id,
        "candidate_id": candidate.id,
        "submitted_at": submitted_at,
        "form_version": "2026-11",
        "notice_version": "2026-11",
        "status": status,
        "status_since": submitted_at,
        "given_names": "Amina",
        "family_name": f"Example {number}",
        "name_key": f"example {number} amina",
        "email": candidate.email,
        "phone": "+441632960001",
        "town": "Southampton",
        "postcode": "SO14 7LY",
        "internal": False,
        "right_to_work": RightToWork.UNLIMITED,
        "registration_body": "swe",
        "registration_number": f"SW{number}",
        "registration_status": "registered",
        "source": Source.WEBSITE,
        "answers": {},
        "snapshot": {"journey": "application", "version": "2026-11", "title": "Apply", "sections": []},
        "advert": {},
    }
    application = Application(**{**values, **changes})
    session.add(application)
    session.flush()
    session.add(
        ApplicationHistory(
            application_id=application.id,
            at=submitted_at,
            kind=HistoryKind.SUBMITTED,
            to_status=ApplicationStatus.SUBMITTED,
            by_name="The candidate",
        )
    )
    session.flush()
    return application


def make_admission(session: Session, vacancy: Vacancy, email: str, **changes: Any) -> LateAdmission:
    """HR lets whoever signs in with this address send until two days after `AT`."""
    values: dict[str, Any] = {
        "vacancy_id": vacancy.id,
        "email": email,
        "email_key": email.casefold(),
        "reason": "Our form was down on the last evening",
        "until": AT + timedelta(days=2),
        "admitted_at": AT - timedelta(hours=1),
        "admitted_by_name": "Harper Example",
    }
    admission = LateAdmission(**{**values, **changes})
    session.add(admission)
    session.flush()
    return admission


def make_message(session: Session, application: Application, **changes: Any) -> CandidateMessage:
    """The answer to a change that brought the application to where it stands, written at `AT`."""
    history = ApplicationHistory(
        application_id=application.id,
        at=changes.get("written_at", AT),
        kind=HistoryKind.STATUS,
        to_status=application.status,
        by_name="Harper Example",
    )
    session.add(history)
    session.flush()
    values: dict[str, Any] = {
        "application_id": application.id,
        "history_id": history.id,
        "tells": application.status,
        "state": MessageState.DRAFT,
        "subject": "Your application for Social worker",
        "body": "Dear applicant\n\nThank you for applying.\n",
        "written_at": AT,
    }
    message = CandidateMessage(**{**values, **changes})
    session.add(message)
    session.flush()
    return message


def make_application_draft(
    session: Session, candidate: Candidate, vacancy: Vacancy, **changes: Any
) -> ApplicationDraft:
    """Something begun a day before `AT`, with an answer that the journey keeps."""
    values: dict[str, Any] = {
        "candidate_id": candidate.id,
        "vacancy_id": vacancy.id,
        "started_at": AT - timedelta(days=1),
        "saved_at": AT - timedelta(hours=1),
        "closes_at_told": vacancy.closes_at,
        "reminded": [],
    }
    draft = ApplicationDraft(**{**values, **changes})
    session.add(draft)
    session.add(
        Draft(
            journey=APPLICATION_JOURNEY,
            journey_version="2026-11",
            holder=draft.holder,
            answers={"steps": {"details": {"given_names": "Amina"}}},
            submission_key=f"key-of-draft-{next(_numbers)}",
            created_at=draft.started_at,
            updated_at=draft.saved_at,
            expires_at=(vacancy.closes_at or AT) + timedelta(days=30),
        )
    )
    session.flush()
    return draft
