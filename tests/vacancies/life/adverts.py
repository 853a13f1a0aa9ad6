"""Adverts that could be published, and the people who deal with them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.accounts.models import StaffUser, permissions_of
from portal.core.access import Actor
from portal.core.clock import london_instant
from portal.vacancies.life.queries import one_vacancy, vacancy_to_change
from portal.vacancies.life.revisions import record_revision
from portal.vacancies.models import Decision, PanelMember, Vacancy
from portal.vacancies.options import DecisionKind, Outcome, RegistrationBy, Status
from tests.support.builders import AT, make_criterion, make_staff, make_vacancy

DAY = timedelta(days=1)
CLOSES = london_instant(date(2026, 12, 13), time(23, 59))


def make_panel() -> list[PanelMember]:
    """Two people, one of them trained."""
    return [
        PanelMember(
            position=1,
            name="Sam Example",
            email="sam.example@example.org",
            safer_recruitment_trained_on=date(2025, 3, 4),
        ),
        PanelMember(position=2, name="Kit Example", email="kit.example@example.org"),
    ]


def make_advert(session: Session, **changes: Any) -> Vacancy:
    """A complete advert that is being written, to be published tomorrow and closed on 13 December."""
    values: dict[str, Any] = {
        "approved_at": None,
        "publish_at": AT + DAY,
        "closes_at": CLOSES,
        "postcode": "SO14 7LY",
        "regulated_activity": True,
        "registration_by": RegistrationBy.APPLICATION,
        "hiring_manager_name": "Sam Example",
        "interview_dates": ["2026-12-17"],
        "decision_promised_on": date(2026, 12, 21),
        "caseload_cap": 16,
        "criteria": [make_criterion(number) for number in (1, 2, 3)],
        "panel": make_panel(),
    }
    return make_vacancy(session, **{**values, **changes})


STATES: dict[Status, dict[str, Any]] = {
    Status.DRAFT: {},
    Status.PENDING_APPROVAL: {"submitted_at": AT - DAY},
    Status.SCHEDULED: {"submitted_at": AT - DAY, "approved_at": AT - DAY},
    Status.OPEN: {"submitted_at": AT - 3 * DAY, "approved_at": AT - 3 * DAY, "publish_at": AT - 2 * DAY},
    Status.CLOSED: {
        "submitted_at": AT - 30 * DAY,
        "approved_at": AT - 30 * DAY,
        "publish_at": AT - 30 * DAY,
        "closes_at": AT - DAY,
    },
}
ENDED = STATES[Status.CLOSED] | {"outcome_at": AT - timedelta(hours=1)}
STATES |= {
    Status.FILLED: ENDED | {"outcome": Outcome.FILLED, "posts_filled": 2},
    Status.PART_FILLED: ENDED | {"outcome": Outcome.PART_FILLED, "posts_filled": 1},
    Status.NOT_FILLED: ENDED | {"outcome": Outcome.NOT_FILLED, "posts_filled": 0},
    Status.CANCELLED: STATES[Status.OPEN] | {"cancelled_at": AT - timedelta(hours=1)},
    Status.ARCHIVED: ENDED | {"outcome": Outcome.FILLED, "posts_filled": 2, "archived_at": AT},
}
"""What makes an advert stand so at `AT`."""


def make_in_state(session: Session, status: Status, **changes: Any) -> Vacancy:
    """A complete advert for two posts in this state, written and sent by nobody in particular."""
    return make_advert(session, **{"number_of_posts": 2, **STATES[status], **changes})


def actor_of(person: StaffUser) -> Actor:
    """The person as a request would know them."""
    return Actor(
        id=person.id,
        name=person.name,
        email=person.email,
        kind="staff",
        roles=frozenset(person.roles),
        permissions=permissions_of(person.roles, ()),
    )


def make_hr(session: Session, **changes: Any) -> Actor:
    """Somebody in HR."""
    return actor_of(make_staff(session, role="hr", **changes))


def sent_by(session: Session, vacancy: Vacancy, by: Actor, at: datetime = AT - DAY) -> None:
    """Note that this person wrote and sent the advert."""
    loaded = vacancy_to_change(session, vacancy.reference)
    assert loaded is not None
    record_revision(session, loaded, by=by, at=at)
    session.add(
        Decision(
            vacancy_id=vacancy.id,
            kind=DecisionKind.SUBMITTED,
            decided_at=at,
            by_id=by.id,
            by_name=by.name,
        )
    )
    session.flush()


def load(session: Session, reference: str) -> Vacancy:
    """The advert as a view gets it to change."""
    vacancy = vacancy_to_change(session, reference)
    assert vacancy is not None
    return vacancy


def look(session: Session, reference: str) -> Vacancy:
    """The advert as it stands, to look at."""
    return session.scalars(one_vacancy(reference)).one()
