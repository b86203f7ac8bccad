"""The waiting list: units in their order, and who stands where."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.activities.places import Places, needed
from bot.core.activities.values import Held, SignUp

Rank = tuple[int, int]  # the smaller, the earlier


@dataclass(frozen=True, slots=True)
class Unit:
    """Sign-ups that get their places together or not at all: a child, or siblings."""

    id: int
    members: tuple[SignUp, ...]

    @property
    def need(self) -> Places:
        return needed(self.members)

    @property
    def rank(self) -> Rank:
        first = self.members[0]
        return -first.priority, first.seq

    @property
    def askable(self) -> bool:
        return all(member.held is Held.NO for member in self.members)


def units(sign_ups: Iterable[SignUp]) -> tuple[Unit, ...]:
    """In the order in which they are asked."""
    members: dict[int, list[SignUp]] = {}
    for sign_up in sign_ups:
        members.setdefault(sign_up.unit_id, []).append(sign_up)
    found = (Unit(unit_id, tuple(each)) for unit_id, each in members.items())
    return tuple(sorted(found, key=lambda unit: unit.rank))


def position(sign_up: SignUp, waiting: Sequence[SignUp]) -> int:
    """Counted from 1, among the units that wait for the same slot or have just been asked."""
    ahead = {
        other.unit_id
        for other in waiting
        if other.slot_id == sign_up.slot_id
        and other.unit_id != sign_up.unit_id
        and (-other.priority, other.seq) < (-sign_up.priority, sign_up.seq)
    }
    return len(ahead) + 1
