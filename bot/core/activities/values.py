"""The words of the story: activities, slots, participants and sign-ups."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum


class ActivityKind(StrEnum):
    CAMP = "camp"  # one sign-up a child; who finds no place waits
    DRIVE = "drive"  # one for each shift or item; nobody waits, what is left is told


class Mode(StrEnum):
    ORDER_OF_RECEIPT = "order_of_receipt"
    REVIEW = "review"  # a coordinator decides about each
    LOTTERY = "lottery"  # all are equal until it closes


class ActivityState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Activity:
    """Times are aware UTC; `zone` is where it happens and where people sleep."""

    id: int
    kind: ActivityKind
    mode: Mode
    state: ActivityState
    zone: str
    opens_at: datetime
    closes_at: datetime
    starts_at: datetime
    ends_at: datetime
    cap: int | None = None  # over all slots; None: as many as these have
    drawn_at: datetime | None = None  # lottery only


@dataclass(frozen=True, slots=True)
class Slot:
    """Of a camp: whom a bucket is for. None means it does not matter."""

    id: int
    activity_id: int
    place: int  # in the order they are shown and tried
    capacity: int
    youngest: int | None = None
    oldest: int | None = None
    gender: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """A child or another person, as far as buckets need it; names are kept elsewhere."""

    id: int
    household_id: int
    age: int | None = None  # in years, on the first day
    gender: str | None = None
    group: str | None = None


class SignUpState(StrEnum):
    SUBMITTED = "submitted"  # until the draw
    PENDING_REVIEW = "pending_review"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    OFFERED = "offered"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED_BY_FAMILY = "cancelled_by_family"
    CANCELLED_BY_TEAM = "cancelled_by_team"
    MOVED = "moved"
    CHECKED_IN = "checked_in"
    ATTENDED = "attended"
    NO_SHOW = "no_show"


S = SignUpState
LIVE = frozenset({S.SUBMITTED, S.PENDING_REVIEW, S.ACCEPTED, S.WAITING, S.OFFERED, S.CHECKED_IN})
TAKING_A_PLACE = frozenset({S.ACCEPTED, S.CHECKED_IN, S.ATTENDED, S.NO_SHOW})

# Which states may come before; nothing else is written, whoever asks.
BEFORE = {
    S.ACCEPTED: frozenset({S.SUBMITTED, S.PENDING_REVIEW, S.WAITING, S.OFFERED}),
    S.WAITING: frozenset({S.SUBMITTED, S.PENDING_REVIEW, S.WAITING, S.OFFERED, S.EXPIRED}),
    S.OFFERED: frozenset({S.WAITING}),
    S.DECLINED: frozenset({S.OFFERED}),
    S.EXPIRED: frozenset({S.OFFERED}),
    S.CANCELLED_BY_FAMILY: LIVE,
    S.CANCELLED_BY_TEAM: LIVE,
    S.MOVED: LIVE,
    S.CHECKED_IN: frozenset({S.ACCEPTED}),
    S.ATTENDED: frozenset({S.CHECKED_IN}),
    S.NO_SHOW: frozenset({S.ACCEPTED, S.CHECKED_IN}),
}


class Held(IntEnum):
    """Why a waiting sign-up is not asked. Its rank stays."""

    NO = 0
    RESTING = 1  # the family wishes so
    UNREACHABLE = 2  # no message arrives; a coordinator phones


@dataclass(frozen=True, slots=True)
class SignUp:
    id: int
    activity_id: int
    slot_id: int
    once_in: int  # the activity, or the slot: a participant has one live sign-up in it
    unit_id: int  # shared by those who go together or not at all
    participant: Participant
    reference: str  # what people read out on the phone
    quantity: int
    state: SignUpState
    priority: int  # the higher, the earlier
    seq: int  # order of receipt within the activity; shared by a unit
    since: datetime  # when the state began
    held: Held = Held.NO
    offer_id: int = 0  # the newest offer; 0: there was none
    version: int = 0
    actor_id: int | None = None  # who signed up
    asked_at: datetime | None = None  # whether they are still coming
    confirmed_at: datetime | None = None


def once_in(activity: Activity, slot: Slot) -> int:
    """A child is once in a camp; a helper once in each shift."""
    return activity.id if activity.kind is ActivityKind.CAMP else slot.id


def slot_for(participant: Participant, slots: tuple[Slot, ...]) -> Slot | None:
    """The first in their order that the participant fits."""
    return next((slot for slot in slots if _is_for(slot, participant)), None)


def _is_for(slot: Slot, participant: Participant) -> bool:
    old_enough = slot.youngest is None or (
        participant.age is not None and participant.age >= slot.youngest
    )
    young_enough = slot.oldest is None or (
        participant.age is not None and participant.age <= slot.oldest
    )
    return (
        old_enough
        and young_enough
        and slot.gender in {None, participant.gender}
        and slot.group in {None, participant.group}
    )
