"""A candidate’s own pages: what they sent, what they have begun, and what is kept of them."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.core.access import candidate_only

blueprint = Blueprint("my_applications", __name__, url_prefix="/applications")


@blueprint.get("")
@candidate_only
def index() -> ResponseReturnValue:
    """What closes soon first."""
    return render_template("applications/candidates/index.html")
