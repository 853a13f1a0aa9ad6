"""Pages by which anybody can have mail sent to a mailbox, and pages whose address is a secret from one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import Response

from portal.core import throttle
from portal.core.context import client_address
from portal.core.emails import mailbox_key
from portal.core.errors import TooManyRequests

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MAILS_AN_HOUR, MAILS_A_DAY = 3, 6
"""To one mailbox, whoever asks for them."""

ASKED_AN_HOUR = 20
"""From one network: a library, a school or a careers evening stays below it."""

MACHINES_SIGNS = frozenset({"trap", "forged_time"})
"""Being quick is none: short forms are soon filled in, and browsers know addresses by heart."""

BY_MACHINES_AN_HOUR = 2
"""Where a machine seems to have filled the form in; a person taken for one still gets through."""


def keep_private(response: Response) -> Response:
    """These addresses are secrets: nobody is told where a visitor came from, no search engine lists them."""
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def count_asking(feature: str, *, signs: Iterable[str] = (), at: datetime) -> None:
    """Count a request by this network; raises TooManyRequests, which says nothing about any mailbox."""
    network = throttle.network(client_address())
    throttle.hit(f"{feature} network", network, limit=ASKED_AN_HOUR, per=HOUR, at=at)
    if MACHINES_SIGNS.intersection(signs):
        throttle.hit(f"{feature} machine", network, limit=BY_MACHINES_AN_HOUR, per=HOUR, at=at)


def may_write(feature: str, email: str, *, signs: Iterable[str] = (), at: datetime) -> bool:
    """Count a request for mail to this mailbox, however it is written; False when it has had enough of them.

    Raises TooManyRequests for a network that asks for too much.
    """
    count_asking(feature, signs=signs, at=at)
    mailbox = mailbox_key(email)
    try:
        throttle.hit(f"{feature} mailbox", mailbox, limit=MAILS_AN_HOUR, per=HOUR, at=at)
        throttle.hit(f"{feature} mailbox day", mailbox, limit=MAILS_A_DAY, per=DAY, at=at)
    except TooManyRequests:
        return False
    return True
