"""A ledger in memory and a clock of the event loop: for a sender in leaping time."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import cast

from bot.core.alerts import Alert, AlertKind
from bot.core.delivery import Content, DeliveryRecords, Settled
from bot.core.ledger import DeliveryState, Kind, Parcel
from bot.core.news_decisions import Newest
from bot.core.people import Language
from bot.core.ports import Store, StoreUnavailableError
from bot.core.sender import Sender
from tests.clock import NOON
from tests.post import Post, parcel

PLACES = 8
Meanwhile = Callable[[Parcel], Awaitable[object]]


class LoopClock:
    def now(self) -> datetime:
        return NOON + timedelta(seconds=asyncio.get_running_loop().time())


class Ledger:
    """Rows that are claimed once. While `away` every transaction fails, at its end if `late`."""

    def __init__(self, parcels: Sequence[Parcel] = ()) -> None:
        self.pending = list(parcels)
        self.settled: list[Settled] = []
        self.stopped: list[tuple[int, str]] = []
        self.most_claimed = 0  # and not settled
        self._claims = 0
        self.looked_up: list[tuple[Kind, int, Language]] = []
        self.away = False
        self.late = False

    @property
    def store(self) -> Store[DeliveryRecords]:
        return cast("Store[DeliveryRecords]", self)

    @property
    def records(self) -> DeliveryRecords:
        return cast("DeliveryRecords", self)

    def states(self) -> list[DeliveryState]:
        return [one.result.state for one in self.settled]

    def counted(self) -> Counter[DeliveryState]:
        return Counter(self.states())

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Ledger"]:
        before = list(self.pending), list(self.settled), self._claims
        if self.away and not self.late:
            raise StoreUnavailableError
        yield self
        if self.away:
            self.pending, self.settled, self._claims = before
            raise StoreUnavailableError

    async def claim_due(
        self, now: datetime, limit: int, *, owners: Collection[int], leased_until: datetime
    ) -> Sequence[Parcel]:
        del now, owners, leased_until
        claimed, self.pending = self.pending[:limit], self.pending[limit:]
        self._claims += len(claimed)
        self.most_claimed = max(self.most_claimed, self._claims - len(self.settled))
        return claimed

    async def settle(self, settled: Sequence[Settled], *, now: datetime) -> None:
        del now
        self.settled += settled

    async def content(self, kind: Kind, subject: int, language: Language) -> Content | None:
        self.looked_up.append((kind, subject, language))
        return Alert(subject, AlertKind.DEAD_UPDATE, NOON, 1, "x")

    async def stop_campaign(self, campaign_id: int, reason: str, *, now: datetime) -> bool:
        del now
        self.stopped.append((campaign_id, reason))
        return False

    async def still_ours(self, parcels: Sequence[Parcel]) -> frozenset[int]:
        return frozenset(parcel.id for parcel in parcels)

    async def newest_of(self, news_ids: Sequence[int]) -> Mapping[int, Newest]:
        """No copy is ever outdated here."""
        del news_ids
        return {}


def news(count: int, *, campaign_id: int = 3, first: int = 1, subject: int = 7) -> list[Parcel]:
    return [
        parcel(Kind.NEWS, number, campaign_id=campaign_id, subject=subject)
        for number in range(first, first + count)
    ]


def taking(seconds: float) -> Meanwhile:
    """How long Telegram takes for each message."""

    async def wait(_: Parcel) -> None:
        await asyncio.sleep(seconds)

    return wait


async def deliver(ledger: Ledger, post: Post, places: int = PLACES) -> None:
    await Sender(ledger.store, post, LoopClock(), in_flight=places).deliver_due()
