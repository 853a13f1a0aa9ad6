"""Candidates’ accounts and their own pages: sign-in by an emailed link, applications, drafts, what is kept.

Nobody has a password. `presence` knows who is signed in, `links` what was mailed to whom.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, g

from portal.applications.candidates import jobs, my_data, pages, presence, public
from portal.core.access import load_actor_with
from portal.core.context import current_actor


def init_app(app: Flask) -> None:
    """Register the pages, and tell the kernel which candidate somebody is."""
    app.register_blueprint(public.blueprint)
    app.register_blueprint(pages.blueprint)
    jobs.init_app(app)
    load_actor_with(app, presence.load_candidate)
    app.context_processor(surroundings)


def surroundings() -> dict[str, Any]:
    """Who is signed in, for the bar above a candidate’s page; nothing on every other page."""
    if "actor" not in g or current_actor().candidate_id is None:
        return {}
    return {"candidate": g.candidate, "words_returned": g.get("words_returned", False)}


__all__ = ["init_app", "my_data"]  # my_data puts its pages on the blueprint of pages
