"""What is kept of an advert goes with the advert, and only open ones are kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import page_cache
from portal.core.page_cache import note_publication
from portal.vacancies.models import Vacancy
from tests.support.builders import make_vacancy


@pytest.fixture(autouse=True)
def look_each_time(monkeypatch):
    monkeypatch.setattr(page_cache, "LOOK_EVERY", 0.0)


@pytest.fixture
def workers(make_app, db, at):
    """Two processes, and one advert."""
    with db.transaction() as session:
        make_vacancy(session, slug="keeper", title="Lighthouse keeper", closes_at=at + timedelta(hours=1))
    return make_app(page_cache_seconds=600), make_app(page_cache_seconds=600)


def kept_by(worker) -> list[str]:
    """The addresses of adverts in its memory."""
    facts = worker.extensions["portal.kept_facts"].facts
    return [key[1] for key in facts if isinstance(key, tuple) and key[0] == "vacancies.advert"]


def change(db, at, **values) -> None:
    with db.transaction() as session:
        vacancy = session.scalars(select(Vacancy)).one()
        for name, value in values.items():
            setattr(vacancy, name, value)
        note_publication(session, at)


def test_an_advert_reads_the_same_whatever_list_it_was_found_in(workers, make_client, at, statements):
    client = make_client(workers[0])
    with time_machine.travel(at, tick=False):
        plain = client.get("/vacancies/keeper").page
        with statements() as found:
            other = client.get("/vacancies/keeper?q=light&pattern=part_time").page
    assert not [one for one in found if "FROM publications" not in one]
    assert other.main.text == plain.main.text
    assert "/vacancies?q=light&pattern=part_time" in other.links()
    assert "/vacancies?q=light&pattern=part_time" not in plain.links()


def test_what_is_changed_or_withdrawn_is_gone_from_every_worker(workers, make_client, db, at):
    clients = [make_client(worker) for worker in workers]
    with time_machine.travel(at, tick=False):
        for number in (1, 2):
            assert [client.get(f"/vacancies/keeper?page={number}").page.h1 for client in clients] == [
                "Lighthouse keeper"
            ] * 2
        change(db, at, title="Heron keeper")
        assert {client.get("/vacancies/keeper?page=3").page.h1 for client in clients} == {"Heron keeper"}
        change(db, at, cancelled_at=at)
        for client in clients:
            answer = client.get("/vacancies/keeper?page=4")
            assert "We withdrew this vacancy" in answer.page.main.text
            assert answer.headers["X-Robots-Tag"] == "noindex"
        change(db, at, approved_at=None, submitted_at=None, cancelled_at=None)
        assert {client.get("/vacancies/keeper?page=5").status_code for client in clients} == {404}


def test_an_advert_closes_on_time_without_a_publication(workers, make_client, at):
    client = make_client(workers[0])
    with time_machine.travel(at + timedelta(minutes=59), tick=False):
        assert "Email me similar vacancies" in client.get("/vacancies/keeper?page=1").page.main.text
    with time_machine.travel(at + timedelta(hours=1), tick=False):
        assert "This vacancy closed" in client.get("/vacancies/keeper?page=2").page.main.text


def test_only_open_adverts_are_kept(workers, make_client, db, at):
    client = make_client(workers[0])
    with db.transaction() as session:
        make_vacancy(session, slug="over", closes_at=at - timedelta(hours=1))
    with time_machine.travel(at, tick=False):
        statuses = [client.get(f"/vacancies/{slug}").status_code for slug in ("keeper", "over", "nothing")]
    assert statuses == [200, 200, 404]
    assert kept_by(workers[0]) == ["keeper"]
