"""Courtesy: long work in a thread that lets the event loop run in between.

A thread that releases the interpreter for an instant only, as every random number and every parsed
fragment does, takes it back before anybody else has woken up; others may wait for all its work.
"""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

ASIDE = 0.000_1  # seconds: long enough for whoever waits to wake up
TURN = 0.001  # seconds; otherwise five times as long


def take_short_turns() -> None:
    """For the whole process: how long a thread may go on while others wait."""
    sys.setswitchinterval(TURN)


def courteously(each: Iterable[T]) -> Iterator[T]:
    """The same one by one; steps aside before each. Only in a thread."""
    for one in each:
        time.sleep(ASIDE)
        yield one
