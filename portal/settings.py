"""Settings: frozen, typed, read from the environment only; refuses a missing or unsafe value.

Production is the default mode, so that forgetting to say anything is safe rather than convenient.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from portal.council import Council, CouncilError, load_council

Mode = Literal["development", "production"]

SECRET_MINIMUM = 32
"""Characters; a 16-byte secret written in hexadecimal has exactly as many."""

WEAK_WORDS = ("secret", "change", "password", "example", "default", "development")


class SettingsError(ValueError):
    """One or more settings are missing or unsafe; `problems` says each in a sentence."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True, slots=True)
class Smtp:
    """A mail server; `tls` is how the connection is protected."""

    host: str
    port: int = 587
    user: str = ""
    password: str = ""
    tls: Literal["starttls", "implicit", "none"] = "starttls"


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Everything that differs between one installation and another."""

    mode: Mode
    secret_key: str
    database_url: str
    instance: Path
    base_url: str
    council: Council
    secret_key_fallbacks: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    trusted_hosts: tuple[str, ...] = ()
    trusted_proxies: int = 0
    smtp: Smtp | None = None
    mail_from: str = "no-reply@example.org"
    session_idle_minutes: int = 30
    session_hours: int = 8
    candidate_idle_minutes: int = 120
    candidate_hours: int = 12
    draft_minutes: int = 60
    demo_password: str | None = None
    page_cache_seconds: int = 60
    page_cache_pages: int = 512
    maximum_body: int = 256 * 1024

    @property
    def production(self) -> bool:
        """Whether this is a real service with real people's data."""
        return self.mode == "production"

    @property
    def secure(self) -> bool:
        """Whether browsers reach the service by https (cookies, HSTS)."""
        return self.base_url.startswith("https://")

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names the service answers to, the base address's own first."""
        own = urlsplit(self.base_url).hostname or "127.0.0.1"
        local = () if self.production else ("127.0.0.1", "localhost", "[::1]")
        return tuple(dict.fromkeys((own, *self.trusted_hosts, *local)))

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings, raising SettingsError with everything that is wrong at once."""
        return _Reader(environ).settings()


class _Reader:
    """Collects the problems of an environment while reading it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def settings(self) -> Settings:
        mode = self._mode()
        instance = Path(self._text("INSTANCE", "instance")).resolve()
        host, port = self._text("HOST", "127.0.0.1"), self._number("PORT", 8000, 0, 65535)
        base_url = self._base_url(mode, host, port)
        values = {
            "mode": mode,
            "secret_key": self._secret(mode),
            "secret_key_fallbacks": self._list("SECRET_KEY_FALLBACKS"),
            "database_url": database_url(self._text("DATABASE_URL", ""), instance),
            "instance": instance,
            "host": host,
            "port": port,
            "base_url": base_url,
            "workers": self._number("WORKERS", 2, 1, 64),
            "trusted_hosts": self._list("TRUSTED_HOSTS"),
            "trusted_proxies": self._number("TRUSTED_PROXIES", 0, 0, 5),
            "smtp": self._smtp(mode),
            "mail_from": self._mail_from(mode),
            "session_idle_minutes": self._number("SESSION_IDLE_MINUTES", 30, 5, 120),
            "session_hours": self._number("SESSION_HOURS", 8, 1, 12),
            "candidate_idle_minutes": self._number("CANDIDATE_IDLE_MINUTES", 120, 20, 660),
            "candidate_hours": self._number("CANDIDATE_HOURS", 12, 1, 24),
            "draft_minutes": self._number("DRAFT_MINUTES", 60, 20, 1440),
            "demo_password": self._demo_password(mode),
            "page_cache_seconds": self._number("PAGE_CACHE_SECONDS", 60, 0, 3600),
            "page_cache_pages": self._number("PAGE_CACHE_PAGES", 512, 0, 100_000),
            "council": self._council(),
        }
        if self._text("FLASK_DEBUG", "0").casefold() not in ("", "0", "false", "no") and mode == "production":
            self.problems.append("FLASK_DEBUG is on: the debugger shows personal data. Unset FLASK_DEBUG")
        if mode == "development" and not is_loopback(host):
            self.problems.append("HOST must be a loopback address in development: set HOST=127.0.0.1")
        if self.problems:
            raise SettingsError(self.problems)
        return Settings(**values)  # type: ignore[arg-type]  # each value was read with its own type above

    def _text(self, name: str, default: str) -> str:
        return self.environ.get(name, "").strip() or default

    def _list(self, name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self._text(name, "").split(",") if part.strip())

    def _number(self, name: str, default: int, lowest: int, highest: int) -> int:
        text = self._text(name, str(default))
        if not (text.isascii() and text.isdigit() and lowest <= int(text[:9]) <= highest):
            self.problems.append(f"{name} must be a whole number from {lowest} to {highest}")
            return default
        return int(text)

    def _mode(self) -> Mode:
        text = self._text("PORTAL_MODE", "production")
        if text not in ("development", "production"):
            self.problems.append("PORTAL_MODE must be development or production")
        return "development" if text == "development" else "production"

    def _secret(self, mode: Mode) -> str:
        secret = self._text("SECRET_KEY", "")
        weak = len(secret) < SECRET_MINIMUM or len(set(secret)) < 8
        if weak or any(word in secret.casefold() for word in WEAK_WORDS):
            self.problems.append(
                f"SECRET_KEY is missing or weak: set it to at least {SECRET_MINIMUM} random characters, "
                "for example the output of: python3 -c 'import secrets; print(secrets.token_hex(32))'"
            )
        return secret

    def _base_url(self, mode: Mode, host: str, port: int) -> str:
        text = self._text("BASE_URL", f"http://{host}:{port}" if mode == "development" else "").rstrip("/")
        parts = urlsplit(text)
        if not text:
            self.problems.append(
                "BASE_URL is missing: set it to the address people use, e.g. https://jobs.example.gov.uk"
            )
        elif parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
            self.problems.append(
                "BASE_URL must be a scheme and a host only, e.g. https://jobs.example.gov.uk"
            )
        elif mode == "production" and parts.scheme != "https" and not is_loopback(parts.hostname):
            self.problems.append("BASE_URL must begin with https:// in production")
        return text

    def _smtp(self, mode: Mode) -> Smtp | None:
        host = self._text("SMTP_HOST", "")
        if not host:
            if mode == "production":
                self.problems.append("SMTP_HOST is missing: nobody would get an answer by mail")
            return None
        tls = self._text("SMTP_TLS", "starttls")
        if tls not in ("starttls", "implicit", "none") or (tls == "none" and not is_loopback(host)):
            self.problems.append(
                "SMTP_TLS must be starttls or implicit (none only for a server on this machine)"
            )
        return Smtp(
            host=host,
            port=self._number("SMTP_PORT", 587, 1, 65535),
            user=self._text("SMTP_USER", ""),
            password=self._text("SMTP_PASSWORD", ""),
            tls="implicit" if tls == "implicit" else "none" if tls == "none" else "starttls",
        )

    def _mail_from(self, mode: Mode) -> str:
        sender = self._text("MAIL_FROM", "" if mode == "production" else "no-reply@example.org")
        if "@" not in sender or any(ord(character) < 32 for character in sender):
            self.problems.append("MAIL_FROM is missing: set it to the address mail comes from")
        return sender

    def _demo_password(self, mode: Mode) -> str | None:
        password = self.environ.get("DEMO_PASSWORD", "") or None
        if password and mode == "production":
            self.problems.append("DEMO_PASSWORD is set: production refuses demonstration data. Unset it")
        return password

    def _council(self) -> Council | None:
        path = self._text("COUNCIL_FILE", "")
        try:
            return load_council(Path(path) if path else None)
        except CouncilError as error:
            self.problems.append(f"COUNCIL_FILE: {error}")
            return None


def database_url(text: str, instance: Path) -> str:
    """The database's URL: SQLite in the instance folder unless one is given; psycopg 3 for PostgreSQL."""
    if not text:
        return f"sqlite:///{instance / 'portal.sqlite3'}"
    for short in ("postgres://", "postgresql://"):
        if text.startswith(short):
            return "postgresql+psycopg://" + text.removeprefix(short)
    return text


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
