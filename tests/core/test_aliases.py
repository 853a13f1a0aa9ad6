"""Aliases that requests share are adapted before there is a second thread."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import inspect

from portal.core.aliases import LASTING
from tests.support.sources import ROOT


def test_every_column_of_a_lasting_alias_is_adapted_when_the_application_is_made(app: Flask) -> None:
    assert app.extensions
    assert LASTING
    for alias in LASTING:
        for attribute in inspect(alias).mapper.column_attrs:
            column = getattr(alias, attribute.key)
            assert object.__getattribute__(column.comparator, "__clause_element__"), "raises while it is not"
            assert column.__clause_element__().table is inspect(alias).selectable


def test_no_module_keeps_an_alias_that_is_not_one_of_them() -> None:
    sources = (ROOT / "portal").rglob("*.py")
    kept = re.compile(r"(?m)^\w.*\baliased\(")
    assert not [path.name for path in sources if kept.search(path.read_text(encoding="utf-8"))]
