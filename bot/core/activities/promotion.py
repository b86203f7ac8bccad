"""Who is asked next when places are free. Who does not fit is passed over and keeps the rank."""

from collections.abc import Sequence

from bot.core.activities.places import Places
from bot.core.activities.queue import Unit

NOBODY = Places()


def next_asked(
    queue: Sequence[Unit], free: Places, *, racing: Places = NOBODY, at_once: int = 1
) -> tuple[Unit, ...]:
    """The first that fit, in the order of the queue.

    `free` is kept for nobody yet. Near the start so many families as `at_once` says are asked for
    each place and the first yes wins; `racing` is what such open questions could still take.
    """
    room = free * at_once - racing
    asked = []
    for unit in queue:
        need = unit.need
        if unit.askable and free.hold(need) and room.hold(need):
            asked.append(unit)
            room -= need
    return tuple(asked)


def left_for_newcomers(queue: Sequence[Unit], free: Places, *, racing: Places = NOBODY) -> Places:
    """What is free when everybody who waits and fits has been thought of: nobody is overtaken."""
    left = free - racing.at_most(free)
    for unit in next_asked(queue, left):
        left -= unit.need
    return left


def lost_races(racing: Sequence[Unit], free: Places) -> tuple[Unit, ...]:
    """Those for whom nothing is left, since others were quicker."""
    return tuple(unit for unit in racing if not free.hold(unit.need))
