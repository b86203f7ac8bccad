"""What a handler's fault means for the update it was given; logged with an id, never with words.

    429, no connection, store busy            again when it works; no try is used up
    5xx, no answer to what was sent           once more; then given up, for an operator to repeat
    blocked, group gone                       done: nobody is there
    everything else                           three tries, then given up and admitted to the person

Whatever a handler did before its fault it does again: effects are allowed to repeat.
"""

import traceback
from collections.abc import Awaitable

import structlog
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)

from bot.core.inbox import Incoming
from bot.core.ports import StoreUnavailableError
from bot.core.tries import Again, Fault, Over
from handlers.context import App
from handlers.gateway import seconds_of
from handlers.transport import NotSentError
from handlers.views import help as views
from handlers.words import say

log = structlog.get_logger()


async def fault_of(work: Awaitable[None]) -> Exception | None:
    """None where all went well."""
    try:
        await work
    except Exception as fault:  # noqa: BLE001 - one update's fault must not stop the others
        return fault
    return None


def whose(error: Exception) -> Fault:
    match error:
        case RetryAfter() | StoreUnavailableError() | InvalidToken() | Conflict():
            return Fault.MOMENT
        case Forbidden() | ChatMigrated():
            return Fault.CHAT
        case NetworkError() if isinstance(error.__cause__, NotSentError):
            return Fault.MOMENT
        case NetworkError() if not isinstance(error, BadRequest):
            return Fault.DOUBT
        case _:
            return Fault.OURS


def told_to_wait(error: Exception) -> float | None:
    return seconds_of(error) if isinstance(error, RetryAfter) else None


def note(one: Incoming, error_id: str, error: Exception, ruling: Again | Over) -> None:
    """The last failure is an error, what is tried again a warning."""
    told = {
        "error_id": error_id,
        "error": type(error).__name__,
        "where": _where(error),
        "update": one.update_id,
    }
    if isinstance(ruling, Again):
        log.warning("a handler failed, trying again", **told, again_in=ruling.wait)
    elif isinstance(error, Forbidden | ChatMigrated):
        log.info("nobody is there to answer", **told)
    else:
        log.error("a handler failed", **told)


async def apologise(app: App, one: Incoming, error_id: str) -> None:
    await say(app, one, lambda texts: views.our_fault(texts, error_id))


def _where(error: BaseException) -> list[str]:
    """File and line of each frame; an exception's own text may quote what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames[-6:]]
