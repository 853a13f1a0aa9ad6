"""What reading leads to, and whom a concern is passed to."""

from __future__ import annotations

from portal.core.options import Option


class Verdict(Option):
    """What whoever read it says. Whether there is a concern is for a person to say, and for no program."""

    NO_CONCERN = "NO_CONCERN", "I have read it: no concern"
    CONCERN = (
        "CONCERN",
        "I have read it: there is a concern",
        "About a child, somebody at risk, or somebody who works with children. If in doubt, say so",
    )


class PassedTo(Option):
    """To whom a concern was passed. What it is about is told to them, and kept by them."""

    EMERGENCY = "EMERGENCY", "Emergency services"
    CHILDREN = "CHILDREN", "Children’s services"
    OUT_OF_HOURS = "OUT_OF_HOURS", "The emergency duty team, at night or at a weekend"
    LADO = "LADO", "The designated officer (LADO)"
    OTHER_COUNCIL = "OTHER_COUNCIL", "Children’s services of another council"
