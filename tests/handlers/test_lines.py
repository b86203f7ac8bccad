import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError

from bot.core.inbox import STARTS, InboxState, Incoming, Step
from bot.core.ports import StoreUnavailableError
from handlers.lines import AT_ONCE, MOST_WAITING, Lines
from tests.leaping_time import run

OLENA, ANNA = 1001, 1003
RECEIVED, DONE, DEAD = InboxState.RECEIVED, InboxState.DONE, InboxState.DEAD


def update(number: int, chat: int = OLENA, *, tries: int = 0) -> Incoming:
    return Incoming(number, chat, chat, "{}", tries=tries)


class Desk:
    """Handles as a test says; notes everything in the order in which it happened."""

    def __init__(self) -> None:
        self.faults: dict[int, list[Exception]] = {}
        self.takes: dict[int, float] = {}
        self.happened: list[tuple[str, int]] = []
        self.handled_at: list[tuple[int, float]] = []
        self.steps: list[Step] = []
        self.most_at_once = self._at_once = 0
        self.committing = 0.0

    async def handle(self, one: Incoming) -> None:
        self.happened.append(("handled", one.update_id))
        self.handled_at.append((one.update_id, asyncio.get_running_loop().time()))
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            await asyncio.sleep(self.takes.get(one.update_id, 0.01))
        finally:
            self._at_once -= 1
        if faults := self.faults.get(one.update_id):
            raise faults.pop(0)

    async def apologise(self, one: Incoming, error_id: str) -> None:
        assert error_id
        self.happened.append(("apologised", one.update_id))

    def came_to_an_end(self, one: Incoming) -> None:
        self.happened.append(("ended", one.update_id))

    async def write_down(self, steps: Sequence[Step]) -> None:
        await asyncio.sleep(self.committing)
        self.steps += steps
        self.happened += [("written", step.update_id) for step in steps]

    @property
    def ends(self) -> dict[int, InboxState]:
        return {step.update_id: step.state for step in self.steps if step.state is not RECEIVED}


class Circles:
    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []

    def wait(self, one: Incoming) -> None:
        self.told.append(("wait", one.update_id))

    def begin(self, one: Incoming) -> None:
        self.told.append(("begin", one.update_id))

    def end(self, one: Incoming) -> None:
        self.told.append(("end", one.update_id))


def taken(
    desk: Desk,
    *updates: Incoming,
    circles: Circles | None = None,
    then: Callable[[Lines], Awaitable[object]] | None = None,
) -> None:
    """Until everything came to its end, or what comes `then`."""

    async def work() -> None:
        async with asyncio.TaskGroup() as group:
            lines = Lines(desk, circles or Circles(), desk.write_down, group)
            lines.take(updates)
            if then:
                await then(lines)

    run(work())


def test_one_chat_keeps_its_order_and_no_chat_waits_for_another() -> None:
    desk = Desk()
    desk.takes = {1: 5.0}

    taken(desk, *[update(number, OLENA if number % 2 else ANNA) for number in range(1, 21)])

    handled = [number for what, number in desk.happened if what == "handled"]
    assert [number for number in handled if number % 2] == list(range(1, 21, 2))
    assert [number for number in handled if not number % 2] == list(range(2, 21, 2))
    assert handled.index(20) < handled.index(3)


def test_the_next_begins_when_the_end_of_the_one_before_is_written_down() -> None:
    desk = Desk()
    desk.committing = 0.5

    taken(desk, update(1), update(2))

    assert desk.happened == [
        ("handled", 1), ("written", 1), ("ended", 1), ("handled", 2), ("written", 2), ("ended", 2)
    ]  # fmt: skip


def test_only_so_many_are_handled_at_once() -> None:
    desk = Desk()

    taken(desk, *[update(number, chat=number) for number in range(1, 3 * AT_ONCE)])

    assert desk.most_at_once == AT_ONCE
    assert len(desk.ends) == 3 * AT_ONCE - 1


def test_a_fault_is_tried_three_times_then_admitted_and_put_aside() -> None:
    desk = Desk()
    desk.faults = {1: [ValueError(), ValueError(), ValueError()]}

    taken(desk, update(1), update(2))

    assert desk.handled_at[:3] == [
        (1, pytest.approx(0.0, abs=0.1)),
        (1, pytest.approx(0.5, abs=0.1)),
        (1, pytest.approx(2.5, abs=0.1)),
    ]
    assert desk.ends == {1: DEAD, 2: DONE}
    assert [what for what, number in desk.happened if number == 1] == [
        "handled", "written", "handled", "written", "handled", "apologised", "written", "ended"
    ]  # fmt: skip


def test_tries_are_counted_in_the_row_and_the_last_one_names_its_error() -> None:
    desk = Desk()
    desk.faults = {1: [ValueError(), ValueError(), ValueError()]}

    taken(desk, update(1))

    assert [(step.state, step.tries) for step in desk.steps] == [
        (RECEIVED, 2),
        (RECEIVED, 3),
        (DEAD, 3),
    ]
    assert desk.steps[-1].error


