"""The staff pages of applications; what lies below one vacancy stands below its reference."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("staff_applications", __name__, url_prefix="/staff/applications")
