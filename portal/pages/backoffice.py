"""The landing page as it would be with an inspection that is not published yet."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.access import requires
from portal.core.database import read
from portal.core.errors import NotFound
from portal.core.responses import see_other
from portal.inspections.queries import preview_of
from portal.pages.landing import arrange, families

blueprint = Blueprint("landing_preview", __name__, url_prefix="/staff/inspections")


@blueprint.get("/drafts/<number:draft_id>/preview")
@requires("inspections.write")
def show(draft_id: int) -> ResponseReturnValue:
    """The whole page, from the template that the public gets; a draft without dates has no preview yet."""
    outlook = preview_of(read(), draft_id, clock.today())
    if outlook is None:
        raise NotFound
    if outlook.record is None:
        return see_other("inspection_drafts.show", draft_id=draft_id, said="no_preview")
    inspection = outlook.after.newest
    kinds, _change = families(read(), clock.now())
    return render_template(
        "pages/landing_preview.html",
        draft_id=draft_id,
        outlook=outlook,
        inspection=inspection,
        previous=outlook.after.previous,
        voices=arrange(inspection.quotations if inspection else ()),
        families=kinds,
        open_total=sum(kind.count for kind in kinds),
    )
