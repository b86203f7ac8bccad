"""Receiving by polling: each getUpdates asks for more and confirms what was written down.

Telegram repeats what was not confirmed, so a crash at any point loses nothing; what comes twice
is recognised by its number.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError, TimedOut

from bot.core.health import Receiving
from bot.core.inbox import Incoming
from bot.core.ports import Clock, StoreUnavailableError
from handlers import updates
from handlers.errors import told_to_wait

log = structlog.get_logger()

POLL_SECONDS = 25
POLL_LIMIT = 100  # Telegram's own
WAITS = (1, 2, 5, 10, 30)


class TokenRefusedError(Exception):
    """Telegram does not know this token. The token itself is not in the text."""


class Source(Protocol):
    async def get_updates(
        self,
        offset: int | None,
        timeout: int,  # noqa: ASYNC109 - Telegram keeps it, not we
        limit: int,
        allowed: Sequence[str],
    ) -> Sequence[object]:
        """As Telegram wrote them; waits `timeout` seconds for the first."""
        ...


class Doors(Protocol):
    async def room(self) -> None:
        """Returns when there is some."""
        ...

    async def keep(self, updates: Sequence[Incoming]) -> None:
        """Once this returns they are written down. Raises StoreUnavailableError."""
        ...


class Poller:
    def __init__(self, source: Source, clock: Clock) -> None:
        self._source = source
        self._clock = clock
        self._offset: int | None = None
        self._since = clock.now()
        self._last: datetime | None = None
        self._conflict_since: datetime | None = None
        self._trouble: type[Exception] | None = None

    @property
    def facts(self) -> Receiving:
        return Receiving(
            self._since, polling=True, last=self._last, conflict_since=self._conflict_since
        )

    async def run(self, doors: Doors) -> None:
        """Until cancelled. Raises TokenRefusedError."""
        failures = 0
        while True:
            await doors.room()
            try:
                await self._ask(doors)
                self._went_well()
                failures = 0
            except TimedOut:
                continue
            except InvalidToken:
                raise TokenRefusedError from None
            except (TelegramError, StoreUnavailableError) as error:
                # Also what is no JSON, a proxy's page, say. The offset stays: nothing is lost.
                wait = told_to_wait(error) or WAITS[min(failures, len(WAITS) - 1)]
                failures += 1
                self._went_wrong(error)
                await asyncio.sleep(wait)

    async def _ask(self, doors: Doors) -> None:
        raw = await self._source.get_updates(
            self._offset, timeout=POLL_SECONDS, limit=POLL_LIMIT, allowed=updates.WANTED
        )
        found = [one for one in map(updates.read, raw) if one is not None]
        await doors.keep(found)
        if found:  # the highest of these, not the highest ever: numbers may jump backwards
            self._offset = max(one.update_id for one in found) + 1

    def _went_well(self) -> None:
        if self._trouble is not None:
            log.info("receiving again")
        self._last = self._clock.now()
        self._trouble = self._conflict_since = None

    def _went_wrong(self, error: Exception) -> None:
        """Logged once a change, not once a try."""
        if not isinstance(error, Conflict):
            self._conflict_since = None
        elif self._conflict_since is None:
            self._conflict_since = self._clock.now()
        if type(error) is not self._trouble:
            log.warning("receiving failed", error=type(error).__name__)
        self._trouble = type(error)
