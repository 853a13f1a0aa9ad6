"""Which referees an application needs (domain recruitment §1.3). Judged over the list, with the jobs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from portal.applications.history.months import Month
from portal.applications.history.options import RefereeKind
from portal.applications.history.record import REFEREE_LIST, History, history_of
from portal.core import clock
from portal.core.emails import mailbox_key, same_mailbox
from portal.journeys.answers import Item, Stored
from portal.journeys.engine import Progress

LEAST, MOST = 2, 4


def referee_problems(progress: Progress) -> Sequence[str]:
    """What is still wrong with the list as a whole."""
    history = history_of(progress.on_path, Month.on(clock.today()), progress.facts)
    referees = [item.answers for item in progress.entries_of(REFEREE_LIST)]
    return [*missing_kinds(history, referees), *shared_mailboxes(referees)]


def missing_kinds(history: History, referees: Sequence[Stored]) -> list[str]:
    """Who has to be among them. Nothing is said of work before the question of it is answered."""
    kinds = {referee.get("referee_kind") for referee in referees}
    problems = []
    if history.has_worked and RefereeKind.CURRENT_EMPLOYER not in kinds:
        problems.append("Add a referee from your current or most recent employer")
    if history.answers.get("has_worked") == "no" and RefereeKind.ACADEMIC not in kinds:
        problems.append("Add a tutor, teacher or lecturer as a referee, because you have not worked")
    if history.needs_children_referee and RefereeKind.CHILDREN_EMPLOYER not in kinds:
        problems.append("Add a referee from your last job working with children")
    return problems


def shared_mailboxes(referees: Sequence[Stored]) -> list[str]:
    """Two referees behind one address are one referee."""
    boxes = Counter(mailbox_key(str(referee["email"])) for referee in referees if referee.get("email"))
    if any(count > 1 for count in boxes.values()):
        return ["Enter a different email address for each referee"]
    return []


def shares_mailbox(progress: Progress, item: Item) -> Mapping[str, str]:
    """The same while the second of them is on the page."""
    own = str(item.answers.get("email") or "")
    for other in progress.entries_of(REFEREE_LIST):
        address = str(other.answers.get("email") or "")
        if own and address and other.id != item.id and same_mailbox(own, address):
            name = other.answers.get("name") or "another referee"
            return {"email": f"Enter a different email address: you have given this one for {name}"}
    return {}
