"""The outbox: what HR sees, edits, holds and sends; nothing leaves otherwise, and nothing leaves twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.applications.candidates.download import application_record
from portal.applications.models import Application, ApplicationHistory, CandidateMessage
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import HistoryKind, MessageState
from portal.core.audit import AuditEvent
from portal.core.database import Database
from portal.core.mail import MailStatus, OutgoingMail
from tests.support.applications import make_application, make_message
from tests.support.builders import AT, make_vacancy
from tests.support.client import SAME_ORIGIN
from tests.support.edges import body_of
from tests.support.mailbox import Mailbox
from tests.support.people import SignIn

OUTBOX = "/staff/applications/answers"


@pytest.fixture
def made(db: Database) -> Any:
    """Makes a vacancy with applications and an answer each; gives the references."""

    def make(
        count: int = 1, status: Status = Status.NOT_SHORTLISTED, **changes: Any
    ) -> tuple[str, list[str]]:
        with db.transaction() as session:
            vacancy = make_vacancy(session)
            rows = [make_application(session, vacancy, status=status) for _ in range(count)]
            for row in rows:
                make_message(session, row, **changes)
            return vacancy.reference, [row.reference for row in rows]

    return make


def rows_of(db: Database, reference: str) -> tuple[Application, CandidateMessage]:
    with db.reading() as session:
        application = session.scalars(select(Application).where(Application.reference == reference)).one()
        wanted = select(CandidateMessage).where(CandidateMessage.application_id == application.id)
        return application, session.scalars(wanted).one()


def test_one_is_sent_with_everything_that_belongs_to_it(
    db: Database, sign_in: SignIn, made: Any, mailbox: Mailbox
) -> None:
    vacancy, [reference] = made()
    hr = sign_in("hr")
    page = hr.get(f"{OUTBOX}/{vacancy}/{reference}")
    shown = page.page.first("div", class_="mail__body").text
    answer = hr.post_form(f"{OUTBOX}/{vacancy}/{reference}", action=f"{OUTBOX}/{vacancy}/{reference}")
    assert answer.status_code == 303
    application, message = rows_of(db, reference)
    with db.reading() as session:
        mail = session.scalars(select(OutgoingMail)).one()
        told = select(ApplicationHistory).where(ApplicationHistory.kind == HistoryKind.TOLD)
        entry = session.scalars(told).one()
        assert session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)).all() == [
            *["application.answer_read"] * 2,
            "application.answer_sent",
        ]
    assert (mail.to, mail.subject, mail.body) == (application.email, message.subject, message.body)
    assert " ".join(shown.split()) == " ".join(mail.body.split())
    assert mail.about == reference
    assert (message.state, message.mail_id, message.sent_by_id) == (MessageState.SENT, mail.id, hr.person.id)
    assert application.told_status is Status.NOT_SHORTLISTED
    assert application.answered_at == message.sent_at == entry.at
    assert entry.to_status is Status.NOT_SHORTLISTED


def test_looking_changes_nothing(db: Database, sign_in: SignIn, made: Any, mailbox: Mailbox) -> None:
    vacancy, [reference] = made()
    hr = sign_in("hr")
    for path in ("", f"/{vacancy}", f"/{vacancy}/send", *(
        f"/{vacancy}/{reference}{page}" for page in ("", "/edit", "/hold", "/resume")
    )):  # fmt: skip
        assert hr.get(OUTBOX + path).status_code == 200
    application, message = rows_of(db, reference)
    assert (message.state, message.version, application.version) == (MessageState.DRAFT, 1, 1)
    with db.reading() as session:
        assert session.scalars(select(OutgoingMail)).all() == []


def test_only_an_outcome_stops_the_clock_and_only_the_first(db: Database, sign_in: SignIn, made: Any) -> None:
    vacancy, [reference] = made(status=Status.SHORTLISTED)
    hr = sign_in("hr")
    path = f"{OUTBOX}/{vacancy}/{reference}"
    hr.post_form(path, action=path)
    application, _message = rows_of(db, reference)
    assert (application.told_status, application.answered_at) == (Status.SHORTLISTED, None)
    with db.transaction() as session:
        row = session.get_one(Application, application.id)
        row.status, row.answered_at = Status.OFFERED, AT
        session.flush()
        make_message(session, row)
    hr.post_form(path, action=path)
    with db.reading() as session:
        again = session.get_one(Application, application.id)
        assert (again.told_status, again.answered_at) == (Status.OFFERED, AT)


def test_under_the_veil_nobody_is_named_and_afterwards_they_are(
    db: Database, sign_in: SignIn, made: Any
) -> None:
    vacancy, [reference] = made()
    hr = sign_in("hr")
    application, _message = rows_of(db, reference)
    secrets = (application.family_name, application.email, application.given_names)
    paths = ("", f"/{vacancy}", f"/{vacancy}/send", f"/{vacancy}/{reference}", f"/{vacancy}/{reference}/edit")
    for path in paths:
        assert not [word for word in secrets if word in hr.get(OUTBOX + path).text]
    with db.transaction() as session:
        session.get_one(Application, application.id).shortlisted_at = AT
    assert application.email in hr.get(f"{OUTBOX}/{vacancy}/{reference}").text


def test_an_answer_that_is_not_true_any_more_is_not_sent(
    db: Database, sign_in: SignIn, made: Any, mailbox: Mailbox
) -> None:
    vacancy, [reference] = made(status=Status.SHORTLISTED)
    hr = sign_in("hr")
    path = f"{OUTBOX}/{vacancy}/{reference}"
    page = hr.get(path)
    token = page.page.first("input", name="csrf_token")["value"]
    application, _message = rows_of(db, reference)
    with db.transaction() as session:
        session.get_one(Application, application.id).status = Status.WITHDRAWN
    answer = hr.post(path, data={"csrf_token": token, "version": "1", "form_end": "1"})
    assert answer.status_code == 409
    assert "The application has moved on" in answer.text
    assert hr.get(path).status_code == 404
    assert reference not in hr.get(f"{OUTBOX}/{vacancy}").text
    with db.transaction() as session:
        session.get_one(Application, application.id).status = Status.SHORTLISTED
    assert hr.get(path).status_code == 200  # the withdrawal was undone
    with db.reading() as session:
        assert session.scalars(select(OutgoingMail)).all() == []


def test_what_a_colleague_changed_meanwhile_is_shown_and_not_sent(
    db: Database, sign_in: SignIn, made: Any
) -> None:
    vacancy, [reference] = made()
    one, other = sign_in("hr"), sign_in("hr")
    path = f"{OUTBOX}/{vacancy}/{reference}"
    token = one.get(path).page.first("input", name="csrf_token")["value"]
    edit = one.get(f"{path}/edit")
    assert edit.status_code == 200
    saved = other.post_form(f"{path}/edit", {"body": "Dear applicant\n\nOther words.", "subject": "News"})
    assert saved.status_code == 303
    sent = one.post(path, data={"csrf_token": token, "version": "1", "form_end": "1"})
    assert sent.status_code == 409
    assert "Other words." in sent.text
    typed = {"csrf_token": token, "version": "1", "form_end": "1", "subject": "Mine", "body": "My own words."}
    stale = one.post(f"{path}/edit", data=typed)
    assert stale.status_code == 409
    assert "Other words." in stale.text
    assert "My own words." in stale.page.first("textarea", name="body").text
    assert rows_of(db, reference)[1].state is MessageState.DRAFT
    version = stale.page.first("input", name="version")["value"]
    assert one.post(f"{path}/edit", data={**typed, "version": version}).status_code == 303
    assert rows_of(db, reference)[1].body == "My own words.\n"


def test_an_edit_keeps_its_limits_and_what_was_typed(sign_in: SignIn, made: Any) -> None:
    vacancy, [reference] = made()
    hr = sign_in("hr")
    path = f"{OUTBOX}/{vacancy}/{reference}/edit"
    answer = hr.post_form(path, {"subject": "s" * 151, "body": "b" * 10_001})
    assert answer.status_code == 422
    assert "s" * 151 in answer.text
    assert "b" * 10_001 in answer.text
    assert len(answer.page.errors) == 2
    assert hr.post_form(path, {"subject": " ", "body": " "}).status_code == 422


def test_what_is_held_is_not_sent_alone_or_with_others_until_it_is_taken_off_hold(
    db: Database, sign_in: SignIn, made: Any
) -> None:
    vacancy, [held, free] = made(2)
    hr = sign_in("hr")
    path = f"{OUTBOX}/{vacancy}/{held}"
    assert hr.post_form(f"{path}/hold", {"reason": ""}).status_code == 422
    assert hr.post_form(f"{path}/hold", {"reason": "Talk to the panel first"}).status_code == 303
    page = hr.get(f"{OUTBOX}/{vacancy}/send")
    assert "Send 1 answer?" in page.text
    assert "Talk to the panel first" in page.text
    token = page.page.first("input", name="csrf_token")["value"]
    data = {"csrf_token": token, "form_end": "1", "chosen": [f"{held}.2", f"{free}.1"]}
    answer = hr.post(f"{OUTBOX}/{vacancy}/send", data=data)
    assert answer.location.endswith("?sent=1&left=1")
    assert "1 answer not sent" in hr.get(answer.location).text
    refused = hr.post(path, data={"csrf_token": token, "form_end": "1", "version": "2"})
    assert refused.status_code == 409
    assert hr.post_form(f"{path}/resume").status_code == 303
    assert hr.post_form(path, action=path).status_code == 303
    assert rows_of(db, held)[1].state is MessageState.SENT


@pytest.mark.parametrize("chosen", ["APP-\x00AAAA.1", "\ud800.1", "APP-23456789.²", "." * 900, ""])
def test_what_names_no_answer_sends_none(db: Database, sign_in: SignIn, made: Any, chosen: str) -> None:
    vacancy, [one] = made(1)
    hr = sign_in("hr")
    token = hr.get(f"{OUTBOX}/{vacancy}/send").page.first("input", name="csrf_token")["value"]
    body = body_of({"csrf_token": token, "chosen": chosen, "form_end": "1"})
    kind = "application/x-www-form-urlencoded"
    answer = hr.post(f"{OUTBOX}/{vacancy}/send", data=body, content_type=kind, headers=SAME_ORIGIN)
    assert answer.status_code in (303, 422)
    assert rows_of(db, one)[1].state is MessageState.DRAFT


def test_continuing_with_none_selected_never_offers_to_send_them_all(
    db: Database, sign_in: SignIn, made: Any
) -> None:
    vacancy, [one, _two] = made(2)
    hr = sign_in("hr")
    action = hr.get(f"{OUTBOX}/{vacancy}").page.first("form", method="get")
    carried = {field["name"]: field["value"] for field in action.all("input", type="hidden")}
    answer = hr.get(f"{OUTBOX}/{vacancy}/send?{urlencode(carried)}")
    assert answer.location == f"{OUTBOX}/{vacancy}?nothing=1"
    again = hr.get(answer.location)
    assert again.status_code == 422
    assert "Select at least one answer" in again.text
    assert "Send 1 answer?" in hr.get(f"{OUTBOX}/{vacancy}/send?{urlencode({**carried, 'only': one})}").text
    assert "Send 2 answers?" in hr.get(f"{OUTBOX}/{vacancy}/send").text


def test_only_those_that_were_ticked_are_sent(db: Database, sign_in: SignIn, made: Any) -> None:
    vacancy, [one, two, three] = made(3)
    hr = sign_in("hr")
    answer = hr.post_form(
        f"{OUTBOX}/{vacancy}/send?only={one}&only={three}", action=f"{OUTBOX}/{vacancy}/send"
    )
    assert answer.location.endswith("?sent=2&left=0")
    states = [rows_of(db, reference)[1].state for reference in (one, two, three)]
    assert states == [MessageState.SENT, MessageState.DRAFT, MessageState.SENT]


def test_a_double_click_and_parallel_posts_send_each_once(
    db: Database, sign_in: SignIn, made: Any, make_client: Any
) -> None:
    vacancy, references = made(4)
    clients = [sign_in("hr") for _ in range(4)]
    path = f"{OUTBOX}/{vacancy}/send"
    data = []
    for client in clients:
        page = client.get(path).page
        token = page.first("input", name="csrf_token")["value"]
        data.append({"csrf_token": token, "form_end": "1", "chosen": [f"{one}.1" for one in references]})
    pairs = [*zip(clients, data, strict=True)]
    with ThreadPoolExecutor(4) as pool:
        answers = [*pool.map(lambda pair: pair[0].post(path, data=pair[1]), pairs)]
    assert {answer.status_code for answer in answers} == {303}
    said = [parse_qs(answer.location.partition("?")[2]) for answer in answers]
    assert sum(int(one["sent"][0]) for one in said) == 4
    assert {one["left"][0] for one in said} == {"0"}
    again = clients[0].post(path, data=data[0])
    assert again.location.endswith("?sent=0&left=0&before=4")
    assert "4 answers had been sent before" in clients[0].get(again.location).text
    with db.reading() as session:
        assert len(session.scalars(select(OutgoingMail)).all()) == 4
        assert (
            len(session.scalars(select(ApplicationHistory).where(ApplicationHistory.kind == "told")).all())
            == 4
        )


def test_a_mail_that_was_given_up_shows_on_its_answer_and_in_the_outbox(
    db: Database, sign_in: SignIn, made: Any
) -> None:
    vacancy, [reference] = made()
    hr = sign_in("hr")
    path = f"{OUTBOX}/{vacancy}/{reference}"
    hr.post_form(path, action=path)
    with db.transaction() as session:
        mail = session.scalars(select(OutgoingMail)).one()
        mail.status, mail.last_error = MailStatus.FAILED, "smtp-550"
    assert "could not be delivered" in hr.get(path).text
    assert reference in hr.get(OUTBOX).page.first("main").text


def test_hr_alone_sends(db: Database, sign_in: SignIn, made: Any) -> None:
    vacancy, [reference] = made()
    manager = sign_in("hiring_manager")
    assert {manager.get(f"{OUTBOX}{path}").status_code for path in ("", f"/{vacancy}/{reference}")} == {403}


def test_a_reference_of_another_vacancy_finds_nothing(sign_in: SignIn, made: Any) -> None:
    vacancy, _ = made()
    _, [other] = made()
    assert sign_in("hr").get(f"{OUTBOX}/{vacancy}/{other}").status_code == 404


def test_the_outbox_says_what_waits_longest_first(db: Database, sign_in: SignIn, made: Any) -> None:
    newer, _ = made()
    older, _ = made(2, written_at=AT - timedelta(days=9))
    text = sign_in("hr").get(OUTBOX).page.first("main").text
    assert text.index(older) < text.index(newer)


def test_an_address_that_cannot_be_used_is_named_and_the_others_are_sent(
    db: Database, sign_in: SignIn, made: Any
) -> None:
    vacancy, [good, bad] = made(2)
    hr = sign_in("hr")
    token = hr.get(f"{OUTBOX}/{vacancy}/send").page.first("input", name="csrf_token")["value"]
    with db.transaction() as session:
        row = session.scalars(select(Application).where(Application.reference == bad)).one()
        row.email = "two@example.org, addresses@example.org"
    data = {"csrf_token": token, "form_end": "1", "chosen": [f"{bad}.1", f"{good}.1"]}
    answer = hr.post(f"{OUTBOX}/{vacancy}/send", data=data)
    assert answer.location.endswith("?sent=1&left=1")
    said = hr.get(answer.location)
    assert f"The email address of {bad} cannot be used" in said.text
    assert "Send all that are ready" not in said.text
    assert rows_of(db, good)[1].state is MessageState.SENT
    assert rows_of(db, bad)[1].state is MessageState.DRAFT
    page = hr.get(f"{OUTBOX}/{vacancy}/send").page.first("main").text
    assert "Nothing to send" in page
    assert "cannot be used" in page
    alone = hr.post_form(f"{OUTBOX}/{vacancy}/{bad}", action=f"{OUTBOX}/{vacancy}/{bad}")
    assert alone.status_code == 409
    assert "reach the candidate another way" in alone.text


def test_where_everything_is_on_hold_no_sending_is_offered(sign_in: SignIn, made: Any) -> None:
    held = {"state": MessageState.HELD, "held_reason": "Talk to the panel", "held_at": AT}
    vacancy, _ = made(2, held_by_name="Harper Example", **held)
    page = sign_in("hr").get(f"{OUTBOX}/{vacancy}").page.first("main").text
    assert "Talk to the panel" in page
    assert "Send all that are ready" not in page
    assert "Continue with those selected" not in page


def test_whoever_sees_a_list_of_answers_is_noted(db: Database, sign_in: SignIn, made: Any) -> None:
    vacancy, _ = made(2)
    hr = sign_in("hr")
    hr.get(f"{OUTBOX}/{vacancy}")
    hr.get(f"{OUTBOX}/{vacancy}/send")
    with db.reading() as session:
        noted = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [(event.event, event.subject, event.facts) for event in noted] == [
        ("application.outbox_read", vacancy, {"list": "waiting", "shown": 2}),
        ("application.outbox_read", vacancy, {"list": "sending", "shown": 2}),
    ]


@pytest.mark.parametrize(
    ("preferred", "called"),
    [
        (None, "Amina"),
        ("Zé-Marie  O’Neil", "Zé-Marie O’Neil"),
        ("see https://evil.example", "applicant"),
        ("Amina\nBcc: them", "applicant"),
        ("x" * 61, "applicant"),
        ("- -", "applicant"),
    ],
)
def test_the_mail_calls_the_person_as_they_ask_and_pages_only_after_the_veil(
    db: Database, sign_in: SignIn, made: Any, preferred: str | None, called: str
) -> None:
    vacancy, [reference] = made(body="Dear [name]\n\nThank you.\n")
    with db.transaction() as session:
        row = session.scalars(select(Application).where(Application.reference == reference)).one()
        row.given_names, row.preferred_name = "Amina", preferred
    hr, path = sign_in("hr"), f"{OUTBOX}/{vacancy}/{reference}"
    assert "Dear [name]" in hr.get(path).text
    hr.post_form(path, action=path)
    with db.transaction() as session:
        mail = session.scalars(select(OutgoingMail)).one()
        assert mail.body == f"Dear {called}\n\nThank you.\n"
        assert called not in mail.subject
        wanted = select(Application).where(Application.reference == reference)
        row = session.scalars(wanted.options(joinedload(Application.vacancy))).one()
        assert application_record(session, row)["messages"][0]["body"] == mail.body, "their own copy"
    sent = hr.get(path)
    assert "Dear [name]" in sent.text, "what was sent names nobody either while they are hidden"
    with db.transaction() as session:
        session.get_one(Application, row.id).shortlisted_at = AT
    assert f"Dear {called}" in hr.get(path).page.first("div", class_="mail__body").text


def test_a_subject_names_nobody(sign_in: SignIn, made: Any) -> None:
    vacancy, [reference] = made()
    answer = sign_in("hr").post_form(f"{OUTBOX}/{vacancy}/{reference}/edit", {"subject": "News for [name]"})
    assert answer.status_code == 422
    assert answer.page.errors == ["Take [name] out of the subject: it is filled in the message only"]
