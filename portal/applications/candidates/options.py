"""Codes of what candidates choose on their own pages."""

from __future__ import annotations

from portal.core.options import Option


class WithdrawalReason(Option):
    """Why somebody takes an application back, if they like to say."""

    ANOTHER_JOB = "another_job", "I have taken another job"
    PAY = "pay", "The pay or the terms"
    PLACE = "place", "The place or the travel"
    HOURS = "hours", "The hours or the way of working"
    TOO_LONG = "too_long", "It took too long"
    NOT_FOR_ME = "not_for_me", "The post is not what I thought"
    PERSONAL = "personal", "Something in my own life"
    OTHER = "other", "Another reason"
