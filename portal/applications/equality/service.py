"""Keeping equality answers so that they belong to nobody.

A row has a random token, the vacancy and the answers: no time, no order, no reference. The application keeps
only a keyed hash of the token, so it takes the portal’s key to tell that both belong together. One nightly
job does, to follow how far people come. Nothing is noted in the audit: an entry has a time and a place.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Row, select, text, update
from sqlalchemy.orm import Session

from portal.applications.equality.stages import stage_of
from portal.applications.models import Application, EqualityAnswers

BATCH = 500
FOR_MARKS = b"portal.applications.equality"


def mark_of(token: str, key: str) -> str:
    """What an application keeps of a token."""
    own = hmac.digest(key.encode(), FOR_MARKS, "sha256")
    return hmac.new(own, token.encode(), hashlib.sha256).hexdigest()


def keep_answers(
    session: Session, application_id: int, answers: Mapping[str, str], *, lists: str, key: str
) -> bool:
    """Keep somebody's answers, once: False, and nothing kept, where there are some already."""
    token = secrets.token_urlsafe(32)
    wanted = (
        update(Application)
        .where(Application.id == application_id, Application.equality_mark.is_(None))
        .values(equality_mark=mark_of(token, key))
        .returning(Application.vacancy_id)
        .execution_options(synchronize_session=False)
    )
    vacancy_id = session.scalar(wanted)
    if vacancy_id is None:
        return False
    row = EqualityAnswers(token=token, vacancy_id=vacancy_id, lists_version=lists, answers=dict(answers))
    session.add(row)
    session.flush()
    return True


def forget_link(session: Session, application_id: int) -> None:
    """Destroy what leads from an application to its answers; they stay, and nothing follows them any more."""
    wanted = update(Application).where(Application.id == application_id).values(equality_mark=None)
    session.execute(wanted.execution_options(synchronize_session=False))


def follow_stages(session: Session, keys: Sequence[str]) -> int:
    """Bring every row up to how far its application came; gives how many changed.

    `keys` are the portal's present key and older ones; what was marked with an older one is marked anew.
    """
    changed = 0
    for tokens in batches_of_tokens(session):
        known = {mark_of(token, key): (token, key) for token in tokens for key in keys}
        for row in marked(session, list(known)):
            token, key = known[row.equality_mark]
            changed += bring_up(session, token, row)
            if key != keys[0]:
                session.execute(
                    update(Application)
                    .where(Application.id == row.id)
                    .values(equality_mark=mark_of(token, keys[0]))
                    .execution_options(synchronize_session=False)
                )
    return changed


def batches_of_tokens(session: Session) -> Iterator[Sequence[str]]:
    """Every token, in its own order, which says nothing."""
    last = ""
    while True:
        wanted = select(EqualityAnswers.token).where(EqualityAnswers.token > last)
        tokens = session.scalars(wanted.order_by(EqualityAnswers.token).limit(BATCH)).all()
        if not tokens:
            return
        yield tokens
        last = tokens[-1]


def marked(session: Session, marks: Sequence[str]) -> Sequence[Row[*tuple[Any, ...]]]:
    """What the job reads of the applications with these marks: no name, no reference."""
    wanted = select(
        Application.id,
        Application.equality_mark,
        Application.status,
        Application.withdrawn_from,
        Application.shortlisted_at,
        Application.offered_at,
    ).where(Application.equality_mark.in_(marks))
    return session.execute(wanted).all()


def bring_up(session: Session, token: str, row: Any) -> int:
    """Note the stage where it is another; 1 where it was."""
    stage = stage_of(row.status, row.withdrawn_from, row.shortlisted_at, row.offered_at)
    wanted = (
        update(EqualityAnswers)
        .where(EqualityAnswers.token == token, EqualityAnswers.stage_reached != stage)
        .values(stage_reached=stage.value)
        .execution_options(synchronize_session=False)
    )
    found = session.execute(wanted)
    return found.rowcount if isinstance(found, CursorResult) else 0


def shuffle(session: Session) -> None:
    """Write the rows anew in the order of their random tokens.

    PostgreSQL keeps rows where they were written and notes which transaction wrote them, which until this
    night is the one that marked the application. SQLite keeps this table by its key from the beginning.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            text(
                "WITH taken AS (DELETE FROM equality_answers RETURNING *) "
                "INSERT INTO equality_answers SELECT * FROM taken ORDER BY token"
            )
        )
