"""What the engine needs to remember. Whoever changes something holds the activity first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.core.activities.lottery import Promise
from bot.core.activities.offers import Offer, OfferState
from bot.core.activities.places import Places, all_places
from bot.core.activities.receipts import Reason, Receipt, Tell
from bot.core.activities.values import Activity, SignUp, SignUpState, Slot


class ChangedMeanwhileError(Exception):
    """A row is not as it was read, although its activity was held: a fault, nothing is written."""


@dataclass(frozen=True, slots=True)
class View:
    """From where one looks: `ahead` is counted for a newcomer of this priority, `signed_up` tells
    which of these participants have a live sign-up that keeps them from which slot, and
    `answered` is about this request.
    """

    request: str = ""
    participants: tuple[int, ...] = ()
    priority: int = 0


EVERYTHING = View()


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with the places, counted from the rows."""

    slots: tuple[Slot, ...]
    cap: int | None
    taken: Places
    offered: Places  # firmly: kept for those who were asked
    racing: Places  # asked for, several for a place
    waiting: bool  # is anybody?
    ahead: Mapping[int, int] = field(default_factory=dict)  # units by slot, as asked
    signed_up: frozenset[tuple[int, int]] = frozenset()  # (participant, slot): not once more
    last_seq: int = 0
    answered: bool = False  # the request has been, before

    @property
    def free(self) -> Places:
        """Taken by nobody and kept for nobody; races run for these."""
        return all_places(self.slots, self.cap) - self.taken - self.offered


class ActivityRecords(Protocol):
    async def hold_activity(
        self, activity_id: int, view: View = EVERYTHING
    ) -> tuple[Activity, Standing] | None:
        """Nobody else changes its places until the transaction is over. What every sign-up needs
        is read at once, since all others wait meanwhile.
        """
        ...

    async def add_activity(self, activity: Activity, slots: Sequence[Slot]) -> None:
        """With one slot at least."""
        ...

    async def activity(self, activity_id: int) -> Activity | None: ...
    async def set_activity_state(self, activity: Activity) -> None:
        """Its state and when it was drawn."""
        ...

    async def set_capacity(self, slot_id: int, capacity: int) -> None: ...
    async def set_cap(self, activity_id: int, cap: int | None) -> None: ...
    async def standing(self, activity_id: int, view: View = EVERYTHING) -> Standing: ...
    async def answered(self, request: str) -> tuple[Receipt, ...]: ...
    async def add_sign_ups(self, sign_ups: Sequence[SignUp]) -> None: ...
    async def save_sign_ups(self, sign_ups: Sequence[SignUp]) -> None:
        """As they shall be, with the version they were read with. Raises ChangedMeanwhileError."""
        ...

    async def sign_ups(self, ids: Collection[int]) -> Sequence[SignUp]: ...
    async def sign_ups_in(
        self, activity_id: int, states: Collection[SignUpState]
    ) -> Sequence[SignUp]: ...
    async def unit(self, unit_id: int) -> Sequence[SignUp]: ...
    async def add_offers(self, offers: Sequence[Offer]) -> None: ...
    async def offer(self, offer_id: int) -> Offer | None: ...
    async def open_offers(self, activity_id: int) -> Sequence[Offer]: ...
    async def settle_offers(
        self, ids: Collection[int], state: OfferState, *, at: datetime
    ) -> None: ...
    async def set_reminded(self, ids: Collection[int], *, at: datetime) -> None: ...
    async def set_asked(self, sign_ups: Collection[int], *, at: datetime) -> None: ...
    async def set_confirmed(self, sign_ups: Collection[int], *, at: datetime) -> None: ...
    async def add_lottery(self, activity_id: int, promise: Promise) -> None: ...
    async def lottery(self, activity_id: int) -> Promise | None: ...
    async def add_receipts(self, receipts: Sequence[Receipt]) -> None: ...
    async def receipts_of(self, sign_up_id: int) -> Sequence[Receipt]:
        """Oldest first."""
        ...

    async def receipts_about(
        self, activity_id: int, reasons: Collection[Reason]
    ) -> Sequence[Receipt]: ...
    async def tell(self, tells: Sequence[Tell]) -> None: ...
    async def to_tend(self, *, now: datetime, starts_before: datetime) -> Sequence[int]:
        """Activities where somebody waits or is asked, and those that start soon."""
        ...
