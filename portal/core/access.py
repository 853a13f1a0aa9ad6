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

from portal.core.errors import CandidateSignInRequired, Forbidden, NotFound, SignInRequired

FOSTERING = frozenset({"fostering.read", "fostering.work", "fostering.export_named", "fostering.report"})

ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    "hr": frozenset(
        {
            "vacancies.read",
            "vacancies.write",
            "vacancies.approve",
            "vacancies.export",
            "inspections.write",
            "applications.read",
            "applications.decide",
            "applications.release",
            "applications.export",
            "applications.keep",
        }
    ),
    # Of applications a hiring manager sees those to the vacancies they are responsible for, and no other.
    "hiring_manager": frozenset(
        {"vacancies.read", "vacancies.approve", "applications.read", "applications.decide"}
    ),
    "fostering": FOSTERING,
    "fostering_manager": FOSTERING | {"fostering.manage"},
    # Figures and rows without names, and no household’s page (domain fostering §11).
    "fostering_analyst": frozenset({"fostering.report"}),
    "admin": frozenset({"people.manage", "audit.read", "operations.read"}),
}

GRANTABLE = frozenset({"fostering.export_named", "fostering.export_words"})
"""Permissions that may be given to one person beside the role, with a reason."""

STAFF = "/staff/"

PERMISSIONS = frozenset().union(*ROLE_PERMISSIONS.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who does something: a member of staff, a candidate, a visitor, or the system itself."""

    id: int | None = None
    """Of a member of staff, and of nobody else."""
    candidate_id: int | None = None
    """Of a candidate, whose `name` is a number and whose address stands in no audit."""
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

    @property
    def owner(self) -> str | None:
        """What somebody with a session is known by where words are kept for them; None for a visitor."""
        if self.kind == "staff":
            return owner_of_staff(self.id or 0)
        return owner_of_candidate(self.candidate_id) if self.candidate_id is not None else None

    def can(self, permission: str) -> bool:
        """Whether the role or a personal grant allows it."""
        return permission in self.permissions


@dataclass(frozen=True, slots=True)
class Policy:
    """What a view asks of the one who opens it."""

    name: str
    permission: str | None = None
    signed_in: bool = False
    """Among the staff."""
    candidate: bool = False

    @property
    def asks_who(self) -> bool:
        """Whether it has to be known who asks."""
        return self.signed_in or self.candidate

    def check(self, actor: Actor) -> None:
        """Raise SignInRequired, CandidateSignInRequired or Forbidden unless this actor may pass."""
        if self.candidate and actor.candidate_id is None:
            raise CandidateSignInRequired
        if self.signed_in and not actor.signed_in:
            raise SignInRequired
        if self.permission is not None and not actor.can(self.permission):
            raise Forbidden


PUBLIC = Policy("public")
SIGNED_IN = Policy("signed in", signed_in=True)
CANDIDATE_ONLY = Policy("candidate", candidate=True)
"""Whose page it is the query says: another candidate’s reference is an unknown one."""

ASK_WHO = ("staff", "accounts", "candidates")
"""Blueprints whose public pages too want to know who is signed in."""

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
candidate_only = apply_policy(CANDIDATE_ONLY)


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
    """Hand the kernel a function that turns the session into an Actor: accounts does, and candidates.

    A session is a member of staff’s or a candidate’s, never both’s, so that at most one finds somebody.
    """
    app.extensions.setdefault("portal.actor_loaders", []).append(loader)


def owner_of_staff(person_id: int) -> str:
    """As `Actor.owner` says it."""
    return f"staff {person_id}"


def owner_of_candidate(candidate_id: int) -> str:
    """As `Actor.owner` says it."""
    return f"candidate {candidate_id}"


def init_app(app: Flask) -> None:
    """Check every request against its view's policy before the view runs."""
    app.before_request(check_access)


def load_actor() -> None:
    """Note who asks, if somebody is signed in."""
    loaders: list[ActorLoader] = current_app.extensions.get("portal.actor_loaders", [])
    actor = next((actor for loader in loaders if (actor := loader()) is not None), None)
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
    if policy.asks_who or request.endpoint.split(".")[0] in ASK_WHO:
        load_actor()
    policy.check(getattr(g, "actor", None) or Actor.visitor())
