from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import keys, settings
from bot.keys import KEY_FILE
from bot.settings import Settings, SettingsError
from storage.sealing import new_key

POSTGRES = "postgresql+asyncpg://bot@127.0.0.1/bot"


@pytest.fixture(autouse=True)
def fresh_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An installation in a folder of its own, with nothing set."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def key_of(found: Settings) -> str:
    assert found.encryption_keys is not None
    return found.encryption_keys.get_secret_value()


def test_a_new_installation_gets_a_key_that_only_its_owner_can_read() -> None:
    made = keys.with_key(settings.load())

    assert key_of(made) == KEY_FILE.read_text().strip()
    assert KEY_FILE.stat().st_mode & 0o777 == 0o600
    assert KEY_FILE.parent.stat().st_mode & 0o777 == 0o700
    keys.seal_of(made)


def test_the_key_does_not_lie_with_the_database() -> None:
    database = Path(settings.load().database_url.get_secret_value().partition("///")[2])

    assert KEY_FILE.parent != database.parent
    assert database.parent not in KEY_FILE.parents


def test_the_key_is_made_once() -> None:
    first = key_of(keys.with_key(settings.load()))

    assert key_of(keys.with_key(settings.load())) == first


def test_a_key_that_is_set_is_used_and_no_file_written() -> None:
    given = new_key()

    found = keys.with_key(settings.load(encryption_keys=SecretStr(given)))

    assert key_of(found) == given
    assert not KEY_FILE.exists()


def test_a_database_without_its_key_gets_no_new_one(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "bot.db").write_bytes(b"SQLite format 3\0")

    with pytest.raises(SettingsError, match="the database is there but its key is not"):
        keys.with_key(settings.load())

    assert not KEY_FILE.exists()


def test_an_empty_database_file_hides_nothing_and_gets_its_key(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "bot.db").touch()

    keys.with_key(settings.load())

    assert KEY_FILE.is_file()


def test_a_shared_database_gets_no_key_of_one_machine() -> None:
    with pytest.raises(SettingsError, match="ENCRYPTION_KEYS: PostgreSQL may be shared"):
        keys.with_key(settings.load(database_url=SecretStr(POSTGRES)))

    assert not KEY_FILE.exists()


def test_looking_for_the_key_makes_none() -> None:
    found = keys.with_known_key(settings.load())

    assert found.encryption_keys is None
    assert not KEY_FILE.exists()


def test_the_key_of_the_installation_is_found_again() -> None:
    made = key_of(keys.with_key(settings.load()))

    assert key_of(keys.with_known_key(settings.load())) == made


@pytest.mark.parametrize(
    "wrong",
    ["short", "Q" * 43, ",", f"{new_key()},short"],
    ids=["short", "no base64", "none", "a good one and a short one"],
)
def test_a_key_that_is_none_is_refused_without_showing_it(wrong: str) -> None:
    with pytest.raises(SettingsError, match="ENCRYPTION_KEYS: ") as refused:
        keys.seal_of(settings.load(encryption_keys=SecretStr(wrong)))

    assert not [part for part in wrong.split(",") if part and part in str(refused.value)]


def test_without_a_key_nothing_can_be_sealed() -> None:
    with pytest.raises(SettingsError, match="ENCRYPTION_KEYS: no key is set"):
        keys.seal_of(settings.load())


def test_several_keys_may_be_given_with_blanks_between() -> None:
    old, new = new_key(), new_key()
    before = keys.seal_of(settings.load(encryption_keys=SecretStr(old)))
    sealed = before.seal("text", table="t", column="c", row=1)

    after = keys.seal_of(settings.load(encryption_keys=SecretStr(f" {new} , {old} ")))

    assert after.open(sealed, table="t", column="c", row=1) == "text"
