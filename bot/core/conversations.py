"""Conversations: forms filled in step by step, and written down after every answer.

    (none) --begin--> question --answer, skip--> next open question --...--> summary
                       |   ^ '----back---> question before                    |   |
                       |   '--change one field, the other answers stay--------'   |
                       |--cancel, or 30 days untouched--> (none)                  |
    (none) <--the form's own story makes something of the answers: feedback.send--'

One conversation a person. Each change notes the update that caused it, so the same update again
changes nothing and shows what stands. Forms are data (bot/core/forms.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.forms import (
    SKIPPED,
    SUMMARY,
    Choice,
    Form,
    Objection,
    Step,
    Unfit,
    next_open,
    read_words,
)
from bot.core.ids import new_id
from bot.core.ports import Store

KEPT = timedelta(days=30)  # after the last answer


@dataclass(frozen=True, slots=True)
class Conversation:
    """`draft` names it on buttons; what comes of it in the end takes this number as its id."""

    person_id: int
    draft: int
    form: str
    step: str  # the question that stands, or SUMMARY
    answers: Mapping[str, str]
    update_id: int  # of the last change
    begun_at: datetime
    touched_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands now; `objection` says why something was not taken."""

    conversation: Conversation
    objection: Objection | None = None


@dataclass(frozen=True, slots=True)
class AlreadyOpen:
    """Nothing was begun: there is a draft, and its owner decides."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class Closed:
    """Finished, cancelled, erased, or never ours."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Whose conversation changes, by which update, and when."""

    person_id: int
    update_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a button stands: under which draft, at which question."""

    draft: int
    place: int


def step_before(form: Form, conversation: Conversation) -> str:
    """Who changes one field of a full form goes back to the summary."""
    if next_open(form, conversation.answers) == SUMMARY:
        return SUMMARY
    before = form.at(form.place(conversation.step) - 1)
    return before.id if before else conversation.step


class ConversationRecords(Protocol):
    async def conversation_of(self, person_id: int) -> Conversation | None: ...
    async def locked_conversation(self, person_id: int) -> Conversation | None:
        """Nobody else begins, changes or ends it until the transaction is over."""
        ...

    async def put_conversation(self, conversation: Conversation) -> None: ...
    async def end_conversation(self, person_id: int) -> None: ...


async def begin(
    records: ConversationRecords, form: Form, cause: Cause, *, instead_of: int | None = None
) -> Asked | AlreadyOpen:
    """Within the caller's transaction. A draft that is open gives way only where it is named."""
    known = await records.locked_conversation(cause.person_id)
    if known and known.draft != instead_of:
        begun_before = known.update_id == cause.update_id or instead_of is not None
        return Asked(known) if begun_before and known.form == form.id else AlreadyOpen(known)
    fresh = Conversation(
        cause.person_id,
        new_id(),
        form.id,
        form.steps[0].id,
        {},
        cause.update_id,
        begun_at=cause.at,
        touched_at=cause.at,
    )
    await records.put_conversation(fresh)
    return Asked(fresh)


async def standing(store: Store[ConversationRecords], person_id: int) -> Conversation | None:
    async with store.reading() as records:
        return await records.conversation_of(person_id)


async def say(
    store: Store[ConversationRecords], forms: Mapping[str, Form], cause: Cause, text: str
) -> Asked | Closed:
    """A text in the chat answers the question that stands."""

    def answer(form: Form, now: Conversation) -> Conversation | Objection:
        read = read_words(form.at(form.place(now.step)), text)
        return read if isinstance(read, Objection) else _answered(form, now, now.step, read)

    return await _change(store, forms, cause, None, answer)


async def choose(
    store: Store[ConversationRecords],
    forms: Mapping[str, Form],
    cause: Cause,
    spot: Spot,
    value: int,
) -> Asked | Closed:
    """A tap on one of the values. The second of two quick taps finds the answer given."""

    def answer(form: Form, now: Conversation) -> Conversation | Objection:
        step = form.at(spot.place)
        if not isinstance(step, Choice) or not 0 <= value < len(step.values):
            return Unfit.PASSED
        return _tapped(form, now, step, step.values[value])

    return await _change(store, forms, cause, spot.draft, answer)


async def skip(
    store: Store[ConversationRecords], forms: Mapping[str, Form], cause: Cause, spot: Spot
) -> Asked | Closed:
    def answer(form: Form, now: Conversation) -> Conversation | Objection:
        step = form.at(spot.place)
        return _tapped(form, now, step, SKIPPED) if step and step.optional else Unfit.PASSED

    return await _change(store, forms, cause, spot.draft, answer)


async def go_back(
    store: Store[ConversationRecords], forms: Mapping[str, Form], cause: Cause, spot: Spot
) -> Asked | Closed:
    """One step, however often the button is tapped."""

    def back(form: Form, now: Conversation) -> Conversation:
        here = form.place(now.step) == spot.place
        return replace(now, step=step_before(form, now)) if here else now

    return await _change(store, forms, cause, spot.draft, back)


async def go_to(
    store: Store[ConversationRecords], forms: Mapping[str, Form], cause: Cause, spot: Spot
) -> Asked | Closed:
    """To one field, from the summary; the other answers stay."""

    def jump(form: Form, now: Conversation) -> Conversation:
        step = form.at(spot.place)
        return replace(now, step=step.id) if step else now

    return await _change(store, forms, cause, spot.draft, jump)


async def cancel(
    store: Store[ConversationRecords], person_id: int, draft: int | None = None
) -> Conversation | None:
    """Erases the draft (that one, or whichever is open) and returns what it was."""
    async with store.transaction() as records:
        known = await records.locked_conversation(person_id)
        if known is None or draft not in {None, known.draft}:
            return None
        await records.end_conversation(person_id)
    return known


async def _change(
    store: Store[ConversationRecords],
    forms: Mapping[str, Form],
    cause: Cause,
    draft: int | None,
    change: Callable[[Form, Conversation], Conversation | Objection],
) -> Asked | Closed:
    async with store.transaction() as records:
        known = await records.locked_conversation(cause.person_id)
        if known is None or known.form not in forms or draft not in {None, known.draft}:
            return Closed()
        if known.update_id == cause.update_id:
            return Asked(known)
        changed = change(forms[known.form], known)
        if not isinstance(changed, Conversation):
            return Asked(known, changed)
        if changed is not known:
            changed = replace(changed, update_id=cause.update_id, touched_at=cause.at)
            await records.put_conversation(changed)
    return Asked(changed)


def _tapped(form: Form, now: Conversation, step: Step, value: str) -> Conversation | Objection:
    if step.id == now.step:
        return _answered(form, now, step.id, value)
    return now if now.answers.get(step.id) == value else Unfit.PASSED


def _answered(form: Form, now: Conversation, step_id: str, value: str) -> Conversation:
    answers = {**now.answers, step_id: value}
    return replace(now, answers=answers, step=next_open(form, answers))
