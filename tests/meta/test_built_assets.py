"""The built stylesheet, script and images: hashed names, compressed copies, nothing asked of other sites."""

import gzip
import hashlib
import json
import re

import brotli

from portal.paths import STATIC, STATIC_MANIFEST

MANIFEST: dict[str, str] = json.loads(STATIC_MANIFEST.read_text())
COMPRESSED = {".br": brotli.decompress, ".gz": gzip.decompress}


def test_each_name_carries_the_hash_of_its_contents() -> None:
    for name, built in MANIFEST.items():
        digest = hashlib.sha256((STATIC / built).read_bytes()).hexdigest()[:10]
        stem, _dot, ending = name.rpartition(".")
        assert built == f"{stem}.{digest}.{ending}"


def test_the_manifest_names_every_built_file_and_no_other() -> None:
    files = {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()}
    originals = {name for name in files if not name.endswith(tuple(COMPRESSED))}
    assert originals == {*MANIFEST.values(), "manifest.json"}


def test_stylesheet_and_script_have_smaller_copies_with_the_same_contents() -> None:
    for name in ("portal.css", "portal.js"):
        contents = (STATIC / MANIFEST[name]).read_bytes()
        for ending, decompress in COMPRESSED.items():
            copy = (STATIC / (MANIFEST[name] + ending)).read_bytes()
            assert decompress(copy) == contents
            assert len(copy) < len(contents) / 2


def test_the_stylesheet_asks_no_other_site_for_anything() -> None:
    css = (STATIC / MANIFEST["portal.css"]).read_text()
    assert "@import" not in css
    assert "@font-face" not in css
    urls = re.findall(r"url\(\s*[\"']?([^\"')]*)", css)
    assert [url for url in urls if not (STATIC / url).is_file()] == []


def test_the_script_asks_no_other_site_for_anything() -> None:
    script = (STATIC / MANIFEST["portal.js"]).read_text()
    assert (
        re.findall(r"\bfetch\(|XMLHttpRequest|\bimport\(|sendBeacon|https?://(?!www\.w3\.org/)", script) == []
    )


def test_stylesheet_and_script_stay_light() -> None:
    """First visit to any page: 25 kB in all is the aim, so these two may take 16 kB of it, compressed."""
    weight = sum((STATIC / f"{MANIFEST[name]}.br").stat().st_size for name in ("portal.css", "portal.js"))
    assert weight <= 16_000
