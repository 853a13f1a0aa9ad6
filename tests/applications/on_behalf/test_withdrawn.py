"""HR records that a candidate withdrew: told to them at once, undone by them alone."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.applications.candidates.models import Candidate
from portal.applications.models import Application, ApplicationHistory
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import HistoryKind
from portal.core.database import Database
from portal.core.mail import OutgoingMail
from portal.vacancies.models import Vacancy
from tests.support.applications import make_application
from tests.support.builders import AT
from tests.support.client import JudgingClient
from tests.support.people import SignIn, SignInCandidate

HOME = "/staff/applications"


pytestmark = pytest.mark.usefixtures("at_rest")


@pytest.fixture
def row(db: Database) -> Application:
    with db.transaction() as session:
        return make_application(session, status=Status.SHORTLISTED, shortlisted_at=AT)


@pytest.fixture
def page(db: Database, row: Application) -> str:
    with db.reading() as session:
        reference = session.get_one(Vacancy, row.vacancy_id).reference
    return f"{HOME}/{reference}/{row.reference}"


def stands(db: Database, row: Application) -> Application:
    with db.reading() as session:
        return session.get_one(Application, row.id)


def test_it_is_recorded_told_and_undone_by_the_candidate(
    db: Database, hr: JudgingClient, row: Application, page: str, sign_in_candidate: SignInCandidate
) -> None:
    assert f"{page}/withdrawn" in hr.get(page).page.links()
    refused = hr.post_form(f"{page}/withdrawn")
    assert (refused.status_code, refused.page.errors) == (422, ["Select how the candidate told us"])
    answer = hr.follow(hr.post_form(f"{page}/withdrawn", {"told": "phone", "note": "Moves to Leeds"}))
    assert "Withdrawn, as the candidate told us" in answer.page.main.text
    assert "Only the candidate can undo a withdrawal" in answer.page.main.text
    found = stands(db, row)
    assert (found.status, found.told_status) == (Status.WITHDRAWN, Status.WITHDRAWN)
    assert (found.withdrawn_from, found.decided_at) == (Status.SHORTLISTED, AT)
    with db.reading() as session:
        line = session.scalars(select(ApplicationHistory).order_by(ApplicationHistory.id.desc())).first()
        assert line is not None
        assert (line.kind, line.note) == (HistoryKind.WITHDRAWN_FOR, "Told us by phone. Moves to Leeds")
        assert line.by_id is not None
        mail = session.scalars(select(OutgoingMail)).one()
        assert mail.to == row.email
        assert "You told us by phone that you withdraw" in mail.body
        person = session.get_one(Candidate, row.candidate_id)
    mine = sign_in_candidate(candidate=person)
    own = f"/applications/{row.reference}"
    assert mine.post_form(own, action=f"{own}/withdraw/undo").status_code == 303
    assert (stands(db, row).status, stands(db, row).withdrawn_at) == (Status.SHORTLISTED, None)


@pytest.mark.parametrize("status", [Status.OFFERED, Status.WITHDRAWN])
def test_from_an_offer_on_it_is_declined_instead(
    db: Database, hr: JudgingClient, row: Application, page: str, status: Status
) -> None:
    with db.transaction() as session:
        session.get_one(Application, row.id).status = status
    answer = hr.get(f"{page}/withdrawn")
    assert "cannot be withdrawn any more" in answer.page.main.text


def test_a_page_that_is_out_of_date_records_nothing(
    db: Database, hr: JudgingClient, row: Application, page: str
) -> None:
    asked = hr.get(f"{page}/withdrawn").page
    body = {name: asked.first("input", name=name)["value"] for name in ("csrf_token", "version", "seen")}
    body |= {"told": "phone", "form_end": "1"}
    same = {"Sec-Fetch-Site": "same-origin"}
    answer = hr.post(f"{page}/withdrawn", data={**body, "version": "junk"}, headers=same)
    assert answer.status_code == 409
    assert stands(db, row).status is Status.SHORTLISTED
    assert hr.post(f"{page}/withdrawn", data=body, headers=same).status_code == 303
    again = hr.post(f"{page}/withdrawn", data=body, headers=same)
    assert again.status_code == 409
    assert "cannot be withdrawn any more" in again.page.main.text
    with db.transaction() as session:
        offered = session.get_one(Application, row.id)
        offered.status = Status.OFFERED
        session.flush()
        body["version"] = str(offered.version)
    refused = hr.post(f"{page}/withdrawn", data=body, headers=same)
    assert refused.status_code == 409
    with db.reading() as session:
        assert len(session.scalars(select(OutgoingMail)).all()) == 1


def test_only_hr_records_it(sign_in: SignIn, page: str) -> None:
    assert sign_in("hiring_manager").get(f"{page}/withdrawn").status_code == 403
