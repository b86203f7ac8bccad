import os
import shutil
from pathlib import Path

import certifi
import pytest

from bot import settings
from bot.settings import Settings, SettingsError

TOKEN = "123456:" + "A" * 35
KEY = "S" * 43 + "="
PASSWORD = "rosenkohl"
TELEGRAM = "https://api.telegram.org"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No .env of whoever runs the tests, no variable of theirs."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def refusal(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        settings.load()
    return str(refused.value)


def test_everything_has_a_default() -> None:
    found = settings.load()

    assert found.bot_token is None
    assert found.encryption_keys is None
    assert str(found.telegram_api_url).rstrip("/") == TELEGRAM
    assert found.database_url.get_secret_value() == "sqlite+aiosqlite:///data/bot.db"
    assert found.config_folders == (Path("config"),)
    assert found.owner_ids == frozenset()
    assert (found.http_host, found.http_port) == ("127.0.0.1", 8080)
    assert (found.log_level, found.log_format) == ("INFO", "text")
    assert found.bulk_rate == 25
    assert (found.https_proxy, found.ca_bundle, found.clock_file) == (None, None, None)


def test_every_variable_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    shutil.copy(certifi.where(), bundle)
    given = {
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": "http://127.0.0.1:8090",
        "DATABASE_URL": "postgresql+asyncpg://bot:x@127.0.0.1/bot",
        "CONFIG_DIR": f"a{os.pathsep}b",
        "OWNER_IDS": "1003",
        "ENCRYPTION_KEYS": KEY,
        "HTTP_HOST": "127.0.0.2",
        "HTTP_PORT": "9000",
        "LOG_LEVEL": "debug",
        "LOG_FORMAT": "json",
        "BULK_RATE": "5",
        "HTTPS_PROXY": "http://127.0.0.1:3128",
        "CA_BUNDLE": str(bundle),
        "CLOCK_FILE": str(tmp_path / "clock"),
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    found = settings.load()

    assert found.bot_token is not None
    assert found.bot_token.get_secret_value() == TOKEN
    assert str(found.telegram_api_url) == "http://127.0.0.1:8090/"
    assert found.database_url.get_secret_value() == given["DATABASE_URL"]
    assert found.config_folders == (Path("a"), Path("b"))
    assert found.owner_ids == {1003}
    assert found.encryption_keys is not None
    assert (found.http_host, found.http_port) == ("127.0.0.2", 9000)
    assert (found.log_level, found.log_format, found.bulk_rate) == ("DEBUG", "json", 5)
    assert (found.https_proxy, found.ca_bundle) == ("http://127.0.0.1:3128", bundle)
    assert found.clock_file == tmp_path / "clock"


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BOT_TOKEN", "OWNER_IDS", "DATABASE_URL", "HTTP_PORT", "CLOCK_FILE"):
        monkeypatch.setenv(name, "")

    assert settings.load() == Settings()


def test_a_file_called_env_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"BOT_TOKEN={TOKEN}\nSOMETHING_ELSE=1\n")

    token = settings.load().bot_token

    assert token is not None
    assert token.get_secret_value() == TOKEN


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("bot_token", TOKEN),
        ("database_url", "sqlite+aiosqlite:///elsewhere.db"),
        ("encryption_keys", KEY),
    ],
)
def test_a_secret_may_stand_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, secret: str
) -> None:
    file = tmp_path / "secret"
    file.write_text(f"  {secret}\n")
    monkeypatch.setenv(f"{name.upper()}_FILE", str(file))

    assert getattr(settings.load(), name).get_secret_value() == secret


@pytest.mark.parametrize("name", ["BOT_TOKEN", "DATABASE_URL", "ENCRYPTION_KEYS"])
def test_a_secret_file_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    told = refusal(monkeypatch, **{f"{name}_FILE": str(tmp_path / "nowhere")})

    assert told == f"{name}_FILE names {tmp_path / 'nowhere'}, which is not a file"


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe\x00"])
def test_a_secret_file_without_a_text_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "secret"
    file.write_bytes(content)

    told = refusal(monkeypatch, BOT_TOKEN_FILE=str(file))

    assert told == f"BOT_TOKEN_FILE names {file}, which holds no text"


