"""Fostering enquiries: information, the enquiry, the follow-up queue, clocks and exports."""

from __future__ import annotations

from flask import Flask

from portal.fostering import follow_up, jobs
from portal.fostering.enquire import public


def init_app(app: Flask) -> None:
    """Register the public pages, the staff pages and the work for later."""
    public.init_app(app)
    follow_up.init_app(app)
    jobs.init_app(app)
