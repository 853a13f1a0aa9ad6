"""Where the files that are not Python are: page templates, built static files and database migrations.

In a checkout they are folders at the top, beside `portal/`. In an installed wheel they are inside the
package, where `pyproject.toml` moves them; `tests/meta/test_wheel.py` keeps the two layouts equal.
"""

from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent

_INSTALLED: Final = (PACKAGE / "templates").is_dir()
_CHECKOUT: Final = PACKAGE.parent

TEMPLATES: Final = PACKAGE / "templates" if _INSTALLED else _CHECKOUT / "templates"
# Only what the build makes: hashed names, each with a .br and a .gz beside it where that is smaller.
STATIC: Final = PACKAGE / "static" if _INSTALLED else _CHECKOUT / "static" / "built"
# Logical name ("portal.css") to the hashed path below STATIC ("portal.1a2b3c4d.css").
STATIC_MANIFEST: Final = STATIC / "manifest.json"
MIGRATIONS: Final = PACKAGE / "migrations" if _INSTALLED else _CHECKOUT / "migrations"