def test_a_fault_that_passes_is_no_fault() -> None:
    desk = Desk()
    desk.faults = {1: [ValueError()]}

    taken(desk, update(1))

    assert desk.ends == {1: DONE}
    assert ("apologised", 1) not in desk.happened


def test_while_one_chat_waits_for_its_next_try_others_go_on() -> None:
    desk = Desk()
    desk.faults = {1: [ValueError(), ValueError()]}

    taken(desk, update(1), update(2, ANNA), update(3, ANNA))

    assert max(at for number, at in desk.handled_at if number in {2, 3}) < 0.1


@pytest.mark.parametrize("crowd", [AT_ONCE])
def test_what_waits_for_its_next_try_holds_no_place(crowd: int) -> None:
    desk = Desk()
    poison = [update(number, chat=number) for number in range(1, crowd + 1)]
    desk.faults = {one.update_id: [ValueError(), ValueError()] for one in poison}

    taken(desk, *poison, update(9_999, chat=9_999))

    assert dict(desk.handled_at)[9_999] < 0.1


def test_a_busy_store_uses_up_no_try() -> None:
    desk = Desk()
    desk.faults = {1: [StoreUnavailableError()] * 10}

    taken(desk, update(1))

    assert desk.ends == {1: DONE}
    assert len(desk.handled_at) == 11


def test_a_reply_in_doubt_is_repeated_once() -> None:
    desk = Desk()
    desk.faults = {1: [NetworkError("Bad Gateway")], 2: [NetworkError("Bad Gateway")] * 2}

    taken(desk, update(1), update(2))

    assert desk.ends == {1: DONE, 2: DEAD}
    assert [number for number, _ in desk.handled_at] == [1, 1, 2, 2]
    assert ("apologised", 2) not in desk.happened


def test_where_nobody_is_there_it_is_done_at_once() -> None:
    desk = Desk()
    desk.faults = {1: [Forbidden("bot was blocked by the user")]}

    taken(desk, update(1))

    assert desk.ends == {1: DONE}
    assert len(desk.handled_at) == 1


def test_what_ended_the_process_each_time_is_not_tried_again() -> None:
    desk = Desk()

    taken(desk, update(1, tries=STARTS), update(2))

    assert desk.ends == {1: DEAD, 2: DONE}
    assert [number for number, _ in desk.handled_at] == [2]


def test_what_may_have_ended_the_process_is_written_down_before_it_begins() -> None:
    desk = Desk()

    taken(desk, update(1, tries=1))

    assert desk.happened[:2] == [("written", 1), ("handled", 1)]
    assert desk.steps[0] == Step(1, RECEIVED, tries=2)


def test_suspects_go_one_at_a_time_and_are_written_down_when_they_begin() -> None:
    desk = Desk()
    suspects = [update(number, chat=number, tries=2) for number in range(1, 11)]

    taken(desk, *suspects)

    assert desk.most_at_once == 1
    assert desk.happened[:3] == [("written", 1), ("handled", 1), ("written", 1)]


def test_a_crowd_is_told_to_wait_and_let_in_again() -> None:
    desk = Desk()
    seen: list[bool] = []

    async def look(lines: Lines) -> None:
        seen.append(lines.are_full)
        await lines.room()
        seen.append(lines.are_full)

    taken(desk, *[update(number) for number in range(MOST_WAITING)], then=look)

    assert seen == [True, False]


def test_what_has_begun_at_the_end_is_finished_and_the_rest_is_left() -> None:
    desk = Desk()
    desk.takes = {1: 3.0}

    async def stop(lines: Lines) -> None:
        await asyncio.sleep(1)
        await lines.drain()

    taken(desk, update(1), update(2), then=stop)

    assert desk.ends == {1: DONE}


def test_what_takes_too_long_at_the_end_is_left() -> None:
    desk = Desk()
    desk.takes = {1: 100.0}

    async def stop(lines: Lines) -> None:
        await asyncio.sleep(1)
        await lines.drain()
        assert asyncio.get_running_loop().time() < 9.5

    taken(desk, update(1), then=stop)

    assert desk.ends == {}


def test_at_the_end_nobody_waits_for_a_next_try() -> None:
    desk = Desk()
    desk.faults = {1: [StoreUnavailableError()] * 9}

    async def stop(lines: Lines) -> None:
        await asyncio.sleep(20)
        await lines.drain()
        assert asyncio.get_running_loop().time() < 21

    taken(desk, update(1), then=stop)

    assert desk.ends == {}


def test_a_taps_circle_ends_with_its_first_fault() -> None:
    desk, circles = Desk(), Circles()
    desk.faults = {1: [BadRequest("broken")]}

    taken(desk, update(1), circles=circles)

    assert circles.told == [("wait", 1), ("begin", 1), ("end", 1), ("begin", 1)]
