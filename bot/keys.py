"""The encryption key of a new installation: made once, beside the database's folder, not in it."""

import os
from pathlib import Path

from pydantic import SecretStr

from bot.settings import Settings, SettingsError
from storage import address
from storage.sealing import Seal, new_key

KEY_FILE = Path("keys/encryption.key")


def seal_of(settings: Settings) -> Seal:
    """Raises SettingsError where keys are missing or no keys."""
    if settings.encryption_keys is None:
        raise SettingsError("ENCRYPTION_KEYS: no key is set; `make run` creates one")
    keys = settings.encryption_keys.get_secret_value().split(",")
    try:
        return Seal([key.strip() for key in keys if key.strip()])
    except ValueError as wrong:
        raise SettingsError(f"ENCRYPTION_KEYS: {wrong}") from None


def with_key(settings: Settings) -> Settings:
    """The settings with the installation's own key, made now where everything is new."""
    known = with_known_key(settings)
    if known.encryption_keys is not None:
        return known
    file = address.file_of(settings.database_url.get_secret_value())
    if file is None:
        raise SettingsError(
            "ENCRYPTION_KEYS: PostgreSQL may be shared by several machines, so no key is made on "
            "one of them. Make one with: openssl rand -base64 32 | tr +/ -_"
        )
    if file.is_file() and file.stat().st_size:
        raise SettingsError(
            f"ENCRYPTION_KEYS: the database is there but its key is not. Put the key back "
            f"into {KEY_FILE} or set ENCRYPTION_KEYS"
        )
    _write_new_key()
    return with_known_key(settings)


def with_known_key(settings: Settings) -> Settings:
    """The settings with the installation's own key where there is one; makes none."""
    if settings.encryption_keys is not None or not KEY_FILE.exists():
        return settings
    return settings.model_copy(update={"encryption_keys": SecretStr(KEY_FILE.read_text().strip())})


def _write_new_key() -> None:
    try:
        KEY_FILE.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise SettingsError(f"{KEY_FILE} cannot be written: {error.strerror}") from None
    with os.fdopen(descriptor, "w") as file:
        file.write(new_key() + "\n")
