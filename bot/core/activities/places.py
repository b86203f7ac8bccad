"""Places as numbers by slot: they add up, are taken away, and fit or do not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.activities.values import SignUp, Slot


@dataclass(frozen=True, slots=True)
class Places:
    """`total` is counted beside the slots: an activity may have fewer places than its slots."""

    total: int = 0
    by_slot: Mapping[int, int] = field(default_factory=dict)

    def __add__(self, other: "Places") -> "Places":
        return self._with(other, 1)

    def __sub__(self, other: "Places") -> "Places":
        return self._with(other, -1)

    def __mul__(self, times: int) -> "Places":
        by_slot = {slot: number * times for slot, number in self.by_slot.items()}
        return Places(self.total * times, by_slot)

    def hold(self, need: "Places") -> bool:
        """All of the need finds room."""
        return need.total <= self.total and all(
            number <= self.by_slot.get(slot, 0) for slot, number in need.by_slot.items()
        )

    def at_most(self, other: "Places") -> "Places":
        """In each slot, and in all, no more than the other has; never below nothing."""
        by_slot = {
            slot: max(0, min(number, other.by_slot.get(slot, 0)))
            for slot, number in self.by_slot.items()
        }
        return Places(max(0, min(self.total, sum(by_slot.values()), other.total)), by_slot)

    def _with(self, other: "Places", sign: int) -> "Places":
        by_slot = dict(self.by_slot)
        for slot, number in other.by_slot.items():
            by_slot[slot] = by_slot.get(slot, 0) + sign * number
        return Places(self.total + sign * other.total, by_slot)


def all_places(slots: Sequence[Slot], cap: int | None) -> Places:
    by_slot = {slot.id: slot.capacity for slot in slots}
    return Places(sum(by_slot.values()) if cap is None else cap, by_slot)


def needed(sign_ups: Iterable[SignUp]) -> Places:
    return add_up((sign_up.slot_id, sign_up.quantity) for sign_up in sign_ups)


def add_up(numbers: Iterable[tuple[int, int]]) -> Places:
    """Of (slot, number)."""
    by_slot: dict[int, int] = {}
    for slot, number in numbers:
        by_slot[slot] = by_slot.get(slot, 0) + number
    return Places(sum(by_slot.values()), by_slot)
