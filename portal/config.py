"""Settings from the environment, typed. A wrong value stops the start with one clear sentence."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from portal.instance import kept_secret
from portal.mail_url import read_mail_url
from portal.sms_url import read_sms_url
from portal.vapid import new_private_key, public_key_of, read_private_key

Environment = Literal["production", "demo", "testing"]
Words = Annotated[list[str], NoDecode]
ROOT = Path(__file__).resolve().parent.parent


class WrongSetting(Exception):
    """The environment holds a value we cannot work with; the text names it."""


class Settings(BaseSettings):
    """`PORTAL_<NAME>` of each field below; lists are separated by commas."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", extra="ignore")

    environment: Environment = "production"
    instance_path: str = str(ROOT / "instance")
    database_url: str | None = None
    secret_key: str | None = None
    secret_key_fallbacks: Words = []
    encryption_keys: Words = []
    base_url: str = "http://127.0.0.1:8000"
    mail_url: str | None = None
    sms_url: str | None = None
    vapid_private_key: str | None = None
    vapid_subject: str | None = None
    trusted_hosts: Words = []
    proxy_hops: int = Field(0, ge=0, le=5)
    redis_url: str | None = None
    max_streams: int = Field(200, ge=1, le=10_000)
    # Switches the database's overlap guards off so that a race test can prove that it would notice. Testing only.
    unsafe_without_guards: bool = False

    @field_validator("secret_key_fallbacks", "encryption_keys", "trusted_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value

    @field_validator("encryption_keys")
    @classmethod
    def _whole_keys(cls, value: list[str]) -> list[str]:
        for key in value:
            try:
                length = len(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
            except ValueError:
                length = 0
            if length != 32:
                raise ValueError("must be keys of 32 bytes as `flask keys encryption` prints them")
        return value

    @field_validator("instance_path")
    @classmethod
    def _absolute_folder(cls, value: str) -> str:
        if not Path(value).is_absolute():
            raise ValueError("must be the absolute path of a folder")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str | None) -> str | None:
        if value:
            try:
                backend = make_url(value).get_backend_name()
            except ArgumentError as error:
                raise ValueError("is not a database address") from error
            if backend not in {"sqlite", "postgresql"}:
                raise ValueError("must be a sqlite or postgresql address")
        return value or None

    @field_validator("base_url")
    @classmethod
    def _absolute(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise ValueError("must be an http or https address")
        return value.rstrip("/")

    @field_validator("mail_url")
    @classmethod
    def _known_mail_server(cls, value: str | None) -> str | None:
        if value:
            read_mail_url(value)
        return value or None

    @field_validator("sms_url")
    @classmethod
    def _known_sms_service(cls, value: str | None) -> str | None:
        if value:
            read_sms_url(value)
        return value or None

    @field_validator("vapid_private_key")
    @classmethod
    def _push_key(cls, value: str | None) -> str | None:
        if value:
            read_private_key(value)
        return value or None

    @field_validator("vapid_subject")
    @classmethod
    def _reachable(cls, value: str | None) -> str | None:
        if value and not re.fullmatch(r"mailto:[^@\s]+@[\w.-]+|https://[\w.-]+", value):
            raise ValueError("must look like mailto:desk@spa.example or https://spa.example")
        return value or None

    @model_validator(mode="after")
    def _safe(self) -> Settings:
        if self.environment == "production" and len(self.secret_key or "") < 16:
            raise ValueError("PORTAL_SECRET_KEY is required (at least 16 characters) outside demo and testing")
        if self.unsafe_without_guards and self.environment != "testing":
            raise ValueError("PORTAL_UNSAFE_WITHOUT_GUARDS is refused outside testing")
        if self.environment == "demo":
            self.sms_url = self.sms_url or "file:"
        return self

    @property
    def is_loopback(self) -> bool:
        """Whether the portal is served to this machine alone, as when somebody tries it out."""
        return urlsplit(self.base_url).hostname in {"127.0.0.1", "localhost", "::1"}

    @property
    def push_subject(self) -> str:
        """Whom a push service may turn to about us."""
        if self.vapid_subject:
            return self.vapid_subject
        sender = read_mail_url(self.mail_url).sender if self.mail_url else None
        return f"mailto:{sender or 'no-reply@localhost'}"

    @property
    def https(self) -> bool:
        """Whether people reach us by https: cookies are then `Secure` and carry the `__Host-` prefix."""
        return self.base_url.startswith("https://")


def read_settings(**given: Any) -> Settings:
    """The settings of this process; `given` values win over the environment. Raises WrongSetting."""
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        text = first["msg"].removeprefix("Value error, ")
        raise WrongSetting(f"PORTAL_{name.upper()} {text}" if name else text) from error


def flask_config(settings: Settings) -> dict[str, Any]:
    """What Flask and its extensions read. The demo makes its own secret key when none is given."""
    database = settings.database_url or f"sqlite:///{Path(settings.instance_path) / 'thermes.sqlite3'}"
    secret = settings.secret_key or _implied_secret(settings)
    push_key = settings.vapid_private_key or _implied_push_key(settings)
    return {
        "SETTINGS": settings,
        "TESTING": settings.environment == "testing",
        "SECRET_KEY": secret,
        "SECRET_KEY_FALLBACKS": settings.secret_key_fallbacks,
        "ENCRYPTION_KEYS": settings.encryption_keys or _implied_encryption(settings),
        "TRUSTED_HOSTS": settings.trusted_hosts or None,
        "SQLALCHEMY_DATABASE_URI": _with_driver(database),
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(database, settings),
        "SESSION_COOKIE_NAME": "__Host-thermes-form" if settings.https else "thermes-form",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # The last key signs, all verify: a page that was open while the key changed can still be sent.
        "WTF_CSRF_SECRET_KEY": [*reversed(settings.secret_key_fallbacks), secret],
        "VAPID_PRIVATE_KEY": push_key,
        "VAPID_PUBLIC_KEY": public_key_of(push_key) if push_key else None,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 100,
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        "BABEL_DEFAULT_LOCALE": "en",
    }


def _implied_encryption(settings: Settings) -> list[str]:
    """The demo keeps a key of its own; elsewhere nothing is sealed without one."""
    if settings.environment == "demo":
        return [kept_secret(Path(settings.instance_path), "demo-encryption-key")]
    if settings.environment == "testing":
        return [base64.urlsafe_b64encode(b"thirty-two bytes for tests alone").decode()]
    return []


def _implied_secret(settings: Settings) -> str:
    if settings.environment == "demo":
        return kept_secret(Path(settings.instance_path), "demo-secret-key")
    return "a secret for tests only, never reached in production"


def _implied_push_key(settings: Settings) -> str | None:
    """The demo makes its own; without one nobody can be reached by push."""
    if settings.environment != "demo":
        return None
    return kept_secret(Path(settings.instance_path), "demo-vapid-key", new_private_key)


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _engine_options(url: str, settings: Settings) -> dict[str, Any]:
    execution = {"thermes_unguarded": True} if settings.unsafe_without_guards else {}
    if make_url(url).get_backend_name() == "sqlite":
        return {"pool_size": 20, "max_overflow": 20, "execution_options": execution}
    options = "-c timezone=utc -c lock_timeout=5000 -c statement_timeout=15000"
    # A server that is gone without a word is noticed by TCP; one that said so, see database.py.
    alive = {"keepalives_idle": 30, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 10_000}
    return {
        # Few that are warm: each has to plan every statement a few times before it knows it, and Python computes for
        # one request at a time anyway. Who comes while all are lent waits; nobody holds two.
        "pool_size": 8,
        "max_overflow": 0,
        # The connection that was used last knows the statements already.
        "pool_use_lifo": True,
        "execution_options": execution,
        "connect_args": {"options": options, "connect_timeout": 5, **alive},
    }
