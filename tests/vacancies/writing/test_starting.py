"""Beginning an advert: empty, from a template, as a copy, again; its reference and its address."""

from __future__ import annotations

import threading
from datetime import timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.access import Actor
from portal.core.database import Database
from portal.vacancies.models import Vacancy
from portal.vacancies.options import Outcome
from portal.vacancies.writing.models import VacancyDraft, VacancyTemplate
from portal.vacancies.writing.numbers import slug_of
from portal.vacancies.writing.service import Beginning, start_draft
from tests.support.builders import AT, make_vacancy
from tests.support.client import SAME_ORIGIN, JudgingClient, field_values, find_form
from tests.vacancies.writing.pages import START, begin, fill, in_days, on, prefix, send
from tests.vacancies.writing.samples import make_ready

BY = Actor(id=None, name="Robin Example", kind="staff")


def drafts(db: Database) -> list[VacancyDraft]:
    with db.reading() as session:
        return list(session.scalars(select(VacancyDraft).order_by(VacancyDraft.id)))


def an_advert(db: Database, **changes: object) -> str:
    with db.transaction() as session:
        return make_ready(session, clock.now(), **changes).reference


def ended(db: Database) -> str:
    """An advert that closed and was not filled."""
    past = clock.now() - timedelta(days=40)
    dates = {
        "submitted_at": past,
        "approved_at": past,
        "publish_at": past,
        "closes_at": past + timedelta(days=20),
    }
    return an_advert(db, **dates, outcome=Outcome.NOT_FILLED, outcome_at=clock.now(), posts_filled=0)


def test_a_copy_takes_everything_but_dates(hr: JudgingClient, db: Database) -> None:
    reference = an_advert(db, submitted_at=clock.now())
    answer = hr.post_form(START, {"begin_with": "copy", "copied": reference.lower()})
    assert answer.status_code == 303
    [draft] = drafts(db)
    assert (draft.title, draft.relisted, draft.reference != reference) == ("Social worker", False, True)
    page = hr.get(f"{prefix(draft.reference)}/publishing").page
    shown = field_values(find_form(page, {"publish_when"}, None))
    assert not shown.get("closes_on-day")
    assert not shown.get("publish_when")
    after = field_values(find_form(hr.get(f"{prefix(draft.reference)}/after").page, {"starts_on-day"}, None))
    assert not after["interview_1-day"]
    assert not after["decision_promised_on-day"]
    about = field_values(find_form(hr.get(f"{prefix(draft.reference)}/about").page, {"summary"}, None))
    assert about["summary"].startswith("Work with families")


def owner_shown(hr: JudgingClient, reference: str) -> str:
    page = hr.get(f"{prefix(reference)}/responsible").page
    return field_values(find_form(page, {"hr_owner"}, None))["hr_owner"]


def test_a_copy_is_looked_after_by_whoever_makes_it_where_nobody_did(hr: JudgingClient, db: Database) -> None:
    nobody = an_advert(db, submitted_at=clock.now(), hr_owner_id=None)
    somebody = an_advert(db, submitted_at=clock.now())
    for reference in (nobody, somebody):
        hr.post_form(START, {"begin_with": "copy", "copied": reference})
    first, second = drafts(db)
    assert owner_shown(hr, first.reference) == str(hr.person.id)
    with db.reading() as session:
        owner = session.scalars(select(Vacancy.hr_owner_id).where(Vacancy.reference == somebody)).one()
    assert owner not in (None, hr.person.id)
    assert owner_shown(hr, second.reference) == str(owner)


def test_the_same_post_again_is_a_new_advert_with_new_dates(hr: JudgingClient, db: Database) -> None:
    reference = ended(db)
    page = hr.get(f"{START}?relist={reference}").page
    assert page.by_id("relisted")["value"] == reference
    hr.post_form(START, {"begin_with": "relist", "relisted": reference})
    [draft] = drafts(db)
    assert draft.relisted
    base = prefix(draft.reference)
    hr.post_form(
        f"{base}/publishing",
        {
            "publish_when": "today",
            **on("closes_on", in_days(28)),
            "closing_time": "noon",
            "may_close_early": "no",
        },
    )
    hr.post_form(f"{base}/after", {"section_completed": "yes"})
    answer = send(hr, draft.reference)
    assert answer.status_code == 303, answer.page.main.text
    with db.reading() as session:
        old, new = session.scalars(select(Vacancy).order_by(Vacancy.id)).all()
    assert (new.relisted, new.copied_from_id) == (True, old.id)
    assert (new.slug != old.slug, new.reference != old.reference) == (True, True)
    assert (new.outcome, new.approved_at, new.closed_early_at) == (None, None, None)
    assert old.outcome is Outcome.NOT_FILLED


def test_what_cannot_be_copied_or_repeated_is_said_on_the_page(hr: JudgingClient, db: Database) -> None:
    answer = hr.post_form(START, {"begin_with": "copy", "copied": "SCC-CS-1999-0001"})
    assert answer.page.errors == ["Enter the reference of an advert that there is"]
    reference = an_advert(db, submitted_at=clock.now())
    answer = hr.post_form(START, {"begin_with": "relist", "relisted": reference})
    assert answer.status_code == 422
    assert "waits for approval" in answer.page.errors[0]
    assert drafts(db) == []


