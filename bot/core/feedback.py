"""Feedback: three questions to a reader, one note to the team.

The draft is a conversation; sending turns it into a row that carries the draft's number as its
id, so whatever is tapped or repeated, one draft becomes one feedback.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core import conversations
from bot.core.conversations import (
    AlreadyOpen,
    Asked,
    Cause,
    Closed,
    Conversation,
    ConversationRecords,
)
from bot.core.forms import SUMMARY, Choice, Form, Unfit, Words
from bot.core.ids import new_reference
from bot.core.ledger import Kind
from bot.core.people import Language
from bot.core.ports import Store

WORDS_LIMIT = 1_000  # UTF-16 units
PER_DAY = 5
DAY = timedelta(days=1)
NOTE_KEEPS = timedelta(days=14)


class About(StrEnum):
    NEWS = "news"
    SIGN_UP = "sign-up"
    BOT = "bot"
    OTHER = "other"


class Rating(StrEnum):
    VERY = "very"
    PARTLY = "partly"
    NOT = "not"


FORM = Form(
    "feedback",
    (
        Choice("about", tuple(About)),
        Choice("rating", tuple(Rating)),
        Words("words", WORDS_LIMIT, optional=True),
    ),
)


@dataclass(frozen=True, slots=True)
class Feedback:
    """`reference` is what people quote; `words` may be empty."""

    id: int
    person_id: int
    reference: str
    about: About
    rating: Rating
    words: str
    language: Language  # in which it was written
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TooMany:
    """`again_at` is when the next one is welcome."""

    again_at: datetime


class FeedbackRecords(ConversationRecords, Protocol):
    async def add_feedback(self, feedback: Feedback) -> None: ...
    async def feedback_of(self, feedback_id: int) -> Feedback | None: ...
    async def feedback_times(self, person_id: int, *, since: datetime) -> list[datetime]:
        """Oldest first."""
        ...

    async def queue_to_staff(
        self,
        kind: Kind,
        subject: int,
        *,
        owners: Collection[int],
        now: datetime,
        not_after: datetime,
    ) -> int: ...


async def begin(
    store: Store[FeedbackRecords], cause: Cause, *, instead_of: int | None = None
) -> Asked | AlreadyOpen | TooMany:
    """Counted before the first question, so that nobody writes in vain."""
    async with store.transaction() as records:
        known = await records.locked_conversation(cause.person_id)
        times = await records.feedback_times(cause.person_id, since=cause.at - DAY)
        is_open = known is not None and known.form == FORM.id
        if len(times) >= PER_DAY and not is_open:
            return TooMany(times[-PER_DAY] + DAY)
        return await conversations.begin(records, FORM, cause, instead_of=instead_of)


async def send(
    store: Store[FeedbackRecords],
    cause: Cause,
    draft: int,
    *,
    shown: int,
    language: Language,
    owners: Collection[int],
) -> Feedback | Asked | Closed:
    """One transaction: the row, the notes to the team, the end of the conversation.

    `shown` is the update_id of the answers that the summary showed: what is sent is what was
    seen. A second time the same feedback is returned. Should two references ever be the same,
    the database refuses and the update is handled again.
    """
    async with store.transaction() as records:
        known = await records.locked_conversation(cause.person_id)
        sent = await records.feedback_of(draft)
        if sent:
            return sent if sent.person_id == cause.person_id else Closed()
        if known is None or known.draft != draft or known.form != FORM.id:
            return Closed()
        if known.step != SUMMARY or known.update_id != shown:
            return Asked(known, Unfit.CHANGED)
        feedback = _made_of(known, language, cause.at)
        await records.add_feedback(feedback)
        await records.queue_to_staff(
            Kind.FEEDBACK,
            feedback.id,
            owners=owners,
            now=cause.at,
            not_after=cause.at + NOTE_KEEPS,
        )
        await records.end_conversation(cause.person_id)
    return feedback


async def sent_as(store: Store[FeedbackRecords], person_id: int, draft: int) -> Feedback | None:
    """What became of a draft whose buttons are still tapped."""
    async with store.reading() as records:
        sent = await records.feedback_of(draft)
    return sent if sent and sent.person_id == person_id else None


def _made_of(known: Conversation, language: Language, at: datetime) -> Feedback:
    return Feedback(
        known.draft,
        known.person_id,
        new_reference(),
        About(known.answers["about"]),
        Rating(known.answers["rating"]),
        known.answers["words"],
        language,
        at,
    )
