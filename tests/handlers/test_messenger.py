import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

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

from bot.core.alerts import Alert, AlertKind
from bot.core.delivery import Content
from bot.core.ledger import (
    InDoubt,
    Kind,
    Later,
    Moved,
    NothingThere,
    Refused,
    Sent,
    Unreachable,
)
from bot.core.people import Language
from handlers.calls import Calls
from handlers.gateway import Gateway, PersonalDataError
from handlers.messenger import TelegramMessenger, outcome_of
from handlers.transport import AiohttpTransport, NoAnswerError, NotSentError
from locales.texts import Texts
from tests.handlers.examples import reading
from tests.handlers.wire import HANG_UP, Wire, answer, wire
from tests.post import Text, parcel

NEWS = parcel(Kind.NEWS, 1)
EDIT = replace(parcel(Kind.NEWS_EDIT, 1), edits_message=77, shown="something else")
SENT = answer(200, b'{"ok":true,"result":{"message_id":77,"date":0}}')
YES = answer(200, b'{"ok":true,"result":true}')
SOURCES = {"source": {"de": "Stadt", "uk": "Місто"}}

NEVER_LEFT = [
    (TimedOut("Pool timeout: Request was *not* sent"), NotSentError("full")),
    (TimedOut(), NotSentError("slow")),
    (NetworkError("refused"), NotSentError("refused")),
]
MAY_HAVE_ARRIVED = [
    (TimedOut(), NoAnswerError("slow")),
    (NetworkError("reset"), NoAnswerError("hung up")),
    (NetworkError("Bad Gateway"), None),
    (TelegramError("Invalid server response"), None),
]
GONE = [
    Forbidden("Forbidden: bot was blocked by the user"),
    Forbidden("Forbidden: user is deactivated"),
    Forbidden("Forbidden: bot can't initiate conversation with a user"),
    BadRequest("Chat not found"),
    BadRequest("PEER_ID_INVALID"),
]
WRONG_FOR_ALL = [
    BadRequest("Can't parse entities: unclosed start tag at byte offset 3"),
    BadRequest("Message is too long"),
    BadRequest("Message text is empty"),
    BadRequest("BUTTON_DATA_INVALID"),
]
NOTHING_LEFT_TO_EDIT = [
    BadRequest("Message to edit not found"),
    BadRequest("Message can't be edited"),
    BadRequest("MESSAGE_ID_INVALID"),
]


@pytest.fixture(autouse=True)
def new_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


def caused(error: TelegramError, cause: Exception | None) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(("error", "cause"), NEVER_LEFT)
def test_what_never_left_goes_again_later(error: TelegramError, cause: Exception) -> None:
    """D12"""
    assert outcome_of(caused(error, cause)) == Later(type(error).__name__)


@pytest.mark.parametrize(("error", "cause"), MAY_HAVE_ARRIVED)
def test_what_may_have_arrived_is_in_doubt(error: TelegramError, cause: Exception | None) -> None:
    """D12"""
    assert outcome_of(caused(error, cause)) == InDoubt(type(cause or error).__name__)


@pytest.mark.parametrize("error", GONE, ids=str)
def test_who_cannot_be_reached_is_left_alone(error: TelegramError) -> None:
    """D11"""
    assert outcome_of(error) == Unreachable()


def test_a_chat_that_moved_says_where_to() -> None:
    """D14"""
    assert outcome_of(ChatMigrated(-1_000_000_000_042)) == Moved(-1_000_000_000_042)


@pytest.mark.parametrize("error", WRONG_FOR_ALL, ids=str)
def test_a_text_that_telegram_takes_from_nobody_is_refused_as_such(error: TelegramError) -> None:
    """D13"""
    assert outcome_of(error) == Refused(error.message, of_text=True)


def test_a_refusal_that_nobody_foresaw_does_not_blame_the_text() -> None:
    strange = BadRequest("Have no rights to send a message")

    assert outcome_of(strange) == Refused(strange.message, of_text=False)


@pytest.mark.parametrize("error", NOTHING_LEFT_TO_EDIT, ids=str)
def test_what_was_deleted_cannot_be_edited(error: TelegramError) -> None:
    assert outcome_of(error) == NothingThere()


@pytest.mark.parametrize("wait", [3, timedelta(seconds=3)])
def test_a_429_says_how_long_to_wait(wait: int | timedelta) -> None:
    assert outcome_of(RetryAfter(wait)) == Later("429", timedelta(seconds=3))


@pytest.mark.parametrize("error", [InvalidToken("Unauthorized"), Conflict("other getUpdates")])
def test_a_refusal_of_the_bot_itself_blames_no_message(error: TelegramError) -> None:
    assert outcome_of(error) == Later(type(error).__name__)


async def test_one_text_goes_to_many(texts: Mapping[Language, Texts]) -> None:
    async with wire(SENT) as telegram, messenger_to(telegram, texts) as messenger:
        body = messenger.prepare(Kind.NEWS, reading(Language.UK, title="Літо"), Language.UK)
        outcomes = [await messenger.deliver(parcel(Kind.NEWS, n), body) for n in (1, 2)]

    assert outcomes == [Sent(77), Sent(77)]
    told = [json.loads(asked.body) for asked in telegram.asked]
    assert [one["chat_id"] for one in told] == [1_001, 1_002]
    assert told[0]["text"] == told[1]["text"]
    assert "Літо" in told[0]["text"]


