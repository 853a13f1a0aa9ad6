"""HR answers applicants in a browser: reads, changes, holds and sends, and keeps one on legal hold."""

from __future__ import annotations

from sqlalchemy import select

from portal.applications.models import Application, CandidateMessage
from portal.applications.options import ApplicationStatus as Status
from portal.core import clock
from portal.core.database import Database
from tests.e2e.test_staff import sign_in
from tests.support.applications import make_application, make_message
from tests.support.builders import make_vacancy
from tests.support.live import Live
from tests.support.walk import Walk

OUTBOX = "/staff/applications/answers"


def make_rows(live: Live) -> tuple[str, list[str]]:
    """A vacancy with three applicants who are to be answered."""
    database = Database(f"sqlite:///{live.instance / 'portal.sqlite3'}")
    at = clock.now()
    with database.transaction() as session:
        number = str(at.timestamp()).replace(".", "")[-9:]
        vacancy = make_vacancy(session, reference=f"SCC-{number}", slug=f"answers-{number}")
        references = []
        for status in (Status.NOT_SHORTLISTED, Status.NOT_SHORTLISTED, Status.SHORTLISTED):
            key = f"{number}-{len(references)}"
            row = make_application(
                session, vacancy, status=status, submission_key=key, shortlisted_at=at, decided_at=at
            )
            make_message(session, row, written_at=at)
            references.append(row.reference)
    database.dispose()
    return vacancy.reference, references


def states(live: Live, references: list[str]) -> list[str]:
    """Where the answers stand in the database."""
    database = Database(f"sqlite:///{live.instance / 'portal.sqlite3'}")
    with database.reading() as session:
        wanted = select(CandidateMessage.state).join(Application).where(Application.reference.in_(references))
        found = session.scalars(wanted.order_by(CandidateMessage.id)).all()
    database.dispose()
    return [state.value for state in found]


def test_hr_reads_changes_holds_and_sends_answers(hr_walk: Walk, first_look_portal: Live) -> None:
    walk, live = hr_walk, first_look_portal
    vacancy, references = make_rows(live)
    sign_in(walk, live, "hr")
    walk.open(OUTBOX)
    walk.open(f"{OUTBOX}/{vacancy}")
    walk.open(f"{OUTBOX}/{vacancy}/{references[0]}")
    walk.follow("Change the words")
    walk.answer({"subject": "x" * 151, "body": ""})
    walk.press("Save", status=422)
    walk.answer({"subject": "Your application", "body": "Dear applicant\n\nThank you."})
    walk.press("Save")
    walk.follow("Put it on hold")
    walk.press("Put it on hold", status=422)
    walk.answer({"reason": "Talk to the panel first"})
    walk.press("Put it on hold")
    walk.open(f"{OUTBOX}/{vacancy}/send")
    walk.press("Send 2 answers")
    assert states(live, references) == ["held", "sent", "sent"]
    walk.open(f"{OUTBOX}/{vacancy}/{references[1]}")
    walk.open(f"/staff/applications/{vacancy}/{references[1]}")
    walk.follow("Put on legal hold")
    walk.press("Put on legal hold", status=422)
    walk.answer({"reason": "A tribunal claim"})
    walk.press("Put on legal hold")
    walk.open(f"/staff/applications/keeping/{vacancy}/{references[1]}/end")
    walk.press("End the hold")
    walk.open("/staff/")
