import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.logs import HIDDEN, without_token

ROOT = Path(__file__).parent.parent
TOKEN = "123456789:AAF-" + "x_" * 16
SHORT_ID = "7:" + "y" * 35

# Logging is set up once a process, so the lines come from one of their own.
PROGRAM = """
import asyncio, logging, sys
import structlog
from telegram import Bot
from telegram.error import InvalidToken, NetworkError
from bot import logs

form, token = sys.argv[1:]
logs.set_up("DEBUG", form)
log = structlog.get_logger("story")
bot = Bot(token, base_url="http://127.0.0.1:9/bot")

log.info("an event", bot=repr(bot), url=bot.base_url, parts=[token, {"deep": token}], error=bot)
log.debug(f"in the event itself {token}")
logging.getLogger("some.library").debug("plain %s %r", token, bot)
logging.getLogger("some.library").warning("quoted %s", token.replace(":", "%3A"))
for name in ("httpx", "httpcore", "telegram", "telegram.Bot", "urllib3"):
    logging.getLogger(name).critical("%s says %s", name, bot.base_url)
    logging.getLogger(name + ".inner").debug("DETAIL %s", bot.base_url)
try:
    raise InvalidToken(f"The token `{token}` was rejected") from ValueError(token)
except InvalidToken as error:
    log.exception("a fault", error=error)
    logging.getLogger("some.library").exception("a fault")
    log.error("a fault", exc_info=error)
try:
    asyncio.run(bot.get_me())
except NetworkError:
    log.exception("not reachable")
log.info("the end", who="nobody")
raise RuntimeError(f"unexpected {token}")
"""


def written(form: str, token: str) -> list[str]:
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM, form, token],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )
    assert (finished.returncode, finished.stdout) == (1, "")
    return finished.stderr.splitlines()


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("token", [TOKEN, SHORT_ID])
def test_no_line_ever_holds_the_token(form: str, token: str) -> None:
    lines = written(form, token)

    secret = token.partition(":")[2]
    assert [line for line in lines if secret in line] == []
    assert sum(HIDDEN in line for line in lines) >= 10
    assert [line for line in lines if "the end" in line]
    assert [line for line in lines if "ended by a fault" in line]
    assert [line for line in lines if "DETAIL" in line] == []


def test_json_is_one_object_a_line_with_what_happened_first() -> None:
    lines = [json.loads(line) for line in written("json", TOKEN)]

    assert all(list(line)[:3] == ["timestamp", "level", "event"] for line in lines)
    assert (lines[-2]["who"], lines[-2]["level"]) == ("nobody", "info")
    assert (lines[-1]["event"], lines[-1]["level"]) == ("ended by a fault", "critical")
    assert "Traceback" in lines[-1]["exception"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            f"https://api.telegram.org/bot{TOKEN}/getMe",
            f"https://api.telegram.org/bot{HIDDEN}/getMe",
        ),
        (f"`{TOKEN}`", f"`{HIDDEN}`"),
        (f"{TOKEN} and {SHORT_ID}", f"{HIDDEN} and {HIDDEN}"),
        (f"Bot[token={TOKEN}]", f"Bot[token={HIDDEN}]"),
    ],
)
def test_a_token_is_replaced_wherever_it_stands(text: str, shown: str) -> None:
    assert without_token(text) == shown


@pytest.mark.parametrize("text", ["12:30", "http://127.0.0.1:8090/news", "a:b", "1:" + "x" * 29])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert without_token(text) == text
