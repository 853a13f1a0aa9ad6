"""Rules of staff accounts, without HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.accounts import queries, service
from portal.accounts.models import StaffGrant, StaffUser
from portal.core.access import Actor
from portal.core.audit import AuditEvent
from portal.core.errors import Forbidden, InvalidInput, InvalidTransition, LinkExpired, NotFound, StaleEdit
from portal.core.sessions import StoredSession
from portal.core.tokens import hash_of
from tests.support.builders import AT, make_staff

ADMIN = Actor(id=9_999, name="Ada Admin", email="ada@example.org", kind="staff", address="192.0.2.7")


def events_about(db, subject):
    with db.reading() as session:
        wanted = select(AuditEvent).where(AuditEvent.subject == subject).order_by(AuditEvent.id)
        return [(event.event, event.facts, event.actor) for event in session.scalars(wanted)]


def sessions_of(db, person_id):
    with db.reading() as session:
        return session.scalar(select(func.count()).where(StoredSession.staff_id == person_id))


def open_session(session, person, at, key="a" * 64):
    data = {"staff_id": person.id, "epoch": person.session_epoch, "signed_in_at": at.isoformat()}
    session.add(StoredSession(key=key, data=data, created_at=at, seen_at=at, staff_id=person.id))


@pytest.fixture(autouse=True)
def _context(app):
    """Mail is rendered by the application."""
    with app.app_context():
        yield


@pytest.fixture
def person(db):
    with db.transaction() as session:
        return make_staff(session, role="hr")


def change(db, person_id, verb, *args, at, by=ADMIN, **options):
    """One change to one person in a transaction of its own."""
    with db.transaction() as session:
        found = queries.person_to_change(session, person_id)
        return verb(session, found, *args, by=by, at=at, **options)


def reload(db, person_id):
    with db.reading() as session:
        return queries.person(session, person_id)


def test_an_address_belongs_to_one_account_whatever_its_capitals(db, at):
    with db.transaction() as session:
        service.add_person(session, email="Hana.Khan@Example.org", name="Hana", roles=["hr"], by=ADMIN, at=at)
    with pytest.raises(InvalidInput) as refusal, db.transaction() as session:
        service.add_person(
            session, email="hana.khan@example.ORG", name="Other", roles=["hr"], by=ADMIN, at=at
        )
    assert refusal.value.field == "email"
    with db.reading() as session:
        assert queries.person_by_email(session, " HANA.KHAN@example.org ").name == "Hana"


def test_a_look_alike_address_is_another_account(db, at):
    with db.transaction() as session:
        service.add_person(session, email="kate@example.org", name="Kate", roles=["hr"], by=ADMIN, at=at)
    with db.reading() as session:
        assert queries.person_by_email(session, "\N{KELVIN SIGN}ate@example.org") is None
        assert queries.person_by_email(session, "ｋate@example.org") is None


@pytest.mark.parametrize("roles", [[], ["owner"], ["hr", "owner"]])
def test_roles_are_from_the_list_and_there_is_one_at_least(db, at, roles):
    with pytest.raises(InvalidInput), db.transaction() as session:
        service.add_person(session, email="a@example.org", name="A", roles=roles, by=ADMIN, at=at)


def test_a_link_is_kept_as_a_hash_only_and_works_once(db, at, person):
    token = change(db, person.id, service.make_password_link, at=at)
    kept = reload(db, person.id)
    assert token not in (kept.link_hash, kept.password_hash)
    assert kept.link_hash == hash_of(token)
    with db.transaction() as session:
        service.set_password_by_link(session, token, "new hash", by=ADMIN, at=at)
    assert reload(db, person.id).password_hash == "new hash"
    with pytest.raises(LinkExpired), db.transaction() as session:
        service.set_password_by_link(session, token, "other hash", by=ADMIN, at=at)
    assert reload(db, person.id).password_hash == "new hash"


@pytest.mark.parametrize(
    ("later", "works"), [(timedelta(hours=24) - timedelta(seconds=1), True), (timedelta(hours=24), False)]
)
def test_a_link_lives_for_24_hours(db, at, person, later, works):
    token = change(db, person.id, service.make_password_link, at=at)
    with db.reading() as session:
        assert (queries.person_with_link(session, token, at + later) is not None) is works


def test_a_new_link_retires_the_one_before(db, at, person):
    first = change(db, person.id, service.make_password_link, at=at)
    second = change(db, person.id, service.make_password_link, at=at)
    with db.reading() as session:
        assert queries.person_with_link(session, first, at) is None
        assert queries.person_with_link(session, second, at).id == person.id


def test_nobody_gets_a_link_while_disabled_and_a_link_dies_with_the_account(db, at, person):
    token = change(db, person.id, service.make_password_link, at=at)
    change(db, person.id, service.disable, version=person.version, at=at)
    with db.reading() as session:
        assert queries.person_with_link(session, token, at) is None
    with pytest.raises(InvalidTransition):
        change(db, person.id, service.make_password_link, at=at)


@pytest.mark.parametrize(
    ("verb", "args", "options"),
    [
        (service.set_password, ["hash"], {"how": "changed"}),
        (service.change_roles, [["fostering"]], {"version": 1}),
        (service.disable, [], {"version": 1}),
    ],
)
def test_changes_of_password_roles_and_standing_end_every_session(db, person, verb, args, options):
    with db.transaction() as session:
        open_session(session, person, AT)
    assert sessions_of(db, person.id) == 1
    change(db, person.id, verb, *args, at=AT, **options)
    assert sessions_of(db, person.id) == 0
    assert reload(db, person.id).session_epoch == person.session_epoch + 1


def test_a_session_written_while_all_were_being_ended_is_outdated(db, at, person):
    """A request that was on its way may write its row after the others were deleted: the epoch tells."""
    change(db, person.id, service.change_roles, ["fostering"], version=1, at=at)
    with db.reading() as session:
        assert queries.standing(session, person.id, person.session_epoch) is None
        assert queries.standing(session, person.id, person.session_epoch + 1).roles == {"fostering"}


def test_what_somebody_may_do_comes_from_roles_and_grants_at_this_moment(db, at, person):
    def may():
        with db.reading() as session:
            fresh = queries.person(session, person.id)
            found = queries.standing(session, person.id, fresh.session_epoch)
            assert found is None or found.permissions == fresh.permissions
            return found.permissions if found else None

    assert "fostering.export_named" not in may()
    reason = "Covers the team in August"
    change(db, person.id, service.give_grant, "fostering.export_named", reason=reason, version=1, at=at)
    assert {"fostering.export_named", "vacancies.read"} <= may()
    grant = reload(db, person.id).grants[0]
    change(db, person.id, service.remove_grant, grant.id, at=at + timedelta(days=1))
    assert "fostering.export_named" not in may()
    change(db, person.id, service.disable, version=reload(db, person.id).version, at=at)
    assert may() is None


def test_a_grant_keeps_who_when_and_why_also_when_it_is_gone(db, at, person):
    change(
        db, person.id, service.give_grant, "fostering.export_named", reason="August cover", version=1, at=at
    )
    grant_id = reload(db, person.id).grants[0].id
    later = at + timedelta(days=30)
    change(db, person.id, service.remove_grant, grant_id, at=later)
    with db.reading() as session:
        (kept,) = queries.grants_of(session, person.id)
    assert (kept.granted_by, kept.granted_at, kept.reason) == ("Ada Admin", at, "August cover")
    assert (kept.removed_by, kept.removed_at) == ("Ada Admin", later)
    assert [(name, facts) for name, facts, _ in events_about(db, person.reference)] == [
        ("staff.grant_given", {"permission": "fostering.export_named"}),
        ("staff.grant_removed", {"permission": "fostering.export_named"}),
    ]


def test_a_grant_can_be_given_again_and_is_in_force_once(db, at, person):
    for _ in range(2):
        version = reload(db, person.id).version
        change(
            db, person.id, service.give_grant, "fostering.export_named", reason="x", version=version, at=at
        )
    assert len(reload(db, person.id).grants) == 1
    change(db, person.id, service.remove_grant, reload(db, person.id).grants[0].id, at=at)
    version = reload(db, person.id).version
    change(
        db, person.id, service.give_grant, "fostering.export_named", reason="again", version=version, at=at
    )
    assert [grant.reason for grant in reload(db, person.id).grants] == ["again"]


@pytest.mark.parametrize("permission", ["people.manage", "audit.read", "fostering.read", "", "nonsense"])
def test_only_what_may_be_granted_is_granted(db, at, person, permission):
    with pytest.raises(InvalidInput):
        change(db, person.id, service.give_grant, permission, reason="why not", version=1, at=at)


def test_a_grant_of_somebody_else_cannot_be_taken_through_another_person(db, at, person):
    change(db, person.id, service.give_grant, "fostering.export_named", reason="x", version=1, at=at)
    with db.transaction() as session:
        other = make_staff(session, role="hr")
    with pytest.raises(NotFound):
        change(db, other.id, service.remove_grant, reload(db, person.id).grants[0].id, at=at)


@pytest.mark.parametrize(
    ("verb", "args", "options"),
    [
        (service.change_roles, [["fostering_manager"]], {"version": 1}),
        (service.give_grant, ["fostering.export_named"], {"reason": "mine", "version": 1}),
        (service.disable, [], {"version": 1}),
        (service.enable, [], {"version": 1}),
        (service.make_password_link, [], {}),
    ],
)
def test_nobody_changes_their_own_account(db, person, verb, args, options):
    oneself = Actor(id=person.id, name="Self", kind="staff")
    with pytest.raises(Forbidden):
        change(db, person.id, verb, *args, at=AT, by=oneself, **options)


def test_a_stale_page_changes_nothing(db, at, person):
    change(db, person.id, service.change_roles, ["fostering"], version=1, at=at)
    for verb, args in ((service.change_roles, [["admin"]]), (service.disable, [])):
        with pytest.raises(StaleEdit):
            change(db, person.id, verb, *args, version=1, at=at)
    assert reload(db, person.id).roles == ["fostering"]


def test_the_audit_has_before_and_after_and_no_names(db, at, person):
    change(db, person.id, service.change_roles, ["admin", "hr"], version=1, at=at)
    change(db, person.id, service.disable, version=2, at=at)
    change(db, person.id, service.enable, version=3, at=at)
    assert events_about(db, person.reference) == [
        ("staff.roles_changed", {"before": ["hr"], "after": ["hr", "admin"]}, "ada@example.org"),
        ("staff.disabled", {}, "ada@example.org"),
        ("staff.enabled", {}, "ada@example.org"),
    ]


def test_roles_saved_as_they_were_change_nothing(db, at, person):
    change(db, person.id, service.change_roles, ["hr"], version=1, at=at)
    assert reload(db, person.id).version == 1
    assert events_about(db, person.reference) == []


@pytest.mark.parametrize(
    ("now_kept", "active", "checked", "gets_in"),
    [
        ("hash", True, "hash", True),
        ("hash", False, "hash", False),
        ("changed", True, "hash", False),
        (None, True, None, False),
    ],
)
def test_what_changed_between_check_and_sign_in_does_not_let_in(db, now_kept, active, checked, gets_in):
    with db.transaction() as session:
        person = make_staff(session, password_hash=now_kept, active=active)
    with db.transaction() as session:
        admitted = service.sign_in(session, person.id, checked, None, by=ADMIN, at=AT)
    assert (admitted is not None) is gets_in
    assert (reload(db, person.id).signed_in_at == AT) is gets_in


def test_owners_hear_of_a_new_password_and_of_a_link(db, at, person, mailbox):
    change(db, person.id, service.make_password_link, at=at)
    assert len(mailbox) == 0, "somebody without a password has nothing to lose"
    token = change(db, person.id, service.make_password_link, at=at)
    with db.transaction() as session:
        service.set_password_by_link(session, token, "hash", by=ADMIN, at=at)
    change(db, person.id, service.make_password_link, at=at)
    assert [(mail.to, mail.purpose) for mail in mailbox] == [
        (person.email, "staff.password_set"),
        (person.email, "staff.password_link"),
    ]
    assert all("/set-password/" not in mail.body for mail in mailbox), "a mail is never the key"


def test_the_account_key_is_keyed_and_tells_no_name():
    key = service.account_key("kate@example.org", b"one")
    assert key == service.account_key("kate@example.org", b"one")
    assert key != service.account_key("kate@example.org", b"two")
    assert key != service.account_key("mate@example.org", b"one")
    assert "kate" not in key
    assert len(key) == 16


def test_one_grant_in_force_is_a_rule_of_the_database(db, at, person):
    values = {"person_id": person.id, "permission": "x", "reason": "x", "granted_by": "x", "granted_at": at}
    with pytest.raises(IntegrityError), db.transaction() as session:
        session.add_all([StaffGrant(**values), StaffGrant(**values)])
    with db.reading() as session:
        assert session.scalar(select(func.count(StaffUser.id))) == 1


def test_a_link_used_by_eight_at_the_same_moment_works_for_one(app, db, at, person):
    token = change(db, person.id, service.make_password_link, at=at)
    ready = Barrier(8)

    def use(number):
        with app.app_context():
            ready.wait()
            try:
                with db.transaction() as session:
                    service.set_password_by_link(session, token, f"hash {number}", by=ADMIN, at=at)
            except LinkExpired:
                return None
            return f"hash {number}"

    with ThreadPoolExecutor(8) as pool:
        used = [result for result in pool.map(use, range(8)) if result]
    assert used == [reload(db, person.id).password_hash]
    assert [name for name, _, _ in events_about(db, person.reference)].count("staff.password_set") == 1