def test_templates_from_the_first_to_the_last(hr: JudgingClient, db: Database) -> None:
    reference = begin(hr)
    fill(hr, reference)
    keep = f"/staff/vacancies/{reference}/save-as-template"
    only_way = field_values(find_form(hr.get(keep).page, {"keep_as"}, None))
    assert only_way["keep_as"] == "new"
    assert hr.post_form(keep, {"keep_as": "new", "name": "Social worker"}).status_code == 303
    taken = hr.post_form(keep, {"keep_as": "new", "name": "SOCIAL worker"})
    assert "already a template of this name" in taken.page.errors[0]
    with db.reading() as session:
        [template] = session.scalars(select(VacancyTemplate)).all()
    assert not {"contact", "responsible"} & set(template.answers["steps"])
    assert "panel" not in template.answers["items"]
    assert "closes_on" not in template.answers["steps"]["publishing"]
    hr.post_form(START, {"begin_with": "template", "template": str(template.id)})
    begun = drafts(db)[1]
    assert begun.title == "Social worker, Family Safeguarding"
    assert "Direct work with children" in hr.get(f"{prefix(begun.reference)}/criteria").page.main.text
    listing = "/staff/vacancies/templates"
    hr.post_form(f"{listing}/{template.id}/rename", {"name": "Family Safeguarding"})
    assert "Family Safeguarding" in hr.get(listing).page.main.text
    assert hr.post_form(f"{listing}/{template.id}/delete", {}).status_code == 303
    assert hr.get(f"{listing}/{template.id}/rename").status_code == 404
    assert "There is no template yet" in hr.get(listing).page.main.text


def test_templates_that_somebody_changed_meanwhile_are_left_alone(hr: JudgingClient, db: Database) -> None:
    reference = begin(hr)
    keep = f"/staff/vacancies/{reference}/save-as-template"
    hr.post_form(keep, {"keep_as": "new", "name": "First"})
    with db.reading() as session:
        number = session.scalars(select(VacancyTemplate.id)).one()
    listing = f"/staff/vacancies/templates/{number}"
    old = {
        path: field_values(find_form(hr.get(path).page, set(), None))
        for path in (keep, f"{listing}/rename", f"{listing}/delete")
    }
    version = next(
        o["value"] for o in hr.get(keep).page.all("option") if o.get("value", "").startswith(f"{number}.")
    )
    hr.post_form(f"{listing}/rename", {"name": "Theirs"})
    renamed = hr.post(
        f"{listing}/rename", data={**old[f"{listing}/rename"], "name": "Mine"}, headers=SAME_ORIGIN
    )
    assert renamed.status_code == 409
    assert "Theirs" in renamed.page.main.text
    assert renamed.page.by_id("name")["value"] == "Mine"
    assert hr.post(f"{listing}/delete", data=old[f"{listing}/delete"], headers=SAME_ORIGIN).status_code == 409
    replaced = hr.post(
        keep, data={**old[keep], "keep_as": "replace", "replaced": version}, headers=SAME_ORIGIN
    )
    assert replaced.status_code == 422
    assert "changed meanwhile" in replaced.page.errors[0]
    with db.reading() as session:
        assert session.scalars(select(VacancyTemplate.name)).all() == ["Theirs"]


def test_references_are_given_once_in_order_and_pass_over_what_is_taken(db: Database) -> None:
    with db.transaction() as session:
        make_vacancy(session, reference="SCC-CS-2026-0002", slug="taken")
    found = []
    for _number in range(3):
        with db.transaction() as session:
            found.append(start_draft(session, Beginning(), prefix="SCC-CS", by=BY, at=AT).reference)
    assert found == ["SCC-CS-2026-0001", "SCC-CS-2026-0003", "SCC-CS-2026-0004"]


def test_a_reference_is_never_used_again(hr: JudgingClient) -> None:
    first = begin(hr)
    hr.post_form(f"{prefix(first)}/title", {"title": "Social worker", "section_completed": "yes"})
    hr.post_form(f"{prefix(first)}/delete-answers", {})
    assert begin(hr) != first


def test_eight_who_start_at_the_same_moment_get_eight_references(db: Database) -> None:
    found, barrier = [], threading.Barrier(8)

    def start() -> None:
        barrier.wait()
        with db.transaction() as session:
            found.append(start_draft(session, Beginning(), prefix="SCC-CS", by=BY, at=AT).reference)

    threads = [threading.Thread(target=start) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [f"SCC-CS-2026-{number:04}" for number in range(1, 9)]


def test_addresses_come_from_the_title_in_any_script() -> None:
    reference = "SCC-CS-2026-0012"
    assert (
        slug_of("Senior Practitioner (children in care)", reference)
        == "senior-practitioner-children-in-care-2026-0012"
    )
    assert slug_of("Соціальний працівник", reference) == "post-2026-0012"
    assert slug_of("Zoë’s team", reference) == "zoes-team-2026-0012"
    assert len(slug_of("word " * 40, reference)) <= 120
