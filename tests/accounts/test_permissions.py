"""What may be given to somebody opens something: no permission is on offer that does nothing."""

from __future__ import annotations

import re

import pytest

from portal.core.access import GRANTABLE, PERMISSIONS, policy_of
from portal.paths import PACKAGE, TEMPLATES
from portal.staff.doors import DOORS

ASKED = re.compile(r"""\.can\(\s*["']([a-z_.]+)["']\s*\)""")


def asked_in_words():
    """Permissions that code or a template asks about with `.can("…")`."""
    files = [*PACKAGE.rglob("*.py"), *TEMPLATES.rglob("*.html")]
    return {name for file in files for name in ASKED.findall(file.read_text(encoding="utf-8"))}


def asked_by_views(app):
    """Permissions that the policy of a view asks for."""
    policies = (policy_of(app, endpoint) for endpoint in app.view_functions)
    return {policy.permission for policy in policies if policy is not None}


@pytest.mark.parametrize("permission", sorted(PERMISSIONS | GRANTABLE))
def test_every_permission_is_asked_for_somewhere(sqlite_app, permission):
    doors = {door.permission for door in DOORS}
    assert permission in asked_by_views(sqlite_app) | asked_in_words() | doors
