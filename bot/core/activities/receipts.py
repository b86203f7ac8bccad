"""Why: every refusal and every move leaves a receipt, a reason with the figures that were used.

No sentence is made here; views make one, with the next step, in the reader's language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.activities.values import SignUpState

Figures = Mapping[str, int | str | None]  # times as ISO 8601, UTC


class Refusal(StrEnum):
    """Nothing has changed. Figures in brackets."""

    UNKNOWN_ACTIVITY = "unknown activity"
    NOT_PUBLISHED = "not published"
    CALLED_OFF = "called off"
    NOT_OPEN_YET = "not open yet"  # opens_at
    CLOSED = "closed"  # closed_at
    STARTED = "started"  # started_at
    ALREADY_SIGNED_UP = "already signed up"
    NO_FITTING_SLOT = "no fitting slot"  # age, gender, group
    NOT_ENOUGH_LEFT = "not enough left"  # wanted, left
    NO_PLACE = "no place"  # wanted, left
    BELOW_TAKEN = "capacity below taken"  # wanted, taken, offered
    OFFER_UNKNOWN = "offer unknown"
    OFFER_EXPIRED = "offer expired"  # ended_at
    OFFER_TAKEN = "offer taken by a quicker family"
    OFFER_OVER = "offer over"  # state
    NOT_POSSIBLE = "not possible in this state"  # state
    NOT_YOURS = "not yours"
    NOT_A_LOTTERY = "not a lottery"
    TOO_LATE_TO_COMMIT = "too late to commit"
    NOT_COMMITTED = "seed not committed"
    NOT_CLOSED_YET = "not closed yet"  # closes_at
    DRAWN_ALREADY = "drawn already"  # drawn_at


class Move(StrEnum):
    """Something has. Figures in brackets."""

    PLACE_WAS_FREE = "a place was free"
    NO_PLACE_FREE = "no place was free"  # wanted (by the unit), free, position
    OTHERS_WAIT = "others wait for the free places"  # wanted, free, position
    TEAM_DECIDES = "the team decides"
    DRAW_DECIDES = "the draw decides"
    REVIEWED = "accepted by the team"
    REVIEW_WAITS = "put on the list by the team"
    REVIEW_REFUSED = "refused by the team"
    ASKED = "asked in turn"  # ends_at, at_once
    SAID_YES = "offer accepted"
    SAID_NO = "offer declined"
    NO_ANSWER = "no answer in time"  # ended_at
    OTHERS_QUICKER = "others were quicker"
    NOT_DELIVERED = "offer not delivered"
    REACHED = "reached again"
    KEPT = "kept, at the end of the list"
    RESTS = "rests"
    RESTS_NO_MORE = "rests no more"
    FAMILY_CANCELLED = "cancelled by the family"  # was, days_before
    TEAM_CANCELLED = "cancelled by the team"  # was, days_before
    ACTIVITY_CALLED_OFF = "activity called off"
    MOVED_AWAY = "moved away"  # to_slot
    MOVED_HERE = "moved here"  # from_slot
    CAPACITY_CHANGED = "capacity changed"  # was, now
    COMMITTED = "seed committed"  # commitment
    DRAW_HELD = "draw held"  # units, with_a_place
    DRAWN = "drawn"  # unit, priority, rank, of
    DRAWN_NO_PLACE = "drawn, no place"  # unit, priority, rank, of
    CONFIRMED = "still coming"
    MARKED = "marked on the day"


Reason = Refusal | Move


def reason_of(told: str) -> Reason:
    """As it is stored. Raises ValueError."""
    return Refusal(told) if told in frozenset(Refusal) else Move(told)


@dataclass(frozen=True, slots=True)
class Receipt:
    id: int
    activity_id: int
    at: datetime
    reason: Reason
    figures: Figures
    state: SignUpState | None = None  # after the move
    sign_up_id: int | None = None
    participant_id: int | None = None
    household_id: int | None = None
    actor_id: int | None = None  # None: the bot itself
    request: str | None = None  # the key of the request that this answers
    line: int = 0  # of the answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request led to, a line for each it was about. Asked again, it is the same."""

    lines: tuple[Receipt, ...]

    @property
    def refused(self) -> bool:
        return all(isinstance(line.reason, Refusal) for line in self.lines)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return tuple(line.reason for line in self.lines)


class TellKind(StrEnum):
    OFFER = "offer"
    OFFER_REMINDER = "offer_reminder"
    OFFER_EXPIRED = "offer_expired"
    OFFER_TAKEN = "offer_taken"  # "you stay no. n"
    ACCEPTED = "accepted"  # by the team or the draw
    ON_THE_LIST = "on_the_list"  # by the team or the draw
    CANCELLED_BY_TEAM = "cancelled_by_team"
    CALLED_OFF = "called_off"
    MOVED = "moved"
    STILL_COMING = "still_coming"


@dataclass(frozen=True, slots=True)
class Tell:
    """Something a household is to hear, without having asked just now. One for each unit.

    Written in the transaction that decides. `offer_id` tells whose delivery failed.
    """

    id: int
    kind: TellKind
    activity_id: int
    household_id: int
    unit_id: int
    due_at: datetime
    not_after: datetime
    offer_id: int = 0
