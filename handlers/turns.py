"""Turns: who waits at the gateway, and who is next.

The highest lane goes first, and within it who came first. Whose chat must wait is parked until
then and stands in nobody's way. Who has given up is passed over.
"""

import asyncio
import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

LaneT = TypeVar("LaneT")


@dataclass(frozen=True, slots=True)
class Leaving:
    number: int  # in the order they left
    at: float


@dataclass(frozen=True, slots=True, eq=False)
class Waiting(Generic[LaneT]):
    lane: LaneT
    chat: object
    since: float
    turn: asyncio.Future[Leaving]


class Turns(Generic[LaneT]):
    def __init__(self, lanes: dict[LaneT, int]) -> None:
        """Each lane's rank, lowest first."""
        self._ranks = lanes
        self._ready: list[tuple[int, int, Waiting[LaneT]]] = []  # rank, arrival
        self._parked: list[tuple[float, int, Waiting[LaneT]]] = []  # until, arrival
        self._arrivals = 0

    def __iter__(self) -> Iterator[Waiting[LaneT]]:
        return (one for _, _, one in (*self._ready, *self._parked) if not one.turn.done())

    def add(self, one: Waiting[LaneT]) -> None:
        self._arrivals += 1
        heapq.heappush(self._ready, (self._ranks[one.lane], self._arrivals, one))

    def nobody_is_ready(self, now: float) -> bool:
        return not self._ready and now < self.next_at

    def first(self, now: float) -> Waiting[LaneT] | None:
        while self.next_at <= now:
            _, arrival, one = heapq.heappop(self._parked)
            heapq.heappush(self._ready, (self._ranks[one.lane], arrival, one))
        while self._ready and self._ready[0][2].turn.done():
            heapq.heappop(self._ready)
        return self._ready[0][2] if self._ready else None

    def park_first(self, until: float) -> None:
        _, arrival, one = heapq.heappop(self._ready)
        heapq.heappush(self._parked, (until, arrival, one))

    @property
    def next_at(self) -> float:
        """When the next one who is parked gets ready; infinity where none is."""
        return self._parked[0][0] if self._parked else math.inf
