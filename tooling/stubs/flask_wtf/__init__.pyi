"""Types of the part of Flask-WTF that the portal uses; the package carries none."""

from typing import Any

from flask_wtf.csrf import CSRFProtect as CSRFProtect
from markupsafe import Markup
from wtforms import Form
from wtforms.meta import DefaultMeta

class FlaskForm(Form):
    class Meta(DefaultMeta):
        csrf_time_limit: Any
        csrf_secret: Any

    csrf_token: Any
    def __init__(self, formdata: Any = ..., **kwargs: Any) -> None: ...
    def is_submitted(self) -> bool: ...
    def validate_on_submit(self, extra_validators: Any = ...) -> bool: ...
    def hidden_tag(self, *fields: Any) -> Markup: ...
