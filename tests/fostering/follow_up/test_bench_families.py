"""The households that the bench makes by the million are households that the pages understand."""

import pytest
from sqlalchemy import func, select

from portal.fostering.models import Activity, Enquiry, HistoryEntry
from portal.fostering.options import Stage, Status
from tests.bench.families import COMMON, RARE, RARELY, accept_one, add_families
from tests.support.builders import make_staff
from tests.support.databases import ON_POSTGRESQL

pytestmark = ON_POSTGRESQL
"""The bench is PostgreSQL’s."""

QUEUE = "/staff/fostering"
COUNT = 299


@pytest.fixture
def families(app, db):
    """So many beside the one that was sent; made by statements of PostgreSQL alone."""
    pattern = accept_one(app, db)
    with db.transaction() as session:
        owner = make_staff(session, role="fostering").id
    plain = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    add_families(plain, pattern, COUNT, owner=owner)


def test_the_households_of_the_bench_are_understood_by_every_page(families, db, sign_in):
    officer = sign_in("fostering_manager")
    assert len(officer.get(QUEUE).page.all("tr")) > 25
    assert officer.get(f"{QUEUE}/board").status_code == 200
    with db.reading() as session:
        each = select(func.min(Enquiry.public_ref)).group_by(Enquiry.stage, Enquiry.status)
        references = session.scalars(each).all()
        entries = session.scalar(select(func.count()).select_from(HistoryEntry))
        calls = session.scalar(select(func.count()).select_from(Activity))
        rare = session.scalar(select(func.count()).where(Enquiry.last_name == RARE))
        common = session.scalar(select(func.count()).where(Enquiry.last_name_key.startswith(COMMON)))
    assert rare == RARELY
    assert common == COUNT // 40
    assert entries > COUNT
    assert calls > COUNT
    assert len(references) >= len(set(Stage)) - 1
    for reference in references:
        assert officer.get(f"{QUEUE}/{reference}").status_code == 200


def test_the_figures_of_the_bench_are_none_of_them_empty(families, db, sign_in):
    analyst = sign_in("fostering_analyst")
    for page in ("", "/ofsted", "/monthly"):
        assert analyst.get(f"/staff/reports/fostering{page}").status_code == 200
    with db.reading() as session:
        found = dict(session.execute(select(Enquiry.status, func.count()).group_by(Enquiry.status)).all())
    assert set(found) == set(Status)
