"""Policies: what each says, and that a view without one is not there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from portal.core.access import GRANTABLE, ROLE_PERMISSIONS, Actor, Policy, public, requires, signed_in
from portal.core.errors import Forbidden, SignInRequired
from tests.support.client import JudgingClient
from tests.support.sources import PORTAL

VISITOR = Actor.visitor("192.0.2.1")


def staff(*permissions: str) -> Actor:
    return Actor(id=1, name="Robin", kind="staff", permissions=frozenset(permissions))


def test_a_view_without_a_policy_is_not_there(
    make_app: Callable[..., Flask], make_client: Callable[..., JudgingClient]
) -> None:
    app = make_app()
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = make_client(app).get("/forgotten")
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_public_asks_nothing() -> None:
    public(lambda: "")
    Policy("public").check(VISITOR)


def test_signed_in_asks_for_a_member_of_staff() -> None:
    policy = signed_in(lambda: "").policy
    policy.check(staff())
    with pytest.raises(SignInRequired):
        policy.check(VISITOR)
    with pytest.raises(SignInRequired):
        policy.check(Actor.system("worker"))


def test_a_permission_is_asked_of_those_signed_in() -> None:
    policy = requires("audit.read")(lambda: "").policy
    policy.check(staff("audit.read"))
    with pytest.raises(Forbidden):
        policy.check(staff("fostering.read"))
    with pytest.raises(SignInRequired):
        policy.check(VISITOR)


def test_a_permission_nobody_carries_is_a_misspelling() -> None:
    with pytest.raises(ValueError, match=r"audit\.raed"):
        requires("audit.raed")


def test_the_roles_are_the_agreed_ones() -> None:
    fostering = {"fostering", "fostering_manager", "fostering_analyst"}
    assert set(ROLE_PERMISSIONS) == {"hr", "hiring_manager", "admin", *fostering}
    assert ROLE_PERMISSIONS["fostering_analyst"] == {"fostering.report"}
    assert ROLE_PERMISSIONS["fostering"] <= ROLE_PERMISSIONS["fostering_manager"]


def test_fostering_is_not_employment() -> None:
    """HR looks after posts, administrators after accounts; neither after families (domain: fostering §8)."""
    for role in ("hr", "hiring_manager", "admin"):
        assert not {name for name in ROLE_PERMISSIONS[role] if name.startswith("fostering.")}


@pytest.mark.parametrize("permission", sorted(GRANTABLE))
def test_whatever_can_be_given_is_asked_for_somewhere(permission: str) -> None:
    named = {PORTAL / "core" / "access.py", PORTAL / "accounts" / "roles.py"}
    sources = (path.read_text(encoding="utf-8") for path in PORTAL.rglob("*.py") if path not in named)
    assert any(f'"{permission}"' in source for source in sources)


def test_where_a_visitor_was_going_is_kept_as_an_endpoint(client: JudgingClient) -> None:
    answer = client.get("/staff/audit?next=https://evil.example")
    assert answer.status_code == 303
    assert answer.location.partition("?")[0] == "/staff/sign-in"
    assert "evil" not in answer.location
