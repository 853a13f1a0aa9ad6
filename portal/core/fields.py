"""Every kind of field that forms are made of, under one roof: `from portal.core.fields import TextField`."""

from portal.core.choice_fields import (
    YES_NO,
    YES_NO_NOT_SURE,
    CheckboxesField,
    Choice,
    ChoiceField,
    RadioField,
    SelectField,
    TickField,
)
from portal.core.date_fields import DateField, MonthField
from portal.core.field_base import PortalField
from portal.core.text_fields import (
    EmailField,
    HiddenField,
    NumberField,
    PasswordField,
    PhoneField,
    PostcodeField,
    SearchField,
    TextAreaField,
    TextField,
)

__all__ = [
    "YES_NO",
    "YES_NO_NOT_SURE",
    "CheckboxesField",
    "Choice",
    "ChoiceField",
    "DateField",
    "EmailField",
    "HiddenField",
    "MonthField",
    "NumberField",
    "PasswordField",
    "PhoneField",
    "PortalField",
    "PostcodeField",
    "RadioField",
    "SearchField",
    "SelectField",
    "TextAreaField",
    "TextField",
    "TickField",
]
