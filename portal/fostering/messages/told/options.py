"""How a family was told that the service does not go on, beside the portal’s own letter."""

from __future__ import annotations

from portal.core.options import Option


class ToldHow(Option):
    """The same ways for every reason."""

    LETTER = "LETTER", "By a letter that we wrote by hand"
    FACE_TO_FACE = "FACE_TO_FACE", "Face to face"
    PHONE = "PHONE", "By phone"
