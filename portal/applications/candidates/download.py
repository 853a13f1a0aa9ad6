"""Everything that is kept of a candidate, as an archive: for machines as JSON, for people as pages.

Files are named by references. What HR has decided and not told yet is not among it. Notes of staff are not
either: they may say what was decided, or speak of somebody else, so a person looks at them before they are
handed out (domain recruitment §4.4); the pages say how to ask for them.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.answers.wording import addressed
from portal.applications.candidates import events
from portal.applications.candidates.listing import drafts_of, sent_by
from portal.applications.candidates.models import APPLICATION_JOURNEY, Candidate
from portal.applications.models import Application, ApplicationHistory, CandidateMessage
from portal.applications.options import HistoryKind, MessageState
from portal.core.access import Actor
from portal.core.audit import record
from portal.core.clock import london
from portal.journeys.models import Draft
from portal.journeys.snapshot import sections_of

KNOWN_TO_ITS_CANDIDATE = frozenset(
    {
        *(HistoryKind.SUBMITTED, HistoryKind.TOLD),
        *(HistoryKind.WITHDRAWN, HistoryKind.WITHDRAWN_FOR, HistoryKind.WITHDRAWAL_UNDONE),
    }
)
COVER = "applications/candidates/taken.html"
ONE_APPLICATION = "applications/candidates/taken_application.html"
FIRST_YEAR = 1980
"""An archive’s clock begins there."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept, as JSON: the account, and one record for each application and draft."""

    account: dict[str, Any]
    applications: list[dict[str, Any]]
    drafts: list[dict[str, Any]]


def what_is_kept(session: Session, candidate_id: int, *, by: Actor, at: datetime) -> Kept:
    """Read it all, and note that it was taken."""
    candidate = session.get_one(Candidate, candidate_id)
    account = {
        "email": candidate.email,
        "created_at": instant(candidate.created_at),
        "signed_in_at": instant(candidate.signed_in_at),
    }
    applications = [application_record(session, sent) for sent in sent_by(session, candidate_id)]
    drafts = draft_records(session, candidate_id, at)
    counts = {"applications": len(applications), "drafts": len(drafts)}
    record(session, events.DATA_DOWNLOADED, by=by, at=at, subject=candidate.reference, **counts)
    return Kept(account, applications, drafts)


def application_record(session: Session, sent: Application) -> dict[str, Any]:
    """One application: what was sent, what became of it, what was written about it."""
    session.refresh(sent, ["answers", "snapshot"])
    application_id, vacancy = sent.id, sent.vacancy
    return {
        "reference": sent.reference,
        "vacancy": {"reference": vacancy.reference, "title": vacancy.title},
        "submitted_at": instant(sent.submitted_at),
        "status": sent.told_status.candidate_label,
        "withdrawal_reason": sent.withdrawal_reason,
        "answers": sent.answers,
        "snapshot": sent.snapshot,
        "history": [
            {"at": instant(entry.at), "what": entry.kind.label, "status": said(entry)}
            for entry in rows(session, ApplicationHistory, application_id)
            if entry.kind in KNOWN_TO_ITS_CANDIDATE
        ],
        "messages": [
            {
                "sent_at": instant(message.sent_at),
                "subject": message.subject,
                "body": addressed(message.body, sent),
            }
            for message in rows(session, CandidateMessage, application_id)
            if message.state is MessageState.SENT
        ],
    }


def rows(session: Session, kind: Any, application_id: int) -> list[Any]:
    """What belongs to an application, the oldest first."""
    wanted = select(kind).where(kind.application_id == application_id).order_by(kind.id)
    return list(session.scalars(wanted))


def said(entry: ApplicationHistory) -> str | None:
    """The status in the candidate’s words; what an undone withdrawal led back to may not be known yet."""
    if entry.to_status is None or entry.kind is HistoryKind.WITHDRAWAL_UNDONE:
        return None
    news = entry.note if entry.kind is HistoryKind.TOLD else None
    return news or entry.to_status.candidate_label


def draft_records(session: Session, candidate_id: int, at: datetime) -> list[dict[str, Any]]:
    """What was begun: the answers as they stand."""
    found = []
    for entry in drafts_of(session, candidate_id, at):
        mine = (Draft.journey == APPLICATION_JOURNEY, Draft.holder == entry.draft.holder)
        answers = session.scalars(select(Draft.answers).where(*mine)).one_or_none()
        vacancy = {"reference": entry.vacancy.reference, "title": entry.vacancy.title}
        times = {
            "started_at": instant(entry.draft.started_at),
            "saved_at": instant(entry.draft.saved_at),
        }
        found.append({"vacancy": vacancy, **times, "answers": answers or {}})
    return found


def instant(moment: datetime | None) -> str | None:
    """In UTC, as machines read it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None


def archive_of(kept: Kept, at: datetime) -> bytes:
    """The archive; every file is named by a reference."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        add(archive, "read-me-first.html", render_template(COVER, kept=kept, at=at), at)
        add(archive, "account.json", as_json(kept.account), at)
        for sent in kept.applications:
            sections = sections_of(sent["snapshot"])
            page = render_template(ONE_APPLICATION, sent=sent, sections=sections)
            add(archive, f"{sent['reference']}.json", as_json(sent), at)
            add(archive, f"{sent['reference']}.html", page, at)
        for draft in kept.drafts:
            add(archive, f"draft-{draft['vacancy']['reference']}.json", as_json(draft), at)
    return packed.getvalue()


def as_json(content: dict[str, Any]) -> str:
    """In order and readable."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def add(archive: zipfile.ZipFile, name: str, text: str, at: datetime) -> None:
    """One file, dated by a London clock."""
    local = london(at)
    date_time = (max(local.year, FIRST_YEAR), *local.timetuple()[1:6])
    info = zipfile.ZipInfo(name, date_time=date_time)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, text.encode())
