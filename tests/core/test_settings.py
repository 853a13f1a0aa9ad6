"""Settings: every missing or unsafe value is refused by name, with what to do; the rest is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.council import DEFAULT_FILE, CouncilError, load_council
from portal.settings import Settings, SettingsError, database_url, is_loopback

GOOD = {
    "SECRET_KEY": "9f3b1c5e7a0d2846b9f3b1c5e7a0d284",
    "BASE_URL": "https://jobs.example.gov.uk",
    "SMTP_HOST": "mail.example.gov.uk",
    "MAIL_FROM": "no-reply@example.gov.uk",
    "INSTANCE": "/srv/portal",
}

UNSAFE = [
    ("SECRET_KEY", ""),
    ("SECRET_KEY", "short"),
    ("SECRET_KEY", "a" * 64),
    ("SECRET_KEY", "change-me-change-me-change-me-1234567"),
    ("SECRET_KEY", "development-key-1234567890-abcdefgh"),
    ("BASE_URL", ""),
    ("BASE_URL", "http://jobs.example.gov.uk"),
    ("BASE_URL", "jobs.example.gov.uk"),
    ("BASE_URL", "https://jobs.example.gov.uk/portal"),
    ("BASE_URL", "https://jobs.example.gov.uk?x=1"),
    ("BASE_URL", "ftp://jobs.example.gov.uk"),
    ("SMTP_HOST", ""),
    ("SMTP_TLS", "none"),
    ("SMTP_TLS", "maybe"),
    ("SMTP_PORT", "0"),
    ("SMTP_PORT", "smtp"),
    ("MAIL_FROM", ""),
    ("MAIL_FROM", "nobody"),
    ("MAIL_FROM", "a@example.gov.uk\r\nBcc: b@example.com"),
    ("DEMO_PASSWORD", "heron umbrella fjord"),
    ("FLASK_DEBUG", "1"),
    ("FLASK_DEBUG", "true"),
    ("PORTAL_MODE", "staging"),
    ("PORT", "99999"),
    ("PORT", "²"),
    ("PORT", "-1"),
    ("WORKERS", "0"),
    ("WORKERS", "1000"),
    ("TRUSTED_PROXIES", "9"),
    ("SESSION_IDLE_MINUTES", "100000"),
    ("SESSION_HOURS", "0"),
    ("DRAFT_MINUTES", "1"),
    ("PAGE_CACHE_SECONDS", "1e9"),
    ("PAGE_CACHE_PAGES", "-1"),
    ("COUNCIL_FILE", "/nowhere/council.toml"),
]


def problems_of(**changes: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({**GOOD, **changes})
    return caught.value.problems


def test_good_settings_are_taken() -> None:
    settings = Settings.from_environment(GOOD)
    assert settings.production
    assert settings.secure
    assert settings.hosts == ("jobs.example.gov.uk",)
    assert settings.database_url == "sqlite:////srv/portal/portal.sqlite3"


@pytest.mark.parametrize(("name", "value"), UNSAFE)
def test_what_is_missing_or_unsafe_is_refused_by_name(name: str, value: str) -> None:
    assert [problem for problem in problems_of(**{name: value}) if name in problem]


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({})
    said = " ".join(caught.value.problems)
    assert all(name in said for name in ("SECRET_KEY", "BASE_URL", "SMTP_HOST", "MAIL_FROM"))


def test_no_problem_repeats_a_secret() -> None:
    assert "hunter2hunter2" not in " ".join(problems_of(SECRET_KEY="hunter2hunter2", SMTP_TLS="x"))


def test_production_is_what_nobody_asked_for() -> None:
    assert Settings.from_environment(GOOD).mode == "production"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "example.org", "::"])
def test_development_stays_on_this_machine(host: str) -> None:
    assert [problem for problem in problems_of(PORTAL_MODE="development", HOST=host) if "HOST" in problem]


def test_development_needs_little() -> None:
    settings = Settings.from_environment({"PORTAL_MODE": "development", "SECRET_KEY": GOOD["SECRET_KEY"]})
    assert settings.base_url == "http://127.0.0.1:8000"
    assert not settings.secure
    assert settings.smtp is None
    assert set(settings.hosts) == {"127.0.0.1", "localhost", "[::1]"}


def test_lists_are_separated_by_commas() -> None:
    keys = Settings.from_environment({**GOOD, "SECRET_KEY_FALLBACKS": "one, two,,"}).secret_key_fallbacks
    assert keys == ("one", "two")


@pytest.mark.parametrize("short", ["postgres://u@h/d", "postgresql://u@h/d"])
def test_postgresql_means_psycopg(short: str, tmp_path: Path) -> None:
    assert database_url(short, tmp_path) == "postgresql+psycopg://u@h/d"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_loopback_is_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "example.org", "localhost.example.org", "", "128.0.0.1"])
def test_anything_else_is_not(host: str) -> None:
    assert not is_loopback(host)


def test_the_councils_file_is_checked_like_code(tmp_path: Path) -> None:
    default = DEFAULT_FILE.read_text()
    for wrong in (
        default.replace('short_name = "Southampton"', ""),
        default.replace('short_name = "Southampton"', "short_name = 5"),
        default + "\n[unknown]\nx = 1\n",
        "not toml",
    ):
        file = tmp_path / f"{hash(wrong)}.toml"
        file.write_text(wrong)
        with pytest.raises(CouncilError):
            load_council(file)


def test_another_council_is_a_file_away(tmp_path: Path) -> None:
    default = DEFAULT_FILE.read_text()
    file = tmp_path / "council.toml"
    file.write_text(default.replace("Southampton City Council", "Anytown Council"))
    settings = Settings.from_environment({**GOOD, "COUNCIL_FILE": str(file)})
    assert settings.council.name == "Anytown Council"
