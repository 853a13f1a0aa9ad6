"""Mail about a record that must stay, stays with it; the dry run and the run agree."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal.core import retention
from portal.core.database import Database
from portal.core.mail import MailStatus, OutgoingMail
from portal.fostering.closures import Closure
from portal.fostering.models import Enquiry
from tests.fostering.keeping.conftest import NOW, MakeClosed
from tests.support.builders import AT, make_enquiry
from tests.support.samples import make_mail

pytestmark = pytest.mark.usefixtures("context")


def listed(db: Database) -> set[str]:
    with db.reading() as session:
        return {due.reference for due in retention.everything_due(session, NOW)}


def left(db: Database) -> set[str | None]:
    with db.reading() as session:
        return set(session.scalars(select(OutgoingMail.about)))


@pytest.mark.parametrize("why", [{"hold_reason": "COMPLAINT"}, {"restricted_at": AT}])
def test_mail_stays_with_a_record_that_must_stay_and_with_its_duplicates(
    db: Database, closed: MakeClosed, why: dict[str, Any]
) -> None:
    with db.transaction() as session:
        stays, other = make_enquiry(session, **why), make_enquiry(session)
        twin = closed(session, Closure.X02, duplicate_of_id=stays.id)
        kept = {stays.public_ref, twin.public_ref}
        for about in (*sorted(kept), other.public_ref):
            mail = make_mail(AT.replace(year=AT.year - 1))
            mail.about, mail.status = about, MailStatus.SENT
            session.add(mail)
        session.flush()
        gone = f"MAIL-{mail.id}"
    assert listed(db) == {gone}
    assert retention.delete_everything_due(NOW) == 1
    assert left(db) == kept
    with db.transaction() as session:
        record = session.get_one(Enquiry, stays.id)
        record.hold_reason = record.restricted_at = None
    assert len(listed(db)) == 2
    assert retention.delete_everything_due(NOW) == 2
    assert left(db) == set()
