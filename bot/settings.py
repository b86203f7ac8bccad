"""The environment, read once. Names are fixed: others rely on them (.env.example explains each)."""

import os
import re
import ssl
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AnyHttpUrl,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from storage import address

TELEGRAM = "https://api.telegram.org"
FREE_RATE = 30  # messages a second that Telegram carries without payment
TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]{30,}")
SECRETS = ("bot_token", "database_url", "encryption_keys")


class SettingsError(Exception):
    """One line for each wrong value, without the values of secrets."""


def _numbers(text: object) -> object:
    if isinstance(text, str):
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    bot_token: SecretStr | None = None
    bot_token_file: Path | None = None
    telegram_api_url: AnyHttpUrl = AnyHttpUrl(TELEGRAM)
    database_url: SecretStr = SecretStr("sqlite+aiosqlite:///data/bot.db")
    database_url_file: Path | None = None
    config_dir: str = "config"
    owner_ids: Annotated[frozenset[int], NoDecode, BeforeValidator(_numbers)] = frozenset()
    encryption_keys: SecretStr | None = None
    encryption_keys_file: Path | None = None
    webhook_url: AnyHttpUrl | None = None
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65_535)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    bulk_rate: int = Field(default=25, ge=1, le=1000)
    paid_broadcast: bool = False
    https_proxy: str | None = Field(default=None, repr=False)  # may hold a password
    ca_bundle: Path | None = None
    clock_file: Path | None = None

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, level: object) -> object:
        return level.upper() if isinstance(level, str) else level

    @model_validator(mode="after")
    def _read_secret_files(self) -> Self:
        for name in SECRETS:
            path: Path | None = getattr(self, f"{name}_file")
            if path is not None:
                setattr(self, name, SecretStr(_secret_in(path, f"{name.upper()}_FILE")))
        return self

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        _check_database(self.database_url.get_secret_value())
        if self.bot_token and not TOKEN.fullmatch(self.bot_token.get_secret_value()):
            raise ValueError("BOT_TOKEN does not look like a token from @BotFather (123456:ABC…)")
        if self.clock_file is not None and self.talks_to_telegram:
            raise ValueError("CLOCK_FILE is for tests: it is refused with Telegram's real address")
        if self.ca_bundle is not None:
            _check_certificates(self.ca_bundle)
        if self.bulk_rate > FREE_RATE and not self.paid_broadcast:
            raise ValueError("BULK_RATE over 30 costs Telegram Stars: set PAID_BROADCAST=true, too")
        if any(owner <= 0 for owner in self.owner_ids):
            raise ValueError("OWNER_IDS are Telegram ids of people: positive numbers")
        return self

    @property
    def talks_to_telegram(self) -> bool:
        return self.telegram_api_url.host == AnyHttpUrl(TELEGRAM).host

    @property
    def config_folders(self) -> tuple[Path, ...]:
        """A search path like PATH: the first folder that holds a file wins."""
        return tuple(Path(part) for part in self.config_dir.split(os.pathsep) if part)


def load(**given: object) -> Settings:
    """Raises SettingsError."""
    try:
        return Settings(**given)  # type: ignore[arg-type]  # values are checked by pydantic
    except ValidationError as wrong:
        raise SettingsError("\n".join(map(_line, wrong.errors()))) from None
    except UnicodeDecodeError:
        raise SettingsError(".env: the file is not UTF-8") from None


def share_network(settings: Settings) -> None:
    """Proxy and certificates for every client library, which all read the environment."""
    if settings.https_proxy:
        os.environ["HTTPS_PROXY"] = settings.https_proxy
    if settings.ca_bundle:
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
            os.environ[name] = str(settings.ca_bundle)


def _secret_in(path: Path, name: str) -> str:
    """Raises ValueError."""
    if not path.is_file():
        raise ValueError(f"{name} names {path}, which is not a file")
    try:
        secret = path.read_text("utf-8").strip()
    except OSError:
        raise ValueError(f"{name} names {path}, which cannot be read") from None
    except UnicodeDecodeError:
        secret = ""
    if not secret:
        raise ValueError(f"{name} names {path}, which holds no text")
    return secret


def _check_certificates(file: Path) -> None:
    try:
        ssl.create_default_context(cafile=file)
    except OSError:
        raise ValueError(f"CA_BUNDLE names {file}, which holds no certificates") from None


def _check_database(url: str) -> None:
    try:
        address.parse(url)
    except address.AddressError as wrong:
        raise ValueError(f"DATABASE_URL {wrong}") from None


def _line(error: object) -> str:
    """As in: LOG_FORMAT: Input should be 'text' or 'json'. The value itself is not repeated."""
    told = dict(error) if isinstance(error, dict) else {}
    name = "_".join(str(part) for part in told.get("loc", ())[:1]).upper()
    message = str(told.get("msg", "")).removeprefix("Value error, ")
    return f"{name}: {message}" if name else message
