"""The staff pages of applications: who sees which, lists, search, one application, notes, audit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.applications.history.options import Flag
from portal.applications.models import Application, ApplicationHistory
from portal.applications.options import ApplicationStatus as Status
from portal.applications.options import HistoryKind, RightToWork
from portal.core.audit import AuditEvent
from portal.core.database import Database
from tests.support.applications import make_application
from tests.support.builders import AT, make_vacancy
from tests.support.client import JudgingClient
from tests.support.people import SignIn

HOME = "/staff/applications"


pytestmark = pytest.mark.usefixtures("at_rest")


def snapshot(**texts: str) -> dict[str, Any]:
    """A snapshot with a name in the details and words in the statement."""

    def part(slug: str, *names: str) -> dict[str, Any]:
        rows = [
            {"name": name, "question": f"About {name}", "text": texts.get(name, ""), "answer": "x"}
            for name in names
        ]
        group = {"step": slug, "heading": "", "item": None, "rows": rows}
        return {"slug": slug, "title": slug.title(), "groups": [group]}

    sections = [part("details", "given_names", "email"), part("statement", "statement")]
    return {"journey": "application", "version": "1", "title": "Apply", "sections": sections}


def made(db: Database, **changes: Any) -> tuple[str, str]:
    """References of a vacancy and of an application to it; `vacancy_…` are the vacancy’s."""
    of_vacancy = {k.removeprefix("vacancy_"): v for k, v in changes.items() if k.startswith("vacancy_")}
    rest = {k: v for k, v in changes.items() if not k.startswith("vacancy_")}
    with db.transaction() as session:
        vacancy = make_vacancy(session, **of_vacancy)
        return vacancy.reference, make_application(session, vacancy, **rest).reference


def address(vacancy: str, application: str, page: str = "") -> str:
    return f"{HOME}/{vacancy}/{application}{page}"


def rows(answer: Any) -> list[str]:
    return [row.text for row in answer.page.all("tr")[1:]]


# Who sees which


def test_the_vacancies_with_new_applications_come_first(db: Database, hr: JudgingClient) -> None:
    made(db, vacancy_title="Seen before", status=Status.SHORTLISTED, submitted_at=AT)
    made(db, vacancy_title="One is new", submitted_at=AT - timedelta(days=5))
    with db.transaction() as session:
        make_vacancy(session, title="Nobody applied")
    found = rows(hr.get(HOME))
    assert ["One is new" in found[0], "Seen before" in found[1], len(found)] == [True, True, 2]
    assert "1 not looked at" in found[0]


def test_a_decision_date_that_has_passed_is_said(db: Database, hr: JudgingClient) -> None:
    made(db, vacancy_decision_promised_on=(AT - timedelta(days=1)).date())
    answer = hr.get(HOME)
    assert "22 Nov 2026, passed" in rows(answer)[0]
    assert "1 decision date has passed" in answer.text


def test_pages_of_vacancies_hold_each_once(db: Database, hr: JudgingClient) -> None:
    for number in range(60):
        made(db, vacancy_title=f"Post {number}", submitted_at=AT - timedelta(hours=number // 7))
    seen, path = [], HOME
    for _page in range(3):
        answer = hr.get(path)
        seen += [row.split("SCC-")[0] for row in rows(answer)]
        further = [link.get("href") for link in answer.page.all("a") if link.get("rel") == "next"]
        path = further[0] if further else ""
    assert not path
    assert len(seen) == len(set(seen)) == 60


ROLES = ["hr", "hiring_manager", "fostering", "admin"]
PAGES = ["list", "find", "application", "move", "change", "changed"]


def path_of(page: str, vacancy: str, application: str) -> str:
    return {
        "list": f"{HOME}/{vacancy}",
        "find": f"{HOME}/{vacancy}/find",
        "application": address(vacancy, application),
        "move": address(vacancy, application, "/move/sifting"),
        "change": f"{HOME}/{vacancy}/change?to=sifting&ref={application}",
        "changed": f"{HOME}/{vacancy}/changed",
    }[page]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_its_own_applications_and_no_other(
    db: Database, sign_in: SignIn, role: str, page: str
) -> None:
    client = sign_in(role)
    own = made(db, vacancy_hiring_manager_id=client.person.id)
    foreign = made(db)
    mixed = (own[0], foreign[1])
    seen = {"hr": (200, 200), "hiring_manager": (200, 404)}.get(role, (403, 403))
    if page == "changed" and seen[0] == 200:
        seen = (303, 303 if role == "hr" else 404)
    statuses = tuple(client.get(path_of(page, *of)).status_code for of in (own, foreign))
    assert statuses == seen
    if page in ("application", "move") and seen[0] == 200:
        nowhere = client.get(path_of(page, own[0], "APP-22222222"))
        elsewhere = client.get(path_of(page, *mixed))
        assert nowhere.status_code == elsewhere.status_code == 404
        assert nowhere.page.first("main").text == elsewhere.page.first("main").text


POSTS = [
    ("/move/sifting", {"note": ""}),
    ("/undo", {"entry": "1", "version": "1"}),
    ("/notes", {"text": "No"}),
]


@pytest.mark.parametrize(("page", "data"), POSTS)
def test_nobody_changes_an_application_of_somebody_elses_vacancy(
    db: Database, sign_in: SignIn, page: str, data: dict[str, str]
) -> None:
    manager = sign_in("hiring_manager")
    own = made(db, vacancy_hiring_manager_id=manager.person.id)
    foreign = made(db)
    form = manager.get(address(*own)).page.all("form")[-1]
    carried = {one["name"]: one.get("value") for one in form.all("input")}
    for target in (foreign, (own[0], foreign[1]), (foreign[0], own[1])):
        answer = manager.post(
            address(*target, page), data={**carried, **data}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status_code == 404
    with db.reading() as session:
        assert set(session.scalars(select(Application.status))) == {Status.SUBMITTED}


def test_the_list_of_a_hiring_manager_is_their_own(db: Database, sign_in: SignIn) -> None:
    manager = sign_in("hiring_manager")
    made(db, vacancy_title="Somebody else’s")
    assert "Nobody has applied to a vacancy of yours yet" in manager.get(HOME).text
    made(db, vacancy_title="Theirs", vacancy_hiring_manager_id=manager.person.id)
    answer = manager.get(HOME)
    assert len(rows(answer)) == 1
    assert "1 new application, 1 without an outcome" in answer.text


# The veil


def test_an_anonymised_advert_shows_references_and_no_names(db: Database, hr: JudgingClient) -> None:
    texts = snapshot(given_names="Zephyrine", email="zephyrine@example.com", statement="I know the city.")
    vacancy, application = made(
        db, given_names="Zephyrine", family_name="Quillfeather", email="zephyrine@example.com", snapshot=texts
    )
    for page in (
        f"{HOME}/{vacancy}",
        address(vacancy, application),
        address(vacancy, application, "/move/sifting"),
    ):
        answer = hr.get(page)
        assert "ephyrine" not in answer.text
        assert "Quillfeather" not in answer.text
        assert application in answer.text
    shown = hr.get(address(vacancy, application))
    assert "I know the city." in shown.text
    assert "Hidden until shortlisted" in shown.text
    assert "SW" not in " ".join(code.text for code in shown.page.all("code"))


def test_names_are_shown_once_shortlisted_and_where_the_advert_is_open(
    db: Database, hr: JudgingClient
) -> None:
    texts = snapshot(given_names="Zephyrine", statement="I know the city.")
    same = {"given_names": "Zephyrine", "snapshot": texts, "registration_number": "SW4711"}
    shortlisted = made(db, status=Status.SHORTLISTED, shortlisted_at=AT, **same)
    opened = made(db, vacancy_anonymise_shortlisting=False, **same)
    for vacancy, application in (shortlisted, opened):
        answer = hr.get(address(vacancy, application))
        assert "Zephyrine" in answer.text
        assert answer.page.h1 == application
        assert [code.text for code in answer.page.all("code")] == ["SW4711"]
        assert "SW4711" not in str([link.get("href") for link in answer.page.all("a")])


@pytest.mark.parametrize(
    ("right", "said"),
    [
        (RightToWork.SPONSORSHIP, "Right to work: would need sponsorship"),
        (RightToWork.LIMITED, "Right to work: with a time limit"),
        (RightToWork.UNSURE, "Right to work: is not sure"),
        (RightToWork.UNLIMITED, ""),
    ],
)
def test_the_right_to_work_is_seen_before_shortlisting_and_the_name_is_not(
    db: Database, sign_in: SignIn, right: RightToWork, said: str
) -> None:
    manager = sign_in("hiring_manager")
    who = {"given_names": "Zephyrine", "family_name": "Quillfeather", "right_to_work": right}
    vacancy, application = made(db, vacancy_hiring_manager_id=manager.person.id, **who)
    for page in (f"{HOME}/{vacancy}", address(vacancy, application)):
        answer = manager.get(page)
        marks = [element.text for element in answer.page.main.all("strong", "li")]
        assert (said in marks) is bool(said), marks
        assert ("Right to work:" in answer.page.main.text) is bool(said)
        assert "Quillfeather" not in answer.text
        assert "ephyrine" not in answer.text


def test_the_list_says_what_each_flag_is_about(db: Database, hr: JudgingClient) -> None:
    vacancy, application = made(db, flags=[flag.value for flag in Flag])
    (row,) = rows(hr.get(f"{HOME}/{vacancy}"))
    for words in ("A referee may be family", "Look at a referee’s email address", "Has not worked"):
        assert words in row
    page = hr.get(address(vacancy, application)).page
    assert [flag.label for flag in Flag if flag.label not in page.main.text] == []


@pytest.mark.parametrize("admitted", [False, True])
def test_minutes_of_grace_and_an_admission_are_told_apart(
    db: Database, hr: JudgingClient, *, admitted: bool
) -> None:
    vacancy, application = made(db, late=True)
    if admitted:
        with db.transaction() as session:
            row = session.scalars(select(Application).where(Application.reference == application)).one()
            kind = HistoryKind.ADMITTED_LATE
            entry = ApplicationHistory(application_id=row.id, at=AT, kind=kind, by_name="Harper Example")
            session.add(entry)
    said = ["Sent just after closing, within the time allowed", "Sent after closing, admitted late by HR"]
    for path in (f"{HOME}/{vacancy}", address(vacancy, application)):
        text = hr.get(path).page.main.text
        assert [words in text for words in said] == [not admitted, admitted], path


def test_on_a_phone_the_rows_come_before_all_but_the_lists(db: Database, hr: JudgingClient) -> None:
    """What narrows the list is folded; what is done with it stands below it."""
    vacancy, application = made(db)
    page = hr.get(f"{HOME}/{vacancy}").page
    folded = page.main.first("details")
    assert folded.first("input", name="q") is not None
    assert "with a flag" in folded.text
    assert "Order" in folded.text
    order = [
        "row" if element.get("href", "").endswith(application) else element.get("id") or element.text
        for element in page.main.all("a", "select", "details")
    ]
    row = order.index("row")
    assert row < order.index("to") < order.index("Export")
    assert row < order.index("The advert")
    assert not folded.get("open")
    narrowed = hr.get(f"{HOME}/{vacancy}?tab=new&only=flags").page
    assert "with a flag" in narrowed.main.first("summary").text


SECRETS = ["Quillfeather", "zephyrine", "quill zeph", "zephyrine@example.com", "01632 960777"]


@pytest.mark.parametrize("words", SECRETS)
def test_who_is_veiled_cannot_be_found_by_what_is_hidden(db: Database, hr: JudgingClient, words: str) -> None:
    who = {
        "given_names": "Zephyrine",
        "family_name": "Quillfeather",
        "name_key": "quillfeather zephyrine",
        "email": "zephyrine@example.com",
        "phone": "+441632960777",
    }
    with db.transaction() as session:
        vacancy = make_vacancy(session)
        hidden = make_application(session, vacancy, **who).reference
        away = make_application(session, vacancy, status=Status.NOT_SHORTLISTED, **who).reference
        named = make_application(
            session, vacancy, status=Status.SHORTLISTED, shortlisted_at=AT, **who
        ).reference
        elsewhere = make_application(session, status=Status.SHORTLISTED, shortlisted_at=AT, **who).reference
    page = f"{HOME}/{vacancy.reference}/find"
    found = " ".join(rows(hr.follow(hr.post_form(page, {"q": words}))))
    assert named in found
    assert not [one for one in (hidden, away, elsewhere) if one in found]


@pytest.mark.parametrize(
    "say", [str, str.lower, lambda text: text.removeprefix("APP-"), lambda text: text[:8]]
)
def test_everybody_is_found_by_reference(db: Database, hr: JudgingClient, say: Any) -> None:
    vacancy, application = made(db)
    answer = hr.follow(hr.post_form(f"{HOME}/{vacancy}/find", {"q": say(application)}))
    assert application in rows(answer)[0]


@pytest.mark.parametrize("words", ["%", "_", "a", "'; --", "APP", "\U0001f600", "x" * 120, "@"])
def test_a_search_that_fits_nobody_says_so(db: Database, hr: JudgingClient, words: str) -> None:
    vacancy, _application = made(db, vacancy_anonymise_shortlisting=False)
    answer = hr.follow(hr.post_form(f"{HOME}/{vacancy}/find", {"q": words}))
    assert "No application to this vacancy is found by that" in answer.text


def test_an_empty_search_is_refused_and_no_name_is_in_an_address(db: Database, hr: JudgingClient) -> None:
    vacancy, _application = made(db)
    assert hr.post_form(f"{HOME}/{vacancy}/find", {"q": " "}).status_code == 422
    assert "Amina" not in hr.post_form(f"{HOME}/{vacancy}/find", {"q": "Amina"}).location


def test_nobody_is_put_in_order_by_a_hidden_name(db: Database, hr: JudgingClient) -> None:
    with db.transaction() as session:
        vacancy = make_vacancy(session)
        for minutes, name in enumerate(("zeta", "alpha", "mu")):
            given = {
                "name_key": name,
                "family_name": name,
                "submitted_at": AT - timedelta(minutes=9 - minutes),
            }
            make_application(session, vacancy, **given)
            make_application(session, vacancy, status=Status.SHORTLISTED, shortlisted_at=AT, **given)
            make_application(session, vacancy, status=Status.NOT_SHORTLISTED, **given)
    page = f"{HOME}/{vacancy.reference}"
    for tab in ("new", "not_progressing"):
        assert rows(hr.get(f"{page}?tab={tab}&sort=name")) == rows(hr.get(f"{page}?tab={tab}"))
        assert "Name" not in [link.text for link in hr.get(f"{page}?tab={tab}").page.all("a")]
    named = rows(hr.get(f"{page}?tab=shortlisted&sort=name"))
    assert ["alpha" in named[0], "mu" in named[1], "zeta" in named[2]] == [True] * 3


# Lists


def test_the_lists_have_their_counts_and_begin_with_the_first_that_has_any(
    db: Database, hr: JudgingClient
) -> None:
    with db.transaction() as session:
        vacancy = make_vacancy(session)
        for status in (Status.SHORTLISTED, Status.INTERVIEWED, Status.INTERVIEW_INVITED, Status.WITHDRAWN):
            make_application(session, vacancy, status=status, shortlisted_at=AT)
    answer = hr.get(f"{HOME}/{vacancy.reference}")
    tabs = [link.text for link in answer.page.all("a") if "tabs__link" in link.get("class", "")]
    assert tabs == ["New 0", "Not progressing 1", "Shortlisted 1", "Interviewing 2", "Job offered 0"]
    assert len(rows(answer)) == 1


@pytest.mark.parametrize("sort", ["oldest", "newest", "name"])
def test_pages_of_a_list_hold_everybody_once_and_in_order(db: Database, hr: JudgingClient, sort: str) -> None:
    with db.transaction() as session:
        vacancy = make_vacancy(session, anonymise_shortlisting=False)
        for number in range(120):
            make_application(
                session,
                vacancy,
                submitted_at=AT - timedelta(hours=number // 10),
                name_key=f"{number * 7 % 12:02}",
                status=(Status.SUBMITTED, Status.SIFTING, Status.RESERVE)[number % 3],
            )
    seen: list[str] = []
    path = f"{HOME}/{vacancy.reference}?tab=new&sort={sort}"
    while path:
        answer = hr.get(path)
        seen += [link.get("value") for link in answer.page.all("input") if link.get("name") == "ref"]
        further = [link.get("href") for link in answer.page.all("a") if link.get("rel") == "next"]
        path = further[0] if further else ""
    order = {
        "oldest": (Application.submitted_at, Application.id),
        "newest": (Application.submitted_at.desc(), Application.id.desc()),
        "name": (Application.name_key, Application.id),
    }[sort]
    with db.reading() as session:
        assert seen == list(session.scalars(select(Application.reference).order_by(*order)))


@pytest.mark.parametrize(
    "query", ["?tab=x&sort=y&only=z&after=q", "?after=APP-22222222", "?after=%00", "?tab=%F0"]
)
def test_an_address_with_nonsense_is_a_list(db: Database, hr: JudgingClient, query: str) -> None:
    vacancy, _application = made(db)
    assert len(rows(hr.get(f"{HOME}/{vacancy}{query}"))) == 1


@pytest.mark.parametrize(
    ("only", "changes"),
    [
        ("flags", {"flags": ["free_mail_referee"]}),
        ("gaps", {"gap_count": 2}),
        ("scheme", {"disability_confident": True}),
        ("scheme", {"other_schemes": ["care_leaver"]}),
    ],
)
def test_a_list_is_narrowed_to_what_is_to_be_looked_at(
    db: Database, hr: JudgingClient, only: str, changes: dict[str, Any]
) -> None:
    with db.transaction() as session:
        vacancy = make_vacancy(session)
        make_application(session, vacancy)
        wanted = make_application(session, vacancy, **changes).reference
    found = rows(hr.get(f"{HOME}/{vacancy.reference}?only={only}"))
    assert len(found) == 1
    assert wanted in found[0]


def test_the_one_before_and_the_one_after_are_those_of_the_list(db: Database, hr: JudgingClient) -> None:
    with db.transaction() as session:
        vacancy = make_vacancy(session)
        made_in_order = [
            make_application(
                session, vacancy, submitted_at=AT - timedelta(hours=9 - n), gap_count=n % 2
            ).reference
            for n in range(5)
        ]

    def around(reference: str, query: str) -> list[str]:
        page = hr.get(f"{address(vacancy.reference, reference)}{query}").page
        links = [link for link in page.all("a") if link.get("rel") in ("prev", "next")]
        return [link.get("href").split("?")[0].rsplit("/", 1)[1] for link in links]

    first, second, third, fourth, fifth = made_in_order
    assert around(second, "?tab=new") == [first, third]
    assert around(second, "?tab=new&sort=newest") == [third, first]
    assert around(second, "?tab=new&only=gaps") == [fourth]
    assert around(first, "?tab=new") == [second]
    assert around(fifth, "?tab=new") == [fourth]
    assert around(second, "?found=1") == []


# Notes and the audit


def test_a_note_is_kept_with_its_writer_and_cannot_be_changed(db: Database, hr: JudgingClient) -> None:
    vacancy, application = made(db)
    page = address(vacancy, application)
    assert "may ask to read" in hr.get(page).text
    answer = hr.follow(hr.post_form(page, {"text": "Asks about\nparking"}))
    assert "Asks about" in answer.text
    assert hr.person.name in answer.text
    empty = hr.post_form(page, {"text": ""})
    assert empty.status_code == 422
    assert "Enter a note" in " ".join(empty.page.errors)
    long = hr.post_form(page, {"text": "x" * 1001})
    assert long.status_code == 422
    assert "x" * 1001 in long.text


def test_each_read_is_in_the_audit_without_a_name(db: Database, hr: JudgingClient) -> None:
    vacancy, application = made(db)
    hr.get(f"{HOME}/{vacancy}")
    hr.get(address(vacancy, application))
    hr.follow(hr.post_form(f"{HOME}/{vacancy}/find", {"q": "Amina"}))
    with db.reading() as session:
        events = [
            (one.event, one.subject, one.facts)
            for one in session.scalars(select(AuditEvent).order_by(AuditEvent.id))
        ]
    assert events == [
        ("application.list_read", vacancy, {"list": "new", "searched": False, "shown": 1}),
        ("application.answers_read", application, {"vacancy": vacancy, "veiled": True}),
        ("application.list_read", vacancy, {"list": "search", "searched": True, "shown": 0}),
    ]


def test_a_list_offers_only_what_somebody_on_it_can_become(db: Database, hr: JudgingClient) -> None:
    vacancy, _application = made(db)

    def offered() -> list[str]:
        chooser = hr.get(f"/staff/applications/{vacancy}?tab=new").page.first("select", name="to")
        return [option["value"] for option in chooser.all("option") if option["value"]]

    assert offered() == ["sifting"]
    with db.transaction() as session:
        session.scalars(select(Application)).one().status = Status.SIFTING
    assert offered() == ["reserve", "shortlisted", "not_shortlisted"]
