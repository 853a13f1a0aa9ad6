"""Take addresses where packages ask for money out of package-lock.json: `npm ci` does not read them."""

import json
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "package-lock.json"

lock = json.loads(LOCK.read_text(encoding="utf-8"))
for package in lock["packages"].values():
    package.pop("funding", None)
LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
