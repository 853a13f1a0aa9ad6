"""What is pointed out about an advert before it is published, and never blocks it.

Limits come from the council's file, words to avoid from a list (`phrases`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from portal.core.wording import day, local_date, plural
from portal.council import RecruitmentTeam
from portal.vacancies.life.phrases import phrases_in
from portal.vacancies.life.reasons import Reason
from portal.vacancies.life.titles import PSYCHOLOGY_LEVELS, SOCIAL_WORK_LEVELS, is_before_qualification
from portal.vacancies.models import Vacancy
from portal.vacancies.options import DbsLevel, Registration, RegistrationBy, RoleLevel, WorkingPattern
from portal.vacancies.wording import enough_time

BARRED_LISTS = frozenset({DbsLevel.ENHANCED_CHILDREN, DbsLevel.ENHANCED_ADULTS, DbsLevel.ENHANCED_BOTH})
WITH_CHILDREN = frozenset({DbsLevel.ENHANCED_CHILDREN, DbsLevel.ENHANCED_BOTH})
RESTRICTED_BY_DEFAULT = frozenset({RoleLevel.HEAD_OF_SERVICE, RoleLevel.DIRECTOR})
"""Chief and deputy chief officers and who reports to them (Local Government and Housing Act 1989)."""
NEVER_RESTRICTED = SOCIAL_WORK_LEVELS | PSYCHOLOGY_LEVELS
TEXTS = ("title", "summary", "description", "about_team", "benefits")
YEAR = timedelta(days=365.25)


def warnings(vacancy: Vacancy, at: datetime, team: RecruitmentTeam) -> list[Reason]:
    """Everything worth a second look; needs criteria and panel loaded."""
    return [
        *text_warnings(vacancy, team),
        *pay_warnings(vacancy),
        *check_warnings(vacancy),
        *date_warnings(vacancy, at, team),
        *panel_warnings(vacancy, at, team),
    ]


def words_in(vacancy: Vacancy) -> int:
    """How many words candidates read in the advert’s own text."""
    return sum(len((getattr(vacancy, name) or "").split()) for name in TEXTS[1:])


def text_warnings(vacancy: Vacancy, team: RecruitmentTeam) -> Iterator[Reason]:
    """Length, and words that keep good people away."""
    number = words_in(vacancy)
    wanted = f"Adverts of {team.advert_words_least} to {team.advert_words_most} words are read best"
    if number > team.advert_words_most:
        yield Reason("description", f"The text is long: {plural(number, 'word')}. {wanted}")
    elif number < team.advert_words_least:
        yield Reason("description", f"The text is short: {plural(number, 'word')}. {wanted}")
    seen = set()
    texts = [*((name, getattr(vacancy, name) or "") for name in TEXTS)]
    texts += [("criteria", line.wording) for line in vacancy.criteria]
    for field, text in texts:
        for found in phrases_in(text, team.wording_list):
            if found.words.casefold() not in seen:
                seen.add(found.words.casefold())
                yield Reason(field, f"“{found.words}”: {found.why}. Instead, say {found.say}")


def pay_warnings(vacancy: Vacancy) -> Iterator[Reason]:
    """Pay and workload as honest figures."""
    if vacancy.salary_min == vacancy.salary_max:
        yield Reason("salary_max", "There is no salary range. Adverts that show one get more applicants")
    patterns = set(vacancy.working_patterns)
    if patterns == {WorkingPattern.PART_TIME} and vacancy.hours_per_week >= vacancy.full_time_hours:
        yield Reason("hours_per_week", "The post is part time only, and has the hours of a full-time one")
    no_figure = vacancy.caseload_cap is None and vacancy.caseload_average is None
    if vacancy.role_level in SOCIAL_WORK_LEVELS and no_figure and not is_before_qualification(vacancy):
        yield Reason("caseload_cap", "There is no caseload. It is what social workers ask about first")


def check_warnings(vacancy: Vacancy) -> Iterator[Reason]:
    """Checks, registration and restriction that are unusual for such a post."""
    level = vacancy.dbs_level
    if level in BARRED_LISTS and not vacancy.regulated_activity:
        yield Reason(
            "dbs_level",
            "A barred list may be checked only for regulated activity, and the post is not marked as such",
        )
    if vacancy.regulated_activity and level is not None and level not in BARRED_LISTS:
        yield Reason(
            "dbs_level", "Regulated activity with children needs a check of the children’s barred list"
        )
    if vacancy.role_level in RESTRICTED_BY_DEFAULT and not vacancy.politically_restricted:
        yield Reason(
            "politically_restricted",
            "Heads of service and directors usually hold politically restricted posts",
        )
    if vacancy.role_level in NEVER_RESTRICTED and vacancy.politically_restricted:
        yield Reason("politically_restricted", "Such posts are not usually politically restricted")
    newly = vacancy.role_level is RoleLevel.NEWLY_QUALIFIED
    if newly and vacancy.registration_by is RegistrationBy.APPLICATION:
        yield Reason(
            "registration_by", "Newly qualified social workers are often not registered when they apply"
        )
    if vacancy.role_level in PSYCHOLOGY_LEVELS and vacancy.registration is Registration.NONE:
        yield Reason(
            "registration", "A qualified psychologist without registration is unusual: check the title"
        )


def date_warnings(vacancy: Vacancy, at: datetime, team: RecruitmentTeam) -> Iterator[Reason]:
    """How long people have, and whether they know when they will hear."""
    opens = max(at, vacancy.publish_at or at)
    if vacancy.closes_at is not None and at < vacancy.closes_at:
        days = (local_date(vacancy.closes_at) - local_date(opens)).days
        if days < team.shortest_window_days:
            wanted = enough_time(team.shortest_window_days)
            yield Reason("closes_at", f"People have {plural(max(days, 0), 'day')} to apply. {wanted}")
    if vacancy.decision_promised_on is None:
        yield Reason("decision_promised_on", "There is no date by which everyone will hear")


def panel_warnings(vacancy: Vacancy, at: datetime, team: RecruitmentTeam) -> Iterator[Reason]:
    """Training in safer recruitment grows old."""
    today = local_date(at)
    trained = [
        member.safer_recruitment_trained_on
        for member in vacancy.panel
        if member.safer_recruitment_trained_on is not None and member.safer_recruitment_trained_on <= today
    ]
    if trained and today - max(trained) > team.safer_recruitment_years * YEAR:
        years = plural(team.safer_recruitment_years, "year")
        newest = day(max(trained))
        yield Reason(
            "panel", f"Nobody’s safer recruitment training is within {years}: the newest is of {newest}"
        )
