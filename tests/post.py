"""A messenger that does what a test tells it, and remembers what it was given."""

from collections.abc import Awaitable, Callable, Mapping

from bot.core import delivery
from bot.core.delivery import Outcome, Parcel, Sent
from storage.store import Database
from tests.clock import StoppedClock

Answer = Outcome | Exception


class Post:
    """`answers` by telegram_id; everybody else gets the message."""

    def __init__(
        self,
        answers: Mapping[int, Answer] | None = None,
        *,
        meanwhile: Callable[[Parcel], Awaitable[object]] | None = None,
    ) -> None:
        self.given: list[Parcel] = []
        self._answers = dict(answers or {})
        self._meanwhile = meanwhile

    async def deliver(self, parcel: Parcel) -> Outcome:
        self.given.append(parcel)
        if self._meanwhile:
            await self._meanwhile(parcel)
        answer = self._answers.get(parcel.person.telegram_id)
        if isinstance(answer, Exception):
            raise answer
        return answer or Sent(parcel.edits_message or 5_000 + parcel.id)


async def claimed(store: Database, clock: StoppedClock, limit: int = 64) -> list[Parcel]:
    """As far as a process comes that ends before it has sent anything."""
    async with store.transaction() as records:
        ids = await records.claim_due(clock.now(), limit)
    async with store.reading() as records:
        return list(await records.parcels(ids))


async def settled(
    store: Database, clock: StoppedClock, parcel: Parcel, outcome: Outcome | None = None
) -> bool:
    result = delivery.settlement(outcome or Sent(5_000 + parcel.id), parcel, clock.now())
    async with store.transaction() as records:
        return await records.settle(parcel, result, now=clock.now())
