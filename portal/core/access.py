"""Who may do what. Each view declares its policy as data; a view without one is refused.

Roles are bundles of permissions; a single permission may also be granted to one person (for example
`fostering.export_named` to somebody in HR: fostering is not employment, so HR’s role opens none of it).
A permission is listed here only when a view or a template asks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue

from portal.core.errors import Forbidden, NotFound, SignInRequired

FOSTERING = frozenset({"fostering.read", "fostering.work", "fostering.export_named"})

ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    "hr": frozenset(
        {"vacancies.read", "vacancies.write", "vacancies.approve", "vacancies.export", "inspections.write"}
    ),
    "hiring_manager": frozenset({"vacancies.read", "vacancies.approve"}),
    "fostering": FOSTERING,
    "fostering_manager": FOSTERING | {"fostering.manage"},
    "admin": frozenset({"people.manage", "audit.read", "operations.read"}),
}

GRANTABLE = frozenset({"fostering.export_named"})
"""Permissions that may be given to one person beside the role, with a reason."""

STAFF = "/staff/"

PERMISSIONS = frozenset().union(*ROLE_PERMISSIONS.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who does something: a member of staff, a visitor, or the system itself."""

    id: int | None = None
    name: str = ""
    email: str = ""
    kind: str = "visitor"
    roles: frozenset[str] = field(default_factory=frozenset)
    permissions: frozenset[str] = field(default_factory=frozenset)
    address: str = ""
    request_id: str = ""

    @classmethod
    def visitor(cls, address: str = "", request_id: str = "") -> Actor:
        """Somebody who has not signed in."""
        return cls(address=address, request_id=request_id)

    @classmethod
    def system(cls, name: str) -> Actor:
        """A job, a command or a migration, by its name."""
        return cls(name=name, kind="system")

    @property
    def signed_in(self) -> bool:
        """Whether this is a member of staff with a live session."""
        return self.kind == "staff"

    def can(self, permission: str) -> bool:
        """Whether the role or a personal grant allows it."""
        return permission in self.permissions


@dataclass(frozen=True, slots=True)
class Policy:
    """What a view asks of the one who opens it."""

    name: str
    permission: str | None = None
    signed_in: bool = False

    def check(self, actor: Actor) -> None:
        """Raise SignInRequired or Forbidden unless this actor may pass."""
        if self.signed_in and not actor.signed_in:
            raise SignInRequired
        if self.permission is not None and not actor.can(self.permission):
            raise Forbidden


PUBLIC = Policy("public")
SIGNED_IN = Policy("signed in", signed_in=True)

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
ActorLoader = Callable[[], Actor | None]


def apply_policy(policy: Policy) -> Callable[[View], View]:
    """Mark a view with its policy; stands directly under the route decorator."""

    def mark(view: View) -> View:
        view.policy = policy  # type: ignore[attr-defined]  # functions carry data; read in check_access
        return view

    return mark


public = apply_policy(PUBLIC)
signed_in = apply_policy(SIGNED_IN)


def requires(permission: str) -> Callable[[View], View]:
    """Policy of a staff view: signed in, and allowed this permission."""
    if permission not in PERMISSIONS | GRANTABLE:
        raise ValueError(f"no role carries the permission {permission!r}")
    return apply_policy(Policy(permission, permission=permission, signed_in=True))


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """The policy an endpoint declares, None when it forgot."""
    policy: Policy | None = getattr(app.view_functions[endpoint], "policy", None)
    return policy


def load_actor_with(app: Flask, loader: ActorLoader) -> None:
    """Hand the kernel the function that turns the session into an Actor (accounts does)."""
    app.extensions["portal.actor_loader"] = loader


def init_app(app: Flask) -> None:
    """Check every request against its view's policy before the view runs."""
    app.before_request(check_access)


def load_actor() -> None:
    """Note who asks, if somebody is signed in."""
    loader: ActorLoader | None = current_app.extensions.get("portal.actor_loader")
    actor = loader() if loader else None
    if actor is not None:
        g.actor = actor


def check_access() -> None:
    """Load the actor where one is needed, and apply the policy of the view."""
    if request.endpoint is None:
        if request.path.startswith(STAFF):
            load_actor()  # so that a mistyped address is answered among the staff pages
        return
    policy = policy_of(current_app, request.endpoint)
    if policy is None:
        raise NotFound
    if policy.signed_in or request.endpoint.split(".")[0] in ("staff", "accounts"):
        load_actor()
    policy.check(getattr(g, "actor", None) or Actor.visitor())
