"""A restricted record is there for the people who are named, and for nobody else in any staff read."""

import csv
import io

import pytest
import time_machine

from portal.core.access import ROLE_PERMISSIONS, Actor
from portal.core.errors import InvalidInput, NotFound
from portal.council import load_council
from portal.fostering.closures import Closure
from portal.fostering.follow_up import exports, queries
from portal.fostering.follow_up.counts.queries import queue_counts
from portal.fostering.follow_up.exports import statement_of
from portal.fostering.follow_up.filters import ExportFilters, QueueFilters
from portal.fostering.follow_up.linking.options import Said
from portal.fostering.follow_up.linking.service import compare_households
from portal.fostering.follow_up.moving.facts import Move
from portal.fostering.follow_up.moving.service import move_enquiry
from portal.fostering.follow_up.words.exports import notes_of
from portal.fostering.guarded import Reader
from portal.fostering.history import note_history
from portal.fostering.models import Enquiry, PossibleDuplicate
from portal.fostering.options import HistoryKind, MatchedOn, Stage
from tests.support.builders import make_enquiry, make_staff

TEAM = load_council().fostering
ROLES = ("fostering", "fostering_manager")


@pytest.fixture
def world(db, at):
    """A restricted record, one that is open to the team, and who is named."""
    with db.transaction() as session:
        named = make_staff(session, name="Asha")
        secret = make_enquiry(session, first_name="Hidden", last_name="Quietly", restricted_at=at)
        plain = make_enquiry(session, first_name="Open", last_name="Quietly")
        session.add(Reader(enquiry_id=secret.id, person_id=named.id, named_at=at))
        pair = PossibleDuplicate(enquiry_id=plain.id, other_id=secret.id, matched_on=MatchedOn.EMAIL)
        session.add(pair)
    return secret, plain, named


def actor(person):
    return Actor(id=person.id, name=person.name, kind="staff", permissions=ROLE_PERMISSIONS[person.roles[0]])


@pytest.fixture
def outsiders(db):
    with db.transaction() as session:
        return [actor(make_staff(session, role=role)) for role in ROLES]


def listed(session, by, at, **filters):
    page = queries.queue_page(session, QueueFilters(**filters), reader=by.id, at=at, team=TEAM)
    return {row.public_ref for row in page.rows}


def test_lists_searches_counts_and_exports_leave_it_out(db, world, outsiders, at):
    secret, plain, named = world
    views = [({"due": "today"}, "today"), ({}, "open")]
    with db.reading() as session:
        for by, seen in [*((one, {plain.public_ref}) for one in outsiders), (actor(named), None)]:
            expected = seen or {plain.public_ref, secret.public_ref}
            assert listed(session, by, at) == expected
            for search in ("Quietly", "Hidden Quietly", secret.public_ref, secret.phone, plain.public_ref):
                hits = listed(session, by, at, search=search)
                assert hits <= expected
                assert (secret.public_ref in hits) == (seen is None and search != plain.public_ref), search
            counts = queue_counts(session, at, reader=by.id, team=TEAM)
            assert counts.open == len(expected)
            assert exports.export_count(session, ExportFilters(), by=by) == len(expected)
            for filters, name in views:
                assert getattr(counts, name) == len(listed(session, by, at, **filters)), name
            links = queries.possible_duplicates(session, plain.id, by=by)
            assert [link.reference for link in links] == ([] if seen else [secret.public_ref])


def test_whoever_is_nobody_sees_none(db, world):
    with db.reading() as session:
        assert exports.export_count(session, ExportFilters(), by=Actor.system("somebody")) == 1