def test_a_secret_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    unreadable = "/proc/self/mem"
    if not Path(unreadable).is_file():
        pytest.skip("no file here is unreadable for everybody")

    told = refusal(monkeypatch, BOT_TOKEN_FILE=unreadable)

    assert told == f"BOT_TOKEN_FILE names {unreadable}, which cannot be read"


@pytest.mark.parametrize("written", ["1003,1004", " 1003 , 1004 ", "1003,,1004,", "1004,1003,1003"])
def test_owners_are_a_list_with_commas(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("OWNER_IDS", written)

    assert settings.load().owner_ids == {1003, 1004}


@pytest.mark.parametrize(
    "url",
    [
        "sqlite+aiosqlite:///data/bot.db",
        "sqlite:///data/bot.db",
        "postgresql+asyncpg://bot:secret@127.0.0.1:5432/bot",
        "postgresql://bot@/bot?host=/run/postgresql",
    ],
)
def test_both_databases_are_understood(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    assert settings.load().database_url.get_secret_value() == url


@pytest.mark.parametrize(
    "url", [f"mysql://bot:{PASSWORD}@127.0.0.1/bot", f"no address at all, {PASSWORD}", PASSWORD]
)
def test_another_database_is_refused_without_its_password(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    told = refusal(monkeypatch, DATABASE_URL=url)

    assert told.startswith("DATABASE_URL must look like sqlite+aiosqlite:///data/bot.db")
    assert PASSWORD not in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_API_URL", "not an address"),
        ("TELEGRAM_API_URL", "ftp://127.0.0.1"),
        ("OWNER_IDS", "anna"),
        ("HTTP_PORT", "70000"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
        ("BULK_RATE", "0"),
        ("BULK_RATE", "31"),
        ("CA_BUNDLE", "nowhere.pem"),
        ("BOT_TOKEN", f"bot{TOKEN} "),
        ("BOT_TOKEN", "123456:short"),
        ("BOT_TOKEN", "123456:" + "й" * 35),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    told = refusal(monkeypatch, **{name: value})

    assert told.startswith(name)
    assert "\n" not in told
    assert name != "BOT_TOKEN" or value not in told


def test_every_wrong_value_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told = refusal(monkeypatch, LOG_FORMAT="xml", BULK_RATE="1001", HTTP_PORT="-1")

    assert {line.split(":")[0] for line in told.splitlines()} == {
        "LOG_FORMAT",
        "BULK_RATE",
        "HTTP_PORT",
    }


@pytest.mark.parametrize(
    "url", [TELEGRAM, f"{TELEGRAM}/", "HTTPS://API.Telegram.org:443", "http://api.telegram.org"]
)
def test_a_steered_clock_is_refused_with_real_people(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    told = refusal(monkeypatch, CLOCK_FILE="clock", TELEGRAM_API_URL=url)

    assert told == "CLOCK_FILE is for tests: it is refused with Telegram's real address"


def test_what_is_paid_for_may_go_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULK_RATE", "1000")
    monkeypatch.setenv("PAID_BROADCAST", "true")

    assert settings.load().bulk_rate == 1000


def test_no_secret_shows_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("ENCRYPTION_KEYS", KEY)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://bot:{PASSWORD}@127.0.0.1/bot")
    monkeypatch.setenv("HTTPS_PROXY", f"http://proxy:{PASSWORD}@127.0.0.1")

    printed = repr(settings.load()) + str(settings.load())

    assert not [secret for secret in (TOKEN, KEY, PASSWORD) if secret in printed]


def test_the_example_file_names_every_variable() -> None:
    example = (Path(__file__).parent.parent / ".env.example").read_text("utf-8")

    missing = [name for name in Settings.model_fields if f"#{name.upper()}=" not in example]

    assert set(missing) <= {"database_url_file"}
