"""The ledger's words: what is sent, to whom, and what can become of it.

    pending --claim--> claimed --Telegram took it------------> sent
       ^                  |----- blocked, account gone-------> blocked   (person noted)
       |                  |----- refused for its content-----> failed    (its campaign is stopped)
       |                  |----- went out, no answer came----> unknown   (somebody decides)
       |                  |----- no longer wanted------------> cancelled
       |                  '----- too late--------------------> expired
       '---- certainly not sent (429, no connection): due again later
       '---- no answer came, but the kind is critical: sent again, with its reference number

Rows are born in the transaction that decides to send. What goes to many belongs to a campaign
(bot.core.campaigns); what goes to one person stands alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import assert_never

from bot.core.people import Language

LONGEST_WAIT = timedelta(minutes=10)
ALONE = 0  # the campaign_id of rows to one person


class Kind(StrEnum):
    NEWS = "news"
    NEWS_EDIT = "news_edit"  # puts a translation in place of the original that went out
    NEWS_WITHDRAWAL = "news_withdrawal"  # takes back what went out
    FEEDBACK = "feedback"  # to coordinators, from a reader
    ALERT = "alert"  # to operators


EDITS = (Kind.NEWS_EDIT, Kind.NEWS_WITHDRAWAL)  # change a message that is there


class Lane(IntEnum):
    """Who goes first when not all can go at once. Answers to people go before all of these."""

    CRITICAL = 1
    NEWS = 2
    DIGEST = 3


class DeliveryState(StrEnum):
    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    BLOCKED = "blocked"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


OPEN = (DeliveryState.PENDING, DeliveryState.CLAIMED)


class Wanted(StrEnum):
    """What must still be true when a message is about to leave."""

    FOLLOWING = "following"  # wants messages and follows a topic of the item
    REACHABLE = "reachable"  # has not blocked us: it concerns what they have in their chat
    STAFF = "staff"  # is still a coordinator or an owner


@dataclass(frozen=True, slots=True)
class Policy:
    """`resent`: where no answer came it is sent again; a reference number or the nature of an
    edit makes a repeat harmless. Otherwise somebody decides.
    """

    lane: Lane
    wanted: Wanted
    resent: bool


POLICIES = {
    Kind.NEWS: Policy(Lane.NEWS, Wanted.FOLLOWING, resent=False),
    Kind.NEWS_EDIT: Policy(Lane.NEWS, Wanted.REACHABLE, resent=True),
    Kind.NEWS_WITHDRAWAL: Policy(Lane.CRITICAL, Wanted.REACHABLE, resent=True),
    Kind.FEEDBACK: Policy(Lane.CRITICAL, Wanted.STAFF, resent=True),
    Kind.ALERT: Policy(Lane.CRITICAL, Wanted.STAFF, resent=True),
}


@dataclass(frozen=True, slots=True)
class Recipient:
    id: int
    telegram_id: int
    language: Language


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed row: to whom, and which content. `still_wanted` was read with the claim."""

    id: int
    kind: Kind
    subject: int
    version: int
    campaign_id: int  # ALONE: to one person
    attempt: int  # fences: a settlement of an earlier attempt changes nothing
    not_after: datetime | None
    leased_until: datetime  # not begun by then: no longer ours to send
    recipient: Recipient
    still_wanted: bool
    edits_message: int | None = None  # Telegram's message_id; set for edits only
    shown: str | None = None  # hash of what stands there now; set for edits only


@dataclass(frozen=True, slots=True)
class Sent:
    message_id: int


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The person blocked the bot, deleted the account or never began the chat."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has another number now; what was to be sent has not been."""

    telegram_id: int


@dataclass(frozen=True, slots=True)
class Later:
    """Certainly not sent. `wait` None: as long as the number of attempts says."""

    reason: str
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram will never take this; `of_text`: from nobody, since the text itself is wrong."""

    reason: str
    of_text: bool = True


@dataclass(frozen=True, slots=True)
class NothingThere:
    """What was to be edited has been deleted by the person."""


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The request left and no answer came."""

    reason: str


Outcome = Sent | Unreachable | Moved | Later | Refused | NothingThere | InDoubt


@dataclass(frozen=True, slots=True)
class Settlement:
    state: DeliveryState
    due_at: datetime | None = None
    message_id: int | None = None
    reason: str | None = None


def settlement(outcome: Outcome, parcel: Parcel, now: datetime) -> Settlement:
    match outcome:
        case Sent(message_id):
            return Settlement(DeliveryState.SENT, message_id=message_id)
        case Unreachable():
            return Settlement(DeliveryState.BLOCKED)
        case Moved():
            return Settlement(DeliveryState.PENDING, due_at=now, reason="moved")
        case Refused(reason):
            return Settlement(DeliveryState.FAILED, reason=reason)
        case NothingThere():
            return Settlement(DeliveryState.CANCELLED, reason="nothing there to edit")
        case InDoubt(reason):
            return _doubtful(parcel, reason, now)
        case Later(reason, wait):
            due_at = now + (wait if wait is not None else backoff(parcel))
            return Settlement(DeliveryState.PENDING, due_at=due_at, reason=reason)
        case _:
            assert_never(outcome)


def objection(parcel: Parcel, now: datetime) -> DeliveryState | None:
    """Asked again just before sending: much can happen between release and delivery."""
    if parcel.not_after is not None and parcel.not_after < now:
        return DeliveryState.EXPIRED
    if not parcel.still_wanted:
        return DeliveryState.CANCELLED
    return None


def backoff(parcel: Parcel) -> timedelta:
    return min(timedelta(seconds=2 ** min(parcel.attempt, 12)), LONGEST_WAIT)


def _doubtful(parcel: Parcel, reason: str, now: datetime) -> Settlement:
    if POLICIES[parcel.kind].resent:
        return Settlement(DeliveryState.PENDING, due_at=now + backoff(parcel), reason=reason)
    return Settlement(DeliveryState.UNKNOWN, reason=reason)