async def test_an_edit_changes_the_message_that_is_there(
    texts: Mapping[Language, Texts],
) -> None:
    async with wire(YES) as telegram, messenger_to(telegram, texts) as messenger:
        body = messenger.prepare(Kind.NEWS_EDIT, reading(Language.UK), Language.UK)
        outcome = await messenger.deliver(EDIT, body)

    (asked,) = telegram.asked
    assert outcome == Sent(77)
    assert "editMessageText" in asked.line
    assert json.loads(asked.body)["message_id"] == 77


async def test_what_stands_there_already_is_not_edited_again(
    texts: Mapping[Language, Texts],
) -> None:
    async with wire(YES) as telegram, messenger_to(telegram, texts) as messenger:
        body = messenger.prepare(Kind.NEWS_EDIT, reading(Language.UK), Language.UK)
        outcome = await messenger.deliver(replace(EDIT, shown=body.shown), body)

    assert (outcome, telegram.asked) == (Sent(77), [])


async def test_a_server_that_hangs_up_leaves_the_message_in_doubt(
    texts: Mapping[Language, Texts],
) -> None:
    async with wire(HANG_UP) as telegram, messenger_to(telegram, texts) as messenger:
        body = messenger.prepare(Kind.NEWS, reading(Language.UK), Language.UK)

        assert await messenger.deliver(NEWS, body) == InDoubt("NoAnswerError")


async def test_a_server_that_is_not_there_got_nothing(texts: Mapping[Language, Texts]) -> None:
    async with wire(SENT) as telegram:
        pass
    async with messenger_to(telegram, texts) as messenger:
        body = messenger.prepare(Kind.NEWS, reading(Language.UK), Language.UK)

        outcome = await messenger.deliver(NEWS, body)

    assert isinstance(outcome, Later)


async def test_a_429_for_all_holds_the_messenger(texts: Mapping[Language, Texts]) -> None:
    """D7: what comes from the ledger is not even tried meanwhile."""
    refusal = answer(
        429,
        b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 20",'
        b'"parameters":{"retry_after":20}}',
    )
    async with wire(refusal) as telegram, messenger_to(telegram, texts) as messenger:
        body = messenger.prepare(Kind.NEWS, reading(Language.UK), Language.UK)
        first = await messenger.deliver(parcel(Kind.NEWS, 1), body)
        alone = messenger.held()
        await messenger.deliver(parcel(Kind.NEWS, 2), body)

        assert isinstance(first, Later)
        assert first.wait == timedelta(seconds=20)
        assert alone == 0
        assert 19 < messenger.held() <= 20


async def test_nothing_goes_to_a_group(texts: Mapping[Language, Texts]) -> None:
    to_group = replace(NEWS, recipient=replace(NEWS.recipient, telegram_id=-42))
    async with wire(SENT) as telegram, messenger_to(telegram, texts) as messenger:
        body = messenger.prepare(Kind.NEWS, reading(Language.UK), Language.UK)

        with pytest.raises(PersonalDataError):
            await messenger.deliver(to_group, body)

    assert telegram.asked == []


async def test_a_body_of_somebody_else_is_a_mistake(texts: Mapping[Language, Texts]) -> None:
    async with wire(SENT) as telegram, messenger_to(telegram, texts) as messenger:
        with pytest.raises(TypeError, match="prepared elsewhere"):
            await messenger.deliver(NEWS, Text(Kind.NEWS, reading(Language.UK), Language.UK))


ALERT = Alert(1, AlertKind.DEAD_UPDATE, datetime(2026, 8, 3, tzinfo=UTC), 1, "K7M2")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (Kind.NEWS, reading(Language.UK)),
        (Kind.NEWS_WITHDRAWAL, reading(Language.UK)),
        (Kind.ALERT, ALERT),
        (Kind.ALERT, replace(ALERT, kind=AlertKind.STOPPED_CAMPAIGN)),
    ],
)
async def test_each_kind_has_words_of_its_own_in_each_language(
    texts: Mapping[Language, Texts], kind: Kind, content: Content
) -> None:
    async with wire(SENT) as telegram, messenger_to(telegram, texts) as messenger:
        shown = {
            messenger.prepare(kind, content, language).shown
            for kind, content in [(kind, content), (Kind.NEWS, reading(Language.UK))]
            for language in Language
        }

    assert len(shown) == (2 if kind is Kind.NEWS else 4)
    assert {len(one) for one in shown} == {16}


@asynccontextmanager
async def messenger_to(
    server: Wire, texts: Mapping[Language, Texts]
) -> AsyncIterator[TelegramMessenger]:
    gateway = Gateway()
    async with AiohttpTransport(server.url, connections=4, read_timeout=5) as way:
        sending = Calls(f"{server.url}/bot1:x", way, gateway, polling=way, paid=False)
        yield TelegramMessenger(sending, gateway, texts, SOURCES)
