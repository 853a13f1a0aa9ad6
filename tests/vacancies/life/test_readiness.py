"""What forbids publishing an advert, all of it at once; and what is only pointed out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from portal.core.clock import london_instant
from portal.council import load_council
from portal.vacancies.life.phrases import OWN_LIST, phrases, phrases_in
from portal.vacancies.life.readiness import refusals, warnings
from portal.vacancies.models import Vacancy
from portal.vacancies.options import (
    ContractReason,
    ContractType,
    DbsLevel,
    HcpcDomain,
    Importance,
    JobFamily,
    Registration,
    RegistrationBy,
    RoleLevel,
    WorkingPattern,
)
from tests.support.builders import make_criterion
from tests.vacancies.life.adverts import CLOSES, DAY, make_advert, make_panel

TEAM = load_council().recruitment
ENOUGH_WORDS = "You will work with families. " * 70


@pytest.fixture
def advert(db):
    """A complete advert with nothing to point out, and what somebody changes in it (nothing is saved)."""

    def make(**changes):
        with db.transaction() as session:
            vacancy = make_advert(session, description=ENOUGH_WORDS)
            session.expunge_all()
        for name, value in changes.items():
            setattr(vacancy, name, value)
        return vacancy

    return make


def fields(reasons):
    return sorted(reason.field for reason in reasons)


def test_a_complete_advert_is_refused_nothing_and_warned_of_nothing(advert, at):
    assert refusals(advert(), at) == []
    assert warnings(advert(), at, TEAM) == []


TRAINEE = {"title": "Trainee educational psychologist", "role_level": RoleLevel.TRAINEE_PSYCHOLOGIST}
PSYCHOLOGIST = {
    "title": "Senior clinical psychologist",
    "family": JobFamily.PSYCHOLOGY,
    "role_level": RoleLevel.SENIOR_PSYCHOLOGIST,
    "registration": Registration.HCPC,
    "hcpc_domain": HcpcDomain.CLINICAL,
}
FIXED = {"contract_type": ContractType.FIXED_TERM}

REFUSED = [
    ({"criteria": lambda: [make_criterion(1), make_criterion(2)]}, ["criteria"]),
    (
        {"criteria": lambda: [make_criterion(n, importance=Importance.DESIRABLE) for n in (1, 2, 3)]},
        ["criteria"],
    ),
    ({"contact_name": None}, ["contact_name"]),
    ({"contact_email": None}, ["contact_email"]),
    ({"closes_at": None}, ["closes_at"]),
    ({"publish_at": CLOSES}, ["publish_at"]),
    ({"panel": list}, ["panel", "panel"]),
    ({"panel": lambda: make_panel()[:1]}, ["panel"]),
    ({"panel": lambda: [*make_panel()[:1], *make_panel()[:1]]}, ["panel"]),
    ({"panel": lambda: [make_panel()[1], *make_panel()[1:]]}, ["panel", "panel"]),
    ({"dbs_level": None}, ["dbs_level"]),
    ({"registration": None}, ["registration"]),
    ({"registration": Registration.NONE}, ["registration"]),
    ({"registration": Registration.NONE, "title": "Practitioner"}, ["registration"]),
    ({"registration_by": None}, ["registration_by"]),
    ({"location_base": " "}, ["location_base"]),
    ({"postcode": None}, ["postcode"]),
    ({"postcode": "SO14"}, ["postcode"]),
    ({"hours_per_week": Decimal(0)}, ["hours_per_week"]),
    ({"hours_per_week": None}, ["hours_per_week"]),
    ({"hours_per_week": Decimal("48.5")}, ["hours_per_week"]),
    ({"working_patterns": []}, ["working_patterns"]),
    ({"interview_dates": ["2026-12-13"]}, ["interview_dates"]),
    ({"interview_dates": ["2026-12-12", "2026-12-17"]}, ["interview_dates"]),
    ({"decision_promised_on": date(2026, 12, 13)}, ["decision_promised_on"]),
    ({"decision_promised_on": date(2026, 12, 16)}, ["decision_promised_on"]),
    ({"starts_on": date(2026, 12, 13)}, ["starts_on"]),
    (FIXED, ["contract_ends_on", "contract_reason"]),
    (
        FIXED
        | {
            "contract_ends_on": date(2027, 2, 1),
            "starts_on": date(2027, 2, 1),
            "contract_reason": ContractReason.OTHER,
        },
        ["contract_ends_on"],
    ),
    ({"hiring_manager_name": None}, ["hiring_manager_name"]),
    ({"title": " ", "summary": "", "description": ""}, ["description", "summary", "title"]),
    (PSYCHOLOGIST | {"registration": Registration.NONE, "registration_by": None}, ["registration"]),
    (PSYCHOLOGIST | {"registration": Registration.SOCIAL_WORK_ENGLAND}, ["registration"]),
    (PSYCHOLOGIST | {"hcpc_domain": None}, ["hcpc_domain"]),
    (PSYCHOLOGIST | {"hcpc_domain": HcpcDomain.EDUCATIONAL}, ["hcpc_domain"]),
    (PSYCHOLOGIST | {"title": "Social worker or clinical psychologist"}, ["registration"]),
]


@pytest.mark.parametrize(("changes", "expected"), REFUSED, ids=" ".join)
def test_what_is_missing_is_refused(advert, at, changes, expected):
    vacancy = advert()
    for name, value in changes.items():
        setattr(vacancy, name, value() if callable(value) and not isinstance(value, str) else value)
    assert fields(refusals(vacancy, at)) == expected
    assert all(reason.text[0].isupper() or reason.text[0] == "“" for reason in refusals(vacancy, at))
    assert not any(reason.text.endswith(".") for reason in refusals(vacancy, at))


@pytest.mark.parametrize(
    "changes",
    [
        {"role_level": RoleLevel.NEWLY_QUALIFIED, "registration_by": RegistrationBy.START},
        {"registration": Registration.EITHER, "hcpc_domain": HcpcDomain.CLINICAL},
        {
            "registration": Registration.NONE,
            "title": "Social work student",
            "role_level": RoleLevel.STUDENT,
        },
        {
            "registration": Registration.NONE,
            "title": "Social worker degree apprenticeship",
            "contract_type": ContractType.APPRENTICESHIP,
        },
        {
            "registration": Registration.NONE,
            "title": "Social work assistant",
            "role_level": RoleLevel.ASSISTANT,
        },
        {"registration": Registration.NONE, "title": "Team manager", "role_level": RoleLevel.TEAM_MANAGER},
        TRAINEE | {"registration": Registration.NONE},
        PSYCHOLOGIST,
        PSYCHOLOGIST | {"title": "Practitioner psychologist", "hcpc_domain": HcpcDomain.HEALTH},
        PSYCHOLOGIST | {"title": "Psychologist", "registration": Registration.NONE, "hcpc_domain": None},
        PSYCHOLOGIST
        | {
            "title": "Assistant clinical psychologist",
            "role_level": RoleLevel.ASSISTANT_PSYCHOLOGIST,
            "registration": Registration.NONE,
        },
    ],
    ids=lambda value: str(value)[:60],
)
def test_registration_is_asked_of_protected_titles_and_of_no_others(advert, at, changes):
    assert refusals(advert(**changes), at) == []


def test_an_assistant_team_manager_is_no_assistant(advert, at):
    title = "Assistant team manager and social worker"
    found = refusals(
        advert(title=title, role_level=RoleLevel.ASSISTANT_TEAM_MANAGER, registration=Registration.NONE),
        at,
    )
    assert fields(found) == ["registration"]


def test_everything_is_listed_at_once_even_of_an_empty_advert(at):
    vacancy = Vacancy(criteria=[], panel=[], interview_dates=[], working_patterns=[])
    found = fields(refusals(vacancy, at))
    for field in ("title", "criteria", "closes_at", "panel", "dbs_level", "registration", "contact_name"):
        assert field in found


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 31)], ids=str)
def test_closing_is_in_the_future_to_the_second_on_every_night(advert, night):
    closes = london_instant(night, time(23, 59))
    vacancy = advert(publish_at=None, closes_at=closes, interview_dates=[], decision_promised_on=None)
    second = timedelta(seconds=1)
    assert refusals(vacancy, closes - second) == []
    assert fields(refusals(vacancy, closes)) == ["closes_at"]
    vacancy.interview_dates = [(night + timedelta(days=1)).isoformat()]
    assert refusals(vacancy, closes - second) == []
    vacancy.interview_dates = [night.isoformat()]
    assert fields(refusals(vacancy, closes - second)) == ["interview_dates"]


WARNED = [
    ({"publish_at": CLOSES - 6 * DAY}, "closes_at", "People have 6 days to apply"),
    ({"salary_max": 41_000}, "salary_max", "no salary range"),
    ({"description": "Work hard."}, "description", "The text is short: 10 words"),
    ({"description": "word " * 500}, "description", "The text is long: 508 words"),
    ({"decision_promised_on": None}, "decision_promised_on", "no date by which everyone will hear"),
    ({"caseload_cap": None}, "caseload_cap", "no caseload"),
    ({"regulated_activity": False}, "dbs_level", "only for regulated activity"),
    ({"dbs_level": DbsLevel.ENHANCED}, "dbs_level", "needs a check of the children’s barred list"),
    ({"role_level": RoleLevel.DIRECTOR}, "politically_restricted", "usually hold"),
    ({"role_level": RoleLevel.HEAD_OF_SERVICE}, "politically_restricted", "usually hold"),
    ({"politically_restricted": True}, "politically_restricted", "not usually"),
    ({"role_level": RoleLevel.NEWLY_QUALIFIED}, "registration_by", "often not registered"),
    ({"working_patterns": [WorkingPattern.PART_TIME.value]}, "hours_per_week", "part time only"),
    ({"title": "Social work ninja"}, "title", "“ninja”: Many people"),
]


@pytest.mark.parametrize(("changes", "field", "words"), WARNED, ids=lambda value: str(value)[:60])
def test_what_is_worth_a_second_look_is_said_and_blocks_nothing(advert, at, changes, field, words):
    vacancy = advert(**changes)
    (found,) = [reason for reason in warnings(vacancy, at, TEAM) if reason.field == field]
    assert words in found.text
    assert refusals(vacancy, at) == []


def test_old_training_is_pointed_out_and_training_to_come_does_not_count(advert, at):
    old = advert()
    old.panel[0].safer_recruitment_trained_on = date(2019, 5, 1)
    assert [reason.field for reason in warnings(old, at, TEAM)] == ["panel"]
    assert "1 May 2019" in warnings(old, at, TEAM)[0].text
    coming = advert()
    coming.panel[0].safer_recruitment_trained_on = date(2027, 1, 1)
    assert fields(refusals(coming, at)) == ["panel"]


def test_the_council_decides_on_days_and_words(advert, at):
    other = replace(TEAM, shortest_window_days=30, advert_words_least=10, advert_words_most=20)
    assert fields(warnings(advert(), at, other)) == ["closes_at", "description"]


def test_the_council_may_bring_its_own_words(advert, at, tmp_path):
    file = tmp_path / "words.toml"
    file.write_text('[[entry]]\nwords = ["famil*"]\nsay = "“people”"\nwhy = "A test"\n')
    (found,) = warnings(advert(), at, replace(TEAM, wording_list=str(file)))
    assert found.text == "“families”: A test. Instead, say “people”"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We need two NINJAS and a guru", ["NINJAS"]),
        ("You have five years’ experience", ["years’ experience"]),
        ("five years' experience", ["years' experience"]),
        ("An aggressively dynamic chairman", ["chairman", "dynamic", "aggressively"]),
        ("A placement, black coffee, a herod", []),
        ("LAC reviews", ["LAC"]),
        ("", []),
    ],
)
def test_words_are_found_whole_and_in_any_case(text, found):
    assert [one.words for one in phrases_in(text)] == found


def test_every_entry_has_words_a_suggestion_and_a_reason():
    assert OWN_LIST.is_file()
    assert len(phrases()) >= 10
    for phrase in phrases():
        assert phrase.say
        assert phrase.why[0].isupper()
        assert not phrase.why.endswith(".")
