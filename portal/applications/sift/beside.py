"""What other parts say of an application on its page: answers to its candidate, and how long it is kept."""

from __future__ import annotations

from typing import Any

from portal.applications.answers import queries as answers
from portal.applications.keeping import queries as keeping
from portal.applications.models import Application
from portal.applications.transitions import may_withdraw
from portal.core.access import Actor
from portal.core.context import current_settings
from portal.core.database import read


def beside(application: Application, by: Actor) -> dict[str, Any]:
    """Facts for the page; what can be done with them is offered to whoever may."""
    session, periods = read(), current_settings().council.retention
    return {
        "told": answers.answers_of(session, application),
        "kept": keeping.kept_of_application(session, application, periods),
        "releases": by.can("applications.release"),
        "withdrawable": may_withdraw(application.status),
        "keeps": by.can("applications.keep"),
    }
