"""One advert's page for staff: where it stands, what happens next, and what this person can do about it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from portal.core.access import Actor
from portal.core.wording import day, local_date, moment
from portal.council import RecruitmentTeam
from portal.vacancies.life.approval import why_not_approve, why_not_decide
from portal.vacancies.life.lists.rows import KINDS
from portal.vacancies.life.queries import VacancyFile
from portal.vacancies.life.readiness import Reason, refusals, warnings
from portal.vacancies.life.transitions import BEFORE_THE_PUBLIC, Action, actions_in
from portal.vacancies.models import Vacancy
from portal.vacancies.options import Status
from portal.vacancies.pay import full_time_pay
from portal.vacancies.wording import hours_in_words, patterns_in_words, time_left

PERMISSIONS = {Action.APPROVE: "vacancies.approve", Action.SEND_BACK: "vacancies.approve"}
"""What an action needs; all others need `vacancies.write`."""

FIRST = {
    Status.PENDING_APPROVAL: Action.APPROVE,
    Status.CLOSED: Action.RECORD_OUTCOME,
    Status.FILLED: Action.ARCHIVE,
    Status.PART_FILLED: Action.ARCHIVE,
    Status.NOT_FILLED: Action.ARCHIVE,
    Status.CANCELLED: Action.ARCHIVE,
}
"""What is usually done next, drawn as the main button."""

DONE: dict[str, str] = {
    Action.APPROVE: "The advert is approved.",
    Action.SEND_BACK: "The advert is sent back.",
    Action.EXTEND: "The closing time is moved.",
    Action.CLOSE_EARLY: "The advert is closed.",
    Action.RECORD_OUTCOME: "The outcome is recorded.",
    Action.CANCEL: "The recruitment is cancelled.",
    Action.ARCHIVE: "The advert is archived.",
}
"""What has just happened, by the code in the address."""


BESIDE = {Action.APPROVE: Action.SEND_BACK}
"""What stands beside the main button: who reads an advert says yes or no in one place."""


class Standing(NamedTuple):
    """Where the advert stands, for this reader."""

    status: Status
    kind: str
    next_step: str
    urgent: bool
    first: Action | None
    beside: Action | None
    actions: list[Action]
    not_mine: str
    """Why this reader may not approve what waits; empty if they may, or nothing waits."""
    refusals: list[Reason]
    warnings: list[Reason]


def standing_of(found: VacancyFile, team: RecruitmentTeam, *, by: Actor, at: datetime) -> Standing:
    """Everything that the page says about state and next steps."""
    vacancy = found.vacancy
    status = vacancy.status(at)
    waits = status is Status.PENDING_APPROVAL
    judged = status in (Status.DRAFT, Status.PENDING_APPROVAL)
    possible = possible_actions(found, status, by)
    first = FIRST.get(status)
    first = first if first in possible else None
    beside = BESIDE.get(first) if first else None
    beside = beside if beside in possible else None
    return Standing(
        status=status,
        kind=KINDS.get(status, ""),
        next_step=next_step(found, status, at),
        urgent=status is Status.CLOSED and is_overdue(vacancy, at),
        first=first,
        beside=beside,
        actions=[action for action in possible if action not in (first, beside)],
        not_mine=why_not_approve(vacancy, found.authors, by) if waits and by.can("vacancies.approve") else "",
        refusals=refusals(vacancy, at) if judged else [],
        warnings=warnings(vacancy, at, team) if judged else [],
    )


def possible_actions(found: VacancyFile, status: Status, by: Actor) -> list[Action]:
    """What the state allows, and this person may do on a page of this advert."""
    barred = set()
    if why_not_approve(found.vacancy, found.authors, by):
        barred.add(Action.APPROVE)
    if why_not_decide(found.vacancy, by):
        barred.add(Action.SEND_BACK)
    return [
        action
        for action in actions_in(status)
        if action is not Action.SUBMIT
        and action not in barred
        and by.can(PERMISSIONS.get(action, "vacancies.write"))
    ]


def is_overdue(vacancy: Vacancy, at: datetime) -> bool:
    """Whether everyone should have heard by now."""
    promised = vacancy.decision_promised_on
    return promised is not None and promised < local_date(at)


def next_step(found: VacancyFile, status: Status, at: datetime) -> str:
    """What happens next, and who must do it."""
    vacancy = found.vacancy
    match status:
        case Status.DRAFT:
            return "The writer changes it and sends it for approval again."
        case Status.PENDING_APPROVAL:
            return f"{second_person(found)} reads it, then approves it or sends it back."
        case Status.SCHEDULED if vacancy.publish_at:
            return f"It is published by itself at {moment(vacancy.publish_at)}. Nothing is to be done."
        case Status.OPEN if vacancy.closes_at:
            left = time_left(vacancy.closes_at, at)
            return f"It closes by itself at {moment(vacancy.closes_at)}: {left}."
        case Status.CLOSED:
            return after_closing(vacancy, at)
        case Status.ARCHIVED:
            return "Nothing more is to be done."
        case _:
            return "HR answers everyone who applied, then archives it."


def second_person(found: VacancyFile) -> str:
    """Who can approve: the hiring manager unless they wrote it or have no account, or another in HR."""
    manager, authors = found.vacancy.hiring_manager_id, found.authors
    if manager is None or manager in (authors.submitted_by, authors.written_by):
        return "Somebody in HR who did not write it"
    return f"{found.hiring_manager}, or somebody in HR who did not write it,"


def after_closing(vacancy: Vacancy, at: datetime) -> str:
    """Whom HR owes an answer, and by when."""
    promised = vacancy.decision_promised_on
    if promised is None:
        return "The panel decides and HR answers everyone. Then HR records the outcome."
    if is_overdue(vacancy, at):
        return (
            f"Overdue: everyone was to hear by {day(promised)}. HR answers everyone and records the outcome."
        )
    return f"The panel decides, and everyone hears by {day(promised)}. Then HR records the outcome."


def facts_of(found: VacancyFile, status: Status) -> list[tuple[str, str]]:
    """The facts that HR looks for."""
    vacancy = found.vacancy
    publish, close = vacancy.publish_at, vacancy.closes_at
    patterns = patterns_in_words(vacancy.working_patterns)
    return [
        ("Team", vacancy.team.name),
        ("Posts", str(vacancy.number_of_posts)),
        ("Contract", vacancy.contract_type.label),
        ("Hours", f"{hours_in_words(vacancy.hours_per_week)}, {patterns.lower()}"),
        ("Pay", full_time_pay(vacancy) + (f", grade {vacancy.grade}" if vacancy.grade else "")),
        (
            "To be published" if status in BEFORE_THE_PUBLIC else "Published",
            moment(publish) if publish else "As soon as it is approved",
        ),
        ("Closes", moment(close) if close else ""),
        ("Closed early", moment(vacancy.closed_early_at) if vacancy.closed_early_at else ""),
        ("Everyone hears by", day(vacancy.decision_promised_on) if vacancy.decision_promised_on else ""),
        ("Hiring manager", found.hiring_manager),
        ("Looked after in HR by", found.hr_owner),
        ("Posts filled", str(vacancy.posts_filled) if vacancy.posts_filled is not None else ""),
        ("Copied from", found.copied_from),
    ]
