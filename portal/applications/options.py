"""Codes of applications with the words people see (domain recruitment §9; job-boards C3)."""

from __future__ import annotations

from portal.core.options import Option


class ApplicationStatus(Option):
    """Where an application stands. The label is HR’s word, the hint what the candidate reads."""

    SUBMITTED = "submitted", "New", "Submitted"
    SIFTING = "sifting", "Being shortlisted", "Being reviewed"
    RESERVE = "reserve", "Reserve", "Being reviewed"
    SHORTLISTED = "shortlisted", "Shortlisted", "Shortlisted"
    INTERVIEW_INVITED = "interview_invited", "Invited to interview", "Invited to interview"
    INTERVIEWED = "interviewed", "Interviewed", "Interview complete"
    RESERVE_APPOINT = "reserve_appoint", "Appointable reserve", "Interview complete"
    OFFERED = "offered", "Conditional offer", "Conditional offer"
    CHECKS = "checks", "Pre-employment checks", "Checks in progress"
    CLEARED = "cleared", "Unconditional offer", "Offer confirmed"
    STARTED = "started", "Started", "Started"
    NOT_SHORTLISTED = "not_shortlisted", "Not shortlisted", "Not taken further"
    UNSUCCESSFUL_INTERVIEW = "unsuccessful_interview", "Not appointed", "Not taken further"
    DID_NOT_ATTEND = "did_not_attend", "Did not attend", "Closed after a missed interview"
    POST_ENDED = "post_ended", "Post fell away", "Recruiting has stopped"
    WITHDRAWN = "withdrawn", "Withdrawn", "Withdrawn by you"
    OFFER_DECLINED = "offer_declined", "Offer declined", "Offer declined by you"
    OFFER_WITHDRAWN = "offer_withdrawn", "Offer withdrawn", "Offer withdrawn"

    @property
    def candidate_label(self) -> str:
        """What the candidate reads; never “rejected”."""
        return self.hint


class Tab(Option):
    """The lists of a vacancy’s applications, in order."""

    NEW = "new", "New"
    NOT_PROGRESSING = "not_progressing", "Not progressing"
    SHORTLISTED = "shortlisted", "Shortlisted"
    INTERVIEWING = "interviewing", "Interviewing"
    OFFERED = "offered", "Job offered"


class MessageState(Option):
    """Where an answer to a candidate stands; nothing leaves before somebody releases it."""

    DRAFT = "draft", "Waiting to be sent"
    HELD = "held", "On hold"
    SENT = "sent", "Sent"
    DROPPED = "dropped", "Not sent"


class HistoryKind(Option):
    """What happened to an application."""

    SUBMITTED = "submitted", "Received"
    STATUS = "status", "Status changed"
    UNDONE = "undone", "Change undone"
    WITHDRAWN = "withdrawn", "Withdrawn by the candidate"
    WITHDRAWN_FOR = "withdrawn_for", "Withdrawn, as the candidate told us"
    WITHDRAWAL_UNDONE = "withdrawal_undone", "Withdrawal undone by the candidate"
    TOLD = "told", "Candidate told"
    HELD = "held", "Put on legal hold"
    RELEASED = "released", "Legal hold ended"
    INTERVIEW_CHANGED = "interview_changed", "Interview changed"
    INTERVIEW_CALLED_OFF = "interview_called_off", "Interview called off"
    ADMITTED_LATE = "admitted_late", "Late application admitted"


class News(Option):
    """News of an interview that leave the status as candidates know it."""

    INTERVIEW_CHANGED = "interview_changed", "Interview changed"
    INTERVIEW_CALLED_OFF = "interview_called_off", "Interview called off"


class InterviewMode(Option):
    """How an interview takes place; the hint is how a message says it."""

    IN_PERSON = "in_person", "In person", "in person"
    VIDEO = "video", "By video", "by video"
    PHONE = "phone", "By phone", "by phone"


class RightToWork(Option):
    """Whether somebody may work in the United Kingdom; nobody is refused for the answer."""

    UNLIMITED = "unlimited", "Yes, without a time limit"
    LIMITED = "limited", "Yes, with a time limit"
    SPONSORSHIP = "sponsorship", "No, I would need sponsorship"
    UNSURE = "unsure", "I am not sure"


class Source(Option):
    """Where somebody heard of the vacancy."""

    WEBSITE = "website", "The council’s website"
    COMMUNITY_CARE = "community_care", "Community Care"
    LINKEDIN = "linkedin", "LinkedIn"
    INDEED = "indeed", "Indeed"
    FIND_A_JOB = "find_a_job", "GOV.UK Find a job"
    GUARDIAN = "guardian", "Guardian Jobs"
    OTHER_BOARD = "other_board", "Jobs Go Public or another job board"
    SOCIAL_MEDIA = "social_media", "Social media"
    EVENT = "event", "A careers event or university"
    EMPLOYEE = "employee", "Somebody who works for the council"
    AGENCY = "agency", "An agency"
    RETURNING = "returning", "I have worked for the council before"
    OTHER = "other", "Somewhere else"
