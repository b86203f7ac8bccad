import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import __version__
from bot.__main__ import cli
from bot.settings import Settings
from storage.sealing import new_key

ROOT = Path(__file__).parent.parent
INPUTS = ROOT / "tests" / "inputs"
TOKEN = "123456:" + "A" * 35
NOBODY = "http://127.0.0.1:9"  # a port where nothing listens
COMMANDS = ["run", "sandbox", "migrate", "doctor", "news", "role", "inbox"]
PATIENCE = 30  # seconds


class Shell:
    """An operator in a fresh folder, with the invented pair of cities."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        mine = {name.upper() for name in Settings.model_fields}
        self.variables = {name: os.environ[name] for name in os.environ if name not in mine}
        self.variables |= {
            "PYTHONPATH": str(ROOT),
            "CONFIG_DIR": str(INPUTS / "other_pair"),
            "SANDBOX_URL": NOBODY,
            "TELEGRAM_API_URL": NOBODY,
            "LOG_LEVEL": "WARNING",
            "COLUMNS": "200",
        }

    def bot(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.folder,
            env=self.variables | variables,
            text=True,
            encoding="utf-8",
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )

    def done(self, *arguments: str, **variables: str) -> str:
        finished = self.bot(*arguments, **variables)
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    def refused(self, *arguments: str, **variables: str) -> str:
        """Clear lines and no traceback."""
        finished = self.bot(*arguments, **variables)
        assert finished.returncode == 1, finished.stdout
        assert "Traceback" not in finished.stderr
        return finished.stderr.strip()


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_the_version_is_told(shell: Shell) -> None:
    assert shell.done("--version") == f"Brückenbot {__version__}\n"


def test_help_names_every_command() -> None:
    told = CliRunner().invoke(cli, ["--help"]).output

    assert [name for name in COMMANDS if f" {name} " not in told] == []


def test_a_fresh_folder_is_set_up_by_migrate_and_used_by_the_rest(shell: Shell) -> None:
    assert shell.done("migrate").startswith("Now at ")
    assert shell.done("migrate").startswith("Already at ")

    told = shell.done("role", "grant", "1003")

    assert told == "1003 is not known: the person must choose a language in the bot first.\n"
    assert (shell.folder / "keys" / "encryption.key").stat().st_mode & 0o777 == 0o600


def test_doctor_says_what_a_fresh_folder_needs_and_writes_nothing(shell: Shell) -> None:
    finished = shell.bot("doctor")

    assert finished.returncode == 1
    assert "Traceback" not in finished.stderr
    assert "✓  configuration" in finished.stdout
    assert "python -m bot migrate" in finished.stdout
    assert "BOT_TOKEN is not set" in finished.stdout
    assert list(shell.folder.iterdir()) == []


def test_doctor_finds_the_key_and_the_database_that_migrate_made(shell: Shell) -> None:
    shell.done("migrate")

    finished = shell.bot("doctor", BOT_TOKEN=TOKEN)

    assert finished.returncode == 1
    assert "✓  encryption keys" in finished.stdout
    assert "✓  database" in finished.stdout
    assert "✗  Telegram" in finished.stdout
    assert "✗  source musterstadt" in finished.stdout
    assert TOKEN not in finished.stdout + finished.stderr


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"LOG_FORMAT": "xml", "BULK_RATE": "99"}, "LOG_FORMAT"),
        ({"BOT_TOKEN": TOKEN, "ENCRYPTION_KEYS": "short"}, "ENCRYPTION_KEYS"),
        (
            {"BOT_TOKEN": TOKEN, "CONFIG_DIR": "nowhere"},
            "partnership.toml was not found in nowhere",
        ),
        ({"BOT_TOKEN": TOKEN, "DATABASE_URL": "sqlite:////proc/nowhere/bot.db"}, "DATABASE_URL"),
        (
            {"BOT_TOKEN": TOKEN, "DATABASE_URL": "postgresql://bot:rosenkohl@127.0.0.1:9/bot"},
            "DATABASE_URL",
        ),
    ],
)
def test_a_wrong_setting_stops_the_start_with_a_clear_line(
    shell: Shell, variables: dict[str, str], told: str
) -> None:
    keys = {"ENCRYPTION_KEYS": new_key()}

    refusal = shell.refused("run", **keys | variables)

    assert refusal.startswith(told)
    assert len(refusal.splitlines()) <= len(variables)
    assert "rosenkohl" not in refusal
    assert TOKEN not in refusal


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(cli, ["dance"]).exit_code == 2


def test_a_pasted_article_is_stored_once(shell: Shell) -> None:
    first = shell.done("news", "import", str(INPUTS / "article.txt"))
    second = shell.done("news", "import", str(INPUTS / "article.txt"))

    assert "Stored." in first
    assert "Мустерштадт подарує Зразковому сорок шкільних парт" in first
    assert "2026-11-12" in first
    assert "uk" in first
    assert "Schulen" in first or "schools" in first
    assert "It waits for a coordinator" in first
    assert "Known already, nothing stored." in second


def test_a_saved_page_is_read_with_its_date_and_address(shell: Shell) -> None:
    told = shell.done("news", "import", str(INPUTS / "article.html"), "--release")

    assert "Musterstadt schenkt Sraskowe vierzig Schulbänke" in told
    assert "2026-11-12" in told
    assert "https://musterstadt.example/nachrichten/schulbaenke" in told
    assert "Released; 0 people are told." in told


def test_what_cannot_be_read_is_refused_with_a_clear_line(shell: Shell) -> None:
    told = shell.refused("news", "import", "http://[::1")

    assert told == "http://[::1: not reachable (InvalidURL)"


def test_without_dead_updates_the_inbox_says_so(shell: Shell) -> None:
    assert shell.done("inbox") == "No update was put aside.\n"


def test_only_what_is_dead_can_be_put_back(shell: Shell) -> None:
    assert shell.done("inbox", "retry", "7").startswith("There is no such update")
    assert shell.done("inbox", "retry", "all").startswith("There is no such update")
    assert shell.done("inbox", "retry", "seven").startswith("seven is no number")
