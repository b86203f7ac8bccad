"""Whatever families, the team and the clock do, in any order: nobody is wronged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.activities import coverage, ranks
from bot.core.activities.hours import is_waking
from bot.core.activities.offers import asked_at_once, ends_at
from bot.core.activities.places import all_places, needed
from bot.core.activities.promotion import next_asked
from bot.core.activities.queue import units
from bot.core.activities.receipts import Move
from bot.core.activities.records import Standing
from bot.core.activities.sign_up import Together
from bot.core.activities.team import resize
from bot.core.activities.tending import tend_one
from bot.core.activities.values import TAKING_A_PLACE, Activity, Participant, SignUp, SignUpState
from storage.store import Database
from tests.activities import (
    applies,
    bucket,
    camp,
    cancels,
    child,
    errand,
    planned,
    says,
)
from tests.clock import NOON, StoppedClock

S = SignUpState
DEEDS = (
    *("comes", "comes", "comes", "a pair comes"),
    *("cancels", "cancels", "says yes", "says yes", "says no"),
    *("hours pass", "hours pass", "is not reached", "is kept", "rests", "resizes"),
)
STEPS = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 30)), min_size=10, max_size=30)
STARTS_IN = st.sampled_from([timedelta(days=3), timedelta(days=5, hours=2), timedelta(days=12)])


@dataclass
class World:
    """A camp with room for two girls and two boys, three children in all."""

    store: Database
    activity: Activity
    clock: StoppedClock
    children: list[Participant] = field(default_factory=list)

    async def step(self, what: str, number: int) -> None:
        match what:
            case "comes" | "a pair comes":
                await self._comes(number, pair=what == "a pair comes")
            case "hours pass":
                self.clock.advance(hours=number)
                await tend_one(self.store, self.activity.id, self.clock.now())
            case "resizes":
                await resize(
                    self.store,
                    self.activity.id,
                    None,
                    number % 5,
                    errand=errand(),
                    clock=self.clock,
                )
            case _ if self.children:
                await self._does(what, self.children[number % len(self.children)])

    async def _comes(self, number: int, *, pair: bool) -> None:
        family = [child(number + 1, gender="fm"[number % 2])]
        if pair:
            family.append(child(number + 1, gender="fm"[number // 2 % 2]))
        self.children += family
        await applies(
            self.store, self.activity, self.clock, *family, together=Together.BOTH_OR_NONE
        )

    async def _does(self, what: str, who: Participant) -> None:
        known = await self._known(who)
        if known is None:
            return
        match what:
            case "cancels":
                await cancels(self.store, self.activity, self.clock, who)
            case "says yes" | "says no":
                await says(self.store, self.activity, self.clock, who, yes=what == "says yes")
            case "is not reached":
                await coverage.note_undelivered(
                    self.store, self.activity.id, known.offer_id, errand=errand(), clock=self.clock
                )
            case _:
                change = ranks.keep_me if what == "is kept" else ranks.rest
                await change(
                    self.store,
                    self.activity.id,
                    known.unit_id,
                    household_id=who.household_id,
                    errand=errand(),
                    clock=self.clock,
                )

    async def _known(self, who: Participant) -> SignUp | None:
        async with self.store.reading() as records:
            everybody = await records.sign_ups_in(self.activity.id, list(S))
        return next((each for each in everybody if each.participant == who), None)

    async def now(self) -> tuple[Standing, list[SignUp], Activity]:
        async with self.store.reading() as records:
            activity = await records.activity(self.activity.id)
            assert activity is not None
            everybody = await records.sign_ups_in(activity.id, list(S))
            return await records.standing(activity.id), list(everybody), activity


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(steps=STEPS, starts_in=STARTS_IN)
async def test_nobody_is_wronged(
    store: Database, steps: list[tuple[str, int]], starts_in: timedelta
) -> None:
    activity = camp(cap=3, starts_in=starts_in)
    girls = bucket(activity, 2, place=1, gender="f")
    boys = bucket(activity, 2, place=2, gender="m")
    await planned(store, activity, girls, boys)
    world = World(store, activity, StoppedClock(NOON))
    ranks_before: Mapping[int, tuple[int, int]] = {}

    for what, number in steps:
        await world.step(what, number)

        standing, everybody, activity = await world.now()
        _never_overbooked(standing, everybody)
        _nobody_waits_for_a_place_that_fits(standing, everybody, activity, world.clock)
        ranks_before = await _ranks_are_kept(world, everybody, ranks_before)

    _, everybody, _ = await world.now()
    await _every_state_is_explained(world, everybody)


def _never_overbooked(standing: Standing, everybody: list[SignUp]) -> None:
    taken = needed(each for each in everybody if each.state in TAKING_A_PLACE)

    assert standing.taken.total == taken.total
    assert all_places(standing.slots, standing.cap).hold(standing.taken + standing.offered)


def _nobody_waits_for_a_place_that_fits(
    standing: Standing, everybody: list[SignUp], activity: Activity, clock: StoppedClock
) -> None:
    if is_waking(clock.now(), activity.zone) and ends_at(clock.now(), activity):
        queue = units(each for each in everybody if each.state is S.WAITING)
        at_once = asked_at_once(clock.now(), activity)

        assert not next_asked(queue, standing.free, racing=standing.racing, at_once=at_once)


async def _ranks_are_kept(
    world: World, everybody: list[SignUp], before: Mapping[int, tuple[int, int]]
) -> Mapping[int, tuple[int, int]]:
    """Only who let an offer pass and asked to be kept stands elsewhere."""
    now = {each.id: (each.priority, each.seq) for each in everybody}
    async with world.store.reading() as records:
        kept = await records.receipts_about(world.activity.id, [Move.KEPT])
    moved = {sign_up_id for sign_up_id, rank in before.items() if now[sign_up_id] != rank}
    assert moved <= {receipt.sign_up_id for receipt in kept}
    assert set(before) <= set(now)
    return now


async def _every_state_is_explained(world: World, everybody: list[SignUp]) -> None:
    for each in everybody:
        async with world.store.reading() as records:
            why = await records.receipts_of(each.id)
        assert [receipt.state for receipt in why if isinstance(receipt.reason, Move)][
            -1
        ] == each.state
