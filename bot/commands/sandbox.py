"""The sandbox: a Telegram of our own as a second process, and the bot talking to it."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import AnyHttpUrl, SecretStr
from rich.console import Console

from bot import app
from bot.keys import with_key
from bot.settings import Settings, SettingsError

PORT = 8090
DATA = Path("data")
OWNER = 1003  # Anna Weber, the coordinator among the people of the sandbox
TOKEN = "424242:sandbox-token-that-opens-nothing-at-all"  # noqa: S105 - opens nothing at all
READY = "sandbox ready on "
CONFIG = os.pathsep.join(["config/sandbox", "config"])


def run_sandbox(settings: Settings, *, port: int, publish_every: int, console: Console) -> None:
    """Until Ctrl-C. Keeps people invented there away from a database of real ones."""
    DATA.mkdir(exist_ok=True)
    with _telegram(port, publish_every) as address:
        os.environ["SANDBOX_URL"] = address
        console.print(f"\n  Open [bold]{address}[/bold] in a browser. Ctrl-C stops.\n")
        asyncio.run(app.run(with_key(_towards(settings, address))))


def meant(settings: Settings) -> Settings:
    """What a command beside the bot works on: without a token and without a database named,
    the bot that runs is the one in the sandbox.
    """
    named = settings.model_fields_set & {"bot_token", "database_url", "config_dir"}
    if settings.bot_token is not None or named:
        return settings
    os.environ.setdefault("SANDBOX_URL", f"http://127.0.0.1:{PORT}")
    return _towards(settings, os.environ["SANDBOX_URL"])


def _towards(settings: Settings, address: str) -> Settings:
    return settings.model_copy(
        update={
            "bot_token": SecretStr(TOKEN),
            "telegram_api_url": AnyHttpUrl(address),
            "database_url": SecretStr(f"sqlite+aiosqlite:///{DATA / 'sandbox.db'}"),
            "config_dir": CONFIG,
            "owner_ids": frozenset({OWNER}),
            "https_proxy": None,
            "webhook_url": None,
        }
    )


@contextmanager
def _telegram(port: int, publish_every: int) -> Iterator[str]:
    """The sandbox's own process. It ends when we do, however we end: its standard input is
    a pipe from us. Ctrl-C in the terminal reaches only us, so that we can finish first.
    """
    command = [sys.executable, "-m", "sandbox", "--port", str(port)]
    command += ["--data", str(DATA / "sandbox-telegram.db"), "--until-stdin-closes"]
    command += ["--publish-every", str(publish_every)]
    process = subprocess.Popen(  # noqa: S603 - our own program
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield _address(process)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _address(process: subprocess.Popen[str]) -> str:
    line = process.stdout.readline() if process.stdout else ""
    if not line.startswith(READY):
        raise SettingsError(
            "the sandbox did not start; is its port taken? Another one: "
            "python -m bot sandbox --port 8091"
        )
    return line.removeprefix(READY).strip()
