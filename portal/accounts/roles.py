"""What staff roles and single permissions are called on screen."""

from portal.core.access import GRANTABLE, ROLE_PERMISSIONS

ROLE_LABELS = {
    "hr": "HR",
    "hiring_manager": "Hiring manager",
    "fostering": "Fostering team",
    "fostering_manager": "Fostering manager",
    "fostering_analyst": "Fostering analyst",
    "admin": "Administrator",
}

GRANT_LABELS = {
    "fostering.export_named": "Export fostering enquiries with names and contact details",
    "fostering.export_words": "In that export, include why people are asking, and staff’s notes",
}

if set(ROLE_LABELS) != set(ROLE_PERMISSIONS) or set(GRANT_LABELS) != GRANTABLE:
    raise RuntimeError("every role and every grantable permission needs a label, and no label is left over")