def test_no_step_can_be_taken_with_it_nor_towards_it(db, world, outsiders, at):
    secret, plain, _named = world
    council = load_council()
    for by in outsiders:
        with pytest.raises(NotFound), db.transaction() as session:
            queries.enquiry_to_change(session, secret.public_ref, 1, by=by)
        pair, known = (plain.public_ref, secret.public_ref), {"version": 1, "note": "", "by": by, "at": at}
        known["council"] = council
        with pytest.raises(NotFound), db.transaction() as session:
            compare_households(session, pair, Said.SAME, **known)
        step = Move(to=Stage.CLOSED, code=Closure.X02, original=secret.public_ref)
        with pytest.raises(InvalidInput) as refused, db.transaction() as session:
            move_enquiry(session, plain.public_ref, step, version=1, by=by, at=at, council=council)
        assert refused.value.message == f"There is no enquiry {secret.public_ref}"


@pytest.mark.parametrize("role", ROLES)
def test_its_pages_answer_as_those_of_an_unknown_reference(sign_in, world, at, role):
    secret, plain, _named = world
    with time_machine.travel(at, tick=False):
        client = sign_in(role)
        for ending in ("", "/move/CL", "/details", "/owner", f"/household/{plain.public_ref}"):
            hidden = client.get(f"/staff/fostering/{secret.public_ref}{ending}")
            unknown = client.get(f"/staff/fostering/FOS-26-ZZZZZ{ending}")
            assert hidden.status_code == unknown.status_code == 404, ending
            assert hidden.page.main.text == unknown.page.main.text
        assert (
            client.get(f"/staff/fostering/{plain.public_ref}/household/{secret.public_ref}").status_code
            == 404
        )
        assert secret.public_ref not in client.get(f"/staff/fostering/{plain.public_ref}").text
        typed = {"statuses": ["OPEN"], "file_format": "csv", "purpose": "TEAM_REVIEW"}
        file = client.post_form("/staff/fostering/export", typed).get_data().decode("utf-8-sig")
        assert [row["public_ref"] for row in csv.DictReader(io.StringIO(file))] == [plain.public_ref]


def test_no_error_export_or_timeline_gives_its_reference_away(db, world, outsiders, at):
    secret, plain, named = world
    with db.transaction() as session:
        copy = make_enquiry(session, duplicate_of_id=secret.id)
        fresh = make_enquiry(session)
        row = session.get_one(Enquiry, plain.id)
        facts = {"other": secret.public_ref}
        note_history(session, row, HistoryKind.SAME, by=actor(named), at=at, facts=facts)
    by = outsiders[0]
    with db.reading() as session:
        exported = session.execute(statement_of(ExportFilters(), by)).all()
        assert secret.public_ref not in {row.duplicate_of for row in exported}
        texts = [entry.what for entry in queries.timeline(session, session.get_one(Enquiry, plain.id), by=by)]
        assert not [text for text in texts if secret.public_ref in text]
        seen = queries.timeline(session, session.get_one(Enquiry, plain.id), by=actor(named))
        assert [entry for entry in seen if secret.public_ref in entry.what]
    step = Move(to=Stage.CLOSED, code=Closure.X02, original=copy.public_ref)
    with pytest.raises(InvalidInput) as refused, db.transaction() as session:
        move_enquiry(session, fresh.public_ref, step, version=1, by=by, at=at, council=load_council())
    assert secret.public_ref not in str(refused.value.__dict__)


def test_what_was_noted_of_the_two_is_read_by_those_alone_who_may_read_both(db, world, outsiders, at):
    secret, plain, named = world
    with db.transaction() as session:
        said = {"references": (plain.public_ref, secret.public_ref), "version": 1, "note": "Hidden’s sister"}
        who = {"by": actor(named), "at": at, "council": load_council()}
        compare_households(session, said=Said.SAME, **said, **who)
    with db.reading() as session:
        for by, read in ((outsiders[0], []), (actor(named), ["Hidden’s sister"])):
            lines = queries.timeline(session, session.get_one(Enquiry, plain.id), by=by)
            assert [line.note for line in lines if line.note] == read
            exported = notes_of(session, [plain.id], by=by)[plain.id]
            assert [line.partition(": ")[2] for line in exported] == read
