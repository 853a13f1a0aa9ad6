"""The doors of the staff home page: what there is to open, for whom, and what waits behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.applications.sift.overview.queries import waits
from portal.core.access import Actor
from portal.core.clock import london
from portal.core.context import current_settings
from portal.core.wording import number, plural
from portal.fostering.answering.queries import first_answers
from portal.fostering.follow_up.counts.queries import queue_counts
from portal.fostering.follow_up.queries import COUNTED_TO
from portal.fostering.keeping.queries import waits as waits_for_a_manager
from portal.fostering.messages.queries import letters_owed
from portal.inspections.queries import drafts, records
from portal.staff.queries import given_up
from portal.vacancies.life.queries import waiting


@dataclass(frozen=True, slots=True)
class Figure:
    """A number worth knowing before the door is opened; `urgent` ones are marked as such, in words too."""

    text: str
    urgent: bool = False


Figures = Callable[[Session, Actor, datetime], list[Figure]]


def no_figures(_session: Session, _by: Actor, _at: datetime) -> list[Figure]:
    """For doors behind which nothing waits."""
    return []


def counted(count: int, limit: int) -> str:
    """A count that stopped at its limit says so."""
    return f"more than {number(limit)}" if count > limit else number(count)


def fostering_figures(session: Session, by: Actor, at: datetime) -> list[Figure]:
    """Families who should have heard from us, those who are to hear today, and letters that are owed."""
    team = current_settings().council.fostering
    counts = queue_counts(session, at, reader=by.id, team=team)
    letters = letters_owed(session, team, at, by=by)
    late = f" ({number(letters.overdue)} overdue)" if letters.overdue else ""
    owed = Figure(f"{plural(letters.count, 'letter')} to send{late}", urgent=letters.overdue > 0)
    answers = first_answers(session, team, at, by=by)
    kinds = {"acknowledgement": answers.acknowledgements.late, "information pack": answers.packs.late}
    return [
        *(
            Figure(f"{counted(count, COUNTED_TO)} {kind if count == 1 else kind + 's'} overdue", urgent=True)
            for kind, count in kinds.items()
            if count
        ),
        *([owed] if letters.count else []),
        Figure(f"{enquiries(counts.overdue)} overdue", urgent=counts.overdue > 0),
        Figure(f"{enquiries(counts.today)} due by the end of today"),
        Figure(f"{enquiries(counts.open)} open in all"),
    ]


def keeping_figures(session: Session, by: Actor, at: datetime) -> list[Figure]:
    """What a fostering manager has to look through."""
    found = waits_for_a_manager(session, at, current_settings().council.retention, by=by)
    return [
        Figure(f"{plural(found.due, 'record')} to let go"),
        *(
            [Figure(f"{plural(found.reviews, 'hold')} to look at again", urgent=True)]
            if found.reviews
            else []
        ),
    ]


def enquiries(count: int) -> str:
    """1 enquiry, 2 enquiries, more than 1,000 enquiries."""
    return f"{counted(count, COUNTED_TO)} {'enquiry' if count == 1 else 'enquiries'}"


def vacancy_figures(session: Session, by: Actor, at: datetime) -> list[Figure]:
    """What waits for this person’s approval, closes soon, or owes everyone an answer."""
    found = waiting(session, by, at)
    return [
        Figure(f"{found.for_approval:,} waiting for your approval", urgent=found.for_approval > 0),
        Figure(f"{found.overdue:,} closed, promised day passed", urgent=found.overdue > 0),
        Figure(f"{found.closing_soon:,} closing within a week"),
        Figure(f"{found.open:,} open in all"),
    ]


def application_figures(session: Session, by: Actor, at: datetime) -> list[Figure]:
    """What nobody has looked at, what waits to go out, and promises that were missed."""
    found = waits(session, by, at)
    return [
        *([Figure(plural(found.overdue, "decision date") + " passed", urgent=True)] if found.overdue else []),
        Figure(f"{found.new:,} not looked at"),
        Figure(f"{found.undecided:,} without an outcome"),
        Figure(f"{plural(found.answers, 'answer')} not sent"),
    ]


def inspection_figures(session: Session, _by: Actor, at: datetime) -> list[Figure]:
    """Records that nobody has compared with Ofsted’s site for a year, and drafts that wait."""
    due = sum(record.is_published and record.needs_check(london(at).date()) for record in records(session))
    waiting = len(drafts(session))
    figures = [Figure(f"{plural(due, 'record')} to compare with Ofsted’s site", urgent=True)] if due else []
    return figures + ([Figure(f"{plural(waiting, 'draft')} not published")] if waiting else [])


def operations_figures(session: Session, _by: Actor, _at: datetime) -> list[Figure]:
    """What has been given up and waits for a person."""
    jobs, mails = given_up(session)
    return [
        Figure(plural(jobs, "job given up", "jobs given up"), urgent=jobs > 0),
        Figure(plural(mails, "email not delivered", "emails not delivered"), urgent=mails > 0),
    ]


@dataclass(frozen=True, slots=True)
class Door:
    """One thing to open. `unless` is a permission whose holders reach it another way."""

    label: str
    endpoint: str
    permission: str
    sentence: str
    figures: Figures = no_figures
    unless: str = ""

    def opens_for(self, actor: Actor) -> bool:
        """Whether this person may open it and needs it here."""
        return actor.can(self.permission) and not (self.unless and actor.can(self.unless))


DOORS = (
    Door(
        "Fostering enquiries",
        "fostering_team.queue",
        "fostering.read",
        "Families who have asked about fostering, in the order in which they are due a call.",
        fostering_figures,
    ),
    Door(
        "Information events",
        "staff_events.index",
        "fostering.read",
        "Evenings and meetings about fostering: announce them, see who comes, record who came.",
    ),
    Door(
        "Export of fostering enquiries",
        "fostering_team.export",
        "fostering.export_named",
        "Enquiries with names, as a spreadsheet. Each export is recorded with its purpose.",
        unless="fostering.read",
    ),
    Door(
        "Keeping records",
        "fostering_keeping.index",
        "fostering.manage",
        "Records whose time is over, for you to let go; what is kept beyond its time.",
        keeping_figures,
    ),
    Door(
        "Fostering figures",
        "fostering_reports.overview",
        "fostering.report",
        "How soon families are answered, what became of them, and the numbers for Ofsted’s return.",
    ),
    Door(
        "Vacancies",
        "staff_vacancies.index",
        "vacancies.read",
        "Adverts from the first draft to the archive: approve, extend, close, record how it ended.",
        vacancy_figures,
    ),
    Door(
        "Applications",
        "staff_applications.index",
        "applications.read",
        "Who has applied, where they stand, and what is decided: each vacancy with its applications.",
        application_figures,
    ),
    Door(
        "Inspections",
        "staff_inspections.index",
        "inspections.write",
        "What Ofsted found, as the landing page and adverts show it: write, publish, correct, compare.",
        inspection_figures,
    ),
    Door(
        "People",
        "people.listing",
        "people.manage",
        "Who may sign in, with which roles and single permissions.",
    ),
    Door(
        "Audit log",
        "staff.audit_log",
        "audit.read",
        "Who did or read what, and when. It holds no answers that anybody gave.",
    ),
    Door(
        "Operations",
        "staff.operations",
        "operations.read",
        "Follow-up work and email that could not be done.",
        operations_figures,
    ),
)


def doors_for(actor: Actor) -> list[Door]:
    """What this person may open, in the order of the page."""
    return [door for door in DOORS if door.opens_for(actor)]
