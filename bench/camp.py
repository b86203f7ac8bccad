"""A season on the real engine: a database, every transaction, and a clock that leaps from one
event to the next.
"""

import heapq
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bench.families import FREED, Season
from bench.policies import Filled
from bot.core.activities import answers, cancelling, tending
from bot.core.activities.hours import is_waking, next_waking
from bot.core.activities.places import all_places
from bot.core.activities.sign_up import Request, Wish, sign_up
from bot.core.activities.turn import Errand
from bot.core.activities.values import (
    Activity,
    ActivityKind,
    ActivityState,
    Mode,
    Participant,
    SignUp,
    SignUpState,
    Slot,
)
from bot.core.ids import new_id
from storage.store import Database
from tests.clock import StoppedClock

OPENS_BEFORE = timedelta(days=22)

Deed = Callable[[], Awaitable[object]]


@dataclass(slots=True)
class Camp:
    """One season on the real engine. Holders have the places at first; one by one they cancel."""

    store: Database
    season: Season
    clock: StoppedClock
    activity: Activity
    sign_ups: Sequence[SignUp] = ()
    events: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    asked: int = 0
    by_night: int = 0
    overbooked: int = 0
    planned: int = 0

    async def run(self) -> Filled:
        await self._open()
        for holder, freed_at in zip(self.sign_ups, self.season.freed_at, strict=False):
            self._at(freed_at, self._cancelled(holder))
        while self.events:
            at, _, deed = heapq.heappop(self.events)
            self.clock.set(at)
            await deed()
            await self._look()
        async with self.store.reading() as records:
            standing = await records.standing(self.activity.id)
        return Filled(standing.taken.total, self.asked, self.by_night, self.overbooked)

    async def _open(self) -> None:
        slot = Slot(new_id(), self.activity.id, 1, FREED)
        async with self.store.transaction() as records:
            await records.add_activity(self.activity, [slot])
        families = FREED + len(self.season.families)
        wishes = tuple(Wish(Participant(number, number)) for number in range(families))
        await sign_up(self.store, Request(self.activity.id, wishes, self._errand()), self.clock)
        async with self.store.reading() as records:
            self.sign_ups = await records.sign_ups_in(self.activity.id, list(SignUpState))

    async def _look(self) -> None:
        """Whoever has been asked just now will answer, or not; nothing else changes by itself."""
        async with self.store.reading() as records:
            standing = await records.standing(self.activity.id)
            offers = await records.open_offers(self.activity.id)
            asked = await records.sign_ups_in(self.activity.id, [SignUpState.OFFERED])
        held = standing.taken + standing.offered
        self.overbooked += not all_places(standing.slots, None).hold(held)
        families = {each.unit_id: each.participant.id - FREED for each in asked}
        for offer in offers:
            if offer.id not in self.seen:
                self.seen.add(offer.id)
                self.asked += 1
                self.by_night += not is_waking(offer.made_at, self.activity.zone)
                self._at(offer.ends_at, self._tended)
                self._expect(offer.id, families[offer.unit_id])
        morning = next_waking(self.clock.now(), self.activity.zone)
        if standing.free.total > 0 and morning > self.clock.now():
            self._at(morning, self._tended)

    def _expect(self, offer_id: int, number: int) -> None:
        family = self.season.families[number]
        answer_at = family.answers_at(self.clock.now(), self.activity.zone)
        if answer_at is None:
            return
        say = answers.say_yes if family.wants else answers.say_no

        async def answered() -> None:
            await say(
                self.store,
                self.activity.id,
                offer_id,
                household_id=number + FREED,
                errand=self._errand(),
                clock=self.clock,
            )

        self._at(answer_at, answered)

    def _cancelled(self, holder: SignUp) -> Deed:
        async def cancelled() -> None:
            await cancelling.cancel(
                self.store,
                self.activity.id,
                [holder.id],
                household_id=holder.participant.household_id,
                errand=self._errand(),
                clock=self.clock,
            )

        return cancelled

    async def _tended(self) -> None:
        await tending.tend_one(self.store, self.activity.id, self.clock.now())

    def _at(self, at: datetime, deed: Deed) -> None:
        if at <= self.activity.starts_at:
            self.planned += 1
            heapq.heappush(self.events, (at, self.planned, deed))

    def _errand(self) -> Errand:
        return Errand(str(new_id()))


async def played(store: Database, season: Season, starts_at: datetime, zone: str) -> Filled:
    number, opens_at = new_id(), starts_at - OPENS_BEFORE
    activity = Activity(
        number,
        ActivityKind.CAMP,
        Mode.ORDER_OF_RECEIPT,
        ActivityState.PUBLISHED,
        zone,
        opens_at=opens_at,
        closes_at=starts_at,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(days=7),
    )
    return await Camp(store, season, StoppedClock(opens_at), activity).run()
