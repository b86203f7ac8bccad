"""Floods: who writes faster than anybody can read is told so once, and loses nothing.

A bucket for each person: twenty updates at once, then two a second. Beyond that they wait in their
chat's line like everything else, and the person gets one notice. Who has hundreds waiting has been
told; what comes on top is put aside unread.
"""

from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum

AT_ONCE = 20
A_SECOND = 2.0
MOST_WAITING = 500
PEOPLE_REMEMBERED = 10_000


class Verdict(StrEnum):
    FINE = "fine"
    TELL = "tell"  # waits its turn, and the person is told, once a flood
    WAIT = "wait"
    ASIDE = "aside"  # too much waits already


@dataclass(slots=True)
class _Bucket:
    room: float
    filled_at: float  # seconds, monotonic
    waiting: int = 0
    told: bool = False

    def refill(self, now: float) -> None:
        self.room = min(AT_ONCE, self.room + (now - self.filled_at) * A_SECOND)
        self.filled_at = now
        if self.room >= AT_ONCE and not self.waiting:
            self.told = False  # that flood is over


class Floods:
    def __init__(self) -> None:
        self._people: OrderedDict[int, _Bucket] = OrderedDict()  # last seen last

    def arrived(self, person: int, now: float) -> Verdict:
        """`now`: seconds, monotonic. What is put aside is not counted as waiting."""
        bucket = self._bucket(person, now)
        bucket.refill(now)
        if bucket.waiting >= MOST_WAITING and bucket.told:
            return Verdict.ASIDE
        bucket.waiting += 1
        if bucket.room >= 1 and bucket.waiting <= MOST_WAITING:
            bucket.room -= 1
            return Verdict.FINE
        if bucket.told:
            return Verdict.WAIT
        bucket.told = True
        return Verdict.TELL

    def left(self, person: int) -> None:
        """One that waited has come to its end."""
        bucket = self._people.get(person)
        if bucket is not None and bucket.waiting:
            bucket.waiting -= 1

    def _bucket(self, person: int, now: float) -> _Bucket:
        bucket = self._people.setdefault(person, _Bucket(AT_ONCE, now))
        self._people.move_to_end(person)
        if len(self._people) > PEOPLE_REMEMBERED:
            self._people.popitem(last=False)
        return bucket
