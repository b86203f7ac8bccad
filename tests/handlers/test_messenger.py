from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.core.delivery import InDoubt, Kind, Later, Outcome, Parcel, Refused, Sent, Unreachable
from bot.core.people import Language, Person
from handlers.messenger import outcome_of
from tests.handlers.examples import reading

NEWS = Parcel(
    1,
    Kind.NEWS,
    1,
    None,
    Person(1, 1001, Language.DE, frozenset()),
    reading(Language.DE),
    None,
)
EDIT = replace(NEWS, kind=Kind.NEWS_EDIT, edits_message=77)

NEVER_LEFT = [
    (TimedOut("Pool timeout: Request was *not* sent"), httpx.PoolTimeout("full")),
    (TimedOut(), httpx.ConnectTimeout("slow")),
    (NetworkError("httpx.ConnectError"), httpx.ConnectError("refused")),
]
MAY_HAVE_ARRIVED = [
    (TimedOut(), httpx.ReadTimeout("slow")),
    (TimedOut(), httpx.WriteTimeout("slow")),
    (NetworkError("httpx.ReadError"), httpx.ReadError("reset")),
    (NetworkError("httpx.RemoteProtocolError"), httpx.RemoteProtocolError("hung up")),
    (NetworkError("Bad Gateway"), None),
    (TelegramError("Invalid server response"), None),
]
GONE = [
    Forbidden("Forbidden: bot was blocked by the user"),
    Forbidden("Forbidden: user is deactivated"),
    Forbidden("Forbidden: bot can't initiate conversation with a user"),
    BadRequest("Chat not found"),
    BadRequest("PEER_ID_INVALID"),
    ChatMigrated(-1_000_000_000_042),
]
NEVER_TAKEN = [
    BadRequest("Can't parse entities: unclosed start tag at byte offset 3"),
    BadRequest("Message is too long"),
    BadRequest("BUTTON_DATA_INVALID"),
    BadRequest("Message to edit not found"),
    BadRequest("Message can't be edited"),
]


def caused(error: TelegramError, cause: Exception | None) -> TelegramError:
    error.__cause__ = cause
    return error


def kinds(*outcomes: Outcome) -> list[type]:
    return [type(outcome) for outcome in outcomes]


@pytest.mark.parametrize(("error", "cause"), NEVER_LEFT)
def test_what_never_left_goes_again_later(error: TelegramError, cause: Exception) -> None:
    assert outcome_of(caused(error, cause), NEWS) == Later(type(cause).__name__)


@pytest.mark.parametrize(("error", "cause"), MAY_HAVE_ARRIVED)
def test_what_may_have_arrived_is_in_doubt(error: TelegramError, cause: Exception | None) -> None:
    outcome = outcome_of(caused(error, cause), NEWS)

    assert outcome == InDoubt(type(cause or error).__name__)


@pytest.mark.parametrize("error", GONE, ids=str)
def test_who_cannot_be_reached_is_left_alone(error: TelegramError) -> None:
    assert outcome_of(error, NEWS) == Unreachable()


@pytest.mark.parametrize("error", NEVER_TAKEN, ids=str)
def test_a_text_telegram_will_never_take_is_refused(error: TelegramError) -> None:
    assert kinds(outcome_of(error, NEWS), outcome_of(error, EDIT)) == [Refused, Refused]


@pytest.mark.parametrize("wait", [3, timedelta(seconds=3)])
def test_a_429_says_how_long_to_wait(
    wait: int | timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")

    assert outcome_of(RetryAfter(wait), NEWS) == Later("429", timedelta(seconds=3))


@pytest.mark.parametrize("error", [InvalidToken("Unauthorized"), Conflict("other getUpdates")])
def test_a_refusal_of_the_bot_itself_blames_no_message(error: TelegramError) -> None:
    assert kinds(outcome_of(error, NEWS)) == [Later]


def test_an_edit_that_changes_nothing_has_been_made() -> None:
    unchanged = BadRequest(
        "Message is not modified: specified new message content and reply markup are exactly the "
        "same as a current content and reply markup of the message"
    )

    assert outcome_of(unchanged, EDIT) == Sent(77)
